"""A server's life: it listens, it is told to stop, and no process of a tab outlives it."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from alliance_sim.web.server import ProgramServer

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""What tells a server to stop, where the system knows it."""

PATIENCE = 2.0
"""Seconds for answers that are on their way when the server stops."""


async def serve(
    server: ProgramServer, listening: socket.socket, ready: Callable[[], None]
) -> signal.Signals:
    """Serve until a signal comes; gives the signal. A second one ends all tabs at once.

    `ready` is called when pages are answered.
    """
    runner = web.AppRunner(
        await server.application(),
        access_log=None,
        logger=_silent("aiohttp.server"),
        shutdown_timeout=PATIENCE,
        handle_signals=False,
    )
    _silent("textual-serve")
    await runner.setup()
    with _told(server.kill) as told:
        try:
            await web.SockSite(runner, listening).start()
            ready()
            return await told
        finally:
            await runner.cleanup()


def _silent(name: str) -> logging.Logger:
    """A library's log without a reader: it would quote whole requests, cookies among them. What
    matters of it the server tells itself.
    """
    log = logging.getLogger(name)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return log


@contextmanager
def _told(again: Callable[[], None]) -> Iterator["asyncio.Future[signal.Signals]"]:
    """The first signal to stop, once it has come; `again` is called at every later one."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[signal.Signals] = loop.create_future()
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]

    def come(number: signal.Signals) -> None:
        if told.done():
            again()
        else:
            told.set_result(number)

    try:
        for number in numbers:
            loop.add_signal_handler(number, come, number)
    except NotImplementedError:
        numbers = []  # there Ctrl+C cancels the wait
    try:
        yield told
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
