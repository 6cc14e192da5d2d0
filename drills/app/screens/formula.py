"""The formula screen: type, see how it reads, have it judged, mend it, try again."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from drills.app.live_reading import LiveReading, read_live
from drills.app.screens.task import TaskScreen
from drills.app.widgets.hints import Hints
from drills.app.widgets.line_input import LineInput
from drills.app.widgets.marked_text import MarkedText
from drills.app.widgets.prose import Prose
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.typography import pad
from drills.verdict import Verdict

READING_DELAY: Final = 0.12
"""Seconds after the last key until the reading is made anew."""

LABEL: Final = 10
"""Cells for what stands in front of the reading."""

SYMBOLS: Final = (
    ("W_in", "W_in"),
    ("W_out", "W_out"),
    ("delta[t-s]", "delta[t-s]"),
    ("delta_out", "delta_out[t]"),
    ("eps", "eps"),
    ("sum(", "sum(s=0..T_t, "),
    ("f'(", "f'("),
    (".T", ".T"),
    ("@", " @ "),
    ("⊙", " ⊙ "),
)
"""What a click inserts: label and text."""


class FormulaScreen(TaskScreen):
    """The input stays open until the formula is right; Enter judges, or goes on if unchanged."""

    CSS_PATH = "formula.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.formula"
    _reading_timer: Timer | None = None
    _reading = LiveReading("")

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                yield Prose(id="stem")
                with Horizontal(id="line"):
                    yield Static(">", id="prompt", markup=False)
                    yield LineInput(id="typed", select_on_focus=False)
                yield Static(id="symbols")
                # The line that one mends stays in sight, however much there is to say about it.
                with VerticalScroll(id="below", can_focus=False):
                    yield MarkedText()
                    yield Static(id="reading", markup=False)
                    yield Prose(id="in-the-way")
                    yield Hints()
                    yield VerdictPanel(tells_reading=False)
                    yield Prose(id="trouble")
            yield Prose(id="spellings")

    @property
    def settled(self) -> bool:
        verdict = self.exercise.verdict
        return (verdict is not None and verdict.right) or self.exercise.solution is not None

    @property
    def typed(self) -> str:
        return self.query_one(LineInput).value

    @property
    def unchanged(self) -> bool:
        """Whether the verdict on the screen is about what stands in the input."""
        verdict = self.exercise.verdict
        return verdict is not None and verdict.judged and self.typed == self._judged

    _judged = ""

    async def ask(self) -> None:
        line = self.query_one(LineInput)
        line.disabled = False
        with line.prevent(Input.Changed):
            line.value = self.exercise.draft
        line.cursor_position = len(line.value)
        if self.exercise.verdict is not None:
            self._judged = line.value
        line.focus()
        self._read(line.value, self._width())

    def close_answer(self, verdict: Verdict | None) -> None:
        self._judged = self.typed
        if self.settled:
            self.query_one(LineInput).disabled = True
            self.set_focus(None)

    def judged(self, verdict: Verdict | None) -> None:
        self._judged = self.typed
        super().judged(verdict)
        self._mark_stale()

    def relabel(self) -> None:
        super().relabel()
        verdict = self.exercise.verdict
        self.set_class(verdict is not None and verdict.judged, "-judged")
        view = self.exercise.view(self.language)
        self.query_one("#stem", Prose).update(view.stem)
        self.query_one(LineInput).placeholder = view.prompt
        self.query_one("#spellings", Prose).update(self.say("app.formula.spellings"))
        chips = [
            Content.from_markup(f"[@click=screen.insert({text!r})]$label[/]", label=label)
            for label, text in SYMBOLS
        ]
        self.query_one("#symbols", Static).update(Content("  ").join(chips))
        self._show_reading()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on":
            return self.settled or self.unchanged
        if action == "retry":
            return self.exercise.solution is not None
        return super().check_action(action, parameters)

    def action_insert(self, text: str) -> None:
        line = self.query_one(LineInput)
        if not line.disabled:
            line.insert_text_at_cursor(text)
            line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.unchanged:
            self.action_go_on()
        elif event.value.strip():
            self.submit(event.value)
        else:
            self.notify(self.say("app.note.type_first"))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.draft(event.value)
        self._mark_stale()
        if self._reading_timer is not None:
            self._reading_timer.stop()
        self._reading_timer = self.set_timer(
            READING_DELAY, lambda: self._read(event.value, self._width())
        )

    def on_resize(self) -> None:
        self._read(self.typed, self._width())

    @work(thread=True, exclusive=True, group="reading")
    def _read(self, typed: str, width: int) -> None:
        reading = read_live(typed, width)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take, reading)

    def _take(self, reading: LiveReading) -> None:
        if self.is_attached and reading.text == self.typed:
            self._reading = reading
            self._show_reading()

    def _mark_stale(self) -> None:
        """A verdict on another text than the one in the input steps back."""
        line = self.query_one(LineInput)
        line.finished = self.unchanged
        stale = self.exercise.verdict is not None and self.typed != self._judged
        self.query_one(VerdictPanel).set_class(stale, "-stale")
        self.refresh_bindings()

    def _show_reading(self) -> None:
        reading, verdict = self._reading, self.exercise.verdict
        label = pad(self.say("verdict.read_as"), LABEL)
        lines = [
            Content.styled(" " * LABEL if number else label, "$text-muted") + Content(line)
            for number, line in enumerate(reading.lines)
        ]
        self.query_one("#reading", Static).update(Content("\n").join(lines))
        self.query_one("#reading", Static).display = bool(lines)
        trouble = self.say(reading.trouble) if reading.trouble else ""
        spans = [reading.span] if reading.span else []
        if verdict is not None and self.typed == self._judged:
            spans += [mistake.span for mistake in verdict.mistakes if mistake.span]
            if not verdict.judged:
                # The verdict below says the same.
                trouble = ""
        self.query_one("#in-the-way", Prose).update(trouble)
        self.query_one(MarkedText).show(self.typed, spans)

    def _width(self) -> int:
        return max(20, self.size.width - 8 - LABEL - (40 if self.size.width >= 110 else 0))
