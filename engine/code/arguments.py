"""What an exercise's functions are called with: the form of each argument and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from . import fields
from .fields import ExerciseError, Length, Path

# Name of the argument, then the key or position inside it.
Place: TypeAlias = tuple[str | int, ...]
DRAWS: Final = (
    "uniform",
    "normal",
    "bits",
    "number",
    "count",
    "size",
    "index",
    "mask",
    "lengths",
    "one-hot",
    "probabilities",
    "choice",
    "function",
)
# Drawn as one Python value, hence without a shape.
_SCALARS: Final = ("number", "count", "size", "choice", "function")
_NOTHING: Final = Length(())
_ONE: Final = Length((), 1)
_ELEMENTS: Final = ("float", "integer", "boolean")


@dataclass(frozen=True)
class Draw:
    """How one value is drawn.

    ``kind``: uniform in [low, high]; normal times ``high``; bits (0 or 1, integers); number (a
    Python float in [low, high]); count (a Python int in [low, high]); size (the size of a symbol,
    ``bound``); index (integers from ``low`` to below ``bound``); mask (N, T) of 0 and 1, ones
    first, lengths that differ; lengths (integers from 1 to ``bound``, one of them ``bound``);
    one-hot and probabilities (along the last axis); choice (one of ``options``); function (one of
    the file's own, ``options[0]``).
    """

    kind: str = "uniform"
    shape: tuple[Length, ...] = ()
    low: float = -1.0
    high: float = 1.0
    bound: Length = _NOTHING
    options: tuple[Any, ...] = ()
    dtype: str = "float"


@dataclass(frozen=True)
class Argument:
    """An argument: one value, or a dictionary or list of several.

    ``parts`` has one draw for each key of a dictionary (``form`` "entries") or place of a list
    ("items", whose keys are names for us only); of the forms "single" and "list" (``count`` equal
    draws) it has one, under the key "". ``optional``: None now and then.
    """

    name: str
    parts: tuple[tuple[str, Draw], ...]
    form: str = "single"
    count: Length = _ONE
    optional: bool = False

    def places(self) -> dict[str, tuple[Place, Draw]]:
        """Where each draw ends up, by the address that the exercise's data gives it."""
        if self.form == "single":
            return {self.name: ((self.name,), self.parts[0][1])}
        if self.form == "list":
            return {}
        return {
            f"{self.name}.{key}": ((self.name, key if self.form == "entries" else number), draw)
            for number, (key, draw) in enumerate(self.parts)
        }


def parse(data: Mapping[str, Any], sizes: Iterable[str]) -> tuple[Argument, ...]:
    """Reads the key ``arguments``.

    Raises:
        ExerciseError: with the path of keys.
    """
    return tuple(_argument(name, value, sizes) for name, value in data.items())


def addresses(arguments: Iterable[Argument]) -> dict[str, tuple[Place, Draw]]:
    """Every single value of every argument, by ``name`` or ``name.key``."""
    return {k: v for argument in arguments for k, v in argument.places().items()}


def at(values: Mapping[str, Any], place: Place) -> Any:
    """The value at a place of drawn arguments."""
    value: Any = values
    for key in place:
        value = value[key]
    return value


def put(values: Mapping[str, Any], place: Place, new: Any) -> dict[str, Any]:
    """A copy of the arguments with another value at one place; the rest is shared."""
    name, *inside = place
    copy = dict(values)
    if not inside:
        copy[str(name)] = new
        return copy
    old = copy[str(name)]
    container: Any = dict(old) if isinstance(old, dict) else list(old)
    container[inside[0]] = new
    copy[str(name)] = container
    return copy


def _argument(name: str, value: Any, sizes: Iterable[str]) -> Argument:
    path: Path = ("arguments", name)
    data = fields.mapping(value, path)
    optional = fields.flag(data.get("optional", False), (*path, "optional"))
    for form in ("entries", "items"):
        if form in data:
            fields.known(data, f"{form} optional", path)
            inner = fields.mapping(data[form], (*path, form))
            parts = tuple((k, _draw(v, sizes, (*path, form, k))) for k, v in inner.items())
            if not parts:
                raise ExerciseError((*path, form), "has nothing in it")
            return Argument(name, parts, form, optional=optional)
    rest = {key: item for key, item in data.items() if key not in ("optional", "list")}
    draw = _draw(rest, sizes, path)
    if "list" in data:
        count = fields.length(data["list"], sizes, (*path, "list"))
        return Argument(name, (("", draw),), "list", count, optional)
    return Argument(name, (("", draw),), optional=optional)


def _draw(value: Any, sizes: Iterable[str], path: Path) -> Draw:
    data = fields.mapping(value, path)
    fields.known(data, "shape draw low high below up_to of dtype", path)
    kind = data.get("draw", "uniform")
    fields.choice(kind, DRAWS, (*path, "draw"))
    shape = fields.shape(data.get("shape", []), sizes, (*path, "shape"))
    if kind in _SCALARS and shape:
        raise ExerciseError((*path, "shape"), f"a {kind} has no shape")
    if kind in ("mask", "one-hot", "probabilities", "lengths") and not shape:
        raise ExerciseError((*path, "shape"), f"{kind} needs a shape")
    first = {"count": 1.0, "index": 0.0}.get(kind, -1.0)
    last = {"count": 4.0}.get(kind, 1.0)
    low = fields.number(data.get("low", first), (*path, "low"))
    high = fields.number(data.get("high", max(last, low)), (*path, "high"))
    if low > high:
        raise ExerciseError((*path, "high"), f"is below low, {low:g}")
    key = {"index": "below", "lengths": "up_to", "size": "of"}.get(kind)
    bound = _NOTHING
    if key is not None:
        bound = fields.length(fields.need(data, key, path), sizes, (*path, key))
    options: tuple[Any, ...] = ()
    if kind == "choice":
        options = tuple(fields.sequence(fields.need(data, "of", path), (*path, "of")))
        if not options or not all(isinstance(o, str | bool | int | float | None) for o in options):
            raise ExerciseError((*path, "of"), "must be a list of texts or numbers")
    elif kind == "function":
        options = (fields.text(fields.need(data, "of", path), (*path, "of")),)
    dtype = data.get("dtype", "float" if kind not in ("index", "lengths", "bits") else "integer")
    fields.choice(dtype, _ELEMENTS, (*path, "dtype"))
    return Draw(kind, shape, low, high, bound, options, dtype)
