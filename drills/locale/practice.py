"""Strings of the area ``practice``."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {}
