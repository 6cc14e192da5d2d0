"""Drawn parameters, and the door to the engine's computations.

Nothing of the engine is imported before a value is wanted: a session of choices never loads it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from question_bank.placeholders import substitute

if TYPE_CHECKING:
    from engine.computations import Computation, MistakenValue
    from question_bank.computing import Compute, Draw
    from question_bank.model import Item

ATTEMPTS: Final = 300


def computations() -> Mapping[str, Computation]:
    """What items can name."""
    from engine.computations import COMPUTATIONS

    return COMPUTATIONS


def evaluate(compute: Compute, values: Mapping[str, Any]) -> Any:
    """The value of ``compute`` for drawn ``values``.

    Raises ``ValueError`` (the engine's ``ComputationError``) for arguments that do not fit, and
    ``KeyError`` for a name that is unknown.
    """
    return computations()[compute.name].evaluate(substitute(compute.arguments, values))


def mistaken(
    compute: Compute, values: Mapping[str, Any], codes: tuple[str, ...] | None
) -> list[MistakenValue]:
    """What the known mistakes give instead; with ``codes`` only those. Raises as ``evaluate``."""
    found = computations()[compute.name].mistakes(substitute(compute.arguments, values))
    return [value for value in found if codes is None or value.code in codes]


def drawn(
    item: Item, face: str, seed: int, accept: Callable[[Mapping[str, Any]], bool] | None = None
) -> tuple[dict[str, Any], bool]:
    """The drawn values under ``seed``, drawn again until ``accept`` takes them.

    The flag is False if none of ``ATTEMPTS`` draws was taken; the values are then the last ones.
    """
    if not item.draw:
        return {}, accept is None or accept({})
    rng = random.Random(f"{item.id}/{face}/{seed}")  # noqa: S311
    values: dict[str, Any] = {}
    for _ in range(ATTEMPTS):
        values = {draw.name: _value(draw, rng) for draw in item.draw}
        if differ(item.draw, values) and (accept is None or accept(values)):
            return values, True
    return values, False


def differ(draws: tuple[Draw, ...], values: Mapping[str, Any]) -> bool:
    """Whether every value differs from those that it is to differ from."""
    return all(values[d.name] != values[other] for d in draws for other in d.differs_from)


def corners(item: Item) -> Iterator[dict[str, Any]]:
    """The draws at their ends: all lowest, all highest, and one of each at the other end."""
    ends = [
        (draw.choices[0], draw.choices[-1]) if draw.choices else (draw.low, draw.high)
        for draw in item.draw
    ]
    names = [draw.name for draw in item.draw]
    low, high = [end[0] for end in ends], [end[1] for end in ends]
    rows = [low, high]
    for index in range(len(ends)):
        rows.append([*low[:index], high[index], *low[index + 1 :]])
        rows.append([*high[:index], low[index], *high[index + 1 :]])
    for row in rows:
        values = dict(zip(names, row, strict=True))
        if differ(item.draw, values):
            yield values


def _value(draw: Draw, rng: random.Random) -> Any:
    return rng.choice(draw.choices) if draw.choices else rng.randint(draw.low, draw.high)
