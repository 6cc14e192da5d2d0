"""The bidirectional RNN as people write it: arrows, labels, rows, forward and backward.

Each line: the formula and what becomes of it. ``right``; ``wrong: codes``, the most telling first,
or ``wrong`` alone where no name is promised; ``undecided: reason`` and ``unread: reason``.
"""

import pytest

from engine.formulas.judge import judge
from engine.mistakes import MISTAKE_CODES

# fmt: off
CASES = {
    "arrows": [
        (r"\overrightarrow{h}_t = f(\overrightarrow{W} x_t + \overrightarrow{V}\, \overrightarrow{h}_{t-1} + \overrightarrow{b})", "right"),
        (r"\overleftarrow{h}_t = f(\overleftarrow{W} x_t + \overleftarrow{V}\, \overleftarrow{h}_{t+1} + \overleftarrow{b})", "right"),
        (r"\overrightarrow{h}_t = \tanh(W_f x_t + U_f \overrightarrow{h}_{t-1} + b_f)", "right"),
        (r"\overleftarrow{h}_t = \tanh(W_b x_t + U_b \overleftarrow{h}_{t+1} + b_b)", "right"),
        (r"\hat{y}_t = g(U [\overrightarrow{h}_t; \overleftarrow{h}_t] + c)", "right"),
        (r"y_t = g(W_y [\overrightarrow{h}_t; \overleftarrow{h}_t] + b_y)", "right"),
        (r"y_t = g(V [\vec{h}_t; \overleftarrow{h}_t] + c)", "right"),
    ],
    "labels": [
        ("h_f^t = f(W_f x^t + U_f h_f^{t-1} + b_f)", "right"),
        ("h_b^t = f(W_b x^t + U_b h_b^{t+1} + b_b)", "right"),
        ("y^t = g(V [h_f^t; h_b^t] + c)", "right"),
        ("y^t = g(V_f h_f^t + V_b h_b^t + c)", "right"),
        ("h_f^t = tanh(W_f x^t + U_f h_f^{t-1} + b_f)", "right"),
        ("h_f^t = f(W_f x^t + U_f h_f^{t-1})", "right"),
        ("h_b^t = tanh(W_b x^t + U_b h_b^{t+1} + b_b)", "right"),
        ("y^t = softmax(V [h_f^t; h_b^t] + c)", "right"),
        (r"h_t^{f} = \tanh(W_x^{f} x_t + W_h^{f} h_{t-1}^{f} + b^{f})", "right"),
        (r"h_t^{b} = \tanh(W_x^{b} x_t + W_h^{b} h_{t+1}^{b} + b^{b})", "right"),
        (r"h_t^{(f)} = \tanh(W_x^{(f)} x_t + W_h^{(f)} h_{t-1}^{(f)} + b^{(f)})", "right"),
    ],
    "rows and Goodfellow": [
        (r"\overrightarrow{\mathbf{H}}_t = \phi(\mathbf{X}_t \mathbf{W}_{xh}^{(f)} + \overrightarrow{\mathbf{H}}_{t-1} \mathbf{W}_{hh}^{(f)} + \mathbf{b}_h^{(f)})", "right"),
        (r"\overleftarrow{\mathbf{H}}_t = \phi(\mathbf{X}_t \mathbf{W}_{xh}^{(b)} + \overleftarrow{\mathbf{H}}_{t+1} \mathbf{W}_{hh}^{(b)} + \mathbf{b}_h^{(b)})", "right"),
        (r"\mathbf{O}_t = \mathbf{H}_t \mathbf{W}_{hq} + \mathbf{b}_q", "right"),
        (r"\mathbf{O}_t = [\overrightarrow{\mathbf{H}}_t, \overleftarrow{\mathbf{H}}_t] \mathbf{W}_{hq} + \mathbf{b}_q", "right"),
        (r"h_t = \tanh(W h_{t-1} + U x_t + b)", "right"),
        (r"g_t = \tanh(W' g_{t+1} + U' x_t + b')", "right"),
    ],
    "backward": [
        (r"\frac{\partial E}{\partial h_f^t} = V_f^\top \delta^{out,t} + U_f^\top \delta_f^{t+1}", "right"),
        (r"\delta_f^t = f'(u_f^t) \odot (V_f^\top \delta^{out,t} + U_f^\top \delta_f^{t+1})", "right"),
        (r"\delta_b^t = f'(u_b^t) \odot (V_b^\top \delta^{out,t} + U_b^\top \delta_b^{t-1})", "right"),
        (r"\frac{\partial E}{\partial U_f} = \sum_{t=1}^{T} \delta_f^t (h_f^{t-1})^\top", "right"),
        (r"\frac{\partial E}{\partial U_b} = \sum_{t=1}^{T} \delta_b^t (h_b^{t+1})^\top", "right"),
        (r"\frac{\partial E}{\partial W_b} = \sum_{t=1}^{T} \delta_b^t (x^t)^\top", "right"),
        (r"\frac{\partial E}{\partial V_b} = \sum_{t=1}^{T} \delta^{out,t} (h_b^t)^\top", "right"),
        (r"\frac{\partial E}{\partial V} = \sum_{t=1}^{T} \delta^{out,t} [h_f^t; h_b^t]^\top", "right"),
    ],
    "wrong": [
        ("h_b^t = f(W_b x^t + U_b h_b^{t-1} + b_b)", "wrong: index-shifted"),
        ("h_f^t = f(W_f x^t + U_f h_f^{t+1} + b_f)", "wrong: index-shifted"),
        ("h_b^t = f(W_b x^t + U_b h_f^{t+1} + b_b)", "wrong: wrong-signal"),
        ("h_b^t = f(W_f x^t + U_b h_b^{t+1} + b_b)", "wrong: wrong-parameter"),
        ("h_f^t = W_f x^t + U_f h_f^{t-1} + b_f", "wrong: activation-dropped"),
        ("h_f^t = f(W_f x^t + U_f h_f^{t} + b_f)", "wrong: index-shifted"),
        ("y^t = g(V_f h_f^t + V_b h_b^{t-1} + c)", "wrong: index-shifted"),
        ("y^t = g(V_f h_f^t + V_f h_b^t + c)", "wrong: wrong-parameter"),
        ("y^t = g(V_f h_f^t + c)", "wrong: term-dropped"),
        ("y^t = g(V (h_f^t + h_b^t) + c)", "undecided: undeclared-symbol"),
        (r"\overleftarrow{h}_t = \tanh(W_b x_t + U_b \overleftarrow{h}_{t-1} + b_b)", "wrong: index-shifted"),
        (r"y_t = g(W_y [\overrightarrow{h}_t; \overleftarrow{h}_{t+1}] + b_y)", "wrong: index-shifted"),
        (r"y_t = g(W_y (\overrightarrow{h}_t \odot \overleftarrow{h}_t) + b_y)", "undecided: undeclared-symbol"),
        (r"\overleftarrow{\mathbf{H}}_t = \phi(\mathbf{X}_t \mathbf{W}_{xh}^{(b)} + \overleftarrow{\mathbf{H}}_{t-1} \mathbf{W}_{hh}^{(b)} + \mathbf{b}_h^{(b)})", "wrong: index-shifted"),
        (r"\overrightarrow{\mathbf{H}}_t = \phi(\mathbf{X}_t \mathbf{W}_{xh}^{(f)} + \overrightarrow{\mathbf{H}}_{t-1} \mathbf{W}_{hh}^{(b)} + \mathbf{b}_h^{(f)})", "wrong: wrong-parameter index-outside-run"),
        (r"\delta_b^t = f'(u_b^t) \odot (V_b^\top \delta^{out,t} + U_b^\top \delta_b^{t+1})", "wrong: index-shifted"),
        (r"\delta_f^t = f'(u_f^t) \odot (V_b^\top \delta^{out,t} + U_f^\top \delta_f^{t+1})", "wrong: wrong-parameter"),
        (r"\delta_f^t = f'(u_f^t) \odot (V_f^\top \delta^{out,t} + U_f \delta_f^{t+1})", "wrong: transpose-dropped"),
        (r"\delta_f^t = V_f^\top \delta^{out,t} + U_f^\top \delta_f^{t+1}", "wrong: derivative-dropped"),
        (r"\frac{\partial E}{\partial U_b} = \sum_{t=1}^{T} \delta_b^t (h_b^{t-1})^\top", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial U_f} = \sum_{t=1}^{T} \delta_f^t (h_f^{t})^\top", "wrong: index-shifted"),
        (r"\frac{\partial E}{\partial V_b} = \sum_{t=1}^{T} \delta^{out,t} (h_f^t)^\top", "wrong: wrong-signal"),
        (r"\frac{\partial E}{\partial W_b} = \sum_{t=1}^{T} \delta_f^t (x^t)^\top", "wrong: wrong-signal"),
    ],
}
# fmt: on


@pytest.mark.parametrize(
    ("formula", "meant"),
    [pytest.param(*row, id=f"{group}: {row[0]}") for group, rows in CASES.items() for row in rows],
)
def test_a_formula_is_taken_for_what_it_is(formula, meant):
    outcome, _, told = meant.partition(": ")
    judgement = judge(formula)
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
