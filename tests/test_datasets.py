import errno
import hashlib
import http.server
import io
import re
import sys
import tarfile
import threading
import types
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from helpers import datasets
from helpers.datasets import dataset_dir, read_labels

PHOTOS = {  # id -> folder, as in Stanford's archive
    f"n{wnid}_{number}": f"n{wnid}-{breed}"
    for wnid, breed in (
        ("02085620", "Chihuahua"),
        ("02086240", "Shih-Tzu"),
        ("02107312", "miniature_pinscher"),
    )
    for number in range(100, 112)
}
CORRIDORS = [f"{part}/{kind}" for part in ("train", "val", "test") for kind in ("original", "mask")]
FOOD_LAYOUT = {"train/pizza": 3, "train/steak": 3, "test/pizza": 1, "test/steak": 1}
ESCAPES = ["../escape.jpg", "Images/../../escape.jpg", "Images/n1-x/../n1_2.jpg", "notes/n1_3.jpg"]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "brown").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def archive():
    """Bytes of a small tar in the layout of Stanford Dogs, and members that must not count."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:

        def add(name, data):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))

        for photo, folder in PHOTOS.items():
            add(f"Images/{folder}/{photo}.jpg", jpeg() + photo.encode())
        for name in ESCAPES:
            add(name, b"escape")
        link = tarfile.TarInfo("Images/n02085620-Chihuahua/n02085620_999.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return buffer.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """Serves one body, or those of `bodies` by path; `mode` says how it misbehaves.

    `modes` does so by path; `ranges` and `asked` keep what was asked for.
    """

    daemon_threads = True

    def __init__(self, body=b""):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.mode, self.ranges = body, "good", []
        self.bodies, self.modes, self.asked = {}, {}, []
        self.over = threading.Event()
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        mode = self.server.modes.get(self.path, self.server.mode)
        body = self.server.bodies.get(self.path, self.server.body)
        asked, start = self.headers["Range"], 0
        self.server.ranges.append(asked)
        self.server.asked.append((self.path, asked))
        if mode in (404, 500):
            self.send_error(mode)
            return
        if str(mode).startswith(("/", "http:")):
            self.send_response(302)
            self.send_header("Location", mode)
            self.end_headers()
            return
        if asked and mode not in ("no ranges", "page", "page without length"):
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
            if start >= len(body) and mode != "huge":
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        if mode in ("page", "page without length"):
            body = b"<html>Please log in</html>"
        if mode == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        elif mode == "huge":
            self.send_header("Content-Length", str(4_996_278_331 - start))
        elif "length" not in mode:
            self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        half = body[start : len(body) // 2]
        if mode == "chunked":  # one piece whole, then cut within the next
            self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half) if half else b"")
            start += len(half)
            self.wfile.write(b"%x\r\n%s" % (len(body), body[start : start + 4]))
        elif mode == "stalled":
            self.wfile.write(half)
            self.server.over.wait(3)
        elif mode in ("cut", "cut without length") or (mode == "cut once" and not start):
            self.wfile.write(half)
        else:
            self.wfile.write(body[start:])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def running(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server(running, archive, monkeypatch):
    """Stanford's archive at its one address."""
    running.body = archive
    mirrors = {f"{running.address}/images.tar": (len(archive), sha256(archive))}
    monkeypatch.setitem(datasets.MIRRORS, "dog_breeds", mirrors)
    return running


@pytest.fixture(autouse=True)
def kaggle(monkeypatch):
    """A kagglehub that has no token, until a test gives it one; nothing reaches the network."""
    hub = types.SimpleNamespace(token=None, answer=None, asked=[])

    def download(competition):
        hub.asked.append(competition)
        if isinstance(hub.answer, Exception):
            raise hub.answer
        return str(hub.answer)

    hub.config = types.SimpleNamespace(get_kaggle_credentials=lambda: hub.token)
    hub.competition_download = download
    monkeypatch.setitem(sys.modules, "kagglehub", hub)
    return hub


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """Another repository root, and no classroom folder."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setattr(datasets, "ROOT", tmp_path / "root")
    return tmp_path / "root"


def fill(folder):
    parts = {
        "pizza_steak": FOOD_LAYOUT,
        "fourteen_classes": ("nuts", "7"),
        "corridors": CORRIDORS,
    }
    for part in parts.get(folder.name, ("train", "test")):
        (folder / part).mkdir(parents=True)
        (folder / part / "a.jpg").write_bytes(jpeg())
    if folder.name not in parts:
        (folder / "labels.csv").write_text("id,breed\na,pug\n")
    return folder


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# --- sample and classroom folder


@pytest.mark.parametrize("name", ["dog_breeds", "pizza_steak", "fourteen_classes", "corridors"])
def test_the_sample_lies_in_the_repository(root, server, food, name):
    sample = fill(root / "data" / name)
    assert dataset_dir(name) == dataset_dir(name, "sample") == sample
    assert server.ranges == []


def test_the_committed_sample_is_complete(monkeypatch):
    monkeypatch.setattr(datasets, "ROOT", Path(datasets.__file__).parents[1])
    folder = dataset_dir("dog_breeds")
    labels = pd.read_csv(folder / "labels.csv")
    assert list(labels) == ["id", "breed"] and len(labels) > 0
    assert set(labels["id"]) == {path.stem for path in (folder / "train").glob("*.jpg")}
    assert not {path.stem for path in (folder / "test").glob("*.jpg")} & set(labels["id"])


@pytest.mark.parametrize("name", ["dog_breeds", "pizza_steak", "fourteen_classes", "corridors"])
def test_an_absolute_classroom_folder_is_used(tmp_path, monkeypatch, server, food, name):
    folder = fill(tmp_path / "usb stick" / name)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "usb stick"))
    assert dataset_dir(name, "full") == folder
    assert server.ranges == []


def test_a_relative_classroom_folder_counts_from_the_root(root, tmp_path, monkeypatch):
    folder = fill(root / "shared" / "dog_breeds")
    monkeypatch.setenv("COURSE_DATA", "shared")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert dataset_dir("dog_breeds", "full") == folder


def test_a_classroom_folder_that_does_not_exist_is_not_created(tmp_path, monkeypatch, server):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "drive" / "photos"))
    with pytest.raises(FileNotFoundError, match="COURSE_DATA as a folder that exists"):
        dataset_dir("dog_breeds", "full")
    assert not (tmp_path / "drive").exists() and server.ranges == []


@pytest.mark.parametrize("name", ["dog_breeds", "pizza_steak", "fourteen_classes", "corridors"])
def test_the_set_itself_as_classroom_folder_starts_no_download(
    tmp_path, monkeypatch, server, food, name
):
    folder = fill(tmp_path / name)
    monkeypatch.setenv("COURSE_DATA", str(folder))
    with pytest.raises(FileNotFoundError, match="Received that set itself"):
        dataset_dir(name, "full")
    assert server.ranges == []


def test_a_tilde_in_the_classroom_folder_is_the_home_folder(tmp_path, monkeypatch, server):
    folder = fill(tmp_path / "photos" / "dog_breeds")
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", "~/photos")
    assert dataset_dir("dog_breeds", "full") == folder


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_classroom_folder_photos_go_to_data_full(root, monkeypatch, value):
    folder = fill(root / "data" / "full" / "dog_breeds")
    if value is not None:
        monkeypatch.setenv("COURSE_DATA", value)
    assert dataset_dir("dog_breeds", "full") == folder


@pytest.mark.parametrize("missing", ["labels.csv", "train", "test"])
def test_an_incomplete_folder_is_refused_and_left_alone(root, server, missing):
    folder = fill(root / "data" / "full" / "dog_breeds")
    (folder / missing).rename(root / missing)
    before = names(folder)
    with pytest.raises(FileNotFoundError, match=f"Received: no {missing}. Set COURSE_DATA"):
        dataset_dir("dog_breeds", "full")
    assert names(folder) == before and server.ranges == []


def test_a_missing_sample_is_refused_and_not_downloaded(server):
    with pytest.raises(FileNotFoundError, match="labels.csv, train, test"):
        dataset_dir("dog_breeds")
    assert server.ranges == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [("fourteen_classes", r"\*/\*\.jpg"), ("corridors", "train/original, train/mask, val/")],
)
def test_photos_of_ones_own_are_not_downloaded(root, server, food, name, parts):
    folder = root / "data" / "full" / name
    with pytest.raises(FileNotFoundError, match=f"{parts}.*no such folder") as error:
        dataset_dir(name, "full")
    assert str(folder) in str(error.value) and "COURSE_DATA" in str(error.value)
    assert not folder.exists() and server.ranges == []


def test_photos_without_a_folder_for_each_class_are_refused(root):
    folder = root / "data" / "full" / "fourteen_classes"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg())
    with pytest.raises(FileNotFoundError, match=r"Expected \*/\*\.jpg in .*Received: no"):
        dataset_dir("fourteen_classes", "full")


@pytest.mark.parametrize("missing", CORRIDORS)
def test_photos_without_their_masks_are_refused(tmp_path, monkeypatch, missing):
    folder = fill(tmp_path / "corridors")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (folder / missing / "a.jpg").unlink()
    (folder / missing).rmdir()
    with pytest.raises(FileNotFoundError, match=f"Received: no {missing}. Set COURSE_DATA"):
        dataset_dir("corridors", "full")


def test_other_folders_of_photos_beside_the_set_do_no_harm(tmp_path, monkeypatch):
    folder = fill(tmp_path / "fourteen_classes")
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "a.jpg").write_bytes(jpeg())
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert dataset_dir("fourteen_classes", "full") == folder


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cats"], "'dog_breeds'.* as name. Received: 'cats'"),
        (["dog_breeds", "half"], "sample.*full.*Received: 'half'"),
    ],
)
def test_unknown_names_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        dataset_dir(*arguments)


# --- download from Stanford


def test_the_download_comes_in_the_layout_of_the_competition(root, server):
    folder = dataset_dir("dog_breeds", "full")
    assert folder == root / "data" / "full" / "dog_breeds"
    assert sorted(path.name for path in folder.iterdir()) == ["labels.csv", "test", "train"]
    labels = pd.read_csv(folder / "labels.csv")
    train = {path.stem for path in (folder / "train").iterdir()}
    test = {path.stem for path in (folder / "test").iterdir()}
    assert list(labels["id"]) == sorted(train)  # each once
    assert train | test == set(PHOTOS) and not train & test and train and test
    for photo, breed in labels.itertuples(index=False):
        assert breed == PHOTOS[photo].split("-", 1)[1].lower()
    assert set(labels["breed"]) == {"chihuahua", "shih-tzu", "miniature_pinscher"}


def test_photos_arrive_byte_for_byte(server):
    folder = dataset_dir("dog_breeds", "full")
    for path in folder.rglob("*.jpg"):
        assert path.read_bytes() == jpeg() + path.stem.encode()


def test_members_that_escape_or_do_not_belong_are_left_out(root, tmp_path, server):
    dataset_dir("dog_breeds", "full")
    found = names(tmp_path)
    assert not [name for name in found if "escape" in name or "999" in name or "n1_" in name]


def test_nothing_but_the_folder_is_left(root, server):
    dataset_dir("dog_breeds", "full")
    assert [path.name for path in (root / "data" / "full").iterdir()] == ["dog_breeds"]


def test_a_second_call_asks_for_nothing(server):
    assert dataset_dir("dog_breeds", "full") == dataset_dir("dog_breeds", "full")
    assert server.ranges == [None]


def test_the_split_is_the_same_everywhere(root, monkeypatch, server):
    first = names(dataset_dir("dog_breeds", "full"))
    (root / "other").mkdir()
    monkeypatch.setenv("COURSE_DATA", "other")
    assert names(dataset_dir("dog_breeds", "full")) == first


# --- a download that fails


def fails(root, message):
    """Calls, expects the one error with its steps, and that nothing half-made is in place."""
    with pytest.raises(FileNotFoundError, match=message) as error:
        dataset_dir("dog_breeds", "full")
    for step in ("COURSE_DATA", "kaggle.com/c/dog-breed-identification", 'subset="sample"'):
        assert step in str(error.value)
    left = [path.name for path in (root / "data" / "full").iterdir()]
    assert len(left) <= 1 and all(re.fullmatch(r"dog_breeds\.\w{8}\.part", name) for name in left)
    return left


def test_a_download_that_was_cut_goes_on_in_the_next_call(root, server, archive):
    server.mode = "cut"
    [part] = fails(root, "Received: ")
    size = (root / "data" / "full" / part).stat().st_size
    assert 0 < size < len(archive)
    server.mode = "good"
    folder = dataset_dir("dog_breeds", "full")
    assert server.ranges == [None, f"bytes={size}-", f"bytes={size}-"]
    assert len(list(folder.rglob("*.jpg"))) == len(PHOTOS)
    assert [path.name for path in folder.parent.iterdir()] == ["dog_breeds"]


def test_a_cut_of_an_answer_in_chunks_is_reported_too(root, server):
    server.mode = "chunked"
    assert fails(root, "cut at .*IncompleteRead")
    server.mode = "good"
    assert len(list(dataset_dir("dog_breeds", "full").rglob("*.jpg"))) == len(PHOTOS)


def test_a_cut_says_how_far_it_came(root, server, archive):
    server.mode = "cut"
    fails(root, f"cut at {len(archive) // 2:,} of {len(archive):,} bytes")


def test_a_server_without_ranges_begins_again(root, server):
    server.mode = "cut"
    fails(root, "cut at")
    server.mode = "no ranges"
    assert len(list(dataset_dir("dog_breeds", "full").rglob("*.jpg"))) == len(PHOTOS)
    assert server.ranges[1].startswith("bytes=")


def test_a_file_that_was_whole_but_not_unpacked_is_not_asked_for_again(root, server, archive):
    server.mode = "cut"
    [part] = fails(root, "cut at")
    (root / "data" / "full" / part).write_bytes(archive)
    server.ranges.clear()
    assert len(list(dataset_dir("dog_breeds", "full").rglob("*.jpg"))) == len(PHOTOS)
    assert server.ranges == []


def test_other_content_of_the_same_size_is_refused_and_removed(root, server, archive):
    server.body = archive[:-1] + b"x"
    assert fails(root, "SHA-256.*has the file changed") == []


@pytest.mark.parametrize(
    ("mode", "message"), [("good", "expected [0-9,]+\n"), ("without length", "SHA-256")]
)
def test_a_file_larger_than_expected_is_refused(root, server, archive, mode, message):
    server.body, server.mode = archive + bytes(1000), mode
    assert fails(root, message) == []
    server.body = archive
    assert dataset_dir("dog_breeds", "full").exists()


def test_a_login_page_instead_of_the_file_does_no_harm(root, server):
    server.mode = "page"
    assert fails(root, "26 bytes; expected") == []
    server.mode = "good"
    assert dataset_dir("dog_breeds", "full").exists()
    assert server.ranges == [None, None]


@pytest.mark.parametrize(
    ("page", "message"),
    [("page", "bytes; expected"), ("page without length", "begins with b'<html>")],
)
def test_a_login_page_does_not_spoil_what_was_fetched(root, server, page, message):
    server.mode = "cut"
    fails(root, "cut at")
    server.mode = page
    fails(root, message)
    server.mode = "good"
    assert dataset_dir("dog_breeds", "full").exists()
    assert server.ranges[-1] == server.ranges[1] is not None  # it went on where the cut was


def test_an_address_that_is_gone_is_reported(root, server):
    server.mode = 404
    assert fails(root, "404") == []


def test_no_network_is_reported(root, monkeypatch):
    mirrors = {"http://127.0.0.1:9/images.tar": (10, "")}
    monkeypatch.setitem(datasets.MIRRORS, "dog_breeds", mirrors)
    assert fails(root, "or a network to fetch them") == []


def test_what_an_earlier_try_left_half_unpacked_is_not_taken_over(root, server):
    left = root / "data" / "full" / "dog_breeds.partial" / "train"
    left.mkdir(parents=True)
    (left / "stale.jpg").touch()
    assert "train/stale.jpg" not in names(dataset_dir("dog_breeds", "full"))


# --- download of pizza_steak: several mirrors

FOOD = {  # path in the set -> bytes of the photo
    f"{part}/{number}{index}.jpg": jpeg() + part.encode() + bytes([index]) * 300
    for number, (part, photos) in enumerate(FOOD_LAYOUT.items())
    for index in range(photos)
}
JUNK = [  # names that belong to no photo of the set, or lead out of it
    "__MACOSX/pizza_steak/train/pizza/._00.jpg",
    "pizza_steak/.DS_Store",
    "pizza_steak/train/pizza/._00.jpg",
    "pizza_steak/train/pizza/notes.txt",
    "pizza_steak/train/pizza/98.jpg.txt",
    "pizza_steak/train/pizza/99.jpg\n",
    "pizza_steak/train/sushi/90.jpg",
    "pizza_steak/pizza/91.jpg",
    "pizza_steak/train/pizza/more/92.jpg",
    "../93.jpg",
    "../pizza_steak/train/pizza/94.jpg",
    "/pizza_steak/train/pizza/95.jpg",
    "pizza_steak/train/pizza/../../../96.jpg",
    "pizza_steak/train/pizza/..\\..\\97.jpg",
]


def zipped(photos, junk=JUNK):
    """Bytes of a zip in the layout of the mirrors; uncompressed, so that a byte can be spoiled."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.mkdir("pizza_steak")
        for name in junk:
            file.writestr(name, b"junk")
        for name, data in photos.items():
            file.writestr(f"pizza_steak/{name}", data)
    return buffer.getvalue()


def food_101():
    """Bytes of a small Food-101: another class, a photo of no list, links; lists at the end."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:

        def add(name, data=b"", **more):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            for key, value in more.items():
                setattr(member, key, value)
            tar.addfile(member, io.BytesIO(data))

        lists = {"train": ["sushi/7"], "test": ["sushi/8"]}
        for name, data in FOOD.items():
            part, photo = name.removesuffix(".jpg").split("/", 1)
            lists[part].append(photo)
            add(f"food-101/images/{photo}.jpg", data)
        for name in ("sushi/7", "sushi/8", "pizza/9", "../pizza/10", "pizza/../11"):
            add(f"food-101/images/{name}.jpg", b"junk")
        target = "food-101/images/pizza/00.jpg"
        add("food-101/images/pizza/98.jpg", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add("food-101/images/pizza/99.jpg", type=tarfile.LNKTYPE, linkname=target)
        for part, photos in lists.items():
            add(f"food-101/meta/{part}.txt", "\n".join([*photos, "pizza/98"]).encode())
        for name in JUNK:
            add(name, b"junk")
    return buffer.getvalue()


ONE, TWO, LAST = zipped(FOOD), zipped(FOOD, ["another"] + JUNK), food_101()


@pytest.fixture
def food(running, monkeypatch):
    """Three mirrors: a zip of unknown size, another of known size, all of Food-101."""
    running.bodies = {"/one.zip": ONE, "/two.zip": TWO, "/food-101.tar.gz": LAST}
    known = [(None, None), (len(TWO), None), (len(LAST), sha256(LAST))]
    mirrors = {
        f"{running.address}{path}": facts for path, facts in zip(running.bodies, known, strict=True)
    }
    monkeypatch.setitem(datasets.MIRRORS, "pizza_steak", mirrors)
    monkeypatch.setitem(datasets.LAYOUT, "pizza_steak", FOOD_LAYOUT)
    monkeypatch.setattr(datasets, "TIMEOUT", 10)
    return running


def spoiled():
    data = bytearray(ONE)
    data[ONE.index(FOOD["test/steak/30.jpg"]) + 400] ^= 1
    return bytes(data)


def linked():
    """The last photo is a symbolic link."""
    buffer = io.BytesIO(zipped(dict(list(FOOD.items())[:-1])))
    with zipfile.ZipFile(buffer, "a") as file:
        link = zipfile.ZipInfo("pizza_steak/test/steak/30.jpg")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return buffer.getvalue()


FAULTS = {  # name -> mode, what the error says, whether a part stays to go on from
    "gone": (404, "404", False),
    "broken server": (500, "500", False),
    "login page": ("page", "26 bytes|begins with b'<html>", False),
    "login page without length": ("page without length", "begins with b'<html>", False),
    "redirect to a page": ("/login", "26 bytes|begins with b'<html>", False),
    "redirect to nothing": ("/gone", "404", False),
    "redirect in a circle": ("/circle", "infinite loop", False),
    "redirect to nonsense": ("http://[::1/x", "Invalid IPv6", False),
    "cut": ("cut", "cut at .*closed", True),
    "cut without length": ("cut without length", "cut at .*closed", True),
    "cut in a chunk": ("chunked", "cut at .*IncompleteRead", True),
    "stalled": ("stalled", "cut at .*timed out", True),
}
BODIES = {  # name -> what arrives whole, but is not the set
    "bad checksum": (spoiled(), "Bad CRC-32 for file 'pizza_steak/test/steak/30.jpg'"),
    "one photo missing": (
        zipped(dict(list(FOOD.items())[1:])),
        "train/pizza: 2 photos, 0 broken; expected 3",
    ),
    "one photo more": (
        zipped(FOOD | {"test/steak/31.jpg": jpeg()}),
        "test/steak: 2 photos, 0 broken; expected 1",
    ),
    "not a JPEG": (
        zipped(FOOD | {"train/steak/11.jpg": b"<html>" * 200}),
        "train/steak: 3 photos, 1 broken; expected 3",
    ),
    "a link": (linked(), "test/steak: 1 photos, 1 broken; expected 1"),
    "nothing of ours": (zipped({}), "train/pizza: 0 photos"),
    "photos at places before its begin": (
        ONE[:-6] + (10**6).to_bytes(4, "little") + ONE[-2:],
        "Invalid argument|offset|Bad|negative",
    ),
    "no table at its end": (ONE[:-22] + bytes(22), "416|cut at"),
}


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def whole(root):
    """Fetches; expects all photos byte for byte, and nothing else on the whole disk."""
    folder = dataset_dir("pizza_steak", "full")
    assert folder == root / "data" / "full" / "pizza_steak"
    assert bytes_of(folder) == FOOD
    assert bytes_of(root.parent) == {
        f"root/data/full/pizza_steak/{name}": FOOD[name] for name in FOOD
    }
    return folder


def refuses(root, *messages):
    """Fetches; expects one error with a line for each mirror, and at most parts left."""
    with pytest.raises(FileNotFoundError) as error:
        dataset_dir("pizza_steak", "full")
    lines = str(error.value).splitlines()
    assert len(lines) == len(messages) + 2, lines
    for line, url, message in zip(
        lines[1:-1], datasets.MIRRORS["pizza_steak"], messages, strict=True
    ):
        assert line.startswith(f"- {url}: ") and re.search(message, line), line
    for step in ("COURSE_DATA", "run again", 'subset="sample"'):
        assert step in lines[-1]
    assert "kaggle" not in str(error.value)
    left = sorted(path.name for path in (root / "data" / "full").iterdir())
    assert all(re.fullmatch(r"pizza_steak\.\w{8}\.part", name) for name in left), left
    return left


def paths(server):
    return [path for path, _ in server.asked]


def test_a_full_disk_stops_at_once_and_goes_on_later(root, monkeypatch, food):
    full = [True]

    class Disk:
        """The file of a part, on a disk with room for its first bytes only."""

        def __init__(self, path, mode):
            self.file = open(path, mode)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.file.close()

        def write(self, block):
            self.file.write(block[:40])
            if full[0]:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.file.write(block[40:])

    def opened(path, mode="r", **options):
        writes = str(path).endswith(".part") and mode in ("ab", "wb")
        return Disk(path, mode) if writes else open(path, mode, **options)

    monkeypatch.setattr(datasets, "open", opened, raising=False)
    with pytest.raises(FileNotFoundError, match="No space left on device"):
        dataset_dir("pizza_steak", "full")
    assert food.asked == [("/one.zip", None)]
    full[0] = False
    whole(root)
    assert food.asked[1:] == [("/one.zip", "bytes=40-")]


def test_photos_come_from_the_first_mirror(root, food):
    whole(root)
    whole(root)  # the second time from the folder
    assert food.asked == [("/one.zip", None)]


def test_a_classroom_folder_receives_the_photos_too(tmp_path, monkeypatch, food):
    (tmp_path / "usb").mkdir()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "usb"))
    assert bytes_of(dataset_dir("pizza_steak", "full")) == FOOD
    assert [path.name for path in (tmp_path / "usb").iterdir()] == ["pizza_steak"]


def test_the_committed_sample_has_the_layout_of_the_set(monkeypatch):
    monkeypatch.setattr(datasets, "ROOT", Path(datasets.__file__).parents[1])
    assert all(any((dataset_dir("pizza_steak") / part).glob("*.jpg")) for part in FOOD_LAYOUT)


def test_the_tables_hold_the_archives_and_the_counts_of_food_101():
    assert list(datasets.LAYOUT["pizza_steak"].values()) == [750, 750, 250, 250]
    for mirrors in datasets.MIRRORS.values():
        for url, (size, digest) in mirrors.items():
            assert re.fullmatch(r"https?://[\w./-]+\.(zip|tar|tar\.gz)", url)
            assert size is None or size > 10**8
            assert re.fullmatch("[0-9a-f]{64}", digest) if digest else url.endswith(".zip")


@pytest.mark.parametrize(("mode", "message", "stays"), FAULTS.values(), ids=FAULTS)
def test_after_a_fault_the_next_mirror_is_asked(root, food, monkeypatch, mode, message, stays):
    if mode == "stalled":
        monkeypatch.setattr(datasets, "TIMEOUT", 0.25)
    food.modes = {"/one.zip": mode, "/login": "page", "/gone": 404, "/circle": "/circle"}
    whole(root)
    assert paths(food)[0] == "/one.zip" and paths(food)[-1] == "/two.zip"
    assert "/food-101.tar.gz" not in paths(food)
    assert not stays or paths(food) == ["/one.zip", "/one.zip", "/two.zip"]


@pytest.mark.parametrize(("mode", "message", "stays"), FAULTS.values(), ids=FAULTS)
def test_when_all_mirrors_fail_one_error_names_each(root, food, monkeypatch, mode, message, stays):
    food.mode, food.modes = mode, {"/login": "page", "/gone": 404, "/circle": "/circle"}
    with monkeypatch.context() as patch:
        patch.setattr(datasets, "TIMEOUT", 0.1 if mode == "stalled" else 10)
        left = refuses(root, message, message, message)
    assert len(left) == (3 if stays else 0)
    sizes = [(root / "data" / "full" / name).stat().st_size for name in left]
    food.mode = "good"
    food.asked.clear()
    whole(root)
    (path, asked), *more = food.asked
    assert path == "/one.zip" and more == []
    assert asked in [f"bytes={size}-" for size in sizes] if stays else asked is None


def test_no_network_is_one_error_too(root, food, monkeypatch):
    mirrors = {f"http://127.0.0.1:9/{name}": (None, None) for name in ("a.zip", "b.zip")}
    monkeypatch.setitem(datasets.MIRRORS, "pizza_steak", mirrors)
    assert refuses(root, "refused", "refused") == []


def test_a_mirror_that_refuses_the_connection_is_passed_over(root, food, monkeypatch):
    mirrors = {"http://127.0.0.1:9/a.zip": (None, None)} | datasets.MIRRORS["pizza_steak"]
    monkeypatch.setitem(datasets.MIRRORS, "pizza_steak", mirrors)
    whole(root)
    assert food.asked == [("/one.zip", None)]


@pytest.mark.parametrize(("body", "message"), BODIES.values(), ids=BODIES)
def test_an_archive_that_is_not_the_set_is_refused_and_removed(root, food, body, message):
    food.bodies["/one.zip"] = body
    food.modes = {"/two.zip": 404, "/food-101.tar.gz": 404}
    assert refuses(root, message, "404", "404") == []
    food.asked.clear()
    food.modes = {}
    whole(root)
    assert food.asked[0] == ("/one.zip", None) and food.asked[-1] == ("/two.zip", None)


@pytest.mark.parametrize("more", [b"", b"more"], ids=["same size", "larger"])
def test_of_a_known_archive_size_and_hash_are_checked(root, food, more):
    food.modes = {"/one.zip": 404, "/two.zip": 404}
    food.bodies["/food-101.tar.gz"] = LAST[:-1] + b"x" + more
    message = "gives .* bytes; expected" if more else "SHA-256"
    assert refuses(root, "404", "404", message) == []


def test_one_cut_is_resumed_at_once(root, food):
    food.mode = "cut once"
    whole(root)
    assert food.asked == [("/one.zip", None), ("/one.zip", f"bytes={len(ONE) // 2}-")]


def test_a_second_cut_goes_on_to_the_next_mirror_and_all_parts_go_at_the_end(root, food):
    food.modes = {"/one.zip": "cut", "/two.zip": "cut"}
    whole(root)
    assert paths(food) == ["/one.zip"] * 2 + ["/two.zip"] * 2 + ["/food-101.tar.gz"]


def test_food_101_is_the_last_resort_and_gives_two_classes_by_its_lists(root, food):
    food.modes = {"/one.zip": 404, "/two.zip": 500}
    whole(root)
    assert paths(food) == ["/one.zip", "/two.zip", "/food-101.tar.gz"]


def test_food_101_with_an_incomplete_list_is_refused(root, food, monkeypatch):
    food.modes = {"/one.zip": 404, "/two.zip": 404}
    monkeypatch.setitem(datasets.LAYOUT, "pizza_steak", FOOD_LAYOUT | {"test/pizza": 2})
    assert refuses(root, "404", "404", "test/pizza: 1 photos, 0 broken; expected 2") == []


def test_before_gigabytes_come_a_warning_says_so(root, food, monkeypatch):
    mirrors = {f"{food.address}/food-101.tar.gz": (4_996_278_331, "0" * 64)}
    monkeypatch.setitem(datasets.MIRRORS, "pizza_steak", mirrors)
    food.mode = "huge"
    with pytest.warns(UserWarning, match="food-101.tar.gz: 5 GB. You may interrupt") as warned:
        [part] = refuses(root, "cut at [0-9,]+ of 4,996,278,331 bytes")
    assert len(warned) == 1 and warned[0].filename == __file__


@pytest.mark.filterwarnings("error")
def test_small_archives_give_no_warning(root, food):
    food.modes = {"/one.zip": 404}
    whole(root)


@pytest.mark.parametrize("page", ["page", "page without length", "/login"])
def test_a_login_page_does_not_spoil_the_part(root, food, page):
    food.mode, food.modes = "cut", {"/login": "page"}
    refuses(root, "cut", "cut", "cut")
    food.mode = page
    assert len(refuses(root, "html|bytes", "html|bytes", "html|bytes")) == 3
    food.mode = "good"
    food.asked.clear()
    whole(root)
    assert food.asked == [("/one.zip", f"bytes={len(ONE) // 2}-")]


def test_a_redirect_keeps_the_range(root, food):
    food.mode = "cut"
    refuses(root, "cut", "cut", "cut")
    food.modes, food.bodies["/moved"] = {"/one.zip": "/moved", "/moved": "good"}, ONE
    food.asked.clear()
    whole(root)
    asked = f"bytes={len(ONE) // 2}-"
    assert food.asked == [("/one.zip", asked), ("/moved", asked)]


def test_a_redirect_leads_to_the_file(root, food):
    food.modes, food.bodies["/moved"] = {"/one.zip": "/moved"}, ONE
    whole(root)
    assert paths(food) == ["/one.zip", "/moved"]


def test_a_mirror_without_ranges_begins_again(root, food):
    food.mode = "cut"
    refuses(root, "cut", "cut", "cut")
    food.mode = "no ranges"
    food.asked.clear()
    whole(root)
    assert food.asked == [("/one.zip", f"bytes={len(ONE) // 2}-")]


def test_a_file_that_became_shorter_than_its_part_begins_again(root, food):
    food.mode = "cut"
    refuses(root, "cut", "cut", "cut")
    food.modes = {"/one.zip": "good"}
    food.bodies["/one.zip"] = ONE[: len(ONE) // 4]
    refuses(root, "416", "cut", "cut")
    food.bodies["/one.zip"] = ONE
    food.asked.clear()
    whole(root)
    assert food.asked == [("/one.zip", None)]


def test_a_file_that_changed_since_it_was_cut_is_refused_and_begins_again(root, food):
    food.mode = "cut"
    refuses(root, "cut", "cut", "cut")
    food.modes = {"/one.zip": "good"}
    food.bodies["/one.zip"] = changed = zipped(dict(reversed(FOOD.items())))
    assert len(changed) == len(ONE)
    refuses(root, "Bad|photos|differ", "cut", "cut")
    food.asked.clear()
    whole(root)
    assert food.asked == [("/one.zip", None)]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_interrupted_extraction_leaves_no_set_and_is_not_downloaded_again(
    root, food, monkeypatch, error
):
    write, written = Path.write_bytes, []

    def interrupted(path, data):
        written.append(path)
        if len(written) == 4:
            raise error
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", interrupted)
        expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else FileNotFoundError
        with pytest.raises(
            expected, match="No space left" if expected is FileNotFoundError else None
        ):
            dataset_dir("pizza_steak", "full")
    assert len(written) == 4
    assert [path.suffix for path in (root / "data" / "full").iterdir()] == [".part"]
    whole(root)
    assert food.asked == [("/one.zip", None)]


def test_an_interrupted_download_goes_on(root, food, monkeypatch):
    from http.client import HTTPResponse

    def interrupted(self, size):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(HTTPResponse, "read1", interrupted)
        with pytest.raises(KeyboardInterrupt):
            dataset_dir("pizza_steak", "full")
    assert [path.suffix for path in (root / "data" / "full").iterdir()] == [".part"]
    whole(root)
    assert food.asked == [("/one.zip", None), ("/one.zip", "bytes=64-")]


def test_what_a_killed_try_left_half_unpacked_is_removed(root, food):
    left = root / "data" / "full" / "pizza_steak.partial" / "train" / "pizza"
    left.mkdir(parents=True)
    (left / "stale.jpg").touch()
    whole(root)


# --- Kaggle


def test_with_a_token_the_photos_come_from_kaggle(root, tmp_path, kaggle, server):
    kaggle.token, kaggle.answer = object(), fill(tmp_path / "cache")
    (kaggle.answer / "sample_submission.csv").touch()
    folder = dataset_dir("dog_breeds", "full")
    assert kaggle.asked == ["dog-breed-identification"] and server.ranges == []
    assert names(folder) == ["labels.csv", "test", "test/a.jpg", "train", "train/a.jpg"]
    assert (folder / "train" / "a.jpg").read_bytes() == jpeg()
    assert names(kaggle.answer)  # Kaggle's own copy stays


def test_where_kaggle_refuses_stanford_is_asked_with_a_warning(kaggle, server):
    kaggle.token, kaggle.answer = object(), RuntimeError("403: accept the rules")
    with pytest.warns(UserWarning, match="403: accept the rules.*trying Stanford"):
        folder = dataset_dir("dog_breeds", "full")
    assert len(list(folder.rglob("*.jpg"))) == len(PHOTOS)


def test_an_incomplete_copy_of_kaggle_leaves_nothing_behind(root, tmp_path, kaggle, server):
    kaggle.token, kaggle.answer = object(), fill(tmp_path / "cache")
    (kaggle.answer / "labels.csv").unlink()
    assert fails(root, "labels.csv") == []


# --- labels


def labelled(folder, data, photos):
    """A set whose `labels.csv` holds these bytes (none at all for None) and whose photos exist."""
    (folder / "train").mkdir()
    for photo in photos:
        (folder / "train" / f"{photo}.jpg").touch()
    if data is not None:
        (folder / "labels.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


READ = {  # name -> labels.csv, ids, breeds
    "plain": ("id,breed\na,pug\nb,boxer\n", ["a", "b"], ["pug", "boxer"]),
    "another order": ("id,breed\nb,pug\na,pug\n", ["b", "a"], ["pug", "pug"]),
    "no newline at the end": ("id,breed\na,pug", ["a"], ["pug"]),
    "byte order mark": (b"\xef\xbb\xbfid,breed\na,pug\n", ["a"], ["pug"]),
    "byte order mark and quotes": (b'\xef\xbb\xbf"id","breed"\n"a","pug"\n', ["a"], ["pug"]),
    "CRLF": ("id,breed\r\na,pug\r\nb,boxer\r\n", ["a", "b"], ["pug", "boxer"]),
    "CR": ("id,breed\ra,pug\rb,boxer\r", ["a", "b"], ["pug", "boxer"]),
    "spaces": (
        " id , breed \n a , pug \nb,\tgreat dane\u00a0\n",
        ["a", "b"],
        ["pug", "great dane"],
    ),
    "blank lines": ("\nid,breed\n\na,pug\n\nb,boxer\n\n", ["a", "b"], ["pug", "boxer"]),
    "quotes": (
        '"id","breed"\n"a", "pug, black"\nb,"the ""best"""\n',
        ["a", "b"],
        ["pug, black", 'the "best"'],
    ),
    "ids like numbers": (
        "id,breed\n007,1\n1e5,2.50\n1_0,-0\n",
        ["007", "1e5", "1_0"],
        ["1", "2.50", "-0"],
    ),
    "names like nothing": (
        "id,breed\na,NA\nb,null\nNA,nan\nNone,True\n",
        ["a", "b", "NA", "None"],
        ["NA", "null", "nan", "True"],
    ),
    "unicode": ("id,breed\npão,cão d'água\n犬,🐶\n", ["pão", "犬"], ["cão d'água", "🐶"]),
    "more columns": ("age,breed,id,note\n3,pug,a,\n,boxer,b,x\n", ["a", "b"], ["pug", "boxer"]),
    "an index without a name": (",id,breed\n0,a,pug\n1,b,boxer\n", ["a", "b"], ["pug", "boxer"]),
    "other signs": (
        "id,breed\n#a,pug\na b,x;y\na.b,z\n",
        ["#a", "a b", "a.b"],
        ["pug", "x;y", "z"],
    ),
}


@pytest.mark.parametrize(("data", "ids", "breeds"), READ.values(), ids=READ)
@pytest.mark.filterwarnings("error")
def test_labels_are_read_as_they_stand_in_the_file(tmp_path, data, ids, breeds):
    labels = read_labels(labelled(tmp_path, data, ids))
    assert list(labels.columns) == ["id", "breed", "path"]
    assert labels["id"].tolist() == ids and labels["breed"].tolist() == breeds
    assert labels["path"].tolist() == [tmp_path / "train" / f"{photo}.jpg" for photo in ids]
    assert labels.index.tolist() == list(range(len(ids)))


REFUSED = {  # name -> labels.csv, part of the message; the photos are a and b
    "missing id": (
        "id,breed\na,pug\n,boxer\n",
        "1 lines without id or breed (blank ones not counted): 3",
    ),
    "blank id": (
        "id,breed\n  ,pug\nb,boxer\n",
        "1 lines without id or breed (blank ones not counted): 2",
    ),
    "missing breed": (
        "id,breed\na,pug\nb,\n",
        "1 lines without id or breed (blank ones not counted): 3",
    ),
    "short row": (
        "id,breed\na,pug\nb\n",
        "1 lines without id or breed (blank ones not counted): 3",
    ),
    "three of them": (
        "id,breed\na,\n,boxer\nb,\n",
        "3 lines without id or breed (blank ones not counted): 2, 3, 4",
    ),
    "after blank lines": (
        "id,breed\n\na,pug\n\nb,\n",
        "1 lines without id or breed (blank ones not counted): 3",
    ),
    "repeated id": ("id,breed\na,pug\nb,boxer\na,pug\n", "1 ids that repeat: a"),
    "repeated id with a space": ("id,breed\na,pug\nb,boxer\n a,pug\n", "1 ids that repeat: a"),
    "no photo": ("id,breed\na,pug\nb,x\nc,y\n", "1 ids without a photo <id>.jpg: c"),
    "no photo for many": (
        "id,breed\na,x\n" + "".join(f"m{number},x\n" for number in range(7)),
        "7 ids without a photo <id>.jpg: m0, m1, m2, m3, m4 …",
    ),
    "another case": ("id,breed\nA,pug\nb,x\n", "1 ids without a photo <id>.jpg: A"),
    "with extension": ("id,breed\na.jpg,pug\n", "1 ids without a photo <id>.jpg: a.jpg"),
    "outside the folder": (
        "id,breed\n../train/a,pug\n",
        "1 ids without a photo <id>.jpg: ../train/a",
    ),
    "empty": ("", "as a table with commas"),
    "blank": ("\n \n", "labels.csv"),
    "header only": ("id,breed\n", "0 rows"),
    "no header": ("a,pug\nb,boxer\n", "columns ['a', 'pug']"),
    "other columns": ("ID,Breed\na,pug\n", "columns ['ID', 'Breed']"),
    "semicolons": ("id;breed\na;pug\nb;x\n", "columns ['id;breed']"),
    "tabs": ("id\tbreed\na\tpug\n", "columns"),
    "latin-1": ("id,breed\na,cão\n".encode("latin-1"), "in UTF-8. Received: 'utf-8' codec"),
    "UTF-16": ("id,breed\na,pug\n".encode("utf-16"), "in UTF-8"),
    "open quote": ('id,breed\na,"pug\nb,boxer\n', "EOF inside string"),
    "one field too many": ("id,breed\na,pug\nb,pug, black\n", "line 3"),
    "one field too many at once": ("id,breed\na,pug, black\nb,boxer\n", "labels.csv"),
    "one field too many everywhere": ("id,breed\nx,a,pug\ny,b,boxer\n", "labels.csv"),
    "a comma at each end": ("id,breed\na,pug,\nb,boxer,\n", "labels.csv"),
    "a column twice": ("id,id ,breed\na,a,pug\nb,b,pug\n", "columns"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_labels_that_cannot_be_right_are_refused_by_name(tmp_path, data, message):
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        read_labels(labelled(tmp_path, data, ["a", "b"]))
    assert str(tmp_path / "labels.csv") in str(error.value) and "Received" in str(error.value)


@pytest.mark.parametrize(
    ("unused", "message"),
    [
        (["c"], r"1 photos of .*labels.csv: \['c.jpg'\]"),
        ("hgfedc", "6 photos .*'c.jpg', .*'g.jpg'\\]"),
    ],
)
def test_photos_without_a_row_give_a_warning_that_counts_them(tmp_path, unused, message):
    folder = labelled(tmp_path, "id,breed\na,pug\n", ["a", *unused])
    (folder / "train" / "notes.txt").touch()
    with pytest.warns(UserWarning, match=message) as warned:
        assert read_labels(folder)["id"].tolist() == ["a"]
    assert len(warned) == 1 and warned[0].filename == __file__


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="labels.csv"):
        read_labels(labelled(tmp_path, None, ["a"]))


def test_a_missing_folder_of_photos_names_the_ids(tmp_path):
    (tmp_path / "labels.csv").write_text("id,breed\na,pug\n")
    with pytest.raises(ValueError, match="1 ids without a photo <id>.jpg: a"):
        read_labels(tmp_path)


def test_the_folder_may_be_text_and_the_labels_of_the_sample_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "ROOT", Path(datasets.__file__).parents[1])
    labels = read_labels(str(dataset_dir("dog_breeds")))
    assert all(path.is_file() for path in labels["path"]) and labels["breed"].nunique() > 1
    assert read_labels(str(fill(tmp_path / "set")))["path"].tolist() == [
        tmp_path / "set" / "train" / "a.jpg"
    ]
