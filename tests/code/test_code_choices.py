"""Four choices for a blank: the wrong ones are wrong by running them, and all differ."""

import pytest
from code_samples import ALL, parsed

from engine.code.choices import canonical, right_text
from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

BANK = ["rnn/step_forward", "bptt/bptt_loop", "bptt/binary_adder"]


def blanks_of(found: Exercise) -> list[str]:
    return [blank.letter for blank in found.blanks]


@pytest.mark.parametrize("name", BANK)
def test_every_blank_has_three_proved_mistakes_of_different_behaviour(
    judge: CodeJudge, exercise, name: str
) -> None:
    found = exercise(name)
    for blank in found.blanks:
        wrong = judge.choices(found, blank.letter, seed=0)
        assert len(wrong) == 3
        assert len({each.behaviour for each in wrong}) == 3
        assert len({each.text for each in wrong} | {right_text(blank)}) == 4
        for each in wrong:
            source = found.fill({blank.letter: each.text})
            assert judge.check(found, source, seed=3, shrink=False).outcome == "wrong"


@pytest.mark.parametrize("name", BANK)
def test_the_right_text_passes_as_it_is_shown(judge: CodeJudge, exercise, name: str) -> None:
    found = exercise(name)
    answers = {blank.letter: right_text(blank) for blank in found.blanks}
    assert judge.check(found, found.fill(answers)).outcome == "correct"


def test_the_same_seed_gives_the_same_choices_and_another_gives_others(
    judge: CodeJudge, exercise
) -> None:
    found = exercise("bptt/bptt_loop")
    drawn = [[each.text for each in judge.choices(found, "a", seed)] for seed in (1, 1, 2, 3)]
    assert drawn[0] == drawn[1]
    assert len({tuple(texts) for texts in drawn}) > 1


def test_silent_mistakes_come_before_those_that_stop(judge: CodeJudge, exercise) -> None:
    found = exercise("rnn/step_forward")
    for seed in range(5):
        assert {each.rank for each in judge.choices(found, "a", seed)} == {0}


def test_a_block_is_offered_whole(judge: CodeJudge) -> None:
    source = ALL["pair"][0].replace(
        "    du = dnext_h * (1 - next_h**2)  #: b\n",
        "    #: b begin\n    slope = 1 - next_h**2\n    du = dnext_h * slope\n    #: b end\n",
    )
    found = Exercise.parse("test/block", source, ALL["pair"][1])
    wrong = judge.choices(found, "b", 0)
    assert len(wrong) == 3
    assert all(len(each.text.splitlines()) == 2 for each in wrong)
    assert right_text(found.blanks[1]) == "slope = 1 - next_h ** 2\ndu = dnext_h * slope"


def test_an_authors_own_wrong_texts_come_first_if_they_are_wrong(judge: CodeJudge) -> None:
    own = ["np.sinh(x @ Wx + prev_h @ Wh + b)", "np.tanh(b + x @ Wx + prev_h @ Wh)"]
    found = parsed("pair", choices={"a": own})
    texts = [each.text for each in judge.choices(found, "a", 0)]
    # The second is the right one in another order, and must not be offered.
    assert texts[0] == own[0]
    assert own[1] not in texts


def test_a_missing_blank_is_the_callers_mistake(judge: CodeJudge) -> None:
    with pytest.raises(KeyError):
        judge.choices(parsed("pair"), "z", 0)


@pytest.mark.parametrize(
    ("written", "shown"), [("x@W+ b", "x @ W + b"), ("  y[t ,0]", "y[t, 0]"), ("a +", "a +")]
)
def test_all_texts_are_spelt_alike(written: str, shown: str) -> None:
    assert canonical(written) == shown
