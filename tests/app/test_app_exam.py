"""The mock exam on the screen: answering, turning pages, tools, time, handing in, looking again."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from drills.app.screens.exam import ExamScreen
from drills.app.screens.exam_overview import ExamOverviewScreen
from drills.app.screens.exam_report import ExamReportScreen
from drills.app.screens.exam_review import ExamReviewScreen
from drills.app.screens.exam_start import ExamStartScreen
from drills.app.screens.report import ReportScreen
from drills.app.widgets.exam_options import ExamOptions
from drills.app.widgets.key_bar import KeyBar
from drills.exam import ExamRequest
from question_bank.loader import load

QUESTION = """\
- id: rnn-{id}
  kind: choice
  fact: rnn.{id}
  objectives: [A0{number}]
  level: 1
  seconds: 60
  source: "a book"
  stem: {{en: "Question {id}: what is right?", ja: "問{id}：正しいものを1つ選べ。"}}
  options:
    - {{text: {{en: "right {id}", ja: "正解{id}"}}, right: true}}
    - text: {{en: "wrong {id} 1", ja: "誤り{id}の1"}}
      mistake: index-shifted
      why: {{en: "No {id}.", ja: "違います{id}。"}}
    - text: {{en: "wrong {id} 2", ja: "誤り{id}の2"}}
      why: {{en: "Nor this.", ja: "これも違います。"}}
    - text: {{en: "wrong {id} 3", ja: "誤り{id}の3"}}
      why: {{en: "Nor that.", ja: "それも違います。"}}
  explanation: {{en: "Because of {id}.", ja: "{id}だからです。"}}
"""


@pytest.fixture
def bank(tmp_path: Path):
    file = tmp_path / "bank" / "items" / "rnn" / "four.yaml"
    file.parent.mkdir(parents=True)
    names = ("one", "two", "three", "four")
    file.write_text(
        "".join(QUESTION.format(id=name, number=n) for n, name in enumerate(names, 1)), "utf-8"
    )
    found = load((tmp_path / "bank",))
    assert not found.problems
    return found


async def open_exam(app, pilot, until, **request) -> ExamScreen:
    await until(pilot, lambda: app.screen.overview)
    app.show_exam(ExamRequest(**{"count": 4, "seed": 1, **request}))
    await until(pilot, lambda: isinstance(app.screen, ExamScreen) and app.screen._views)
    return app.screen


def letter_of(screen: ExamScreen, beginning: str) -> str:
    view = screen._views["en"]
    return next(label for label, body in view.options if body.startswith(beginning)).lower()


def words(app) -> list[str]:
    return [word for _, word, _ in app.screen.query_one(KeyBar).chips()]


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_from_home_to_the_report_and_back(make_app, until, matches_frame, language):
    app = make_app(language)
    ending = f"80x24-{language}"

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExamStartScreen) and app.screen.ready)
        matches_frame(app, f"exam-start-{ending}")
        await pilot.press("escape")
        screen = await open_exam(app, pilot, until)
        await pilot.press(letter_of(screen, "right"))
        await until(pilot, lambda: screen.exam.question.answer)
        matches_frame(app, f"exam-asked-{ending}")
        await pilot.press("enter")
        await until(pilot, lambda: screen.shown == 1)
        await pilot.press("f", "g", letter_of(screen, "wrong"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ExamOverviewScreen))
        await pilot.pause(0.05)
        matches_frame(app, f"exam-overview-{ending}")
        await pilot.press("h")
        await pilot.pause(0.05)
        assert isinstance(app.screen, ExamOverviewScreen)
        await pilot.press("h")
        await until(pilot, lambda: isinstance(app.screen, ExamReportScreen) and app.screen.report)
        await pilot.pause(0.05)
        matches_frame(app, f"exam-report-{ending}")
        report = app.screen.report
        assert (report.right, report.sure, report.guesses, report.unanswered) == (1, 1, 1, 2)
        assert len(app.desk.store.reviews(report.session)) == 2
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ExamReviewScreen))
        await pilot.pause(0.05)
        matches_frame(app, f"exam-review-{ending}")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.reviewed.number == 2)
        # What a question offers after its verdict it offers here, too; there is no lab for it.
        await pilot.press("f3", "exclamation_mark")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen._text)
        await pilot.press("escape", "y")
        await until(pilot, lambda: app.clipboard)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, ExamStartScreen))


async def test_letters_change_the_answer_and_say_nothing_of_it(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        for letter in ("a", "c", "ｂ"):
            await pilot.press(letter)
            plain = "B" if letter == "ｂ" else letter.upper()
            await until(pilot, lambda plain=plain: screen.exam.question.answer == plain)
        assert not any(sign in frame(app) for sign in ("✓", "✗", "Because", "Nor"))
        await pilot.press("x")
        await until(pilot, lambda: not screen.exam.question.answer)
        assert screen.query_one(ExamOptions).answer == ""


async def test_keys_in_a_hurry_are_done_in_their_order(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("b", "right", "c", "f", "right", "d", "left", "g")
        await until(pilot, lambda: screen.exam.questions[1].guessed)
        answers = [question.answer for question in screen.exam.questions]
        assert answers == ["B", "C", "D", ""]
        assert screen.exam.questions[1].flagged
        assert screen.exam.position == 1


async def test_the_overview_goes_to_any_question(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ExamOverviewScreen))
        await pilot.press("end", "enter")
        await until(pilot, lambda: screen.shown == 3)
        assert app.screen is screen
        # Behind the last question lies the overview again.
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExamOverviewScreen))
        await pilot.click("ExamGrid", offset=(13, 0))
        await until(pilot, lambda: screen.shown == 1)


async def test_the_calculator_computes_beside_the_question(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("k", *"2*3+b", "enter")
        await until(pilot, lambda: "does not know b" in frame(app))
        app.screen.query_one(Input).value = "sigmoid(0)"
        await pilot.press("enter")
        await until(pilot, lambda: "= 0.5" in frame(app))
        assert "put away" in words(app)
        assert screen.exam.question.answer == ""
        await pilot.press("escape", "b")
        await until(pilot, lambda: screen.exam.question.answer == "B")
        assert "= 0.5" not in frame(app)


async def test_the_scratch_pad_stays_with_the_exam(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("p", *"abc")
        await until(pilot, lambda: screen.exam.note == "abc")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, ExamStartScreen))
    again = make_app()
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: again.screen.overview)
        await pilot.press("e")
        await until(pilot, lambda: again.screen.ready)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(again.screen, ExamScreen) and again.screen._views)
        assert again.screen.query_one(TextArea).text == "abc"


async def test_a_pause_stops_the_clock_and_enter_goes_on(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("c", "right")
        await until(pilot, lambda: screen.shown == 1)
        app.desk.clock.advance(36)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ExamStartScreen) and app.screen.waiting)
        app.desk.clock.advance(3600)
        await until(pilot, lambda: "question 2 of 4, 04:00 left" in frame(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExamScreen) and app.screen._views)
        assert app.screen.exam.remaining == 240
        assert app.screen.exam.questions[0].answer == "C"
        assert "04:00 left" in frame(app)


async def test_when_the_time_is_up_the_report_comes_from_wherever_one_is(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("a", "o")
        await until(pilot, lambda: isinstance(app.screen, ExamOverviewScreen))
        app.desk.clock.advance(screen.exam.seconds)
        await until(pilot, lambda: isinstance(app.screen, ExamReportScreen) and app.screen.report)
        await until(pilot, lambda: "Time was up" in frame(app))
        assert app.screen.report.by_clock


async def test_the_time_is_told_at_60_cells_even_beside_flags(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(60, 15)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("f", "g")
        await until(pilot, lambda: screen.exam.question.guessed)
        await until(pilot, lambda: "04:36" in frame(app).splitlines()[0])
        await pilot.press("k")
        await pilot.pause(0.05)
        assert len(frame(app).splitlines()) == 15
        assert "wrong" in frame(app)


async def test_the_language_changes_in_the_middle(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("b")
        await until(pilot, lambda: screen.exam.question.answer)
        await pilot.press("f8")
        await until(pilot, lambda: "模擬試験 · 1 / 4" in frame(app))
        assert "> B  " in frame(app)
        assert "残り 04:36（予定どおり）" in frame(app)


async def test_leaving_the_app_keeps_the_exam(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_exam(app, pilot, until)
        await pilot.press("d")
        await until(pilot, lambda: screen.exam.question.answer)
        await pilot.press("ctrl+q")
        await pilot.pause(0.1)
    assert screen.exam.stopped
    again = make_app()
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: again.screen.overview)
        again.show_exam(at_once=True)
        await until(pilot, lambda: isinstance(again.screen, ExamScreen) and again.screen._views)
        assert again.screen.exam.question.answer == "D"


async def test_the_framework_and_the_length_are_chosen_before_it_begins(make_app, until, frame):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        await pilot.press("e")
        await until(pilot, lambda: app.screen.ready)
        await pilot.press("right", "down", "right")
        await until(pilot, lambda: "[TensorFlow]" in frame(app) and "about 46 min" in frame(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExamScreen) and app.screen._views)
        assert app.screen.exam.record().plan["exam"]["framework"] == "tensorflow"
        assert len(app.screen.exam.questions) == 4
        await pilot.press("o", "h", "h")
        await until(pilot, lambda: isinstance(app.screen, ExamReportScreen) and app.screen.report)
    again = make_app()
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: again.screen.overview)
        await pilot.press("e")
        await until(pilot, lambda: "[TensorFlow]" in frame(again))
        await pilot.press("r")
        await until(pilot, lambda: "0 of 4 right" in frame(again))
