"""A re-fit written as a file: of replies, of sessions, one after the other."""

from datetime import UTC, datetime

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.authoring.loader import load_rubric
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.recalibrating import apply, uncalibrated
from alliance_sim.scoring.agreement.refit import Refit
from alliance_sim.scoring.rules import score

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HALVED = (0.0, 0.5, 1.0, 1.5, 2.0)


def fitted(knots):
    return Refit(50, 6, 1.0, 0.6, "line", knots, better=True)


def hour():
    said = (
        ("client", "They moved me to nights. Nobody asked, and it makes me so angry."),
        ("therapist", "No say in any of it, and found out from a wall. No wonder you're angry."),
        ("client", "My sister had them all round. It hurt."),
        ("therapist", "It sounds like you felt left out, and that hurt."),
    )
    utterances = tuple(
        Utterance(turn=turn, speaker=Speaker(who), text=text)
        for turn, (who, text) in enumerate(said)
    )
    return Transcript(transcript_id="a", utterances=utterances)


def scores(rubric):
    card = score(hour(), [rubric])
    return [u.rubrics["empathy"] for u in card.utterances], card.rubrics[0].score


@pytest.fixture
def pack(tmp_path):
    return tmp_path / "pack"


def library_of(pack):
    return Library([shipped_root(), pack])


def test_levels_of_replies_move_and_the_session_with_them(pack):
    before, whole = scores(library_of(pack).rubric("empathy"))
    done = apply(library_of(pack), "empathy", fitted(HALVED), pack, NOW, whole=False)
    rubric = library_of(pack).rubric("empathy")
    assert rubric.version == done.new_version
    assert "2026-03-02: line from 50 ratings in 6 conversations" in rubric.calibration.note
    after, moved = scores(rubric)
    assert after == pytest.approx([level / 2 for level in before])
    assert moved == pytest.approx(whole / 2, abs=0.01)


def test_scores_of_sessions_move_and_the_replies_stay(pack):
    before, whole = scores(library_of(pack).rubric("empathy"))
    apply(library_of(pack), "empathy", fitted(HALVED), pack, NOW, whole=True)
    after, moved = scores(library_of(pack).rubric("empathy"))
    assert after == before
    assert moved == pytest.approx(whole / 2, abs=0.01)


def test_a_map_of_sessions_falls_with_the_levels_that_it_was_made_of(pack):
    apply(library_of(pack), "empathy", fitted(HALVED), pack, NOW, whole=True)
    done = apply(library_of(pack), "empathy", fitted(HALVED), pack, NOW, whole=False)
    assert done.dropped == "the map of session scores"
    made = library_of(pack).rubric("empathy").calibration
    assert (made.replies, made.session) == (HALVED, None)
    assert done.backup is not None
    # What is kept beside it is no rubric of the pack.
    assert done.backup.suffix not in (".yaml", ".yml")
    assert library_of(pack).rubric_ids().count("empathy") == 1


def test_a_map_of_replies_stays_under_one_of_sessions(pack):
    apply(library_of(pack), "empathy", fitted(HALVED), pack, NOW, whole=False)
    apply(library_of(pack), "empathy", fitted(HALVED), pack, NOW, whole=True)
    made = library_of(pack).rubric("empathy").calibration
    assert (made.replies, made.session) == (HALVED, HALVED)
    (rubric,) = uncalibrated([library_of(pack).rubric("empathy")], whole=True)
    assert (rubric.calibration.replies, rubric.calibration.session) == (HALVED, None)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "pack").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageProblem, match="cannot be written"):
        apply(
            Library([shipped_root()]),
            "empathy",
            fitted(HALVED),
            tmp_path / "pack",
            NOW,
            whole=False,
        )


def test_what_is_written_loads(pack):
    done = apply(Library([shipped_root()]), "empathy", fitted(HALVED), pack, NOW, whole=False)
    assert load_rubric(done.path).calibration.replies == HALVED
    assert [path.name for path in done.path.parent.iterdir()] == ["empathy.yaml"]
