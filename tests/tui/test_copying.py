"""Copying: which way, and what is said of it."""

import sys

import pytest
from debriefing import settled, told
from playing import MakeApp, begin

from alliance_sim.tui import copying
from alliance_sim.tui.copying import clipboard_command, copy_told

X, WAYLAND = {"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}


def there(*names: str):
    return lambda name: f"/usr/bin/{name}" if name in names else None


@pytest.mark.parametrize(
    ("environ", "platform", "tools", "command"),
    [
        (WAYLAND, "linux", ("wl-copy", "xclip"), "wl-copy"),
        (WAYLAND | X, "linux", ("xclip",), "xclip"),
        (X, "linux", ("wl-copy", "xsel"), "xsel"),
        ({}, "linux", ("wl-copy", "xclip", "xsel"), None),
        (X, "linux", (), None),
        ({}, "darwin", (), "pbcopy"),
        (X | {"SSH_CONNECTION": "1"}, "linux", ("xclip",), None),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", (), None),
    ],
)
def test_the_clipboard_of_the_screen_one_sits_at(environ, platform, tools, command) -> None:
    found = clipboard_command(environ, platform, there(*tools))
    assert (found and found[0]) == command


async def test_what_a_command_did_is_said(make_app: MakeApp, monkeypatch, tmp_path) -> None:
    path = tmp_path / "copied"
    write = f"import sys; open({str(path)!r}, 'wb').write(sys.stdin.buffer.read())"
    monkeypatch.setattr(copying, "clipboard_command", lambda _: (sys.executable, "-c", write))
    app = make_app(pace="untimed")
    async with app.run_test() as pilot:
        await begin(app, pilot)
        copy_told(app, "Those [words] — hers.", "The last words")
        await settled(app, pilot)
        assert path.read_text("utf-8") == "Those [words] — hers."
        assert told(app) == [f"The last words, with {sys.executable}."]


@pytest.mark.parametrize("command", [None, (sys.executable, "-c", "raise SystemExit(1)"), ("no",)])
async def test_nothing_is_claimed_of_a_terminal(make_app: MakeApp, monkeypatch, command) -> None:
    monkeypatch.setattr(copying, "clipboard_command", lambda _: command)
    app = make_app(pace="untimed")
    async with app.run_test() as pilot:
        await begin(app, pilot)
        copy_told(app, "Those words.", "The last words")
        await settled(app, pilot)
        assert "handed to your terminal (OSC 52)" in told(app)[-1]
