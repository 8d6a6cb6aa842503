"""From plain values to a Backend."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from alliance_sim.domain.clean import printable
from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Fault, ModelProblem

__all__ = ["only_model", "open_endpoint", "open_gguf"]

LISTED = 10
"""Names of models that a message lists."""


def only_model(endpoint: Endpoint) -> str:
    """The model of a server that has exactly one, as those on one's own machine often do.

    Raises EndpointProblem where there are several to choose from, or none is told.
    """

    async def ask() -> list[str]:
        backend = OpenAIBackend(replace(endpoint, retries=0))
        try:
            return await backend.models()
        finally:
            await backend.close()

    with ThreadPoolExecutor(1) as aside:  # the caller may have an event loop running
        try:
            names = aside.submit(asyncio.run, ask()).result()
        except ModelProblem as problem:
            if problem.fault in (Fault.UNREACHABLE, Fault.KEY, Fault.TIMEOUT):
                raise
            names = []
    if len(names) == 1:
        return names[0]
    has = f"; {endpoint.base_url} has {', '.join(sorted(names)[:LISTED])}" if names else ""
    raise EndpointProblem(
        "no model is named: set ALLIANCE_SIM_MODEL, or alliance-sim config set model NAME"
        + printable(has, lines=False)
    )


def open_endpoint(endpoint: Endpoint) -> OpenAIBackend:
    """A backend on a server that is running somewhere. Connects when it is first asked."""
    return OpenAIBackend(endpoint)


def open_gguf(
    path: Path,
    progress: Callable[[float], None] = lambda _share: None,
    tuned: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint,
) -> OpenAIBackend:
    """A backend on a model file, served on this machine until the backend is closed.

    progress: called with the share loaded, 0–1. tuned: puts the settings of a call on the
    endpoint. Raises UsageProblem, InputProblem and EndpointProblem as LocalServer does.
    """
    from alliance_sim.llm.local import LocalServer  # noqa: PLC0415

    server = LocalServer(path, progress)
    try:
        # One model on one machine answers one request at a time; a queue would only time out.
        endpoint = replace(tuned(server.endpoint), max_concurrent=1)
        return OpenAIBackend(endpoint, closing=server.close)
    except BaseException:
        server.close()
        raise
