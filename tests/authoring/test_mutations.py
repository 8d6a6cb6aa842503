"""Sixty seeded single mistakes in files that ship: each is found, on its own line."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from alliance_sim.authoring.loader import check_scenario
from alliance_sim.client.dynamics import load_dynamics

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "scenarios").glob("*.yaml"))
TYPES = frozenset(load_dynamics().types)
EACH = 10
"""Mistakes of a kind."""


@dataclass(frozen=True)
class Mutant:
    """A file with one mistake, and the line, from 1, on which it is to be found."""

    path: Path
    lines: tuple[str, ...]
    line: int
    what: str


def _typo(word: str, rng: random.Random) -> str:
    """Two letters that stand beside one another and differ, exchanged."""
    places = [i for i in range(1, len(word) - 1) if word[i] != word[i + 1]]
    at = rng.choice(places or [0])
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def _changed(path: Path, rng: random.Random, pattern: str, change, what: str) -> Mutant:
    """One of the lines that match, with its first group changed."""
    lines = path.read_text("utf-8").split("\n")
    matches = [(n, m) for n, line in enumerate(lines) if (m := re.search(pattern, line))]
    number, match = rng.choice(matches)
    new = change(match.group(1), rng)
    assert new != match.group(1)
    start, end = match.span(1)
    lines[number] = lines[number][:start] + new + lines[number][end:]
    return Mutant(path, tuple(lines), number + 1, f"{what}: {match.group(1)} to {new}")


KEY = r"^\s*(?:- )?((?:title|gate|tripwires|instead|follow_up|met_by|kind|cues|guarded|opening)):"


def _key(path: Path, rng: random.Random) -> Mutant:
    return _changed(path, rng, KEY, _typo, "a key")


def _enum(path: Path, rng: random.Random) -> Mutant:
    pattern = r"^\s+(?:- )?(?:gate|kind): ([a-z_]+)$"
    return _changed(path, rng, pattern, lambda word, rng: f"{word}x", "a choice")


def _reference(path: Path, rng: random.Random) -> Mutant:
    pattern = r"^\s+(?:leads_to|topics): \[([a-z_]+)"
    return _changed(path, rng, pattern, lambda word, rng: f"{word}_gone", "a reference")


def _duplicate_id(path: Path, rng: random.Random) -> Mutant:
    """The second of two neighbours in one list takes the id of the first."""
    lines = path.read_text("utf-8").split("\n")
    start = lines.index("topics:")
    end = next(n for n in range(start + 1, len(lines)) if re.match(r"\w", lines[n]))
    ids = [n for n in range(start, end) if re.match(r"\s+- id: ", lines[n])]
    at = rng.randrange(1, len(ids))
    lines[ids[at]] = lines[ids[at - 1]]
    return Mutant(path, tuple(lines), ids[at] + 1, "a second topic of one id")


def _unquoted_no(path: Path, rng: random.Random) -> Mutant:
    pattern = r"^\s+- (\".*\")$"
    return _changed(path, rng, pattern, lambda _, rng: rng.choice(["no", "on", "yes"]), "a word")


def _indentation(path: Path, rng: random.Random) -> Mutant:
    """A key of an item stands one column further left than its neighbours."""
    pattern = r"^( +)(?:gate|tripwires|kind|when|title): "
    return _changed(path, rng, pattern, lambda gap, rng: gap[:-1], "indentation")


KINDS = (_key, _enum, _reference, _duplicate_id, _unquoted_no, _indentation)


def _mutants() -> list[Mutant]:
    rng = random.Random(60)
    return [kind(rng.choice(FILES), rng) for kind in KINDS for _ in range(EACH)]


MUTANTS = _mutants()


def test_there_are_sixty():
    assert len(MUTANTS) == 60


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.path.stem}-{m.line}-{m.what[:24]}")
def test_each_is_found_on_its_line(mutant, tmp_path):
    path = tmp_path / mutant.path.name
    path.write_text("\n".join(mutant.lines), encoding="utf-8")
    lines = {problem.line for problem in check_scenario(path, TYPES) if problem.severity == "error"}
    assert mutant.line in lines, (mutant.what, sorted(lines))


def test_the_files_themselves_have_no_finding():
    for path in FILES:
        assert check_scenario(path, TYPES) == (), path
