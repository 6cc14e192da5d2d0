"""What all live runs have in common, by name."""

import json
import subprocess
import sys

import pytest

from engine.experiments import EXPERIMENTS, ExperimentError
from engine.experiments.demonstrations import DEMONSTRATIONS

NAMES = tuple(DEMONSTRATIONS)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_listed_with_a_claim_a_source_and_defaults_of_its_own_kind(name):
    experiment = EXPERIMENTS[name]
    assert experiment.name == name
    assert experiment.claim
    assert experiment.source
    defaults = {key: parameter.default for key, parameter in experiment.parameters.items()}
    assert experiment.settings(**defaults) == experiment.settings()
    assert set(experiment.settings()) == set(experiment.parameters)
    json.dumps([parameter.to_json() for parameter in experiment.parameters.values()])


@pytest.mark.parametrize("name", NAMES)
def test_every_bound_of_every_number_can_be_given_as_it_is_printed(name):
    experiment = EXPERIMENTS[name]
    for key, parameter in experiment.parameters.items():
        for bound in (parameter.minimum, parameter.maximum):
            if bound is not None:
                assert experiment.settings(**{key: str(bound)})[key] in {bound, (float(bound),)}


@pytest.mark.parametrize("name", NAMES)
def test_with_its_defaults_it_starts_and_stops_at_once(name):
    state = EXPERIMENTS[name].new_state(seed=0)
    run = EXPERIMENTS[name].run(state=state)
    first = next(run)
    json.dumps(first.to_json(), allow_nan=False)
    assert first.iteration >= 1
    run.close()
    with pytest.raises(StopIteration):
        next(run)


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_that_does_not_exist_is_refused_before_anything_runs(name):
    with pytest.raises(ExperimentError):
        EXPERIMENTS[name].run(seed=0, colour="green")


def test_listing_them_loads_no_numpy():
    program = (
        "import sys; from engine.experiments import EXPERIMENTS as e;"
        "[x.settings() for x in e.values()]; print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
