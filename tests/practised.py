"""Sessions, scores and people of a programme as rows, without any events behind them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from alliance_sim.store import tables
from alliance_sim.store.repository import Store
from alliance_sim.store.stamps import stamp

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@dataclass
class Programme:
    """Puts rows into a store."""

    store: Store

    def cohort(self, cohort: str, *people: str, title: str = "A cohort") -> None:
        """A cohort with its trainees."""
        rows = [
            (tables.cohorts, {"id": cohort, "title": title, "created_at": stamp(START)}),
            *((tables.people, self._person(who)) for who in people),
            *((tables.memberships, self._member(cohort, who)) for who in people),
        ]
        self._add(*rows)

    def assignment(self, assignment: str, cohort: str, **more: object) -> None:
        """Something to practise; `due_at` is a time."""
        due = more.pop("due_at", None)
        scenarios = more.pop("scenarios", ["small"])
        row = {
            "id": assignment,
            "cohort": cohort,
            "title": assignment.title(),
            "scenarios": json.dumps(scenarios),
            "rubrics": "[]",
            "exam": False,
            "due_at": stamp(due) if isinstance(due, datetime) else None,
            "keep": "last",
            "created_at": stamp(START),
        }
        self._add((tables.assignments, row | more))

    def attempt(self, session: str, assignment: str, trainee: str, number: int = 1) -> None:
        """A session that counts for an assignment."""
        row = {"session_id": session, "assignment": assignment, "trainee": trainee}
        self._add((tables.attempts, row | {"number": number, "at": stamp(START), "source": "live"}))

    def session(
        self,
        name: str,
        trainee: str | None,
        *,
        on: float = 0,
        scenario: str = "small",
        overall: float | None = None,
        scores: Mapping[str, float | None] | None = None,
        changed: Mapping[str, float | None] | None = None,
        own: Mapping[str, int] | None = None,
        ending: str | None = "planned_close",
        again: bool = False,
    ) -> None:
        """A session of day `on`. `changed`: what the scorer had given, of scores that stand."""
        row = {
            "id": name,
            "opened_at": stamp(day(on)),
            "updated_at": stamp(day(on)),
            "scenario": scenario,
            "scenario_version": "1.0.0",
            "trainee": trainee,
            "seed": 1,
            "pace": "stream",
            "exam": False,
            "turns": 9,
            "ending": ending,
            "overall": overall,
            "branch_session": "earlier" if again else None,
            "self_ratings": json.dumps(own) if own else None,
        }
        made = [
            (tables.scores, self._score(name, rubric, value, changed or {}))
            for rubric, value in (scores or {}).items()
        ]
        self._add((tables.sessions, row), *made)

    def rating(self, rater: str, session: str, rubric: str, level: int | None) -> None:
        """An instructor's rating of a session as a whole."""
        row = {"rater": rater, "transcript_id": session, "turn": -1, "rubric": rubric}
        rest = {"rubric_version": "1", "level": level, "note": "", "at": "x", "digest": ""}
        self._add((tables.ratings, row | rest))

    def _score(
        self, session: str, rubric: str, value: float | None, changed: Mapping[str, float | None]
    ) -> dict[str, object]:
        touched = rubric in changed
        return {
            "session_id": session,
            "rubric": rubric,
            "rubric_version": "1.0.0",
            "scorer": "offline",
            "model": "",
            "score": value,
            "why_null": None if value is not None else "nothing called for it",
            "evidence_count": 1,
            "original_score": changed.get(rubric),
            "overridden_by": "i-1" if touched else None,
            "scored_at": stamp(START),
            "is_current": True,
        }

    def _person(self, who: str) -> dict[str, object]:
        made = stamp(START)
        return {"id": who, "role": "trainee", "consent_research": False, "created_at": made}

    def _member(self, cohort: str, who: str) -> dict[str, object]:
        return {"cohort": cohort, "person": who, "joined_at": stamp(START)}

    def _add(self, *rows) -> None:
        def write(connection) -> None:
            for table, row in rows:
                connection.execute(insert(table).values(**row))

        self.store.transact(write)
