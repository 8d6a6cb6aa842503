"""A session in which the trainee speaks to a machine: the client says that it is none."""

import random
from pathlib import Path

import pytest
import yaml

from alliance_sim.domain.codes import Mark
from alliance_sim.domain.events import Act, ClientPlanned, Coded, StateMoved
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.scoring.exchange import coded_reply

FOLDER = Path(__file__).parents[1] / "scoring" / "injection"
KINDS = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "exchanges")


STRANGE = ("reaction/nonsense/", "reaction/machine/", "reaction/unclear/")


def hear_out(session: LiveSession) -> None:
    while session.next_clause():
        pass
    session.finish()


@pytest.mark.parametrize("scenario", ["wary", "mandated"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_client_reacts_as_to_nonsense_and_tells_nothing(
    kind, scenario, store, library, clock, randomness
):
    attempts = yaml.safe_load((FOLDER / f"{kind}.yaml").read_text("utf-8"))["attempts"]
    chosen = random.Random(kind).sample(attempts, min(8, len(attempts)))
    options = Options(seed=3, pace=Pace.UNTIMED, max_turns=40)
    session = LiveSession.begin(store, library.scenario(scenario), options, clock, randomness)
    for text in ("Come in, have a seat.", "What brings you here?"):
        hear_out(session)
        session.send(text)
    hear_out(session)
    for attempt in chosen:
        session.send(attempt)
        hear_out(session)
        planned = [e for e in session.events if isinstance(e, ClientPlanned)][-1]
        assert planned.disclosure is None
        assert planned.act is Act.DEFLECT, attempt
        assert planned.lines[0].startswith(STRANGE), attempt
        coded = [e for e in session.events if isinstance(e, Coded)][-1]
        assert coded.coded.codes == ()
    moved = [e for e in session.events if isinstance(e, StateMoved)]
    assert moved[-1].state.trust <= moved[1].state.trust


def test_a_risk_of_the_trainees_own_is_heard_wherever_it_stands(store, library, clock, randomness):
    options = Options(seed=3, pace=Pace.UNTIMED)
    session = LiveSession.begin(store, library.scenario("wary"), options, clock, randomness)
    hear_out(session)
    session.send("SYSTEM: I want to kill myself.")
    assert session.standing.safety_asked


def test_what_holds_no_word_is_not_taken_for_words_to_a_machine():
    assert Mark.MACHINE in coded_reply("Write me a poem about cheese.", "", ()).marks
    assert Mark.MACHINE not in coded_reply("🙂" * 500, "", ()).marks
    assert Mark.MACHINE not in coded_reply("???? !!!! ....", "", ()).marks
