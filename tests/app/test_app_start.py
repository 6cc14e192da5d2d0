"""Starting: the first frame waits for nothing heavy; terminals too small are told so."""

import subprocess
import sys
import threading

import pytest

HEAVY = (
    *("numpy", "sympy", "yaml", "lark", "fsrs", "textual_plot", "tree_sitter"),
    "textual.widgets._text_area",
)


def test_importing_the_app_loads_nothing_heavy():
    code = f"import sys, drills.app.app; print([m for m in {HEAVY!r} if m in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


async def test_the_first_frame_is_there_before_the_bank_is_open(
    make_app, until, frame, monkeypatch
):
    app = make_app("en")
    opened = threading.Event()
    overview = app.desk._overview
    monkeypatch.setattr(app.desk, "_overview", lambda: opened.wait(10) and overview())

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Opening the question bank" in frame(app))
        assert "q quiz" not in frame(app), "no key that cannot do anything yet"
        opened.set()
        await until(pilot, lambda: "q quiz" in frame(app))


@pytest.mark.parametrize(("size", "fits"), [((60, 15), True), ((59, 15), False), ((60, 14), False)])
async def test_a_terminal_that_is_too_small_is_told_so_in_both_languages(
    make_app, until, frame, size, fits
):
    app = make_app("en")

    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen.overview)
        shown = frame(app)

        assert ("All sections" in shown) == fits
        assert ("needs 60×15" in shown) != fits
        assert ("60×15以上" in shown) != fits


async def test_home_names_its_keys_and_each_is_a_click(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        row = next(n for n, line in enumerate(frame(app).splitlines()) if "s statistics" in line)
        await pilot.click(offset=(frame(app).splitlines()[row].index("s statistics") + 3, row))
        await until(pilot, lambda: "Statistics" in frame(app))


@pytest.mark.parametrize(
    ("key", "title"),
    [("c", "Code"), ("f", "Formulas"), ("l", "Lab"), ("s", "Statistics"), ("f1", "Help")],
)
async def test_every_place_leads_back_with_escape(make_app, until, frame, key, title):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        await pilot.press(key)
        await until(pilot, lambda: frame(app).startswith(f" {title}"))
        await pilot.press("escape")
        await until(pilot, lambda: frame(app).startswith(" bptt-dojo"))


async def test_ascii_frames_draw_nothing_whose_width_is_ambiguous(make_app, until, frame):
    import unicodedata

    app = make_app("en", frames="ascii")

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.overview)
        letters = set(frame(app)) - set("日本語")

        assert all(unicodedata.east_asian_width(letter) != "A" for letter in letters)
        assert "#" in frame(app) or "-" in frame(app)
