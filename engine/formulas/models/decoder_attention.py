"""Attention of every step of a decoder, and keys with values of their own.

Step i of the decoder looks at the states h_1, ..., h_T of the encoder. Bahdanau et al. (2015): the
state before the step is the query, the score is additive (``earlier_``: dot, bilinear). Luong et
al. (2015): the state of the step itself is, the score is dot, general or concat, and context and
state are joined afterwards. Keys with values: one query, scaled dot product (Vaswani et al. 2017).

Where the way back is asked, the loss is an unknown function of all contexts: dE/dc_i is what comes
back to a context from everything that the decoder makes of it, and every step sends back to h_j a
share as a value and one through the score.
"""

from __future__ import annotations

from engine.formulas.construction import (
    applied,
    gradient,
    hadamard,
    minus,
    number,
    parameter,
    product,
    squared,
    summed,
    total,
)
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, Shape, StaticModel
from engine.formulas.tree import Index, Node, Quotient, Reduce, Stack, Symbol, Transpose

_e, _alpha = at("e", "i", "j"), at("alpha", "i", "j")
_h_j, _s_i = at("h", "j"), at("s", "i")
_weights = Quotient(applied("exp", _e), over("k", applied("exp", at("e", "i", "k"))))
_context = over("j", product(_alpha, _h_j))


_de, _dc_i = gradient(_e), gradient(at("c", "i"))
_dalpha = gradient(_alpha)
_mean_i = over("k", product(at("alpha", "i", "k"), gradient(at("alpha", "i", "k"))))
_as_value = product(_alpha, _dc_i)


def _ways_back(through_score: Node) -> dict[str, tuple[Form, ...]]:
    """The gradients of weights, scores and keys; of one step's score there is dE/de_ij of it."""
    return {
        "alpha.gradient": (
            Form(product(Transpose(_h_j), _dc_i), ("i", "j")),
            Form(product(Transpose(_dc_i), _h_j), ("i", "j")),
        ),
        "e.gradient": (Form(product(_alpha, minus(_dalpha, _mean_i)), ("i", "j")),),
        "h.gradient": (
            Form(over("i", total(_as_value, through_score)), ("j",)),
            Form(total(over("i", _as_value), over("i", through_score)), ("j",)),
        ),
    }


def _weights_of(score: Node, others: Node) -> Form:
    """The softmax over all keys with the score written out."""
    body = applied("exp", others)
    return Form(Quotient(applied("exp", score), over("k", body)), ("i", "j"))


def _decoder(
    name: str,
    signals: dict[str, Shape],
    sizes: dict[str, int],
    parameters: dict[str, Shape],
    scores: tuple[Form, ...],
    weights: tuple[Form, ...] = (),
    origins: dict[str, tuple[int, int]] | None = None,
    fixed: frozenset[str] = frozenset(),
    more: dict[str, Form] | None = None,
    through_score: Node | None = None,
) -> StaticModel:
    """Scores, weights and contexts of all steps under one way to score.

    ``through_score``: what step i sends back to h_j through its score.
    """
    back = _ways_back(through_score) if through_score is not None else {}
    return StaticModel(
        name=name,
        sizes={"n": 3, "T": 4, "H": 3, **sizes},
        signals={
            **signals,
            "h": ("T", "H"),
            "e": ("n", "T"),
            "alpha": ("n", "T"),
            "c": ("n", "H"),
            **({"a": ("n", "A")} if more else {}),
            **({"E": ("1", "1")} if back else {}),
        },
        parameters=parameters,
        equations={
            "e": scores[0],
            "alpha": Form(_weights, ("i", "j")),
            "c": Form(_context, ("i",)),
            **(more or {}),
            **({"E": Form(Reduce("sum", applied("loss", at("c"))))} if back else {}),
        },
        loss="E" if back else None,
        sloped=tuple(name.removesuffix(".gradient") for name in back),
        asked=("e", "alpha", "c", *(more or {})),
        domains={"alpha": "unit"},
        origins=origins or {},
        fixed=fixed,
        answers={
            "e": scores[1:],
            "alpha": (Form(applied("softmax", at("e", "i")), ("i",)), *weights),
            **back,
        },
    )


_before = Symbol("s", time=Index.of(-1, i=1))
_W, _U, _v = parameter("W"), parameter("U"), parameter("v")


def _hidden(key: Node) -> Node:
    return applied("tanh", total(product(_W, _before), product(_U, key)))


def _additive(key: Node) -> Node:
    return product(Transpose(_v), _hidden(key))


BAHDANAU = _decoder(
    "bahdanau",
    # One row more than there are steps: s_0 is the first query.
    {"s": ("P", "D")},
    {"D": 2, "A": 5, "P": 4},
    {"W": ("A", "D"), "U": ("A", "H"), "v": ("A", "1")},
    (Form(_additive(_h_j), ("i", "j")),),
    (_weights_of(_additive(_h_j), _additive(at("h", "k"))),),
    origins={"s": (0, 1)},
    through_score=product(
        _de, Transpose(_U), hadamard(_v, minus(number(1), squared(_hidden(_h_j))))
    ),
)


def _dot(key: Node) -> Node:
    return product(Transpose(_s_i), key)


_W_c = parameter("W_c")
_joined = Stack((at("c", "i"), _s_i), "rows")

LUONG = _decoder(
    "luong",
    {"s": ("n", "H")},
    {"A": 5, "H+H": 6},
    {"W_c": ("A", "H+H")},
    (Form(_dot(_h_j), ("i", "j")), Form(product(Transpose(_h_j), _s_i), ("i", "j"))),
    (_weights_of(_dot(_h_j), _dot(at("h", "k"))),),
    more={"a": Form(applied("tanh", product(_W_c, _joined)), ("i",))},
    through_score=product(_de, _s_i),
)


def _bilinear(key: Node) -> Node:
    return product(Transpose(_s_i), _W, key)


LUONG_GENERAL = _decoder(
    "luong_general",
    {"s": ("n", "D")},
    {"D": 2},
    {"W": ("D", "H")},
    (
        Form(_bilinear(_h_j), ("i", "j")),
        Form(product(Transpose(_h_j), Transpose(_W), _s_i), ("i", "j")),
    ),
    (_weights_of(_bilinear(_h_j), _bilinear(at("h", "k"))),),
    fixed=frozenset({"W"}),
    through_score=product(_de, Transpose(_W), _s_i),
)


def _concat(key: Node) -> Node:
    hidden = applied("tanh", product(_W, Stack((_s_i, key), "rows")))
    return product(Transpose(_v), hidden)


LUONG_CONCAT = _decoder(
    "luong_concat",
    {"s": ("n", "D")},
    {"D": 2, "A": 5, "D+H": 5},
    {"W": ("A", "D+H"), "v": ("A", "1")},
    (Form(_concat(_h_j), ("i", "j")),),
    (_weights_of(_concat(_h_j), _concat(at("h", "k"))),),
)


def _earlier_dot(key: Node) -> Node:
    return product(Transpose(_before), key)


def _earlier_bilinear(key: Node) -> Node:
    return product(Transpose(_before), _W, key)


EARLIER_DOT = _decoder(
    "earlier_dot",
    {"s": ("P", "H")},
    {"P": 4},
    {},
    (Form(_earlier_dot(_h_j), ("i", "j")), Form(product(Transpose(_h_j), _before), ("i", "j"))),
    (_weights_of(_earlier_dot(_h_j), _earlier_dot(at("h", "k"))),),
    origins={"s": (0, 1)},
    through_score=product(_de, _before),
)

EARLIER_GENERAL = _decoder(
    "earlier_general",
    {"s": ("P", "D")},
    {"D": 2, "P": 4},
    {"W": ("D", "H")},
    (
        Form(_earlier_bilinear(_h_j), ("i", "j")),
        Form(product(Transpose(_h_j), Transpose(_W), _before), ("i", "j")),
    ),
    (_weights_of(_earlier_bilinear(_h_j), _earlier_bilinear(at("h", "k"))),),
    origins={"s": (0, 1)},
    fixed=frozenset({"W"}),
    through_score=product(_de, Transpose(_W), _before),
)

_q, _k_j, _v_j = at("q"), at("k", "j"), at("v", "j")
_root = applied("sqrt", Symbol("d"))
_scaled = Quotient(product(Transpose(_q), _k_j), _root)
_alpha_j, _dalpha_j = at("alpha", "j"), gradient(at("alpha", "j"))
_mean = summed("i", None, None, product(at("alpha", "i"), gradient(at("alpha", "i"))))

KEYS_AND_VALUES = StaticModel(
    name="keys_and_values",
    sizes={"T": 4, "d": 3, "V": 2},
    signals={
        "q": ("d", "1"),
        "k": ("T", "d"),
        "v": ("T", "V"),
        "e": ("T", "1"),
        "alpha": ("T", "1"),
        "o": ("V", "1"),
        "E": ("1", "1"),
    },
    equations={
        "e": Form(_scaled, ("j",)),
        "alpha": Form(applied("softmax", at("e"))),
        "o": Form(over("j", product(_alpha_j, _v_j))),
        "E": Form(Reduce("sum", applied("loss", at("o")))),
    },
    loss="E",
    sloped=("v", "alpha", "e"),
    asked=("e", "alpha", "o"),
    domains={"alpha": "unit"},
    answers={
        "e": (Form(Quotient(product(Transpose(_k_j), _q), _root), ("j",)),),
        "alpha": (
            Form(
                Quotient(applied("exp", at("e", "j")), over("i", applied("exp", at("e", "i")))),
                ("j",),
            ),
        ),
        "o": (Form(product(Transpose(at("v")), at("alpha"))),),
        "v.gradient": (Form(product(_alpha_j, gradient(at("o"))), ("j",)),),
        "alpha.gradient": (Form(product(Transpose(_v_j), gradient(at("o"))), ("j",)),),
        "e.gradient": (Form(product(_alpha_j, minus(_dalpha_j, _mean)), ("j",)),),
    },
)

MODELS = (
    BAHDANAU,
    EARLIER_DOT,
    EARLIER_GENERAL,
    LUONG,
    LUONG_GENERAL,
    LUONG_CONCAT,
    KEYS_AND_VALUES,
)
