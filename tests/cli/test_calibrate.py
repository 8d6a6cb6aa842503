"""`calibrate`: rate blind, see how far the program agrees, fit it, take it out and in."""

import csv
import io
import json
import random
from math import floor

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.authoring.transcripts import read_transcripts
from alliance_sim.runtime.calibrating import moments
from alliance_sim.scoring.rules import score

CLIENTS = (
    "They moved me to nights. Nobody asked, and it makes me so angry.",
    "I sat in the car for half an hour before I could go in. I was scared.",
    "My sister had them all round and I saw it in the photos. It hurt.",
)
REPLIES = (
    "No say in any of it, and found out from a wall. No wonder you're angry.",
    "Have you tried leaving a bit earlier?",
    "I know exactly how you feel.",
    "It sounds like you felt left out, and that hurt more than you let on.",
    "At least you have a job.",
    "What was that like for you?",
)


def transcripts(folder, count=8):
    folder.mkdir()
    for number in range(count):
        lines = []
        for turn in range(6):
            lines.append(f"C: {CLIENTS[(number + turn) % 3]}")
            lines.append(f"T: {REPLIES[(number * 5 + turn) % 6]}")
        (folder / f"hour-{number}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder)


def machine(folder):
    """The program's levels of empathy, by transcript and turn."""
    rubric = Library([shipped_root()]).rubric("empathy")
    scored = [(t, score(t, [rubric])) for t in read_transcripts(folder)]
    return {(m.transcript_id, m.turn): m for m in moments(scored, [rubric]) if m.turn is not None}


def ratings_of(folder, change, rater="i-7"):
    """A file of ratings by a rater who knows the program's level and moves it.

    Between two whole levels the nearer one is the likelier, so that the mean is the level itself.
    """
    chance = random.Random(1)
    lines = ["rater,transcript_id,turn,rubric,level"]
    for (name, turn), moment in machine(folder).items():
        if moment.machine is not None:
            level = min(4, max(0, floor(change(moment.machine) + chance.random())))
            lines.append(f"{rater},{name},{turn},empathy,{level}")
    return "\n".join(lines) + "\n"


RATE = ("calibrate", "rate", "--rubric", "empathy", "--replies", "6", "--sessions", "2")


class TestRate:
    def test_over_a_pipe_blind_and_resumed(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        first = cli(*RATE, place, "--rater", "i-7", stdin="3 a note\nn\nx\n?\n2\nq\n")
        assert first.code == 0
        assert "3 rated, 5 left." in first.out
        assert "Not understood." in first.out
        second = cli(*RATE, place, "--rater", "i-7", stdin="1\n" * 20)
        assert "8 rated, 0 left." in second.out
        third = cli(*RATE, place, "--rater", "i-7")
        assert "0 of 8 moments to rate" in third.out
        exported = list(csv.DictReader(io.StringIO(cli("calibrate", "export").out)))
        assert sorted(row["level"] for row in exported) == ["1"] * 5 + ["2", "3", "n"]
        assert [row["note"] for row in exported if row["note"]] == ["a note"]
        # The program's own levels are nowhere among what is asked.
        levels = {f"{m.machine:.2f}" for m in machine(tmp_path / "in").values() if m.machine}
        assert not any(level in first.out for level in levels)

    def test_raters_rate_the_same_in_another_order(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        for rater in ("i-7", "i-8"):
            cli(*RATE, place, "--rater", rater, stdin="2\n" * 20)
        rows = list(csv.DictReader(io.StringIO(cli("calibrate", "export").out)))
        rated = {
            rater: [(r["transcript_id"], r["turn"]) for r in rows if r["rater"] == rater]
            for rater in ("i-7", "i-8")
        }
        assert sorted(rated["i-7"]) == sorted(rated["i-8"])
        by_time = {
            rater: [r["transcript_id"] + r["turn"] for r in sorted(rows, key=lambda r: r["at"])
                    if r["rater"] == rater]
            for rater in rated
        }  # fmt: skip
        assert by_time["i-7"] != by_time["i-8"]

    def test_going_back(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        done = cli(*RATE, place, "--rater", "i-7", stdin="b\n1\nb\n4\nq\n")
        assert "This is the first one." in done.out
        assert "1 rated, 7 left." in done.out
        rows = list(csv.DictReader(io.StringIO(cli("calibrate", "export").out)))
        assert [row["level"] for row in rows] == ["4"]

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--rater", "i-7"), "name transcript files, or add --stored"),
            (("--rater", " ", "in"), "--rater: give an id"),
            (("--rater", "i-7", "--stored"), "nothing to rate"),
        ],
    )
    def test_slips(self, cli, tmp_path, monkeypatch, words, told):
        monkeypatch.chdir(tmp_path)
        transcripts(tmp_path / "in")
        done = cli(*RATE, *words)
        assert done.code == 2
        assert told in done.err

    def test_stored_sessions_are_rated_only_when_asked_for(self, cli):
        replies = "It sounds like none of this was your choice, and that stings.\n" * 3
        cli("practice", "mandated", "--plain", "--seed", "7", stdin=replies)
        done = cli(*RATE, "--stored", "--rater", "i-7", stdin="3\n" * 9)
        assert done.code == 0
        assert " 0 left." in done.out


class TestReport:
    def test_a_rater_who_agrees_and_one_who_does_not(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        (tmp_path / "a.csv").write_text(ratings_of(tmp_path / "in", lambda level: level))
        (tmp_path / "b.csv").write_text(ratings_of(tmp_path / "in", lambda level: 4 - level, "i-8"))
        for name in ("a.csv", "b.csv"):
            assert cli("calibrate", "import", str(tmp_path / name)).code == 0
        made = json.loads(
            cli("calibrate", "report", place, "--format", "json", "--resamples", "100").out
        )
        (found,) = [r for r in made["rubrics"] if r["rubric"] == "empathy" and not r["whole"]]
        assert found["each"]["i-7"]["kappa"]["value"] > 0.8
        assert found["each"]["i-8"]["kappa"]["value"] < 0
        assert found["among"]["alpha"]["value"] < 0.2
        assert found["raters"] == ["i-7", "i-8"]

    def test_where_the_program_errs_is_told_with_words_or_without(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        path = tmp_path / "a.csv"
        path.write_text(ratings_of(tmp_path / "in", lambda level: level + 1.4))
        cli("calibrate", "import", str(path))
        shown = cli("calibrate", "report", place, "--resamples", "100")
        assert shown.code == 0
        for words in (
            "EMPATHY, replies",
            "weighted kappa",
            "ICC(A,1)",
            "alpha",
            "lower on average",
        ):
            assert words in shown.out
        assert any(reply in shown.out for reply in REPLIES)
        hidden = cli("calibrate", "report", place, "--resamples", "100", "--hide-text")
        assert not any(reply in hidden.out for reply in REPLIES)

    def test_few_ratings_say_nothing(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        cli(*RATE, place, "--rater", "i-7", stdin="3\nq\n")
        done = cli("calibrate", "report", place)
        assert "too few to say" in done.out

    def test_ratings_of_words_that_changed_do_not_count(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        cli(*RATE, place, "--rater", "i-7", stdin="3\n" * 20)
        for path in (tmp_path / "in").iterdir():
            path.write_text(path.read_text().replace("Have you tried", "Did you try"))
        done = cli("calibrate", "report", place)
        assert "rating(s) are of conversations not given here, or whose words changed" in done.out


class TestRefit:
    def fit(self, cli, tmp_path, change, *words):
        place = transcripts(tmp_path / "in", count=12)
        path = tmp_path / "a.csv"
        path.write_text(ratings_of(tmp_path / "in", change))
        cli("calibrate", "import", str(path))
        return cli("calibrate", "refit", "empathy", place, *words)

    def test_nothing_is_written_unasked(self, cli, tmp_path, isolated):
        done = self.fit(cli, tmp_path, lambda level: level - 1.2)
        assert done.code == 0
        assert "Levels would become: 0 → 0" in done.out
        assert "--apply writes it" in done.err
        assert not list(isolated.rglob("empathy.yaml"))

    def test_it_is_written_said_used_and_can_be_undone(self, cli, tmp_path, isolated):
        done = self.fit(cli, tmp_path, lambda level: level - 1.2, "--apply")
        (written,) = isolated.rglob("empathy.yaml")
        assert f"delete {written}" in done.out
        shipped = (shipped_root() / "rubrics" / "empathy.yaml").read_text("utf-8")
        comments = [line for line in shipped.splitlines() if line.lstrip().startswith("#")]
        assert all(line in written.read_text("utf-8") for line in comments)
        one = str(tmp_path / "in" / "hour-0.txt")
        scored = cli("score", one, "--rubric", "empathy", "--format", "jsonl")
        assert "is used in place of" in scored.err
        lower = json.loads(scored.out.splitlines()[-1])["rubrics"]["empathy"]
        written.unlink()
        again = cli("score", one, "--rubric", "empathy", "--format", "jsonl")
        higher = json.loads(again.out.splitlines()[-1])["rubrics"]["empathy"]
        assert lower["score"] < higher["score"]
        assert lower["version"] != higher["version"]

    def test_a_second_one_keeps_the_first_beside_it(self, cli, tmp_path, isolated):
        self.fit(cli, tmp_path, lambda level: level - 1.2, "--apply")
        (written,) = isolated.rglob("empathy.yaml")
        before = written.read_text("utf-8")
        done = cli("calibrate", "refit", "empathy", str(tmp_path / "in"), "--apply")
        backup = next(isolated.rglob("empathy.yaml.*"))
        assert backup.read_text("utf-8") == before
        assert f"put {backup} back" in done.out
        # Fitted from the rules again, not from what had been fitted before.
        assert before.split("replies:")[1].splitlines()[0] in written.read_text("utf-8")

    def test_a_program_that_agrees_is_left_alone(self, cli, tmp_path, isolated):
        done = self.fit(cli, tmp_path, lambda level: level, "--apply")
        assert "the levels stay as they are" in done.out
        assert not list(isolated.rglob("empathy.yaml"))

    def test_too_few_ratings(self, cli, tmp_path):
        place = transcripts(tmp_path / "in")
        done = cli("calibrate", "refit", "empathy", place)
        assert done.code == 0
        assert "needs 40 moments" in done.out

    def test_a_file_that_would_still_be_used_is_said(self, cli, tmp_path, isolated):
        (isolated / "rubrics").mkdir()
        shipped = shipped_root() / "rubrics" / "empathy.yaml"
        (isolated / "rubrics" / "empathy.yaml").write_text(shipped.read_text("utf-8"))
        done = self.fit(cli, tmp_path, lambda level: level - 1.2, "--apply")
        assert done.code == 2
        assert "--into ." in done.err


def test_an_import_with_a_bad_row_takes_nothing_in(cli, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("rater,transcript_id,turn,rubric,level\ni,a,1,empathy,2\ni,a,2,empathy,7\n")
    done = cli("calibrate", "import", str(path))
    assert done.code == 3
    assert "r.csv:3:5: level" in done.err
    assert len(cli("calibrate", "export").out.splitlines()) == 1
