"""word2vec on thirty sentences."""

import json
import warnings

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.experiments.toy_word2vec import chance, examples, neighbours
from engine.tasks.toy_corpus import CLASSES, ToyCorpus

WORD2VEC = EXPERIMENTS["toy-word2vec"]
SMALL = {"iterations": 5, "every": 2, "dimensions": 4}


@pytest.mark.parametrize("model", ["cbow", "skip-gram"])
@pytest.mark.parametrize("negatives", [0, 5])
def test_words_of_one_class_come_to_be_nearest_to_each_other(model, negatives):
    run = WORD2VEC.run(seed=0, model=model, negatives=negatives, every=50)
    snapshots = list(run)
    assert snapshots[-1].purity >= 0.9
    assert snapshots[-1].loss < snapshots[0].loss
    start = next(WORD2VEC.run(seed=0, model=model, negatives=negatives, every=1))
    assert start.purity < 0.5
    assert start.chance < 0.15


def test_the_first_loss_of_the_full_softmax_is_that_of_a_uniform_guess():
    V = len(ToyCorpus.new().words)
    start = next(WORD2VEC.run(seed=0, deviation=0.001, every=1))
    assert start.loss == pytest.approx(np.log(V), rel=1e-3)


def test_the_first_loss_of_negative_sampling_is_that_of_k_and_one_coins():
    start = next(WORD2VEC.run(seed=0, deviation=0.001, every=1, negatives=4))
    assert start.loss == pytest.approx(5 * np.log(2), rel=1e-3)


def test_no_window_reaches_into_the_next_sentence():
    corpus = ToyCorpus.new()
    shown = examples(corpus, 2)
    start = 0
    for sentence in corpus.sentences:
        n = len(sentence)
        for place in range(n):
            row = shown.contexts[start + place][shown.mask[start + place]]
            around = [*sentence[max(place - 2, 0) : place], *sentence[place + 1 : place + 3]]
            assert shown.centres[start + place] == sentence[place]
            assert row.tolist() == [int(i) for i in around]
        start += n
    assert start == len(shown.centres)


def test_neighbours_are_the_words_with_the_largest_cosine():
    corpus = ToyCorpus.new()
    W = np.random.RandomState(0).randn(len(corpus.words), 6)
    rows = dict(zip(corpus.words, W, strict=True))
    for found in neighbours(corpus, W):
        cosines = {
            word: rows[found.word] @ rows[word] / np.linalg.norm(rows[word])
            for word in CLASSES
            if word != found.word
        }
        assert found.nearest == tuple(sorted(cosines, key=lambda w: -cosines[w])[:3])
        assert found.group == CLASSES[found.word]
        assert list(found.similarities) == sorted(found.similarities, reverse=True)


def test_purity_is_the_share_of_nearest_words_of_the_same_class():
    snapshot = next(WORD2VEC.run(seed=1, every=30))
    assert len(snapshot.words) == len(CLASSES)
    same = [CLASSES[found.nearest[0]] == found.group for found in snapshot.words]
    assert snapshot.purity == np.mean(same)
    assert 0 < snapshot.purity < 1


def test_chance_is_what_drawing_the_nearest_by_lot_gives():
    rng = np.random.RandomState(0)
    words = list(CLASSES)
    hits = []
    for _ in range(20_000):
        a, b = rng.choice(len(words), size=2, replace=False)
        hits.append(CLASSES[words[a]] == CLASSES[words[b]])
    assert chance() == pytest.approx(np.mean(hits), abs=0.01)


def test_a_run_that_breaks_ends_with_the_reason_and_without_a_warning():
    state = WORD2VEC.new_state(seed=0, **SMALL)
    state.parameters.W_out[0, 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(WORD2VEC.run(state=state, **SMALL))
    assert [s.diverged for s in found] == ["gradient norm nan at iteration 1"]
    assert json.loads(json.dumps(found[0].to_json(), allow_nan=False))["loss"] is None


@pytest.mark.parametrize("negatives", [0, 3])
def test_a_kept_state_goes_on_as_if_never_stopped(negatives):
    settings = {**SMALL, "negatives": negatives}
    whole = [s.to_json() for s in WORD2VEC.run(seed=3, **settings)]
    assert [s["iteration"] for s in whole] == [2, 4, 5]
    state = WORD2VEC.new_state(seed=3, **settings)
    run = WORD2VEC.run(state=state, **settings)
    first = next(run).to_json()
    run.close()
    rest = [s.to_json() for s in WORD2VEC.run(state=state.copy(), **settings)]
    assert [first, *rest] == whole
    assert [s.to_json() for s in WORD2VEC.run(seed=4, **settings)] != whole
