"""The one main behaviour of an utterance, and the codes that must go with it."""

from collections.abc import Sequence
from math import exp

from alliance_sim.coding.features import Features
from alliance_sim.coding.lexicon import main_weights
from alliance_sim.coding.rules.evidence import evidence
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import CodedReply, Main


def main(
    features: Features, spans: Spans, previous: Sequence[CodedReply]
) -> tuple[Main, dict[Main, float]]:
    """The likeliest behaviour, and the share of each (they sum to 1)."""
    counts = main_weights().counts
    sums = dict.fromkeys(Main, 0.0)
    for name in evidence(features, spans, previous):
        for behaviour, weight in counts.get(name, {}).items():
            sums[behaviour] += weight
    weights = {behaviour: exp(total) for behaviour, total in sums.items()}
    total = sum(weights.values())
    shares = {behaviour: weight / total for behaviour, weight in weights.items()}
    return max(shares, key=lambda behaviour: shares[behaviour]), shares
