"""The register of risks: is any known mistake accepted, under any convention?

Every mutant of every target, made under every convention, is judged under every convention that
the judge would try. What is accepted must be *declared* (a mistake that is the truth of another
convention) and *proved* (equal modulo a prime at fresh random points); else it survived. Beside
that, random rewritings of right answers must all be accepted.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from engine.formulas.checking import check, exactly_equal
from engine.formulas.conventions import (
    OF_EQUATIONS,
    OPEN,
    STATED_ONLY,
    VALUES,
    Convention,
    Mentions,
    admissible,
)
from engine.formulas.evaluation.binding import Budget
from engine.formulas.mistakes.edits import Mutant
from engine.formulas.mistakes.mutation import mutants
from engine.formulas.notations import Notation, notations
from engine.formulas.rendering import canonical
from engine.formulas.rewriting import rewritings as rewritten
from engine.formulas.targets import TARGETS, Target, laid_out
from engine.formulas.tree import Node

PROOF_SEEDS = (101, 102, 103)

# (code, key in which the conventions differ) -> why the mistake is right there
DECLARED: Mapping[tuple[str, str], str] = {
    ("sum-dropped", "loss"): "without a sum it is one step's loss",
    ("sum-dropped", "scope"): "without a sum it is one step's share",
    ("sum-added", "loss"): "with a sum it is the loss of the sequence",
    ("sum-added", "scope"): "with a sum it is the whole gradient",
    ("bias-dropped", "biases"): "a network without biases",
    ("order-swapped", "layout"): "in rows products turn round",
    ("outer-product-transposed", "layout"): "in rows products turn round",
    ("transpose-added", "layout"): "weights in rows are the transposes of those in columns",
    ("transpose-dropped", "layout"): "weights in rows are the transposes of those in columns",
    ("elementwise-for-matrix", "layout"): "a row times a diagonal is, in columns, elementwise",
    ("activation-wrong", "layout"): "the very slope of this activation, written in the value",
    ("transpose-added", "own"): "numerator layout: a row of slopes, times a row elementwise",
    ("recurrent-path-dropped", "loss"): "the loss of a step has no later step",
    ("factor-added", "output"): "the other output has this slope",
    ("factor-dropped", "output"): "the other output has no slope",
    ("derivative-dropped", "output"): "the other output has no slope",
    ("wrong-signal", "own"): "an identity output: y is v",
    ("activation-wrong", "own"): "the very slope of this activation, written in the value",
    ("activation-wrong", "activation"): "a network with that activation",
    ("activation-wrong", "output"): "a network with that output",
    ("outer-product-transposed", "jacobian"): "in denominator layout products turn round",
    ("order-swapped", "jacobian"): "in denominator layout products turn round",
    ("transpose-dropped", "jacobian"): "in denominator layout products turn round",
    ("transpose-added", "jacobian"): "in denominator layout products turn round",
    ("sign-flipped", "z"): "with the other meaning of z its gradient has the other sign",
    ("reset-misplaced", "reset"): "with the reset after the matrix product",
    ("reset-misplaced", "scalar"): "between numbers the reset gate may stand on either side",
    ("index-shifted", "counting"): "where step t makes w of the next step",
    ("wrong-signal", "counting"): "where step t makes w of the next step",
    ("transpose-added", "scalar"): "a number is its own transpose",
    ("transpose-dropped", "scalar"): "a number is its own transpose",
    ("order-swapped", "scalar"): "numbers commute",
    ("outer-product-transposed", "scalar"): "numbers commute",
    ("elementwise-for-matrix", "scalar"): "numbers have one product",
    ("matrix-for-elementwise", "scalar"): "numbers have one product",
}


@dataclass(frozen=True)
class Row:
    """One acceptance: a mutant made under one convention, accepted under another."""

    target: str
    code: str
    note: str
    made_under: Mapping[str, str]
    accepted_under: Mapping[str, str]
    differs: tuple[str, ...]
    reason: str | None
    proved: bool

    @property
    def settled(self) -> bool:
        return self.reason is not None and self.proved


@dataclass(frozen=True)
class Survey:
    """The figures of a survey, and every acceptance in ``rows``."""

    targets: int
    mutants: int
    equivalent: int
    survived: int
    rewritings: int
    rejected: int
    rows: tuple[Row, ...]


def survey(
    targets: Iterable[Target] | None = None,
    rewritings: int = 2000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Survey:
    """Judges all mutants of the targets (all of them by default) and random rewritings."""
    chosen = list(TARGETS.values() if targets is None else targets)
    rows: list[Row] = []
    count = equivalent = survived = 0
    for done, target in enumerate(chosen):
        for convention in conventions_of(target):
            for mutant in mutants(target, convention):
                count += 1
                accepted = list(acceptances(target, convention, mutant))
                rows.extend(accepted)
                if accepted:
                    settled = all(row.settled for row in accepted)
                    equivalent += settled
                    survived += not settled
        if progress is not None:
            progress(done + 1, len(chosen))
    rejected = sum(not ok for _, _, ok in rewriting_checks(chosen, rewritings, seed))
    return Survey(len(chosen), count, equivalent, survived, rewritings, rejected, tuple(rows))


def conventions_of(target: Target) -> list[Convention]:
    """Every convention that a canonical answer of the target depends on."""
    table = OPEN[target.kind]
    keys = [key for key in ("layout", "loss", "scope", "biases", "jacobian") if key in table]
    keys += [key for key in OF_EQUATIONS if key in target.model.keys]
    if target.kind == "output-adjoint":
        keys.append("output")
    rare = STATED_ONLY[target.kind]
    choices = [
        _choices(key, target) + (rare.get(key, ()) if key == "layout" else ()) for key in keys
    ]
    made = [
        replace(Convention(), **dict(zip(keys, values, strict=True)))
        for values in product(*choices)
    ]
    made += [
        replace(one, scalar="yes") for one in made if one.layout == "column" and "scalar" in rare
    ]
    if target.kind == "lag-adjoint":
        made = [replace(one, loss="step") for one in made]
    kept = [
        one
        for one in dict.fromkeys(made)
        # One step's share is one thing under either loss; a softmax of one class is constant.
        if not (one.scope == "one-step" and one.loss == "sequence")
        and not (one.scalar == "yes" and one.output == "ce-softmax")
        and not (one.loss == "step" and target.of_later_steps)
    ]
    return _different(target, kept)


def _different(target: Target, conventions: list[Convention]) -> list[Convention]:
    """Without those that only change equations which the answers do not rest on."""
    seen: dict[tuple[object, ...], Convention] = {}
    for one in conventions:
        plain = replace(
            one, **{key: getattr(Convention(), key) for key in (*OF_EQUATIONS, "biases")}
        )
        seen.setdefault((plain, target.answers(one)), one)
    return list(seen.values())


def _choices(key: str, target: Target) -> tuple[str, ...]:
    """The values of a key that make different questions of a target."""
    if key in OF_EQUATIONS:
        return VALUES[key]
    values = OPEN[target.kind][key]
    if key == "loss" and target.model.ends():
        return ("sequence",)
    if key == "scope" and target.model.constants:
        return ("whole",)
    if key == "biases":
        two = "two" in target.model.keys.get("biases", ())
        values = tuple(value for value in values if value != "two" or two)
        return values if target.model.biases else values[:1]
    if key == "output":
        return tuple(value for value in values if value in target.model.output_losses)
    return values


def acceptances(target: Target, convention: Convention, mutant: Mutant) -> Iterator[Row]:
    """Every convention under which the judge would accept the mutant.

    Tried are what is open for it, and the convention that it was made under.
    """
    budget = Budget(10**9)
    mentions = Mentions.of(mutant.tree)
    open_ones = admissible(
        target.kind,
        {},
        mentions,
        concerned=target.functions,
        source=target.output_source,
        model=target.model,
    )
    tried = dict.fromkeys([convention, *open_ones])
    equivalent: str | None = None
    for other in tried:
        if not check(mutant.tree, target, other, None, budget).right:
            continue
        differs = tuple(
            key for key in VALUES if getattr(convention, key) != getattr(other, key)
        ) or (("own", "scalar") if convention.scalar == "yes" else ("own",))
        reasons = [DECLARED[mutant.code, key] for key in differs if (mutant.code, key) in DECLARED]
        reason = reasons[0] if reasons else equivalent
        if reason is None and len(mutant.codes) > 1:
            reason = "the second mistake undoes the first"
        if other == convention:
            # Right under its own convention: then no wonder under others that differ in nothing
            # that this target depends on.
            equivalent = reason
        proved = exactly_equal(mutant.tree, target, other, None, budget, PROOF_SEEDS)
        yield Row(
            target.id,
            mutant.code,
            mutant.note,
            convention.as_dict(),
            other.as_dict(),
            differs,
            reason,
            proved,
        )


def rewriting_checks(
    targets: list[Target], count: int, seed: int
) -> Iterator[tuple[Target, Node, bool]]:
    """Random rewritings of canonical answers, and whether each was accepted."""
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    for _ in range(count):
        target = rng.choice(targets)
        convention = rng.choice(conventions_of(target))
        answer = rng.choice(target.answers(convention))
        model = target.model.under(convention)
        tree = next(rewritten(laid_out(answer, model, convention), rng, model))
        result = check(tree, target, convention, None, Budget())
        yield target, tree, result.right


def distractors(
    target: Target, stated: Mapping[str, str], count: int = 3, seed: int = 0
) -> list[tuple[str, str]]:
    """Wrong answers for the exam form: (rendered text, code), of like length and unlike value.

    None of them is right under any convention that ``stated`` leaves open.
    """
    mentions = Mentions.of()
    convention = next(
        admissible(
            target.kind,
            stated,
            mentions,
            concerned=target.functions,
            source=target.output_source,
            model=target.model,
        )
    )
    model = target.model.under(convention)
    names = next(iter(notations(target.model).values()))
    right = canonical(laid_out(target.answers(convention)[0], model, convention), names)
    pool = [
        one for one in mutants(target, convention) if one.code not in {"scale-wrong", "term-added"}
    ]
    rng = random.Random(f"{target.id}/{seed}")  # noqa: S311
    rng.shuffle(pool)
    texts = {id(one): text for one in pool if (text := _written(one.tree, names)) is not None}
    pool = [one for one in pool if id(one) in texts]
    pool.sort(key=lambda one: abs(len(texts[id(one)]) - len(right)) > 6)
    chosen: list[tuple[str, str]] = []
    codes: set[str] = set()
    for fresh_codes_only in (True, False):
        for mutant in pool:
            text = texts[id(mutant)]
            if len(chosen) == count or text == right or text in {made for made, _ in chosen}:
                continue
            if fresh_codes_only and mutant.code in codes:
                continue
            if not all(_is_wrong(mutant, target, one) for one in _open(target, stated, mutant)):
                continue
            chosen.append((text, mutant.code))
            codes.add(mutant.code)
    return chosen


def _written(tree: Node, notation: Notation) -> str | None:
    """A formula in a notation, or None where that has no name for a quantity of another model."""
    try:
        return canonical(tree, notation)
    except KeyError:
        return None


def _open(target: Target, stated: Mapping[str, str], mutant: Mutant) -> Iterator[Convention]:
    """Every convention under which the mutant must not be right: the stated and the others."""
    mentions = Mentions.of(mutant.tree)
    for elsewhere in (False, True):
        yield from admissible(
            target.kind,
            stated,
            mentions,
            elsewhere=elsewhere,
            concerned=target.functions,
            source=target.output_source,
            model=target.model,
        )


def _is_wrong(mutant: Mutant, target: Target, convention: Convention) -> bool:
    """Whether it has a value and a wrong one: what is undecided is no option of a question."""
    status = check(mutant.tree, target, convention, None, Budget()).status
    return status in {"wrong", "misshapen"}
