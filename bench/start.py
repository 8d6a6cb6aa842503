"""How long `alliance-sim --help` takes and how much memory, beside `posting --help`.

    python -m bench.start [--runs N]

posting is looked for in .venv-posting (which `make bench` sets up) and then on the path.
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

BESIDE = Path(".venv-posting/bin/posting")
SHARE = 0.45


def wall(command: list[str], runs: int) -> float:
    """Median seconds of a command, its first run (cold caches) left out."""
    taken = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    runs = options.parse_args().runs
    ours = [str(Path(sys.executable).with_name("alliance-sim")), "--help"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    mine = wall(ours, runs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    note = "" if peak > before else " (at most)"
    print(f"alliance-sim --help: {mine:.3f} s, {peak / 1024:.0f} MB{note} (wanted: under 60 MB)")
    posting = str(BESIDE) if BESIDE.exists() else shutil.which("posting")
    if posting is None:
        print("posting is not installed: no comparison")
        return
    theirs = wall([posting, "--help"], runs)
    print(f"posting --help: {theirs:.3f} s; share {mine / theirs:.2f} (wanted: under {SHARE})")


if __name__ == "__main__":
    main()
