"""How far batches are, for people and for programs."""

import json
from collections.abc import Iterable, Sequence

from alliance_sim.domain.batch import ItemState
from alliance_sim.domain.clean import printable
from alliance_sim.runtime.batches.status import Status


def as_json(found: Sequence[Status]) -> str:
    """A JSON list, an object a batch."""
    return json.dumps([_record(each) for each in found], ensure_ascii=False, indent=2) + "\n"


def as_text(found: Iterable[Status]) -> str:
    """Some lines a batch, with an empty line between two."""
    return "\n".join(_lines(each) for each in found)


def _record(found: Status) -> dict[str, object]:
    batch = found.batch
    return {
        "batch": batch.id,
        "state": found.state,
        "created_at": batch.created_at.isoformat(),
        "who": batch.who,
        "scorer": batch.scorer,
        "model": batch.model,
        "votes": batch.votes,
        "rubrics": list(found.rubrics),
        "again": batch.terms.again,
        "total": batch.total,
        **{str(state): number for state, number in found.counts.items()},
        "stopped_at": batch.stopped_at.isoformat() if batch.stopped_at else None,
        "settled_last_minute": found.lately,
        "seconds_left": found.seconds_left,
        "why_failed": [{"why": why, "sessions": number} for why, number in found.failed],
        "why_skipped": [{"why": why, "sessions": number} for why, number in found.skipped],
    }


def _lines(found: Status) -> str:
    batch = found.batch
    who = f"judge {batch.model}" if batch.judged else "offline"
    by = ", ".join(found.rubrics) or "the rubrics of each scenario"
    parts = [f"{found.counts[state]} {state}" for state in ItemState]
    lines = [f"{batch.id}  {found.state}", f"  {who}, by {by}", f"  {', '.join(parts)}"]
    if found.lately and found.state == "going on":
        lines.append(f"  {_speed(found)}")
    for state, reasons in (("failed", found.failed), ("skipped", found.skipped)):
        lines += [f"  {state}: {number}: {why}" for why, number in reasons]
    return "".join(
        f"{printable(line, lines=False)}\n" if line[0] != " " else _in(line) for line in lines
    )


def _in(line: str) -> str:
    return f"  {printable(line, lines=False).strip()}\n"


def _speed(found: Status) -> str:
    number, left = sum(found.lately.values()), found.seconds_left
    about = f"; about {_length(left)} left" if left is not None else ""
    return f"{number} in the last minute by {len(found.lately)} worker(s){about}"


def _length(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
