"""An item as lines of text, as ``bank show`` and the plain session print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.cli.console import terminal_width
from drills.typography import cell_width, wrap

if TYPE_CHECKING:
    from drills.grading.base import View


def view_lines(view: View) -> list[str]:
    """Stem, code, lettered options (and the right-hand column of a match), each wrapped."""
    width = terminal_width()
    lines = wrap(view.stem, width)
    if view.code:
        lines += ["", *("    " + line for line in view.code.splitlines())]
    for column in (view.options, view.right):
        if column:
            lines.append("")
            lines += [line for label, line in column for line in _option(label, line, width)]
    return lines


def _option(label: str, body: str, width: int) -> list[str]:
    indent = cell_width(label) + 4
    first, *rest = wrap(body, width - indent)
    return [f"  {label}  {first}", *(" " * indent + line for line in rest)]
