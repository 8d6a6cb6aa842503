"""Options of `score`, and what they come to where sessions are enqueued."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.store.batches import Choice
    from alliance_sim.store.repository import Store

Enqueue = Annotated[
    bool,
    typer.Option(
        "--enqueue", help="Leave stored sessions to workers, instead of scoring here and now."
    ),
]
Cohort = Annotated[
    str | None,
    typer.Option(metavar="ID", help="With --enqueue: sessions of the members of a cohort."),
]
Assignment = Annotated[
    str | None,
    typer.Option(metavar="ID", help="With --enqueue: sessions held for an assignment."),
]
Scenario = Annotated[
    str | None,
    typer.Option(metavar="ID", help="With --enqueue: sessions held with a client."),
]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="With --enqueue: sessions begun that day (UTC) or later."),
]
Every = Annotated[bool, typer.Option("--all", help="With --enqueue: every session that has ended.")]
Again = Annotated[
    bool,
    typer.Option("--again", help="With --enqueue: also where there is such a score already."),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=1000, help="With --enqueue: work here at once, so many at a time."),
]


@dataclass(frozen=True)
class Which:
    """What the command line says of the sessions that are meant."""

    sources: tuple[str, ...]
    cohort: str | None
    assignment: str | None
    scenario: str | None
    since: str | None
    every: bool
    again: bool
    jobs: int | None

    def only_when_enqueued(self) -> None:
        """Raises UsageProblem for what goes with --enqueue alone."""
        given = {
            "--cohort": self.cohort,
            "--assignment": self.assignment,
            "--scenario": self.scenario,
            "--since": self.since,
            "--all": self.every,
            "--again": self.again,
            "--jobs": self.jobs,
        }
        for name, value in given.items():
            if value:
                raise UsageProblem(f"{name} goes with --enqueue")
        if len(self.sources) != 1:
            raise UsageProblem("score takes one source: a file, a folder, -, or a session's id")

    def choice(self, store: "Store") -> "Choice":
        """The sessions in the store. Raises UsageProblem where none are named, or no such."""
        from alliance_sim.store.batches import Choice

        narrowed = self.cohort or self.assignment or self.scenario or self.since
        if not (narrowed or self.every or self.sources):
            raise UsageProblem(
                "--enqueue wants sessions: their ids, --cohort, --assignment, --scenario, --since "
                "or --all"
            )
        if self.every and self.sources:
            raise UsageProblem("--all and sessions' ids do not go together")
        named = tuple(store.resolve(source) for source in self.sources)
        return Choice(
            sessions=named or None,
            cohort=self.cohort,
            assignment=self.assignment,
            scenario=self.scenario,
            since=None if self.since is None else day(self.since),
        )


def day(text: str) -> datetime:
    """The beginning of a day in UTC, or a moment. Raises UsageProblem."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"--since {text}: not a date; one looks like 2026-11-22") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
