"""The report of one trainee, from the store."""

from dataclasses import dataclass
from datetime import datetime

from alliance_sim.authoring.library import Library
from alliance_sim.authoring.practice import load_practice
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.practice_next import Suggestion, suggestions
from alliance_sim.programme.progress import OVERALL, Progress, SelfView, Shown, self_view, shown
from alliance_sim.programme.progress import progress as progress_of
from alliance_sim.programme.rules import TraineeRules
from alliance_sim.store import assignments
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.repository import Store
from alliance_sim.store.trainee_rows import (
    OpenAssignment,
    SessionRow,
    evidence_of,
    open_assignments,
    trainee_sessions,
    tries_again,
)


@dataclass(frozen=True)
class TraineeReport:
    """All that a trainee's report tells. Names are none of it."""

    trainee: str | None
    """A pseudonym; None: the sessions that bear none."""
    made_at: datetime
    selection: Selection
    sessions: tuple[SessionRow, ...]
    """Oldest first; their numbers count from 1."""
    progress: tuple[Progress, ...]
    """The overall first."""
    titles: dict[str, str]
    """Of rubrics, by id."""
    clients: dict[str, str]
    """Names of the clients by scenario; one that is gone is missing."""
    strong: tuple[Shown, ...]
    weak: tuple[Shown, ...]
    own: SelfView | None
    suggestions: tuple[Suggestion, ...]
    assignments: tuple[OpenAssignment, ...]
    again: int
    """Tries of a turn again, which are left out."""

    @property
    def overall(self) -> Progress:
        """The overall over the sessions."""
        return self.progress[0]

    @property
    def rubrics(self) -> tuple[Progress, ...]:
        """The rubrics alone."""
        return self.progress[1:]

    @property
    def unscored(self) -> int:
        """Sessions without any score: stopped, or not scored yet."""
        return sum(not row.scores for row in self.sessions)


def trainee_report(
    store: Store, library: Library, selection: Selection, now: datetime, rules: TraineeRules
) -> TraineeReport:
    """Read and work out a trainee's report.

    Raises UsageProblem where the store holds no session of hers and asks nothing of her, and for
    an assignment that it does not have.
    """
    with store.reading() as connection:
        if selection.assignment is not None:
            assignments.need(connection, selection.assignment)
        rows = trainee_sessions(connection, selection)
        scored = [row.id for row in rows if row.scores][-rules.sessions_read :]
        evidence = evidence_of(connection, scored)
        who = selection.trainee
        assigned = open_assignments(connection, who, now) if who else ()
        again = tries_again(connection, selection)
    if not rows and not assigned:
        whom = f"trainee {who}" if who else "a trainee without a pseudonym"
        raise UsageProblem(
            f"the store holds no ended session of {whom} that fits; `sessions list` shows what "
            "there is"
        )
    rubrics, scenarios = library.rubrics(), library.scenarios()
    numbered = {row.id: number for number, row in enumerate(rows, 1)}
    made = progress_of(rows, rubrics, rules)
    strong, weak = shown(numbered, evidence, rubrics, rules)
    weak_rubrics = [each for each in made if each.standing == "weak" and each.rubric != OVERALL]
    suggested = suggestions(scenarios, rows, (weak_rubrics, weak), load_practice(), assigned, rules)
    return TraineeReport(
        trainee=who,
        made_at=now,
        selection=selection,
        sessions=tuple(rows),
        progress=tuple(made),
        titles={rubric.id: rubric.title for rubric in rubrics},
        clients={scenario.id: scenario.client.name for scenario in scenarios},
        strong=tuple(strong),
        weak=tuple(weak),
        own=self_view(rows, rules),
        suggestions=tuple(suggested),
        assignments=assigned,
        again=again,
    )
