"""The judge, on formulas as people write them."""

import json
import subprocess
import sys

import pytest

from engine.formulas.conventions import ConventionError
from engine.formulas.judge import OUTCOMES, judge
from engine.formulas.targets import TARGETS
from engine.mistakes import MISTAKE_CODES

COURSE = {
    "W_in": (
        r"W_{(in)}^{t+1} = W_{(in)}^{t}-\epsilon\frac{\partial E}{\partial W_{(in)}} ="
        r" W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z}]^T"
    ),
    "W_out": (
        r"W_{(out)}^{t+1} = W_{(out)}^{t}-\epsilon\frac{\partial E}{\partial W_{(out)}} ="
        r" W_{(out)}^{t}-\epsilon \delta^{out,t}[z^{t}]^T"
    ),
    "W": (
        r"W^{t+1} = W^{t}-\epsilon\frac{\partial E}{\partial W} ="
        r" W_{(in)}^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[x^{t-z-1}]^T"
    ),
    "b": (
        r"b^{t+1} = b^t-\epsilon\frac{\partial E}{\partial b} ="
        r" b^t-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}"
    ),
    "c": r"c^{t+1} = c^t-\epsilon\frac{\partial E}{\partial c} = c^t-\epsilon \delta^{out,t}",
}
MENDED = (
    r"W^{t+1} = W^{t}-\epsilon\frac{\partial E}{\partial W} ="
    r" W^{t}-\epsilon \sum_{z=0}^{T_t}\delta^{t-z}[z^{t-z-1}]^T"
)


def codes(judgement):
    return [mistake.code for mistake in judgement.mistakes]


def found_at(text, judgement):
    return [text[slice(*mistake.span)] for mistake in judgement.mistakes]


# ------------------------------------------------------------------ the course's five lines


@pytest.mark.parametrize(
    ("name", "assumptions"),
    [
        ("W_in", {"layout": "column"}),
        ("W_out", {"layout": "column", "loss": "step"}),
        ("b", {}),
        ("c", {"loss": "step"}),
    ],
)
def test_the_courses_right_lines_are_right_with_the_assumptions_they_need(name, assumptions):
    judgement = judge(COURSE[name])
    assert (judgement.outcome, judgement.target) == ("correct", f"rnn.{name}.update")
    assert judgement.assumptions == assumptions
    assert judgement.mistakes == ()


def test_the_courses_line_for_the_recurrent_weights_has_two_mistakes_named_in_their_places():
    judgement = judge(COURSE["W"])
    assert judgement.outcome == "wrong"
    assert codes(judgement) == ["wrong-parameter", "wrong-signal"]
    assert found_at(COURSE["W"], judgement) == ["W_{(in)}^{t}", "x^{t-z-1}"]
    assert judgement.mistakes[0].at == {"found": "W_in^t", "expected": "W^t"}
    assert judgement.mistakes[1].at == {"found": "x^{t−z−1}", "expected": "z^{t−z−1}"}
    assert judgement.link == 2
    assert [(shape.left, shape.right) for shape in judgement.shapes] == [("H×D", "H×H")]


def test_the_mended_line_in_which_z_is_state_and_index_is_right():
    judgement = judge(MENDED)
    assert judgement.outcome == "correct"
    assert judgement.target == "rnn.W.update"


@pytest.mark.parametrize("name", list(COURSE))
def test_full_width_typing_changes_nothing(name):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in COURSE[name])
    plain, typed = judge(COURSE[name]), judge(wide)
    assert typed.outcome == plain.outcome
    assert codes(typed) == codes(plain)
    assert [one.span for one in typed.mistakes] == [one.span for one in plain.mistakes]


# ------------------------------------------------------------------ real notes

NOTES = [
    # id, formula, right?, stated, mistakes
    ("F001", r"u^t = W_{(in)}x^t+Wz^{(t-1)}+b", True, {}, []),
    ("F002", r"z^t = f(W_{(in)}x^t+Wz^{(t-1)}+b)", True, {}, []),
    ("F003", r"v^t = W_{(out)}z^t+c", True, {}, []),
    ("F004", r"y^t = g(W_{(out)}z^t+c)", True, {}, []),
    (
        "F010",
        r"z_1 = W_{in} x_1 + W z_0 + b \\ y_1 = g(W_{out} z_1 + c)",
        False,
        {},
        ["activation-dropped"],
    ),
    ("F012", "z*1 = sigmoid(S_0 w + x_1 w*{(in)} + b)", True, {}, []),
    ("F014", "u[:,t+1] = np.dot(X, W_in) + np.dot(z[:,t].reshape(1, -1), W)", True, {}, []),
    (
        "F015",
        "v = np.dot(z[:,t+1].reshape(1,-1),W_out); y[:,t] = functions.sigmoid(v + c)",
        True,
        {},
        [],
    ),
    (
        "F016",
        r"\frac{\partial E}{\partial W_{(in)}} = \frac{\partial E}{\partial u^t}"
        r" \left[ \frac{\partial u^t}{\partial W_{(in)}} \right]^T = \delta^t[x^t]^T",
        True,
        {},
        [],
    ),
    (
        "F017",
        r"\frac{\partial E}{\partial W_{(out)}} = \frac{\partial E}{\partial v^t}"
        r" \left[ \frac{\partial v^t}{\partial W_{(out)}} \right]^T = \delta^{out, t}[z^t]^T",
        True,
        {},
        [],
    ),
    (
        "F022",
        r"\frac{\partial E}{\partial u^t} = \frac{\partial E}{\partial v^t}"
        r" \frac{\partial v^t}{\partial u_t} = \frac{\partial E}{\partial v^t}"
        r" \frac{\partial \lbrace W_{(out)}f(u^t) + c\rbrace}{\partial u_t}"
        r" = f^{\prime}(u^t) W_{(out)}^T \delta^{out,t} =\delta^t",
        True,
        {},
        [],
    ),
    (
        "F025",
        "delta[:,t] = (np.dot(delta[:,t+1].T, W.T) + np.dot(delta_out[:,t].T, W_out.T))"
        " * functions.d_sigmoid(u[:,t+1])",
        True,
        {},
        [],
    ),
    (
        "F027",
        "delta_out[:,t] = functions.d_mean_squared_error(dd, y[:,t]) * functions.d_sigmoid(y[:,t])",
        False,
        {},
        ["derivative-of-wrong-argument"],
    ),
    (
        "F034",
        r"W^{t+1} = W^t - \epsilon \frac{\partial E}{\partial W} ="
        r" W^t - \epsilon \sum_{z=0}^{Tt} \delta^{t-z}[x^{t-z-1}]^T",
        False,
        {},
        ["wrong-signal"],
    ),
    (
        "F036",
        r"W^{t+1} = W^t - \frac{\partial E}{ \partial W} = W*{(in)}^t"
        r" - \epsilon \sum*{z=0}^{T_t} \delta ^{t-z} \big[ x^{t-z-1} \big]",
        False,
        {},
        ["learning-rate-dropped", "wrong-parameter", "wrong-signal", "transpose-dropped"],
    ),
    (
        "F042",
        r"\delta^{t,t} = \delta^{out,t} W_{(out)},"
        r"  \delta^{t, t-p-1} = \delta^{t, t-p} W f(u^{t-p})",
        False,
        {},
        ["derivative-dropped", "index-shifted", "derivative-dropped"],
    ),
    (
        "F045",
        r"\frac{\partial E^t}{\partial W}  = \sum_{k=1}^t \delta^{t, k} z^{k-1}",
        True,
        {"scalar": "yes"},
        [],
    ),
    (
        "F046",
        r"\frac{\partial E^t}{\partial W_{(in)}} = \sum_{k=1}^t \delta^{t,k} x^{k}",
        True,
        {"scalar": "yes"},
        [],
    ),
    (
        "F057",
        r"\mathbf{O}_t = \mathbf{H}_t \mathbf{W}_{\textrm{hq}} + \mathbf{b}_\textrm{q}",
        True,
        {},
        [],
    ),
    ("F115", "h_t = tanh(W_{hh}h_{t-1} + W_{xh}x_t)", True, {}, []),
]


@pytest.mark.parametrize(
    ("formula", "right", "stated", "mistakes"),
    [row[1:] for row in NOTES],
    ids=[r[0] for r in NOTES],
)
def test_formulas_from_real_notes_are_judged_as_they_deserve(formula, right, stated, mistakes):
    judgement = judge(formula, stated=stated)
    assert judgement.outcome == ("correct" if right else "wrong")
    assert codes(judgement) == mistakes


def test_a_slope_that_is_no_target_is_judged_where_all_are_numbers():
    text = (
        r"\frac{\partial z^t}{\partial W} ="
        r" \sum_{k=1}^{t} f'(u^t) ( \prod_{m=k}^t W f'(u^m) ) z^{k-1}"
    )
    judgement = judge(text)
    assert judgement.outcome == "wrong"
    assert [mistake.code for mistake in judgement.mistakes] == ["product-lengthened"]
    assert judge(text.replace("{m=k}^t", "{m=k}^{t-1}")).outcome == "correct"


PROGRAM = [
    # the course's program, line by line: column t + 1 of u and z belongs to column t of the rest
    ("W_grad += np.dot(z[:,t].reshape(-1,1), delta[:,t].reshape(1,-1))", True, []),
    ("W_in_grad += np.dot(X.T, delta[:,t].reshape(1,-1))", True, []),
    ("y[:,t] = functions.sigmoid(np.dot(z[:,t+1].reshape(1, -1), W_out))", True, []),
    ("u[:,t+1] = np.dot(X, W_in) + np.dot(z[:,t+1].reshape(1, -1), W)", False, ["index-shifted"]),
    (
        "delta[:,t] = (np.dot(delta[:,t+1].T, W.T) + np.dot(delta_out[:,t].T, W_out.T))"
        " * functions.d_sigmoid(u[:,t])",
        False,
        ["index-shifted"],
    ),
    (
        "delta[:,t] = (np.dot(delta[:,t+1].T, W) + np.dot(delta_out[:,t].T, W_out.T))"
        " * functions.d_sigmoid(u[:,t+1])",
        False,
        ["transpose-dropped"],
    ),
]


@pytest.mark.parametrize(("line", "right", "mistakes"), PROGRAM)
def test_lines_of_the_courses_program_are_judged_as_row_formulas(line, right, mistakes):
    judgement = judge(line)
    assert judgement.outcome == ("correct" if right else "wrong")
    assert codes(judgement) == mistakes
    if right:
        assert judgement.assumptions["layout"] == "row"


# ------------------------------------------------------------------ right answers

RIGHT = [
    ("δ^t = f'(u^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})", {"layout": "column", "loss": "sequence"}),
    ("δ^t = f'(u^t) ⊙ W_out^T δ^{out,t}", {"layout": "column", "loss": "step"}),
    ("δ^{t-s-1} = f'(u^{t-s-1}) ⊙ (W^T δ^{t-s})", {"layout": "column"}),
    ("δ^{t-p-1} = f'(u^{t-p-1}) ⊙ (W^T δ^{t-p})", {"layout": "column"}),
    ("δ^{t-1} = f'(u^{t-1}) ⊙ W^T δ^t", {"layout": "column"}),
    ("δ^{t-p-1} = δ^{t-p} W f'(u^{t-p-1})", {"layout": "numerator"}),
    (
        "δ^{t-1} = f'(u^{t-1}) ⊙ (W^T δ^t + W_out^T δ^{out,t-1})",
        {"layout": "column", "loss": "sequence"},
    ),
    (
        "δ^t = (1-(z^t)^2) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
        {"layout": "column", "loss": "sequence", "activation": "tanh"},
    ),
    (
        "δ^t = z^t ⊙ (1-z^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
        {"layout": "column", "loss": "sequence", "activation": "sigmoid"},
    ),
    ("∂E/∂W = Σ_{t=1}^{T} δ^t [z^{t-1}]^T", {"layout": "column", "loss": "sequence"}),
    ("∂E/∂W = Σ_{k=1}^{t} δ^k [z^{k-1}]^T", {"layout": "column"}),
    ("∂E/∂W = Σ_{s=0}^{t-1} δ^{t-s} [z^{t-s-1}]^T", {"layout": "column"}),
    ("∂E/∂W = Σ_{s=0}^{τ-1} δ^{t-s} [z^{t-s-1}]^T", {"layout": "column"}),
    ("∂E/∂W = Σ_{s=0}^{T_t} [z^{t-s-1}]^T δ^{t-s}", {"layout": "row"}),
    ("∂E/∂W = Σ_{s=0}^{T_t} (∂E/∂u^{t-s}) [z^{t-s-1}]^T", {"layout": "column"}),
    ("∂E/∂W_out = Σ_t δ^{out,t} [z^t]^T", {"layout": "column", "loss": "sequence"}),
    ("W ← W - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T", {"layout": "column"}),
    ("W^{n+1} = W^{n} - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T", {"layout": "column"}),
    ("z^t = tanh(u^t)", {"activation": "tanh"}),
    ("y^t = softmax(v^t)", {"output": "ce-softmax"}),
    ("delta_out = y - d", {"output": "mse-identity"}),
    ("δ^{out,t} = (y^t - d^t) ⊙ y^t ⊙ (1 - y^t)", {"output": "mse-sigmoid"}),
    ("δ^{out,t} = (y^t - d^t) ⊙ g'(v^t)", {"output": "mse-sigmoid"}),
    ("u = X @ W_in + z_prev @ W + b", {"layout": "row"}),
    ("dW = z_prev.T @ delta", {"layout": "row", "scope": "one-step"}),
    ("np.dot(X.T, delta)", {"layout": "row", "scope": "one-step"}),
    (
        "delta = (delta_next @ W.T + delta_out @ W_out.T) * (1 - z**2)",
        {"layout": "row", "loss": "sequence", "activation": "tanh"},
    ),
]


@pytest.mark.parametrize(("text", "assumptions"), RIGHT)
def test_what_is_right_under_one_complete_convention_is_right_with_its_assumptions(
    text, assumptions
):
    judgement = judge(text)
    assert judgement.outcome == "correct"
    assert judgement.assumptions == assumptions


# ------------------------------------------------------------------ wrong answers

WRONG = [
    # target, formula, stated, (code, place) ...
    (
        "rnn.W.update",
        "W^t - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s}]^T",
        {},
        [("index-shifted", "z^{t-s}")],
    ),
    (
        "rnn.W.update",
        "W^t + ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T",
        {},
        [("sign-flipped", "W^t + ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T")],
    ),
    (
        "rnn.W.update",
        "W^t - Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T",
        {},
        [("learning-rate-dropped", "W^t - Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T")],
    ),
    (
        "rnn.W.update",
        "W^t - ε Σ_{s=0}^{T_t-1} δ^{t-s} [z^{t-s-1}]^T",
        {},
        [("sum-shortened", "Σ_{s=0}^{T_t-1} δ^{t-s} [z^{t-s-1}]^T")],
    ),
    (
        "rnn.W.update",
        "W^t - ε Σ_{s=1}^{T_t} δ^{t-s} [z^{t-s-1}]^T",
        {},
        [("sum-starts-late", "Σ_{s=1}^{T_t} δ^{t-s} [z^{t-s-1}]^T")],
    ),
    (
        "rnn.W.update",
        "W_out^t + ε Σ_{s=0}^{T_t} δ^{t-s} [x^{t-s-1}]^T",
        {},
        [
            ("wrong-parameter", "W_out^t"),
            ("wrong-signal", "x^{t-s-1}"),
            ("sign-flipped", "ε Σ_{s=0}^{T_t} δ^{t-s} [x^{t-s-1}]^T"),
        ],
    ),
    (
        "rnn.W.update",
        "W^t - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s+1}]^T",
        {},
        [("index-shifted", "z^{t-s+1}")],
    ),
    (
        "rnn.b.update",
        "b^t + ε δ^t",
        {},
        [("sign-flipped", "ε δ^t"), ("sum-dropped", "ε δ^t")],
    ),
    ("rnn.W.update", "W^t - ε ∂E/∂W_in", {}, [("wrong-parameter", "∂E/∂W_in")]),
    (
        "rnn.delta",
        "f'(u^t) ⊙ (W δ^{t+1} + W_out^T δ^{out,t})",
        {"loss": "sequence"},
        [("transpose-dropped", "W")],
    ),
    (
        "rnn.delta",
        "f'(z^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
        {"loss": "sequence"},
        [("derivative-of-wrong-argument", "f'(z^t)")],
    ),
    (
        "rnn.delta",
        "f'(u^t) ⊙ W^T δ^{t+1} + W_out^T δ^{out,t}",
        {"loss": "sequence"},
        [("parentheses-dropped", "f'(u^t) ⊙ W^T δ^{t+1} + W_out^T δ^{out,t}")],
    ),
    (
        "rnn.delta",
        "z^t ⊙ (1-z^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})",
        {"loss": "sequence", "activation": "tanh"},
        [("activation-wrong", "z^t ⊙ (1-z^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t})")],
    ),
    (
        "rnn.delta_step",
        "f'(u^{t-s}) ⊙ (W^T δ^{t-s})",
        {},
        [("index-shifted", "u^{t-s}")],
    ),
    (
        "rnn.delta_out",
        "(y^t - d^t) ⊙ y^t ⊙ (1 - y^t)",
        {"output": "ce-softmax"},
        [("factor-added", "(y^t - d^t) ⊙ y^t ⊙ (1 - y^t)")],
    ),
    ("rnn.delta_out", "(y - d) * d_sigmoid(y)", {"output": "mse-sigmoid"}, None),
    ("rnn.u", "W_in x^t + W z^t + b", {}, [("index-shifted", "z^t")]),
    ("rnn.u", "W_in x^t + W z^{t-1}", {"biases": "one"}, None),
    ("rnn.y", "f(W_out z^t + c)", {}, [("activation-wrong", "f(W_out z^t + c)")]),
    ("rnn.b.gradient", "δ^t [x^t]^T", {"scope": "whole"}, None),
]


@pytest.mark.parametrize(("target", "text", "stated", "named"), WRONG)
def test_a_wrong_answer_is_named_in_its_place(target, text, stated, named):
    judgement = judge(text, target=target, stated=stated)
    assert judgement.outcome == "wrong"
    assert judgement.target == target
    assert judgement.mistakes
    if named is not None:
        assert list(zip(codes(judgement), found_at(text, judgement), strict=True)) == named


def test_the_derivative_of_an_activated_output_is_named_for_what_it_is():
    judgement = judge(
        "(y - d) * d_sigmoid(y)", target="rnn.delta_out", stated={"output": "mse-sigmoid"}
    )
    assert codes(judgement) == ["derivative-of-wrong-argument"]
    assert judgement.mistakes[0].at["expected"] == "σ'(v)"


def test_a_recursion_with_only_one_of_its_two_paths_is_not_excused_by_a_lag():
    judgement = judge("δ^t = f'(u^t) ⊙ W^T δ^{t+1}")
    assert judgement.outcome == "wrong"
    assert codes(judgement) == ["output-path-dropped"]


def test_a_left_side_that_names_another_quantity_is_a_mistake_of_its_own():
    text = "W_in^{t+1} = W^t - ε Σ_{s=0}^{T_t} δ^{t-s} [z^{t-s-1}]^T"
    judgement = judge(text, target="rnn.W.update")
    assert judgement.outcome == "wrong"
    assert codes(judgement) == ["left-side-wrong"]
    assert judgement.mistakes[0].at == {"found": "W_in^{t+1}", "expected": "W^{t+1}"}
    assert text[slice(*judgement.mistakes[0].span)] == "W_in^{t+1}"


def test_every_link_of_a_chain_is_judged_and_the_first_wrong_one_is_told():
    right = "δ^{t-s} [z^{t-s-1}]^T"
    text = f"W^{{t+1}} = W^t + ε ∂E/∂W = W^t - ε Σ_{{s=0}}^{{T_t}} {right}"
    judgement = judge(text)
    assert (judgement.outcome, judgement.link) == ("wrong", 1)
    assert codes(judgement) == ["sign-flipped"]


# --------------------------------------------------------------- elsewhere, incomplete, undecided


@pytest.mark.parametrize(
    ("text", "stated", "assumptions"),
    [
        (COURSE["W_out"], {"loss": "sequence"}, {"loss": "step"}),
        ("∂E/∂W_out = Σ_t δ^{out,t} [z^t]^T", {"loss": "step"}, {"loss": "sequence"}),
        ("dW = z_prev.T @ delta", {"layout": "column"}, {"layout": "row", "scope": "one-step"}),
        ("∂E/∂W = δ^t [z^{t-1}]^T", {"loss": "sequence"}, {"scope": "one-step"}),
        ("∂E/∂W_out = δ^{out,t} [z^t]^T", {"loss": "sequence"}, {"loss": "step"}),
        ("δ^{t-1} = δ^t {W f'(u^{t-1})}", {"layout": "column"}, {"layout": "numerator"}),
        ("u = X @ W_in + z_prev @ W + b", {"layout": "column"}, {"layout": "row"}),
    ],
)
def test_right_under_another_than_the_stated_convention_is_told_as_that(text, stated, assumptions):
    target = None
    judgement = judge(text, target=target, stated=stated)
    assert judgement.outcome == "correct_elsewhere"
    assert judgement.assumptions == assumptions


def test_another_model_than_the_stated_one_is_no_convention():
    text = "δ^{out,t} = y^t - d^t"
    assert judge(text, stated={"output": "ce-softmax"}).outcome == "correct"
    assert judge(text, stated={"output": "mse-sigmoid"}).outcome == "wrong"


@pytest.mark.parametrize(
    ("text", "target", "reason"),
    [
        ("∂E/∂W", "rnn.W.gradient", "asked-for"),
        ("∂E/∂W", None, "asked-for"),
        ("W^{t+1} = W^t - ε ∂E/∂W", "rnn.W.update", "asked-for"),
        ("W -= lr * dW", "rnn.W.update", "asked-for"),
        ("δ^t = ∂E/∂u^t", None, "asked-for"),
        ("δ^t = δ^t", None, "asked-for"),
        ("u^t = u^t", None, "asked-for"),
        ("δ^t = f'(u^t) ⊙ ∂E/∂z^t", "rnn.delta", "not-given"),
        ("∂E/∂y^t ⊙ y^t ⊙ (1 - y^t)", "rnn.delta_out", "not-given"),
    ],
)
def test_a_true_line_that_uses_what_was_asked_for_is_incomplete(text, target, reason):
    stated = {"output": "mse-sigmoid"} if target == "rnn.delta_out" else None
    judgement = judge(text, target=target, stated=stated)
    assert (judgement.outcome, judgement.reason) == ("incomplete", reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            r"\frac{\partial E}{\partial W} = \delta^t \frac{\partial \{W z^{t-1}\}}{\partial W}",
            "formal-step",
        ),
        ("∂E/∂W = Σ_{s=0}^{T_t} δ^{t-s} [z^{t-q-1}]^T", "undeclared-symbol"),
        ("∂E/∂y^t = W^T δ^{t+1} + W_out^T δ^{out,t}", "target-unknown"),
        ("2 + 2", "target-unknown"),
        ("δ^{t} = Σ_{s=0}^{1000000} δ^{t-s}", "too-much-work"),
        ("u^t = (W_in x^t + W z^{t-1} + b)/0", "not-evaluable"),
        ("x^t = u^t", "target-unknown"),
    ],
)
def test_what_cannot_be_decided_is_undecided_with_a_reason_and_never_wrong(text, reason):
    judgement = judge(text)
    assert (judgement.outcome, judgement.reason) == ("undecided", reason)


def test_what_is_not_a_formula_is_not_understood_with_its_trouble():
    judgement = judge("W^{t+1} = W^t - ε (")
    assert judgement.outcome == "not_understood"
    assert judgement.trouble is not None
    assert judgement.reason == judgement.trouble.code


@pytest.mark.parametrize("text", ["", "   ", "🙂", "((((" * 900, "=" * 50, "\\frac{", "1" * 3999])
def test_no_text_makes_the_judge_raise(text):
    assert judge(text).outcome in OUTCOMES


def test_a_term_that_is_zero_as_written_changes_nothing():
    assert judge("u^t = W_in x^t + W z^{t-1} + b + 0 b").outcome == "correct"


@pytest.mark.parametrize(
    "extra", ["+ 0.00000000000001 b", "+ 100000000000 b - 99999999999.9999999 b - b"]
)
def test_neither_a_tiny_error_nor_huge_summands_hide_behind_rounding(extra):
    right = "W_in x^t + W z^{t-1} + b"
    assert judge(right, target="rnn.u").outcome == "correct"
    assert judge(f"{right} {extra}", target="rnn.u").outcome == "wrong"


def test_a_vanishing_term_does_not_make_a_reading():
    # right without biases only because b is zero there: that reading does not count
    assert judge("u^t = W_in x^t + W z^{t-1} + b", stated={"biases": "none"}).outcome != "correct"


def test_unknown_targets_and_conventions_are_refused():
    with pytest.raises(KeyError):
        judge("u", target="rnn.q")
    with pytest.raises(ConventionError):
        judge("u", stated={"layout": "diagonal"})


# ------------------------------------------------------------------ ledger and witness


def states(judgement):
    return [(row.lag, row.state) for row in judgement.ledger]


@pytest.mark.parametrize(
    ("sum_sign", "expected"),
    [
        (r"\sum_{z=0}^{T_t}", ["right", "right", "right"]),
        (r"\sum_{z=0}^{T_t-1}", ["right", "right", "missing"]),
        (r"\sum_{z=1}^{T_t}", ["missing", "right", "right"]),
        (r"\sum_{z=0}^{T_t+1}", ["right", "right", "right", "extra"]),
    ],
)
def test_the_ledger_says_which_lags_a_sum_holds(sum_sign, expected):
    judgement = judge(MENDED.replace(r"\sum_{z=0}^{T_t}", sum_sign))
    assert [state for _, state in states(judgement)] == expected


def test_a_ledger_of_wrong_terms_is_wrong_at_every_lag():
    assert {state for _, state in states(judge(COURSE["W"]))} == {"wrong"}


def test_a_dropped_sum_has_a_ledger_too():
    text = r"W^{t+1} = W^t - \epsilon \delta^t [z^{t-1}]^T"
    first, *rest = states(judge(text))
    assert first == (0, "right")
    assert {state for _, state in rest} == {"missing"}


def test_a_witness_is_small_and_shows_both_values():
    witness = judge(COURSE["W"]).witness
    assert witness["sizes"] == {"D": 1, "H": 1, "K": 1}
    assert witness["steps"] == 2
    assert witness["answer"] != witness["truth"]
    # By hand: tanh network, y = v, E^t = (d - y)^2 / 2, one loss at t = 2.
    from math import tanh

    p, x = witness["parameters"], witness["inputs"]
    z0 = x["z^0"]
    z1 = tanh(p["W_in"] * x["x^1"] + p["W"] * z0 + p["b"])
    z2 = tanh(p["W_in"] * x["x^2"] + p["W"] * z1 + p["b"])
    error = p["W_out"] * z2 + p["c"] - x["d^2"]
    delta2 = (1 - z2**2) * p["W_out"] * error
    delta1 = (1 - z1**2) * p["W"] * delta2
    true = p["W"] - witness["eps"] * (delta2 * z1 + delta1 * z0)
    assert witness["truth"] == pytest.approx(true, abs=1e-4)
    assert json.dumps(witness)


def test_a_transpose_needs_a_witness_with_more_than_one_unit():
    text = "f'(u^t) ⊙ (W δ^{t+1} + W_out^T δ^{out,t})"
    judgement = judge(text, target="rnn.delta", stated={"loss": "sequence"})
    assert judgement.witness["sizes"]["H"] > 1


# ------------------------------------------------------------------ the whole table of targets


@pytest.mark.parametrize("target", list(TARGETS))
def test_every_canonical_answer_is_right_as_text_in_every_style(target):
    from engine.formulas.conventions import Convention
    from engine.formulas.notations import notations
    from engine.formulas.rendering import canonical

    chosen = TARGETS[target]
    convention = Convention(loss="step")
    names = next(iter(notations(chosen.model).values()))
    for answer in chosen.answers(convention):
        for style in ("unicode", "latex", "ascii"):
            text = canonical(answer, names, style)
            judgement = judge(
                text,
                target=target,
                notation=names.name,
                stated={"layout": "column", "loss": "step"},
            )
            assert judgement.outcome == "correct", (text, judgement.reason)


def test_every_named_code_is_public_and_every_place_lies_in_the_text():
    for target, text, stated, _ in WRONG:
        for mistake in judge(text, target=target, stated=stated).mistakes:
            assert mistake.code in MISTAKE_CODES
            assert mistake.span is None or 0 <= mistake.span[0] < mistake.span[1] <= len(text)


# ------------------------------------------------------------------ cost


def test_no_verdict_imports_sympy():
    script = (
        "import sys\n"
        "from engine.formulas.judge import judge\n"
        f"for text in {[COURSE['W'], MENDED, *(row[1] for row in NOTES)]!r}:\n"
        "    judge(text)\n"
        "print('sympy' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_letters_of_one_source_do_not_pass_as_those_of_another():
    # Saito's a is the input of the softmax; where a is its output, this would be right.
    found = judge("(a - t) / N", target="softmax_ce_batch.v.gradient")
    assert (found.outcome, found.reason) == ("undecided", "notations-disagree")
    assert judge("(y - t) / N", target="softmax_ce_batch.v.gradient").outcome == "correct"
