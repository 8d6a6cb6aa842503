"""Kill a piped session at random moments; nothing that was sent or shown may be missing.

    python -m bench.kill [--kills N] [--seed N]

Each time a session is driven over a pipe with --json, killed with SIGKILL at a random moment, and
then: every clause and every reply that stood on its stdout must be in the store, and
`sessions resume` must go on from there.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("alliance-sim"))
REPLIES = (
    "Come in, have a seat.",
    "It sounds like none of this was your choice.",
    "How have you been sleeping?",
    "What was that like for you?",
    "Who else knows about it?",
    "You can leave out whatever you like.",
)


def drive(folder: Path, after: float, rng: random.Random) -> tuple[list[dict[str, object]], bool]:
    """Start a session, kill it `after` seconds from its first line: what stood on stdout."""
    environment = os.environ | {"ALLIANCE_SIM_STORE": str(folder / "s.db"), "HOME": str(folder)}
    name = rng.choice(("wary", "mandated", "trauma"))
    command = [PROGRAM, "practice", name, "--plain", "--json", "--pace", "untimed", "--seed", "7"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    first = process.stdout.readline()
    for reply in REPLIES * 5:
        process.stdin.write(reply + "\n")
    process.stdin.flush()
    time.sleep(after)
    killed = process.poll() is None
    process.kill()
    rest = process.stdout.read()
    process.wait()
    lines = (first + rest).splitlines(keepends=True)
    # A line that was cut by the kill itself was not shown.
    return [json.loads(line) for line in lines if line.endswith("\n")], killed


def shown(folder: Path) -> list[dict[str, object]]:
    """The last session's utterances, from the store."""
    command = [PROGRAM, "sessions", "show", "last", "--json", "--store", str(folder / "s.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def resumes(folder: Path) -> bool:
    """Whether the session goes on over a pipe, to its debrief."""
    command = [PROGRAM, "sessions", "resume", "last", "--plain", "--store", str(folder / "s.db")]
    done = subprocess.run(
        command, input="What would help?\n", capture_output=True, text=True, check=False
    )
    return done.returncode == 0 and "DEBRIEF" in done.stdout


def missing(records: list[dict[str, object]], stored: list[dict[str, object]]) -> int:
    """Clauses and replies that were on stdout and are not in the store."""
    said = {(u["turn"], u["kind"]): str(u["text"]) for u in stored}
    lost = 0
    for record in records:
        if record["kind"] == "clause":
            lost += str(record["text"]) not in said.get((record["turn"], "client"), "")
        elif record["kind"] == "therapist":
            lost += said.get((record["turn"], "therapist")) != record["text"]
    return lost


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--seed", type=int, default=11)
    args = options.parse_args()
    rng = random.Random(args.seed)
    lost = unresumed = killed = lines = 0
    for _ in range(args.kills):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            records, alive = drive(folder, rng.uniform(0.0, 1.2), rng)
            killed += alive
            lines += len(records)
            lost += missing(records, shown(folder))
            unresumed += not resumes(folder)
    print(f"{args.kills} sessions, {killed} killed while running, {lines} lines seen")
    print(f"missing from the store: {lost}; not resumed: {unresumed} (wanted: 0 and 0)")


if __name__ == "__main__":
    main()
