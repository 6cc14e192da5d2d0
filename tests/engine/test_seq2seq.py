"""Encoder and decoder: gradients, what each option lets the decoder see, and writing."""

import itertools

import numpy as np
import pytest

from engine.attention import Attention, General
from engine.decoding import beam_search, decode, sampled
from engine.embedding import Embedding, WordIdError
from engine.functions import log_softmax, softmax
from engine.gradient_check import check_entries, check_inner_product
from engine.optimizers import Adam, clip_by_norm
from engine.recurrent import lstm, simple
from engine.recurrent.bidirectional import Bidirectional
from engine.recurrent.rnn import ShapeError
from engine.recurrent.stacked import Stacked
from engine.seq2seq import (
    Chosen,
    Decoder,
    Detokenised,
    EmbeddedToken,
    Seq2Seq,
    StateAndProbabilities,
    decoder_step,
    decoder_steps,
    draw_seq2seq,
)

S, T, N, V_SOURCE, V_TARGET, E, H = 4, 3, 2, 6, 7, 3, 5
SIZES = {"E": E, "H": H, "embedding_deviation": 1.0}


def model_of(seed=0, **options):
    model = draw_seq2seq(np.random.RandomState(seed), V_SOURCE, V_TARGET, **{**SIZES, **options})
    rng = np.random.default_rng(seed)
    for array in model.parameters().values():
        array[...] += 0.3 * rng.standard_normal(array.shape)
    return model


def data(seed=0, masked=False):
    rng = np.random.default_rng(seed)
    source, target = rng.integers(0, V_SOURCE, (S, N)), rng.integers(0, V_TARGET, (T + 1, N))
    source_mask = target_mask = None
    if masked:
        source_mask = np.arange(S)[:, None] < [S, 2]
        target_mask = np.arange(T)[:, None] < [1, T]
        source[~source_mask] = -1
    return source, target, source_mask, target_mask


def assert_gradients_right(model, masked=False, entries=False, seed=1):
    source, target, source_mask, target_mask = data(seed, masked)

    def loss(point):
        moved = model.with_parameters(point)
        return moved.loss(
            moved.forward(source, target[:-1], source_mask), target[1:], target_mask
        ).E

    run = model.forward(source, target[:-1], source_mask)
    delta = model.loss(run, target[1:], target_mask).delta_out
    gradients = model.backward(run, delta).parameters
    at = {name: array.copy() for name, array in model.parameters().items()}
    assert set(gradients) == set(at)
    check = check_inner_product(
        loss,
        at,
        lambda w: {name: w * g for name, g in gradients.items()},
        np.random.default_rng(seed),
        floor=1e-2,
    )
    assert check.worst.relative_error < 1e-7, check.worst
    if entries:
        check = check_entries(loss, at, gradients, floor=1e-2)
        assert check.worst.relative_error < 1e-7, check.worst


OPTIONS = [
    {},
    {"reverse": True},
    {"peeky": True},
    {"attention": "dot"},
    {"attention": "dot", "query": "before"},
    {"attention": "scaled-dot", "combined": 4},
    {"attention": "general", "peeky": True, "reverse": True},
    {"attention": "additive", "query": "before", "combined": 4, "peeky": True},
    {"attention": "additive"},
]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("cell", ["simple", "lstm", "gru"])
@pytest.mark.parametrize(
    "options", OPTIONS, ids=lambda o: " ".join(map(str, o.values())) or "plain"
)
def test_every_gradient_is_the_derivative_of_the_masked_loss(cell, options, masked):
    model = model_of(cell=cell, **options)
    assert_gradients_right(model, masked, entries=cell == "simple" and masked)


@pytest.mark.parametrize("query", ["after", "before"])
def test_the_gradients_are_right_where_all_sizes_are_equal(query):
    rng = np.random.RandomState(3)
    model = draw_seq2seq(
        rng, 4, 4, E=4, H=4, embedding_deviation=1.0, attention="general", query=query, peeky=True
    )
    ids = np.random.default_rng(4).integers(0, 4, (5, 4))
    run = model.forward(ids[:4], ids[:-1])
    gradients = model.backward(run, model.loss(run, ids[1:]).delta_out).parameters

    def loss(point):
        moved = model.with_parameters(point)
        return moved.loss(moved.forward(ids[:4], ids[:-1]), ids[1:]).E

    at = {name: array.copy() for name, array in model.parameters().items()}
    check = check_inner_product(
        loss,
        at,
        lambda w: {name: w * g for name, g in gradients.items()},
        np.random.default_rng(5),
        floor=1e-2,
    )
    assert check.worst.relative_error < 1e-7, check.worst


@pytest.mark.parametrize("query", ["after", "before"])
def test_a_bidirectional_encoder_may_hand_over_the_state_of_one_direction(query):
    """As in Bahdanau et al.: the decoder starts from the state of the layer that runs back."""
    rng = np.random.RandomState(0)
    encoder = Bidirectional(
        simple.SimpleRNN(simple.Parameters.drawn(rng, E, 2)),
        simple.SimpleRNN(simple.Parameters.drawn(rng, E, H)),
    )
    F = 2 + H
    D = E + (F if query == "before" else 0)
    decoder = Decoder(
        simple.SimpleRNN(simple.Parameters.drawn(rng, D, H)),
        rng.randn(H + F, V_TARGET),
        rng.randn(V_TARGET),
        attention=Attention(General(rng.randn(H, F))),
        query=query,
    )
    embeddings = Embedding(rng.randn(V_SOURCE, E)), Embedding(rng.randn(V_TARGET, E))
    model = Seq2Seq(embeddings[0], encoder, embeddings[1], decoder, hand_over=(1,))
    assert_gradients_right(model, masked=True)


@pytest.mark.parametrize("options", [{"peeky": True}, {"attention": "dot", "query": "before"}])
def test_the_uppermost_layer_of_a_stack_asks_and_shows_itself(options):
    rng = np.random.RandomState(0)

    def stack(D):
        below, above = lstm.Parameters.drawn(rng, D, H), lstm.Parameters.drawn(rng, H, H)
        return Stacked([lstm.LSTM(below), lstm.LSTM(above)])

    peeky = options.get("peeky", False)
    attention = Attention(General(rng.randn(H, H))) if "attention" in options else None
    decoder = Decoder(
        stack(E + H),
        rng.randn(2 * H, V_TARGET),
        np.zeros(V_TARGET),
        peeky=peeky,
        attention=attention,
        query=options.get("query", "after"),
    )
    embeddings = Embedding(rng.randn(V_SOURCE, E)), Embedding(rng.randn(V_TARGET, E))
    model = Seq2Seq(embeddings[0], stack(E), embeddings[1], decoder)
    memory = model.encode(data()[0]).memory
    if peeky:
        run = model.decoder.forward(np.zeros((1, N, E)), memory)
        assert np.array_equal(run.x[0, :, E:], memory.state[2])
    assert_gradients_right(model)


def test_without_handing_over_the_cell_the_decoders_starts_from_zero():
    model = model_of(hidden_only=True)
    memory = model.encode(data()[0]).memory
    assert memory.state[0].any()
    assert not memory.state[1].any()
    assert_gradients_right(model)


def test_teacher_forcing_scores_each_next_word_given_the_targets_own_words():
    model = model_of()
    source, target, *_ = data()
    run = model.forward(source, target[:-1])
    cross_entropy = model.loss(run, target[1:])
    y = softmax(run.v)
    expected = [
        -np.log(y[t, n, target[t + 1, n]]) for t, n in itertools.product(range(T), range(N))
    ]
    assert np.isclose(cross_entropy.E, np.mean(expected))
    changed = target.copy()
    changed[2] = (changed[2] + 1) % V_TARGET
    again = model.forward(source, changed[:-1])
    assert np.array_equal(run.v[:2], again.v[:2])
    assert not np.allclose(run.v[2], again.v[2])


def test_the_equations_of_a_step_with_the_query_after_it():
    model = model_of(attention="dot", combined=4, cell="simple", peeky=True)
    source, target, *_ = data()
    run = model.forward(source, target[:-1])
    decoder, memory = run.decoder, run.encoded.memory
    for t, n in itertools.product(range(T), range(N)):
        h = memory.outputs[:, n]
        alpha = softmax(h @ decoder.s[t, n])
        k = memory.state[0][n]
        assert decoder.alpha[n, t] == pytest.approx(alpha)
        assert decoder.c[t, n] == pytest.approx(alpha @ h)
        joined = np.concatenate([decoder.s[t, n], k, alpha @ h])
        assert decoder.o[t, n] == pytest.approx(np.tanh(joined @ model.decoder.W_c))
        assert decoder.x[t, n] == pytest.approx(np.concatenate([decoder.e[t, n], k]))


def test_with_the_query_before_the_step_the_last_state_asks_and_the_context_goes_in():
    model = model_of(attention="additive", query="before", cell="simple")
    score = model.decoder.attention.score
    source, target, *_ = data()
    run = model.forward(source, target[:-1])
    decoder, memory = run.decoder, run.encoded.memory
    for t, n in itertools.product(range(T), range(N)):
        q = memory.state[0][n] if t == 0 else decoder.s[t - 1, n]
        h = memory.outputs[:, n]
        e = np.tanh(q @ score.W_1 + h @ score.W_2) @ score.v
        assert decoder.alpha[n, t] == pytest.approx(softmax(e))
        assert decoder.x[t, n, E:] == pytest.approx(softmax(e) @ h)


def test_a_reversed_source_is_the_source_read_from_its_end():
    source, target, *_ = data()
    plain, reverse = model_of(reverse=False), model_of(reverse=True)
    run = reverse.forward(source, target[:-1])
    assert np.array_equal(run.encoded.source.ids, source[::-1])
    assert np.array_equal(run.v, plain.forward(source[::-1], target[:-1]).v)


@pytest.mark.parametrize(
    "options", OPTIONS, ids=lambda o: " ".join(map(str, o.values())) or "plain"
)
def test_padding_of_the_source_changes_nothing(options):
    model = model_of(**options)
    source, target, *_ = data()
    padded = np.concatenate([source, np.full((3, N), -1)])
    mask = np.arange(S + 3)[:, None] < np.full(N, S)
    run = model.forward(padded, target[:-1], mask)
    assert run.v == pytest.approx(model.forward(source, target[:-1]).v, rel=1e-12)
    if run.decoder.alpha is not None:
        seen = mask[::-1] if model.reverse else mask
        assert not np.swapaxes(run.decoder.alpha, 1, 2)[:, ~seen[:, 0]].any()


def test_only_with_attention_do_gradients_reach_the_outputs_of_the_encoder():
    source, target, *_ = data()
    for attention, reached in ((None, False), ("dot", True)):
        model = model_of(attention=attention)
        run = model.forward(source, target[:-1])
        back = model.backward(run, model.loss(run, target[1:]).delta_out)
        assert back.decoder.memory.any() == reached
        assert all(array.any() for array in back.state)


@pytest.mark.parametrize(
    "options", OPTIONS, ids=lambda o: " ".join(map(str, o.values())) or "plain"
)
def test_writing_step_by_step_gives_what_a_forward_run_over_its_own_words_gives(options):
    model = model_of(seed=2, **options)
    source = data()[0]
    words = model.write(source, start=1, T=6)
    inputs = model.own_inputs(source, start=1, T=6)
    assert np.array_equal(inputs[1:], words[:-1])
    assert (inputs[0] == 1).all()
    assert np.array_equal(model.forward(source, inputs).v.argmax(axis=-1), words)
    for n in range(N):
        step, state = decoder_step(model, source[:, n])
        found = decode(step, state, 1, maximum=6)
        assert found.tokens == tuple(words[:, n])


def test_the_log_probability_of_a_decoded_sequence_is_that_of_the_forward_run():
    model = model_of(attention="dot")
    source = data()[0][:, :1]
    step, state = decoder_step(model, source[:, 0])
    best = beam_search(step, state, 0, width=V_TARGET**3, maximum=3).best
    everything = np.array(list(itertools.product(range(V_TARGET), repeat=3))).T
    many = np.repeat(source, everything.shape[1], axis=1)
    inputs = np.concatenate([np.zeros((1, everything.shape[1]), dtype=int), everything[:-1]])
    log_p = log_softmax(model.forward(many, inputs).v)
    total = np.take_along_axis(log_p, everything[..., None], axis=-1).sum(axis=(0, 2))
    assert best.tokens == tuple(everything[:, total.argmax()])
    assert np.isclose(best.log_probability, total.max())


def test_the_four_steps_of_the_decoder_come_one_by_one_and_the_text_after_the_loop():
    model = model_of(attention="dot")
    source = data()[0][:, 0]
    letters = "abcdefg"
    events = list(
        decoder_steps(
            model, source, 1, lambda ids: "".join(letters[i] for i in ids), maximum=3, end=None
        )
    )
    kinds = [StateAndProbabilities, Chosen, EmbeddedToken] * 3
    kinds[-1] = Detokenised  # the last word is the input of nothing
    assert [type(event) for event in events] == kinds
    tokens = [event.token for event in events if isinstance(event, Chosen)]
    assert events[-1].tokens == tuple(tokens)
    assert events[-1].text == "".join(letters[i] for i in tokens)
    first, chosen, embedded = events[:3]
    assert chosen.token == first.log_p.argmax()
    assert chosen.probability == pytest.approx(np.exp(first.log_p.max()))
    assert np.array_equal(embedded.e, model.target_embedding.W[chosen.token])
    assert first.alpha.sum() == pytest.approx(1)
    assert np.exp(first.log_p).sum() == pytest.approx(1)


def test_the_end_sign_stops_the_steps_and_is_no_part_of_the_text():
    model = model_of()
    source = data()[0][:, 0]
    free = [
        e.token for e in decoder_steps(model, source, 1, str, maximum=9) if isinstance(e, Chosen)
    ]
    events = list(decoder_steps(model, source, 1, str, maximum=9, end=free[0]))
    assert [type(event) for event in events] == [StateAndProbabilities, Chosen, Detokenised]
    assert events[-1].tokens == ()


def test_steps_by_lot_are_those_of_the_search_by_lot():
    model = model_of()
    source = data()[0][:, 0]
    choose = sampled(np.random.default_rng(3), temperature=2.0)
    events = decoder_steps(model, source, 1, str, maximum=8, end=0, choose=choose)
    tokens = [event.token for event in events if isinstance(event, Chosen)]
    step, state = decoder_step(model, source)
    choose = sampled(np.random.default_rng(3), temperature=2.0)
    assert decode(step, state, 1, maximum=8, end=0, choose=choose).tokens == tuple(tokens)


@pytest.mark.parametrize(
    "options",
    [
        {"cell": "simple", "attention": "dot"},
        {"cell": "lstm", "attention": "additive", "query": "before"},
        {"cell": "gru", "peeky": True, "reverse": True},
    ],
    ids=lambda o: " ".join(map(str, o.values())),
)
def test_a_seq2seq_learns_to_copy(options):
    start, letters, length = 0, 5, 3
    model = draw_seq2seq(
        np.random.RandomState(0), letters, letters, E=8, H=24, embedding_deviation=0.5, **options
    )
    words = np.array(list(itertools.product(range(1, letters), repeat=length))).T
    target = np.concatenate([np.full((1, words.shape[1]), start), words])
    optimizer, parameters = Adam(0.02), model.parameters()
    for _ in range(120):
        run = model.forward(words, target[:-1])
        gradients = model.backward(run, model.loss(run, target[1:]).delta_out).parameters
        optimizer.step(parameters, clip_by_norm(gradients, 5.0).gradients)
    right = (model.write(words, start, length) == words).all(axis=0)
    assert right.mean() > 0.9


def test_backward_leaves_the_run_as_it_is():
    model = model_of(attention="general", query="before", peeky=True)
    source, target, *_ = data()
    run = model.forward(source, target[:-1])
    delta = model.loss(run, target[1:]).delta_out
    kept = delta.copy()
    first = model.backward(run, delta).parameters
    second = model.backward(run, delta).parameters
    assert np.array_equal(delta, kept)
    for name, gradient in first.items():
        assert np.array_equal(gradient, second[name]), name


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda m, s, t: m.encode(s[:, 0]), ShapeError, "source"),
        (lambda m, s, t: m.encode(s + V_SOURCE), WordIdError, "ids"),
        (lambda m, s, t: m.forward(s, t[:, :1]), ShapeError, "inputs"),
        (lambda m, s, t: m.forward(s, t, np.ones((S, N + 1))), ShapeError, "mask"),
        (lambda m, s, t: m.loss(m.forward(s, t[:-1]), t), ShapeError, "targets"),
        (lambda m, s, t: m.backward(m.forward(s, t), np.zeros((T, N, 2))), ShapeError, "delta_out"),
        (lambda m, s, t: decoder_step(m, s), ShapeError, "source"),
        (lambda m, s, t: model_of(query="between", attention="dot"), ValueError, "between"),
        (lambda m, s, t: model_of(cell="rnn"), ValueError, "rnn"),
        (lambda m, s, t: model_of(attention="cosine"), ValueError, "cosine"),
        (
            lambda m, s, t: Seq2Seq(
                m.source_embedding,
                model_of(cell="simple").encoder,
                m.target_embedding,
                m.decoder,
            ),
            ValueError,
            "2 arrays",
        ),
        (
            lambda m, s, t: Decoder(m.decoder.layer, np.ones((5, 3)), np.ones(4)),
            ShapeError,
            "b_out",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, error, match):
    source, target, *_ = data()
    with pytest.raises(error, match=match):
        call(model_of(), source, target)
