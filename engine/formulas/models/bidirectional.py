"""The bidirectional RNN in column vectors: one net reads forwards, one backwards in time.

u_f^t = W_f x^t + U_f h_f^{t-1} + b_f, u_b^t = W_b x^t + U_b h_b^{t+1} + b_b, h = f(u) for both,
v^t = V_f h_f^t + V_b h_b^t + c (one matrix V beside [h_f; h_b] in most sources), y^t = g(v^t).
(Schuster and Paliwal 1997.)
"""

from engine.formulas.construction import applied, at, parameter, product, signal, total
from engine.formulas.models import Model, rnn

MODEL = Model(
    name="bidirectional",
    sizes=("D", "H", "K"),
    signals={
        "x": "D",
        "d": "K",
        "u_f": "H",
        "h_f": "H",
        "u_b": "H",
        "h_b": "H",
        "v": "K",
        "y": "K",
    },
    parameters={
        "W_f": ("H", "D"),
        "U_f": ("H", "H"),
        "b_f": ("H", "1"),
        "W_b": ("H", "D"),
        "U_b": ("H", "H"),
        "b_b": ("H", "1"),
        "V_f": ("K", "H"),
        "V_b": ("K", "H"),
        "c": ("K", "1"),
    },
    equations={
        "u_f": total(
            product(parameter("W_f"), signal("x")),
            product(parameter("U_f"), signal("h_f", at(-1))),
            parameter("b_f"),
        ),
        "h_f": applied("f", signal("u_f")),
        "u_b": total(
            product(parameter("W_b"), signal("x")),
            product(parameter("U_b"), signal("h_b", at(1))),
            parameter("b_b"),
        ),
        "h_b": applied("f", signal("u_b")),
        "v": total(
            product(parameter("V_f"), signal("h_f")),
            product(parameter("V_b"), signal("h_b")),
            parameter("c"),
        ),
        "y": applied("g", signal("v")),
    },
    output="y",
    label="d",
    output_losses=rnn.MODEL.output_losses,
    adjoints={"delta_f": "u_f", "delta_b": "u_b", "delta_out": "v"},
    biases=("b_f", "b_b", "c"),
)
