"""A list to pick a formula target or an exercise from, for practice outside a session."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from question_bank.text import Text

Subject: TypeAlias = Literal["formula", "code"]


class PickScreen(DojoScreen):
    """What there is to practise; Enter or a click opens it, Escape goes back."""

    CSS_PATH = "pick.tcss"
    AUTO_FOCUS = "RowList"
    HELP_PAGE: ClassVar[str] = "app.help.pick"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "open", "open", shown_as="Enter"),
        key("q", "session", "session"),
        key("escape", "leave", "back", shown_as="Esc"),
    ]

    def __init__(self, subject: Subject, opening: str | None = None) -> None:
        super().__init__()
        self.subject = subject
        self._opening = opening
        self._entries: dict[str, Text] = {}

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="about")
            yield RowList()

    async def prepare(self) -> None:
        self.fill()

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say(f"app.pick.{self.subject}.title"))
        self.query_one("#about", Prose).update(self.say(f"app.pick.{self.subject}.about"))
        rows = tuple(Row(name, self.say(label)) for name, label in self._entries.items())
        self.query_one(RowList).show(rows, name_width=max(20, self.size.width - 8))

    def on_resize(self) -> None:
        self.relabel()

    @work(exclusive=True)
    async def fill(self) -> None:
        """The entries; the engine behind them is loaded in the desk's thread."""
        self._entries = await self.dojo.desk.do(self._find)
        self.relabel()
        opening, self._opening = self._opening, None
        if opening in self._entries:
            self.open(opening)

    def action_open(self) -> None:
        name = self.query_one(RowList).current
        if name is not None:
            self.open(name)

    @work(exclusive=True)
    async def open(self, name: str) -> None:
        task = await self.dojo.desk.do(self._make_task, name)
        self.app.push_screen(self.dojo.task_screen(task))

    def action_session(self) -> None:
        self.dojo.start_session(kind=self.subject)

    def action_leave(self) -> None:
        self.app.pop_screen()

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.open(message.key)

    # In the desk's thread.

    def _find(self) -> dict[str, Text]:
        if self.subject == "code":
            exercises = self.dojo.desk.bank.exercises
            return {name: exercises[name].title for name in exercises}
        from drills.grading.formula import target_statement
        from engine.formulas.targets import TARGETS

        return {name: target_statement(target) for name, target in TARGETS.items()}

    def _make_task(self, name: str) -> Any:
        from drills.app.practice_tasks import CodePractice, FormulaPractice

        bank, drafts = self.dojo.desk.bank, self.dojo.desk.drafts
        if self.subject == "code":
            return CodePractice(bank.exercises[name], bank, drafts)
        from engine.formulas.targets import TARGETS

        return FormulaPractice(TARGETS[name], bank, drafts)
