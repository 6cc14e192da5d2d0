"""The exam form of a code item on screen: code with one blank, four lettered texts, a letter."""

from dataclasses import replace

from drills.app.screens.quiz import QuizScreen
from drills.session import SessionRequest

RIGHT = "np.dot(x, W_in) + np.dot(z_prev, W)"


async def test_a_blank_is_answered_by_a_letter(make_app, until, frame):
    app = make_app("en")
    bank = app.desk.bank
    item = next(item for item in bank.items.values() if item.kind == "code")
    choice = replace(item, faces=("choice",), body=replace(item.body, form="choice"))
    app.desk.bank = replace(bank, items={item.id: choice})
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        app.start_session(request=SessionRequest(kind="code", which="all", seed=1, count=1))
        await until(pilot, lambda: getattr(app.screen, "asked", False))
        assert isinstance(app.screen, QuizScreen)
        shown = frame(app)
        assert "____" in shown
        assert "# (a)" in shown
        right = app.screen.exercise.view("en").options
        assert len(right) == 4
        letter = next(label for label, text in right if text == RIGHT)
        await pilot.press(letter.lower())
        await until(pilot, lambda: app.screen.exercise.verdict)
        verdict = app.screen.exercise.verdict
        assert verdict is not None
        assert verdict.right
