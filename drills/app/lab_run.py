"""One live run in a thread of its own, at a pace that the eye can follow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.experiments.binary_addition import Snapshot
    from engine.experiments.live_run import Run


class LabRun:
    """Snapshots gathered by a thread and read by the screen, which draws when it wants to.

    ``pace`` is the number of snapshots a second; 0 means as fast as it goes.
    """

    def __init__(self, name: str, seed: int, settings: Mapping[str, Any], pace: float) -> None:
        self.seed = seed
        self.iterations: list[int] = []
        self.losses: list[float] = []
        self.newest: Snapshot | None = None
        self.finished = False
        self.error = ""
        self.pace = pace
        self._name = name
        self._settings = dict(settings)
        self._go = threading.Event()
        self._stop = threading.Event()
        self._snapshots: Run | None = None

    @property
    def running(self) -> bool:
        return self._go.is_set() and not self.finished

    @property
    def diverged(self) -> bool:
        return self.newest is not None and self.newest.divergence is not None

    def start(self) -> None:
        self._go.set()

    def pause(self) -> None:
        self._go.clear()

    def stop(self) -> None:
        """End the thread within 100 ms, also when it is paused or between two snapshots."""
        self._stop.set()
        if self._snapshots is not None:
            self._snapshots.stop()
        self._go.set()

    def work(self, cancelled: Callable[[], bool]) -> None:
        """Run to the end, or until stopped or cancelled; in a thread."""
        from engine.experiments import EXPERIMENTS, ExperimentError

        try:
            self._snapshots = EXPERIMENTS[self._name].run(seed=self.seed, **self._settings)
        except ExperimentError as error:
            self.error, self.finished = str(error), True
            return
        self._gather(self._snapshots, cancelled)
        self.finished = True

    def _gather(self, snapshots: Iterator[Snapshot], cancelled: Callable[[], bool]) -> None:
        while not self._stop.is_set() and not cancelled():
            # A timeout, so that an app that closes while the run is paused is not held up.
            if not self._go.wait(timeout=0.2):
                continue
            snapshot = next(snapshots, None)
            if snapshot is None:
                return
            self.iterations.append(snapshot.iteration)
            self.losses.append(snapshot.loss)
            self.newest = snapshot
            if self.pace:
                self._stop.wait(1 / self.pace)
