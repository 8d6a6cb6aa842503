import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_events import START

from alliance_sim.store.ids import ALPHABET, new_session_id


def test_an_id_tells_the_minute_and_is_reproducible():
    made = new_session_id(START, Random(3))
    assert re.fullmatch(rf"20261122-0815-[{ALPHABET}]{{6}}", made)
    assert new_session_id(START, Random(3)) == made
    assert new_session_id(START, Random(4)) != made


def test_the_time_is_utc_wherever_the_clock_stands():
    east = START.astimezone(timezone(timedelta(hours=9)))
    assert new_session_id(east, Random(3)) == new_session_id(START, Random(3))


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        new_session_id(datetime(2026, 11, 22, 8, 15), Random(3))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.randoms())
def test_ids_sort_by_time(first, later, random):
    early = new_session_id(START + timedelta(minutes=first), random)
    late = new_session_id(START + timedelta(minutes=first + later), random)
    assert early < late


def test_no_character_is_taken_for_another():
    assert not set(ALPHABET) & set("01ilo")
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_naming_a_session_needs_no_database():
    program = (
        "import sys, alliance_sim.store.ids, alliance_sim.store.summary; "
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
