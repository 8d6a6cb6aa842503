"""A model's draft of a scenario, from the command line."""

import asyncio
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alliance_sim.authoring.loader import SCHEMA_LINE, check_scenario
from alliance_sim.authoring.problems import Severity
from alliance_sim.authoring.yaml_source import parse_yaml
from alliance_sim.cli.models import open_backend
from alliance_sim.cli.wiring import narrate
from alliance_sim.client.dynamics import load_dynamics
from alliance_sim.runtime.drafting import draft


def drafted(wish: str, starter: str, schema: str, name: str) -> str:
    """The text of a draft. What is still wrong with it is told; the author mends it.

    Raises EndpointProblem where no model is configured, and ModelProblem where it does not answer.
    """
    backend = open_backend()
    narrate("Asking the model for a draft …")

    async def ask() -> tuple[str, Sequence[str]]:
        data = parse_yaml(starter, name).data
        assert isinstance(data, dict)  # noqa: S101 - the starter is our own
        try:
            return await draft(
                wish, data, backend, lambda text: _errors(text, name), random.SystemRandom()
            )
        finally:
            await backend.close()

    text, found = asyncio.run(ask())
    for problem in found:
        narrate(f"still to mend: {problem}")
    return f"# {SCHEMA_LINE}{schema}\n{text}"


def _errors(text: str, name: str) -> list[str]:
    """What `check` calls an error, at its place in the text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        found = check_scenario(path, frozenset(load_dynamics().types))
    return [
        f"line {problem.line}: {problem.message}"
        for problem in found
        if problem.severity is Severity.ERROR
    ]
