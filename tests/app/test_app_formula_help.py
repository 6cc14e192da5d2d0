"""Help on the formula screen: which targets there are, symbols, completion, history, derivation."""

import pytest
from textual.widgets import Input

from drills.app.app import DojoApp
from drills.app.formula_help import formula_help, formula_hints
from drills.app.screens.derivation import DerivationScreen
from drills.app.screens.formula import FormulaScreen
from drills.app.screens.pick import PickScreen
from drills.app.screens.training import TrainingScreen
from drills.app.widgets.row_list import RowList
from drills.app.widgets.symbol_palette import SymbolPalette
from drills.grading.formula_steps import derivation_of
from drills.typography import cell_width
from engine.formulas.judge import judge
from engine.formulas.models.static import all_models
from engine.formulas.targets import TARGETS

RIGHT = "W - eps * sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"


async def at_target(app, pilot, until, name):
    """Open the app's formula screen on a target, the way the command line does."""
    app._subject = name
    await until(pilot, lambda: getattr(app.screen, "overview", None))
    app.show_targets()
    await until(pilot, lambda: isinstance(app.screen, FormulaScreen) and app.screen.asked)
    return app.screen.query_one(Input)


async def test_targets_of_all_models_are_picked_by_model(make_app, until, frame):
    app: DojoApp = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        app.show_targets()
        await until(pilot, lambda: getattr(app.screen, "_entries", None))
        rows = app.screen.query_one(RowList)
        assert len(rows._rows) == len(list(all_models()))
        assert "LSTM (47)" in frame(app)

        await pilot.press("down", "enter")
        await until(pilot, lambda: "definition of the candidate a^t" in frame(app))
        await pilot.press("escape")
        await until(pilot, lambda: "LSTM (47)" in frame(app))
        assert rows.cursor == 1
        await pilot.press("escape")
        await until(pilot, lambda: getattr(app.screen, "overview", None))


@pytest.mark.parametrize(
    ("language", "typed", "first"),
    [
        ("en", "forget update", "lstm.W_f.update"),
        ("ja", "忘却ゲート 更新", "lstm.W_f.update"),
        ("en", "ＲＮＮ.w.update", "rnn.W.update"),
    ],
)
async def test_a_search_goes_over_all_targets(make_app, until, frame, language, typed, first):
    app = make_app(language)

    async with app.run_test(size=(60, 15)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        app.show_targets()
        await until(pilot, lambda: getattr(app.screen, "_entries", None))
        await pilot.press("slash")
        app.screen.query_one(Input).value = typed
        await until(pilot, lambda: app.screen.query_one(RowList).current == first)
        assert first in frame(app)

        app.screen.query_one(Input).value = "nothing like this"
        await until(pilot, lambda: app.screen.query_one(RowList).current is None)
        await pilot.press("escape")
        assert isinstance(app.screen, PickScreen)
        await until(pilot, lambda: app.screen.query_one(RowList).current is not None)


@pytest.mark.parametrize(
    "name", ["rnn.W.update", "lstm.grad_c", "gru.u_g", "attention.c", "adam.w"]
)
@pytest.mark.parametrize("width", [60, 80])
async def test_the_palette_holds_the_targets_own_symbols_and_cuts_none(
    make_app, until, name, width
):
    app = make_app("en")

    async with app.run_test(size=(width, 24)) as pilot:
        await at_target(app, pilot, until, name)
        palette = app.screen.query_one(SymbolPalette)
        rows = palette.rows(palette.content_size.width)

        own = {symbol.label for symbol in formula_help(name).symbols}
        assert {symbol.label for row in rows for symbol in row} <= own
        for row in rows:
            assert cell_width("  ".join(one.label for one in row)) <= palette.content_size.width


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("delta_o", "delta_out[t]"),
        ("W - eps * del", "W - eps * delta"),
        ("ta", "ta"),
        ("su", "sum(s=0..T_t, "),
        ("W_", "W_"),
        ("f", "f"),
        ("", ""),
    ],
)
async def test_tab_completes_what_is_unique_and_shows_what_is_not(
    make_app, until, typed, completed
):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        line = await at_target(app, pilot, until, "rnn.W.update")
        line.value = typed
        line.cursor_position = len(typed)
        await pilot.press("tab")
        await until(pilot, lambda: line.value == completed)
        if typed == "W_":
            palette = app.screen.query_one(SymbolPalette)
            assert [one.label for one in palette._symbols] == ["W_in", "W_out"]


async def test_up_and_down_bring_earlier_formulas_back(make_app, until):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        line = await at_target(app, pilot, until, "rnn.W.update")
        for typed in ("W + eps", "W - eps"):
            line.value = typed
            await pilot.press("enter")
            await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        line.value = "half"
        for key, shown in (
            ("up", "W - eps"), ("up", "W + eps"), ("up", "W + eps"), ("down", "W - eps"),
            ("down", "half"),
        ):  # fmt: skip
            await pilot.press(key)
            assert line.value == shown


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_three_hints_tell_shape_terms_and_first_step(make_app, until, frame, language):
    app = make_app(language)

    async with app.run_test(size=(80, 24)) as pilot:
        await at_target(app, pilot, until, "lstm.grad_c")
        for said in ("H×1", "dE/dh", "c^{t+1} = f^{t+1}"):
            await pilot.press("f2")
            await until(pilot, lambda said=said: said in frame(app))
        assert app.screen.exercise.hints_left == 0


def test_no_hint_says_the_answer():
    for target in TARGETS.values():
        if target.kind in {"forward", "static-forward"}:
            continue
        hints = formula_hints(target)
        answer = derivation_of(target).answer.partition(" = ")[2]
        assert len(hints) == 3
        assert all(hint.en and hint.ja for hint in hints)
        assert len(answer) < 8 or not any(answer in hint.en for hint in hints), target.id


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_the_derivation_is_one_key_away_after_a_verdict(make_app, until, frame, size):
    app = make_app("en")

    async with app.run_test(size=size) as pilot:
        line = await at_target(app, pilot, until, "rnn.W.update")
        await pilot.press("f6")
        assert isinstance(app.screen, FormulaScreen)
        line.value = RIGHT.replace("z", "x")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        await pilot.press("f6")
        await until(pilot, lambda: "1. To be found" in frame(app))
        assert isinstance(app.screen, DerivationScreen)
        await pilot.press("escape")
        assert line.value == RIGHT.replace("z", "x")


async def test_a_formula_is_read_in_the_model_of_its_target(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        line = await at_target(app, pilot, until, "lstm.c")
        line.value = "f[t] ⊙ c[t-1] + i[t] ⊙ a[t]"
        await until(pilot, lambda: "f^t ⊙ c^(t-1) + i^t ⊙ a^t" in frame(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.settled)
        assert app.screen.exercise.verdict.right


def test_what_a_click_inserts_is_read_in_the_targets_notation():
    for name in ("rnn.W.update", "lstm.U_f.gradient", "gru.grad_h"):
        for symbol in formula_help(name).symbols:
            if symbol.inserted.strip(" .T@⊙").endswith(("(", ",")) or symbol.label in {
                ".T",
                "@",
                "⊙",
            }:
                continue
            found = judge(f"{symbol.inserted} + {symbol.inserted}", target=name)
            assert found.outcome != "not_understood", symbol


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_a_judged_update_trains_a_network_beside_the_right_one(
    make_app, until, frame, language
):
    app = make_app(language)

    async with app.run_test(size=(80, 24)) as pilot:
        line = await at_target(app, pilot, until, "rnn.W.update")
        await pilot.press("f3")
        assert isinstance(app.screen, FormulaScreen)
        line.value = RIGHT.replace("z[t-s-1]", "z[t-s]")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, TrainingScreen))
        await until(pilot, lambda: app.screen.current and len(app.screen.current.losses) > 2)
        run = app.screen.current
        assert run.losses[2] != run.right_losses[2]
        said = [app.screen.say(f"app.training.seen.{name}")[:12] for name in ("apart", "behind")]
        await until(pilot, lambda: any(one in frame(app) for one in said))

        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, FormulaScreen))
        await until(pilot, lambda: run.finished)
        assert line.value == RIGHT.replace("z[t-s-1]", "z[t-s]")


async def test_an_update_of_the_wrong_shape_is_refused_in_words(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(60, 15)) as pilot:
        line = await at_target(app, pilot, until, "rnn.W.update")
        line.value = RIGHT.replace("z[t-s-1]", "x[t-s]")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        await pilot.press("f3")
        await until(pilot, lambda: "The shapes do not fit" in frame(app))
