"""A headless Chromium, driven over its own debugging protocol: no driver is needed beside it.

https://chromedevtools.github.io/devtools-protocol/ names the methods and events that are used.
"""

import asyncio
import base64
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # a container's root cannot make one; only this project's own page is opened
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "about:blank",
)
KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    **{f"F{number}": (f"F{number}", 111 + number, "") for number in range(1, 13)},
}
PATIENCE = 60.0
"""Seconds until what is waited for counts as not coming."""


def chromium_path() -> str | None:
    """Debian's Chromium, or another of the same engine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


class Page:
    """One tab, in a profile of its own where asked; what its websocket brought is on `screen`."""

    def __init__(self, browser: "Chromium", session: str, context: str) -> None:
        self._browser = browser
        self._session = session
        self.context = context
        self.requested: list[str] = []
        """Addresses that the page has asked for."""
        self.console: list[str] = []
        """What went wrong in the page, in the browser's words."""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = asyncio.Event()

    async def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command of the protocol and give its answer."""
        return await self._browser.ask(method, self._session, **params)

    async def open(self, address: str) -> None:
        await self.ask("Page.navigate", url=address)
        await self.until("document.readyState === 'complete'")

    async def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = await self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait until an expression is true, over a new page if one is on its way."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._holds(script):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            page = await self.run("location.href + '\\n' + document.body.innerText")
            raise AssertionError(f"{script}: not true of {page}") from None

    async def _holds(self, script: str) -> bool:
        try:
            return bool(await self.run(f"!!({script})"))
        except (AssertionError, ProtocolProblem):
            return False  # between two pages

    async def resize(self, width: int, height: int) -> None:
        """Give the window a size, in pixels."""
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def type(self, text: str) -> None:
        for char in text:
            await self.ask("Input.dispatchKeyEvent", type="char", text=char)

    async def press(self, *keys: str) -> None:
        for key in keys:
            if key in KEYS:
                code, number, text = KEYS[key]
                about = {"key": key, "code": code, "windowsVirtualKeyCode": number}
                await self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
                await self.ask("Input.dispatchKeyEvent", type="keyUp", **about)
            else:
                await self.type(key)

    async def click(self, words: str) -> None:
        """Click on words in the terminal."""
        await self.shows(words)
        row, column = next((r, t.index(words)) for r, t in enumerate(self.lines) if words in t)
        left, top, width, height = await self.run(
            "(b => [b.left, b.top, b.width, b.height])"
            "(document.querySelector('.xterm-screen').getBoundingClientRect())"
        )
        columns, rows = self.size
        at = {
            "x": left + (column + 0.5) * width / columns,
            "y": top + (row + 0.5) * height / rows,
        }
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            await self.ask("Input.dispatchMouseEvent", type=kind, **at, **button)

    async def picture(self, path: Path | None = None) -> bytes:
        """A PNG of the window."""
        answer = await self.ask("Page.captureScreenshot", format="png")
        data = base64.b64decode(answer["data"])
        if path:
            path.write_bytes(data)
        return data

    # ---- the terminal's screen -------------------------------------------------------------

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the terminal."""
        return self._screen.columns, self._screen.lines

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def shows(self, *words: str) -> None:
        """Wait until all of these are on the screen, whatever line ends are between."""
        await self._becomes(
            lambda: all(word in " ".join(self.text.split()) for word in words), str(words)
        )

    async def hides(self, words: str) -> None:
        """Wait until these are not on the screen any more."""
        await self._becomes(lambda: words not in self.text, f"anything but {words!r}")

    async def sized(self, fits: Callable[[tuple[int, int]], bool]) -> None:
        """Wait until the terminal has a size that fits."""
        await self._becomes(lambda: fits(self.size), "a size that fits")

    async def _becomes(self, true: Callable[[], bool], wanted: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{wanted}: not on the screen:\n{self.text}") from None

    def heard(self, method: str, params: dict[str, Any]) -> None:
        """Something happened in the page."""
        if method == "Network.webSocketFrameReceived":
            frame = params["response"]
            if frame["opcode"] == 2:
                self._stream.feed(base64.b64decode(frame["payloadData"]))
        elif method == "Network.webSocketFrameSent":
            self._sent(params["response"]["payloadData"])
        elif method == "Network.webSocketCreated":
            self._screen.reset()
            self.requested.append(params["url"])
        elif method == "Network.requestWillBeSent":
            self.requested.append(params["request"]["url"])
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.console.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.console.append(details.get("exception", {}).get("description", details["text"]))
        self._changed.set()

    def _sent(self, payload: str) -> None:
        what, *data = json.loads(payload)
        if what == "resize":
            self._screen.resize(data[0]["height"], data[0]["width"])


class ProtocolProblem(Exception):
    """The browser refused a command."""


class Chromium:
    """The browser; `page` opens a tab that shares nothing with the others, unless told to."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}

    async def ask(self, method: str, session: str | None = None, **params: object) -> Any:
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        told = {"id": number, "method": method, "params": params}
        await self._socket.send_json(told | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(answer, PATIENCE)

    async def page(
        self, *, beside: Page | None = None, width: int = 1280, height: int = 800
    ) -> Page:
        """A new tab: in a profile of its own, or `beside` another in the same."""
        context = beside.context if beside else (await self.ask("Target.createBrowserContext"))
        name = context if isinstance(context, str) else context["browserContextId"]
        target = await self.ask("Target.createTarget", url="about:blank", browserContextId=name)
        attached = await self.ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        page = self._pages[attached["sessionId"]] = Page(self, attached["sessionId"], name)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await page.ask(f"{domain}.enable")
        # Each tab believes that it is looked at.
        await page.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        await page.resize(width, height)
        return page

    async def close(self, page: Page) -> None:
        """Close a tab, as a user does."""
        await page.ask("Page.close")

    async def download_to(self, folder: Path, page: Page) -> None:
        """Save what a page hands out there, without asking."""
        await self.ask(
            "Browser.setDownloadBehavior",
            behavior="allow",
            browserContextId=page.context,
            downloadPath=str(folder),
        )

    async def listen(self) -> None:
        """Hand what comes from the browser to whom it concerns."""
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                break
            told = message.json()
            answer = self._answers.pop(told.get("id"), None)
            if answer is None:
                if page := self._pages.get(told.get("sessionId", "")):
                    page.heard(told["method"], told["params"])
            elif answer.done():
                pass
            elif "error" in told:
                answer.set_exception(ProtocolProblem(told["error"]["message"]))
            else:
                answer.set_result(told["result"])


@asynccontextmanager
async def chromium(profile: Path, *flags: str) -> AsyncIterator[Chromium]:
    """A browser with an empty profile, closed at the end."""
    path = chromium_path()
    assert path, "there is no Chromium"
    process = await asyncio.create_subprocess_exec(
        path,
        f"--user-data-dir={profile}",
        *flags,
        *FLAGS,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"HOME": str(profile)},
    )
    assert process.stderr
    try:
        address = await asyncio.wait_for(_address(process.stderr), PATIENCE)
        draining = asyncio.create_task(_drain(process.stderr))
        async with ClientSession() as http, http.ws_connect(address, max_msg_size=0) as socket:
            browser = Chromium(socket)
            listening = asyncio.create_task(browser.listen())
            try:
                yield browser
                await browser.ask("Browser.close")
            finally:
                listening.cancel()
                draining.cancel()
        await asyncio.wait_for(process.wait(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _address(stderr: asyncio.StreamReader) -> str:
    told = []
    while line := (await stderr.readline()).decode(errors="replace"):
        told.append(line)
        if "DevTools listening on " in line:
            return line.rpartition(" ")[2].strip()
    raise AssertionError("Chromium did not start: " + "".join(told))


async def _drain(stderr: asyncio.StreamReader) -> None:
    while await stderr.read(4096):
        pass
