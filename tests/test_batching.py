import os
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from helpers.batching import EXIF_ORIENTATION, _plan, create_data_batches, size_pair

SIZE = (48, 64)  # of the drawn photos: not square, so that a swapped axis shows
ONE_STEP = 1 / 255  # of the 256 that a file holds


def read(*paths, image_size=SIZE, **options):
    """All images of one epoch, `(n, height, width, 3)`."""
    batches = create_data_batches(paths, image_size=image_size, **options)
    return np.concatenate([images.numpy() for images in batches])


def pil(path):
    """What PIL sees, upright, in 0..1."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB")) / 255


@pytest.fixture
def photo(scene):
    return Image.fromarray(scene(*SIZE))


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    """Nine PNG files; the red of file i is 20 i, so that an image tells its own number."""
    folder = tmp_path_factory.mktemp("numbered")
    paths = [folder / f"{number}.png" for number in range(9)]
    for number, path in enumerate(paths):
        Image.new("RGB", (4, 4), (20 * number, 0, 100)).save(path)
    return paths


def numbers_in(images):
    return np.rint(np.asarray(images)[:, 0, 0, 0] * 255 / 20).astype(int).tolist()


def epoch_of(batches):
    """Numbers of the photos in the order in which an epoch of a `numbered` dataset brings them."""
    return [number for images in batches for number in numbers_in(images)]


# --- batches


def test_images_come_as_float32_in_0_to_1(photo, tmp_path):
    photo.save(tmp_path / "a.png")
    [images] = create_data_batches([tmp_path / "a.png"], image_size=(20, 30))
    assert images.shape == (1, 20, 30, 3)
    assert images.dtype == tf.float32
    assert 0 <= images.numpy().min() < 0.2 and 0.8 < images.numpy().max() <= 1


def test_the_last_batch_holds_what_is_left(numbered):
    sizes = [len(images) for images in create_data_batches(numbered, image_size=4, batch_size=4)]
    assert sizes == [4, 4, 1]


@given(
    count=st.integers(1, 9), batch_size=st.integers(1, 10), flags=st.tuples(*[st.booleans()] * 2)
)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_photo_comes_once_whatever_the_batch_size(numbered, count, batch_size, flags):
    training, cache = flags
    batches = create_data_batches(
        numbered[:count], image_size=4, batch_size=batch_size, training=training, cache=cache
    )
    for _ in range(2):
        sizes = [len(images) for images in batches]
        assert len(sizes) == len(batches)
        assert all(size == batch_size for size in sizes[:-1]) and 0 < sizes[-1] <= batch_size
        assert sorted(epoch_of(batches)) == list(range(count))


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("cache", [False, True])
def test_keras_learns_the_number_of_steps_before_the_first(numbered, training, cache):
    batches = create_data_batches(numbered, batch_size=4, training=training, cache=cache)
    assert len(batches) == 3


@pytest.mark.parametrize("image_size", [12, np.int64(12), (12, 12), [12, 12], np.array([12, 12])])
def test_image_size_is_an_int_or_a_pair(photo, tmp_path, image_size):
    photo.save(tmp_path / "a.png")
    assert read(tmp_path / "a.png", image_size=image_size).shape == (1, 12, 12, 3)
    assert size_pair(image_size) == (12, 12)


def test_paths_are_strings_or_path_objects_with_any_name(photo, tmp_path):
    names = ["a.png", "with space.png", "pão de queijo 🍞.png", "percent%20.png", "a[1]*?.png"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        photo.save(path)
    images = read(*paths[:2], *map(str, paths[2:]))
    np.testing.assert_allclose(images, np.stack([pil(path) for path in paths]), atol=1e-6)


def test_relative_paths_count_from_the_working_directory(photo, tmp_path, monkeypatch):
    photo.save(tmp_path / "a.png")
    monkeypatch.chdir(tmp_path)
    np.testing.assert_allclose(read("a.png")[0], pil("a.png"), atol=1e-6)


# --- pixels


def test_png_equals_what_keras_loads(photo, tmp_path):
    photo.save(tmp_path / "a.png")
    truth = keras.utils.img_to_array(keras.utils.load_img(tmp_path / "a.png")) / 255
    np.testing.assert_allclose(read(tmp_path / "a.png")[0], truth, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [{}, {"subsampling": 0}, {"progressive": True}, {"quality": 50}, {"restart_marker_rows": 1}],
    ids=str,
)
def test_jpeg_equals_what_keras_loads_but_for_rounding(photo, tmp_path, options):
    photo.save(tmp_path / "a.jpg", **options)
    truth = keras.utils.img_to_array(keras.utils.load_img(tmp_path / "a.jpg")) / 255
    difference = np.abs(read(tmp_path / "a.jpg")[0] - truth)
    assert difference.mean() < 2 * ONE_STEP and difference.max() < 16 * ONE_STEP


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_cmyk_jpeg_become_rgb(photo, tmp_path, mode):
    photo.convert(mode).save(tmp_path / "a.jpg")
    difference = np.abs(read(tmp_path / "a.jpg")[0] - pil(tmp_path / "a.jpg"))
    assert difference.mean() < 2 * ONE_STEP and difference.max() < 16 * ONE_STEP


@pytest.mark.parametrize("mode", ["L", "P", "1"])
def test_grey_palette_and_one_bit_png_become_rgb_exactly(photo, tmp_path, mode):
    photo.convert(mode).save(tmp_path / "a.png")
    np.testing.assert_allclose(read(tmp_path / "a.png")[0], pil(tmp_path / "a.png"), atol=1e-6)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize(
    ("extension", "options"), [("png", {}), ("webp", {"lossless": True, "exact": True})]
)
def test_transparency_is_dropped(photo, scene, tmp_path, mode, extension, options):
    image = photo.convert(mode)
    image.putalpha(Image.fromarray(scene(*SIZE, seed=1)[..., 0]))
    image.save(tmp_path / f"a.{extension}", **options)
    truth = photo.convert(mode).convert("RGB")
    image = read(tmp_path / f"a.{extension}")[0]
    np.testing.assert_allclose(image, np.asarray(truth) / 255, atol=1e-6)


def test_a_transparent_palette_colour_stays_the_colour(photo, tmp_path):
    photo.convert("P").save(tmp_path / "a.png", transparency=3)
    truth = np.asarray(photo.convert("P").convert("RGB")) / 255
    np.testing.assert_allclose(read(tmp_path / "a.png")[0], truth, atol=1e-6)


def test_16_bit_png_keeps_its_upper_8_bits(tmp_path):
    deep = np.random.default_rng(0).integers(0, 2**16, SIZE, dtype=np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.png")
    truth = np.repeat((deep >> 8)[..., np.newaxis], 3, axis=-1) / 255
    np.testing.assert_allclose(read(tmp_path / "a.png")[0], truth, atol=1e-6)


def test_gif_gives_its_first_frame(photo, tmp_path):
    frames = [photo.convert("P"), Image.new("RGB", photo.size, "red")]
    frames[0].save(tmp_path / "still.gif")
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    truth = np.asarray(photo.convert("P").convert("RGB")) / 255
    for image in read(tmp_path / "still.gif", tmp_path / "moving.gif"):
        np.testing.assert_allclose(image, truth, atol=1e-6)


@pytest.mark.parametrize("lossless", [True, False])
def test_webp_equals_pil(photo, tmp_path, lossless):
    photo.save(tmp_path / "a.webp", lossless=lossless)
    difference = np.abs(read(tmp_path / "a.webp")[0] - pil(tmp_path / "a.webp"))
    assert difference.max() < (1e-6 if lossless else 4 * ONE_STEP)


def test_the_content_counts_and_not_the_extension(photo, tmp_path):
    for kind in ("png", "gif", "webp"):
        photo.save(tmp_path / f"a.{kind}")
        (tmp_path / f"a.{kind}").rename(tmp_path / f"{kind}.jpg")
    photo.save(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").rename(tmp_path / "jpg.png")
    paths = sorted(tmp_path.iterdir())
    for image, path in zip(read(*paths), paths, strict=True):
        assert np.abs(image - pil(path)).mean() < 2 * ONE_STEP, path.name


def test_enlarging_interpolates_as_pil_does(photo, tmp_path):
    photo.save(tmp_path / "a.png")
    height, width = 3 * SIZE[0], 2 * SIZE[1]
    truth = np.asarray(photo.resize((width, height), Image.BILINEAR)) / 255
    image = read(tmp_path / "a.png", image_size=(height, width))[0]
    np.testing.assert_allclose(image, truth, atol=1.1 * ONE_STEP)


def test_halving_a_png_takes_means_of_four_pixels(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    truth = pixels.reshape(SIZE[0] // 2, 2, SIZE[1] // 2, 2, 3).mean((1, 3)) / 255
    image = read(tmp_path / "a.png", image_size=(SIZE[0] // 2, SIZE[1] // 2))[0]
    np.testing.assert_allclose(image, truth, atol=1e-6)


# --- EXIF orientation


def save_turned(image, path, orientation):
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    image.save(path, exif=exif.tobytes())


@pytest.mark.parametrize("extension", ["jpg", "png", "webp"])
@pytest.mark.parametrize("scale", [1, 2], ids=["whole", "half"])
def test_all_eight_orientations_come_upright(scene, tmp_path, extension, scale):
    paths = [tmp_path / f"{orientation}.{extension}" for orientation in range(1, 9)]
    for orientation, path in enumerate(paths, start=1):
        save_turned(Image.fromarray(scene(48, 64)), path, orientation)
    for turned, size in ((paths[:4], (48, 64)), (paths[4:], (64, 48))):
        images = read(*turned, image_size=(size[0] // scale, size[1] // scale))
        for image, path in zip(images, turned, strict=True):
            truth = pil(path)
            assert truth.shape[:2] == size
            truth = truth.reshape(size[0] // scale, scale, size[1] // scale, scale, 3).mean((1, 3))
            assert np.abs(image - truth).mean() < 3 * ONE_STEP, path.name


def test_an_orientation_that_does_not_exist_is_ignored(photo, tmp_path):
    save_turned(photo, tmp_path / "a.png", 9)
    np.testing.assert_allclose(read(tmp_path / "a.png")[0], np.asarray(photo) / 255, atol=1e-6)


def test_all_kinds_of_files_fit_in_one_call(scene, tmp_path):
    size, paths = (16, 16), []
    for number, side in enumerate((16, 32, 64, 128)):  # whole, 1/2, 1/4 and 1/8
        for orientation in (1, 6):
            paths.append(tmp_path / f"{side}-{orientation}.jpg")
            save_turned(Image.fromarray(scene(side, side, number)), paths[-1], orientation)
    for number, extension in enumerate(("png", "gif", "webp")):
        paths.append(tmp_path / f"a.{extension}")
        Image.fromarray(scene(*size, number)).save(paths[-1])
    images = read(*paths, image_size=size, batch_size=3)
    for image, path in zip(images, paths, strict=True):
        with Image.open(path) as photo:
            upright = ImageOps.exif_transpose(photo).convert("RGB").resize(size, Image.BOX)
        assert np.abs(image - np.asarray(upright) / 255).mean() < 4 * ONE_STEP, path.name


# --- decoding at a fraction of the size


@pytest.mark.parametrize(
    ("photo_size", "image_size", "ratio"),
    [
        ((32, 32), (32, 32), 1),
        ((16, 16), (32, 32), 1),
        ((63, 64), (32, 32), 1),  # one side a pixel short of twice
        ((64, 63), (32, 32), 1),
        ((64, 64), (32, 32), 2),
        ((64, 300), (32, 32), 2),  # the shorter side decides
        ((127, 127), (32, 32), 2),
        ((128, 128), (32, 32), 4),
        ((255, 256), (32, 32), 4),
        ((256, 256), (32, 32), 8),
        ((999, 999), (32, 32), 8),  # no smaller scale exists
        ((64, 128), (32, 64), 2),
        ((128, 64), (32, 64), 1),
    ],
)
def test_jpeg_is_decoded_small_where_both_sides_are_large(photo_size, image_size, ratio, tmp_path):
    Image.new("RGB", photo_size[::-1]).save(tmp_path / "a.jpg")
    assert _plan([tmp_path / "a.jpg"], *image_size) == [("JPEG", ratio, 1)]


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_the_scale_of_a_turned_photo_follows_its_upright_sides(tmp_path, orientation):
    save_turned(Image.new("RGB", (128, 64)), tmp_path / "a.jpg", orientation)  # 128 high, upright
    assert _plan([tmp_path / "a.jpg"], 64, 32) == [("JPEG", 2, orientation)]
    assert _plan([tmp_path / "a.jpg"], 32, 64) == [("JPEG", 1, orientation)]


@pytest.mark.parametrize("extension", ["png", "gif", "webp"])
def test_other_formats_are_decoded_whole(tmp_path, extension):
    Image.new("RGB", (256, 256)).save(tmp_path / f"a.{extension}")
    assert [ratio for _, ratio, _ in _plan([tmp_path / f"a.{extension}"], 32, 32)] == [1]


@pytest.mark.parametrize("side", [64, 128, 256, 300])
def test_a_small_decode_looks_like_a_large_one_made_small(scene, tmp_path, side):
    pixels = scene(side, side + 40).astype(int)
    pixels += np.random.default_rng(0).integers(-20, 21, pixels.shape)  # grain
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(tmp_path / "a.jpg", quality=90)
    whole = tf.io.decode_jpeg(tf.io.read_file(str(tmp_path / "a.jpg")))
    truth = tf.image.resize(whole, (32, 32), "bilinear", antialias=True) / 255
    thinned = tf.image.resize(whole, (32, 32)) / 255  # what a whole decode would give
    difference = np.abs(read(tmp_path / "a.jpg", image_size=32)[0] - truth.numpy())
    assert difference.mean() < 4 * ONE_STEP
    assert difference.mean() < 0.8 * np.abs(thinned - truth).mean()


# --- labels


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("cache", [False, True])
def test_labels_stay_with_their_photos(numbered, training, cache):
    labels = np.arange(9) * 3
    batches = create_data_batches(
        numbered, labels, image_size=4, batch_size=2, training=training, cache=cache
    )
    for _ in range(2):
        for images, found in batches:
            assert found.numpy().tolist() == [3 * number for number in numbers_in(images)]


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "float32", "bool"])
def test_integer_labels_keep_their_type(numbered, dtype):
    [(_, labels)] = create_data_batches(numbered[:2], np.array([1, 0], dtype), image_size=4)
    assert labels.dtype == dtype and labels.numpy().tolist() == [1, 0]


@pytest.mark.parametrize("dtype", ["bool", "float32", "int64"])
def test_one_hot_rows_stay_rows(numbered, dtype):
    rows = np.eye(4)[[2, 0, 3]].astype(dtype)
    [(_, labels)] = create_data_batches(numbered[:3], rows, image_size=4)
    assert labels.dtype == dtype
    np.testing.assert_array_equal(labels, rows)


def test_labels_of_a_shuffled_table_go_by_position_and_not_by_index(numbered):
    import pandas as pd

    table = pd.DataFrame({"path": numbered, "label": range(9)}).sample(frac=1, random_state=0)
    [(images, labels)] = create_data_batches(table["path"], table["label"], image_size=4)
    assert labels.numpy().tolist() == numbers_in(images)


def test_without_labels_there_are_only_images(numbered):
    assert isinstance(create_data_batches(numbered, image_size=4).element_spec, tf.TensorSpec)


# --- order


@pytest.mark.parametrize("cache", [False, True])
def test_validation_keeps_the_order_of_the_list(numbered, cache):
    batches = create_data_batches(numbered[::-1], image_size=4, batch_size=2, cache=cache)
    for _ in range(2):
        assert epoch_of(batches) == list(range(9))[::-1]


@pytest.mark.parametrize("cache", [False, True])
def test_training_shuffles_anew_in_each_epoch(numbered, cache):
    options = dict(image_size=4, batch_size=2, training=True, seed=13, cache=cache)
    batches = create_data_batches(numbered, **options)
    orders = [tuple(epoch_of(batches)) for _ in range(4)]
    assert len({*orders, tuple(range(9))}) == 5
    assert all(sorted(order) == list(range(9)) for order in orders)


@pytest.mark.parametrize("cache", [False, True])
def test_the_same_seed_gives_the_same_orders_again(numbered, cache):
    def orders(seed):
        options = dict(image_size=4, batch_size=2, training=True, cache=cache)
        batches = create_data_batches(numbered, seed=seed, **options)
        return [epoch_of(batches) for _ in range(3)]

    first = orders(13)
    assert orders(13) == first
    assert orders(14) != first


def test_without_a_seed_the_order_follows_that_of_keras(numbered):
    def order(seed):
        keras.utils.set_random_seed(seed)
        return epoch_of(create_data_batches(numbered, image_size=4, training=True))

    assert order(1) == order(1) != order(2)


# --- cache


def test_cached_images_are_at_most_half_a_step_away(scene, tmp_path):
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for number, path in enumerate(paths):
        Image.fromarray(scene(*SIZE, number)).save(path)
    plain = read(*paths, image_size=30)
    batches = create_data_batches(paths, image_size=30, cache=True)
    for _ in range(2):
        [images] = batches
        np.testing.assert_allclose(images, plain, atol=0.501 * ONE_STEP)
        assert images.dtype == tf.float32


@pytest.mark.parametrize("training", [False, True])
def test_cached_photos_are_read_only_once(photo, tmp_path, training):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        photo.save(path)
    batches = create_data_batches(paths, image_size=8, training=training, cache=True)
    first = [images.numpy() for images in batches]
    for path in paths:
        path.unlink()
    np.testing.assert_array_equal([images.numpy() for images in batches], first)


def test_without_cache_every_epoch_reads_the_files(photo, tmp_path):
    photo.save(tmp_path / "a.png")
    batches = create_data_batches([tmp_path / "a.png"], image_size=8)
    assert len(list(batches)) == 1
    (tmp_path / "a.png").unlink()
    with pytest.raises(tf.errors.InvalidArgumentError, match="a.png"):
        list(batches)


# --- augmentation


class Brighten(keras.layers.Layer):
    def call(self, images, training=False):
        return images + 1.0 if training else images


@pytest.mark.parametrize("cache", [False, True])
def test_augmentation_runs_in_training_mode_in_every_epoch(numbered, cache):
    options = dict(image_size=4, batch_size=4, training=True, cache=cache)
    batches = create_data_batches(numbered, augment=Brighten(), **options)
    for _ in range(3):
        assert all(images.numpy().min() >= 1 for images in batches)


@pytest.mark.parametrize("cache", [False, True])
def test_augmentation_draws_anew_in_every_epoch(photo, tmp_path, cache):
    photo.save(tmp_path / "a.png")
    flip = keras.layers.RandomFlip("horizontal", seed=13)
    options = dict(image_size=SIZE, training=True, augment=flip, cache=cache)
    batches = create_data_batches([tmp_path / "a.png"], **options)
    epochs = [images.numpy()[0] for _ in range(12) for images in batches]
    original = np.asarray(photo) / 255
    flipped = [np.abs(image - original[:, ::-1]).max() < ONE_STEP for image in epochs]
    kept = [np.abs(image - original).max() < ONE_STEP for image in epochs]
    assert 0 < sum(flipped) < 12 and sum(flipped) + sum(kept) == 12


# --- refusals at the call


def test_augmentation_of_validation_photos_is_refused(numbered):
    with pytest.raises(ValueError, match="training=True"):
        create_data_batches(numbered, augment=Brighten())


@pytest.mark.parametrize(
    "paths", ["a.jpg", Path("a.jpg"), b"a.jpg", [], np.array([]), None, {"a.jpg"}], ids=str
)
def test_anything_but_a_list_of_paths_is_refused(paths):
    with pytest.raises(ValueError, match="list of at least one path.*Received.*glob"):
        create_data_batches(paths)


def test_an_unlisted_glob_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"list of at least one path.*sorted\("):
        create_data_batches(tmp_path.glob("*.jpg"))


def write_text(path):
    path.write_text("not a photo")


def write_heic(path):
    path.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100))


def write_in(kind):
    def write(path):
        Image.new("RGB", (8, 8)).save(path, kind)

    write.__name__ = kind
    return write


def write_moving_webp(path):
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda path: None, "missing"),
        (Path.touch, "empty"),
        (Path.mkdir, "a folder"),
        (write_text, "not an image"),
        (write_heic, "not an image, or HEIC"),
        (write_in("BMP"), "BMP.*save it as"),
        (write_in("TIFF"), "TIFF.*save it as"),
        (write_moving_webp, "animated WEBP.*save"),  # TensorFlow 2.20 and 2.21 crash on it
    ],
)
def test_files_that_are_no_photos_are_refused_by_name(numbered, tmp_path, write, reason):
    write(tmp_path / "odd.jpg")
    with pytest.raises(ValueError, match=rf"Received 1 of 10 .*odd\.jpg \({reason}"):
        create_data_batches([*numbered, tmp_path / "odd.jpg"])


def test_many_bad_files_are_counted_and_the_first_five_named(numbered, tmp_path):
    bad = [tmp_path / f"bad{number}.jpg" for number in range(7)]
    with pytest.raises(ValueError, match="Received 7 of 16") as error:
        create_data_batches([*numbered, *bad])
    assert [str(path) in str(error.value) for path in bad] == [True] * 5 + [False] * 2
    assert not any(str(path) in str(error.value) for path in numbered)


@pytest.mark.parametrize(
    "labels", [[0], [0] * 10, [], 3, np.zeros((1, 9)), np.zeros((10, 2))], ids=np.shape
)
def test_labels_in_another_number_than_photos_are_refused(numbered, labels):
    with pytest.raises(ValueError, match="one label a photo, 9 in all. Received"):
        create_data_batches(numbered, labels)


@pytest.mark.parametrize("labels", [["pug"] * 9, np.array(["pug"] * 9, object), [None] * 9])
def test_labels_that_are_no_numbers_are_refused(numbered, labels):
    with pytest.raises(ValueError, match=r"integers or one-hot.*Received.*np\.unique"):
        create_data_batches(numbered, labels)


@pytest.mark.parametrize(
    "size", [0, -1, (8, 0), (8,), (8, 8, 3), 8.0, (8.0, 8), "8", "88", None, ()], ids=repr
)
def test_sizes_that_do_not_exist_are_refused(numbered, size):
    with pytest.raises(ValueError, match="image_size.*Received"):
        create_data_batches(numbered, image_size=size)


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, None, "4", True])
def test_batch_sizes_that_do_not_exist_are_refused(numbered, batch_size):
    with pytest.raises(ValueError, match="batch_size >= 1. Received"):
        create_data_batches(numbered, batch_size=batch_size)


# --- bodies that are damaged: headers are fine, so they show while iterating


@pytest.fixture(scope="module")
def bodies(scene):
    """Bytes of a grainy photo in each format."""
    import io

    pixels = scene(60, 80).astype(int) + np.random.default_rng(0).integers(-20, 21, (60, 80, 3))
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    written = {}
    for name, options in (
        ("jpg", {"format": "JPEG"}),
        ("progressive.jpg", {"format": "JPEG", "progressive": True}),
        ("png", {"format": "PNG"}),
        ("gif", {"format": "GIF"}),
        ("webp", {"format": "WEBP"}),
    ):
        buffer = io.BytesIO()
        image.save(buffer, **options)
        written[name] = buffer.getvalue()
    return written


def photos_with_damage(folder, whole, damaged, where, count=5):
    """Paths, and names of those that are damaged."""
    names = [f"photo{number}.jpg" for number in range(count)]
    bad = [names[number] for number in where]
    for name in names:
        (folder / name).write_bytes(damaged if name in bad else whole)
    return [folder / name for name in names], bad


@pytest.mark.parametrize("kind", ["jpg", "progressive.jpg", "png", "gif", "webp"])
def test_files_cut_short_are_named(bodies, tmp_path, kind):
    whole = bodies[kind]
    errors = (tf.errors.InvalidArgumentError, ValueError)  # PIL sees some at the call
    for percent in (50, 80, 99):
        (tmp_path / "whole").write_bytes(whole)
        (tmp_path / f"cut{percent}").write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises(errors, match=f"Expected .*image.*cut{percent}"):
            read(tmp_path / "whole", tmp_path / f"cut{percent}", image_size=8)


WHERE = {"first": [0], "last": [4], "two": [1, 3], "all": [0, 1, 2, 3, 4]}


@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE)
@pytest.mark.parametrize("training", [False, True], ids=["in order", "shuffled"])
@pytest.mark.parametrize("cache", [False, True], ids=["read", "cached"])
def test_a_damaged_photo_is_named_wherever_it_lies(bodies, tmp_path, where, training, cache):
    whole = bodies["jpg"]
    paths, bad = photos_with_damage(tmp_path, whole, whole[: len(whole) // 2], where)
    options = dict(image_size=8, batch_size=2, training=training, cache=cache)
    batches = create_data_batches(paths, range(5), **options)
    for _ in range(2 if cache else 1):  # the second try must not find half a cache
        with pytest.raises(tf.errors.InvalidArgumentError, match="Expected a whole image") as error:
            list(batches)
        named = [path.name for path in paths if str(path) in error.value.message]
        assert len(named) == 1 and named[0] in bad
        assert training or named == bad[:1]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("cache", [False, True])
def test_the_only_photo_can_be_the_damaged_one(bodies, tmp_path, training, cache):
    (tmp_path / "only.jpg").write_bytes(bodies["jpg"][:-200])
    options = dict(image_size=8, training=training, cache=cache)
    with pytest.raises(tf.errors.InvalidArgumentError, match="only.jpg"):
        list(create_data_batches([tmp_path / "only.jpg"], **options))


def test_batches_before_the_damage_arrive(bodies, tmp_path):
    whole = bodies["jpg"]
    paths, _ = photos_with_damage(tmp_path, whole, whole[:-200], [4])
    batches = iter(create_data_batches(paths, image_size=8, batch_size=2))
    assert [len(next(batches)) for _ in range(2)] == [2, 2]
    with pytest.raises(tf.errors.InvalidArgumentError, match="photo4.jpg"):
        next(batches)


def test_a_png_whose_checksum_is_wrong_is_named(bodies, tmp_path):
    whole = bytearray(bodies["png"])
    whole[len(whole) // 2] ^= 1  # one bit
    (tmp_path / "bit.png").write_bytes(whole)
    with pytest.raises(tf.errors.InvalidArgumentError, match="bit.png"):
        list(create_data_batches([tmp_path / "bit.png"], image_size=8))


@pytest.mark.parametrize("seed", [None, 0, 1, 2])
def test_changed_bytes_in_a_jpeg_never_touch_its_neighbours(bodies, tmp_path, seed):
    # JPEG holds no checksum: PIL and TensorFlow decode most of these, in wrong colours. Whatever
    # comes of it, either that file is named or the others arrive as they were, in their places.
    whole = bytearray(bodies["jpg"])
    end_of_image = b"\xff\xd9"
    middle = len(whole) // 2
    changed = end_of_image if seed is None else np.random.default_rng(seed).bytes(400)
    whole[middle : middle + len(changed)] = changed
    paths, bad = photos_with_damage(tmp_path, bodies["jpg"], bytes(whole), [1], count=3)
    try:
        [images] = create_data_batches(paths, image_size=8)
    except tf.errors.InvalidArgumentError as error:
        assert bad[0] in error.message and not any(f"photo{n}" in error.message for n in (0, 2))
    else:
        np.testing.assert_array_equal(images[0], images[2])
        assert np.abs(images[1] - images[0]).max() > 0


def test_headers_are_read_at_the_call_and_bodies_are_not(bodies, tmp_path):
    (tmp_path / "a.png").write_bytes(bodies["png"][: len(bodies["png"]) // 2])
    assert len(create_data_batches([tmp_path / "a.png"], image_size=8)) == 1


def test_a_file_deleted_after_the_call_is_named(bodies, tmp_path):
    paths, _ = photos_with_damage(tmp_path, bodies["jpg"], b"", [])
    batches = create_data_batches(paths, image_size=8)
    paths[3].unlink()
    with pytest.raises(tf.errors.InvalidArgumentError, match="photo3.jpg"):
        list(batches)


def test_options_that_free_the_order_do_not_mix_up_photos(numbered):
    options = tf.data.Options()
    options.deterministic = False
    batches = create_data_batches(numbered, range(9), image_size=4, batch_size=2)
    for images, labels in batches.with_options(options):
        assert labels.numpy().tolist() == numbers_in(images)


# --- in Keras


def small_model():
    layers = [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(9)]
    model = keras.Sequential(layers)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_fit_evaluate_and_predict_see_every_photo(numbered):
    seen = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(batch)
    )
    options = dict(image_size=8, batch_size=4)
    train = create_data_batches(numbered, range(9), training=True, **options)
    held = create_data_batches(numbered, range(9), **options)
    model = small_model()
    log = model.fit(train, validation_data=held, epochs=2, verbose=0, callbacks=[count])
    assert seen == [0, 1, 2] * 2
    assert log.history["loss"][1] < log.history["loss"][0]
    assert log.history["val_loss"][1] == pytest.approx(model.evaluate(held, verbose=0))
    assert model.predict(held, verbose=0).shape == (9, 9)


@pytest.mark.parametrize("cache", [False, True])
def test_fit_stops_at_a_damaged_photo_with_its_name(bodies, tmp_path, cache):
    whole = bodies["jpg"]
    paths, _ = photos_with_damage(tmp_path, whole, whole[:-200], [3])
    options = dict(image_size=8, batch_size=2, training=True, cache=cache)
    with pytest.raises(tf.errors.InvalidArgumentError, match="photo3.jpg"):
        small_model().fit(create_data_batches(paths, range(5), **options), verbose=0)


def test_an_image_that_pil_sees_through_a_link_is_read(photo, tmp_path):
    photo.save(tmp_path / "a.png")
    os.symlink(tmp_path / "a.png", tmp_path / "link.png")
    np.testing.assert_allclose(read(tmp_path / "link.png")[0], pil(tmp_path / "a.png"), atol=1e-6)


def test_a_missing_label_is_refused_with_its_row(numbered):
    with pytest.raises(ValueError, match=r"1 rows, the first \[2\]"):
        create_data_batches(numbered[:4], [0, 1, float("nan"), 1])


def test_relative_paths_survive_a_change_of_folder(photo, tmp_path, monkeypatch):
    photo.save(tmp_path / "a.png")
    monkeypatch.chdir(tmp_path)
    data = create_data_batches(["a.png"], image_size=8)
    monkeypatch.chdir("/")
    assert next(iter(data)).shape == (1, 8, 8, 3)
