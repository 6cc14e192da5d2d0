"""Models without time steps agree with the engine's own layers, forward and backward."""

import numpy as np
import pytest

from engine import decoding, losses, optimizers, word2vec
from engine.attention.masks import masked_softmax
from engine.attention.mechanism import Attention
from engine.attention.multi_head import MultiHeadAttention, MultiHeadParameters
from engine.attention.scores import Additive, Dot, General, ScaledDot
from engine.embedding import one_hot
from engine.formulas.evaluation.fields import Floats
from engine.formulas.evaluation.static_run import (
    THRESHOLDS,
    StaticRun,
    make_static_run,
    shipped_static,
    static_run,
)
from engine.formulas.models.static import static_models
from engine.functions import softmax_jacobian
from engine.positional_encoding import positional_encoding
from engine.recurrent.parameter_counts import layer_count


def run_of(model: str, seed: int = 5) -> StaticRun:
    return make_static_run(shipped_static(static_models()[model]), seed=seed, field=Floats(seed))


def slope(run: StaticRun, by: str) -> np.ndarray:
    return run.slope("E.0.0", by)


def close(got, expected) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), expected, rtol=1e-10, atol=1e-12)


def test_dot_attention_by_query_forward_and_backward():
    run = run_of("attention")
    q, h = run.arrays["q"].T, run.arrays["h"]
    layer = Attention(Dot())
    forward = layer.forward(q, h)
    close(run.arrays["e"].T, forward.e)
    close(run.arrays["alpha"].T, forward.alpha)
    close(run.arrays["c"].T, forward.c)
    back = layer.backward(forward, slope(run, "c").T)
    close(slope(run, "alpha").T, back.alpha)
    close(slope(run, "e").T, back.e)
    close(slope(run, "q").T, back.q)
    close(slope(run, "h"), back.h)


@pytest.mark.parametrize(
    ("model", "score"),
    [
        ("attention_scaled", lambda p: ScaledDot()),
        ("attention_general", lambda p: General(p["W"])),
        ("attention_additive", lambda p: Additive(p["W_1"].T, p["W_2"].T, p["v"][:, 0])),
    ],
)
def test_scores_and_their_gradients(model, score):
    run = run_of(model)
    made = score(run.arrays)
    forward = made.forward(run.arrays["q"].T, run.arrays["h"])
    close(run.arrays["e"].T, forward.e)
    back = made.backward(forward, slope(run, "e").T)
    close(slope(run, "q").T, back.q)
    close(slope(run, "h"), back.h)
    for name, gradient in back.parameters.items():
        found = slope(run, name)
        turned = name in {"W_1", "W_2"}
        close(found[:, 0] if name == "v" else found.T if turned else found, gradient)


def test_scaled_dot_product_in_matrices_forward_and_backward():
    run = run_of("scaled_dot_product")
    layer = Attention()
    forward = layer.forward(run.arrays["Q"], run.arrays["K"], run.arrays["V"])
    close(run.arrays["S"], forward.e)
    close(run.arrays["A"], forward.alpha)
    close(run.arrays["O"], forward.c)
    back = layer.backward(forward, slope(run, "O"))
    for name, gradient in {"A": back.alpha, "S": back.e, "Q": back.q, "K": back.h}.items():
        close(slope(run, name), gradient)
    close(slope(run, "V"), back.values)


def test_a_mask_is_added_before_the_softmax():
    run = run_of("masked_attention")
    close(run.arrays["A"], masked_softmax(run.arrays["S"] + run.arrays["M"]))
    forward = Attention().forward(
        run.arrays["Q"], run.arrays["K"], run.arrays["V"], run.arrays["M"]
    )
    close(run.arrays["O"], forward.c)


def test_multi_head_attention_head_by_head_forward_and_backward():
    run = run_of("multi_head")
    joined = {name: np.concatenate(list(run.arrays[f"W_{name}"]), axis=1) for name in "QKV"}
    W_O = np.concatenate(list(run.arrays["W_O"]), axis=0)
    zeros = {f"b_{name}": np.zeros(joined[name.upper()].shape[1]) for name in "qkv"}
    weights = {f"W_{name}": array for name, array in joined.items()}
    parameters = MultiHeadParameters(**weights, W_O=W_O, **zeros, b_o=np.zeros(W_O.shape[1]))
    layer = MultiHeadAttention(parameters, heads=2)
    forward = layer.forward(run.arrays["X"])
    close(run.arrays["Q"], forward.Q)
    close(run.arrays["head"], forward.heads.c)
    close(run.arrays["O"], forward.o)
    back = layer.backward(forward, slope(run, "O"))
    for name in "QKV":
        gradient = np.concatenate(list(slope(run, f"W_{name}")), axis=1)
        close(gradient, getattr(back.parameters, f"W_{name}"))
    close(np.concatenate(list(slope(run, "W_O")), axis=0), back.parameters.W_O)


@pytest.mark.parametrize("model", ["softmax_class", "softmax_ce_batch"])
def test_softmax_cross_entropy(model):
    run = run_of(model)
    v, t = run.arrays["v"], run.arrays["t"]
    if model == "softmax_class":
        found = losses.softmax_cross_entropy(v.T, [run.places["o"] - 1])
        close(run.arrays["y"].T, found.y)
        close(run.arrays["E"][0, 0], found.E)
        close(slope(run, "v").T, found.delta_out)
    else:
        y = losses.softmax_cross_entropy(v, np.zeros(len(v), dtype=int)).y
        close(run.arrays["y"], y)
        close(slope(run, "v"), (y - t) / len(v))


def test_the_jacobian_of_softmax():
    run = run_of("softmax_ce")
    found = [run.slope(f"y.{i}.0", "v")[:, 0] for i in range(4)]
    close(found, softmax_jacobian(run.arrays["v"][:, 0]))


@pytest.mark.parametrize("seed", range(len(THRESHOLDS)))
def test_clipping_on_both_sides_of_the_threshold(seed):
    run = run_of("clip_norm", seed)
    clipped = optimizers.clip_by_norm({"g": run.arrays["g"]}, run.scalars["theta"], epsilon=0.0)
    close(run.arrays["g_new"], clipped.gradients["g"])
    run = run_of("clip_global_norm", seed)
    both = {name: run.arrays[name] for name in ("a", "b")}
    clipped = optimizers.clip_by_norm(both, run.scalars["theta"], epsilon=0.0)
    close(run.arrays["a_new"], clipped.gradients["a"])
    close(run.arrays["b_new"], clipped.gradients["b"])
    run = run_of("clip_value", seed)
    by_value = optimizers.clip_by_value({"g": run.arrays["g"]}, run.scalars["theta"])
    close(run.arrays["g_new"], by_value["g"])


def test_runs_of_clipping_lie_on_both_sides():
    shortened = {
        bool(run.arrays["norm_g"][0, 0] > run.scalars["theta"])
        for run in (
            static_run(static_models()["clip_norm"], "distinct", seed)
            for seed in range(len(THRESHOLDS))
        )
    }
    assert shortened == {True, False}


def test_the_kl_term_and_the_reparameterised_sample():
    run = run_of("vae")
    mu, logvar = run.arrays["mu"], run.arrays["logvar"]
    variance = np.exp(logvar)
    close(run.arrays["E"][0, 0], -0.5 * (1 + logvar - mu**2 - variance).sum())
    close(run.arrays["z"], mu + np.sqrt(variance) * run.arrays["noise"])
    close(slope(run, "mu"), mu)
    close(slope(run, "logvar"), 0.5 * (variance - 1))


def test_cbow_with_the_full_softmax():
    run = run_of("cbow")
    network = word2vec.Word2Vec(word2vec.Parameters(run.arrays["W_in"].T, run.arrays["W_out"].T))
    words = run.arrays["x"].argmax(axis=1)[None]
    forward = network.predict(words, [[run.places["o"] - 1]])
    close(run.arrays["h"].T, forward.h)
    close(run.arrays["y"].T, forward.output.y)
    close(run.arrays["E"][0, 0], forward.E)
    back = network.backward(forward)
    close(slope(run, "h").T, back.h)
    close(slope(run, "W_in").T, back.parameters.W_in)
    close(slope(run, "W_out").T, back.parameters.W_out)


def test_cbow_in_vectors_is_cbow():
    run = run_of("cbow_vectors")
    network = word2vec.Word2Vec(word2vec.Parameters(run.arrays["v"], run.arrays["v"].T))
    forward = network.predict([[0, 1, 2, 3]], [[0]])
    close(run.arrays["h"].T, forward.h)
    close(run.arrays["s"][:, 0], run.arrays["u"] @ forward.h[0])


def test_skip_gram_with_the_full_softmax():
    run = run_of("skip_gram")
    V = len(run.arrays["u"])
    vectors = np.zeros((V, 3))
    vectors[0] = run.arrays["v"][:, 0]
    network = word2vec.Word2Vec(word2vec.Parameters(vectors, run.arrays["u"].T))
    context = run.arrays["t"].argmax(axis=1)[None]
    forward = network.predict([[0]], context)
    close(run.arrays["E"][0, 0], forward.E)
    back = network.backward(forward)
    close(slope(run, "v").T, back.h)
    close(slope(run, "u"), back.parameters.W_out.T)


def test_negative_sampling():
    run = run_of("negative_sampling")
    rows = np.concatenate([run.arrays["u_o"].T, run.arrays["u"]])
    vectors = np.zeros((len(rows), 3))
    vectors[0] = run.arrays["v"][:, 0]
    network = word2vec.Word2Vec(word2vec.Parameters(vectors, rows.T))
    forward = network.predict([[0]], [[0]], negatives=[[[1, 2, 3, 4]]])
    close(run.arrays["E"][0, 0], forward.E)
    back = network.backward(forward)
    close(slope(run, "v").T, back.h)
    close(slope(run, "u_o").T, back.parameters.W_out.T[:1])
    close(slope(run, "u"), back.parameters.W_out.T[1:])


def test_the_noise_distribution():
    run = run_of("noise_distribution")
    close(run.arrays["P"][:, 0], word2vec.noise_distribution(run.arrays["f"][:, 0]))


def test_sequences_of_words():
    run = run_of("sequence")
    p = run.arrays["p"][:, 0]
    close(run.arrays["P"][0, 0], p.prod())
    close(run.arrays["logP"][0, 0], np.log(p).sum())
    close(run.arrays["PPL"][0, 0], losses.perplexity(-np.log(p).mean()))
    masked = run_of("masked_loss")
    kept = masked.arrays["m"][:, 0]
    scores = np.stack([np.log(masked.arrays["p"][:, 0]), np.log(1 - masked.arrays["p"][:, 0])], 1)
    found = losses.softmax_cross_entropy(scores, np.zeros(len(kept), dtype=int), kept == 1)
    close(masked.arrays["E"][0, 0], found.E)
    beam = run_of("beam_score")
    total = float(np.log(beam.arrays["p"]).sum())
    score = decoding.sequence_score(total, len(beam.arrays["p"]), beam.scalars["alpha"])
    close(beam.arrays["score"][0, 0], score)


def test_the_temperature_of_a_softmax():
    run = run_of("temperature")
    v = run.arrays["v"][:, 0]
    log_p = v - np.log(np.exp(v).sum())
    close(run.arrays["y"][:, 0], decoding.tempered(log_p, run.scalars["tau"]))


def test_the_positional_encoding():
    run = run_of("positional_encoding")
    close(run.arrays["PE"], positional_encoding(np.arange(5), 6))


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("n_rnn", "RNN", {}),
        ("n_lstm", "LSTM", {}),
        ("n_lstm_two", "LSTM", {"biases": 2}),
        ("n_gru", "GRU", {}),
        ("n_gru_two", "GRU", {"biases": 2}),
        ("n_peephole", "LSTM", {"peepholes": "diagonal"}),
    ],
)
def test_parameter_counts(name, kind, options):
    given = {"D": 7.0, "H": 5.0}
    run = make_static_run(shipped_static(static_models()["parameter_counts"]), given=given)
    assert run.arrays[name][0, 0] == layer_count(kind, 7, 5, **options)


def test_one_hot_labels_are_those_of_the_right_class():
    run = run_of("softmax_class")
    close(run.arrays["t"][:, 0], one_hot([run.places["o"] - 1], 4)[0])
