"""The web server: textual-serve's, with a door before it and tabs of its own making."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp_jinja2
from aiohttp import WSMsgType, web
from textual_serve.server import Server

from alliance_sim.web.gate import LOGIN, Gate
from alliance_sim.web.logins import Login
from alliance_sim.web.messages import (
    LARGEST,
    TALLEST,
    WIDEST,
    Focused,
    Ping,
    Resized,
    Typed,
    read_message,
    side,
)
from alliance_sim.web.tab import Launch, Tab

HERE: Final = Path(__file__).parent

TABS_OF_ONE: Final = 4
"""Tabs that one trainee can have open."""

LOOK_AGAIN: Final = 5.0
"""Seconds between two looks at whether the logins of open tabs still hold."""

STOPPED: Final = "The server was stopped. What was said is kept."
NOT_OPENED: Final = "The program could not be started. Try again, or tell whoever runs this server."
NO_LOGIN: Final = "You are logged out. What was said is kept."

LARGEST_FONT, SMALLEST_FONT, USUAL_FONT = 40, 8, 16
"""Pixels."""


class ProgramServer(Server):
    """Serves the program: a process for each tab, all of them ended with the server."""

    def __init__(
        self,
        gate: Gate,
        launch: Callable[[str | None], Launch],
        narrate: Callable[[str], None],
        *,
        most_tabs: int,
    ) -> None:
        """launch: how a tab is started for a trainee, or for who runs the server."""
        super().__init__("", title="alliance-sim", templates_path=HERE / "templates")
        self._gate = gate
        self._launch = launch
        self._narrate = narrate
        self._most_tabs = most_tabs
        self._tabs: set[Tab] = set()
        self._ending = False

    async def application(self) -> web.Application:
        """What aiohttp serves."""
        app = await self._make_app()
        app.middlewares.extend([self._gate.guard(), self._gate.middleware()])
        app.add_routes([*self._gate.routes(), web.static("/assets", HERE / "assets")])
        app.on_response_prepare.append(self._gate.secure)
        app.cleanup_ctx.append(self._looking_again)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is printed here: who starts the server tells where it is."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002
        """End every tab; none is opened any more."""
        self._ending = True
        await self._end(self._tabs, STOPPED)

    def kill(self) -> None:
        """End every tab's process at once."""
        for tab in self._tabs:
            tab.kill()

    # ---- pages -----------------------------------------------------------------------------

    @aiohttp_jinja2.template("program.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page of a tab."""
        size = request.query.get("fontsize", "")
        asked = int(size) if re.fullmatch(r"[0-9]{1,3}", size) else USUAL_FONT
        return {
            "font_size": max(SMALLEST_FONT, min(LARGEST_FONT, asked)),
            "trainee": request[LOGIN].trainee,
        }

    async def handle_download(self, request: web.Request) -> web.StreamResponse:
        """A file that a tab offers, to whom the tab belongs."""
        try:
            offered = await self.download_manager.get_download_metadata(request.match_info["key"])
        except KeyError:
            offered = None
        tab = offered.app_service if offered else None
        if not isinstance(tab, Tab) or tab.login is not request[LOGIN]:
            raise web.HTTPNotFound(text="There is no such file.\n")
        return await super().handle_download(request)

    # ---- tabs ------------------------------------------------------------------------------

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the program for a tab until the tab is closed or the program ends."""
        login = request[LOGIN]
        websocket = web.WebSocketResponse(heartbeat=15, timeout=2, max_msg_size=LARGEST)
        await websocket.prepare(request)
        tab = Tab(
            self._launch(login.trainee), websocket, self.download_manager, login, self._narrate
        )
        if problem := self._no_room(login):
            await tab.tell(problem)
            await websocket.close()
            return websocket
        with self._open(tab):
            try:
                width, height = (request.query.get(name) for name in ("width", "height"))
                await tab.start(side(width, WIDEST), side(height, TALLEST))
                await self._carry(websocket, tab)
            except OSError as failure:
                self._narrate(f"A tab could not be opened: {failure.strerror or failure}")
                await tab.tell(NOT_OPENED)
            finally:
                await tab.stop()
        return websocket

    async def _carry(self, websocket: web.WebSocketResponse, tab: Tab) -> None:
        """From the page to the process, until the page is gone."""
        async for message in websocket:
            if message.type is not WSMsgType.TEXT:
                continue
            match read_message(message.data):
                case Typed(data):
                    self._gate.logins.touch(tab.login)
                    await tab.send_bytes(data)
                case Resized(width, height):
                    await tab.set_terminal_size(width, height)
                case Focused(here):
                    await (tab.focus() if here else tab.blur())
                case Ping(data):
                    await websocket.send_json(["pong", data])

    def _no_room(self, login: Login) -> str:
        if self._ending:
            return STOPPED
        if len(self._tabs) >= self._most_tabs:
            return "As many tabs are open as this server has room for. Try again later."
        if login.trainee and self._tabs_of(login.trainee) >= TABS_OF_ONE:
            return f"You have {TABS_OF_ONE} tabs open already. Close one of them first."
        return ""

    def _tabs_of(self, trainee: str) -> int:
        return sum(tab.login.trainee == trainee for tab in self._tabs)

    @contextmanager
    def _open(self, tab: Tab) -> Iterator[None]:
        self._tabs.add(tab)
        try:
            yield
        finally:
            self._tabs.discard(tab)
            tab.kill()

    async def _end(self, tabs: set[Tab], why: str) -> None:
        async def end(tab: Tab) -> None:
            await tab.tell(why)
            await tab.stop()

        await asyncio.gather(*(end(tab) for tab in tabs))

    async def _looking_again(self, _app: web.Application) -> Any:
        """End the tabs of those who have logged out or were taken off the list."""

        async def look() -> None:
            while True:
                await asyncio.sleep(LOOK_AGAIN)
                await self.end_shut_out()

        looking = asyncio.create_task(look())
        yield
        looking.cancel()

    async def end_shut_out(self) -> None:
        """End the tabs whose login holds no longer."""
        out = {tab for tab in self._tabs if not self._gate.logins.stands(tab.login)}
        await self._end(out, NO_LOGIN)
