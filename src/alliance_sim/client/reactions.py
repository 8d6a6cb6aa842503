"""What the client's first words answer to: the one thing in a reply that lands hardest."""

from alliance_sim.client.felt import felt
from alliance_sim.domain.codes import Code, CodedReply, Main, Mark
from alliance_sim.domain.scenario import Reaction

_BY_MARK = ((Mark.HOSTILE, Reaction.HOSTILE),)

_BY_CODE = (
    # What hurts, worst first.
    (Code.BLAME, Reaction.BLAME),
    (Code.BOUNDARY_BREAK, Reaction.BOUNDARY_BREAK),
    (Code.STEREOTYPE, Reaction.STEREOTYPE),
    (Code.PRESS_DETAIL, Reaction.PRESS_DETAIL),
    (Code.CONFRONT, Reaction.CONFRONTATION),
    (Code.MINIMISE, Reaction.MINIMISING),
    (Code.PERSUADE, Reaction.PERSUASION),
    (Code.SECRECY_PROMISE, Reaction.SECRECY),
    (Code.ADVICE, Reaction.ADVICE),
    (Code.SELF_FOCUS, Reaction.SELF_FOCUS),
    # What builds, the most particular first.
    (Code.OWN_PART, Reaction.OWN_PART),
    (Code.LIMITS_STATED, Reaction.LIMITS),
    (Code.GROUND, Reaction.GROUNDING),
    (Code.RISK_QUESTION, Reaction.RISK_ASKED),
    (Code.CULTURE_ASK, Reaction.CULTURE),
    (Code.BOUNDARY_HOLD, Reaction.BOUNDARY_HOLD),
    (Code.IMMEDIACY, Reaction.IMMEDIACY),
    (Code.ORIENT, Reaction.ORIENTATION),
    (Code.AGREE_GOAL, Reaction.GOAL),
    (Code.EMPHASIZE_AUTONOMY, Reaction.AUTONOMY),
    (Code.VALIDATE, Reaction.VALIDATION),
    (Code.AFFIRM, Reaction.AFFIRMATION),
    (Code.ASK_THEN_TELL, Reaction.PERMISSION),
    (Code.REFLECTION_COMPLEX, Reaction.REFLECTION),
    (Code.REFLECTION_SIMPLE, Reaction.REFLECTION),
    (Code.SEEK_COLLABORATION, Reaction.COLLABORATION),
    (Code.SELF_DISCLOSURE, Reaction.SELF_DISCLOSURE),
    (Code.INFORMATION, Reaction.INFORMATION),
    (Code.BACKCHANNEL, Reaction.ENCOURAGED),
)

HARMFUL = frozenset(
    {
        Reaction.HOSTILE,
        Reaction.BLAME,
        Reaction.BOUNDARY_BREAK,
        Reaction.STEREOTYPE,
        Reaction.PRESS_DETAIL,
        Reaction.CONFRONTATION,
        Reaction.MINIMISING,
        Reaction.PERSUASION,
        Reaction.SECRECY,
        Reaction.ADVICE,
        Reaction.SELF_FOCUS,
    }
)

WHOLE = HARMFUL | {
    Reaction.OWN_PART,
    Reaction.LIMITS,
    Reaction.GROUNDING,
    Reaction.RISK_ASKED,
    Reaction.BOUNDARY_HOLD,
    Reaction.IMMEDIACY,
    Reaction.ORIENTATION,
    Reaction.INFORMATION,
    Reaction.SELF_DISCLOSURE,
    Reaction.GREETING,
    Reaction.CULTURE,
    Reaction.GOAL,
}
"""Reactions that are a turn by themselves where no topic was asked about."""

GENTLE = frozenset(
    {
        Reaction.REFLECTION,
        Reaction.VALIDATION,
        Reaction.AFFIRMATION,
        Reaction.AUTONOMY,
        Reaction.PERMISSION,
        Reaction.COLLABORATION,
        Reaction.ENCOURAGED,
    }
)
"""Reactions of a few words, with which the client goes on."""


SURELY_TOLD = 0.6
"""From this probability on a statement is taken as information; below, the client goes on."""


def reaction_of(coded: CodedReply) -> Reaction | None:
    """The reaction a reply calls for; None for a plain question or statement.

    A reply that says back a little and then explains at length is an explanation.
    """
    for mark, reaction in _BY_MARK:
        if mark in coded.marks:
            return reaction
    asserted = felt(coded)
    told = coded.span(Code.INFORMATION)
    if told and told.p < SURELY_TOLD:
        asserted -= {Code.INFORMATION}
    for code, reaction in _BY_CODE:
        if code in asserted:
            explains = reaction is Reaction.REFLECTION and coded.main is Main.INPUT
            return Reaction.INFORMATION if explains and Code.INFORMATION in asserted else reaction
    return Reaction.GREETING if Mark.GREETING in coded.marks else None
