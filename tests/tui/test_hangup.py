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
