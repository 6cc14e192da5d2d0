"""Optimisers as people write them: Kingma and Ba, Goodfellow, PyTorch, Ng, Saito, programs.

Each line: the formula and what becomes of it. ``right``; ``wrong: codes``, the most telling first,
or ``wrong`` alone where no name is promised; ``undecided: reason`` and ``unread: reason``.
"""

import pytest

from engine.formulas.judge import judge
from engine.mistakes import MISTAKE_CODES

# fmt: off
CASES = {
    "SGD": [
        (r"\theta_{t+1} = \theta_t - \eta \nabla_\theta J(\theta_t)", "right"),
        (r"\theta \leftarrow \theta - \eta g", "right"),
        (r"W \leftarrow W - \eta \frac{\partial L}{\partial W}", "right"),
        (r"\mathbf{w}_{t+1} = \mathbf{w}_t - \eta\, \mathbf{g}_t", "right"),
        (r"w_t = w_{t-1} - \alpha g_t", "right"),
        ("w = w - lr * dw", "right"),
        ("w -= lr * dw", "right"),
        ("params -= lr * grads", "right"),
        ("W ← W − η ∂L/∂W", "right"),
        (r"x_{t} = x_{t-1} - \eta_t g_t", "right"),
        (r"\theta_{t+1} := \theta_{t} - \alpha \cdot g_{t}", "right"),
    ],
    "momentum": [
        (r"\mathbf{v}_t \leftarrow \beta \mathbf{v}_{t-1} + \mathbf{g}_{t, t-1}, \mathbf{x}_t \leftarrow \mathbf{x}_{t-1} - \eta_t \mathbf{v}_t", "right"),
        (r"v \leftarrow \alpha v - \epsilon g", "right"),
        (r"v \leftarrow \alpha v - \eta \frac{\partial L}{\partial W}", "right"),
        (r"W \leftarrow W + v", "right"),
        (r"\theta \leftarrow \theta + v", "right"),
        (r"v_t = \gamma v_{t-1} + \eta \nabla_\theta J(\theta)", "right"),
        (r"\theta = \theta - v_t", "right"),
        (r"v_t = \mu v_{t-1} + g_t", "right"),
        (r"\theta_t = \theta_{t-1} - \gamma v_t", "right"),
        (r"v_{dW} = \beta v_{dW} + (1-\beta) dW", "right"),
        ("v = momentum * v - lr * grads", "right"),
        ("v = mu * v - lr * dx", "right"),
        ("x += v", "right"),
        ("v_t = β v_{t-1} + (1−β) g_t", "right"),
        (r"b_t = \mu b_{t-1} + g_t", "right"),
        (r"v^{t} = \mu v^{t-1} - \eta g^{t}", "right"),
    ],
    "AdaGrad and RMSProp": [
        (r"h \leftarrow h + \frac{\partial L}{\partial W} \odot \frac{\partial L}{\partial W}", "right"),
        (r"W \leftarrow W - \eta \frac{1}{\sqrt{h}+\epsilon} \frac{\partial L}{\partial W}", "right"),
        (r"r \leftarrow r + g \odot g", "right"),
        (r"\mathbf{s}_t = \mathbf{s}_{t-1} + \mathbf{g}_t^2", "right"),
        (r"\mathbf{x}_t = \mathbf{x}_{t-1} - \frac{\eta}{\sqrt{\mathbf{s}_t + \epsilon}} \odot \mathbf{g}_t", "right"),
        (r"\mathbf{s}_t \leftarrow \gamma \mathbf{s}_{t-1} + (1 - \gamma) \mathbf{g}_t^2", "right"),
        (r"r \leftarrow \rho r + (1-\rho)\, g \odot g", "right"),
        (r"\theta \leftarrow \theta - \frac{\epsilon}{\sqrt{\delta + r}} \odot g", "right"),
        (r"\theta \leftarrow \theta - \frac{\epsilon}{\delta + \sqrt{r}} \odot g", "right"),
        (r"\Delta\theta = -\frac{\epsilon}{\delta + \sqrt{r}} \odot g", "right"),
        (r"v_t = \beta v_{t-1} + (1-\beta) g_t^2", "right"),
        (r"w_{t+1} = w_t - \frac{\eta}{\sqrt{v_t} + \epsilon} g_t", "right"),
        (r"S_{dW} = \beta S_{dW} + (1-\beta) dW^2", "right"),
        (r"W = W - \alpha \frac{dW}{\sqrt{S_{dW}} + \epsilon}", "right"),
        ("cache += dx**2", "right"),
        ("x -= lr * dx / (np.sqrt(cache) + eps)", "right"),
        ("cache = decay_rate * cache + (1 - decay_rate) * dx**2", "right"),
        ("h += grads * grads", "right"),
        ("params -= lr * grads / (np.sqrt(h) + 1e-7)", "right"),
        ("h_t = ρ h_{t-1} + (1−ρ) g_t²", "right"),
        ("G_t = G_{t-1} + g_t^2", "right"),
    ],
    "Adam": [
        (r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t", "right"),
        (r"v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2", "right"),
        (r"\hat{m}_t = \frac{m_t}{1-\beta_1^t}", "right"),
        (r"\hat{v}_t = \frac{v_t}{1-\beta_2^t}", "right"),
        (r"\hat m_t = m_t / (1 - \beta_1^t), \quad \hat v_t = v_t / (1 - \beta_2^t)", "right"),
        (r"\theta_t = \theta_{t-1} - \alpha \cdot \hat{m}_t / (\sqrt{\hat{v}_t} + \epsilon)", "right"),
        (r"\theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{\hat{v}_t} + \epsilon} \hat{m}_t", "right"),
        (r"m_t \leftarrow \beta_1 \cdot m_{t-1} + (1 - \beta_1) \cdot g_t", "right"),
        (r"v_t \leftarrow \beta_2 \cdot v_{t-1} + (1 - \beta_2) \cdot g_t^2", "right"),
        (r"\mathbf{v}_t \leftarrow \beta_1 \mathbf{v}_{t-1} + (1 - \beta_1) \mathbf{g}_t", "right"),
        (r"\mathbf{s}_t \leftarrow \beta_2 \mathbf{s}_{t-1} + (1 - \beta_2) \mathbf{g}_t^2", "right"),
        (r"\hat{\mathbf{v}}_t = \frac{\mathbf{v}_t}{1 - \beta_1^t}", "right"),
        (r"s \leftarrow \rho_1 s + (1-\rho_1) g", "right"),
        (r"r \leftarrow \rho_2 r + (1-\rho_2) g \odot g", "right"),
        (r"\hat{s} \leftarrow \frac{s}{1-\rho_1^t}", "right"),
        (r"\hat{r} \leftarrow \frac{r}{1-\rho_2^t}", "right"),
        (r"v_t = \beta_2 v_{t-1} + (1-\beta_2)(g_t \odot g_t)", "right"),
        ("m = beta1 * m + (1 - beta1) * dx", "right"),
        ("v = beta2 * v + (1 - beta2) * dx**2", "right"),
        ("mt = m / (1 - beta1**t)", "right"),
        ("m_hat = m / (1 - beta1**t)", "right"),
        ("v_hat = v / (1 - beta2**t)", "right"),
        ("x -= lr * m_hat / (np.sqrt(v_hat) + eps)", "right"),
        ("m_t = β₁ m_{t-1} + (1−β₁) g_t", "right"),
        ("v̂_t = v_t / (1 − β₂^t)", "right"),
        ("θ_t = θ_{t-1} − α m̂_t / (√v̂_t + ε)", "right"),
    ],
    "wrong": [
        (r"\theta_{t+1} = \theta_t + \eta \nabla_\theta J(\theta_t)", "wrong: sign-flipped"),
        (r"W \leftarrow W + \eta \frac{\partial L}{\partial W}", "wrong: sign-flipped"),
        (r"\theta_{t+1} = \theta_t - g_t", "wrong: learning-rate-dropped"),
        (r"\theta_{t+1} = - \eta g_t", "wrong: term-dropped"),
        (r"w_t = w_{t-1} - \frac{g_t}{\eta}", "wrong: scale-wrong"),
        ("w = w + lr * dw", "wrong: sign-flipped"),
        ("w -= dw", "wrong: learning-rate-dropped"),
        (r"v \leftarrow \alpha v + \epsilon v", "wrong: wrong-signal"),
        (r"v \leftarrow v - \eta g", "wrong: factor-dropped"),
        (r"v_t = \mu v_{t} - \eta g_t", "wrong: index-shifted"),
        (r"v_t = \mu v_{t-1} - \eta g_{t-1}", "wrong: index-shifted"),
        (r"v_t = (1-\beta) v_{t-1} + \beta g_t", "wrong: wrong-signal factor-added"),
        (r"\theta_t = \theta_{t-1} - \eta g_t + \mu v_{t-1} g_t", "wrong: factor-added"),
        (r"W \leftarrow W + \eta v", "wrong: factor-added"),
        (r"h \leftarrow h + \frac{\partial L}{\partial W}", "wrong: power-dropped"),
        ("h_t = h_{t-1} - g_t^2", "wrong"),
        (r"W \leftarrow W - \eta \frac{1}{h + \epsilon} \frac{\partial L}{\partial W}", "wrong: activation-dropped"),
        (r"W \leftarrow W - \eta \sqrt{h} \frac{\partial L}{\partial W}", "wrong"),
        (r"W \leftarrow W + \eta \frac{1}{\sqrt{h}+\epsilon} \frac{\partial L}{\partial W}", "wrong: sign-flipped"),
        (r"\mathbf{s}_t \leftarrow \gamma \mathbf{s}_{t-1} + (1 - \gamma) \mathbf{g}_t", "wrong: power-dropped"),
        (r"\mathbf{s}_t \leftarrow \gamma \mathbf{s}_{t-1} + (1 + \gamma) \mathbf{g}_t^2", "wrong"),
        (r"\mathbf{s}_t \leftarrow (1-\gamma) \mathbf{s}_{t-1} + \gamma \mathbf{g}_t^2", "wrong: factor-added"),
        (r"\mathbf{s}_t \leftarrow \gamma \mathbf{s}_{t-1} + \gamma \mathbf{g}_t^2", "wrong: factor-added"),
        (r"\mathbf{s}_t \leftarrow \gamma \mathbf{s}_{t-1} + \mathbf{g}_t^2", "wrong"),
        (r"r \leftarrow \rho r + (1-\rho) g \odot r", "wrong: wrong-signal"),
        ("cache = decay_rate * cache + (1 - decay_rate) * dx", "wrong: power-dropped"),
        ("x -= lr * dx / (cache + eps)", "wrong: activation-dropped"),
        ("x += lr * dx / (np.sqrt(cache) + eps)", "wrong: sign-flipped"),
        (r"m_t = \beta_2 m_{t-1} + (1-\beta_2) g_t", "wrong: wrong-parameter"),
        (r"v_t = \beta_1 v_{t-1} + (1-\beta_1) g_t^2", "wrong: wrong-parameter"),
        (r"m_t = \beta_1 m_{t-1} + (1-\beta_2) g_t", "wrong: wrong-parameter"),
        (r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t^2", "wrong: factor-dropped factor-added"),
        (r"m_t = \beta_1 m_{t-1} + \beta_1 g_t", "wrong: sign-flipped term-dropped"),
        (r"m_t = (1-\beta_1) m_{t-1} + \beta_1 g_t", "wrong: wrong-signal"),
        (r"m_t = \beta_1 m_{t-1} - (1-\beta_1) g_t", "wrong: sign-flipped"),
        (r"v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t", "wrong: power-dropped"),
        (r"\hat{m}_t = \frac{m_t}{1-\beta_1}", "wrong: power-dropped"),
        (r"\hat{v}_t = \frac{v_t}{1-\beta_2}", "wrong: power-dropped"),
        (r"\hat{m}_t = m_t", "wrong: bias-correction-dropped"),
        (r"\hat{m}_t = \frac{m_t}{1-\beta_2^t}", "wrong: wrong-parameter"),
        (r"\hat{v}_t = \frac{v_t}{1+\beta_2^t}", "wrong: sign-flipped"),
        (r"\hat{v}_t = v_t (1-\beta_2^t)", "wrong: scale-wrong"),
        (r"\hat{m}_t = \frac{m_t}{\beta_1^t}", "wrong: sign-flipped term-dropped"),
        (r"\theta_t = \theta_{t-1} + \alpha \hat{m}_t / (\sqrt{\hat{v}_t} + \epsilon)", "wrong: sign-flipped"),
        (r"\theta_t = \theta_{t-1} - \alpha \hat{m}_t / (\hat{v}_t + \epsilon)", "wrong: activation-dropped"),
        (r"\theta_t = \theta_{t-1} - \alpha \hat{m}_t / \sqrt{\hat{v}_t + \epsilon}", "wrong: parentheses-misplaced"),
        (r"\theta_t = \theta_{t-1} - \alpha m_t / (\sqrt{v_t} + \epsilon)", "wrong: bias-correction-dropped"),
        (r"\theta_t = \theta_{t-1} - \alpha \hat{v}_t / (\sqrt{\hat{m}_t} + \epsilon)", "undecided: not-evaluable"),
        (r"\theta_t = \theta_{t-1} - \alpha g_t / (\sqrt{\hat{v}_t} + \epsilon)", "wrong: wrong-signal"),
        (r"\theta_t = \theta_{t-1} - \hat{m}_t / (\sqrt{\hat{v}_t} + \epsilon)", "wrong: learning-rate-dropped"),
        ("m = beta2 * m + (1 - beta2) * dx", "wrong: wrong-parameter"),
        ("m_hat = m / (1 - beta1)", "wrong: power-dropped"),
        ("x -= lr * m_hat / (v_hat + eps)", "wrong: activation-dropped"),
        ("x -= lr * m_hat / np.sqrt(v_hat + eps)", "wrong: parentheses-misplaced"),
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
