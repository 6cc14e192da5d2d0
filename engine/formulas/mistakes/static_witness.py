"""A concrete input of a static model on which a wrong answer and the truth differ."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from engine.formulas.checking import prepared
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import (
    Budget,
    BudgetExceededError,
    EvaluationError,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import ElaborationError
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.static_run import StaticRun, make_static_run, shipped_static
from engine.formulas.models.static import StaticModel
from engine.formulas.statements import all_index_names
from engine.formulas.static_targets import StaticTarget, static_bindings
from engine.formulas.tree import Node, Symbol, walk

_CLEAR = 1e-3  # a difference that shows in four digits


@lru_cache(maxsize=32)
def _run(model: StaticModel, seed: int) -> StaticRun:
    """A run of short decimals."""
    derivation = shipped_static(model)
    plain = make_static_run(derivation, seed=seed)
    source = random.Random(f"witness/{model.name}/{seed}")  # noqa: S311
    given: dict[str, Any] = {}
    for name in (*plain.model.inputs, *plain.model.parameters):
        domain = plain.model.domains.get(name, "any")
        array = plain.arrays[name]
        if domain in {"any", "additive-mask"}:
            array = _short(array.shape, source)
        elif domain != "probability":
            array = np.round(array, 1)
        given[name] = array
    given.update({name: round(value, 1) for name, value in plain.scalars.items()})
    return make_static_run(derivation, seed=seed, given=given)


def _short(shape: tuple[int, ...], source: random.Random) -> Any:
    """One-digit decimals, none of them zero or one."""
    array = np.empty(shape)
    for place in np.ndindex(shape):
        array[place] = source.choice((-1, 1)) * source.randint(2, 9) / 10
    return array


def static_witness(
    target: StaticTarget, left: Node | None, convention: Convention, answer: Node
) -> Mapping[str, Any] | None:
    """Sizes, inputs, index values, the answer's value and the true value; None if none is found."""
    left = left if left is not None else target.left
    names = all_index_names(answer, left)
    try:
        mine, errors = prepared(answer, target, convention, False, names)
        true, _ = prepared(target.definition(left), target, convention, False, names)
    except ElaborationError:
        return None
    if errors:
        return None
    for seed in (0, 1):
        run: Any = _run(target.static, seed)
        for binding in static_bindings(target, left):
            try:
                expected = evaluate(true, run, convention, binding)
                got = evaluate(mine, run, convention, binding, Budget())
            except (EvaluationError, UnboundIndexError, BudgetExceededError, ArithmeticError):
                continue
            if got.shape != expected.shape or not np.isfinite(got).all():
                continue
            size = max(float(np.abs(expected).max()), 0.01)
            if float(np.abs(got - expected).max()) > _CLEAR * size:
                return _shown(run, answer, dict(binding.indices), got, expected)
    return None


def _shown(
    run: StaticRun, answer: Node, indices: Mapping[str, int], got: Any, expected: Any
) -> Mapping[str, Any]:
    from engine.formulas.mistakes.witness import plain as flat

    def plain(array: Any) -> Any:
        return [flat(one) for one in array] if array.ndim > 2 else flat(array)

    model = run.model
    used = {node.name for node in walk(answer) if isinstance(node, Symbol)}
    letters = {index for node in walk(answer) if isinstance(node, Symbol) for index in (node.time,)}
    places = {name for index in letters if index is not None for name in index.variables}
    chosen = {name: place for name, place in run.places.items() if name in places}
    return {
        "sizes": dict(model.sizes),
        "indices": {**indices, **chosen},
        "parameters": {name: plain(run.arrays[name]) for name in model.parameters if name in used},
        "inputs": {
            **{name: plain(run.arrays[name]) for name in model.inputs},
            **{name: round(float(value), 4) for name, value in run.scalars.items()},
        },
        "answer": plain(got),
        "truth": plain(expected),
    }
