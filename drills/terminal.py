"""What the terminal in front can do: size, colours, characters, and how wide some of them are."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# "Where is the cursor?" and its answer, row and column from 1 (ECMA-48, CPR).
_WHERE: Final = "\x1b[6n"
_ANSWER: Final = re.compile(rb"\x1b\[(\d+);(\d+)R")
_PATIENCE: Final = (
    0.4  # seconds; a terminal answers within a few milliseconds, ssh within some more
)


@dataclass(frozen=True)
class Terminal:
    """``size`` is (columns, rows), None on a pipe; ``colours`` their number, 0 for none.

    ``ambiguous`` is how many cells σ takes, None where nobody says.
    """

    size: tuple[int, int] | None
    colours: int
    encoding: str
    unicode: bool
    ambiguous: int | None


def look(environment: Mapping[str, str] = os.environ) -> Terminal:
    """The terminal behind standard output. Never fails, and leaves no trace on the screen."""
    try:
        size = tuple(os.get_terminal_size(sys.__stdout__.fileno())) if sys.__stdout__ else None
    except (OSError, ValueError):
        size = None
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "σ─✓日".encode(encoding)
        everything = True
    except (UnicodeEncodeError, LookupError):
        everything = False
    shown = (size[0], size[1]) if size is not None else None
    return Terminal(
        shown,
        colours(environment) if shown else 0,
        encoding.lower(),
        everything,
        _measure("σ") if shown and everything and environment.get("TERM") != "dumb" else None,
    )


def colours(environment: Mapping[str, str]) -> int:
    """How many colours a terminal with these variables is asked for."""
    if environment.get("NO_COLOR") or environment.get("TERM", "") in ("dumb", "unknown"):
        return 0
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 1 << 24
    if environment.get("TERM", "").endswith(("-256color", "-direct")):
        return 256
    return 16


def column_of(answer: bytes) -> int | None:
    """The column (from 1) in a terminal's answer; None when it is no whole answer yet."""
    found = _ANSWER.search(answer)
    return int(found[2]) if found else None


def _measure(letter: str) -> int | None:
    """Print a letter, ask where the cursor is, wipe the line."""
    try:
        import select
        import termios
        import tty

        source, sink = sys.__stdin__, sys.__stdout__
        if source is None or sink is None or not (source.isatty() and sink.isatty()):
            return None
        descriptor = source.fileno()
        before = termios.tcgetattr(descriptor)
    except (ImportError, OSError, ValueError):  # no termios on Windows
        return None
    column = None
    try:
        tty.setcbreak(descriptor)
        sink.write(f"\r{letter}{_WHERE}")
        sink.flush()
        answer = b""
        while column is None and select.select([descriptor], [], [], _PATIENCE)[0]:
            piece = os.read(descriptor, 64)
            if not piece:
                break
            answer += piece
            column = column_of(answer)
        sink.write("\r\x1b[K")
        sink.flush()
    except (OSError, ValueError):
        pass
    finally:
        # An answer that comes late is thrown away, or the shell would take it for typing.
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
    return column - 1 if column in (2, 3) else None
