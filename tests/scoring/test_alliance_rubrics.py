"""Active listening, collaboration and pacing over a session: shares, caps, what is not observed."""

from pathlib import Path

import pytest

from alliance_sim.authoring.loader import load_rubric
from alliance_sim.scoring.rules import score

RUBRICS = Path(__file__).resolve().parents[2] / "rubrics"

OPENING = "Everyone at work leans on me, and my wife says I'm never home."
TURNS = (
    OPENING,
    "It was the same with my father. He was never home either.",
    "I told her I'd change, and then I took the weekend shift.",
    "I don't know why I said yes to that.",
)
HEARD = (
    "Everybody needs a piece of you, and home is where it shows.",
    "You've become somebody you swore you'd never be. Is that too strong?",
    "You meant it when you said it, and the shift was easier to say yes to.",
    "Something in you says yes before you've been asked. What would you like to look at first?",
)
ASKED = (
    "How many hours do you work?",
    "Did he live with you?",
    "Is it every weekend?",
    "Have you told your boss?",
)
TOLD = (
    "You need to set limits at work. Talk to your boss tomorrow, okay?",
    "You should forgive him. Our goal is to get you past this.",
    "You have to keep your promises. Make a list and stick to it.",
    "The problem is you can't say no. You must practise it every day.",
)
IDS = ("active_listening", "collaboration", "pacing")


@pytest.fixture(scope="module", params=IDS)
def rubric(request):
    return load_rubric(RUBRICS / f"{request.param}.yaml")


def session(talk, replies, turns=TURNS):
    return talk(*(line for pair in zip(turns, replies, strict=True) for line in pair))


def test_hearing_beats_asking_beats_telling(talk, rubric):
    values = [
        score(session(talk, said), [rubric]).rubrics[0].score for said in (HEARD, ASKED, TOLD)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] >= 2.3
    assert values[2] <= 1.3


def test_length_earns_nothing(talk, rubric):
    once = score(session(talk, HEARD), [rubric]).rubrics[0].score
    more = [f"{line} It was week {n}." for n in range(3) for line in TURNS]
    said = [f"{line} Week {n}, you said." for n in range(3) for line in HEARD]
    assert score(session(talk, said, more), [rubric]).rubrics[0].score <= once + 0.25


def test_too_little_is_not_observed_and_says_why(talk, rubric):
    card = score(talk(None, "Hello, come in."), [rubric])
    assert card.rubrics[0].score is None
    assert card.rubrics[0].why_null


@pytest.mark.parametrize("said", ["Je vous écoute, qu'est-ce que vous voulez dire ?", "asdf qwer"])
def test_what_is_not_english_is_not_observed(talk, rubric, said):
    card = score(session(talk, [said] * 4), [rubric])
    assert card.rubrics[0].score is None
    assert "could not be read" in card.rubrics[0].why_null


def test_evidence_is_verbatim(talk, rubric):
    card = score(session(talk, TOLD), [rubric])
    for evidence in card.rubrics[0].evidence:
        assert any(evidence.quote in said for said in TOLD)


def test_what_could_be_said_instead_has_no_gaps(talk, rubric):
    made = score(session(talk, TOLD), [rubric]).rubrics[0].instead
    assert made
    assert all("{" not in suggestion.reply for suggestion in made)


def level(rubric_id, talk, client, reply):
    rubric = load_rubric(RUBRICS / f"{rubric_id}.yaml")
    return score(talk(client, reply), [rubric]).utterances[0].rubrics[rubric_id]


def test_a_reflection_with_a_question_mark_is_a_reflection(talk):
    client = "I was relieved when she cancelled. That's bad."
    plain, asked = (
        level("active_listening", talk, client, f"Relieved, and straight away ashamed of it{mark}")
        for mark in (".", "?")
    )
    assert asked >= 2.3
    assert abs(plain - asked) <= 0.5


def test_a_tag_is_no_consent(talk):
    client = "I can't switch off at night."
    told = level("collaboration", talk, client, "You need to keep a diary.")
    tagged = level("collaboration", talk, client, "You need to keep a diary, okay?")
    assert tagged <= told <= 1


def test_answering_a_request_for_advice_is_fine(talk):
    reply = "You could ring him, or leave it a week. Which sounds more like you?"
    asked = level("collaboration", talk, "What would you do? Should I ring him?", reply)
    assert asked >= 2.5


def test_a_question_about_danger_is_never_too_early(talk):
    client = "Sometimes I think of killing myself."
    asked = level("pacing", talk, client, "Are you thinking of killing yourself now?")
    put_off = level("pacing", talk, client, "There's no hurry, let's leave that for another time.")
    assert asked >= 3
    assert put_off <= 1


def test_forced_detail_caps_the_session(talk):
    rubric = load_rubric(RUBRICS / "pacing.yaml")
    hurt = "My uncle hurt me in that house, when I was nine."
    forced = ["Describe what he did.", "What did he do then? Where were you?"]
    lines = session(talk, [*HEARD, *forced], [*TURNS, hurt, hurt])
    assert score(lines, [rubric]).rubrics[0].score <= rubric.points["forced_session_cap"]


def test_the_same_move_after_no_answer_costs_more_each_time(talk):
    rubric = load_rubric(RUBRICS / "pacing.yaml")
    lines = ["I'm off sick."] + ["What do you think is behind it?", "Dunno."] * 4
    levels = [u.rubrics["pacing"] for u in score(talk(*lines), [rubric]).utterances]
    assert levels[3] < levels[1]


def test_a_wrong_name_is_quoted(talk):
    rubric = load_rubric(RUBRICS / "active_listening.yaml")
    wrong = "So your sister Tom is in hospital."
    card = score(talk("My brother Tom is in hospital.", wrong, "Brother.", "Sorry."), [rubric])
    assert card.utterances[0].rubrics["active_listening"] <= 1
    assert card.utterances[0].evidence["active_listening"].quote == wrong
