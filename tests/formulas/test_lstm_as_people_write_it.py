"""The LSTM as people write it: the table is the documentation of what the judge takes it for.

Each line: the formula and, where an item asks, the target and what is stated. ``RIGHT`` lines are
accepted; ``WRONG`` lines name their mistakes by code, the most telling first (an empty text: no
name is promised); ``OPEN`` lines are undecided without their page, and ``ELSEWHERE`` lines are
right under another convention than the stated one.
"""

import pytest

from engine.formulas.judge import judge
from engine.mistakes import MISTAKE_CODES

SEQUENCE = {"loss": "sequence"}
COLUMN = {"layout": "column"}

# fmt: off
RIGHT = {
    "forward, the course's letters": [
        "a^t = tanh(W_a x^t + U_a h^{t-1} + b_a)",
        "i^t = σ(W_i x^t + U_i h^{t-1} + b_i)",
        "f^t = σ(U_f h^{t-1} + W_f x^t + b_f)",
        "o^t = σ(W_o x^t + U_o h^{t-1} + b_o)",
        "c^t = f^t ⊙ c^{t-1} + i^t ⊙ a^t",
        "c^t = i^t ⊙ a^t + f^t ⊙ c^{t-1}",
        "h^t = o^t ⊙ tanh(c^t)",
        "h^t = tanh(c^t) ∘ o^t",
        "c(t) = i(t)a(t) + f(t)c(t-1)",
        "h(t) = o(t) tanh(c(t))",
        "c[t] = f[t]*c[t-1] + i[t]*a[t]",
        "u_f^t = W_f x^t + U_f h^{t-1} + b_f, f^t = σ(u_f^t)",
        "h^t = o^t ⊙ tanh(f^t ⊙ c^{t-1} + i^t ⊙ a^t)",
        "c^{t+1} = f^{t+1} ⊙ c^t + i^{t+1} ⊙ a^{t+1}",
    ],
    "forward, without a step": [
        "c = f*c + i*a",
        "h = o * tanh(c)",
        "f = sigmoid(W_f x + U_f h + b_f)",
        "c_next = f * c_prev + i * g",
        "h_next = o * np.tanh(c_next)",
        "c_new = f * c + i * g",
        "h_new = o * tanh(c_new)",
        "c_t = f_t*c_prev + i_t*g_t",
    ],
    "forward, one weight for both": [
        r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
        r"i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)",
        r"o_t = \sigma\left(W_o \left[ h_{t-1}, x_t \right] + b_o\right)",
        r"\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)",
        r"C_t = f_t * C_{t-1} + i_t * \tilde{C}_t",
        r"h_t = o_t * \tanh(C_t)",
        r"f_t = \sigma(W_f [x_t; h_{t-1}] + b_f)",
        r"\tilde{c}_t = \tanh\left(W_c \begin{bmatrix} h_{t-1} \\ x_t \end{bmatrix} + b_c\right)",
        "f_t = σ(W_f[h_{t-1}, x_t])",
        "C̃_t = tanh(W_c[h_{t-1}, x_t])",
        "f_t = sigmoid(W_f @ np.concatenate([h_prev, x_t]) + b_f)",
        r"\mathbf{f}_t = \sigma(\mathbf{W}_f [\mathbf{h}_{t-1}; \mathbf{x}_t] + \mathbf{b}_f)",
    ],
    "forward, PyTorch": [
        r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi}) \\",
        r"f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf})",
        r"g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg})",
        r"o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{(t-1)} + b_{ho})",
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        r"c_t = f_t * c_{(t-1)} + i_t * g_t",
        r"h_t = o_t \odot \tanh(c_t)",
    ],
    "forward, rows": [
        r"\mathbf{I}_t = \sigma(\mathbf{X}_t \mathbf{W}_{xi} + \mathbf{H}_{t-1} \mathbf{W}_{hi} + \mathbf{b}_i)",
        r"\mathbf{F}_t = \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xf}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hf}} + \mathbf{b}_\textrm{f})",
        r"\tilde{\mathbf{C}}_t = \text{tanh}(\mathbf{X}_t \mathbf{W}_{xc} + \mathbf{H}_{t-1} \mathbf{W}_{hc} + \mathbf{b}_c)",
        r"\mathbf{C}_t = \mathbf{F}_t \odot \mathbf{C}_{t-1} + \mathbf{I}_t \odot \tilde{\mathbf{C}}_t.",
        r"\mathbf{H}_t = \mathbf{O}_t \odot \tanh(\mathbf{C}_t).",
        "F = sigmoid(X @ W_xf + H_prev @ W_hf + b_f)",
        "f_t = σ(x_t W_f + h_{t-1} U_f + b_f)",
    ],
    "forward, two indices at the weight": [
        r"i_t = \sigma(W_{xi} x_t + W_{hi} h_{t-1} + b_i)",
        r"f_t = \sigma(W_{xf}x_t + W_{hf}h_{t-1} + b_f)",
        r"c_t = f_t c_{t-1} + i_t \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)",
        r"h_t = o_t \tanh(c_t)",
        "g_t = tanh(W_gx x_t + W_gh h_{t-1} + b_g)",
        r"i_{t} = \sigma\left(w_{xi} x_{t} + w_{hi} h_{t-1} + b_{i}\right)",
        "i = sigmoid(W_xi x + W_hi h_prev + b_i)",
    ],
    "forward, labels above": [
        r"i_t = \sigma(W^{(i)} x_t + U^{(i)} h_{t-1})",
        r"f_t = \sigma(W^{(f)} x_t + U^{(f)} h_{t-1} + b^{(f)})",
        r"\tilde{c}_t = \tanh(W^{(c)} x_t + U^{(c)} h_{t-1})",
        r"c_t = f_t \circ c_{t-1} + i_t \circ \tilde{c}_t",
        r"h^{(t)} = o^{(t)} \circ \tanh c^{(t)}",
        r"i_t = \sigma(W_i x_t + U_i h_{t-1})",
    ],
    "forward, Goodfellow's letters": [
        r"\boldsymbol{h}^{(t)} = \tanh(\boldsymbol{s}^{(t)}) \odot \boldsymbol{q}^{(t)}",
        r"f^{(t)} = \sigma(b^f + U^f x^{(t)} + W^f h^{(t-1)})",
        r"q^{(t)} = \sigma(b^q + U^q x^{(t)} + W^q h^{(t-1)})",
    ],
    "forward, Γ": [
        r"\Gamma_f^{\langle t \rangle} = \sigma(W_f[a^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_f)\tag{1}",
        r"\Gamma_u^{<t>} = \sigma(W_u [a^{<t-1>}, x^{<t>}] + b_u)",
        r"\tilde{c}^{\langle t \rangle} = \tanh(W_c[a^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_c)\tag{3}",
        r"c^{\langle t \rangle} = \Gamma_f^{\langle t \rangle}* c^{\langle t-1 \rangle} + \Gamma_u^{\langle t \rangle} *\tilde{c}^{\langle t \rangle} \tag{4}",
        r"\mathbf{\Gamma}_o^{\langle t \rangle}=  \sigma(\mathbf{W}_o[\mathbf{a}^{\langle t-1 \rangle}, \mathbf{x}^{\langle t \rangle}] + \mathbf{b}_{o})\tag{5}",
        r"a^{\langle t \rangle} = \Gamma_o^{\langle t \rangle}* \tanh(c^{\langle t \rangle})\tag{6}",
    ],
    "forward, programs": [
        "A = np.dot(x, Wx) + np.dot(h_prev, Wh) + b",
        "A = x @ Wx + h_prev @ Wh + b",
        "c_next = f * c_prev + g * i",
        "a = x.dot(Wx) + prev_h.dot(Wh) + b",
        "next_c = f * prev_c + i * g",
        "next_h = o * np.tanh(next_c)",
        "h = o * activation(c)",
        "c = f * c + i * np.tanh(W_a @ x + U_a @ h + b_a)",
    ],
    "forward, ONNX": [
        "it = f(Xt*(Wi^T) + Ht-1*(Ri^T) + Wbi + Rbi)",
        "ft = f(Xt*(Wf^T) + Ht-1*(Rf^T) + Wbf + Rbf)",
        "ct = g(Xt*(Wc^T) + Ht-1*(Rc^T) + Wbc + Rbc)",
        "Ct = ft (.) Ct-1 + it (.) ct",
        "Ht = ot (.) h(Ct)",
    ],
    "forward, peepholes": [
        "f_t = σ(W_f x_t + U_f h_{t-1} + p_f ⊙ c_{t-1} + b_f)",
        "o_t = σ(W_o x_t + U_o h_{t-1} + p_o ⊙ c_t + b_o)",
        r"i_t = \sigma(W_{xi} x_t + W_{hi} h_{t-1} + W_{ci} \circ c_{t-1} + b_i)",
        r"o_t = \sigma(W_{xo} x_t + W_{ho} h_{t-1} + W_{co} \circ c_t + b_o)",
        r"o_t = \sigma\left(W_o [C_t, h_{t-1}, x_t] + b_o\right)",
        r"f_t = \sigma(W_f \cdot [C_{t-1}, h_{t-1}, x_t] + b_f)",
    ],
    "backward, gates": [
        r"\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t)",
        r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial C_t} * \tilde{C}_t",
        r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot C_{t-1}",
        r"\frac{\partial L}{\partial \tilde{C}_t} = \frac{\partial L}{\partial C_t} * i_t",
        "∂E/∂i^t = ∂E/∂c^t ⊙ a^t",
        "dE/df_t = dE/dc_t * c_{t-1}",
        "do = dh_next * tanh_c_next",
        "df = ds * c_prev",
        "di = ds * g",
        "dg = ds * i",
        "df = dnext_c * prev_c",
        "do = dh * np.tanh(c)",
    ],
    "backward, pre-activations": [
        "δ_o^t = ∂E/∂h^t ⊙ tanh(c^t) ⊙ o^t ⊙ (1 - o^t)",
        "δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ f^t ⊙ (1 - f^t)",
        "δ_i^t = ∂E/∂c^t ⊙ a^t ⊙ i^t ⊙ (1 - i^t)",
        "δ_a^t = ∂E/∂c^t ⊙ i^t ⊙ (1 - (a^t)^2)",
        "δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ σ'(u_f^t)",
        "δ_a^t = ∂E/∂c^t ⊙ i^t ⊙ tanh'(u_a^t)",
        r"\delta_{f,t} = \frac{\partial L}{\partial c_t} \odot c_{t-1} \odot f_t \odot (1 - f_t)",
        r"\delta_{i}^{t} = \frac{\partial L}{\partial c^t} \circ a^t \circ i^t \circ (1-i^t)",
        r"\delta_{o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t) \odot o_t \odot (1 - o_t)",
        r"\frac{\partial E}{\partial u_f^t} = \frac{\partial E}{\partial f^t} \odot f^t \odot (1 - f^t)",
        r"d \Gamma_o^{\langle t \rangle} = da_{next}*\tanh(c_{next}) * \Gamma_o^{\langle t \rangle}*(1-\Gamma_o^{\langle t \rangle})\tag{7}",
        r"d\tilde c^{\langle t \rangle} = \left(dc_{next}*\Gamma_u^{\langle t \rangle}+ \Gamma_o^{\langle t \rangle}* (1-\tanh^2(c_{next})) * \Gamma_u^{\langle t \rangle} * da_{next} \right) * \left(1-\left(\tilde c^{\langle t \rangle}\right)^2\right) \tag{8}",
        r"d\Gamma_u^{\langle t \rangle} = \left(dc_{next}*\tilde{c}^{\langle t \rangle} + \Gamma_o^{\langle t \rangle}* (1-\tanh^2(c_{next})) * \tilde{c}^{\langle t \rangle} * da_{next}\right)*\Gamma_u^{\langle t \rangle}*\left(1-\Gamma_u^{\langle t \rangle}\right)\tag{9}",
        r"d\Gamma_f^{\langle t \rangle} = \left(dc_{next}* c_{prev} + \Gamma_o^{\langle t \rangle} * (1-\tanh^2(c_{next})) * c_{prev} * da_{next}\right)*\Gamma_f^{\langle t \rangle}*\left(1-\Gamma_f^{\langle t \rangle}\right)\tag{10}",
    ],
    "backward, the cell": [
        r"\frac{\partial L}{\partial C_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(C_t)) + \frac{\partial L}{\partial C_{t+1}} \odot f_{t+1}",
        "∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}",
        "dE/dc_t = f_{t+1} * dE/dc_{t+1} + dE/dh_t * o_t * (1 - tanh^2(c_t))",
        r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot \tanh'(c_t) + f_{t+1} \odot \frac{\partial L}{\partial c_{t+1}}",
        "dc_prev = ds * f",
        "dprev_c = dnext_c * f",
        "ds = dc_next + (dh_next * o) * (1 - tanh_c_next ** 2)",
        "dnext_c += dnext_h * o * (1 - np.tanh(next_c) ** 2)",
        "∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2)",
        "dc = dc_next * f_next + dh * o * (1 - np.tanh(c) ** 2)",
    ],
    "backward, states and inputs": [
        "∂E/∂x^t = W_a^T δ_a^t + W_i^T δ_i^t + W_f^T δ_f^t + W_o^T δ_o^t",
        r"\frac{\partial L}{\partial x_t} = W_a^\top \delta_{a,t} + W_i^\top \delta_{i,t} + W_f^\top \delta_{f,t} + W_o^\top \delta_{o,t}",
        r"\frac{\partial L}{\partial h_{t-1}} = U_a^\top \delta_{a,t} + U_i^\top \delta_{i,t} + U_f^\top \delta_{f,t} + U_o^\top \delta_{o,t}",
        "dx = np.dot(dA, Wx.T)",
        "dh_prev = np.dot(dA, Wh.T)",
        "dprev_h = da.dot(Wh.T)",
        "dx = da @ Wx.T",
        r"da_{prev} = W_f^T d\Gamma_f^{\langle t \rangle} + W_u^T  d\Gamma_u^{\langle t \rangle}+ W_c^T d\tilde c^{\langle t \rangle} + W_o^T  d\Gamma_o^{\langle t \rangle} \tag{15}",
        r"dx^{\langle t \rangle} = W_f^T  d\Gamma_f^{\langle t \rangle} + W_u^T d\Gamma_u^{\langle t \rangle}+ W_c^T d\tilde c^{\langle t \rangle} + W_o^T d\Gamma_o^{\langle t \rangle}\tag{17}",
        r"dc_{prev} = dc_{next}*\Gamma_f^{\langle t \rangle} + \Gamma_o^{\langle t \rangle} * (1- \tanh^2(c_{next}))*\Gamma_f^{\langle t \rangle}*da_{next} \tag{16}",
    ],
    "gradients of parameters": [
        "∂E/∂W_f = Σ_{t=1}^{T} δ_f^t (x^t)^T",
        "∂E/∂U_f = Σ_{t=1}^{T} δ_f^t (h^{t-1})^T",
        "∂E/∂b_f = Σ_{t=1}^{T} δ_f^t",
        r"\frac{\partial L}{\partial U_o} = \sum_t \delta_{o,t} h_{t-1}^\top",
        r"\frac{\partial L}{\partial W_i} = \sum_{t=1}^{T} \delta_{i,t}\, x_t^{\top}",
        r"\frac{\partial E}{\partial W_a} = \sum_{t=1}^T \delta_a^t [x^t]^T",
        "dWx = np.dot(x.T, dA)",
        "dWh = np.dot(h_prev.T, dA)",
        "db = dA.sum(axis=0)",
        "dWh = prev_h.T.dot(da)",
        r"dW_f = d\Gamma_f^{\langle t \rangle} * \begin{pmatrix} a_{prev} \\ x_t\end{pmatrix}^T \tag{11}",
        r"dW_u = d\Gamma_u^{\langle t \rangle} \begin{bmatrix} a_{prev} \\ x_t\end{bmatrix}^T",
        r"dW_c = d\tilde c^{\langle t \rangle} * \begin{pmatrix} a_{prev} \\ x_t\end{pmatrix}^T \tag{13}",
        r"\frac{\partial L}{\partial W_f} = \sum_t \delta_{f,t} [h_{t-1}; x_t]^\top",
        r"\frac{\partial L}{\partial W_{xf}} = \sum_t \delta_{f,t} x_t^T",
        r"\frac{\partial L}{\partial W_{hf}} = \sum_t \delta_{f,t} h_{t-1}^T",
        r"\frac{\partial L}{\partial W_f} = \sum_{t=1}^T \frac{\partial L}{\partial c_t} \odot c_{t-1} \odot f_t \odot (1 - f_t)\, x_t^\top",
        "∂E/∂p_f = Σ_{t=1}^{T} δ_f^t ⊙ c^{t-1}",
        "∂E/∂p_o = Σ_{t=1}^{T} δ_o^t ⊙ c^t",
    ],
    "updates": [
        "W_f ← W_f - η Σ_{t=1}^{T} δ_f^t (x^t)^T",
        r"U_i \leftarrow U_i - \eta \sum_{t=1}^{T} \delta_{i,t} h_{t-1}^{\top}",
        "b_o ← b_o - η Σ_{t=1}^{T} δ_o^t",
        r"W_f \leftarrow W_f - \alpha \sum_t \delta_{f,t} [h_{t-1}; x_t]^T",
        r"\Delta U_f = -\eta \sum_{t=1}^{T} \delta_{f,t} h_{t-1}^T",
        "W_a^{t+1} = W_a^t - ε Σ_{s=0}^{T_t} δ_a^{t-s} [x^{t-s}]^T",
    ],
    "answers to a question": [
        ("f^t ⊙ c^{t-1} + i^t ⊙ a^t", "lstm.c"),
        ("o_t * tanh(c_t)", "lstm.h"),
        ("σ(W_f x^t + U_f h^{t-1} + b_f)", "lstm.f"),
        ("∂E/∂c^t ⊙ a^t", "lstm.grad_i"),
        ("Σ_{t=1}^{T} δ_f^t (h^{t-1})^T", "lstm.U_f.gradient", SEQUENCE),
        ("∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "lstm.grad_c", SEQUENCE),
        ("dh_next * o * (1 - np.tanh(c_next)**2) + dc_next", "lstm.grad_c", SEQUENCE),
        ("σ(W_o x^t + U_o h^{t-1} + p_o ⊙ c^t + b_o)", "lstm_peephole.o"),
    ],
}
WRONG = {
    "gates exchanged": [
        ("c^t = i^t ⊙ c^{t-1} + f^t ⊙ a^t", "gate-roles-swapped"),
        (r"C_t = i_t * C_{t-1} + f_t * \tilde{C}_t", "gate-roles-swapped"),
        ("next_c = i * prev_c + f * g", "gate-roles-swapped"),
        (r"c^{\langle t \rangle} = \Gamma_u^{\langle t \rangle}* c^{\langle t-1 \rangle} + \Gamma_f^{\langle t \rangle} *\tilde{c}^{\langle t \rangle}", "gate-roles-swapped"),
        (r"\mathbf{C}_t = \mathbf{I}_t \odot \mathbf{C}_{t-1} + \mathbf{F}_t \odot \tilde{\mathbf{C}}_t", "gate-roles-swapped"),
        ("h^t = i^t ⊙ tanh(c^t)", "gate-roles-swapped"),
        ("h_t = f_t * tanh(c_t)", "gate-roles-swapped"),
        ("c_t = o_t * c_{t-1} + i_t * g_t", "gate-roles-swapped"),
        (r"\frac{\partial L}{\partial C_{t-1}} = \frac{\partial L}{\partial C_t} \odot i_t", "gate-roles-swapped output-path-dropped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ i^{t+1}", "gate-roles-swapped"),
        ("∂E/∂a^t = ∂E/∂c^t ⊙ f^t", "gate-roles-swapped"),
    ],
    "the two states": [
        ("c^t = f^t ⊙ h^{t-1} + i^t ⊙ a^t", "states-confused"),
        ("c = f * h + i * g", "states-confused"),
        ("h^t = o^t ⊙ tanh(h^t)", "states-confused"),
        (r"h_t = o_t * \tanh(h_{t-1})", "states-confused index-shifted"),
        ("f^t = σ(W_f x^t + U_f c^{t-1} + b_f)", "states-confused"),
        (r"f_t = \sigma(W_f \cdot [C_{t-1}, x_t] + b_f)", "states-confused"),
        (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot h_{t-1}", "states-confused"),
        (r"\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial C_t} \odot \tanh(C_t)", "states-confused"),
        (r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial h_t} \odot g_t", "states-confused"),
        ("∂E/∂U_f = Σ_{t=1}^{T} δ_f^t (c^{t-1})^T", "states-confused"),
        ("dWh = np.dot(c_prev.T, dA)", "states-confused"),
    ],
    "activations": [
        ("a^t = σ(W_a x^t + U_a h^{t-1} + b_a)", "activation-wrong"),
        ("f^t = tanh(W_f x^t + U_f h^{t-1} + b_f)", "activation-wrong"),
        (r"i_t = \tanh(W_i \cdot [h_{t-1}, x_t] + b_i)", "activation-wrong"),
        (r"\tilde{C}_t = \sigma(W_C \cdot [h_{t-1}, x_t] + b_C)", "activation-wrong"),
        ("h^t = o^t ⊙ σ(c^t)", "activation-wrong"),
        (r"h_t = o_t \odot \mathrm{ReLU}(c_t)", "activation-wrong"),
        ("h^t = o^t ⊙ c^t", "activation-dropped"),
        (r"h_t = o_t * C_t", "activation-dropped"),
        ("h = o * c", "activation-dropped"),
        ("h^t = tanh(o^t ⊙ c^t)", "parentheses-misplaced"),
        ("h_t = tanh(o_t * C_t)", "parentheses-misplaced"),
        ("f^t = W_f x^t + U_f h^{t-1} + b_f", "activation-dropped"),
        ("c^t = tanh(f^t ⊙ c^{t-1} + i^t ⊙ a^t)", "activation-added"),
        ("c^t = f^t ⊙ tanh(c^{t-1}) + i^t ⊙ a^t", "activation-added"),
        ("c^t = f^t ⊙ c^{t-1} + i^t ⊙ tanh(a^t)", "activation-added"),
        ("h^t = tanh(o^t) ⊙ c^t", ""),
        ("a = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)", "activation-added"),
    ],
    "steps": [
        ("c^t = f^t ⊙ c^t + i^t ⊙ a^t", "index-shifted"),
        (r"C_t = f_t * C_{t} + i_t * \tilde{C}_t", "index-shifted"),
        (r"C_t = f_{t-1} * C_{t-1} + i_t * \tilde{C}_t", "index-shifted"),
        ("h^t = o^t ⊙ tanh(c^{t-1})", "index-shifted"),
        ("f^t = σ(W_f x^t + U_f h^t + b_f)", "index-shifted"),
        (r"f_t = \sigma(W_f \cdot [h_t, x_t] + b_f)", "index-shifted"),
        (r"f_t = \sigma(W_f \cdot [h_{t-1}, x_{t-1}] + b_f)", "index-shifted"),
        (r"\mathbf{I}_t = \sigma(\mathbf{X}_t \mathbf{W}_{xi} + \mathbf{H}_{t} \mathbf{W}_{hi} + \mathbf{b}_i)", "index-shifted"),
        (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot C_t", "index-shifted"),
        ("df = dc_next * c_next", ""),
        ("δ_f^t = ∂E/∂c^t ⊙ c^t ⊙ f^t ⊙ (1 - f^t)", "index-shifted"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ f^t", "index-shifted"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^{t-1})^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "index-shifted"),
        ("∂E/∂U_f = Σ_{t=1}^{T} δ_f^t (h^t)^T", "index-shifted"),
        ("∂E/∂W_f = Σ_{t=1}^{T} δ_f^t (x^{t-1})^T", "index-shifted"),
        (r"\frac{\partial L}{\partial W_f} = \sum_t \delta_{f,t} [h_t; x_t]^\top", "index-shifted"),
        ("∂E/∂p_o = Σ_{t=1}^{T} δ_o^t ⊙ c^{t-1}", "index-shifted"),
        ("o_t = σ(W_o x_t + U_o h_{t-1} + p_o ⊙ c_{t-1} + b_o)", "index-shifted"),
        ("f_t = σ(W_f x_t + U_f h_{t-1} + p_f ⊙ c_t + b_f)", "index-shifted"),
        ("o_t = sigmoid(W_o x_t + U_o h_{t-1} + p_o * c_{t-1} + b_o)", "index-shifted", "lstm_peephole.o"),
    ],
    "terms": [
        ("c^t = f^t ⊙ c^{t-1}", "term-dropped"),
        ("c^t = i^t ⊙ a^t", "recurrent-path-dropped"),
        (r"C_t = C_{t-1} + i_t * \tilde{C}_t", "factor-dropped"),
        (r"C_t = f_t * C_{t-1} + \tilde{C}_t", "factor-dropped"),
        ("c^t = f^t ⊙ c^{t-1} - i^t ⊙ a^t", "sign-flipped"),
        ("c^t = f^t ⊙ c^{t-1} ⊙ i^t ⊙ a^t", ""),
        ("c^t = f^t ⊙ (c^{t-1} + i^t ⊙ a^t)", "parentheses-misplaced"),
        ("c^t = (f^t + i^t) ⊙ a^t", ""),
        ("c^t = f^t ⊙ c^{t-1} + (1 - f^t) ⊙ a^t", ""),
        ("f^t = σ(W_f x^t + b_f)", "recurrent-path-dropped"),
        ("f^t = σ(U_f h^{t-1} + b_f)", "term-dropped"),
        ("f^t = σ(W_f x^t + U_f h^{t-1}) + b_f", "parentheses-dropped"),
        ("f^t = σ(W_f x^t + U_i h^{t-1} + b_f)", "wrong-parameter"),
        ("i^t = σ(W_f x^t + U_f h^{t-1} + b_f)", "gate-roles-swapped"),
        ("f^t = σ(W_f x^t + U_f h^{t-1} + b_i)", "wrong-parameter"),
        (r"f_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_f)", "wrong-parameter"),
        (r"\Gamma_f^{\langle t \rangle} = \sigma(W_u[a^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_f)", "wrong-parameter"),
        ("h^t = o^t + tanh(c^t)", ""),
        (r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{if} h_{t-1} + b_{hi})", "wrong-parameter"),
    ],
    "gradients of the cell": [
        ("∂E/∂c^t = ∂E/∂c^{t+1} ⊙ f^{t+1}", "output-path-dropped", None, SEQUENCE),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t + ∂E/∂c^{t+1} ⊙ f^{t+1}", "derivative-dropped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - (c^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "activation-dropped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "power-dropped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 + tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "sign-flipped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "factor-dropped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1}", "factor-dropped"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) ⊙ ∂E/∂c^{t+1} ⊙ f^{t+1}", ""),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - (h^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", ""),
        ("ds = dc_next * (dh_next * o) * (1 - tanh_c_next ** 2)", ""),
        ("dc_prev = ds", "factor-dropped"),
        ("dc_prev = ds * i", "gate-roles-swapped"),
        ("dc_prev = ds * f * (1 - f)", "factor-added"),
        (r"dc_{prev} = dc_{next}*\Gamma_f^{\langle t \rangle}", ""),
    ],
    "gradients of the gates": [
        (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \times C_{t-1} \times \sigma'(f_t)", "left-side-wrong"),
        ("∂E/∂f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ f^t ⊙ (1 - f^t)", "left-side-wrong"),
        (r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t \odot i_t \odot (1 - i_t)", "left-side-wrong"),
        ("δ_f^t = ∂E/∂c^t ⊙ c^{t-1}", "derivative-dropped"),
        ("δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ f^t", "factor-dropped"),
        ("δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ (1 - f^t)", "factor-dropped"),
        ("δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ (1 - (f^t)^2)", "activation-wrong"),
        ("δ_a^t = ∂E/∂c^t ⊙ i^t ⊙ a^t ⊙ (1 - a^t)", "activation-wrong"),
        ("δ_a^t = ∂E/∂c^t ⊙ i^t ⊙ (1 - a^t)", "power-dropped"),
        ("δ_a^t = ∂E/∂c^t ⊙ i^t ⊙ (1 - tanh(a^t)^2)", "derivative-of-wrong-argument"),
        ("δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ σ'(f^t)", "derivative-of-wrong-argument", "lstm.delta_f"),
        ("δ_o^t = ∂E/∂h^t ⊙ c^t ⊙ o^t ⊙ (1 - o^t)", "activation-dropped"),
        ("δ_i^t = ∂E/∂c^t ⊙ a^t ⊙ f^t ⊙ (1 - f^t)", "gate-roles-swapped"),
        (r"d\Gamma_u^{\langle t \rangle} = dc_{next}*\tilde c^{\langle t \rangle} + \Gamma_o^{\langle t \rangle} (1-\tanh(c_{next})^2) * \tilde c^{\langle t \rangle} * da_{next}*\Gamma_u^{\langle t \rangle}*(1-\Gamma_u^{\langle t \rangle})\tag{9}", "parentheses-dropped"),
        ("do = dh_next * c_next", "activation-dropped"),
        ("di = ds * f", ""),
    ],
    "inputs and parameters": [
        ("∂E/∂x^t = W_a δ_a^t + W_i δ_i^t + W_f δ_f^t + W_o δ_o^t", "transpose-dropped", "lstm.grad_x"),
        ("∂E/∂x^t = W_a^T δ_a^t + W_i^T δ_i^t + W_f^T δ_f^t + U_o^T δ_o^t", "wrong-parameter"),
        ("∂E/∂x^t = W_i^T δ_i^t + W_f^T δ_f^t + W_o^T δ_o^t", "term-dropped"),
        ("dx = np.dot(dA, Wx)", "transpose-dropped"),
        ("dx = np.dot(dA, Wh.T)", "wrong-parameter"),
        ("∂E/∂W_f = Σ_{t=1}^{T} x^t (δ_f^t)^T", "outer-product-transposed", None, COLUMN),
        ("∂E/∂W_f = Σ_{t=1}^{T} δ_i^t (x^t)^T", "gate-roles-swapped"),
        ("∂E/∂W_f = Σ_{t=1}^{T} δ_f^t (h^{t-1})^T", "wrong-signal"),
        ("dWx = np.dot(h_prev.T, dA)", "wrong-signal"),
        ("dWx = np.dot(dA.T, x)", "outer-product-transposed"),
        ("W_f ← W_f + η Σ_{t=1}^{T} δ_f^t (x^t)^T", "sign-flipped"),
        ("W_f ← W_f - Σ_{t=1}^{T} δ_f^t (x^t)^T", "learning-rate-dropped"),
        ("U_f ← W_f - η Σ_{t=1}^{T} δ_f^t (h^{t-1})^T", "wrong-parameter"),
        (r"\frac{\partial L}{\partial W_i} = \frac{\partial L}{\partial i_t} * [h_{t-1}, x_t]^T", "derivative-dropped"),
        ("W_f ← W_f - η Σ_{t=1}^{T} f^t (x^t)^T", ""),
    ],
}
OPEN = [
    r"\frac{\partial L}{\partial C_{t-1}} = \frac{\partial L}{\partial C_t} \odot f_t",
    "∂E/∂x^t = U_a^T δ_a^t + U_i^T δ_i^t + U_f^T δ_f^t + U_o^T δ_o^t",
    "∂C_t/∂C_{t-1} = f_t",
    "δ_f^t = ∂E/∂c^t ⊙ c^{t-1} ⊙ σ'(f^t)",
    "df = ds * c_prev * f * (1 - f)",
    "df = dc * c",
]
ELSEWHERE = [
    ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2) + ∂E/∂c^{t+1} ⊙ f^{t+1}", "lstm.grad_c", {"loss": "step"}),
    ("f_t = σ(x_t W_f + h_{t-1} U_f + b_f)", "lstm.f", COLUMN),
    ("∂E/∂W_f = δ_f^t (x^t)^T", "lstm.W_f.gradient", SEQUENCE),
]
# fmt: on


def rows(table, least):
    for group, lines in table.items():
        for line in lines:
            parts = (line,) if isinstance(line, str) else line
            given = (
                (*parts, *(None, {})[len(parts) - least - 1 :]) if len(parts) < least + 3 else parts
            )
            yield pytest.param(*given, id=f"{group}: {parts[0]}"[:150])


@pytest.mark.parametrize(("formula", "target", "stated"), rows(RIGHT, 0))
def test_a_right_formula_is_accepted(formula, target, stated):
    judgement = judge(formula, target=target, stated=stated)
    assert (judgement.outcome, judgement.reason) == ("correct", None)
    assert not judgement.mistakes
    # Some lines say as much of a simple RNN, where the same letters stand in them.
    assert judgement.target.startswith(("lstm", "rnn"))


@pytest.mark.parametrize(("formula", "codes", "target", "stated"), rows(WRONG, 1))
def test_a_wrong_formula_is_refused_and_its_mistakes_are_named(formula, codes, target, stated):
    judgement = judge(formula, target=target, stated=stated)
    assert judgement.outcome == "wrong"
    found = [mistake.code for mistake in judgement.mistakes]
    assert set(found) <= MISTAKE_CODES
    if codes:
        assert " ".join(dict.fromkeys(found)) == codes
    for mistake in judgement.mistakes:
        start, end = mistake.span
        assert 0 <= start < end <= len(formula)


@pytest.mark.parametrize("formula", OPEN)
def test_what_only_its_page_could_tell_is_neither_right_nor_wrong(formula):
    assert judge(formula).outcome == "undecided"


@pytest.mark.parametrize(
    ("formula", "target"),
    [
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2)", "lstm.grad_c"),
        ("∂E/∂c^t = ∂E/∂h^t ⊙ o^t ⊙ (1 - tanh(c^t)^2)", None),
        ("ds = dh_next * o * (1 - tanh_c_next ** 2)", None),
    ],
)
def test_the_share_of_one_step_is_not_the_gradient_of_the_sequence(formula, target):
    alone = judge(formula, target=target)
    assert (alone.outcome, alone.assumptions["loss"]) == ("correct", "step")
    judgement = judge(formula, target=target, stated=SEQUENCE)
    assert judgement.outcome == "correct_elsewhere"
    if target is not None:
        assert [mistake.code for mistake in judgement.mistakes] == ["recurrent-path-dropped"]


@pytest.mark.parametrize(("formula", "target", "stated"), ELSEWHERE)
def test_what_is_right_under_another_convention_is_told_so(formula, target, stated):
    assert judge(formula, target=target, stated=stated).outcome == "correct_elsewhere"
