"""The port against a real server on loopback, well and ill."""

import asyncio
import itertools
import json
import socket
import ssl
import threading
import time

import pytest
import trustme
from tests.llm.misbehaving import (
    broken_json,
    context_exceeded,
    empty,
    expired_key,
    hangs,
    hangs_after,
    huge,
    huge_error,
    model_not_found,
    refuses_parameter,
    resets,
    says,
    serve,
    slowly,
    status,
    truncated,
    unstreamed,
    wrong_type,
)
from tests.llm.opened_backends import ASK, KEY, PATIENT, SHORT, SOON, everything, problem_of

from alliance_sim.llm.endpoint import Timeouts
from alliance_sim.llm.port import Delta, Fault, Finished, ModelProblem, Request, Schema

LEVEL = Schema(
    "level",
    {
        "type": "object",
        "properties": {"level": {"type": "integer"}, "why": {"type": "string", "default": ""}},
        "required": ["level"],
    },
)


async def test_a_reply_comes_piece_by_piece(opened, misbehaving):
    used = {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}
    misbehaving.script(says("Not much to tell.", usage=used))
    *deltas, end = await everything(opened(temperature=0.4, seed=9))
    assert [delta.text for delta in deltas] == ["Not", " much", " to", " tell."]
    assert isinstance(end, Finished)
    assert (end.finish, end.model) == ("stop", "served-model")
    assert (end.usage.calls, end.usage.retries) == (1, 0)
    assert (end.usage.prompt_tokens, end.usage.completion_tokens) == (11, 3)
    assert not end.usage.estimated
    (seen,) = misbehaving.requests
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.body["messages"] == [
        {"role": "system", "content": "Be Dee."},
        {"role": "user", "content": "Hello."},
    ]
    wanted = {"model": "m", "temperature": 0.4, "seed": 9, "max_tokens": 60, "stream": True}
    assert wanted.items() <= seen.body.items()
    assert "stop" not in seen.body


async def test_settings_of_a_request_come_before_the_endpoint_s(opened, misbehaving):
    request = Request(ASK.messages, 5, temperature=0.0, seed=1, stop=("T:",))
    await opened(temperature=0.4, seed=9).complete(request)
    body = misbehaving.requests[0].body
    assert (body["temperature"], body["seed"], body["stop"]) == (0.0, 1, ["T:"])


async def test_tokens_are_counted_here_where_the_server_does_not(opened, misbehaving):
    misbehaving.script(says("Not much to tell."))
    usage = (await opened().complete(ASK)).usage
    assert usage.estimated
    assert usage.completion_tokens == 5
    assert 6 <= usage.prompt_tokens <= 20


async def test_without_a_key_none_is_sent(opened, misbehaving, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")
    await opened(key=None).complete(ASK)
    assert "authorization" not in misbehaving.requests[0].headers


async def test_a_proxy_is_not_asked_for_this_machine(opened, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert (await opened().complete(ASK)).text == "Hello."


@pytest.mark.parametrize("code", [429, 503, 500])
async def test_faults_that_pass_are_tried_again(opened, misbehaving, pauses, code):
    misbehaving.script(status(code), status(code), says("Here now."))
    reply = await opened().complete(ASK)
    assert reply.text == "Here now."
    assert (reply.usage.calls, reply.usage.retries) == (3, 2)
    first, second = pauses.taken
    assert 0.25 <= first <= 0.5 <= second <= 1.0


@pytest.mark.parametrize(("code", "fault"), [(429, Fault.BUSY), (503, Fault.BUSY), (500, "server")])
async def test_faults_that_stay_are_told(opened, misbehaving, pauses, code, fault):
    misbehaving.script(status(code, "come back later"))
    problem = await problem_of(opened())
    assert (problem.fault, problem.status, problem.calls) == (fault, code, 3)
    assert str(code) in str(problem)
    assert "model m" in str(problem)
    assert "come back later" in problem.body
    assert len(pauses.taken) == 2


async def test_a_server_is_given_the_pause_it_asks_for(opened, misbehaving, pauses):
    misbehaving.script(status(429, retry_after="7"), says("Here."))
    await opened(timeouts=Timeouts()).complete(ASK)
    assert 7.0 <= pauses.taken[0] <= 7.25


async def test_a_pause_told_as_a_date_is_taken_against_the_server_s_clock(
    opened, misbehaving, pauses
):
    def behave(exchange):
        asked = {"Retry_After": "Sun, 01 Mar 2015 08:00:04 GMT"}
        exchange.handler.date_time_string = lambda *_: "Sun, 01 Mar 2015 08:00:00 GMT"
        exchange.error(503, "later", **asked)

    misbehaving.script(behave, says("Here."))
    await opened().complete(ASK)
    assert 4.0 <= pauses.taken[0] <= 4.25


async def test_nobody_waits_for_an_hour(opened, misbehaving, pauses):
    misbehaving.script(status(429, retry_after="3600"))
    problem = await problem_of(opened())
    assert (problem.fault, problem.retry_after, problem.calls) == (Fault.BUSY, 3600.0, 1)
    assert "3600 s" in str(problem)
    assert not pauses.taken


async def test_refused(opened, misbehaving, pauses):
    problem = await problem_of(opened(base_url="http://127.0.0.1:1/v1"))
    assert (problem.fault, problem.status) == (Fault.UNREACHABLE, None)
    assert "http://127.0.0.1:1/v1" in str(problem)
    assert "refused" in str(problem)
    assert problem.calls == 3


async def test_no_such_host(opened, monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    problem = await problem_of(opened(base_url="http://no-such-host.invalid/v1"))
    assert problem.fault is Fault.UNREACHABLE
    assert "no such host" in str(problem)
    assert problem.calls == 1


async def test_tls_is_spoken_to_a_server_without_it(opened, misbehaving):
    problem = await problem_of(opened(base_url=misbehaving.url.replace("http:", "https:")))
    assert problem.fault is Fault.UNREACHABLE
    assert "TLS" in str(problem)
    assert problem.calls == 1


async def test_a_reset_before_any_word_is_tried_again(opened, misbehaving):
    misbehaving.script(resets(), says("Here."))
    reply = await opened().complete(ASK)
    assert (reply.text, reply.usage.calls) == ("Here.", 2)


async def test_a_reset_in_the_middle_is_no_reply(opened, misbehaving):
    misbehaving.script(resets("I went"), says("Never asked for."))
    with pytest.raises(ModelProblem) as caught:
        await everything(opened())
    assert caught.value.fault is Fault.REPLY
    assert len(misbehaving.requests) == 1
    assert "middle" in str(caught.value)


@pytest.mark.parametrize(
    ("behave", "fault", "words"),
    [
        (hangs, Fault.TIMEOUT, "no words"),
        (hangs_after("I went"), Fault.TIMEOUT, "middle"),
        (truncated("I went"), Fault.REPLY, "broke off"),
        (broken_json, Fault.REPLY, "no chat reply"),
        (empty, Fault.REPLY, "empty"),
        (wrong_type, Fault.REPLY, "text/html"),
        (huge, Fault.REPLY, "far more"),
        (expired_key, Fault.KEY, "401"),
        (model_not_found, Fault.MODEL, "404"),
        (context_exceeded, Fault.CONTEXT, "400"),
        (status(418, "teapot"), Fault.REQUEST, "418"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_what_is_not_tried_again(opened, misbehaving, behave, fault, words):
    misbehaving.script(behave)
    waits = {hangs: SOON}.get(behave, SHORT if fault is Fault.TIMEOUT else PATIENT)
    problem = await problem_of(opened(timeouts=waits))
    assert problem.fault is fault
    assert words in str(problem)
    assert problem.calls == 1


async def test_the_key_that_a_server_repeats_is_not_told(opened, misbehaving, caplog):
    caplog.set_level("DEBUG")
    misbehaving.script(expired_key)
    problem = await problem_of(opened())
    assert "has expired" in problem.body
    assert KEY not in caplog.text
    assert KEY not in repr(opened().endpoint)


async def test_a_huge_error_is_not_read(opened, misbehaving):
    misbehaving.script(huge_error)
    problem = await problem_of(opened(retries=0))
    assert problem.fault in (Fault.REPLY, Fault.SERVER)
    assert len(problem.body) <= 2_000


async def test_one_token_at_a_time_is_waited_for(opened, misbehaving):
    misbehaving.script(slowly("one token at a time", 0.1))
    assert (await opened().complete(ASK)).text == "one token at a time"


async def test_a_call_ends_at_its_deadline_though_tokens_come(opened, misbehaving):
    misbehaving.script(slowly("word " * 200, 0.02))
    limited = Timeouts(connect=10.0, first=20.0, between=20.0, whole=0.4)
    problem = await problem_of(opened(timeouts=limited))
    assert problem.fault is Fault.TIMEOUT


async def test_cancelling_hangs_up(opened, misbehaving):
    misbehaving.script(hangs_after("I went"))
    backend = opened(timeouts=Timeouts())
    heard = asyncio.Event()

    async def listen():
        async for _ in backend.stream(ASK):
            heard.set()

    task = asyncio.create_task(listen())
    await asyncio.wait_for(heard.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(misbehaving.exchanges[0].gone.wait, 20)
    misbehaving.script(says("Still here."))
    assert (await backend.complete(ASK)).text == "Still here."


async def test_closing_the_iterator_hangs_up(opened, misbehaving):
    misbehaving.script(hangs_after("I went"))
    items = opened(timeouts=Timeouts()).stream(ASK)
    assert await anext(items) == Delta("I went")
    await items.aclose()
    assert await asyncio.to_thread(misbehaving.exchanges[0].gone.wait, 20)


@pytest.mark.parametrize("allowed", [1, 3, 20])
async def test_no_more_requests_than_allowed_are_under_way(opened, misbehaving, allowed):
    enough = threading.Event()

    def behave(exchange):
        if misbehaving.under_way == allowed:
            enough.set()
        enough.wait(20)
        says("a b")(exchange)

    misbehaving.script(behave)
    backend = opened(max_concurrent=allowed)
    replies = await asyncio.gather(*(backend.complete(ASK) for _ in range(3 * allowed)))
    assert [reply.text for reply in replies] == ["a b"] * (3 * allowed)
    assert misbehaving.most_under_way == allowed


async def test_a_reply_cut_by_its_bound_says_so(opened, misbehaving):
    misbehaving.script(says("I went to", finish="length"))
    assert (await opened().complete(ASK)).finish == "length"


async def test_a_server_that_does_not_stream(opened, misbehaving):
    misbehaving.script(unstreamed("All at once."))
    backend = opened()
    first, end = await everything(backend)
    assert first == Delta("All at once.")
    assert (end.finish, end.usage.prompt_tokens) == ("stop", 7)
    assert not backend.dialect.streams


@pytest.mark.parametrize("name", ["seed", "stop", "temperature", "stream_options"])
async def test_a_refused_parameter_is_left_out_from_then_on(opened, misbehaving, name):
    misbehaving.script(refuses_parameter(name, says("Fine.")))
    backend = opened(temperature=0.5, seed=1)
    request = Request(ASK.messages, 9, stop=("T:",))
    reply = await backend.complete(request)
    assert (reply.text, reply.usage.calls) == ("Fine.", 2)
    assert (await backend.complete(request)).usage.calls == 1
    assert backend.dialect.left_out == {name}


async def test_the_newer_name_of_the_bound(opened, misbehaving):
    misbehaving.script(refuses_parameter("max_tokens", says("Fine.")))
    await opened().complete(ASK)
    assert misbehaving.requests[1].body["max_completion_tokens"] == 60


SHAPED = Request(ASK.messages, 60, schema=LEVEL)


async def test_a_shape_is_asked_for_strictly(opened, misbehaving):
    misbehaving.script(says('{"level": 2, "why": "kind"}'))
    reply = await opened().complete(SHAPED)
    assert reply.data == {"level": 2, "why": "kind"}
    shape = misbehaving.requests[0].body["response_format"]
    assert shape["type"] == "json_schema"
    assert shape["json_schema"]["schema"]["required"] == ["level", "why"]
    assert shape["json_schema"]["schema"]["additionalProperties"] is False


async def test_a_server_without_schemas_is_asked_in_the_prompt(opened, misbehaving):
    misbehaving.script(refuses_parameter("response_format", says('```json\n{"level": 2}\n```')))
    backend = opened()
    reply = await backend.complete(SHAPED)
    assert (reply.data, reply.usage.calls) == ({"level": 2}, 3)
    asked = [seen.body.get("response_format", {}).get("type") for seen in misbehaving.requests]
    assert asked == ["json_schema", "json_object", None]
    told = misbehaving.requests[2].body["messages"][0]["content"]
    assert told.startswith("Be Dee.")
    assert json.dumps(LEVEL.schema) in told
    assert (await backend.complete(SHAPED)).usage.calls == 1


async def test_a_server_that_ignores_the_shape_is_asked_again(opened, misbehaving):
    misbehaving.script(says("Two, I think."), says('It is {"level": 2}, I think.'))
    reply = await opened().complete(SHAPED)
    assert (reply.data, reply.usage.calls) == ({"level": 2}, 2)


async def test_json_of_another_shape_is_no_answer(opened, misbehaving):
    misbehaving.script(says('{"mood": "good"}'))
    problem = await problem_of(opened(), SHAPED)
    assert problem.fault is Fault.REPLY
    assert problem.calls == 3
    assert "JSON" in str(problem)
    assert "mood" in problem.body


async def test_a_shape_that_was_cut_off_is_not_asked_for_in_another_way(opened, misbehaving):
    misbehaving.script(says('{"level": 2, "wh', finish="length"))
    problem = await problem_of(opened(), SHAPED)
    assert problem.calls == 1
    assert "cut off" in str(problem)


async def test_a_clock_that_jumps_changes_nothing(opened, misbehaving, pauses, monkeypatch):
    jumping = itertools.cycle([0.0, 4e9, -4e9, 1e6])
    monkeypatch.setattr(time, "time", lambda: next(jumping))
    misbehaving.script(status(503), slowly("one token at a time", 0.02))
    assert (await opened().complete(ASK)).text == "one token at a time"
    assert len(pauses.taken) == 1
    misbehaving.script(hangs)
    assert (await problem_of(opened(timeouts=SOON))).fault is Fault.TIMEOUT


async def test_a_certificate_that_nobody_vouches_for(opened, loopback):
    told, server = serve()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    problem = await problem_of(opened(base_url=told.url.replace("http:", "https:")))
    server.shutdown()
    assert problem.fault is Fault.UNREACHABLE
    assert "cannot be trusted" in str(problem)
    assert (problem.calls, told.requests) == (1, [])
