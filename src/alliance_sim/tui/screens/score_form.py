"""A form about one of the scores of a session."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widgets import Select

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.reporting.narrative import Titles, title_of
from alliance_sim.tui.screens.form import FormScreen, Kept

if TYPE_CHECKING:
    from alliance_sim.tui.app import AllianceApp


class ScoreForm(FormScreen[Kept]):
    """Asks which rubric, and what else the form is for. `card` has one score at least."""

    def __init__(self, session_id: str, card: Scorecard, titles: Titles) -> None:
        super().__init__()
        self.session_id = session_id
        self._choices = [(_choice(score, titles), score.rubric) for score in card.rubrics]

    @classmethod
    def ask(
        cls,
        app: "AllianceApp",
        session_id: str,
        card: Scorecard,
        titles: Titles,
        done: Callable[[], object],
    ) -> None:
        """Open the form where there are scores, and call `done` when it has been kept."""

        def closed(kept: Kept | None) -> None:
            if kept is not None:
                done()

        if card.rubrics:
            app.push_screen(cls(session_id, card, titles), closed)

    def rubrics(self) -> Select[str]:
        """The choice of a rubric."""
        first = self._choices[0][1]
        return Select(self._choices, value=first, allow_blank=False, compact=True)

    @property
    def rubric(self) -> str:
        """The id of the rubric that is chosen."""
        return str(self.query_one(Select).value)


def _choice(score: RubricScore, titles: Titles) -> str:
    shown = "not observed" if score.score is None else f"{score.score:.1f}"
    return printable(f"{title_of(score.rubric, titles)}: {shown}", lines=False)
