"""The labelled pairs: of two replies to one client turn, the better must have the higher level."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETS = [
    "empathy", "i_statements", "boundaries", "active_listening", "collaboration", "pacing",
    "safety", "rupture_repair", "cultural_humility",
]  # fmt: skip
LEAST = 0.97
LEAST_FRESH = 0.9
"""Pairs in styles that the phrase files were not written for."""


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_pairs", ROOT / "bench" / "pairs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("rubric_id", SETS)
def test_pairs_are_in_order(bench, rubric_id, record_property):
    results = bench.judged(rubric_id)
    share = sum(result.right for result in results) / len(results)
    record_property(f"{rubric_id}_pairs_in_order", share)
    assert len(results) >= 40
    assert share >= LEAST, [result.client for result in results if not result.right]


@pytest.mark.parametrize("rubric_id", ["i_statements_fresh", "boundaries_fresh"])
def test_fresh_pairs_are_mostly_in_order(bench, rubric_id):
    results = bench.judged(rubric_id)
    share = sum(result.right for result in results) / len(results)
    assert len(results) >= 100
    assert share >= LEAST_FRESH, [result.client for result in results if not result.right]


@pytest.mark.parametrize(
    "name",
    [
        "safety_fresh", "rupture_repair_fresh", "cultural_humility_fresh",
        "empathy_later", "safety_later",
    ],
)  # fmt: skip
def test_later_pairs_are_mostly_in_order(bench, name):
    results = bench.judged(name)
    share = sum(result.right for result in results) / len(results)
    assert len(results) >= 30
    assert share >= LEAST_FRESH, [result.client for result in results if not result.right]


@pytest.mark.parametrize("rubric_id", SETS)
def test_length_does_not_give_the_pairs_away(bench, rubric_id):
    results = bench.judged(rubric_id)
    longer = sum(len(result.better) > len(result.worse) for result in results) / len(results)
    assert 0.1 <= longer <= 0.95
