"""Grades put into a gradebook that Canvas exported; every other byte of the file stays.

Only the cells of our assignments, of students whom we know, are touched, and of these only where
there is a grade that differs from what stands there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from alliance_sim.authoring.problems import FileProblems, Problem, quoted
from alliance_sim.domain.programme import Assignment
from alliance_sim.errors import InputProblem
from alliance_sim.programme.identity import Identity
from alliance_sim.reporting.interop.canvas import Grades, points_of, title_of
from alliance_sim.reporting.tables.cells import harmless

KEYS = {"ID": "canvas_id", "SIS User ID": "sis_user_id", "SIS Login ID": "sis_login_id"}
"""Columns that say who a student is, and the field of an identity that each one holds."""
STUDENT = "Student"
LEFT_ALONE = frozenset(("EX", "N/A"))
"""What stands in the cell of a student who is excused, or to whom the assignment is not given."""

_CANVAS_NUMBER = re.compile(r"\s\(\d+\)\s*$")
_BOM = "\ufeff"


@dataclass
class _Line:
    number: int
    """In the file, from 1."""
    cells: list[str]
    """As they stand there, with their quotation marks."""
    end: str

    def value(self, column: int | None) -> str:
        """What a cell says; nothing where there is no such cell."""
        if column is None or column >= len(self.cells):
            return ""
        cell = self.cells[column].removeprefix(_BOM)
        quoted_ = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
        return (cell[1:-1].replace('""', '"') if quoted_ else cell).strip()


@dataclass
class Filled:
    """What came of it."""

    data: bytes
    """The gradebook."""
    cells: int = 0
    """Grades that were put in, or changed."""
    without_column: list[str] = field(default_factory=list)
    """Ids of assignments that the gradebook has no column for."""
    without_line: list[str] = field(default_factory=list)
    """Pseudonyms of people with grades who are not in it."""


@dataclass(frozen=True)
class _Book:
    path: str
    lines: list[_Line]
    separator: str

    @cached_property
    def titles(self) -> list[str]:
        return [self.lines[0].value(n) for n in range(len(self.lines[0].cells))]

    def text(self) -> str:
        return "".join(self.separator.join(line.cells) + line.end for line in self.lines)


def fill(
    data: bytes,
    path: str,
    assignments: Sequence[Assignment],
    grades: Grades,
    points: float,
    names: Mapping[str, Identity],
) -> Filled:
    """Put grades into the gradebook `data`, read from `path`.

    `points`: of an assignment for which the gradebook says none. Raises FileProblems, at the line,
    where it cannot be read or a line could be two of our trainees, and InputProblem where it has
    none of our columns.
    """
    book = _read(data, path)
    columns = _columns(book, assignments)
    possible = _points(book, columns, points)
    known = _known(names, grades)
    filled = Filled(b"")
    seen: dict[str, int] = {}
    for line in book.lines[1:]:
        trainee = _whose(book, line, known)
        if trainee is None:
            continue
        if trainee in seen:
            message = f"the same student as on line {seen[trainee]}; take one of them out"
            raise FileProblems([Problem(path, line.number, 1, message)])
        seen[trainee] = line.number
        filled.cells += _put(book, line, columns, possible, grades.get(trainee, {}))
    filled.data = book.text().encode("utf-8")
    filled.without_column = [each.id for each in assignments if each.id not in columns]
    filled.without_line = sorted(grades.keys() - seen.keys())
    return filled


def _columns(book: _Book, assignments: Sequence[Assignment]) -> dict[str, int]:
    """The column of each assignment that has one."""
    bare = [_CANVAS_NUMBER.sub("", title) for title in book.titles]
    shared = [each.title for each in assignments]
    found: dict[str, int] = {}
    for each in assignments:
        ours = {title_of(each), harmless(title_of(each)), each.id}
        # A title alone says which assignment is meant only where no other has it.
        if shared.count(each.title) == 1:
            ours.add(" ".join(each.title.split()))
        fitting = [n for n, title in enumerate(bare) if " ".join(title.split()) in ours]
        if len(fitting) > 1:
            message = f"two columns could be the assignment {each.id}; rename one of them"
            raise FileProblems([Problem(book.path, 1, 1, message)])
        if fitting:
            found[each.id] = fitting[0]
    if not found:
        titles = ", ".join(quoted(title_of(each)) for each in assignments[:3])
        raise InputProblem(
            f"{book.path}: it has no column of the assignments that are exported; in Canvas, make "
            f"an assignment called {titles}, or import the file that is written without --gradebook"
        )
    return found


def _points(book: _Book, columns: Mapping[str, int], points: float) -> dict[str, float]:
    found = dict.fromkeys(columns, points)
    for line in book.lines[1:4]:
        if "Points Possible" not in line.value(0):
            continue
        for name, column in columns.items():
            said = line.value(column)
            if "read only" in said.casefold():
                message = f"the column of {name} is read-only in Canvas; choose another title"
                raise FileProblems([Problem(book.path, line.number, 1, message)])
            value = _number(said)
            if value:
                found[name] = value
    return found


def _known(names: Mapping[str, Identity], grades: Grades) -> dict[tuple[str, str], str]:
    """Whom a column's value means. Without names, pseudonyms stand in Canvas's columns."""
    found: dict[tuple[str, str], str] = {}
    for trainee in grades.keys() | names.keys():
        for title in (STUDENT, "SIS User ID", "SIS Login ID"):
            found[title, trainee.casefold()] = trainee
    for trainee, who in names.items():
        for title, name in KEYS.items():
            if value := getattr(who, name):
                found[title, value.casefold()] = trainee
    return found


def _whose(book: _Book, line: _Line, known: Mapping[tuple[str, str], str]) -> str | None:
    titles = book.titles
    for title in (*KEYS, STUDENT):
        if title not in titles:
            continue
        value = line.value(titles.index(title)).casefold()
        # The surest column that says anything of ours decides, as it does in Canvas.
        if value and (title, value) in known:
            return known[title, value]
    return None


def _put(
    book: _Book,
    line: _Line,
    columns: Mapping[str, int],
    possible: Mapping[str, float],
    hers: Mapping[str, float],
) -> int:
    count = 0
    for name, column in columns.items():
        if name not in hers or line.value(column).upper() in LEFT_ALONE:
            continue
        if column >= len(line.cells):
            message = f"the line has {len(line.cells)} cells, the header {len(book.titles)}"
            raise FileProblems([Problem(book.path, line.number, 1, message)])
        grade = points_of(hers[name], possible[name])
        stands = _number(line.value(column))
        if stands is None or abs(stands - float(grade)) >= 0.005:
            line.cells[column] = grade
            count += 1
    return count


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


# ---- reading ---------------------------------------------------------------------------------


def _read(data: bytes, path: str) -> _Book:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        message = "it is not UTF-8; give the file as Canvas exported it"
        raise FileProblems([Problem(path, line, 1, message)]) from None
    first = text.split("\n", 1)[0]
    separator = max(",;", key=first.count)
    lines = list(_lines(text, separator, path))
    book = _Book(path, lines, separator)
    if not lines or not {"ID", "Section"} <= set(book.titles):
        message = "this is no gradebook of Canvas: its first line has no ID and no Section"
        raise FileProblems([Problem(path, 1, 1, message)])
    return book


def _lines(text: str, separator: str, path: str) -> Iterator[_Line]:
    cell = re.compile(rf'(\ufeff?"(?:[^"]|"")*"|[^"{separator}\r\n][^{separator}\r\n]*|)')
    after = re.compile(rf"{separator}|\r\n|\n|\r|\Z")
    number, place, cells, begun = 1, 0, list[str](), 1
    while place < len(text) or cells:
        made = cell.match(text, place)
        next_ = after.match(text, made.end()) if made else None
        if made is None or next_ is None:
            message = "a quotation mark is not closed, or stands inside a cell"
            raise FileProblems([Problem(path, number, 1, message)])
        cells.append(made.group())
        number += made.group().count("\n")
        place = next_.end()
        if next_.group() != separator:
            yield _Line(begun, cells, next_.group())
            number += 1
            cells, begun = [], number
