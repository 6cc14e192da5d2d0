"""What an exam asks: current questions with four options, whole sets, no repeat, all sections."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from exam_doubles import Grader, Item, body, questions, sit
from practice_doubles import Bank, Presentation, clock_at

from drills.exam import Exam, ExamRequest
from drills.exam_marking import exam_view
from drills.exam_paper import asked_before, compose, count_for, stock
from drills.progress.store import Store
from question_bank.index import open_bank
from question_bank.text import Place


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, True),
        ({"kind": "formula", "faces": ("typed", "choice"), "body": None}, True),
        ({"kind": "code", "faces": ("typed", "choice"), "body": None}, True),
        ({"kind": "formula", "faces": ("typed",), "body": None}, False),
        ({"kind": "numeric", "faces": ("typed",), "body": None}, False),
        ({"body": body(options=5)}, False),
        ({"body": body(several=True)}, False),
        ({"status": "legacy"}, False),
        ({"status": "course"}, False),
        ({"framework": "numpy"}, True),
        ({"framework": "pytorch"}, True),
        ({"framework": "tensorflow"}, False),
    ],
)
def test_only_current_questions_with_four_options_for_the_chosen_framework(fields, asked):
    bank = Bank({"one": Item("one", **fields)})
    assert bool(stock(bank, ExamRequest(framework="pytorch"))) == asked


def test_the_other_framework_can_be_chosen():
    bank = Bank({name: Item(name, framework=name) for name in ("pytorch", "tensorflow", "numpy")})
    names = [item.id for item in stock(bank, ExamRequest(framework="tensorflow"))]
    assert names == ["tensorflow", "numpy"]


def test_three_exams_in_a_row_repeat_no_question_where_there_are_enough(tmp_path):
    bank = questions(30)
    store = Store(tmp_path, clock_at())
    seen = Counter()
    for number in range(4):
        exam = Exam.start(
            bank, store, ExamRequest(count=10, seed=number), graders=lambda kind: Grader()
        )
        seen.update(question.slot.item for question in exam.questions)
        store.clock.advance(60)
        if number < 3:
            assert max(seen.values()) == 1
    # The fourth has to repeat, and takes what was asked the longest ago.
    assert len(asked_before(store)) == 2
    assert seen.total() == 40
    assert max(seen.values()) == 2


def test_with_too_few_questions_none_is_asked_twice_in_one_exam(tmp_path):
    _, exam = sit(tmp_path, questions(4), count=10)
    assert len({question.slot.item for question in exam.questions}) == 4 == len(exam.questions)


def test_a_set_is_asked_whole_in_its_order_and_not_in_every_exam(tmp_path):
    items = {f"s{n}": Item(f"s{n}", fact=f"s{n}", set="s", place=Place("f", n, 1)) for n in (2, 1)}
    bank = Bank({**items, **questions(8).items})
    names = [item.id for item in compose(bank, ExamRequest(count=6), [], random.Random(1))]
    assert "".join(names).count("s1s2") == 1
    later = compose(bank, ExamRequest(count=6), [names], random.Random(1))
    assert len(later) == 6


def test_sections_share_by_their_objectives():
    items = [
        Item(f"{section}-{n}", section=section, fact=f"{section}{n}", objectives=(f"{section}{n}",))
        for section, count in (("rnn", 12), ("bptt", 4))
        for n in range(count)
    ]
    bank = Bank({item.id: item for item in items})
    for seed in range(5):
        chosen = compose(bank, ExamRequest(count=8), [], random.Random(seed))
        counts = Counter(item.section for item in chosen)
        assert counts == {"rnn": 6, "bptt": 2}


def test_facts_and_objectives_are_spread_before_any_comes_twice():
    items = [Item(f"{fact}-{n}", fact=fact, objectives=(fact,)) for fact in "abcd" for n in "12"]
    bank = Bank({item.id: item for item in items})
    chosen = compose(bank, ExamRequest(count=4), [], random.Random(0))
    assert sorted(item.fact for item in chosen) == ["a", "b", "c", "d"]


def test_what_cannot_be_shown_with_four_options_is_passed_over(tmp_path):
    bank = questions(6)
    bank.items["made"] = Item("made", kind="code", fact="made", body=None)
    for options, asked in ((4, 7), (1, 6)):
        exam = Exam.start(
            bank,
            Store(tmp_path / str(options), clock_at()),
            ExamRequest(count=7, seed=1),
            graders=lambda kind, options=options: Grader(options),
        )
        assert len(exam.questions) == asked


@pytest.mark.parametrize(("minutes", "count"), [(120, 104), (23, 20), (0.1, 1)])
def test_minutes_alone_give_the_count_that_the_exam_s_pace_leaves_time_for(minutes, count):
    assert count_for(minutes) == count


def test_the_built_in_bank_holds_three_exams_of_this_field_s_share_without_a_repeat(tmp_path):
    bank = open_bank(tmp_path)
    before: list[set[str]] = []
    for seed in range(3):
        chosen = compose(bank, ExamRequest(count=20), before, random.Random(seed))
        names = {item.id for item in chosen}
        assert len(names) == 20
        assert not any(names & earlier for earlier in before)
        assert len({item.section for item in chosen}) >= 9
        assert len({item.fact for item in chosen}) == 20
        before.insert(0, names)


@pytest.mark.parametrize(
    ("kind", "asked"), [("formula", "Choose the formula"), ("code", "the blank (b)")]
)
def test_what_is_also_typed_asks_for_an_option_here(kind, asked):
    item = Item("made", kind=kind, body=None)
    presentation = Presentation("made", "choice", 1, {"blank": "b"}, (0, 1, 2, 3))
    assert asked in exam_view(item, presentation, Grader(), "en").stem
    plain = exam_view(Item("plain"), presentation, Grader(), "en")
    assert plain.stem == "plain"
