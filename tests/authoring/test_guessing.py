"""Strategies that do not read get no more than chance and five points, in either language."""

import pytest
from built_in import BANK

from drills.authoring.guessing import ENOUGH, MARGIN, STRATEGIES, scores

SCORES = scores(BANK.items.values())


@pytest.mark.parametrize(
    ("strategy", "asked", "options", "chosen"),
    [
        ("longest", "", ["short", "much longer", "longish"], [1]),
        ("longest", "", ["abcd", "重さ", "abc"], [0, 1]),
        ("shortest", "", ["short", "much longer", "id"], [2]),
        ("most-symbols", "", ["f ⊙ c + i ⊙ a", "f + c", "f c"], [0]),
        ("most-symbols", "", ["A sentence, with stops.", "a = b"], [1]),
        ("most-shared-words", "Which gates keep the state?", ["the gate", "the input"], [0]),
        ("most-shared-words", "状態を保つゲート", ["入力", "状態", "ゲートの値"], [1, 2]),
        ("least-absolute", "", ["It always holds.", "It may hold.", "It never holds."], [1]),
        ("least-absolute", "", ["必ず成り立つ", "成り立つことがある"], [1]),
        ("odd-one-out", "", ["(3, 4)", "(4, 3)", "12", "(4, 4)"], [2]),
    ],
)
def test_a_strategy_chooses_by_looks(strategy, asked, options, chosen):
    values = STRATEGIES[strategy](asked, options)

    assert [place for place, value in enumerate(values) if value == max(values)] == chosen


def test_a_bank_in_which_the_longest_is_right_is_caught(bank_of, choice):
    long = {"right_en": "the forget gate is near one", "right_ja": "忘却ゲートの値が1に近い"}
    text = "".join(choice(f"item-{n}", **long) for n in range(ENOUGH))
    found = {(s.strategy, s.language): s for s in scores(bank_of(text).items.values())}

    assert found["longest", "en"].share == 1
    assert found["longest", "ja"].too_good
    assert found["shortest", "en"].share == 0
    assert len(found["longest", "en"].won) == ENOUGH


def test_ties_count_their_share(bank_of, choice):
    (score, *_) = scores(bank_of(choice()).items.values())

    assert score.share == score.expected == 0.5


@pytest.mark.parametrize("score", SCORES, ids=lambda s: f"{s.strategy}-{s.language}")
def test_the_bank_gives_nothing_to_who_does_not_read(score):
    if score.items < ENOUGH:
        pytest.skip("too few items of choice to say so")
    won = ", ".join(item.id for item in score.won)
    assert score.share <= score.expected + MARGIN, f"{score.share:.3f}: {won}"
