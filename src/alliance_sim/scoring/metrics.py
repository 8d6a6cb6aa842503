"""Figures of a session that are counted, not judged."""

from collections.abc import Sequence

from alliance_sim.domain.codes import Code, Main
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.transcript import Speaker, Transcript
from alliance_sim.scoring.dimensions import dimensions
from alliance_sim.scoring.exchange import Exchange


def metrics(transcript: Transcript, exchanges: Sequence[Exchange]) -> dict[str, float | None]:
    """Counts and shares of a session; None where there is nothing to divide by.

    `talk_share`: the therapist's share of all words. `reflection_to_question`: utterances coded
    as reflections for each coded as a question. `open_share`: open among all questions.
    `complex_share`: complex among all reflections. `backchannel_share`: of therapist utterances.
    The rest are the dimensions of `dimensions.dimensions`.
    """
    words = {Speaker.THERAPIST: 0, Speaker.CLIENT: 0}
    for utterance in transcript.utterances:
        words[utterance.speaker] += spoken_words(utterance.text)
    opened = _having(exchanges, Code.QUESTION_OPEN)
    closed = _having(exchanges, Code.QUESTION_CLOSED)
    deep = _having(exchanges, Code.REFLECTION_COMPLEX)
    simple = _having(exchanges, Code.REFLECTION_SIMPLE)
    mains = [exchange.coded.main for exchange in exchanges]
    return {
        "therapist_turns": float(len(exchanges)),
        "client_turns": float(max((exchange.index for exchange in exchanges), default=-1) + 1),
        "talk_share": _share(words[Speaker.THERAPIST], sum(words.values())),
        "reflection_to_question": _share(mains.count(Main.REFLECTION), mains.count(Main.QUESTION)),
        "open_share": _share(opened, opened + closed),
        "complex_share": _share(deep, deep + simple),
        "backchannel_share": _share(_having(exchanges, Code.BACKCHANNEL), len(exchanges)),
        **dimensions([exchange.coded for exchange in exchanges]),
    }


def _having(exchanges: Sequence[Exchange], wanted: Code) -> int:
    return sum(1 for exchange in exchanges if wanted in exchange.codes)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
