"""Thirty sentences with word classes."""

import numpy as np
import pytest

from engine.tasks.toy_corpus import CLASSES, SENTENCES, ToyCorpus

CORPUS = ToyCorpus.new()


def test_ids_give_the_sentences_back():
    found = [" ".join(CORPUS.words[i] for i in sentence) for sentence in CORPUS.sentences]
    assert tuple(found) == SENTENCES
    assert len(set(SENTENCES)) == len(SENTENCES) == 30


def test_every_word_of_a_class_occurs_at_least_three_times():
    counts = dict(zip(CORPUS.words, CORPUS.counts, strict=True))
    assert sum(CORPUS.counts) == sum(len(sentence.split()) for sentence in SENTENCES)
    assert min(counts[word] for word in CLASSES) >= 3
    assert set(CORPUS.words) - set(CLASSES) == {"the", "in", "at"}


def test_no_class_has_a_single_word():
    groups = list(CLASSES.values())
    assert all(groups.count(group) >= 2 for group in groups)


@pytest.mark.parametrize(
    ("group", "before"),
    [("animal", {"the"}), ("person", {"the"}), ("place", {"the"}), ("time", {"at"})],
)
def test_words_of_a_class_stand_after_the_same_words(group, before):
    for sentence in CORPUS.sentences:
        names = [CORPUS.words[i] for i in sentence]
        for place, word in enumerate(names):
            if CLASSES.get(word) == group:
                assert names[place - 1] in before


def test_ids_run_from_zero_in_the_order_of_the_text():
    first = [int(np.flatnonzero(np.concatenate(CORPUS.sentences) == i)[0]) for i in range(3)]
    assert first == sorted(first)
    assert CORPUS.words[:3] == ("the", "cat", "chases")
