"""The server that misbehaves, for every test of the port."""

from tests.llm.misbehaving import loopback, misbehaving

__all__ = ["loopback", "misbehaving"]
