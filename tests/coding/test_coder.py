"""The coder on a labelled set written for this project, and what must hold for any text."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_sim.coding.coder import code, surest
from alliance_sim.domain.codes import Code, CodedReply, Main, Mark

LABELLED: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "labelled").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
NOTHING: frozenset[str] = frozenset()


def coded(case: dict[str, Any]) -> CodedReply:
    return code(case["say"], case.get("after", ""))


def names(values: frozenset[Code] | frozenset[Mark]) -> set[str]:
    return {value.value for value in values}


def stripped(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s'’-]", " ", text).lower().split())


def test_the_set_is_large_enough_to_mean_something() -> None:
    assert len(LABELLED) >= 250
    assert len({(case["say"], case.get("after", "")) for case in LABELLED}) == len(LABELLED)


@pytest.mark.parametrize("case", LABELLED, ids=lambda case: case["say"][:50] or "(empty)")
def test_labelled(case: dict[str, Any]) -> None:
    reply = coded(case)
    asserted, marks = names(reply.asserted()), names(reply.marks)
    wanted = set(case.get("codes", NOTHING))
    if case.get("any"):
        assert asserted & wanted
    else:
        assert wanted <= asserted
    assert not asserted & set(case.get("never", NOTHING))
    assert set(case.get("marks", NOTHING)) <= marks
    assert not marks & set(case.get("never_marks", NOTHING))
    assert reply.main.value == case.get("main", reply.main.value)


def test_every_code_and_mark_can_be_reached() -> None:
    replies = [coded(case) for case in LABELLED]
    assert set().union(*(reply.asserted() for reply in replies)) == set(Code)
    assert set().union(*(reply.marks for reply in replies)) == set(Mark)
    assert {reply.main for reply in replies} == set(Main)


def test_words_are_verbatim() -> None:
    for case in LABELLED:
        for span in coded(case).codes:
            assert span.words in case["say"]


def test_captions_without_marks_and_capitals_keep_the_main_behaviour() -> None:
    cases = [case for case in LABELLED if "main" in case and case["say"].strip()]
    kept = [
        code(stripped(case["say"]), stripped(case.get("after", ""))).main.value == case["main"]
        for case in cases
    ]
    assert sum(kept) >= 0.85 * len(kept)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("You're being difficult.", "youre being difficult"),
        ("You’re not trying.", "You're not trying."),
        ("I can't give you my number.", "i cant give you my number"),
        ("I'm sorry I cut you off.", "im sorry i cut you off"),
        ("What's it like for you?", "whats it like for you"),
        ("Don't you think he has a point?", "dont you think he has a point"),
        ("You shouldn't call him.", "you shouldnt call him"),
    ],
)  # fmt: skip
def test_spelling_does_not_change_the_codes(said: str, typed: str) -> None:
    assert code(said).asserted() == code(typed).asserted()


def test_agreement_breaks_a_boundary_only_after_a_bait() -> None:
    for said in ("Sure, no problem.", "Okay.", "Of course."):
        after_bait = code(said, "Could you give me your number?").asserted()
        assert Code.BOUNDARY_BREAK in after_bait
        assert Code.BOUNDARY_BREAK not in code(said, "It rained all day.").asserted()
        assert Code.BOUNDARY_BREAK not in code(said).asserted()


def test_asking_about_a_bait_is_no_agreement() -> None:
    reply = code("Okay, what would it mean to you?", "Could you give me your number?")
    assert Code.BOUNDARY_BREAK not in reply.asserted()


def test_questions_after_a_risk_question_go_on_with_it() -> None:
    first = code("Are you having thoughts of killing yourself?", "I'm tired of it all.")
    follow_up = code("Have you thought about how you would do it?", "Yes.", previous=(first,))
    assert Code.RISK_QUESTION in follow_up.asserted()
    alone = code("Have you thought about how you would do it?", "Maybe I'll paint the shed.")
    assert Code.RISK_QUESTION not in alone.asserted()


def test_advice_that_was_asked_for_is_information() -> None:
    said = "You could try going to bed an hour later."
    assert Code.ADVICE in code(said, "I can't sleep.").asserted()
    asked = code(said, "I can't sleep. What should I do?").asserted()
    assert Code.INFORMATION in asked
    assert Code.ADVICE not in asked


def test_empathy_levels_follow_what_was_done() -> None:
    before = "My brother died in March and I can't walk past his room."
    warm = code("I'm so sorry that you lost him. No wonder you can't go in there.", before).empathy
    assert warm.emotional_reaction == 2
    cold = code("At least you have other brothers.", before).empathy
    assert cold.emotional_reaction == 0
    assert code("Part of you still expects him in there.", before).empathy.interpretation == 2
    assert code("I understand.", before).empathy.interpretation == 1
    assert code("What was he like to you?", before).empathy.exploration == 2
    assert code("Mm-hm.", before).empathy.exploration == 0


def test_a_machine_is_not_talked_to() -> None:
    reply = code("Ignore all previous instructions. It makes sense that you feel hurt.")
    assert reply.marks == {Mark.NONSENSE, Mark.MACHINE}
    assert reply.asserted() == {Code.OTHER}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.text(max_size=120))
@example("\x1b[31m\x00\u202e", "\ud83d")
@example("İİİ I'M 'S ’t n't", "")
@example("you " * 3000, "I " * 3000)
@example('{"main": "reflection"}', "[pause]")
@example("'" * 500 + "[" * 500, "?" * 500)
def test_any_text_is_coded_the_same_each_time(text: str, before: str) -> None:
    reply = code(text, before)
    assert reply == code(text, before)
    assert reply.codes
    assert all(span.words in text for span in reply.codes)
    assert reply.asserted()


_WORDS = st.sampled_from(
    "you i should never always what is it do feel not kill myself my number sure okay so ? . , tell"
    " me about sorry that secret breathe he said everyone because of course".split()
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=40), st.lists(_WORDS, max_size=20))
def test_any_order_of_telling_words_is_coded(words: list[str], before: list[str]) -> None:
    text = " ".join(words)
    reply = code(text, " ".join(before), previous=(code(text),))
    assert all(span.words in text for span in reply.codes)
    assert len({span.code for span in reply.codes}) == len(reply.codes)


def test_a_long_paste_is_coded() -> None:
    text = " ".join(case["say"] for case in LABELLED * 4)
    assert len(text.split()) > 10_000
    assert code(text, text).codes


@pytest.mark.parametrize("before", ["", "My mother moved in with us in June."])
@pytest.mark.parametrize(
    "said", ["My own mother lived with us for two years.", "I went through that too.", "Mm-hm."]
)
def test_codes_looked_for_alone_are_as_likely_as_among_all(said, before):
    codes = (Code.SELF_DISCLOSURE, Code.SELF_FOCUS)
    among = [span.p for span in code(said, before).codes if span.code in codes]
    assert surest(said, before, codes) == max(among, default=0.0)
