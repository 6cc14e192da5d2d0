"""The options of a choice item: a letter, an arrow key or a click answers."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size

from drills.app.bindings import key
from drills.app.translation import Translated
from drills.app.widgets.answer import AnswerWidget
from drills.app.widgets.code_words import with_code
from drills.app.widgets.verdict_panel import COLOURS
from drills.typography import cell_width, normalise, wrap
from question_bank.text import Language


class Options(Translated, AnswerWidget, can_focus=True):
    """Lettered options. With ``several`` right ones, letters mark and Enter answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        key("enter", "confirm", "answer", shown_as="Enter"),
        Binding("space", "mark", show=False),
    ]
    DEFAULT_CSS = """
    Options {
        height: auto;
    }
    """

    def __init__(self, *, several: bool = False) -> None:
        super().__init__()
        self._several = several
        self._options: tuple[tuple[str, str], ...] = ()
        # None at first: an Enter too many must not answer the next question.
        self._cursor = -1
        self._marked: set[str] = set()

    @property
    def answer(self) -> str:
        """The letters that would be answered now."""
        if self._several:
            return " ".join(label for label, _ in self._options if label in self._marked)
        return self._options[self._cursor][0] if self._cursor >= 0 else ""

    def show(self, view: Any, language: Language) -> None:
        self._options = tuple((str(label), str(text)) for label, text in view.options)
        self.refresh(layout=True)

    def restore(self, draft: str) -> None:
        labels = [label for label, _ in self._options]
        letters = [letter for letter in normalise(draft).upper().split() if letter in labels]
        if self._several:
            self._marked = set(letters)
        elif letters:
            self._cursor = labels.index(letters[0])
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(len(lines) for _, lines in self._laid_out(width))

    def render(self) -> Content:
        rows: list[Content] = []
        for position, (lead, lines) in enumerate(self._laid_out(self.content_size.width or 80)):
            style = "bold" if lead.strip() and lead[0] != " " else ""
            if self.locked and lead[0] != " ":
                style = f"bold {COLOURS.get(self.outcome, '$text-warning')}"
            indent = " " * cell_width(lead)
            chosen = style if position == self._cursor else ""
            for number, line in enumerate(with_code(lines, chosen)):
                cell = Content.styled(lead if number == 0 else indent, style)
                rows.append(cell + line)
        return Content("\n").join(rows)

    def action_move(self, by: int) -> None:
        start = self._cursor if self._cursor >= 0 or by > 0 else 0
        self._cursor = (start + by) % len(self._options)
        self.post_message(self.Changed(self.answer))
        self.refresh()

    def action_mark(self) -> None:
        if self._several and self._cursor >= 0:
            self._marked ^= {self._options[self._cursor][0]}
            self.post_message(self.Changed(self.answer))
            self.refresh()
        else:
            self.action_confirm()

    def action_confirm(self) -> None:
        if not self.answer:
            self.notify(
                self.say("app.note.mark_first" if self._several else "app.note.choose_first")
            )
            return
        self.post_message(self.Given(self.answer))

    def on_key(self, event: Key) -> None:
        letter = normalise(event.character or "").upper()
        labels = [label for label, _ in self._options]
        if letter in labels and not self.locked:
            event.stop()
            self._pick(labels.index(letter))

    def on_click(self, event: Click) -> None:
        if self.locked:
            return
        row = 0
        for position, (_, lines) in enumerate(self._laid_out(self.content_size.width or 80)):
            row += len(lines)
            if event.y < row:
                self._pick(position)
                return

    def _pick(self, position: int) -> None:
        self._cursor = position
        self.action_mark()

    def _laid_out(self, width: int) -> list[tuple[str, list[str]]]:
        laid_out = []
        for position, (label, text) in enumerate(self._options):
            lead = f"{self._pointer(position)} {self._box(label)}{label}  "
            laid_out.append((lead, wrap(text, width - cell_width(lead))))
        return laid_out

    def _pointer(self, position: int) -> str:
        chosen = (
            self._options[position][0] in self._marked
            if self._several and self.locked
            else position == self._cursor
        )
        if not chosen:
            return " "
        return ">" if not self.locked else self.mark(self.dojo.frames)

    def _box(self, label: str) -> str:
        if not self._several:
            return ""
        return "[x] " if label in self._marked else "[ ] "
