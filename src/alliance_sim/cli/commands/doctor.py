"""`doctor`: what the program found, where, and whether it works."""

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim import __version__
from alliance_sim.cli import options
from alliance_sim.cli.wiring import data_folder, open_library, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend
    from alliance_sim.llm.probes import Finding


def doctor(store: options.Store = None, gguf: options.Gguf = None) -> None:
    """Say where everything is, and whether it can be used. 3: library; 4: model; 5: store."""
    from alliance_sim.authoring.library import shipped_root

    _say("program", f"alliance-sim {__version__}, Python {platform.python_version()}")
    _say("system", f"{platform.system()} {platform.release()}")
    _say("terminal", _terminal())
    _say("data folder", str(data_folder()))
    _say("library", str(shipped_root()))
    problems = [found for found in (_library(), _store(store), _model(gguf)) if found]
    if problems:
        raise problems[0]


def _say(name: str, value: str) -> None:
    sys.stdout.write(f"{name:<12} {printable(value, lines=False)}\n")


def _terminal() -> str:
    if not sys.stdout.isatty():
        return "none (output goes to a pipe or file); use practice --plain"
    size = os.get_terminal_size()
    colour = "no colour (NO_COLOR)" if os.environ.get("NO_COLOR") else os.environ.get("TERM", "?")
    room = "" if size.columns >= 80 and size.lines >= 24 else "; 80x24 is the least that fits"
    return f"{size.columns}x{size.lines}, {colour}{room}"


def _library() -> AllianceError | None:
    library = open_library()
    clients, rubrics = library.scenarios(), library.rubrics()
    _say("clients", ", ".join(scenario.id for scenario in clients) or "none")
    _say("rubrics", ", ".join(rubric.id for rubric in rubrics) or "none")
    for problem in library.problems:
        _say("problem", str(problem))
    from alliance_sim.errors import InputProblem

    broken = len(library.problems)
    return InputProblem(f"{broken} problem(s) in the library, above") if broken else None


def _store(given: str | None) -> AllianceError | None:
    where = given or os.environ.get("ALLIANCE_SIM_STORE")
    source = "--store" if given else "ALLIANCE_SIM_STORE" if where else "default"
    try:
        with open_store(given) as opened:
            count, label = opened.count(), opened.label
    except AllianceError as problem:
        _say("store", f"cannot be used: {problem}")
        return problem
    _say("store", f"{label} ({source}), {count} session(s)")
    return None


def _model(gguf: Path | None) -> AllianceError | None:
    """The settings of the model with their sources, and two small questions to it."""
    from alliance_sim.cli.models import loading, model_setup

    setup = model_setup(gguf=gguf)
    try:
        there = "" if setup.config.exists() else " (not there, none needed)"
        _say("config", f"{setup.config}{there}")
        if not setup.configured():
            _say("model", "none configured; clients speak with their authored voice")
            return None
        settings = setup.settings()
        for shown in settings.shown():
            # A model file comes with waits and an address of its own in place of the defaults.
            if shown.value is not None and not (settings.gguf and shown.source == "default"):
                _say("setting", f"{shown.name} = {shown.value} ({shown.source})")
        with loading() as progress:
            backend = setup.open(progress)
    except AllianceError as problem:
        _say("model", f"cannot be used: {problem}")
        return problem
    _say("model", f"{backend.model} at {backend.endpoint.base_url}")
    if backend.endpoint.key is None and not backend.endpoint.local:
        _say("key", "not set; most servers want one")
    return _tell(_probed(backend))


def _probed(backend: "OpenAIBackend") -> "list[Finding]":
    import asyncio

    from alliance_sim.llm.probes import probe

    async def ask() -> "list[Finding]":
        try:
            return await probe(backend)
        finally:
            await backend.close()

    return asyncio.run(ask())


def _tell(findings: "list[Finding]") -> AllianceError | None:
    for finding in findings:
        _say(finding.kind.value, finding.text)
        if finding.problem is not None and finding.problem.body:
            _say("body", finding.problem.body)
    return next((found.problem for found in findings if found.kind == "fails"), None)
