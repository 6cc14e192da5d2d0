"""The one-line input of this app: Enter says in the key bar what it would do."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
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

    async def action_go_on(self) -> None:
        await self.action_submit()
