"""What is worked out of a reply, or of all replies, is kept with them and nowhere else."""

from alliance_sim.scoring.exchange import Replies, exchanges
from alliance_sim.scoring.once import once

COUNTED = []


@once
def length(replies):
    COUNTED.append(1)
    return len(replies)


@once
def first_word(reply):
    COUNTED.append(1)
    return reply.text.split()[0]


def test_kept_with_the_reply(talk):
    COUNTED.clear()
    (reply,) = exchanges(talk("I lost my job.", "You lost it."))
    assert (first_word(reply), first_word(reply)) == ("You", "You")
    assert len(COUNTED) == 1
    (again,) = exchanges(talk("I lost my job.", "You lost it."))
    assert first_word(again) == "You"
    assert len(COUNTED) == 2
    assert reply == again


def test_kept_with_the_session():
    COUNTED.clear()
    replies = Replies()
    assert (length(replies), length(replies)) == (0, 0)
    assert len(COUNTED) == 1


def test_worked_out_anew_where_nothing_can_be_kept():
    COUNTED.clear()
    assert (length([1]), length([1, 2])) == (1, 2)
    assert len(COUNTED) == 2
