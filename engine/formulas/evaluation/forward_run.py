"""Runs of models that are only run forward: their equations, evaluated step after step.

Nothing is differentiated, so there is no tape: the same evaluator that judges an answer computes
what the equations say.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Binding, Budget
from engine.formulas.evaluation.elaboration import elaborate
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.fields import Floats, PrimeField
from engine.formulas.evaluation.points import KINDS, STEPS, Array, Derivation, Field, Run, shipped
from engine.formulas.evaluation.shapes import Layout
from engine.formulas.models import Model, models

# Sizes of the kinds of points: all different, all equal, all one.
_SIZES = ((2, 3, 4), (3, 3, 3), (1, 1, 1))
_AWAY_FROM_ZERO = 0.1


def forward_run(
    model: Model,
    kind: str,
    *,
    seed: int = 0,
    exact: bool = False,
    steps: int = STEPS,
    given: Mapping[Any, Any] | None = None,
) -> Run:
    """One forward run. ``given`` replaces drawn values: parameter names, and ``(signal, t)``."""
    which, samples = KINDS[kind]
    sizes = {**dict(zip(model.sizes, _SIZES[which], strict=False)), "1": 1}
    functions = shipped(models()["rnn"]).functions
    field: Field = PrimeField(seed) if exact else Floats(seed)
    run = Run(
        Derivation(model, (), functions), kind, sizes, samples or sizes[model.sizes[0]], steps,
        field, "abstract", "abstract", "one", seed,
    )  # fmt: skip
    source = random.Random(f"{model.name}/{kind}/{seed}")  # noqa: S311
    _draw(run, source, given or {})
    layout = Layout.of(model, Convention())
    names = frozenset({"t", "T"})
    made = {name: elaborate(node, layout, names)[0] for name, node in model.equations.items()}
    for time in range(1, steps + 1):
        binding = Binding({"t": time, "T": steps}, time, time - 1)
        for name, operation in made.items():
            value = evaluate(operation, run, Convention(), binding, Budget())
            shape = (sizes[model.signals[name]], run.samples)
            run.signals[name][time] = np.broadcast_to(value, shape)
    return run


def _draw(run: Run, source: random.Random, given: Mapping[Any, Any]) -> None:
    model, sizes = run.model, run.sizes
    for name, (rows, columns) in model.parameters.items():
        shape = (sizes[rows], sizes[columns])
        run.parameters[name] = given.get(name, _drawn(name, run, source, shape))
    for name, letter in model.signals.items():
        first = range(1) if name in model.states() else range(0)
        times = range(1, run.steps + 1) if name in model.inputs else first
        shape = (sizes[letter], run.samples)
        run.signals[name] = {
            time: given.get((name, time), _drawn(name, run, source, shape)) for time in times
        }


def _drawn(name: str, run: Run, source: random.Random, shape: tuple[int, int]) -> Array:
    """Drawn numbers in the domain of a quantity: any, above 0, or between 0 and 1."""
    field = run.field
    array = np.empty(shape, dtype=field.dtype)
    for place in np.ndindex(*shape):
        array[place] = field.draw(source)
    domain = run.model.domains.get(name)
    if field.exact or domain is None:
        return array
    positive = np.abs(array) + _AWAY_FROM_ZERO
    return positive if domain == "positive" else positive / (1 + 2 * _AWAY_FROM_ZERO)
