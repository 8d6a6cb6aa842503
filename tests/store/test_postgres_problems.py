"""What can go wrong with a server: always one plain line, never a password or anyone's words."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import trustme
from sqlalchemy import text
from store_events import START, minute, opened, sent

from alliance_sim.errors import Exit, StoreProblem
from alliance_sim.store.repository import Store

SECRET = "hush"


def refused(address, **options):
    """The message on opening, once it is seen to be one plain line that names the store."""
    with pytest.raises(StoreProblem) as caught:
        Store.open(address, **options)
    return plain(caught)


def plain(caught):
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("postgresql://")
    assert SECRET not in line
    assert "sqlalche.me" not in line
    assert caught.value.exit is Exit.STORE
    return line


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://ann:hush@127.0.0.1:1/alliance", "no server answers there"),
        ("postgresql://ann:hush@nobody.invalid/alliance", "no machine of that name"),
        ("postgresql://ann:hush@/alliance?host=/nowhere", "no server answers there"),
        ("postgresql://ann@127.0.0.1:1/alliance?password=hush", "no server answers there"),
        ("postgresql://ann:hush@127.0.0.1:1/alliance?colour=red", "a parameter that PostgreSQL"),
        ("postgresql://ann:hush@127.0.0.1:1/alliance?sslmode=maybe", "sslmode"),
    ],
)
def test_a_server_that_is_not_there(address, said):
    line = refused(address)
    assert said in line
    assert "ann" in line
    assert "alliance" in line


class TestLogin:
    def test_a_wrong_password_and_none(self, postgres_cluster):
        with (
            postgres_cluster.role("ann", "PASSWORD 'right'"),
            postgres_cluster.admitting("host all ann 127.0.0.1/32 scram-sha-256"),
        ):
            for password in (SECRET, ""):
                address = postgres_cluster.tcp_url("postgres", "ann", password)
                assert "the server refuses the password" in refused(address)

    def test_a_login_that_is_not_there(self, postgres_cluster):
        line = refused(postgres_cluster.tcp_url("postgres", "nobody", SECRET))
        assert "the server refuses this login" in line
        assert "nobody@127.0.0.1" in line

    def test_a_database_that_is_not_there(self, postgres_cluster):
        line = refused(postgres_cluster.url("nowhere"))
        assert "there is no such database" in line
        assert "/nowhere" in line

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (["host all ann 127.0.0.1/32 reject"], "may need encryption"),
            (["hostssl all ann 127.0.0.1/32 trust", "host all ann all reject"], "encryption"),
        ],
    )
    def test_a_server_that_wants_another_kind_of_connection(self, postgres_cluster, lines, said):
        with postgres_cluster.role("ann"), postgres_cluster.admitting(*lines):
            assert said in refused(postgres_cluster.tcp_url("postgres", "ann", SECRET))

    def test_encryption_that_the_server_has_not(self, postgres_cluster):
        address = postgres_cluster.tcp_url("postgres") + "?sslmode=require"
        assert "the server offers no encryption" in refused(address)

    def test_encryption_by_a_certificate_that_is_checked(
        self, postgres_cluster, postgres_database, tmp_path
    ):
        ours, others = trustme.CA(), trustme.CA()
        certificate = ours.issue_cert("127.0.0.1")
        for name, authority in (("ours", ours), ("others", others)):
            authority.cert_pem.write_to_path(str(tmp_path / name))
        address = postgres_cluster.tcp_url(postgres_database)
        address += "?sslmode=verify-full&sslrootcert="
        with postgres_cluster.encrypting(certificate):
            line = refused(f"{address}{tmp_path}/others")
            assert "the encryption with the server cannot be set up" in line
            with Store.open(f"{address}{tmp_path}/ours") as store, store.reading() as connection:
                used = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                assert connection.scalar(text(used)) is True

    def test_too_many_connections(self, postgres_cluster, postgres_database):
        with postgres_cluster.role("ann", "CONNECTION LIMIT 0"):
            line = refused(postgres_cluster.url(postgres_database, "ann"), patience=0.1)
            assert "no connection to spare" in line

    def test_a_server_that_is_only_just_starting_is_waited_for(
        self, postgres_cluster, postgres_database
    ):
        with postgres_cluster.role("ann", "CONNECTION LIMIT 0"):
            address = postgres_cluster.url(postgres_database, "ann")
            postgres_cluster.execute("GRANT SELECT ON alliance_schema TO ann", postgres_database)
            with ThreadPoolExecutor(1) as pool:
                opening = pool.submit(lambda: Store.open(address, patience=20).close())
                postgres_cluster.execute("ALTER ROLE ann CONNECTION LIMIT 5")
                opening.result()
            postgres_cluster.execute("DROP OWNED BY ann", postgres_database)


class TestRights:
    @pytest.fixture
    def guest(self, postgres_cluster, postgres_database):
        """The address for a login that may do nothing."""
        with postgres_cluster.role("guest"):
            yield postgres_cluster.url(postgres_database, "guest")
            postgres_cluster.execute("DROP OWNED BY guest", postgres_database)

    def test_a_login_without_rights(self, guest):
        assert "this login may not do that" in refused(guest)

    def test_a_login_that_may_only_read(self, guest, postgres_cluster, postgres_database):
        grant = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest"
        postgres_cluster.execute(grant, postgres_database)
        with Store.open(guest) as store:
            assert store.sessions() == []
            with pytest.raises(StoreProblem) as caught:
                store.append("a", [opened()], at=START)
            assert "this login may not do that" in plain(caught)

    def test_an_old_store_is_upgraded_by_its_owner(
        self, guest, postgres_cluster, postgres_database
    ):
        for statement in (
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest",
            "UPDATE alliance_schema SET version_num = '0001'",
        ):
            postgres_cluster.execute(statement, postgres_database)
        assert "alliance-sim doctor" in refused(guest)


class TestInUse:
    @pytest.fixture
    def store(self, postgres_url):
        with Store.open(postgres_url, patience=0.1) as store:
            store.append("a", [opened()], at=START)
            yield store

    def fails_then_goes_on(self, store, cluster, database, mend):
        """The message of an append that fails; another one succeeds after that."""
        with pytest.raises(StoreProblem) as caught:
            store.append("a", [sent(1, "my words")], at=minute(1))
        assert "my words" not in str(caught.value)
        assert len(store.events("a")) == 1
        assert store.sessions()[0].updated_at == START
        cluster.execute(mend, database)
        store.append("a", [sent(1, "my words")], at=minute(2))
        assert len(store.events("a")) == 2
        return plain(caught)

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("53100", "the server's disk is full"),
            ("53200", "no memory left"),
            ("58030", "disk cannot be read or written"),
            ("25006", "read-only"),
            ("57014", "took too long"),
            ("40001", "too many programs write at the same time"),
            ("P0001", "the store cannot be used: on purpose"),
        ],
    )
    def test_what_the_server_reports(self, store, postgres_cluster, postgres_database, state, said):
        function = (
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            f"'on purpose' USING ERRCODE = '{state}', DETAIL = NEW.payload; END $$;"
            "CREATE TRIGGER fail BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        postgres_cluster.execute(function, postgres_database)
        mend = "DROP FUNCTION fail CASCADE"
        line = self.fails_then_goes_on(store, postgres_cluster, postgres_database, mend)
        assert said in line

    def test_a_standby(self, postgres_url, postgres_cluster, postgres_database):
        setting = f"ALTER DATABASE {postgres_database} {{}} default_transaction_read_only"
        Store.open(postgres_url).close()
        postgres_cluster.execute(setting.format("SET") + " = on")
        with Store.open(postgres_url) as store, pytest.raises(StoreProblem) as caught:
            store.append("a", [opened()], at=START)
        assert "read-only" in plain(caught)

    def test_a_table_that_is_locked(self, store, postgres_cluster, postgres_database):
        with store.reading() as connection:
            connection.execute(text("LOCK TABLE sessions IN SHARE MODE"))
            with pytest.raises(StoreProblem) as caught:
                store.append("a", [sent(1)], at=minute(1))
        assert "another program is using it" in plain(caught)
        store.append("a", [sent(1)], at=minute(2))

    def test_a_server_that_is_gone_for_a_while(self, store, postgres_cluster):
        postgres_cluster.stop()
        try:
            for ask in (
                lambda: store.append("a", [sent(1, "my words")], at=minute(1)),
                lambda: store.events("a"),
                store.sessions,
                lambda: store.delete("a"),
            ):
                with pytest.raises(StoreProblem) as caught:
                    ask()
                assert re.search("no server answers|is lost|was shut down", plain(caught))
        finally:
            postgres_cluster.start()
        store.append("a", [sent(1, "my words")], at=minute(2))
        assert [each.seq for each in store.events("a")] == [1, 2]

    def test_a_table_that_is_gone(self, store, postgres_cluster, postgres_database):
        postgres_cluster.execute("DROP TABLE ratings", postgres_database)
        with pytest.raises(StoreProblem) as caught:
            store.ratings()
        assert "a table of the store is missing" in plain(caught)


@pytest.mark.parametrize("payload", ["{", '{"type":"from_the_future","turn":1}', "\\x00"])
def test_an_event_that_cannot_be_read(postgres_url, payload):
    with Store.open(postgres_url) as store:
        store.append("a", [opened()], at=START)
        add = "INSERT INTO events VALUES (:session, :seq, :at, 'session_opened', :payload)"
        for session, seq in (("a", 2), ("b", 1)):
            values = {"session": session, "seq": seq, "at": START.isoformat(), "payload": payload}
            store.transact(lambda c, values=values: c.execute(text(add), values))
        with pytest.raises(StoreProblem) as caught:
            store.events("a")
        assert "event 2 of session a cannot be read" in plain(caught)
        store.rebuild_index()
        assert [row.id for row in store.sessions()] == ["a"]
        store.delete(store.resolve("b"))
