"""The one-line input of this app: Enter says in the key bar what it would do."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.events import Paste
from textual.widgets import Input

from drills.app.bindings import key


class LineInput(Input):
    """Enter posts ``Submitted``; while ``finished`` the key bar calls that going on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "submit", "answer", shown_as="Enter"),
        key("enter", "go_on", "next", shown_as="Enter"),
    ]

    finished = False
    """Whether what stands here has been judged as it is."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("submit", "go_on"):
            return self.finished == (action == "go_on")
        return super().check_action(action, parameters)

    def on_paste(self, event: Paste) -> None:
        """All lines of what is pasted, as one: Textual's own keeps the first and drops the rest."""
        event.stop()
        event.prevent_default()
        start, end = sorted(self.selection)
        self.replace(" ".join(line.strip() for line in event.text.splitlines()), start, end)

    async def action_go_on(self) -> None:
        await self.action_submit()
