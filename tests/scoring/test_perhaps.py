"""What may have been a moment: levelled by its sound, shown, and never counted."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.rules import score

VEILED = "I gave my mate the dog's lead and her bowl. He's better with her than me anyway."
ASKS = "Giving her away makes me want to ask you straight: are you thinking of ending your life?"
PASSES = "What breed is she? I had a spaniel once, lovely things they are, and so loyal."


@pytest.fixture(scope="module")
def rubrics():
    return {rubric.id: rubric for rubric in Library([shipped_root()]).rubrics()}


def hour(client, reply, **about):
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=client),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
    )
    return Transcript(transcript_id="t", utterances=said, **about)


def level(rubric, client, reply, **about):
    return score(hour(client, reply, **about), [rubric]).utterances[0].rubrics[rubric.id]


def test_a_reply_that_passes_a_possible_sign_by_is_levelled_below_one_that_asks(rubrics):
    asked, passed = (level(rubrics["safety"], VEILED, reply) for reply in (ASKS, PASSES))
    assert passed is not None
    assert asked > passed + 1


def test_no_session_counts_what_was_only_guessed(rubrics):
    card = score(hour(VEILED, PASSES), [rubrics["safety"]])
    assert card.rubrics[0].score is None
    assert not card.blocked_by


def test_where_a_scenario_marks_its_moments_nothing_is_guessed(rubrics):
    assert level(rubrics["safety"], VEILED, PASSES, scenario="wary") is None


def test_without_the_number_nothing_is_guessed(rubrics):
    points = {name: n for name, n in rubrics["safety"].points.items() if name != "perhaps"}
    silent = rubrics["safety"].model_copy(update={"points": points})
    assert level(silent, VEILED, PASSES) is None


@pytest.mark.parametrize("rubric_id", ["safety", "rupture_repair", "cultural_humility"])
def test_an_ordinary_turn_calls_for_nothing(rubrics, rubric_id):
    reply = "So the kettle has to go back, and you've still the receipt."
    assert level(rubrics[rubric_id], "The kettle broke again, second one since May.", reply) is None


def test_a_greeting_is_no_occasion(rubrics):
    assert level(rubrics["i_statements"], "Hi.", "Hello, come in, have a seat.") is None


def test_the_quote_is_the_replys(rubrics):
    card = score(hour(VEILED, PASSES), [rubrics["safety"]])
    assert card.utterances[0].evidence["safety"].quote in PASSES


def test_the_trainees_own_life_is_no_speaking_for_oneself(rubrics):
    reply = "My own divorce was like that. I cried for weeks."
    assert level(rubrics["i_statements"], "She stopped calling in March.", reply) is None
