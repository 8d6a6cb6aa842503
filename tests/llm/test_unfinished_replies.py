"""Servers that never say why a reply ended: it is taken where it can be seen to be whole."""

import pytest
from tests.llm.misbehaving import unfinished

from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Fault, Message, ModelProblem, Request, Schema

ASK = Request((Message("user", "Hello."),), 60)
SHAPE = Schema("level", {"type": "object", "properties": {"level": {"type": "integer"}}})


async def answer_to(request, misbehaving):
    backend = OpenAIBackend(Endpoint(base_url=misbehaving.url, model="m"))
    try:
        return await backend.complete(request)
    finally:
        await backend.close()


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("text", ["I went home.", "“Did I?”", "I said (no).\n"])
async def test_a_reply_that_ends_its_sentence_is_whole(misbehaving, text, done):
    misbehaving.script(unfinished(text, done=done))
    reply = await answer_to(ASK, misbehaving)
    assert (reply.text, reply.finish) == (text, "other")
    assert len(misbehaving.requests) == 1


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("text", ["I went", "I went home. And"])
async def test_one_that_does_not_has_broken_off(misbehaving, text, done):
    misbehaving.script(unfinished(text, done=done))
    with pytest.raises(ModelProblem, match="broke off") as told:
        await answer_to(ASK, misbehaving)
    assert told.value.fault is Fault.REPLY


async def test_a_structured_reply_is_whole_with_its_last_brace(misbehaving):
    misbehaving.script(unfinished('{"level": 3}'))
    asked = Request(ASK.messages, 60, schema=SHAPE)
    assert (await answer_to(asked, misbehaving)).data == {"level": 3}
