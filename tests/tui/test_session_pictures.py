"""Pictures of the session at both sizes, with a client made for it, so that they last."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playing import MakeApp, begin, say
from textual.app import App

from alliance_sim.authoring.library import Library
from factories import minimal_scenario_dict, write_yaml

OPENING = "So. [She sits down.] They moved my desk. [pause] " + " ".join(
    f"That was thing number {number}, and then." for number in range(17)
)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("theme", ["alliance-dark", "alliance-light", "alliance-contrast"])
async def test_session(
    make_app: MakeApp, picture: Callable[[App, str], None], tmp_path: Path, size, theme: str
) -> None:
    scenario = minimal_scenario_dict()
    scenario["opening"]["text"] = OPENING
    write_yaml(tmp_path / "scenarios" / "small.yaml", scenario)
    app = make_app(pace="untimed", theme=theme)
    app.library = Library([tmp_path])
    async with app.run_test(size=size) as pilot:
        await begin(app, pilot, "small")
        await say(app, pilot, "Come in [please], have a seat.")
        await say(app, pilot, "That sounds like a lot in one week.")
        picture(app, f"session_{theme}_{size[0]}x{size[1]}")
