"""Date conversion: a date as people write it goes in, its ISO form comes out.

    "september 27, 1994           " → "_1994-09-27"
    "Tuesday, September 27, 1994  "
    "27 Sep 1994                  "
    "9/27/94                      "

A task whose answer lies in the question, in another order: attention can be seen to look at the
year first. Years run from 1970 to 2069, so that two digits of a year are never ambiguous (the rule
of POSIX: 70 to 99 are 19.., 00 to 68 are 20.., with 69 taken as 2069 here).
"""

from __future__ import annotations

import datetime
from typing import Final

import numpy as np

from engine.tasks.characters import Characters, Pairs, Split

START: Final = "_"

# Written out: strftime's names depend on the language of the machine.
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FIRST: Final = datetime.date(1970, 1, 1)
LAST: Final = datetime.date(2069, 12, 31)

FORMS: Final = (
    "month day, year",
    "month day, year, small letters",
    "short month day, year",
    "weekday, month day, year",
    "day month year",
    "day short month year",
    "month/day/year",
    "month/day/short year",
)

#: Dates drawn at once.
_BLOCK: Final = 1024

QUESTION_LENGTH: Final = len("Wednesday, September 30, 1970")
ANSWER_LENGTH: Final = len("_1970-01-01")


def _alphabet() -> str:
    letters = "".join((*MONTHS, *DAYS))
    return "".join(sorted(set(letters + letters.lower() + "0123456789 ,/-" + START)))


CHARACTERS: Final = Characters(_alphabet())


def written(date: datetime.date, form: str) -> str:
    """The date in one of ``FORMS``, not padded; raises ValueError for another form."""
    month, short = MONTHS[date.month - 1], MONTHS[date.month - 1][:3]
    day, year = date.day, date.year
    texts = {
        "month day, year": f"{month} {day}, {year}",
        "month day, year, small letters": f"{month} {day}, {year}".lower(),
        "short month day, year": f"{short} {day}, {year}",
        "weekday, month day, year": f"{DAYS[date.weekday()]}, {month} {day}, {year}",
        "day month year": f"{day} {month} {year}",
        "day short month year": f"{day} {short} {year}",
        "month/day/year": f"{date.month}/{day}/{year}",
        "month/day/short year": f"{date.month}/{day}/{year % 100:02d}",
    }
    if form not in texts:
        raise ValueError(f"no form is called {form!r} (known: {', '.join(FORMS)})")
    return texts[form]


def question(date: datetime.date, form: str) -> str:
    """The date in that form, padded with blanks to 29 characters."""
    return written(date, form).ljust(QUESTION_LENGTH)


def answer(date: datetime.date) -> str:
    """Such as "_1994-09-27"."""
    return f"{START}{date.isoformat()}"


def pairs(examples: list[tuple[datetime.date, str]]) -> Pairs:
    """Dates, each with its form, as ids."""
    questions = CHARACTERS.ids([question(date, form) for date, form in examples])
    return Pairs(questions, CHARACTERS.ids([answer(date) for date, _ in examples]))


def split(rng: np.random.RandomState, training: int, test: int) -> Split:
    """Draw examples, each date and each form equally likely, no two with the same question.

    A date may come again in another form, also in the test: the forms are to be learnt, not the
    dates. Raises ValueError for more than half of all questions there are.
    """
    days = (LAST - FIRST).days + 1
    count, most = training + test, days * len(FORMS) // 2
    if not 1 <= count <= most:
        raise ValueError(f"1 to {most} different dates and forms can be drawn; asked for {count}")
    found: dict[str, tuple[datetime.date, str]] = {}
    while len(found) < count:
        # In blocks of one size, so that more examples begin with those of fewer.
        drawn = zip(
            rng.randint(days, size=_BLOCK), rng.randint(len(FORMS), size=_BLOCK), strict=True
        )
        for day, form in drawn:
            date = FIRST + datetime.timedelta(days=int(day))
            # By the text: in May the short month is the month, and two forms are one.
            found.setdefault(written(date, FORMS[form]), (date, FORMS[form]))
    examples = list(found.values())[:count]
    return Split(pairs(examples[:training]), pairs(examples[training:]))
