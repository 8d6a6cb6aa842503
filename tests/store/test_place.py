import os
import stat

import pytest

from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.store import place
from alliance_sim.store.place import locate
from alliance_sim.store.repository import Store

posix = pytest.mark.skipif(os.name != "posix", reason="rights are those of a POSIX system")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_folder_and_files_are_the_users_own(tmp_path):
    path = tmp_path / "new" / "deep" / "store.db"
    with Store.open(path) as store:
        store.sessions()
        assert mode(path.parent) == 0o700
        files = list(path.parent.iterdir())
        assert {file.name for file in files} > {"store.db"}
        assert {mode(file) for file in files} == {0o600}


@posix
def test_a_store_that_others_could_read_is_closed_to_them(path):
    Store.open(path).close()
    path.chmod(0o644)
    Store.open(path).close()
    assert mode(path) == 0o600


@pytest.mark.parametrize("name", ["plain.db", "with space?#%41.db", "ünïcode.db", "file:x.db"])
def test_a_path_is_taken_as_it_stands(tmp_path, name):
    folder = tmp_path / "new"
    Store.open(str(folder / name)).close()
    assert [file.name for file in folder.iterdir()] == [name]


def test_a_url_and_a_path_name_the_same_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = tmp_path / "store.db"
    same = [str(here), here, "store.db", f"sqlite:///{here.as_posix()}", "sqlite:///store.db"]
    assert {locate(one).path for one in same} == {here}


def test_a_tilde_is_the_users_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert locate("~/store.db").path == tmp_path / "store.db"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "no name"),
        ("sqlite://", "give a file"),
        ("sqlite:///:memory:", "give a file"),
        ("sqlite:///x.db?mode=ro", "give a file"),
        ("mysql://host/db", "mysql: not a store"),
        ("http://[", "http: not a store"),
        ("://x", "cannot be read"),
        ("postgresql://u:hush@host:port/db", "cannot be read"),
    ],
)
def test_what_cannot_be_an_address_is_refused(address, said):
    with pytest.raises(UsageProblem, match=said) as caught:
        locate(address)
    assert "hush" not in str(caught.value)


class TestPostgres:
    def test_without_its_driver_the_extra_is_named(self, monkeypatch):
        monkeypatch.setattr(place, "find_spec", lambda name: None)
        with pytest.raises(UsageProblem, match="the postgres extra is not installed"):
            locate("postgresql://user@host/db")

    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_with_its_driver_the_password_is_never_shown(self, monkeypatch, scheme):
        monkeypatch.setattr(place, "find_spec", lambda name: object())
        found = locate(f"{scheme}://user:hush@host/db")
        assert found.url.drivername == "postgresql+psycopg"
        assert found.path is None
        assert "hush" not in found.label


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreProblem, match=r"it is a folder; name a file in it"):
        Store.open(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("words")
    with pytest.raises(StoreProblem, match=r"store\.db: .*; name another store"):
        Store.open(tmp_path / "file" / "store.db")


@posix
def test_a_pipe_is_no_store(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreProblem, match="it is not a file"):
        Store.open(tmp_path / "pipe")


@posix
def test_a_loop_of_links_is_no_store(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(StoreProblem, match="cannot be opened"):
        Store.open(tmp_path / "loop")


@posix
def test_a_link_to_a_file_yet_to_be_made_is_followed(tmp_path):
    (tmp_path / "link.db").symlink_to(tmp_path / "target.db")
    Store.open(tmp_path / "link.db").close()
    assert mode(tmp_path / "target.db") == 0o600
