"""From the engine's judgement of a formula to a verdict in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from drills.grading.base import join
from drills.grading.formula_words import filled as _filled
from drills.grading.formula_words import target_statement
from drills.locale import text
from drills.verdict import Mistake, Outcome, Verdict
from question_bank.placeholders import fill_text, placeholders
from question_bank.text import Text

if TYPE_CHECKING:
    from engine.formulas.judge import Judgement, NamedMistake
    from question_bank.model import MistakeText

# How many mistakes one verdict explains; the rest is named only.
EXPLAINED: Final = 2


def verdict_of(
    judgement: Judgement,
    mistakes: Mapping[str, MistakeText],
    stated: Mapping[str, str] | None = None,
    **item: Any,
) -> Verdict:
    """The judgement as a verdict; ``item`` holds item, face, seed and elsewhere_counts."""
    return Verdict(
        outcome=cast(Outcome, judgement.outcome),
        feedback=_feedback(judgement, mistakes, stated or {}),
        mistakes=tuple(
            Mistake(mistake.code, mistake.span, mistake.at or None)
            for mistake in judgement.mistakes
        ),
        reading=judgement.reading,
        assumptions=dict(judgement.assumptions),
        target=judgement.target,
        link=judgement.link,
        ledger=None
        if judgement.ledger is None
        else tuple({"lag": row.lag, "state": row.state} for row in judgement.ledger),
        witness=judgement.witness,
        **item,
    )


def _feedback(
    judgement: Judgement, mistakes: Mapping[str, MistakeText], stated: Mapping[str, str]
) -> Text:
    if judgement.outcome == "correct":
        return _right(judgement)
    if judgement.outcome == "correct_elsewhere":
        return _elsewhere(judgement, stated)
    if judgement.outcome == "wrong":
        return _wrong(judgement, mistakes)
    return _reason(judgement)


def _right(judgement: Judgement) -> Text:
    from engine.formulas.targets import TARGETS

    assert judgement.target is not None
    return _filled(text("formula.right"), statement=target_statement(TARGETS[judgement.target]))


def _elsewhere(judgement: Judgement, stated: Mapping[str, str]) -> Text:
    differing = {
        key: value
        for key, value in judgement.assumptions.items()
        if stated.get(key, value) != value
    }
    return _filled(
        text("formula.elsewhere"),
        assumed=_conventions(differing),
        stated=_conventions({key: stated[key] for key in differing}),
    )


def _conventions(pairs: Mapping[str, str]) -> Text:
    named = [_convention(key, value) for key, value in pairs.items()]
    separator = text("verdict.listing")
    return Text(
        separator.en.join(name.en for name in named), separator.ja.join(name.ja for name in named)
    )


def _convention(key: str, value: str) -> Text:
    try:
        return text(f"verdict.assumption.{key}.{value}")
    except KeyError:
        return Text(f"{key}: {value}", f"{key}: {value}")


def _wrong(judgement: Judgement, mistakes: Mapping[str, MistakeText]) -> Text:
    sentences = [mistake_sentence(mistake, mistakes) for mistake in judgement.mistakes[:EXPLAINED]]
    rest = judgement.mistakes[EXPLAINED:]
    if rest:
        names = [mistakes[m.code].name for m in rest if m.code in mistakes]
        sentences.append(
            _filled(
                text("formula.also"),
                names=Text(", ".join(n.en for n in names), "、".join(n.ja for n in names)),
            )
        )
    if not sentences:
        sentences.append(text("formula.unnamed"))
        sentences += _witness(judgement.witness)
    if judgement.link is not None and judgement.link > 0:
        sentences.append(text("formula.link", n=judgement.link + 1))
    return Text("\n".join(s.en for s in sentences), "\n".join(s.ja for s in sentences))


def mistake_sentence(mistake: NamedMistake | Mistake, texts: Mapping[str, MistakeText]) -> Text:
    """``Name: what stands where. What to look at.``; the code alone where no text is known."""
    known = texts.get(mistake.code)
    if known is None:
        return Text(mistake.code, mistake.code)
    parts = [named(known)]
    if known.detail is not None:
        values = {key: str(value) for key, value in (mistake.at or {}).items()}
        # A detail whose values the engine does not know is left out, never shown half filled.
        if set(placeholders(known.detail.en)[0]) <= set(values):
            parts.append(fill_text(known.detail, values))
    parts.append(known.look)
    return join(parts)


def named(mistake: MistakeText) -> Text:
    """The mistake's name as the beginning of a line: ``Missing transpose:``."""
    name = mistake.name
    return Text(f"{name.en[:1].upper()}{name.en[1:]}:", f"{name.ja}：")


def _witness(witness: Mapping[str, Any] | None) -> list[Text]:
    if not witness or "answer" not in witness:
        return []
    return [text("formula.witness", answer=witness["answer"], truth=witness["truth"])]


def _reason(judgement: Judgement) -> Text:
    trouble = judgement.trouble
    code = trouble.code if trouble is not None else judgement.reason or "other"
    try:
        said = text(f"formula.reason.{code}")
    except KeyError:
        said = text("formula.reason.other", code=code)
    values: dict[str, Text] = {}
    if trouble is not None:
        near = ", ".join(trouble.nearest)
        values = {
            "found": Text(trouble.found, trouble.found),
            "expected": expected_words(trouble.expected),
            "nearest": text("formula.reason.nearest", names=near) if near else Text("", ""),
        }
    else:
        found = judgement.about
        values = {"found": Text(found, found), "nearest": Text("", "")}
    if judgement.target is not None:
        from engine.formulas.targets import TARGETS

        given = ", ".join(TARGETS[judgement.target].given)
        values["given"] = Text(given, given)
    return _filled(said, **values)


def expected_words(expected: Sequence[str]) -> Text:
    """What could stand at a place, in words where there are any, else the signs themselves."""
    named = []
    for word in expected[:5]:
        try:
            named.append(text(f"formula.expected.{word}"))
        except KeyError:
            named.append(Text(word, word))
    return Text(", ".join(n.en for n in named), "、".join(n.ja for n in named))
