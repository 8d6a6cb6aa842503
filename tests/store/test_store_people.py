"""Cohorts, people and memberships, on both engines."""

from datetime import UTC, datetime

import pytest

from alliance_sim.domain.programme import Cohort, Person, Role
from alliance_sim.errors import UsageProblem
from alliance_sim.store import cohorts, memberships, people

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def cohort(name="spring", **changes):
    return Cohort(**{"id": name, "title": "Spring", "created_at": NOW, **changes})


def person(name, **changes):
    return Person(**{"id": name, "created_at": NOW, **changes})


def test_a_cohort_is_read_as_it_was_written(either_store):
    kept = [cohort(retention_days=90), cohort("autumn", title="Herbst ☂")]
    for each in kept:
        either_store.transact(lambda c, each=each: cohorts.add(c, each))
    with either_store.reading() as connection:
        assert cohorts.every(connection) == [kept[1], kept[0]]
        assert cohorts.need(connection, "spring") == kept[0]
        assert cohorts.get(connection, "none") is None


def test_an_id_of_a_cohort_is_given_once(either_store):
    either_store.transact(lambda c: cohorts.add(c, cohort()))
    with pytest.raises(UsageProblem, match="spring: there is such a cohort already"):
        either_store.transact(lambda c: cohorts.add(c, cohort(title="Another")))


def test_a_cohort_that_is_not_there_is_said_with_those_that_are(either_store):
    either_store.transact(lambda c: cohorts.add(c, cohort()))
    with either_store.reading() as connection, pytest.raises(UsageProblem, match="are: spring"):
        cohorts.need(connection, "sprnig")


def test_people_are_added_once_and_stay_as_they_are(either_store):
    first = person("t-1", role=Role.INSTRUCTOR, consent_research=True, consent_at=NOW)
    assert either_store.transact(lambda c: people.add(c, [first, person("t-2")])) == 2
    assert either_store.transact(lambda c: people.add(c, [person("t-1"), person("t-3")])) == 1
    with either_store.reading() as connection:
        assert people.need(connection, "t-1") == first
        assert people.pseudonyms(connection) == {"t-1", "t-2", "t-3"}
        assert [each.id for each in people.every(connection, role=Role.TRAINEE)] == ["t-2", "t-3"]
        assert people.known(connection, ["t-2", "t-9"]) == {"t-2"}
        with pytest.raises(UsageProblem, match="t-9: nobody"):
            people.need(connection, "t-9")


def test_more_people_than_a_statement_takes(either_store):
    many = [person(f"t-{number:05}") for number in range(4100)]
    assert either_store.transact(lambda c: people.add(c, many)) == 4100
    joined = either_store.transact(
        lambda c: memberships.join(c, "spring", (each.id for each in many), NOW)
    )
    assert len(joined) == 4100
    gone = either_store.transact(
        lambda c: memberships.leave(c, "spring", (each.id for each in many[:4050]))
    )
    assert len(gone) == 4050
    with either_store.reading() as connection:
        assert len(people.known(connection, {each.id for each in many})) == 4100
        assert cohorts.sizes(connection) == {"spring": 50}


def test_who_joins_twice_is_in_it_once_and_who_is_not_in_it_cannot_leave(either_store):
    joined = either_store.transact(lambda c: memberships.join(c, "a", ["t-1", "t-2", "t-1"], NOW))
    assert joined == ["t-1", "t-2"]
    assert either_store.transact(lambda c: memberships.join(c, "a", ["t-2", "t-3"], NOW)) == ["t-3"]
    assert either_store.transact(lambda c: memberships.join(c, "b", ["t-2"], NOW)) == ["t-2"]
    assert either_store.transact(lambda c: memberships.leave(c, "a", ["t-1", "t-9"])) == ["t-1"]
    with either_store.reading() as connection:
        assert memberships.members(connection, "a") == ["t-2", "t-3"]
        assert memberships.cohorts_of(connection, "t-2") == ["a", "b"]
        assert memberships.everyones(connection) == {"t-2": ["a", "b"], "t-3": ["a"]}


def test_removing_takes_memberships_along(either_store):
    either_store.transact(lambda c: cohorts.add(c, cohort()))
    either_store.transact(lambda c: people.add(c, [person("t-1"), person("t-2")]))
    either_store.transact(lambda c: memberships.join(c, "spring", ["t-1", "t-2"], NOW))
    either_store.transact(lambda c: people.remove(c, "t-1"))
    with either_store.reading() as connection:
        assert memberships.members(connection, "spring") == ["t-2"]
    either_store.transact(lambda c: cohorts.remove(c, "spring"))
    with either_store.reading() as connection:
        assert cohorts.every(connection) == []
        assert memberships.cohorts_of(connection, "t-2") == []
        assert people.pseudonyms(connection) == {"t-2"}
