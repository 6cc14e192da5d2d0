"""Whether a reference defines what its exercise's data names, with as many parameters."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeVar

from .arguments import addresses
from .fields import ExerciseError, Path
from .plan import Step
from .specification import GradientSpec, Specification

_T = TypeVar("_T")


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a file by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def classes_of(tree: ast.Module) -> dict[str, dict[str, ast.FunctionDef]]:
    """The methods of a file's classes, by class and name."""
    return {
        node.name: {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }


def check(tree: ast.Module, spec: Specification) -> None:
    """Whether the file defines every function, class and method that is called.

    Raises:
        ExerciseError: with the path of keys and the nearest names that it does define.
    """
    functions, classes = functions_of(tree), classes_of(tree)
    owners = {step.returns[0]: step.target for step in spec.plan.steps if step.kind == "new"}
    for number, step in enumerate(spec.plan.steps):
        path: Path = ("function",) if spec.one_function else ("calls", number)
        if step.kind == "new":
            methods = _found(classes, step.target, "class", path)
            if "__init__" in methods:
                _takes(methods["__init__"], step, path, bound=1)
        elif step.kind == "call":
            owner, dot, method = step.target.partition(".")
            if not dot:
                _takes(_found(functions, step.target, "function", path), step, path)
            elif owner in owners:
                methods = classes[owners[owner]]
                _takes(_found(methods, method, "method", path), step, path, bound=1)
    if spec.one_function:
        name = spec.plan.defines[0]
        names = [argument.arg for argument in functions[name].args.args]
        if names != [argument.name for argument in spec.arguments]:
            raise ExerciseError(("arguments",), f"the function takes {names}, in this order")
    if spec.gradients is not None:
        loss_arguments(tree, spec, spec.gradients)
    for address, (_, one) in addresses(spec.arguments).items():
        if one.kind == "function":
            _found(functions, one.options[0], "function", ("arguments", address, "of"))


def loss_arguments(
    tree: ast.Module, spec: Specification, gradients: GradientSpec
) -> tuple[str, ...]:
    """The arguments that the loss takes: by its parameters' names.

    Raises:
        ExerciseError: for a parameter that is no argument of the exercise.
    """
    path: Path = ("gradients", "loss")
    loss = _found(functions_of(tree), gradients.loss, "function", path)
    known = [argument.name for argument in spec.arguments]
    given = tuple(argument.arg for argument in loss.args.args)
    for name in given:
        if name not in known:
            raise ExerciseError(path, f"its parameter {name!r} is no argument", known)
    return given


def loss_step(tree: ast.Module, spec: Specification, gradients: GradientSpec) -> Step:
    """The one step that computes the loss."""
    return Step("call", gradients.loss, loss_arguments(tree, spec, gradients), ("value",))


def _found(known: Mapping[str, _T], name: str, kind: str, path: Path) -> _T:
    if name not in known:
        raise ExerciseError(path, f"the file defines no {kind} {name!r}", sorted(known))
    return known[name]


def _takes(function: ast.FunctionDef, step: Step, path: Path, bound: int = 0) -> None:
    """Whether a function can be called with as many values; ``bound``: 1 for the object itself."""
    arguments = function.args
    most = len(arguments.args) + len(arguments.posonlyargs) - bound
    least = most - len(arguments.defaults)
    count = len(step.given or ())
    if count < least or (count > most and arguments.vararg is None):
        takes = f"{least}" if least == most else f"{least} to {most}"
        raise ExerciseError(path, f"{step.target} takes {takes} values, not {count}")
