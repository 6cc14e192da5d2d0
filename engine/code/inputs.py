"""Inputs of a judgement: ordinary draws, equal sizes, repeated shapes, and the named hard ones.

Sizes that are all different expose a swapped order or a missing transpose as an error; equal sizes
let the same mistake run and show its wrong values; one shape twice with other values exposes a
cache; one case twice exposes state that a function keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arguments import at, put
from .drawing import draw, repeated
from .specification import Filling, HardInput, Specification


@dataclass(frozen=True)
class Case:
    """Argument values by name, in the order of the call, with the sizes that they were drawn for.

    ``kind``: "ordinary", "equal-sizes", "same-shapes", "again", or "hard" (``name`` says which).
    """

    name: str
    kind: str
    sizes: Mapping[str, int]
    arguments: Mapping[str, Any]


def cases(spec: Specification, seed: int, ordinary: int = 3) -> list[Case]:
    """The cases of one judgement, hard ones included; the same seed gives the same cases."""
    rng = np.random.default_rng(seed)
    turn = int(rng.integers(6)) if _takes_turns(spec) else 0
    drawn = [
        Case("ordinary", "ordinary", sizes, draw(spec.arguments, sizes, rng, turn + number))
        for number, sizes in ((n, different(spec, rng)) for n in range(ordinary))
    ]
    first = drawn[0]
    again = draw(spec.arguments, first.sizes, rng, turn)
    drawn.append(Case("same-shapes", "same-shapes", first.sizes, again))
    sizes = equal(spec, rng)
    same = draw(spec.arguments, sizes, rng, turn + ordinary + 1)
    drawn.append(Case("equal-sizes", "equal-sizes", sizes, same))
    for number, hard in enumerate((*spec.hard, *implied(spec))):
        drawn.append(hard_case(spec, hard, rng, turn + number))
    drawn.append(Case("again", "again", first.sizes, first.arguments))
    return drawn


def _takes_turns(spec: Specification) -> bool:
    choices = any(one.kind == "choice" for _, one in spec.places().values())
    return choices or any(argument.optional for argument in spec.arguments)


def implied(spec: Specification) -> list[HardInput]:
    """Hard cases that follow from the arguments' kinds: repeated indices, each optional one left
    out and given."""
    names = {hard.name for hard in spec.hard}
    found = []
    repeating = {
        address: Filling("repeated")
        for address, (_, one) in spec.places().items()
        if one.kind == "index" and one.shape
    }
    if repeating:
        found.append(HardInput("repeated-indices", {}, repeating))
    for argument in spec.arguments:
        if argument.optional:
            left_out = {argument.name: Filling("none")}
            found.append(HardInput(f"without-{argument.name}", {}, left_out))
    return [hard for hard in found if hard.name not in names]


def different(spec: Specification, rng: np.random.Generator) -> dict[str, int]:
    """Sizes within their ranges, all different if the ranges allow it."""
    sizes: dict[str, int] = {}
    for _ in range(200):
        sizes = {name: int(rng.integers(lo, hi + 1)) for name, (lo, hi) in spec.sizes.items()}
        if len(set(sizes.values())) == len(sizes):
            break
    return sizes


def equal(spec: Specification, rng: np.random.Generator) -> dict[str, int]:
    """One size for all symbols, as far as their ranges allow."""
    if not spec.sizes:
        return {}
    low = max(lo for lo, _ in spec.sizes.values())
    common = int(rng.integers(max(2, low), max(2, low) + 2))
    return {name: min(max(common, lo), hi) for name, (lo, hi) in spec.sizes.items()}


def hard_case(
    spec: Specification,
    hard: HardInput,
    rng: np.random.Generator,
    turn: int = 0,
    simple: bool = False,
) -> Case:
    """One named hard case: its fixed sizes, and its fillings over an ordinary draw."""
    sizes = {**different(spec, rng), **hard.sizes}
    # What is filled is there: None only where the case says so.
    while any(a.optional and turn % 3 == 1 and _given(a.name, hard) for a in spec.arguments):
        turn += 1
    arguments = draw(spec.arguments, sizes, rng, turn, simple)
    places = spec.places()
    for address, filling in hard.fill.items():
        if filling.kind == "none":
            arguments[address] = None
            continue
        place, one = places[address]
        value = at(arguments, place)
        if filling.kind == "repeated":
            value = repeated(value, one, sizes, rng)
        elif filling.kind == "times":
            value = value * filling.value
        elif isinstance(value, np.ndarray):
            value = _filled(value, filling)
        else:
            value = filling.value if filling.kind == "exactly" else type(value)(filling.value)
        arguments = put(arguments, place, value)
    return Case(hard.name, "hard", sizes, arguments)


def _given(name: str, hard: HardInput) -> bool:
    return any(
        address.split(".")[0] == name and filling.kind != "none"
        for address, filling in hard.fill.items()
    )


def _filled(value: Any, filling: Filling) -> Any:
    if filling.kind == "value":
        return np.full_like(value, filling.value)
    return np.array(filling.value, dtype=value.dtype)


def gradient_case(spec: Specification, seed: int) -> Case:
    """The case of the check by finite differences, with its own fixed sizes."""
    rng = np.random.default_rng(seed)
    assert spec.gradients is not None
    sizes = {**different(spec, rng), **spec.gradients.sizes}
    return Case("gradient", "ordinary", sizes, draw(spec.arguments, sizes, rng))
