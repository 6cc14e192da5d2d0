"""Bookkeeping of a layer that is made of layers: names, parameters and states of the parts.

A part called ``forward`` with a parameter ``W`` gives ``forward.W``; the states of the parts stand
one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.recurrent.layer import AnyParameters, GivenState, Layer
from engine.recurrent.rnn import Array


@dataclass(frozen=True, slots=True)
class PartParameters:
    """The parameters of several parts, or their gradients: ``parts["forward"]``."""

    parts: Mapping[str, AnyParameters]

    def as_dict(self) -> dict[str, Array]:
        """ "part.name" → array; the arrays are not copied."""
        return {
            f"{part}.{name}": array
            for part, parameters in self.parts.items()
            for name, array in parameters.as_dict().items()
        }

    @property
    def count(self) -> int:
        """How many numbers there are to learn."""
        return sum(parameters.count for parameters in self.parts.values())


def state_names_of(parts: Mapping[str, Layer]) -> tuple[str, ...]:
    """ "part.name" of each array of a state, in their order."""
    return tuple(f"{name}.{state}" for name, part in parts.items() for state in part.state_names)


def replaced_parts(parts: Mapping[str, Layer], values: Mapping[str, ArrayLike]) -> dict[str, Layer]:
    """The parts with other values for the parameters "part.name".

    Raises ValueError for a name that belongs to no part.
    """
    of_part: dict[str, dict[str, ArrayLike]] = {name: {} for name in parts}
    for name, value in values.items():
        part, dot, own = name.partition(".")
        if not dot or part not in of_part:
            raise ValueError(f"no part has a parameter {name!r} (parts: {', '.join(parts)})")
        of_part[part][own] = value
    return {name: part.with_parameters(of_part[name]) for name, part in parts.items()}


def split_state(given: GivenState, parts: Mapping[str, Layer]) -> list[GivenState]:
    """A state of the whole, or None → what each part gets of it.

    Raises ValueError if there are not as many arrays as names.
    """
    if given is None:
        return [None] * len(parts)
    names = state_names_of(parts)
    if isinstance(given, np.ndarray) or len(given) != len(names):
        raise ValueError(f"a state is the tuple ({', '.join(names)}), each (N, H) or None")
    split: list[GivenState] = []
    start = 0
    for part in parts.values():
        end = start + len(part.state_names)
        split.append(given[start:end])
        start = end
    return split
