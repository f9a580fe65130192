"""Files -> batches: the road from a list of photos to what `model.fit` eats."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from numbers import Real
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from PIL import Image, UnidentifiedImageError

JPEGS = ("JPEG", "MPO")  # MPO: a JPEG with a second picture, from phones
FORMATS = (*JPEGS, "PNG", "GIF", "WEBP")
IMAGES = f"image files ({', '.join(FORMATS)})"
DTYPES = ("uint8", "float16", "float32", "float64")
EXIF_ORIENTATION = 0x0112
TURNS = [Image.Transpose(n) for n in (0, 3, 1, 5, 4, 6, 2)]  # what makes orientation 2 to 8 upright
TINY = 64  # pixels
STRONGEST = dict(rotation=180, shear=80, zoom=0.9, shift=1, flip=1, brightness=1, contrast=1)
MIRRORED = {2: [1], 3: [0, 1], 4: [0], 6: [1], 7: [0, 1], 8: [0]}  # axes, after a turn from 5 on
_DAMAGED = "Expected a whole image file. Received a damaged one, or none. Replace or leave it out:"


def create_data_batches(
    paths: Sequence[str | os.PathLike],
    labels: Sequence | np.ndarray | None = None,
    *,
    image_size: int | tuple[int, int] = 224,
    batch_size: int = 32,
    training: bool = False,
    seed: int | None = None,
    cache: bool = False,
    augment: Callable | None = None,
) -> tf.data.Dataset:
    """Reads photos from disk in batches, in parallel and ahead of the model.

    Every photo becomes RGB, upright (EXIF) and `image_size` large; its proportions are not kept
    (bilinear). A JPEG at least twice as large as that is decoded at 1/2, 1/4 or 1/8 of its size:
    the format allows it, and it is a fraction of the work.

    Args:
        paths: JPEG, PNG, GIF (first frame) or WebP (not animated) files; grey, CMYK, palette or
            with transparency (which is dropped) too.
        labels: None, or one label a photo in the same order: integers `(n,)` or one-hot rows
            `(n, classes)`.
        image_size: Side in pixels, or (height, width).
        batch_size: Photos a batch; the last batch holds what is left.
        training: True shuffles, anew in each epoch.
        seed: Makes the orders repeatable, together with `keras.utils.set_random_seed`.
        cache: True keeps the resized photos in memory, so that only the first epoch reads files.
            Kept as uint8 (150 kB each at 224 pixels), they are rounded to steps of 1/255.
        augment: Keras layer that changes batches of images, for training only. A `RandomTransform`
            reads images rounded to steps of 1/255 too, and draws from (both seeds, epoch, step).

    Returns:
        Dataset of images `(batch, height, width, 3)`, float32 in 0..1, or of `(images, labels)`
        with the labels as given.

    Raises:
        ValueError: At the call: arguments that do not fit, or files that are missing, empty or no
            image, by name (their headers are read). A body cut short shows while iterating, as
            `tf.errors.InvalidArgumentError` with the file's name. Changed bytes may not: JPEG, GIF
            and WebP, unlike PNG, hold no checksum.

    Example:
        >>> train_data = create_data_batches(paths, labels, training=True, seed=13)
        >>> model.fit(train_data, epochs=5)
    """
    height, width = size_pair(image_size)
    paths = [os.path.abspath(path) for path in _check_paths(paths)]  # a later chdir does not matter
    labels = _check_labels(labels, len(paths))
    _check_count("batch_size", batch_size, "Use 32, for example.")
    if augment is not None and not training:
        raise ValueError(
            "Expected augment=None with training=False: validation and test photos stay as they "
            f"are. Received: augment={augment}. Pass training=True, or leave augment out."
        )
    plan = _plan(paths, height, width)
    ways = sorted(set(plan))
    names, kinds = tf.constant(paths), tf.constant([ways.index(way) for way in plan])
    count, steps = len(paths), -(-len(paths) // batch_size)
    fused = isinstance(augment, RandomTransform)
    kept = tf.uint8 if cache or fused else tf.float32  # a quarter of the memory to move

    def load(number, name, kind):
        data = tf.io.read_file(name)
        branches = [lambda way=way: _decode(data, *way) for way in ways]
        image = tf.image.convert_image_dtype(tf.switch_case(kind, branches), tf.float32)
        image = tf.image.resize(image, (height, width))
        return number, tf.cast(tf.round(image * 255), kept) if kept == tf.uint8 else image

    def one_epoch(order):
        # A decoder's error does not say which file it met. So photos that fail drop out here, and
        # `complete` names the first photo asked for that is missing in its batch.
        files = (order, tf.gather(names, order), tf.gather(kinds, order))
        photos = tf.data.Dataset.from_tensor_slices(files)
        photos = photos.map(load, tf.data.AUTOTUNE, deterministic=True)  # whatever options come
        none = tf.data.Dataset.from_tensors((order[:0], tf.zeros((0, height, width, 3), kept)))
        batches = photos.ignore_errors().batch(batch_size).concatenate(none).take(steps)

        def complete(step, batch):
            numbers, images = batch
            asked = order[step * batch_size : (step + 1) * batch_size]
            came = tf.pad(numbers, [[0, tf.size(asked) - tf.size(numbers)]], constant_values=-1)
            missing = tf.gather(names, tf.boolean_mask(asked, asked != came))
            tf.debugging.Assert(tf.size(missing) == 0, [_DAMAGED, missing[:1]])
            return numbers, images

        return batches.enumerate().map(complete)

    def finish(numbers, images, seeds=None):
        if fused:
            random = tf.random.stateless_uniform((tf.size(numbers), 8), seeds, -1, 1)
            images = augment.transform(images, random)
        else:
            images = tf.cast(images, tf.float32) * (1 / 255) if cache else images
            images = images if augment is None else augment(images, training=True)
        return images if labels is None else (images, tf.gather(labels, numbers))

    if training and not cache:
        orders = tf.data.Dataset.range(count).shuffle(count, seed=seed).batch(count)
        batches = orders.flat_map(one_epoch)
    else:
        batches = one_epoch(tf.range(count, dtype=tf.int64))
    if cache:
        # an epoch that a damaged file cut short must not be kept as a whole one
        photos = batches.unbatch().apply(tf.data.experimental.assert_cardinality(count)).cache()
        photos = photos.shuffle(count, seed=seed) if training else photos
        batches = photos.batch(batch_size)
    if fused:
        # The layer's own generator would run ahead with prefetch, by chance further or less far, if
        # somebody looked at one batch and trained then. These seeds count epochs and steps.
        seeds = tf.data.Dataset.random(augment.seed, rerandomize_each_iteration=True).batch(2)
        batches = tf.data.Dataset.zip(batches, seeds)
        batches = batches.map(lambda a, b: finish(*a, b), tf.data.AUTOTUNE, deterministic=True)
    else:
        batches = batches.map(finish)
    return batches.prefetch(tf.data.AUTOTUNE).apply(tf.data.experimental.assert_cardinality(steps))


class ImageSequence(keras.utils.PyDataset):
    """Batches of photos from disk, read by plain Python: `sequence[0]` is the first one.

    Chapter 03 builds this class step by step. Every epoch holds each photo once; the order is a
    pure function of (seed, epoch), whichever thread or process asks. `on_epoch_end`, which Keras
    calls, goes to the next epoch. Pass `shuffle=False` to `fit`, or Keras shuffles the batches of
    each epoch once more, in an order of its own; leave out `steps_per_epoch`, which would end an
    epoch in the middle of its order. For `predict` take a sequence that is not shuffled.

    Args:
        paths: Files, as for `create_data_batches`. Each is decoded once here, a JPEG at 1/8 of its
            size, so that a damaged one does not wait for the middle of the training.
        labels: One integer a photo, 0 to num_classes - 1.
        batch_size: Photos a batch; the last batch holds what is left.
        image_size: Side in pixels, or (height, width): photos are resized (bilinear, their
            proportions are not kept). None keeps their size, which must be the same for all.
        num_classes: None takes the largest label + 1. Pass it where a part of the photos, such as
            the validation ones, may lack the last class.
        shuffle: True gives each epoch an order of its own.
        seed: Makes the orders repeatable, 0 or more; None follows `keras.utils.set_random_seed`.
        dtype: "uint8" keeps 0..255, a quarter of float32: put `Rescaling(1 / 255)` first in the
            model. "float16", "float32" and "float64" are 0..1.
        drop_remainder: True leaves out the last batch where it is not full.
        **kwargs: `workers`, `use_multiprocessing` and `max_queue_size` of `keras.utils.PyDataset`.

    Attributes:
        epoch: Number of the epoch, an integer >= 0. `fit` ends one before its first: it trains from
            1 on. Set it to go on where an earlier run stopped.

    Raises:
        ValueError: For arguments that do not fit, and for files that are missing, damaged or not of
            one size, by name. A file that breaks later is named when it is read.

    Example:
        >>> train_data = ImageSequence(paths, labels, batch_size=5, shuffle=True, seed=13)
        >>> images, labels = train_data[0]  # (5, 768, 1024, 3) uint8 and (5, 14) float32, one-hot
        >>> model.fit(train_data, epochs=5, shuffle=False)
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike],
        labels: Sequence[int] | np.ndarray,
        *,
        batch_size: int,
        image_size: int | tuple[int, int] | None = None,
        num_classes: int | None = None,
        shuffle: bool = False,
        seed: int | None = None,
        dtype: str = "uint8",
        drop_remainder: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        _check_count("batch_size", batch_size, "Use 32, for example.")
        self.paths = [os.path.abspath(path) for path in _check_paths(paths)]
        self.labels, self.num_classes = _check_classes(labels, len(paths), num_classes)
        self.batch_size, self.drop_remainder = int(batch_size), drop_remainder
        if len(self) == 0:
            raise ValueError(
                f"Expected at least one full batch of {batch_size} with drop_remainder=True. "
                f"Received: {len(self.paths)} photos. Use a smaller batch_size."
            )
        if str(dtype) not in DTYPES:
            raise ValueError(f"Expected dtype as one of {DTYPES}. Received: {dtype!r}.")
        self.dtype = np.dtype(dtype)
        if seed is not None and (not isinstance(seed, int | np.integer) or seed < 0):
            raise ValueError(f"Expected seed as None or an integer >= 0. Received: {seed!r}.")
        self.shuffle, self.epoch = shuffle, 0
        self.seed = np.random.randint(2**31) if seed is None else int(seed)
        self.image_size = _common_size(self.paths) if image_size is None else size_pair(image_size)
        self.plan = _plan(self.paths, *self.image_size)
        _each(_damage, self.paths)

    def __len__(self):
        """Batches an epoch."""
        count = len(self.paths)
        return count // self.batch_size if self.drop_remainder else -(-count // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Batch `index` of this epoch: images `(batch, height, width, 3)`, labels one-hot."""
        rows = self.rows(index)
        labels = self.labels[rows, None] == np.arange(self.num_classes)
        return self._images(rows), labels.astype(np.float32)

    def _images(self, rows):
        images = _aligned((len(rows), *self.image_size, 3), self.dtype)
        for image, row in zip(images, rows, strict=True):
            _, ratio, orientation = self.plan[row]
            photo = _read_photo(self.paths[row], ratio, orientation, self.image_size)
            image[:] = photo if self.dtype == np.uint8 else np.divide(photo, 255, dtype=self.dtype)
        return images

    def rows(self, index: int) -> np.ndarray:
        """Numbers of the photos in batch `index` of this epoch, `(batch,)`."""
        start = range(len(self))[index] * self.batch_size
        return self.order()[start : start + self.batch_size]

    def order(self) -> np.ndarray:
        """Numbers of the photos, `(photos,)`, in the order in which this epoch takes them."""
        if not self.shuffle:
            return np.arange(len(self.paths))
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.paths))

    def on_epoch_end(self):
        """Goes to the next epoch; Keras calls it."""
        self.epoch += 1


def _aligned(shape, dtype):
    """Empty array at a multiple of 64 bytes, which TensorFlow takes over without a copy."""
    size = int(np.prod(shape)) * dtype.itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)


def _common_size(paths):
    """(height, width) that all photos have, held upright."""
    sizes = [_upright(*shape) for _, _, *shape in _each(_read_header, paths)]
    usual, count = Counter(sizes).most_common(1)[0]
    others = [f"{path} {size}" for path, size in zip(paths, sizes, strict=True) if size != usual]
    if others:
        raise ValueError(
            f"Expected photos of one size. Received: (height, width) {usual} in {count} of "
            f"{len(paths)}, others in {'; '.join(others[:5])}{' …' if len(others) > 5 else ''}. "
            f"Pass image_size={usual} to resize all, or leave these out."
        )
    return usual


def _read_photo(path, ratio, orientation=1, size=None):
    """Upright RGB pixels, uint8 `(height, width, 3)`, decoded at 1 / ratio where it is a JPEG.

    By Pillow: the threads of TensorFlow do not survive the fork that makes a worker process.
    """
    try:
        with Image.open(path) as image:
            image.draft(None, [max(side // ratio, 1) for side in image.size])
            image.load()
            if image.mode.startswith("I;16"):  # which `convert` cuts at 255
                image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
            image.info.pop("transparency", None)  # `convert` warns of some kinds; RGB has none
            if orientation > 1:  # `ImageOps.exif_transpose` stumbles over odd entries beside it
                image = image.transpose(TURNS[orientation - 2])
            image = image if image.mode == "RGB" else image.convert("RGB")
            if size is not None and image.size != size[::-1]:
                image = image.resize(size[::-1], Image.Resampling.BILINEAR)
            return np.asarray(image)
    except Exception as error:  # Pillow raises many kinds for damaged bytes
        raise ValueError(f"{_DAMAGED} {path} ({error})") from error


def _damage(path):
    """What is wrong with the body of a file whose header is well; None if nothing."""
    try:
        with Image.open(path) as image:
            image.verify()  # the checksums of a PNG, some of which `load` skips
        _read_photo(path, 8)
    except Exception as error:  # Pillow raises many kinds for damaged bytes
        return str(error.__cause__ or error)


@keras.saving.register_keras_serializable("helpers")
class RandomTransform(keras.layers.Layer):
    """Turns, slants, zooms, shifts, mirrors and recolours each image in its own way, in one pass.

    All movements, done in the order of the arguments, are one affine map. So every pixel is
    interpolated once (bilinear): a fraction of the work of a chain of layers, and less blur. Beyond
    the edges lies the mirror image. Nothing changes but with `training=True`.

    Call it on images `(batch, height, width, channels)`, float in 0..1, or on `(images, masks)`:
    masks `(batch, height, width, channels)` of any type move along and keep their exact values
    (nearest pixel, no recolouring). The result has the shapes and types of what came, under any
    dtype policy. In `Dataset.map` leave out `num_parallel_calls`: parallel calls share draws.

    Args:
        rotation: Largest angle, either way, in degrees.
        shear: Largest slant of vertical lines, either way, in degrees.
        zoom: 0.2 makes things 0.8 to 1.2 times as large.
        shift: Largest shift, any way, as a fraction of the height and of the width.
        flip: True mirrors left and right in half of the images.
        brightness: Largest amount added or taken away, in 0..1.
        contrast: 0.2 multiplies the distance to the image's mean colour by 0.8 to 1.2.
        seed: Makes the draws repeatable; None follows `keras.utils.set_random_seed`.
        **kwargs: Of `keras.layers.Layer`.

    Raises:
        ValueError: For a strength out of range, or images and masks that do not fit.

    Example:
        >>> augment = RandomTransform(rotation=15, zoom=0.1, flip=True, seed=13)
        >>> data = create_data_batches(paths, labels, training=True, augment=augment)
        >>> pairs = pairs.map(lambda *images_and_masks: augment(images_and_masks, training=True))
    """

    def __init__(
        self,
        rotation: float = 0,
        shear: float = 0,
        zoom: float = 0,
        shift: float = 0,
        flip: bool = False,
        brightness: float = 0,
        contrast: float = 0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)  # float16 would change labels in masks
        strengths = (rotation, shear, zoom, shift, flip, brightness, contrast)
        self.strength = dict(zip(STRONGEST, strengths, strict=True))
        for name, value in self.strength.items():
            number = isinstance(value, Real) and isinstance(value, bool) == (name == "flip")
            if not number or not 0 <= value <= STRONGEST[name]:
                what = "True or False" if name == "flip" else f"a number in 0..{STRONGEST[name]}"
                raise ValueError(
                    f"Expected {name} as {what}. Received: {value!r}. Angles are in degrees."
                )
        self.seed, self.draws = seed, keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        """The images, or the pair of images and masks, changed if `training`."""
        images, masks = inputs if isinstance(inputs, tuple | list) else (inputs, None)
        _check_pair(images, masks)  # in inference too: a model that cannot train is not built
        if not training:
            return inputs
        random = keras.random.uniform((tf.shape(images)[0], 8), -1, 1, "float32", self.draws)
        return self.transform(images, random, masks)

    def transform(self, images, random, masks=None):
        """What the layer does once the random numbers are drawn: the same numbers, the same result.

        Args:
            images: `(batch, height, width, channels)`, float in 0..1, or uint8 in 0..255, which
                become float32 in 0..1.
            random: `(batch, 8)` in -1..1. Each says how much of the full strength an image gets:
                rotation (1: counter-clockwise), shear (1: the top to the right), zoom (1: larger),
                shift down, shift right, flip (where negative), brightness, contrast.
            masks: None, or `(batch, height, width, channels)` of any type.

        Returns:
            The images, or `(images, masks)` where there are masks.
        """
        images = tf.convert_to_tensor(images)
        masks = None if masks is None else tf.convert_to_tensor(masks)
        _check_pair(images, masks, (tf.uint8,))
        random = tf.ensure_shape(tf.cast(random, tf.float32), (images.shape[0], 8))
        matrices = self._matrices(random, *images.shape[1:3])
        brightness, contrast = self.strength["brightness"], self.strength["contrast"]
        gain, offset = 1 + random[:, 7:] * contrast, random[:, 6:7] * brightness
        if contrast:
            mean = tf.reduce_mean(tf.image.convert_image_dtype(images, tf.float32), (1, 2))
            offset += (1 - gain) * mean
        colors = (gain, offset) if brightness or contrast else None
        changed = _compiled(False, *images.shape[1:], images.dtype)(images, matrices, colors)
        if masks is None:
            return changed
        return changed, _compiled(True, *masks.shape[1:], masks.dtype)(masks, matrices)

    def _matrices(self, random, height, width):
        """What `_warp` takes, `(batch, 2, 3)`: the inverse of all movements, in pixels."""
        angle = random[:, 0] * np.radians(self.strength["rotation"])
        slant = random[:, 1] * np.radians(self.strength["shear"])
        smaller = 1 / (1 + random[:, 2] * self.strength["zoom"])
        side = 1 - 2.0 * self.strength["flip"] * tf.cast(random[:, 5] < 0, tf.float32)
        cos, sin, tan = tf.cos(angle) * smaller, tf.sin(angle) * smaller, tf.tan(slant)
        by_row = tf.stack([cos + sin * tan, cos * tan - sin], -1)
        by_column = tf.stack([sin, cos], -1)
        moved = random[:, 3:5] * self.strength["shift"] * [float(height), float(width)]
        start = -by_row * moved[:, :1] - by_column * moved[:, 1:]
        return tf.stack([by_row, by_column * side[:, None], start], -1)

    def get_config(self):
        """The strengths, the seed and Keras' own settings."""
        return super().get_config() | self.strength | {"seed": self.seed}


def _check_pair(images, masks, integers=()):
    """Refuses images and masks that `RandomTransform` cannot take."""
    known = images.shape.rank == 4 and None not in images.shape[1:]
    if not known or not (images.dtype.is_floating or images.dtype in integers):
        raise ValueError(
            f"Expected float images in a batch. Received: {images.dtype.name} {images.shape}. "
            "Divide integers by 255, batch single images, and resize all to one size."
        )
    if masks is not None and (
        masks.shape.rank != 4 or not masks.shape[:3].is_compatible_with(images.shape[:3])
    ):
        raise ValueError(
            "Expected masks (batch, height, width, channels), as large as the images. Received: "
            f"masks {masks.shape} for images {images.shape}. Read both at one size."
        )


@cache
def _compiled(nearest, *_):
    """`_warp` as one loop over the pixels. Each kind of image has its own, or TensorFlow warns."""
    warp = partial(_warp, nearest=nearest)  # TensorFlow counts the traces of all lambdas together
    return tf.function(warp, jit_compile=_xla_works(), reduce_retracing=True)


@cache
def _xla_works():
    """Whether this build of TensorFlow compiles."""
    try:
        with tf.init_scope():  # now, though a graph may be under construction
            return bool(tf.function(tf.identity, jit_compile=True)(True))
    except tf.errors.OpError:
        return False


def _warp(images, matrices, colors=None, nearest=False):
    """Reads images at the places that matrices give, counted (row, column) from the centre.

    `matrices` `(batch, 2, 3)` lead from a pixel of the result to its source: a @ pixel + b.
    `colors`, a gain `(batch, 1)` and an offset `(batch, channels)`, change what was read.
    """
    height, width, channels = images.shape[1:]
    pixels = tf.reshape(images, (-1, height * width, channels))
    matrices = matrices[..., None, None]

    def source(axis, side):
        rows = tf.range(float(height))[:, None] - (height - 1) / 2
        columns = tf.range(float(width)) - (width - 1) / 2
        by_row, by_column, start = tf.unstack(matrices[:, axis], axis=1)
        place = by_row * rows + by_column * columns + start + (side - 1) / 2
        period = max(2.0 * (side - 1), 1.0)  # of an endless row of images and mirror images
        return tf.minimum(tf.abs(place - period * tf.round(place / period)), side - 1.0)

    def whole(number):  # its bits, once 2^23 is added; tf.cast asks each for NaN and overflow
        return tf.bitcast(number + 2.0**23, tf.int32) & (2**23 - 1)

    def read(row, column, further=0):
        places = whole(row) * width + whole(column) + further
        return tf.gather(pixels, places, batch_dims=1)

    row, column = source(0, height), source(1, width)
    if nearest:
        return read(tf.round(row), tf.round(column))
    top = tf.minimum(tf.floor(row), max(height - 2.0, 0.0))
    left = tf.minimum(tf.floor(column), max(width - 2.0, 0.0))
    down, across = row - top, column - left
    unit = 1 / 255 if images.dtype == tf.uint8 else 1.0
    corners = [
        tf.cast(read(top, left, below + beside), tf.float32) * (y_part * x_part)[..., None]
        for below, y_part in ((0, unit - unit * down), (width * (height > 1), unit * down))
        for beside, x_part in ((0, 1 - across), (1 * (width > 1), across))
    ]
    warped = tf.add_n(corners)
    if colors is not None:
        gain, offset = (color[:, None, None] for color in colors)
        warped = tf.clip_by_value(warped * gain + offset, 0.0, 1.0)
    return warped if images.dtype == tf.uint8 else tf.cast(warped, images.dtype)


def segmentation_batches(
    folder: str | os.PathLike,
    *,
    image_size: int | tuple[int, int],
    batch_size: int,
    training: bool = False,
    target: str = "mask",
    augment: RandomTransform | None = None,
    seed: int | None = None,
) -> ImageSequence:
    """Reads pairs of a photo and its mask, with the same name, in batches.

    Photos are resized bilinearly, masks by the nearest pixel: between 0 and 255 there is nothing.
    Order and augmentation are a pure function of (seed, epoch, batch): set `epoch` and the epoch
    comes again as it was. `train_model` does so when it goes on with a run.

    Args:
        folder: Holds `original/<name>` and `mask/<name>`; names that begin with a dot do not count.
            In a mask 0 is free, 255 collidable (8 bits a pixel or fewer).
        image_size: Side in pixels, or (height, width), of photos and masks.
        batch_size: Pairs a batch; the last batch holds what is left.
        training: True shuffles, anew in each epoch.
        target: "mask", or "coverage": the fraction of the pixels that is collidable, what the
            backbone of chapter 04 learns to tell.
        augment: Moves photo and mask together; for training only.
        seed: Makes orders and augmentation repeatable; None follows `keras.utils.set_random_seed`.

    Returns:
        Batches of images `(batch, height, width, 3)`, float32 in 0..1, with masks
        `(batch, height, width)`, uint8: 0 free, 1 collidable; or with coverages `(batch, 1)`,
        float32 in 0..1.

    Raises:
        ValueError: For files without a partner of the same name and size, damaged ones and masks
            with other values than 0 and 255, by name.
        FileNotFoundError: Where there is no such folder.

    Example:
        >>> train_data = segmentation_batches(
        ...     folder / "train", image_size=128, batch_size=16, training=True, seed=13
        ... )
        >>> images, masks = train_data[0]
    """
    parts = [Path(folder).absolute() / part for part in ("original", "mask")]
    if not all(part.is_dir() for part in parts):
        raise FileNotFoundError(
            f"Expected the folders original/ and mask/ in {folder}. Received: "
            f"{sorted(path.name for path in Path(folder).glob('*'))}. Check the path."
        )
    originals, masks = (sorted(part.glob("[!.]*")) for part in parts)
    alone = {path.name for path in originals} ^ {path.name for path in masks}
    if alone or not originals:
        found = [path for path in originals + masks if path.name in alone]
        raise ValueError(
            f"Expected original/<x> and mask/<x> in {folder}. Received: {len(originals)} photos, "
            f"{len(masks)} masks, {len(found)} without a partner: "
            f"{', '.join(map(str, found[:5]))}. Complete the pairs."
        )
    if target not in ("mask", "coverage"):
        raise ValueError(f'Expected target="mask" or "coverage". Received: {target!r}.')
    if augment is not None and not (training and isinstance(augment, RandomTransform)):
        raise ValueError(
            "Expected augment as a RandomTransform, with training=True only: validation and test "
            f"stay as they are. Received: {augment!r}, training={training}."
        )
    options = dict(batch_size=batch_size, image_size=image_size, shuffle=training, seed=seed)
    return _Pairs(originals, masks, target, augment, **options)


class _Pairs(ImageSequence):
    """What `segmentation_batches` returns."""

    def __init__(self, photos, masks, target, augment, **kwargs):
        super().__init__(photos, [0] * len(photos), dtype="float32", **kwargs)  # no classes
        self.masks, self.target, self.augment = masks, target, augment
        _each(_mask_problem, masks, "masks of 0 (free) and 255 (collidable), as large as the photo")

    def __getitem__(self, index):
        rows = self.rows(index)
        images, masks = self._images(rows), np.stack([self._mask(row) for row in rows])
        if self.augment is not None:
            draws = np.random.default_rng((self.seed, self.epoch, range(len(self))[index]))
            random = draws.uniform(-1, 1, (len(rows), 8))
            images, masks = self.augment.transform(images, random, masks[..., None])
            images, masks = images.numpy(), masks.numpy()[..., 0]
        coverage = masks.mean((1, 2), np.float32)[:, None]
        return images, masks if self.target == "mask" else coverage

    def _mask(self, row):
        """0 or 1 for each pixel, uint8: of the nearest pixel, since nothing lies between."""
        mask = _read_photo(self.masks[row], 1, self.plan[row][2])[..., 0] // 255
        height, width = self.image_size
        rows = ((np.arange(height) + 0.5) * mask.shape[0] / height).astype(int)
        columns = ((np.arange(width) + 0.5) * mask.shape[1] / width).astype(int)
        return mask[rows[:, None], columns]


def _mask_problem(path):
    """What is wrong with a mask; None if nothing."""
    header = _read_header(path)
    problem = header if isinstance(header, str) else _damage(path)
    if problem:
        return problem
    (_, mode, *shape), pixels = header, _read_photo(path, 1)
    _, _, *expected = _read_header(path.parents[1] / "original" / path.name)
    if shape != expected:
        return "{} pixels, turned {}; the photo {}, {}".format(*shape, *expected)
    if mode.startswith("I") or not np.isin(pixels.sum(-1), (0, 765)).all():
        return f"mode {mode}, colours {np.unique(pixels.reshape(-1, 3), axis=0)[:4].tolist()}"


def check_images(paths: Sequence[str | os.PathLike]) -> pd.DataFrame:
    """Decodes every file and reports what is wrong or unusual, with a progress bar.

    Args:
        paths: Files, as for `create_data_batches`.

    Returns:
        Table with one row a file, in the same order: `path`, `format`, `mode` (as PIL names it;
        `RGB` is usual), `width`, `height` (pixels, as stored; no value where the header cannot be
        read) and `problem`: empty, or

        - `unreadable: …` with the reason: `create_data_batches` would refuse it;
        - `mode L`, `CMYK`, `RGBA` …: read as RGB, but worth a look;
        - `tiny`: the shorter side has fewer than 64 pixels;
        - `duplicate of …`: the same pixels as an earlier file.

    Raises:
        ValueError: For paths that are no list, or an empty one.

    Example:
        >>> report = check_images(paths)
        >>> report[report["problem"] != ""]
    """
    paths = [os.fspath(path) for path in _check_paths(paths)]
    bar, rows, first = keras.utils.Progbar(len(paths)), [], {}
    with ThreadPoolExecutor(8) as pool:
        for number, (row, digest) in enumerate(pool.map(_inspect, paths)):
            if digest is not None and first.setdefault(digest, number) != number:
                row["problem"].append(f"duplicate of {paths[first[digest]]}")
            rows.append({**row, "problem": "; ".join(row["problem"])})
            bar.update(number + 1)
    columns = ["path", "format", "mode", "width", "height", "problem"]
    return pd.DataFrame(rows, columns=columns).astype({"width": "Int64", "height": "Int64"})


def _inspect(path):
    """A row of `check_images` and a hash of the pixels, None where they cannot be read."""
    header = _read_header(path)
    if isinstance(header, str):
        return {"path": path, "problem": [f"unreadable: {header}"]}, None
    kind, mode, (width, height), orientation = header
    row = {"path": path, "format": kind, "mode": mode, "width": width, "height": height}
    try:
        pixels = _decode(tf.io.read_file(path), kind, 1, orientation)
    except tf.errors.OpError:
        return row | {"problem": ["unreadable: damaged or cut short"]}, None
    unusual = {f"mode {mode}": mode != "RGB", "tiny": min(width, height) < TINY}
    row["problem"] = [problem for problem, is_there in unusual.items() if is_there]
    return row, (tuple(pixels.shape), hashlib.sha256(memoryview(pixels)).digest())


def size_pair(image_size):
    """(height, width) in pixels from an int or a pair, checked."""
    size = tuple(image_size) if np.ndim(image_size) else (image_size, image_size)
    if len(size) != 2 or not all(isinstance(side, int | np.integer) and side > 0 for side in size):
        raise ValueError(
            f"Expected image_size as 224 or (192, 256), say. Received: {image_size!r}."
        )
    return size


def _check_paths(paths):
    """Refuses what is no list of files."""
    listed = hasattr(paths, "__getitem__") and not isinstance(paths, str | bytes)
    if not listed or not len(paths):  # a generator has no length, a set no order
        raise ValueError(
            f'Expected a list of at least one path. Received: {paths!r}. Use sorted(glob("*.jpg")).'
        )
    return paths


def _check_count(name, number, fix):
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < 1:
        raise ValueError(f"Expected {name} >= 1. Received: {number!r}. {fix}")


def _check_labels(labels, count):
    """Labels as an array with one row a photo."""
    if labels is None:
        return None
    labels = np.asarray(labels)
    if labels.shape[:1] != (count,):
        raise ValueError(
            f"Expected one label a photo, {count} in all. Received: labels {labels.shape}. "
            "Take paths and labels from the same rows of the same table."
        )
    if labels.dtype.kind not in "biuf":
        raise ValueError(
            f"Expected labels as integers or one-hot rows. Received: dtype {labels.dtype}, first "
            f"{labels[0]!r}. Use `classes, labels = np.unique(names, return_inverse=True)`."
        )
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        rows = np.flatnonzero(~np.isfinite(labels.reshape(count, -1)).all(axis=1))
        raise ValueError(
            f"Expected a label for every photo. Received: none (NaN) in {len(rows)} rows, the "
            f"first {rows[:5].tolist()}. Leave these photos out, or look their labels up."
        )
    return labels


def _plan(paths, height, width):
    """Reads every header; returns how to decode each file: (format, ratio, EXIF orientation)."""
    plan = []
    for kind, _, size, orientation in _each(_read_header, paths):
        photo_height, photo_width = _upright(size, orientation)
        smaller = min(photo_height // height, photo_width // width)
        ratio = max(r for r in (1, 2, 4, 8) if r <= max(smaller, 1))
        plan.append((kind, ratio if kind in JPEGS else 1, orientation))
    return plan


def _upright(size, orientation):
    """(height, width) of a photo whose file has (width, height); from 5 on it lies on its side."""
    return size if orientation >= 5 else size[::-1]


def _check_classes(labels, count, num_classes):
    """Labels as integers `(count,)` and the number of classes."""
    labels = _check_labels(labels, count)
    if num_classes is not None:
        _check_count("num_classes as None or an integer", num_classes, "Use len(classes).")
    whole = labels is not None and labels.ndim == 1 and labels.dtype.kind in "iu"
    if not whole or not 0 <= labels.min() <= labels.max() < (num_classes or np.inf):
        found = "None" if labels is None else f"{labels.dtype} {labels.shape}"
        if labels is not None and labels.ndim == 1:
            found += f" from {labels.min()} to {labels.max()}"
        raise ValueError(
            "Expected labels as one integer a photo, from 0 to "
            f"{num_classes or 'num_classes'} - 1. Received: {found}. Before you split the photos: "
            "`classes, labels = np.unique(names, return_inverse=True)`; num_classes=len(classes)."
        )
    return labels, int(num_classes) if num_classes else int(labels.max()) + 1


def _each(read, paths, expected=IMAGES):
    """What `read` makes of each file, a dozen at once. It answers with a text where it cannot."""
    with ThreadPoolExecutor(16) as pool:  # a mounted drive answers slowly, but to many at once
        answers = list(pool.map(read, paths))
    both = zip(paths, answers, strict=True)
    bad = [f"{path} ({answer})" for path, answer in both if isinstance(answer, str)]
    if bad:
        raise ValueError(
            f"Expected {expected}. Received {len(bad)} of {len(paths)} that are not: "
            f"{'; '.join(bad[:5])}{' …' if len(bad) > 5 else ''}. "
            "Fix the paths, or replace or leave out these files."
        )
    return answers


def _read_header(path):
    """(format, mode, (width, height), EXIF orientation) of a file, or what is wrong with it."""
    try:
        with Image.open(path) as image:
            whole = image.format == "PNG" and "exif" not in image.info  # PIL would decode it all
            orientation = 1 if whole else image.getexif().get(EXIF_ORIENTATION, 1)
            if image.format not in FORMATS:
                return f"{image.format} format: save it as JPEG or PNG"
            if image.format == "WEBP" and image.is_animated:  # TensorFlow 2.20 and 2.21 crash on it
                return "animated WEBP: save one frame as PNG"
            orientation = orientation if orientation in range(1, 9) else 1
            return image.format, image.mode, image.size, orientation
    except FileNotFoundError:
        return "missing"
    except IsADirectoryError:
        return "a folder"
    except UnidentifiedImageError:
        whole = os.path.getsize(path) > 0
        return "not an image, or HEIC: save it as JPEG or PNG" if whole else "empty"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return str(error)


def _decode(data, kind, ratio, orientation):
    """Bytes -> upright RGB, uint8 `(height, width, 3)`."""
    if kind in JPEGS:
        image = tf.io.decode_jpeg(data, channels=3, ratio=ratio)
    elif kind == "WEBP":  # refuses channels=3 where there is transparency
        image = tf.io.decode_image(data, channels=0, expand_animations=False)[..., :3]
    else:
        image = tf.io.decode_image(data, channels=3, expand_animations=False)
    image.set_shape((None, None, 3))
    if orientation >= 5:
        image = tf.transpose(image, (1, 0, 2))
    return tf.reverse(image, MIRRORED[orientation]) if orientation in MIRRORED else image
