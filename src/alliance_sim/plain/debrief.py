"""The debrief as plain text: for screen readers, pipes and terminals without a full screen."""

from collections.abc import Iterator

from alliance_sim.domain.clean import printable
from alliance_sim.domain.codes import ASSERTED
from alliance_sim.domain.events import Ending
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.domain.tenths import tenths
from alliance_sim.domain.transcript import Floor
from alliance_sim.runtime.appealing import sentences
from alliance_sim.runtime.debrief import Debrief, TurnReview, effect_words
from alliance_sim.runtime.overriding import override_sentence

ENDINGS = {
    Ending.TIME: "The hour was up.",
    Ending.PLANNED_CLOSE: "You closed the hour.",
    Ending.WALK_OUT: "The client left.",
    Ending.SAFETY_HANDOVER: "You handed over together, for safety.",
    Ending.STOPPED: "You stopped the session.",
    None: "The session has not ended yet.",
}


def render(debrief: Debrief) -> str:
    """The whole debrief; every line ends with a newline."""
    parts = [_head(debrief), _scores(debrief), _told(debrief), _turns(debrief), _view(debrief)]
    return "\n".join("\n".join(part) + "\n" for part in (list(p) for p in parts) if part)


def render_scores(debrief: Debrief) -> str:
    """The scores alone; every line ends with a newline."""
    return "\n".join(_scores(debrief)) + "\n"


def _head(debrief: Debrief) -> Iterator[str]:
    name = printable(debrief.scenario.client.name, lines=False)
    yield f"DEBRIEF  {name} · session {debrief.session_id}"
    yield ENDINGS[debrief.ending]
    if debrief.dropout_estimate is not None:
        yield (
            f"If sessions went on like this, the chance that {name} would not complete treatment "
            f"is about {debrief.dropout_estimate:.0%} (an estimate; 20 % is usual)."
        )


def _scores(debrief: Debrief) -> Iterator[str]:
    yield "SCORES (0–4; 2.5 fair, 3 good)"
    card = debrief.scorecard
    if card is None:
        yield debrief.why_unscored or "Not scored."
        return
    if card.overall is None:
        yield "Overall: not observed"
    else:
        yield f"Overall: {tenths(card.overall)}, {_passed(card)}{_before(card)}"
    for score in card.rubrics:
        yield from _rubric(score, debrief.self_ratings.get(score.rubric))
    if debrief.appeals:
        yield "CONTESTED"
        yield from (f"  {printable(line, lines=False)}" for line in sentences(debrief.appeals))


def _passed(card: Scorecard) -> str:
    if card.blocked_by:
        return f"not passed: {', '.join(map(_in_words, card.blocked_by))} at 0"
    return "passed" if card.passed else "not passed yet"


def _before(card: Scorecard) -> str:
    """The overall before instructors changed scores."""
    if not card.overridden:
        return ""
    before = card.original_overall
    return f" (before overrides: {'not observed' if before is None else f'{before:.1f}'})"


def _in_words(name: str) -> str:
    """An id as it is read aloud."""
    return name.replace("_", " ")


def _rubric(score: RubricScore, own: int | None) -> Iterator[str]:
    title = _in_words(score.rubric)
    yours = f"; your own rating {own}" if own is not None else ""
    if score.score is None:
        yield f"  {title}: not observed. {score.why_null or ''}{yours}".rstrip()
    else:
        yield f"  {title}: {tenths(score.score)} ({score.grade or 'below'}{yours})"
    if score.override:
        yield f"    {printable(override_sentence(score.override), lines=False)}"
    if score.score is None:
        return
    for item in score.evidence[:3]:
        quote = printable(item.quote, lines=False)
        yield f"    turn {item.turn}, level {item.level:.0f}: “{quote}” {item.indicator}"


def _told(debrief: Debrief) -> Iterator[str]:
    yield "WHAT WAS TOLD"
    for told in debrief.disclosed:
        yield f"  turn {told.turn}: {printable(told.fact, lines=False)}"
    kept = debrief.kept_back
    yield f"  {kept} {'thing was' if kept == 1 else 'things were'} kept back this time."


def _turns(debrief: Debrief) -> Iterator[str]:
    yield "TURN BY TURN"
    for review in debrief.reviews:
        yield from _turn(review)


def _turn(review: TurnReview) -> Iterator[str]:
    yield f"  {review.turn}  You: {printable(review.said, lines=False)}"
    names = [_in_words(span.code) for span in review.codes if span.p >= ASSERTED]
    if names:
        yield f"      coded: {', '.join(dict.fromkeys(names))}"
    if review.floor is Floor.TAKING:
        yield f"      you cut in; {review.words_lost} words were never said"
    effects = effect_words(review.deltas)
    if effects:
        yield f"      effect: {', '.join(effects)}"
    if review.rupture:
        yield f"      a rupture was {review.rupture}"
    for instead in review.instead:
        reply = printable(instead.reply, lines=False)
        yield f"      instead ({_in_words(instead.rubric)}): “{reply}”"
        yield f"        {printable(instead.why, lines=False)}"


def _view(debrief: Debrief) -> Iterator[str]:
    name = printable(debrief.scenario.client.name, lines=False)
    yield f"HOW {name.upper()} WOULD TELL IT"
    yield f"  {printable(debrief.client_view, lines=False)}"
