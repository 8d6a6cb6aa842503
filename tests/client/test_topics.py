"""Which topic an utterance is about: the rules, on a made-up client, and the clients that ship."""

from pathlib import Path

import pytest
import yaml
from bench.relevance import measure, measure_statements, questions_of, statements_of
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.client.topics import TopicIndex
from alliance_sim.domain.scenario import Scenario
from factories import minimal_scenario_dict

SETS = ["questions", "questions_more", "questions_fresh"]


def topic(name, title, cues=(), subject=None, lines=("Nothing to add.",)):
    return {
        "id": name,
        "title": title,
        "cues": list(cues),
        "subject": subject,
        "lines": {"guarded": list(lines), "opening": list(lines), "open": list(lines)},
        "instead": ["What was that like?"],
    }


TOPICS = [
    topic("work", "Work", ["bakery"], "work", ["We start at three. Teodora signs the sheet."]),
    topic("mother", "His mother", ["Rosa"], "mother", ["She knits. The radio is always on."]),
    topic("sister", "His sister", [], "siblings", ["I call Teodora, and then Ines calls me."]),
    topic("sleep", "Sleep", ["insomnia"], "sleep", ["Four hours. Then the ceiling."]),
    topic("anger", "Anger", ["temper"], "anger", ["I slam the oven, that is all."]),
    topic("drinking", "Alcohol", ["beer"], "substances", ["A can on the step."]),
    topic("safety", "Not wanting to live", [], "safety", ["Not today."]),
    topic("coping", "What helps", [], "coping", ["I walk to the bridge and count barges."]),
    topic("goals", "What he wants", [], "goals", ["To be able to sit through a meal."]),
    topic("boat", "The boat", ["dinghy"], None, ["It leaks. My sister named it."]),
]


@pytest.fixture(scope="module")
def index():
    changes = {
        "topics": TOPICS,
        "client": {**minimal_scenario_dict()["client"], "name": "Will Job"},
    }
    return TopicIndex(Scenario.model_validate(minimal_scenario_dict(**changes)))


class TestWordsOfATopic:
    @pytest.mark.parametrize(
        ("asked", "wanted"),
        [
            ("How is the bakery treating you?", "work"),
            ("What do you do for a living?", "work"),
            ("Tell me about Rosa.", "mother"),
            ("How do you get on with your mum?", "mother"),
            ("Any brothers or sisters?", "sister"),
            ("How did you sleep?", "sleep"),
            ("When did you last drink?", "drinking"),
            ("Have you been drinking more lately?", "drinking"),
            ("Are you having thoughts of ending your life?", "safety"),
            ("What would you like to get out of this?", "goals"),
            ("Does the dinghy still float?", "boat"),
        ],
    )
    def test_win_over_the_topic_spoken_of(self, index, asked, wanted):
        assert index.match(asked).topic == wanted
        assert index.match(asked, "coping").topic == wanted

    def test_are_asked_about_without_a_question_mark(self, index):
        assert index.match("so why did you leave the bakery", "boat").topic == "work"
        assert index.match("what helps", "boat").topic == "coping"

    def test_are_found_whatever_their_endings(self, index):
        for asked in ("How well do you sleep?", "How are you sleeping?", "You slept badly?"):
            assert index.match(asked).topic == "sleep"

    @pytest.mark.parametrize(
        ("misspelt", "wanted"),
        [("sisetr", "sister"), ("alchohol", "drinking"), ("bakry", "work"), ("mothr", "mother")],
    )
    def test_survive_one_slip(self, index, misspelt, wanted):
        assert index.match(f"Tell me about your {misspelt}.").topic == wanted

    def test_are_not_seen_in_a_word_one_letter_off(self, index):
        assert index.match("Is there anything you would like to share?", "boat").topic == "boat"
        assert index.match("Does it bother you?", "boat").topic == "boat"

    def test_include_names_where_the_client_speaks_them_most(self, index):
        assert index.match("Who is Ines to you?").topic == "sister"
        assert index.match("How is Teodora?").topic in {"work", "sister"}

    def test_do_not_include_the_clients_own_name(self, index):
        assert index.match("Will, what do you make of that?", "boat").topic == "boat"

    def test_of_a_phrase_count_more_than_the_word_inside_it(self, index):
        assert index.match("What would it mean to lose your job?").topic == "work"
        assert index.match("Do you need a drink to fall asleep?").words

    def test_in_a_denial_are_still_words(self, index):
        said = "I don't want to talk about your mother unless you do."
        assert index.match(said, "work").topic == "mother"


class TestFollowUps:
    @pytest.mark.parametrize(
        "asked",
        [
            "How did that feel?",
            "Tell me more about that.",
            "And then?",
            "What was that like for you?",
            "Why?",
            "What happened next?",
            "What do you mean?",
            "How long has it been like this?",
            "Did that make you angry?",
            "How do you sleep at night knowing that?",
            "Does that work for you?",
        ],
    )
    def test_stay_on_the_topic(self, index, asked):
        match = index.match(asked, "boat")
        assert (match.topic, match.score) == ("boat", 0)

    def test_are_about_the_opening_before_any(self, index):
        match = index.match("How did that feel?")
        assert (match.topic, match.score) == (minimal_scenario_dict()["opening"]["topic"], 0)

    def test_go_to_the_closest_person_who_fits_before_any(self, index):
        assert index.match("How do you think it affected her?").topic == "mother"

    def test_on_a_person_go_to_the_person_named_before(self, index):
        said = "So your mother baked as well, in that bakery. What was she like?"
        assert index.match(said, "boat").topic == "mother"

    def test_go_to_what_the_same_utterance_has_named(self, index):
        said = "You said your mother calls a lot. What is that like?"
        assert index.match(said, "work").topic == "mother"


class TestStatements:
    @pytest.mark.parametrize(
        "said",
        [
            "That sounds painful.",
            "It makes sense that you were furious.",
            "You felt you had no say in any of it.",
            "Thank you for telling me.",
            "I work here on Tuesdays.",
            "Mm-hm.",
        ],
    )
    def test_stay_on_the_topic(self, index, said):
        assert index.match(said, "boat").topic == "boat"

    @pytest.mark.parametrize(
        "said",
        [
            "What you tell me stays in this room, with a few exceptions.",
            "You don't need to tell me about your sister today.",
            "You did everything you could, and then there was your mother.",
        ],
    )
    def test_that_explain_or_mention_stay(self, index, said):
        assert index.match(said, "boat").topic == "boat"

    def test_move_where_they_clearly_name_another(self, index):
        assert index.match("So your sister was the one who stayed.", "work").topic == "sister"


class TestSeveralTopics:
    def test_the_last_question_decides(self, index):
        said = "How is the bakery? And do you get any sleep?"
        assert index.match(said, "boat").topic == "sleep"
        assert index.match("Do you get any sleep, and how is the bakery?").topic == "work"

    def test_what_stands_after_about_outweighs_a_feeling(self, index):
        assert index.match("Are you angry about the bakery?").topic == "work"

    def test_an_aside_weighs_less(self, index):
        assert index.match("How has your sleep been since your sister left?").topic == "sleep"

    def test_the_other_is_named_as_runner_up(self, index):
        match = index.match("Does your mother know how much beer it is?")
        assert {match.topic, match.runner_up} == {"mother", "drinking"}
        assert 0.5 <= match.confidence < 1


class TestOutOfThisWorld:
    @pytest.mark.parametrize(
        "asked", ["What's your favourite dinosaur?", "Can you explain quantum chromodynamics?"]
    )
    def test_is_no_topic(self, index, asked):
        assert index.match(asked, "work").topic is None

    def test_nothing_said_is_nothing_new(self, index):
        assert index.match("", "work").topic == "work"
        assert index.match("...", None).topic is None


class TestSubjectsWithoutATopic:
    def test_are_answered_by_one_close_by(self, index):
        assert index.match("Is there any stress with money?").topic == "work"
        assert index.match("Do you take any medication?").topic in {"drinking", "sleep"}


@pytest.mark.parametrize("client", ["wary", "mandated", "trauma"])
def test_statements_stay_unless_they_plainly_name_another_topic(library, client):
    path = Path(__file__).parents[1] / "scenarios" / "questions_fresh" / f"{client}.yaml"
    statements = statements_of(yaml.safe_load(path.read_text("utf-8")))
    result = measure_statements(library.scenario(client), statements)
    assert result.asked >= 20
    assert result.share >= 0.8, [miss.question for miss in result.misses]


@pytest.mark.parametrize(
    ("client", "asked"),
    [
        ("wary", "What is the capital of France?"),
        ("mandated", "What is the capital of France?"),
        ("trauma", "What is the capital of France?"),
        ("wary", "Which laptop do you own?"),
        ("trauma", "Which laptop do you own?"),
    ],
)
def test_an_off_topic_word_of_one_line_captures_nothing(library, client, asked):
    assert TopicIndex(library.scenario(client)).match(asked, "mother").topic is None


@given(st.text(max_size=200), st.sampled_from([None, "work", "boat"]))
def test_any_text_has_an_answer_and_always_the_same(index, text, current):
    match = index.match(text, current)
    assert match.topic in {None, *(topic["id"] for topic in TOPICS)}
    assert match.score >= 0
    assert 0 <= match.confidence <= 1
    assert index.match(text, current) == match


@pytest.mark.parametrize("folder", SETS)
@pytest.mark.parametrize("client", ["wary", "mandated", "trauma"])
def test_clients_that_ship_are_asked_about_what_was_asked(library, client, folder):
    """Each question is asked with no topic spoken of, and in the middle of another one."""
    path = Path(__file__).parents[1] / "scenarios" / folder / f"{client}.yaml"
    questions = questions_of(yaml.safe_load(path.read_text("utf-8")))
    result = measure(library.scenario(client), questions)
    assert result.asked >= 60
    assert result.share >= 0.85, [miss.ask for miss in result.misses]
