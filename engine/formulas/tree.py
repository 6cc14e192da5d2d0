"""The typed tree of a formula: what the reader makes and the judge works on.

Every node is frozen and hashable and carries the span of the text that it came from (``None`` for a
node that the program made). Two nodes that differ only in span are equal.

Names in a tree are *canonical quantity names* of a model (``W_in``, ``delta_out``, ``T_t``), never
the user's spelling; a notation (``engine.formulas.notations``) translates in both directions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Index:
    """An affine integer expression in index variables: ``t - s - 1`` is ``{t: 1, s: -1} - 1``.

    ``coefficients`` is sorted by name and holds no zero, so that equal indices compare equal.
    """

    coefficients: tuple[tuple[str, int], ...] = ()
    constant: int = 0

    @staticmethod
    def of(constant: int = 0, /, **coefficients: int) -> Index:
        kept = tuple(sorted((name, value) for name, value in coefficients.items() if value))
        return Index(kept, constant)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.coefficients)

    def __add__(self, other: Index | int) -> Index:
        if isinstance(other, int):
            return Index(self.coefficients, self.constant + other)
        total = dict(self.coefficients)
        for name, value in other.coefficients:
            total[name] = total.get(name, 0) + value
        return Index.of(self.constant + other.constant, **total)

    def __neg__(self) -> Index:
        return Index(tuple((name, -value) for name, value in self.coefficients), -self.constant)

    def __sub__(self, other: Index | int) -> Index:
        return self + (-other)

    def substitute(self, name: str, value: Index) -> Index:
        """This index with ``value`` in the place of the variable ``name``."""
        weight = dict(self.coefficients).get(name, 0)
        if not weight:
            return self
        rest = Index(tuple(pair for pair in self.coefficients if pair[0] != name), self.constant)
        scaled = Index(
            tuple((n, v * weight) for n, v in value.coefficients), value.constant * weight
        )
        return rest + scaled

    def value(self, bindings: dict[str, int]) -> int:
        """The number under ``bindings``. Raises ``KeyError`` with the name that has no value."""
        return self.constant + sum(weight * bindings[name] for name, weight in self.coefficients)


@dataclass(frozen=True)
class Node:
    """The base of all nodes; ``span`` is ``(start, end)`` in the text as the user typed it."""

    span: Span | None = field(default=None, compare=False, kw_only=True)

    def __init_subclass__(cls) -> None:
        # Trees are looked up in tables by the thousand: every node's hash is computed once.
        cls.__hash__ = Node.__hash__  # type: ignore[method-assign]

    def __hash__(self) -> int:
        known = self.__dict__.get("_hash")
        if known is None:
            values = tuple(getattr(self, name) for name in _slots(type(self)))
            known = hash((type(self).__name__, values))
            object.__setattr__(self, "_hash", known)
        return int(known)

    def __getstate__(self) -> dict[str, object]:
        # Another process hashes strings otherwise.
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    def children(self) -> tuple[Node, ...]:
        """The nodes just below this one, in order."""
        known: tuple[Node, ...] | None = self.__dict__.get("_children")
        if known is not None:
            return known
        found: list[Node] = []
        for name in _slots(type(self)):
            value = getattr(self, name)
            if isinstance(value, Node):
                found.append(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], Node):
                found.extend(value)
        object.__setattr__(self, "_children", tuple(found))
        return tuple(found)


def size_of(node: Node) -> int:
    """How many nodes a tree has."""
    known: int | None = node.__dict__.get("_size")
    if known is None:
        known = sum(1 for _ in walk(node))
        object.__setattr__(node, "_size", known)
    return known


_SLOTS: dict[type, tuple[str, ...]] = {}


def _slots(kind: type) -> tuple[str, ...]:
    """The fields of a class but for the span, looked up once."""
    known = _SLOTS.get(kind)
    if known is None:
        known = _SLOTS[kind] = tuple(slot.name for slot in fields(kind) if slot.name != "span")
    return known


@dataclass(frozen=True)
class Number(Node):
    """An exact number; a decimal such as 0.5 is kept as the fraction 1/2."""

    value: Fraction


@dataclass(frozen=True)
class Symbol(Node):
    """A quantity, perhaps at a time step.

    ``time`` is the time step of a signal (x^{t-s}), or the place of a component or of an item in a
    table (alpha_j, k_j). ``outer`` is the first of two indices: delta^{t,k} (loss at t, signal at
    k), alpha_{t,j} (query t, key j), an entry S_{ij}. ``update`` is the update number of a
    parameter (the course writes W^{t+1}).
    """

    name: str
    time: Index | None = None
    update: Index | None = None
    outer: Index | None = None


@dataclass(frozen=True)
class Apply(Node):
    """A function of one argument, ``order`` times differentiated: f'(u) has order 1.

    ``function`` is ``f`` or ``g`` (the model's own activations) or a named one: ``sigmoid``,
    ``tanh``, ``relu``, ``identity``, ``softmax``, ``exp``, ``log``, ``sqrt``, ``cosh``, ``sin``,
    ``cos``, ``abs``, ``sign``, ``diag``. ``norm`` is the Euclidean norm, a scalar.
    """

    function: str
    argument: Node
    order: int = 0


@dataclass(frozen=True)
class Product(Node):
    """A flat product as written; elaboration by shapes decides what each operator means.

    ``operators[i]`` stands between ``factors[i]`` and ``factors[i + 1]`` and is one of
    ``juxtaposed`` (also ``*`` and ``.`` in mathematics), ``matmul`` (``@``, ``np.dot``), ``dot``
    (between two quantities that may be vectors: their inner product if the formula fits so, else
    juxtaposed), ``hadamard`` (the sign ⊙, and ``*`` in NumPy code), ``outer``.
    """

    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Sum(Node):
    """A flat sum; ``signs[i]`` is +1 or -1. A leading minus is a sum of one negative term."""

    terms: tuple[Node, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class BigOperator(Node):
    """A sum (``kind="sum"``) or product (``"product"``) over ``index`` from ``low`` to ``high``.

    Both limits are included. ``high=None`` and ``low=None``: bounds that the text leaves open
    (a bare sum sign over t), which mean the whole run. ``excluded`` are values that the index
    leaves out: -m <= j <= m, j != 0. They are sorted.
    """

    kind: str
    index: str
    low: Index | None
    high: Index | None
    body: Node
    excluded: tuple[int, ...] = ()


@dataclass(frozen=True)
class Transpose(Node):
    """The transpose of a matrix or vector."""

    operand: Node


@dataclass(frozen=True)
class Power(Node):
    """``base`` to the power ``exponent``; elementwise for a vector."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Quotient(Node):
    """A fraction; never a derivative."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Derivative(Node):
    """The partial (or total) derivative of ``of`` with respect to ``by``, used as a name."""

    of: Node
    by: Node


@dataclass(frozen=True)
class Reduce(Node):
    """NumPy's ``.sum(axis)`` and ``.mean(axis)``: ``kind`` sum or mean, ``axis`` 0, 1 or None."""

    kind: str
    operand: Node
    axis: int | None = None


@dataclass(frozen=True)
class Stack(Node):
    """Vectors or matrices joined to one: ``axis`` ``rows`` is [a; b], the parts above one another,
    ``columns`` is [a, b], side by side. Feature vectors are joined along their features whichever
    sign was written: that [h, x] is a longer vector follows from the shapes.
    """

    parts: tuple[Node, ...]
    axis: str


@dataclass(frozen=True)
class Extremum(Node):
    """The elementwise smallest (``kind="min"``) or largest (``"max"``) of the parts."""

    kind: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Comparison(Node):
    """A condition; ``sign`` is one of ``<``, ``<=``, ``>``, ``>=``, ``=``, ``!=``."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Cases(Node):
    """``branches[i]`` where ``conditions[i]`` is the first that holds, else ``otherwise``.

    ``otherwise=None``: the text names no other case, and a value outside the conditions is unset.
    """

    branches: tuple[Node, ...]
    conditions: tuple[Comparison, ...]
    otherwise: Node | None = None


@dataclass(frozen=True)
class Equation(Node):
    """A chain ``links[0] = links[1] = ...``; a lone right-hand side has one link.

    ``arrow`` is true when the first sign is an assignment arrow.
    """

    links: tuple[Node, ...]
    arrow: bool = False


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children()))


def with_children(node: Node, children: Sequence[Node]) -> Node:
    """The node with its child nodes replaced, in the order of ``Node.children``."""
    kind = type(node)
    values: dict[str, Any] = {"span": node.span}
    at = 0
    for name in _slots(kind):
        value = getattr(node, name)
        if isinstance(value, Node):
            value = children[at]
            at += 1
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            value = tuple(children[at : at + len(value)])
            at += len(value)
        values[name] = value
    return kind(**values) if at else node


def without_spans(node: Node) -> Node:
    """The same tree with every span removed (for caches and messages)."""
    changes: dict[str, object] = {"span": None}
    for slot in fields(node):
        value = getattr(node, slot.name)
        if isinstance(value, Node):
            changes[slot.name] = without_spans(value)
        elif isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
            changes[slot.name] = tuple(
                without_spans(part) if isinstance(part, Node) else part for part in value
            )
    return replace(node, **changes)  # type: ignore[arg-type]
