"""The command line as a whole: what is loaded for which words, and that nothing is missing."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from alliance_sim.cli.app import COMMANDS, COMPLETION, app_of, needed
from alliance_sim.cli.main import run


def test_each_command_is_there_with_what_it_is_for():
    group = typer.main.get_command(app_of())
    assert set(group.commands) == set(COMMANDS)
    assert all(command.get_short_help_str() for command in group.commands.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_by_itself_is_what_it_is_among_all(name):
    alone = typer.main.get_command(app_of([name])).commands[name]
    among = typer.main.get_command(app_of()).commands[name]
    assert alone.get_short_help_str() == among.get_short_help_str()
    assert list(getattr(alone, "commands", ())) == list(getattr(among, "commands", ()))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["audit", "list"], ["audit"]),
        (["audit"], ["audit"]),
        ([], ["practice"]),
        (["--help"], list(COMMANDS)),
        (["--store", "x", "audit"], list(COMMANDS)),
        (["audits"], list(COMMANDS)),
    ],
)
def test_no_more_is_loaded_than_can_be_meant(words, names):
    assert list(needed(words, {})) == names
    assert list(needed(words, {COMPLETION: "complete_bash"})) == list(COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ("--store", "other.db", "cohort", "list"),
        ("cohort", "list", "--store", "other.db"),
        ("--store", "wrong.db", "cohort", "list", "--store", "other.db"),
    ],
)
def test_a_store_is_named_before_the_command_or_after_it(cli, words):
    assert cli("cohort", "add", "spring", "--title", "S", "--store", "other.db").code == 0
    assert "spring" in cli(*words).out
    assert "spring" not in cli("cohort", "list").out
    assert not Path("wrong.db").exists()


def test_a_store_is_named_before_the_command_of_a_group_that_is_one_itself(cli):
    assert cli("worker", "--store", "other.db", "status").code == 0
    assert Path("other.db").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("worker", "--once", "run"),
            "--once has no effect before run; write it behind, or leave it out",
        ),
        (("worker", "--per-minute", "3", "status"), "--per-minute has no effect before status"),
        (
            ("serve", "--port", "9", "revoke", "t-1", "--people", "p"),
            "--port has no effect before revoke",
        ),
    ],
)
def test_no_option_is_passed_over(cli, words, told):
    done = cli(*words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_the_shell_is_told_all_commands():
    program = (
        "import sys; from alliance_sim.cli.main import run; sys.argv[0] = 'alliance-sim'; run()"
    )
    asked = {COMPLETION: "complete_bash", "COMP_WORDS": "alliance-sim ", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=asked
    )
    assert set(COMMANDS) <= set(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--version"], 0, "alliance-sim "),
        (["--help"], 0, "worker"),
        (["audit", "--help"], 0, "list"),
        (["nosuch"], 2, "No such command"),
        (["audit", "nosuch"], 2, "No such command"),
        (["--nosuch"], 2, "No such option"),
    ],
)
def test_words_come_to_a_code_and_a_text(words, code, told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["alliance-sim", *words])
    with pytest.raises(SystemExit) as ended:
        run()
    said = "".join(capsys.readouterr())
    assert (ended.value.code, told in said) == (code, True), said
