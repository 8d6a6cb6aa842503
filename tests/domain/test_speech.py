"""Written speech: clauses, stage directions, pauses, and the words that are said aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.speech import clauses, spoken, spoken_words

PIECES = st.lists(
    st.sampled_from(
        ["No.", "I mean—", "[He looks up.]", "[pause]", "the car, and then,", "“over.” As",
         "it's cold.' He said", "...", "well", "Where? There; here:", "[long pause]"]
    ),
    max_size=12,
)  # fmt: skip


@given(PIECES)
def test_nothing_is_lost_and_the_words_add_up(pieces):
    text = " ".join(pieces)
    made = clauses(text)
    assert "".join("".join(clause.text for clause in made).split()) == "".join(text.split())
    assert sum(clause.words for clause in made) == spoken_words(text)
    assert sum(clause.complete for clause in made) == (1 if spoken_words(text) else 0)


def test_stage_directions_are_seen_and_not_said():
    made = clauses("No. [He looks at the door.] Not really.")
    assert [clause.stage for clause in made] == [False, True, False]
    assert spoken("No. [He looks at the door.] Not really.") == "No. Not really."


def test_marked_pauses_are_flagged_and_last():
    pause, long = clauses("[pause]")[0], clauses("[long pause]")[0]
    assert pause.flagged
    assert long.pause > pause.pause > 0


def test_words_come_a_breath_at_a_time():
    made = clauses("You know, it was just this thing, with my brother, and then I said fine.")
    assert len(made) > 2
    assert all(clause.words <= 14 for clause in made)


def test_a_clause_takes_the_time_of_its_words():
    clause = clauses("one two three four five six seven eight")[0]
    assert clause.seconds(160) == 8 * 60 / 160 + clause.pause
    assert clause.seconds(16) > 9 * clause.words * 60 / 160


def test_a_dash_within_a_word_does_not_part_it():
    made = clauses("It was him—or me, and then—you know how it is—it was him.")
    assert " ".join(clause.text for clause in made) == (
        "It was him—or me, and then—you know how it is—it was him."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ms. Haskell gets a sheet.",
        "Ask Dr. Novak about it.",
        "I told Mr. A. Novak so.",
        "Out by St. Anne's.",
        "J. R. Pruitt signed it.",
    ],
)
def test_a_title_or_an_initial_ends_no_clause(text):
    assert [clause.text for clause in clauses(text)] == [text]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The parking garage, Level C. I had my lever.", "The parking garage, Level C."),
        ("So did I. He never asked.", "So did I."),
        ("It was five a.m. He got up then.", "It was five a.m."),
    ],
)
def test_a_letter_at_the_end_of_a_sentence_does(text, first):
    assert clauses(text)[0].text == first
