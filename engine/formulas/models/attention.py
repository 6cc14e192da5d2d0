"""Attention: scores, weights, context, and their gradients; by query and in matrix form.

A query q looks at the states h_1, ..., h_T (the rows of h): e_j = score(q, h_j),
alpha = softmax(e), c = sum_j alpha_j h_j. Scores: dot and general (Luong et al. 2015), scaled dot
(Vaswani et al. 2017), additive (Bahdanau et al. 2015). The loss is an unknown function of c (or of
the scores), so that a gradient can use nothing but the gradient that comes from above.
"""

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
    transposed,
)
from engine.formulas.models.static import Form, Shape, StaticModel
from engine.formulas.tree import BigOperator, Index, Node, Quotient, Reduce, Symbol, Transpose


def at(name: str, *letters: str) -> Symbol:
    """A quantity, its item or component at one letter, or its entry at two."""
    if not letters:
        return Symbol(name)
    outer = Index.of(0, **{letters[0]: 1}) if len(letters) > 1 else None
    return Symbol(name, time=Index.of(0, **{letters[-1]: 1}), outer=outer)


def over(letter: str, body: Node) -> BigOperator:
    """A sum over the whole range of an index."""
    return summed(letter, None, None, body)


_q, _h_j, _e_j, _c = at("q"), at("h", "j"), at("e", "j"), at("c")
_de_j, _dalpha_j, _dc = gradient(_e_j), gradient(at("alpha", "j")), gradient(_c)
_root = applied("sqrt", Symbol("H"))
_exp_j = applied("exp", _e_j)
_weights_times_slopes = over("k", product(at("alpha", "k"), gradient(at("alpha", "k"))))

_softmax = (
    Form(Quotient(_exp_j, over("k", applied("exp", at("e", "k")))), ("j",)),
    Form(applied("softmax", at("e"))),
)
_context = (
    Form(over("j", product(at("alpha", "j"), _h_j))),
    Form(product(Transpose(at("h")), at("alpha"))),
)
_alpha_slope = (
    Form(product(Transpose(_h_j), _dc), ("j",)),
    Form(product(Transpose(_dc), _h_j), ("j",)),
    Form(product(at("h"), _dc)),
)
_dalpha = gradient(at("alpha"))
_e_slope = (
    Form(product(at("alpha", "j"), minus(_dalpha_j, _weights_times_slopes)), ("j",)),
    Form(
        minus(
            product(at("alpha", "j"), _dalpha_j),
            product(at("alpha", "j"), _weights_times_slopes),
        ),
        ("j",),
    ),
    Form(
        hadamard(at("alpha"), minus(_dalpha, product(Transpose(at("alpha")), _dalpha))),
    ),
    Form(hadamard(at("alpha"), minus(_dalpha, _weights_times_slopes))),
    Form(
        product(
            minus(applied("diag", at("alpha")), product(at("alpha"), Transpose(at("alpha")))),
            _dalpha,
        )
    ),
)
_loss_of_context = Form(Reduce("sum", applied("loss", _c)))
_loss_of_scores = Form(Reduce("sum", applied("loss", at("e"))))

ATTENTION = StaticModel(
    name="attention",
    sizes={"T": 4, "H": 3},
    signals={
        "q": ("H", "1"),
        "h": ("T", "H"),
        "e": ("T", "1"),
        "alpha": ("T", "1"),
        "c": ("H", "1"),
        "E": ("1", "1"),
    },
    equations={
        "e": Form(product(Transpose(_q), _h_j), ("j",)),
        "alpha": _softmax[1],
        "c": _context[0],
        "E": _loss_of_context,
    },
    loss="E",
    sloped=("alpha", "e", "h", "q"),
    asked=("e", "alpha", "c"),
    answers={
        "e": (
            Form(product(Transpose(_h_j), _q), ("j",)),
            Form(product(at("h"), _q)),
        ),
        "alpha": (_softmax[0],),
        "c": _context[1:],
        "alpha.gradient": _alpha_slope,
        "e.gradient": _e_slope,
        # h_j is used twice: as a value and in the score.
        "h.gradient": (
            Form(total(product(at("alpha", "j"), _dc), product(_de_j, _q)), ("j",)),
            Form(
                total(
                    product(at("alpha"), Transpose(_dc)),
                    product(gradient(at("e")), Transpose(_q)),
                )
            ),
        ),
        "q.gradient": (
            Form(over("j", product(_de_j, _h_j))),
            Form(product(Transpose(at("h")), gradient(at("e")))),
        ),
    },
)


def _score(
    name: str,
    signals: dict[str, Shape],
    sizes: dict[str, int],
    equations: dict[str, Form],
    parameters: dict[str, Shape],
    answers: dict[str, tuple[Form, ...]],
    fixed: frozenset[str] = frozenset(),
) -> StaticModel:
    """A score function of q and h_j under an unknown loss."""
    return StaticModel(
        name=name,
        sizes=sizes,
        signals={**signals, "e": ("T", "1"), "E": ("1", "1")},
        parameters=parameters,
        equations={**equations, "E": _loss_of_scores},
        loss="E",
        sloped=("q", "h", *parameters),
        asked=tuple(equations),
        answers=answers,
        fixed=fixed,
    )


SCALED = _score(
    "attention_scaled",
    {"q": ("H", "1"), "h": ("T", "H")},
    {"T": 4, "H": 3},
    {"e": Form(Quotient(product(Transpose(_q), _h_j), _root), ("j",))},
    {},
    {
        "e": (
            Form(Quotient(product(Transpose(_h_j), _q), _root), ("j",)),
            Form(Quotient(product(at("h"), _q), _root)),
        ),
        "q.gradient": (
            Form(product(Quotient(number(1), _root), over("j", product(_de_j, _h_j)))),
            Form(Quotient(product(Transpose(at("h")), gradient(at("e"))), _root)),
        ),
        "h.gradient": (
            Form(Quotient(product(_de_j, _q), _root), ("j",)),
            Form(Quotient(product(gradient(at("e")), Transpose(_q)), _root)),
        ),
    },
)

_W, _W_1, _W_2, _v = parameter("W"), parameter("W_1"), parameter("W_2"), parameter("v")
_sum_of_states = over("j", product(_de_j, _h_j))

GENERAL = _score(
    "attention_general",
    {"q": ("D", "1"), "h": ("T", "H")},
    {"T": 4, "H": 3, "D": 2},
    {"e": Form(product(Transpose(_q), _W, _h_j), ("j",))},
    {"W": ("D", "H")},
    {
        "e": (
            Form(product(Transpose(_h_j), Transpose(_W), _q), ("j",)),
            Form(product(at("h"), Transpose(_W), _q)),
        ),
        "q.gradient": (
            Form(product(_W, _sum_of_states)),
            Form(over("j", product(_de_j, _W, _h_j))),
            Form(product(_W, Transpose(at("h")), gradient(at("e")))),
        ),
        "h.gradient": (
            Form(product(_de_j, Transpose(_W), _q), ("j",)),
            Form(product(gradient(at("e")), Transpose(_q), _W)),
        ),
        "W.gradient": (
            Form(over("j", product(_de_j, _q, Transpose(_h_j)))),
            Form(product(_q, Transpose(_sum_of_states))),
        ),
    },
    # Between two vectors, W is printed the same way whether they are columns or rows.
    frozenset({"W"}),
)

_m_j = at("m", "j")
_slope = minus(number(1), squared(_m_j))
_da_j = hadamard(product(_de_j, _v), _slope)

ADDITIVE = _score(
    "attention_additive",
    {"q": ("D", "1"), "h": ("T", "H"), "m": ("T", "A")},
    {"T": 4, "H": 3, "D": 2, "A": 5},
    {
        "m": Form(applied("tanh", total(product(_W_1, _q), product(_W_2, _h_j))), ("j",)),
        "e": Form(product(Transpose(_v), _m_j), ("j",)),
    },
    {"W_1": ("A", "D"), "W_2": ("A", "H"), "v": ("A", "1")},
    {
        "e": (
            Form(
                product(
                    Transpose(_v),
                    applied("tanh", total(product(_W_1, _q), product(_W_2, _h_j))),
                ),
                ("j",),
            ),
            Form(product(at("m"), _v)),
        ),
        "v.gradient": (Form(over("j", product(_de_j, _m_j))),),
        "W_1.gradient": (Form(over("j", product(_da_j, Transpose(_q)))),),
        "W_2.gradient": (Form(over("j", product(_da_j, Transpose(_h_j)))),),
        "q.gradient": (
            Form(product(Transpose(_W_1), over("j", _da_j))),
            Form(over("j", product(Transpose(_W_1), _da_j))),
        ),
        "h.gradient": (Form(product(Transpose(_W_2), _da_j), ("j",)),),
    },
)

_Q, _K, _V, _S, _A, _M = at("Q"), at("K"), at("V"), at("S"), at("A"), at("M")
_root_dk = applied("sqrt", Symbol("d_k"))
_scores = Quotient(product(_Q, Transpose(_K)), _root_dk)
_slope_s, _slope_a, _slope_o = gradient(_S), gradient(_A), gradient(at("O"))

SCALED_DOT_PRODUCT = StaticModel(
    name="scaled_dot_product",
    # d_k = 6: no size is another one's root.
    sizes={"n": 3, "m": 4, "d_k": 6, "d_v": 2},
    signals={
        "Q": ("n", "d_k"),
        "K": ("m", "d_k"),
        "V": ("m", "d_v"),
        "S": ("n", "m"),
        "A": ("n", "m"),
        "O": ("n", "d_v"),
        "E": ("1", "1"),
    },
    equations={
        "S": Form(_scores),
        "A": Form(applied("softmax", _S)),
        "O": Form(product(_A, _V)),
        "E": Form(Reduce("sum", applied("loss", at("O")))),
    },
    loss="E",
    sloped=("V", "A", "S", "Q", "K"),
    asked=("S", "A", "O"),
    answers={
        "S": (
            Form(Quotient(product(Transpose(at("Q", "i")), at("K", "j")), _root_dk), ("i", "j")),
        ),
        "A": (
            Form(applied("softmax", _scores)),
            Form(
                Quotient(
                    applied("exp", at("S", "i", "j")), over("k", applied("exp", at("S", "i", "k")))
                ),
                ("i", "j"),
            ),
        ),
        "O": (
            Form(product(applied("softmax", _scores), _V)),
            Form(product(applied("softmax", _S), _V)),
            Form(over("j", product(at("A", "i", "j"), at("V", "j"))), ("i",)),
        ),
        "V.gradient": (Form(product(Transpose(_A), _slope_o)),),
        "A.gradient": (Form(product(_slope_o, Transpose(_V))),),
        "S.gradient": (
            Form(hadamard(_A, minus(_slope_a, Reduce("sum", hadamard(_slope_a, _A), 1)))),
            Form(
                product(
                    at("A", "i", "j"),
                    minus(
                        gradient(at("A", "i", "j")),
                        over("k", product(at("A", "i", "k"), gradient(at("A", "i", "k")))),
                    ),
                ),
                ("i", "j"),
            ),
        ),
        "Q.gradient": (Form(Quotient(product(_slope_s, _K), _root_dk)),),
        "K.gradient": (Form(Quotient(product(transposed(_slope_s), _Q), _root_dk)),),
    },
)

MASKED = StaticModel(
    name="masked_attention",
    sizes={"n": 3, "m": 4, "d_k": 6, "d_v": 2},
    signals={
        "Q": ("n", "d_k"),
        "K": ("m", "d_k"),
        "V": ("m", "d_v"),
        "M": ("n", "m"),
        "S": ("n", "m"),
        "A": ("n", "m"),
        "O": ("n", "d_v"),
    },
    equations={
        "S": Form(_scores),
        "A": Form(applied("softmax", total(_S, _M))),
        "O": Form(product(_A, _V)),
    },
    asked=("A", "O"),
    domains={"M": "additive-mask"},
    answers={
        "A": (Form(applied("softmax", total(_scores, _M))),),
        "O": (Form(product(applied("softmax", total(_scores, _M)), _V)),),
    },
)

MODELS = (ATTENTION, SCALED, GENERAL, ADDITIVE, SCALED_DOT_PRODUCT, MASKED)
