"""What a batch is scored with: gathered from one library, and read again by every worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from alliance_sim.authoring.files import read_text
from alliance_sim.authoring.library import Library
from alliance_sim.authoring.loader import rubric_of
from alliance_sim.authoring.yaml_source import MOST_BYTES
from alliance_sim.domain.batch import Batch, RubricText, ScenarioFacts, Terms
from alliance_sim.domain.rubric import Rubric
from alliance_sim.errors import InputProblem


def terms_from(
    library: Library, scenarios: Sequence[str], *, asked: Sequence[str] | None, again: bool
) -> Terms:
    """The terms of a batch over sessions that were held with these scenarios.

    `asked`: ids of rubrics; None: each session's own. Raises InputProblem where one of them, or a
    rubric in play, cannot be had. A scenario that the library lacks is left out: sessions held with
    it are scored by all rubrics, without their place in the course of therapy.
    """
    known = set(library.rubric_ids())
    facts = {}
    for name in set(scenarios) & set(library.scenario_ids()):
        scenario = library.scenario(name)
        own = tuple(rubric for rubric in scenario.rubrics if rubric in known)
        facts[name] = ScenarioFacts(session_number=scenario.setting.session_number, rubrics=own)
    wanted = set(asked or ()).union(*(fact.rubrics for fact in facts.values()))
    sound = {rubric.id for rubric in library.rubrics()}
    texts = [_text(library, name) for name in library.rubric_ids() if name in wanted | sound]
    missing = [name for name in asked or () if name not in known]
    if missing:
        library.rubric(missing[0])  # says what there is
    return Terms(
        asked=None if asked is None else tuple(dict.fromkeys(asked)),
        again=again,
        rubrics=tuple(texts),
        scenarios=facts,
    )


def _text(library: Library, rubric_id: str) -> RubricText:
    rubric = library.rubric(rubric_id)
    text = read_text(library.rubric_path(rubric_id), MOST_BYTES)
    return RubricText(id=rubric.id, version=rubric.version, yaml=text)


@dataclass(frozen=True)
class OpenBatch:
    """A batch whose rubrics are read when they are first wanted."""

    batch: Batch

    @cached_property
    def rubrics(self) -> dict[str, Rubric]:
        """By id. Raises InputProblem where this version of the program cannot read one."""
        read = {}
        for text in self.batch.terms.rubrics:
            try:
                read[text.id] = rubric_of(text.yaml, text.id)
            except InputProblem as problem:
                raise InputProblem(
                    f"batch {self.batch.id}: its rubric {text.id} {text.version} cannot be read "
                    f"by this version of the program; upgrade it here. {problem}"
                ) from problem
        return read
