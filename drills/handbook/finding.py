"""What a name in the handbook stands for, and which page an item or a verdict belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from drills.typography import normalise
from question_bank.model import section_order
from question_bank.nearest import nearest
from question_bank.pages import Term, Topic

if TYPE_CHECKING:
    from question_bank.model import Bank, MistakeText

Found: TypeAlias = "Topic | Term | MistakeText"

GLOSSARY: Final = "glossary"
"""The name of the page of all terms."""


def find(name: str, bank: Bank) -> Found | None:
    """A page, a term or a mistake by any of its names; None where there is none.

    A page is also found by its titles, its models, its formula targets and its other names.
    """
    wanted = _folded(name)
    for known, found in _names(bank):
        if _folded(known) == wanted:
            return found
    model = name.partition(".")[0]
    return topic_of_model(model, bank) if "." in name and _is_target(name) else None


def near(name: str, bank: Bank) -> tuple[str, ...]:
    """At most three names that look most like one that is none."""
    return nearest(normalise(name), {known for known, _ in _names(bank)})


def in_order(bank: Bank) -> list[Topic]:
    """The pages by section, as the curriculum orders them."""
    return sorted(bank.topics.values(), key=lambda topic: section_order(topic.section))


def topic_of_item(item: Any, bank: Bank) -> Topic | None:
    """The page of an item: of its fact, else of its formula's model, else of its section."""
    fact = str(getattr(item, "fact", ""))
    best: tuple[int, Topic] | None = None
    for topic in bank.topics.values():
        for start in topic.facts:
            if _begins(fact, start) and (best is None or len(start) > best[0]):
                best = (len(start), topic)
    if best is not None:
        return best[1]
    target = getattr(getattr(item, "body", None), "target", None)
    found = topic_of_target(target, bank) if isinstance(target, str) else None
    return found or topic_of_section(item.section, bank)


def topic_of_target(target: str, bank: Bank) -> Topic | None:
    """The page that derives a formula target, else the first of its model."""
    for topic in bank.topics.values():
        if target in topic.derivations:
            return topic
    return topic_of_model(target.partition(".")[0], bank)


def topic_of_model(model: str, bank: Bank) -> Topic | None:
    """The first page that shows a model."""
    return next((one for one in bank.topics.values() if model in one.models), None)


def topic_of_section(section: str, bank: Bank) -> Topic | None:
    """The first page of a section."""
    return next((one for one in bank.topics.values() if one.section == section), None)


def _begins(fact: str, start: str) -> bool:
    """Whether a fact begins with ``start``, up to a dot or a hyphen."""
    return fact == start or (fact.startswith(start) and fact[len(start)] in ".-")


def _names(bank: Bank) -> Iterator[tuple[str, Found]]:
    """Every name with what it stands for; of two alike the first holds."""
    for name, topic in bank.topics.items():
        yield name, topic
    for topic in bank.topics.values():
        for known in (topic.title.en, topic.title.ja, *topic.models, *topic.also):
            yield known, topic
    for name, term in bank.terms.items():
        for known in (name, term.en, term.ja, term.reading, term.de, term.short):
            if known:
                yield known, term
    for code, entry in bank.mistakes.items():
        for known in (code, entry.name.en, entry.name.ja):
            yield known, entry


def _folded(name: str) -> str:
    """As names are compared: full-width as half-width, no case, blanks and underscores as -."""
    return "-".join(normalise(name).casefold().replace("_", " ").replace("-", " ").split())


def _is_target(name: str) -> bool:
    from engine.formulas.targets import TARGETS

    return name in TARGETS
