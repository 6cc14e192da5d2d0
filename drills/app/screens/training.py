"""Train with this: the formula on the screen drives the binary adder beside the right one."""

from __future__ import annotations

import asyncio
import math
from importlib import import_module
from typing import Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.worker import get_current_worker

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.training_run import ITERATIONS, TrainingRun
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar

FRAMES_A_SECOND: Final = 10
# A loss of guessing is near 1; a difference below this is no difference on a screen.
ALIKE: Final = 1e-6
SOLVED: Final = 0.95


class TrainingScreen(DojoScreen):
    """Two curves from one seed: a line for the formula, dots for the right update."""

    CSS_PATH = "training.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.training"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "start_or_pause", "run", shown_as="Space"),
        key("r", "reseed", "seed"),
        key("escape,f3", "leave", "leave", shown_as="Esc"),
    ]

    def __init__(self, formula: str, target: str, notation: str | None, *, seed: int = 0) -> None:
        super().__init__()
        self.seed = seed
        self.current: TrainingRun | None = None
        self._formula = formula
        self._target = target
        self._notation = notation
        self._plot: Any = None
        self._drawn = -1

    def compose_body(self) -> ComposeResult:
        with Vertical(id="middle"):
            yield Prose(id="formula")
            yield Vertical(id="plot-place")
            yield Prose(id="figures", classes="muted")
            yield Prose(id="seen")

    async def prepare(self) -> None:
        self.relabel()
        # The plot brings NumPy with it: a quarter of a second that keys should not wait for.
        module = await asyncio.to_thread(import_module, "drills.app.widgets.loss_plot")
        self._plot = module.LossPlot()
        await self.query_one("#plot-place").mount(self._plot)
        self._renew()
        self.set_interval(1 / FRAMES_A_SECOND, self.draw)

    def on_unmount(self) -> None:
        if self.current is not None:
            self.current.stop()

    def relabel(self) -> None:
        self.query_one("#formula", Prose).update(self._formula)
        self._drawn = -1
        self.draw()

    def draw(self) -> None:
        """Show what has happened since the last frame; nothing, when nothing has."""
        run = self.current
        if run is None or self._plot is None or not self._plot.is_mounted:
            return
        state = len(run.iterations) * 4 + run.running * 2 + run.finished
        if state == self._drawn:
            return
        self._drawn = state
        newest = run.newest
        iteration = newest.iteration if newest else 0
        self.query_one(TitleBar).show(
            self.say("app.training.title", target=self._target),
            self.say("app.lab.iteration", iteration=f"{iteration:,}", seed=run.seed),
        )
        shown = [
            (at, loss)
            for at, loss in zip(run.iterations, run.losses, strict=False)
            if math.isfinite(loss)
        ]
        # The run goes on while this is drawn: only what both lists have by now.
        right = list(zip(run.iterations, run.right_losses, strict=False))
        self._plot.show(
            [at for at, _ in shown],
            [loss for _, loss in shown],
            ([at for at, _ in right], [loss for _, loss in right]),
            ITERATIONS,
        )
        figures = ""
        if newest is not None:
            figures = self.say(
                "app.training.figures",
                loss=_figure(newest.loss),
                right=_figure(newest.right_loss),
                share=round(100 * newest.share),
                right_share=round(100 * newest.right_share),
            )
        self.query_one("#figures", Prose).update(figures)
        self.query_one("#seen", Prose).update(self._seen(run))
        self.refresh_bindings()

    def _seen(self, run: TrainingRun) -> str:
        if run.refused is not None:
            return self.say(run.refused)
        newest = run.newest
        if newest is None:
            return self.say("app.training.seen.start")
        if newest.diverged is not None:
            return self.say("app.training.seen.diverged", iteration=f"{newest.diverged:,}")
        pairs = zip(run.losses, run.right_losses, strict=False)
        if all(abs(mine - right) < ALIKE for mine, right in pairs):
            return self.say("app.training.seen.same")
        if newest.share >= SOLVED:
            return self.say("app.training.seen.solved")
        if newest.right_share >= SOLVED:
            return self.say("app.training.seen.behind")
        return self.say("app.training.seen.apart")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        refused = self.current is not None and self.current.refused is not None
        if action in {"start_or_pause", "reseed"}:
            return not refused
        return super().check_action(action, parameters)

    def action_start_or_pause(self) -> None:
        run = self.current
        if run is None:
            return
        if run.finished:
            self._renew()
        elif run.running:
            run.pause()
        else:
            run.start()

    def action_reseed(self) -> None:
        self.seed += 1
        self._renew()

    def action_leave(self) -> None:
        self.app.pop_screen()

    @work(thread=True, group="training")
    def _work(self, run: TrainingRun) -> None:
        worker = get_current_worker()
        run.work(lambda: worker.is_cancelled)

    def _renew(self) -> None:
        if self.current is not None:
            self.current.stop()
        self.current = TrainingRun(self._formula, self._target, self._notation, self.seed)
        self._work(self.current)
        self._drawn = -1
        self.draw()


def _figure(loss: float) -> str:
    return f"{loss:.3f}" if math.isfinite(loss) else "-"
