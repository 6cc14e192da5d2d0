"""Steps to be put in order: type their letters, or carry them with the arrow keys or the mouse."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size

from drills.app.bindings import key
from drills.app.translation import Translated
from drills.app.widgets.answer import AnswerWidget
from drills.typography import cell_width, normalise, wrap
from question_bank.text import Language


class OrderList(Translated, AnswerWidget, can_focus=True):
    """The steps keep their letters while they move; the letters from top to bottom are the answer.

    Typing letters puts those steps first, in the order typed; Backspace takes the last one back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "confirm", "answer", shown_as="Enter"),
        key("space", "carry", "carry", shown_as="Space"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("shift+up", "shift(-1)", show=False),
        Binding("shift+down", "shift(1)", show=False),
        Binding("backspace", "untype", show=False),
    ]
    DEFAULT_CSS = """
    OrderList {
        height: auto;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, str] = {}
        self._order: list[str] = []
        self._cursor = 0
        self._typed = 0
        self._carrying = False

    @property
    def answer(self) -> str:
        return " ".join(self._order)

    def show(self, view: Any, language: Language) -> None:
        self._texts = {str(label): str(text) for label, text in view.options}
        if set(self._order) != set(self._texts):
            self._order = list(self._texts)
        self.refresh(layout=True)

    def restore(self, draft: str) -> None:
        letters = normalise(draft).upper().split()
        if sorted(letters) == sorted(self._texts):
            self._order = letters
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(len(lines) for _, lines in self._laid_out(width))

    def render(self) -> Content:
        rows = []
        for position, (lead, lines) in enumerate(self._laid_out(self.content_size.width or 80)):
            current = position == self._cursor and not self.locked
            style = "bold" if current else ""
            if current and self._carrying:
                style = "bold reverse"
            indent = " " * cell_width(lead)
            rows += [
                Content.styled((lead if number == 0 else indent) + line, style)
                for number, line in enumerate(lines)
            ]
        return Content("\n").join(rows)

    def action_move(self, by: int) -> None:
        if self._carrying:
            self.action_shift(by)
        else:
            self._cursor = (self._cursor + by) % len(self._order)
            self.refresh()

    def action_shift(self, by: int) -> None:
        target = self._cursor + by
        if 0 <= target < len(self._order):
            self._order.insert(target, self._order.pop(self._cursor))
            self._cursor = target
            self._typed = 0
            self._moved()

    def action_carry(self) -> None:
        self._carrying = not self._carrying
        self.refresh()

    def action_untype(self) -> None:
        self._typed = max(0, self._typed - 1)
        self._cursor = self._typed
        self.refresh()

    def action_confirm(self) -> None:
        self._carrying = False
        self.post_message(self.Given(self.answer))

    def on_key(self, event: Key) -> None:
        letter = normalise(event.character or "").upper()
        if letter not in self._order or self.locked:
            return
        event.stop()
        if self._typed >= len(self._order):
            self._typed = 0
        if letter in self._order[: self._typed]:
            return
        self._order.remove(letter)
        self._order.insert(self._typed, letter)
        self._typed += 1
        self._cursor = min(self._typed, len(self._order) - 1)
        self._moved()

    def on_click(self, event: Click) -> None:
        if self.locked:
            return
        position = self._row_at(event.y)
        if position is None:
            return
        if self._carrying and position != self._cursor:
            self._order.insert(position, self._order.pop(self._cursor))
            self._carrying = False
            self._moved()
        else:
            self._carrying = not self._carrying
        self._cursor = position
        self.refresh()

    def _moved(self) -> None:
        self.post_message(self.Changed(self.answer))
        self.refresh(layout=True)

    def _row_at(self, y: int) -> int | None:
        row = 0
        for position, (_, lines) in enumerate(self._laid_out(self.content_size.width or 80)):
            row += len(lines)
            if y < row:
                return position
        return None

    def _laid_out(self, width: int) -> list[tuple[str, list[str]]]:
        laid_out = []
        for position, letter in enumerate(self._order):
            pointer = ">" if position == self._cursor and not self.locked else " "
            lead = f"{pointer} {position + 1}. {letter}  "
            laid_out.append((lead, wrap(self._texts[letter], width - cell_width(lead))))
        return laid_out
