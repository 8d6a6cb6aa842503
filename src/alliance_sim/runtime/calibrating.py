"""What an instructor is asked to rate: moments drawn evenly over the program's levels, blind.

The program's level decides what is drawn and is never shown. Which moments are drawn depends on
the seed alone, so that several raters rate the same; their order differs from rater to rater.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from alliance_sim.domain.clean import storable
from alliance_sim.domain.rating import Rating
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.clock import Clock
from alliance_sim.store.repository import Store

LEVELS = 5
BEFORE = 4
"""Utterances shown before a reply."""
SHORTEST = 3
"""Words of a reply that is worth rating."""

Place = tuple[str, int | None, str]
"""Transcript, turn (None: the session) and rubric."""


@dataclass(frozen=True)
class Moment:
    """Something to rate, and what the program makes of it."""

    transcript_id: str
    turn: int | None
    """None: the session as a whole."""
    rubric: str
    rubric_version: str
    machine: float | None
    """The program's level, 0–4; None: not observed. Never shown to a rater."""
    shown: tuple[Utterance, ...]
    """What a rater sees: the last utterances up to the reply, or all of them."""

    @property
    def place(self) -> Place:
        return (self.transcript_id, self.turn, self.rubric)

    @property
    def digest(self) -> str:
        """Of the words that a rater sees."""
        words = "\n".join(f"{said.speaker}: {said.text}" for said in self.shown)
        return sha256(storable(words).encode()).hexdigest()[:32]

    @property
    def reply(self) -> str:
        """The words that are rated; of a session the last of them."""
        return self.shown[-1].text if self.shown else ""


def moments(
    scored: Iterable[tuple[Transcript, Scorecard]], rubrics: Sequence[Rubric]
) -> list[Moment]:
    """Every reply, and every session, on every rubric."""
    found: list[Moment] = []
    versions = {rubric.id: rubric.version for rubric in rubrics}
    for transcript, card in scored:
        name = transcript.transcript_id
        said = transcript.utterances
        if not any(utterance.speaker is Speaker.THERAPIST for utterance in said):
            continue
        for score in card.rubrics:
            if score.rubric in versions:
                version = versions[score.rubric]
                found.append(Moment(name, None, score.rubric, version, score.score, said))
        found += _replies(transcript, card, versions)
    return found


def _replies(
    transcript: Transcript, card: Scorecard, versions: Mapping[str, str]
) -> Iterable[Moment]:
    scores = {score.turn: score for score in card.utterances}
    for index, said in enumerate(transcript.utterances):
        score = scores.get(said.turn)
        if score is None or len(said.text.split()) < SHORTEST:
            continue
        shown = transcript.utterances[max(0, index - BEFORE) : index + 1]
        for rubric, version in versions.items():
            level = score.rubrics.get(rubric)
            yield Moment(transcript.transcript_id, said.turn, rubric, version, level, shown)


def drawn(found: Sequence[Moment], *, replies: int, sessions: int, seed: int) -> list[Moment]:
    """So many replies and sessions a rubric, spread over the program's levels as evenly as can be.

    One stratum in six is of moments in which the program observed nothing, so that what it misses
    can be seen too.
    """
    chosen: list[Moment] = []
    for rubric in dict.fromkeys(moment.rubric for moment in found):
        for whole, most in ((False, replies), (True, sessions)):
            mine = [m for m in found if m.rubric == rubric and (m.turn is None) is whole]
            chosen += _spread(mine, most, random.Random(f"{seed} {rubric} {whole}"))  # noqa: S311
    return chosen


def _spread(found: Sequence[Moment], most: int, chance: random.Random) -> list[Moment]:
    """Round by round one of each stratum, until there are enough."""
    strata: dict[int | None, list[Moment]] = {}
    for moment in sorted(found, key=lambda m: (m.transcript_id, m.turn or -1)):
        stratum = None if moment.machine is None else min(LEVELS - 1, int(moment.machine + 0.5))
        strata.setdefault(stratum, []).append(moment)
    # Where the program observes a rubric nowhere, there is no level to check.
    if set(strata) <= {None}:
        return []
    for moments_of in strata.values():
        chance.shuffle(moments_of)
    chosen: list[Moment] = []
    while len(chosen) < most and any(strata.values()):
        for moments_of in strata.values():
            if moments_of and len(chosen) < most:
                chosen.append(moments_of.pop())
    return chosen


@dataclass
class Round:
    """A rater's way through the moments. Every rating is stored as it is given."""

    rater: str
    moments: list[Moment]
    """In this rater's order."""
    store: Store
    clock: Clock
    given: dict[Place, Rating] = field(default_factory=dict)
    passed: set[Place] = field(default_factory=set)
    """Passed over for now; asked again the next time."""

    @classmethod
    def begin(
        cls, rater: str, chosen: Iterable[Moment], store: Store, clock: Clock, seed: int
    ) -> "Round":
        """The moments in this rater's own order; what the rater has rated before is not asked.

        Raises UsageProblem for a rater without a usable id.
        """
        name = rater.strip()
        if not name or len(name) > 80 or not name.isprintable():
            raise UsageProblem("--rater: give an id of at most 80 characters, not your name")
        order = sorted(chosen, key=lambda moment: str(moment.place))
        random.Random(f"{seed} {name}").shuffle(order)  # noqa: S311
        digests = {moment.place: moment.digest for moment in order}
        given = {
            rating.place: rating
            for rating in store.ratings()
            if rating.rater == name
            and rating.place in digests
            and rating.digest in ("", digests[rating.place])
        }
        return cls(name, order, store, clock, given)

    @property
    def current(self) -> Moment | None:
        """The next moment that is not rated yet; None once all are."""
        for moment in self.moments:
            if moment.place not in self.given and moment.place not in self.passed:
                return moment
        return None

    @property
    def done(self) -> int:
        """Moments that are rated."""
        return len(self.given)

    def rate(self, level: int | None, note: str = "") -> None:
        """Store a rating of the current moment: 0–4, or None for no opportunity.

        Raises StoreProblem where it cannot be written.
        """
        moment = self.current
        if moment is None:
            return
        rating = Rating(
            rater=self.rater,
            transcript_id=moment.transcript_id,
            turn=moment.turn,
            rubric=moment.rubric,
            rubric_version=moment.rubric_version,
            level=level,
            note=storable(note),
            at=self.clock.now(),
            digest=moment.digest,
        )
        self.store.keep_ratings([rating])
        self.given[moment.place] = rating

    def skip(self) -> None:
        """Pass the current moment over for now."""
        if self.current is not None:
            self.passed.add(self.current.place)

    def back(self) -> bool:
        """Take up the moment rated or passed over last; False where there is none."""
        current = self.current
        upto = self.moments.index(current) if current else len(self.moments)
        for moment in reversed(self.moments[:upto]):
            if moment.place in self.given or moment.place in self.passed:
                self.given.pop(moment.place, None)
                self.passed.discard(moment.place)
                return True
        return False
