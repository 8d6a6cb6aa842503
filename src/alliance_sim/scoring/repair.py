"""Rupture repair, one reply: notice, invite, validate, own, change (3RS); or miss, soothe, defend.

Experts validate and explore at the moment and leave patterns for later (Eubanks 2018), so a pattern
named now counts as an attack, and an explanation of oneself as defence.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from alliance_sim.domain.codes import Code, Main, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.asking import asks
from alliance_sim.scoring.earned import self_centred
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points
from alliance_sim.scoring.hollow import hollow
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.rupture import Strain, minimal, strain
from alliance_sim.scoring.sounding import sounding
from alliance_sim.scoring.speaking_for_oneself import Part, part
from alliance_sim.scoring.words import (
    Phrases,
    client_answers,
    content,
    phrases_of,
    plain,
    sentences,
)

_OPEN = re.compile(
    r"\b(?:what|how|which|where|who|when)\b(?! (?:many|much|often|old|time|about your))"
)

EXPLAINS = 5
"""Words from which a statement about something else explains."""

_QUESTION = re.compile(
    r"^(?:(?:and|so|but|or|well|then)[\s,]+)*(?:what|how|which|where|who|when|why|do|does|did|is|are|"
    r"was|were|have|has|can|could|would|i wonder|i'm wondering|i'd like|i want|tell me)\b"
)

STEPS = ("notice", "invite", "validate", "own", "change")

SURE = 0.85
"""How sure the coder must be of blame that no list here knows."""

LIKE_A_REPAIR = 0.6
"""From here on a reply sounds so much like a repair that what lists and grammar take for an attack
or a defence is likely a part of one ("I do talk, and I get worse when I'm nervous")."""

REENGAGED = 8
"""Words from which the client's next turn is more than a short answer."""


@dataclass(frozen=True)
class Repair:
    """What a reply does after a rupture: for each, the first sentence that does it, verbatim."""

    steps: dict[str, str]
    attack: str | None
    defence: str | None
    at_face: bool
    """A polite yes is taken for a yes."""
    moves_on: bool
    soothes: str | None
    sorry: str | None
    echoes: bool
    """Says the complaint back and does nothing else."""
    asks: bool
    """Asks an open question about something else, or in words that no list knows."""
    tied: bool

    @property
    def bears_on_it(self) -> bool:
        """Whether it does anything about a rupture, or goes past one by a known way."""
        turned = self.attack or self.defence or self.soothes or self.sorry
        return bool(self.steps or turned or self.at_face or self.moves_on or self.asks)


@cache
def _phrases() -> Phrases:
    return phrases_of("repairs")


def read(exchange: Exchange) -> Repair:
    """What a reply does about a rupture, sentence by sentence."""
    said = sentences(exchange.text)
    steps: dict[str, str] = {}
    attack = defence = None
    rest: list[str] = []
    centred = self_centred(exchange)
    for sentence in said:
        empty = _repairs_nothing(sentence, exchange, centred)
        kinds = [] if empty else _steps(sentence)
        spoken = part(sentence, exchange.before)
        if attack is None and _attacks(sentence, kinds):
            attack = sentence
        elif _defends(sentence, spoken, kinds, already=defence is not None):
            defence = defence or sentence
        else:
            kinds = [] if empty else _with_grammar(kinds, spoken)
            for kind in kinds:
                steps.setdefault(kind, sentence)
            rest += [] if kinds else [sentence]
    return Repair(
        steps=steps,
        attack=attack or _coded_attack(exchange, steps),
        defence=defence or next((s for s in rest if _explains(s, exchange)), None),
        at_face=bool(said) and _phrases().has("takes_at_face", said[0]),
        moves_on=any(_phrases().has("moves_on", sentence) for sentence in rest),
        soothes=next((s for s in rest if _phrases().has("placate", s)), None),
        sorry=next((s for s in rest if _phrases().has("apology", s)), None),
        echoes=exchange.coded.main is Main.REFLECTION,
        asks=not exchange.copies and any(_open(sentence) for sentence in rest),
        tied=bool(content(exchange.text) & content(exchange.before)),
    )


def _repairs_nothing(sentence: str, exchange: Exchange, centred: tuple[str, ...]) -> bool:
    """Whether a sentence turns to the trainee's own life, would fit anyone, or was said before."""
    if any(words in sentence for words in centred) or exchange.copies:
        return True
    return (
        exchange.stock > 0
        and hollow(sentence)
        and not _asks(sentence)
        and not _phrases().has("own", sentence)
    )


def _steps(sentence: str) -> list[str]:
    """What a sentence does by the lists; a question takes nobody's side."""
    kinds = [step for step in STEPS if _phrases().has(step, sentence)]
    if "own" not in kinds and not _asks(sentence) and _phrases().has("concede", sentence):
        kinds.append("own")
    if not _asks(sentence):
        return kinds
    taken = {"validate", "own"} if _QUESTION.match(plain(sentence)) else {"validate"}
    return [kind for kind in kinds if kind not in taken]


def _defends(sentence: str, spoken: Part | None, kinds: list[str], *, already: bool) -> bool:
    """Whether a sentence defends; one that goes on after another did is more of the same."""
    if _asks(sentence):
        return False
    if "own" in kinds:
        return spoken is not Part.OWNED and _phrases().has("credentials", sentence)
    goes_on = already and spoken is Part.OWNED
    return goes_on or spoken is Part.DENIED or _phrases().has("defend", sentence)


def _with_grammar(kinds: list[str], spoken: Part | None) -> list[str]:
    """With what a sentence does that no list knows."""
    if spoken is Part.OWNED and "notice" not in kinds:
        return [*kinds, "own"]
    return kinds or (["validate"] if spoken is Part.GRANTED else [])


def _explains(sentence: str, exchange: Exchange) -> bool:
    """Whether a statement explains or instructs where the client has just moved away."""
    return part(sentence, exchange.before) is Part.EXPLAINED and (
        exchange.coded.main is Main.INPUT or len(sentence.split()) >= EXPLAINS
    )


def _open(sentence: str) -> bool:
    return _OPEN.search(plain(sentence)) is not None and sentence.rstrip("\"')").endswith("?")


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"')").endswith("?") or asks(sentence)


def _attacks(sentence: str, kinds: list[str]) -> bool:
    """Whether a sentence attacks; a question does only in the form of blame."""
    if "own" in kinds:
        return False
    return _phrases().has("accuses" if _asks(sentence) else "attack", sentence)


def _coded_attack(exchange: Exchange, steps: dict[str, str]) -> str | None:
    asked = any(_asks(sentence) for sentence in sentences(exchange.text))
    if Mark.HOSTILE in exchange.coded.marks and "own" not in steps and not asked:
        return exchange.text.strip()
    for code in (Code.BLAME, Code.CONFRONT):
        span = exchange.coded.span(code)
        if span and span.p >= SURE and not steps:
            return span.words or exchange.text.strip()
    return None


def level(exchange: Exchange, rubric: Rubric, found: Strain) -> Finding | None:
    """The level of one reply; None where there was no rupture and none was repaired."""
    if not exchange.readable or not exchange.answers or exchange.client is None:
        return None
    if found is Strain.NONE and not exchange.codes & {Code.OWN_PART}:
        return None
    repair = read(exchange)
    if sounding(rubric.id, sentences_of(exchange.text, exchange.before)) >= LIKE_A_REPAIR:
        repair = replace(repair, attack=None, defence=None)
    if found is Strain.FAINT and not repair.bears_on_it:
        return None
    return _levelled(exchange, repair, Points(rubric))


def _levelled(exchange: Exchange, repair: Repair, points: Points) -> Finding:
    if repair.attack:
        eased = points["step"] * len(repair.steps.keys() & {"own", "validate"})
        return Finding(points["attack"] + eased, repair.attack, "attack", situation="attack")
    if repair.defence and "own" not in repair.steps:
        eased = points["eased"] * len(repair.steps.keys() & {"validate", "invite", "notice"})
        return Finding(points["defend"] + eased, repair.defence, "own", situation="defend")
    taken = repair.at_face and not repair.steps.keys() - {"own", "change"}
    if not repair.steps or taken:
        return _missed(exchange, repair, points)
    return _repaired(exchange, repair, points)


def _missed(exchange: Exchange, repair: Repair, points: Points) -> Finding:
    text = exchange.text.strip()
    if repair.at_face or repair.moves_on:
        eased = points["eased"] if repair.soothes or repair.sorry else 0.0
        return Finding(points["moved_on"] + eased, text, "notice", situation="missed")
    soothes = repair.sorry or repair.soothes
    if soothes:
        return Finding(points["soothed"], soothes, "validate", situation="soothed")
    total = points["echoed"] if repair.echoes else points["missed"]
    total += points["tied"] * repair.tied + (points["asked"] if repair.asks else 0.0)
    fixed = bool(self_centred(exchange))
    return Finding(total, text, "notice", situation="missed", fixed=fixed)


def _repaired(exchange: Exchange, repair: Repair, points: Points) -> Finding:
    steps = repair.steps
    first = "own" if "own" in steps else next(step for step in STEPS if step in steps)
    total = points["owned"] if "own" in steps else points["begun"]
    if steps.keys() == {"change"}:
        total = points["changed_only"]
    total += points["step"] * (len(steps) - 1)
    total += points["asked"] if repair.asks and "invite" not in steps else 0.0
    total += points["reengaged"] if _reengaged(exchange) else 0.0
    total += points["tied"] if repair.tied else 0.0
    total -= points["defence_cost"] if repair.defence else 0.0
    total -= points["moving_cost"] if repair.moves_on or repair.at_face else 0.0
    total -= points["soothing_cost"] if repair.soothes else 0.0
    criterion = {"change": "change", "own": "own"}.get(first, first)
    return Finding(total, steps[first], criterion, situation="partly")


def _reengaged(exchange: Exchange) -> bool:
    """Whether the client comes back into the conversation afterwards."""
    if exchange.after is None:
        return False
    text = exchange.after.text
    longer = len(text.split()) >= REENGAGED and not minimal(text)
    return longer and (client_answers().has("confirms", text) or not _still(text))


def _still(text: str) -> bool:
    return strain(text) is Strain.PLAIN
