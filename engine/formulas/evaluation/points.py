"""Consistent runs of a model: the points at which formulas are evaluated.

Inputs, parameters, initial states and labels are drawn; everything else follows from one forward
and one backward run, the latter by the reverse chain rule over the tape of ``derivation``. Weights
are untied copies, one a time step, so that truncation, one step's share and the ledger of lags come
from the same run.

Kinds: ``distinct`` (all sizes different: decides), ``square`` (all equal: naming only), ``blind``
(square, and a batch as wide: every expression can be evaluated; naming only), ``scalar`` (only when
a convention states it), ``batch`` (distinct, five samples: for answers that reduce over samples).
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, TypeAlias, cast

import numpy as np

from engine.formulas.evaluation.fields import PRIMITIVES, Floats, PrimeField
from engine.formulas.evaluation.tape import SampleTape, evaluated
from engine.formulas.models import Model, models, truths_file
from engine.formulas.models.static import StaticModel, is_static

Array: TypeAlias = Any
Field: TypeAlias = Floats | PrimeField
STEPS = 5
KINDS: Mapping[str, tuple[int, int]] = {
    # kind -> (which tape, how many samples; 0: as many as the first size)
    "distinct": (0, 1),
    "batch": (0, 5),
    "square": (1, 1),
    "blind": (1, 0),
    "scalar": (2, 1),
}


class StaleTruthsError(RuntimeError):
    """The shipped derivation belongs to other forward equations."""


@dataclass(frozen=True)
class Derivation:
    """The tapes of a model and the derivatives of the named functions."""

    model: Model
    tapes: tuple[Mapping[str, Any], ...]
    functions: Mapping[str, list[Any]]

    @staticmethod
    def of(model: Model, record: Mapping[str, Any]) -> Derivation:
        if record["equations"] != model.fingerprint():
            raise StaleTruthsError(
                f"the derivation of {model.name} is older than its equations: "
                "run python -m engine.formulas.derivation"
            )
        return Derivation(model, tuple(record["tapes"]), record["functions"])


@lru_cache(maxsize=64)
def shipped(model: Model) -> Derivation:
    """The derivation that comes with the package; for a model that is none of its own, a new one.

    Raises ``StaleTruthsError``.
    """
    if model.name not in models():
        from engine.formulas.derivation import truths

        return Derivation.of(model, truths(model))
    path = resources.files("engine.formulas").joinpath("truths", truths_file(model))
    return Derivation.of(model, json.loads(path.read_text("utf-8")))


class _ByLossStep(dict[int, dict[int, Array]]):
    """Arrays by loss step and time; a step's backward pass is made when it is first asked for."""

    def __init__(self, steps: int, make: Callable[[int], None]) -> None:
        super().__init__()
        self._steps = range(1, steps + 1)
        self._make = make

    def __contains__(self, loss_step: object) -> bool:
        return loss_step in self._steps

    def __missing__(self, loss_step: int) -> dict[int, Array]:
        if loss_step not in self._steps:
            raise KeyError(loss_step)
        self._make(loss_step)
        return self[loss_step]


@dataclass
class Run:
    """One forward and backward run. Columns are samples; arrays are in column layout.

    ``signals[name][t]`` is (size, samples); ``parameters[name]`` is (rows, columns);
    ``adjoints[name][loss step][t]`` is dE^(loss step)/d(signal at t);
    ``shares[name][loss step][t]`` is the part of dE^(loss step)/d(parameter) that its use at step
    t contributes.
    """

    derivation: Derivation
    kind: str
    sizes: Mapping[str, int]
    samples: int
    steps: int
    field: Field
    activation: str
    output: str
    biases: str
    seed: int
    recurrent: frozenset[str] = frozenset()
    signals: dict[str, dict[int, Array]] = dataclasses.field(default_factory=dict)
    parameters: dict[str, Array] = dataclasses.field(default_factory=dict)
    adjoints: dict[str, _ByLossStep] = dataclasses.field(default_factory=dict)
    shares: dict[str, _ByLossStep] = dataclasses.field(default_factory=dict)
    _phantoms: dict[tuple[str, Any], Array] = dataclasses.field(default_factory=dict)
    _tapes: list[SampleTape] = dataclasses.field(default_factory=list)

    @property
    def model(self) -> Model:
        return self.derivation.model

    def call(self, name: str, order: int, argument: Any) -> Any:
        """A function of a number or an array, under the run's choice of activations."""
        if name == "f" and self.activation != "abstract":
            name = self.activation
        elif name == "g":
            chosen = self.model.output_losses[self.output].function
            name = name if chosen == "softmax" else chosen
        known = self.derivation.functions.get(name)
        if known is None or order >= len(known) or (order == 0 and name in PRIMITIVES):
            return self.field.primitive(name, order, argument)
        value = evaluated(known[order], {"a": argument, "call": self.call}, self.field)
        if isinstance(argument, np.ndarray) and not isinstance(value, np.ndarray):
            return argument * 0 + value
        return value

    def phantom(self, name: str, key: Any, shape: tuple[int, int]) -> Array:
        """A value for what lies outside the run: arbitrary, never zero, the same every time."""
        if (name, key) not in self._phantoms:
            source = random.Random(f"{name}/{key}/{self.seed}")  # noqa: S311
            self._phantoms[name, key] = _drawn(source, shape, self.field)
        return self._phantoms[name, key]

    def jacobian(self, of: str, at: int, by: str, when: int) -> Array:
        """d(signal at one step)/d(signal at another), a row for each component of ``of``.

        Of the first sample: a Jacobian has no batch.
        """
        key = ("jacobian", of, at, by, when)
        shape = (self.sizes[self.model.signals[of]], self.sizes[self.model.signals[by]])
        if not (0 <= when <= at <= self.steps):
            return self.phantom(of, key, shape)
        if (of, at) not in self._tapes[0].values or (by, when) not in self._tapes[0].values:
            return self.phantom(of, key, shape)  # an input before the first step
        rows = [self._tapes[0].row_of_jacobian(of, at, i)[by, when] for i in range(shape[0])]
        array = np.empty(shape, dtype=self.field.dtype)
        for i, row in enumerate(rows):
            array[i, :] = row
        return array

    def slope(self, of: str, at: int, by: str, when: int | None, cut: frozenset[str]) -> Any:
        """d(signal at one step)/d(signal at another, or parameter) of a run of numbers.

        What goes through a signal that is ``cut`` is left out. On what comes later nothing
        depends: there the slope is zero.
        """
        slopes = self._tapes[0].slopes(of, at, cut)
        found = slopes.get((by, when) if when is not None else by)
        return self.field.number(0) if found is None else found

    def assume(self, name: str, value: float) -> None:
        """Gives a scalar a value of its own."""
        self._phantoms[name, None] = np.full((1, 1), value, dtype=self.field.dtype)

    def scalar(self, name: str) -> Any:
        """A scalar such as the learning rate."""
        return self.phantom(name, None, (1, 1))[0, 0]


def _drawn(source: random.Random, shape: tuple[int, int], field: Field) -> Array:
    array = np.empty(shape, dtype=field.dtype)
    for i in range(shape[0]):
        for j in range(shape[1]):
            array[i, j] = field.draw(source)
    return array


def make_run(
    derivation: Derivation,
    kind: str = "distinct",
    *,
    activation: str = "abstract",
    output: str = "abstract",
    biases: str = "one",
    seed: int = 0,
    steps: int = STEPS,
    field: Field | None = None,
    given: Mapping[str, Any] | None = None,
) -> Run:
    """One run. ``given`` replaces drawn values: parameter names, and ``(signal, t)`` pairs."""
    model = derivation.model
    which, samples = KINDS[kind]
    tape = derivation.tapes[which]
    sizes = {**tape["sizes"], "1": 1}
    samples = samples or sizes[model.sizes[0]]
    run = Run(
        derivation, kind, sizes, samples, steps, field or Floats(seed),
        activation, output, biases, seed, model.recurrent(),
    )  # fmt: skip
    source = random.Random(f"{model.name}/{kind}/{seed}/{output.startswith('ce')}")  # noqa: S311
    _draw_inputs(run, source, given or {})
    tapes = [SampleTape(run, tape, sample) for sample in range(samples)]
    run._tapes = tapes
    for one in tapes:
        one.forward()
    _gather_signals(run, tapes)

    # Most formulas are about the way forward, and most others about few of the losses.
    def backward(loss_step: int) -> None:
        _gather_adjoints(run, loss_step, [one.backward(loss_step) for one in tapes])

    run.adjoints = {name: _ByLossStep(steps, backward) for name in run.signals}
    run.shares = {name: _ByLossStep(steps, backward) for name in run.parameters}
    return run


def _draw_inputs(run: Run, source: random.Random, given: Mapping[Any, Any]) -> None:
    model, sizes = run.model, run.sizes
    states, ends = model.read_later(), model.ends()
    for name, (rows, columns) in model.parameters.items():
        array = _drawn(source, (sizes[rows], sizes[columns]), run.field)
        if name in model.biases and run.biases == "none":
            array = array * 0
        run.parameters[name] = given.get(name, array)
    for name in model.signals:
        if name in model.inputs:
            times = range(0 if name in states else 1, run.steps + 1)
        else:
            times = range(1) if name in states else range(0)
            if name in ends:
                times = range(run.steps + 1, run.steps + 2)
        run.signals[name] = {}
        for time in times:
            array = _drawn(source, (sizes[model.signals[name]], run.samples), run.field)
            if name == model.label and run.output.startswith("ce"):
                array = _as_probabilities(array, run)
            run.signals[name][time] = given.get((name, time), array)


def _as_probabilities(array: Array, run: Run) -> Array:
    """Labels of a cross entropy: each in (0, 1), and summing to one for the softmax."""
    if run.field.exact:
        if run.output == "ce-softmax":
            array[-1] = run.field.reduced(run.field.number(1) - array[:-1].sum(axis=0))
        return array
    positive = np.abs(array) * 0.9 + 0.05
    return positive / positive.sum(axis=0) if run.output == "ce-softmax" else positive


def _gather_signals(run: Run, tapes: list[SampleTape]) -> None:
    for name, time in tapes[0].values:
        run.signals[name][time] = _columns([one.values[name, time] for one in tapes], run.field)


def _columns(samples: list[list[Any]], field: Field) -> Array:
    array = np.empty((len(samples[0]), len(samples)), dtype=field.dtype)
    for j, components in enumerate(samples):
        array[:, j] = components
    return array


def _gather_adjoints(run: Run, loss_step: int, parts: list[Any]) -> None:
    held: dict[str, dict[int, Array]] = {name: {} for name in run.signals}
    for name, time in parts[0][0]:
        held[name][time] = _columns([adjoints[name, time] for adjoints, _ in parts], run.field)
    for name, by_time in held.items():
        run.adjoints[name][loss_step] = by_time
    zero = run.field.number(0)
    gathered = {
        name: {
            time: np.full(array.shape, zero, dtype=run.field.dtype)
            for time in range(1, run.steps + 1)
        }
        for name, array in run.parameters.items()
    }
    for _, shares in parts:
        for (name, place, time), share in shares.items():
            total = gathered[name][time]
            total[place] = run.field.reduced(total[place] + share)
    for name, by_time in gathered.items():
        run.shares[name][loss_step] = by_time


@lru_cache(maxsize=256)
def run_for(
    model: Model,
    kind: str,
    activation: str = "abstract",
    output: str = "abstract",
    biases: str = "one",
    seed: int = 0,
    exact: bool = False,
) -> Run:
    """A run of a shipped model, remembered for the process."""
    if is_static(model):
        from engine.formulas.evaluation.static_run import static_run

        return cast(Run, static_run(cast(StaticModel, model), kind, seed, exact))
    if not model.differentiated:
        from engine.formulas.evaluation.forward_run import forward_run

        return forward_run(model, kind, seed=seed, exact=exact)
    return make_run(
        shipped(model),
        kind,
        activation=activation,
        output=output,
        biases=biases,
        seed=seed,
        field=PrimeField(seed) if exact else Floats(seed),
    )
