"""Live runs by name, as the lab and the command line use them."""

import json
import subprocess
import sys
import warnings

import numpy as np
import pytest

from benchmarks.course_loop import course_losses
from engine.experiments import EXPERIMENTS, ExperimentError, experiment
from engine.recurrent.rnn import RNN, Parameters
from engine.tasks.binary_addition import BinaryAddition

ADDER = EXPERIMENTS["binary-addition"]
QUICK = {"iterations": 200, "every": 50}


def number(bits):
    return int("".join(map(str, bits)), 2)


def test_the_adder_learns_to_add():
    last = list(ADDER.run(seed=1, output_delta="cross-entropy", iterations=3000))[-1]
    assert last.iteration == 3000
    assert last.accuracy == 1.0
    assert last.loss < 0.1
    assert last.right


def test_a_snapshot_shows_one_sum_with_the_highest_bit_first():
    for snapshot in ADDER.run(seed=2, **QUICK):
        assert number(snapshot.target) == number(snapshot.a) + number(snapshot.b)
        assert len(snapshot.output) == len(snapshot.target) == 8
        assert snapshot.right == (snapshot.output == snapshot.target)
        assert snapshot.loss == pytest.approx(np.mean(snapshot.losses))
        assert 0 <= snapshot.accuracy <= 1
        assert snapshot.gradient_norm > 0


def test_accuracy_is_the_share_of_sums_whose_bits_are_all_right():
    state = ADDER.new_state(seed=1)
    shares = []
    for snapshot in ADDER.run(
        state=state, iterations=1400, every=200, output_delta="cross-entropy"
    ):
        task = BinaryAddition(8)
        network = RNN(
            Parameters.without_biases(state.W_in, state.W, state.W_out), "sigmoid", "sigmoid"
        )
        right = 0
        for pair in task.test_pairs():
            x, d = task.sequences(pair[None])
            right += np.array_equal(np.round(network.forward(x).y), d)
        assert snapshot.accuracy == right / 256
        shares.append(snapshot.accuracy)
    assert any(0 < share < 1 for share in shares)


def test_the_gradient_norm_is_that_of_the_last_update():
    state = ADDER.new_state(seed=0)
    before = state.copy()
    snapshot = next(ADDER.run(state=state, iterations=1))
    squares = sum(
        ((getattr(before, name) - getattr(state, name)) ** 2).sum()
        for name in ("W_in", "W", "W_out")
    )
    assert snapshot.gradient_norm == pytest.approx(np.sqrt(squares) / 0.1, rel=1e-9)


def test_every_iteration_has_its_loss():
    snapshots = list(ADDER.run(seed=0, output_delta="seed", iterations=130, every=40))
    assert [s.iteration for s in snapshots] == [40, 80, 120, 130]
    found = [loss for snapshot in snapshots for loss in snapshot.losses]
    assert found == pytest.approx(course_losses(0, 130), abs=1e-9)


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    first, again, other = ([s.to_json() for s in ADDER.run(seed=s, **QUICK)] for s in (5, 5, 6))
    assert first == again
    assert first != other


def test_the_spectral_radius_starts_near_the_deviation_times_the_root_of_the_units():
    radii = [next(ADDER.run(seed=s, iterations=1)).spectral_radius for s in range(10)]
    assert np.mean(radii) == pytest.approx(4, rel=0.15)


def test_divergence_ends_the_run_and_says_when_and_why():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        snapshots = list(ADDER.run(seed=0, activation="relu", output_delta="seed"))
    assert [s.diverged is not None for s in snapshots] == [False] * (len(snapshots) - 1) + [True]
    assert snapshots[-1].diverged == "gradient norm 3e+08 at iteration 2"
    assert snapshots[-1].divergence.iteration == 2
    json.dumps(snapshots[-1].to_json(), allow_nan=False)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("initialisation", ["normal", "xavier", "he"])
def test_every_combination_runs_and_is_json(activation, initialisation):
    for seed in range(3):
        run = ADDER.run(
            seed=seed,
            activation=activation,
            initialisation=initialisation,
            deviation=2,
            output_delta="seed",
            iterations=120,
        )
        for snapshot in run:
            json.dumps(snapshot.to_json(), allow_nan=False)


def test_closing_the_run_stops_it():
    state = ADDER.new_state(seed=0)
    run = ADDER.run(state=state, every=10)
    next(run)
    run.close()
    assert state.iteration == 10
    with pytest.raises(StopIteration):
        next(run)


def test_a_run_goes_on_from_a_kept_state():
    whole = [s.to_json() for s in ADDER.run(seed=3, **QUICK)]
    state = ADDER.new_state(seed=3)
    run = ADDER.run(state=state, **QUICK)
    first = [next(run).to_json(), next(run).to_json()]
    run.close()
    rest = [s.to_json() for s in ADDER.run(state=state.copy(), **QUICK)]
    assert first + rest == whole


@pytest.mark.parametrize(
    ("settings", "argument", "code"),
    [
        ({"activation": "sigmoit"}, "activation", "not-a-choice"),
        ({"hidden": 0}, "hidden", "too-small"),
        ({"hidden": 100_000}, "hidden", "too-large"),
        ({"hidden": 2.5}, "hidden", "wrong-kind"),
        ({"deviation": "wide"}, "deviation", "wrong-kind"),
        ({"deviation": float("nan")}, "deviation", "wrong-kind"),
        ({"learning_rat": 0.1}, "learning_rat", "unknown-argument"),
        ({"seed": -1}, "seed", "too-small"),
    ],
)
def test_a_setting_that_does_not_fit_is_said_before_anything_runs(settings, argument, code):
    with pytest.raises(ExperimentError) as caught:
        ADDER.run(**settings)
    assert (caught.value.argument, caught.value.code) == (argument, code)


def test_an_unknown_experiment_is_answered_with_the_nearest():
    with pytest.raises(ExperimentError) as caught:
        experiment("binary-additon")
    assert caught.value.nearest[0] == "binary-addition"


def test_defaults_are_valid_settings_of_their_own_kind():
    defaults = {name: p.default for name, p in ADDER.parameters.items()}
    assert ADDER.settings(**defaults) == ADDER.settings() == defaults


def test_listing_experiments_and_computations_loads_no_numpy():
    program = (
        "import sys, engine.experiments, engine.computations as c;"
        "e = engine.experiments.EXPERIMENTS['binary-addition'];"
        "[p.to_json() for p in e.parameters.values()]; e.settings(hidden=8);"
        "c.computation('bptt.sum_terms').evaluate({'T_t': 3});"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
