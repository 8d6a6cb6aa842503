"""The user's configuration file: a flat TOML table, read, and changed a line at a time."""

import contextlib
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from alliance_sim.domain.clean import storable
from alliance_sim.errors import InputProblem

__all__ = ["change", "read"]

LARGEST = 100_000
"""Bytes; a configuration is a few lines."""

_PLACE = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")
_KEY_NAMES = ("key", "api_key", "openai_api_key")


def read(path: Path, names: Mapping[str, object]) -> dict[str, str]:
    """Settings by name, as text; nothing where there is no such file.

    names: the settings that there are. Raises InputProblem (`path:line:col: …`) for a file that
    is no TOML, holds another name, a nested value, or a key, which belongs into the keyring.
    """
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = _PLACE.fullmatch(str(problem))
        told, place = (found[1], f"{found[2]}:{found[3]}") if found else (str(problem), "1:1")
        raise InputProblem(f"{path}:{place}: {told}; a line is written name = value") from None
    return {name: _value(path, text, name, value, names) for name, value in data.items()}


def change(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set these settings, or take away those that are None; all other lines stay as they are.

    The file is made if need be, readable by its owner only, and is never left half written.
    Raises InputProblem where it cannot be written, or cannot hold a value.
    """
    lines = _text(path).splitlines()
    for name, value in changes.items():
        if value is not None and value != storable(value):
            raise InputProblem(f"{path}: {name} has characters that no file of text can hold")
        line = None if value is None else f"{name} = {_literal(value)}"
        at = _line(lines, name)
        if at is not None:
            lines[at : at + 1] = [] if line is None else [line]
        elif line is not None:
            lines.append(line)
    _write(path, "".join(f"{line}\n" for line in lines))


def _value(path: Path, text: str, name: str, value: object, names: Mapping[str, object]) -> str:
    at = _line(text.splitlines(), name)
    place = f"{path}:{1 if at is None else at + 1}:1"
    if name.lower() in _KEY_NAMES:
        raise InputProblem(
            f"{place}: a key is not kept in this file; take the line out, and save the key with: "
            "alliance-sim config set-key"
        )
    if name not in names:
        raise InputProblem(f"{place}: no setting is called {name!r}; there are {', '.join(names)}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputProblem(f"{place}: {name} is a number or a text in quotes")
    return str(value)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return ""
    except OSError as problem:
        raise InputProblem(f"{path}: {problem.strerror or 'cannot be read'}") from None
    if len(data) > LARGEST:
        raise InputProblem(f"{path}: larger than a configuration file can be")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputProblem(f"{path}: not a text file in UTF-8") from None


def _line(lines: list[str], name: str) -> int | None:
    start = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    return next((at for at, line in enumerate(lines) if start.match(line)), None)


def _literal(value: str) -> str:
    """A number as such, all else as a TOML string."""
    if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped)
    return f'"{escaped}"'


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as problem:
        raise InputProblem(f"{path}: cannot be written: {problem.strerror}") from None
