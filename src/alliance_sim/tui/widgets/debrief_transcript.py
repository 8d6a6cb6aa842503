"""The whole hour as it was said and heard, and the client's own account of it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from alliance_sim.domain.transcript import Speaker, Utterance
from alliance_sim.reporting import narrative
from alliance_sim.runtime.debrief import Debrief
from alliance_sim.tui.presenter import SCRIPTED
from alliance_sim.tui.widgets.debrief_text import (
    ACCENT,
    MUTED,
    Heading,
    Prose,
    heard,
    in_lines,
    joined,
    plain,
)

A_PARAGRAPH = 20
"""Utterances drawn by one widget, so that an hour of a thousand needs fifty."""


class TranscriptPane(VerticalScroll):
    """Every utterance, in order; where the trainee cut in, it says so."""

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self._debrief = debrief

    def compose(self) -> ComposeResult:
        name = narrative.name_of(self._debrief)
        if self._debrief.why_unscored:
            yield Prose(self._debrief.why_unscored, classes="apart")
        said = [_said(utterance, name) for utterance in self._debrief.transcript.utterances]
        for first in range(0, len(said), A_PARAGRAPH):
            yield Prose(in_lines(*said[first : first + A_PARAGRAPH]).rstrip(), classes="apart")
        if not said:
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


def _said(utterance: Utterance, name: str) -> Content:
    number = (f"turn {utterance.turn}", MUTED)
    if utterance.speaker is Speaker.CLIENT:
        mark = f"  {SCRIPTED}" if utterance.voice == "fallback" else ""
        head = joined((name, MUTED), "  ", number, (mark, MUTED))
        return in_lines(head, joined(heard(utterance.text), _cut(utterance)), "")
    marks = narrative.wording().floor_marks
    mark = f"  {marks[str(utterance.floor)]}" if utterance.floor else ""
    head = joined(("You", ACCENT), "  ", number, (mark, MUTED))
    return in_lines(head, plain(utterance.text, lines=True), "")


def _cut(utterance: Utterance) -> Content:
    if not utterance.words_lost:
        return Content("")
    words = "1 word was" if utterance.words_lost == 1 else f"{utterance.words_lost} words were"
    return joined(" —  ", (f"you cut in; {words} not said", MUTED))
