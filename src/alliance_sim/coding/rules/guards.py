"""When a phrase does not mean what it says: negated, reported, asked, quoted, taken back.

A guard looks at a hit and at the line before it, within its sentence, and says whether the hit is
to be dropped. Entries of the lexicon name their guards.
"""

import re
from collections.abc import Callable

from alliance_sim.coding.features import Features
from alliance_sim.coding.lexicon import Hit

Guard = Callable[[Features, Hit, str], bool]
"""Whether a hit is to be dropped; the string is the sentence up to it, a space at both ends."""

SHARED = 0.4
"""Share of content words in common with the client from which words are the client's own."""
REACH = 200
"""Letters to either side of a hit that a guard looks at; keeps long pastes linear."""

_NEAR = r"(?:(?!but |so |because |however )[^ ]+ )"
_NEGATED = re.compile(
    " (?:(?:i|we) (?:am|are|will|would|do|did|could|can|was|have|should) (?:not|never) "
    rf"{_NEAR}{{0,7}}"
    rf"|(?:not|never|without|nobody|rather than|instead of|neither) {_NEAR}{{0,2}}"
    rf"|no (?:need|one) {_NEAR}{{0,4}})$"
)
_OTHERS = (
    "he|she|they|people|everyone|everybody|someone|somebody|mother|father|mum|mom|dad|wife|husband|"
    "partner|boss|others|friends?|family|therapist|voices?|brother|sister|kids|teacher|judge|who"
)
_SAYING = (
    "said|says?|saying|tells?|told|telling|calls?|called|calling|thinks?|thought|feels?|felt|"
    "wants?|wanted|expects?|expected|keeps?|kept|made|makes?|asks?|asked|insists?|"
    "believes?|reminds?"
)
_THEY_SAY = re.compile(rf" (?:{_OTHERS}) (?:[^ ]+ ){{0,3}}?(?:{_SAYING}) (?:[^ ]+ ){{0,6}}$")
_REPORTED = re.compile(
    r" (?:you (?:(?:also|just|really|always|sometimes|often|still) )?"
    r"(?:said|say|are saying|were saying|told me|"
    r"mentioned|feel|felt|are feeling|think|believe|worry|hear|heard|"
    r"were told|are told|"
    r"tell yourself|have been told|wonder|fear|wish|want|wanted|imagine|know|knew|describe) "
    r"(?:(?!i |but )[^ ]+ ){0,6}"
    r"|(?:sounds|seems|looks) (?:like|as) (?:[^ ]+ ){0,6}|(?:as if|as though) (?:[^ ]+ ){0,6}"
    r"|(?:worried|afraid|scared|the feeling|being told|tired of|sick of|ashamed|part of you) "
    r"(?:[^ ]+ ){0,6})$"
)
_I_SAY = re.compile(
    r" i (?:[^ ]+ ){0,2}(?:think|feel|say|told|tell|believe|said|know) (?:you )?(?:that )?$"
)
_ASKING = re.compile(
    r" (?:(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should) (?:not )?"
    r"|(?:what|how|why|where|which|whether|who) (?:[^ ]+ ){0,4})$"
)
_WH_BEFORE = re.compile(r" (?:what|how|why|when|where|who|which) (?:[^ ]+ ){0,5}$")
_EMBEDDED = re.compile(r" (?:what|whatever|how|if|whether|where|when|that|all|everything) $")
_BURDEN = re.compile(
    r" (?:all the time|always|every (?:day|night|time|single)|constantly|again and again|"
    r"over and over|alone|by yourself|on your own|everything|perfect|strong|"
    r"on guard|careful|"
    r"just to|anyway|hide|hiding|pretend|prove|carry|watch|explain|earn|justify|be the|"
    r"be there for|act like|"
    r"keep it together|no choice) "
)
_OBLIGED = re.compile(
    r" (?:have to|need to|must|supposed to|should|got to|had to|make me|makes me|forced) "
)
_CLIENT_SUBJECT = re.compile(r" (?:you|he|she|they|your [^ ]+|her|his|their|who) (?:[^ ]+ ){0,5}$")
_INVITED = re.compile(
    r" (?:(?:can|could|would|might|may|if|let|want|like|help|invite) you|"
    r"you (?:can|could|may|might|want to|would like to|try)) (?:[^ ]+ ){0,3}$"
)
_OWN = ("i ", "we ", "let us", "my ", "sure", "okay", "yes", "yeah", "here ", "take my")
_FIRST_PERSON = re.compile(r" (?:i|my|me) (?:[^ ]+ ){0,5}$")
_INQUIRING = re.compile(
    r" i (?:am|was|have|want|need|would|will)? ?(?:[^ ]+ )?"
    r"(?:wonder|wondering|ask|asking|concerned|worried|hearing|hear|check|know|understand|curious|sure|"
    r"going|like) "
)
_TAKEN_BACK = re.compile(
    r" (?:not|without|no|never|only if|if you (?:want|like)|instead of|rather than|made you|"
    r"makes? you|asked you|had you|had to|forced|them) (?:[^ ]+ ){0,5}$"
)
_QUOTED = re.compile(
    r" (?:you|he|she|they|someone|somebody|people|voices?|clients?|patient|says?|said|saying|words|"
    r"hears?|heard|phrase|sentence) (?:[^ ]+ ){0,7}$"
)
_DENIED = re.compile(
    r" (?:not|never|none of (?:this|it|that)|did|felt|feel|was|were|had|is) (?:[^ ]+ ){0,3}$"
)
_VOICED = re.compile(
    r" (?:(?:you|they|he|she|people|everyone|everybody|someone|others|who) (?:[^ ]+ )?"
    r"(?:tell|tells|told|say|says|said|saying|hear|heard|thinks?|keeps?)|"
    r"(?:helps?|helped|let|lets) you|being told|not going to say|would say) "
)
_UNPROMISED = re.compile(
    r" (?:can|could|will|would|do|am|are|is) not (?:[^ ]+ ){0,2}?"
    r"(?:promise|promising|guarantee|say|saying|swear|offer|pretend|true|mean|able)"
    r"(?: [^ ]+){0,6} $"
)
_QUOTES = "\"“”'‘’«»"


def denied_or_reported(before: str) -> bool:
    """Whether the words before a phrase negate it, or put it in the client's or others' mouth."""
    return any(pattern.search(before) for pattern in (_NEGATED, _THEY_SAY, _REPORTED, _ASKING))


def dropped(features: Features, hit: Hit) -> bool:
    """Whether one of the hit's guards speaks against it."""
    if not hit.guards:
        return False
    sentence = features.sentence_at(hit.start)
    start = max(sentence.start, hit.start - REACH)
    before = features.line[start : max(start, hit.start - 1)] + " "
    return any(GUARDS[name](features, hit, before) for name in hit.guards)


def _negated(_features: Features, _hit: Hit, before: str) -> bool:
    return bool(_NEGATED.search(before))


def _reported(features: Features, hit: Hit, before: str) -> bool:
    """What others say or said, or what the client feels or fears."""
    if _THEY_SAY.search(before):
        return True
    if features.line.startswith(("i ", "we "), hit.start):
        return False
    return bool(_REPORTED.search(before)) and not _I_SAY.search(before)


def _question_you(_features: Features, _hit: Hit, before: str) -> bool:
    """Inside a genuine question ("Are you avoiding it?", "What do you think you should do?")."""
    return bool(_ASKING.search(before))


def _asks_you(_features: Features, _hit: Hit, before: str) -> bool:
    """After a question word ("what do you think it is like")."""
    return bool(_WH_BEFORE.search(before))


def _indirect(_features: Features, _hit: Hit, before: str) -> bool:
    """In a clause that leaves it open ("whether you should stay")."""
    return bool(_EMBEDDED.search(before))


def _burden(features: Features, hit: Hit, before: str) -> bool:
    """ "You have to be on guard": the client's burden said back, not advice."""
    said = features.line[hit.start - 1 : hit.end + 1]
    if " to " not in said or not said.startswith((" you have", " you need", " you just have")):
        return False
    sentence = features.sentence_at(hit.start)
    if sentence.asked:
        return True
    end = min(sentence.end + 1, hit.end + REACH)
    if _BURDEN.search(features.line[hit.start - 1 : end]):
        return True
    client = features.client
    said_back = client is not None and bool(_OBLIGED.search(client.line))
    return (said_back and features.overlap >= 0.2) or (
        before.startswith(" so ") and client is not None
    )


def _about_client(features: Features, hit: Hit, before: str) -> bool:
    """Somebody else's doing, not the trainee's own offer or refusal."""
    if features.line.startswith(_OWN, hit.start):
        return False
    return bool(_CLIENT_SUBJECT.search(before)) and not _INVITED.search(before)


def _leading(features: Features, _hit: Hit, _before: str) -> bool:
    """A question about risk that asks for a no."""
    return features.has("minimise_risk")


def _own_words(_features: Features, _hit: Hit, before: str) -> bool:
    """The trainee speaks of herself, and does not inquire."""
    return bool(_FIRST_PERSON.search(before)) and not _INQUIRING.search(before)


def _exceptions(features: Features, _hit: Hit, _before: str) -> bool:
    """Exceptions are named somewhere in the utterance."""
    return features.has("exceptions")


def _taken_back(_features: Features, _hit: Hit, before: str) -> bool:
    """ "You don't need to …", or what others made the client do."""
    return bool(_TAKEN_BACK.search(before))


def _quoted(features: Features, hit: Hit, before: str) -> bool:
    """The client's words said back, or somebody else's, or asked back."""
    if _QUOTED.search(before):
        return True
    said = features.words.verbatim(hit.start, hit.end)
    at = features.words.text.find(said)
    if at > 0 and features.words.text[:at].rstrip()[-1:] in _QUOTES:
        return True
    return features.client_has("risk_cue") and features.sentence_at(hit.start).asked


def _denied(_features: Features, _hit: Hit, before: str) -> bool:
    """ "It was never up to you", "Did you feel it was your choice?"."""
    return bool(_DENIED.search(before))


def _hostility(features: Features, _hit: Hit, _before: str) -> bool:
    return features.has("hostile")


def _asked(_features: Features, _hit: Hit, before: str) -> bool:
    """A real question about the client's own world ("what does … mean in your culture")."""
    return bool(re.search(r" (?:what|how|which|who|tell me|curious) ", before))


def _asked_of_client(features: Features, hit: Hit, before: str) -> bool:
    """Inside a question ("Are there other people who …?")."""
    return features.sentence_at(hit.start).asked and bool(_ASKING.search(before))


def _understanding(_features: Features, _hit: Hit, before: str) -> bool:
    """ "I can see why you never open up"."""
    return bool(re.search(r" (?:understand|see|know|get) (?:why|that|how) (?:[^ ]+ )*$", before))


def _voiced(features: Features, hit: Hit, _before: str) -> bool:
    """The sentence is about who says so, or what helps."""
    sentence = features.sentence_at(hit.start)
    start, end = max(sentence.start, hit.start - REACH), min(sentence.end + 1, hit.end + REACH)
    return bool(_VOICED.search(features.line[start:end]))


def _unpromised(_features: Features, _hit: Hit, before: str) -> bool:
    """ "I can't promise that …"."""
    return bool(_UNPROMISED.search(before))


def _said_so(features: Features, hit: Hit, _before: str) -> bool:
    """The client said it, nearly in these words, and hears it back."""
    about_client = features.line.startswith("you", hit.start)
    return about_client and features.overlap >= SHARED


GUARDS: dict[str, Guard] = {
    "negated": _negated,
    "reported": _reported,
    "question_you": _question_you,
    "asks_you": _asks_you,
    "indirect": _indirect,
    "burden": _burden,
    "about_client": _about_client,
    "leading": _leading,
    "own_words": _own_words,
    "exceptions": _exceptions,
    "taken_back": _taken_back,
    "quoted": _quoted,
    "denied": _denied,
    "hostility": _hostility,
    "asked": _asked,
    "asked_of_client": _asked_of_client,
    "understanding": _understanding,
    "voiced": _voiced,
    "unpromised": _unpromised,
    "said_so": _said_so,
}
"""Guards by the names that the lexicon uses."""
