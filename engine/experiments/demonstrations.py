"""Live runs beyond the binary adder by name: settings and claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from engine.experiments.experiment import Experiment
from engine.parameters import Parameter


def _integer(meaning: str, minimum: int, maximum: int, default: int) -> Parameter:
    return Parameter("integer", meaning, minimum, maximum, default=default)


def _number(meaning: str, minimum: float, maximum: float, default: float) -> Parameter:
    return Parameter("number", meaning, minimum, maximum, default=default)


def _choice(meaning: str, default: str, *others: str) -> Parameter:
    return Parameter("choice", meaning, choices=(default, *others), default=default)


def _starting(module: str) -> Callable[[], tuple[Any, Any]]:
    def start() -> tuple[Any, Any]:
        # Only now: looking at an experiment must not load NumPy.
        found = import_module(f"engine.experiments.{module}")
        return found.run, found.new_state

    return start


def _demonstration(
    name: str, summary: str, source: str, claim: str, **parameters: Parameter
) -> Experiment:
    start = _starting(name.replace("-", "_"))
    return Experiment(name, summary, source, MappingProxyType(parameters), start, claim)


_GRADIENT_NORMS: Final = _demonstration(
    "gradient-norms",
    "how the gradient of the last time step's error shrinks or grows on its way back",
    "Pascanu, Mikolov, Bengio (2013), sections 2.1 and 3.2",
    "the simple layer's gradient vanishes or explodes with the spectral radius of W; along the"
    " cells of an LSTM it shrinks with the forget gates alone",
    draws=_integer("draws of weights and sequences", 1, 200, 20),
    cell=_choice("kind of layer", "all", "rnn-tanh", "rnn-relu", "rnn-identity", "lstm", "gru"),
    steps=_integer("time steps T", 1, 200, 50),
    hidden=_integer("units H", 1, 64, 32),
    spectral_radius=_number("largest absolute eigenvalue of each recurrent matrix", 0, 100, 1),
    forget_bias=_number("b_f of the LSTM", -10, 10, 1),
    clip=_number("θ of clipping the parameters' gradient by norm; 0 for none", 0, 1000, 1),
    input_deviation=_number("standard deviation of the inputs", 0, 10, 1),
)

_ADDING_PROBLEM: Final = _demonstration(
    "adding-problem",
    "two marked numbers of a long sequence are to be added",
    "Hochreiter, Schmidhuber (1997), experiment 4; Le, Jaitly, Hinton (2015), section 4.1",
    "at T = 100 LSTM and GRU learn it, tanh stays at the baseline 1/6",
    iterations=_integer("updates in all", 1, 100_000, 3_000),
    every=_integer("updates from one snapshot to the next", 1, 1_000, 1),
    cell=_choice("kind of layer", "lstm", "gru", "rnn-tanh", "rnn-relu"),
    steps=_integer("time steps T", 2, 400, 100),
    hidden=_integer("units H", 1, 256, 128),
    batch=_integer("sequences an update, drawn anew each time", 1, 256, 64),
    learning_rate=_number("η of Adam", 0, 10, 0.003),
    clip=_number("θ of clipping by norm; 0 for none", 0, 1000, 1),
    forget_bias=_number("b_f of the LSTM", -10, 10, 1),
)

DEMONSTRATIONS: Final[Mapping[str, Experiment]] = MappingProxyType(
    {run.name: run for run in (_GRADIENT_NORMS, _ADDING_PROBLEM)}
)
