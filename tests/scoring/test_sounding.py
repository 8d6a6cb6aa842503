"""What a reply sounds like moves its level a little, and never what one thing has decided."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.finding import Finding, Sign
from alliance_sim.scoring.sounding import REACH, moved

CLIENT = "You called me by my brother's name again. That's the third time."
OWNS = "I did, and three times is no slip of the tongue to you. What was it like, hearing his name?"
DEFENDS = "Names are hard, I see a lot of people. The main thing is that we get on with your goals."


@pytest.fixture(scope="module")
def rubric():
    return Library([shipped_root()]).rubric("rupture_repair")


def reply(text):
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=CLIENT),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=text),
    )
    return exchanges(Transcript(transcript_id="t", utterances=said))[-1]


def found(level, **more):
    return Finding(level, "words", "own", **more)


def test_a_reply_that_sounds_like_a_repair_is_moved_above_one_that_does_not(rubric):
    better, worse = (moved(found(2.0), reply(text), rubric).level for text in (OWNS, DEFENDS))
    assert better > 2.0 > worse


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0, 2.5, 4.0])
@pytest.mark.parametrize("text", [OWNS, DEFENDS])
def test_no_level_is_moved_beyond_its_reach_or_off_the_scale(rubric, level, text):
    after = moved(found(level), reply(text), rubric).level
    assert abs(after - level) <= rubric.points[REACH] + 1e-9
    assert 0 <= after <= 4


def test_better_by_the_rules_stays_better_for_the_same_words(rubric):
    levels = [moved(found(level / 4), reply(DEFENDS), rubric).level for level in range(17)]
    assert levels == sorted(levels)


@pytest.mark.parametrize("fixed", [{"fixed": True}, {"signs": frozenset({Sign.VIOLATION})}])
def test_what_one_thing_has_decided_is_not_moved(rubric, fixed):
    assert moved(found(1.0, **fixed), reply(OWNS), rubric).level == 1.0


def test_without_the_number_nothing_is_moved(rubric):
    points = {name: value for name, value in rubric.points.items() if name != REACH}
    silent = rubric.model_copy(update={"points": points})
    assert moved(found(2.0), reply(OWNS), silent).level == 2.0
