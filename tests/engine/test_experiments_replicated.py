"""Every experiment of the registry runs in replicates, and its figures become quantiles."""

import json

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS, ExperimentError, replicated
from engine.experiments.binary_addition_sweep import SweepSnapshot
from engine.experiments.replicated import merged
from engine.stopping import Stopped, stoppable

STRINGS = {"epochs": 1, "examples": 24, "test": 5, "hidden": 4, "embedding": 3, "batch": 8}

#: Settings with which each experiment ends soon.
QUICK = {
    **{name: {"iterations": 100, "every": 50} for name in EXPERIMENTS},
    "gradient-norms": {"draws": 2, "steps": 5, "hidden": 4},
    "adding-problem": {"iterations": 3, "steps": 5, "hidden": 4, "batch": 3},
    "forget-gate-bias": {"iterations": 3, "steps": 5, "hidden": 4, "batch": 3},
    "scaled-dot-product": {"largest": 4},
    "bidirectional-addition": {"iterations": 6, "every": 3, "hidden": 4, "batch": 3},
    "toy-word2vec": {"iterations": 4, "every": 2},
    "addition-strings": STRINGS,
    "date-conversion": STRINGS,
    "teacher-forcing": STRINGS,
    "beam-width": {**STRINGS, "questions": 2},
    "decoder-steps": {**STRINGS, "questions": 1},
}


def numbers(value):
    if isinstance(value, dict):
        if set(value) == {"10", "50", "90"}:
            yield value
        else:
            for entry in value.values():
                yield from numbers(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from numbers(entry)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_takes_replicates_and_shows_quantiles(name):
    found = list(replicated.run(EXPERIMENTS[name], 3, seed=5, **QUICK[name]))
    assert found
    for snapshot in found:
        plain = json.loads(json.dumps(snapshot.to_json(), allow_nan=False))
        assert plain["replicates"] == 3
        quantiles = list(numbers(plain))
        assert quantiles
        for three in quantiles:
            low, middle, high = (np.ravel(three[key]) for key in ("10", "50", "90"))
            known = [x for x in zip(low, middle, high, strict=True) if x[0] is not None]
            assert all(a <= b <= c for a, b, c in known)


@pytest.mark.parametrize("name", ["adding-problem", "binary-addition", "addition-strings"])
def test_quantiles_are_those_of_the_runs_by_themselves(name):
    settings = QUICK[name]
    alone = [list(EXPERIMENTS[name].run(seed=seed, **settings)) for seed in range(7, 12)]
    together = list(replicated.run(EXPERIMENTS[name], 5, seed=7, **settings))
    assert len(together) == len(alone[0])
    for number, snapshot in enumerate(together):
        assert snapshot.running == 5
        assert snapshot.iteration == alone[0][number].iteration
        losses = [run[number].loss for run in alone]
        shown = snapshot.figures["loss"]
        assert list(shown) == ["10", "50", "90"]
        assert list(shown.values()) == pytest.approx(list(np.quantile(losses, (0.1, 0.5, 0.9))))


def test_a_sweep_has_a_replicate_axis_of_its_own():
    found = list(replicated.run(EXPERIMENTS["output-delta"], 4, **QUICK["output-delta"]))
    assert all(isinstance(snapshot, SweepSnapshot) for snapshot in found)
    same = list(EXPERIMENTS["output-delta"].run(replicates=4, **QUICK["output-delta"]))
    assert [s.to_json() for s in found] == [s.to_json() for s in same]


def test_a_run_that_diverges_is_named_and_the_others_go_on():
    # From weights of this size some of the runs overflow, and others do not.
    settings = {"activation": "relu", "deviation": 0.6, "output_delta": "seed", "every": 50}
    experiment = EXPERIMENTS["binary-addition"]
    alone = {
        seed: [s.diverged for s in experiment.run(seed=seed, iterations=400, **settings)][-1]
        for seed in range(12)
    }
    assert 0 < sum(why is not None for why in alone.values()) < 12
    found = list(replicated.run(experiment, 12, iterations=400, **settings))
    assert dict(found[-1].ended) == {seed: why for seed, why in alone.items() if why is not None}
    assert found[-1].running == sum(why is None for why in alone.values())
    json.dumps(found[-1].to_json(), allow_nan=False)


def test_replicates_go_on_from_a_kept_state():
    experiment, settings = EXPERIMENTS["adding-problem"], QUICK["adding-problem"]
    whole = [s.to_json() for s in replicated.run(experiment, 3, seed=1, **settings)]
    state = replicated.new_state(experiment, 3, seed=1, **settings)
    run = replicated.run(experiment, 3, state=state, **settings)
    first = next(run).to_json()
    run.close()
    assert state.iteration == 1
    rest = [s.to_json() for s in replicated.run(experiment, 3, state=state.copy(), **settings)]
    assert [first, *rest] == whole
    assert state.iteration == 1


def test_told_to_stop_all_replicates_stop():
    looks = iter(range(10**6))
    run = replicated.run(EXPERIMENTS["adding-problem"], 3, **QUICK["adding-problem"])
    with pytest.raises(Stopped), stoppable(lambda: next(looks) > 40):
        list(run)
    again = replicated.run(EXPERIMENTS["adding-problem"], 3, **QUICK["adding-problem"])
    again.stop()
    assert list(again) == []


@pytest.mark.parametrize("replicates", [0, 201, 1.5, "many", None])
def test_a_number_of_replicates_that_does_not_fit_is_refused(replicates):
    for name in ("adding-problem", "output-delta"):
        with pytest.raises(ExperimentError) as caught:
            replicated.run(EXPERIMENTS[name], replicates)
        assert caught.value.argument == "replicates"


def test_a_setting_that_does_not_fit_is_said_before_anything_runs():
    with pytest.raises(ExperimentError) as caught:
        replicated.run(EXPERIMENTS["adding-problem"], 2, stepps=3)
    assert caught.value.argument == "stepps"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 2.0, 3.0], {"10": 1.2, "50": 2.0, "90": 2.8}),
        ([1.0, None, 3.0], {"10": 1.2, "50": 2.0, "90": 2.8}),
        ([None, None], None),
        ([8, 8], 8),
        ([8, 9], {"10": 8.1, "50": 8.5, "90": 8.9}),
        ([True, False, True, True], 0.75),
        (["lstm", "lstm"], "lstm"),
        ([{"name": "a", "loss": 0.0}, {"name": "a", "loss": 1.0}],
         {"name": "a", "loss": {"10": 0.1, "50": 0.5, "90": 0.9}}),
        ([[0.0, 2.0], [1.0, 3.0]], {"10": [0.1, 2.1], "50": [0.5, 2.5], "90": [0.9, 2.9]}),
        ([[{"b": 1}], [{"b": 1}]], [{"b": 1}]),
    ],
    ids=str,
)  # fmt: skip
def test_values_of_several_runs_are_merged(values, expected):
    found = merged([{"value": value} for value in values])
    assert json.loads(json.dumps(found), parse_float=lambda text: round(float(text), 9)) == {
        "value": expected
    }


@pytest.mark.parametrize("values", [["57+5", "3+4"], [[1.0], [1.0, 2.0]], [["a"], ["a"]]], ids=str)
def test_what_runs_have_not_in_common_is_left_out(values):
    assert merged([{"value": value} for value in values]) == {}
