"""Any experiment, several runs side by side: what happens is a distribution, not one lucky run.

R runs from the seeds s, s + 1, …, s + R − 1 advance together, each by one snapshot in turn; what is
handed out has the shape of a snapshot, with quantiles over the runs where that has numbers. The
sweeps over the binary adder need none of this: their replicates share every matrix product
(``engine.training_replicated``), and they take ``replicates`` as a setting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.experiments.experiment import Experiment, ExperimentError
from engine.experiments.live_run import Run
from engine.parameters import Parameter, read_arguments

REPLICATES: Final = Parameter(
    "integer", "runs side by side, from the seed on", minimum=1, maximum=200, default=1
)

#: The quantiles that are shown, by the keys they have.
SHARES: Final = {"10": 0.1, "50": 0.5, "90": 0.9}

#: What has no value common to all runs.
_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class ReplicatedSnapshot:
    """R runs at one moment.

    Attributes
    ----------
    iteration : of the run that is furthest
    replicates : R; running : how many of them gave a snapshot this time
    figures : as ``to_json()`` of one snapshot, merged over them: a number becomes the mapping of
        "10", "50" and "90" to that quantile over the runs where it is finite; a list of numbers
        that of lists; true and false the share of true; a text stays if all runs have it
    ended : seed and reason of each run that diverged so far
    """

    iteration: int
    replicates: int
    running: int
    figures: dict[str, Any]
    ended: tuple[tuple[int, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        ended = [{"seed": seed, "diverged": why} for seed, why in self.ended]
        return {
            "iteration": self.iteration,
            "replicates": self.replicates,
            "running": self.running,
            **self.figures,
            "ended": ended,
        }


@dataclass(slots=True)
class Replicates:
    """The states of the runs, each by its seed, and why some ended."""

    states: dict[int, Any]
    ended: dict[int, str] = field(default_factory=dict)

    @property
    def iteration(self) -> int:
        """Of the run that is furthest."""
        return max(int(state.iteration) for state in self.states.values())

    def copy(self) -> Replicates:
        """Independent states: all go on alike."""
        states = {seed: state.copy() for seed, state in self.states.items()}
        return Replicates(states, dict(self.ended))


def new_state(
    experiment: Experiment, replicates: object, seed: int = 0, **settings: object
) -> Replicates:
    """The states before the first iteration. Raises ExperimentError."""
    R = _checked(experiment, replicates)
    seeds = [(seed + r) % 2**32 for r in range(R)]
    return Replicates({s: experiment.new_state(s, **settings) for s in seeds})


def run(
    experiment: Experiment,
    replicates: object,
    seed: int = 0,
    *,
    state: Replicates | None = None,
    **settings: object,
) -> Run:
    """Start R runs of an experiment, or go on from ``state``, which is then advanced in place.

    A sweep over the binary adder gives its own snapshots, which have quantiles already.

    ``replicates`` is R, 1 to 200, or such a number as a text.

    Raises
    ------
    ExperimentError before the first snapshot is asked for
    """
    R = _checked(experiment, replicates)
    if "replicates" in experiment.parameters:
        return experiment.run(seed, state=state, **{**settings, "replicates": R})
    experiment.settings(**settings)
    if state is None:
        state = new_state(experiment, R, seed, **settings)
    return Run(_together(experiment, state, settings))


def _checked(experiment: Experiment, replicates: object) -> int:
    bounds, given = {"replicates": REPLICATES}, {"replicates": replicates}
    return int(read_arguments(experiment.name, bounds, given, ExperimentError)["replicates"])


def _together(
    experiment: Experiment, state: Replicates, settings: dict[str, Any]
) -> Iterator[ReplicatedSnapshot]:
    live = {
        seed: experiment.run(state=own, **settings)
        for seed, own in state.states.items()
        if seed not in state.ended
    }
    while live:
        shown = {}
        for seed, snapshots in list(live.items()):
            snapshot = next(snapshots, None)
            if snapshot is None:
                del live[seed]
                continue
            shown[seed] = snapshot.to_json()
            why = shown[seed].pop("diverged", None)
            if why is not None:
                state.ended[seed] = why
        if not shown:
            return
        figures = merged(list(shown.values()))
        figures.pop("iteration", None)
        yield ReplicatedSnapshot(
            iteration=max(own["iteration"] for own in shown.values()),
            replicates=len(state.states),
            running=len(shown),
            figures=figures,
            ended=tuple(sorted(state.ended.items())),
        )


def merged(snapshots: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Snapshots of several runs as plain values → one of the same shape; see ReplicatedSnapshot."""
    found = {key: _merged([own.get(key) for own in snapshots]) for key in snapshots[0]}
    return {key: value for key, value in found.items() if value is not _NOTHING}


def _merged(values: list[Any]) -> Any:
    known = [value for value in values if value is not None]
    if not known:
        return None
    if all(isinstance(value, bool) for value in known):
        return sum(known) / len(known)
    if all(isinstance(value, int | float) for value in known):
        same = isinstance(known[0], int) and all(value == known[0] for value in values)
        return known[0] if same else _quantiles(known)
    if all(isinstance(value, str) for value in known):
        return known[0] if all(value == known[0] for value in values) else _NOTHING
    if all(isinstance(value, dict) for value in known):
        return merged(known)
    if all(isinstance(value, list) for value in known) and len({len(v) for v in known}) == 1:
        return _merged_lists(known)
    return _NOTHING


def _merged_lists(lists: list[list[Any]]) -> Any:
    entries = [list(column) for column in zip(*lists, strict=True)]
    if all(isinstance(entry, dict) for column in entries for entry in column):
        return [merged(column) for column in entries]
    numbers = all(
        entry is None or (isinstance(entry, int | float) and not isinstance(entry, bool))
        for column in entries
        for entry in column
    )
    if not numbers:
        return _NOTHING
    found = [_quantiles([entry for entry in column if entry is not None]) for column in entries]
    return {key: [quantiles[key] for quantiles in found] for key in SHARES}


def _quantiles(numbers: list[float]) -> dict[str, float | None]:
    import numpy as np  # only where something is computed: looking at experiments loads no NumPy

    if not numbers:
        return dict.fromkeys(SHARES)
    found = np.quantile(np.array(numbers, dtype=np.float64), list(SHARES.values()))
    return {key: float(value) for key, value in zip(SHARES, found, strict=True)}
