"""A plan's calls as Python that can be pasted, with literal arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .channel import Named
from .plan import Plan


def literal(value: Any) -> str:
    """One argument as a Python expression."""
    if isinstance(value, np.ndarray):
        if value.size:
            return f"np.array({value.tolist()!r})"
        # An empty array's literal would lose its shape.
        kind = "" if value.dtype == np.float64 else f", dtype={value.dtype.name}"
        return f"np.zeros({value.shape}{kind})"
    if isinstance(value, list):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {literal(v)}" for k, v in value.items()) + "}"
    return value.name if isinstance(value, Named) else repr(value)


def entries(value: Any) -> int:
    """How many numbers there are in arguments."""
    if isinstance(value, Mapping):
        return sum(entries(item) for item in value.values())
    if isinstance(value, list):
        return sum(entries(item) for item in value)
    return int(np.size(value))


def plan(calls: Plan, arguments: Sequence[Mapping[str, Any]], helpers: str = "") -> str:
    """For each set of arguments assignments, then the steps of the plan; ends in a newline.

    Args:
        arguments: of one run, or of several whose order is what counts.
        helpers: the text that the functions among the arguments are taken from.
    """
    functions = list(dict.fromkeys(name for one in arguments for name in _named(one)))
    lines = ["import numpy as np", *_imports(helpers if functions else ""), ""]
    for name in functions:
        lines += [*_function(helpers, name), ""]
    for number, one in enumerate(arguments):
        lines += [""] if number else []
        for name, value in one.items():
            if not isinstance(value, Named) or value.name != name:
                lines.append(f"{name} = {literal(value)}")
        lines += [step.line() for step in calls.steps]
    return "\n".join(lines) + "\n"


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Named):
        yield value.name
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _named(item)


def _imports(helpers: str) -> list[str]:
    found = [
        node for node in ast.parse(helpers).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    written = [ast.unparse(node) for node in found]
    return [line for line in written if line != "import numpy as np" and "__future__" not in line]


def _function(helpers: str, name: str) -> list[str]:
    for node in ast.parse(helpers).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return helpers.splitlines()[node.lineno - 1 : node.end_lineno]
    return []
