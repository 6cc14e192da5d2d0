"""All questions of an exam at once: number, answer, flag and guess; one of them is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget

from drills.app.bindings import key
from drills.typography import pad

if TYPE_CHECKING:
    from drills.exam_marking import Question

CELL: Final = 10


class ExamGrid(Widget, can_focus=True):
    """Cells in rows; arrows move, Enter or a click goes to the question. Signs, not colours."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "choose", "exam_go", shown_as="Enter"),
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("up", "row(-1)", show=False),
        Binding("down", "row(1)", show=False),
        Binding("home", "move(-1000)", show=False),
        Binding("end", "move(1000)", show=False),
    ]
    DEFAULT_CSS = """
    ExamGrid {
        height: auto;
        text-wrap: nowrap;
    }
    """

    @dataclass
    class Chosen(Message):
        """Go to this question, numbered from 0."""

        position: int

    def __init__(self, questions: Sequence[Question], position: int) -> None:
        super().__init__()
        self._questions = questions
        self.cursor = position

    def columns(self, width: int) -> int:
        """How many cells stand side by side: a multiple of five where there is room."""
        fitting = max(1, width // CELL)
        return fitting - fitting % 5 if fitting >= 5 else fitting

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return -(-len(self._questions) // self.columns(width))

    def render(self) -> Content:
        columns = self.columns(self.content_size.width or 80)
        cells = [self._cell(number) for number in range(len(self._questions))]
        rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
        return Content("\n").join(Content("").join(row) for row in rows)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(len(self._questions) - 1, self.cursor + by))
        self.refresh()
        if isinstance(self.parent, Widget):
            row = self.cursor // self.columns(self.content_size.width or 80)
            place = Region(0, self.virtual_region.y + row, 1, 1)
            self.parent.scroll_to_region(place, animate=False)

    def action_row(self, by: int) -> None:
        to = self.cursor + by * self.columns(self.content_size.width or 80)
        if 0 <= to < len(self._questions):
            self.action_move(to - self.cursor)

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self.cursor))

    def on_click(self, event: Click) -> None:
        columns = self.columns(self.content_size.width or 80)
        position = event.y * columns + event.x // CELL
        if event.x // CELL < columns and 0 <= position < len(self._questions):
            self.post_message(self.Chosen(position))

    def _cell(self, number: int) -> Content:
        question = self._questions[number]
        marks = "*" * question.flagged + "?" * question.guessed
        shown = f"{number + 1:>3} {question.answer or '-'}{marks}"
        lead = ">" if number == self.cursor else " "
        style = "bold" if number == self.cursor else ""
        return Content.styled(pad(lead + shown, CELL), style)
