"""What a PostgreSQL server says when it fails, in plain words; never what was to be stored.

Nothing here imports the driver, so that a store in a file needs none.
"""

import re

from sqlalchemy.exc import DBAPIError

LATER = "try again in a moment"
ASK = "ask whoever looks after the store"

NO_RIGHT = "42501"

STATES = {
    "40001": f"too many programs write at the same time; {LATER}",
    "40P01": f"too many programs write at the same time; {LATER}",
    "55P03": f"another program is using it; {LATER}",
    "57014": f"the server stopped the question, which took too long; {LATER}",
    "25P03": "the server closed a connection that was idle for too long; do it again",
    "57P01": f"the server was shut down, or sent this program away; {LATER}",
    "57P02": f"the server broke down; {LATER}",
    "57P03": f"the server is starting or stopping; {LATER}",
    "57P05": "the server closed a connection that was idle for too long; do it again",
    "53100": "the server's disk is full; nothing can be stored until there is room",
    "53200": "the server has no memory left; ask for a larger one, or for fewer at a time",
    "53300": f"the server has no connection to spare; {LATER}, or ask for a higher limit",
    "25006": "the server is read-only (a standby?); name the one that can be written to",
    NO_RIGHT: f"this login may not do that; {ASK}",
    "28P01": "the server refuses the password; the right one goes into the URL, or .pgpass",
    "28000": f"the server refuses this login; {ASK}",
    "3D000": "there is no such database on the server; have it created, or name another",
    "3F000": f"the login has no schema to keep tables in; {ASK}",
    "42P01": f"a table of the store is missing; {ASK}",
    "42703": f"a column of the store is missing; {ASK}",
    "54000": "one entry is too large to be stored",
    "22001": "one entry is too large to be stored",
    "XX001": "the server's data are damaged; a backup must take their place",
    "XX002": "the server's data are damaged; a backup must take their place",
    "58030": "the server's disk cannot be read or written",
}
"""By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

CLASSES = {"08": f"the connection to the server is lost; {LATER}", "53": STATES["53200"]}
"""By the first two characters, where the whole says nothing more."""

BUSY = ("53300", "57P03")
"""A connection is refused for now."""

LOST = CLASSES["08"]
SILENT = "no server answers there; check that it runs, the network, and the URL's host and port"

UNSTATED = {
    r"closed the connection|connection is (closed|lost)|consuming input": LOST,
    r"could not (send|receive)|SSL SYSCALL|terminating connection": LOST,
    r"password authentication failed|no password supplied": STATES["28P01"],
    r"database \"[^\"]*\" does not exist": STATES["3D000"],
    r"role \"[^\"]*\" does not exist|not permitted to log in|denied to set role": STATES["28000"],
    r"no encryption|SSL off": (
        "the server takes no connection like this one from here; it may need encryption (add "
        "sslmode=require to the URL), or an entry in its pg_hba.conf"
    ),
    r"pg_hba\.conf": f"the server takes no connection from this machine; {ASK}",
    r"too many (clients|connections)|connection slots are reserved": STATES["53300"],
    r"starting up|shutting down|not yet accepting": STATES["57P03"],
    r"does not support SSL": "the server offers no encryption, which the URL demands",
    r"certificate|SSL error|sslmode": (
        "the encryption with the server cannot be set up; check the certificates, and sslmode in "
        "the URL"
    ),
    r"resolve host|translate host name": (
        "there is no machine of that name; check the URL and the network"
    ),
    r"Connection refused|No such file or directory": SILENT,
    r"timeout|timed out|unreachable|No route": SILENT,
    r"session is read-only|not in hot standby|in recovery": STATES["25006"],
    r"query parameter|connection option|invalid .* value|invalid integer": (
        "the URL has a parameter that PostgreSQL does not know, or one with a wrong value"
    ),
}
"""What is said before there is a connection comes without an SQLSTATE, so it is known by its words:
those of a server in English, and of the client's library, which speaks nothing else. The first
that fits counts."""


def state_of(problem: BaseException | None) -> str | None:
    """The SQLSTATE of a failure of the driver, or of one that wraps it; None where it has none."""
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    state = getattr(cause, "sqlstate", None)
    return state if isinstance(state, str) else None


def reason(cause: BaseException) -> str | None:
    """A failure of the driver in plain words; None where there are none for it."""
    state = state_of(cause)
    if state:
        return STATES.get(state) or CLASSES.get(state[:2])
    said = str(cause)
    for pattern, plain in UNSTATED.items():
        if re.search(pattern, said, re.IGNORECASE):
            return plain
    if getattr(cause, "pgconn", None) is not None:
        # The server hung up without a word, or the wire was cut.
        return LOST
    return None


def _plain(problem: BaseException) -> str | None:
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    return reason(cause) if cause is not None else None


def server_is_busy(problem: BaseException) -> bool:
    """Whether the server refused a connection for now: it is starting, or all are taken."""
    return _plain(problem) in {STATES[state] for state in BUSY}


def server_is_away(problem: BaseException) -> bool:
    """Whether no connection can be had just now: busy, or nobody answers, as in a restart."""
    return server_is_busy(problem) or _plain(problem) == SILENT


def first_words(cause: BaseException) -> str:
    """What a failure says of itself, without the details, which may quote what was to be stored."""
    primary = getattr(getattr(cause, "diag", None), "message_primary", None)
    said = primary or str(cause).partition("\n")[0]
    return " ".join(said.split()) or type(cause).__name__
