"""How often garbage is looked for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

COLLECTED_AFTER = 100_000
"""New objects after which garbage is looked for."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom, for work that makes few cycles and many objects that are kept.

    Scorecards are such: looked for as often as usual (after 700 new objects), with some dozens of
    them waiting for their turn, it takes longer than making them. Where it
    is looked for as seldom already, as inside another such block, nothing is changed.
    """
    usual = gc.get_threshold()
    if not 0 < usual[0] < COLLECTED_AFTER:  # 0: never
        yield
        return
    gc.set_threshold(COLLECTED_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
