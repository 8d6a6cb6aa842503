"""Whether a scenario does what its author expects of it: its own tests, and those of all."""

from collections.abc import Mapping
from dataclasses import dataclass

from alliance_sim.domain.scenario import Expectation, Scenario
from alliance_sim.runtime.rehearsal.outcome import InCodes, InWords, separation
from alliance_sim.runtime.rehearsal.policies import EXPECTED, Policies

MOST = 0.5
"""The share of skilled sessions that must open an expected gate."""


@dataclass(frozen=True)
class Verdict:
    """One thing that was expected, and what was seen."""

    place: tuple[str, ...]
    """Path into the scenario's file that states it, or what it is about."""
    expected: str
    seen: str
    holds: bool


def verdicts(
    scenario: Scenario,
    codes: Mapping[str, InCodes],
    words: Mapping[str, InWords],
    policies: Policies,
) -> list[Verdict]:
    """Every expectation of the file, then what is asked of any scenario. Policies that were not
    played are passed over."""
    found: list[Verdict] = []
    for name in EXPECTED:
        if name in codes:
            found += _expected(name, getattr(scenario.expectations, name), codes[name])
    return found + _separated(words, policies) + _never_above(words, policies)


def _expected(name: str, wanted: Expectation, seen: InCodes) -> list[Verdict]:
    low, high = wanted.dropout
    dropout = seen.dropout.value
    found = [
        Verdict(
            ("expectations", name, "dropout"),
            f"{name} practice: drop-out {low:.2f} to {high:.2f}",
            f"{dropout:.2f}",
            low <= round(dropout, 2) <= high,
        )
    ]
    if wanted.opens:
        told = seen.gates[wanted.opens]
        turn = "" if told.turn is None else f", at turn {told.turn:g} in the middle"
        found.append(
            Verdict(
                ("expectations", name, "opens"),
                f"{name} practice: most sessions open the gate {wanted.opens}",
                f"{told.share:.0%} did{turn}",
                told.share > MOST,
            )
        )
    return found


def _separated(words: Mapping[str, InWords], policies: Policies) -> list[Verdict]:
    found = []
    for rule in policies.separation:
        if rule.better not in words or rule.worse not in words:
            continue
        auc = separation(words[rule.better].values, words[rule.worse].values)
        found.append(
            Verdict(
                ("expectations", rule.better),
                f"{rule.better} scores above {rule.worse} with AUC {rule.least:.2f} or more",
                "no scores" if auc is None else f"{auc:.2f}",
                auc is not None and auc >= rule.least,
            )
        )
    return found


def _never_above(words: Mapping[str, InWords], policies: Policies) -> list[Verdict]:
    found = []
    for rule in policies.never_above:
        if rule.policy not in words or rule.than not in words:
            continue
        upper, other = words[rule.policy].overall, words[rule.than].overall
        if upper is None or other is None:
            continue
        found.append(
            Verdict(
                ("expectations", rule.than),
                f"{rule.policy} does not outscore {rule.than}",
                f"{upper.value:.2f} against {other.value:.2f}",
                upper.value <= other.value,
            )
        )
    return found
