"""`train_model`: a run that is killed and called again equals one that nobody disturbed."""

import json
import multiprocessing
import signal

import h5py
import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from PIL import Image

from helpers import RandomTransform, segmentation_batches, train_model

SIZE = 8


def draw(folder, count=6):
    """Pairs whose photos are noise, brighter where the mask is collidable."""
    random = np.random.default_rng(0)
    for part in ("original", "mask"):
        (folder / part).mkdir(parents=True)
    for number in range(count):
        mask = np.zeros((SIZE, SIZE), np.uint8)
        mask[: number + 2, number % 3 :] = 255
        photo = random.integers(0, 160, (SIZE, SIZE, 3)) + mask[..., None] * 0.3
        Image.fromarray(np.uint8(photo)).save(folder / "original" / f"{number}.png")
        Image.fromarray(mask).save(folder / "mask" / f"{number}.png")


def rows_of(path):
    """The record of a run, as a table."""
    with np.load(path / "latest.npz") as file:
        return pd.DataFrame(json.loads(str(file["run"]))["rows"])


def arrays_in(path):
    """All arrays of an HDF5 or npz file by their names; fails where it is damaged."""
    if path.suffix == ".npz":
        with np.load(path) as file:
            return {name: file[name] for name in file.files if name != "run"}
    names = []
    with h5py.File(path) as file:
        file.visit(names.append)
        arrays = {name: file[name][()] for name in names if isinstance(file[name], h5py.Dataset)}
    assert arrays
    return arrays


def assert_same_arrays(path, other):
    one, two = arrays_in(path), arrays_in(other)
    assert one.keys() == two.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], two[name], err_msg=f"{path.name} {name}")


def assert_same_run(path, other):
    """All files but TensorBoard's, of whatever start, hold the same."""
    [log], [other_log] = ((run / "log").iterdir() for run in (path, other))
    names = sorted(file.name for file in log.glob("*.h5"))
    assert names == sorted(file.name for file in other_log.glob("*.h5"))
    assert len(names) == len(rows_of(path))
    for name in names:
        assert_same_arrays(log / name, other_log / name)
    assert_same_arrays(path / "latest.npz", other / "latest.npz")
    for name in ("metrics.csv", "best-accuracy/best.json"):
        assert (path / name).exists() == (other / name).exists()
        if (path / name).exists():
            assert (path / name).read_text() == (other / name).read_text()
    if (path / "best-accuracy").exists():
        weights = "best-accuracy/best.weights.h5"
        assert_same_arrays(path / weights, other / weights)
    assert not list(path.rglob("partial*"))


def assert_sound(path):
    """What holds at every moment; returns (rows, best.json or None)."""
    for file in [*path.rglob("*.h5"), *path.rglob("*.npz")]:
        if not file.name.startswith("partial."):
            arrays_in(file)
    if not (path / "latest.npz").exists():
        return [], None
    rows = rows_of(path).to_dict("records")
    assert [row["epoch"] for row in rows] == list(range(1, len(rows) + 1))
    if (path / "metrics.csv").exists():
        assert len(rows) - 1 <= len(pd.read_csv(path / "metrics.csv")) <= len(rows)
    best = path / "best-accuracy" / "best.json"
    return rows, json.loads(best.read_text()) if best.exists() else None


# --- killed for good


def child(path, folder, epochs, pipe=None):
    """Trains in a process of its own; tells through the pipe when an epoch begins."""
    tf.config.experimental.enable_op_determinism()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    keras.utils.set_random_seed(13)
    model = keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            keras.layers.BatchNormalization(momentum=0.5),
            keras.layers.Dropout(0.3),
            keras.layers.Conv2D(2, 1),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.2), loss, metrics=["accuracy"])
    options = dict(image_size=SIZE, batch_size=2)
    augment = RandomTransform(flip=True, shift=0.2, contrast=0.2)
    train_data = segmentation_batches(folder, training=True, augment=augment, seed=1, **options)
    tell = keras.callbacks.LambdaCallback(on_epoch_begin=lambda *_: pipe and pipe.send(0))
    train_model(
        model,
        path,
        train_data,
        segmentation_batches(folder, **options),
        min_accuracy=0.96,  # some epochs fall below it
        epochs=epochs,
        steps_per_epoch=4,  # of 3: the pass over the data ends inside an epoch
        verbose=0,
        callbacks=[tell],
    )


@pytest.mark.slow
def test_a_run_killed_at_twenty_moments_equals_one_never_killed(tmp_path):
    draw(tmp_path / "photos")
    processes = multiprocessing.get_context("forkserver")  # each child is a fork that has imported
    processes.set_forkserver_preload(["tensorflow", "keras", "helpers.training", __name__])
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    random, seen, best_seen = np.random.default_rng(13), [], 0
    for _ in range(20):
        receiver, sender = processes.Pipe(duplex=False)
        process = processes.Process(target=child, args=(killed, tmp_path / "photos", 999, sender))
        process.start()
        for _ in range(random.integers(0, 4)):  # none: a kill before the training begins
            assert receiver.poll(120) and receiver.recv() == 0
        process.join(random.uniform(0, 0.5))
        assert process.is_alive()
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        rows, best = assert_sound(killed)
        assert rows[: len(seen)] == seen  # no epoch lost, none twice, none another
        accuracy = best["val_accuracy"] if best else 0
        assert accuracy >= best_seen or best is None
        seen, best_seen = rows, max(accuracy, best_seen)
    assert len(seen) > 10
    for path in (killed, whole):
        process = processes.Process(target=child, args=(path, tmp_path / "photos", len(seen) + 2))
        process.start()
        process.join()
        assert process.exitcode == 0
    rows, best = assert_sound(killed)
    assert len(rows) == len(seen) + 2
    assert any(row["restored"] for row in rows) and not all(row["restored"] for row in rows)
    assert best["val_accuracy"] == max(row["val_accuracy"] for row in rows)
    assert_same_run(killed, whole)
