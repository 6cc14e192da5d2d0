"""The simple RNN against differences, against its own equations, and against its promises."""

import itertools

import numpy as np
import pytest

from engine import functions
from engine.gradient_check import check_entries, check_inner_product
from engine.recurrent.rnn import RNN, Parameters, ShapeError

T, N, D, H, K = 4, 3, 2, 5, 6
PAIRS = list(functions.OUTPUTS)


def case(f="tanh", pair="mse-identity", seed=0, sizes=(T, N, D, H, K)):
    t, n, d_in, h, k = sizes
    rng = np.random.default_rng(seed)
    parameters = Parameters(
        *(0.6 * rng.standard_normal(s) for s in ((d_in, h), (h, h), (h, k), (h,), (k,)))
    )
    x = rng.standard_normal((t, n, d_in))
    z0 = rng.standard_normal((n, h))
    d = rng.random((t, n, k))
    if pair == "ce-softmax":
        d = functions.softmax(rng.standard_normal((t, n, k)))
    return RNN(parameters, f, functions.output(pair).activation), x, z0, d


def loss_of(network, pair, d, step=None):
    def loss(point):
        names = ("W_in", "W", "W_out", "b", "c")
        moved = RNN(Parameters(*(point[name] for name in names)), network.f, network.g)
        return moved.error(moved.forward(point["x"], point["z0"]), d, pair, step=step)

    return loss


def at_of(network, x, z0):
    return {**network.parameters.as_dict(), "x": x, "z0": z0}


def gradients_of(backward):
    return {**backward.parameters.as_dict(), "x": backward.x, "z0": backward.z0}


@pytest.mark.parametrize(
    ("f", "pair"), list(itertools.product(["sigmoid", "tanh", "relu", "identity"], PAIRS))
)
def test_every_gradient_of_the_sequence_loss_passes_a_finite_difference_check(f, pair):
    network, x, z0, d = case(f, pair)
    run = network.forward(x, z0)
    backward = network.backward(run, network.output_delta(run, d, pair))
    check = check_entries(
        loss_of(network, pair, d), at_of(network, x, z0), gradients_of(backward), floor=1e-4
    )
    assert check.worst.relative_error < 1e-6, check.worst


@pytest.mark.parametrize("step", [1, 2, T])
def test_the_gradients_of_one_steps_loss_pass_too(step):
    network, x, z0, d = case("sigmoid", "mse-sigmoid")
    run = network.forward(x, z0)
    backward = network.backward(run, network.output_delta(run, d, "mse-sigmoid"), step=step)
    loss = loss_of(network, "mse-sigmoid", d, step)
    check = check_entries(loss, at_of(network, x, z0), gradients_of(backward), floor=1e-4)
    assert check.worst.relative_error < 1e-6, check.worst


def test_the_losses_of_the_steps_add_up_to_that_of_the_sequence():
    network, x, z0, d = case()
    run = network.forward(x, z0)
    delta_out = network.output_delta(run, d)
    whole = gradients_of(network.backward(run, delta_out))
    steps = [gradients_of(network.backward(run, delta_out, step=t)) for t in range(1, T + 1)]
    for name, gradient in whole.items():
        assert sum(s[name] for s in steps) == pytest.approx(gradient, rel=1e-12, abs=1e-14)
    assert network.error(run, d) == pytest.approx(
        sum(network.error(run, d, step=t) for t in range(1, T + 1))
    )


def test_any_function_with_its_derivative_serves_as_f_and_g():
    network, x, z0, _ = case()
    sine = RNN(network.parameters, (np.sin, np.cos), (lambda v: v**3, lambda v: 3 * v**2))
    run = sine.forward(x, z0)
    direction = np.random.default_rng(5).standard_normal(run.y.shape)

    def loss(point):
        names = ("W_in", "W", "W_out", "b", "c")
        moved = RNN(Parameters(*(point[name] for name in names)), sine.f, sine.g)
        return float((direction * moved.forward(point["x"], point["z0"]).y).sum())

    gradients = gradients_of(sine.backward(run, sine.pull_back_output(run, direction)))
    check = check_inner_product(
        loss,
        at_of(sine, x, z0),
        lambda w: {name: w * g for name, g in gradients.items()},
        np.random.default_rng(6),
    )
    assert check.worst.relative_error < 1e-6, check.worst


def test_forward_hands_out_the_quantities_of_the_equations():
    network, x, z0, _ = case("sigmoid", "ce-softmax")
    run = network.forward(x, z0)
    columns = network.parameters.to_column_form()
    for n, t in itertools.product(range(N), range(T)):
        previous = z0[n] if t == 0 else run.z[t - 1, n]
        u = columns["W_in"] @ x[t, n] + columns["W"] @ previous + columns["b"]
        assert run.u[t, n] == pytest.approx(u, rel=1e-12, abs=1e-13)
        assert run.z[t, n] == pytest.approx(functions.sigmoid(u), rel=1e-12)
        v = columns["W_out"] @ run.z[t, n] + columns["c"]
        assert run.v[t, n] == pytest.approx(v, rel=1e-12, abs=1e-13)
        assert run.y[t, n] == pytest.approx(functions.softmax(v), rel=1e-12)


def column_delta(network, run, delta_out, *, n, t, s):
    """δ^{t−s} of the loss Eᵗ (t from 1), by the lag recursion of the column form."""
    columns = network.parameters.to_column_form()
    slope = network.f.derivative
    delta = slope(run.u[t - 1, n]) * (columns["W_out"].T @ delta_out[t - 1, n])
    for lag in range(1, s + 1):
        delta = slope(run.u[t - lag - 1, n]) * (columns["W"].T @ delta)
    return delta


@pytest.mark.parametrize("T_t", [0, 1, 2, T - 1, T + 5])
def test_truncated_gradients_are_the_sums_over_the_lags_of_the_column_form(T_t):
    network, x, z0, d = case()
    run = network.forward(x, z0)
    delta_out = network.output_delta(run, d)
    columns = {name: np.zeros_like(a) for name, a in network.parameters.to_column_form().items()}
    for n, t in itertools.product(range(N), range(1, T + 1)):
        columns["W_out"] += np.outer(delta_out[t - 1, n], run.z[t - 1, n])
        columns["c"] += delta_out[t - 1, n]
        for s in range(min(T_t, t - 1) + 1):
            delta = column_delta(network, run, delta_out, n=n, t=t, s=s)
            before = z0[n] if t - s == 1 else run.z[t - s - 2, n]
            columns["W_in"] += np.outer(delta, x[t - s - 1, n])
            columns["W"] += np.outer(delta, before)
            columns["b"] += delta
    found = network.backward(run, delta_out, T_t=T_t).parameters.to_column_form()
    for name, gradient in columns.items():
        assert found[name] == pytest.approx(gradient, rel=1e-11, abs=1e-13), name


def test_truncation_beyond_the_start_is_no_truncation():
    network, x, z0, d = case()
    run = network.forward(x, z0)
    delta_out = network.output_delta(run, d)
    whole = gradients_of(network.backward(run, delta_out))
    cut = gradients_of(network.backward(run, delta_out, T_t=T))
    for name, gradient in whole.items():
        assert cut[name] == pytest.approx(gradient, rel=1e-12, abs=1e-14), name


def test_what_lies_further_back_than_the_horizon_gets_no_gradient():
    network, x, z0, d = case()
    run = network.forward(x, z0)
    backward = network.backward(run, network.output_delta(run, d), step=T, T_t=1)
    assert not backward.delta[: T - 2].any()
    assert not backward.x[: T - 2].any()
    assert not backward.z0.any()
    assert backward.delta[T - 2 :].all()


@pytest.mark.parametrize("T_t", [0, 1, 2, 3])
def test_only_losses_within_the_horizon_reach_the_initial_state(T_t):
    network, x, z0, d = case()
    run = network.forward(x, z0)
    delta_out = network.output_delta(run, d)
    reaching = [network.backward(run, delta_out, step=t).z0 for t in range(1, T_t + 1)]
    found = network.backward(run, delta_out, T_t=T_t).z0
    assert found == pytest.approx(sum(reaching, np.zeros_like(z0)), rel=1e-11, abs=1e-13)


def test_mean_over_the_batch_is_the_sum_divided_by_its_size():
    network, x, z0, d = case("tanh", "ce-sigmoid")
    run = network.forward(x, z0)
    summed = network.output_delta(run, d, "ce-sigmoid")
    assert network.output_delta(run, d, "ce-sigmoid", mean=True) == pytest.approx(summed / N)
    assert network.error(run, d, "ce-sigmoid", mean=True) == pytest.approx(
        network.error(run, d, "ce-sigmoid") / N
    )


def test_backward_changes_nothing_that_forward_left_behind():
    network, x, z0, d = case()
    run = network.forward(x, z0)
    names = ("x", "z0", "u", "z", "v", "y")
    before = {name: getattr(run, name).copy() for name in names}
    delta_out = network.output_delta(run, d)
    kept = delta_out.copy()
    first = network.backward(run, delta_out, step=2)
    second = network.backward(run, delta_out, step=2)
    assert np.array_equal(network.backward(run, delta_out).delta_out, kept)
    whole = network.backward(run, delta_out)
    x *= 0
    z0 *= 0
    delta_out *= 0
    assert np.array_equal(whole.delta_out, kept)
    for name in names:
        assert np.array_equal(getattr(run, name), before[name]), name
    for name, gradient in gradients_of(first).items():
        assert np.array_equal(gradient, gradients_of(second)[name]), name


@pytest.mark.parametrize(
    ("sizes", "hidden_only", "count"),
    [((1, 1, 100, 100, 10), 20_100, 21_110), ((1, 1, 2, 16, 1), 304, 321)],
)
def test_parameters_are_counted_whatever_the_length_of_the_sequence(sizes, hidden_only, count):
    network, *_ = case(sizes=sizes)
    parameters = network.parameters
    assert parameters.count == count
    assert parameters.W_in.size + parameters.W.size + parameters.b.size == hidden_only


def test_column_and_row_form_hold_the_same_parameters():
    network, *_ = case()
    columns = network.parameters.to_column_form()
    assert columns["W_in"].shape == (H, D)
    assert columns["W_out"].shape == (K, H)
    back = Parameters.from_column_form(**columns)
    for name, array in network.parameters.as_dict().items():
        assert np.array_equal(getattr(back, name), array), name


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda net, x, z0: net.forward(x[0]), "x"),
        (lambda net, x, z0: net.forward(x[:, :, :1]), "x"),
        (lambda net, x, z0: net.forward(x, z0[:2]), "z0"),
        (lambda net, x, z0: net.backward(net.forward(x), np.zeros((T, N, K + 1))), "delta_out"),
        (lambda net, x, z0: net.output_delta(net.forward(x), np.zeros((T, N))), "d"),
        (lambda net, x, z0: Parameters.without_biases(np.eye(2), np.eye(3), np.eye(3)), "W"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(call, name):
    network, x, z0, _ = case()
    with pytest.raises(ShapeError) as caught:
        call(network, x, z0)
    assert caught.value.name == name
    assert str(caught.value.found) in str(caught.value)


@pytest.mark.parametrize("step", [0, T + 1])
def test_a_step_outside_the_run_is_refused(step):
    network, x, z0, d = case()
    run = network.forward(x, z0)
    with pytest.raises(ValueError, match="step"):
        network.backward(run, network.output_delta(run, d), step=step)


def test_a_loss_that_belongs_to_another_output_activation_is_refused():
    network, x, z0, d = case()
    with pytest.raises(ValueError, match="needs g = sigmoid"):
        network.error(network.forward(x, z0), d, "mse-sigmoid")


def test_the_hidden_activation_has_to_be_elementwise():
    network, *_ = case()
    with pytest.raises(ValueError, match="element-wise"):
        RNN(network.parameters, "softmax")
