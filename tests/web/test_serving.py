"""A server's life: how it says where it is, how it ends, and that nothing outlives it."""

import asyncio
import os
import signal
import sys

import pytest

pytest.importorskip("textual_serve", reason="the extra web is not installed")

from aiohttp import ClientSession, CookieJar
from real_server import TOKEN, all_gone, serving
from serving_stand_in import GENERAL, Browser, ended, gone, seen, tab_of

from alliance_sim.web import tab as tabs
from alliance_sim.web.addresses import listen, url_of
from alliance_sim.web.people import invite
from alliance_sim.web.serving import serve

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture
async def http(loopback):
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


async def logged_in(server, http, token=TOKEN) -> Browser:
    browser = Browser(server.url, http)
    assert (await browser.log_in(token)).status == 303
    return browser


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
async def test_told_to_stop_it_ends_its_tabs_first(tmp_path, http, number, code):
    async with serving(tmp_path / "s.db") as server:
        browser = await logged_in(server, http)
        async with browser.tab() as socket:
            await seen(socket, "Who would you like to sit with")
            tabs = await server.tabs(1)
            ending = asyncio.create_task(server.end(number))
            assert "server was stopped" in await ended(socket)
            assert await ending == code
        await all_gone(tabs)
        assert not any("Traceback" in line for line in server.told)
        assert not any(TOKEN in line for line in server.told)


async def test_killed_it_leaves_no_tab_behind(tmp_path, http):
    async with serving(tmp_path / "s.db") as server:
        browser = await logged_in(server, http)
        async with browser.tab() as socket:
            await seen(socket, "Who would you like to sit with")
            tabs = await server.tabs(1)
            await server.end(signal.SIGKILL)
            await all_gone(tabs)


async def test_told_twice_it_does_not_wait_for_its_tabs(served, monkeypatch):
    monkeypatch.setattr(tabs, "PATIENCE", 1000)
    served.manner = "wild"
    listening = listen("127.0.0.1", 0)
    served.url = url_of(listening)
    ready = asyncio.Event()
    life = asyncio.create_task(serve(served.make(), listening, ready.set))
    await ready.wait()
    async with tab_of(await served.browser(GENERAL)) as (socket, pid):
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(30):
            while "was stopped" not in str((await socket.receive()).data):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        await gone(pid)
    assert await asyncio.wait_for(life, 30) == signal.SIGTERM


GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01",  # a browser that expects TLS
    b"nonsense\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nCookie: secret=" + b"x" * 100_000 + b"\r\n\r\n",
]


async def test_what_is_no_request_is_refused_and_not_written_into_a_log(tmp_path, loopback):
    async with serving(tmp_path / "s.db") as server:
        port = int(server.url.rpartition(":")[2])
        for data in GARBAGE:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(data)
            assert b" 400 " in await reader.readline()
            writer.close()
        assert await server.end() == 130
        assert len(server.told) == 2


async def test_a_token_is_made_and_shown_once(tmp_path, http):
    async with serving(tmp_path / "s.db", token=None) as server:
        token = await server.read_until(r"Token: (\S+)")
        await logged_in(server, http, token)
        assert await server.end() == 130
        assert sum(token in line for line in server.told) == 1


async def test_a_trainee_comes_in_with_her_own_token_and_nobody_else(
    tmp_path, http, either_address
):
    people = tmp_path / "people.json"
    tokens = invite(people, ["t-aaaaaa"])
    async with serving(either_address, "--people", str(people), token=None) as server:
        await server.read_until(r"(1) people")
        browser = Browser(server.url, http)
        assert (await browser.log_in(TOKEN)).status == 401
        await logged_in(server, http, tokens["t-aaaaaa"])
        async with browser.tab() as socket:
            await seen(socket, "Before you begin")
            (tab,) = await server.tabs(1)
            with open(f"/proc/{tab}/cmdline") as file:
                words = file.read().split("\0")
            assert words[-3:-1] == ["--trainee", "t-aaaaaa"]
            assert either_address not in " ".join(words)
        assert not any("Token:" in line for line in server.told)
