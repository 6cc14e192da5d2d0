"""The adding problem, live; at sizes that take a second."""

import json
import warnings

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS

ADDING = EXPERIMENTS["adding-problem"]
SMALL = {"steps": 6, "hidden": 4, "batch": 5, "iterations": 7, "every": 3}
QUICK = {"hidden": 16, "batch": 32, "learning_rate": 0.01, "every": 50}


def last(**settings):
    return list(ADDING.run(seed=0, **{**QUICK, **settings}))[-1]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_layers_learn_to_add(cell):
    end = last(cell=cell, steps=20, iterations=400)
    assert end.iteration == 400
    assert end.recent_loss < 0.01
    assert abs(end.output - end.target) < 0.3


def test_without_a_way_back_in_time_only_the_baseline_is_left():
    # tanh with weights of deviation 1/√H loses the gradient long before 60 steps.
    end = last(cell="rnn-tanh", steps=60, iterations=150, learning_rate=0.003, clip=1)
    assert end.baseline == pytest.approx(1 / 6)
    assert end.recent_loss == pytest.approx(end.baseline, rel=0.35)
    assert end.recent_loss > 0.1


def test_a_snapshot_shows_one_sequence_and_what_became_of_it():
    for snapshot in ADDING.run(seed=2, **SMALL):
        first, second = snapshot.marks
        assert 1 <= first <= 3 < second <= 6
        assert sum(snapshot.values) == pytest.approx(snapshot.target)
        assert snapshot.loss == pytest.approx(np.mean(snapshot.losses))
        assert snapshot.gradient_norm > 0


def test_losses_come_in_the_order_of_iterations_whatever_the_distance_of_snapshots():
    found = list(ADDING.run(seed=1, **SMALL))
    assert [s.iteration for s in found] == [3, 6, 7]
    losses = [loss for s in found for loss in s.losses]
    single = [s.losses[0] for s in ADDING.run(seed=1, **{**SMALL, "every": 1})]
    assert losses == single
    assert found[-1].recent_loss == pytest.approx(np.mean(losses))


def test_the_recent_loss_is_the_mean_of_the_last_hundred():
    found = list(ADDING.run(seed=1, **{**SMALL, "iterations": 130, "every": 130}))[-1]
    assert found.recent_loss == pytest.approx(np.mean(found.losses[-100:]))


def test_a_run_that_breaks_ends_with_the_reason_and_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(
            ADDING.run(
                seed=0,
                cell="rnn-relu",
                steps=200,
                hidden=8,
                batch=4,
                clip=0,
                learning_rate=10,
                iterations=200,
                every=10,
            )
        )
    assert [s.diverged is None for s in found] == [True] * (len(found) - 1) + [False]
    end = found[-1]
    assert end.diverged.endswith(f"at iteration {end.iteration + 1}")
    assert end.diverged.startswith("gradient norm ")
    assert json.loads(json.dumps(end.to_json(), allow_nan=False))["diverged"] == end.diverged


def test_a_run_goes_on_from_a_kept_state_and_stops_when_closed():
    whole = [s.to_json() for s in ADDING.run(seed=3, **SMALL)]
    state = ADDING.new_state(seed=3, **SMALL)
    run = ADDING.run(state=state, **SMALL)
    first = next(run).to_json()
    run.close()
    assert state.iteration == 3
    kept = state.copy()
    assert [first, *(s.to_json() for s in ADDING.run(state=kept, **SMALL))] == whole
    assert state.iteration == 3
    assert [s.to_json() for s in ADDING.run(seed=4, **SMALL)] != whole


def test_the_forget_bias_is_that_of_the_lstm():
    state = ADDING.new_state(seed=0, forget_bias=2.5, hidden=3)
    bias = state.learner.layer.parameters.b
    assert (bias != 0).sum() == 3
    assert set(bias[bias != 0]) == {2.5}
