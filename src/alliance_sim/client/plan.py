"""From a state to a directive: what the client does with its turn. Pure, given the random source.

The order of the rules is the order of what weighs most: endings, then what stands between the two
people, then what can be told, then what was asked.
"""

import re

from alliance_sim.client.directive import Directive, Piece, Pool
from alliance_sim.client.memory import Memory, fold_words
from alliance_sim.client.moment import OWN_WORDS, Moment, asked_in, names, only_checks
from alliance_sim.client.reactions import (
    GENTLE,
    HARMFUL,
    WHOLE,
    reaction_of,
)
from alliance_sim.client.telling import to_tell
from alliance_sim.client.triggers import (
    POINTS_BACK,
    due,
    is_another_matter,
    is_elsewhere,
    outcome,
    question_of,
    rupture_event,
    style,
)
from alliance_sim.domain.codes import Code, Mark
from alliance_sim.domain.events import Act, Ending
from alliance_sim.domain.scenario import Disclosure, Event, EventKind, Reaction, Scenario
from alliance_sim.domain.state import ClientState, Openness, Phase

FLOODS = frozenset({Reaction.PRESS_DETAIL, Reaction.HOSTILE, Reaction.BLAME})
"""After these nothing else is said in the same turn."""

UNMISTAKABLE = frozenset(
    {Reaction.BOUNDARY_BREAK, Reaction.HOSTILE, Reaction.STEREOTYPE, Reaction.PRESS_DETAIL}
)
"""A rupture that opens on these is about just that, and no general complaint."""

RISK_RECENT = 4
"""Replies, this one among them, within which a question about risk keeps it on the table."""
ANSWERED = frozenset({Reaction.REFLECTION, Reaction.PERMISSION, Reaction.COLLABORATION})
"""Reactions whose words say yes, no or nearly; after a question of another kind they misfit."""
BETWEEN_US = frozenset({"immediacy", "own_part", "validate"})
"""Steps of a repair that the client hears as one, whatever they say."""
OF_THE_TWO = re.compile(
    r"\b(?:(?:did|do|have|was|am|could|should) i|i (?:say|said|did|ask|asked|get|got|missed)|"
    r"from me|between us|happened|just (?:now|then))\b",
    re.IGNORECASE,
)
"""Words by which a question is about the two people in the room."""
WINDING_UP = re.compile(
    r"\b(?:(?:few|couple of|five|ten) (?:more )?minutes (?:left|to go)|"
    r"before (?:you go|we (?:stop|end|finish))|"
    r"(?:nearly|almost) (?:out of time|at the end))\b",
    re.IGNORECASE,
)
"""Words of the trainee after which nothing new happens: the hour is being brought to its end."""
STAYS = re.compile(
    r"\b(?:take|taking|carry|carrying|keep|keeping|remember|hold on to)\b[^.!?]{0,40}"
    r"\b(?:(?:from|out of|of|about) (?:today|this|the hour|our)|away|home|with you)\b|"
    r"\bst(?:ood|ands|uck|icks) (?:out|with you)\b|"
    r"\b(?:useful|helpful|different|important)\b[^.!?]{0,20}"
    r"\b(?:today|in (?:this|the) (?:hour|session))\b|"
    r"\bhow (?:was|has) (?:today|this (?:hour|session)|the (?:hour|session))\b",
    re.IGNORECASE,
)
"""Questions about what the hour leaves with the client, or how it was."""
CONSENT = re.compile(
    r"\bhow (?:does|would|do) (?:that|this|it|you feel about (?:that|this|it)) ?"
    r"(?:sit|sound|feel|be|land|strike)?\b|"
    r"\b(?:would|does|is|will|could|can) (?:that|this|it) (?:be |sound |seem |feel )?"
    r"(?:okay|ok|all right|alright|fine|fair|right|work|suit|fit|possible|reasonable|make sense)\b",
    re.IGNORECASE,
)
"""Questions whether something proposed is all right."""
BESIDE_THE_ROLE = frozenset({None, Reaction.SELF_DISCLOSURE})
"""What words of the trainee's own danger come to, where nothing in them is meant for the client."""
ASSENTS = frozenset({Reaction.PERMISSION, Reaction.COLLABORATION})
LEAD_CHANCE = 0.65
"""How often a few words answer what the trainee did before the client goes on."""


def plan(moment: Moment) -> Directive:
    """The client's next turn."""
    for rule in (_ending, _first, _lost, _rupture, _harm, _odd, _respond):
        directive = rule(moment)
        if directive:
            return directive
    return _converse(moment)


def arrival(moment_openness: Openness = Openness.GUARDED) -> Directive:
    """The first seconds, before the trainee has spoken."""
    return Directive(act=Act.ARRIVE, openness=moment_openness, pieces=(Piece(pool=Pool.ARRIVAL),))


def closing(ending: Ending, state_openness: Openness) -> Directive:
    """The client's last words where the trainee's side ends the hour."""
    return Directive(
        act=Act.CLOSE,
        openness=state_openness,
        pieces=(Piece(pool=Pool.ENDING, name=str(ending)),),
        ending=ending,
    )


def going_on(memory: Memory, state: ClientState, state_openness: Openness) -> Directive:
    """What comes where the trainee lets a turn pass: the opening, or more of the same."""
    act, piece = Act.CONTINUE, Piece(pool=Pool.TOPIC, name=memory.topic or "")
    if state.phase is Phase.COMPLIANT:
        act, piece = Act.COMPLY, Piece(pool=Pool.ENDING, name="compliant")
    elif state.rupture:
        act, piece = Act.WITHDRAW, Piece(pool=Pool.RUPTURE, name="standing")
    elif not memory.opened:
        act, piece = Act.OPEN, Piece(pool=Pool.OPENING)
    return Directive(act=act, openness=state_openness, pieces=(piece,), topic=memory.topic)


def _make(moment: Moment, act: Act, *pieces: Piece, **more: object) -> Directive:
    fields = {"act": act, "openness": moment.openness, "pieces": pieces} | more
    return Directive.model_validate(fields)


def _reaction(kind: Reaction, *, lead: bool = False) -> Piece:
    return Piece(pool=Pool.REACTION, name=str(kind), lead=lead)


def _ending(moment: Moment) -> Directive | None:
    marks = moment.coded.marks
    if moment.step.state.phase is Phase.LEFT:
        piece = Piece(pool=Pool.ENDING, name="walk_out")
        return _make(moment, Act.LEAVE, piece, ending=Ending.WALK_OUT)
    if Mark.HANDOVER in marks and _risk_on_table(moment):
        piece = Piece(pool=Pool.ENDING, name="safety_handover")
        return _make(moment, Act.HAND_OVER, piece, ending=Ending.SAFETY_HANDOVER)
    if Mark.CLOSING in marks:
        return closing(Ending.PLANNED_CLOSE, moment.openness)
    if moment.time_up:
        return closing(Ending.TIME, moment.openness)
    return None


def _risk_on_table(moment: Moment) -> bool:
    """The client has just raised a risk, or the trainee has lately asked about one."""
    event = _pending(moment)
    if event is not None and event.kind is EventKind.RISK_CUE:
        return True
    recent = moment.memory.coded[-RISK_RECENT:]
    return any(Code.RISK_QUESTION in coded.asserted() for coded in (*recent, moment.coded))


def _pending(moment: Moment) -> Event | None:
    """The event that this reply answers, or None."""
    wanted = moment.memory.pending
    return next((event for event in moment.scenario.events if event.id == wanted), None)


def _first(moment: Moment) -> Directive | None:
    """The opening, in answer to the trainee's first words; harm at the door is answered first, and
    so is what nobody could understand."""
    if moment.memory.opened:
        return None
    kind = reaction_of(moment.coded)
    if moment.memory.turns <= 1:
        odd = _odd(moment) if moment.coded.marks & {Mark.NONSENSE, Mark.NOT_ENGLISH} else None
        if odd:
            return odd
        if kind in HARMFUL:
            return _make(moment, Act.DEFLECT, _reaction(kind))
    lead = {Reaction.GREETING, Reaction.LIMITS, Reaction.ORIENTATION}
    pieces = [_reaction(kind, lead=True)] if kind in lead else []
    topic = moment.scenario.opening.topic
    return _make(moment, Act.OPEN, *pieces, Piece(pool=Pool.OPENING), topic=topic)


def _lost(moment: Moment) -> Directive | None:
    """A client who has said that this does not work, or who only complies.

    Asked outright about danger, even that one gives an answer.
    """
    phase = moment.step.state.phase
    warned = any(key.startswith("ending/warning/") for key in moment.memory.used)
    if phase is Phase.COMPLIANT and warned and _asks_about_risk(moment):
        return _make(moment, Act.COMPLY, _reaction(Reaction.RISK_ASKED))
    if phase is Phase.COMPLIANT and warned:
        return _make(moment, Act.COMPLY, Piece(pool=Pool.ENDING, name="compliant"))
    if phase in {Phase.WARNED, Phase.COMPLIANT} and not warned:
        return _make(moment, Act.WARN, Piece(pool=Pool.ENDING, name="warning"))
    return None


def _asks_about_risk(moment: Moment) -> bool:
    """Whether a reply asks about danger, and the client has an answer left."""
    asks = Code.RISK_QUESTION in moment.coded.asserted()
    return asks and not _spent(moment, f"reaction/{Reaction.RISK_ASKED}/")


def _rupture(moment: Moment) -> Directive | None:
    state, memory = moment.step.state, moment.memory
    if moment.step.opened:
        return _rupture_opens(moment)
    if moment.step.repaired:
        healed = Piece(pool=Pool.RUPTURE, name="repaired")
        return _make(moment, Act.ACCEPT_REPAIR, healed, topic=memory.topic)
    if not state.rupture:
        return None
    event = _pending(moment)
    if event and event.style:
        return _make(moment, Act.WITHDRAW, _response(moment, event), topic=memory.topic)
    odd = _odd(moment) if fold_words(moment.text) else None
    if odd:
        return odd
    kind = reaction_of(moment.coded)
    begun = kind not in HARMFUL and _begins_repair(moment)
    if begun and not _said_last(moment, "rupture/repair_begun/"):
        return _make(moment, Act.WITHDRAW, Piece(pool=Pool.RUPTURE, name="repair_begun"))
    pieces = [Piece(pool=Pool.RUPTURE, name="standing", lead=True)]
    topic = asked_in(moment)
    if topic and (moment.rng.random() < 0.5 or _spent(moment, "rupture/standing/")):
        pieces = [Piece(pool=Pool.TOPIC, name=topic)]
    return _make(moment, Act.WITHDRAW, *pieces, topic=topic)


def _begins_repair(moment: Moment) -> bool:
    """Whether the client hears a first step of a repair: "How much do you drink?" is none."""
    state = moment.step.state
    if not state.repair_step or state.repair_turn != state.turn:
        return False
    if state.repair_step in BETWEEN_US:
        return True
    of_the_two = OF_THE_TWO.search(question_of(moment.text)) or not names(moment)
    return bool(of_the_two) and Mark.STOCK not in moment.coded.marks


def _rupture_opens(moment: Moment) -> Directive:
    state = moment.step.state
    act = Act.CONFRONT if style(state) == "confrontation" else Act.WITHDRAW
    kind = reaction_of(moment.coded)
    if kind in UNMISTAKABLE and not _spent(moment, f"reaction/{kind}/"):
        return _make(moment, act, _reaction(kind))
    event = rupture_event(moment.scenario, moment.memory, state)
    if event:
        return _make(moment, act, Piece(pool=Pool.EVENT, name=event.id), event=event.id)
    return _make(moment, act, Piece(pool=Pool.RUPTURE, name=style(state)))


def _harm(moment: Moment) -> Directive | None:
    """What hurts is answered before anything else; an event that was hurt has its own words."""
    kind = reaction_of(moment.coded)
    if kind not in HARMFUL:
        return None
    event = _pending(moment)
    pieces = [_response(moment, event)] if event else []
    topic = asked_in(moment)
    if not pieces and not _spent(moment, f"reaction/{kind}/"):
        pieces = [_reaction(kind)]
        if topic and kind not in FLOODS and moment.rng.random() < 0.5:
            pieces.append(Piece(pool=Pool.TOPIC, name=topic))
    elif topic or not pieces:
        pieces.append(Piece(pool=Pool.TOPIC, name=topic or moment.memory.topic or ""))
    return _make(moment, Act.DEFLECT, *pieces, topic=topic or moment.memory.topic)


def _odd(moment: Moment) -> Directive | None:
    """Words no answer can be about: gibberish, silence, the same question again."""
    folded = fold_words(moment.text)
    if moment.coded.marks & {Mark.NONSENSE, Mark.NOT_ENGLISH}:
        return _make(moment, Act.DEFLECT, _reaction(_unreadable(moment)))
    if not folded:
        return _make(moment, Act.WITHDRAW, _reaction(Reaction.SILENCE))
    if Mark.OWN_RISK in moment.coded.marks and reaction_of(moment.coded) in BESIDE_THE_ROLE:
        return _make(moment, Act.DEFLECT, _reaction(Reaction.UNCLEAR))
    if moment.asks and folded in moment.memory.said:
        again = _reaction(Reaction.REPEATED)
        if _spent(moment, f"reaction/{Reaction.REPEATED}/"):
            again = Piece(pool=Pool.RUPTURE, name="standing")
        return _make(moment, Act.DEFLECT, again)
    return None


def _unreadable(moment: Moment) -> Reaction:
    """Words to a machine are met as such, where the client has lines for it."""
    able = Reaction.MACHINE in moment.scenario.reactions
    return Reaction.MACHINE if able and Mark.MACHINE in moment.coded.marks else Reaction.NONSENSE


def _said_last(moment: Moment, prefix: str) -> bool:
    """Whether the client's turn before had a line of a pool."""
    planned = moment.memory.planned
    return planned is not None and any(key.startswith(prefix) for key in planned.lines)


def _response(moment: Moment, event: Event) -> Piece:
    named = asked_in(moment) if names(moment) else None
    aside = is_elsewhere(event, moment.text, named, moment.memory.topic)
    part = outcome(event, moment.coded, elsewhere=aside)
    return Piece(pool=Pool.RESPONSE, name=event.id, part=part)


def _respond(moment: Moment) -> Directive | None:
    """How the trainee met the last event; then what else was asked in the same reply."""
    event, topic = _pending(moment), asked_in(moment)
    if event is None:
        return None
    response = _response(moment, event)
    pieces = [response]
    named = topic if names(moment) and not only_checks(moment) else None
    besides = {"met": _asked_besides(moment, event), "missed": named}.get(response.part)
    if besides:
        pieces.append(Piece(pool=Pool.TOPIC, name=besides))
    return _make(moment, Act.RESPOND, *pieces, topic=topic or moment.memory.topic)


def _asked_besides(moment: Moment, event: Event) -> str | None:
    """The topic of a question that goes beyond the event which the same reply meets."""
    if not moment.asks:
        return None
    current, question = moment.memory.topic, question_of(moment.text)
    asked = moment.index.match(question, current).topic
    other = is_another_matter(event, moment.scenario, question, asked, current)
    return asked if other else None


def _converse(moment: Moment) -> Directive:
    """Nothing stands in the way: disclose, let an event happen, answer, or go on."""
    if _takes_back(moment):
        return _make(moment, Act.ANSWER, _reaction(Reaction.OWN_PART), topic=moment.memory.topic)
    if _asks_what_stays(moment):
        return _make(moment, Act.ANSWER, _reaction(Reaction.TAKEAWAY), topic=moment.memory.topic)
    winding_up = WINDING_UP.search(moment.text) is not None
    told = None if winding_up else _disclosure(moment)
    if told:
        return told
    topic = asked_in(moment)
    happens = None if winding_up or _risk_on_table(moment) else _happening(moment, topic)
    return happens or _answer(moment, topic, _lead(moment))


def _takes_back(moment: Moment) -> bool:
    """Whether a reply is an apology for the one before it, which hurt, and nothing else."""
    replies = [*moment.memory.coded]
    if replies and replies[-1] == moment.coded:
        replies.pop()
    hurt = bool(replies) and reaction_of(replies[-1]) in HARMFUL
    sorry = Mark.APOLOGY in moment.coded.marks and not moment.asks
    return hurt and sorry and not _spent(moment, f"reaction/{Reaction.OWN_PART}/")


def _asks_what_stays(moment: Moment) -> bool:
    """Whether the trainee asks what the hour leaves behind, and the client has words for it."""
    if not moment.asks or Reaction.TAKEAWAY not in moment.scenario.reactions:
        return False
    asked = STAYS.search(question_of(moment.text))
    return bool(asked) and not _spent(moment, f"reaction/{Reaction.TAKEAWAY}/")


def _happening(moment: Moment, topic: str | None) -> Directive | None:
    """An event that is due; what the reply calls for comes before it, or instead of it."""
    found = due(moment.scenario, moment.memory, moment.step.state, moment.rng)
    if found is None:
        return None
    event, forced = found
    said = Piece(pool=Pool.EVENT, name=event.id)
    act = _ACTS.get(event.kind, Act.EVENT)
    kind = reaction_of(moment.coded)
    answer = Piece(pool=Pool.TOPIC, name=topic) if topic else None
    if answer is None and kind in WHOLE and not _spent(moment, f"reaction/{kind}/"):
        answer = _reaction(kind)
    if answer is None:
        return _make(moment, act, said, event=event.id, topic=event.when.topic)
    if forced:
        return _make(moment, act, answer, said, event=event.id, topic=topic or event.when.topic)
    return None


_ACTS = {EventKind.BOUNDARY_BAIT: Act.TEST_BOUNDARY, EventKind.RISK_CUE: Act.RAISE_RISK}


def _answer(moment: Moment, topic: str | None, lead: list[Piece]) -> Directive:
    kind = reaction_of(moment.coded)
    act = Act.DEFLECT if moment.openness is Openness.GUARDED else Act.ANSWER
    between = kind is Reaction.IMMEDIACY and not names(moment)
    if between and not _spent(moment, f"reaction/{Reaction.IMMEDIACY}/"):
        said = _reaction(Reaction.IMMEDIACY)
        return _make(moment, Act.ANSWER, said, topic=moment.memory.topic)
    told = _just_told(moment, topic)
    if told and (topic or kind not in WHOLE):
        topic = moment.memory.topic or told.topics[0]
        piece = Piece(pool=Pool.TOPIC, name=topic, part=told.id)
        return _make(moment, act, *lead, piece, topic=topic)
    if kind in ASSENTS and CONSENT.search(question_of(moment.text)):
        said = _reaction(kind)
        return _make(moment, Act.ANSWER, said, topic=moment.memory.topic)
    if topic:
        pieces = [*lead, Piece(pool=Pool.TOPIC, name=topic)]
        return _make(moment, act, *pieces, topic=topic)
    if kind in WHOLE and not _spent(moment, f"reaction/{kind}/"):
        return _make(moment, Act.DEFLECT, _reaction(kind), topic=moment.memory.topic)
    if moment.asks and kind not in GENTLE:
        return _make(moment, Act.DEFLECT, _reaction(Reaction.UNCLEAR), topic=moment.memory.topic)
    current = moment.memory.topic or moment.scenario.opening.topic
    return _make(moment, Act.CONTINUE, *lead, Piece(pool=Pool.TOPIC, name=current), topic=current)


def _lead(moment: Moment) -> list[Piece]:
    """A few words that answer what the trainee did, before the rest."""
    if moment.took_floor:
        return [_reaction(Reaction.CUT_OFF, lead=True)]
    if moment.step.moves and "closed_run" in moment.step.moves:
        return [_reaction(Reaction.CLOSED_RUN, lead=True)]
    kind = reaction_of(moment.coded)
    if kind in GENTLE and moment.rng.random() < LEAD_CHANCE and not _expects_answer(moment, kind):
        return [_reaction(kind, lead=True)]
    return []


def _expects_answer(moment: Moment, kind: Reaction) -> bool:
    """Whether a reply goes on to a question, which a word on what came before it would answer.

    "Part of you misses him. Is that close?" asks for that very word.
    """
    return kind in ANSWERED and moment.asks and not only_checks(moment)


def _disclosure(moment: Moment) -> Directive | None:
    """What has been kept back and is told now, with words that lead to it."""
    asked, memory = asked_in(moment), moment.memory
    telling = to_tell(
        moment.scenario,
        memory,
        moment.step.state,
        moment.profile,
        moment.coded.asserted(),
        asked,
        unasked=not _risk_on_table(moment),
    )
    if telling is None:
        return None
    told = telling.told
    before = _lead(moment)
    if told.brought_up and not telling.outright:
        before = [Piece(pool=Pool.DISCLOSURE, name=told.id, part="brought_up", lead=True)]
    piece = Piece(pool=Pool.DISCLOSURE, name=told.id)
    here = asked or memory.topic
    here = here if here in told.topics else told.topics[0]
    return _make(moment, Act.DISCLOSE, *before, piece, disclosure=told.id, topic=here)


def _just_told(moment: Moment, topic: str | None) -> Disclosure | None:
    """What the client has told in its last turn, while the reply stays with it."""
    planned = moment.memory.planned
    wanted = planned.disclosure if planned else None
    told = next((told for told in moment.scenario.disclosures if told.id == wanted), None)
    if told is None or told.id not in moment.memory.told:
        return None
    stays = topic is None or topic in told.topics
    back = POINTS_BACK.search(question_of(moment.text)) and not names(moment, OWN_WORDS)
    return told if stays or back else None


def _spent(moment: Moment, prefix: str) -> bool:
    """Whether every line of a pool has been spoken."""
    size = len(pool_lines(moment.scenario, prefix))
    return sum(key.startswith(prefix) for key in moment.memory.used) >= size


def pool_lines(scenario: Scenario, prefix: str) -> tuple[str, ...]:
    """The lines of a reaction or rupture pool, by the prefix of their keys."""
    kind, name, _ = prefix.split("/", 2)
    if kind == "reaction":
        return scenario.reactions[Reaction(name)]
    lines: tuple[str, ...] = getattr(scenario.rupture, name)
    return lines
