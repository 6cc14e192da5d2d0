"""``bptt quiz``: a quiz session, on the screen or line by line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from drills.cli.console import Exit, complain, print_json, say
from drills.cli.context import Context
from drills.cli.filters import unknown_filter
from drills.cli.parser import Parser, add_json
from drills.cli.start import on_terminal
from drills.locale import text
from question_bank.model import STATUSES
from question_bank.text import Language

if TYPE_CHECKING:
    from drills.session import SessionRequest


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options and commands of ``bptt quiz`` to its parser."""
    parser.add_argument("--section", help=text("cli.quiz.section").in_(language))
    parser.add_argument("--kind", help=text("cli.quiz.kind").in_(language))
    parser.add_argument("--mistake", metavar="CODE", help=text("cli.quiz.mistake").in_(language))
    parser.add_argument("--count", type=int, default=10, help=text("cli.quiz.count").in_(language))
    which = parser.add_mutually_exclusive_group()
    for name in ("due", "new", "all"):
        which.add_argument(
            f"--{name}",
            dest="which",
            action="store_const",
            const=name,
            help=text(f"cli.quiz.{name}").in_(language),
        )
    which.add_argument(
        "--tonight", action="store_true", help=text("plan.option.tonight").in_(language)
    )
    parser.add_argument(
        "--minutes", metavar="N", help=text("plan.option.tonight_minutes").in_(language)
    )
    parser.add_argument(
        "--status",
        choices=STATUSES,
        default="current",
        help=text("cli.quiz.status").in_(language),
    )
    parser.add_argument("--seed", type=int, help=text("cli.answer.seed").in_(language))
    parser.add_argument("--plain", action="store_true", help=text("cli.quiz.plain").in_(language))
    add_json(parser, language)
    parser.set_defaults(run=run, which=None)


def run(options: argparse.Namespace, context: Context) -> int:
    """Start a session, or go on with the unfinished one when nothing else was asked for."""
    from drills.session import SessionRequest

    if problem := unknown_filter(options.section, options.kind, options.mistake, context):
        complain(problem)
        return Exit.USAGE
    if options.count < 1:
        complain(text("cli.quiz.count_form", given=options.count).in_(context.language))
        return Exit.USAGE
    if problem := _tonight_problem(options, context):
        complain(problem)
        return Exit.USAGE
    request = SessionRequest(
        section=options.section,
        kind=options.kind,
        mistake=options.mistake,
        count=options.count,
        which=options.which or "mixed",
        seed=options.seed,
        statuses=(options.status,),
    )
    if options.tonight:
        request = _tonight(options, context)
        if not request.items:
            say(text("plan.tonight.none").in_(context.language))
            return Exit.FINE
    asked = any((options.section, options.kind, options.mistake, options.which)) or (
        options.seed is not None or options.status != "current" or options.tonight
    )
    if on_terminal() and not options.plain and not options.json:
        from drills.app.app import run as run_app

        return run_app(
            context.home,
            context.bank_folders,
            context.language,
            screen="quiz",
            request=request if asked else None,
        )
    return _run_plain(request, asked, options, context)


def _tonight_problem(options: argparse.Namespace, context: Context) -> str | None:
    """What is wrong with the options of tonight's session, if anything."""
    from drills.cli.commands.plan import read_minutes
    from drills.settings import MOST_MINUTES

    if options.tonight:
        filtered = any((options.section, options.kind, options.mistake))
    else:
        filtered = options.minutes is not None
    if filtered or (options.tonight and options.status != "current"):
        return text("plan.only_tonight").in_(context.language)
    if options.minutes is not None and read_minutes(options.minutes) is None:
        key = "plan.bad_minutes_tonight"
        return text(key, given=options.minutes, most=MOST_MINUTES).in_(context.language)
    return None


def _tonight(options: argparse.Namespace, context: Context) -> SessionRequest:
    """The session that the plan proposes, as a request that names its items."""
    from drills.planning.outlook import outlook
    from drills.session import SessionRequest
    from drills.settings import load_settings

    settings = load_settings(context.home)
    found = outlook(context.store, context.bank, context.clock.now(), settings)
    minutes = float(options.minutes) if options.minutes is not None else None
    return SessionRequest(items=found.tonight(minutes).items, seed=options.seed)


def _run_plain(request: object, asked: bool, options: argparse.Namespace, context: Context) -> int:
    from drills.cli.plain import PlainSession
    from drills.session import Session, SessionRequest

    assert isinstance(request, SessionRequest)
    if request.mistake is not None:
        from drills import scheduling
        from drills.mistaken import about_mistake

        today = scheduling.study_day(context.clock.now(), context.clock.utc_offset())
        request = about_mistake(request, context.bank, context.store, today)
        if not request.items:
            say(text("cli.quiz.nothing").in_(context.language))
            return Exit.FINE
    session = None if asked else Session.resume(context.bank, context.store)
    resumed = session is not None
    if session is None:
        session = Session.start(context.bank, context.store, request, context.clock)
    if not session.slots:
        say(text("cli.quiz.nothing").in_(context.language))
        return Exit.FINE
    plain = PlainSession(session, context.bank, context.language, as_json=options.json)
    try:
        plain.run(resumed=resumed)
    finally:
        session.close()
    if options.json:
        print_json({"summary": session.summary().to_json()})
    return Exit.FINE
