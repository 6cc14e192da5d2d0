"""The language beyond the simple RNN: gates, attention, word vectors, optimisers, clipping, losses.

The tables are the documentation: how people write a formula, and how it is understood. Where the
same is written in another way, the same tree comes out.
"""

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formulas.notations import COMMON_FUNCTIONS, Notation, Quantity
from engine.formulas.notations.course import EPSILON, SAMPLES
from engine.formulas.reading import read_in
from engine.formulas.rendering import canonical, display
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Equation,
    Extremum,
    Index,
    Number,
    Power,
    Product,
    Quotient,
    Stack,
    Sum,
    Symbol,
    Transpose,
)
from engine.formulas.trouble import TROUBLE_CODES

STYLES = ("unicode", "latex", "ascii", "numpy")

# -- the notations of these tests


def signal(name, letter="", label="", **more):
    return _quantity(name, "signal", letter, label, more)


def parameter(name, letter, label="", **more):
    return _quantity(name, "parameter", letter, label, more)


def scalar(name, letter="", label="", **more):
    return _quantity(name, "scalar", letter, label, more)


def _quantity(name, kind, letter, label, more):
    letter = letter or name
    shown, latex = more.pop("shown", letter), more.pop("latex", letter)
    return Quantity(name, kind, letter, label, False, shown, latex, **more)


LOSS = Quantity("E", "loss", "L", unicode="L", latex="L", also=(("E",), ("J",)))

GATES = Notation(
    "gates-test",
    "column",
    (
        *(signal(name) for name in "xhfiozry"),
        signal("c", also=(("C",),)),
        signal("ctilde", shown="c̃", latex=r"\tilde{c}", also=(("Ctilde",),)),
        signal("htilde", shown="h̃", latex=r"\tilde{h}"),
        signal("hbar", shown="h̄", latex=r"\bar{h}"),
        signal("delta_z", "delta", "z", shown="δ", latex=r"\delta"),
        signal("delta_h", "delta", "h", shown="δ", latex=r"\delta"),
        *(parameter(f"W_{gate}", "W", gate) for gate in ("f", "i", "o", "z", "r", "h", "hi", "xh")),
        parameter("W_c", "W", "c", also=(("W", "C"),)),
        parameter("W", "W"),
        *(parameter(f"b_{gate}", "b", gate) for gate in "fiozrh"),
        parameter("b_c", "b", "c", also=(("b", "C"),)),
        EPSILON,
        SAMPLES,
        LOSS,
    ),
    COMMON_FUNCTIONS,
)

NG = Notation(
    "ng-test",
    "column",
    (
        signal("x", also=(("xt",),)),
        signal("h", "a", also=(("a", "next"),)),
        signal("c", also=(("c", "next"),)),
        signal("ctilde", shown="c̃", latex=r"\tilde{c}", also=(("cct",),)),
        signal("f", "Gamma", "f", shown="Γ", latex=r"\Gamma", also=(("ft",),)),
        signal("u", "Gamma", "u", shown="Γ", latex=r"\Gamma", also=(("it",), ("Gamma", "i"))),
        signal("o", "Gamma", "o", shown="Γ", latex=r"\Gamma", also=(("ot",),)),
        *(parameter(f"W_{gate}", "W", gate) for gate in "fco"),
        LOSS,
    ),
    COMMON_FUNCTIONS,
)

ATTENTION = Notation(
    "attention-test",
    "column",
    (
        signal("alpha", shown="α", latex=r"\alpha", indices=2, also=(("a",),)),
        signal("h", indices=2, also=(("H",),)),
        signal("hbar", shown="h̄", latex=r"\bar{h}", indices=2),
        *(signal(name, indices=2) for name in ("e", "S", "Q", "K", "V")),
        signal("A", indices=2, also=(("P",),)),
        *(signal(name) for name in ("s", "c", "q", "k")),
        parameter("W_a", "W", "a"),
        parameter("v_a", "v", "a"),
        scalar("d_k", "d", "k", also=(("d",),)),
        LOSS,
    ),
    COMMON_FUNCTIONS,
    sizes=frozenset({"T", "T_x"}),
    calls={"score": "e", "Attention": "c"},
)

WORDS = Notation(
    "words-test",
    "column",
    (
        signal("u", indices=2, also=(("U",),)),
        signal("v", indices=2),
        signal("vprime", shown="v'", latex="v'", indices=2),
        signal("p", indices=2),
        signal("y"),
        signal("yhat", shown="ŷ", latex=r"\hat{y}"),
        scalar("m"),
        Quantity("E", "loss", "J", unicode="J", latex="J"),
    ),
    COMMON_FUNCTIONS,
    sizes=frozenset({"T", "V", "K"}),
    index_letters=frozenset("ocw"),
    probabilities={"P": "p", "p": "p"},
)

OPTIMISERS = Notation(
    "optimisers-test",
    "column",
    (
        *(signal(name) for name in "mvg"),
        signal("mhat", shown="m̂", latex=r"\hat{m}"),
        signal("vhat", shown="v̂", latex=r"\hat{v}"),
        signal("w", also=(("theta",),)),
        scalar("beta1", "beta", "1", shown="β", latex=r"\beta"),
        scalar("beta2", "beta", "2", shown="β", latex=r"\beta"),
        scalar("eta", shown="η", latex=r"\eta", also=(("alpha",),)),
        scalar("epsilon", shown="ε", latex=r"\epsilon", also=(("eps",),)),
        LOSS,
    ),
    COMMON_FUNCTIONS,
)

CLIPPING = Notation(
    "clipping-test",
    "column",
    (signal("g", indices=0), scalar("theta", shown="θ", latex=r"\theta", also=(("v",),)), LOSS),
    COMMON_FUNCTIONS,
)

POSITIONS = Notation(
    "positions-test",
    "column",
    (signal("PE", indices=2), scalar("d", "d", "model", also=(("d",),))),
    COMMON_FUNCTIONS,
    positions=frozenset({"pos", "i"}),
)

SEQUENCES = Notation(
    "sequences-test",
    "column",
    (
        *(signal(name) for name in "yxcps"),
        scalar("whole", "Pall"),
        scalar("alpha", shown="α", latex=r"\alpha"),
        signal("mu", shown="μ", latex=r"\mu"),
        signal("sigma", shown="σ", latex=r"\sigma"),
        LOSS,
    ),
    COMMON_FUNCTIONS,
    sizes=frozenset({"T", "J", "V"}),
    probabilities={"P": "p"},
    sequences={"P": "whole"},
)


NOTATIONS = (GATES, NG, ATTENTION, WORDS, OPTIMISERS, CLIPPING, POSITIONS, SEQUENCES)


def shown(text, notation):
    reading = read_in(text, notation)
    assert reading.trouble is None, reading.trouble
    return "; ".join(canonical(equation, notation) for equation in reading.equations)


def repairs(text, notation):
    reading = read_in(text, notation)
    assert reading.trouble is None, reading.trouble
    for repair in reading.repairs:
        assert 0 <= repair.start <= repair.end <= len(text)
    return [(repair.found, repair.meant) for repair in reading.repairs]


# -- how it is written, and how it is understood

WRITTEN = {
    # the gates of a cell, as notes have them
    "gates": (
        GATES,
        [
            (r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f) \quad \text{(Forget Gate)}", "f^t = σ(W_f [h^{t−1}, x^t] + b_f)"),
            (r"f_t &= \sigma(W_f [h_{t-1}, x_t] + b_f) \quad &\text{(忘却ゲート)} \\", "f^t = σ(W_f [h^{t−1}, x^t] + b_f)"),
            (r"\tilde{C}_t = \tanh(W_C [h_{t-1}; x_t] + b_C)", "c̃^t = tanh(W_c [h^{t−1}; x^t] + b_c)"),
            (r"\tilde{C_t} = \text{tanh}(W_C \cdot [h_{t-1}, x_t] + b_C)", "c̃^t = tanh(W_c [h^{t−1}, x^t] + b_c)"),
            ("Candidate:   h̃_t = tanh(W · [r_t ⊙ h_{t-1}, x_t])", "h̃^t = tanh(W [r^t ⊙ h^{t−1}, x^t])"),
            ("h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t   # New hidden state", "h^t = (1 − z^t) ⊙ h^{t−1} + z^t ⊙ h̃^t"),
            ("z_t = σ(W_z·[h_{t-1}, x_t])  → keep old", "z^t = σ(W_z [h^{t−1}, x^t])"),
            ("- r_t = σ(W_r · [h_(t-1), x_t])", "r^t = σ(W_r [h^{t−1}, x^t])"),
            ("忘却ゲート：f_t = σ(W_f x_t)", "f^t = σ(W_f x^t)"),
            ("h_new = (1-z) * h + z *  h_bar", "h^t = (1 − z^t) h^{t−1} + z^t h̄^t"),
            ("c(t)= i(t)o(t) + f(t)c(t-1)", "c^t = i^t o^t + f^t c^{t−1}"),
            (r"h_t = \tanh\left( W \begin{pmatrix} h_{t-1} \\ x_t \end{pmatrix} + b_h\right)", "h^t = tanh(W [h^{t−1}; x^t] + b_h)"),
            (r"\delta_{z_t} = \delta_{h_t} * (\widetilde h_t - h_{t-1}) * \sigma'(z_t)", "δ_z^t = δ_h^t (h̃^t − h^{t−1}) σ'(z^t)"),
            ("dW_f = df_t", "∂L/∂W_f = ∂L/∂f^t"),
            ("Ct = ft * Ct-1 + it * C̃t", "c^t = f^t c^{t−1} + i^t c̃^t"),
            ("h˜_t", "h̃^t"),
            ("prev_h", "h^{t−1}"),
            (r"i_t = \sigma(W_{h,i} h_{t-1})", "i^t = σ(W_hi h^{t−1})"),
            (r"\bar{h}_t", "h̄^t"),
            (r"\overline{h}_t", "h̄^t"),
            ("h_tilde[t]", "h̃^t"),
            (r"\begin{bmatrix} W_i & W_o \\ W_z & W_r\end{bmatrix}", "[[W_i, W_o]; [W_z, W_r]]"),
            (r"W_r \vec{h}_t", "W_r h^t"),
            (r"\begin{cases} f_t = \sigma(W_f x_t) \\ c_t = f_t \odot c_{t-1} \end{cases}", "f^t = σ(W_f x^t); c^t = f^t ⊙ c^{t−1}"),
            (r"c_t = f_t * c_{t-1} \quad h_t = o_t * \tanh(c_t)", "c^t = f^t c^{t−1}; h^t = o^t tanh(c^t)"),
            (r"h_t = o_t \odot \tanh(c_t) \quad \text{for all } t", "h^t = o^t ⊙ tanh(c^t)"),
            ("next_c = f * prev_c + i * np.tanh(ctilde)", "c^t = f^t ⊙ c^{t−1} + i^t ⊙ tanh(c̃^t)"),
            ("f = sigmoid(np.dot(Wf, np.concatenate([h_prev, x_t])) + bf)", "f^t = σ(W_f @ [h^{t−1}; x^t] + b_f)"),
            ("np.hstack((h_prev, x_t)) @ W_f", "[h^{t−1}, x^t] @ W_f"),
            ("dprev_h = np.dot(Wf.T, df)", "∂L/∂h^{t−1} = W_fᵀ @ ∂L/∂f^t"),
            ("torch.cat([h_prev, x], dim=1)", "[h^{t−1}, x^t]"),
        ],
    ),
    # the cell of a course with capital gammas
    "ng": (
        NG,
        [
            (r"c^{\langle t \rangle} = \Gamma_f^{\langle t \rangle}* c^{\langle t-1 \rangle} + \Gamma_u^{\langle t \rangle} *\tilde{c}^{\langle t \rangle} \tag{4}", "c^t = Γ_f^t c^{t−1} + Γ_u^t c̃^t"),
            (r"d \Gamma_o^{\langle t \rangle} = da_{next}*\tanh(c_{next})", "∂L/∂Γ_o^t = ∂L/∂a tanh(c)"),
            (r"dW_c = d\tilde c^{\langle t \rangle} * \begin{pmatrix} a_{prev} \\ x_t\end{pmatrix}^T \tag{13}", "∂L/∂W_c = ∂L/∂c̃^t [a^{t−1}; x^t]ᵀ"),
            ("Γ_o^<t> = σ(W_o a^<t-1>)", "Γ_o^t = σ(W_o a^{t−1})"),
            ("dΓf = da_next", "∂L/∂Γ_f = ∂L/∂a"),
            ("dc_prev = dc_next * ft", "∂L/∂c^{t−1} = ∂L/∂c^t Γ_f^t"),
        ],
    ),
    # attention
    "attention": (
        ATTENTION,
        [
            (r"\alpha_{t,s} = \frac{\exp(e_{t,s})}{\sum_{s'} \exp(e_{t,s'})}", "α^{t,s} = exp(e^{t,s}) / (Σ_{s'} exp(e^{t,s'}))"),
            (r"\alpha_{tj} = \frac{\exp(e_{tj})}{\sum_{k=1}^{T_x}\exp(e_{tk})}", "α^{t,j} = exp(e^{t,j}) / (Σ_{k=1}^{T_x} exp(e^{t,k}))"),
            ("α_t^{(j)}", "α^{t,j}"),
            (r"\alpha_j^{(t)}", "α^{t,j}"),
            ("S^{ij}", "S^{i,j}"),
            ("S[i,j]", "S^{i,j}"),
            ("S_{11}", "S^{1,1}"),
            ("S[i, :]", "S^i"),
            (r"\alpha^{<t,t'>}", "α^{t,t'}"),
            ("a_{ij} = softmax_j(e_{ij})", "α^{i,j} = exp(e^{i,j}) / (Σ_k exp(e^{i,k}))"),
            (r"\alpha_{ij} = \mathrm{softmax}(e_{ij})", "α^{i,j} = exp(e^{i,j}) / (Σ_k exp(e^{i,k}))"),
            (r"\alpha_t = \text{softmax}(e_t)", "α^t = softmax(e^t)"),
            (r"\text{softmax}(e)_j", "exp(e^j) / (Σ_k exp(e^k))"),
            (r"A^{ij} - \sum_{j'} A^{ij'} \frac{\partial L}{\partial A^{ij'}}", "A^{i,j} − Σ_{j'} A^{i,j'} ∂L/∂A^{i,j'}"),
            ("dL/dS[i, :] = P[i, :] * (dL/dP[i, :] - sum_j P[i, j] * dL/dP[i, j])", "∂L/∂S^i = A^i (∂L/∂A^i − Σ_j A^{i,j} ∂L/∂A^{i,j})"),
            (r"\text{score}(h_t, \bar{h}_s) = v_a^T \tanh(W_a [h_t; \bar{h}_s])", "e^{t,s} = v_aᵀ tanh(W_a [h^t; h̄^s])"),
            (r"\text{Attention}(Q, K, V) = \text{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right) V", "c = softmax((Q Kᵀ) / √(d_k)) V"),
            ("softmax(QKᵀ/√d_k)V", "softmax(Q (Kᵀ / √(d_k))) V"),
            ("softmax(Q @ K.T / np.sqrt(d_k), axis=-1) @ V", "softmax((Q @ Kᵀ) / √(d_k)) @ V"),
            (r"c = \sum_j \frac{e^{e_j}}{\sum_k e^{e_k}} h_j", "c = Σ_j (exp(e^j) / (Σ_k exp(e^k))) h^j"),
            (r"c_i = \sum_{j \in \{1,\dots,T\}} \alpha_{ij} h_j", "c^i = Σ_{j=1}^T α^{i,j} h^j"),
            ("c_t = sum(alpha[t, j] * h[j] for j in range(1, T+1))", "c^t = Σ_{j=1}^T α^{t,j} ⊙ h^j"),
        ],
    ),
    # word vectors
    "words": (
        WORDS,
        [
            (r"J(\theta) = -\frac{1}{T} \sum_{t=1}^T \sum_{-m \leq j \leq m; j \neq 0} \log{ P( w_{t+j} | w_{t} ) }", "J = −(1 / T) Σ_{t=1}^T Σ_{j=−m, j ≠ 0}^m log(p^{t,j+t})"),
            (r"P(o|c) = \frac{exp(u_o^Tv_c)}{\sum_{w \in V} exp(u_w^T v_c)}", "p^{c,o} = exp([u^o]ᵀ v^c) / (Σ_w exp([u^w]ᵀ v^c))"),
            (r"\prod_{t=1}^{T} \prod_{-m \leq j \leq m,\ j \neq 0} P(w^{(t+j)} \mid w^{(t)})", "∏_{t=1}^T ∏_{j=−m, j ≠ 0}^m p^{t,j+t}"),
            (r"P(O=o \mid C=c)", "p^{c,o}"),
            (r"J = -\log\sigma(u_o^T v_c) - \sum_{k=1,\ w_k \sim P(w)}^K \log\sigma(-u_k^T v_c)", "J = −log(σ([u^o]ᵀ v^c)) − Σ_{k=1}^K log(σ(−[u^k]ᵀ v^c))"),
            (r"\sum_{i=1}^{K} \mathbb{E}_{w_i \sim P_n(w)} [\log \sigma(-{v'_{i}}^\top v_{c})]", "Σ_{i=1}^K log(σ(−[v'^i]ᵀ v^c))"),
            (r"\sum_{\substack{-m \le j \le m \\ j \ne 0}} \log p(w_{t+j}|w_t;\theta)", "Σ_{j=−m, j ≠ 0}^m log(p^{t,j+t})"),
            (r"J_{\theta}", "J"),
            (r"\frac{\partial J}{\partial v_c} = U^T(\hat{y} - y)", "∂J/∂v^c = uᵀ (ŷ − y)"),
            ("sum(j=-m..m, j!=0, log(p[t,t+j]))", "Σ_{j=−m, j ≠ 0}^m log(p^{t,j+t})"),
            ("sum(np.log(p[t, t+j]) for j in range(-m, m + 1) if j != 0)", "Σ_{j=−m, j ≠ 0}^m log(p^{t,j+t})"),
            (r"\partial_{v_c} J(o, c)", "∂J/∂v^c"),
        ],
    ),
    # optimisers
    "optimisers": (
        OPTIMISERS,
        [
            (r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}, \quad \hat{v}_t = \frac{v_t}{1 - \beta_2^t}", "m̂^t = m^t / (1 − (β_1)^{t}); v̂^t = v^t / (1 − (β_2)^{t})"),
            ("mhat = m / (1 - beta1**t)", "m̂ = m / (1 − (β_1)^{t})"),
            ("m_hat_t = m_t / (1 - beta_1^t)", "m̂^t = m^t / (1 − (β_1)^{t})"),
            ("m̂_t = m_t/(1-β₁ᵗ)", "m̂^t = m^t / (1 − (β_1)^{t})"),
            (r"w_{t+1} = w_t - \eta\frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}", "w^{t+1} = w^t − η (m̂^t / (√(v̂^t) + ε))"),
            (r"v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2", "v^t = β_2 v^{t−1} + (1 − β_2) (g^t)^2"),
            (r"\theta_t - \frac{\alpha}{\sqrt{\hat{v_t}} + \epsilon} \hat{m_t}", "w^t − (η / (√(v̂^t) + ε)) m̂^t"),
            ("m[t] = beta1 * m[t-1] + (1 - beta1) * g[t]", "m^t = β_1 m^{t−1} + (1 − β_1) g^t"),
        ],
    ),
    # clipping
    "clipping": (
        CLIPPING,
        [
            (r"g \leftarrow \frac{\theta}{\|g\|} g \quad \text{if } \|g\| > \theta", "g ← cases((θ / ‖g‖) g if ‖g‖ > θ; g otherwise)"),
            (r"\rVert g \rVert \gt v, g \leftarrow \frac{v g}{\rVert g \rVert}", "g ← cases((θ g) / ‖g‖ if ‖g‖ > θ; g otherwise)"),
            (r"if \|g\| \ge \theta: g = θ g/\|g\|", "g = cases(θ (g / ‖g‖) if ‖g‖ ≥ θ)"),
            (r"\mathbf{g} \leftarrow \min\left(1, \frac{\theta}{\|\mathbf{g}\|}\right) \mathbf{g}", "g ← min(1, θ / ‖g‖) g"),
            (r"g = \begin{cases} g & \text{if } \|g\|_2 \le \theta \\ \theta \frac{g}{\|g\|_2} & \text{otherwise} \end{cases}", "g = cases(g if ‖g‖ ≤ θ; θ (g / ‖g‖) otherwise)"),
            (r"\left\{\begin{array}{ll} g, & |g| < 1 \\ 1, & \text{otherwise}\end{array}\right.", "cases(g if ‖g‖ < 1; 1 otherwise)"),
            ("min(1, θ/||g||) g", "min(1, θ / ‖g‖) g"),
            ("np.minimum(1, theta / np.linalg.norm(g)) * g", "min(1, θ / ‖g‖) ⊙ g"),
            (r"\lVert g \rVert_2^2", "‖g‖^2"),
            (r"\left\| g \right\|", "‖g‖"),
            ("np.where(np.linalg.norm(g) > theta, theta * g / np.linalg.norm(g), g)", "cases((θ ⊙ g) / ‖g‖ if ‖g‖ > θ; g otherwise)"),
            ("g * theta / np.linalg.norm(g) if np.linalg.norm(g) > theta else g", "cases((g ⊙ θ) / ‖g‖ if ‖g‖ > θ; g otherwise)"),
            ("cases(g if |g| < 1; 0 otherwise)", "cases(g if ‖g‖ < 1; 0 otherwise)"),
            (r"\max(0, g)", "ReLU(g)"),
            ("np.clip(g, -theta, theta)", "min(max(g, −θ), θ)"),
            ("g^2", "(g)^2"),
            ("np.abs(g) + np.sign(g)", "abs(g) + sign(g)"),
        ],
    ),
    # positional encoding
    "positions": (
        POSITIONS,
        [
            (r"PE_{(pos,2i)} = \sin\left(pos / 10000^{2i/d_{\text{model}}}\right)", "PE^{pos,2i} = sin(pos / 10000^{2 (i / d_model)})"),
            ("PE(pos, 2i+1) = cos(pos / 10000^(2i/d_model))", "PE^{pos,2i+1} = cos(pos / 10000^{2 (i / d_model)})"),
            (r"PE_{pos,2i} = \sin(\frac{pos}{10000^{2i/d}})", "PE^{pos,2i} = sin(pos / 10000^{2 (i / d_model)})"),
        ],
    ),
    # sequences and losses
    "sequences": (
        SEQUENCES,
        [
            (r"P(y_1, \ldots, y_T | x_1, \ldots, x_T) = \prod_{t=1}^{T} P(y_t | y_{<t}, c)", "Pall = ∏_{t=1}^T p^t"),
            (r"P(\mathbf{y} \mid \mathbf{x})", "Pall"),
            (r"\prod_t P(y_t | y_1, \ldots, y_{t-1}, x)", "∏_t p^t"),
            (r"\exp\left(-\frac{1}{T} \sum_{t=1}^{T} \log p_t\right)", "exp(−(1 / T) Σ_{t=1}^T log(p^t))"),
            (r"\frac{1}{T^\alpha} \sum_{t=1}^{T} \log P(y_t)", "(1 / (T)^{α}) Σ_{t=1}^T log(p^t)"),
            (r"-\frac{1}{2} \sum_{j=1}^{J} (1 + \log \sigma_j^2 - \mu_j^2 - \sigma_j^2)", "−(1 / 2) Σ_{j=1}^J (1 + log((σ^j)^2) − (μ^j)^2 − (σ^j)^2)"),
            (r"\mu + \sigma \odot s", "μ + σ ⊙ s"),
            (r"\sigma(s)", "σ(s)"),
            (r"-\frac12\sum_j(1+\log(\sigma_j^2)-e^{\mu_j})", "−(1 / 2) Σ_j (1 + log((σ^j)^2) − exp(μ^j))"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("notation", "text", "meant"),
    [(notation, *pair) for notation, pairs in WRITTEN.values() for pair in pairs],
    ids=lambda value: value.name if isinstance(value, Notation) else None,
)
def test_a_formula_is_understood_as_it_is_meant(notation, text, meant):
    assert shown(text, notation) == meant


@pytest.mark.parametrize(
    ("notation", "text"),
    [(notation, text) for notation, pairs in WRITTEN.values() for text, _ in pairs],
    ids=lambda value: value.name if isinstance(value, Notation) else None,
)
def test_what_was_understood_is_written_and_read_back_in_every_language(notation, text):
    for equation in read_in(text, notation).equations:
        for style in ("unicode", "latex", "ascii"):
            written = canonical(equation, notation, style)
            assert read_in(written, notation).equations == (equation,), written
        assert read_in(canonical(equation, notation, "numpy"), notation).understood
        lines = display(equation, None, notation)
        assert len({len(line) for line in lines}) == 1


# -- damage, and what is told of it

DAMAGED = [
    (r"frac{\partial L}{\partial f_t} = frac{partial L}{partial C_t} odot C_{t-1}",
     "∂L/∂f^t = ∂L/∂c^t ⊙ c^{t−1}", [("frac", r"\frac"), ("odot", r"\odot")]),
    (r"h_t = o_t \\odot \\tanh(c_t)", "h^t = o^t ⊙ tanh(c^t)", []),
    ("h<sub>t</sub> = o<sub>t</sub> * tanh(c<sub>t</sub>)", "h^t = o^t tanh(c^t)",
     [("<sub>", "_{"), ("</sub>", "}")]),
    ("W<sub>f</sub><sup>T</sup> f_t", "W_fᵀ f^t", [("<sup>", "^{")]),
    ("h<em>t = o</em>t tanh(c_t)", "h^t = o^t tanh(c^t)", [("<em>", "_")]),
    (r"h\_t = o\_t \tanh(c\_t)", "h^t = o^t tanh(c^t)", [(r"\_", "_")]),
    (r"h_t = o*t \odot \tanh(c*{t})", "h^t = o^t ⊙ tanh(c^t)", [("*", "_")]),
    (r"h{t} = \tanh(W{f} h{t-1})", "h^t = tanh(W_f h^{t−1})", [("{t-1}", "_{t-1}")]),
    (r"f_t = \sigma(W_f x_t)\,, \label{eq:f} \nonumber", "f^t = σ(W_f x^t)", []),
    ("f_t\u00a0=\u00a0\u200bσ(W_f x_t)", "f^t = σ(W_f x^t)", []),
    ("f_t &equals; &sigma;(W_f x_t)", "f^t = σ(W_f x^t)", [("&sigma;", "σ")]),
    (r"h_t &= o_t \odot \tanh(c_t), \\", "h^t = o^t ⊙ tanh(c^t)", []),
    ("Ｗ＿ｆ ｈ＿｛ｔ−１｝", "W_f h^{t−1}", []),
    ("δ_h^t ⊙ σ’(z_t)", "δ_h^t ⊙ σ'(z^t)", []),
    (r"\mathbf{h}_t = \bm{o}_t \odot \operatorname{tanh}(\boldsymbol{c}_t)",
     "h^t = o^t ⊙ tanh(c^t)", []),
    (r"W_f^\mathsf{T} f_t", "W_fᵀ f^t", []),
    ("W_f⊺ f_t + W_i⊤ i_t", "W_fᵀ f^t + W_iᵀ i^t", []),
    ("Ct = ft * Ct-1", "c^t = f^t c^{t−1}", [("Ct-1", "C_{t-1}")]),
    ("Reset gate:  r_t = σ(W_r x_t)  # see above", "r^t = σ(W_r x^t)",
     [("Reset gate:", ""), ("# see above", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant", "told"), DAMAGED)
def test_damage_is_mended_and_told(text, meant, told):
    assert shown(text, GATES) == meant
    found = repairs(text, GATES)
    assert all(repair in [(f.strip(), m) for f, m in found] for repair in told), found


def test_a_sampling_clause_is_left_out_and_told():
    text = r"\sum_{k=1,\ w_k \sim P(w)}^K \log\sigma(-u_k^T v_c)"
    assert [found for found, _ in repairs(text, WORDS)] == [r"w_k \sim P(w)"]


def test_two_letters_are_two_indices_only_where_a_quantity_takes_two():
    assert shown("S_{ij}", ATTENTION) == "S^{i,j}"
    assert read_in("h_{ij}", GATES).trouble.code == "unknown-name"


def test_a_number_above_is_a_power_of_what_takes_no_index():
    (equation,) = read_in("g^2", CLIPPING).equations
    assert equation.links == (Power(Symbol("g"), Number(Fraction(2))),)
    assert read_in("g_t", CLIPPING).trouble.code == "unexpected-script"


# -- refusals


@pytest.mark.parametrize(
    ("text", "notation", "code"),
    [
        (r"\log_2 p_{c,o}", WORDS, "unexpected-script"),
        (r"\sqrt[3]{d_k}", ATTENTION, "unexpected-token"),
        (r"\overline{h_t c_t}", GATES, "unexpected-token"),
        (r"\hat{m} + \hat{+}", OPTIMISERS, "unexpected-token"),
        (r"\hat{", OPTIMISERS, "unexpected-token"),
        (r"\|g", CLIPPING, "unbalanced-bracket"),
        (r"\|g\|_1", CLIPPING, "unexpected-script"),
        ("min(g)", CLIPPING, "unexpected-token"),
        ("f_t, i_t", GATES, "unexpected-token"),
        ("(h_t, x_t)", GATES, "unexpected-token"),
        (r"\sum_{j \leq m} u_j", WORDS, "unexpected-script"),
        (r"g \text{ if } 1", CLIPPING, "unexpected-end"),
        (r"\|g\| > θ", CLIPPING, "unexpected-end"),
        (r"\begin{cases} g \\ 1 \end{cases}", CLIPPING, "unexpected-token"),
        (r"\begin{pmatrix} h_t \\ x_t", GATES, "unbalanced-bracket"),
        ("P(y_1, y_2 | c)", WORDS, "unexpected-token"),
        ("P(D = 1 | w_t, c)", WORDS, "unexpected-token"),
        (r"p(w_{tj} | w_t)", WORDS, "unexpected-token"),
        ("np.where(g, 1, 2)", CLIPPING, "unsupported-code"),
        ("np.concatenate(g)", CLIPPING, "unsupported-code"),
        ("np.exp(S[:, j])", ATTENTION, "unsupported-code"),
        ("g = 1 if g else np.exp(g)", CLIPPING, "unsupported-code"),
        ("h_tild_t", GATES, "unknown-name"),
    ],
)
def test_what_cannot_be_decided_is_refused(text, notation, code):
    trouble = read_in(text, notation).trouble
    assert trouble is not None, shown(text, notation)
    assert trouble.code == code


# -- properties

QUICK = settings(deadline=None, derandomize=True, max_examples=150)


class Grower:
    """Grows trees of the new nodes in the notation of attention, in the form the reader makes."""

    def __init__(self, draw, code):
        self.draw = draw
        self.code = code

    def pick(self, *options):
        return self.draw(st.sampled_from(options))

    def index(self, bound):
        names = [*bound, "t", "i"]
        return Index.of(self.pick(0, 0, 1, -1), **{self.pick(*names): 1})

    def leaf(self, bound):
        kind = self.pick("entry", "item", "whole", "vector", "weight", "size", "number")
        if kind == "entry":
            return Symbol(
                self.pick("alpha", "S", "e", "h"), self.index(bound), outer=self.index(bound)
            )
        if kind in ("item", "vector"):
            return Symbol(self.pick("h", "hbar", "q"), self.index(bound))
        if kind == "whole":
            return Symbol(self.pick("Q", "K", "alpha"))
        if kind == "size":
            return self.pick(Symbol("T"), Symbol("T_x"), Symbol("d_k"))
        return self.pick(Symbol("W_a"), Symbol("v_a")) if kind == "weight" else Number(Fraction(3))

    def tree(self, bound, depth):
        if depth == 0 or self.pick(*range(5)) == 0:
            return self.leaf(bound)
        return getattr(self, self.pick(*self.BRANCHES))(bound, depth - 1)

    BRANCHES = (
        *("stack", "extremum", "cases", "norm", "big", "product", "sum", "transpose", "quotient"),
        "apply",
    )

    def several(self, bound, depth):
        return tuple(self.tree(bound, depth) for _ in range(self.pick(2, 2, 3)))

    def stack(self, bound, depth):
        return Stack(self.several(bound, depth), self.pick("rows", "columns"))

    def extremum(self, bound, depth):
        return Extremum(self.pick("min", "max"), self.several(bound, depth))

    def comparison(self, bound, depth):
        sign = self.pick("<", "<=", ">", ">=", "=", "!=")
        return Comparison(sign, self.tree(bound, depth), self.tree(bound, depth))

    def cases(self, bound, depth):
        count = self.pick(1, 2)
        conditions = tuple(self.comparison(bound, 0) for _ in range(count))
        branches = tuple(self.tree(bound, depth) for _ in range(count))
        otherwise = self.pick(None, self.leaf(bound))
        return Cases(branches, conditions, otherwise)

    def norm(self, bound, depth):
        return Apply("norm", self.tree(bound, depth))

    def apply(self, bound, depth):
        name = self.pick("sin", "cos", "abs", "sign", "exp", "sqrt", "relu")
        return Apply(name, self.tree(bound, depth))

    def big(self, bound, depth):
        if len(bound) == 2:
            return self.leaf(bound)
        name = self.pick(*(name for name in ("j", "k", "jprime") if name not in bound))
        limits = (Index(constant=-2), Index.of(0, T_x=1))
        if not self.code:
            limits = self.pick((None, None), limits)
        body = self.tree((*bound, name), depth)
        return BigOperator(
            self.pick("sum", "product"), name, *limits, body, self.pick((), (0,), (0, 1))
        )

    def product(self, bound, depth):
        factors = self.several(bound, depth)
        signs = ("matmul",) if self.code else ("juxtaposed", "hadamard", "matmul")
        return Product(factors, tuple(self.pick(*signs) for _ in factors[1:]))

    def sum(self, bound, depth):
        terms = self.several(bound, depth)
        return Sum(terms, tuple(self.pick(1, -1) for _ in terms))

    def transpose(self, bound, depth):
        return Transpose(self.tree(bound, depth))

    def quotient(self, bound, depth):
        return Quotient(self.tree(bound, depth), self.tree(bound, depth))


@st.composite
def trees(draw, style):
    return Grower(draw, style == "numpy").tree((), 3)


@pytest.mark.parametrize("style", STYLES)
def test_what_is_written_is_read_back_as_the_same_tree(style):
    @QUICK
    @given(trees(style))
    def check(tree):
        text = canonical(tree, ATTENTION, style)
        reading = read_in(text, ATTENTION)
        assert reading.trouble is None, (text, reading.trouble)
        assert reading.equations == (Equation((tree,)),), text

    check()


@QUICK
@given(trees("unicode"), st.one_of(st.none(), st.integers(1, 100)))
def test_two_dimensional_text_has_lines_of_equal_width(tree, width):
    assert len({len(line) for line in display(tree, width, ATTENTION)}) == 1


TEXTS = [text for _, pairs in WRITTEN.values() for text, _ in pairs]
TEXTS += [text for text, _, _ in DAMAGED]
PIECES = (
    *(
        r"\begin{cases}",
        r"\end{cases}",
        r"\begin{pmatrix}",
        r"\end{pmatrix}",
        r"\left\{",
        r"\right.",
    ),
    *(
        r"\hat{",
        r"\tilde ",
        r"\overline{",
        r"\text{if } ",
        r"\text{(",
        r"\mid ",
        r"\|",
        "‖",
        "|",
        "||",
    ),
    *(
        r"\sum_{",
        r"\substack{",
        r"\neq 0",
        r"\leq ",
        r"\sim ",
        r"\in ",
        "cases(",
        " otherwise",
        " if ",
    ),
    *("np.where(", "np.concatenate([", " else ", "P(", "softmax_j(", "e^{", "_{<t}", "h̃", "C̃t-1"),
    *(
        "<sub>",
        "</sub>",
        "&lt;",
        "&amp;",
        "<em>",
        "[h_t; x_t]",
        "Gate: ",
        " # ",
        "&",
        r"\\",
        r"\quad ",
    ),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "^",
        "_",
        "=",
        ",",
        ";",
        ":",
        "'",
        "frac{",
        "*{",
        r"\log ",
        "1",
    ),
)


@st.composite
def mangled(draw):
    """A formula as people write it, cut, joined with another one, and strewn with pieces."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        change = draw(st.sampled_from(["insert", "insert", "delete", "join", "double"]))
        if change == "insert":
            text = text[:at] + draw(st.sampled_from(PIECES)) + text[at:]
        elif change == "delete":
            text = text[:at] + text[at + draw(st.integers(1, 8)) :]
        elif change == "join":
            text = text[:at] + draw(st.sampled_from(TEXTS))[at:]
        else:
            text = (text[:at] * 2 + text[at:])[:4000]
    return text


def hold(text, notation):
    """Reading never raises and never takes long; what it understands means the same once written."""
    started = time.process_time()  # of this process: others share the machine
    reading = read_in(text, notation)
    assert time.process_time() - started < 1
    if reading.trouble is not None:
        start, end = reading.trouble.span
        assert 0 <= start <= end <= len(text)
        assert reading.trouble.code in TROUBLE_CODES
        return
    for repair in reading.repairs:
        assert 0 <= repair.start <= repair.end <= len(text)
    for equation in reading.equations:
        start, end = equation.span
        assert 0 <= start <= end <= len(text)
        written = canonical(equation, notation, "latex")
        again = read_in(written, notation)
        longer = again.trouble is not None and again.trouble.code == "too-long"
        assert longer or again.equations == (equation,), (text, written, again.trouble)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(mangled(), st.sampled_from(NOTATIONS))
def test_mangled_formulas_are_answered_and_mean_what_they_were_read_as(text, notation):
    hold(text, notation)


@pytest.mark.prove
def test_ten_minutes_of_mangled_formulas():
    """Runs the generator above for ten minutes, from other seeds than the quick test."""
    end = time.monotonic() + 600
    rounds = 0

    @settings(deadline=None, max_examples=2000, database=None)
    @given(mangled(), st.sampled_from(NOTATIONS))
    def check(text, notation):
        hold(text, notation)

    while time.monotonic() < end:
        check()
        rounds += 1
    assert rounds


HOSTILE = {
    "cases in cases": "cases(" * 600 + "g",
    "cases in LaTeX": r"\begin{cases} " * 250 + "g",
    "matrices": r"\begin{pmatrix} " * 200 + "g" + r" \\ 1 \end{pmatrix}" * 200,
    "a wide matrix": r"\begin{matrix} " + "g & " * 900 + r"1 \end{matrix}",
    "a long matrix": "[" + "g; " * 1300 + "g]",
    "bars": "|" * 3999,
    "double bars": r"\|" * 1999,
    "norms": "norm(" * 700 + "g" + ")" * 700,
    "accents": r"\hat" * 900 + "g",
    "accents in braces": r"\hat{" * 700 + "g" + "}" * 700,
    "combining accents": "g\u0302" * 1900,
    "entities": "&lt;" * 999,
    "tags": "<sub>" * 799,
    "open tags": "<sub " * 799,
    "quads": r"\quad g = g " * 300,
    "conditions": "g if g < 1 " * 350,
    "commas in conditions": "g < 1, " * 500 + "g = 1",
    "logarithms": r"\log " * 790 + "g",
    "exponentials": "e^{" * 900 + "g" + "}" * 900,
    "spaces": "g" + " " * 3990 + "=",
    "colons": "a:" * 1990,
    "labels": "Ab " * 1300 + ": g = g",
    "notes": "g = g " + "# " * 1990,
    "underbraces": r"\underbrace{" * 300 + "g" + "}" * 300,
    "expectations": r"\mathbb{E}_{" * 300,
    "nested where": "np.where(g > 1, g, " * 200 + "g" + ")" * 200,
    "lost commands": "frac" * 900,
    "minus ones": "g-1" * 1300,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_answered_within_a_second(text):
    for notation in (CLIPPING, GATES):
        hold(text, notation)
