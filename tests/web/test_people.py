"""The file of who may log in: hashes alone, for its owner alone, read again when it changes."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from alliance_sim.errors import InputProblem, UsageProblem
from alliance_sim.programme import private_file
from alliance_sim.web.people import FORMAT, People, invite, read_people, revoke
from alliance_sim.web.tokens import digest_of, fitting

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights are POSIX's")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "class" / "people.json"


def test_an_invitation_keeps_the_hash_and_not_the_token(path):
    tokens = invite(path, ["t-aaaaaa", "t-bbbbbb"])
    assert set(tokens) == {"t-aaaaaa", "t-bbbbbb"}
    assert tokens["t-aaaaaa"] != tokens["t-bbbbbb"]
    text = path.read_text()
    assert not any(token in text for token in tokens.values())
    assert read_people(path) == {name: digest_of(token) for name, token in tokens.items()}


@posix
def test_the_file_is_its_owners(path):
    invite(path, ["t-aaaaaa"])
    path.chmod(0o644)
    invite(path, ["t-bbbbbb"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in path.parent.iterdir()} == {"people.json", "people.json.lock"}


@posix
def test_a_file_that_others_may_change_is_refused(path):
    invite(path, ["t-aaaaaa"])
    path.chmod(0o620)
    with pytest.raises(InputProblem, match="chmod 600"):
        read_people(path)


def test_a_second_invitation_takes_the_place_of_the_first(path):
    first = invite(path, ["t-aaaaaa", "t-bbbbbb"])
    second = invite(path, ["t-aaaaaa"])
    people = People(path, print)
    assert fitting(first["t-aaaaaa"], people.keys()) is None
    assert fitting(second["t-aaaaaa"], people.keys()).trainee == "t-aaaaaa"
    assert fitting(first["t-bbbbbb"], people.keys()).trainee == "t-bbbbbb"


def test_who_has_a_token_keeps_it_where_only_those_without_are_invited(path):
    first = invite(path, ["t-aaaaaa"])
    assert set(invite(path, [], without=["t-aaaaaa", "t-bbbbbb"])) == {"t-bbbbbb"}
    assert fitting(first["t-aaaaaa"], People(path, print).keys())
    assert set(invite(path, ["t-aaaaaa"], without=["t-aaaaaa"])) == {"t-aaaaaa"}


def test_invitations_at_once_are_all_kept(path):
    names = [f"t-{number}" for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda name: invite(path, [name])[name], names))
    assert read_people(path) == {
        name: digest_of(token) for name, token in zip(names, tokens, strict=True)
    }


def test_while_another_works_with_the_file_it_is_left_alone(path, monkeypatch):
    invite(path, ["t-aaaaaa"])
    monkeypatch.setattr(private_file, "PATIENCE", 0.01)
    for change in (invite, revoke):
        with (
            private_file.alone_with(path),
            pytest.raises(InputProblem, match="another program works with it"),
        ):
            change(path, ["t-aaaaaa"])
    assert revoke(path, ["t-aaaaaa"]) == ["t-aaaaaa"]


BAD_NAMES = ["", ".", "..", "../x", "a/b", "a b", "-x", "é", "a\nb", "x" * 81, "~", "a\\b"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_what_is_no_pseudonym_is_refused_and_nobody_is_invited(path, name):
    with pytest.raises(UsageProblem, match="never a name"):
        invite(path, ["t-aaaaaa", name])
    assert not path.exists()


def test_who_is_revoked_may_in_no_longer(path):
    token = invite(path, ["t-aaaaaa", "t-bbbbbb"])["t-aaaaaa"]
    people = People(path, print)
    assert fitting(token, people.keys())
    assert revoke(path, ["t-aaaaaa", "t-cccccc"]) == ["t-aaaaaa"]
    assert fitting(token, people.keys()) is None
    (left,) = people.keys()
    assert left.trainee == "t-bbbbbb"


def test_who_is_invited_later_need_not_wait(path):
    invite(path, ["t-aaaaaa"])
    people = People(path, print)
    token = invite(path, ["t-bbbbbb"])["t-bbbbbb"]
    assert fitting(token, people.keys()).trainee == "t-bbbbbb"


def test_a_file_that_breaks_leaves_those_in_who_were_and_says_so_once(path):
    token = invite(path, ["t-aaaaaa"])["t-aaaaaa"]
    told = []
    people = People(path, told.append)
    path.write_text("{")
    assert fitting(token, people.keys())
    assert fitting(token, people.keys())
    assert len(told) == 1
    assert str(path) in told[0]
    path.unlink()
    assert fitting(token, people.keys())
    assert len(told) == 2
    other = invite(path, ["t-bbbbbb"])["t-bbbbbb"]
    assert fitting(other, people.keys())
    assert fitting(token, people.keys()) is None


def whole(**people: object) -> str:
    return json.dumps({"format": FORMAT, "people": people})


BAD_FILES = {
    "": "not a file of people",
    "{": "not a file of people",
    "[" * 100_000: "not a file of people",
    "[]": "not a file of people",
    "{}": "not a file of people",
    '{"people": {}}': "not a file of people",
    json.dumps({"format": "alliance-sim people 2", "people": {}}): "not a file of people",
    json.dumps({"format": FORMAT, "people": []}): "not a file of people",
    whole(**{"t-aaaaaa": "x"}): "'t-aaaaaa' is damaged",
    whole(**{"t-aaaaaa": 5}): "'t-aaaaaa' is damaged",
    whole(**{"../x": "0" * 64}): "'../x' is damaged",
    whole(**{"x" * 1000: "0" * 64}): "damaged",
}


@pytest.mark.parametrize("text", BAD_FILES, ids=lambda text: text[:20])
def test_what_is_no_such_file_is_told_in_a_line(path, text):
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(0o600)
    for reads in (read_people, lambda path: People(path, print), lambda path: revoke(path, ["x"])):
        with pytest.raises(InputProblem) as problem:
            reads(path)
        assert BAD_FILES[text] in str(problem.value)
        assert "\n" not in str(problem.value)
        assert len(str(problem.value)) < 400
    with pytest.raises(InputProblem):
        invite(path, ["t-bbbbbb"])
    assert path.read_text() == text


def test_a_missing_file_is_named(path):
    with pytest.raises(InputProblem, match=r"people\.json: no such file"):
        read_people(path)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputProblem, match="taken"):
        invite(tmp_path / "taken" / "people.json", ["t-aaaaaa"])


def test_a_folder_is_no_file_of_people(tmp_path):
    for folder in (tmp_path, Path()):
        for use in (read_people, lambda path: invite(path, ["t-aaaaaa"])):
            with pytest.raises(InputProblem, match="is a directory"):
                use(folder)
