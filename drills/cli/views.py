"""An item as lines of text, as ``bank show`` and the plain session print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.cli.console import terminal_width
from drills.typography import cell_width, wrap

if TYPE_CHECKING:
    from drills.grading.base import View


def view_lines(view: View) -> list[str]:
    """What is read first, lettered options (and the right-hand column of a match), each wrapped.

    Code and figures keep their lines, whatever the width.
    """
    width = terminal_width()
    lines: list[str] = []
    for block in view.material:
        if lines:
            lines.append("")
        if block.kind == "prose":
            lines += wrap(block.text, width)
        else:
            lines += ["    " + line for line in block.text.splitlines()]
    for column in (view.options, view.right):
        if column:
            lines.append("")
            lines += [line for label, line in column for line in _option(label, line, width)]
    return lines


def _option(label: str, body: str, width: int) -> list[str]:
    indent = cell_width(label) + 4
    first, *rest = wrap(body, width - indent)
    return [f"  {label}  {first}", *(" " * indent + line for line in rest)]
