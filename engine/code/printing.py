"""A plan's calls as Python that can be pasted, with literal arguments."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from .channel import Named
from .plan import Plan


def literal(value: Any) -> str:
    """One argument as a Python expression."""
    if isinstance(value, np.ndarray):
        # An empty array's literal would lose its shape.
        return f"np.array({value.tolist()!r})" if value.size else f"np.zeros({value.shape})"
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


def plan(calls: Plan, arguments: Mapping[str, Any], helpers: str = "") -> str:
    """Assignments, then the steps of the plan; ends in a newline.

    Args:
        helpers: the text that the functions among the arguments are taken from.
    """
    lines = ["import numpy as np", ""]
    for name, value in arguments.items():
        if isinstance(value, Named):
            lines += [*_function(helpers, value.name), ""]
        if not isinstance(value, Named) or value.name != name:
            lines.append(f"{name} = {literal(value)}")
    lines += [step.line() for step in calls.steps]
    return "\n".join(lines) + "\n"


def _function(helpers: str, name: str) -> list[str]:
    for node in ast.parse(helpers).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return helpers.splitlines()[node.lineno - 1 : node.end_lineno]
    return []
