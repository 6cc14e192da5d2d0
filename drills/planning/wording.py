"""A plan in words, in both languages: what the command prints and the screen shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from drills.locale import text
from question_bank.text import Text

if TYPE_CHECKING:
    # Only named: wording a plan loads no arrays.
    from drills.planning.outlook import Outlook
    from drills.planning.plan import Evening, Plan, Range
    from drills.planning.tonight import Tonight

# So many evenings are told one by one, the rest by the week.
NEAR: Final = 7
ONCE: Final = "plan.covered_once"
_NAMES: Final = 3


def percent(share: float) -> int:
    """A share as whole per cent."""
    return round(100 * share)


def section_name(section: str) -> Text:
    """A user's own section keeps its name."""
    try:
        return text(f"practice.section.{section}")
    except KeyError:
        return Text(section, section)


def joined(names: Iterable[Text], most: int = _NAMES) -> Text:
    """The first few names, and whether there are more."""
    some = list(names)
    comma = text("plan.list")
    found = Text(
        comma.en.join(name.en for name in some[:most]),
        comma.ja.join(name.ja for name in some[:most]),
    )
    return found + text("plan.more") if len(some) > most else found


def head(outlook: Outlook, plan: Plan) -> list[Text]:
    """How long until when, or that no date is set."""
    if outlook.exam is None or outlook.exam < outlook.today:
        over = [text("plan.date_over", exam=outlook.exam)] if outlook.exam else []
        return [*over, text("plan.no_date", days=plan.days, minutes=outlook.minutes)]
    if plan.days == 0:
        return [text("plan.head_today", exam=plan.exam)]
    days = text("plan.head_tomorrow") if plan.days == 1 else text("plan.head_days", n=plan.days)
    return [
        Text(
            *(
                text(
                    "plan.head", exam=plan.exam, days=days.in_(language), minutes=outlook.minutes
                ).in_(language)
                for language in ("en", "ja")
            )
        )
    ]


def recall(outlook: Outlook, expected: Range, days: int) -> Text:
    """The forecast with its range."""
    values = {name: percent(getattr(expected, name)) for name in ("mean", "low", "high")}
    if outlook.exam is None or outlook.exam < outlook.today:
        return text("plan.recall_horizon", days=days, **values)
    return text("plan.recall", **values)


def remarks(outlook: Outlook, plan: Plan) -> list[Text]:
    """What is behind the forecast: time, what is left out, evenings that were missed."""
    found = [text("plan.untouched", mean=percent(plan.untouched.mean))] if plan.seen else []
    if plan.days and plan.items > plan.seen:
        if plan.left_out:
            scarce = plan.covered < 0.95
            share = percent(plan.covered)
            found.append(text("plan.covered", percent=share) if scarce else text(ONCE))
            found.append(text("plan.left_out", left=len(plan.left_out), items=plan.items))
        else:
            found.append(text("plan.covered_all"))
    if outlook.missed and plan.days:
        share = percent(plan.attendance)
        found.append(text("plan.missed", missed=outlook.missed, percent=share))
    return found


def day_name(day: date, today: date) -> Text:
    """The day as month and day; today as such."""
    if day == today:
        return text("plan.today")
    return text("plan.date", month=day.month, day=day.day)


def rows_of_evenings(
    evenings: Sequence[Evening], today: date
) -> list[tuple[Text, int, int, int, Text]]:
    """(when, new, again, minutes, sections introduced): a week of evenings, then weeks."""
    rows = [_row(day_name(one.day, today), [one]) for one in evenings[:NEAR]]
    for begin in range(NEAR, len(evenings), 7):
        week = evenings[begin : begin + 7]
        first, last = (day_name(one.day, today) for one in (week[0], week[-1]))
        name = first if len(week) == 1 else _week(first, last)
        rows.append(_row(name, week))
    return rows


def _week(first: Text, last: Text) -> Text:
    return Text(
        text("plan.week", first=first.en, last=last.en).en,
        text("plan.week", first=first.ja, last=last.ja).ja,
    )


def _row(name: Text, some: Sequence[Evening]) -> tuple[Text, int, int, int, Text]:
    new: dict[str, int] = {}
    for evening in some:
        for section, count in evening.new.items():
            new[section] = new.get(section, 0) + count
    sections = sorted(new, key=lambda section: -new[section])
    return (
        name,
        sum(new.values()),
        sum(evening.again for evening in some),
        round(sum(evening.minutes for evening in some)),
        joined(section_name(section) for section in sections),
    )


def proposal(found: Tonight, weak_names: Sequence[Text] = ()) -> list[Text]:
    """What tonight's session is made of, part by part."""
    parts = [text("plan.tonight.due", n=found.due)] if found.due else []
    for n, key, names in (
        (found.weak, "weak", list(weak_names)),
        (found.new, "new", [section_name(name) for name in found.new_sections]),
    ):
        if not n:
            continue
        if not names:
            parts.append(text(f"plan.tonight.{key}", n=n))
            continue
        listed = joined(names, 2)
        parts.append(
            Text(
                text(f"plan.tonight.{key}_named", n=n, names=listed.en).en,
                text(f"plan.tonight.{key}_named", n=n, names=listed.ja).ja,
            )
        )
    return parts or [text("plan.tonight.none")]
