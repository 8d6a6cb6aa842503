"""Phrases that would fit anyone, replies given before, and talk of oneself earn nothing."""

import functools

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.transcript import Floor, Speaker, Transcript, Utterance
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.hollow import fits_anyone, hollow
from alliance_sim.scoring.presence import presence
from alliance_sim.scoring.risk import cues
from alliance_sim.scoring.rules import score

TOLD = (
    "My sister sold the boat without asking me, and it was Dad's.",
    "I drive past the harbour every morning and I can't look.",
    "We built that hull together the winter he was ill.",
    "She says I'm making a fuss about planks.",
    "Nobody at the yard mentions it any more.",
    "I kept the key. I don't know why, there's no lock for it now.",
    "On Sundays we used to scrape the paint, all three of us.",
    "I haven't answered her calls since Easter.",
)

HEARD = (
    "It was your dad's boat, and nobody thought to ask you.",
    "You take that road each day with your eyes kept off the water.",
    "That hull was how you two got through his last winter.",
    "Planks to her, and to you the place where he still was.",
    "As though the whole yard had agreed to forget him.",
    "You hold on to a key, though the door it opened is gone.",
    "Three of you with scrapers, and a Sunday that had a shape.",
    "Not picking up is the only way she might notice what it cost you.",
)

KIND = (
    "I can really see how hard that must be. You're so strong.",
    "That makes total sense, and your emotions are natural.",
    "I appreciate your honesty. Thanks for being so open.",
)

ASKED = "And how are you feeling about all of that?"

SELF = (
    "My brother did exactly that with our car, I was livid for a year.",
    "Honestly, we could be such good friends, you and me.",
    "You're my favourite client, I look forward to you all day.",
    "I lost my father as well, I cried for months and nobody rang me.",
)


@functools.cache
def _rubrics():
    return tuple(Library([shipped_root()]).rubrics())


def hour(replies, told=TOLD):
    said = []
    for number, line in enumerate(told):
        said.append(Utterance(turn=2 * number, speaker=Speaker.CLIENT, text=line))
        reply = replies[number % len(replies)]
        said.append(Utterance(turn=2 * number + 1, speaker=Speaker.THERAPIST, text=reply))
    return Transcript(transcript_id="t", utterances=tuple(said))


def scored(replies):
    return score(hour(replies), _rubrics())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can see how hard that must be.", True),
        ("Thank you for sharing. That was brave of you.", True),
        ("Your emotions are natural. How do you feel now?", True),
        ("No one asked you about the boat.", False),
        ("That makes sense. It was your father's boat.", False),
        ("What was that like for you?", False),
        ("Okay.", False),
        ("", False),
        ("...", False),
    ],
)
def test_a_reply_fits_anyone_if_no_statement_is_about_somebody(text, expected):
    assert fits_anyone(text) is expected


def test_a_murmur_is_not_hollow():
    assert not hollow("Right.")
    assert hollow("That must be really hard.")


def test_the_first_kind_word_is_no_practised_one_and_the_later_ones_are():
    replies = exchanges(hour(KIND))
    assert [reply.practised for reply in replies] == [False] + [True] * (len(TOLD) - 1)


def test_a_question_asked_again_word_for_word_is_a_copy():
    assert [reply.copies for reply in exchanges(hour([ASKED]))] == list(range(len(TOLD)))


def test_a_short_invitation_may_come_again():
    assert {reply.copies for reply in exchanges(hour(["What else?"]))} == {0}


@pytest.mark.parametrize("rubric_id", ["empathy", "active_listening", "collaboration"])
def test_phrases_for_anyone_score_far_below_replies_to_this_client(rubric_id):
    kind = scored(KIND).rubric(rubric_id).score
    heard = scored(HEARD).rubric(rubric_id).score
    assert heard is not None
    assert kind is None or kind < heard - (0.2 if rubric_id == "collaboration" else 1.0)


def test_phrases_for_anyone_do_not_reach_a_pass():
    card = scored((*KIND, ASKED))
    assert card.overall < 1.7
    assert not card.passed


def test_the_same_question_again_is_no_open_question():
    once = scored([ASKED, *HEARD[1:]]).rubric("active_listening").score
    always = scored([ASKED]).rubric("active_listening").score
    assert always < 1.0 < once


@pytest.mark.parametrize("rubric_id", ["empathy", "active_listening"])
def test_talk_of_oneself_neither_feels_with_nor_listens(rubric_id):
    card = scored(SELF)
    assert card.rubric(rubric_id).score < 1.2
    assert all((u.rubrics[rubric_id] or 0.0) < 1.7 for u in card.utterances)


def test_what_a_session_and_its_replies_say_of_phrases_agrees():
    card = scored(KIND)
    levels = [u.rubrics["active_listening"] for u in card.utterances]
    later = [level for level in levels[1:] if level is not None]
    assert max(later) < 1.5
    assert card.rubric("active_listening").score < 1.5


def complaint(*replies):
    told = ["You looked at the clock again. Am I boring you?"] * len(replies)
    card = score(hour(replies, told), _rubrics())
    return [u.rubrics["rupture_repair"] for u in card.utterances]


def test_a_divorce_of_the_trainees_own_repairs_nothing():
    own = complaint("I did look. I was ahead of you, and that was my doing.")[0]
    mine = complaint("I got divorced last spring, it broke me and I still dream of it.")[0]
    assert mine < 1.6
    assert own > 2.8


def test_a_repair_said_again_word_for_word_repairs_nothing():
    first, second = complaint(*["I did look, and I lost you there. What was it like?"] * 2)
    assert first > 2.8
    assert second < 2.0


def test_silence_is_no_answer():
    (reply,) = exchanges(hour(["..."], TOLD[:1]))
    assert not reply.answers


def test_who_only_murmurs_holds_no_hour():
    murmured = ["Mm-hm.", "Right.", "Okay.", "Hm.", "Yeah.", "Mm.", "Right."]
    lines = TOLD * 2
    quiet = score(hour([*murmured, "What would help most?"], lines), _rubrics())
    full = score(hour([*HEARD[:7], "What would help most?"], lines), _rubrics())
    assert quiet.rubric("collaboration").score < 0.6 * full.rubric("collaboration").score
    assert quiet.overall < full.overall


def test_murmurs_while_the_client_speaks_withhold_no_answer():
    said = [
        Utterance(turn=n, speaker=Speaker.THERAPIST, text="Mm-hm.", floor=Floor.BACKCHANNEL)
        for n in range(20)
    ]
    transcript = Transcript(transcript_id="t", utterances=tuple(said))
    assert presence(exchanges(transcript)) == 1.0


@pytest.mark.parametrize(
    "reply",
    [
        "There are things I can and can't keep to myself, and I'll go through them.",
        "You wrote it down, as if nobody would ever need to look at the list.",
    ],
)
def test_words_near_secrecy_that_promise_none(reply):
    card = score(hour([reply], ["This stays in here, doesn't it? All of it?"]), _rubrics())
    assert card.utterances[0].rubrics["safety"] > 0.5
    assert "safety" not in card.blocked_by


@pytest.mark.parametrize(
    "reply",
    ["Nobody will ever hear of it from me.", "No one else is going to find out, I swear."],
)
def test_a_promise_that_nobody_will_know_is_one(reply):
    card = score(hour([reply], ["This stays in here, doesn't it? All of it?"]), _rubrics())
    assert "safety" in card.blocked_by


def safety_of(client, reply):
    return score(hour([reply], [client]), _rubrics()).utterances[0].rubrics["safety"]


def test_limits_stated_count_whatever_else_the_client_asked_for():
    client = "Is that wall thin? I can hear the people next door."
    limits = (
        "I keep what you say to myself, unless somebody's life is in danger, a child is being "
        "hurt, or a judge orders my notes."
    )
    assert safety_of(client, limits) > 2.5


def test_limits_announced_stand_between_evading_and_saying_them():
    client = "This stays in here, doesn't it? All of it?"
    evaded = safety_of(client, "What made you ask that just now?")
    offered = safety_of(client, "Let me spell out for you what I keep and what I'd report.")
    said = safety_of(client, "Almost all. If a child were in danger, I'd have to tell someone.")
    assert evaded < offered < said


def test_cutting_what_one_takes_is_no_sign_of_danger():
    assert not cues("I just want to cut, you know, the smoking, and eat better.").danger
    assert cues("Last night I wanted to cut again.").danger
