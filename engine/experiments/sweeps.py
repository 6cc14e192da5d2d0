"""Sweeps over the binary adder by name: settings, claim, and the recorded rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from engine.experiments.experiment import Experiment
from engine.parameters import Parameter

RESULTS: Final = "binary_addition.json"
SOURCE: Final = "Course program of the Rabbit Challenge, day 3, over replicates"

_RUN: Final = {
    "replicates": Parameter(
        "integer", "runs of each case, from the seed on", minimum=1, maximum=200, default=40
    ),
    "iterations": Parameter(
        "integer", "updates in all", minimum=1, maximum=200_000, default=10_000
    ),
    "every": Parameter(
        "integer", "updates from one snapshot to the next", minimum=1, maximum=2_000, default=250
    ),
}

_SETTINGS: Final = {
    "hidden": Parameter("integer", "hidden units H", minimum=1, maximum=128, default=16),
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
    "deviation": Parameter(
        "number",
        "standard deviation of the initial weights (normal only)",
        minimum=0,
        maximum=10,
        default=1,
    ),
    "learning_rate": Parameter("number", "ε", minimum=0, maximum=100, default=0.1),
    "output_delta": Parameter(
        "choice",
        "δ^out: the course program's, the true one of ½(d − y)², or y − d",
        choices=("seed", "true", "cross-entropy"),
        default="seed",
    ),
    "clip": Parameter(
        "number", "θ of clipping by norm; 0 for none", minimum=0, maximum=1000, default=0
    ),
}


def _numbers(meaning: str, minimum: float, maximum: float, *default: float) -> Parameter:
    return Parameter("numbers", meaning, minimum, maximum, default=default, most=8)


def _start(name: str) -> tuple[Any, Any]:
    from engine.experiments import binary_addition_sweep

    return binary_addition_sweep.run, partial(binary_addition_sweep.new_state, name)


def _sweep(
    name: str,
    summary: str,
    claim: str,
    rows: tuple[str, ...],
    compared: Mapping[str, Parameter],
    without: tuple[str, ...] = (),
    **defaults: object,
) -> Experiment:
    settings = {key: value for key, value in _SETTINGS.items() if key not in without}
    for key, default in defaults.items():
        described = settings[key]
        settings[key] = Parameter(
            described.kind,
            described.meaning,
            described.minimum,
            described.maximum,
            described.choices,
            default,
        )
    parameters = MappingProxyType({**_RUN, **compared, **settings})
    return Experiment(
        name, summary, SOURCE, parameters, partial(_start, name), claim, rows, RESULTS
    )


SWEEPS: Final[Mapping[str, Experiment]] = MappingProxyType(
    {
        sweep.name: sweep
        for sweep in (
            _sweep(
                "initial-deviation",
                "how the deviation of the initial weights decides who learns",
                "0.5 learns later than 1; with 2 about a quarter of the runs never learn",
                ("deviation 0.1", "deviation 0.5", "seed", "deviation 2", "deviation 3"),
                {"deviations": _numbers("deviations to compare", 0, 10, 0.5, 1, 2)},
                without=("initialisation", "deviation"),
            ),
            _sweep(
                "activation-and-initialisation",
                "one hidden activation from three kinds of initial weights",
                "tanh fails from deviation 1, yet from Xavier or He it is the fastest of all",
                (
                    "tanh 1",
                    "tanh 0.5",
                    "tanh xavier",
                    "tanh he",
                    "relu 1",
                    "relu xavier",
                    "relu he",
                    "relu 0.1",
                    "xavier",
                    "he",
                    "identity",
                ),
                {},
                without=("initialisation",),
                activation="tanh",
            ),
            _sweep(
                "output-delta",
                "the course program's output delta, the true one, and that of cross entropy",
                "the wrong derivative does not show in the curves; y − d learns fastest",
                (
                    "seed",
                    "true delta",
                    "true delta 0.5",
                    "true delta 2",
                    "cross-entropy",
                    "cross-entropy tanh xavier",
                ),
                {},
                without=("output_delta",),
            ),
            _sweep(
                "learning-rate",
                "the same network at several learning rates",
                "at 0.01 nothing is learnt in 10,000 updates; at 1 all runs learn soon",
                ("rate 0.01", "seed", "rate 1"),
                {"learning_rates": _numbers("learning rates to compare", 0, 100, 0.01, 0.1, 1)},
                without=("learning_rate",),
            ),
            _sweep(
                "hidden-size",
                "networks of several widths",
                "2 or 4 units are too few; from deviation 1, 128 are so many that they saturate",
                ("2 units", "4 units", "seed", "32 units", "64 units", "128 units"),
                {"sizes": _numbers("numbers of hidden units to compare", 1, 128, 2, 4, 16, 32)},
                without=("hidden",),
            ),
            _sweep(
                "clipping",
                "the exploding network with and without a limit on the gradient's norm",
                "clipping removes the NaN of ReLU from deviation 1, not all of its trouble",
                ("relu 1", "relu 1 clip 1"),
                {"thresholds": _numbers("θ to compare; 0 for none", 0, 1000, 0, 1)},
                without=("clip",),
                activation="relu",
            ),
            _sweep(
                "bit-order",
                "the lowest bit first, or the highest",
                "from the highest bit on nothing is learnt: the carry comes from the future",
                ("seed", "highest first"),
                {},
            ),
            _sweep(
                "wrong-gradient",
                "the right gradient beside four mistakes that learners make",
                "some wrong gradients learn: a falling loss proves nothing about a gradient",
                (
                    "seed",
                    "truncated-to-one-step",
                    "untransposed-matrix",
                    "derivative-one-step-early",
                    "never-reset",
                ),
                {},
            ),
        )
    }
)
