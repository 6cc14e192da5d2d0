"""What the encoder hands to the decoder, and the gradient that comes back through it.

The first state of the decoder is the last one of the encoder, s_0 = h_T (Sutskever, Vinyals, Le
2014), or made of it, s_0 = tanh(W_s h_T) (Bahdanau et al. 2015, whose encoder reads h_1 last). The
context of all steps is c = h_T, or c = tanh(V h_T) (Cho et al. 2014). ``both``: s_0 and c (what
the engine's own decoder calls peeky).

u_t is the pre-activation of step t of the decoder. The loss is an unknown function of all of them,
so that a gradient can use nothing but what comes back to them. Of later steps only u_t counts: what
else it is made of is drawn (r).
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
    total,
)
from engine.formulas.models.attention import at, over
from engine.formulas.models.static import Form, Shape, StaticModel
from engine.formulas.tree import Cases, Comparison, Index, Node, Reduce, Symbol, Transpose

_W, _U, _C, _b = parameter("W"), parameter("U"), parameter("C"), parameter("b")
_last, _s_0, _c = at("h", "T"), at("s_0"), at("c")
_LAST = ("T",)
_first = Comparison("=", at("i"), number(1))
_du_1 = gradient(Symbol("u", time=Index.of(1)))
_du_t = gradient(at("u", "t"))
_ds_0, _dc = gradient(_s_0), gradient(_c)
_loss = Form(Reduce("sum", applied("loss", at("u"))))
_through_start = product(Transpose(_U), _du_1)
_through_steps = over("t", product(Transpose(_C), _du_t))
_steps_joined = product(Transpose(_C), over("t", _du_t))


def _slope(value: Node, upstream: Node) -> Node:
    """What comes back through a tanh with that value."""
    return hadamard(minus(number(1), squared(value)), upstream)


def _start(
    name: str,
    start: tuple[Form, ...],
    sizes: dict[str, int],
    width: str,
    parameters: dict[str, Shape],
    answers: dict[str, tuple[Form, ...]],
) -> StaticModel:
    """A first state, made of encoder states of that width."""
    return StaticModel(
        name=name,
        sizes={"T": 5, "n": 3, "H": 4, "D": 2, **sizes},
        signals={
            "h": ("T", width),
            "s_0": ("H", "1"),
            "y_0": ("D", "1"),
            "r": ("n", "H"),
            "u": ("n", "H"),
            "E": ("1", "1"),
        },
        parameters={"W": ("H", "D"), "U": ("H", "H"), "b": ("H", "1"), **parameters},
        equations={
            "s_0": start[0],
            "u": Form(
                Cases(
                    (total(product(_W, at("y_0")), product(_U, _s_0), _b),),
                    (_first,),
                    at("r", "i"),
                ),
                ("i",),
            ),
            "E": _loss,
        },
        loss="E",
        sloped=("h", *(one for one in parameters)) if parameters else ("h", "s_0"),
        asked=("s_0",),
        answers={"s_0": start[1:], **answers},
    )


START = _start(
    "decoder_start",
    (Form(_last),),
    {},
    "H",
    {},
    {
        "s_0.gradient": (Form(_through_start),),
        "h.gradient": (Form(_ds_0, _LAST), Form(_through_start, _LAST)),
    },
)

_W_s, _b_s = parameter("W_s"), parameter("b_s")


def _projected(name: str, pre_activation: Node, parameters: dict[str, Shape]) -> StaticModel:
    value = applied("tanh", pre_activation)
    by_value, by_slope = _slope(_s_0, _ds_0), _slope(value, _ds_0)
    through = _slope(_s_0, _through_start)
    return _start(
        name,
        (Form(value),),
        {"A": 3},
        "A",
        parameters,
        {
            "h.gradient": tuple(
                Form(product(Transpose(_W_s), back), _LAST)
                for back in (by_value, by_slope, through)
            ),
            "W_s.gradient": tuple(
                Form(product(back, Transpose(_last))) for back in (by_value, by_slope)
            ),
            "b_s.gradient": (Form(by_value), Form(by_slope)),
        },
    )


PROJECTED = _projected("decoder_start_tanh", product(_W_s, _last), {"W_s": ("H", "A")})
WITH_BIAS = _projected(
    "decoder_start_bias",
    total(product(_W_s, _last), _b_s),
    {"W_s": ("H", "A"), "b_s": ("H", "1")},
)

_SEEN: dict[str, Shape] = {"W": ("H", "D"), "U": ("H", "H"), "C": ("H", "A"), "b": ("H", "1")}
_y, _s = (Symbol(name, time=Index.of(-1, i=1)) for name in ("y", "s"))


def _context(
    name: str,
    context: Form,
    width: str,
    parameters: dict[str, Shape],
    answers: dict[str, tuple[Form, ...]],
) -> StaticModel:
    """One context for all steps, whose other inputs are drawn."""
    return StaticModel(
        name=name,
        sizes={"T": 5, "n": 3, "P": 4, "H": 6, "D": 2, "A": 4, **({"B": 3} if parameters else {})},
        signals={
            "h": ("T", width),
            "c": ("A", "1"),
            "y": ("P", "D"),
            "s": ("P", "H"),
            "u": ("n", "H"),
            "E": ("1", "1"),
        },
        parameters={**_SEEN, **parameters},
        equations={
            "c": context,
            "u": Form(
                total(product(_W, _y), product(_U, _s), product(_C, _c), _b),
                ("i",),
            ),
            "E": _loss,
        },
        loss="E",
        sloped=("h", *parameters),
        asked=("c",),
        origins={"y": (0, 1), "s": (0, 1)},
        answers=answers,
    )


CONTEXT = _context(
    "fixed_context",
    Form(_last),
    "A",
    {},
    {
        "h.gradient": (
            Form(_dc, _LAST),
            Form(_through_steps, _LAST),
            Form(_steps_joined, _LAST),
        )
    },
)

_V = parameter("V")
_summary = applied("tanh", product(_V, _last))
CHO = _context(
    "fixed_context_tanh",
    Form(_summary),
    "B",
    {"V": ("A", "B")},
    {
        "h.gradient": tuple(
            Form(product(Transpose(_V), _slope(value, back)), _LAST)
            for value, back in ((_c, _dc), (_summary, _dc), (_c, _through_steps))
        ),
        "V.gradient": tuple(
            Form(product(_slope(value, _dc), Transpose(_last))) for value in (_c, _summary)
        ),
    },
)

_both_ways = total(product(_U, _s_0), product(_C, _c), _b)
BOTH = StaticModel(
    name="state_and_context",
    sizes={"T": 5, "n": 3, "H": 4},
    signals={
        "h": ("T", "H"),
        "s_0": ("H", "1"),
        "c": ("H", "1"),
        "r": ("n", "H"),
        "u": ("n", "H"),
        "E": ("1", "1"),
    },
    parameters={"U": ("H", "H"), "C": ("H", "H"), "b": ("H", "1")},
    equations={
        "s_0": Form(_last),
        "c": Form(_last),
        "u": Form(
            Cases((_both_ways,), (_first,), total(product(_C, _c), at("r", "i"))),
            ("i",),
        ),
        "E": _loss,
    },
    loss="E",
    sloped=("h",),
    asked=(),
    answers={
        "h.gradient": (
            Form(total(_ds_0, _dc), _LAST),
            Form(total(_through_start, _through_steps), _LAST),
            Form(total(_through_start, _steps_joined), _LAST),
        )
    },
)

MODELS = (START, PROJECTED, WITH_BIAS, CONTEXT, CHO, BOTH)
