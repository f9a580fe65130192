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
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parents[1]
DOGS = ROOT / "data/dog_breeds"
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


def test_drawing_again_gives_the_same_pixels():
    plan = list(make_sample.dog_breeds())
    for path, _, draw in plan[:: len(plan) // 3]:
        again = np.asarray(Image.open(io.BytesIO(make_sample.encode(draw()))))
        kept = np.asarray(Image.open(DOGS / path))
        np.testing.assert_array_equal(again, kept)


def test_colour_alone_does_not_give_the_breed_away(labelled, folds):
    paths, breeds = labelled
    histograms = []
    for path in paths:
        pixels = np.asarray(Image.open(path)).reshape(-1, 3)
        counts, _ = np.histogramdd(pixels, bins=(4, 4, 4), range=[(0, 256)] * 3)
        histograms.append(counts.ravel() / len(pixels))
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
