"""Sweeps over the binary adder: shares and quantiles over replicates, and the recorded figures."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from drills.locale import text
from engine import functions
from engine.experiments import EXPERIMENTS, ExperimentError
from engine.experiments.agreement import binomial_at_least, binomial_interval, median_agrees
from engine.experiments.binary_addition_rows import ROWS
from engine.experiments.binary_addition_sweep import Sweep, quartiles, run
from engine.experiments.cases import CASES, GRADIENT_NAMES, Case
from engine.experiments.record import RESULTS, line, main, read
from engine.experiments.sweeps import SWEEPS
from engine.training import train
from engine.training_state import TrainingSettings, TrainingState

QUICK = {"replicates": 8, "iterations": 300, "every": 100}


def test_a_sweep_has_the_losses_of_the_runs_that_it_is_made_of():
    snapshots = list(EXPERIMENTS["initial-deviation"].run(seed=3, deviations=[1, 2], **QUICK))
    assert [s.iteration for s in snapshots] == [100, 200, 300]
    for place, deviation in enumerate((1.0, 2.0)):
        settings = TrainingSettings(deviation=deviation, output_delta="seed")
        means = [
            [
                report.losses.mean()
                for report in train(TrainingState.new(seed, settings), settings, 300, 100)
            ]
            for seed in range(3, 11)
        ]
        for number, snapshot in enumerate(snapshots):
            expected = np.quantile([run[number] for run in means], (0.1, 0.5, 0.9))
            assert snapshot.cases[place].loss == pytest.approx(expected, abs=1e-9)


def test_shares_count_replicates_that_solve_the_task():
    settings = {"replicates": 6, "iterations": 1750, "every": 250, "initialisation": "xavier"}
    snapshots = list(EXPERIMENTS["output-delta"].run(activation="tanh", **settings))
    for snapshot in snapshots:
        for case in snapshot.cases:
            assert 0 <= case.solved <= case.arrived <= 1
            assert case.solved * 6 == pytest.approx(round(case.solved * 6))
    seed = [snapshot.cases[0] for snapshot in snapshots]
    assert [case.arrived for case in seed] == sorted(case.arrived for case in seed)
    assert seed[-1].solved >= 0.8
    # The last checkpoint without, and the first with at least half of them.
    reached = next(s.iteration for s in snapshots if s.cases[0].arrived > 0.5)
    assert reached - 250 <= seed[-1].first[1] <= reached


def test_divergence_is_told_by_replicate_and_never_a_warning():
    command = [
        sys.executable, "-W", "error", "-c",
        "from engine.experiments import EXPERIMENTS as E;"
        "import json;"
        "print(json.dumps([s.to_json() for s in E['clipping'].run(replicates=5, iterations=500)]))",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    first, last = json.loads(done.stdout)
    free, clipped = last["cases"]
    assert [end["seed"] for end in free["ended"]] == [0, 1, 2, 3, 4]
    assert all("gradient norm" in end["diverged"] for end in free["ended"])
    assert free["loss"] == {"10": None, "50": None, "90": None}
    assert clipped["ended"] == []
    assert clipped["loss"]["10"] < clipped["loss"]["50"] < clipped["loss"]["90"]
    assert first["replicates"] == 5


def test_a_sweep_ends_when_no_replicate_is_left():
    snapshots = list(EXPERIMENTS["clipping"].run(thresholds=[0], **QUICK))
    assert snapshots[-1].iteration == 100
    assert len(snapshots[-1].cases[0].ended) == 8


def test_a_sweep_can_be_stopped_copied_and_resumed():
    experiment = EXPERIMENTS["wrong-gradient"]
    settings = {"replicates": 3, "iterations": 400, "every": 100}
    whole = list(experiment.run(seed=5, **settings))
    state = experiment.new_state(seed=5, **settings)
    begun = experiment.run(seed=5, state=state, **settings)
    first = [next(begun), next(begun)]
    begun.close()
    kept = state.copy()
    rest = list(experiment.run(seed=5, state=state, **settings))
    assert first + rest == whole
    assert list(experiment.run(seed=5, state=kept, **settings)) == rest


@pytest.mark.parametrize("name", SWEEPS)
def test_another_seed_or_setting_gives_another_curve(name):
    quick = {"replicates": 2, "iterations": 40, "every": 40, "hidden": 5}
    quick = {key: value for key, value in quick.items() if key in SWEEPS[name].parameters}
    one = list(SWEEPS[name].run(seed=0, **quick))
    assert one == list(SWEEPS[name].run(seed=0, **quick))
    other = list(SWEEPS[name].run(seed=9, **quick))
    assert one[-1].cases[0].loss != other[-1].cases[0].loss
    names = [case.name for case in one[-1].cases]
    assert len(set(names)) == len(names) == len(CASES[name](SWEEPS[name].settings(**quick)))
    losses = {case.loss for case in one[-1].cases}
    assert len(losses) == len(names) or name in ("clipping", "wrong-gradient")
    json.dumps(one[-1].to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("name", "setting", "code"),
    [
        ("initial-deviation", {"deviations": [11]}, "too-large"),
        ("initial-deviation", {"deviations": ["x"]}, "wrong-kind"),
        ("initial-deviation", {"deviation": 1}, "unknown-argument"),
        ("hidden-size", {"sizes": [0]}, "too-small"),
        ("output-delta", {"replicates": 201}, "too-large"),
        ("learning-rate", {"learning_rates": list(range(9))}, "too-long"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_before_anything_runs(name, setting, code):
    with pytest.raises(ExperimentError) as caught:
        EXPERIMENTS[name].run(**setting)
    assert caught.value.code == code


def test_quartiles_know_replicates_that_never_arrive():
    never = math.inf
    assert quartiles(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) == (2, 3, 4)
    assert quartiles(np.array([3.0, 1.0, 2.0, 4.0])) == (1.75, 2.5, 3.25)
    assert quartiles(np.array([1.0, never, 2.0, 3.0, never])) == (2, 3, never)
    assert quartiles(np.array([never, 1.0])) == (never, never, never)
    assert quartiles(np.array([never, never])) == (never, never, never)


def test_the_interval_of_a_share_is_the_exact_one():
    # Closed forms at the ends: (tail)^(1/n), and 1 minus it.
    assert binomial_interval(0, 40, 0.95) == pytest.approx((0, 1 - 0.025 ** (1 / 40)))
    assert binomial_interval(40, 40) == pytest.approx((0.0005 ** (1 / 40), 1))
    # Clopper and Pearson's interval of 4 in 20, as tables print it.
    assert binomial_interval(4, 20, 0.95) == pytest.approx((0.0573, 0.4366), abs=1e-4)
    low, high = binomial_interval(151, 200)
    assert binomial_at_least(151, 200, low) == pytest.approx(0.0005, rel=1e-6)
    assert 1 - binomial_at_least(152, 200, high) == pytest.approx(0.0005, rel=1e-6)
    with pytest.raises(ValueError, match="no count"):
        binomial_interval(3, 2)


@pytest.mark.parametrize(
    ("median", "printed", "between", "agrees"),
    [
        (4500, 4750, (3750, 6400), True),
        (3700, 4750, (3750, 6400), False),
        (9000, 7750, (5250, None), True),
        (math.inf, 7750, (5250, 8000), False),
        (1250, 1000, None, True),
        (1251, 1000, None, False),
        (math.inf, 1000, None, False),
    ],
)
def test_a_median_agrees_inside_the_quartiles_or_within_a_quarter(median, printed, between, agrees):
    assert median_agrees(median, printed, between) is agrees


RECORDED = read(RESULTS)


def test_every_row_that_items_rest_on_is_recorded_over_200_replicates():
    assert set(RECORDED) <= set(ROWS)
    for experiment in SWEEPS.values():
        assert set(experiment.rows) <= set(ROWS)
        assert set(experiment.recorded()) == set(experiment.rows)
    for row in RECORDED.values():
        assert row["replicates"] == 200
        assert row["iterations"] == 10_000


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_row_says_how_it_was_measured_and_agrees_with_what_was_published(name):
    row = RECORDED[name]
    settings = dict(row["settings"])
    settings["clip"] = math.inf if settings["clip"] is None else settings["clip"]
    assert Case(name, **settings) == ROWS[name][0]
    assert row["seeds"] == [0, row["replicates"] - 1]
    assert {"version", "numpy", "every"} <= set(row)
    for share in ("solved", "arrived", "diverged", "nan", "bit_accuracy"):
        assert 0 <= row[share] <= 1
    assert row["nan"] <= row["diverged"]
    assert row["solved"] <= row["arrived"]
    assert all(len(values) <= row["iterations"] / row["every"] for values in row["curve"].values())
    assert row["curve"]["solved"][-1] == pytest.approx(row["solved"])
    published = ROWS[name][1]
    assert row["published"]["solved"] == published.solved
    # Judged anew, not believed.
    count = round(published.solved * published.replicates)
    low, high = binomial_interval(count, published.replicates)
    assert low <= row["solved"] <= high
    if published.first is not None:
        median = math.inf if row["first"]["50"] is None else row["first"]["50"]
        assert median_agrees(median, published.first, published.quartiles)
    assert name in line(name, row)


def test_one_command_measures_rows_and_keeps_the_others(tmp_path, capsys):
    file = tmp_path / "figures.json"
    quick = ["binary-addition", "--replicates", "3", "--iterations", "500", "--output", str(file)]
    assert main([*quick, "--rows", "relu 1"]) == 0
    assert main([*quick, "--rows", "seed"]) == 1  # nobody learns in 500 updates
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 2
    assert "NO" in printed[1]
    assert "NO" not in printed[0]
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert list(rows) == ["seed", "relu 1"]
    case = ROWS["seed"][0]
    last = list(run(Sweep.of([case], range(3)), iterations=500, every=250))[-1].cases[0]
    assert rows["seed"]["loss"]["50"] == pytest.approx(last.loss[1], rel=1e-5)


def test_names_and_recorded_figures_load_no_numpy():
    command = (
        "import sys; from engine.experiments import EXPERIMENTS;"
        "[e.recorded() for e in EXPERIMENTS.values()];"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_each_claim_is_told_in_both_languages_and_the_english_is_the_engines():
    for experiment in SWEEPS.values():
        told = text(f"cli.lab.claim.{experiment.name}")
        assert told.en == experiment.claim
        assert told.ja != told.en


def test_names_of_activations_in_cases_exist():
    for case, _ in ROWS.values():
        assert case.activation in functions.ACTIVATIONS
        assert case.gradient in GRADIENT_NAMES
