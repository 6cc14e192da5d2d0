"""Models as data: forward equations, each written once. Everything else is derived from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import Protocol

from engine.formulas.tree import Apply, Index, Node, Symbol, walk


@dataclass(frozen=True)
class OutputLoss:
    """One choice of output activation ``function`` and loss (a scalar tree in output and label).

    ``function`` ``g`` is an abstract elementwise function.
    """

    name: str
    function: str
    loss: Node
    # Ways to write dE/d(pre-activation); claims, which a test holds against the derivation.
    adjoint: tuple[Node, ...] = ()


class Chosen(Protocol):
    """A convention, as far as equations depend on it."""

    @property
    def reset(self) -> str: ...
    @property
    def z(self) -> str: ...
    @property
    def biases(self) -> str: ...
    @property
    def counting(self) -> str: ...


@dataclass(frozen=True)
class Variant:
    """Other equations, and parameters beside the model's own, where all of ``when`` is chosen."""

    when: tuple[tuple[str, str], ...]
    equations: Mapping[str, Node] = field(default_factory=dict)
    parameters: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    biases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """Forward equations of one time step, in column layout.

    ``signals`` maps each signal to the letter of its size, in the order of computation after the
    inputs; ``parameters`` maps each parameter to rows and columns (``1`` for a bias).
    ``equations`` maps a computed signal to its right-hand side at time ``t``; a signal at an
    earlier time than the first is an initial state. The loss of a step is a function of ``output``.

    ``adjoints`` gives names to dE/d(signal), for those signals whose gradient an answer may use;
    ``lagged`` are those that, like the gradients of states, have a recursion of their own for the
    loss of one step. Where none is named every gradient may be used. ``variants`` are the equations
    under other conventions; where several apply the later one holds. ``domains`` of drawn numbers:
    ``positive``, ``unit`` (between 0 and 1). What is not ``differentiated`` is only run forward;
    its ``given_gradient`` is dE/d(output). ``constants`` are parameters in form that are no
    weights: given once for all steps, never updated, and written without a step. ``stepped`` are
    inputs that always say their step: without one, a constant of another model is meant.
    ``asked`` are the targets, without the name of the model (None: all there are).
    """

    name: str
    sizes: tuple[str, ...]
    signals: Mapping[str, str]
    parameters: Mapping[str, tuple[str, str]]
    equations: Mapping[str, Node]
    output: str
    label: str
    output_losses: Mapping[str, OutputLoss]
    adjoints: Mapping[str, str] = field(default_factory=dict)
    biases: tuple[str, ...] = ()
    lagged: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    domains: Mapping[str, str] = field(default_factory=dict)
    differentiated: bool = True
    given_gradient: str | None = None
    constants: tuple[str, ...] = ()
    stepped: tuple[str, ...] = ()
    asked: tuple[str, ...] | None = None
    chosen: tuple[tuple[str, str], ...] = ()

    def __hash__(self) -> int:
        return hash((self.name, self.chosen))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Signals that no equation computes."""
        return tuple(name for name in self.signals if name not in self.equations)

    @cached_property
    def gradients(self) -> dict[str, str]:
        """Every gradient of a signal by its name: the named ones, and dE/dx as ``grad_x``."""
        if not self.differentiated:
            return {}
        named = set(self.adjoints.values())
        unread = {self.label} | ({self.output} if self.only_for_the_loss else set())
        others = (name for name in self.signals if name not in named | unread)
        return {**self.adjoints, **{f"grad_{name}": name for name in others}}

    @cached_property
    def gradient_of(self) -> dict[str, str]:
        """Signal -> the name of its gradient."""
        return {value: name for name, value in self.gradients.items()}

    @cached_property
    def adjoint_of(self) -> dict[str, str]:
        """Signal -> the name of its gradient, where an answer may use that."""
        given = self.adjoints or self.gradients
        return {value: name for name, value in given.items()}

    @cached_property
    def only_for_the_loss(self) -> bool:
        """Whether nothing but the loss reads the output."""
        nodes = (node for equation in self.equations.values() for node in walk(equation))
        return not any(isinstance(node, Symbol) and node.name == self.output for node in nodes)

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions in the equations."""
        nodes = (node for equation in self.equations.values() for node in walk(equation))
        return frozenset(node.function for node in nodes if isinstance(node, Apply))

    @cached_property
    def keys(self) -> dict[str, frozenset[str]]:
        """The conventions that change the equations, with the values that do."""
        found: dict[str, frozenset[str]] = {}
        for variant in self.variants:
            for key, value in variant.when:
                found[key] = found.get(key, frozenset()) | {value}
        return found

    def under(self, convention: Chosen) -> Model:
        """The model as it is under a convention."""
        if not self.variants:
            return self
        chosen = tuple(
            (key, getattr(convention, key))
            for key, values in sorted(self.keys.items())
            if getattr(convention, key) in values
        )
        return _variant(self, chosen) if chosen else self

    @cached_property
    def key(self) -> str:
        """The name of this variant among those of its model: "" for the model itself."""
        return ",".join(f"{key}={value}" for key, value in self.chosen)

    def all_variants(self) -> Iterable[Model]:
        """The model and all its variants."""
        from itertools import product

        choices = [[None, *sorted(values)] for _, values in sorted(self.keys.items())]
        for values in product(*choices):
            pairs = zip(sorted(self.keys), values, strict=True)
            chosen = tuple((key, value) for key, value in pairs if value is not None)
            yield _variant(self, chosen) if chosen else self

    def states(self) -> frozenset[str]:
        """Computed signals that are read one step later: they have an initial value."""
        return self._read_at[0] & frozenset(self.equations)

    def read_later(self) -> frozenset[str]:
        """All signals that are read one step later: states, and inputs such as the word before."""
        return self._read_at[0]

    def ends(self) -> frozenset[str]:
        """Signals that are read one step earlier, going back in time: they start after the end."""
        return self._read_at[1]

    @cached_property
    def _read_at(self) -> tuple[frozenset[str], frozenset[str]]:
        """Signals that an equation reads at an earlier step, and at a later one."""
        nodes = [
            node
            for equation in self.equations.values()
            for node in walk(equation)
            if isinstance(node, Symbol) and node.time is not None
        ]
        shifts = [(node.name, node.time.constant) for node in nodes if node.time is not None]
        earlier = frozenset(name for name, shift in shifts if shift < 0)
        return earlier, frozenset(name for name, shift in shifts if shift > 0)

    @cached_property
    def passes(self) -> tuple[tuple[bool, tuple[str, ...]], ...]:
        """The equations in the order in which they can be computed: (forwards in time?, names).

        A net that only looks back has one pass; a bidirectional one has one forwards, one
        backwards, and one for what reads both.
        """
        if not self.ends():
            return ((True, tuple(self.equations)),)
        reads = {
            name: {node.name for node in walk(equation) if isinstance(node, Symbol)}
            for name, equation in self.equations.items()
        }

        def made_of(names: frozenset[str]) -> frozenset[str]:
            found = names
            while more := {source for name in found for source in reads[name]} & set(reads) - found:
                found |= more
            return found

        backwards = made_of(self.ends())
        forwards = made_of(self.states()) - backwards
        rest = [name for name in self.equations if name not in backwards | forwards]
        return (
            (True, tuple(name for name in self.equations if name in forwards)),
            (False, tuple(name for name in self.equations if name in backwards)),
            (True, tuple(rest)),
        )

    def recurrent(self) -> frozenset[str]:
        """Signals whose value at t can reach the loss of another step."""
        return self._recurrent

    @cached_property
    def _recurrent(self) -> frozenset[str]:
        reads: dict[str, set[str]] = {}
        found: set[str] = set()
        for name, equation in self.equations.items():
            for node in walk(equation):
                if isinstance(node, Symbol) and node.name in self.signals:
                    reads.setdefault(name, set()).add(node.name)
                    if node.time is not None and node.time.constant:
                        found.add(node.name)
        while True:
            more = {source for name in found for source in reads.get(name, ())} - found
            if not more:
                return frozenset(found)
            found |= more

    def fingerprint(self) -> str:
        """A hash of everything that a derivation depends on."""
        record = {
            "signals": dict(self.signals),
            "parameters": {name: list(shape) for name, shape in self.parameters.items()},
            "equations": {name: plain(node) for name, node in self.equations.items()},
            "losses": {o.name: [o.function, plain(o.loss)] for o in self.output_losses.values()},
        }
        text = json.dumps(record, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _variant(model: Model, chosen: tuple[tuple[str, str], ...]) -> Model:
    equations, parameters, biases = dict(model.equations), dict(model.parameters), model.biases
    for variant in model.variants:
        if set(variant.when) <= set(chosen):
            equations.update(variant.equations)
            parameters.update(variant.parameters)
            biases = (*biases, *variant.biases)
    return replace(
        model, equations=equations, parameters=parameters, biases=biases, variants=(), chosen=chosen
    )


def plain(node: object) -> object:
    """A tree as lists and strings, for hashing; spans are left out."""
    if isinstance(node, Node):
        slots = [slot.name for slot in fields(node) if slot.name != "span"]
        return [type(node).__name__, *(plain(getattr(node, name)) for name in slots)]
    if isinstance(node, tuple):
        return [plain(part) for part in node]
    if isinstance(node, Index):
        return ["index", [list(pair) for pair in node.coefficients], node.constant]
    if isinstance(node, Fraction):
        return str(node)
    return node


def truths_file(model: Model) -> str:
    """The name of the file that holds the derivation of a model, or of a variant of it."""
    return f"{model.name},{model.key}.json" if model.key else f"{model.name}.json"


@cache
def models() -> Mapping[str, Model]:
    """All models by name."""
    from engine.formulas.models import bidirectional, decoder, gru, lstm, optimizers, rnn

    known = (
        rnn.MODEL, lstm.MODEL, lstm.PEEPHOLE, gru.MODEL, bidirectional.MODEL, *decoder.MODELS,
        *optimizers.MODELS,
    )  # fmt: skip
    return {model.name: model for model in known}
