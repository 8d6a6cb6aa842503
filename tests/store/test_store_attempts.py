"""Assignments and attempts at them, on both engines."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.domain.programme import Assignment
from alliance_sim.errors import UsageProblem
from alliance_sim.store import assignments, attempts
from alliance_sim.store.repository import Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def assignment(name="hw-1", **changes):
    values = {"id": name, "cohort": "spring", "title": "One", "scenarios": ("wary",)}
    return Assignment(**{**values, "created_at": NOW, **changes})


def test_an_assignment_is_read_as_it_was_written(either_store):
    whole = assignment(
        scenarios=("wary", "mandated"),
        rubrics=("empathy",),
        attempts=2,
        exam=True,
        opens_at=NOW,
        due_at=NOW + timedelta(days=7),
        keep="best",
    )
    either_store.transact(lambda c: assignments.add(c, whole))
    either_store.transact(lambda c: assignments.add(c, assignment("hw-0", cohort="autumn")))
    with either_store.reading() as connection:
        assert assignments.need(connection, "hw-1") == whole
        # One that is due comes before one that has no end.
        assert [each.id for each in assignments.every(connection)] == ["hw-1", "hw-0"]
        assert [a.id for a in assignments.every(connection, cohorts=["autumn"])] == ["hw-0"]
        assert assignments.every(connection, cohorts=[]) == []
        with pytest.raises(UsageProblem, match="hw-9: no such assignment; there are: hw-1, hw-0"):
            assignments.need(connection, "hw-9")


def test_attempts_are_numbered_and_limited(either_store):
    twice = assignment(attempts=2)
    claimed = [
        either_store.transact(lambda c, s=s: attempts.claim(c, twice, "t-1", s, at=NOW))
        for s in ("s1", "s2")
    ]
    assert [each.number for each in claimed] == [1, 2]
    with pytest.raises(UsageProblem, match="used 2 of 2"):
        either_store.transact(lambda c: attempts.claim(c, twice, "t-1", "s3", at=NOW))
    other = either_store.transact(
        lambda c: attempts.claim(c, twice, "t-2", "s4", at=NOW, source="bundle")
    )
    assert other.number == 1
    with either_store.reading() as connection:
        assert attempts.every(connection, assignment="hw-1") == [*claimed, other]
        assert attempts.every(connection, trainee="t-2") == [other]
        assert attempts.get(connection, "s4") == other
        assert attempts.get(connection, "s3") is None
        assert attempts.count(connection, "hw-1") == 3


def test_a_session_counts_once(either_store):
    either_store.transact(lambda c: attempts.claim(c, assignment(), "t-1", "s1", at=NOW))
    with pytest.raises(UsageProblem, match="counts for an assignment already"):
        either_store.transact(lambda c: attempts.claim(c, assignment("hw-2"), "t-1", "s1", at=NOW))


def test_removing_an_assignment_forgets_its_attempts_only(either_store):
    for name in ("hw-1", "hw-2"):
        either_store.transact(lambda c, n=name: assignments.add(c, assignment(n)))
        either_store.transact(
            lambda c, n=name: attempts.claim(c, assignment(n), "t-1", f"s-{n}", at=NOW)
        )
    either_store.transact(lambda c: assignments.remove(c, "hw-1"))
    with either_store.reading() as connection:
        assert [each.id for each in assignments.every(connection)] == ["hw-2"]
        assert [each.session_id for each in attempts.every(connection)] == ["s-hw-2"]


def test_many_at_once_never_get_the_same_number(either_address):
    thrice = assignment(attempts=3)
    told: list[object] = []

    def claim(name):
        # Each with a connection of its own, as programs on many machines have.
        with Store.open(either_address, patience=60) as store:
            start.wait()
            for number in range(2):
                session = f"{name}-{number}"
                try:
                    got = store.transact(
                        lambda c, s=session: attempts.claim(c, thrice, "t-1", s, at=NOW)
                    )
                    told.append(got.number)
                except UsageProblem:
                    told.append("none left")

    Store.open(either_address).close()
    start = threading.Barrier(4)
    threads = [threading.Thread(target=claim, args=(f"p{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(told) == {1: 1, 2: 1, 3: 1, "none left": 5}


@settings(max_examples=25)
@given(
    limit=st.none() | st.integers(1, 4),
    sittings=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=15),
)
def test_whatever_is_tried_numbers_are_whole_and_within_the_limit(
    limit, sittings, tmp_path_factory
):
    asked = assignment(attempts=limit)
    with Store.open(tmp_path_factory.mktemp("attempts") / "store.db") as store:
        for trainee, session in sittings:
            try:
                store.transact(
                    lambda c, t=trainee, s=session: attempts.claim(c, asked, t, str(s), at=NOW)
                )
            except UsageProblem:
                continue
        with store.reading() as connection:
            for trainee in "ab":
                numbers = [each.number for each in attempts.every(connection, trainee=trainee)]
                assert numbers == list(range(1, len(numbers) + 1))
                assert limit is None or len(numbers) <= limit
            claimed = {each.session_id for each in attempts.every(connection)}
    tried = {str(session) for _, session in sittings}
    assert claimed <= tried
    if limit is None:
        assert claimed == tried
