"""A rehearsal at the level of words: whole sessions through coder, client and scorer."""

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.options import Options
from alliance_sim.runtime.rehearsal.policies import Policies, Policy
from alliance_sim.runtime.results import score_events
from alliance_sim.runtime.session import LiveSession
from alliance_sim.store.repository import Store

AFRESH = 4
"""Draws of a reply before one that was said already is said again."""


class _Still:
    """A clock that stands: a rehearsal takes no time."""

    def now(self) -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        del seconds


@dataclass(frozen=True)
class Played:
    """One session in words."""

    ending: str
    dropout: float
    """1 for a walk-out or a client gone compliance-only; else the estimate at the end, 0–1."""
    told: dict[str, int]
    """Disclosure → the trainee turn, from 1, that it answered."""
    events: tuple[str, ...]
    """Ids of the events that happened."""
    ruptures: int
    repairs: int
    overall: float | None
    scores: dict[str, float | None]
    """By rubric; None where it was not observed."""
    repeated: int
    """Client lines that came twice."""


def play_sessions(
    scenario: Scenario,
    policy: Policy,
    rubrics: Sequence[Rubric],
    policies: Policies,
    *,
    sessions: int,
    turns: int,
    seed: int,
) -> list[Played]:
    """Hold `sessions` whole sessions of `turns` trainee turns each. Nothing of them is kept."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "r.db") as store:
        return [
            _play(store, scenario, Trainee(policy, policies, seed + number), rubrics, turns)
            for number in range(sessions)
        ]


class Trainee:
    """A policy that speaks. Takes its replies by chance, and avoids what it said before."""

    def __init__(self, policy: Policy, policies: Policies, seed: int) -> None:
        # Not for secrets: a rehearsal must give the same figures on every machine.
        self.rng = random.Random(seed)  # noqa: S311
        self.seed = seed
        self._words = policy.words
        self._replies = policies.replies
        self._said: Counter[str] = Counter()

    def reply(self, session: LiveSession) -> str:
        """What is said now."""
        for _ in range(AFRESH):
            text = self._draw(session)
            if not self._said[text]:
                break
        self._said[text] += 1
        return text

    def _draw(self, session: LiveSession) -> str:
        words = self._words
        if session.standing.memory.turns == 0:
            return self._of(words.first, session)
        if session.state.rupture and words.rupture and self.rng.random() < words.rupture_chance:
            return self._of(words.rupture, session)
        return self._of(self.rng.choices(list(words.mix), list(words.mix.values()))[0], session)

    def _of(self, name: str, session: LiveSession) -> str:
        if name in self._replies:
            return self.rng.choice(self._replies[name])
        said = session.client_turn
        offered = said.instead if said else ()
        if not offered:
            return self.rng.choice(self._replies["follow"])
        reply = self.rng.choice(offered)
        if name == "authored_and_ask" and "?" not in reply:
            return f"{reply} {self.rng.choice(self._replies['follow'])}"
        return reply


def _play(
    store: Store, scenario: Scenario, trainee: Trainee, rubrics: Sequence[Rubric], turns: int
) -> Played:
    options = Options(seed=trainee.seed, pace=Pace.UNTIMED, max_turns=turns)
    session = LiveSession.begin(store, scenario, options, _Still(), trainee.rng)
    told: dict[str, int] = {}
    while True:
        while session.next_clause():
            pass
        session.finish()
        memory = session.standing.memory
        for name in memory.disclosed:
            told.setdefault(name, memory.turns)
        if session.ended:
            break
        if session.send(trainee.reply(session)).safety:
            session.answer_safety(False)
    card = score_events(session.id, session.events, scenario, rubrics)
    return _played(session, told, card)


def _played(session: LiveSession, told: dict[str, int], card: Scorecard | None) -> Played:
    state, ended = session.state, session.ended
    used = Counter(session.standing.memory.used)
    lost = state.phase in {"left", "compliant"}
    return Played(
        ending=str(ended.ending) if ended else "",
        dropout=1.0 if lost else state.dropout_estimate,
        told=told,
        events=tuple(sorted(session.standing.memory.events)),
        ruptures=state.ruptures,
        repairs=state.repairs,
        overall=card.overall if card else None,
        scores={score.rubric: score.score for score in card.rubrics} if card else {},
        repeated=sum(count - 1 for count in used.values()),
    )
