"""The embedding: a look-up that is a product, and a way back that adds up."""

import numpy as np
import pytest

from engine.embedding import Embedding, WordIdError, one_hot, scatter_add, word_ids
from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent.rnn import ShapeError


def test_a_one_hot_vector_times_the_matrix_is_a_row_of_it():
    W = np.random.default_rng(0).standard_normal((7, 4))
    ids = np.array([[5, 0, 5], [6, 2, 1]])
    assert np.array_equal(Embedding(W).forward(ids).out, one_hot(ids, 7) @ W)


def test_a_one_hot_vector_of_a_large_vocabulary_needs_no_square_of_it():
    vectors = one_hot([3, 199_999], 200_000)
    assert vectors.sum(axis=1).tolist() == [1.0, 1.0]
    assert vectors[1, 199_999] == 1.0


@pytest.mark.parametrize("V", [2, 9])
def test_one_hot_vectors_have_cosine_zero_and_distance_root_two(V):
    vectors = one_hot(np.arange(V), V)
    assert vectors @ vectors.T == pytest.approx(np.eye(V))
    assert np.linalg.norm(vectors[0] - vectors[1]) == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize(("V", "D", "shape"), [(7, 4, (3, 2)), (3, 3, (3, 3)), (5, 1, (6,))])
def test_the_gradient_is_the_derivative_also_for_ids_that_repeat(V, D, shape):
    rng = np.random.default_rng(V)
    W = rng.standard_normal((V, D))
    ids = rng.integers(0, V, shape)
    ids.flat[0] = ids.flat[-1]
    layer = Embedding(W)

    def out(point):
        return Embedding(point["W"]).forward(ids).out

    def pull_back(w):
        return {"W": layer.backward(layer.forward(ids), w)}

    check = check_inner_product(out, {"W": W}, pull_back, rng)
    assert check.worst.relative_error < 1e-7, check.worst
    w = rng.standard_normal((*shape, D))
    entries = check_entries(lambda p: (w * out(p)).sum(), {"W": W}, pull_back(w), floor=1e-2)
    assert entries.worst.relative_error < 1e-7, entries.worst


def test_assigning_instead_of_adding_would_lose_a_gradient():
    ids, dout = np.array([2, 0, 2]), np.array([[1.0], [2.0], [4.0]])
    assert scatter_add(ids, dout, 3).tolist() == [[2.0], [0.0], [5.0]]
    assigned = np.zeros((3, 1))
    assigned[ids] = dout
    assert assigned.tolist() == [[2.0], [0.0], [4.0]]


def test_the_row_of_the_padding_id_gets_no_gradient():
    layer = Embedding(np.ones((3, 2)), padding=0)
    dW = layer.backward(layer.forward([0, 1, 0, 2]), np.ones((4, 2)))
    assert dW.tolist() == [[0, 0], [1, 1], [1, 1]]


def test_changing_the_ids_afterwards_changes_no_gradient():
    layer = Embedding(np.ones((3, 2)))
    ids = np.array([0, 1])
    run = layer.forward(ids)
    ids[:] = 2
    assert layer.backward(run, np.ones((2, 2))).tolist() == [[1, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("ids", "found", "position"),
    [([0, -1], -1, (1,)), ([[0, 1], [3, 0]], 3, (1, 0)), (7, 7, ())],
)
def test_an_id_that_no_word_has_is_named_with_its_place(ids, found, position):
    with pytest.raises(WordIdError) as caught:
        Embedding(np.ones((3, 2))).forward(ids)
    assert caught.value.found == found
    assert caught.value.position == position
    assert str(found) in str(caught.value)


def test_numbers_that_are_no_ids_are_refused():
    with pytest.raises(TypeError, match="integers"):
        word_ids([0.5], 3)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Embedding(np.ones(3)), "W"),
        (
            lambda: Embedding(np.ones((3, 2))).backward(
                Embedding(np.ones((3, 2))).forward([0, 1]), np.ones((2, 3))
            ),
            "dout",
        ),
    ],
)
def test_a_shape_that_does_not_fit_is_named(call, name):
    with pytest.raises(ShapeError) as caught:
        call()
    assert caught.value.name == name
