"""The web server in this process, with stand-ins for the program in its tabs."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar, web

from alliance_sim.web.addresses import PublicUrl
from alliance_sim.web.attempts import Attempts
from alliance_sim.web.gate import Gate
from alliance_sim.web.logins import Logins
from alliance_sim.web.server import ProgramServer
from alliance_sim.web.tab import Launch
from alliance_sim.web.tokens import Key, digest_of

GENERAL, HERS, HIS = "the-token-of-who-serves", "the-token-that-is-hers", "the-token-that-is-his"
PATIENCE = 30.0


class Browser:
    """What a browser does: keeps cookies, and says from which page it asks."""

    def __init__(self, url: str, http: ClientSession) -> None:
        self.url = url
        self.http = http

    async def log_in(self, token: str, **headers: str) -> ClientResponse:
        return await self.http.post(
            f"{self.url}/login",
            data={"token": token},
            headers={"Origin": self.url, **headers},
            allow_redirects=False,
        )

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.http.get(f"{self.url}{path}", headers=headers, allow_redirects=False)

    def tab(self, origin: str | None = None, query: str = "?width=100&height=40", **headers: str):
        """A websocket, to be entered with `async with`."""
        return self.http.ws_connect(
            f"{self.url}/ws{query}", headers={"Origin": origin or self.url, **headers}
        )

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self.http.cookie_jar}


class Served:
    """A server of a test."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.keys = [
            Key(digest_of(GENERAL), None),
            Key(digest_of(HERS), "t-aaaaaa"),
            Key(digest_of(HIS), "t-bbbbbb"),
        ]
        self.told: list[str] = []
        self.manner = "echo"
        self.most_tabs = 10
        self.public: PublicUrl | None = None
        self.url = ""
        self.server: ProgramServer
        self._runner: web.AppRunner | None = None
        self._sessions: list[ClientSession] = []

    def launch(self, trainee: str | None) -> Launch:
        words = [sys.executable, str(Path(__file__).with_name("stand_in.py")), self.manner]
        return Launch(
            [*words, *([trainee] if trainee else [])],
            {"ALLIANCE_SIM_STORE": "s.db"},
            without=frozenset({"SECRET"}),
        )

    def make(self) -> ProgramServer:
        """The server, which nobody can reach yet."""
        now = lambda: self.seconds  # noqa: E731
        logins = Logins(lambda: self.keys, now)
        gate = Gate(logins, Attempts(now), self.told.append, cookie="a", public=self.public)
        self.server = ProgramServer(gate, self.launch, self.told.append, most_tabs=self.most_tabs)
        return self.server

    async def start(self) -> None:
        self.make()
        self._runner = web.AppRunner(
            await self.server.application(), access_log=None, shutdown_timeout=0.5
        )
        await self._runner.setup()
        listening = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(self._runner, listening).start()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    async def browser(self, token: str | None = None) -> Browser:
        http = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self._sessions.append(http)
        browser = Browser(self.url, http)
        if token:
            assert (await browser.log_in(token)).status == 303
        return browser

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def close(self) -> None:
        for http in self._sessions:
            await http.close()
        await self.stop()


@pytest_asyncio.fixture
async def served(loopback: None) -> AsyncIterator[Served]:
    """Not started yet, so that a test can change how it is served."""
    it = Served()
    try:
        yield it
    finally:
        if it.url:
            await it.close()


async def seen(socket: ClientWebSocketResponse, pattern: str) -> re.Match[str]:
    """Read what the tab draws until it matches."""
    drawn = ""
    async with asyncio.timeout(PATIENCE):
        while not (found := re.search(pattern, drawn)):
            message = await socket.receive()
            assert message.type.name in {"BINARY", "TEXT"}, (message, drawn)
            drawn += message.data.decode() if isinstance(message.data, bytes) else message.data
    return found


async def ended(socket: ClientWebSocketResponse) -> str:
    """Read until the tab is closed; gives what the page was told of it."""
    why = ""
    async with asyncio.timeout(PATIENCE):
        async for message in socket:
            if message.type.name == "TEXT" and (told := message.json())[0] == "problem":
                why = told[1]
    return why


async def gone(pid: int) -> None:
    """Wait until there is no such process."""
    async with asyncio.timeout(PATIENCE):
        while _lives(pid):
            await asyncio.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def tab_of(browser: Browser) -> AsyncIterator[tuple[ClientWebSocketResponse, int]]:
    """An open tab, and the number of its process."""
    async with browser.tab() as socket:
        yield socket, int((await seen(socket, r"pid=(\d+);")).group(1))
