"""A call of the learner's function as Python that can be pasted, with literal arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .specification import Output


def literal(value: Any) -> str:
    """One argument as a Python expression."""
    if isinstance(value, np.ndarray):
        # An empty array's literal would lose its shape.
        return f"np.array({value.tolist()!r})" if value.size else f"np.zeros({value.shape})"
    return repr(value)


def call(function: str, arguments: Mapping[str, Any], outputs: Sequence[Output]) -> str:
    """Assignments, then the call; ends in a newline."""
    lines = ["import numpy as np", ""]
    lines += [f"{name} = {literal(value)}" for name, value in arguments.items()]
    results = ", ".join(output.name for output in outputs)
    lines.append(f"{results} = {function}({', '.join(arguments)})")
    return "\n".join(lines) + "\n"
