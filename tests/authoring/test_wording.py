"""What `check` says of the words of a scenario."""

from alliance_sim.authoring.problems import Severity
from alliance_sim.authoring.wording import load_wording, readability, wording_findings
from factories import minimal_scenario_dict


def found(**changes):
    return list(wording_findings(minimal_scenario_dict(**changes)))


def rules(**changes):
    return {finding.rule for finding in found(**changes)}


def said(*lines):
    work = minimal_scenario_dict()["topics"][0]
    return [work | {"lines": work["lines"] | {"open": list(lines)}}]


def test_the_smallest_scenario_has_no_finding():
    assert found() == []


def test_two_lines_of_nearly_the_same_words():
    lines = said(
        "She left the light on for me in the kitchen.",
        "She left the light on for him in the kitchen.",
    )
    assert "near-identical" in rules(topics=lines)
    other = said(
        "She left the light on for me in the kitchen.",
        "He never once asked where I had been all evening.",
    )
    assert "near-identical" not in rules(topics=other)


def test_a_line_much_longer_than_the_client_usually_talks():
    assert "long-lines" in rules(topics=said(" ".join(f"w{n}" for n in range(60))))
    assert "long-lines" not in rules(topics=said(" ".join(f"w{n}" for n in range(40))))


def test_what_is_told_without_a_note():
    lines = said("I thought about killing myself, once.")
    assert "content-note" in rules(topics=lines)
    assert "content-note" not in rules(topics=lines, content_notes=["A past suicidal crisis"])


def test_a_detail_of_a_method_is_an_error():
    (finding,) = [
        f for f in found(topics=said("There were 40 pills.")) if f.rule == "method-detail"
    ]
    assert finding.severity is Severity.ERROR


def test_a_phrase_that_speaks_for_a_group():
    assert "stereotype" in rules(topics=said("In my culture we do not cry."))


def test_a_client_who_talks_like_a_book():
    bookish = [
        "Consequently organisational responsibilities necessitate considerable deliberation."
    ]
    assert "reading-level" in rules(topics=said(*(f"{bookish[0]} {n}" for n in range(60))))
    plain = "He came in and sat down. I did not look up. "
    assert "reading-level" not in rules(topics=said(*(plain * 3 for _ in range(20))))


def test_readability_is_by_letters_and_sentences():
    text = "Four. " * 300
    assert readability(text) == 4.71 * 4 + 0.5 * 1 - 21.43
    assert readability("Too short to say.") is None


def test_every_theme_has_words_and_notes():
    for theme in load_wording().themes.values():
        assert theme.words
        assert theme.notes
