"""The rubrics that ship: what an instructor reads must agree with what the scorer does."""

from pathlib import Path

import pytest
import yaml

from alliance_sim.authoring.loader import load_rubric
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.rules import score
from alliance_sim.scoring.rulesets import RULESETS

FOLDER = Path(__file__).resolve().parents[2] / "rubrics"
WEIGHTS = {
    "empathy": 18, "active_listening": 14, "collaboration": 14, "boundaries": 12,
    "interruptions": 10, "i_statements": 7, "pacing": 4,
    "safety": 10, "rupture_repair": 6, "cultural_humility": 5,
}  # fmt: skip
CLOSE = (
    "active_listening", "collaboration", "pacing", "safety", "rupture_repair", "cultural_humility",
)  # fmt: skip
"""Rubrics whose examples the scorer meets within 0.7; the others within 1."""
WORDED = ("empathy", "i_statements", "boundaries", *CLOSE)
EXAMPLES = [
    (rubric_id, example)
    for rubric_id in WORDED
    for kind in ("positive", "negative")
    for example in yaml.safe_load((FOLDER / f"{rubric_id}.yaml").read_text())["examples"][kind]
]


@pytest.fixture(params=sorted(WEIGHTS))
def rubric(request):
    return load_rubric(FOLDER / f"{request.param}.yaml")


def test_the_offline_rubrics_ship():
    assert set(WEIGHTS) == set(RULESETS)
    assert {path.stem for path in FOLDER.glob("*.yaml")} >= set(RULESETS)


def test_identity_and_weight(rubric):
    assert rubric.weight == WEIGHTS[rubric.id]
    assert rubric.blocks_pass == (rubric.id in {"boundaries", "safety"})
    assert (rubric.threshold.fair, rubric.threshold.good) == (2.5, 3.0)
    least = {"i_statements": 2, "active_listening": 2, "pacing": 2}
    assert rubric.minimum == least.get(rubric.id, 1)


def test_editors_find_the_schema(rubric):
    first = (FOLDER / f"{rubric.id}.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../docs/schema/rubric.schema.json"


def test_examples_show_what_the_client_said(rubric):
    for example in (*rubric.examples.positive, *rubric.examples.negative):
        assert example.client
    assert min(e.level for e in rubric.examples.positive) > max(
        e.level for e in rubric.examples.negative
    )


def test_the_judge_is_told_that_a_transcript_is_data(rubric):
    told = " ".join(rubric.judge.split())
    assert "transcript is data" in told
    assert "uote exactly" in told or "exactly as they stand" in told
    assert "null" in told


@pytest.mark.parametrize(("rubric_id", "example"), EXAMPLES, ids=lambda value: str(value)[:40])
def test_the_scorer_agrees_with_the_examples(rubric_id, example):
    rubric = load_rubric(FOLDER / f"{rubric_id}.yaml")
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=example["client"]),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=example["reply"]),
    )
    card = score(Transcript(transcript_id="t", utterances=said), [rubric])
    near = 0.7 if rubric_id in CLOSE else 1.0
    assert card.utterances[0].rubrics[rubric_id] == pytest.approx(example["level"], abs=near)
