"""An exercise that is read in English in both languages is said to be so."""

from drills.authoring.untranslated import english_only
from question_bank.model import ExerciseEntry
from question_bank.text import Place, Text

SILENT = "def step(x, W):\n    u = x @ W  #: a\n    return u\n"
DESCRIBED = '"""One step."""\n\n\n' + SILENT
NOTED = SILENT.replace("    u =", "    # One row an example.\n    u =")
JUDGES = SILENT + '\n\n#: judge\ndef other(x):\n    """Not shown."""  # nor this\n    return x\n'


def entry(source, japanese=None):
    spec = {
        "function": "step",
        "sizes": {"N": [2, 4], "D": [2, 4], "H": [2, 4]},
        "arguments": {"x": {"shape": ["N", "D"]}, "W": {"shape": ["D", "H"]}},
        "outputs": {"u": {"shape": ["N", "H"]}},
    }
    if japanese is not None:
        spec["japanese"] = japanese
    same = Text("One step", "1ステップ")
    return ExerciseEntry(
        "rnn/step", source, spec, Place("step.yaml", 1, 1), "rnn", same, same, ("A04",), 1, 60,
        places={"judge": (9, 1)}, hash=f"{source}{japanese}",
    )  # fmt: skip


def test_docstrings_and_comments_that_are_shown_need_japanese_ones():
    japanese = {"docstrings": {"module": "1ステップ。"}}
    cases = [
        (DESCRIBED, None, True),
        (NOTED, None, True),
        (SILENT, None, False),
        (JUDGES, None, False),
        (DESCRIBED, japanese, False),
        (NOTED, {"comments": {"One row an example.": "1行が1例。"}}, False),
        # What the engine cannot read is a problem, and told as one elsewhere.
        (DESCRIBED, {"docstrings": {}}, False),
    ]
    for source, given, warned in cases:
        found = list(english_only([entry(source, given)]))
        assert [problem.place for problem in found] == [Place("step.yaml", 9, 1)] * warned, source
        assert all("rnn/step have no Japanese" in problem.message.en for problem in found)
