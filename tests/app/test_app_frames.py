"""Every screen as text, in both languages, at 80x24 and 120x36: layout is reviewed in the diff."""

import pytest
from textual.widgets import Input

from drills.app.screens.code import CodeScreen
from drills.app.screens.formula import FormulaScreen
from drills.app.screens.quiz import QuizScreen
from drills.app.screens.summary import SummaryScreen
from drills.app.widgets.code_editor import CodeEditor
from drills.app.widgets.loss_plot import LossPlot
from drills.app.widgets.settings_table import SettingsTable
from drills.session import SessionRequest

KEYS = {
    "choice": ("b",),
    "numeric": (*"40", "enter"),
    "term": (*"backpropagation", "enter"),
    "order": ("d", "enter"),
    "match": ("1", "3", "enter"),
}

WRONG_FORMULA = "W - eps * sum(s=0..T_t, delta[t-s] @ x[t-s-1].T)"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_every_screen_looks_as_it_was_reviewed(
    make_app, until, matches_frame, language, size
):
    app = make_app(language)
    ending = f"{size[0]}x{size[1]}-{language}"

    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen.overview and app.screen.forecast)
        matches_frame(app, f"home-{ending}")

        await pilot.press("question_mark")
        await pilot.pause()
        matches_frame(app, f"help-{ending}")
        await pilot.press("escape")

        for kind, keys in KEYS.items():
            app.start_session(request=SessionRequest(kind=kind, which="all", seed=1, count=1))
            await until(pilot, lambda kind=kind: shows(app, QuizScreen, kind))
            matches_frame(app, f"{kind}-asked-{ending}")
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen.exercise.verdict)
            matches_frame(app, f"{kind}-judged-{ending}")

        app.start_session(request=SessionRequest(kind="formula", which="all", seed=1, count=1))
        await until(pilot, lambda: shows(app, FormulaScreen, "formula"))
        app.screen.query_one(Input).value = WRONG_FORMULA
        await until(pilot, lambda: app.screen._reading.lines)
        matches_frame(app, f"formula-read-{ending}")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        matches_frame(app, f"formula-judged-{ending}")

        app.start_session(request=SessionRequest(kind="code", which="all", seed=1, count=1))
        await until(pilot, lambda: shows(app, CodeScreen, "code"))
        matches_frame(app, f"code-asked-{ending}")
        editor = app.screen.query_one(CodeEditor)
        # An error with no number in it: inputs are drawn anew in every run.
        editor.text = editor.text.replace("____", "np.dot(x, w_in)")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        matches_frame(app, f"code-judged-{ending}")

        await pilot.press("f12")
        await until(pilot, lambda: app.screen.exercise.solution)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SummaryScreen))
        await until(pilot, lambda: app.screen._ended)
        matches_frame(app, f"summary-{ending}")

        await pilot.press("enter")
        await until(pilot, lambda: app.screen.overview and app.screen.overview.new == 1)
        await pilot.press("s")
        await until(pilot, lambda: getattr(app.screen, "_figures", None))
        matches_frame(app, f"statistics-{ending}")
        await pilot.press("escape")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_the_lab_looks_as_it_was_reviewed(make_app, until, matches_frame, language, size):
    app = make_app(language)

    async with app.run_test(size=size) as pilot:
        app.show_lab()
        await until(pilot, lambda: app.screen.query(LossPlot) and app.screen.current)
        settings = app.screen.query_one(SettingsTable).settings
        settings[-1].chosen = 2
        await pilot.press("n")
        await until(pilot, lambda: app.screen.current.finished)
        await pilot.pause(0.2)
        matches_frame(app, f"lab-{size[0]}x{size[1]}-{language}")


def shows(app, screen, kind):
    return (
        isinstance(app.screen, screen)
        and app.screen.exercise.kind == kind
        and (app.screen.is_mounted and app.screen.asked)
    )
