"""An instructor's score in place of the scorer's. The original stays, with who, when and why."""

from collections.abc import Iterable, Mapping, Sequence

from alliance_sim.authoring.library import Library
from alliance_sim.domain.clean import storable
from alliance_sim.domain.events import Overridden
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Override, RubricScore, Scorecard
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.replay import Standing, standing_of
from alliance_sim.scoring.overall import blocked, overall, passes
from alliance_sim.scoring.session import grade
from alliance_sim.store.repository import Store

LONGEST_WHO, LONGEST_WHY = 80, 2000
"""Characters."""


NOT_OBSERVED = frozenset(("none", "n", "-", "–"))
"""Ways to type that a rubric was not observed."""


def with_overrides(
    card: Scorecard, overrides: Iterable[Overridden], rubrics: Sequence[Rubric]
) -> Scorecard:
    """The scores as they stand: of several overrides of a rubric the last counts.

    The overall is made again from them; the scorer's stays in `original_overall`. A rubric that is
    not among `rubrics` has no weight, and is left out of the overall.
    """
    last = {event.rubric: event for event in overrides}
    if last.keys().isdisjoint(score.rubric for score in card.rubrics):
        return card
    known = {rubric.id: rubric for rubric in rubrics}
    scores = tuple(_replaced(score, last, known) for score in card.rubrics)
    weighed = [score for score in scores if score.rubric in known]
    weights = [known[score.rubric] for score in weighed]
    value, blocking = overall(weighed, weights), blocked(weighed, weights)
    changes = {
        "rubrics": scores,
        "overall": value,
        "passed": passes(value, blocking),
        "blocked_by": blocking,
        "original_overall": card.overall,
    }
    return card.model_copy(update=changes)


def _replaced(
    score: RubricScore, last: Mapping[str, Overridden], known: Mapping[str, Rubric]
) -> RubricScore:
    event = last.get(score.rubric)
    if event is None:
        return score
    rubric = known.get(score.rubric)
    graded = None if event.score is None or rubric is None else grade(event.score, rubric)
    changes = {
        "score": event.score,
        "why_null": event.why if event.score is None else None,
        "grade": graded,
        "override": Override(original=score.score, who=event.who, why=event.why, at=event.at),
    }
    return score.model_copy(update=changes)


def rubrics_of(library: Library, card: Scorecard) -> list[Rubric]:
    """The rubrics of a scorecard that the library still has."""
    known = set(library.rubric_ids())
    return [library.rubric(score.rubric) for score in card.rubrics if score.rubric in known]


def override_sentence(changed: Override) -> str:
    """What the scorer had given, who changed it, when and why. Not made safe for a terminal."""
    before = "not observed" if changed.original is None else f"{changed.original:.1f}"
    when = f" on {changed.at.day} {changed.at:%B %Y}" if changed.at else ""
    return f"the scorer's own: {before}; changed by {changed.who}{when}: {changed.why}"


def score_of(text: str) -> float | None:
    """A score as it is typed: a number from 0 to 4, or `none` for *not observed*.

    Raises UsageProblem.
    """
    if text.strip().lower() in NOT_OBSERVED:
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 4:
        raise UsageProblem(f"a score is a number from 0 to 4, or none; {text.strip()!r} is neither")
    return value


def override(  # noqa: PLR0913 - what is changed, by whom and why
    store: Store,
    session_id: str,
    library: Library,
    clock: Clock,
    *,
    rubric: str,
    score: float | None,
    who: str,
    why: str,
) -> Scorecard:
    """Store an instructor's score, 0–4, or None for *not observed*; gives the scores as they stand.

    The session must have ended and been scored. Raises UsageProblem where it has not, where the
    rubric is not among its scores, the score is out of range, or who or why is missing.
    """
    _check(score, who, why)
    standing = standing_of(stored.event for stored in store.events(session_id))
    card = _scored(standing, session_id)
    found = card.rubric(rubric)
    if found is None:
        there = ", ".join(score.rubric for score in card.rubrics)
        raise UsageProblem(f"session {session_id} has no score of {rubric}; it has {there}")
    event = Overridden(
        rubric=rubric,
        original=found.score,
        score=score,
        who=storable(who.strip()),
        why=storable(why.strip()),
        at=clock.now(),
    )
    rubrics = rubrics_of(library, card)
    revised = with_overrides(card, [*standing.overridden, event], rubrics)
    whole = event.model_copy(update={"overall": revised.overall})
    store.append(session_id, [whole], at=clock.now())
    return revised


def _check(score: float | None, who: str, why: str) -> None:
    if score is not None and not 0 <= score <= 4:
        raise UsageProblem(f"a score is from 0 to 4, or none; {score:g} is not")
    for name, value, longest in (("who", who, LONGEST_WHO), ("why", why, LONGEST_WHY)):
        if not value.strip():
            raise UsageProblem(f"an override needs {name}: it stays with the score for good")
        if len(value) > longest:
            raise UsageProblem(f"{name} is longer than {longest} characters; shorten it")


def _scored(standing: Standing, session_id: str) -> Scorecard:
    if standing.scored is None:
        state = "has no scores" if standing.ended else "has not ended"
        raise UsageProblem(f"session {session_id} {state}: there is nothing to override yet")
    return standing.scored.scorecard
