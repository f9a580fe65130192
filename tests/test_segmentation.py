"""Pairs of photo and mask: read, counted and shown."""

import os
import unicodedata

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import confusion_matrix, jaccard_score

from helpers import RandomTransform, iou_counts, segmentation_batches, show_masks
from helpers.batching import EXIF_ORIENTATION

SIZE = (20, 28)  # not square, so that a swapped axis shows
COUNT = 7
STRONG = dict(rotation=30, shear=15, zoom=0.2, shift=0.2, flip=True)
quick = dict(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def blob(number, size=SIZE):
    """A mask of a few bars and a disc, another one for each number: bool `size`."""
    rows, columns = np.indices(size)
    disc = (rows - 5 - number) ** 2 + (columns - 8) ** 2 < 30
    return disc ^ (columns > 2 * size[1] // 3) ^ (rows > size[0] - 2 - number)


def write(folder, name, mask, number=0):
    """The pair `name`; the photo tells its mask in red and its number in green."""
    photo = np.zeros((*mask.shape, 3), np.uint8)
    photo[..., 0], photo[..., 1] = mask * 255, number
    for part, array in (("original", photo), ("mask", np.uint8(mask) * 255)):
        (folder / part).mkdir(exist_ok=True, parents=True)
        Image.fromarray(array).save(folder / part / name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corridors")
    for number in reversed(range(COUNT)):
        write(folder, f"{number}.png", blob(number), number)
    return folder


@pytest.fixture
def pair(tmp_path):
    """A folder with one good pair, to be spoilt."""
    write(tmp_path, "a.png", blob(0))
    return tmp_path


def batches(folder, **options):
    return segmentation_batches(folder, **dict(image_size=SIZE, batch_size=3) | options)


def shuffled(folder, **options):
    return batches(folder, **dict(training=True, seed=13) | options)


def numbers_in(images):
    return np.round(images[:, 0, 0, 1] * 255).astype(int).tolist()


def whole(sequence, epoch=0):
    """An epoch's (images, targets), joined."""
    sequence.epoch = epoch
    parts = [sequence[index] for index in range(len(sequence))]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


# --- what a batch holds


def test_photos_and_masks_are_those_of_the_files(folder):
    sequence = batches(folder)
    assert [len(images) for images, _ in sequence] == [3, 3, 1]
    images, masks = whole(sequence)
    assert images.shape == (COUNT, *SIZE, 3) and images.dtype == np.float32
    assert masks.shape == (COUNT, *SIZE) and masks.dtype == np.uint8
    assert numbers_in(images) == list(range(COUNT))
    np.testing.assert_array_equal(masks, [blob(number) for number in range(COUNT)])
    np.testing.assert_array_equal(images[..., 0], masks)
    np.testing.assert_allclose(images[5, 0, 0, 1], 5 / 255)


def test_coverage_is_the_fraction_of_collidable_pixels(folder):
    _, coverages = whole(batches(folder, target="coverage"))
    assert coverages.shape == (COUNT, 1) and coverages.dtype == np.float32
    by_hand = [blob(number).sum() / blob(number).size for number in range(COUNT)]
    np.testing.assert_allclose(coverages[:, 0], by_hand, rtol=1e-6)


@settings(max_examples=25, **quick)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    new=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    seed=st.integers(0, 99),
)
def test_masks_take_the_nearest_pixel(tmp_path, size, new, seed):
    mask = np.random.default_rng(seed).random(size) < 0.5
    write(tmp_path, "a.png", mask)
    images, [found] = batches(tmp_path, image_size=new)[0]

    def nearest(axis, place):
        """Sources whose centre is nearest to that of a pixel; two where it lies between them."""
        centres = (2 * np.arange(size[axis]) + 1) * new[axis]  # whole numbers: exact
        far = abs(centres - (2 * place + 1) * size[axis])
        return np.flatnonzero(far == far.min())

    for row, column in np.ndindex(new):
        sources = np.ix_(nearest(0, row), nearest(1, column))
        assert found[row, column] in mask[sources]
    pure = np.isin(images[0, ..., 0], (0, 1))  # all that the photo's pixel was made of was alike
    np.testing.assert_array_equal(found[pure], images[0, ..., 0][pure])


# --- augmentation


@pytest.mark.parametrize("epoch", range(3))
def test_masks_move_with_the_photos_and_keep_two_values(folder, epoch):
    augment = RandomTransform(**STRONG)
    images, masks = whole(shuffled(folder, augment=augment), epoch)
    assert images.dtype == np.float32 and masks.dtype == np.uint8
    assert images.shape == (COUNT, *SIZE, 3) and masks.shape == (COUNT, *SIZE)
    assert set(np.unique(masks)) == {0, 1}
    red = images[..., 0]
    pure = np.minimum(red, 1 - red) < 1e-5  # elsewhere the photo is a mixture of both
    assert pure.mean() > 0.7
    np.testing.assert_array_equal(masks[pure], np.round(red[pure]))
    for number, mask in zip(numbers_in(images), masks, strict=True):
        assert (mask != blob(number)).mean() > 0.02


def test_coverage_is_that_of_the_moved_mask(folder):
    options = dict(augment=RandomTransform(**STRONG))
    images, masks = whole(shuffled(folder, **options), 4)
    same, coverages = whole(shuffled(folder, target="coverage", **options), 4)
    np.testing.assert_array_equal(images, same)
    np.testing.assert_allclose(coverages[:, 0], masks.mean((1, 2)), rtol=1e-6)


def test_colours_change_in_photos_only(folder):
    plain, masks = whole(shuffled(folder), 1)
    images, same = whole(shuffled(folder, augment=RandomTransform(brightness=0.5)), 1)
    np.testing.assert_array_equal(masks, same)
    assert (images != plain).any(axis=(1, 2, 3)).all()
    assert images.min() >= 0 and images.max() <= 1


@pytest.mark.parametrize("batch_size", [1, 3])
def test_every_photo_of_every_epoch_has_a_draw_of_its_own(tmp_path, batch_size):
    for number in range(4):
        write(tmp_path, f"{number}.png", np.zeros((2, 2), bool))
        grey = Image.new("RGB", (2, 2), (128, 128, 128))
        grey.save(tmp_path / "original" / f"{number}.png")
    options = dict(augment=RandomTransform(brightness=0.4), batch_size=batch_size, image_size=2)
    sequence = shuffled(tmp_path, **options)
    images = np.concatenate([whole(sequence, epoch)[0] for epoch in range(5)])
    draws = images[:, 0, 0, 0] - 128 / 255
    assert abs(draws).max() < 0.4 and draws.min() < 0 < draws.max()
    assert len(np.unique(draws.round(6))) == 4 * 5


# --- order and augmentation are a function of (seed, epoch)


@settings(max_examples=20, **quick)
@given(batch_size=st.integers(1, COUNT + 1), seed=st.integers(0, 2**40), epoch=st.integers(0, 999))
def test_every_pair_comes_once_an_epoch(folder, batch_size, seed, epoch):
    sequence = shuffled(folder, batch_size=batch_size, seed=seed)
    images, masks = whole(sequence, epoch)
    assert len(sequence) == -(-COUNT // batch_size)
    assert sorted(numbers_in(images)) == list(range(COUNT))
    np.testing.assert_array_equal(images[..., 0], masks)


class Eyes(keras.Model):
    def __init__(self):
        super().__init__()
        self.built, self.seen = True, []
        self.compile(run_eagerly=True)

    def train_step(self, batch):
        self.seen.append([part.numpy() for part in batch])
        return {"loss": 0.0}


def seen(sequence, **options):
    """What each epoch of `fit` brings."""
    model, epochs = Eyes(), []
    note = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: model.seen.clear(),
        on_epoch_end=lambda epoch, logs: epochs.append(list(model.seen)),
    )
    model.fit(sequence, shuffle=False, verbose=0, callbacks=[note], **options)
    return [[np.concatenate(part) for part in zip(*epoch, strict=True)] for epoch in epochs]


def test_a_later_epoch_is_the_same_for_a_fresh_object(folder):
    augment = RandomTransform(**STRONG, contrast=0.3, seed=1)
    through = seen(shuffled(folder, augment=augment), epochs=4)
    assert len({images.tobytes() for images, _ in through}) == 4
    for epoch in (4, 2):
        fresh = shuffled(folder, augment=RandomTransform(**STRONG, contrast=0.3, seed=99))
        images, masks = whole(fresh, epoch)
        np.testing.assert_array_equal(images, through[epoch - 1][0])
        np.testing.assert_array_equal(masks, through[epoch - 1][1])
    later = shuffled(folder, augment=augment)
    later.epoch = 2
    [third, fourth] = seen(later, epochs=4, initial_epoch=2)
    np.testing.assert_array_equal(third[0], through[2][0])
    np.testing.assert_array_equal(fourth[0], through[3][0])


def test_a_batch_does_not_depend_on_those_read_before(folder):
    sequence = shuffled(folder, augment=RandomTransform(**STRONG))
    images, masks = whole(sequence, 3)
    np.testing.assert_array_equal(sequence[2][0], images[6:])
    np.testing.assert_array_equal(sequence[-1][1], masks[6:])
    np.testing.assert_array_equal(sequence[0][0], images[:3])


def test_another_seed_gives_another_order_and_other_movements(folder):
    options = dict(augment=RandomTransform(**STRONG), batch_size=1)
    one, two = (dict(zip(*read(folder, seed, **options), strict=True)) for seed in (1, 2))
    assert list(one) != list(two)
    assert all((one[number] != two[number]).any() for number in range(COUNT))


def read(folder, seed, **options):
    images, masks = whole(shuffled(folder, seed=seed, **options), 1)
    return numbers_in(images), masks


def test_without_a_seed_all_follows_that_of_keras(folder):
    def epoch(seed):
        keras.utils.set_random_seed(seed)
        return whole(shuffled(folder, seed=None, augment=RandomTransform(**STRONG)))[0]

    np.testing.assert_array_equal(epoch(1), epoch(1))
    assert (epoch(1) != epoch(2)).any()


def test_validation_stays_in_the_order_of_the_names(folder):
    sequence = batches(folder)
    assert numbers_in(whole(sequence, 0)[0]) == numbers_in(whole(sequence, 5)[0]) == [*range(COUNT)]


def test_a_relative_folder_survives_a_change_of_folder(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    sequence = batches(folder.name)
    monkeypatch.chdir("/")
    np.testing.assert_array_equal(whole(sequence)[1], whole(batches(folder))[1])


# --- kinds of files


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("png", mode) for mode in ("1", "L", "P", "RGB", "RGBA", "LA")]
    + [("webp", "RGB"), ("webp", "RGBA"), ("gif", "P")],
)
def test_masks_of_other_modes_are_read(tmp_path, kind, mode):
    write(tmp_path, f"a.{kind}", blob(1))
    image = Image.fromarray(np.uint8(blob(1)) * 255).convert(mode)
    image.save(tmp_path / "mask" / f"a.{kind}", lossless=True)
    [mask] = batches(tmp_path)[0][1]
    np.testing.assert_array_equal(mask, blob(1))


def test_a_palette_counts_by_its_colours(pair):
    image = Image.fromarray(np.uint8(blob(0)), "P")
    image.putpalette([255, 255, 255, 0, 0, 0])  # index 0 is white: collidable
    image.save(pair / "mask" / "a.png")
    np.testing.assert_array_equal(batches(pair)[0][1][0], ~blob(0))


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_mask_is_turned_with_its_photo(pair, orientation):
    for part in ("original", "mask"):
        with Image.open(pair / part / "a.png") as image:
            image.load()
        exif = image.getexif()
        exif[EXIF_ORIENTATION] = orientation
        image.save(pair / part / "a.png", exif=exif)
    size = SIZE if orientation < 5 else SIZE[::-1]
    images, masks = batches(pair, image_size=size)[0]
    np.testing.assert_array_equal(images[..., 0], masks)
    assert (masks[0] != blob(0, size)).any()
    write(pair, "a.png", blob(0))
    image.save(pair / "original" / "a.png", exif=exif)
    with pytest.raises(ValueError, match=f"turned 1; the photo .*, {orientation}"):
        batches(pair)


def test_names_in_any_script_and_hidden_files(pair):
    write(pair, "corredor é 走廊.png", blob(2), 2)
    for part in ("original", "mask"):
        (pair / part / ".DS_Store").write_bytes(b"")
    (pair / "mask" / "._a.png").write_bytes(b"")  # of macOS, on one side only
    assert numbers_in(whole(batches(pair))[0]) == [0, 2]


def test_photos_may_be_jpeg(tmp_path):
    write(tmp_path, "a.jpg", np.ones(SIZE, bool))
    images, masks = batches(tmp_path)[0]
    assert (masks == 1).all() and abs(images[..., 0] - 1).max() < 0.02


# --- what is refused


def without(part, name="a.png"):
    return lambda folder: (folder / part / name).unlink()


def save_mask(array, name="a.png", **options):
    return lambda folder: Image.fromarray(array).save(folder / "mask" / name, **options)


def cut(part):
    def spoil(folder):
        path = folder / part / "a.png"
        path.write_bytes(path.read_bytes()[:-30])

    return spoil


def jpeg_mask(folder):
    (folder / "mask" / "a.png").unlink()
    (folder / "original" / "a.png").rename(folder / "original" / "a.jpg")
    Image.fromarray(np.uint8(blob(0)) * 255).save(folder / "mask" / "a.jpg")


def with_grey(value):
    mask = np.uint8(blob(0)) * 255
    mask[3, 4] = value
    return save_mask(mask)


def moved(name, to):
    return lambda folder: (folder / name).rename(folder / to)


def again_as_nfd(folder):
    for part, form in (("original", "NFC"), ("mask", "NFD")):
        (folder / part / "a.png").rename(folder / part / unicodedata.normalize(form, "é.png"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without("mask"), "1 without a partner: .*original.a.png"),
        (without("original"), "1 without a partner: .*mask.a.png"),
        (moved("mask/a.png", "mask/A.png"), "2 without a partner"),
        (moved("mask/a.png", "mask/a.PNG"), "2 without a partner"),
        (again_as_nfd, "2 without a partner"),
        (
            lambda folder: without("mask")(folder) or without("original")(folder),
            "Received: 0 photos",
        ),
        (with_grey(1), r"mask.a.png \(mode L, colours \[\[0, 0, 0\], \[1, 1, 1\]"),
        (with_grey(128), r"128, 128, 128"),
        (with_grey(254), r"254, 254, 254"),
        (save_mask(np.uint8(blob(0))), r"0 \(free\) and 255 \(collidable\).*\[1, 1, 1\]"),
        (save_mask(np.full((*SIZE, 3), (255, 0, 0), np.uint8)), r"\[255, 0, 0\]"),
        (save_mask(np.uint16(blob(0)) * 255), "I;16"),
        (save_mask(np.uint16(blob(0)) * 65535), "I;16"),
        (save_mask(np.uint8(blob(0, SIZE[::-1])) * 255), r"\(20, 28\) pixels.*\(28, 20\)"),
        (save_mask(np.zeros((10, 14), np.uint8)), r"\(14, 10\) pixels.*\(28, 20\)"),
        (jpeg_mask, "mask.a.jpg .mode L, colours"),
        (cut("mask"), "mask.a.png"),
        (cut("original"), "original.a.png"),
        (lambda folder: (folder / "mask" / "a.png").write_text("no image"), "mask.a.png .not an"),
        (lambda folder: (folder / "mask" / "a.png").write_bytes(b""), "mask.a.png .empty"),
    ],
)
def test_bad_pairs_are_refused_by_name(pair, spoil, message):
    assert len(batches(pair)) == 1
    spoil(pair)
    with pytest.raises(ValueError, match=message):
        batches(pair)


def test_a_folder_among_the_files_is_refused(pair):
    for part in ("original", "mask"):
        (pair / part / "more").mkdir()
    with pytest.raises(ValueError, match="more .a folder"):
        batches(pair)


def test_many_lone_files_are_counted_and_five_named(pair):
    for number in range(9):
        (pair / "mask" / f"b{number}.png").write_bytes(b"")
    with pytest.raises(ValueError, match="9 without a partner") as error:
        batches(pair)
    assert str(error.value).count(".png") == 5


def test_the_wrong_folder_is_refused(pair):
    for wrong in (pair / "original", pair.parent / "nowhere"):
        with pytest.raises(FileNotFoundError, match="original/ and mask/.*Received"):
            batches(wrong)
    (pair / "train").mkdir()
    os.rename(pair / "original", pair / "train" / "original")
    os.rename(pair / "mask", pair / "train" / "mask")
    with pytest.raises(FileNotFoundError, match=r"Received: \['train'\]"):
        batches(pair)


def test_a_file_that_goes_or_breaks_later_is_named(pair):
    sequence = batches(pair)
    cut("mask")(pair)
    with pytest.raises(ValueError, match="mask.a.png .image file is truncated"):
        sequence[0]
    without("mask")(pair)
    with pytest.raises(ValueError, match="mask.a.png"):
        sequence[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "masks"}, 'target="mask" or "coverage". Received: .masks'),
        ({"augment": RandomTransform()}, "training=True only.*training=False"),
        ({"augment": keras.layers.RandomFlip(), "training": True}, "RandomTransform.*RandomFlip"),
        ({"batch_size": 0}, "batch_size >= 1"),
        ({"image_size": 0}, "image_size"),
        ({"image_size": (8, 8, 3)}, "image_size"),
        ({"seed": -1, "training": True}, "seed"),
    ],
)
def test_options_that_do_not_fit_are_refused(pair, options, message):
    with pytest.raises(ValueError, match=message):
        batches(pair, **options)


# --- IoU


@settings(max_examples=25, **quick)
@given(
    classes=st.integers(2, 4), seed=st.integers(0, 999), dtype=st.sampled_from(["uint8", "int64"])
)
def test_iou_counts_are_those_of_scikit_learn(classes, seed, dtype):
    masks, predictions = np.random.default_rng(seed).integers(0, classes, (2, 3, 4, 5), dtype)
    intersections, unions = iou_counts(masks, predictions, classes)
    assert intersections.shape == unions.shape == (3, classes)
    for image in range(3):
        pair = masks[image].ravel(), predictions[image].ravel()
        table = confusion_matrix(*pair, labels=range(classes))
        np.testing.assert_array_equal(intersections[image], np.diag(table))
        np.testing.assert_array_equal(unions[image], table.sum(0) + table.sum(1) - np.diag(table))
    scores = jaccard_score(masks.ravel(), predictions.ravel(), average=None)
    np.testing.assert_allclose(intersections.sum(0) / unions.sum(0), scores)


def test_iou_of_masks_known_by_sight():
    masks = [[[0, 0, 1, 1]], [[0, 0, 0, 0]]]
    predictions = [[[0, 1, 1, 1]], [[0, 0, 0, 0]]]
    intersections, unions = iou_counts(masks, predictions)
    assert intersections.tolist() == [[1, 2], [4, 0]]
    assert unions.tolist() == [[2, 3], [4, 0]]


def test_iou_of_many_small_integers_does_not_overflow():
    masks = np.zeros((1, 300, 300), np.uint8)
    intersections, unions = iou_counts(masks, masks)
    assert intersections.tolist() == unions.tolist() == [[90_000, 0]]


@pytest.mark.parametrize(
    ("masks", "predictions", "message"),
    [
        (np.zeros((2, 3, 4)), np.zeros((2, 4, 3)), r"one shape.*\(2, 3, 4\) and \(2, 4, 3\)"),
        (np.zeros((2, 3, 4)), np.zeros((2, 3, 4, 2)), "argmax"),
        (np.zeros((3, 4)), np.zeros((3, 4)), "n, height, width"),
        (np.full((1, 3, 4), 255), np.zeros((1, 3, 4)), "0 to 1.*to 255.*Divide"),
        (np.zeros((1, 3, 4)), np.full((1, 3, 4), 0.5), "0 to 1.*float64 from 0.5"),
        (np.zeros((1, 3, 4)), np.full((1, 3, 4), -1), "from -1"),
        (np.zeros((1, 3, 4)), np.full((1, 3, 4), np.nan), "from nan"),
    ],
)
def test_iou_of_what_is_no_mask_is_refused(masks, predictions, message):
    with pytest.raises(ValueError, match=message):
        iou_counts(masks, predictions)


# --- pictures


def drawn(axis):
    return np.asarray(axis.get_images()[0].get_array())


def test_blue_is_free_and_orange_wrongly_so():
    images = np.full((2, 16, 16, 3), 0.4, "float32")
    masks, predictions = np.ones((2, 2, 16, 16), int)
    masks[0, :8], predictions[0, :, :8] = 0, 0
    plain, all_collidable = map(drawn, show_masks(images, masks))
    np.testing.assert_allclose(all_collidable, 0.4, atol=0.01)
    np.testing.assert_allclose(plain[8:], 0.4, atol=0.01)
    blue, red = plain[:8, :, 2], plain[:8, :, 0]
    assert (blue > 0.45).all() and (red < 0.35).all()
    assert (plain[:8] == plain[0, 0]).all()
    both = drawn(show_masks(images, masks, predictions)[0])
    np.testing.assert_array_equal(both[:8, :8], plain[:8, :8])  # free by both
    np.testing.assert_allclose(both[8:, 8:], 0.4, atol=0.01)  # collidable by both
    wrong = both[8:, :8]
    assert (wrong == wrong[0, 0]).all() and wrong[0, 0, 0] > 0.5 > 0.2 > wrong[0, 0, 2]
    missed = both[:8, 8:].reshape(-1, 3)
    kinds = np.unique(missed, axis=0)
    assert len(kinds) == 2  # stripes of the photo and of blue
    assert {tuple(kind) for kind in kinds} == {tuple(plain[0, 0]), tuple(plain[15, 15])}
    assert 0.3 < (missed == plain[0, 0]).all(-1).mean() < 0.7


def test_masks_of_0_and_255_and_titles_are_shown_on_given_axes():
    images = np.full((3, 8, 8, 3), 0.5, "float32")
    masks = np.uint8(np.indices((3, 8, 8))[1] > 3)
    _, axes = plt.subplots(1, 4)
    found = show_masks(images, masks * 255, titles=["a", "b", "c"], ax=axes)
    assert [axis.get_title() for axis in found] == ["a", "b", "c"]
    assert list(found) == list(axes[:3])
    for one, other in zip(found, show_masks(images, masks, columns=2), strict=True):
        np.testing.assert_array_equal(drawn(one), drawn(other))


def test_the_images_given_stay_as_they_are():
    images = np.full((1, 8, 8, 3), 0.5, "float32")
    show_masks(images, np.zeros((1, 8, 8)), np.ones((1, 8, 8)))
    assert (images == 0.5).all()


@pytest.mark.parametrize(
    ("masks", "predictions"),
    [
        ((2, 8, 9), None),
        ((1, 8, 8), None),
        ((2, 8, 8, 1), None),
        ((2, 8, 8), (2, 8, 8, 2)),
        ((2, 8, 8), (2, 4, 4)),
    ],
)
def test_masks_of_another_shape_are_not_shown(masks, predictions):
    predictions = None if predictions is None else np.zeros(predictions)
    with pytest.raises(ValueError, match="as large as the images.*Received: images"):
        show_masks(np.zeros((2, 8, 8, 3)), np.zeros(masks), predictions)
