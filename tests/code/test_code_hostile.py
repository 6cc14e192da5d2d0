"""Hostile and broken submissions: the verdict is right, the judge survives, nothing is harmed.

All of these run confined. The two that could end a login session if the confinement failed (a fork
bomb, a signal to every process) run inside a PID namespace of their own, or, where there is none,
only the refusal of the call itself is looked at.
"""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from engine.code.exercise import Exercise
from engine.code.judge import CodeJudge, CodeJudgement

HEAD = "import numpy as np\n"
SIGNATURE = "def step_forward(x, z_prev, W_in, W, b, W_out, c):\n"
RIGHT = (
    "    u = x @ W_in + z_prev @ W + b\n    z = np.tanh(u)\n"
    "    return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))\n"
)
NEEDS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="each system confines otherwise")
pytestmark = NEEDS_LINUX


@pytest.fixture(scope="module")
def quick(exercise) -> Exercise:
    """The step forward with a short limit of time."""
    return exercise("rnn/step_forward", seconds=0.6)


def submit(judge: CodeJudge, exercise: Exercise, body: str, top: str = "") -> CodeJudgement:
    """Judges a function of that body, then holds the judge to its next, right submission."""
    source = (
        HEAD + textwrap.dedent(top) + SIGNATURE + textwrap.indent(textwrap.dedent(body), "    ")
    )
    judged = judge.check(exercise, source, shrink=False)
    after = judge.check(exercise, HEAD + SIGNATURE + RIGHT)
    assert after.outcome == "correct", after
    return judged


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("while True: pass", "timeout"),
        ("import time; time.sleep(60)", "timeout"),
        ("np.sort(np.random.rand(2, 10**7)); step_forward(x, z_prev, W_in, W, b, W_out, c)", None),
        ("sum(range(10**12))", "timeout"),
        ("import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n"
         "    except Exception: pass\nwhile True: pass", "timeout"),
        ("try:\n    while True: pass\nexcept BaseException:\n    while True: pass", "timeout"),
        ("import signal, os; os.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
        ("import os; os._exit(0)", "ended"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import os; os.closerange(0, 300)\nwhile True: pass", "ended"),
        ("import os; os.closerange(3, 300)", "ended"),
        ("import sys; sys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return step_forward(x, z_prev, W_in, W, b, W_out, c)", "RecursionError"),
        ("keep = []\nwhile True: keep.append(np.ones(10**7))", None),
        ("return np.ones((10**6, 10**6))", None),
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E"),
        ("class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
         "timeout"),
        ("import os; os._exit = lambda *a: None\nimport sys; sys.exit()", "SystemExit"),
    ],
)  # fmt: skip
def test_a_program_that_will_not_end_well_is_wrong_and_ends(
    judge: CodeJudge, quick: Exercise, body: str, kind: str | None
) -> None:
    began = time.monotonic()
    judged = submit(judge, quick, body)
    assert time.monotonic() - began < 3
    assert judged.outcome == "wrong"
    assert judged.error is not None
    if kind is None:
        assert "Memory" in judged.error.kind or judged.error.kind in ("ended", "timeout")
    else:
        assert judged.error.kind == kind


def test_a_flood_of_output_is_a_verdict_of_its_own_and_comes_at_once(
    judge: CodeJudge, exercise
) -> None:
    began = time.monotonic()
    judged = submit(judge, exercise("rnn/step_forward"), "while True: print('x' * 1000)")
    assert (judged.outcome, judged.reason) == ("undecided", "too-much-output")
    assert time.monotonic() - began < 1
    assert len(judged.output) <= 1 << 16


def test_too_little_time_at_the_top_of_the_file_counts_as_well(
    judge: CodeJudge, quick: Exercise
) -> None:
    judged = submit(judge, quick, RIGHT, top="while True: pass\n")
    assert judged.outcome == "wrong"
    assert judged.error is not None
    assert judged.error.kind == "timeout"


@pytest.mark.parametrize(
    "body",
    [
        "class Liar:\n    def __eq__(self, o): return True\n    shape = u_shape = x.shape\n"
        "    def __array__(self, *a, **k): raise SystemExit\nreturn Liar(), Liar(), Liar()",
        "class Sly(np.ndarray):\n    def __eq__(self, o): return True\n"
        "    def tobytes(self, *a): return b'x'\n"
        "return tuple(np.zeros((len(x), k)).view(Sly) for k in (len(b), len(b), len(c)))",
        "class Sly:\n    @property\n    def __class__(self): return np.ndarray\n"
        "return (Sly(),) * 3",
        "return [1.0]", "return None", "return 1.0, 2.0, 3.0", "return x * np.nan, x, x",
        "return (np.array([[object()]]),) * 3",
        "return iter([x, x, x])",
        "import types; return types.SimpleNamespace(u=x, z=x, y=x)",
    ],
)  # fmt: skip
def test_objects_that_lie_about_themselves_are_wrong(
    judge: CodeJudge, quick: Exercise, body: str
) -> None:
    judged = submit(judge, quick, body)
    assert judged.outcome == "wrong"
    assert any(not check.passed for check in judged.checks)


@pytest.mark.parametrize(
    "body",
    [
        "import os\nfor fd in range(64):\n    try: os.write(fd, b'{\"pass\": true}')\n"
        "    except OSError: pass\nos._exit(0)",
        "import json, struct, os\nh = json.dumps({'f': 'end'}).encode()\n"
        "h = struct.pack('<4sIQ', b'DOJO', len(h), 0) + h\n"
        "for fd in range(3, 64):\n    try: os.write(fd, h)\n"
        "    except OSError: pass\nos._exit(0)",
        "import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and 'expected' in o:\n"
        "        return o['expected']\nreturn None",
        "import sys\nframe = sys._getframe(1)\nwhile frame:\n"
        "    for v in frame.f_locals.values():\n"
        "        if isinstance(v, str) and 'def step_forward' in v and 'np.tanh' in v and "
        "'gc' not in v and 'f_locals' not in v:\n            exec(v, globals())\n"
        "    frame = frame.f_back\n"
        "return None",
        "np.allclose = lambda *a, **k: True\nnp.array_equal = np.allclose\n"
        "import builtins; builtins.all = lambda *a: True\nreturn x, x, x",
        "import json; json.dumps = lambda *a, **k: '{}'\nreturn x, x, x",
        "import os; os.write = lambda *a: 10**6\nreturn x, x, x",
        "import engine.recurrent.rnn",
        "import question_bank",
        "import learner_side.exercise",
    ],
)  # fmt: skip
def test_a_pass_cannot_be_forged(judge: CodeJudge, quick: Exercise, body: str) -> None:
    assert submit(judge, quick, body).outcome == "wrong"


@pytest.mark.parametrize(
    ("top", "body"),
    [
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\n",
         RIGHT),
        ("def spin():\n    while True: pass\nimport threading\n"
         "threading.Thread(target=spin, daemon=True).start()\n", RIGHT),
        ("import atexit, time\natexit.register(time.sleep, 99)\n", RIGHT),
        ("import sys\nsys.stdout = sys.stderr = None\n", RIGHT),
        ("import sys\nclass Out:\n    def write(self, t): pass\n"
         "    def flush(self): raise SystemExit\n"
         "sys.stdout = Out()\n", RIGHT),
        ("import sys\nsys.setrecursionlimit(50)\n", RIGHT),
        ("import builtins\nbuiltins.len = builtins.zip = builtins.isinstance = None\n", RIGHT),
        ("import gc\ngc.disable()\n", RIGHT),
        ("np.random.seed(1)\nnp.seterr(all='raise')\n", RIGHT.replace("np.exp", "np.exp")),
    ],
)  # fmt: skip
def test_untidy_programs_with_right_numbers_are_judged_by_their_numbers(
    judge: CodeJudge, quick: Exercise, top: str, body: str
) -> None:
    judged = submit(judge, quick, textwrap.dedent(body), top)
    if "builtins" in top:  # who breaks the tools that send the answer sends none
        assert judged.outcome == "wrong"
    elif "seterr" in top:
        assert judged.outcome in ("correct", "wrong")
    else:
        assert judged.outcome == "correct", judged


# -- harm ------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that stands for a user's: a key, a note, a subfolder."""
    (tmp_path / "key").write_text("secret-4711")
    (tmp_path / "note").write_text("mine")
    (tmp_path / "folder").mkdir()
    return tmp_path


def state(home: Path) -> list[tuple[str, int, bytes]]:
    return sorted(
        (str(p), p.stat().st_mode, p.read_bytes() if p.is_file() else b"") for p in home.rglob("*")
    )


REFUSED = {
    "reading a file": "raise RuntimeError(open(HOME + '/key').read())",
    "listing a folder": "import os; raise RuntimeError(os.listdir(HOME))",
    "overwriting": "open(HOME + '/note', 'w').write('yours')",
    "appending": "open(HOME + '/note', 'a').write('yours')",
    "a new file": "open(HOME + '/new', 'w')",
    "a new file here": "open('new', 'w')",
    "a temporary file": "import tempfile; tempfile.TemporaryFile()",
    "deleting": "import os; os.remove(HOME + '/note')",
    "renaming": "import os; os.rename(HOME + '/note', HOME + '/gone')",
    "a new folder": "import os; os.mkdir(HOME + '/new')",
    "removing a folder": "import os; os.rmdir(HOME + '/folder')",
    "changing a mode": "import os; os.chmod(HOME + '/note', 0o777)",
    "changing times": "import os; os.utime(HOME + '/note', (0, 0))",
    "truncating": "import os; os.truncate(HOME + '/note', 0)",
    "a link": "import os; os.symlink(HOME + '/key', HOME + '/link')",
    "np.save": "np.save(HOME + '/new.npy', x)",
    "shared memory": "open('/dev/shm/bptt', 'w')",
    "TCP": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "UDP": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a UNIX socket": "import socket; socket.socket(socket.AF_UNIX)",
    "fork": "import os; os.fork()",
    "another program": "import subprocess; subprocess.run(['true'])",
    "os.system": "import os\nif os.system('true') != 0: raise PermissionError",
    "multiprocessing": "import multiprocessing as m; m.get_context('fork').Process().start()",
    "the parent's memory": "import os; open(f'/proc/{os.getppid()}/mem', 'r+b')",
    "the parent's environment": "import os\n"
    "raise RuntimeError(open(f'/proc/{os.getppid()}/environ').read())",
    "the parent's limits": "import os, resource\n"
    "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    "its own limits": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "ending the parent": "import os; os.kill(os.getppid(), 9)",
    "ending its group's parent": "import os; os.killpg(os.getpgid(os.getppid()), 9)",
    "a hidden file": "import os; os.memfd_create('x')",
    "a namespace": "import ctypes\nif ctypes.CDLL(None, use_errno=True).unshare(0x10000000): "
    "raise PermissionError",
    "tracing": "import ctypes\n"
    "if ctypes.CDLL(None).ptrace(16, 1, 0, 0) == -1: raise PermissionError",
}  # fmt: skip


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_harm_is_refused_and_everything_is_as_it_was(
    judge: CodeJudge, quick: Exercise, home: Path, body: str
) -> None:
    before = state(home)
    judged = submit(judge, quick, f"HOME = {str(home)!r}\n{body}\n" + textwrap.dedent(RIGHT))
    assert judged.outcome == "wrong"
    assert judged.error is not None
    assert judged.error.kind in ("PermissionError", "FileNotFoundError", "ValueError", "OSError")
    assert "4711" not in judged.error.message
    assert state(home) == before
    assert not Path("/dev/shm/bptt").exists()


def test_nothing_is_left_running_or_lying_about(judge: CodeJudge, quick: Exercise) -> None:
    submit(judge, quick, "while True: pass")
    pid = judge.runner._backend._process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    # The last verdict did not wait for its child to be cleaned away.
    deadline = time.monotonic() + 2
    while children.read_text() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert children.read_text() == ""
    (folder,) = {os.readlink(f"/proc/{pid}/cwd")}
    assert os.listdir(folder) == []


def test_reference_and_exercise_are_out_of_sight(judge: CodeJudge, quick: Exercise) -> None:
    for path in (Path("question_bank/exercises/rnn/step_forward.py"), Path("engine/__init__.py")):
        judged = submit(judge, quick, f"raise RuntimeError(open({str(path.resolve())!r}).read())")
        assert judged.error is not None
        assert judged.error.kind == "PermissionError"


TERRIBLE = {
    "a fork bomb": "import os\nwhile True:\n    os.fork()",
    "a thread bomb of forks": "import os, threading\nthreading.excepthook = lambda e: None\n"
    "for _ in range(50): threading.Thread(target=os.fork).start()\nos.fork()",
    "a signal to everything": "import os, signal\nos.kill(-1, signal.SIGKILL)",
}


@pytest.mark.parametrize("body", TERRIBLE.values(), ids=TERRIBLE)
def test_what_could_end_the_session_ends_nothing(
    judge: CodeJudge, quick: Exercise, tmp_path: Path, body: str
) -> None:
    namespace = ["unshare", "--pid", "--fork", "--kill-child"]
    try:
        alone = subprocess.run([*namespace, "true"], capture_output=True).returncode == 0
    except OSError:
        alone = False
    if not alone:
        # Without a namespace the calls are not tried; that the filter is on is what protects.
        assert judge.confinement().layers["seccomp"] == "on"
        assert judge.confinement().promises()["other-programs-unharmed"] == "yes"
        return
    script = tmp_path / "alone.py"
    source = HEAD + SIGNATURE + textwrap.indent(body, "    ")
    script.write_text(
        "from engine.code.judge import CodeJudge\nfrom question_bank.loader import load\n"
        "from engine.code.exercise import Exercise\n"
        "entry = load().exercises['rnn/step_forward']\n"
        "exercise = Exercise.parse('x', entry.source, {**entry.spec, 'seconds': 0.6})\n"
        "with CodeJudge() as judge:\n"
        f"    judged = judge.check(exercise, {source!r})\n"
        "    after = judge.check(exercise, exercise.solution)\n"
        "    print(judged.outcome, judged.error.kind, after.outcome)\n"
    )
    # A shell in between: the first process of a namespace is immune to signals from within.
    command = ["sh", "-c", f"{sys.executable} {script}; echo alive"]
    ran = subprocess.run(
        [*namespace, *command],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert ran.stdout.split() == ["wrong", "PermissionError", "correct", "alive"], ran
