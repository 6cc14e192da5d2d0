"""A bank's folder: sections, exercises, mistakes, several folders, a user's own."""

import subprocess
import sys

import pytest
from bank_samples import CHOICE, EXERCISE, whole_bank, write

from question_bank.loader import load
from question_bank.text import Text


def test_a_folder_gives_items_exercises_mistakes_and_sections_in_the_curriculums_order(tmp_path):
    bank = load([whole_bank(tmp_path)])
    assert not bank.problems
    assert sorted(bank.items) == ["first", "gate-a", "gate-b"]
    assert bank.sections == ("rnn", "lstm")
    assert bank.mistakes["sign-flipped"].look == Text("The sign is flipped.", "符号が逆です。")
    entry = bank.exercises["rnn/step"]
    assert entry.source == "def step(x):\n    return -x\n"
    assert entry.spec == {"function": "step", "tolerance": 1e-6, "inputs": [{"kind": "normal"}]}
    assert entry.blanks["a"].hints == (Text("Shapes.", "形状です。"),)
    assert entry.bugs["sign"].title.ja == "符号"
    assert entry.feedback["sign-flipped"].en == "Look at the sign."
    assert not entry.built_in
    assert str(entry.place_of("judge/inputs/0/kind")).endswith("step.yaml:10:58")
    assert entry.place_of("judge/inputs/9") == entry.place_of("judge/inputs")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("items__lstm__a", "lstm"),
        ("items__own-things__a", "own-things"),
        ("items__a", "bank"),
        ("a", "bank"),
        ("lstm__a", "lstm"),
    ],
)
def test_files_may_lie_in_items_or_in_the_folder_itself(tmp_path, name, section):
    bank = load([write(tmp_path / "bank", **{name: CHOICE.format(id="one")})])
    assert bank.items["one"].section == section
    assert bank.sections == (section,)


def test_files_with_other_names_hidden_ones_and_deeper_folders_are_left_alone(tmp_path):
    write(tmp_path, items__lstm__a=CHOICE.format(id="one"))
    for name in ("items/lstm/notes.txt", "items/lstm/.a.yaml", "items/lstm/_draft.yaml"):
        (tmp_path / name).write_text("not: yaml: at all", "utf-8")
    (tmp_path / "items" / "lstm" / "folder.yaml").mkdir()
    bank = load([tmp_path])
    assert list(bank.items) == ["one"]
    assert not bank.problems


def test_an_id_counts_once_over_all_files_and_folders(tmp_path):
    one = write(tmp_path / "one", items__lstm__a=CHOICE.format(id="same"))
    two = write(tmp_path / "two", a=CHOICE.format(id="same"))
    bank = load([one, two])
    assert bank.items["same"].place.file == f"{one}/items/lstm/a.yaml"
    (found,) = bank.problems
    assert str(found.place) == f"{two}/a.yaml:1:3"
    assert f"{one}/items/lstm/a.yaml:1:3" in found.message.en


def test_a_folder_that_is_missing_or_empty_is_a_problem(tmp_path):
    (tmp_path / "empty").mkdir()
    problems = load([tmp_path / "none", tmp_path / "empty"]).problems
    assert "no folder" in problems[0].message.en
    assert "holds no question" in problems[1].message.en


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"exercises__rnn__step": EXERCISE}, "step.py"),
        ({"exercises__rnn__other": EXERCISE}, "'rnn/other'"),
        ({"exercises__rnn__step": EXERCISE.replace("judge:", "juge:")}, "'juge'"),
        ({"exercises__rnn__step": EXERCISE.replace("{function: step", "{1x: step")}, "'1x'"),
        ({"exercises__rnn__step": "just words"}, "Expected a mapping"),
        ({"mistakes__a": "sign-flipped: {name: {en: a, ja: b}}"}, "'look'"),
        ({"mistakes__a": "- sign-flipped"}, "Expected a mapping"),
    ],
)
def test_exercises_and_mistakes_have_a_form_too(tmp_path, files, said):
    problems = load([write(tmp_path, **files)]).problems
    assert any(said in problem.message.en for problem in problems), problems


def test_code_without_its_description_is_a_problem(tmp_path):
    whole_bank(tmp_path)
    (tmp_path / "exercises" / "rnn" / "alone.py").write_text("x = 1\n", "utf-8")
    (found,) = load([tmp_path]).problems
    assert "alone.yaml" in found.message.en


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_are_read(tmp_path):
    whole_bank(tmp_path)
    (tmp_path / "items" / "rnn" / "gone.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "exercises" / "rnn" / "gone.yaml").symlink_to(tmp_path / "nowhere")
    bank = load([tmp_path])
    assert len(bank.items) == 3
    assert any("cannot be read" in problem.message.en for problem in bank.problems)


def test_where_a_name_stands_is_known_of_each_item(tmp_path):
    text = CHOICE.format(id="one").replace(
        'text: "f = 0",', 'text: "f = 0", mistake: bias-dropped,'
    )
    item = load([write(tmp_path, a=text)]).items["one"]
    assert str(item.place_of("options/1/mistake")).endswith("a.yaml:10:32")
    assert item.place_of("nothing/like/it") == item.place


def test_the_bank_needs_neither_numpy_nor_sympy_nor_textual_nor_the_engine(tmp_path):
    code = (
        "import sys\nfrom question_bank.loader import load\nload()\n"
        "bad = {'numpy', 'sympy', 'textual', 'engine', 'drills'} & set(sys.modules)\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
