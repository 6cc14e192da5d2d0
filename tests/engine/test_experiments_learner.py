"""A recurrent layer with a linear output: its gradients, its updates, and how it fails."""

import warnings

import numpy as np
import pytest

from engine.experiments import cells
from engine.experiments.learner import Learner
from engine.recurrent.bidirectional import Bidirectional

T, N, D, H, K = 4, 3, 2, 5, 2


def learner(name="lstm", loss="squared-error", seed=0, **settings):
    rng = np.random.RandomState(seed)
    if name == "both ways":
        layer = Bidirectional(*(cells.drawn("rnn-tanh", rng, D, H) for _ in range(2)))
    else:
        layer = cells.drawn(name, rng, D, H)
    return Learner(layer, rng, K, loss, **{"learning_rate": 0.01, **settings})


def batch(loss, seed=1):
    rng = np.random.RandomState(seed)
    if loss == "squared-error":
        return rng.randn(T, N, D), rng.randn(N, K)
    return rng.randn(T, N, D), rng.randint(2, size=(T, N, K)).astype(float)


def error(network, x, d):
    v = network.outputs(x)
    if network.loss == "squared-error":
        return ((v - d) ** 2).sum() / N
    y = 1 / (1 + np.exp(-v))
    return -(d * np.log(y) + (1 - d) * np.log(1 - y)).mean()


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("rnn-tanh", "squared-error"),
        ("rnn-identity", "cross-entropy"),
        ("lstm", "squared-error"),
        ("lstm", "cross-entropy"),
        ("gru", "squared-error"),
        ("gru", "cross-entropy"),
        # At the last step the backward layer has read one input only: no squared error here.
        ("both ways", "cross-entropy"),
    ],
)
def test_the_first_update_goes_against_the_gradient_in_every_entry(name, loss):
    # Adam's first step is −η · sign(g): a sign that differs is a gradient that is wrong.
    network = learner(name, loss)
    before = network.copy()
    x, d = batch(loss)
    update = network.update(x, d)
    assert update.loss == pytest.approx(error(before, x, d))
    squares = 0.0
    for key, array in before.parameters().items():
        numeric = np.empty_like(array)
        for at in np.ndindex(*array.shape):
            ends = []
            for sign in (1, -1):
                array[at] += sign * 1e-6
                ends.append(error(before, x, d))
                array[at] -= sign * 1e-6
            numeric[at] = (ends[0] - ends[1]) / 2e-6
        squares += (numeric**2).sum()
        change = network.parameters()[key] - array
        clear = np.abs(numeric) > 1e-6
        assert clear.any()
        assert change[clear] == pytest.approx(-0.01 * np.sign(numeric[clear]), rel=1e-2)
    assert update.gradient_norm == pytest.approx(np.sqrt(squares), rel=1e-6)


def test_clipping_changes_the_updates_but_not_the_norm_that_is_told():
    free, clipped = learner(), learner(clip=0.1)
    x, d = batch("squared-error")
    assert free.update(x, d).gradient_norm == clipped.update(x, d).gradient_norm > 0.1
    # m = (1 − β₁) g after the first step: the clipped gradient has the length θ.
    squares = sum((memory["m"] ** 2).sum() for memory in clipped.optimizer.memory.values())
    assert np.sqrt(squares) == pytest.approx(0.1 * 0.1)


@pytest.mark.parametrize(
    ("scale", "clip", "diverges"),
    [(1e60, 0, True), (1e60, 1, False), (1e200, 1, True), (1e200, 0, True), (1, 0, False)],
)
def test_a_gradient_that_is_lost_is_said_and_changes_nothing(scale, clip, diverges):
    network = learner("rnn-identity", clip=clip)
    for array in network.parameters().values():
        np.multiply(array, scale**0.25, out=array)
    before = network.copy()
    x, d = batch("squared-error")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network.update(scale * x, d)
    assert (network.divergence is not None) == diverges
    if diverges:
        assert network.divergence.iteration == 1
        assert network.iteration == 0
        for key, array in before.parameters().items():
            assert (network.parameters()[key] == array).all()


def test_a_copy_goes_on_alike_and_apart():
    network = learner()
    network.update(*batch("squared-error"))
    twin = network.copy()
    ends = [n.update(*batch("squared-error", seed=2)).loss for n in (network, twin)]
    assert ends[0] == ends[1]
    network.update(*batch("squared-error", seed=3))
    assert (twin.iteration, network.iteration) == (2, 3)
    assert (twin.V != network.V).any()


def test_an_unknown_cell_is_refused():
    with pytest.raises(KeyError, match="lsmt"):
        cells.drawn("lsmt", np.random.RandomState(0), 2, 2)
