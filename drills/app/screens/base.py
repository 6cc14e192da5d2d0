"""What all screens share: title, key bar, minimum size, language, Japanese keyboards."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Key, Mount, ScreenResume
from textual.screen import Screen

from drills.app.translation import Translated
from drills.app.widgets.key_bar import KeyBar
from drills.app.widgets.title_bar import TitleBar
from drills.app.widgets.too_small import TooSmall
from drills.typography import normalise


class DojoScreen(Translated, Screen[None]):
    """A screen with a title line above and its keys below; subclasses compose what is between."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it without ClassVar)
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (15, "-low"),
        (22, "-tall"),
        (32, "-high"),
    ]

    waits_below: ClassVar[bool] = False
    """Whether a session that starts from here lies above, so that leaving it comes back here."""

    leaves_for_palette: ClassVar[bool] = True
    """Whether the palette offers to go elsewhere: not in the middle of a mock exam."""

    HELP_PAGE: ClassVar[str] = ""
    """The locale key of what the help screen says about this screen."""

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield from self.compose_body()
        yield KeyBar()
        yield TooSmall()

    def compose_body(self) -> ComposeResult:
        """Everything between title and keys."""
        return ()

    def relabel(self) -> None:
        """Write every word anew: called on mounting and when the language changes."""

    async def prepare(self) -> None:
        """What has to be done once, before the words are written."""

    async def on_mount(self, event: Mount) -> None:
        await self.prepare()
        self.relabel()

    async def flush(self) -> None:
        """Save what is not saved yet: the app is about to be left."""

    def on_screen_resume(self, event: ScreenResume) -> None:
        # The language may have changed while another screen lay above.
        self.relabel()
        self.query_one(KeyBar).refresh(layout=True)

    def on_key(self, event: Key) -> None:
        """Single-key commands work with full-width letters; kana say why nothing happens."""
        if event.character is None or event.character.isascii():
            return
        folded = normalise(event.character)
        event.stop()
        if len(folded) == 1 and folded.isascii():
            name = {"?": "question_mark", "!": "exclamation_mark"}.get(folded, folded.lower())
            # Sent by the app, as a key is: from here it would stop bubbling at this screen, below
            # which bindings are looked up.
            self.app.post_message(Key(name, folded).set_sender(self.app))
        elif folded.isprintable():
            self.notify(self.say("app.note.input_method"), timeout=4)
