"""The command line, driven in the process: arguments and input in, code and both streams out."""

import io
import sys
from dataclasses import dataclass

import pytest

from alliance_sim.cli.app import run
from alliance_sim.cli.exits import guarded

REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice, and it stings.\n"


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


@pytest.fixture
def held(cli):
    """A session that was held over a pipe."""
    done = cli("practice", "mandated", "--plain", "--seed", "7", stdin=REPLIES)
    assert done.code == 0
