"""A rubric's levels fitted to an instructor's ratings, kept as a file of the instructor's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from alliance_sim.authoring.files import read_text
from alliance_sim.authoring.library import Library
from alliance_sim.authoring.loader import load_rubric
from alliance_sim.authoring.rubric_edit import with_calibration
from alliance_sim.domain.rubric import Calibration, Rubric
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.calibrating_report import Pair
from alliance_sim.scoring.agreement.refit import Refit, refit

MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Applied:
    """What was written, and how to take it back."""

    path: Path
    backup: Path | None
    """The file that stood there before; None where there was none."""
    old_version: str
    new_version: str
    dropped: str
    """What of an earlier calibration no longer holds; empty for nothing."""

    @property
    def undo(self) -> str:
        """How to take it back, in a sentence."""
        if self.backup is None:
            return f"To undo it, delete {self.path}."
        return f"To undo it, put {self.backup} back in the place of {self.path}."


def uncalibrated(rubrics: Iterable[Rubric], *, whole: bool) -> list[Rubric]:
    """The rubrics without the map that a re-fit would replace, so that it starts from the rules."""
    made = []
    for rubric in rubrics:
        if rubric.calibration:
            name = "session" if whole else "replies"
            changed = rubric.calibration.model_copy(update={name: None})
            made.append(rubric.model_copy(update={"calibration": changed}))
        else:
            made.append(rubric)
    return made


def proposal(pairs: Sequence[Pair], rubric_id: str, *, whole: bool, seed: int) -> Refit | None:
    """What a re-fit of one rubric would be; None with too few ratings.

    `pairs` hold the levels of the `uncalibrated` rubric.
    """
    rows = [
        (pair.moment.machine, pair.mean, pair.moment.transcript_id)
        for pair in pairs
        if pair.moment.rubric == rubric_id and (pair.moment.turn is None) is whole
    ]
    seen = [(own, mean, group) for own, mean, group in rows if own is not None and mean is not None]
    ours, theirs, groups = [s[0] for s in seen], [s[1] for s in seen], [s[2] for s in seen]
    return refit(ours, theirs, groups, seed=seed)


def apply(
    library: Library,
    rubric_id: str,
    found: Refit,
    folder: Path,
    at: datetime,
    *,
    whole: bool,
) -> Applied:
    """Write the rubric with its new calibration into the pack `folder`, and check that it loads.

    Raises UsageProblem where the folder cannot be written, and InputProblem where the file of the
    rubric does not load.
    """
    source = library.rubric_path(rubric_id)
    rubric = library.rubric(rubric_id)
    earlier = rubric.calibration or Calibration()
    note = (
        f"{at:%Y-%m-%d}: {found.name} from {found.count} ratings in {found.groups} conversations; "
        f"error {found.error_before:.2f} before, {found.error_after:.2f} held out"
    )
    edited = with_calibration(
        read_text(source, MOST_BYTES),
        str(source),
        replies=earlier.replies if whole else found.knots,
        session=found.knots if whole else None,
        note=note,
    )
    target = folder / "rubrics" / f"{rubric_id}.yaml"
    backup = _write(target, edited.text, rubric.version)
    dropped = "the map of session scores" if earlier.session and not whole else ""
    return Applied(target, backup, rubric.version, edited.version, dropped)


def _write(target: Path, text: str, version: str) -> Path | None:
    """Write through a neighbour that is loaded first; what stood there is kept beside it."""
    backup = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # In a folder of its own it is no rubric of the pack, and keeps the name that it loads by.
        with TemporaryDirectory(dir=target.parent) as place:
            trial = Path(place) / target.name
            trial.write_text(text, encoding="utf-8")
            load_rubric(trial)
            if target.exists():
                backup = target.with_name(f"{target.name}.{version}")
                target.replace(backup)
            trial.replace(target)
    except OSError as problem:
        why = problem.strerror or "unknown reason"
        raise UsageProblem(f"{target}: cannot be written ({why})") from problem
    return backup
