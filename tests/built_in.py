"""The built-in bank, read once for all tests of a process: ``from built_in import BANK``."""

from question_bank.loader import load

BANK = load()
