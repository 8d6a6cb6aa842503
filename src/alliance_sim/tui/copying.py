"""Copying, and saying truthfully what came of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping

from textual.app import App

Command = tuple[str, ...]

TOOLS: tuple[tuple[Command, str], ...] = (
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
)
"""Commands that fill a clipboard, and the variable without which each has no screen to do it on."""

PATIENCE = 2.0
"""Seconds that such a command may take."""


def clipboard_command(
    environ: Mapping[str, str],
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> Command | None:
    """What fills the clipboard of the screen that the user sits at; None where nothing does.

    Over SSH that screen is elsewhere, so that only the terminal itself can.
    """
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return None
    if platform == "darwin":
        return ("pbcopy",)
    for command, needed in TOOLS:
        if environ.get(needed) and which(command[0]):
            return command
    return None


def copy_told(app: App[object], text: str, what: str) -> None:
    """Hand text to the terminal's clipboard (OSC 52), and to the desktop's where there is one.

    No terminal answers whether it took it, so that only of a command is it said that it is done.
    """
    app.copy_to_clipboard(text)
    # In a browser the screen that the user sits at is another machine's.
    command = None if app.is_web else clipboard_command(os.environ)

    def fill() -> None:
        if command and _filled(command, text):
            app.call_from_thread(_tell_done, app, what, command[0])
        else:
            app.call_from_thread(_tell_handed, app, what)

    app.run_worker(fill, thread=True, group="copying")


def _filled(command: Command, text: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - one of the commands above
            command,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _tell_done(app: App[object], what: str, command: str) -> None:
    app.notify(f"{what}, with {command}.", title="Copied", markup=False)


def _tell_handed(app: App[object], what: str) -> None:
    app.notify(
        f"{what}: handed to your terminal (OSC 52). If pasting brings nothing, the terminal does "
        "not take it; then hold Shift, select with the mouse, and copy as usual.",
        title="Copied, if your terminal allows it",
        markup=False,
        timeout=8,
    )
