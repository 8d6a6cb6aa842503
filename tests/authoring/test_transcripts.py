import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.authoring import transcript_utterances
from alliance_sim.authoring.bounded_lines import MOST_LINE
from alliance_sim.authoring.transcripts import MOST_PROBLEMS, read_transcripts
from alliance_sim.domain.transcript import Floor, Pace, Speaker, Transcript
from alliance_sim.errors import InputProblem

ROW = {"transcript_id": "a", "turn": 1, "speaker": "client", "text": "Hello."}


def jsonl(*rows: dict[str, Any]) -> io.StringIO:
    return io.StringIO("".join(json.dumps(row) + "\n" for row in rows))


def read(text: str | io.StringIO, name: str = "stdin") -> list[Transcript]:
    stream = io.StringIO(text) if isinstance(text, str) else text
    return list(read_transcripts(stream, name))


def complaints(source: str | io.StringIO | Path) -> list[str]:
    given = io.StringIO(source) if isinstance(source, str) else source
    with pytest.raises(InputProblem) as raised:
        list(read_transcripts(given))
    return str(raised.value).splitlines()


class TestJsonLines:
    def test_rows_become_transcripts(self) -> None:
        first, second = read(
            jsonl(
                {**ROW, "start": 0, "end": 2.5, "scenario": "wary", "extra": [1]},
                {**ROW, "turn": 4, "speaker": "therapist", "text": "Hi.", "floor": "taking"},
                {**ROW, "transcript_id": 7, "words_lost": 3},
            )
        )
        assert (first.transcript_id, first.scenario, second.transcript_id) == ("a", "wary", "7")
        assert [u.turn for u in first.utterances] == [1, 4]
        assert (first.utterances[0].start, first.utterances[0].end) == (0.0, 2.5)
        assert first.utterances[1].floor is Floor.TAKING
        assert second.utterances[0].words_lost == 3

    def test_what_practice_prints_is_read_and_the_rest_passed_over(self) -> None:
        line = {"session_id": "s1", "scenario": "wary"}
        (transcript,) = read(
            jsonl(
                {"kind": "opened", "session_id": "s1", "pace": "untimed", "seed": 7},
                {"kind": "clause", "session_id": "s1", "turn": 0, "text": "Hel"},
                {"kind": "client", **line, "turn": 0, "text": "Hello.", "words_lost": 2},
                {"kind": "therapist", **line, "turn": 1, "text": "Hi.", "pause_broken": True},
                {"kind": "state", "session_id": "s1", "turn": 1, "trust": 30},
                {"kind": "ended", "session_id": "s1", "ending": "planned_close"},
                {"kind": "utterance", "transcript_id": "s1", "turn": 1, "main": "other"},
                {"kind": "session", "transcript_id": "s1", "overall": None},
            )
        )
        assert transcript.pace is Pace.UNTIMED
        assert [u.speaker for u in transcript.utterances] == [Speaker.CLIENT, Speaker.THERAPIST]
        assert transcript.utterances[0].words_lost == 2
        assert transcript.utterances[1].pause_broken

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"turn": -1}, 'stdin:1:24: turn is "-1"; it should be a whole number from 0 on'),
            ({"turn": True}, 'stdin:1:24: turn is "True"; it should be a whole number from 0 on'),
            ({"turn": "x"}, 'stdin:1:24: turn is "x"; it should be a whole number from 0 on'),
            ({"turn": None}, "no turn; number the turns"),
            ({"speaker": "nurse"}, 'the speaker is "nurse"; write therapist or client'),
            ({"text": 5}, 'text is "5"; it should be words in quotes'),
            ({"text": "a\0b"}, "text has a NUL"),
            ({"text": "\ud800"}, "half of a two-part character"),
            ({"start": "soon"}, 'start is "soon"; it should be seconds'),
            ({"start": 1e400}, "start is"),
            ({"start": 2, "end": 1}, "end is 1 and start 2; an end comes later"),
            ({"transcript_id": ""}, "no transcript_id"),
            ({"transcript_id": "a\x1b[2J"}, "not plain text of at most 200 characters"),
            ({"pace": "fast"}, 'pace cannot be "fast"; choose stream, paced or untimed'),
            ({"floor": "takin"}, 'floor cannot be "takin"; did you mean "taking"?'),
            ({"words_lost": -1}, "words_lost is -1; it should be at least 0"),
            ({"opportunities": [{}]}, "opportunities[1].rubric is missing"),
        ],
    )
    def test_what_is_wrong_with_a_row(self, change: dict[str, Any], problem: str) -> None:
        assert any(problem in line for line in complaints(jsonl({**ROW, **change})))

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ('{"turn": 1,}\n', "stdin:1:12: not JSON"),
            ("{}\n[1]\n", "stdin:2:1: not an object"),
            ('{"a": ' + "[" * 100_000 + "\n", "stdin:1:1: JSON nested too deep"),
            ('{"a": ' + "9" * 5000 + "}\n", "with too long a number"),
        ],
    )
    def test_lines_that_are_no_rows(self, text: str, problem: str) -> None:
        assert any(line.startswith("stdin:") and problem in line for line in complaints(text))

    def test_turns_rise(self) -> None:
        found = complaints(jsonl(ROW, ROW))
        assert found == ["stdin:2:24: turn 1 comes after turn 1; turns must rise"]

    def test_an_id_does_not_come_back(self) -> None:
        found = complaints(jsonl(ROW, {**ROW, "transcript_id": "b"}, {**ROW, "turn": 2}))
        assert found == [
            'stdin:3:2: the transcript "a" came and ended before; keep its rows together'
        ]

    def test_a_transcript_has_one_scenario(self) -> None:
        rows = jsonl({**ROW, "scenario": "wary"}, {**ROW, "turn": 2, "scenario": "trauma"})
        assert 'scenario is "trauma" and was "wary" before' in complaints(rows)[0]


class TestCsv:
    def test_quoted_cells_and_empty_ones(self) -> None:
        text = (
            "Turn,Speaker,Text,transcript_id,start,note\r\n"
            '1,client,"Well, ""no"".\r\nNot really.",a,,x\r\n'
            ",,,,,\r\n"
            "2,T,Mm-hm.,a,4.5,\r\n"
        )
        (transcript,) = read(text)
        assert transcript.utterances[0].text == 'Well, "no".\nNot really.'
        assert transcript.utterances[0].start is None
        assert transcript.utterances[1].speaker is Speaker.THERAPIST
        assert transcript.utterances[1].start == 4.5

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    def test_other_delimiters_of_spreadsheets(self, delimiter: str) -> None:
        lines = ["transcript_id,turn,speaker,text".replace(",", delimiter)]
        lines.append(delimiter.join(["a", "0", "client", "Yes, and no."]))
        assert read("\n".join(lines))[0].utterances[0].text == "Yes, and no."

    HEADER = "transcript_id,turn,speaker,text\n"

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("turn,speaker,text\n", "stdin:1:1: the header has no column transcript_id"),
            (HEADER + "a,1,client,Yes, no.\n", "stdin:2:1: 5 cells under 4 columns"),
            (HEADER + "a,1,client\n", "stdin:2:1: no text"),
            (HEADER + "a,1,nurse,x\n", "stdin:2:5: the speaker"),
            (HEADER + 'a,1,client,"x\ny"\na,1.5,client,x\n', 'stdin:4:3: turn is "1.5"'),
            (HEADER + 'a,1,client,"never closed\n', "stdin:2:1: a quotation mark is not closed"),
            (HEADER + f'a,1,client,"{"x" * 200_000}"\n', "stdin:2:1: a quotation mark"),
            (HEADER, "stdin:1:1: no utterances in it"),
        ],
    )
    def test_what_is_wrong(self, text: str, problem: str) -> None:
        assert complaints(text)[0].startswith(problem)

    @given(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=40),
            min_size=1,
            max_size=6,
        )
    )
    def test_any_words_come_through(self, said: list[str]) -> None:
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["transcript_id", "turn", "speaker", "text"])
        writer.writerows([["a", turn, "client", words] for turn, words in enumerate(said)])
        (transcript,) = read(table.getvalue())
        assert [utterance.text for utterance in transcript.utterances] == said


class TestPlainText:
    def test_lines_without_a_speaker_go_on(self) -> None:
        text = "\ufeffT: Come in.\r\nC: Thanks.\r\n   It is late.\r\n\r\nTherapist: So.\r\n"
        (transcript,) = read(text, "morning.txt")
        assert transcript.transcript_id == "morning"
        assert [(u.turn, u.speaker, u.text) for u in transcript.utterances] == [
            (1, Speaker.THERAPIST, "Come in."),
            (2, Speaker.CLIENT, "Thanks. It is late."),
            (3, Speaker.THERAPIST, "So."),
        ]

    def test_text_before_the_first_speaker(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_text("Session of Monday\nT: hello\n", encoding="utf-8")
        message = "text before the first speaker; begin the line with T: or C:"
        assert complaints(path) == [f"{path}:1:1: {message}"]

    def test_of_no_form_at_all(self) -> None:
        assert complaints("Dear diary\n")[0].startswith("stdin:1:1: neither JSON lines, nor CSV")


class TestBytes:
    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", "1:1: nothing in it"),
            (b"\n \n", "1:1: nothing in it"),
            (b"\xff\xfeT\0:\0", "1:1: the text is UTF-16"),
            (b"T\0:\0 \0", "1:2: a NUL character"),
            (b"T: ok\nC: caf\xe9\n", "2:7: byte 0xe9 is not UTF-8"),
            (b"T: " + b"x" * MOST_LINE, "1:1: the line is longer than 1 MB"),
        ],
    )
    def test_hostile_files(self, data: bytes, problem: str, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_bytes(data)
        (found,) = complaints(path)
        assert found.startswith(f"{path}:{problem}")

    def test_a_byte_order_mark_is_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps(ROW).encode())
        assert next(read_transcripts(path)).transcript_id == "a"

    def test_missing_files_and_things_that_are_no_files(self, tmp_path: Path) -> None:
        assert "there is no such file" in complaints(tmp_path / "absent.csv")[0]
        assert "not a regular file" in complaints(Path("/dev/null"))[0]
        (tmp_path / "empty").mkdir()
        assert "no transcripts in this folder" in complaints(tmp_path / "empty")[0]


class TestFolders:
    def test_all_files_in_the_order_of_their_names(self, tmp_path: Path) -> None:
        (tmp_path / "b.txt").write_text("T: hi\n", encoding="utf-8")
        (tmp_path / "a.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "c.txt").write_text("C: hi\n", encoding="utf-8")
        (tmp_path / "notes.md").write_text("not one", encoding="utf-8")
        assert [t.transcript_id for t in read_transcripts(tmp_path)] == ["a", "b", "c"]

    def test_all_problems_of_all_files_come_before_any_transcript(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("T: hi\n", encoding="utf-8")
        for name in ("b", "c"):
            (tmp_path / f"{name}.txt").write_text("what\n", encoding="utf-8")
        reading = read_transcripts(tmp_path)
        with pytest.raises(InputProblem) as raised:
            next(reading)
        assert [line.split(":")[0][-5:] for line in str(raised.value).splitlines()] == [
            "b.txt",
            "c.txt",
        ]

    def test_one_id_in_two_files(self, tmp_path: Path) -> None:
        for name in ("a.jsonl", "b.jsonl"):
            (tmp_path / name).write_text(json.dumps(ROW) + "\n", encoding="utf-8")
        assert 'the transcript "a" came and ended before' in complaints(tmp_path)[0]


class TestStreams:
    def test_transcripts_come_as_soon_as_they_are_whole(self) -> None:
        def lines() -> Iterator[str]:
            yield json.dumps(ROW) + "\n"
            yield json.dumps({**ROW, "transcript_id": "b"}) + "\n"
            raise AssertionError("read further than it needed to")

        class Slow(io.StringIO):
            source = lines()

            def readline(self, size: int = -1, /) -> str:
                return next(self.source)

        assert next(read_transcripts(Slow())).transcript_id == "a"

    def test_nothing_comes_after_a_problem(self) -> None:
        rows = [{**ROW, "transcript_id": name} for name in "abc"]
        rows[1]["turn"] = "x"
        got = []
        with pytest.raises(InputProblem):
            got.extend(read_transcripts(jsonl(*rows)))
        assert [transcript.transcript_id for transcript in got] == ["a"]

    def test_problems_are_capped(self) -> None:
        found = complaints(jsonl(*[{**ROW, "turn": "x"}] * 500))
        assert len(found) == MOST_PROBLEMS + 1
        assert "reading stopped here after 50 problems" in found[-1]

    def test_memory_is_flat_over_many_transcripts(self) -> None:
        class Endless(io.StringIO):
            made = 0

            def readline(self, size: int = -1, /) -> str:
                self.made += 1
                row = {**ROW, "transcript_id": str(self.made // 20), "turn": self.made}
                return json.dumps({**row, "text": "x" * 2000}) + "\n" if self.made < 10_000 else ""

        tracemalloc.start()
        count = sum(1 for _ in read_transcripts(Endless()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 500
        assert peak < 2_000_000

    def test_one_transcript_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transcript_utterances, "MOST_UTTERANCES", 3)
        rows = [{**ROW, "turn": turn} for turn in range(4)]
        assert 'the transcript "a" is longer than 3 utterances' in complaints(jsonl(*rows))[0]
