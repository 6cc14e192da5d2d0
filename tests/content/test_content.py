"""The built-in bank as content: what holds for every item and every mistake, in both languages."""

import re
import unicodedata

import pytest
from built_in import BANK

from engine.mistakes import MISTAKE_CODES
from question_bank.text import LANGUAGES

CHOICES = [item for item in BANK.items.values() if item.kind == "choice"]
PLACEHOLDERS = {"found", "expected", "left_shape", "right_shape"}


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def test_every_code_of_the_engine_has_a_text_and_no_other_has():
    assert set(BANK.mistakes) == MISTAKE_CODES


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_look_at_reads_without_the_places_and_the_detail_uses_known_ones(language):
    for code, texts in BANK.mistakes.items():
        assert not re.search(r"\{\w+\}", texts.look.in_(language)), code
        if texts.detail is not None:
            used = set(re.findall(r"\{(\w+)\}", texts.detail.in_(language)))
            assert used, code
            assert used <= PLACEHOLDERS, code


def test_both_details_of_a_mistake_use_the_same_places():
    for texts in BANK.mistakes.values():
        if texts.detail is not None:
            en, ja = (re.findall(r"\{(\w+)\}", texts.detail.in_(tongue)) for tongue in LANGUAGES)
            assert sorted(en) == sorted(ja)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pick", [max, min], ids=["longest", "shortest"])
def test_choosing_by_length_alone_gains_nothing(language, pick):
    gained = 0.0
    for item in CHOICES:
        lengths = [cells(option.text.in_(language)) for option in item.body.options]
        chosen = [o for o, n in zip(item.body.options, lengths, strict=True) if n == pick(lengths)]
        gained += sum(option.right for option in chosen) / len(chosen)
    chance = sum(1 / len(item.body.options) for item in CHOICES)
    assert gained <= chance + 0.05 * len(CHOICES)


def test_japanese_is_punctuated_in_full_width_and_nobody_shouts():
    half_width = re.compile(r"(?<=[ぁ-んァ-ヶ一-龠])[,.!?]|[,.](?=[ぁ-んァ-ヶ一-龠])")
    for item in BANK.items.values():
        for text in (item.stem, item.explanation, *item.hints):
            assert not half_width.search(text.ja), item.id
            assert "!" not in text.en, item.id


def test_the_round_trip_has_every_kind_of_item():
    counts = {"choice": 8, "numeric": 5, "term": 2, "order": 1, "match": 2, "formula": 4, "code": 3}
    kinds = [item.kind for item in BANK.items.values()]
    assert {kind: min(kinds.count(kind), least) for kind, least in counts.items()} == counts
