"""What a photo costs in plain Python: `ImageSequence` against one as a beginner writes it.

    python tests/benchmarks/sequence.py [folder] [--rounds 5]

Batches of 5, at the photos' own size and at 224 pixels: in a plain loop, and "in fit", which is the
way through Keras' adapter for a `PyDataset`, with one thread or two workers. `create_data_batches`
reads the same photos for comparison. All take turns in one run, so that a noisy machine disturbs
all of them alike. CPU time (user and system, all threads and processes) is what counts; wall time
depends on the neighbours. `folder` holds one folder of JPEG files a class, all of one size; the
default is `data/fourteen_classes`. Files come from the disk cache.
"""

import multiprocessing
import os
from pathlib import Path
from statistics import median

from batching import command_line, measure  # the benchmark beside this one; finds `helpers`

# isort: split
import keras
import matplotlib.image
import numpy as np
from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter
from PIL import Image

from helpers.batching import ImageSequence, create_data_batches

BATCH_SIZE = 5
OURS, NAIVE, PIPELINE = "ImageSequence", "naive Sequence", "create_data_batches"


class NaiveSequence(keras.utils.PyDataset):
    """Reads, divides and stacks whole photos in float64."""

    def __init__(self, paths, labels, side=None):
        super().__init__()
        self.paths, self.labels, self.side = paths, labels, side

    def __len__(self):
        return -(-len(self.paths) // BATCH_SIZE)

    def __getitem__(self, index):
        rows = slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE)
        images = [self.read(path) for path in self.paths[rows]]
        return np.array(images), keras.utils.to_categorical(self.labels[rows], max(self.labels) + 1)

    def read(self, path):
        image = matplotlib.image.imread(path)
        if self.side is not None:
            image = np.asarray(Image.fromarray(image).resize((self.side, self.side)))
        return image / 255


def as_fit_does(sequence):
    """Function that reads an epoch of a `PyDataset`."""
    adapter = PyDatasetAdapter(sequence)
    batches = adapter.get_tf_dataset()

    def read():
        adapter.on_epoch_begin()
        for _ in batches:
            pass
        adapter.on_epoch_end()
        for worker in multiprocessing.active_children():  # its CPU time counts once it has ended
            worker.join()

    return read


def readers(folder, side):
    """{name: function that reads every photo once} and {name: bytes of images in a batch}."""
    paths = sorted(folder.glob("*/*.jpg"))
    classes = sorted({path.parent.name for path in paths})
    labels = [classes.index(path.parent.name) for path in paths]

    def ours(**options):
        return ImageSequence(paths, labels, batch_size=BATCH_SIZE, image_size=side, **options)

    sequence, naive = ours(workers=0), NaiveSequence(paths, labels, side)
    pipeline = create_data_batches(
        paths, labels, image_size=sequence.image_size, batch_size=BATCH_SIZE
    )
    table = {
        OURS: lambda: [None for _ in sequence],
        f"{OURS}, in fit": as_fit_does(sequence),
        f"{OURS}, 2 threads": as_fit_does(ours(workers=2)),
        f"{OURS}, 2 processes": as_fit_does(ours(workers=2, use_multiprocessing=True)),
        f"{OURS}, making it": ours,
        NAIVE: lambda: [None for _ in naive],
        f"{NAIVE}, in fit": as_fit_does(naive),
        PIPELINE: lambda: [None for _ in pipeline],
    }
    first = {OURS: sequence[0], NAIVE: naive[0], PIPELINE: next(pipeline.as_numpy_iterator())}
    return table, {name: images.nbytes for name, (images, _) in first.items()}


def main():
    """Measures at both sizes and prints the table and the ratios."""
    folder, count, rounds = command_line(__doc__, 5, Path("data") / "fourteen_classes")
    machine = f"Keras {keras.__version__}, {os.cpu_count()} cores"
    print(f"{count} photos, {rounds} rounds, {machine}")
    ratios = []
    for side in (None, 224):
        table, size = readers(folder, side)
        costs = measure(table, rounds)
        title = "own size" if side is None else f"{side} px"
        print(f"\n{title:32}CPU ms/image   (low to high)   wall images/s   MB a batch")
        for name, rows in costs.items():
            cpu = sorted(1000 * cpu / count for cpu, _ in rows)
            wall = median(count / wall for _, wall in rows)
            print(f"{name:32}{median(cpu):10.2f}   ({cpu[0]:5.2f} to {cpu[-1]:5.2f})", end="")
            print(f"{wall:13.0f}{size[name.split(',')[0]] / 1e6:15.1f}")
        for other, own in (
            (NAIVE, OURS),
            (f"{NAIVE}, in fit", f"{OURS}, in fit"),
            (PIPELINE, f"{OURS}, in fit"),
        ):
            pairs = list(zip(costs[other], costs[own], strict=True))
            for column, kind in enumerate(("cpu", "wall")):
                each = [others[column] / owns[column] for others, owns in pairs]
                low, high = min(each), max(each)
                ratios.append(
                    f"{kind} ratio at {title}: {median(each):.2f} x  ({low:.2f} to {high:.2f})  "
                    f"{other} / {own}"
                )
        for other in (NAIVE, PIPELINE):
            ratio = size[other] / size[OURS]
            ratios.append(f"bytes ratio at {title}: {ratio:.2f} x  {other} / {OURS}")
    print("", *ratios, sep="\n")


if __name__ == "__main__":
    main()
