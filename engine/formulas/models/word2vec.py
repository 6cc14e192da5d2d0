"""word2vec: CBOW and skip-gram with the full softmax, negative sampling, the noise distribution.

In weights (x are one-hot rows) as networks are programmed, and in vectors as the papers have it:
v_c is the input vector of word c, u_k the output vector of word k (Mikolov et al. 2013a, 2013b;
Rong 2014). In rows W_in is (V, D) and W_out is (D, V).
"""

from engine.formulas.construction import (
    applied,
    gradient,
    minus,
    negative,
    number,
    parameter,
    product,
    total,
)
from engine.formulas.models.attention import at, over
from engine.formulas.models.softmax_ce import exp, log
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import BigOperator, Index, Node, Power, Quotient, Sum, Symbol, Transpose

_o = Index.of(0, o=1)
_per_word = Quotient(number(1), Symbol("C"))
_softmax = (
    Form(applied("softmax", at("s"))),
    Form(Quotient(exp(at("s", "k")), over("j", exp(at("s", "j")))), ("k",)),
)
_cross_entropy = Form(negative(over("k", product(at("t", "k"), log(at("y", "k"))))))
_log_sum = log(over("k", exp(at("s", "k"))))
_losses = (
    Form(negative(log(Symbol("y", time=_o)))),
    Form(total(negative(Symbol("s", time=_o)), _log_sum)),
    Form(minus(_log_sum, Symbol("s", time=_o))),
)
_error = minus(at("y"), at("t"))
_error_k = minus(at("y", "k"), at("t", "k"))
_s_slope = (Form(_error), Form(_error_k, ("k",)))
_W_in, _W_out, _h = parameter("W_in"), parameter("W_out"), at("h")
_dh, _ds = gradient(_h), gradient(at("s"))
_back = product(Transpose(_W_out), _error)
_words = over("c", at("x", "c"))

CBOW = StaticModel(
    name="cbow",
    sizes={"V": 5, "D": 3, "C": 4},
    signals={
        "x": ("C", "V"),
        "t": ("V", "1"),
        "h": ("D", "1"),
        "s": ("V", "1"),
        "y": ("V", "1"),
        "E": ("1", "1"),
    },
    parameters={"W_in": ("D", "V"), "W_out": ("V", "D")},
    equations={
        "h": Form(product(_per_word, over("c", product(_W_in, at("x", "c"))))),
        "s": Form(product(_W_out, _h)),
        "y": _softmax[0],
        "E": _cross_entropy,
    },
    places={"o": "V"},
    loss="E",
    sloped=("s", "h", "W_out", "W_in"),
    asked=("h", "s", "y", "E"),
    domains={"x": "one-hot", "t": "one-hot", "y": "unit"},
    answers={
        "h": (
            Form(product(_per_word, _W_in, _words)),
            Form(Quotient(over("c", product(_W_in, at("x", "c"))), Symbol("C"))),
        ),
        "y": (_softmax[1], Form(applied("softmax", product(_W_out, _h)))),
        "E": _losses,
        "s.gradient": _s_slope,
        "h.gradient": (Form(_back), Form(product(Transpose(_W_out), _ds))),
        "W_out.gradient": (
            Form(product(_error, Transpose(_h))),
            Form(product(_ds, Transpose(_h))),
        ),
        "W_in.gradient": (
            Form(product(_per_word, over("c", product(_dh, Transpose(at("x", "c")))))),
            Form(product(_per_word, _back, Transpose(_words))),
        ),
    },
)

_u_k = at("u", "k")
_scores = Form(product(Transpose(_u_k), _h), ("k",))

CBOW_VECTORS = StaticModel(
    name="cbow_vectors",
    sizes={"V": 5, "D": 3, "C": 4, "m": 2},
    signals={
        "v": ("C", "D"),
        "u": ("V", "D"),
        "t": ("V", "1"),
        "h": ("D", "1"),
        "s": ("V", "1"),
        "y": ("V", "1"),
        "E": ("1", "1"),
    },
    equations={
        "h": Form(product(_per_word, over("c", at("v", "c")))),
        "s": _scores,
        "y": _softmax[0],
        "E": _cross_entropy,
    },
    places={"o": "V"},
    loss="E",
    sloped=("h", "v", "u"),
    asked=("h", "s", "y", "E"),
    domains={"t": "one-hot", "y": "unit"},
    answers={
        "E": (
            Form(negative(log(Symbol("y", time=_o)))),
            Form(
                total(
                    negative(product(Transpose(Symbol("u", time=_o)), _h)),
                    log(over("k", exp(product(Transpose(_u_k), _h)))),
                )
            ),
        ),
        "h": (
            Form(Quotient(over("c", at("v", "c")), Symbol("C"))),
            Form(Quotient(over("c", at("v", "c")), product(number(2), Symbol("m")))),
        ),
        "s": (
            Form(product(Transpose(_h), _u_k), ("k",)),
            Form(product(at("u"), _h)),
        ),
        "y": (
            Form(
                Quotient(
                    exp(product(Transpose(_u_k), _h)),
                    over("j", exp(product(Transpose(at("u", "j")), _h))),
                ),
                ("k",),
            ),
            _softmax[1],
        ),
        "h.gradient": (
            Form(over("k", product(_error_k, _u_k))),
            Form(product(Transpose(at("u")), _error)),
        ),
        "v.gradient": (
            Form(product(_per_word, _dh), ("c",)),
            Form(product(_per_word, over("k", product(_error_k, _u_k))), ("c",)),
        ),
        "u.gradient": (
            Form(product(_error_k, _h), ("k",)),
            Form(product(_error, Transpose(_h))),
        ),
    },
)

_v = at("v")
_t_ck = at("t", "c", "k")
_errors_k = over("c", minus(at("y", "k"), _t_ck))

SKIP_GRAM = StaticModel(
    name="skip_gram",
    sizes={"V": 5, "D": 3, "C": 4},
    signals={
        "v": ("D", "1"),
        "u": ("V", "D"),
        "t": ("C", "V"),
        "s": ("V", "1"),
        "y": ("V", "1"),
        "E": ("1", "1"),
    },
    equations={
        "s": Form(product(Transpose(_u_k), _v), ("k",)),
        "y": _softmax[0],
        "E": Form(negative(over("c", over("k", product(_t_ck, log(at("y", "k"))))))),
    },
    loss="E",
    sloped=("s", "v", "u"),
    asked=("y", "E"),
    domains={"t": "one-hot", "y": "unit"},
    answers={
        "y": (
            Form(
                Quotient(
                    exp(product(Transpose(_u_k), _v)),
                    over("j", exp(product(Transpose(at("u", "j")), _v))),
                ),
                ("k",),
            ),
            _softmax[1],
        ),
        "s.gradient": (
            Form(_errors_k, ("k",)),
            Form(over("c", minus(at("y"), at("t", "c")))),
        ),
        "v.gradient": (
            Form(over("k", product(_errors_k, _u_k))),
            Form(over("c", over("k", product(minus(at("y", "k"), _t_ck), _u_k)))),
            Form(over("k", product(gradient(at("s", "k")), _u_k))),
        ),
        "u.gradient": (
            Form(product(_errors_k, _v), ("k",)),
            Form(over("c", product(minus(at("y", "k"), _t_ck), _v)), ("k",)),
        ),
    },
)

_window = Index.of(0, m=1)
_p_in_window = Symbol("p", time=Index.of(0, t=1, j=1), outer=Index.of(0, t=1))
_without_centre = BigOperator("sum", "j", -_window, _window, log(_p_in_window), (0,))

SKIP_GRAM_TEXT = StaticModel(
    name="skip_gram_text",
    # p_{t, t+j} is p(w_{t+j} | w_t); the text goes on for m words on either side.
    sizes={"T": 5, "m": 2, "W": 9},
    signals={"p": ("T", "W"), "E": ("1", "1")},
    origins={"p": (1, -1)},
    equations={
        "E": Form(negative(product(Quotient(number(1), Symbol("T")), over("t", _without_centre))))
    },
    loss="E",
    asked=("E",),
    domains={"p": "unit"},
    answers={"E": (Form(negative(Quotient(over("t", _without_centre), Symbol("T")))),)},
)


def _sigmoid(node: Node) -> Node:
    return applied("sigmoid", node)


_u_o = at("u_o")
_right, _noise = product(Transpose(_u_o), _v), product(Transpose(_u_k), _v)
_right_error = minus(_sigmoid(_right), number(1))

NEGATIVE_SAMPLING = StaticModel(
    name="negative_sampling",
    sizes={"D": 3, "K": 4},
    signals={"v": ("D", "1"), "u_o": ("D", "1"), "u": ("K", "D"), "E": ("1", "1")},
    equations={
        "E": Form(
            Sum(
                (log(_sigmoid(_right)), over("k", log(_sigmoid(negative(_noise))))),
                (-1, -1),
            )
        ),
    },
    loss="E",
    sloped=("v", "u_o", "u"),
    asked=("E",),
    answers={
        "E": (
            Form(
                Sum(
                    (
                        log(_sigmoid(_right)),
                        over("k", log(minus(number(1), _sigmoid(_noise)))),
                    ),
                    (-1, -1),
                )
            ),
        ),
        "v.gradient": (
            Form(
                total(
                    product(_right_error, _u_o),
                    over("k", product(_sigmoid(_noise), _u_k)),
                )
            ),
        ),
        "u_o.gradient": (Form(product(_right_error, _v)),),
        "u.gradient": (Form(product(_sigmoid(_noise), _v), ("k",)),),
    },
)

_power = Quotient(number(3), number(4))

NOISE = StaticModel(
    name="noise_distribution",
    sizes={"V": 5},
    signals={"f": ("V", "1"), "P": ("V", "1")},
    equations={
        "P": Form(
            Quotient(Power(at("f", "k"), _power), over("j", Power(at("f", "j"), _power))),
            ("k",),
        )
    },
    domains={"f": "positive", "P": "unit"},
    answers={
        "P": (Form(Quotient(Power(at("f"), _power), over("j", Power(at("f", "j"), _power)))),)
    },
)

_pair_softmax = Quotient(
    exp(product(Transpose(_u_k), _v)), over("j", exp(product(Transpose(at("u", "j")), _v)))
)
_u_right = Symbol("u", time=_o)
_pair_sum = log(over("k", exp(product(Transpose(_u_k), _v))))
_pair_score = product(Transpose(_u_right), _v)

SKIP_GRAM_PAIR = StaticModel(
    name="skip_gram_pair",
    # One centre word and one of its neighbours, o.
    sizes={"V": 5, "D": 3},
    signals={
        "v": ("D", "1"),
        "u": ("V", "D"),
        "t": ("V", "1"),
        "s": ("V", "1"),
        "y": ("V", "1"),
        "E": ("1", "1"),
    },
    equations={
        "s": Form(product(Transpose(_u_k), _v), ("k",)),
        "y": _softmax[0],
        "E": _cross_entropy,
    },
    places={"o": "V"},
    loss="E",
    sloped=("v", "u"),
    asked=("s", "y", "E"),
    domains={"t": "one-hot", "y": "unit"},
    answers={
        "s": (Form(product(at("u"), _v)),),
        "y": (Form(_pair_softmax, ("k",)), _softmax[1]),
        "E": (
            Form(negative(log(Symbol("y", time=_o)))),
            Form(total(negative(_pair_score), _pair_sum)),
        ),
        "v.gradient": (
            Form(over("k", product(_error_k, _u_k))),
            Form(product(Transpose(at("u")), _error)),
            Form(minus(over("k", product(at("y", "k"), _u_k)), _u_right)),
        ),
        "u.gradient": (
            Form(product(_error_k, _v), ("k",)),
            Form(product(_error, Transpose(_v))),
        ),
    },
)

_near = BigOperator(
    "sum", "j", -Index.of(0, m=1), Index.of(0, m=1), Symbol("v", time=Index.of(0, t=1, j=1)), (0,)
)

CBOW_WINDOW = StaticModel(
    name="cbow_window",
    # The text goes on for m words on either side.
    sizes={"T": 5, "m": 2, "W": 9, "D": 3},
    signals={"v": ("W", "D"), "h": ("T", "D")},
    origins={"v": (-1, 1)},
    equations={
        "h": Form(product(Quotient(number(1), product(number(2), Symbol("m"))), _near), ("t",))
    },
    answers={"h": (Form(Quotient(_near, product(number(2), Symbol("m"))), ("t",)),)},
)

MODELS = (
    CBOW,
    CBOW_VECTORS,
    CBOW_WINDOW,
    SKIP_GRAM,
    SKIP_GRAM_PAIR,
    SKIP_GRAM_TEXT,
    NEGATIVE_SAMPLING,
    NOISE,
)
