"""Names of columns in rosters and key files: the documented ones, and those of other tools."""

import re
from collections.abc import Sequence

from alliance_sim.programme.identity import COLUMNS

TRAINEE, COHORT = "trainee", "cohort"
GIVEN, FAMILY = "given", "family"
"""Halves of a name, put together where there is no column for the whole."""

ALIASES: dict[str, tuple[str, ...]] = {
    "name": ("student", "student name", "full name", "display name", "participant"),
    GIVEN: ("first name", "given name", "forename", "firstname"),
    FAMILY: ("last name", "family name", "surname", "lastname"),
    "email": ("e mail", "email address", "e mail address", "mail"),
    "canvas_id": ("id", "canvas id", "canvas user id", "user id"),
    "sis_user_id": ("sis user id", "sis id", "student id", "student number", "matriculation"),
    "sis_login_id": ("sis login id", "login id", "login", "username", "user name"),
    "section": ("section", "sections", "group", "course section"),
    COHORT: ("cohort", "class"),
    TRAINEE: ("pseudonym",),
}
"""For each field, what else its column may be called; small letters, one blank between words."""

_FIELDS = {alias: field for field, names in ALIASES.items() for alias in (field, *names)}
_BETWEEN = re.compile(r"[\s_.\-]+")


def field_of(title: str) -> str | None:
    """The field that a column's title stands for, however it is spelled; None for a strange one.

    >>> field_of("SIS User_ID"), field_of("E-mail"), field_of("favourite colour")
    ('sis_user_id', 'email', None)
    """
    return _FIELDS.get(_BETWEEN.sub(" ", title).strip().casefold())


def fields_of(titles: Sequence[str]) -> list[str | None]:
    """The field of each column."""
    return [field_of(title) for title in titles]


def title_of(field: str) -> str:
    """What a field's column is called in documentation and messages."""
    spelled = {GIVEN: "first name", FAMILY: "last name"}
    return COLUMNS.get(field) or spelled.get(field, field)
