"""The shipped lists: they load, name what exists, and are found again."""

from importlib.resources import files

import pytest
import yaml

from alliance_sim.coding.lexicon import FAMILIES, build, lexicon, main_weights
from alliance_sim.coding.rules.guards import GUARDS
from alliance_sim.coding.words import read
from alliance_sim.domain.codes import Code, Main, Mark

FOLDER = files("alliance_sim.coding") / "lexicon"
RAW = {
    family: yaml.safe_load((FOLDER / f"{family}.yaml").read_text("utf-8")) for family in FAMILIES
}


def entries() -> list[tuple[str, dict[str, object]]]:
    return [
        (label, entry) for raw in RAW.values() for label, listed in raw.items() for entry in listed
    ]


def test_every_guard_exists() -> None:
    named = {guard for _, entry in entries() for guard in entry.get("guards", [])}  # type: ignore[attr-defined]
    assert named == set(GUARDS)


def test_probabilities_are_probabilities() -> None:
    assert all(0 < float(str(entry.get("p", 0.8))) <= 1 for _, entry in entries())


def test_no_label_is_in_two_families() -> None:
    labels = [label for raw in RAW.values() for label in raw]
    assert len(labels) == len(set(labels))


def test_no_phrase_is_listed_twice_under_a_label() -> None:
    for label, entry in entries():
        phrases = str(entry["phrases"]).splitlines()
        assert len(phrases) == len(set(phrases)), label


def test_words_of_lists_are_text() -> None:
    lists = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
    assert all(isinstance(word, str) and word for words in lists.values() for word in words)


def test_every_pattern_compiles_and_its_hits_lie_in_the_line() -> None:
    words = read(
        "You always deflect. Are you having thoughts of killing yourself? No wonder he left."
    )
    hits = list(lexicon().hits(words))
    assert {"blame", "risk_question", "validate"} <= {hit.label for hit in hits}
    assert all(0 < hit.start < hit.end <= len(words.line) for hit in hits)
    for phrase in lexicon().phrases:
        assert phrase.regex().groups == 1


def test_weights_name_behaviours_and_known_codes() -> None:
    counts = main_weights().counts
    behaviours = {main.value for main in Main}
    assert all(set(weights) <= behaviours for weights in counts.values())
    assert {code.value for code in Code} & set(counts)
    assert set(main_weights().says) <= set(counts)


def test_marks_and_codes_by_phrase_have_phrases() -> None:
    labels = {label for raw in RAW.values() for label in raw}
    computed = {Mark.COLD, Mark.NONSENSE, Mark.NOT_ENGLISH}
    assert {mark.value for mark in set(Mark) - computed} <= labels


def test_a_lexicon_can_be_built_from_an_instructors_lists() -> None:
    made = build({"drink": ["wine", "beer"]}, [{"advice": [{"phrases": "no more {drink}"}]}])
    assert [hit.label for hit in made.hits(read("No more wine!"))] == ["advice"]
    with pytest.raises(KeyError):
        build({}, [{"advice": [{"phrases": "no more {drink}"}]}])
