"""What items name of the engine: computations with literal arguments, claims, and draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from question_bank.forms import (
    DOTTED,
    Fields,
    Form,
    Integer,
    ListOf,
    Literal,
    Log,
    Named,
    Record,
    Words,
    optional,
    required,
)
from question_bank.nearest import nearest
from question_bank.nodes import Node
from question_bank.placeholders import NAME

_LARGEST: Final = 10**9


@dataclass(frozen=True)
class Compute:
    """A computation by name. ``arguments`` are literals; ``$NAME`` stands for a drawn value."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """The statement that a computation gives a value."""

    compute: Compute
    equals: Any


@dataclass(frozen=True)
class Draw:
    """A drawn parameter: an integer from ``low`` to ``high`` (both included), or a choice."""

    name: str
    low: int = 0
    high: int = 0
    choices: tuple[Any, ...] = ()
    differs_from: tuple[str, ...] = ()


_ARGUMENTS = Named(Literal(), NAME)
COMPUTE: Final = Record(compute=required(DOTTED), with_=optional(_ARGUMENTS))
CLAIM: Final = Record(
    compute=required(DOTTED), with_=optional(_ARGUMENTS), equals=required(Literal())
)


def compute_from(fields: Fields) -> Compute:
    """The computation that a read ``COMPUTE`` or ``CLAIM`` names."""
    return Compute(fields["compute"], fields.get("with", {}))


def claim_from(fields: Fields) -> Claim:
    """The claim of a read ``CLAIM``."""
    return Claim(compute_from(fields), fields["equals"])


_NAMES = ListOf(Words(NAME))
_INTEGER_DRAW = Record(
    integer=required(ListOf(Integer(-_LARGEST, _LARGEST), least=2, most=2)),
    differs_from=optional(_NAMES),
)
_CHOICE_DRAW = Record(
    choice=required(ListOf(Literal(references=False), least=2)), differs_from=optional(_NAMES)
)
_DRAW = Record(
    integer=optional(ListOf(Integer(-_LARGEST, _LARGEST), least=2, most=2)),
    choice=optional(ListOf(Literal(references=False), least=2)),
    differs_from=optional(_NAMES),
)


class Draws(Form[tuple[Draw, ...]]):
    """``{NAME: {integer: [low, high]} | {choice: [...]}}``, in the order written."""

    def read(self, node: Node, path: str, log: Log) -> tuple[Draw, ...] | None:
        named = Named(_DRAW, NAME).read(node, path, log)
        if named is None:
            return None
        draws: list[Draw] = []
        before = len(log.problems)
        for name, fields in named.items():
            place = log.places[f"{path}/{name}"]
            if ("integer" in fields) == ("choice" in fields):
                log.report(place, "draw-form")
                continue
            apart = fields.get("differs_from", ())
            for index, other in enumerate(apart):
                at = log.places[f"{path}/{name}/differs_from/{index}"]
                if other == name:
                    log.report(at, "draw-itself", name=name)
                elif other not in named:
                    near = nearest(other, named)
                    log.report(at, "reference-not-drawn", name=other, nearest=near)
            if "choice" in fields:
                choices = fields["choice"]
                if len({repr(value) for value in choices}) < len(choices):
                    log.report(fields.at("choice"), "repeated", name=name)
                draws.append(Draw(name, choices=choices, differs_from=apart))
            else:
                low, high = fields["integer"]
                if low > high:
                    log.report(fields.at("integer"), "draw-range", low=low, high=high)
                draws.append(Draw(name, low, high, differs_from=apart))
        return tuple(draws) if len(log.problems) == before else None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": {"oneOf": [_INTEGER_DRAW.schema(), _CHOICE_DRAW.schema()]},
        }
