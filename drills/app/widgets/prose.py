"""Prose that keeps the Japanese rules of line breaking, which Textual's own wrapping does not."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from drills.app.widgets.code_words import with_code
from drills.typography import cell_width, wrap


class Prose(Widget):
    """Text in lines of the widget's width, by ``drills.typography.wrap``.

    ``lead`` stands before the first line, and the other lines are indented by its width: labels of
    options, signs of verdicts.
    """

    DEFAULT_CSS = """
    Prose {
        width: 1fr;
        height: auto;
    }
    """

    def __init__(
        self,
        text: str = "",
        *,
        lead: str = "",
        lead_style: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._lead = lead
        self._lead_style = lead_style
        self._style = ""

    @property
    def text(self) -> str:
        return self._text

    def update(
        self,
        text: str,
        *,
        lead: str | None = None,
        lead_style: str | None = None,
        style: str | None = None,
    ) -> None:
        """Show ``text``; the lead and both styles stay as they are unless given."""
        self._text = text
        if style is not None:
            self._style = style
        if lead is not None:
            self._lead = lead
        if lead_style is not None:
            self._lead_style = lead_style
        self.refresh(layout=True)

    def lines(self, width: int) -> list[str]:
        """The lines at ``width`` cells, without the lead."""
        return wrap(self._text, width - cell_width(self._lead)) if self._text else [""]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width)) if self._text or self._lead else 0

    def render(self) -> Content:
        indent = Content(" " * cell_width(self._lead))
        first, *rest = with_code(self.lines(self.content_size.width or 80), self._style)
        return Content("\n").join(
            [Content.styled(self._lead, self._lead_style) + first]
            + [indent + line for line in rest]
        )
