"""What users install: the wheel in an empty environment, used with no clone in sight."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def bptt(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The installed command."""
    built = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(built), str(ROOT)],
        check=True,
        capture_output=True,
    )
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    (wheel,) = built.glob("*.whl")
    subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True
    )
    return [str(folder / "bin" / "bptt")]


def run(
    bptt: list[str], where: Path, *arguments: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment["BPTT_HOME"] = str(where / "home")
    return subprocess.run(
        [*bptt, *arguments],
        cwd=where,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
    )


def test_certify_works_from_the_wheel_alone(bptt: list[str], tmp_path: Path) -> None:
    ran = run(bptt, tmp_path, "bank", "certify", "--json")
    found = json.loads(ran.stdout.splitlines()[-1])

    assert ran.returncode == 0
    assert found["items"] == found["proved"] + found["sourced"] >= 24


def test_a_quiz_a_formula_and_a_drill_work_from_the_wheel_alone(
    bptt: list[str], tmp_path: Path
) -> None:
    quiz = run(bptt, tmp_path, "quiz", "--plain", "--kind", "term", typed="打ち切りBPTT\n")
    formula = run(
        bptt, tmp_path, "formula", "check", "W - eps * sum(s=0..T_t, delta[t-s] @ z[t-s-1].T)"
    )
    shown = run(bptt, tmp_path, "drill", "show", "rnn/step_forward").stdout
    filled = shown.replace("u = ____", "u = x @ W_in + z_prev @ W + b").replace(
        "____", "z @ W_out + c"
    )
    drill = run(bptt, tmp_path, "drill", "check", "rnn/step_forward", "-", typed=filled)

    assert quiz.returncode == formula.returncode == drill.returncode == 0
    assert "✓" in formula.stdout
    assert "✓" in drill.stdout
