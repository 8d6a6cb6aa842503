"""A turn tried again: what became of the hour, beside what became of it the first time."""

from dataclasses import dataclass

from alliance_sim.runtime.debrief import Debrief, TurnReview

NOT_OBSERVED = "not observed"


@dataclass(frozen=True)
class Row:
    """One outcome of both tries, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Both tries of a turn."""

    turn: int
    said: tuple[str, str]
    """The trainee's words, first and second time; empty where the turn was not taken."""
    answered: tuple[str, str]
    """What the client said to them."""
    rows: tuple[Row, ...]


def compare(before: Debrief, after: Debrief) -> Comparison:
    """Compare a session with one that branched from it. Raises ValueError where it did not."""
    branch = after.opened.branch
    if branch is None or branch.session_id != before.session_id:
        raise ValueError(f"{after.session_id} did not branch from {before.session_id}")
    turn = branch.turn
    return Comparison(
        turn=turn,
        said=(_said(before, turn), _said(after, turn)),
        answered=(_answered(before, turn), _answered(after, turn)),
        rows=tuple(_rows(before, after)),
    )


def _review(debrief: Debrief, turn: int) -> TurnReview | None:
    return next((review for review in debrief.reviews if review.turn >= turn), None)


def _said(debrief: Debrief, turn: int) -> str:
    review = _review(debrief, turn)
    return review.said if review else ""


def _answered(debrief: Debrief, turn: int) -> str:
    for utterance in debrief.transcript.utterances:
        if utterance.turn > turn and utterance.speaker == "client":
            return utterance.text
    return ""


def _rows(before: Debrief, after: Debrief) -> list[Row]:
    pairs = [
        ("turns", *(str(len(d.reviews)) for d in (before, after))),
        ("ending", *(str(d.ending or "open").replace("_", " ") for d in (before, after))),
        ("alliance at the end", *(_level(d.points[-1].engagement) for d in (before, after))),
        ("trust at the end", *(_level(d.points[-1].trust) for d in (before, after))),
        ("ruptures", *(str(_count(d, "rupture")) for d in (before, after))),
        ("repairs", *(str(_count(d, "repair")) for d in (before, after))),
        ("things told", *(str(len(d.disclosed)) for d in (before, after))),
        ("overall score", *(_overall(d) for d in (before, after))),
    ]
    scored = [card for d in (before, after) if (card := d.scorecard)]
    rubrics = dict.fromkeys(score.rubric for card in scored for score in card.rubrics)
    pairs += [
        (rubric.replace("_", " "), _score(before, rubric), _score(after, rubric))
        for rubric in rubrics
    ]
    return [Row(*pair) for pair in pairs]


def _level(value: float) -> str:
    return f"{value:.0f}"


def _count(debrief: Debrief, mark: str) -> int:
    return sum(point.marks.count(mark) for point in debrief.points)


def _overall(debrief: Debrief) -> str:
    card = debrief.scorecard
    return f"{card.overall:.1f}" if card and card.overall is not None else NOT_OBSERVED


def _score(debrief: Debrief, rubric: str) -> str:
    found = debrief.scorecard.rubric(rubric) if debrief.scorecard else None
    return f"{found.score:.1f}" if found and found.score is not None else NOT_OBSERVED
