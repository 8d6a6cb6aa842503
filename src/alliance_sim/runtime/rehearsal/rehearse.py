"""A whole rehearsal: every policy at both levels, and the verdicts."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from alliance_sim.client.dynamics import profile_of
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario
from alliance_sim.runtime.rehearsal.in_codes import hold_hours
from alliance_sim.runtime.rehearsal.in_words import play_sessions
from alliance_sim.runtime.rehearsal.outcome import InCodes, InWords, in_codes, in_words
from alliance_sim.runtime.rehearsal.policies import Policies, load_policies
from alliance_sim.runtime.rehearsal.verdict import Verdict, verdicts


@dataclass(frozen=True)
class Settings:
    """How much is played."""

    hours: int = 300
    """Sessions a policy at the level of codes, ≥ 1."""
    sessions: int = 6
    """Sessions a policy at the level of words; 0 plays none."""
    turns: int = 20
    """Trainee turns of a session, ≥ 1."""
    seed: int = 1
    policies: tuple[str, ...] = ()
    """Only these; all where empty."""


@dataclass(frozen=True)
class Rehearsal:
    """What came of one scenario."""

    scenario: str
    settings: Settings
    codes: dict[str, InCodes]
    words: dict[str, InWords]
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Everything that was expected was seen."""
        return all(verdict.holds for verdict in self.verdicts)


@dataclass(frozen=True)
class _Job:
    scenario: Scenario
    policy: str
    rubrics: tuple[Rubric, ...]
    settings: Settings


def rehearse(
    scenarios: Sequence[Scenario],
    rubrics: Callable[[Scenario], Sequence[Rubric]],
    settings: Settings,
    *,
    workers: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> list[Rehearsal]:
    """Rehearse scenarios, in their order. The figures depend on the seed alone, not on `workers`.

    Args:
        scenarios: What to play.
        rubrics: The rubrics by which a scenario's sessions are scored.
        settings: How much is played.
        workers: Processes; None: one a core. 1 plays in this one.
        told: Called with jobs done and jobs in all, for a progress bar.
    """
    policies = load_policies()
    chosen = settings.policies or tuple(policies.policies)
    jobs = [
        _Job(scenario, name, tuple(rubrics(scenario)), settings)
        for scenario in scenarios
        for name in chosen
    ]
    played: dict[tuple[str, str], tuple[InCodes, InWords | None]] = {}
    for done, (job, result) in enumerate(_played(jobs, workers or os.cpu_count() or 1), 1):
        played[job.scenario.id, job.policy] = result
        if told:
            told(done, len(jobs))
    return [_gathered(scenario, chosen, played, settings, policies) for scenario in scenarios]


def _gathered(
    scenario: Scenario,
    chosen: Sequence[str],
    played: dict[tuple[str, str], tuple[InCodes, InWords | None]],
    settings: Settings,
    policies: Policies,
) -> Rehearsal:
    codes = {name: played[scenario.id, name][0] for name in chosen}
    words = {name: found for name in chosen if (found := played[scenario.id, name][1])}
    judged = tuple(verdicts(scenario, codes, words, policies))
    return Rehearsal(scenario.id, settings, codes, words, judged)


def _played(
    jobs: Sequence[_Job], workers: int
) -> Iterable[tuple[_Job, tuple[InCodes, InWords | None]]]:
    if workers == 1 or len(jobs) < 2:
        yield from ((job, _play(job)) for job in jobs)
        return
    with ProcessPoolExecutor(min(workers, len(jobs))) as pool:
        yield from zip(jobs, pool.map(_play, jobs), strict=True)


def _play(job: _Job) -> tuple[InCodes, InWords | None]:
    policies, settings, scenario = load_policies(), job.settings, job.scenario
    policy = policies.policies[job.policy]
    hours = hold_hours(
        profile_of(scenario),
        policy,
        sessions=settings.hours,
        turns=settings.turns,
        seed=settings.seed,
    )
    if not settings.sessions:
        return in_codes(hours), None
    sessions = play_sessions(
        scenario,
        policy,
        job.rubrics,
        policies,
        sessions=settings.sessions,
        turns=settings.turns,
        seed=settings.seed,
    )
    disclosures = [told.id for told in scenario.disclosures]
    return in_codes(hours), in_words(sessions, disclosures, [event.id for event in scenario.events])
