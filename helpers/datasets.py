"""Where the photos come from: drawn sample, classroom folder, or a download."""

import errno
import hashlib
import os
import re
import shutil
import tarfile
import urllib.request
import warnings
import zipfile
from http.client import HTTPException
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]

# What a complete folder holds; with a number: as many photos as the archive must bring.
LAYOUT = {
    "dog_breeds": {"labels.csv": None, "train": None, "test": None},
    "pizza_steak": {"train/pizza": 750, "train/steak": 750, "test/pizza": 250, "test/steak": 250},
    "fourteen_classes": {"*/*.jpg": None},
    "corridors": dict.fromkeys(
        f"{part}/{kind}" for part in ("train", "val", "test") for kind in ("original", "mask")
    ),
}

# Published by TensorFlow Datasets (url_checksums/food101.txt, stanford_dogs.txt).
FOOD_SHA256 = "d97d15e438b7f4498f96086a4f7e2fa42a32f2712e87d3295441b2b6314053a4"
DOGS_SHA256 = "a443fc2f9a851aa1a7b8e4fa4af94b8459fce2c9f5a2f4dd4669cf9673a4ec58"
# Archives of each set, tried in this order: bytes and SHA-256. Where nobody publishes them, the
# checksums inside the zip and the counts in LAYOUT tell what is whole.
MIRRORS = {
    # Bossard et al. 2014, "Food-101": two of its 101 classes, or all of it as the last resort.
    "pizza_steak": {
        "https://storage.googleapis.com/ztm_tf_course/food_vision/pizza_steak.zip": (None, None),
        "https://infoslack.pro/pizza_steak.zip": (109_497_985, None),
        "http://data.vision.ee.ethz.ch/cvl/food-101.tar.gz": (4_996_278_331, FOOD_SHA256),
    },
    # Khosla et al. 2011, "Novel dataset for fine-grained image categorization": 20,580 photos.
    "dog_breeds": {
        "http://vision.stanford.edu/aditya86/ImageNetDogs/images.tar": (793_579_520, DOGS_SHA256),
    },
}
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # EFBIG: 4 GB on a FAT32 stick
TIMEOUT = 30  # seconds without a byte

KAGGLE = "dog-breed-identification"
ACCOUNT = {  # what an account would change
    "dog_breeds": f"accept the rules at kaggle.com/c/{KAGGLE}, put a token of kaggle.com/settings "
    "in ~/.kaggle/kaggle.json (in Colab: the secret KAGGLE_API_TOKEN) and run again; or "
}


def dataset_dir(name: str, subset: str = "sample") -> Path:
    """Folder of a set of photos, fetched first where that is needed and possible.

    Args:
        name: "dog_breeds": `labels.csv` (columns id, breed), `train/<id>.jpg` and
            `test/<id>.jpg` (photos without labels). "pizza_steak": `train/pizza/<id>.jpg`,
            `train/steak/`, `test/pizza/` and `test/steak/` (the folder is the label).
            "fourteen_classes": `<folder>/<photo>.jpg`, one folder a class; the sample adds
            `classes.csv` (columns folder, name). "corridors": `train/original/<name>.png` with
            `train/mask/<name>.png`, and the same in `val/` and `test/`.
        subset: "sample" is the drawn set that comes with the course. "full" is real photos: from
            `$COURSE_DATA/<name>` where that folder exists (a classroom share, a USB stick, a
            mounted drive; a relative path counts from the root of the repository), else downloaded
            to it (`dog_breeds` about 800 MB, `pizza_steak` 110 MB). Without `COURSE_DATA` they go
            to `data/full/<name>`. The photos of "fourteen_classes" and "corridors" are your own.

    Returns:
        Path of the folder; its parts exist, the photos in them are not counted.

    Raises:
        ValueError: For an unknown name or subset.
        FileNotFoundError: For an incomplete folder, or when no source gives the whole set: what
            happened at each, with the steps to follow.

    Example:
        >>> folder = dataset_dir("dog_breeds", "full")
        >>> labels = pd.read_csv(folder / "labels.csv")
    """
    if name not in LAYOUT:
        raise ValueError(f"Expected one of {sorted(LAYOUT)} as name. Received: {name!r}.")
    if subset not in ("sample", "full"):
        raise ValueError(f'Expected subset="sample" or "full". Received: {subset!r}.')
    if subset == "sample":
        folder = ROOT / "data" / name
    else:
        classroom = Path(os.environ.get("COURSE_DATA") or "data/full").expanduser()
        folder = ROOT / classroom / name
        if os.environ.get("COURSE_DATA"):
            _check_classroom(ROOT / classroom, name)
        if not folder.exists():
            _fetch(name, folder)
    if missing := _missing(folder, name):
        raise FileNotFoundError(
            f"Expected {', '.join(LAYOUT[name])} in {folder}. Received: no {', '.join(missing)}. "
            f"Set COURSE_DATA to the folder above {name}/, or remove this one to fetch it again."
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
            f"Expected {file} as a table with commas, in UTF-8. Received: {error}. Save it so."
        ) from error
    labels = labels.rename(columns=str.strip)
    columns = list(labels.columns)
    longer = not isinstance(labels.index, pd.RangeIndex)  # pandas would shift the cells
    if labels.empty or longer or [columns.count(name) for name in ("id", "breed")] != [1, 1]:
        raise ValueError(
            f"Expected one column id, one breed, and rows in {file}. Received: columns {columns}, "
            f"{len(labels)} rows{', the first longer' if longer else ''}. Save it with commas."
        )
    labels = labels[["id", "breed"]].apply(lambda column: column.fillna("").str.strip())
    ids, files = labels["id"], labels["id"] + ".jpg"
    empty, names = (labels == "").any(axis=1), {path.name for path in train.glob("*.jpg")}
    labels["path"] = [train / photo for photo in files]
    problems = {
        "lines without id or breed (blank ones not counted)": labels.index[empty] + 2,
        "ids that repeat": ids[ids.duplicated()].unique(),
        "ids without a photo <id>.jpg": ids[~files.isin(names)],
    }
    for problem, found in problems.items():
        if len(found):
            raise ValueError(
                f"Expected a row a photo of {train} in {file}. Received: {len(found)} {problem}: "
                f"{', '.join(map(str, found[:5]))}{' …' if len(found) > 5 else ''}. Correct them."
            )
    if unused := sorted(names.difference(files)):
        text = f"{len(unused)} photos of {train} have no row in {file}: {unused[:5]}"
        warnings.warn(text, stacklevel=2)
    return labels


def _missing(folder, name):
    """Parts of a set that are not in a folder."""
    return [part for part in LAYOUT[name] if not any(folder.glob(part))]


def _check_classroom(classroom, name):
    """A mistyped folder, or the set itself, must not start a download."""
    if not classroom.is_dir():
        raise FileNotFoundError(
            f"Expected COURSE_DATA as a folder that exists. Received: {classroom}. "
            "Mount the drive, correct the path or create the folder."
        )
    if not (classroom / name).exists() and not _missing(classroom, name):
        raise FileNotFoundError(
            f"Expected COURSE_DATA as the folder that holds {name}/. Received that set itself: "
            f"{classroom}. Set it to the folder above, with the set named {name}."
        )


def _fetch(name, folder):
    """Gathers a set beside its folder and renames it at the end: whole or not at all."""
    if name not in MIRRORS:
        raise FileNotFoundError(
            f"Expected photos in {folder}, as {', '.join(LAYOUT[name])}. Received: no such folder. "
            "Put your own there (data/README.md names a public set), or set COURSE_DATA to the "
            f'parent of a folder {name} that has them; or stay with subset="sample".'
        )
    whole = folder.with_name(f"{name}.partial")
    shutil.rmtree(whole, ignore_errors=True)  # left by a try that was killed
    try:
        whole.mkdir(parents=True)
        if name != "dog_breeds" or not _from_kaggle(whole):
            _from_mirrors(name, whole)
        whole.rename(folder)
        for part in folder.parent.glob(f"{name}.*.part"):
            part.unlink()
    except OSError as error:
        raise FileNotFoundError(
            f"Expected photos in {folder}, or a network to fetch them. Received: {error}\n"
            "Copy a folder that has them and set COURSE_DATA to its parent; or run again, to go on "
            f'where it was cut; or {ACCOUNT.get(name, "")}stay with subset="sample".'
        ) from error
    finally:
        shutil.rmtree(whole, ignore_errors=True)


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


def _from_mirrors(name, whole):
    """Unpacks the first archive that arrives and holds the whole set."""
    unpack = _unpack_dogs if name == "dog_breeds" else _unpack_food
    failures = []
    for url, (size, sha256) in MIRRORS[name].items():
        # named after the address: the bytes of two archives never mix
        part = whole.with_name(f"{name}.{hashlib.sha256(url.encode()).hexdigest()[:8]}.part")
        try:
            _download(part, url, size)
        except (OSError, HTTPException, ValueError) as error:  # ValueError: redirected to nonsense
            if getattr(error, "errno", None) in FULL_DISK:
                raise  # another archive would not help
            failures.append(f"{url}: {error}")
            if getattr(error, "code", None) == 416:  # the file became shorter: it is another one
                part.unlink()
            continue
        try:
            with open(part, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 not in (None, digest):
                raise ValueError(f"SHA-256 {digest}, expected {sha256}; has the file changed?")
            return unpack(part, whole)
        except Exception as error:  # zipfile and tarfile raise many kinds for damaged bytes
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise  # the disk is full, say
            failures.append(f"{url}: {error}")
            part.unlink()
            shutil.rmtree(whole, ignore_errors=True)
    raise OSError("".join(f"\n- {' '.join(line.split())}" for line in failures))


def _unpack_dogs(archive, folder):
    """Brings `Images/n02085620-Chihuahua/n02085620_10074.jpg` into the competition's layout.

    One photo in ten, by the hash of its id, goes to `test/` without a label.
    """
    for part in ("train", "test"):
        (folder / part).mkdir(parents=True)
    rows = []
    for found, data in _members(archive, r"Images/n\d+-([\w-]+)/(n\d+_\d+)\.jpg"):
        breed, photo = found[1].lower(), found[2]
        test = hashlib.sha256(photo.encode()).digest()[0] % 10 == 0
        if not test:
            rows.append((photo, breed))
        (folder / ("test" if test else "train") / f"{photo}.jpg").write_bytes(data)
    labels = pd.DataFrame(rows, columns=["id", "breed"]).sort_values("id")
    labels.to_csv(folder / "labels.csv", index=False)


def _unpack_food(archive, folder):
    """Takes `pizza_steak/train/pizza/1008104.jpg`, or these two classes of all of Food-101.

    There the photo is `food-101/images/pizza/1008104.jpg`, and `food-101/meta/train.txt` lists
    `pizza/1008104`. The photos (110 MB) wait in memory: the lists may come after them.
    """
    photo = r"(?:pizza_steak/(train/|test/)|food-101/images/)((?:pizza|steak)/[\w-]+)\.jpg"
    photos, listed = {}, {}
    for found, data in _members(archive, rf"{photo}|food-101/meta/(train|test)\.txt"):
        if found[3]:
            listed |= {name: f"{found[3]}/{name}" for name in data.decode().split()}
        else:
            photos[(found[1] or "") + found[2]] = data
    photos = {listed.get(name, name): data for name, data in photos.items()}
    for part, count in LAYOUT["pizza_steak"].items():
        names = [name for name in photos if name.startswith(f"{part}/")]
        broken = [name for name in names if not photos[name].startswith(b"\xff\xd8\xff")]
        if len(names) != count or broken:
            raise ValueError(f"{part}: {len(names)} photos, {len(broken)} broken; expected {count}")
        (folder / part).mkdir(parents=True)
        for name in names:
            (folder / f"{name}.jpg").write_bytes(photos[name])


def _members(archive, pattern):
    """Match and bytes of each regular file of a zip or tar whose whole name is as the pattern."""
    if tarfile.is_tarfile(archive):
        with tarfile.open(archive) as file:
            for member in file:
                if member.isfile() and (found := re.fullmatch(pattern, member.name)):
                    yield found, file.extractfile(member).read()
    else:
        with zipfile.ZipFile(archive) as file:
            for name in file.namelist():
                if found := re.fullmatch(pattern, name):
                    yield found, file.read(name)  # checks the CRC-32


def _download(part, url, size, again=True):
    """Fetches a file with a progress bar; goes on where it was cut, here once and in each call."""
    from keras.utils import Progbar

    if _is_whole(part, size):
        return
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        done = done if answer.status == 206 else 0
        if size and answer.length not in (None, size - done):  # a login page of the network, say
            raise OSError(f"gives {answer.length:,} bytes; expected {size - done:,}")
        head = b"" if done else answer.read(64)
        if head.lstrip().startswith((b"<", b"{")):  # a login page or a message
            raise OSError(f"not an archive, it begins with {head}")
        if again and size and size > 10**9:
            text = f"{url}: {size / 1e9:.0f} GB. You may interrupt; running again goes on."
            warnings.warn(text, stacklevel=5)
        total = size or (None if answer.length is None else done + len(head) + answer.length)
        bar, cut = Progbar(total and total / 2**20, unit_name="MB"), "the connection was closed"
        try:
            with open(part, "ab" if done else "wb") as file:
                block = head or answer.read1(2**20)
                while block:
                    file.write(block)
                    done += len(block)
                    bar.update(done / 2**20)
                    block = answer.read1(2**20)  # what has come, so that a stall loses none of it
        except (OSError, HTTPException) as error:
            if getattr(error, "errno", None) in FULL_DISK:
                raise
            cut = error
    if not _is_whole(part, size):
        if again:
            return _download(part, url, size, again=False)
        raise OSError(f"cut at {done:,} of {f'{total:,}' if total else '?'} bytes ({cut})")


def _is_whole(part, size):
    """Whether all bytes are there; a zip of unknown size ends with its list of files."""
    return part.exists() and part.stat().st_size >= size if size else zipfile.is_zipfile(part)
