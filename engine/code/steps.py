"""Runs a plan in the throw-away process: calls, new objects, attributes read, values handed on.

Standard library and NumPy only; loaded beside ``child``, never as part of ``engine``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .channel import Value, encode

_tuple_length, _list_length = tuple.__len__, list.__len__


class UnfitError(Exception):
    """A step could not be done as the plan says, without any error of the learner's.

    ``what``: "count" (other values than the step returns; ``got`` says which), or "attribute" (the
    object has none of that name; ``known`` are those it has).
    """

    def __init__(self, what: str, got: str, known: list[str]) -> None:
        super().__init__(what)
        self.what = what
        self.got = got
        self.known = known


class Outcome:
    """What a plan gave so far: encoded outputs by name, and how far it came."""

    def __init__(self) -> None:
        self.outputs: dict[str, Any] = {}
        self.buffers: list[bytes] = []
        self.step = 0
        self.listed = False

    def put(self, name: str, value: object) -> None:
        # At once: a later step may change in place what an earlier one returned.
        self.outputs[name] = encode(value, self.buffers)


def perform(
    plan: dict[str, Any], namespace: dict[str, Any], arguments: dict[str, Any], outcome: Outcome
) -> None:
    """Runs the steps of a plan; ``outcome`` has what was reached when a step raises.

    Raises:
        UnfitError: where a learner's value does not have the form that the step asks for.
        BaseException: whatever a learner's code raises.
    """
    values = dict(arguments)
    for number, step in enumerate(plan["steps"]):
        outcome.step = number
        kind, names, given = step["kind"], step["returns"], step["given"]
        if kind == "read":
            value = _target(step["target"], values, values)
        else:
            function = _target(step["target"], namespace, values)
            given = list(arguments) if given is None else given
            value = function(*[values[name] for name in given])
        if len(names) == 1:
            values[names[0]] = value
        elif names:
            parts = _apart(value, names)
            if kind == "call":
                outcome.listed = outcome.listed or type(value) is list
            values.update(zip(names, parts, strict=True))
        for name in names:
            if name in plan["outputs"]:
                outcome.put(name, values[name])
    for name, argument in plan["after"].items():
        outcome.put(name, arguments[argument])


def _target(target: str, namespace: dict[str, Any], values: dict[str, Any]) -> Any:
    name, dot, attribute = target.partition(".")
    if not dot:
        return namespace[name]
    owner = values[name]
    try:
        return getattr(owner, attribute)
    except AttributeError as error:
        # One raised inside a property is the learner's own; one that says there is none is ours.
        if error.name != attribute or error.obj is not owner:
            raise
        known = [str(each)[:80] for each in dir(owner) if not str(each).startswith("__")]
        raise UnfitError("attribute", target, known[:50]) from None


def _apart(value: Any, names: list[str]) -> list[Any]:
    """The values that a step returns, by position or by name."""
    kind = type(value)
    if issubclass(kind, tuple) and _tuple_length(value) == len(names):
        return list(tuple.__iter__(value))
    if issubclass(kind, list) and _list_length(value) == len(names):
        return list(list.__iter__(value))
    if kind is dict and all(name in value for name in names):
        return [value[name] for name in names]
    raise UnfitError("count", _described(value), [])


def _described(value: Any) -> str:
    kind = type(value)
    name = str(type.__dict__["__name__"].__get__(kind))[:80]
    if value is None:
        return "None"
    if issubclass(kind, tuple):
        return f"{name} of {_tuple_length(value)}"
    if issubclass(kind, list):
        return f"{name} of {_list_length(value)}"
    if kind is dict:
        return f"{name} of {len(value)}"
    if issubclass(kind, np.ndarray):
        return f"{name} {np.ndarray.view(value, np.ndarray).shape}"
    return name


def argument(value: Value, functions: dict[str, Any]) -> Any:
    """A decoded value as what a program is called with."""
    if value.kind == "array":
        assert value.array is not None
        return value.array.item() if value.type in ("int", "float", "bool") else value.array
    if value.kind == "sequence":
        items = [argument(item, functions) for item in value.items]
        return tuple(items) if value.type == "tuple" else items
    if value.kind == "mapping":
        items = [argument(item, functions) for item in value.items]
        return dict(zip(value.keys, items, strict=True))
    if value.kind == "text":
        return value.text
    return functions[value.text] if value.kind == "function" else None


def same(old: Any, new: Any) -> bool:
    """Whether an argument is still what it was before the calls."""
    if type(old) is np.ndarray:
        return (
            type(new) is np.ndarray
            and old.shape == new.shape
            and old.dtype == new.dtype
            and bool(old.tobytes() == new.tobytes())
        )
    if type(old) in (list, tuple):
        fits = type(new) is type(old) and len(new) == len(old)
        return fits and all(same(*pair) for pair in zip(old, new, strict=True))
    if type(old) is dict:
        fits = type(new) is dict and list(new) == list(old)
        return fits and all(same(old[key], new[key]) for key in old)
    return old is new or (type(old) is type(new) and bool(old == new))


def numeric_gradient(
    loss: Callable[..., Any],
    arguments: dict[str, Any],
    given: list[str],
    places: list[list[str | int]],
    step: float,
) -> tuple[Any, ...]:
    """Central differences of a scalar loss by each entry of the chosen arguments.

    Args:
        loss: function of the arguments ``given``; returns a number.
        places: what to differentiate by (an argument's name, then its key or position, if it has
            any); each gets a gradient of its own shape.

    Source: dE/dw ~ (E(w + h) - E(w - h)) / 2h, error of order h squared.
    """
    gradients = []
    for place in places:
        base: Any = arguments
        for key in place:
            base = base[key]
        gradient = np.zeros(np.shape(base))
        for index in np.ndindex(*gradient.shape):
            values = []
            for sign in (1.0, -1.0):
                moved = {name: _copied(value) for name, value in arguments.items()}
                array = np.array(base, dtype=float)
                array[index] += sign * step
                _put(moved, place, array)
                values.append(float(loss(*[moved[name] for name in given])))
            gradient[index] = (values[0] - values[1]) / (2 * step)
        gradients.append(gradient)
    return tuple(gradients)


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return value


def _put(container: Any, place: list[str | int], value: Any) -> None:
    for key in place[:-1]:
        container = container[key]
    container[place[-1]] = value
