"""Whom to practise with next: clients who ask for what is weak, and are not done well already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from alliance_sim.authoring.practice import Row
from alliance_sim.domain.scenario import Scenario
from alliance_sim.programme.progress import Progress, Shown
from alliance_sim.programme.rules import TraineeRules
from alliance_sim.store.trainee_rows import OpenAssignment, SessionRow

NAMED = 2
"""Claims and rubrics that a suggestion names at most, of either."""

CALLED_FOR, IN_PLAY = 1.0, 0.3
"""What a weak rubric weighs where a moment of the client calls for it, and where it is only among
the rubrics."""


@dataclass(frozen=True)
class Suggestion:
    """A client to practise with, and why."""

    scenario: str
    client: str
    title: str
    difficulty: int
    practises: tuple[str, ...]
    """Claims of `practice.yaml` that moments of this client let one practise, weakest first."""
    rubrics: tuple[str, ...]
    """Weak rubrics for which this client gives occasion, weakest first."""
    goal: str
    """The first learning goal."""
    held: int
    """Sessions with this client so far."""
    best: float | None
    """Best overall with this client."""
    assignment: str | None
    """An open assignment to which it counts."""


def suggestions(
    scenarios: Iterable[Scenario],
    rows: Sequence[SessionRow],
    weak: tuple[Sequence[Progress], Sequence[Shown]],
    practice: Sequence[Row],
    assigned: Sequence[OpenAssignment],
    rules: TraineeRules,
) -> list[Suggestion]:
    """At most `rules.suggestions`, best first.

    `weak` are the weak rubrics and the weak criteria. Where nothing is weak, clients that were not
    met yet come first, the gentlest before the others.
    """
    held: dict[str, int] = {}
    best: dict[str, float] = {}
    for row in rows:
        held[row.scenario] = held.get(row.scenario, 0) + 1
        if row.overall is not None:
            best[row.scenario] = max(row.overall, best.get(row.scenario, 0.0))
    needs = _claims(weak[1], practice, rules)
    rubrics = {each.rubric: _shortfall(each, rules.window) for each in weak[0]}
    counted = {name: a.id for a in reversed(assigned) for name in a.scenarios}
    ranked = []
    for scenario in scenarios:
        if best.get(scenario.id, 0.0) >= rules.done_well:
            continue
        points, claims, called = _fit(scenario, needs, rubrics)
        made = Suggestion(
            scenario=scenario.id,
            client=scenario.client.name,
            title=scenario.title,
            difficulty=scenario.difficulty,
            practises=claims[:NAMED],
            rubrics=called[:NAMED],
            goal=scenario.learning_goals[0] if scenario.learning_goals else "",
            held=held.get(scenario.id, 0),
            best=best.get(scenario.id),
            assignment=counted.get(scenario.id),
        )
        order = (made.assignment is None, -points, made.held, made.difficulty, made.scenario)
        ranked.append((order, made))
    return [made for _, made in sorted(ranked, key=lambda pair: pair[0])[: rules.suggestions]]


def _shortfall(each: Progress, window: int) -> float:
    last = [point.score for point in each.points if point.score is not None]
    return max(0.0, each.fair - fmean(last[-window:])) if last else 0.0


def _claims(
    weak: Sequence[Shown], practice: Sequence[Row], rules: TraineeRules
) -> dict[str, tuple[float, str]]:
    """Rows of practice by id: how much each is needed, and its claim."""
    needed: dict[str, tuple[float, str]] = {}
    for each in weak:
        name = f"{each.rubric}.{each.criterion}"
        for row in practice:
            if name in row.criteria:
                before, _ = needed.get(row.id, (0.0, ""))
                needed[row.id] = (before + rules.weak_level - each.level, row.claim)
    return needed


def _fit(
    scenario: Scenario, needs: Mapping[str, tuple[float, str]], rubrics: Mapping[str, float]
) -> tuple[float, tuple[str, ...], tuple[str, ...]]:
    """How well a client fits what is weak; the claims and the rubrics that speak for it."""
    practised = {name for event in scenario.events for name in event.practises}
    called = {rubric for event in scenario.events for rubric in event.opportunities}
    claims = sorted((needs[name] for name in practised & needs.keys()), reverse=True)
    weak = sorted(rubrics.keys() & called, key=lambda name: (-rubrics[name], name))
    points = sum(need for need, _ in claims)
    for rubric, shortfall in rubrics.items():
        weight = CALLED_FOR if rubric in called else IN_PLAY if rubric in scenario.rubrics else 0
        points += shortfall * weight
    return points, tuple(claim for _, claim in claims), tuple(weak)
