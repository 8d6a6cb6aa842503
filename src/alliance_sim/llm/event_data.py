"""What the events of a stream hold, in the order they come."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from httpx2 import Response as Response  # noqa: PLC0414 - for those that may not import it

__all__ = ["STREAM", "event_data", "kind_of"]

STREAM = "text/event-stream"


def kind_of(response: "Response") -> str:
    """The content type, without its parameters."""
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


async def event_data(response: "Response") -> AsyncGenerator[str, None]:
    """The data of each event; none where the server sends something else than events."""
    from httpx2 import EventSource  # noqa: PLC0415 - it takes long to load

    if kind_of(response) == STREAM:
        # How long a reply may be is bounded where its bytes are read.
        async for event in EventSource(response, max_event_size=None):
            if event.data:
                yield event.data
