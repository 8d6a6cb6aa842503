"""The transcript as data: the same transcript comes out, whatever is said in it, in any parts."""

import json

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.transcript import Floor, Opportunity, Speaker, Transcript, Utterance
from alliance_sim.scoring.judging.data import parts

words = st.text(st.characters(), max_size=60)


def made(texts, **more):
    speakers = (Speaker.CLIENT, Speaker.THERAPIST)
    said = [Utterance(turn=n, speaker=speakers[n % 2], text=t, **more) for n, t in enumerate(texts)]
    return Transcript(transcript_id="t", utterances=tuple(said))


@given(st.lists(words, min_size=2, max_size=20))
def test_any_words_come_out_as_they_went_in_and_on_one_line(texts):
    (part,) = parts(made(texts), 10**6, len)
    text = part.text()
    assert text.isascii()
    assert text.isprintable()
    assert [item["text"] for item in json.loads(text)["utterances"]] == texts


@given(st.lists(words, min_size=2, max_size=40), st.integers(100, 3000))
def test_every_reply_is_in_exactly_one_part(texts, room):
    transcript = made(texts)
    found = parts(transcript, room, len)
    turns = [reply.turn for part in found for reply in part.replies]
    assert turns == list(range(1, len(texts), 2))
    for part in found:
        shown = [item["turn"] for item in json.loads(part.text())["utterances"]]
        assert {reply.turn for reply in part.replies} <= set(shown)


def test_a_part_shows_what_came_before_it_and_how_its_last_reply_was_taken():
    found = parts(made([f"{n} " * 20 for n in range(40)]), 1200, len)
    assert len(found) > 2
    shown = [item["turn"] for item in json.loads(found[1].text())["utterances"]]
    judged = [reply.turn for reply in found[1].replies]
    assert shown[0] == judged[0] - 5
    assert shown[-1] == judged[-1] + 1


def test_parts_keep_to_their_room():
    found = parts(made([f"{n} " * 20 for n in range(60)]), 1500, len)
    assert all(len(part.text()) <= 1600 for part in found)


def test_an_utterance_that_is_too_long_is_cut_and_says_so():
    (part,) = parts(made(["Hm.", "a " * 5000]), 2000, len)
    item = json.loads(part.text())["utterances"][1]
    assert item["cut"] is True
    assert len(item["text"]) < 1000


def test_what_the_judge_may_know_of_a_turn_and_what_not():
    moment = Opportunity(rubric="boundaries", source="disclosure:secret", instead=("Say this.",))
    heard = Utterance(
        turn=0,
        speaker=Speaker.CLIENT,
        text="Well, I",
        start=0.0,
        end=2.5,
        words_lost=9,
        opening=True,
        opportunities=(moment,),
        instead=("Or this.",),
    )
    sent = Utterance(turn=1, speaker=Speaker.THERAPIST, text="So?", floor=Floor.TAKING)
    (part,) = parts(Transcript(transcript_id="id", utterances=(heard, sent)), 10**6, len)
    client, therapist = json.loads(part.text())["utterances"]
    assert client == {
        "turn": 0,
        "speaker": "client",
        "text": "Well, I",
        "start": 0.0,
        "end": 2.5,
        "words_lost": 9,
        "opening": True,
        "bears_on": ["boundaries"],
    }
    assert therapist["floor"] == "taking"
    assert "secret" not in part.text()
    assert "this" not in part.text()
