"""Losses over sequences against differences and against what a mask and a perplexity promise."""

import numpy as np
import pytest

from engine import functions
from engine.embedding import WordIdError, one_hot
from engine.gradient_check import check_entries, check_inner_product
from engine.losses import perplexity, sigmoid_cross_entropy, softmax_cross_entropy
from engine.recurrent.rnn import ShapeError

SHAPES = [(5, 4), (3, 2, 6), (4, 4), (3, 3, 3), (7,)]


def mask_of(kind, shape, rng):
    if kind == "some":
        mask = rng.random(shape) < 0.6
        mask.flat[0] = True
        return mask
    return np.zeros(shape, dtype=bool) if kind == "nothing" else None


def assert_right(loss, v, delta, rng):
    check = check_entries(lambda p: loss(p["v"]), {"v": v}, {"v": delta}, floor=1e-2)
    assert check.worst.relative_error < 1e-7, check.worst
    inner = check_inner_product(
        lambda p: loss(p["v"]), {"v": v}, lambda w: {"v": w * delta}, rng, floor=1e-2
    )
    assert inner.worst.relative_error < 1e-7, inner.worst


@pytest.mark.parametrize("mean", [True, False])
@pytest.mark.parametrize("kind", [None, "some", "nothing"], ids=str)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_softmax_cross_entropy_hands_out_its_own_derivative(shape, kind, mean):
    rng = np.random.default_rng(len(shape))
    v = 2 * rng.standard_normal(shape)
    targets = rng.integers(0, shape[-1], shape[:-1])
    mask = mask_of(kind, shape[:-1], rng) if shape[:-1] else None
    run = softmax_cross_entropy(v, targets, mask, mean=mean)
    assert_right(
        lambda moved: softmax_cross_entropy(moved, targets, mask, mean=mean).E,
        v,
        run.delta_out,
        rng,
    )


@pytest.mark.parametrize("mean", [True, False])
@pytest.mark.parametrize("kind", [None, "some", "nothing"], ids=str)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_sigmoid_cross_entropy_hands_out_its_own_derivative(shape, kind, mean):
    rng = np.random.default_rng(len(shape))
    v, d = 2 * rng.standard_normal(shape), rng.random(shape)
    mask = mask_of(kind, shape, rng)
    run = sigmoid_cross_entropy(v, d, mask, mean=mean)
    assert_right(
        lambda moved: sigmoid_cross_entropy(moved, d, mask, mean=mean).E, v, run.delta_out, rng
    )


def test_the_gradient_is_y_minus_t_over_the_number_that_counts():
    rng = np.random.default_rng(0)
    v, targets = rng.standard_normal((5, 4)), np.array([0, 3, 1, 1, 2])
    mask = np.array([1, 1, 0, 1, 0], dtype=bool)
    difference = functions.softmax(v) - one_hot(targets, 4)
    assert softmax_cross_entropy(v, targets).delta_out == pytest.approx(difference / 5)
    run = softmax_cross_entropy(v, targets, mask)
    assert run.delta_out == pytest.approx(difference * mask[:, None] / 3)
    assert run.count == 3
    assert np.isclose(run.E, run.losses.sum() / 3)


def test_both_losses_agree_with_those_of_one_output():
    rng = np.random.default_rng(1)
    v, targets, d = rng.standard_normal((5, 4)), rng.integers(0, 4, 5), rng.random((5, 4))
    softmax, sigmoid = functions.output("ce-softmax"), functions.output("ce-sigmoid")
    assert softmax_cross_entropy(v, targets).losses == pytest.approx(
        softmax.value(v, one_hot(targets, 4))
    )
    run = sigmoid_cross_entropy(v, d, mean=False)
    assert run.losses.sum(axis=1) == pytest.approx(sigmoid.value(v, d))
    assert run.delta_out == pytest.approx(sigmoid.delta(v, d))


def test_padding_changes_neither_loss_nor_gradient_whatever_stands_there():
    rng = np.random.default_rng(2)
    v, targets = rng.standard_normal((3, 2, 5)), rng.integers(0, 5, (3, 2))
    short = softmax_cross_entropy(v, targets)
    longer = np.concatenate([v, 1e3 * rng.standard_normal((4, 2, 5))])
    padded = np.concatenate([targets, np.full((4, 2), -1)])
    run = softmax_cross_entropy(longer, padded, np.arange(7)[:, None] < 3)
    assert np.isclose(run.E, short.E)
    assert run.perplexity == pytest.approx(short.perplexity)
    assert run.delta_out[:3] == pytest.approx(short.delta_out)
    assert not run.delta_out[3:].any()


@pytest.mark.parametrize("V", [1, 2, 10, 50_000])
def test_a_uniform_guess_has_the_perplexity_of_the_vocabulary(V):
    assert softmax_cross_entropy(np.zeros((3, V)), [0, V - 1, V // 2]).perplexity == pytest.approx(
        V
    )


@pytest.mark.parametrize(("E", "value"), [(0.0, 1.0), (np.log(50), 50.0), (1e4, np.inf)])
def test_perplexity_is_the_exponential_of_the_mean_cross_entropy(E, value):
    assert perplexity(E) == pytest.approx(value)


def test_perplexity_is_of_the_mean_even_where_the_loss_is_a_sum():
    run = softmax_cross_entropy(np.zeros((4, 8)), np.zeros(4, dtype=int), mean=False)
    assert np.isclose(run.E, 4 * np.log(8))
    assert run.perplexity == pytest.approx(8)


@pytest.mark.filterwarnings("error")
def test_scores_far_out_keep_loss_and_gradient_finite():
    run = softmax_cross_entropy([[1000.0, -1000.0]], [1])
    assert np.isclose(run.E, 2000.0)
    assert run.delta_out == pytest.approx(np.array([[1.0, -1.0]]))
    run = sigmoid_cross_entropy([1000.0, -1000.0], [0.0, 1.0], mean=False)
    assert np.isclose(run.E, 2000.0)
    assert run.delta_out == pytest.approx([1.0, -1.0])


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (
            lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, 3]),
            WordIdError,
            r"targets\[1\] is 3",
        ),
        (lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, -1]), WordIdError, "-1"),
        (lambda: softmax_cross_entropy(np.zeros((2, 3)), [0]), ShapeError, "targets"),
        (lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, 1], [1, 1, 1]), ShapeError, "mask"),
        (lambda: sigmoid_cross_entropy(np.zeros((2, 3)), np.zeros(3)), ShapeError, "d has"),
    ],
)
def test_what_does_not_fit_is_named(call, error, match):
    with pytest.raises(error, match=match):
        call()
