"""What the learned models say of one reply, and the words that decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.coding.features import Features
from alliance_sim.coding.hashing import run_buckets
from alliance_sim.coding.lazy import lazy
from alliance_sim.coding.model import Model, Sums, model
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.coding.signals import LONGEST_RUN, WORDS, Signals, signals
from alliance_sim.domain.codes import Code, Empathy, Main

CODES = (
    Code.QUESTION_OPEN, Code.QUESTION_CLOSED, Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX,
    Code.INFORMATION, Code.ADVICE,
)  # fmt: skip
"""Codes that a model of their own name gives a probability."""

_MAINS = {main.value: main for main in Main}
_MARKS = " .?!,;:…-"
ADDED = {
    Code.SELF_DISCLOSURE: "self_disclosure", Code.ADVICE: "advice_unasked",
    Code.VALIDATE: "validate", Code.AFFIRM: "affirm",
    Code.EMPHASIZE_AUTONOMY: "emphasize_autonomy",
}  # fmt: skip
"""Codes that a model may find where the rules do not, by the name of its task."""
AROUND = 6
"""Words on each side that are quoted with a single word that decided."""
_ENDS = frozenset((b". ", b"? "))
_SPOKEN = frozenset((Code.ADVICE,))
"""Those of `ADDED` whose verdict holds in spoken sessions as well as the rules' does."""


@dataclass(frozen=True)
class Prediction:
    """What the models say of one reply; each part is worked out when first asked for."""

    features: Features
    signals: Signals
    outcomes: Sums
    model: Model

    @lazy
    def main(self) -> dict[Main, float]:
        """Calibrated probability of each main behaviour; they sum to 1."""
        return {_MAINS[name]: p for name, p in self.outcomes["main"].probabilities.items()}

    @lazy
    def balanced(self) -> dict[Main, float]:
        """As `main`, as if the behaviours were equally common: what a decision goes by."""
        return {_MAINS[name]: p for name, p in self.outcomes["main"].balanced.items()}

    @lazy
    def codes(self) -> dict[Code, float]:
        """Calibrated probability of each of `CODES`."""
        return {code: self.probability(code.value) for code in CODES}

    @lazy
    def added(self) -> dict[Code, float]:
        """How likely each of `ADDED` is.

        The sets that label most of them are sentences that stand alone; there, and for what
        spoken sets label too, the verdict counts. After a client's words only even odds do.
        """
        alone = self.features.client is None
        return {
            code: self.outcomes[task].verdict
            if alone or code in _SPOKEN
            else self.probability(task)
            for code, task in ADDED.items()
        }

    @lazy
    def empathy(self) -> Empathy:
        """The three mechanisms at the levels decided on."""
        return Empathy(**{name: int(self.decided(name) or 0) for name in Empathy.model_fields})

    def decided(self, task: str) -> str | None:
        """The class of a task decided on; None where a yes-or-no task says no.

        Raises:
            KeyError: there is no such task.
        """
        return self.outcomes[task].decided

    def probability(self, task: str, name: str | None = None) -> float:
        """Calibrated probability of a class, or of a yes-or-no task."""
        return self.outcomes[task].probabilities[name or task]

    def words(self, task: str, name: str | None = None) -> str:
        """The run of words that spoke most for a class, verbatim; empty where none did."""
        place = self.outcomes[task].task.classes.index(name or task)
        weights = self._weights(task, place)
        best, first, last = 0.0, 0, 0
        for start, row in enumerate(weights):
            total = 0.0
            for length in range(1, len(row) + 1):
                total += sum(weights[start + at][length - at - 1] for at in range(length))
                if total > best:
                    best, first, last = total, start, start + length
        if last - first == 1 and not self.signals.left_out:
            first, last = self._around(first)
        return self._verbatim(first, last) if last else ""

    def _around(self, place: int) -> tuple[int, int]:
        """The stretch about a word up to the next marks: a single word says little by itself."""
        parts = self.signals.parts
        first = last = place
        while first > max(0, place - AROUND) and parts[first - 1] not in _ENDS:
            first -= 1
        while last < min(len(parts), place + AROUND) and parts[last] not in _ENDS:
            last += 1
        return first, max(last, place + 1)

    def _weights(self, task: str, place: int) -> list[list[float]]:
        """What each run of words counts: by its first word, then by its length less one."""
        parts = self.signals.parts
        weight = self.model.weight
        return [
            [
                weight(found, task, place)
                for found in run_buckets(parts[start : start + LONGEST_RUN], WORDS)
            ]
            for start in range(len(parts))
        ]

    def _verbatim(self, first: int, last: int) -> str:
        words, left_out = self.features.words, self.signals.left_out
        half = len(self.signals.parts) // 2
        if left_out and first >= half:
            first, last = first + left_out, last + left_out
        elif left_out and last > half:
            return ""
        return words.text[words.places[first][0] : words.places[last - 1][1]].strip().lstrip(_MARKS)


def learned(
    features: Features, spans: Spans, previous: Sequence[Main], known: Model | None = None
) -> Prediction:
    """Judge a reply by the models.

    Args:
        features: The reply as read, with what the client said before.
        spans: What the rules make of it.
        previous: The main behaviours of the trainee's replies before, oldest first.
        known: The models; those that ship where None.
    """
    known = known or model()
    seen = signals(features, spans, previous)
    return Prediction(features, seen, known.read(seen.blocks), known)
