"""``formula``: a formula to write; the engine derives the truth from the target's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from question_bank.forms import (
    DOTTED,
    TEXT,
    Fields,
    ListOf,
    Log,
    Named,
    Record,
    Words,
    optional,
    required,
)
from question_bank.text import Text


@dataclass(frozen=True)
class FormulaBody:
    """``stated`` are the conventions that the question fixes; ``given`` names the symbols.

    ``check`` is the answer as the author wrote it down, to be judged like a learner's: it shows
    that the target is the one that the stem asks for.
    """

    target: str
    stated: Mapping[str, str] = field(default_factory=dict)
    given: Text | None = None
    check: tuple[str, ...] = ()


FACES = ("typed", "choice")
FORM = Record(
    target=required(DOTTED),
    stated=optional(Named(Words(), r"[a-z][a-z-]*")),
    given=optional(TEXT),
    check=optional(ListOf(Words(), least=1, most=6, single=True)),
)


def parse(fields: Fields, log: Log) -> FormulaBody:
    """The body of a cleanly read form. Names are the engine's business."""
    return FormulaBody(
        fields["target"], fields.get("stated", {}), fields.get("given"), fields.get("check", ())
    )
