"""One line to type on: numbers and terms."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.widgets import Input, Static

from drills.app.translation import Translated
from drills.app.widgets.answer import AnswerWidget
from drills.app.widgets.line_input import LineInput
from drills.verdict import Verdict
from question_bank.text import Language


class TypedAnswer(Translated, AnswerWidget):
    """An input line behind a ``>``; Enter answers. Full-width input is as good as any."""

    DEFAULT_CSS = """
    TypedAnswer {
        layout: horizontal;
        height: auto;
    }
    TypedAnswer #prompt {
        width: 2;
        text-style: bold;
    }
    TypedAnswer Input {
        width: 1fr;
    }
    TypedAnswer Input:disabled {
        opacity: 100%;
        background: $background;
    }
    """

    @property
    def answer(self) -> str:
        return self.query_one(Input).value

    def compose(self) -> ComposeResult:
        yield Static(">", id="prompt", markup=False)
        yield LineInput(id="typed", select_on_focus=False)

    def show(self, view: Any, language: Language) -> None:
        self.query_one(Input).placeholder = str(view.prompt or "")

    def restore(self, draft: str) -> None:
        line = self.query_one(Input)
        with line.prevent(Input.Changed):
            line.value = draft
        line.cursor_position = len(draft)

    def settle(self, verdict: Verdict | None) -> None:
        super().settle(verdict)
        self.query_one(Input).disabled = True

    def focus_here(self) -> None:
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Given(event.value))
        else:
            self.notify(self.say("app.note.type_first"))
