"""A page of the handbook: what its author wrote and what the engine computes, as blocks.

The app and the command line draw the same blocks; ``to_json`` is the page as data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from drills.grading.formula_words import filled
from drills.handbook.examples import examples
from drills.handbook.models import (
    Formula,
    ModelPart,
    Shape,
    answer,
    model_part,
    notation_names,
    retold,
)
from drills.locale import text
from drills.typography import pad, wrap
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from question_bank.model import Bank, MistakeText
    from question_bank.pages import Term, Topic, Trap

Kind: TypeAlias = Literal["heading", "prose", "lines", "answer", "link"]

INDENT: Final = "  "

LINK_KEYS: Final = "abcd"
"""The keys of the links to other pages, of which a page has no more."""
NOTHING: Final = Text("", "")


@dataclass(frozen=True)
class Block:
    """A piece of a page. ``lead`` stands before prose; ``lines`` are drawn as they are.

    ``target``: the derivation that the block opens; ``number`` is its key on the screen. ``page``
    is another page that it opens. ``mark`` is a name to scroll to.
    """

    kind: Kind
    text: Text = NOTHING
    lead: str = ""
    lines: tuple[str, ...] = ()
    target: str = ""
    number: int = 0
    page: str = ""
    mark: str = ""

    def drawn(self, language: Language, width: int) -> list[str]:
        """The block as lines of at most ``width`` cells; drawn lines keep theirs."""
        said = self.text.in_(language)
        found: list[str] = []
        if said:
            first, *rest = wrap(said, max(20, width - len(self.lead)))
            found = [self.lead + first, *(" " * len(self.lead) + line for line in rest)]
        return found + [(INDENT + line).rstrip() for line in self.lines]


@dataclass(frozen=True)
class TrapPart:
    """A trap: the wrong formula or statement, and why it is wrong."""

    trap: Trap
    name: Text
    formula: str = ""
    drawn: tuple[str, ...] = ()

    @property
    def written(self) -> Text:
        """What people write or say; a formula of the engine's is drawn below."""
        says = self.trap.says
        if says is None:
            return text("handbook.trap_formula")
        # What is the same in both languages is a formula or a line of code.
        key = "handbook.trap_line" if says.en == says.ja else "handbook.trap_says"
        return filled(text(key), says=says)


@dataclass(frozen=True)
class Page:
    """A topic in a notation."""

    topic: Topic
    parts: tuple[ModelPart, ...]
    answers: tuple[Formula, ...]
    counts: tuple[tuple[Text, str], ...]
    traps: tuple[TrapPart, ...]
    terms: tuple[Term, ...]
    see: tuple[Topic, ...]
    notations: tuple[str, ...]

    def blocks(self) -> Iterator[Block]:
        """The page from top to bottom."""
        yield Block("prose", self.topic.summary)
        for part in self.parts:
            yield from _equations(part)
        if self.topic.diagram is not None:
            yield Block("heading", text("handbook.diagram"))
            diagram = self.topic.diagram
            yield Block("lines", lines=tuple(diagram.en.split("\n")))
        if self.topic.notes:
            yield Block("heading", text("handbook.notes"))
            yield from (Block("prose", note, "- ") for note in self.topic.notes)
        if self.traps:
            yield Block("heading", text("handbook.traps"), mark="traps")
            yield from (block for part in self.traps for block in trap_blocks(part))
        yield from self._answer_blocks()
        if self.counts:
            yield Block("heading", text("handbook.counts"))
            for of, value in self.counts:
                said = filled(text("handbook.count", value=value), of=of)
                yield Block("prose", said, "- ")
        yield from self._shape_blocks()
        if self.terms:
            yield Block("heading", text("handbook.terms"))
            yield from (block for term in self.terms for block in term_blocks(term))
        if self.see:
            yield Block("heading", text("handbook.see"))
            for letter, topic in zip(LINK_KEYS, self.see, strict=False):
                yield Block("link", titled(topic), f"{letter} ", page=topic.name)

    def _answer_blocks(self) -> Iterator[Block]:
        if not self.answers:
            return
        yield Block("heading", text("handbook.answers"))
        for number, one in enumerate(self.answers, start=1):
            said = one.statement + Text(f" ({one.target})", f"（{one.target}）")
            yield Block("answer", said, f"{number} ", one.drawn, one.target, number)

    def _shape_blocks(self) -> Iterator[Block]:
        """Shapes of each model; what an earlier one of the page has is not said again."""
        told: set[Shape] = set()
        for part in self.parts:
            fresh = tuple(shape for shape in part.shapes if shape not in told)
            told.update(fresh)
            yield from _shapes(part, fresh, alone=len(self.parts) == 1)

    def to_json(self, language: Language) -> dict[str, Any]:
        return {
            "topic": self.topic.name,
            "title": self.topic.title.in_(language),
            "section": self.topic.section,
            "summary": self.topic.summary.in_(language),
            "diagram": self.topic.diagram.en if self.topic.diagram else None,
            "notes": [note.in_(language) for note in self.topic.notes],
            "notations": list(self.notations),
            "models": [_part_json(part, language) for part in self.parts],
            "counts": [{"of": of.in_(language), "value": value} for of, value in self.counts],
            "answers": [_formula_json(one, language) for one in self.answers],
            "traps": [
                {
                    "mistake": part.trap.mistake,
                    "name": part.name.in_(language),
                    "target": part.trap.target,
                    "formula": part.formula or None,
                    "says": part.trap.says.in_(language) if part.trap.says else None,
                    "why": part.trap.why.in_(language),
                }
                for part in self.traps
            ],
            "terms": [term_json(term, language) for term in self.terms],
            "see": [topic.name for topic in self.see],
        }


def page_of(topic: Topic, bank: Bank, notation: str | None = None) -> Page:
    """The page of a topic; a model that lacks the notation keeps its usual one.

    Raises ``KeyError`` or ``ValueError`` for a name that the engine lacks; ``bank check`` tells it.
    """
    return Page(
        topic,
        tuple(model_part(name, notation) for name in topic.models),
        tuple(answer(target, notation) for target in topic.derivations),
        tuple((count.of, _value(count.compute)) for count in topic.counts),
        tuple(trap_part(trap, bank, notation) for trap in topic.traps),
        tuple(bank.terms[name] for name in topic.terms if name in bank.terms),
        tuple(bank.topics[name] for name in topic.see if name in bank.topics),
        page_notations(topic),
    )


def page_notations(topic: Topic) -> tuple[str, ...]:
    """The notations that some model of the page can be shown in, the usual one first."""
    return tuple(dict.fromkeys(name for model in topic.models for name in notation_names(model)))


def trap_part(trap: Trap, bank: Bank, notation: str | None = None) -> TrapPart:
    """A trap with its formula typeset in a notation."""
    known = bank.mistakes.get(trap.mistake)
    name = known.name if known else Text(trap.mistake, trap.mistake)
    if trap.target is None or trap.formula is None:
        return TrapPart(trap, name)
    return TrapPart(trap, name, *retold(trap.target, trap.formula, trap.notation, notation))


def trap_blocks(part: TrapPart) -> Iterator[Block]:
    """The mistake's name with what people write, then why it is wrong."""
    yield Block("prose", part.written, "x ", _further(part.drawn), mark=part.trap.mistake)
    name = part.name + Text(f" ({part.trap.mistake}): ", f"（{part.trap.mistake}）：")
    yield Block("prose", name + part.trap.why, INDENT)


def term_blocks(term: Term) -> Iterator[Block]:
    """A term in its languages, then what it means."""
    values = {"en": term.en, "ja": term.ja, "reading": term.reading, "de": term.de}
    # A term in kana is its own reading.
    line = text("handbook.term" if term.reading != term.ja else "handbook.term_in_kana", **values)
    if term.short:
        line += text("handbook.short", short=term.short)
    yield Block("prose", line, "- ")
    yield Block("prose", term.meaning, INDENT)


def term_json(term: Term, language: Language) -> dict[str, Any]:
    """A term as data."""
    return {
        "term": term.name,
        "en": term.en,
        "ja": term.ja,
        "reading": term.reading,
        "de": term.de,
        "short": term.short or None,
        "meaning": term.meaning.in_(language),
    }


def mistake_blocks(code: str, entry: MistakeText, bank: Bank) -> Iterator[Block]:
    """What a mistake is, every trap of the handbook of its kind, and examples of the engine's."""
    yield Block("heading", entry.name + Text(f" ({code})", f"（{code}）"))
    yield Block("prose", entry.look)
    for topic, traps in traps_of(code, bank):
        yield Block("heading", topic.title)
        for trap in traps:
            yield from trap_blocks(trap_part(trap, bank))
    shown = examples(code, bank)
    if shown:
        yield Block("heading", text("handbook.examples"))
    for one in shown:
        said = one.statement + Text(f" ({one.target})", f"（{one.target}）")
        yield Block("answer", said, target=one.target)
        yield Block("prose", text("handbook.example_wrong"), "x ", _further(one.wrong))
        yield Block("prose", text("handbook.example_right"), "v ", _further(one.right))


def _further(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(INDENT + line for line in lines)


def traps_of(code: str, bank: Bank) -> list[tuple[Topic, tuple[Trap, ...]]]:
    """The pages that have traps of a mistake, with those."""
    found = (
        (topic, tuple(trap for trap in topic.traps if trap.mistake == code))
        for topic in bank.topics.values()
    )
    return [entry for entry in found if entry[1]]


def names_of(topics: tuple[Topic, ...]) -> Text:
    """Topics by title and name, in a row."""
    named = [titled(topic) for topic in topics]
    return Text(", ".join(one.en for one in named), "、".join(one.ja for one in named))


def titled(topic: Topic) -> Text:
    """The title of a page, and the name by which it is asked for."""
    return topic.title + Text(f" ({topic.name})", f"（{topic.name}）")


def _equations(part: ModelPart) -> Iterator[Block]:
    if not part.equations:
        return
    layout = text(f"verdict.assumption.layout.{part.layout}")
    told = filled(text("handbook.notation", name=part.notation), layout=layout)
    heading = filled(text("handbook.equations"), model=part.title)
    yield Block("heading", heading + Text(" · ", " · ") + told)
    yield Block("lines", lines=_stacked(part.equations))
    for variant in part.variants:
        yield Block("prose", filled(text("handbook.variant"), label=variant.label))
        yield Block("lines", lines=_stacked(variant.equations))


def _stacked(formulas: tuple[Formula, ...]) -> tuple[str, ...]:
    """Formulas below each other, those of several lines set apart."""
    lines: list[str] = []
    for before, one in zip((None, *formulas), formulas, strict=False):
        if before is not None and max(len(before.drawn), len(one.drawn)) > 1:
            lines.append("")
        lines += [line.rstrip() for line in one.drawn]
    return tuple(lines)


def _shapes(part: ModelPart, shapes: tuple[Shape, ...], *, alone: bool) -> Iterator[Block]:
    if not shapes:
        return
    heading = text("handbook.shapes")
    if not alone:
        heading = heading + Text(": ", "：") + part.title
    yield Block("heading", heading)
    # The shape stands first: signs such as delta have another width in Japanese terminals, and
    # nothing that must align may stand behind them.
    width = max(len(shape.spelt) for shape in shapes)
    for shape in shapes:
        said = Text(shape.symbol, shape.symbol)
        if shape.noun is not None:
            said = said + Text("  ", "  ") + shape.noun
        yield Block("prose", said, INDENT + pad(shape.spelt, width) + "  ")
    if part.parameters:
        yield Block("prose", text("handbook.parameters", count=part.parameters))


def _value(compute: Any) -> str:
    """The value of a computation as it is shown."""
    from drills.grading.drawing import evaluate
    from drills.grading.values import show

    return show(evaluate(compute, {}))


def _formula_json(one: Formula, language: Language) -> dict[str, Any]:
    statement = one.statement.in_(language)
    return {"target": one.target, "statement": statement, "formula": one.line}


def _part_json(part: ModelPart, language: Language) -> dict[str, Any]:
    return {
        "model": part.name,
        "title": part.title.in_(language),
        "notation": part.notation,
        "layout": part.layout,
        "equations": [_formula_json(one, language) for one in part.equations],
        "variants": [
            {
                "convention": dict(variant.keys),
                "equations": [_formula_json(one, language) for one in variant.equations],
            }
            for variant in part.variants
        ],
        "shapes": [
            {
                "symbol": shape.symbol,
                "what": shape.noun.in_(language) if shape.noun else None,
                "shape": list(shape.shape),
                "parameter": shape.parameter,
            }
            for shape in part.shapes
        ],
        "parameters": part.parameters or None,
    }
