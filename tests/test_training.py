"""`train_model`: a run that is killed and called again equals one that nobody disturbed."""

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import h5py
import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from PIL import Image

from helpers import RandomTransform, segmentation_batches, train_model
from helpers.callbacks import get_state, set_state

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
    if not (path / "best-accuracy" / "best.json").exists():
        return rows, None
    best = json.loads((path / "best-accuracy" / "best.json").read_text())
    [weights] = (path / "log").glob(f"*/epoch-{best['epoch']:03d}-*")
    assert_same_arrays(weights, path / "best-accuracy" / "best.weights.h5")
    return rows, best


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


# --- stopped in this process: the same model, its state wiped, stands for a new one


class Batches(keras.utils.PyDataset):
    """Three batches an epoch, made of the numbers of epoch and batch alone."""

    def __init__(self):
        super().__init__()
        self.epoch = 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        x = np.random.default_rng((self.epoch, index)).normal(size=(8, 3)).astype("float32")
        return x, np.int64(x[:, 0] > x[:, 1])


class Stop(keras.callbacks.Callback):
    """Presses Ctrl+C in the middle of an epoch, counted from 1."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch, self.now = epoch, None

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        if batch == 1 and self.now == self.epoch:
            raise KeyboardInterrupt


class Script(keras.callbacks.Callback):
    """Writes figures into the logs of some epochs, counted from 1, before anyone else sees them."""

    def __init__(self, figures, name="val_accuracy"):
        super().__init__()
        self.figures, self.name = figures, name

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 in self.figures:
            logs[self.name] = self.figures[epoch + 1]


def make(accuracy=True, units=4, rate=0.02):
    layers = [
        keras.Input((3,)),
        keras.layers.Dense(units, activation="relu"),
        keras.layers.BatchNormalization(momentum=0.5),
        keras.layers.Dropout(0.3, seed=5),
        keras.layers.Dense(2),
    ]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    metrics = ["accuracy"] if accuracy else None
    model.compile(keras.optimizers.Adam(rate), loss, metrics=metrics)
    return model


@pytest.fixture(scope="module")
def shared():
    """A model and its first state; compiled once, since that takes most of the time."""
    model = make()
    return model, get_state(model)


@pytest.fixture
def model(shared):
    model, state = shared
    set_state(model, state)
    return model


def wipe(model):
    """What a new process begins with has nothing of what was learnt."""
    set_state(model, [array + 1 for array in get_state(model)])


def dataset():
    """An epoch of `Batches`; made faster than a sequence is."""
    parts = [Batches()[index] for index in range(3)]
    arrays = tuple(np.concatenate(part) for part in zip(*parts, strict=True))
    return tf.data.Dataset.from_tensor_slices(arrays).batch(8)


def train(model, path, epochs=3, data=None, **options):
    options = dict(verbose=0) | options
    return train_model(model, path, data or Batches(), dataset(), epochs=epochs, **options)


def log_of(path):
    [folder] = (path / "log").iterdir()
    return folder


def assert_same_state(one, two):
    for array, other in zip(one, two, strict=True):
        np.testing.assert_array_equal(array, other)


@pytest.mark.parametrize("steps", [None, 1, 2, 5])
@pytest.mark.parametrize("fresh", [True, False])
def test_a_run_stopped_in_an_epoch_goes_on_as_if_it_had_not(model, shared, tmp_path, fresh, steps):
    options = dict(steps_per_epoch=steps, min_accuracy=0.6)
    whole = train(model, tmp_path / "whole", 4, **options)
    end = get_state(model)
    set_state(model, shared[1])
    for epoch in (1, 2, 2, 4):
        if steps == 1:  # no second batch
            train(model, tmp_path / "cut", epoch, **options)
        else:
            with pytest.raises(KeyboardInterrupt):
                train(model, tmp_path / "cut", 4, callbacks=[Stop(epoch)], **options)
        if fresh:
            wipe(model)
    again = train(model, tmp_path / "cut", 4, **options)
    assert again.history == whole.history and again.epoch == whole.epoch == [0, 1, 2, 3]
    assert_same_run(tmp_path / "cut", tmp_path / "whole")
    assert_same_state(get_state(model), end)


WRITES = [
    (os, "replace"),
    (os, "fsync"),
    (np, "savez"),
    (shutil, "copyfile"),
    (Path, "write_text"),
    (Path, "unlink"),
    (pd.DataFrame, "to_csv"),
    (keras.Model, "save_weights"),
]


def states_of(path, run):
    """Runs; what a kill before, in the middle of and after each write would leave on the disk."""
    states = {}

    def look():
        files = {}
        for file in path.rglob("*"):
            if file.is_file() and "events" not in file.name:
                data = file.read_bytes()
                half = file.name.startswith("partial.")
                files[file.relative_to(path)] = data[: len(data) // 2] if half else data
        states[tuple(sorted(files.items()))] = None  # a dict keeps the order

    def watched(function):
        def call(*args, **kwargs):
            look()
            result = function(*args, **kwargs)
            look()
            return result

        return call

    with ExitStack() as stack:
        for owner, name in WRITES:
            function = watched(getattr(owner, name))
            stack.enter_context(mock.patch.object(owner, name, function))
        run()
    return list(states)


def lay(files, path):
    for name, data in files:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)


def test_a_run_killed_at_any_write_goes_on_as_if_it_had_not(model, shared, tmp_path):
    # the second epoch is better than the first, the third is undone
    options = dict(min_accuracy=0.6, callbacks=[Script({1: 0.7, 2: 0.8, 3: 0.1})])
    whole = tmp_path / "whole"
    states = states_of(whole, lambda: train(model, whole, **options))
    end, history = get_state(model), train(model, whole, **options).history
    assert len(states) >= 2 * (1 + 5 + 5 + 3)  # in and after the write of each file
    for number, files in enumerate(states):
        path = tmp_path / str(number)
        lay(files, path)
        rows, best = assert_sound(path)
        assert not best or best in rows
        set_state(model, shared[1])
        if (path / "latest.npz").exists():  # else nothing is known yet but what the caller made
            wipe(model)
        assert train(model, path, **options).history == history
        assert_same_state(get_state(model), end)
        assert_same_run(path, whole)


def test_a_kill_during_the_repair_does_no_harm(model, tmp_path):
    options = dict(callbacks=[Script({1: 0.7, 2: 0.8, 3: 0.1})])
    whole = tmp_path / "whole"
    train(model, whole, 2, **options)
    spoilt = tmp_path / "spoilt"
    shutil.copytree(whole, spoilt)
    log = log_of(spoilt)
    (spoilt / "metrics.csv").write_text("epoch\n1\n")
    (spoilt / "best-accuracy" / "best.json").unlink()
    shutil.copyfile(*log.glob("epoch-001*"), log / "epoch-003-val_loss-0.1.weights.h5")
    for name in ("latest.npz", "metrics.csv"):
        (spoilt / f"partial.{name}").write_bytes(b"torn")
    states = states_of(spoilt, lambda: train(model, spoilt, 2, **options))
    assert len(states) >= 2 + 2 * 3  # removing the leftovers; table, weights, figures
    for number, files in enumerate(states):
        path = tmp_path / str(number)
        lay(files, path)
        assert_sound(path)
        wipe(model)
        train(model, path, 2, **options)
        assert_same_run(path, whole)


# --- what lies under the path


def test_the_files_of_a_run(model, tmp_path):
    history = train(model, tmp_path / "deep" / "run", min_accuracy=0.01)
    path = tmp_path / "deep" / "run"
    assert {file.name for file in path.iterdir()} == {
        "log",
        "metrics.csv",
        "latest.npz",
        "best-accuracy",
    }
    log = log_of(path)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}", log.name)
    assert not [file for file in path.rglob("*") if ":" in file.name]
    figures = history.history
    expected = [
        f"epoch-00{epoch + 1}-val_loss-{figures['val_loss'][epoch]:.3f}"
        f"-val_accuracy-{figures['val_accuracy'][epoch]:.3f}.weights.h5"
        for epoch in range(3)
    ]
    assert sorted(file.name for file in log.glob("*.h5")) == expected
    assert list(log.glob("train/events*")) and list(log.glob("validation/events*"))
    table = pd.read_csv(path / "metrics.csv")
    assert table["epoch"].tolist() == [1, 2, 3] and not table["restored"].any()
    assert table["learning_rate"].tolist() == pytest.approx([0.02] * 3)
    for name, values in figures.items():
        assert table[name].tolist() == values
    assert figures.keys() == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_the_best_epoch_is_kept_and_given_back(model, tmp_path):
    script = Script({1: 0.6, 2: 0.8, 3: 0.7, 4: 0.8})
    train(model, tmp_path, 4, callbacks=[script])
    best = json.loads((tmp_path / "best-accuracy" / "best.json").read_text())
    table = pd.read_csv(tmp_path / "metrics.csv", float_precision="round_trip")  # pandas 2 rounds
    assert best == table.to_dict("records")[1]
    assert best["epoch"] == 2 and best["val_accuracy"] == 0.8
    [file] = log_of(tmp_path).glob("epoch-002*")
    assert_same_arrays(file, tmp_path / "best-accuracy" / "best.weights.h5")
    assert model.optimizer.iterations == 2 * 3
    given = model.get_weights()
    wipe(model)
    model.load_weights(file)
    assert_same_state(model.get_weights(), given)
    assert model.evaluate(Batches(), verbose=0)[0] == pytest.approx(best["val_loss"], rel=1e-6)


def test_the_log_keeps_what_was_trained_and_latest_what_was_restored(model, tmp_path):
    class Explode(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                self.model.set_weights([array * 0 - 9 for array in self.model.get_weights()])

    callbacks = [Explode(), Script({1: 0.7, 2: 0.8, 3: 0.1})]
    train(model, tmp_path, min_accuracy=0.6, callbacks=callbacks)
    names = [f"epoch-00{epoch}" for epoch in (1, 2, 3)]
    one, two, three = (arrays_in(*log_of(tmp_path).glob(f"{name}*")) for name in names)
    assert all((array == -9).all() for name, array in three.items() if "optimizer" not in name)
    latest = get_state(model)  # of the best epoch, and of the end
    with np.load(tmp_path / "latest.npz") as file:
        variables = json.loads(str(file["run"]))["variables"]
        state = [file[f"arr_{number}"] for number in range(variables)]
    changed = [not np.array_equal(*pair) for pair in zip(state, latest, strict=True)]
    assert changed.count(True) == 1  # the learning rate
    table = pd.read_csv(tmp_path / "metrics.csv")
    assert table["restored"].tolist() == [False, False, True]
    assert table["val_accuracy"].tolist() == [0.7, 0.8, 0.1]


def test_collapse(tmp_path):
    """Weights that explode are lost for good without a minimum, and come back with one."""

    class Explode(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                self.model.set_weights([array * -1e4 for array in self.model.get_weights()])

    def run(name, minimum):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(0.1), loss, metrics=["accuracy"])
        options = dict(min_accuracy=minimum, callbacks=[Explode()], steps_per_epoch=10)
        return train(model, tmp_path / name, 7, **options).history["val_accuracy"]

    lost, saved = run("lost", None), run("saved", 0.7)
    assert lost[:4] == saved[:4] and lost[2] > 0.8 > 0.3 > lost[3]
    assert max(lost[4:]) < 0.3 and min(saved[4:]) > 0.8
    assert rows_of(tmp_path / "saved")["restored"].tolist() == [False] * 3 + [True] + [False] * 3


def test_an_epoch_without_numbers_is_written_down_and_undone(model, tmp_path):
    scripts = [Script({1: 0.7, 3: 0.8}), Script({2: np.nan, 3: np.inf}, "val_loss")]
    history = train(model, tmp_path, callbacks=scripts, min_accuracy=0.5)
    assert [np.isfinite(value) for value in history.history["val_loss"]] == [True, False, False]
    assert len(list(log_of(tmp_path).glob("epoch-002-val_loss-nan-*"))) == 1
    table = pd.read_csv(tmp_path / "metrics.csv")
    assert np.isnan(table["val_loss"][1]) and np.isinf(table["val_loss"][2])
    assert table["restored"].tolist() == [False, True, True]
    assert json.loads((tmp_path / "best-accuracy" / "best.json").read_text())["epoch"] == 1
    assert train(model, tmp_path, 4, min_accuracy=0.5).epoch == [0, 1, 2, 3]


# --- calling again


def test_epochs_may_be_raised_later(model, shared, tmp_path):
    train(model, tmp_path / "once", 5)
    set_state(model, shared[1])
    for epochs in (1, 3, 5):
        assert train(model, tmp_path / "thrice", epochs).epoch == list(range(epochs))
    assert_same_run(tmp_path / "thrice", tmp_path / "once")


def test_a_finished_run_is_not_trained_again(model, tmp_path):
    history = train(model, tmp_path).history
    end, files = get_state(model), sorted(tmp_path.rglob("*"))
    for epochs in (3, 1):
        wipe(model)
        again = train(model, tmp_path, epochs, callbacks=[Stop(1)])
        assert again.history == history and again.epoch == [0, 1, 2]
        assert_same_state(get_state(model), end)
    assert sorted(tmp_path.rglob("*")) == files


def test_a_minimum_reached_before_the_stop_counts_after_it(model, shared, tmp_path):
    options = dict(callbacks=[Script({1: 0.9, 2: 0.7, 3: 0.2, 4: 0.1})], min_accuracy=0.6)
    train(model, tmp_path / "whole", 4, **options)
    set_state(model, shared[1])
    train(model, tmp_path / "cut", 2, **options)
    wipe(model)
    train(model, tmp_path / "cut", 4, **options)
    table = rows_of(tmp_path / "cut")
    assert table["restored"].tolist() == [False, False, True, True]
    assert table["learning_rate"].tolist() == pytest.approx([0.02, 0.02, 0.02, 0.01])
    assert_same_run(tmp_path / "cut", tmp_path / "whole")  # the first epoch's state came back


def test_leftovers_of_a_killed_epoch_go_and_other_files_stay(model, tmp_path):
    train(model, tmp_path, 2)
    log = log_of(tmp_path)
    orphans = [log / "epoch-003-val_loss-0.5-val_accuracy-0.5.weights.h5"]
    orphans += [log / "partial.epoch-003.weights.h5", tmp_path / "partial.latest.npz"]
    mine = [tmp_path / "notes.txt", log / "notes.txt"]
    for file in orphans + mine:
        file.write_bytes(b"?")
    train(model, tmp_path, 2)
    assert not any(file.exists() for file in orphans) and all(file.exists() for file in mine)
    assert len(list(log.glob("epoch-*"))) == 2


def test_the_log_may_be_thrown_away_to_save_space(model, tmp_path):
    train(model, tmp_path, 2)
    shutil.rmtree(tmp_path / "log")
    assert train(model, tmp_path, 3).epoch == [0, 1, 2]
    assert len(list(log_of(tmp_path).glob("epoch-*"))) == 1


def test_a_dataset_begins_anew_with_each_epoch(model, shared, tmp_path):
    data = dataset()
    whole = train(model, tmp_path / "whole", data=data)
    set_state(model, shared[1])
    with pytest.raises(KeyboardInterrupt):
        train(model, tmp_path / "cut", data=data, callbacks=[Stop(2)])
    wipe(model)
    assert train(model, tmp_path / "cut", data=data).history == whole.history
    assert_same_run(tmp_path / "cut", tmp_path / "whole")
    endless = train(model, tmp_path / "endless", 2, data=data.repeat(), steps_per_epoch=5)
    assert endless.epoch == [0, 1]


def test_every_epoch_has_its_own_batches_in_their_order(tmp_path):
    class Seeing(keras.Sequential):
        def train_step(self, batch):
            seen.append(batch[0].numpy()[0, 0])
            return super().train_step(batch)

    seen, first = [], {}
    for epoch in range(4):
        data = Batches()
        data.epoch = epoch
        first |= {data[index][0][0, 0]: (epoch, index) for index in range(3)}
    model = Seeing([keras.Input((3,)), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, metrics=["accuracy"], run_eagerly=True)
    for steps in (None, 2, 4):
        seen.clear()
        for epochs in (1, 2):  # as if killed between them
            train(model, tmp_path / str(steps), epochs, steps_per_epoch=steps)
        expected = [divmod(step, 3) for step in range(2 * (steps or 3))]
        assert [first[number] for number in seen] == expected


def test_callbacks_and_other_options_reach_fit(model, tmp_path):
    epochs = []
    note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(epoch))
    train(model, tmp_path / "a", 2, callbacks=[note], class_weight={0: 1.0, 1: 2.0})
    assert epochs == [0, 1]
    train(model, tmp_path / "b", 1, callbacks=None, validation_steps=1)
    early = keras.callbacks.EarlyStopping("val_accuracy", patience=1)
    script = Script({1: 0.9, 2: 0.8, 3: 0.7})
    assert train(model, tmp_path / "c", 9, callbacks=[script, early]).epoch == [0, 1]


# --- backbones


def test_a_backbone_is_best_by_its_loss_and_has_no_accuracy(tmp_path):
    model = make(accuracy=False)
    script = Script({1: 0.5, 2: 0.3, 3: 0.4}, "val_loss")
    history = train(model, tmp_path, backbone=True, callbacks=[script])
    assert history.history.keys() == {"loss", "val_loss"}
    assert not (tmp_path / "best-accuracy").exists()
    names = sorted(file.name for file in log_of(tmp_path).glob("*.h5"))
    expected = [f"epoch-00{n}-val_loss-{x:.3f}.weights.h5" for n, x in script.figures.items()]
    assert names == expected
    assert model.optimizer.iterations == 2 * 3
    given = model.get_weights()
    wipe(model)
    assert train(model, tmp_path, backbone=True).history == history.history
    assert_same_state(model.get_weights(), given)


# --- what is refused at the call


def never(*args, **kwargs):
    raise AssertionError("trained though it should not have")


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (None, dict(backbone=True, min_accuracy=0.5), "min_accuracy=None with backbone=True"),
        (None, dict(backbone=True, min_accuracy=0.0), "Received: min_accuracy=0.0. Leave it"),
        (None, dict(min_accuracy=80), "min_accuracy in 0..1.*Received: min_accuracy=80"),
        ("no accuracy", {}, r"accuracy. among the metrics. Received: \['loss'\].*backbone=True"),
        ("not compiled", {}, r"call `compile\(\)` before"),
    ],
)
def test_what_cannot_work_is_refused_at_the_call(model, tmp_path, change, options, message):
    if change == "no accuracy":
        model = make(accuracy=False)
    if change == "not compiled":
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with mock.patch.object(keras.Model, "fit", never), pytest.raises(ValueError, match=message):
        train(model, tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_every_epoch_is_validated(model, tmp_path):
    with pytest.raises(TypeError, match="validation_freq"):
        train(model, tmp_path / "run", validation_freq=2)


def test_a_schedule_cannot_be_lowered_but_will_do_without_a_minimum(tmp_path):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    model = make(rate=schedule)
    with pytest.raises(ValueError, match="schedule"):
        train(model, tmp_path / "a", min_accuracy=0.5)
    train(model, tmp_path / "b", 2)
    rates = pd.read_csv(tmp_path / "b" / "metrics.csv")["learning_rate"]
    assert rates.tolist() == pytest.approx([0.05, 0.025])


def test_the_path_of_another_model_is_refused_and_left_alone(model, tmp_path):
    train(model, tmp_path, 2)
    files = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    other = make(units=5)
    before = get_state(other)
    with pytest.raises(ValueError, match="take another path"):
        train(other, tmp_path, 2)
    assert_same_state(get_state(other), before)
    assert files == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99, "swapped"])
def test_a_damaged_record_is_refused_and_left_alone(model, tmp_path, keep):
    train(model, tmp_path, 2)
    data = bytearray((tmp_path / "latest.npz").read_bytes())
    if keep == "swapped":
        middle = len(data) // 2
        data[middle : middle + 200] = bytes(200)
    else:
        data = data[: keep if isinstance(keep, int) else int(len(data) * keep)]
    (tmp_path / "latest.npz").write_bytes(data)
    before, files = get_state(model), sorted(tmp_path.rglob("*"))
    with pytest.raises(ValueError, match="latest.npz. Received a damaged file.*another path"):
        train(model, tmp_path)
    assert_same_state(get_state(model), before)
    assert sorted(tmp_path.rglob("*")) == files


# --- several devices

MIRRORED = """
import json, sys
import keras, numpy as np, tensorflow as tf
from helpers import train_model

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
x = np.random.default_rng(0).normal(size=(32, 6, 6, 1)).astype("float32")
data = tf.data.Dataset.from_tensor_slices((x, np.int64(x.mean((1, 2, 3)) > 0))).batch(8)
strategies = {
    "one": tf.distribute.get_strategy(),
    "two": tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]),
}
answer = {}
for name, strategy, calls in (("one", "one", [5]), ("two", "two", [5]), ("cut", "two", [2, 5])):
    for epochs in calls:
        keras.utils.set_random_seed(1)
        with strategies[strategy].scope():
            layers = [keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten()]
            model = keras.Sequential([keras.Input((6, 6, 1)), *layers, keras.layers.Dense(2)])
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            model.compile(keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
        path = f"{sys.argv[1]}/{name}"
        drop = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: epoch == 3 and logs.update(val_accuracy=0.05)
        )
        options = dict(min_accuracy=0.1, verbose=0, callbacks=[drop])
        history = train_model(model, path, data, data, epochs=epochs, **options)
    weights = [weight.numpy().tolist() for weight in model.weights]
    devices = model.distribute_strategy.num_replicas_in_sync
    answer[name] = dict(history.history, devices=devices, weights=weights)
print(json.dumps(answer))
"""


def test_two_devices_train_as_one_does(tmp_path):
    """No BatchNorm, whose means are each device's own; all batches of 8 divide.

    What is left are float32 sums in another order: 1e-7 a step, which Adam's division by small
    moments may enlarge. 1e-4 is far above that and far below what a wrong mean would do.
    """
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MIRRORED, str(tmp_path)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    runs = json.loads(answer.stdout.splitlines()[-1])
    assert [runs[name].pop("devices") for name in ("one", "two", "cut")] == [1, 2, 2]
    weights = {name: run.pop("weights") for name, run in runs.items()}
    for name in ("loss", "val_loss", "accuracy", "val_accuracy"):
        np.testing.assert_allclose(runs["two"][name], runs["one"][name], rtol=1e-4)
        np.testing.assert_allclose(runs["cut"][name], runs["two"][name], rtol=1e-5)
    assert runs["one"]["loss"][4] < 0.9 * runs["one"]["loss"][0]
    for one, two in zip(weights["cut"], weights["two"], strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-6)
    for run in runs:
        rows, _ = assert_sound(tmp_path / run)
        assert [row["restored"] for row in rows] == [False, False, False, True, False]
        assert [row["learning_rate"] for row in rows] == pytest.approx([0.02] * 4 + [0.01])
