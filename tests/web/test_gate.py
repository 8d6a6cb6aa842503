"""The door: what is refused without a login, from other pages, and after wrong tokens."""

import pytest

pytest.importorskip("textual_serve", reason="the extra web is not installed")

from aiohttp import WSServerHandshakeError
from serving_stand_in import GENERAL, HERS, HIS, ended, gone, seen, tab_of

from alliance_sim.web import attempts
from alliance_sim.web.addresses import PublicUrl
from alliance_sim.web.gate import TOLD_ORIGINS

CLOSED = [
    "/ws",
    "/download/k1",
    "/static/js/textual.js",
    "/static/",
    "/assets/program.js",
    "/assets/../assets/program.js",
    "/login/",
    "/nothing",
]


@pytest.mark.parametrize("path", CLOSED)
async def test_without_a_login_everything_is_refused(served, path):
    await served.start()
    browser = await served.browser()
    assert (await browser.get(path)).status == 401
    assert (await browser.get(path, Cookie="a=made-up")).status == 401


async def test_without_a_login_the_program_leads_to_the_login_page(served):
    await served.start()
    browser = await served.browser()
    answer = await browser.get("/?token=anything")
    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    page = await (await browser.get("/login")).text()
    assert '<html lang="en">' in page
    assert '<label for="token">' in page
    assert (await browser.get("/assets/login.css")).status == 200
    assert not browser.cookies


async def test_by_a_link_on_another_page_the_cookie_has_its_second_chance(served):
    await served.start()
    browser = await served.browser()
    answer = await browser.get("/", **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 200
    assert 'http-equiv="refresh" content="0; url=/"' in await answer.text()
    assert (await browser.get("/", **{"Sec-Fetch-Site": "same-origin"})).status == 303
    for path in CLOSED:
        assert (await browser.get(path, **{"Sec-Fetch-Site": "cross-site"})).status == 401


async def test_a_websocket_is_refused_without_a_login(served):
    await served.start()
    browser = await served.browser()
    with pytest.raises(WSServerHandshakeError) as refused:
        await browser.tab()
    assert refused.value.status == 401


async def test_the_token_opens_the_door_and_stays_outside(served):
    await served.start()
    browser = await served.browser()
    answer = await browser.log_in(f" {GENERAL}\n")
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie
    assert GENERAL not in cookie
    page = await browser.get("/")
    assert page.status == 200
    text = await page.text()
    assert GENERAL not in text
    assert "<title>alliance-sim</title>" in text
    assert (await browser.get("/static/js/textual.js")).status == 200
    assert (await browser.get("/login")).headers["Location"] == "/"
    assert not any(GENERAL in line for line in served.told)


async def test_nothing_on_a_page_comes_from_elsewhere(served):
    await served.start()
    browser = await served.browser(GENERAL)
    for path in ("/", "/assets/program.css", "/assets/program.js", "/assets/login.css"):
        text = await (await browser.get(path)).text()
        assert "//" not in text.replace("// ", "").replace("http://www.w3.org", ""), path
    policy = (await browser.get("/")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "token", ["", "x", GENERAL[:-1], GENERAL + "x", GENERAL.upper(), "\0", "é" * 999]
)
async def test_a_wrong_token_is_refused(served, token):
    await served.start()
    browser = await served.browser()
    answer = await browser.log_in(token)
    assert answer.status == 401
    assert 'role="alert"' in await answer.text()
    assert not browser.cookies
    assert served.told == ["A wrong token came from 127.0.0.1."]


async def test_a_form_without_a_token_is_refused(served):
    await served.start()
    browser = await served.browser()
    for body in ({"json": {"token": GENERAL}}, {"data": b"token=%ED%A0%80"}, {"data": {}}):
        assert (await browser.http.post(f"{served.url}/login", **body)).status == 401


async def test_forms_that_no_page_of_ours_sends_are_refused(served):
    await served.start()
    browser = await served.browser()
    form = "application/x-www-form-urlencoded"
    for kind, body, status in (
        (form, b"token=" + b"x" * 20_000, 413),
        (form + "; charset=bogus", b"token=x", 401),
        (form, b"&".join([b"token=x"] * 100), 401),
        ("multipart/form-data", b"token=x", 401),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n\r\nx\r\n--b--\r\n", 401),
    ):
        served.seconds += 1000
        answer = await browser.http.post(
            f"{served.url}/login", data=body, headers={"Content-Type": kind}
        )
        assert answer.status == status, (kind, body[:20])


async def test_a_defect_is_told_in_a_line_without_what_was_asked(served, monkeypatch):
    def broken(*_):
        raise RuntimeError("secret words")

    await served.start()
    browser = await served.browser(GENERAL)
    monkeypatch.setattr("alliance_sim.web.gate.Gate._form", broken)
    other = await served.browser()
    answer = await other.get("/login", Cookie="a=of-somebody")
    assert (answer.status, await answer.text()) == (500, "Something is broken here.\n")
    (line,) = served.told
    assert line.startswith("A defect: RuntimeError at test_gate.py:")
    assert "GET '/login'" in line
    assert "secret" not in line
    assert "somebody" not in line
    assert (await browser.get("/")).status == 200


async def test_other_pages_are_told_of_once_and_not_without_end(served):
    await served.start()
    browser = await served.browser()
    for number in range(100):
        for _ in range(2):
            await browser.log_in("x", Origin=f"http://{number}.example")
    assert len(served.told) == TOLD_ORIGINS


async def test_who_goes_on_guessing_waits_even_with_the_right_token(served):
    await served.start()
    browser = await served.browser()
    for _ in range(attempts.FREE):
        assert (await browser.log_in("a guess")).status == 401
    answer = await browser.log_in(GENERAL)
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) == attempts.INTERVAL
    assert not browser.cookies
    served.seconds += attempts.INTERVAL
    assert (await browser.log_in(GENERAL)).status == 303


async def test_behind_a_proxy_those_who_guess_wait_and_not_the_others(served):
    served.public = PublicUrl("https://sim.example.edu")
    await served.start()
    browser = await served.browser()
    for number in range(attempts.FREE):
        # What the browser itself claims stands before what the proxy adds.
        claimed = f"10.0.0.{number}, 203.0.113.5"
        await browser.log_in("a guess", **{"X-Forwarded-For": claimed})
    refused = await browser.log_in(GENERAL, **{"X-Forwarded-For": "203.0.113.5"})
    assert refused.status == 429
    other = await browser.log_in(GENERAL, **{"X-Forwarded-For": "203.0.113.6"})
    assert other.status == 303
    assert "Secure" in other.headers["Set-Cookie"]


async def test_without_a_proxy_nobody_is_believed_where_they_are(served):
    await served.start()
    browser = await served.browser()
    for number in range(attempts.FREE):
        await browser.log_in("a guess", **{"X-Forwarded-For": f"10.0.0.{number}"})
    assert (await browser.log_in("a guess")).status == 429


OTHERS = ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1.evil.example"]


@pytest.mark.parametrize("origin", OTHERS)
async def test_another_page_is_refused(served, origin):
    await served.start()
    browser = await served.browser(GENERAL)
    with pytest.raises(WSServerHandshakeError) as refused:
        await browser.tab(origin)
    assert refused.value.status == 403
    assert "--public-url" in served.told[-1]
    assert (await browser.log_in(GENERAL, Origin=origin)).status == 403
    leave = await browser.http.post(f"{served.url}/logout", headers={"Origin": origin})
    assert leave.status == 403
    assert (await browser.get("/")).status == 200


async def test_a_websocket_that_names_no_page_is_refused(served):
    await served.start()
    browser = await served.browser(GENERAL)
    with pytest.raises(WSServerHandshakeError) as refused:
        await browser.http.ws_connect(f"{served.url}/ws")
    assert refused.value.status == 403


async def test_the_page_that_a_proxy_shows_is_its_own(served):
    served.public = PublicUrl("https://sim.example.edu")
    await served.start()
    browser = await served.browser()
    answer = await browser.log_in(GENERAL, Origin="https://sim.example.edu")
    cookie = answer.cookies["a"].value  # Secure: a browser would send it by TLS alone
    async with browser.tab("https://sim.example.edu", Cookie=f"a={cookie}") as socket:
        await seen(socket, "pid=")


async def test_after_logging_out_nothing_is_left_open(served):
    await served.start()
    browser = await served.browser(HERS)
    async with tab_of(browser) as (socket, pid):
        kept = browser.cookies
        answer = await browser.http.post(
            f"{served.url}/logout", headers={"Origin": served.url}, allow_redirects=False
        )
        assert answer.headers["Location"] == "/login"
        assert not browser.cookies
        await served.server.end_shut_out()
        assert "logged out" in await ended(socket)
        await gone(pid)
    stolen = f"a={kept['a']}"
    assert (await browser.get("/static/js/textual.js", Cookie=stolen)).status == 401


async def test_a_key_that_is_taken_back_ends_what_it_opened(served):
    await served.start()
    hers, his = await served.browser(HERS), await served.browser(HIS)
    async with tab_of(hers) as (socket, pid), tab_of(his) as (other, _):
        del served.keys[1]
        await served.server.end_shut_out()
        assert "logged out" in await ended(socket)
        await gone(pid)
        await other.send_json(["stdin", "still here"])
        await seen(other, "<still here>")
    assert (await hers.get("/")).status == 303
    assert (await hers.log_in(HERS)).status == 401
    assert (await his.get("/")).status == 200
