"""What every answer widget tells its screen, whatever the kind of the item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.widget import Widget

from drills.app.widgets.bars import Frames
from drills.app.widgets.verdict_panel import sign
from drills.verdict import Verdict
from question_bank.text import Language


class AnswerWidget(Widget):
    """An answer in the making: ``Changed`` while it grows, ``Given`` when it is to be judged."""

    @dataclass
    class Changed(Message):
        """The answer so far, for the draft."""

        answer: str

    @dataclass
    class Given(Message):
        """The answer is to be judged."""

        answer: str

    locked = False
    """Whether the answer has been judged, or given up: it takes no more keys."""

    outcome = ""
    """The outcome of the verdict on it, if there is one."""

    def show(self, view: Any, language: Language) -> None:
        """Write everything in ``language``; the state of the answer stays."""
        raise AssertionError("each kind shows itself")

    def restore(self, draft: str) -> None:
        """Put a saved draft back."""

    def settle(self, verdict: Verdict | None) -> None:
        """Take no more answers, and mark the one that was judged."""
        self.locked = True
        self.outcome = verdict.outcome if verdict else ""
        self.can_focus = False
        self.refresh()

    def focus_here(self) -> None:
        """Take the focus, or give it to the right child."""
        self.focus()

    def mark(self, frames: Frames) -> str:
        """The sign in front of the rows that were answered."""
        return sign(self.outcome, frames)[:1] if self.outcome else " "
