"""How a debrief is set: headings, prose, quotes and bars. Text of others is never markup."""

import re

from textual.content import Content
from textual.widgets import Static

from alliance_sim.domain.clean import printable

MUTED = "$foreground-muted"
FAINT = "$foreground-disabled"
ACCENT = "$accent"

_SENTENCE = re.compile(r"(?<=[.!?…\]])\s+(?![^\[\]]*\])")
_STAGE = re.compile(r"\[[^\[\]]*\]")


def plain(text: str, style: str = "", *, lines: bool = False) -> Content:
    """Any text as it stands: brackets show, escape sequences are gone."""
    return Content.styled(printable(text, lines=lines), style)


def heard(text: str) -> Content:
    """A client's words, with the stage directions set apart from them."""
    said = printable(text, lines=False)
    content = Content(said)
    for match in _STAGE.finditer(said):
        content = content.stylize(f"italic {MUTED}", match.start(), match.end())
    return content


def ending_of(text: str, longest: int = 240) -> str:
    """The end of what was said, from the beginning of a sentence: it is what a reply answers."""
    if len(text) <= longest:
        return text
    starts = [match.end() for match in _SENTENCE.finditer(text) if match.end() < len(text)]
    start = next((at for at in starts if len(text) - at <= longest), starts[-1] if starts else 0)
    return f"… {text[start:]}" if start else text


def quoted(text: str, style: str = "") -> Content:
    """Someone's words in quotation marks."""
    return Content.assemble("“", plain(text, style), "”")


def bar(score: float, width: int = 16) -> Content:
    """A score of 0–4 as a line of that many cells; read without colour by its thickness."""
    filled = round(max(0.0, min(4.0, score)) / 4 * width)
    return Content.assemble(("━" * filled, ACCENT), ("─" * (width - filled), FAINT))


def joined(*parts: Content | str | tuple[str, str]) -> Content:
    """Parts one after the other."""
    return Content.assemble(*parts)


def in_lines(*lines: Content | str) -> Content:
    """Parts, each on a line of its own."""
    return Content("\n").join([Content(line) if isinstance(line, str) else line for line in lines])


class Heading(Static):
    """The title of a part."""

    DEFAULT_CSS = """
    Heading {
        text-style: bold;
        color: $accent;
        margin: 1 0 0 0;
        max-width: 96;
    }
    """

    def __init__(self, text: str) -> None:
        super().__init__(plain(text), markup=False)


class Prose(Static):
    """A paragraph, no wider than is good to read."""

    DEFAULT_CSS = """
    Prose {
        max-width: 92;
        margin: 0 0 0 2;
    }
    Prose.apart {
        margin: 1 0 0 2;
    }
    Prose.deep {
        margin: 0 0 0 4;
    }
    Prose.muted {
        color: $foreground-muted;
    }
    """

    def __init__(self, text: Content | str, *, classes: str | None = None) -> None:
        content = plain(text, lines=True) if isinstance(text, str) else text
        super().__init__(content, markup=False, classes=classes)

    def say(self, text: Content | str) -> None:
        """Show other words; none hide the paragraph."""
        content = plain(text, lines=True) if isinstance(text, str) else text
        self.display = bool(content.plain)
        self.update(content)
