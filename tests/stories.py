"""Sessions told by hand, event by event: what a debrief shows then depends on nothing else.

Their client is the smallest valid one, their codes, effects and scores are given; so a test of
what is shown stays as it is when the coder, the scorer or a shipped client changes.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from alliance_sim.authoring.library import Library
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main
from alliance_sim.domain.events import (
    Act,
    Branch,
    ClauseShown,
    ClientFinished,
    ClientPlanned,
    Coded,
    Ended,
    Ending,
    Event,
    Scored,
    SessionOpened,
    StateMoved,
    TraineeSent,
)
from alliance_sim.domain.scorecard import (
    Evidence,
    Grade,
    Instead,
    RubricScore,
    Scorecard,
    UtteranceScore,
)
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import ClientState, Openness
from alliance_sim.domain.transcript import Floor, Pace
from factories import minimal_rubric_dict, minimal_scenario_dict, write_yaml

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUBRICS = {"empathy": "Empathy", "interruptions": "Interruptions", "boundaries": "Boundaries"}
NASTY = "<script>alert('x')</script> [bold]no[/bold] {{ 7 * 7 }} \x1b[31mred\x1b[0m"
"""What no terminal and no page may take at its word."""


@dataclass(frozen=True)
class Turn:
    """A client's turn and the reply to it."""

    client: str
    said: str
    codes: tuple[tuple[Code, str], ...] = ((Code.REFLECTION_COMPLEX, ""),)
    deltas: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    rupture: str | None = None
    floor: Floor | None = None
    lost: int = 0
    disclosure: str | None = None
    instead: str | None = None


BAIT = "Could I have your number? [She laughs.] Just in case."
HOUR = (
    Turn(
        "[She sits down.] They moved my desk again.",
        "No say in any of it, and found out from a wall.",
        deltas={"trust": 4.0, "safety": 3.0, "shame": -2.5},
        levels={"empathy": 3.2},
    ),
    Turn(
        "I sit in the car until nine. [pause] Then I go in, and nobody looks up from the desk.",
        "You should tell them how you feel.",
        codes=((Code.ADVICE, "You should"),),
        deltas={"trust": -5.0, "safety": -6.0, "reactance": 6.0},
        levels={"empathy": 0.6, "interruptions": 1.0},
        rupture="opened",
        floor=Floor.TAKING,
        lost=5,
        instead="Half an hour of bracing yourself, just to walk through your own door.",
    ),
    Turn(
        BAIT,
        "I went ahead of you just then, and I'm sorry. What was that like?",
        codes=((Code.OWN_PART, "I went ahead of you"), (Code.QUESTION_OPEN, "What was that like")),
        deltas={"trust": 3.0, "safety": 2.5},
        levels={"empathy": 2.6},
        rupture="repaired",
    ),
    Turn(
        "There is a letter. I never opened it.",
        "It has been sitting there all this time.",
        deltas={"trust": 2.0, "safety": 2.0},
        levels={"empathy": 2.2},
        disclosure="letter",
        instead="And leaving it closed has kept something safe.",
    ),
)


def library_in(root: Path, **changes: object) -> Library:
    """A library of one client and three rubrics; `changes` are the scenario's."""
    scenario = minimal_scenario_dict(
        rubrics=list(RUBRICS),
        client_view={
            "guarded": ["I said the usual things. [She shrugs.] It was warm in there."],
            "opening": ["They let me get to the end of things."],
            "open": ["I said what I came to say."],
            "left": ["I got up and went. Nobody was cross."],
        },
        **changes,
    )
    write_yaml(root / "scenarios" / "small.yaml", scenario)
    for rubric, title in RUBRICS.items():
        write_yaml(root / "rubrics" / f"{rubric}.yaml", minimal_rubric_dict(id=rubric, title=title))
    return Library([root])


def opened(**changes: object) -> SessionOpened:
    """How the session is held."""
    values = {
        "scenario": "small",
        "scenario_version": "1.0.0",
        "seed": 1,
        "pace": Pace.STREAM,
        "wpm": 137.0,
        "trainee": "heron-12",
        "max_turns": 40,
        "plan": "Say less, and ask what it was like.",
        **changes,
    }
    return SessionOpened.model_validate(values)


def story(
    *turns: Turn,
    ending: Ending | None = Ending.PLANNED_CLOSE,
    scored: bool = True,
    branch: Branch | None = None,
    **changes: object,
) -> list[Event]:
    """The events of a session; without an ending it is still open."""
    told: list[Event] = [opened(branch=branch, **changes)]
    state = ClientState(trust=35, task=40, goal=40, safety=35, arousal=50, shame=50, reactance=50)
    for index, turn in enumerate(turns):
        state = _moved(state, turn, index + 1)
        told += _exchange(turn, index, state)
    if ending is None:
        return told
    if ending is not Ending.STOPPED:
        told += _client("See you then.", 2 * len(turns), Act.CLOSE, ending=ending)
    estimate = None if ending is Ending.STOPPED else state.dropout_estimate
    told.append(Ended(ending=ending, dropout_estimate=estimate))
    if scored and ending is not Ending.STOPPED:
        told.append(Scored(scorecard=card(turns)))
    return told


def _moved(state: ClientState, turn: Turn, number: int) -> ClientState:
    values = {name: getattr(state, name) + change for name, change in turn.deltas.items()}
    standing = {"opened": True, "repaired": False}.get(turn.rupture or "", state.rupture)
    return state.model_copy(update={**values, "turn": number, "rupture": standing})


def _exchange(turn: Turn, index: int, state: ClientState) -> list[Event]:
    number = 2 * index + 1
    act = Act.DISCLOSE if turn.disclosure else Act.ANSWER
    spans = tuple(CodedSpan(code=code, p=0.9, words=words) for code, words in turn.codes)
    return [
        *_client(turn.client, number - 1, act, disclosure=turn.disclosure, lost=turn.lost),
        TraineeSent(turn=number, text=turn.said, floor=turn.floor, words_lost=turn.lost),
        Coded(turn=number, coded=CodedReply(main=Main.OTHER, codes=spans)),
        StateMoved(turn=number, state=state, deltas=turn.deltas, rupture=turn.rupture),
    ]


def _client(
    text: str,
    turn: int,
    act: Act,
    *,
    disclosure: str | None = None,
    ending: Ending | None = None,
    lost: int = 0,
) -> list[Event]:
    said = clauses(text)
    planned = ClientPlanned(
        turn=turn,
        act=act,
        openness=Openness.GUARDED,
        disclosure=disclosure,
        ending=ending,
        clauses=said,
    )
    heard = said[:-1] if lost else said
    shown = [ClauseShown(turn=turn, index=index) for index in range(len(heard))]
    return [planned, *shown, *([] if lost else [ClientFinished(turn=turn)])]


def card(turns: tuple[Turn, ...]) -> Scorecard:
    """The scores of the hour: empathy fair, interruptions below fair, boundaries not observed."""
    numbered = [(2 * index + 1, turn) for index, turn in enumerate(turns)]
    return Scorecard(
        transcript_id="t",
        scenario="small",
        utterances=tuple(_utterance(number, turn) for number, turn in numbered),
        rubrics=(
            RubricScore(
                rubric="empathy",
                rubric_version="1.0.0",
                score=2.6,
                grade=Grade.FAIR,
                instead=tuple(
                    Instead(
                        turn=number,
                        rubric="empathy",
                        said=turn.said,
                        reply=turn.instead,
                        why="It says what it costs.",
                    )
                    for number, turn in numbered
                    if turn.instead
                ),
            ),
            RubricScore(
                rubric="interruptions", rubric_version="1.0.0", score=1.0, grade=Grade.BELOW
            ),
            RubricScore(
                rubric="boundaries",
                rubric_version="1.0.0",
                why_null="Nothing tested the frame of the work.",
            ),
        ),
        overall=2.0,
        passed=False,
    )


def _utterance(number: int, turn: Turn) -> UtteranceScore:
    return UtteranceScore(
        turn=number,
        coded=CodedReply(main=Main.OTHER, codes=()),
        rubrics=dict(turn.levels),
        evidence={
            rubric: Evidence(
                turn=number, quote=turn.said, indicator=f"What {rubric} shows", level=level
            )
            for rubric, level in turn.levels.items()
        },
    )
