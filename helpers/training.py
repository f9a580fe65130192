"""A training run that survives: logged, resumed where it was killed, its best model kept."""

import json
import math
import os
import shutil
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from helpers.callbacks import RestoreBestOnDrop, get_state, set_state


def train_model(
    model: keras.Model,
    path: str | os.PathLike,
    train_data: keras.utils.PyDataset | tf.data.Dataset,
    val_data: keras.utils.PyDataset | tf.data.Dataset,
    *,
    backbone: bool = False,
    min_accuracy: float | None = None,
    epochs: int = 60,
    steps_per_epoch: int | None = None,
    **kwargs,
) -> keras.callbacks.History:
    """Trains a model and keeps a record of the run, so that it can be killed and called again.

    Called again with the same path it goes on after the last whole epoch: weights, optimizer,
    learning rate, best epoch and history come from the record. Under `path`:

    - `log/<start>/epoch-007-val_loss-0.123-val_accuracy-0.956.weights.h5`: the model after each
      epoch, as trained, and TensorBoard's events;
    - `metrics.csv`: a row an epoch (counted from 1), with the learning rate and whether the best
      model was restored after it;
    - `best-accuracy/`: weights of the epoch with the highest val_accuracy and its row, as JSON;
    - `latest.npz`: the whole state of the training, for going on.

    Each file but TensorBoard's is written under another name and renamed once it is whole.

    Args:
        model: Compiled model, with accuracy among its metrics unless it is a backbone.
        path: Folder of the run, a new one for each model.
        train_data: Batches. A `segmentation_batches` or an `ImageSequence` is told which epoch
            begins, and read by one thread: a resumed run sees what an unbroken one would. Any other
            begins anew.
        val_data: Batches for validation.
        backbone: True for a model without accuracy: the best epoch is that of the lowest val_loss,
            and there is no `best-accuracy/`.
        min_accuracy: In 0..1. After an epoch whose val_accuracy is below it the best model so far
            comes back, as by `RestoreBestOnDrop`. None never restores.
        epochs: Epochs in all, those of earlier calls included.
        steps_per_epoch: Batches an epoch; None takes each once. An epoch may end inside a pass over
            such data, and the next one goes on there; a `tf.data.Dataset` needs `repeat()` for it.
        **kwargs: Of `model.fit`, such as `verbose`, `callbacks` or `validation_steps`.

    Returns:
        History of the whole run, earlier calls included. The model has the weights and the
        optimizer of the best epoch.

    Raises:
        ValueError: For a model that is not compiled or has no accuracy, a minimum for a backbone,
            or a path with the run of another model. At the call, not after an epoch.

    Example:
        >>> history = train_model(model, "runs/unet", train_data, val_data, min_accuracy=0.8)
    """
    if backbone and min_accuracy is not None:
        raise ValueError(
            "Expected min_accuracy=None with backbone=True, which has no accuracy. "
            f"Received: {min_accuracy=}. Leave it out."
        )
    names = model.evaluate(val_data, steps=1, verbose=0, return_dict=True)
    if not backbone and "accuracy" not in names:
        raise ValueError(
            f'Expected "accuracy" among the metrics. Received: {sorted(names)}. Compile the model '
            'with metrics=["accuracy"], or pass backbone=True.'
        )
    if hasattr(train_data, "epoch"):
        train_data, steps_per_epoch = _Epochs(train_data, steps_per_epoch), None
    record = _Record(Path(path), train_data, backbone, min_accuracy)
    first = record.load(model)
    if first < epochs:
        board = keras.callbacks.TensorBoard(str(record.folder), write_graph=False)
        kwargs["callbacks"] = [*(kwargs.get("callbacks") or ()), board, record]
        length = dict(initial_epoch=first, epochs=epochs, steps_per_epoch=steps_per_epoch)
        fixed = dict(validation_data=val_data, validation_freq=1, shuffle=False)
        model.fit(train_data, **length, **fixed, **kwargs)
    if record.best_state:
        set_state(model, record.best_state)
    return record.history()


class _Epochs(keras.utils.PyDataset):
    """Epochs of any number of batches, cut from passes over a sequence; knows which one it is."""

    def __init__(self, data, steps):
        super().__init__()
        self.data, self.steps, self.epoch = data, steps or len(data), 0

    def __len__(self):
        return self.steps

    def __getitem__(self, index):
        step = self.epoch * self.steps + index
        self.data.epoch, batch = divmod(step, len(self.data))
        return self.data[batch]


class _Record(keras.callbacks.Callback):
    """Writes a run down after each epoch: `latest.npz` decides what is valid, all else follows."""

    def __init__(self, path, data, backbone, min_accuracy):
        super().__init__()
        self.path, self.data, self.latest = path, data, path / "latest.npz"
        self.monitor, self.sign = ("val_loss", -1) if backbone else ("val_accuracy", 1)
        self.restore = None if min_accuracy is None else RestoreBestOnDrop(min_accuracy)
        start = datetime.now().strftime("%Y-%m-%d-%H%M%S")  # no ":", which Windows refuses
        self.run, self.best_state = {"start": start, "rows": [], "best": None}, []

    def load(self, model):
        """Brings a model to where its run stopped; returns how many epochs lie behind."""
        self.set_model(model)
        if self.latest.exists():
            try:
                with np.load(self.latest) as file:
                    run = json.loads(str(file["run"]))
                    arrays = [file[f"arr_{n}"] for n in range(len(file.files) - 1)]
            except Exception as error:  # zipfile, json and NumPy each have their own
                raise ValueError(
                    f"Expected the record of a run in {self.latest}. Received a damaged file "
                    f"({error}). Take another path, or remove this folder to begin anew."
                ) from error
            set_state(model, arrays[: run["variables"]])
            self.run, self.best_state = run, arrays[run["variables"] :]
        self.folder = self.path / "log" / self.run["start"]
        names = {_name(row) for row in self.run["rows"]}
        for file in [*self.path.rglob("partial.*"), *self.folder.glob("epoch-*")]:
            if file.name not in names:  # of an epoch that did not become whole
                file.unlink()
        self._publish()
        return len(self.run["rows"])

    def on_train_begin(self, logs=None):
        if self.restore:
            self.restore.set_model(self.model)
            self.restore.on_train_begin()
            if best := self.run["best"]:
                self.restore.best, self.restore.best_state = best[self.monitor], self.best_state
        self._save()  # a run killed in its first epoch begins again from the same weights

    def on_epoch_begin(self, epoch, logs=None):
        if isinstance(self.data, _Epochs):
            self.data.epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch + 1} | {name: float(value) for name, value in (logs or {}).items()}
        row["learning_rate"] = float(self.model.optimizer.learning_rate.numpy())
        with _whole(self.folder / _name(row)) as part:
            self.model.save_weights(part)
        best = self.run["best"]
        better = best is None or self.sign * (row[self.monitor] - best[self.monitor]) > 0
        if better and all(map(math.isfinite, row.values())):
            self.run["best"], self.best_state = row, get_state(self.model)
        if self.restore:
            self.restore.on_epoch_end(epoch, logs)
            row["restored"] = epoch in self.restore.restored
        self.run["rows"].append(row)
        self._save()  # after the restoring: a resumed run must not begin with what was undone
        self._publish()

    def _save(self):
        """Writes the state of the training and, behind it, that of the best epoch."""
        state = get_state(self.model)
        run = json.dumps(self.run | {"variables": len(state)})
        with _whole(self.latest) as part:
            np.savez(part, *state, *self.best_state, run=run)

    def _publish(self):
        """Brings the table and the best model in line with the run."""
        rows, best = self.run["rows"], self.run["best"]
        if rows:
            with _whole(self.path / "metrics.csv") as part:
                pd.DataFrame(rows).to_csv(part, index=False, na_rep="nan")
        figures = self.path / "best-accuracy" / "best.json"
        known = json.loads(figures.read_text()) if figures.exists() else None
        if best and self.sign > 0 and best != known:
            figures.unlink(missing_ok=True)  # never figures beside the weights of another epoch
            with _whole(figures.with_name("best.weights.h5")) as part:
                shutil.copyfile(self.folder / _name(best), part)
            with _whole(figures) as part:
                part.write_text(json.dumps(best))

    def history(self):
        """The run as `fit` would have returned it, had it never been interrupted."""
        history, rows = keras.callbacks.History(), pd.DataFrame(self.run["rows"])
        history.epoch = list(range(len(rows)))
        others = ["epoch", "learning_rate", "restored"]
        history.history = rows.drop(columns=others, errors="ignore").to_dict("list")
        return history


def _name(row):
    """File name of an epoch's weights."""
    figures = [f"-{name}-{row[name]:.3f}" for name in ("val_loss", "val_accuracy") if name in row]
    return f"epoch-{row['epoch']:03d}{''.join(figures)}.weights.h5"


@contextmanager
def _whole(path):
    """Gives a name to write to; the file takes its own one when it is whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"partial.{path.name}")
    yield part
    with open(part, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, path)
