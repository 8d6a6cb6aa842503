"""Fitting: groups stay whole, and what is written is read back as it was fitted."""

import json
import random

import pytest

pytest.importorskip("sklearn")

import numpy as np

from alliance_sim.coding.features import observe
from alliance_sim.coding.fit.baseline import ngrams
from alliance_sim.coding.fit.card import Measured, card
from alliance_sim.coding.fit.figures import calibration_error, favours, measure
from alliance_sim.coding.fit.matrix import table
from alliance_sim.coding.fit.sources import read, stripped
from alliance_sim.coding.fit.tasks import SPECS
from alliance_sim.coding.fit.training import (
    FOLDS,
    assign,
    calibrate,
    data,
    fit,
    held_out,
    probabilities,
    sums,
)
from alliance_sim.coding.fit.weights import Column, packed
from alliance_sim.coding.fit.whole import misc, whole
from alliance_sim.coding.model import parse
from alliance_sim.coding.ruled import ruled
from alliance_sim.coding.rules.marks import marks
from alliance_sim.coding.signals import signals
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Empathy, Main

MAIN = next(spec for spec in SPECS if spec.name == "main")
SAID = {
    "question": ["what did {} say to you", "how was it with {}", "when did you see {}"],
    "reflection": ["so you miss {} a lot", "it sounds like {} hurt you", "you were alone with {}"],
    "therapist_input": ["{} is a common effect of it", "many people take {} for a month"],
    "other": ["okay", "thank you for coming {}", "good morning {}"],
}
THINGS = "the dog,your sister,the pills,the garden,work,the letter,Sunday,the night".split(",")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A set in AnnoMI's format, made up: 18 conversations of 8 exchanges."""
    pick = random.Random(3)
    rows = []
    for conversation in range(18):
        for _ in range(8):
            behaviour = pick.choice(list(SAID))
            shared = {
                "transcript_id": conversation,
                "group": f"a:{conversation}",
                "quality": "high",
            }
            said = pick.choice(SAID[behaviour]).format(pick.choice(THINGS))
            rows += [
                {**shared, "speaker": "client", "text": f"It was {pick.choice(THINGS)}."},
                {
                    **shared, "speaker": "therapist", "text": said.capitalize() + ".",
                    "behaviour": behaviour, "reflection_type": None, "question_type": None,
                    "therapist_input_type": None,
                },
            ]  # fmt: skip
    path = tmp_path_factory.mktemp("sets")
    (path / "annomi.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


@pytest.fixture(scope="module")
def examples(folder):
    return read(folder)


@pytest.fixture(scope="module")
def rows(examples):
    return table(examples, [()] * len(examples))


def test_sets_that_are_not_there_are_left_out(folder, tmp_path, examples) -> None:
    assert {example.source for example in examples} == {"annomi"}
    assert len(examples) == 18 * 8
    with pytest.raises(FileNotFoundError, match="annomi"):
        read(tmp_path)


def test_captions_have_no_marks_and_no_capitals() -> None:
    assert stripped("So, WHAT did you do? [sighs]") == "so what did you do [sighs]"


def test_a_group_is_never_fitted_on_and_measured_on(examples, rows) -> None:
    known = data(MAIN, examples, assign(examples))
    held = held_out(known, rows)
    folds = {}
    for row, fold in zip(held.rows, held.folds, strict=True):
        folds.setdefault(examples[row].group, set()).add(fold)
    assert all(len(found) == 1 for found in folds.values())
    assert measure(MAIN, held)[0].macro > 0.8


def test_signals_of_few_are_not_kept(examples) -> None:
    marked = [
        type(example)(
            example.source, example.group, example.conversation,
            "zanzibar zanzibar" if example.group == "a:3" else example.text,
            example.client, example.labels,
        )
        for example in examples
    ]  # fmt: skip
    kept = set(map(int, table(marked, [()] * len(marked)).buckets))
    words = signals(observe("zanzibar"), {}, ()).blocks[0]
    alone = {bucket for bucket in words if bucket not in _common(examples)}
    assert alone
    assert not alone & kept


def _common(examples) -> set[int]:
    return set(map(int, table(examples, [()] * len(examples)).buckets))


def test_what_is_written_is_read_as_it_was_fitted(examples, rows) -> None:
    fitted = fit(data(MAIN, examples, assign(examples)), rows)
    zeros = np.zeros(4)
    model = parse(packed([Column(MAIN, fitted, 1.0, zeros, zeros)], rows.buckets))
    assert model.rows > 50
    expected = sums(fitted, rows.copies[0])
    for place in range(0, len(examples), 13):
        features = observe(examples[place].text, examples[place].client)
        seen = signals(features, ruled(features, marks(features), ()), ())
        found = model.read(seen.blocks)["main"].sums
        assert found == pytest.approx(expected[place], abs=0.1)


def test_calibration_finds_the_odds_that_were_there() -> None:
    pick = np.random.default_rng(5)
    totals = pick.normal(size=(4000, 1)) * 3
    truth = (pick.random(4000) < 1 / (1 + np.exp(-(0.5 * totals[:, 0] - 1)))).astype(int)
    slope, shifts = calibrate(totals, truth)
    assert slope == pytest.approx(0.5, abs=0.1)
    assert shifts[0] == pytest.approx(-1, abs=0.2)
    assert calibration_error(probabilities(totals, slope, shifts), truth) < 0.03


def test_a_favour_helps_a_class_that_is_never_chosen() -> None:
    totals = np.array([[1.0, 0.8], [1.0, 0.2]] * 20)
    truth = np.array([1, 0] * 20)
    assert favours((totals,), truth)[1] > favours((totals,), truth)[0] - 1e-9


def test_the_card_names_sources_and_licences(examples, rows) -> None:
    held = held_out(data(MAIN, examples, assign(examples)), rows)
    measured = Measured(MAIN, measure(MAIN, held), (0.7, (0.9, 0.8, 0.6, 0.5)))
    found = {"main": (0.5, 0.4), "main:question": (0.3, 0.2), "affirm": (0.1, 0.1)}
    text = card([measured], found, examples, 10, 1000)
    assert "CC BY-NC-SA 3.0" in text
    assert "| main | annomi | 144 |" in text
    assert "| main | 0.500 | 0.400 | ≥ 0.76 | 0.700 |" in text
    assert "| main:question | 0.300 | 0.200 | ≥ 0.90 | 0.800 |" in text
    assert "| affirm | 0.100 | 0.100 |  |  |" in text


def test_ngrams_are_measured_in_the_same_folds(examples) -> None:
    known, texts = data(MAIN, examples, assign(examples)), [each.text for each in examples]
    macro, each = ngrams(known, texts)
    assert len(each) == len(MAIN.classes)
    assert macro > 0.9
    # Where words tell a group and no more, they are of no use for groups that were not seen.
    blank = [example.group for example in examples]
    assert ngrams(known, blank)[0] < 0.5


def test_the_program_as_a_whole_is_measured_by_models_that_did_not_see_the_group(
    examples, monkeypatch
) -> None:
    asked = []

    def coded(text, client_before, *, previous, by):
        asked.append((text, by, len(previous)))
        which = Main.QUESTION if text.lower().startswith(("what", "how", "when")) else Main.OTHER
        return CodedReply(main=which, codes=(), empathy=Empathy())

    monkeypatch.setattr("alliance_sim.coding.fit.whole.code", coded)
    folds = assign(examples)
    found = whole(examples, folds, range(FOLDS))
    assert found["main:question"] == (1.0, 1.0)
    assert found["main:reflection"] == (0.0, 0.0)
    assert [by for _, by, _ in asked[: len(examples)]] == [folds[e.group] for e in examples]
    assert [back for _, _, back in asked[:9]] == [0, 1, 2, 2, 2, 2, 2, 2, 0]


def test_misc_is_read_from_the_codes() -> None:
    assert misc(reply(Main.QUESTION, question_open=0.9)) == "Q"
    assert misc(reply(Main.REFLECTION, reflection_simple=0.6, reflection_complex=0.7)) == "CRL"
    assert misc(reply(Main.REFLECTION, reflection_simple=0.6)) == "SRL"
    assert misc(reply(Main.INPUT, advice=0.6, information=0.9)) == "IMI"
    assert misc(reply(Main.INPUT, advice=0.4)) == "IMC"
    assert misc(reply(Main.OTHER, affirm=0.8)) == "CRL"
    assert misc(reply(Main.OTHER)) == "O"


def reply(main: Main, **codes: float) -> CodedReply:
    spans = tuple(CodedSpan(code=Code(name), p=p, words="") for name, p in codes.items())
    return CodedReply(main=main, codes=spans, empathy=Empathy())
