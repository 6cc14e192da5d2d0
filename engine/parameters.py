"""Typed and bounded parameters of whatever the engine offers by name.

Arguments come from a question bank or a command line: plain numbers, strings and lists that nobody
has checked. Numbers become exact fractions (0.1 is 1/10, as it was written), so that what is
computed from them can be exact too. A string may name a logarithm ("ln 3", "-1/2 ln 3") where
the parameter allows it: the sigmoid and tanh of these are rational.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

Kind = Literal["integer", "number", "choice", "numbers", "matrix"]


class Required(Enum):
    """The default of a parameter that has none."""

    REQUIRED = "required"


REQUIRED: Final = Required.REQUIRED


@dataclass(frozen=True, slots=True)
class Logarithm:
    """coefficient · ln argument, kept exact; the argument is positive."""

    coefficient: Fraction
    argument: Fraction

    def __float__(self) -> float:
        return float(self.coefficient) * math.log(self.argument)

    def __neg__(self) -> Logarithm:
        return Logarithm(-self.coefficient, self.argument)


Number: TypeAlias = Fraction | Logarithm

#: "ln 3", "-ln 2", "1/2 ln 3", "-0.5 ln(4)"
_LOGARITHM = re.compile(
    r"([+-]?)\s*(\d{1,2}(?:/\d{1,2}|\.\d{1,2})?)?\s*ln\s*\(?\s*(\d{1,6}(?:/\d{1,6})?)\s*\)?"
)
_LITERAL = re.compile(r"[+-]?\d{1,30}(?:/\d{1,30}|\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")


class ParameterError(ValueError):
    """An argument that does not fit.

    Attributes
    ----------
    name : what was called
    argument : which argument, "" if the name itself is unknown
    code : unknown-name, unknown-argument, missing, wrong-kind, too-small, too-large, not-a-choice,
        too-long, ragged, not-fitting
    what : the same in English, with the values
    nearest : valid names or choices that may be meant
    """

    def __init__(
        self, name: str, argument: str, code: str, what: str, nearest: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.argument = argument
        self.code = code
        self.what = what
        self.nearest = nearest
        where = f"{name}: {argument}" if argument else name
        hint = f" (nearest: {', '.join(nearest)})" if nearest else ""
        super().__init__(f"{where} {what}{hint}")


class _ValueError(Exception):
    """What is wrong with a value, before it is known where it stood."""

    def __init__(self, code: str, what: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.nearest = nearest


def nearest_names(name: object, known: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
    """Up to three known names that look like this one."""
    return tuple(get_close_matches(str(name), known, n=3, cutoff=0.5))


def exact(value: object, logarithms: bool = False) -> Number | None:
    """The exact number that was written, or None if it is none (or not finite).

    Accepts int, Fraction, float (by its shortest decimal form) and strings such as "2/3", "-0.5".
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, Fraction | int):
        return Fraction(value)
    if isinstance(value, Logarithm):
        return value if logarithms else None
    if isinstance(value, float):
        return Fraction(repr(value)) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = value.strip().replace("−", "-")
    try:
        if _LITERAL.fullmatch(text):
            return Fraction(text)
        found = _LOGARITHM.fullmatch(text) if logarithms and len(text) <= 60 else None
        if found is None or Fraction(found[3]) <= 0:
            return None
        coefficient = Fraction(found[2] or 1) * (-1 if found[1] == "-" else 1)
        return Logarithm(coefficient, Fraction(found[3]))
    except (ValueError, ZeroDivisionError):
        return None


def _bound(value: Fraction | int | float | None) -> Fraction | None:
    return (
        None
        if value is None
        else Fraction(repr(value))
        if isinstance(value, float)
        else Fraction(value)
    )


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its kind, its bounds and what it means.

    Attributes
    ----------
    kind : "integer"; "number"; "choice" (of strings); "numbers" (a vector: a list, or one number);
        "matrix" (a list of rows of one length, or one number)
    meaning : in English, for lists of what there is
    minimum, maximum : bounds of the number, or of every entry
    choices : for "choice"
    default : REQUIRED if there is none; None if it may be left out
    logarithms : whether entries may be written as "ln 3"
    most : greatest number of entries of a vector, and of rows and columns of a matrix
    """

    kind: Kind
    meaning: str
    minimum: Fraction | int | float | None = None
    maximum: Fraction | int | float | None = None
    choices: tuple[str, ...] = ()
    default: Any = REQUIRED
    logarithms: bool = False
    most: int = 16

    def to_json(self) -> dict[str, Any]:
        """A description of plain values."""
        described: dict[str, Any] = {"kind": self.kind, "meaning": self.meaning}
        for key in ("minimum", "maximum"):
            bound = getattr(self, key)
            if bound is not None:
                described[key] = bound if isinstance(bound, int) else float(bound)
        if self.choices:
            described["choices"] = list(self.choices)
        described["required"] = self.default is REQUIRED
        if self.default is not REQUIRED:
            described["default"] = self.default
        return described

    def read(self, value: object) -> Any:
        """The typed value: int, Fraction or Logarithm, str, tuple of numbers, tuple of rows."""
        if self.kind == "choice":
            # YAML and JSON have booleans and numbers where a bank's author meant a word.
            if isinstance(value, str) and value in self.choices:
                return value
            what = f"has to be one of {', '.join(self.choices)}; it is {_shown(value)}"
            raise _ValueError("not-a-choice", what, nearest_names(value, self.choices))
        if self.kind == "integer":
            number = self._number(value)
            if not isinstance(number, Fraction) or number.denominator != 1:
                raise _ValueError("wrong-kind", f"has to be an integer; it is {_shown(value)}")
            return int(number)
        if self.kind == "number":
            return self._number(value)
        if self.kind == "numbers":
            return self._vector(value)
        return self._matrix(value)

    def _number(self, value: object) -> Number:
        number = exact(value, self.logarithms)
        if number is None:
            raise _ValueError("wrong-kind", f"has to be a number; it is {_shown(value)}")
        size = number if isinstance(number, Fraction) else float(number)
        # As written: a bound of 0.1 admits 1/10, though the float 0.1 is a little more than that.
        minimum, maximum = _bound(self.minimum), _bound(self.maximum)
        if minimum is not None and size < minimum:
            raise _ValueError("too-small", f"has to be at least {self.minimum}; it is {value}")
        if maximum is not None and size > maximum:
            raise _ValueError("too-large", f"may be at most {self.maximum}; it is {value}")
        return number

    def _vector(self, value: object) -> tuple[Number, ...]:
        entries = value if isinstance(value, list | tuple) else (value,)
        if not 1 <= len(entries) <= self.most:
            what = f"has to have 1 to {self.most} entries; it has {len(entries)}"
            raise _ValueError("too-long", what)
        return tuple(self._number(entry) for entry in entries)

    def _matrix(self, value: object) -> tuple[tuple[Number, ...], ...]:
        rows = value if isinstance(value, list | tuple) else ((value,),)
        if not 1 <= len(rows) <= self.most:
            raise _ValueError("too-long", f"has to have 1 to {self.most} rows; it has {len(rows)}")
        if not all(isinstance(row, list | tuple) for row in rows):
            raise _ValueError("wrong-kind", "has to be a list of rows, each a list of numbers")
        matrix = tuple(self._vector(row) for row in rows)
        if len({len(row) for row in matrix}) != 1:
            raise _ValueError("ragged", "has rows of different lengths")
        return matrix


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def read_arguments(
    name: str,
    parameters: Mapping[str, Parameter],
    arguments: Mapping[str, object],
    error: type[ParameterError] = ParameterError,
) -> dict[str, Any]:
    """Every parameter's typed value, defaults filled in.

    Raises
    ------
    ``error`` for an unknown, missing or ill-typed argument or one out of bounds
    """
    for given in arguments:
        if given not in parameters:
            nearest = nearest_names(given, parameters)
            raise error(name, str(given), "unknown-argument", "is no argument of it", nearest)
    values: dict[str, Any] = {}
    for key, parameter in parameters.items():
        value = arguments.get(key, parameter.default)
        if value is REQUIRED:
            raise error(name, key, "missing", "is missing")
        if value is None:
            if parameter.default is not None:
                raise error(name, key, "wrong-kind", "may not be empty")
            values[key] = None
            continue
        try:
            values[key] = parameter.read(value)
        except _ValueError as problem:
            raise error(name, key, problem.code, problem.what, problem.nearest) from None
    return values
