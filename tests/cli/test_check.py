"""`check` and `rehearse` from the command line: formats, mending, exit codes."""

import json
import shutil
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture
def broken(tmp_path):
    """A shipped scenario with a misspelled field and a misspelled choice."""
    path = tmp_path / "wary.yaml"
    text = (SCENARIOS / "wary.yaml").read_text("utf-8")
    text = text.replace("difficulty:", "dificulty:", 1).replace("intensity: mod", "intensity: mdo")
    path.write_text(text, "utf-8")
    return path


def test_text_says_why_once(cli, broken):
    done = cli("scenario", "check", str(broken))
    assert done.code == 3
    assert done.out.count("[schema]") == 3
    assert done.out.count("silently no part of the client") == 1


def test_json_has_all_that_a_program_needs(cli, broken):
    found = json.loads(cli("scenario", "check", "--format", "json", str(broken)).out)
    choice = next(each for each in found if "modoerate" not in each["message"] and each["fix"])
    assert {"path", "line", "col", "severity", "rule", "message", "why", "fix"} == set(choice)


def test_sarif_places_each_result(cli, broken):
    log = json.loads(cli("scenario", "check", "--format", "sarif", str(broken)).out)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"schema"}
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert result["level"] in {"error", "warning"}


def test_github_escapes_what_would_end_a_property(cli, tmp_path):
    path = tmp_path / "a,b:c.yaml"
    path.write_text("id: x\n", "utf-8")
    first = cli("scenario", "check", "--format", "github", str(path)).out.splitlines()[0]
    assert first.startswith("::")
    assert "a%2Cb%3Ac.yaml" in first


def test_fix_mends_and_keeps_the_rest(cli, broken):
    done = cli("scenario", "check", "--fix", str(broken))
    assert done.code == 0
    assert "2 mended" in done.err
    assert broken.read_text("utf-8") == (SCENARIOS / "wary.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml"))[:10])
@pytest.mark.parametrize("override", ["gain: 0.1", "safety: 0"])
def test_a_gate_out_of_reach_is_told_where_the_cause_stands(cli, tmp_path, name, override):
    """The seventh kind of single mistake; one that closes no gate in this file is none."""
    path = tmp_path / f"{name}.yaml"
    lines = (SCENARIOS / path.name).read_text("utf-8").split("\n")
    field = override.partition(":")[0]
    state = lines.index("state:")
    end = next(n for n in range(state + 1, len(lines)) if lines[n][:1].strip())
    own = [n for n in range(state, end) if lines[n].startswith(f"  {field}:")]
    at = own[0] if own else state + 1
    lines[at : at + len(own)] = [f"  {override}"]
    path.write_text("\n".join(lines), "utf-8")
    done = cli("scenario", "check", "--format", "json", str(path))
    told = {f["line"] for f in json.loads(done.out) if f["rule"] == "unreachable-gate"}
    assert done.code == 0
    assert at + 1 in told or not told
    assert told or field == "safety"


def test_an_empty_folder_is_no_success(cli, tmp_path):
    assert cli("scenario", "check", str(tmp_path)).code == 3


def test_an_expectation_that_does_not_hold_is_a_finding(cli, tmp_path):
    path = tmp_path / "wary.yaml"
    text = (SCENARIOS / "wary.yaml").read_text("utf-8")
    wrong = text.replace("poor: {dropout: [0.92, 1.0]}", "poor: {dropout: [0.0, 0.1]}")
    assert wrong != text
    path.write_text(wrong, "utf-8")
    done = cli("scenario", "rehearse", str(path), "--sessions", "0", "--hours", "40")
    assert done.code == 1
    assert "NOT SO" in done.out


def test_a_rehearsal_as_json_and_as_a_page(cli, tmp_path):
    page = tmp_path / "r.html"
    words = ("--sessions", "1", "--hours", "20", "--turns", "4", "--policy", "poor")
    done = cli("scenario", "rehearse", "wary", *words, "--format", "json", "--html", str(page))
    (record,) = json.loads(done.out)
    assert record["words"]["poor"]["dropout"]["count"] == 1
    assert "<svg" in page.read_text("utf-8")
    assert cli("scenario", "rehearse", "wary", "--policy", "nobody").code == 2


def test_a_copied_library_checks_clean(cli, tmp_path):
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    done = cli("scenario", "check", str(tmp_path / "scenarios"))
    assert (done.code, done.out) == (0, "")
