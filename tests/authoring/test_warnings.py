"""What ``bptt bank check`` warns of: nothing of it breaks a bank, all of it spoils a question."""

import pytest

from drills.authoring.warnings import warnings

LONG = "W_in·" * 15
WIDE = "重" * 40


def said(bank):
    return [problem.message.en for problem in warnings(bank)]


def test_a_plain_question_gives_no_warning(bank_of, choice):
    assert said(bank_of(choice())) == []


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        (
            {"right_en": "the value that keeps the cell state", "en": "Which keeps the cell state "
             "and its value steady?"},
            "repeats these words of the stem (English): cell, keep, state",
        ),
        ({"ja": "Which value?"}, "not read like Japanese"),
        ({"en": "Which 値 keeps it?"}, "not read like English"),
        ({"right_en": "it keeps the whole state", "right_ja": "it keeps the whole state"},
         "not read like Japanese"),
        ({"right_en": LONG}, "at 80 columns there is room for 68"),
        ({"en": "Which is " + "x" * 90 + "?"}, "at 80 columns there is room for 74"),
        ({"wrong_ja": r"保つ\u0007"}, "cannot be shown: U+0007"),
        ({"ja": "**誤っているもの**はどれか。", "en": "Which statement is not true?"},
         "mark the word with ** (English)"),
        ({"ja": "不適切なものを1つ選べ。", "en": "Which is **not** true?"},
         "mark the word with ** (Japanese)"),
    ],
)  # fmt: skip
def test_what_spoils_a_question_is_said(bank_of, choice, changes, warning):
    assert any(warning in message for message in said(bank_of(choice(**changes)))), warning


@pytest.mark.parametrize(
    ("key", "line", "warning"),
    [
        ("code", "x" * 75, "75 columns wide"),
        ("code", "# " + WIDE, "82 columns wide"),
        ("code", "x" * 74, None),
        ("code", "h → c", None),
        ("figure", "h → c", "width differs between terminals: →"),
        ("figure", "h --> c", None),
        ("figure", "重 --> 力", None),
    ],
)
def test_lines_must_fit_into_80_columns_and_figures_must_align(bank_of, choice, key, line, warning):
    found = said(bank_of(choice() + f'  {key}: "{line}"\n'))

    assert [warning in message for message in found] == ([True] * 2 if warning else [])


def test_the_same_question_twice_is_found(bank_of, choice):
    twice = choice("one", en="A layer of 30 units reads 20 inputs. Which value keeps its state?",
                   ja="30ユニットの層が20個の入力を読む。状態を保つ値はどれか。")  # fmt: skip
    again = twice.replace("one", "two").replace("30", "64").replace("20", "48")
    other = choice(
        "three", en="Which gate opens first in this program?", ja="最初に開くのはどれか。"
    )

    found = said(bank_of(twice + again + other))

    assert found == ["Nearly the same question as one (100% alike)."]


def test_old_questions_are_reached_when_they_are_asked_for(bank_of, choice):
    assert said(bank_of(choice(status="legacy") + choice("two", status="course", en="Why?"))) == []


def test_too_many_negative_stems_are_said(bank_of, choice):
    def numbered(n, **changes):
        words = {"en": f"Topic {'abcdefghijklmnopqrstuvwxyz'[n] * 9}, which holds?"}
        words["ja"] = (
            f"{'一二三四五六七八九十百千万億兆山川田林森'[n] * 9}のうち正しいものはどれか。"
        )
        return choice(f"item-{n}", **{**words, **changes})

    negative = {"en": "Which is **not** so?", "ja": "**誤っているもの**はどれか。"}
    few = [numbered(n, **({} if n > 2 else {**negative, "wrong_en": f"k{n}"})) for n in range(20)]
    many = [numbered(n, **({} if n > 3 else {**negative, "wrong_en": f"k{n}"})) for n in range(20)]

    assert not any("ask for what does not hold" in m for m in said(bank_of("".join(few))))
    assert any("20% of the questions ask" in m for m in said(bank_of("".join(many))))
