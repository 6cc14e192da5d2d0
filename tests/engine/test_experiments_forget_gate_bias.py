"""LSTMs that differ in b_f, side by side."""

import json
import warnings

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.tasks.adding_problem import AddingProblem

BIAS = EXPERIMENTS["forget-gate-bias"]
SMALL = {"steps": 6, "hidden": 4, "batch": 5, "iterations": 5, "every": 2}


def test_networks_start_alike_but_for_the_forget_bias():
    state = BIAS.new_state(seed=0, biases=(-1, 0, 2.5), hidden=3)
    first = state.networks[0].learner.parameters()
    for network in state.networks:
        own = network.learner.parameters()
        bias = own["layer.b"]
        assert (bias == network.bias).sum() == (12 if network.bias == 0 else 3)
        for name in own.keys() - {"layer.b"}:
            assert (own[name] == first[name]).all()


def test_an_untrained_network_remembers_by_the_sigmoid_of_its_bias():
    snapshot = next(BIAS.run(seed=0, biases=(-2, 0, 1, 5), steps=10, every=1))
    for network in snapshot.networks:
        f = 1 / (1 + np.exp(-network.bias))
        assert network.forget_gate == pytest.approx(f, abs=0.05)
        assert network.retention == pytest.approx(f**10, rel=3, abs=1e-4)
    retentions = [network.retention for network in snapshot.networks]
    assert retentions == sorted(retentions)
    reach = [network.cell_gradient for network in snapshot.networks]
    assert reach == sorted(reach)
    assert reach[-1] > 1000 * reach[0]


def test_figures_are_those_of_the_last_batch():
    state = BIAS.new_state(seed=4, **SMALL, biases=(1,))
    before = state.copy()
    snapshot = next(BIAS.run(state=state, **{**SMALL, "every": 1}, biases=(1,)))
    x, d = AddingProblem(6).sample(before.rng, 5)
    learner = before.networks[0].learner
    forward = learner.layer.forward(x)
    (found,) = snapshot.networks
    assert found.loss == pytest.approx(((learner.outputs(x) - d) ** 2).mean())
    assert found.forget_gate == pytest.approx(forward.f.mean())
    assert found.retention == pytest.approx(np.exp(np.log(forward.f).sum(axis=0)).mean())


def test_every_network_sees_the_same_batches_however_many_there_are():
    alone = list(BIAS.run(seed=1, biases=(0,), **SMALL))
    both = list(BIAS.run(seed=1, biases=(2, 0), **SMALL))
    assert [s.networks[0] for s in alone] == [s.networks[1] for s in both]
    assert [s.iteration for s in both] == [2, 4, 5]


def test_a_network_that_forgets_learns_later():
    settings = {"steps": 20, "hidden": 12, "batch": 32, "learning_rate": 0.01, "every": 10}
    first = {}
    for snapshot in BIAS.run(seed=2, biases=(-4, 1), iterations=220, **settings):
        for network in snapshot.networks:
            if network.loss < 0.08:
                first.setdefault(network.bias, snapshot.iteration)
    assert first[1] < 220
    assert first.get(-4, 1000) > first[1]


def test_a_network_that_breaks_stops_alone_and_says_so():
    settings = {**SMALL, "iterations": 3, "every": 1, "clip": 1}
    state = BIAS.new_state(seed=0, biases=(0, 1), **settings)
    state.networks[0].learner.V[...] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(BIAS.run(state=state, biases=(0, 1), **settings))
    assert [s.iteration for s in found] == [1, 2, 3]
    plain = json.loads(json.dumps(found[-1].to_json(), allow_nan=False))
    assert plain["networks"][0]["diverged"] == "gradient norm nan at iteration 1"
    assert plain["networks"][1]["diverged"] is None
    assert plain["diverged"] is None


def test_a_kept_state_goes_on_as_if_never_stopped():
    whole = [s.to_json() for s in BIAS.run(seed=3, **SMALL)]
    state = BIAS.new_state(seed=3, **SMALL)
    run = BIAS.run(state=state, **SMALL)
    first = next(run).to_json()
    run.close()
    assert [first, *(s.to_json() for s in BIAS.run(state=state.copy(), **SMALL))] == whole
    assert [s.to_json() for s in BIAS.run(seed=4, **SMALL)] != whole
