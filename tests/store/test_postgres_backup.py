"""What the guide for coordinators says of backups."""

import pytest
from sqlalchemy import select, text
from store_events import START, ended, minute, opened, scored, sent

from alliance_sim.errors import StoreProblem
from alliance_sim.store.audit import note
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import metadata


def everything(store):
    with store.reading() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
        }


def test_a_dump_that_is_restored_is_whole_and_guarded(
    postgres_url, empty_postgres_url, postgres_cluster
):
    with Store.open(postgres_url) as store:
        store.append("a", [opened(trainee="t-1"), sent(1), ended(), scored(3.0)], at=START)
        store.append("b", [opened("mandated")], at=minute(1))
        store.transact(lambda c: note(c, at=START, who="i-1", action="export", subject="all"))
        kept = everything(store)
    postgres_cluster.client("pg_dump", "--format=custom", "--file=dump", postgres_url)
    postgres_cluster.client("pg_restore", "--exit-on-error", "-d", empty_postgres_url, "dump")
    with Store.open(empty_postgres_url) as restored:
        assert everything(restored) == kept
        with pytest.raises(StoreProblem, match="events are never changed"):
            restored.transact(lambda c: c.execute(text("UPDATE events SET payload = ''")))
        restored.events("b")
        restored.append("b", [sent(1)], at=minute(2))
        restored.transact(lambda c: note(c, at=START, who="i-1", action="export", subject="b"))
        restored.delete("a")
        assert [row.id for row in restored.sessions()] == ["b"]
