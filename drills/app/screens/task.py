"""What quiz, formula and code screen share: a task, its verdict, hints, what comes next."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.widgets import Input

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.tasks import Task
from drills.app.widgets.hints import Hints
from drills.app.widgets.title_bar import TitleBar
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.verdict import Verdict
from question_bank.text import Text

DRAFT_DELAY = 0.3
"""Seconds after the last key until what was typed is saved."""


class TaskScreen(DojoScreen):
    """One task at a time: asked, answered, judged. Subclasses show it and read the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "go_on", "next", shown_as="Enter"),
        key("r", "retry", "retry"),
        key("v", "reveal", "reveal"),
        key("f2", "hint", "hint", shown_as="F2"),
        key("g,f7", "guess", "guess", shown_as="g F7"),
        key("u,f9", "undo", "undo", shown_as="u F9"),
        key("escape", "leave", "back", shown_as="Esc"),
    ]

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.exercise = task
        self.verdict: Verdict | None = None
        self.guessed = False
        self.busy = False
        self.hints: list[Text] = []

    # What a subclass has to do.

    async def ask(self) -> None:
        """Show the task, ready for an answer."""

    def focus_answer(self) -> None:
        """Put the focus where the answer is given."""

    def settle(self, verdict: Verdict) -> None:
        """Mark the answer as judged; it stays in sight."""

    # The rest is the same for all of them.

    @property
    def settled(self) -> bool:
        """Whether there is a verdict that ends this attempt (an unjudged answer does not)."""
        return self.verdict is not None and self.verdict.judged

    def headline(self) -> str:
        return self.exercise.title(self.language)

    def side_note(self) -> str:
        notes = [self.exercise.note(self.language)]
        if self.hints:
            notes.insert(0, self.say("app.task.hints_used", count=len(self.hints)))
        if self.guessed:
            notes.insert(0, self.say("app.task.guessed"))
        return " · ".join(note for note in notes if note)

    def relabel(self) -> None:
        self.query_one(TitleBar).show(self.headline(), self.side_note())
        self.query_one(Hints).show(tuple(hint.in_(self.language) for hint in self.hints))
        panel = self.query_one(VerdictPanel)
        panel.show(self.verdict, self.exercise)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        typing = isinstance(self.focused, Input)
        match action:
            case "go_on":
                return self.settled
            case "retry":
                return self.settled and self.verdict is not None and not self.verdict.right
            case "reveal":
                return self.settled and not self.exercise.revealed and not typing
            case "hint":
                return not self.settled and self.exercise.may_hint
            case "guess":
                return not self.settled and self.exercise.counts
            case "undo":
                return self.exercise.may_undo
        return True

    @work(exclusive=True, group="answer")
    async def submit(self, answer: str) -> None:
        """Have ``answer`` judged; what was typed stays, the verdict appears under it."""
        if self.busy or self.settled:
            return
        self.busy = True
        panel = self.query_one(VerdictPanel)
        waiting = self.set_timer(0.2, panel.wait)
        try:
            verdict = await self.dojo.desk.do(self.exercise.answer, answer, self.guessed)
        finally:
            waiting.stop()
            self.busy = False
        self.verdict = verdict
        if verdict.judged:
            self.settle(verdict)
        self.relabel()
        self.refresh_bindings()
        panel.call_after_refresh(panel.scroll_visible, animate=False)

    def action_go_on(self) -> None:
        self.go_on()

    @work(exclusive=True, group="answer")
    async def go_on(self) -> None:
        await self.dojo.desk.do(self.exercise.next)
        self.dojo.show_task()

    async def action_retry(self) -> None:
        self.verdict = None
        await self.ask()
        self.relabel()
        self.refresh_bindings()
        self.focus_answer()

    async def action_reveal(self) -> None:
        await self.dojo.desk.do(self.exercise.reveal)
        self.relabel()
        self.refresh_bindings()

    async def action_hint(self) -> None:
        hint = await self.dojo.desk.do(self.exercise.hint)
        if hint is None:
            self.notify(self.say("app.note.no_hint"))
            return
        self.hints.append(hint)
        self.relabel()
        self.refresh_bindings()

    def action_guess(self) -> None:
        self.guessed = not self.guessed
        self.relabel()

    @work(exclusive=True, group="answer")
    async def action_undo(self) -> None:
        if await self.dojo.desk.do(self.exercise.undo):
            self.notify(self.say("app.note.undone"))
            self.dojo.show_task()
        else:
            self.notify(self.say("app.note.nothing_to_undo"))

    def action_leave(self) -> None:
        self.dojo.leave_task()
