"""The drawn photos: layout, size, the same pixels again, neither trivial nor hopeless."""

import csv
import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parents[1]
DOGS = ROOT / "data/dog_breeds"
FOOD = ROOT / "data/pizza_steak"
PARTS = ROOT / "data/fourteen_classes"
CORRIDORS = ROOT / "data/corridors"
GROUPED = StratifiedGroupKFold(5, shuffle=True, random_state=0)
sys.path.insert(0, str(ROOT / "data"))

import make_sample  # noqa: E402


@pytest.fixture(scope="module")
def labelled():
    """Paths and breeds of the labelled photos."""
    with open(DOGS / "labels.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    paths = [DOGS / "train" / f"{row['id']}.jpg" for row in rows]
    return paths, np.array([row["breed"] for row in rows])


@pytest.fixture(scope="module")
def folds():
    return StratifiedKFold(5, shuffle=True, random_state=0)


def test_labels_and_files_match_in_kaggles_layout(labelled):
    paths, breeds = labelled
    assert {path.name for path in paths} == {path.name for path in (DOGS / "train").iterdir()}
    assert len(set(paths)) == len(paths)
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.stem) for path in paths)
    names, counts = np.unique(breeds, return_counts=True)
    assert 6 <= len(names) <= 10 and counts.min() >= 15
    assert not {p.name for p in (DOGS / "test").iterdir()} & {p.name for p in paths}


def test_photos_are_small_colour_jpegs_of_320_pixels():
    files = [path for path in DOGS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 3_000_000
    shapes = set()
    for path in DOGS.glob("t*/*.jpg"):
        with Image.open(path) as photo:
            assert (photo.format, photo.mode, max(photo.size)) == ("JPEG", "RGB", 320)
            shapes.add(photo.size)
    assert len(shapes) > 1  # like real photos, not all of one shape


@pytest.mark.parametrize("name", make_sample.SETS)
def test_drawing_again_gives_the_same_pixels(name):
    plan, quality = list(make_sample.SETS[name]()), make_sample.QUALITY.get(name)
    for path, _, draw in plan[:: len(plan) // 3]:
        again = np.asarray(Image.open(io.BytesIO(make_sample.encode(draw(), quality))))
        kept = np.asarray(Image.open(ROOT / "data" / name / path))
        np.testing.assert_array_equal(again, kept)


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_photos_of_somebody_else_are_not_drawn_over(tmp_path, ending):
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / f"mine.{ending}").touch()
    with pytest.raises(ValueError, match=f"Received: 1 others, such as train/mine.{ending}"):
        make_sample.write_set(tmp_path, make_sample.corridors(), None)
    assert [path.name for path in tmp_path.rglob("*.*")] == [f"mine.{ending}"]


def colours(path):
    """Mean colour and shares of the 4 x 4 x 4 bins of the colour cube."""
    pixels = np.asarray(Image.open(path)).reshape(-1, 3)
    counts, _ = np.histogramdd(pixels, bins=(4, 4, 4), range=[(0, 256)] * 3)
    return pixels.mean(axis=0), counts.ravel() / len(pixels)


def test_colour_alone_does_not_give_the_breed_away(labelled, folds):
    paths, breeds = labelled
    histograms = [colours(path)[1] for path in paths]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    assert 0.15 < cross_val_score(model, histograms, breeds, cv=folds).mean() < 0.75


def test_a_linear_head_on_backbone_features_tells_the_breeds_apart(labelled, folds):
    from helpers import create_data_batches, efficientnet_lite0

    paths, breeds = labelled
    features = efficientnet_lite0(160).predict(
        create_data_batches(paths, image_size=160), verbose=0
    )
    model = LogisticRegression(max_iter=2000)
    assert cross_val_score(model, features, breeds, cv=folds).mean() > 0.9


@pytest.fixture(scope="module")
def meals():
    """Paths and classes of the food photos, by part."""
    parts = {part: sorted((FOOD / part).glob("*/*.jpg")) for part in ("train", "test")}
    return {part: (paths, [p.parent.name for p in paths]) for part, paths in parts.items()}


def test_food_has_a_folder_for_each_class(meals):
    files = {path.relative_to(FOOD).as_posix() for path in FOOD.rglob("*") if path.is_file()}
    assert files == {path for path, _, _ in make_sample.pizza_steak()}
    assert all(re.fullmatch(r"t\w+/(pizza|steak)/[0-9a-f]{32}\.jpg", path) for path in files)
    for part, least in (("train", 100), ("test", 40)):
        names, counts = np.unique(meals[part][1], return_counts=True)
        assert list(names) == ["pizza", "steak"] and counts.min() >= least


def test_food_photos_are_small_colour_jpegs_of_many_shapes(meals):
    paths = meals["train"][0] + meals["test"][0]
    assert sum(path.stat().st_size for path in paths) <= 4_000_000
    shapes = set()
    for path in paths:
        with Image.open(path) as photo:
            assert (photo.format, photo.mode) == ("JPEG", "RGB")
            assert 256 <= min(photo.size) <= max(photo.size) <= 384
            shapes.add(photo.size)
    assert len(shapes) > 3


def test_colour_alone_does_not_give_the_food_away(meals, folds):
    parts = [zip(*map(colours, meals[part][0]), strict=True) for part in ("train", "test")]
    (mean, mean_test), (cubes, cubes_test) = zip(*parts, strict=True)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    labels = meals["train"][1] + meals["test"][1]
    assert 0.5 < cross_val_score(model, mean + mean_test, labels, cv=folds).mean() < 0.75
    assert 0.5 < cross_val_score(model, cubes + cubes_test, labels, cv=folds).mean() < 0.8
    assert model.fit(mean, meals["train"][1]).score(mean_test, meals["test"][1]) < 0.75


@pytest.fixture(scope="module")
def parts():
    """Photos of the parts: paths, classes, scenes, colour histograms and thumbnails."""
    paths = sorted(PARTS.glob("*/*.jpg"))
    cubes, thumbnails = [], []
    for path in paths:
        with Image.open(path) as photo:
            cubes.append(colours(path)[1])
            thumbnails.append(np.asarray(photo.resize((16, 12), Image.Resampling.BOX), float))
    return {
        "paths": paths,
        "classes": np.array([path.parent.name for path in paths]),
        "scenes": np.array([path.stem[:3] for path in paths]),
        "cubes": np.array(cubes),
        "thumbnails": np.array(thumbnails).reshape(len(paths), -1),
    }


def test_parts_have_a_numbered_folder_for_each_class():
    files = {path.relative_to(PARTS).as_posix() for path in PARTS.rglob("*") if path.is_file()}
    plan = {path: name for path, name, _ in make_sample.fourteen_classes()}
    assert files == {*plan, "classes.csv"}
    assert all(re.fullmatch(r"1?\d/\d{3}-[ab]\.jpg", path) for path in plan)
    with open(PARTS / "classes.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["folder"] for row in rows] == [str(i) for i in range(14)]
    assert len({row["name"] for row in rows}) == 14
    names = {row["folder"]: row["name"] for row in rows}
    assert all(names[path.split("/")[0]] == name for path, name in plan.items())


def test_part_photos_are_colour_jpegs_of_one_size():
    files = [path for path in PARTS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 6_000_000
    for path in PARTS.glob("*/*.jpg"):
        with Image.open(path) as photo:
            assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (1024, 768))


def test_each_scene_of_the_parts_is_two_shots_in_one_class(parts):
    _, counts = np.unique(parts["classes"], return_counts=True)
    assert len(counts) == 14 and 8 <= counts.min() <= counts.max() <= 10
    for scene in np.unique(parts["scenes"]):
        inside = parts["scenes"] == scene
        assert [path.stem[3:] for path in parts["paths"] if path.stem[:3] == scene] == ["-a", "-b"]
        assert len(set(parts["classes"][inside])) == 1
    order = np.argsort(parts["scenes"], kind="stable")  # the number does not tell the class
    assert (np.diff(parts["classes"][order].astype(int)) == 0).mean() < 0.6


def test_shots_of_a_scene_are_near_duplicates(parts):
    small, scenes = parts["thumbnails"], parts["scenes"]
    distances = np.abs(small[:, None] - small).mean(-1)
    twins = distances[(scenes[:, None] == scenes) & ~np.eye(len(scenes), dtype=bool)]
    assert twins.min() > 1  # of 255: the camera and the part did move
    np.fill_diagonal(distances, np.inf)
    assert (scenes[distances.argmin(1)] == scenes).mean() > 0.8


def test_colour_alone_does_not_give_the_part_away(parts, folds):
    """Scenes stay together; apart, their twins would leak into the training photos."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    cubes, classes = parts["cubes"], parts["classes"]
    grouped = cross_val_score(model, cubes, classes, groups=parts["scenes"], cv=GROUPED).mean()
    assert 0.25 <= grouped <= 0.6
    assert cross_val_score(model, cubes, classes, cv=folds).mean() > grouped + 0.1


def test_a_linear_head_on_backbone_features_tells_the_parts_apart(parts):
    from helpers import create_data_batches, efficientnet_lite0

    features = efficientnet_lite0(224).predict(
        create_data_batches(parts["paths"], image_size=224), verbose=0
    )
    model = LogisticRegression(max_iter=2000)
    score = cross_val_score(
        model, features, parts["classes"], groups=parts["scenes"], cv=GROUPED
    ).mean()
    assert score >= 0.85


@pytest.fixture(scope="module")
def corridors():
    """Photos (n, 128, 128, 3) and masks (n, 128, 128) of each part, as uint8."""
    parts = {}
    for part in ("train", "val", "test"):
        names = sorted(path.name for path in (CORRIDORS / part / "original").iterdir())
        pairs = []
        for what, mode in (("original", "RGB"), ("mask", "L")):
            photos = [Image.open(CORRIDORS / part / what / name) for name in names]
            assert {(p.format, p.mode, p.size) for p in photos} == {("PNG", mode, (128, 128))}
            pairs.append(np.stack([np.asarray(photo) for photo in photos]))
        parts[part] = tuple(pairs)
    return parts


def test_corridors_are_pairs_of_small_pngs(corridors):
    files = [path for path in CORRIDORS.rglob("*") if path.is_file()]
    names = {path.relative_to(CORRIDORS).as_posix() for path in files}
    assert names == {path for path, _, _ in make_sample.corridors()}
    assert all(re.fullmatch(r"(train|val|test)/(original|mask)/\d{3}\.png", n) for n in names)
    assert sum(path.stat().st_size for path in files) <= 5_000_000
    for part, least in (("train", 100), ("val", 25), ("test", 25)):
        photos, masks = corridors[part]
        assert len(photos) == len(masks) >= least


def test_no_corridor_comes_twice(corridors):
    numbers = [number for part in make_sample.CORRIDORS.values() for number in part]
    assert len(set(numbers)) == len(numbers)  # the number of a scene is its seed
    photos = np.concatenate([photos for photos, _ in corridors.values()])
    small = photos.reshape(len(photos), 16, 8, 16, 8, 3).mean((2, 4)).reshape(len(photos), -1)
    small = (small - small.mean(1, keepdims=True)) / small.std(1, keepdims=True)
    alike = small @ small.T / small.shape[1]  # correlation of the thumbnails
    np.fill_diagonal(alike, 0)
    assert alike.max() < 0.98


def test_masks_say_free_or_not_and_the_share_of_floor_varies(corridors):
    for _, masks in corridors.values():
        assert set(np.unique(masks)) == {0, 255}
    free = np.concatenate([(m == 0).mean((1, 2)) for _, m in corridors.values()])
    assert 0.3 < free.mean() < 0.45 and free.std() > 0.1
    assert free.min() < 0.05 and 0.55 < free.max() < 0.7


def test_something_stands_in_the_floor_of_most_corridors(corridors):
    """Collidable pixels with floor on both sides of them, in their row or in their column."""
    free = np.concatenate([masks for _, masks in corridors.values()]) == 0
    between = np.zeros_like(free)
    for axis in (1, 2):
        before = np.logical_or.accumulate(free, axis=axis)
        after = np.flip(np.logical_or.accumulate(np.flip(free, axis), axis=axis), axis)
        between |= ~free & before & after
    assert (between.sum((1, 2)) > 60).mean() > 0.65


def test_colour_alone_does_not_give_the_floor_away(corridors):
    """Intersection over union of the free floor, all pixels of the test part together."""

    def pixels(part, place):
        photos, masks = corridors[part]
        height = np.broadcast_to(np.linspace(0, 1, 128)[:, None, None], (*masks.shape, 1))
        values = np.concatenate([photos / 255, height], axis=-1)[..., : 4 if place else 3]
        return values.reshape(-1, values.shape[-1]), masks.ravel() == 0

    some = np.random.default_rng(0).choice(corridors["train"][1].size, 40_000, replace=False)
    scores = {}
    for place in (False, True):
        values, free = pixels("train", place)
        model = LogisticRegression(class_weight="balanced").fit(values[some], free[some])
        values, free = pixels("test", place)
        guess = model.predict(values)
        scores[place] = (guess & free).sum() / (guess | free).sum()
    assert 0.35 < scores[False] < 0.65
    assert scores[False] + 0.1 < scores[True] < 0.85
