"""Small readers of an exercise's plain data; each says where it stands and what was meant."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
# One summand of a length, with its sign: a number, a symbol, or a whole multiple of one.
_PIECE: Final = re.compile(r"([+-]?)((?:\d+\*)?[A-Za-z_]\w*|\d+)")


class ExerciseError(ValueError):
    """Something is wrong with an exercise: where (a path of keys), what, and what was meant."""

    def __init__(self, path: Path, what: str, nearest: Iterable[str] = ()) -> None:
        self.path = path
        self.what = what
        self.nearest = tuple(nearest)
        hint = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        where = ".".join(map(str, path)) or "exercise"
        super().__init__(f"{where}: {what}{hint}")


@dataclass(frozen=True)
class Length:
    """One length of a shape: multiples of symbols, and a number: ``4*H``, ``H+D``, ``T+1``."""

    terms: tuple[tuple[int, str], ...]
    offset: int = 0

    @property
    def symbol(self) -> str | None:
        """The symbol, if the length is just that, or that and a number."""
        return self.terms[0][1] if len(self.terms) == 1 and self.terms[0][0] == 1 else None

    def at(self, sizes: Mapping[str, int]) -> int:
        """The length for given sizes."""
        return self.offset + sum(count * sizes[symbol] for count, symbol in self.terms)

    def __str__(self) -> str:
        parts = [symbol if n == 1 else f"{n}*{symbol}" for n, symbol in self.terms]
        if self.offset or not parts:
            parts.append(str(self.offset))
        return "+".join(parts).replace("+-", "-")


def mapping(value: Any, path: Path) -> Mapping[str, Any]:
    """A mapping with texts as keys."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ExerciseError(path, "must be a mapping with names as keys")
    return value


def sequence(value: Any, path: Path) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise ExerciseError(path, "must be a list")
    return value


def names(value: Any, path: Path) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(name, path) for name in sequence(value, path))


def known(data: Mapping[str, Any], keys: str, path: Path) -> None:
    """Nothing but these keys (separated by spaces)."""
    for key in data:
        choice(key, keys.split(), (*path, key))


def choice(value: Any, known_names: Iterable[str], path: Path) -> None:
    """One of the known names, else the nearest of them is told."""
    spelt = sorted(known_names)
    if value not in spelt:
        near = difflib.get_close_matches(str(value), spelt, n=2) or spelt[:3]
        raise ExerciseError(path, f"unknown name {value!r}", near)


def need(data: Mapping[str, Any], key: str, path: Path) -> Any:
    """The value of a key that must be there."""
    if key not in data:
        raise ExerciseError(path, f"needs the key {key!r}")
    return data[key]


def text(value: Any, path: Path) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ExerciseError(path, "must be a text")
    return value


def flag(value: Any, path: Path) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ExerciseError(path, f"must be true or false, not {value!r}")
    return value


def number(value: Any, path: Path) -> float:
    """A finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ExerciseError(path, f"must be a finite number, not {value!r}")
    return float(value)


def size_range(value: Any, path: Path) -> tuple[int, int]:
    """Smallest and largest of a size, from 1 to 64."""
    items = sequence(value, path)
    if len(items) != 2 or not all(type(item) is int for item in items):
        raise ExerciseError(path, "must be [smallest, largest]")
    if not 1 <= items[0] <= items[1] <= 64:
        raise ExerciseError(path, "must rise, between 1 and 64")
    return items[0], items[1]


def fixed_sizes(value: Any, sizes: Iterable[str], path: Path) -> dict[str, int]:
    """Sizes by their symbols."""
    fixed = {}
    for name, size in mapping(value, path).items():
        choice(name, sizes, (*path, name))
        if type(size) is not int or not 1 <= size <= 64:
            raise ExerciseError((*path, name), "must be a size from 1 to 64")
        fixed[name] = size
    return fixed


def length(value: Any, sizes: Iterable[str], path: Path) -> Length:
    """A whole number, a symbol, ``4*H``, or a sum of them."""
    if type(value) is int:
        return Length((), value)
    written = str(value).replace(" ", "")
    pieces = _PIECE.findall(written)
    joined = all(sign for sign, _ in pieces[1:])
    if not pieces or not joined or "".join(sign + piece for sign, piece in pieces) != written:
        raise ExerciseError(path, f"no length: {value!r}")
    terms, offset = [], 0
    for sign, piece in pieces:
        factor = -1 if sign == "-" else 1
        if piece.isdigit():
            offset += factor * int(piece)
            continue
        count, star, symbol = piece.rpartition("*")
        choice(symbol, sizes, path)
        terms.append((factor * (int(count) if star else 1), symbol))
    return Length(tuple(terms), offset)


def shape(value: Any, sizes: Iterable[str], path: Path) -> tuple[Length, ...]:
    """A list of lengths."""
    return tuple(length(item, sizes, path) for item in sequence(value, path))
