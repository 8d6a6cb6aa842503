"""Whole sessions through the whole loop, held by three made-up trainees.

    python -m bench.play [--sessions N] [--turns N] [--show]

The skilled trainee answers with what the authors would have said at that moment and an open
question, asks the test questions, and repairs. The mixed one does so half of the time, and the poor
one questions, advises, argues and blames. Prints how the hour went: endings, what was told at which
gate, what could be observed, the scores, and whether any line came twice.
"""

import argparse
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.events import ClientPlanned
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.clock import SystemClock, system_randomness
from alliance_sim.runtime.results import rubrics_in_play, score_events
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.store.repository import Store

FIRST = (
    "Hello, come in and sit wherever you like. Before we begin: what you say stays between us, "
    "except if someone is in serious danger, if a child or an elder is being abused, or if a court "
    "orders it."
)
AGREE = (
    "What would you like to get out of this hour?",
    "You decide what we talk about and what we leave alone.",
    "What would have to change for this to have been worth your time?",
)
REPAIR = (
    "Something shifted just now, and I think I pushed too fast. I'm sorry about that.",
    "What was that like for you, when I said that?",
    "It makes sense that you would pull back after I went at it like that.",
)
FOLLOW = (
    "What was that like for you?",
    "How is it to say that here?",
    "What stays with you from that?",
    "Where does that leave you?",
)
POOR = (
    "You need to calm down about this.",
    "Have you tried just getting some exercise?",
    "You should really try to see it from their side.",
    "At least it could be worse.",
    "Why don't you just talk to them?",
    "Did that happen often?",
    "Do you drink?",
    "Is that all?",
    "I feel like you're not really trying.",
    "You always come back to that.",
    "Come on, it can't be that bad.",
    "Don't you think it would be better if you let it go?",
    "Tell me exactly what happened, every detail.",
    "My own family was much worse, believe me.",
)

Trainee = Callable[[LiveSession, random.Random, list[str]], str]


def skilled(session: LiveSession, rng: random.Random, questions: list[str]) -> str:
    """What the authors would have said, an open question now and then, and repair first."""
    turns = session.standing.memory.turns
    if turns == 0:
        return FIRST
    if session.state.rupture:
        return REPAIR[turns % len(REPAIR)]
    if turns in {3, 9, 14}:
        return AGREE[turns % len(AGREE)]
    said = session.client_turn
    offered = list(said.instead) if said else []
    if not offered or rng.random() < 0.2:
        return rng.choice(questions)
    reply = rng.choice(offered)
    return reply if "?" in reply else f"{reply} {rng.choice(FOLLOW)}"


def poor(session: LiveSession, rng: random.Random, questions: list[str]) -> str:
    """Questions in a row, advice, argument and blame."""
    del session, questions
    return rng.choice(POOR)


def mixed(session: LiveSession, rng: random.Random, questions: list[str]) -> str:
    """Half and half."""
    return (skilled if rng.random() < 0.5 else poor)(session, rng, questions)


def hold(
    library: Library, store: Store, name: str, trainee: Trainee, seed: int, turns: int
) -> tuple[LiveSession, Scorecard | None]:
    """One session and its scores."""
    rng = random.Random(seed)
    scenario = library.scenario(name)
    file = Path(__file__).parent.parent / "tests" / "scenarios" / "questions" / f"{name}.yaml"
    questions = [item["ask"] for item in yaml.safe_load(file.read_text("utf-8"))["questions"]]
    options = Options(seed=seed, pace=Pace.UNTIMED, max_turns=turns)
    session = LiveSession.begin(store, scenario, options, SystemClock(), system_randomness())
    while True:
        while session.next_clause():
            pass
        session.finish()
        if session.ended:
            break
        session.send(trainee(session, rng, questions))
    rubrics = rubrics_in_play(library, scenario)
    return session, score_events(session.id, session.events, scenario, rubrics)


def report(name: str, policy: str, held: list[tuple[LiveSession, Scorecard | None]]) -> None:
    """One paragraph a client and trainee."""
    endings = Counter(str(s.ended.ending) for s, _ in held if s.ended)
    gates = {told.id: str(told.gate) for told in held[0][0].scenario.disclosures}
    told = Counter(
        gate for s, _ in held for gate in {gates[d] for d in s.standing.memory.disclosed}
    )
    spoken = [
        [key for event in session.events if isinstance(event, ClientPlanned) for key in event.lines]
        for session, _ in held
    ]
    twice = sum(len(lines) != len(set(lines)) for lines in spoken)
    events = statistics.fmean(len(s.standing.memory.events) for s, _ in held)
    trust = statistics.fmean(s.state.trust for s, _ in held)
    share = {gate: f"{count / len(held):.2f}" for gate, count in sorted(told.items())}
    print(f"{name} {policy}: {dict(endings)}; trust {trust:.0f}; told {share}; {events:.1f} events")
    print(f"    lines twice in {twice} of {len(held)}; {_scores([card for _, card in held])}")


def _scores(cards: list[Scorecard | None]) -> str:
    found: dict[str, list[float]] = {}
    for card in cards:
        for score in card.rubrics if card else ():
            found.setdefault(score.rubric, [])
            if score.score is not None:
                found[score.rubric].append(score.score)
    return ", ".join(
        f"{rubric} {statistics.fmean(values):.1f} ({len(values)})" if values else f"{rubric} – (0)"
        for rubric, values in found.items()
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=20)
    options.add_argument("--turns", type=int, default=30)
    args = options.parse_args()
    library = Library([shipped_root()])
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.db") as store:
        for name in library.scenario_ids():
            for policy, trainee in (("skilled", skilled), ("mixed", mixed), ("poor", poor)):
                held = [
                    hold(library, store, name, trainee, seed, args.turns)
                    for seed in range(args.sessions)
                ]
                report(name, policy, held)


if __name__ == "__main__":
    main()
