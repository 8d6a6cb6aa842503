"""Who somebody is outside the program: names, addresses, numbers. Stands in the key file alone."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Identity:
    """What a key file knows of a person; an empty text where it knows nothing."""

    name: str = ""
    email: str = ""
    canvas_id: str = ""
    """Canvas's own number of her, `ID` in its gradebook."""
    sis_user_id: str = ""
    """The school's number of her, `SIS User ID`."""
    sis_login_id: str = ""
    """How she logs in, `SIS Login ID`."""
    section: str = ""

    def marks(self) -> Iterator[tuple[str, str]]:
        """What tells her from everybody else, as (field, value to compare by), the surest first."""
        for field in KEYS:
            if value := getattr(self, field):
                yield field, value.casefold()

    def updated(self, newer: "Identity") -> "Identity":
        """This identity with all that a newer one knows."""
        told = {name: getattr(newer, name) for name in FIELDS if getattr(newer, name)}
        return replace(self, **told)

    def differences(self, other: "Identity") -> tuple[str, ...]:
        """The fields in which the two differ, as the columns are called."""
        return tuple(
            COLUMNS[name] for name in FIELDS if getattr(self, name) != getattr(other, name)
        )


FIELDS = tuple(field.name for field in fields(Identity))

KEYS = ("canvas_id", "sis_user_id", "sis_login_id", "email")
"""Fields by which somebody is found again. A name is none: two people can share one."""

COLUMNS = {
    "name": "name",
    "email": "email",
    "canvas_id": "ID",
    "sis_user_id": "SIS User ID",
    "sis_login_id": "SIS Login ID",
    "section": "Section",
}
"""What the columns of a key file are called: those of a Canvas gradebook are called as in the
CSV file that Canvas exports, so that scores find their way back."""
