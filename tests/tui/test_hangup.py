"""A terminal that has gone is noticed."""

import os
import sys

import pytest

from alliance_sim.tui.hangup import terminal_gone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


def test_a_terminal_is_there_until_its_other_end_closes():
    ours, theirs = os.openpty()
    try:
        assert not terminal_gone(theirs)
        os.close(ours)
        assert terminal_gone(theirs)
    finally:
        os.close(theirs)


def test_a_pipe_is_there_until_its_writer_closes_and_all_is_read():
    reads, writes = os.pipe()
    try:
        assert not terminal_gone(reads)
        os.write(writes, b"last words")
        os.close(writes)
        assert not terminal_gone(reads)
        os.read(reads, 100)
        assert terminal_gone(reads)
    finally:
        os.close(reads)


def test_a_file_is_no_terminal_and_never_gone(tmp_path):
    path = tmp_path / "typed"
    path.write_text("Hello.\n")
    with path.open() as file:
        assert not terminal_gone(file.fileno())
