"""One item of the kinds choice, numeric, term, order and match."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Static

from drills.app.screens.task import DRAFT_DELAY, TaskScreen
from drills.app.widgets.answer import AnswerWidget
from drills.app.widgets.hints import Hints
from drills.app.widgets.match_table import MatchTable
from drills.app.widgets.options import Options
from drills.app.widgets.order_list import OrderList
from drills.app.widgets.prose import Prose
from drills.app.widgets.typed_answer import TypedAnswer
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.verdict import Verdict


class QuizScreen(TaskScreen):
    """Stem, answer, verdict, from top to bottom; the answer stays in sight under its verdict."""

    CSS_PATH = "quiz.tcss"
    AUTO_FOCUS = None
    HELP_PAGE: ClassVar[str] = "app.help.quiz"

    _saving: Timer | None = None

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Prose(id="stem")
            yield Static(id="code")
            yield Vertical(id="answer")
            yield Hints(classes="gap")
            yield VerdictPanel()

    async def on_mount(self) -> None:
        await self.ask()

    @property
    def answer_widget(self) -> AnswerWidget | None:
        return next(iter(self.query(AnswerWidget)), None)

    async def ask(self) -> None:
        place = self.query_one("#answer", Vertical)
        widget = self._make_answer()
        await place.remove_children()
        await place.mount(widget)
        self.relabel()
        if self.exercise.draft:
            widget.restore(self.exercise.draft)
        widget.focus_here()

    def relabel(self) -> None:
        super().relabel()
        view = self.exercise.view(self.language)
        self.query_one("#stem", Prose).update(view.stem)
        code = self.query_one("#code", Static)
        code.display = bool(view.code)
        if view.code:
            from textual.highlight import highlight

            code.update(highlight(view.code, language="python"))
        if (widget := self.answer_widget) is not None:
            widget.show(view, self.language)

    def settle(self, verdict: Verdict) -> None:
        if (widget := self.answer_widget) is not None:
            widget.settle(verdict)
        self.set_focus(None)

    def focus_answer(self) -> None:
        if (widget := self.answer_widget) is not None:
            widget.focus_here()

    def on_answer_widget_given(self, message: AnswerWidget.Given) -> None:
        message.stop()
        self.submit(message.answer)

    def on_answer_widget_changed(self, message: AnswerWidget.Changed) -> None:
        message.stop()
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(DRAFT_DELAY, lambda: self.save(message.answer))

    @work(exclusive=True, group="draft")
    async def save(self, draft: str) -> None:
        await self.dojo.desk.do(self.exercise.save_draft, draft)

    def _make_answer(self) -> AnswerWidget:
        match self.exercise.kind:
            case "choice":
                return Options(several=self.exercise.view(self.language).several)
            case "order":
                return OrderList()
            case "match":
                return MatchTable()
        return TypedAnswer()
