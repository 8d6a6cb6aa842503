"""Rating line by line, for screen readers and pipes: one moment, one question, one answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from alliance_sim.domain.clean import printable
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Speaker
from alliance_sim.runtime.calibrating import Moment, Round

KEYS = (
    "0 harmful, 1 poor, 2 partial, 3 competent, 4 strong, n no opportunity. A note may follow, as "
    "in: 2 asks but does not wait. ? shows the anchors, s passes it over, b goes back, q stops."
)


def rate_in_lines(
    going: Round,
    rubrics: Mapping[str, Rubric],
    lines: Iterable[str],
    say: Callable[[str], None],
) -> int:
    """Ask for every moment that is left; how many of all are rated at the end.

    The end of the lines, or `q`, stops: what was given is stored, and the rest is asked next time.
    """
    answers = iter(lines)
    say(f"{len(going.moments) - going.done} of {len(going.moments)} moments to rate. {KEYS}")
    while (moment := going.current) is not None:
        for line in question(moment, rubrics[moment.rubric], going.done + 1, len(going.moments)):
            say(line)
        answer = next(answers, None)
        while answer is not None and not _settled(answer, going, rubrics[moment.rubric], say):
            answer = next(answers, None)
        if answer is None or answer.strip().lower() == "q":
            break
    left = len(going.moments) - going.done
    say(
        f"{going.done} rated, {left} left." + (" The same command asks them again." if left else "")
    )
    return going.done


def _settled(answer: str, going: Round, rubric: Rubric, say: Callable[[str], None]) -> bool:
    """Whether an answer moves on from the moment; otherwise says what is needed."""
    head, _, rest = answer.strip().partition(" ")
    key = head.lower()
    if key in {"0", "1", "2", "3", "4"}:
        going.rate(int(key), rest.strip())
        return True
    if key == "n":
        going.rate(None, rest.strip())
        return True
    if key == "s":
        going.skip()
        return True
    if key == "q":
        return True
    if key == "b":
        if not going.back():
            say("This is the first one.")
            return False
        return True
    if key == "?":
        for line in anchors(rubric):
            say(line)
        return False
    say(f"Not understood. {KEYS}")
    return False


def question(moment: Moment, rubric: Rubric, number: int, total: int) -> Iterator[str]:
    """A moment as it is put to a rater: no level of the program, nothing that tells it."""
    what = "the session as a whole" if moment.turn is None else "the last reply"
    yield ""
    yield f"{number} of {total}. {printable(rubric.title, lines=False)}, {what}:"
    for said in moment.shown:
        who = "T" if said.speaker is Speaker.THERAPIST else "C"
        yield f"  {who}: {printable(said.text, lines=False)}"
    yield f"{printable(rubric.title, lines=False)}, 0 to 4 or n?"


def anchors(rubric: Rubric) -> Iterator[str]:
    """What the levels of a rubric look like."""
    yield printable(rubric.about, lines=False)
    levels = rubric.anchors.model_dump(by_alias=True)
    for level, text in levels.items():
        yield f"  {level}: {printable(str(text), lines=False)}"
