"""The pilot of Textual waits until the process has slept for a while: real time, three times a key,
and too short on a busy machine. Here it waits until there is nothing left to do.
"""

import asyncio
from time import monotonic

import pytest
from textual import _wait
from textual._context import active_app
from textual.screen import Screen

LOOKS = 3
"""How often in a row nothing may be ready; timers that are due become ready between two looks."""

A_MOMENT = 0.002
"""Seconds to look away while changes are drawn together, or the size may change once more."""


async def nothing_left(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """In place of `textual._wait.wait_for_idle`, with its arguments.

    Until no callback is ready and the screen is drawn, at most `max_sleep` seconds. Threads at
    work are waited for as Textual does, since one may well go on until a later key.
    """
    app = active_app.get()
    until = monotonic() + max_sleep
    while monotonic() < until:
        await _nothing_ready(until)
        if any(worker.is_running for worker in app.workers):
            await _wait.wait_for_idle(min_sleep, max_sleep)
            await _nothing_ready(until)
        if app._batch_count or app._resize_event:
            await asyncio.sleep(A_MOMENT)
        elif app.screen_stack and _to_be_drawn(app.screen):
            app.screen._on_timer_update()
        else:
            return


async def _nothing_ready(until: float) -> None:
    loop = asyncio.get_running_loop()
    looks = 0
    while looks < LOOKS and monotonic() < until:
        await asyncio.sleep(0)
        looks = 0 if loop._ready else looks + 1


def _to_be_drawn(screen: Screen[object]) -> bool:
    """What `_on_timer_update` would do at the next frame."""
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )


@pytest.fixture(autouse=True)
def settles_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For all tests of a folder that imports it."""
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", nothing_left)
