"""``numeric``: a value that the engine computes, and that the author worked out independently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from question_bank.computing import COMPUTE, Compute, compute_from
from question_bank.forms import (
    KEBAB,
    Fields,
    ListOf,
    Literal,
    Log,
    Named,
    Number,
    OneOf,
    Record,
    optional,
    required,
)
from question_bank.nearest import nearest
from question_bank.placeholders import NAME

# How the answer is to be typed.
ANSWERS: Final = ("integer", "fraction", "decimal", "shape", "vector", "matrix")


@dataclass(frozen=True)
class Check:
    """The answer for given values of the draws, worked out by hand."""

    answer: Any
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NumericBody:
    """``mistakes`` None means every mistake that the computation knows; ``tolerance`` is relative
    and holds for decimals only."""

    truth: Compute
    check: Check
    mistakes: tuple[str, ...] | None = None
    answer: str | None = None
    tolerance: float = 1e-3


FACES = ("typed",)
FORM = Record(
    truth=required(COMPUTE),
    check=required(
        Record(
            given=optional(Named(Literal(references=False), NAME)),
            answer=required(Literal(references=False)),
        )
    ),
    mistakes=optional(ListOf(KEBAB, single=True)),
    answer=optional(OneOf(ANSWERS)),
    tolerance=optional(Number(0.0, 0.5)),
)


def parse(fields: Fields, log: Log) -> NumericBody:
    """The body of a cleanly read form; the item compares ``given`` with its draws."""
    named = fields.get("mistakes", ("all",))
    return NumericBody(
        compute_from(fields["truth"]),
        Check(fields["check"]["answer"], fields["check"].get("given", {})),
        None if named == ("all",) else named,
        fields.get("answer"),
        fields.get("tolerance", 1e-3),
    )


def compare_with_draws(body: NumericBody, fields: Fields, drawn: set[str], log: Log) -> None:
    """Reports what the worked check gives too much or too little."""
    check = fields["check"]
    for name in body.check.given:
        if name not in drawn:
            place = log.places.get(f"check/given/{name}", check.place)
            near = nearest(name, drawn)
            log.report(place, "not-drawn", name=name, nearest=near)
    for name in sorted(drawn - set(body.check.given)):
        log.report(check.place, "given-missing", name=name)
