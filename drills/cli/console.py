"""Streams, exit codes and the few shapes in which the command line prints."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, Final, TextIO


class Exit(IntEnum):
    """What the command's exit code says."""

    FINE = 0  # fine, or right
    WRONG = 1  # wrong, or problems found
    USAGE = 2  # the command line itself can't be used
    NOT_JUDGED = 3  # not understood, incomplete or undecided
    INTERRUPTED = 130


# What a console that lacks a sign gets in its place.
_ASCII: Final = {
    "✓": "v", "✗": "x", "…": "...", "·": "-", "−": "-", "–": "-", "→": "->", "≤": "<=", "≥": ">=",
    "σ": "sigma", "δ": "delta", "ε": "eps", "Σ": "sum", "⊙": "(.)", "∂": "d", "ᵀ": "^T", "█": "#",
    "░": ".", "×": "x", "‖": "||", "²": "^2", "½": "1/2", "≠": "!=", "′": "'", "∈": " in ",
}  # fmt: skip


def _replace_sign(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_ASCII.get(letter, "?") for letter in missing), error.end


def prepare_streams() -> None:
    """UTF-8 on pipes; a console keeps its encoding and gets ASCII forms for what it lacks."""
    codecs.register_error("bptt-ascii", _replace_sign)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, codecs.StreamReaderWriter) or not hasattr(stream, "reconfigure"):
            continue
        if stream.isatty():
            stream.reconfigure(errors="bptt-ascii")
        else:
            stream.reconfigure(encoding="utf-8", errors="bptt-ascii")
    if hasattr(sys.stdin, "reconfigure") and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def say(*lines: str) -> None:
    """Data, to stdout."""
    for line in lines:
        print(line)


def complain(*lines: str) -> None:
    """Messages, to stderr."""
    for line in lines:
        print(line, file=sys.stderr)


def print_json(value: Any, stream: TextIO | None = None) -> None:
    """One JSON value on one line, flushed: a reader at the other end of a pipe may wait for it."""
    print(json.dumps(value, ensure_ascii=False), file=stream or sys.stdout, flush=True)


def table(rows: Iterable[Sequence[str]], indent: int = 0) -> list[str]:
    """Rows in aligned columns, two spaces apart; widths are counted in cells."""
    from drills.typography import cell_width, pad

    cells = [list(row) for row in rows]
    if not cells:
        return []
    widths = [max(cell_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    return [
        (
            " " * indent + "  ".join(pad(cell, w) for cell, w in zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def bar(share: float, width: int = 20) -> str:
    """A share between 0 and 1 as a bar of ASCII signs: its width is sure in every terminal."""
    full = round(max(0.0, min(1.0, share)) * width)
    return "#" * full + "." * (width - full)


def terminal_width() -> int:
    """The columns to wrap prose to: the terminal's, at most 80 so that lines stay readable."""
    try:
        return max(40, min(80, os.get_terminal_size().columns))
    except OSError:
        return 80
