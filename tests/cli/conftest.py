"""The command line, driven in the process: arguments and input in, code and both streams out."""

import io
import sys
from dataclasses import dataclass

import pytest

from alliance_sim.cli.app import run
from alliance_sim.cli.exits import guarded


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def cli(monkeypatch, capsys):
    def call(*words: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["alliance-sim", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = guarded(run)
        out, err = capsys.readouterr()
        return Result(int(code), out, err)

    return call
