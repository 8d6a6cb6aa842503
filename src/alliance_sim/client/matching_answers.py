"""Kinds of answers: how a question asks for one, and by what a line can be seen to give it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_COUNT = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundred|dozen|half|"
    r"couple(?: of)?|few|several)"
)
_NUMBER = rf"(?:a|an|one|{_COUNT})"
_UNITS = r"(?:second|minute|hour|day|night|evening|morning|week|weekend|month|year|summer|winter)s?"
_MONTH = (
    r"(?:January|February|March|April|(?:in|last|since) May|June|July|August|"
    r"September|October|November|December)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_PERSON = (
    r"(?:mom|mum|mother|dad|father|parents?|sisters?|brothers?|wife|husband|partner|girlfriend|"
    r"boyfriend|son|daughter|kids?|children|aunt|uncle|cousins?|grand\w+|friends?|boss|"
    r"neighbou?rs?|teacher|doctor|nurse|judge|lawyer|foreman|pastor|priest|coach|guys?|women|men|"
    r"somebody|nobody|everyone|everybody|supervisor|landlord)"
)
_NAME = r"(?<=[a-z,;] )(?!I\b)[A-Z][a-z]{2,}"


@dataclass(frozen=True)
class AnswerKind:
    """One kind of answer."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    """What gives the answer outright."""
    touched: re.Pattern[str] | None = None
    """What comes near it; counts half."""
    worth: float = 1.0

    def credit(self, line: str) -> float:
        """`worth` where a line gives the answer, half of it where it comes near, else 0."""
        if self.given.search(line):
            return self.worth
        return self.worth / 2 if self.touched and self.touched.search(line) else 0.0


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _cased(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)})(?!\w)")


def no_feeling_in(question: str, lines: Iterable[str]) -> bool:
    """Whether a question asks how something feels, and none of the lines comes near saying so."""
    feeling = next(kind for kind in KINDS if kind.name == "feeling")
    return bool(feeling.asked.search(question)) and not any(map(feeling.credit, lines))


KINDS: tuple[AnswerKind, ...] = (
    AnswerKind(
        "duration",
        _any(r"how long", r"since when", r"how many (?:years|months|weeks|days|hours)"),
        _any(
            rf"(?:for|took|takes|lasts?|lasted|all of) (?:\w+ )?{_NUMBER} (?:\w+ )?{_UNITS}",
            rf"{_COUNT} (?:\w+ )?{_UNITS}(?! (?:ago|before|after|a))",
            r"since (?:I|he|she|they|we|the|my|last|\w+day|[a-z]+ber|\d+)\b",
            r"my whole life",
            r"as long as",
        ),
        _any(_UNITS, r"always", r"forever", r"a while", r"a long time", r"until"),
    ),
    AnswerKind(
        "frequency",
        _any(
            r"how often", r"how many times", r"how frequent\w*", r"how regular\w*", r"how much do"
        ),
        _any(
            rf"(?:once|twice|{_COUNT}) (?:times |nights |days |or \w+ )?(?:a|per|each|every) \w+",
            rf"{_COUNT} (?:\w+ )?out of {_COUNT}",
            rf"(?:every|most|each|some) (?:\w+ )?(?:{_UNITS}|{_DAY})",
            r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days",
            r"daily|weekly|nightly|hourly|constantly|all the time|(?:un)?usually|hardly ever",
        ),
        _any(r"always", r"never", r"sometimes", r"once", r"twice", r"times", r"now and then"),
    ),
    AnswerKind(
        "amount",
        _any(r"how many", r"how much", r"how far", r"how big", r"how old", r"what age"),
        _any(_COUNT, r"none", r"just the one", r"only one"),
        _any(r"a lot", r"lots", r"some", r"enough", r"too much", r"too many"),
    ),
    AnswerKind(
        "time",
        _any(
            r"when (?:did|was|were|is|do|does|have|has|are|will)",
            r"what (?:time|year|day|month)",
            r"how old",
            r"how recent\w*",
            r"how long ago",
            r"at what (?:age|point)",
            r"since when",
        ),
        _any(
            _DAY,
            _MONTH,
            rf"{_NUMBER} (?:\w+ )?{_UNITS} (?:ago|before|after|later|back)",
            r"last (?:night|week|month|year|spring|summer|fall|winter|\w+day)",
            r"yesterday",
            r"tonight",
            r"this (?:morning|week|spring|summer|fall|winter)",
            r"when (?:I|he|she|we|they) (?:was|were|got|turned|came|left|started|died)",
            r"(?:at|around|about|by|past|till|until) (?:\d+|noon|midnight|(?:half|quarter) past|"
            r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)",
            r"(?:19|20)\d\d",
            r"(?:christmas|thanksgiving|easter|birthday|new year\w*)",
        ),
        _any(_UNITS, r"ago", r"after", r"before", r"since", r"summer", r"winter", r"spring"),
    ),
    AnswerKind(
        "person",
        _any(
            r"who", r"whom", r"whose", r"anyone", r"anybody", r"someone", r"somebody", r"with you"
        ),
        _cased(_NAME, rf"\b(?i:(?:my|his|her|our|their|a|the) (?:\w+ )?{_PERSON})"),
        _any(_PERSON, r"he", r"she", r"they"),
    ),
    AnswerKind(
        "feeling",
        _any(
            r"(?:how|what) (?:do|did|does|are|were|is|was) (?:\w+ ){0,3}(?:feel|feeling|affect)",
            r"feel(?:s|ing|ings)?",
            r"what (?:was|is) (?:it|that|this) like",
            r"what'?s (?:it|that|this) (?:been )?like",
            r"what (?:was|is|were|has|have|had) (?:\w+ ){1,5}(?:been )?like (?:for|to) ",
            r"what (?:has|had) (?:it|that|this) been like",
            r"how (?:has|was|is) (?:it|that|this|all (?:that|this)) (?:been )?(?:for you|to)",
            r"emotion\w*",
            r"what goes on (?:in|inside)",
            r"in your body",
        ),
        _any(
            r"(?:feel|feels|felt|feeling)",
            r"(?:scared|afraid|frightened|angry|mad|furious|sad|ashamed|proud|lonely|numb|guilty)",
            r"(?:relieved|nervous|worried|empty|jealous|embarrassed|humiliated|hurt|terrified)",
            r"(?<!got )(?<!has )my (?:\w+ )?(?:chest|stomach|throat|hands?|heart|jaw|neck|"
            r"shoulders?|teeth|skin|face|ears|legs|knees|gut|head|eyes|mouth|back|breath)",
            r"(?:cry|cried|crying|shak\w+|sweat\w*|breath\w*)",
        ),
        _any(
            r"(?:alone|tired|sick|sorry|glad|happy|hot|cold|tight|heavy|hate[ds]?|love[ds]?|miss)",
            r"like (?:a|an|when|being|somebody|someone)",
            r"as if",
        ),
    ),
    AnswerKind(
        "character",
        _any(
            r"what(?:'s| is| are| was| were) (?:your )?(?!it |that |this )\w+ like",
            r"(?:describe|tell me about) (?:him|her|them|your \w+)",
        ),
        _any(r"(?:he|she|they)(?:'s|'re|'ll|'d| is| are| was| were| \w+s)"),
    ),
    AnswerKind(
        "place",
        _any(r"where", r"what place", r"which (?:room|place|school|hospital|part|town|city)"),
        _any(
            r"(?:in|at|on|by|behind|outside|near|over|under|across|inside|next to|down) "
            r"(?:the|my|a|an|his|her|our|their) \w+",
            r"(?:street|road|avenue|house|apartment|kitchen|garage|truck|town|city|church)",
        ),
        _any(r"here", r"there", r"home", r"upstairs", r"downstairs"),
    ),
    AnswerKind(
        "reason",
        _any(r"why", r"what made", r"how come", r"what reason\w*", r"what (?:led|caused|stops?)"),
        _any(
            r"because", r"'cause", r"the reason", r"that's why", r"so (?:that|I|he|she|they|nobody)"
        ),
        _any(r"so", r"since", r"wanted", r"in case", r"otherwise", r"or else"),
    ),
    AnswerKind(
        "doing",
        _any(
            r"what (?:do|did|have|would) you (?:do|try|tried|done)",
            r"how (?:do|did|have) you (?:\w+ )?(?:cop\w+|manag\w+|deal\w*|react|handl\w+|calm|get)",
            r"what (?:helps|helped|works)",
            r"tried",
        ),
        _any(
            r"I(?:'ll| just| usually)? (?:go|went|walk\w*|sit|sat|drive|drove|count\w*|call\w*|"
            r"turn\w*|put|try|tried|take|took|make|made|keep|kept|listen\w*|clean\w*|left|leave|"
            r"say|said|hold|held|fix\w*|cook\w*|run|ran|stand|stood|lie|lay|get|got|play\w*|"
            r"read|write|wrote|check\w*|tell|told|stay\w*|stop\w*|start\w*|open\w*|close\w*)",
            r"helps?",
        ),
        _any(r"works?", r"I"),
    ),
    AnswerKind(
        "saying",
        _any(
            r"what (?:did|does|do|would|has|have) (?:\w+ ){1,3}(?:say|said|tell|told|think)",
            r"what were you told",
            r"how (?:did|does|do) (?:\w+ ){1,3}(?:react|respond|take it)",
        ),
        re.compile(r"(?<!\w)['\"‘“]\w[^'\"’”]*[.,!?]?['\"’”]|\b(?:said|says|told|asked|goes)\b"),
        _any(r"thinks?", r"thought", r"knows?", r"heard"),
    ),
    AnswerKind("him", _any(r"he", r"him", r"his"), _any(r"he", r"him", r"his"), worth=0.4),
    AnswerKind("her", _any(r"she", r"her"), _any(r"she", r"her"), worth=0.4),
    AnswerKind("them", _any(r"they", r"them"), _any(r"they", r"them", r"their"), worth=0.4),
)
"""In no order; a question may ask for several."""
