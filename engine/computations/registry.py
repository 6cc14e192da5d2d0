"""What a computation is: a truth, and the values that known mistakes give instead of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from engine.mistakes import MISTAKE_CODES
from engine.parameters import Parameter, ParameterError, nearest_names, read_arguments

Scalar: TypeAlias = int | Fraction | float
Value: TypeAlias = Scalar | tuple[Scalar, ...] | tuple[tuple[Scalar, ...], ...]
Arguments: TypeAlias = dict[str, Any]
Result = TypeVar("Result")


class ComputationError(ParameterError):
    """A computation that does not exist, or an argument that does not fit it."""


class ArgumentError(Exception):
    """Raised inside a computation: arguments that are right alone and do not fit together."""

    def __init__(self, argument: str, what: str, code: str = "not-fitting") -> None:
        super().__init__(what)
        self.argument = argument
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class MistakenValue:
    """What comes out if one makes the mistake ``code``; ``note`` tells apart two of one code."""

    code: str
    value: Value
    note: str = ""


#: code, note, value
Mistake: TypeAlias = tuple[str, str, Any]


@dataclass(frozen=True, slots=True)
class Computation:
    """A named function of typed, bounded parameters.

    Attributes
    ----------
    name : stable; question banks refer to it
    summary, source : what it computes, and where the rule stands
    parameters : name → Parameter
    """

    name: str
    summary: str
    source: str
    parameters: Mapping[str, Parameter]
    _truth: Callable[[Arguments], Any]
    _mistakes: Callable[[Arguments], Iterable[Mistake]]

    def evaluate(self, arguments: Mapping[str, object]) -> Value:
        """The right value: exact (int, Fraction) wherever the arithmetic is.

        A vector or matrix of one entry is that entry. Raises ComputationError.
        """
        read = self._read(arguments)
        return self._guarded(lambda: canonical(self._truth(read)))

    def mistakes(self, arguments: Mapping[str, object]) -> list[MistakenValue]:
        """What each known mistake gives for these arguments.

        A mistake that the arguments leave no room for (a bias dropped where there is none) is not
        listed. A mistake whose value happens to be the right one is: the caller draws again.
        """
        read = self._read(arguments)

        def listed() -> list[MistakenValue]:
            self._truth(read)  # arguments that do not fit together are refused here as there
            found = []
            for code, note, value in self._mistakes(read):
                assert code in MISTAKE_CODES, code
                found.append(MistakenValue(code, canonical(value), note))
            return found

        return self._guarded(listed)

    def to_json(self) -> dict[str, Any]:
        """Name, summary, source and parameters as plain values."""
        return {
            "name": self.name,
            "summary": self.summary,
            "source": self.source,
            "parameters": {name: p.to_json() for name, p in self.parameters.items()},
        }

    def _read(self, arguments: Mapping[str, object]) -> Arguments:
        return read_arguments(self.name, self.parameters, arguments, ComputationError)

    def _guarded(self, compute: Callable[[], Result]) -> Result:
        try:
            return compute()
        except ArgumentError as error:
            raise ComputationError(self.name, error.argument, error.code, error.what) from None
        except OverflowError:
            raise ComputationError(
                self.name, "", "too-large", "gives a value beyond the range of numbers"
            ) from None


class Registry:
    """Collects computations by name; each module of this package fills one."""

    def __init__(self) -> None:
        self._found: dict[str, Computation] = {}

    def add(
        self,
        name: str,
        summary: str,
        source: str,
        parameters: Mapping[str, Parameter],
        mistakes: Callable[[Arguments], Iterable[Mistake]],
    ) -> Callable[[Callable[[Arguments], Any]], Callable[[Arguments], Any]]:
        """Decorate the function that computes the truth."""

        def register(truth: Callable[[Arguments], Any]) -> Callable[[Arguments], Any]:
            assert name not in self._found, name
            bounded = MappingProxyType(dict(parameters))
            self._found[name] = Computation(name, summary, source, bounded, truth, mistakes)
            return truth

        return register

    def __iter__(self) -> Iterator[Computation]:
        return iter(self._found.values())


class Shape(tuple[int, ...]):
    """The shape of an array: (16,) keeps its brackets, where a vector of one entry loses them."""

    __slots__ = ()


def canonical(value: Any) -> Value:
    """One form for equal values: whole fractions as int, a vector or matrix of one entry as it."""
    if isinstance(value, Shape):
        return tuple(value)
    if not isinstance(value, list | tuple):
        return _scalar(value)
    if not any(isinstance(row, list | tuple) for row in value):
        entries = tuple(_scalar(entry) for entry in value)
        return entries[0] if len(entries) == 1 else entries
    rows = tuple(tuple(_scalar(entry) for entry in row) for row in value)
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _scalar(value: Any) -> Scalar:
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise OverflowError
    assert isinstance(value, int | Fraction | float), type(value)
    return value


def to_json(value: Value) -> Any:
    """Plain values: a fraction as "2/3", a tuple as a list."""
    if isinstance(value, tuple):
        return [to_json(entry) for entry in value]
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def from_json(value: Any) -> Value:
    """The inverse of ``to_json``."""
    if isinstance(value, list):
        return tuple(from_json(entry) for entry in value)  # type: ignore[return-value]
    read: Scalar = Fraction(value) if isinstance(value, str) else value
    return read


def find(computations: Mapping[str, Computation], name: str) -> Computation:
    """The computation of this name; raises ComputationError with the nearest names."""
    try:
        return computations[name]
    except KeyError:
        nearest = nearest_names(name, computations)
        raise ComputationError(name, "", "unknown-name", "is no computation", nearest) from None
