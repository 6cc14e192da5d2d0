"""The two number systems that formulas are evaluated in.

``Floats`` decides; ``PrimeField`` proves: arithmetic modulo the prime 2^61 - 1 has no rounding, and
there an unknown function is a random table remembered by argument. Two different polynomials of
degree d agree at a random point of the field with probability at most d / 2^61 (Schwartz 1980).
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

PRIME = 2**61 - 1
_WAVES = 2


class NotRepresentableError(ArithmeticError):
    """A value that the prime field has no counterpart of, or a division by zero."""


@lru_cache(maxsize=256)
def _waves(name: str, seed: int) -> tuple[tuple[float, float, float], ...]:
    draw = random.Random(f"{name}/{seed}")  # noqa: S311 - points, not secrets
    return tuple(
        (draw.uniform(0.3, 0.5), draw.uniform(0.7, 1.5), draw.uniform(-3, 3)) for _ in range(_WAVES)
    )


_FLOAT_PRIMITIVES: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "relu": lambda a: np.maximum(a, 0.0),
    "step": lambda a: (np.asarray(a) > 0) * 1.0,
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.abs,
    "sign": np.sign,
}
_MATH_PRIMITIVES: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "cosh": math.cosh,
    "sinh": math.sinh,
    "relu": lambda a: max(a, 0.0),
    "step": lambda a: 1.0 if a > 0 else 0.0,
    "sin": math.sin,
    "cos": math.cos,
    "abs": abs,
    "sign": lambda a: float((a > 0) - (a < 0)),
}
PRIMITIVES = frozenset(_MATH_PRIMITIVES)
# Slopes of primitives that are primitives again; those of sin and cos alternate in sign.
_SLOPES = {"abs": "sign", "relu": "step"}
_WITHOUT_COUNTERPART = frozenset({"relu", "step", "abs", "sign"})


class Floats:
    """IEEE doubles. An abstract function is 0.6 a plus two sine waves, with exact derivatives."""

    exact = False
    dtype: Any = np.float64

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def number(self, value: Fraction | int) -> Any:
        return float(value)

    def draw(self, source: random.Random) -> Any:
        return source.uniform(-1.0, 1.0)

    def reduced(self, value: Any) -> Any:
        """The value itself: nothing to reduce."""
        return value

    def power(self, base: Any, exponent: int) -> Any:
        return base**exponent

    def inverse(self, array: Any) -> Any:
        with np.errstate(all="ignore"):
            return 1.0 / array

    def primitive(self, name: str, order: int, argument: Any) -> Any:
        """A primitive or an abstract function of a number or an array."""
        if order == 1 and name in _SLOPES:
            name, order = _SLOPES[name], 0
        scalar = isinstance(argument, float | int)
        if order and name in ("sin", "cos"):
            turned = argument + math.pi / 2 * (order + (name == "cos"))
            return math.sin(turned) if scalar else np.sin(turned)
        known = (_MATH_PRIMITIVES if scalar else _FLOAT_PRIMITIVES).get(name)
        if known is not None and order == 0:
            if scalar:
                return known(argument)
            with np.errstate(all="ignore"):
                return known(argument)
        sine = math.sin if scalar else np.sin
        value = argument * 0.6 if order == 0 else argument * 0.0 + (0.6 if order == 1 else 0.0)
        for height, frequency, phase in _waves(name, self.seed):
            wave = sine(argument * frequency + (phase + order * math.pi / 2))
            value = value + height * frequency**order * wave
        return value


class PrimeField:
    """Integers modulo 2^61 - 1, as Python integers in object arrays."""

    exact = True
    dtype: Any = object

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def number(self, value: Fraction | int) -> int:
        value = Fraction(value)
        return value.numerator * self._inverse(value.denominator) % PRIME

    def draw(self, source: random.Random) -> int:
        return source.randrange(1, PRIME)

    def reduced(self, value: Any) -> Any:
        return value % PRIME

    def power(self, base: Any, exponent: int) -> Any:
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        if isinstance(base, int):
            return pow(base, exponent, PRIME)
        return self._over(lambda entry: pow(entry, exponent, PRIME), base)

    def inverse(self, array: Any) -> Any:
        return self._over(self._inverse, array)

    def primitive(self, name: str, order: int, argument: Any) -> Any:
        if name in _WITHOUT_COUNTERPART:
            raise NotRepresentableError(f"{name} has no counterpart in a finite field")
        return self._over(lambda entry: self._random(name, order, entry), argument)

    @cached_property
    def _table(self) -> dict[tuple[str, int, int], int]:
        return {}

    def _random(self, name: str, order: int, entry: int) -> int:
        key = (name, order, entry % PRIME)
        if key not in self._table:
            text = f"{self.seed}/{name}/{order}/{key[2]}".encode()
            digest = hashlib.blake2b(text, digest_size=8).digest()
            self._table[key] = 1 + int.from_bytes(digest, "big") % (PRIME - 1)
        return self._table[key]

    @staticmethod
    def _inverse(entry: int) -> int:
        if entry % PRIME == 0:
            raise NotRepresentableError("division by zero")
        return pow(entry, -1, PRIME)

    @staticmethod
    def _over(apply: Callable[[int], int], argument: Any) -> Any:
        if isinstance(argument, np.ndarray):
            flat = [apply(entry) for entry in argument.ravel()]
            result = np.empty(argument.size, dtype=object)
            result[:] = flat
            return result.reshape(argument.shape)
        return apply(argument)
