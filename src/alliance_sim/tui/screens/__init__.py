"""The screens of the full-screen program, one a file."""
