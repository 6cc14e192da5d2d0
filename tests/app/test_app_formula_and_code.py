"""Formula, code and lab screens: what is typed is read, judged, mended; runs can be stopped."""

import pytest
from textual.events import Paste
from textual.widgets import Input

from drills.app.live_reading import read_live
from drills.app.screens.code import CodeScreen
from drills.app.widgets.code_editor import CodeEditor
from drills.app.widgets.marked_text import marked_lines
from drills.app.widgets.settings_table import SettingsTable
from drills.session import SessionRequest


async def begin(app, pilot, until, kind):
    await until(pilot, lambda: getattr(app.screen, "overview", None))
    app.start_session(request=SessionRequest(kind=kind, which="all", seed=1, count=1))
    await until(pilot, lambda: getattr(app.screen, "asked", False))


async def test_a_wrong_formula_is_marked_mended_and_right(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "formula")
        line = app.screen.query_one(Input)
        line.value = "Ｗ－ε Σ_{s=0}^{T_t} δ^{t-s} [x^{t-s-1}]^T"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        assert [mistake.code for mistake in app.screen.exercise.verdict.mistakes] == [
            "wrong-signal"
        ]
        assert "^^^" in frame(app)
        assert "s=0 wrong" in frame(app)

        line.value = line.value.replace("x", "z")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.settled)
        assert app.screen.exercise.verdict.right
        assert "✓ right" in frame(app)


async def test_the_reading_appears_while_one_types_and_names_what_is_in_the_way(
    make_app, until, frame
):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "formula")
        app.screen.query_one(Input).value = "sum(s=0..T_t, delta[t-s])"
        await until(pilot, lambda: "read as" in frame(app))
        assert "s=0" in frame(app)

        app.screen.query_one(Input).value = "W_inn - eps"
        await until(pilot, lambda: "no symbol of this notation" in frame(app))
        assert "W_in" in frame(app).split("nearest")[1]


async def test_a_click_on_a_symbol_types_it(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "formula")
        lines = frame(app).splitlines()
        row = next(n for n, line in enumerate(lines) if "W_in  W  b  W_out" in line)
        await pilot.click(offset=(lines[row].index("W_out") + 1, row))
        await until(pilot, lambda: app.screen.query_one(Input).value == "W_out")


@pytest.mark.parametrize(
    ("text", "spans", "width", "lines"),
    [
        ("W + x", [(4, 5)], 20, [("W + x", "    ^")]),
        ("ＷとＸ", [(2, 3)], 20, [("ＷとＸ", "    ^^")]),
        ("W +", [(3, 3)], 20, [("W +", "   ^")]),
        ("abcdef", [(4, 6)], 4, [("abcd", ""), ("ef", "^^")]),
    ],
)
def test_carets_stand_under_the_letters_that_are_meant(text, spans, width, lines):
    assert [(a.rstrip(), b) for a, b in marked_lines(text, spans, width)] == lines


@pytest.mark.parametrize(
    "typed", ["", "(", "sum(", "\\frac{", "W^", "x" * 5000, "￥frac", "=", "👍"]
)
def test_reading_what_is_half_typed_never_fails(typed):
    reading = read_live(typed, 60)

    assert reading.text == typed
    assert not typed or reading.lines or reading.trouble


async def test_code_runs_with_f5_and_says_what_differs_then_passes(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "code")
        editor = app.screen.query_one(CodeEditor)
        shipped = editor.text
        editor.text = shipped.replace("____", "np.dot(x, W_in)")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        assert "Recurrent path missing" in frame(app)
        assert "✗ value u" in frame(app)

        editor.text = shipped.replace("____", "x @ W_in + z_prev @ W")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.settled)
        assert "✓ right" in frame(app)


async def test_a_run_without_end_is_stopped_with_escape_and_leaves_no_trace(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "code")
        editor = app.screen.query_one(CodeEditor)
        editor.text = editor.text.replace("return ____", "while True: pass")
        await pilot.press("f5")
        await until(pilot, lambda: "Running" in frame(app))
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.busy)

        assert isinstance(app.screen, CodeScreen)
        assert app.desk.store.reviews() == []


async def test_f10_leaves_the_editor_and_keeps_the_draft(make_app, until):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "code")
        app.screen.query_one(CodeEditor).text = "kept = 1"
        await pilot.press("f10")
        await until(pilot, lambda: getattr(app.screen, "overview", None))

        assert app.desk.session.draft == "kept = 1"


async def test_the_lab_starts_pauses_takes_another_seed_and_tells_of_divergence(
    make_app, until, frame
):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        await pilot.press("l")
        await until(pilot, lambda: getattr(app.screen, "current", None))
        lab = app.screen
        await pilot.press("space")
        await until(pilot, lambda: len(lab.current.losses) > 3)
        await pilot.press("space")
        assert not lab.current.running

        first = lab.current
        await pilot.press("r")
        await until(pilot, lambda: lab.current is not first and lab.current.losses)
        assert lab.current.seed == 1

        settings = {setting.name: setting for setting in lab.query_one(SettingsTable).settings}
        settings["activation"].chosen = settings["activation"].values.index("relu")
        settings["deviation"].chosen = settings["deviation"].values.index(4.0)
        settings["output_delta"].chosen = settings["output_delta"].values.index("seed")
        settings["pace"].chosen = settings["pace"].values.index(0.0)
        await pilot.press("n")
        await until(pilot, lambda: lab.current.finished)
        await until(pilot, lambda: "Diverged: the gradient norm reached" in frame(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not lab)


async def test_the_lab_draws_without_colour(make_app, until, frame, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        app.show_lab()
        await until(pilot, lambda: getattr(app.screen, "current", None))
        lab = app.screen
        await pilot.press("space")
        await until(pilot, lambda: len(lab.current.losses) > 3)
        await until(pilot, lambda: "sums right" in frame(app))


async def test_all_lines_of_a_pasted_formula_are_taken(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "formula")
        line = app.screen.query_one(Input)
        line.value = "W ()"
        line.cursor_position = 3
        line.post_message(Paste("- eps *\r\n  delta\n"))
        await until(pilot, lambda: line.value == "W (- eps * delta)")
        assert line.cursor_position == len(line.value) - 1


@pytest.mark.parametrize(("place", "typed"), [("f", "W + x"), ("c", "u = 1")])
async def test_what_is_typed_in_free_practice_is_still_there_when_one_comes_back(
    make_app, until, frame, place, typed
):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        for visit in range(2):
            await pilot.press(place)
            await until(pilot, lambda: getattr(app.screen, "_entries", None))
            # Targets stand in groups, exercises do not.
            await pilot.press(*["enter"] * (2 if place == "f" else 1))
            await until(pilot, lambda: getattr(app.screen, "asked", False))
            if visit == 0:
                await pilot.press(*typed)
            await until(pilot, lambda: typed in frame(app))
            await pilot.press(*(["f10", "escape"] if place == "c" else ["escape"] * 3))
            await until(pilot, lambda: getattr(app.screen, "overview", None))
