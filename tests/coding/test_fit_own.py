"""The project's own labelled sets: read whole, and kept apart from what is measured on."""

import pytest

pytest.importorskip("sklearn", reason="the extra fit is not installed")

from alliance_sim.coding.fit.own import own
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.fit.tasks import SPECS
from alliance_sim.coding.fit.training import FOLDS, assign, data

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
    assert SPEC["helping"].label(found[0]) == "self_disclosure"


def test_a_folder_without_files_adds_nothing(tmp_path):
    assert own(tmp_path) == []


def test_they_move_no_public_example_to_another_fold(folder):
    alone, beside = assign(public()), assign([*public(), *own(folder)])
    assert {group: beside[group] for group in alone} == alone
    assert {beside[example.group] for example in own(folder)} <= set(range(FOLDS))


def test_a_decision_on_a_public_set_does_not_take_them_for_its_own(folder):
    examples = [*public(), *own(folder)]
    assert set(data(SPEC["self_disclosure"], examples, assign(examples)).sources) == {
        "miti_sentences"
    }
    found = data(SPEC["interpretation"], examples, assign(examples))
    assert not found.measured.any()
