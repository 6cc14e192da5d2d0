"""Any experiment of the lab: its curves live, its figures, its settings; and the list of all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static
from textual.worker import get_current_worker

from drills.app.bindings import key
from drills.app.experiment_run import ExperimentRun
from drills.app.lab_forms import FORMS, LIVE, MARKS, map_lines, whole_figures, words_of
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.settings_table import Setting, SettingsTable
from drills.app.widgets.title_bar import TitleBar
from drills.locale import text
from drills.typography import cell_width, pad, wrap

if TYPE_CHECKING:
    from engine.parameters import Parameter

FRAMES_A_SECOND: Final = 15
PACES: Final = (4.0, 16.0, 0.0)
ROWS: Final = 5
"""Settings at most: more would leave no room for the curves."""

# Kinds of settings that are turned by hand; not how long a run is, or how often it tells of itself.
TURNED: Final = ("choice", "integer", "number")
APART: Final = frozenset({"iterations", "every", "epochs", "replicates", "test", "questions"})
BINARY_ADDITION: Final = "binary-addition"


class ExperimentsScreen(DojoScreen):
    """All experiments; Enter opens one."""

    CSS_PATH = "experiment.tcss"
    AUTO_FOCUS = "RowList"
    HELP_PAGE: ClassVar[str] = "app.help.experiments"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "open", "open", shown_as="Enter"),
        key("escape", "leave", "leave_page", shown_as="Esc"),
    ]

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="about", classes="muted")
            yield RowList()

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("lab.list"))
        self.query_one("#about", Prose).update(self.say("lab.list.about"))
        names = (BINARY_ADDITION, *FORMS)
        rows = tuple(Row(name, self.say(f"lab.title.{name}")) for name in names)
        self.query_one(RowList).show(rows, name_width=max(20, self.size.width - 10))

    def on_resize(self) -> None:
        self.relabel()

    def action_open(self) -> None:
        name = self.query_one(RowList).current
        if name is not None:
            self.dojo.show_experiment(name)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.dojo.show_experiment(message.key)

    def action_leave(self) -> None:
        self.app.pop_screen()


class ExperimentScreen(DojoScreen):
    """Guess first, then run: Space starts and pauses, Right steps, Enter tells the claim."""

    CSS_PATH = "experiment.tcss"
    AUTO_FOCUS = "SettingsTable"
    HELP_PAGE: ClassVar[str] = "app.help.experiment"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "start_or_pause", "run", shown_as="Space"),
        key("full_stop", "step", "lab_step", shown_as="."),
        key("r", "reseed", "seed"),
        key("n", "restart", "restart"),
        key("enter", "claim", "lab_claim", shown_as="Enter"),
        key("escape", "leave", "leave_page", shown_as="Esc"),
    ]

    def __init__(self, name: str, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.experiment = name
        self.seed = 0
        self.current: ExperimentRun | None = None
        self._given = dict(settings or {})
        self._claimed = False
        self._drawn = -1
        self._plot: Any = None

    def compose_body(self) -> ComposeResult:
        yield Vertical(id="plot-place")
        with Horizontal(id="below"):
            yield SettingsTable()
            with VerticalScroll(id="told", can_focus=False):
                yield Static(id="curves", markup=False)
                yield Prose(id="figures", classes="muted")
                yield Static(id="map", markup=False)
        yield Prose(id="seen")

    async def prepare(self) -> None:
        self.relabel()
        # The plot brings NumPy with it, which keys should not wait for.
        module = await asyncio.to_thread(import_module, "drills.app.widgets.series_plot")
        self._plot = module.SeriesPlot()
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

    def on_resize(self) -> None:
        self._drawn = -1

    def draw(self) -> None:
        """Show what has happened since the last frame; nothing, when nothing has."""
        run = self.current
        if run is None or self._plot is None or not self._plot.is_mounted:
            return
        state = run.curves.count * 4 + run.running * 2 + run.finished
        if state == self._drawn:
            return
        self._drawn = state
        newest, form = run.curves.newest, run.curves.form
        title = self.say("lab.screen", title=self.say(f"lab.title.{self.experiment}"))
        at = f"{newest.get('iteration', 0):,}"
        note = self.say("app.lab.iteration", iteration=at, seed=run.seed)
        self.query_one(TitleBar).show(title, note)
        curves = list(run.curves.curves.values())
        self._plot.show(curves, logarithmic=form.along)
        self.query_one("#curves", Static).update("\n".join(self._legend(run)))
        figures = [f"{self._field(k)} {_short(v)}" for k, v in whole_figures(form, newest)]
        words = [f"{self._field(k)} {v}" for k, v in words_of(form, newest)]
        self.query_one("#figures", Prose).update("\n".join([" · ".join(figures), *words]).strip())
        width = self.query_one("#told").content_size.width or 40
        lines = map_lines(form, newest, width)
        self.query_one("#map", Static).update(
            "\n".join([self.say("lab.map"), *lines]) if lines else ""
        )
        self.query_one("#seen", Prose).update(self._seen(run))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "step":
            return self.current is not None and not self.current.finished
        return True

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

    def action_step(self) -> None:
        if self.current is not None:
            self.current.step()

    def action_reseed(self) -> None:
        self.seed += 1
        self._renew(start=True)

    def action_restart(self) -> None:
        self._renew(start=True)

    def action_claim(self) -> None:
        self._claimed = not self._claimed
        self._drawn = -1
        self.draw()

    def action_leave(self) -> None:
        self.app.pop_screen()

    def on_settings_table_changed(self, message: SettingsTable.Changed) -> None:
        if message.name == "pace":
            if self.current is not None:
                self.current.pace = float(str(message.value))
            return
        self._renew(start=self.current is not None and self.current.curves.count > 0)

    @work(thread=True, group="lab")
    def _work(self, run: ExperimentRun) -> None:
        worker = get_current_worker()
        run.work(lambda: worker.is_cancelled)

    def _renew(self, *, start: bool) -> None:
        if self.current is not None:
            self.current.stop()
        table = self.query_one(SettingsTable)
        turned = {one.name: one.value for one in table.settings if one.name != "pace"}
        pace = float(str(table.value("pace")))
        settings = {**LIVE.get(self.experiment, {}), **self._given, **turned}
        self.current = ExperimentRun(self.experiment, self.seed, settings, pace)
        if start:
            self.current.start()
        self._work(self.current)
        self._drawn = -1
        self.draw()

    def _settings(self) -> list[Setting]:
        from engine.experiments import EXPERIMENTS

        parameters = EXPERIMENTS[self.experiment].parameters
        rows = [
            self._row(name, parameter)
            for name, parameter in parameters.items()
            if name not in APART and parameter.kind in TURNED
        ]
        # What an item opened with comes first, then choices, then numbers.
        rows.sort(key=lambda row: (row.name not in self._given, parameters[row.name].kind))
        shown = tuple(self.say(f"app.lab.pace.{speed}") for speed in ("slow", "middle", "fast"))
        return [*rows[:ROWS], Setting("pace", self.say("lab.setting.pace"), PACES, shown, 1)]

    def _row(self, name: str, parameter: Parameter) -> Setting:
        default: Any = self._given.get(name, parameter.default)
        values: tuple[Any, ...] = parameter.choices
        if not values:
            low, high = parameter.minimum, parameter.maximum
            # Halved and doubled around the default; a threshold of 0 switches clipping off.
            around = [default * factor for factor in (0.25, 0.5, 1, 2, 4)] if default else [0, 1, 2]
            fits = [
                float(value)
                for value in (*around, *([0] if name == "clip" else []))
                if (low is None or value >= low) and (high is None or value <= high)
            ]
            if parameter.kind == "integer":
                fits = [float(round(value)) for value in fits]
            whole = parameter.kind == "integer"
            values = tuple(int(v) if whole else v for v in sorted({*fits, float(default)}))
        shown = tuple(f"{v:g}" if isinstance(v, int | float) else str(v) for v in values)
        place = next((n for n, v in enumerate(values) if v == default), 0)
        return Setting(name, self.say(f"lab.setting.{name}"), values, shown, place)

    def _legend(self, run: ExperimentRun) -> list[str]:
        """For each curve its letter, its name and its newest value; below them its figures."""
        curves = list(run.curves.curves.values())
        named = run.curves.form.group is not None
        names = [c.name if named else self._field(c.name) for c in curves]
        width = max(map(cell_width, names), default=0)
        lines = []
        room = max(20, self.query_one("#told").content_size.width)
        for mark, name, curve in zip(MARKS, names, curves, strict=False):
            value = "" if curve.last is None else pad(_short(curve.last), 9, "right")
            lines.append(f"{mark} {pad(name, width)} {value}".rstrip())
            figures = " · ".join(
                f"{self._field(k)} {'-' if v is None else _short(v)}" for k, v in curve.figures
            )
            lines += wrap(figures, room, indent="  ") if figures else []
        return lines

    def _field(self, name: str) -> str:
        return self.say(f"lab.field.{name}")

    def _seen(self, run: ExperimentRun) -> str:
        form = run.curves.form
        if run.error:
            return self.say("lab.refused", why=run.error)
        if self._claimed:
            return self._claim()
        if not run.curves.count:
            return self.say("lab.guess")
        if run.curves.newest.get("diverged"):
            return str(run.curves.newest["diverged"])
        axis = self.say(f"lab.axis.{'lag' if form.along else form.x}")
        return self.say("lab.drawn", value=self._field(form.value), axis=axis)

    def _claim(self) -> str:
        try:
            claim = text(f"cli.lab.claim.{self.experiment}")
        except KeyError:
            return self.say("lab.no_claim")
        return self.say("lab.claim", claim=self.say(claim))


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 0.01 or abs(value) >= 1000 else f"{value:.3f}"
