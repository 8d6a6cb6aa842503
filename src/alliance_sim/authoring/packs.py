"""Packs: scenarios and rubrics of somebody else, put in as a folder or a zip file.

A pack holds `scenarios/` and `rubrics/` with YAML files. It is checked whole before anything of it
is kept, and is either put in entirely or not at all.
"""

import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from alliance_sim.authoring.loader import load_rubric, load_scenario
from alliance_sim.authoring.problems import FileProblems, listed, quoted, visible
from alliance_sim.authoring.yaml_source import MOST_BYTES
from alliance_sim.errors import InputProblem

KINDS = ("scenarios", "rubrics")
SUFFIXES = (".yaml", ".yml")
MOST_FILES = 500
MOST_OF_ALL = 40_000_000
"""Bytes of all files of a pack together, unpacked."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")


@dataclass(frozen=True)
class Pack:
    """What is in a pack."""

    name: str
    folder: Path
    scenarios: tuple[str, ...]
    """Ids, in alphabetical order."""
    rubrics: tuple[str, ...]


def installed(packs: Path) -> tuple[Pack, ...]:
    """The packs that are in, by name; what else lies in the folder is passed over."""
    if not packs.is_dir():
        return ()
    return tuple(_pack(folder) for folder in sorted(packs.iterdir()) if _is_pack(folder))


def add(source: Path, packs: Path, types: Collection[str]) -> Pack:
    """Check a pack, and put it into the folder of packs. Named after its folder or file.

    Raises InputProblem, with every problem of its files, where it is not sound, holds what is no
    pack's business, or has an id that another pack has; nothing is changed then.
    """
    name = source.name.removesuffix(".zip").casefold().replace(" ", "-")
    if not _NAME.fullmatch(name):
        raise InputProblem(f"{source}: a pack's name has letters, digits, - and _; rename it")
    if (packs / name).exists():
        raise InputProblem(f"a pack {quoted(name)} is in already; remove it first")
    try:
        packs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=packs) as scratch:
            folder = Path(scratch) / name
            folder.mkdir()
            _unpack(source, folder)
            pack = _checked(folder, source, types)
            _apart_from(installed(packs), pack)
            os.rename(folder, packs / name)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise InputProblem(f"{source}: cannot be put in ({reason})") from None
    return _pack(packs / name)


def remove(name: str, packs: Path) -> Pack:
    """Take a pack out. Raises InputProblem where there is none of that name."""
    found = {pack.name: pack for pack in installed(packs)}
    if name not in found:
        there = f"; there are {listed(found)}" if found else "; no pack is in"
        raise InputProblem(f"there is no pack {quoted(name)}{there}")
    shutil.rmtree(found[name].folder)
    return found[name]


def _is_pack(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith(".")


def _pack(folder: Path) -> Pack:
    return Pack(folder.name, folder, *(_ids(folder / kind) for kind in KINDS))


def _ids(folder: Path) -> tuple[str, ...]:
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.stem for path in folder.iterdir() if path.suffix in SUFFIXES))


def _unpack(source: Path, folder: Path) -> None:
    files = _from_folder(source) if source.is_dir() else _from_zip(source)
    total = 0
    for count, (place, data) in enumerate(files, start=1):
        total += len(data)
        if count > MOST_FILES:
            raise InputProblem(f"{source}: more than {MOST_FILES} files; split the pack")
        if total > MOST_OF_ALL:
            raise InputProblem(f"{source}: more than {MOST_OF_ALL // 10**6} MB; split the pack")
        target = folder / place
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)


def _from_folder(source: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    for kind in KINDS:
        inside = source / kind
        if inside.is_symlink():
            raise InputProblem(f"{inside}: a link; put the folder itself into the pack")
        for path in sorted(inside.iterdir()) if inside.is_dir() else ():
            if path.suffix not in SUFFIXES:
                continue
            if path.is_symlink() or not path.is_file():
                raise InputProblem(f"{path}: a link or no file; put the file itself into the pack")
            if path.stat().st_size > MOST_BYTES:
                raise InputProblem(f"{path}: larger than {MOST_BYTES // 10**6} MB")
            yield PurePosixPath(kind, path.name), path.read_bytes()


def _from_zip(source: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    if not source.is_file():
        raise InputProblem(f"{source}: there is no such folder or file; check the name")
    try:
        with zipfile.ZipFile(source) as archive:
            for item in archive.infolist():
                place = _place(source, item)
                if place is not None:
                    yield place, _read(source, archive, item)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as problem:
        said = visible(str(problem)) or "it is broken"
        raise InputProblem(f"{source}: no zip file that can be read ({said})") from None


def _place(source: Path, item: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a member goes; None for what a pack may hold beside its files.

    Raises InputProblem for a member that points out of the pack.
    """
    path = PurePosixPath(item.filename.replace("\\", "/"))
    name = f"{source}: {visible(item.filename)}"
    if path.is_absolute() or ".." in path.parts or ":" in item.filename:
        raise InputProblem(f"{name} points out of the pack; nothing was put in")
    if stat.S_ISLNK(item.external_attr >> 16):
        raise InputProblem(f"{name} is a link; put the file itself into the pack")
    parts = path.parts
    # As many programs do it, everything may stand in one folder named after the pack.
    if len(parts) == 3 and parts[0] not in KINDS:
        parts = parts[1:]
    if item.is_dir() or len(parts) != 2 or parts[0] not in KINDS or path.suffix not in SUFFIXES:
        return None
    return PurePosixPath(*parts)


def _read(source: Path, archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    """A member, as far as it is as small as a file may be, whatever its header says."""
    with archive.open(item) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        size = MOST_BYTES // 10**6
        raise InputProblem(f"{source}: {visible(item.filename)} unpacks to more than {size} MB")
    return data


def _checked(folder: Path, source: Path, types: Collection[str]) -> Pack:
    pack = _pack(folder)
    if not pack.scenarios and not pack.rubrics:
        raise InputProblem(f"{source}: no YAML file in scenarios/ or rubrics/; it is no pack")
    problems = []
    for kind in KINDS:
        inside = folder / kind
        for path in sorted(inside.iterdir()) if inside.is_dir() else ():
            try:
                if kind == "scenarios":
                    load_scenario(path, types)
                else:
                    load_rubric(path)
            except FileProblems as found:
                # As the author knows the file, not as it lies in the scratch folder.
                problems += [str(each).replace(f"{folder}/", "") for each in found.problems]
    if problems:
        raise InputProblem("\n".join(f"{source}: {problem}" for problem in problems))
    _no_id_twice(folder, source)
    return pack


def _no_id_twice(folder: Path, source: Path) -> None:
    for kind in KINDS:
        ids = _ids(folder / kind)
        for name in {each for each in ids if ids.count(each) > 1}:
            raise InputProblem(f"{source}: two files have the id {quoted(name)}; rename one")


def _apart_from(others: Collection[Pack], pack: Pack) -> None:
    for other in others:
        both = {*pack.scenarios} & {*other.scenarios} | {*pack.rubrics} & {*other.rubrics}
        if both:
            raise InputProblem(
                f"{quoted(min(both))} is in the pack {quoted(other.name)} already; remove that "
                "pack, or give the file another id"
            )
