"""Whether a whole transcript comes without punctuation, as automatic captions do."""

import re

from alliance_sim.domain.transcript import Transcript

EVERY = 25
"""Words a mark from which a transcript counts as unmarked; people write five or so a mark."""

ENOUGH = 60
"""Words below which it cannot be told."""

_MARKS = re.compile(r"[.,;:!?…—–]")


def unmarked(transcript: Transcript) -> bool:
    """Whether next to nothing shows where the sentences of a transcript end."""
    words = marks = 0
    for utterance in transcript.utterances:
        words += len(utterance.text.split())
        marks += len(_MARKS.findall(utterance.text))
    return words >= ENOUGH and words >= EVERY * marks
