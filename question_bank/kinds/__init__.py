"""The kinds of items: one small module each, with its form, its body and ``parse``.

A new kind is a module here (``FORM``, ``FACES``, a body dataclass, ``parse(fields, log)``), its
name in ``KINDS``, its body in ``question_bank.model.Body``, a grader and a widget.
"""

from __future__ import annotations

from typing import Final

KINDS: Final[tuple[str, ...]] = (
    "choice",
    "numeric",
    "term",
    "order",
    "match",
    "formula",
    "code",
    "predict",
)
