"""`db`: a store moves to a server and back, and people are let in."""

import json

import pytest

REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice, and it stings.\n"


def scores(cli, *more):
    return json.loads(cli("sessions", "show", "last", "--score", *more).out.splitlines()[-1])


def test_from_one_file_to_another(cli, held, tmp_path):
    target = str(tmp_path / "copy.db")
    source = str(next(tmp_path.rglob("sessions.db")))
    done = cli("db", "copy", source, target)
    assert done.code == 0, done.err
    counts = dict(line.split("\t") for line in done.out.splitlines())
    assert counts["sessions"] == "1"
    assert scores(cli, "--store", target) == scores(cli)
    again = cli("db", "copy", source, target)
    assert (again.code, again.out) == (5, "")
    assert "not empty" in again.err
    assert cli("db", "rebuild", "--store", target).code == 0
    assert scores(cli, "--store", target) == scores(cli)


def test_what_is_not_there_is_not_copied(cli, tmp_path):
    missing, target = tmp_path / "sesions.db", tmp_path / "copy.db"
    done = cli("db", "copy", str(missing), str(target))
    assert (done.code, done.out) == (3, "")
    assert "sesions.db: there is no such store to copy" in done.err
    assert not missing.exists()
    assert not target.exists()


def test_a_store_is_not_copied_onto_itself_whatever_it_is_called(cli, held, tmp_path):
    source = next(tmp_path.rglob("sessions.db"))
    again = source.parent / ".." / source.parent.name / source.name
    assert cli("db", "copy", str(source), str(again)).code == 2


def test_from_a_file_to_a_server_where_a_trainee_practises_on(
    cli, held, tmp_path, postgres_cluster, empty_postgres_url
):
    source = str(next(tmp_path.rglob("sessions.db")))
    assert cli("db", "copy", source, empty_postgres_url).code == 0
    assert scores(cli, "--store", empty_postgres_url) == scores(cli)
    on = ("--store", empty_postgres_url)
    assert cli("db", "roles", *on).code == 0
    assert "nobody in the programme" in cli("db", "grant", "t-cli", *on).err
    postgres_cluster.execute(
        "INSERT INTO people VALUES ('t-cli', 'trainee', false, NULL, NULL, '2026-01-01')",
        empty_postgres_url.partition("/test_")[1].strip("/")
        + empty_postgres_url.partition("/test_")[2].partition("?")[0],
    )
    granted = cli("db", "grant", "t-cli", *on)
    try:
        assert granted.code == 0, granted.err
        hers = granted.out.strip()
        assert hers.startswith("postgresql://t-cli:")
        done = cli("practice", "wary", "--plain", "--seed", "1", "--store", hers, stdin=REPLIES)
        assert done.code == 0, done.err
        assert "SCORES" in done.out
        (listed,) = cli("sessions", "list", "--store", hers).out.splitlines()
        assert "wary" in listed
        other = cli(
            "practice", "wary", "--plain", "--trainee", "t-other", "--store", hers, stdin=REPLIES
        )
        assert (other.code, other.out) == (2, "")
        assert "this login is t-cli's" in other.err
        # Her scores are stored by whoever may: here by an export of the coordinator's.
        rows = [
            json.loads(line)
            for line in cli("export", "--format", "jsonl", *on).out.split("\n")
            if line
        ]
        assert {row["trainee"] for row in rows} == {"t-cli", None}
    finally:
        assert cli("db", "revoke", "t-cli", *on).code == 0
    gone = cli("sessions", "list", "--store", hers)
    assert (gone.code, gone.out) == (5, "")


@pytest.mark.parametrize("words", [("roles",), ("grant", "t-1"), ("revoke", "t-1")])
def test_a_file_knows_no_logins(cli, held, words):
    done = cli("db", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
