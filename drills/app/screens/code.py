"""The code screen: an editor, the task beside it, and what the checks say."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import TextArea

from drills.app.bindings import key
from drills.app.line_comparison import compared
from drills.app.screens.task import TaskScreen
from drills.app.widgets.code_editor import CodeEditor
from drills.app.widgets.hints import Hints
from drills.app.widgets.prose import Prose
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.locale import text
from drills.verdict import Verdict
from question_bank.text import LANGUAGES


class CodeScreen(TaskScreen):
    """Everything typed is kept; F5 runs it in a process of its own, which Escape can end."""

    CSS_PATH = "code.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.code"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f5", "run_code", "run_code", shown_as="F5", priority=True),
        key("escape", "cancel", "cancel", shown_as="Esc", priority=True),
        key("f6", "next_blank", "blank", shown_as="F6", priority=True),
        key("ctrl+t", "task", "task", shown_as="^t", priority=True),
        key("f4", "editor", "editor", shown_as="F4", priority=True),
        key("f3", "start_over", "start_over", shown_as="F3"),
        key("d", "compare", "compare"),
        key("f10", "leave", "leave", shown_as="F10", priority=True),
        # The editor has keys of its own on F7: the app's meaning wins.
        Binding("f7", "guess", show=False, priority=True),
    ]

    _since: float | None = None
    # Whether the code is still as it was given: then a line says which blank is selected.
    _untouched = False
    _hints = 0
    # Whether an answer of one's own was judged: the solution waits for that.
    _tried = False
    # The solution beside one's own text, as lines; empty where they are the same.
    _comparison: tuple[str, ...] = ()

    def compose_body(self) -> ComposeResult:
        with Vertical(id="columns"):
            yield CodeEditor(id="editor")
            with Vertical(id="side"):
                with VerticalScroll(id="task-place", can_focus=False):
                    yield Prose(id="stem")
                    yield Hints()
                yield Prose(id="progress")
                with VerticalScroll(id="results", can_focus=False):
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
        source = self.exercise.view(self.language).code or ""
        # What was left as it was given may have been given in the other language.
        given = (self.exercise.view(language).code for language in LANGUAGES)
        self._untouched = self.exercise.draft in ("", *given)
        self.editor.put(source if self._untouched else self.exercise.draft)
        self.editor.focus()

    def close_answer(self, verdict: Verdict | None) -> None:
        if self.settled:
            if self.exercise.solution is not None:
                self._show_solution(self.say(self.exercise.solution))
            self.editor.read_only = True
            self.set_focus(None)

    async def prepare(self) -> None:
        await super().prepare()
        self._note_try(self.exercise.verdict)
        self.set_interval(0.1, self._show_progress)
        self._get_ready()

    @work(group="ahead")
    async def _get_ready(self) -> None:
        await self.at_desk(self.exercise.get_ready)

    def relabel(self) -> None:
        super().relabel()
        view = self.exercise.view(self.language)
        self.query_one("#stem", Prose).update(view.stem)
        if self._untouched and not self.settled and self.editor.text != view.code:
            self.editor.put(view.code or "")
        self.set_class(self.exercise.verdict is not None, "-judged")
        self.editor.keep_cursor_in_sight()
        self._show_progress()
        if len(self.exercise.hints) > self._hints:
            # A hint stands under the task: bring that back.
            self._hints = len(self.exercise.hints)
            self.add_class("-task")
            self.query_one(Hints).call_after_refresh(
                self.query_one("#task-place").scroll_end, animate=False
            )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "run_code":
                return not self.settled and not self.busy
            case "cancel":
                return self.busy
            case "editor":
                return not self.settled and not self.busy
            case "task":
                # Where there is room for two columns, task and results are both in sight.
                return self.exercise.verdict is not None and not self.has_class("-wide")
            case "next_blank":
                return not self.settled and self.exercise.face == "typed"
            case "start_over":
                return not self.settled
            case "compare":
                return self.exercise.solution is not None and bool(self._comparison)
            case "go_on":
                return self.settled
            case "retry":
                return self.exercise.solution is not None
            case "leave":
                return not self.busy
        return super().check_action(action, parameters)

    def action_run_code(self) -> None:
        if self.claim():
            self.remove_class("-task")
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

    def judged(self, verdict: Verdict | None) -> None:
        self._note_try(verdict)
        super().judged(verdict)

    def _note_try(self, verdict: Verdict | None) -> None:
        # "Undecided" is not the learner's fault, and must not keep the solution away for ever.
        if verdict is not None and (verdict.judged or verdict.outcome == "undecided"):
            self._tried = True

    def action_reveal(self) -> None:
        """The solution, after an honest try; before that, what to do instead."""
        if self._tried:
            super().action_reveal()
        else:
            self.notify(self.say("app.note.try_first"))

    def _show_solution(self, solution: str) -> None:
        """One's own text and the solution, line by line; the solution where nothing differs."""
        own = self.exercise.draft or self.exercise.view(self.language).code or ""
        self._comparison = tuple(compared(own, solution))
        if self._comparison:
            self.editor.compare(self._comparison)
        else:
            self.editor.put(solution)
        self.refresh_bindings()

    def action_compare(self) -> None:
        """The solution alone, and the comparison with one's own text again."""
        if self.editor.comparing and self.exercise.solution is not None:
            self.editor.put(self.say(self.exercise.solution))
        else:
            self.editor.compare(self._comparison)

    def action_cancel(self) -> None:
        """End the run; the judgement is then undecided and leaves no trace."""
        from engine.code.judge import shared_judge

        shared_judge().cancel()

    def action_next_blank(self) -> None:
        self.editor.focus()
        if not self.editor.next_blank():
            self.notify(self.say("app.note.no_blank"))

    def action_task(self) -> None:
        """Task and results share the rows under the editor: show the other of the two."""
        self.toggle_class("-task")
        self.editor.keep_cursor_in_sight()

    async def action_editor(self) -> None:
        """Hand the screen over to the user's own editor, and take the code back from it."""
        from drills.app.external_editor import EditorError, edited, editor_command
        from drills.progress.paths import answers, home

        await self.flush()
        changed = trouble = None
        try:
            command = editor_command()
            with self.app.suspend():
                try:
                    changed = edited(self.editor.text, answers(home(self.dojo.desk.home)), command)
                except EditorError as error:
                    # Not out of the block: Textual takes the terminal back only at its plain end.
                    trouble = error.message
            self.app.refresh()
        except EditorError as error:
            trouble = error.message
        except SuspendNotSupported:
            trouble = text("app.note.no_suspend")
        if trouble is not None:
            self.notify(self.say(trouble), severity="warning", timeout=10)
        await self.dojo.desk.heartbeat()
        if changed is not None and changed != self.editor.text:
            self.editor.change(changed)
            self.editor.next_blank()

    async def action_start_over(self) -> None:
        """The source as it was at first; undo in the editor brings the old text back."""
        self.editor.change(self.exercise.view(self.language).code or "")
        self.editor.next_blank()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._untouched = False
        self.draft(event.text_area.text)

    def on_resize(self) -> None:
        self.editor.keep_cursor_in_sight()

    def _show_progress(self) -> None:
        line = ""
        if self._since is not None:
            line = self.say("app.code.running", seconds=f"{time.monotonic() - self._since:.1f}")
        elif self._untouched and self.exercise.verdict is None and (count := self.editor.blanks):
            line = self.say(f"app.code.{'first' if count > 1 else 'only'}_blank", count=count)
        progress = self.query_one("#progress", Prose)
        if progress.text != line:
            progress.update(line)
