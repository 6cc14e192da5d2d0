"""Strings of the area ``grading``."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {}
