"""A server that is set up as the model, for commands that ask one."""

import pytest
from tests.llm.misbehaving import serve

__all__ = ["KEY", "server"]

KEY = "sk-test-0123456789abcdef"


@pytest.fixture
def server(monkeypatch, loopback):
    """What it is told to do, and what it was asked; see `tests.llm.misbehaving`."""
    told, http = serve()
    for name, value in {
        "OPENAI_BASE_URL": told.url,
        "OPENAI_API_KEY": KEY,
        "ALLIANCE_SIM_MODEL": "served-model",
        "ALLIANCE_SIM_RETRIES": "0",
    }.items():
        monkeypatch.setenv(name, value)
    yield told
    told.stopped.set()
    http.shutdown()
    http.server_close()
