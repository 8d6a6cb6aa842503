"""Copying, and saying truthfully what was tried."""

from textual.app import App


def copy_told(app: App[object], text: str, what: str) -> None:
    """Hand text to the terminal's clipboard (OSC 52). No terminal answers whether it took it."""
    app.copy_to_clipboard(text)
    app.notify(
        f"{what}: handed to your terminal (OSC 52). If pasting brings nothing, the terminal does "
        "not take it; then hold Shift, select with the mouse, and copy as usual.",
        title="Copied, if your terminal allows it",
        markup=False,
        timeout=8,
    )
