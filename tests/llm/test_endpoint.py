"""Addresses and keys that can be used, and those that cannot."""

import pytest

from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.endpoint import Endpoint, checked_key, checked_url, is_local


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" http://localhost:8080/v1/ ", "http://localhost:8080/v1"),
        ("https://host/v1/chat/completions", "https://host/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
    ],
)
def test_addresses_are_trimmed(given, kept):
    assert checked_url(given) == kept


@pytest.mark.parametrize(
    "url", ["", "localhost:8080", "ftp://host/v1", "http://", "http://host:port/", "http://a b/"]
)
def test_what_is_no_address(url):
    with pytest.raises(EndpointProblem, match="https://host/v1"):
        checked_url(url)


@pytest.mark.parametrize(
    "url", ["https://me:sesame@host/v1", "https://host/v1?key=sesame", "https://host/#sesame"]
)
def test_no_secret_in_an_address(url):
    with pytest.raises(EndpointProblem) as caught:
        checked_url(url)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("key", ["ses ame", "sesamé", "sesa\nme", "“sesame”"])
def test_keys_that_cannot_be_sent(key):
    with pytest.raises(EndpointProblem) as caught:
        checked_key(key)
    assert "sesame" not in str(caught.value)
    assert key not in str(caught.value)


def test_keys_are_trimmed():
    assert checked_key(" sesame\n") == "sesame"
    assert checked_key("  ") is None


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost/v1", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]/v1", True),
        ("http://models.localhost/", True),
        ("http://127.0.0.1.example.org/", False),
        ("https://host/v1", False),
    ],
)
def test_this_machine(url, local):
    assert is_local(url) is local


def test_an_endpoint_needs_a_model():
    with pytest.raises(EndpointProblem, match="no model"):
        Endpoint("http://localhost", " ")
