"""The simple recurrent network of the course, in column vectors.

u^t = W_in x^t + W z^{t-1} + b,  z^t = f(u^t),  v^t = W_out z^t + c,  y^t = g(v^t);
delta^t = dE/du^t and delta^{out,t} = dE/dv^t. (Elman 1990; the course's names.)
"""

from engine.formulas.construction import (
    applied,
    at,
    hadamard,
    half,
    minus,
    negative,
    number,
    parameter,
    product,
    signal,
    squared,
    total,
)
from engine.formulas.models import Model, OutputLoss
from engine.formulas.tree import Reduce

_y, _d = signal("y"), signal("d")
_cross_entropy = negative(Reduce("sum", hadamard(_d, applied("log", _y))))
_binary_cross_entropy = negative(
    Reduce(
        "sum",
        total(
            hadamard(_d, applied("log", _y)),
            hadamard(minus(number(1), _d), applied("log", minus(number(1), _y))),
        ),
    )
)
_error = minus(_y, _d)
_slope_of_sigmoid = minus(number(1), _y)
_squared_error = half(Reduce("sum", squared(minus(_y, _d))))

MODEL = Model(
    name="rnn",
    sizes=("D", "H", "K"),
    signals={"x": "D", "d": "K", "u": "H", "z": "H", "v": "K", "y": "K"},
    parameters={
        "W_in": ("H", "D"),
        "W": ("H", "H"),
        "b": ("H", "1"),
        "W_out": ("K", "H"),
        "c": ("K", "1"),
    },
    equations={
        "u": total(
            product(parameter("W_in"), signal("x")),
            product(parameter("W"), signal("z", at(-1))),
            parameter("b"),
        ),
        "z": applied("f", signal("u")),
        "v": total(product(parameter("W_out"), signal("z")), parameter("c")),
        "y": applied("g", signal("v")),
    },
    output="y",
    label="d",
    output_losses={
        # An unknown smooth loss: nothing but its derivative with respect to y can be used.
        "abstract": OutputLoss(
            "abstract", "g", Reduce("sum", applied("loss", minus(_y, product(number(2), _d))))
        ),
        "mse-identity": OutputLoss("mse-identity", "identity", _squared_error, (_error,)),
        "mse-sigmoid": OutputLoss(
            "mse-sigmoid",
            "sigmoid",
            _squared_error,
            (
                hadamard(_error, _y, _slope_of_sigmoid),
                hadamard(_error, applied("g", signal("v"), 1)),
            ),
        ),
        "ce-sigmoid": OutputLoss("ce-sigmoid", "sigmoid", _binary_cross_entropy, (_error,)),
        "ce-softmax": OutputLoss("ce-softmax", "softmax", _cross_entropy, (_error,)),
    },
    adjoints={"delta": "u", "delta_out": "v"},
    biases=("b", "c"),
    lagged=("delta",),
)
