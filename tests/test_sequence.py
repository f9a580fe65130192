"""`ImageSequence`: plain Python reads the batches, `fit` with and without workers takes them."""

import pickle
import struct
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from helpers import ImageSequence, create_data_batches
from helpers.batching import EXIF_ORIENTATION

SIZE = (48, 64)  # of the drawn photos: not square, so that a swapped axis shows
WORKERS = {
    "0": dict(workers=0),
    "1": dict(workers=1),
    "2 threads": dict(workers=2),
    "2 threads, short queue": dict(workers=2, max_queue_size=1),
    "1 process": dict(workers=1, use_multiprocessing=True),
    "2 processes": dict(workers=2, use_multiprocessing=True),
}
# Python 3.12 and later warn of every fork of a process with threads; Keras forks.
forks = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
quick = dict(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    """Forty PNG files; the red of file i is i, so that an image tells its own number."""
    folder = tmp_path_factory.mktemp("numbered")
    paths = [folder / f"{number}.png" for number in range(40)]
    for number, path in enumerate(paths):
        Image.new("RGB", (3, 2), (number, 0, 100)).save(path)
    return paths


@pytest.fixture
def photo(scene):
    return Image.fromarray(scene(*SIZE))


def label_of(number):
    return (7 * number + 3) % 11  # 40 photos share 11 classes, in no simple order


def sequence_of(paths, batch_size=4, **options):
    labels = [label_of(number) for number in range(len(paths))]
    options = dict(shuffle=True, seed=13, num_classes=11) | options
    return ImageSequence(paths, labels, batch_size=batch_size, **options)


def numbers_in(batch):
    """Numbers of the photos of a batch, once its labels were seen to be theirs."""
    images, labels = batch
    numbers = images[:, 0, 0, 0].tolist()
    assert (images == [[[[number, 0, 100]]] for number in numbers]).all()
    np.testing.assert_array_equal(labels, np.eye(11)[[label_of(number) for number in numbers]])
    return numbers


def epoch_of(sequence, epoch=None):
    """The photos' numbers, a list a batch, as plain Python reads them."""
    sequence.epoch = sequence.epoch if epoch is None else epoch
    return [numbers_in(sequence[index]) for index in range(len(sequence))]


class Recorder(keras.Model):
    """Learns nothing and keeps what `fit`, `evaluate` and `predict` bring."""

    def __init__(self):
        super().__init__()
        self.built, self.seen, self.tested = True, [], []
        self.compile(run_eagerly=True)

    def train_step(self, batch):
        self.seen.append([part.numpy() for part in batch])
        return {"loss": tf.constant(0.0)}

    def test_step(self, batch):
        self.tested.append([part.numpy() for part in batch])
        return {"loss": tf.constant(0.0)}

    def predict_step(self, batch):
        return tf.cast(batch[0][:, 0, 0, 0], tf.float32)


def fitted(sequence, epochs=3, shuffle=False, **options):
    """The photos' numbers, a list a batch, in each epoch of `fit`."""
    model = Recorder()
    model.fit(sequence, epochs=epochs, shuffle=shuffle, verbose=0, **options)
    batches = [numbers_in(batch) for batch in model.seen]
    epochs -= options.get("initial_epoch", 0)
    assert len(batches) == epochs * len(sequence)
    return [batches[i * len(sequence) : (i + 1) * len(sequence)] for i in range(epochs)]


def flat(batches):
    return [number for batch in batches for number in batch]


# --- every photo once an epoch, with its own label


@settings(max_examples=40, **quick)
@given(
    count=st.integers(1, 40),
    batch_size=st.integers(1, 41),
    seed=st.integers(0, 2**40),
    epoch=st.integers(0, 1000),
    shuffle=st.booleans(),
)
def test_every_photo_comes_once_with_its_label(numbered, count, batch_size, **options):
    epoch = options.pop("epoch")
    sequence = sequence_of(numbered[:count], batch_size, **options)
    batches = epoch_of(sequence, epoch)
    assert len(batches) == len(sequence) == -(-count // batch_size)
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert sorted(flat(batches)) == list(range(count))
    assert options["shuffle"] or flat(batches) == list(range(count))


@settings(max_examples=20, **quick)
@given(count=st.integers(1, 40), batch_size=st.integers(1, 40), seed=st.integers(0, 99))
def test_drop_remainder_brings_full_batches_only(numbered, count, batch_size, seed):
    batch_size = min(batch_size, count)
    sequence = sequence_of(numbered[:count], batch_size, seed=seed, drop_remainder=True)
    batches = epoch_of(sequence)
    assert len(sequence) == len(batches) == count // batch_size
    assert {len(batch) for batch in batches} == {batch_size}
    assert len(set(flat(batches))) == len(batches) * batch_size
    whole = sequence_of(numbered[:count], batch_size, seed=seed)
    assert epoch_of(whole)[: len(batches)] == batches


@settings(max_examples=20, **quick)
@given(
    count=st.integers(10, 40),  # a handful has few orders
    batch_size=st.integers(1, 40),
    seed=st.integers(0, 2**40),
    epochs=st.lists(st.integers(0, 2**40), min_size=2, max_size=4, unique=True),
)
def test_the_order_is_a_function_of_seed_and_epoch(numbered, count, batch_size, seed, epochs):
    sequence, again = (sequence_of(numbered[:count], batch_size, seed=seed) for _ in range(2))
    orders = {epoch: flat(epoch_of(sequence, epoch)) for epoch in epochs}
    assert len({tuple(order) for order in orders.values()}) == len(epochs)
    for epoch in reversed(epochs):
        assert flat(epoch_of(again, epoch)) == again.order().tolist() == orders[epoch]
    other = sequence_of(numbered[:count], batch_size, seed=seed + 1)
    assert flat(epoch_of(other, epochs[0])) != orders[epochs[0]]


@forks
@pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)
@settings(max_examples=4, **quick)
@given(
    count=st.integers(10, 40),
    batch_size=st.integers(1, 12),
    seed=st.integers(0, 2**40),
    drop_remainder=st.booleans(),
)
def test_fit_brings_the_same_batches_whoever_reads_them(numbered, workers, count, **options):
    truth = sequence_of(numbered[:count], **options)
    truth = [epoch_of(truth, epoch) for epoch in (1, 2, 3)]
    sequence = sequence_of(numbered[:count], **options, **workers)
    found = fitted(sequence)
    assert found == truth
    assert len({tuple(flat(batches)) for batches in found}) == 3
    if not options["drop_remainder"]:
        assert all(sorted(flat(batches)) == list(range(count)) for batches in found)


@forks
@pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)
def test_when_keras_shuffles_too_every_photo_still_comes_once(numbered, workers):
    plain = sequence_of(numbered, 7)
    found = fitted(sequence_of(numbered, 7, **workers), shuffle=True)
    for epoch, batches in enumerate(found, start=1):
        assert sorted(flat(batches)) == list(range(40))
        assert sorted(batches) == sorted(epoch_of(plain, epoch))
    assert any(batches != epoch_of(plain, epoch) for epoch, batches in enumerate(found, start=1))


@forks
@pytest.mark.parametrize("workers", [WORKERS["2 threads"], WORKERS["2 processes"]], ids=str)
def test_validation_photos_and_training_photos_do_not_meet(numbered, workers):
    model = Recorder()
    held = sequence_of(numbered, 9, shuffle=False, **workers)
    truth = sequence_of(numbered[:20], 6)
    model.fit(
        sequence_of(numbered[:20], 6, **workers),
        validation_data=held,
        epochs=2,
        shuffle=False,
        verbose=0,
    )
    seen, tested = ([numbers_in(batch) for batch in part] for part in (model.seen, model.tested))
    assert seen == epoch_of(truth, 1) + epoch_of(truth, 2)
    assert tested == 2 * epoch_of(held)
    model.tested.clear()
    model.evaluate(held, verbose=0)
    assert flat(numbers_in(batch) for batch in model.tested) == list(range(40))
    assert model.predict(held, verbose=0).tolist() == list(range(40))


def test_a_run_goes_on_in_the_order_of_one_that_never_stopped(numbered):
    whole = fitted(sequence_of(numbered), epochs=5)
    later = sequence_of(numbered)
    later.epoch = 3
    assert fitted(later, epochs=5, initial_epoch=3) == whole[3:]


# --- the protocol of a sequence


@pytest.mark.parametrize(
    ("count", "batch_size", "length", "full"),
    [(1, 1, 1, 1), (9, 3, 3, 3), (10, 3, 4, 3), (11, 3, 4, 3), (3, 3, 1, 1), (2, 1, 2, 2)],
)
def test_the_length_is_the_number_of_batches(numbered, count, batch_size, length, full):
    assert len(sequence_of(numbered[:count], batch_size)) == length
    assert len(sequence_of(numbered[:count], batch_size, drop_remainder=True)) == full
    if count < 40:
        assert len(sequence_of(numbered[:count], batch_size=50)) == 1


def test_a_loop_stops_after_the_last_batch(numbered):
    sequence = sequence_of(numbered[:10])
    assert [len(images) for images, _ in sequence] == [4, 4, 2]
    for index in (3, 100, -4):
        with pytest.raises(IndexError):
            sequence[index]


def test_an_index_counts_from_the_end_where_it_is_negative(numbered):
    sequence = sequence_of(numbered[:10])
    for index in range(3):
        assert numbers_in(sequence[index - 3]) == numbers_in(sequence[np.int64(index)])
    assert len(sequence[-1][0]) == 2


def test_without_shuffle_the_photos_come_as_given(numbered):
    sequence = sequence_of(numbered, shuffle=False, seed=None)
    for _ in range(2):
        assert flat(epoch_of(sequence)) == list(range(40))
        sequence.on_epoch_end()


def test_each_epoch_end_goes_to_the_next_order(numbered):
    sequence, other = sequence_of(numbered), sequence_of(numbered)
    for epoch in range(4):
        assert sequence.epoch == epoch
        assert epoch_of(sequence) == epoch_of(other, epoch)
        sequence.on_epoch_end()


def test_one_seeds_next_epoch_is_not_the_next_seeds_epoch(numbered):
    one, next_one = sequence_of(numbered, seed=13), sequence_of(numbered, seed=14)
    one.epoch = 1
    assert one.order().tolist() != next_one.order().tolist()


def test_without_a_seed_the_order_follows_that_of_keras(numbered):
    def order(seed):
        keras.utils.set_random_seed(seed)
        return sequence_of(numbered, seed=None).order().tolist()

    assert order(1) == order(1) != order(2)
    assert sequence_of(numbered, seed=None).order().tolist() != order(2)


@pytest.mark.parametrize("seed", [None, 0, np.int64(5), 2**70])
def test_once_made_it_neither_reads_nor_moves_the_global_random_numbers(numbered, seed):
    sequence = sequence_of(numbered, seed=seed)
    before = epoch_of(sequence)
    np.random.seed(99)
    truth = np.random.random()
    np.random.seed(99)
    assert epoch_of(sequence) == before
    assert np.random.random() == truth


def test_a_batch_belongs_to_its_reader(numbered):
    sequence = sequence_of(numbered)
    images, labels = sequence[0]
    images[:], labels[:] = 7, 7
    assert len(numbers_in(sequence[0])) == 4


def test_it_travels_in_a_pickle_without_its_photos(numbered):
    sequence = sequence_of(numbered)
    sequence.epoch = 2
    packed = pickle.dumps(sequence)
    assert len(packed) < 2000 + sum(len(str(path)) + 50 for path in numbered)
    assert epoch_of(pickle.loads(packed)) == epoch_of(sequence)


# --- paths and labels


def test_paths_and_labels_come_in_any_kind_of_list(numbered):
    numbers = [4, 0, 2]
    table = pd.DataFrame({"path": numbered[:5], "label": range(5)}).iloc[numbers]
    paths = [numbered[number] for number in numbers]
    for some in (paths, tuple(paths), list(map(str, paths)), np.array(paths), table["path"]):
        for labels in (numbers, tuple(numbers), np.array(numbers, "uint8"), table["label"]):
            [(images, found)] = ImageSequence(some, labels, batch_size=3)
            assert images[:, 0, 0, 0].tolist() == found.argmax(1).tolist() == numbers
            assert found.shape == (3, 5) and found.dtype == np.float32


def test_relative_paths_survive_a_change_of_folder(numbered, monkeypatch):
    monkeypatch.chdir(numbered[0].parent)
    sequence = sequence_of([path.name for path in numbered[:9]])
    monkeypatch.chdir("/")
    assert sorted(flat(epoch_of(sequence))) == list(range(9))


def test_one_class_is_a_column_of_ones(numbered):
    [(_, labels)] = ImageSequence(numbered[:3], [0, 0, 0], batch_size=3)
    np.testing.assert_array_equal(labels, np.ones((3, 1)))


def test_the_last_classes_may_be_missing(numbered):
    [(_, labels)] = ImageSequence(numbered[:2], [1, 0], batch_size=2, num_classes=4)
    np.testing.assert_array_equal(labels, [[0, 1, 0, 0], [1, 0, 0, 0]])


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64"])
def test_small_integers_count_beyond_their_range(numbered, dtype):
    most = np.iinfo(dtype).max if dtype != "int64" else 300
    sequence = ImageSequence(numbered[:2], np.array([0, most], dtype), batch_size=2)
    assert sequence.num_classes == most + 1
    np.testing.assert_array_equal(sequence[0][1].argmax(1), [0, most])


# --- pixels


def read(path, **options):
    """The one image of a file, `(height, width, 3)`."""
    return ImageSequence([path], [0], batch_size=1, **options)[0][0][0]


def pil(path):
    """What PIL sees, upright, uint8."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def pipeline(paths, size):
    """What `create_data_batches` makes of them, 0..255."""
    [images] = create_data_batches(paths, image_size=size)
    return images.numpy() * 255


def apart(one, other):
    return np.abs(np.asarray(one, float) - other).mean()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.png", {}),
        ("a.jpg", {}),
        ("a.jpg", {"progressive": True}),
        ("a.jpg", {"subsampling": 0, "quality": 50}),
        ("a.webp", {"lossless": True}),
        ("a.webp", {}),
        ("a.gif", {}),
    ],
    ids=str,
)
def test_pixels_equal_those_of_pil(photo, tmp_path, name, options):
    photo.save(tmp_path / name, **options)
    image = read(tmp_path / name)
    assert image.dtype == np.uint8 and image.shape == (*SIZE, 3)
    np.testing.assert_array_equal(image, pil(tmp_path / name))
    assert apart(image, photo) < (12 if "gif" in name else 4)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_are_256_steps_from_0_to_1(tmp_path, dtype):
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(levels).save(tmp_path / "a.png")
    image = read(tmp_path / "a.png", dtype=dtype)
    assert image.dtype == dtype
    truth = (levels / 255).astype(dtype)
    np.testing.assert_allclose(image[..., 1], truth, rtol=2 * np.finfo(dtype).eps)
    assert image.min() == 0 and image.max() == 1


@pytest.mark.parametrize(
    "image_size", [24, np.int64(24), (24, 24), [24, 24], np.array([24, 24])], ids=repr
)
def test_image_size_is_an_int_or_a_pair(photo, tmp_path, image_size):
    photo.save(tmp_path / "a.png")
    assert read(tmp_path / "a.png", image_size=image_size).shape == (24, 24, 3)


@pytest.mark.parametrize("size", [(24, 32), (30, 20), (100, 90), (16, 70)], ids=str)
def test_resized_photos_look_as_those_of_keras_and_of_the_pipeline(scene, tmp_path, size):
    paths = [tmp_path / f"a.{extension}" for extension in ("png", "jpg", "webp")]
    for path in paths:
        Image.fromarray(scene(96, 128)).save(path)
    for path, theirs in zip(paths, pipeline(paths, size), strict=True):
        image = read(path, image_size=size)
        assert image.shape == (*size, 3)
        assert apart(image, theirs) < 2.5
        loaded = keras.utils.load_img(path, target_size=size, interpolation="bilinear")
        assert apart(image, loaded) < 2.5
        half = read(path, image_size=size, dtype="float32")
        np.testing.assert_allclose(half * 255, image, atol=1e-4)


@pytest.mark.parametrize(
    ("side", "decoded"), [(256, 32), (128, 32), (64, 32), (63, 63), (300, 38), (999, 125)]
)
def test_a_large_jpeg_is_decoded_small(tmp_path, monkeypatch, side, decoded):
    Image.new("RGB", (side, side)).save(tmp_path / "a.jpg")
    resized, resize = [], Image.Image.resize

    def spy(image, *args, **options):
        resized.append(image.size)
        return resize(image, *args, **options)

    monkeypatch.setattr(Image.Image, "resize", spy)
    read(tmp_path / "a.jpg", image_size=32)
    assert resized == [(decoded, decoded)] * (decoded != 32)


@pytest.mark.parametrize("side", [64, 128, 256, 300])
def test_a_small_decode_looks_like_a_large_one_made_small(scene, tmp_path, side):
    pixels = scene(side, side + 40).astype(int)
    pixels += np.random.default_rng(0).integers(-20, 21, pixels.shape)  # grain
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(tmp_path / "a.jpg", quality=90)
    truth = tf.image.resize(pil(tmp_path / "a.jpg"), (32, 32), antialias=True)
    assert apart(read(tmp_path / "a.jpg", image_size=32), truth.numpy()) < 4


@pytest.mark.parametrize("mode", ["L", "P", "1"])
def test_grey_palette_and_one_bit_become_rgb(photo, tmp_path, mode):
    photo.convert(mode).save(tmp_path / "a.png")
    truth = np.asarray(photo.convert(mode).convert("RGB"))
    np.testing.assert_array_equal(read(tmp_path / "a.png"), truth)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_cmyk_jpeg_become_rgb(photo, tmp_path, mode):
    photo.convert(mode).save(tmp_path / "a.jpg")
    image = read(tmp_path / "a.jpg")
    assert apart(image, pipeline([tmp_path / "a.jpg"], SIZE)[0]) < 2
    assert apart(image, photo.convert(mode).convert("RGB")) < 4


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize(
    ("name", "options"), [("a.png", {}), ("a.webp", {"lossless": True, "exact": True})]
)
def test_transparency_is_dropped(photo, scene, tmp_path, mode, name, options):
    image = photo.convert(mode)
    image.putalpha(Image.fromarray(scene(*SIZE, seed=1)[..., 0]))
    image.save(tmp_path / name, **options)
    truth = np.asarray(photo.convert("L" if mode == "LA" else "RGB").convert("RGB"))
    np.testing.assert_array_equal(read(tmp_path / name), truth)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("transparency", [3, bytes([0, 128, 255])], ids=["one colour", "steps"])
def test_transparent_palette_colours_stay_the_colours(photo, tmp_path, transparency):
    photo.convert("P").save(tmp_path / "a.png", transparency=transparency)
    truth = np.asarray(photo.convert("P").convert("RGB"))
    np.testing.assert_array_equal(read(tmp_path / "a.png"), truth)


def test_16_bit_png_keeps_its_upper_8_bits(tmp_path):
    deep = np.random.default_rng(0).integers(0, 2**16, SIZE, dtype=np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.png")
    truth = np.repeat((deep >> 8)[..., None], 3, axis=-1)
    np.testing.assert_array_equal(read(tmp_path / "a.png"), truth)
    save_turned(Image.fromarray(deep), tmp_path / "b.png", 6)
    np.testing.assert_array_equal(read(tmp_path / "b.png"), np.rot90(truth, -1))


def test_files_with_several_pictures_give_the_first(photo, tmp_path):
    others = [Image.new("RGB", photo.size, color) for color in ("red", "blue")]
    photo.convert("P").save(tmp_path / "a.gif", save_all=True, append_images=others)
    truth = np.asarray(photo.convert("P").convert("RGB"))
    np.testing.assert_array_equal(read(tmp_path / "a.gif"), truth)
    photo.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=others)
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.format == "MPO"
    assert apart(read(tmp_path / "a.jpg"), photo) < 4
    half = read(tmp_path / "a.jpg", image_size=(24, 32))
    assert apart(half, photo.reduce(2)) < 4


def test_the_content_counts_and_not_the_extension(photo, tmp_path):
    photo.save(tmp_path / "a.png", "JPEG")
    photo.save(tmp_path / "a.jpg", "PNG")
    np.testing.assert_array_equal(read(tmp_path / "a.jpg"), photo)
    assert apart(read(tmp_path / "a.png"), photo) < 4


# --- EXIF orientation


def save_turned(image, path, orientation):
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    image.save(path, exif=exif.tobytes())


@pytest.mark.parametrize("extension", ["jpg", "png", "webp"])
def test_all_eight_orientations_come_upright(photo, tmp_path, extension):
    paths = [tmp_path / f"{orientation}.{extension}" for orientation in range(1, 9)]
    for orientation, path in enumerate(paths, start=1):
        save_turned(photo, path, orientation)
        image = read(path)
        assert image.shape == (*(SIZE if orientation < 5 else SIZE[::-1]), 3)
        np.testing.assert_array_equal(image, pil(path))
    for path, theirs in zip(paths, pipeline(paths, (40, 30)), strict=True):
        assert apart(read(path, image_size=(40, 30)), theirs) < 2.5


def test_photos_decoded_small_come_upright(scene, tmp_path):
    paths = [tmp_path / f"{orientation}.jpg" for orientation in range(1, 9)]
    for orientation, path in enumerate(paths, start=1):
        save_turned(Image.fromarray(scene(192, 256)), path, orientation)
    size = (20, 30)  # from 1/8 of the photo; of a turned one from 1/4
    for path, theirs in zip(paths, pipeline(paths, size), strict=True):
        image = read(path, image_size=size)
        assert apart(image, theirs) < 4
        whole = Image.fromarray(pil(path)).resize(size[::-1], Image.BILINEAR)
        assert apart(image, whole) < 2.5


def test_photos_that_are_equal_when_held_upright_have_one_size(scene, tmp_path):
    paths = [tmp_path / f"{orientation}.jpg" for orientation in (1, 3, 6, 8)]
    for orientation, path in zip((1, 3, 6, 8), paths, strict=True):
        size = SIZE if orientation < 5 else SIZE[::-1]
        save_turned(Image.fromarray(scene(*size)), path, orientation)
    [(images, _)] = ImageSequence(paths, [0] * 4, batch_size=4)
    for image, path in zip(images, paths, strict=True):
        np.testing.assert_array_equal(image, pil(path))


def test_an_orientation_that_does_not_exist_is_ignored(photo, tmp_path):
    save_turned(photo, tmp_path / "a.png", 9)
    np.testing.assert_array_equal(read(tmp_path / "a.png"), photo)


def test_odd_entries_beside_the_orientation_do_no_harm(photo, tmp_path):
    resolution, orientation = 0x011A, EXIF_ORIENTATION  # a resolution that is no number but a text
    entries = struct.pack("<HHII", orientation, 3, 1, 6) + struct.pack(
        "<HHI4s", resolution, 2, 4, b"abc"
    )
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + entries + bytes(4)
    photo.save(tmp_path / "a.jpg", exif=exif)
    photo.save(tmp_path / "plain.jpg")
    np.testing.assert_array_equal(
        read(tmp_path / "a.jpg"), np.rot90(pil(tmp_path / "plain.jpg"), -1)
    )


def test_png_orientation_counts_where_the_pipeline_finds_it(photo, tmp_path):
    note = PngImagePlugin.PngInfo()  # in XMP, which browsers and TensorFlow do not ask
    note.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta tiff:Orientation="6"></x:xmpmeta>')
    photo.save(tmp_path / "a.png", pnginfo=note)
    np.testing.assert_array_equal(read(tmp_path / "a.png"), photo)


# --- refusals at construction


def write_text(path):
    path.write_text("not a photo")


def write_bmp(path):
    Image.new("RGB", (3, 2)).save(path, "BMP")


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda path: None, "missing"),
        (Path.touch, "empty"),
        (Path.mkdir, "a folder"),
        (write_text, "not an image"),
        (write_bmp, "BMP.*save it as"),
    ],
)
@pytest.mark.parametrize("image_size", [None, 8])
def test_files_that_are_no_photos_are_refused_by_name(
    numbered, tmp_path, write, reason, image_size
):
    write(tmp_path / "odd.jpg")
    with pytest.raises(ValueError, match=rf"Received 1 of 41 .*odd\.jpg \({reason}.*Fix the paths"):
        sequence_of([*numbered, tmp_path / "odd.jpg"], image_size=image_size)


@pytest.fixture(scope="module")
def bodies(scene):
    """Bytes of a grainy photo in each format."""
    import io

    pixels = scene(60, 80).astype(int) + np.random.default_rng(0).integers(-20, 21, (60, 80, 3))
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    written = {}
    for kind in ("JPEG", "progressive JPEG", "PNG", "GIF", "WEBP"):
        options = {"progressive": True} if "progressive" in kind else {}
        buffer = io.BytesIO()
        image.save(buffer, kind.split()[-1], **options)
        written[kind] = buffer.getvalue()
    return written


@pytest.mark.parametrize("kind", ["JPEG", "progressive JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("percent", [50, 80, 99])
@pytest.mark.parametrize("image_size", [None, 8])
def test_files_cut_short_are_refused_by_name(bodies, tmp_path, kind, percent, image_size):
    whole = bodies[kind]
    (tmp_path / "whole").write_bytes(whole)
    (tmp_path / "cut").write_bytes(whole[: len(whole) * percent // 100])
    assert ImageSequence([tmp_path / "whole"], [0], batch_size=1, image_size=image_size)
    with pytest.raises(ValueError, match=r"Expected image files.*Received 1 of 2 .*/cut \("):
        ImageSequence(
            [tmp_path / "whole", tmp_path / "cut"], [0, 0], batch_size=1, image_size=image_size
        )


def test_any_bit_of_a_png_that_changed_is_found(photo, tmp_path):
    photo.save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    paths = []
    for place in range(whole.index(b"IDAT") + 4, len(whole) - 16, 7):
        paths.append(tmp_path / f"{place}.png")
        changed = whole[place] ^ 1 << place % 8
        paths[-1].write_bytes(whole[:place] + bytes([changed]) + whole[place + 1 :])
    assert len(paths) > 50
    with pytest.raises(ValueError, match=f"Received {len(paths)} of {len(paths)} "):
        ImageSequence(paths, [0] * len(paths), batch_size=1)


def test_many_bad_files_are_counted_and_the_first_five_named(numbered, tmp_path):
    bad = [tmp_path / f"bad{number}.png" for number in range(7)]
    for path in bad:
        path.write_bytes(numbered[0].read_bytes()[:-30])
    with pytest.raises(ValueError, match="Received 7 of 47") as error:
        sequence_of([*numbered, *bad])
    assert [str(path) in str(error.value) for path in bad] == [True] * 5 + [False] * 2
    assert not any(str(path) in str(error.value) for path in numbered)


def test_photos_of_unequal_sizes_are_named_unless_resized(numbered, tmp_path):
    odd = [tmp_path / f"odd{number}.png" for number in range(6)]
    for path in odd:
        Image.new("RGB", (4, 2)).save(path)
    paths = [*numbered[:9], *odd]
    with pytest.raises(
        ValueError, match=r"Expected photos of one size.*Received.*\(2, 3\) in 9 of 15"
    ) as error:
        sequence_of(paths)
    assert [f"{path} (2, 4)" in str(error.value) for path in odd] == [True] * 5 + [False]
    assert "Pass image_size=(2, 3)" in str(error.value)
    assert len(sequence_of(paths, image_size=(2, 3))) == 4


@pytest.mark.parametrize("paths", ["a.jpg", Path("a.jpg"), [], None, {"a.jpg"}], ids=repr)
def test_anything_but_a_list_of_paths_is_refused(paths):
    with pytest.raises(ValueError, match="Expected a list of at least one path.*Received.*glob"):
        ImageSequence(paths, [0], batch_size=1)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([0, 1], r"one label a photo, 3 in all.*\(2,\)"),
        ([], "one label a photo, 3 in all"),
        (2, "one label a photo, 3 in all"),
        (["pug", "cat", "cat"], "dtype <U3, first .*pug"),
        ([None] * 3, "dtype object"),
        (None, "one integer a photo.*None"),
        ([0, 1, float("nan")], r"NaN\) in 1 rows, the first \[2\]"),
        ([0.0, 1.0, 1.0], r"one integer a photo.*float64 \(3,\)"),
        (np.eye(3), r"one integer a photo.*float64 \(3, 3\)"),
        (np.eye(3, dtype=int), r"one integer a photo.*int64 \(3, 3\)"),
        ([[0], [1], [1]], r"one integer a photo.*int64 \(3, 1\)"),
        ([True, False, True], "one integer a photo.*bool .* from False to True"),
        ([0, -1, 1], "one integer a photo, from 0 to num_classes - 1.* from -1 to 1"),
        ([1, 2, 3], None),
    ],
    ids=str,
)
def test_labels_that_do_not_fit_are_refused(numbered, labels, found):
    if found is None:  # from 1 on: class 0 stays empty, which is no error
        assert ImageSequence(numbered[:3], labels, batch_size=3).num_classes == 4
        return
    with pytest.raises(ValueError, match=f"Expected .*{found}") as error:
        ImageSequence(numbered[:3], labels, batch_size=3)
    assert "Received" in str(error.value)
    assert any(fix in str(error.value) for fix in ("np.unique", "Take paths", "Leave these"))


@pytest.mark.parametrize("num_classes", [0, -1, 2.5, True, "14", np.nan])
def test_numbers_of_classes_that_are_no_counts_are_refused(numbered, num_classes):
    with pytest.raises(ValueError, match=rf"integer >= 1. Received: {num_classes!r}"):
        ImageSequence(numbered[:1], [0], batch_size=1, num_classes=num_classes)


@pytest.mark.parametrize("num_classes", [1, 2])
def test_fewer_classes_than_labels_are_refused(numbered, num_classes):
    with pytest.raises(ValueError, match=rf"0 to {num_classes} - 1. Received.* from 0 to 2"):
        ImageSequence(numbered[:3], [0, 1, 2], batch_size=3, num_classes=num_classes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        *[({"batch_size": size}, "batch_size >= 1") for size in (0, -1, 2.5, None, "4", True)],
        *[({"dtype": name}, "dtype as one of") for name in ("int8", "uint16", "float", None, 8)],
        *[({"seed": seed}, "seed as None or an integer >= 0") for seed in (-1, 1.5, "13", [1])],
        *[({"image_size": size}, "image_size as") for size in (0, (8,), 8.0, "8", (0, 8), ())],
        ({"batch_size": 41, "drop_remainder": True}, "at least one full batch of 41"),
    ],
    ids=str,
)
def test_options_that_do_not_exist_are_refused(numbered, options, message):
    with pytest.raises(ValueError, match=f"Expected {message}.*Received: "):
        sequence_of(numbered, **options)


def test_options_that_nobody_knows_are_refused(numbered):
    with pytest.raises(TypeError, match="augment"):
        sequence_of(numbered, augment=None)
    with pytest.raises(TypeError, match="batch_size"):
        ImageSequence(numbered, [0] * 40)


# --- files that break later


def delete(path):
    path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:-30])


@pytest.fixture
def copies(numbered, tmp_path):
    """Nine files that a test may spoil."""
    paths = [tmp_path / path.name for path in numbered[:9]]
    for path, original in zip(paths, numbered, strict=False):
        path.write_bytes(original.read_bytes())
    return paths


@pytest.mark.parametrize("spoil", [delete, cut])
def test_a_file_that_breaks_later_is_named_when_it_is_read(copies, spoil):
    sequence = sequence_of(copies, 2, shuffle=False)
    spoil(copies[7])
    for index in (0, 1, 2, 4):
        numbers_in(sequence[index])
    with pytest.raises(ValueError, match=r"Expected a whole image file. Received.*/7\.png \("):
        sequence[3]


@forks
@pytest.mark.parametrize("workers", WORKERS.values(), ids=WORKERS)
def test_fit_stops_at_a_file_that_broke_with_its_name(copies, workers):
    sequence = sequence_of(copies, 2, shuffle=False, **workers)
    delete(copies[7])
    model = Recorder()
    with pytest.raises(Exception, match="Expected a whole image file.*/7.png"):
        model.fit(sequence, shuffle=False, verbose=0)
    assert [numbers_in(batch) for batch in model.seen] == [[0, 1], [2, 3], [4, 5]]


# --- in a model


@forks
def test_a_model_learns_from_uint8_once_it_rescales(numbered):
    layers = [
        keras.Input((2, 3, 3), dtype="uint8"),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(2),
    ]
    model = keras.Sequential(layers)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.5), loss, metrics=["accuracy"])
    dark = [int(number < 20) for number in range(40)]
    options = dict(batch_size=6, shuffle=True, seed=1) | WORKERS["2 processes"]
    log = model.fit(ImageSequence(numbered, dark, **options), epochs=6, shuffle=False, verbose=0)
    assert log.history["loss"][-1] < 0.5 * log.history["loss"][0]
