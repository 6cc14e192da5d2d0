"""A question of an exam again, as it was answered, with verdict, answer and explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from drills.app.bindings import key
from drills.app.screens.quiz import QuizScreen
from drills.app.tasks import ItemTask
from drills.exam_marking import exam_view
from drills.exam_report import section_name
from drills.exam_review import Reviewed, look_again
from drills.locale import text
from question_bank.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from drills.app.screens.exam_report import ExamReportScreen
    from drills.progress.places import SessionRecord
    from question_bank.model import Bank


class ReviewTask(ItemTask):
    """Nothing to do, only to be seen: what stands there cannot be answered anew."""

    def __init__(self, bank: Bank, found: Reviewed, number: int, count: int) -> None:
        super().__init__(found.item, found.presentation, bank)
        self._found = found
        self._views: dict[Language, Any] = {}
        self.number = number
        self.count = count
        self.kind = str(found.item.kind)
        self.face = "choice"
        self.draft = found.answer
        self.verdict = found.verdict
        # A right verdict says the explanation already.
        if found.verdict is None or not found.verdict.right:
            self.solution = found.solution + Text("\n", "\n") + found.explanation

    @classmethod
    def of(cls, bank: Bank, record: SessionRecord, number: int) -> ReviewTask | None:
        """Question ``number`` of an exam; None if it has left the bank."""
        found = look_again(bank, record, number)
        if found is None:
            return None
        task = cls(bank, found, number, len(record.plan["slots"]))
        for language in LANGUAGES:
            # Formulas are rendered here, where the screen does not wait for it.
            task.view(language)
        return task

    def title(self) -> Text:
        return text("exam.screen.reviewed", number=self.number + 1, count=self.count)

    def note(self) -> Text:
        section = section_name(self._found.item.section)
        if self._found.answer:
            return section
        return text("exam.screen.unanswered") + Text(" · ", " · ") + section

    def view(self, language: Language) -> Any:
        if language not in self._views:
            from drills.grading import grader_for

            grader = grader_for(self.kind, self._bank)
            self._views[language] = exam_view(
                self._found.item, self._found.presentation, grader, language
            )
        return self._views[language]


class ExamReviewScreen(QuizScreen):
    """The quiz screen with its answer given; Enter shows the next question."""

    HELP_PAGE: ClassVar[str] = "exam.help.exam_review"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "go_on", "next", shown_as="Enter"),
        key("right", "turn(1)", "exam_turn", shown_as="<>"),
        Binding("left", "turn(-1)", show=False),
    ]

    def __init__(self, task: ReviewTask, report: ExamReportScreen) -> None:
        super().__init__(task)
        self.reviewed = task
        self._report = report

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("retry", "hint", "guess", "reveal", "undo"):
            return False
        if action == "go_on":
            return self.reviewed.number + 1 < self.reviewed.count
        if action == "live":
            return self.reviewed.experiment is not None
        return True

    def action_go_on(self) -> None:
        self.action_turn(1)

    def action_turn(self, by: int) -> None:
        if 0 <= self.reviewed.number + by < self.reviewed.count:
            self._report.open(self.reviewed.number + by)

    async def flush(self) -> None:
        """Nothing is typed here."""

    async def action_leave(self) -> None:
        self.app.pop_screen()
