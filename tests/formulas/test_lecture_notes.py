"""Formulas of lecture notes: what stands beside them, the letters they use, chains of derivatives.

The tables say what the judge takes each line for. Each is one test: a line costs milliseconds.
"""

import pytest

from engine.formulas.judge import judge
from engine.formulas.judgement import Judgement

# fmt: off
RIGHT = {
    "what stands around a formula": [
        r"\boxed{\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\, W_{hh}}",
        r"$$\boxed{c_t = f_t \odot c_{t-1} + i_t \odot g_t}$$",
        r"\frac{\partial L}{\partial W_{hy}} = \sum_t (\hat{y}_t - y_t) h_t^\top \in \mathbb{R}^{K \times H}",
        "δ^t = f'(u^t) ⊙ (W^T δ^{t+1} + W_out^T δ^{out,t}) ∈ ℝ^H",
        r"\begin{aligned} v^t &= W_{(out)}z^t + c \cr y^t &= g(v^t) \end{aligned}",
        r"\frac{\partial L}{\partial U_f} \mathrel{+}= \delta^f_t h_{t-1}^\top",
        r"i_{t} = \sigma\left(W_{x i} x_{t} + W_{h i} h_{t-1} + b_{i}\right)",
        r"\frac{\partial J}{\partial v_c} = U (\hat{y} - y), \text{of the same shape as } v_c",
        "dWhh += np.dot(dh_raw, hs[t-1].T)",
        "h = np.tanh(np.dot(self.Whh, h) + np.dot(self.Wxh, x) + self.bh)",
        r"\frac{\partial L}{\partial \mathbf{W}_\textrm{qh}} = \sum_{t=1}^T \textrm{prod}\left(\frac{\partial L}{\partial \mathbf{o}_t}, \frac{\partial \mathbf{o}_t}{\partial \mathbf{W}_\textrm{qh}}\right) = \sum_{t=1}^T \frac{\partial L}{\partial \mathbf{o}_t} \mathbf{h}_t^\top",
    ],
    "letters of lecture notes": [
        r"\delta_t = \left(W_{hy}^T \delta^y_t + W_{hh}^T \delta_{t+1}\right) \odot f'(z_t)",
        r"\frac{\partial L}{\partial z_t} = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)",
        r"\delta_{z_t} = \delta_{h_t} \odot (1 - h_t^2)",
        r"\frac{\partial L}{\partial W_{xh}} = \sum_{t=1}^{T} x_t^T \delta_{z_t}",
        r"y_t = W_{hy} h_t + b_y",
        r"\hat{y}_t = \mathrm{softmax}(z_t), \quad z_t = W_{hy} h_t + b_y",
        "s_t = tanh(U x_t + W s_{t-1})",
        r"h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1} W_{hh}^T + b_{hh})",
        r"n_t = \tanh(x_t W_{in}^T + b_{in} + r_t \odot (h_{t-1} W_{hn}^T + b_{hn}))",
        "i = sigmoid(x @ W_ii.T + h @ W_hi.T)",
        r"\tilde{s}_t = \tanh(W_c [s_t; c_t])",
        "L = -Σ_t m_t log p_t / Σ_t m_t",
        r"v \leftarrow \alpha v - \eta \nabla_\theta L, \quad \theta \leftarrow \theta + v",
        r"\delta^{a_f}_t = \delta^f_t \odot f_t \odot (1 - f_t)",
        r"\frac{\partial L}{\partial U_i} = \sum_t \delta^{a_i}_t h_{t-1}^\top",
        r"\delta^o_t \equiv \frac{\partial L}{\partial o_t} = \delta^h_t \odot \tanh(C_t)",
        r"\frac{\partial L}{\partial C_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot \mathrm{sech}^2(C_t) + \frac{\partial L}{\partial C_{t+1}} \odot f_{t+1}",
        r"\delta^r_{a,t} = \left[\left(\delta^h_{a,t} W_{hh}^\top\right) \odot h_{t-1}\right] \odot r_t(1 - r_t)",
        r"a^{(t)} = (1 - z^{(t)}) * a^{(t-1)} + z^{(t)} * \tilde{a}^{(t)}",
        r"h^{(t)} = \phi(s^{(t)}) \odot o^{(t)}",
        r"\overrightarrow{h}_t = f(W_{\overrightarrow{h}} x_t + U_{\overrightarrow{h}} \overrightarrow{h}_{t-1} + b_{\overrightarrow{h}})",
        r"e_{t,i} = h_t^{\text{dec}} \cdot h_i^{\text{enc}}",
        r"L_t = -\sum_k y_{t,k} \log \hat{y}_{t,k}",
        r"\frac{\partial L}{\partial Z} = \frac{1}{B}(P - Y)",
        r"L = -\sum_{t=1}^{T} \log p(y_t \mid y_{<t}, x)",
        r"\log P(w_o \mid w_c) = u_o^\top v_c - \log \sum_{i \in V} \exp(u_i^\top v_c)",
        r"\frac{\partial \log P(w_o \mid w_c)}{\partial v_c} = u_o - \sum_{j \in V} P(w_j \mid w_c) u_j",
        r"J = -\log \sigma(u_o^T v_c) - \sum_{k \in \{K \text{ negative samples}\}} \log \sigma(-u_{n_k}^T v_c)",
    ],
    "a loss that is not said": [
        "E^t = loss(y^t, d^t) = loss(g(W_{(out)}z^t + c), d^t)",
        "E^t = loss(g(W_{(out)}f(W_{(in)}x^t + Wf(u^{t-1}) + b) + c), d^t)",
        "E^t = loss(g(W_{(out)}f(W_{(in)}x^t + Wf(W_{(in)}x^{t-1} + Wz^{t-2} + b) + b) + c), d^t)",
    ],
    "chains of derivatives": [
        r"\frac{\partial L}{\partial W_{hh}} = \sum_{t=1}^T \frac{\partial L}{\partial h_t} \frac{\partial h_t}{\partial W_{hh}}",
        r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \frac{\partial L_t}{\partial W}",
        r"\frac{\partial L_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial L_t}{\partial \hat{y}_t} \frac{\partial \hat{y}_t}{\partial h_t} \left(\prod_{j=k+1}^{t} \frac{\partial h_j}{\partial h_{j-1}}\right) \frac{\partial h_k}{\partial W}",
        r"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^{t} \frac{\partial h_i}{\partial h_{i-1}}",
        r"\frac{\partial h_t}{\partial h_k} = \frac{\partial h_t}{\partial h_{t-1}} \cdot \frac{\partial h_{t-1}}{\partial h_{t-2}} \cdot \ldots \cdot \frac{\partial h_{k+1}}{\partial h_k}",
        r"\frac{\partial L_t}{\partial h_k} = \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_{t-1}} \cdots \frac{\partial h_{k+1}}{\partial h_k}",
        r"\frac{\partial h_t}{\partial h_{t-1}} = \tanh'(W_{hh}h_{t-1} + W_{xh}x_t) \cdot W_{hh}",
        r"\frac{\partial h_t}{\partial C_t} = o_t \odot (1 - \tanh^2(C_t))",
        r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \frac{\partial c_t}{\partial f_t}",
        r"\frac{\partial L}{\partial C_t} = \frac{\partial L}{\partial h_t} \frac{\partial h_t}{\partial C_t} + \frac{\partial L}{\partial C_{t+1}} \frac{\partial C_{t+1}}{\partial C_t}",
        r"\frac{\partial z^t}{\partial W} = \sum_{k=1}^{t} f'(u^t) \left( \prod_{m=k}^{t-1} W f'(u^m) \right) z^{k-1}",
        r"W_{hh} \leftarrow W_{hh} - \eta \frac{\partial L}{\partial W_{hh}}",
    ],
}
WRONG = {
    "letters of lecture notes": [
        (r"\delta_t = W_{hy}^T \delta^y_t + W_{hh}^T \delta_{t+1} \odot f'(z_t)", "parentheses-dropped"),
        (r"\delta_t = \left(W_{hy}^T \delta^y_t + W_{hh}^T \delta_{t+1}\right) \odot f(z_t)", "derivative-dropped"),
        (r"\delta_t = \left(W_{hy}^T \delta^y_t + W_{xh}^T \delta_{t+1}\right) \odot f'(z_t)", "wrong-parameter"),
        (r"\delta^{a_f}_t = \delta^f_t \odot f_t \odot (1 + f_t)", "sign-flipped"),
        (r"\frac{\partial L}{\partial x_t} = U_f^\top \delta^{a_f}_t + W_i^\top \delta^{a_i}_t + W_o^\top \delta^{a_o}_t + W_c^\top \delta^{a_c}_t", "wrong-parameter"),
        (r"\frac{\partial L}{\partial r_t} = \left(\delta^h_{a,t} W_{xh}^\top\right) \odot h_{t-1}", "wrong-parameter"),
        (r"o_{t} = \sigma\left(W_{x o} x_{t} + W_{h o} h_{t-1} + W_{c o} c_{t-1} + b_{o}\right)", "index-shifted"),
        (r"\log P(w_o \mid w_c) = u_o^\top v_c + \log \sum_{i \in V} \exp(u_i^\top v_c)", "sign-flipped"),
        (r"L_t = \sum_k y_{t,k} \log \hat{y}_{t,k}", "sign-flipped"),
        (r"L = -\sum_{t=2}^{T} \log p(y_t \mid y_{<t}, x)", "sum-starts-late"),
        ("E^t = loss(g(W_{(out)}f(W_{(in)}x^t + Wf(u^t) + b) + c), d^t)", "index-shifted"),
        ("y_1 = W_{out} z_1 + c", "activation-dropped"),
        (r"h_t = \tanh(x_t W_{ih} + b_{ih} + h_{t-1} W_{hh}^T + b_{hh})", "transpose-added"),
        (r"h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1})", "scale-wrong"),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\, W_{hh}^T", "transpose-added"),
    ],
    "chains of derivatives": [
        (r"\frac{\partial L_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial L_t}{\partial y_t} \frac{\partial y_t}{\partial h_t} \left(\prod_{j=k}^{t} \frac{\partial h_j}{\partial h_{j-1}}\right) \frac{\partial h_k}{\partial W}", "product-lengthened"),
        (r"\frac{\partial L_t}{\partial W} = \sum_{k=2}^{t} \frac{\partial L_t}{\partial y_t} \frac{\partial y_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}", "sum-starts-late"),
        (r"\frac{\partial L_t}{\partial W} = \frac{\partial L_t}{\partial h_t} \left(\prod_{t=2}^{T} W_{hh}^{T-1}\right) \frac{\partial h_1}{\partial W}", "product-of-power"),
        (r"\frac{\partial h_t}{\partial h_k} = \prod_{i=k}^{t} \frac{\partial h_i}{\partial h_{i-1}}", "product-lengthened"),
        (r"\frac{\partial h_t}{\partial h_k} = \frac{\partial h_t}{\partial h_{t-1}} \cdots \frac{\partial h_{k+2}}{\partial h_{k+1}}", "index-shifted"),
        (r"\frac{\partial h_t}{\partial C_t} = o_t \odot \tanh(C_t)", "derivative-dropped"),
        (r"\frac{\partial z^t}{\partial W} = \sum_{k=1}^{t} f'(u^t) \left( \prod_{m=k}^t W f'(u^m) \right) z^{k-1}", "product-lengthened"),
    ],
}
# A path that is left out, a step read from what comes later, a letter said to mean two things.
OPEN = [
    r"\frac{\partial C_t}{\partial C_{t-1}} = f_t",
    "∂h_t/∂h_{t-1} = 1 - z_t",
    r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \sum_{k=1}^{T} \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}",
    r"\frac{\partial L}{\partial W_{hh}} = \sum_{t=1}^{T} \frac{\partial L}{\partial h_t} h_{t-1}^\top",
]
# fmt: on


def told(judgement: Judgement) -> str:
    return f"{judgement.outcome} {judgement.reason} {[one.code for one in judgement.mistakes]}"


@pytest.mark.parametrize("kind", list(RIGHT))
def test_a_right_line_is_accepted(kind):
    for formula in RIGHT[kind]:
        judgement = judge(formula)
        assert judgement.outcome == "correct", (formula, told(judgement))


@pytest.mark.parametrize("kind", list(WRONG))
def test_a_wrong_line_is_named(kind):
    for formula, code in WRONG[kind]:
        judgement = judge(formula)
        assert judgement.outcome == "wrong", (formula, told(judgement))
        assert code in {mistake.code for mistake in judgement.mistakes}, (formula, told(judgement))


def test_what_only_the_page_tells_is_neither_right_nor_wrong():
    for formula in OPEN:
        judgement = judge(formula)
        assert judgement.outcome in ("undecided", "incomplete"), (formula, told(judgement))


def test_a_letter_is_taken_as_it_is_defined_only_where_it_stands_for_nothing_else():
    said = r"\delta^t = \frac{\partial E}{\partial z^t} = "
    other = judge(said + r"W^T \delta^{t+1} + W_{(out)}^T \delta^{out,t}")
    assert other.outcome == "wrong"
    assert (
        judge(
            said + r"W^T \frac{\partial E}{\partial u^{t+1}} + W_{(out)}^T \delta^{out,t}"
        ).outcome
        == "correct"
    )


def test_a_link_in_between_that_does_not_hold_is_never_accepted():
    right = r"\frac{\partial E}{\partial W} = \frac{\partial E}{\partial u^t} \left[\frac{\partial u^t}{\partial W}\right]^T = \delta^t [z^{t-1}]^T"
    assert judge(right).outcome == "correct"
    for wrong in (
        right.replace(r"\partial u^t}{\partial W}", r"\partial u^t}{\partial W_{(in)}}"),
    ):
        assert judge(wrong).outcome in ("wrong", "undecided")


def test_the_loss_of_a_step_beside_that_of_the_run_is_another_one():
    whole = r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \frac{\partial L_t}{\partial W}"
    assert judge(whole).outcome == "correct"
    assert judge(whole.replace("t=1", "t=2")).outcome == "wrong"
    assert judge(whole.replace(r"\sum_{t=1}^{T} ", "")).outcome != "correct"


def test_a_word_that_is_its_own_condition_has_no_probability():
    chain = r"P(y_1, \ldots, y_T) = \prod_{t=1}^{T} P(y_t \mid y_1, \ldots, y_{t-1})"
    assert judge(chain).outcome == "correct"
    assert judge(chain.replace("y_{t-1}", "y_t")).outcome == "not_understood"


def test_an_item_asks_for_more_than_a_line_of_notes():
    line = "δ^t = f'(u^t) ⊙ ∂E/∂z^t"
    assert judge(line).outcome == "correct"
    asked = judge(line, target="rnn.delta")
    assert (asked.outcome, asked.reason) == ("incomplete", "not-given")
    summed = r"L = -\sum_{t=1}^{T} \log p_t"
    assert judge(summed).outcome == "correct"
    assert judge(summed, target="sequence.E").outcome == "wrong"


def test_dots_join_only_slopes_that_follow_one_another():
    for middle in (
        r"\frac{\partial h_{t-2}}{\partial h_{t-4}}",
        r"\frac{\partial y_{t-1}}{\partial h_{t-2}}",
    ):
        chain = r"\frac{\partial h_t}{\partial h_{t-1}} " + middle
        text = (
            r"\frac{\partial h_t}{\partial h_k} = "
            + chain
            + r" \cdots \frac{\partial h_{k+1}}{\partial h_k}"
        )
        assert judge(text).outcome != "correct", middle


def test_a_formula_over_two_steps_holds_from_the_second_on_and_only_there():
    assert judge("u^t = W_in x^t + W f(W_in x^{t-1} + W z^{t-2} + b) + b").outcome == "correct"
    late = judge("u^t = W_in x^t + W f(W_in x^{t-1} + W z^{t-1} + b) + b")
    assert late.outcome == "wrong"
