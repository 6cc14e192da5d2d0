"""The mock exam: one question at a time, the time that is left, nothing judged before the end."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.exam_options import ExamOptions
from drills.app.widgets.exam_tools import Calculator, ExamTool, ScratchPad
from drills.app.widgets.material import Material
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar
from drills.exam_report import minutes
from drills.typography import cell_width
from question_bank.text import LANGUAGES, Language

if TYPE_CHECKING:
    from drills.exam import Exam

ON_TIME: Final = 120.0
"""Seconds before or behind the pace that are still called on time."""


class ExamScreen(DojoScreen):
    """Keys only queue what is to be done: it happens in the desk's thread, in their order."""

    CSS_PATH = "exam.tcss"
    leaves_for_palette = False
    AUTO_FOCUS = "ExamOptions"
    HELP_PAGE: ClassVar[str] = "exam.help.exam"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f", "flag", "exam_flag"),
        key("g,f7", "guess", "exam_guess", shown_as="g F7"),
        key("x", "clear", "exam_clear"),
        key("o", "overview", "exam_overview"),
        key("k", "calculator", "exam_calculator"),
        key("p", "pad", "exam_pad"),
        key("escape", "leave", "exam_pause", shown_as="Esc"),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(1)", show=False),
    ]

    def __init__(self, exam: Exam) -> None:
        super().__init__()
        self.exam = exam
        self.shown = -1
        self._views: dict[Language, Any] = {}
        self._part: tuple[int, int] | None = None
        self._todo: asyncio.Queue[tuple[Callable[..., Any], tuple[Any, ...]]] = asyncio.Queue()

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Material(id="stem")
            yield ExamOptions()
            yield Prose(id="trouble", classes="gap")
        yield Calculator()
        yield ScratchPad()

    async def prepare(self) -> None:
        self.query_one(ScratchPad).put(self.exam.note)
        await self._show()
        self._work_off()
        self.set_interval(1.0, self._second)

    def relabel(self) -> None:
        self._title()
        if self.language not in self._views:
            return
        view = self._views[self.language]
        self.query_one(Material).update(view.material)
        options = self.query_one(ExamOptions)
        options.show(view, self.language)
        options.put(self.exam.question.answer)
        self.query_one(Calculator).relabel()
        self.query_one(ScratchPad).relabel()
        trouble = self.exam.trouble
        self.query_one("#trouble", Prose).update(self.say(trouble) if trouble else "")

    @property
    def time_line(self) -> str:
        """The time that is left, and whether that is on time."""
        exam = self.exam
        ahead = exam.ahead
        pace = "on_time" if abs(ahead) < ON_TIME else "ahead" if ahead > 0 else "behind"
        said = self.say(f"exam.screen.{pace}", minutes=round(abs(ahead) / 60))
        return self.say("exam.screen.left", time=minutes(math.ceil(exam.remaining)), pace=said)

    # What keys do: nothing here waits.

    def queue(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Have something done to the exam after all that was asked for before."""
        self._todo.put_nowait((work, arguments))

    def action_step(self, by: int) -> None:
        self.queue(self._step, by)

    def action_flag(self) -> None:
        self.queue(self.exam.flag)

    def action_guess(self) -> None:
        self.queue(self.exam.guess)

    def action_clear(self) -> None:
        self.queue(self.exam.choose, "")

    @work(exclusive=True, group="overview")
    async def action_overview(self) -> None:
        """The grid, with all that was typed up to now in it."""
        from drills.app.screens.exam_overview import ExamOverviewScreen

        await self._todo.join()
        if not self.exam.stopped and self.is_current:
            self.app.push_screen(ExamOverviewScreen(self))

    def action_calculator(self) -> None:
        self._toggle(self.query_one(Calculator))

    def action_pad(self) -> None:
        self._toggle(self.query_one(ScratchPad))

    def action_scroll(self, pages: int) -> None:
        body = self.query_one(".body")
        body.scroll_relative(y=pages * max(1, body.size.height - 2), animate=False)

    async def action_leave(self) -> None:
        """Out of the exam, whose clock stops."""
        await self.flush()
        self.notify(self.say("exam.screen.paused"))
        self.app.pop_screen()

    async def flush(self) -> None:
        """Keep everything and stop the clock."""
        await self._todo.join()
        await self.dojo.desk.do(self.exam.pause)

    def on_answer_widget_changed(self, message: ExamOptions.Changed) -> None:
        message.stop()
        self.queue(self.exam.choose, message.answer)

    def on_answer_widget_given(self, message: ExamOptions.Given) -> None:
        message.stop()
        if self.exam.position + 1 < len(self.exam.questions):
            self.queue(self._step, 1)
        else:
            self.action_overview()

    def on_scratch_pad_written(self, message: ScratchPad.Written) -> None:
        message.stop()
        self.queue(self.exam.write_note, message.note)

    def on_exam_tool_put_away(self, message: ExamTool.PutAway) -> None:
        message.stop()
        self._toggle(message.tool)

    def _toggle(self, tool: ExamTool) -> None:
        if tool.has_class("-open"):
            tool.remove_class("-open")
            self.query_one(ExamOptions).focus()
        else:
            tool.open()
        self.refresh_bindings()

    # What comes of it.

    @work(group="exam")
    async def _work_off(self) -> None:
        """Do what was queued, one after the other, until the exam is over."""
        while True:
            work, arguments = await self._todo.get()
            try:
                if not self.exam.stopped:
                    await self._do(work, *arguments)
            finally:
                self._todo.task_done()
            if self.exam.finished:
                self.end()
                return

    async def _do(self, work: Callable[..., Any], *arguments: Any) -> None:
        try:
            await self.dojo.desk.do(work, *arguments)
        except Exception as error:
            message = getattr(error, "message", None)
            if message is None:
                raise
            self.notify(self.say(message), severity="error", timeout=10)
            return
        if self.exam.finished:
            return
        if self.shown != self.exam.position:
            await self._show()
            self.query_one(".body").scroll_home(animate=False)
        if work != self.exam.tick:
            self.relabel()

    async def _show(self) -> None:
        self._views, self._part = await self.dojo.desk.do(self._look)
        self.shown = self.exam.position

    def end(self) -> None:
        """Handed in, by hand or by the clock: the report takes the place of all this."""
        from drills.app.screens.exam_report import ExamReportScreen

        while self.app.screen is not self and self in self.app.screen_stack:
            self.app.pop_screen()
        self.app.switch_screen(ExamReportScreen(self.exam.record()))

    def _second(self) -> None:
        if self.exam.stopped:
            return
        if self._todo.empty():
            self.queue(self.exam.tick)
        self._title()

    def _title(self) -> None:
        exam = self.exam
        parts = [
            self.say("exam.screen.place", number=exam.position + 1, count=len(exam.questions)),
        ]
        if self._part:
            parts.append(self.say("exam.screen.part", part=self._part[0], parts=self._part[1]))
        for name in ("flagged", "guessed"):
            if getattr(exam.question, name):
                parts.append(self.say(f"exam.screen.{name}"))
        title, note = " · ".join(parts), self.time_line
        if cell_width(title) + cell_width(note) + 4 > self.size.width:
            # The bar drops a note that has no room; the time must stay in sight.
            note = minutes(math.ceil(exam.remaining))
        self.query_one(TitleBar).show(title, note)

    # In the desk's thread.

    def _step(self, by: int) -> None:
        position = self.exam.position + by
        if 0 <= position < len(self.exam.questions):
            self.exam.go(position)

    def _look(self) -> tuple[dict[Language, Any], tuple[int, int] | None]:
        views = {language: self.exam.view(language) for language in LANGUAGES}
        return views, self.exam.part_of_set()
