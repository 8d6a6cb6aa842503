"""A transcript as the data of a prompt: JSON on one line, cut into parts where it is long."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alliance_sim.domain.transcript import Speaker, Transcript, Utterance

Count = Callable[[str], int]
"""How many tokens a text has."""

LEAD_IN = 4
"""Utterances before a part that are shown with it, so that its first reply can be understood."""

LEAD_OUT = 1
"""Utterances after it: how the client took the last reply."""

_SHORTEST = 200
"""Characters of an utterance that are kept, however little room there is."""


@dataclass(frozen=True)
class Part:
    """Consecutive utterances that are judged together, and what is shown with them."""

    shown: tuple[str, ...]
    """JSON objects, one an utterance."""
    replies: tuple[Utterance, ...]
    """The therapist's utterances that are to be judged."""
    whole: bool
    """It is all of the conversation."""

    def text(self, refused: Sequence[Mapping[str, Any]] = ()) -> str:
        """The data as one line of ASCII: nothing in it can end a line, a string or a block.

        `refused`: quotes of an earlier answer that could not be used.
        """
        fields = [f'"utterances":[{",".join(self.shown)}]']
        if not self.whole:
            span = {"first": self.replies[0].turn, "last": self.replies[-1].turn}
            fields.insert(0, f'"judge":{_json(span)}')
        if refused:
            fields.append(f'"refused":{_json(list(refused))}')
        return "{" + ",".join(fields) + "}"


def parts(transcript: Transcript, room: int, count: Count) -> tuple[Part, ...]:
    """The transcript in parts of at most `room` tokens each; none where the therapist is silent.

    A part ends after a reply of the therapist, never between a client's words and the answer to
    them, unless one such exchange alone is too long; then its longest texts are cut.
    """
    utterances = transcript.utterances
    shown = [_json(_shown(utterance)) for utterance in utterances]
    everything = [range(len(utterances))]
    if sum(map(len, shown)) + len(shown) <= room:
        # No token is shorter than a character of ASCII: there is nothing to count.
        return _made(utterances, shown, everything)
    sizes = [count(text) for text in shown]
    if sum(sizes) <= room:
        return _made(utterances, shown, everything)
    for index, size in enumerate(sizes):
        if size > room // 4:
            shown[index] = _json(_cut(_shown(utterances[index]), size, room // 4))
            sizes[index] = count(shown[index])
    return _made(utterances, shown, _spans(utterances, sizes, room))


def _spans(utterances: Sequence[Utterance], sizes: Sequence[int], room: int) -> list[range]:
    spans: list[range] = []
    begin = 0
    for exchange in _exchanges(utterances):
        # The surroundings of a part take up room, too; they are counted where they fall.
        with_surroundings = range(
            max(0, begin - LEAD_IN), min(len(sizes), exchange.stop + LEAD_OUT)
        )
        if exchange.start > begin and sum(sizes[i] for i in with_surroundings) > room:
            spans.append(range(begin, exchange.start))
            begin = exchange.start
    spans.append(range(begin, len(utterances)))
    return spans


def _exchanges(utterances: Sequence[Utterance]) -> list[range]:
    """What cannot be parted: a client's words and the replies to them."""
    starts = [
        index
        for index, utterance in enumerate(utterances)
        if index == 0
        or (
            utterance.speaker is Speaker.CLIENT
            and utterances[index - 1].speaker is Speaker.THERAPIST
        )
    ]
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(utterances)], strict=True)]


def _made(
    utterances: Sequence[Utterance], shown: Sequence[str], spans: Sequence[range]
) -> tuple[Part, ...]:
    made = []
    for span in spans:
        inside = utterances[span.start : span.stop]
        replies = tuple(u for u in inside if u.speaker is Speaker.THERAPIST)
        if replies:
            first, last = max(0, span.start - LEAD_IN), span.stop + LEAD_OUT
            made.append(Part(tuple(shown[first:last]), replies, whole=len(spans) == 1))
    return tuple(made)


def _shown(utterance: Utterance) -> dict[str, Any]:
    """An utterance as the judge sees it: nothing of how the client was made to feel."""
    item: dict[str, Any] = {
        "turn": utterance.turn,
        "speaker": str(utterance.speaker),
        "text": utterance.text,
    }
    for name in ("start", "end"):
        if (seconds := getattr(utterance, name)) is not None:
            item[name] = round(seconds, 2)
    for name in ("floor", "words_lost", "pause_broken", "opening"):
        if value := getattr(utterance, name):
            item[name] = value
    if utterance.opportunities:
        item["bears_on"] = sorted({moment.rubric for moment in utterance.opportunities})
    return item


def _cut(item: dict[str, Any], size: int, room: int) -> dict[str, Any]:
    text = str(item["text"])
    return item | {"text": text[: max(_SHORTEST, len(text) * room // size)], "cut": True}


_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
