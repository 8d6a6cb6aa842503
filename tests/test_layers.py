"""Imports go downward only, and nothing below the screens brings a screen in."""

import subprocess
import sys
from pathlib import Path

import pytest

import alliance_sim

PACKAGE = Path(alliance_sim.__file__).parent


def modules(*packages: str) -> list[str]:
    found = []
    for package in packages:
        for path in sorted((PACKAGE / package).rglob("*.py")):
            if not {"migrations", "fit"}.isdisjoint(path.parts):
                continue
            dotted = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            found.append(dotted.removesuffix(".__init__"))
    return found


def brought_in(names: list[str]) -> set[str]:
    """The top-level packages that a fresh process has loaded after importing these modules."""
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_core_runs_without_any_screen():
    core = modules(
        "domain",
        "authoring",
        "store",
        "coding",
        "client",
        "scoring",
        "runtime",
        "plain",
        "reporting",
    )
    assert len(core) > 40
    assert not {"textual", "rich", "typer"} & brought_in(core)


def test_help_brings_in_nothing_heavy():
    loaded = brought_in(["alliance_sim.cli.app", *modules("cli/commands")])
    assert not {"textual", "rich", "pydantic", "sqlalchemy", "yaml", "numpy"} & loaded


def test_what_is_answered_at_once_brings_in_no_commands():
    loaded = brought_in(["alliance_sim.cli.main"])
    assert not {"typer", "textual", "rich", "pydantic", "sqlalchemy", "yaml", "psycopg"} & loaded


def test_a_plain_session_brings_in_no_screen_and_no_migrations():
    loaded = brought_in(["alliance_sim.plain.practice", "alliance_sim.store.repository"])
    assert not {"textual", "numpy", "alembic"} & loaded


def test_the_web_server_itself_draws_nothing():
    pytest.importorskip("textual_serve", reason="the extra web is not installed")
    served = modules("web")
    assert len(served) > 5
    assert not {"textual", "typer", "sqlalchemy", "numpy"} & brought_in(served)


def test_the_contracts_are_kept():
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    root = PACKAGE.parent.parent
    if not (root / "pyproject.toml").is_file():
        pytest.skip("the contracts are in the checkout's pyproject.toml")
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_code_file_is_over_500_lines():
    long = {
        str(path): count
        for path in PACKAGE.rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 500
    }
    assert not long
