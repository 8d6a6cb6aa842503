"""A thought on request, from what the trainee could see: never from the client's hidden state."""

from functools import cache
from importlib.resources import files

import yaml

from alliance_sim.domain.codes import Code
from alliance_sim.domain.events import Act, TraineeSent
from alliance_sim.domain.scenario import EventKind
from alliance_sim.domain.transcript import Floor
from alliance_sim.runtime.session import LiveSession

_BY_KIND = {
    EventKind.BOUNDARY_BAIT: "boundary",
    EventKind.RISK_CUE: "risk",
    EventKind.SUBSTANCE_CUE: "substance",
    EventKind.CULTURAL_CUE: "culture",
    EventKind.PROVOCATION: "provocation",
    EventKind.AMBIENT: "ambient",
    EventKind.TANGENT: "tangent",
    EventKind.RUPTURE: "rupture",
}


@cache
def _hints() -> dict[str, str]:
    text = files("alliance_sim.runtime").joinpath("hints.yaml").read_text("utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


def hint_for(session: LiveSession) -> str:
    """The hint that fits this moment, one or two sentences."""
    return _hints()[situation(session)]


def situation(session: LiveSession) -> str:
    """The name of the situation that the trainee is in, as in hints.yaml."""
    for look in (_said, _done):
        name = look(session)
        if name:
            return name
    memory = session.standing.memory
    framed = any(reply.asserted() & {Code.LIMITS_STATED, Code.ORIENT} for reply in memory.coded)
    return "beginning" if memory.turns <= 1 and not framed else "feeling"


def _said(session: LiveSession) -> str | None:
    """By what the client has just said."""
    planned = session.standing.memory.planned
    if planned is None:
        return None
    event = next((e for e in session.scenario.events if e.id == planned.event), None)
    if event:
        return _BY_KIND[event.kind]
    if planned.disclosure:
        return "disclosed"
    if planned.act in {Act.CONFRONT, Act.WITHDRAW, Act.WARN, Act.COMPLY}:
        return "rupture"
    return None


def _done(session: LiveSession) -> str | None:
    """By what the trainee has just done."""
    coded = session.standing.memory.coded
    if not coded:
        return None
    asserted = coded[-1].asserted()
    sent = [event for event in session.events if isinstance(event, TraineeSent)]
    if sent and sent[-1].floor is Floor.TAKING:
        return "cut_in"
    if Code.PRESS_DETAIL in asserted:
        return "flooded"
    if asserted & {Code.ADVICE, Code.PERSUADE, Code.CONFRONT, Code.MINIMISE}:
        return "telling"
    asking = {Code.QUESTION_CLOSED, Code.QUESTION_OPEN}
    if len(coded) >= 3 and all(reply.asserted() & asking for reply in coded[-3:]):
        return "questions"
    return None
