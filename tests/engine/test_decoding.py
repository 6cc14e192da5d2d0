"""Greedy, sampled and beam decoding over tables of probabilities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decoding import beam_search, decode, greedy, sampled, sequence_score, tempered

A, B, C = range(3)
START = 3
# The curriculum's table: row = last token, the start last.
TABLE = np.array([[0.4, 0.3, 0.3], [0.05, 0.05, 0.9], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.4, 0.1]])


def table_step(table):
    """The state counts the steps; the last token alone decides."""
    with np.errstate(divide="ignore"):
        log_table = np.log(table)
    return lambda state, token: (log_table[token], state + 1)


def history_step(V, seed, power=2):
    """Probabilities that depend on everything written so far, which is the state."""

    def step(state, token):
        state = (*state, token)
        rng = np.random.default_rng([seed, *state])
        p = rng.random(V) ** power + 0.01
        return np.log(p / p.sum()), state

    return step


def every_sequence(step, state, start, V, maximum, end):
    """All finished sequences and their log-probabilities, by trying everything."""
    found = {}

    def walk(tokens, state, last, total):
        if len(tokens) == maximum or (tokens and last == end):
            found[tokens] = total
            return
        log_p, new = step(state, last)
        for token in range(V):
            walk((*tokens, token), new, token, total + log_p[token])

    walk((), state, start, 0.0)
    return found


def test_greedy_takes_the_likeliest_token_and_misses_the_likeliest_sequence():
    found = decode(table_step(TABLE), 0, START, maximum=2)
    assert found.tokens == (A, A)
    assert np.exp(found.log_probability) == pytest.approx(0.20)
    assert np.exp(found.log_probabilities) == pytest.approx([0.5, 0.4])


@pytest.mark.parametrize(
    ("width", "tokens", "p"), [(1, (A, A), 0.20), (2, (B, C), 0.36), (3, (B, C), 0.36)]
)
def test_a_beam_of_two_finds_it(width, tokens, p):
    found = beam_search(table_step(TABLE), 0, START, width=width, maximum=2)
    assert found.best.tokens == tokens
    assert np.exp(found.best.log_probability) == pytest.approx(p)
    assert not found.best.ended


def test_the_beam_hands_out_its_table_step_by_step():
    first, second = beam_search(table_step(TABLE), 0, START, width=2, maximum=2).steps
    assert [way.tokens for way in first.candidates] == [(A,), (B,), (C,)]
    assert [way.tokens for way in first.kept] == [(A,), (B,)]
    assert [way.tokens for way in second.kept] == [(B, C), (A, A)]
    assert [np.exp(way.log_probability) for way in second.candidates] == pytest.approx(
        [0.36, 0.20, 0.15, 0.15, 0.02, 0.02]
    )


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    maximum=st.integers(1, 4),
    end=st.sampled_from([None, 0, 2]),
    alpha=st.sampled_from([0.0, 0.7, 1.0]),
)
def test_a_beam_as_wide_as_all_beginnings_is_exact(seed, maximum, end, alpha):
    step = history_step(3, seed)
    everything = every_sequence(step, (), 9, 3, maximum, end)
    found = beam_search(step, (), 9, width=3**maximum, maximum=maximum, end=end, alpha=alpha)
    scores = {way: sequence_score(p, len(way), alpha) for way, p in everything.items()}
    assert found.best.tokens == max(scores, key=scores.__getitem__)
    assert found.best.score == pytest.approx(max(scores.values()))
    for way in found.sequences:
        assert way.log_probability == pytest.approx(everything[way.tokens])
        assert way.ended == (way.tokens[-1] == end)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 10_000), maximum=st.integers(1, 6), end=st.sampled_from([None, 0, 2]))
def test_a_beam_of_one_is_greedy(seed, maximum, end):
    step = history_step(4, seed)
    one = beam_search(step, (), 9, width=1, maximum=maximum, end=end).best
    found = decode(step, (), 9, maximum=maximum, end=end)
    assert (one.tokens, one.ended) == (found.tokens, found.ended)
    assert one.log_probability == pytest.approx(found.log_probability)


def test_a_wider_beam_can_find_a_worse_sequence():
    worse = 0
    for seed in range(300):
        step = history_step(4, seed, power=8)
        two, three = (
            beam_search(step, (), 9, width=width, maximum=5).best.score for width in (2, 3)
        )
        worse += three < two - 1e-12
    assert worse > 0


END = 0
STOPPING = np.array([[1, 0, 0], [0.5, 0.4, 0.1], [0.2, 0.7, 0.1], [0.1, 0.6, 0.3]])


@pytest.mark.parametrize(
    ("maximum", "tokens", "ended"),
    [(1, (1,), False), (2, (1, END), True), (9, (1, END), True), (0, (), False)],
)
def test_the_end_sign_or_the_maximum_length_stops(maximum, tokens, ended):
    found = decode(table_step(STOPPING), 0, START, maximum=maximum, end=END)
    assert (found.tokens, found.ended) == (tokens, ended)


def test_a_start_sign_that_is_the_end_sign_too_does_not_stop_at_once():
    table = np.array([[0.1, 0.9], [0.8, 0.2]])
    found = decode(table_step(table), 0, 0, maximum=9, end=0)
    assert found.tokens == (1, 0)
    assert beam_search(table_step(table), 0, 0, width=2, maximum=9, end=0).best.tokens == (1, 0)


def test_without_an_end_sign_the_length_is_the_maximum():
    assert len(decode(table_step(STOPPING), 0, START, maximum=7).tokens) == 7


# After 1 a sure 2 follows, then a sure end: long and nearly as likely as the short one.
SHORT_OR_LONG = np.array([[1, 0, 0], [0, 0.05, 0.95], [0.95, 0.05, 0], [0.5, 0.45, 0.05]])


@pytest.mark.parametrize(("alpha", "tokens"), [(0.0, (END,)), (1.0, (1, 2, END))])
def test_length_normalisation_takes_the_advantage_from_short_sequences(alpha, tokens):
    step = table_step(SHORT_OR_LONG)
    assert (
        beam_search(step, 0, START, width=3, maximum=6, end=END, alpha=alpha).best.tokens == tokens
    )


@pytest.mark.parametrize(
    ("log_p", "n", "alpha", "score"),
    [(-6, 3, 0, -6), (-6, 3, 1, -2), (-6, 4, 0.5, -3), (0, 0, 1, 0)],
)
def test_the_score_is_the_sum_over_a_power_of_the_length(log_p, n, alpha, score):
    assert sequence_score(log_p, n, alpha) == pytest.approx(score)


def test_the_search_stops_once_no_live_beginning_can_win():
    calls = []

    def step(state, token):
        calls.append(token)
        return np.log([0.9, 0.06, 0.04]), state

    found = beam_search(step, None, START, width=2, maximum=50, end=END)
    assert found.best.tokens == (END,)
    assert len(calls) == 1


def test_what_is_impossible_never_enters_the_beam():
    table = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1], [0.5, 0, 0.5]])
    found = beam_search(table_step(table), 0, START, width=9, maximum=3)
    assert {way.tokens for way in found.sequences} == {(0, 1, 0), (2, 2, 2)}


def test_each_beginning_goes_on_from_its_own_state():
    """The state holds the whole history; a beam that mixed states up would contradict it."""

    def step(state, token):
        state = (*state, token)
        return np.log([0.5, 0.3, 0.2]), state

    seen = []

    def watched(state, token):
        log_p, new = step(state, token)
        seen.append(new)
        return log_p, new

    found = beam_search(watched, (), START, width=3, maximum=4)
    for way in found.sequences:
        assert (START, *way.tokens[:-1]) in seen


@pytest.mark.parametrize(
    ("p", "temperature", "expected"),
    [
        ([0.5, 0.3, 0.2], 1.0, [0.5, 0.3, 0.2]),
        ([0.8, 0.2], 0.5, [16 / 17, 1 / 17]),
        ([0.8, 0.2], 2.0, [2 / 3, 1 / 3]),
        ([0.8, 0.2, 0.0], 1e9, [0.5, 0.5, 0.0]),
        ([0.4, 0.6], 1e-9, [0.0, 1.0]),
    ],
)
@pytest.mark.filterwarnings("error")
def test_the_temperature_sharpens_or_flattens(p, temperature, expected):
    with np.errstate(divide="ignore"):
        log_p = np.log(p)
    assert tempered(log_p, temperature) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_samples_come_with_the_probabilities_of_their_temperature(temperature):
    p = np.array([0.6, 0.0, 0.3, 0.1])
    with np.errstate(divide="ignore"):
        log_p = np.log(p)
    choose = sampled(np.random.default_rng(0), temperature)
    drawn = np.bincount([choose(log_p) for _ in range(20_000)], minlength=4) / 20_000
    assert drawn == pytest.approx(tempered(log_p, temperature), abs=0.012)
    assert drawn[1] == 0


def test_even_the_smallest_number_that_is_drawn_chooses_no_impossible_token():
    class Zero:
        def random(self):
            return 0.0

    with np.errstate(divide="ignore"):
        log_p = np.log([0.0, 0.4, 0.6])
    assert sampled(Zero())(log_p) == 1


def test_the_same_seed_writes_the_same_sequence_and_another_another():
    def written(seed):
        choose = sampled(np.random.default_rng(seed))
        return decode(table_step(TABLE), 0, START, maximum=30, choose=choose).tokens

    assert written(1) == written(1)
    assert written(1) != written(2)


def test_among_equals_the_first_token_wins():
    assert greedy(np.log([0.2, 0.4, 0.4])) == 1
    flat = np.full((4, 3), 1 / 3)
    assert beam_search(table_step(flat), 0, START, width=2, maximum=2).best.tokens == (0, 0)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda s: beam_search(s, 0, START, width=0, maximum=2), "width"),
        (lambda s: beam_search(s, 0, START, width=1, maximum=0), "maximum"),
        (lambda s: beam_search(s, 0, START, width=1, maximum=2, alpha=-1), "alpha"),
        (lambda s: sampled(np.random.default_rng(0), 0.0), "temperature"),
        (lambda s: decode(lambda *_: (np.zeros((1, 3)), 0), 0, 0, maximum=1), r"\(V,\)"),
        (lambda s: decode(lambda *_: (np.array([np.nan, 0]), 0), 0, 0, maximum=1), "NaN"),
        (lambda s: decode(lambda *_: (np.full(2, -np.inf), 0), 0, 0, maximum=1), "possible"),
    ],
)
def test_what_cannot_be_decoded_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call(table_step(TABLE))
