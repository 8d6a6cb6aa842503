"""doctor and config: where the model's settings come from, and whether it answers."""

import importlib.util
import json
from pathlib import Path

import keyring
import pytest
from tests.llm.memory_keyring import Memory
from tests.llm.misbehaving import (
    expired_key,
    loopback,
    misbehaving,
    model_not_found,
    refuses_parameter,
    says,
    status,
    wrong_type,
)

__all__ = ["loopback", "misbehaving"]

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def ring(monkeypatch):
    backend = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def configured(misbehaving, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", misbehaving.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ALLIANCE_SIM_MODEL", "m")
    monkeypatch.setenv("ALLIANCE_SIM_RETRIES", "0")
    return misbehaving


def test_doctor_without_a_model_is_content(cli):
    done = cli("doctor")
    assert done.code == 0
    assert "none configured; clients speak with their authored voice" in done.out


def test_doctor_asks_the_model(cli, configured):
    configured.script(says("Hello there."), says('{"number": 4}'))
    done = cli("doctor")
    assert done.code == 0
    assert f"base_url = {configured.url} (OPENAI_BASE_URL)" in done.out
    assert "model = m (ALLIANCE_SIM_MODEL)" in done.out
    assert "key = set (OPENAI_API_KEY)" in done.out
    assert "Hello there." in done.out
    assert "JSON schema" in done.out
    assert KEY not in done.out + done.err


def test_doctor_says_what_the_server_cannot_do(cli, configured):
    configured.script(refuses_parameter("response_format", says('{"number": 4}')))
    done = cli("doctor")
    assert done.code == 0
    assert "takes no JSON schema" in done.out
    assert "tells no usage" in done.out


@pytest.mark.parametrize(
    ("behave", "words"),
    [
        (expired_key, ("401", "has expired")),
        (model_not_found, ("404", "does not exist")),
        (status(500, "the disk is full"), ("500", "the disk is full")),
        (wrong_type, ("text/html",)),
    ],
    ids=["expired", "model", "server", "type"],
)
def test_doctor_names_the_fault(cli, configured, behave, words):
    configured.script(behave)
    done = cli("doctor")
    assert done.code == 4
    for word in (configured.url, "model m", *words):
        assert word in done.out
    assert len(done.err.splitlines()) == 1
    assert KEY not in done.out + done.err


def test_doctor_finds_the_only_model_of_a_server(cli, configured, monkeypatch):
    monkeypatch.delenv("ALLIANCE_SIM_MODEL")
    listed = json.dumps({"object": "list", "data": [{"id": "the-one"}]}).encode()
    configured.script(
        lambda exchange: exchange.whole(200, listed), says("Hello."), says('{"number": 4}')
    )
    done = cli("doctor")
    assert done.code == 0
    assert "the-one at" in done.out


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("ALLIANCE_SIM_TEMPERATURE", "hot", 2), ("OPENAI_BASE_URL", "nowhere", 2)],
)
def test_doctor_names_a_bad_setting(cli, monkeypatch, name, value, code):
    monkeypatch.setenv(name, value)
    done = cli("doctor")
    assert done.code == code
    assert name in done.out


def test_doctor_with_a_model_file(cli, tmp_path, monkeypatch):
    assert cli("doctor", "--gguf", str(tmp_path / "none.gguf")).code == 3
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = cli("doctor", "--gguf", str(tmp_path / "m.gguf"))
    assert done.code == 2
    assert "alliance-sim[local]" in done.err


def test_config_sets_shows_and_unsets(cli, isolated):
    path = Path(cli("config", "path").out.strip())
    assert path.is_relative_to(isolated)
    assert cli("config", "set", "model", "m").code == 0
    assert cli("config", "set", "temperature", "0.7").code == 0
    shown = cli("config", "show").out
    assert "0.7" in shown
    assert str(path) in shown
    assert path.read_text("utf-8") == 'model = "m"\ntemperature = 0.7\n'
    assert cli("config", "unset", "model").code == 0
    assert path.read_text("utf-8") == "temperature = 0.7\n"


def test_config_says_when_another_place_wins(cli, monkeypatch):
    monkeypatch.setenv("ALLIANCE_SIM_MODEL", "of-the-environment")
    done = cli("config", "set", "model", "m")
    assert "of-the-environment (ALLIANCE_SIM_MODEL)" in done.err


def test_another_configuration_file(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("ALLIANCE_SIM_CONFIG", str(tmp_path / "mine.toml"))
    assert cli("config", "set", "seed", "7").code == 0
    assert (tmp_path / "mine.toml").read_text("utf-8") == "seed = 7\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "modle", "m"), "did you mean model"),
        (("set", "temperature", "hot"), "0 to 2"),
        (("set", "api_key", KEY), "set-key"),
        (("unset", "modle"), "did you mean model"),
    ],
)
def test_slips_of_config(cli, isolated, words, told):
    done = cli("config", *words)
    assert done.code == 2
    assert told in done.err
    assert KEY not in done.err
    assert not list(isolated.rglob("config.toml"))


def test_a_broken_file_can_still_be_found(cli, tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    path.write_text("model = \n", "utf-8")
    monkeypatch.setenv("ALLIANCE_SIM_CONFIG", str(path))
    done = cli("config", "show")
    assert done.code == 3
    assert f"{path}:1:" in done.err
    assert cli("config", "path").out.strip() == str(path)


def test_a_key_goes_into_the_keyring_and_nowhere_else(cli, ring, isolated, monkeypatch):
    url = "http://localhost:9/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    done = cli("config", "set-key", stdin=f"{KEY}\n")
    assert done.code == 0
    assert ring.kept == {("alliance-sim", url): KEY}
    shown = cli("config", "show")
    assert "the system's keyring" in shown.out
    assert KEY not in done.out + done.err + shown.out
    assert not any(KEY.encode() in p.read_bytes() for p in isolated.rglob("*") if p.is_file())
    assert "gone" in cli("config", "unset-key").err
    assert not ring.kept


def test_no_key_is_no_change(cli, ring):
    done = cli("config", "set-key", stdin="\n")
    assert done.code == 2
    assert "nothing was changed" in done.err


def test_a_system_without_a_keyring(cli):
    done = cli("config", "set-key", stdin=f"{KEY}\n")
    assert done.code == 4
    assert "OPENAI_API_KEY" in done.err
    assert KEY not in done.err
