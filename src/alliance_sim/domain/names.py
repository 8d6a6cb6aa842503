"""What a person is called in a sentence."""

import re

from alliance_sim.domain.clean import printable

_NICKNAME = re.compile(r"[\"“]([^\"”]+)[\"”]")
_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr"})


def called(name: str) -> str:
    """The nickname where one stands in quotes, else the first name; the whole where there is none.

    >>> called('Maria "Mia" Lund'), called("Mr Tom Ode")
    ('Mia', 'Tom')
    """
    name = printable(name, lines=False)
    if nickname := _NICKNAME.search(name):
        return nickname.group(1)
    words = name.split()
    given = [word for word in words if word.rstrip(".").lower() not in _TITLES]
    return (given or words or [name])[0]
