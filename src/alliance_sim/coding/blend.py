"""What the rules and the learned models say of a reply, made one.

The rules see what few examples show and say why; the models weigh all of it and are calibrated.
Their log-odds are averaged; how much each counts is in `lexicon/blend.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Protocol

import yaml

from alliance_sim.coding.features import Features
from alliance_sim.coding.learned import ADDED
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import ASSERTED, Code, CodedSpan, Empathy, Main

LEAST = 0.01
"""Nothing is taken to be less likely than this, or surer than 1 minus this."""
TOLD = (Code.ADVICE, Code.PERSUADE)
"""Codes whose words mislead the models where somebody else is said to have said them."""
_NOT_BESIDE = {
    Code.SELF_DISCLOSURE: ("greeting",),
    Code.VALIDATE: ("greeting",),
}
"""Phrases beside which the models do not add a code: who greets gives a name and is kind."""
BARE = 4
"""Words up to which a reply with a stock phrase says nothing of its own."""
_WARM = frozenset((Code.VALIDATE, Code.AFFIRM, Code.EMPHASIZE_AUTONOMY))
_HARSH = frozenset((Code.MINIMISE, Code.CONFRONT, Code.PRESS_DETAIL))
SURE = 0.8
"""From here on the rules are sure of a code."""
SEEN = 0.6
"""From here on the rules count more where they see a reflection."""
OTHERS = frozenset("he she him her his hers they them their".split())
PLAIN = 0.5
PLAIN_BY_RULE = 0.45
"""Share of a reflection from which a complex one interprets, and from which it does so where the
rules are sure that it is complex."""
SUREST = 0.9
"""Most that a code has that is asserted because the main behaviour implies one of its kind."""

KINDS = {
    Main.QUESTION: (Code.QUESTION_OPEN, Code.QUESTION_CLOSED),
    Main.REFLECTION: (Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX),
}
"""Behaviours that come in two kinds."""


class Judgement(Protocol):
    """What `learned.Prediction` says, as far as it is needed here."""

    @property
    def main(self) -> Mapping[Main, float]: ...
    @property
    def balanced(self) -> Mapping[Main, float]: ...
    @property
    def codes(self) -> Mapping[Code, float]: ...
    @property
    def added(self) -> Mapping[Code, float]: ...
    @property
    def empathy(self) -> Empathy: ...
    def words(self, task: str) -> str: ...


@dataclass(frozen=True)
class Share:
    """How a code is blended."""

    rules: float
    """Share of the rules, 0–1."""
    absent: float
    """Probability that the rules are taken to give a code that they do not find."""


@dataclass(frozen=True)
class Shares:
    """The shares of `lexicon/blend.yaml`."""

    main: float
    """Share of the rules in the main behaviour, 0–1."""
    main_seen: float
    """The same where they see a reflection."""
    ruled: frozenset[Code]
    """Codes no data label: where one is asserted the rules alone say the main behaviour."""
    kind: float
    """Added to the probability of the kind (simple, complex) that the rules favour."""
    codes: Mapping[Code, Share]


@cache
def shares() -> Shares:
    """Read the shares, once."""
    raw = yaml.safe_load((files(__package__) / "lexicon" / "blend.yaml").read_text("utf-8"))
    return Shares(
        raw["main"],
        raw["main_seen"],
        frozenset(map(Code, raw["ruled"])),
        raw["kind"],
        {Code(name): Share(**entry) for name, entry in raw["codes"].items()},
    )


def blend_main(
    features: Features, ruled: Mapping[Main, float], learned: Judgement, found: Spans
) -> tuple[Main, dict[Main, float]]:
    """The main behaviour, and the share of each (they sum to 1).

    The decision weighs rare behaviours as much as common ones; the shares are as frequent as said.
    """
    share = _share(features, found)
    decided = _mixed(ruled, learned.balanced, share)
    return max(decided, key=decided.__getitem__), _mixed(ruled, learned.main, share)


def _share(features: Features, found: Spans) -> float:
    """Share of the rules in the main behaviour, by what they found, and what they waved aside."""
    known = shares()
    if any(features.has(code.value) and code not in found for code in TOLD):
        return 1.0
    if any(code in found and found[code].p >= ASSERTED for code in known.ruled):
        return 1.0
    seen = any(code in found and found[code].p >= SEEN for code in KINDS[Main.REFLECTION])
    return known.main_seen if seen else known.main


def _mixed(
    ruled: Mapping[Main, float], learned: Mapping[Main, float], share: float
) -> dict[Main, float]:
    weights = {
        main: max(LEAST, p) ** share * max(LEAST, learned[main]) ** (1 - share)
        for main, p in ruled.items()
    }
    total = sum(weights.values())
    return {main: weight / total for main, weight in weights.items()}


def blend_codes(found: Spans, learned: Judgement) -> Spans:
    """Codes with blended probabilities; codes that no model knows stay as the rules have them."""
    blended = dict(found)
    for code, share in shares().codes.items():
        span = found.get(code)
        p = _mean(share.absent if span is None else span.p, learned.codes[code], share.rules)
        if span is not None or p >= ASSERTED:
            words = span.words if span else _words(code, found, learned)
            blended[code] = CodedSpan(code=code, p=p, words=words)
    return blended


def with_added(features: Features, spans: Spans, learned: Judgement) -> Spans:
    """With the codes that only the models find.

    What the rules found is never made less likely. What they waved aside stays so, and beside a
    code that no data label nothing is added: the models cannot know what it changes.
    """
    said = {code for code, span in spans.items() if span.p >= ASSERTED}
    if said & shares().ruled:
        return spans
    found = dict(spans)
    for code, p in learned.added.items():
        known = spans.get(code)
        if p < ASSERTED or (known and known.p >= p) or _ruled_out(features, code, said):
            continue
        words = known.words if known else learned.words(ADDED[code])
        found[code] = CodedSpan(code=code, p=round(p, 3), words=words)
    return found


def _ruled_out(features: Features, code: Code, said: set[Code]) -> bool:
    """Whether a code that only the models find contradicts what the rules make of the reply."""
    if features.has(code.value) and code not in said:
        return True
    if any(features.has(label) for label in _NOT_BESIDE.get(code, ())):
        return True
    if code is Code.ADVICE:
        return Code.EMPHASIZE_AUTONOMY in said or features.client_has("advice_request")
    bare = features.has("stock") and features.length <= BARE
    return code in _WARM and (bare or not said.isdisjoint(_HARSH))


def with_kind(
    spans: Spans, which: Main, p: float, learned: Judgement, favoured: Code | None
) -> Spans:
    """Assert the likelier kind of the main behaviour where neither kind is.

    `p` is the share of the behaviour, `favoured` the kind that the rules take it to be.
    """
    kinds = KINDS.get(which, ())
    if not kinds or any(code in spans and spans[code].p >= ASSERTED for code in kinds):
        return spans

    def likelihood(code: Code) -> float:
        return learned.codes[code] + (shares().kind if code is favoured else 0.0)

    code = max(kinds, key=likelihood)
    words = _words(code, spans, learned)
    p = round(max(ASSERTED, min(SUREST, p)), 2)
    return {**spans, code: CodedSpan(code=code, p=p, words=words)}


def blend_empathy(features: Features, spans: Spans, ruled: Empathy, learned: Judgement) -> Empathy:
    """The levels of the models, learned on forums, with what sessions have and forums seldom.

    A plain reflection interprets as much as the rules say, understanding that is only claimed is
    weak (1), and a question about somebody in the client's life is about this client (2).
    """
    levels = learned.empathy
    interpretation, exploration = levels.interpretation, levels.exploration
    if _plain_reflection(spans, learned):
        interpretation = max(interpretation, ruled.interpretation)
    if interpretation == 0 and features.has("understanding"):
        interpretation = 1
    if ruled.exploration > exploration > 0 and not features.vocabulary.isdisjoint(OTHERS):
        exploration = ruled.exploration
    return Empathy(
        emotional_reaction=levels.emotional_reaction,
        interpretation=interpretation,
        exploration=exploration,
    )


def _words(code: Code, spans: Spans, learned: Judgement) -> str:
    """Words of a code: the rules', theirs of the other kind of it, or what the models went by."""
    kinds = next((kinds for kinds in KINDS.values() if code in kinds), (code,))
    own = [spans[kind].words for kind in (code, *kinds) if kind in spans and spans[kind].words]
    return own[0] if own else learned.words(code.value)


def _plain_reflection(spans: Spans, learned: Judgement) -> bool:
    found = spans.get(Code.REFLECTION_COMPLEX)
    sure = found is not None and found.p >= SURE
    return learned.main[Main.REFLECTION] >= (PLAIN_BY_RULE if sure else PLAIN)


def _mean(ruled: float, learned: float, share: float) -> float:
    odds = share * _log_odds(ruled) + (1 - share) * _log_odds(learned)
    return round(1 / (1 + exp(-odds)), 3)


def _log_odds(p: float) -> float:
    p = min(1 - LEAST, max(LEAST, p))
    return log(p / (1 - p))
