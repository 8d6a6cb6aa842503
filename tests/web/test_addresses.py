"""Where the server listens, and which pages are its own."""

import errno
import socket

import pytest

from alliance_sim.errors import UsageProblem
from alliance_sim.web.addresses import (
    PublicUrl,
    is_loopback,
    listen,
    own_page,
    public_url,
    url_of,
)


def test_any_free_port_of_this_machine():
    with listen("127.0.0.1", 0) as listening:
        host, port = listening.getsockname()
        assert host == "127.0.0.1"
        assert url_of(listening) == f"http://127.0.0.1:{port}"


def test_localhost_is_this_machine():
    with listen("localhost", 0) as listening:
        assert is_loopback(listening.getsockname()[0])


def test_a_port_that_is_taken():
    with listen("127.0.0.1", 0) as listening:
        listening.listen()
        port = listening.getsockname()[1]
        with pytest.raises(UsageProblem, match=f"--port {port}: another program"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "--port 80: only an administrator"),
        (errno.EADDRNOTAVAIL, "--host 127.0.0.1: no such address"),
        (errno.ENOBUFS, "--host 127.0.0.1 --port 80: "),
    ],
)
def test_what_the_system_refuses_is_told(monkeypatch, number, told):
    def bind(*_):
        raise OSError(number, "refused")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(UsageProblem) as problem:
        listen("127.0.0.1", 80)
    assert str(problem.value).startswith(told)


@pytest.mark.parametrize(
    "host", ["", " ", "999.1.1.1", "a..b", "x" * 300, "127.0.0.1:80", "é" * 70]
)
def test_what_is_no_address(host, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    if not host.strip() or host[0] != "x":
        monkeypatch.setattr(socket, "getaddrinfo", unknown)  # names are looked up in no test
    with pytest.raises(UsageProblem, match="no such address"):
        listen(host, 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - that it is refused
def test_other_machines_are_let_in_only_where_that_is_meant(host):
    try:
        with listen(host, 0, allow_remote=True) as listening:
            assert socket.gethostname() in url_of(listening)
    except UsageProblem:
        pytest.skip("this machine has no such addresses")
    with pytest.raises(UsageProblem, match="--allow-remote if that is meant"):
        listen(host, 0)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.168.1.5", False),
        ("fe80::1%eth0", False),
        ("sim.example.edu", False),
    ],
)
def test_loopback(address, loopback):
    assert is_loopback(address) is loopback


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://sim.example.edu", "https://sim.example.edu"),
        ("https://SIM.example.edu/", "https://sim.example.edu"),
        ("https://sim.example.edu:443", "https://sim.example.edu"),
        ("http://sim.example.edu:8080", "http://sim.example.edu:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_public_address(given, origin):
    read = public_url(given)
    assert read.origin == origin
    assert read.secure is given.startswith("https")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sim.example.edu",
        "ftp://sim.example.edu",
        "https://",
        "https://sim.example.edu/practice",
        "https://sim.example.edu?x=1",
        "https://u:p@sim.example.edu",
        "https://sim.example.edu:99999",
        "https://[::1",
    ],
)
def test_what_is_no_public_address(given):
    with pytest.raises(UsageProblem, match="give scheme and host"):
        public_url(given)


PUBLIC = PublicUrl("https://sim.example.edu")


@pytest.mark.parametrize(
    ("origin", "host", "public", "own"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", None, True),
        ("http://LOCALHOST:8000", "localhost:8000", None, True),
        ("http://localhost:8000", "127.0.0.1:8000", None, False),
        ("http://127.0.0.1:8001", "127.0.0.1:8000", None, False),
        ("https://sim.example.edu", "127.0.0.1:8000", None, False),
        ("https://sim.example.edu", "127.0.0.1:8000", PUBLIC, True),
        ("http://sim.example.edu", "127.0.0.1:8000", PUBLIC, False),
        ("https://sim.example.edu.evil.example", "127.0.0.1:8000", PUBLIC, False),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", PUBLIC, True),
        ("null", "127.0.0.1:8000", None, False),
        ("file://", "", None, False),
        ("", "127.0.0.1:8000", None, False),
        (None, "127.0.0.1:8000", None, False),
    ],
)
def test_which_pages_are_its_own(origin, host, public, own):
    assert own_page(origin, host, public) is own
