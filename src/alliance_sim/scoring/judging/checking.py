"""What of a judge's answer counts: levels on the scale, with quotes that stand in their turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict

from pydantic import ValidationError

from alliance_sim.domain.clean import printable, storable
from alliance_sim.domain.transcript import Utterance
from alliance_sim.scoring.judging.quotes import locate
from alliance_sim.scoring.judging.replies import QuoteReply, Wanted, read_criterion, read_whole
from alliance_sim.scoring.spoken_to import to_client

LONGEST_REMARK = 600
"""Characters of a rationale or a reason that are kept."""

MOST_QUOTES = 6
"""Quotes of one criterion that are kept."""

Key = tuple[str, str]
"""Ids of a rubric and of one of its criteria."""


class Quote(TypedDict):
    """Words of a reply that a level rests on: a `Quoted` that is yet to be made."""

    turn: int
    quote: str
    """Verbatim from the therapist's utterance of that turn."""
    level: float


class Verdict(NamedTuple):
    """A criterion's level with its ground, or why there is none."""

    level: float | None
    why_null: str | None = None
    evidence: tuple[Quote, ...] = ()
    rationale: str = ""
    unscored: bool = False
    """The answer could not be used."""


@dataclass(frozen=True)
class Whole:
    """The judge's level of a rubric, or why there is none."""

    level: float | None
    why_null: str | None = None
    rationale: str = ""


@dataclass(frozen=True)
class Refused:
    """An answer that cannot be used, why, and what could be kept of it."""

    why: str
    turn: int | None = None
    quote: str = ""
    rest: Verdict | None = None
    """The verdict with the quotes that do stand in their turns; None where none does."""


@dataclass
class Checked:
    """An answer, sorted into what counts and what does not."""

    verdicts: dict[Key, Verdict] = field(default_factory=dict)
    refused: dict[Key, Refused] = field(default_factory=dict)
    wholes: dict[str, Whole] = field(default_factory=dict)

    def wanted_again(self) -> Wanted:
        """The criteria whose answers cannot be used, by rubric."""
        again: dict[str, list[str]] = {}
        for rubric, criterion in self.refused:
            again.setdefault(rubric, []).append(criterion)
        return again

    def refusals(self) -> list[dict[str, object]]:
        """What is told about them when they are asked again: data, for quotes are in it."""
        return [
            {
                "rubric": rubric,
                "criterion": criterion,
                "turn": found.turn,
                "quote": found.quote,
                "why": found.why,
            }
            for (rubric, criterion), found in self.refused.items()
        ]

    def settled(self, second: "Checked | None" = None) -> dict[Key, Verdict]:
        """Every verdict. What is refused again keeps the quotes that hold; without any it is
        unscored, and says why.
        """
        found = dict(self.verdicts)
        for key, first in self.refused.items():
            if second and key in second.verdicts:
                found[key] = second.verdicts[key]
                continue
            last = second.refused.get(key, first) if second else first
            kept = last.rest or first.rest
            found[key] = kept or Verdict(None, f"Unscored: {last.why}.", unscored=True)
        return found


def check(data: Mapping[str, Any] | None, wanted: Wanted, replies: Sequence[Utterance]) -> Checked:
    """Sort an answer about these therapist utterances."""
    said = {utterance.turn: utterance.text for utterance in replies}
    checked = Checked()
    answers = _mapping(_mapping(data).get("rubrics"))
    for rubric, names in wanted.items():
        answer = _mapping(answers.get(rubric))
        if whole := _whole(answer):
            checked.wholes[rubric] = whole
        criteria = _mapping(answer.get("criteria"))
        for name in names:
            found = _criterion(criteria.get(name), said)
            if isinstance(found, Verdict):
                checked.verdicts[rubric, name] = found
            else:
                checked.refused[rubric, name] = found
    return checked


def remark(text: str | None) -> str:
    """What a model says, on one line, without what a terminal or a file would trip over."""
    if not text:
        return ""
    if text.isprintable() and "  " not in text:  # nearly always: nothing is to be mended
        return text.strip()[:LONGEST_REMARK]
    return printable(storable(text), lines=False)[:LONGEST_REMARK]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(answer: Mapping[str, Any]) -> Whole | None:
    try:
        reply = read_whole(answer)
    except ValidationError:
        return None
    why_null, rationale = remark(reply.get("why_null")), remark(reply.get("rationale"))
    return Whole(reply["level"], why_null or None, rationale)


def _criterion(answer: object, said: Mapping[int, str]) -> Verdict | Refused:
    if answer is None:
        return Refused("the judge gave no answer to it")
    try:
        reply = read_criterion(answer)
    except ValidationError as problem:
        # Only where and what, for the value itself may be anything.
        first = problem.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return Refused(f"the judge's answer has an invalid {place or 'form'}")
    rationale = remark(reply.get("rationale"))
    if reply["level"] is None:
        return Verdict(None, remark(reply.get("why_null")) or "Not observed.", (), rationale)
    return _levelled(reply["level"], reply.get("evidence", ()), rationale, said)


def _levelled(
    level: float, evidence: Sequence[QuoteReply], rationale: str, said: Mapping[int, str]
) -> Verdict | Refused:
    good: dict[tuple[int, str], Quote] = {}
    bad: Refused | None = None
    for item in evidence[:MOST_QUOTES]:
        turn = item["turn"]
        why, quote = _quote(turn, item["quote"], said)
        if quote is None:
            bad = bad or Refused(why, turn, storable(item["quote"])[:LONGEST_REMARK])
        elif (turn, quote) not in good:
            own = item.get("level")
            own = level if own is None else own
            good[turn, quote] = {"turn": turn, "quote": quote, "level": own}
    verdict = Verdict(level, None, tuple(good.values()), rationale) if good else None
    if bad:
        return Refused(bad.why, bad.turn, bad.quote, verdict)
    return verdict or Refused("the judge quoted nothing for its level")


def _quote(turn: int, words: str, said: Mapping[int, str]) -> tuple[str, str | None]:
    """Why a quote cannot be used, or the words as they stand in the turn."""
    text = said.get(turn)
    if text is None:
        return f"the judge quoted turn {turn}, which is none of the therapist's here", None
    quote = locate(words, text)
    if quote is None:
        return f"the judge's quote does not stand in turn {turn}", None
    # A turn that is all spoken to the client has no words to a rater, however it is quoted.
    if to_client(text) != text and not to_client(quote).strip():
        return f"the judge quoted words of turn {turn} that speak to a rater", None
    return "", quote
