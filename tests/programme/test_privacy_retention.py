"""What has been kept for long enough: the longest period counts; on both engines."""

from datetime import UTC, datetime, timedelta

import pytest
from handed import hold

from alliance_sim.domain.events import AppealAnswered, Appealed
from alliance_sim.domain.programme import Assignment, Cohort, Person
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.privacy_retention import EVERYTHING, Asked, apply, due
from alliance_sim.programme.written import keep_in_mind
from alliance_sim.store import assignments, attempts, audit, cohorts, memberships, people
from alliance_sim.store.written_files import files_about
from stories import HOUR, story

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""The tests' clock stands at 2 March 2026; sessions are of 1 March."""


class Later:
    def __init__(self, days):
        self.days = days

    def now(self):
        return datetime(2026, 3, 1, 12, 0, tzinfo=UTC) + timedelta(days=self.days)


@pytest.fixture
def store(either_store):
    """`brief` keeps 30 days, `lasting` 300, `endless` for good."""

    def programme(connection):
        for name, days in (("brief", 30), ("lasting", 300), ("endless", None)):
            cohort = Cohort(id=name, title=name, retention_days=days, created_at=LONG_AGO)
            cohorts.add(connection, cohort)
        members = {
            "t-brief2": ["brief"],
            "t-both22": ["brief", "lasting"],
            "t-endles": ["brief", "endless"],
            "t-nowher": [],
        }
        people.add(connection, [Person(id=name, created_at=LONG_AGO) for name in members])
        for name, ids in members.items():
            for cohort in ids:
                memberships.join(connection, cohort, [name], LONG_AGO)

    either_store.transact(programme)
    for name in ("t-brief2", "t-both22", "t-endles", "t-nowher"):
        hold(either_store, f"s-{name}", trainee=name)
    hold(either_store, "s-nobody", trainee=None)
    return either_store


def ids(store, after, **asked):
    return [
        each.id.removeprefix("s-") for each in due(store, Asked(**asked), Later(after)).sessions
    ]


def test_each_by_its_cohort_and_the_longest_counts(store):
    assert ids(store, 29) == []
    assert ids(store, 31) == ["t-brief2"]
    assert ids(store, 301) == ["t-both22", "t-brief2"]
    assert due(store, Asked(), Later(31)).kept_longer == 4


def test_of_one_cohort(store):
    assert ids(store, 31, cohort="brief") == ["t-brief2"]
    assert ids(store, 6, cohort="brief", days=5) == ["t-brief2"]
    assert ids(store, 301, cohort="lasting") == ["t-both22"]
    with pytest.raises(UsageProblem, match="name one with --days"):
        ids(store, 500, cohort="endless")
    assert ids(store, 500, cohort="endless", days=400) == ["t-endles"]
    with pytest.raises(UsageProblem, match="no such cohort"):
        ids(store, 500, cohort="autumn")


def test_days_without_a_cohort_are_for_everything(store):
    assert ids(store, 6, days=5) == ["nobody", "t-both22", "t-brief2", "t-endles", "t-nowher"]


def test_without_any_period_one_is_asked_for(either_store):
    with pytest.raises(UsageProblem, match="no cohort has a period"):
        due(either_store, Asked(), Later(0))


def test_what_was_held_for_an_assignment_is_of_its_cohort(store):
    def asked(connection):
        week = Assignment(
            id="w", cohort="lasting", title="w", scenarios=("small",), created_at=LONG_AGO
        )
        assignments.add(connection, week)
        attempts.claim(connection, week, "t-brief2", "s-t-brief2", at=LONG_AGO)

    store.transact(asked)
    assert ids(store, 31) == []
    assert ids(store, 301, cohort="lasting") == ["t-both22", "t-brief2"]


def test_an_open_session_counts_from_its_last_event(store):
    told = story(*HOUR, ending=None, trainee="t-brief2")
    hold(store, "s-open", told)
    (found,) = [each for each in due(store, Asked(), Later(31)).sessions if each.id == "s-open"]
    assert found.over_at == store.events("s-open")[-1].at


def test_an_appeal_is_waited_for(store):
    told = [
        *story(*HOUR, trainee="t-brief2"),
        Appealed(rubric="empathy", reason="I named it twice."),
    ]
    hold(store, "s-contested", told)
    found = due(store, Asked(cohort="brief"), Later(31))
    assert ([each.id for each in found.sessions], found.contested) == (["s-t-brief2"], 1)
    answer = AppealAnswered(
        appeal=len(told), rubric="empathy", outcome="kept", answer="No.", who="i-coord2"
    )
    store.append("s-contested", [answer], at=Later(1).now())
    assert ids(store, 31, cohort="brief") == ["contested", "t-brief2"]


def test_applied_they_are_gone_and_the_log_says_how_many(store, tmp_path):
    asked = Asked(cohort="brief", days=20)
    found = due(store, asked, Later(31))
    apply(store, found, asked, tmp_path, Later(31), "i-coord2")
    assert {row.id for row in store.sessions()} == {
        "s-t-both22",
        "s-t-endles",
        "s-t-nowher",
        "s-nobody",
    }
    assert store.events("s-t-brief2") == ()
    with store.reading() as connection:
        (entry,) = audit.entries(connection)
        assert people.get(connection, "t-brief2")
    assert (entry.action, entry.subject) == ("retention", "brief")
    assert entry.detail == {"sessions": 1, "days": 20}
    assert due(store, asked, Later(31)).sessions == ()


def test_files_that_are_as_old_go_along(store, tmp_path):
    paths = {}
    for name, person, days in (
        ("old", "t-brief2", 1),
        ("new", "t-brief2", 30),
        ("both", "t-both22", 1),
    ):
        paths[name] = tmp_path / f"{name}.html"
        paths[name].write_text(name)
        clock = Later(days)
        assert keep_in_mind(store, paths[name], person=person, kind="report", clock=clock)
    page = tmp_path / "debriefs" / "s-t-brief2.html"
    page.parent.mkdir()
    page.write_text("x")
    found = due(store, Asked(), Later(40))
    assert [file.path for file in found.files] == [str(paths["old"])]
    done = apply(store, found, Asked(), tmp_path, Later(40), "i-coord2")
    assert set(done.files.deleted) == {str(paths["old"]), str(page)}
    assert [paths[name].exists() for name in paths] == [False, True, True]
    with store.reading() as connection:
        left = files_about(connection, ["t-brief2", "t-both22"])
    assert [file.path for file in left] == [str(paths["both"]), str(paths["new"])]


def test_everything_in_several_transactions(store, tmp_path, monkeypatch):
    monkeypatch.setattr("alliance_sim.programme.privacy_retention.AT_ONCE", 2)
    asked = Asked(days=5)
    apply(store, due(store, asked, Later(6)), asked, tmp_path, Later(6), "i-coord2")
    assert store.sessions() == []
    with store.reading() as connection:
        found = audit.entries(connection)
    assert [entry.detail["sessions"] for entry in found] == [1, 2, 2]
    assert {entry.subject for entry in found} == {EVERYTHING}


def test_a_file_that_could_not_be_deleted_is_not_forgotten(store, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("as it was written")
    assert keep_in_mind(store, path, person="t-brief2", kind="report", clock=Later(1))
    path.write_text("changed since")
    done = apply(store, due(store, Asked(), Later(40)), Asked(), tmp_path, Later(40), "i-coord2")
    assert [left.partition(": ")[0] for left in done.files.left] == [str(path)]
    assert path.exists()
    with store.reading() as connection:
        assert [file.path for file in files_about(connection, ["t-brief2"])] == [str(path)]


def test_of_several_periods_a_file_goes_by_the_shortest(store, tmp_path):
    def asked(connection):
        values = {"title": "w", "scenarios": ("small",), "created_at": LONG_AGO}
        for cohort, session in (("lasting", "s-t-both22"), ("brief", "s-more")):
            week = Assignment(id=f"w-{cohort}", cohort=cohort, **values)
            assignments.add(connection, week)
            attempts.claim(connection, week, "t-both22", session, at=LONG_AGO)

    # Opened before the other, so that its period is looked at first.
    hold(store, "s-more", trainee="t-both22")
    store.transact(asked)
    path = tmp_path / "report.html"
    path.write_text("of both")
    assert keep_in_mind(store, path, person="t-both22", kind="report", clock=Later(200))
    found = due(store, Asked(), Later(310))
    assert {each.id for each in found.sessions} >= {"s-more", "s-t-both22"}
    assert [file.path for file in found.files] == [str(path)]


def test_what_was_contested_meanwhile_stays(store, tmp_path):
    hold(store, "s-contested", story(*HOUR, trainee="t-brief2"))
    found = due(store, Asked(cohort="brief"), Later(31))
    assert "s-contested" in [each.id for each in found.sessions]
    store.append("s-contested", [Appealed(rubric="empathy", reason="Twice.")], at=Later(31).now())
    done = apply(store, found, Asked(cohort="brief"), tmp_path, Later(31), "i-coord2")
    assert done.sessions == 1
    assert store.events("s-contested")
    assert store.events("s-t-brief2") == ()
