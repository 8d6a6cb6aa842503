"""What a rehearsal came to, by policy: drop-out, disclosures, ruptures, endings and scores."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from alliance_sim.domain.state import Gate
from alliance_sim.runtime.rehearsal.in_codes import Hour
from alliance_sim.runtime.rehearsal.in_words import Played

RESAMPLES = 400
"""Of the bootstrap; enough for a 95 % interval of two digits."""


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % bootstrap interval, and how many values it rests on (≥ 1)."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True)
class Told:
    """How often a gate opened, or a disclosure came out, and when."""

    share: float
    """Of the sessions, 0–1."""
    turn: float | None
    """Median trainee turn; None where it never happened."""


@dataclass(frozen=True)
class InCodes:
    """Many hours of one policy at the level of codes."""

    dropout: Mean
    left: float
    """Share of hours that ended in a walk-out or compliance-only, 0–1."""
    gates: dict[Gate, Told]
    ruptures: float
    """Mean number in an hour."""
    repairs: float


@dataclass(frozen=True)
class InWords:
    """Some sessions of one policy at the level of words."""

    dropout: Mean
    endings: dict[str, int]
    told: dict[str, Told]
    """By disclosure, in the file's order."""
    events: dict[str, float]
    """Share of the sessions in which each event happened, in the file's order."""
    ruptures: float
    repairs: float
    overall: Mean | None
    """None: no session could be scored."""
    values: tuple[float, ...]
    """The overall scores, 0–4, in the order of play."""
    scores: dict[str, Mean | None]
    """By rubric; None where it was never observed."""
    repeated: int
    """Client lines that came twice within a session, over all sessions."""


def in_codes(hours: Sequence[Hour]) -> InCodes:
    """Sum up hours; there must be at least one."""
    return InCodes(
        dropout=mean([hour.dropout for hour in hours]),
        left=fmean(hour.left for hour in hours),
        gates={gate: _told([hour.opened.get(gate) for hour in hours]) for gate in Gate},
        ruptures=fmean(hour.ruptures for hour in hours),
        repairs=fmean(hour.repairs for hour in hours),
    )


def in_words(
    played: Sequence[Played], disclosures: Sequence[str], events: Sequence[str]
) -> InWords:
    """Sum up sessions; there must be at least one."""
    values = tuple(each.overall for each in played if each.overall is not None)
    rubrics = dict.fromkeys(name for each in played for name in each.scores)
    return InWords(
        dropout=mean([each.dropout for each in played]),
        endings=dict(Counter(each.ending for each in played).most_common()),
        told={name: _told([each.told.get(name) for each in played]) for name in disclosures},
        events={name: fmean(name in each.events for each in played) for name in events},
        ruptures=fmean(each.ruptures for each in played),
        repairs=fmean(each.repairs for each in played),
        overall=mean(values) if values else None,
        values=values,
        scores={name: _scored([each.scores.get(name) for each in played]) for name in rubrics},
        repeated=sum(each.repeated for each in played),
    )


def separation(better: Sequence[float], worse: Sequence[float]) -> float | None:
    """AUC: how often a value of the first stands above one of the second, a tie half; None where
    either has no values."""
    if not better or not worse:
        return None
    won = sum((high > low) + 0.5 * (high == low) for high in better for low in worse)
    return won / (len(better) * len(worse))


def mean(values: Sequence[float]) -> Mean:
    """The mean with a percentile bootstrap interval (Efron 1979), seeded: the same every time."""
    # Not for secrets: the same figures on every machine.
    rng = random.Random(len(values))  # noqa: S311
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(RESAMPLES))
    low, high = means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]
    return Mean(fmean(values), low, high, len(values))


def _scored(values: Sequence[float | None]) -> Mean | None:
    seen = [value for value in values if value is not None]
    return mean(seen) if seen else None


def _told(turns: Sequence[int | None]) -> Told:
    seen = [turn for turn in turns if turn is not None]
    return Told(share=len(seen) / len(turns), turn=median(seen) if seen else None)
