"""Gradient checking: is a gradient derived by hand the derivative of the loss?

* ``check_entries``: every entry against the central difference (E(θ+h) − E(θ−h)) / 2h. Finds the
  wrong entry, at two evaluations an entry.
* ``check_inner_product``: ⟨w, J v⟩ against ⟨Jᵀ w, v⟩ for random directions. Two evaluations a
  direction for any number of entries; for a scalar loss it compares directional derivatives.

Read the relative error like this (float64, smooth functions): 1e-7 and below is right, 1e-2 and
above is a bug, and between them look for a kink (relu at 0) or an unfortunate step width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Point = Mapping[str, Array]

#: Truncation error grows with h², rounding error with 1/h; for float64 they meet near 1e-5.
STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Difference:
    """One comparison: of an entry (``index`` into ``name``) or of a random direction (its number).

    ``analytic`` is what the gradient says, ``numeric`` what differences say.
    """

    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float
    relative_error: float


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The worst comparison of each parameter, in the order of the gradients."""

    per_parameter: tuple[Difference, ...]

    @property
    def worst(self) -> Difference:
        """The comparison with the largest relative error over all parameters."""
        return max(self.per_parameter, key=_badness)

    def passes(self, tolerance: float = 1e-6) -> bool:
        """Whether no relative error exceeds the tolerance (a NaN does)."""
        return _badness(self.worst) <= tolerance


def _badness(difference: Difference) -> float:
    error = difference.relative_error
    return float("inf") if np.isnan(error) else error


def relative_error(analytic: ArrayLike, numeric: ArrayLike, floor: float = 1e-6) -> Array:
    """|a − n| / max(|a|, |n|, floor), entry by entry.

    Below ``floor`` a difference quotient is rounding noise, so small entries are measured
    against it instead of against themselves.
    """
    analytic = np.asarray(analytic, dtype=np.float64)
    numeric = np.asarray(numeric, dtype=np.float64)
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
    return np.asarray(np.abs(analytic - numeric) / scale)


def numeric_gradient(loss: Callable[[Array], float], at: ArrayLike, step: float = STEP) -> Array:
    """Central differences of a scalar function of one array, in the array's shape."""
    at = np.array(at, dtype=np.float64)
    gradient = np.empty_like(at)
    for index in np.ndindex(at.shape):
        kept = at[index]
        at[index] = kept + step
        above = loss(at)
        at[index] = kept - step
        below = loss(at)
        at[index] = kept
        gradient[index] = (above - below) / (2.0 * step)
    return gradient


def _moved(point: Point, name: str, value: Array) -> dict[str, Array]:
    # Copies, since a loss that changes its arguments would otherwise move the point itself.
    return {key: (value if key == name else array).copy() for key, array in point.items()}


def _require_same_names(at: Point, gradients: Mapping[str, ArrayLike]) -> None:
    for name, gradient in gradients.items():
        if name not in at:
            raise ValueError(f"a gradient of {name!r}, but no parameter of that name")
        if np.shape(gradient) != np.shape(at[name]):
            shapes = f"{np.shape(gradient)} and {np.shape(at[name])}"
            raise ValueError(f"gradient and parameter {name!r} differ in shape: {shapes}")


def check_entries(
    loss: Callable[[dict[str, Array]], float],
    at: Point,
    gradients: Mapping[str, ArrayLike],
    *,
    step: float = STEP,
    floor: float = 1e-6,
) -> GradientCheck:
    """Compare every entry of every given gradient with its central difference.

    Parameters
    ----------
    loss : takes a dict of arrays like ``at``; it gets copies
    gradients : name → array of the shape of ``at[name]``; names without a gradient stay fixed

    Raises
    ------
    ValueError for a gradient without a parameter or of another shape
    """
    _require_same_names(at, gradients)
    point = {name: np.array(value, dtype=np.float64) for name, value in at.items()}
    worst = []
    for name, gradient in gradients.items():
        analytic = np.asarray(gradient, dtype=np.float64)

        def along(value: Array, name: str = name) -> float:
            return loss(_moved(point, name, value))

        numeric = numeric_gradient(along, point[name], step)
        errors = relative_error(analytic, numeric, floor)
        # argmax takes a NaN for the largest, which here is what it is.
        index = tuple(int(i) for i in np.unravel_index(int(errors.argmax()), errors.shape))
        worst.append(
            Difference(
                name, index, float(analytic[index]), float(numeric[index]), float(errors[index])
            )
        )
    return GradientCheck(tuple(worst))


def check_inner_product(
    function: Callable[[dict[str, Array]], ArrayLike],
    at: Point,
    pull_back: Callable[[Array], Mapping[str, ArrayLike]],
    rng: np.random.Generator,
    *,
    directions: int = 4,
    step: float = STEP,
    floor: float = 1e-6,
) -> GradientCheck:
    """Compare ⟨pull_back(w), v⟩ with the difference quotient of ⟨w, function⟩ along v.

    Parameters
    ----------
    function : dict of arrays → array of any shape (a float for a loss)
    pull_back : w (the shape of the function's value) → {name: Jᵀ w}; for a loss with gradient
        ``G`` that is ``lambda w: {name: w * G[name]}``
    directions : random unit directions v for each parameter, each with a w of its own

    Each parameter is moved alone, so that ``worst`` names the one whose gradient is wrong.
    """
    point = {name: np.array(value, dtype=np.float64) for name, value in at.items()}
    shape = np.shape(function({name: value.copy() for name, value in point.items()}))
    found: dict[str, Difference] = {}
    for number in range(directions):
        # A scalar needs no random weight: a small one would only drown the comparison in noise.
        w = np.asarray(rng.standard_normal(shape) if shape else 1.0)
        gradients = pull_back(w)
        _require_same_names(point, gradients)
        for name, gradient in gradients.items():
            v = rng.standard_normal(point[name].shape)
            v = v / np.sqrt((v**2).sum())
            above = function(_moved(point, name, point[name] + step * v))
            below = function(_moved(point, name, point[name] - step * v))
            numeric = float(np.sum(w * (np.asarray(above) - np.asarray(below))) / (2.0 * step))
            analytic = float(np.sum(np.asarray(gradient) * v))
            error = float(relative_error(analytic, numeric, floor))
            difference = Difference(name, (number,), analytic, numeric, error)
            if name not in found or _badness(difference) > _badness(found[name]):
                found[name] = difference
    return GradientCheck(tuple(found.values()))
