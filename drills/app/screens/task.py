"""What quiz, formula and code screen share: a task, its verdict, hints, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.timer import Timer

from drills.app.bindings import key
from drills.app.screens.base import DojoScreen
from drills.app.tasks import Task
from drills.app.widgets.hints import Hints
from drills.app.widgets.prose import Prose
from drills.app.widgets.title_bar import TitleBar
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.verdict import Verdict

T = TypeVar("T")

DRAFT_DELAY = 0.25
"""Seconds after the last key until what was typed is saved."""


class TaskScreen(DojoScreen):
    """One task at a time: asked, answered, judged. Subclasses show it and read the answer."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "go_on", "next", shown_as="Enter"),
        key("r", "retry", "retry"),
        key("f2", "hint", "hint", shown_as="F2"),
        key("g,f7", "guess", "guess", shown_as="g F7"),
        key("v,f12", "reveal", "reveal", shown_as="v F12"),
        key("h,ctrl+o", "handbook", "handbook", shown_as="h ^o"),
        key("u,f9", "undo", "undo", shown_as="u F9"),
        key("y,ctrl+g", "copy", "copy", shown_as="y ^g", show=False),
        key("exclamation_mark,ctrl+r", "report", "report", shown_as="! ^r", show=False),
        key("escape", "leave", "back", shown_as="Esc"),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(1)", show=False),
    ]

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.exercise = task
        self.guessed = False
        self.busy = False
        self.asked = False
        self._saving: Timer | None = None

    # What a subclass has to do.

    async def ask(self) -> None:
        """Show the task, ready for an answer."""

    def close_answer(self, verdict: Verdict | None) -> None:
        """Take no more answers and mark the one that was judged; it stays in sight."""

    # The rest is the same for all of them.

    @property
    def settled(self) -> bool:
        """Whether the attempt is over: judged, or its solution was shown."""
        verdict = self.exercise.verdict
        return (verdict is not None and verdict.judged) or self.exercise.solution is not None

    async def prepare(self) -> None:
        await self.ask()
        if self.settled:
            self.close_answer(self.exercise.verdict)
        self.asked = True
        self.refresh_bindings()
        self.set_interval(60, self._keep_lease)

    def relabel(self) -> None:
        task = self.exercise
        notes = [self.say(task.note())]
        if task.hints:
            notes.insert(0, self.say("app.task.hints_used", count=len(task.hints)))
        if self.guessed:
            notes.insert(0, self.say("app.task.guessed"))
        self.query_one(TitleBar).show(self.say(task.title()), " · ".join(filter(None, notes)))
        self.query_one(Hints).show(tuple(self.say(hint) for hint in task.hints))
        self.query_one(VerdictPanel).show(task)
        self.query_one("#trouble", Prose).update(self.say(task.trouble) if task.trouble else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        task = self.exercise
        match action:
            case "go_on":
                return self.settled
            case "retry":
                return self.settled and not (task.verdict is not None and task.verdict.right)
            case "reveal":
                return task.solution is None
            case "hint":
                return not self.settled and task.hints_left > 0
            case "guess":
                return not self.settled and task.counts
            case "undo":
                return task.may_undo
            case "handbook":
                # Before the verdict it would be the answer.
                judged = task.verdict is not None and task.verdict.judged
                return self.settled or judged or not task.counts
        return True

    async def at_desk(self, work: Callable[..., T], *arguments: Any) -> T | None:
        """``work`` in the desk's thread; ``None`` after a failure, which is told on the screen."""
        try:
            return await self.dojo.desk.do(work, *arguments)
        except Exception as error:
            message = getattr(error, "message", None)
            if message is None:
                raise
            self.notify(self.say(message), severity="error", timeout=10)
            return None

    def claim(self) -> bool:
        """Begin something that may happen only once; a second Enter in a hurry finds it taken."""
        if self.busy:
            return False
        self.busy = True
        if self._saving is not None:
            # A draft saved later would be that of the next task.
            self._saving.stop()
        return True

    def submit(self, answer: str) -> None:
        """Have ``answer`` judged; what was typed stays, the verdict appears under it."""
        if not self.settled and self.claim():
            self._submit(answer)

    @work(group="answer")
    async def _submit(self, answer: str) -> None:
        waiting = self.set_timer(0.2, self.query_one(VerdictPanel).wait)
        try:
            verdict = await self.at_desk(self.exercise.answer, answer, self.guessed)
        finally:
            waiting.stop()
            self.busy = False
        self.judged(verdict)

    def judged(self, verdict: Verdict | None) -> None:
        """Show what came of an answer."""
        if verdict is not None and verdict.judged:
            self.close_answer(verdict)
        self.relabel()
        self.refresh_bindings()
        panel = self.query_one(VerdictPanel)
        panel.call_after_refresh(panel.scroll_visible, animate=False)

    def draft(self, answer: str) -> None:
        """What is being typed; saved when the typing pauses."""
        self.exercise.draft = answer
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(DRAFT_DELAY, self.save_draft)

    @work(exclusive=True, group="draft")
    async def save_draft(self) -> None:
        await self.at_desk(self.exercise.save_draft, self.exercise.draft)

    async def flush(self) -> None:
        """Save what was typed in the last moment before the app is left."""
        if self._saving is not None:
            self._saving.stop()
        if not self.settled:
            await self.at_desk(self.exercise.save_draft, self.exercise.draft)

    def action_go_on(self) -> None:
        if self.claim():
            self._go_on()

    @work(group="answer")
    async def _go_on(self) -> None:
        await self.at_desk(self.exercise.next)
        self.dojo.show_task()

    async def action_retry(self) -> None:
        self.exercise.verdict = None
        self.exercise.solution = None
        await self.ask()
        self.relabel()
        self.refresh_bindings()

    def action_reveal(self) -> None:
        if self.claim():
            self._reveal()

    @work(group="answer")
    async def _reveal(self) -> None:
        found = await self.at_desk(self.exercise.reveal)
        self.busy = False
        if found is not None:
            self.judged(self.exercise.verdict)
            self.close_answer(self.exercise.verdict)

    @work(group="answer")
    async def action_hint(self) -> None:
        await self.at_desk(self.exercise.hint)
        self.relabel()
        self.refresh_bindings()

    def action_guess(self) -> None:
        self.guessed = not self.guessed
        self.relabel()

    @work(group="answer")
    async def action_handbook(self) -> None:
        """The page about this task, at the trap that was stepped into."""
        verdict = self.exercise.verdict
        codes = [mistake.code for mistake in verdict.mistakes] if verdict else []
        page = await self.at_desk(self.exercise.page)
        self.dojo.show_page(page, codes)

    @work(group="answer")
    async def action_copy(self) -> None:
        """Item, answer and verdict to the clipboard."""
        copied = await self.at_desk(self.exercise.as_text, self.language)
        if copied is not None:
            self.app.copy_to_clipboard(copied)
            self.notify(self.say("report.copied_task"))

    def action_report(self) -> None:
        from drills.app.screens.report import ReportScreen

        self.app.push_screen(ReportScreen(self.exercise))

    def action_undo(self) -> None:
        if self.claim():
            self._undo()

    @work(group="answer")
    async def _undo(self) -> None:
        done = await self.at_desk(self.exercise.undo)
        self.busy = False
        if done:
            self.notify(self.say("app.note.undone"))
            self.dojo.show_task()

    def action_scroll(self, pages: int) -> None:
        """By keyboard what the wheel does: stems and verdicts may be longer than the screen."""
        for body in self.query(VerticalScroll):
            body.scroll_relative(y=pages * max(1, body.size.height - 2), animate=False)

    async def action_leave(self) -> None:
        await self.flush()
        self.dojo.leave_task()

    async def _keep_lease(self) -> None:
        await self.dojo.desk.heartbeat()
