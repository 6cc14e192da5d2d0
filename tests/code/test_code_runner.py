"""The runner: processes that come back, other ways to get one, and what is promised where."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine.code.judge import CodeJudge, shared_judge
from engine.code.runner import Limits, Program, Runner, Task
from engine.code.sandbox import linux_calls
from engine.code.sandbox.report import PROMISES, Confinement

SQUARE = Program("def f(x):\n    return x * x\n", "f")
CASES = [{"x": np.arange(3.0)}, {"x": np.array(2.0)}]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs fork")


@pytest.fixture(params=["fork", "spare"] if sys.platform == "linux" else ["spare"])
def runner(request: pytest.FixtureRequest):
    with Runner(request.param) as runner:
        yield runner


def test_both_ways_to_get_a_process_give_the_same_values(runner: Runner) -> None:
    run = runner.run(Task([SQUARE, SQUARE], CASES))
    assert run.how == "answered"
    for program in run.programs:
        assert np.array_equal(program.calls[0].value.array, [0.0, 1.0, 4.0])
        assert program.calls[1].value.array == 4.0


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("def f(x):\n    while True: pass\n", "timeout"),
        ("def f(x):\n    while True: print('spam' * 99)\n", "too-much-output"),
        ("import os\ndef f(x): os._exit(3)\n", "ended"),
        ("import os\ndef f(x): os.abort()\n", "crashed"),
        ("import os\ndef f(x):\n    for i in range(3, 20):\n        try: os.write(i, b'?')\n"
         "        except OSError: pass\n", "bad-channel"),
        ("import numpy as np\ndef f(x): return np.zeros(1_500_000)\n", "too-much-results"),
    ],
)  # fmt: skip
def test_both_ways_end_what_does_not_end_well(runner: Runner, source: str, how: str) -> None:
    cases = CASES * 2 if how == "too-much-results" else CASES
    run = runner.run(Task([Program(source, "f")], cases, Limits(seconds=0.5)))
    assert run.how == how
    assert runner.run(Task([SQUARE], CASES)).how == "answered"


def test_a_mutant_that_hangs_costs_the_others_nothing() -> None:
    endless = Program("def f(x):\n    while True: pass\n", "f")
    with Runner() as runner:
        run = runner.run(Task([endless, SQUARE], CASES, alarm=0.1))
    assert run.programs[0].calls[0].error.kind == "timeout"
    assert run.programs[1].calls[1].value.array == 4.0


def test_what_is_printed_comes_back(runner: Runner) -> None:
    loud = Program("def f(x):\n    print('x is', x.shape)\n    return x\n", "f")
    run = runner.run(Task([loud], CASES, stream=True))
    assert run.output == "x is (3,)\nx is ()\n"


@linux_only
def test_a_zygote_that_dies_while_idle_is_replaced_unnoticed() -> None:
    with Runner("fork") as runner:
        runner.run(Task([SQUARE], CASES))
        process = runner._backend._process
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert runner.run(Task([SQUARE], CASES)).how == "answered"


@linux_only
def test_a_zygote_that_dies_at_work_loses_one_task_only() -> None:
    with Runner("fork") as runner:
        runner.warm()
        process = runner._backend._process
        threading.Timer(0.3, os.kill, (process.pid, signal.SIGKILL)).start()
        slow = Program("import time\ndef f(x): time.sleep(5)\n", "f")
        assert runner.run(Task([slow], CASES)).how == "runner-lost"
        assert runner.run(Task([SQUARE], CASES)).how == "answered"


@pytest.mark.parametrize("after", [0.03, 0.4], ids=["while it starts", "at work"])
def test_a_task_can_be_cancelled_from_another_thread(runner: Runner, after: float) -> None:
    threading.Timer(after, runner.cancel).start()
    slow = Program("import time\ndef f(x): time.sleep(9)\n", "f")
    began = time.monotonic()
    assert runner.run(Task([slow], CASES, Limits(seconds=8))).how == "cancelled"
    assert time.monotonic() - began < 5
    assert runner.run(Task([SQUARE], CASES)).how == "answered"


@linux_only
def test_a_thread_that_started_the_zygote_may_end() -> None:
    with Runner("fork") as runner:
        thread = threading.Thread(target=runner.warm)
        thread.start()
        thread.join()
        time.sleep(0.05)
        assert runner._backend._process.poll() is None
        assert runner.run(Task([SQUARE], CASES)).how == "answered"


def test_many_threads_share_one_runner() -> None:
    with Runner() as runner, ThreadPoolExecutor(6) as pool:
        runs = list(pool.map(lambda _: runner.run(Task([SQUARE], CASES)), range(18)))
    assert all(run.programs[0].calls[1].value.array == 4.0 for run in runs)


@linux_only
def test_an_app_killed_in_the_middle_leaves_no_process(tmp_path) -> None:
    script = (
        "from engine.code.runner import *\nr = Runner('fork'); r.warm()\n"
        "print(r._backend._process.pid, flush=True)\n"
        "r.run(Task([Program('def f():\\n    while True: pass\\n', 'f')], [{}], Limits(30.0)))\n"
    )
    app = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    zygote = int(app.stdout.readline())
    children = f"/proc/{zygote}/task/{zygote}/children"
    deadline = time.monotonic() + 5
    learner: list[str] = []
    while not learner and time.monotonic() < deadline:
        with open(children) as file:
            learner = file.read().split()
    assert learner
    app.kill()
    app.wait()
    while time.monotonic() < deadline:
        if not any(os.path.exists(f"/proc/{pid}") for pid in (zygote, *learner)):
            break
        time.sleep(0.01)
    assert not os.path.exists(f"/proc/{learner[0]}")
    assert not os.path.exists(f"/proc/{zygote}")


@linux_only
def test_every_layer_is_on_where_the_kernel_has_it() -> None:
    with Runner("fork") as runner:
        confinement = runner.confinement()
    assert confinement.layers["limits"] == "on"
    assert confinement.layers["no-new-privileges"] == "on"
    assert confinement.layers["seccomp"] == "on"
    if confinement.layers["landlock"] == "on":
        assert set(confinement.promises().values()) == {"yes"}
        assert confinement.files_safe


ALL = {"limits": "on", "no-new-privileges": "on", "landlock": "on", "seccomp": "on"}


@pytest.mark.parametrize(
    ("layers", "promise", "holds"),
    [
        (ALL, "files-unread", "yes"),
        (ALL | {"landlock": "ENOSYS"}, "files-unread", "no"),
        (ALL | {"landlock": "ENOSYS"}, "files-unharmed", "yes"),
        (ALL | {"landlock": "ENOSYS"}, "pass-cannot-be-forged", "partly"),
        (ALL | {"seccomp": "unknown-machine"}, "no-network", "partly"),
        (ALL | {"seccomp": "unknown-machine"}, "files-unharmed", "partly"),
        ({"limits": "on", "landlock": "EPERM", "seccomp": "EINVAL"}, "files-unharmed", "no"),
        ({"limits": "on", "profile": "on"}, "memory-limited", "no"),
        ({"job": "on"}, "files-unharmed", "no"),
        ({"job": "on"}, "nothing-left-running", "yes"),
        ({}, "time-and-output-limited", "yes"),
        ({}, "no-network", "no"),
    ],
)
def test_promises_follow_from_what_was_managed(layers: dict, promise: str, holds: str) -> None:
    promises = Confinement("fork", layers).promises()
    assert set(promises) == set(PROMISES)
    assert promises[promise] == holds


def test_both_tables_of_system_calls_name_each_call_once() -> None:
    for machine in ("x86_64", "aarch64"):
        denied, tested = linux_calls.denied(machine), linux_calls.tested(machine)
        assert not set(denied) & set(tested)
        numbers = [*denied.values(), *tested.values()]
        assert len(set(numbers)) == len(numbers)
        assert {"socket", "execve", "unlinkat", "ptrace"} <= set(denied)


def test_the_shared_judge_is_one(judge: CodeJudge) -> None:
    assert shared_judge() is shared_judge()
    assert shared_judge() is not judge
