"""JSON lines: one a line whatever is in the words, safe to look at, and read back by the scorer."""

import json
import random
from io import StringIO

import pytest

from alliance_sim.authoring.transcripts import read_transcripts
from alliance_sim.domain.codes import CodedReply, Main
from alliance_sim.domain.events import Coded, Paused
from alliance_sim.domain.transcript import Opportunity, Pace, Speaker, Utterance
from alliance_sim.plain import records
from alliance_sim.runtime.session import LiveSession, Options

ODD = '\x1b[31m red \x9b31m \u2028next \x85 \u202eevil\u202c \ufeff 👍 مرحبا "quoted" \\ \n end'


def test_a_record_is_one_line_without_anything_that_acts_on_a_terminal():
    text = records.line({"text": ODD})
    assert len(text.splitlines()) == 1
    assert not any(mark in text for mark in "\x1b\x9b\u2028\x85\u202e\u202c\ufeff\n")
    assert "مرحبا" in text
    assert "👍" in text
    assert json.loads(text) == {"text": ODD}


def test_replies_to_learn_from_are_not_told_and_in_an_exam_neither_is_what_is_tested():
    chance = Opportunity(rubric="boundaries", source="event:phone", instead=("I can't text.",))
    said = Utterance(
        turn=3, speaker=Speaker.CLIENT, text="Could I text you?", opportunities=(chance,),
        instead=("I can't text.",),
    )  # fmt: skip
    record = records.utterance_record("s", "wary", said)
    assert record["opportunities"] == [{"rubric": "boundaries", "source": "event:phone"}]
    assert "can't text" not in json.dumps(record)
    assert "event:phone" not in json.dumps(records.utterance_record("s", "wary", said, exam=True))


def test_only_what_goes_on_inside_has_an_inner_record():
    coded = Coded(turn=1, coded=CodedReply(main=Main.OTHER, codes=()))
    assert records.inner_record("s", coded)["kind"] == "coded"
    assert records.inner_record("s", Paused()) is None


@pytest.mark.parametrize("pace", list(Pace))
def test_what_is_printed_reads_back_as_the_transcript(library, store, clock, pace):
    options = Options(seed=3, pace=pace)
    session = LiveSession.begin(store, library.scenario("wary"), options, clock, random.Random(1))
    for text in ("Hello.", "Mm-hm.", f"Right, but whose idea was that, then? {ODD}\0"):
        session.next_clause()
        session.next_clause()
        session.send(text)
    lines = [records.line(records.opened_record(session.id, session.opened))]
    transcript = session.transcript()
    lines += [
        records.line(records.utterance_record(session.id, "wary", said))
        for said in transcript.utterances
    ]
    (back,) = read_transcripts(StringIO("\n".join(lines) + "\n"), "stdin")
    assert back.pace is pace
    assert [(u.turn, u.speaker, u.text, u.floor, u.words_lost) for u in back.utterances] == [
        (u.turn, u.speaker, u.text, u.floor, u.words_lost) for u in transcript.utterances
    ]
