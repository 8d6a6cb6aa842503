"""What comes over the wire and is no answer, or more than was asked for."""

import gzip

import pytest
from tests.llm.misbehaving import event, says
from tests.llm.opened_backends import ASK, problem_of

from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Fault, Message, Request


async def test_an_error_told_inside_a_stream(opened, misbehaving):
    def behave(exchange):
        exchange.begin()
        exchange.write(b'data: {"error": {"message": "overloaded", "code": 503}}\n\n')

    misbehaving.script(behave, says("Here."))
    assert (await opened().complete(ASK)).text == "Here."
    misbehaving.script(behave)
    problem = await problem_of(opened())
    assert problem.fault is Fault.BUSY
    assert "overloaded" in str(problem)


@pytest.mark.parametrize(
    "data",
    [
        b"null",
        b"3",
        b'"x"',
        b"[]",
        b"{}",
        b'{"choices": 3}',
        b'{"choices": [3]}',
        b'{"choices": [{"delta": {"content": 7}}]}',
        b'{"choices": [{"delta": {"content": {}}}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=str,
)
async def test_events_of_another_protocol_are_no_answer(opened, misbehaving, data):
    def behave(exchange):
        exchange.begin()
        exchange.write(b"data: " + data + b"\n\n")
        exchange.end()

    misbehaving.script(behave)
    assert (await problem_of(opened())).fault is Fault.REPLY


@pytest.mark.parametrize("data", [b"null", b"{}", b'{"choices": []}', b"not json", b"[" * 100_000])
async def test_whole_replies_of_another_protocol_are_no_answer(opened, misbehaving, data):
    misbehaving.script(lambda exchange: exchange.whole(200, data))
    assert (await problem_of(opened())).fault is Fault.REPLY


async def test_thinking_aloud_is_waited_for_and_not_told(opened, misbehaving):
    def behave(exchange):
        exchange.begin()
        exchange.write(event({"reasoning_content": "Hm."}))
        exchange.say("Not much.")
        exchange.end()

    misbehaving.script(behave)
    assert (await opened().complete(ASK)).text == "Not much."


async def test_a_server_that_lingers_after_its_last_word_is_not_waited_for(opened, misbehaving):
    def behave(exchange):
        exchange.begin()
        exchange.say("Done.")
        exchange.write(event({}, "stop"))
        exchange.reset()

    misbehaving.script(behave)
    reply = await opened().complete(ASK)
    assert (reply.text, reply.finish, reply.usage.estimated) == ("Done.", "stop", True)


async def test_half_characters_can_be_sent(opened, misbehaving):
    await opened().complete(Request((Message("user", "a\ud800b\0c"),), 9))
    assert misbehaving.requests[0].body["messages"][0]["content"] == "a?bc"


async def test_a_backend_is_closed_once(misbehaving):
    ended = []
    backend = OpenAIBackend(Endpoint(misbehaving.url, "m"), closing=lambda: ended.append(1))
    await backend.complete(ASK)
    await backend.close()
    await backend.close()
    assert ended == [1]


async def test_a_redirection_is_told_and_not_followed(opened, misbehaving):
    def behave(exchange):
        exchange.whole(307, b"", Location="http://127.0.0.1:1/v1/chat/completions")

    misbehaving.script(behave)
    problem = await problem_of(opened())
    assert (problem.fault, problem.status) == (Fault.REQUEST, 307)
    assert "http://127.0.0.1:1/v1" in str(problem)
    assert len(misbehaving.requests) == 1


async def test_an_announced_length_is_believed(opened, misbehaving):
    def behave(exchange):
        exchange.head(200, "application/json", Content_Length="10000000")
        exchange.hang()

    misbehaving.script(behave)
    problem = await problem_of(opened())
    assert problem.fault is Fault.REPLY
    assert "far more" in str(problem)


async def test_an_event_without_an_end_is_not_read_whole(opened, misbehaving):
    sent = []

    def behave(exchange):
        exchange.begin()
        exchange.write(b"data: ")
        for _ in range(100):
            exchange.write(b"x" * 100_000)
            sent.append(1)

    misbehaving.script(behave)
    problem = await problem_of(opened())
    assert problem.fault is Fault.REPLY
    assert len(sent) < 100, "the connection was closed before the end"


async def test_a_reply_that_unpacks_to_far_more_is_not_unpacked_whole(opened, misbehaving):
    packed = gzip.compress(b"data: " + b"x" * 50_000_000)

    def behave(exchange):
        exchange.head(200, "text/event-stream", Content_Encoding="gzip")
        exchange.write(packed)

    misbehaving.script(behave)
    problem = await problem_of(opened())
    assert "far more" in str(problem)
