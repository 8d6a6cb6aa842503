"""A model file served on this machine: what can go wrong, and a real small model."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.llm.small_model import model_path

from alliance_sim.errors import EndpointProblem, InputProblem, UsageProblem
from alliance_sim.llm import local
from alliance_sim.llm.local import LocalServer, why_it_failed
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.opening import open_gguf
from alliance_sim.llm.port import Fault, Message, ModelProblem, Request, Schema

ASK = Request((Message("user", "Say hello."),), 8, temperature=0.0, seed=1)


@pytest.fixture
def gguf(tmp_path) -> Path:
    path = tmp_path / "some.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 100)
    return path


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(InputProblem, match=str(path)):
            LocalServer(path)


def test_a_file_of_another_kind(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(b"PK\3\4 and so on")
    with pytest.raises(InputProblem, match="not a GGUF file"):
        LocalServer(path)


def test_the_extra_is_named_where_it_is_missing(gguf, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageProblem, match=r"alliance-sim\[local\]"):
        LocalServer(gguf)


@pytest.mark.parametrize(
    ("code", "said", "problem", "words"),
    [
        (-9, [], EndpointProblem, "not enough memory"),
        (1, ["ggml_backend: failed to allocate buffer of size 9"], EndpointProblem, "memory"),
        (1, ["E error loading model: tensor is not within bounds"], InputProblem, "tensor is not"),
        (1, ["first", "RuntimeError: what\x1b[2J"], EndpointProblem, "RuntimeError: what"),
        (-11, [], EndpointProblem, "exit code -11"),
    ],
)
def test_why_a_server_failed(gguf, code, said, problem, words):
    found = why_it_failed(gguf, code, said)
    assert type(found) is problem
    assert words in str(found)
    assert str(gguf) in str(found)
    assert str(found).isprintable()


STAND_IN = """
import json, sys
asked = json.loads(sys.stdin.readline())
sys.stderr.write(json.dumps(asked) + "\\n")
print("not for the program", flush=True)
for share in (0.5, 1.0):
    print(json.dumps({"loaded": share}), flush=True)
if "FAILS" in asked["path"]:
    sys.exit("std::bad_alloc")
print(json.dumps({"listening": "http://127.0.0.1:9"}), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def stand_in(monkeypatch, tmp_path):
    """A process in place of the real server, which needs the extra."""
    script = tmp_path / "stand_in_server.py"
    script.write_text(STAND_IN, "utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(local, "COMMAND", (sys.executable, str(script)))


def test_a_server_is_started_waited_for_and_stopped(gguf, stand_in):
    shares = []
    server = LocalServer(gguf, shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (pytest.approx(0.45), 1.0)
    endpoint = server.endpoint
    assert (endpoint.base_url, endpoint.model) == ("http://127.0.0.1:9/v1", "some.gguf")
    assert len(endpoint.key or "") >= 24
    assert server.running
    server.close()
    server.close()
    assert not server.running


def test_no_key_is_on_a_command_line(gguf, stand_in):
    server = LocalServer(gguf)
    try:
        assert (server.endpoint.key or "") not in " ".join(local.COMMAND)
        other = LocalServer(gguf)
        assert other.endpoint.key != server.endpoint.key
        other.close()
    finally:
        server.close()


def test_too_little_memory_is_told(tmp_path, stand_in):
    path = tmp_path / "FAILS.gguf"
    path.write_bytes(b"GGUF")
    with pytest.raises(EndpointProblem, match="not enough memory"):
        LocalServer(path)


@pytest.fixture
async def backend(small_model, loopback):
    opened = OpenAIBackend(small_model.endpoint)
    yield opened
    await opened.close()


@pytest.mark.llm
def test_loading_is_seen():
    shares: list[float] = []
    LocalServer(model_path(), shares.append).close()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) >= 3


@pytest.mark.llm
async def test_a_real_model_answers(backend):
    reply = await backend.complete(ASK)
    assert reply.text.strip()
    assert reply.usage.prompt_tokens > 5
    assert 0 < reply.usage.completion_tokens <= 8
    assert not reply.usage.estimated


@pytest.mark.llm
async def test_a_real_model_keeps_to_a_shape(backend):
    shape = {
        "type": "object",
        "properties": {
            "level": {"type": "integer", "minimum": 0, "maximum": 4},
            "ok": {"type": "boolean"},
        },
        "required": ["level", "ok"],
    }
    asked = Request(ASK.messages, 40, seed=1, schema=Schema("level", shape))
    reply = await backend.complete(asked)
    assert reply.data is not None
    assert type(reply.data["level"]) is int
    assert type(reply.data["ok"]) is bool
    assert reply.usage.calls == 1


@pytest.mark.llm
async def test_a_real_context_that_is_exceeded(backend):
    with pytest.raises(ModelProblem) as caught:
        await backend.complete(Request((Message("user", "word " * 12_000),), 8))
    assert caught.value.fault is Fault.CONTEXT


@pytest.mark.llm
async def test_nobody_else_is_answered(small_model, loopback):
    stranger = OpenAIBackend(replace(small_model.endpoint, key="guessed"))
    with pytest.raises(ModelProblem) as caught:
        await stranger.complete(ASK)
    await stranger.close()
    assert caught.value.fault is Fault.KEY


@pytest.mark.llm
async def test_closing_the_backend_stops_the_server(loopback):
    opened = open_gguf(model_path())
    assert (await opened.complete(ASK)).text
    await opened.close()
    left = OpenAIBackend(replace(opened.endpoint, retries=0))
    with pytest.raises(ModelProblem, match="refused"):
        await left.complete(Request(ASK.messages, 8))
    await left.close()


@pytest.mark.llm
def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "cut.gguf"
    with model_path().open("rb") as whole:
        path.write_bytes(whole.read(3_000_000))
    with pytest.raises(InputProblem, match=r"cut\.gguf: the model cannot be loaded"):
        LocalServer(path)


@pytest.mark.llm
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_goes_with_the_program_however_it_ends(end):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from alliance_sim.llm.local import LocalServer\n"
        "server = LocalServer(Path(sys.argv[1]))\n"
        "print(server._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code, str(model_path())], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    server = int(program.stdout.readline())
    os.kill(program.pid, end)
    program.wait()
    program.stdout.close()
    assert gone(server, time.monotonic() + 30)


def gone(pid: int, until: float) -> bool:
    """Whether a process that is no child of ours ends in time."""
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.02)
    return False
