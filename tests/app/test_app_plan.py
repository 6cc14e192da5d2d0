"""From the first evening: three questions, tonight's session, and the plan until the exam."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from drills.app.screens.home import HomeScreen
from drills.app.screens.plan import PlanScreen
from drills.app.screens.setup import DateLine, SetupScreen
from drills.app.widgets.prose import Prose
from drills.exam import Exam
from drills.exam_paper import ExamRequest
from drills.settings import Settings, load_settings, save_settings


def kept(tmp_path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((tmp_path / "home" / "settings.json").read_text("utf-8"))
    return found


async def test_the_first_run_asks_language_date_and_minutes_and_keeps_the_answers(
    make_app, until, frame, tmp_path, matches_frame
):
    app = make_app("en", greeted=False)

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and app.screen.ready)
        matches_frame(app, "setup-language-80x24-en")
        # A key that means nothing here does nothing.
        await pilot.press("x", "f5", "tab")
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen.step == 1 and app.screen.ready)
        assert app.language == "ja"
        for typed, said in (("2/30", "読めません"), ("2026-11-23", "過ぎています")):
            app.screen.query_one(DateLine).value = typed
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in frame(app))
            assert app.screen.step == 1
        app.screen.query_one(DateLine).value = "２０２７年２月１９日"
        await pilot.pause()
        app.clear_notifications()
        await pilot.pause()
        matches_frame(app, "setup-date-80x24-ja")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.step == 2 and app.screen.ready)
        matches_frame(app, "setup-minutes-80x24-ja")
        await pilot.press("up", "enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen) and app.screen.proposal)
        assert "試験まで87日" in frame(app)
        assert "今日の演習、20分" in frame(app)
    assert kept(tmp_path) == {
        "language": "ja",
        "frames": "line",
        "exam_date": "2027-02-19",
        "minutes": 20,
        "greeted": True,
    }


async def test_the_questions_can_be_skipped_and_are_not_asked_again(
    make_app, until, frame, tmp_path
):
    app = make_app("en", greeted=False)
    async with app.run_test(size=(60, 15)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and app.screen.ready)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen) and app.screen.proposal)
        assert "tonight, 25 minutes" in frame(app)
        assert "exam in" not in frame(app)
    assert kept(tmp_path) == {"frames": "line", "greeted": True}

    again = make_app("en", greeted=False)
    async with again.run_test(size=(60, 15)) as pilot:
        await until(pilot, lambda: again.screen.proposal)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(again.screen, SetupScreen) and again.screen.ready)


async def test_settings_that_cannot_be_written_hold_until_one_leaves(
    make_app, until, frame, monkeypatch
):
    def full(home: Path, settings: Settings) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    app = make_app("en")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.proposal)
        monkeypatch.setattr("drills.settings.save_settings", full)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and app.screen.ready)
        await pilot.press("enter")
        await until(pilot, lambda: "could not be saved" in frame(app))
        await until(pilot, lambda: app.screen.step == 1 and app.screen.ready)
        app.screen.query_one(DateLine).value = "11/25"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.step == 2 and app.screen.ready)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "exam tomorrow" in frame(app))


async def test_one_key_starts_tonights_session_and_left_and_right_change_its_minutes(
    make_app, until, frame
):
    app = make_app("en")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.proposal)
        whole = app.screen.proposal
        assert (whole.minutes, whole.count) == (25, 8)
        await pilot.press("left", "left", "left", "left", "left", "left")
        await until(pilot, lambda: app.screen.proposal.minutes == 5)
        assert app.screen.proposal.count < whole.count
        assert "tonight, 5 minutes" in frame(app)
        await pilot.press("+")
        await until(pilot, lambda: app.screen.proposal.minutes == 10)
        count = app.screen.proposal.count
        await pilot.press("t")
        await until(pilot, lambda: app.desk.session is not None and app.desk.session.slots)
        await until(pilot, lambda: not isinstance(app.screen, HomeScreen))
        assert len(app.desk.session.slots) == count
        first = app.desk.session.slots
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "resume at 1/" in frame(app))
        # Enter goes on with what was begun.
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, HomeScreen))
        assert app.desk.session.slots == first


async def test_an_evening_that_was_spent_is_said_to_be_done(make_app, until, frame, tmp_path):
    app = make_app("en")
    save_settings(tmp_path / "home", Settings(greeted=True, minutes=5))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.proposal)
        await pilot.press("enter")
        await until(pilot, lambda: app.desk.session is not None and app.screen_stack[1:])
        app.desk.clock.advance(400)
        await app.desk.do(lambda: (app.desk.session.reveal(), app.desk.session.next()))
        await app.desk.do(app.desk.session.discard)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "Done for tonight (7 minutes)" in frame(app))
        assert "another 5 minutes" in frame(app)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", [(80, 24), (60, 15)], ids=["80x24", "60x15"])
async def test_the_plan_and_home_with_a_date_look_as_they_were_reviewed(
    make_app, until, matches_frame, tmp_path, language, size
):
    app = make_app(language)
    save_settings(
        tmp_path / "home", Settings(greeted=True, exam_date=date(2026, 12, 10), minutes=15)
    )
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen.forecast)
        matches_frame(app, f"home-dated-{size[0]}x{size[1]}-{language}")
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, PlanScreen) and app.screen.found)
        matches_frame(app, f"plan-{size[0]}x{size[1]}-{language}")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and app.screen.ready)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, PlanScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    found = load_settings(tmp_path / "home")
    assert (found.exam_date, found.minutes) == (date(2026, 12, 10), 15)


async def test_home_says_that_a_mock_exam_waits_and_how_to_go_on_with_it(make_app, until, frame):
    app = make_app("en")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.proposal)
        desk = app.desk

        def leave_an_exam() -> None:
            exam = Exam.start(
                desk.bank, desk.store, ExamRequest(2, seed=1), desk.clock, graders=desk._grader
            )
            exam.choose("A")
            exam.pause()

        await desk.do(leave_an_exam)
        await pilot.press("s")
        await pilot.press("escape")
        await until(pilot, lambda: "A mock exam waits at question 1 of" in frame(app))
        assert "press e to go on" in app.screen.query_one("#waiting", Prose).text
        await pilot.press("e")
        await until(pilot, lambda: frame(app).startswith(" Mock exam"))


async def test_the_way_to_all_keys_stays_where_a_narrow_bar_cannot_show_them(
    make_app, until, frame
):
    app = make_app("en")
    async with app.run_test(size=(60, 15)) as pilot:
        await until(pilot, lambda: app.screen.proposal)
        bar = frame(app).splitlines()[-1]
        assert bar.endswith("? help")
        assert len(bar) <= 60
        await pilot.press("f1")
        await until(pilot, lambda: "Tonight's session" in frame(app))


async def test_rows_of_sections_keep_to_one_line_in_a_narrow_terminal(make_app, until, frame):
    for language, word in (("en", "due"), ("ja", "復習")):
        app = make_app(language)
        async with app.run_test(size=(60, 15)) as pilot:
            await until(pilot, lambda app=app: app.screen.proposal)
            app.screen.overview = replace(
                app.screen.overview,
                due=1234,
                sections=tuple(replace(row, due=999) for row in app.screen.overview.sections),
            )
            app.screen.relabel()
            await pilot.pause()
            rows = [line for line in frame(app).splitlines() if "⣀⣀" in line]
            assert len(rows) == 2
            assert all(word in row for row in rows)
