"""From nothing to a certified question: templates, schema, and a folder of one's own."""

import json
import re

import pytest

from drills.authoring.schema import schema
from drills.authoring.templates import names, template
from drills.certification import certify
from drills.cli import main
from drills.grading import resolve
from question_bank.index import open_bank
from question_bank.loader import load


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", names())
def test_a_template_is_a_question_that_certifies(tmp_path, compiled, name, language):
    text = template(name, language)
    (tmp_path / "first.yaml").write_text(text, "utf-8")
    bank = load((tmp_path,))
    built_in = open_bank(compiled)

    assert not bank.problems
    assert [p for p in resolve(bank) if name != "code"] == []
    assert len(bank.items) == (3 if name == "set" else 1)
    if name == "code":
        assert bank.items["my-rnn-step"].body.exercise in built_in.exercises
        return
    report = certify(bank, parts=("items", "exercises"))
    assert report.fine
    assert report.proved + report.sourced == report.items
    assert bool(re.search("# [ぁ-ん一-龠]", text)) is (language == "ja")


def test_a_folder_of_ones_own_works_like_the_built_in_bank(tmp_path, make_home, capsys):
    home, folder = make_home(tmp_path / "home"), tmp_path / "mine"
    folder.mkdir()
    for name in ("choice", "set"):
        assert main(["bank", "new", name, "--lang", "en", "--home", str(home)]) == 0
        (folder / f"{name}.yaml").write_text(capsys.readouterr().out, "utf-8")

    def run(*words):
        code = main([*words, "--lang", "en", "--home", str(home)])
        return code, capsys.readouterr().out

    assert run("bank", "check", str(folder)) == (0, "")
    code, out = run("bank", "certify", str(folder), "--json")
    assert code == 0
    assert json.loads(out.splitlines()[-1])["sourced"] == 4
    own = ("--bank", str(folder))
    assert "forget gate" in run("bank", "show", "my-lstm-cell-update", *own)[1]
    assert "h_b = rnn(__(a)__" in run("bank", "show", "my-bidirectional-turned", *own)[1]
    _, listed = run("bank", "list", "--section", "mine", *own)
    assert len(listed.splitlines()) == 4


def test_warnings_leave_the_exit_code_alone(tmp_path, capsys, choice):
    file = tmp_path / "mine" / "file.yaml"
    file.parent.mkdir()
    file.write_text(choice(ja="Which one?"), "utf-8")
    words = ["bank", "check", str(file.parent), "--json", "--home", str(tmp_path / "home")]

    assert main(words) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["severity"] == "warning"

    file.write_text(choice(objective="Z99"), "utf-8")
    assert main(words) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["severity"] == "error"


def test_an_unknown_template_or_strategy_is_told_with_those_that_exist(tmp_path, capsys):
    home = ["--home", str(tmp_path), "--lang", "en"]

    assert main(["bank", "new", "essay", *home]) == 2
    assert "choice, numeric" in capsys.readouterr().err
    assert main(["bank", "guess", "--strategy", "loudest", *home]) == 2
    assert "longest, shortest" in capsys.readouterr().err


def test_the_schema_knows_every_name_that_the_engine_knows():
    from engine.computations import COMPUTATIONS

    found = json.loads(json.dumps(schema(load())))
    numeric = next(b for b in found["$defs"]["item"]["oneOf"] if b["title"] == "numeric")
    truth = numeric["properties"]["truth"]

    assert truth["properties"]["compute"]["enum"] == list(COMPUTATIONS)
    assert truth["allOf"] == [{"$ref": "#/$defs/arguments"}]
    for rule in found["$defs"]["arguments"]["allOf"]:
        name = rule["if"]["properties"]["compute"]["const"]
        arguments = rule["then"]["properties"]["with"]["properties"]
        assert set(arguments) == set(COMPUTATIONS[name].parameters)
    formula = next(b for b in found["$defs"]["item"]["oneOf"] if b["title"] == "formula")
    assert "rnn.W.update" in formula["properties"]["target"]["enum"]
    predict = next(b for b in found["$defs"]["item"]["oneOf"] if b["title"] == "predict")
    assert "binary-addition/seed" in predict["properties"]["band"]["properties"]["run"]["enum"]
