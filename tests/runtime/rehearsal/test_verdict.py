"""The verdicts of a rehearsal: what the file expects, and what is asked of any scenario."""

from dataclasses import replace

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.state import Gate
from alliance_sim.runtime.rehearsal.outcome import InCodes, InWords, Mean, Told
from alliance_sim.runtime.rehearsal.policies import Policies, load_policies
from alliance_sim.runtime.rehearsal.verdict import verdicts

WARY = Library([shipped_root()]).scenario("wary")


def codes(dropout, painful=1.0):
    gates = {gate: Told(painful, 10) for gate in Gate}
    return InCodes(Mean(dropout, dropout, dropout, 9), dropout, gates, 0, 0)


def words(*values):
    mean = Mean(sum(values) / len(values), min(values), max(values), len(values))
    zero = Mean(0, 0, 0, len(values))
    return InWords(zero, {}, {}, {}, 0, 0, mean, values, {}, 0)


def holding(seen_codes, seen_words):
    return {v.expected: v.holds for v in verdicts(WARY, seen_codes, seen_words, load_policies())}


def test_what_the_file_expects_holds_or_not():
    good = holding({"skilled": codes(0.08), "mixed": codes(0.35), "poor": codes(1.0)}, {})
    assert len(good) == 4
    assert all(good.values())
    bad = holding({"skilled": codes(0.4, painful=0.3), "mixed": codes(0.9)}, {})
    assert len(bad) == 3
    assert not any(bad.values())


def test_scores_must_tell_policies_apart():
    apart = holding({}, {"skilled": words(3.0, 3.1), "mixed": words(2.0, 2.2)})
    assert list(apart.values()) == [True]
    alike = holding({}, {"skilled": words(2.0, 2.1), "mixed": words(2.0, 2.2)})
    assert list(alike.values()) == [False]


def test_stock_phrases_must_not_outscore_mixed_practice():
    assert list(holding({}, {"gamer": words(2.0), "mixed": words(1.5)}).values()) == [False]
    assert list(holding({}, {"gamer": words(1.0), "mixed": words(1.5)}).values()) == [True]


def test_a_session_without_scores_separates_nothing():
    none = replace(words(1.0), overall=None, values=())
    assert list(holding({}, {"skilled": none, "mixed": words(1.0)}).values()) == [False]


def test_a_policy_of_unknown_replies_is_refused():
    data = load_policies().model_dump()
    data["policies"]["poor"]["words"]["mix"] = {"nowhere": 1.0}
    with pytest.raises(ValueError, match="policy poor: there is no list of replies 'nowhere'"):
        Policies.model_validate(data)
