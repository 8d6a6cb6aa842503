"""From the command line to a language model: its settings, and the model itself."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.cli.wiring import APP

if TYPE_CHECKING:
    from alliance_sim.llm.port import Backend
    from alliance_sim.llm.prices import Prices
    from alliance_sim.llm.settings import Places
    from alliance_sim.llm.setup import ModelSetup


def config_file() -> Path:
    """The configuration file: `ALLIANCE_SIM_CONFIG`, else one in the user's own folder for such."""
    from platformdirs import user_config_path

    named = os.environ.get("ALLIANCE_SIM_CONFIG")
    return Path(named) if named else user_config_path(APP, appauthor=False) / "config.toml"


def model_setup(
    *, gguf: Path | None = None, base_url: str | None = None, model: str | None = None
) -> "ModelSetup":
    """The settings of the model, with what the command line gave on top."""
    from alliance_sim.llm.setup import ModelSetup

    options = {
        "gguf": None if gguf is None else str(gguf),
        "base_url": base_url,
        "model": model,
    }
    return ModelSetup(_places(), options)


def open_backend(
    *, gguf: Path | None = None, base_url: str | None = None, model: str | None = None
) -> "Backend":
    """The model that is configured; close it after use. A model file loads behind a progress bar.

    Raises EndpointProblem where nothing is configured, and whatever is wrong with what is.
    """
    setup = model_setup(gguf=gguf, base_url=base_url, model=model)
    with loading() as progress:
        return setup.open(progress)


def prices() -> "Prices":
    """The user's table of prices, which stands beside the configuration, else the one that ships.

    Raises InputProblem for a table that cannot be read.
    """
    from alliance_sim.llm.prices import load_prices

    return load_prices(config_file().parent)


@contextmanager
def loading() -> Iterator[Callable[[float], None]]:
    """A progress bar on stderr while a model loads, where stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("loading the model"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = None

        def show(share: float) -> None:
            nonlocal task
            if task is None:
                task = bar.add_task("", total=1.0)
            bar.update(task, completed=share)

        yield show


def _places() -> "Places":
    from alliance_sim.llm.settings import Places

    return Places(dict(os.environ), Path.cwd() / ".env", config_file())
