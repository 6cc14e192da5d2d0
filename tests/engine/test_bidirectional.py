"""Two directions over one sequence: what each half knows, and how gradients find their way."""

import numpy as np
import pytest

from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent import gru, lstm, simple
from engine.recurrent.bidirectional import Bidirectional, Reversed
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import mask_of, reverse

T, N, D = 4, 3, 2
FLOOR = 1e-2


def layer_of(kind, d, h, seed):
    rng = np.random.RandomState(seed)
    if kind == "rnn":
        return simple.SimpleRNN(simple.Parameters.drawn(rng, d, h))
    if kind == "gru":
        return gru.GRU(gru.Parameters.drawn(rng, d, h, reset="after"), reset="after")
    return lstm.LSTM(lstm.Parameters.drawn(rng, d, h, peepholes=True))


def case(kinds=("lstm", "lstm"), sizes=(5, 5), seed=0):
    pair = zip(kinds, sizes, strict=True)
    layer = Bidirectional(*(layer_of(kind, D, h, seed + k) for k, (kind, h) in enumerate(pair)))
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((T, N, D))
    states = [
        rng.standard_normal((N, size))
        for part, size in zip((layer.forwards, layer.backwards), sizes, strict=True)
        for _ in part.state_names
    ]
    return layer, x, states


def at_of(layer, x, states):
    named = dict(zip(layer.state_names, states, strict=True))
    return {**layer.parameters.as_dict(), "x": x, **named}


def everything(layer, point, mask):
    moved = layer.with_parameters({name: point[name] for name in layer.parameters.as_dict()})
    run = moved.forward(point["x"], [point[name] for name in layer.state_names], mask=mask)
    return np.concatenate([run.output.ravel(), *(part.ravel() for part in run.final)])


def pulled_back(layer, run, w):
    parts = [run.output, *run.final]
    cuts = np.cumsum([part.size for part in parts])[:-1]
    d_output, *d_final = (
        flat.reshape(part.shape) for flat, part in zip(np.split(w, cuts), parts, strict=True)
    )
    backward = layer.backward(run, d_output, d_final)
    states = dict(zip(layer.state_names, backward.initial, strict=True))
    return {**backward.parameters.as_dict(), "x": backward.x, **states}


@pytest.mark.parametrize(
    ("kinds", "sizes"),
    [
        (("lstm", "lstm"), (5, 5)),
        (("gru", "gru"), (2, 2)),
        (("rnn", "rnn"), (3, 3)),
        (("lstm", "gru"), (2, 4)),
        (("rnn", "lstm"), (1, 3)),
    ],
)
@pytest.mark.parametrize("lengths", [None, [4, 2, 1], [3, 0, 4]])
def test_every_gradient_passes_both_checks(kinds, sizes, lengths):
    layer, x, states = case(kinds, sizes)
    mask = None if lengths is None else mask_of(lengths, T)
    run = layer.forward(x, states, mask=mask)
    at = at_of(layer, x, states)
    w = np.random.default_rng(1).standard_normal(everything(layer, at, mask).shape)
    entries = check_entries(
        lambda point: float(w @ everything(layer, point, mask)),
        at,
        pulled_back(layer, run, w),
        floor=FLOOR,
    )
    assert entries.worst.relative_error < 1e-7, entries.worst
    products = check_inner_product(
        lambda point: everything(layer, point, mask),
        at,
        lambda w: pulled_back(layer, run, w),
        np.random.default_rng(2),
        floor=FLOOR,
    )
    assert products.worst.relative_error < 1e-7, products.worst


def test_the_output_is_both_states_side_by_side_in_the_order_of_the_input():
    layer, x, (h_f, c_f, h_b, c_b) = case(sizes=(5, 3))
    run = layer.forward(x, (h_f, c_f, h_b, c_b))
    forwards = layer.forwards.forward(x, (h_f, c_f))
    backwards = layer.backwards.forward(x[::-1], (h_b, c_b))
    assert np.array_equal(run.output, np.concatenate([forwards.h, backwards.h[::-1]], axis=2))
    assert run.output.shape == (T, N, layer.output_size) == (T, N, 8)
    # The backward direction has read everything when it arrives at t = 1.
    assert np.array_equal(run.final[2], run.output[0, :, 5:])
    assert np.array_equal(run.final[0], run.output[-1, :, :5])


def test_the_first_half_knows_the_past_and_the_second_the_future():
    layer, x, _ = case(("rnn", "rnn"), (3, 3))
    run = layer.forward(x)
    for t in range(T):
        for half, known in ((slice(0, 3), range(t + 1)), (slice(3, 6), range(t, T))):
            d_output = np.zeros_like(run.output)
            d_output[t, :, half] = 1.0
            reached = np.abs(layer.backward(run, d_output).x).sum(axis=(1, 2)) > 0
            assert [s for s in range(T) if reached[s]] == list(known)


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_the_backward_direction_begins_at_each_sequences_own_end(kind):
    layer, x, states = case((kind, kind), (4, 4))
    lengths = [2, 4, 1]
    x[~mask_of(lengths, T)] = np.nan
    run = layer.forward(x, states, mask=mask_of(lengths, T))
    d_output = np.random.default_rng(3).standard_normal(run.output.shape)
    backward = layer.backward(run, d_output)
    for n, length in enumerate(lengths):
        one = slice(n, n + 1)
        alone = layer.forward(x[:length, one], [state[one] for state in states])
        assert run.output[:length, one] == pytest.approx(alone.output, rel=1e-12, abs=1e-14)
        assert not run.output[length:, n].any()
        for part, own in zip(run.final, alone.final, strict=True):
            assert part[one] == pytest.approx(own, rel=1e-12, abs=1e-14)
        found = layer.backward(alone, d_output[:length, one])
        assert backward.x[:length, one] == pytest.approx(found.x, rel=1e-11, abs=1e-14)
        assert not backward.x[length:, n].any()
        for part, own in zip(backward.initial, found.initial, strict=True):
            assert part[one] == pytest.approx(own, rel=1e-11, abs=1e-14)


def test_reading_backwards_is_reading_the_reversed_sequence():
    layer = layer_of("gru", D, 5, 0)
    x = np.random.default_rng(4).standard_normal((T, N, D))
    lengths = [2, 4, 3]
    mask = mask_of(lengths, T)
    backwards = Reversed(layer).forward(x, mask=mask)
    turned = layer.forward(reverse(x, lengths), mask=mask)
    assert backwards.output == pytest.approx(reverse(turned.output, lengths), rel=1e-13)
    assert backwards.final[0] == pytest.approx(turned.final[0], rel=1e-13)
    d_output = np.random.default_rng(5).standard_normal((T, N, 5))
    found = Reversed(layer).backward(backwards, d_output)
    expected = layer.backward(turned, reverse(d_output, lengths))
    assert found.x == pytest.approx(reverse(expected.x, lengths), rel=1e-11, abs=1e-14)


def test_reading_backwards_twice_is_reading_forwards():
    layer = layer_of("lstm", D, 5, 0)
    x = np.random.default_rng(6).standard_normal((T, N, D))
    run = Reversed(Reversed(layer)).forward(x)
    assert np.array_equal(run.output, layer.forward(x).output)
    assert np.array_equal(run.x, x)


def test_names_say_which_direction_a_parameter_and_a_state_belong_to():
    layer, x, _ = case(("lstm", "gru"), (2, 3))
    assert layer.state_names == ("forward.h0", "forward.c0", "backward.h0")
    backward = layer.backward(layer.forward(x), np.ones((T, N, 5)))
    assert list(backward.parameters.as_dict()) == list(layer.parameters.as_dict())
    assert np.array_equal(
        backward.parameters.as_dict()["backward.U_r"], backward.backwards.parameters.U_r
    )
    moved = layer.with_parameters({"backward.b_z": np.ones(3)})
    assert (moved.parameters.as_dict()["backward.b_z"] == 1).all()
    assert moved.forwards.parameters is not None
    with pytest.raises(ValueError, match=r"no part has a parameter 'b_z' \(parts: forward, back"):
        layer.with_parameters({"b_z": np.ones(3)})


def test_it_has_two_of_every_parameter():
    layer, *_ = case(sizes=(5, 5))
    assert layer.parameters.count == 2 * (4 * (5 * D + 5 * 5 + 5) + 3 * 5)


def test_a_state_has_an_array_for_each_name():
    layer, x, states = case()
    with pytest.raises(ValueError, match=r"forward\.h0, forward\.c0, backward\.h0, backward\.c0"):
        layer.forward(x, states[:2])


def test_shapes_that_do_not_fit_are_named():
    layer, x, _ = case()
    with pytest.raises(ShapeError, match="input of the backward layer"):
        Bidirectional(layer_of("rnn", 2, 3, 0), layer_of("rnn", 3, 3, 0))
    with pytest.raises(ShapeError, match="d_output"):
        layer.backward(layer.forward(x), np.ones((T, N, 5)))
