import hashlib
import http.server
import io
import re
import sys
import tarfile
import threading
import types

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
ESCAPES = ["../escape.jpg", "Images/../../escape.jpg", "Images/n1-x/../n1_2.jpg", "notes/n1_3.jpg"]


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
    """Serves one body; `mode` says how it misbehaves, `ranges` what was asked for."""

    daemon_threads = True

    def __init__(self, body):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.mode, self.ranges = body, "good", []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        mode, body, asked = self.server.mode, self.server.body, self.headers["Range"]
        self.server.ranges.append(asked)
        start = 0
        if mode == "gone":
            self.send_error(404)
            return
        if asked and mode not in ("no ranges", "page"):
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        if mode == "page":
            body = b"<html>Please log in</html>"
        if mode == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        elif mode != "no length":
            self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        if mode == "chunked":  # one piece whole, then cut within the next
            half = body[: len(body) // 2]
            self.wfile.write(b"%x\r\n%s\r\n%x\r\nrest" % (len(half), half, len(half)))
        else:
            self.wfile.write(body[start : len(body) // 2 if mode == "cut" else None])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(archive, monkeypatch):
    server = Server(archive)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = {
        "url": f"http://127.0.0.1:{server.server_address[1]}/images.tar",
        "size": len(archive),
        "sha256": hashlib.sha256(archive).hexdigest(),
    }
    monkeypatch.setattr(datasets, "STANFORD_DOGS", address)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


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
    for part in ("train", "test"):
        (folder / part).mkdir(parents=True)
        (folder / part / "a.jpg").write_bytes(jpeg())
    (folder / "labels.csv").write_text("id,breed\na,pug\n")
    return folder


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# --- sample and classroom folder


def test_the_sample_lies_in_the_repository(root, server):
    sample = fill(root / "data" / "dog_breeds")
    assert dataset_dir("dog_breeds") == dataset_dir("dog_breeds", "sample") == sample
    assert server.ranges == []


def test_the_committed_sample_is_complete(monkeypatch):
    from pathlib import Path

    monkeypatch.setattr(datasets, "ROOT", Path(datasets.__file__).parents[1])
    folder = dataset_dir("dog_breeds")
    labels = pd.read_csv(folder / "labels.csv")
    assert list(labels) == ["id", "breed"] and len(labels) > 0
    assert set(labels["id"]) == {path.stem for path in (folder / "train").glob("*.jpg")}
    assert not {path.stem for path in (folder / "test").glob("*.jpg")} & set(labels["id"])


def test_an_absolute_classroom_folder_is_used(tmp_path, monkeypatch, server):
    folder = fill(tmp_path / "usb stick" / "dog_breeds")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "usb stick"))
    assert dataset_dir("dog_breeds", "full") == folder
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


def test_the_set_itself_as_classroom_folder_starts_no_download(tmp_path, monkeypatch, server):
    folder = fill(tmp_path / "dog_breeds")
    monkeypatch.setenv("COURSE_DATA", str(folder))
    with pytest.raises(FileNotFoundError, match="Received that set itself"):
        dataset_dir("dog_breeds", "full")
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
    assert set(left) <= {"stanford_dogs.tar.part"}
    return left


def test_a_download_that_was_cut_goes_on_in_the_next_call(root, server, archive):
    server.mode = "cut"
    [part] = fails(root, "Received: ")
    size = (root / "data" / "full" / part).stat().st_size
    assert 0 < size < len(archive)
    server.mode = "good"
    folder = dataset_dir("dog_breeds", "full")
    assert server.ranges == [None, f"bytes={size}-"]
    assert len(list(folder.rglob("*.jpg"))) == len(PHOTOS)
    assert [path.name for path in folder.parent.iterdir()] == ["dog_breeds"]


def test_a_cut_of_an_answer_in_chunks_is_reported_too(root, server):
    server.mode = "chunked"
    fails(root, "Received: IncompleteRead")
    server.mode = "good"
    assert len(list(dataset_dir("dog_breeds", "full").rglob("*.jpg"))) == len(PHOTOS)


def test_a_cut_says_how_far_it_came(root, server, archive):
    server.mode = "cut"
    fails(root, f"cut at {len(archive) // 2:,} of {len(archive):,} bytes; run again")


def test_a_server_without_ranges_begins_again(root, server):
    server.mode = "cut"
    fails(root, "cut at")
    server.mode = "no ranges"
    assert len(list(dataset_dir("dog_breeds", "full").rglob("*.jpg"))) == len(PHOTOS)
    assert server.ranges[1].startswith("bytes=")


def test_a_file_that_was_whole_but_not_unpacked_is_not_asked_for_again(root, server, archive):
    (root / "data" / "full").mkdir(parents=True)
    (root / "data" / "full" / "stanford_dogs.tar.part").write_bytes(archive)
    assert len(list(dataset_dir("dog_breeds", "full").rglob("*.jpg"))) == len(PHOTOS)
    assert server.ranges == []


def test_other_content_of_the_same_size_is_refused_and_removed(root, server, archive):
    server.body = archive[:-1] + b"x"
    assert fails(root, "SHA-256.*may have changed") == []


@pytest.mark.parametrize("mode", ["good", "no length"])
def test_a_file_larger_than_expected_is_refused(root, server, archive, mode):
    server.body, server.mode = archive + bytes(1000), mode
    assert fails(root, f"{len(archive) + 1000:,} bytes") == []
    server.body = archive
    assert dataset_dir("dog_breeds", "full").exists()


def test_a_login_page_instead_of_the_file_does_no_harm(root, server):
    server.mode = "page"
    assert fails(root, "26 bytes; expected") == []
    server.mode = "good"
    assert dataset_dir("dog_breeds", "full").exists()
    assert server.ranges == [None, None]


def test_a_login_page_does_not_spoil_what_was_fetched(root, server):
    server.mode = "cut"
    fails(root, "cut at")
    server.mode = "page"
    fails(root, "bytes; expected")
    server.mode = "good"
    assert dataset_dir("dog_breeds", "full").exists()
    assert server.ranges[2] == server.ranges[1] is not None  # it went on where the cut was


def test_an_address_that_is_gone_is_reported(root, server):
    server.mode = "gone"
    assert fails(root, "404") == []


def test_no_network_is_reported(root, monkeypatch):
    address = {"url": "http://127.0.0.1:9/images.tar", "size": 10, "sha256": ""}
    monkeypatch.setattr(datasets, "STANFORD_DOGS", address)
    assert fails(root, "or a network to fetch them") == []


def test_what_an_earlier_try_left_half_unpacked_is_not_taken_over(root, server):
    left = root / "data" / "full" / "dog_breeds.partial" / "train"
    left.mkdir(parents=True)
    (left / "stale.jpg").touch()
    assert "train/stale.jpg" not in names(dataset_dir("dog_breeds", "full"))


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
    from pathlib import Path

    monkeypatch.setattr(datasets, "ROOT", Path(datasets.__file__).parents[1])
    labels = read_labels(str(dataset_dir("dog_breeds")))
    assert all(path.is_file() for path in labels["path"]) and labels["breed"].nunique() > 1
    assert read_labels(str(fill(tmp_path / "set")))["path"].tolist() == [
        tmp_path / "set" / "train" / "a.jpg"
    ]
