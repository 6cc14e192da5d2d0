"""Imports only point down, and nothing heavy stands on the way to the first frame.

Each test looks at ``sys.modules`` of a fresh interpreter: the only way to see what really loads.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after ``statement``."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import drills.app.app", {"numpy", "sympy", "yaml", "lark", "textual_plot"}),
        ("import question_bank.loader", {"numpy", "sympy", "textual", "engine", "drills"}),
        ("import question_bank.index", {"numpy", "sympy", "textual", "engine", "drills", "yaml"}),
        ("import engine.computations", {"sympy", "textual", "yaml", "question_bank", "drills"}),
        ("import engine.formulas.judge", {"sympy", "textual", "yaml", "question_bank", "drills"}),
        ("import engine.code.judge", {"sympy", "textual", "yaml", "question_bank", "drills"}),
        ("import engine.experiments", {"sympy", "textual", "yaml", "question_bank", "drills"}),
        ("import drills.session", {"numpy", "sympy", "textual", "yaml"}),
        ("import drills.statistics", {"numpy", "sympy", "textual", "yaml"}),
        ("import drills.cli", {"numpy", "sympy", "textual", "yaml", "lark", "fsrs"}),
    ],
)
def test_importing_leaves_out_what_it_does_not_need(statement: str, absent: set[str]) -> None:
    loaded = loaded_by(statement)

    assert loaded & absent == set()


def test_the_version_is_said_without_loading_anything_heavy() -> None:
    loaded = loaded_by("from drills.cli import main; assert main(['--version']) == 0")

    assert loaded & {"numpy", "sympy", "textual", "yaml", "lark", "sqlite3", "fsrs"} == set()


def test_the_contracts_of_the_house_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
