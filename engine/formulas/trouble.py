"""What goes wrong while a formula is read, and what was mended silently on the way."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from engine.formulas.tree import Span

#: Everything that reading can answer instead of a formula.
TROUBLE_CODES: Final[frozenset[str]] = frozenset(
    [
        "empty",
        "unexpected-end",
        "unexpected-token",
        "unexpected-character",
        "unknown-name",
        "unknown-command",
        "unbalanced-bracket",
        "too-long",
        "too-deep",
        "sums-too-nested",
        "not-a-formula",
        "number-too-large",
        "ambiguous-script",
        "unexpected-script",
        "index-as-value",
        "function-without-argument",
        "sum-without-index",
        "unsupported-code",
    ]
)


@dataclass(frozen=True)
class Trouble:
    """Why a text was not understood. ``span`` is ``(start, end)`` in the text as it was typed.

    ``nearest`` are declared names that look like ``found``; ``expected`` are signs, spellings or
    the words ``name``, ``number``, ``operator``, ``end`` that could have stood there.
    """

    code: str
    span: Span
    found: str = ""
    nearest: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repair:
    """A spelling that was read as another one: ``\\sum*{`` as ``\\sum_{``."""

    start: int
    end: int
    found: str
    meant: str


class Unreadable(Exception):  # noqa: N818 -- it carries a finding about the text, not a fault
    """Raised inside the reader only; ``engine.formulas.reading.read`` turns it into its trouble."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


def unreadable(
    code: str,
    span: Span | None,
    found: str = "",
    *,
    nearest: tuple[str, ...] = (),
    expected: tuple[str, ...] = (),
) -> Unreadable:
    """An exception ready to be raised."""
    return Unreadable(Trouble(code, span or (0, 0), found, nearest, expected))


def nearest_names(found: str, names: list[str], count: int = 3) -> tuple[str, ...]:
    """The declared names most like ``found``: other case and missing underscores come first."""

    def bare(name: str) -> str:
        return name.replace("_", "").casefold()

    same = [name for name in names if bare(name) == bare(found)]
    close = get_close_matches(found[:40], names, n=count, cutoff=0.5)
    return tuple(dict.fromkeys([*same, *close]))[:count]
