"""What calls cost, from a table that the user keeps."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

from alliance_sim.errors import InputProblem
from alliance_sim.llm.port import Usage

__all__ = ["Price", "Prices", "load_prices"]

FILE = "prices.yaml"
LARGEST = 200_000
_SHAPE = "currency: USD, and models: a list of match, prompt, completion"


@dataclass(frozen=True)
class Price:
    """Of a million tokens, for models whose name fits the pattern."""

    match: str
    prompt: Decimal
    completion: Decimal


@dataclass(frozen=True)
class Prices:
    """A table of prices; the first that matches counts."""

    currency: str
    prices: tuple[Price, ...]

    def cost(self, usage: Usage, model: str) -> Decimal | None:
        """In `currency`; None for a model that the table does not know."""
        for price in self.prices:
            if fnmatchcase(model.lower(), price.match.lower()):
                total = usage.prompt_tokens * price.prompt
                return (total + usage.completion_tokens * price.completion) / 1_000_000
        return None


def load_prices(folder: Path | None = None) -> Prices:
    """The user's table in the configuration folder, else the one that ships.

    Raises InputProblem for a table that cannot be read.
    """
    import yaml  # noqa: PLC0415

    own = folder / FILE if folder else None
    if own is not None and own.is_file():
        path, text = str(own), _text(own)
    else:
        path, text = FILE, files("alliance_sim.llm").joinpath(FILE).read_text("utf-8")
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else f"{path}:1:1"
        told = getattr(problem, "problem", None) or "no YAML"
        raise InputProblem(f"{place}: {told}; write {_SHAPE}") from None
    return _prices(path, data)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputProblem(f"{path}: larger than a table of prices can be")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputProblem(f"{path}: cannot be read as text in UTF-8") from None


def _prices(path: str, data: Any) -> Prices:
    rows = data.get("models") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not isinstance(data.get("currency", "USD"), str):
        raise InputProblem(f"{path}: write {_SHAPE}")
    prices = tuple(_price(path, at, row) for at, row in enumerate(rows, 1))
    return Prices(data.get("currency", "USD"), prices)


def _price(path: str, at: int, row: Any) -> Price:
    place = f"{path}: price {at}"
    if not isinstance(row, dict) or set(row) != {"match", "prompt", "completion"}:
        raise InputProblem(f"{place}: it has exactly match, prompt and completion")
    return Price(
        str(row["match"]), _amount(place, row["prompt"]), _amount(place, row["completion"])
    )


def _amount(place: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise InputProblem(
            f"{place}: {str(value)[:40]!r} is no amount; write a number of 0 or more"
        )
    return amount
