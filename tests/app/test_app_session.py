"""A session in the app: answering, hints, guesses, undo, language, leaving and coming back."""

import pytest
from textual.widgets import Input

from drills.app.screens.formula import FormulaScreen
from drills.app.screens.home import HomeScreen
from drills.app.screens.quiz import QuizScreen
from drills.app.screens.summary import SummaryScreen
from drills.session import SessionRequest


def right_letter(app):
    options = app.screen.exercise.view("en").options
    return next(label.lower() for label, body in options if body == "z^(t-1)")


async def begin(app, pilot, until, kind, count=1):
    await until(pilot, lambda: getattr(app.screen, "overview", None))
    app.start_session(request=SessionRequest(kind=kind, which="all", seed=1, count=count))
    await until(pilot, lambda: getattr(app.screen, "asked", False))


@pytest.mark.parametrize("form", ["letter", "capital", "full-width", "arrows", "click"])
async def test_an_option_is_chosen_by_letter_arrow_or_click(make_app, until, frame, form):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "choice")
        letter = right_letter(app)
        if form == "letter":
            await pilot.press(letter)
        elif form == "capital":
            await pilot.press(letter.upper())
        elif form == "full-width":
            await pilot.press(chr(ord(letter) + 0xFEE0))
        elif form == "arrows":
            await pilot.press(*["down"] * ("abcd".index(letter) + 1), "enter")
        else:
            lines = frame(app).splitlines()
            row = next(n for n, line in enumerate(lines) if f" {letter.upper()}  z^(t-1)" in line)
            await pilot.click(offset=(12, row))
        await until(pilot, lambda: app.screen.exercise.verdict)

        assert app.screen.exercise.verdict.right
        assert "✓ right" in frame(app)
        assert "z^(t-1)" in frame(app), "the answer stays in sight"


async def test_a_verdict_is_a_sign_and_a_word_and_not_only_a_colour(make_app, until, frame):
    app = make_app("en", frames="ascii")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "numeric")
        await pilot.press("1", "enter")
        await until(pilot, lambda: app.screen.exercise.verdict)

        assert "x wrong" in frame(app)


async def test_an_answer_that_is_not_understood_costs_nothing(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "numeric")
        await pilot.press(*"hm", "enter")
        await until(pilot, lambda: app.screen.exercise.verdict)
        assert "not understood" in frame(app)
        await pilot.press("backspace", "backspace", *"４２", "enter")
        await until(pilot, lambda: app.screen.exercise.verdict.judged)

        assert app.screen.exercise.verdict.right
        assert len(app.desk.store.reviews()) == 1


async def test_the_language_switch_redraws_a_verdict_that_is_on_the_screen(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "choice")
        await pilot.press(right_letter(app))
        await until(pilot, lambda: app.screen.exercise.verdict)
        await pilot.press("f8")
        await pilot.pause()
        shown = frame(app)

        assert "✓ 正解" in shown
        assert "過去の情報は1時刻前の状態が運びます。" in shown
        assert "Enter 次へ" in shown
        assert "right" not in shown


async def test_hint_and_guess_are_kept_with_the_answer(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "choice")
        await pilot.press("f2")
        await until(pilot, lambda: "Which signal carries an older time?" in frame(app))
        await pilot.press("g")
        await pilot.press(right_letter(app))
        await until(pilot, lambda: app.screen.exercise.verdict)
        review = app.desk.store.reviews()[-1]

        assert (review.hints, review.guessed, review.rating) == (1, True, 2)


async def test_undo_takes_the_answer_back_and_asks_again(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "choice")
        await pilot.press(right_letter(app))
        await until(pilot, lambda: app.screen.exercise.verdict)
        await pilot.press("u")
        await until(pilot, lambda: getattr(app.screen, "asked", 0) and not app.screen.settled)

        assert app.desk.store.reviews() == []
        assert "right" not in frame(app).replace("right.", "")


async def test_a_wrong_answer_can_be_tried_again_and_the_second_try_does_not_count(make_app, until):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "numeric")
        await pilot.press("1", "enter")
        await until(pilot, lambda: app.screen.settled)
        await pilot.press("r")
        await until(pilot, lambda: not app.screen.settled)
        await pilot.press("backspace", *"42", "enter")
        await until(pilot, lambda: app.screen.settled)

        assert app.screen.exercise.verdict.right
        assert [review.rating for review in app.desk.store.reviews()] == [1, None]


async def test_who_does_not_know_sees_the_answer_and_goes_on(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "term")
        await pilot.press("f12")
        await until(pilot, lambda: "Answer: BPTT" in frame(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SummaryScreen))


async def test_leaving_in_the_middle_comes_back_to_the_same_item_and_what_was_typed(
    make_app, until, frame
):
    app = make_app("en")
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "formula")
        app.screen.query_one(Input).value = "W - eps"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "resume at 1/1" in frame(app))
        await app.action_quit()

    again = make_app("ja")
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "続きから始める" in frame(again))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(again.screen, FormulaScreen) and again.screen.asked)

        assert again.screen.query_one(Input).value == "W - eps"


async def test_steps_are_ordered_by_letters_and_pairs_by_numbers(make_app, until):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, pilot, until, "order")
        body = dict(app.screen.exercise.view("en").options)
        wanted = ["run forward", "compute the loss", "run backward", "update"]
        letters = [next(k for k, v in body.items() if v == step) for step in wanted]
        await pilot.press(*"".join(letters).lower(), "enter")
        await until(pilot, lambda: app.screen.settled)
        assert app.screen.exercise.verdict.right

        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await begin(app, pilot, until, "match")
        view = app.screen.exercise.view("en")
        rights = {body: label for label, body in view.right}
        shapes = {"W_in": "H×D", "W": "H×H"}
        await pilot.press(*[rights[shapes[body]] for _, body in view.left], "enter")
        await until(pilot, lambda: app.screen.settled)
        assert app.screen.exercise.verdict.right


async def test_pairs_that_are_missing_are_named(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await begin(app, pilot, until, "match")
        await pilot.press("1", "enter")
        await until(pilot, lambda: "without a partner" in frame(app))
        assert isinstance(app.screen, QuizScreen)


async def test_kana_at_a_single_key_say_why_nothing_happens(make_app, until, frame):
    app = make_app("ja")

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.screen.overview)
        await pilot.press("う")
        await until(pilot, lambda: "日本語入力がオンです" in frame(app))


async def test_an_enter_too_many_neither_skips_an_item_nor_answers_the_next(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        app.start_session(request=SessionRequest(kind="choice", which="all", seed=1, count=2))
        await until(pilot, lambda: getattr(app.screen, "asked", False))
        await pilot.press("a" if not app.screen.exercise.several else "enter")
        if app.screen.exercise.several:
            await pilot.press("a", "enter")
        await until(pilot, lambda: app.screen.settled)
        await pilot.press("enter", "enter", "enter")
        await until(pilot, lambda: "Question 2" in frame(app) and app.screen.asked)
        await pilot.press("enter")
        await pilot.pause(0.1)

        assert app.desk.session.position == 1
        assert not app.screen.settled
        assert len(app.desk.store.reviews()) == 1
