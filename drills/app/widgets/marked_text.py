"""A line that was typed, with carets under the places that are meant."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from drills.typography import cell_width


def marked_lines(text: str, spans: Sequence[tuple[int, int]], width: int) -> list[tuple[str, str]]:
    """``text`` cut to lines of ``width`` cells, each with its line of carets ("" for none).

    A span of no length, as at the end of a text that stops too early, gets one caret.
    """
    marked = {
        place for start, end in spans for place in range(start, end if end > start else start + 1)
    }
    lines: list[tuple[str, str]] = []
    line = carets = ""
    # One place more than the text has: an end that is missing is marked behind it.
    for place, letter in enumerate([*text, ""]):
        shown = " " if letter in "\n\t" else letter
        cells = max(cell_width(shown), 0 if letter else 1)
        if cell_width(line) + cells > width:
            lines.append((line, carets.rstrip()))
            line = carets = ""
        line += shown
        carets += ("^" if place in marked else " ") * cells
    lines.append((line, carets.rstrip()))
    return [(line, carets) for line, carets in lines if line or carets]


class MarkedText(Widget):
    """Shown only while something in the text is to be pointed at."""

    DEFAULT_CSS = """
    MarkedText {
        height: auto;
        text-wrap: nowrap;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""
        self._spans: tuple[tuple[int, int], ...] = ()

    def show(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self._text, self._spans = text, tuple(spans)
        self.display = bool(spans)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(1 + bool(carets) for _, carets in marked_lines(self._text, self._spans, width))

    def render(self) -> Content:
        rows: list[Content] = []
        for line, carets in marked_lines(self._text, self._spans, self.content_size.width or 80):
            rows.append(Content.styled(line, "$text-muted"))
            if carets:
                rows.append(Content.styled(carets, "bold $text-error"))
        return Content("\n").join(rows)
