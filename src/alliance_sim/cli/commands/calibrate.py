"""`calibrate rate|report|refit|export|import`: the scorer beside an instructor's own ratings."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import data_folder, narrate, open_library, open_store
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.authoring.library import Library
    from alliance_sim.domain.rubric import Rubric
    from alliance_sim.domain.scorecard import Scorecard
    from alliance_sim.domain.transcript import Transcript
    from alliance_sim.runtime.calibrating import Moment, Round
    from alliance_sim.store.repository import Store

app = typer.Typer(
    help="Agreement of the scorer with an instructor's own ratings.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


Sources = Annotated[
    list[Path] | None,
    typer.Argument(help="Transcript files, or folders of them.", metavar="[TRANSCRIPTS]..."),
]
Stored = Annotated[
    bool, typer.Option("--stored", help="The store's own ended sessions too. Ask their trainees.")
]
Rubrics = Annotated[
    list[str] | None,
    typer.Option("--rubric", help="Only this rubric; may be given again.", metavar="ID"),
]
Seed = Annotated[int, typer.Option(help="The same seed draws the same moments for every rater.")]
HideText = Annotated[bool, typer.Option("--hide-text", help="No words in the report.")]


@app.command()
def rate(
    rater: Annotated[str, typer.Option("--rater", help="Your id, not your name.")],
    sources: Sources = None,
    stored: Stored = False,
    rubric: Rubrics = None,
    replies: Annotated[int, typer.Option(min=0, help="Replies a rubric.")] = 12,
    sessions: Annotated[int, typer.Option(min=0, help="Sessions a rubric.")] = 4,
    seed: Seed = 0,
    plain: options.Plain = False,
    store: options.Store = None,
) -> None:
    """Rate replies and sessions without seeing the program's scores, in random order."""
    from alliance_sim.runtime.calibrating import Round, drawn
    from alliance_sim.runtime.clock import SystemClock

    library = open_library()
    rubrics = _rubrics(library, rubric)
    with open_store(store) as opened:
        found = _moments(opened, library, rubrics, sources, stored=stored)
        chosen = drawn(found, replies=replies, sessions=sessions, seed=seed)
        if not chosen:
            raise UsageProblem("nothing to rate: the program observes these rubrics nowhere there")
        going = Round.begin(rater, chosen, opened, SystemClock(), seed)
        if plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
            _rate_plain(going, rubrics)
        else:
            _rate_full_screen(going, rubrics, library, opened)


def _rate_plain(going: "Round", rubrics: "list[Rubric]") -> None:
    from alliance_sim.plain.calibrating import rate_in_lines

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    rate_in_lines(going, {rubric.id: rubric for rubric in rubrics}, sys.stdin, say)


def _rate_full_screen(
    going: "Round", rubrics: "list[Rubric]", library: "Library", opened: "Store"
) -> None:
    from alliance_sim.cli.wiring import locale
    from alliance_sim.tui.calibration import run_rating

    run_rating(going, rubrics, library=library, store=opened, data=data_folder(), locale=locale())
    narrate(f"{going.done} of {len(going.moments)} rated")


@app.command()
def report(
    sources: Sources = None,
    stored: Stored = False,
    rubric: Rubrics = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    hide_text: HideText = False,
    resamples: Annotated[int, typer.Option(min=100, help="Draws for the intervals.")] = 1000,
    seed: Seed = 0,
    store: options.Store = None,
) -> None:
    """How far the program and the raters agree, and where the program errs."""
    import json

    from alliance_sim.reporting.agreement_ratings import ratings_text
    from alliance_sim.reporting.agreement_text import as_data
    from alliance_sim.runtime.calibrating_report import agreement, notes_of, pairs_of

    library = open_library()
    rubrics = _rubrics(library, rubric)
    with open_store(store) as opened:
        found = _moments(opened, library, rubrics, sources, stored=stored)
        ratings = opened.ratings()
    pairs, strangers = pairs_of(found, ratings)
    notes = notes_of(ratings)
    made = agreement(pairs, rubrics, notes, seed=seed, resamples=resamples)
    if format_ is Format.JSON:
        data = {"ratings_of_other_words": strangers, "rubrics": as_data(made)}
        if hide_text:
            _without_words(data["rubrics"])
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        return
    titles = {each.id: each.title for each in rubrics}
    sys.stdout.write(ratings_text(made, titles, strangers=strangers, hide_text=hide_text))


def _without_words(rubrics: list[dict[str, list[dict[str, object]]]]) -> None:
    for rubric in rubrics:
        for worst in rubric["worst"]:
            for name in ("before", "reply", "notes"):
                worst.pop(name, None)


@app.command()
def refit(
    rubric: Annotated[str, typer.Argument(help="The rubric whose levels are fitted.")],
    sources: Sources = None,
    stored: Stored = False,
    whole: Annotated[
        bool, typer.Option("--sessions", help="Fit the scores of sessions, not of replies.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write it, if it is better.")] = False,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The pack to write into (else the data folder)."),
    ] = None,
    seed: Seed = 0,
    store: options.Store = None,
) -> None:
    """Fit a rubric's levels to the ratings; kept only if better on conversations held out."""
    from alliance_sim.reporting.agreement_ratings import applied_text, refit_text
    from alliance_sim.runtime.calibrating_report import pairs_of
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.recalibrating import apply as write
    from alliance_sim.runtime.recalibrating import proposal, uncalibrated

    library = open_library()
    rubrics = uncalibrated(_rubrics(library, [rubric]), whole=whole)
    with open_store(store) as opened:
        found = _moments(opened, library, rubrics, sources, stored=stored)
        pairs, _ = pairs_of(found, opened.ratings())
    fitted = proposal(pairs, rubric, whole=whole, seed=seed)
    sys.stdout.write(refit_text(rubric, fitted))
    if fitted is None or not fitted.better:
        return
    if not apply:
        narrate("Nothing is changed yet; --apply writes it.")
        return
    folder = into or _pack(library, rubric)
    made = write(library, rubric, fitted, folder, SystemClock().now(), whole=whole)
    sys.stdout.write(applied_text(made))


def _pack(library: "Library", rubric: str) -> Path:
    """The data folder, unless a file of the working directory would be used all the same."""
    used = library.rubric_path(rubric)
    if used.parent.resolve() == (Path.cwd() / "rubrics").resolve():
        raise UsageProblem(
            f"{used} would still be used from this folder; run it elsewhere, or add --into . to "
            "change that file itself"
        )
    return data_folder()


@app.command("export")
def export_ratings(
    out: Annotated[
        Path | None,
        typer.Option(help="A file (else stdout).", metavar="FILE"),
    ] = None,
    store: options.Store = None,
) -> None:
    """All ratings as CSV; it holds no words but the raters' notes."""
    from alliance_sim.authoring.ratings_csv import write_ratings_csv

    with open_store(store) as opened:
        ratings = opened.ratings()
    if out is None:
        write_ratings_csv(ratings, sys.stdout)
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            count = write_ratings_csv(ratings, file)
    except OSError as problem:
        raise UsageProblem(f"--out {out}: cannot be written ({problem.strerror})") from problem
    narrate(f"{count} rating(s) in {out}")


@app.command("import")
def import_ratings(
    file: Annotated[Path, typer.Argument(help="Ratings as `calibrate export` writes them.")],
    store: options.Store = None,
) -> None:
    """Ratings from a CSV file; each takes the place of an earlier one of the same rater."""
    from alliance_sim.authoring.ratings_csv import read_ratings_csv
    from alliance_sim.runtime.clock import SystemClock

    ratings = read_ratings_csv(file, SystemClock().now())
    with open_store(store) as opened:
        count = opened.keep_ratings(ratings)
    narrate(f"{count} rating(s) taken in")


def _rubrics(library: "Library", wanted: list[str] | None) -> "list[Rubric]":
    return [library.rubric(name) for name in wanted or library.rubric_ids()]


def _moments(
    opened: "Store",
    library: "Library",
    rubrics: "list[Rubric]",
    sources: list[Path] | None,
    *,
    stored: bool,
) -> "list[Moment]":
    """Everything that could be rated, with the program's levels of today."""
    from alliance_sim.authoring.transcripts import read_transcripts
    from alliance_sim.runtime.calibrating import moments
    from alliance_sim.scoring.rules import score

    if not sources and not stored:
        raise UsageProblem("name transcript files, or add --stored for the store's own sessions")
    scored: list[tuple[Transcript, Scorecard]] = []
    for source in sources or ():
        read = read_transcripts(source, str(source))
        scored += [(transcript, score(transcript, rubrics)) for transcript in read]
    if stored:
        scored += _stored(opened, library, rubrics)
    return moments(scored, rubrics)


def _stored(
    opened: "Store", library: "Library", rubrics: "list[Rubric]"
) -> "list[tuple[Transcript, Scorecard]]":
    """Ended sessions that are to be scored; an instructor's overrides are left out."""
    from alliance_sim.errors import AllianceError
    from alliance_sim.runtime.debrief import why_unscored
    from alliance_sim.runtime.replay import standing_of, transcript_of
    from alliance_sim.runtime.results import rubrics_in_play, scenario_of
    from alliance_sim.scoring.rules import score

    wanted = {rubric.id: rubric for rubric in rubrics}
    found = []
    for row in opened.sessions():
        events = [stored.event for stored in opened.events(row.id)]
        if row.ending is None or why_unscored(standing_of(events)):
            continue
        try:
            scenario = scenario_of(library, events)
        except AllianceError as problem:
            narrate(f"{row.id} is left out: {problem}")
            continue
        number = scenario.setting.session_number
        transcript = transcript_of(row.id, events, session_number=number)
        played = [wanted[r.id] for r in rubrics_in_play(library, scenario) if r.id in wanted]
        found.append((transcript, score(transcript, played)))
    return found
