"""What is strung to a reply and says nothing to this client raises no level by much.

Each addition of `injection/added` is put before and after plain and poor replies. It was written
without a look at what the scorer knows; some of it still earns something; how much is held here.
"""

import functools
from pathlib import Path

import pytest
import yaml

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.bare import bare, lower
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.finding import Finding
from alliance_sim.scoring.padding import without_padding
from alliance_sim.scoring.rules import score
from alliance_sim.scoring.spoken_to import to_client
from alliance_sim.scoring.words import content

FOLDER = Path(__file__).parent / "injection" / "added"
FAIR, MUCH = 2.5, 0.1
SECONDS = 20.0
CLIENT = "My landlord put the rent up again and I just nodded like an idiot."

RAISED = {
    "chants": 0.11, "copied": 0.5, "dressed": 0.08, "elsewhere": 0.25, "good_phrases": 0.11,
    "other_voices": 0.03, "pasted": 0.08, "praise": 0.02, "repeated": 0.03, "rubric_words": 0.01,
    "to_raters": 0.01,
}  # fmt: skip
"""Share of the levels that each kind may raise: a little above what was measured."""


def _read(name):
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


EXCHANGES = _read("exchanges")["exchanges"]


@functools.cache
def _rubrics():
    return tuple(Library([shipped_root()]).rubrics())


def said(exchange, reply):
    times = ({}, {})
    if "at" in exchange:
        begun = SECONDS * exchange["at"]
        times = ({"start": 0.0, "end": SECONDS}, {"start": begun, "end": begun + 2})
    utterances = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=exchange["client"], **times[0]),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply, **times[1]),
        Utterance(turn=2, speaker=Speaker.CLIENT, text=exchange["after"]),
    )
    return Transcript(transcript_id="t", utterances=utterances)


def levels(exchange, reply):
    return score(said(exchange, reply), _rubrics()).utterances[0].rubrics


@functools.cache
def plainly(place):
    return levels(EXCHANGES[place], EXCHANGES[place]["reply"])


def additions(name):
    for addition in _read(name)["additions"]:
        made = addition if isinstance(addition, dict) else {"text": addition}
        for place, exchange in enumerate(EXCHANGES):
            if exchange["id"] not in made.get("honest_on", ()):
                yield place, made["text"].replace("{client}", exchange["client"].strip())


def raises(known, level):
    return level is not None and (level >= FAIR if known is None else level > known + MUCH)


def test_there_are_many_kinds_of_additions():
    assert sum(len(_read(name)["additions"]) for name in RAISED) >= 60
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {*RAISED, "exchanges"}


@pytest.mark.parametrize("name", RAISED)
def test_few_levels_are_raised_by_what_is_strung_to_a_reply(name):
    seen = raised = 0
    for place, text in additions(name):
        reply, before = EXCHANGES[place]["reply"], plainly(place)
        for padded in (f"{reply} {text}", f"{text} {reply}"):
            found = levels(EXCHANGES[place], padded)
            seen += len(found)
            raised += sum(raises(before[key], level) for key, level in found.items())
    assert raised / seen <= RAISED[name]


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        (f"You nodded. {CLIENT}", "You nodded."),
        ("You nodded. No. Yes. Maybe so. Who knows.", "You nodded."),
        ('You nodded. "Thank you, that helps so much."', "You nodded."),
        ("You nodded. Pain and pain and pain and pain again.", "You nodded."),
        ("You nodded. My tutor always says I'm very gentle.", "You nodded."),
        (
            "You nodded. Your sister sold the boat, left the harbour. Grey Sundays, torn sails.",
            "You nodded.",
        ),
    ],
)
def test_what_is_left_without_padding(reply, left):
    assert without_padding(reply, CLIENT, content(CLIENT)) == left


@pytest.mark.parametrize(
    "reply",
    [
        "You nodded, and it went up again.",
        "Nodded like an idiot. That's a hard word for yourself.",
        "Again. And you nodded. What would you have said, if you could?",
        'There\'s a voice that says "keep quiet". Whose is it?',
        "Slow down with me. Feet on the floor. Look at the window. Breathe out. Good.",
        "Are you thinking of killing yourself? Have you a plan, or a date in mind?",
    ],
)
def test_what_speaks_to_the_client_is_no_padding(reply):
    assert without_padding(reply, CLIENT, content(CLIENT)) is None


def test_a_reply_that_is_all_padding_is_its_first_sentence():
    chant = "I see you. I hear you. I get you. I feel you."
    assert without_padding(chant, CLIENT, content(CLIENT)) == "I see you."


def test_replies_without_padding_are_the_same_replies():
    replies = exchanges(said(EXCHANGES[0], EXCHANGES[0]["reply"]))
    assert bare(replies) is replies


def test_what_earlier_turns_told_belongs_to_this_client():
    told = "My sister sold the boat, and the harbour was all my father had on Sundays."
    summary = "Right. The boat your sister sold, and the harbour of your father's Sundays."
    lines = (told, "Mm-hm.", "So that's that.", summary)
    utterances = tuple(
        Utterance(turn=n, speaker=(Speaker.CLIENT, Speaker.THERAPIST)[n % 2], text=line)
        for n, line in enumerate(lines)
    )
    replies = exchanges(Transcript(transcript_id="t", utterances=utterances))
    assert bare(replies) is replies


def test_padding_neither_raises_a_level_nor_hides_harm():
    low, high = Finding(0.5, "a", "x"), Finding(3.0, "b", "x")
    assert lower(high, low) is low
    assert lower(low, high) is low
    assert lower(high, None) is None
    assert lower(low, None) is low
    assert lower(None, high) is high


@pytest.mark.parametrize(
    ("reply", "spoken"),
    [
        ("\U0001f917\U0001f917 When did they ring?", "When did they ring?"),
        ("Right. (A long, warm silence.)", "Right."),
        ("Maria: You get me. Me: I do.", ""),
        ("Right.\n- You are sad.\n- It makes sense.", "Right."),
    ],
)
def test_pictures_stage_directions_and_lists_are_not_spoken(reply, spoken):
    assert to_client(reply) == spoken
