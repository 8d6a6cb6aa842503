"""A whole programme in one store: what a coordinator waits for.

    python -m bench.whole_programme [--sessions 100000] [--store URL]

Generates 2,000 trainees, 100,000 sessions and 3 million events (`bench.programme`) in a temporary
folder, unless --store names a store that holds them, as on a server. Then prints a JSON line for
each of: `sessions list` as a command (wanted: under 200 ms), exports as CSV and Parquet (90 s,
300 MB), the cohort report (10 s), and the screen's pages.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import exports, reports
from bench.programme import Size

RUNS = 5


def listed(store: str) -> dict[str, object]:
    """The median time of `sessions list`, from its start to its end."""
    command = [sys.executable, "-c", exports.COMMAND, "sessions", "list", "--store", store]
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        taken.append(time.perf_counter() - began)
    return {"command": "sessions list", "ms": round(1000 * sorted(taken)[RUNS // 2])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=Size.sessions)
    parser.add_argument("--store")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or str(Path(folder, "programme.db"))
        if asked.store is None:
            exports.generate_apart(store, asked.sessions)
        print(json.dumps(listed(store)), flush=True)
        for bench, words in ((exports, ["--formats", "csv,parquet"]), (reports, [])):
            sys.argv = [bench.__name__, "--store", store, *words]
            bench.main()


if __name__ == "__main__":
    main()
