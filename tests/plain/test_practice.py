"""The plain session: lines in, words out, at each pace."""

import json
import random
import re
from io import StringIO

import pytest
from tests.llm.fake_backend import FakeBackend

from alliance_sim.authoring.notices import load_notices
from alliance_sim.domain.events import ClientPlanned, Ending, TraineeSent
from alliance_sim.domain.transcript import Floor, Pace
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.plain.debrief import render
from alliance_sim.plain.lines import Line
from alliance_sim.plain.output import JsonOutput, TextOutput
from alliance_sim.plain.practice import PlainPractice
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.runtime.wording import Wording

RANDOM = random.Random(5)


class TypedLines:
    """Lines that come at set times of a clock that stands still until someone waits."""

    def __init__(self, clock, typed):
        self.clock = clock
        self.typed = [Line(text, at) for at, text in typed]
        self.end = None

    def read(self):
        if not self.typed:
            return Line(None, self.clock.monotonic())
        line = self.typed.pop(0)
        self.clock.seconds = max(self.clock.seconds, line.at)
        return line

    def wait(self, seconds):
        until = self.clock.seconds + seconds
        if self.typed and self.typed[0].at <= until:
            return self.read()
        self.clock.seconds = until
        return None

    def put_back(self, line):
        self.typed.insert(0, line)


def practise(library, store, clock, typed, *, pace=Pace.UNTIMED, json_lines=False, **more):
    """Run a session over typed lines: (session, stdout, stderr lines)."""
    session = LiveSession.begin(
        store, library.scenario("mandated"), Options(seed=3, pace=pace), clock, RANDOM
    )
    out, told = StringIO(), []
    lines = [(0.0, text) if isinstance(text, str) else text for text in typed]
    PlainPractice(
        session=session,
        lines=TypedLines(clock, lines),
        output=JsonOutput(out) if json_lines else TextOutput(out, render),
        narrate=told.append,
        notices=load_notices(),
        clock=clock,
        **more,
    ).run()
    return session, out.getvalue(), told


def test_the_end_of_the_input_is_a_planned_close(library, store, clock):
    session, out, _ = practise(library, store, clock, ["Come in, have a seat.", "How is work?"])
    assert session.ended.ending is Ending.PLANNED_CLOSE
    assert out.count(f"{session.scenario.client.name}: ") == 4


def test_blank_lines_are_no_replies(library, store, clock):
    session, _, _ = practise(library, store, clock, ["", "  ", "Come in."])
    assert [e.text for e in session.events if isinstance(e, TraineeSent)] == ["Come in."]


def test_a_command_in_a_pipe_is_a_reply(library, store, clock):
    session, _, _ = practise(library, store, clock, ["/stop"])
    assert [e.text for e in session.events if isinstance(e, TraineeSent)] == ["/stop"]


def test_input_after_the_end_is_ignored(library, store, clock):
    closing = "We have to stop here for today. I'll see you next week."
    session, _, _ = practise(library, store, clock, ["Hello.", closing, "One more thing?"])
    sent = [e.text for e in session.events if isinstance(e, TraineeSent)]
    assert sent == ["Hello.", closing]


def test_every_json_line_is_an_object_and_both_sides_words_are_there(library, store, clock):
    session, out, _ = practise(
        library, store, clock, ["Come in.", "How are you sleeping?"], json_lines=True
    )
    records = [json.loads(line) for line in out.splitlines()]
    kinds = [record["kind"] for record in records]
    assert kinds[0] == "opened"
    assert kinds[-1] == "ended"
    said = [(r["kind"], r["text"]) for r in records if r["kind"] in {"client", "therapist"}]
    transcript = [(str(u.speaker), u.text) for u in session.transcript().utterances]
    assert said == transcript
    clauses = [r["text"] for r in records if r["kind"] == "clause"]
    planned = [c.text for e in session.events if isinstance(e, ClientPlanned) for c in e.clauses]
    assert clauses == planned


def test_in_an_exam_json_does_not_tell_what_goes_on_inside(library, store, clock):
    scenario = library.scenario("mandated")
    options = Options(seed=3, exam=True)
    session = LiveSession.begin(store, scenario, options, clock, RANDOM)
    out = StringIO()
    PlainPractice(
        session=session,
        lines=TypedLines(clock, [(0.0, "Come in.")]),
        output=JsonOutput(out),
        narrate=lambda _: None,
        notices=load_notices(),
        clock=clock,
    ).run()
    kinds = {json.loads(line)["kind"] for line in out.getvalue().splitlines()}
    assert kinds == {"opened", "clause", "client", "therapist", "ended"}


def test_streamed_words_take_their_time_and_a_line_meanwhile_cuts_in(library, store, clock):
    typed = [(20.0, "Come in, have a seat."), (32.0, "Right, but whose idea was it to come?")]
    session, out, _ = practise(library, store, clock, typed, pace=Pace.STREAM)
    cut = [e for e in session.events if isinstance(e, TraineeSent)][1]
    assert cut.floor is Floor.TAKING
    assert cut.words_lost > 30
    assert " —\n" in out


def test_lines_that_were_typed_ahead_wait_for_the_client_to_finish(library, store, clock):
    session, _, _ = practise(
        library, store, clock, ["Come in.", "How are you sleeping?"], pace=Pace.STREAM
    )
    floors = [e.floor for e in session.events if isinstance(e, TraineeSent)]
    assert floors == [None, None]
    assert clock.monotonic() > 40


def test_paced_words_come_by_enter_and_words_before_the_end_cut_in(library, store, clock):
    scenario = library.scenario("mandated")
    session = LiveSession.begin(store, scenario, Options(seed=3, pace=Pace.PACED), clock, RANDOM)
    arrival = len(session.standing.memory.planned.clauses)
    typed = [""] * (arrival - 1) + ["Come in.", "", "", "Who told you to come here today?"]
    out = StringIO()
    PlainPractice(
        session=session,
        lines=TypedLines(clock, [(0.0, text) for text in typed]),
        output=TextOutput(out, render),
        narrate=lambda _: None,
        notices=load_notices(),
        clock=clock,
    ).run()
    sent = [e for e in session.events if isinstance(e, TraineeSent)]
    assert sent[0].floor is None
    assert sent[1].floor is Floor.TAKING


@pytest.mark.parametrize(("answer", "unscored"), [("no", False), ("yes", True), ("", True)])
def test_a_person_is_asked_about_her_own_safety(library, store, clock, answer, unscored):
    typed = ["Hello.", "Honestly I want to kill myself.", answer, "How are you sleeping?"]
    session, _, told = practise(library, store, clock, typed, interactive=True)
    assert session.standing.unscored is unscored
    assert any("988" in line for line in told) is unscored


def test_in_a_pipe_nobody_is_asked_and_scoring_stops(library, store, clock):
    typed = ["Hello.", "Honestly I want to kill myself.", "How are you sleeping?"]
    session, _, told = practise(library, store, clock, typed)
    assert session.standing.unscored
    assert len([e for e in session.events if isinstance(e, TraineeSent)]) == 3
    assert any("988" in line for line in told)


def test_a_person_can_stop_skip_pause_and_ask_for_a_hint(library, store, clock):
    typed = ["Hello.", "/hint", "/skip", "/pause", "", "/nonsense", "/stop"]
    session, _, told = practise(library, store, clock, typed, interactive=True)
    kinds = [event.type for event in session.events]
    assert session.ended.ending is Ending.STOPPED
    assert {"hint_shown", "skipped", "paused", "resumed"} <= set(kinds)
    assert any("/hint" in line for line in told)


def test_escape_sequences_and_brackets_are_only_text(library, store, clock):
    text = "\x1b[31mHello\x1b[0m [bold]there[/bold] \x1b]0;owned\x07"
    _, out, _ = practise(library, store, clock, [text], interactive=False)
    assert "\x1b" not in out
    assert "\x07" not in out


def records_of(out):
    return [json.loads(line) for line in out.splitlines()]


def test_coming_in_at_a_place_for_it_tells_the_rest_of_that_turn_and_nothing_of_the_next(
    library, store, clock
):
    """The client finishes first: JSON must name those clauses by their own turn."""
    scenario = library.scenario("mandated")
    session = LiveSession.begin(store, scenario, Options(seed=3, pace=Pace.PACED), clock, RANDOM)
    count = len(session.standing.memory.planned.clauses)
    typed = [""] * (count - 2) + ["Krause?", "", ""]
    out = StringIO()
    PlainPractice(
        session=session,
        lines=TypedLines(clock, [(0.0, text) for text in typed]),
        output=JsonOutput(out),
        narrate=lambda _: None,
        notices=load_notices(),
        clock=clock,
    ).run()
    told = {}
    for record in records_of(out.getvalue()):
        if record["kind"] == "clause":
            told.setdefault(record["turn"], []).append((record["index"], record["text"]))
    for planned in (e for e in session.events if isinstance(e, ClientPlanned)):
        shown = told.get(planned.turn, [])
        assert shown == [(i, clause.text) for i, clause in enumerate(planned.clauses)][: len(shown)]
    assert len(told[0]) == count


def test_skipping_while_the_client_speaks_tells_the_rest_first(library, store, clock):
    typed = [(0.5, "/skip"), (300.0, "/stop")]
    session, out, _ = practise(
        library, store, clock, typed, pace=Pace.STREAM, json_lines=True, interactive=True
    )
    told = [(r["turn"], r["text"]) for r in records_of(out) if r["kind"] == "client"]
    said = [(u.turn, u.text) for u in session.transcript().utterances]
    assert told == said


def test_stopping_while_the_client_speaks_ends_at_once(library, store, clock):
    session, out, _ = practise(
        library, store, clock, [(0.5, "/stop")], pace=Pace.STREAM, json_lines=True, interactive=True
    )
    records = records_of(out)
    assert session.ended.ending is Ending.STOPPED
    assert [r["kind"] for r in records][-2:] == ["client", "ended"]
    clauses = [r["text"] for r in records if r["kind"] == "clause"]
    assert " ".join(clauses) == records[-2]["text"]


def test_a_session_that_was_left_at_the_question_about_safety_asks_it_again(library, store, clock):
    scenario = library.scenario("mandated")
    session = LiveSession.begin(store, scenario, Options(seed=3), clock, RANDOM)
    session.send("I want to kill myself.")
    again = LiveSession.resume(store, session.id, scenario, clock)
    told = []
    PlainPractice(
        session=again,
        lines=TypedLines(clock, [(0.0, "no"), (0.0, "How is work?")]),
        output=TextOutput(StringIO(), render),
        narrate=told.append,
        notices=load_notices(),
        clock=clock,
        interactive=True,
    ).run()
    assert not again.standing.unscored
    assert any("about you" in line for line in told)
    assert any("I want to kill myself." in line for line in told)


@pytest.mark.parametrize("pace", list(Pace))
def test_the_input_may_end_at_any_moment(library, store, clock, pace):
    for count in range(6):
        typed = ["Hello.", "", "How is work?", "I want to kill myself.", "", "Bye."][:count]
        session, _, _ = practise(
            library, store, clock, typed, pace=pace, interactive=count % 2 == 1
        )
        assert session.ended.ending is Ending.PLANNED_CLOSE


# ---- a model's words --------------------------------------------------------------------------


def worded(library, store, clock, typed, *script, pace=Pace.STREAM, **more):
    """Run a session whose words come from a fake model: (session, stdout, stderr lines, model)."""
    backend = FakeBackend(*script)
    words = Wording(backend)
    chosen = Options(seed=3, pace=pace, voice="model")
    scenario = library.scenario("mandated")
    session = LiveSession.begin(store, scenario, chosen, clock, RANDOM, words)
    out, told = StringIO(), []
    try:
        PlainPractice(
            session=session,
            lines=TypedLines(clock, typed),
            output=TextOutput(out, render),
            narrate=told.append,
            notices=load_notices(),
            clock=clock,
            wording=words,
            **more,
        ).run()
    finally:
        words.close()
    return session, out.getvalue(), told, backend


def as_meant(request):
    """A model that says exactly what it was told to say."""
    found = re.search(r'what you have to say: (".*")$', request.messages[0].content, re.MULTILINE)
    return json.loads(found.group(1))


LONG = "I come in through the back, at half past five. Then I check the gauges, twice. Then I sit."
OPENED = [(20.0, "Come in, have a seat."), (120.0, "How is work?")]


def test_a_line_cuts_in_on_a_model_that_has_begun(library, store, clock):
    typed = [*OPENED, (122.5, "Right, but whose idea was it to come here to me today?")]
    session, out, _, backend = worded(library, store, clock, typed, LONG, "All right.", "Bye then.")
    cut = [event for event in session.events if isinstance(event, TraineeSent)][2]
    assert cut.floor is Floor.TAKING
    assert "Then I sit." not in out
    said = [m.content for m in backend.requests[1].messages if m.role == "assistant"]
    assert said[-1].endswith("—")


def test_a_model_that_fails_is_told_of_and_can_be_asked_again(library, store, clock):
    refused = ModelProblem("http://127.0.0.1:9/v1 refused the connection.", Fault.UNREACHABLE)
    typed = [*OPENED, (200.0, "And at home?"), (300.0, "And the visits?"), (400.0, "/retry-model")]
    typed += [(500.0, "How is that?")]
    script = [refused] * 3 + [as_meant] * 3
    session, _, told, backend = worded(library, store, clock, typed, *script, interactive=True)
    assert sum("authored words" in line for line in told) == 3
    assert any("/retry-model" in line for line in told)
    assert told.count("·\u00a0scripted") == 3
    assert len(backend.requests) > 3
    assert session.transcript().utterances[-1].voice == "model"


def test_paced_words_of_a_model_come_by_enter(library, store, clock):
    typed = [(0.0, "")] * 3 + [(0.0, "Come in.")] + [(0.0, "")] * 30
    typed += [(0.0, "How is work?"), (0.0, ""), (0.0, ""), (0.0, ""), (0.0, "")]
    session, _, told, _ = worded(
        library, store, clock, typed, LONG, "Thursday, then.", pace=Pace.PACED
    )
    assert LONG in [said.text for said in session.transcript().utterances]
    assert sum("has finished" in line for line in told) >= 3
