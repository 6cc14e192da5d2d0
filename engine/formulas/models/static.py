"""Models without time steps: arrays of declared shapes, computed one after the other.

A quantity is a scalar, a column vector or a matrix. The rows of a matrix that is no parameter are
its items: of ``h`` with the shape (T, H), ``h_j`` is item j as a column vector, ``h_{jk}`` one
entry. An index on the left side of an equation runs over the whole range of the size that it picks
from, and so does a sum without limits. Letters of sizes are values too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import TypeAlias, cast

from engine.formulas.models import Model, OutputLoss, models, plain
from engine.formulas.tree import Index, Node, Number, Symbol, walk

Shape: TypeAlias = tuple[str, str]
SCALAR: Shape = ("1", "1")

#: Modules that each declare ``MODELS``, a tuple of static models.
MODULES = (
    "attention",
    "decoder_attention",
    "joined_states",
    "softmax_ce",
    "clipping",
    "vae",
    "multi_head",
    "word2vec",
    "seq2seq",
    "decoder_start",
    "positional_encoding",
    "parameter_counts",
)


@dataclass(frozen=True)
class Form:
    """One way to write an answer: its tree, and the letters that index its left side.

    ``("j",)`` stands for ``a_j = tree``: a component of a vector, or an item of a matrix;
    ``("i", "j")`` for ``S_{ij} = tree``; no letter for the whole quantity. The letter of a size
    stands for itself: ``("T",)`` is the last item and no other one.
    """

    tree: Node
    indices: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaticModel:
    """Equations in order of computation, in column layout; each defines one quantity.

    ``sizes`` gives every size letter the value that decides: all different and above 1.
    ``signals`` and ``parameters`` map a quantity to its shape in size letters. In rows (layout)
    vectors and parameters are transposed; matrices of items and what is in ``fixed`` are not.
    ``scalars`` are drawn numbers, with their domain; ``places`` are fixed index values with the
    size that they pick from (``o``, the right class). ``loss`` names a scalar signal; ``sloped``
    are the quantities whose gradient is asked for, ``jacobians`` pairs whose derivative is.
    ``asked`` are the equations asked for (None: all but the loss without a name of its own).

    ``domains`` of drawn inputs: ``positive``, ``probability`` (each vector or row sums to one),
    ``unit`` (between 0 and 1), ``large``, ``one-hot``, ``mask`` (0 or 1), ``additive-mask``,
    ``threshold`` (on either side of the norm of all inputs). A computed quantity is ``positive`` or
    ``unit`` where a logarithm is taken of it.

    ``answers`` are further ways to write an equation (``alpha``), and all ways to write a gradient
    (``alpha.gradient``) or a Jacobian (``y.v.jacobian``): claims, which tests hold against the
    derivation. ``assigned``: an equation whose left side is this input defines that quantity
    (g <- ...). ``interleaved``: a quantity that has the columns of two others in turn, with the
    letter of their number. ``families`` are quantities of which there are several, such as one
    matrix a head, with the letter of how many: their index picks one. ``first`` is the lowest
    index; ``origins`` are other lowest indices, of rows and columns of a quantity.
    """

    name: str
    sizes: Mapping[str, int]
    signals: Mapping[str, Shape]
    equations: Mapping[str, Form]
    parameters: Mapping[str, Shape] = field(default_factory=dict)
    scalars: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    loss: str | None = None
    sloped: tuple[str, ...] = ()
    jacobians: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] | None = None
    domains: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)
    assigned: Mapping[str, str] = field(default_factory=dict)
    interleaved: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    first: int = 1
    origins: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    # What recurrent models have and these do not.
    output = ""
    label = ""
    biases = ()
    given_gradient = None
    differentiated = True
    constants: tuple[str, ...] = ()
    stepped: tuple[str, ...] = ()
    variants = ()
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    adjoints: Mapping[str, str] = field(default_factory=dict)
    gradients: Mapping[str, str] = field(default_factory=dict)
    gradient_of: Mapping[str, str] = field(default_factory=dict)
    adjoint_of: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def output_losses(self) -> Mapping[str, OutputLoss]:
        return {"abstract": OutputLoss("abstract", "identity", Number(Fraction(0)))}

    @property
    def inputs(self) -> tuple[str, ...]:
        """Signals that no equation computes."""
        return tuple(name for name in self.signals if name not in self.equations)

    @property
    def quantities(self) -> dict[str, Shape]:
        """Every array with its shape."""
        return {**self.signals, **self.parameters}

    def shape(self, name: str) -> Shape | None:
        """The shape of a quantity, a scalar or a size letter; None for a name that is none."""
        if name in self.signals:
            return self.signals[name]
        if name in self.parameters:
            return self.parameters[name]
        if name in self.interleaved:
            even, _, columns = self.interleaved[name]
            return self.signals[even][0], columns
        return SCALAR if name in self.scalars or name in self.sizes else None

    def origin(self, name: str) -> tuple[int, int]:
        """The lowest index of the rows and of the columns of a quantity."""
        return self.origins.get(name, (self.first, self.first))

    def is_turned(self, name: str) -> bool:
        """Whether the quantity is transposed where vectors are rows."""
        shape = self.quantities.get(name)
        if shape is None or name in self.fixed:
            return False
        return name in self.parameters or "1" in shape

    def under(self, convention: object) -> StaticModel:
        """The same model under every convention."""
        return self

    def states(self) -> frozenset[str]:
        """No quantity is carried from one step to the next."""
        return frozenset()

    def ends(self) -> frozenset[str]:
        """Nor from one to the step before."""
        return frozenset()

    def recurrent(self) -> frozenset[str]:
        """No quantity reaches a later step."""
        return frozenset()

    def size_picked(self, body: Node, index: str) -> str | None:
        """The size letter that an index picks from in ``body``: of s_{i-1} a_i it is that of a."""
        shifted: str | None = None
        for node in walk(body):
            if not isinstance(node, Symbol):
                continue
            shape = self.shape(node.name)
            if shape is None:
                continue
            letters = {"outer": shape[0], "time": shape[1] if node.outer else shape[0]}
            if node.name in self.families:
                letters = {"time": self.families[node.name]}
            for slot, letter in letters.items():
                found = getattr(node, slot)
                if isinstance(found, Index) and dict(found.coefficients) == {index: 1}:
                    if not found.constant:
                        return letter
                    shifted = shifted or letter
        return shifted

    def fingerprint(self) -> str:
        """A hash of everything that a derivation depends on."""
        record = {
            "sizes": dict(self.sizes),
            "quantities": {name: list(shape) for name, shape in self.quantities.items()},
            "scalars": sorted(self.scalars),
            "places": dict(self.places),
            **({"families": dict(self.families)} if self.families else {}),
            "positive": sorted(name for name, kind in self.domains.items() if kind == "positive"),
            "equations": {
                name: [plain(form.tree), list(form.indices)]
                for name, form in self.equations.items()
            },
            "first": [self.first, {name: list(pair) for name, pair in self.origins.items()}],
        }
        return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16]


@cache
def static_models() -> Mapping[str, StaticModel]:
    """All static models by name."""
    found: dict[str, StaticModel] = {}
    for module in MODULES:
        made: tuple[StaticModel, ...] = import_module(f"engine.formulas.models.{module}").MODELS
        found.update((model.name, model) for model in made)
    return found


def model_named(name: str) -> Model:
    """A model of either kind. Raises ``KeyError``."""
    return models()[name] if name in models() else cast(Model, static_models()[name])


def all_models() -> tuple[Model, ...]:
    """Every model of either kind; the order in which one is looked for that a formula is about."""
    return (*models().values(), *(cast(Model, model) for model in static_models().values()))


def is_static(model: object) -> bool:
    """Whether a model has no time steps."""
    return isinstance(model, StaticModel)
