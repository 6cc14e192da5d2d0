"""Gradient clipping: by the norm (Pascanu, Mikolov, Bengio 2013) and entry by entry.

The new gradient is named ``g_new`` (g <- ...). By the norm over several parameters: a and b are the
gradients of two of them.
"""

from engine.formulas.construction import applied, negative, number, product, squared, total
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import Cases, Comparison, Extremum, Quotient, Symbol

_g, _theta = at("g"), Symbol("theta")
_norm = applied("norm", _g)
_root = applied("sqrt", over("i", squared(at("g", "i"))))
_rate = Extremum("min", (number(1), Quotient(_theta, _norm)))
_shortened = Quotient(product(_theta, _g), _norm)

BY_NORM = StaticModel(
    name="clip_norm",
    sizes={"n": 4},
    signals={"g": ("n", "1"), "norm_g": ("1", "1"), "g_new": ("n", "1")},
    equations={"norm_g": Form(_norm), "g_new": Form(product(_g, _rate))},
    scalars={"theta": "threshold"},
    assigned={"g": "g_new"},
    domains={"g": "large"},
    answers={
        "norm_g": (Form(_root),),
        "g_new": (
            Form(product(_rate, _g)),
            Form(product(Extremum("min", (number(1), Quotient(_theta, Symbol("norm_g")))), _g)),
            Form(Cases((_shortened,), (Comparison(">", _norm, _theta),), _g)),
            Form(Cases((_shortened,), (Comparison(">=", _norm, _theta),), _g)),
            Form(Cases((_g,), (Comparison("<=", _norm, _theta),), _shortened)),
            Form(product(at("g", "i"), _rate), ("i",)),
        ),
    },
)

_all = applied("sqrt", total(squared(applied("norm", at("a"))), squared(applied("norm", at("b")))))
_together = Extremum("min", (number(1), Quotient(_theta, Symbol("total_norm"))))

BY_GLOBAL_NORM = StaticModel(
    name="clip_global_norm",
    sizes={"n": 4, "m": 3},
    signals={
        "a": ("n", "1"),
        "b": ("m", "1"),
        "total_norm": ("1", "1"),
        "a_new": ("n", "1"),
        "b_new": ("m", "1"),
    },
    equations={
        "total_norm": Form(_all),
        "a_new": Form(product(at("a"), _together)),
        "b_new": Form(product(at("b"), _together)),
    },
    scalars={"theta": "threshold"},
    assigned={"a": "a_new", "b": "b_new"},
    domains={"a": "large", "b": "large"},
    asked=("total_norm", "a_new"),
    answers={
        "total_norm": (
            Form(
                applied(
                    "sqrt",
                    total(over("i", squared(at("a", "i"))), over("i", squared(at("b", "i")))),
                )
            ),
        ),
        "a_new": (Form(product(at("a"), Extremum("min", (number(1), Quotient(_theta, _all))))),),
    },
)

_lower, _upper = negative(_theta), _theta
_g_i = at("g", "i")

BY_VALUE = StaticModel(
    name="clip_value",
    sizes={"n": 5},
    signals={"g": ("n", "1"), "g_new": ("n", "1")},
    equations={
        "g_new": Form(Extremum("min", (Extremum("max", (_g, _lower)), _upper))),
    },
    scalars={"theta": "unit"},
    assigned={"g": "g_new"},
    answers={
        "g_new": (
            Form(Extremum("max", (_lower, Extremum("min", (_upper, _g))))),
            Form(Extremum("min", (_upper, Extremum("max", (_lower, _g_i)))), ("i",)),
            Form(
                Cases(
                    (_upper, _lower),
                    (Comparison(">", _g_i, _upper), Comparison("<", _g_i, _lower)),
                    _g_i,
                ),
                ("i",),
            ),
        ),
    },
)

MODELS = (BY_NORM, BY_GLOBAL_NORM, BY_VALUE)
