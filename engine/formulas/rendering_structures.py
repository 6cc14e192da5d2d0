"""One line of text for stacks, extrema, cases, conditions and norms, in each input language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.formulas.tree import Cases, Comparison, Extremum, Node, Stack

_SIGNS: Final[dict[str, dict[str, str]]] = {
    "unicode": {"<=": "≤", ">=": "≥", "!=": "≠"},
    "latex": {"<=": r"\leq", ">=": r"\geq", "!=": r"\neq"},
    "ascii": {},
    "numpy": {"=": "=="},
}
_AXES: Final = {"rows": 0, "columns": 1}
_SEPARATORS: Final = {"rows": "; ", "columns": ", "}
Show = Callable[[Node], str]


def sign_of(sign: str, style: str) -> str:
    """A sign of comparison in a style."""
    return _SIGNS[style].get(sign, sign)


def stack_text(node: Stack, style: str, show: Show) -> str:
    """``[a; b]``; in code a concatenation along an axis."""
    parts = [show(part) for part in node.parts]
    if style == "numpy":
        return f"np.concatenate([{', '.join(parts)}], axis={_AXES[node.axis]})"
    return f"[{_SEPARATORS[node.axis].join(parts)}]"


def extremum_text(node: Extremum, style: str, show: Show) -> str:
    """``min(a, b)``."""
    inner = ", ".join(show(part) for part in node.parts)
    if style == "numpy":
        two = {"min": "np.minimum", "max": "np.maximum"}
        name = two[node.kind] if len(node.parts) == 2 else node.kind
        return f"{name}({inner})"
    return f"{chr(92) if style == 'latex' else ''}{node.kind}({inner})"


def comparison_text(node: Comparison, style: str, show: Show) -> str:
    """``a < b``."""
    return f"{show(node.left)} {sign_of(node.sign, style)} {show(node.right)}"


def cases_text(node: Cases, style: str, show: Show) -> str:
    """``cases(a if c; b otherwise)``; in LaTeX the environment, in code nested ``np.where``."""
    branches = [show(branch) for branch in node.branches]
    conditions = [comparison_text(condition, style, show) for condition in node.conditions]
    other = None if node.otherwise is None else show(node.otherwise)
    if style == "numpy":
        text = "np.nan" if other is None else other
        for branch, condition in zip(reversed(branches), reversed(conditions), strict=True):
            text = f"np.where({condition}, {branch}, {text})"
        return text
    if style == "latex":
        rows = [
            rf"{branch} & \text{{if }} {condition}"
            for branch, condition in zip(branches, conditions, strict=True)
        ]
        rows += [] if other is None else [rf"{other} & \text{{otherwise}}"]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
    rows = [f"{b} if {c}" for b, c in zip(branches, conditions, strict=True)]
    rows += [] if other is None else [f"{other} otherwise"]
    return f"cases({'; '.join(rows)})"


def norm_text(argument: str, style: str) -> str:
    """``‖x‖``; as a word where the argument has bars of its own."""
    if style == "numpy":
        return f"np.linalg.norm({argument})"
    if style == "ascii" or "‖" in argument or r"\|" in argument:
        return (r"\mathrm{norm}" if style == "latex" else "norm") + f"({argument})"
    return rf"\|{argument}\|" if style == "latex" else f"‖{argument}‖"
