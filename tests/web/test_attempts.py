"""Wrong tokens by address."""

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.web.attempts import FREE, INTERVAL, REMEMBERED, Attempts


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_slips_are_free_and_guessing_is_not():
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(FREE):
        assert attempts.wait("a") == 0
        attempts.wrong("a")
    assert attempts.wait("a") == INTERVAL
    assert attempts.wait("b") == 0
    clock.seconds += INTERVAL - 1
    assert attempts.wait("a") == 1
    clock.seconds += 1
    assert attempts.wait("a") == 0
    attempts.wrong("a")
    assert attempts.wait("a") == INTERVAL
    clock.seconds += FREE * INTERVAL
    for _ in range(FREE):
        assert attempts.wait("a") == 0
        attempts.wrong("a")


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_no_more_than_so_many_in_a_time(pauses):
    clock = Clock()
    attempts = Attempts(clock)
    tried = 0
    for pause in pauses:
        clock.seconds += pause
        if attempts.wait("a") == 0:
            attempts.wrong("a")
            tried += 1
    assert tried <= FREE + (clock.seconds - 1000) / INTERVAL + 1e-6


def test_addresses_beyond_number_take_no_room_for_ever():
    clock = Clock()
    attempts = Attempts(clock)
    for number in range(REMEMBERED):
        attempts.wrong(f"old {number}")
    clock.seconds += INTERVAL
    for _ in range(FREE):
        attempts.wrong("new")
    assert len(attempts._paid_at) == 1
    assert attempts.wait("new") > 0
