"""One reply while it comes: its deadlines, its bounds, and what it amounts to."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alliance_sim.llm.endpoint import Timeouts
from alliance_sim.llm.event_data import STREAM, event_data, kind_of
from alliance_sim.llm.faults import Where
from alliance_sim.llm.pieces import Piece, Told, piece_of, whole_piece
from alliance_sim.llm.port import Fault, Finish, ModelProblem

if TYPE_CHECKING:
    from alliance_sim.llm.event_data import Response

__all__ = ["Answer", "Deadline"]

WHOLE = re.compile(r"[.!?…}\]][\"'”’)*`\s]*$")
"""How a text ends that is whole as far as can be seen: a sentence, or a JSON value."""

LAST_WORDS = 2.0
"""Seconds that the figures of usage may take after the reply itself has ended."""

DONE = "[DONE]"
"""The data of the event after the last."""

TO_THE_END = 0.1
"""Seconds for the end of the body after that event: only then can the connection be used again."""


@dataclass(frozen=True)
class Deadline:
    """When a call as a whole is given up, in the event loop's own time, which never jumps."""

    at: float
    clock: Callable[[], float]

    def within(self, seconds: float) -> float:
        """So many seconds, or as many as are left."""
        return max(0.0, min(seconds, self.at - self.clock()))


class Answer:
    """Pieces of a reply, each awaited no longer than allowed. Raises only ModelProblem."""

    def __init__(
        self,
        response: "Response",
        where: Where,
        timeouts: Timeouts,
        deadline: Deadline,
        longest: int,
        translate: Callable[[Exception], ModelProblem],
    ) -> None:
        """longest: letters that the reply may have; translate: of the client's exceptions."""
        self._response = response
        self._where = where
        self._timeouts = timeouts
        self._deadline = deadline
        self._longest = longest
        self._translate = translate
        self._events = event_data(response)
        self._streamed = True
        self.text = ""
        self.finish: Finish | None = None
        self.told: Told | None = None
        self.model = ""

    @property
    def streamed(self) -> bool:
        """Whether the server sent it in pieces."""
        return self._streamed

    async def begin(self, first: float) -> Piece:
        """The first piece with words, or the last one of a reply without any.

        first: seconds until then. A server may think aloud or say who speaks before.
        """
        deadline = Deadline(self._deadline.clock() + first, self._deadline.clock)
        if kind_of(self._response) == "application/json":
            return await self._whole(deadline.within(first))
        while True:
            piece = await self._next(deadline.within(first))
            if piece is None:
                return Piece()
            if piece.text or piece.finish:
                return piece

    async def rest(self) -> AsyncIterator[Piece]:
        """All further pieces."""
        while self._streamed:
            piece = await self._next(LAST_WORDS if self.finish else self._timeouts.between)
            if piece is None:
                return
            if piece.text:
                yield piece

    async def close(self) -> None:
        """Hang up: the server stops working on what is left."""
        await self._response.aclose()

    async def _next(self, seconds: float) -> Piece | None:
        """The next piece; None at the end. Raises ModelProblem for an end that came too early."""
        try:
            async with asyncio.timeout(self._deadline.within(seconds)):
                data = await anext(self._events, DONE)
            if data.startswith(DONE):
                await self._read_to_the_end()
                return self._ended()
            event = json.loads(data)
            self._look_for_error(event)
            piece = piece_of(event)
        except TimeoutError:
            return self._late(seconds)
        except Exception as problem:
            if self.finish:
                return None
            raise self._broken(problem) from None
        return self._took(piece)

    async def _read_to_the_end(self) -> None:
        with suppress(Exception):  # nothing that comes now matters any more
            async with asyncio.timeout(self._deadline.within(TO_THE_END)):
                async for _ in self._events:
                    pass

    def _look_for_error(self, event: object) -> None:
        """Raises ModelProblem where the server says in its reply that it has given up."""
        error = event.get("error") if isinstance(event, dict) else None
        if error:
            told = error.get("message") if isinstance(error, dict) else error
            raise self._where.in_stream(error, told if isinstance(told, str) else "no reason told")

    def _took(self, piece: Piece) -> Piece:
        self.text += piece.text
        self.finish = piece.finish or self.finish
        self.told = piece.told or self.told
        self.model = piece.model or self.model
        if len(self.text) > self._longest:
            raise self._where.no_answer("sent far more than was asked for")
        return piece

    async def _whole(self, seconds: float) -> Piece:
        self._streamed = False
        try:
            async with asyncio.timeout(seconds):
                body = await self._response.aread()
            return self._took(whole_piece(json.loads(body)))
        except TimeoutError:
            raise self._where.late("sent no words in time") from None
        except (ValueError, RecursionError):
            raise self._where.no_answer("sent something that is no chat reply") from None
        except ModelProblem:
            raise
        except Exception as problem:
            raise self._translate(problem) from None

    def _ended(self) -> Piece | None:
        if self.finish:
            return None
        if WHOLE.search(self.text):
            self.finish = "other"  # some servers never say why they ended
            return None
        if self.text:
            raise self._where.no_answer("broke off in the middle of its reply")
        kind = kind_of(self._response)
        if kind != STREAM:
            raise self._where.no_answer(f"answered with {kind or 'no type'}, not with a chat reply")
        raise self._where.no_answer("sent an empty reply")

    def _late(self, seconds: float) -> Piece | None:
        if self.finish:
            return None
        if self.text:
            raise self._where.late("stopped in the middle of its reply and did not go on in time")
        raise self._where.late(f"sent no words in {seconds:.0f} s")

    def _broken(self, problem: Exception) -> ModelProblem:
        if isinstance(problem, ModelProblem):
            return problem
        if isinstance(problem, ValueError | TypeError | AttributeError | RecursionError):
            return self._where.no_answer("sent something that is no chat reply")
        told = self._translate(problem)
        if self.text and told.fault is Fault.UNREACHABLE:
            return self._where.no_answer("broke off in the middle of its reply")
        return told
