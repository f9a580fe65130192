"""Callbacks: what happens between the epochs."""

import math
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import keras
import numpy as np
from keras.callbacks import Callback, EarlyStopping, TensorBoard


def early_stopping(monitor: str = "val_loss", patience: int = 3, **kwargs) -> EarlyStopping:
    """Stops training when `monitor` no longer improves and gives back the best epoch's weights.

    Args:
        monitor: Name of the figure to watch, as in the log of `fit`.
        patience: Epochs without improvement before it stops.
        **kwargs: Of `keras.callbacks.EarlyStopping`.

    Returns:
        Callback. Unlike Keras' own default it restores the best weights, and where the log has no
        `monitor` it raises a ValueError instead of never stopping.

    Example:
        >>> model.fit(train_data, validation_data=val_data, callbacks=[early_stopping()])
    """
    return _EarlyStopping(monitor, patience=patience, **{"restore_best_weights": True, **kwargs})


class _EarlyStopping(EarlyStopping):
    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.best = self.baseline  # Keras 3.13 compares a second fit with the best of the first

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.monitor not in logs:
            raise ValueError(
                f"Expected one of {sorted(logs)} as monitor. Received: {self.monitor!r}. Monitor "
                "one of these, or pass validation_data to fit and leave validation_freq at 1."
            )
        super().on_epoch_end(epoch, logs)


def tensorboard(folder: str | os.PathLike = "runs/logs", **kwargs) -> TensorBoard:
    """Logs a training run for TensorBoard, each run in a folder named by its start.

    Args:
        folder: Parent of the runs: what `tensorboard --logdir` is pointed at.
        **kwargs: Of `keras.callbacks.TensorBoard`.

    Returns:
        Callback that writes into `folder/2026-11-22-093000` (no ":", which Windows refuses).

    Example:
        >>> model.fit(train_data, callbacks=[tensorboard("runs/logs")])
    """
    start = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    log_dir, again = Path(folder) / start, 2
    while log_dir.exists():  # a second run in the same second
        log_dir, again = Path(folder) / f"{start}-{again}", again + 1
    log_dir.mkdir(parents=True)
    return TensorBoard(str(log_dir), **kwargs)


class RestoreBestOnDrop(Callback):
    """Takes a model back to its best epoch when its validation accuracy has dropped.

    After an epoch whose `val_accuracy` is below the minimum, the weights and the optimizer's state
    (moments, number of steps) become those of the best epoch, the learning rate is lowered so that
    the drop does not come again, and the training goes on. Until an epoch has reached the minimum
    nothing goes back: a training from random weights begins low. Only a figure that is not finite
    (NaN, infinite) always goes back, to the start where no epoch was good.

    Args:
        min_accuracy: Lowest acceptable `val_accuracy`, in 0..1.
        factor: What the learning rate is multiplied with, above 0 and below 1.

    Attributes:
        best: `val_accuracy` of the best epoch, -inf before the first.
        restored: Numbers, counted from 0, of the epochs after which the model was taken back.

    Raises:
        ValueError: For a number out of range; while training, for a log without `val_accuracy` or
            a learning rate that follows a schedule, which cannot be lowered.

    Example:
        >>> rescue = RestoreBestOnDrop(min_accuracy=0.8)
        >>> model.fit(train_data, validation_data=val_data, epochs=20, callbacks=[rescue])
    """

    def __init__(self, min_accuracy: float = 0.5, factor: float = 0.5):
        super().__init__()
        if not 0 <= min_accuracy <= 1 or not 0 < factor < 1:
            raise ValueError(
                "Expected min_accuracy in 0..1 and factor above 0 and below 1. Received: "
                f"min_accuracy={min_accuracy!r}, factor={factor!r}. Take 0.8 for 80%, for example."
            )
        self.min_accuracy, self.factor = min_accuracy, factor

    def on_train_begin(self, logs=None):
        self.best, self.best_state, self.restored = -math.inf, get_state(self.model), []
        if "learning_rate" not in [variable.name for variable in self.model.optimizer.variables]:
            raise ValueError(
                "Expected a learning rate that can be lowered. Received: a schedule. Compile the "
                "model with a number."
            )

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if "val_accuracy" not in logs:
            raise ValueError(
                f"Expected val_accuracy in the log. Received: {sorted(logs)}. Compile the model "
                'with metrics=["accuracy"] and pass validation_data to fit.'
            )
        accuracy, finite = logs["val_accuracy"], all(map(math.isfinite, logs.values()))
        if finite and accuracy > self.best:
            self.best, self.best_state = accuracy, get_state(self.model)
        if not finite or accuracy < self.min_accuracy <= self.best:
            optimizer = self.model.optimizer
            rate = optimizer.learning_rate.numpy()
            set_state(self.model, self.best_state)  # with the rate of the best epoch
            optimizer.learning_rate = self.factor * min(rate, optimizer.learning_rate.numpy())
            self.restored.append(epoch)


def get_state(model: keras.Model) -> list[np.ndarray]:
    """Copies of all that `fit` changes: weights, random generators, optimizer."""
    return [keras.ops.convert_to_tensor(part).numpy() for part in _variables(model)]


def set_state(model: keras.Model, state: Sequence[np.ndarray]):
    """Gives a model what `get_state` copied from it, or from another built and compiled alike."""
    variables = _variables(model)
    wanted, received = ([tuple(part.shape) for part in parts] for parts in (variables, state))
    if wanted != received:
        raise ValueError(
            f"Expected the state of a model like {model.name!r}, {len(wanted)} arrays. Received: "
            f"{len(received)}, or other shapes. For other or frozen layers take another path."
        )
    with model.distribute_strategy.scope():
        for variable, array in zip(variables, state, strict=True):
            variable.assign(array)


def _variables(model):
    with model.distribute_strategy.scope():
        model.optimizer.build(model.trainable_variables)  # once; later calls change nothing
    return model.variables + model.optimizer.variables
