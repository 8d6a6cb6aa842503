"""A reply of the trainee's: what may be sent, and what became of it."""

from dataclasses import dataclass

from alliance_sim.domain.events import TraineeSent
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.replay import Standing

LONGEST_REPLY = 20_000
"""Characters of one reply; what is beyond is refused rather than cut."""


@dataclass(frozen=True)
class Sent:
    """What became of a reply."""

    event: TraineeSent
    client: Utterance | None = None
    """The client's turn that it answers, as it was heard."""
    finishing: tuple[Clause, ...] = ()
    """The rest of the client's turn, spoken to its end before the reply was taken up."""
    goes_on: bool = False
    """A backchannel: the client simply continues."""
    safety: bool = False
    """The trainee is to be asked, outside the role, whether this was about themselves."""


def check_reply(text: str, standing: Standing) -> None:
    """Raise UsageProblem where a reply cannot be taken: empty, too long, or at a wrong moment."""
    if standing.ended:
        raise UsageProblem("the session has ended")
    if standing.safety_asked:
        raise UsageProblem("first answer whether the words before were about you, yourself")
    if not text:
        raise UsageProblem("an empty reply was not sent")
    if len(text) > LONGEST_REPLY:
        raise UsageProblem(
            f"a reply may have {LONGEST_REPLY:,} characters at most; this one has {len(text):,}"
        )
