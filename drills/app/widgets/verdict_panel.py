"""The verdict: a sign, a word and a colour, then the reason, then when the card comes back."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.widget import Widget

from drills.app.tasks import Task
from drills.app.translation import Translated
from drills.app.widgets.bars import Frames
from drills.app.widgets.prose import Prose
from drills.verdict import Verdict

SIGNS: Final[dict[str, tuple[str, str]]] = {
    "correct": ("✓", "v"),
    "correct_elsewhere": ("~", "~"),
    "wrong": ("✗", "x"),
    "incomplete": ("…", "..."),
    "undecided": ("?", "?"),
    "not_understood": ("…", "..."),
}
COLOURS: Final[dict[str, str]] = {
    "correct": "$text-success",
    "correct_elsewhere": "$text-success",
    "wrong": "$text-error",
}


def sign(outcome: str, frames: Frames) -> str:
    """The sign of an outcome, which means the same without its colour."""
    return SIGNS[outcome][frames == "ascii"]


class VerdictPanel(Translated, Widget):
    """Empty until there is something to say; then it stays until the next task."""

    DEFAULT_CSS = """
    VerdictPanel {
        layout: vertical;
        height: auto;
        margin-top: 1;
    }
    VerdictPanel.-empty {
        display: none;
    }
    VerdictPanel #verdict-when {
        color: $text-muted;
    }
    """

    def compose(self) -> ComposeResult:
        yield Prose(id="verdict-word")
        yield Prose(id="verdict-reason")
        yield Prose(id="verdict-reading")
        yield Prose(id="verdict-answer")
        yield Prose(id="verdict-when")

    def on_mount(self) -> None:
        self.add_class("-empty")

    def wait(self) -> None:
        """Judging takes longer than a blink: say so."""
        self.remove_class("-empty")
        for line in self.query(Prose):
            line.update("", lead="")
        self.query_one("#verdict-word", Prose).update(self.say("app.task.judging"))

    def show(self, verdict: Verdict | None, task: Task) -> None:
        self.set_class(verdict is None, "-empty")
        if verdict is None:
            return
        word = self.say(f"app.verdict.{verdict.outcome}")
        names = [task.mistake_name(mistake.code, self.language) for mistake in verdict.mistakes]
        if names:
            word += self.say("app.verdict.of", names=self.say("app.list").join(names))
        colour = COLOURS.get(verdict.outcome, "$text-warning")
        head = self.query_one("#verdict-word", Prose)
        head.update("", lead="")
        head.update(
            word, lead=f"{sign(verdict.outcome, self.dojo.frames)} ", lead_style=f"bold {colour}"
        )
        head.styles.text_style = "bold"
        head.styles.color = None
        self.query_one("#verdict-reason", Prose).update(
            verdict.feedback.in_(self.language), lead="  "
        )
        reading = self.say("app.verdict.reading", reading=verdict.reading)
        self.query_one("#verdict-reading", Prose).update(
            reading if verdict.reading and task.tells_reading else "", lead="  "
        )
        answer = task.revealed
        self.query_one("#verdict-answer", Prose).update(
            self.say("app.verdict.answer", answer=answer.in_(self.language)) if answer else "",
            lead="  ",
        )
        self.query_one("#verdict-when", Prose).update(
            task.comes_back(self.language) if verdict.judged else "", lead="  "
        )
