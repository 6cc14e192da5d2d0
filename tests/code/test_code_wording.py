"""Docstrings and comments in the user's language; the code that is judged is the same."""

import ast

import pytest

from engine.code.exercise import Exercise, ExerciseError
from engine.code.judge import CodeJudge

SOURCE = '''\
"""Two steps."""

import numpy as np


def first(x, W):
    """x (N, D), W (D, H).

    Returns the pre-activation
    (N, H).
    """
    # One row an example.
    u = x @ W  #: a
    label = "# One row an example."
    return u, label


class Second:
    """Its activation."""

    def forward(self, u):
        r"""u (N, H)."""
        #: b begin
        z = np.tanh(u)  # between -1 and 1
        #: b end
        return z


#: judge
def loss(x):
    """Never shown."""  # nor this
    return x
'''
SPEC: dict = {
    "calls": [
        {"call": "first", "with": ["x", "W"], "returns": ["u", "label"]},
        {"new": "Second", "as": "second"},
        {"call": "second.forward", "with": ["u"], "returns": "z"},
    ],
    "sizes": {"N": [2, 4], "D": [2, 4], "H": [2, 4]},
    "arguments": {"x": {"shape": ["N", "D"]}, "W": {"shape": ["D", "H"]}},
    "outputs": {"u": {"shape": ["N", "H"]}, "z": {"shape": ["N", "H"]}},
    "bugs": {"grows": {"code": "activation-wrong", "replace": {
        "z = np.tanh(u)  # between -1 and 1": "z = np.sinh(u)"}}},
}  # fmt: skip
JAPANESE: dict = {
    "docstrings": {
        "module": "2つのステップ。",
        "first": "x (N, D)、W (D, H)。\n\n総入力 (N, H) を\n返す。\n",
        "Second": "その活性化。",
        "Second.forward": "u (N, H)。",
    },
    "comments": {"One row an example.": "1行が1例。", "between -1 and 1": "-1と1の間"},
}


def parsed(**japanese: object) -> Exercise:
    return Exercise.parse("t/two", SOURCE, {**SPEC, "japanese": {**JAPANESE, **japanese}})


def without_words(source: str) -> str:
    """The code alone: no comment, no docstring."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        owner = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if owner and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def test_the_words_are_japanese_line_for_line() -> None:
    assert parsed().typed_source("ja").splitlines()[:14] == [
        '"""2つのステップ。"""',
        "",
        "import numpy as np",
        "",
        "",
        "def first(x, W):",
        '    """x (N, D)、W (D, H)。',
        "",
        "    総入力 (N, H) を",
        "    返す。",
        '    """',
        "    # 1行が1例。",
        "    u = ____  # (a)",
        '    label = "# One row an example."',
    ]
    assert '        r"""u (N, H)。"""' in parsed().typed_source("ja").splitlines()


def test_the_code_is_the_same_in_every_form_and_on_the_same_lines() -> None:
    exercise = parsed()
    for english in (exercise.solution, exercise.bug_source("grows"), exercise.fill({"a": "W"})):
        japanese = exercise.worded(english, "ja")
        assert japanese != english
        assert exercise.worded(english, "en") == english
        assert without_words(japanese) == without_words(english)
        assert len(japanese.splitlines()) == len(english.splitlines())
    assert exercise.bug_source("grows", "ja") == exercise.worded(exercise.bug_source("grows"), "ja")
    assert "# -1と1の間" in exercise.worded(exercise.solution, "ja")
    assert "loss" not in exercise.typed_source("ja")


def test_without_japanese_both_languages_show_the_file_as_it_is() -> None:
    plain = Exercise.parse("t/two", SOURCE, SPEC)
    assert plain.typed_source("ja") == plain.typed_source("en") == plain.typed_source()


def test_an_answer_in_the_japanese_file_is_judged_blank_by_blank_and_named(
    judge: CodeJudge,
) -> None:
    exercise = parsed()
    typed = exercise.typed_source("ja")
    answered = typed.replace("____  # (a)", "x @ W").replace("____  # (b)", "z = np.sinh(u)")
    judged = judge.check(exercise, answered, seed=1, shrink=False)
    assert judged.blanks == {"a": True, "b": False}
    assert [(m.at["bug"], m.at["blank"]) for m in judged.mistakes] == [("grows", "b")]
    row = next(n for n, text in enumerate(answered.splitlines(), 1) if "sinh" in text)
    assert judged.mistakes[0].line == row
    shipped = exercise.bug_source("grows", "ja")
    assert judge.check(exercise, shipped, "bug", "grows", shrink=False).notes == ("unchanged",)


def test_what_is_shown_is_translated_as_a_whole_or_told_where_not() -> None:
    docstrings, comments = JAPANESE["docstrings"], JAPANESE["comments"]
    rows: tuple[tuple[dict, tuple, str], ...] = (
        ({"docstrings": {**docstrings, "firts": "x"}}, ("docstrings", "firts"), "unknown name"),
        ({"docstrings": {**docstrings, "loss": "x"}}, ("docstrings", "loss"), "unknown name"),
        ({"docstrings": {"module": "x"}}, ("docstrings",), "lacks 'first', 'Second'"),
        ({"docstrings": {**docstrings, "first": "x"}}, ("docstrings", "first"), "English one 4"),
        ({"docstrings": {**docstrings, "Second": 'a"""b'}}, ("docstrings", "Second"), "neither"),
        ({"docstrings": {**docstrings, "Second": "a\\b"}}, ("docstrings", "Second"), "neither"),
        ({"docstrings": {**docstrings, "Second": 'a"'}}, ("docstrings", "Second"), "neither"),
        ({"docstrings": {**docstrings, "Second": 3}}, ("docstrings", "Second"), "a text"),
        ({"comments": {}}, ("comments",), "lacks 'One row an example.'"),
        ({"comments": {**comments, "nor this": "x"}}, ("comments", "nor this"), "unknown name"),
        (
            {"comments": {**comments, "between -1 and 1": "a\nb"}},
            ("comments", "between -1 and 1"),
            "one line",
        ),
        ({"docstring": {}}, ("docstring",), "unknown name"),
    )
    for changed, path, said in rows:
        with pytest.raises(ExerciseError) as error:
            parsed(**changed)
        assert error.value.path == ("japanese", *path), changed
        assert said in error.value.what, (changed, error.value.what)
    with pytest.raises(ExerciseError) as error:
        parsed(docstrings={**docstrings, "firts": "x"})
    assert "first" in error.value.nearest


def test_the_bank_s_own_are_shown_in_japanese(exercise) -> None:
    step = exercise("rnn/step_forward")
    assert any("ぁ" <= letter <= "ん" for letter in step.typed_source("ja"))
    assert without_words(step.worded(step.solution, "ja")) == without_words(step.solution)
