"""Where the photos come from: drawn sample, classroom folder, or a download."""

import hashlib
import os
import re
import shutil
import tarfile
import urllib.request
import warnings
from http.client import HTTPException
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]

LAYOUT = {"dog_breeds": ("labels.csv", "train", "test")}  # what a complete folder holds

# Khosla et al. 2011, "Novel dataset for fine-grained image categorization": 20,580 photos.
# Size and hash as published by TensorFlow Datasets (url_checksums/stanford_dogs.txt).
STANFORD_DOGS = {
    "url": "http://vision.stanford.edu/aditya86/ImageNetDogs/images.tar",
    "size": 793_579_520,
    "sha256": "a443fc2f9a851aa1a7b8e4fa4af94b8459fce2c9f5a2f4dd4669cf9673a4ec58",
}
KAGGLE = "dog-breed-identification"


def dataset_dir(name: str, subset: str = "sample") -> Path:
    """Folder of a set of photos, fetched first where that is needed and possible.

    Args:
        name: "dog_breeds". Its layout is `labels.csv` (columns id, breed), `train/<id>.jpg` and
            `test/<id>.jpg` (photos without labels).
        subset: "sample" is the drawn set that comes with the course. "full" is real photos: from
            `$COURSE_DATA/<name>` where that folder exists (a classroom share, a USB stick, a
            mounted drive; a relative path counts from the root of the repository), else downloaded
            to it. Without `COURSE_DATA` they go to `data/full/<name>`.

    Returns:
        Path of the folder, complete.

    Raises:
        ValueError: For an unknown name or subset.
        FileNotFoundError: For an incomplete folder, or when no source can be reached, with the
            steps to follow.

    Example:
        >>> folder = dataset_dir("dog_breeds", "full")
        >>> labels = pd.read_csv(folder / "labels.csv")
    """
    if name not in LAYOUT:
        raise ValueError(f"Expected one of {sorted(LAYOUT)} as name. Received: {name!r}.")
    if subset not in ("sample", "full"):
        raise ValueError(
            f'Expected subset="sample" (drawn) or "full" (real photos). Received: {subset!r}.'
        )
    if subset == "sample":
        folder = ROOT / "data" / name
    else:
        classroom = Path(os.environ.get("COURSE_DATA") or "data/full").expanduser()
        folder = ROOT / classroom / name
        if os.environ.get("COURSE_DATA"):
            _check_classroom(ROOT / classroom, name)
        if not folder.exists():
            _fetch_dog_breeds(folder)
    missing = [part for part in LAYOUT[name] if not (folder / part).exists()]
    if missing:
        raise FileNotFoundError(
            f"Expected {', '.join(LAYOUT[name])} in {folder}. Received: no {', '.join(missing)}. "
            "Set COURSE_DATA to the folder that holds "
            f"{name}/, or remove the incomplete folder to fetch it again."
        )
    return folder


def read_labels(folder: str | os.PathLike) -> pd.DataFrame:
    """Reads `labels.csv` of a set and finds the photo of each row.

    Args:
        folder: Set with `labels.csv` (columns id, breed; UTF-8, with or without a byte order mark)
            and `train/<id>.jpg`.

    Returns:
        Table with the columns `id` and `breed` (text without spaces around it) and `path`, one row
        a photo, in the order of the file.

    Raises:
        ValueError: For a table without these columns or without rows, with empty cells, with ids
            that repeat or have no photo: the first five are named. Photos without a row give a
            warning that counts them.
        FileNotFoundError: When there is no `labels.csv`.

    Example:
        >>> labels = read_labels(dataset_dir("dog_breeds"))
    """
    file, train = Path(folder) / "labels.csv", Path(folder) / "train"
    try:
        # everything stays text: "007" keeps its zeros, a breed named "NA" is not "no answer"
        options = {"dtype": str, "keep_default_na": False, "encoding": "utf-8-sig"}
        labels = pd.read_csv(file, skipinitialspace=True, **options)
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ValueError(
            f"Expected {file} as a table with commas, in UTF-8. Received: {error}. "
            "Save it again as CSV (UTF-8)."
        ) from error
    labels = labels.rename(columns=str.strip)
    columns = list(labels.columns)
    longer = not isinstance(labels.index, pd.RangeIndex)  # pandas would shift the cells
    if labels.empty or longer or [columns.count(name) for name in ("id", "breed")] != [1, 1]:
        raise ValueError(
            f"Expected one column id, one column breed and at least one row in {file}. Received: "
            f"columns {columns}, {len(labels)} rows{', the first longer' if longer else ''}. "
            "Save it as CSV with commas (not semicolons), or fetch it again."
        )
    labels = labels[["id", "breed"]].apply(lambda column: column.fillna("").str.strip())
    labels["path"] = [train / f"{photo}.jpg" for photo in labels["id"]]
    empty = labels.index[(labels[["id", "breed"]] == "").any(axis=1)] + 2
    names = {path.name for path in train.glob("*.jpg")}
    problems = {
        "lines without id or breed (blank ones not counted)": empty,
        "ids that repeat": labels["id"][labels["id"].duplicated()].unique(),
        "ids without a photo <id>.jpg": [
            photo for photo in labels["id"] if f"{photo}.jpg" not in names
        ],
    }
    for problem, found in problems.items():
        if len(found):
            raise ValueError(
                f"Expected one row for each photo of {train} in {file}. Received: {len(found)} "
                f"{problem}: {', '.join(map(str, found[:5]))}{' …' if len(found) > 5 else ''}. "
                "Correct the table, or complete the folder."
            )
    if unused := sorted(names - {path.name for path in labels["path"]}):
        warnings.warn(
            f"{len(unused)} photos of {train} have no row in {file}: {unused[:5]}", stacklevel=2
        )
    return labels


def _check_classroom(classroom, name):
    """A mistyped folder, or the set itself, must not start a download."""
    if not classroom.is_dir():
        raise FileNotFoundError(
            f"Expected COURSE_DATA as a folder that exists. Received: {classroom}. "
            "Mount the drive, correct the path or create the folder."
        )
    if all((classroom / part).exists() for part in LAYOUT[name]):
        raise FileNotFoundError(
            f"Expected COURSE_DATA as the folder that holds {name}/. Received that set itself: "
            f"{classroom}. Set it to the folder above, with the set named {name}."
        )


def _fetch_dog_breeds(folder):
    """From Kaggle where there is a token, else from Stanford's archive; whole or not at all."""
    whole = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(whole, ignore_errors=True)
    try:
        whole.mkdir(parents=True)
        if not _from_kaggle(whole):
            archive = folder.with_name("stanford_dogs.tar")
            _download(archive, **STANFORD_DOGS)
            _from_stanford(archive, whole)
            archive.unlink()
    except (OSError, HTTPException) as error:
        shutil.rmtree(whole, ignore_errors=True)
        raise FileNotFoundError(
            f"Expected photos in {folder}, or a network to fetch them. Received: {error}. "
            "Either copy a folder that has them and set COURSE_DATA to its parent; or accept the "
            f"rules at kaggle.com/c/{KAGGLE}, create a token at kaggle.com/settings, put it in "
            "~/.kaggle/kaggle.json (in Colab: the secret KAGGLE_API_TOKEN) and run again; or "
            'stay with subset="sample".'
        ) from error
    whole.rename(folder)


def _from_kaggle(folder):
    """Copies the competition's photos into `folder`; False where there is no token or no access."""
    try:
        import kagglehub

        if kagglehub.config.get_kaggle_credentials() is None:
            return False
        source = Path(kagglehub.competition_download(KAGGLE))
    except Exception as error:  # no access, no network, no kagglehub: try the other source
        warnings.warn(f"Kaggle gave no photos ({error}); trying Stanford Dogs.", stacklevel=4)
        return False
    for part in LAYOUT["dog_breeds"]:
        copy = shutil.copytree if (source / part).is_dir() else shutil.copy2
        copy(source / part, folder / part)
    return True


def _from_stanford(archive, folder):
    """Brings `Images/n02085620-Chihuahua/n02085620_10074.jpg` into the competition's layout.

    One photo in ten, by the hash of its id, goes to `test/` without a label.
    """
    (folder / "train").mkdir()
    (folder / "test").mkdir()
    rows = []
    with tarfile.open(archive) as tar:
        for member in tar:
            found = re.fullmatch(r"Images/n\d+-([\w-]+)/(n\d+_\d+)\.jpg", member.name)
            if not found or not member.isfile():
                continue
            breed, photo = found[1].lower(), found[2]
            test = hashlib.sha256(photo.encode()).digest()[0] % 10 == 0
            if not test:
                rows.append((photo, breed))
            target = folder / ("test" if test else "train") / f"{photo}.jpg"
            with tar.extractfile(member) as source, open(target, "wb") as file:
                shutil.copyfileobj(source, file)
    labels = pd.DataFrame(rows, columns=["id", "breed"]).sort_values("id")
    labels.to_csv(folder / "labels.csv", index=False)


def _download(path, url, size, sha256):
    """Fetches a file with a progress bar; a second call goes on where the first was cut."""
    from keras.utils import Progbar

    part = path.with_name(f"{path.name}.part")
    done = part.stat().st_size if part.exists() else 0
    if done < size:
        request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
        with urllib.request.urlopen(request, timeout=30) as answer:
            resumed = answer.status == 206
            done = done if resumed else 0
            if answer.length not in (None, size - done):  # a login page of the network, say
                raise OSError(f"{url} gives {answer.length:,} bytes; expected {size - done:,}")
            total = -(-size // 2**20)
            bar = Progbar(total, unit_name="MB")
            with open(part, "ab" if resumed else "wb") as file:
                while block := answer.read(2**20):
                    file.write(block)
                    done += len(block)
                    bar.update(min(-(-done // 2**20), total))
    if done < size:
        raise OSError(
            f"{url} was cut at {done:,} of {size:,} bytes; run again and it goes on from there"
        )
    digest = hashlib.sha256()
    with open(part, "rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    if done != size or digest.hexdigest() != sha256:
        part.unlink()
        raise OSError(
            f"expected {size:,} bytes with SHA-256 {sha256} from {url}, got {done:,} bytes with "
            f"{digest.hexdigest()}; the address may have changed its content"
        )
    part.rename(path)
