"""What calls cost."""

from decimal import Decimal

import pytest

from alliance_sim.errors import InputProblem
from alliance_sim.llm.port import Usage
from alliance_sim.llm.prices import load_prices

USED = Usage(3, 0, 2_000_000, 500_000)


def table(tmp_path, text):
    (tmp_path / "prices.yaml").write_text(text, "utf-8")
    return load_prices(tmp_path)


def test_the_first_match_counts(tmp_path):
    prices = table(
        tmp_path,
        "currency: EUR\nmodels:\n"
        "  - {match: 'small-*', prompt: 0.1, completion: 0.4}\n"
        "  - {match: '*', prompt: 1, completion: 2}\n",
    )
    assert prices.currency == "EUR"
    assert prices.cost(USED, "Small-2") == Decimal("0.4")
    assert prices.cost(USED, "large") == 3


def test_what_is_not_known_has_no_cost(tmp_path):
    assert load_prices().cost(USED, "any-model") is None
    assert load_prices(tmp_path).cost(USED, "any-model") is None
    assert load_prices().cost(USED, "here.gguf") == 0


@pytest.mark.parametrize(
    "text",
    [
        "models: [",
        "- 1",
        "models: {}",
        "models: [{match: a, prompt: 1}]",
        "models: [{match: a, prompt: -1, completion: 1}]",
        "models: [{match: a, prompt: .nan, completion: 1}]",
        "models: [{match: a, prompt: yes, completion: 1}]",
        "currency: 3\nmodels: []",
        "[" * 5000,
    ],
)
def test_a_bad_table_is_named(tmp_path, text):
    with pytest.raises(InputProblem) as caught:
        table(tmp_path, text)
    assert str(tmp_path / "prices.yaml") in str(caught.value)
    assert "\n" not in str(caught.value)
