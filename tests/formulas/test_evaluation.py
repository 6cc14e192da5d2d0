"""The value of a formula at a point: times, lags, boundaries and bounds."""

import numpy as np
import pytest

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    BudgetExceededError,
    EvaluationError,
    Record,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import elaborate
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.points import run_for
from engine.formulas.evaluation.shapes import Layout
from engine.formulas.models import models
from engine.formulas.reading import read
from engine.formulas.statements import all_index_names
from engine.formulas.tree import Index

MODEL = models()["rnn"]
RUN = run_for(models()["rnn"], "distinct", "tanh", "mse-identity")
AT_FOUR = Binding({"t": 4, "T": 5, "T_t": 3, "tau": 4}, 4, 3, Index.of(1, t=1))


def value(text, convention=None, binding=AT_FOUR, budget=None, record=None, run=RUN):
    convention = convention or Convention(loss="step", activation="tanh", output="mse-identity")
    reading = read(text)
    assert reading.understood, reading.trouble
    tree = reading.equations[0].links[-1]
    operation, _ = elaborate(tree, Layout.of(MODEL, convention), all_index_names(tree))
    return evaluate(operation, run, convention, binding, budget, record)


def test_a_time_index_is_an_affine_expression_of_the_bindings():
    np.testing.assert_array_equal(value("x^{t-2}"), RUN.signals["x"][2])
    np.testing.assert_array_equal(value("x[3]"), RUN.signals["x"][3])


def test_rows_are_transposes_of_columns_and_numerator_turns_adjoints_only():
    row, numerator = (
        Convention(layout="row", loss="step"),
        Convention(layout="numerator", loss="step"),
    )
    np.testing.assert_array_equal(value("W_in", row), RUN.parameters["W_in"].T)
    np.testing.assert_array_equal(value("z^t", row), RUN.signals["z"][4].T)
    np.testing.assert_array_equal(value("z^t", numerator), RUN.signals["z"][4])
    np.testing.assert_array_equal(value("δ^t", numerator), RUN.adjoints["u"][4][4].T)


def test_delta_belongs_to_one_loss_or_to_their_sum():
    step = value("δ^{t-1}")
    np.testing.assert_array_equal(step, RUN.adjoints["u"][4][3])
    total = value("δ^{t-1}", Convention(loss="sequence"))
    np.testing.assert_allclose(total, sum(RUN.adjoints["u"][loss][3] for loss in (3, 4, 5)))
    mean = value("δ^{t-1}", Convention(loss="sequence", reduction="mean"))
    np.testing.assert_allclose(mean, total / 5)


def test_the_output_delta_is_each_steps_own_under_one_steps_loss():
    np.testing.assert_array_equal(value("δ^{out,t-2}"), RUN.adjoints["v"][2][2])


def test_delta_with_two_indices_names_its_loss_itself():
    np.testing.assert_array_equal(value("δ^{t+1,t-1}"), RUN.adjoints["u"][5][3])


def test_the_named_gradient_reaches_back_as_far_as_the_lag():
    shares = RUN.shares["W"][4]
    np.testing.assert_allclose(value("∂E/∂W"), sum(shares[k] for k in (1, 2, 3, 4)))
    short = Binding({"t": 4, "T": 5, "T_t": 1, "tau": 2}, 4, 1)
    np.testing.assert_allclose(value("∂E/∂W", binding=short), shares[3] + shares[4])


def test_an_empty_sum_is_zero_and_an_empty_product_is_one():
    assert not value("Σ_{s=1}^{0} δ^{t-s}").any()
    np.testing.assert_array_equal(value(r"\prod_{k=2}^{1} W"), np.eye(3))


def test_open_limits_mean_the_run_as_far_as_the_loss_reaches():
    whole = value("Σ_k δ^k", Convention(loss="sequence"))
    parts = [value(f"δ[{k}]", Convention(loss="sequence")) for k in range(1, 6)]
    np.testing.assert_allclose(whole, sum(parts))
    np.testing.assert_allclose(value("Σ_k δ^k"), sum(value(f"δ[{k}]") for k in range(1, 5)))


@pytest.mark.parametrize("text", ["x^{t-4}", "δ^{t+1}", "u^{t-4}", "δ^{out,t+2}", "z^{t+2}"])
def test_a_read_outside_the_run_is_noted_and_is_not_zero(text):
    record = Record()
    assert np.abs(value(text, record=record)).min() > 0
    assert record.outside


def test_the_old_value_is_meant_by_the_update_number_before_the_left_sides():
    np.testing.assert_array_equal(value("W^t"), RUN.parameters["W"])
    np.testing.assert_array_equal(value("W"), RUN.parameters["W"])
    record = Record()
    assert not np.array_equal(value("W^{t+1}", record=record), RUN.parameters["W"])
    assert record.outside == {"W"}


def test_powers_are_elementwise_on_vectors_and_repeated_products_on_matrices():
    np.testing.assert_allclose(value("(z^t)^2"), RUN.signals["z"][4] ** 2)
    W = RUN.parameters["W"]
    np.testing.assert_allclose(value("W^3"), W @ W @ W)


def test_an_unbound_index_is_named():
    with pytest.raises(UnboundIndexError, match="k"):
        value("δ^k")


@pytest.mark.parametrize(
    "text", ["Σ_{s=0}^{1000000} δ^{t-s}", "Σ_{s=0}^{60} Σ_{k=0}^{60} Σ_{p=0}^{60} δ^{t-s-k-p}"]
)
def test_the_work_is_bounded(text):
    with pytest.raises(BudgetExceededError):
        value(text, budget=Budget())


def test_an_exponent_that_is_no_small_integer_has_no_value():
    with pytest.raises(EvaluationError):
        value("(z^t)^{17}")
