"""What a malicious or an unlucky student hands in, and what has to be said of it; runs them all.

As a program (``python hostile_samples.py``) it judges every sample with one warm judge and prints
what became of each as a line of JSON; see ``test_code_hostile_set.py`` for where that may be done.
"""

import json
import os
import sys
import textwrap
import time
from pathlib import Path

HEAD = "import numpy as np\n"
SIGNATURE = "def step_forward(x, z_prev, W_in, W, b, W_out, c):\n"
RIGHT = (
    "u = x @ W_in + z_prev @ W + b\nz = np.tanh(u)\n"
    "return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))\n"
)
LAZY = "return x @ W_in, np.tanh(x @ W_in), np.ones((len(x), len(c)))\n"
REFERENCE = (
    HEAD + SIGNATURE + "    u = x @ W_in + z_prev @ W + b  #: a\n    z = np.tanh(u)\n"
    "    return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))\n"
)
SHAPES = {"x": "ND", "z_prev": "NH", "W_in": "DH", "W": "HH", "b": "H", "W_out": "HK", "c": "K"}
SPEC = {
    "function": "step_forward",
    "sizes": {"N": [2, 4], "D": [2, 5], "H": [2, 6], "K": [2, 5]},
    "arguments": {name: {"shape": list(shape)} for name, shape in SHAPES.items()},
    "outputs": {name: {"shape": ["N", "K" if name == "y" else "H"]} for name in "uzy"},
    "seconds": 0.8,
}
# Looks through its own memory, from the end of the heap on downwards, for a text.
SCAN = """
import ctypes, os
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
def scan(text):
    r, w = os.pipe()
    end, found = libc.sbrk(0) & ~4095, []
    for page in range(4000):
        if libc.write(w, end - 4096 * page, 4096) == 4096:
            held = os.read(r, 4096)
            at = held.find(text)
            if at >= 0:
                found.append(held[max(0, at - 30) : at + 50])
    return found
kept = []
"""

# Name: (what must be said, lines at the top of the file, body of the function).
# "wrong", "correct", "undecided"; "wrong KIND" also names the error.
SAMPLES: dict[str, tuple[str, str, str]] = {
    # -- patched libraries and interpreters ---------------------------------------------------
    "comparisons that always agree": (
        "wrong",
        "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
        "import numpy.testing as t\nt.assert_allclose = lambda *a, **k: None\n",
        LAZY,
    ),
    "np.ndarray replaced": ("wrong", "np.ndarray = list\n", RIGHT),
    "numpy itself replaced": (
        "wrong",
        "import sys, types\nfake = types.ModuleType('numpy')\nfake.tanh = np.cosh\n"
        "fake.exp = np.exp\nsys.modules['numpy'] = fake\n",
        "import numpy as np\n" + RIGHT,
    ),
    "a tracer that empties every frame": (
        "wrong",
        "import sys\ndef tracer(frame, event, arg):\n"
        "    for value in list(frame.f_locals.values()):\n"
        "        if type(value) is dict: value.clear()\n    return tracer\n",
        "sys.settrace(tracer)\n" + LAZY,
    ),
    "a tracer that only looks on": (
        "correct", "import sys\nsys.settrace(lambda f, e, a: None)\n", RIGHT),
    "a profiler that ends the process": (
        "wrong", "import sys, os\nsys.setprofile(lambda f, e, a: os._exit(0))\n", RIGHT),
    "an audit hook that forbids everything": (
        "wrong",
        "import sys\ndef hook(*a): raise RuntimeError('no')\nsys.addaudithook(hook)\n",
        "open('/dev/null')\n" + RIGHT,
    ),
    "imports that fail": (
        "correct", "import builtins\nbuiltins.__import__ = None\n", RIGHT),
    # -- looking for the answer ---------------------------------------------------------------
    "every object of the collector": (
        "wrong",
        "import gc, types\n",
        "for o in gc.get_objects():\n"
        "    if isinstance(o, types.FunctionType) and o.__name__ == 'step_forward' "
        "and o is not step_forward:\n        return o(x, z_prev, W_in, W, b, W_out, c)\n"
        "    if isinstance(o, dict):\n"
        "        for key in ('expected', 'truth', 'solution', 'reference'):\n"
        "            if key in o: return o[key]\nraise LookupError",
    ),
    "the program's own memory": (
        "wrong",
        SCAN,
        "own, others = b'ra' + b'ise Loo', b'z_prev @ W + ' + b'b  #: a'\n"
        "if not kept: kept.append((len(scan(own)) > 0, scan(others)))\n"
        "raise LookupError(kept)",
    ),
    "all frames above": (
        "wrong",
        "import sys\n",
        "frame, texts = sys._getframe(1), []\nwhile frame:\n"
        "    for v in [*frame.f_locals.values(), *frame.f_globals.values()]:\n"
        "        text = str(v)[:100000]\n"
        "        if 'z_prev @ ' + 'W + b' in text: texts.append(text)\n"
        "    frame = frame.f_back\nraise LookupError(len(texts))",
    ),
    "a file of the engine": ("wrong", "", "import engine.code.judge\n" + RIGHT),
    # -- forged results -----------------------------------------------------------------------
    "the sender's own tools": (
        "wrong",
        "import sys, os\n",
        "frame = sys._getframe(1)\nwhile frame and 'Sender' not in frame.f_globals:\n"
        "    frame = frame.f_back\n"
        "pack = frame.f_globals['pack']\nnothing = {'k': 'mapping', 'n': [], 'i': []}\n"
        "for fd in range(3, 64):\n    for case in range(12):\n        try:\n"
        "            os.write(fd, pack({'f': 'call', 'p': 0, 'c': case, 'v': nothing}))\n"
        "        except OSError: pass\n    try: os.write(fd, pack({'f': 'end'}))\n"
        "    except OSError: pass\nos._exit(0)",
    ),
    "a judgement in JSON": (
        "wrong", "import os\n",
        "for fd in range(3, 64):\n    try: os.write(fd, b'{\"outcome\": \"correct\"}')\n"
        "    except OSError: pass\n" + LAZY,
    ),
    "a message that never ends": (
        "wrong", "import os\n",
        "for fd in range(3, 64):\n    try: os.write(fd, b'DOJO' + b'\\xff' * 12)\n"
        "    except OSError: pass\nos._exit(0)",
    ),
    "threads that write into the channel": (
        "wrong",
        "import os, threading\ndef chatter():\n    while True:\n        for fd in range(3, 10):\n"
        "            try: os.write(fd, b'x')\n            except OSError: pass\n"
        "for _ in range(4): threading.Thread(target=chatter, daemon=True).start()\n",
        LAZY,
    ),
    "results to the screen": (
        "wrong ended", "import os\nfor fd in range(3, 64):\n    try: os.dup2(1, fd)\n"
        "    except OSError: pass\n", RIGHT),
    "every descriptor closed": ("wrong ended", "import os\nos.closerange(0, 300)\n", RIGHT),
    "a channel that does not wait": (
        "wrong",
        "import os\nfor fd in range(3, 64):\n    try: os.set_blocking(fd, False)\n"
        "    except OSError: pass\n",
        "return (np.zeros((1500, 1000)),) * 3",
    ),
    "a last will in __del__": (
        "wrong",
        "import os\nclass Will:\n    def __del__(self):\n        for fd in range(3, 64):\n"
        "            try: os.write(fd, b'DOJO')\n            except OSError: pass\n"
        "        os._exit(0)\nwill = Will()\n",
        LAZY,
    ),
    "a last will and right numbers": (
        "correct",
        "import atexit, time, weakref\nclass Will:\n    def __del__(self):\n"
        "        while True: pass\n"
        "will = Will()\natexit.register(time.sleep, 99)\nweakref.finalize(will, time.sleep, 99)\n",
        RIGHT,
    ),
    # -- objects that lie ---------------------------------------------------------------------
    "an array that agrees with everything": (
        "wrong",
        "class Sly(np.ndarray):\n    def __eq__(self, o): return True\n"
        "    def __array__(self, *a, **k): raise SystemExit\n"
        "    def __array_ufunc__(self, *a, **k): return True\n"
        "    def __array_function__(self, *a, **k): return True\n"
        "    def __array_finalize__(self, o): pass\n    def tobytes(self, *a): return b''\n"
        "    def view(self, *a): return self\n    dtype = property(lambda self: 'float64')\n"
        "    shape = property(lambda self: (2, 2))\n    def __reduce__(self): raise SystemExit\n",
        "return tuple(np.zeros((len(x), k)).view(np.ndarray).view(Sly)\n"
        "             for k in (len(b), len(b), len(c)))",
    ),
    "numbers that lie": (
        "wrong",
        "class F(float):\n    def __float__(self): return 0.0\n"
        "    def __eq__(self, o): return True\n"
        "class G(np.float64):\n    def __array__(self, *a, **k): return np.zeros((2, 2))\n",
        "return F(1), G(2), [F(3)]",
    ),
    "a tuple with other items": (
        "wrong",
        "class T(tuple):\n    def __iter__(self): return iter([1, 2, 3])\n"
        "    def __len__(self): return 3\n    def __getitem__(self, i): return 1.0\n",
        "return T([x, x, x])",
    ),
    "an honest subclass": (
        "correct",
        "class Mine(np.ndarray): pass\n",
        RIGHT.replace("return u", "u = u.view(Mine)\nreturn u"),
    ),
    "generators": ("wrong", "", "while True:\n    yield x"),
    "a generator of arrays": ("wrong", "", "return (v for v in (x, x, x))"),
    "nothing but NaN": (
        "wrong", "",
        "return tuple(np.full((len(x), k), np.nan) for k in (len(b), len(b), len(c)))"),
    "NaN where zero belongs": (
        "wrong", "", RIGHT.replace("return u,", "return np.where(u == u, np.nan, u),")),
    "complex numbers": ("wrong", "", RIGHT.replace("return u,", "return u + 0j,")),
    "a list nested ten thousand deep": (
        "wrong", "", "deep = []\nfor _ in range(10_000): deep = [deep]\nreturn deep, deep, deep"),
    "a repr without end": (
        "wrong",
        "class R:\n    def __repr__(self): return repr(self) + repr([self])\n"
        "    __str__ = __repr__\n",
        "raise ValueError(R())",
    ),
    # -- exceptions ---------------------------------------------------------------------------
    "an exception whose text lies": (
        "wrong Lie",
        "class Text(str):\n    def __getitem__(self, i): return self\n"
        "    def encode(self, *a): return self\n    def decode(self, *a): return ['no text']\n"
        "class Lie(BaseException):\n    def __str__(self): return Text('correct')\n",
        "raise Lie",
    ),
    "an exception without an end of its traceback": (
        "wrong Loop",
        "class Loop(BaseException):\n    @property\n    def __traceback__(self):\n"
        "        class T: pass\n        t = T()\n        t.tb_next = t\n        t.tb_lineno = 1\n"
        "        t.tb_frame = T()\n        t.tb_frame.f_code = T()\n"
        "        t.tb_frame.f_code.co_filename = '<answer>'\n        return t\n",
        "raise Loop",
    ),
    "an interrupt from within": (
        "wrong KeyboardInterrupt", "import _thread\n",
        "_thread.interrupt_main()\nwhile True: pass"),
    "the end of the interpreter": (
        "wrong", "import ctypes\n", "ctypes.pythonapi.Py_FinalizeEx()\n" + RIGHT),
    # -- signals, time, memory ----------------------------------------------------------------
    "an alarm clock": (
        "wrong ended", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\n",
        "while True: pass"),
    "alarms that raise for ever": (
        "wrong",
        "import signal\ndef ring(*a): raise OSError('ring')\nsignal.signal(signal.SIGALRM, ring)\n",
        "signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)\nwhile True:\n    try:\n"
        "        while True: pass\n    except OSError: pass",
    ),
    "a fault in C": ("wrong crashed", "import faulthandler\n", "faulthandler._sigsegv()"),
    "a trap": ("wrong crashed", "import os, signal\n", "os.kill(os.getpid(), signal.SIGILL)"),
    "a number too large to compute": ("wrong timeout", "", "return 7 ** 7 ** 9"),
    "an endless pattern": (
        "wrong timeout", "import re\n", "return re.match('(a+)+$', 'a' * 60 + 'b')"),
    "recursion without a limit": (
        "wrong", "import sys\nsys.setrecursionlimit(10**9)\n",
        "return step_forward(x, z_prev, W_in, W, b, W_out, c)"),
    "an address space": ("wrong", "import mmap\n", "keep = mmap.mmap(-1, 1 << 34)\n" + RIGHT),
    "two thousand threads": (
        "wrong", "import threading, time\n",
        "for _ in range(2000): threading.Thread(target=time.sleep, args=(99,)).start()\n" + RIGHT),
    "a thousand open files": (
        "wrong OSError", "", "keep = [open('/dev/null') for _ in range(1000)]\n" + RIGHT),
    "a flood before right numbers": (
        "undecided", "import sys\n", "sys.stdout.write('x' * 10**6)\n" + RIGHT),
    "a flood of errors": (
        "undecided", "import os\n", "while True: os.write(2, b'y' * 65536)\n"),
    "results without measure": ("wrong", "", "return (np.zeros((4000, 4000)),) * 3"),
    # -- files --------------------------------------------------------------------------------
    "its own memory as a file": (
        "wrong PermissionError", "", "open('/proc/self/mem', 'r+b')\n" + RIGHT),
    "its own map": ("wrong PermissionError", "", "open('/proc/self/maps').read()\n" + RIGHT),
    "a symbolic link": ("wrong PermissionError", "import os\n", "os.symlink(HOME, 'link')"),
    "a hard link": ("wrong PermissionError", "import os\n", "os.link(HOME + '/note', 'link')"),
    "the mode of its folder": ("wrong PermissionError", "import os\n", "os.chmod('.', 0o777)"),
    "an invisible file": (
        "wrong", "import os\n", "os.open('.', os.O_TMPFILE | os.O_RDWR)\n" + RIGHT),
    "a temporary folder": (
        "wrong", "import tempfile, os\n",
        "tempfile.mkdtemp(dir=os.environ.get('TMPDIR', '/tmp'))\n" + RIGHT),
    "a file by np.memmap": (
        "wrong PermissionError", "", "np.memmap(HOME + '/map', mode='w+', shape=(9,))\n" + RIGHT),
    "a note read": ("wrong PermissionError", "", "print(open(HOME + '/note').read())"),
    "flags of a file": (
        "wrong PermissionError", "import fcntl, os\n",
        "fd = os.open(os.__file__, os.O_RDONLY)\nfcntl.ioctl(fd, 0x80086601, bytes(8))\n" + RIGHT),
    "a named pipe": ("wrong PermissionError", "import os\n", "os.mkfifo('pipe')\n" + RIGHT),
    # -- processes ----------------------------------------------------------------------------
    "a daemon": (
        "wrong PermissionError", "import os, time\n",
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(99)\n" + RIGHT),
    "fork through C": (
        "wrong ChildProcessError", "import ctypes\n",
        "libc = ctypes.CDLL(None)\nif libc.fork() == -1 and libc.vfork() == -1 "
        "and libc.syscall(57) == -1:\n    raise ChildProcessError\nlibc.pause()"),
    "another program": (
        "wrong", "import os, sys\n", "os.execv('/bin/sh', ['sh', '-c', 'sleep 99'])\n" + RIGHT),
    "a spawned program": (
        "wrong PermissionError", "import os\n",
        "os.posix_spawn('/bin/sleep', ['sleep', '99'], {})\n" + RIGHT),
    "a terminal of its own": ("wrong", "import pty\n", "pty.fork()\n" + RIGHT),
    "more of everything": (
        "wrong", "import resource\n",
        "resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))\n" + RIGHT),
    "a signal by descriptor": (
        "wrong PermissionError", "import fcntl, os\n",
        "r, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETOWN, os.getppid())\n" + RIGHT),
    "its parent's memory": (
        "wrong ProcessLookupError", "import ctypes, os\n",
        "here = (ctypes.c_ulong * 2)(ctypes.addressof(ctypes.create_string_buffer(64)), 64)\n"
        "if ctypes.CDLL(None).process_vm_readv(os.getppid(), here, 1, here, 1, 0) == -1:\n"
        "    raise ProcessLookupError"),
    # -- unlucky, but right -------------------------------------------------------------------
    "one buffer for all calls": (
        "correct", "kept = {}\n",
        "u = x @ W_in + z_prev @ W + b\nz = kept.setdefault(u.shape, np.empty(u.shape))\n"
        "np.tanh(u, out=z)\nreturn u, z, 1 / (1 + np.exp(-(z @ W_out + c)))"),
    "odd memory": (
        "correct", "",
        RIGHT.replace("return u, z,", "u = np.asfortranarray(u)[::-1][::-1].astype('>f8')\n"
                      "z.flags.writeable = False\nreturn u, z,")),
    "computed by threads": (
        "correct", "import threading\n",
        "box = {}\ndef work(): box['u'] = x @ W_in + z_prev @ W + b\n"
        "t = threading.Thread(target=work)\nt.start()\nt.join()\nu = box['u']\nz = np.tanh(u)\n"
        "return u, z, 1 / (1 + np.exp(-(z @ W_out + c)))"),
    "closed streams": (
        "correct", "import sys\nsys.stdout.close()\nsys.stderr.close()\n", RIGHT),
    "a name of the judge's": (
        "correct", "run = perform = outcome = argument = encode = source = None\n", RIGHT),
}  # fmt: skip


def source_of(name: str, home: str) -> str:
    """The file that is handed in."""
    _, top, body = SAMPLES[name]
    return f"{HEAD}HOME = {home!r}\n{top}\n{SIGNATURE}{textwrap.indent(body, '    ')}\n"


def main(home: str, every: int) -> None:
    from engine.code.exercise import Exercise
    from engine.code.judge import CodeJudge

    exercise = Exercise.parse("test/step", REFERENCE, SPEC)
    with CodeJudge() as judge:
        judge.check(exercise, exercise.solution)
        zygote = judge.runner._backend._process.pid
        for name in list(SAMPLES)[::every]:
            judged = judge.check(exercise, source_of(name, home), shrink=False)
            kind = judged.error.kind if judged.error else ""
            after = judge.check(exercise, exercise.solution).outcome
            message = judged.error.message if judged.error else ""
            said = [name, judged.outcome, kind, after, message]
            print(json.dumps(said), flush=True)
        own = (1, os.getpid(), os.getppid(), zygote)
        strangers, deadline = [0], time.monotonic() + 2
        # The last verdict did not wait for its child to be cleaned away.
        while strangers and time.monotonic() < deadline:
            alive = [int(pid) for pid in os.listdir("/proc") if pid.isdigit()]
            strangers = [pid for pid in alive if pid not in own]
        same = judge.runner._backend._process.pid == zygote
        left = os.listdir(os.readlink(f"/proc/{zygote}/cwd")) if same else ["another process"]
        print(json.dumps(["end", strangers, left]), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(sys.argv[1], int(sys.argv[2]))
