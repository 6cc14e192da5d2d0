"""Date conversion: a date as people write it goes in, its ISO form comes out.

    "september 27, 1994           " → "_1994-09-27"
    "Tuesday, September 27, 1994  "
    "SEP 27, 1994                 "
    "9/27/94                      "

A task whose answer lies in the question, in another order: attention can be seen to look at the
year first. The four ways of American English (CLDR's short, medium, long and full) come equally
often; what is written with letters comes half of the time in the usual letters, a quarter in small
ones and a quarter in capitals. Years run from 1970 to 2017, so that two digits of a year are never
ambiguous. So drawn, the task is that of the published figures, but for repeated questions: here
none comes twice, and none of the test was trained on.

Sources: Saito, Deep Learning from Scratch 2 (2018), section 8.3.1, for the task; Unicode CLDR for
the forms.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
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
LAST: Final = datetime.date(2017, 12, 31)

#: Form → in so many of 16 questions.
FORMS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "month/day/short year": 4,
        "short month day, year": 2,
        "short month day, year, small letters": 1,
        "short month day, year, capitals": 1,
        "month day, year": 2,
        "month day, year, small letters": 1,
        "month day, year, capitals": 1,
        "weekday, month day, year": 2,
        "weekday, month day, year, small letters": 1,
        "weekday, month day, year, capitals": 1,
    }
)

QUESTION_LENGTH: Final = len("Wednesday, September 30, 1970")
ANSWER_LENGTH: Final = len("_1970-01-01")


def _alphabet() -> str:
    letters = "".join((*MONTHS, *DAYS))
    return "".join(
        sorted(set(letters + letters.lower() + letters.upper() + "0123456789 ,/-" + START))
    )


CHARACTERS: Final = Characters(_alphabet())


def written(date: datetime.date, form: str) -> str:
    """The date in one of ``FORMS``, not padded; raises ValueError for another form."""
    if form not in FORMS:
        raise ValueError(f"no form is called {form!r} (known: {'; '.join(FORMS)})")
    month, day, year = MONTHS[date.month - 1], date.day, date.year
    if form == "month/day/short year":
        return f"{date.month}/{day}/{year % 100:02d}"
    order = form.removesuffix(", small letters").removesuffix(", capitals")
    text = {
        "short month day, year": f"{month[:3]} {day}, {year}",
        "month day, year": f"{month} {day}, {year}",
        "weekday, month day, year": f"{DAYS[date.weekday()]}, {month} {day}, {year}",
    }[order]
    if form.endswith("small letters"):
        return text.lower()
    return text.upper() if form.endswith("capitals") else text


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
    """Draw examples, each form as often as ``FORMS`` says, no two with the same question.

    A question that is there already is drawn again in the same form, so that the forms keep their
    shares and the test is no harder than the training. A date may come again in another form, also
    in the test: the forms are to be learnt, not the dates. More examples begin with those of fewer.

    Raises
    ------
    ValueError if the likeliest form would run out of dates: for more than about 53,000
    """
    days, weights = (LAST - FIRST).days + 1, list(FORMS.values())
    # Three quarters of its dates at most, so that new ones are soon found.
    count, most = training + test, days * 3 * sum(weights) // (4 * max(weights))
    if not 1 <= count <= most:
        raise ValueError(f"1 to {most} different dates and forms can be drawn; asked for {count}")
    places = [form for form, weight in FORMS.items() for _ in range(weight)]
    # By the text: in May the short month is the month, and two forms are one.
    found: dict[str, tuple[datetime.date, str]] = {}
    while len(found) < count:
        form = places[rng.randint(len(places))]
        date = _day(rng, days)
        while written(date, form) in found:
            date = _day(rng, days)
        found[written(date, form)] = (date, form)
    examples = list(found.values())
    return Split(pairs(examples[:training]), pairs(examples[training:]))


def _day(rng: np.random.RandomState, days: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=int(rng.randint(days)))
