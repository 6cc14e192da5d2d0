"""``bptt show``: a page, a term, a mistake; a list when called bare."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from drills.cli import main
from drills.settings import remember_notation

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bptt(
    tmp_path: Path, make_home: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> Run:
    home = make_home(tmp_path / "home")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--home", str(home)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_called_bare_it_lists_every_page(bptt: Run) -> None:
    code, out, _ = bptt("show", "--lang", "ja")
    assert code == 0
    assert "rnn " in out
    assert "単純なRNN" in out
    code, out, _ = bptt("show", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows[0]["topic"] == "rnn"
    assert set(rows[0]) == {"topic", "title", "section", "models"}


def test_it_shows_a_page_in_a_notation_and_the_language(bptt: Run) -> None:
    code, out, _ = bptt("show", "lstm", "--notation", "d2l", "--lang", "ja")
    assert code == 0
    assert "C^t = F^t ⊙ C^(t-1) + I^t ⊙ C" in out
    assert "間違えやすい点" in out
    code, out, _ = bptt("show", "lstm", "--json")
    assert json.loads(out)["topic"] == "lstm"
    assert json.loads(out)["models"][0]["notation"] == "course"


def test_the_notation_chosen_in_the_app_holds_here_too(bptt: Run, tmp_path: Path) -> None:
    remember_notation(tmp_path / "home", "scratch")
    gru, optimisers = (json.loads(bptt("show", name, "--json")[1]) for name in ("gru", "sgd"))
    assert gru["models"][0]["notation"] == "scratch"
    assert optimisers["models"][0]["notation"] == "usual"


@pytest.mark.parametrize("name", ["hidden-state", "隠れ状態", "かくれじょうたい"])
def test_it_shows_a_term_in_three_languages(bptt: Run, name: str) -> None:
    code, out, _ = bptt("show", name, "--json")
    term = json.loads(out)
    assert (code, term["en"], term["de"]) == (0, "hidden state", "verdeckter Zustand")
    assert "rnn" in term["topics"]


def test_it_shows_a_mistake_with_its_traps(bptt: Run) -> None:
    code, out, _ = bptt("show", "transpose-dropped", "--json")
    shown = json.loads(out)
    assert code == 0
    assert {trap["topic"] for trap in shown["traps"]} >= {"bptt"}
    assert all(set(one) == {"target", "wrong"} for one in shown["examples"])
    assert shown["examples"]
    code, out, _ = bptt("show", "転置の欠落", "--lang", "ja")
    assert code == 0
    assert "よくある誤答" in out


def test_unknown_names_and_notations_are_usage_errors_that_say_what_is_near(bptt: Run) -> None:
    code, out, err = bptt("show", "lsmt", "--lang", "en")
    assert (code, out) == (2, "")
    assert "LSTM" in err
    code, out, err = bptt("show", "lstm", "--notation", "latin", "--lang", "en")
    assert (code, out) == (2, "")
    assert "course" in err
    code, out, err = bptt("show", "frameworks", "--notation", "latin")
    assert code == 2


def test_the_glossary_is_a_page_of_its_own(bptt: Run) -> None:
    code, out, _ = bptt("show", "glossary", "--json")
    terms = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(terms) > 60
    assert all(term[key] for term in terms for key in ("en", "ja", "reading", "de", "meaning"))
    assert bptt("show", "用語集", "--lang", "ja")[1].startswith("用語集")
