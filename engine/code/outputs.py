"""What an exercise's functions give back, taken apart into single values that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from . import fields
from .arguments import Argument, Draw
from .fields import ExerciseError, Length, Path

DTYPES: Final = ("float", "integer", "boolean", "text", "none")


@dataclass(frozen=True)
class Output:
    """One value to compare: a returned value, or an entry of a returned dictionary or list.

    ``root`` is the returned value's name and ``key`` the entry's place in it; ``name`` is what a
    learner reads (``gradients["dW"]``, ``grads[0]``), ``address`` what an exercise's data says
    (``gradients.dW``). ``listed``: a list of values of one shape; its count is then the shape's
    first length, or None for any. ``optional``: None where the reference gives None. ``siblings``:
    how many entries its dictionary or list has.
    """

    name: str
    shape: tuple[Length | None, ...] = ()
    dtype: str = "float"
    root: str = ""
    key: str | int | None = None
    address: str = ""
    listed: bool = False
    optional: bool = False
    siblings: int = 0

    def lengths(self, sizes: Mapping[str, int]) -> tuple[int | None, ...]:
        return tuple(None if length is None else length.at(sizes) for length in self.shape)


def parse(
    data: Mapping[str, Any], sizes: Iterable[str], arguments: Iterable[Argument]
) -> tuple[tuple[Output, ...], dict[str, str]]:
    """Reads the key ``outputs``: the single values, and which outputs are arguments afterwards.

    Raises:
        ExerciseError: with the path of keys.
    """
    found: list[Output] = []
    after: dict[str, str] = {}
    by_name = {argument.name: argument for argument in arguments}
    for root, value in data.items():
        path: Path = ("outputs", root)
        fields_of = fields.mapping(value, path)
        if "after" in fields_of:
            fields.known(fields_of, "after", path)
            name = fields.text(fields_of["after"], (*path, "after"))
            fields.choice(name, by_name, (*path, "after"))
            found += _after(root, by_name[name], path)
            after[root] = name
        elif "entries" in fields_of or "items" in fields_of:
            form = "entries" if "entries" in fields_of else "items"
            fields.known(fields_of, form, path)
            inner = fields.mapping(fields_of[form], (*path, form))
            if not inner:
                raise ExerciseError((*path, form), "has nothing in it")
            for number, (key, item) in enumerate(inner.items()):
                single = _single(item, sizes, (*path, form, key))
                found.append(_part(root, form, number, key, single, len(inner)))
        else:
            single = _single(value, sizes, path)
            found.append(replace(single, name=root, root=root, address=root))
    return tuple(found), after


def _part(root: str, form: str, number: int, key: str, single: Output, siblings: int) -> Output:
    place: str | int = key if form == "entries" else number
    name = f'{root}["{key}"]' if form == "entries" else f"{root}[{number}]"
    address = f"{root}.{key}"
    return replace(single, name=name, root=root, key=place, address=address, siblings=siblings)


def _single(value: Any, sizes: Iterable[str], path: Path) -> Output:
    data = fields.mapping(value, path)
    fields.known(data, "shape dtype list optional", path)
    dtype = data.get("dtype", "float")
    fields.choice(dtype, DTYPES, (*path, "dtype"))
    shape: tuple[Length | None, ...] = fields.shape(data.get("shape", []), sizes, (*path, "shape"))
    listed = "list" in data
    if listed:
        wanted = data["list"]
        count = None if wanted == "any" else fields.length(wanted, sizes, (*path, "list"))
        shape = (count, *shape)
    if dtype in ("text", "none") and shape and not listed:
        raise ExerciseError((*path, "shape"), f"{dtype} has no shape")
    optional = fields.flag(data.get("optional", False), (*path, "optional"))
    return Output("", shape, dtype, listed=listed, optional=optional)


def _after(root: str, argument: Argument, path: Path) -> list[Output]:
    if argument.form == "list":
        draw = argument.parts[0][1]
        shape = (argument.count, *draw.shape)
        return [Output(root, shape, _element(draw, path), root, address=root, listed=True)]
    if argument.form == "single":
        draw = argument.parts[0][1]
        if not draw.shape:
            raise ExerciseError((*path, "after"), "a single number cannot change in place")
        return [Output(root, draw.shape, _element(draw, path), root, address=root)]
    count = len(argument.parts)
    return [
        _part(root, argument.form, n, key, Output("", draw.shape, _element(draw, path)), count)
        for n, (key, draw) in enumerate(argument.parts)
    ]


def _element(draw: Draw, path: Path) -> str:
    if draw.kind in ("choice", "function"):
        raise ExerciseError((*path, "after"), f"a {draw.kind} cannot change in place")
    return draw.dtype if draw.kind != "count" else "integer"
