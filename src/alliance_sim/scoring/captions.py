"""Where sentences begin in words that were transcribed without punctuation."""

import re

LONG = 12
"""Words from which a text without a mark inside it is read as captions."""
SHORTEST = 3
"""Words of a piece; a shorter one joins what follows it."""
REACH = 7
"""Words after a question word within which "do you" continues the same question."""

_MARK_INSIDE = re.compile(r"[.!?…;:,](?=\s+\S)|\s[-–—]\s")
_ASKING = r"(?:what|how|why|where|when|which|who)"
_AUXILIARY = r"(?:do|does|did|are|is|was|were|have|has|would|could|can|will)"
_JOINT = re.compile(
    rf"(?<=\s)(?:(?:and |but |so |or )?(?P<asks>{_ASKING} (?:{_AUXILIARY}|about|kinds?|"
    r"sorts?|else|other|makes?|made|brings?|brought|happens?|happened)\b)"
    rf"|(?:and |but |so |or )?(?P<aux>{_AUXILIARY} (?:you|we|i|it|that|there|this|he|she|they)\b)"
    r"|(?:so |and |but )?(?:it )?sounds like\b"
    r"|so (?:you|it|that|i|we|your|tell|there|for|on|if|kind)\b"
    r"|(?:okay|alright|all right|yeah|mm-hmm|mmhmm)\b|but (?:you|i|it|that|then|if|also|at)\b"
    r"|(?:and |but |because )?i (?:think|want|would|hear|wonder|understand|know|"
    r"guess|mean|can|am|will|don't)\b"
    r"|(?:and |but |because )?i'(?:m|d|ll|ve)\b|and (?:you|it's|that's|then you|on the other)\b"
    r"|(?:and )?you(?:'re| should| need| have to| could| can| might)\b|tell me\b|let's\b|if you\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"\b(?:{_ASKING}|if|whether|that|things|ways|anything)\b", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"\b(?:that|and|but|so|because|if|when|what|how|the|a|to|of|like|than|as|or|which|who|where|"
    r"think|know|say|said|saying|feel|where|things|while|kind|you|i|not|just|really)$",
    re.IGNORECASE,
)


def pieces(text: str) -> list[str]:
    """A text without marks inside it cut where a new sentence plausibly begins; else the text."""
    if len(text.split()) < LONG or _MARK_INSIDE.search(text):
        return [text]
    cut: list[str] = []
    start = 0
    for joint in _JOINT.finditer(text):
        before = text[start : joint.start()].strip()
        if len(before.split()) < SHORTEST or _UNFINISHED.search(before):
            continue
        if joint.group("aux") and _ASKED.search(" ".join(before.split()[-REACH:])):
            continue
        cut.append(before)
        start = joint.start()
    return [*cut, text[start:].strip()]
