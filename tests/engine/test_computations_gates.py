"""LSTM, GRU, both directions and the frameworks' layers: counts, shapes, one step each way."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from engine.computations import ComputationError, computation
from engine.recurrent import gru, lstm
from engine.recurrent.bidirectional import Bidirectional
from engine.recurrent.layouts import torch_state
from engine.recurrent.parameter_counts import count
from engine.recurrent.sequences import BatchFirst
from engine.recurrent.stacked import Stacked


def value(name, **arguments):
    return computation(name).evaluate(arguments)


def mistakes(name, **arguments):
    return {(m.code, m.note): m.value for m in computation(name).mistakes(arguments)}


def floats(found):
    return np.atleast_1d(np.array(found, dtype=object).astype(float))


BY_HAND = [
    ("lstm.parameter_count", {"D": 100, "H": 100}, 80_400),
    ("lstm.parameter_count", {"D": 100, "H": 100, "biases": 2}, 80_800),
    ("lstm.parameter_count", {"D": 100, "H": 100, "biases": 0}, 80_000),
    ("lstm.parameter_count", {"D": 3, "H": 2, "peepholes": "diagonal"}, 54),
    ("lstm.parameter_count", {"D": 3, "H": 2, "peepholes": "full"}, 60),
    ("gru.parameter_count", {"D": 100, "H": 100}, 60_300),
    ("gru.parameter_count", {"D": 100, "H": 100, "reset": "after"}, 60_600),
    ("gru.ratio_to_lstm", {"D": 7, "H": 5}, Fraction(3, 4)),
    ("gru.ratio_to_lstm", {"D": 100, "H": 100, "gru_biases": 2}, Fraction(606, 804)),
    ("bidirectional.parameter_count", {"D": 100, "H": 100}, 160_800),
    ("bidirectional.parameter_count", {"D": 3, "H": 2, "layers": 2}, 2 * 48 + 2 * 56),
    ("bidirectional.shape", {"H": 16, "N": 4, "T": 7}, (4, 7, 32)),
    ("bidirectional.shape", {"quantity": "V", "H": 16, "K": 3}, (3, 32)),
    ("bidirectional.shape", {"quantity": "h", "H": 16, "merge": "sum"}, (16,)),
    ("bidirectional.seen_inputs", {"T": 9, "t": 3}, 9),
    ("bidirectional.seen_inputs", {"T": 9, "t": 3, "direction": "backward"}, 7),
    # σ(ln 3) = 3/4, σ(ln 2) = 2/3, tanh(½ ln 3) = 1/2: 2/3 · 3 + 3/4 · 1/2
    ("lstm.step", {"a": "1/2 ln 3", "i": "ln 3", "f": "ln 2", "c_prev": 3,
                   "given": "pre-activations"}, Fraction(19, 8)),
    ("lstm.step", {"a": 0.5, "i": 0.5, "f": 0.25, "c_prev": 2}, Fraction(3, 4)),
    # A peephole that cancels the pre-activation: σ(0)
    ("lstm.step", {"a": 0, "i": 0, "f": 2, "p_f": -1, "c_prev": 2, "quantity": "f",
                   "given": "pre-activations"}, Fraction(1, 2)),
    ("lstm.backward_step", {"dh": 2, "dc": 1, "o": 0.5, "tanh_c": 0.5}, Fraction(7, 4)),
    ("lstm.backward_step", {"dh": 2, "dc": 1, "o": 0.5, "tanh_c": 0.5, "f": 0.8,
                            "quantity": "dc_prev"}, Fraction(7, 5)),
    ("lstm.backward_step", {"dh": 2, "dc": 1, "o": 0.5, "tanh_c": 0.5, "quantity": "delta_o"},
     Fraction(1, 4)),
    ("lstm.retention", {"f": 0.9, "T": 20}, Fraction(9, 10) ** 20),
    ("lstm.retention", {"f": ["1/2", "2/3", "3/4"]}, Fraction(1, 4)),
    ("gru.update", {"z": 0.25, "h_prev": 4, "g": -1}, Fraction(11, 4)),
    ("gru.update", {"z": 0.25, "h_prev": 4, "g": -1, "z_convention": "z-keeps-old"},
     Fraction(1, 4)),
    ("gru.update", {"z": "ln 3", "given": "pre-activations", "h_prev": 4, "g": 0}, 1),
    # r = 3/4 and 1/2: before, U (3, 1); after, r ⊙ (U (4, 2) + b_u)
    ("gru.step", {"A_r": ["ln 3", 0], "A_x": [1, 1], "U": [[1, 2], [0, 3]], "h_prev": [4, 2],
                  "quantity": "A_g"}, (6, 4)),
    ("gru.step", {"A_r": ["ln 3", 0], "A_x": [1, 1], "U": [[1, 2], [0, 3]], "h_prev": [4, 2],
                  "b_u": [4, 2], "reset": "after", "quantity": "A_g"}, (10, 5)),
    ("gru.backward_step", {"dh": 8, "z": 0.25, "g": 0.5, "quantity": "delta_g"}, Fraction(3, 2)),
    ("gru.backward_step", {"dh": 8, "z": 0.25, "g": 0.5, "h_prev": 1.5, "quantity": "delta_z"},
     Fraction(-3, 2)),
    ("gru.backward_step", {"dh": 8, "z": 0.25, "g": 0.5, "quantity": "direct_dh"}, 6),
    ("torch.rnn_shape", {"H": 20, "N": 3, "T": 5}, (5, 3, 20)),
    ("torch.rnn_shape", {"H": 20, "N": 3, "T": 5, "batch_first": "True",
                         "bidirectional": "True"}, (3, 5, 40)),
    ("torch.rnn_shape", {"H": 20, "N": 3, "T": 5, "batch_first": "True", "num_layers": 2,
                         "bidirectional": "True", "quantity": "h_n"}, (4, 3, 20)),
    ("torch.parameter_count", {"D": 100, "H": 100}, 80_800),
    ("torch.parameter_count", {"D": 100, "H": 100, "cell": "GRU"}, 60_600),
    ("torch.parameter_count", {"D": 10, "H": 20, "cell": "RNN", "bias": "False"}, 600),
    ("keras.rnn_shape", {"H": 20, "N": 3, "T": 5}, (3, 20)),
    ("keras.rnn_shape", {"H": 20, "N": 3, "T": 5, "return_sequences": "True"}, (3, 5, 20)),
    ("keras.rnn_shape", {"H": 20, "N": 3, "T": 5, "quantity": "state",
                         "bidirectional": "True"}, (3, 20)),
    ("keras.returned_count", {"return_state": "True"}, 3),
    ("keras.returned_count", {"return_state": "True", "cell": "GRU", "bidirectional": "True"}, 3),
    ("keras.returned_count", {}, 1),
    ("keras.parameter_count", {"D": 100, "H": 100}, 80_400),
    ("keras.parameter_count", {"D": 100, "H": 100, "cell": "GRU"}, 60_600),
    ("keras.parameter_count", {"D": 100, "H": 100, "cell": "GRU", "reset_after": "False"}, 60_300),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), BY_HAND)
def test_the_value_is_the_one_worked_by_hand(name, arguments, expected):
    found = value(name, **arguments)
    assert found == expected
    assert type(found) is type(expected)


def test_a_gate_of_0_9_keeps_an_eighth_after_twenty_steps():
    assert float(value("lstm.retention", f=0.9, T=20)) == pytest.approx(0.122, abs=5e-4)


# --- against the layers ---------------------------------------------------------------------------


@pytest.mark.parametrize("peepholes", [False, True])
@pytest.mark.parametrize("biases", [1, 2])
def test_lstm_counts_are_those_of_the_layer(peepholes, biases):
    for D, H in ((3, 5), (4, 4), (1, 2)):
        layer = lstm.Parameters.drawn(np.random.RandomState(0), D, H, peepholes=peepholes)
        word = "diagonal" if peepholes else "none"
        found = value("lstm.parameter_count", D=D, H=H, peepholes=word, biases=biases)
        assert found == layer.count + (biases - 1) * 4 * H


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_counts_of_stacks_are_those_of_the_engine(cell):
    for D, H, layers, directions, biases in itertools.product((2, 5), (3,), (1, 3), (1, 2), (0, 2)):
        sizes = {"layers": layers, "directions": directions, "biases": biases}
        expected = count(cell, D, H, **sizes)
        assert value("bidirectional.parameter_count", cell=cell, D=D, H=H, **sizes) == expected
        of_torch = value(
            "torch.parameter_count",
            cell=cell,
            D=D,
            H=H,
            num_layers=layers,
            bidirectional=str(directions == 2),
            bias=str(biases == 2),
        )
        assert of_torch == expected


@pytest.mark.parametrize(("layers", "directions"), [(1, 1), (2, 1), (1, 2), (3, 2)])
def test_torch_shapes_are_those_of_the_layers(layers, directions):
    D, H, N, T = 3, 4, 2, 5
    rng = np.random.RandomState(1)

    def layer(width):
        single = [lstm.LSTM(lstm.Parameters.drawn(rng, width, H)) for _ in range(directions)]
        return single[0] if directions == 1 else Bidirectional(*single)

    stack = Stacked([layer(D if n == 0 else directions * H) for n in range(layers)])
    run = stack.forward(np.zeros((T, N, D)))
    h_n, c_n = torch_state(stack, run.final)
    arguments = {"D": D, "H": H, "N": N, "T": T, "num_layers": layers}
    arguments["bidirectional"] = str(directions == 2)
    of_batch_first = BatchFirst(stack).forward(np.zeros((N, T, D))).output.shape
    for batch_first, output in (("False", run.output.shape), ("True", of_batch_first)):
        given = {**arguments, "batch_first": batch_first}
        assert value("torch.rnn_shape", **given) == output
        assert value("torch.rnn_shape", **given, quantity="h_n") == h_n.shape
        assert value("torch.rnn_shape", **given, quantity="c_n") == c_n.shape


def drawn_lstm(seed, peepholes):
    rng = np.random.RandomState(seed)
    D, H = 2, 3
    p = lstm.Parameters.drawn(rng, D, H, peepholes=peepholes, deviation=1.0)
    run = lstm.LSTM(p).forward(rng.randn(1, 1, D), (rng.randn(1, H), rng.randn(1, H)))
    return p, run, rng


@pytest.mark.parametrize("peepholes", [False, True])
def test_an_lstm_step_agrees_with_the_layer(peepholes):
    p, run, _ = drawn_lstm(3, peepholes)
    c0 = run.c0[0]
    A_a, A_i, A_f, A_o = lstm.by_gate(run.A[0, 0])
    given = {"given": "pre-activations", "c_prev": c0.tolist()}
    if peepholes:
        # A of the run has the peepholes' share in it; the exercise is given A without.
        A_i, A_f, A_o = A_i - p.p_i * c0, A_f - p.p_f * c0, A_o - p.p_o * run.c[0, 0]
        given |= {f"p_{gate}": getattr(p, f"p_{gate}").tolist() for gate in "ifo"}
    given |= {"a": A_a.tolist(), "i": A_i.tolist(), "f": A_f.tolist(), "o": A_o.tolist()}
    for quantity in "aifoch":
        found = value("lstm.step", **given, quantity=quantity)
        assert floats(found) == pytest.approx(getattr(run, quantity)[0, 0], rel=1e-9)


def test_an_lstm_step_back_agrees_with_the_layer():
    p, run, rng = drawn_lstm(4, peepholes=False)
    dh, dc = rng.randn(1, 3), rng.randn(1, 3)
    back = lstm.LSTM(p).backward(run, np.zeros((1, 1, 3)), (dh, dc))
    given = {name: getattr(run, name)[0, 0].tolist() for name in "aifo"}
    given |= {"c_prev": run.c0[0].tolist(), "dh": dh[0].tolist(), "dc": dc[0].tolist()}
    expected = {"dc": back.c[0, 0], "dc_prev": back.c0[0]}
    expected |= dict(zip([f"delta_{g}" for g in "aifo"], lstm.by_gate(back.A[0, 0]), strict=True))
    for quantity, wanted in expected.items():
        found = value("lstm.backward_step", **given, quantity=quantity)
        assert floats(found) == pytest.approx(wanted, rel=1e-9)


GRUS = list(itertools.product(["before", "after"], ["z-takes-new", "z-keeps-old"]))


@pytest.mark.parametrize(("reset", "z_convention"), GRUS)
def test_a_gru_step_agrees_with_the_layer_both_ways(reset, z_convention):
    rng = np.random.RandomState(5)
    D, H = 2, 3
    p = gru.Parameters.drawn(rng, D, H, reset=reset)
    if reset == "after":
        p = p.replaced({"b_u": rng.randn(H)})
    layer = gru.GRU(p, reset=reset, z_convention=z_convention)
    x, h0 = rng.randn(1, 1, D), rng.randn(1, H)
    run = layer.forward(x, (h0,))
    given = {"A_r": run.A_r[0, 0].tolist(), "A_z": run.A_z[0, 0].tolist()}
    given |= {"A_x": (x[0, 0] @ p.W + p.b).tolist(), "U": p.U.T.tolist(), "h_prev": h0[0].tolist()}
    given |= {"reset": reset, "z_convention": z_convention}
    if reset == "after":
        given["b_u"] = p.b_u.tolist()
    for quantity in ("A_g", "g", "h"):
        found = value("gru.step", **given, quantity=quantity)
        assert floats(found) == pytest.approx(getattr(run, quantity)[0, 0], rel=1e-9)

    dh = rng.randn(1, H)
    back = layer.backward(run, np.zeros((1, 1, H)), (dh,))
    state = {"z": run.z[0, 0].tolist(), "g": run.g[0, 0].tolist(), "h_prev": h0[0].tolist()}
    state |= {"dh": dh[0].tolist(), "z_convention": z_convention}
    mixed = {name: state[name] for name in ("z", "g", "h_prev", "z_convention")}
    assert floats(value("gru.update", **mixed)) == pytest.approx(run.h[0, 0], rel=1e-9)
    delta_g = value("gru.backward_step", **state, quantity="delta_g")
    assert floats(delta_g) == pytest.approx(back.A_g[0, 0], rel=1e-9)
    delta_z = value("gru.backward_step", **state, quantity="delta_z")
    assert floats(delta_z) == pytest.approx(back.A_z[0, 0], rel=1e-9)
    # Without the gates' ways only the mixture is left.
    closed = layer.with_parameters(
        {name: np.zeros((H, H)) for name in ("U_z", "U_r", "U")} | {"W_z": np.zeros((D, H))}
        | {"b_z": run.A_z[0, 0]}
    )  # fmt: skip
    again = closed.backward(closed.forward(x, (h0,)), np.zeros((1, 1, H)), (dh,))
    direct = value("gru.backward_step", **state, quantity="direct_dh")
    assert floats(direct) == pytest.approx(again.h0[0], rel=1e-9)


# --- mistakes ------------------------------------------------------------------------------------

STEP = {"a": 0.5, "i": 0.25, "f": 0.75, "o": 0.5, "c_prev": 2}

MISTAKES = [
    ("lstm.parameter_count", {"D": 100, "H": 100}, "term-dropped", "candidate-left-out", 60_300),
    ("lstm.parameter_count", {"D": 3, "H": 2, "peepholes": "diagonal"}, "matrix-for-elementwise",
     "full-peepholes", 60),
    ("lstm.step", STEP, "gate-roles-swapped", "exchanged-gates", Fraction(7, 8)),
    ("lstm.step", STEP, "recurrent-path-dropped", "old-cell-left-out", Fraction(1, 8)),
    ("lstm.step", {**STEP, "quantity": "h"}, "activation-dropped", "cell-not-squashed",
     Fraction(13, 16)),
    ("lstm.backward_step", {"dh": 2, "dc": 1, "o": 0.5, "tanh_c": 0.5, "f": 0.8,
                            "quantity": "dc_prev"}, "factor-dropped", "forget-gate-left-out",
     Fraction(7, 4)),
    ("lstm.backward_step", {"dh": 2, "dc": 1, "o": 0.5, "tanh_c": 0.5}, "recurrent-path-dropped",
     "dc-left-out", Fraction(3, 4)),
    ("gru.parameter_count", {"D": 100, "H": 100}, "term-dropped", "candidate-left-out", 40_200),
    ("gru.update", {"z": 0.25, "h_prev": 4, "g": -1}, "gate-roles-swapped", "other-convention",
     Fraction(1, 4)),
    ("bidirectional.parameter_count", {"D": 3, "H": 2, "layers": 2}, "shape-wrong",
     "upper-layers-of-input-H", 2 * 48 + 2 * 40),
    ("torch.rnn_shape", {"H": 20, "N": 3, "T": 5, "quantity": "h_n", "batch_first": "True"},
     "axis-wrong", "batch-in-front", (3, 1, 20)),
    ("torch.parameter_count", {"D": 100, "H": 100}, "bias-dropped", "one-bias-of-two", 80_400),
    ("keras.returned_count", {"return_state": "True"}, "states-confused", "h-only", 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "code", "note", "wrong"), MISTAKES)
def test_a_mistake_gives_the_value_that_one_gets_by_making_it(name, arguments, code, note, wrong):
    assert mistakes(name, **arguments)[code, note] == wrong
    assert value(name, **arguments) != wrong


def test_the_place_of_the_reset_matters_to_more_than_one_unit_only():
    one = {"A_r": "ln 3", "A_x": 1, "U": 2, "h_prev": 4, "quantity": "A_g"}
    assert "reset-misplaced" not in {code for code, _ in mistakes("gru.step", **one)}
    assert "reset-misplaced" in {code for code, _ in mistakes("gru.step", **one, b_u=3)}


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("lstm.step", {**STEP, "i": 1.5}, "i"),
        ("lstm.step", {**STEP, "f": [0.5, 0.5]}, "f"),
        ("lstm.step", {"a": 0, "i": 0, "f": 0, "c_prev": 1, "quantity": "h"}, "o"),
        ("lstm.step", {**STEP, "p_i": 1}, "given"),
        ("lstm.backward_step", {"dh": 1, "dc": 1, "o": 0.5}, "tanh_c"),
        ("lstm.backward_step", {"dh": 1, "dc": 1, "a": 0, "i": 0, "f": 1, "o": 1, "c_prev": 2,
                                "tanh_c": 0.5}, "tanh_c"),
        ("lstm.retention", {"f": [0.5, 0.5], "T": 3}, "T"),
        ("gru.step", {"A_r": 0, "A_x": 1, "U": [[1, 2]], "h_prev": 1}, "U"),
        ("gru.step", {"A_r": 0, "A_x": 1, "U": 1, "h_prev": 1}, "A_z"),
        ("gru.backward_step", {"dh": 1, "z": 0.5, "g": 0, "quantity": "delta_z"}, "h_prev"),
        ("bidirectional.seen_inputs", {"T": 3, "t": 4}, "t"),
        ("bidirectional.shape", {"quantity": "V", "H": 2}, "K"),
        ("torch.rnn_shape", {"cell": "GRU", "quantity": "c_n", "H": 2, "N": 1, "T": 1}, "quantity"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_together_are_named(name, arguments, argument):
    with pytest.raises(ComputationError) as caught:
        value(name, **arguments)
    assert caught.value.argument == argument
