"""YAML by the composer only: what plain scalars mean, and what never gets through."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import yaml_reader
from question_bank.nodes import Mapping, Scalar, Sequence
from question_bank.yaml_reader import MAX_BYTES, read


def value_of(text):
    root, problems = read(text.encode(), "f")
    assert not problems
    assert isinstance(root, Scalar)
    return root.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("2.", 2.0),
        ("true", True),
        ("null", None),
        ("~", None),
        ("no", "no"),
        ("yes", "yes"),
        ("True", "True"),
        ("007", "007"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("12:30", "12:30"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("1" * 40, "1" * 40),
        ('"3"', "3"),
        ("'true'", "true"),
        ("2/3", "2/3"),
    ],
)
def test_a_plain_scalar_is_null_a_truth_value_a_number_or_a_word(text, value):
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_every_node_knows_its_line_and_column_in_characters():
    root, _ = read("# 行\n重み: [1, {鍵: 値}]\n".encode(), "bank.yaml")
    assert isinstance(root, Mapping)
    listed = root.entries["重み"]
    assert isinstance(listed, Sequence)
    assert (root.keys["重み"].line, root.keys["重み"].column) == (2, 1)
    assert (listed.items[1].place.line, listed.items[1].place.column) == (2, 9)
    assert str(listed.items[1].entries["鍵"].place) == "bank.yaml:2:13"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_shift_places(line_end, mark):
    text = line_end.join(["a: 1", "b: 2", "a: 3"])
    _, problems = read((mark + text).encode(), "f")
    assert [(p.place.line, p.place.column) for p in problems] == [(3, 1)]


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (b"a: \xff", "f:1:4", "UTF-8"),
        ("あ: é".encode("shift_jis", "replace"), "f:1:1", "UTF-8"),
        (b"a: \x00b", "f:1:4", "YAML"),
        (b"a: \x1bb", "f:1:4", "YAML"),
        (b"a: [1", "f:1:6", "YAML"),
        (b"a: b: c", "f:1:5", "YAML"),
        (b"--- 1\n--- 2\n", "f:2:1", "YAML"),
        (b"\t- a", "f:1:1", "YAML"),
        (b"a: *b", "f:1:4", "YAML"),
        (b"a: !!python/name:os.system x", "f:1:4", "tag"),
        (b"a: !secret x", "f:1:4", "tag"),
        (b"a: !!binary aGk=", "f:1:4", "tag"),
        (b"? [1]\n: 2", "f:1:3", "plain word"),
    ],
)
def test_what_is_no_plain_yaml_is_a_problem_at_its_place(data, place, said):
    _, problems = read(data, "f")
    assert said in problems[0].message.en
    assert str(problems[0].place) == place


def test_a_document_that_multiplies_itself_is_refused_at_once():
    levels = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    _, problems = read("\n".join(levels).encode(), "f")
    assert all("aliases" in problem.message.en for problem in problems)
    _, problems = read(b"a: &a [*a]", "f")
    assert problems


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "- [", "[{", '["", ['])
def test_nesting_of_any_depth_ends_neither_the_process_nor_in_recursion(opening):
    _, problems = read((opening * 200_000).encode(), "f")
    assert problems


def test_a_deep_but_well_formed_document_is_a_problem():
    _, problems = read(("[" * 50 + "]" * 50).encode(), "f")
    assert "levels deep" in problems[0].message.en


def test_half_open_intervals_in_many_texts_are_not_nesting():
    text = "".join(f'- "u in [0, {i})"\n' for i in range(500))
    root, problems = read(text.encode(), "f")
    assert not problems
    assert len(root.items) == 500


def test_a_huge_file_is_refused_before_it_is_parsed():
    _, problems = read(b"# " + b"x" * MAX_BYTES, "f")
    assert "larger than" in problems[0].message.en


def test_the_slow_parser_gives_the_same_nodes(monkeypatch):
    text = "- {a: 1.5, b: [x, 'y'], c: \"日本 \\u3042\"}\n- |\n  two\n  lines\n".encode()
    fast = read(text, "f")
    monkeypatch.setattr(yaml_reader, "_Loader", yaml.SafeLoader)
    assert read(text, "f") == fast


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(st.binary(max_size=80), st.text("-:[]{}&*!|>'\"#\n ?,ab1", max_size=60)))
def test_no_bytes_make_the_reader_raise(data):
    root, problems = read(data if isinstance(data, bytes) else data.encode(), "f")
    assert root is None or not isinstance(root, Exception)
    assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in problems)
