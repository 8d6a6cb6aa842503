"""The guard: what it lets a client be heard to say, and what not."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from alliance_sim.client.guard import Guard, Trip
from alliance_sim.client.locked import KeptBack
from alliance_sim.client.prompting import Brief, longest
from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import Act, ClientPlanned
from alliance_sim.domain.speech import clauses, spoken, spoken_words
from alliance_sim.domain.state import Openness
from alliance_sim.domain.transcript import Speaker, Utterance

CORPUS = yaml.safe_load(Path(__file__).with_name("guard_corpus.yaml").read_text("utf-8"))
BAD = [(kind, line) for kind, lines in CORPUS["bad"].items() for line in lines]
MEANT = "I sleep days. When I sleep."
MOST_WRONG = 0.01
"""Share of authored lines that may trip a guard to which they were not even announced."""


def brief_for(scenario, line=MEANT, *, act=Act.ANSWER, openness=Openness.GUARDED, **more):
    script = clauses(line)
    words = sum(clause.words for clause in script)
    given = {"topic": None, "disclosure": None, "event": None} | more
    reply = given.pop("reply", "How are you sleeping?")
    told = given.pop("told", ())
    said = given.pop("said", ())
    planned = ClientPlanned(turn=4, act=act, openness=openness, clauses=script, **given)
    heard = tuple(Utterance(turn=2, speaker=Speaker.CLIENT, text=text) for text in said)
    heard += (Utterance(turn=3, speaker=Speaker.THERAPIST, text=reply),)
    limit = longest(words, scenario.client.voice.typical_words)
    return Brief(scenario, planned, script, ("You are on your guard.",), told, (), heard, limit)


@pytest.fixture(scope="module")
def wary(library):
    return library.scenario("wary")


@pytest.fixture(scope="module")
def kept(wary):
    return KeptBack(wary)


@pytest.mark.parametrize(("kind", "line"), BAD)
def test_a_bad_line_trips_it_for_the_right_reason(wary, kept, kind, line):
    assert Guard(brief_for(wary), kept).check(line) == kind


def test_good_lines_pass(wary, kept):
    guard = Guard(brief_for(wary), kept)
    tripped = {line: guard.check(line) for line in CORPUS["good"] if guard.check(line)}
    assert tripped == {}
    assert len(CORPUS["good"]) >= 60
    assert len(BAD) >= 60


def speakable(scenario):
    """Every authored line that needs no disclosure: with the openness at which it is spoken."""
    for topic in scenario.topics:
        for openness in Openness:
            yield from ((line, openness) for line in getattr(topic.lines, openness))
    groups = [scenario.rupture, scenario.endings, *(e.responses for e in scenario.events)]
    pools = [getattr(group, name) for group in groups for name in type(group).model_fields]
    for lines in (*scenario.reactions.values(), *pools):
        yield from ((line, Openness.GUARDED) for line in lines)


@pytest.mark.parametrize("client", ["mandated", "trauma", "wary"])
def test_every_authored_line_passes_in_its_own_turn(library, client):
    scenario = library.scenario(client)
    kept = KeptBack(scenario)
    for line, openness in speakable(scenario):
        if spoken_words(line):
            guard = Guard(brief_for(scenario, line, openness=openness), kept)
            assert guard.check(spoken(line)) is None, line
            assert guard.check_whole(spoken(line)) is None


@pytest.mark.parametrize("client", ["mandated", "trauma", "wary"])
def test_every_disclosure_passes_when_it_is_told_and_trips_when_it_is_not(library, client):
    scenario = library.scenario(client)
    kept = KeptBack(scenario)
    for told in scenario.disclosures:
        for line in told.lines:
            tells = brief_for(
                scenario, line, act=Act.DISCLOSE, disclosure=told.id, told=told.requires
            )
            assert Guard(tells, kept).check(spoken(line)) is None
            assert Guard(tells, kept).check_whole(spoken(line)) is None
            locked = Guard(brief_for(scenario, " ".join(["so"] * 120)), kept)
            assert locked.check(spoken(line)) is Trip.LOCKED
        for line in told.follow_up:
            out = brief_for(scenario, line, told=(told.id, *told.requires))
            assert Guard(out, kept).check(spoken(line)) is None


def test_lines_that_were_not_announced_hardly_ever_trip_it(library):
    """Over all shipped lines, each read as an answer that the brief knows nothing of."""
    lines = wrong = 0
    for client in ("mandated", "trauma", "wary"):
        scenario = library.scenario(client)
        guard = Guard(brief_for(scenario, " ".join(["so"] * 120)), KeptBack(scenario))
        for line, _ in speakable(scenario):
            if spoken_words(line):
                lines += 1
                wrong += guard.check(spoken(line)) is not None
    assert lines > 2500
    assert wrong / lines <= MOST_WRONG


def test_a_disclosure_without_its_fact_is_not_told(wary, kept):
    told = wary.disclosures[0]
    brief = brief_for(wary, told.lines[0], act=Act.DISCLOSE, disclosure=told.id)
    guard = Guard(brief, kept)
    assert guard.pointed
    assert guard.check_whole("There is something I never say. I'd rather leave it.") is Trip.UNTOLD
    assert guard.check_whole(told.fact) is None


def test_an_event_has_to_happen(wary, kept):
    event = next(event for event in wary.events if event.id == "could_i_text")
    brief = brief_for(wary, event.line, act=Act.TEST_BOUNDARY, event=event.id)
    guard = Guard(brief, kept)
    assert guard.check_whole("I went to the shop and came back.") is Trip.UNTOLD
    assert guard.check_whole(spoken(event.line)) is None


def test_the_length_is_held_against_what_the_client_usually_says(wary, kept):
    guard = Guard(brief_for(wary), kept)
    limit = longest(5, wary.client.voice.typical_words)
    words = [f"thing{number} and" for number in range(limit)]
    assert guard.check(" ".join(words[: limit // 2]) + ".") is None
    assert guard.check(" ".join(words) + ".") is Trip.LENGTH


def test_the_trainees_words_do_not_come_back(wary, kept):
    brief = brief_for(wary, reply="What has it been like to lie there and listen?")
    guard = Guard(brief, kept)
    assert guard.check("What has it been like to lie there and listen?") is Trip.ECHO


BEFORE = "[She looks up.] I get in at half past six, and I eat standing up."


@pytest.mark.parametrize(
    "line",
    [
        "I get in at half past six, and I eat standing up.",
        "I get in at half past six and eat standing up!",
        "I get in at half past six. And I eat standing up. That's all.",
        "Well. Like I said, I get in at half past six, and I eat standing up.",
        "I get in at about six, and I eat standing up.",
    ],
)
def test_an_earlier_turn_does_not_come_back_as_a_whole(wary, kept, line):
    guard = Guard(brief_for(wary, said=(BEFORE, "I don't know.")), kept)
    assert guard.check(line) is None
    assert guard.check_whole(line) is Trip.SAID
    assert guard.check_whole(line, begun=True) is None
    assert Guard(brief_for(wary), kept).check_whole(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "I don't know.",
        "I get in at half past six.",
        "I eat standing up, mostly.",
        "I get in at half past six, and the trucks have started by then.",
        "Half past six. I told you. I eat, I lie down, I look at the blind.",
        "I get in at half past six, and I eat standing up. My boss calls, and I say I'm fine.",
    ],
)
def test_parts_of_an_earlier_turn_and_short_ones_may_come_back(wary, kept, line):
    guard = Guard(brief_for(wary, said=(BEFORE, "I don't know.")), kept)
    assert guard.check(line) is None
    assert guard.check_whole(line) is None


def test_what_the_author_has_the_client_say_again_is_not_held_against_it(wary, kept):
    meant = "I get in at half past six, and I eat standing up. Every day."
    guard = Guard(brief_for(wary, meant, said=(BEFORE,)), kept)
    assert guard.check(meant) is None
    assert guard.check_whole(spoken(BEFORE)) is None


def test_who_was_cut_off_may_begin_again(wary, kept):
    brief = brief_for(wary, said=(BEFORE,))
    cut = tuple(said.model_copy(update={"words_lost": 4}) for said in brief.heard)
    guard = Guard(replace(brief, heard=cut), kept)
    assert guard.check_whole(spoken(BEFORE)) is None
    assert not guard.undecided("I get in at half past six,")


def test_the_beginning_of_an_earlier_turn_may_yet_become_it(wary, kept):
    guard = Guard(brief_for(wary, said=(BEFORE,)), kept)
    assert guard.undecided("I get in at half past six,")
    assert not guard.undecided("I get in at half past six, and then the trucks start.")
    assert not guard.undecided("I sleep days.")


def test_thanks_at_the_end_of_a_good_hour_are_in_order(wary, kept):
    line = "Thank you so much. I mean that."
    warm = brief_for(wary, "Same time next week.", act=Act.CLOSE, openness=Openness.OPEN)
    cold = brief_for(wary, "Same time next week.", act=Act.CLOSE)
    assert Guard(warm, kept).check(line) is None
    assert Guard(cold, kept).check(line) is Trip.MOOD


def test_an_empty_reply_is_none(wary, kept):
    guard = Guard(brief_for(wary), kept)
    assert guard.check_whole("") is Trip.EMPTY
    assert guard.check_whole("…") is Trip.EMPTY


def test_what_cannot_be_seen_hides_no_tripwire(wary, kept):
    guard = Guard(brief_for(wary), kept)
    for line in (
        "They said bi\u200bpolar.",
        "They said \uff42\uff49\uff50\uff4f\uff4c\uff41\uff52.",
    ):
        assert guard.check(printable(line)) in {Trip.LOCKED, Trip.LANGUAGE}
