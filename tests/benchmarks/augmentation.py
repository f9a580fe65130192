"""What augmenting an image costs: `RandomTransform` in a pipeline against `ImageDataGenerator`.

    python tests/benchmarks/augmentation.py [folder] [--rounds 5]

The same transforms at 224 pixels, from JPEG files and from images in memory, with a change of
brightness (`ImageDataGenerator` takes a detour through PIL for it) and without. All take turns in
one run, so that a noisy machine disturbs all of them alike. CPU time is user and system, of all
threads; `ImageDataGenerator` uses one. `folder` holds one folder of JPEG files a class; the default
is `train/` of the pizza/steak photos in `$COURSE_DATA` or `../shared/data`. From files an epoch has
at least 1,200 photos, as many as chapter 02 trains on: a smaller folder is read several times.
"""

import os
from statistics import median

from batching import BATCH_SIZE, command_line, measure  # beside this one; finds `helpers`

# isort: split
import keras
import numpy as np
import pandas as pd
from keras.src.legacy.preprocessing.image import ImageDataGenerator

from helpers.batching import RandomTransform, create_data_batches

SIDE = 224
EPOCH = 1_200  # photos from files, at least


def readers(folder):
    """{(source, transforms): {name: function that gives an epoch}} and {source: photos in one}."""
    paths = sorted(folder.glob("*/*.jpg"))
    files = paths * -(-EPOCH // len(paths))
    rows = pd.DataFrame({"filename": map(str, files), "class": [p.parent.name for p in files]})
    plain = create_data_batches(paths, image_size=SIDE, batch_size=BATCH_SIZE)
    images = np.concatenate([batch.numpy() for batch in plain]) * 255
    options = {"image_size": SIDE, "batch_size": BATCH_SIZE, "training": True, "seed": 13}
    table = {}
    for brightness in (0.2, 0):
        augment = RandomTransform(
            rotation=20, shear=10, zoom=0.2, shift=0.2, flip=True, brightness=brightness, seed=13
        )
        generator = ImageDataGenerator(
            rescale=1 / 255,
            rotation_range=20,
            shear_range=10,
            zoom_range=0.2,
            width_shift_range=0.2,
            height_shift_range=0.2,
            horizontal_flip=True,
            brightness_range=(1 - brightness, 1 + brightness) if brightness else None,
            fill_mode="reflect",
        )
        from_files = generator.flow_from_dataframe(
            rows, target_size=(SIDE, SIDE), batch_size=BATCH_SIZE
        )
        from_memory = generator.flow(images, np.zeros(len(images)), batch_size=BATCH_SIZE)
        for source, cache, batches in (("files", False, from_files), ("memory", True, from_memory)):
            ours = create_data_batches(
                paths if cache else files, augment=augment, cache=cache, **options
            )
            table[source, "with brightness" if brightness else "without brightness"] = {
                "ours": lambda ours=ours: [None for _ in ours],
                "ImageDataGenerator": lambda b=batches: [b[number] for number in range(len(b))],
            }
    return table, {"files": len(files), "memory": len(paths)}


def main():
    """Measures all in turn and prints costs and ratios."""
    folder, count, rounds = command_line(__doc__, rounds=5)
    table, photos = readers(folder)
    machine = f"Keras {keras.__version__}, {os.cpu_count()} cores"
    print(f"{count} photos, {rounds} rounds, {machine}")
    flat = {(case, name): read for case, pair in table.items() for name, read in pair.items()}
    costs = measure(flat, rounds)
    for (case, name), rows in costs.items():
        each = 1000 / photos[case[0]]
        cpu, wall = (each * median(column) for column in zip(*rows, strict=True))
        print(f"{', '.join(case):28}{name:20}{cpu:7.2f} CPU ms/image{wall:7.2f} wall ms/image")
    for case in table:
        pairs = zip(costs[case, "ImageDataGenerator"], costs[case, "ours"], strict=True)
        each = [(old[1] / own[1], old[0] / own[0]) for old, own in pairs]
        for kind, ratios in zip(("wall", "cpu"), zip(*each, strict=True), strict=True):
            low, middle, high = min(ratios), median(ratios), max(ratios)
            print(f"{kind} ratio: {middle:.1f} x  ({low:.1f} to {high:.1f})  {', '.join(case)}")


if __name__ == "__main__":
    main()
