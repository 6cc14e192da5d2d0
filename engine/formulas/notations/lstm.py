"""The notations of the LSTM: how the usual sources spell its gates, weights and gradients.

The course and its textbooks (a, i, f, o, c, h); Olah's post, Chung et al. (2014) and CS224n
(a tilde for the candidate, one weight for [h; x] or two); PyTorch (two biases); Graves (2013) and
Dive into Deep Learning (W_xi, W_hi; rows); Goodfellow et al. (2016, chapter 10); Saito's second
book and CS231n (all gates in one matrix); Ng's course (Γ, a for the hidden state); ONNX; Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.formulas.construction import at, hadamard, parameter, signal, total, transposed
from engine.formulas.notations import Notation, Quantity
from engine.formulas.notations.gates import by_block, functions, others, quantity, signals
from engine.formulas.tree import Apply, Node

BLOCKS = ("a", "i", "f", "o")
GATES = ("i", "f", "o")
_OWN = {block: block for block in BLOCKS}
_CANDIDATE = {"a": "c g C a ctilde", "i": "i", "f": "f", "o": "o"}
_LETTERS = {"a": "g a c", "i": "i", "f": "f", "o": "o"}
_JOINT = {f"W_{b}": {"h": f"U_{b}", "x": f"W_{b}", "c": f"p_{b}"} for b in BLOCKS}
_NEXT: Mapping[str, Node] = {"c_next": signal("c"), "h_next": signal("h")}

_BEFORE: Mapping[str, Node] = {"h_before": signal("h", at(-1)), "c_before": signal("c", at(-1))}


def _carry(peephole: bool) -> Mapping[str, Node]:
    """What comes back to the cell from the step after: dc_next, beside the total."""
    parts: list[Node] = [hadamard(signal("grad_c", at(1)), signal("f", at(1)))]
    if peephole:
        parts += [hadamard(signal(f"delta_{b}", at(1)), parameter(f"p_{b}")) for b in ("i", "f")]
    return {"c_next": total(*parts), "c": total(*parts)}


def _weights(
    labels: Mapping[str, str],
    *,
    w: str,
    u: str,
    b: str = "b_{}",
    b2: str = "",
    p: str = "",
    raised: bool = False,
) -> tuple[Quantity, ...]:
    gates = {block: label for block, label in labels.items() if block in GATES}
    made = (
        *by_block("parameter", "W_{}", w, labels, raised),
        *(by_block("parameter", "U_{}", u, labels, raised) if u else ()),
        *by_block("parameter", "b_{}", b, labels, raised),
    )
    if b2:
        made += by_block("parameter", "b2_{}", b2, labels)
    return made + (by_block("parameter", "p_{}", p, gates, raised) if p else ())


def _inner(labels: Mapping[str, str], u: str, delta: str = "delta_{}") -> tuple[Quantity, ...]:
    """Pre-activations and their gradients."""
    made = by_block("signal", "u_{}", u, labels) if u else ()
    return made + (by_block("signal", "delta_{}", delta, labels) if delta else ())


def _tables(peephole: bool) -> tuple[Notation, ...]:
    p, carry = peephole, _carry(peephole)
    with_next = {"c_next": "c_next", "h_next": "h_next"}
    capital_next = {"c_next": "c_next C_next", "h_next": "h_next H_next"}
    course = Notation(
        name="course",
        layout="column",
        quantities=(
            *signals(
                {"x": "x X", "a": "a g", "i": "i", "f": "f", "o": "o", "c": "c C s", "h": "h H"}
                | with_next
            ),
            *_inner(_OWN | {"a": "a g"}, "u_{} z_{} net_{} {}hat {}bar"),
            *_weights(
                _OWN | {"a": "a g"},
                w="W_{} W_x{} W_{}x",
                u="U_{} R_{} V_{} W_h{} W_{}h" if not p else "U_{} R_{} W_h{} W_{}h",
                p="p_{} V_{} w_c{}" if p else "",
            ),
            *others(loss="E L J loss"),
        ),
        functions=functions(),
        meanings=_NEXT,
        differentials=carry,
        joint=_JOINT,
    )
    tilde = Notation(
        name="tilde",
        layout="column",
        quantities=(
            *signals(
                {
                    "x": "x X",
                    "a": "ctilde Ctilde cbar chat Cbar Chat gbar gtilde g z",
                    "i": "i",
                    "f": "f",
                    "o": "o",
                    "c": "c C",
                    "h": "h H",
                }
                | capital_next
            ),
            *_inner(_CANDIDATE, "u_{} z_{} net_{}"),
            *_weights(
                _CANDIDATE,
                w="W_{} W_x{} W_{}x",
                u="U_{} V_{} W_h{} W_{}h" if not p else "U_{} W_h{} W_{}h",
                p="p_{} V_{} w_c{}" if p else "",
                raised=True,
            ),
            *others(),
        ),
        functions=functions(tanh=("phi",)),
        meanings=_NEXT,
        differentials=carry,
        joint=_JOINT,
    )
    pytorch = Notation(
        name="pytorch",
        layout="column",
        quantities=(
            *signals(
                {"x": "x", "a": "g", "i": "i", "f": "f", "o": "o", "c": "c", "h": "h"} | with_next
            ),
            *_inner({**_OWN, "a": "g"}, "u_{}"),
            *_weights({**_OWN, "a": "g"}, w="W_i{}", u="W_h{}", b="b_i{}", b2="b_h{}"),
            *others(),
        ),
        functions=functions(),
        meanings=_NEXT,
        differentials=carry,
    )
    indexed_letters = {"a": "c g a", "i": "i", "f": "f", "o": "o"}
    d2l = Notation(
        name="d2l",
        layout="row",
        quantities=(
            *signals(
                {"x": "X", "a": "Ctilde", "i": "I", "f": "F", "o": "O", "c": "C", "h": "H"}
                | {"c_next": "C_next", "h_next": "H_next"}
            ),
            *_inner(indexed_letters, "u_{}"),
            *_weights(
                indexed_letters,
                w="W_x{} W_{}x",
                u="W_h{} W_{}h",
                p="W_c{} w_c{} p_{}" if p else "",
            ),
            *others(loss="L E J loss"),
        ),
        functions=functions(tanh=("phi",)),
        meanings=_NEXT,
        differentials=carry,
    )
    indexed = Notation(
        name="graves",
        layout="column",
        quantities=(
            *signals(
                {
                    "x": "x",
                    "a": "ctilde Ctilde g a chat z cbar",
                    "i": "i",
                    "f": "f",
                    "o": "o",
                    "c": "c C s",
                    "h": "h H",
                }
                | with_next
            ),
            *_inner(indexed_letters, "u_{} z_{} net_{}"),
            *_weights(
                indexed_letters,
                w="W_x{} W_{}x U_{} w_x{}",
                u="W_h{} W_{}h w_h{}",
                p="W_c{} w_c{} W_{}c p_{}" if p else "",
            ),
            *others(),
        ),
        functions=functions(tanh=("phi",)),
        meanings=_NEXT,
        differentials=carry,
    )
    goodfellow = Notation(
        name="goodfellow",
        layout="column",
        quantities=(
            *signals({"x": "x", "i": "g", "f": "f", "o": "q", "c": "s", "h": "h"}),
            *_weights({"i": "g", "f": "f", "o": "q"}, w="U_{}", u="W_{}", raised=True),
            *others(),
        ),
        functions=functions(),
        strict=True,
    )
    return (
        course,
        tilde,
        pytorch,
        d2l,
        indexed,
        _scratch(carry),
        _cs231n(carry),
        _coursera(carry),
        goodfellow,
        _onnx(peephole),
        _in_rows(pytorch),
        _KERAS,
        _errors(carry),
        _named_errors(carry),
        _exchanged("column"),
        _exchanged("row"),
    )


_WITH_TILDE = {
    "x": "x X",
    "a": "ctilde Ctilde chat cbar g a",
    "i": "i",
    "f": "f",
    "o": "o",
    "c": "c C",
    "h": "h H",
    "c_next": "c_next C_next",
    "h_next": "h_next H_next",
}


def _errors(carry: Mapping[str, Node]) -> Notation:
    """δ_c and δ_h as the gradients of the states: the candidate's is written with its accent."""
    labels = {"a": "ctilde Ctilde chat cbar g a", "i": "i", "f": "f", "o": "o"}
    return Notation(
        name="errors",
        layout="column",
        quantities=(
            *signals(_WITH_TILDE),
            *_inner(labels, "u_{}"),
            quantity("grad_c", "signal", "delta_c delta_C"),
            quantity("grad_h", "signal", "delta_h"),
            *_weights(_CANDIDATE, w="W_{} W_x{}", u="U_{} W_h{}"),
            *others(),
        ),
        functions=functions(),
        meanings=_NEXT,
        differentials=carry,
        joint=_JOINT,
        independent=True,
    )


def _named_errors(carry: Mapping[str, Node]) -> Notation:
    """δ^f is the gradient of the gate f and δ^{a_f} that of its pre-activation a^f."""
    candidate = "ctilde Ctilde chat cbar g"
    inner = tuple(f"u_{block}" for block in BLOCKS) + tuple(f"delta_{block}" for block in BLOCKS)
    return Notation(
        name="named-errors",
        layout="column",
        quantities=(
            *signals(_WITH_TILDE | {"a": candidate}),
            *by_block("signal", "u_{}", "a_{} z_{} net_{} u_{}", _CANDIDATE),
            *by_block("signal", "delta_{}", "delta_a_{} delta_z_{} delta_net_{}", _CANDIDATE),
            *by_block(
                "signal", "grad_{}", "delta_{}", {"a": candidate, "i": "i", "f": "f", "o": "o"}
            ),
            quantity("grad_c", "signal", "delta_c delta_C"),
            quantity("grad_h", "signal", "delta_h"),
            *_weights(_CANDIDATE, w="W_{} W_x{} W_{}x U_x{}", u="U_{} W_h{} W_{}h R_{}"),
            *others(),
        ),
        functions=functions(),
        meanings=_NEXT,
        differentials=carry,
        joint=_JOINT,
        needs=frozenset(inner),
    )


def _exchanged(layout: str) -> Notation:
    """W for the state and U for the input, as some sources have it."""
    return Notation(
        name=f"exchanged-{layout}",
        layout=layout,
        quantities=(
            *signals(_WITH_TILDE),
            *_inner(_CANDIDATE, "u_{}"),
            *_weights(_CANDIDATE, w="U_{}", u="W_{}"),
            *others(),
        ),
        functions=functions(),
        strict=True,
        meanings=_NEXT,
    )


def _stacked(order: str) -> Mapping[str, tuple[str, ...]]:
    return {
        whole: tuple(f"{part}{block}" for block in order)
        for whole, part in (
            ("A", "u_"),
            ("delta_A", "delta_"),
            ("Wx", "W_"),
            ("Wh", "U_"),
            ("bias", "b_"),
        )
    }


_ALL_GATES = (
    quantity("A", "signal", "A a"),
    quantity("Wx", "parameter", "W_x Wx"),
    quantity("Wh", "parameter", "W_h Wh"),
    quantity("bias", "parameter", "b"),
)


def _scratch(carry: Mapping[str, Node]) -> Notation:
    tanh: Mapping[str, Node] = {"tanh_c": Apply("tanh", signal("c"))}
    return Notation(
        name="scratch",
        layout="row",
        quantities=(
            *signals(
                {"x": "x", "a": "g", "i": "i", "f": "f", "o": "o", "c": "c s", "h": "h"}
                | {"c_next": "c_next", "h_next": "h_next", "tanh_c": "tanh_c_next"}
            ),
            quantity("A", "signal", "A"),
            *_ALL_GATES[1:],
            *others(),
        ),
        functions=functions(),
        strict=True,
        meanings={**_NEXT, **tanh},
        differentials=carry,
        stacked=_stacked("faio"),
    )


def _cs231n(carry: Mapping[str, Node]) -> Notation:
    return Notation(
        name="cs231n",
        layout="row",
        quantities=(
            *signals(
                {"x": "x", "a": "g", "i": "i", "f": "f", "o": "o", "c": "c", "h": "h"}
                | {"c_next": "c_next next_c", "h_next": "h_next next_h"}
                | {"c_before": "prev_c", "h_before": "prev_h"}
            ),
            *_ALL_GATES,
            *others(),
        ),
        functions=functions(),
        strict=True,
        meanings={**_NEXT, **_BEFORE},
        # dnext_c is the whole gradient there once the share of h has been added to it.
        differentials={"c": carry["c"]},
        stacked=_stacked("ifoa"),
    )


def _coursera(carry: Mapping[str, Node]) -> Notation:
    letters = {"a": "c", "i": "u i", "f": "f", "o": "o"}
    weights = {f"V_{b}": _JOINT[f"W_{b}"] for b in BLOCKS}
    return Notation(
        name="coursera",
        layout="column",
        quantities=(
            *signals(
                {
                    "x": "x xt",
                    "a": "ctilde cct",
                    "i": "Gamma_u Gamma_i it i",
                    "f": "Gamma_f ft",
                    "o": "Gamma_o ot",
                    "c": "c",
                    "h": "a",
                    "c_next": "c_next",
                    "h_next": "a_next",
                }
            ),
            *by_block("parameter", "V_{}", "W_{}", letters),
            *by_block("parameter", "b_{}", "b_{}", letters),
            *others(loss="J L E"),
        ),
        functions=functions(),
        strict=True,
        meanings=_NEXT,
        differentials=carry,
        inner_gradients=True,
        joint=weights,
        only_joint=frozenset(weights),
    )


_TURNED: Mapping[str, Node] = {
    name: transposed(parameter(name)) for b in BLOCKS for name in (f"W_{b}", f"U_{b}")
}


def _in_rows(notation: Notation) -> Notation:
    """The same names for rows, times the transposes of weights that are stored as for columns."""
    return replace(
        notation,
        name=f"{notation.name}-rows",
        layout="row",
        meanings={**notation.meanings, **_TURNED},
        strict=True,
        independent=True,
        needs=frozenset(f"W_{b}" for b in BLOCKS),  # W_hi alone is also what rows are named by
    )


def _onnx(peephole: bool) -> Notation:
    """Rows times the transposes of weights that are stored as for columns."""
    letters = {"a": "c", "i": "i", "f": "f", "o": "o"}
    return Notation(
        name="onnx",
        layout="row",
        quantities=(
            *signals(
                {"x": "X", "a": "c ct", "i": "i it", "f": "f ft", "o": "o ot", "c": "C", "h": "H"}
            ),
            *_weights(
                letters, w="W_{}", u="R_{}", b="W_b{}", b2="R_b{}", p="P_{}" if peephole else ""
            ),
            *others(),
        ),
        functions=functions(sigmoid=("f",), tanh=("g", "h")),
        strict=True,
        meanings=_TURNED,
    )


_KERAS = Notation(
    name="keras",
    layout="row",
    quantities=(
        *signals({"x": "inputs x", "a": "g", "i": "i", "f": "f", "o": "o", "c": "c", "h": "h"}),
        *signals({"h_before": "h_tm1", "c_before": "c_tm1"}),
        *by_block("signal", "u_{}", "z_{}", {"i": "0 i", "f": "1 f", "a": "2 c", "o": "3 o"}),
        *by_block("parameter", "W_{}", "kernel_{}", {"a": "c", "i": "i", "f": "f", "o": "o"}),
        *by_block(
            "parameter", "U_{}", "recurrent_kernel_{}", {"a": "c", "i": "i", "f": "f", "o": "o"}
        ),
        *by_block("parameter", "b_{}", "bias_{}", {"a": "c", "i": "i", "f": "f", "o": "o"}),
        *others(),
    ),
    functions=functions(sigmoid=("recurrent_activation",), tanh=("activation",)),
    strict=True,
    meanings=_BEFORE,
)

NOTATIONS: Mapping[str, tuple[Notation, ...]] = {
    "lstm": _tables(peephole=False),
    "lstm_peephole": _tables(peephole=True),
}
