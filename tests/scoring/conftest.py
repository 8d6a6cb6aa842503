"""What the tests of scoring share: the four rubrics, and short ways to write a transcript."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance

ROOT = Path(__file__).resolve().parents[2]
IDS = ("empathy", "i_statements", "interruptions", "boundaries")


@pytest.fixture(scope="session")
def rubrics() -> dict[str, Rubric]:
    found = {}
    for rubric_id in IDS:
        text = (ROOT / "rubrics" / f"{rubric_id}.yaml").read_text(encoding="utf-8")
        found[rubric_id] = Rubric.model_validate(yaml.safe_load(text))
    return found


@pytest.fixture(scope="session")
def talk() -> Callable[..., Transcript]:
    """`talk("client", "trainee", "client", …)`; a leading None leaves out the client's first."""

    def build(*lines: str | None, **more: object) -> Transcript:
        speakers = (Speaker.CLIENT, Speaker.THERAPIST)
        said = tuple(
            Utterance(turn=turn, speaker=speakers[turn % 2], text=line)
            for turn, line in enumerate(lines)
            if line is not None
        )
        return Transcript(transcript_id="t", utterances=said, **more)

    return build
