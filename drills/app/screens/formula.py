"""The formula screen: type, see how it reads, have it judged, mend it, try again."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from drills.app.bindings import key
from drills.app.formula_help import FormulaHelp, formula_help
from drills.app.live_reading import LiveReading, read_live
from drills.app.screens.task import TaskScreen
from drills.app.widgets.hints import Hints
from drills.app.widgets.line_input import LineInput
from drills.app.widgets.marked_text import MarkedText
from drills.app.widgets.material import Material
from drills.app.widgets.prose import Prose
from drills.app.widgets.symbol_palette import SymbolPalette
from drills.app.widgets.verdict_panel import VerdictPanel
from drills.typography import pad
from drills.verdict import Verdict

READING_DELAY: Final = 0.12
"""Seconds after the last key until the reading is made anew."""

LABEL: Final = 10
"""Cells for what stands in front of the reading."""


class FormulaScreen(TaskScreen):
    """The input stays open until the formula is right; Enter judges, or goes on if unchanged."""

    CSS_PATH = "formula.tcss"
    HELP_PAGE: ClassVar[str] = "app.help.formula"
    BINDINGS: ClassVar[list[BindingType]] = [
        key("f3", "train", "train", shown_as="F3"),
        key("d,f6", "derivation", "derivation", shown_as="d F6"),
        key("tab", "complete", "complete", shown_as="Tab"),
        Binding("up", "history(-1)", show=False),
        Binding("down", "history(1)", show=False),
    ]
    help: FormulaHelp | None = None
    _reading_timer: Timer | None = None
    _reading = LiveReading("")

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                yield Material(id="stem")
                with Horizontal(id="line"):
                    yield Static(">", id="prompt", markup=False)
                    yield LineInput(id="typed", select_on_focus=False)
                yield SymbolPalette()
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
    _place: int | None = None
    _unsent = ""

    async def ask(self) -> None:
        if self.help is None and self.exercise.target is not None:
            self.help = await self.at_desk(formula_help, self.exercise.target)
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
        self.query_one(Material).update(view.material)
        self.query_one(LineInput).placeholder = view.prompt
        self.query_one("#spellings", Prose).update(self.say("app.formula.spellings"))
        self._show_symbols()
        self._show_reading()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on":
            return self.settled or self.unchanged
        if action == "retry":
            return self.exercise.solution is not None
        if action == "derivation":
            judged = self.exercise.verdict is not None and not self.exercise.counts
            return self.exercise.target is not None and (self.settled or judged)
        if action == "train":
            verdict = self.exercise.verdict
            judged = verdict is not None and verdict.judged and self.typed == self._judged
            return judged and self.help is not None and self.help.trainable
        if action == "complete":
            return self.help is not None and not self.settled
        return super().check_action(action, parameters)

    def action_insert(self, text: str) -> None:
        line = self.query_one(LineInput)
        if not line.disabled:
            line.insert_text_at_cursor(text)
            line.focus()

    def action_derivation(self) -> None:
        from drills.app.screens.derivation import DerivationScreen

        if self.exercise.target is not None:
            self.app.push_screen(DerivationScreen(self.exercise.target, self._reading.notation))

    def action_train(self) -> None:
        """The formula that was judged, right or wrong, drives a network."""
        from drills.app.screens.training import TrainingScreen

        if self.exercise.target is not None:
            notation = self._reading.notation or None
            self.app.push_screen(TrainingScreen(self.typed, self.exercise.target, notation))

    def action_complete(self) -> None:
        """Tab: the rest of the word where only one symbol begins so, else the candidates."""
        line = self.query_one(LineInput)
        if self.help is None or line.disabled:
            return
        before = line.value[: line.cursor_position]
        added = self.help.completed(before)
        if added:
            line.insert_text_at_cursor(added)
        self._show_symbols()

    def action_history(self, by: int) -> None:
        """Earlier formulas for the same target, the newest first; down comes back."""
        line = self.query_one(LineInput)
        if line.disabled:
            return
        entries = [*self._history, self._unsent]
        if self._place is None:
            self._unsent = line.value
            entries[-1] = line.value
            self._place = len(entries) - 1
        place = self._place + by
        if 0 <= place < len(entries):
            self._place = place
            line.value = entries[place]
            line.cursor_position = len(line.value)

    @property
    def _history(self) -> list[str]:
        return self.dojo.desk.histories.setdefault(self.exercise.target or "", [])

    def _remember(self, typed: str) -> None:
        if typed in self._history:
            self._history.remove(typed)
        self._history.append(typed)
        self._place = None

    def _show_symbols(self) -> None:
        """The symbols that go on from the word at the cursor, or all of them."""
        palette = self.query_one(SymbolPalette)
        if self.help is None:
            palette.show(())
            return
        line = self.query_one(LineInput)
        begun = self.help.candidates(line.value[: line.cursor_position])
        palette.show(begun or self.help.symbols, chosen=bool(begun))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.unchanged:
            self.action_go_on()
        elif event.value.strip():
            self._remember(event.value)
            self.submit(event.value)
        else:
            self.notify(self.say("app.note.type_first"))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.draft(event.value)
        self._mark_stale()
        self._show_symbols()
        if self._reading_timer is not None:
            self._reading_timer.stop()
        self._reading_timer = self.set_timer(
            READING_DELAY, lambda: self._read(event.value, self._width())
        )

    def on_resize(self) -> None:
        self._show_symbols()
        self._read(self.typed, self._width())

    @work(thread=True, exclusive=True, group="reading")
    def _read(self, typed: str, width: int) -> None:
        model = self.help.model if self.help is not None else "rnn"
        reading = read_live(typed, width, model)
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
