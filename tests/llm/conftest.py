"""The server that misbehaves and the small model, for every test of the port."""

from tests.llm.misbehaving import loopback, misbehaving
from tests.llm.opened_backends import opened, pauses
from tests.llm.small_model import small_model

__all__ = ["loopback", "misbehaving", "opened", "pauses", "small_model"]
