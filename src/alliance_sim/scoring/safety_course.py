"""Safety over a session: which moments there were, and how each was met over several replies.

A danger is one moment from the cue to the end of what is asked about it: a direct question counts
if it comes within two client turns, and the ladder may be climbed over several replies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from alliance_sim.domain.codes import Code
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.exchange import ClientTurn, Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.risk import NONE, PROTECTED, Cues, Risk, cues
from alliance_sim.scoring.safety import (
    Answer,
    answer_to,
    danger_level,
    privacy_level,
    secrecy_level,
    substance_level,
)

WINDOW = 1
"""Client turns after a cue in which the direct question still comes in time: two with its own."""

REACH = 4
"""Client turns after the last cue or question in which the ladder is still being climbed."""

DISCLOSURE = "disclosure:"
"""Source of an opportunity: something was told before which the limits of privacy were due."""

_UNPROMPTED = frozenset({Code.LIMITS_STATED, Code.SECRECY_PROMISE})


@dataclass
class Danger:
    """One danger, and the replies to it."""

    start: int
    """Index of the client turn with the first cue."""
    last: int
    """Of the latest cue or question."""
    kinds: frozenset[Risk]
    sure: bool
    """The words were plain, or the scenario marks the moment."""
    answers: list[tuple[int, Answer]] = field(default_factory=list)

    def asked(self) -> bool:
        """Whether a direct question, or for a child or elder an open report, came in time."""
        return any(
            index <= self.start + WINDOW
            and (answer.direct or answer.follow_up or self._acts(answer))
            for index, answer in self.answers
        )

    def _acts(self, answer: Answer) -> bool:
        return bool(self.kinds & PROTECTED) and answer.report

    def level(self, points: Points) -> float:
        """0–4 from all that was asked and done about it (anchors of the rubric)."""
        answers = [answer for _, answer in self.answers]
        if not self.asked():
            late = any(answer.direct for answer in answers)
            hinted = any(answer.hint or answer.acted for answer in answers)
            return points["asked_late"] if late else points["hint"] if hinted else 0.0
        steps: set[str] = set().union(*(answer.ladder for answer in answers))
        level = points["asked_only"]
        level += points["ladder_step"] * min(len(steps), int(points["steps_counted"]))
        level += points["plan_made"] if any(answer.next_step for answer in answers) else 0.0
        level += points["handed_over"] if any(answer.handover for answer in answers) else 0.0
        level += points["together"] if any(answer.together for answer in answers) else 0.0
        harsh = any(answer.panics or answer.judges or answer.contract for answer in answers)
        return clamp(level - (points["harsh"] if harsh else 0.0))


@dataclass(frozen=True)
class Course:
    """The findings a reply, and the dangers of the session."""

    findings: list[Finding | None]
    dangers: list[Danger]


def follow(replies: Sequence[Exchange], rubric: Rubric, *, first_session: bool) -> Course:
    """Level every reply in order. `first_session`: limits are due before the first disclosure."""
    walk = _Walk(Points(rubric), first_session)
    findings = [walk.step(place, reply) for place, reply in enumerate(replies)]
    return Course([walk.settled(place, f) for place, f in enumerate(findings)], walk.dangers)


class _Walk:
    """What has been said so far."""

    def __init__(self, points: Points, first_session: bool) -> None:
        self._points = points
        self._limits_due = first_session
        self.dangers: list[Danger] = []
        self._use_asked = False
        self._waiting: dict[int, Danger] = {}
        """By place, the replies that did not ask, while the question may still come."""

    def step(self, place: int, reply: Exchange) -> Finding | None:
        if not reply.readable or not reply.answers:
            return None
        client = reply.client
        found = _taken_for(reply, cues(reply.before) if client is not None else NONE)
        marked = client is not None and _marked(client)
        if marked and not found.any:
            return self._unnamed(reply)
        danger = self._danger(reply, found, marked)
        stated = bool(reply.codes & _UNPROMPTED)
        if danger is None and not found.any and not stated and not self._undue(reply):
            return None
        finding = self._levelled(place, reply, found, danger, marked)
        return finding and replace(finding, moment=_moment(found, danger))

    def _unnamed(self, reply: Exchange) -> Finding:
        """The level of a reply to a moment that the scenario marks and no list of words knows: as
        what the reply takes it for.
        """
        answer = Answer(reply, _ANY)
        levels = [level(reply, answer, self._points) for _, level in _OTHERS]
        if answer.direct or answer.hint or answer.promise:
            levels.append(danger_level(reply, answer, self._points, asked=False))
        promised = [found for found in levels if Sign.VIOLATION in found.signs]
        return (promised or sorted(levels, key=lambda found: -found.level))[0]

    def _danger(self, reply: Exchange, found: Cues, marked: bool) -> Danger | None:
        """The danger that this reply is about: a new one, or one still being asked about."""
        latest = self.dangers[-1] if self.dangers else None
        open_ = latest if latest and reply.index <= latest.last + REACH else None
        if not found.danger:
            return open_
        sure = found.plain_danger or marked
        if open_ is None:
            open_ = Danger(reply.index, reply.index, found.any, sure)
            self.dangers.append(open_)
        elif sure and not open_.sure:
            open_.start, open_.sure = reply.index, True
        open_.last = reply.index
        open_.kinds |= found.any
        return open_

    def _levelled(
        self, place: int, reply: Exchange, found: Cues, danger: Danger | None, marked: bool
    ) -> Finding | None:
        answer = answer_to(reply) if found == cues(reply.before) else Answer(reply, found)
        if answer.limits or Code.LIMITS_STATED in reply.codes:
            self._limits_due = False
        if danger is not None:
            finding = self._to_danger(place, reply, found, danger, answer)
            if finding is not None:
                return finding
        for kind, level in _OTHERS:
            if kind in found.any and (marked or not self._known(kind)):
                finding = self._met(level, reply, answer)
                taken_up = _taken_up(finding, self._points)
                self._use_asked |= taken_up and kind is Risk.SUBSTANCE
                return finding if marked or taken_up else _aside(finding)
        if reply.codes & _UNPROMPTED:
            return secrecy_level(reply, answer, self._points)
        return self._limits_late(reply)

    def _met(
        self,
        level: Callable[[Exchange, Answer, Points], Finding],
        reply: Exchange,
        answer: Answer,
    ) -> Finding:
        """The level of a reply to one kind of moment; limits that it states count whatever else the
        client's words called for.
        """
        finding = level(reply, answer, self._points)
        if not reply.codes & _UNPROMPTED:
            return finding
        stated = secrecy_level(reply, answer, self._points)
        harms = Sign.VIOLATION in stated.signs
        return stated if harms or stated.level > finding.level else finding

    def _to_danger(
        self, place: int, reply: Exchange, found: Cues, danger: Danger, answer: Answer
    ) -> Finding | None:
        before = danger.asked()
        goes_on = answer.direct or answer.ladder or answer.acted
        if not found.danger and not (before and goes_on) and not answer.direct:
            return None
        danger.answers.append((reply.index, answer))
        if goes_on:
            danger.last = reply.index
        finding = danger_level(reply, answer, self._points, before)
        if Risk.SECRECY in found.any and answer.limits and not answer.promise:
            finding = replace(finding, level=finding.level + self._points["limits_too"])
        if before or answer.direct or answer.follow_up or Sign.VIOLATION in finding.signs:
            return finding
        self._waiting[place] = danger
        return finding

    def settled(self, place: int, finding: Finding | None) -> Finding | None:
        """A reply that did not ask is left out of the session where the question came in time, or
        where the words may have meant nothing.
        """
        danger = self._waiting.get(place)
        if finding is None or danger is None or (danger.sure and not danger.asked()):
            return finding
        return _aside(finding)

    def _known(self, kind: Risk) -> bool:
        """Whether it has been asked about, so that another mention calls for nothing."""
        return kind is Risk.SUBSTANCE and self._use_asked

    def _undue(self, reply: Exchange) -> bool:
        return self._limits_due and reply.client is not None and _tells(reply.client)

    def _limits_late(self, reply: Exchange) -> Finding | None:
        if not self._undue(reply):
            return None
        self._limits_due = False
        return Finding(
            self._points["limits_late"], reply.text.strip(), "limits", situation="limits_late"
        )


_ANY = Cues(frozenset(), frozenset(Risk))
_OF_SOMEONE = frozenset({Risk.OTHERS, Risk.VIOLENCE})
_OTHERS = (
    (Risk.SUBSTANCE, substance_level),
    (Risk.SECRECY, secrecy_level),
    (Risk.OVERHEARD, privacy_level),
)


def _taken_for(reply: Exchange, found: Cues) -> Cues:
    """The cues of a client's turn; what a reply asks about death in plain words, or says of the
    limits of privacy, tells what it was taken for, whether or not a list knows the client's words.
    """
    if found.danger or reply.client is None:
        return found
    answer = answer_to(reply)
    if answer.direct is not None:
        return Cues(found.plain, frozenset({Risk.SUICIDE}))
    if answer.asks_harm:
        return Cues(found.plain, _OF_SOMEONE)
    if not found.any and answer.limits and answer.exceptions and answer.of_privacy:
        return Cues(frozenset({Risk.SECRECY}), frozenset())
    return found


def _moment(found: Cues, danger: Danger | None) -> str:
    """The key of the phrases for what this moment is about; dangers come first."""
    kinds = found.any or (danger.kinds if danger else frozenset())
    first = next((kind for kind in Risk if kind in kinds), Risk.SECRECY)
    return f"danger_{first.value}"


def _marked(client: ClientTurn) -> bool:
    """Whether the scenario marks the turn for safety, as more than a disclosure."""
    return any(
        chance.rubric == "safety" and not chance.source.startswith(DISCLOSURE)
        for utterance in client.utterances
        for chance in utterance.opportunities
    )


def _tells(client: ClientTurn) -> bool:
    return any(
        chance.rubric == "safety" and chance.source.startswith(DISCLOSURE)
        for utterance in client.utterances
        for chance in utterance.opportunities
    )


def _taken_up(finding: Finding, points: Points) -> bool:
    """Whether the reply treats the moment as one; else it may have been none."""
    return finding.level >= points["limits"] or Sign.VIOLATION in finding.signs


def _aside(finding: Finding) -> Finding:
    return replace(finding, signs=finding.signs | {Sign.UNCOUNTED})
