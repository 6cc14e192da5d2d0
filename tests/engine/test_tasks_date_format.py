"""Dates as people write them, and as ISO has them; and texts as ids."""

import collections
import datetime
import re

import numpy as np
import pytest

from engine.tasks.characters import Characters, UnknownCharacterError
from engine.tasks.date_format import (
    ANSWER_LENGTH,
    CHARACTERS,
    FIRST,
    FORMS,
    LAST,
    QUESTION_LENGTH,
    answer,
    question,
    split,
    written,
)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("month/day/short year", "9/27/94"),
        ("short month day, year", "Sep 27, 1994"),
        ("short month day, year, small letters", "sep 27, 1994"),
        ("short month day, year, capitals", "SEP 27, 1994"),
        ("month day, year", "September 27, 1994"),
        ("month day, year, small letters", "september 27, 1994"),
        ("month day, year, capitals", "SEPTEMBER 27, 1994"),
        ("weekday, month day, year", "Tuesday, September 27, 1994"),
        ("weekday, month day, year, small letters", "tuesday, september 27, 1994"),
        ("weekday, month day, year, capitals", "TUESDAY, SEPTEMBER 27, 1994"),
    ],
)
def test_each_form_writes_the_date_its_own_way(form, text):
    date = datetime.date(1994, 9, 27)
    assert written(date, form) == text
    assert question(date, form) == text.ljust(29)
    assert answer(date) == "_1994-09-27"
    assert form in FORMS


def test_every_form_of_every_day_of_some_years_can_be_written_and_fits():
    date = datetime.date(2003, 12, 1)
    for _ in range(800):
        for form in FORMS:
            text = question(date, form)
            assert len(text) == QUESTION_LENGTH
            assert CHARACTERS.texts(CHARACTERS.ids([text])) == (text,)
        date += datetime.timedelta(days=1)


def read(text):
    """The date again, by another route than it was written."""
    text = text.strip()
    for pattern in ("%B %d, %Y", "%b %d, %Y", "%A, %B %d, %Y"):
        try:
            return datetime.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    month, day, year = (int(part) for part in text.split("/"))
    return datetime.date(year + (1900 if year >= 70 else 2000), month, day)


def test_answers_are_the_dates_of_their_questions():
    parts = split(np.random.RandomState(0), 400, 100)
    texts = []
    for part in (parts.training, parts.test):
        questions, answers = CHARACTERS.texts(part.questions), CHARACTERS.texts(part.answers)
        for asked, answered in zip(questions, answers, strict=True):
            assert answered == f"_{read(asked).isoformat()}"
            assert len(answered) == ANSWER_LENGTH
        texts += questions
    assert len(set(texts)) == len(texts) == 500


def form_of(text):
    """Which of the ten forms; in May the short month counts as the month."""
    text = text.strip()
    if "/" in text:
        return "month/day/short year"
    words = re.findall("[A-Za-z]+", text)
    if len(words) == 2:
        order = "weekday, month day, year"
    elif len(words[0]) == 3 and words[0].lower() != "may":
        order = "short month day, year"
    else:
        order = "month day, year"
    return order + (", small letters" * text.islower() or ", capitals" * text.isupper())


def test_years_are_even():
    part = split(np.random.RandomState(1), 4_000, 0).training
    years = [int(text[1:5]) for text in CHARACTERS.texts(part.answers)]
    assert (min(years), max(years)) == (FIRST.year, LAST.year) == (1970, 2017)
    assert np.mean(years) == pytest.approx(1993.5, abs=1)


def test_forms_come_as_often_as_published_in_the_training_and_in_the_test_of_many():
    parts = split(np.random.RandomState(1), 45_000, 1_000)
    for part, tolerance in ((parts.training, 0.006), (parts.test, 0.04)):
        drawn = collections.Counter(map(form_of, CHARACTERS.texts(part.questions)))
        assert set(drawn) == set(FORMS)
        for form, weight in FORMS.items():
            # One in twelve of the short months is May and looks like a long one.
            share = weight / 16
            if form.startswith(("short month", "month day")):
                share *= 11 / 12 if form.startswith("short") else 13 / 12
            assert drawn[form] / len(part) == pytest.approx(share, abs=tolerance)


def test_the_draw_is_seeded_and_more_begin_with_fewer():
    few, many, other = (
        CHARACTERS.texts(split(np.random.RandomState(s), n, 0).training.questions)
        for s, n in ((3, 30), (3, 1_500), (4, 30))
    )
    assert many[:30] == few != other


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="known: month/day/short year; short"):
        written(FIRST, "roman")
    with pytest.raises(ValueError, match="can be drawn"):
        split(np.random.RandomState(0), 200_000, 0)


def test_ids_are_time_first_and_a_strange_character_is_pointed_at():
    characters = Characters("ab+")
    assert characters.ids(["a+b", "bb+"]).tolist() == [[0, 1], [2, 1], [1, 2]]
    assert characters.text([2, 0]) == "+a"
    with pytest.raises(UnknownCharacterError, match="'c' at position 1 of 'ac'") as caught:
        characters.ids(["ab", "ac"])
    assert (caught.value.character, caught.value.position) == ("c", 1)
    with pytest.raises(ValueError, match="one length"):
        characters.ids(["a", "ab"])
    with pytest.raises(ValueError, match="twice"):
        Characters("aba")
