"""A GGUF file on this machine as an endpoint: started, waited for and stopped by the program."""

import atexit
import contextlib
import importlib.util
import json
import os
import secrets
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError, EndpointProblem, InputProblem, UsageProblem
from alliance_sim.llm.endpoint import Endpoint, Timeouts

__all__ = ["LocalServer", "why_it_failed"]

CONTEXT = 8192
"""Tokens of prompt and reply together."""
PATIENCE = Timeouts(connect=5.0, first=120.0, between=60.0, whole=300.0)
"""A processor alone reads a long prompt slowly."""

READ = 0.9
"""Share of the loading that is reading the file."""

_MAGIC = b"GGUF"
COMMAND = (sys.executable, "-P", "-m", "alliance_sim.llm.gguf_server")
"""Starts the server; what it shall serve is told on its standard input, never here."""

_MEMORY = (
    "failed to allocate",
    "unable to allocate",
    "out of memory",
    "bad_alloc",
    "cannot allocate",
)
_KILLED = -9


class LocalServer:
    """Serves one file on loopback, on a free port, with a key that nobody else has."""

    def __init__(
        self,
        path: Path,
        progress: Callable[[float], None] = lambda _share: None,
        *,
        context: int = CONTEXT,
    ) -> None:
        """Start it and wait until it answers. progress: called with the share loaded, 0–1.

        Raises UsageProblem without the extra `local`, InputProblem for a file that is missing or
        no GGUF file, EndpointProblem where there is not enough memory.
        """
        _check(path)
        self._path = path
        self._said: deque[str] = deque(maxlen=60)
        self._key = secrets.token_urlsafe(24)
        self._process = _start(path, self._key, context)
        atexit.register(self.close)
        self._listener = threading.Thread(target=self._keep_what_it_says, daemon=True)
        self._listener.start()
        try:
            self._url = self._wait(progress)
        except BaseException:
            self.close()
            raise

    @property
    def endpoint(self) -> Endpoint:
        """Where it is asked."""
        return Endpoint(
            base_url=f"{self._url}/v1",
            model=self._path.name,
            key=self._key,
            timeouts=PATIENCE,
            max_concurrent=1,
        )

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def close(self) -> None:
        """Stop it. May be called twice, from any thread."""
        atexit.unregister(self.close)
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _keep_what_it_says(self) -> None:
        with contextlib.suppress(ValueError):
            self._said.extend(_pipe(self._process.stderr))

    def _wait(self, progress: Callable[[float], None]) -> str:
        """The address, once it answers there."""
        for line in _pipe(self._process.stdout):
            told = _told(line)
            if "listening" in told:
                progress(1.0)
                return str(told["listening"])
            if "loaded" in told:
                progress(READ * min(1.0, float(str(told["loaded"]))))
        code = self._process.wait()
        self._listener.join(timeout=2)
        raise why_it_failed(self._path, code, list(self._said))


def why_it_failed(path: Path, code: int, said: Sequence[str]) -> AllianceError:
    """What to tell of a server that ended before it answered.

    code: of the process, negative for a signal. said: the last lines of its log.
    """
    log = "\n".join(said).lower()
    if code == _KILLED or any(sign in log for sign in _MEMORY):
        size = path.stat().st_size / 2**30
        return EndpointProblem(
            f"{path}: not enough memory for this model ({size:.1f} GB and room to work in); "
            "close other programs or take a smaller one"
        )
    reason = next((_reason(line) for line in said if "error loading model" in line), "")
    if reason:
        return InputProblem(f"{path}: the model cannot be loaded: {reason}")
    last = _reason(said[-1]) if said else f"exit code {code}"
    return EndpointProblem(f"{path}: the server of the model did not start: {last}")


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as problem:
        reason = problem.strerror or "cannot be read"
        raise InputProblem(f"{path}: {reason}; --gguf takes a GGUF file") from None
    if magic != _MAGIC:
        raise InputProblem(f"{path}: not a GGUF file; --gguf takes a model in that format")
    if importlib.util.find_spec("xllamacpp") is None:
        raise UsageProblem(
            "--gguf needs the extra local: pip install 'alliance-sim[local]' "
            "(in a checkout: pip install -e '.[local]')"
        )


def _start(path: Path, key: str, context: int) -> "subprocess.Popen[str]":
    asked = {
        "path": str(path.resolve()),
        "name": path.name,
        "key": key,
        "context": context,
        # Threads that outnumber the free cores wait on each other: many times slower.
        "threads": max(1, _cores() - 1),
    }
    process = subprocess.Popen(  # noqa: S603
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl+C is for the session, not for the model
    )
    with contextlib.suppress(OSError):
        _pipe(process.stdin).write(json.dumps(asked) + "\n")
        _pipe(process.stdin).flush()
    return process


def _cores() -> int:
    """Cores that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None  # noqa: S101  # each was asked for when the process was started
    return pipe


def _told(line: str) -> dict[str, object]:
    try:
        data = json.loads(line)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _reason(line: str) -> str:
    """The end of a line of the log, without its time and the functions it names."""
    return printable(line, lines=False).rpartition("error loading model: ")[2][-200:]
