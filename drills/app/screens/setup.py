"""Three questions: language, exam date, minutes a day. Asked once, and again whenever wanted."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.prose import Prose
from drills.app.widgets.row_list import Row, RowList
from drills.app.widgets.title_bar import TitleBar
from question_bank.text import LANGUAGES, Language

MINUTES: Final = (5, 10, 15, 20, 25, 30, 40, 60, 90)
LANGUAGE, DATE, TIME = range(3)


class DateLine(Input):
    """The line for the date; Enter goes on, Escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "submit", "setup_next", shown_as="Enter"),
    ]


class SetupScreen(DojoScreen):
    """One question at a time; what was answered is kept when one leaves in between."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "RowList"
    HELP_PAGE: ClassVar[str] = "plan.help_setup"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "go_on", "setup_next", shown_as="Enter"),
        key("escape", "leave", "setup_skip", shown_as="Esc"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.step = LANGUAGE
        self.ready = False
        self._today = date.min
        self._minutes = 0
        self._trouble: str | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="question", classes="heading")
            yield RowList(name_width=16)
            yield DateLine(id="date", compact=True)
            yield Prose(id="read")
            yield Prose(id="note", classes="muted")
            yield Prose(id="later", classes="muted")

    async def prepare(self) -> None:
        from drills.settings import MINUTES as USUAL

        settings, self._today = await self.dojo.desk.evening.settings()
        self._minutes = settings.minutes or USUAL
        line = self.query_one(DateLine)
        line.display = False
        if settings.exam_date is not None:
            line.value = settings.exam_date.isoformat()
        self._show_step()
        self.ready = True

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.say("plan.setup.title", number=self.step + 1))
        name = ("language", "date", "minutes")[self.step]
        self.query_one("#question", Prose).update(self.say(f"plan.setup.{name}"))
        self.query_one("#note", Prose).update(self.say(f"plan.setup.{name}_note"))
        self.query_one("#later", Prose).update(self.say("plan.setup.later"))
        if self.step != DATE:
            self.query_one(RowList).show(self._rows())
        self._show_reading()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show_reading()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.action_go_on()

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.action_go_on()

    def action_go_on(self) -> None:
        if not self.ready:
            return
        if self.step == DATE:
            self._take_date()
            return
        chosen = self.query_one(RowList).current
        if chosen is None:
            return
        if self.step == LANGUAGE:
            language: Language = "ja" if chosen == "ja" else "en"
            self.dojo.language = language
            self._next(language=language)
        else:
            self._next(minutes=int(chosen), greeted=True)

    def action_leave(self) -> None:
        if self.ready:
            self.step = TIME
            self._next(greeted=True)

    def _take_date(self) -> None:
        typed = self.query_one(DateLine).value.strip()
        if not typed:
            self._next(exam_date=None)
            return
        found = self._read(typed)
        if found is None or found < self._today:
            key = "plan.bad_date" if found is None else "plan.past_date"
            self.notify(self.say(key, given=typed[:20]), severity="warning")
            return
        self._next(exam_date=found)

    @work(exclusive=True, group="setup")
    async def _next(self, **changed: Any) -> None:
        """Keep the answer, then ask the next question, or go home after the last."""
        self.ready = False
        trouble = await self.dojo.desk.evening.save(**changed)
        if trouble is not None and self._trouble is None:
            self._trouble = trouble
            self.notify(self.say("plan.setup.not_saved", why=trouble), severity="warning")
        if self.step == TIME:
            self.app.pop_screen()
            return
        self.step += 1
        self.ready = True
        self._show_step()
        self.relabel()

    def _show_step(self) -> None:
        rows, line = self.query_one(RowList), self.query_one(DateLine)
        rows.display, line.display = self.step != DATE, self.step == DATE
        if self.step == DATE:
            line.focus()
            return
        rows.focus()
        rows.show(self._rows())
        values = [row.key for row in self._rows()]
        current = self.language if self.step == LANGUAGE else str(self._minutes)
        rows.cursor = values.index(current)

    def _rows(self) -> tuple[Row, ...]:
        if self.step == LANGUAGE:
            return tuple(Row(name, self.say(f"app.language.{name}")) for name in LANGUAGES)
        choices = sorted({*MINUTES, self._minutes})
        return tuple(Row(str(n), self.say("plan.setup.minutes_row", n=n)) for n in choices)

    def _show_reading(self) -> None:
        """How the date is understood, while it is typed."""
        read = self.query_one("#read", Prose)
        found = self._read(self.query_one(DateLine).value) if self.step == DATE else None
        if found is None or found < self._today:
            read.update("")
            return
        days = (found - self._today).days
        read.update(self.say("plan.setup.date_read", day=found.isoformat(), n=days))

    def _read(self, typed: str) -> date | None:
        from drills.planning.dates import read_day

        return read_day(typed, self._today)
