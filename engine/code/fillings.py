"""Hard inputs: named cases that ordinary draws miss, with sizes fixed and arguments filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from . import fields
from .arguments import Argument, Draw, addresses
from .fields import ExerciseError, Path

_MULTIPLIED: Final = ("uniform", "normal", "number")


@dataclass(frozen=True)
class Filling:
    """What stands in an argument of a hard case.

    ``kind``: "value" (a number everywhere), "times" (the ordinary draw times a factor), "exactly"
    (these numbers, or this option), "repeated" (few different values) or "none".
    """

    kind: str
    value: Any = None


@dataclass(frozen=True)
class HardInput:
    """A named case that ordinary draws miss: sizes that are fixed, arguments that are filled."""

    name: str
    sizes: Mapping[str, int]
    fill: Mapping[str, Filling]

    @property
    def needs_sizes(self) -> bool:
        """Whether its fillings were written for just these sizes."""
        return any(filling.kind in ("value", "exactly") for filling in self.fill.values())


def parse(name: str, value: Any, sizes: Iterable[str], arguments: Iterable[Argument]) -> HardInput:
    """Reads one entry of the key ``hard``.

    Raises:
        ExerciseError: with the path of keys and the nearest valid name.
    """
    path: Path = ("hard", name)
    data = fields.mapping(value, path)
    fields.known(data, "sizes fill", path)
    fixed = fields.fixed_sizes(data.get("sizes", {}), sizes, (*path, "sizes"))
    draws = {address: one for address, (_, one) in addresses(arguments).items()}
    optional = {argument.name for argument in arguments if argument.optional}
    fill = {}
    for address, given in fields.mapping(data.get("fill", {}), (*path, "fill")).items():
        where = (*path, "fill", address)
        fields.choice(address, {*draws, *optional}, where)
        one = draws.get(address)
        if given is None and address in optional:
            fill[address] = Filling("none")
        elif one is None:
            raise ExerciseError(where, f"the whole of {address!r} can only be null")
        elif one.kind == "function":
            raise ExerciseError(where, "a function cannot be filled")
        else:
            fill[address] = _filling(given, one, fixed, where)
    return HardInput(name, fixed, fill)


def _filling(given: Any, one: Draw, fixed: Mapping[str, int], path: Path) -> Filling:
    if isinstance(given, Mapping):
        fields.known(given, "times exactly", path)
        if "exactly" in given:
            return _exactly(given["exactly"], one, fixed, (*path, "exactly"))
        factor = fields.number(fields.need(given, "times", path), path)
        if one.kind not in _MULTIPLIED:
            raise ExerciseError(path, f"the draw {one.kind!r} cannot be multiplied")
        return Filling("times", factor)
    if one.kind == "choice":
        return _exactly(given, one, fixed, path)
    if given == "repeated":
        if one.kind != "index" or not one.shape:
            raise ExerciseError(path, "only an index with a shape can be repeated")
        return Filling("repeated")
    if given is None:
        raise ExerciseError(path, "only an optional argument or a choice of null can be null")
    return Filling("value", _element(given, one, path))


def _exactly(given: Any, one: Draw, fixed: Mapping[str, int], path: Path) -> Filling:
    if one.kind == "choice":
        return Filling("exactly", _option(given, one.options, path))
    if not one.shape:
        return Filling("value", _element(given, one, path))
    symbols = {symbol for length in one.shape for _, symbol in length.terms}
    if loose := sorted(symbols - fixed.keys()):
        raise ExerciseError(path, f"needs fixed sizes: {', '.join(loose)}")
    _listed(given, [length.at(fixed) for length in one.shape], one, path)
    return Filling("exactly", given)


def _option(given: Any, options: Iterable[Any], path: Path) -> Any:
    """One of the options, or where they are all numbers, any."""
    kinds = {type(option) for option in options}
    if kinds <= {int, float}:
        number = fields.number(given, path)
        if kinds == {int} and not number.is_integer():
            raise ExerciseError(path, f"must be a whole number, not {given!r}")
        return int(number) if kinds == {int} else given
    # True equals 1 in Python; an option is meant with its type.
    if not any(given == each and type(given) is type(each) for each in options):
        raise ExerciseError(path, f"no option: {given!r}", [str(each) for each in options])
    return given


def _listed(given: Any, shape: list[int], one: Draw, path: Path) -> None:
    """Whether nested lists are an array of that shape with elements that the draw can have."""
    if not shape:
        _element(given, one, path)
        return
    if not isinstance(given, list) or len(given) != shape[0]:
        found = f"a list of {len(given)}" if isinstance(given, list) else repr(given)
        raise ExerciseError(path, f"must be a list of {shape[0]}, not {found}")
    for number, part in enumerate(given):
        _listed(part, shape[1:], one, (*path, number))


def _element(given: Any, one: Draw, path: Path) -> float | bool:
    if isinstance(given, bool) and one.dtype == "boolean":
        return given
    number = fields.number(given, path)
    whole = one.kind in ("count", "size") or one.dtype == "integer"
    if whole and not number.is_integer():
        raise ExerciseError(path, f"must be a whole number, not {given!r}")
    return number
