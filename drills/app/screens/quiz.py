"""One item of the kinds choice, numeric, term, order and match."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll

from drills.app.bindings import key
from drills.app.screens.task import TaskScreen
from drills.app.widgets.answer import AnswerWidget
from drills.app.widgets.hints import Hints
from drills.app.widgets.match_table import MatchTable
from drills.app.widgets.material import Material
from drills.app.widgets.options import Options
from drills.app.widgets.order_list import OrderList
from drills.app.widgets.prose import Prose
from drills.app.widgets.typed_answer import TypedAnswer
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.verdict import Verdict


class QuizScreen(TaskScreen):
    """Stem, answer, verdict, from top to bottom; the answer stays in sight under its verdict."""

    CSS_PATH = "quiz.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.quiz"
    BINDINGS: ClassVar[list[BindingType]] = [key("f3", "live", "live", shown_as="F3")]

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="body", can_focus=False):
            yield Material(id="stem")
            yield Vertical(id="answer")
            yield Hints(classes="gap")
            yield VerdictPanel()
            yield Prose(id="trouble")

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
        self.query_one(Material).update(view.material)
        if (widget := self.answer_widget) is not None:
            widget.show(view, self.language)

    def close_answer(self, verdict: Verdict | None) -> None:
        if (widget := self.answer_widget) is not None:
            widget.settle(verdict)
        self.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "live":
            # Predict first, then see it run.
            return self.settled and self.exercise.experiment is not None
        return super().check_action(action, parameters)

    def action_live(self) -> None:
        if self.exercise.experiment is not None:
            self.dojo.show_experiment(*self.exercise.experiment)

    def on_answer_widget_given(self, message: AnswerWidget.Given) -> None:
        message.stop()
        self.submit(message.answer)

    def on_answer_widget_changed(self, message: AnswerWidget.Changed) -> None:
        message.stop()
        self.draft(message.answer)

    def _make_answer(self) -> AnswerWidget:
        task = self.exercise
        if task.kind == "choice" or task.face == "choice":
            return Options(several=task.several)
        if task.kind == "order":
            return OrderList()
        return MatchTable() if task.kind == "match" else TypedAnswer()
