"""The GRU in its four variants, against differences, its equations, and each other."""

import itertools
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.functions import sigmoid
from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent.gru import GRU, Parameters
from engine.recurrent.rnn import ShapeError
from engine.recurrent.sequences import mask_of

T, N, D, H = 4, 3, 2, 5
# Differences are exact to about 1e-10, so that entries below 1e-2 say nothing about 1e-7.
FLOOR = 1e-2
SIZES = [(4, 3, 2, 5), (3, 3, 3, 3), (5, 1, 4, 4), (1, 2, 2, 2), (2, 4, 1, 1)]
RESETS = ["before", "after"]
CONVENTIONS = ["z-takes-new", "z-keeps-old"]
VARIANTS = list(itertools.product(RESETS, CONVENTIONS))


def case(reset="before", z_convention="z-takes-new", seed=0, sizes=(T, N, D, H)):
    t, n, d, h = sizes
    rng = np.random.default_rng(seed)
    shapes = [(d, h)] * 3 + [(h, h)] * 3 + [(h,)] * (4 if reset == "after" else 3)
    parameters = Parameters(*(0.7 * rng.standard_normal(shape) for shape in shapes))
    layer = GRU(parameters, reset=reset, z_convention=z_convention)
    return layer, rng.standard_normal((t, n, d)), rng.standard_normal((n, h))


def at_of(layer, x, h0):
    return {**layer.parameters.as_dict(), "x": x, "h0": h0}


def gradients_of(backward):
    return {**backward.parameters.as_dict(), "x": backward.x, "h0": backward.h0}


def everything(layer, point, mask):
    """Outputs and final state in one vector, as a function of all that has a gradient."""
    moved = layer.with_parameters({name: point[name] for name in layer.parameters.as_dict()})
    run = moved.forward(point["x"], (point["h0"],), mask=mask)
    return np.concatenate([run.output.ravel(), run.final[0].ravel()])


def pulled_back(layer, run, w):
    t, n, h = run.output.shape
    d_output, d_final = np.split(w, [t * n * h])
    return gradients_of(layer.backward(run, d_output.reshape(t, n, h), (d_final.reshape(n, h),)))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("reset", "z_convention"), VARIANTS)
@pytest.mark.parametrize("padded", [False, True])
def test_every_gradient_passes_a_finite_difference_check(sizes, reset, z_convention, padded):
    layer, x, h0 = case(reset, z_convention, 1, sizes)
    t, n = sizes[:2]
    mask = mask_of([max(t - k, 0) for k in range(n)], t) if padded else None
    run = layer.forward(x, (h0,), mask=mask)
    shape = everything(layer, at_of(layer, x, h0), mask).shape
    w = np.random.default_rng(2).standard_normal(shape)
    check = check_entries(
        lambda point: float(w @ everything(layer, point, mask)),
        at_of(layer, x, h0),
        pulled_back(layer, run, w),
        floor=FLOOR,
    )
    assert check.worst.relative_error < 1e-7, check.worst


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    sizes=st.tuples(*[st.integers(1, 6)] * 4),
    variant=st.sampled_from(VARIANTS),
    seed=st.integers(0, 2**31),
    data=st.data(),
)
def test_inner_products_agree_on_random_shapes_and_masks(sizes, variant, seed, data):
    layer, x, h0 = case(*variant, seed, sizes)
    t, n = sizes[:2]
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=t * n, max_size=t * n)))
    mask = mask.reshape(t, n)
    run = layer.forward(x, (h0,), mask=mask)
    check = check_inner_product(
        lambda point: everything(layer, point, mask),
        at_of(layer, x, h0),
        lambda w: pulled_back(layer, run, w),
        np.random.default_rng(seed),
        directions=1,
        floor=FLOOR,
    )
    assert check.worst.relative_error < 1e-7, check.worst


@pytest.mark.parametrize(("reset", "z_convention"), VARIANTS)
def test_forward_hands_out_the_quantities_of_the_equations(reset, z_convention):
    layer, x, h0 = case(reset, z_convention)
    run = layer.forward(x, (h0,))
    p = layer.parameters
    for t, n in itertools.product(range(T), range(N)):
        h = h0[n] if t == 0 else run.h[t - 1, n]
        A_z = x[t, n] @ p.W_z + h @ p.U_z + p.b_z
        A_r = x[t, n] @ p.W_r + h @ p.U_r + p.b_r
        z, r = sigmoid(A_z), sigmoid(A_r)
        expected = {"A_z": A_z, "A_r": A_r, "z": z, "r": r, "h_previous": h}
        if reset == "before":
            expected["s"] = r * h
            A_g = x[t, n] @ p.W + expected["s"] @ p.U + p.b
        else:
            expected["m"] = h @ p.U + p.b_u
            A_g = x[t, n] @ p.W + p.b + r * expected["m"]
        g = np.tanh(A_g)
        new = z if z_convention == "z-takes-new" else 1 - z
        expected |= {"A_g": A_g, "g": g, "h": (1 - new) * h + new * g}
        for name, value in expected.items():
            assert getattr(run, name)[t, n] == pytest.approx(value, rel=1e-12, abs=1e-13), name
    assert (run.m if reset == "before" else run.s) is None
    assert np.array_equal(run.final[0], run.h[-1])


def test_one_step_worked_by_hand():
    # One unit: z = 3/4, r = 1/2, h = 4, U = 1/4, so that A_g is 1/2 · 4 · 1/4 = 1/2.
    zero = np.zeros((1, 1))
    biases = [[np.log(3.0)], [0.0], [0.0]]
    layer = GRU(Parameters(zero, zero, zero, zero, zero, [[0.25]], *biases))
    run = layer.forward([[[6.0]]], ([[4.0]],))
    g = np.tanh(0.5)
    assert run.s[0, 0, 0] == 2.0
    assert run.h[0, 0, 0] == pytest.approx(0.25 * 4.0 + 0.75 * g)
    backward = layer.backward(run, [[[1.0]]])
    delta_g = 0.75 * (1 - g**2)
    assert backward.A_g[0, 0, 0] == pytest.approx(delta_g)
    assert backward.A_z[0, 0, 0] == pytest.approx((g - 4.0) * 3 / 16)
    assert backward.A_r[0, 0, 0] == pytest.approx(delta_g * 0.25 * 4.0 * 0.25)
    assert backward.h0[0, 0] == pytest.approx(0.25 + delta_g * 0.25 * 0.5)
    assert backward.parameters.U[0, 0] == pytest.approx(2.0 * delta_g)
    assert backward.parameters.W[0, 0] == pytest.approx(6.0 * delta_g)


@pytest.mark.parametrize(("reset", "z_convention"), VARIANTS)
def test_negating_the_update_gate_turns_one_convention_into_the_other(reset, z_convention):
    layer, x, h0 = case(reset, z_convention)
    other = layer.with_other_z_convention()
    assert other.z_convention != z_convention
    run, turned = layer.forward(x, (h0,)), other.forward(x, (h0,))
    assert turned.h == pytest.approx(run.h, rel=1e-13, abs=1e-15)
    assert turned.z == pytest.approx(1 - run.z, rel=1e-12)
    d_output = np.random.default_rng(3).standard_normal((T, N, H))
    first, second = layer.backward(run, d_output), other.backward(turned, d_output)
    for name, gradient in gradients_of(first).items():
        sign = -1 if name in {"W_z", "U_z", "b_z"} else 1
        assert gradients_of(second)[name] == pytest.approx(sign * gradient, rel=1e-11, abs=1e-13), (
            name
        )
    twice = other.with_other_z_convention()
    assert twice.z_convention == z_convention
    assert np.array_equal(twice.parameters.W_z, layer.parameters.W_z)


def test_the_conventions_differ_for_the_same_weights():
    x, h0 = case()[1:]
    takes, keeps = (case("before", convention)[0] for convention in CONVENTIONS)
    assert np.abs(takes.forward(x, (h0,)).h - keeps.forward(x, (h0,)).h).max() > 0.1


def with_reset(reset, U, sizes=(T, N, D, H)):
    """The same weights for both resets, b_u = 0, and U as given."""
    layer, x, h0 = case("after", "z-takes-new", 4, sizes)
    values = layer.parameters.replaced({"U": U, "b_u": np.zeros(sizes[3])})
    if reset == "before":
        names = [part.name for part in fields(values) if part.name != "b_u"]
        values = Parameters(**{name: getattr(values, name) for name in names})
    return GRU(values, reset=reset), x, h0


def test_the_two_resets_agree_where_u_mixes_no_units_and_differ_where_it_does():
    diagonal = np.diag([0.5, -1.0, 0.3, 2.0, -0.2])
    for U, same in ((diagonal, True), (diagonal + 0.5, False)):
        before, after = (with_reset(reset, U) for reset in RESETS)
        first = before[0].forward(before[1], (before[2],)).h
        second = after[0].forward(after[1], (after[2],)).h
        assert np.allclose(first, second, rtol=1e-12) == same


@pytest.mark.parametrize("reset", RESETS)
def test_a_closed_reset_gate_makes_the_candidate_ignore_the_past(reset):
    layer, x, h0 = case(reset)
    shut = layer.with_parameters({"b_r": np.full(H, -1e3)})
    first, second = shut.forward(x[:1], (h0,)), shut.forward(x[:1], (-h0,))
    assert np.array_equal(first.g, second.g)


@pytest.mark.parametrize(
    ("z_convention", "bias", "keeps"),
    [
        ("z-takes-new", -1e3, True),
        ("z-takes-new", 1e3, False),
        ("z-keeps-old", 1e3, True),
        ("z-keeps-old", -1e3, False),
    ],
)
def test_the_limits_of_the_update_gate_copy_the_state_or_replace_it(z_convention, bias, keeps):
    layer, x, h0 = case("before", z_convention)
    run = layer.with_parameters({"b_z": np.full(H, bias)}).forward(x, (h0,))
    assert np.array_equal(run.h, run.h_previous if keeps else run.g)


@pytest.mark.parametrize("reset", RESETS)
def test_the_handed_out_deltas_are_gradients_of_the_pre_activations(reset):
    # With W = [1 0 0], W_z = [0 1 0], W_r = [0 0 1] in blocks, x is added to the three A as it is.
    layer, _, h0 = case(reset, sizes=(T, N, 3 * H, H))
    blocks = np.split(np.eye(3 * H), 3, axis=1)
    layer = layer.with_parameters(dict(zip(("W", "W_z", "W_r"), blocks, strict=True)))
    rng = np.random.default_rng(5)
    run = layer.forward(rng.standard_normal((T, N, 3 * H)), (h0,))
    backward = layer.backward(run, rng.standard_normal((T, N, H)))
    joined = np.concatenate([backward.A_g, backward.A_z, backward.A_r], axis=-1)
    assert backward.x == pytest.approx(joined, rel=1e-12, abs=1e-14)
    # U reads s before the reset and makes m after it: that is what their gradients are good for.
    h_previous = run.h_previous
    if reset == "before":
        assert backward.s == pytest.approx(backward.A_g @ layer.parameters.U.T)
    else:
        dU = np.einsum("tni,tnj->ij", h_previous, backward.m)
        assert pytest.approx(dU) == backward.parameters.U
        assert backward.parameters.b_u == pytest.approx(backward.m.sum(axis=(0, 1)))


@pytest.mark.parametrize(("reset", "z_convention"), VARIANTS)
def test_a_padded_batch_is_its_sequences_run_alone(reset, z_convention):
    layer, x, h0 = case(reset, z_convention)
    lengths = [2, 4, 1]
    rng = np.random.default_rng(6)
    d_output, d_final = rng.standard_normal((T, N, H)), rng.standard_normal((N, H))
    run = layer.forward(x, (h0,), mask=mask_of(lengths, T))
    backward = layer.backward(run, d_output, (d_final,))
    summed = dict.fromkeys(layer.parameters.as_dict(), 0.0)
    for n, length in enumerate(lengths):
        one = slice(n, n + 1)
        alone = layer.forward(x[:length, one], (h0[one],))
        assert run.output[:length, one] == pytest.approx(alone.output, rel=1e-12, abs=1e-14)
        assert not run.output[length:, n].any()
        assert run.final[0][one] == pytest.approx(alone.final[0], rel=1e-12, abs=1e-14)
        found = layer.backward(alone, d_output[:length, one], (d_final[one],))
        assert backward.x[:length, one] == pytest.approx(found.x, rel=1e-11, abs=1e-14)
        assert not backward.x[length:, n].any()
        assert backward.h0[one] == pytest.approx(found.h0, rel=1e-11, abs=1e-14)
        for name, gradient in found.parameters.as_dict().items():
            summed[name] = summed[name] + gradient
    for name, gradient in backward.parameters.as_dict().items():
        assert gradient == pytest.approx(summed[name], rel=1e-11, abs=1e-13), name


@pytest.mark.parametrize("reset", RESETS)
def test_what_stands_in_the_padding_plays_no_part(reset):
    layer, x, h0 = case(reset)
    mask = mask_of([2, 4, 0], T)
    clean = layer.forward(x, (h0,), mask=mask)
    x[~mask] = np.nan
    d_output = np.ones((T, N, H))
    d_output[~mask] = np.nan
    run = layer.forward(x, (h0,), mask=mask)
    assert np.array_equal(run.output, clean.output)
    assert np.array_equal(run.final[0][2], h0[2])
    for name, gradient in gradients_of(layer.backward(run, d_output)).items():
        assert np.isfinite(gradient).all(), name


@pytest.mark.parametrize("reset", RESETS)
def test_backward_changes_nothing_and_nothing_reaches_back_into_a_run(reset):
    layer, x, h0 = case(reset)
    mask = mask_of([2, 4, 3], T)
    run = layer.forward(x, (h0,), mask=mask)
    before = {part.name: np.array(getattr(run, part.name)) for part in fields(run)}
    d_output = np.random.default_rng(7).standard_normal((T, N, H))
    kept = d_output.copy()
    first = layer.backward(run, d_output)
    assert np.array_equal(d_output, kept)
    x *= 0
    h0 *= 0
    mask[:] = False
    second = layer.backward(run, d_output)
    for name, value in before.items():
        assert np.array_equal(np.array(getattr(run, name)), value), name
    for name, gradient in gradients_of(first).items():
        assert np.array_equal(gradient, gradients_of(second)[name]), name


def test_overflow_is_no_trouble_of_the_gates():
    layer, x, h0 = case("after")
    with np.errstate(all="raise", under="ignore"):
        run = layer.forward(1e4 * x, (h0,))
        layer.backward(run, np.ones((T, N, H)))
    assert np.isfinite(run.h).all()


@pytest.mark.parametrize(
    ("reset", "D_H", "count"),
    [("before", (100, 100), 60_300), ("after", (100, 100), 60_400), ("before", (3, 2), 36)],
)
def test_parameters_are_counted_whatever_the_length_of_the_sequence(reset, D_H, count):
    assert case(reset, sizes=(7, 2, *D_H))[0].parameters.count == count


@pytest.mark.parametrize("reset", RESETS)
def test_new_parameters_have_biases_of_zero(reset):
    drawn = Parameters.drawn(np.random.RandomState(0), D, H, reset=reset)
    assert GRU(drawn, reset=reset).input_size == D
    assert not any(drawn.as_dict()[name].any() for name in drawn.as_dict() if name[0] == "b")
    assert drawn.W_z.std() > 0
    again = Parameters.drawn(np.random.RandomState(0), D, H, reset=reset)
    assert np.array_equal(again.U, drawn.U)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda layer, x, h0: layer.forward(x[0]), "x"),
        (lambda layer, x, h0: layer.forward(x, (h0[:2],)), "h0"),
        (lambda layer, x, h0: layer.forward(x, mask=np.ones(T)), "mask"),
        (lambda layer, x, h0: layer.backward(layer.forward(x), x), "d_output"),
        (lambda layer, x, h0: layer.backward(layer.forward(x), np.zeros((T, N, H)), (x,)), "dh_n"),
        (lambda layer, x, h0: layer.with_parameters({"W_r": np.zeros((H, D))}), "W_r"),
        (lambda layer, x, h0: layer.with_parameters({"U": np.zeros((H, D))}), "U"),
        (lambda layer, x, h0: layer.with_parameters({"b_z": np.zeros(1)}), "b_z"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(call, name):
    with pytest.raises(ShapeError) as caught:
        call(*case())
    assert caught.value.name == name
    assert str(caught.value.found) in str(caught.value)


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        ({"reset": "behind"}, "reset is one of"),
        ({"z_convention": "z-new"}, "z_convention is one of"),
        ({"reset": "after"}, "b_u"),
    ],
)
def test_a_variant_that_is_none_is_refused(settings_, message):
    with pytest.raises(ValueError, match=message):
        GRU(case("before")[0].parameters, **settings_)


def test_a_second_bias_belongs_to_the_reset_after_the_product():
    with pytest.raises(ValueError, match="b_u"):
        GRU(case("after")[0].parameters, reset="before")
