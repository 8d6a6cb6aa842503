"""Self-rating and reflection of stored sessions."""

from alliance_sim.domain.events import Ending
from alliance_sim.runtime.reflection import questions
from alliance_sim.runtime.results import debrief_of, rate, reflect
from stories import AT, HOUR, library_in, story


def test_there_are_a_few_questions_each_with_an_id_of_its_own():
    ids = [question.id for question in questions()]
    assert 3 <= len(ids) <= 4
    assert len(set(ids)) == len(ids)
    assert all(question.ask.endswith("?") for question in questions())


def test_ratings_and_answers_are_in_the_debrief(store, clock, tmp_path):
    library = library_in(tmp_path)
    store.append("s1", story(*HOUR), at=AT)
    before = debrief_of(store, "s1", library, clock)
    assert not before.self_rating_asked
    assert before.opened_at == AT
    rate(store, "s1", {"empathy": 3}, clock)
    reflect(store, "s1", {"noticed": "I hurried."}, clock)
    reflect(store, "s1", {"noticed": "I hurried, and knew it."}, clock)
    after = debrief_of(store, "s1", library, clock)
    assert after.self_ratings == {"empathy": 3}
    assert after.reflections == {"noticed": "I hurried, and knew it."}
    assert after.scorecard == before.scorecard


def test_passing_the_question_over_is_kept_too(store, clock, tmp_path):
    library = library_in(tmp_path)
    store.append("s1", story(*HOUR), at=AT)
    rate(store, "s1", {}, clock)
    made = debrief_of(store, "s1", library, clock)
    assert made.self_rating_asked
    assert made.self_ratings == {}


def test_an_unscored_session_can_be_reflected_on(store, clock, tmp_path):
    library = library_in(tmp_path)
    store.append("s1", story(HOUR[0], ending=Ending.STOPPED), at=AT)
    reflect(store, "s1", {"noticed": "It was too much today."}, clock)
    made = debrief_of(store, "s1", library, clock)
    assert made.reflections == {"noticed": "It was too much today."}
    assert made.scorecard is None
