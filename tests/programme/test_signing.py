"""The key of a machine: made once, closed to others, and nothing but its owner's can sign."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from alliance_sim.errors import UsageProblem
from alliance_sim.programme.signing import FILE, is_signed, signing_key

# RFC 8032, section 7.1, TEST 2.
PUBLIC = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="
SIGNED = "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA=="


def test_a_published_signature():
    assert is_signed(b"\x72", SIGNED, PUBLIC)
    assert not is_signed(b"\x73", SIGNED, PUBLIC)


@pytest.mark.parametrize("public", ["", "x", "é", PUBLIC[:-4], PUBLIC + "AAAA"])
@pytest.mark.parametrize("signature", ["", "=", "AAAA", SIGNED])
def test_what_is_no_key_or_no_signature(public, signature):
    assert not is_signed(b"\x72", signature, public)


def test_it_is_made_once(tmp_path):
    first = signing_key(tmp_path / "new")
    again = signing_key(tmp_path / "new")
    assert first.public == again.public
    assert is_signed(b"hers", first.sign(b"hers"), again.public)
    assert signing_key(tmp_path / "other").public != first.public
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


def test_programs_at_once_make_one(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda number: signing_key(tmp_path / "k").public, range(8)))
    assert len(set(keys)) == 1


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_its_rights(tmp_path):
    signing_key(tmp_path / "new")
    path = tmp_path / "new" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o666)
    signing_key(tmp_path / "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"nothing", b"\0" * 20_000])
def test_a_file_that_is_no_key(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(UsageProblem, match="not an Ed25519 key"):
        signing_key(tmp_path)


def test_a_key_of_another_kind(tmp_path):
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # noqa: PLC0415
        X25519PrivateKey,
    )

    other = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / FILE).write_bytes(other)
    with pytest.raises(UsageProblem, match="not an Ed25519 key"):
        signing_key(tmp_path)


def test_a_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageProblem, match="the key to sign with cannot be used"):
        signing_key(tmp_path / "file")


def test_a_disk_without_second_names_keeps_a_key_too(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    folder = tmp_path / "data"
    first = signing_key(folder)
    assert signing_key(folder).public == first.public
    assert [each.name for each in folder.iterdir()] == [FILE]
