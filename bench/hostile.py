"""What hostile files cost: seconds and peak memory to refuse each, in a process of its own.

`python bench/hostile.py` prints a table. The bounds aimed at are 1 s and 200 MB, of the whole
process: interpreter, imports and reading. A last row loads a sound scenario of 100 KB.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path

SECONDS, MEGABYTES = 1.0, 200.0

_CHILD = """
import resource, sys, time
began = time.perf_counter()
from pathlib import Path
from alliance_sim.authoring.loader import load_scenario
from alliance_sim.errors import InputProblem
imported = time.perf_counter()
try:
    load_scenario(Path(sys.argv[1]))
    said = "loaded"
except InputProblem as problem:
    said = str(problem).splitlines()[0]
ended = time.perf_counter()
scale = 1e6 if sys.platform == "darwin" else 1e3
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
print(ended - began, ended - imported, peak, said, sep="\\t")
"""


def _bomb() -> str:
    names = "abcdefghi"
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in pairwise(names):
        rows.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(rows)


def _fifty_megabytes(path: Path) -> None:
    path.write_bytes(b"a: b\n")
    os.truncate(path, 50_000_000)


def _text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _sound(path: Path) -> None:
    """A scenario of about 100 KB, by way of the factory that the tests use."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    factories = import_module("factories")
    scenario = factories.minimal_scenario_dict()
    (topic,) = scenario["topics"]
    for number in range(20):
        lines = {
            openness: [f"{number} {openness} {each} {'and so on ' * 12}" for each in range(10)]
            for openness in ("guarded", "opening", "open")
        }
        scenario["topics"].append({**topic, "id": f"topic_{number}", "lines": lines})
    factories.write_yaml(path, scenario)


CASES: dict[str, Callable[[Path], object]] = {
    "missing": lambda _path: None,
    "loop of links": lambda path: path.symlink_to(path),
    "pipe": os.mkfifo,
    "50 MB": _fifty_megabytes,
    "2 MB of values": _text("[" + "x," * 999_000 + "]"),
    "2 MB of duplicates": _text("id: x\n" * 330_000),
    "2 MB of one line": _text("id: " + "x" * 1_990_000),
    "10,000 deep": _text("[" * 10_000),
    "200,000 deep": _text("[" * 200_000),
    "200,000 deep in fields": _text("{a: " * 200_000),
    "200,000 deep in items": _text("- " * 200_000),
    "alias bomb": _text(_bomb()),
    "python tag": _text("id: !!python/object/apply:os.system ['exit 9']\n"),
    "many unknown fields": _text("".join(f"titl{n}: x\n" for n in range(4_900))),
    "many wrong items": _text(f"topics: [{'{}, ' * 9_000}]"),
    "many references": _text(
        "topics:\n"
        + "".join(f"- {{id: t{n}, leads_to: [u{n}]}}\n" for n in range(199))
        + "disclosures:\n"
        + "".join(
            f"- {{id: d{n}, requires: [d{n + 1}], tripwires: [x y, u{n}], topics: [v{n}], "
            f"lines: [x y]}}\n"
            for n in range(199)
        )
        + "reactions: {silence: ["
        + ("x y " * 40 + ", ") * 3_500
        + "]}"
    ),
    "tab": _text("client:\n\tname: x\n"),
    "UTF-16": lambda path: path.write_text("id: x\n", encoding="utf-16"),
    "not UTF-8": lambda path: path.write_bytes(b"id: \xe9\n"),
    "NUL": _text("id: \0\n"),
    "sound, 100 KB": _sound,
}


def main() -> None:
    print(f"{'file':24}{'process s':>10}{'reading s':>10}{'peak MB':>9}  first line of the answer")
    worst = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        for name, make in CASES.items():
            place = Path(folder, name.replace(" ", "_").replace(",", ""))
            place.mkdir()
            path = place / "small.yaml"
            make(path)
            command = [sys.executable, "-c", _CHILD, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            whole, reading, peak, said = done.stdout.rstrip("\n").split("\t")
            worst = [max(worst[0], float(whole)), max(worst[1], float(peak))]
            answer = said.removeprefix(f"{path}:")[:70]
            figures = f"{float(whole):10.3f}{float(reading):10.3f}{float(peak):9.1f}"
            print(f"{name:24}{figures}  {answer}")
    print(f"worst: {worst[0]:.3f} s of {SECONDS:g}, {worst[1]:.1f} MB of {MEGABYTES:g}")


if __name__ == "__main__":
    main()
