"""What an exercise promises of its inputs: the ranges of its draws and the sizes that it declares.

Drawn inputs fulfil it by construction; inputs that were changed afterwards have to be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .arguments import Draw, at
from .specification import Specification


def least_sizes(spec: Specification) -> dict[str, int]:
    """The smallest size of each symbol that the exercise declares, hard cases included."""
    declared = [hard.sizes for hard in spec.hard]
    if spec.gradients is not None:
        declared.append(spec.gradients.sizes)
    return {
        name: min([low, *(sizes[name] for sizes in declared if name in sizes)])
        for name, (low, _) in spec.sizes.items()
    }


def broken(spec: Specification, sizes: Mapping[str, int], arguments: Mapping[str, Any]) -> set[str]:
    """The addresses of values that no draw could have given."""
    return {
        address
        for address, (place, one) in spec.places().items()
        if arguments[str(place[0])] is not None and not _could_be(one, at(arguments, place), sizes)
    }


def bounds(one: Draw, sizes: Mapping[str, int]) -> tuple[float, float] | None:
    """The smallest and the largest number that a draw gives; None where that says nothing."""
    if one.kind in ("uniform", "number", "count"):
        return one.low, one.high
    if one.kind == "index":
        return one.low, max(one.bound.at(sizes), int(one.low) + 1) - 1
    if one.kind == "lengths":
        return 1, max(1, one.bound.at(sizes))
    if one.kind == "size":
        return one.bound.at(sizes), one.bound.at(sizes)
    return (0, 1) if one.kind in ("bits", "mask", "one-hot", "probabilities") else None


def _could_be(one: Draw, value: Any, sizes: Mapping[str, int]) -> bool:
    limits = bounds(one, sizes)
    if limits is None or np.size(value) == 0:
        return True
    return bool(np.min(value) >= limits[0] and np.max(value) <= limits[1])
