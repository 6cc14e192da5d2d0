"""The addition task: its bits, and its random stream, on which comparisons rest."""

import numpy as np
import pytest

from engine.tasks.binary_addition import BinaryAddition, rounded


@pytest.mark.parametrize("width", [1, 4, 8, 16])
def test_targets_are_the_bits_of_the_sum_lowest_first(width):
    task = BinaryAddition(width)
    pairs = task.sample(np.random.RandomState(3), 20)
    x, d = task.sequences(pairs)
    assert x.shape == (width, 20, 2)
    assert d.shape == (width, 20, 1)
    weights = 2 ** np.arange(width)
    assert np.array_equal(np.einsum("t,tnk->nk", weights, x), pairs)
    assert np.array_equal(np.einsum("t,tnk->n", weights, d), pairs.sum(axis=1))


def test_bits_are_written_most_significant_first():
    assert BinaryAddition(8).bits(5) == (0, 0, 0, 0, 0, 1, 0, 1)


@pytest.mark.parametrize("width", [1, 2, 8, 12, 16])
def test_a_block_of_pairs_is_the_same_stream_as_two_draws_a_step(width):
    one_by_one, block = np.random.RandomState(9), np.random.RandomState(9)
    one_by_one.randn(5, 5)
    block.randn(5, 5)
    singly = [
        (one_by_one.randint(2**width / 2), one_by_one.randint(2**width / 2)) for _ in range(999)
    ]
    task = BinaryAddition(width)
    drawn = np.concatenate([task.sample(block, count) for count in (1, 500, 498)])
    assert drawn.tolist() == [list(pair) for pair in singly]
    assert one_by_one.randint(1000) == block.randint(1000)


def test_no_sum_overflows():
    task = BinaryAddition(8)
    pairs = task.sample(np.random.RandomState(0), 5000)
    assert pairs.max() == 127
    assert pairs.min() == 0


def test_the_test_sums_are_the_same_each_time_and_not_all_alike():
    task = BinaryAddition(8)
    assert np.array_equal(task.test_pairs(), task.test_pairs())
    assert len({tuple(pair) for pair in task.test_pairs().tolist()}) > 240


def test_a_bit_is_predicted_as_numpy_rounds():
    y = np.array([0.0, 0.49, 0.5, 0.5000001, 1.0])
    assert rounded(y).tolist() == np.round(y).tolist()


@pytest.mark.parametrize("width", [0, 17])
def test_a_width_that_makes_no_task_is_refused(width):
    with pytest.raises(ValueError, match="width"):
        BinaryAddition(width)


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="256"):
        BinaryAddition(8).bits(256)
