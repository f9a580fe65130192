"""`predict_image` against what NumPy says of the same pixels."""

import keras
import numpy as np
import pytest
from PIL import Image

from helpers import predict_image

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
