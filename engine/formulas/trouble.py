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
class Candidates:
    """Declared names, kept until somebody asks which of them are nearest: most readings that fail
    are only a step on the way to one that does not, and comparing names takes longer than reading.
    """

    looked_for: tuple[str, ...]
    declared: tuple[str, ...]
    before: str = ""  # what every name begins with where it is written

    def nearest(self) -> tuple[str, ...]:
        """The declared names most like the first spelling that is like any."""
        found = (nearest_names(spelt, list(self.declared)) for spelt in self.looked_for)
        return tuple(self.before + name for name in next(filter(None, found), ()))


@dataclass(frozen=True)
class Trouble:
    """Why a text was not understood. ``span`` is ``(start, end)`` in the text as it was typed.

    ``names`` are the spellings that were looked for and the declared names that one of them may
    stand for; ``expected`` are signs, spellings or the words ``name``, ``number``, ``operator``,
    ``end`` that could have stood there.
    """

    code: str
    span: Span
    found: str = ""
    names: Candidates | None = None
    expected: tuple[str, ...] = ()

    @property
    def nearest(self) -> tuple[str, ...]:
        """Declared names that look like ``found``."""
        return self.names.nearest() if self.names is not None else ()


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
    names: Candidates | None = None,
    expected: tuple[str, ...] = (),
) -> Unreadable:
    """An exception ready to be raised."""
    return Unreadable(Trouble(code, span or (0, 0), found, names, expected))


def nearest_names(found: str, names: list[str], count: int = 3) -> tuple[str, ...]:
    """The declared names most like ``found``: other case and missing underscores come first."""

    def bare(name: str) -> str:
        return name.replace("_", "").casefold()

    same = [name for name in names if bare(name) == bare(found)]
    close = get_close_matches(found[:40], names, n=count, cutoff=0.5)
    return tuple(dict.fromkeys([*same, *close]))[:count]
