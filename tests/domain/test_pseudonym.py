"""What somebody can go by: the check and the model of people say the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from alliance_sim.domain.programme import PersonId
from alliance_sim.domain.pseudonym import LONGEST, checked_pseudonym, is_pseudonym
from alliance_sim.errors import UsageProblem

PERSON_ID = TypeAdapter(PersonId)


@pytest.mark.parametrize("text", ["t-k3f9ab", "i-7hq2mx", "9", "a.b_c-d", "t" * LONGEST])
def test_pseudonyms(text):
    assert checked_pseudonym(text) == text


@pytest.mark.parametrize(
    "text", ["", "Zoë Heron", "-x", "..", "a/b", "=1+1", "a\n", "a\x1b", "t" * (LONGEST + 1)]
)
def test_what_is_none_is_told_in_a_line(text):
    with pytest.raises(UsageProblem, match="is no pseudonym; write letters") as problem:
        checked_pseudonym(text)
    assert "\n" not in str(problem.value)


@given(st.text(st.characters(max_codepoint=127), max_size=LONGEST + 2))
@example("a\n")
def test_the_model_of_people_agrees(text):
    try:
        PERSON_ID.validate_python(text)
    except ValidationError:
        assert not is_pseudonym(text)
    else:
        assert is_pseudonym(text)
