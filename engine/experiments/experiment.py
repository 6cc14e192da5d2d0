"""What an experiment is: a named run with settings, a claim and recorded figures.

Looking at it loads no NumPy; starting it does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeAlias

from engine.experiments.live_run import Run
from engine.parameters import Parameter, ParameterError, read_arguments

# Each experiment has its own snapshots and its own state; what they share is said in Experiment.
_Start: TypeAlias = Callable[..., Iterator[Any]]
_NewState: TypeAlias = Callable[..., Any]


class ExperimentError(ParameterError):
    """An experiment or one of its settings that does not exist or does not fit."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named run with its settings.

    Its snapshots have ``iteration`` and ``to_json()``; its state can be copied with ``copy()``.

    Attributes
    ----------
    parameters : each setting's kind, bounds, choices and default; the seed comes apart
    claim : what the run shows with its default settings, in plain English; "" for none
    rows : names of the rows of recorded figures that the claim rests on
    results : the file in ``engine/experiments/results`` that holds these rows
    """

    name: str
    summary: str
    source: str
    parameters: Mapping[str, Parameter]
    _start: Callable[[], tuple[_Start, _NewState]]
    claim: str = ""
    rows: tuple[str, ...] = ()
    results: str = ""

    def settings(self, **settings: object) -> dict[str, Any]:
        """All settings as plain int, float and str, defaults filled in; raises ExperimentError."""
        values = read_arguments(self.name, self.parameters, settings, ExperimentError)
        as_floats: dict[str, Callable[[Any], Any]] = {
            "number": float,
            "numbers": lambda entries: tuple(float(entry) for entry in entries),
        }
        return {
            name: as_floats.get(self.parameters[name].kind, lambda plain: plain)(value)
            for name, value in values.items()
        }

    def recorded(self) -> dict[str, dict[str, Any]]:
        """The recorded figures that the claim rests on, by row; empty if there are none yet."""
        file = resources.files("engine.experiments") / "results" / self.results
        if not self.results or not file.is_file():
            return {}
        found = json.loads(file.read_text(encoding="utf-8"))["rows"]
        return {row: found[row] for row in self.rows if row in found}

    def new_state(self, seed: int = 0, **settings: object) -> Any:
        """The state before the first iteration, to be handed to ``run`` and kept by the caller."""
        _, new_state = self._start()
        return new_state(self._seed(seed), **self.settings(**settings))

    def run(self, seed: int = 0, *, state: Any = None, **settings: object) -> Run:
        """Start the run, or go on from ``state``, which is then advanced in place.

        Settings are checked now, before the first snapshot is asked for. ``run.stop()``, from any
        thread, ends it within 100 ms.

        Raises
        ------
        ExperimentError
        """
        checked = self.settings(**settings)
        start, new_state = self._start()
        if state is None:
            state = new_state(self._seed(seed), **checked)
        return Run(start(state, **checked))

    def _seed(self, seed: object) -> int:
        bounds = Parameter("integer", "the seed", minimum=0, maximum=2**32 - 1)
        return int(
            read_arguments(self.name, {"seed": bounds}, {"seed": seed}, ExperimentError)["seed"]
        )
