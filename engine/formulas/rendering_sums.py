"""One line of text for sums and products over an index, in each input language."""

from __future__ import annotations

from engine.formulas.rendering_structures import sign_of
from engine.formulas.spelling import bare_name, index_text
from engine.formulas.tree import BigOperator, Index


def big_text(node: BigOperator, style: str, body: str) -> str:
    """The sign with its limits before ``body``, the text of what is summed."""
    name = bare_name(node.index, style)
    low = None if node.low is None else index_text(node.low, style)
    high = None if node.high is None else index_text(node.high, style)
    if style == "numpy":
        return _loop(node, name, low, body)
    if style == "ascii":
        limits = name if low is None else f"{name}={low}..{high}"
        word = "sum" if node.kind == "sum" else "prod"
        return f"{word}({limits}{without_text(node, style)}, {body})"
    signs = {"unicode": ("Σ", "∏"), "latex": (r"\sum", r"\prod")}[style]
    sign = signs[0] if node.kind == "sum" else signs[1]
    below = (name if low is None else f"{name}={low}") + without_text(node, style)
    sign += f"_{below}" if len(below) == 1 else f"_{{{below}}}"
    if high is not None:
        sign += f"^{high}" if len(high) == 1 else f"^{{{high}}}"
    return f"{sign} {body}"


def _loop(node: BigOperator, name: str, low: str | None, body: str) -> str:
    """A sum over a generator; the upper limit of a range is not included."""
    high = node.high if node.high is not None else Index.of(0, T=1)
    stop, start = index_text(high + 1, "numpy"), "1" if low is None else low
    limits = stop if start == "0" else f"{start}, {stop}"
    inner = f"{body} for {name} in range({limits}){without_text(node, 'numpy')}"
    return f"sum({inner})" if node.kind == "sum" else f"np.prod([{inner}])"


def without_text(node: BigOperator, style: str) -> str:
    """The values that an index leaves out, behind its limits."""
    if not node.excluded:
        return ""
    name = bare_name(node.index, style)
    if style == "numpy":
        one = len(node.excluded) == 1
        return f" if {name} != {node.excluded[0]}" if one else f" if {name} not in {node.excluded}"
    sign = sign_of("!=", style)
    return "".join(f", {name} {sign} {value}" for value in node.excluded)
