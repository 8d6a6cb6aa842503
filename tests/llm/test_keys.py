"""The system's keyring, where it works and where there is none."""

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as Forgetful
from tests.llm.memory_keyring import Memory

from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.keys import SystemKeyring

URL = "https://host/v1"


@pytest.fixture
def using(monkeypatch):
    def use(backend):
        monkeypatch.setattr(keyring.core, "_keyring_backend", backend)

    return use


def test_keys_are_kept_by_address(using):
    using(Memory())
    ring = SystemKeyring()
    assert ring.get(URL) is None
    ring.set(URL, "sesame")
    assert ring.get(URL) == "sesame"
    assert ring.get("https://other/v1") is None
    assert ring.delete(URL)
    assert not ring.delete(URL)


def test_a_system_without_a_keyring_has_no_key_and_no_error(using):
    using(NoKeyring())
    assert SystemKeyring().get(URL) is None
    assert not SystemKeyring().delete(URL)


def test_a_key_that_cannot_be_kept_is_said_but_not_repeated(using):
    for backend in (NoKeyring(), Forgetful()):
        using(backend)
        with pytest.raises(EndpointProblem, match="OPENAI_API_KEY") as caught:
            SystemKeyring().set(URL, "sesame")
        assert "sesame" not in str(caught.value)
