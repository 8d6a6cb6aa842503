"""The forms of labelled records, and how each becomes a conversation with labels."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alliance_sim.authoring.dataset_records import Record, Report
from alliance_sim.authoring.problems import Problem, quoted
from alliance_sim.domain.clean import storable
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance

THERAPISTS = frozenset(
    ("therapist", "t", "supporter", "responder", "listener", "counselor", "counsellor")
)
CLIENTS = frozenset(("client", "c", "seeker", "patient", "speaker"))
NEUTRAL = "Mm. What is that like for you?"
"""What a client's words alone are followed by, so that there is a moment to look at."""


class Sort(StrEnum):
    """What one record holds."""

    ROW = "row"
    """An utterance of a conversation: `speaker`, `text`, and `transcript_id` or `conv_id`."""
    CONVERSATION = "conversation"
    """`turns`, a list of `speaker` and `text`."""
    PAIR = "pair"
    """`seeker_text` and `response_text`."""
    REPLY = "reply"
    """`context`, a list of `speaker` and `text`, and `reflection`."""
    POST = "post"
    """A client's words alone: `text` and `user`."""
    SENTENCE = "sentence"
    """A reply alone: `text`."""


_FIELDS: Mapping[Sort, tuple[str, ...]] = {
    Sort.CONVERSATION: ("turns",),
    Sort.PAIR: ("seeker_text", "response_text"),
    Sort.REPLY: ("context", "reflection"),
    Sort.ROW: ("speaker", "text"),
    Sort.POST: ("user", "text"),
    Sort.SENTENCE: ("text",),
}
_NAMES = ("transcript_id", "conv_id")


@dataclass
class Gathered:
    """A conversation that is being put together."""

    name: str
    group: str
    said: list[tuple[Speaker, str]] = field(default_factory=list)
    labels: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def transcript(self) -> Transcript:
        """Turns count from 0, whatever the set's own numbers are."""
        utterances = tuple(
            Utterance(turn=turn, speaker=speaker, text=text)
            for turn, (speaker, text) in enumerate(self.said)
        )
        return Transcript(transcript_id=self.name, utterances=utterances)

    def add(self, speaker: Speaker, text: str, labels: Mapping[str, Any] | None = None) -> None:
        """One more utterance; the labels of a client's are kept with it too."""
        if labels:
            self.labels[len(self.said)] = labels
        self.said.append((speaker, storable(text)))


def sort_of(fields: Mapping[str, Any]) -> Sort | None:
    """The form of a record; None for none."""
    for sort, needed in _FIELDS.items():
        if all(name in fields for name in needed):
            return sort
    return None


def gather(found: Iterable[Record], report: Report) -> Iterator[Gathered]:
    """Conversations with their labels; rows of one conversation follow one another."""
    open_one: Gathered | None = None
    seen: set[str] = set()
    for number, record in enumerate(found):
        sort = sort_of(record.fields)
        if sort is Sort.ROW:
            name = _name(record.fields) or f"line {record.line}"
            if open_one is None or open_one.name != name:
                if open_one is not None:
                    yield open_one
                if name in seen:
                    message = f"{quoted(name)} came and ended before; keep its rows together"
                    report(Problem(record.path, record.line, 1, message))
                    return
                seen.add(name)
                open_one = Gathered(name, str(record.fields.get("group") or name))
            _add_row(open_one, record, report)
        elif sort is not None:
            made = _WHOLE[sort](record, number, report)
            if made is not None:
                yield made
    if open_one is not None:
        yield open_one


def _name(fields: Mapping[str, Any]) -> str:
    return next((str(fields[name]) for name in _NAMES if name in fields), "")


def _add_row(conversation: Gathered, record: Record, report: Report) -> None:
    fields = record.fields
    speaker = _speaker(fields.get("speaker"))
    text = fields.get("text")
    if speaker is None or not isinstance(text, str):
        what = "speaker" if speaker is None else "text"
        message = f"{what} is {quoted(fields.get(what))}; write therapist or client, and the words"
        report(Problem(record.path, record.line, 1, message))
        return
    labels = {name: value for name, value in fields.items() if name not in _OWN}
    for name in _OF_WHOLE:
        if name in labels:
            conversation.about[name] = labels[name]
    for name, value in labels.items():
        if name.startswith("score_"):
            conversation.about[name] = value
    conversation.add(speaker, text, labels)


_OWN = frozenset(("speaker", "text", "turn", "group", "id", "prev_turn", *_NAMES))
_OF_WHOLE = ("quality", "canonical", "label_conflict")


def _conversation(record: Record, number: int, report: Report) -> Gathered | None:
    fields = record.fields
    name = str(fields.get("id") or number)
    made = Gathered(name, str(fields.get("group") or f"{fields.get('framework', '')}:{name}"))
    if not _add_turns(made, fields["turns"], record, report):
        return None
    made.about = {key: value for key, value in fields.items() if key != "turns"}
    return made


def _add_turns(made: Gathered, turns: Any, record: Record, report: Report) -> bool:
    for turn in turns if isinstance(turns, list) else [None]:
        said = turn if isinstance(turn, dict) else {}
        speaker, text = _speaker(said.get("speaker")), said.get("text")
        if speaker is None or not isinstance(text, str):
            message = "each turn is an object with a speaker (therapist or client) and a text"
            report(Problem(record.path, record.line, 1, message))
            return False
        made.add(speaker, text)
    return True


def _pair(record: Record, number: int, report: Report) -> Gathered | None:
    fields = record.fields
    client, reply = fields["seeker_text"], fields["response_text"]
    if not isinstance(client, str) or not isinstance(reply, str):
        report(Problem(record.path, record.line, 1, "seeker_text and response_text are words"))
        return None
    group = fields.get("group") or fields.get("seeker_id") or number
    made = Gathered(str(fields.get("id") or number), str(group))
    made.add(Speaker.CLIENT, client)
    made.add(Speaker.THERAPIST, reply, fields)
    return made


def _reply(record: Record, number: int, report: Report) -> Gathered | None:
    fields = record.fields
    name = str(fields.get("id") or number)
    made = Gathered(name, str(fields.get("group") or name))
    if not _add_turns(made, fields["context"], record, report):
        return None
    made.add(Speaker.THERAPIST, str(fields["reflection"]), fields)
    return made


def _post(record: Record, number: int, report: Report) -> Gathered | None:
    fields = record.fields
    if not isinstance(fields["text"], str):
        report(Problem(record.path, record.line, 1, "text is what the client wrote, in quotes"))
        return None
    made = Gathered(str(fields.get("id") or number), str(fields["user"]))
    made.add(Speaker.CLIENT, fields["text"])
    made.add(Speaker.THERAPIST, NEUTRAL, fields)
    return made


def _sentence(record: Record, number: int, report: Report) -> Gathered | None:
    """Ids of the form `post-sentence` tell which sentences stood together."""
    fields = record.fields
    if not isinstance(fields["text"], str):
        report(Problem(record.path, record.line, 1, "text is what was said, in quotes"))
        return None
    name = str(fields.get("id", number))
    group = str(fields.get("group") or name.split("-", maxsplit=1)[0])
    made = Gathered(name, group)
    made.add(Speaker.THERAPIST, fields["text"], fields)
    return made


def _speaker(name: Any) -> Speaker | None:
    spoken = str(name).strip().lower()
    if spoken in THERAPISTS:
        return Speaker.THERAPIST
    return Speaker.CLIENT if spoken in CLIENTS else None


_WHOLE: Mapping[Sort, Callable[[Record, int, Report], Gathered | None]] = {
    Sort.CONVERSATION: _conversation,
    Sort.PAIR: _pair,
    Sort.REPLY: _reply,
    Sort.POST: _post,
    Sort.SENTENCE: _sentence,
}
