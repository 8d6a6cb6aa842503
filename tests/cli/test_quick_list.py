"""The list of sessions that is answered at once says what the command says, or leaves it to it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from alliance_sim.cli.main import run
from alliance_sim.cli.quick_list import Asked, listed, read
from alliance_sim.domain.events import Ended, Ending, SessionOpened
from alliance_sim.domain.transcript import Pace
from alliance_sim.store.repository import Store

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def opened(scenario):
    return SessionOpened(
        scenario=scenario, scenario_version="1", seed=1, pace=Pace.UNTIMED, wpm=160, max_turns=40
    )


@pytest.fixture
def filled(either_address):
    with Store.open(either_address) as store:
        for number in range(9):
            scenario = ("wary", "teen")[number % 2]
            events = [opened(scenario), *([Ended(ending=Ending.PLANNED_CLOSE)] * (number > 4))]
            store.append(f"s{number}", events, at=START + timedelta(minutes=number))
    return either_address


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--limit", "3"],
        ["--limit=1"],
        ["--limit", "9", "--scenario", "wary"],
        ["--scenario=teen", "--limit", "2", "--limit", "3"],
        ["--scenario", "nobody"],
    ],
)
def test_it_says_what_the_command_says(cli, capsys, filled, words):
    command = cli("sessions", "list", "--store", filled, *words)
    assert listed(["sessions", "list", "--store", filled, *words])
    assert (command.code, *capsys.readouterr()) == (0, command.out, command.err)


@pytest.mark.parametrize(
    "words",
    [
        ["sessions"],
        ["sessions", "show"],
        ["--store", "x", "sessions", "list"],
        ["sessions", "list", "--help"],
        ["sessions", "list", "last"],
        ["sessions", "list", "--limit"],
        ["sessions", "list", "--limit", "0"],
        ["sessions", "list", "--limit", "-1"],
        ["sessions", "list", "--limit", "٣"],
        ["sessions", "list", "--limit", "9" * 30],
        ["sessions", "list", "--limit", "many"],
        ["sessions", "list", "--colour", "red"],
        ["sessions", "list", "--scenario", ""],
        ["sessions", "list", "--scenario", "--limit"],
        [],
    ],
)
def test_what_else_is_said_is_left_to_the_command(words):
    assert read(words) is None
    assert not listed(words)


def test_the_last_word_counts_as_it_does_for_the_command():
    words = ["--store=postgresql://ann@db/x?a=b", "--limit", "2", "--limit", "07"]
    assert read(["sessions", "list", *words]) == Asked(None, 7, "postgresql://ann@db/x?a=b")


def test_a_store_that_is_not_there_yet_is_made_by_the_command(tmp_path, monkeypatch, capsys):
    path = tmp_path / "new.db"
    words = ["sessions", "list", "--store", str(path)]
    assert not listed(words)
    assert not path.exists()
    monkeypatch.setattr(sys, "argv", ["alliance-sim", *words])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 0
    assert path.exists()
    assert capsys.readouterr() == ("", "No sessions yet. Begin one with: alliance-sim\n")


def test_neither_commands_nor_the_store_are_loaded(filled):
    program = (
        "import sys; from alliance_sim.cli.main import run\n"
        "try: run()\n"
        "except SystemExit as ended: assert not ended.code\n"
        "print({'typer', 'pydantic', 'sqlalchemy'} & set(sys.modules))"
    )
    words = ["sessions", "list", "--limit", "1", "--store", filled]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout == "s8\twary\t0 turns\tplanned_close\t-\nset()\n"
    assert done.stderr == "and 8 older; --limit 9 lists them all\n"


def test_a_reader_that_has_gone_is_no_failure(filled):
    words = ["sessions", "list", "--limit", "9", "--store", filled]
    line = "import sys; from alliance_sim.cli.main import run; sys.argv[0] = 'alliance-sim'; run()"
    with subprocess.Popen(
        [sys.executable, "-c", line, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 0
