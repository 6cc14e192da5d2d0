"""The lab: a small network learns to add binary numbers while one watches."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.worker import get_current_worker

from drills.app.bindings import key
from drills.app.lab_run import LabRun
from drills.app.screens.base import DojoScreen
from drills.app.widgets.bits_view import BitsView
from drills.app.widgets.prose import Prose
from drills.app.widgets.settings_table import Setting, SettingsTable
from drills.app.widgets.title_bar import TitleBar
from drills.typography import cell_width

EXPERIMENT: Final = "binary-addition"
FRAMES_A_SECOND: Final = 15
EVERY: Final = 25
PACES: Final = (4.0, 16.0, 0.0)
SOLVED: Final = 0.95
STUCK: Final = 1.3
WARMING_UP: Final = 300

ACTIVATIONS: Final = ("sigmoid", "tanh", "relu", "identity")
INITIALISATIONS: Final = ("normal", "xavier", "he")
DEVIATIONS: Final = (0.1, 0.5, 1.0, 2.0, 4.0)
SIZES: Final = (2, 4, 16, 32, 64, 128)
RATES: Final = (0.01, 0.1, 0.5, 1.0)
DELTAS: Final = ("true", "seed", "cross-entropy")
NOTHING: Final[tuple[list[int], list[float]]] = ([], [])


class LabScreen(DojoScreen):
    """Loss curve, one sum, settings. A changed setting starts anew and keeps the curve before."""

    CSS_PATH = "lab.tcss"
    AUTO_FOCUS = "SettingsTable"
    HELP_PAGE: ClassVar[str] = "app.help.lab"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "start_or_pause", "run", shown_as="Space"),
        key("r", "reseed", "seed"),
        key("n", "restart", "restart"),
        key("x", "experiments", "experiments"),
        key("escape", "leave", "back", shown_as="Esc"),
    ]

    def __init__(self, *, seed: int = 0, settings: Mapping[str, Any] | None = None) -> None:
        """``settings`` are those that an item is about; the run begins with them."""
        super().__init__()
        self.seed = seed
        self._given = dict(settings or {})
        self.current: LabRun | None = None
        self._before: tuple[list[int], list[float]] = NOTHING
        self._drawn = -1
        self._plot: Any = None

    def compose_body(self) -> ComposeResult:
        with Vertical(id="middle"):
            yield Vertical(id="plot-place")
            with Vertical(id="below"):
                with Horizontal(id="controls"):
                    yield SettingsTable()
                    yield BitsView()
                yield Prose(id="figures", classes="muted")
                yield Prose(id="seen")

    async def prepare(self) -> None:
        self.relabel()
        # The plot brings NumPy with it: a quarter of a second that keys should not wait for.
        module = await asyncio.to_thread(import_module, "drills.app.widgets.loss_plot")
        self._plot = module.LossPlot()
        await self.query_one("#plot-place").mount(self._plot)
        self._renew(start=False)
        self.set_interval(1 / FRAMES_A_SECOND, self.draw)

    def on_unmount(self) -> None:
        if self.current is not None:
            self.current.stop()

    def relabel(self) -> None:
        table = self.query_one(SettingsTable)
        chosen = {setting.name: setting.chosen for setting in table.settings}
        settings = self._settings()
        for setting in settings:
            setting.chosen = chosen.get(setting.name, setting.chosen)
        table.show(settings)
        self._drawn = -1
        self.draw()

    def draw(self) -> None:
        """Show what has happened since the last frame; nothing, when nothing has."""
        run = self.current
        if run is None or self._plot is None or not self._plot.is_mounted:
            return
        state = len(run.losses) * 4 + run.running * 2 + run.finished
        if state == self._drawn:
            return
        self._drawn = state
        iteration = run.newest.iteration if run.newest else 0
        self.query_one(TitleBar).show(
            self.say("app.lab.title"),
            self.say("app.lab.iteration", iteration=f"{iteration:,}", seed=run.seed),
        )
        self._plot.show(run.iterations, run.losses, self._before, 10_000)
        self.query_one(BitsView).show(run.newest)
        self.query_one("#figures", Prose).update(self._figures(run))
        self.query_one("#seen", Prose).update(self._seen(run))
        self.refresh_bindings()

    def action_start_or_pause(self) -> None:
        run = self.current
        if run is None:
            return
        if run.finished:
            self._renew(start=True)
        elif run.running:
            run.pause()
        else:
            run.start()

    def action_reseed(self) -> None:
        self.seed += 1
        self._renew(start=True)

    def action_restart(self) -> None:
        self._renew(start=True)

    def action_experiments(self) -> None:
        self.dojo.show_experiments()

    def action_leave(self) -> None:
        self.app.pop_screen()

    def on_settings_table_changed(self, message: SettingsTable.Changed) -> None:
        if message.name == "pace":
            if self.current is not None:
                self.current.pace = float(str(message.value))
            return
        started = self.current is not None and bool(self.current.losses)
        self._renew(start=started)

    @work(thread=True, group="lab")
    def _work(self, run: LabRun) -> None:
        worker = get_current_worker()
        run.work(lambda: worker.is_cancelled)

    def _renew(self, *, start: bool) -> None:
        old = self.current
        if old is not None:
            old.stop()
            if len(old.losses) > 1:
                self._before = (old.iterations, old.losses)
        table = self.query_one(SettingsTable)
        settings = {
            setting.name: setting.value for setting in table.settings if setting.name != "pace"
        }
        pace = float(str(table.value("pace")))
        self.current = LabRun(
            EXPERIMENT, self.seed, {**self._given, **settings, "every": EVERY}, pace
        )
        if start:
            self.current.start()
        self._work(self.current)
        self._drawn = -1
        self.draw()

    def _settings(self) -> list[Setting]:
        def row(name: str, values: tuple[object, ...], chosen: int) -> Setting:
            shown = tuple(str(value) for value in values)
            return Setting(name, self.say(f"app.lab.setting.{name}"), values, shown, chosen)

        deltas = row("output_delta", DELTAS, 0)
        deltas.shown = tuple(self.say(f"app.lab.delta.{name}") for name in DELTAS)
        pace = row("pace", PACES, 1)
        pace.shown = tuple(
            self.say(f"app.lab.pace.{speed}") for speed in ("slow", "middle", "fast")
        )
        rows = [
            row("activation", ACTIVATIONS, 0),
            row("initialisation", INITIALISATIONS, 0),
            row("deviation", DEVIATIONS, 2),
            row("learning_rate", RATES, 1),
            deltas,
            *([row("hidden", SIZES, 2)] if "hidden" in self._given else []),
            pace,
        ]
        for setting in rows:
            self._begin_with(setting)
        return rows

    def _begin_with(self, setting: Setting) -> None:
        """Choose the value that an item gave; one that is not offered comes last."""
        given = self._given.get(setting.name)
        if given is None:
            return
        if given not in setting.values:
            setting.values = (*setting.values, given)
            setting.shown = (*setting.shown, str(given))
        setting.chosen = setting.values.index(given)

    def _figures(self, run: LabRun) -> str:
        newest = run.newest
        if newest is None:
            return ""
        line = self.say(
            "app.lab.figures",
            loss=f"{newest.loss:.3f}",
            accuracy=f"{100 * newest.accuracy:.0f}",
            norm=f"{newest.gradient_norm:.2g}",
            radius=f"{newest.spectral_radius:.2f}",
        )
        # One line where it can be one: the dots give way first.
        fits = cell_width(line) <= self.query_one("#figures").content_size.width
        return line if fits else line.replace(" · ", "  ")

    def _seen(self, run: LabRun) -> str:
        """What there is to see at this moment, in words."""
        newest = run.newest
        if run.error:
            return run.error
        if newest is None:
            return self.say("app.lab.seen.start")
        if newest.divergence is not None:
            return self.say(
                "app.lab.seen.diverged",
                norm=f"{newest.divergence.gradient_norm:.0e}",
                iteration=newest.divergence.iteration,
            )
        if newest.accuracy >= SOLVED:
            return self.say("app.lab.seen.solved", accuracy=f"{100 * newest.accuracy:.0f}")
        if newest.loss > STUCK and newest.iteration > WARMING_UP:
            return self.say("app.lab.seen.stuck")
        if run.finished:
            return self.say("app.lab.seen.unsolved", accuracy=f"{100 * newest.accuracy:.0f}")
        if newest.loss > 0.9:
            return self.say("app.lab.seen.guessing")
        return self.say("app.lab.seen.learning")
