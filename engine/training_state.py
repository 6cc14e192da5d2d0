"""What a training run is made of: its settings, and its state, which can be copied and saved."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from os import PathLike
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.functions import Array
from engine.initializers import INITIALIZERS

ACTIVATION_NAMES: Final = ("sigmoid", "tanh", "relu", "identity")
OUTPUT_DELTA_NAMES: Final = ("true", "seed", "cross-entropy")
INITIALISATION_NAMES: Final = ("normal", "xavier", "he")

_STATE_VERSION: Final = 1


class StateError(ValueError):
    """A saved state that is damaged, of another version, or of other settings."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How the binary adder is trained.

    Attributes
    ----------
    width : bits, also the length of a sequence
    hidden : H
    activation : f, one of ACTIVATION_NAMES; the output activation is always the sigmoid
    initialisation, deviation : see ``engine.initializers``; only "normal" uses the deviation
    output_delta : "true" is (y − d) y (1 − y), of ½(d − y)²; "seed" has σ′(y) for y (1 − y), the
        mistake of the course's program; "cross-entropy" is y − d

    Raises
    ------
    ValueError for a name that does not exist or a size that makes no network
    """

    width: int = 8
    hidden: int = 16
    activation: str = "sigmoid"
    initialisation: str = "normal"
    deviation: float = 1.0
    learning_rate: float = 0.1
    output_delta: str = "true"

    def __post_init__(self) -> None:
        for name, known in (
            ("activation", ACTIVATION_NAMES),
            ("initialisation", INITIALISATION_NAMES),
            ("output_delta", OUTPUT_DELTA_NAMES),
        ):
            if getattr(self, name) not in known:
                found = getattr(self, name)
                raise ValueError(f"{name} has to be one of {', '.join(known)}; it is {found!r}")
        if self.hidden < 1 or not 1 <= self.width <= 16:
            raise ValueError("hidden has to be at least 1, and width between 1 and 16")


@dataclass(slots=True)
class TrainingState:
    """All that a run needs to go on: parameters, generator and the number of updates done.

    W_in (2, H), W (H, H), W_out (H, 1), row form.
    """

    W_in: Array
    W: Array
    W_out: Array
    rng: np.random.RandomState
    iteration: int = 0

    @classmethod
    def new(cls, seed: int, settings: TrainingSettings) -> TrainingState:
        """Draw the weights in the order of the course's program: W_in, W_out, W.

        The pairs follow from the same generator, as there.
        """
        rng = np.random.RandomState(seed)
        draw = INITIALIZERS[settings.initialisation]
        W_in = draw(rng, 2, settings.hidden, settings.deviation)
        W_out = draw(rng, settings.hidden, 1, settings.deviation)
        W = draw(rng, settings.hidden, settings.hidden, settings.deviation)
        return cls(W_in, W, W_out, rng)

    def copy(self) -> TrainingState:
        """An independent state: both go on alike, and neither moves the other's generator."""
        rng = np.random.RandomState()
        rng.set_state(self.rng.get_state())
        return TrainingState(
            self.W_in.copy(), self.W.copy(), self.W_out.copy(), rng, self.iteration
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The state as arrays of numbers, without any object."""
        _, keys, position, has_gauss, gauss = self.rng.get_state(legacy=True)
        return {
            "version": np.array(_STATE_VERSION),
            "iteration": np.array(self.iteration),
            "W_in": self.W_in.copy(),
            "W": self.W.copy(),
            "W_out": self.W_out.copy(),
            "rng_keys": np.array(keys, dtype=np.uint32),
            "rng_position": np.array([position, has_gauss], dtype=np.int64),
            "rng_gauss": np.array(gauss, dtype=np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TrainingState:
        """The inverse of ``to_arrays``; raises StateError if something is missing or misshapen."""
        try:
            version = int(arrays["version"])
            if version != _STATE_VERSION:
                raise StateError(f"state of version {version}; this program reads {_STATE_VERSION}")
            W_in, W, W_out = (np.array(arrays[n], np.float64) for n in ("W_in", "W", "W_out"))
            H = W_in.shape[-1]
            if (W_in.shape, W.shape, W_out.shape) != ((2, H), (H, H), (H, 1)):
                shapes = f"{W_in.shape}, {W.shape}, {W_out.shape}"
                raise StateError(f"the shapes of W_in, W and W_out do not fit: {shapes}")
            position, has_gauss = (int(n) for n in arrays["rng_position"])
            rng = np.random.RandomState()
            keys = np.array(arrays["rng_keys"], dtype=np.uint32)
            # NumPy trusts these two; a position outside the keys would read foreign memory.
            if keys.shape != (624,) or not 0 <= position <= 624:
                raise StateError("the state of the generator is damaged")
            rng.set_state(("MT19937", keys, position, has_gauss, float(arrays["rng_gauss"])))
            return cls(W_in, W, W_out, rng, int(arrays["iteration"]))
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, StateError):
                raise
            raise StateError(f"the saved state is damaged: {error}") from error

    def save(self, path: str | PathLike[str], settings: TrainingSettings) -> None:
        """Write state and settings as one .npz file of plain arrays, whole or not at all."""
        named = {f"setting_{name}": np.array(value) for name, value in asdict(settings).items()}
        unfinished = f"{os.fspath(path)}.part"
        with open(unfinished, "wb") as file:
            np.savez(file, allow_pickle=False, **self.to_arrays(), **named)
        os.replace(unfinished, path)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> tuple[TrainingState, TrainingSettings]:
        """Read what ``save`` wrote; nothing is unpickled. Raises StateError, OSError."""
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        except OSError:
            raise
        except Exception as error:  # a damaged archive raises whatever zipfile or zlib meet
            raise StateError(f"the saved state cannot be read: {error}") from error
        state = cls.from_arrays(arrays)
        try:
            found = {f.name: arrays[f"setting_{f.name}"].item() for f in fields(TrainingSettings)}
            settings = TrainingSettings(**found)
        except (KeyError, TypeError, ValueError) as error:
            raise StateError(f"the saved settings are damaged: {error}") from error
        if state.W.shape[0] != settings.hidden:
            raise StateError("the saved state and its settings differ in the number of units")
        return state, settings
