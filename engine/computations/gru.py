"""The GRU by hand: how many parameters, one step in each convention, one step back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import Vector, alike, choice, matrix, numbers, size, square, wanted
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

RESET: Final = choice(
    "where the reset gate acts: on the state, on its product", ("before", "after")
)
CONVENTION: Final = choice("what z = 1 does", ("z-takes-new", "z-keeps-old"))
_SOURCE: Final = "Cho et al. (2014): z keeps the old; Chung et al. (2014): z takes the new"

# --- how many parameters -------------------------------------------------------------------------


def _blocks(a: Arguments, blocks: int, biases: int, recurrent: bool = True) -> int:
    D, H = a["D"], a["H"]
    return int(blocks * (H * D + (H * H if recurrent else 0) + biases * H))


def _biases(a: Arguments) -> int:
    if a["biases"] is not None:
        return int(a["biases"])
    return 1 if a["reset"] == "before" else 2


def _count_mistakes(a: Arguments) -> Iterator[Mistake]:
    biases = _biases(a)
    yield "term-dropped", "candidate-left-out", _blocks(a, 2, biases)
    yield "term-added", "blocks-of-the-lstm", _blocks(a, 4, biases)
    yield "factor-dropped", "one-block", _blocks(a, 1, biases)
    yield "recurrent-path-dropped", "no-recurrent-matrix", _blocks(a, 3, biases, recurrent=False)
    if biases:
        yield "bias-dropped", "no-biases", _blocks(a, 3, 0)
    else:
        yield "term-added", "biases-counted", _blocks(a, 3, 1)
    if biases == 2:
        yield "bias-dropped", "one-bias-of-two", _blocks(a, 3, 1)


_COUNTED: Final = Parameter(
    "integer",
    "bias vectors a block; if not given, 1 with the reset before and 2 with it after the product",
    minimum=0,
    maximum=2,
    default=None,
)


@COMPUTATIONS.add(
    "gru.parameter_count",
    "parameters of a GRU: 3 (HD + H² + H), or 3 (HD + H² + 2H) with the reset after the product",
    "two gates and a candidate; PyTorch, and Keras with reset_after, have two bias vectors a block",
    {"D": size("inputs"), "H": size("hidden units"), "reset": RESET, "biases": _COUNTED},
    _count_mistakes,
)
def parameter_count(a: Arguments) -> int:
    """3 (HD + H² + biases · H)."""
    return _blocks(a, 3, _biases(a))


def _ratio_mistakes(a: Arguments) -> Iterator[Mistake]:
    gru, lstm = (_blocks(a, n, a[f"{name}_biases"]) for n, name in ((3, "gru"), (4, "lstm")))
    yield "left-side-wrong", "lstm-by-gru", Fraction(lstm, gru)
    two = Fraction(_blocks(a, 2, a["gru_biases"]), lstm)
    yield "term-dropped", "candidate-left-out", two
    gates_only = Fraction(_blocks(a, 2, a["gru_biases"]), _blocks(a, 3, a["lstm_biases"]))
    yield "factor-dropped", "gates-by-gates", gates_only
    if a["gru_biases"] != a["lstm_biases"]:
        yield "bias-dropped", "biases-taken-as-equal", Fraction(3, 4)


_PER_BLOCK: Final = Parameter("integer", "bias vectors a block", minimum=0, maximum=2, default=1)


@COMPUTATIONS.add(
    "gru.ratio_to_lstm",
    "parameters of a GRU divided by those of an LSTM of the same sizes",
    "3 blocks against 4: 3/4 if both have as many biases",
    {
        "D": size("inputs"),
        "H": size("hidden units"),
        "gru_biases": _PER_BLOCK,
        "lstm_biases": _PER_BLOCK,
    },
    _ratio_mistakes,
)
def ratio_to_lstm(a: Arguments) -> Fraction:
    """3/4, if the biases are counted alike."""
    return Fraction(_blocks(a, 3, a["gru_biases"]), _blocks(a, 4, a["lstm_biases"]))


# --- the new state -------------------------------------------------------------------------------


def mixed(convention: str, z: Vector, old: Vector, new: Vector) -> Vector:
    """Old state and candidate, each with its share."""
    rest = tuple(1 - entry for entry in z)
    keep, take = (rest, z) if convention == "z-takes-new" else (z, rest)
    return exact.plus(exact.hadamard(keep, old), exact.hadamard(take, new))


def other_convention(convention: str) -> str:
    """The convention that exchanges z and 1 − z."""
    return "z-keeps-old" if convention == "z-takes-new" else "z-takes-new"


def _mixing_mistakes(a: Arguments, z: Vector, old: Vector, new: Vector) -> Iterator[Mistake]:
    convention = a["z_convention"]
    yield (
        "gate-roles-swapped",
        "other-convention",
        mixed(other_convention(convention), z, old, new),
    )
    rest = tuple(1 - entry for entry in z)
    keep, take = (rest, z) if convention == "z-takes-new" else (z, rest)
    yield "recurrent-path-dropped", "old-state-left-out", exact.hadamard(take, new)
    yield "term-dropped", "candidate-left-out", exact.hadamard(keep, old)
    yield "states-confused", "candidate-for-state", new


def _z_of(a: Arguments) -> Vector:
    if a["given"] == "pre-activations":
        return exact.activated("sigmoid", a["z"])
    for entry in a["z"]:
        if not 0 <= exact.number(entry) <= 1:
            raise ArgumentError("z", "is a gate and lies between 0 and 1")
    return tuple(exact.number(entry) for entry in a["z"])


def _update_mistakes(a: Arguments) -> Iterator[Mistake]:
    z = _z_of(a)
    yield from _mixing_mistakes(a, z, a["h_prev"], a["g"])
    if a["given"] == "pre-activations":
        squashed = exact.activated("tanh", a["z"])
        wrong = mixed(a["z_convention"], squashed, a["h_prev"], a["g"])
        yield "activation-wrong", "tanh-for-sigmoid", wrong


@COMPUTATIONS.add(
    "gru.update",
    "the new state of a GRU from update gate, old state and candidate",
    f"h = (1 − z) ⊙ h_prev + z ⊙ g, or h = z ⊙ h_prev + (1 − z) ⊙ g; {_SOURCE}",
    {
        "z": numbers("the update gate; its value or its pre-activation", logarithms=True),
        "given": choice("what z is", ("gates", "pre-activations")),
        "g": numbers("the candidate"),
        "h_prev": numbers("the old state"),
        "z_convention": CONVENTION,
    },
    _update_mistakes,
)
def update(a: Arguments) -> Vector:
    """The mixture of old state and candidate."""
    alike(a, "z", "g", "h_prev")
    return mixed(a["z_convention"], _z_of(a), a["h_prev"], a["g"])


# --- one step ------------------------------------------------------------------------------------


def _candidate(a: Arguments, wrong: str = "") -> Vector:
    """The candidate's pre-activation; ``wrong`` names one mistake."""
    old, U, r = a["h_prev"], a["U"], exact.activated("sigmoid", a["A_r"])
    place = a["reset"]
    if wrong == "other-place":
        place = "after" if place == "before" else "before"
    if wrong == "U-transposed":
        U = exact.transpose(U)
    b_u: Vector = a["b_u"] or (Fraction(0),) * len(old)
    if wrong == "no-reset":
        return exact.plus(a["A_x"], exact.times(U, old), b_u)
    if wrong == "reset-on-the-input":
        return exact.plus(exact.hadamard(r, a["A_x"]), exact.times(U, old), b_u)
    if wrong == "no-matrix":
        return exact.plus(a["A_x"], exact.hadamard(r, old), b_u)
    if wrong == "no-state":
        return tuple(a["A_x"])
    if place == "before":
        return exact.plus(a["A_x"], exact.times(U, exact.hadamard(r, old)), b_u)
    return exact.plus(a["A_x"], exact.hadamard(r, exact.plus(exact.times(U, old), b_u)))


def _outcome(a: Arguments, A_g: Vector, squash: bool = True) -> Vector:
    if a["quantity"] == "A_g":
        return A_g
    g = exact.activated("tanh", A_g) if squash else A_g
    if a["quantity"] == "g":
        return g
    z = exact.activated("sigmoid", wanted(a, "A_z", "h"))
    return mixed(a["z_convention"], z, a["h_prev"], g)


def _step_mistakes(a: Arguments) -> Iterator[Mistake]:
    def of(wrong: str) -> Vector:
        return _outcome(a, _candidate(a, wrong))

    if len(a["h_prev"]) > 1 or a["b_u"] is not None:
        # For one unit without that bias, both places give the same.
        yield "reset-misplaced", "other-place", of("other-place")
    if len(a["h_prev"]) > 1:
        yield "transpose-added", "U-transposed", of("U-transposed")
        yield "elementwise-for-matrix", "U-left-out", of("no-matrix")
    yield "factor-dropped", "reset-left-out", of("no-reset")
    yield "wrong-signal", "reset-on-the-input", of("reset-on-the-input")
    yield "term-dropped", "state-left-out-of-the-candidate", of("no-state")
    A_g = _candidate(a)
    if a["quantity"] != "A_g":
        yield "activation-dropped", "candidate-not-squashed", _outcome(a, A_g, squash=False)
    if a["quantity"] == "h":
        z, g = exact.activated("sigmoid", a["A_z"]), exact.activated("tanh", A_g)
        yield from _mixing_mistakes(a, z, a["h_prev"], g)


@COMPUTATIONS.add(
    "gru.step",
    "the candidate or the new state of a GRU, from the pre-activations of its gates",
    "before: A_g = A_x + U (r ⊙ h_prev); after: A_g = A_x + r ⊙ (U h_prev + b_u); g = tanh(A_g); "
    f"{_SOURCE}; column form",
    {
        "A_r": numbers("pre-activation of the reset gate, such as ln 3", logarithms=True),
        "A_z": numbers("of the update gate; needed for h", logarithms=True, default=None),
        "A_x": numbers("what the input and the bias give the candidate: W x + b"),
        "U": matrix("H × H, in column form"),
        "b_u": numbers("the second bias of the candidate", default=None),
        "h_prev": numbers("the old state"),
        "reset": RESET,
        "z_convention": CONVENTION,
        "quantity": choice("what is asked for", ("h", "g", "A_g")),
    },
    _step_mistakes,
)
def step(a: Arguments) -> Vector:
    """h, g or A_g."""
    alike(a, "h_prev", "A_r", "A_z", "A_x", "b_u")
    square(a, "U", "h_prev")
    return _outcome(a, _candidate(a))
