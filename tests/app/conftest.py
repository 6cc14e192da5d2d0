"""A frozen world for the tests of the app: a small bank, a clock that stands still, no blinking."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from drills.app.app import DojoApp
from drills.app.desk import Desk
from drills.clock import ManualClock
from drills.settings import Settings, save_settings
from question_bank.loader import load

HERE = Path(__file__).parent
FRAMES = HERE / "frames"
UPDATE = "BPTT_UPDATE_FRAMES"
PATIENCE = 15.0


@pytest.fixture(autouse=True)
def no_cursor_blink(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks makes frames depend on the moment at which they are taken."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda self: None)


@pytest.fixture(scope="session")
def bank() -> Any:
    found = load((HERE / "bank",))
    assert not found.problems
    return found


@pytest.fixture
def make_app(tmp_path: Path, bank: Any) -> Callable[..., DojoApp]:
    """Apps over one home: a second one finds what the first has left."""

    def make(language: Any = "en", *, frames: Any = "line", greeted: bool = True) -> DojoApp:
        home = tmp_path / "home"
        if greeted and not home.exists():
            home.mkdir()
            save_settings(home, Settings(greeted=True))
        clock = ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), utc_offset=540)
        desk = Desk(home, clock=clock)
        desk.bank = bank
        return DojoApp(language=language, frames=frames, desk=desk)

    return make


@pytest.fixture
def until() -> Callable[[Pilot[Any], Callable[[], Any]], Awaitable[None]]:
    """Waits for something to be true, instead of for a time that is too short on some machine."""

    async def wait(pilot: Pilot[Any], true: Callable[[], Any]) -> None:
        for _ in range(round(PATIENCE / 0.02)):
            if true():
                await pilot.pause()
                return
            await pilot.pause(0.02)
        raise AssertionError("waited in vain")

    return wait


def frame_of(app: Any) -> str:
    """What is on the screen as text, a line a row, without trailing spaces."""
    strips = app.screen._compositor.render_strips()
    rows = ["".join(segment.text for segment in strip) for strip in strips[: app.size.height]]
    return "\n".join(row.rstrip() for row in rows) + "\n"


@pytest.fixture
def frame() -> Callable[[Any], str]:
    return frame_of


@pytest.fixture
def matches_frame() -> Callable[[Any, str], None]:
    """Compares the screen with the frame on file; BPTT_UPDATE_FRAMES=1 writes it anew instead."""

    def check(app: Any, name: str) -> None:
        shown = frame_of(app)
        file = FRAMES / f"{name}.txt"
        if os.environ.get(UPDATE) == "1":
            FRAMES.mkdir(exist_ok=True)
            file.write_text(shown, encoding="utf-8")
        assert file.exists(), f"no frame {file.name}: write it with {UPDATE}=1"

        assert file.read_text(encoding="utf-8") == shown, f"{file.name} differs"

    return check
