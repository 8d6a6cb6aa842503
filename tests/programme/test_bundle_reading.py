"""Reading a bundle: what is altered, cut short, too new or senseless is refused in one line."""

import json
import os
from datetime import UTC, datetime

import pytest
from handed import TRAINEE, bundle_of, key_in, recorded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_sim.domain.events import Ended, Ending, SessionOpened, StateMoved
from alliance_sim.errors import InputProblem
from alliance_sim.programme import bundle, bundle_reading
from alliance_sim.programme.bundle_reading import bundle_files, load_bundle, read_bundle
from stories import HOUR, opened, story


@pytest.fixture
def key(tmp_path):
    return key_in(tmp_path / "laptop")


@pytest.fixture
def data(key):
    return bundle_of(key, recorded("20260301-1000-aaaaaa"), recorded("20260302-1000-bbbbbb"))


def resigned(data, key, change):
    """The bundle after its owner has changed its lines, before the signature."""
    lines = [json.loads(line) for line in data.splitlines()[:-1]]
    changed = change(lines) or lines
    body = b"".join(json.dumps(line).encode() + b"\n" for line in changed)
    signature = {"line": "signature", "signature": key.sign(body)}
    return body + json.dumps(signature).encode() + b"\n"


def renumbered(lines):
    """With digests and counts that are right again."""
    header, events = lines[0], [line for line in lines[1:] if line["line"] == "event"]
    for held in header["sessions"]:
        own = [line for line in events if line["session"] == held["id"]]
        held["events"] = len(own)
        block = b"".join(json.dumps(line).encode() + b"\n" for line in own)
        held["digest"] = bundle.digest(block)
    return lines


def refusal(data):
    with pytest.raises(InputProblem) as refused:
        read_bundle(data, "hers.bundle")
    told = str(refused.value)
    assert told.startswith("hers.bundle:")
    assert "\n" not in told
    return told


def test_what_was_written_is_read(data, key):
    found = read_bundle(data, "hers.bundle")
    assert found.trainee == TRAINEE
    assert found.header.key == key.public
    assert list(found.sessions) == ["20260301-1000-aaaaaa", "20260302-1000-bbbbbb"]
    assert found.sessions["20260301-1000-aaaaaa"] == recorded("20260301-1000-aaaaaa")


def test_without_its_last_line_end_it_is_the_same(data):
    assert read_bundle(data[:-1], "x").sessions == read_bundle(data, "x").sessions


def test_one_altered_letter_of_what_she_said(data):
    assert b"No say in any of it" in data
    altered = data.replace(b"No say in any of it", b"No way in any of it", 1)
    assert "changed after it was signed" in refusal(altered)


@pytest.mark.parametrize("length", [0, 1, 50, 5000, -200, -20])
def test_half_written(data, length):
    told = refusal(data[:length])
    assert "signature" in told or "not a bundle" in told


def test_a_signature_that_was_cut_is_missed(data):
    assert "ends before its signature" in refusal(data[: data.rindex(b'{"line":"signature"')])


def test_a_newer_version_is_told_before_all_else(data):
    newer = data.replace(b'"version":1', b'"version":2', 1)
    assert "newer version of the program (bundles of version 2; this one reads 1)" in refusal(newer)


def test_signed_by_somebody_else(data, tmp_path, key):
    other = key_in(tmp_path / "other")
    body = data[: data.rindex(b'{"line":"signature"')]
    signature = json.dumps({"line": "signature", "signature": other.sign(body)}).encode()
    assert "changed after it was signed" in refusal(body + signature)


@pytest.mark.parametrize(
    "text",
    [b"", b"\n", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"id,name"],
)
def test_what_is_no_bundle(text):
    assert "not a bundle" in refusal(text)


def test_nested_deeply_after_a_good_header(data, key):
    header = data.splitlines()[0]
    body = header + b"\n" + b"[" * 300_000 + b"\n"
    signature = json.dumps({"line": "signature", "signature": key.sign(body)}).encode()
    refusal(body + signature)


class TestWhatItsOwnerCouldSign:
    """The signature is good; what was signed is not."""

    def test_a_gap(self, data, key):
        def change(lines):
            del lines[5]
            return renumbered(lines)

        assert "where event 5 of 20260301-1000-aaaaaa should be" in refusal(
            resigned(data, key, change)
        )

    def test_out_of_order(self, data, key):
        def change(lines):
            lines[4], lines[5] = lines[5], lines[4]
            return renumbered(lines)

        assert "event 5 of 20260301-1000-aaaaaa, where event 4" in refusal(
            resigned(data, key, change)
        )

    def test_another_digest(self, data, key):
        def change(lines):
            lines[0]["sessions"][0]["digest"] = "0" * 64

        assert "is not the one of the header" in refusal(resigned(data, key, change))

    def test_more_and_fewer_lines_than_told(self, data, key):
        assert "fewer lines" in refusal(resigned(data, key, lambda lines: renumbered(lines)[:-1]))
        assert "more lines" in refusal(
            resigned(data, key, lambda lines: renumbered(lines) + lines[-1:])
        )

    def test_the_same_session_twice(self, data, key):
        def change(lines):
            own = [line for line in lines[1:] if line["session"].endswith("aaaaaa")]
            lines[0]["sessions"] = [lines[0]["sessions"][0]] * 2
            whole = renumbered([lines[0], *own])
            return [*whole, *own]

        assert "a session twice" in refusal(resigned(data, key, change))

    def test_an_event_that_nobody_knows(self, data, key):
        def change(lines):
            lines[3]["event"] = {"type": "levitated", "turn": 1}
            return renumbered(lines)

        told = refusal(resigned(data, key, change))
        assert told.startswith("hers.bundle:4: ")
        assert "made by version 0.0 of the program" in told

    def test_the_words_of_an_event_that_cannot_be_read_are_not_told(self, data, key):
        def change(lines):
            line = next(line for line in lines[1:] if line["event"]["type"] == "trainee_sent")
            line["event"]["turn"] = "a secret of hers"
            return renumbered(lines)

        assert "secret" not in refusal(resigned(data, key, change))

    def test_further_fields(self, data, key):
        def change(lines):
            lines[0]["colour"] = "blue"

        assert "colour" in refusal(resigned(data, key, change))

    @pytest.mark.parametrize("name", ["../../etc/passwd", "a b", "", "x" * 81, "é\u202e"])
    def test_a_session_that_no_session_is_called(self, data, key, name):
        def change(lines):
            lines[0]["sessions"][0]["id"] = name

        refusal(resigned(data, key, change))

    @pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_a_time_outside_every_calendar(self, data, key, at):
        def change(lines):
            lines[4]["at"] = at
            return renumbered(lines)

        assert "a time that no calendar holds" in refusal(resigned(data, key, change))

    def test_a_clock_that_runs_backwards_is_taken_as_it_is(self, data, key):
        def change(lines):
            lines[4]["at"] = "1999-01-01T00:00:00+00:00"
            return renumbered(lines)

        found = read_bundle(resigned(data, key, change), "x")
        assert found.sessions["20260301-1000-aaaaaa"][3].at == datetime(1999, 1, 1, tzinfo=UTC)


def state_of(turn):
    told = story(*HOUR)
    return next(event for event in told if isinstance(event, StateMoved)).state.model_copy(
        update={"turn": turn}
    )


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (story(*HOUR, ending=None, trainee=TRAINEE), "has not ended"),
        ([*story(*HOUR, trainee=TRAINEE), Ended(ending=Ending.TIME)], "ends twice"),
        (story(*HOUR, trainee=TRAINEE)[1:], "does not begin with its opening"),
        ([*story(*HOUR, trainee=TRAINEE), opened(trainee=TRAINEE)], "is opened twice"),
        (story(*HOUR, trainee="t-other2"), "was held by t-other2, and the bundle is of t-heron2"),
        (story(*HOUR, trainee=TRAINEE, seed=2**64), "seed that is out of range"),
        (
            [*story(*HOUR, trainee=TRAINEE), StateMoved(turn=1, state=state_of(2**40))],
            "counts a turn that is out of range",
        ),
    ],
)
def test_what_is_not_the_record_of_an_ended_session(key, events, told):
    assert told in refusal(bundle_of(key, recorded("s-1", events)))


def test_a_session_of_nobodys_is_hers_who_hands_it_in(key):
    found = read_bundle(bundle_of(key, recorded("s-1", trainee=None)), "x")
    assert isinstance(found.sessions["s-1"][0].event, SessionOpened)


@given(st.data())
@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_any_mutation_is_refused_or_changes_nothing(data, drawn):
    """A byte altered, taken out or put in, a piece doubled, swapped or cut."""
    at = drawn.draw(st.integers(0, len(data) - 1))
    to = drawn.draw(st.integers(at, min(len(data), at + 400)))
    piece = drawn.draw(st.sampled_from([b"", data[at:to] * 2, b"\n", b"\0", b'"', b"9"]))
    byte = bytes([drawn.draw(st.integers(0, 255))])
    changed = drawn.draw(
        st.sampled_from(
            [data[:at] + byte + data[at + 1 :], data[:at] + piece + data[to:], data[:at], data[at:]]
        )
    )
    told, found = outcome(changed)
    if found is None:
        assert len(told.splitlines()) == 1
    else:
        before = read_bundle(data, "x")
        assert (found.header, found.sessions) == (before.header, before.sessions)


def outcome(data):
    try:
        return "", read_bundle(data, "x")
    except InputProblem as refused:
        return str(refused), None


class TestFiles:
    def test_a_folder_stands_for_its_bundles(self, tmp_path):
        for name in ("b.bundle", "a.bundle", "notes.txt"):
            (tmp_path / name).write_bytes(b"")
        assert [path.name for path in bundle_files(tmp_path)] == ["a.bundle", "b.bundle"]

    def test_a_folder_for_each_trainee(self, tmp_path):
        for name in ("heron", "wren"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "week 3.bundle").write_bytes(b"")
        assert [path.parent.name for path in bundle_files(tmp_path)] == ["heron", "wren"]

    def test_a_folder_without_any(self, tmp_path):
        with pytest.raises(InputProblem, match=r"there is no \*.bundle in this folder"):
            bundle_files(tmp_path)

    @pytest.mark.parametrize("name", ["missing.bundle", "a\0b", "x" * 400])
    def test_a_file_that_is_not_there(self, tmp_path, name):
        with pytest.raises(InputProblem):
            load_bundle(tmp_path / name)

    @pytest.mark.skipif(os.name != "posix", reason="no pipes")
    def test_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.bundle")
        with pytest.raises(InputProblem, match="not a regular file"):
            load_bundle(tmp_path / "pipe.bundle")

    def test_bounds(self, tmp_path, data, monkeypatch):
        path = tmp_path / "hers.bundle"
        path.write_bytes(data)
        for name, most, told in (
            ("MOST_BYTES", 1000, "larger than"),
            ("MOST_LINES", 3, "more than 3 lines"),
            ("MOST_LINE_BYTES", 200, "a line of more than"),
        ):
            with monkeypatch.context() as smaller:
                smaller.setattr(bundle_reading, name, most)
                with pytest.raises(InputProblem, match=told):
                    load_bundle(path)
