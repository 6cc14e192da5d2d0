"""Live runs by name: what the lab draws and ``bptt lab run`` prints.

Looking up names and parameters loads no NumPy; starting a run does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.parameters import REQUIRED, Parameter, ParameterError, nearest_names, read_arguments

if TYPE_CHECKING:
    from engine.experiments.binary_addition import Snapshot
    from engine.training_state import TrainingState

__all__ = ["EXPERIMENTS", "REQUIRED", "Experiment", "ExperimentError", "Parameter", "experiment"]

_Start: TypeAlias = "Callable[..., Iterator[Snapshot]]"
_NewState: TypeAlias = "Callable[..., TrainingState]"


class ExperimentError(ParameterError):
    """An experiment or one of its settings that does not exist or does not fit."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named run with its settings.

    ``parameters`` holds each setting's kind, bounds, choices and default; the seed comes apart.
    """

    name: str
    summary: str
    source: str
    parameters: Mapping[str, Parameter]
    _start: Callable[[], tuple[_Start, _NewState]]

    def settings(self, **settings: object) -> dict[str, Any]:
        """All settings as plain int, float and str, defaults filled in; raises ExperimentError."""
        values = read_arguments(self.name, self.parameters, settings, ExperimentError)
        return {
            name: float(value) if self.parameters[name].kind == "number" else value
            for name, value in values.items()
        }

    def new_state(self, seed: int = 0, **settings: object) -> TrainingState:
        """The state before the first iteration, to be handed to ``run`` and kept by the caller."""
        _, new_state = self._start()
        return new_state(self._seed(seed), **self.settings(**settings))

    def run(
        self, seed: int = 0, *, state: TrainingState | None = None, **settings: object
    ) -> Iterator[Snapshot]:
        """Start the run, or go on from ``state``, which is then advanced in place.

        Settings are checked now, before the first snapshot is asked for. Closing the iterator ends
        the run at once.

        Raises
        ------
        ExperimentError
        """
        checked = self.settings(**settings)
        start, new_state = self._start()
        if state is None:
            state = new_state(self._seed(seed), **checked)
        return start(state, **checked)

    def _seed(self, seed: object) -> int:
        bounds = Parameter("integer", "the seed", minimum=0, maximum=2**32 - 1)
        return int(
            read_arguments(self.name, {"seed": bounds}, {"seed": seed}, ExperimentError)["seed"]
        )


def _binary_addition() -> tuple[_Start, _NewState]:
    from engine.experiments import binary_addition

    return binary_addition.run, binary_addition.new_state


EXPERIMENTS: Final[Mapping[str, Experiment]] = MappingProxyType(
    {
        "binary-addition": Experiment(
            "binary-addition",
            "a simple RNN learns to add two binary numbers, lowest bit first",
            "Course program of the Rabbit Challenge, day 3; no biases, one pair an update",
            MappingProxyType(
                {
                    "iterations": Parameter(
                        "integer", "updates in all", minimum=1, maximum=200_000, default=10_000
                    ),
                    "every": Parameter(
                        "integer",
                        "updates from one snapshot to the next",
                        minimum=1,
                        maximum=2_000,
                        default=50,
                    ),
                    "hidden": Parameter(
                        "integer", "hidden units H", minimum=1, maximum=128, default=16
                    ),
                    "deviation": Parameter(
                        "number",
                        "standard deviation of the initial weights (normal only)",
                        minimum=0,
                        maximum=10,
                        default=1,
                    ),
                    "activation": Parameter(
                        "choice",
                        "hidden activation f",
                        choices=("sigmoid", "tanh", "relu", "identity"),
                        default="sigmoid",
                    ),
                    "initialisation": Parameter(
                        "choice",
                        "rule of the initial weights",
                        choices=("normal", "xavier", "he"),
                        default="normal",
                    ),
                    "learning_rate": Parameter("number", "ε", minimum=0, maximum=100, default=0.1),
                    "output_delta": Parameter(
                        "choice",
                        "δ^out: the true one of ½(d − y)², the course program's, or y − d",
                        choices=("true", "seed", "cross-entropy"),
                        default="true",
                    ),
                }
            ),
            _binary_addition,
        ),
    }
)


def experiment(name: str) -> Experiment:
    """The experiment of this name; raises ExperimentError with the nearest names."""
    try:
        return EXPERIMENTS[name]
    except KeyError:
        nearest = nearest_names(name, EXPERIMENTS)
        raise ExperimentError(name, "", "unknown-name", "is no experiment", nearest) from None
