"""What an exercise gives is lent to an answer that comes without it, and to no other."""

from collections.abc import Callable

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge

BARE = """\
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = np.dot(x, Wx) + np.dot(prev_h, Wh) + b
    H = prev_h.shape[1]
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    next_c = f * prev_c + i * np.tanh(a[:, 3 * H :])
    return o * np.tanh(next_c), next_c, None
"""


def outcome(judge: CodeJudge, exercise: Exercise, source: str) -> str:
    return judge.check(exercise, source, seed=5, shrink=False).outcome


def test_a_function_that_calls_a_helper_of_the_exercise_needs_no_copy_of_it(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    assert outcome(judge, exercise("lstm/step_forward"), BARE) == "correct"


def test_a_helper_of_the_answers_own_takes_the_place_of_the_exercises(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    own = "def sigmoid(u):\n    return np.tanh(u)\n\n\n" + BARE
    assert outcome(judge, exercise("lstm/step_forward"), own) == "wrong"


def test_variables_of_the_module_are_given_too(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    model = exercise("bptt/character_loss")
    alone = model.solution[model.solution.index("def lossFun") :]
    assert outcome(judge, model, alone) == "correct"


def test_what_is_asked_for_is_never_lent(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    layer = exercise("lstm/time_layer")
    assert "LSTM" in layer.given.names
    assert "TimeLSTM" not in layer.given.names
    judged = judge.check(layer, "def sigmoid2(u):\n    return sigmoid(u)\n", seed=5, shrink=False)
    assert judged.outcome == "wrong"
    assert judged.checks[0].got == "sigmoid2", "names that are lent are not the learner's"


def test_an_error_in_an_answer_without_imports_has_its_own_line(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    broken = BARE.replace("H = prev_h.shape[1]", "H = prev_h.shape[7]")
    judged = judge.check(exercise("lstm/step_forward"), broken, seed=5, shrink=False)
    assert judged.error is not None
    assert (judged.error.line, judged.error.kind) == (3, "IndexError")


def test_a_function_may_be_spelt_in_the_other_style_of_names(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    step = exercise("lstm/step_forward")
    assert outcome(judge, step, BARE.replace("lstm_step_forward", "lstmStepForward")) == "correct"
    assert outcome(judge, step, BARE.replace("lstm_step_forward", "lstm_forward")) == "wrong"


def test_a_class_never_stands_for_a_function_of_its_name(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    source = "class LSTM:\n    pass\n"
    judged = judge.check(exercise("lstm/course_step"), source, seed=5, shrink=False)
    assert (judged.checks[0].name, judged.nearest) == ("defined", ()), judged


def test_a_function_that_is_called_but_not_asked_for_is_lent(
    judge: CodeJudge, exercise: Callable[..., Exercise]
) -> None:
    tree = exercise("rnn/tree")
    alone = tree.solution[tree.solution.index("def traverse") :]
    assert outcome(judge, tree, alone) == "correct"
    assert outcome(judge, tree, "import numpy as np\n") == "wrong"
    pair = exercise("rnn/step_pair")
    assert not {"rnn_step_forward", "rnn_step_backward"} & set(pair.given.names)
