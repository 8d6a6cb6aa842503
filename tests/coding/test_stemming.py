"""Stems: the same in many threads at once as in one."""

import random
from concurrent.futures import ThreadPoolExecutor

from alliance_sim.coding.stemming import porter2

ENDINGS = ("", "s", "ed", "ing", "ation", "fully", "ness", "ible", "iveness", "ously")


def test_forms_of_a_word_share_a_stem() -> None:
    assert porter2("drinking") == porter2("drinks") == "drink"


def test_threads_do_not_disturb_one_another() -> None:
    pick = random.Random(4)
    letters = "abcdefghilmnoprstuvy"
    words = [
        "".join(pick.choices(letters, k=pick.randint(2, 9))) + pick.choice(ENDINGS)
        for _ in range(3000)
    ]
    alone = [porter2(word) for word in words]
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: [porter2(word) for word in words], range(4)))
    assert all(found == alone for found in runs)
