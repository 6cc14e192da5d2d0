"""Sequences of words: probability, likelihood, perplexity, masked loss, temperature, beam score.

p_t is the probability of the right word at step t, given the words before it (Sutskever, Vinyals,
Le 2014); the score of a beam is divided by a power of its length (Wu et al. 2016).
"""

from engine.formulas.construction import applied, negative, number, product
from engine.formulas.models.attention import at, over
from engine.formulas.models.softmax_ce import exp, log
from engine.formulas.models.static import Form, StaticModel
from engine.formulas.tree import BigOperator, Power, Quotient, Symbol

_p_t, _T = at("p", "t"), Symbol("T")
_factors = BigOperator("product", "t", None, None, _p_t)
_logs = over("t", log(_p_t))
_mean = negative(product(Quotient(number(1), _T), _logs))
_root = negative(Quotient(number(1), _T))

SEQUENCE = StaticModel(
    name="sequence",
    sizes={"T": 5},
    signals={
        "p": ("T", "1"),
        "P": ("1", "1"),
        "logP": ("1", "1"),
        "E": ("1", "1"),
        "PPL": ("1", "1"),
    },
    equations={
        "P": Form(_factors),
        "logP": Form(_logs),
        "E": Form(_mean),
        "PPL": Form(exp(Symbol("E"))),
    },
    loss="E",
    asked=("P", "logP", "E", "PPL"),
    domains={"p": "unit", "P": "unit"},
    answers={
        "P": (Form(exp(_logs)),),
        "logP": (Form(log(_factors)), Form(log(Symbol("P")))),
        "E": (
            Form(negative(Quotient(_logs, _T))),
            Form(negative(Quotient(log(_factors), _T))),
        ),
        "PPL": (
            Form(exp(_mean)),
            Form(exp(negative(Quotient(_logs, _T)))),
            Form(Power(_factors, _root)),
            Form(Power(Symbol("P"), _root)),
        ),
    },
)

_m_t = at("m", "t")
_kept = over("t", product(_m_t, log(_p_t)))

MASKED = StaticModel(
    name="masked_loss",
    sizes={"T": 5},
    signals={"p": ("T", "1"), "m": ("T", "1"), "E": ("1", "1")},
    equations={"E": Form(negative(Quotient(_kept, over("t", _m_t))))},
    loss="E",
    asked=("E",),
    domains={"p": "unit", "m": "mask"},
    answers={"E": (Form(negative(product(Quotient(number(1), over("t", _m_t)), _kept))),)},
)

_scaled = Quotient(at("v", "k"), Symbol("tau"))

TEMPERATURE = StaticModel(
    name="temperature",
    sizes={"K": 4},
    signals={"v": ("K", "1"), "y": ("K", "1")},
    equations={
        "y": Form(
            Quotient(exp(_scaled), over("j", exp(Quotient(at("v", "j"), Symbol("tau"))))),
            ("k",),
        )
    },
    scalars={"tau": "positive"},
    answers={"y": (Form(applied("softmax", Quotient(at("v"), Symbol("tau")))),)},
)

_length = Power(_T, Symbol("alpha"))

BEAM = StaticModel(
    name="beam_score",
    sizes={"T": 5},
    signals={"p": ("T", "1"), "P": ("1", "1"), "score": ("1", "1")},
    equations={"P": Form(_factors), "score": Form(product(Quotient(number(1), _length), _logs))},
    scalars={"alpha": "positive"},
    domains={"p": "unit", "P": "unit"},
    asked=("score",),
    answers={
        "score": (
            Form(Quotient(log(Symbol("P")), _length)),
            Form(Quotient(_logs, _length)),
            Form(Quotient(log(_factors), _length)),
        ),
    },
)

MODELS = (SEQUENCE, MASKED, TEMPERATURE, BEAM)
