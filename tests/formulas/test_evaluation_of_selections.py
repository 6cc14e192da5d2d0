"""Stacks, norms, smallest and largest, and cases have shapes and values."""

import numpy as np
import pytest

from engine.formulas.construction import at, number, parameter, product, signal, transposed
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Binding, EvaluationError
from engine.formulas.evaluation.elaboration import elaborate
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.fields import Floats, NotRepresentableError
from engine.formulas.evaluation.points import run_for
from engine.formulas.evaluation.shapes import SCALAR, Layout
from engine.formulas.models import models
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Extremum,
    Index,
    Stack,
    Symbol,
)

MODEL = models()["rnn"]
RUN = run_for(models()["rnn"], "distinct", "tanh", "mse-identity")
AT_FOUR = Binding({"t": 4, "T": 5, "T_t": 3, "tau": 4}, 4, 3, Index.of(1, t=1))
COLUMN = Convention(loss="step", activation="tanh", output="mse-identity")
ROW = Convention(layout="row", loss="step", activation="tanh", output="mse-identity")
X, Z = RUN.signals["x"][4], RUN.signals["z"][4]
NORM = Apply("norm", signal("z"))


def elaborated(tree, convention=COLUMN):
    return elaborate(tree, Layout.of(MODEL, convention))


def value(tree, convention=COLUMN, run=RUN):
    operation, errors = elaborated(tree, convention)
    assert errors == ()
    return evaluate(operation, run, convention, AT_FOUR)


@pytest.mark.parametrize("axis", ["rows", "columns"])
def test_feature_vectors_join_to_a_longer_one_whichever_sign_was_written(axis):
    stack = Stack((signal("z"), signal("x")), axis)
    assert elaborated(stack)[0].shape == ("H+D", "1")
    assert elaborated(stack, ROW)[0].shape == ("1", "H+D")
    np.testing.assert_array_equal(value(stack), np.concatenate([Z, X]))
    np.testing.assert_array_equal(value(stack, ROW), np.concatenate([Z, X]).T)


def test_matrices_join_along_the_axis_that_was_written():
    weights = (parameter("W_in"), parameter("W"))
    operation, errors = elaborated(Stack(weights, "columns"))
    assert (operation.shape, errors) == (("H", "D+H"), ())
    joined = value(product(Stack(weights, "columns"), Stack((signal("x"), signal("z")), "rows")))
    np.testing.assert_allclose(joined, RUN.parameters["W_in"] @ X + RUN.parameters["W"] @ Z)
    turned = Stack((transposed(signal("z")), transposed(signal("z"))), "rows")
    np.testing.assert_array_equal(value(turned), np.concatenate([Z.T, Z.T]))


def test_matrices_of_other_heights_do_not_stand_side_by_side():
    _, errors = elaborated(Stack((parameter("W_in"), parameter("W_out")), "columns"))
    assert [error.operator for error in errors] == ["stack"]


def test_a_norm_is_a_scalar():
    assert elaborated(NORM)[0].shape == SCALAR
    np.testing.assert_allclose(value(NORM), [[np.linalg.norm(Z)]])


@pytest.mark.parametrize(("kind", "function"), [("min", np.minimum), ("max", np.maximum)])
def test_an_extremum_repeats_scalars_over_its_other_parts(kind, function):
    tree = Extremum(kind, (number(0), signal("z"), signal("z", at(-1))))
    expected = function(function(0, Z), RUN.signals["z"][3])
    np.testing.assert_array_equal(value(tree), expected)


def test_the_first_case_that_holds_counts_for_each_component():
    negative, large = (
        Comparison("<", signal("z"), number(0)),
        Comparison(">=", signal("z"), number(-1)),
    )
    tree = Cases((number(0), signal("z")), (negative, large), number(7))
    np.testing.assert_array_equal(value(tree), np.where(Z < 0, 0, Z))
    never = Cases((number(0),), (Comparison("<", NORM, number(0)),), signal("z"))
    np.testing.assert_array_equal(value(never), Z)


def test_without_a_case_that_holds_there_is_no_value():
    with pytest.raises(EvaluationError):
        value(Cases((number(0),), (Comparison("<", NORM, number(0)),)))


def test_a_sum_leaves_out_its_excluded_values():
    total = BigOperator("sum", "j", Index(constant=1), Index(constant=4), signal("z", Index.of(0, j=1)), (2, 3))  # fmt: skip
    expected = RUN.signals["z"][1] + RUN.signals["z"][4]
    np.testing.assert_allclose(value(total), expected)


def test_a_finite_field_knows_no_order():
    exact = run_for(models()["rnn"], "distinct", "abstract", "abstract", exact=True)
    with pytest.raises(NotRepresentableError):
        value(Extremum("min", (signal("z"), Symbol("eps"))), run=exact)


@pytest.mark.parametrize(
    ("name", "slope"), [("sin", np.cos), ("cos", lambda a: -np.sin(a)), ("abs", np.sign)]
)
def test_the_slopes_of_named_functions_are_their_own(name, slope):
    at_points = np.array([[-0.7], [0.2], [1.4]])
    np.testing.assert_allclose(Floats().primitive(name, 1, at_points), slope(at_points))
    single = Floats().primitive(name, 1, 0.2)
    assert single == pytest.approx(float(slope(0.2)))
