"""What the judge does with a submission: calls, new objects and attributes read, as plain data.

A value that a step gives gets a name and can be handed to a later step. What is no declared output
(a cache, an object) never leaves the process that made it: that is the learner's own affair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from . import fields
from .fields import ExerciseError, Path

_NAME: Final = re.compile(r"^[A-Za-z_]\w*$")
_TARGET: Final = re.compile(r"^([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?$")


@dataclass(frozen=True)
class Step:
    """One step. ``kind``: "call" (``target`` is a function or object.method), "new" (a class) or
    "read" (an argument, or object.attribute); ``given`` are names, None for all arguments."""

    kind: str
    target: str
    given: tuple[str, ...] | None = ()
    returns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "target": self.target,
            "given": self.given,
            "returns": self.returns,
        }

    def line(self) -> str:
        """The step as a line of Python."""
        given = "" if self.given is None else ", ".join(self.given)
        value = self.target if self.kind == "read" else f"{self.target}({given})"
        return f"{', '.join(self.returns)} = {value}" if self.returns else value


@dataclass(frozen=True)
class Plan:
    """Steps in order, the names whose values are sent back, and arguments read at the end (output
    -> argument). ``defines``: functions and classes that a submission must define; ``methods``:
    the methods by class."""

    steps: tuple[Step, ...]
    outputs: tuple[str, ...]
    after: Mapping[str, str]
    defines: tuple[str, ...]
    methods: Mapping[str, tuple[str, ...]]

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that are called by their own name."""
        return tuple(name for name in self.defines if name not in self.methods)

    def to_json(self) -> dict[str, Any]:
        return {
            "steps": [step.to_json() for step in self.steps],
            "outputs": self.outputs,
            "after": dict(self.after),
            "defines": self.defines,
            "methods": {name: list(methods) for name, methods in self.methods.items()},
        }


def single(function: str) -> Plan:
    """Calls one function with every argument and sends back its value as it is."""
    step = Step("call", function, None, ("value",))
    return Plan((step,), ("value",), {}, (function,), {})


def of_function(
    function: str, arguments: Sequence[str], outputs: Sequence[str], after: Mapping[str, str]
) -> Plan:
    """Calls one function with all declared arguments; it returns the outputs in their order."""
    returned = tuple(name for name in outputs if name not in after)
    step = Step("call", function, tuple(arguments), returned)
    return Plan((step,), tuple(outputs), after, (function,), {})


def parse(
    value: Any, arguments: Iterable[str], outputs: Iterable[str], after: Mapping[str, str]
) -> Plan:
    """Reads the key ``calls``.

    Raises:
        ExerciseError: with the path of keys and the nearest valid name.
    """
    reader = _Reader(tuple(arguments), tuple(outputs), after)
    for number, item in enumerate(fields.sequence(value, ("calls",))):
        reader.step(item, ("calls", number))
    return reader.plan()


class _Reader:
    def __init__(
        self, arguments: tuple[str, ...], outputs: tuple[str, ...], after: Mapping[str, str]
    ) -> None:
        self._arguments = arguments
        self._outputs = outputs
        self._after = after
        self._steps: list[Step] = []
        self._known = list(arguments)
        self._classes: dict[str, str] = {}
        self._defines: list[str] = []
        self._methods: dict[str, list[str]] = {}

    def step(self, item: Any, path: Path) -> None:
        data = fields.mapping(item, path)
        kinds = [kind for kind in ("call", "new", "read") if kind in data]
        if len(kinds) != 1:
            raise ExerciseError(path, "needs exactly one of call, new, read", kinds)
        kind = kinds[0]
        fields.known(data, {"call": "call with returns", "new": "new with as"}.get(
            kind, "read returns"), path)  # fmt: skip
        target = fields.text(data[kind], (*path, kind))
        given = fields.names(data.get("with", []), (*path, "with"))
        for name in given:
            fields.choice(name, self._known, (*path, "with"))
        self._target(kind, target, (*path, kind))
        if kind == "new":
            name = fields.text(fields.need(data, "as", path), (*path, "as"))
            self._classes[name] = target
            returns: tuple[str, ...] = (name,)
        else:
            wanted = data.get("returns", [])
            wanted = [wanted] if isinstance(wanted, str) else wanted
            returns = fields.names(wanted, (*path, "returns"))
        for name in returns:
            self._returned(name, path)
        self._steps.append(Step(kind, target, given, returns))

    def _returned(self, name: str, path: Path) -> None:
        if not _NAME.match(name):
            raise ExerciseError(path, f"no name: {name!r}")
        if name in self._arguments:
            raise ExerciseError(path, f"{name!r} is an argument already")
        if name in self._outputs and name in self._known:
            raise ExerciseError(path, f"the output {name!r} is returned twice")
        if name in self._after:
            raise ExerciseError(path, f"{name!r} is an argument after the calls, not returned")
        if name not in self._known:
            self._known.append(name)

    def _target(self, kind: str, target: str, path: Path) -> None:
        match = _TARGET.match(target)
        if match is None:
            raise ExerciseError(path, f"must be a name or object.attribute, not {target!r}")
        name, attribute = match[1], match[2]
        if kind == "read" or attribute is not None:
            fields.choice(name, self._known, path)
            if kind == "new":
                raise ExerciseError(path, f"must be a class, not {target!r}")
            owner = self._classes.get(name)
            if kind == "call" and owner is not None and attribute not in self._methods[owner]:
                self._methods[owner].append(attribute)
            return
        if name not in self._defines:
            self._defines.append(name)
        if kind == "new":
            self._methods.setdefault(name, [])

    def plan(self) -> Plan:
        for name in self._outputs:
            if name not in self._known and name not in self._after:
                raise ExerciseError(("outputs", name), "no call returns it", self._known)
        if not self._steps:
            raise ExerciseError(("calls",), "calls nothing")
        methods = {name: tuple(found) for name, found in self._methods.items()}
        return Plan(tuple(self._steps), self._outputs, self._after, tuple(self._defines), methods)
