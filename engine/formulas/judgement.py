"""What is known of a formula: codes and values, no prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.formulas.mistakes.ledger import LedgerRow
from engine.formulas.tree import Span
from engine.formulas.trouble import Trouble

OUTCOMES = ("correct", "correct_elsewhere", "wrong", "incomplete", "undecided", "not_understood")


@dataclass(frozen=True)
class NamedMistake:
    """A mistake by its code; ``span`` in the text as typed; ``at`` holds rendered strings."""

    code: str
    span: Span | None
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MisfitShapes:
    """Two shapes that do not fit, such as ``H x D`` and ``H x H``, and where."""

    span: Span | None
    left: str
    right: str


@dataclass(frozen=True)
class Judgement:
    """What is known of a formula: codes and values, no prose.

    ``outcome`` is one of ``OUTCOMES``. ``assumptions`` are the conventions that the judgement
    needed. ``link`` is the place of the first wrong link of a chain. ``reason`` is a code for
    undecided, incomplete and not understood: undeclared-symbol, formal-step, target-unknown,
    index-outside-run, too-much-work, asked-for, not-given, vacuous-term, not-evaluable,
    limits-missing, scalar-or-matrix, notations-disagree.
    """

    outcome: str
    mistakes: tuple[NamedMistake, ...] = ()
    reading: str = ""
    display: tuple[str, ...] = ()
    assumptions: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    link: int | None = None
    ledger: tuple[LedgerRow, ...] | None = None
    witness: Mapping[str, Any] | None = None
    reason: str | None = None
    trouble: Trouble | None = None
    shapes: tuple[MisfitShapes, ...] = ()
    about: str = ""


def shape_text(shape: tuple[str, str]) -> str:
    """A shape as people write it."""
    return f"{shape[0]}×{shape[1]}"
