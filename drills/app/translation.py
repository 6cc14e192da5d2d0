"""Words in the language that the app speaks at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from drills.locale import text
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from textual.widget import Widget

    from drills.app.app import DojoApp


class Translated:
    """What a widget or screen needs in order to speak; mixed in before the Textual class.

    It is no Textual class itself: of several bases, styles and queries follow only the first.
    """

    @property
    def dojo(self) -> DojoApp:
        return cast("DojoApp", cast("Widget", self).app)

    @property
    def language(self) -> Language:
        return self.dojo.language

    def say(self, what: str | Text, **values: object) -> str:
        """A locale key or a bilingual text in the current language, with its values filled in."""
        found = text(what) if isinstance(what, str) else what
        return found.fill(**values).in_(self.language)
