import errno
import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from alliance_sim.reporting.whole_file import digest_of_stream, is_stream, whole_file


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "out" / "scores.csv"
    made.parent.mkdir()
    made.write_bytes(b"before")
    return made


def test_it_takes_the_place_of_the_old_one_at_the_end(file):
    with whole_file(file) as out:
        out.write(b"after")
        out.flush()
        assert file.read_bytes() == b"before"
    assert file.read_bytes() == b"after"
    assert os.listdir(file.parent) == ["scores.csv"]


@pytest.mark.skipif(os.name != "posix", reason="no such rights")
def test_only_its_owner_can_read_it(file):
    file.chmod(0o644)
    with whole_file(file) as out:
        out.write(b"after")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_fails_leaves_everything_as_it_was(file, problem):
    def half():
        with whole_file(file) as out:
            out.write(b"half")
            raise problem

    with pytest.raises(type(problem)):
        half()
    assert file.read_bytes() == b"before"
    assert os.listdir(file.parent) == ["scores.csv"]


def test_a_link_stays_one(file):
    link = file.with_name("link.csv")
    link.symlink_to(file)
    with whole_file(link) as out:
        out.write(b"after")
    assert link.is_symlink()
    assert file.read_bytes() == b"after"


def test_a_folder_is_refused(file):
    with pytest.raises(IsADirectoryError), whole_file(file.parent):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_takes_what_comes(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert is_stream(pipe)
    with whole_file(pipe) as out:
        out.write(b"words")
    reader.join()
    assert read == [b"words"]


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="no such names")
def test_a_pipe_that_has_no_name_of_its_own():
    reading, writing = os.pipe()
    with whole_file(Path(f"/dev/fd/{writing}")) as out:
        out.write(b"words")
    os.close(writing)
    with open(reading, "rb") as file:
        assert file.read() == b"words"


def test_the_digest_is_of_all_that_was_written(file):
    with whole_file(file) as out:
        out.write(b"x" * 3_000_000)
        assert digest_of_stream(out) == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert file.stat().st_size == 3_000_000
