"""The filters that several commands take, and what is said of a name that none of them knows."""

from __future__ import annotations

from drills.cli.context import Context
from drills.locale import text
from question_bank.kinds import KINDS


def unknown_filter(
    section: str | None, kind: str | None, mistake: str | None, context: Context
) -> str | None:
    """What is wrong with the first filter that names nothing; ``None`` when all are known."""
    for key, given, valid in (
        ("section", section, context.bank.sections),
        ("kind", kind, KINDS),
        ("mistake", mistake, tuple(context.bank.mistakes)),
    ):
        if given is None or given in valid:
            continue
        from question_bank.nearest import nearest

        names = nearest(given, valid) if key == "mistake" else valid
        return text(f"cli.unknown_{key}", name=given, names=", ".join(names)).in_(context.language)
    return None
