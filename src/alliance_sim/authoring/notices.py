"""What the program says outside the role: notices, crisis resources, grounding. Editable."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from alliance_sim.errors import InputProblem


class Notices(BaseModel):
    """The notices file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_run: tuple[str, ...]
    safety_question: str
    safety_said_no: str
    safety_said_yes: str
    safety_no_answer: str
    resources: dict[str, tuple[str, ...]]
    grounding: tuple[str, ...]
    first_run_served: tuple[str, ...] = ()
    """Said as well where the program is shown in a browser."""

    def resources_for(self, locale: str | None) -> Sequence[str]:
        """Crisis resources for a locale such as `en_GB.UTF-8`; the default where none fits."""
        for key, lines in self.resources.items():
            if locale and locale.startswith(key):
                return lines
        return self.resources["default"]


def load_notices(user_data: Path | None = None) -> Notices:
    """The user's own notices file where there is one, else the one that ships.

    Raises InputProblem where the user's file cannot be read.
    """
    own = user_data / "notices.yaml" if user_data else None
    if own is None or not own.is_file():
        text = files("alliance_sim.authoring").joinpath("notices.yaml").read_text("utf-8")
        return Notices.model_validate(yaml.safe_load(text))
    try:
        return Notices.model_validate(yaml.safe_load(own.read_text("utf-8")))
    except (OSError, ValueError, yaml.YAMLError, ValidationError) as problem:
        first = str(problem).splitlines()[0]
        raise InputProblem(
            f"{own}:1:1: not a notices file ({first}); mend it, or move it away to use ours"
        ) from problem
