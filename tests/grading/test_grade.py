"""One call grades any item; graders load when wanted, and never the heavy libraries."""

import itertools
import random
import subprocess
import sys

import pytest
from built_in import BANK
from grading_samples import bank_of

from drills.grading import grade, grader_for
from drills.grading.base import letters_in
from question_bank.kinds import KINDS
from question_bank.text import LANGUAGES

PLAIN = [item for item in BANK.items.values() if item.kind not in ("formula", "code")]
# `make prove` certifies every item; here those of one draw.
DRAWN = random.Random(29).sample(sorted(PLAIN, key=lambda item: item.id), k=60)
ONE = """
options:
  - {text: "right one", right: true}
  - {text: "wrong one", why: {en: "No.", ja: "いいえ。"}}
"""


def typed(item, presentation, shown):
    """What is revealed, as it would be typed."""
    lines = shown.split("\n")
    if item.kind == "choice" or (item.kind == "predict" and item.body.options):
        return " ".join(line[0] for line in lines)
    return lines[0]


def test_one_call_presents_and_grades():
    bank = bank_of(ONE, "choice")
    right = [grade(bank, "one", letter, seed=3).right for letter in "AB"]
    assert sorted(right) == [False, True]
    verdict = grade(bank, "one", "A", face="choice", seed=3)
    assert (verdict.item, verdict.face, verdict.seed) == ("one", "choice", 3)


def test_an_unknown_item_face_or_kind_is_an_error_of_the_caller():
    bank = bank_of(ONE, "choice")
    with pytest.raises(KeyError):
        grade(bank, "two", "A")
    with pytest.raises(ValueError, match="exam"):
        grade(bank, "one", "A", face="exam")
    with pytest.raises(KeyError):
        grader_for("../choice")


@pytest.mark.parametrize("kind", sorted({item.kind for item in PLAIN}))
def test_what_a_built_in_item_reveals_is_right_in_both_languages(kind):
    grader = grader_for(kind, BANK)
    for item, seed in itertools.product([i for i in PLAIN if i.kind == kind], range(2)):
        presentation = grader.present(item, item.faces[0], seed)
        assert presentation == grader.present(item, item.faces[0], seed)
        for language in LANGUAGES:
            answer = typed(item, presentation, grader.reveal(item, presentation).in_(language))
            verdict = grader.grade(item, presentation, answer)
            assert verdict.outcome == "correct", (item.id, answer)
            view = grader.view(item, presentation, language)
            for shown in (view.stem, view.prompt, verdict.feedback.in_(language)):
                assert shown, item.id
            for name in presentation.values:
                assert "{" + name + "}" not in view.stem, item.id


@pytest.mark.parametrize(
    "answer", ["", "A", "0", "いろは", "A B C D E F", "A=1 B=1", "\x00", "９" * 500]
)
def test_any_answer_to_a_built_in_item_gets_a_verdict_with_feedback(answer):
    for item in DRAWN:
        verdict = grade(BANK, item.id, answer)
        assert verdict.feedback.en, item.id
        assert verdict.feedback.ja, item.id
        assert verdict.to_json("ja")["item"] == item.id


def test_no_built_in_item_fails_its_certificate():
    for item in DRAWN:
        certificate = grader_for(item.kind, BANK).certify(item)
        assert certificate.problems == (), item.id
        assert item.kind != "numeric" or certificate.status == "proved", item.id


@pytest.mark.parametrize(
    ("answer", "letters"),
    [
        ("a", ["A"]),
        ("Ｂ　Ａ", ["B", "A"]),
        ("C→A", ["C", "A"]),
        ("(c)", ["C"]),
        ("D", None),
        ("", None),
        ("A1", None),
        ("ß", None),
        ("A" * 500, ["A"] * 400),
    ],
)
def test_letters_are_read_in_any_width_and_punctuation(answer, letters):
    assert letters_in(answer, 3) == letters


def test_each_kind_has_a_grader_and_a_quiz_of_choices_loads_no_heavy_library():
    code = (
        "import sys, tempfile\nfrom pathlib import Path\n"
        "from question_bank.loader import BUILT_IN\nfrom question_bank.index import open_bank\n"
        "import drills.grading\n"
        "assert 'drills.grading.choice' not in sys.modules\n"
        "bank = open_bank(None)\n"
        "for item in bank.items.values():\n"
        "    if item.kind in ('choice', 'term', 'order', 'match'):\n"
        "        drills.grading.grade(bank, item.id, 'A')\n"
        "bad = {'numpy', 'sympy', 'textual', 'engine.computations'} & set(sys.modules)\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for kind in set(KINDS) - {"formula", "code"}:
        assert type(grader_for(kind)).__name__ == f"{kind.title()}Grader"
