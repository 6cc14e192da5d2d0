"""Points of static models: drawn inputs, everything else from the tape, derivatives in reverse.

Two kinds: ``distinct`` is one consistent computation at the sizes of the model, and decides.
``blind`` serves the naming of mistakes: every quantity is a random square matrix, without
consistency, because there a formula is only compared with known formulas.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from engine.formulas.evaluation.fields import (
    PRIMITIVES,
    Floats,
    NotRepresentableError,
    PrimeField,
)
from engine.formulas.evaluation.points import StaleTruthsError
from engine.formulas.evaluation.tape import evaluated
from engine.formulas.models.static import StaticModel, static_models

Array: TypeAlias = Any
Field: TypeAlias = Floats | PrimeField
BLIND_SIZE = 3
POSITIVE = frozenset({"positive", "unit", "probability", "mask"})
# Of the norm of all inputs, one a run: conditions that differ a little come apart at one of them.
THRESHOLDS = (0.6, 1.2, 0.85, 1.07, 0.95, 1.6)


@dataclass(frozen=True)
class StaticDerivation:
    """The tape of a static model and the derivatives of the named functions."""

    model: StaticModel
    tape: Mapping[str, list[Any]]
    functions: Mapping[str, list[Any]]

    @staticmethod
    def of(model: StaticModel, record: Mapping[str, Any]) -> StaticDerivation:
        """From a shipped record. Raises ``StaleTruthsError`` if it belongs to other equations."""
        if record["equations"] != model.fingerprint():
            raise StaleTruthsError(
                f"the derivation of {model.name} is older than its equations: "
                "run python -m engine.formulas.derivation"
            )
        return StaticDerivation(model, record["tape"], record["functions"])


@lru_cache(maxsize=64)
def shipped_static(model: StaticModel) -> StaticDerivation:
    """The derivation that comes with the package; for a model that is none of its own, a new one.

    Raises ``StaleTruthsError``.
    """
    if model.name not in static_models():
        from engine.formulas.derivation_static import static_truths

        return StaticDerivation.of(model, static_truths(model))
    path = resources.files("engine.formulas").joinpath("truths", f"{model.name}.json")
    return StaticDerivation.of(model, json.loads(path.read_text("utf-8")))


@dataclass
class StaticRun:
    """One point. ``arrays[name]`` is (rows, columns), in column layout.

    ``numbers`` are all components and scalars by reference; ``places`` the fixed index values.
    """

    derivation: StaticDerivation
    kind: str
    sizes: Mapping[str, int]
    field: Field
    seed: int
    places: dict[str, int] = dataclasses.field(default_factory=dict)
    arrays: dict[str, Array] = dataclasses.field(default_factory=dict)
    scalars: dict[str, Any] = dataclasses.field(default_factory=dict)
    numbers: dict[str, Any] = dataclasses.field(default_factory=dict)
    partials: dict[str, list[tuple[str, Any]]] = dataclasses.field(default_factory=dict)
    _slopes: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    _phantoms: dict[Any, Array] = dataclasses.field(default_factory=dict)

    # What runs of recurrent models have beside that.
    samples = BLIND_SIZE
    activation = output = "abstract"
    biases = "one"

    @property
    def model(self) -> StaticModel:
        return self.derivation.model

    @property
    def steps(self) -> int:
        """No time steps: every index runs as far as its own size."""
        return 0

    def call(self, name: str, order: int, argument: Any) -> Any:
        """A function of a number or an array."""
        known = self.derivation.functions.get(name)
        if known is None or order >= len(known) or (order == 0 and name in PRIMITIVES):
            return self.field.primitive(name, order, argument)
        value = static_value(known[order], {"a": argument, "call": self.call}, self.field)
        if isinstance(argument, np.ndarray) and not isinstance(value, np.ndarray):
            return argument * 0 + value
        return value

    def phantom(self, name: str, key: Any, shape: tuple[int, int]) -> Array:
        """An arbitrary value, never zero, the same every time."""
        if (name, key) not in self._phantoms:
            source = random.Random(f"{self.model.name}/{name}/{key}/{self.seed}")  # noqa: S311
            self._phantoms[name, key] = _drawn(source, shape, self.field)
        return self._phantoms[name, key]

    def blind_part(self, key: str, place: Any) -> Array:
        """What stands for a component or an item at a blind point: a matrix of its own."""
        array = self.phantom(key, ("part", place), (BLIND_SIZE, BLIND_SIZE))
        return np.abs(array) + 0.1 if self.model.domains.get(key) in POSITIVE else array

    def slope(self, of: str, by: str) -> Array:
        """The derivative of one component (by its reference) with respect to a whole quantity."""
        if of not in self._slopes:
            self._slopes[of] = self._reverse(of)
        if by in self.scalars:
            array = np.empty((1, 1), dtype=self.field.dtype)
            array[0, 0] = self._slopes[of].get(by, self.field.number(0))
            return array
        array = np.empty(self.arrays[by].shape, dtype=self.field.dtype)
        for place in np.ndindex(array.shape):
            array[place] = self._slopes[of].get(_reference(by, place), self.field.number(0))
        return array

    def _reverse(self, of: str) -> dict[str, Any]:
        """The reverse chain rule, from one component to everything that it depends on."""
        slopes: dict[str, Any] = {of: self.field.number(1)}
        for reference in reversed(list(self.partials)):
            weight = slopes.get(reference)
            if weight is None:
                continue
            for by, partial in self.partials[reference]:
                share = slopes.get(by, self.field.number(0)) + weight * partial
                slopes[by] = self.field.reduced(share)
        return slopes


def static_value(expression: Any, values: Mapping[str, Any], field: Field) -> Any:
    """The value of a tape's expression, conditions and powers with any exponent included."""
    if isinstance(expression, list):
        parts = expression[1:]
        match expression[0]:
            case "pow":
                base, exponent = (static_value(part, values, field) for part in parts)
                return power(base, exponent, field)
            case "if":
                if field.exact:
                    raise NotRepresentableError("a finite field has no order")
                difference = static_value(parts[0], values, field)
                return static_value(parts[1 if difference > 0 else 2], values, field)
            case "+" | "*":
                result = static_value(parts[0], values, field)
                for part in parts[1:]:
                    other = static_value(part, values, field)
                    result = field.reduced(
                        result + other if expression[0] == "+" else result * other
                    )
                return result
            case "^":
                return field.power(static_value(parts[0], values, field), parts[1])
            case "f":
                argument = static_value(parts[2], values, field)
                return values["call"](parts[0], parts[1], argument)
    return evaluated(expression, values, field)


def power(base: Any, exponent: Any, field: Field) -> Any:
    """A power with an exponent that is no whole number. Raises ``ArithmeticError``."""
    if field.exact:
        raise NotRepresentableError("a finite field has no such power")
    with np.errstate(all="ignore"):
        return np.power(base, exponent) if np.min(base) > 0 else np.nan


def _drawn(source: random.Random, shape: tuple[int, int], field: Field) -> Array:
    array = np.empty(shape, dtype=field.dtype)
    for i, j in product(*map(range, shape)):
        array[i, j] = field.draw(source)
    return array


def make_static_run(
    derivation: StaticDerivation,
    kind: str = "distinct",
    *,
    seed: int = 0,
    field: Field | None = None,
    given: Mapping[str, Any] | None = None,
) -> StaticRun:
    """One point. ``given`` replaces drawn values, by the name of a quantity or a scalar."""
    model = derivation.model
    sizes = {**model.sizes, "1": 1}
    run = StaticRun(derivation, kind, sizes, field or Floats(seed), seed)
    source = random.Random(f"{model.name}/{kind}/{seed}")  # noqa: S311
    for name, letter in model.places.items():
        # At either end, then inside: a sum that lacks an end lacks the right class in one run.
        inside = source.randrange(1, max(2, sizes[letter] - 1))
        run.places[name] = model.first + (sizes[letter] - 1, 0, inside)[seed % 3]
    if kind == "blind":
        _draw_blindly(run, source)
        return run
    _draw(run, source, given or {})
    _compute(run)
    return run


def _draw_blindly(run: StaticRun, source: random.Random) -> None:
    """Scalars stay numbers; everything else is a square matrix."""
    for name, (rows, columns) in run.model.quantities.items():
        shape = (1, 1) if rows == columns == "1" else (BLIND_SIZE, BLIND_SIZE)
        array = _drawn(source, shape, run.field)
        if run.model.domains.get(name) in POSITIVE:
            array = np.abs(array) + 0.1
        run.arrays[name] = array
    for name, domain in run.model.scalars.items():
        run.scalars[name] = abs(run.field.draw(source)) + 0.3
        if domain in {"threshold", "unit"}:
            # On both sides of what is compared with it.
            spread = np.abs(_drawn(source, (BLIND_SIZE, BLIND_SIZE), run.field))
            run.scalars[name] = spread * (4.0 if domain == "threshold" else 1.0) + 0.05


def _draw(run: StaticRun, source: random.Random, given: Mapping[str, Any]) -> None:
    model = run.model
    for name in (*model.inputs, *model.parameters):
        several, *shape = shape_of(run, name)
        domain = model.domains.get(name, "any")
        drawn = [_of_domain(run, name, domain, tuple(shape), source) for _ in range(several)]
        array = np.stack(drawn) if name in model.families else drawn[0]
        run.arrays[name] = given.get(name, array)
    for name, domain in model.scalars.items():
        run.scalars[name] = given.get(name, _of_domain(run, name, domain, (1, 1), source)[0, 0])


def _of_domain(
    run: StaticRun, name: str, domain: str, shape: tuple[int, ...], source: random.Random
) -> Array:
    field, rows, columns = run.field, *shape
    array = _drawn(source, (rows, columns), field)
    vector = columns == 1
    if domain == "one-hot":
        hot = array * 0
        for i in range(1 if vector else rows):
            place = source.randrange(rows if vector else columns)
            if vector and len(run.places) == 1:
                place = next(iter(run.places.values())) - run.model.first
            hot[(place, 0) if vector else (i, place)] = field.number(1)
        return hot
    if domain == "mask":
        kept = array * 0 + field.number(1)
        kept[source.randrange(rows), source.randrange(columns)] = field.number(0)
        return kept
    if domain == "probability":
        return _normalised(array, field, 0 if vector else 1)
    if field.exact or domain in {"any", "additive-mask"}:
        return array
    size = np.abs(array)
    if domain == "threshold":
        squares = sum(float((run.arrays[one] ** 2).sum()) for one in run.model.inputs)
        return np.full(shape, squares**0.5 * THRESHOLDS[run.seed % len(THRESHOLDS)])
    if domain == "large":
        return 3.0 * array
    if domain == "unit":
        return 0.15 + 0.7 * size
    return 0.4 + size  # positive


def _normalised(array: Array, field: Field, axis: int) -> Array:
    if field.exact:
        array = array if axis == 0 else array.T
        array[-1] = field.reduced(field.number(1) - array[:-1].sum(axis=0))
        return array if axis == 0 else array.T
    positive = np.abs(array) * 0.9 + 0.05
    return positive / positive.sum(axis=axis, keepdims=True)


def _compute(run: StaticRun) -> None:
    field, model = run.field, run.model
    known: dict[str, Any] = {**run.scalars, "call": run.call}
    known.update({name: field.number(size) for name, size in run.sizes.items()})
    for name, array in run.arrays.items():
        known.update(_references(name, array))
    for name in model.equations:
        parts = run.derivation.tape[name]
        several, *shape = shape_of(run, name)
        whole = (several, *shape) if name in model.families else tuple(shape)
        array = np.empty(whole, dtype=field.dtype)
        for place, part in zip(np.ndindex(whole), parts, strict=True):
            array[place] = static_value(part["value"], known, field)
            run.partials[_reference(name, place)] = [
                (by, static_value(partial, known, field))
                for by, partial in part["partials"].items()
            ]
        run.arrays[name] = array
        known.update(_references(name, array))
    _interleave(run)
    run.numbers = {key: value for key, value in known.items() if key != "call"}


def _interleave(run: StaticRun) -> None:
    """Quantities that have the columns of two others in turn."""
    for name, (even, odd, _) in run.model.interleaved.items():
        first, second = run.arrays[even], run.arrays[odd]
        array = np.empty((first.shape[0], 2 * first.shape[1]), dtype=run.field.dtype)
        array[:, 0::2], array[:, 1::2] = first, second
        run.arrays[name] = array


def _references(name: str, array: Array) -> dict[str, Any]:
    return {_reference(name, place): array[place] for place in np.ndindex(array.shape)}


def _reference(name: str, place: tuple[int, ...]) -> str:
    """The name of an entry on a tape."""
    return ".".join([name, *map(str, place)])


def shape_of(run: StaticRun, name: str) -> tuple[int, int, int]:
    """How many there are of a quantity, and rows and columns of each."""
    several = run.sizes[run.model.families[name]] if name in run.model.families else 1
    rows, columns = (run.sizes[letter] for letter in run.model.quantities[name])
    return several, rows, columns


@lru_cache(maxsize=256)
def static_run(model: StaticModel, kind: str, seed: int = 0, exact: bool = False) -> StaticRun:
    """A run of a shipped static model, remembered for the process."""
    return make_static_run(
        shipped_static(model),
        kind,
        seed=seed,
        field=PrimeField(seed) if exact else Floats(seed),
    )
