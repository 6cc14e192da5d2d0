"""What is shown instead of a screen that would not fit."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from drills.locale import text
from drills.typography import wrap
from question_bank.text import LANGUAGES


class TooSmall(Widget):
    """Says in both languages how large the terminal has to be: nobody should have to guess."""

    DEFAULT_CSS = """
    TooSmall {
        width: 1fr;
        height: 1fr;
    }
    """

    def render(self) -> Content:
        message = text("app.too_small", width=self.app.size.width, height=self.app.size.height)
        lines: list[str] = []
        for language in LANGUAGES:
            lines += wrap(message.in_(language), max(self.app.size.width, 2))
        return Content("\n".join(lines))
