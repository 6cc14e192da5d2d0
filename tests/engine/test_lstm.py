"""The LSTM against differences, against its own equations, and against its promises."""

import itertools
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.functions import sigmoid
from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent.lstm import LSTM, Parameters, by_gate
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import mask_of

T, N, D, H = 4, 3, 2, 5
# Differences are exact to about 1e-10, so that entries below 1e-2 say nothing about 1e-7.
FLOOR = 1e-2
SIZES = [(4, 3, 2, 5), (3, 3, 3, 3), (5, 1, 4, 4), (1, 2, 2, 2), (2, 4, 1, 1)]


def case(peepholes=True, seed=0, sizes=(T, N, D, H)):
    t, n, d, h = sizes
    rng = np.random.default_rng(seed)
    shapes = [(d, 4 * h), (h, 4 * h), (4 * h,)] + [(h,)] * 3 * peepholes
    layer = LSTM(Parameters(*(0.6 * rng.standard_normal(shape) for shape in shapes)))
    x = rng.standard_normal((t, n, d))
    state = (rng.standard_normal((n, h)), rng.standard_normal((n, h)))
    return layer, x, state


def lengths_for(t, n):
    """From t downwards, so that the longest fills the batch and others end earlier."""
    return [max(t - k, 0) for k in range(n)]


def at_of(layer, x, state):
    return {**layer.parameters.as_dict(), "x": x, "h0": state[0], "c0": state[1]}


def gradients_of(backward):
    return {
        **backward.parameters.as_dict(),
        "x": backward.x,
        "h0": backward.h0,
        "c0": backward.c0,
    }


def everything(layer, point, mask):
    """Outputs and final state in one vector, as a function of all that has a gradient."""
    moved = layer.with_parameters({name: point[name] for name in layer.parameters.as_dict()})
    run = moved.forward(point["x"], (point["h0"], point["c0"]), mask=mask)
    return np.concatenate([run.output.ravel(), *(part.ravel() for part in run.final)])


def pulled_back(layer, run, w):
    t, n, h = run.output.shape
    d_output, d_h, d_c = np.split(w, [t * n * h, t * n * h + n * h])
    final = (d_h.reshape(n, h), d_c.reshape(n, h))
    return gradients_of(layer.backward(run, d_output.reshape(t, n, h), final))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("peepholes", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_every_gradient_passes_a_finite_difference_check(sizes, peepholes, padded):
    layer, x, state = case(peepholes, 1, sizes)
    mask = mask_of(lengths_for(*sizes[:2]), sizes[0]) if padded else None
    run = layer.forward(x, state, mask=mask)
    w = np.random.default_rng(2).standard_normal(
        everything(layer, at_of(layer, x, state), mask).shape
    )
    check = check_entries(
        lambda point: float(w @ everything(layer, point, mask)),
        at_of(layer, x, state),
        pulled_back(layer, run, w),
        floor=FLOOR,
    )
    assert check.worst.relative_error < 1e-7, check.worst


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    sizes=st.tuples(*[st.integers(1, 6)] * 4),
    peepholes=st.booleans(),
    seed=st.integers(0, 2**31),
    data=st.data(),
)
def test_inner_products_agree_on_random_shapes_and_masks(sizes, peepholes, seed, data):
    layer, x, state = case(peepholes, seed, sizes)
    t, n = sizes[:2]
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=t * n, max_size=t * n)))
    mask = mask.reshape(t, n)
    run = layer.forward(x, state, mask=mask)
    check = check_inner_product(
        lambda point: everything(layer, point, mask),
        at_of(layer, x, state),
        lambda w: pulled_back(layer, run, w),
        np.random.default_rng(seed),
        directions=1,
        floor=FLOOR,
    )
    assert check.worst.relative_error < 1e-7, check.worst


@pytest.mark.parametrize("peepholes", [False, True])
def test_forward_hands_out_the_quantities_of_the_equations(peepholes):
    layer, x, (h0, c0) = case(peepholes)
    run = layer.forward(x, (h0, c0))
    p = layer.parameters
    for t, n in itertools.product(range(T), range(N)):
        h_prev = h0[n] if t == 0 else run.h[t - 1, n]
        c_prev = c0[n] if t == 0 else run.c[t - 1, n]
        A_a, A_i, A_f, A_o = by_gate(x[t, n] @ p.W + h_prev @ p.U + p.b)
        if peepholes:
            A_i = A_i + p.p_i * c_prev
            A_f = A_f + p.p_f * c_prev
        c = sigmoid(A_f) * c_prev + sigmoid(A_i) * np.tanh(A_a)
        if peepholes:
            A_o = A_o + p.p_o * c
        expected = {
            "A": np.concatenate([A_a, A_i, A_f, A_o]),
            "a": np.tanh(A_a),
            "i": sigmoid(A_i),
            "f": sigmoid(A_f),
            "o": sigmoid(A_o),
            "c": c,
            "tanh_c": np.tanh(c),
            "h": sigmoid(A_o) * np.tanh(c),
            "output": sigmoid(A_o) * np.tanh(c),
            "h_previous": h_prev,
            "c_previous": c_prev,
        }
        for name, value in expected.items():
            assert getattr(run, name)[t, n] == pytest.approx(value, rel=1e-12, abs=1e-14), name
    assert np.array_equal(run.final[0], run.h[-1])
    assert np.array_equal(run.final[1], run.c[-1])


def test_one_step_worked_by_hand():
    # One unit, one input. Pre-activations 0, 0, ln 3, 0: a = 0, i = 1/2, f = 3/4, o = 1/2.
    W, U = np.zeros((1, 4)), np.zeros((1, 4))
    layer = LSTM(Parameters(W, U, [0.0, 0.0, np.log(3.0), 0.0]))
    run = layer.forward([[[7.0]]], ([[5.0]], [[2.0]]))
    assert run.c[0, 0, 0] == pytest.approx(1.5)
    assert run.h[0, 0, 0] == pytest.approx(0.5 * np.tanh(1.5))
    backward = layer.backward(run, np.zeros((1, 1, 1)), (None, [[1.0]]))
    assert backward.c0[0, 0] == pytest.approx(0.75)
    # δf = 1 · c₀ · f(1 − f) = 2 · 3/16, δa = i(1 − a²) = 1/2, δi = a · … = 0.
    assert backward.parameters.b == pytest.approx([0.5, 0.0, 0.375, 0.0])
    assert backward.parameters.W[0] == pytest.approx([3.5, 0.0, 2.625, 0.0])
    assert backward.parameters.U[0] == pytest.approx([2.5, 0.0, 1.875, 0.0])


def test_the_handed_out_deltas_are_gradients_of_the_pre_activations():
    # With W = I and D = 4H the input is added to A as it is, so both have the same gradient.
    layer, _, state = case(sizes=(T, N, 4 * H, H))
    layer = layer.with_parameters({"W": np.eye(4 * H)})
    rng = np.random.default_rng(3)
    run = layer.forward(rng.standard_normal((T, N, 4 * H)), state)
    backward = layer.backward(run, rng.standard_normal((T, N, H)))
    assert backward.x == pytest.approx(backward.A, rel=1e-12, abs=1e-14)


def test_the_gradients_of_h_and_c_at_a_step_are_those_of_a_run_that_starts_there():
    layer, x, state = case()
    rng = np.random.default_rng(4)
    d_output = rng.standard_normal((T, N, H))
    run = layer.forward(x, state)
    backward = layer.backward(run, d_output)
    for t in range(1, T):
        rest = layer.forward(x[t:], (run.h[t - 1], run.c[t - 1]))
        # h reaches E through its own output as well, c through that of its own step.
        found = layer.backward(rest, d_output[t:])
        assert backward.h[t - 1] == pytest.approx(found.h0 + d_output[t - 1], rel=1e-11)
        through_h = backward.h[t - 1] * run.o[t - 1] * (1 - run.tanh_c[t - 1] ** 2)
        through_o = by_gate(backward.A[t - 1])[3] * layer.parameters.p_o
        expected = found.c0 + through_h + through_o
        assert backward.c[t - 1] == pytest.approx(expected, rel=1e-10, abs=1e-13)


def test_along_the_cells_the_gradient_is_multiplied_by_the_forget_gates_only():
    layer, x, state = case(peepholes=False)
    layer = layer.with_parameters({"U": np.zeros((H, 4 * H))})
    run = layer.forward(x, state)
    backward = layer.backward(run, np.zeros((T, N, H)), (None, np.ones((N, H))))
    assert backward.c0 == pytest.approx(run.f.prod(axis=0), rel=1e-12)


def test_an_open_forget_gate_carries_the_error_unchanged_over_a_thousand_steps():
    W, U, b = np.zeros((1, 4)), np.zeros((1, 4)), [0.3, -40.0, 40.0, 0.0]
    layer = LSTM(Parameters(W, U, b))
    run = layer.forward(np.zeros((1000, 1, 1)), (None, [[0.7]]))
    backward = layer.backward(run, np.zeros((1000, 1, 1)), (None, [[1.0]]))
    assert run.final[1][0, 0] == pytest.approx(0.7, rel=1e-12)
    assert backward.c0[0, 0] == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("peepholes", [False, True])
def test_a_padded_batch_is_its_sequences_run_alone(peepholes):
    layer, x, (h0, c0) = case(peepholes)
    lengths = [2, 4, 1]
    rng = np.random.default_rng(5)
    d_output = rng.standard_normal((T, N, H))
    d_final = (rng.standard_normal((N, H)), rng.standard_normal((N, H)))
    run = layer.forward(x, (h0, c0), mask=mask_of(lengths, T))
    backward = layer.backward(run, d_output, d_final)
    summed = dict.fromkeys(layer.parameters.as_dict(), 0.0)
    for n, length in enumerate(lengths):
        one = slice(n, n + 1)
        alone = layer.forward(x[:length, one], (h0[one], c0[one]))
        assert run.output[:length, one] == pytest.approx(alone.output, rel=1e-12, abs=1e-14)
        assert not run.output[length:, n].any()
        for part, own in zip(run.final, alone.final, strict=True):
            assert part[one] == pytest.approx(own, rel=1e-12, abs=1e-14)
        found = layer.backward(alone, d_output[:length, one], [d[one] for d in d_final])
        assert backward.x[:length, one] == pytest.approx(found.x, rel=1e-11, abs=1e-14)
        assert not backward.x[length:, n].any()
        assert not backward.A[length:, n].any()
        for part, own in zip(backward.initial, found.initial, strict=True):
            assert part[one] == pytest.approx(own, rel=1e-11, abs=1e-14)
        for name, gradient in found.parameters.as_dict().items():
            summed[name] = summed[name] + gradient
    for name, gradient in backward.parameters.as_dict().items():
        assert gradient == pytest.approx(summed[name], rel=1e-11, abs=1e-13), name


def test_what_stands_in_the_padding_plays_no_part():
    layer, x, state = case()
    mask = mask_of([2, 4, 0], T)
    clean = layer.forward(x, state, mask=mask)
    x[~mask] = np.nan
    d_output = np.ones((T, N, H))
    d_output[~mask] = np.nan
    run = layer.forward(x, state, mask=mask)
    backward = layer.backward(run, d_output)
    assert np.array_equal(run.output, clean.output)
    for name, gradient in gradients_of(backward).items():
        assert np.isfinite(gradient).all(), name


def test_an_empty_sequence_keeps_its_initial_state_and_hands_on_its_gradient():
    layer, x, state = case()
    run = layer.forward(x, state, mask=mask_of([T, 0, T], T))
    d_final = (np.full((N, H), 2.0), np.full((N, H), 3.0))
    backward = layer.backward(run, np.ones((T, N, H)), d_final)
    for part, initial in zip(run.final, state, strict=True):
        assert np.array_equal(part[1], initial[1])
    assert (backward.h0[1] == 2.0).all()
    assert (backward.c0[1] == 3.0).all()


def test_a_state_that_is_not_given_is_zero():
    layer, x, (h0, _) = case()
    zeros = np.zeros((N, H))
    assert np.array_equal(layer.forward(x).h, layer.forward(x, (zeros, zeros)).h)
    assert np.array_equal(layer.forward(x, (h0, None)).h, layer.forward(x, (h0, zeros)).h)


def test_backward_changes_nothing_and_nothing_reaches_back_into_a_run():
    layer, x, state = case()
    mask = mask_of([2, 4, 3], T)
    run = layer.forward(x, state, mask=mask)
    before = {part.name: np.array(getattr(run, part.name)) for part in fields(run)}
    d_output = np.random.default_rng(6).standard_normal((T, N, H))
    kept = d_output.copy()
    first = layer.backward(run, d_output)
    assert np.array_equal(d_output, kept)
    x *= 0
    mask[:] = False
    state[0][:] = state[1][:] = 0
    second = layer.backward(run, d_output)
    for name, value in before.items():
        assert np.array_equal(getattr(run, name), value), name
    for name, gradient in gradients_of(first).items():
        assert np.array_equal(gradient, gradients_of(second)[name]), name


def test_the_gates_stay_in_their_ranges_however_large_the_input():
    layer, x, state = case()
    with np.errstate(all="raise", under="ignore"):
        run = layer.forward(1e4 * x, state)
        layer.backward(run, np.ones((T, N, H)))
    for gate in (run.i, run.f, run.o):
        assert ((gate >= 0) & (gate <= 1)).all()
    assert (np.abs(run.a) <= 1).all()
    assert (np.abs(run.h) <= 1).all()


@pytest.mark.parametrize(
    ("sizes", "peepholes", "count"),
    [
        ((1, 1, 100, 100), False, 80_400),
        ((9, 2, 100, 100), False, 80_400),
        ((1, 1, 100, 100), True, 80_700),
        ((1, 1, 3, 2), False, 48),
    ],
)
def test_parameters_are_counted_whatever_the_length_of_the_sequence(sizes, peepholes, count):
    assert case(peepholes, sizes=sizes)[0].parameters.count == count


def test_new_parameters_open_the_forget_gate_and_nothing_else():
    drawn = Parameters.drawn(np.random.RandomState(0), D, H, forget_bias=1.5, peepholes=True)
    a, i, f, o = by_gate(drawn.b)
    assert (f == 1.5).all()
    assert not any(part.any() for part in (a, i, o))
    again = Parameters.drawn(np.random.RandomState(0), D, H)
    assert np.array_equal(again.W, drawn.W)
    assert np.array_equal(again.U, drawn.U)
    assert again.peepholes is None
    assert again.W.shape == (D, 4 * H)


def test_an_initializer_goes_by_its_name():
    rng = np.random.RandomState
    wide = Parameters.drawn(rng(0), 200, 50, initializer="normal", deviation=0.01)
    assert wide.W.std() == pytest.approx(0.01, rel=0.02)
    with pytest.raises(ValueError, match="known: normal"):
        Parameters.drawn(rng(0), D, H, initializer="norm")


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda layer, x, state: layer.forward(x[0]), "x"),
        (lambda layer, x, state: layer.forward(x[:, :, :1]), "x"),
        (lambda layer, x, state: layer.forward(x[:0]), "x"),
        (lambda layer, x, state: layer.forward(x, (state[0][:2], None)), "h0"),
        (lambda layer, x, state: layer.forward(x, (None, state[1].T)), "c0"),
        (lambda layer, x, state: layer.forward(x, mask=np.ones((N, T))), "mask"),
        (lambda layer, x, state: layer.backward(layer.forward(x), x), "d_output"),
        (
            lambda layer, x, state: layer.backward(
                layer.forward(x), np.zeros((T, N, H)), (None, np.zeros((N, 1)))
            ),
            "dc_n",
        ),
        (lambda layer, x, state: layer.with_parameters({"W": np.zeros((D, 3 * H))}), "W"),
        (lambda layer, x, state: layer.with_parameters({"U": np.zeros((H, H))}), "U"),
        (lambda layer, x, state: layer.with_parameters({"b": np.zeros(H)}), "b"),
        (lambda layer, x, state: layer.with_parameters({"p_f": np.zeros(4 * H)}), "p_f"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(call, name):
    with pytest.raises(ShapeError) as caught:
        call(*case())
    assert caught.value.name == name
    assert str(caught.value.found) in str(caught.value)


def test_a_state_is_a_pair():
    layer, x, (h0, _) = case()
    for wrong in (h0, (h0,), (h0, h0, h0)):
        with pytest.raises(ValueError, match=r"\(h0, c0\)"):
            layer.forward(x, wrong)


def test_a_mask_holds_true_and_false():
    layer, x, state = case()
    with pytest.raises(ValueError, match="true and false"):
        layer.forward(x, state, mask=np.full((T, N), 0.5))


def test_peepholes_come_together():
    layer, *_ = case(peepholes=False)
    with pytest.raises(ValueError, match="p_i, p_f and p_o"):
        layer.with_parameters({"p_i": np.zeros(H)})
