"""The decoder as people write it: its first state, its step, its output, and the way back.

Each line: the formula and what becomes of it. ``right``; ``wrong: codes``, the most telling first,
or ``wrong`` alone where no name is promised; ``undecided: reason`` and ``unread: reason``.
"""

import pytest

from engine.formulas.judge import judge
from engine.mistakes import MISTAKE_CODES

# fmt: off
CASES = {
    "the first state": [
        ("s_0 = h_T", "right"),
        ("s^0 = h^T", "right"),
        (r"s^{(0)} = h^{(T)}", "right"),
        (r"\mathbf{s}_0 = \mathbf{h}_{T_x}", "right"),
        (r"$$s_0 = h_{T_x}.$$", "right"),
        (r"s_{0} \leftarrow h_{T}", "right"),
        (r"h^{dec}_0 = h^{enc}_T", "right"),
        (r"h'_0 = h_T", "right"),
        (r"s_0 = \tanh(W_s \overleftarrow{h}_1)", "right"),
        (r"\boldsymbol{s}_0 = \tanh\left(\boldsymbol{W}_s \overleftarrow{\boldsymbol{h}}_1\right) \tag{5}", "right"),
        (r"s_0 = \tanh(W_s h_T)", "right"),
        ("s_0 = tanh(W_s h_T + b_s)", "right"),
        ("s_0 = tanh(h_T W_s)", "right"),
        (r"\boldsymbol{s}_0 = \tanh(\boldsymbol{W}_s \boldsymbol{h}_T + \boldsymbol{b})", "right"),
    ],
    "one context for all steps": [
        ("c = h_T", "right"),
        (r"\mathbf{c} = \mathbf{h}_T", "right"),
        (r"c = \tanh(V h_N)", "right"),
        (r"\mathbf{c} = \tanh\left(\mathbf{V} \mathbf{h}^{\langle N \rangle}\right)", "right"),
    ],
    "the step": [
        ("s_t = f(W y_{t-1} + U s_{t-1} + b)", "right"),
        ("s^t = f(W y^{t-1} + U s^{t-1} + b)", "right"),
        (r"s_t = \tanh(W y_{t-1} + U s_{t-1})", "right"),
        ("s_t = f(W y_{t-1} + U s_{t-1} + C c_t + b)", "right"),
        (r"s_i = f(W y_{i-1} + U s_{i-1} + C c_i)", "right"),
        (r"\mathbf{s}_t = \tanh\left(\mathbf{W} \mathbf{y}_{t-1} + \mathbf{U} \mathbf{s}_{t-1} + \mathbf{C} \mathbf{c}_t + \mathbf{b}\right)", "right"),
        (r"s_t = \tanh(W_y y_{t-1} + W_s s_{t-1} + W_c c_t + b)", "right"),
        (r"s_t = \tanh(U s_{t-1} + W y_{t-1} + C c + b)", "right"),
        (r"h_t = \tanh(W y_{t-1} + U h_{t-1} + C c)", "right"),
        (r"\mathbf{h}_{\langle t \rangle} = f(\mathbf{W} \mathbf{y}_{t-1} + \mathbf{U} \mathbf{h}_{\langle t-1 \rangle} + \mathbf{C} \mathbf{c})", "right"),
        (r"h'_t = f(W y_{t-1} + U h'_{t-1} + C c)", "right"),
        (r"\mathbf{S}_t = \phi(\mathbf{Y}_{t-1} \mathbf{W}_{ys} + \mathbf{S}_{t-1} \mathbf{W}_{ss} + \mathbf{b}_s)", "right"),
        ("s_t = tanh(y_{t-1} W + s_{t-1} U + c_t C + b)", "right"),
        ("s[t] = f(W y[t-1] + U s[t-1] + C c[t] + b)", "right"),
        ("s(t) = f(W y(t-1) + U s(t-1) + b)", "right"),
        ("s_t = f(U y_{t-1} + W s_{t-1} + b)", "right"),
        ("s_t = f(W x_t + U s_{t-1} + C c_t + b)", "right"),
        ("s_t = tanh(U x_t + W s_{t-1})", "right"),
        ("u_t = W y_{t-1} + U s_{t-1} + C c_t + b", "right"),
    ],
    "the output": [
        ("o_t = V s_t + c", "right"),
        ("o^t = V s^t + b_o", "right"),
        (r"p_t = \mathrm{softmax}(V s_t + c)", "right"),
        (r"p_t = \mathrm{softmax}(o_t)", "right"),
        (r"\hat{y}_t = \operatorname{softmax}(V s_t + c)", "right"),
        (r"y_t = \mathrm{softmax}(W_o s_t + b_o)", "right"),
        (r"\hat{\mathbf{y}}_t = \mathrm{softmax}(\mathbf{s}_t \mathbf{V} + \mathbf{c})", "right"),
        ("o_t = softmax(V s_t)", "right"),
        (r"\frac{\partial E}{\partial o_t} = p_t - y_t", "right"),
    ],
    "within the decoder, backwards": [
        (r"\frac{\partial E}{\partial s_t} = V^\top \delta^{out}_t + U^\top \delta_{t+1}", "right"),
        (r"\frac{\partial E}{\partial s_0} = U^\top \delta_1", "right"),
        (r"\frac{\partial E}{\partial s^0} = U^T \delta^1", "right"),
        (r"\frac{\partial E}{\partial U} = \sum_{t=1}^{T_y} \delta_t s_{t-1}^\top", "right"),
        (r"\frac{\partial E}{\partial V} = \sum_{t=1}^{T} \delta^{out}_t s_t^\top", "right"),
        (r"\frac{\partial E}{\partial C} = \sum_{t=1}^{T} \delta_t c_t^\top", "right"),
        (r"\frac{\partial E}{\partial C} = \sum_{t=1}^{T} \delta_t c^\top", "right"),
        (r"\frac{\partial s_t}{\partial s_{t-1}} = \mathrm{diag}(f'(u_t)) U", "right"),
    ],
    "back to the context": [
        (r"\frac{\partial E}{\partial c_t} = C^\top \delta_t", "right"),
        (r"\frac{\partial E}{\partial c^t} = C^T \delta^t", "right"),
        (r"\frac{\partial L}{\partial \mathbf{c}_i} = \mathbf{C}^\top \boldsymbol{\delta}_i", "right"),
        (r"\frac{\partial E}{\partial c_t} = \delta_t C^\top", "right"),
        (r"\frac{\partial E}{\partial c} = \sum_{t=1}^{T} C^\top \delta_t", "right"),
        (r"\frac{\partial E}{\partial c} = C^\top \sum_{t=1}^{T_y} \delta_t", "right"),
        (r"\frac{\partial E}{\partial c} = \sum_t C^\top \delta_t", "right"),
    ],
    "back to the encoder": [
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial s_0}", "right"),
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial s_0} = U^\top \delta_1", "right"),
        (r"\frac{\partial E}{\partial h^T} = U^T \delta^1", "right"),
        (r"\frac{\partial E}{\partial h_{T_x}} = U^\top \delta_1", "right"),
        (r"\frac{\partial E}{\partial h_T} = \delta_1 U^\top", "right"),
        (r"\frac{\partial E}{\partial h_T} = W_s^\top \left((1 - s_0^2) \odot \frac{\partial E}{\partial s_0}\right)", "right"),
        (r"\frac{\partial E}{\partial \overleftarrow{h}_1} = W_s^\top \left((1 - s_0^2) \odot \frac{\partial E}{\partial s_0}\right)", "right"),
        (r"\frac{\partial E}{\partial W_s} = \left((1 - s_0^2) \odot \frac{\partial E}{\partial s_0}\right) h_T^\top", "right"),
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial c}", "right"),
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial c} = \sum_{t=1}^{T_y} C^\top \delta_t", "right"),
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial s_0} + \frac{\partial E}{\partial c}", "right"),
        (r"\frac{\partial E}{\partial h_T} = U^\top \delta_1 + \sum_{t=1}^{T_y} C^\top \delta_t", "right"),
    ],
    "back to the encoder through attention": [
        (r"\frac{\partial E}{\partial h_j} = \sum_{t=1}^{T_y} \left( \alpha_{tj} \frac{\partial E}{\partial c_t} + \frac{\partial E}{\partial e_{tj}} s_{t-1} \right)", "right"),
        (r"\frac{\partial E}{\partial h_j} = \sum_t \alpha_{t,j} \frac{\partial E}{\partial c_t} + \sum_t \frac{\partial E}{\partial e_{t,j}} s_{t-1}", "right"),
        (r"\frac{\partial E}{\partial h_j} = \sum_{t=1}^{T} \left( \alpha_{tj} \frac{\partial E}{\partial c_t} + \frac{\partial E}{\partial e_{tj}} s_t \right)", "right"),
        (r"\frac{\partial E}{\partial h_j} = \sum_{t} \left( \alpha_{tj} \frac{\partial E}{\partial c_t} + \frac{\partial E}{\partial e_{tj}} W_a^\top s_{t-1} \right)", "right"),
        (r"\frac{\partial E}{\partial h_j} = \sum_t s_{t-1} \frac{\partial E}{\partial e_{tj}} + \sum_t \alpha_{tj} \frac{\partial E}{\partial c_t}", "right"),
        (r"\frac{\partial E}{\partial \bar{h}_s} = \sum_t \left( a_{ts} \frac{\partial E}{\partial c_t} + \frac{\partial E}{\partial e_{ts}} h_t \right)", "right"),
        (r"\frac{\partial L}{\partial h_j} = \sum_i \left( \alpha_{ij} \frac{\partial L}{\partial c_i} + \frac{\partial L}{\partial e_{ij}} U_a^\top \left( v_a \odot \left(1 - \tanh^2(W_a s_{i-1} + U_a h_j)\right) \right) \right)", "right"),
        (r"\frac{\partial E}{\partial \alpha_{tj}} = h_j^\top \frac{\partial E}{\partial c_t}", "right"),
        (r"\frac{\partial E}{\partial \alpha_{ij}} = \left(\frac{\partial E}{\partial c_i}\right)^\top h_j", "right"),
        (r"\frac{\partial E}{\partial e_{tj}} = \alpha_{tj} \left( \frac{\partial E}{\partial \alpha_{tj}} - \sum_k \alpha_{tk} \frac{\partial E}{\partial \alpha_{tk}} \right)", "right"),
    ],
    "only the page could tell": [
        (r"s_0 = \tanh(W_s h_1)", "undecided: notations-disagree"),
        (r"\frac{\partial E}{\partial h_T} = \sum_{t=1}^{T} C^\top \delta_t", "undecided: notations-disagree"),
    ],
    "wrong": [
        ("s_0 = h_{T-1}", "wrong: index-shifted"),
        ("s_0 = h_1", "wrong"),
        (r"s_0 = \tanh(W_s \overleftarrow{h}_T)", "wrong"),
        ("s_0 = W_s h_T", "wrong: activation-dropped"),
        (r"s_0 = \sigma(W_s h_T)", "wrong: activation-wrong"),
        (r"s_0 = \tanh(W_s^\top h_T)", "wrong: transpose-added"),
        ("c = h_{T-1}", "wrong: index-shifted"),
        ("s_t = f(W y_t + U s_{t-1} + b)", "wrong: index-shifted"),
        ("s_t = f(W y_{t-1} + U s_t + b)", "wrong: index-shifted"),
        ("s_t = f(W y_{t-1} + U s_{t-1} + C c_{t-1} + b)", "wrong: index-shifted"),
        ("s_t = W y_{t-1} + U s_{t-1} + C c_t + b", "wrong: activation-dropped"),
        ("s_t = f(W y_{t-1} + C c_t + b)", "wrong: recurrent-path-dropped"),
        ("s_t = f(W y_{t-1}) + U s_{t-1} + C c_t + b", "wrong"),
        ("s_t = f(W s_{t-1} + U y_{t-1} + C c_t + b)", "right"),
        ("s_t = f(W y_{t-1} + U s_{t-1} + U c_t + b)", "wrong"),
        ("s_t = f(W y_{t-1} + U s_{t-1} - C c_t + b)", "wrong: sign-flipped"),
        ("s_t = f(W y_{t-1} + U s_{t-1} + C^T c_t + b)", "wrong: transpose-added"),
        ("o_t = V s_{t-1} + c", "wrong: index-shifted"),
        (r"y_t = \mathrm{softmax}(V s_{t-1} + c)", "wrong: index-shifted"),
        ("o_t = V^T s_t + c", "wrong: transpose-added"),
        (r"\frac{\partial E}{\partial o_t} = y_t - p_t", "wrong: sign-flipped"),
        (r"\frac{\partial E}{\partial s_t} = U^\top \delta_{t+1}", "wrong: output-path-dropped"),
        # The gradient of the loss of that step.
        (r"\frac{\partial E}{\partial s_t} = V^\top \delta^{out}_t", "right"),
        (r"\frac{\partial E}{\partial s_t} = V^\top \delta^{out}_t + U \delta_{t+1}", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial s_t} = V^\top \delta^{out}_t + U^\top \delta_{t}", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial s_0} = U \delta_1", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial s_0} = U^\top \delta_0", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial s_0} = W^\top \delta_1", "right"),
        (r"\frac{\partial E}{\partial U} = \sum_{t=1}^{T} \delta_t s_t^\top", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial C} = \sum_{t=1}^{T} c_t \delta_t^\top", "wrong: outer-product-transposed"),
        # Between numbers there is no transpose.
        (r"\frac{\partial E}{\partial c_t} = C \delta_t", "undecided: scalar-or-matrix"),
        (r"\frac{\partial E}{\partial c_t} = U^\top \delta_t", "wrong: wrong-parameter"),
        (r"\frac{\partial s_t}{\partial s_{t-1}} = U \mathrm{diag}(f'(u_t))", "wrong: order-swapped"),
        (r"\frac{\partial s_t}{\partial s_{t-1}} = \mathrm{diag}(f'(u_t)) U^\top", "wrong: transpose-added"),
        (r"\frac{\partial E}{\partial c_t} = C^\top \delta_{t+1}", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial c_t} = \sum_t C^\top \delta_t", "wrong: sum-added"),
        (r"\frac{\partial E}{\partial c_t} = - C^\top \delta_t", "wrong: sign-flipped"),
        (r"\frac{\partial E}{\partial c} = C^\top \delta_t", "wrong: sum-dropped"),
        (r"\frac{\partial E}{\partial c} = C^\top \delta_T", "wrong"),
        (r"\frac{\partial E}{\partial c} = \frac{1}{T} \sum_{t=1}^{T} C^\top \delta_t", "wrong: mean-for-sum"),
        (r"\frac{\partial E}{\partial c} = \sum_{t=1}^{T-1} C^\top \delta_t", "wrong: sum-shortened"),
        (r"\frac{\partial E}{\partial c} = \sum_{t=1}^{T} C \delta_t", "undecided: scalar-or-matrix"),
        (r"\frac{\partial E}{\partial h_T} = U \delta_1", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial h_T} = U^\top \delta_2", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial h_T} = U^\top \delta_0", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial h_T} = - U^\top \delta_1", "wrong: sign-flipped"),
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial s_0} = U \delta_1", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial h_T} = W_s^\top \frac{\partial E}{\partial s_0}", "wrong: derivative-dropped"),
        (r"\frac{\partial E}{\partial h_T} = W_s \left((1 - s_0^2) \odot \frac{\partial E}{\partial s_0}\right)", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial W_s} = h_T \left((1 - s_0^2) \odot \frac{\partial E}{\partial s_0}\right)^\top", "wrong: outer-product-transposed"),
        (r"\frac{\partial E}{\partial h_T} = \sum_{t=1}^{T_x} C^\top \delta_t", "wrong: sum-lengthened"),
        (r"\frac{\partial E}{\partial h_T} = \frac{\partial E}{\partial s_0} - \frac{\partial E}{\partial c}", "wrong: sign-flipped"),
        (r"\frac{\partial E}{\partial h_j} = \sum_t \alpha_{tj} \frac{\partial E}{\partial c_t}", "wrong: term-dropped"),
        (r"\frac{\partial E}{\partial h_j} = \alpha_{tj} \frac{\partial E}{\partial c_t}", "undecided: undeclared-symbol"),
        (r"\frac{\partial E}{\partial h_j} = \sum_t \frac{\partial E}{\partial e_{tj}} s_{t-1}", "wrong: term-dropped"),
        (r"\frac{\partial E}{\partial h_j} = \sum_t \left( \alpha_{jt} \frac{\partial E}{\partial c_t} + \frac{\partial E}{\partial e_{tj}} s_{t-1} \right)", "wrong"),
        (r"\frac{\partial E}{\partial h_j} = \sum_t \left( \alpha_{tj} \frac{\partial E}{\partial c_t} - \frac{\partial E}{\partial e_{tj}} s_{t-1} \right)", "wrong: sign-flipped"),
        (r"\frac{\partial E}{\partial \alpha_{tj}} = h_j \frac{\partial E}{\partial c_t}", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial e_{tj}} = \alpha_{tj} (1 - \alpha_{tj}) \frac{\partial E}{\partial \alpha_{tj}}", "wrong: sum-dropped"),
        (r"\frac{\partial E}{\partial e_{tj}} = \alpha_{tj} \frac{\partial E}{\partial \alpha_{tj}}", "wrong: term-dropped"),
    ],
}
# What any recurrent net may have written is the decoder's where that is asked for.
ASKED = {
    "decoder.delta_out": [
        (r"\delta^{out,t} = p^t - d^t", "right"),
        (r"\delta^{out}_t = p_t - y_t", "right"),
        (r"\delta^{out,t} = d^t - p^t", "wrong: sign-flipped"),
    ],
    "decoder.delta": [
        (r"\delta^t = f'(u^t) \odot (V^\top \delta^{out,t} + U^\top \delta^{t+1})", "right"),
        (r"\delta_t = f'(u_t) \odot (V^\top (p_t - d_t) + U^\top \delta_{t+1})", "right"),
        (r"\delta^t = V^\top \delta^{out,t} + U^\top \delta^{t+1}", "wrong: derivative-dropped"),
        (r"\delta^t = f'(u^t) \odot (V^\top \delta^{out,t} + U^\top \delta^{t-1})", "wrong: index-shifted"),
    ],
    "decoder.W.gradient": [
        (r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} \delta_t y_{t-1}^\top", "right"),
        (r"\sum_{t=1}^{T} \delta_t y_{t-1}^\top", "right"),
        (r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} \delta_t y_t^\top", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial W} = \sum_{t=1}^{T} y_{t-1} \delta_t^\top", "wrong: outer-product-transposed"),
    ],
    "decoder.grad_y": [
        (r"\frac{\partial E}{\partial y_{t-1}} = W^\top \delta_t", "right"),
        (r"\frac{\partial E}{\partial y_t} = W^\top \delta_{t+1}", "right"),
        (r"\frac{\partial E}{\partial y_t} = W^\top \delta_t", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial y_t} = 0", "wrong"),
    ],
    "decoder_context.s": [
        ("f(W y_{t-1} + U s_{t-1} + C c_t + b)", "right"),
        ("f(W y_{t-1} + U s_{t-1} + C c_{t-1} + b)", "wrong: index-shifted"),
        ("f(W y_{t-1} + U s_{t-1} + U c_t + b)", "wrong: wrong-parameter"),
    ],
    "decoder_start.h.gradient": [
        (r"U^\top \delta_1", "right"),
        (r"\frac{\partial E}{\partial s_0}", "right"),
        (r"U \delta_1", "wrong: transpose-dropped"),
        (r"\frac{\partial E}{\partial h_1} = U^\top \delta_1", "wrong: left-side-wrong"),
    ],
}
# fmt: on


@pytest.mark.parametrize(
    ("formula", "meant"),
    [pytest.param(*row, id=f"{group}: {row[0]}") for group, rows in CASES.items() for row in rows],
)
def test_a_formula_is_taken_for_what_it_is(formula, meant):
    is_taken(judge(formula), meant)


@pytest.mark.parametrize(
    ("target", "formula", "meant"),
    [
        pytest.param(target, *row, id=f"{target}: {row[0]}")
        for target, rows in ASKED.items()
        for row in rows
    ],
)
def test_an_answer_to_a_question_is_taken_for_what_it_is(target, formula, meant):
    is_taken(judge(formula, target=target), meant)


def is_taken(judgement, meant):
    outcome, _, told = meant.partition(": ")
    names = {"right": "correct", "unread": "not_understood"}
    assert judgement.outcome == names.get(outcome, outcome)
    codes = [mistake.code for mistake in judgement.mistakes]
    if outcome == "wrong" and told:
        assert " ".join(dict.fromkeys(codes)) == told
    elif outcome == "right":
        assert not codes
    elif told:
        assert judgement.reason == told
    assert MISTAKE_CODES.issuperset(codes)
