"""The program in a real browser: log in, practise, look back; two at once; what is kept."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="the extra web is not installed")
pytest.importorskip("pyte")

from chromium import PATIENCE, Chromium, Page, chromium, chromium_path
from real_server import TOKEN, RealServer, all_gone, serving

from alliance_sim.domain.events import Ended, Scored
from alliance_sim.store.repository import Store
from alliance_sim.web.people import invite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]
REPLIES = (
    "It sounds like coming here was not your idea.",
    "What would make this hour worth it for you?",
    "You have worked nights for a long time, and that wears on a person.",
)
PICTURES = os.environ.get("ALLIANCE_SIM_TEST_PICTURES")
"""A folder to keep pictures of the screens in, to look at."""


@pytest.fixture
async def browser(loopback, tmp_path):
    async with chromium(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "sessions.db"


async def keep_picture(page: Page, name: str) -> bytes:
    return await page.picture(Path(PICTURES) / f"{name}.png" if PICTURES else None)


async def log_in(page: Page, server: RealServer, token: str) -> None:
    await page.open(server.url)
    await page.until("document.activeElement.id === 'token'")
    await page.type(token)
    await page.press("Enter")
    await page.until("document.body.classList.contains('-first-byte')")
    await page.shows("Before you begin")
    await page.press("Enter")
    await page.hides("Before you begin")
    await page.shows("Nico, 15", "h History")


async def sit_down_with(page: Page, name: str) -> None:
    """Choose a client and the untimed pace, and begin."""
    await page.press("/")
    await page.hides("h History")  # the footer of the clients: the search has the keys now
    await page.type(name.lower())
    await page.shows(f"{name.lower()} {name},")  # found, and nobody above
    await page.click(f"{name}, ")
    await page.shows("Before you choose", "▏ What do you want to try?")  # side by side at last
    await page.click("Untimed; interruptions")
    await page.hides("words a minute, 16")
    await page.press("F5")
    await page.shows(f"Say something to {name}", "turns left")


async def say(page: Page, text: str, left: int) -> None:
    await page.type(text)
    await page.press("Enter")
    await page.shows(text[:30], f"{left} turns left")


def held(place: Path, trainee: str | None = None) -> list[tuple[str, str | None, list[str]]]:
    """Sessions in the store: id, whose, and what she said."""
    with Store.open(place) as store:
        return [
            (
                session.id,
                session.trainee,
                [e.event.text for e in store.events(session.id) if e.event.type == "trainee_sent"],
            )
            for session in store.sessions(trainee=trainee)
        ]


async def downloaded(folder: Path) -> str:
    """The page that the browser has saved."""
    async with asyncio.timeout(PATIENCE):
        while not (found := list(folder.glob("*.html"))):
            await asyncio.sleep(0.05)
    return found[0].read_text("utf-8")


async def test_an_hour_from_the_door_to_the_debrief(browser: Chromium, place):
    async with serving(place) as server:
        page = await browser.page()
        await page.open(server.url)
        assert (await page.run("location.pathname")) == "/login"
        await page.type("not-the-token")
        await page.press("Enter")
        await page.until("document.querySelector('[role=alert]')")
        await keep_picture(page, "refused")

        await log_in(page, server, TOKEN)
        assert await page.run("document.title") == "alliance-sim"
        assert await page.run("location.href") == f"{server.url}/"
        assert await page.run("document.cookie") == ""
        await keep_picture(page, "clients")
        await sit_down_with(page, "Dee")
        for number, reply in enumerate(REPLIES, 1):
            await say(page, reply, 40 - number)
        picture = await keep_picture(page, "session")

        wide = page.size
        await page.resize(900, 620)
        await page.until("document.querySelector('.xterm-screen').clientWidth <= 900")
        await page.sized(lambda size: size[0] < wide[0] and size[1] < wide[1])
        await page.shows("Say something to Dee")
        assert max(map(len, page.lines)) <= page.size[0]
        assert await keep_picture(page, "narrow") != picture
        await page.resize(1280, 1000)
        await page.sized(lambda size: size[0] == wide[0] and size[1] > wide[1])

        await page.press("F10")
        await page.shows("Enter: debrief")
        await page.press("Enter")
        await page.shows("Go to the debrief")
        await keep_picture(page, "rating")
        await page.press("F5")
        await page.shows("Debrief · Dee", "Summary", "Turn by turn")
        await keep_picture(page, "debrief")
        await page.press("6")
        await page.shows(*(reply[:24] for reply in REPLIES))

        folder = place.parent / "downloads"
        await browser.download_to(folder, page)
        await page.press("s")
        assert REPLIES[0] in await downloaded(folder)

        here = server.url.replace("http", "ws", 1)
        assert all(each.startswith((server.url, here)) for each in page.requested)
        assert not any(TOKEN in each for each in page.requested)
        assert not [each for each in page.console if "401" not in each]
    ((session, _, said),) = held(place)
    assert said == list(REPLIES)
    with Store.open(place) as store:
        events = [stored.event for stored in store.events(session)]
    assert any(isinstance(event, Ended) for event in events)
    assert any(isinstance(event, Scored) for event in events)


async def test_two_at_once_see_their_own_and_go_on_where_they_were(
    browser: Chromium, place, isolated
):
    people = place.with_name("people.json")
    tokens = invite(people, ["t-aaaaaa", "t-bbbbbb"])
    async with serving(place, "--people", str(people), token=None) as server:
        hers, his = await browser.page(), await browser.page()
        await log_in(hers, server, tokens["t-aaaaaa"])
        await log_in(his, server, tokens["t-bbbbbb"])
        first, second = await server.tabs(2)
        assert first != second
        await sit_down_with(hers, "Dee")
        await sit_down_with(his, "Wendell")
        await say(hers, REPLIES[0], 39)
        await say(his, REPLIES[1], 39)
        assert REPLIES[1][:30] not in hers.text
        assert REPLIES[0][:30] not in his.text
        assert "Wendell" not in hers.text
        assert [said for *_, said in held(place, "t-aaaaaa")] == [[REPLIES[0]]]
        assert [said for *_, said in held(place, "t-bbbbbb")] == [[REPLIES[1]]]

        # A killed process is told of; a closed tab is not missed. Both hours go on.
        (mine,) = (pid for pid in (first, second) if runs_as(pid, "t-bbbbbb"))
        os.kill(mine, signal.SIGKILL)
        await his.until("document.body.classList.contains('-closed')")
        assert "unexpectedly" in await his.run("document.getElementById('ended-why').textContent")
        await keep_picture(his, "ended")
        again = await browser.page(beside=hers)
        await browser.close(hers)
        await server.tabs(0)
        await again.open(server.url)
        await again.shows("An hour with Dee is still open")
        assert "Wendell is still open" not in again.text
        await keep_picture(again, "again")
        await again.press("r")
        await again.shows(REPLIES[0][:30], "39 turns left")
        await say(again, REPLIES[2], 38)
        await his.press("Enter")  # on "Begin again"
        await his.shows("An hour with Wendell is still open")
        await his.press("h")
        await his.shows("Your sessions", "Wendell")
        assert "Dee" not in his.text

        tabs = await server.tabs(2)
        assert await server.end() == 130
        await again.until("document.body.classList.contains('-closed')")
        assert "was stopped" in await again.run("document.getElementById('ended-why').textContent")
        await keep_picture(again, "stopped")
        await all_gone(tabs)
    assert [said for *_, said in held(place, "t-aaaaaa")] == [[REPLIES[0], REPLIES[2]]]
    choices = {path.parent.name for path in isolated.rglob("preferences.json")}
    assert choices == {"t-aaaaaa", "t-bbbbbb"}


def runs_as(pid: int, trainee: str) -> bool:
    return trainee in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
