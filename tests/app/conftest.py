"""A frozen world for the tests of the app: no blinking cursor, a clock that stands still."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, TextArea

FRAMES = Path(__file__).parent / "frames"
UPDATE = "BPTT_UPDATE_FRAMES"


@pytest.fixture(autouse=True)
def no_cursor_blink(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks makes frames depend on the moment they are taken."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None, raising=False)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda self: None, raising=False)


def frame_of(app: Any) -> str:
    """What is on the screen as text, a line a row, without trailing spaces."""
    height = app.size.height
    strips = app.screen._compositor.render_strips()
    rows = ["".join(segment.text for segment in strip) for strip in strips[:height]]
    return "\n".join(row.rstrip() for row in rows) + "\n"


@pytest.fixture
def frame() -> Any:
    return frame_of


@pytest.fixture
def matches_frame() -> Any:
    """Compares the screen with the frame on file; BPTT_UPDATE_FRAMES=1 writes it anew instead."""

    def check(app: Any, name: str) -> None:
        shown = frame_of(app)
        file = FRAMES / f"{name}.txt"
        if os.environ.get(UPDATE) == "1":
            FRAMES.mkdir(exist_ok=True)
            file.write_text(shown, encoding="utf-8")
        assert file.exists(), f"no frame {file.name}: write it with {UPDATE}=1"

        assert file.read_text(encoding="utf-8") == shown

    return check
