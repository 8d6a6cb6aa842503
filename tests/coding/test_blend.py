"""How rules and learned models are made one."""

import pytest

from alliance_sim.coding.blend import (
    blend_codes,
    blend_empathy,
    blend_main,
    shares,
    with_added,
    with_kind,
)
from alliance_sim.coding.features import observe
from alliance_sim.domain.codes import Code, CodedSpan, Empathy, Main

EVEN = dict.fromkeys(Main, 0.25)


class Judgement:
    """A judgement made up for a test."""

    def __init__(self, main=None, codes=None, empathy=None, added=None):
        self.main = self.balanced = main or EVEN
        self.codes = dict.fromkeys(shares().codes, 0.05) | (codes or {})
        self.empathy = empathy or Empathy()
        self.added = added or {}

    def words(self, task):
        return f"words of {task}"


def towards(main: Main, p: float = 0.9) -> dict[Main, float]:
    return {one: p if one is main else (1 - p) / 3 for one in Main}


def spans(**found: float):
    return {Code(name): CodedSpan(code=Code(name), p=p, words="so") for name, p in found.items()}


def test_shares_of_the_main_behaviours_sum_to_one() -> None:
    which, shared = blend_main(observe("So."), EVEN, Judgement(towards(Main.QUESTION)), {})
    assert which is Main.QUESTION
    assert sum(shared.values()) == pytest.approx(1)


def test_where_no_data_label_a_code_the_rules_alone_decide() -> None:
    learned = Judgement(towards(Main.QUESTION, 0.99))
    found = spans(ask_then_tell=0.9)
    which, _ = blend_main(observe("So."), towards(Main.INPUT, 0.5), learned, found)
    assert which is Main.INPUT


def test_advice_that_is_reported_does_not_mislead() -> None:
    told = observe("Everyone tells you that you should be over it.", "They all say so.")
    learned = Judgement(towards(Main.INPUT, 0.99))
    which, _ = blend_main(told, towards(Main.REFLECTION, 0.5), learned, {})
    assert which is Main.REFLECTION


def test_a_code_lies_between_what_both_say() -> None:
    blended = blend_codes(spans(question_open=0.9), Judgement(codes={Code.QUESTION_OPEN: 0.6}))
    assert 0.6 < blended[Code.QUESTION_OPEN].p < 0.9
    assert blended[Code.QUESTION_OPEN].words == "so"


def test_a_code_that_only_the_models_find_has_their_words() -> None:
    blended = blend_codes({}, Judgement(codes={Code.QUESTION_OPEN: 0.98}))
    assert blended[Code.QUESTION_OPEN].words == "words of question_open"
    assert Code.ADVICE not in blended


def test_models_add_codes_that_the_rules_do_not_find() -> None:
    learned = Judgement(added={Code.VALIDATE: 0.5, Code.AFFIRM: 0.49, Code.ADVICE: 0.6})
    found = with_added(observe("So."), spans(advice=0.9), learned)
    assert found[Code.VALIDATE].words == "words of validate"
    assert Code.AFFIRM not in found
    assert found[Code.ADVICE].p == 0.9


def test_models_do_not_add_what_the_rules_waved_aside() -> None:
    learned = Judgement(added={Code.ADVICE: 0.9})
    assert with_added(observe("They all say you should just leave."), {}, learned) == {}


def test_who_greets_discloses_nothing() -> None:
    learned = Judgement(added={Code.SELF_DISCLOSURE: 0.9})
    assert with_added(observe("Hello, my name is Jo."), {}, learned) == {}


def test_codes_that_no_model_knows_stay() -> None:
    found = spans(blame=0.7)
    assert blend_codes(found, Judgement())[Code.BLAME] == found[Code.BLAME]


def test_a_main_behaviour_without_its_kind_gets_the_likelier_one() -> None:
    learned = Judgement(codes={Code.QUESTION_OPEN: 0.4, Code.QUESTION_CLOSED: 0.2})
    found = with_kind({}, Main.QUESTION, 0.8, learned, None)
    assert found[Code.QUESTION_OPEN].p == 0.8
    assert with_kind({}, Main.OTHER, 0.8, learned, None) == {}
    already = spans(question_closed=0.6)
    assert with_kind(already, Main.QUESTION, 0.8, learned, None) == already


def test_a_plain_complex_reflection_interprets() -> None:
    features = observe("Part of you still waits for him.", "He left.")
    ruled = Empathy(interpretation=2)
    plain = Judgement(towards(Main.REFLECTION, 0.8))
    assert blend_empathy(features, {}, ruled, plain).interpretation == 2
    unlikely = Judgement(towards(Main.OTHER, 0.9))
    assert blend_empathy(features, {}, ruled, unlikely).interpretation == 0


def test_claimed_understanding_is_weak() -> None:
    features = observe("I understand.", "He left.")
    assert blend_empathy(features, {}, Empathy(), Judgement()).interpretation == 1
