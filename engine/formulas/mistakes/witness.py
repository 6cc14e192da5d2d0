"""A smallest concrete input on which a wrong answer and the truth differ, with both values."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from engine.formulas.checking import prepared
from engine.formulas.conventions import Convention, Mentions
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    BudgetExceededError,
    EvaluationError,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import ElaborationError
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.forward_run import forward_run
from engine.formulas.evaluation.points import Run, make_run, shipped
from engine.formulas.mistakes.static_witness import static_witness
from engine.formulas.models import Model
from engine.formulas.statements import Statement, all_index_names, bindings
from engine.formulas.static_targets import StaticTarget
from engine.formulas.tree import Node, Symbol, walk

_CLEAR = 1e-3  # a difference that shows in four digits


@lru_cache(maxsize=64)
def _run(model: Model, kind: str, activation: str, output: str, biases: str, steps: int) -> Run:
    """A run of short decimals."""
    if not model.differentiated:
        return forward_run(model, kind, steps=steps)
    derivation = shipped(model)
    source = random.Random(f"witness/{kind}")  # noqa: S311
    plain = make_run(derivation, kind, activation=activation, output=output, steps=steps)
    given: dict[Any, Any] = {}
    for name, array in plain.parameters.items():
        given[name] = _short(array.shape, source)
        if name in plain.model.biases and biases == "none":
            given[name] = np.zeros(array.shape)
    for name, times in plain.signals.items():
        for time, array in times.items():
            if name in plain.model.inputs or time == 0:
                given[name, time] = _short(array.shape, source)
    run = make_run(
        derivation,
        kind,
        activation=activation,
        output=output,
        biases=biases,
        steps=steps,
        given=given,
    )
    run.assume("eps", 0.1)
    return run


def _short(shape: tuple[int, ...], source: random.Random) -> Any:
    """Distinct one-digit decimals, none of them zero or one."""
    entries = [
        source.choice((-1, 1)) * source.randint(2, 9) / 10 for _ in range(int(np.prod(shape)))
    ]
    return np.array(entries, dtype=float).reshape(shape)


def witness(statement: Statement, convention: Convention, answer: Node) -> Mapping[str, Any] | None:
    """Sizes, inputs, index values, the answer's value and the true value; None if none is found."""
    target = statement.target
    if isinstance(target, StaticTarget):
        return static_witness(target, statement.left, convention, answer)
    named = convention.activation if convention.activation != "abstract" else "tanh"
    model = statement.target.model.under(convention)
    plain = "mse-identity" if "mse-identity" in model.output_losses else "abstract"
    output = convention.output if convention.output != "abstract" else plain
    for kind, steps in (("scalar", 2), ("scalar", 3), ("distinct", 3)):
        run = _run(model, kind, named, output, convention.biases, steps)
        found = _differing(statement, convention, answer, run)
        if found is not None:
            return found
    return None


def _differing(
    statement: Statement, convention: Convention, answer: Node, run: Run
) -> Mapping[str, Any] | None:
    target, left = statement.target, statement.left
    mentions = Mentions.of(answer)
    names = all_index_names(answer, *((left,) if left is not None else ()))
    shapes = convention
    if run.kind == "scalar":
        from dataclasses import replace

        shapes = replace(convention, scalar="yes")
    try:
        mine, errors = prepared(answer, target, shapes, False, names)
        true, _ = prepared(target.definition(left), target, shapes, False, names)
    except ElaborationError:
        return None
    if errors:
        return None
    for binding in bindings(target, convention, left, mentions.names, run.steps):
        try:
            expected = evaluate(true, run, shapes, binding)
            got = evaluate(mine, run, shapes, binding, Budget())
        except (EvaluationError, UnboundIndexError, BudgetExceededError):
            continue
        if got.shape != expected.shape:
            continue
        size = max(float(np.abs(expected).max()), 0.01)
        if float(np.abs(got - expected).max()) > _CLEAR * size:
            return _shown(run, binding, answer, target.given, got, expected, mentions)
    return None


def _shown(
    run: Run,
    binding: Binding,
    answer: Node,
    given: tuple[str, ...],
    got: Any,
    expected: Any,
    mentions: Mentions,
) -> Mapping[str, Any]:
    used = {node.name for node in walk(answer) if isinstance(node, Symbol)}
    indices = {
        name: value
        for name, value in binding.indices.items()
        if name in mentions.names or name == "t"
    }
    return {
        "sizes": {name: size for name, size in run.sizes.items() if name != "1"},
        "steps": run.steps,
        "activation": run.activation,
        "output": run.output,
        "indices": indices,
        "parameters": {name: plain(array) for name, array in run.parameters.items()},
        "inputs": {
            f"{name}^{time}": plain(array)
            for name, times in run.signals.items()
            for time, array in times.items()
            if name in run.model.inputs or (time == 0 and name in run.model.states())
        },
        "eps": float(run.scalar("eps")) if "eps" in used else None,
        "answer": plain(got),
        "truth": plain(expected),
    }


def plain(array: Any) -> Any:
    """An array as numbers of four digits: a lone number stays one."""
    rounded = [[round(float(entry), 4) for entry in row] for row in array]
    if len(rounded) == 1 and len(rounded[0]) == 1:
        return rounded[0][0]
    return rounded
