"""What items name of the engine: computations with literal arguments, claims, and draws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
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
from question_bank.nodes import Mapping, Node
from question_bank.placeholders import NAME
from question_bank.text import Text

_LARGEST: Final = 10**9


@dataclass(frozen=True)
class Compute:
    """A computation by name. ``arguments`` are literals; ``$NAME`` stands for a drawn value."""

    name: str
    arguments: MappingOf[str, Any] = field(default_factory=dict)


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


_NAME = Words(
    NAME,
    Text(
        "a letter followed by letters, digits or underscores",
        "英字で始まり、英字・数字・下線が続くもの",
    ),
)
_NAMES = ListOf(_NAME)
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
        if not isinstance(node, Mapping):
            log.wrong_type(node, "mapping")
            return None
        before = len(log.problems)
        draws: list[Draw] = []
        for name, place in node.keys.items():
            if not re.fullmatch(NAME, name):
                wanted = _NAME.wanted
                log.report(place, "bad-form", found=name, wanted=wanted.en, wanted_ja=wanted.ja)
            elif name in node.entries:
                inner = f"{path}/{name}"
                fields = _DRAW.read(node.entries[name], inner, log)
                if fields is not None:
                    draws += self._draw(name, fields, inner, set(node.keys), log)
        return tuple(draws) if len(log.problems) == before else None

    def _draw(
        self, name: str, fields: Fields, path: str, drawn: set[str], log: Log
    ) -> Iterator[Draw]:
        if ("integer" in fields) == ("choice" in fields):
            log.report(fields.place, "draw-form")
            return
        apart = fields.get("differs_from", ())
        for index, other in enumerate(apart):
            at = log.places[f"{path}/differs_from/{index}"]
            if other == name:
                log.report(at, "draw-itself", name=name)
            elif other not in drawn:
                log.report(at, "not-drawn", name=other, nearest=nearest(other, drawn))
        if "choice" in fields:
            choices = fields["choice"]
            for index, choice in enumerate(choices):
                if choice in choices[:index]:
                    log.report(log.places[f"{path}/choice/{index}"], "repeated", name=choice)
            yield Draw(name, choices=choices, differs_from=apart)
        else:
            low, high = fields["integer"]
            if low > high:
                log.report(fields.at("integer"), "draw-range", low=low, high=high)
            yield Draw(name, low, high, differs_from=apart)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": {"oneOf": [_INTEGER_DRAW.schema(), _CHOICE_DRAW.schema()]},
        }
