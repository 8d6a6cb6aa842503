"""A cohort in figures, from counts and sums: how scores are spread, grow, pass, agree.

A figure that stands on fewer trainees or sessions than the smallest group is not shown: its count
is told as too few, and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alliance_sim.programme.intervals import Interval, mean_interval, share_interval
from alliance_sim.programme.rules import CohortRules
from alliance_sim.programme.spread import Spread, spread
from alliance_sim.scoring.overall import PASS
from alliance_sim.store.cohort_rows import Changed, Count, Endings, Sums

CHANGES = (-4.0, 4.0)
"""The range of a difference of two scores."""


@dataclass(frozen=True)
class RubricSpread:
    """A rubric over all sessions."""

    rubric: str
    spread: Spread | None
    """None: in too few sessions."""
    observed: int | None
    """Sessions with a score; None: too few to tell."""
    unobserved: int


@dataclass(frozen=True)
class AtNumber:
    """The overall of the trainees' sessions of one number."""

    number: int
    count: int
    """Trainees, each with one session."""
    mean: Interval


@dataclass(frozen=True)
class Change:
    """From the first scored session to the last."""

    rubric: str
    trainees: int
    mean: Interval
    """Last less first; the interval is over trainees."""
    higher: int
    """Trainees whose last is above their first."""


@dataclass(frozen=True)
class Passes:
    """Sessions, or trainees, against the mark."""

    count: int
    passed: int
    below: int
    blocked: int
    """At or above the mark, but a rubric at 0 blocks it."""
    share: Interval
    """Passed, 0–1 (Wilson)."""


@dataclass(frozen=True)
class Difficulty:
    """How sessions with one client went."""

    scenario: str
    trainees: int | None
    sessions: int | None
    """None: too few; then nothing else is told."""
    spread: Spread | None
    """Of the overall; None: too few scored."""
    walked_out: Interval | None
    """Share of sessions that the client left."""
    stopped: int
    worrying: bool
    """The client left more often than the rules call usual."""


@dataclass(frozen=True)
class Overrides:
    """How often an instructor changed a score of a rubric, and which way."""

    rubric: str
    scored: int
    """Scores in all, not-observed ones included."""
    changed: int | None
    """None: too few to tell; then nothing else is told."""
    moved: float | None
    """Mean of instructor's less scorer's; None where too few were numbers before and after."""
    apart: float | None
    """Mean distance of the two."""


def scarce(counts: Iterable[Count], busiest: int, rules: CohortRules) -> list[str]:
    """Rubrics whose scores may be those of too few trainees.

    With more scores than all but one of the smallest group could have, if each of them had as many
    sessions as the `busiest`, there are enough.
    """
    seen: dict[str, int] = {}
    for each in counts:
        if each.hundredths is not None:
            seen[each.name] = seen.get(each.name, 0) + each.count
    return [name for name, count in seen.items() if count <= (rules.smallest_group - 1) * busiest]


def rubric_spreads(
    counts: Iterable[Count],
    order: Sequence[str],
    rules: CohortRules,
    trainees: Mapping[str, int] | None = None,
) -> list[RubricSpread]:
    """The rubrics in `order`, then others by id.

    `trainees` with a score, by rubric, as far as they are few.
    """
    by_rubric: dict[str, list[Count]] = {}
    for count in counts:
        by_rubric.setdefault(count.name, []).append(count)
    known = [name for name in order if name in by_rubric]
    made = []
    for name in [*known, *sorted(by_rubric.keys() - set(known))]:
        found = by_rubric[name]
        seen = values(found)
        observed = sum(number for _, number in seen)
        persons = observed if trainees is None else trainees.get(name, observed)
        enough = min(observed, persons) >= rules.smallest_group
        made.append(
            RubricSpread(
                rubric=name,
                spread=spread(seen) if enough else None,
                observed=observed if enough else None,
                unobserved=sum(each.count for each in found if each.hundredths is None),
            )
        )
    return made


def values(counts: Iterable[Count]) -> list[tuple[int, int]]:
    """What `spread` takes; what has no value is left out."""
    return [(each.hundredths, each.count) for each in counts if each.hundredths is not None]


def at_numbers(sums: Mapping[int, Sums], rules: CohortRules) -> list[AtNumber]:
    """Growth by the number of the session, as long as enough trainees have got there."""
    made = []
    for number, each in sorted(sums.items()):
        mean = mean_interval(each.count, each.total, each.squares)
        if mean and each.count >= rules.smallest_group:
            made.append(AtNumber(number, each.count, mean))
    return made


def change(rubric: str, sums: Sums, rules: CohortRules) -> Change | None:
    """From first to last; None of too few trainees."""
    mean = mean_interval(sums.count, sums.total, sums.squares, bounds=CHANGES)
    if mean is None or sums.count < rules.smallest_group:
        return None
    return Change(rubric, sums.count, mean, sums.above)


def session_passes(counts: Iterable[Count], rules: CohortRules) -> Passes | None:
    """Scored sessions against the mark; None of too few."""
    passed = below = blocked = 0
    for each in counts:
        if each.hundredths is None:
            continue
        if each.hundredths < round(PASS * 100):
            below += each.count
        elif each.blocked:
            blocked += each.count
        else:
            passed += each.count
    return passes({"passed": passed, "below": below, "blocked": blocked}, rules)


def passes(counts: Mapping[str, int], rules: CohortRules) -> Passes | None:
    """From counts of `passed`, `below` and `blocked`; None of too few."""
    passed, below, blocked = (counts.get(name, 0) for name in ("passed", "below", "blocked"))
    whole = passed + below + blocked
    share = share_interval(passed, whole)
    if share is None or whole < rules.smallest_group:
        return None
    return Passes(whole, passed, below, blocked, share)


def difficulties(
    counts: Iterable[Count], ended: Iterable[Endings], rules: CohortRules
) -> list[Difficulty]:
    """Scenarios, the hardest (lowest median) first; those with too few sessions last."""
    overall: dict[str, list[Count]] = {}
    for count in counts:
        overall.setdefault(count.name, []).append(count)
    made = [_difficulty(each, overall.get(each.scenario, []), rules) for each in ended]
    return sorted(made, key=_hardest_first)


def _difficulty(ended: Endings, counts: Sequence[Count], rules: CohortRules) -> Difficulty:
    if min(ended.trainees, ended.count) < rules.smallest_group:
        return Difficulty(ended.scenario, None, None, None, None, 0, worrying=False)
    scored = values(counts)
    told = min(sum(number for _, number in scored), ended.scored) >= rules.smallest_group
    left = share_interval(ended.walked_out, ended.count)
    return Difficulty(
        scenario=ended.scenario,
        trainees=ended.trainees,
        sessions=ended.count,
        spread=spread(scored) if told else None,
        walked_out=left,
        stopped=ended.stopped,
        worrying=left is not None and left.value >= rules.worrying_walk_outs,
    )


def _hardest_first(each: Difficulty) -> tuple[bool, float, str]:
    return (each.spread is None, each.spread.median if each.spread else 0.0, each.scenario)


def overrides(
    changed: Iterable[Changed], scored: Mapping[str, int], rules: CohortRules
) -> list[Overrides]:
    """Per rubric; `scored` is how many scores of each there are."""
    return [_overrides(each, scored.get(each.rubric, each.changed), rules) for each in changed]


def _overrides(each: Changed, scored: int, rules: CohortRules) -> Overrides:
    both = each.both if each.both >= rules.smallest_group else 0
    return Overrides(
        rubric=each.rubric,
        scored=scored,
        changed=if_enough(each.changed, rules),
        moved=each.moved / both if both else None,
        apart=each.apart / both if both else None,
    )


def if_enough(count: int, rules: CohortRules) -> int | None:
    """A count; None where it is too few to be told."""
    return count if count >= rules.smallest_group else None
