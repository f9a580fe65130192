import time

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

import helpers.batching
from helpers import RandomTransform, create_data_batches

SIZE = (24, 36)  # not square, so that swapped axes and distances in fractions show
ALL = dict(rotation=40, shear=20, zoom=0.3, shift=0.2, flip=True, brightness=0.2, contrast=0.3)
NAMES = ["rotation", "shear", "zoom", "down", "right", "flip", "brightness", "contrast"]


def numbers(count=1, **given):
    """Random numbers as `transform` takes them: 0, but for those given."""
    random = np.zeros((count, 8), "float32")
    for name, value in given.items():
        random[:, NAMES.index(name)] = value
    return random


def reference(image, random, order=1, **strength):
    """SciPy's answer for one image.

    The steps forward, as matrices in (x, y) from the centre with y up; inverted; in (row, column).
    """
    height, width = image.shape[:2]
    angle, slant, zoom, down, right, flip = random[:6]
    turn, lean = np.radians([angle * strength["rotation"], slant * strength["shear"]])
    size = 1 + zoom * strength["zoom"]
    right, up = right * strength["shift"] * width, -down * strength["shift"] * height
    cos, sin = np.cos(turn), np.sin(turn)
    steps = [
        [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]],  # counter-clockwise
        [[1, np.tan(lean), 0], [0, 1, 0], [0, 0, 1]],  # what is higher goes to the right
        [[size, 0, 0], [0, size, 0], [0, 0, 1]],
        [[1, 0, right], [0, 1, up], [0, 0, 1]],
        [[-1 if flip < 0 and strength["flip"] else 1, 0, 0], [0, 1, 0], [0, 0, 1]],
    ]
    forward = np.linalg.multi_dot([np.array(step, float) for step in reversed(steps)])
    from_pixels = np.array([[0, 1, -(width - 1) / 2], [-1, 0, (height - 1) / 2], [0, 0, 1]])
    backward = np.linalg.inv(from_pixels) @ np.linalg.inv(forward) @ from_pixels
    layers = [
        ndimage.affine_transform(layer.astype(float), backward, order=order, mode="mirror")
        for layer in np.moveaxis(image, -1, 0)
    ]
    return np.stack(layers, -1)


@pytest.fixture
def images(scene):
    """Three different images, `(3, height, width, 3)`, float32 in 0..1."""
    return np.stack([scene(*SIZE, seed=seed) for seed in range(3)]).astype("float32") / 255


@pytest.fixture
def masks(images):
    """Labels 0, 1, 7 and 250 in patches, `(3, height, width, 1)`, uint8."""
    return np.array([0, 1, 7, 250], "uint8")[(images[..., :1] * 3.99).astype(int)]


def draws(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, 8)).astype("float32")


# --- against SciPy


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("name", ["rotation", "shear", "zoom", "down", "right", "flip"])
def test_each_movement_alone_equals_scipy(images, name, sign):
    strength = ALL | {"brightness": 0, "contrast": 0}
    random = numbers(3, **{name: sign})
    ours = RandomTransform(**strength).transform(images, random).numpy()
    for image, row, result in zip(images, random, ours, strict=True):
        np.testing.assert_allclose(result, reference(image, row, **strength), atol=2e-5)
    assert (np.abs(ours - images).mean() > 0.01) == (name != "flip" or sign < 0)


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(
    seed=st.integers(0, 999),
    rotation=st.floats(0, 180),
    shear=st.floats(0, 60),
    zoom=st.floats(0, 0.9),
    shift=st.floats(0, 1),
    flip=st.booleans(),
)
def test_all_movements_together_equal_scipy(seed, **strength):
    image = np.random.default_rng(seed).random((1, 5, 7, 2), "float32")
    [ours] = RandomTransform(**strength).transform(image, draws(1, seed))
    truth = reference(image[0], draws(1, seed)[0], **strength)
    np.testing.assert_allclose(ours, truth, atol=2e-4)  # float32, up to 50 images away


def quarters(right, left):
    """An image whose upper right and lower left quarters have these values."""
    image = np.zeros((1, 20, 20, 1), "float32")
    image[:, :10, 10:], image[:, 10:, :10] = right, left
    return image


def test_a_positive_rotation_turns_counter_clockwise():
    turned = RandomTransform(rotation=90).transform(quarters(1, 0.5), numbers(rotation=1))
    np.testing.assert_allclose(turned, np.rot90(quarters(1, 0.5), axes=(1, 2)), atol=1e-5)


def test_a_positive_shear_moves_the_top_to_the_right():
    line = np.zeros((1, 21, 21, 1), "float32")
    line[:, :, 10] = 1
    [leaning] = RandomTransform(shear=45).transform(line, numbers(shear=1))[..., 0].numpy()
    assert leaning[5].argmax() == 15 and leaning[10].argmax() == 10 and leaning[15].argmax() == 5


def test_a_positive_zoom_makes_things_larger():
    square = np.zeros((1, 41, 41, 1), "float32")
    square[:, 16:25, 16:25] = 1
    layer = RandomTransform(zoom=0.5)
    zoomed = [layer.transform(square, numbers(zoom=zoom))[:, 10:31, 10:31] for zoom in (-1, 0, 1)]
    areas = [float(tf.reduce_sum(image)) for image in zoomed]  # without the mirror images
    assert areas == pytest.approx([81 / 4, 81, 81 * 9 / 4], rel=0.25)


def test_a_shift_is_a_fraction_of_height_and_of_width(images):
    layer = RandomTransform(shift=0.25)
    lower = layer.transform(images, numbers(3, down=1)).numpy()
    np.testing.assert_allclose(lower[:, 6:], images[:, :-6], atol=1e-5)
    later = layer.transform(images, numbers(3, right=1)).numpy()
    np.testing.assert_allclose(later[:, :, 9:], images[:, :, :-9], atol=1e-5)


def test_beyond_the_edges_lies_the_mirror_image(images):
    lower = RandomTransform(shift=0.25).transform(images, numbers(3, down=1)).numpy()
    np.testing.assert_allclose(lower[:, :6], images[:, 6:0:-1], atol=1e-5)


def test_a_flip_is_the_exact_mirror_image_in_half_of_the_draws(images):
    layer = RandomTransform(flip=True, seed=1)
    many = np.repeat(images[:1], 400, axis=0)
    flipped = layer(many, training=True).numpy()
    same = (flipped == many).all((1, 2, 3))
    np.testing.assert_array_equal(flipped[~same], many[~same][:, :, ::-1])
    assert 160 < same.sum() < 240


def test_turning_keeps_circles_round():
    row, column = np.mgrid[:30, :60] - np.array([14.5, 29.5])[:, None, None]
    disc = np.clip(10 - np.hypot(row, column), 0, 1)[None, ..., None].astype("float32")
    turned = RandomTransform(rotation=90).transform(disc, numbers(rotation=0.7))
    inside = np.hypot(row, column) < 14  # beyond lie mirror images
    np.testing.assert_allclose(turned[0][inside], disc[0][inside], atol=0.25)


# --- nothing changes


@pytest.mark.parametrize(
    ("size", "dtype"),
    [(SIZE, "float32"), (SIZE, "float16"), ((1, 9), "float32"), ((2, 1), "float32")],
)
def test_without_strength_every_bit_stays(size, dtype):
    images = np.random.default_rng(0).random((4, *size, 3)).astype(dtype)
    same = RandomTransform().transform(images, draws(4))
    assert same.dtype == dtype
    np.testing.assert_array_equal(same, images)


@pytest.mark.parametrize("training", [False, None])
def test_outside_training_every_bit_stays(images, masks, training):
    layer = RandomTransform(**ALL)
    np.testing.assert_array_equal(layer(images, training=training), images)
    same = layer((images, masks), training=training)
    np.testing.assert_array_equal(same[0], images)
    np.testing.assert_array_equal(same[1], masks)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 2)], ids=str)
def test_sides_of_one_and_two_pixels_stay_within_their_values(size):
    images = np.random.default_rng(0).random((50, *size, 1), "float32")
    changed = RandomTransform(**ALL | {"brightness": 0, "contrast": 0}).transform(images, draws(50))
    assert changed.shape == images.shape
    low, high = images.min((1, 2, 3)), images.max((1, 2, 3))
    for image, lowest, highest in zip(changed.numpy(), low, high, strict=True):
        assert lowest - 1e-6 <= image.min() and image.max() <= highest + 1e-6


# --- masks


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32", "bool"])
def test_masks_equal_scipys_nearest_pixels(images, masks, dtype):
    masks, strength, random = masks.astype(dtype), ALL | {"flip": False}, draws(3)
    moved = RandomTransform(**strength).transform(images, random, masks)[1]
    assert moved.dtype == dtype
    for mask, row, result in zip(masks, random, moved.numpy(), strict=True):
        truth = reference(mask, row, order=0, **strength)
        assert (result == truth.astype(dtype)).mean() > 0.99  # half-way between two pixels


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 999), dtype=st.sampled_from(["uint8", "int32", "float32"]))
def test_masks_never_hold_a_new_value(seed, dtype):
    values = np.random.default_rng(seed).integers(0, 255, 4)
    masks = np.random.default_rng(seed).choice(values, (2, 9, 8, 1)).astype(dtype)
    pair = np.zeros((2, 9, 8, 3), "float32"), masks
    moved = RandomTransform(**ALL, seed=seed)(pair, training=True)[1]
    assert moved.dtype == dtype and set(np.unique(moved)) <= set(np.unique(masks))


def test_masks_move_exactly_as_their_images(masks):
    images = (masks == 7).astype("float32")
    strength = ALL | {"brightness": 0, "contrast": 0}
    moved, labels = RandomTransform(**strength).transform(images, draws(3), masks)
    clear = (moved.numpy() > 0.501) | (moved.numpy() < 0.499)  # by nearest pixel: not at corners
    agree = (moved.numpy() > 0.5) == (labels.numpy() == 7)
    assert clear.mean() > 0.95 and agree[clear].mean() > 0.97
    images_alone = RandomTransform(**strength).transform(images, draws(3))
    np.testing.assert_array_equal(images_alone, moved)


def test_masks_keep_their_colours(images, masks):
    layer = RandomTransform(brightness=0.5, contrast=0.5)
    np.testing.assert_array_equal(layer.transform(images, draws(3), masks)[1], masks)


def test_pairs_of_images_and_masks_in_a_dataset(images, masks):
    layer = RandomTransform(rotation=30, flip=True, seed=3)
    pairs = tf.data.Dataset.from_tensor_slices((images, masks)).batch(2)
    changed = list(pairs.map(lambda *pair: layer(pair, training=True)))
    assert [(a.shape, b.shape) for a, b in changed] == [
        ((n, *SIZE, 3), (n, *SIZE, 1)) for n in (2, 1)
    ]
    assert changed[0][0].dtype == tf.float32 and changed[0][1].dtype == tf.uint8
    assert np.abs(changed[0][0] - images[:2]).mean() > 0.01


# --- colours


def test_brightness_is_added_and_cut_to_0_and_1(images):
    for sign in (-1, 1):
        ours = RandomTransform(brightness=0.3).transform(images, numbers(3, brightness=sign))
        np.testing.assert_allclose(ours, np.clip(images + 0.3 * sign, 0, 1), atol=1e-6)


@pytest.mark.parametrize("sign", [-1, 0.5, 1])
def test_contrast_multiplies_the_distance_to_the_mean_colour(images, sign):
    ours = RandomTransform(contrast=0.4).transform(images, numbers(3, contrast=sign))
    mean = images.mean((1, 2), keepdims=True)
    truth = np.clip(mean + (images - mean) * (1 + 0.4 * sign), 0, 1)
    np.testing.assert_allclose(ours, truth, atol=1e-6)


def test_contrast_around_the_mean_and_then_brightness(images):
    random = numbers(3, contrast=1, brightness=-1)
    ours = RandomTransform(contrast=0.4, brightness=0.1).transform(images, random)
    mean = images.mean((1, 2), keepdims=True)
    np.testing.assert_allclose(ours, np.clip(mean + (images - mean) * 1.4 - 0.1, 0, 1), atol=1e-6)


def test_full_contrast_can_leave_one_colour(images):
    ours = RandomTransform(contrast=1).transform(images, numbers(3, contrast=-1))
    mean = images.mean((1, 2), keepdims=True) + 0 * images
    np.testing.assert_allclose(ours, mean, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_any_number_of_channels(channels):
    images = np.random.default_rng(0).random((2, 8, 9, channels), "float32")
    changed = RandomTransform(**ALL).transform(images, draws(2)).numpy()
    assert changed.shape == images.shape and 0 <= changed.min() and changed.max() <= 1


def test_uint8_images_become_the_floats_they_stand_for(scene):
    images = np.stack([scene(*SIZE, seed=seed) for seed in range(3)])
    ours = RandomTransform(**ALL).transform(images, draws(3))
    truth = RandomTransform(**ALL).transform(images / np.float32(255), draws(3))
    assert ours.dtype == tf.float32
    np.testing.assert_allclose(ours, truth, atol=2e-6)


# --- draws


def test_the_draws_reach_the_bounds_and_never_pass_them(images, monkeypatch):
    seen = []
    layer = RandomTransform(**ALL, seed=5)
    monkeypatch.setattr(layer, "transform", lambda images, random, masks: seen.append(random))
    layer.call(tf.zeros((2000, 2, 2, 3)), training=True)
    [random] = np.array(seen)
    assert random.shape == (2000, 8)
    assert -1 <= random.min() and random.max() <= 1
    np.testing.assert_allclose(random.min(0), -1, atol=0.01)
    np.testing.assert_allclose(random.max(0), 1, atol=0.01)
    np.testing.assert_allclose(random.mean(0), 0, atol=0.06)
    assert np.abs(np.corrcoef(random.T) - np.eye(8)).max() < 0.1


def test_each_image_and_each_call_has_its_own_draw(images):
    layer = RandomTransform(**ALL, seed=2)
    same = np.repeat(images[:1], 3, axis=0)
    first, second = layer(same, training=True).numpy(), layer(same, training=True).numpy()
    changed = [*first, *second]
    for number, one in enumerate(changed):
        assert all(np.abs(one - other).mean() > 0.005 for other in changed[:number])


def test_a_seed_repeats_the_draws(images):
    def changed(seed):
        return RandomTransform(**ALL, seed=seed)(images, training=True).numpy()

    np.testing.assert_array_equal(changed(4), changed(4))
    assert np.abs(changed(4) - changed(5)).mean() > 0.01
    keras.utils.set_random_seed(8)
    one = changed(None)
    keras.utils.set_random_seed(8)
    np.testing.assert_array_equal(changed(None), one)


# --- in create_data_batches


@pytest.fixture
def paths(scene, tmp_path):
    for number in range(7):
        Image.fromarray(scene(*SIZE, seed=number)).save(tmp_path / f"{number}.png")
    return sorted(tmp_path.glob("*.png"))


def batches_of(paths, augment, **options):
    options = dict(image_size=SIZE, batch_size=3, training=True, seed=1) | options
    return create_data_batches(paths, range(len(paths)), augment=augment, **options)


def epoch(batches):
    """{number of the photo: image} of one epoch."""
    return {
        int(label): image
        for images, labels in batches
        for image, label in zip(images.numpy(), labels, strict=True)
    }


@pytest.mark.parametrize("cache", [False, True])
def test_batches_hold_each_photo_changed_in_its_own_way(paths, cache):
    one = epoch(batches_of(paths, RandomTransform(**ALL, seed=1), cache=cache))
    plain = epoch(batches_of(paths, None))
    assert sorted(one) == list(range(7))
    for number, image in one.items():
        assert image.dtype == np.float32 and image.shape == (*SIZE, 3)
        assert 0.01 < np.abs(image - plain[number]).mean() < 0.5


@pytest.mark.parametrize("cache", [False, True])
def test_batches_without_strength_equal_those_without_augmentation(paths, cache):
    one = epoch(batches_of(paths, RandomTransform(), cache=cache))
    for number, image in epoch(batches_of(paths, None, cache=cache)).items():
        np.testing.assert_allclose(one[number], image, atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("cache", [False, True])
def test_the_same_seed_brings_the_same_batches_and_each_epoch_new_ones(paths, cache):
    def epochs():
        batches = batches_of(paths, RandomTransform(**ALL, seed=6), cache=cache)
        return [epoch(batches) for _ in range(2)]

    first, second = epochs()
    for one, again in zip((first, second), epochs(), strict=True):
        assert list(one) == list(again)
        for number in one:
            np.testing.assert_array_equal(one[number], again[number])
    for number in first:
        assert np.abs(first[number] - second[number]).mean() > 0.005


def test_a_look_at_one_batch_shifts_no_later_draw(paths):
    def after_a_look(seconds):
        batches = batches_of(paths, RandomTransform(**ALL, seed=6))
        look = iter(batches)
        next(look)
        time.sleep(seconds)
        del look
        return epoch(batches)

    at_once, later = after_a_look(0), after_a_look(0.2)
    for number in at_once:
        np.testing.assert_array_equal(at_once[number], later[number])


def test_parallel_work_does_not_change_the_order(paths):
    def run(threads):
        options = tf.data.Options()
        options.threading.private_threadpool_size = threads
        options.deterministic = threads == 1
        batches = batches_of(paths * 4, RandomTransform(**ALL, seed=6), batch_size=2)
        return list(batches.with_options(options))

    for (one, labels), (other, others) in zip(run(1), run(8), strict=True):
        np.testing.assert_array_equal(labels, others)
        np.testing.assert_array_equal(one, other)


def test_other_layers_still_augment_in_turn(paths):
    chain = keras.Sequential([RandomTransform(flip=True, seed=1), keras.layers.GaussianNoise(0.1)])
    one = epoch(batches_of(paths, chain))
    plain = epoch(batches_of(paths, None))
    for number in plain:
        assert 0.02 < np.abs(one[number] - plain[number]).mean() < 0.5


# --- in a model


@pytest.fixture
def model():
    layers = [
        keras.Input((*SIZE, 3)),
        RandomTransform(**ALL, seed=3),
        keras.layers.Conv2D(2, 3, strides=4),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2),
    ]
    model = keras.Sequential(layers)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_a_model_trains_with_it_and_predicts_without(model, images):
    before = model.predict(images, verbose=0)
    np.testing.assert_array_equal(model.predict(images, verbose=0), before)
    log = model.fit(images, np.array([0, 1, 1]), batch_size=2, epochs=1, verbose=0)
    assert np.isfinite(log.history["loss"]).all()
    assert np.abs(model.predict(images, verbose=0) - before).max() > 0


def test_a_saved_model_comes_back_whole(model, images, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        loaded.predict(images, verbose=0), model.predict(images, verbose=0)
    )
    layers = [one.layers[0] for one in (loaded, model)]
    assert layers[0].get_config() == layers[1].get_config()
    ours, theirs = (layer(images, training=True).numpy() for layer in layers)
    np.testing.assert_array_equal(ours, theirs)  # the generator's state was saved too
    assert np.abs(ours - images).mean() > 0.01


def test_the_settings_make_the_same_layer_again():
    layer = RandomTransform(rotation=np.float32(5), flip=True, seed=4, name="augment")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert again.get_config()["rotation"] == 5 and again.name == "augment"


def test_mixed_precision_leaves_types_and_labels_alone(images, masks):
    layer = RandomTransform(**ALL, seed=1, dtype="mixed_float16")
    labels = masks.astype("float32") + 2049  # no float16 holds 2049
    changed, moved = layer((images, labels), training=True)
    assert changed.dtype == tf.float32 and moved.dtype == tf.float32
    assert set(np.unique(moved)) <= set(np.unique(labels))
    half = RandomTransform(**ALL, seed=1)(images.astype("float16"), training=True)
    assert half.dtype == tf.float16
    full = RandomTransform(**ALL, seed=1)(images, training=True)
    np.testing.assert_allclose(half, full, atol=2e-3)


def test_float16_layers_follow_in_a_mixed_model(images):
    policy = keras.mixed_precision.dtype_policy()
    try:
        keras.mixed_precision.set_dtype_policy("mixed_float16")
        model = keras.Sequential([RandomTransform(**ALL), keras.layers.Conv2D(1, 3)])
        assert model(images, training=True).dtype == tf.float16
    finally:
        keras.mixed_precision.set_dtype_policy(policy)


def test_empty_batches_stay_empty():
    changed, moved = RandomTransform(**ALL)(
        (np.zeros((0, 8, 9, 3), "float32"), np.zeros((0, 8, 9, 1), "uint8")), training=True
    )
    assert changed.shape == (0, 8, 9, 3) and moved.shape == (0, 8, 9, 1)


def test_without_xla_the_same_comes_out(images, masks, monkeypatch):
    compiled = RandomTransform(**ALL).transform(images, draws(3), masks)
    real = tf.function

    def without_xla(function, jit_compile=None, **options):
        def refuse(*_, **__):
            raise tf.errors.UnimplementedError(None, None, "no XLA in this build")

        return refuse if jit_compile else real(function, **options)

    caches = helpers.batching._xla_works, helpers.batching._compiled
    for one in caches:
        one.cache_clear()
    monkeypatch.setattr(tf, "function", without_xla)
    try:
        layer = RandomTransform(**ALL)
        plain = layer.transform(images, draws(3), masks)
        tiny = layer.transform(images[:, :1, :1], draws(3))  # tf.gather refuses what XLA cuts
        assert not helpers.batching._xla_works()
    finally:
        for one in caches:
            one.cache_clear()
    np.testing.assert_allclose(plain[0], compiled[0], atol=2e-5)
    assert (plain[1].numpy() == compiled[1].numpy()).mean() > 0.99
    assert tiny.shape == (3, 1, 1, 3)


def test_xla_works_here():
    assert helpers.batching._xla_works()


def test_many_sizes_give_no_warning_of_retracing(caplog, monkeypatch):
    from tensorflow.python.eager.polymorphic_function import polymorphic_function as tracing

    name = "_frequent_tracing_detector_manager"  # it warns twice in a process and then no more
    monkeypatch.setattr(tracing, name, type(getattr(tracing, name))())
    monkeypatch.setattr(tf.get_logger(), "propagate", True)
    for size in range(1, 7):
        RandomTransform().transform(np.zeros((1, size, size, 1), "float32"), draws(1))
        RandomTransform().transform(np.zeros((size, 9, 9, 1), "float32"), draws(size))
    assert [record.message for record in caplog.records if "retracing" in record.message] == []


# --- errors


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rotation", -1),
        ("rotation", 181),
        ("rotation", float("nan")),
        ("rotation", "20"),
        ("rotation", True),
        ("rotation", None),
        ("rotation", (10, 20)),
        ("shear", 90),
        ("zoom", 1),
        ("zoom", -0.1),
        ("shift", 20),
        ("brightness", 1.1),
        ("contrast", float("inf")),
    ],
)
def test_strengths_out_of_range_are_refused(name, value):
    with pytest.raises(ValueError, match=rf"Expected {name} as a number in 0\.\..*Received: "):
        RandomTransform(**{name: value})


@pytest.mark.parametrize("value", [0.5, 1, None, "horizontal"])
def test_flip_is_true_or_false(value):
    with pytest.raises(ValueError, match="Expected flip as True or False. Received: .* Angles"):
        RandomTransform(flip=value)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((2, 8, 8, 3), "uint8"), ((2, 8, 8, 3), "int32"), ((8, 8, 3), "float32"), ((8,), "float32")],
)
def test_images_that_do_not_fit_are_refused(shape, dtype, training):
    with pytest.raises(ValueError, match=rf"Expected float images.*Received: {dtype} \(.*Divide"):
        RandomTransform(rotation=5)(np.zeros(shape, dtype), training=training)


def test_images_of_unknown_size_are_refused_where_the_model_is_built():
    with pytest.raises(ValueError, match=r"Expected float images.*None, None, 3.*resize all"):
        keras.Sequential([keras.Input((None, None, 3)), RandomTransform(flip=True)])


@pytest.mark.parametrize("shape", [(3, 8, 8, 1), (2, 8, 9, 1), (2, 9, 8, 1), (2, 8, 8)], ids=str)
def test_masks_that_do_not_fit_are_refused(shape):
    pair = np.zeros((2, 8, 8, 3), "float32"), np.zeros(shape, "uint8")
    with pytest.raises(ValueError, match="Expected masks.*Received: masks .* for images"):
        RandomTransform(rotation=5)(pair, training=True)


def test_too_few_random_numbers_are_refused(images):
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=r"\[3,7\]"):
        RandomTransform().transform(images, np.zeros((3, 7)))
