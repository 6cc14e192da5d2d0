"""The palette, the theme that is remembered, copying, and reports on wrong items."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.widgets import Input

from drills.app.screens.exam import ExamScreen
from drills.app.screens.exam_overview import ExamOverviewScreen
from drills.app.screens.home import HomeScreen
from drills.app.screens.palette import PaletteScreen
from drills.app.screens.quiz import QuizScreen
from drills.app.screens.report import ReportScreen
from drills.app.screens.statistics import StatisticsScreen
from drills.app.widgets.row_list import RowList
from drills.session import SessionRequest
from drills.settings import load_settings


def titles(app):
    screen = app.screen
    return [screen.say(command.title) for command in screen._commands.values()]


async def opened(pilot, until):
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
    await until(pilot, lambda: pilot.app.screen._commands)


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_the_palette_looks_as_it_was_reviewed_and_titles_have_prefixes(
    make_app, until, matches_frame, language
):
    app = make_app(language)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        await opened(pilot, until)
        prefixes = ("Here: ", "Theme: ") if language == "en" else ("この画面：", "配色：")
        assert all(any(one.startswith(prefix) for one in titles(app)) for prefix in prefixes)
        await pilot.press(*"nord")
        await pilot.pause()
        matches_frame(app, f"palette-80x24-{language}")


async def test_the_palette_runs_what_is_chosen_and_remembers_theme_and_frames(make_app, until):
    app = make_app("ja")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        await opened(pilot, until)
        await pilot.press(*"nord", "enter")
        await until(pilot, lambda: load_settings(app.desk.home).theme == "nord")
        assert app.theme == "nord"
        await opened(pilot, until)
        await pilot.press(*"ascii", "enter")
        await until(pilot, lambda: load_settings(app.desk.home).frames == "ascii")
        assert app.frames == "ascii"
        assert isinstance(app.screen, HomeScreen)
        await opened(pilot, until)
        await pilot.press("統", "計", "enter")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
        await opened(pilot, until)
        await pilot.press(*"qq", "enter")
        assert isinstance(app.screen, PaletteScreen)
        assert app.screen.query_one(RowList).current is None
        await pilot.press("escape")
        assert isinstance(app.screen, StatisticsScreen)


async def test_a_theme_that_cannot_be_saved_still_holds_and_says_so(make_app, until, monkeypatch):
    app = make_app()
    told = []
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        monkeypatch.setattr(app, "notify", lambda message, **_: told.append(message))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("drills.settings.save_settings", full)
        await app.choose_theme("nord")
        assert app.theme == "nord"
        assert "No space left" in told[0]


async def test_in_a_mock_exam_the_palette_leads_nowhere_else(make_app, until, monkeypatch):
    assert not ExamScreen.leaves_for_palette
    assert not ExamOverviewScreen.leaves_for_palette
    monkeypatch.setattr(HomeScreen, "leaves_for_palette", False)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        await opened(pilot, until)
        assert not any(one.startswith(("Go to", "Handbook")) for one in titles(app))
        assert any(one.startswith("Theme") for one in titles(app))


async def test_full_width_letters_are_commands_also_where_a_list_has_the_focus(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        await pilot.press("ｓ")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))


async def test_an_item_is_copied_and_reported_with_its_numbers_and_its_verdict(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        app.start_session(request=SessionRequest(kind="choice", which="all", seed=1, count=1))
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.asked)
        await pilot.press("b")
        await until(pilot, lambda: app.screen.exercise.verdict)
        item = app.desk.session.item
        await pilot.press("y")
        await until(pilot, lambda: app.screen.say(item.stem)[:20] in app.clipboard)
        # As a terminal sends it; the pilot knows no character of that key.
        app.post_message(Key("fullwidth_exclamation_mark", "！").set_sender(app))
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen._text)
        assert item.id in app.screen._text
        assert item.hash in app.screen._text
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == app.screen._text)
        await pilot.press("s")
        await until(pilot, lambda: list((app.desk.home / "reports").glob("*.md")))
        await pilot.press("q", "escape")
        assert isinstance(app.screen, QuizScreen)
        assert not app.screen.query(Input)
