"""The full-screen way to rate: the program's app with the rating screen in place of the clients."""

import random
from collections.abc import Sequence
from pathlib import Path

from alliance_sim.authoring.library import Library
from alliance_sim.authoring.notices import load_notices
from alliance_sim.domain.rubric import Rubric
from alliance_sim.runtime.calibrating import Round
from alliance_sim.store.repository import Store
from alliance_sim.tui.app import AllianceApp
from alliance_sim.tui.screens.calibrate import CalibrateScreen


class CalibrationApp(AllianceApp):
    """Opens on the moments to rate, and ends with them."""

    def __init__(
        self,
        going: Round,
        rubrics: Sequence[Rubric],
        *,
        library: Library,
        store: Store,
        data: Path,
        locale: str | None = None,
    ) -> None:
        super().__init__(
            store=store,
            library=library,
            notices=load_notices(),
            clock=going.clock,
            randomness=random.Random(),  # noqa: S311 - nothing here is drawn
            data_folder=data,
            locale=locale,
        )
        self._going = going
        self._rubrics = {rubric.id: rubric for rubric in rubrics}

    def show_home(self) -> None:
        """The moments to rate."""
        self.push_screen(CalibrateScreen(self._going, self._rubrics), lambda _: self.exit())


def run_rating(
    going: Round,
    rubrics: Sequence[Rubric],
    *,
    library: Library,
    store: Store,
    data: Path,
    locale: str | None = None,
) -> None:
    """Run it until the rater leaves. Raises the problem that ended it, where one did."""
    app = CalibrationApp(going, rubrics, library=library, store=store, data=data, locale=locale)
    app.run()
    if app.problem:
        raise app.problem
