"""Memory of the layers: blocks, and long arrays in parts; and the benchmark that shows its use."""

import sys

import numpy as np
import pytest

from benchmarks import torch_reference
from engine.recurrent import layer


@pytest.mark.parametrize("shapes", [((2, 3),), ((2, 3), (4,), (1, 2, 5)), ((0, 3), (2, 2))])
def test_arrays_of_one_block_have_their_shapes_and_do_not_overlap(shapes):
    arrays = layer.empty(*shapes)
    assert [array.shape for array in arrays] == list(shapes)
    for number, array in enumerate(arrays):
        array[...] = number
    for number, array in enumerate(arrays):
        assert (array == number).all()
        assert array.flags.c_contiguous


@pytest.mark.parametrize(
    ("numbers", "of_block"),
    [
        (layer.LARGE // 2 - 1, layer.LARGE // 2 - 1),
        (layer.LARGE // 2, layer.LARGE),
        (layer.LARGE + 7, layer.LARGE + 7),
    ],
)
def test_a_block_that_is_nearly_large_is_rounded_up(numbers, of_block):
    (array,) = layer.empty((numbers,))
    assert array.shape == (numbers,)
    assert array.base.size == of_block


@pytest.mark.parametrize("shape", [(7, 3, 5), (5, 64, 256), (3, 200, 200), (4, 0, 2)])
def test_a_function_in_parts_is_the_function_of_the_whole(shape):
    u = np.random.RandomState(0).randn(*shape)
    calls = []

    def f(part):
        calls.append(part.size)
        return np.tanh(part)

    out = layer.in_parts(f, u, np.empty_like(u))
    assert np.array_equal(out, np.tanh(u))
    assert sum(calls) == u.size
    assert max(calls) <= max(2**14, u[0].size)


def test_without_pytorch_the_comparison_says_so_and_misses_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    (figure,) = torch_reference.figures()
    assert figure.line().split() == [
        "torch-rnn-lstm-gru",
        "0",
        "skipped",
        "-",
        "torch-not-installed",
    ]
    assert figure.holds


@pytest.mark.reference
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_with_pytorch_both_sides_have_the_same_gradients(cell):
    torch = pytest.importorskip("torch")
    own, other, ratio = torch_reference.compared(torch, cell, 3, 2, 4)
    assert min(own, other, ratio) > 0
