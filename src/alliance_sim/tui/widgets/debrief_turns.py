"""Turn by turn: every reply with what it was, what it did, and what else could have been said."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from alliance_sim.reporting import narrative
from alliance_sim.reporting.narrative import Titles
from alliance_sim.runtime.debrief import Debrief, TurnReview, effect_words
from alliance_sim.tui.widgets.debrief_text import (
    MUTED,
    Heading,
    Prose,
    bar,
    ending_of,
    heard,
    in_lines,
    joined,
    plain,
    quoted,
)

PARTS = {
    "client": "",
    "said": "",
    "did": "What you did",
    "effect": "What it did",
    "levels": "How it stands",
    "instead": "Instead, perhaps",
}
"""Parts of a turn and their headings, in order."""

TITLE, BAR = 26, 8
"""Cells of a rubric's title, and of the bar of its level."""

KEY = "+ closer − away ! look again"
"""What the signs in the list mean."""


class TurnsPane(Horizontal):
    """The list of turns, and the one that is looked at."""

    DEFAULT_CSS = """
    TurnsPane > Vertical { width: 30; margin: 1 0 0 0; }
    TurnsPane > Vertical > Static { color: $foreground-muted; padding: 0 1; margin: 0 0 1 0; }
    TurnsPane OptionList {
        height: 1fr;
        border: none;
        border-right: solid $panel;
        background: $background;
        padding: 0;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    TurnsPane > VerticalScroll {
        width: 1fr;
        padding: 0 2 0 1;
        scrollbar-size-vertical: 1;
    }
    TurnsPane OptionList:focus {
        border: none;
        border-right: solid $accent;
        background: $background;
        background-tint: $background 0%;
    }
    """

    def __init__(self, debrief: Debrief, titles: Titles) -> None:
        super().__init__()
        self._debrief = debrief
        self._titles = titles
        self._client_name = narrative.name_of(debrief)

    def compose(self) -> ComposeResult:
        reviews = self._debrief.reviews
        with Vertical():
            yield Static(KEY, markup=False)
            yield OptionList(*(Option(_entry(review)) for review in reviews), markup=False)
        with VerticalScroll():
            for part, title in PARTS.items():
                if title:
                    heading = Heading(title)
                    heading.id = f"heading-{part}"
                    yield heading
                prose = Prose("", classes="apart" if not title else None)
                prose.id = f"part-{part}"
                yield prose

    def on_mount(self) -> None:
        turns = self.query_one(OptionList)
        if turns.option_count:
            turns.highlighted = 0
        else:
            self._show(None)

    def focus_turns(self) -> None:
        """Put the cursor on the list."""
        self.query_one(OptionList).focus()

    @property
    def review(self) -> TurnReview | None:
        """The turn that is looked at; None where nothing was said."""
        at = self.query_one(OptionList).highlighted
        return None if at is None else self._debrief.reviews[at]

    def go_to_weak(self, direction: int) -> bool:
        """Go to the next (1) or previous (-1) turn worth looking at again; False: there is none."""
        turns = self.query_one(OptionList)
        here = -1 if turns.highlighted is None else turns.highlighted
        steps = range(
            here + direction, len(self._debrief.reviews) if direction > 0 else -1, direction
        )
        found = next((i for i in steps if narrative.is_weak(self._debrief.reviews[i])), None)
        if found is None:
            return False
        turns.highlighted = found
        return True

    def scroll_detail(self, lines: int) -> None:
        """Scroll what is told of the turn."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._show(self._debrief.reviews[event.option_index])
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _show(self, review: TurnReview | None) -> None:
        parts = self._parts(review) if review else {"client": plain("You said nothing.")}
        for part, title in PARTS.items():
            content = parts.get(part, Content(""))
            self.query_one(f"#part-{part}", Prose).say(content)
            if title:
                self.query_one(f"#heading-{part}", Heading).display = bool(content.plain)

    def _parts(self, review: TurnReview) -> dict[str, Content]:
        name = self._client_name
        said = joined((f"You, turn {review.turn}: ", MUTED), quoted(review.said, "bold"))
        return {
            "client": _client(name, review.client_before),
            "said": said,
            "did": _did(review, name),
            "effect": _effect(review, name),
            "levels": _levels(review, self._titles),
            "instead": _instead(review, self._titles),
        }


def _entry(review: TurnReview) -> Content:
    weak = "!" if narrative.is_weak(review) else " "
    head = f"{review.turn:>3} {narrative.sign(review)} {weak} "
    return joined((head, "bold" if weak == "!" else ""), plain(review.said))


def _client(name: str, before: str) -> Content:
    return joined((f"{name}: ", MUTED), heard(ending_of(before))) if before else Content("")


def _did(review: TurnReview, name: str) -> Content:
    lines: list[Content | str] = []
    for code, words in narrative.code_words(review):
        lines.append(joined(code, ("  ", ""), quoted(words, MUTED)) if words else code)
    floor = narrative.floor_sentence(review, name)
    if floor:
        lines.append(plain(floor))
    return in_lines(*lines)


def _effect(review: TurnReview, name: str) -> Content:
    lines: list[Content | str] = [plain(narrative.moved_sentence(review, name))]
    words = effect_words(review.deltas)
    if words:
        lines.append(plain(" · ".join(words), MUTED))
    rupture = narrative.rupture_sentence(review)
    if rupture:
        lines.append(plain(rupture, "bold"))
    return in_lines(*lines)


def _levels(review: TurnReview, titles: Titles) -> Content:
    lines = [
        joined(f"{title[:TITLE]:<{TITLE}} {level:.1f}  ", bar(level, BAR))
        for title, level in narrative.levels(review, titles)
    ]
    return in_lines(*lines)


def _instead(review: TurnReview, titles: Titles) -> Content:
    blocks: list[Content | str] = []
    for instead in review.instead:
        if blocks:
            blocks.append("")
        blocks.append(quoted(instead.reply))
        title = narrative.title_of(instead.rubric, titles)
        blocks.append(joined(plain(title, MUTED), (": ", MUTED), plain(instead.why, MUTED)))
    return in_lines(*blocks)
