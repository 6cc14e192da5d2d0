"""How many axes the arrays in a reference have, as far as its text tells: 1-D has no transpose.

``b.T`` of a vector is the vector: no mistake, and none that running could show. What is not known
for certain counts as unknown, so that at most a harmless mutant is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from .plan import Plan
from .specification import Specification

# Number of axes by name; None where two assignments disagree.
Axes: TypeAlias = dict[str, int | None]
_SAME: Final = frozenset(
    "tanh exp log sqrt abs sigmoid relu softmax maximum zeros_like ones_like copy".split()  # noqa: SIM905
)
_REDUCED: Final = frozenset(["sum", "mean", "max", "min", "argmax", "argmin"])


def declared(spec: Specification, functions: Mapping[str, ast.FunctionDef]) -> dict[str, Axes]:
    """Axes of each function's parameters, by function (``f`` or ``Class.method``).

    Under the key "" stand the arguments by their own names, for values that travel in a cache.
    """
    arguments: Axes = {
        argument.name: len(argument.parts[0][1].shape)
        for argument in spec.arguments
        if argument.form == "single" and argument.parts[0][1].kind not in ("choice", "function")
    }
    found: dict[str, Axes] = {"": arguments}
    for target, given in _called(spec.plan, list(arguments)):
        function = functions.get(target)
        if function is None:
            continue
        names = [each.arg for each in function.args.args]
        names = names[1:] if "." in target else names
        axes = found.setdefault(target, {})
        for name, value in zip(names, given, strict=False):
            _note(axes, name, arguments.get(value))
    return found


def _called(plan: Plan, arguments: list[str]) -> Iterable[tuple[str, list[str]]]:
    classes: dict[str, str] = {}
    for step in plan.steps:
        given = arguments if step.given is None else list(step.given)
        owner, dot, method = step.target.partition(".")
        if step.kind == "new":
            classes[step.returns[0]] = step.target
            yield f"{step.target}.__init__", given
        elif step.kind == "call":
            yield (f"{classes.get(owner, owner)}.{method}" if dot else owner), given


def _note(axes: Axes, name: str, number: int | None) -> None:
    axes[name] = number if name not in axes or axes[name] == number else None


def inferred(function: ast.FunctionDef, parameters: Axes, elsewhere: Axes) -> Axes:
    """Axes of every name in a function.

    Args:
        parameters: of its own parameters; ``elsewhere``: of names that it unpacks.
    """
    axes: Axes = {}
    own = {each.arg for each in function.args.args}
    # Twice, since a loop reads what a later line of it assigns.
    for _ in range(2):
        known = {**elsewhere, **dict.fromkeys(own), **parameters, **axes}
        found: Axes = {name: parameters.get(name) for name in own}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    _assign(target, node.value, known, found)
            elif isinstance(node, ast.For):
                _loop(node.target, node.iter, known, found)
        axes = found
    return axes


def _assign(target: ast.expr, value: ast.expr, known: Axes, found: Axes) -> None:
    if isinstance(target, ast.Name):
        _note(found, target.id, of(value, known))
    elif isinstance(target, ast.Tuple):
        values = value.elts if isinstance(value, ast.Tuple) else []
        for place, part in enumerate(target.elts):
            if not isinstance(part, ast.Name):
                continue
            if len(values) == len(target.elts):
                _note(found, part.id, of(values[place], known))
            elif isinstance(value, ast.Attribute) and value.attr == "shape":
                _note(found, part.id, 0)
            else:
                # Out of a cache: under the name that it went in by.
                _note(found, part.id, known.get(part.id))


def _loop(target: ast.expr, over: ast.expr, known: Axes, found: Axes) -> None:
    while isinstance(over, ast.Call) and _name(over) == "reversed" and over.args:
        over = over.args[0]
    called = _name(over) if isinstance(over, ast.Call) else ""
    if called == "range" and isinstance(target, ast.Name):
        _note(found, target.id, 0)
        return
    sources = over.args if called == "zip" and isinstance(over, ast.Call) else [over]
    if called == "enumerate" and isinstance(over, ast.Call) and isinstance(target, ast.Tuple):
        sources, target = over.args[:1], target.elts[-1]
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    for place, part in enumerate(targets):
        if isinstance(part, ast.Name):
            number = of(sources[place], known) if place < len(sources) else None
            _note(found, part.id, number - 1 if number else None)


def of(node: ast.expr, known: Mapping[str, int | None]) -> int | None:
    """The number of axes of an expression's value; None if that cannot be told."""
    if isinstance(node, ast.Constant):
        return 0 if isinstance(node.value, int | float) else None
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.UnaryOp):
        return of(node.operand, known)
    if isinstance(node, ast.Attribute):
        return of(node.value, known) if node.attr == "T" else None
    if isinstance(node, ast.BinOp):
        left, right = of(node.left, known), of(node.right, known)
        if left is None or right is None:
            return None
        if not isinstance(node.op, ast.MatMult):
            return max(left, right)
        return {(1, 1): 0, (1, 2): 1, (2, 1): 1, (2, 2): 2}.get((left, right))
    if isinstance(node, ast.Subscript):
        return _indexed(node, known)
    return _returned(node, known) if isinstance(node, ast.Call) else None


def _indexed(node: ast.Subscript, known: Mapping[str, int | None]) -> int | None:
    number = of(node.value, known)
    for index in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
        if number is None:
            return None
        if isinstance(index, ast.Slice):
            continue
        taken = of(index, known)
        if taken is None:
            return None  # None, an ellipsis, or an array of unknown axes
        number += taken - 1
    return number


def _returned(node: ast.Call, known: Mapping[str, int | None]) -> int | None:
    name = _name(node)
    method = isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
    )
    inputs = [node.func.value] if method and isinstance(node.func, ast.Attribute) else []
    inputs += node.args
    if name in ("len", "int", "float"):
        return 0
    if name == "outer":
        return 2
    if not inputs:
        return None
    if name in ("stack", "concatenate") and isinstance(inputs[0], ast.List | ast.Tuple):
        parts = [of(part, known) for part in inputs[0].elts]
        return parts[0] + (name == "stack") if parts and parts[0] is not None else None
    if name in ("zeros", "ones", "empty"):
        shape = inputs[0]
        return len(shape.elts) if isinstance(shape, ast.Tuple) else _once(of(shape, known))
    first = of(inputs[0], known)
    if name.lstrip("_") in _SAME or name.startswith("d_"):
        return first
    if name in _REDUCED:
        kept = {keyword.arg for keyword in node.keywords}
        if "keepdims" in kept:
            return first
        along = "axis" in kept or len(inputs) > 1
        return 0 if not along else first - 1 if first else None
    return None


def _once(number: int | None) -> int | None:
    return 1 if number == 0 else None


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""
