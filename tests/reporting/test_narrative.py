"""What a debrief says in sentences: words for every case, moments that are worth going back to."""

import itertools

import pytest

from alliance_sim.domain.codes import Code
from alliance_sim.domain.events import Ending
from alliance_sim.domain.transcript import Floor
from alliance_sim.reporting import chart, narrative
from alliance_sim.runtime.debrief import Point, make_debrief
from stories import HOUR, RUBRICS, Turn, library_in, story


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return library_in(tmp_path_factory.mktemp("pack")).scenario("small")


@pytest.fixture
def debrief(client):
    def make(*turns, **changes):
        events = story(*(turns or HOUR), **changes)
        card = getattr(events[-1], "scorecard", None)
        return make_debrief("s1", events, client, card)

    return make


def test_every_code_ending_and_floor_has_words():
    words = narrative.wording()
    assert set(words.codes) == {str(code) for code in Code}
    assert set(words.endings) == {*(str(ending) for ending in Ending), "open"}
    assert set(words.floor) == set(words.floor_marks) == {str(floor) for floor in Floor}


@pytest.mark.parametrize("ending", [*Ending, None])
def test_every_ending_is_told_with_the_clients_name(debrief, ending):
    said = narrative.how_it_ended(debrief(ending=ending))
    assert "Ann" in said
    assert said.endswith("You spoke 4 times.")


@pytest.mark.parametrize(
    ("estimate", "figure"), [(0.02, "2 %"), (0.2, "20 %"), (0.49, "49 %"), (0.95, "95 %")]
)
def test_the_estimate_is_about_hours_like_this_one(debrief, estimate, figure):
    made = debrief()
    said = narrative.dropout_sentences(type(made)(**(vars(made) | {"dropout_estimate": estimate})))
    assert said[0].startswith("If hours went on like this one, Ann")
    assert figure in said[1]


def test_no_estimate_no_sentence(debrief):
    assert narrative.dropout_sentences(debrief(ending=Ending.STOPPED)) is None


def test_the_best_and_the_weakest_moment(debrief):
    best = narrative.best_moment(debrief(), RUBRICS)
    weak = narrative.moment_to_work_on(debrief(), RUBRICS)
    assert (best.review.turn, best.rubric, best.level) == (1, "Empathy", 3.2)
    assert (weak.review.turn, weak.rubric, weak.level) == (3, "Empathy", 0.6)


def test_of_equal_levels_the_one_that_did_most_good_is_the_best(debrief):
    made = debrief(
        Turn("One.", "First.", deltas={"trust": 1.0}, levels={"empathy": 3.0}),
        Turn("Two.", "Second.", deltas={"trust": 5.0}, levels={"empathy": 3.0}),
    )
    assert narrative.best_moment(made, RUBRICS).review.turn == 3


def test_what_is_poor_elsewhere_or_costs_something_is_no_best_moment(debrief):
    made = debrief(
        Turn("One.", "I'll ring the judge.", levels={"empathy": 0.4, "boundaries": 3.9}),
        Turn("Two.", "You must.", deltas={"trust": -6.0}, levels={"empathy": 3.8}),
        Turn("Three.", "So Sundays are short.", levels={"empathy": 2.9}),
        Turn("Four.", "Hm.", levels={"empathy": 2.1}),
    )
    assert narrative.best_moment(made, RUBRICS).review.said == "So Sundays are short."
    made = debrief(Turn("Four.", "Hm.", levels={"empathy": 2.1}))
    assert narrative.best_moment(made, RUBRICS) is None


def test_waiting_for_the_client_to_finish_is_no_moment(debrief):
    made = debrief(Turn("One.", "First.", levels={"interruptions": 4.0}))
    assert narrative.best_moment(made, RUBRICS) is None
    assert narrative.levels(made.reviews[0], RUBRICS) == ()


def test_an_unscored_hour_has_no_moments(debrief):
    made = debrief(ending=Ending.STOPPED)
    assert narrative.best_moment(made, RUBRICS) is None
    assert narrative.rubric_lines(made, RUBRICS) == ()
    assert narrative.overall_sentence(made, RUBRICS) == made.why_unscored


def test_weak_turns_are_those_with_something_to_look_at(debrief):
    assert [narrative.is_weak(review) for review in debrief().reviews] == [False, True, False, True]


def test_a_poor_level_is_worth_a_look_even_where_nothing_better_comes_to_mind(debrief):
    made = debrief(Turn("One.", "First.", levels={"empathy": 1.4}))
    assert narrative.is_weak(made.reviews[0])


def test_which_way_a_turn_moved_the_client(debrief):
    reviews = debrief().reviews
    assert [narrative.sign(review) for review in reviews] == ["+", "−", "+", "+"]
    assert narrative.moved_sentence(reviews[1], "Ann") == "It cost you something with Ann."
    still = debrief(Turn("One.", "First.")).reviews[0]
    assert narrative.sign(still) == "·"


def test_a_blocking_rubric_is_named_and_what_it_means(debrief):
    made = debrief()
    card = made.scorecard.model_copy(update={"blocked_by": ("boundaries",)})
    said = narrative.overall_sentence(type(made)(**(vars(made) | {"scorecard": card})), RUBRICS)
    assert said.startswith("Not passed, because Boundaries stands at 0")


def test_a_rubric_without_a_title_is_told_by_its_id():
    assert narrative.title_of("cultural_humility", {}) == "Cultural humility"


class TestChart:
    def points(self, *engagement: float) -> list[Point]:
        return [
            Point(
                turn=index,
                utterance=None if index == 0 else 2 * index - 1,
                engagement=value,
                trust=value,
                safety=value,
                arousal=50.0,
                reactance=50.0,
            )
            for index, value in enumerate(engagement)
        ]

    def test_nothing_to_draw(self):
        assert chart.drawn([]) is None
        assert chart.drawn(self.points(40)) is None

    def test_higher_is_higher_and_inside(self):
        made = chart.drawn(self.points(0, 50, 100))
        places = [tuple(map(float, p.split(","))) for p in made.lines[0].path.split()]
        heights = [y for _, y in places]
        assert heights == sorted(heights, reverse=True)
        assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y in places)

    def test_names_do_not_lie_on_one_another(self):
        made = chart.drawn(self.points(40, 40))
        heights = sorted(line.label[1] for line in made.lines)
        assert min(b - a for a, b in itertools.pairwise(heights)) >= chart.APART

    @pytest.mark.parametrize("turns", [1, 12, 60, 500])
    def test_the_axis_never_crowds(self, turns):
        made = chart.drawn(self.points(*([40] * (turns + 1))))
        assert len(made.turns) <= 13
