"""The voice of a model, whatever the model says: what is given out has passed, and it ends."""

import asyncio
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.llm.fake_backend import Cut, FakeBackend, Hanging

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.client.dynamics import load_dynamics
from alliance_sim.client.guard import Guard
from alliance_sim.client.locked import KeptBack
from alliance_sim.client.prompting import Brief
from alliance_sim.client.spoken import BROKEN_OFF
from alliance_sim.client.worded import Sampling, TurnWording
from alliance_sim.domain.events import Act, ClientPlanned
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import Openness
from alliance_sim.domain.transcript import Speaker, Utterance

WARY = Library([shipped_root()], types=frozenset(load_dynamics().types)).scenario("wary")
KEPT = KeptBack(WARY)
LEAD = "[She shrugs.] I sleep days. When I sleep."
LIMIT = 40


BEFORE = "I get in at half past six, and I eat standing up."


def brief(line="I sleep days. When I sleep.", said=(), **more):
    fields = {"turn": 4, "act": Act.ANSWER, "openness": Openness.GUARDED} | more
    planned = ClientPlanned(clauses=clauses(line), **fields)
    heard = tuple(Utterance(turn=2, speaker=Speaker.CLIENT, text=text) for text in said)
    return Brief(WARY, planned, planned.clauses, (), (), (), heard, LIMIT)


def word(*script, line="I sleep days. When I sleep.", sampling=None, given_out=0, **more):
    """(clauses given out, record, backend) of one turn."""
    backend, out = FakeBackend(*script), []
    turn = TurnWording(
        brief(line, **more), KEPT, backend, sampling or Sampling(), out.append, given=given_out
    )
    return out, asyncio.run(turn.run()), backend


PIECES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "I lie there. ",
                "And then, ",
                "I don't know. ",
                "*sighs* ",
                "[looks away] ",
                "As an AI ",
                "Therapist: ",
                "bipolar ",
                "\n\n",
                "\x1b[31m",
                "\u202e",
                "… ",
                "Mr. ",
            ]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(PIECES, PIECES, st.booleans())
def test_whatever_a_model_says_only_what_passes_is_given_out(first, second, cut):
    out, record, backend = word(Cut(first) if cut else first, second)
    said = " ".join(clause.text for clause in out)
    assert not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in said)
    spoken = [clause for clause in out if clause != BROKEN_OFF]
    if spoken:
        assert Guard(brief(), KEPT).check(" ".join(clause.text for clause in spoken)) is None
    assert sum(clause.words for clause in out) <= LIMIT
    assert (record.voice == "fallback") is (not out)
    assert 1 <= len(backend.requests) == record.calls <= 2
    assert record.voice == "fallback" or not out[-1].text.endswith(",")


def test_clauses_come_one_by_one_as_they_are_complete():
    out, record, _ = word("I get in at half past six. I eat standing up, and then I lie there.")
    assert [clause.text for clause in out] == [
        "I get in at half past six.",
        "I eat standing up,",
        "and then I lie there.",
    ]
    assert [clause.complete for clause in out] == [False, False, True]
    assert record.trips == ()


def test_the_authors_lead_in_comes_first_and_only_once():
    out, _, _ = word("I don't sleep much.", line=LEAD)
    assert [clause.text for clause in out] == ["[She shrugs.]", "I don't sleep much."]
    out, _, _ = word("I don't sleep much.", line=LEAD, given_out=1)
    assert [clause.text for clause in out] == ["I don't sleep much."]


def test_after_the_lead_in_the_authored_words_follow_where_the_model_will_not_do():
    out, record, _ = word("As an AI I can't.", "As an AI I can't.", line=LEAD)
    assert [clause.text for clause in out] == ["[She shrugs.]"]
    assert record.voice == "fallback"


@pytest.mark.parametrize("quoted", ['"I sleep days."', "“I sleep days.”"])
def test_quotation_marks_around_it_all_are_no_words(quoted):
    out, _, _ = word(quoted)
    assert [clause.text for clause in out] == ["I sleep days."]


def test_a_model_that_says_nothing_more_is_not_waited_for():
    out, record, backend = word(Hanging("I lie"), sampling=Sampling(patience=0.05))
    assert out == []
    assert (record.voice, record.fault) == ("fallback", "timeout")
    assert backend.cancelled == 1


def test_a_turn_that_was_said_before_is_corrected_and_then_the_authors():
    out, record, backend = word(BEFORE, "I eat when I get in.", said=(BEFORE,))
    assert [clause.text for clause in out] == ["I eat when I get in."]
    assert (record.trips, record.voice) == (("said",), "model")
    assert "You had said just that before" in backend.requests[1].messages[0].content
    out, record, _ = word(BEFORE, f"{BEFORE} So there.", said=(BEFORE,))
    assert out == []
    assert (record.trips, record.voice) == (("said", "said"), "fallback")


def test_a_turn_that_begins_as_an_earlier_one_is_given_out_once_it_goes_on_otherwise():
    said = "I get in at half past six, and the trucks have started. I hear them."
    out, record, _ = word(said, said=(BEFORE,))
    assert " ".join(clause.text for clause in out) == said
    assert [clause.complete for clause in out] == [False] * (len(out) - 1) + [True]
    assert not any(clause.tells for clause in out)
    assert (record.trips, record.voice) == ((), "model")


def test_a_turn_that_is_no_more_than_the_beginning_of_an_earlier_one_is_said():
    out, record, _ = word("I get in at half past six.", said=(BEFORE,))
    assert [clause.text for clause in out] == ["I get in at half past six."]
    assert record.voice == "model"


def test_what_has_begun_otherwise_is_not_cut_off_for_an_earlier_turn():
    out, record, _ = word(f"Well. {BEFORE}", said=(BEFORE,))
    assert " ".join(clause.text for clause in out) == f"Well. {BEFORE}"
    assert (record.trips, record.voice) == ((), "model")


def test_a_disclosure_is_held_until_it_is_whole_and_its_clause_is_marked():
    told = WARY.disclosures[1]
    held, record, backend = word(
        "There is something. I'd rather not.",
        line=told.lines[0],
        act=Act.DISCLOSE,
        disclosure=told.id,
    )
    assert held == []
    assert record.trips == ("untold",)
    assert len(backend.requests) == 1
    out, record, _ = word(
        f"There is something. {told.fact}", line=told.lines[0], disclosure=told.id
    )
    assert record.voice == "model"
    assert [clause.tells for clause in out].count(True) == 1
    assert not out[0].tells
