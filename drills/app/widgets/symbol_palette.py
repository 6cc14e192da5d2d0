"""Symbols to click on: as many rows of whole ones as there is room for."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from drills.app.formula_help import Symbol
from drills.typography import cell_width

GAP = "  "
ROWS = 2


class SymbolPalette(Widget):
    """A click calls the screen's ``insert``; no symbol is ever cut in two."""

    DEFAULT_CSS = """
    SymbolPalette {
        height: auto;
        max-height: 2;
        color: $text-muted;
        link-color: $text-muted;
        link-background: transparent;
        link-style: none;
        link-color-hover: $text;
        link-background-hover: $primary;
        link-style-hover: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._symbols: tuple[Symbol, ...] = ()

    def show(self, symbols: tuple[Symbol, ...], chosen: bool = False) -> None:
        """``symbols`` as far as they have room; ``chosen``: they are candidates for a word."""
        self.set_class(chosen, "-candidates")
        self._symbols = symbols
        self.refresh(layout=True)

    def rows(self, width: int) -> list[list[Symbol]]:
        """The symbols in rows of at most ``width`` cells, those left out that have no room."""
        rows: list[list[Symbol]] = [[]]
        used = 0
        for symbol in self._symbols:
            needed = cell_width(symbol.label) + (len(GAP) if rows[-1] else 0)
            if rows[-1] and used + needed > width:
                if len(rows) == ROWS:
                    break
                rows.append([])
                used, needed = 0, needed - len(GAP)
            rows[-1].append(symbol)
            used += needed
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width)) if self._symbols else 0

    def render(self) -> Content:
        rows = []
        for row in self.rows(self.content_size.width or 60):
            chips = [
                Content.from_markup(
                    f"[@click=screen.insert({one.inserted!r})]$label[/]", label=one.label
                )
                for one in row
            ]
            rows.append(Content(GAP).join(chips))
        return Content("\n").join(rows)
