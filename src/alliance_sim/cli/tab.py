"""The program in one tab of a browser: what `serve` starts for each, in a process of its own.

The store is named by `ALLIANCE_SIM_STORE`, since a database's address may hold a password and the
words of a command can be read by everybody on the machine.
"""

import argparse
import sys

from alliance_sim.cli.exits import guarded


def main(words: list[str] | None = None) -> int:
    """Run the full-screen program for a browser; gives the exit code."""
    parser = argparse.ArgumentParser(prog="alliance-sim tab")
    parser.add_argument("--trainee", help="whose sessions these are")
    asked = parser.parse_args(words)

    def opened(**_: object) -> None:
        from alliance_sim.cli.commands.practice import Asked, full_screen

        full_screen(None, asked=Asked(trainee=asked.trainee), served=True)

    return guarded(opened)


if __name__ == "__main__":
    sys.exit(main())
