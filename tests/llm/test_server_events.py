"""Server-sent events, however their bytes are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.llm.server_events import server_events

STREAM = (
    ": a comment\r\n"
    'event: chunk\r\ndata: {"text":"Not\u2028 much é"}\r\nid: 7\r\n\r\n'
    "data:first\rdata: second\r\r"
    "data\n\n"
    "event: ping\n\n"
    "retry: 3\n\n\n"
    "data:  [DONE]\n\n"
    "data: torn\n"
).encode()
EVENTS = ['{"text":"Not\u2028 much é"}', "first\nsecond", "", " [DONE]"]


async def events_of(*chunks: bytes) -> list[str]:
    async def coming():
        for chunk in chunks:
            yield chunk

    return [event async for event in server_events(coming())]


async def test_the_data_of_each_whole_event_is_told():
    assert await events_of(STREAM) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=12).map(sorted))
async def test_where_the_bytes_are_cut_changes_nothing(cuts):
    edges = [0, *cuts, len(STREAM)]
    chunks = [STREAM[a:b] for a, b in itertools.pairwise(edges)]
    assert await events_of(*chunks) == EVENTS


async def test_byte_by_byte_is_the_same():
    assert await events_of(*(STREAM[at : at + 1] for at in range(len(STREAM)))) == EVENTS


async def test_an_event_may_end_with_the_stream():
    assert await events_of(b"data: x\r", b"\r") == ["x"]
    assert await events_of(b"data: x\n\r\n") == ["x"]
    assert await events_of(b"data: x") == await events_of() == []


async def test_data_that_is_no_text_is_no_event():
    with pytest.raises(UnicodeDecodeError):
        await events_of(b"data: \xff\xfe\n\n")


async def test_a_line_without_an_end_takes_no_longer_for_being_cut_up():
    piece = b"x" * 20
    chunks = [b"data: ", *[piece] * 50_000, b"\n\n"]
    (event,) = await events_of(*chunks)
    assert len(event) == 1_000_000
