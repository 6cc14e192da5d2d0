"""The code screen: an editor, the task beside it, and what the checks say."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import TextArea

from drills.app.bindings import key
from drills.app.screens.task import TaskScreen
from drills.app.widgets.code_editor import CodeEditor
from drills.app.widgets.hints import Hints
from drills.app.widgets.prose import Prose
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.verdict import Verdict


class CodeScreen(TaskScreen):
    """Everything typed is kept; F5 runs it in a process of its own, which Escape can end."""

    CSS_PATH = "code.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.code"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f5", "run_code", "run_code", shown_as="F5", priority=True),
        key("escape", "cancel", "cancel", shown_as="Esc", priority=True),
        key("f6", "next_blank", "blank", shown_as="F6", priority=True),
        key("f3", "start_over", "start_over", shown_as="F3"),
        key("f10", "leave", "leave", shown_as="F10", priority=True),
        # The editor has keys of its own on F7: the app's meaning wins.
        Binding("f7", "guess", show=False, priority=True),
    ]

    _since: float | None = None

    def compose_body(self) -> ComposeResult:
        with Vertical(id="columns"):
            yield CodeEditor(id="editor")
            with Vertical(id="side"):
                with VerticalScroll(id="task-place", can_focus=False):
                    yield Prose(id="stem")
                    yield Hints()
                with VerticalScroll(id="results", can_focus=False):
                    yield Prose(id="progress")
                    yield VerdictPanel(tells_solution=False)
                    yield Prose(id="trouble")

    @property
    def settled(self) -> bool:
        verdict = self.exercise.verdict
        return (verdict is not None and verdict.right) or self.exercise.solution is not None

    @property
    def editor(self) -> CodeEditor:
        return self.query_one(CodeEditor)

    async def ask(self) -> None:
        self.editor.read_only = False
        self.editor.put(self.exercise.draft or self.exercise.view(self.language).code or "")
        self.editor.focus()

    def close_answer(self, verdict: Verdict | None) -> None:
        if self.settled:
            if self.exercise.solution is not None:
                self.editor.put(self.say(self.exercise.solution))
            self.editor.read_only = True
            self.set_focus(None)

    async def prepare(self) -> None:
        await super().prepare()
        self.set_interval(0.1, self._show_progress)

    def relabel(self) -> None:
        super().relabel()
        view = self.exercise.view(self.language)
        self.query_one("#stem", Prose).update(view.stem)
        self.set_class(self.exercise.verdict is not None, "-judged")
        self._show_progress()
        if self.exercise.hints:
            self.query_one(Hints).call_after_refresh(
                self.query_one("#task-place").scroll_end, animate=False
            )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "run_code":
                return not self.settled and not self.busy
            case "cancel":
                return self.busy
            case "next_blank":
                return not self.settled and self.exercise.face == "typed"
            case "start_over":
                return not self.settled
            case "go_on":
                return self.settled
            case "retry":
                return self.exercise.solution is not None
            case "leave":
                return not self.busy
        return super().check_action(action, parameters)

    def action_run_code(self) -> None:
        if self.claim():
            self.run_code(self.editor.text)

    @work(group="answer")
    async def run_code(self, source: str) -> None:
        """Have the code judged; the screen stays alive and shows how long it has been running."""
        self._since = time.monotonic()
        self.refresh_bindings()
        try:
            verdict = await self.at_desk(self.exercise.answer, source, self.guessed)
        finally:
            self.busy, self._since = False, None
        self._show_progress()
        self.judged(verdict)

    def action_cancel(self) -> None:
        """End the run; the judgement is then undecided and leaves no trace."""
        from engine.code.judge import shared_judge

        shared_judge().cancel()

    def action_next_blank(self) -> None:
        self.editor.focus()
        if not self.editor.next_blank():
            self.notify(self.say("app.note.no_blank"))

    async def action_start_over(self) -> None:
        """The source as it was at first; undo in the editor brings the old text back."""
        self.editor.text = self.exercise.view(self.language).code or ""
        self.editor.next_blank()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.draft(event.text_area.text)

    def _show_progress(self) -> None:
        line = ""
        if self._since is not None:
            line = self.say("app.code.running", seconds=f"{time.monotonic() - self._since:.1f}")
        progress = self.query_one("#progress", Prose)
        if progress.text != line:
            progress.update(line)
