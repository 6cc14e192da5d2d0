"""Rows to choose from: the sections on the home screen, targets, exercises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, MouseMove
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from drills.typography import pad, shorten


@dataclass(frozen=True)
class Row:
    """One row; ``key`` is what comes back when it is chosen."""

    key: str
    name: str
    columns: tuple[str, ...] = ()


class RowList(Widget, can_focus=True):
    """Rows to choose from with arrows, Enter or the mouse; ``columns`` are drawn as they come."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move(-1000)", show=False),
        Binding("end", "move(1000)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]
    DEFAULT_CSS = """
    RowList {
        height: auto;
    }
    """

    cursor: reactive[int] = reactive(0)
    """The row that Enter would choose."""

    @dataclass
    class Chosen(Message):
        """A row was chosen with the mouse."""

        key: str

    def __init__(self, *, name_width: int = 24, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self._name_width = name_width
        # Marks the cursor's row also while a search line has the focus.
        self.always_marked = False

    @property
    def current(self) -> str | None:
        """The key of the row under the cursor."""
        return self._rows[self.cursor].key if self._rows else None

    def show(self, rows: tuple[Row, ...], *, name_width: int | None = None) -> None:
        self._rows = rows
        if name_width is not None:
            self._name_width = name_width
        self.cursor = min(self.cursor, max(len(rows) - 1, 0))
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows)

    def render(self) -> Content:
        lines = []
        for position, row in enumerate(self._rows):
            chosen = position == self.cursor and (self.has_focus or self.always_marked)
            mark = "> " if chosen else "  "
            name = pad(shorten(row.name, self._name_width), self._name_width)
            line = "  ".join((mark + name, *row.columns))
            width = self.content_size.width
            lines.append(
                Content.styled(pad(line, width), "bold $block-cursor-foreground on $primary")
                if chosen
                else Content(line)
            )
        return Content("\n").join(lines)

    def watch_cursor(self) -> None:
        self.refresh()
        self._keep_in_sight()

    def on_focus(self) -> None:
        # Textual scrolls a focused widget into sight as a whole: of a long list, its end.
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """Scroll to the cursor's row when the rows are more than the screen."""
        if not self.is_mounted or not isinstance(self.parent, Widget):
            return
        if self.cursor:
            row = Region(0, self.virtual_region.y + self.cursor, 1, 1)
            self.parent.scroll_to_region(row, animate=False)
        else:
            # With what stands above the list.
            self.parent.scroll_home(animate=False)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(len(self._rows) - 1, self.cursor + by))

    def on_click(self, event: Click) -> None:
        if 0 <= event.y < len(self._rows):
            self.cursor = event.y
            self.post_message(self.Chosen(self._rows[event.y].key))

    def on_mouse_move(self, event: MouseMove) -> None:
        if 0 <= event.y < len(self._rows):
            self.cursor = event.y
