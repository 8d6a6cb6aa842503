"""Pictures of screens, kept as SVG files and compared as text: what differs is what was drawn."""

import re
from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.app import App

_FONTS = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
_IDS = re.compile(r"terminal-\d+")


class SvgExtension(SingleFileSnapshotExtension):
    """One SVG file a picture, in `__snapshots__`."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


def normalised(svg: str) -> str:
    """The picture without what depends on the run: ids of its parts, addresses of fonts."""
    return _IDS.sub("terminal", _FONTS.sub("", svg))


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> Callable[[App[None], str], None]:
    """Compares the screen with the picture of that name; `--snapshot-update` takes a new one."""

    def compare(app: App[None], name: str) -> None:
        kept = snapshot(extension_class=SvgExtension, name=name)
        assert normalised(app.export_screenshot(title="alliance-sim")) == kept

    return compare
