"""Every command once as it is meant, and each slip a user can make: one line and its code."""

import csv
import io
import json
import random
import re
import shutil
from pathlib import Path

import pytest

from alliance_sim.authoring.library import Library, default_library, shipped_root
from alliance_sim.cli.wiring import data_folder
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.store.repository import Store
from held_sessions import hold

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice.\nHow is work?\n"


@pytest.fixture
def session(cli):
    """A session over a pipe; its JSON lines."""
    done = cli("practice", "mandated", "--plain", "--json", "--seed", "7", stdin=REPLIES)
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_piped_session_is_scored_and_debriefed(session):
    kinds = [record["kind"] for record in session]
    assert kinds[0] == "opened"
    assert kinds.count("therapist") == 3
    assert kinds[-1] == "session"
    assert session[-1]["rubrics"]["empathy"]["score"] is not None
    assert session[-1]["rubrics"]["interruptions"]["score"] is None
    assert session[-1]["rubrics"]["interruptions"]["why_null"]


def test_a_plain_session_prints_words_and_a_debrief(cli):
    done = cli("practice", "trauma", "--plain", "--seed", "7", stdin=REPLIES)
    assert done.code == 0
    assert "DEBRIEF" in done.out
    assert "session " in done.err


def test_the_same_seed_prints_the_same_words(cli):
    said = [
        [r["text"] for r in map(json.loads, out.splitlines()) if r["kind"] == "client"]
        for out in (
            cli("practice", "wary", "--plain", "--json", "--seed", "3", stdin=REPLIES).out,
            cli("practice", "wary", "--plain", "--json", "--seed", "3", stdin=REPLIES).out,
        )
    ]
    assert said[0] == said[1]


def test_sessions_are_listed_shown_and_resumed(cli, session):
    listed = cli("sessions", "list").out
    session_id = session[0]["session_id"]
    assert f"{session_id}\tmandated\t3 turns" in listed
    shown = cli("sessions", "show", "last").out.splitlines()
    said = [r for r in session if r["kind"] in {"client", "therapist"}]
    assert shown == [f"{'C' if r['kind'] == 'client' else 'T'}: {r['text']}" for r in said]
    again = cli("sessions", "resume", session_id[:-2], "--plain")
    assert again.code == 0
    assert "DEBRIEF" in again.out


def test_show_score_gives_the_scores_of_the_session_again(cli, session):
    shown = cli("sessions", "show", "last", "--json", "--score").out.splitlines()
    scores = [r for r in session if r["kind"] in {"utterance", "session"}]
    assert [json.loads(line) for line in shown][-len(scores) :] == scores


def test_a_turn_is_tried_again_and_both_outcomes_stand_side_by_side(cli, session):
    turn = next(r["turn"] for r in session if r["kind"] == "therapist" and "choice" in r["text"])
    session_id = session[0]["session_id"]
    done = cli("sessions", "retry", session_id, str(turn), "--plain", stdin="You never listen.\n")
    assert done.code == 0
    assert "It sounds like none of this was your choice." in done.out
    assert "You never listen." in done.out
    wrong = cli("sessions", "retry", session_id, "0", "--plain")
    assert wrong.code == 2
    assert "not one of the trainee's" in wrong.err


def test_an_exam_cannot_be_retried(cli):
    cli("practice", "wary", "--plain", "--exam", stdin=REPLIES)
    done = cli("sessions", "retry", "last", "1", "--plain")
    assert done.code == 2
    assert "exam" in done.err


def test_a_session_is_deleted_for_good(cli, session):
    assert cli("sessions", "delete", "last").code == 2
    assert cli("sessions", "delete", "last", "--yes").code == 0
    assert cli("sessions", "list").out == ""


def test_the_output_of_a_session_can_be_scored(cli, session, tmp_path):
    file = tmp_path / "session.jsonl"
    file.write_text("\n".join(json.dumps(record) for record in session), "utf-8")
    done = cli("score", str(file), "--format", "jsonl")
    assert done.code == 0
    scores = [r for r in session if r["kind"] in {"utterance", "session"}]
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [r["turn"] for r in found[:-1]] == [r["turn"] for r in scores[:-1]]
    assert found[-1]["rubrics"]["empathy"]["score"] == scores[-1]["rubrics"]["empathy"]["score"]


def test_transcripts_are_scored_from_the_standard_input_and_as_a_table(cli):
    text = "C: I lost my brother in May and nobody asks.\nT: You miss him, and it goes unseen.\n"
    done = cli("score", "-", stdin=text)
    assert done.code == 0
    assert "empathy" in done.out
    only = cli("score", "-", "--rubric", "empathy", "--format", "json", stdin=text)
    assert list(json.loads(only.out)[-1]["rubrics"]) == ["empathy"]


def test_scores_are_exported_one_row_a_session_and_rubric(cli, session, tmp_path):
    rows = list(csv.DictReader(io.StringIO(cli("export").out)))
    assert {row["rubric"] for row in rows} == set(session[-1]["rubrics"])
    assert {row["session_id"] for row in rows} == {session[0]["session_id"]}
    lines = cli("export", "--format", "jsonl").out.splitlines()
    assert len(lines) == len(rows)
    file = tmp_path / "scores.csv"
    assert cli("export", "--out", str(file)).out == ""
    assert len(file.read_text("utf-8").splitlines()) == len(rows) + 1


@pytest.mark.parametrize("name", ["Zoë Heron", "=1+1", "../x", "\x1b[31mred", "", "t" * 81])
def test_nobody_practises_under_what_is_no_pseudonym(cli, name):
    done = cli("practice", "wary", "--plain", "--trainee", name, stdin="Hello.\n")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "is no pseudonym; write letters, digits" in done.err
    assert cli("sessions", "list").out == ""


def test_who_is_called_as_a_formula_begins_is_defused_in_csv(cli):
    with Store.open(data_folder() / "sessions.db") as store:
        hold(store, "s1", "=1+1", {"empathy": 2.0})
    rows = list(csv.DictReader(io.StringIO(cli("export").out)))
    assert {row["trainee"] for row in rows} == {"'=1+1"}


def test_an_unscored_session_exports_nothing(cli):
    done = cli("practice", "wary", "--plain", "--json", stdin="I want to kill myself.\n")
    assert done.code == 0
    assert json.loads(done.out.splitlines()[-1])["kind"] == "unscored"
    assert "988" in done.err
    assert len(cli("export").out.splitlines()) == 1


def test_doctor_says_where_everything_is(cli, isolated):
    done = cli("doctor")
    assert done.code == 0
    assert ", ".join(Library([shipped_root()]).scenario_ids()) in done.out
    assert str(isolated) in done.out


def test_schemas_are_json(cli):
    assert json.loads(cli("scenario", "schema").out)["properties"]["opening"]
    assert json.loads(cli("rubric", "schema").out)["properties"]["anchors"]


def test_check_walks_folders(cli, tmp_path):
    good, broken = tmp_path / "good", tmp_path / "broken"
    for name in ("mandated", "wary"):
        (good / name).mkdir(parents=True)
        shutil.copy(SCENARIOS / f"{name}.yaml", good / name)
    assert cli("scenario", "check", str(good)).code == 0
    (broken / "deeper").mkdir(parents=True)
    (broken / "deeper" / "broken.yaml").write_text("id: broken\nid: again\n", "utf-8")
    done = cli("scenario", "check", str(good), str(broken))
    assert done.code == 3
    assert f'{broken / "deeper" / "broken.yaml"}:2:1: "id" is given twice' in done.out


SLIPS = [
    (("practice", "nobody", "--plain"), 3, "nobody"),
    (("practice", "--plain"), 2, "needs a client"),
    (("practice", "wary", "--json"), 2, "--plain"),
    (("practice", "wary", "--plain", "--client", "llm"), 4, "no model endpoint"),
    (("practice", "wary", "--plain", "--pace", "fast"), 2, "fast"),
    (("practice", "wary", "--plain", "--wpm", "5"), 2, "--wpm"),
    ((), 2, "terminal"),
    (("nonsense",), 2, "nonsense"),
    (("sessions", "show", "xyz"), 2, "no sessions"),
    (("sessions", "resume"), 2, "no sessions"),
    (("score", "nofile.jsonl"), 3, "nofile.jsonl:1:1"),
    (("score", "last"), 3, "last"),
    (("score", "-", "--scorer", "judge"), 4, "judge"),
    (("score", "-", "--rubric", "warmth"), 3, "warmth"),
    (("scenario", "check", "nofile.yaml"), 3, "nofile.yaml:1:1"),
    (("export", "--out", "/nonexistent/folder/x.csv"), 2, "--out"),
    (("export", "--format", "pdf"), 2, "pdf"),
    (("sessions", "list", "--store", "/dev/null/x"), 5, "/dev/null/x"),
]


@pytest.mark.parametrize(("words", "code", "said"), SLIPS, ids=lambda value: str(value)[:40])
def test_a_slip_gets_one_line_and_its_code(cli, words, code, said):
    done = cli(*words)
    assert done.code == code
    assert said in done.out + done.err
    assert "Traceback" not in done.err


def test_a_pack_in_the_working_directory_overrides_by_id_and_says_so(cli, isolated):
    shipped = SCENARIOS / "wary.yaml"
    (isolated / "scenarios").mkdir()
    text = shipped.read_text("utf-8").replace("\ntitle: ", "\ntitle: Mine, ", 1)
    (isolated / "scenarios" / "wary.yaml").write_text(text, "utf-8")
    done = cli("scenario", "list")
    assert done.code == 0
    assert "Mine, " in done.out
    assert "wary" in done.err


def test_a_client_from_a_file_has_a_debrief_too(cli, isolated):
    shipped = SCENARIOS / "wary.yaml"
    text = shipped.read_text("utf-8").replace("\nid: wary", "\nid: mine", 1)
    (isolated / "mine.yaml").write_text(text, "utf-8")
    done = cli("practice", "mine.yaml", "--plain", stdin=REPLIES)
    assert done.code == 0
    assert "DEBRIEF" in done.out
    gone = cli("sessions", "resume", "last", "--plain")
    assert gone.code == 3
    assert "mine" in gone.err
    assert "no such client" in gone.err
    assert cli("sessions", "show", "last").code == 0


def test_a_session_whose_client_has_changed_says_so(cli, isolated, session):
    shipped = SCENARIOS / "mandated.yaml"
    (isolated / "scenarios").mkdir()
    text = re.sub(r"\nversion: .*", "\nversion: 99.0.0", shipped.read_text("utf-8"), count=1)
    (isolated / "scenarios" / "mandated.yaml").write_text(text, "utf-8")
    done = cli("sessions", "retry", session[0]["session_id"], "1", "--plain")
    assert done.code == 2
    assert "99.0.0" in done.err


def test_a_retry_without_a_terminal_leaves_nothing_behind(cli, session):
    assert cli("sessions", "retry", "last", "1").code == 2
    assert cli("sessions", "retry", "last", "1", "--json").code == 2
    assert len(cli("sessions", "list").out.splitlines()) == 1


def test_deleting_names_the_retries_that_hold_the_same_words(cli, session):
    first = session[0]["session_id"]
    for origin in (first, "last"):
        cli("sessions", "retry", origin, "3", "--plain", stdin="How are you sleeping?\n")
    assert len(cli("sessions", "list").out.splitlines()) == 3
    done = cli("sessions", "delete", first, first, "--yes")
    assert done.code == 0
    assert "--branches" in done.err
    assert len(cli("sessions", "list").out.splitlines()) == 2
    oldest = cli("sessions", "list").out.splitlines()[-1].split("\t")[0]
    done = cli("sessions", "delete", oldest, "--branches", "--yes")
    assert done.code == 0
    assert cli("sessions", "list").out == ""


def test_an_ended_session_resumes_as_json_lines_too(cli, session):
    done = cli("sessions", "resume", "last", "--plain", "--json")
    assert done.code == 0
    assert json.loads(done.out.splitlines()[-1])["kind"] == "session"


def test_show_is_verbatim_and_one_line_an_utterance(cli):
    odd = "Hello,   you.\u2028And [bold]this[/bold] \x1b[31mtoo."
    cli("practice", "wary", "--plain", stdin=f"{odd}\n")
    shown = cli("sessions", "show", "last").out.splitlines()
    assert "T: Hello,   you. And [bold]this[/bold] too." in shown
    assert {line[:3] for line in shown} == {"C: ", "T: "}


def test_an_exam_in_progress_shows_no_scores(cli, isolated):
    cli("practice", "wary", "--plain", "--exam", stdin=REPLIES)
    assert cli("sessions", "show", "last", "--debrief").code == 0
    with Store.open(isolated / "exam.db") as store:
        library = default_library(None, None)
        options = Options(seed=1, exam=True)
        LiveSession.begin(
            store, library.scenario("wary"), options, SystemClock(), random.Random(1)
        ).send("Hello.")
    where = ("--store", str(isolated / "exam.db"))
    for option in (("--score",), ("--debrief",), ("--html", "x.html")):
        assert cli("sessions", "show", "last", *option, *where).code == 2
    assert "opportunities" not in cli("sessions", "show", "last", "--json", *where).out


def test_the_page_for_supervision_is_written(cli, session, isolated):
    done = cli("sessions", "show", "last", "--html", "page.html")
    assert done.code == 0
    assert "none of this was your choice" in (isolated / "page.html").read_text("utf-8")
    assert cli("sessions", "show", "last", "--html", "/dev/null/x.html").code == 2


def test_what_the_program_says_of_itself_comes_before_the_session(cli):
    done = cli("practice", "wary", "--plain", stdin="")
    assert "fictional" in done.err
    assert "fictional" not in done.out


def test_an_hour_that_ended_before_it_was_scored_is_in_the_export(cli, isolated):
    file = isolated / "ended.db"
    with Store.open(file) as store:
        scenario = default_library(None, None).scenario("wary")
        session = LiveSession.begin(
            store, scenario, Options(seed=1), SystemClock(), random.Random(1)
        )
        session.send("It sounds like none of this was your choice.")
        session.close()
        while session.next_clause():
            pass
        session.finish()
    rows = list(csv.DictReader(io.StringIO(cli("export", "--store", str(file)).out)))
    assert {row["session_id"] for row in rows} == {session.id}


def test_a_stored_session_that_is_not_to_be_scored_is_not(cli, session):
    done = cli("score", "last", "--format", "jsonl")
    assert done.code == 0
    stored = json.loads(done.out.splitlines()[-1])
    assert stored["overall"] == session[-1]["overall"]
    cli("practice", "wary", "--plain", stdin="I want to kill myself.\n")
    refused = cli("score", "last")
    assert refused.code == 2
    assert "Not scored" in refused.err
