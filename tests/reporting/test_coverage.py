"""The pages made from the files are up to date, and every row of the coverage table has a place."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.authoring.practice import load_practice
from alliance_sim.authoring.reference import reference
from alliance_sim.reporting.coverage import places, table

LIBRARY = Library([shipped_root()])
SCENARIOS = LIBRARY.scenarios()
DOCS = shipped_root() / "docs"


@pytest.mark.parametrize("row", load_practice(), ids=lambda row: row.id)
def test_every_row_can_be_observed_somewhere(row):
    assert places(row, SCENARIOS)


def test_every_criterion_that_a_row_names_is_one():
    known = {f"{rubric.id}.{each.id}" for rubric in LIBRARY.rubrics() for each in rubric.criteria}
    assert {name for row in load_practice() for name in row.criteria} <= known


def test_rows_are_scored_unless_they_are_for_reflection():
    assert len(load_practice()) == 80
    for row in load_practice():
        assert bool(row.criteria) == (row.where != "debrief"), row.id


@pytest.mark.parametrize(
    ("name", "made"), [("coverage.md", table(SCENARIOS)), ("reference.md", reference())]
)
def test_a_page_is_as_its_files_make_it(name, made):
    assert (DOCS / name).read_text("utf-8") == made, "run: make docs"
