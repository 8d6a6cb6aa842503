"""The door: nothing but the login page without a login, and nothing for other pages."""

import math
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from alliance_sim.domain.clean import printable
from alliance_sim.web.addresses import PublicUrl, is_loopback, own_page
from alliance_sim.web.attempts import Attempts
from alliance_sim.web.logins import Login, Logins

LOGIN: Final = web.RequestKey("login", Login)
"""Where a handler finds who asks."""

OPEN: Final = ("/login", "/assets/login.css", "/assets/icon.svg")
"""What anybody may have: the login page and what it looks like."""

HEADERS: Final = {
    # Nothing is loaded from elsewhere, no other page may frame this one, nothing is kept.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a form would then be sent with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

SANDBOX: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""For files that the program hands out: they may hold anybody's words."""

TOLD_ORIGINS: Final = 20
"""Other pages that are told of; more would only fill a log."""

LARGEST_FORM: Final = 10_000
"""Bytes of a login form."""


class Gate:
    """Login, logout, and the check that stands before everything else."""

    def __init__(
        self,
        logins: Logins,
        attempts: Attempts,
        narrate: Callable[[str], None],
        *,
        cookie: str,
        public: PublicUrl | None = None,
    ) -> None:
        """cookie: its name; another for each server on a machine, since ports share cookies."""
        self.logins = logins
        self._attempts = attempts
        self._narrate = narrate
        self._cookie = cookie
        self._public = public
        self._refused: set[str] = set()
        """Other pages that were told of; each is told of once."""

    def routes(self) -> list[web.RouteDef]:
        """Addresses that the door itself answers."""
        return [
            web.get("/login", self.show_form),
            web.post("/login", self.log_in),
            web.post("/logout", self.log_out),
        ]

    def middleware(self) -> Middleware:
        """What every request passes through."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path in OPEN:
                return await handler(request)
            login = self._login(request)
            if login is None:
                return self._without_login(request)
            # A websocket is not held back by the rules that keep other pages from reading this one.
            if request.headers.get("Upgrade") or request.method != "GET":
                self._refuse_other_pages(request)
            request[LOGIN] = login
            return await handler(request)

        return check

    def guard(self) -> Middleware:
        """Tells of a defect in a line: aiohttp would write what was asked into a log, cookies and
        all.
        """

        @web.middleware
        async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException:
                raise
            except Exception as problem:  # whatever it is, one page fails and not the server
                where = traceback.extract_tb(problem.__traceback__)[-1]
                self._narrate(
                    f"A defect: {type(problem).__name__} at {Path(where.filename).name}:"
                    f"{where.lineno}, asked for {request.method} {request.path[:100]!r}"
                )
                raise web.HTTPInternalServerError(text="Something is broken here.\n") from problem

        return tell

    def _without_login(self, request: web.Request) -> web.Response:
        if request.path != "/" or request.method != "GET":
            raise web.HTTPUnauthorized(text="Log in first.\n")
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            # By a link on another page the cookie is held back; from a page of ours it comes.
            return aiohttp_jinja2.render_template("again.html", request, {})
        return _see("/login")

    async def secure(self, request: web.Request, response: web.StreamResponse) -> None:
        """Tell the browser what it may do with the answer; what a handler has said stands."""
        if request.path.startswith("/download/"):
            response.headers["Content-Security-Policy"] = SANDBOX
        elif request.path.startswith(("/static/", "/assets/")):
            response.headers["Cache-Control"] = "private, no-cache"  # asked for again, sent once
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "alliance-sim"

    # ---- login and logout ------------------------------------------------------------------

    async def show_form(self, request: web.Request) -> web.StreamResponse:
        """The login page; whoever is logged in already goes on."""
        if self._login(request):
            raise web.HTTPSeeOther("/")
        return self._form(request)

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Take a token for a cookie."""
        if "Origin" in request.headers:  # what sends none is no page, and sends nobody's cookies
            self._refuse_other_pages(request)
        address = self._address(request)
        wait = self._attempts.wait(address)
        if wait > 0:
            seconds = math.ceil(wait)
            return self._form(
                request,
                f"Too many wrong tokens. Try again in {seconds} seconds.",
                status=429,
                headers={"Retry-After": str(seconds)},
            )
        login = self.logins.open(await _token(request))
        if login is None:
            self._attempts.wrong(address)
            self._narrate(f"A wrong token came from {printable(address, lines=False)}.")
            return self._form(request, "This token does not fit. Is all of it there?", status=401)
        answer = _see("/")
        answer.set_cookie(
            self._cookie,
            login.cookie,
            httponly=True,
            samesite="Strict",
            secure=bool(self._public and self._public.secure),
        )
        return answer

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End this browser's login; its tabs are ended by who opened them."""
        self.logins.close(request[LOGIN])
        answer = _see("/login")
        answer.del_cookie(self._cookie)
        return answer

    def _form(
        self,
        request: web.Request,
        problem: str = "",
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> web.Response:
        page = aiohttp_jinja2.render_template(
            "login.html", request, {"problem": problem}, status=status
        )
        page.headers.update(headers or {})
        return page

    # ---- who asks --------------------------------------------------------------------------

    def _login(self, request: web.Request) -> Login | None:
        return self.logins.find(request.cookies.get(self._cookie, ""))

    def _refuse_other_pages(self, request: web.Request) -> None:
        origin = request.headers.get("Origin")
        if own_page(origin, request.host, self._public):
            return
        if origin and origin not in self._refused and len(self._refused) < TOLD_ORIGINS:
            self._refused.add(origin)
            shown = printable(origin[:200], lines=False)
            self._narrate(
                f"A page at {shown} was refused. If that is this program behind a proxy, start it "
                f"with --public-url {shown}"
            )
        raise web.HTTPForbidden(text="This came from another page than the program's own.\n")

    def _address(self, request: web.Request) -> str:
        """Where a request comes from; behind a proxy on this machine, as that one tells."""
        direct = request.remote or "?"
        told = request.headers.get("X-Forwarded-For", "")
        if self._public and told and is_loopback(direct):
            # The last is what the proxy itself has added; what stands before it anybody can write.
            return told.rpartition(",")[2].strip()[:100] or direct
        return direct


async def _token(request: web.Request) -> str:
    """The token in a login form; empty where there is none."""
    if request.content_type != "application/x-www-form-urlencoded":
        return ""
    if (request.content_length or 0) > LARGEST_FORM:
        raise web.HTTPRequestEntityTooLarge(LARGEST_FORM, request.content_length or 0)
    body = (await request.read()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, max_num_fields=10)).get("token", "")
    except ValueError:
        return ""


def _see(path: str) -> web.Response:
    """Go there, by GET."""
    return web.Response(status=303, headers={"Location": path})
