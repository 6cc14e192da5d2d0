"""The notations of the GRU: how the usual sources spell its gates, weights and gradients.

The course (r, z, h̄; W, U), Cho et al. (2014) and Chung et al. (2014) (a tilde, the candidate's
weights without a label), Olah's post (one weight for [h, x]), PyTorch (n, two biases), Dive into
Deep Learning (W_xr, W_hr; rows), Saito's second book (Wxz, Whz; ĥ), Ng's course (Γ, c), ONNX,
Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.construction import at, parameter, signal, transposed
from engine.formulas.notations import Notation, Quantity
from engine.formulas.notations.gates import by_block, functions, others, quantity, signals
from engine.formulas.tree import Node

BLOCKS = ("r", "z", "g")
_HIDDEN = {"r": "r", "z": "z", "g": "h"}
_JOINT = {f"W_{b}": {"h": f"U_{b}", "x": f"W_{b}"} for b in BLOCKS}
_NEXT: Mapping[str, Node] = {"h_next": signal("h")}
_CANDIDATES = "htilde hbar hhat hprime g n"


def _weights(
    labels: Mapping[str, str],
    w: str,
    u: str,
    b: str = "b_{}",
    b2: str = "",
    raised: bool = False,
) -> tuple[Quantity, ...]:
    made = (
        *by_block("parameter", "W_{}", w, labels, raised),
        *(by_block("parameter", "U_{}", u, labels, raised) if u else ()),
        *by_block("parameter", "b_{}", b, labels, raised),
    )
    return made + (by_block("parameter", "b2_{}", b2, labels) if b2 else ())


def _inner(
    labels: Mapping[str, str], u: str = "u_{}", delta: str = "delta_{}"
) -> tuple[Quantity, ...]:
    """Pre-activations and their gradients."""
    return (
        *by_block("signal", "u_{}", u, labels),
        *by_block("signal", "delta_{}", delta, labels),
    )


_COLUMN = {
    "x": "x X",
    "r": "r",
    "z": "z u",
    "g": _CANDIDATES,
    "h": "h H",
    "h_next": "h_next H_next",
}

COURSE = Notation(
    name="course",
    layout="column",
    quantities=(
        *signals({"x": "x X", "r": "r", "z": "z", "g": "hbar g n", "h": "h H", "h_next": "h_next"}),
        *_inner({"r": "r", "z": "z", "g": "h g"}, "u_{} a_{} net_{}"),
        *_weights({"r": "r", "z": "z", "g": "h g"}, "W_{}", "U_{} R_{}"),
        *others(),
    ),
    functions=functions(tanh=("f",)),
    meanings=_NEXT,
    joint=_JOINT,
)

TILDE = Notation(
    name="tilde",
    layout="column",
    quantities=(
        *signals(_COLUMN),
        *_inner({"r": "r", "z": "z u", "g": "h g htilde c n hhat"}, "u_{} a_{} net_{} s_{}"),
        *_weights({"r": "r", "z": "z u", "g": "h g c n htilde"}, "W_{}", "U_{} V_{}", raised=True),
        *others(),
    ),
    functions=functions(tanh=("phi", "f")),
    meanings=_NEXT,
    joint=_JOINT,
)


def _bare() -> Notation:
    """Cho et al. and Chung et al.: W and U without a label are the candidate's."""
    return Notation(
        name="cho",
        layout="column",
        quantities=(
            *signals(_COLUMN),
            *_inner({"r": "r", "z": "z u", "g": "h g"}, "u_{} a_{}"),
            *_weights({"r": "r", "z": "z u"}, "W_{}", "U_{}"),
            quantity("W_g", "parameter", "W"),
            quantity("U_g", "parameter", "U"),
            quantity("b_g", "parameter", "b"),
            *others(),
        ),
        functions=functions(tanh=("phi",)),
        meanings=_NEXT,
        joint=_JOINT,
        needs=frozenset({"r", "z", "g", "u_r", "u_z", "u_g", "delta_r", "delta_z", "delta_g"}),
    )


PYTORCH = Notation(
    name="pytorch",
    layout="column",
    quantities=(
        *signals({"x": "x", "r": "r", "z": "z", "g": "n", "h": "h", "h_next": "h_next"}),
        *_inner({"r": "r", "z": "z", "g": "n"}),
        *_weights({"r": "r", "z": "z", "g": "n"}, "W_i{}", "W_h{}", "b_i{}", "b_h{}"),
        *others(),
    ),
    functions=functions(),
    meanings=_NEXT,
)

D2L = Notation(
    name="d2l",
    layout="row",
    quantities=(
        *signals({"x": "X", "r": "R", "z": "Z", "g": "Htilde", "h": "H", "h_next": "H_next"}),
        *_inner(_HIDDEN),
        *_weights(_HIDDEN, "W_x{} W_{}x", "W_h{} W_{}h"),
        *others(),
    ),
    functions=functions(tanh=("phi",)),
    meanings=_NEXT,
)

INDEXED = Notation(
    name="scratch",
    layout="row",
    quantities=(
        *signals(_COLUMN | {"g": "hhat htilde hbar g n hprime", "z": "z"}),
        *_inner(_HIDDEN | {"g": "h hhat htilde g"}, "u_{} a_{} net_{}"),
        *_weights(_HIDDEN | {"g": "h g hhat n"}, "W_x{} W_{}x w_x{} U_{}", "W_h{} W_{}h w_h{}"),
        *others(),
    ),
    functions=functions(tanh=("f",)),
    meanings=_NEXT,
)


def _coursera() -> Notation:
    letters = {"r": "r", "z": "u", "g": "c"}
    weights = {f"V_{b}": _JOINT[f"W_{b}"] for b in BLOCKS}
    return Notation(
        name="coursera",
        layout="column",
        quantities=(
            *signals({"x": "x", "r": "Gamma_r", "z": "Gamma_u", "g": "ctilde", "h": "c a"}),
            *by_block("parameter", "V_{}", "W_{}", letters),
            *by_block("parameter", "b_{}", "b_{}", letters),
            *others(loss="J L E"),
        ),
        functions=functions(),
        strict=True,
        inner_gradients=True,
        joint=weights,
        only_joint=frozenset(weights),
    )


PYTORCH_ROWS = replace(
    PYTORCH,
    name="pytorch-rows",
    layout="row",
    meanings={
        **PYTORCH.meanings,
        **{name: transposed(parameter(name)) for b in BLOCKS for name in (f"W_{b}", f"U_{b}")},
    },
    strict=True,
    independent=True,
    needs=frozenset(f"W_{b}" for b in BLOCKS),  # W_hz alone is also what rows are named by
)


def _onnx() -> Notation:
    """Rows times the transposes of weights that are stored as for columns."""
    turned: dict[str, Node] = {
        name: transposed(parameter(name)) for b in BLOCKS for name in (f"W_{b}", f"U_{b}")
    }
    return Notation(
        name="onnx",
        layout="row",
        quantities=(
            *signals({"x": "X", "r": "r rt", "z": "z zt", "g": "h ht", "h": "H"}),
            *_weights(_HIDDEN, "W_{}", "R_{}", "W_b{}", "R_b{}"),
            *others(),
        ),
        functions=functions(sigmoid=("f",), tanh=("g",)),
        strict=True,
        meanings=turned,
    )


KERAS = Notation(
    name="keras",
    layout="row",
    quantities=(
        *signals({"x": "inputs x", "r": "r", "z": "z", "g": "hh", "h": "h"}),
        *signals({"h_before": "h_tm1"}),
        *by_block("signal", "u_{}", "x_{}", {}),
        *by_block("parameter", "W_{}", "kernel_{}", _HIDDEN),
        *by_block("parameter", "U_{}", "recurrent_kernel_{}", _HIDDEN),
        *by_block("parameter", "b_{}", "bias_{} input_bias_{}", _HIDDEN),
        *by_block("parameter", "b2_{}", "recurrent_bias_{}", _HIDDEN),
        *others(),
    ),
    functions=functions(sigmoid=("recurrent_activation",), tanh=("activation",)),
    strict=True,
    meanings={"h_before": signal("h", at(-1))},
)

#: δ_h and δ_z as the gradients of what they name: the candidate's is written with its accent.
ERRORS = Notation(
    name="errors",
    layout="column",
    quantities=(
        *signals(_COLUMN),
        *_inner({"r": "r", "z": "z", "g": "htilde hhat hbar g n"}, "u_{}"),
        quantity("grad_h", "signal", "delta_h"),
        *_weights({"r": "r", "z": "z u", "g": "h g c n htilde"}, "W_{} W_x{}", "U_{} W_h{}"),
        *others(),
    ),
    functions=functions(),
    meanings=_NEXT,
    joint=_JOINT,
    independent=True,
)


#: δ^r is the gradient of the gate r, and δ^{a_r} (δ^r_a) that of its pre-activation a^r.
NAMED_ERRORS = Notation(
    name="named-errors",
    layout="column",
    quantities=(
        *signals(_COLUMN),
        *by_block("signal", "u_{}", "a_{} net_{} u_{}", _HIDDEN | {"z": "z u"}),
        *by_block("signal", "delta_{}", "delta_a_{} delta_net_{}", _HIDDEN | {"z": "z u"}),
        *by_block(
            "signal", "grad_{}", "delta_{}", {"r": "r", "z": "z u", "g": "htilde hhat hbar g n"}
        ),
        quantity("grad_h", "signal", "delta_h"),
        *_weights(_HIDDEN | {"z": "z u"}, "W_{} W_x{} W_{}x", "U_{} W_h{} W_{}h"),
        *others(),
    ),
    functions=functions(),
    meanings=_NEXT,
    needs=frozenset({"u_r", "u_z", "u_g", "delta_r", "delta_z", "delta_g"}),
)


def _exchanged(layout: str) -> Notation:
    """W for the state and U for the input, as some sources have it."""
    return Notation(
        name=f"exchanged-{layout}",
        layout=layout,
        quantities=(
            *signals(_COLUMN),
            *_inner({"r": "r", "z": "z u", "g": "h g"}, "u_{}"),
            *_weights({"r": "r", "z": "z u", "g": "h g c n htilde"}, "U_{}", "W_{}"),
            *others(),
        ),
        functions=functions(),
        strict=True,
        meanings=_NEXT,
    )


#: a for the state, as in Ng's course, with the other letters as usual.
A_STATE = Notation(
    name="a-state",
    layout="column",
    quantities=(
        *signals({"x": "x", "r": "r", "z": "z u", "g": "atilde", "h": "a", "h_next": "a_next"}),
        *_weights({"r": "r", "z": "z u", "g": "a h"}, "W_{}", "U_{}"),
        *others(),
    ),
    functions=functions(),
    meanings=_NEXT,
    joint=_JOINT,
)

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    "gru": (
        *(COURSE, TILDE, _bare(), PYTORCH, D2L, INDEXED),
        *(
            _coursera(),
            _onnx(),
            KERAS,
            ERRORS,
            NAMED_ERRORS,
            PYTORCH_ROWS,
            A_STATE,
            _exchanged("column"),
            _exchanged("row"),
        ),
    )
}
