"""Reports as pages, lines, data and PDF: whole, self-contained, and safe whatever the words are."""

import json
import re
import stat
import sys
from dataclasses import replace

import pytest

from alliance_sim.authoring.library import Library
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.cohort_report import cohort_report
from alliance_sim.programme.progress import Example, Shown
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.trainee_report import trainee_report
from alliance_sim.reporting.cohort_page import cohort_page
from alliance_sim.reporting.cohort_text import cohort_text
from alliance_sim.reporting.pdf import to_pdf, with_drawn_styles
from alliance_sim.reporting.report_data import cohort_data, trainee_data
from alliance_sim.reporting.report_page import write_report
from alliance_sim.reporting.trainee_page import trainee_page
from alliance_sim.reporting.trainee_text import trainee_text
from alliance_sim.store.report_selection import Selection
from factories import minimal_rubric_dict, write_yaml
from parsed_page import ParsedPage
from practised import Programme, day
from stories import NASTY, library_in

RULES = load_rules()


@pytest.fixture
def library(tmp_path):
    library_in(tmp_path / "pack")
    blocking = minimal_rubric_dict(id="boundaries", title="Boundaries", blocks_pass=True)
    write_yaml(tmp_path / "pack" / "rubrics" / "boundaries.yaml", blocking)
    return Library([tmp_path / "pack"])


@pytest.fixture
def programme(store):
    """Eight trainees with three sessions each, one with none, and something due."""
    made = Programme(store)
    people = [f"t-{n}" for n in range(9)]
    made.cohort("a", *people, title="First years")
    made.assignment("m1", "a", due_at=day(9))
    for person in range(8):
        for number in range(3):
            value = 1.5 + 0.1 * person + 0.5 * number
            scores = {"empathy": value, "boundaries": 0.0 if person == 7 else None}
            changed = {"empathy": 1.0} if number == 2 else {}
            made.session(
                f"s{person}-{number}",
                f"t-{person}",
                on=number,
                overall=value,
                scores=scores,
                changed=changed,
                own={"empathy": 3},
                ending="walk_out" if number == 1 else "time",
            )
    return made


def of_trainee(store, library, trainee="t-1", **changes):
    chosen = Selection(trainee=trainee)
    made = trainee_report(store, library, chosen, day(30), RULES.trainee)
    return replace(made, **changes)


def of_cohort(store, library, **chosen):
    rules = RULES.cohort.model_copy(update={"resamples": 100})
    return cohort_report(store, library, Selection(**chosen), day(30), rules)


def self_contained(page):
    """Nothing is loaded or run, every drawing is named, and ids are used once."""
    assert page.tags("html") == [{"lang": "en"}]
    assert not {"script", "link", "img", "iframe", "object", "form"} & {t for t, _ in page.elements}
    for tag, attrs in page.elements:
        assert not {"src", "srcset", "href", "xlink:href", "style"} & attrs.keys(), tag
        assert not [name for name in attrs if name.startswith("on")]
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for attrs in page.tags("svg"):
        if attrs.get("aria-hidden") != "true":
            assert attrs["role"] == "img"
            assert set(attrs["aria-labelledby"].split()) <= set(ids)


class TestTrainee:
    def test_a_page_with_figures_and_tables(self, store, library, programme):
        page = ParsedPage(trainee_page(of_trainee(store, library)))
        self_contained(page)
        for words in (
            "t-1",
            "Empathy 2.10 [0.86, 3.34], below fair",
            "3 sessions",
            "was due 11 March 2026",
            "Whom to practise with next",
            "It counts for the assignment M1.",
            "You rate yourself higher than the scores do, by 0.9 of a level on average.",
            "Squares are scores that an instructor changed",
        ):
            assert words in page.text
        assert len(page.tags("tr")) == 4

    def test_what_was_not_observed_is_drawn_nowhere_near_zero(self, store, library, programme):
        html = trainee_page(of_trainee(store, library))
        boundaries = html.split("<figcaption>Boundaries")[1].split("</figure>")[0]
        assert "Not observed in any session." in boundaries
        assert "<svg" not in boundaries

    def test_changed_scores_are_squares_with_a_line_to_the_scorers_own(
        self, store, library, programme
    ):
        html = trainee_page(of_trainee(store, library))
        empathy = html.split("<figcaption>Empathy")[1].split("</figure>")[0]
        assert empathy.count('class="score"') == 2
        assert empathy.count('class="changed"') == 1
        assert empathy.count('class="was"') == 1
        assert "2.6*" in ParsedPage(html).text

    def test_nothing_acts_whatever_the_words_are(self, store, library, programme):
        shown = Shown("empathy", None, NASTY, 1.0, 2, Example(1, "s", 3, NASTY, 1.0))
        report = of_trainee(
            store,
            library,
            weak=(shown,),
            strong=(shown,),
            titles={"empathy": NASTY},
            clients={"small": NASTY},
        )
        html = trainee_page(report, name=NASTY)
        self_contained(ParsedPage(html))
        assert "{{ 7 * 7 }}" in html
        assert "\x1b" not in html
        text = trainee_text(report, name=NASTY)
        assert "\x1b" not in text
        assert "<script>" in text

    def test_words_can_be_left_out(self, store, library, programme):
        shown = Shown("empathy", None, "Names it", 1.0, 2, Example(1, "s", 3, "Her words", 1.0))
        report = of_trainee(store, library, weak=(shown,))
        for made in (trainee_page, trainee_text, lambda *a, **k: json.dumps(trainee_data(*a, **k))):
            assert "Her words" in made(report)
            assert "Her words" not in made(report, quotes=False)

    def test_names_only_where_given(self, store, library, programme):
        report = of_trainee(store, library)
        for made in (trainee_page, trainee_text, lambda *a, **k: json.dumps(trainee_data(*a, **k))):
            assert "Ada Blum" not in made(report)
            assert "Ada Blum" in made(report, name="Ada Blum")

    def test_titles_within_a_sentence(self, store, library, programme):
        report = of_trainee(store, library)
        (first, *_) = report.suggestions
        titles = {"empathy": "I-statements", "safety": "Pacing and phase"}
        chosen = replace(first, rubrics=("empathy", "safety"))
        text = trainee_text(replace(report, suggestions=(chosen,), titles=titles))
        assert "It gives occasion for I-statements; pacing and phase." in text

    def test_before_the_first_session(self, store, library, programme):
        report = of_trainee(store, library, "t-8")
        page = ParsedPage(trainee_page(report))
        assert "It counts for the assignment M1." in page.text
        assert "Your progress" not in page.text
        assert "What you are asked to practise" in trainee_text(report)

    def test_nobody_of_that_name(self, store, library, programme):
        with pytest.raises(UsageProblem, match="no ended session of trainee t-99"):
            of_trainee(store, library, "t-99")


class TestCohort:
    def test_a_page_with_every_part(self, store, library, programme):
        page = ParsedPage(cohort_page(of_cohort(store, library, cohort="a")))
        self_contained(page)
        for words in (
            "First years",
            "9 trainees enrolled",
            "1 of 9 have no ended session here.",
            "t-8 m1",
            "Higher at the last",
            "33 % [18, 53]",
            "the client leaves often",
            "Sessions with a blocking rubric at 0",
            "No instructor has rated these sessions",
            "People appear by pseudonym.",
        ):
            assert words in page.text

    def test_fewer_than_five_are_not_told(self, store, library, programme):
        report = of_cohort(store, library, cohort="a")
        boundaries = next(each for each in report.rubrics if each.rubric == "boundaries")
        assert (boundaries.observed, boundaries.spread) == (None, None)
        assert "fewer than 5" in ParsedPage(cohort_page(report)).text
        assert "fewer than 5" in cohort_text(report)
        assert cohort_data(report)["passing"]["blocked"] == {"boundaries": None}

    def test_the_scores_of_few_among_many_are_not_told(self, store, library):
        made = Programme(store)
        made.cohort("b", *(f"t-{n}" for n in range(6)))
        for person in range(6):
            for number in range(2):
                value = 1.37 if person < 4 else None
                made.session(f"s{person}-{number}", f"t-{person}", on=number, overall=value)
        report = of_cohort(store, library, cohort="b")
        assert (report.small, report.totals.scored) == (False, 8)
        assert (report.overall, report.passing.sessions, report.passing.trainees) == (None,) * 3
        assert [each.spread for each in report.difficulty] == [None]
        for told in (cohort_page(report), cohort_text(report), json.dumps(cohort_data(report))):
            assert "1.37" not in told

    def test_many_scores_of_one_trainee_are_not_told(self, store, library, programme):
        for number in range(9):
            programme.session(f"x{number}", "t-0", on=9, scores={"interruptions": 3.33})
        report = of_cohort(store, library, cohort="a")
        assert "3.33" not in cohort_page(report)
        assert "3.33" not in json.dumps(cohort_data(report))

    def test_of_a_small_group_no_score_is_shown(self, store, library):
        made = Programme(store)
        made.cohort("b", "t-1", "t-2")
        for number in range(9):
            made.session(f"s{number}", "t-1", overall=1.23, scores={"empathy": 1.23})
        report = of_cohort(store, library, cohort="b")
        for shown in (
            cohort_page(report),
            cohort_text(report),
            json.dumps(cohort_data(report)),
        ):
            assert "1.23" not in shown
        assert "Fewer than 5 trainees have practised" in cohort_text(report)

    def test_names_of_who_has_not_practised(self, store, library, programme):
        report, names = of_cohort(store, library, cohort="a"), {"t-8": NASTY}
        page = ParsedPage(cohort_page(report, names=names))
        self_contained(page)
        assert "Names are from the key file" in page.text
        assert "\x1b" not in cohort_text(report, names=names)
        assert cohort_data(report, names=names)["practised"]["idle"][0]["name"] == NASTY

    def test_agreement_of_instructors(self, store, library, programme):
        for person in range(8):
            for number in range(3):
                for rater in ("i-1", "i-2"):
                    programme.rating(rater, f"s{person}-{number}", "empathy", (person + number) % 5)
        report = of_cohort(store, library, cohort="a")
        assert "instructors 24 1.00 [1.00, 1.00]" in ParsedPage(cohort_page(report)).text
        assert cohort_data(report)["agreement"][0]["among"]["kappa"]["value"] == 1.0
        assert "kappa 1.00 [1.00, 1.00]" in cohort_text(report)

    def test_an_unknown_cohort_and_an_empty_store(self, store, library):
        with pytest.raises(UsageProblem, match="no cohort nowhere"):
            of_cohort(store, library, cohort="nowhere")
        with pytest.raises(UsageProblem, match="nothing to report"):
            of_cohort(store, library)

    def test_columns_stay_in_line_in_a_terminal(self, store, library, programme):
        lines = cohort_text(of_cohort(store, library, cohort="a")).splitlines()
        head = next(line for line in lines if "median" in line)
        row = next(line for line in lines if line.startswith("  Empathy") and "24" in line)
        assert row.index("24") + 2 == head.index("sessions") + len("sessions")


def test_data_is_plain_json(store, library, programme):
    for data in (
        trainee_data(of_trainee(store, library)),
        cohort_data(of_cohort(store, library, cohort="a")),
    ):
        again = json.loads(json.dumps(data, allow_nan=False))
        assert again["kind"] == data["kind"]


def test_a_file_is_its_owners_alone_and_whole(tmp_path):
    path = tmp_path / "new" / "report.html"
    write_report("ä", path)
    write_report(b"b", path)
    assert path.read_bytes() == b"b"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["report.html"]


class TestPdf:
    def test_pages_with_their_drawings(self, store, library, programme):
        pytest.importorskip("weasyprint")
        made = to_pdf(trainee_page(of_trainee(store, library)))
        assert made.startswith(b"%PDF-")
        assert len(made) > 10_000

    def test_drawings_hold_their_style_without_variables(self, store, library, programme):
        page = with_drawn_styles(trainee_page(of_trainee(store, library)))
        styles = re.findall(r"<svg[^>]*><style>(.*?)</style>", page)
        assert len(styles) == page.count("<svg")
        assert ".band {" in styles[0]
        assert "var(" not in styles[0]
        assert "svg" not in styles[0]

    def test_nothing_is_loaded(self, tmp_path):
        pytest.importorskip("weasyprint")
        secret = tmp_path / "secret.svg"
        secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
        bare, with_image = (
            to_pdf(f"<p>x</p>{image}") for image in ("", f'<img src="file://{secret}">')
        )
        assert abs(len(bare) - len(with_image)) < 300

    def test_without_the_extra_it_is_named(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "weasyprint", None)
        with pytest.raises(UsageProblem, match=r"alliance-sim\[pdf\]"):
            to_pdf("<p>x</p>")
