"""A server with a stand-in for the program, on loopback; connections to this machine alone."""

from importlib.util import find_spec

from tests.llm.misbehaving import loopback

__all__ = ["loopback"]

if find_spec("textual_serve"):  # else the modules that need it are skipped, and say so
    from serving_stand_in import served

    __all__ += ["served"]
