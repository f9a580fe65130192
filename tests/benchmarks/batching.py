"""What an image costs on its way from a file into a batch: `create_data_batches` and others.

    python tests/benchmarks/batching.py [folder] [--rounds 7]

`folder` holds one folder of JPEG files a class; the default is `train/` of the pizza/steak photos
in `$COURSE_DATA` or `../shared/data`. One run reads every photo with every reader in turn, round
after round, so that a noisy machine disturbs all of them alike. CPU time (user and system, all
threads) is what counts; wall time depends on the neighbours. Files come from the disk cache.
`command_line`, `cost` and `measure` serve the benchmarks beside this one too.
"""

import argparse
import os
import resource
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras.src.legacy.preprocessing.image import ImageDataGenerator  # noqa: E402

from helpers.batching import _decode, _plan, create_data_batches  # noqa: E402

PHOTOS = Path(os.environ.get("COURSE_DATA") or "../shared/data") / "pizza_steak" / "train"
BATCH_SIZE = 32
READS = 1_200  # of each reader, at least


def readers(folder, side):
    """{name: function that reads every photo once}."""
    paths = [str(path) for path in sorted(folder.glob("*/*.jpg"))]
    classes = sorted({Path(path).parent.name for path in paths})
    labels = [classes.index(Path(path).parent.name) for path in paths]
    ours = create_data_batches(paths, labels, image_size=side, batch_size=BATCH_SIZE)
    cached = create_data_batches(paths, labels, image_size=side, batch_size=BATCH_SIZE, cache=True)
    keras_own = keras.utils.image_dataset_from_directory(
        folder, image_size=(side, side), batch_size=BATCH_SIZE, shuffle=False, verbose=False
    )
    generator = ImageDataGenerator(rescale=1 / 255).flow_from_directory(
        folder, target_size=(side, side), batch_size=BATCH_SIZE, shuffle=False
    )

    def one(path):  # as a beginner writes it
        image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        return tf.image.resize(tf.image.convert_image_dtype(image, tf.float32), (side, side))

    plan = _plan(paths, side, side)
    ways = sorted(set(plan))

    def decode(path, kind):
        data = tf.io.read_file(path)
        branches = [lambda way=way: _decode(data, *way) for way in ways]
        return tf.shape(tf.switch_case(kind, branches))

    kinds = [ways.index(way) for way in plan]
    files = tf.data.Dataset.from_tensor_slices(paths)
    one_by_one = files.map(one).batch(BATCH_SIZE)
    decode_only = tf.data.Dataset.zip(files, tf.data.Dataset.from_tensor_slices(kinds))
    decode_only = decode_only.map(decode, tf.data.AUTOTUNE).batch(BATCH_SIZE)

    def run(dataset):
        return lambda: [None for _ in dataset]

    table = {
        "create_data_batches": run(ours),
        "image_dataset_from_directory": run(keras_own),
        "ImageDataGenerator": lambda: [generator[number] for number in range(len(generator))],
        "one-by-one map": run(one_by_one),
        "decode only": run(decode_only),
        "create_data_batches, cached": run(cached),
    }
    return table


def command_line(description, rounds, folder=PHOTOS):
    """(folder, photos in it, rounds) as the command line asks, or as given here."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=folder)
    parser.add_argument("--rounds", type=int, default=rounds)
    options = parser.parse_args()
    folder = ROOT / options.folder  # an absolute folder stays as it is
    count = len(list(folder.glob("*/*.jpg")))
    if not count:
        sys.exit(f"Expected <class>/*.jpg in the folder. Received: {folder}. Pass another folder.")
    return folder, count, options.rounds


def cpu_seconds():
    """CPU time of this process so far, and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def cost(read):
    """(CPU seconds, wall seconds) of one call."""
    start, used = time.perf_counter(), cpu_seconds()
    read()
    return cpu_seconds() - used, time.perf_counter() - start


def measure(table, rounds):
    """{name: [(CPU seconds, wall seconds) of each round]}, after a round that is not counted."""
    costs = {name: [] for name in table}
    for number in range(rounds + 1):
        names = list(table)[number % len(table) :] + list(table)[: number % len(table)]
        for name in names:
            one = cost(table[name])
            if number > 0:
                costs[name].append(one)
    return costs


def main():
    """Measures at both sizes and prints the table and the ratios."""
    folder, count, rounds = command_line(__doc__, rounds=7)
    rounds = max(rounds, 5, -(-READS // count))
    print(f"{count} photos, {rounds} rounds, TensorFlow {tf.__version__}, {os.cpu_count()} cores")
    ratios = []
    for side in (224, 96):
        table = readers(folder, side)
        costs = measure(table, rounds)
        print(f"\n{side} px{'':28}CPU ms/image   (low to high)   wall images/s")
        for name, rows in costs.items():
            cpu = sorted(1000 * cpu / count for cpu, _ in rows)
            wall = median(count / wall for _, wall in rows)
            print(f"{name:32}{median(cpu):10.2f}   ({cpu[0]:5.2f} to {cpu[-1]:5.2f}){wall:13.0f}")
        ours = costs["create_data_batches"]
        for name in ("image_dataset_from_directory", "ImageDataGenerator", "one-by-one map"):
            each = [other / own for (other, _), (own, _) in zip(costs[name], ours, strict=True)]
            ratios.append((side, name, median(each), min(each), max(each)))
    print()
    for side, name, middle, low, high in ratios:
        short = {"image_dataset_from_directory": "keras"}.get(name, name)
        print(f"cpu ratio at {side}: {middle:.2f} x  ({low:.2f} to {high:.2f})  {short} / ours")


if __name__ == "__main__":
    main()
