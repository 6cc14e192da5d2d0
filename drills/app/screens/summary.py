"""What a session came to: how many right, which mistakes, when the cards come back."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.overview import Ended
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar
from drills.app.widgets.verdict_panel import sign
from drills.summary import SlotResult
from drills.typography import cell_width, pad, shorten


class SummaryScreen(DojoScreen):
    """The end of a session; Enter goes home, where the next one waits."""

    CSS_PATH = "summary.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.summary"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter,escape", "home", "home", shown_as="Enter"),
        key("u,f9", "undo", "undo", shown_as="u F9"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._ended: Ended | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Prose(id="lines")
            yield Prose(id="mistakes", classes="gap")
            yield Prose(id="results")

    async def prepare(self) -> None:
        self._ended = await self.dojo.desk.ended()

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("app.summary.title"))
        ended = self._ended
        if ended is None:
            return
        lines = [self.say(line) for line in ended.summary.lines()]
        self.query_one("#lines", Prose).update("\n".join(lines))
        names = [
            self.say("app.summary.mistake", name=self.say(ended.names[code]), count=count)
            for code, count in ended.summary.mistakes
        ]
        mistakes = self.say("app.summary.mistakes") + "\n" + "\n".join(names) if names else ""
        self.query_one("#mistakes", Prose).update(mistakes)
        self.query_one("#mistakes", Prose).display = bool(names)
        rows = [self._row(ended, result) for result in ended.summary.results]
        self.query_one("#results", Prose).update("\n".join(rows))

    def action_home(self) -> None:
        self.dojo.leave_task()

    @work(exclusive=True)
    async def action_undo(self) -> None:
        if await self.dojo.desk.undo():
            self.dojo.show_task()

    def on_resize(self) -> None:
        self.relabel()

    def _row(self, ended: Ended, result: SlotResult) -> str:
        width = max(30, self.size.width - 6)
        mark = "-"
        if result.outcome is not None and result.outcome != "revealed":
            mark = sign("correct" if result.right else "wrong", self.dojo.frames)[:1]
        back = ""
        if result.comes_back_in is not None:
            back = self.say("app.summary.back", days=result.comes_back_in)
        stem = self.say(ended.stems[result.slot.item]).split("\n")[0]
        room = width - 4 - cell_width(self.say("app.summary.back", days=1000))
        return f"{mark} {pad(shorten(stem, room), room)}  {back}".rstrip()
