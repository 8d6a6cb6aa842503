"""`evaluate`: a labelled set in, figures out."""

import json

import pytest
from tests.cli.configured_server import server
from tests.llm.misbehaving import loopback, says, status
from tests.scoring.judging_fakes import answer, data_of, verdict

from alliance_sim.llm.port import Message, Request, Schema

__all__ = ["loopback", "server"]

HEAD = "transcript_id,turn,speaker,text,behaviour,question_type,quality,level_empathy,code_advice"
CLIENT = "They moved me to nights. Nobody asked, there was just a new rota on the wall."
GOOD = (
    ("What was that like for you?", "question", "open", 2, 0),
    ("No say in it, and found out from a wall. No wonder you're on edge.", "reflection", "", 3, 0),
    ("It sounds like you felt passed over, and hurt by it.", "reflection", "", 3, 0),
)  # fmt: skip
POOR = (
    ("You should just talk to your manager about it.", "therapist_input", "", 1, 1),
    ("Did you ask them why?", "question", "closed", 1, 0),
    ("Lots of people work nights and are fine with it.", "therapist_input", "", 0, 0),
)


def dataset(path, conversations=4):
    lines = [HEAD]
    for number in range(conversations):
        quality = "high" if number % 2 else "low"
        turn = 0
        for said, behaviour, question, level, advice in GOOD if number % 2 else POOR:
            lines.append(f'c{number},{turn},client,"{CLIENT}",,,{quality},,')
            row = f'"{said}",{behaviour},{question},{quality},{level},{advice}'
            lines.append(f"c{number},{turn + 1},therapist,{row}")
            turn += 2
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_every_kind_of_label_has_its_figures(cli, tmp_path):
    done = cli("evaluate", dataset(tmp_path / "mine.csv"), "--format", "json", "--resamples", "100")
    assert done.code == 0
    made = json.loads(done.out)
    (found,) = made["sets"]
    assert (found["name"], found["conversations"], found["replies"]) == ("mine", 4, 12)
    by_id = {finding["id"]: finding for finding in found["findings"]}
    assert {"behaviour", "question_open", "quality", "level_empathy", "code_advice"} <= set(by_id)
    behaviour = by_id["behaviour"]["classes"]
    assert behaviour["macro_f1"]["low"] <= behaviour["macro_f1"]["value"]
    assert sum(map(sum, behaviour["confusion"])) == 12
    assert behaviour["majority_accuracy"] == pytest.approx(1 / 3, abs=1e-3)
    assert by_id["code_advice"]["calibration"]["bins"]
    rankings = {row["name"]: row["auc"]["value"] for row in by_id["quality"]["rankings"]}
    assert rankings["overall"] == 1.0
    assert rankings["turns"] == 0.5
    assert by_id["level_empathy"]["levelled"]["spearman"]["value"] > 0.5


def test_the_table_has_baselines_intervals_and_mistakes(cli, tmp_path):
    path = dataset(tmp_path / "mine.csv")
    shown = cli("evaluate", path, "--resamples", "100")
    assert shown.code == 0
    for words in ("MINE  4 conversation(s)", "majority acc, F1", "turns", "Reliability of", "[0."):
        assert words in shown.out
    again = cli("evaluate", path, "--resamples", "100")
    assert shown.out == again.out


def test_words_can_be_kept_out_of_every_report(cli, tmp_path):
    path, page = dataset(tmp_path / "mine.csv"), tmp_path / "page.html"
    open_ = cli("evaluate", path, "--resamples", "100", "--html", str(page))
    sentences = [said for said, *_ in (*GOOD, *POOR)]
    assert any(said in open_.out for said in sentences)
    assert any(said in page.read_text("utf-8") for said in sentences)
    for form in ("table", "json"):
        words = ("evaluate", path, "--format", form, "--hide-text", "--resamples", "100")
        hidden = cli(*words, "--html", str(page))
        for text in (hidden.out, page.read_text("utf-8")):
            assert not any(said in text for said in [*sentences, "nights", "manager"])


def test_the_page_is_whole_and_asks_for_nothing(cli, tmp_path):
    page = tmp_path / "out" / "page.html"
    done = cli(
        "evaluate", dataset(tmp_path / "a<b>.csv"), "--html", str(page), "--resamples", "100"
    )
    assert done.code == 0
    text = page.read_text("utf-8")
    assert "a&lt;b&gt;" in text
    assert "<svg" in text
    assert "http" not in text.replace("http-equiv", "")
    assert page.stat().st_mode & 0o077 == 0


def test_without_marks_and_capitals_and_only_the_beginning(cli, tmp_path):
    path = dataset(tmp_path / "mine.csv")
    bare = cli("evaluate", path, "--bare", "--first", "2", "--format", "json", "--resamples", "100")
    made = json.loads(bare.out)
    assert made["options"]["bare"] is True
    assert made["sets"][0]["replies"] == 4
    texts = [m["text"] for f in made["sets"][0]["findings"] for m in f["mistakes"]]
    assert all(text == text.lower() and "." not in text for text in texts if ":" not in text)


def test_a_limit_draws_conversations(cli, tmp_path):
    path = dataset(tmp_path / "mine.csv", conversations=8)
    done = cli("evaluate", path, "--limit", "4", "--format", "json", "--resamples", "100")
    assert json.loads(done.out)["sets"][0]["conversations"] == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("transcript_id,turn,speaker,text\na,0,therapist,Hello\n", "no label in it"),
        ("speaker,text,code_kindness\ntherapist,Hello,1\n", "no code is called kindness"),
        ("nothing here\n", "mine.csv:1:1: neither JSON lines nor a CSV"),
    ],
)
def test_what_cannot_be_compared_is_said(cli, tmp_path, text, told):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    done = cli("evaluate", str(path))
    assert done.code == 3
    assert told in done.err
    assert "Traceback" not in done.err


def test_a_judge_needs_a_model(cli, tmp_path):
    done = cli("evaluate", dataset(tmp_path / "mine.csv"), "--scorer", "judge")
    assert done.code == 4
    assert done.out == ""


class TestJudge:
    def labelled(self, path):
        path.write_text(
            "transcript_id,turn,speaker,text,level_empathy\n"
            f'a,0,client,"{CLIENT}",\na,1,therapist,"{GOOD[1][0]}",3\n'
            f'b,0,client,"{CLIENT}",\nb,1,therapist,"{POOR[2][0]}",0\n',
            encoding="utf-8",
        )
        return str(path)

    def test_its_scores_are_measured(self, cli, tmp_path, server):
        def behave(exchange):
            body = exchange.seen.body
            messages = tuple(Message(m["role"], m["content"]) for m in body["messages"])
            shape = body["response_format"]["json_schema"]
            schema = Schema(shape["name"], shape["schema"])
            request = Request(messages, body["max_tokens"], schema=schema)
            said = data_of(request)["utterances"][1]["text"]
            level = 3 if said == GOOD[1][0] else 0
            says(json.dumps(answer(request, verdict(level, (1, said)), whole=level)))(exchange)

        server.script(behave)
        words = ("--scorer", "judge", "--format", "json", "--resamples", "100")
        done = cli("evaluate", self.labelled(tmp_path / "mine.csv"), *words)
        assert done.code == 0
        made = json.loads(done.out)
        assert made["scorer"] == "judge"
        (found,) = made["sets"][0]["findings"]
        assert found["levelled"]["bias"] == 0.0
        assert found["levelled"]["not_observed"] == 0
        assert len(server.requests) == 2

    def test_an_endpoint_that_fails_is_no_zero(self, cli, tmp_path, server):
        server.script(status(500))
        done = cli("evaluate", self.labelled(tmp_path / "mine.csv"), "--scorer", "judge")
        assert done.code == 4
        assert "no transcript could be judged" in done.err
        assert "sk-test" not in done.out + done.err

    def test_codes_alone_need_no_judge(self, cli, tmp_path, server):
        path = tmp_path / "mine.csv"
        path.write_text("speaker,text,behaviour\ntherapist,Hello there.,other\n", encoding="utf-8")
        done = cli("evaluate", str(path), "--scorer", "judge")
        assert done.code == 2
        assert "codes need no judge" in done.err
        assert server.requests == []
