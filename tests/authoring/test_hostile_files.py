"""Files that would hurt a careless reader: each gets one clear line, and no traceback."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from alliance_sim.authoring.loader import check_rubric, check_scenario, load_rubric, load_scenario
from alliance_sim.authoring.yaml_source import MOST_BYTES
from alliance_sim.errors import Exit, InputProblem

BOMB = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def bytes_of(data: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def fifty_megabytes(path: Path) -> None:
    path.write_bytes(b"a: b\n")
    os.truncate(path, 50_000_000)


CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (lambda path: None, "1:1: there is no such file"),
    "folder": (lambda path: path.mkdir(), "1:1: a folder, not a file"),
    "loop of links": (lambda path: path.symlink_to(path), "1:1: a link that leads back to itself"),
    "pipe": (os.mkfifo, "1:1: not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "1:1: not a regular file"),
    "50 MB": (fifty_megabytes, "1:1: the file is larger than 2 MB"),
    "empty": (bytes_of(b""), "1:1: the file is empty"),
    "UTF-16": (bytes_of("id: x".encode("utf-16")), "1:1: the file is UTF-16; save it as UTF-8"),
    "not UTF-8": (bytes_of(b"id: x\ntitle: caf\xe9\n"), "2:11: byte 0xe9 is not UTF-8"),
    "binary": (bytes_of(bytes(range(128)) * 100), "1:1: a control character (U+0000)"),
    "tab": (bytes_of(b"client:\n\tname: x\n"), "2:1: a tab where the indent should be"),
    "10,000 deep": (bytes_of(b"[" * 10_000), "1:41: nested more than 40 deep"),
    "200,000 deep": (bytes_of(b"[" * 200_000), "1:41: nested more than 40 deep"),
    "200,000 deep in fields": (bytes_of(b"{a: " * 200_000), "1:161: nested more than 40 deep"),
    "200,000 deep in items": (bytes_of(b"- " * 200_000), "1:81: nested more than 40 deep"),
    "deep indent": (
        bytes_of(b"".join(b" " * n + b"a:\n" for n in range(1_500))),
        "41:41: nested more than 40 deep",
    ),
    "aliases": (bytes_of(BOMB.encode()), '1:4: "&a" is an anchor; remove it'),
    "too many values": (bytes_of(b"[" + b"x," * 900_000 + b"]"), "more than 10000 values"),
    "python object": (
        bytes_of(b"id: !!python/object/apply:os.system ['exit 9']\n"),
        '1:5: the tag "tag:yaml.org,2002:python/object/apply:os.system" is not used here',
    ),
    "many wrong names": (
        bytes_of(b"".join(b"titl%d: x\n" % n for n in range(4_000))),
        'there is no field "titl1"; did you mean "title"?',
    ),
    "many wrong references": (
        bytes_of(
            b"topics:\n" + b"".join(b"- {id: t%d, leads_to: [u%d]}\n" % (n, n) for n in range(1500))
        ),
        "1:1: 1500 topics; a scenario has at most 200",
    ),
    "a long chain": (
        bytes_of(
            b"disclosures:\n"
            + b"".join(b"- {id: d%d, requires: [d%d]}\n" % (n, n + 1) for n in range(1_500))
        ),
        "1:1: 1500 disclosures; a scenario has at most 200",
    ),
    "a word": (bytes_of(b"hello\n"), '1:1: the file should hold fields ("name: value" lines)'),
    "a list": (bytes_of(b"- a\n"), "1:1: the file should hold fields"),
    "many duplicates": (bytes_of(b"id: x\n" * 4_000), '2:1: "id" is given twice, first on line 1'),
    "a long name": (bytes_of(b'"' + b"x" * 900 + b'": 1\n'), 'there is no field "xxx'),
    "a huge name": (bytes_of(b'"' + b"x" * 1_900_000 + b'": 1\n'), "1:1"),
    "a terminal's escape": (bytes_of(b"id: \x1b]0;gotcha\x07\n"), "1:5: a control character"),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    make, expected = CASES[request.param]
    path = tmp_path / "x.yaml"
    make(path)
    return path, expected


@pytest.mark.parametrize("load", [load_scenario, load_rubric])
def test_a_clear_line(load: Callable[[Path], object], case: tuple[Path, str]) -> None:
    path, expected = case
    with pytest.raises(InputProblem) as raised:
        load(path)
    lines = str(raised.value).splitlines()
    if load is load_rubric and "a scenario has" in expected:
        expected = 'there is no field "'
    assert any(line.startswith(f"{path}:") and expected in line for line in lines), lines[:3]
    assert len(lines) <= 101
    assert all(len(line) < 1_500 and line.isprintable() for line in lines)
    assert raised.value.exit is Exit.INPUT


@pytest.mark.parametrize("check", [check_scenario, check_rubric])
def test_checking_raises_nothing(
    check: Callable[[Path], tuple[object, ...]], case: tuple[Path, str]
) -> None:
    assert check(case[0])


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("id: x\n", encoding="utf-8")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("alliance_sim.authoring.files.os.open", refuse)
    with pytest.raises(InputProblem, match="may not be read; give yourself permission"):
        load_scenario(path)


@pytest.mark.parametrize("name", ["x\0.yaml", "y" * 5000 + ".yaml"])
def test_names_no_file_can_have(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=r"not a name a file can have|the name is too long"):
        load_scenario(tmp_path / name)


def test_a_name_with_an_escape_in_it_is_shown_harmless(tmp_path: Path) -> None:
    with pytest.raises(InputProblem) as raised:
        load_scenario(tmp_path / "a\x1b[2Jb.yaml")
    assert "a?[2Jb.yaml:1:1: there is no such file" in str(raised.value)


def test_the_bound_itself_is_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"id: x\n#" + b"x" * (MOST_BYTES - 7))
    with pytest.raises(InputProblem, match='there is no "title"'):
        load_scenario(path)
