"""Callbacks: what happens between the epochs."""

import os
from datetime import datetime
from pathlib import Path

import keras


def early_stopping(
    monitor: str = "val_loss", patience: int = 3, **kwargs
) -> keras.callbacks.EarlyStopping:
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


class _EarlyStopping(keras.callbacks.EarlyStopping):
    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.best = self.baseline  # Keras 3.13 compares a second fit with the best of the first

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.monitor not in logs:
            raise ValueError(
                f"Expected one of {sorted(logs)} as monitor. Received: {self.monitor!r}. "
                "Pass validation_data to fit and leave validation_freq at 1, or monitor a figure "
                "that it logs."
            )
        super().on_epoch_end(epoch, logs)


def tensorboard(folder: str | os.PathLike = "runs/logs", **kwargs) -> keras.callbacks.TensorBoard:
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
    return keras.callbacks.TensorBoard(str(log_dir), **kwargs)
