import re

import keras
import numpy as np
import pytest

from helpers.callbacks import (
    RestoreBestOnDrop,
    early_stopping,
    get_state,
    set_state,
    tensorboard,
)


class Scripted(keras.callbacks.Callback):
    """Writes a given figure into the log of each epoch and marks the weights with the epoch."""

    def __init__(self, name, figures):
        super().__init__()
        self.name, self.figures = name, figures

    def on_epoch_end(self, epoch, logs=None):
        logs[self.name] = self.figures[epoch]
        self.model.layers[-1].set_weights([np.full((1, 1), epoch, "float32")])


def fit(*callbacks, epochs=6):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    x = np.zeros((2, 1), "float32")
    log = model.fit(x, x, epochs=epochs, verbose=0, callbacks=list(callbacks))
    return model, log


def marked_epoch(model):
    return int(model.get_weights()[0][0, 0])


@pytest.mark.parametrize(
    ("figures", "patience", "epochs", "best"),
    [
        ([5, 4, 3, 2, 1, 0], 3, 6, 5),  # improves to the end
        ([5, 1, 2, 3, 4, 5], 3, 5, 1),  # three epochs without improvement
        ([5, 1, 2, 3, 4, 5], 1, 3, 1),
        ([5, 1, 2, 2, 0.5, 5], 3, 6, 4),  # improves just in time
    ],
)
def test_it_stops_after_patience_and_gives_back_the_best_weights(figures, patience, epochs, best):
    stopping = early_stopping(patience=patience)
    model, log = fit(Scripted("val_loss", figures), stopping)
    assert len(log.epoch) == epochs
    assert marked_epoch(model) == best


def test_another_figure_can_be_watched_upwards():
    stopping = early_stopping("val_accuracy", patience=2, mode="max")
    model, log = fit(Scripted("val_accuracy", [0.1, 0.9, 0.8, 0.7, 0.6, 0.5]), stopping)
    assert len(log.epoch) == 4 and marked_epoch(model) == 1


def test_the_callback_can_be_used_again():
    stopping = early_stopping(patience=1)
    for _ in range(2):
        model, log = fit(Scripted("val_loss", [5, 4, 6, 7, 8, 9]), stopping)
        assert len(log.epoch) == 3 and marked_epoch(model) == 1


def test_a_baseline_must_be_passed_in_every_fit():
    stopping = early_stopping(patience=2, baseline=1.0)
    for figures, epochs in (([0.9, 0.8, 5, 5, 5, 5], 4), ([5, 4, 3, 2, 1, 0], 2)):
        _, log = fit(Scripted("val_loss", figures), stopping)
        assert len(log.epoch) == epochs


def test_it_is_an_early_stopping_of_keras():
    stopping = early_stopping(min_delta=0.5)
    assert isinstance(stopping, keras.callbacks.EarlyStopping)
    assert stopping.restore_best_weights and stopping.patience == 3
    assert stopping.monitor == "val_loss" and abs(stopping.min_delta) == 0.5


def test_a_figure_that_is_not_in_the_log_is_refused_in_the_first_epoch():
    with pytest.raises(ValueError, match=r"\['loss'\] as monitor. Received: 'val_loss'"):
        fit(early_stopping())


# --- TensorBoard


def test_each_run_logs_into_a_folder_named_by_its_start(tmp_path):
    fit(tensorboard(tmp_path / "logs"), epochs=1)
    [run] = (tmp_path / "logs").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}", run.name)
    assert list(run.glob("train/events.out.tfevents.*"))


def test_runs_in_the_same_second_do_not_share_a_folder(tmp_path):
    folders = [tensorboard(tmp_path).log_dir for _ in range(4)]
    assert len(set(folders)) == 4
    assert sorted(folders) == sorted(str(path) for path in tmp_path.iterdir())


def test_options_reach_keras(tmp_path):
    callback = tensorboard(str(tmp_path), histogram_freq=2)
    assert isinstance(callback, keras.callbacks.TensorBoard)
    assert callback.histogram_freq == 2


def test_restoring_can_be_switched_off_as_in_keras():
    assert early_stopping(restore_best_weights=False).restore_best_weights is False
    assert early_stopping().restore_best_weights is True


# --- going back to the best epoch


class Note(keras.callbacks.Callback):
    """Keeps the whole state of the model at the end of each epoch."""

    def __init__(self):
        super().__init__()
        self.states = []

    def on_train_begin(self, logs=None):
        self.states = [get_state(self.model)]

    def on_epoch_end(self, epoch, logs=None):
        self.states.append(get_state(self.model))

    def weight(self, epoch):
        return self.states[epoch + 1][0].item()


def rescued(figures, rescue=None, name="val_accuracy", optimizer=None, **options):
    """Trains through scripted figures; returns what was before and after the callback."""
    rescue = rescue or RestoreBestOnDrop(**options)
    before, after = Note(), Note()
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer or keras.optimizers.Adam(1.0), "mse")
    x = np.ones((4, 1), "float32")
    script = [Scripted("val_accuracy", [0.9] * len(figures)), Scripted(name, figures)]
    callbacks = [*script, before, rescue, after]
    log = model.fit(x, x * 50, 2, len(figures), verbose=0, callbacks=callbacks)
    assert len(log.epoch) == len(figures)  # the training goes on
    return rescue, before, after


def rates(note):
    """Learning rates at the start and after each epoch: the one number that only falls."""
    return [state[2].item() for state in note.states]


def test_after_a_drop_weights_moments_and_steps_are_those_of_the_best_epoch():
    rescue, before, after = rescued([0.6, 0.9, 0.4, 0.7])
    assert rescue.restored == [2] and rescue.best == 0.9
    assert [after.weight(epoch) for epoch in range(4)] == [0, 1, 1, 3]
    weights, iterations, rate, *moments = after.states[3]
    best = after.states[2]
    assert iterations == best[1] == 4 and before.states[3][1] == 6
    assert after.states[4][1] == 6  # two steps further from there
    assert len(moments) == 2 and all(np.abs(moment).min() > 0 for moment in moments)
    np.testing.assert_array_equal(moments, best[3:])
    assert (np.array(moments) != before.states[3][3:]).all()


@pytest.mark.parametrize("factor", [0.5, 0.25])
def test_each_drop_lowers_the_learning_rate_further(factor):
    rescue, _, after = rescued([0.9, 0.1, 0.1, 0.95, 0.1], factor=factor)
    assert rates(after) == [1, 1, factor, factor**2, factor**2, factor**3]
    assert [after.weight(epoch) for epoch in range(5)] == [0, 0, 0, 3, 3]
    assert rescue.restored == [1, 2, 4]


@pytest.mark.parametrize(
    ("figures", "restored", "weights"),
    [
        ([0.1, 0.2, 0.1, 0.4, 0.49], [], [0, 1, 2, 3, 4]),  # not yet there
        ([0.1, 0.5, 0.2, 0.6, 0.3], [2, 4], [0, 1, 1, 3, 3]),
        ([0.9, 0.6, 0.5, 0.8], [], [0, 1, 2, 3]),  # worse, but never below
        ([0.5, 0.49, 0.5, 0.49], [1, 3], [0, 0, 2, 0]),  # the first of equals
    ],
)
def test_only_a_drop_below_a_minimum_once_reached_goes_back(figures, restored, weights):
    rescue, _, after = rescued(figures)
    assert rescue.restored == restored
    assert [after.weight(epoch) for epoch in range(len(figures))] == weights


def test_a_minimum_of_zero_never_goes_back_and_one_of_one_only_from_there():
    assert rescued([0.9, 0.0], min_accuracy=0)[0].restored == []
    assert rescued([0.9, 0.99], min_accuracy=1)[0].restored == []
    assert rescued([1.0, 0.99], min_accuracy=1)[0].restored == [1]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["loss", "val_loss", "val_accuracy"])
def test_figures_that_are_not_finite_go_back_to_the_best_epoch(name, bad):
    rescue, _, after = rescued([0.3, 0.4, bad, 0.2], name=name, min_accuracy=0.95)
    assert rescue.restored == [2] and rates(after) == [1, 1, 1, 0.5, 0.5]
    best = 1 if name == "val_accuracy" else 0  # elsewhere all have 0.9, and the first is best
    assert after.weight(2) == best


def test_without_a_good_epoch_they_go_back_to_the_start():
    rescue, _, after = rescued([np.nan, np.nan, 0.1])
    assert rescue.restored == [0, 1] and rates(after) == [1, 0.5, 0.25, 0.25]
    start, first, second, _ = after.states
    for state in (first, second):
        assert [np.array_equal(*pair) for pair in zip(start, state, strict=True)].count(False) == 1


def test_training_goes_on_from_weights_that_were_not_a_number():
    class Explode(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                self.model.set_weights([weight * np.nan for weight in self.model.get_weights()])

    def train(*callbacks):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
        x = np.random.default_rng(0).normal(size=(64, 2))
        y = x[:, 0] > x[:, 1]
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(0.1), loss, metrics=["accuracy"])
        options = dict(epochs=8, validation_data=(x, y), verbose=0)
        return model.fit(x, y, callbacks=[Explode(), *callbacks], **options).history

    lost, rescue = train(), RestoreBestOnDrop(0.8)
    assert np.isnan(lost["val_loss"][3:]).all() and max(lost["val_accuracy"][3:]) < 0.7
    saved = train(rescue)
    assert rescue.restored == [3] and np.isfinite(saved["val_loss"][4:]).all()
    assert min(saved["val_accuracy"][4:]) > 0.8 and lost["loss"][:3] == saved["loss"][:3]


def test_the_rescue_begins_anew_with_each_fit():
    rescue = RestoreBestOnDrop()
    for figures in ([0.9, 0.1], [0.1, 0.2], [0.6, 0.1]):
        _, _, after = rescued(figures, rescue)
        assert rescue.best == max(figures)
        assert rescue.restored == ([1] if figures[0] > 0.5 else [])
        assert after.weight(1) == 1 - len(rescue.restored)


def test_a_learning_rate_by_schedule_is_refused_before_the_first_epoch():
    schedule = keras.optimizers.schedules.ExponentialDecay(1.0, 10, 0.9)
    with pytest.raises(ValueError, match="can be lowered. Received: a schedule. Compile"):
        rescued([], optimizer=keras.optimizers.SGD(schedule))


def test_a_log_without_validation_accuracy_is_refused():
    with pytest.raises(ValueError, match=r"Expected val_accuracy.*\['loss'\].*validation_data"):
        fit(RestoreBestOnDrop())


@pytest.mark.parametrize(
    "options",
    [
        {"min_accuracy": 80},
        {"min_accuracy": -0.1},
        {"min_accuracy": np.nan},
        {"factor": 1},
        {"factor": 0},
        {"factor": 2},
    ],
)
def test_numbers_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match=f"in 0..1.*Received:.*{next(iter(options))}="):
        RestoreBestOnDrop(**options)


# --- the state of a training


def trained_model(rate=0.1):
    layers = [
        keras.layers.Dense(4),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.5, seed=3),
        keras.layers.Dense(1),
    ]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.compile(keras.optimizers.Adam(rate), "mse")
    return model


def step(model):
    x, losses = np.linspace(0, 1, 24).reshape(8, 3), []
    for _ in range(3):
        model.reset_metrics()  # Keras 3.13 returns the mean of the steps since the last reset
        losses.append(model.train_on_batch(x, x[:, :1]))
    return losses


def test_a_state_makes_another_model_go_on_as_the_first_would():
    one, two = trained_model(), trained_model(rate=7.0)
    step(one)
    state = get_state(one)
    kept = [array.copy() for array in state]
    losses = step(one)
    for array, copy in zip(state, kept, strict=True):
        np.testing.assert_array_equal(array, copy)  # not the memory of the model
    set_state(two, state)
    assert step(two) == losses  # the same Dropout too
    for array, other in zip(get_state(one), get_state(two), strict=True):
        np.testing.assert_array_equal(array, other)
    assert len(state) == len(one.weights) + 1 + len(one.optimizer.variables)  # 1: of Dropout


@pytest.mark.parametrize("change", ["frozen", "other shape", "shorter"])
def test_the_state_of_another_model_is_refused_before_anything_changes(change):
    model, other = trained_model(), trained_model()
    if change == "frozen":
        other.layers[0].trainable = False
    state = get_state(other)
    if change == "other shape":
        state[-1] = np.zeros((5, 5))
    before = get_state(model)
    with pytest.raises(ValueError, match="Expected the state of a model like.*Received"):
        set_state(model, state[:-1] if change == "shorter" else state)
    for array, same in zip(before, get_state(model), strict=True):
        np.testing.assert_array_equal(array, same)
