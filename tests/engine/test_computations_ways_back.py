"""Recurrent layers by hand: gates in one product, peepholes, the reset gate, windows, Jacobians."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from engine.computations import ComputationError, computation
from engine.computations.gates import LAYOUTS
from engine.recurrent import gru, lstm
from engine.recurrent.layouts import GATE_ORDERS
from engine.recurrent.parameter_counts import PARTS
from engine.tasks.binary_addition import BinaryAddition


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.array(found, dtype=object).astype(float)


PEEPHOLES = {"dh": [1], "dc": ["1/2"], "o": ["1/2"], "a": ["1/2"], "i": ["1/2"], "f": ["1/2"],
             "c_prev": ["3/2"], "tanh_c": ["0.76"], "p_i": [1], "p_f": [2], "p_o": [4]}  # fmt: skip

BY_HAND = [
    ("gates.columns", {"layout": "pytorch-lstm", "gate": "candidate", "H": 100}, (200, 300)),
    ("gates.columns", {"layout": "onnx-lstm", "gate": "output", "H": 16}, (16, 32)),
    ("gates.columns", {"layout": "course-lstm", "gate": "candidate", "H": 16}, (0, 16)),
    ("gates.columns", {"layout": "book-lstm", "gate": "forget", "H": 16}, (0, 16)),
    ("gates.columns", {"layout": "pytorch-gru", "gate": "update", "H": 16}, (16, 32)),
    ("gates.shape", {"cell": "LSTM", "quantity": "A", "N": 5, "D": 3, "H": 4}, (5, 16)),
    ("gates.shape", {"cell": "GRU", "quantity": "b", "N": 5, "D": 3, "H": 4}, (12,)),
    ("gates.shape", {"cell": "LSTM", "quantity": "hs", "N": 5, "D": 3, "H": 4, "T": 7}, (5, 7, 4)),
    # δo = 0.76/4 = 0.19; dc = 0.5 + (1 − 0.76²)/2 + 4 · 0.19
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dc"}, Fraction("1.4712")),
    # δi = dc · 0.5 · 0.25, δf = dc · 1.5 · 0.25; dc_prev = 0.5 dc + δi + 2 δf
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dc_prev"}, Fraction("2.0229")),
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dp_i"}, Fraction("0.27585")),
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dp_f"}, Fraction("0.82755")),
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dp_o"}, Fraction("0.19")),
    ("lstm.initial_retention", {"b": "ln 3", "T": 2}, Fraction(9, 16)),
    ("lstm.initial_retention", {"b": 0, "T": 3}, Fraction(1, 8)),
    ("gru.reset_backward_step",
     {"delta_g": [1, 2], "r": ["1/2", "1/4"], "U": [[1, 2], [3, 4]], "h_prev": [2, 4],
      "reset": "before", "quantity": "dh"}, (Fraction(7, 2), Fraction(5, 2))),
    ("gru.reset_backward_step",
     {"delta_g": [1, 2], "r": ["1/2", "1/4"], "U": [[1, 2], [3, 4]], "h_prev": [2, 4],
      "reset": "after", "quantity": "dh"}, (2, 3)),
    ("gru.reset_backward_step",
     {"delta_g": [1, 2], "r": ["1/2", "1/4"], "U": [[1, 2], [3, 4]], "h_prev": [2, 4],
      "reset": "before", "quantity": "dU"}, ((1, 1), (2, 2))),
    ("gru.reset_backward_step",
     {"delta_g": [1, 2], "r": ["1/2", "1/4"], "U": [[1, 2], [3, 4]], "h_prev": [2, 4],
      "reset": "after", "b_u": [-10, 2], "quantity": "delta_r"}, (0, 9)),
    # r = 3/4, z = 1/4, both from ln 3; x = 1, h0 = 0: g = tanh(½ ln 3) = 1/2
    ("gru.scalar_forward", {"w": ["ln 3", "-ln 3", "1/2 ln 3"], "u": [0, 0, 5], "x": 1},
     Fraction(1, 8)),
    ("gru.scalar_forward", {"w": ["ln 3", "-ln 3", "1/2 ln 3"], "u": [0, 0, 5], "x": 1,
                            "z_convention": "z-keeps-old"}, Fraction(3, 8)),
    # u r h = 2/3 ln 3 · 3/4 = ½ ln 3, and z = ½
    ("gru.scalar_forward", {"w": ["ln 3", 0, 0], "u": [0, 0, "2/3 ln 3"], "x": 1, "h0": 1},
     Fraction(3, 4)),
    ("lstm.scalar_forward", {"w": ["1/2 ln 3", "ln 3", 0, 0], "u": [0, 0, 0, 0], "x": 1,
                             "c0": 2, "quantity": "c"}, Fraction(11, 8)),
    ("bptt.windows", {"T": 1000, "tau": 35}, 29),
    ("bptt.windows", {"T": 1000, "tau": 35, "rest": "dropped"}, 28),
    ("bptt.windows", {"T": 1000, "tau": 35, "quantity": "last"}, 20),
    ("bptt.windows", {"T": 70, "tau": 35, "quantity": "last"}, 35),
    ("bptt.reach", {"t": 10, "tau": 4}, 2),
    ("bptt.reach", {"t": 12, "tau": 4}, 4),
    ("bptt.stream_position", {"n": 1000, "N": 2, "tau": 10, "row": 1, "update": 3, "t": 4}, 534),
    ("gradient.jacobian", {"W": [[1, 2], [3, 4]], "u": [[1, -1], [2, 2]], "f": "relu"},
     ((1, 2), (3, 6))),
    ("gradient.jacobian", {"W": 2, "u": [["ln 3"], [0]], "f": "sigmoid"}, Fraction(3, 16)),
    ("matrix.measure", {"W": [[3, 0], [4, 5]]}, math.sqrt(45)),
    ("matrix.measure", {"W": [[2, 0], [0, -3]]}, 3),
    ("matrix.measure", {"W": [[0, -2], [2, 0]], "measure": "spectral-radius"}, 2),
    ("matrix.measure", {"W": [[1, 2], [2, 4]], "measure": "frobenius-norm"}, 5),
    ("gradient.critical_singular_value", {"f": "sigmoid"}, 4),
    ("gradient.critical_singular_value", {"f": "tanh"}, 1),
    ("bidirectional.concatenated", {"h_f": [[1], [2], [3]], "h_b": [[30], [20], [10]]},
     ((1, 10), (2, 20), (3, 30))),
    ("bidirectional.split_gradient", {"V": [[1, 2, 3, 4], [5, 6, 7, 8]], "delta_out": [1, -1],
                                      "direction": "backward"}, (-4, -4)),
    ("bidirectional.split_gradient", {"V": [[1, 2], [0, 3]], "delta_out": [1, 2]}, 1),
    ("sgd.steps", {"w": 1, "gradients": [1, 2, 3], "learning_rate": 0.1}, Fraction(2, 5)),
    ("clipping.sgd_step", {"w": [1, 1], "gradient": [3, 4], "threshold": 1, "learning_rate": 0.5},
     (Fraction(7, 10), Fraction(3, 5))),
    ("binary_addition.loss_floor", {"width": 3}, Fraction(3, 64)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
    else:
        assert found == expected
        assert not isinstance(found, float)


# --- against the engine --------------------------------------------------------------------------

LETTERS = {"input": "i", "forget": "f", "output": "o", "candidate": "a"}
GRU_LETTERS = {"reset": "r", "update": "z", "candidate": "g"}
SOURCES = {"pytorch": "pytorch", "keras": "keras", "onnx": "onnx", "course": "engine",
           "book": "dlfs2"}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_blocks_stand_in_the_order_in_which_the_engine_reads_them(layout):
    source, kind = layout.split("-")
    letters = LETTERS if kind == "lstm" else GRU_LETTERS
    order = GATE_ORDERS[kind.upper()][SOURCES[source]]
    for gate, letter in letters.items():
        block = order.index(letter)
        assert value("gates.columns", layout=layout, gate=gate, H=5) == (5 * block, 5 * block + 5)


@pytest.mark.parametrize(("cell", "blocks"), PARTS.items())
def test_shapes_are_those_of_the_layers(cell, blocks):
    N, T, D, H = 2, 3, 4, 5
    sizes = {"cell": cell, "N": N, "T": T, "D": D, "H": H}
    W, U, b = np.zeros((D, blocks * H)), np.zeros((H, blocks * H)), np.zeros(blocks * H)
    A = np.zeros((N, D)) @ W + np.zeros((N, H)) @ U + b
    for name, array in {"A": A, "W": W, "U": U, "b": b, "gate": A[:, :H]}.items():
        assert value("gates.shape", quantity=name, **sizes) == array.shape
    if cell == "LSTM":
        run = lstm.LSTM(lstm.Parameters(W, U, b)).forward(np.zeros((T, N, D)))
        assert value("gates.shape", quantity="hs", **sizes) == run.h.swapaxes(0, 1).shape
        assert value("gates.shape", quantity="h", **sizes) == run.h[0].shape


@pytest.mark.parametrize("H", [1, 3])
def test_a_step_back_with_peepholes_is_that_of_the_layer(H):
    rng = np.random.RandomState(H)
    layer = lstm.LSTM(lstm.Parameters.drawn(rng, 2, H, peepholes=True))
    h0, c0, dh, dc = rng.randn(4, 1, H)
    run = layer.forward(rng.randn(1, 1, 2), (h0, c0))
    back = layer.backward(run, dh[None], (np.zeros((1, H)), dc))
    p = layer.parameters
    given = {gate: getattr(run, gate)[0, 0].tolist() for gate in "aifo"}
    given |= {name: getattr(p, name).tolist() for name in ("p_i", "p_f", "p_o")}
    given |= {"dh": dh[0].tolist(), "dc": dc[0].tolist(), "c_prev": c0[0].tolist()}
    for quantity, expected in {
        "dc": back.c[0, 0],
        "dc_prev": back.c0[0],
        **{f"dp_{gate}": getattr(back.parameters, f"p_{gate}") for gate in "ifo"},
    }.items():
        found = value("lstm.peephole_backward_step", **given, quantity=quantity)
        assert floats(found).reshape(-1) == pytest.approx(expected, rel=1e-9)


CONVENTIONS = list(itertools.product(["before", "after"], ["z-takes-new", "z-keeps-old"]))


def drawn_gru(reset, convention, D, H, seed=0):
    rng = np.random.RandomState(seed)
    drawn = gru.Parameters.drawn(rng, D, H, reset=reset)
    biases = {"b_z": rng.randn(H), "b_r": rng.randn(H), "b": rng.randn(H)}
    if reset == "after":
        biases["b_u"] = rng.randn(H)
    return gru.GRU(drawn.replaced(biases), reset=reset, z_convention=convention)


@pytest.mark.parametrize(("reset", "convention"), CONVENTIONS)
def test_the_way_back_through_the_reset_gate_is_that_of_the_layer(reset, convention):
    H, rng = 3, np.random.RandomState(1)
    layer = drawn_gru(reset, convention, 2, H)
    h0, dh = rng.randn(2, 1, H)
    run = layer.forward(rng.randn(1, 1, 2), (h0,))
    back = layer.backward(run, dh[None])
    p = layer.parameters
    given = {"delta_g": back.A_g[0, 0].tolist(), "r": run.r[0, 0].tolist(),
             "U": p.U.T.tolist(), "h_prev": h0[0].tolist(), "reset": reset}  # fmt: skip
    if reset == "after":
        given["b_u"] = p.b_u.tolist()
    found = {q: floats(value("gru.reset_backward_step", **given, quantity=q))
             for q in ("delta_r", "dh", "dU")}  # fmt: skip
    assert found["delta_r"] == pytest.approx(back.A_r[0, 0])
    assert pytest.approx(back.parameters.U) == found["dU"].T
    gates = {"z": run.z[0, 0].tolist(), "g": run.g[0, 0].tolist(), "z_convention": convention}
    direct = value("gru.backward_step", dh=dh[0].tolist(), **gates, quantity="direct_dh")
    total = floats(direct) + found["dh"] + back.A_z[0, 0] @ p.U_z.T + back.A_r[0, 0] @ p.U_r.T
    assert total == pytest.approx(back.h0[0])


@pytest.mark.parametrize(("reset", "convention"), CONVENTIONS)
def test_a_run_of_one_gru_unit_is_that_of_the_layer(reset, convention):
    layer = drawn_gru(reset, convention, 1, 1, seed=3)
    p = layer.parameters
    x = [0.5, -1.0, 2.0]
    run = layer.forward(np.array(x)[:, None, None], (np.array([[0.25]]),))
    weights = {
        kind: [float(getattr(p, f"{name}{end}").item()) for end in ("_r", "_z", "")]
        for kind, name in (("w", "W"), ("u", "U"), ("b", "b"))
    }
    more = {"b_u": float(p.b_u[0])} if reset == "after" else {}
    for step in (1, 2, 3):
        found = value("gru.scalar_forward", **weights, **more, x=x, h0=0.25, reset=reset,
                      z_convention=convention, step=step)  # fmt: skip
        assert float(found) == pytest.approx(run.h[step - 1, 0, 0])


def test_a_run_of_one_lstm_unit_is_that_of_the_layer():
    p = lstm.Parameters.drawn(np.random.RandomState(2), 1, 1)
    x = [0.5, -1.0, 2.0]
    run = lstm.LSTM(p).forward(np.array(x)[:, None, None], (np.array([[0.5]]), np.array([[-0.5]])))
    weights = {"w": p.W[0].tolist(), "u": p.U[0].tolist(), "b": p.b.tolist()}
    for quantity, step in itertools.product("hc", (1, 2, 3)):
        found = value("lstm.scalar_forward", **weights, x=x, h0=0.5, c0=-0.5, quantity=quantity,
                      step=step)  # fmt: skip
        assert float(found) == pytest.approx(getattr(run, quantity)[step - 1, 0, 0])


def test_exact_fractions_come_out_of_every_convention_of_one_gru_step():
    given = {"w": ["ln 3", "ln 2", "1/2 ln 3"], "u": [0, 0, 0], "x": 1, "h0": 1}
    takes = value("gru.scalar_forward", **given)
    keeps = value("gru.scalar_forward", **given, z_convention="z-keeps-old")
    assert (takes, keeps) == (Fraction(2, 3), Fraction(5, 6))


@pytest.mark.parametrize("measure", ["largest-singular-value", "spectral-radius", "frobenius-norm"])
def test_measures_of_matrices_are_those_of_linear_algebra(measure):
    rng = np.random.default_rng(0)
    for _ in range(20):
        W = rng.integers(-6, 7, size=(2, 2)) / 2
        expected = {
            "largest-singular-value": np.linalg.norm(W, 2),
            "spectral-radius": np.abs(np.linalg.eigvals(W)).max(),
            "frobenius-norm": np.linalg.norm(W),
        }[measure]
        found = float(value("matrix.measure", W=W.tolist(), measure=measure))
        assert found == pytest.approx(expected, abs=1e-7)


def test_a_jacobian_is_the_slope_that_differences_give():
    rng = np.random.default_rng(5)
    W, z = rng.normal(size=(3, 3)), rng.normal(size=3)
    inputs = rng.normal(size=(2, 3))

    def run(z):
        u = []
        for x in inputs:
            u.append(W @ z + x)
            z = np.tanh(u[-1])
        return z, u

    _, u = run(z)
    h = 1e-6
    columns = [(run(z + h * e)[0] - run(z - h * e)[0]) / (2 * h) for e in np.eye(3)]
    found = value("gradient.jacobian", W=W.tolist(), u=np.array(u).tolist(), f="tanh")
    assert floats(found) == pytest.approx(np.transpose(columns), abs=1e-8)


@pytest.mark.parametrize("width", [3, 4, 8])
def test_the_floor_of_the_loss_is_the_mean_over_every_pair_of_operands(width):
    task = BinaryAddition(width)
    below = 2 ** (width - 1)
    pairs = np.array(list(itertools.product(range(below), repeat=2)))
    x, _ = task.sequences(pairs)
    leading = np.logical_and.accumulate((x == 0).all(axis=2), axis=0).sum(axis=0)
    mean = float(leading.mean()) / 8
    assert float(value("binary_addition.loss_floor", width=width)) == pytest.approx(mean)
    if width == 8:
        assert mean == pytest.approx(1 / 24, rel=1e-3)


@pytest.mark.parametrize("tau", [1, 4, 7, 30])
def test_windows_are_what_cutting_the_sequence_gives(tau):
    T = 30
    pieces = [list(range(T))[k : k + tau] for k in range(0, T, tau)]
    assert value("bptt.windows", T=T, tau=tau) == len(pieces)
    assert value("bptt.windows", T=T, tau=tau, quantity="last") == len(pieces[-1])
    for t in range(1, T + 1):
        own = next(piece for piece in pieces if t - 1 in piece)
        assert value("bptt.reach", t=t, tau=tau) == own.index(t - 1) + 1


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dc"}, "term-dropped",
     "peephole-of-o-left-out", Fraction("0.7112")),
    ("lstm.peephole_backward_step", {**PEEPHOLES, "quantity": "dp_o"}, "index-shifted",
     "other-cell", Fraction("0.285")),
    ("gates.columns", {"layout": "pytorch-lstm", "gate": "output", "H": 10}, "gate-roles-swapped",
     "order-of-onnx-lstm", (10, 20)),
    ("gates.shape", {"cell": "LSTM", "quantity": "A", "N": 5, "D": 3, "H": 4}, "factor-dropped",
     "one-block", (5, 4)),
    ("bptt.stream_position", {"n": 1000, "N": 2, "tau": 10, "row": 1, "update": 3, "t": 4},
     "order-swapped", "windows-dealt-in-turn", 74),
    ("bidirectional.concatenated", {"h_f": [[1], [2]], "h_b": [[20], [10]]}, "index-shifted",
     "not-turned-round", ((1, 20), (2, 10))),
    ("sgd.steps", {"w": 1, "gradients": [1, 2, 3], "learning_rate": 0.1}, "not-reset",
     "gradients-kept", 0),
    ("clipping.sgd_step", {"w": [1, 1], "gradient": [3, 4], "threshold": 1, "learning_rate": 0.5},
     "order-of-updates", "clipped-after-the-step", (Fraction(-1, 2), -1)),
    ("gradient.jacobian", {"W": 2, "u": [["ln 3"], [0]], "f": "sigmoid"}, "derivative-dropped",
     "no-slopes", 4),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("gates.columns", {"layout": "pytorch-gru", "gate": "forget", "H": 3}, "gate"),
        ("lstm.peephole_backward_step", {**PEEPHOLES, "p_i": [1, 2], "quantity": "dc"}, "p_i"),
        ("lstm.peephole_backward_step", {**PEEPHOLES, "o": [-0.5], "quantity": "dc"}, "o"),
        ("gru.reset_backward_step", {"delta_g": 1, "r": 1, "U": 1, "b_u": 1, "h_prev": 1,
                                     "reset": "before"}, "b_u"),
        ("gru.scalar_forward", {"w": [1, 2], "u": [1, 2, 3], "x": 1}, "w"),
        ("lstm.scalar_forward", {"w": [1] * 4, "u": [1] * 4, "x": [1], "step": 2}, "step"),
        ("bptt.windows", {"T": 10, "tau": 11}, "tau"),
        ("bptt.stream_position", {"n": 9, "N": 3, "tau": 2, "row": 3, "update": 0, "t": 0}, "row"),
        ("gradient.jacobian", {"W": [[1, 2]], "u": [[1, 2]]}, "W"),
        ("matrix.measure", {"W": [[1, 2, 3]]}, "W"),
        ("bidirectional.concatenated", {"h_f": [[1]], "h_b": [[1], [2]]}, "h_b"),
        ("bidirectional.split_gradient", {"V": [[1, 2, 3]], "delta_out": 1}, "V"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_named(name, arguments, argument):
    for ask in (computation(name).evaluate, computation(name).mistakes):
        with pytest.raises(ComputationError) as caught:
            ask(arguments)
        assert caught.value.argument == argument
