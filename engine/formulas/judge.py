"""From a formula as typed to a judgement: understood? in which model? right there?

Where no target is named, every model is tried whose notations read the text and one of whose
quantities stands on the left. A formula that is right in one of them is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, partial

from engine.formulas.chain_rule import is_slope
from engine.formulas.collection import collection_waits
from engine.formulas.conventions import Convention, checked
from engine.formulas.evaluation.binding import Budget
from engine.formulas.judgement import (
    OUTCOMES,
    Judgement,
    MisfitShapes,
    NamedMistake,
    shape_text,
)
from engine.formulas.judging import DEEPEST, judge_reading
from engine.formulas.meanings import (
    OTHER_WAYS,
    SLOPES_OF_VALUES,
    USUAL,
    CannotBindError,
    OtherNetError,
    meant,
    mixes_letters,
    uses_both,
)
from engine.formulas.mistakes.ledger import LedgerRow
from engine.formulas.models import Model
from engine.formulas.models.static import all_models, is_static, model_named
from engine.formulas.notations import notations
from engine.formulas.reader.likely import Vocabularies, missing_words, words_of
from engine.formulas.reading import MAX_LENGTH, Reading, most_readings, read
from engine.formulas.statements import named_by, split
from engine.formulas.targets import TARGETS, Target
from engine.formulas.tree import Equation, Stack, Symbol, Transpose, walk

# The most telling judgement of several models, where none finds the formula right.
# Models that are asked about a text with words that no model has.
FEW = 3
# As a depth of search: nothing is asked of a formula but whether it is right.
ONLY_WHETHER = -1
SAYS_LITTLE = frozenset({"shape-wrong", "index-outside-run"})
OF_THE_PAGE = frozenset({"scalar-or-matrix", "notations-disagree", "too-much-work"})
_ORDER = ("correct", "correct_elsewhere", "incomplete", "wrong", "undecided", "not_understood")


def judge(
    text: str,
    *,
    target: str | None = None,
    notation: str | None = None,
    stated: Mapping[str, str] | None = None,
    model: Model | str | None = None,
) -> Judgement:
    """Judges a formula as a person typed it.

    Raises ``KeyError`` for an unknown target, notation or model and ``ConventionError`` for an
    unknown convention; never for anything in ``text``.
    """
    conventions = checked(stated)
    asked = TARGETS[target] if target is not None else None
    if asked is not None:
        model = asked.model
    if isinstance(model, str):
        model = model_named(model)
    with collection_waits():
        if model is not None:
            reading = read(text, notation, model)
            return _in_model(reading, asked, conventions, model, notation, Budget())
        return _in_any_model(text, conventions, notation)


def _in_any_model(text: str, stated: Mapping[str, str], notation: str | None) -> Judgement:
    """The judgement of the model that the formula is about."""
    first: list[tuple[Fraction, Judgement, Model, Reading]] = []
    words = words_of(text[:MAX_LENGTH])
    budget = Budget()
    owned = Fraction(0)  # how far the letters of the text are the own ones of a model it fails in
    for model, reading in _readings(text, notation):
        found = _in_model(reading, None, stated, model, notation, budget, depth=0)
        own = _owned(reading, words, model)
        of_one_source = notations(model)[reading.notation].independent
        if found.outcome == "correct" and (own >= owned or of_one_source):
            return found
        if found.outcome == "wrong":
            owned = max(owned, own)
        if found.outcome != "correct":
            first.append((own, found, model, reading))
    judged = [found for own, found, _, _ in first if found.outcome != "wrong" and own >= owned]
    # Only now are mistakes looked for, which takes most of the time: where the text fits best.
    wrong = [one for one in first if one[1].outcome == "wrong"]
    wrong.sort(key=lambda one: (len(one[1].shapes), -one[0]))
    near, rest = wrong[:FEW], wrong[FEW:]
    closest = max(rest, key=lambda one: one[0], default=None)
    if closest is not None and closest[0] > max(one[0] for one in near):
        near.append(closest)  # it has more of the text's letters than all that the text fits better
    for _, _, model, reading in near:
        judged.append(judge_reading(reading, None, stated, model, budget=budget))
        if _is_telling(judged[-1]):
            break
    best = min(judged, key=_rank)
    if best.outcome == "wrong" and _may_be_another_loss(best):
        return replace(best, outcome="undecided", reason="target-unknown", mistakes=(), link=None)
    return best


def _is_telling(found: Judgement) -> bool:
    """Whether a judgement names one mistake and says what it is: another model says no less."""
    codes = {one.code for one in found.mistakes}
    return found.outcome != "wrong" or (len(codes) == 1 and not codes & SAYS_LITTLE)


def _owned(reading: Reading, words: frozenset[str], model: Model) -> Fraction:
    """The share of quantities that the text calls by the letter that the notation shows."""
    notation = notations(model)[reading.notation]
    known = notation.by_name
    nodes = (node for equation in reading.equations for node in walk(equation))
    names = {node.name for node in nodes if isinstance(node, Symbol) and node.name in known}
    if not names:
        return Fraction(0)
    return Fraction(sum(known[name].letter in words for name in names), len(names))


def _may_be_another_loss(found: Judgement) -> bool:
    """Whether what E is said to be is so far from every loss here that it may be one more."""
    target = TARGETS.get(found.target or "")
    if target is None or target.quantity != getattr(target.model, "loss", None):
        return False
    return len(found.mistakes) != 1 or found.mistakes[0].code in SAYS_LITTLE


def _rank(found: Judgement) -> tuple[int, ...]:
    """Sorts first what says most, and says it of the model that the formula fits best."""
    unnamed = not found.mistakes or any(one.code in SAYS_LITTLE for one in found.mistakes)
    codes = len({one.code for one in found.mistakes})
    undecided = found.outcome == "undecided" and found.reason in OF_THE_PAGE
    # What only says the question again says less than a mistake in another model.
    again = found.outcome == "incomplete" and found.reason == "asked-for"
    place = 2 * _ORDER.index("wrong" if undecided or again else found.outcome) + again
    return (place, unnamed and not undecided, len(found.shapes), codes)


def _readings(text: str, notation: str | None) -> Iterator[tuple[Model, Reading]]:
    """The text in every model that reads it and has a target of that left side.

    If there is none: as the first model reads it, or fails to.
    """
    words = words_of(text[:MAX_LENGTH])
    missing = _missing(words, notation)
    if not missing:
        raise KeyError(notation)
    fewest = min(missing.values())
    # Of models that lack some word of the text only the nearest can say what is wrong with it.
    likely = [model for model, count in missing.items() if count == fewest]
    likely = likely[: FEW if fewest else most_readings(text)]
    fallback: tuple[Model, Reading] | None = None
    said = False
    yielded: list[Model] = []
    for model in likely:
        reading = read(text, notation, model)
        if fallback is None or (reading.understood and not fallback[1].understood):
            fallback = model, reading
        if reading.understood and any(
            _states(equation, model) for equation in _told(reading, model)
        ):
            said = True
            if not any(_adds_nothing(reading, model, one) for one in yielded):
                yielded.append(model)
                yield model, reading
    if not said and fallback is not None:
        yield fallback


def _missing(words: frozenset[str], notation: str | None) -> dict[Model, int]:
    """How many words of a text each model lacks in the notation that lacks fewest."""
    entries, vocabularies = _vocabularies(all_models(), notation)
    found: dict[Model, int] = {}
    for model, count in zip(entries, vocabularies.missing(words), strict=True):
        found[model] = min(count, found.get(model, count))
    return found


@lru_cache(maxsize=8)
def _vocabularies(
    models: tuple[Model, ...], notation: str | None
) -> tuple[tuple[Model, ...], Vocabularies]:
    """The notations (or the one of that name) of all models, each with its model."""
    pairs = [
        (model, one)
        for model in models
        for name, one in notations(model).items()
        if notation in (None, name)
    ]
    return tuple(model for model, _ in pairs), Vocabularies([one for _, one in pairs])


def _adds_nothing(reading: Reading, model: Model, plainer: Model) -> bool:
    """Whether a model is another one with more terms, of which a text has none (peepholes)."""
    if is_static(model) or is_static(plainer):
        return False
    more = set(model.parameters) - set(plainer.parameters)
    if not set(plainer.parameters) < set(model.parameters) or set(model.sizes) != set(
        plainer.sizes
    ):
        return False
    # Joined weights hold those that they are joined of; what a gradient of the next step holds is
    # no part of the text.
    joined = any(isinstance(node, Stack) for one in reading.equations for node in walk(one))
    told = _told(reading, model) if joined else reading.equations
    nodes = (node for equation in told for node in walk(equation))
    return not any(isinstance(node, Symbol) and node.name in more for node in nodes)


def _told(reading: Reading, model: Model, way: str = USUAL) -> tuple[Equation, ...]:
    """The equations of a reading as statements about a model, as far as they are any."""
    notation = notations(model)[reading.notation]
    try:
        return tuple(
            told for equation in reading.equations for told in meant(equation, notation, model, way)
        )
    except OtherNetError:
        return ()
    except CannotBindError:
        return reading.equations


def _states(equation: Equation, model: Model) -> bool:
    """Whether an equation says something of a quantity of the model."""
    left, _, _ = split(equation)
    if isinstance(left, Transpose):
        left = left.operand
    return left is None or bool(named_by(left, model)) or is_slope(left, model)


def _in_model(
    reading: Reading,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    notation: str | None,
    budget: Budget,
    depth: int = DEEPEST,
) -> Judgement:
    """The judgement in one model; with depth 0 only whether it is right there."""
    if not reading.understood:
        code = reading.trouble.code if reading.trouble else "empty"
        name = asked.id if asked else None
        return Judgement("not_understood", target=name, reason=code, trouble=reading.trouble)
    try:
        found = judge_reading(reading, asked, stated, model, depth, budget=budget)
        if found.outcome != "wrong" or notation is not None:
            return found
        return _as_meant_elsewhere(found, reading, asked, stated, model, budget)
    except RecursionError:
        return Judgement("undecided", target=asked.id if asked else None, reason="too-deep")


def _as_meant_elsewhere(
    found: Judgement,
    reading: Reading,
    asked: Target | None,
    stated: Mapping[str, str],
    model: Model,
    budget: Budget,
) -> Judgement:
    """A wrong formula, unless another notation that reads it otherwise finds it right.

    Where names are of one source only and nothing fits as first read, that source is meant. Where
    neither is clear nothing is decided.
    """
    open_to_all = asked is None and not stated
    words = words_of(reading.text[:MAX_LENGTH])
    readings = most_readings(reading.text)
    only_whether = partial(judge_reading, depth=ONLY_WHETHER, budget=budget)
    for way in OTHER_WAYS if open_to_all else ():
        if _told(reading, model, way) == _told(reading, model):
            continue
        second = only_whether(reading, asked, stated, model, way=way)
        if second.outcome == "correct" or (second.reason == "asked-for" != found.reason):
            return replace(second, outcome="undecided", reason="notations-disagree")
    for name, other in notations(model).items():
        if name.startswith("exchanged") and not open_to_all:
            continue  # an item has letters of its own
        if missing_words(words, other):
            continue
        readings -= 1
        if readings < 0:
            return replace(found, outcome="undecided", reason="too-much-work", mistakes=())
        again = read(reading.text, name, model) if name != reading.notation else reading
        meanings = notations(model)[reading.notation].meanings
        same = again.equations == reading.equations and not other.limit_names
        same = same and (
            name == reading.notation or not other.independent or meanings == other.meanings
        )
        if not again.understood or same:
            continue
        second = only_whether(again, asked, stated, model)
        if second.outcome == "correct":
            alone = other.strict and (found.shapes or mixes_letters(reading))
            if name.startswith("exchanged") and not uses_both(again):
                continue
            # What the first source writes in its very letters need not mean another one's.
            its_own = is_static(model) and _owned(again, words, model) < _owned(
                reading, words, model
            )
            if (other.independent and not its_own) or alone:
                return second
            return replace(second, outcome="undecided", reason="notations-disagree")
        if _told(again, model, SLOPES_OF_VALUES) != _told(again, model):
            third = only_whether(again, asked, stated, model, way=SLOPES_OF_VALUES)
            if third.outcome == "correct" and open_to_all:
                return replace(third, outcome="undecided", reason="notations-disagree")
    return found


__all__ = [
    "OUTCOMES",
    "Convention",
    "Judgement",
    "LedgerRow",
    "MisfitShapes",
    "NamedMistake",
    "judge",
    "shape_text",
]
