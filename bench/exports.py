"""Exports of a whole programme: time and memory of the command, format by format.

    python -m bench.exports [--store URL] [--sessions 100000] [--formats csv,parquet]

Without --store a programme is generated in a temporary folder (see `bench.programme`). Prints a
JSON line a format: `rows`, `mb` of the file, `seconds` on the clock, `cpu_seconds`, and `peak_mb`,
the largest resident memory of the process. Wanted: CSV and Parquet each under 90 s and 300 MB.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.programme import Size

COMMAND = "import sys; from alliance_sim.cli.main import run; sys.argv[0] = 'alliance-sim'; run()"


def measured(store: str, format_: str, out: Path) -> dict[str, object]:
    """Run one export in a process of its own."""
    words = ["export", "--store", store, "--format", format_, "--out", str(out)]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(told)
    return {
        "format": format_,
        "rows": int(told.split()[0].replace(",", "")),
        "mb": round(out.stat().st_size / 1e6),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def generate_apart(where: str, sessions: int) -> None:
    """In a process of its own: the memory of this one would be counted as that of its children."""
    share = sessions / Size.sessions
    sizes = {"trainees": max(1, round(Size.trainees * share)), "sessions": sessions}
    sizes["events"] = round(Size.events * share)
    words = [word for name, value in sizes.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "bench.programme", where, *words]
    subprocess.run(command, check=True, stdout=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--sessions", type=int, default=Size.sessions)
    parser.add_argument("--formats", default="csv,parquet,jsonl")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = asked.store
        if where is None:
            where = str(Path(folder) / "programme.db")
            generate_apart(where, asked.sessions)
        for format_ in asked.formats.split(","):
            out = Path(folder) / f"scores.{format_}"
            print(json.dumps(measured(where, format_, out)), flush=True)
            out.unlink()


if __name__ == "__main__":
    main()
