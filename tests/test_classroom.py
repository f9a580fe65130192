"""The classroom kit with tiny packages and a tiny course; pip itself is real, without a network."""

import contextlib
import ensurepip
import io
import json
import os
import shutil
import subprocess
import sys
import types
import zipfile
from pathlib import Path

import pytest

from helpers import classroom

ROOT = Path(__file__).resolve().parents[1]
PYTHON = classroom.HERE[2]
PLATFORM = "linux"
PIP = next(
    (
        path
        for folder in (
            Path(ensurepip.__file__).parent / "_bundled",
            Path("/usr/share/python-wheels"),
        )
        for path in folder.glob("pip-*.whl")
    ),
    None,
)
JUPYTER = """import json, os, sys
open("opened.json", "w").write(json.dumps([os.getcwd(), sys.argv[1:]]))
"""
COURSE = {
    "LICENSE": "free",
    "README.md": "pt",
    "requirements.txt": "toy",
    "data/pizza_steak/a.jpg": "drawn",
    "data/full/pizza_steak/b.jpg": "real, not asked for",
    "helpers/__init__.py": "",
    "helpers/__pycache__/x.pyc": "compiled",
    "images/01.svg": "figure",
    "notebooks/pt/01.ipynb": "empty",
    "notebooks/pt/.ipynb_checkpoints/01.ipynb": "old",
    "notebooks/browser/package.json": '{"libraryFiles": {"lib/a.js": "sha384-"}}',
    "notebooks/browser/node_modules/lib/a.js": "asked for",
    "notebooks/browser/node_modules/lib/b.js": "not asked for",
    "tests/test_x.py": "no",
    "runs/x.txt": "no",
    ".git/config": "no",
    "mine.txt": "no",
}


def wheel(folder, name, tag="py3-none-any", requires=(), files=None):
    """Writes a package as small as one can be."""
    info = f"{name}-1.0.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0"]
    metadata += [f"Requires-Dist: {line}" for line in requires]
    files = (files or {f"{name}.py": ""}) | {
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as archive:
        for file, text in (files | {f"{info}/RECORD": record}).items():
            archive.writestr(file, text)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A tiny course, packages for pip to find, and a kit that was built from them."""
    if PIP is None:
        pytest.skip("no pip wheel comes with this Python")
    folder = tmp_path_factory.mktemp("classroom")
    course, index = folder / "origin", folder / "index"
    index.mkdir()
    for name, text in COURSE.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    shutil.copy(classroom.__file__, course / "helpers")
    shutil.copy(PIP, index)
    requires = [
        'winonly; sys_platform == "win32"',
        'posixonly; os_name == "posix"',
        'armonly; platform_machine == "arm64"',
        'oldonly; python_version < "3.12"',
    ]
    wheel(index, "toy", requires=requires)
    wheel(index, "jupyter", files={"jupyter/__init__.py": "", "jupyter/__main__.py": JUPYTER})
    wheel(index, "winonly", tag="cp312-cp312-win_amd64", requires=["jupyter"])
    wheel(index, "posixonly", requires=["jupyter"])
    for name in ("armonly", "oldonly"):
        wheel(index, name)
    for tag in ("manylinux_2_27_x86_64", "win_amd64"):
        wheel(index, "compiled", tag=f"cp312-cp312-{tag}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classroom, "ROOT", course)
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(index))
        patch.delenv("PIP_CONSTRAINT", raising=False)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            classroom.build(folder / "kit", PLATFORM, PYTHON, [])
        yield types.SimpleNamespace(
            folder=folder, course=course, kit=folder / "kit", printed=printed.getvalue()
        )


@pytest.fixture
def kit(room, tmp_path):
    """A copy of the kit that a test may damage, for this machine whatever it is."""
    shutil.copytree(room.kit, tmp_path / "kit")
    manifest = json.loads((tmp_path / "kit/manifest.json").read_text())
    manifest["machine"] = classroom.HERE
    (tmp_path / "kit/manifest.json").write_text(json.dumps(manifest))
    return tmp_path / "kit"


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def start(kit, *arguments):
    """Runs install.py as a student does: a Python that knows nothing of the course."""
    command = [sys.executable, kit / "install.py", *arguments]
    return subprocess.run(command, cwd=kit.parent, capture_output=True, text=True, check=False)


def test_the_kit_holds_the_course_its_packages_and_what_the_page_needs(room):
    inside = {
        name: text
        for name, text in COURSE.items()
        if text not in ("no", "compiled", "old", "not asked for", "real, not asked for")
    }
    found = files(room.kit)
    course = {f"course/{name}" for name in (*inside, "helpers/classroom.py")}
    assert {name for name in found if name.startswith("course/")} == course
    assert {name for name in found if "/" not in name} == {
        "install.py",
        "manifest.json",
        "wheels.txt",
    }
    names = {name.split("/")[1].split("-")[0] for name in found if name.startswith("wheels/")}
    old = {"oldonly"} if PYTHON == "3.11" else set()
    assert names == {"pip", "toy", "posixonly", "jupyter"} | old
    assert (room.kit / "install.py").read_text() == Path(classroom.__file__).read_text()


def test_the_manifest_has_the_size_and_hash_of_every_file(room):
    manifest = json.loads((room.kit / "manifest.json").read_text())
    assert manifest["machine"] == ["Linux", "x86_64", PYTHON]
    assert set(manifest["files"]) == files(room.kit) - {"manifest.json"}
    for name, facts in manifest["files"].items():
        assert classroom._facts(room.kit / name) == facts


def test_the_sizes_are_said_before_anything_is_fetched(room):
    lines = room.printed.splitlines()
    total = next(number for number, line in enumerate(lines) if line.startswith("total"))
    assert "unknown" not in room.printed  # addresses of files on this disk have a size too
    size = sum((room.kit / name).stat().st_size for name in files(room.kit) if "/" in name)
    size += (room.kit / "install.py").stat().st_size
    assert f"{size / 1e6:,.1f} MB" in lines[total]
    assert next(n for n, line in enumerate(lines) if line.startswith("Files")) > total


@pytest.mark.parametrize(
    ("platform", "python", "expected"),
    [
        ("windows", "3.12", {"winonly"}),
        ("linux", "3.12", {"posixonly"}),
        ("linux-arm", "3.13", {"posixonly"}),
        ("macos", "3.11", {"posixonly", "armonly", "oldonly"}),
    ],
)
def test_packages_are_those_that_the_other_machine_needs(room, platform, python, expected):
    tags, asks = classroom.PLATFORMS[platform]
    options = ["--only-binary=:all:", f"--python-version={python}"]
    options += [f"--platform={tag}" for tag in tags]
    names = {name.split("/")[1].split("-")[0] for name in classroom._resolve(asks, python, options)}
    assert names == {"pip", "toy", "jupyter"} | expected


def test_a_package_without_a_wheel_for_the_machine_stops_the_kit(room, tmp_path, monkeypatch):
    (room.course / "requirements.txt").write_text("compiled")
    try:
        with pytest.raises(ValueError, match=r"(?s)wheels of all packages.*Darwin.*compiled.*run"):
            classroom.build(tmp_path / "kit", "macos", "3.12", [])
    finally:
        (room.course / "requirements.txt").write_text("toy")
    assert not (tmp_path / "kit").exists()


def test_a_second_run_keeps_what_is_whole_and_repairs_the_rest(room, capfd):
    wheels = sorted((room.kit / "wheels").iterdir())
    course = room.kit / "course"
    wheels[0].write_bytes(b"damaged")
    wheels[1].unlink()
    (course / "LICENSE").write_text("FREE")  # as long as before
    (course / "README.md").unlink()
    (course / "images/01.svg.part").write_text("left by a run that was cut")
    kept = {path: path.stat().st_mtime_ns for path in (wheels[2], course / "requirements.txt")}
    classroom.build(room.kit, PLATFORM, PYTHON, [])
    assert (course / "LICENSE").read_text() == "free"
    manifest = json.loads((room.kit / "manifest.json").read_text())["files"]
    for name, facts in manifest.items():
        assert classroom._facts(room.kit / name) == facts
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert "images/01.svg.part" not in " ".join(manifest)
    (course / "images/01.svg.part").unlink()


def test_a_cut_download_keeps_what_came(room, monkeypatch):
    calls, run = [], subprocess.run

    def count(command, **options):
        if "download" in command:
            calls.append((room.kit / "wheels.txt").read_text().splitlines())
            if len(calls) == 2:
                raise KeyboardInterrupt
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", count)
    wheels = {path: path.stat().st_size for path in (room.kit / "wheels").iterdir()}
    for path in wheels:
        path.unlink()
    with pytest.raises(KeyboardInterrupt):
        classroom.build(room.kit, PLATFORM, PYTHON, [])
    largest = max(wheels, key=wheels.get)
    assert list((room.kit / "wheels").iterdir()) == [largest]
    classroom.build(room.kit, PLATFORM, PYTHON, [])
    assert [len(pins) for pins in calls[:2]] == [1, 2]
    assert sum(len(pins) for pins in calls[2:]) == len(wheels) - 1  # the largest was there
    assert set((room.kit / "wheels").iterdir()) == set(wheels)


def test_too_little_space_is_said_before_anything_is_fetched(room, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=1_000_000))
    with pytest.raises(OSError, match=r"Expected \d+ MB free for .*Received: 1 MB.*another disk"):
        classroom.build(tmp_path / "new/kit", PLATFORM, PYTHON, [])
    assert not (tmp_path / "new").exists()


def test_a_size_that_nobody_says_is_called_unknown(room, tmp_path, monkeypatch, capsys):
    assert classroom._size("http://127.0.0.1:9/none.whl") is None
    monkeypatch.setattr(classroom, "_size", lambda url: None)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=0))
    with pytest.raises(OSError, match="free"):
        classroom.build(tmp_path / "kit", PLATFORM, PYTHON, [])
    lines = capsys.readouterr().out.splitlines()
    counts = {line.split()[0]: line for line in lines}
    number = len(list((room.kit / "wheels").iterdir()))
    assert counts["wheels/"].endswith(f"MB, {number} of unknown size")
    assert "unknown" in counts["total"] and "unknown" not in counts["course/"]


def test_photos_asked_for_go_where_chapters_look_for_them(room, tmp_path, monkeypatch):
    for part in ("train", "val", "test"):
        for kind in ("original", "mask"):
            photo = tmp_path / f"corridors/{part}/{kind}/1.png"
            photo.parent.mkdir(parents=True)
            photo.touch()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    added = set(classroom._sources(["corridors"])) - set(classroom._sources([]))
    assert len(added) == 6 and "course/data/full/corridors/val/mask/1.png" in added
    with pytest.raises(ValueError, match="Expected one of .*Received: 'cats'"):
        classroom._sources(["cats"])


def test_a_page_without_its_libraries_is_said(room, capsys):
    assert classroom._sources([]) and "internet" not in capsys.readouterr().out
    (room.course / "notebooks/browser/node_modules/lib/a.js").rename(room.folder / "a.js")
    found = classroom._sources([])
    (room.folder / "a.js").rename(room.course / "notebooks/browser/node_modules/lib/a.js")
    assert "will need internet" in capsys.readouterr().out
    assert not [name for name in found if "node_modules" in name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the course's list of files is git's")
def test_the_whole_course_is_in_the_kit_but_for_its_tests(monkeypatch):
    monkeypatch.setattr(classroom, "ROOT", ROOT)
    listed = ["git", "-C", ROOT, "ls-files", "-z"]
    listed = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0")
    names = {name for name in listed if name and not name.startswith((".", "tests/"))}
    assert names - {name.removeprefix("course/") for name in classroom._sources([])} == set()


def test_one_command_installs_and_opens_the_course(kit, tmp_path):
    room = tmp_path / "room"
    done = start(kit, room)
    assert done.returncode == 0, done.stdout + done.stderr
    cwd, arguments = json.loads((room / "opened.json").read_text())
    assert Path(cwd) == room.resolve()
    assert arguments == ["lab", "--LabApp.default_url=/lab/tree/notebooks/pt"]
    assert f"cd {room}" in done.stdout and "-m jupyter lab" in done.stdout
    assert (room / "notebooks/pt/01.ipynb").read_text() == "empty"
    packages = {path.name for path in (room / ".venv").rglob("*.dist-info")}
    assert {"toy-1.0.dist-info", "posixonly-1.0.dist-info"} <= packages
    assert [name for name in packages if name.startswith("pip-")]
    assert not [name for name in files(kit) if "__pycache__" in name]  # the kit may be read-only

    (room / "notebooks/pt/01.ipynb").write_text("my answers")
    (room / "LICENSE").unlink()
    done = start(kit, room, "--language", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (room / "notebooks/pt/01.ipynb").read_text() == "my answers"
    assert (room / "LICENSE").read_text() == "free"
    assert json.loads((room / "opened.json").read_text())[1][1].endswith("notebooks/en")


def test_damaged_and_missing_files_are_named_and_nothing_is_installed(kit, tmp_path):
    damaged = next((kit / "wheels").glob("toy-*"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"!")
    (kit / "course/LICENSE").unlink()
    done = start(kit, tmp_path / "room")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "2 missing or damaged: " in done.stderr and "Copy these again" in done.stderr
    assert f"wheels/{damaged.name}" in done.stderr and "course/LICENSE" in done.stderr
    assert not (tmp_path / "room").exists()


@pytest.mark.parametrize("text", [None, '{"machine": ["Lin'])
def test_a_manifest_that_is_missing_or_cut_is_said(kit, tmp_path, text):
    (kit / "manifest.json").unlink()
    if text:
        (kit / "manifest.json").write_text(text)
    done = start(kit, tmp_path / "room")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "Expected a whole manifest.json" in done.stderr and "kit again" in done.stderr


@pytest.mark.parametrize("machine", [["Windows", "AMD64", PYTHON], [*classroom.HERE[:2], "3.9"]])
def test_a_kit_for_another_machine_says_so(kit, tmp_path, machine):
    manifest = json.loads((kit / "manifest.json").read_text()) | {"machine": machine}
    (kit / "manifest.json").write_text(json.dumps(manifest))
    done = start(kit, tmp_path / "room")
    assert done.returncode == 1 and f"Expected {machine}" in done.stderr
    assert f"Received: {classroom.HERE}" in done.stderr


def test_a_student_without_space_is_told_before_anything_is_copied(kit, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=0))
    with pytest.raises(OSError, match="Make room there"):
        classroom.install(kit, tmp_path / "room", "pt")
    assert not (tmp_path / "room").exists()


def test_an_error_of_pip_ends_without_a_traceback(room, monkeypatch, capsys):
    def fail(*arguments):
        raise subprocess.CalledProcessError(1, ["pip"])

    monkeypatch.setattr(sys, "argv", ["classroom", "kit"])
    monkeypatch.setattr(classroom, "build", lambda **given: fail())
    with pytest.raises(SystemExit, match="The same command goes on from here"):
        classroom.main()


def test_an_unknown_platform_is_refused_with_those_there_are(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["classroom", "kit", "--platform", "amiga"])
    with pytest.raises(SystemExit):
        classroom.main()
    message = capsys.readouterr().err
    assert "'amiga'" in message and all(name in message for name in classroom.PLATFORMS)


def test_on_a_machine_without_wheels_the_platform_must_be_said(monkeypatch, capsys):
    monkeypatch.setattr(classroom, "HERE", ["FreeBSD", "amd64", "3.12"])
    monkeypatch.setattr(sys, "argv", ["classroom", "kit"])
    with pytest.raises(SystemExit):
        classroom.main()
    assert "required: --platform" in capsys.readouterr().err
