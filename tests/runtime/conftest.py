"""What tests of workers share: a judge that is replaced, no pauses, servers on this machine."""

from tests.llm.misbehaving import loopback
from tests.runtime.working_fixtures import judges, quick

__all__ = ["judges", "loopback", "quick"]
