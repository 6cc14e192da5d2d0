"""Rows of recorded figures on the binary adder, each beside the figures it is held against.

The published figures are the curriculum's, measured by another program from other random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from engine.experiments.cases import Case


@dataclass(frozen=True, slots=True)
class Published:
    """What a row is held against; None where nothing was printed.

    Attributes
    ----------
    replicates : R of these figures
    solved : share of replicates with at least 99 % of the fixed sums right at the end
    first : median of the first checkpoint with at least 99 %
    quartiles : 25 % and 75 % of it; None in the second place: never
    bit_accuracy, nan : at the end; share of replicates whose weights are NaN
    """

    solved: float
    replicates: int = 40
    first: float | None = None
    quartiles: tuple[float, float | None] | None = None
    bit_accuracy: float | None = None
    nan: float | None = None


_SEED: Final = Case("seed")


def _rows() -> dict[str, tuple[Case, Published]]:
    def case(**changes: object) -> Case:
        return replace(_SEED, **changes)  # type: ignore[arg-type]

    wide = {"activation": "tanh"}
    bent = {"activation": "relu"}
    return {
        "seed": (case(), Published(0.99, 200, 4750, (3750, 6400), 1.0)),
        "deviation 0.5": (case(deviation=0.5), Published(0.97, 40, 7000, (6250, 8500), 1.0)),
        "deviation 2": (case(deviation=2.0), Published(0.755, 200, 7750, (5250, None), 0.986)),
        "relu 1": (case(**bent), Published(0.0, 200, nan=0.5)),
        "tanh 1": (case(**wide), Published(0.05, 200, bit_accuracy=0.73)),
        "tanh xavier": (
            case(**wide, initialisation="xavier"),
            Published(1.0, 40, 1000, (750, 1250), 1.0),
        ),
        "tanh he": (
            case(**wide, initialisation="he"),
            Published(1.0, 40, 1000, (750, 1250), 1.0),
        ),
        "true delta": (case(output_delta="true"), Published(0.97, 40, 4500)),
        "cross-entropy": (
            case(output_delta="cross-entropy"),
            Published(1.0, 40, 1750, bit_accuracy=1.0),
        ),
        "deviation 0.1": (case(deviation=0.1), Published(0.0, bit_accuracy=0.51)),
        "deviation 3": (case(deviation=3.0), Published(0.25, bit_accuracy=0.92)),
        "xavier": (case(initialisation="xavier"), Published(0.95, 40, 6500, None, 0.999)),
        "he": (case(initialisation="he"), Published(1.0, 40, 4875, None, 1.0)),
        "true delta 0.5": (
            case(output_delta="true", deviation=0.5),
            Published(0.90, 40, 7625),
        ),
        "true delta 2": (case(output_delta="true", deviation=2.0), Published(0.65, 40, 7500)),
        "relu he": (case(**bent, initialisation="he"), Published(0.12, bit_accuracy=0.60)),
        "relu xavier": (case(**bent, initialisation="xavier"), Published(0.03, bit_accuracy=0.54)),
        "relu 0.1": (case(**bent, deviation=0.1), Published(0.03, bit_accuracy=0.57)),
        "relu 1 clip 1": (case(**bent, clip=1.0), Published(0.10, bit_accuracy=0.90, nan=0.0)),
        "tanh 0.5": (case(**wide, deviation=0.5), Published(0.62, 40, 3750, None, 0.92)),
        "cross-entropy tanh xavier": (
            case(**wide, initialisation="xavier", output_delta="cross-entropy"),
            Published(0.0),
        ),
        "rate 0.01": (case(learning_rate=0.01), Published(0.0, bit_accuracy=0.61)),
        "rate 1": (case(learning_rate=1.0), Published(1.0, 40, 1250, None, 1.0)),
        "2 units": (case(hidden=2), Published(0.0, bit_accuracy=0.55)),
        "4 units": (case(hidden=4), Published(0.0, bit_accuracy=0.83)),
        "highest first": (case(highest_first=True), Published(0.0, bit_accuracy=0.62)),
        "truncated-to-one-step": (
            case(gradient="truncated-to-one-step"),
            Published(0.17, bit_accuracy=0.965),
        ),
        "untransposed-matrix": (
            case(gradient="untransposed-matrix"),
            Published(0.35, bit_accuracy=0.965),
        ),
        "derivative-one-step-early": (
            case(gradient="derivative-one-step-early"),
            Published(0.0, bit_accuracy=0.565),
        ),
        "never-reset": (case(gradient="never-reset"), Published(0.0, bit_accuracy=0.55)),
        "identity": (case(activation="identity"), Published(0.0, nan=1.0)),
        "32 units": (case(hidden=32), Published(1.0, 40, 4375, None, 1.0)),
        "64 units": (case(hidden=64), Published(1.0, 40, 5750, None, 1.0)),
        "128 units": (case(hidden=128), Published(0.47, 40, 8750, None, 0.96)),
    }


#: Row name to case and published figures, what later items rest on first.
ROWS: Final[Mapping[str, tuple[Case, Published]]] = MappingProxyType(
    {name: (replace(case, name=name), published) for name, (case, published) in _rows().items()}
)
