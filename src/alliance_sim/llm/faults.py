"""From what an endpoint did wrong to a ModelProblem: one plain sentence, and what it means."""

import json
import re
import socket
import ssl
from collections.abc import Iterator

from alliance_sim.domain.clean import printable
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.llm.redaction import redact

__all__ = ["Where"]

BODY, QUOTED = 2_000, 160
"""Characters of a server's reply that are kept, and that a sentence repeats."""

_CONTEXT = re.compile(
    r"(?i)context[_ ](length|size|window)|maximum context|prompt is too long"
    r"|too many tokens|exceeds? the (available )?context"
)
_MODEL = re.compile(
    r"(?i)model_not_found|no such model|unknown model|invalid model"
    r"|model\b.{0,120}\b(not found|does not exist|not exist|not available|not loaded)"
)
_NOTHING_HERE = "nothing is served at this address; most end in /v1"


class Where:
    """An endpoint as problems name it: address and model. Its key is taken out of all text."""

    def __init__(self, base_url: str, model: str, key: str | None) -> None:
        self._name = f"{base_url} (model {printable(model, lines=False)})"
        self._key = key

    def clean(self, text: str) -> str:
        """One line, without key and control characters."""
        return redact(printable(text, lines=False), (self._key,))

    def problem(
        self,
        what: str,
        fault: Fault,
        *,
        status: int | None = None,
        body: str = "",
        retry_after: float | None = None,
        final: bool = False,
    ) -> ModelProblem:
        """A problem of this endpoint; `what` goes on after its name."""
        return ModelProblem(
            self.clean(f"{self._name} {what}"),
            fault,
            status=status,
            body=self.clean(body)[:BODY],
            retry_after=retry_after,
            final=final,
        )

    def refused(self, status: int, body: str, retry_after: float | None = None) -> ModelProblem:
        """A reply with an HTTP status of 400 and above."""
        fault = _fault(status, body)
        told = _told(body)
        quoted = f": {self.clean(told)[:QUOTED]}" if told else ""
        wait = f"; it asks to wait {retry_after:.0f} s" if retry_after else ""
        what = f"answered {status}{_meaning(status, fault)}{wait}{quoted}"
        final = "insufficient_quota" in body
        return self.problem(
            what, fault, status=status, body=body, retry_after=retry_after, final=final
        )

    def elsewhere(self, status: int, address: str) -> ModelProblem:
        """A redirection: it is told, not followed, as it may lead to anyone."""
        to = f": {address[:QUOTED]}" if address else ""
        what = f"answered {status}, it wants to be asked at another address{to}"
        return self.problem(what, Fault.REQUEST, status=status)

    def in_stream(self, body: object, message: str) -> ModelProblem:
        """An error that was told inside a stream whose status was 200."""
        text = json.dumps(body, default=str) if body is not None else message
        code = body.get("code") if isinstance(body, dict) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        fault = _fault(status, text)
        told = self.clean(message)[:QUOTED]
        return self.problem(f"gave up in its reply: {told}", fault, status=200, body=text)

    def unreachable(self, cause: BaseException) -> ModelProblem:
        """No connection, or one that broke before any reply."""
        chain = list(_chain(cause))
        text = " ".join(str(link) for link in chain)
        if any(isinstance(link, ssl.SSLError) for link in chain) or "SSL" in text:
            reason = next((link for link in chain if isinstance(link, ssl.SSLError)), cause)
            what = f"cannot be trusted or does not speak TLS: {_short(reason)}"
            return self.problem(what, Fault.UNREACHABLE, final=True)
        if any(isinstance(link, socket.gaierror) for link in chain) or "getaddrinfo" in text:
            what = "cannot be found: there is no such host, or no network"
            return self.problem(what, Fault.UNREACHABLE, final=True)
        if any(isinstance(link, ConnectionRefusedError) for link in chain) or (
            "onnection attempts failed" in text
        ):
            what = "refused the connection; is the server running?"
            return self.problem(what, Fault.UNREACHABLE)
        what = f"closed the connection without an answer: {_short(chain[-1])}"
        return self.problem(what, Fault.UNREACHABLE)

    def late(self, what: str) -> ModelProblem:
        """Nothing came in time."""
        return self.problem(what, Fault.TIMEOUT)

    def no_answer(self, what: str, *, status: int | None = 200, body: str = "") -> ModelProblem:
        """What came is no answer."""
        return self.problem(what, Fault.REPLY, status=status, body=body)


def _fault(status: int, body: str) -> Fault:
    if _CONTEXT.search(body) and (status in (400, 413, 422) or status >= 500):
        return Fault.CONTEXT
    if status in (400, 404, 422) and _MODEL.search(body):
        return Fault.MODEL
    if status in (401, 403):
        return Fault.KEY
    if status in (408, 429, 503):
        return Fault.BUSY
    return Fault.SERVER if status >= 500 else Fault.REQUEST


def _meaning(status: int, fault: Fault) -> str:
    if fault is Fault.REQUEST and status == 404:
        return f" ({_NOTHING_HERE})"
    return {
        Fault.KEY: " (the key is missing, wrong or expired)",
        Fault.MODEL: " (it has no such model)",
        Fault.CONTEXT: " (the prompt is longer than the model can take)",
        Fault.BUSY: " (it is busy)",
        Fault.SERVER: " (a fault of the server)",
    }.get(fault, "")


def _told(body: str) -> str:
    """The server's own words, if it told any in a known place."""
    try:
        data = json.loads(body)
    except ValueError:
        return "" if "<" in body else body.strip()
    if isinstance(data, dict):
        error = data.get("error", data)
        told = error.get("message") if isinstance(error, dict) else error
        return told if isinstance(told, str) else ""
    return ""


def _short(problem: BaseException) -> str:
    text = " ".join(str(problem).split())
    return text[:QUOTED] or type(problem).__name__


def _chain(problem: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = problem
    while link is not None:
        yield link
        if isinstance(link, BaseExceptionGroup):
            for inner in link.exceptions:
                yield from _chain(inner)
        link = link.__cause__ or link.__context__
