"""One's own mistakes: how often, when last, in which sections, and a way to practise each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import ScreenResume

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.tasks import section_name
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from drills.typography import pad

if TYPE_CHECKING:
    from drills.mistaken import MistakeCount

TIMES = 5
"""Cells for a count."""


class MistakesScreen(DojoScreen):
    """The most frequent first; what to look at stands below for the one under the cursor."""

    CSS_PATH = "mistakes.tcss"
    waits_below = True
    AUTO_FOCUS = "RowList"
    HELP_PAGE: ClassVar[str] = "app.help.mistakes"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("p", "practise", "practise"),
        key("enter", "open", "about_mistake", shown_as="Enter"),
        key("escape,m", "leave", "leave_page", shown_as="Esc"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._counts: tuple[MistakeCount, ...] | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="head")
            yield RowList()
        with Vertical(id="about"):
            yield Prose(id="look")
            yield Prose(id="where", classes="muted")

    async def prepare(self) -> None:
        self._counts = await self.dojo.desk.mistakes()
        self.watch(self.query_one(RowList), "cursor", self._tell, init=False)

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        # A session about one of them may have come between.
        if self._counts is not None:
            self._count_again()

    @work(exclusive=True)
    async def _count_again(self) -> None:
        self._counts = await self.dojo.desk.mistakes()
        self.relabel()

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("app.mistakes.title"))
        counts = self._counts
        if counts is None:
            return
        head = self.say("app.mistakes.head") if counts else self.say("app.mistakes.none")
        self.query_one("#head", Prose).update(head, lead="  " if counts else "")
        self.query_one(RowList).show(tuple(map(self._row, counts)), name_width=TIMES)
        self.query_one("#about").display = bool(counts)
        self._tell()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.relabel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("practise", "open"):
            return bool(self._counts)
        return True

    @property
    def current(self) -> MistakeCount | None:
        """The mistake under the cursor."""
        code = self.query_one(RowList).current
        return next((one for one in self._counts or () if one.code == code), None)

    def action_practise(self) -> None:
        if (current := self.current) is not None:
            self.dojo.practise_mistake(current.code)

    def action_open(self) -> None:
        from drills.app.screens.handbook import MistakeScreen

        current = self.current
        if current is not None and current.code in self.dojo.desk.bank.mistakes:
            self.app.push_screen(MistakeScreen(current.code))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.action_open()

    def action_leave(self) -> None:
        self.app.pop_screen()

    def _row(self, one: MistakeCount) -> Row:
        return Row(
            one.code,
            pad(str(one.count), TIMES, "right"),
            (one.last.isoformat(), self.say(one.name)),
        )

    def _tell(self) -> None:
        """What to look at, and where it happened, for the mistake under the cursor."""
        current = self.current
        if current is None:
            return
        listed = self.say("app.list").join(self.say(section_name(s)) for s in current.sections)
        self.query_one("#look", Prose).update(self.say(current.look))
        self.query_one("#where", Prose).update(self.say("app.mistakes.in", sections=listed))
