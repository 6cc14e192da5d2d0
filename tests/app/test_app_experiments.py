"""The lab's other experiments: every one opens, runs, steps and is drawn with letters."""

from __future__ import annotations

import json

import pytest

from drills.app.lab_forms import FORMS, LIVE, Curves, map_lines, whole_figures, words_of
from drills.app.screens.experiment import (
    APART,
    BINARY_ADDITION,
    TURNED,
    ExperimentScreen,
    ExperimentsScreen,
)
from drills.app.screens.lab import LabScreen
from drills.app.screens.quiz import QuizScreen
from drills.app.widgets.settings_table import SettingsTable
from drills.locale import text
from engine.experiments import EXPERIMENTS

SMALL = {
    "adding-problem": {"hidden": 8, "steps": 10, "iterations": 3, "every": 1},
    "forget-gate-bias": {"hidden": 8, "steps": 10, "iterations": 3, "every": 1},
    "gradient-norms": {"draws": 2, "steps": 8, "hidden": 4},
    "scaled-dot-product": {"largest": 4},
    "bidirectional-addition": {"iterations": 10},
    "toy-word2vec": {"iterations": 10},
    "addition-strings": {"examples": 200, "test": 10, "hidden": 8, "epochs": 1},
    "date-conversion": {"examples": 200, "test": 10, "hidden": 8, "epochs": 1},
    "teacher-forcing": {"examples": 64, "test": 10, "hidden": 8, "epochs": 1},
    "beam-width": {"examples": 64, "test": 10, "hidden": 8, "epochs": 1, "questions": 3},
    "decoder-steps": {"examples": 64, "test": 10, "hidden": 8, "epochs": 1},
}
SWEEP = {"replicates": 2, "iterations": 250}


def test_every_experiment_has_a_form_a_title_and_a_word_for_each_setting() -> None:
    assert {BINARY_ADDITION, *FORMS} == set(EXPERIMENTS)
    for name in EXPERIMENTS:
        assert text(f"lab.title.{name}").ja
    for name, form in FORMS.items():
        parameters = EXPERIMENTS[name].parameters
        assert set(LIVE.get(name, {})) <= set(parameters)
        for setting, parameter in parameters.items():
            if setting not in APART and parameter.kind in TURNED:
                assert text(f"lab.setting.{setting}").ja
        for field in (form.value, *form.figures, *form.whole, *form.words):
            assert text(f"lab.field.{field}").ja


@pytest.mark.parametrize("name", FORMS)
def test_what_an_experiment_shows_is_found_in_its_snapshots(name: str) -> None:
    form = FORMS[name]
    curves = Curves(form)
    run = EXPERIMENTS[name].run(seed=0, **SMALL.get(name, SWEEP))
    for number, snapshot in enumerate(run):
        curves.add(json.loads(json.dumps(snapshot.to_json())))
        if number == 3:
            break
    run.close()
    assert curves.curves
    drawn = next(iter(curves.curves.values()))
    assert drawn.last is not None
    assert len(drawn.xs) == len(drawn.ys) > 0
    assert all(key in curves.newest for key in (*form.whole, *form.words))
    assert len(whole_figures(form, curves.newest)) == len(form.whole)
    assert words_of(form, curves.newest) or not form.words
    assert bool(map_lines(form, curves.newest, 40)) == (form.matrix is not None)


def test_a_map_is_in_tenths_with_the_signs_that_were_read_and_written() -> None:
    form = FORMS["date-conversion"]
    newest = {"alignment": [[0.0, 0.04, 0.96], [0.5, 0.5, 0.0]], "output": "19", "question": "ab "}
    assert map_lines(form, newest, 40) == ["  ab", "1 ..", "9 55"]
    assert map_lines(form, {"alignment": None}, 40) == []


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_an_experiment_is_guessed_run_stepped_and_told(
    make_app, until, matches_frame, language
):
    app = make_app(language)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.current)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ExperimentsScreen))
        app.show_experiment("scaled-dot-product", {"largest": 8})
        await until(pilot, lambda: isinstance(app.screen, ExperimentScreen) and app.screen.current)
        screen = app.screen
        assert screen.query_one(SettingsTable).value("largest") == 8
        await pilot.press("full_stop")
        await until(pilot, lambda: screen.current.curves.count == 1)
        await until(pilot, lambda: not screen.current.running)
        screen.current.pace = 0
        await pilot.press("space")
        await until(pilot, lambda: screen.current.finished)
        await pilot.pause(0.2)
        matches_frame(app, f"experiment-80x24-{language}")
        await pilot.press("enter", "ｚ", "r")
        await until(pilot, lambda: screen.current.seed == 1)
        await pilot.press("escape")
        assert isinstance(app.screen, ExperimentsScreen)


async def test_a_setting_that_does_not_fit_is_told_on_the_screen(make_app, until):
    app = make_app()
    async with app.run_test(size=(60, 15)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        app.show_experiment("scaled-dot-product", {"deviation": 99})
        await until(pilot, lambda: isinstance(app.screen, ExperimentScreen) and app.screen.current)
        await until(pilot, lambda: app.screen.current.error)
        assert "deviation" in app.screen._seen(app.screen.current)


async def test_a_prediction_opens_the_lab_with_its_settings_and_comes_back(make_app, until):
    from dataclasses import replace

    from built_in import BANK

    from drills.session import SessionRequest

    app = make_app()
    items = {item.id: item for item in BANK.items.values() if item.kind == "predict"}
    app.desk.bank = replace(app.desk.bank, items=items, sections=("training",))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "overview", None))
        wanted = next(i.id for i in items.values() if "hidden" in i.body.settings)
        app.start_session(request=SessionRequest(items=(wanted,)))
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.asked)
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)  # predict first
        await pilot.press("a")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.current)
        table = app.screen.query_one(SettingsTable)
        assert (table.value("hidden"), table.value("output_delta")) == (128, "seed")
        await pilot.press("escape")
        assert isinstance(app.screen, QuizScreen)
        assert app.screen.exercise.verdict is not None
