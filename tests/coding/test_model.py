"""The learned coder: what it says is the same everywhere, and nothing but Python reads it."""

import json
import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.coding.features import observe
from alliance_sim.coding.hashing import BUCKETS, bucket, grams, tokens
from alliance_sim.coding.learned import ADDED, CODES, Prediction, learned
from alliance_sim.coding.model import MAGIC, model, parse
from alliance_sim.coding.ruled import ruled
from alliance_sim.coding.rules.marks import marks
from alliance_sim.domain.codes import Code, Main

WEIGHTS = (files("alliance_sim.coding") / "weights.bin").read_bytes()


def predicted(text: str, before: str = "", previous: tuple[Main, ...] = ()) -> Prediction:
    features = observe(text, before)
    return learned(features, ruled(features, marks(features), ()), previous)


def fresh(program: str) -> str:
    """What a program prints in a process of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return done.stdout.decode()


def test_weights_are_small_and_no_pickle() -> None:
    assert len(WEIGHTS) < 3_000_000
    assert WEIGHTS.startswith(MAGIC)
    header = json.loads(WEIGHTS[len(MAGIC) :].split(b"\n", 1)[0])
    assert {task["name"] for task in header["tasks"]} >= {"main", "validate", "question_open"}


def test_weights_hold_no_words() -> None:
    rows = WEIGHTS[WEIGHTS.index(b"\n", len(MAGIC)) :]
    for word in (b"drinking", b"because", b"should", b"feeling"):
        assert word not in rows


def test_no_framework_is_imported() -> None:
    program = (
        "import sys\n"
        "from alliance_sim.coding.coder import code\n"
        "code('What was that like for you?', 'I left.')\n"
        "print(sorted({'numpy', 'scipy', 'sklearn'} & sys.modules.keys()))"
    )
    assert fresh(program).strip() == "[]"


def test_another_process_says_the_same() -> None:
    program = (
        "from alliance_sim.coding.coder import code\n"
        "print(code('It sounds like you had no say in it.', 'They sent me here.')"
        ".model_dump_json(exclude={'marks'}))"
    )
    assert fresh(program) == fresh(program)


@pytest.mark.parametrize(
    "broken",
    [b"", b"PK\x03\x04", MAGIC + b'{"blocks": ["other"], "rows": 0, "tasks": []}\n'],
)
def test_what_is_no_weights_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="weights"):
        parse(broken)


def test_probabilities_are_probabilities() -> None:
    found = predicted("What did you do then?", "I walked out of the room.")
    assert sum(found.main.values()) == pytest.approx(1)
    assert set(found.main) == set(Main)
    assert set(found.codes) == set(CODES)
    assert all(0 <= p <= 1 for p in found.codes.values())


def test_a_verdict_of_yes_has_even_odds_at_least() -> None:
    for said in ("Same here, I lost my job too.", "Stay safe, friend.", "Take two a day."):
        for outcome in map(predicted(said).outcomes.__getitem__, ADDED.values()):
            assert (outcome.verdict >= 0.5) == (outcome.decided is not None)
            assert outcome.verdict == pytest.approx(
                max(0.5, next(iter(outcome.probabilities.values())))
                if outcome.decided
                else min(0.49, next(iter(outcome.probabilities.values())))
            )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("I went through the same thing when I lost my job two years ago.", Code.SELF_DISCLOSURE),
        ("I am so sorry, I do hope it eases up for you before long.", Code.VALIDATE),
        ("You should talk to your doctor about changing the medication.", Code.ADVICE),
    ],
)
def test_what_the_rules_have_no_list_for_is_found(said: str, code: Code) -> None:
    assert predicted(said).added[code] >= 0.5


@pytest.mark.parametrize(
    ("said", "main"),
    [
        ("What was that like for you?", Main.QUESTION),
        ("what was that like for you", Main.QUESTION),
        ("so you feel like nobody asked you about any of it", Main.REFLECTION),
        ("Okay.", Main.OTHER),
    ],
)
def test_clear_cases_with_and_without_marks(said: str, main: Main) -> None:
    found = predicted(said, "They just decided and nobody asked me about it.")
    assert found.decided("main") == main.value


def test_a_question_mark_is_not_all_that_makes_a_question() -> None:
    before = "I told my brother about it and he laughed."
    asked = predicted("what did your brother say when you told him", before)
    assert asked.main[Main.QUESTION] > 0.5
    told = predicted("You told your brother, and he laughed?", before)
    assert told.main[Main.QUESTION] < asked.main[Main.QUESTION]


def test_deciding_words_are_verbatim_and_say_why() -> None:
    said = "Okay, so what was it that made you call her?"
    words = predicted(said, "I rang my sister.").words("question_open")
    assert words
    assert words in said


def test_what_was_done_before_counts() -> None:
    said, before = "It takes about two weeks.", "Mm."
    after_input = predicted(said, before, (Main.INPUT,)).main[Main.INPUT]
    after_reflection = predicted(said, before, (Main.REFLECTION,)).main[Main.INPUT]
    assert after_input > after_reflection


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_is_judged_and_its_words_are_in_it(text: str, before: str) -> None:
    found = predicted(text, before)
    assert found.main == predicted(text, before).main
    for code in CODES:
        assert found.words(code.value) in text


def test_a_very_long_reply_is_judged_by_both_its_ends() -> None:
    middle = " ".join(f"word{place}" for place in range(5000))
    found = predicted(f"So you were tired. {middle}. What did you do next?")
    assert len(found.signals.parts) <= 400
    assert found.words(Code.QUESTION_OPEN.value)


def test_nothing_grows_beyond_what_is_stored() -> None:
    before = len(model().tasks)
    for place in range(200):
        predicted(f"you said {place} things about {place + 1}")
    assert len(model().tasks) == before


def test_buckets_are_the_same_in_every_version() -> None:
    assert bucket("manner:asked") == 3115135
    parts = tokens(("so", "you"))
    assert parts == [b"so ", b"you "]
    assert grams(parts, 1, 2, 1) == [4141708, 2258441, 2245255]
    assert max(grams(parts, 1, 2, 2)) < BUCKETS


def test_runs_of_different_kinds_are_kept_apart() -> None:
    parts = tokens(("so", "you", "left"))
    runs = grams(parts, 1, 2, 1)
    assert len(runs) == 5
    assert set(grams(parts, 2, 2, 1)) < set(runs)
    assert not set(runs) & set(grams(parts, 1, 2, 2))


def test_a_single_word_is_quoted_with_what_stands_about_it() -> None:
    said = "The house went quiet. It was your garden too."
    found = predicted(said, "My wife died in spring.")
    for task in ("reflection_simple", "reflection_complex"):
        words = found.words(task)
        assert words in said
        assert not words or " " in words
