"""Predictions and Grad-CAM against what NumPy says of the same pixels."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from PIL import Image

from helpers import HubLayer, export_hub_module, grad_cam, predict_image

NAMES = ["red", "green", "blue"]


@pytest.fixture(scope="module")
def model():
    """Probabilities that follow the mean of each colour: 40 x 60 pixels in, three classes out."""
    images = keras.Input((40, 60, 3))
    means = keras.layers.GlobalAveragePooling2D()(images)
    return keras.Model(images, keras.layers.Softmax()(means * 5))


def save(path, color, size=(90, 70), **options):
    Image.new("RGB", size, color).save(path, **options)
    return path


def expected(color):
    scores = np.exp(5 * np.array(color) / 255)
    return np.sort(scores / scores.sum())[::-1]


def test_classes_come_by_probability(model, tmp_path):
    table = predict_image(model, save(tmp_path / "a.png", (60, 250, 120)), NAMES)
    assert table["class"].tolist() == ["green", "blue", "red"]
    np.testing.assert_allclose(table["probability"], expected((60, 250, 120)), atol=1e-3)


@pytest.mark.parametrize("top", [1, 2, 3, 9])
def test_top_is_the_number_of_rows_as_far_as_there_are_classes(model, tmp_path, top):
    table = predict_image(model, save(tmp_path / "a.png", (9, 8, 7)), np.array(NAMES), top=top)
    assert len(table) == min(top, 3) and table["class"][0] == "red"


def test_a_turned_photo_is_seen_upright(tmp_path):
    images = keras.Input((40, 60, 3))
    upper = keras.layers.GlobalAveragePooling2D()(images[:, :10])  # the upper quarter only
    model = keras.Model(images, keras.layers.Softmax()(upper * 5))
    pixels = np.zeros((80, 120, 3), np.uint8)
    pixels[:20, :, 2] = 255  # blue above
    turned = Image.fromarray(pixels).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "a.jpg", quality=95, exif=exif)
    assert predict_image(model, tmp_path / "a.jpg", NAMES)["class"][0] == "blue"


def test_a_grey_photo_gives_every_colour_the_same(model, tmp_path):
    Image.new("L", (50, 50), 90).save(tmp_path / "a.jpg")
    table = predict_image(model, tmp_path / "a.jpg", NAMES)
    np.testing.assert_allclose(table["probability"], 1 / 3, atol=1e-3)


def test_files_that_are_no_photos_are_refused_by_name(model, tmp_path):
    (tmp_path / "me.heic").write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(50))
    with pytest.raises(ValueError, match="me.heic .*HEIC"):
        predict_image(model, tmp_path / "me.heic", NAMES)
    with pytest.raises(ValueError, match="gone.jpg .missing"):
        predict_image(model, tmp_path / "gone.jpg", NAMES)


def test_names_of_another_model_are_refused(model, tmp_path):
    with pytest.raises(ValueError, match=r"\(1, 3\).*Received: 2 names"):
        predict_image(model, save(tmp_path / "a.png", (1, 2, 3)), NAMES[:2])


def test_logits_are_refused(tmp_path):
    images = keras.Input((40, 60, 3))
    logits = keras.Model(images, keras.layers.GlobalAveragePooling2D()(images) * 5 - 1)
    with pytest.raises(ValueError, match="softmax"):
        predict_image(logits, save(tmp_path / "a.png", (9, 250, 9)), NAMES)


def green_or_not(activation):
    """One output, from the green channel alone."""
    images = keras.Input((40, 60, 3))
    green = keras.layers.GlobalAveragePooling2D()(images)[:, 1:2]
    return keras.Model(images, keras.layers.Activation(activation)(green * 4 - 1))


@pytest.mark.parametrize(("green", "first"), [(250, "yes"), (10, "no")])
def test_one_sigmoid_is_the_probability_of_the_second_of_two_classes(tmp_path, green, first):
    photo = save(tmp_path / "a.png", (60, green, 120))
    table = predict_image(green_or_not("sigmoid"), photo, ["no", "yes"])
    yes = 1 / (1 + np.exp(1 - 4 * green / 255))
    assert table["class"][0] == first
    np.testing.assert_allclose(table["probability"], sorted([yes, 1 - yes])[::-1], atol=1e-3)


def test_one_output_that_is_no_probability_is_refused(tmp_path):
    photo = save(tmp_path / "a.png", (60, 250, 120))
    with pytest.raises(ValueError, match="one sigmoid"):
        predict_image(green_or_not("linear"), photo, ["no", "yes"])


def test_a_model_that_diverged_is_refused(tmp_path):
    model = green_or_not("sigmoid")
    inputs = keras.Input((40, 60, 3))
    diverged = keras.Model(inputs, keras.layers.Rescaling(np.nan)(model(inputs)))
    with pytest.raises(ValueError, match="nan"):
        predict_image(diverged, save(tmp_path / "a.png", (9, 9, 9)), ["no", "yes"])


@pytest.mark.parametrize("names", [["yes"], NAMES])
def test_one_sigmoid_needs_two_names(tmp_path, names):
    photo = save(tmp_path / "a.png", (60, 250, 120))
    with pytest.raises(ValueError, match=rf"\(1, 2\).*Received: {len(names)} names"):
        predict_image(green_or_not("sigmoid"), photo, names)


# --- grad_cam

SHAPE = (8, 12, 3)


def chain(*parts, shape=SHAPE, model=keras.Model):
    """The layers one after the other, as a functional model."""
    x = inputs = keras.Input(shape)
    for part in parts:
        x = part(x)
    return model(inputs, x)


def sequence(*parts, shape=SHAPE):
    return keras.Sequential([keras.Input(shape), *parts])


@pytest.fixture
def parts():
    """Fresh layers of one small network, built, so that every arrangement has the same weights."""
    made = {
        "first": layers.Conv2D(5, 3, padding="same", activation="relu"),
        "last": layers.Conv2D(4, 3, padding="same", activation="relu"),
        "pool": layers.GlobalAveragePooling2D(),
        "top": layers.Dense(3),
    }
    sequence(*made.values())
    kernel = [[1, -1, 0.5], [-0.5, 1, 1], [0.7, -0.3, -1], [-1, 0.6, 0.2]]
    made["top"].set_weights([np.array(kernel), np.array([0.1, -0.2, 0.3])])
    return made


@pytest.fixture
def picture():
    return np.random.default_rng(1).random(SHAPE, "float32")


def convolved(image, layer):
    """A 3 x 3 convolution with zeros around the image and a ReLU."""
    kernel, bias = (np.asarray(weight, float) for weight in layer.weights)
    around = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(around, (3, 3), (0, 1))
    return np.maximum(np.einsum("hwcij,ijcn->hwn", windows, kernel) + bias, 0)


def by_hand(maps, weights):
    """Equations 1 and 2 where the score is a sum of means: its gradient is weight / pixels."""
    evidence = np.maximum((maps * weights / maps[..., 0].size).sum(axis=-1), 0)
    return evidence / evidence.max() if evidence.any() else evidence


def maps_and_scores(parts, image):
    maps = convolved(convolved(image, parts["first"]), parts["last"])
    kernel, bias = (np.asarray(weight, float) for weight in parts["top"].weights)
    return maps, kernel, maps.mean((0, 1)) @ kernel + bias


@pytest.mark.parametrize("number", [0, 1, np.int64(2), None], ids=str)
def test_grad_cam_equals_the_formula_by_hand(parts, picture, number):
    maps, kernel, scores = maps_and_scores(parts, picture)
    truth = by_hand(maps, kernel[:, scores.argmax() if number is None else number])
    heat = grad_cam(sequence(*parts.values()), picture, number)
    assert heat.shape == SHAPE[:2] and heat.dtype == "float32"
    assert truth.std() > 0.1 and heat.min() >= 0 and heat.max() == 1
    np.testing.assert_allclose(heat, truth, atol=1e-5)


def test_coarse_maps_are_enlarged_to_the_image(picture):
    coarse = layers.Conv2D(4, 3, 4, "same", activation="relu")
    top = layers.Dense(2, kernel_initializer="ones")
    model = sequence(coarse, layers.GlobalAveragePooling2D(), top)
    maps = np.asarray(coarse(picture[None]))[0]
    assert maps.shape == (2, 3, 4)
    truth = Image.fromarray(np.float32(by_hand(maps, np.ones(4)))).resize((12, 8), Image.BILINEAR)
    truth = np.asarray(truth) / np.max(truth)
    np.testing.assert_allclose(grad_cam(model, picture, 1), truth, atol=1e-5)


def test_a_gradient_that_differs_from_place_to_place_is_averaged(parts, picture):
    top = layers.Dense(3)
    model = sequence(parts["first"], layers.Flatten(), top)
    maps = np.asarray(parts["first"](picture[None]))[0]
    weights = np.asarray(top.kernel)[:, 1].reshape(maps.shape).mean((0, 1)) * maps[..., 0].size
    np.testing.assert_allclose(grad_cam(model, picture, 1), by_hand(maps, weights), atol=1e-5)


ARRANGEMENTS = {
    "functional": lambda first, last, pool, top: chain(first, last, pool, top),
    "a backbone with pooling": lambda first, last, pool, top: sequence(
        chain(first, last, pool), top
    ),
    "a backbone without pooling": lambda first, last, pool, top: sequence(
        chain(first, last), pool, top
    ),
    "a sequential backbone": lambda first, last, pool, top: sequence(
        keras.Sequential([first, last]), pool, top
    ),
    "in a functional model": lambda first, last, pool, top: chain(
        layers.Rescaling(1.0), sequence(first, last, pool), layers.Dropout(0.5), top
    ),
    "nested twice": lambda first, last, pool, top: sequence(
        chain(layers.Rescaling(1.0), chain(first, last), pool), top
    ),
    "two backbones": lambda first, last, pool, top: chain(
        sequence(first), sequence(last, shape=(8, 12, 5)), pool, top
    ),
    "a head of its own": lambda first, last, pool, top: sequence(
        first, last, pool, chain(top, shape=(4,))
    ),
    "maps of one pixel after them": lambda first, last, pool, top: sequence(
        first, last, layers.GlobalAveragePooling2D(keepdims=True), layers.Flatten(), top
    ),
    "augmentation before them": lambda first, last, pool, top: sequence(
        keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.3)]), first, last, pool, top
    ),
    "batch norm after them": lambda first, last, pool, top: sequence(
        first, last, layers.BatchNormalization(epsilon=0), pool, top
    ),
    "any size": lambda first, last, pool, top: chain(first, last, pool, top, shape=(None, None, 3)),
    "frozen": lambda first, last, pool, top: frozen(sequence(chain(first, last, pool), top)),
}


def frozen(model):
    model.trainable = False
    return model


@pytest.mark.parametrize("arrange", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
def test_grad_cam_is_the_same_however_a_model_is_put_together(parts, picture, arrange):
    maps, kernel, _ = maps_and_scores(parts, picture)
    heat = grad_cam(arrange(**parts), picture, 1)
    np.testing.assert_allclose(heat, by_hand(maps, kernel[:, 1]), atol=1e-5)


def soft_top(top):
    soft = layers.Dense(3, activation="softmax")
    soft.build((None, 4))
    soft.set_weights(top.get_weights())
    return soft


ENDS = {
    "in the last layer": lambda top: [soft_top(top)],
    "Activation": lambda top: [top, layers.Activation("softmax")],
    "Softmax": lambda top: [top, layers.Softmax()],
    "in a head of its own": lambda top: [chain(soft_top(top), shape=(4,))],
    "in a head two deep": lambda top: [chain(sequence(soft_top(top), shape=(4,)), shape=(4,))],
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("number", [0, 1, None], ids=str)
def test_a_final_softmax_does_not_change_the_map(parts, picture, end, number):
    first, last, pool, top = parts.values()
    linear = grad_cam(sequence(*parts.values()), picture, number)
    model = sequence(first, last, pool, *end(top))
    np.testing.assert_allclose(np.asarray(model(picture[None])).sum(), 1, atol=1e-5)
    np.testing.assert_allclose(grad_cam(model, picture, number), linear, atol=1e-5)


def test_a_sigmoid_stays(parts, picture):
    first, last, pool, _ = parts.values()
    model = sequence(first, last, pool, layers.Dense(1, activation="sigmoid"))
    maps = maps_and_scores(parts, picture)[0]
    truth = by_hand(maps, np.asarray(model.layers[-1].kernel)[:, 0])
    np.testing.assert_allclose(grad_cam(model, picture, 0), truth, atol=1e-5)


@pytest.mark.parametrize(
    "convert",
    [np.float64, tf.convert_to_tensor, np.ndarray.tolist, lambda image: np.uint8(image * 9)],
    ids=["float64", "tensor", "list", "uint8"],
)
def test_images_of_other_types_are_taken(parts, picture, convert):
    given = convert(picture)
    maps, kernel, _ = maps_and_scores(parts, np.asarray(given, float))
    heat = grad_cam(sequence(*parts.values()), given, 1)
    np.testing.assert_allclose(heat, by_hand(maps, kernel[:, 1]), atol=1e-5)


def test_dropout_and_batch_norm_stay_out_of_it(parts, picture):
    first, last, pool, top = parts.values()
    norm = layers.BatchNormalization()
    model = sequence(first, last, norm, layers.Dropout(0.5), pool, layers.Dropout(0.5), top)
    before = model.get_weights()
    maps = [grad_cam(model, picture, 1) for _ in range(2)]
    np.testing.assert_array_equal(*maps)
    for weight, value in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)


@pytest.mark.parametrize("sign", [0.0, -1.0])
def test_without_evidence_the_map_is_zero(parts, picture, sign):
    parts["top"].set_weights([np.full((4, 3), sign), np.zeros(3)])
    heat = grad_cam(sequence(*parts.values()), picture, 1)
    np.testing.assert_array_equal(heat, np.zeros(SHAPE[:2], "float32"))


class Breaks(layers.Layer):
    broken = False

    def call(self, x):
        if self.broken:
            raise RuntimeError("out of order")
        return x


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("nested", [False, True])
def test_grad_cam_leaves_the_model_as_it_was(parts, picture, broken, nested):
    first, last, pool, top = parts.values()
    breaks, soft = Breaks(), soft_top(top)
    body = [first, last, pool, breaks]
    model = sequence(chain(*body), soft) if nested else sequence(*body, soft)
    expected = np.asarray(model(picture[None]))
    breaks.broken = broken
    if broken:
        with pytest.raises(RuntimeError, match="out of order"):
            grad_cam(model, picture)
    else:
        grad_cam(model, picture)
    breaks.broken = False
    assert last.call.__func__ is layers.Conv2D.call and "call" not in vars(last)
    assert soft.activation is keras.activations.softmax
    np.testing.assert_array_equal(model(picture[None]), expected)
    np.testing.assert_allclose(model.predict(picture[None], verbose=0), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda image: image[None],
            r"one image of shape \(8, 12, 3\).*\(1, 8, 12, 3\).*images\[0\]",
        ),
        (lambda image: image[:4], r"Received: \(4, 12, 3\)"),
        (lambda image: image[..., 0], r"Received: \(8, 12\)"),
        (lambda image: image[..., :1], r"Received: \(8, 12, 1\)"),
        (lambda image: image.transpose(1, 0, 2), r"Received: \(12, 8, 3\)"),
    ],
    ids=["batch", "size", "no channels", "one channel", "turned"],
)
def test_what_is_no_image_of_the_model_is_refused(parts, picture, change, message):
    with pytest.raises(ValueError, match=message):
        grad_cam(sequence(*parts.values()), change(picture))


@pytest.mark.parametrize("number", [-1, 3, 1000])
def test_a_class_that_does_not_exist_is_refused(parts, picture, number):
    with pytest.raises(ValueError, match=rf"class_index in 0..2. Received: {number}\."):
        grad_cam(sequence(*parts.values()), picture, number)


class Module(layers.Layer):
    """Stands for a `HubLayer`: takes images, gives features, and shows no gradient."""

    def call(self, x):
        return tf.stop_gradient(tf.reduce_mean(x, (1, 2)))


WITHOUT_MAPS = {
    "dense": lambda: [layers.Flatten(), layers.Dense(3)],
    "pooled at once": lambda: [
        layers.GlobalAveragePooling2D(keepdims=True),
        layers.Flatten(),
        layers.Dense(3),
    ],
    "module": lambda: [Module(), layers.Dense(3)],
    "rescaling and module": lambda: [layers.Rescaling(2.0), Module(), layers.Dense(3)],
    "module in a model": lambda: [chain(Module()), layers.Dense(3)],
    "rescaling alone": lambda: [layers.Rescaling(2.0), layers.Flatten(), layers.Dense(3)],
}


@pytest.mark.parametrize("arrange", [sequence, chain], ids=["sequential", "functional"])
@pytest.mark.parametrize("make", WITHOUT_MAPS.values(), ids=WITHOUT_MAPS)
def test_a_model_without_feature_maps_is_refused(picture, make, arrange):
    with pytest.raises(ValueError, match=r"feature maps .*in the model.*HubLayer"):
        grad_cam(arrange(*make()), picture)


def test_a_true_module_hides_its_maps_and_gives_no_false_ones(tmp_path):
    net = sequence(layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D())
    module = HubLayer(export_hub_module(net, tmp_path / "module"))
    model = sequence(layers.Rescaling(1.0), module, layers.Dense(3))
    with pytest.raises(ValueError, match=r"feature maps .*in the model.*HubLayer"):
        grad_cam(model, np.zeros(SHAPE, "float32"))


def test_maps_shaped_like_the_input_of_a_model_inside_are_maps(picture):
    body = sequence(layers.Conv2D(4, 3, 2, "same"))
    last = layers.Conv2D(4, 3, padding="same", activation="relu")
    top = chain(last, layers.GlobalAveragePooling2D(), layers.Dense(3), shape=(4, 6, 4))
    flat = sequence(*body.layers, *top.layers[1:])
    np.testing.assert_array_equal(
        grad_cam(sequence(body, top), picture, 1), grad_cam(flat, picture, 1)
    )
