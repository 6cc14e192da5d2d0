"""The GRU as people write it, in its four variants: the table is the documentation.

Each line: the formula and, where an item asks, the target and what is stated. ``RIGHT`` lines are
accepted, under the conventions that they need; ``WRONG`` lines name their mistakes by code, the
most telling first (an empty text: no name is promised); ``OPEN`` lines are undecided without their
page, ``ELSEWHERE`` lines are right under another convention than the stated one.
"""

import pytest

from engine.formulas.judge import judge
from engine.mistakes import MISTAKE_CODES

SEQUENCE = {"loss": "sequence"}
COLUMN = {"layout": "column"}
NEW = {"z": "z-takes-new"}
OLD = {"z": "z-keeps-old"}
BEFORE = {"reset": "before"}
AFTER = {"reset": "after"}

# fmt: off
RIGHT = {
    "forward, the course's letters": [
        "r^t = σ(W_r x^t + U_r h^{t-1} + b_r)",
        "z^t = σ(W_z x^t + U_z h^{t-1} + b_z)",
        "h̄^t = tanh(W_h x^t + U_h (r^t ⊙ h^{t-1}) + b_h)",
        "h^t = z^t ⊙ h^{t-1} + (1 - z^t) ⊙ h̄^t",
        "h_bar = tanh(W_h x + U_h (r * h) + b_h)",
        "h_new = (1-z) * h + z *  h_bar",
        "h = (1-z)*h + z*h_bar",
        "h_t = z_t*h_{t-1} + (1-z_t)*h_bar",
        "r = sigmoid(W_r x + U_r h + b_r)",
    ],
    "forward, a tilde": [
        r"z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z)",
        r"\tilde{h}_t = \tanh(W_h x_t + U_h (r_t \circ h_{t-1}) + b_h)",
        r"h_t = (1 - z_t) \circ h_{t-1} + z_t \circ \tilde{h}_t",
        r"h_t = (1 - z_t) \odot \tilde{h}_t + z_t \odot h_{t-1}",
        "h_t = (1 - z_t) ⊙ h̃_t  +  z_t ⊙ h_{t-1}",
        "h_t = z_t*h_t_tilde + (1 - z_t)*h_{t-1}",
        r"\tilde h_t = \tanh (W^h x_t + U^h(h_{t-1} \odot r_t) )",
        r"r_t = \sigma(W^r x_t + U^r h_{t-1} )",
        r"z_t = \sigma ( W^{(z)} x_t+ U^{(z)} h_{t-1} )",
        r"h_t=(1-z_t)\odot \tilde h_t + z_t \odot h_{t-1}",
        r"\tilde{h}^{(t)} = \tanh\left(r^{(t)} \circ U h^{(t-1)} + W x^{(t)}\right)",
        r"h^{(t)} = (1 - z^{(t)}) \circ \tilde{h}^{(t)} + z^{(t)} \circ h^{(t-1)}",
    ],
    "forward, the candidate's weights without a label": [
        r"\tilde{h}_t = \tanh(W x_t + U(r_t \odot h_{t-1}))",
        r"\tilde{\mathbf{h}}_t = \phi\left(\mathbf{W}\mathbf{x}_t + \mathbf{U}(\mathbf{r}_t \odot \mathbf{h}_{t-1})\right)",
        r"h_t = (1-z_t) h_{t-1} + z_t \tilde{h}_t",
    ],
    "forward, one weight for both": [
        r"z_t = \sigma(W_z \cdot [h_{t-1}, x_t])",
        r"r_t = \sigma(W_r \cdot [h_{t-1}, x_t])",
        r"\tilde{h}_t = \tanh(W \cdot [r_t * h_{t-1}, x_t])",
        r"h_t = (1 - z_t) * h_{t-1} + z_t * \tilde{h}_t",
        "z_t = σ(W_z [x_t; h_{t-1}] + b_z)",
        "h̃_t = tanh(W_h [r_t ⊙ h_{t-1}; x_t] + b_h)",
        r"\tilde{h}_t = \tanh\left(W_h \begin{bmatrix} r_t \odot h_{t-1} \\ x_t \end{bmatrix} + b_h\right)",
    ],
    "forward, PyTorch": [
        r"r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{(t-1)} + b_{hr}) \\",
        r"z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{(t-1)} + b_{hz})",
        r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{(t-1)}+ b_{hn}))",
        r"n_t = \tanh(W_{in} x_t + b_{in} + r_t * (W_{hn} h_{t-1}+ b_{hn}))",
        r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{(t-1)}",
    ],
    "forward, rows": [
        r"\mathbf{R}_t = \sigma(\mathbf{X}_t \mathbf{W}_{xr} + \mathbf{H}_{t-1} \mathbf{W}_{hr} + \mathbf{b}_r)",
        r"\mathbf{Z}_t = \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xz}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hz}} + \mathbf{b}_\textrm{z})",
        r"\tilde{\mathbf{H}}_t = \tanh(\mathbf{X}_t \mathbf{W}_{xh} + \left(\mathbf{R}_t \odot \mathbf{H}_{t-1}\right) \mathbf{W}_{hh} + \mathbf{b}_h)",
        r"\mathbf{H}_t = \mathbf{Z}_t \odot \mathbf{H}_{t-1}  + (1 - \mathbf{Z}_t) \odot \tilde{\mathbf{H}}_t.",
        "z = sigmoid(np.dot(x, Wxz) + np.dot(h_prev, Whz) + bz)",
        "r = sigmoid(np.dot(x, Wxr) + np.dot(h_prev, Whr) + br)",
        "h_hat = np.tanh(np.dot(x, Wxh) + np.dot(r*h_prev, Whh) + bh)",
        "h_next = (1-z) * h_prev + z * h_hat",
        "z_t = σ(x_t W_xz + h_{t-1} W_hz + b_z)",
    ],
    "forward, Γ": [
        r"\Gamma_u = \sigma(W_u [c^{<t-1>}, x^{<t>}] + b_u)",
        r"\tilde{c}^{<t>} = \tanh(W_c [\Gamma_r * c^{<t-1>}, x^{<t>}] + b_c)",
        r"c^{<t>} = \Gamma_u * \tilde{c}^{<t>} + (1 - \Gamma_u) * c^{<t-1>}",
    ],
    "forward, ONNX and Keras": [
        "zt = f(Xt*(Wz^T) + Ht-1*(Rz^T) + Wbz + Rbz)",
        "ht = g(Xt*(Wh^T) + (rt (.) Ht-1)*(Rh^T) + Rbh + Wbh)",
        "ht = g(Xt*(Wh^T) + (rt (.) (Ht-1*(Rh^T) + Rbh)) + Wbh)",
        "Ht = (1 - zt) (.) ht + zt (.) Ht-1",
    ],
    "forward, both placements of the reset gate": [
        "h̄^t = tanh(W_h x^t + r^t ⊙ (U_h h^{t-1}) + b_h)",
        (r"\tilde{h}_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)", "gru.g", BEFORE),
        (r"\tilde{h}_t = \tanh(W_h x_t + r_t \odot (U_h h_{t-1}) + b_h)", "gru.g", AFTER),
    ],
    "forward, both meanings of z": [
        ("h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t", "gru.h", NEW),
        ("h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t", "gru.h", OLD),
        "h_t = h_{t-1} + z_t ⊙ (h̃_t - h_{t-1})",
        "h_t = h̃_t + z_t ⊙ (h_{t-1} - h̃_t)",
        "h_t = h_{t-1} - z_t ⊙ h_{t-1} + z_t ⊙ h̃_t",
    ],
    "backward, gates": [
        "∂E/∂z^t = ∂E/∂h^t ⊙ (h̄^t - h^{t-1})",
        "∂E/∂z^t = ∂E/∂h^t ⊙ (h^{t-1} - h̄^t)",
        "∂E/∂h̄^t = ∂E/∂h^t ⊙ z^t",
        "∂E/∂h̄^t = ∂E/∂h^t ⊙ (1 - z^t)",
        r"\frac{\partial L}{\partial z_t} = \frac{\partial L}{\partial h_t} \odot (h_{t-1} - \tilde{h}_t)",
        r"\frac{\partial L}{\partial \tilde{h}_t} = \frac{\partial L}{\partial h_t} \odot (1 - z_t)",
        "∂E/∂r^t = (U_h^T δ_h^t) ⊙ h^{t-1}",
        r"\frac{\partial L}{\partial r_t} = \left(U_h^\top \delta_{h,t}\right) \odot h_{t-1}",
        "∂E/∂r^t = δ_h^t ⊙ (U_h h^{t-1})",
        "dh_hat = dh_next * z",
        "dz = dh_next * h_hat - dh_next * h_prev",
        "dz = dh_next * (h_hat - h_prev)",
    ],
    "backward, pre-activations": [
        "δ_z^t = ∂E/∂h^t ⊙ (h̄^t - h^{t-1}) ⊙ z^t ⊙ (1 - z^t)",
        "δ_h^t = ∂E/∂h^t ⊙ z^t ⊙ (1 - (h̄^t)^2)",
        "δ_h^t = ∂E/∂h^t ⊙ (1 - z^t) ⊙ (1 - h̄^t ⊙ h̄^t)",
        "δ_r^t = (U_h^T δ_h^t) ⊙ h^{t-1} ⊙ r^t ⊙ (1 - r^t)",
        "δ_r^t = δ_h^t ⊙ (U_h h^{t-1}) ⊙ r^t ⊙ (1 - r^t)",
        r"\delta_{z_t} = \delta_{h_t} \odot (h_{t-1} - \tilde h_t) \odot z_t \odot (1 - z_t)",
        "δ_z^t = ∂E/∂z^t ⊙ σ'(u_z^t)",
        r"\delta_z^t = \frac{\partial L}{\partial z^t} \odot z^t \odot (1 - z^t)",
    ],
    "backward, states and inputs": [
        r"\frac{\partial L}{\partial h_{t-1}} = \frac{\partial L}{\partial h_t} \odot (1 - z_t) + U_z^\top \delta_{z,t} + U_r^\top \delta_{r,t} + r_t \odot (U_h^\top \delta_{h,t})",
        "∂E/∂h^{t-1} = ∂E/∂h^t ⊙ z^t + U_z^T δ_z^t + U_r^T δ_r^t + (U_h^T δ_h^t) ⊙ r^t",
        "∂E/∂h^{t-1} = ∂E/∂h^t ⊙ (1 - z^t) + U_z^T δ_z^t + U_r^T δ_r^t + U_h^T (δ_h^t ⊙ r^t)",
        "∂E/∂x^t = W_h^T δ_h^t + W_z^T δ_z^t + W_r^T δ_r^t",
        r"\frac{\partial L}{\partial x_t} = W_z^\top \delta_{z,t} + W_r^\top \delta_{r,t} + W_h^\top \delta_{h,t}",
    ],
    "gradients of parameters": [
        "∂E/∂W_z = Σ_{t=1}^{T} δ_z^t (x^t)^T",
        "∂E/∂U_r = Σ_{t=1}^{T} δ_r^t (h^{t-1})^T",
        "∂E/∂U_h = Σ_{t=1}^{T} δ_h^t (r^t ⊙ h^{t-1})^T",
        "∂E/∂U_h = Σ_{t=1}^{T} (δ_h^t ⊙ r^t) (h^{t-1})^T",
        r"\frac{\partial L}{\partial U_h} = \sum_t \delta_{h,t} (r_t \odot h_{t-1})^\top",
        r"\frac{\partial L}{\partial W_h} = \sum_{t=1}^T \delta_{h,t} x_t^\top",
        r"\frac{\partial L}{\partial W_z} = \sum_t \delta_{z,t} [h_{t-1}; x_t]^\top",
        "∂E/∂b_r = Σ_{t=1}^{T} δ_r^t",
        r"\frac{\partial L}{\partial b_h} = \sum_t \delta_{h,t}",
        r"\frac{\partial L}{\partial W_{xz}} = \sum_t \delta_{z,t} x_t^\top",
    ],
    "updates": [
        "U_z ← U_z - η Σ_{t=1}^{T} δ_z^t (h^{t-1})^T",
        r"W_r \leftarrow W_r - \eta \sum_{t=1}^{T} \delta_{r,t} x_t^\top",
        "b_h ← b_h - η Σ_{t=1}^{T} δ_h^t",
        "U_h ← U_h - η Σ_{t=1}^{T} δ_h^t (r^t ⊙ h^{t-1})^T",
    ],
    "answers to a question": [
        ("(1 - z_t) * h_{t-1} + z_t * h_bar", "gru.h"),
        ("tanh(W_h x_t + U_h (r_t * h_{t-1}) + b_h)", "gru.g"),
        ("σ(W_z x_t + U_z h_{t-1} + b_z)", "gru.z"),
        ("∂E/∂h^t ⊙ z^t", "gru.grad_g", NEW),
        ("Σ_{t=1}^{T} δ_h^t (r^t ⊙ h^{t-1})^T", "gru.U_g.gradient", SEQUENCE | BEFORE),
    ],
}
WRONG = {
    "the reset gate": [
        (r"h_t = (1 - z_t) \odot r_t \odot \tilde{h}_t + z_t \odot h_{t-1}", "reset-misplaced"),
        (r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot r_t \odot \tilde{h}_t", "reset-misplaced"),
        ("h̄^t = tanh(W_h (r^t ⊙ x^t) + U_h h^{t-1} + b_h)", ""),
        ("h̄^t = tanh(r^t ⊙ (W_h x^t) + U_h h^{t-1} + b_h)", "reset-misplaced"),
        ("h̄^t = r^t ⊙ tanh(W_h x^t + U_h h^{t-1} + b_h)", "reset-misplaced"),
        ("h̄^t = tanh(r^t ⊙ (W_h x^t + U_h h^{t-1}) + b_h)", "reset-misplaced"),
        ("h̄^t = tanh(W_h x^t + r^t ⊙ h^{t-1} + b_h)", "factor-dropped"),
        ("h̄^t = tanh(W_h x^t + U_h h^{t-1} + b_h)", "reset-misplaced"),
        (r"\tilde{h}_t = \tanh(W \cdot [h_{t-1}, x_t])", "reset-misplaced"),
        (r"\tilde{h}_t = \tanh(W \cdot [r_t * h_{t-1}, r_t * x_t])", ""),
        ("h̄^t = tanh(W_h x^t + U_h (z^t ⊙ h^{t-1}) + b_h)", "gate-roles-swapped"),
        ("h_hat = np.tanh(np.dot(x, Wxh) + np.dot(h_prev, Whh) + bh)", "reset-misplaced"),
        ("h̄^t = tanh(W_h x^t + U_h ((1 - r^t) ⊙ h^{t-1}) + b_h)", ""),
    ],
    "the update gate": [
        ("h^t = z^t ⊙ h^{t-1} + z^t ⊙ h̄^t", ""),
        (r"h_t = (1 - z_t) \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t", ""),
        ("h^t = h^{t-1} + z^t ⊙ h̄^t", ""),
        ("h^t = (1 - z^t) ⊙ h^{t-1}", "term-dropped"),
        ("h^t = z^t ⊙ h̄^t", "recurrent-path-dropped"),
        ("h^t = (1 + z^t) ⊙ h^{t-1} + z^t ⊙ h̄^t", "sign-flipped"),
        ("h^t = (1 - z^t) ⊙ h^{t-1} - z^t ⊙ h̄^t", "sign-flipped"),
        ("h^t = (1 - r^t) ⊙ h^{t-1} + r^t ⊙ h̄^t", "gate-roles-swapped"),
        ("h = (1-r)*h + r*h_bar", "gate-roles-swapped"),
        ("h^t = 1 - z^t ⊙ h^{t-1} + z^t ⊙ h̄^t", "parentheses-dropped"),
        ("h_new = 1 - z * h + z * h_bar", "parentheses-dropped"),
        ("h^t = (1 - z^t) ⊙ (h^{t-1} + z^t ⊙ h̄^t)", "parentheses-misplaced"),
        ("h^t = tanh((1 - z^t) ⊙ h^{t-1} + z^t ⊙ h̄^t)", "activation-added"),
    ],
    "steps": [
        ("h^t = (1 - z^t) ⊙ h^t + z^t ⊙ h̄^t", "index-shifted"),
        ("h^t = (1 - z^t) ⊙ h^{t-1} + z^t ⊙ h̄^{t-1}", "index-shifted"),
        ("z^t = σ(W_z x^t + U_z h^t + b_z)", "index-shifted"),
        ("r^t = σ(W_r x^{t-1} + U_r h^{t-1} + b_r)", "index-shifted"),
        (r"z_t = \sigma(W_z \cdot [h_t, x_t])", "index-shifted"),
        ("h̄^t = tanh(W_h x^t + U_h (r^{t-1} ⊙ h^{t-1}) + b_h)", "index-shifted"),
        ("h̄^t = tanh(W_h x^t + U_h (r^t ⊙ h^t) + b_h)", "index-shifted"),
        (r"\mathbf{R}_t = \sigma(\mathbf{X}_t \mathbf{W}_{xr} + \mathbf{H}_{t} \mathbf{W}_{hr} + \mathbf{b}_r)", "index-shifted"),
        ("∂E/∂U_z = Σ_{t=1}^{T} δ_z^t (h^t)^T", "index-shifted"),
        ("∂E/∂z^t = ∂E/∂h^t ⊙ (h̄^t - h^t)", "index-shifted"),
    ],
    "activations": [
        ("z^t = tanh(W_z x^t + U_z h^{t-1} + b_z)", "activation-wrong"),
        ("r^t = W_r x^t + U_r h^{t-1} + b_r", "activation-dropped"),
        ("h̄^t = σ(W_h x^t + U_h (r^t ⊙ h^{t-1}) + b_h)", "activation-wrong"),
        ("h̄^t = W_h x^t + U_h (r^t ⊙ h^{t-1}) + b_h", "activation-dropped"),
        (r"\tilde{h}_t = \sigma(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)", "activation-wrong"),
        (r"\tilde{h}_t = \mathrm{ReLU}(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)", "activation-wrong"),
    ],
    "weights and terms": [
        ("z^t = σ(W_r x^t + U_r h^{t-1} + b_r)", ""),
        ("z^t = σ(W_z x^t + U_r h^{t-1} + b_z)", "wrong-parameter"),
        ("z^t = σ(W_z x^t + U_z h^{t-1}) + b_z", "parentheses-dropped"),
        ("z^t = σ(W_z x^t + b_z)", "recurrent-path-dropped"),
        ("r^t = σ(W_r x^t + U_r h̄^t + b_r)", ""),
        ("z^t = σ(W_z x^t - U_z h^{t-1} + b_z)", "sign-flipped"),
        (r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot W_{hn} h_{(t-1)}+ b_{hn})", ""),
        (r"h_t = (1 - z_t) \odot n_t + z_t \odot n_{t-1}", ""),
    ],
    "gradients of the gates": [
        ("∂E/∂z^t = ∂E/∂h^t ⊙ (h̄^t + h^{t-1})", "sign-flipped"),
        ("∂E/∂z^t = ∂E/∂h^t ⊙ h̄^t", ""),
        ("∂E/∂z^t = ∂E/∂h^t ⊙ (h̄^t - h^{t-1}) ⊙ z^t ⊙ (1 - z^t)", "left-side-wrong"),
        ("δ_z^t = ∂E/∂h^t ⊙ (h̄^t - h^{t-1})", ""),
        ("δ_z^t = ∂E/∂h^t ⊙ h̄^t - h^{t-1} ⊙ z^t ⊙ (1 - z^t)", ""),
        ("δ_z^t = ∂E/∂h^t ⊙ (h̄^t - h^{t-1}) ⊙ (1 - (z^t)^2)", ""),
        ("δ_z^t = ∂E/∂h^t ⊙ (h̄^t - h^{t-1}) ⊙ r^t ⊙ (1 - r^t)", ""),
        ("δ_h^t = ∂E/∂h^t ⊙ z^t ⊙ (1 - h̄^t)", "power-dropped"),
        ("δ_h^t = ∂E/∂h^t ⊙ z^t ⊙ h̄^t ⊙ (1 - h̄^t)", "activation-wrong"),
        ("δ_h^t = ∂E/∂h^t ⊙ z^t", "derivative-dropped"),
        ("δ_h^t = ∂E/∂h^t ⊙ r^t ⊙ (1 - (h̄^t)^2)", "gate-roles-swapped"),
        ("δ_r^t = (U_h δ_h^t) ⊙ h^{t-1} ⊙ r^t ⊙ (1 - r^t)", "transpose-dropped"),
        ("δ_r^t = (U_h^T δ_h^t) ⊙ h^t ⊙ r^t ⊙ (1 - r^t)", "index-shifted"),
        ("δ_r^t = (U_h^T δ_h^t) ⊙ r^t ⊙ (1 - r^t)", "factor-dropped"),
        ("δ_r^t = (W_h^T δ_h^t) ⊙ h^{t-1} ⊙ r^t ⊙ (1 - r^t)", "wrong-parameter"),
        ("dh_hat = dh_next * r", "gate-roles-swapped"),
    ],
    "states, inputs and parameters": [
        (r"\frac{\partial L}{\partial h_{t-1}} = \frac{\partial L}{\partial h_t} \odot (1 - z_t) + U_z^\top \delta_{z,t} + U_r^\top \delta_{r,t} + U_h^\top \delta_{h,t}", "factor-dropped"),
        (r"\frac{\partial L}{\partial h_{t-1}} = \frac{\partial L}{\partial h_t} \odot (1 - z_t) + U_z^\top \delta_{z,t} + r_t \odot (U_h^\top \delta_{h,t})", "recurrent-path-dropped"),
        (r"\frac{\partial L}{\partial h_{t-1}} = U_z^\top \delta_{z,t} + U_r^\top \delta_{r,t} + r_t \odot (U_h^\top \delta_{h,t})", ""),
        (r"\frac{\partial L}{\partial h_{t-1}} = \frac{\partial L}{\partial h_t} \odot (1 - z_t) + U_z \delta_{z,t} + U_r^\top \delta_{r,t} + r_t \odot (U_h^\top \delta_{h,t})", "transpose-dropped"),
        ("∂E/∂x^t = W_h^T δ_h^t + W_z^T δ_z^t", "term-dropped"),
        ("∂E/∂U_h = Σ_{t=1}^{T} δ_h^t (h^{t-1})^T", "factor-dropped"),
        ("∂E/∂U_h = Σ_{t=1}^{T} δ_h^t (z^t ⊙ h^{t-1})^T", "gate-roles-swapped"),
        ("∂E/∂U_z = Σ_{t=1}^{T} δ_z^t (r^t ⊙ h^{t-1})^T", "factor-added"),
        ("∂E/∂W_z = Σ_{t=1}^{T} δ_r^t (x^t)^T", "gate-roles-swapped"),
        ("∂E/∂W_z = Σ_{t=1}^{T} δ_z^t (h^{t-1})^T", "wrong-signal"),
        ("∂E/∂W_z = Σ_{t=1}^{T} x^t (δ_z^t)^T", "outer-product-transposed", None, COLUMN),
        ("U_z ← U_z + η Σ_{t=1}^{T} δ_z^t (h^{t-1})^T", "sign-flipped"),
        ("U_z ← U_z - Σ_{t=1}^{T} δ_z^t (h^{t-1})^T", "learning-rate-dropped"),
        ("b_z ← b_z - η Σ_{t=1}^{T} z^t", ""),
    ],
}
OPEN = [
    r"\delta_{z_t} = \delta_{h_t} * (\widehat h_t - h_{t-1}) * \sigma'(z_t)",
    "∂h_t/∂h_{t-1} = 1 - z_t",
]
ELSEWHERE = [
    ("h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t", "gru.h", OLD),
    ("h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t", "gru.h", NEW),
    ("h̄^t = tanh(W_h x^t + r^t ⊙ (U_h h^{t-1}) + b_h)", "gru.g", BEFORE),
    ("h̄^t = tanh(W_h x^t + U_h (r^t ⊙ h^{t-1}) + b_h)", "gru.g", AFTER),
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
    assert judgement.target.startswith(("gru", "rnn"))


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


@pytest.mark.parametrize(("formula", "target", "stated"), ELSEWHERE)
def test_what_is_right_under_another_convention_is_told_so(formula, target, stated):
    assert judge(formula, target=target, stated=stated).outcome == "correct_elsewhere"


@pytest.mark.parametrize(
    ("formula", "assumed"),
    [
        ("h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t", {"z": "z-takes-new"}),
        ("h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t", {"z": "z-keeps-old"}),
        ("∂E/∂h̄^t = ∂E/∂h^t ⊙ z^t", {"z": "z-takes-new"}),
        (r"\tilde{h}_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)", {"reset": "before"}),
        (r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1}+ b_{hn}))", {"reset": "after", "biases": "two"}),
    ],
)  # fmt: skip
def test_which_variant_is_meant_is_found_and_told(formula, assumed):
    assert assumed.items() <= judge(formula).assumptions.items()
