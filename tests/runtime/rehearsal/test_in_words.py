"""Rehearsal in words: whole sessions, held by policies that speak."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.runtime.rehearsal.in_words import play_sessions
from alliance_sim.runtime.rehearsal.outcome import separation
from alliance_sim.runtime.rehearsal.policies import load_policies
from alliance_sim.runtime.results import rubrics_in_play

LIBRARY = Library([shipped_root()])


def played(policy, sessions=3, turns=12, scenario="wary"):
    policies = load_policies()
    client = LIBRARY.scenario(scenario)
    return play_sessions(
        client,
        policies.policies[policy],
        rubrics_in_play(LIBRARY, client),
        policies,
        sessions=sessions,
        turns=turns,
        seed=5,
    )


@pytest.fixture(scope="module")
def skilled():
    return played("skilled")


@pytest.fixture(scope="module")
def poor():
    return played("poor")


def test_skilled_practice_scores_above_poor(skilled, poor):
    assert separation([s.overall for s in skilled], [p.overall for p in poor]) == 1.0


def test_skilled_practice_keeps_the_client(skilled, poor):
    assert max(s.dropout for s in skilled) < min(p.dropout for p in poor)


def test_the_same_seed_plays_the_same_sessions(poor):
    assert played("poor") == poor


def test_no_line_comes_twice(skilled):
    assert all(session.repeated == 0 for session in skilled)


def test_silence_is_no_crash_and_scores_low():
    for session in played("silent", sessions=1):
        assert session.ending
        assert session.overall is None or session.overall < 2


def test_separation_counts_ties_half():
    assert separation([1.0, 2.0], [1.0, 0.0]) == 0.875
    assert separation([], [1.0]) is None
