"""A server with a stand-in for the program, on loopback; connections to this machine alone."""

import pytest

pytest.importorskip("textual_serve", reason="the extra web is not installed")

from serving_stand_in import served
from tests.llm.misbehaving import loopback

__all__ = ["loopback", "served"]
