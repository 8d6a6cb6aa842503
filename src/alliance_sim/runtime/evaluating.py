"""The coder and the scorer against human labels: what was said of each reply, and the figures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from alliance_sim.authoring.datasets import Labelled
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Speaker, Transcript
from alliance_sim.runtime.evaluating_cases import Case, Kind, Table, cases_of
from alliance_sim.runtime.evaluating_figures import (
    Finding,
    Options,
    code_finding,
    level_finding,
    rating_finding,
    session_finding,
)
from alliance_sim.scoring.agreement.measures import Measures
from alliance_sim.scoring.rules import score

_BARE_KEPT = frozenset("'’")


@dataclass(frozen=True)
class SetReport:
    """What was found on one set."""

    name: str
    conversations: int
    replies: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Evaluation:
    """What was found on all sets, and how."""

    scorer: str
    sets: tuple[SetReport, ...]
    notes: tuple[str, ...] = ()
    options: dict[str, object] = field(default_factory=dict)


def bare(text: str) -> str:
    """The words as automatic captions have them: small letters, no marks."""
    kept = (c if c.isalnum() or c in _BARE_KEPT else " " for c in text.lower())
    return " ".join("".join(kept).split())


def prepared(item: Labelled, *, strip: bool = False, first: int | None = None) -> Labelled:
    """An item with its words stripped of marks and capitals, or only its first utterances."""
    said = item.transcript.utterances
    if first is not None:
        said = said[:first]
    if strip:
        said = tuple(u.model_copy(update={"text": bare(u.text)}) for u in said)
    transcript = item.transcript.model_copy(update={"utterances": said})
    turns = {utterance.turn for utterance in said}
    labels = {turn: found for turn, found in item.labels.items() if turn in turns}
    return replace(item, transcript=transcript, labels=labels)


def needed(item: Labelled, plan: Measures, rubrics: Sequence[Rubric]) -> Sequence[Rubric]:
    """The rubrics that an item's labels are compared with; none where only codes are labelled."""
    columns = {column for labels in item.labels.values() for column in labels} | set(item.about)
    if columns & {session.column for session in plan.sessions.values()}:
        return rubrics
    wanted = {source.rubric for source in plan.ratings.dimensions.values()}
    found = wanted if "ratings" in columns else set[str]()
    found |= {rank.rubric for rank in plan.ranks.values() if rank.column in columns}
    found |= {cue.rubric for cue in plan.cues.values() if cue.column in columns}
    for prefix in (plan.prefixes.level, plan.prefixes.score):
        found |= {name.removeprefix(prefix) for name in columns if name.startswith(prefix)}
    return [rubric for rubric in rubrics if rubric.id in found]


def offline(
    items: Sequence[Labelled],
    plan: Measures,
    rubrics: Sequence[Rubric],
    progress: Callable[[int], None] = lambda _done: None,
) -> Iterator[tuple[Labelled, Scorecard]]:
    """Every item with the offline scorer's card; `progress` is told how many are done."""
    for done, item in enumerate(items, start=1):
        yield item, score(item.transcript, needed(item, plan, rubrics))
        progress(done)


def evaluate(
    scored: Iterable[tuple[Labelled, Scorecard]],
    plan: Measures,
    options: Options,
    scorer: str = "offline",
) -> Evaluation:
    """The figures of every measure that a set has labels for, by set, in the order of the sets.

    Raises ValueError where a measure has no line for a reply.
    """
    tables: dict[str, Table] = {}
    sizes: dict[str, list[int]] = {}
    for item, card in scored:
        size = sizes.setdefault(item.source, [0, 0])
        size[0] += 1
        size[1] += _replies(item.transcript)
        table = tables.setdefault(item.source, {})
        for measure, case in cases_of(item, card, plan):
            table.setdefault(measure, []).append(case)
    sets = [
        SetReport(name, sizes[name][0], sizes[name][1], _findings(table, options))
        for name, table in tables.items()
    ]
    return Evaluation(scorer=scorer, sets=tuple(sets))


_FIGURES: dict[Kind, Callable[..., Finding]] = {
    Kind.CODES: code_finding,
    Kind.LEVELS: level_finding,
    Kind.RATINGS: rating_finding,
    Kind.SESSIONS: session_finding,
}


def _findings(table: Table, options: Options) -> tuple[Finding, ...]:
    return tuple(
        _FIGURES[measure.kind](measure, cases, options)
        for measure, cases in table.items()
        if _measurable(cases)
    )


def _measurable(cases: Sequence[Case]) -> bool:
    """A measure of which every label is the same tells nothing."""
    return len({case.truth for case in cases}) > 1


def _replies(transcript: Transcript) -> int:
    return sum(1 for said in transcript.utterances if said.speaker is Speaker.THERAPIST)
