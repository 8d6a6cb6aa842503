"""Tabs: a process each, as whom it runs, what it is sent, and how it ends."""

import asyncio
import re

import pytest

pytest.importorskip("textual_serve", reason="the extra web is not installed")

from serving_stand_in import GENERAL, HERS, HIS, ended, gone, seen, tab_of

from alliance_sim.web import tab as tabs
from alliance_sim.web.server import TABS_OF_ONE


async def asked(socket, name: str) -> str:
    await socket.send_json(["stdin", f"?{name}"])
    return (await seen(socket, rf"{re.escape(name)}=(.*?);")).group(1)


async def test_two_at_once_have_processes_of_their_own(served):
    await served.start()
    hers, his = await served.browser(HERS), await served.browser(HIS)
    async with tab_of(hers) as (one, first), tab_of(his) as (two, second):
        assert first != second
        await one.send_json(["stdin", "hers"])
        await two.send_json(["stdin", "his"])
        assert (await seen(one, r"<(\w+)>")).group(1) == "hers"
        assert (await seen(two, r"<(\w+)>")).group(1) == "his"
        assert "t-aaaaaa" in await asked(one, "words")
        assert "t-bbbbbb" in await asked(two, "words")


async def test_the_program_knows_its_store_and_nothing_of_the_server(served, monkeypatch):
    monkeypatch.setenv("SECRET", "of the server")
    await served.start()
    browser = await served.browser(GENERAL)
    async with tab_of(browser) as (socket, pid):
        assert await asked(socket, "ALLIANCE_SIM_STORE") == "s.db"
        assert await asked(socket, "SECRET") == "None"
        assert await asked(socket, "COLUMNS") == "100"
        assert await asked(socket, "ROWS") == "40"
        assert int(await asked(socket, "group")) == pid


async def test_sizes_reach_the_program_within_bounds(served):
    await served.start()
    browser = await served.browser(GENERAL)
    async with browser.tab(query="?width=999999999999&height=x") as socket:
        assert await asked(socket, "COLUMNS") == "500"
        assert await asked(socket, "ROWS") == "2"
        await socket.send_json(["resize", {"width": 120, "height": 10**9}])
        assert '"width": 120, "height": 300' in (await seen(socket, r"\{.*\}")).group()


async def test_what_no_page_says_is_passed_over(served):
    await served.start()
    browser = await served.browser(GENERAL)
    async with tab_of(browser) as (socket, _):
        for text in ("", "[", "{}", "[]", '["stdin"]', '["stdin", 5]', "[" * 100_000, '["x"]'):
            await socket.send_str(text)
        await socket.send_bytes(b"\0")
        await socket.send_str('["stdin", "on \\ud800"]')
        await seen(socket, r"<on \?>")
        await socket.send_json(["ping", "7"])
        await seen(socket, r'\["pong", "7"\]')


async def test_a_closed_tab_ends_its_process(served):
    await served.start()
    browser = await served.browser(GENERAL)
    async with tab_of(browser) as (_, pid):
        pass
    await gone(pid)


async def test_a_process_that_will_not_end_is_ended(served, monkeypatch):
    monkeypatch.setattr(tabs, "PATIENCE", 0.2)
    served.manner = "wild"
    await served.start()
    browser = await served.browser(GENERAL)
    async with tab_of(browser) as (_, pid):
        pass
    await gone(pid)


async def test_a_process_that_nobody_reads_is_ended(served, monkeypatch):
    monkeypatch.setattr(tabs, "PATIENCE", 0.2)
    served.manner = "flood"
    await served.start()
    browser = await served.browser(GENERAL)
    async with tab_of(browser) as (_, pid):
        await asyncio.sleep(0)  # the socket is full before long, and is never read
    await gone(pid)


async def test_the_page_is_told_when_the_program_is_left(served):
    await served.start()
    browser = await served.browser(GENERAL)
    async with tab_of(browser) as (socket, pid):
        await socket.send_json(["stdin", "leave"])
        assert await ended(socket) == ""
    await gone(pid)
    assert not served.told


async def test_the_page_is_told_in_a_line_what_is_wrong(served):
    served.manner = "no-store"
    await served.start()
    browser = await served.browser(GENERAL)
    async with browser.tab() as socket:
        assert await ended(socket) == "/srv/s.db: it cannot be read"
    assert served.told == ["/srv/s.db: it cannot be read"]


async def test_a_defect_is_told_to_who_serves_and_not_to_the_page(served):
    served.manner = "broken"
    await served.start()
    browser = await served.browser(HERS)
    async with browser.tab() as socket:
        assert await ended(socket) == tabs.UNEXPECTED
    (told,) = served.told
    assert "out of order" in told


async def test_a_program_that_cannot_be_started_is_told_of(served):
    served.launch = lambda _: tabs.Launch(["/nowhere/at-all"])
    await served.start()
    browser = await served.browser(GENERAL)
    async with browser.tab() as socket:
        assert "could not be started" in await ended(socket)
    assert served.told == ["A tab could not be opened: No such file or directory"]


async def test_the_server_ends_all_tabs(served):
    await served.start()
    hers, his = await served.browser(HERS), await served.browser(HIS)
    async with tab_of(hers) as (one, first), tab_of(his) as (two, second):
        stopping = asyncio.create_task(served.stop())
        assert (
            await ended(one) == await ended(two) == "The server was stopped. What was said is kept."
        )
        await stopping
        await gone(first)
        await gone(second)


async def test_one_trainee_has_so_many_tabs_and_no_more(served):
    await served.start()
    hers, his = await served.browser(HERS), await served.browser(HIS)
    opened = [await hers.tab() for _ in range(TABS_OF_ONE)]
    for socket in opened:
        await seen(socket, "pid=")
    async with hers.tab() as socket:
        assert "tabs open already" in await ended(socket)
    async with tab_of(his):
        pass
    await opened[0].close()
    async with asyncio.timeout(10):
        while True:
            async with hers.tab() as socket:
                message = await socket.receive()
                if message.type.name == "BINARY":
                    break
            await asyncio.sleep(0.01)  # its process is still on its way out
    for socket in opened:
        await socket.close()


async def test_the_server_has_so_much_room(served):
    served.most_tabs = 1
    await served.start()
    hers, his = await served.browser(HERS), await served.browser(HIS)
    async with tab_of(hers), his.tab() as socket:
        assert "room" in await ended(socket)


async def test_a_file_goes_to_whom_it_is_offered(served):
    await served.start()
    hers, his = await served.browser(HERS), await served.browser(HIS)
    async with tab_of(hers) as (socket, _):
        await socket.send_json(["stdin", "offer"])
        await seen(socket, '"deliver_file_start", "k1"')
        assert (await his.get("/download/k1")).status == 404
        answer = await hers.get("/download/k1")
        assert (answer.status, await answer.read()) == (200, b"the page")
        assert answer.headers["Content-Disposition"] == "attachment; filename=page.html"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert (await hers.get("/download/k1")).status == 404


@pytest.mark.parametrize(
    ("asked_for", "size"), [("", "16"), ("22", "22"), ("1", "8"), ("999", "40"), ('"><x', "16")]
)
async def test_the_size_of_letters_can_be_asked_for(served, asked_for, size):
    await served.start()
    browser = await served.browser(GENERAL)
    page = await browser.http.get(f"{served.url}/", params={"fontsize": asked_for})
    assert f'data-font-size="{size}"' in await page.text()


async def test_the_page_of_a_trainee_says_who_she_is(served):
    await served.start()
    hers, general = await served.browser(HERS), await served.browser(GENERAL)
    assert "Logged in as t-aaaaaa" in await (await hers.get("/")).text()
    assert "Logged in as" not in await (await general.get("/")).text()
