"""What lies on the desk in the exam: a calculator and a scratch pad, under the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, TextArea

from drills.app.bindings import key
from drills.app.translation import Translated
from drills.app.widgets.prose import Prose
from drills.calculator import CalculatorError, calculate, shown


class ExamTool(Translated, Vertical):
    """Hidden until it is asked for; Escape puts it away, what stands in it stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape", "put_away", "exam_put_away", shown_as="Esc"),
    ]
    DEFAULT_CSS = """
    ExamTool {
        height: auto;
        padding: 0 2;
        display: none;
    }
    ExamTool.-open {
        display: block;
    }
    """

    @dataclass
    class PutAway(Message):
        """Take it off the screen and go back to the question."""

        tool: ExamTool

    def action_put_away(self) -> None:
        self.post_message(self.PutAway(self))

    def open(self) -> None:
        """Show it and type into it."""
        self.add_class("-open")
        next(iter(self.query("Input, TextArea"))).focus()


class _Line(Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "submit", "exam_compute", shown_as="Enter"),
    ]


class Calculator(ExamTool):
    """One line to type in, one with what came out; the line stays, to be changed."""

    def compose(self) -> ComposeResult:
        yield _Line(compact=True)
        yield Prose()

    def relabel(self) -> None:
        self.query_one(_Line).placeholder = self.say("exam.screen.calculator")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            said = f"= {shown(calculate(event.value))}"
        except CalculatorError as error:
            said = self.say(error.message)
        self.query_one(Prose).update(said)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()


class ScratchPad(ExamTool):
    """Lines that stay with the exam; ``Written`` says what stands there now."""

    DEFAULT_CSS = """
    ScratchPad TextArea {
        height: 6;
        border: none;
        padding: 0 1;
        background: $surface;
    }
    .-low ScratchPad TextArea {
        height: 3;
    }
    .-high ScratchPad TextArea {
        height: 12;
    }
    """

    @dataclass
    class Written(Message):
        """What stands on the pad."""

        note: str

    def compose(self) -> ComposeResult:
        yield TextArea(compact=True, show_line_numbers=False)

    def relabel(self) -> None:
        self.query_one(TextArea).placeholder = self.say("exam.screen.pad")

    def put(self, note: str) -> None:
        """Show what was written earlier."""
        with self.prevent(TextArea.Changed):
            self.query_one(TextArea).text = note

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Written(event.text_area.text))
