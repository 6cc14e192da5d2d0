"""The Python editor: Textual's own, with the keys of this app where the two disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Final

from rich.text import Text
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from drills.app.line_comparison import OWN, SOLUTION

BLANK: Final = "____"
LIGHT: Final = "dojo-light"


class CodeEditor(TextArea):
    """Tab indents, Escape lets go of the focus, F10 (the screen's) leaves."""

    DEFAULT_CSS = """
    CodeEditor {
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
    }
    CodeEditor:focus {
        border: none;
    }
    """

    # Whether lines of two programs stand here, each with its sign.
    comparing = False

    def __init__(self, *, id: str | None = None) -> None:
        # Without the grammar Textual warns and shows plain text; with half of it, it raises.
        highlighted = bool(find_spec("tree_sitter") and find_spec("tree_sitter_python"))
        super().__init__(
            "",
            language="python" if highlighted else None,
            theme="css",
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            id=id,
        )
        self.indent_width = 4

    def on_mount(self) -> None:
        light = TextAreaTheme.get_builtin_theme("github_light")
        if light is not None:
            # Capitals count as types, which that theme greys: here they are W_in and W_out.
            styles = {name: light.syntax_styles[name] for name in light.syntax_styles}
            self.register_theme(
                replace(light, name=LIGHT, syntax_styles={**styles, "type": styles["variable"]})
            )
        self.watch(self.app, "theme", self._follow_theme)

    def _follow_theme(self) -> None:
        # The colours of "css" are for dark ground: on light, function names vanish.
        self.theme = "css" if self.app.current_theme.dark else LIGHT

    def put(self, source: str) -> None:
        """Show ``source`` with the cursor on its first blank, without a Changed message."""
        self.comparing = False
        with self.prevent(TextArea.Changed):
            self.load_text(source)
        # At once: what is typed before the next drawing belongs into the blank, too.
        self.next_blank()
        # Where the cursor is seen depends on the size, which a fresh editor does not know yet.
        self.call_after_refresh(self._show_selection)

    def change(self, source: str) -> None:
        """Put ``source`` in the place of everything, as an edit: undo brings the old text back."""
        # The property "text" would load it, and loading forgets what was before.
        self.replace(source, self.document.start, self.document.end)
        self.move_cursor((0, 0))

    def compare(self, lines: Sequence[str]) -> None:
        """Show the lines of a comparison, from the first one that differs."""
        self.comparing = True
        with self.prevent(TextArea.Changed):
            self.load_text("\n".join(lines))
        signs = (OWN, SOLUTION)
        first = next((n for n, line in enumerate(lines) if line.startswith(signs)), 0)
        self.call_after_refresh(self.move_cursor, (first, 0), center=True)

    def get_line(self, line_index: int) -> Text:
        """The line; in a comparison weight says what the signs say, in every theme."""
        line = super().get_line(line_index)
        if self.comparing and line.plain.startswith(SOLUTION):
            line.stylize("bold")
        elif self.comparing and line.plain.startswith(OWN):
            line.stylize("underline")
        return line

    def next_blank(self) -> bool:
        """Select the next ``____``, after the last one the first; ``False`` if none is left."""
        row, column = self.selection.end
        places = self._places()
        if not places:
            return False
        following = [place for place in places if place >= (row, column)]
        number, at = (following or places)[0]
        self.move_cursor((number, at))
        self.move_cursor((number, at + len(BLANK)), select=True)
        self._show_selection()
        return True

    def _show_selection(self) -> None:
        self.scroll_cursor_visible(animate=False)
        if self.selection.end[1] < self.content_size.width - self.gutter_width:
            self.scroll_to(x=0, animate=False)

    @property
    def blanks(self) -> int:
        """How many lines still have a blank."""
        return len(self._places())

    def keep_cursor_in_sight(self) -> None:
        """After the editor's height has changed: the line that is worked on stays visible."""
        self.call_after_refresh(self.scroll_cursor_visible, animate=False)

    def _places(self) -> list[tuple[int, int]]:
        """Row and column of each line's first blank; one in a comment is none."""
        return [
            (number, at)
            for number, line in enumerate(self.text.split("\n"))
            if (at := line.split("#")[0].find(BLANK)) >= 0
        ]
