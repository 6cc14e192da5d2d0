"""What is read before answering: stems wrapped, code and figures line by line as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from drills.app.widgets.code_words import with_code
from drills.typography import cell_width, wrap

if TYPE_CHECKING:
    from drills.grading.base import Block

INDENT: Final = "  "
# Blanks to ask about, as the bank writes them: （あ）, and __(a)__ in English.
BLANK: Final = re.compile(r"（[あ-こ]）|__\([a-j]\)__")
BLANK_STYLE: Final = "bold reverse"


class Material(Widget):
    """Blocks of prose, code and figures from top to bottom, an empty line between them."""

    DEFAULT_CSS = """
    Material {
        width: 1fr;
        height: auto;
        text-wrap: nowrap;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()

    def update(self, blocks: Sequence[Block]) -> None:
        self._blocks = tuple(blocks)
        self.refresh(layout=True)

    @property
    def text(self) -> str:
        """All blocks as they were given."""
        return "\n\n".join(block.text for block in self._blocks)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(list(self._lines(width)))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width or 80))

    def _lines(self, width: int) -> Iterator[Content]:
        for number, block in enumerate(self._blocks):
            if number:
                yield Content("")
            if block.kind == "prose":
                yield from with_code(wrap(block.text, width))
                continue
            for line in _drawn(block):
                yield from _folded(line, width - len(INDENT))


def _drawn(block: Block) -> list[Content]:
    """The lines of a block, code in colours; blanks stand out in each."""
    if block.kind == "code":
        from textual.highlight import highlight

        # A blank is no Python: names of its length take its place while colours are chosen.
        named = BLANK.sub(lambda found: "_" * len(found[0]), block.text)
        coloured = highlight(named, language="python")
        drawn = Content(block.text, spans=list(coloured.spans))
    else:
        drawn = Content(block.text)
    for found in BLANK.finditer(block.text):
        drawn = drawn.stylize(BLANK_STYLE, *found.span())
    return list(drawn.split("\n", allow_blank=True))


def _folded(line: Content, width: int) -> Iterator[Content]:
    """The line, cut where the screen ends: no part of it is out of sight."""
    text = line.plain
    start = 0
    while True:
        end = start
        while end < len(text) and cell_width(text[start : end + 1]) <= width:
            end += 1
        end = max(end, start + 1)
        yield Content(INDENT) + line[start:end]
        if end >= len(text):
            return
        start = end
