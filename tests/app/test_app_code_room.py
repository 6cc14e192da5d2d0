"""The code screen in 80x24: results have room, the blank stays in view, another editor may help."""

import shlex
import sys
from contextlib import contextmanager

import pytest

from drills.app.external_editor import EditorError, edited, editor_command
from drills.app.widgets.code_editor import CodeEditor
from drills.session import SessionRequest


async def begin_code(app, pilot, until):
    await until(pilot, lambda: getattr(app.screen, "overview", None))
    app.start_session(request=SessionRequest(kind="code", which="all", seed=1, count=1))
    await until(pilot, lambda: getattr(app.screen, "asked", False))


def cursor_line_is_visible(editor):
    row = editor.cursor_location[0]
    return editor.scroll_offset.y <= row < editor.scroll_offset.y + editor.content_size.height


async def test_a_line_says_that_the_blank_is_selected_until_one_types(make_app, until, frame):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin_code(app, pilot, until)
        await until(pilot, lambda: "blank is selected" in frame(app))
        assert app.screen.editor.selected_text == "____"

        await pilot.press("x")
        await until(pilot, lambda: "is selected" not in frame(app))
        assert "____" not in app.screen.editor.text


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_after_a_run_the_results_have_the_rows_and_a_key_brings_the_task_back(
    make_app, until, frame, size
):
    app = make_app("en")

    async with app.run_test(size=size) as pilot:
        await begin_code(app, pilot, until)
        task = app.screen.exercise.view("en").stem.split()[0]
        await pilot.press(*"x")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.exercise.verdict and not app.screen.busy)
        results = app.screen.query_one("#results")
        await until(pilot, lambda: results.size.height >= min(results.virtual_size.height, 6))
        assert "✗ wrong" in frame(app)
        assert task not in frame(app).split("✗ wrong")[1]
        assert cursor_line_is_visible(app.screen.query_one(CodeEditor))

        await pilot.press("ctrl+t")
        await until(pilot, lambda: "✗ wrong" not in frame(app) and task in frame(app))
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "✗ wrong" in frame(app))


def script(tmp_path, body):
    """An editor: a Python script that gets the file's name."""
    file = tmp_path / "editor.py"
    file.write_text(f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{body}\n")
    return [sys.executable, str(file)]


def test_an_editor_gets_the_text_and_gives_another_back_and_no_file_stays(tmp_path):
    folder = tmp_path / "answers"
    command = script(tmp_path, "file.write_text(file.read_text().replace('____', 'σ'), 'utf-8')")

    assert edited("u = ____\n", folder, command) == "u = σ\n"
    assert list(folder.iterdir()) == []


def test_files_that_are_there_already_are_left_alone(tmp_path):
    own = tmp_path / "draft-mine.py"
    own.write_text("mine")

    edited("x", tmp_path, script(tmp_path, "file.write_text('y')"))

    assert own.read_text() == "mine"


@pytest.mark.parametrize(
    ("body", "said", "kept"),
    [
        ("sys.exit(3)", "ended with code 3", 0),
        ("file.write_text('half'); sys.exit(1)", "what it saved is in", 1),
        ("file.write_bytes(b'\\xff\\xfe\\xff')", "not UTF-8", 1),
        ("file.unlink()", "could not be used", 0),
    ],
)
def test_an_editor_that_fails_changes_nothing_and_loses_nothing(tmp_path, body, said, kept):
    folder = tmp_path / "answers"

    with pytest.raises(EditorError) as caught:
        edited("x = 1\n", folder, script(tmp_path, body))

    assert said in caught.value.message.en
    assert caught.value.message.ja
    assert len(list(folder.iterdir())) == kept


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"EDITOR": "vim"}, ["vim"]),
        ({"VISUAL": "code --wait", "EDITOR": "vim"}, ["code", "--wait"]),
        ({"VISUAL": "", "EDITOR": "nano -w"}, ["nano", "-w"]),
    ],
)
def test_visual_comes_before_editor(environment, words):
    assert editor_command(environment) == words


@pytest.mark.parametrize("environment", [{}, {"EDITOR": "  "}, {"EDITOR": "'vim"}])
def test_no_usable_editor_is_said(environment):
    with pytest.raises(EditorError):
        editor_command(environment)


async def test_f4_without_an_editor_says_what_to_set(make_app, until, frame, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    app = make_app("en")

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await begin_code(app, pilot, until)
        await pilot.press("f4")
        await until(pilot, lambda: "No editor is set" in frame(app))


async def test_the_terminal_is_taken_back_from_an_editor_that_fails_and_nothing_is_lost(
    make_app, until, frame, monkeypatch, tmp_path
):
    monkeypatch.delenv("VISUAL", raising=False)
    app = make_app("en")
    taken_back = []

    @contextmanager
    def suspend():
        yield
        taken_back.append(True)  # like Textual's: only at the plain end of the block

    monkeypatch.setattr(app, "suspend", suspend)

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await begin_code(app, pilot, until)
        app.screen.editor.text = own = app.screen.editor.text.replace("____", "mine")
        monkeypatch.setenv("EDITOR", shlex.join(script(tmp_path, "sys.exit(3)")))
        await pilot.press("f4")
        await until(pilot, lambda: "ended with code 3" in frame(app))
        assert taken_back
        assert app.screen.editor.text == own

        body = "file.write_text(file.read_text('utf-8').replace('mine', 'σ'), 'utf-8')"
        monkeypatch.setenv("EDITOR", shlex.join(script(tmp_path, body)))
        await pilot.press("f4")
        await until(pilot, lambda: app.screen.editor.text == own.replace("mine", "σ"))
        app.screen.editor.undo()
        assert app.screen.editor.text == own
        await pilot.press("f3")
        await until(pilot, lambda: "____" in app.screen.editor.text)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: app.screen.editor.text == own)


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark"])
async def test_names_of_weights_stand_out_from_the_ground_of_either_theme(make_app, until, theme):
    app = make_app("en")
    app.theme = theme

    async with app.run_test(size=(80, 24)) as pilot:
        await begin_code(app, pilot, until)
        editor = app.screen.query_one(CodeEditor)
        editor.text = "x = f(W_in)"
        await pilot.pause(0.1)
        segment = next(part for part in editor.render_line(0) if "W" in part.text)
        ink, ground = segment.style.color.triplet, segment.style.bgcolor.triplet
        assert abs(sum(ink) - sum(ground)) > 200


async def test_the_blank_is_selected_before_anything_can_be_typed(make_app, until):
    app = make_app("en")

    async with app.run_test(size=(80, 24)) as pilot:
        await begin_code(app, pilot, until)
        editor = app.screen.editor
        editor.put("a = 1\nb = ____\nc = ____\n")
        # A fast typist, or a slow machine: the keys come before the next drawing.
        editor.replace("2", *editor.selection)
        await pilot.pause()

        assert editor.text == "a = 1\nb = 2\nc = ____\n"
        assert editor.cursor_location == (1, 5)
