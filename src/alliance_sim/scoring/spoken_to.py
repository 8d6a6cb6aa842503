"""What of a reply is spoken to the client; the rest is for a scorer, for a machine, or for nobody.

A reply earns by what a client could hear. Code, markup, words put into others' mouths, talk about
scores and rules, letters in disguise and strings of terms are left out before anything is scored,
so that they neither add to a reply nor hide what is poor in it.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby

from alliance_sim.coding.features import FUNCTION_WORDS
from alliance_sim.coding.lexicon import lexicon as coder_lexicon
from alliance_sim.domain.clean import printable
from alliance_sim.domain.speech import spoken
from alliance_sim.scoring.captions import pieces
from alliance_sim.scoring.words import for_the_scorer, phrases_of, plain, tokens

_STRUCTURE = re.compile(
    r"`{2,}|\*\*|[{}]|<\|[^|>\n]*\|>(?:\s*(?:user|system|assistant)\b)?|"
    r"<[|/!<?]|<[a-z]+[ >]|\]\]|\]\(|[|>]{2}|\"\w+\"\s*:|\\+[\"'\w]|#{3,}|-{4,}|={3,}|"
    r"\"{3}|'{3}|(?<!\w)(?:[.-]{1,5}[ /]+){5}|\$\\|&#|%[0-9A-F]{2}%|\|\s*-{2,}|\|[^\n]*\||"
    r"^[ \t]*(?:>|#|- \[)|\w\(\w*\(|'\)|\[/?INST\]|\w=\w|\w\(['\"\w.]+\)|\bsudo \w|"
    r"\b(?:select|drop|delete|insert|update) \w+ (?:from|into|set|scores?|where)\b|"
    r"%[sdn]%|→|#\w+ #\w",
    re.IGNORECASE | re.MULTILINE,
)
"""Code, markup and the ends of blocks: from there on nothing is speech."""

_ORDINARY = re.compile(r"[A-Za-z0-9 ,.!?;:'’…\n-]*")
_NOT_ORDINARY = re.compile(r"--|''|[.-] +[.-]|(?i:sudo|select|drop|delete|insert|update)")
"""A text of ordinary characters in which none of this stands has no structure."""

_ROLES = (
    r"clients?|patient|c|t|therapist|trainee|counsellor|counselor|user|assistant|human|ai|model|bot|"
    r"him|her|them|me|he|she|(?:client|patient|therapist|judge|supervisor)s? \w{3,12}|"
    r"reflections?|affirmations?|interventions?|verdicts?|assessment|p\.?s\.?[\w ]{0,24}|"
    r"reminder[\w ]{0,24}|system|"
    r"developer|admin(?:istrator)?(?: message)?|supervisor|judge|grader|scorer|rater|"
    r"examiner|evaluator|narrator|instructions?|note(?: to [\w ]{1,20})?|important|response|"
    r"system prompt[\w ]{0,20}|system message|alliance-sim|to the [\w ]{1,40}|base64|rationale|"
    r"evidence|levels?|score|scores|rating|ratings|output|empathy|boundaries|pacing|safety|"
    r"collaboration|feeling|meaning|warmth|exploration|accuracy|skills used|grade|verdict"
)
_LABEL = re.compile(
    rf"(?:^|(?<=[.!?…\])\"»*>]))\s*(?P<role>(?:{_ROLES}))(?:\s*\([^()]*\))?\s*:|"
    r"\s(?P<inside>(?:Client|Therapist|Trainee|SYSTEM|USER|ASSISTANT|Judge)(?: \([^()]*\))?):",
    re.MULTILINE | re.IGNORECASE,
)
"""A name with a colon: what follows on the line is put into somebody's mouth, or on a form."""

_OWN_LABEL = re.compile(r"^\s*(?:t|therapist|trainee|me)\s*:\s*", re.IGNORECASE)
"""The trainee's own, at the beginning."""

_BREAK = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+")
_FIGURES = re.compile(
    r"\b[0-9a-z+]+ ?/ ?(?:4|5|10|100)\b|\b0x[0-9a-f]|(?:\b\w[ .]+){5}|(?:\b[A-Za-z]\.){4}|"
    r"\b\w+\.\w+\(|\b(?:client|scorer|judge)\.\w|"
    r"\b4\.0\b|[★☆*]{3,}|\b(?:4|four)(?:[\s,;]+(?:4|four))+|\b(?:[0-9a-f]{2}[\s:]){4,}|"
    r"\b\w*[a-z]\d[a-z]\w*\b.*\b\w*[a-z]?\d[a-z]\w*\b|"
    r"\b[A-Za-z0-9+/]{24,}={0,2}|\b[A-Za-z0-9+/]{8,}==?|"
    r"\b(?:BEGIN|END|SYSTEM|ADMIN|OVERRIDE)\b(?:\s+[A-Z]{3,})+"
)
"""Figures and codes that nobody says aloud."""

_SPELT = re.compile(r"[A-Za-z0-9 ,;!?'’-]*[.!?…]*")
_NOT_SPELT = re.compile(
    r"[a-z]\d[a-z]|0x|(?:4|four)[\s,;]+(?:4|four)|[A-Z]{3}|[A-Za-z0-9]{24}|"
    r"(?:\b[0-9a-f]{2}[\s:]){4}|(?:\b\w[ .]+){5}"
)
"""A sentence of plain words and numbers in which none of this stands has no such figures."""

_CATEGORIES = ("judging", "people", "machine", "role", "display")

UNKNOWN_LEAST = 4
"""Words from which a sentence with hardly a known English word says nothing to anybody."""

UNKNOWN_RUN = 7
"""Unknown words in a row that no English sentence has."""

KNOWN_SHARE = 7
"""One known word among so many is chance."""


@lru_cache(maxsize=4096)
def to_client(text: str) -> str:
    """The part of a reply that is spoken to the client: the text itself where that is all of it.

    May be empty. Linear in the length of the text.
    """
    shown = _without_captions(_without_lists(_visible(text)))
    speech = _without_structure(shown)
    kept, dropped = _kept(speech, own_sentence_only=False)
    if not kept:
        # A name at the very beginning would swallow a reply that follows it on the same line.
        kept, dropped = _kept(speech, own_sentence_only=True)
    if speech == text and not dropped:
        return text
    return " ".join(kept)


def _kept(speech: str, *, own_sentence_only: bool) -> tuple[list[str], bool]:
    """The sentences that are spoken to the client, and whether any other was left out."""
    kept: list[str] = []
    dropped = False
    lines = speech.split("\n")
    for number, line in enumerate(lines, 1):
        said = _without_label(line, own_sentence_only=own_sentence_only and number == len(lines))
        dropped = dropped or said != line
        for sentence in _sentences(said):
            if not any(character.isalnum() for character in spoken(sentence)):
                continue
            if _is_speech(sentence):
                kept.append(sentence.strip())
            else:
                dropped = True
    return kept, dropped


def _visible(text: str) -> str:
    """Without what cannot be seen; a trainee's label for themselves goes, too."""
    shown = text if text.isascii() and text.isprintable() else printable(text)
    if not shown.isascii():
        shown = "".join(c for c in shown if unicodedata.category(c) != "Cf")
        shown = "".join(" " if _pictured(c) else c for c in shown)
        shown = re.sub("[\u2028\u2029]", "\n", shown)
    return _OWN_LABEL.sub("", shown, count=1)


def _pictured(character: str) -> bool:
    """Whether a character is a small picture, or belongs to one."""
    if character.isascii() or character in _STARS:
        return False
    return unicodedata.category(character) in ("So", "Sk") or character == "\ufe0f"


_STARS = "★☆"
"""A row of them is a rating, which is looked for later."""


def _without_lists(text: str) -> str:
    """Without the items of a list, two or more: nobody speaks in points."""
    return _ITEM.sub("", text) if len(_ITEM.findall(text)) > 1 else text


_ITEM = re.compile(
    r"^[ \t]*[-*•][ \t]+[^\n.!?]*[.!?]*|(?:^|(?<=[.!?]))[ \t]*\d{1,2}[.)][ \t]+[^\n.!?]*[.!?]*",
    re.MULTILINE,
)
"""The first sentence of an item."""


def _without_captions(text: str) -> str:
    """Without brackets that say more than a gesture does: they tell what is to be seen in it."""
    return _BRACKETS.sub(lambda match: "" if _caption(match[0]) else match[0], text)


def _caption(bracketed: str) -> bool:
    words = tokens(bracketed.strip("[](*)"))
    long = bracketed[0] == "[" and len(words) > GESTURE_WORDS
    told = bracketed[0] == "(" and words[:1] and words[0] in _OF_CLIENT and "you" not in words
    return bool(long or told) or any(word.startswith(_CAPTIONED) for word in words)


_OF_CLIENT = frozenset({"he", "she", "they", "a", "an", "the", "long", "silence", "pause"})
"""A bracket that begins so tells what is to be seen; the one who is spoken to is not in it."""


_BRACKETS = re.compile(r"(?<![\w*])[\[(*](?!\*)[^\[\]()*]{3,}[\])*](?![(*])")
GESTURE_WORDS = 6
_CAPTIONED = (
    "client", "therapist", "trainee", "reflect", "validat", "empath", "explor", "attun",
    "feeling", "correct", "score", "level", "pass", "strong", "system", "bold", "link", "rubric",
)  # fmt: skip


_CLOSING = "}>|`"
"""Marks after which speech may go on; after any other, their sentence is no speech."""


def _without_structure(text: str) -> str:
    """Without code and markup: from the first of it to the last, in whole sentences."""
    ordinary = _ORDINARY.fullmatch(text) and not _NOT_ORDINARY.search(text)
    found = [] if ordinary else list(_STRUCTURE.finditer(text))
    if not found:
        return text
    breaks = list(_BREAK.finditer(text))
    first, last = found[0].start(), found[-1].end()
    begin = max((b.start() for b in breaks if b.start() <= first), default=0)
    if text[last - 1] not in _CLOSING and "|>" not in found[-1].group():
        last = min((b.end() for b in breaks if b.start() >= last - 1), default=len(text))
    return f"{text[:begin]}\n{text[last:]}"


def _without_label(line: str, *, own_sentence_only: bool) -> str:
    """What stands before a name with a colon; also what follows its sentence, where asked."""
    for match in _LABEL.finditer(line) if ":" in line else ():
        role = match["role"] or match["inside"]
        # A single letter is a label only as a capital: "option c: rest".
        if len(role) == 1 and not role.isupper():
            continue
        if not own_sentence_only:
            return line[: match.start()]
        rest = _without_label(_after_words(line[match.end() :]), own_sentence_only=True)
        return f"{line[: match.start()]} {rest}"
    return line


def _after_words(text: str) -> str:
    """What follows the first sentence, and the exclamations that go with it."""
    for end in _BREAK.finditer(text):
        before = _BREAK.split(text[: end.start()])[-1]
        following = _BREAK.split(text[end.end() :], maxsplit=1)[0]
        if len(before.split()) > EXCLAMATION and len(following.split()) > EXCLAMATION:
            return text[end.end() :]
    return ""


EXCLAMATION = 2
"""Words of an exclamation, at most."""


def _sentences(line: str) -> list[str]:
    return [piece for part in _BREAK.split(line) if part.strip() for piece in pieces(part)]


def _is_speech(sentence: str) -> bool:
    name = _NAME.match(sentence)
    if name and name[1].lower() not in _known():
        return False
    if _disguised(sentence) or _figures(sentence):
        return False
    if for_the_scorer(sentence) or _for_somebody_else(sentence) or _terms_only(sentence):
        return False
    return not _unknown(sentence)


_NAME = re.compile(r"([A-Z][a-z]+): ")
"""Somebody's name, as before the words of a play; other words with a colon are known ones."""


def _figures(sentence: str) -> bool:
    if _SPELT.fullmatch(sentence) and not _NOT_SPELT.search(sentence):
        return False
    return _FIGURES.search(sentence) is not None


def _for_somebody_else(sentence: str) -> bool:
    phrases = phrases_of("to_scorer")
    if _SCALING.search(plain(sentence)):
        return False
    return any(phrases.has(category, sentence) for category in _CATEGORIES)


_TERMS = (
    "collaborat", "shared goal", "autonom", "permission", "option", "check-back", "agenda", "goal",
    "paraphras", "summar", "affirm", "immediacy", "ground", "attun", "explor", "empath", "validat",
    "reflect", "rapport", "boundar", "warm", "congruen", "open question", "listening", "repair",
)  # fmt: skip


def _terms_only(sentence: str) -> bool:
    """Terms of the trade in a row, with nothing said about anybody."""
    named = [part.strip() for part in re.split(r"[,;/+]", plain(sentence)) if part.strip()]
    short = [part for part in named if len(part.split()) <= TERM_WORDS]
    if len(short) < TERMS_LEAST or len(short) < len(named):
        return False
    terms = sum(any(term in part for term in _TERMS) for part in short)
    return terms * 2 >= len(named)


TERMS_LEAST, TERM_WORDS = 3, 3

_SCALING = re.compile(
    r"\b(?:scale (?:of|from)|zero to|0 to|one to|1 to)\b.*\byou\b|"
    r"\bwould you (?:say|rate|score|put|give)\b"
)
"""A question that asks the client for a number."""


def _disguised(sentence: str) -> bool:
    """Letters of two alphabets in a word, or letters in a dress that no keyboard has."""
    if sentence.isascii():
        return False
    if any(unicodedata.combining(c) and "\u0334" <= c <= "\u0338" for c in sentence):
        return True
    for word in sentence.split():
        scripts = {_script(c) for c in word if c.isalnum()}
        if "DRESSED" in scripts or len(scripts - {"DIGIT"}) > 1:
            return True
    return False


_DRESSES = (
    "FULLWIDTH", "MATHEMATICAL", "CIRCLED", "SQUARED", "PARENTHESIZED", "MODIFIER LETTER",
    "SUPERSCRIPT", "SUBSCRIPT",
)  # fmt: skip


def _script(character: str) -> str:
    if character.isascii():
        return "DIGIT" if character.isdigit() else "LATIN"
    name = unicodedata.name(character, "")
    if name.startswith(_DRESSES) or "SMALL CAPITAL" in name or "SCRIPT" in name:
        return "DRESSED"
    return name.partition(" ")[0]


def _unknown(sentence: str) -> bool:
    words = [word for word in tokens(sentence) if word.isalpha()]
    if len(words) < UNKNOWN_LEAST:
        return False
    known = _known()
    unknown = len(words) - sum(map(known.__contains__, words))
    if not unknown:
        return False
    if (len(words) - unknown) * KNOWN_SHARE <= len(words):
        return True
    if unknown < UNKNOWN_RUN:
        return False
    return any(not word and len(run) >= UNKNOWN_RUN for word, run in _runs(words, known))


@cache
def _known() -> frozenset[str]:
    return FUNCTION_WORDS | coder_lexicon().known


def _runs(words: list[str], known: frozenset[str]) -> list[tuple[bool, list[str]]]:
    """The words in runs of known and unknown ones."""
    return [(key, list(run)) for key, run in groupby(words, key=known.__contains__)]
