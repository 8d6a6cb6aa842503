"""From events to turns, and how things are said; no screen needed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.events import (
    Act,
    ClauseShown,
    ClientFinished,
    ClientPlanned,
    Skipped,
    TraineeSent,
)
from alliance_sim.domain.names import called
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import Openness
from alliance_sim.domain.transcript import Floor, Speaker
from alliance_sim.tui.presenter import LONG_PAUSE, SHORT_PAUSE, Manner, Script, spoken_piece
from alliance_sim.tui.widgets.alliance import BAR, inside, sparkline, trend
from alliance_sim.tui.wording import counted, day, difficulty_words, grade_word, minutes

LINE = "No. [He looks away.] I mean... [pause] not really, no."


def planned(turn: int, text: str = LINE) -> ClientPlanned:
    return ClientPlanned(
        turn=turn, act=Act.ANSWER, openness=Openness.GUARDED, clauses=clauses(text)
    )


def spoken(turn: int, count: int, text: str = LINE) -> list:
    return [planned(turn, text), *(ClauseShown(turn=turn, index=i) for i in range(count))]


class TestScript:
    def test_pieces_have_their_manner(self) -> None:
        script = Script()
        script.catch_up(tuple(spoken(0, 5)))
        manners = [piece.manner for piece in script.turns[0].pieces]
        assert Manner.DIRECTION in manners
        assert Manner.PAUSE in manners
        assert script.turns[0].plain() == LINE

    def test_a_cut_changes_the_turn_that_was_cut(self) -> None:
        script = Script()
        events = spoken(0, 2)
        script.catch_up(tuple(events))
        events.append(TraineeSent(turn=1, text="But why?", floor=Floor.TAKING, words_lost=5))
        changed = script.catch_up(tuple(events))
        assert [turn.number for turn in changed] == [0, 1]
        assert script.turns[0].plain().endswith("— (you cut in; 5 words were not said)")

    def test_a_backchannel_stands_where_it_came(self) -> None:
        script = Script()
        events = spoken(0, 1)
        events.append(TraineeSent(turn=1, text="mm-hm", floor=Floor.BACKCHANNEL))
        events.append(ClauseShown(turn=0, index=1))
        changed = script.catch_up(tuple(events))
        assert [turn.number for turn in changed] == [0]
        assert script.turns[0].plain() == "No. (you: mm-hm) [He looks away.]"

    def test_a_skip_is_noted(self) -> None:
        script = Script()
        script.catch_up((*spoken(0, 1, "Yes."), ClientFinished(turn=0), Skipped(turn=1)))
        assert script.turns[0].plain() == "Yes. (you let it pass)"

    def test_nothing_new_changes_nothing(self) -> None:
        script = Script()
        events = tuple(spoken(0, 2))
        script.catch_up(events)
        assert script.catch_up(events) == ()

    @given(st.lists(st.integers(1, 4), max_size=6), st.data())
    def test_all_at_once_or_bit_by_bit_is_the_same(self, heard: list[int], data) -> None:
        events: list = []
        for number, count in enumerate(heard):
            events += spoken(2 * number, count)
            events.append(TraineeSent(turn=2 * number + 1, text=f"reply {number}"))
        whole, parts = Script(), Script()
        whole.catch_up(tuple(events))
        cut = data.draw(st.integers(0, len(events)))
        parts.catch_up(tuple(events[:cut]))
        parts.catch_up(tuple(events))
        assert whole.turns == parts.turns
        assert [turn.number for turn in whole.turns] == list(range(2 * len(heard)))

    def test_escapes_never_get_through(self) -> None:
        script = Script()
        sent = TraineeSent(turn=1, text="a \x1b[31mred\x1b]0;x\x07 [word]\x9b5n")
        script.catch_up((*spoken(0, 1), sent))
        text = script.turns[1].plain()
        assert text.startswith("a red [word]")
        assert not set(text) & {"\x1b", "\x07", "\x9b"}

    def test_text_names_who_speaks(self) -> None:
        script = Script()
        script.catch_up((*spoken(0, 1, "Yes."), TraineeSent(turn=1, text="Go on.")))
        assert script.text("Dee") == "Dee: Yes.\n\nYou: Go on."
        assert script.last_client is script.turns[0]
        assert script.last_client.speaker is Speaker.CLIENT


@pytest.mark.parametrize(
    ("text", "shown"),
    [("[pause]", SHORT_PAUSE), ("[Long pause]", LONG_PAUSE), ("[He nods.]", "[He nods.]")],
)
def test_pauses_are_dots_and_directions_keep_brackets(text: str, shown: str) -> None:
    assert spoken_piece(text).text == shown


class TestWording:
    @pytest.mark.parametrize(
        ("name", "short"),
        [
            ('Odile "Dee" Marchetti-Brown', "Dee"),
            ("Wendell Krause", "Wendell"),
            ("Mrs. Adele Nkemelu", "Adele"),
            ("Dr.", "Dr."),
        ],
    )
    def test_called(self, name: str, short: str) -> None:
        assert called(name) == short

    def test_small_words(self) -> None:
        now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        assert day(now, now) == "today"
        assert day(now - timedelta(days=1), now) == "yesterday"
        assert day(now - timedelta(days=10), now) == "20 February"
        assert day(now - timedelta(days=400), now).endswith("2025")
        assert minutes(724.9) == "12:04"
        assert (counted(1, "turn"), counted(2, "turn")) == ("1 turn", "2 turns")
        assert difficulty_words(4) == "●●●●○ hard"
        assert [grade_word(each) for each in (2.4, 2.5, 3.0)] == ["below fair", "fair", "good"]

    def test_the_alliance_in_words(self) -> None:
        words = [trend(each) for each in (3, 1, 0, -1, -3)]
        assert words == ["warmer", "a little warmer", "as it was", "a little cooler", "cooler"]
        assert inside(80, (30, 70)).startswith("above")
        assert inside(50, (30, 70)) == "inside the window"
        assert sparkline([0, 50, 100]) == "▁▅█"
        assert len(sparkline([50.0] * 100)) == BAR
