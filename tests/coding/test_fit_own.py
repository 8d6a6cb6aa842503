"""The project's own labelled sets: read whole, fitted on in every fold, measured on in none."""

import pytest

pytest.importorskip("sklearn", reason="the extra fit is not installed")

from alliance_sim.coding.fit.own import own
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.fit.tasks import SPECS, YES
from alliance_sim.coding.fit.training import ALWAYS, FOLDS, assign, data

SPEC = {spec.name: spec for spec in SPECS}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "helping.yaml").write_text(
        "self_disclosure: [I lost mine at twelve.]\nother: [What a day., Good morning.]\n",
        encoding="utf-8",
    )
    (tmp_path / "mechanisms.yaml").write_text(
        "- {post: I failed., response: That must sting., er: 1, ip: 2, ex: 0}\n", encoding="utf-8"
    )
    return tmp_path


def public():
    label = {"label": "Self-Disclose"}
    return [
        Example("miti_sentences", f"m:{n}", "", f"I had {n} dogs.", "", label, "miti:x")
        for n in range(2 * FOLDS)
    ]


def test_every_sentence_and_response_is_an_example(folder):
    found = own(folder)
    assert [example.text for example in found] == [
        "I lost mine at twelve.", "What a day.", "Good morning.", "That must sting."
    ]  # fmt: skip
    assert found[-1].client == "I failed."
    assert SPEC["interpretation"].label(found[-1]) == "2"
    assert SPEC["self_disclosure"].label(found[0]) == YES


def test_a_folder_without_files_adds_nothing(tmp_path):
    assert own(tmp_path) == []


def test_they_are_in_no_fold_that_is_measured(folder):
    examples = [*public(), *own(folder)]
    known = data(SPEC["self_disclosure"], examples, assign(examples))
    mine = known.sources == "helping"
    assert mine.sum() == 3
    assert set(known.folds[mine]) == {ALWAYS}
    assert not known.measured[mine].any()
    assert set(known.folds[~mine]) == set(range(FOLDS))
