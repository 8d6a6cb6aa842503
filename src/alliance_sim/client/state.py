"""The pure reducer: what a reply does to the client. Same inputs, same state, on every machine."""

from collections.abc import Collection, Iterable

from pydantic import BaseModel, ConfigDict, Field

from alliance_sim.client.dynamics import Profile
from alliance_sim.client.felt import felt
from alliance_sim.domain.codes import Code, CodedReply
from alliance_sim.domain.state import VARIABLES, ClientState, Gate, Openness, Phase

ALLIANCE = ("trust", "task", "goal", "safety")
CUTOFF = "cutoff"
CLOSED_RUN = "closed_run"


class Step(BaseModel):
    """The state after a turn, and what changed."""

    model_config = ConfigDict(frozen=True)

    state: ClientState
    moves: tuple[str, ...] = ()
    """The moves that counted, in alphabetical order."""
    deltas: dict[str, float] = Field(default_factory=dict)
    opened: bool = False
    """A rupture opened with this turn."""
    repaired: bool = False


def moves_of(
    coded: CodedReply, profile: Profile, *, took_floor: bool, closed_before: int
) -> frozenset[str]:
    """The moves a coded reply makes, each once.

    `closed_before` is how many replies just before were closed questions.
    """
    names = profile.dynamics.moves_of_codes
    moves = {names.get(code, str(code)) for code in felt(coded)}
    if closed_before + 1 >= profile.dynamics.closed_run_from and is_closed(coded):
        moves.add(CLOSED_RUN)
    if took_floor:
        moves.add(CUTOFF)
    return frozenset(moves & profile.moves.keys())


def is_closed(coded: CodedReply) -> bool:
    """Whether a reply continues a run of closed questions: one is asked, and no open one.

    Questions about danger are asked one after another, and plainly; they make no such run.
    """
    asserted = coded.asserted()
    return Code.QUESTION_CLOSED in asserted and asserted.isdisjoint(_NO_RUN)


_NO_RUN = frozenset({Code.QUESTION_OPEN, Code.RISK_QUESTION})


def step(
    state: ClientState,
    moves: Collection[str],
    profile: Profile,
    *,
    roll: float,
    closed: bool = False,
    extra: dict[str, float] | None = None,
) -> Step:
    """Apply one trainee turn.

    `roll` in [0, 1) decides whether a client who has warned leaves. `closed`: the reply was a
    closed question. `extra` adds to single variables before the multipliers (an event that was
    missed, say). Raises KeyError for a move that the profile does not know.
    """
    counted = _counted(state, moves, profile)
    raw = _sum(counted, profile)
    for name, value in (extra or {}).items():
        raw[name] += value
    values = {name: _moved(name, raw[name], state, profile) for name in VARIABLES}
    values["arousal"] += profile.dynamics.update.settling * (profile.middle - values["arousal"])
    moved = state.model_copy(
        update=values
        | {
            "turn": state.turn + 1,
            "closed_in_a_row": state.closed_in_a_row + 1 if closed else 0,
            "once": state.once | (counted & profile.dynamics.once),
        }
    )
    after, opened, repaired = _rupture(state, moved, counted, profile)
    after = _leaving(after, counted, profile, roll)
    return Step(
        state=after,
        moves=tuple(sorted(counted)),
        deltas={name: getattr(after, name) - getattr(state, name) for name in VARIABLES},
        opened=opened,
        repaired=repaired,
    )


def _counted(state: ClientState, moves: Iterable[str], profile: Profile) -> frozenset[str]:
    dynamics = profile.dynamics
    idle = dynamics.once & state.once
    if not state.rupture:
        idle |= dynamics.in_rupture_only
    return frozenset(moves) - idle


def _sum(moves: Collection[str], profile: Profile) -> dict[str, float]:
    # In a fixed order: the last digit of a sum depends on it where weights are fractions.
    rows = [profile.moves[move] for move in sorted(moves)]
    return {name: sum(row[i] for row in rows) for i, name in enumerate(VARIABLES)}


def _moved(name: str, change: float, state: ClientState, profile: Profile) -> float:
    """The value of one variable after the moves, rule 2."""
    rule = profile.dynamics.update
    value: float = getattr(state, name)
    if name in ALLIANCE:
        if change > 0:
            change *= profile.gain * (1 - value / rule.saturation)
            if name in {"trust", "safety"}:
                change = min(change, rule.largest_rise)
        else:
            change = max(change * profile.loss, rule.largest_fall)
    elif name == "reactance" and change > 0:
        change *= rule.reactance_floor + value / 100
    elif name in {"shame", "reactance"}:
        change *= value / 100 if change < 0 else 1
    elif name == "arousal" and change < 0:
        return max(value + change, min(value, profile.middle))
    return min(100.0, max(0.0, value + change))


def _rupture(
    before: ClientState, moved: ClientState, moves: Collection[str], profile: Profile
) -> tuple[ClientState, bool, bool]:
    """Rule 4: (state, opened now, repaired now)."""
    trigger = _trigger(before, moved, profile)
    seen = (*before.history, (before.trust, before.safety))[-2:]
    if not before.rupture:
        update: dict[str, object] = {"history": seen}
        if trigger:
            update |= {"rupture": True, "ruptures": before.ruptures + 1, "repair_step": None}
        return moved.model_copy(update=update), trigger, False
    made = sorted(profile.dynamics.rupture.repair_moves & set(moves))
    first = _standing_step(before, moved.turn, profile)
    pair = len(made) > 1 or (first is not None and any(move != first for move in made))
    if pair and not trigger:
        healed = {"rupture": False, "repairs": before.repairs + 1, "repair_step": None}
        return moved.model_copy(update=healed | {"history": ()}), False, True
    update = {"history": seen}
    if made:
        update |= {"repair_step": made[0], "repair_turn": moved.turn}
    elif first is None:
        update |= {"repair_step": None}
    return moved.model_copy(update=update), False, False


def _standing_step(state: ClientState, turn: int, profile: Profile) -> str | None:
    if turn - state.repair_turn >= profile.dynamics.rupture.repair_within:
        return None
    return state.repair_step


def _trigger(before: ClientState, moved: ClientState, profile: Profile) -> bool:
    rule = profile.dynamics.rupture
    trust, safety = (*before.history, (before.trust, before.safety))[-2:][0]
    return (
        trust - moved.trust >= rule.trust_fall
        or safety - moved.safety >= rule.safety_fall
        or (moved.reactance >= rule.reactance and moved.reactance > before.reactance)
        or moved.arousal > profile.window[1] + rule.arousal_over
    )


def _leaving(
    state: ClientState, moves: Collection[str], profile: Profile, roll: float
) -> ClientState:
    """Rule 6: warn first, then leave by chance; at once after what cannot be mended."""
    rule = profile.dynamics.leaving
    gone = Phase.LEFT if profile.leaves else Phase.COMPLIANT
    if state.phase in {Phase.LEFT, Phase.COMPLIANT}:
        return state
    below = state.trust < rule.trust or state.engagement < rule.engagement
    if state.turn < rule.from_turn or not below:
        return state
    if rule.at_once & set(moves):
        return state.model_copy(update={"phase": gone})
    if state.phase is Phase.ENGAGED:
        return state.model_copy(update={"phase": Phase.WARNED})
    return state.model_copy(update={"phase": gone}) if roll < rule.chance else state


def gate_opens(gate: Gate, state: ClientState, profile: Profile) -> bool:
    """Rule 5: min(trust, safety) at the gate's value, arousal inside the window, no rupture."""
    low, high = profile.window
    return (
        not state.rupture
        and low <= state.arousal <= high
        and min(state.trust, state.safety) >= profile.dynamics.gates[gate]
        and state.phase is Phase.ENGAGED
    )


def open_gates(state: ClientState, profile: Profile) -> tuple[Gate, ...]:
    """The gates that stand open, lowest first."""
    return tuple(gate for gate in Gate if gate_opens(gate, state, profile))


def openness(state: ClientState, profile: Profile) -> Openness:
    """How freely the client speaks: by min(trust, safety), never in a rupture or out of window."""
    rule = profile.dynamics.openness
    level = min(state.trust, state.safety)
    if state.rupture or state.arousal > profile.window[1] or level < rule.opening:
        return Openness.GUARDED
    return Openness.OPEN if level >= rule.open else Openness.OPENING
