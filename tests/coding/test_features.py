"""What is observed in an utterance."""

from alliance_sim.coding.features import observe


def test_sentences_and_marks() -> None:
    features = observe("Okay. So you left? And then…")
    assert [sentence.words for sentence in features.sentences] == [
        ("okay",), ("so", "you", "left"), ("and", "then"),
    ]  # fmt: skip
    assert [sentence.asked for sentence in features.sentences] == [False, True, False]
    assert features.length == 6
    assert features.sentences[1].bare() == ("you", "left")


def test_overlap_is_the_share_of_content_words_the_client_used() -> None:
    features = observe("You hate the silence at breakfast.", "I hate that silence, all morning.")
    assert features.overlap == 2 / 3
    assert observe("You hate it.", "").overlap == 0


def test_only_the_clients_last_words_count() -> None:
    features = observe("The garden.", "garden " + "nothing " * 200)
    assert features.overlap == 0


def test_feelings_are_seen_as_words_and_as_phrases() -> None:
    assert observe("You are sad and worn out.").emotions == {"sad", "worn out"}


def test_what_the_client_says_is_observed_too() -> None:
    assert observe("Sure.", "Can I have your number?").client_has("bait")
    assert not observe("Sure.").client_has("bait")


def test_an_empty_utterance_has_one_empty_sentence() -> None:
    features = observe("  ")
    assert features.length == 0
    assert features.sentences[0].words == ()
