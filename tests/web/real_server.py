"""`alliance-sim serve` as a process of its own, as a user starts it."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

TOKEN = "a-token-for-tests-alone"
PATIENCE = 60.0


class RealServer:
    """The server, where it is, and the processes that it has started."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.url = ""
        self.token = TOKEN
        self.told: list[str] = []
        """Lines on standard error so far."""

    async def read_until(self, pattern: str) -> str:
        """Read lines until one matches; gives what the pattern's group found."""
        assert self.process.stderr
        async with asyncio.timeout(PATIENCE):
            while line := (await self.process.stderr.readline()).decode():
                self.told.append(line.rstrip())
                if found := re.search(pattern, line):
                    return found.group(1)
        raise AssertionError("\n".join(self.told))

    def children(self) -> list[int]:
        """Process ids of the tabs."""
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/stat")
            if _parent(path) == self.process.pid
        ]

    async def tabs(self, number: int) -> list[int]:
        """Wait until there are so many tabs, and give their process ids."""
        async with asyncio.timeout(PATIENCE):
            while len(found := self.children()) != number:
                await asyncio.sleep(0.02)
        return found

    async def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal; gives the exit code."""
        self.process.send_signal(number)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        assert self.process.stderr
        self.told += (await self.process.stderr.read()).decode().splitlines()
        return code


def _parent(stat: Path) -> int | None:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def all_gone(pids: list[int]) -> None:
    """Wait until none of these runs."""
    async with asyncio.timeout(PATIENCE):
        while any(map(lives, pids)):
            await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(
    store: Path | str, *words: str, token: str | None = TOKEN
) -> AsyncIterator[RealServer]:
    """A server on any free port; ended by force if the test has not ended it."""
    given = {"ALLIANCE_SIM_TOKEN": token} if token else {}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from alliance_sim.cli.main import run; run()",
        "serve",
        "--port=0",
        f"--store={store}",
        *words,
        env={**os.environ, **given},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    server = RealServer(process)
    try:
        server.url = await server.read_until(r"Open (http://\S+)")
        yield server
    except BaseException:
        if process.returncode is None:
            await server.end()
        sys.stderr.write("\n".join(server.told))  # shown with the test that failed
        raise
    finally:
        left = server.children()
        if process.returncode is None:
            process.kill()
            await process.wait()
        for pid in left:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)
