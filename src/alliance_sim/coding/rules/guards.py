"""When a phrase does not mean what it says: negated, reported, asked, taken back.

A guard looks at the line before and after a hit, within its sentence, and says whether the hit is
to be dropped. Lexicon entries name their guards.
"""

import re
from collections.abc import Callable

from alliance_sim.coding.features import Features
from alliance_sim.coding.lexicon import Hit

Guard = Callable[[Features, Hit, str], bool]
"""Whether a hit is to be dropped; the string is its sentence up to it."""

_NEGATED = re.compile(
    r" (?:i (?:am|will|would|do|did|could|can|was|have) (?:not|never)|i never|nor|"
    r"not (?:here|going|asking|trying|saying|about)|without|rather than|instead of|"
    r"(?:do|does|did|is|are|was|would|need|have) not|no need|never|no one|nobody|not)"
    r"(?: [^ ]+){0,7} ?$"
)
_REPORTED = re.compile(
    r" (?:(?:he|she|they|people|everyone|everybody|someone|somebody|who|mother|father|mum|mom|dad|"
    r"wife|husband|partner|boss|others|friend|friends|family|therapist|voice|part)"
    r"(?: [^ ]+){0,3}? (?:said|says|say|saying|tell|tells|told|telling|call|calls|called|calling|"
    r"think|thinks|thought|feel|feels|felt|wants?|expects?|keeps?)|"
    r"you (?:said|say|are saying|were saying|told me|mentioned|feel|felt|are feeling|think|believe|"
    r"worry|hear|heard|were told|are told|have been told|have to keep)|"
    r"(?:sounds|seems|feels|looks) (?:like|as)|as if|as though|worried|afraid|scared|the feeling|"
    r"feeling|being told|tired of|sick of|told)(?: [^ ]+){0,6} ?$"
)
_ASKING = re.compile(
    r" (?:do|does|did|are|is|was|were|have|has|can|could|would|will|what|how|why|when|where|who|"
    r"which|if|whether)(?: [^ ]+){0,4} ?$"
)


def dropped(features: Features, hit: Hit) -> bool:
    """Whether one of the hit's guards speaks against it."""
    if not hit.guards:
        return False
    sentence = features.sentence_at(hit.start)
    before = features.line[sentence.start : max(sentence.start, hit.start - 1)] + " "
    return any(GUARDS[name](features, hit, before) for name in hit.guards)


def _negated(features: Features, hit: Hit, before: str) -> bool:
    return bool(_NEGATED.search(before))


def _reported(features: Features, hit: Hit, before: str) -> bool:
    return bool(_REPORTED.search(before))


def _question_you(features: Features, hit: Hit, before: str) -> bool:
    """A genuine question about the client ("Do you feel …", "Are you avoiding it?")."""
    return bool(_ASKING.search(before))


def _asks_you(features: Features, hit: Hit, before: str) -> bool:
    """The words stand inside a question ("what do you think it is like")."""
    return bool(re.search(r" (?:what|how|why|when|where|who|which) (?:[^ ]+ ){0,5}$", before))


def _leading(features: Features, hit: Hit, before: str) -> bool:
    """A risk question that asks for a no."""
    return features.has("minimise_risk") or features.has("own_risk")


def _autonomy(features: Features, hit: Hit, before: str) -> bool:
    """Advice inside a statement of choice ("you do not have to …")."""
    return bool(re.search(r" (?:if|whether|when|what|whatever|how) (?:[^ ]+ ){0,4}$", before))


def _exceptions(features: Features, hit: Hit, before: str) -> bool:
    return features.has("exceptions")


def _quoted_risk(features: Features, hit: Hit, before: str) -> bool:
    """The client's words said back, or somebody else's."""
    return bool(_REPORTED.search(before)) or bool(re.search(r" (?:you|she|he|they) ", before))


def _past_client(features: Features, hit: Hit, before: str) -> bool:
    return bool(
        re.search(r" you (?:had|could|did|were|wanted|tried|never|always) (?:[^ ]+ )*$", before)
    )


def _apology_other(features: Features, hit: Hit, before: str) -> bool:
    return False


def _asked(features: Features, hit: Hit, before: str) -> bool:
    """A real question about the client's own world ("what does … mean in your culture")."""
    return bool(re.search(r" (?:what|how|which|who|tell me|curious) ", before))


def _understanding(features: Features, hit: Hit, before: str) -> bool:
    return bool(re.search(r" (?:understand|see|know) (?:why|that|how) (?:[^ ]+ )*$", before))


GUARDS: dict[str, Guard] = {
    "negated": _negated,
    "reported": _reported,
    "question_you": _question_you,
    "asks_you": _asks_you,
    "leading": _leading,
    "autonomy": _autonomy,
    "exceptions": _exceptions,
    "quoted_risk": _quoted_risk,
    "past_client": _past_client,
    "apology_other": _apology_other,
    "asked": _asked,
    "understanding": _understanding,
}
