"""A page of the handbook in one widget: its lines by kind, with places to click and to go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from drills.app.translation import Translated
from drills.app.widgets.code_words import with_code
from drills.handbook.page import Block

# Emphasis is weight before colour; a link is underlined, so that it shows without any colour.
STYLES: Final = {"heading": "bold", "answer": "bold", "link": "underline"}


@dataclass(frozen=True)
class Line:
    """One line as drawn: its style, and the block that it belongs to."""

    text: str
    style: str
    block: Block


class PageView(Translated, Widget):
    """Draws blocks at its own width; a click on an answer or a link is told to the screen."""

    DEFAULT_CSS = """
    PageView {
        height: auto;
        width: 1fr;
    }
    """

    @dataclass
    class Picked(Message):
        """A block with a derivation or another page behind it was clicked."""

        block: Block

    def __init__(self) -> None:
        super().__init__()
        self._blocks: Sequence[Block] = ()
        self._made: tuple[int, str, list[Line]] = (0, "", [])

    def show(self, blocks: Sequence[Block]) -> None:
        """Draw these blocks from now on."""
        self._blocks = blocks
        self._made = (0, "", [])
        self.refresh(layout=True)

    def lines(self, width: int) -> list[Line]:
        """All lines at a width, an empty one before each heading."""
        if self._made[:2] != (width, self.language):
            self._made = (width, self.language, self._lay_out(width))
        return self._made[2]

    def line_of(self, mark: str) -> int | None:
        """The number of the first line of the block with a mark."""
        lines = self.lines(self.content_size.width or 80)
        return next((n for n, line in enumerate(lines) if line.block.mark == mark), None)

    def _lay_out(self, width: int) -> list[Line]:
        found: list[Line] = []
        for number, block in enumerate(self._blocks):
            if block.kind == "heading" and number:
                found.append(Line("", "", block))
            drawn = block.drawn(self.language, width)
            said = len(drawn) - len(block.lines)
            style = STYLES.get(block.kind, "")
            found += [
                Line(text, style if place < said else "", block) for place, text in enumerate(drawn)
            ]
        return found

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def render(self) -> Content:
        lines = self.lines(self.content_size.width or 80)
        drawn = [next(iter(with_code([line.text], line.style))) for line in lines]
        return Content("\n").join(drawn)

    def on_click(self, event: Click) -> None:
        lines = self.lines(self.content_size.width or 80)
        if 0 <= event.y < len(lines):
            block = lines[event.y].block
            if block.target or block.page:
                self.post_message(self.Picked(block))
