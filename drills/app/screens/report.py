"""A report on a wrong item: read it, copy it, save it."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.tasks import Task
from drills.app.widgets.title_bar import TitleBar
from drills.typography import wrap


class ReportScreen(DojoScreen):
    """The issue's text, filled in; nothing is sent anywhere."""

    CSS_PATH = "report.tcss"
    AUTO_FOCUS = ".body"
    HELP_PAGE: ClassVar[str] = "app.help.report"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("c", "copy", "copy_report"),
        key("s", "save", "save_report"),
        key("escape,ctrl+r,exclamation_mark", "leave", "leave_page", shown_as="Esc"),
    ]

    def __init__(self, task: Task) -> None:
        super().__init__()
        self._asked = task
        self._text = ""

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Static(id="report", markup=False)

    async def prepare(self) -> None:
        await self._write()

    async def _write(self) -> None:
        self._text = await self.dojo.desk.do(self._asked.report, self.language)

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("report.title"), self._asked.about().name)
        self._show()

    @work(exclusive=True)
    async def _show(self) -> None:
        await self._write()
        width = max(20, self.size.width - 6)
        lines = [line for row in self._text.split("\n") for line in wrap(row, width) or [""]]
        self.query_one("#report", Static).update("\n".join(lines))

    def on_resize(self) -> None:
        self.relabel()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._text)
        self.notify(self.say("report.copied"))

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        try:
            path = await self.dojo.desk.save_report(self._asked.about().name, self._text)
        except OSError as error:
            why = error.strerror or str(error)
            self.notify(self.say("report.unsaved", why=why), severity="error", timeout=10)
        else:
            self.notify(self.say("report.saved", path=path), timeout=10)

    def action_leave(self) -> None:
        self.app.pop_screen()
