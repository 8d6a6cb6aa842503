"""Labelled sets: every form is told by its fields, and what is wrong is told with its line."""

import json

import pytest

from alliance_sim.authoring.datasets import read_dataset
from alliance_sim.authoring.problems import FileProblems
from alliance_sim.domain.transcript import Speaker


def lines(path, *records):
    path.write_text("\n".join(json.dumps(r) for r in records) + "\n", encoding="utf-8")
    return path


def said(item):
    return [(str(u.speaker), u.text) for u in item.transcript.utterances]


ROWS = [
    {"transcript_id": 4, "group": "a:4", "turn": 0, "speaker": "client", "text": "Hello."},
    {
        "transcript_id": 4,
        "group": "a:4",
        "turn": 1,
        "speaker": "therapist",
        "text": "What brings you?",
        "behaviour": "question",
        "quality": "high",
    },
    {"transcript_id": 5, "group": "a:4", "turn": 0, "speaker": "therapist", "text": "Hi."},
]


def test_rows_of_conversations(tmp_path):
    first, second = read_dataset(lines(tmp_path / "rows.jsonl", *ROWS)).items
    assert (first.source, first.group, first.transcript.transcript_id) == ("rows", "a:4", "4")
    assert first.labels[1]["behaviour"] == "question"
    assert first.about == {"quality": "high"}
    assert second.group == "a:4"
    assert said(second) == [("therapist", "Hi.")]


def test_several_pieces_of_one_turn_become_turns_of_their_own(tmp_path):
    rows = [
        {"conv_id": "c", "turn": 3, "speaker": "therapist", "text": text, "t1": "O"}
        for text in ("So", "how was it")
    ]
    (item,) = read_dataset(lines(tmp_path / "pieces.jsonl", *rows)).items
    assert [u.turn for u in item.transcript.utterances] == [0, 1]
    assert set(item.labels) == {0, 1}


def test_whole_conversations_with_copies_left_out(tmp_path):
    turns = [{"speaker": "seeker", "text": "I lost it."}, {"speaker": "supporter", "text": "Oh."}]
    records = [
        {"id": "one", "quality": "low", "canonical": True, "turns": turns},
        {"id": "two", "quality": "low", "canonical": False, "turns": turns},
        {"id": "three", "quality": "high", "label_conflict": True, "turns": turns},
    ]
    read = read_dataset(lines(tmp_path / "whole.jsonl", *records))
    assert [item.transcript.transcript_id for item in read.items] == ["one"]
    assert read.items[0].about["quality"] == "low"
    assert read.items[0].transcript.utterances[1].speaker is Speaker.THERAPIST
    assert read.notes == ["whole.jsonl: 2 left out as copies, or with labels in conflict"]


def test_pairs_replies_posts_and_sentences(tmp_path):
    pair = {"id": "p", "seeker_text": "I am lost.", "response_text": "Tell me.", "explorations": 2}
    reply = {
        "id": "r",
        "group": "g",
        "context": [{"speaker": "client", "text": "Mm."}],
        "reflection": "You are tired.",
        "expert_ok": 1.0,
    }
    post = {"id": "x", "user": "u-1", "text": "I am so tired.", "label": "indicator"}
    sentence = {"id": "abc-3-1", "text": "You could go.", "advice": 1}
    read = read_dataset(lines(tmp_path / "mixed.jsonl", pair, reply, post, sentence)).items
    assert [item.group for item in read] == ["0", "g", "u-1", "abc"]
    assert said(read[0]) == [("client", "I am lost."), ("therapist", "Tell me.")]
    assert read[0].labels[1]["explorations"] == 2
    assert said(read[1])[-1] == ("therapist", "You are tired.")
    assert [who for who, _ in said(read[2])] == ["client", "therapist"]
    assert said(read[3]) == [("therapist", "You could go.")]


def test_csv_with_commas_quotes_and_empty_cells(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "transcript_id,turn,speaker,text,behaviour,level_empathy\n"
        'a,0,client,"They moved me, again. ""Nobody"" asked.",,\n'
        'a,1,therapist,"No say\nin it.",reflection,3\n',
        encoding="utf-8",
    )
    (item,) = read_dataset(path).items
    assert said(item)[0][1] == 'They moved me, again. "Nobody" asked.'
    assert item.labels[1] == {"behaviour": "reflection", "level_empathy": "3"}
    assert 0 not in item.labels


def test_a_folder_reads_what_it_can_and_notes_the_rest(tmp_path):
    lines(tmp_path / "rows.jsonl", *ROWS)
    (tmp_path / "people.csv").write_text("name,age\nAnn,30\n")
    read = read_dataset(tmp_path)
    assert {item.source for item in read.items} == {"rows"}
    assert len(read.notes) == 1
    assert read.notes[0].startswith("people.csv: left out")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1:1: nothing in it"),
        ('{"text": "x"\n', ":1:13: not JSON"),
        ('{"words": 1}\n', ":1:1: the fields are those of no form"),
        ('{"speaker": "nobody", "text": "x", "conv_id": 1}\n', ":1:1: speaker is"),
        ('{"turns": [{"speaker": "client"}]}\n', ":1:1: each turn is an object"),
        ("name,age\nAnn,30\n", ":1:1: neither JSON lines nor a CSV"),
        ("text,text\na,b\n", ":1:1: two columns are called text"),
        ('speaker,text\ntherapist,"open\n', ":2:1: a quotation mark is not closed"),
        ("speaker,text\ntherapist,a,b\n", ":2:1: 3 cells under 2 columns"),
        ("[1]\n", ":1:1: neither"),
    ],
)
def test_problems_have_their_place(tmp_path, text, told):
    path = tmp_path / "bad.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblems) as stopped:
        read_dataset(path)
    assert f"bad.jsonl{told}" in str(stopped.value)


def test_a_missing_file_and_an_empty_folder(tmp_path):
    with pytest.raises(FileProblems, match="no such file"):
        read_dataset(tmp_path / "nowhere.jsonl")
    with pytest.raises(FileProblems, match="no labelled files"):
        read_dataset(tmp_path)


def test_rows_of_a_conversation_that_came_before(tmp_path):
    path = lines(tmp_path / "rows.jsonl", ROWS[0], ROWS[2], ROWS[1])
    with pytest.raises(FileProblems, match=r"rows\.jsonl:3:1: .*keep its rows together"):
        read_dataset(path)
