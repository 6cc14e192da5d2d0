"""The solution: after a try of one's own, beside one's own lines; values ready before one runs."""

import dataclasses

import pytest

from drills.app.line_comparison import compared
from drills.app.practice_tasks import CodePractice
from drills.app.screens.code import CodeScreen
from drills.session import SessionRequest


async def begin_code(app, pilot, until):
    await until(pilot, lambda: getattr(app.screen, "overview", None))
    app.start_session(request=SessionRequest(kind="code", which="all", seed=1, count=1))
    await until(pilot, lambda: getattr(app.screen, "asked", False))


@pytest.mark.parametrize(
    ("own", "solution", "lines"),
    [
        ("a\nb\n", "a\nc\n", ["  a", "- b", "+ c"]),
        ("a\n", "a\nb\n", ["  a", "+ b"]),
        ("a\nb\nc\n", "a\nc", ["  a", "- b", "  c"]),
        ("a  \nb\n\n", "a\nb", []),
        ("", "a\n", ["+ a"]),
        ("", "", []),
        (
            "u = 1  # (a)\nv = 2  # (b)\n",
            "u = 1\nv = 3\n",
            ["  u = 1  # (a)", "- v = 2  # (b)", "+ v = 3"],
        ),
    ],
)
def test_lines_are_led_by_whose_they_are(own, solution, lines):
    assert compared(own, solution) == lines


async def test_the_solution_waits_for_a_try_and_then_stands_beside_ones_own_lines(
    make_app, until, frame
):
    app = make_app("en")

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await begin_code(app, pilot, until)
        screen = app.screen
        editor, shipped = screen.editor, screen.editor.text
        await pilot.press("f12")
        await until(pilot, lambda: "Try it first" in frame(app))
        assert screen.exercise.solution is None

        await pilot.press("f5")  # a blank is open: nothing is judged
        await until(pilot, lambda: screen.exercise.verdict and not screen.busy)
        await pilot.press("f12")
        await pilot.pause()
        assert screen.exercise.solution is None

        own = shipped.replace("____", "x @ W_in")
        editor.text = own
        await pilot.press("f5")
        await until(pilot, lambda: screen.exercise.verdict.judged and not screen.busy)
        await pilot.press("f12")
        await until(pilot, lambda: editor.comparing)
        rows = editor.text.splitlines()
        assert [row[2:] for row in rows if row[:2] != "+ "] == own.rstrip().splitlines()
        solution = screen.exercise.solution.en.rstrip().splitlines()
        assert [row[2:] for row in rows if row[:2] != "- "] == solution
        assert any(row.startswith("- ") and "x @ W_in" in row for row in rows)
        await until(pilot, lambda: "- " in frame(app) and "+ " in frame(app))

        await pilot.press("d")
        await until(pilot, lambda: editor.text.rstrip().splitlines() == solution)
        await pilot.press("d")
        await until(pilot, lambda: editor.comparing)
        await pilot.press("r")
        await until(pilot, lambda: editor.text == own)
        assert not editor.comparing
        assert not editor.read_only


async def test_whoever_comes_back_after_a_try_sees_the_solution_at_once(make_app, until):
    app = make_app("en")
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_code(app, pilot, until)
        app.screen.editor.text = app.screen.editor.text.replace("____", "x @ W_in")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        await app.action_quit()

    again = make_app("en")
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(again.screen, "overview", None))
        again.resume_session()
        await until(pilot, lambda: getattr(again.screen, "asked", False))
        await pilot.press("f12")
        await until(pilot, lambda: again.screen.editor.comparing)


@pytest.mark.parametrize("practice", [False, True])
async def test_the_next_answers_values_are_computed_while_one_types(
    make_app, until, monkeypatch, practice
):
    from engine.code.judge import CodeJudge

    prepared = []
    monkeypatch.setattr(CodeJudge, "prepare", lambda self, exercise: prepared.append(exercise.name))
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        if practice:
            await until(pilot, lambda: getattr(app.screen, "overview", None))
            entry = next(iter(app.desk.bank.exercises.values()))
            app.push_screen(CodeScreen(CodePractice(entry, app.desk.bank, {})))
        else:
            await begin_code(app, pilot, until)
        await until(pilot, lambda: prepared)


async def test_code_that_is_still_as_given_changes_its_language_and_ones_own_stays(
    make_app, bank, until
):
    entry = bank.exercises["rnn/pre_activation"]
    words = {"docstrings": {"module": "総入力。", "pre_activation": "総入力を返す。"}}
    spec = {**entry.spec, "japanese": words}
    entry = dataclasses.replace(entry, spec=spec, hash="in Japanese")

    app = make_app("en")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        app.push_screen(CodeScreen(CodePractice(entry, app.desk.bank, {})))
        await until(pilot, lambda: getattr(app.screen, "asked", False))
        editor = app.screen.editor
        assert "総入力" not in editor.text
        await pilot.press("f8")
        await until(pilot, lambda: "総入力を返す。" in editor.text)
        editor.text = own = editor.text.replace("____", "x")
        await pilot.pause()
        await pilot.press("f8")
        await pilot.pause()
        assert editor.text == own
