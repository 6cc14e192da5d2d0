"""The tape: what is shipped is what SymPy derives, and it agrees with the engine's own network."""

import json
from importlib import resources

import numpy as np
import pytest

import engine
from engine.formulas.construction import applied, at, hadamard, parameter, product, signal, total
from engine.formulas.derivation import UnderivableError, tape, truths
from engine.formulas.evaluation.points import Derivation, StaleTruthsError, make_run, shipped
from engine.formulas.models import Model, models
from engine.formulas.tree import Transpose
from engine.recurrent.rnn import RNN, Parameters

MODEL = models()["rnn"]
OUTPUTS = ("mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax")


def test_the_shipped_tapes_are_what_a_fresh_derivation_gives():
    text = resources.files("engine.formulas").joinpath("truths", "rnn.json").read_text("utf-8")
    record = json.loads(text)
    assert record == json.loads(json.dumps(truths(MODEL)))
    assert record["equations"] == MODEL.fingerprint()
    assert record["engine"] == engine.__version__


def test_tapes_of_other_equations_are_refused():
    record = {"equations": "0" * 16, "tapes": [], "functions": {}}
    with pytest.raises(StaleTruthsError, match=r"python -m engine\.formulas\.derivation"):
        Derivation.of(MODEL, record)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "identity"])
@pytest.mark.parametrize("output", OUTPUTS)
def test_the_tape_agrees_with_the_engines_network_forward_and_backward(activation, output):
    run = make_run(shipped(models()["rnn"]), "batch", activation=activation, output=output, seed=4)
    given = run.parameters
    network = RNN(
        Parameters(
            given["W_in"].T, given["W"].T, given["W_out"].T, given["b"][:, 0], given["c"][:, 0]
        ),
        activation,
        output.partition("-")[2],
    )

    def rows(name: str) -> np.ndarray:
        return np.stack([run.signals[name][t].T for t in range(1, run.steps + 1)])

    forward = network.forward(rows("x"), run.signals["z"][0].T)
    np.testing.assert_allclose(forward.y, rows("y"), rtol=1e-12)
    delta_out = network.output_delta(forward, rows("d"), output)
    for loss in range(1, run.steps + 1):
        backward = network.backward(forward, delta_out, step=loss)
        for t in range(1, loss + 1):
            np.testing.assert_allclose(
                backward.delta[t - 1].T, run.adjoints["u"][loss][t], atol=1e-13
            )
            np.testing.assert_allclose(backward.x[t - 1].T, run.adjoints["x"][loss][t], atol=1e-13)
        for name in MODEL.parameters:
            whole = sum(run.shares[name][loss].values())
            theirs = np.atleast_2d(getattr(backward.parameters, name)).T
            np.testing.assert_allclose(theirs, whole, atol=1e-13)


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_untied_copies_within_a_lag_are_truncated_backpropagation(lag):
    run = make_run(
        shipped(models()["rnn"]), "distinct", activation="tanh", output="ce-softmax", seed=2
    )
    given = run.parameters
    weights = Parameters(
        given["W_in"].T, given["W"].T, given["W_out"].T, given["b"][:, 0], given["c"][:, 0]
    )
    network = RNN(weights, "tanh", "softmax")
    x, d = (
        np.stack([run.signals[name][t].T for t in range(1, run.steps + 1)]) for name in ("x", "d")
    )
    forward = network.forward(x, run.signals["z"][0].T)
    delta_out = network.output_delta(forward, d, "ce-softmax")
    backward = network.backward(forward, delta_out, step=run.steps, T_t=lag)
    copies = run.shares["W"][run.steps]
    within = sum(copies[t] for t in range(run.steps - lag, run.steps + 1))
    np.testing.assert_allclose(backward.parameters.W.T, within, atol=1e-13)


def test_a_gradient_agrees_with_a_finite_difference_for_an_abstract_activation_too():
    def loss(W: np.ndarray) -> float:
        run = make_run(shipped(models()["rnn"]), output="mse-identity", seed=6, given={"W": W})
        y, d = run.signals["y"], run.signals["d"]
        return sum(0.5 * float(((y[t] - d[t]) ** 2).sum()) for t in range(1, run.steps + 1))

    run = make_run(shipped(models()["rnn"]), output="mse-identity", seed=6)
    W, step = run.parameters["W"], 1e-6
    true = sum(
        share for loss in range(1, run.steps + 1) for share in run.shares["W"][loss].values()
    )
    for i, j in np.ndindex(W.shape):
        moved = np.zeros_like(W)
        moved[i, j] = step
        slope = (loss(W + moved) - loss(W - moved)) / (2 * step)
        assert slope == pytest.approx(true[i, j], rel=1e-6, abs=1e-9)


def test_a_form_without_componentwise_meaning_is_refused_by_name():
    odd = Model(
        name="odd",
        sizes=("D", "H", "K"),
        signals={"x": "D", "d": "K", "u": "H", "y": "K"},
        parameters={"W": ("H", "D")},
        equations={"u": Transpose(signal("x")), "y": signal("u")},
        output="y",
        label="d",
        output_losses=MODEL.output_losses,
    )
    with pytest.raises(UnderivableError, match=r"Transpose .* odd"):
        tape(odd, {"D": 2, "H": 2, "K": 2})


def test_a_gated_cell_that_nobody_foresaw_is_derived_from_its_equations():
    gated = Model(
        name="gated",
        sizes=("D", "H", "K"),
        signals={"x": "D", "d": "K", "a": "H", "r": "H", "s": "H", "v": "K", "y": "K"},
        parameters={"U": ("H", "D"), "R": ("H", "D"), "V": ("K", "H")},
        equations={
            "a": product(parameter("U"), signal("x")),
            "r": applied("f", product(parameter("R"), signal("x"))),
            "s": total(hadamard(signal("r"), signal("a")), signal("s", at(-1))),
            "v": product(parameter("V"), signal("s")),
            "y": applied("g", signal("v")),
        },
        output="y",
        label="d",
        output_losses=MODEL.output_losses,
        adjoints={"delta_a": "a"},
    )
    run = make_run(Derivation.of(gated, truths(gated)), output="mse-identity")
    signals = run.signals
    for t in range(1, run.steps + 1):
        error = signals["y"][t] - signals["d"][t]
        # ds/da = r at the same step; through later steps s is carried over unchanged.
        direct = signals["r"][t] * (run.parameters["V"].T @ error)
        np.testing.assert_allclose(run.adjoints["a"][t][t], direct, rtol=1e-12)
