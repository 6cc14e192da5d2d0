"""The notes linter: which formulas it sees, where it says they stand, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drills.notes.formulas import formulas
from drills.notes.text import Source, UnreadableNotesError, decoded

RIGHT = r"W^{t+1} = W^t - \epsilon \sum_{s=0}^{T_t} \delta^{t-s} [z^{t-s-1}]^T"
WRONG = r"W^{t+1} = W_{(in)}^t - \epsilon \sum_{z=0}^{T_t} \delta^{t-z} [x^{t-z-1}]^T"
STATE = r"z^t = f(W_{(in)} x^t + W z^{t-1} + b)"
CASES = r"y = \begin{cases} a & b \\ c & d \end{cases}"
NO_PAST = r"u^t = W_{(in)} x^t + b"


@pytest.fixture
def lint(bptt: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """``lint(text, name="n.md", encoding="utf-8")``: code, claims as JSON, and the text again."""

    def run(text: str | bytes, name: str = "n.md", encoding: str = "utf-8") -> Any:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return bptt("notes", str(file), "--json")

    return run


def found(text: str, latex: bool = False) -> list[str]:
    return [one.written for one in formulas(Source(text), latex)]


@pytest.mark.parametrize(
    "wrapped",
    [
        "${}$", "text $ {} $ text", "$${}$$", "$$\n{}\n$$", r"\({}\)", r"so \[ {} \] follows",
        r"\\( {} \\)", "\\begin{{equation}}\n{}\n\\end{{equation}}", "$`{}`$", "```math\n{}\n```",
        "\\begin{{displaymath}}{}\\end{{displaymath}}", "| a | ${}$ | b |", "### ${}$", "{}",
        "- {}", "* ${}$", "3. {}", "> {}", "{}   (3.4)", "\\begin{{gather*}} {} \\end{{gather*}}",
        "$$\\begin{{aligned}}{}\\end{{aligned}}$$", "full width ：$ {} $",
    ],
)  # fmt: skip
def test_a_formula_is_found_however_it_is_set_off(lint: Callable[..., Any], wrapped: str) -> None:
    formula = STATE
    text = "Some words.\n\n" + wrapped.format(formula) + "\n\nmore words\n"
    ran = lint(text)

    (claim,) = ran.json_lines
    assert claim["formula"] == formula
    line = text.splitlines()[claim["line"] - 1]
    assert line[claim["column"] - 1 :].startswith(formula)
    assert claim["outcome"] == "correct"
    assert ran.code == 0


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [
        ("utf-8", "\n"), ("utf-8", "\r\n"), ("utf-8-sig", "\n"), ("utf-8-sig", "\r\n"),
        ("cp932", "\n"), ("cp932", "\r\n"), ("utf-16", "\n"), ("utf-8", "\r"),
    ],
)  # fmt: skip
def test_line_and_column_count_characters_in_every_encoding(
    lint: Callable[..., Any], encoding: str, newline: str
) -> None:
    lines = [
        "# 再帰型ニューラルネットワーク（ＲＮＮ）",
        "",
        f"\t重み W の更新は、表のとおり ${RIGHT}$ です。更新の誤りは ${WRONG}$ です。",
        "",
        "$$",
        f"　{STATE}",
        "$$",
    ]
    # A line with a tab is no code here: it goes on with the text of a list.
    lines[1] = "- 箇条書き"
    ran = lint(newline.join(lines), encoding=encoding)

    places = [(one["line"], one["column"], one["outcome"]) for one in ran.json_lines]
    assert places == [
        (3, lines[2].index(RIGHT) + 1, "correct"),
        (3, lines[2].index(WRONG) + 1, "wrong"),
        (6, 2, "correct"),
    ]


def test_the_mistakes_of_a_line_are_named_where_they_stand(lint: Callable[..., Any]) -> None:
    (claim,) = lint(f"see ${WRONG}$").json_lines

    codes = [mistake["code"] for mistake in claim["mistakes"]]
    assert codes == ["wrong-parameter", "wrong-signal"]
    marked = [claim["formula"][slice(*mistake["span"])] for mistake in claim["mistakes"]]
    assert marked == ["W_{(in)}^t", "[x^{t-z-1}]^T"] or marked[0] == "W_{(in)}^t"
    assert claim["target"] == "rnn.W.update"


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{WRONG}\n```",
        f"```python\n{NO_PAST}\n```\n",
        f"~~~~\n$ {WRONG} $\n~~~\n~~~~",
        f"Text:\n\n    ${WRONG}$\n\nmore",
        f"Text `${WRONG}$` and ``{NO_PAST}`` more",
        f"<pre>{WRONG}</pre>",
        f"<!-- ${WRONG}$ -->",
        f"---\nmath: ${WRONG}$\n---\n",
        "W -= learning_rate * W_in_grad",
        "import numpy as np\nu = np.dot(x, W_in)\nz = sigmoid(u)\ny = z + b\n",
        "for t in range(8):\n  u[:,t+1] = np.dot(X, W_in)\n  z = x\n",
        "export PATH=$HOME/bin:$PATH\necho $W = $W_in",
        "$ pip install x\n$ W = 1",
        "It costs $5 and $6, or US$7-$8.",
        "The width is 5, $x$ is the input, $t-1$ the step, $\\delta^t$ an error.",
        "$h_0 = 0$, $T = 5$, $b = 0$, $z^0 = 0$, $t = 1, \\dots, T$ and $W \\in R^{H \\times H}$",
        "In a layer $y = Wx + b$, $z = \\sigma(Wx + b)$, and $\\frac{\\partial L}{\\partial W} = "
        "x^T \\frac{\\partial L}{\\partial y}$.",
        "$E = \\frac{1}{2} (y - d)^2$ and $a^l = f(z^l)$, $i = i + 1$",
        "$c_t = c_{t-1}$ where the gate is open, $h_t = f(x_t)$, $y_t = g(h_t)$",
        "$x_t = x_{t-1} - g_t'$ and $=n$ and $n = $ and $u = v + (u - v)$",
        "$a(q, k_i) = -\\frac{1}{2} \\|q - k_i\\|^2 = q^T k_i - \\frac{1}{2} \\|k_i\\|^2 - "
        "\\frac{1}{2} \\|q\\|^2$",
        "a = b",
        "u^t is the pre-activation, and the delta of W = W_in x^t is none of it",
    ],
)
def test_what_claims_nothing_and_what_is_code_has_no_line(
    lint: Callable[..., Any], text: str
) -> None:
    ran = lint(text)

    assert ran.out == ""
    assert ran.code == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price $5 and a formula $u = x$", ["u = x"]),
        ("$5$ and $6, then $u = x$", ["5", "u = x"]),
        ("\\$ $u = x$ \\$", ["u = x"]),
        ("$$u = x$$ $y = z$", ["u = x", "y = z"]),
        ("$a = b\n\nc$ d = e", []),
        ("\\begin{align}\nu &= x \\\\[2pt]\nz &= f(u)\n\\end{align}", ["u &= x", "z &= f(u)"]),
        ("\\begin{align}\nu &= x \\\\\n  &+ y\\label{a}\n\\end{align}", ["u &= x \\\\\n  &+ y"]),
        (f"$${CASES}$$", [CASES]),
        ("a\n  u = x + y\nb", ["u = x + y"]),
        ("the state is u = x + y in our case here", []),
        ("¥begin{align}u = x¥end{align}", ["u = x"]),
    ],
)  # fmt: skip
def test_where_formulas_begin_and_end(text: str, expected: list[str]) -> None:
    assert [one.rstrip() for one in found(text)] == expected


def test_latex_has_listings_and_comments_but_no_indented_code(lint: Callable[..., Any]) -> None:
    text = "\n".join(
        [
            r"\begin{lstlisting}",
            f"  ${WRONG}$",
            r"\end{lstlisting}",
            f"% ${WRONG}$",
            "",
            r"    \begin{align}",
            rf"      u^t &= W_{{(in)}} x^t + W z^{{t-1}} + b, \label{{eq:u}} \\  % ${WRONG}$",
            r"      z^t &= f(u^t).",
            r"    \end{align}",
        ]
    )
    ran = lint(text, "n.tex")

    places = [(one["line"], one["column"], one["target"]) for one in ran.json_lines]
    assert places == [(7, 7, "rnn.u"), (8, 7, "rnn.z")]


def test_a_row_may_use_what_the_rows_above_it_define(lint: Callable[..., Any]) -> None:
    text = "\\begin{align}\nv^t &= W_{(out)} z^t \\\\\ny^t &= g(v^t + c)\n\\end{align}"

    assert "wrong" not in [one["outcome"] for one in lint(text).json_lines]


def test_every_file_is_read_and_an_unreadable_one_is_a_usage_error(
    bptt: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(f"${WRONG}$", "utf-8")
    (tmp_path / "b.bin").write_bytes(b"\x00\x81\xff\xff")
    ran = bptt("notes", *(str(tmp_path / name) for name in ("b.bin", "no.md", "a.md")), "--json")

    assert ran.code == 2
    assert ran.json["file"].endswith("a.md")
    assert "b.bin" in ran.err
    assert "no.md" in ran.err


@pytest.mark.parametrize(("language", "word"), [("en", "1 wrong"), ("ja", "誤り 1個")])
def test_the_text_names_file_line_and_column_like_a_linter(
    bptt: Callable[..., Any], tmp_path: Path, language: str, word: str
) -> None:
    file = tmp_path / "n.txt"
    file.write_text(f"first\n  {WRONG}\n", "utf-8")
    ran = bptt("--lang", language, "notes", str(file))

    assert ran.code == 1
    assert ran.out.startswith(f"{file}:2:3: ✗ rnn.W.update")
    assert word in ran.err


def test_bytes_of_no_encoding_are_told_from_text() -> None:
    with pytest.raises(UnreadableNotesError):
        decoded(b"\x81\x00\xff")
    assert decoded("\ufeffW".encode()).text == "W"
    assert decoded("重み".encode("cp932")).text == "重み"


LINEAR = r"h_t = W_{xh} x_t + W_{hh} h_{t-1}"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("Let the activation be the identity function.", "correct"),
        ("活性化関数は恒等写像とする。", "correct"),
        ("The state is computed so.", "wrong"),
    ],
)
def test_a_text_may_say_that_its_network_is_linear(
    lint: Callable[..., Any], said: str, outcome: str
) -> None:
    (claim,) = lint(f"{said}\n\n$${LINEAR}$$\n").json_lines

    assert claim["outcome"] == outcome
