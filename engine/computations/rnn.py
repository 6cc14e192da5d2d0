"""The simple RNN by hand: how many parameters, which shapes, and small forward runs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    HIDDEN_ACTIVATIONS,
    choice,
    fitting,
    matrix,
    numbers,
    size,
    step_of,
    wanted,
    weight,
)
from engine.computations.exact import Matrix, Vector
from engine.computations.network import Network, Run
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry, Shape
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

OUTPUT_ACTIVATIONS: Final = ("identity", "sigmoid", "softmax")
PAIRS: Final = ("mse-identity", "mse-sigmoid", "ce-sigmoid", "ce-softmax")
#: An output pair for each g; a forward run asks for no loss.
_PAIR_OF: Final = {"identity": "mse-identity", "sigmoid": "mse-sigmoid", "softmax": "ce-softmax"}

# --- how many parameters -------------------------------------------------------------------------


def _count(a: Arguments, *, hidden_biases: int, output_biases: int, recurrent: bool = True) -> int:
    D, H, K = a["D"], a["H"], a["K"]
    hidden = H * D + (H * H if recurrent else 0) + hidden_biases * H
    return int(hidden if a["layer"] == "hidden" else hidden + K * H + output_biases * K)


def _output_biases(a: Arguments) -> int:
    return int(min(1, a["biases"]))


def _count_mistakes(a: Arguments) -> Iterator[Mistake]:
    given = {"hidden_biases": a["biases"], "output_biases": _output_biases(a)}
    network = a["layer"] == "network"
    yield "recurrent-path-dropped", "no-recurrent-matrix", _count(a, **given, recurrent=False)
    if network:
        hidden_only = {**a, "layer": "hidden"}
        yield "output-path-dropped", "no-output-layer", _count(hidden_only, **given)
    if a["biases"]:
        yield "bias-dropped", "no-biases", _count(a, hidden_biases=0, output_biases=0)
    else:
        yield "term-added", "biases-counted", _count(a, hidden_biases=1, output_biases=1)
    if a["biases"] and network:
        yield "bias-dropped", "no-hidden-bias", _count(a, hidden_biases=0, output_biases=1)
        only_hidden = _count(a, hidden_biases=a["biases"], output_biases=0)
        yield "bias-dropped", "no-output-bias", only_hidden
    if a["biases"] == 2:
        yield "bias-dropped", "one-bias-of-two", _count(a, hidden_biases=1, output_biases=1)
    diagonal = _count(a, **given, recurrent=False) + a["H"]
    yield "power-dropped", "H-for-H-squared", diagonal
    if a["T"] is not None and a["T"] > 1:
        yield "factor-added", "once-per-step", _count(a, **given) * a["T"]


@COMPUTATIONS.add(
    "rnn.parameter_count",
    "parameters of a simple RNN: HD + H² + H for the hidden layer, KH + K for the output layer",
    "W_in (H × D), W (H × H), W_out (K × H), b (H), c (K); Goodfellow et al. (2016), section 10.2",
    {
        "D": size("inputs"),
        "H": size("hidden units"),
        "K": size("outputs; not needed for the hidden layer alone", default=None),
        "biases": Parameter(
            "integer",
            "bias vectors of the hidden layer: 0 (the output layer has none either), 1, or 2 as in "
            "PyTorch",
            minimum=0,
            maximum=2,
            default=1,
        ),
        "layer": choice("what is counted", ("network", "hidden")),
        "T": size("length of the sequence, which the count does not depend on", default=None),
    },
    _count_mistakes,
)
def parameter_count(a: Arguments) -> int:
    """HD + H² + biases · H, and for the network KH + K."""
    if a["layer"] == "network":
        wanted(a, "K", "the whole network")
    return _count(a, hidden_biases=a["biases"], output_biases=_output_biases(a))


# --- shapes --------------------------------------------------------------------------------------

_SIGNALS: Final = {
    "x": "D", "u": "H", "z": "H", "delta": "H", "v": "K", "y": "K", "d": "K", "delta_out": "K"
}  # fmt: skip
_BIASES: Final = {"b": "H", "c": "K"}
#: (rows, columns) in column form
_MATRICES: Final = {"W_in": ("H", "D"), "W": ("H", "H"), "W_out": ("K", "H")}


def _shape(a: Arguments, quantity: str, form: str) -> Shape:
    if quantity in _MATRICES:
        rows, columns = (a[size] for size in _MATRICES[quantity])
        return Shape((rows, columns) if form == "column" else (columns, rows))
    if quantity in _BIASES:
        size = a[_BIASES[quantity]]
        return Shape((size, 1) if form == "column" else (size,))
    size = a[_SIGNALS[quantity]]
    return Shape((size, a["N"]) if form == "column" else (a["N"], size))


def _shape_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity = a["quantity"]
    if quantity != "W":
        other = "row" if a["form"] == "column" else "column"
        yield "shape-wrong", "other-form", _shape(a, quantity, other)
    group = next(g for g in (_MATRICES, _BIASES, _SIGNALS) if quantity in g)
    sizes = group[quantity]
    for another in ("W_in", "W", "W_out", "b", "c", "x", "z", "y"):
        if another in group and group[another] != sizes:
            yield "shape-wrong", f"of-{another}", _shape(a, another, a["form"])


@COMPUTATIONS.add(
    "rnn.shape",
    "the shape of a quantity of the RNN; its gradient has the same",
    "column form: u = W_in x + W z + b, samples are columns; row form: u = x W_in + z W + b, "
    "samples are rows and a bias is one-dimensional",
    {
        "quantity": choice("whose shape", (*_SIGNALS, *_MATRICES, *_BIASES), default="x"),
        "form": choice("orientation", ("column", "row")),
        "D": size("inputs"),
        "H": size("hidden units"),
        "K": size("outputs"),
        "N": size("samples in the batch", default=1),
    },
    _shape_mistakes,
)
def shape(a: Arguments) -> Shape:
    """(H, D), (H, N), … in column form; (D, H), (N, H), … in row form."""
    return _shape(a, a["quantity"], a["form"])


# --- forward -------------------------------------------------------------------------------------


def _checked_vector(a: Arguments, name: str, length: int) -> Vector:
    if a[name] is None:
        return (Fraction(0),) * length
    found: Vector = fitting(a, name, length)
    return found


def network_of(a: Arguments, pair: str) -> Network:
    """The network that the arguments W_in, W, W_out, b, c, z0, f describe.

    Raises ArgumentError if the sizes do not fit. With ``form`` "row" the matrices are read as
    D × H, H × H and H × K.
    """
    W_in, W, W_out = a["W_in"], a["W"], a["W_out"]
    if a.get("form") == "row":
        W_in, W, W_out = (None if M is None else exact.transpose(M) for M in (W_in, W, W_out))
    H = len(W_in)
    if len(W) != H or len(W[0]) != H:
        raise ArgumentError("W", f"has to be {H} × {H}, as W_in makes {H} hidden units")
    if W_out is None:
        W_out = ((Fraction(0),) * H,)
    elif len(W_out[0]) != H:
        raise ArgumentError("W_out", f"has to take {H} hidden units; it takes {len(W_out[0])}")
    b, c = _checked_vector(a, "b", H), _checked_vector(a, "c", len(W_out))
    return Network(W_in, W, W_out, b, c, _checked_vector(a, "z0", H), a["f"], pair)


def sequence_of(a: Arguments, name: str, width: int) -> tuple[Vector, ...]:
    """The rows of ``x`` or ``d``, one a time step; raises ArgumentError if the width is another."""
    rows: tuple[Vector, ...] = a[name]
    if len(rows[0]) != width:
        raise ArgumentError(name, f"has to have {width} entries a step; it has {len(rows[0])}")
    return rows


def _forward(a: Arguments) -> tuple[Network, Run, int]:
    if a["quantity"] in ("v", "y"):
        wanted(a, "w_out" if "w_out" in a else "W_out", a["quantity"])
    network = network_of(a, _PAIR_OF[a["g"]])
    x = sequence_of(a, "x", len(network.W_in[0]))
    return network, network.run(x), step_of(a, "step", len(x))


def _forward_mistakes(a: Arguments) -> Iterator[Mistake]:
    network, run, step = _forward(a)
    quantity = a["quantity"]

    def of(changed: Network, **how: str) -> Vector:
        return changed.run(run.x, **how).quantity(quantity, step)

    def but(**parts: object) -> Network:
        return Network(**{**vars(network), **parts})

    H, K = len(network.b), len(network.c)
    no_W: Matrix = ((Fraction(0),) * H,) * H
    # At the first step of a run from z⁰ = 0 there is nothing to forget yet.
    if step > 1 or a["z0"] is not None:
        yield "recurrent-path-dropped", "no-recurrent-part", of(but(W=no_W))
    if step > 1 and a["z0"] is not None:
        yield "term-dropped", "initial-state-zero", of(but(z0=(Fraction(0),) * H))
    if a["b"] is not None:
        yield "bias-dropped", "no-hidden-bias", of(but(b=(Fraction(0),) * H))
    if a["c"] is not None and quantity in ("v", "y"):
        yield "bias-dropped", "no-output-bias", of(but(c=(Fraction(0),) * K))
    if a["f"] != "identity":
        if quantity != "u" or step > 1:
            yield "activation-dropped", "no-hidden-activation", of(but(f="identity"))
        if step > 1:
            yield "states-confused", "u-fed-back", of(network, fed_back="u")
    if a["g"] != "identity" and quantity == "y":
        yield "activation-dropped", "no-output-activation", run.quantity("v", step)
    if quantity == "z" and a["f"] != "identity":
        twice = exact.activated(a["f"], run.quantity("z", step))
        yield "activation-added", "activated-twice", twice
    if H > 1 and (step > 1 or a["z0"] is not None):
        yield "transpose-added", "W-transposed", of(but(W=exact.transpose(network.W)))
    if H == len(network.W_in[0]) > 1:
        yield "transpose-added", "W_in-transposed", of(but(W_in=exact.transpose(network.W_in)))
    if step > 1:
        yield "index-shifted", "one-step-early", run.quantity(quantity, step - 1)


_RUN: Final = {
    "f": choice("hidden activation", HIDDEN_ACTIVATIONS),
    "g": choice("output activation", OUTPUT_ACTIVATIONS),
    "quantity": choice("what is asked for", ("u", "z", "v", "y"), default="z"),
    "step": Parameter(
        "integer", "t, from 1; the last step if not given", minimum=1, maximum=8, default=None
    ),
}
_EQUATIONS: Final = "u = W_in x + W z_prev + b, z = f(u), v = W_out z + c, y = g(v)"


@COMPUTATIONS.add(
    "rnn.forward",
    "u, z, v or y of a small RNN after some steps",
    _EQUATIONS,
    {
        "W_in": matrix("H × D in column form, D × H in row form"),
        "W": matrix("H × H"),
        "W_out": matrix("K × H in column form, H × K in row form", default=None),
        "b": numbers("bias of the hidden layer", default=None),
        "c": numbers("bias of the output layer", default=None),
        "z0": numbers("initial state, zero if not given", default=None),
        "x": matrix("the inputs, one row a time step"),
        "form": choice("how the matrices are given", ("column", "row")),
        **_RUN,
    },
    _forward_mistakes,
)
def forward(a: Arguments) -> Vector:
    """The quantity at step t."""
    _, run, step = _forward(a)
    return run.quantity(a["quantity"], step)


def scalar_network_arguments(a: Arguments) -> Arguments:
    """The arguments of a scalar RNN as those of one with 1 × 1 matrices."""

    def single(name: str) -> Matrix | None:
        return None if a[name] is None else ((a[name],),)

    def vector(name: str) -> Vector | None:
        return None if a[name] is None else (a[name],)

    return {
        **a,
        "W_in": single("w_in"),
        "W": single("w"),
        "W_out": single("w_out"),
        "b": vector("b"),
        "c": vector("c"),
        "z0": vector("z0"),
        "x": tuple((entry,) for entry in a["x"]),
        "form": "column",
    }


SCALAR_NETWORK: Final = {
    "w_in": weight("input weight"),
    "w": weight("recurrent weight"),
    "w_out": weight("output weight", default=None),
    "b": weight("bias of the hidden unit", default=None),
    "c": weight("bias of the output", default=None),
    "z0": weight("initial state, zero if not given", default=None),
    "x": numbers("the inputs, one a time step"),
}


@COMPUTATIONS.add(
    "rnn.scalar_forward",
    "u, z, v or y of an RNN of one unit after some steps",
    _EQUATIONS,
    {
        **SCALAR_NETWORK,
        **{name: p for name, p in _RUN.items() if name != "g"},
        "g": choice("output activation", ("identity", "sigmoid")),
    },
    lambda a: _forward_mistakes(scalar_network_arguments(a)),
)
def scalar_forward(a: Arguments) -> Vector:
    """The quantity at step t."""
    _, run, step = _forward(scalar_network_arguments(a))
    return run.quantity(a["quantity"], step)
