"""The plain data beside an exercise that tells the judge what to call, with what, and what to see.

Everything is checked here once, with the path to what is wrong and the nearest valid name, so that
the rest of the judge can rely on it. The data comes from whoever reads YAML; this module does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..mistakes import MISTAKE_CODES
from . import arguments as forms
from . import fields, fillings, outputs, plan
from .arguments import Argument, Draw, Place
from .fields import ExerciseError, Length, Path
from .fillings import Filling, HardInput
from .outputs import Output
from .plan import Plan

__all__ = [
    "Argument",
    "Draw",
    "ExerciseError",
    "Filling",
    "HardInput",
    "Length",
    "Output",
    "Path",
    "Place",
    "Plan",
]

_KEYS: Final = (
    "function calls sizes arguments outputs tolerance seconds hard gradients bugs mutation "
    "equivalent choices japanese"
)


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
    """All of it; see ``parse``. ``choices`` are wrong texts for a blank that its author wants among
    the four of the exam form (they too are proved wrong by running them)."""

    plan: Plan
    # Whether it was written as one function that takes every argument, in their order.
    one_function: bool
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
    choices: Mapping[str, tuple[str, ...]]
    # As it was given; what it must say depends on the file (see ``wording``).
    japanese: Any = None

    def places(self) -> dict[str, tuple[Place, Draw]]:
        """Every single value of every argument, by its address."""
        return forms.addresses(self.arguments)


def parse(spec: Mapping[str, Any]) -> Specification:
    """Checks the plain data of an exercise's ``judge:`` key.

    Raises:
        ExerciseError: with the path of keys below ``judge``.
    """
    data = fields.mapping(spec, ())
    fields.known(data, _KEYS, ())
    sizes = {
        name: fields.size_range(value, ("sizes", name))
        for name, value in fields.mapping(data.get("sizes", {}), ("sizes",)).items()
    }
    given = fields.mapping(fields.need(data, "arguments", ()), ("arguments",))
    arguments = forms.parse(given, sizes)
    wanted = fields.mapping(fields.need(data, "outputs", ()), ("outputs",))
    results, after = outputs.parse(wanted, sizes, arguments)
    if not arguments or not results:
        raise ExerciseError((), "needs at least one argument and one output")
    places = forms.addresses(arguments)
    gradients = None
    if "gradients" in data:
        gradients = _gradients(data["gradients"], sizes, places, [o.address for o in results])
    bugs = fields.mapping(data.get("bugs", {}), ("bugs",))
    hard = fields.mapping(data.get("hard", {}), ("hard",))
    return Specification(
        plan=_plan(data, [argument.name for argument in arguments], list(wanted), after),
        one_function="function" in data,
        sizes=sizes,
        arguments=arguments,
        outputs=results,
        tolerance=fields.number(data.get("tolerance", 1e-5), ("tolerance",)),
        seconds=fields.number(data.get("seconds", 3.0), ("seconds",)),
        hard=tuple(fillings.parse(name, value, sizes, arguments) for name, value in hard.items()),
        gradients=gradients,
        bugs=tuple(_bug(name, value) for name, value in bugs.items()),
        mutation=_mutation(data.get("mutation", {})),
        equivalent=_equivalent(data.get("equivalent", [])),
        choices={
            letter: fields.names(texts, ("choices", letter))
            for letter, texts in fields.mapping(data.get("choices", {}), ("choices",)).items()
        },
        japanese=data.get("japanese"),
    )


def _plan(
    data: Mapping[str, Any], arguments: list[str], roots: list[str], after: Mapping[str, str]
) -> Plan:
    if ("function" in data) == ("calls" in data):
        raise ExerciseError((), "needs the key 'function' or the key 'calls'")
    if "calls" in data:
        return plan.parse(data["calls"], arguments, roots, after)
    name = fields.text(data["function"], ("function",))
    return plan.of_function(name, arguments, roots, after)


def _gradients(
    value: Any, sizes: Mapping[str, Any], places: Mapping[str, Any], results: list[str]
) -> GradientSpec:
    path: Path = ("gradients",)
    data = fields.mapping(value, path)
    fields.known(data, "loss of sizes step tolerance", path)
    of = []
    for output, target in fields.mapping(fields.need(data, "of", path), (*path, "of")).items():
        where = (*path, "of", output)
        fields.choice(output, results, where)
        if isinstance(target, Mapping):
            fields.known(target, "argument update", where)
            argument = fields.text(fields.need(target, "argument", where), where)
            update = fields.text(fields.need(target, "update", where), where)
            fields.choice(update, places, (*where, "update"))
        else:
            argument, update = fields.text(target, where), None
        fields.choice(argument, places, where)
        of.append(GradientOf(output, argument, update))
    return GradientSpec(
        loss=fields.text(fields.need(data, "loss", path), (*path, "loss")),
        of=tuple(of),
        sizes=fields.fixed_sizes(data.get("sizes", {}), sizes, (*path, "sizes")),
        step=fields.number(data.get("step", 1e-5), (*path, "step")),
        tolerance=fields.number(data.get("tolerance", 1e-5), (*path, "tolerance")),
    )


def _bug(name: str, value: Any) -> BugSpec:
    path: Path = ("bugs", name)
    data = fields.mapping(value, path)
    fields.known(data, "code replace", path)
    code = fields.text(fields.need(data, "code", path), (*path, "code"))
    fields.choice(code, MISTAKE_CODES, (*path, "code"))
    replaced = fields.mapping(fields.need(data, "replace", path), (*path, "replace"))
    changes = tuple(
        (line, fields.text(new, (*path, "replace", line))) for line, new in replaced.items()
    )
    if not changes:
        raise ExerciseError((*path, "replace"), "changes nothing")
    return BugSpec(name, code, changes)


def _mutation(value: Any) -> MutationSpec:
    path: Path = ("mutation",)
    data = fields.mapping(value, path)
    fields.known(data, "roles confusable functions", path)
    roles = {}
    for role, names in fields.mapping(data.get("roles", {}), (*path, "roles")).items():
        fields.choice(role, ("bias", "recurrent", "output", "learning-rate"), (*path, "roles"))
        roles[role] = fields.names(names, (*path, "roles", role))
    confusable = []
    groups = fields.sequence(data.get("confusable", []), (*path, "confusable"))
    for index, group in enumerate(groups):
        where = (*path, "confusable", index)
        fields.known(fields.mapping(group, where), "names code", where)
        code = fields.text(fields.need(group, "code", where), where)
        fields.choice(code, MISTAKE_CODES, (*where, "code"))
        confusable.append((fields.names(fields.need(group, "names", where), where), code))
    functions = fields.names(data.get("functions", []), (*path, "functions"))
    return MutationSpec(roles, tuple(confusable), functions)


def _equivalent(value: Any) -> dict[str, str]:
    reasons = {}
    for index, entry in enumerate(fields.sequence(value, ("equivalent",))):
        path: Path = ("equivalent", index)
        fields.known(fields.mapping(entry, path), "mutant reason", path)
        mutant = fields.text(fields.need(entry, "mutant", path), path)
        reasons[mutant] = fields.text(fields.need(entry, "reason", path), path)
    return reasons
