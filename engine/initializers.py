"""Initial weights, drawn so that the stream of random numbers can be predicted.

Each takes one ``randn`` call of the given generator, whatever the rule, so that two runs that
differ in the rule only see the same random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Initializer = Callable[[np.random.RandomState, int, int, float], Array]


def normal(rng: np.random.RandomState, fan_in: int, fan_out: int, deviation: float = 1.0) -> Array:
    """Normal weights (fan_in, fan_out) of standard deviation ``deviation``."""
    return np.asarray(deviation * rng.randn(fan_in, fan_out))


def xavier(rng: np.random.RandomState, fan_in: int, fan_out: int, deviation: float = 1.0) -> Array:
    """What Japanese courses call Xavier: deviation 1/√fan_in; ``deviation`` is unused.

    LeCun's rule (1998), strictly: Glorot and Bengio (2010) have √(2 / (fan_in + fan_out)).
    """
    return np.asarray(rng.randn(fan_in, fan_out) / np.sqrt(fan_in))


def he(rng: np.random.RandomState, fan_in: int, fan_out: int, deviation: float = 1.0) -> Array:
    """Deviation √(2 / fan_in) (He et al., 2015); ``deviation`` is unused."""
    return np.asarray(rng.randn(fan_in, fan_out) / np.sqrt(fan_in) * np.sqrt(2.0))


INITIALIZERS: Final[Mapping[str, Initializer]] = MappingProxyType(
    {"normal": normal, "xavier": xavier, "he": he}
)


def spectral_radius(W: Array) -> float:
    """The largest absolute eigenvalue of a square matrix; infinite if an entry is not finite.

    For randn(H, H) · s it is near s√H: 4 for 16 units and s = 1 (Girko's circular law).
    """
    if not np.isfinite(W).all():
        return float("inf")
    return float(np.abs(np.linalg.eigvals(W)).max())
