"""One file a failure in tests/data/bank: its first lines say every problem, at line and column."""

from pathlib import Path

import pytest

from question_bank.loader import load
from question_bank.problems import Problem

DATA = Path(__file__).parent.parent / "data" / "bank"
FILES = sorted(DATA.glob("*.yaml"))


def bank_of(folder: Path, file: Path):
    (folder / file.name).write_bytes(file.read_bytes())
    return load([folder])


def said(problem: Problem, folder: Path) -> str:
    place = problem.place
    line = f"{place.line}:{place.column} {problem.message.en}".replace(f"{folder}/", "")
    return line + (f" Nearest: {', '.join(problem.nearest)}" if problem.nearest else "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_bad_file_gets_exactly_the_problems_that_it_states(file, tmp_path):
    lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    stated = [line.removeprefix("#! ") for line in lines if line.startswith("#! ")]
    problems = bank_of(tmp_path, file).problems
    assert stated, "a file of this folder begins with its problems"
    assert [said(problem, tmp_path) for problem in problems] == stated


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_problem_names_the_file_and_is_said_in_japanese_too(file, tmp_path):
    for problem in bank_of(tmp_path, file).problems:
        assert problem.place.file == f"{tmp_path}/{file.name}"
        assert problem.line("en").startswith(f"{problem.place}: {problem.message.en}")
        assert any("ぁ" <= sign <= "ん" for sign in problem.message.ja), problem.message.ja
        assert "{" not in problem.message.en.replace("{integer", "").replace("{choice", "") or (
            "{" in file.read_text("utf-8")
        )


def test_an_item_with_a_problem_is_left_out_and_its_neighbours_stay(tmp_path):
    good = (DATA / "bad-objective.yaml").read_text("utf-8").replace("[D27, d3, A00]", "[D03]")
    bad = (DATA / "no-check.yaml").read_text("utf-8")
    (tmp_path / "both.yaml").write_text(good + bad, "utf-8")
    bank = load([tmp_path])
    assert list(bank.items) == ["gate-near-one"]
    assert len(bank.problems) == 1


def test_one_problem_does_not_hide_another(tmp_path):
    text = (DATA / "no-right-option.yaml").read_text("utf-8")
    text = text.replace("level: 1", "level: 9").replace("gate-near-one", "Gate")
    (tmp_path / "many.yaml").write_text(text, "utf-8")
    messages = " ".join(problem.message.en for problem in load([tmp_path]).problems)
    assert "range 1 to 3" in messages
    assert "lower-case" in messages
    assert "No option is marked right" in messages
