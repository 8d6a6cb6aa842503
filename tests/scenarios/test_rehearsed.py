"""Whole sessions in words with each client that ships: practice that differs scores differently."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.runtime.rehearsal.policies import load_policies
from alliance_sim.runtime.rehearsal.rehearse import Settings, rehearse
from alliance_sim.runtime.results import rubrics_in_play

LIBRARY = Library([shipped_root()])


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY.scenario_ids())
def test_skilled_mixed_and_poor_practice_come_apart_and_phrases_win_nothing(name):
    settings = Settings(hours=1, sessions=3, policies=load_policies().judged)
    scenario = LIBRARY.scenario(name)
    (found,) = rehearse(
        [scenario], lambda each: rubrics_in_play(LIBRARY, each), settings, workers=1
    )
    in_words = [
        v for v in found.verdicts if "scores above" in v.expected or "outscore" in v.expected
    ]
    assert len(in_words) == 3
    assert [f"{v.expected}: {v.seen}" for v in in_words if not v.holds] == []
    assert all(words.repeated == 0 for words in found.words.values())
