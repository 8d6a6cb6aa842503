"""One tab: a process of the program, between whose pipes and a websocket textual-serve carries."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from alliance_sim.errors import Exit
from alliance_sim.web.logins import Login

PATIENCE: Final = 10.0
"""Seconds that a process has to end by itself."""

HEARD: Final = 4000
"""Bytes that are kept of what a process says on standard error."""

TOLD: Final = frozenset({Exit.USAGE, Exit.INPUT, Exit.ENDPOINT, Exit.STORE})
"""Exit codes with which a process has said in a plain line what is wrong."""

UNEXPECTED: Final = "The program has ended unexpectedly. What was said is kept."


@dataclass(frozen=True)
class Launch:
    """How the program is started for a tab."""

    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    """Set for the process."""
    without: frozenset[str] = frozenset()
    """Variables of the server that are not the process's business."""


class Tab(AppService):
    """A process in a group of its own: keys at the server's terminal do not reach it."""

    def __init__(
        self,
        launch: Launch,
        websocket: web.WebSocketResponse,
        downloads: DownloadManager,
        login: Login,
        narrate: Callable[[str], None],
    ) -> None:
        async def close() -> None:
            await websocket.close()

        super().__init__(
            " ".join(launch.words),
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=close,
            download_manager=downloads,
        )
        self.login = login
        self._launch = launch
        self._websocket = websocket
        self._narrate = narrate
        self._heard = bytearray()
        self._listening: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        usual = super()._build_environment(width, height)
        kept = {name: value for name, value in usual.items() if name not in self._launch.without}
        return kept | dict(self._launch.environ)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        # No shell: it would stand between this process and that one when one has to be ended.
        process = await asyncio.create_subprocess_exec(
            *self._launch.words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._process, self._stdin = process, process.stdin
        if process.stderr:
            self._listening = asyncio.create_task(self._listen(process.stderr))
        # textual-serve would print what it reads there, raw.
        process.stderr = asyncio.StreamReader()
        process.stderr.feed_eof()
        return process

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        while said := await stderr.read(4096):
            self._heard += said
            del self._heard[:-HEARD]

    async def run(self) -> None:
        """Carry until the process ends; then say why in the page, and close its websocket."""
        await super().run()
        process = self._process
        if process and self._leaving is None:
            await self._read_out(process)
            if problem := self._problem(process.returncode or 0):
                await self.tell(problem)
        await self.remote_close()

    async def tell(self, problem: str) -> None:
        """Say in the page why there is no more to see."""
        with suppress(ConnectionResetError, RuntimeError):
            await self._websocket.send_json(["problem", problem])

    def _problem(self, code: int) -> str:
        if code == Exit.DONE:
            return ""
        said = self._heard.decode("utf-8", "replace").strip()
        if said:
            self._narrate(said)
        return said if code in TOLD and said else UNEXPECTED

    async def stop(self) -> None:
        """End the process, by force where it does not end when asked. May be called again."""
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())
        await asyncio.shield(self._leaving)

    async def _leave(self) -> None:
        asked = asyncio.create_task(self._ask_to_leave())
        await asyncio.wait({asked}, timeout=PATIENCE)
        self.kill()
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        if self._process:
            await self._process.wait()

    async def _ask_to_leave(self) -> None:
        await super().stop()
        if self._process:
            await self._read_out(self._process)

    async def _read_out(self, process: Process) -> None:
        """Let the process write what it still has to, until it is gone."""
        while process.stdout and await process.stdout.read(65536):
            pass
        await process.wait()
        if self._listening:
            await self._listening

    def kill(self) -> None:
        """End the process and all that it started, now."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
