"""Computations: right by another route, exact where they can be, and wrong in the ways they say."""

import itertools
import json
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import functions
from engine.computations import (
    COMPUTATIONS,
    REQUIRED,
    ComputationError,
    bptt,
    calculus,
    computation,
    from_json,
    gradients,
    programs,
    rnn,
    to_json,
)
from engine.computations.programs import EXPRESSIONS
from engine.mistakes import MISTAKE_CODES
from engine.parameters import Parameter
from engine.recurrent.rnn import RNN, Parameters
from engine.tasks.binary_addition import BinaryAddition


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


# Worked by hand, or taken from the curriculum.
BY_HAND = [
    ("rnn.parameter_count", {"D": 100, "H": 100, "layer": "hidden"}, 20_100),
    ("rnn.parameter_count", {"D": 100, "H": 100, "layer": "hidden", "biases": 2}, 20_200),
    ("rnn.parameter_count", {"D": 2, "H": 16, "K": 1, "biases": 0}, 304),
    ("rnn.parameter_count", {"D": 2, "H": 16, "K": 1}, 321),
    ("rnn.shape", {"quantity": "W_in", "D": 2, "H": 16, "K": 1}, (16, 2)),
    ("rnn.shape", {"quantity": "W_in", "form": "row", "D": 2, "H": 16, "K": 1}, (2, 16)),
    ("rnn.shape", {"quantity": "z", "form": "row", "D": 2, "H": 16, "K": 1, "N": 5}, (5, 16)),
    ("rnn.shape", {"quantity": "b", "form": "row", "D": 2, "H": 16, "K": 1}, (16,)),
    ("rnn.scalar_forward", {"w_in": 1, "w": 2, "x": [1, 1, 1]}, 7),
    ("rnn.scalar_forward", {"w_in": 1, "w": 2, "x": [1, 1, 1], "step": 2}, 3),
    ("rnn.scalar_forward", {"w_in": "1/2", "w": -2, "z0": 1, "x": [1], "f": "relu"}, 0),
    ("rnn.scalar_forward", {"w_in": 0, "w": 1, "w_out": 3, "x": [1], "quantity": "y",
                            "g": "sigmoid"}, Fraction(1, 2)),
    ("rnn.output_delta", {"output": "mse-identity", "v": [1, "1/2"], "d": [0, 1]},
     (1, Fraction(-1, 2))),
    ("rnn.output_delta", {"output": "mse-sigmoid", "v": "ln 3", "d": 1}, Fraction(-3, 64)),
    ("rnn.output_delta", {"output": "mse-sigmoid", "y": 0.8, "d": 1}, Fraction(-4, 125)),
    ("rnn.output_delta", {"output": "ce-sigmoid", "v": "-ln 2", "d": 0}, Fraction(1, 3)),
    ("rnn.output_delta", {"output": "ce-softmax", "v": ["ln 1", "ln 2", "ln 5"], "d": [0, 0, 1]},
     (Fraction(1, 8), Fraction(1, 4), Fraction(-3, 8))),
    ("rnn.output_delta", {"output": "ce-softmax", "v": [3, 3, 3, 3], "d": [1, 0, 0, 0]},
     (Fraction(-3, 4), Fraction(1, 4), Fraction(1, 4), Fraction(1, 4))),
    # z = 1, 3, 7; δ³ = 6, δ² = 12, δ¹ = 24; 6·3 + 12·1 + 24·0
    ("rnn.scalar_gradient", {"w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1}, 30),
    ("rnn.scalar_gradient", {"parameter": "w_in", "w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1}, 42),
    ("rnn.scalar_gradient", {"parameter": "b", "w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1}, 42),
    ("rnn.scalar_gradient", {"parameter": "w_out", "w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1}, 42),
    ("bptt.truncated_gradient", {"w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1, "T_t": 0}, 18),
    ("bptt.truncated_gradient", {"w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1, "T_t": 1}, 30),
    ("bptt.sum_terms", {"T_t": 4}, 5),
    ("bptt.admissible_truncation", {"t": 6}, 5),
    ("bptt.memory", {"T": 1000}, 1000),
    ("bptt.memory", {"T": 1000, "tau": 20, "method": "truncated"}, 20),
    ("bptt.memory", {"T": 10, "tau": 20, "method": "truncated"}, 10),
    ("bptt.memory", {"T": 8, "initial_state": "counted"}, 9),
    ("bptt.memory", {"T": 8, "count": "numbers", "H": 16, "N": 2}, 256),
    ("bptt.delta_step", {"u": [1, -2], "f": "relu", "delta_next": [1, 2], "W": [[1, 2], [3, 4]],
                         "delta_out": 1, "W_out": [[1, 1]]}, (8, 0)),
    ("bptt.delta_step", {"u": "ln 2", "f": "sigmoid", "delta_next": 9, "W": 1}, 2),
    ("bptt.weight_gradient_term", {"delta": [1, 2], "signal": [3, 4, 5]}, ((3, 4, 5), (6, 8, 10))),
    ("bptt.weight_gradient_term", {"delta": [1, 2], "signal": [3, 4, 5], "form": "row"},
     ((3, 6), (4, 8), (5, 10))),
    ("bptt.bias_gradient", {"delta": [[1, 2], [3, 4], [5, 6]]}, (9, 12)),
    ("activation.value", {"f": "sigmoid", "u": "ln 3"}, Fraction(3, 4)),
    ("activation.value", {"f": "tanh", "u": "1/2 ln 3"}, Fraction(1, 2)),
    ("activation.value", {"f": "sigmoid", "u": "1/2 ln 4"}, Fraction(2, 3)),
    ("activation.derivative", {"f": "sigmoid", "u": "-ln 2"}, Fraction(2, 9)),
    ("activation.derivative", {"f": "sigmoid", "u": 0}, Fraction(1, 4)),
    ("activation.derivative", {"f": "tanh", "u": 0}, 1),
    ("activation.derivative", {"f": "relu", "u": 0}, 0),
    ("activation.derivative_from_output", {"f": "sigmoid", "z": 0.8}, Fraction(4, 25)),
    ("activation.derivative_from_output", {"f": "tanh", "z": "-1/2"}, Fraction(3, 4)),
    ("chain_rule.square_of_sum", {"x": 2, "y": 3}, 10),
    ("chain_rule.square_of_sum", {"x": 1, "y": 2, "a": 3, "b": -1, "power": 3, "by": "y"}, -3),
    ("sgd.step", {"w": [1, 2], "gradient": [3, -4], "learning_rate": 0.1},
     (Fraction(7, 10), Fraction(12, 5))),
    ("gradient_check.relative_error", {"analytic": 0.11, "numeric": 0.1}, Fraction(1, 11)),
    ("gradient_check.relative_error", {"analytic": 3, "numeric": -1, "by": "sum"}, 1),
    ("gradient_check.central_difference", {"w": 2, "h": 0.1, "power": 3}, Fraction(1201, 100)),
    ("gradient_check.central_difference", {"w": 5, "h": 0.1}, 10),
    ("bptt.code_shapes", {"expression": "delta[:,t]"}, (16,)),
    ("bptt.code_shapes", {"expression": "u"}, (16, 9)),
    ("bptt.code_shapes", {"expression": "np.dot(X.T, delta[:,t].reshape(1,-1))"}, (2, 16)),
    ("binary_addition.bits", {"a": 5, "b": 6, "width": 4}, (1, 1, 0, 1)),
    ("binary_addition.bits", {"a": 5, "b": 6, "width": 4, "order": "highest-first"}, (1, 0, 1, 1)),
    ("binary_addition.carry", {"a": 3, "b": 1, "t": 1}, 1),
    ("binary_addition.carry", {"a": 3, "b": 1, "t": 2}, 1),
    ("binary_addition.carry", {"a": 3, "b": 1, "t": 3}, 0),
    ("binary_addition.largest_sum", {}, 254),
    ("binary_addition.plateau_loss", {}, 1),
    ("binary_addition.plateau_loss", {"width": 4, "y": 0.2}, Fraction(17, 25)),
]  # fmt: skip


def kinds(found):
    return [kinds(each) for each in found] if isinstance(found, tuple) else type(found)


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    assert found == expected
    assert kinds(found) == kinds(expected)


def test_every_computation_is_worked_by_hand_or_held_against_the_engine():
    held_against_the_engine = {"rnn.forward", "rnn.gradient", "binary_addition.loss_floor"}
    of_the_simple_rnn = {
        found.name
        for module in (rnn, bptt, gradients, calculus, programs)
        for found in module.COMPUTATIONS
    }
    assert {name for name, *_ in BY_HAND} | held_against_the_engine == of_the_simple_rnn


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_mistakes_have_known_codes_and_stable_notes(name, arguments, expected):
    found = computation(name).mistakes(arguments)
    assert all(m.code in MISTAKE_CODES for m in found)
    assert all(m.note and m.note == m.note.strip() for m in found)
    assert len({(m.code, m.note) for m in found}) == len(found)


# --- against the engine --------------------------------------------------------------------------


def entries(rng, *shape):
    return rng.integers(-4, 5, size=shape) / 2


def drawn_network(seed, f, sizes):
    T, D, H, K = sizes
    rng = np.random.default_rng(seed)
    if f in ("sigmoid", "tanh"):
        rng.bit_generator.advance(1000)
    columns = {
        "W_in": entries(rng, H, D),
        "W": entries(rng, H, H),
        "W_out": entries(rng, K, H),
        "b": entries(rng, H),
        "c": entries(rng, K),
    }
    return columns, entries(rng, T, D), entries(rng, H), rng.integers(0, 2, size=(T, K)) * 1.0


def as_float(found):
    return np.array(found, dtype=object).astype(float)


SIZES = [(1, 1, 1, 1), (3, 2, 3, 1), (4, 3, 2, 2), (2, 2, 2, 3)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("f", ["identity", "relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("g", ["identity", "sigmoid", "softmax"])
def test_forward_agrees_with_the_engine_in_both_forms(sizes, f, g):
    columns, x, z0, _ = drawn_network(sum(sizes), f, sizes)
    run = RNN(Parameters.from_column_form(**columns), f, g).forward(x[:, None], z0[None])
    rows = {name: a.T if a.ndim == 2 else a for name, a in columns.items()}
    for form, given_as in (("column", columns), ("row", rows)):
        for quantity, step in itertools.product("uzvy", range(1, len(x) + 1)):
            plain = {name: a.tolist() for name, a in given_as.items()}
            found = value(
                "rnn.forward",
                **plain,
                x=x.tolist(),
                z0=z0.tolist(),
                f=f,
                g=g,
                form=form,
                quantity=quantity,
                step=step,
            )
            expected = getattr(run, quantity)[step - 1, 0]
            assert as_float(found).reshape(-1) == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("pair", functions.OUTPUTS)
@pytest.mark.parametrize("f", ["identity", "relu", "sigmoid", "tanh"])
def test_gradients_agree_with_the_engine_for_every_loss_and_horizon(sizes, pair, f):
    columns, x, z0, d = drawn_network(sum(sizes), f, sizes)
    if pair == "ce-softmax":
        d = np.eye(sizes[3])[np.arange(len(x)) % sizes[3]]
    network = RNN(Parameters.from_column_form(**columns), f, functions.output(pair).activation)
    run = network.forward(x[:, None], z0[None])
    delta_out = network.output_delta(run, d[:, None], pair)
    plain = {name: a.tolist() for name, a in columns.items()}
    arguments = {**plain, "x": x.tolist(), "z0": z0.tolist(), "d": d.tolist(), "f": f}
    for loss, T_t in itertools.product(["step", "sequence"], [None, 0, 1, len(x)]):
        step = len(x) if loss == "step" else None
        expected = network.backward(run, delta_out, step=step, T_t=T_t).parameters.to_column_form()
        for parameter, gradient in expected.items():
            found = value(
                "rnn.gradient", **arguments, output=pair, loss=loss, T_t=T_t, parameter=parameter
            )
            flat = gradient.reshape(-1)
            assert as_float(found).reshape(-1) == pytest.approx(flat, rel=1e-10, abs=1e-12)


def test_the_gradient_has_the_shape_of_its_parameter_in_either_form():
    columns, x, z0, d = drawn_network(1, "relu", (3, 2, 3, 2))
    arguments = {"x": x.tolist(), "z0": z0.tolist(), "d": d.tolist(), "f": "relu"}
    rows = {name: a.T if a.ndim == 2 else a for name, a in columns.items()}
    for parameter in columns:
        in_columns = value(
            "rnn.gradient",
            **{n: a.tolist() for n, a in columns.items()},
            **arguments,
            parameter=parameter,
        )
        in_rows = value(
            "rnn.gradient",
            **{n: a.tolist() for n, a in rows.items()},
            **arguments,
            parameter=parameter,
            form="row",
        )
        assert np.shape(in_columns) == columns[parameter].shape
        assert np.array_equal(np.transpose(in_columns), np.array(in_rows, dtype=object))


def test_exact_input_stays_exact_through_relu_and_identity():
    columns, x, z0, d = drawn_network(3, "relu", (4, 2, 3, 2))
    arguments = {name: a.tolist() for name, a in columns.items()}
    arguments |= {"x": x.tolist(), "z0": z0.tolist(), "f": "relu"}
    gradient = value("rnn.gradient", **arguments, d=d.tolist())
    assert all(isinstance(entry, int | Fraction) for row in gradient for entry in row)
    assert all(isinstance(entry, int | Fraction) for entry in value("rnn.forward", **arguments))


@pytest.mark.parametrize("K", [1, 3])
def test_the_shape_of_every_expression_is_what_numpy_says(K):
    D, H, T, t = 2, 5, 4, 1
    arrays = {
        "X": np.zeros((1, D)),
        "u": np.zeros((H, T + 1)),
        "z": np.zeros((H, T + 1)),
        "y": np.zeros((K, T)),
        "delta": np.zeros((H, T + 1)),
        "delta_out": np.zeros((K, T)),
        "W_in": np.zeros((D, H)),
        "W": np.zeros((H, H)),
        "W_out": np.zeros((H, K)),
    }

    def array(text):
        # The expressions are this project's own; they are taken apart, not evaluated.
        text = text.strip()
        if text.startswith("np.dot("):
            inner, depth = text[len("np.dot(") : -1], 0
            for i, letter in enumerate(inner):
                depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
                if letter == "," and depth == 0:
                    return np.dot(array(inner[:i]), array(inner[i + 1 :]))
        for ending, change in (
            (".reshape(1,-1)", lambda a: a.reshape(1, -1)),
            (".reshape(-1,1)", lambda a: a.reshape(-1, 1)),
            (".T", lambda a: a.T),
            ("[:,t+1]", lambda a: a[:, t + 1]),
            ("[:,t]", lambda a: a[:, t]),
        ):
            if text.endswith(ending):
                return change(array(text[: -len(ending)]))
        return arrays[text]

    for expression in EXPRESSIONS:
        found = value("bptt.code_shapes", expression=expression, D=D, H=H, K=K, T=T)
        assert found == array(expression).shape, expression


def test_bits_and_sums_are_those_of_the_task():
    task = BinaryAddition(8)
    x, d = task.sequences(task.test_pairs(30))
    for n, (a, b) in enumerate(task.test_pairs(30).tolist()):
        assert value("binary_addition.bits", a=a, b=b) == tuple(d[:, n, 0])
        assert value("binary_addition.bits", a=a, b=b, of="a") == tuple(x[:, n, 0])
        carried = [0] + [value("binary_addition.carry", a=a, b=b, t=t) for t in range(1, 9)]
        by_carry = (x[:, n].sum(axis=1) + carried[:-1]) % 2
        assert np.array_equal(by_carry, d[:, n, 0])


# --- mistakes ------------------------------------------------------------------------------------

SCALAR = {"w_in": 1, "w": 2, "x": [1, 1, 1], "d": 1}

MISTAKES = [
    ("rnn.parameter_count", {"D": 3, "H": 4, "K": 2}, "bias-dropped", "no-biases", 36),
    ("rnn.parameter_count", {"D": 3, "H": 4, "K": 2}, "recurrent-path-dropped",
     "no-recurrent-matrix", 26),
    ("rnn.parameter_count", {"D": 3, "H": 4, "K": 2, "T": 5}, "factor-added", "once-per-step", 210),
    ("rnn.scalar_gradient", SCALAR, "recurrent-path-dropped", "lag-0-only", 18),
    ("rnn.scalar_gradient", {**SCALAR, "z0": 1}, "sum-shortened", "longest-lag-left-out", 182),
    ("rnn.scalar_gradient", SCALAR, "index-shifted", "state-of-the-same-step", 102),
    ("rnn.scalar_gradient", SCALAR, "wrong-signal", "x-for-z", 42),
    ("rnn.scalar_gradient", {**SCALAR, "d": [0, 0, 1], "parameter": "w_out"}, "sum-added",
     "over-all-steps", 52),
    ("bptt.truncated_gradient", {**SCALAR, "x": [1, 1, 1, 1], "T_t": 1}, "recurrent-path-dropped",
     "forward-state-cut", 2),
    ("bptt.sum_terms", {"T_t": 4}, "sum-shortened", "T_t-terms", 4),
    ("rnn.output_delta", {"output": "ce-sigmoid", "y": 0.8, "d": 1}, "factor-added",
     "squared-error-habit", Fraction(-4, 125)),
    ("rnn.output_delta", {"output": "mse-sigmoid", "y": 0.8, "d": 1}, "derivative-dropped",
     "y-minus-d", Fraction(-1, 5)),
    ("bptt.bias_gradient", {"delta": [[1, 2], [3, 4]]}, "axis-wrong", "over-the-units", (3, 7)),
    ("binary_addition.bits", {"a": 3, "b": 1, "width": 3}, "recurrent-path-dropped",
     "carry-left-out", (0, 1, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong
    assert value(name, **arguments) != wrong


def test_the_course_programs_slope_of_an_output_is_named():
    found = mistakes("rnn.output_delta", output="mse-sigmoid", y=0.8, d=1)
    y = functions.sigmoid(0.8)
    assert found["derivative-of-wrong-argument", "slope-of-y"] == pytest.approx(
        -0.2 * float(y * (1 - y))
    )


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("rnn.scalar_gradient", {"w_in": 1, "w": 2, "x": [1], "d": 1}, "recurrent-path-dropped"),
        # With two steps the second term is δ¹[z⁰]ᵀ = 0: nothing is lost by leaving it out.
        ("rnn.scalar_gradient", {"w_in": 1, "w": 2, "x": [1, 1], "d": 1}, "recurrent-path-dropped"),
        ("rnn.scalar_gradient", SCALAR, "sum-shortened"),
        ("rnn.scalar_gradient", SCALAR, "derivative-dropped"),
        ("rnn.scalar_forward", {"w_in": 1, "w": 2, "x": [1]}, "recurrent-path-dropped"),
        ("rnn.scalar_forward", {"w_in": 1, "w": 2, "x": [1, 1]}, "bias-dropped"),
        ("rnn.output_delta", {"output": "mse-identity", "y": 3, "d": 1}, "derivative-dropped"),
        ("rnn.shape", {"quantity": "W", "D": 2, "H": 3, "K": 1}, "transpose-dropped"),
        ("binary_addition.plateau_loss", {}, "power-dropped"),
    ],
)
def test_a_mistake_that_the_arguments_leave_no_room_for_is_not_listed(name, arguments, code):
    assert code not in {c for c, _ in mistakes(name, **arguments)}


DRAWS = {
    "rnn.parameter_count": {"D": (2, 64), "H": (2, 64), "K": (2, 64)},
    "rnn.scalar_gradient": {"w_in": (1, 3), "w": (2, 4), "w_out": (2, 3), "x": 3, "d": 3},
    "bptt.truncated_gradient": {
        "w_in": (1, 3), "w": (2, 4), "w_out": (2, 3), "x": 4, "d": 4, "T_t": (0, 1)
    },
    "bptt.delta_step": {
        "u": 2, "delta_next": 2, "W": (2, 2), "delta_out": 2, "W_out": (2, 2), "f": "tanh"
    },
    "rnn.scalar_forward": {"w_in": (1, 4), "w": (2, 5), "b": (1, 5), "z0": (1, 4), "x": 3},
    "rnn.output_delta": {"v": 3, "d": 3, "output": "mse-sigmoid"},
    "chain_rule.square_of_sum": {"x": (1, 9), "y": (1, 9), "a": (2, 5), "b": (2, 5)},
    "gradient_check.relative_error": {"analytic": (2, 9), "numeric": (2, 9)},
    "gradient_check.central_difference": {"w": (2, 9), "h": (1, 2), "power": (3, 4)},
    "sgd.step": {"w": (1, 9), "gradient": (1, 9), "learning_rate": (2, 5)},
    "bptt.memory": {"T": (50, 99), "tau": (3, 20), "method": "truncated", "count": "numbers",
                    "H": (2, 9), "N": (2, 9)},
    "activation.derivative": {"u": (1, 4)},
    "binary_addition.plateau_loss": {"width": (2, 9)},
    "bptt.weight_gradient_term": {"delta": 3, "signal": 2},
    "bptt.bias_gradient": {"delta": (3, 2)},
}  # fmt: skip


def draw(rng, name, argument, wanted):
    kind = COMPUTATIONS[name].parameters[argument].kind
    if isinstance(wanted, str):
        return wanted
    if kind == "matrix":
        return [[rng.randint(-5, 5) for _ in range(wanted[1])] for _ in range(wanted[0])]
    if kind == "numbers" and isinstance(wanted, int):
        return [rng.randint(-5, 5) for _ in range(wanted)]
    return rng.randint(*wanted)


def close(left, right):
    left, right = as_float(left), as_float(right)
    return left.shape == right.shape and np.allclose(left, right, rtol=1e-9)


@pytest.mark.parametrize("name", DRAWS)
def test_most_draws_tell_every_mistake_from_the_truth_and_from_the_other_mistakes(name):
    rng = random.Random(name)
    distinct = 0
    for _ in range(40):
        arguments = {a: draw(rng, name, a, wanted) for a, wanted in DRAWS[name].items()}
        truth, wrong = value(name, **arguments), computation(name).mistakes(arguments)
        assert wrong
        clash = any(close(m.value, truth) for m in wrong) or any(
            m.code != n.code and close(m.value, n.value)
            for m, n in itertools.combinations(wrong, 2)
        )
        distinct += not clash
    assert distinct >= 14


# --- arguments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "argument", "code"),
    [
        ("bptt.sum_terms", {}, "T_t", "missing"),
        ("bptt.sum_terms", {"T_t": None}, "T_t", "wrong-kind"),
        ("bptt.sum_terms", {"T_t": 2.5}, "T_t", "wrong-kind"),
        ("bptt.sum_terms", {"T_t": True}, "T_t", "wrong-kind"),
        ("bptt.sum_terms", {"T_t": "three"}, "T_t", "wrong-kind"),
        ("bptt.sum_terms", {"T_t": -1}, "T_t", "too-small"),
        ("bptt.sum_terms", {"T_t": 10**9}, "T_t", "too-large"),
        ("bptt.sum_terms", {"Tt": 1}, "Tt", "unknown-argument"),
        ("rnn.shape", {"quantity": "Win", "D": 1, "H": 1, "K": 1}, "quantity", "not-a-choice"),
        ("rnn.parameter_count", {"D": 1, "H": 2}, "K", "missing"),
        ("rnn.scalar_forward", {"w_in": "1e9", "w": 1, "x": 1}, "w_in", "too-large"),
        ("rnn.scalar_forward", {"w_in": float("inf"), "w": 1, "x": 1}, "w_in", "wrong-kind"),
        ("rnn.scalar_forward", {"w_in": "ln 2", "w": 1, "x": 1}, "w_in", "wrong-kind"),
        ("rnn.scalar_forward", {"w_in": 1, "w": 1, "x": []}, "x", "too-long"),
        ("rnn.scalar_forward", {"w_in": 1, "w": 1, "x": [1] * 9}, "x", "too-long"),
        ("rnn.scalar_forward", {"w_in": 1, "w": 1, "x": [1], "step": 2}, "step", "too-large"),
        ("rnn.scalar_forward", {"w_in": 1, "w": 1, "x": [1], "quantity": "y"}, "w_out", "missing"),
        ("rnn.forward", {"W_in": [[1, 2], [3]], "W": 1, "x": 1}, "W_in", "ragged"),
        ("rnn.forward", {"W_in": [[1, 2]], "W": [[1, 2]], "x": 1}, "W", "not-fitting"),
        ("rnn.forward", {"W_in": [[1, 2]], "W": 1, "x": [[1]]}, "x", "not-fitting"),
        ("rnn.forward", {"W_in": 1, "W": 1, "x": 1, "b": [1, 2]}, "b", "not-fitting"),
        ("rnn.scalar_gradient", {**SCALAR, "d": [1, 2]}, "d", "not-fitting"),
        ("rnn.output_delta", {"d": 1}, "y", "missing"),
        ("rnn.output_delta", {"output": "ce-sigmoid", "y": 1.5, "d": 1}, "y", "not-fitting"),
        ("rnn.output_delta", {"output": "ce-softmax", "y": [0.5, 0.6], "d": [1, 0]}, "y",
         "not-fitting"),
        ("bptt.memory", {"T": 5, "method": "truncated"}, "tau", "missing"),
        ("bptt.delta_step", {"u": 1, "delta_next": 1, "W": 1, "W_out": 1}, "delta_out", "missing"),
        ("binary_addition.bits", {"a": 200, "b": 100}, "b", "not-fitting"),
        ("gradient_check.relative_error", {"analytic": 0, "numeric": 0}, "numeric", "not-fitting"),
    ],
)  # fmt: skip
def test_an_argument_that_does_not_fit_is_named(name, arguments, argument, code):
    for ask in (computation(name).evaluate, computation(name).mistakes):
        with pytest.raises(ComputationError) as caught:
            ask(arguments)
        assert (caught.value.name, caught.value.argument) == (name, argument)
        assert caught.value.code == code
        assert argument in str(caught.value)


def test_an_unknown_computation_is_answered_with_the_nearest():
    with pytest.raises(ComputationError) as caught:
        computation("rnn.parameter_cuont")
    assert caught.value.nearest[0] == "rnn.parameter_count"


def test_an_unknown_choice_is_answered_with_the_nearest():
    with pytest.raises(ComputationError) as caught:
        value("rnn.output_delta", output="mse_sigmoid", y=1, d=1)
    assert caught.value.nearest[0] == "mse-sigmoid"


@pytest.mark.parametrize("found", COMPUTATIONS.values(), ids=COMPUTATIONS)
def test_every_computation_describes_itself_in_plain_data(found):
    described = found.to_json()
    assert json.loads(json.dumps(described)) == described
    assert found.summary
    assert found.source
    assert found.parameters
    for parameter in found.parameters.values():
        assert parameter.meaning
        if parameter.default is not REQUIRED and parameter.default is not None:
            parameter.read(parameter.default)  # a default has to fit its own bounds


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["ln 3", "2/3", "-1/2 ln 4", "1/0", "1e99", "row", "relu", "sequence"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(data=st.data())
def test_whatever_is_handed_in_gives_a_value_or_a_named_error(data):
    found = COMPUTATIONS[data.draw(st.sampled_from(sorted(COMPUTATIONS)))]
    arguments = {name: data.draw(ANYTHING) for name in found.parameters}
    for name, parameter in found.parameters.items():
        if parameter.choices and data.draw(st.booleans()):
            arguments[name] = data.draw(st.sampled_from(parameter.choices))
    try:
        result = found.evaluate(arguments)
        wrong = found.mistakes(arguments)
    except ComputationError:
        return
    for each in (result, *(m.value for m in wrong)):
        assert from_json(json.loads(json.dumps(to_json(each), allow_nan=False))) == each


@pytest.mark.parametrize(
    "each", [3, Fraction(2, 3), 0.25, (1, Fraction(1, 2)), ((1, 2), (Fraction(-1, 3), 4.5))]
)
def test_a_value_survives_the_way_through_json(each):
    assert from_json(json.loads(json.dumps(to_json(each)))) == each


@pytest.mark.parametrize("bound", [0.1, 0.01, 1e-3])
def test_a_bound_admits_itself_as_it_is_written(bound):
    parameter = Parameter("number", "a share", minimum=bound, maximum=bound)

    assert parameter.read(str(bound)) == Fraction(str(bound))
