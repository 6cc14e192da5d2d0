"""Strings of the area ``app``."""

from question_bank.text import Text

TEXTS: dict[str, Text] = {}
