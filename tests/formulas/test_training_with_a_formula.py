"""Train with this: what a formula computes at every update of the binary adder."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.formulas.training import (
    TrainingRefusedError,
    Update,
    is_trainable,
    train_with,
)

RIGHT = [
    ("rnn.W.update", "W - eps * sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"),
    ("rnn.W.update", "W - eps * sum(s=0..T_t, z[t-s-1].T @ delta[t-s])"),
    ("rnn.W.update", r"W^{t+1} = W^t - \epsilon \sum_{z=0}^{T_t} \delta^{t-z} [z^{t-z-1}]^T"),
    (
        "rnn.W.update",
        "W - eps sum(t=1..T, (f'(u[t]) ⊙ (W.T delta[t+1] + W_out.T delta_out[t])) z[t-1].T)",
    ),
    ("rnn.W.update", "W - eps dE/dW"),
    ("rnn.W_in.update", "W_in - eps sum(t=1..T, delta[t] x[t].T)"),
    ("rnn.W_out.update", "W_out - eps delta_out[t] z[t].T"),
    ("rnn.W_out.update", "W_out - eps sum(t=1..T, ((y[t] - d[t]) ⊙ y[t] ⊙ (1 - y[t])) z[t].T)"),
    ("rnn.b.update", "b - eps sum(s=0..T_t, delta[t-s])"),
    ("rnn.c.update", "c - eps delta_out[t]"),
]
WRONG = [
    ("rnn.W.update", "W + eps * sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"),
    ("rnn.W.update", "W - eps * sum(s=0..T_t, delta[t-s] @ z[t-s].T)"),
    ("rnn.W.update", "W - eps * delta[t] @ z[t-1].T"),
    ("rnn.W.update", "W - eps * sum(s=0..T_t, z[t-s-1] @ delta[t-s].T)"),
    ("rnn.W.update", "W - sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"),
    ("rnn.W_out.update", "W_out - eps (y[t] - d[t]) z[t].T"),
    ("rnn.b.update", "b - eps delta[t]"),
]


def losses(target: str, text: str, updates: int = 120) -> tuple[np.ndarray, np.ndarray]:
    found = list(train_with(Update(text, target), seed=3, iterations=updates, every=20))
    return np.array([one.loss for one in found]), np.array([one.right_loss for one in found])


@pytest.mark.parametrize(("target", "text"), RIGHT)
def test_a_right_update_trains_as_the_right_one_does(target: str, text: str) -> None:
    yours, right = losses(target, text)

    assert np.allclose(yours, right, rtol=1e-9)


@pytest.mark.parametrize(("target", "text"), WRONG)
def test_a_wrong_update_trains_otherwise(target: str, text: str) -> None:
    yours, right = losses(target, text)

    assert not np.allclose(yours, right, rtol=1e-4)


def test_the_right_run_is_the_labs() -> None:
    lab = EXPERIMENTS["binary-addition"].run(seed=3, iterations=120, every=20)
    _, right = losses(*RIGHT[0])

    assert np.allclose([snapshot.loss for snapshot in lab], right, rtol=1e-9)


@pytest.mark.parametrize(
    ("target", "text", "reason"),
    [
        ("rnn.W.update", "W - eps * sum(s=0..T_t, delta[t-s] @ x[t-s].T)", "shape"),
        ("rnn.W.update", "eps * delta[t]", "shape"),
        ("rnn.W.update", "W - eps (", "not-understood"),
        ("rnn.W.update", "W - eps dE/du[t] du[t]/dW", "no-value"),
        ("rnn.W.update", "W - eps delta[t+q] z[t].T", "no-value"),
        ("rnn.W.gradient", "sum(t=1..T, delta[t] z[t-1].T)", "not-an-update"),
        ("lstm.W_f.update", "W_f", "not-an-update"),
        ("no.such", "W", "not-an-update"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_a_reason(
    target: str, text: str, reason: str
) -> None:
    with pytest.raises(TrainingRefusedError) as refused:
        list(train_with(Update(text, target), iterations=2, every=1))

    assert refused.value.reason == reason


def test_a_run_that_leaves_all_bounds_stops_and_the_right_one_goes_on() -> None:
    grows = "W + W * 1000 - eps * sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"
    found = list(train_with(Update(grows, "rnn.W.update"), iterations=40, every=10))

    assert found[0].diverged is not None
    assert found[-1].diverged == found[0].diverged
    assert math.isnan(found[-1].loss)
    assert all(math.isfinite(one.right_loss) for one in found)


def test_only_updates_of_the_simple_network_can_train_it() -> None:
    assert is_trainable("rnn.W.update")
    assert not any(is_trainable(name) for name in ("rnn.W.gradient", "gru.U_r.update", "", None))
