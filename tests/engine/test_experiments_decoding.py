"""Teacher forcing, beams and the decoder's four steps, live, on sums of two digits."""

import json
import warnings

import numpy as np
import pytest

from engine.decoding import beam_search, decode, greedy
from engine.experiments import EXPERIMENTS
from engine.experiments.beam_width import widths_up_to
from engine.seq2seq import decoder_step

FORCING, BEAMS, STEPS = (
    EXPERIMENTS[name] for name in ("teacher-forcing", "beam-width", "decoder-steps")
)
TINY = {"examples": 40, "test": 6, "hidden": 6, "embedding": 3, "batch": 8, "epochs": 2, "every": 5}


def parts(run):
    """The snapshots of the training, and those that come after it."""
    found = list(run)
    trained = [s for s in found if getattr(s, "question", None) is None]
    return trained, found[len(trained) :]


@pytest.mark.prove
def test_teacher_forcing_is_ahead_halfway():
    ahead = []
    for seed in (1, 2):
        *_, last = FORCING.run(seed=seed, epochs=12, every=552)
        forced, free = last.runs["teacher-forcing"], last.runs["free-running"]
        ahead.append(forced.accuracy - free.accuracy)
    assert min(ahead) > 0
    assert np.mean(ahead) > 0.05


def test_both_start_alike_and_free_running_is_fed_its_own_characters():
    state = FORCING.new_state(seed=0, **TINY)
    forced, free = state.states.values()
    for name, array in forced.model.parameters().items():
        assert (array == free.model.parameters()[name]).all()
    before = free.copy()
    snapshot = next(FORCING.run(state=state, **{**TINY, "every": 1}))
    order = np.random.RandomState()
    order.set_state(before.rng.get_state())
    batch = before.split.training.columns(order.permutation(40)[:8])
    start = int(batch.answers[0, 0])
    own = before.model.write(batch.questions, start, 3)
    for name, inputs in (
        ("teacher-forcing", batch.answers[:-1]),
        ("free-running", np.concatenate([batch.answers[:1], own[:-1]])),
    ):
        v = before.model.forward(batch.questions, inputs).v
        p = np.exp(v) / np.exp(v).sum(axis=-1, keepdims=True)
        chosen = np.take_along_axis(p, batch.answers[1:][..., None], axis=-1)
        assert snapshot.runs[name].loss == pytest.approx(-np.log(chosen).mean())


def test_one_that_breaks_keeps_its_last_snapshot_while_the_other_goes_on():
    state = FORCING.new_state(seed=0, **TINY)
    state.states["free-running"].model.decoder.W_out[0, 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(FORCING.run(state=state, **TINY))
    assert [s.iteration for s in found] == [5, 10]
    plain = json.loads(json.dumps(found[-1].to_json(), allow_nan=False))
    assert [run["diverged"] is None for run in plain["runs"]] == [True, False]
    assert plain["diverged"] is None


def test_every_width_writes_what_a_beam_search_of_that_width_finds():
    state = BEAMS.new_state(seed=1, **TINY)
    trained, asked = parts(BEAMS.run(state=state, **TINY, largest=3, questions=4))
    assert [s.iteration for s in trained] == [5, 10]
    assert [s.iteration for s in asked] == [11, 12, 13, 14]
    model, test = state.training.model, state.training.split.test
    log_p = {1: [], 2: [], 3: []}
    for number, snapshot in enumerate(asked):
        step, first = decoder_step(model, test.questions[:, number])
        start, *target = test.answers[:, number].tolist()
        for shown in snapshot.widths:
            best = beam_search(step, first, start, width=shown.width, maximum=3).best
            log_p[shown.width].append(best.log_probability)
            assert shown.output == state.training.characters.text(best.tokens)
            assert shown.right == (list(best.tokens) == target)
            assert shown.log_probability == pytest.approx(best.log_probability)
            assert shown.mean_log_probability == pytest.approx(np.mean(log_p[shown.width]))
            better = np.array(log_p[shown.width]) > np.array(log_p[1]) + 1e-9
            assert shown.better_than_greedy == better.mean()
    assert asked[-1].widths[0].better_than_greedy == 0


def test_width_one_is_greedy():
    state = BEAMS.new_state(seed=2, **TINY)
    _, asked = parts(BEAMS.run(state=state, **TINY, largest=1))
    for number, snapshot in enumerate(asked):
        step, first = decoder_step(
            state.training.model, state.training.split.test.questions[:, number]
        )
        start = int(state.training.split.test.answers[0, number])
        (shown,) = snapshot.widths
        tokens = decode(step, first, start, maximum=3, choose=greedy).tokens
        assert shown.output == state.training.characters.text(tokens)


@pytest.mark.parametrize(("largest", "widths"), [(1, (1,)), (5, (1, 2, 4, 5)), (8, (1, 2, 4, 8))])
def test_widths_double_up_to_the_largest(largest, widths):
    assert widths_up_to(largest) == widths


def test_the_four_steps_come_in_their_order():
    _, steps = parts(STEPS.run(seed=0, **TINY, questions=2))
    one = ["state-and-probabilities", "choosing", "embedding"]
    answer = [*one, *one, *one[:2], "detokenising"]
    assert [s.step for s in steps] == answer + answer
    assert [s.iteration for s in steps] == list(range(11, 11 + 2 * len(answer)))
    for snapshot in steps:
        json.dumps(snapshot.to_json(), allow_nan=False)


def test_each_step_shows_what_the_model_computes_there():
    state = STEPS.new_state(seed=3, **TINY)
    _, steps = parts(STEPS.run(state=state, **TINY, questions=1))
    model, characters = state.training.model, state.training.characters
    first, chosen, embedded = steps[:3]
    asked = characters.ids([first.question])
    v = model.forward(asked, characters.ids(["_"])).v[0, 0]
    p = np.exp(v) / np.exp(v).sum()
    names, probabilities = zip(*first.likeliest, strict=True)
    order = np.argsort(-p)[:5]
    assert "".join(names) == characters.text(order)
    assert probabilities == pytest.approx(p[order])
    assert (chosen.character, chosen.probability) == (names[0], pytest.approx(probabilities[0]))
    assert chosen.written == names[0]
    token = int(characters.ids([names[0]])[0, 0])
    assert embedded.vector == pytest.approx(model.target_embedding.W[token])
    last = steps[-1]
    assert last.text == last.written
    a, b = (int(part) for part in last.question.strip().split("+"))
    assert last.right == (last.text == str(a + b).ljust(3))


def test_a_temperature_draws_by_lot_and_the_seed_decides():
    def texts(seed, temperature):
        _, steps = parts(STEPS.run(seed=seed, **TINY, questions=6, temperature=temperature))
        return [s.text for s in steps if s.step == "detokenising"]

    assert texts(0, 5) == texts(0, 5)
    assert texts(0, 5) != texts(0, 0)


@pytest.mark.parametrize("experiment", [FORCING, BEAMS, STEPS])
def test_a_kept_state_goes_on_as_if_never_stopped(experiment):
    whole = [s.to_json() for s in experiment.run(seed=3, **TINY)]
    for stop in (1, len(whole) // 2, len(whole) - 1):
        state = experiment.new_state(seed=3, **TINY)
        run = experiment.run(state=state, **TINY)
        first = [next(run).to_json() for _ in range(stop)]
        run.close()
        rest = [s.to_json() for s in experiment.run(state=state.copy(), **TINY)]
        assert first + rest == whole


@pytest.mark.parametrize("experiment", [BEAMS, STEPS])
def test_a_training_that_breaks_is_not_written_with(experiment):
    state = experiment.new_state(seed=0, **TINY)
    state.training.model.decoder.W_out[0, 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(experiment.run(state=state, **TINY))
    assert [s.diverged for s in found] == ["gradient norm nan at iteration 1"]
    json.dumps(found[0].to_json(), allow_nan=False)
