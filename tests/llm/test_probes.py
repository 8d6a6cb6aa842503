"""Whether an endpoint can be used, and what it cannot do."""

import json

import pytest
from tests.llm.misbehaving import model_not_found, refuses_parameter, says, status, unstreamed

from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.opening import only_model
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.llm.probes import Kind, probe
from alliance_sim.llm.settings import Places
from alliance_sim.llm.setup import ModelSetup

USED = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


async def findings(server):
    backend = OpenAIBackend(Endpoint(server.url, "m", retries=0))
    try:
        return await probe(backend)
    finally:
        await backend.close()


async def test_a_server_that_can_do_everything(misbehaving):
    misbehaving.script(says("Hello there.", usage=USED), says('{"number": 4}', usage=USED))
    found = await findings(misbehaving)
    assert [(one.kind, one.about) for one in found] == [
        (Kind.WORKS, "completion"),
        (Kind.WORKS, "structured"),
    ]
    assert "Hello there." in found[0].text
    assert "JSON schema" in found[1].text


async def test_what_a_server_cannot_do(misbehaving):
    def behave(exchange):
        refuses_parameter(
            "seed", refuses_parameter("response_format", unstreamed('{"number": 4}'))
        )(exchange)

    misbehaving.script(behave)
    limits = [one.text for one in await findings(misbehaving) if one.kind is Kind.LIMIT]
    assert any("does not stream" in text for text in limits)
    assert any("no JSON schema" in text for text in limits)
    assert any("no seed" in text for text in limits)


async def test_tokens_that_a_server_does_not_tell(misbehaving):
    misbehaving.script(says("Hello."), says('{"number": 4}'))
    found = await findings(misbehaving)
    assert any("no usage" in one.text for one in found)


async def test_a_server_that_does_not_answer(misbehaving):
    misbehaving.script(model_not_found)
    (only,) = await findings(misbehaving)
    assert only.kind is Kind.FAILS
    assert (only.problem.fault, only.problem.status) == (Fault.MODEL, 404)


async def test_a_server_that_cannot_judge(misbehaving):
    misbehaving.script(says("Hello."), says("four"))
    kinds = [(one.kind, one.about) for one in await findings(misbehaving)]
    assert (Kind.LIMIT, "structured") in kinds


def models(*names):
    data = json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()
    return lambda exchange: exchange.whole(200, data)


async def test_the_only_model_needs_no_name(misbehaving):
    misbehaving.script(models("the-one"))
    endpoint = Endpoint(misbehaving.url, "-")
    assert only_model(endpoint) == "the-one", "also while an event loop runs"
    assert misbehaving.requests[0].path == "/v1/models"


def test_among_several_models_the_user_chooses(misbehaving):
    misbehaving.script(models("a", "b\x1b[2J"))
    with pytest.raises(EndpointProblem, match=r"has a, b$"):
        only_model(Endpoint(misbehaving.url, "-"))


def test_servers_that_list_no_models(misbehaving):
    for behave in (status(404), status(500), models(), says("no list")):
        misbehaving.script(behave)
        with pytest.raises(EndpointProblem, match="no model is named"):
            only_model(Endpoint(misbehaving.url, "-"))


def test_a_refused_connection_is_told_first(loopback):
    with pytest.raises(ModelProblem, match="refused"):
        only_model(Endpoint("http://127.0.0.1:1/v1", "-"))


async def test_settings_are_tried_before_they_are_saved(misbehaving, tmp_path):
    misbehaving.script(says("Hello."), says('{"number": 4}'))
    places = Places({}, tmp_path / ".env", tmp_path / "config.toml")
    setup = ModelSetup(places)
    found = await setup.test({"base_url": misbehaving.url, "model": "m"}, "sesame")
    assert found[0].kind is Kind.WORKS
    assert misbehaving.requests[0].headers["authorization"] == "Bearer sesame"
    assert not setup.configured()
    assert not places.config.exists()
