"""What becomes of a command whose output nobody takes, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-c", "from alliance_sim.cli.main import run; run()"]

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full device")


@pytest.mark.parametrize("words", [("cohort", "list", "--format", "json"), ("--help",)])
def test_a_full_disk_is_one_line(words):
    with open("/dev/full", "w") as full:
        done = subprocess.run([*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    told = done.stderr.decode()
    assert "standard output: no space left on device" in told
    assert "Traceback" not in told


def test_a_file_that_the_system_will_not_have_is_one_line(cli):
    name = "x" * 300
    done = cli("score", name)
    assert (done.code, done.out, done.err) == (3, "", f"{name}: file name too long\n")


def test_a_reader_that_has_gone_is_no_mistake():
    reading, writing = os.pipe()
    os.close(reading)
    words = ("cohort", "list", "--format", "json")
    done = subprocess.run([*PROGRAM, *words], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
