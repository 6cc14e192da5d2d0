"""The build hook compiles the index into the wheel, and builds none of a bank with problems."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bank_samples import CHOICE, whole_bank, write

pytest.importorskip("hatchling")

ROOT = Path(__file__).parent.parent.parent
PROJECT = """\
[build-system]
requires = ["hatchling", "pyyaml"]
build-backend = "hatchling.build"
[project]
name = "little-bank"
version = "1"
[tool.hatch.build.targets.wheel]
packages = ["question_bank"]
[tool.hatch.build.targets.wheel.hooks.custom]
path = "hatch_build.py"
"""


@pytest.fixture
def project(tmp_path):
    """A copy of the code with a little bank of its own."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / ".gitignore").write_text("question_bank/index.json\n")
    shutil.copy(ROOT / "hatch_build.py", root)
    code = shutil.ignore_patterns("items", "exercises", "mistakes", "__pycache__", "index.json")
    shutil.copytree(ROOT / "question_bank", root / "question_bank", ignore=code)
    whole_bank(root / "question_bank")
    return root


def build(root):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(root / "dist")]
    return subprocess.run(command, cwd=root, capture_output=True, text=True)


def test_the_wheel_holds_an_index_from_which_the_bank_opens_without_yaml(project, tmp_path):
    done = build(project)
    assert done.returncode == 0, done.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    index = json.loads((tmp_path / "site" / "question_bank" / "index.json").read_text("utf-8"))
    assert "items/lstm/gates.yaml" in index["files"]
    code = (
        "import sys\nfrom pathlib import Path\nfrom question_bank.index import open_bank, peek\n"
        "bank, seen = open_bank(Path('cache')), peek(None)\n"
        "assert sorted(bank.items) == sorted(seen.items) == ['first', 'gate-a', 'gate-b']\n"
        "assert bank.exercises['rnn/step'].built_in\n"
        "assert bank.items['first'].place.file == 'question_bank/items/rnn/first.yaml'\n"
        "sys.exit('yaml' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    environment = {"PYTHONPATH": str(tmp_path / "site")}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert not (project / "question_bank" / "index.json").exists()


def test_the_same_sources_give_the_same_wheel(project):
    assert build(project).returncode == 0
    (wheel,) = (project / "dist").glob("*.whl")
    first = wheel.read_bytes()
    for file in (project / "question_bank").rglob("*.yaml"):
        file.touch()
    assert build(project).returncode == 0
    assert wheel.read_bytes() == first


def test_a_bank_with_problems_builds_no_wheel_and_says_why(project):
    write(project / "question_bank", items__rnn__bad=CHOICE.format(id="Bad"))
    done = build(project)
    assert done.returncode != 0
    assert "question_bank/items/rnn/bad.yaml:1:7: 'Bad' does not have the form" in done.stderr
    assert not list((project / "dist").glob("*.whl"))
