"""``bptt exam`` line by line: letters answer, numbers go there, feedback at the end."""

from __future__ import annotations

import json

import pytest


def test_an_exam_from_the_first_question_to_the_report(bptt):
    typed = "a\n:flag\n:guess\nb\nc\n:hand\n:hand\n"
    ran = bptt("exam", "--count", "4", "--seed", "1", "--json", typed=typed)
    assert ran.code == 0
    report = ran.json["report"]
    assert [result["answer"] for result in report["results"]] == ["A", "B", "C", ""]
    assert report["results"][1]["guessed"]
    assert report["results"][1]["flagged"]
    assert report["unanswered"] == 1
    assert report["of"] == report["questions"] == 4
    assert report["seconds"] == 4 * 69
    assert report["right"] == sum(result["state"] == "right" for result in report["results"])
    assert not any("outcome" in line or "feedback" in line for line in ran.json_lines[:-1])


def test_every_question_has_four_options(bptt):
    ran = bptt("exam", "--count", "12", "--seed", "5", "--json", typed="a\n" * 12 + ":hand\n")
    asked = [line for line in ran.json_lines if "options" in line]
    assert len(asked) == 12
    assert all([one["label"] for one in line["options"]] == list("ABCD") for line in asked)
    assert ran.json["report"]["unanswered"] == 0


def test_the_end_of_input_keeps_it_and_the_next_call_goes_on(bptt):
    first = bptt("exam", "--count", "3", "--seed", "1", typed="b\n:note H x H\n")
    assert "bptt exam goes on" in first.out
    second = bptt("exam", "--json", typed=":note\n1\n:quit\n")
    lines = second.json_lines
    assert lines[0]["message"].startswith("The mock exam goes on: 3 questions")
    assert lines[2]["number"] == 2
    assert {"message": "H x H"} in lines
    assert next(line for line in lines if line.get("number") == 1)["answer"] == "B"


def test_options_begin_another_one(bptt):
    bptt("exam", "--count", "3", typed="")
    ran = bptt("exam", "--count", "2", "--json", typed="")
    assert ran.json_lines[0]["message"].startswith("Mock exam: 2 questions")


def test_minutes_give_count_and_time(bptt):
    ran = bptt("exam", "--minutes", "5", "--json", typed="")
    assert ran.json_lines[0]["message"].startswith("Mock exam: 4 questions in 05:00")


def test_questions_is_another_word_for_count(bptt):
    ran = bptt("exam", "--questions", "2", "--json", typed="")
    assert "2 questions" in ran.json_lines[0]["message"]


def test_the_framework_is_remembered_and_the_other_one_left_out(bptt, tmp_path):
    def frameworks(*arguments):
        ran = bptt(
            "exam", "--section", "frameworks", "--count", "99", *arguments, "--json",
            typed="a\n" * 99 + ":hand\n",
        )  # fmt: skip
        return ran.json["report"]["framework"], {
            result["item"] for result in ran.json["report"]["results"]
        }

    chosen, keras = frameworks("--framework", "tensorflow")
    again, _ = frameworks()
    other, torch = frameworks("--framework", "pytorch")
    assert (chosen, again, other) == ("tensorflow", "tensorflow", "pytorch")
    assert keras
    assert torch
    assert keras != torch
    settings = json.loads((tmp_path / "home" / "settings.json").read_text("utf-8"))
    assert settings["framework"] == "pytorch"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--count", "0"), "from 1 up"),
        (("--minutes", "0"), "above 0"),
        (("--minutes", "nan"), "above 0"),
        (("--section", "rn"), "rnn"),
        (("--framework", "jax"), "jax"),
    ],
)
def test_an_exam_that_cannot_be_is_a_usage_error(bptt, arguments, said):
    ran = bptt("exam", *arguments, typed="")
    assert ran.code == 2
    assert said in ran.err


def test_after_the_report_every_question_is_shown_with_its_explanation(bptt):
    ran = bptt("exam", "--count", "2", "--seed", "1", typed="a\n:hand\n:hand\n1\n2\n9\n\n")
    after = ran.out.split("an empty line ends.")[1]
    assert after.count("A  ") >= 2
    assert "not answered\nAnswer: " in after
    assert "numbered 1 to 2" in after


def test_in_japanese_nothing_is_left_in_english(bptt):
    typed = ":?\na\n:flag\n:guess\n:calc 1/0\n:note\n:o\n:time\n:hand\n:hand\n\n"
    ran = bptt("exam", "--count", "2", "--lang", "ja", typed=typed)
    for word in ("question", "Question", "left", "answered", "Score", "zero", "Time:"):
        assert word not in ran.out.replace(":time", "").replace(":note", "")
    assert "得点：" in ran.out


def test_the_language_can_be_switched_in_the_middle(bptt):
    ran = bptt("exam", "--count", "2", typed=":language\n:quit\n")
    assert "問 1 / 2" in ran.out
