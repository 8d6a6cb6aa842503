"""From the command line to what the full-screen program may ask of language models."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.cli.models import model_setup
from alliance_sim.cli.words import usage_told
from alliance_sim.errors import EndpointProblem

if TYPE_CHECKING:
    from alliance_sim.domain.events import Event
    from alliance_sim.llm.setup import ModelSetup
    from alliance_sim.runtime.wording import Wording


class ScreenModels:
    """Opens what is configured at the moment it is asked for. Implements `tui.models.Models`."""

    def __init__(self, gguf: Path | None = None) -> None:
        """gguf: a model file that the command line named."""
        self._gguf = gguf

    @cached_property
    def setup(self) -> "ModelSetup":
        """The settings, with what the command line gave on top."""
        return model_setup(gguf=self._gguf)

    def need_one(self) -> None:
        """Raise EndpointProblem where no model is configured, and what is wrong with settings."""
        if not self.setup.configured():
            raise EndpointProblem(
                "no model is configured: set OPENAI_BASE_URL and ALLIANCE_SIM_MODEL, give --gguf "
                "FILE, or press m in the full-screen program; --client scripted needs none"
            )

    def words(self, progress: Callable[[float], None], wake: Callable[[], None]) -> "Wording":
        """The configured model, ready to word a session; see `tui.models.Models`."""
        from alliance_sim.runtime.wording import Sampling, Wording

        backend = self.setup.open(progress)
        at = backend.endpoint
        return Wording(backend, Sampling(temperature=at.temperature, seed=at.seed), wake=wake)

    def usage(self, events: "Sequence[Event]") -> str | None:
        """What a model took to word a session, in a line; None where none did."""
        return usage_told(events)
