"""Softmax and cross entropy: probabilities, loss, gradients, the Jacobian; one sample and many.

y = softmax(v), E = -sum_k t_k log y_k with labels t that sum to one; then dE/dv = y - t. With one
right class o: E = -log y_o. Over N samples the loss is their mean. With a
sigmoid there is one output y, and E = -t log y - (1 - t) log(1 - y).
"""

from engine.formulas.construction import (
    applied,
    hadamard,
    minus,
    negative,
    number,
    product,
    total,
)
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import (
    Cases,
    Comparison,
    Index,
    Node,
    Quotient,
    Reduce,
    Sum,
    Symbol,
    Transpose,
)


def log(node: Node) -> Node:
    """The natural logarithm."""
    return applied("log", node)


def exp(node: Node) -> Node:
    """The exponential function."""
    return applied("exp", node)


_v, _y, _t = at("v"), at("y"), at("t")
_softmax = (
    Form(applied("softmax", _v)),
    Form(Quotient(exp(at("v", "k")), over("j", exp(at("v", "j")))), ("k",)),
)
_at_place = Comparison("=", Symbol("k"), Symbol("o"))
_same = Comparison("=", Symbol("i"), Symbol("j"))
_y_i, _y_j = at("y", "i"), at("y", "j")
_jacobian = (
    Form(
        Cases(
            (product(_y_i, minus(number(1), _y_i)),),
            (_same,),
            negative(product(_y_i, _y_j)),
        ),
        ("i", "j"),
    ),
    Form(
        product(_y_i, minus(Cases((number(1),), (_same,), number(0)), _y_j)),
        ("i", "j"),
    ),
    Form(minus(applied("diag", _y), product(_y, Transpose(_y)))),
)

SOFTMAX_CE = StaticModel(
    name="softmax_ce",
    sizes={"K": 4},
    signals={"v": ("K", "1"), "t": ("K", "1"), "y": ("K", "1"), "E": ("1", "1")},
    equations={
        "y": _softmax[0],
        "E": Form(negative(over("k", product(at("t", "k"), log(at("y", "k")))))),
    },
    loss="E",
    sloped=("v", "y"),
    jacobians=(("y", "v"),),
    asked=("y", "E"),
    domains={"t": "probability", "y": "unit"},
    answers={
        "y": _softmax[1:],
        "E": (
            Form(negative(product(Transpose(_t), log(_y)))),
            Form(negative(Reduce("sum", hadamard(_t, log(_y))))),
        ),
        "v.gradient": (
            Form(minus(_y, _t)),
            Form(minus(at("y", "k"), at("t", "k")), ("k",)),
        ),
        "y.gradient": (
            Form(negative(Quotient(at("t", "k"), at("y", "k"))), ("k",)),
            Form(negative(Quotient(_t, _y))),
        ),
        "y.v.jacobian": _jacobian,
    },
)

_o = Index.of(0, o=1)
_y_o, _v_o = Symbol("y", time=_o), Symbol("v", time=_o)
_log_sum = log(over("k", exp(at("v", "k"))))

SOFTMAX_CLASS = StaticModel(
    name="softmax_class",
    sizes={"K": 4},
    signals={"v": ("K", "1"), "t": ("K", "1"), "y": ("K", "1"), "E": ("1", "1")},
    equations={
        "y": _softmax[0],
        "E": Form(negative(over("k", product(at("t", "k"), log(at("y", "k")))))),
    },
    places={"o": "K"},
    loss="E",
    sloped=("v",),
    asked=("E",),
    domains={"t": "one-hot", "y": "unit"},
    answers={
        "E": (
            Form(negative(log(_y_o))),
            Form(total(negative(_v_o), _log_sum)),
            Form(negative(log(Quotient(exp(_v_o), over("k", exp(at("v", "k"))))))),
        ),
        "v.gradient": (
            Form(minus(_y, _t)),
            Form(minus(at("y", "k"), at("t", "k")), ("k",)),
            Form(
                Cases((minus(at("y", "k"), number(1)),), (_at_place,), at("y", "k")),
                ("k",),
            ),
            Form(
                minus(at("y", "k"), Cases((number(1),), (_at_place,), number(0))),
                ("k",),
            ),
        ),
    },
)

_entries = product(at("t", "n", "k"), log(at("y", "n", "k")))
_per_sample = Quotient(number(1), Symbol("N"))
_doubly = over("n", over("k", _entries))

SOFTMAX_CE_BATCH = StaticModel(
    name="softmax_ce_batch",
    sizes={"N": 3, "K": 4},
    signals={"v": ("N", "K"), "t": ("N", "K"), "y": ("N", "K"), "E": ("1", "1")},
    equations={
        "y": Form(applied("softmax", _v)),
        "E": Form(negative(product(_per_sample, _doubly))),
    },
    loss="E",
    sloped=("v",),
    asked=("E",),
    domains={"t": "probability", "y": "unit"},
    answers={
        "E": (
            Form(negative(Quotient(_doubly, Symbol("N")))),
            Form(negative(Quotient(Reduce("sum", hadamard(_t, log(_y))), Symbol("N")))),
        ),
        "v.gradient": (
            Form(Quotient(minus(_y, _t), Symbol("N"))),
            Form(Quotient(minus(at("y", "n"), at("t", "n")), Symbol("N")), ("n",)),
            Form(
                Quotient(minus(at("y", "n", "k"), at("t", "n", "k")), Symbol("N")),
                ("n", "k"),
            ),
        ),
    },
)

_lone_v, _lone_y, _lone_t = at("v"), at("y"), at("t")
_one = number(1)
_not_y, _not_t = minus(_one, _lone_y), minus(_one, _lone_t)
_inside = total(product(_lone_t, log(_lone_y)), product(_not_t, log(_not_y)))

SIGMOID_CE = StaticModel(
    name="sigmoid_ce",
    sizes={},
    signals=dict.fromkeys(("v", "t", "y", "E"), ("1", "1")),
    equations={"y": Form(applied("sigmoid", _lone_v)), "E": Form(negative(_inside))},
    loss="E",
    sloped=("v", "y"),
    asked=("y", "E"),
    domains={"t": "unit", "y": "unit"},
    answers={
        "y": (Form(Quotient(_one, total(_one, exp(negative(_lone_v))))),),
        "E": (
            Form(
                Sum(
                    (product(_lone_t, log(_lone_y)), product(_not_t, log(_not_y))),
                    (-1, -1),
                )
            ),
        ),
        "v.gradient": (Form(minus(_lone_y, _lone_t)),),
        "y.gradient": (
            Form(Quotient(minus(_lone_y, _lone_t), product(_lone_y, _not_y))),
            Form(Sum((Quotient(_lone_t, _lone_y), Quotient(_not_t, _not_y)), (-1, 1))),
        ),
    },
)

MODELS = (SOFTMAX_CE, SOFTMAX_CLASS, SOFTMAX_CE_BATCH, SIGMOID_CE)
