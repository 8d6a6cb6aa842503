"""How the screens say things: names, times, difficulty, results. Plain words, no markup."""

from datetime import datetime

from alliance_sim.domain.events import Ending

FAIR, GOOD = 2.5, 3.0
"""Thresholds of a session's overall (MITI 4's relational cut-offs, less one)."""

_DIFFICULTY = {1: "gentle", 2: "moderate", 3: "demanding", 4: "hard", 5: "very hard"}
_ENDINGS = {
    Ending.TIME: "the hour was up",
    Ending.PLANNED_CLOSE: "you closed the hour",
    Ending.WALK_OUT: "the client left",
    Ending.SAFETY_HANDOVER: "the client was handed over to people who can keep them safe",
    Ending.STOPPED: "you stopped; it is not scored",
}


def difficulty_words(difficulty: int) -> str:
    """`●●○○○ moderate`: dots and a word, for 1–5."""
    filled = min(5, max(1, difficulty))
    return f"{'●' * filled}{'○' * (5 - filled)} {_DIFFICULTY[filled]}"


def grade_word(overall: float) -> str:
    """Where an overall of 0–4 stands against the thresholds."""
    return "good" if overall >= GOOD else "fair" if overall >= FAIR else "below fair"


def ending_words(ending: Ending) -> str:
    """How a session ended, as a clause."""
    return _ENDINGS[ending]


def minutes(seconds: float) -> str:
    """`12:04`."""
    whole = max(0, int(seconds))
    return f"{whole // 60:02d}:{whole % 60:02d}"


def day(when: datetime, today: datetime) -> str:
    """`today`, `yesterday`, or `2 March`, with the year where it is another one."""
    then, now = when.astimezone(), today.astimezone()
    days = (now.date() - then.date()).days
    if days in {0, 1}:
        return ("today", "yesterday")[days]
    year = "" if then.year == now.year else f" {then.year}"
    return f"{then.day} {then:%B}{year}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 turn`, `3 turns`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


TOLD_FROM = 5.0
"""Seconds from which on waiting is told in figures."""


def waiting(seconds: float) -> str:
    """What a client does whose words are not there yet."""
    return "takes a moment" if seconds < TOLD_FROM else f"takes a moment, {seconds:.0f} s"
