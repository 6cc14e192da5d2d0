"""Activations and losses against differences, and the textbook forms against each other."""

import numpy as np
import pytest

from engine import functions
from engine.functions import ACTIVATIONS, LOSSES, OUTPUTS
from engine.gradient_check import numeric_gradient, relative_error

SMOOTH_POINTS = np.array([-3.0, -0.7, -0.01, 0.2, 1.3, 4.0])
ELEMENTWISE = [f for f in ACTIVATIONS.values() if f.elementwise]


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.name)
def test_the_derivative_takes_the_pre_activation(f):
    numeric = (f(SMOOTH_POINTS + 1e-6) - f(SMOOTH_POINTS - 1e-6)) / 2e-6
    assert f.derivative(SMOOTH_POINTS) == pytest.approx(numeric, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.name)
def test_the_derivative_from_the_output_is_the_same_derivative(f):
    of_output = f.derivative_from_output(f(SMOOTH_POINTS))
    assert of_output == pytest.approx(f.derivative(SMOOTH_POINTS), rel=1e-12)


@pytest.mark.parametrize(
    ("u", "value", "slope"),
    [(0.0, 1 / 2, 1 / 4), (np.log(2), 2 / 3, 2 / 9), (np.log(3), 3 / 4, 3 / 16)],
)
def test_the_sigmoid_has_the_values_one_can_work_out_by_hand(u, value, slope):
    assert functions.sigmoid(u) == pytest.approx(value, rel=1e-15)
    assert ACTIVATIONS["sigmoid"].derivative(np.array(u)) == pytest.approx(slope, rel=1e-15)


def test_nothing_overflows_far_out_and_no_digit_is_lost():
    far = np.array([-1000.0, -40.0, 40.0, 1000.0])
    with np.errstate(all="raise", under="ignore"):
        for f in ELEMENTWISE:
            assert np.isfinite(f(far)).all()
            assert np.isfinite(f.derivative(far)).all()
        assert functions.sigmoid(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-14, abs=0)
        slope = ACTIVATIONS["sigmoid"].derivative(np.array([-40.0, 40.0]))
        assert slope == pytest.approx(np.exp(-40.0), rel=1e-14, abs=0)
        assert functions.softmax([1000.0, 999.0]) == pytest.approx(
            [1 / (1 + np.exp(-1)), 1 / (1 + np.e)]
        )


def test_relu_has_no_slope_at_zero_and_keeps_nan():
    relu = ACTIVATIONS["relu"]
    assert relu.derivative(np.array([-1.0, 0.0, 2.0])).tolist() == [0.0, 0.0, 1.0]
    assert np.isnan(relu(np.array([np.nan]))).all()


def test_the_softmax_pulls_back_through_its_jacobian():
    v = np.array([[0.3, -1.2, 2.0], [0.0, 0.0, 1.0]])
    gradient = np.array([[1.0, -2.0, 0.5], [0.3, 0.1, -0.7]])
    by_jacobian = np.einsum("nij,nj->ni", functions.softmax_jacobian(v), gradient)
    assert ACTIVATIONS["softmax"].pull_back(v, gradient) == pytest.approx(by_jacobian, rel=1e-13)


def targets_for(pair, shape, rng):
    if pair == "ce-softmax":
        return functions.softmax(rng.standard_normal(shape))
    return rng.random(shape)


@pytest.mark.parametrize("pair", OUTPUTS.values(), ids=OUTPUTS)
def test_the_output_delta_is_the_derivative_of_the_loss(pair):
    rng = np.random.default_rng(1)
    v = rng.standard_normal((3, 4))
    d = targets_for(pair.name, v.shape, rng)
    numeric = numeric_gradient(lambda value: float(pair.value(value, d).sum()), v)
    assert relative_error(pair.delta(v, d), numeric).max() < 1e-7


@pytest.mark.parametrize("pair", OUTPUTS.values(), ids=OUTPUTS)
def test_the_output_delta_is_the_loss_pulled_back_through_the_activation(pair):
    rng = np.random.default_rng(2)
    v = rng.standard_normal((3, 4))
    d = targets_for(pair.name, v.shape, rng)
    y = pair.activation(v)
    two_steps = pair.activation.pull_back(v, pair.loss.derivative(y, d))
    assert pair.delta(v, d) == pytest.approx(two_steps, rel=1e-12)
    assert pair.value(v, d) == pytest.approx(pair.loss.value(y, d), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "delta"),
    [
        ("mse-identity", lambda y, d: y - d),
        ("mse-sigmoid", lambda y, d: (y - d) * y * (1 - y)),
        ("ce-sigmoid", lambda y, d: y - d),
        ("ce-softmax", lambda y, d: y - d),
    ],
)
def test_the_four_output_deltas_are_those_of_the_textbook(name, delta):
    pair = functions.output(name)
    v = np.array([0.4, -1.1, 0.9])
    d = np.array([0.0, 1.0, 0.0])
    assert pair.delta(v, d) == pytest.approx(delta(pair.activation(v), d), rel=1e-13)


@pytest.mark.parametrize("name", ["ce-sigmoid", "ce-softmax"])
def test_cross_entropy_stays_finite_where_the_output_rounds_to_zero(name):
    v = np.array([800.0, -800.0])
    d = np.array([0.0, 1.0])
    with np.errstate(all="raise", under="ignore"):
        assert functions.output(name).value(v, d) == pytest.approx(1600.0)


def test_a_class_that_is_no_target_costs_nothing_even_at_probability_zero():
    loss = LOSSES["softmax-cross-entropy"]
    y = d = np.array([0.0, 1.0])
    assert loss.value(y, d) == 0.0
    with np.errstate(invalid="ignore"):
        assert loss.derivative(y, d).tolist() == [0.0, -1.0]


def test_the_softmax_delta_is_the_derivative_for_targets_of_any_sum():
    pair = functions.output("ce-softmax")
    v, d = np.array([0.2, -1.0, 0.7]), np.array([1.0, 2.0, 0.5])
    numeric = numeric_gradient(lambda value: float(pair.value(value, d)), v)
    assert relative_error(pair.delta(v, d), numeric).max() < 1e-7


@pytest.mark.parametrize(
    ("look_up", "wrong", "meant"),
    [
        (functions.activation, "sigmoide", "sigmoid"),
        (functions.loss, "squared_error", "squared-error"),
        (functions.output, "ce-softmx", "ce-softmax"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(look_up, wrong, meant):
    with pytest.raises(functions.UnknownFunctionError) as caught:
        look_up(wrong)
    assert meant in caught.value.nearest
    assert wrong in str(caught.value)
