"""`scenario new` and `rubric new` from the command line."""

import json

FLAGS = (
    *("--title", "The hall", "--name", "Ruth", "--age", "52", "--pronouns", "she/her"),
    *("--type", "wary", "--referral", "Her doctor.", "--concern", "Keeps her coat on."),
)


def test_a_new_scenario_plays_and_rehearses(cli, tmp_path):
    folder = str(tmp_path / "scenarios")
    made = cli("scenario", "new", *FLAGS, "--out", folder)
    path = made.out.strip()
    assert (made.code, path) == (0, f"{folder}/the_hall.yaml")
    assert json.loads((tmp_path / "scenarios" / "scenario.schema.json").read_text())["title"]
    assert cli("scenario", "check", folder).code == 0
    assert cli("scenario", "rehearse", path, "--sessions", "0").code == 0
    played = cli("practice", path, "--plain", "--seed", "1", stdin="Hello.\nWhat brings you?\n")
    assert played.code == 0
    assert "Ruth:" in played.out


def test_what_is_missing_is_named_where_nobody_can_be_asked(cli, tmp_path):
    done = cli("scenario", "new", *FLAGS[:-2], "--out", str(tmp_path))
    assert done.code == 2
    assert "--concern is missing" in done.err
    assert not list(tmp_path.rglob("*.yaml"))


def test_slips_are_one_line(cli, tmp_path):
    out = ("--out", str(tmp_path))
    wrong = cli("scenario", "new", *FLAGS, *out, "--type", "warry")
    assert wrong.code == 2
    assert 'did you mean "wary"' in wrong.err
    assert cli("scenario", "new", *FLAGS, *out, "--id", "../up").code == 2
    assert cli("scenario", "new", *FLAGS, *out).code == 0
    assert "is there already" in cli("scenario", "new", *FLAGS, *out).err


def test_a_new_rubric_checks(cli, tmp_path):
    out = ("--out", str(tmp_path))
    made = cli("rubric", "new", "--title", "Humour", "--about", "It lightens.", *out)
    assert made.code == 0
    assert cli("rubric", "check", str(tmp_path)).code == 0
    assert cli("rubric", "new", "--title", "X", "--about", "y", "--scope", "turn", *out).code == 2


def test_a_draft_needs_a_model(cli, tmp_path):
    done = cli("scenario", "new", *FLAGS, "--draft", "A beekeeper.", "--out", str(tmp_path))
    assert done.code == 4
    assert not list(tmp_path.rglob("*.yaml"))


def test_a_draft_without_a_model_leaves_nothing_behind(cli, tmp_path):
    out = tmp_path / "own"
    done = cli("scenario", "new", *FLAGS, "--draft", "A beekeeper.", "--out", str(out))
    assert done.code == 4
    assert not out.exists()
