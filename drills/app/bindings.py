"""Keys: one table row each, whose description and tooltip are locale keys instead of words.

The key bar and the help screen translate them while they draw, so that a switch of the language
reaches every key without rebuilding a screen's bindings.
"""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

PREFIX: Final = "app.key."


def key(
    keys: str,
    action: str,
    name: str,
    *,
    shown_as: str | None = None,
    show: bool = True,
    priority: bool = False,
) -> Binding:
    """A binding called ``name``: ``app.key.NAME`` is its word, ``app.tip.NAME`` its sentence.

    ``name`` is the id, too, by which a user's keymap can give the action other keys.
    """
    return Binding(
        keys,
        action,
        f"{PREFIX}{name}",
        key_display=shown_as,
        show=show,
        priority=priority,
        tooltip=f"app.tip.{name}",
        id=name,
    )
