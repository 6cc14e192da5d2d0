"""Strings of the area ``cli``."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {}
