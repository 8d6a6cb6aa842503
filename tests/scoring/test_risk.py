"""Signs of danger, secrecy, drink and thin walls in a client's words."""

import pytest

from alliance_sim.scoring import risk
from alliance_sim.scoring.client_danger import Reading, settings
from alliance_sim.scoring.risk import NONE, Risk, cues, said_plainly


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I've been thinking about killing myself.", Risk.SUICIDE),
        ("Most nights I hope I don't wake up.", Risk.SUICIDE),
        ("I cut myself again on Sunday.", Risk.SELF_HARM),
        ("I could kill him. I want to hurt him, really.", Risk.OTHERS),
        ("She slaps the baby when he cries.", Risk.CHILD),
        ("My nan's carer is rough with her, she flinches.", Risk.ELDER),
        ("He put his hands round my neck.", Risk.VIOLENCE),
        ("I drink most nights to get to sleep.", Risk.SUBSTANCE),
        ("Who else gets to read this?", Risk.SECRECY),
        ("I can hear the lady next door.", Risk.OVERHEARD),
    ],
)
def test_kinds(text, kind):
    assert kind in cues(text).plain


@pytest.mark.parametrize(
    "text",
    [
        "I'm dying to see the new baby.",
        "These shoes are killing me.",
        "My mum would kill me if I was late.",
        "I could murder a coffee.",
        "My phone died on the way here.",
        "We just hang out at his place.",
        "I cut down to ten a day.",
        "The weather was lovely and we had soup.",
    ],
)
def test_sayings_are_no_signs(text):
    assert cues(text) == NONE


def test_what_is_long_past_and_settled_is_no_sign():
    settled = "I tried to kill myself when I was sixteen. I've never been back there since."
    assert not cues(settled).danger
    assert cues(f"{settled} But lately it's come back, I think about killing myself.").danger


def test_what_one_would_not_do_to_others_is_no_sign():
    assert Risk.OTHERS not in cues("I don't want to hurt her.").plain
    assert Risk.OTHERS in cues("I want to hurt her.").plain


def test_doubtful_words_are_possible_only():
    found = cues("They'd all be better off without me.")
    assert not found.plain_danger
    assert found.danger


def test_naming_it_spares_the_reply_the_name():
    assert said_plainly("I want to kill myself.")
    assert not said_plainly("I'm tired of it all.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("There's a bridge on my run. I've started stopping there.", Risk.SUICIDE),
        ("I won't need an appointment after the ninth.", Risk.SUICIDE),
        ("He puts a tracker in my car so he can see where I go.", Risk.VIOLENCE),
        ("The carer slaps Mum's hand.", Risk.ELDER),
    ],
)
def test_veiled_words_may_mean_danger(text, kind):
    assert kind in cues(text).any


@pytest.fixture
def unread(monkeypatch):
    """Lets a test say what a turn is read as; nothing is remembered from before or for later."""
    cues.cache_clear()
    yield lambda read: monkeypatch.setattr(risk, "reading", read)
    cues.cache_clear()


def as_read(sign, **kinds):
    return lambda text: Reading(sign, dict.fromkeys(Risk, 0.0) | kinds)


SOUP = "The weather was lovely and we had soup."


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"suicide": 0.6, "self_harm": 0.3, "substance": 0.1}, {Risk.SUICIDE, Risk.SELF_HARM}),
        ({"suicide": 0.9, "self_harm": 0.1}, {Risk.SUICIDE}),
        ({"secrecy": 0.6, "suicide": 0.4}, {Risk.SECRECY}),
    ],
)
def test_what_only_the_reading_hears_is_possible(unread, kinds, expected):
    unread(as_read(0.9, **kinds))
    assert cues(SOUP).possible == expected
    assert not cues(SOUP).plain


def test_the_reading_adds_nothing_where_it_is_unsure(unread):
    unread(as_read(settings().sign - 0.01, suicide=1.0))
    assert cues(SOUP) == NONE


def test_the_reading_can_clear_doubtful_words_and_no_plain_ones(unread):
    unread(as_read(settings().ordinary / 2, suicide=1.0))
    assert cues("They'd all be better off without me.") == NONE
    assert cues("I want to kill myself.").plain == {Risk.SUICIDE}


def test_sayings_and_what_is_settled_are_not_read(unread):
    heard = []
    unread(lambda text: heard.append(text) or Reading(0.0, {}))
    cues("These shoes are killing me. We had soup.")
    cues("I tried to kill myself when I was sixteen.")
    assert heard == ["we had soup.", ""]


def test_a_thing_alone_means_nothing_in_a_long_turn():
    short = "I've gone off belts."
    assert Risk.SUICIDE in cues(short).possible
    assert cues(f"{short} {'We had soup and then the cousins came over for cards. ' * 4}") == NONE
