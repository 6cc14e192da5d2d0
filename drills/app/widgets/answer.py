"""What every answer widget tells its screen, whatever the kind of the item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.widget import Widget

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

    def show(self, view: Any, language: Language) -> None:
        """Write everything in ``language``; the state of the answer stays."""
        raise AssertionError("each kind shows itself")

    def restore(self, draft: str) -> None:
        """Put a saved draft back."""

    def settle(self, verdict: Verdict) -> None:
        """Take no more answers, and mark the one that was judged."""

    def focus_here(self) -> None:
        """Take the focus, or give it to the right child."""
        self.focus()
