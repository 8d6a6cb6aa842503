"""The loop in a thread: results come, cancelling cancels, closing leaves nothing behind."""

import asyncio
import threading

import pytest

from alliance_sim.runtime.background import Background


@pytest.fixture
def background():
    made = Background()
    yield made
    made.close()


def test_work_runs_beside_whoever_asked(background):
    async def where():
        return threading.get_ident()

    assert background.run(where()).result(5) != threading.get_ident()


def test_a_problem_reaches_whoever_asked(background):
    async def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        background.run(fail()).result(5)


def test_cancelling_the_future_cancels_the_work(background):
    began, ended = threading.Event(), threading.Event()

    async def wait():
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    future = background.run(wait())
    assert began.wait(5)
    future.cancel()
    assert ended.wait(5)


def test_closing_ends_what_runs_and_may_be_done_twice():
    background = Background()
    began, ended = threading.Event(), threading.Event()

    async def wait():
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    background.run(wait())
    assert began.wait(5)
    threads = threading.active_count()
    background.close()
    background.close()
    assert ended.is_set()
    assert threading.active_count() == threads - 1
