"""``bptt plan``: what to study until the exam, and what that is expected to come to."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from drills.cli.console import Exit, bar, complain, print_json, say, table, terminal_width
from drills.cli.context import Context
from drills.cli.parser import Parser, add_json
from drills.locale import text
from drills.settings import MOST_MINUTES, load_settings, save_settings
from question_bank.text import Language, Text

if TYPE_CHECKING:
    from drills.planning.outlook import Outlook
    from drills.planning.plan import Plan


def register(parser: argparse.ArgumentParser, language: Language, common: Parser) -> None:
    """Add the options of ``bptt plan`` to its parser."""
    parser.add_argument("--date", metavar="YYYY-MM-DD", help=text("plan.option.date").in_(language))
    parser.add_argument(
        "--minutes-per-day", metavar="N", help=text("plan.option.minutes").in_(language)
    )
    parser.add_argument("--keep", action="store_true", help=text("plan.option.keep").in_(language))
    add_json(parser, language)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Print the plan; with ``--keep`` date and minutes become the settings."""
    from drills import scheduling
    from drills.planning.dates import read_day
    from drills.planning.outlook import outlook

    language = context.language
    today = scheduling.study_day(context.clock.now(), context.clock.utc_offset())
    exam: date | None = None
    if options.date is not None:
        exam = read_day(options.date, today)
        if exam is None or exam < today:
            key = "plan.bad_date" if exam is None else "plan.past_date"
            complain(text(key, given=options.date).in_(language))
            return Exit.USAGE
    minutes: int | None = None
    if options.minutes_per_day is not None:
        minutes = read_minutes(options.minutes_per_day)
        if minutes is None:
            given = options.minutes_per_day
            complain(text("plan.bad_minutes", given=given, most=MOST_MINUTES).in_(language))
            return Exit.USAGE
    if options.keep and not _keep(context, exam, minutes):
        return Exit.WRONG
    settings = load_settings(context.home)
    now = context.clock.now()
    found = outlook(context.store, context.bank, now, settings, exam=exam, minutes=minutes)
    plan = found.plan()
    if options.json:
        print_json(
            plan.to_json()
            | {"exam_set": found.exam is not None and found.exam >= found.today}
            | {"evenings_missed": found.missed, "tonight": found.tonight().to_json()}
        )
    else:
        print_plan(found, plan, language)
    return Exit.FINE


def read_minutes(typed: str) -> int | None:
    """Whole minutes within what a day has room for; None for anything else."""
    try:
        found = int(typed)
    except ValueError:
        return None
    return found if 1 <= found <= MOST_MINUTES else None


def print_plan(found: Outlook, plan: Plan, language: Language) -> None:
    """The plan as text: forecast, sections, evenings."""
    from drills.planning import wording
    from drills.typography import wrap

    def tell(*lines: Text) -> None:
        for line in lines:
            say(*wrap(line.in_(language), terminal_width()))

    def word(key: str) -> str:
        return text(f"plan.column.{key}").in_(language)

    tell(*wording.head(found, plan), wording.recall(found, plan.recall, plan.days))
    tell(*wording.remarks(found, plan))
    if found.exam is None or found.exam < found.today:
        tell(text("plan.no_date_how"))
    heads = [word(key) for key in ("section", "recall", "range", "seen", "coming", "left_out")]
    rows = [
        [
            wording.section_name(row.section).in_(language),
            f"{bar(row.recall.mean, 10)} {wording.percent(row.recall.mean):3} %",
            f"{wording.percent(row.recall.low)}-{wording.percent(row.recall.high)}",
            f"{row.seen}/{row.items}",
            str(row.coming),
            str(row.left_out),
        ]
        for row in plan.sections
    ]
    say("", *table([heads, *rows]))
    if plan.evenings:
        heads = [word(key) for key in ("day", "new", "again", "minutes", "first")]
        evenings = [
            [when.in_(language), str(new), str(again), str(minutes), names.in_(language)]
            for when, new, again, minutes, names in wording.rows_of_evenings(
                plan.evenings, plan.today
            )
        ]
        say("", *table([heads, *evenings]))
    say("")
    tell(text("plan.range_note"))


def _keep(context: Context, exam: date | None, minutes: int | None) -> bool:
    settings = load_settings(context.home)
    settings = replace(
        settings,
        exam_date=exam or settings.exam_date,
        minutes=minutes or settings.minutes,
        greeted=True,
    )
    try:
        save_settings(context.home, settings)
    except OSError as error:
        why = error.strerror or str(error)
        complain(text("plan.not_kept", why=why).in_(context.language))
        return False
    complain(text("plan.kept").in_(context.language))
    return True
