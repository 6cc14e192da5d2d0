"""A set: three or four questions under one shared stem, figure or code."""

import pytest
from bank_samples import write

from question_bank.index import open_bank
from question_bank.loader import load
from question_bank.marks import is_marked, is_negative
from question_bank.text import Text

QUESTION = """\
    - id: {id}
      kind: choice
      fact: rnn.code
      objectives: [A05]
      level: 1
      seconds: 40
      stem: {{en: "What goes into blank (a)?", ja: "（あ）に当てはまるものはどれか。"}}
      options:
        - {{text: "`x @ W`", right: true}}
        - {{text: "`W @ x`", why: {{en: "No.", ja: "違います。"}}}}
      explanation: {{en: "Rows.", ja: "行です。"}}
"""
HEAD = """\
- set: {name}
  framework: numpy
  stem: {{en: "Read the code.", ja: "コードを読め。"}}
  code: |
    u = （あ）
    if u > 0:
        z = f({{u}})   # kept
  figure: "|（い）|"
  items:
"""


def a_set(name="step", ids=("one", "two", "three"), head=HEAD):
    return head.format(name=name) + "".join(QUESTION.format(id=id) for id in ids)


def test_every_question_carries_what_its_set_shares(tmp_path):
    bank = load((write(tmp_path, items__rnn__first=a_set()),))

    assert not bank.problems
    assert bank.sets == {"step": ("one", "two", "three")}
    for item in bank.items.values():
        assert item.framework == "numpy"
        assert item.shared.stem == Text("Read the code.", "コードを読め。")


def test_lines_stay_as_they_are_and_blanks_have_english_names(tmp_path):
    bank = load((write(tmp_path, items__rnn__first=a_set()),))
    shared = bank.items["one"].shared

    assert shared.code.ja == "u = （あ）\nif u > 0:\n    z = f({u})   # kept"
    assert shared.code.en == "u = __(a)__\nif u > 0:\n    z = f({u})   # kept"
    assert shared.figure.en == "| (b)  |"


def test_a_compiled_set_is_the_same_set(tmp_path):
    folder = write(tmp_path / "bank", items__rnn__first=a_set())
    read = load((folder,))
    open_bank(tmp_path / "cache", (folder,))

    again = open_bank(tmp_path / "cache", (folder,))

    assert dict(again.items) == dict(read.items)
    assert again.sets == read.sets


def test_a_question_changes_in_meaning_with_what_its_set_shares(tmp_path):
    before = load((write(tmp_path, items__rnn__first=a_set()),)).items["one"]
    changed = HEAD.replace("Read the code", "Run the code")
    after = load((write(tmp_path, items__rnn__first=a_set(head=changed)),)).items["one"]
    renamed = load((write(tmp_path, items__rnn__first=a_set(name="other")),)).items["one"]

    assert after.hash != before.hash == renamed.hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (a_set(ids=("one", "two")), "At least 3 entries"),
        (a_set(ids=("a", "b", "c", "d", "e")), "At most 4 entries"),
        (a_set() + a_set(ids=("four", "five", "six")), "'step' is already used"),
        (a_set(head=HEAD.replace("Read the code", "Read {{H}} lines")), "'H' is not drawn"),
        (a_set(head=HEAD.replace("u = （あ）", "u =\t（あ）")), "spaces, not with tabs"),
        (a_set().replace("framework: numpy", "framework: jax"), "'jax' is not one of"),
        (a_set().replace("kind: choice", "kind: code", 1), "cannot stand in a set"),
    ],
)
def test_what_is_wrong_with_a_set_is_said(tmp_path, text, said):
    bank = load((write(tmp_path, items__rnn__first=text),))

    assert any(said in problem.message.en for problem in bank.problems)


def test_two_files_may_not_share_the_name_of_a_set(tmp_path):
    other = a_set(ids=("four", "five", "six"))
    bank = load((write(tmp_path, items__rnn__a=a_set(), items__rnn__b=other),))

    assert bank.sets == {"step": ("one", "two", "three")}
    assert bank.problems


def test_an_item_alone_has_code_with_drawn_values(tmp_path):
    item = QUESTION.format(id="alone").replace("    - id", "- id").replace("\n      ", "\n  ")
    item += '  draw: {H: {integer: [2, 9]}}\n  code: "nn.Linear({H}, {key})"\n'
    bank = load((write(tmp_path, items__rnn__first=item),))

    assert not bank.problems
    assert bank.items["alone"].code.en == "nn.Linear({H}, {key})"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Which is **not** right?", True),
        ("として**不適切なもの**を選べ。", True),
        ("`x ** 2 + y ** 2`", False),
        ("a**n + b**m", False),
        ("2**k**2", False),
        ("f(x)**n (y)**m", False),
        ("plain", False),
    ],
)
def test_a_power_is_no_mark(text, marked):
    assert is_marked(text) is marked


@pytest.mark.parametrize(
    ("en", "ja", "negative"),
    [
        ("Which is **not** true?", "**誤っているもの**はどれか。", True),
        ("Which statement is not true?", "正しいものを選べ。", True),
        ("Which of these is true?", "不適切なものを1つ選べ。", True),
        ("Which one is **always** true?", "最も適切なものを1つ選べ。", False),
        ("The gate does not open. What follows?", "開かないとき、何が起こるか。", False),
    ],
)
def test_a_negative_stem_is_known_by_its_mark_or_its_wording(en, ja, negative):
    assert is_negative(en, ja) is negative
