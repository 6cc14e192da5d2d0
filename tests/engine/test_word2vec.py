"""word2vec: both models, both output layers, and what can be asked of the vectors."""

import itertools

import numpy as np
import pytest

from engine.embedding import WordIdError, one_hot
from engine.functions import sigmoid, softmax
from engine.gradient_check import check_entries, check_inner_product
from engine.optimizers import Adam
from engine.recurrent.rnn import ShapeError
from engine.word2vec import (
    CBOW,
    Parameters,
    SkipGram,
    draw_negatives,
    noise_distribution,
    pairs,
    windows,
)
from engine.word_vectors import UnknownWordError, WordVectors, cosine_similarity

MODELS = [CBOW, SkipGram]
# N, C, V, D, K: all different; some equal; all equal.
SIZES = [(3, 4, 9, 5, 2), (2, 2, 5, 5, 3), (4, 4, 4, 4, 4)]


def parameters_of(V, D, rng):
    return Parameters(rng.standard_normal((V, D)), rng.standard_normal((D, V)))


def case(model, sizes, sampled, masked):
    N, C, V, D, K = sizes
    rng = np.random.default_rng(sum(sizes))
    centre, contexts = rng.integers(0, V, N), rng.integers(0, V, (N, C))
    contexts[:, -1] = contexts[:, 0]  # a word may stand twice in one window
    mask = None
    if masked:
        mask = rng.random((N, C)) < 0.6
        mask[:, 0] = True
        contexts[~mask] = -1
    M = 1 if model is CBOW else C
    negatives = rng.integers(0, V, (N, M, K)) if sampled else None
    return parameters_of(V, D, rng), centre, contexts, mask, negatives, rng


@pytest.mark.parametrize(
    ("model", "sizes", "sampled", "masked", "mean"),
    list(itertools.product(MODELS, SIZES, [False, True], [False, True], [False, True])),
)
def test_every_gradient_is_the_derivative(model, sizes, sampled, masked, mean):
    parameters, centre, contexts, mask, negatives, rng = case(model, sizes, sampled, masked)

    def loss(point):
        moved = model(Parameters(point["W_in"], point["W_out"]))
        return moved.forward(centre, contexts, mask, negatives=negatives, mean=mean).E

    network = model(parameters)
    run = network.forward(centre, contexts, mask, negatives=negatives, mean=mean)
    gradients = network.backward(run).parameters.as_dict()
    at = parameters.as_dict()
    entries = check_entries(loss, at, gradients, floor=1e-2)
    assert entries.worst.relative_error < 1e-7, entries.worst
    inner = check_inner_product(
        loss, at, lambda w: {name: w * g for name, g in gradients.items()}, rng, floor=1e-2
    )
    assert inner.worst.relative_error < 1e-7, inner.worst


def test_cbow_is_its_equations():
    rng = np.random.default_rng(0)
    p = parameters_of(9, 4, rng)
    context, target = [1, 3, 6, 3], 5
    run = CBOW(p).forward([target], [context])
    h = p.W_in[context].mean(axis=0)
    y = softmax(h @ p.W_out)
    assert run.h[0] == pytest.approx(h)
    assert run.output.y[0] == pytest.approx(y)
    assert run.losses[0] == pytest.approx(-np.log(y[target]))
    back = CBOW(p).backward(run)
    difference = y - one_hot(target, 9)
    assert back.parameters.W_out == pytest.approx(np.outer(h, difference))
    each = p.W_out @ difference / 4
    assert back.parameters.W_in[1] == pytest.approx(each)
    assert back.parameters.W_in[3] == pytest.approx(2 * each)  # it occurs twice
    assert not back.parameters.W_in[5].any()


def test_skip_gram_is_its_equations():
    rng = np.random.default_rng(1)
    p = parameters_of(9, 4, rng)
    centre, context = 5, [1, 3, 6, 7]
    run = SkipGram(p).forward([centre], [context])
    y = softmax(p.W_in[centre] @ p.W_out)
    assert run.losses[0] == pytest.approx(-np.log(y[context]).sum())
    back = SkipGram(p).backward(run)
    differences = sum(y - one_hot(o, 9) for o in context)
    assert back.parameters.W_in[centre] == pytest.approx(p.W_out @ differences)
    assert back.parameters.W_out == pytest.approx(np.outer(p.W_in[centre], differences))


def test_negative_sampling_is_its_equations():
    rng = np.random.default_rng(2)
    p = parameters_of(9, 4, rng)
    centre, word, negatives = 5, 3, [0, 8, 6]
    run = SkipGram(p).forward([centre], [[word]], negatives=[[negatives]])
    h, U = p.W_in[centre], p.W_out.T
    loss = -np.log(sigmoid(U[word] @ h)) - sum(np.log(sigmoid(-U[k] @ h)) for k in negatives)
    assert np.isclose(run.E, loss, rtol=1e-12)
    back = SkipGram(p).backward(run)
    dh = (sigmoid(U[word] @ h) - 1) * U[word] + sum(sigmoid(U[k] @ h) * U[k] for k in negatives)
    assert back.h[0] == pytest.approx(dh)
    assert back.parameters.W_in[centre] == pytest.approx(dh)
    assert back.parameters.W_out[:, word] == pytest.approx((sigmoid(U[word] @ h) - 1) * h)
    for k in negatives:
        assert back.parameters.W_out[:, k] == pytest.approx(sigmoid(U[k] @ h) * h)
    assert not back.parameters.W_out[:, 1].any()


@pytest.mark.parametrize("K", [1, 5])
def test_negative_sampling_touches_k_plus_one_words_and_the_softmax_all(K):
    rng = np.random.default_rng(3)
    p = parameters_of(50, 4, rng)
    negatives = rng.choice(np.arange(1, 50), K, replace=False)
    for given, touched in ((negatives[None, None], K + 1), (None, 50)):
        network = CBOW(p)
        back = network.backward(network.forward([0], [[7, 8]], negatives=given))
        assert back.parameters.W_out.any(axis=0).sum() == touched


def test_a_window_that_reaches_beyond_the_text_averages_what_is_there():
    p = parameters_of(6, 3, np.random.default_rng(4))
    run = CBOW(p).forward([0], [[-1, 2, 4, -1]], [[False, True, True, False]])
    assert run.h[0] == pytest.approx((p.W_in[2] + p.W_in[4]) / 2)


@pytest.mark.parametrize(("n", "c"), [(6, 1), (6, 2), (10, 3), (4, 3), (2, 1), (5, 5), (7, 0)])
def test_a_text_of_n_words_has_2cn_minus_c_times_c_plus_1_pairs(n, c):
    found = pairs(np.arange(n), c)
    expected = {(i, j) for i in range(n) for j in range(n) if i != j and abs(i - j) <= c}
    assert {tuple(pair) for pair in found.tolist()} == expected
    assert len(found) == len(expected)
    if n >= c:
        assert len(found) == 2 * c * n - c * (c + 1)


def test_the_windows_of_a_text_stand_in_its_order():
    contexts, mask = windows([7, 8, 9], 2)
    assert contexts.tolist() == [[-1, -1, 8, 9], [-1, 7, 9, -1], [7, 8, -1, -1]]
    assert np.array_equal(mask, contexts >= 0)


@pytest.mark.parametrize(
    ("counts", "P"),
    [
        ([0.70, 0.29, 0.01], [0.642, 0.332, 0.027]),
        ([70, 29, 1], [0.642, 0.332, 0.027]),
        ([16, 1], [8 / 9, 1 / 9]),
        ([5, 0, 5], [0.5, 0, 0.5]),
    ],
)
def test_the_noise_distribution_lifts_rare_words_and_sums_to_one(counts, P):
    found = noise_distribution(counts)
    assert found == pytest.approx(P, abs=5e-4)
    assert found.sum() == pytest.approx(1)


def test_negatives_come_from_the_noise_distribution_without_the_word_itself():
    P = noise_distribution([60, 30, 10, 0])
    drawn = draw_negatives(np.random.default_rng(0), P, np.zeros((2000, 3), dtype=int), 4)
    assert drawn.shape == (2000, 3, 4)
    shares = np.bincount(drawn.ravel(), minlength=4) / drawn.size
    assert shares == pytest.approx([0, P[1] / (P[1] + P[2]), P[2] / (P[1] + P[2]), 0], abs=0.015)


@pytest.mark.parametrize("sampled", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_words_that_stand_in_the_same_places_become_neighbours(model, sampled):
    """Pairs (a0, a1), (b0, b1), …: the two words of a pair stand in the same contexts."""
    rng = np.random.default_rng(0)
    groups = 4
    text = []
    for _ in range(150):
        g = rng.integers(groups)
        text += [2 * g + rng.integers(2), 2 * groups + g, 3 * groups + g]
    V = 4 * groups
    centre, (contexts, mask) = np.array(text), windows(text, 1)
    P = noise_distribution(np.bincount(text, minlength=V))
    parameters = Parameters.initial(V, 8, np.random.RandomState(0), deviation=0.1)
    network, optimizer = model(parameters), Adam(0.02)
    for _ in range(100):
        outputs = centre[:, None] if model is CBOW else np.where(mask, contexts, 0)
        negatives = draw_negatives(rng, P, outputs, 3) if sampled else None
        run = network.forward(centre, contexts, mask, negatives=negatives, mean=True)
        optimizer.step(parameters.as_dict(), network.backward(run).parameters.as_dict())
    vectors = WordVectors([str(i) for i in range(V)], parameters.W_in)
    partners = [vectors.nearest(str(2 * g), 1)[0].word == str(2 * g + 1) for g in range(groups)]
    assert sum(partners) >= groups - 1


VECTORS = WordVectors(
    ["man", "woman", "king", "queen", "apple"],
    [[1, 0, 1, 0], [1, 0, 0, 1], [1, 1, 1, 0], [1, 1, 0, 1], [-1, 0, 0.1, 0.1]],
)


def test_the_analogy_vector_finds_the_fourth_word_and_no_word_of_the_question():
    found = VECTORS.analogy("man", "king", "woman")
    assert found[0].word == "queen"
    assert {n.word for n in found} == {"queen", "apple"}


def test_the_nearest_words_come_by_their_cosine_without_the_word_itself():
    found = VECTORS.nearest("king", 2)
    assert [n.word for n in found] == ["man", "queen"]
    assert found[0].similarity == pytest.approx(2 / np.sqrt(6))
    assert VECTORS.similarity("king", "man") == pytest.approx(2 / np.sqrt(6))


@pytest.mark.parametrize(
    ("a", "b", "cosine"),
    [
        ([1, 0], [0, 3], 0),
        ([1, 2], [2, 4], 1),
        ([1, 2], [-1, -2], -1),
        ([3, 4], [4, 3], 0.96),
        ([0, 0], [1, 1], 0),
    ],
)
def test_the_cosine_looks_at_the_direction_only(a, b, cosine):
    assert cosine_similarity(a, b) == pytest.approx(cosine)


def test_a_word_without_a_vector_is_named_with_those_written_alike():
    with pytest.raises(UnknownWordError) as caught:
        VECTORS.nearest("kimg")
    assert caught.value.nearest == ("king",)


def test_the_mean_is_over_the_examples_and_not_over_their_words():
    network = SkipGram(parameters_of(9, 4, np.random.default_rng(6)))
    example = ([1, 2, 1], [[3, 4], [5, 6], [7, 8]])
    summed, mean = network.forward(*example), network.forward(*example, mean=True)
    assert np.isclose(summed.E, summed.losses.sum())
    assert np.isclose(mean.E, summed.E / 3)


def test_what_forward_hands_out_survives_the_callers_changes():
    p = parameters_of(5, 3, np.random.default_rng(5))
    contexts = np.array([[1, 2]])
    network = CBOW(p)
    run = network.forward([0], contexts)
    before = network.backward(run).parameters.W_in
    contexts[:] = 4
    assert np.array_equal(network.backward(run).parameters.W_in, before)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda net: net.forward([0], [[1, 5]]), WordIdError, r"inputs\[0, 1\] is 5"),
        (lambda net: net.forward([-1], [[1, 2]]), WordIdError, "-1"),
        (lambda net: net.forward([0], [1, 2]), ShapeError, "inputs"),
        (lambda net: net.forward([0, 1], [[1, 2]]), ShapeError, "outputs"),
        (lambda net: net.forward([0], [[1, 2]], [[1]]), ShapeError, "mask of inputs"),
        (lambda net: net.forward([0], [[1, 2]], negatives=[[1]]), ShapeError, "negatives"),
        (lambda net: net.forward([0], [[1, 2]], [[0, 0]]), ValueError, "no input word"),
        (lambda net: Parameters(np.ones((5, 3)), np.ones((5, 3))), ShapeError, "W_out"),
        (lambda net: noise_distribution([0, 0]), ValueError, "counts"),
        (lambda net: WordVectors(["a"], np.ones((2, 2))), ShapeError, "W has"),
        (
            lambda net: draw_negatives(np.random.default_rng(0), [0, 1.0], [[1]], 2),
            ValueError,
            "two words",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, error, match):
    with pytest.raises(error, match=match):
        call(CBOW(parameters_of(5, 3, np.random.default_rng(0))))
