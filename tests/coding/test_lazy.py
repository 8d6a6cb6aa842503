"""A part that is worked out when first looked at: once an owner, and frozen owners too."""

from dataclasses import dataclass, replace

from alliance_sim.coding.lazy import lazy

WORKED_OUT = []


@dataclass(frozen=True)
class Reading:
    text: str

    @lazy
    def words(self) -> list[str]:
        """The words."""
        WORKED_OUT.append(self.text)
        return self.text.split()


def test_once_for_each_owner():
    WORKED_OUT.clear()
    first = Reading("a b")
    assert first.words is first.words
    assert replace(first, text="c").words == ["c"]
    assert WORKED_OUT == ["a b", "c"]


def test_it_is_no_part_of_what_makes_two_equal():
    read = Reading("a b")
    assert read.words
    assert read == Reading("a b")
    assert hash(read) == hash(Reading("a b"))
    assert Reading.words.__doc__ == "The words."
