import re

import keras
import numpy as np
import pytest

from helpers.callbacks import early_stopping, tensorboard


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
