"""The process that serves a GGUF file: `python -m alliance_sim.llm.gguf_server`.

A process of its own, so that a model that does not fit takes nothing else down and its library
writes to no terminal. Reads one line of JSON from stdin (path, context, threads, key, name),
writes lines of JSON to stdout (`{"loaded": 0.4}`, `{"listening": "http://127.0.0.1:1234"}`) and
lives until stdin ends: whoever started it, it is gone when they are, however they went.
"""

import json
import os
import sys
import threading
from typing import Any

__all__ = ["main"]

CHUNK = 32 << 20


def main() -> None:
    """Serve until stdin ends."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _read_ahead(asked["path"])
    server = _serve(asked)
    _say({"listening": server.listening_address})
    threading.Event().wait()


def _leave_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def _read_ahead(path: str) -> None:
    """Bring the file into memory, which is what loading it takes; the server then maps it."""
    size = max(1, os.path.getsize(path))
    done = 0
    with open(path, "rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            done += len(chunk)
            _say({"loaded": done / size})


def _serve(asked: dict[str, Any]) -> Any:
    import xllamacpp  # noqa: PLC0415

    params = xllamacpp.CommonParams()
    params.model.path = asked["path"]
    params.model_alias = {asked["name"]}
    params.api_keys = [asked["key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = asked["context"]
    params.n_parallel = 1
    params.ui = False
    params.endpoint_props = False
    params.endpoint_slots = False
    params.offline = True
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = asked["threads"]
        cpu.poll = 0
    return xllamacpp.Server(params)


def _say(data: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
