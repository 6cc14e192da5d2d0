"""Small banks for the tests of the authors' tools."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from question_bank.loader import load

CHOICE = """\
- id: {id}
  kind: choice
  fact: {id}
  objectives: [{objective}]
  level: 1
  seconds: 40
  status: {status}
  stem:
    en: "{en}"
    ja: "{ja}"
  options:
    - text: {{en: "{right_en}", ja: "{right_ja}"}}
      right: true
    - text: {{en: "{wrong_en}", ja: "{wrong_ja}"}}
      why: {{en: "No.", ja: "違います。"}}
  explanation: {{en: "So it is.", ja: "そのとおりです。"}}
"""
USUAL = {
    "objective": "D03",
    "status": "current",
    "en": "Which value keeps the state of the cell?",
    "ja": "セルの状態を保つ値はどれか。",
    "right_en": "f = 1",
    "right_ja": "f = 1",
    "wrong_en": "f = 0",
    "wrong_ja": "f = 0",
}


@pytest.fixture
def choice() -> Callable[..., str]:
    """The text of one item of choice, with what is to differ."""
    return lambda id="one", **changes: CHOICE.format(id=id, **{**USUAL, **changes})


@pytest.fixture
def bank_of(tmp_path: Path) -> Callable[[str], Any]:
    """The bank of one file with this text; it has no problem of form."""

    def make(text: str) -> Any:
        file = tmp_path / "bank" / "items" / "lstm" / "file.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        found = load((tmp_path / "bank",))
        assert not found.problems
        return found

    return make
