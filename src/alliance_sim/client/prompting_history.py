"""What of a conversation goes into a prompt: bounded by tokens, and the same on every machine.

The latest words stand as they were heard. Of older turns the beginning of what the client said
stays, newest first as far as there is room. What the client has disclosed is never dropped; its
tokens are taken from the room for older words.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alliance_sim.client.prompting_words import Limits, wording
from alliance_sim.domain.clean import printable
from alliance_sim.domain.speech import spoken
from alliance_sim.domain.transcript import Speaker, Utterance
from alliance_sim.llm.port import Message

Count = Callable[[str], int]
"""Tokens of a text."""

MESSAGE = 5
"""Tokens that a message costs beside its words, nearly."""


@dataclass(frozen=True)
class History:
    """A conversation as a prompt has it."""

    messages: tuple[Message, ...]
    """Taking turns, the therapist first and last."""
    earlier: tuple[str, ...]
    """Older words of the client's, each in quotation marks, oldest first."""


def history(
    heard: Sequence[Utterance], told: Sequence[str], last: str, count: Count, limits: Limits
) -> History:
    """The conversation so far.

    `heard`: what was said and heard, oldest first; `told`: facts that are out; `last`: what stands
    in the place of the therapist's words where the client spoke last.
    """
    facts = sum(count(fact) + 2 for fact in told)
    room = max(limits.least_recent, limits.history - facts - limits.earlier)
    recent: list[Message] = []
    place = len(heard)
    while place:
        message = _message(heard[place - 1], count, limits.utterance)
        cost = count(message.content) + MESSAGE
        if recent and cost > room:
            break
        recent.insert(0, message)
        room -= cost
        place -= 1
    messages = _taking_turns(recent, last)
    return History(messages, tuple(_earlier(heard[:place], count, limits)))


def _message(said: Utterance, count: Count, limit: int) -> Message:
    words = printable(said.text, lines=False)
    if said.speaker is Speaker.THERAPIST:
        return Message("user", shortened(words, count, limit))
    words = spoken(words) or words
    cut = f" {wording().cut_off}" if said.words_lost else ""
    return Message("assistant", shortened(words, count, limit) + cut)


def shortened(text: str, count: Count, limit: int) -> str:
    """A text of at most about `limit` tokens: where it has more, its middle is left out."""
    most = limit * 12
    if len(text) > most:
        text = f"{text[: most // 2]} … {text[-most // 2 :]}"
    while (tokens := count(text)) > limit:
        keep = max(8, int(len(text) * limit / tokens * 0.48))
        if 2 * keep + 3 >= len(text):
            break
        text = f"{text[:keep].rstrip()} … {text[-keep:].lstrip()}"
    return text


def _taking_turns(recent: Sequence[Message], last: str) -> tuple[Message, ...]:
    """The messages so that the two sides alternate: many servers refuse any other order."""
    begins = wording().moments.begins
    padded = [*recent]
    if not padded or padded[0].role == "assistant":
        padded.insert(0, Message("user", begins))
    if padded[-1].role == "assistant":
        padded.append(Message("user", last))
    joined: list[Message] = []
    for message in padded:
        if joined and joined[-1].role == message.role:
            joined[-1] = Message(message.role, f"{joined[-1].content}\n{message.content}")
        else:
            joined.append(message)
    return tuple(joined)


def _earlier(older: Sequence[Utterance], count: Count, limits: Limits) -> list[str]:
    room = limits.earlier
    kept: list[str] = []
    for said in reversed(older):
        if said.speaker is not Speaker.CLIENT or not spoken(said.text):
            continue
        words = spoken(printable(said.text, lines=False)).split()
        short = " ".join(words[: limits.earlier_words])
        quoted = json.dumps(short + ("…" if len(words) > limits.earlier_words else ""))
        room -= count(quoted) + 2
        if room < 0:
            break
        kept.insert(0, quoted)
    return kept
