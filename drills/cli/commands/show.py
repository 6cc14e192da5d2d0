"""``bptt show``: a page of the handbook, a term of its glossary, a mistake."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from drills.cli.console import Exit, complain, print_json, say, table, terminal_width
from drills.cli.context import Context
from drills.cli.parser import Parser, add_json
from drills.locale import text
from drills.typography import wrap
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.handbook.page import Block
    from question_bank.model import MistakeText
    from question_bank.pages import Term, Topic


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options of ``bptt show`` to its parser."""
    parser.add_argument(
        "topic", metavar="TOPIC", nargs="?", help=text("cli.show.topic").in_(language)
    )
    parser.add_argument("--notation", help=text("cli.show.notation").in_(language))
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the page, or the list of pages when no name was given."""
    from drills.handbook.finding import GLOSSARY, find, near
    from question_bank.pages import Term, Topic

    name = options.topic
    if name is None:
        return _list(options, context)
    if name in (GLOSSARY, text("handbook.glossary").ja):
        return _glossary(options, context)
    found = find(name, context.bank)
    if isinstance(found, Topic):
        return _page(found, options, context)
    if isinstance(found, Term):
        return _term(found, options, context)
    if found is not None:
        return _mistake(found, options, context)
    names = ", ".join(near(name, context.bank))
    told = text("handbook.nearest", names=names) if names else text("handbook.no_near")
    language = context.language
    complain(text("handbook.unknown", name=name, nearest=told.in_(language)).in_(language))
    return Exit.USAGE


def _list(options: argparse.Namespace, context: Context) -> int:
    from drills.handbook.finding import in_order

    bank, language = context.bank, context.language
    topics = in_order(bank)
    if options.json:
        for topic in topics:
            print_json(
                {
                    "topic": topic.name,
                    "title": topic.title.in_(language),
                    "section": topic.section,
                    "models": list(topic.models),
                }
            )
        return Exit.FINE
    say(*table((topic.name, topic.title.in_(language)) for topic in topics), "")
    counts = text("handbook.list", topics=len(bank.topics), terms=len(bank.terms))
    say(*wrap(counts.in_(language), terminal_width()))
    return Exit.FINE


def _page(topic: Topic, options: argparse.Namespace, context: Context) -> int:
    from drills.handbook.page import page_notations, page_of
    from drills.settings import remembered_notation

    language = context.language
    names = page_notations(topic)
    if options.notation is not None and options.notation not in names:
        listed = ", ".join(names) or "-"
        message = text("handbook.unknown_notation", name=options.notation, names=listed)
        complain(message.in_(language))
        return Exit.USAGE
    page = page_of(topic, context.bank, options.notation or remembered_notation(context.home))
    if options.json:
        print_json(page.to_json(language))
        return Exit.FINE
    say(topic.title.in_(language), "")
    say(*block_lines(page.blocks(), language))
    if page.answers:
        say("", text("handbook.derive").in_(language))
    return Exit.FINE


def _term(term: Term, options: argparse.Namespace, context: Context) -> int:
    from drills.handbook.page import names_of, term_blocks, term_json

    topics = tuple(topic for topic in context.bank.topics.values() if term.name in topic.terms)
    if options.json:
        data = term_json(term, context.language)
        print_json(data | {"topics": [topic.name for topic in topics]})
        return Exit.FINE
    say(*block_lines(term_blocks(term), context.language))
    if topics:
        told = names_of(topics).in_(context.language)
        where = text("handbook.where", names=told).in_(context.language)
        say("", *wrap(where, terminal_width()))
    return Exit.FINE


def _glossary(options: argparse.Namespace, context: Context) -> int:
    from drills.handbook.page import term_blocks, term_json

    terms = context.bank.terms.values()
    if options.json:
        for term in terms:
            print_json(term_json(term, context.language))
        return Exit.FINE
    say(text("handbook.glossary_title").in_(context.language), "")
    blocks = (block for term in terms for block in term_blocks(term))
    say(*block_lines(blocks, context.language))
    return Exit.FINE


def _mistake(entry: MistakeText, options: argparse.Namespace, context: Context) -> int:
    from drills.handbook.examples import examples
    from drills.handbook.page import mistake_blocks, trap_part, traps_of

    bank, language = context.bank, context.language
    code = next(code for code, known in bank.mistakes.items() if known is entry)
    if not options.json:
        say(*block_lines(mistake_blocks(code, entry, bank), language))
        return Exit.FINE
    traps = [
        {
            "topic": topic.name,
            "formula": trap_part(trap, bank).formula or None,
            "says": trap.says.in_(language) if trap.says else None,
            "why": trap.why.in_(language),
        }
        for topic, found in traps_of(code, bank)
        for trap in found
    ]
    print_json(
        {
            "mistake": code,
            "name": entry.name.in_(language),
            "look": entry.look.in_(language),
            "traps": traps,
            "examples": [{"target": one.target, "wrong": one.line} for one in examples(code, bank)],
        }
    )
    return Exit.FINE


def block_lines(blocks: Iterable[Block], language: Language) -> Iterator[str]:
    """Blocks as lines, an empty one before each heading."""
    width = terminal_width()
    for number, block in enumerate(blocks):
        if block.kind == "heading" and number:
            yield ""
        yield from block.drawn(language, width)
