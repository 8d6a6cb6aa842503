"""Scores as xAPI statements (version 1.0.3): of each session that it was completed, of each rubric
what was scored. The actor is an account that is named by the trainee's pseudonym.

Statements are never changed once they were sent, so a statement's id (a UUID of version 5) stays
the same from export to export for as long as the score does, and a score that was changed has a
statement of its own. Free text is in none of them: neither a trainee's words nor an instructor's.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from alliance_sim.errors import UsageProblem
from alliance_sim.reporting.tables.columns import Row
from alliance_sim.reporting.tidy import REDACTED

VERSION = "1.0.3"
HOME = "https://alliance-sim.invalid"
"""Whose pseudonyms these are, where nothing else is said; an address that can belong to nobody."""

_VERBS = "http://adlnet.gov/expapi/verbs"
_ACTIVITIES = "http://adlnet.gov/expapi/activities"
NOBODY = "anonymous"
"""Names the account of sessions that bear no pseudonym."""
HIGHEST = 4
"""The highest score; the lowest is 0."""

OVERRIDDEN_NULL = "An instructor marked it as not observed."

_IN_CONTEXT = (
    *("session_id", "branch_of", "ending", "cohort", "attempt", "late"),
    *("rubric_version", "scorer", "model", "evidence_count", "grade", "self_rating"),
    *("overridden", "original_score"),
)
"""Columns that are told as extensions of the context."""
_OF_A_SESSION = frozenset(_IN_CONTEXT[:6])

Json = dict[str, object]


@dataclass(frozen=True)
class Home:
    """The address under which everything is named. Raises UsageProblem for one that is none."""

    address: str = HOME

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.address)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
            # A user's name or password in it would be told to whoever reads the statements.
            sound = sound and "@" not in parts.netloc and not (parts.query or parts.fragment)
        except ValueError:
            sound = False
        if not sound or not self.address.isascii() or any(c <= " " for c in self.address):
            raise UsageProblem(
                f"--home-page {self.address}: give the address of your programme, as in "
                "https://training.example.org"
            )

    def iri(self, *parts: str) -> str:
        """A name under the address."""
        return "/".join([self.address.rstrip("/"), *(quote(part, safe="") for part in parts)])

    def uuid(self, *parts: object) -> UUID:
        """The same for the same parts, always."""
        return uuid5(uuid5(NAMESPACE_URL, self.iri()), json.dumps(parts))


def write_xapi(rows: Iterable[Row], home: Home, out: BinaryIO) -> None:
    """Write statements as one JSON array, a statement a line, as a learning record store takes it.

    The rows of a session must follow one another.
    """
    before = "[\n"
    for statement in statements(rows, home):
        text = json.dumps(statement, ensure_ascii=False, separators=(",", ":"))
        out.write(f"{before}{text}".encode())
        before = ",\n"
    out.write(b"[]\n" if before == "[\n" else b"\n]\n")


def statements(rows: Iterable[Row], home: Home) -> Iterator[Json]:
    """The statements of rows; one of a session comes before those of its rubrics."""
    session = None
    for row in rows:
        if row["session_id"] != session:
            session = row["session_id"]
            yield _completed(row, home)
        yield _scored(row, home)


def _completed(row: Row, home: Home) -> Json:
    at = row["ended_at"] or row["scored_at"]
    result: Json = {"completion": True}
    if row["overall"] is not None:
        result["score"] = _score(row["overall"])
    return {
        # The overall follows what instructors change.
        "id": str(home.uuid("completed", row["session_id"], at, row["overall"])),
        "actor": _actor(row, home),
        "verb": _verb("completed"),
        "object": _scenario(row, home),
        "result": result,
        "context": _context(row, home, of_session=True),
        **_timestamp(at),
        "version": VERSION,
    }


def _scored(row: Row, home: Home) -> Json:
    at = row["overridden_at"] or row["scored_at"]
    names = ("session_id", "rubric", "rubric_version", "scorer", "model", "scored_at")
    what = (*(row[name] for name in names), row["overridden_at"], row["score"])
    return {
        "id": str(home.uuid("scored", *what)),
        "actor": _actor(row, home),
        "verb": _verb("scored"),
        "object": _activity(home.iri("rubrics", str(row["rubric"])), row["rubric"], "objective"),
        "result": _result(row, home),
        "context": _context(row, home, of_session=False),
        **_timestamp(at),
        "version": VERSION,
    }


def _result(row: Row, home: Home) -> Json:
    if row["score"] is not None:
        return {"score": _score(row["score"])}
    return {"extensions": {home.iri("extensions", "why_null"): _why_null(row)}}


def _why_null(row: Row) -> object:
    """An instructor's reason stands there in her own words, and these are in no statement."""
    if row["nulled"]:
        return OVERRIDDEN_NULL if row["overridden"] else REDACTED
    return row["why_null"] or REDACTED


def _score(value: Any) -> Json:
    return {"scaled": round(value / HIGHEST, 4), "raw": value, "min": 0, "max": HIGHEST}


def _actor(row: Row, home: Home) -> Json:
    name = str(row["trainee"] or NOBODY)
    return {"objectType": "Agent", "account": {"homePage": home.address, "name": name}}


def _verb(name: str) -> Json:
    return {"id": f"{_VERBS}/{name}", "display": {"en": name}}


def _scenario(row: Row, home: Home) -> Json:
    return _activity(home.iri("scenarios", str(row["scenario"])), row["scenario"], "simulation")


def _activity(iri: str, name: object, type_: str) -> Json:
    definition = {"name": {"en": name}, "type": f"{_ACTIVITIES}/{type_}"}
    return {"objectType": "Activity", "id": iri, "definition": definition}


def _context(row: Row, home: Home, *, of_session: bool) -> Json:
    around: dict[str, list[Json]] = {}
    if not of_session:
        around["parent"] = [_scenario(row, home)]
    if row["assignment"]:
        name = str(row["assignment"])
        around["grouping"] = [_activity(home.iri("assignments", name), name, "assessment")]
    told = [name for name in _IN_CONTEXT if not of_session or name in _OF_A_SESSION]
    context: Json = {
        "registration": str(home.uuid("session", row["session_id"])),
        "platform": "alliance-sim",
        "revision": row["scenario_version"],
        "extensions": {
            home.iri("extensions", name): row[name] for name in told if row[name] is not None
        },
    }
    return context | ({"contextActivities": around} if around else {})


def _timestamp(at: object) -> Json:
    """To the millisecond, as record stores keep it; none where the time was left out."""
    if at is None:
        return {}
    moment = datetime.fromisoformat(str(at))
    return {"timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
