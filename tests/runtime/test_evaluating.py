"""Labels beside codes and scores: what counts as what, and how a judge is measured."""

import random

import pytest
from tests.llm.fake_backend import FakeBackend
from tests.scoring.judging_fakes import answer, data_of, verdict

from alliance_sim.authoring.datasets import Labelled
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Empathy, Main
from alliance_sim.domain.scorecard import RubricScore, Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.evaluating import bare, evaluate, needed, offline, prepared
from alliance_sim.runtime.evaluating_cases import cases_of
from alliance_sim.runtime.evaluating_figures import Options
from alliance_sim.runtime.evaluating_judge import with_judge
from alliance_sim.scoring.agreement.measures import key, measures
from alliance_sim.scoring.judge import Judge

SAID = "You were left with all of it."
QUICK = Options(resamples=100)


def item(name="a", labels=None, about=None, said=SAID):
    transcript = Transcript(
        transcript_id=name,
        utterances=(
            Utterance(turn=0, speaker=Speaker.CLIENT, text="Nobody asked me. It hurts."),
            Utterance(turn=1, speaker=Speaker.THERAPIST, text=said),
        ),
    )
    return Labelled("set", name, transcript, {1: labels or {}}, about or {})


def coded(main, *codes, **empathy):
    spans = tuple(CodedSpan(code=code, p=p, words=f"words of {code}") for code, p in codes)
    return CodedReply(main=main, codes=spans, empathy=Empathy(**empathy))


def cases(labels, reply, about=None, **card):
    score = UtteranceScore(turn=1, coded=reply, rubrics={"empathy": 2.5})
    made = Scorecard(transcript_id="a", utterances=(score,), **card)
    found = cases_of(item(labels=labels, about=about), made, measures())
    return {measure.id: case for measure, case in found}


class TestCodes:
    @pytest.mark.parametrize(
        ("reply", "said"),
        [
            (coded(Main.QUESTION, (Code.QUESTION_OPEN, 0.9)), "Q"),
            (
                coded(
                    Main.REFLECTION, (Code.REFLECTION_COMPLEX, 0.6), (Code.REFLECTION_SIMPLE, 0.4)
                ),
                "CRL",
            ),
            (
                coded(
                    Main.REFLECTION, (Code.REFLECTION_COMPLEX, 0.3), (Code.REFLECTION_SIMPLE, 0.6)
                ),
                "SRL",
            ),
            (coded(Main.INPUT, (Code.ADVICE, 0.8)), "IMI"),
            (coded(Main.INPUT, (Code.INFORMATION, 0.8)), "IMC"),
            (coded(Main.OTHER, (Code.AFFIRM, 0.8)), "CRL"),
            (coded(Main.OTHER, (Code.AFFIRM, 0.3)), "O"),
        ],
    )
    def test_codes_become_misc_classes(self, reply, said):
        assert cases({"t1": "O"}, reply)["misc"].said == said

    def test_the_surest_code_gives_the_probability_and_the_words(self):
        found = cases({"behaviour": "question"}, coded(Main.QUESTION, (Code.QUESTION_OPEN, 0.7)))
        case = found["behaviour"]
        assert (case.truth, case.said, case.p) == ("question", "question", 0.7)
        assert case.words == "words of question_open"
        assert case.before == "Nobody asked me. It hurts."

    def test_no_type_beside_a_behaviour_is_a_no_and_without_one_nothing(self):
        reply = coded(Main.OTHER, (Code.QUESTION_OPEN, 0.4))
        null = cases({"behaviour": "other", "question_type": None}, reply)["question_open"]
        assert (null.truth, null.said, null.p) == ("no", "no", 0.4)
        assert "question_open" not in cases({"question_type": "open"}, reply)

    def test_advice_with_leave_is_no_advice_without(self):
        asked = coded(Main.INPUT, (Code.ADVICE, 0.9), (Code.ASK_THEN_TELL, 0.8))
        found = cases({"label": "Advise without Permission"}, asked)["miti_advice_unasked"]
        assert (found.truth, found.said) == ("yes", "no")
        assert found.p == pytest.approx(0.9 * 0.2)

    def test_a_column_of_the_same_name_in_another_set_is_left_alone(self):
        assert not any(
            name.startswith("miti") for name in cases({"label": "ideation"}, coded(Main.OTHER))
        )

    def test_levels_of_empathy_and_any_of_them(self):
        found = cases({"explorations": 2}, coded(Main.OTHER, exploration=1))
        assert (found["exploration"].truth, found["exploration"].said) == ("2", "1")
        assert (found["exploration_any"].truth, found["exploration_any"].said) == ("yes", "yes")

    def test_codes_named_in_a_column(self):
        found = cases({"code_confront": "1"}, coded(Main.OTHER, (Code.CONFRONT, 0.2)))
        assert (found["code_confront"].truth, found["code_confront"].said) == ("yes", "no")


class TestWholes:
    def test_sessions_bring_every_figure_and_the_baselines(self):
        rubric = RubricScore(rubric="empathy", rubric_version="1.0.0", score=3.0)
        found = cases({}, coded(Main.OTHER), {"quality": "Low"}, rubrics=(rubric,), overall=2.0)[
            "quality"
        ]
        assert (found.truth, found.said) == (0.0, 2.0)
        assert found.others == {
            "overall": 2.0, "empathy": 3.0, "turns": 2.0, "therapist words": 7.0,
        }  # fmt: skip

    def test_only_raters_are_raters(self):
        ratings = {"advice_giving": {"expert1": 1, "expert2": 3, "gpt": 5, "crowd": 4.5}}
        reply = coded(Main.INPUT, (Code.ADVICE, 0.8))
        found = cases({}, reply, {"ratings": ratings, "framework": "f"})["f:advice_giving"]
        assert found.truth == 2.0
        assert found.said == pytest.approx(0.8)
        assert set(found.others) == {"expert1", "expert2", "turns"}

    def test_advice_and_self_focus_are_taken_off_what_was_understood(self):
        ratings = {"demonstrating_understanding": {"expert1": 4}}
        rubric = RubricScore(rubric="empathy", rubric_version="1.0.0", score=3.0)
        reply = coded(Main.INPUT, (Code.ADVICE, 0.5), (Code.SELF_FOCUS, 0.2))
        found = cases({}, reply, {"ratings": ratings}, rubrics=(rubric,))
        assert found["demonstrating_understanding"].said == pytest.approx(1.5)
        unseen = cases({}, reply, {"ratings": ratings})["demonstrating_understanding"]
        assert unseen.said is None

    def test_one_rater_and_the_others(self):
        rows = [(1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 5, 5)]
        scored = []
        for number, given in enumerate(rows):
            ratings = {"advice_giving": {f"expert{i}": v for i, v in enumerate(given)}}
            reply = coded(Main.INPUT, (Code.ADVICE, number / 4))
            score = UtteranceScore(turn=1, coded=reply, rubrics={})
            card = Scorecard(transcript_id=str(number), utterances=(score,))
            scored.append((item(str(number), about={"ratings": ratings}), card))
        (found,) = evaluate(scored, measures(), QUICK).sets[0].findings
        assert found.rated.spearman.value == 1.0
        assert found.rated.one_and_others == 1.0
        assert found.rated.raters == 3

    def test_a_label_that_is_the_same_everywhere_tells_nothing(self, library):
        items = [item(str(n), {"behaviour": "other"}) for n in range(3)]
        made = evaluate(offline(items, measures(), library.rubrics()), measures(), QUICK)
        assert made.sets[0].findings == ()


def test_only_what_is_labelled_is_scored(library):
    rubrics = library.rubrics()
    ids = [rubric.id for rubric in needed(item(labels={"level_empathy": "2"}), measures(), rubrics)]
    assert ids == ["empathy"]
    assert list(needed(item(labels={"behaviour": "other"}), measures(), rubrics)) == []
    assert len(needed(item(about={"quality": "low"}), measures(), rubrics)) == len(rubrics)


def test_words_as_captions_have_them():
    assert bare("Well… I’m — um, NOT sure? (Really.)") == "well i’m um not sure really"
    made = prepared(item(), strip=True, first=1)
    assert [u.text for u in made.transcript.utterances] == ["nobody asked me it hurts"]
    assert made.labels == {}


@pytest.mark.parametrize(("value", "told"), [(True, "true"), (2.0, "2"), (" Q ", "q"), (1, "1")])
def test_labels_are_read_alike(value, told):
    assert key(value) == told


class TestJudge:
    def judge(self, library, script):
        return Judge([library.rubric("empathy")], FakeBackend(script), random.Random(1))

    async def test_its_levels_are_measured_and_codes_are_not_asked_for(self, library):
        seen = []

        def reply(request):
            words = data_of(request)["utterances"][1]["text"]
            seen.append(words)
            level = 4 if "left" in words else 0
            return answer(request, verdict(level, (1, words)), whole=level)

        items = [
            item("a", {"level_empathy": 4}),
            item("b", {"level_empathy": 0}, said="At least you have a job."),
            item("c", {"behaviour": "other"}),
        ]
        judge = self.judge(library, reply)
        scored, failed = await with_judge(items, measures(), judge.rubrics, judge, 2)
        assert failed == 0
        assert len(seen) == 2
        made = evaluate(scored, measures(), QUICK, scorer="judge")
        (levels,) = [f for f in made.sets[0].findings if f.id == "level_empathy"]
        assert levels.levelled.agreement.kappa.value == 1.0
        assert levels.levelled.bias == 0.0

    async def test_what_cannot_be_judged_is_counted_and_is_no_zero(self, library):
        def reply(request):
            if "job" in data_of(request)["utterances"][1]["text"]:
                raise ModelProblem("busy", Fault.BUSY)
            return answer(request, verdict(3, (1, SAID)))

        items = [
            item("a", {"level_empathy": 4}),
            item("b", {"level_empathy": 0}, said="At least you have a job."),
        ]
        judge = self.judge(library, reply)
        scored, failed = await with_judge(items, measures(), judge.rubrics, judge, 1)
        assert failed == 1
        (found,) = evaluate(scored, measures(), QUICK).sets[0].findings
        assert found.levelled.not_observed == 1

    async def test_no_answer_at_all_is_a_problem_of_the_endpoint(self, library):
        def reply(_request):
            raise ModelProblem("refused", Fault.UNREACHABLE)

        judge = self.judge(library, reply)
        with pytest.raises(EndpointProblem, match="no transcript could be judged"):
            await with_judge(
                [item(labels={"level_empathy": 4})], measures(), judge.rubrics, judge, 1
            )
