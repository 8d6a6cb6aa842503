"""Who is logged in: a cookie's value, drawn at random, for each browser. In memory only."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from alliance_sim.web.tokens import Key, fitting

IDLE: Final = 12 * 3600.0
"""Seconds without a request after which a login ends."""


@dataclass(eq=False)
class Login:
    """A browser that has shown a token."""

    cookie: str
    key: Key
    used_at: float

    @property
    def trainee(self) -> str | None:
        """As whom its tabs run."""
        return self.key.trainee


class Logins:
    """Opens, finds and ends logins; a key that is taken back ends those that it opened."""

    def __init__(self, keys: Callable[[], Iterable[Key]], now: Callable[[], float]) -> None:
        """keys: those that stand at the moment. now: seconds of a clock that never goes back."""
        self._keys = keys
        self._now = now
        self._open: dict[str, Login] = {}

    def open(self, token: str) -> Login | None:
        """Log a browser in; None where the token fits no key."""
        key = fitting(token, self._keys())
        if key is None:
            return None
        for old in [login for login in self._open.values() if self._stale(login)]:
            self.close(old)
        login = Login(secrets.token_urlsafe(32), key, self._now())
        self._open[login.cookie] = login
        return login

    def find(self, cookie: str) -> Login | None:
        """Whose cookie this is; None where nobody's, or nobody's any more."""
        login = self._open.get(cookie)
        if login is None or not self.stands(login):
            return None
        self.touch(login)
        return login

    def touch(self, login: Login) -> None:
        """The browser is in use."""
        login.used_at = self._now()

    def stands(self, login: Login) -> bool:
        """Whether a login still holds; one that does not is closed."""
        if self._stale(login) or login.key not in self._keys():
            self.close(login)
        return login.cookie in self._open

    def close(self, login: Login) -> None:
        """Log out."""
        self._open.pop(login.cookie, None)

    def _stale(self, login: Login) -> bool:
        return self._now() - login.used_at > IDLE
