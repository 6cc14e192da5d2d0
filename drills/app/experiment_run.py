"""A live run of any experiment: its snapshots as plain data, gathered into curves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from drills.app.lab_forms import FORMS, Curves

if TYPE_CHECKING:
    from engine.experiments.live_run import Run


class ExperimentRun:
    """``pace`` is the number of snapshots a second; 0 means as fast as it goes."""

    def __init__(self, name: str, seed: int, settings: Mapping[str, Any], pace: float) -> None:
        self.seed = seed
        self.curves = Curves(FORMS[name])
        self.finished = False
        self.error = ""
        self.pace = pace
        self._name = name
        self._settings = dict(settings)
        self._go = threading.Event()
        self._stop = threading.Event()
        self._one = False
        self._run: Run | None = None

    @property
    def running(self) -> bool:
        return self._go.is_set() and not self.finished

    def start(self) -> None:
        self._go.set()

    def pause(self) -> None:
        self._go.clear()

    def step(self) -> None:
        """One snapshot, then a pause."""
        self._one = True
        self._go.set()

    def stop(self) -> None:
        """End the thread within a moment, also when it is paused."""
        self._stop.set()
        if self._run is not None:
            self._run.stop()
        self._go.set()

    def work(self, cancelled: Callable[[], bool]) -> None:
        """Run to the end, or until stopped or cancelled; in a thread."""
        from engine.experiments import EXPERIMENTS, ExperimentError

        try:
            self._run = EXPERIMENTS[self._name].run(seed=self.seed, **self._settings)
            self._gather(self._run, cancelled)
        except ExperimentError as error:
            self.error = str(error)
        self.finished = True

    def _gather(self, run: Run, cancelled: Callable[[], bool]) -> None:
        while not self._stop.is_set() and not cancelled():
            # A timeout, so that an app that closes while the run is paused is not held up.
            if not self._go.wait(timeout=0.2):
                continue
            snapshot = next(run, None)
            if snapshot is None:
                return
            self.curves.add(snapshot.to_json())
            if self._one:
                self._one = False
                self._go.clear()
            elif self.pace:
                self._stop.wait(1 / self.pace)
