"""Constructed timelines, each with the level that the table of interruptions gives it."""

from pathlib import Path

import pytest
import yaml

from alliance_sim.domain.transcript import Floor, Speaker, Transcript, Utterance
from alliance_sim.scoring.floor import classify, is_backchannel
from alliance_sim.scoring.rules import score

TIMELINES = yaml.safe_load((Path(__file__).parent / "timelines.yaml").read_text(encoding="utf-8"))


def utterance(turn, entry):
    if isinstance(entry, list):
        who, text, start, end = entry
        speaker = Speaker.CLIENT if who == "c" else Speaker.THERAPIST
        return Utterance(turn=turn, speaker=speaker, text=text, start=start, end=end)
    if "c" in entry:
        return Utterance(
            turn=turn,
            speaker=Speaker.CLIENT,
            text=entry["c"],
            opening=entry.get("opening", False),
            words_lost=entry.get("lost", 0),
        )
    return Utterance(
        turn=turn,
        speaker=Speaker.THERAPIST,
        text=entry["t"],
        floor=entry.get("floor"),
        pause_broken=entry.get("pause_broken", False),
    )


def transcript(timeline):
    entries = list(timeline["turns"])
    if timeline.get("repeat") and not entries[0].get("opening"):
        calm = {"c": "It was a quiet street where all of us knew the dogs and the cats by name."}
        entries = [calm, {"t": "You knew them all."}, *entries]
    for number in range(timeline.get("repeat", 0) - (len(entries) > len(timeline["turns"]))):
        day = f"And on day {number} I went out to the shop, bought the bread, and came back again."
        entries.append({"c": day})
        entries.append({"t": "You came back home."})
    said = tuple(utterance(turn, entry) for turn, entry in enumerate(entries))
    return Transcript(transcript_id="t", utterances=said, pace=timeline.get("pace"))


@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: timeline["name"])
def test_level_of_a_timeline(timeline, rubrics):
    result = score(transcript(timeline), [rubrics["interruptions"]]).rubrics[0]
    assert result.score == timeline["level"], result.metrics
    assert (result.why_null is None) == (timeline["level"] is not None)


def test_there_are_enough_timelines():
    assert len(TIMELINES) >= 15


@pytest.mark.parametrize("said", ["Mm-hm.", "mm", "Go on", "I see.", "Right.", "Yeah, okay."])
def test_backchannels(said):
    assert is_backchannel(said)


@pytest.mark.parametrize("said", ["Really?", "Go on, what happened then", "Your sister", "", "No"])
def test_not_backchannels(said):
    assert not is_backchannel(said)


@pytest.mark.parametrize(
    ("reply", "words", "seconds", "floor"),
    [
        ("Mm-hm.", 40, 15.0, Floor.BACKCHANNEL),
        ("That left you with nothing at all then, it seems.", 2, 1.5, Floor.TRANSITION),
        ("That left you with nothing at all then, it seems.", 9, 0.6, Floor.TRANSITION),
        ("Your sister Jo?", 12, 4.0, Floor.RAPPORT),
        ("Have you thought about simply telling your sister?", 12, 4.0, Floor.TAKING),
        ("Who?", 12, 4.0, Floor.RAPPORT),
        ("How is work going?", 12, 4.0, Floor.TAKING),
        ("Anyway, the form.", 12, 4.0, Floor.TAKING),
    ],
)
def test_classify(reply, words, seconds, floor):
    assert classify(reply, "My sister Jo came and she was", words, seconds) is floor


def test_each_reply_has_its_own_level(rubrics):
    timeline = next(t for t in TIMELINES if t["name"] == "one cut in three turns")
    card = score(transcript(timeline), [rubrics["interruptions"]])
    levels = [utterance.rubrics["interruptions"] for utterance in card.utterances]
    assert min(levels) == rubrics["interruptions"].points["taking"]
    assert levels.count(4.0) == len(levels) - 1


def test_a_broken_pause_costs_a_reply_but_no_session_its_table(rubrics):
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text="I don't know. [long pause]"),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text="So what then?", pause_broken=True),
    )
    card = score(
        Transcript(transcript_id="t", utterances=said, pace="stream"), [rubrics["interruptions"]]
    )
    assert card.utterances[0].rubrics["interruptions"] == 2.5
    assert card.rubrics[0].metrics["pauses_broken"] == 1


def test_figures_are_reported(rubrics):
    timeline = next(t for t in TIMELINES if t["name"] == "one cut in six turns")
    metrics = score(transcript(timeline), [rubrics["interruptions"]]).rubrics[0].metrics
    assert metrics["floor_taking_per_10"] == pytest.approx(10 / 6)
    assert 0 < metrics["words_lost"] < 0.2
    assert metrics["first_taking"] >= 1
