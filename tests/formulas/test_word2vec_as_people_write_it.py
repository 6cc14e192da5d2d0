"""word2vec as people write it: Mikolov, Rong, lecture notes, Saito; text, CBOW, negative sampling.

Each line: the formula and what becomes of it. ``right``; ``wrong: codes``, the most telling first,
or ``wrong`` alone where no name is promised; ``undecided: reason`` and ``unread: reason``.
"""

import pytest

from engine.formulas.judge import judge
from engine.mistakes import MISTAKE_CODES

# fmt: off
CASES = {
    "skip-gram, one pair": [
        (r"P(o \mid c) = \frac{\exp(u_o^\top v_c)}{\sum_{w=1}^{V} \exp(u_w^\top v_c)}", "right"),
        (r"P(O = o \mid C = c) = \frac{\exp(\mathbf{u}_o^\top \mathbf{v}_c)}{\sum_{w \in \text{Vocab}} \exp(\mathbf{u}_w^\top \mathbf{v}_c)}", "right"),
        (r"p(w_O \mid w_I) = \frac{\exp\left({v'_{w_O}}^\top v_{w_I}\right)}{\sum_{w=1}^{W} \exp\left({v'_w}^\top v_{w_I}\right)}", "right"),
        (r"P(w_o \mid w_c) = \frac{\exp(\mathbf{u}_o^\top \mathbf{v}_c)}{\sum_{i \in \mathcal{V}} \exp(\mathbf{u}_i^\top \mathbf{v}_c)}", "right"),
        (r"\hat{y}_o = \frac{\exp(u_o^T v_c)}{\sum_{w} \exp(u_w^T v_c)}", "right"),
        (r"J = -\log \frac{\exp(u_o^\top v_c)}{\sum_w \exp(u_w^\top v_c)}", "right"),
        (r"J = -u_o^\top v_c + \log \sum_{w} \exp(u_w^\top v_c)", "right"),
        (r"\frac{\partial J}{\partial v_c} = -u_o + \sum_{w} \hat{y}_w u_w", "right"),
        (r"\frac{\partial J}{\partial \mathbf{v}_c} = U(\hat{y} - y)", "right"),
        (r"\frac{\partial J}{\partial v_c} = \sum_w (\hat{y}_w - y_w) u_w", "right"),
        (r"\frac{\partial J}{\partial u_w} = (\hat{y}_w - y_w) v_c", "right"),
        ("P(o|c) = exp(u_o^T v_c) / Σ_w exp(u_w^T v_c)", "right"),
        (r"J = -\sum_w y_w \log \hat{y}_w", "right"),
        (r"\frac{\partial J}{\partial U} = v_c (\hat{y} - y)^\top", "right"),
    ],
    "text": [
        (r"E = -\frac{1}{T} \sum_{t=1}^{T} \sum_{-m \le j \le m, j \ne 0} \log p(w_{t+j} \mid w_t)", "right"),
        (r"J(\theta) = -\frac{1}{T} \sum_{t=1}^{T} \sum_{\substack{-m \le j \le m \\ j \ne 0}} \log P(w_{t+j} \mid w_t; \theta)", "right"),
        (r"L = -\frac{1}{T}\sum_{t=1}^T \sum_{-c \leq j \leq c, j \neq 0} \log p(w_{t+j} | w_t)", "right"),
    ],
    "CBOW": [
        (r"h = \frac{1}{C} \sum_{c=1}^{C} W_{in} x_c", "right"),
        (r"\mathbf{h} = \frac{1}{C} W_{in} \sum_{c} \mathbf{x}_c", "right"),
        (r"h = \frac{1}{C}\sum_{c=1}^{C} v_c", "right"),
        (r"\hat{v} = \frac{1}{2m} \sum_{-m \le j \le m, j \ne 0} v_{t+j}", "right"),
        (r"y_k = \frac{\exp(u_k^\top h)}{\sum_{j=1}^{V} \exp(u_j^\top h)}", "right"),
        ("s = W_{out} h", "right"),
        (r"y = \mathrm{softmax}(W_{out} h)", "right"),
        (r"E = -\log y_o", "right"),
        (r"E = -\sum_k t_k \log y_k", "right"),
        (r"\frac{\partial L}{\partial W_{out}} = (y - t) h^\top", "right"),
        (r"\frac{\partial L}{\partial h} = W_{out}^\top (y - t)", "right"),
        (r"\frac{\partial E}{\partial s} = y - t", "right"),
        (r"\frac{\partial E}{\partial v_c} = \frac{1}{C} \frac{\partial E}{\partial h}", "right"),
        ("dW_out = h^T (y - t)", "right"),
        ("s = h W_out", "right"),
    ],
    "negative sampling": [
        (r"J = -\log \sigma(u_o^\top v_c) - \sum_{k=1}^{K} \log \sigma(-u_k^\top v_c)", "right"),
        (r"J_{neg-sample} = -\log \sigma(\mathbf{u}_o^T \mathbf{v}_c) - \sum_{s=1}^{K} \log(1 - \sigma(\mathbf{u}_s^T \mathbf{v}_c))", "right"),
        (r"E = -\log \sigma\left({v'_{w_O}}^\top v_{w_I}\right) - \sum_{i=1}^{K} \log \sigma\left(-{v'_{w_i}}^\top v_{w_I}\right)", "right"),
        (r"\frac{\partial J}{\partial v_c} = (\sigma(u_o^\top v_c) - 1) u_o + \sum_{k=1}^K \sigma(u_k^\top v_c) u_k", "right"),
        (r"\frac{\partial J}{\partial u_o} = (\sigma(u_o^\top v_c) - 1) v_c", "right"),
        (r"\frac{\partial J}{\partial u_k} = \sigma(u_k^\top v_c) v_c", "right"),
        (r"\frac{\partial J}{\partial v_c} = -(1-\sigma(u_o^\top v_c)) u_o + \sum_{k=1}^K (1 - \sigma(-u_k^\top v_c)) u_k", "right"),
        ("J = -log σ(u_o^T v_c) - Σ_k log σ(-u_k^T v_c)", "right"),
        (r"P(w_i) = \frac{f(w_i)^{3/4}}{\sum_{j=1}^{n} f(w_j)^{3/4}}", "right"),
        (r"P_k = \frac{f_k^{0.75}}{\sum_j f_j^{0.75}}", "right"),
        (r"P(w_i) = \frac{f(w_i)^{0.75}}{\sum_j f(w_j)^{0.75}}", "right"),
    ],
    "in plain text and programs": [
        ("J = -u_o^T v_c + log Σ_w exp(u_w^T v_c)", "right"),
        ("dJ/dv_c = Σ_w ŷ_w u_w − u_o", "right"),
        ("h = (1/C) Σ_c W_in x_c", "right"),
        ("y = softmax(W_out h)", "right"),
        ("L = -log σ(u_o^T v) - Σ_k log σ(-u_k^T v)", "right"),
        ("P_k = f_k^0.75 / Σ_j f_j^0.75", "right"),
        (r"y = \mathrm{softmax}(h W_{out})", "right"),
        (r"y_o = \frac{\exp(s_o)}{\sum_{j} \exp(s_j)}", "right"),
    ],
    "wrong": [
        (r"P(o \mid c) = \frac{\exp(v_o^\top u_c)}{\sum_{w=1}^{V} \exp(u_w^\top v_c)}", "undecided: undeclared-symbol"),
        (r"P(o \mid c) = \frac{\exp(u_o^\top v_c)}{\sum_{w=1}^{V} \exp(u_w^\top v_w)}", "wrong: factor-dropped factor-added"),
        (r"P(o \mid c) = \frac{u_o^\top v_c}{\sum_{w=1}^{V} u_w^\top v_c}", "wrong: activation-dropped"),
        (r"P(o \mid c) = \exp(u_o^\top v_c)", "wrong: normalisation-dropped"),
        (r"P(o \mid c) = \sigma(u_o^\top v_c)", "wrong: activation-wrong"),
        (r"J = \log \sum_{w} \exp(u_w^\top v_c)", "wrong: term-dropped"),
        (r"J = u_o^\top v_c - \log \sum_{w} \exp(u_w^\top v_c)", "wrong: sign-flipped"),
        (r"\frac{\partial J}{\partial v_c} = u_o - \sum_{w} \hat{y}_w u_w", "wrong: sign-flipped"),
        (r"\frac{\partial J}{\partial v_c} = \sum_{w} \hat{y}_w u_w", "wrong: term-dropped"),
        (r"\frac{\partial J}{\partial v_c} = -u_o", "wrong: term-dropped"),
        (r"\frac{\partial J}{\partial v_c} = U(y - \hat{y})", "wrong: sign-flipped"),
        (r"\frac{\partial J}{\partial v_c} = \sum_w (\hat{y}_w + y_w) u_w", "wrong: label-sign"),
        (r"\frac{\partial J}{\partial u_w} = (y_w - \hat{y}_w) v_c", "wrong: sign-flipped"),
        (r"\frac{\partial J}{\partial u_w} = (\hat{y}_w - y_w) u_w", "wrong"),
        (r"E = \frac{1}{T} \sum_{t=1}^{T} \sum_{-m \le j \le m, j \ne 0} \log p(w_{t+j} \mid w_t)", "wrong: sign-flipped"),
        (r"E = -\frac{1}{T} \sum_{t=1}^{T} \sum_{-m \le j \le m} \log p(w_{t+j} \mid w_t)", "wrong: sum-lengthened"),
        (r"E = -\sum_{t=1}^{T} \sum_{-m \le j \le m, j \ne 0} \log p(w_{t+j} \mid w_t)", "wrong: scale-wrong"),
        (r"E = -\frac{1}{T} \sum_{t=1}^{T} \sum_{-m \le j \le m, j \ne 0} \log p(w_t \mid w_{t+j})", "wrong: transpose-dropped"),
        (r"h = \sum_{c=1}^{C} W_{in} x_c", "wrong: scale-wrong"),
        (r"h = \sum_{c=1}^{C} v_c", "wrong: scale-wrong"),
        (r"\hat{v} = \frac{1}{m} \sum_{-m \le j \le m, j \ne 0} v_{t+j}", "wrong: factor-dropped"),
        (r"\hat{v} = \frac{1}{2m} \sum_{-m \le j \le m} v_{t+j}", "wrong: sum-lengthened"),
        (r"y_k = \frac{\exp(u_k^\top h)}{\sum_{j=1}^{V} \exp(u_k^\top h)}", "wrong: index-shifted"),
        (r"E = \log y_o", "wrong: sign-flipped"),
        ("E = -y_o", "wrong: activation-dropped"),
        (r"E = -\sum_k y_k \log t_k", "undecided: target-unknown"),
        (r"\frac{\partial L}{\partial W_{out}} = (t - y) h^\top", "wrong: sign-flipped"),
        (r"\frac{\partial L}{\partial W_{out}} = (y - t) x^\top", "wrong: factor-dropped factor-added"),
        (r"\frac{\partial L}{\partial h} = W_{out} (y - t)", "wrong: transpose-dropped"),
        (r"\frac{\partial L}{\partial h} = W_{in}^\top (y - t)", "wrong: wrong-parameter"),
        (r"\frac{\partial E}{\partial v_c} = \frac{\partial E}{\partial h}", "wrong: scale-wrong"),
        (r"\frac{\partial E}{\partial s} = y + t", "wrong: label-sign"),
        (r"J = -\log \sigma(u_o^\top v_c) - \sum_{k=1}^{K} \log \sigma(u_k^\top v_c)", "wrong: sign-flipped"),
        (r"J = -\log \sigma(u_o^\top v_c) + \sum_{k=1}^{K} \log \sigma(-u_k^\top v_c)", "wrong: sign-flipped"),
        (r"J = \log \sigma(u_o^\top v_c) + \sum_{k=1}^{K} \log \sigma(-u_k^\top v_c)", "wrong: sign-flipped"),
        (r"J = -\log \sigma(-u_o^\top v_c) - \sum_{k=1}^{K} \log \sigma(u_k^\top v_c)", "undecided: target-unknown"),
        (r"J = -\log \sigma(u_o^\top v_c) - \sum_{k=1}^{K} \log (1 + \sigma(u_k^\top v_c))", "wrong: sign-flipped"),
        (r"J = -\log \sigma(u_o^\top v_c) - \frac{1}{K}\sum_{k=1}^{K} \log \sigma(-u_k^\top v_c)", "wrong: mean-for-sum"),
        (r"J = -\log \sigma(u_o^\top v_c)", "wrong: term-dropped"),
        (r"J = - \sigma(u_o^\top v_c) - \sum_{k=1}^{K} \sigma(-u_k^\top v_c)", "wrong: activation-dropped"),
        (r"\frac{\partial J}{\partial v_c} = \sigma(u_o^\top v_c) u_o + \sum_{k=1}^K \sigma(u_k^\top v_c) u_k", "wrong: term-dropped"),
        (r"\frac{\partial J}{\partial v_c} = (\sigma(u_o^\top v_c) - 1) u_o + \sum_{k=1}^K (\sigma(u_k^\top v_c) - 1) u_k", "wrong: sign-flipped"),
        (r"\frac{\partial J}{\partial u_o} = \sigma(u_o^\top v_c) v_c", "wrong: term-dropped"),
        (r"\frac{\partial J}{\partial u_k} = (\sigma(u_k^\top v_c) - 1) v_c", "wrong: sign-flipped"),
        (r"\frac{\partial J}{\partial u_k} = \sigma(-u_k^\top v_c) v_c", "wrong: sign-flipped"),
        ("P(w_i) = f(w_i)^{3/4}", "wrong: normalisation-dropped"),
        (r"P(w_i) = \frac{f(w_i)}{\sum_{j} f(w_j)}", "wrong: power-dropped"),
        (r"P(w_i) = \frac{f(w_i)^{3/4}}{\sum_{j} f(w_j)}", "wrong: power-dropped"),
        (r"P_k = \frac{f_k^{4/3}}{\sum_j f_j^{4/3}}", "wrong: scale-wrong"),
        ("J = u_o^T v_c - log Σ_w exp(u_w^T v_c)", "wrong: sign-flipped"),
        ("L = -log σ(u_o^T v) - Σ_k log σ(u_k^T v)", "wrong: sign-flipped"),
        ("h = Σ_c W_in x_c", "wrong: scale-wrong"),
        ("P_k = f_k^0.75", "wrong: normalisation-dropped"),
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
