"""Finding scenarios and rubrics: the library that ships, the user's own, the working directory."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Generic, TypeVar

from alliance_sim.authoring.known import RUBRICS
from alliance_sim.authoring.loader import load_rubric, load_scenario
from alliance_sim.authoring.packs import installed
from alliance_sim.authoring.problems import (
    FileProblems,
    Problem,
    listed,
    nearest,
    quoted,
    visible,
    whole_file,
)
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario
from alliance_sim.errors import InputProblem

SUFFIXES = (".yaml", ".yml")

Item = TypeVar("Item")


def shipped_root() -> Path:
    """The pack that ships: inside an installed package, or the top level of a checkout."""
    package = Path(str(files("alliance_sim")))
    inside = package / "_library"
    return inside if inside.is_dir() else package.parent.parent


def default_library(
    user_data: Path | None, cwd: Path | None, types: Collection[str] | None = None
) -> "Library":
    """The packs in the order in which they override: shipped, those put in, the user's data, the
    working directory. None leaves one out."""
    packs = [pack.folder for pack in installed(user_data / "packs")] if user_data else []
    places = [shipped_root(), *packs, user_data, cwd]
    return Library([place for place in places if place is not None], types)


@dataclass
class _Shelf(Generic[Item]):
    """The files of one sort by id, and what has been loaded of them."""

    what: str
    files: dict[str, Path] = field(default_factory=dict)
    loaded: dict[str, Item] = field(default_factory=dict)


class Library:
    """Scenarios and rubrics of several packs; a later pack overrides an earlier one by id.

    A pack is a folder with `scenarios/` or `rubrics/` in it. Making a library lists file names
    and reads none; a file is read when it is asked for, and once.
    """

    def __init__(self, roots: Sequence[Path], types: Collection[str] | None = None) -> None:
        self._types = types
        self._notes: list[str] = []
        self._problems: dict[Problem, None] = {}
        self._scenarios: _Shelf[Scenario] = _Shelf("scenario")
        self._rubrics: _Shelf[Rubric] = _Shelf("rubric")
        for root in _distinct(roots):
            self._shelve(root / "scenarios", self._scenarios)
            self._shelve(root / "rubrics", self._rubrics)

    @property
    def notes(self) -> list[str]:
        """Which file stands in for which, one sentence each."""
        return list(self._notes)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files that have been read so far, and with folders."""
        return tuple(self._problems)

    def scenario_ids(self) -> tuple[str, ...]:
        """Ids by the names of the files, which are not read."""
        return tuple(sorted(self._scenarios.files))

    def rubric_ids(self) -> tuple[str, ...]:
        """As `scenario_ids`; those that the scorer knows come first, in its order."""
        return tuple(sorted(self._rubrics.files, key=_rubric_order))

    def scenario_path(self, scenario_id: str) -> Path:
        """The file that an id, or a path to a file, stands for. Raises InputProblem."""
        return _find(self._scenarios, scenario_id)

    def scenario(self, scenario_id: str) -> Scenario:
        """By id, or by the path of a .yaml or .yml file.

        Raises InputProblem: no such id (with those that exist), or the file's problems.
        """
        path = _find(self._scenarios, scenario_id)
        if scenario_id not in self._scenarios.loaded:
            loaded = load_scenario(path, self._types)
            if loaded.draft and scenario_id in self._scenarios.files:
                message = "a draft that nobody has read; mend it, check it, take out `draft: true`"
                raise FileProblems([whole_file(path, message)])
            self._scenarios.loaded[scenario_id] = loaded
        return self._scenarios.loaded[scenario_id]

    def rubric_path(self, rubric_id: str) -> Path:
        """The file that an id, or a path to a file, stands for. Raises InputProblem."""
        return _find(self._rubrics, rubric_id)

    def rubric(self, rubric_id: str) -> Rubric:
        """As `scenario`, for rubrics."""
        path = _find(self._rubrics, rubric_id)
        if rubric_id not in self._rubrics.loaded:
            self._rubrics.loaded[rubric_id] = load_rubric(path)
        return self._rubrics.loaded[rubric_id]

    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario that loads; what the others suffer from is among `problems`."""
        return tuple(self._sound(self.scenario, self.scenario_ids()))

    def rubrics(self) -> tuple[Rubric, ...]:
        """Every rubric that loads; what the others suffer from is among `problems`."""
        return tuple(self._sound(self.rubric, self.rubric_ids()))

    def _sound(self, load: Callable[[str], Item], ids: tuple[str, ...]) -> Iterator[Item]:
        for each in ids:
            try:
                yield load(each)
            except FileProblems as invalid:
                self._problems.update(dict.fromkeys(invalid.problems))

    def _shelve(self, folder: Path, shelf: _Shelf[Item]) -> None:
        try:
            paths = sorted(folder.iterdir()) if folder.is_dir() else []
        except OSError as error:
            reason = error.strerror or "unknown reason"
            self._problems[whole_file(folder, f"the folder cannot be read ({reason})")] = None
            return
        for path in paths:
            if path.suffix in SUFFIXES and not path.name.startswith((".", "_")):
                earlier = shelf.files.get(path.stem)
                if earlier is not None:
                    note = f"{shelf.what} {path.stem}: {path} is used in place of {earlier}"
                    self._notes.append(visible(note))
                shelf.files[path.stem] = path


def _distinct(roots: Sequence[Path]) -> list[Path]:
    """The roots with each folder once, where it comes last: it is no override of itself."""
    by_place = {os.path.realpath(root): root for root in reversed(roots)}
    return list(reversed(by_place.values()))


def _rubric_order(rubric_id: str) -> tuple[int, str]:
    known = rubric_id in RUBRICS
    return (RUBRICS.index(rubric_id) if known else len(RUBRICS), rubric_id)


def _find(shelf: _Shelf[Item], name: str) -> Path:
    if name in shelf.files:
        return shelf.files[name]
    if name.endswith(SUFFIXES):
        return Path(name)
    known = sorted(shelf.files)
    there = f"there are {listed(known)}" if known else f"there are no {shelf.what} files at all"
    raise InputProblem(f"no {shelf.what} is called {quoted(name)}; {there}{nearest(name, known)}")
