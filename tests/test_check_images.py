"""`check_images`: what it says of each file, and that `create_data_batches` agrees."""

import os

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpers import check_images, create_data_batches

EXIF = 0x0112
COLUMNS = ["path", "format", "mode", "width", "height", "problem"]
NO_IMAGE = "unreadable: not an image, or HEIC: save it as JPEG or PNG"
DAMAGED = "unreadable: damaged or cut short"


def noise(width=80, height=70, seed=0, mode="RGB"):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def saved(mode="RGB", size=(80, 70), **options):
    return lambda path: noise(*size, mode=mode).save(path, **options)


def cut(percent, **options):
    def write(path):
        noise().save(path, **options)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * percent / 100)])

    return write


def flipped(where):
    """A PNG with one wrong bit."""

    def write(path):
        noise().save(path, "PNG")
        data = bytearray(path.read_bytes())
        data[int(len(data) * where)] ^= 1
        path.write_bytes(data)

    return write


def with_exif(turn):
    exif = Image.Exif()
    exif[EXIF] = turn
    return exif


def in_16_bits(path):
    Image.fromarray(np.arange(80 * 70, dtype=np.uint16).reshape(70, 80) * 11).save(path)


def transparent_palette(path):
    noise(mode="P").save(path, transparency=bytes(range(256)))


def two_frames(path):
    noise().save(path, save_all=True, append_images=[noise(seed=1)])


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)

READABLE = {  # name -> how it is written, format, mode, size, problem
    "usual.jpg": (saved(quality=95), "JPEG", "RGB", (80, 70), ""),
    "progressive.jpg": (saved(progressive=True), "JPEG", "RGB", (80, 70), ""),
    "usual.png": (saved(), "PNG", "RGB", (80, 70), ""),
    "usual.webp": (saved(), "WEBP", "RGB", (80, 70), ""),
    "png as.jpg": (saved(format="PNG"), "PNG", "RGB", (80, 70), ""),
    "pão de queijo 🍞.png": (saved(), "PNG", "RGB", (80, 70), ""),
    "grey.jpg": (saved("L"), "JPEG", "L", (80, 70), "mode L"),
    "grey.png": (saved("L"), "PNG", "L", (80, 70), "mode L"),
    "grey and alpha.png": (saved("LA"), "PNG", "LA", (80, 70), "mode LA"),
    "one bit.png": (saved("1"), "PNG", "1", (80, 70), "mode 1"),
    "print.jpg": (saved("CMYK"), "JPEG", "CMYK", (80, 70), "mode CMYK"),
    "alpha.png": (saved("RGBA"), "PNG", "RGBA", (80, 70), "mode RGBA"),
    "palette.png": (saved("P"), "PNG", "P", (80, 70), "mode P"),
    "palette and alpha.png": (transparent_palette, "PNG", "P", (80, 70), "mode P"),
    "palette.gif": (saved("P"), "GIF", "P", (80, 70), "mode P"),
    "16 bits.png": (in_16_bits, "PNG", "I;16", (80, 70), "mode I;16"),
    "turned.jpg": (saved(exif=with_exif(6)), "JPEG", "RGB", (80, 70), ""),
    "turned.png": (saved(exif=with_exif(8)), "PNG", "RGB", (80, 70), ""),
    "at the limit.png": (saved(size=(64, 64)), "PNG", "RGB", (64, 64), ""),
    "narrow.png": (saved(size=(63, 200)), "PNG", "RGB", (63, 200), "tiny"),
    "low.png": (saved(size=(200, 63)), "PNG", "RGB", (200, 63), "tiny"),
    "one pixel.png": (saved(size=(1, 1)), "PNG", "RGB", (1, 1), "tiny"),
    "tiny and grey.png": (saved("L", (9, 9)), "PNG", "L", (9, 9), "mode L; tiny"),
}
HALF_READABLE = {  # the header can be read, the rest cannot
    "cut.jpg": (cut(50), "JPEG", DAMAGED),
    "nearly whole.jpg": (cut(99), "JPEG", DAMAGED),
    "cut and progressive.jpg": (cut(60, progressive=True), "JPEG", DAMAGED),
    "cut.png": (cut(50), "PNG", DAMAGED),
    "nearly whole.png": (cut(99), "PNG", DAMAGED),
    "one bit wrong.png": (flipped(0.5), "PNG", DAMAGED),
}
UNREADABLE = {
    "missing.jpg": (lambda path: None, "unreadable: missing"),
    "folder.jpg": (lambda path: path.mkdir(), "unreadable: a folder"),
    "zero bytes.jpg": (lambda path: path.touch(), "unreadable: empty"),
    "text.jpg": (lambda path: path.write_text("not a photo"), NO_IMAGE),
    "heic.jpg": (lambda path: path.write_bytes(HEIC), NO_IMAGE),
    "bmp.jpg": (saved(format="BMP"), "unreadable: BMP format: save it as JPEG or PNG"),
    "tiff.png": (saved("CMYK", format="TIFF"), "unreadable: TIFF format: save it as JPEG or PNG"),
    "moving.webp": (two_frames, "unreadable: animated WEBP: save one frame as PNG"),
    "cut in its header.jpg": (cut(1), "unreadable: "),
    "cut in its header.png": (cut(0.1), "unreadable: "),
    "cut.webp": (cut(50), "unreadable: "),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    for files in (READABLE, HALF_READABLE, UNREADABLE):
        for name, (write, *_) in files.items():
            write(folder / name)
    return folder


def row(path):
    """The one row of a report, nothing in it for `<NA>` and NaN."""
    [values] = check_images([path]).itertuples(index=False)
    return tuple(None if pd.isna(value) else value for value in values)


# --- what it says


@pytest.mark.parametrize("name", READABLE)
def test_an_image_that_can_be_read_is_described(folder, name):
    _, kind, mode, size, problem = READABLE[name]
    assert row(folder / name) == (str(folder / name), kind, mode, *size, problem)


@pytest.mark.parametrize("name", HALF_READABLE)
def test_a_damaged_image_is_described_as_far_as_its_header_goes(folder, name):
    _, kind, problem = HALF_READABLE[name]
    assert row(folder / name) == (str(folder / name), kind, "RGB", 80, 70, problem)


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_reported_with_its_reason(folder, name):
    expected = UNREADABLE[name][1]
    *rest, problem = row(folder / name)
    assert rest == [str(folder / name), None, None, None, None]
    assert problem.startswith(expected) and problem.count("unreadable") == 1
    assert len(problem) > len("unreadable: ") and (problem == expected or expected.endswith(" "))


def test_rows_come_in_the_order_of_the_files(folder):
    bad = [*UNREADABLE, *HALF_READABLE]
    names = [name for pair in zip(READABLE, bad, strict=False) for name in pair]
    report = check_images([folder / name for name in names])
    assert [os.path.basename(path) for path in report["path"]] == names
    assert list(report.columns) == COLUMNS and list(report.index) == list(range(len(names)))
    assert report["problem"].str.startswith("unreadable").tolist()[:6] == [False, True] * 3


@pytest.mark.parametrize("names", [["usual.png"], ["text.jpg"], ["usual.png", "text.jpg"]], ids=str)
def test_columns_keep_their_types_whatever_is_in_them(folder, names):
    report = check_images([folder / name for name in names])
    assert report.dtypes[["width", "height"]].astype(str).tolist() == ["Int64", "Int64"]
    assert (report["problem"] == "").tolist() == [name == "usual.png" for name in names]


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda paths: pd.Series(paths, [7, 7])])
def test_any_list_of_paths_will_do(folder, kind):
    paths = [str(folder / "usual.png"), str(folder / "low.png")]
    assert check_images(kind(paths))["problem"].tolist() == ["", "tiny"]


def test_relative_paths_stay_as_they_were_given(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert check_images(["usual.png"])["path"].tolist() == ["usual.png"]


def test_the_progress_bar_counts_the_files(folder, capsys):
    check_images([folder / "usual.png", folder / "text.jpg"])
    assert "2/2" in capsys.readouterr().out


@pytest.mark.filterwarnings("error")
def test_no_file_gives_a_warning(folder):
    check_images([folder / name for name in (*READABLE, *HALF_READABLE, *UNREADABLE)])


# --- duplicates


def problems(*paths):
    return check_images(paths)["problem"].tolist()


def test_an_exact_copy_is_found(folder, tmp_path):
    (tmp_path / "copy.jpg").write_bytes((folder / "usual.jpg").read_bytes())
    found = problems(folder / "usual.jpg", folder / "low.png", tmp_path / "copy.jpg")
    assert found == ["", "tiny", f"duplicate of {folder / 'usual.jpg'}"]


def test_the_same_pixels_in_another_file_are_found(tmp_path):
    noise().save(tmp_path / "a.png")
    text = PngInfo()
    text.add_text("Comment", "holiday")
    noise().save(tmp_path / "b.png", pnginfo=text, compress_level=0)
    noise().save(tmp_path / "c.webp", lossless=True)
    noise().convert("RGBA").save(tmp_path / "d.png")
    same = f"duplicate of {tmp_path / 'a.png'}"
    files = [tmp_path / name for name in ("a.png", "b.png", "c.webp", "d.png")]
    assert problems(*files) == ["", same, same, f"mode RGBA; {same}"]


def test_a_jpeg_decoded_and_saved_without_loss_is_found(folder, tmp_path):
    pixels = tf.io.decode_jpeg(tf.io.read_file(str(folder / "usual.jpg"))).numpy()
    Image.fromarray(pixels).save(tmp_path / "again.png")
    assert problems(folder / "usual.jpg", tmp_path / "again.png")[1].startswith("duplicate of")


@pytest.mark.parametrize("turn", range(1, 9))
def test_an_image_is_compared_upright(tmp_path, turn):
    steps = [None, "FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM"]
    steps += ["TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90"]
    step = steps[turn - 1]
    noise().save(tmp_path / "turned.png", exif=with_exif(turn))
    upright = noise().transpose(Image.Transpose[step]) if step else noise()
    upright.save(tmp_path / "upright.png")
    found = problems(tmp_path / "upright.png", tmp_path / "turned.png")
    assert found == ["", f"duplicate of {tmp_path / 'upright.png'}"]


def test_the_same_path_twice_is_a_duplicate(folder):
    path = folder / "usual.png"
    assert problems(path, path, str(path)) == ["", *[f"duplicate of {path}"] * 2]


def test_the_first_of_many_is_named(tmp_path):
    files = [tmp_path / f"{number}.png" for number in range(4)]
    for number, path in enumerate(files):
        noise(seed=number % 2).save(path)
    assert problems(*files) == ["", "", f"duplicate of {files[0]}", f"duplicate of {files[1]}"]


def test_images_of_the_same_bytes_in_another_shape_differ(tmp_path):
    for name, size in (("a", (64, 128)), ("b", (128, 64)), ("c", (64, 64))):
        Image.new("RGB", size).save(tmp_path / f"{name}.png")
    assert problems(*sorted(tmp_path.iterdir())) == ["", "", ""]


def test_one_pixel_makes_a_difference(tmp_path):
    image = noise()
    image.save(tmp_path / "a.png")
    image.putpixel((79, 69), (1, 2, 3))
    image.save(tmp_path / "b.png")
    assert problems(tmp_path / "a.png", tmp_path / "b.png") == ["", ""]


def test_unreadable_files_are_no_duplicates_of_each_other(folder, tmp_path):
    (tmp_path / "again.jpg").write_bytes((folder / "cut.jpg").read_bytes())
    assert problems(folder / "cut.jpg", tmp_path / "again.jpg") == [DAMAGED, DAMAGED]


# --- `create_data_batches` agrees


@pytest.mark.parametrize("size", [8, 70])
def test_what_is_not_reported_as_unreadable_is_read(folder, size):
    batches = create_data_batches([folder / name for name in READABLE], image_size=size)
    assert sum(len(images) for images in batches) == len(READABLE)


@pytest.mark.parametrize("name", [*HALF_READABLE, *UNREADABLE])
def test_what_is_reported_as_unreadable_is_refused_by_name(folder, name):
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=name) as error:
        list(create_data_batches([folder / "usual.png", folder / name], image_size=8))
    assert "usual.png" not in str(error.value)


# --- refusals


@pytest.mark.parametrize("paths", ["usual.png", b"usual.png", [], None, {"usual.png"}, 3], ids=repr)
def test_anything_but_a_list_of_files_is_refused(paths):
    with pytest.raises(ValueError, match="list of at least one path. Received"):
        check_images(paths)


def test_an_unlisted_glob_is_refused(folder):
    with pytest.raises(ValueError, match="list of at least one path"):
        check_images(folder.glob("*.png"))
