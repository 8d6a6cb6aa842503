"""No key stands in any text, whatever the key and the text are."""

from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.faults import Where
from alliance_sim.llm.redaction import SHORTEST, redact

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=SHORTEST)
PIECES = st.lists(st.text(max_size=20), max_size=5)


@given(KEYS, PIECES)
@example("a***", ["", "a", "***"])
@example("aa***", ["a", ""])
@example("****", ["sk-1234567", "x"])
def test_a_key_is_gone_from_any_text(key, pieces):
    assert key not in redact(key.join(pieces) + key, [key])
    assert quote(key, "") not in redact(quote(key, "").join(pieces), [key])


@given(KEYS, PIECES)
def test_a_key_is_gone_from_problems(key, pieces):
    problem = Where("http://localhost/v1", "m", key).refused(500, key.join(pieces))
    assert key not in str(problem)
    assert key not in problem.body


def test_what_looks_like_a_key_is_gone_unasked():
    told = 'Bearer abcdef123456, "api_key": "zyxw9876", sk-proj-12345678 and words'
    cleaned = redact(told)
    assert "words" in cleaned
    for secret in ("abcdef123456", "zyxw9876", "12345678"):
        assert secret not in cleaned


def test_an_ordinary_sentence_stays():
    text = "Incorrect request: the model 'task-master' has 4096 tokens; ask-then-tell."
    assert redact(text, [None, "", "x"]) == text


def test_an_endpoint_does_not_show_its_key():
    assert "sesame" not in repr(Endpoint("http://localhost/v1", "m", "open-sesame"))
