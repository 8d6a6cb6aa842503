"""`evaluate`: the coder and the scorer against human labels."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli.progress import progress
from alliance_sim.cli.wiring import narrate, open_library
from alliance_sim.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from alliance_sim.authoring.datasets import Dataset, Labelled
    from alliance_sim.domain.rubric import Rubric
    from alliance_sim.domain.scorecard import Scorecard
    from alliance_sim.runtime.evaluating import Evaluation

    Scored = list[tuple[Labelled, Scorecard]]


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


class Scorer(StrEnum):
    OFFLINE = "offline"
    JUDGE = "judge"


def evaluate(
    dataset: Annotated[Path, typer.Argument(help="A labelled file, or a folder of them.")],
    scorer: Annotated[Scorer, typer.Option(help="Who scores.")] = Scorer.OFFLINE,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The report as a page too, with reliability plots."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="At most so many conversations of each set, drawn by chance."),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option(min=1, help="Only the first so many utterances of each conversation."),
    ] = None,
    bare: Annotated[
        bool, typer.Option("--bare", help="Without punctuation and capitals, like captions.")
    ] = False,
    hide_text: Annotated[
        bool, typer.Option("--hide-text", help="No words of the set in the report.")
    ] = False,
    mistakes: Annotated[int, typer.Option(min=0, help="Worst mistakes a decision.")] = 5,
    resamples: Annotated[int, typer.Option(min=100, help="Draws for the intervals.")] = 1000,
    seed: Annotated[int, typer.Option(help="Of the draws.")] = 0,
    concurrency: Annotated[
        int, typer.Option(min=1, help="With --scorer judge: requests under way at a time.")
    ] = 4,
) -> None:
    """Measure the coder and the scorer against human labels."""
    from dataclasses import replace

    from alliance_sim.authoring.datasets import read_dataset
    from alliance_sim.runtime.evaluating import evaluate as figures_of
    from alliance_sim.runtime.evaluating import prepared
    from alliance_sim.runtime.evaluating_figures import Options
    from alliance_sim.scoring.agreement.measures import measures

    read = read_dataset(dataset)
    items = [prepared(item, strip=bare, first=first) for item in _drawn(read, limit, seed)]
    rubrics = list(open_library().rubrics())
    scored, notes = _scored(items, rubrics, scorer, concurrency)
    options = Options(seed=seed, resamples=resamples, mistakes=mistakes)
    made = figures_of(scored, measures(), options, scorer=str(scorer))
    asked: dict[str, object] = {"limit": limit, "first": first, "bare": bare}
    asked |= {"seed": seed, "resamples": resamples}
    made = replace(made, notes=(*read.notes, *notes), options=asked)
    _tell(made, format_, html, hide_text=hide_text)


def _drawn(read: "Dataset", limit: int | None, seed: int) -> "list[Labelled]":
    """At most `limit` items of each set, in their order."""
    import random

    if limit is None:
        return read.items
    chosen: list[Labelled] = []
    for source in dict.fromkeys(item.source for item in read.items):
        mine = [item for item in read.items if item.source == source]
        picked = random.Random(seed).sample(range(len(mine)), min(limit, len(mine)))  # noqa: S311
        chosen += [mine[place] for place in sorted(picked)]
    return chosen


def _scored(
    items: "list[Labelled]", rubrics: "list[Rubric]", scorer: Scorer, concurrency: int
) -> "tuple[Scored, list[str]]":
    from alliance_sim.runtime.evaluating import offline
    from alliance_sim.scoring.agreement.measures import measures

    if scorer is Scorer.JUDGE:
        return _judged(items, rubrics, concurrency)
    with progress("scoring", len(items)) as told:
        return list(offline(items, measures(), rubrics, told)), []


def _judged(
    items: "list[Labelled]", rubrics: "list[Rubric]", concurrency: int
) -> "tuple[Scored, list[str]]":
    import asyncio
    import random

    from alliance_sim.cli.models import open_backend
    from alliance_sim.runtime.evaluating import needed
    from alliance_sim.runtime.evaluating_judge import with_judge
    from alliance_sim.scoring.agreement.measures import measures
    from alliance_sim.scoring.judge import Judge

    labelled = [found for item in items if (found := needed(item, measures(), rubrics))]
    wanted = {rubric.id for found in labelled for rubric in found}
    if not labelled:
        raise UsageProblem("--scorer judge: no label in it is about scores; codes need no judge")
    backend = open_backend()

    async def ask() -> "tuple[Scored, int]":
        asked = [rubric for rubric in rubrics if rubric.id in wanted]
        judge = Judge(asked, backend, random.SystemRandom())
        try:
            with progress("judging", len(labelled)) as told:
                return await with_judge(items, measures(), rubrics, judge, concurrency, told)
        finally:
            await backend.close()

    scored, failed = asyncio.run(ask())
    return scored, [f"{failed} transcript(s) could not be judged"] if failed else []


def _tell(made: "Evaluation", format_: Format, html: Path | None, *, hide_text: bool) -> None:
    import json

    from alliance_sim.reporting.agreement_text import as_data, evaluation_text

    if html is not None:
        from alliance_sim.reporting.agreement_page import write_evaluation

        try:
            write_evaluation(made, html, hide_text=hide_text)
        except OSError as problem:
            raise UsageProblem(f"--html {html}: cannot be written ({problem.strerror})") from None
        narrate(f"the page is in {html}")
    if format_ is Format.JSON:
        data = as_data(made, hide_text=hide_text)
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(evaluation_text(made, hide_text=hide_text))
    if not any(report.findings for report in made.sets):
        raise InputProblem("no label in it is one that can be compared; see docs/agreement.md")
