"""The handbook and one's mistakes on the screen: from every verdict there, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from built_in import BANK
from textual.widgets import Input

from drills.app.screens.derivation import DerivationScreen
from drills.app.screens.formula import FormulaScreen
from drills.app.screens.handbook import GlossaryScreen, HandbookScreen, MistakeScreen, PageScreen
from drills.app.screens.home import HomeScreen
from drills.app.screens.mistakes import MistakesScreen
from drills.app.screens.quiz import QuizScreen
from drills.app.widgets.page_view import PageView
from drills.app.widgets.row_list import RowList
from drills.mistaken import chances
from drills.session import SessionRequest
from drills.settings import remembered_notation

WRONG = "W - ε sum(s=0..T_t, δ^(t-s) (x^(t-s-1))^T)"


@pytest.fixture
def with_pages(make_app, bank):
    """Apps whose small bank has the built-in handbook and the names of all mistakes."""

    def make(language="en"):
        app = make_app(language)
        app.desk.bank = replace(bank, topics=BANK.topics, terms=BANK.terms, mistakes=BANK.mistakes)
        return app

    return make


async def home(pilot, until):
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    await until(pilot, lambda: pilot.app.screen.overview)


async def page(pilot, until):
    await until(pilot, lambda: isinstance(pilot.app.screen, PageScreen))
    await until(pilot, lambda: pilot.app.screen.blocks)
    return pilot.app.screen


def shown(app):
    lines = app.screen.query_one(PageView).lines(70)
    return "\n".join(line.text for line in lines)


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_the_handbook_opens_from_home_and_looks_as_it_was_reviewed(
    with_pages, until, matches_frame, language
):
    app = with_pages(language)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot, until)
        await pilot.press("h")
        await until(pilot, lambda: isinstance(app.screen, HandbookScreen) and app.screen._rows)
        matches_frame(app, f"handbook-80x24-{language}")
        await pilot.press("down", "down", "down", "down", "enter")
        await page(pilot, until)
        await pilot.pause()
        matches_frame(app, f"handbook-page-80x24-{language}")
        await pilot.press("escape", "end", "enter")
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen) and app.screen.blocks)
        assert "隠れ状態" in shown(app)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_wrong_formula_leads_to_the_trap_it_fell_into_and_escape_back_to_the_verdict(
    with_pages, until
):
    app = with_pages()
    async with app.run_test(size=(60, 15)) as pilot:
        await home(pilot, until)
        app.start_session(request=SessionRequest(kind="formula", which="all", seed=1, count=1))
        await until(pilot, lambda: isinstance(app.screen, FormulaScreen) and app.screen.asked)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert isinstance(app.screen, FormulaScreen)  # before the verdict it would be the answer
        app.screen.query_one(Input).value = WRONG
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        await pilot.press("ctrl+o")
        opened = await page(pilot, until)
        await pilot.pause()
        trap = opened.query_one(PageView).line_of("wrong-signal")
        assert opened.query_one(".body").scroll_offset.y == trap
        await pilot.press("ctrl+o")
        assert isinstance(app.screen, FormulaScreen)
        assert app.screen.exercise.verdict is not None


async def test_notation_derivations_links_and_clicks_on_a_page(with_pages, until):
    app = with_pages()
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot, until)
        app.show_page("lstm")
        opened = await page(pilot, until)
        assert "c^t = f^t ⊙ c^(t-1) + i^t ⊙ a^t" in shown(app)
        await pilot.press("n", "n", "n")
        await until(pilot, lambda: "C^t = F^t ⊙ C^(t-1)" in shown(app))
        assert remembered_notation(app.desk.home) == "d2l"
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, DerivationScreen))
        assert app.screen._target == "lstm.grad_c"
        await pilot.press("escape", "b")
        await until(pilot, lambda: app.screen is not opened)
        gru = await page(pilot, until)
        assert gru._page.parts[0].notation == "d2l"
        await pilot.press("z", "０", "escape")
        assert app.screen is opened
        await pilot.press("t")
        view = opened.query_one(PageView)
        assert opened.query_one(".body").scroll_offset.y == view.line_of("traps")
        row = next(n for n, line in enumerate(view.lines(76)) if line.block.page == "gru")
        opened.query_one(".body").scroll_to(y=row, animate=False)
        await pilot.pause()
        await pilot.click(PageView, offset=(3, row))
        await until(pilot, lambda: app.screen is not opened)


async def one_mistake(app, pilot, until):
    """Answer a formula wrongly, then look at one's mistakes."""
    app.start_session(request=SessionRequest(kind="formula", which="all", seed=1, count=1))
    await until(pilot, lambda: isinstance(app.screen, FormulaScreen) and app.screen.asked)
    app.screen.query_one(Input).value = WRONG
    await pilot.press("enter")
    await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
    await pilot.press("escape")
    await home(pilot, until)
    await pilot.press("m")
    await until(pilot, lambda: isinstance(app.screen, MistakesScreen) and app.screen._counts)
    await pilot.pause()


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_ones_mistakes_look_as_they_were_reviewed(with_pages, until, matches_frame, language):
    app = with_pages(language)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot, until)
        await one_mistake(app, pilot, until)
        matches_frame(app, f"mistakes-80x24-{language}")


async def test_ones_mistakes_are_counted_and_each_can_be_practised_alone(with_pages, until):
    app = with_pages()
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot, until)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MistakesScreen))
        await until(pilot, lambda: app.screen._counts is not None)
        await pilot.press("p", "enter", "escape")
        assert isinstance(app.screen, HomeScreen)
        await one_mistake(app, pilot, until)
        (count,) = app.screen._counts
        assert (count.code, count.count, count.sections) == ("wrong-signal", 1, ("rnn",))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MistakeScreen) and app.screen.blocks)
        assert "W^(t+1) = W - ε" in shown(app)
        await pilot.press("escape", "p")
        await until(pilot, lambda: isinstance(app.screen, FormulaScreen | QuizScreen))
        session = app.desk.session
        items = [app.desk.bank.items[slot.item] for slot in session.slots]
        assert all("wrong-signal" in chances(item, app.desk.bank) for item in items)
        await until(pilot, lambda: app.screen.asked)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MistakesScreen))
        assert app.screen.query_one(RowList).current == "wrong-signal"
