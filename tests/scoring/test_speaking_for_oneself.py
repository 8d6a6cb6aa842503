"""Whose part a sentence speaks of."""

import pytest

from alliance_sim.scoring.speaking_for_oneself import Part, part


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        ("I cut right across you.", "You interrupted me.", Part.OWNED),
        ("I hadn't seen it.", "You cut me short.", Part.OWNED),
        ("I wasn't laughing at you.", "You laughed.", Part.DENIED),
        ("I never said it was your fault.", "So it's my fault.", Part.DENIED),
        ("You're right.", "You cut me short.", Part.GRANTED),
        ("I'm a fully qualified therapist.", "What do you know?", Part.EXPLAINED),
        ("Writing is a very good way to heal.", "I won't write it.", Part.EXPLAINED),
        ("What did I miss?", "You cut me short.", None),
        ("I don't want to win.", "You win.", None),
    ],
)
def test_parts(sentence, before, expected):
    assert part(sentence, before) is expected
