"""A formula that trains a network, in a thread of its own: curves gathered for the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from drills.locale import text
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.experiments.live_run import Run
    from engine.formulas.training import Snapshot, TrainingRefusedError

ITERATIONS: Final = 10_000
EVERY: Final = 50


class TrainingRun:
    """The curves of the formula's run and of the right one, as far as they have come."""

    def __init__(self, formula: str, target: str, notation: str | None, seed: int) -> None:
        self.seed = seed
        self.iterations: list[int] = []
        self.losses: list[float] = []
        self.right_losses: list[float] = []
        self.newest: Snapshot | None = None
        self.refused: Text | None = None
        self.finished = False
        self._formula, self._target, self._notation = formula, target, notation
        self._go = threading.Event()
        self._go.set()
        self._stop = threading.Event()
        self._snapshots: Run | None = None

    @property
    def running(self) -> bool:
        return self._go.is_set() and not self.finished

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
        from engine.experiments.live_run import Run
        from engine.formulas.training import TrainingRefusedError, Update, train_with

        try:
            update = Update(self._formula, self._target, self._notation)
            snapshots = train_with(update, seed=self.seed, iterations=ITERATIONS, every=EVERY)
            self._snapshots = Run(snapshots)
            self._gather(self._snapshots, cancelled)
        except TrainingRefusedError as refusal:
            self.refused = refusal_text(refusal)
        self.finished = True

    def _gather(self, snapshots: Run, cancelled: Callable[[], bool]) -> None:
        while not self._stop.is_set() and not cancelled():
            # A timeout, so that an app that closes while the run is paused is not held up.
            if not self._go.wait(timeout=0.2):
                continue
            snapshot: Snapshot | None = next(snapshots, None)
            if snapshot is None:
                return
            self.iterations.append(snapshot.iteration)
            self.losses.append(snapshot.loss)
            self.right_losses.append(snapshot.right_loss)
            self.newest = snapshot


def refusal_text(refusal: TrainingRefusedError) -> Text:
    """Why a formula cannot drive a run, and what would."""
    key = f"app.training.refused.{refusal.reason}"
    return text(key, found=refusal.found, expected=refusal.expected)
