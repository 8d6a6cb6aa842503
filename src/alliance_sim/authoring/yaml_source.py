"""One YAML file as plain data, with the line and column of every key and value.

The file is read from the parser's events, never by recursion: depth and size are bounded before
anything is built, and nothing in a file can make an object, refer to another part, or repeat
itself. Problems that leave the rest of the file readable are collected, not raised.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from alliance_sim.authoring.files import read_text
from alliance_sim.authoring.problems import (
    FileProblems,
    Fix,
    Problem,
    forbidden,
    quoted,
    visible,
    whole_file,
)
from alliance_sim.authoring.scalars import Scalar, resolve, trap
from alliance_sim.authoring.yaml_errors import plain

MOST_BYTES = 2_000_000
MOST_DEPTH = 40
MOST_NODES = 10_000

Loc = tuple[str | int, ...]
"""A path into the data: field names and list places from 0, as pydantic's `loc`."""

Data = Scalar | dict[str, "Data"] | list["Data"]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, both from 1; columns are characters."""

    line: int
    col: int


@dataclass
class Source:
    """What a file holds, and where each piece of it stands."""

    path: str
    data: Data = None
    text: str = field(default="", repr=False)
    """The file as it stands."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the file as YAML; the data is whole but for `holes`."""
    holes: set[Loc] = field(default_factory=set)
    """Paths whose value is not known, for a reason that is among the problems."""
    raw: dict[Loc, str] = field(default_factory=dict)
    """How each unquoted scalar that is not plain text is written."""
    _values: dict[Loc, Mark] = field(default_factory=dict)
    _keys: dict[Loc, Mark] = field(default_factory=dict)

    def value(self, loc: Loc) -> Mark:
        """Where a value begins; of the nearest thing that holds it, where it is not there."""
        return self._near(loc, self._values)

    def key(self, loc: Loc) -> Mark:
        """Where a field's name stands; of a list's item, where the item begins."""
        if loc in self._keys:
            return self._keys[loc]
        return self.value(loc) if loc in self._values or not loc else self.key(loc[:-1])

    def siblings(self, loc: Loc) -> list[Loc]:
        """The paths of the fields that stand beside a field, itself among them."""
        return [key for key in self._keys if key[:-1] == loc[:-1]]

    def in_hole(self, loc: Loc) -> bool:
        """Whether the path leads to or through a value that is not known."""
        return any(loc[:length] in self.holes for length in range(len(loc) + 1))

    def _near(self, loc: Loc, marks: dict[Loc, Mark]) -> Mark:
        for length in range(len(loc), -1, -1):
            if loc[:length] in marks:
                return marks[loc[:length]]
        return Mark(1, 1)


def read_yaml(path: Path) -> Source:
    """Read one YAML file: at most `MOST_BYTES`, `MOST_DEPTH` levels and `MOST_NODES` values.

    Raises FileProblems where no data can be had at all: the file is missing or not text, the
    syntax is broken, or a bound is exceeded. Everything else is in `problems` of the result.
    """
    return parse_yaml(read_text(path, MOST_BYTES), str(path))


def parse_yaml(text: str, path: str) -> Source:
    """As `read_yaml`, from text. `path` is for messages only."""
    source = Source(path, text=text)
    _raw_characters(text, source)
    builder = _Builder(source)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        message, where = plain(error, text)
        mark = _mark(where)
        problem = Problem(path, mark.line, mark.col, message)
        raise FileProblems([*source.problems, problem]) from None
    except yaml.YAMLError:
        message = "characters that YAML does not allow; save the file as plain UTF-8 text"
        raise FileProblems([*source.problems, whole_file(path, message)]) from None
    if not builder.documents or (source.data is None and () not in source.holes):
        raise FileProblems([*source.problems, whole_file(path, "the file is empty; nothing in it")])
    return source


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _Loader(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _mark(mark: Any) -> Mark:
    """A parser's mark, which is of one class or another as the parser is in C or not."""
    return Mark(mark.line + 1, mark.column + 1) if mark is not None else Mark(1, 1)


def _raw_characters(text: str, source: Source) -> None:
    """Refuse what a terminal could obey, at its place, before the parser sees it."""
    if text.isascii() and text.replace("\n", "").replace("\r", "").isprintable():
        return
    for number, line in enumerate(text.split("\n"), start=1):
        body = line.removesuffix("\r").replace("\r", " ")
        if body.isprintable():
            continue
        for col, char in enumerate(body, start=1):
            if forbidden(char):
                message = f"a control character (U+{ord(char):04X}); remove it"
                raise FileProblems([Problem(source.path, number, col, message)])


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    loc: Loc
    holder: dict[str, Data] | list[Data]
    key: str | None = None
    dropped: bool = False
    """The waiting key is a duplicate, so its value is read and let go."""
    first: dict[str, int] = field(default_factory=dict)
    """The line on which each key was first given."""


class _Builder:
    """Builds the data of a source from events, one at a time."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        """One event. Raises FileProblems where the file must not be read on."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._container(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._container(event, [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop(event, 'a second document begins here; remove the line "---"')

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._count(event)
        self._say(event, f"{quoted(f'*{event.anchor}')} is an alias; write out what it stands for")
        if self._wants_key():
            self._stop(event, "a field's name must be plain text")
        self.source.holes.add(self._place(event))
        self._put(None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._count(event)
        text = self._clean(event)
        if self._wants_key():
            self._decorations(event)
            self._key(event, text)
            return
        loc = self._place(event)
        self._decorations(event, loc)
        value: Scalar = text if event.style else resolve(text)
        if not event.style and (what := trap(text)):
            self._say(
                event, f"{text} without quotes is {what} in YAML; write {quoted(text)}", f'"{text}"'
            )
        if not isinstance(value, str):
            self.source.raw[loc] = text
        self._put(value)

    def _container(
        self, event: yaml.CollectionStartEvent, holder: dict[str, Data] | list[Data]
    ) -> None:
        self._count(event)
        if self._wants_key():
            self._stop(event, "a field's name must be plain text; put text in {…} or […] in quotes")
        if len(self.stack) >= MOST_DEPTH:
            self._stop(event, f"nested more than {MOST_DEPTH} deep; put text in brackets in quotes")
        loc = self._place(event)
        self._decorations(event, loc)
        self._put(holder)
        self.stack.append(_Open(loc, holder))

    def _key(self, event: yaml.ScalarEvent, text: str) -> None:
        frame = self.stack[-1]
        mark = _mark(event.start_mark)
        if not event.style and text == "<<":
            self._say(event, '"<<" merges are not used here; write the fields out')
        elif not event.style and not isinstance(resolve(text), str):
            self._say(
                event, f"the field's name {text or '(empty)'} is not text; write {quoted(text)}"
            )
        frame.dropped = text in frame.first
        if frame.dropped:
            line = frame.first[text]
            self._say(event, f"{quoted(text)} is given twice, first on line {line}; keep one")
        else:
            frame.first[text] = mark.line
            self.source._keys[(*frame.loc, text)] = mark
        frame.key = text

    def _wants_key(self) -> bool:
        return (
            bool(self.stack)
            and isinstance(self.stack[-1].holder, dict)
            and (self.stack[-1].key is None)
        )

    def _place(self, event: yaml.NodeEvent) -> Loc:
        """The path of the value that begins here; its mark is noted."""
        loc = self._next_loc()
        self.source._values.setdefault(loc, _mark(event.start_mark))
        return loc

    def _next_loc(self) -> Loc:
        if not self.stack:
            return ()
        frame = self.stack[-1]
        if isinstance(frame.holder, list):
            return (*frame.loc, len(frame.holder))
        # A dropped value gets a path of its own, which no model asks for.
        return (*frame.loc, "\0dropped" if frame.dropped else frame.key or "")

    def _put(self, value: Data) -> None:
        if not self.stack:
            self.source.data = value
            return
        frame = self.stack[-1]
        if isinstance(frame.holder, list):
            frame.holder.append(value)
            return
        if not frame.dropped:
            frame.holder[frame.key or ""] = value
        frame.key, frame.dropped = None, False

    def _count(self, event: yaml.NodeEvent) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._stop(event, f"more than {MOST_NODES} values; split the file")

    def _decorations(
        self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, loc: Loc | None = None
    ) -> None:
        if event.anchor is not None:
            name = quoted(f"&{event.anchor}")
            self._say(event, f"{name} is an anchor; remove it, or put text in quotes")
        if event.tag is not None:
            self._say(event, f"the tag {quoted(event.tag)} is not used here; write the plain value")
            if loc is not None:
                self.source.holes.add(loc)

    def _clean(self, event: yaml.ScalarEvent) -> str:
        text = str(event.value)
        if text.isprintable():
            return text
        bad = next((char for char in text if forbidden(char)), None)
        if bad is None:
            return text
        self._say(event, f"a control character (U+{ord(bad):04X}) in the text; remove it")
        return visible(text)

    def _say(self, event: yaml.Event, message: str, instead: str | None = None) -> None:
        """`instead`: what a machine may write in place of an unquoted scalar."""
        mark = _mark(event.start_mark)
        fix = None
        if instead and isinstance(event, yaml.ScalarEvent):
            fix = Fix(mark.line, mark.col, str(event.value), instead)
        problem = Problem(self.source.path, mark.line, mark.col, message, rule="yaml", fix=fix)
        self.source.problems.append(problem)

    def _stop(self, event: yaml.Event, message: str) -> None:
        self._say(event, message)
        raise FileProblems(self.source.problems)
