"""Who does something, and when: as the audit log will tell it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Act:
    """An act of somebody who answers for it."""

    who: str
    """The user of the operating system, or what she is called instead; never a trainee's name."""
    at: datetime
