"""Grades for Canvas: a gradebook CSV as Canvas exports and imports it, one column an assignment.

Canvas knows students by `ID`, else by `SIS User ID`, else by `SIS Login ID`, else by name. All of
these come from the key file; without it, pseudonyms stand in their place. An assignment that Canvas
has not got yet is made from the title of its column (Canvas Instructor Guide, *How do I import
grades in the Gradebook?*).
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from alliance_sim.domain.programme import Assignment
from alliance_sim.programme.identity import Identity
from alliance_sim.reporting.tables.cells import harmless
from alliance_sim.store.counted_attempts import Counted

TITLES = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"
"""Begins the second line, indented as Canvas does it."""
HIGHEST = 4
"""The highest overall score."""

Grades = Mapping[str, Mapping[str, float]]
"""Of each trainee, the overall score (0–4) of each assignment that she has one of."""


def kept(attempts: Iterable[Counted], assignments: Sequence[Assignment]) -> Grades:
    """Of several attempts in order, the one that counts: the best, or the last that has a score.

    The same rule as `Standing.counting`, for so many that they are read in a stream.
    """
    best = {each.id for each in assignments if each.keep == "best"}
    found: dict[str, dict[str, float]] = {}
    for one in attempts:
        hers = found.setdefault(one.trainee, {})
        before = hers.get(one.assignment)
        if before is None or one.assignment not in best or one.overall > before:
            hers[one.assignment] = one.overall
    return found


def points_of(overall: float, possible: float) -> str:
    """A grade as Canvas shows it: at most two decimals.

    >>> points_of(3, 100), points_of(2.63, 4)
    ('75', '2.63')
    """
    return number_text(overall / HIGHEST * possible)


def number_text(value: float) -> str:
    """A number with at most two decimals, and none for nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def title_of(assignment: Assignment) -> str:
    """The title of an assignment's column. Digits alone in brackets would be Canvas's own number
    of some assignment, so an id that is a number does not stand alone.
    """
    name = f"no. {assignment.id}" if assignment.id.isdigit() else assignment.id
    return f"{' '.join(assignment.title.split())} ({name})"


def write_gradebook(
    people: Mapping[str, Sequence[str]],
    assignments: Sequence[Assignment],
    grades: Grades,
    points: float,
    names: Mapping[str, Identity],
    out: BinaryIO,
) -> None:
    """Write a gradebook of these people, who are given with their cohorts.

    Who has no score for an assignment has an empty cell, which Canvas passes over.
    """
    text = TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*TITLES, *(harmless(title_of(each)) for each in assignments)])
    blank = [""] * (len(TITLES) - 1)
    writer.writerow([POINTS_POSSIBLE, *blank, *([number_text(points)] * len(assignments))])
    for trainee, cohorts in sorted(people.items()):
        hers = grades.get(trainee, {})
        cells = [points_of(hers[a.id], points) if a.id in hers else "" for a in assignments]
        writer.writerow([*_student(trainee, cohorts, names.get(trainee)), *cells])
    text.flush()
    text.detach()


def _student(trainee: str, cohorts: Sequence[str], who: Identity | None) -> list[str]:
    section = ", ".join(cohorts)
    if who is None:
        return [harmless(cell) for cell in (trainee, "", trainee, "", section)]
    cells = (who.name or trainee, who.canvas_id, who.sis_user_id, who.sis_login_id)
    return [harmless(cell) for cell in (*cells, who.section or section)]
