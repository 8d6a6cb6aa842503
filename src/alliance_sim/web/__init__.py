"""The program in a browser: a door with tokens, and a process of the program for each tab.

The web server itself draws nothing: textual-serve hands what a tab's process draws to xterm.js.
"""
