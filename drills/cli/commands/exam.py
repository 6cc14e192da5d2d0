"""``bptt exam``: a timed mock exam, on the screen or line by line."""

from __future__ import annotations

import argparse

from drills.cli.console import Exit, complain, print_json, say
from drills.cli.context import Context
from drills.cli.filters import unknown_filter
from drills.cli.parser import Parser, add_json
from drills.cli.start import on_terminal
from drills.exam_paper import SHARE, WHOLE, ExamRequest, count_for
from drills.locale import text
from drills.settings import FRAMEWORKS, remember_framework, remembered_framework
from question_bank.text import Language

LONGEST_MINUTES = 600


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options of ``bptt exam`` to its parser."""
    parser.add_argument(
        "--count",
        "--questions",
        type=int,
        metavar="N",
        help=text("cli.exam.count", share=SHARE, whole=WHOLE).in_(language),
    )
    parser.add_argument(
        "--minutes", type=float, metavar="M", help=text("cli.exam.minutes").in_(language)
    )
    parser.add_argument("--section", metavar="S", help=text("cli.exam.section").in_(language))
    parser.add_argument(
        "--framework", choices=FRAMEWORKS, help=text("cli.exam.framework").in_(language)
    )
    parser.add_argument("--seed", type=int, help=text("cli.exam.seed").in_(language))
    parser.add_argument("--plain", action="store_true", help=text("cli.quiz.plain").in_(language))
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Begin an exam, or go on with the one that waits when nothing else was asked for."""
    if problem := _problem(options, context):
        complain(problem)
        return Exit.USAGE
    asked = (options.count, options.minutes, options.section, options.seed) != (None,) * 4
    framework = options.framework or remembered_framework(context.home)
    if options.framework:
        remember_framework(context.home, framework)
    count = options.count
    if count is None:
        count = SHARE if options.minutes is None else count_for(options.minutes)
    request = ExamRequest(count, options.minutes, options.section, framework, options.seed)
    if on_terminal() and not options.plain and not options.json:
        from drills.app.app import run as run_app

        return run_app(
            context.home,
            context.bank_folders,
            context.language,
            screen="exam",
            exam=request if asked else None,
        )
    return _run_plain(request, asked, options, context)


def _problem(options: argparse.Namespace, context: Context) -> str | None:
    """What is wrong with the options, if anything."""
    if problem := unknown_filter(options.section, None, None, context):
        return problem
    if options.count is not None and options.count < 1:
        return text("cli.quiz.count_form", given=options.count).in_(context.language)
    if options.minutes is not None and not 0 < options.minutes <= LONGEST_MINUTES:
        return text("cli.exam.minutes_form", given=options.minutes, most=LONGEST_MINUTES).in_(
            context.language
        )
    return None


def _run_plain(
    request: ExamRequest, asked: bool, options: argparse.Namespace, context: Context
) -> int:
    from drills.cli.plain_exam import PlainExam
    from drills.exam import Exam

    exam = None if asked else Exam.resume(context.bank, context.store)
    resumed = exam is not None
    if exam is None:
        exam = Exam.start(context.bank, context.store, request, context.clock)
    if not exam.questions:
        message = text("exam.nothing").in_(context.language)
        if options.json:
            print_json({"message": message})
        else:
            say(message)
        return Exit.FINE
    if len(exam.questions) < request.count and not resumed:
        complain(text("exam.fewer", n=len(exam.questions)).in_(context.language))
    plain = PlainExam(exam, context.bank, context.language, as_json=options.json)
    try:
        plain.run(resumed=resumed)
    finally:
        exam.pause()
    return Exit.FINE
