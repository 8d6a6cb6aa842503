"""What the client remembers: what was heard, what was told, what has not happened after all."""

from alliance_sim.client.memory import Memory, fold_words, heard_enough
from alliance_sim.domain.codes import CodedReply, Main
from alliance_sim.domain.events import Act, ClauseShown, ClientPlanned, Coded, TraineeSent
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import Openness
from alliance_sim.domain.transcript import Floor

LEAD = clauses("Yeah, that is how it was.")
SECRET = clauses(
    "The thing is that I never opened the letter, it is still in the glove box, and I drive it "
    "around with me."
)


def planned(turn=1, **more) -> ClientPlanned:
    fields = {"act": Act.ANSWER, "openness": Openness.OPEN, "clauses": (*LEAD, *SECRET)} | more
    return ClientPlanned.model_validate({"turn": turn, **fields})


def cut(turn=2) -> TraineeSent:
    return TraineeSent(turn=turn, text="But", floor=Floor.TAKING, words_heard=5, words_lost=20)


def after(*events) -> Memory:
    memory = Memory()
    for event in events:
        memory = memory.fold(event)
    return memory


def shown(count, turn=1):
    return [ClauseShown(turn=turn, index=index) for index in range(count)]


def test_a_lead_in_does_not_tell_what_comes_after_it():
    turn = planned(disclosure="letter", lines=("reaction/reflection/0", "disclosure/letter/0"))
    assert not heard_enough(turn, len(LEAD))
    assert not heard_enough(turn, len(LEAD) + 1)
    assert heard_enough(turn, len(turn.clauses))
    assert after(turn, *shown(len(LEAD))).told == ()
    assert after(turn, *shown(len(turn.clauses))).told == ("letter",)


def test_what_was_cut_off_can_be_told_another_time():
    turn = planned(disclosure="letter", event="phone", lines=("disclosure/letter/0",))
    memory = after(turn, *shown(len(LEAD) + 1), cut())
    assert memory.disclosed == ()
    assert memory.pending is None
    assert memory.used == ("disclosure/letter/0",)
    nearly = after(turn, *shown(len(turn.clauses) - 1), cut())
    assert nearly.disclosed == ("letter",)
    assert nearly.pending == "phone"


def test_a_turn_of_which_nothing_was_heard_has_not_happened():
    turn = planned(act=Act.OPEN, event="phone", disclosure="letter", lines=("opening/0",))
    memory = after(turn, cut())
    assert not memory.opened
    assert memory.used == ()
    assert memory.events == frozenset()
    assert memory.disclosed == ()
    assert memory.turns == 1
    assert after(turn, *shown(1), cut()).opened


def test_a_backchannel_before_the_first_word_changes_nothing():
    turn = planned(act=Act.OPEN, lines=("opening/0",))
    coded = Coded(turn=2, coded=CodedReply(main=Main.OTHER, codes=()))
    memory = after(turn, TraineeSent(turn=2, text="Mm-hm.", floor=Floor.BACKCHANNEL), coded)
    assert memory.opened
    assert memory.turns == 0
    assert len(memory.coded) == 1


def test_words_that_the_hour_closes_over_were_not_told():
    turn = planned(disclosure="letter", lines=("disclosure/letter/0",))
    closing = planned(turn=3, act=Act.CLOSE, lines=("ending/planned_close/0",))
    assert after(turn, *shown(len(LEAD) + 1), closing).disclosed == ()
    assert after(turn, *shown(len(turn.clauses)), closing).disclosed == ("letter",)


def test_only_so_many_codings_are_kept():
    coded = [Coded(turn=n, coded=CodedReply(main=Main.OTHER, codes=())) for n in range(50)]
    assert len(after(*coded).coded) == 6


def test_the_same_words_compare_equal_whatever_their_dress():
    assert fold_words("How  are you SLEEPING?!") == fold_words("how are you sleeping")
    assert fold_words("👍 …") == ""
    assert fold_words("كيف حالك؟") == "كيف حالك"
