"""Multi-head attention (Vaswani et al. 2017, section 3.2.2), one head at a time.

Q_i = X W_i^Q, K_i = X W_i^K, V_i = X W_i^V; head_i = softmax(Q_i K_i^T / sqrt(d_k)) V_i. The heads
side by side times W^O are the sum of each head times its own rows of W^O, here W_O_i.
"""

from engine.formulas.construction import applied, gradient, product
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, Shape, StaticModel
from engine.formulas.tree import Quotient, Reduce, Symbol, Transpose

_X = at("X")
_Q, _K, _V, _S, _A, _head = (at(name, "i") for name in ("Q", "K", "V", "S", "A", "head"))
_W_Q, _W_K, _W_V, _W_O = (at(name, "i") for name in ("W_Q", "W_K", "W_V", "W_O"))
_root = applied("sqrt", Symbol("d_k"))
_scores = Quotient(product(_Q, Transpose(_K)), _root)
_slope_o = gradient(at("O"))
_WEIGHTS: dict[str, Shape] = {
    "W_Q": ("D", "d_k"),
    "W_K": ("D", "d_k"),
    "W_V": ("D", "d_v"),
    "W_O": ("d_v", "D"),
}
_SIGNALS: dict[str, Shape] = {
    "Q": ("n", "d_k"),
    "K": ("n", "d_k"),
    "V": ("n", "d_v"),
    "S": ("n", "n"),
    "A": ("n", "n"),
    "head": ("n", "d_v"),
}

MODEL = StaticModel(
    name="multi_head",
    sizes={"h": 2, "n": 3, "D": 4, "d_k": 5, "d_v": 6},
    signals={"X": ("n", "D"), **_SIGNALS, "O": ("n", "D"), "E": ("1", "1")},
    parameters=_WEIGHTS,
    families=dict.fromkeys((*_SIGNALS, *_WEIGHTS), "h"),
    fixed=frozenset(_WEIGHTS),
    equations={
        "Q": Form(product(_X, _W_Q), ("i",)),
        "K": Form(product(_X, _W_K), ("i",)),
        "V": Form(product(_X, _W_V), ("i",)),
        "S": Form(_scores, ("i",)),
        "A": Form(applied("softmax", _S), ("i",)),
        "head": Form(product(_A, _V), ("i",)),
        "O": Form(over("i", product(_head, _W_O))),
        "E": Form(Reduce("sum", applied("loss", at("O")))),
    },
    loss="E",
    sloped=("head", "W_O", "W_V", "W_Q", "W_K"),
    asked=("Q", "head", "O"),
    answers={
        "head": (Form(product(applied("softmax", _scores), _V), ("i",)),),
        "head.gradient": (Form(product(_slope_o, Transpose(_W_O)), ("i",)),),
        "W_O.gradient": (Form(product(Transpose(_head), _slope_o), ("i",)),),
        "W_V.gradient": (
            Form(product(Transpose(_X), gradient(_V)), ("i",)),
            Form(product(Transpose(_X), Transpose(_A), gradient(_head)), ("i",)),
        ),
        "W_Q.gradient": (
            Form(product(Transpose(_X), gradient(_Q)), ("i",)),
            Form(Quotient(product(Transpose(_X), gradient(_S), _K), _root), ("i",)),
        ),
        "W_K.gradient": (Form(product(Transpose(_X), gradient(_K)), ("i",)),),
    },
)

MODELS = (MODEL,)
