"""A larger set of hostile and unlucky submissions, judged where they can do no harm even to us.

All of them run in one program inside a PID namespace of its own, as whoever runs the tests and,
where that is the superuser, as an ordinary user too. Afterwards nothing is left running or written.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_samples import SAMPLES

ORDINARY = 65534
ROOT = Path(__file__).parents[2]
DROP = ["setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups",
        "--inh-caps=-all", "--bounding-set=-all"]  # fmt: skip


def possible(command: list[str]) -> bool:
    """Whether a command can be run here."""
    try:
        return subprocess.run(command, capture_output=True, cwd=ROOT).returncode == 0
    except OSError:
        return False


def namespace(user: str) -> list[str]:
    """The words before a command that put it into a namespace, as that user; skips without."""
    apart = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    if os.name == "posix" and os.geteuid() != 0:
        apart.insert(1, "--map-root-user")
    if sys.platform != "linux" or not possible([*apart, "true"]):
        pytest.skip("no PID namespace to be had here")
    if user == "as it is":
        return apart
    if os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    if not possible([*DROP, sys.executable, "-c", "import numpy, yaml, engine.code.judge"]):
        pytest.skip("an ordinary user cannot start this interpreter")
    return [*apart, *DROP]


@pytest.mark.parametrize(
    ("user", "every"),
    [
        ("as it is", 9),
        pytest.param("as it is", 1, marks=pytest.mark.prove),
        pytest.param("ordinary", 1, marks=pytest.mark.prove),
    ],
)
def test_every_verdict_is_right_and_nothing_is_left(tmp_path: Path, user: str, every: int) -> None:
    before = namespace(user)
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    for folder in (home, temporary):
        folder.mkdir()
    (home / "note").write_text("mine")
    if user == "ordinary":
        for folder in (tmp_path, *tmp_path.parents[:2], home, temporary):
            os.chmod(folder, 0o777 if folder == temporary else 0o755)
    # A shell in between: the first process of a namespace is immune to signals from within.
    driver = f"{sys.executable} -B {ROOT}/tests/code/hostile_samples.py {home} {every}; echo alive"
    environment = {**os.environ, "TMPDIR": str(temporary), "OPENBLAS_NUM_THREADS": "1"}
    ran = subprocess.run(
        [*before, "sh", "-c", driver],
        capture_output=True, text=True, timeout=240, cwd=ROOT, env=environment,
    )  # fmt: skip
    *lines, last = ran.stdout.splitlines()
    assert last == "alive", ran
    *said, (end, strangers, left) = map(json.loads, lines)
    assert [name for name, *_ in said] == list(SAMPLES)[::every], ran.stderr
    for name, outcome, kind, after, message in said:
        wanted, _, error = SAMPLES[name][0].partition(" ")
        assert outcome == wanted, (name, outcome, kind, message)
        assert error in ("", kind), (name, kind, message)
        assert after == "correct", name
    messages = {name: message for name, _, _, _, message in said}
    # It finds what it wrote itself, and nothing of a reference that ran before it.
    assert messages.get("the program's own memory", "[(True, [])]") == "[(True, [])]"
    assert messages.get("all frames above", "0") == "0"
    assert (end, strangers, left) == ("end", [], [])
    assert list(temporary.iterdir()) == []
    assert [(path.name, path.read_text()) for path in home.iterdir()] == [("note", "mine")]
    shutil.rmtree(tmp_path, ignore_errors=True)
