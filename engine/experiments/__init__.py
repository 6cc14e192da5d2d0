"""Live runs by name: what the lab draws and ``bptt lab run`` prints.

Looking up names and parameters loads no NumPy; starting a run does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.experiments.demonstrations import DEMONSTRATIONS
from engine.experiments.experiment import Experiment, ExperimentError
from engine.experiments.sweeps import SWEEPS
from engine.parameters import REQUIRED, Parameter, nearest_names

__all__ = ["EXPERIMENTS", "REQUIRED", "Experiment", "ExperimentError", "Parameter", "experiment"]


def _binary_addition() -> tuple[Any, Any]:
    from engine.experiments import binary_addition

    return binary_addition.run, binary_addition.new_state


EXPERIMENTS: Final[Mapping[str, Experiment]] = MappingProxyType(
    {
        "binary-addition": Experiment(
            "binary-addition",
            "a simple RNN learns to add two binary numbers, lowest bit first",
            "Course program of the Rabbit Challenge, day 3; no biases, one pair an update",
            MappingProxyType(
                {
                    "iterations": Parameter(
                        "integer", "updates in all", minimum=1, maximum=200_000, default=10_000
                    ),
                    "every": Parameter(
                        "integer",
                        "updates from one snapshot to the next",
                        minimum=1,
                        maximum=2_000,
                        default=50,
                    ),
                    "hidden": Parameter(
                        "integer", "hidden units H", minimum=1, maximum=128, default=16
                    ),
                    "deviation": Parameter(
                        "number",
                        "standard deviation of the initial weights (normal only)",
                        minimum=0,
                        maximum=10,
                        default=1,
                    ),
                    "activation": Parameter(
                        "choice",
                        "hidden activation f",
                        choices=("sigmoid", "tanh", "relu", "identity"),
                        default="sigmoid",
                    ),
                    "initialisation": Parameter(
                        "choice",
                        "rule of the initial weights",
                        choices=("normal", "xavier", "he"),
                        default="normal",
                    ),
                    "learning_rate": Parameter("number", "ε", minimum=0, maximum=100, default=0.1),
                    "output_delta": Parameter(
                        "choice",
                        "δ^out: the true one of ½(d − y)², the course program's, or y − d",
                        choices=("true", "seed", "cross-entropy"),
                        default="true",
                    ),
                }
            ),
            _binary_addition,
        ),
        **SWEEPS,
        **DEMONSTRATIONS,
    }
)


def experiment(name: str) -> Experiment:
    """The experiment of this name; raises ExperimentError with the nearest names."""
    try:
        return EXPERIMENTS[name]
    except KeyError:
        nearest = nearest_names(name, EXPERIMENTS)
        raise ExperimentError(name, "", "unknown-name", "is no experiment", nearest) from None
