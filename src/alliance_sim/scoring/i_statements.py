"""I-statements, one reply: whose reaction it is, and with what regard for the client it is said.

Gordon's sense: own your reaction and name the concrete behaviour. A sentence that begins with "I
feel" and accuses is a you-statement in disguise; a pronoun as such counts for nothing.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from alliance_sim.domain.codes import ASSERTED, Code, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.asking import opens_as_question
from alliance_sim.scoring.directed import captioned, held_against, near_trainee, remark
from alliance_sim.scoring.earned import self_centred
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.hollow import fits_anyone, hollow
from alliance_sim.scoring.opportunities import addressed, arrival, boundary_tested, owning_due
from alliance_sim.scoring.sentence_acts import Reading, put_forward, read
from alliance_sim.scoring.speaking_for_oneself import Part, part
from alliance_sim.scoring.words import Phrases, phrases_of, plain, sentences

_LATE = re.compile(r"\bsorry\b.{0,20}\b(?:late|running behind|the wait|traffic)\b")
_OWNING = frozenset({Code.OWN_PART, Code.BOUNDARY_HOLD, Code.IMMEDIACY, Code.LIMITS_STATED})


_MIRRORS = re.compile(
    r"^(?:(?:so|and|but|well|okay|yeah|yes|right|because|that|um|uh|mm|mm-hmm)[\s,-]+)*"
    r"(?:it (?:sounds|seems|feels|looks)|sounds|seems|you feel|you felt|you're feeling|"
    r"you(?:'re| are) (?:saying|telling)|what i(?:'m| am) hearing|part of you|i hear|i'm hearing)\b"
)
_ACCUSES = re.compile(
    r"\bwhy (?:do|can't|won't|don't|must|are) you (?:always|never|so|keep|even|just)\b"
    r"|\byou (?:always|never)\b"
)
_TAG = re.compile(
    r"^(?!(?:what|why|how|do|did|are|is|can|could|would|have)\b).{12,}, "
    r"(?:don't|isn't|aren't|haven't|won't|do|did|are|is|have|can) (?:you|it|we|that)\?$"
)
_POINTS = re.compile(
    r"^(?:(?:yes|no|well|and|but|so|then|because|oh)[\s,]+)*"
    r"(?:you (?:don't|didn't|never|can't|won't|always|should|need|"
    r"have to|were|give|make|keep|just|only)|you're (?!right|not wrong|angry|"
    r"upset|hurt|disappointed|frustrated|worried|fed up|telling|saying|asking|scared|tired))\b"
)
"""The client is the subject, and not of a feeling: nothing in it is the trainee's own."""

_FIRST = re.compile(r"^(?:(?:yes|no|well|and|but|so)[\s,]+)*(?:i|i'm|i've|i'd|i'll)\b")
_TURNS_ON_CLIENT = re.compile(
    r"\byou (?:always|never|keep|should|shouldn't|need|have to|must|ought|only|just|could have|"
    r"can't|won't|refuse|make|made)\b|\b(?:if|unless|because|when|since|with) you(?:'d|'re|'ve)?\b"
    r"|\byou(?:'re| are) (?:being|so|too|not|just|always)\b"
    r"|\byour (?:attitude|tone|fault|problem)\b"
)
"""In a sentence that begins with "I": the words are about the client all the same."""

SURE = 0.85
"""How sure the coder must be of blame where the reply also speaks for itself."""

_BLAMES = frozenset({Code.BLAME, Code.CONFRONT})
_HARMS = _BLAMES | {Code.MINIMISE, Code.PERSUADE, Code.STEREOTYPE}
_HEARS = frozenset(
    {Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX, Code.VALIDATE, Code.QUESTION_OPEN}
)

HEARD = 0.5
"""What a probability of blame is worth in a reply that the coder takes for listening."""

ASKED, LIKELY, POSSIBLE, UNADDRESSED = 0.06, 0.5, 0.08, 0.15
"""Learned probabilities: from which a turn that speaks to the trainee is taken for a complaint, a
reply for one that is not in order, a turn for something that was to be owned at all, and any other
turn for a complaint.
"""

_SIGNS = {
    "blame": {Sign.BLAMING}, "disguised": {Sign.DISGUISED}, "defensive": {Sign.UNCOUNTED},
}  # fmt: skip
"""What the session counts of the acts that are not in order."""


@dataclass(frozen=True)
class Voice:
    """The sentences of a reply by whose they are."""

    blaming: tuple[str, ...]
    disguised: tuple[str, ...]
    owned: tuple[str, ...]
    unasked: bool
    """An owned sentence repairs, sets a limit or disagrees, whatever the client had said."""
    defensive: tuple[str, ...]
    own_voice: tuple[str, ...]
    """Statements of the trainee's own that no list of owned reactions knows."""
    pointing: tuple[str, ...]
    """Statements of what the client does, is or should do, that no list of blame knows."""
    acknowledges: bool
    behaviour: bool
    first_person: bool
    """Some sentence speaks for the trainee, if not of a reaction, limit or mistake."""


@cache
def _phrases() -> Phrases:
    return phrases_of("ownership")


def level(exchange: Exchange, rubric: Rubric) -> Finding | None:
    """The level of one reply; None where it had nothing to own and owned or blamed nothing.

    Questions, reflections and affirmations are not counted, whatever their pronouns.
    """
    if not exchange.readable or not exchange.answers:
        return None
    points = Points(rubric)
    voice, listed = _listed(exchange, points)
    if exchange.client is None or captioned(exchange.text):
        return listed
    if listed is None and not _called_for(exchange, voice):
        return None
    return _weighed(exchange, voice, _put_on_client(exchange), listed, points)


def _put_on_client(exchange: Exchange) -> Reading:
    """How likely a reply puts something on the client, by what it states: asking openly, saying
    back and granting the client's point are not counted, so what only looks like blame in a reply
    that the coder takes for one of these weighs little.
    """
    stated = [s for s in sentences(exchange.text) if not _asks_or_grants(s, exchange.before)]
    found = read("i_statements", " ".join(stated))
    heard = exchange.codes & _HEARS and not exchange.practised
    if not heard or exchange.codes & _HARMS or _heard_blame(exchange):
        return found
    acts = {act: HEARD * p for act, p in found.acts.items()}
    return replace(found, wrong=HEARD * found.wrong, acts=acts)


def _heard_blame(exchange: Exchange) -> bool:
    hostile = exchange.coded.marks & {Mark.HOSTILE, Mark.COLD}
    return bool(hostile) or any(_ACCUSES.search(plain(s)) for s in sentences(exchange.text))


def _asks_or_grants(sentence: str, before: str) -> bool:
    if _asks(sentence):
        return _ACCUSES.search(plain(sentence)) is None and opens_as_question(sentence)
    return part(sentence, before) is Part.GRANTED and not _phrases().has("blame", sentence)


def _called_for(exchange: Exchange, voice: Voice) -> bool:
    """Whether a turn in which no list finds a complaint is likely to have held one: by its own
    words, or, less surely, by its words and by a reply that owns, blames or defends itself.
    """
    if captioned(exchange.before) or arrival(exchange):
        return False
    against = put_forward(exchange.before, "complaint")
    if against < POSSIBLE:
        return False
    if against >= (ASKED if near_trainee(exchange.before) else UNADDRESSED):
        return True
    return bool(voice.owned) or read("i_statements", exchange.text).wrong >= LIKELY


def _weighed(
    exchange: Exchange, voice: Voice, reading: Reading, listed: Finding | None, points: Points
) -> Finding:
    """The mean of what the reply is worth if nothing in it is put on the client and if something
    is, by how likely either is.
    """
    sure = 1 - reading.wrong
    worth, base = _worth(voice, points), points["unowned"]
    total = sure * min(worth, base) + sure**2 * max(0.0, worth - base)
    total += sum(p * points[act] for act, p in reading.acts.items())
    total -= points["hostile"] if Mark.HOSTILE in exchange.coded.marks else 0.0
    uncounted = listed is None or Sign.UNCOUNTED in listed.signs
    signs = {Sign.UNCOUNTED} if uncounted else set()
    if reading.wrong >= LIKELY:
        signs |= _SIGNS[reading.act] | ({Sign.OWNED} if voice.owned else set())
        criterion = "owned" if reading.act == "defensive" else "blame"
        situation = "defensive" if reading.act == "defensive" else "blame"
        return Finding(clamp(total), reading.sentence, criterion, frozenset(signs), situation)
    said = voice.owned or voice.own_voice
    if listed is not None and (Sign.OWNED in listed.signs or not said):
        return replace(listed, level=clamp(total))
    signs |= {Sign.OWNED} if said else {Sign.UNCOUNTED}
    signs |= {Sign.ACKNOWLEDGED} if voice.acknowledges else set()
    quote = said[0] if said else exchange.text.strip()
    return Finding(clamp(total), quote, "perspective", frozenset(signs), "perspective")


def _worth(voice: Voice, points: Points) -> float:
    """What a reply is worth if nothing in it is put on the client."""
    if voice.owned:
        base = points["owned"]
    elif voice.own_voice or voice.first_person:
        base = points["own_voice"]
    else:
        base = points["unowned"]
    base += points["behaviour"] if voice.behaviour else 0.0
    return clamp(base + (points["acknowledged"] if voice.acknowledges else 0.0))


def _listed(exchange: Exchange, points: Points) -> tuple[Voice, Finding | None]:
    """Whose the sentences are, and the level, by phrase lists alone."""
    due = owning_due(exchange) or boundary_tested(exchange)
    against = exchange.client is not None and held_against(exchange.before)
    spoken_of = against or (exchange.client is not None and addressed(exchange.before))
    loosely = exchange.client is not None and _perhaps(exchange.before)
    general = against or loosely or owning_due(exchange)
    voice = _read(exchange, due or spoken_of or against, general)
    unasked = voice.unasked or bool(exchange.codes & _OWNING and voice.owned)
    unasked = unasked or (spoken_of and bool(voice.owned))
    repairs = _phrases().has("repairs", exchange.text)
    unasked = unasked or (loosely and repairs and bool(voice.owned))
    repaired = bool(voice.own_voice) and (against or repairs)
    pointed = repaired or bool(voice.pointing) or (bool(voice.defensive) and against)
    if captioned(exchange.text) and not exchange.codes & (_OWNING | _BLAMES):
        return voice, None
    if not (due or against or unasked or pointed or voice.blaming or voice.disguised):
        return voice, None
    return voice, _levelled(exchange, voice, points, due)


def _perhaps(text: str) -> bool:
    """Whether something may have been held against the trainee; only the reply can tell."""
    return remark(text) or near_trainee(text)


def _read(exchange: Exchange, due: bool, against: bool) -> Voice:
    sorted_: dict[str, list[str]] = {
        "blame": [], "disguised": [], "owned": [], "defensive": [], "own_voice": [], "pointing": []
    }  # fmt: skip
    trusts = due or bool(exchange.codes & _BLAMES) or Mark.HOSTILE in exchange.coded.marks
    said = _about_this(exchange)
    for sentence in sentences(exchange.text):
        whose = _whose(sentence, trusts) or (_general(sentence) if against else None)
        if whose in _OWN and sentence not in said:
            continue
        if whose is not None:
            sorted_[whose].append(sentence)
    span = exchange.coded.span(Code.BLAME)
    needed = SURE if sorted_["owned"] or sorted_["own_voice"] else ASSERTED
    if span and span.p >= needed and not sorted_["blame"] and not sorted_["disguised"]:
        sorted_["blame"].append(span.words or exchange.text.strip())
    return Voice(
        blaming=tuple(sorted_["blame"]),
        disguised=tuple(sorted_["disguised"]),
        owned=tuple(sorted_["owned"]),
        unasked=any(_phrases().has("unasked", sentence) for sentence in sorted_["owned"]),
        defensive=tuple(sorted_["defensive"]),
        own_voice=tuple(sorted_["own_voice"]),
        pointing=tuple(sorted_["pointing"]),
        acknowledges=any(_phrases().has("acknowledge", s) and not _asks(s) for s in said),
        behaviour=any(_phrases().has("behaviour", sentence) for sentence in said),
        first_person=any(_FIRST.match(plain(s)) and not _asks(s) for s in said),
    )


_OWN = frozenset({"owned", "own_voice"})


def _about_this(exchange: Exchange) -> list[str]:
    """The sentences without those that own no part in anything: talk of the trainee's own life,
    and where it was practised, kind words that would fit anyone.
    """
    centred = self_centred(exchange)
    anyone = exchange.practised or fits_anyone(exchange.text)
    return [
        sentence
        for sentence in sentences(exchange.text)
        if not (anyone and hollow(sentence)) and not any(words in sentence for words in centred)
    ]


def _whose(sentence: str, trusts: bool) -> str | None:
    """Whose a sentence is; None where it is not counted. Blame found by words alone is believed
    only where something had to be owned, or where the coder hears blame too.
    """
    words = plain(sentence)
    if _LATE.search(words):
        return None
    if _asks(sentence):
        return "blame" if trusts and _ACCUSES.search(words) else None
    trusts = trusts or _phrases().has("accusing", sentence)
    if trusts and _phrases().has("disguised", sentence):
        return "disguised"
    own = _FIRST.match(words) is not None and not _TURNS_ON_CLIENT.search(words)
    if trusts and not own and not _MIRRORS.match(words) and _phrases().has("blame", sentence):
        return "blame"
    if trusts and _POINTS.match(words):
        return None
    if _phrases().has("defensive", sentence):
        return "defensive"
    owned = any(_phrases().has(name, sentence) for name in ("owned", "owned_strong", "unasked"))
    return "owned" if owned else None


def _general(sentence: str) -> str | None:
    """By form alone, after a complaint: whose a sentence is that no list knows."""
    if _asks(sentence) or _MIRRORS.match(plain(sentence)):
        return None
    if _phrases().has("you_statement", sentence) and not _phrases().has("acknowledge", sentence):
        return "pointing"
    return "own_voice" if _phrases().has("own_voice", sentence) else None


def _asks(sentence: str) -> bool:
    """Whether it is a question; "you do this whenever I speak, don't you?" is none."""
    asked = sentence.rstrip("\"')").endswith("?")
    return asked and _TAG.search(plain(sentence)) is None


def _levelled(exchange: Exchange, voice: Voice, points: Points, due: bool) -> Finding | None:
    if voice.blaming or voice.disguised:
        return _blamed(exchange, voice, points)
    if voice.owned:
        return _owned(voice, points)
    if voice.own_voice and not voice.defensive:
        return _own_voice(voice, points, counted=owning_due(exchange))
    if voice.pointing:
        return _pointing(voice, points)
    if voice.defensive or Mark.COLD in exchange.coded.marks:
        quote = voice.defensive[0] if voice.defensive else exchange.text.strip()
        total = points["defensive"] + (0.4 if voice.acknowledges else 0.0)
        return Finding(total, quote, "owned", frozenset({Sign.UNCOUNTED}), "defensive")
    if not due and not held_against(exchange.before):
        return None
    return _unowned(exchange, voice, points, due)


def _unowned(exchange: Exchange, voice: Voice, points: Points, due: bool) -> Finding | None:
    """Neither owns nor blames: taking the client's side in words is more than passing it over."""
    marked = exchange.client is not None and exchange.client.offers("i_statements")
    if due and not marked and not owning_due(exchange) and not held_against(exchange.before):
        return None  # a request: the rubric of boundaries reads the reply
    heard = voice.acknowledges or voice.first_person
    turns = any(opens_as_question(sentence) for sentence in sentences(exchange.text)[-1:])
    return Finding(
        points["unowned" if heard else "asked_back" if turns else "passed_over"],
        exchange.text.strip(),
        "perspective",
        frozenset({Sign.UNCOUNTED}),
        "unowned",
    )


def _blamed(exchange: Exchange, voice: Voice, points: Points) -> Finding:
    hostile = Mark.HOSTILE in exchange.coded.marks
    signs = {Sign.BLAMING} if voice.blaming else {Sign.DISGUISED}
    quote = (voice.blaming or voice.disguised)[0]
    base = points["blame" if voice.blaming else "disguised"]
    if voice.owned and not hostile:
        base = points["mixed"] - (0.0 if voice.disguised and not voice.blaming else 0.4)
        signs.add(Sign.OWNED)
    worse = len(voice.blaming) + len(voice.disguised) - 1
    total = base - 0.2 * worse + (0.2 if voice.acknowledges else 0.0) - (0.5 if hostile else 0.0)
    return Finding(clamp(total), quote, "blame", frozenset(signs), "blame")


def _own_voice(voice: Voice, points: Points, *, counted: bool) -> Finding:
    """Says "I" where something was held against the trainee; the session counts it where the
    complaint is plain.
    """
    total = points["own_voice"] + (points["behaviour"] if voice.behaviour else 0.0)
    total += points["acknowledged"] if voice.acknowledges else 0.0
    total -= points["defensive_cost"] if voice.pointing else 0.0
    signs = {Sign.OWNED} | ({Sign.ACKNOWLEDGED} if voice.acknowledges else set())
    signs |= set() if counted else {Sign.UNCOUNTED}
    return Finding(clamp(total), voice.own_voice[0], "owned", frozenset(signs), "perspective")


def _pointing(voice: Voice, points: Points) -> Finding:
    """Tells the client about the client instead of owning: weaker evidence than plain blame."""
    total = points["pointing"] + (0.2 if voice.acknowledges else 0.0)
    total -= 0.2 * (len(voice.pointing) - 1)
    return Finding(clamp(total), voice.pointing[0], "blame", frozenset({Sign.UNCOUNTED}), "blame")


def _owned(voice: Voice, points: Points) -> Finding:
    total = points["owned"]
    total += points["behaviour"] if voice.behaviour else 0.0
    total += points["acknowledged"] if voice.acknowledges else 0.0
    total -= points["defensive_cost"] if voice.defensive else 0.0
    signs = {Sign.OWNED} | ({Sign.ACKNOWLEDGED} if voice.acknowledges else set())
    criterion = "perspective" if voice.acknowledges else "owned"
    return Finding(clamp(total), voice.owned[0], criterion, frozenset(signs), "perspective")
