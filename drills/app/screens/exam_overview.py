"""The exam's question grid: what is answered, flagged, guessed; and where one hands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.widgets.exam_grid import ExamGrid
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from drills.app.screens.exam import ExamScreen


class ExamOverviewScreen(DojoScreen):
    """Lies above the exam, whose clock goes on; handing in is asked for twice."""

    leaves_for_palette = False
    CSS_PATH = "exam.tcss"
    AUTO_FOCUS = "ExamGrid"
    HELP_PAGE: ClassVar[str] = "exam.help.exam_overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("h", "hand_in", "exam_hand_in"),
        key("escape,o", "leave", "back", shown_as="Esc"),
    ]

    def __init__(self, exam: ExamScreen) -> None:
        super().__init__()
        self._below = exam
        self._sure = False

    def compose_body(self) -> ComposeResult:
        exam = self._below.exam
        with VerticalScroll(classes="body", can_focus=False):
            yield ExamGrid(exam.questions, exam.position)
            yield Prose(id="legend", classes="muted")
            yield Prose(id="state", classes="gap")

    async def prepare(self) -> None:
        self.set_interval(1.0, self._title)

    def relabel(self) -> None:
        exam = self._below.exam
        self._title()
        self.query_one("#legend", Prose).update(self.say("exam.screen.legend"))
        unanswered = len(exam.questions) - exam.answered
        flagged = sum(question.flagged for question in exam.questions)
        key = "exam.screen.sure" if self._sure else "exam.screen.state"
        said = self.say(key, unanswered=unanswered, flagged=flagged)
        self.query_one("#state", Prose).update(said, style="bold" if self._sure else "")

    def action_hand_in(self) -> None:
        if not self._sure:
            self._sure = True
            self.relabel()
            return
        self._below.queue(self._below.exam.hand_in)

    def action_leave(self) -> None:
        self.app.pop_screen()

    def on_exam_grid_chosen(self, message: ExamGrid.Chosen) -> None:
        message.stop()
        self._below.queue(self._below.exam.go, message.position)
        self.app.pop_screen()

    def _title(self) -> None:
        self.query_one(TitleBar).show(self.say("exam.screen.overview"), self._below.time_line)
