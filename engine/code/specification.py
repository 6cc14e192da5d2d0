"""The plain data beside an exercise that tells the judge what to call, with what, and what to see.

Everything is checked here once, with the path to what is wrong and the nearest valid name, so that
the rest of the judge can rely on it. The data comes from whoever reads YAML; this module does not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ..mistakes import MISTAKE_CODES

Path: TypeAlias = tuple[str | int, ...]
# A length: a number, a symbol, or a symbol plus or minus a number.
_LENGTH: Final = re.compile(r"^([A-Za-z_]\w*)(?:([+-])(\d+))?$")
DRAWS: Final = ("uniform", "normal", "bits", "number")
DTYPES: Final = ("float", "integer", "boolean")
_KEYS: Final = (
    "function sizes arguments outputs tolerance seconds hard gradients bugs mutation equivalent"
)


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
    """One length of a shape: ``symbol + offset``, or just a number."""

    symbol: str | None
    offset: int

    def at(self, sizes: Mapping[str, int]) -> int:
        return self.offset + (sizes[self.symbol] if self.symbol else 0)

    def __str__(self) -> str:
        if self.symbol is None:
            return str(self.offset)
        return self.symbol + (f"{self.offset:+d}" if self.offset else "")


@dataclass(frozen=True)
class Argument:
    """An argument: its shape in symbols and how it is drawn.

    ``draw``: uniform in [low, high], normal times ``high``, bits (0 or 1, integers), or number
    (a Python float in [low, high]; no shape).
    """

    name: str
    shape: tuple[Length, ...]
    draw: str = "uniform"
    low: float = -1.0
    high: float = 1.0


@dataclass(frozen=True)
class Output:
    """A value that the function returns."""

    name: str
    shape: tuple[Length, ...]
    dtype: str = "float"


@dataclass(frozen=True)
class HardInput:
    """A named case that ordinary draws miss: sizes that are fixed, arguments that are filled.

    A filling is a number, or {"times": factor} for the ordinary draw times a factor.
    """

    name: str
    sizes: Mapping[str, int]
    fill: Mapping[str, float | Mapping[str, float]]


@dataclass(frozen=True)
class GradientOf:
    """Which output is the gradient by which argument; ``update`` names the learning rate if the
    output is the parameter after one step (W - rate * gradient) instead of the gradient itself."""

    output: str
    argument: str
    update: str | None = None


@dataclass(frozen=True)
class GradientSpec:
    """The check by central differences of a loss that stands in the exercise's own file."""

    loss: str
    of: tuple[GradientOf, ...]
    sizes: Mapping[str, int]
    step: float = 1e-5
    tolerance: float = 1e-6


@dataclass(frozen=True)
class BugSpec:
    """A named mistake to ship: lines of the file and what stands there instead."""

    name: str
    code: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MutationSpec:
    """What names mean to the mutation operators: which are biases, what can be confused."""

    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confusable: tuple[tuple[tuple[str, ...], str], ...] = ()
    functions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Specification:
    """All of it; see ``parse``."""

    function: str
    sizes: Mapping[str, tuple[int, int]]
    arguments: tuple[Argument, ...]
    outputs: tuple[Output, ...]
    tolerance: float
    seconds: float
    hard: tuple[HardInput, ...]
    gradients: GradientSpec | None
    bugs: tuple[BugSpec, ...]
    mutation: MutationSpec
    equivalent: Mapping[str, str]


def parse(spec: Mapping[str, Any]) -> Specification:
    """Checks the plain data of an exercise's ``judge:`` key.

    Raises:
        ExerciseError: with the path of keys below ``judge``.
    """
    data = _mapping(spec, ())
    _known(data, _KEYS, ())
    sizes = {
        name: _range(value, ("sizes", name))
        for name, value in _mapping(data.get("sizes", {}), ("sizes",)).items()
    }
    arguments = tuple(
        _argument(name, value, sizes)
        for name, value in _mapping(_need(data, "arguments", ()), ("arguments",)).items()
    )
    outputs = tuple(
        _output(name, value, sizes)
        for name, value in _mapping(_need(data, "outputs", ()), ("outputs",)).items()
    )
    if not arguments or not outputs:
        raise ExerciseError((), "needs at least one argument and one output")
    names = [argument.name for argument in arguments]
    hard = tuple(
        _hard(name, value, sizes, names)
        for name, value in _mapping(data.get("hard", {}), ("hard",)).items()
    )
    gradients = None
    if "gradients" in data:
        gradients = _gradients(data["gradients"], sizes, names, [o.name for o in outputs])
    return Specification(
        function=_text(_need(data, "function", ()), ("function",)),
        sizes=sizes,
        arguments=arguments,
        outputs=outputs,
        tolerance=_number(data.get("tolerance", 1e-5), ("tolerance",)),
        seconds=_number(data.get("seconds", 3.0), ("seconds",)),
        hard=hard,
        gradients=gradients,
        bugs=tuple(
            _bug(name, value) for name, value in _mapping(data.get("bugs", {}), ("bugs",)).items()
        ),
        mutation=_mutation(data.get("mutation", {})),
        equivalent=_equivalent(data.get("equivalent", [])),
    )


def _argument(name: str, value: Any, sizes: Mapping[str, Any]) -> Argument:
    path: Path = ("arguments", name)
    data = _mapping(value, path)
    _known(data, "shape draw low high", path)
    draw = data.get("draw", "uniform")
    _choice(draw, DRAWS, (*path, "draw"))
    shape = _shape(data.get("shape", []), sizes, (*path, "shape"))
    if draw == "number" and shape:
        raise ExerciseError((*path, "shape"), "a number has no shape")
    low = _number(data.get("low", -1.0), (*path, "low"))
    high = _number(data.get("high", 1.0), (*path, "high"))
    return Argument(name, shape, draw, low, high)


def _output(name: str, value: Any, sizes: Mapping[str, Any]) -> Output:
    path: Path = ("outputs", name)
    data = _mapping(value, path)
    _known(data, "shape dtype", path)
    dtype = data.get("dtype", "float")
    _choice(dtype, DTYPES, (*path, "dtype"))
    return Output(name, _shape(data.get("shape", []), sizes, (*path, "shape")), dtype)


def _hard(name: str, value: Any, sizes: Mapping[str, Any], arguments: list[str]) -> HardInput:
    path: Path = ("hard", name)
    data = _mapping(value, path)
    _known(data, "sizes fill", path)
    fixed = _sizes(data.get("sizes", {}), sizes, (*path, "sizes"))
    fill: dict[str, float | Mapping[str, float]] = {}
    for argument, filling in _mapping(data.get("fill", {}), (*path, "fill")).items():
        where = (*path, "fill", argument)
        _choice(argument, arguments, where)
        if isinstance(filling, Mapping):
            _known(filling, "times", where)
            fill[argument] = {"times": _number(_need(filling, "times", where), where)}
        else:
            fill[argument] = _number(filling, where)
    return HardInput(name, fixed, fill)


def _gradients(
    value: Any, sizes: Mapping[str, Any], arguments: list[str], outputs: list[str]
) -> GradientSpec:
    path: Path = ("gradients",)
    data = _mapping(value, path)
    _known(data, "loss of sizes step tolerance", path)
    of = []
    for output, target in _mapping(_need(data, "of", path), (*path, "of")).items():
        where = (*path, "of", output)
        _choice(output, outputs, where)
        if isinstance(target, Mapping):
            _known(target, "argument update", where)
            argument = _text(_need(target, "argument", where), where)
            update = _text(_need(target, "update", where), where)
            _choice(update, arguments, (*where, "update"))
        else:
            argument, update = _text(target, where), None
        _choice(argument, arguments, where)
        of.append(GradientOf(output, argument, update))
    return GradientSpec(
        loss=_text(_need(data, "loss", path), (*path, "loss")),
        of=tuple(of),
        sizes=_sizes(data.get("sizes", {}), sizes, (*path, "sizes")),
        step=_number(data.get("step", 1e-5), (*path, "step")),
        tolerance=_number(data.get("tolerance", 1e-5), (*path, "tolerance")),
    )


def _bug(name: str, value: Any) -> BugSpec:
    path: Path = ("bugs", name)
    data = _mapping(value, path)
    _known(data, "code replace", path)
    code = _text(_need(data, "code", path), (*path, "code"))
    _choice(code, MISTAKE_CODES, (*path, "code"))
    changes = tuple(
        (line, _text(new, (*path, "replace", line)))
        for line, new in _mapping(_need(data, "replace", path), (*path, "replace")).items()
    )
    if not changes:
        raise ExerciseError((*path, "replace"), "changes nothing")
    return BugSpec(name, code, changes)


def _mutation(value: Any) -> MutationSpec:
    path: Path = ("mutation",)
    data = _mapping(value, path)
    _known(data, "roles confusable functions", path)
    roles = {}
    for role, names in _mapping(data.get("roles", {}), (*path, "roles")).items():
        _choice(role, ("bias", "recurrent", "output", "learning-rate"), (*path, "roles"))
        roles[role] = _names(names, (*path, "roles", role))
    confusable = []
    for index, group in enumerate(_list(data.get("confusable", []), (*path, "confusable"))):
        where = (*path, "confusable", index)
        _known(_mapping(group, where), "names code", where)
        code = _text(_need(group, "code", where), where)
        _choice(code, MISTAKE_CODES, (*where, "code"))
        confusable.append((_names(_need(group, "names", where), where), code))
    functions = _names(data.get("functions", []), (*path, "functions"))
    return MutationSpec(roles, tuple(confusable), functions)


def _equivalent(value: Any) -> dict[str, str]:
    reasons = {}
    for index, entry in enumerate(_list(value, ("equivalent",))):
        path: Path = ("equivalent", index)
        _known(_mapping(entry, path), "mutant reason", path)
        mutant = _text(_need(entry, "mutant", path), path)
        reasons[mutant] = _text(_need(entry, "reason", path), path)
    return reasons


# -- small readers ---------------------------------------------------------------------------------


def _mapping(value: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ExerciseError(path, "must be a mapping with names as keys")
    return value


def _list(value: Any, path: Path) -> list[Any]:
    if not isinstance(value, list):
        raise ExerciseError(path, "must be a list")
    return value


def _names(value: Any, path: Path) -> tuple[str, ...]:
    return tuple(_text(name, path) for name in _list(value, path))


def _known(data: Mapping[str, Any], keys: str, path: Path) -> None:
    for key in data:
        _choice(key, keys.split(), (*path, key))


def _choice(value: Any, known: Iterable[str], path: Path) -> None:
    names = sorted(known)
    if value not in names:
        near = difflib.get_close_matches(str(value), names, n=2) or names[:3]
        raise ExerciseError(path, f"unknown name {value!r}", near)


def _need(data: Mapping[str, Any], key: str, path: Path) -> Any:
    if key not in data:
        raise ExerciseError(path, f"needs the key {key!r}")
    return data[key]


def _text(value: Any, path: Path) -> str:
    if not isinstance(value, str) or not value:
        raise ExerciseError(path, "must be a text")
    return value


def _number(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExerciseError(path, f"must be a number, not {value!r}")
    return float(value)


def _range(value: Any, path: Path) -> tuple[int, int]:
    items = _list(value, path)
    if len(items) != 2 or not all(type(item) is int for item in items):
        raise ExerciseError(path, "must be [smallest, largest]")
    if not 1 <= items[0] <= items[1] <= 64:
        raise ExerciseError(path, "must rise, between 1 and 64")
    return items[0], items[1]


def _sizes(value: Any, sizes: Mapping[str, Any], path: Path) -> dict[str, int]:
    fixed = {}
    for name, size in _mapping(value, path).items():
        _choice(name, sizes, (*path, name))
        if type(size) is not int or not 1 <= size <= 64:
            raise ExerciseError((*path, name), "must be a size from 1 to 64")
        fixed[name] = size
    return fixed


def _shape(value: Any, sizes: Mapping[str, Any], path: Path) -> tuple[Length, ...]:
    lengths = []
    for item in _list(value, path):
        if type(item) is int:
            lengths.append(Length(None, item))
            continue
        match = _LENGTH.match(str(item))
        if not match:
            raise ExerciseError(path, f"no length: {item!r}")
        _choice(match[1], sizes, path)
        offset = int(match[3] or 0) * (-1 if match[2] == "-" else 1)
        lengths.append(Length(match[1], offset))
    return tuple(lengths)
