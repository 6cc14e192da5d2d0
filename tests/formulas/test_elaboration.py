"""Symbolic shapes decide what a juxtaposition means, in each layout."""

import pytest

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.elaboration import ElaborationError, elaborate
from engine.formulas.evaluation.shapes import Layout
from engine.formulas.models import models
from engine.formulas.reading import read
from engine.formulas.tree import Product, Symbol, walk

MODEL = models()["rnn"]
NAMES = frozenset({"t", "s", "T", "T_t"})


def parse(text: str):
    reading = read(text)
    assert reading.understood, reading.trouble
    return reading.equations[0].links[-1]


def shaped(text: str, layout: str = "column", batch: bool = False):
    chosen = Layout.of(MODEL, Convention(layout=layout), batch)
    operation, errors = elaborate(parse(text), chosen, NAMES)
    return operation, errors


@pytest.mark.parametrize(
    ("text", "layout", "shape"),
    [
        ("W_in x^t", "column", ("H", "1")),
        ("x^t W_in", "row", ("1", "H")),
        ("δ^t [x^t]^T", "column", ("H", "D")),
        ("[x^t]^T δ^t", "row", ("D", "H")),
        ("x^t δ^t", "numerator", ("D", "H")),
        ("δ^t W", "numerator", ("1", "H")),
        ("W_out^T δ^{out,t}", "column", ("H", "1")),
        ("f'(u^t) ⊙ (W^T δ^{t+1})", "column", ("H", "1")),
        ("ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T", "column", ("H", "H")),
        ("1 - z^t ⊙ z^t", "column", ("H", "1")),
        ("(z^t)^2", "column", ("H", "1")),
        ("∂E/∂W_in", "column", ("H", "D")),
        ("∂E/∂W_in", "row", ("D", "H")),
        ("∂E/∂W_in", "numerator", ("D", "H")),
    ],
)
def test_a_formula_that_fits_has_the_shape_of_its_layout(text, layout, shape):
    operation, errors = shaped(text, layout)
    assert errors == ()
    assert operation.shape == shape


@pytest.mark.parametrize(
    ("text", "layout", "kinds"),
    [
        ("W_in x^t", "column", ["matmul"]),
        ("2 x^t", "column", ["scale"]),
        ("z^t u^t", "column", ["hadamard"]),
        # from left to right f'(u) would meet a matrix; the chain is read from the right
        ("f'(u^t) W_out^T δ^{out,t}", "column", ["hadamard", "matmul"]),
        ("δ^{t} W f'(u^{t-1})", "numerator", ["diag-right", "matmul"]),
        ("f'(u^t) W", "column", ["diag-left"]),
        # juxtaposition binds tighter than ⊙
        ("f'(u^t) ⊙ W^T δ^{t+1}", "column", ["hadamard", "matmul"]),
        # and where that does not fit, from left to right
        ("δ^t ⊙ f'(u^t) [x^t]^T", "column", ["matmul", "hadamard"]),
    ],
)
def test_each_juxtaposition_is_read_in_the_cheapest_way_that_fits(text, layout, kinds):
    operation, errors = shaped(text, layout)
    assert errors == ()
    found, stack = [], [operation]
    while stack:
        one = stack.pop(0)
        if isinstance(one.node, Product):
            found.append(one.op)
        stack.extend(one.args)
    assert [kind for kind in found if kind != "transpose"] == kinds


@pytest.mark.parametrize(
    ("text", "left", "right", "place"),
    [
        ("W_in z^t", ("H", "D"), ("H", "1"), "W_in z^t"),
        ("δ^t [z^t]^T + δ^t [x^t]^T", ("H", "H"), ("H", "D"), "δ^t [x^t]^T"),
        ("W_in - ε δ^t [z^{t-1}]^T", ("H", "D"), ("H", "H"), "ε δ^t [z^{t-1}]^T"),
        ("f'(u^t) ⊙ W_out", ("H", "1"), ("K", "H"), "f'(u^t) ⊙ W_out"),
        ("W_out δ^{out,t}", ("K", "H"), ("K", "1"), "W_out δ^{out,t}"),
    ],
)
def test_a_misfit_is_reported_at_its_place_with_both_shapes(text, left, right, place):
    _, errors = shaped(text)
    assert len(errors) == 1
    start, end = errors[0].span
    assert text[start:end] == place
    assert (errors[0].left, errors[0].right) == (left, right)


def test_all_misfits_are_collected_not_only_the_first():
    _, errors = shaped("W_in z^t + W x^t")
    assert len(errors) == 2


def test_a_row_bias_is_added_to_every_sample_of_a_batch():
    operation, errors = shaped("x^t W_in + b", "row", batch=True)
    assert errors == ()
    assert operation.shape == ("N", "H")


def test_summing_over_the_batch_leaves_a_row():
    operation, errors = shaped("np.sum(delta, axis=0)", "row", batch=True)
    assert errors == ()
    assert operation.shape == ("1", "H")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"\frac{\partial u^t}{\partial W} \delta^t", "formal-step"),
        (r"\frac{\partial v^t}{\partial u^t} \delta^t", "formal-step"),
        ("2 E", "formal-step"),
    ],
)
def test_a_node_without_a_value_is_told_by_a_reason(text, reason):
    with pytest.raises(ElaborationError) as error:
        shaped(text)
    assert error.value.reason == reason


def test_an_unknown_symbol_is_named():
    layout = Layout.of(MODEL, Convention())
    with pytest.raises(ElaborationError, match="undeclared-symbol: q"):
        elaborate(Symbol("q"), layout, NAMES)


def test_a_scalar_model_has_no_shapes_to_miss():
    layout = Layout.of(MODEL, Convention(scalar="yes"))
    tree = parse("W_in z^t + W_out δ^t x^t")
    operation, errors = elaborate(tree, layout, NAMES)
    assert errors == ()
    assert operation.shape == ("1", "1")
    assert sum(1 for _ in walk(tree)) > 5
