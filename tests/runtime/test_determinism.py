"""The same seed is the same client in every process, whatever the order of sets in it."""

import os
import subprocess
import sys
from pathlib import Path

PLAY = """
import random
from memory_store import MemoryStore
from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.runtime.session import LiveSession, Options

REPLIES = (
    "Come in. What you say stays here, except if someone is in danger.",
    "No wonder you are careful. What was it like, and who else knows?",
    "You should try harder. You always make excuses.",
    "I'm sorry, I pushed too fast. What was that like for you?",
    "You decide what we talk about. How are you sleeping?",
)
scenario = Library([shipped_root()]).scenario("trauma")
options = Options(seed=5)
session = LiveSession.begin(MemoryStore(), scenario, options, SystemClock(), random.Random(1))
for reply in REPLIES * 3:
    while session.next_clause():
        pass
    session.finish()
    if session.ended:
        break
    session.send(reply)
for said in session.transcript().utterances:
    print(said.turn, said.text)
for event in session.events:
    if event.type == "state_moved":
        print(event.moves, event.deltas, event.gates)
"""


def held(hash_seed: str) -> str:
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": str(Path(__file__).parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", PLAY], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_order_of_sets_is_not_heard():
    first = held("1")
    assert len(first.splitlines()) > 20
    assert first == held("77")
