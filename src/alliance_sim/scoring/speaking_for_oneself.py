"""Whose part a sentence speaks of, by its grammar: owned, denied, granted, or explained away.

"I hadn't seen it" lacks something good and owns it; "I wasn't laughing" denies what was held
against the speaker. The two differ in whether the denied verb is the client's charge.
"""

import re
from enum import Enum
from functools import lru_cache

from alliance_sim.scoring.asking import asks
from alliance_sim.scoring.words import content, plain


class Part(Enum):
    """What a statement does with a charge."""

    OWNED = "owned"
    DENIED = "denied"
    GRANTED = "granted"
    EXPLAINED = "explained"


_OPENERS = (
    r"^(?:(?:and|but|so|well|yes|no|oh|okay|true|right|fair|sorry|actually|honestly|look|then|"
    r"i (?:think|suppose|expect|guess|see|realise|realize|know)(?: that)?|maybe|perhaps)[\s,.]+)*"
)
_NEGATED = re.compile(
    _OPENERS
    + r"i(?:'m| am| was| did| do| have| had| could| would|'ve|'d)?(?:n't| (?:\w+ly )?not| never)"
    r"|" + _OPENERS + r"i (?:didn't|wasn't|haven't|hadn't|don't|couldn't|wouldn't|never|"
    r"(?:absolutely|certainly|really|honestly|definitely) (?:\w+ ){0,2}"
    r"(?:not|n't|didn't|wasn't|don't))"
)
_WISHES = re.compile(_OPENERS + r"i don't (?:want|need|mind)\b")
_LACKED = re.compile(
    r"\bi (?:\w+ly )?(?:didn't|hadn't|haven't|wasn't|couldn't|don't know|don't think i|"
    r"can't tell)\b"
)
"""What the trainee failed to do; "I don't" is how they are."""

_CHARGED = re.compile(
    r"\bi(?:'m| am| was| did| do| have|'ve| would|'d| absolutely| certainly| really)*"
    r"(?: \w+){0,2}? ?(?:not|n't|never|didn't|wasn't|don't|haven't|wouldn't) (?:\w+ly |just |"
    r"even |ever )*"
    r"(?:mean|meant|meaning|say|said|saying|laugh\w*|judg\w*|blam\w*|attack\w*|sid\w+|tak\w+ sides|"
    r"forc\w*|think|angry|shocked|bored|doing|do that|trying|intend\w*|want|lie|lying|ignor\w*|"
    r"decid\w*)"
)
_DID = re.compile(
    _OPENERS
    + r"(?:and )?i(?:'ve| have|'d| had|'m| am| was)? (?:just |really |then |also |still |been |"
    r"had you |got you |went and |kept |only )*"
    r"(?!\w+ (?:plenty|many|lots|hundreds|other) |"
    r"trying|tried|wanted|hoping|hoped|explain\w*|offer\w*|help\w*|work\w* (?:with|hard)|"
    r"qualif\w*|train\w*|sure|glad|pleased|here|happy|afraid|concerned|worried|wondering|"
    r"curious|interested|"
    r"going to|able|always|understand\w*|said (?:we|you|i|it|that)|told you|asked you|warned|meant|"
    r"notic\w*|sens\w+|imagin\w*|guess\w*|wonder\w*|loved|liked|enjoy\w*|appreciat\w*|respect\w*|"
    r"suggested|heard (?:much )?worse|seen (?:many|a lot)|experienced|advised)"
    r"(?:\w{2,}ed|\w{3,}ing|said|told|left|let|made|put|took|went|cut|kept|got|gave|forgot|brought|"
    r"sent|wrote|spoke|talked|came|became|ran|had (?:you|been|it|not|my)|did|broke|held|lost|stood|"
    r"sat|saw|was too|too)\b"
)
_GRANTS = re.compile(
    _OPENERS
    + r"(?:(?:that's|it's|that is|a) (?:fair|true|right|me told|a fair \w+|on me|a good \w+)|"
    r"fair(?: enough| point)?|true|you (?:are|were|could be|may be|might be|may well be) right|"
    r"you're right|you did|you have|you said so|it (?:isn't|wasn't) (?:your|fair|right|easy)|"
    r"it (?:must|does|did|do|probably|may|might|will) (?:\w+ ){0,2}"
    r"(?:feel|look|sound|seem|hurt|come)|"
    r"that (?:matters|counts|hurt|must|was|would|does|did|'d)|"
    r"i can (?:hear|see) (?:that|why|how|it)|that'd|no[.,] it|it makes sense|of course|thanks|"
    r"thank you)\b"
)
_CREDENTIALS = re.compile(
    _OPENERS
    + r"i(?:'m| am) (?:a|an|the|your|fully|properly|very|completely|totally|perfectly)\b|"
    + _OPENERS
    + r"i (?:have|have got|'ve got|like to|always|genuinely|really|absolutely|certainly|do|"
    r"can only|have to|need to|want you to|want to be|would be|wouldn't be)\b"
)
_EXPLAINS = re.compile(
    _OPENERS
    + r"(?:it's|it is|that's|this is|there's|the|in|because|by law|most|some|many|clients|people|"
    r"therapy|research|feeling|writing|talking|being|having|crying|silence|everyone|therapists|"
    r"an|your)\b"
)


@lru_cache(maxsize=4096)
def part(sentence: str, before: str) -> Part | None:
    """What a statement does with the charge in `before`; None for questions and all else."""
    if sentence.rstrip("\"')").endswith("?") or asks(sentence):
        return None
    words = plain(sentence)
    if _NEGATED.match(words):
        if _WISHES.match(words):
            return None
        charged = _CHARGED.search(words) or content(sentence) & content(before)
        if charged:
            return Part.DENIED
        return Part.OWNED if _LACKED.search(words) else None
    if _DID.match(words):
        return Part.OWNED
    if _CREDENTIALS.match(words):
        return Part.EXPLAINED
    if _GRANTS.match(words):
        return Part.GRANTED
    return Part.EXPLAINED if _EXPLAINS.match(words) else None
