"""Lengths, masks, padding, and the two ways to lay a batch out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.recurrent import gru, lstm
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import BatchFirst, last, mask_of, pad, reverse, swap, unpad
from engine.recurrent.truncated import forward_in_windows, windows

T, N, D, H = 7, 3, 2, 5


def case(seed=0):
    rng = np.random.default_rng(seed)
    layer = lstm.LSTM(lstm.Parameters.drawn(np.random.RandomState(seed), D, H, peepholes=True))
    return layer, rng.standard_normal((T, N, D)), [rng.standard_normal((N, H)) for _ in range(2)]


def test_a_mask_is_true_on_the_first_steps_of_each_sequence():
    assert mask_of([2, 0, 3], 3).astype(int).tolist() == [[1, 0, 1], [1, 0, 1], [0, 0, 1]]


@pytest.mark.parametrize("lengths", [[1, 4], [-1, 2], [0.5, 2]])
def test_lengths_are_whole_numbers_within_the_batch(lengths):
    with pytest.raises(ValueError, match="whole numbers from 0 to 3"):
        mask_of(lengths, 3)


sequences = st.integers(1, 4).flatmap(
    lambda d: st.lists(
        hnp.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(d)), elements=st.floats(-9, 9)),
        min_size=1,
        max_size=5,
    )
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(sequences)
def test_padding_is_undone_by_unpadding(arrays):
    x, lengths = pad(arrays)
    assert x.shape == (max(len(array) for array in arrays), len(arrays), arrays[0].shape[1])
    assert not x[~mask_of(lengths, len(x))].any()
    for found, array in zip(unpad(x, lengths), arrays, strict=True):
        assert np.array_equal(found, array)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(sequences)
def test_reversing_turns_each_sequence_within_its_length_and_is_its_own_inverse(arrays):
    x, lengths = pad(arrays)
    turned = reverse(x, lengths)
    for found, array in zip(unpad(turned, lengths), arrays, strict=True):
        assert np.array_equal(found, array[::-1])
    assert np.array_equal(reverse(turned, lengths), x)


def test_padding_needs_sequences_of_one_width():
    with pytest.raises(ShapeError, match="sequence 1"):
        pad([np.zeros((2, 3)), np.zeros((2, 4))])
    with pytest.raises(ValueError, match="at least one"):
        pad([])


def test_the_last_output_is_the_final_state_at_each_sequences_own_end():
    layer, x, states = case()
    lengths = [4, 0, 7]
    run = layer.forward(x, states, mask=mask_of(lengths, T))
    found = last(run.output, lengths)
    assert np.array_equal(found[[0, 2]], run.final[0][[0, 2]])
    assert not found[1].any()
    assert last(np.ones((T, N, 1)), lengths).ravel().tolist() == [1.0, 0.0, 1.0]
    assert not run.output[-1, 0].any()


def test_lengths_have_to_fit_the_batch():
    with pytest.raises(ShapeError, match="lengths"):
        unpad(np.zeros((T, N, D)), [1, 2])
    with pytest.raises(ShapeError, match="lengths"):
        mask_of([[1, 2]], 3)


def test_batch_first_is_the_same_run_with_the_first_two_axes_swapped():
    layer, x, states = case()
    mask = mask_of([4, 2, 7], T)
    d_output = np.random.default_rng(1).standard_normal((T, N, H))
    d_final = [np.ones((N, H)), np.full((N, H), 2.0)]
    run = layer.forward(x, states, mask=mask)
    backward = layer.backward(run, d_output, d_final)
    first = BatchFirst(layer)
    swapped = first.forward(swap(x), states, mask=swap(mask))
    assert swapped.output.shape == (N, T, H)
    assert np.array_equal(swapped.output, swap(run.output))
    assert np.array_equal(swapped.x, swap(run.x))
    assert np.array_equal(swapped.run.i, run.i)
    found = first.backward(swapped, swap(d_output), d_final)
    assert np.array_equal(found.x, swap(backward.x))
    for part, own in zip(swapped.final + found.initial, run.final + backward.initial, strict=True):
        assert np.array_equal(part, own)
    for name, gradient in backward.parameters.as_dict().items():
        assert np.array_equal(found.parameters.as_dict()[name], gradient)


def test_a_batch_that_is_not_laid_out_so_is_refused():
    layer, x, _ = case()
    with pytest.raises(ShapeError, match="mask"):
        BatchFirst(layer).forward(swap(x), mask=np.ones((T, N)))
    with pytest.raises(ShapeError):
        BatchFirst(layer).forward(np.zeros(3))


@pytest.mark.parametrize(
    ("T_", "k", "found"),
    [
        (5, 2, [(0, 2), (2, 4), (4, 5)]),
        (4, 4, [(0, 4)]),
        (3, 9, [(0, 3)]),
        (2, 1, [(0, 1), (1, 2)]),
    ],
)
def test_a_sequence_is_cut_into_windows_of_which_the_last_may_be_shorter(T_, k, found):
    assert [(part.start, part.stop) for part in windows(T_, k)] == found


@pytest.mark.parametrize("k", [1, 2, 3, 7, 9])
def test_the_state_is_carried_over_the_windows(k):
    layer, x, states = case()
    mask = mask_of([4, 2, 7], T)
    whole = layer.forward(x, states, mask=mask)
    runs = list(forward_in_windows(layer, x, k, states, mask=mask))
    joined = np.concatenate([run.output for _, run in runs])
    assert joined == pytest.approx(whole.output, rel=1e-12, abs=1e-15)
    for part, own in zip(runs[-1][1].final, whole.final, strict=True):
        assert part == pytest.approx(own, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("k", [1, 2, 3, 7])
def test_no_gradient_crosses_the_border_of_a_window(k):
    # The gradient of Σ ⟨w, output⟩ in which the state at each border is a constant.
    layer, x, states = case()
    w = np.random.default_rng(2).standard_normal((T, N, H))
    pairs = list(forward_in_windows(layer, x, k, states))
    found = [layer.backward(run, w[part]) for part, run in pairs]
    borders = [states, *(run.final for _, run in pairs)]

    def loss(parameters):
        moved = layer.with_parameters(parameters)
        return sum(
            float((w[part] * moved.forward(x[part], border).output).sum())
            for (part, _), border in zip(pairs, borders, strict=False)
        )

    rng = np.random.default_rng(3)
    direction = {n: rng.standard_normal(a.shape) for n, a in layer.parameters.as_dict().items()}
    at = layer.parameters.as_dict()
    above = loss({name: at[name] + 1e-6 * direction[name] for name in at})
    below = loss({name: at[name] - 1e-6 * direction[name] for name in at})
    analytic = sum(
        float((gradients.parameters.as_dict()[name] * direction[name]).sum())
        for gradients in found
        for name in at
    )
    assert (above - below) / 2e-6 == pytest.approx(analytic, rel=1e-7)
    whole = layer.backward(layer.forward(x, states), w)
    same = np.allclose(sum(b.parameters.W for b in found), whole.parameters.W, rtol=1e-9)
    assert same == (k == T)


def test_windows_take_any_layer_and_refuse_nonsense_at_once():
    layer = gru.GRU(gru.Parameters.drawn(np.random.RandomState(0), D, H))
    x = np.ones((T, N, D))
    assert len(list(forward_in_windows(layer, x, 3))) == 3
    with pytest.raises(ValueError, match="k ≥ 1"):
        forward_in_windows(layer, x, 0)
    with pytest.raises(ShapeError, match="x has shape"):
        forward_in_windows(layer, x[0], 2)
    with pytest.raises(ShapeError, match="mask"):
        forward_in_windows(layer, x, 2, mask=np.ones((N, T)))
