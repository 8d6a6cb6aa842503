"""What of a judge's answer counts: levels on the scale, with quotes that stand in their turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from alliance_sim.domain.clean import printable, storable
from alliance_sim.domain.judgement import Quoted
from alliance_sim.domain.transcript import Utterance
from alliance_sim.scoring.judging.quotes import locate
from alliance_sim.scoring.judging.replies import CriterionReply, QuoteReply, Wanted, WholeReply
from alliance_sim.scoring.spoken_to import to_client

LONGEST_REMARK = 600
"""Characters of a rationale or a reason that are kept."""

MOST_QUOTES = 6
"""Quotes of one criterion that are kept."""

Key = tuple[str, str]
"""Ids of a rubric and of one of its criteria."""


@dataclass(frozen=True)
class Verdict:
    """A criterion's level with its ground, or why there is none."""

    level: float | None
    why_null: str | None = None
    evidence: tuple[Quoted, ...] = ()
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
    return printable(storable(text or ""), lines=False)[:LONGEST_REMARK]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(answer: Mapping[str, Any]) -> Whole | None:
    try:
        reply = WholeReply.model_validate(answer)
    except ValidationError:
        return None
    return Whole(reply.level, remark(reply.why_null) or None, remark(reply.rationale))


def _criterion(answer: object, said: Mapping[int, str]) -> Verdict | Refused:
    if answer is None:
        return Refused("the judge gave no answer to it")
    try:
        reply = CriterionReply.model_validate(answer)
    except ValidationError as problem:
        # Only where and what, for the value itself may be anything.
        first = problem.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return Refused(f"the judge's answer has an invalid {place or 'form'}")
    if reply.level is None:
        return Verdict(None, remark(reply.why_null) or "Not observed.", (), remark(reply.rationale))
    return _levelled(reply, reply.level, said)


def _levelled(reply: CriterionReply, level: float, said: Mapping[int, str]) -> Verdict | Refused:
    good: list[Quoted] = []
    bad: Refused | None = None
    for item in reply.evidence[:MOST_QUOTES]:
        why, quote = _quote(item, said)
        if quote is None:
            bad = bad or Refused(why, item.turn, storable(item.quote)[:LONGEST_REMARK])
            continue
        own = level if item.level is None else item.level
        kept = Quoted(turn=item.turn, quote=quote, level=own)
        if all((kept.turn, kept.quote) != (other.turn, other.quote) for other in good):
            good.append(kept)
    verdict = Verdict(level, None, tuple(good), remark(reply.rationale)) if good else None
    if bad:
        return Refused(bad.why, bad.turn, bad.quote, verdict)
    return verdict or Refused("the judge quoted nothing for its level")


def _quote(item: QuoteReply, said: Mapping[int, str]) -> tuple[str, str | None]:
    """Why a quote cannot be used, or the words as they stand in the turn."""
    if item.turn not in said:
        return f"the judge quoted turn {item.turn}, which is none of the therapist's here", None
    quote = locate(item.quote, said[item.turn])
    if quote is None:
        return f"the judge's quote does not stand in turn {item.turn}", None
    if not to_client(quote).strip():
        return f"the judge quoted words of turn {item.turn} that speak to a rater", None
    return "", quote
