"""Pairs to be found: lettered rows on the left, numbered ones on the right."""

from __future__ import annotations

import re
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


class MatchTable(Translated, AnswerWidget, can_focus=True):
    """A digit pairs the row under the cursor and moves on; so do a click left and one right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "confirm", "answer", shown_as="Enter"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("backspace,delete", "clear", show=False),
    ]
    DEFAULT_CSS = """
    MatchTable {
        height: auto;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._left: tuple[tuple[str, str], ...] = ()
        self._right: tuple[tuple[str, str], ...] = ()
        self._pairs: dict[str, str] = {}
        self._cursor = 0

    @property
    def answer(self) -> str:
        return " ".join(f"{a}={self._pairs[a]}" for a, _ in self._left if a in self._pairs)

    def show(self, view: Any, language: Language) -> None:
        self._left = tuple((str(label), str(text)) for label, text in view.left)
        self._right = tuple((str(label), str(text)) for label, text in view.right)
        self.refresh(layout=True)

    def restore(self, draft: str) -> None:
        rights = {label for label, _ in self._right}
        lefts = {label for label, _ in self._left}
        found = re.findall(r"(\w+)\s*=\s*(\w+)", normalise(draft).upper())
        self._pairs = {a: b for a, b in found if a in lefts and b in rights}
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(
            Content.styled(line, style)
            for line, style, _, _ in self._lines(self.content_size.width or 80)
        )

    def action_move(self, by: int) -> None:
        self._cursor = (self._cursor + by) % len(self._left)
        self.refresh()

    def action_turn(self, by: int) -> None:
        labels = [label for label, _ in self._right]
        left = self._left[self._cursor][0]
        if left in self._pairs:
            position = (labels.index(self._pairs[left]) + by) % len(labels)
        else:
            position = 0 if by > 0 else len(labels) - 1
        self._pair(labels[position], go_on=False)

    def action_clear(self) -> None:
        self._pairs.pop(self._left[self._cursor][0], None)
        self.refresh(layout=True)

    def action_confirm(self) -> None:
        missing = [label for label, _ in self._left if label not in self._pairs]
        if missing:
            self._cursor = [label for label, _ in self._left].index(missing[0])
            self.refresh()
            self.notify(self.say("app.note.pair_first", missing=", ".join(missing)))
            return
        self.post_message(self.Given(self.answer))

    def on_key(self, event: Key) -> None:
        sign_typed = normalise(event.character or "").upper()
        if self.locked:
            return
        if sign_typed in (label for label, _ in self._right):
            event.stop()
            self._pair(sign_typed)
        elif sign_typed in (letters := [label for label, _ in self._left]):
            event.stop()
            self._cursor = letters.index(sign_typed)
            self.refresh()

    def on_click(self, event: Click) -> None:
        lines = self._lines(self.content_size.width or 80)
        if self.locked or not 0 <= event.y < len(lines):
            return
        _, _, left, right = lines[event.y]
        if left is not None:
            self._cursor = left
            self.refresh()
        elif right is not None:
            self._pair(right)

    def _pair(self, right: str, *, go_on: bool = True) -> None:
        self._pairs[self._left[self._cursor][0]] = right
        if go_on:
            free = [n for n, (label, _) in enumerate(self._left) if label not in self._pairs]
            self._cursor = free[0] if free else self._cursor
        self.post_message(self.Changed(self.answer))
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[tuple[str, str, int | None, str | None]]:
        """Each line with its style and the row that a click on it means, left or right."""
        lines: list[tuple[str, str, int | None, str | None]] = []
        for position, (label, text) in enumerate(self._left):
            current = position == self._cursor and not self.locked
            pointer = ">" if current else " "
            lead = f"{pointer} {label} = {self._pairs.get(label, '_')}  "
            for number, line in enumerate(wrap(text, width - cell_width(lead))):
                start = lead if number == 0 else " " * cell_width(lead)
                lines.append((start + line, "bold" if current else "", position, None))
        lines.append(("", "", None, None))
        for label, text in self._right:
            lead = f"    {label}  "
            for number, line in enumerate(wrap(text, width - cell_width(lead))):
                start = lead if number == 0 else " " * cell_width(lead)
                lines.append((start + line, "", None, label))
        return lines
