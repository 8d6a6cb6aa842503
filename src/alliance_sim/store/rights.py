"""Who may do what on a server: trainees their own sessions, instructors all of them, and
coordinators the programme.

The database itself holds to it, so a trainee who leaves this program aside and speaks SQL gets no
further. The owner of the tables may do everything and is bound by no rule here.
A person's login role is named as the person.
"""

import secrets
from collections.abc import Iterator

from sqlalchemy import Connection, text

from alliance_sim.domain.programme import Role
from alliance_sim.errors import UsageProblem
from alliance_sim.store.migrations import VERSION_TABLE

GROUPS = {Role.TRAINEE: "alliance_trainee", Role.INSTRUCTOR: "alliance_instructor"}
"""The group roles; they belong to the whole server, what they may do to one database each."""

COORDINATOR = "alliance_coordinator"
"""The group of instructors who keep the programme too: what instructors may, she may."""

LONGEST_NAME = 63
"""Bytes of a role's name (https://www.postgresql.org/docs/current/limits.html)."""

AFTER_THE_END = ("self_rated", "reflected", "appealed", "safety_asked", "safety_answered")
"""What a trainee may add to a session that has ended; no reply and no score among them."""

NEVER_BY_TRAINEES = ("scored", "overridden", "appeal_answered")

_OF_OWN = (
    "EXISTS (SELECT 1 FROM {schema}.sessions s WHERE s.id = session_id "
    "AND s.trainee = current_user)"
)

_TRAINEE_GRANTS = (
    "SELECT ON {schema}.{version}",
    "SELECT, INSERT ON {schema}.events",
    "SELECT, INSERT ON {schema}.sessions",
    # Not `overall`, which is a score, and not whose session it is.
    "UPDATE (updated_at, turns, ending, ended_at, self_ratings) ON {schema}.sessions",
    "SELECT ON {schema}.scores",
    "SELECT, INSERT ON {schema}.appeals",
    "SELECT, INSERT ON {schema}.attempts",
    "SELECT ON {schema}.people",
    "SELECT ON {schema}.memberships",
    "SELECT ON {schema}.cohorts",
    "SELECT ON {schema}.assignments",
)

_INSTRUCTOR_GRANTS = (
    "SELECT ON ALL TABLES IN SCHEMA {schema}",
    "INSERT ON {schema}.events",
    "INSERT, UPDATE ON {schema}.sessions",
    "INSERT, UPDATE, DELETE ON {schema}.scores",
    "INSERT, UPDATE ON {schema}.appeals",
    "INSERT, UPDATE, DELETE ON {schema}.ratings",
    "INSERT ON {schema}.attempts",
    "INSERT, DELETE ON {schema}.written_files",
    "INSERT ON {schema}.audit",
    "USAGE ON SEQUENCE {schema}.audit_seq_seq",
    # Of a trainee whose bundle is taken in: that she is there, and what she signs with.
    "INSERT, UPDATE (signing_key) ON {schema}.people",
)

_COORDINATOR_GRANTS = (
    *(
        f"INSERT, UPDATE, DELETE ON {{schema}}.{table}"
        for table in ("people", "cohorts", "memberships", "assignments")
    ),
    # A session is deleted through `erasures`, as a whole or not at all: see `tables`.
    "INSERT, DELETE ON {schema}.erasures",
    *(
        f"DELETE ON {{schema}}.{table}"
        for table in ("events", "sessions", "appeals", "attempts", "batch_items")
    ),
)

_POLICIES = {
    "sessions": (
        "FOR SELECT TO {trainee} USING (trainee = current_user)",
        "FOR INSERT TO {trainee} WITH CHECK (trainee = current_user AND overall IS NULL)",
        "FOR UPDATE TO {trainee} USING (trainee = current_user)",
    ),
    "events": (
        "FOR SELECT TO {trainee} USING ({of_own})",
        # What the row says it is must be what is in it.
        (
            "FOR INSERT TO {trainee} WITH CHECK ({of_own} AND payload::json ->> 'type' = type AND "
            "{schema}.alliance_may_add(session_id, type))"
        ),
    ),
    "scores": ("FOR SELECT TO {trainee} USING ({of_own})",),
    "appeals": (
        "FOR SELECT TO {trainee} USING ({of_own})",
        (
            "FOR INSERT TO {trainee} WITH CHECK ({of_own} AND "
            "num_nonnulls(outcome, answer, answered_by, answered_at) = 0)"
        ),
    ),
    "attempts": (
        "FOR SELECT TO {trainee} USING (trainee = current_user)",
        "FOR INSERT TO {trainee} WITH CHECK (trainee = current_user AND {of_own})",
    ),
    "people": ("FOR SELECT TO {trainee} USING (id = current_user)",),
    "memberships": ("FOR SELECT TO {trainee} USING (person = current_user)",),
    "cohorts": (
        (
            "FOR SELECT TO {trainee} USING (EXISTS (SELECT 1 FROM {schema}.memberships m "
            "WHERE m.cohort = id AND m.person = current_user))"
        ),
    ),
    "assignments": (
        (
            "FOR SELECT TO {trainee} USING (EXISTS (SELECT 1 FROM {schema}.memberships m "
            "WHERE m.cohort = assignments.cohort AND m.person = current_user))"
        ),
    ),
    "ratings": (),
    "audit": (),
}
"""Per table, what trainees see of it and may add."""

_POLICIES_OF_OTHERS = {
    "people": (
        "FOR SELECT TO {instructor} USING (true)",
        (
            "FOR INSERT TO {instructor} WITH CHECK (role = 'trainee' AND NOT consent_research "
            "AND consent_at IS NULL)"
        ),
        "FOR UPDATE TO {instructor} USING (role = 'trainee') WITH CHECK (role = 'trainee')",
        "FOR ALL TO {coordinator} USING (true) WITH CHECK (true)",
    )
}
"""Where those who are no trainees do not simply have every row that they have rights to."""

_EVERY_ROW = ("FOR ALL TO {instructor} USING (true) WITH CHECK (true)",)

_MAY_ADD = """
    CREATE OR REPLACE FUNCTION {schema}.alliance_may_add(session text, kind text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT kind <> ALL (ARRAY[{never}]) AND (kind = ANY (ARRAY[{after}]) OR NOT EXISTS (
            SELECT 1 FROM {schema}.events e WHERE e.session_id = session AND e.type = 'ended'))
    $$
"""


_ERASED_WHOLE = """
    CREATE OR REPLACE FUNCTION {schema}.alliance_erased_whole() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM {schema}.erasures e WHERE e.session_id = NEW.session_id) THEN
            RAISE EXCEPTION 'a session is deleted as a whole'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
"""
_AT_THE_COMMIT = """
    CREATE CONSTRAINT TRIGGER erasures_are_ended AFTER INSERT ON {schema}.erasures
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.alliance_erased_whole()
"""
"""An id cannot leave `erasures` while one of its events is left, and cannot stay there after the
transaction: so who may delete cannot thin a session out."""


def secure(connection: Connection) -> None:
    """Make the group roles and give them their rights; may be done again at any time.

    Needs the owner of the tables, and a role that may create roles. Raises UsageProblem for a
    store in a file, which has no roles.
    """
    for statement in _statements(connection):
        connection.exec_driver_sql(statement)


def is_secured(connection: Connection) -> bool:
    """Whether `secure` has been done in this database."""
    asked = "SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('events')"
    return bool(connection.scalar(text(asked)))


def grant(connection: Connection, person: str, role: Role, *, coordinates: bool = False) -> str:
    """Let a person in, by a role of her name; gives a new password, which is kept nowhere here.

    `coordinates`: an instructor keeps the programme too. Raises UsageProblem where the name is too
    long or the rights were never set up.
    """
    _need_server(connection)
    if not is_secured(connection):
        raise UsageProblem("the rights on this store are not set up yet: alliance-sim db roles")
    if len(person.encode()) > LONGEST_NAME:
        raise UsageProblem(f"{person}: a role's name has at most {LONGEST_NAME} bytes")
    password = secrets.token_urlsafe(18)
    name = _quoted(connection, person)
    exists = connection.scalar(_ROLE, {"name": person})
    verb = "ALTER" if exists else "CREATE"
    connection.exec_driver_sql(f"{verb} ROLE {name} LOGIN PASSWORD '{password}'")
    wanted = COORDINATOR if coordinates else GROUPS[role]
    for group in (*GROUPS.values(), COORDINATOR):
        how = f"GRANT {group} TO {name}" if group == wanted else f"REVOKE {group} FROM {name}"
        if group == wanted or exists:
            connection.exec_driver_sql(how)
    return password


def lend(connection: Connection, person: str, login: str) -> None:
    """Let a login act as a trainee who was let in (`acting.acting_as`), as a server's for its tabs.

    By itself it sees no more than a trainee without sessions. Raises UsageProblem where the server
    has no such login.
    """
    _need_server(connection)
    if not connection.scalar(_ROLE, {"name": login}):
        raise UsageProblem(f"{login}: the server has no such login; createuser {login} makes it")
    for group in (GROUPS[Role.TRAINEE], _quoted(connection, person)):
        connection.exec_driver_sql(f"GRANT {group} TO {_quoted(connection, login)}")


def revoke(connection: Connection, person: str) -> None:
    """Let a person in no more, and end her connections. Raises UsageProblem for an unknown role."""
    _need_server(connection)
    if not connection.scalar(_ROLE, {"name": person}) or not any(
        connection.scalar(_MEMBER, {"name": person, "group": group}) for group in GROUPS.values()
    ):
        raise UsageProblem(f"{person}: nobody of that name was let in")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :name"
    connection.execute(text(ended), {"name": person})
    connection.exec_driver_sql(f"DROP ROLE {_quoted(connection, person)}")


def acting_trainee(connection: Connection) -> str | None:
    """The trainee whose role the connection has; None where it has another, or is to a file."""
    if connection.dialect.name != "postgresql" or not is_secured(connection):
        return None
    asked = (
        "SELECT current_user FROM pg_roles WHERE rolname = :group "
        "AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class "
        "WHERE oid = to_regclass('events')), 'usage') "
        "AND pg_has_role(current_user, oid, 'usage')"
    )
    found = connection.scalar(text(asked), {"group": GROUPS[Role.TRAINEE]})
    return None if found is None else str(found)


def _statements(connection: Connection) -> Iterator[str]:
    _need_server(connection)
    schema = _quoted(connection, str(connection.scalar(text("SELECT current_schema()"))))
    names = {
        "schema": schema,
        "version": VERSION_TABLE,
        "trainee": GROUPS[Role.TRAINEE],
        "instructor": GROUPS[Role.INSTRUCTOR],
        "coordinator": COORDINATOR,
        "never": _listed(NEVER_BY_TRAINEES),
        "after": _listed(AFTER_THE_END),
        "of_own": _OF_OWN.format(schema=schema),
    }
    yield from _groups(connection, schema)
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield _MAY_ADD.format(**names)
    yield _ERASED_WHOLE.format(**names)
    yield f"DROP TRIGGER IF EXISTS erasures_are_ended ON {schema}.erasures"
    yield _AT_THE_COMMIT.format(**names)
    for group, grants in (
        (GROUPS[Role.TRAINEE], _TRAINEE_GRANTS),
        (GROUPS[Role.INSTRUCTOR], _INSTRUCTOR_GRANTS),
        (COORDINATOR, _COORDINATOR_GRANTS),
    ):
        for given in grants:
            yield f"GRANT {given.format(**names)} TO {group}"
    for table, policies in _POLICIES.items():
        yield from _policies(connection, f"{schema}.{table}", table, policies, names)


def _groups(connection: Connection, schema: str) -> Iterator[str]:
    for group in (*GROUPS.values(), COORDINATOR):
        if not connection.scalar(_ROLE, {"name": group}):
            yield f"CREATE ROLE {group} NOLOGIN"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {group}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {group}"
    within = {"name": COORDINATOR, "group": GROUPS[Role.INSTRUCTOR]}
    if not connection.scalar(_MEMBER, within):
        yield f"GRANT {GROUPS[Role.INSTRUCTOR]} TO {COORDINATOR}"


def _policies(
    connection: Connection,
    place: str,
    table: str,
    policies: tuple[str, ...],
    names: dict[str, str],
) -> Iterator[str]:
    yield f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY"
    asked = "SELECT policyname FROM pg_policies WHERE schemaname = current_schema()"
    asked += " AND tablename = :t"
    for name in connection.scalars(text(asked), {"t": table}).all():
        yield f"DROP POLICY {_quoted(connection, name)} ON {place}"
    of_others = _POLICIES_OF_OTHERS.get(table, _EVERY_ROW)
    for number, policy in enumerate((*of_others, *policies)):
        yield f"CREATE POLICY {table}_{number} ON {place} {policy.format(**names)}"


_ROLE = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
_MEMBER = text("SELECT pg_has_role(CAST(:name AS name), CAST(:group AS name), 'member')")


def _need_server(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        raise UsageProblem("a store in a file has no roles; give a postgresql:// URL")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
