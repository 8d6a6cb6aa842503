"""The whole hour as it was said and heard, and the client's own account of it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from alliance_sim.domain.transcript import Speaker, Utterance
from alliance_sim.reporting import narrative
from alliance_sim.runtime.debrief import Debrief
from alliance_sim.tui.widgets.debrief_text import (
    MUTED,
    Heading,
    Prose,
    heard,
    joined,
    plain,
)


class TranscriptPane(VerticalScroll):
    """Every utterance, in order; where the trainee cut in, it says so."""

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self._debrief = debrief

    def compose(self) -> ComposeResult:
        name = narrative.name_of(self._debrief)
        for utterance in self._debrief.transcript.utterances:
            yield Prose(_line(utterance, name), classes="apart")
        if not self._debrief.transcript.utterances:
            yield Prose("Nothing was said.", classes="apart")


class ClientViewPane(VerticalScroll):
    """The hour as the client would tell it."""

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self._debrief = debrief

    def compose(self) -> ComposeResult:
        name = narrative.name_of(self._debrief)
        yield Heading(f"How {name} would tell it")
        yield Prose(heard(self._debrief.client_view), classes="apart")
        yield Prose(
            f"{name} is fictional. This is one way the hour could have felt from the other chair; "
            "it is not a score.",
            classes="apart muted",
        )


def _line(utterance: Utterance, name: str) -> Content:
    number = (f"{utterance.turn:>3}  ", MUTED)
    if utterance.speaker is Speaker.CLIENT:
        return joined(number, (f"{name}  ", MUTED), heard(utterance.text), *_cut(utterance))
    marks = narrative.wording().floor_marks
    mark = f" ({marks[str(utterance.floor)]})" if utterance.floor else ""
    said = plain(utterance.text, lines=True)
    return joined(number, ("You", "bold $accent"), (mark, MUTED), "  ", said)


def _cut(utterance: Utterance) -> tuple[Content | str, ...]:
    if not utterance.words_lost:
        return ()
    words = "1 word was" if utterance.words_lost == 1 else f"{utterance.words_lost} words were"
    return (" — ", plain(f"(you cut in; {words} not said)", MUTED))
