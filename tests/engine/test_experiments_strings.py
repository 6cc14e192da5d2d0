"""Sequence to sequence on sums and dates, live; at sizes that take seconds."""

import json
import warnings

import numpy as np
import pytest

from engine.decoding import decode
from engine.experiments import EXPERIMENTS
from engine.seq2seq import decoder_step

ADDITION, DATES = EXPERIMENTS["addition-strings"], EXPERIMENTS["date-conversion"]
TINY = {
    "examples": 40,
    "test": 6,
    "hidden": 5,
    "embedding": 3,
    "batch": 8,
    "epochs": 2,
    "every": 2,
}


def runs(**settings):
    for experiment in (ADDITION, DATES):
        for variant in experiment.parameters["variant"].choices:
            yield experiment, {**TINY, "variant": variant, **settings}


@pytest.mark.prove
def test_sums_are_learnt_though_not_all_of_them():
    settings = {"digits": 2, "examples": 1_500, "test": 200, "hidden": 48, "batch": 32}
    run = ADDITION.run(
        seed=0, variant="reversed-peeky", epochs=14, learning_rate=0.01, every=46, **settings
    )
    snapshots = list(run)
    assert snapshots[-1].loss < 0.5 * snapshots[0].loss
    assert len(snapshots[-1].accuracies) == 14
    assert snapshots[-1].accuracy > 0.25


def test_where_there_are_fewer_sums_than_asked_for_all_that_can_be_drawn_are_taken():
    state = ADDITION.new_state(seed=0, digits=2, hidden=2)
    assert len(state.split.test) == 1_000
    assert len(state.split.training) == 100 * 101 // 4 - 1_000


def test_every_variant_runs_and_is_json():
    for experiment, settings in runs():
        for snapshot in experiment.run(seed=0, **settings):
            plain = json.loads(json.dumps(snapshot.to_json(), allow_nan=False))
            assert plain["diverged"] is None
            assert (snapshot.alignment is not None) == (settings["variant"] == "attention")
            assert snapshot.right == (snapshot.output == snapshot.target)
            assert snapshot.loss == pytest.approx(np.mean(snapshot.losses))


def test_an_epoch_goes_once_through_all_examples_and_ends_with_the_test():
    state = ADDITION.new_state(seed=1, **TINY)
    found = list(ADDITION.run(state=state, **TINY))
    assert [s.iteration for s in found] == [2, 4, 6, 8, 10]
    assert [s.epoch for s in found] == [0.4, 0.8, 1.2, 1.6, 2.0]
    assert [len(s.accuracies) for s in found] == [0, 0, 1, 1, 2]
    assert found[0].accuracy is None
    assert sorted(state.order) == list(range(40))


def test_the_first_loss_is_that_of_a_guess_among_all_characters():
    first = next(ADDITION.run(seed=0, **{**TINY, "every": 1}))
    assert first.loss == pytest.approx(np.log(13), rel=0.1)


def test_accuracy_is_the_share_written_as_the_decoder_writes_one_by_one():
    state = ADDITION.new_state(seed=2, **{**TINY, "digits": 2, "hidden": 24, "examples": 300})
    settings = {**TINY, "digits": 2, "epochs": 8, "learning_rate": 0.02, "every": 37}
    *_, last = ADDITION.run(state=state, **settings)
    test = state.split.test
    right = 0
    for n in range(len(test)):
        step, start_state = decoder_step(state.model, test.questions[:, n])
        start, *wanted = test.answers[:, n].tolist()
        right += list(decode(step, start_state, start, maximum=len(wanted)).tokens) == wanted
    assert last.accuracy == right / len(test)


def test_the_shown_example_is_of_the_test_and_written_as_shown():
    state = ADDITION.new_state(seed=0, **TINY)
    for snapshot in ADDITION.run(state=state, **TINY):
        asked = state.characters.ids([snapshot.question])
        a, b = snapshot.question.strip().split("+")
        assert int(snapshot.target) == int(a) + int(b)
        assert (state.split.test.questions == asked).all(axis=0).any()
        words = state.model.write(asked, int(state.characters.ids(["_"])[0, 0]), 4)
        assert state.characters.text(words[:, 0]) == snapshot.output


def test_the_alignment_has_a_weight_for_each_character_in_the_order_of_the_question():
    settings = {**TINY, "variant": "attention", "every": 1}
    state = DATES.new_state(seed=0, **settings)
    run = DATES.run(state=state, **settings)
    snapshot = next(run)
    alignment = np.array(snapshot.alignment)
    assert alignment.shape == (10, 29)
    assert alignment.sum(axis=1) == pytest.approx(1)
    # By hand: the scores of the first written character against the encoder's outputs.
    asked = state.characters.ids([snapshot.question])
    inputs = state.characters.ids([f"_{snapshot.output}"])[:-1]
    decoder = state.model.forward(asked, inputs).decoder
    e = decoder.memory.outputs[:, 0] @ decoder.s[0, 0]
    weights = np.exp(e) / np.exp(e).sum()
    assert alignment[0] == pytest.approx(weights[::-1])


def test_variants_differ_in_the_model_and_see_the_same_examples():
    plain, both = (
        ADDITION.new_state(seed=0, **TINY, variant=v) for v in ("plain", "reversed-peeky")
    )
    assert (plain.split.training.questions == both.split.training.questions).all()
    assert (plain.model.reverse, plain.model.decoder.peeky) == (False, False)
    assert (both.model.reverse, both.model.decoder.peeky) == (True, True)


def test_a_run_that_breaks_ends_with_the_reason_and_without_a_warning():
    state = ADDITION.new_state(seed=0, **TINY)
    state.model.decoder.W_out[0, 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(ADDITION.run(state=state, **TINY))
    assert [s.diverged for s in found] == ["gradient norm nan at iteration 1"]
    json.dumps(found[0].to_json(), allow_nan=False)


def test_a_kept_state_goes_on_as_if_never_stopped():
    for experiment, settings in runs(every=3):
        whole = [s.to_json() for s in experiment.run(seed=3, **settings)]
        state = experiment.new_state(seed=3, **settings)
        run = experiment.run(state=state, **settings)
        first = next(run).to_json()
        run.close()
        rest = [s.to_json() for s in experiment.run(state=state.copy(), **settings)]
        assert [first, *rest] == whole
        assert [s.to_json() for s in experiment.run(seed=4, **settings)] != whole
