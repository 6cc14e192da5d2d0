"""Which objectives are covered: by enough items, of enough kinds, none of them twice."""

from built_in import BANK

from drills.authoring.coverage import coverage
from question_bank.objectives import CENTRAL, OBJECTIVES, ROWS, TWO_KINDS, least_items, least_kinds


def row_of(bank, objective):
    return next(row for row in coverage(bank) if row.objective == objective)


def test_the_tables_name_rows_that_exist():
    assert len(ROWS) == 192
    assert CENTRAL < ROWS
    assert TWO_KINDS < ROWS
    assert len(CENTRAL) == 25
    assert {least_items(o) for o in OBJECTIVES} == {2, 5}
    assert {least_kinds(o) for o in OBJECTIVES} == {1, 2}
    assert least_items("J03") == least_items("J01")


def test_two_items_and_two_kinds_cover_a_row_that_lists_two(bank_of, choice):
    other = choice("two", en="Which signal writes first?", ja="先に書き込まれる信号はどれか。")
    term = other.replace("two", "three").replace("kind: choice", "kind: term")
    term = term[: term.index("  options:")].replace("Which signal", "Which name, it") + (
        '  accept: {en: [a], ja: [a]}\n  explanation: {en: "So it is.", ja: "そのとおりです。"}\n'
    )

    assert not row_of(bank_of(choice() + other), "D03").enough
    covered = row_of(bank_of(choice() + term), "D03")
    assert covered.enough
    assert covered.kinds == {"choice", "term"}


def test_the_same_question_twice_counts_once(bank_of, choice):
    bank = bank_of(choice("one") + choice("two"))

    assert row_of(bank, "D03").items == ["one"]


def test_code_with_blanks_and_several_right_options_are_kinds_of_their_own(bank_of, choice):
    coded = choice("two", en="What fills the blank?", ja="空欄に入るものはどれか。")
    coded += '  code: "c = （あ）"\n'
    several = choice("three", en="Select all that apply here.", ja="当てはまるものをすべて選べ。")
    several = several.replace(
        "  explanation", '    - {text: "f = 2", right: true}\n  several: true\n  explanation'
    )

    kinds = row_of(bank_of(choice() + coded + several), "D03").kinds

    assert kinds == {"choice", "choice-code", "choice-several"}


def test_exercises_count_towards_their_objectives():
    bank = BANK
    (entry, *_) = bank.exercises.values()

    assert entry.name in row_of(bank, entry.objectives[0]).items
