"""Small banks for the tests, written to a folder."""

from pathlib import Path

CHOICE = """\
- id: {id}
  kind: choice
  fact: lstm.gates
  objectives: [D03]
  level: 1
  seconds: 40
  stem: {{en: "Which value keeps the state?", ja: "状態を保つ値はどれか。"}}
  options:
    - {{text: "f = 1", right: true}}
    - {{text: "f = 0", why: {{en: "That forgets.", ja: "それは忘れます。"}}}}
  explanation: {{en: "f multiplies the old state.", ja: "f は古い状態に掛かります。"}}
"""

EXERCISE = """\
id: rnn/step
title: {en: "A step", ja: "1ステップ"}
task: {en: "Fill it in.", ja: "穴を埋めてください。"}
objectives: [A04]
level: 2
seconds: 200
blanks: {a: {hints: [{en: "Shapes.", ja: "形状です。"}]}}
bugs: {sign: {title: {en: "Sign", ja: "符号"}, explain: {en: "Minus.", ja: "負です。"}}}
feedback: {sign-flipped: {en: "Look at the sign.", ja: "符号を見てください。"}}
judge: {function: step, tolerance: 1e-6, inputs: [{kind: normal}]}
"""

MISTAKES = """\
sign-flipped:
  name: {en: "sign", ja: "符号"}
  look: {en: "The sign is flipped.", ja: "符号が逆です。"}
"""


def write(folder: Path, **files: str) -> Path:
    """Each file below ``folder``: slashes as double underscores, ``.yaml`` added."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def whole_bank(folder: Path) -> Path:
    """Two sections, an exercise and a mistake."""
    write(
        folder,
        items__lstm__gates=CHOICE.format(id="gate-a") + CHOICE.format(id="gate-b"),
        items__rnn__first=CHOICE.format(id="first"),
        exercises__rnn__step=EXERCISE,
        mistakes__signs=MISTAKES,
    )
    (folder / "exercises" / "rnn" / "step.py").write_text("def step(x):\n    return -x\n", "utf-8")
    return folder
