"""`audit list`: who exported, changed, deleted or re-identified what."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import narrate, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.domain.programme import AuditEntry

app = typer.Typer(
    help="Who exported, changed, deleted or re-identified what.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


class Format(StrEnum):
    TABLE = "table"
    JSONL = "jsonl"


@app.command("list")
def list_entries(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="From then on: 2026-03-01 (UTC)."),
    ] = None,
    action: Annotated[
        str | None,
        typer.Option("--action", help="Only of this kind: export, override, delete, import, ..."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=options.MOST, help="At most so many, latest first.")
    ] = 1000,
    format_: Annotated[Format, typer.Option("--format", help="How to write.")] = Format.TABLE,
    store: options.Store = None,
) -> None:
    """One line an entry, latest first: when (UTC), who, action, what it was done to, details.

    The log can only grow; nothing in it is ever changed or deleted.
    """
    from alliance_sim.store.audit import entries

    after = None if since is None else _moment(since)
    with open_store(store) as opened, opened.reading() as connection:
        found = entries(connection, since=after, action=action, limit=limit)
    for entry in found:
        line = entry.model_dump_json() if format_ is Format.JSONL else _line(entry)
        sys.stdout.write(line + "\n")
    if not found:
        narrate("no entries")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageProblem(f"--since {text}: not a date like 2026-03-01") from None


def _line(entry: "AuditEntry") -> str:
    told = [
        f"{name}={value}" for name, value in entry.detail.items() if value not in (None, [], {})
    ]
    parts = (
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        entry.who,
        entry.action,
        entry.subject,
        " ".join(told),
    )
    return "\t".join(printable(part, lines=False) for part in parts)
