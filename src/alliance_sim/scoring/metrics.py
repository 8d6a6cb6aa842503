"""Figures of a session that are counted, not judged."""

from collections.abc import Sequence

from alliance_sim.domain.codes import Code, Main
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.transcript import Speaker, Transcript
from alliance_sim.scoring.dimensions import dimensions
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.reading import GIVES
from alliance_sim.scoring.shares import (
    TAKES,
    advice_sought,
    listened,
    rate,
    told_unasked,
)


def metrics(transcript: Transcript, exchanges: Sequence[Exchange]) -> dict[str, float | None]:
    """Counts and shares of a session; None where there is nothing to divide by.

    `talk_share`: the therapist's share of all words. `reflection_to_question`: utterances coded
    as reflections for each coded as a question. `open_share`: open among all questions.
    `complex_share`: complex among all reflections. `backchannel_share`: of therapist utterances.
    `listening_share`, `reflecting_depth`, `recall`, `recall_errors`: see `shares.listened`.
    `told_unasked`, `advice_without_permission`, `persuasion`, `confrontation`, `self_focus`: shares
    of therapist utterances. `invites`, `steers`: places per 100 words of the therapist at which the
    client is given a say, and at which it is taken.
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
        **_listened(exchanges),
        **_steered(exchanges),
        **dimensions(exchanges),
    }


def _listened(exchanges: Sequence[Exchange]) -> dict[str, float | None]:
    found = listened(exchanges)
    names = ("listening_share", "reflecting_depth", "recall", "recall_errors")
    return {name: found.get(name) for name in names}


def _steered(exchanges: Sequence[Exchange]) -> dict[str, float | None]:
    count = len(exchanges)
    unasked = sum(
        Code.ADVICE in e.codes and Code.ASK_THEN_TELL not in e.codes and not advice_sought(e)
        for e in exchanges
    )
    return {
        "told_unasked": _share(told_unasked(exchanges), count),
        "advice_without_permission": _share(unasked, count),
        "persuasion": _share(_having(exchanges, Code.PERSUADE), count),
        "confrontation": _share(_having(exchanges, Code.CONFRONT), count),
        "self_focus": _share(_having(exchanges, Code.SELF_FOCUS), count),
        "invites": rate(exchanges, GIVES) if exchanges else None,
        "steers": rate(exchanges, TAKES) if exchanges else None,
    }


def _having(exchanges: Sequence[Exchange], wanted: Code) -> int:
    return sum(1 for exchange in exchanges if wanted in exchange.codes)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
