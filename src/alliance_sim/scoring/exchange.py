"""One reply in its place: what the client said before it, what came after, how it was coded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from alliance_sim.coding.coder import code
from alliance_sim.coding.lazy import lazy
from alliance_sim.domain.codes import Code, CodedReply, Main, Mark
from alliance_sim.domain.transcript import Floor, Speaker, Transcript, Utterance
from alliance_sim.scoring.hollow import fits_anyone
from alliance_sim.scoring.spoken_to import to_client
from alliance_sim.scoring.words import content, tokens

VERBATIM = 5
"""Words from which a reply without content words, said again, is the same reply."""

REMEMBERED = 12
"""Earlier codings that the coder sees; enough for runs of questions and stock phrases."""


@dataclass(frozen=True)
class ClientTurn:
    """What the client said in one go; backchannels in between do not end it."""

    utterances: tuple[Utterance, ...]

    @lazy
    def text(self) -> str:
        """The words that were heard."""
        return " ".join(utterance.text for utterance in self.utterances)

    @property
    def opening(self) -> bool:
        return any(utterance.opening for utterance in self.utterances)

    @property
    def words_lost(self) -> int:
        return sum(utterance.words_lost for utterance in self.utterances)

    def offers(self, rubric: str) -> bool:
        """Whether the scenario marked this turn as an opportunity for the rubric."""
        return any(
            opportunity.rubric == rubric
            for utterance in self.utterances
            for opportunity in utterance.opportunities
        )

    def authored(self) -> bool:
        """Whether a scenario's author said anything of what this turn gives a chance to show."""
        return any(utterance.opportunities for utterance in self.utterances)

    def instead(self, rubric: str) -> tuple[str, ...]:
        """What the author would have said: for this rubric first, then for the turn at large."""
        own: list[str] = []
        general: list[str] = []
        for utterance in self.utterances:
            general += utterance.instead
            for opportunity in utterance.opportunities:
                if opportunity.rubric == rubric:
                    own += opportunity.instead
        return tuple(own) or tuple(general)


@dataclass(frozen=True)
class Exchange:
    """A therapist utterance, coded, with the client turns around it."""

    reply: Utterance
    coded: CodedReply
    index: int
    """Number of the client turn it answers, from 0; −1 before the client has spoken."""
    client: ClientTurn | None = None
    after: ClientTurn | None = None
    heard: Utterance | None = None
    """The last client utterance before it."""
    follows: bool = False
    """It comes straight after another utterance of the therapist."""
    copies: int = 0
    """Earlier replies of the session with the same content words, or the same words where there are
    none with content."""
    stock: int = 0
    """Where its statements would fit anyone: earlier replies of the session that did too."""
    readable: bool = True
    """False: no words that can be judged (nonsense, or not English)."""
    answers: bool = True
    """False: a backchannel, or silence: the client still has the turn."""
    codes: frozenset[Code] = field(default_factory=frozenset)
    said: str | None = None
    """The part of it that is spoken to the client; None: all of it."""

    @property
    def practised(self) -> bool:
        """Whether it was said before, or would fit anyone like one before: it says nothing back."""
        return self.copies > 0 or self.stock > 0

    @lazy
    def text(self) -> str:
        """What is scored."""
        return self.reply.text if self.said is None else self.said

    @lazy
    def before(self) -> str:
        """What the client said before it; empty where the client has not spoken."""
        return self.client.text if self.client else ""


class Replies(tuple[Exchange, ...]):
    """The replies of a session, in order; what is worked out of them is kept with them (`once`)."""


def coded_reply(text: str, before: str, previous: Sequence[CodedReply]) -> CodedReply:
    """The coding of what a reply says to the client; without any such words it says nothing.

    What must be noticed wherever it stands (a risk of the trainee's own, an insult) still is.
    """
    whole = code(text, before, previous=previous)
    said = to_client(text)
    if said == text:
        return whole
    kept = whole.marks & _ALWAYS
    if said.strip():
        reply = code(said, before, previous=previous)
        return reply.model_copy(update={"marks": reply.marks | kept})
    meant = {Mark.NONSENSE, Mark.MACHINE} if any(map(str.isalpha, text)) else {Mark.NONSENSE}
    marks = kept | (whole.marks & _UNREADABLE or meant)
    return CodedReply(main=Main.OTHER, codes=(), marks=marks)


_ALWAYS = frozenset((Mark.OWN_RISK, Mark.HOSTILE))
_UNREADABLE = frozenset((Mark.NONSENSE, Mark.MACHINE, Mark.NOT_ENGLISH))


class _Made(NamedTuple):
    reply: Utterance
    said: str
    coded: CodedReply
    client_turn: int
    heard: Utterance | None
    follows: bool


def exchanges(transcript: Transcript, coded: Mapping[int, CodedReply] | None = None) -> Replies:
    """Every therapist utterance in order. `coded` holds codes already known, by turn."""
    made: list[_Made] = []
    turns: list[list[Utterance]] = []
    said: list[CodedReply] = []
    floor_with_client = False
    latest: Utterance | None = None
    for utterance in transcript.utterances:
        if utterance.speaker is Speaker.CLIENT:
            if floor_with_client:
                turns[-1].append(utterance)
            else:
                turns.append([utterance])
            floor_with_client = True
            latest = utterance
            continue
        before = " ".join(part.text for part in turns[-1]) if turns else ""
        reply = (coded or {}).get(utterance.turn)
        speech = to_client(utterance.text)
        if reply is None:
            reply = coded_reply(utterance.text, before, tuple(said[-REMEMBERED:]))
        said.append(reply)
        follows = bool(made) and made[-1].heard is latest
        made.append(_Made(utterance, speech, reply, len(turns) - 1, latest, follows))
        floor_with_client = floor_with_client and not _answers(utterance, reply)
    clients = [ClientTurn(tuple(turn)) for turn in turns]
    return Replies(_placed(made, clients))


def _placed(made: Iterable[_Made], clients: list[ClientTurn]) -> Iterable[Exchange]:
    seen: dict[frozenset[str] | tuple[str, ...], int] = {}
    hollow = 0
    for reply, said, coded, index, heard, follows in made:
        key = _same(said)
        copies = seen.get(key, 0) if key else 0
        seen[key] = copies + 1
        fits = fits_anyone(said)
        yield Exchange(
            reply=reply,
            coded=coded,
            index=index,
            client=clients[index] if index >= 0 else None,
            after=clients[index + 1] if index + 1 < len(clients) else None,
            heard=heard,
            follows=follows,
            copies=copies,
            stock=hollow if fits else 0,
            readable=not coded.marks & _UNREADABLE,
            answers=_answers(reply, coded),
            codes=coded.asserted(),
            said=None if said == reply.text else said,
        )
        hollow += fits


def _same(said: str) -> frozenset[str] | tuple[str, ...]:
    """What two replies have in common that are the same; empty where none can be."""
    words = tokens(said)
    return content(said) or (words if len(words) >= VERBATIM else ())


def _answers(utterance: Utterance, coded: CodedReply) -> bool:
    if utterance.floor is Floor.BACKCHANNEL or not any(map(str.isalnum, utterance.text)):
        return False
    return not coded.asserted() <= {Code.BACKCHANNEL} or not coded.asserted()
