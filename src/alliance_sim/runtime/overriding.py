"""An instructor's score in place of the scorer's. The original stays, with who, when and why."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

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
from alliance_sim.store.audit import note
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
    standing = standing_of(stored.event for stored in store.events(session_id))
    card = scored_card(standing, session_id)
    earlier = standing.overridden
    event = override_event(
        card, earlier, library, clock, rubric=rubric, score=score, who=who, why=why
    )
    detail = {"rubric": rubric, "original": event.original, "score": score}

    def also(connection: Connection) -> None:
        note(
            connection,
            at=clock.now(),
            who=event.who,
            action="override",
            subject=session_id,
            detail=detail,
        )

    store.append(session_id, [event], at=clock.now(), beside=also)
    return with_overrides(card, [*earlier, event], rubrics_of(library, card))


def override_event(  # noqa: PLR0913 - what is changed, by whom and why
    card: Scorecard,
    earlier: Sequence[Overridden],
    library: Library,
    clock: Clock,
    *,
    rubric: str,
    score: float | None,
    who: str,
    why: str,
) -> Overridden:
    """The event of an override, with the overall that it leads to. Raises UsageProblem."""
    if score is not None and not 0 <= score <= 4:
        raise UsageProblem(f"a score is from 0 to 4, or none; {score:g} is not")
    check_words("an override", who=(who, LONGEST_WHO), why=(why, LONGEST_WHY))
    found = card.rubric(rubric)
    if found is None:
        there = ", ".join(score.rubric for score in card.rubrics)
        raise UsageProblem(f"session {card.transcript_id} has no score of {rubric}; it has {there}")
    event = Overridden(
        rubric=rubric,
        original=found.score,
        score=score,
        who=storable(who.strip()),
        why=storable(why.strip()),
        at=clock.now(),
    )
    revised = with_overrides(card, [*earlier, event], rubrics_of(library, card))
    return event.model_copy(update={"overall": revised.overall})


def check_words(what: str, **given: tuple[str, int]) -> None:
    """That words were given, none longer than its bound in characters. Raises UsageProblem."""
    for name, (value, longest) in given.items():
        if not value.strip():
            raise UsageProblem(f"{what} needs {name}: it stays with the score for good")
        if len(value) > longest:
            raise UsageProblem(f"{name} is longer than {longest} characters; shorten it")


def scored_card(standing: Standing, session_id: str) -> Scorecard:
    """The stored scores of a session, without overrides. Raises UsageProblem without any."""
    if standing.scored is None:
        state = "has no scores" if standing.ended else "has not ended"
        raise UsageProblem(f"session {session_id} {state}: there is nothing to change yet")
    return standing.scored.scorecard
