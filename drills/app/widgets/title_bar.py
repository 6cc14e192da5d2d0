"""The first line of every screen: where am I, and what is worth knowing on the right."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from drills.typography import cell_width, pad, shorten


class TitleBar(Widget):
    """One line: a title on the left, a note on the right that gives way when there is no room."""

    DEFAULT_CSS = """
    TitleBar {
        dock: top;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._note = ""
        self._action = ""

    def show(self, title: str, note: str = "", *, action: str = "") -> None:
        """``action`` is run by a click on the note."""
        self._title, self._note, self._action = title, note, action
        self.refresh()

    def render(self) -> Content:
        width = max(self.content_size.width, 10)
        note = self._note if cell_width(self._title) + cell_width(self._note) + 2 <= width else ""
        title = pad(shorten(self._title, width), width - cell_width(note))
        if not note:
            return Content.styled(title, "bold")
        if self._action:
            right = Content.from_markup(f"[@click={self._action}]$note[/]", note=note)
        else:
            right = Content(note)
        return Content.styled(title, "bold") + right
