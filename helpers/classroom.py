"""The kit for a room with no internet: packages, notebooks and photos in one folder.

    python -m helpers.classroom FOLDER     where there is internet; run again, it goes on
    python FOLDER/install.py               on each machine of the room, without a network

The folder holds `course/` (this repository without its tests, with the photos asked for in
`data/full/`), `wheels/` (packages for one system and one Python), `wheels.txt` (their versions and
hashes, as pip reads them), `manifest.json` (bytes and SHA-256 of every file) and `install.py`, a
copy of this module. A machine of the room has Python and nothing else yet: `install` needs the
standard library only.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE = "LICENSE README*.md *.toml requirements.txt data/**/* helpers/* images/* notebooks/**/*"
LEFT_OUT = {"full", "__pycache__", "node_modules"}  # and names that begin with a dot

# Wheel tags (PEP 425; PEP 600: glibc 2.28 is older than Ubuntu 20.04) and the first four markers
# (PEP 508: what packages ask about the system). TensorFlow has no wheels for other systems.
MARKERS = "os_name sys_platform platform_system platform_machine python_version python_full_version"
GLIBC = [*(f"manylinux_2_{minor}" for minor in range(28, 4, -1)), "manylinux2014"]
PLATFORMS = {
    "linux": ([f"{tag}_x86_64" for tag in GLIBC], ("posix", "linux", "Linux", "x86_64")),
    "linux-arm": ([f"{tag}_aarch64" for tag in GLIBC], ("posix", "linux", "Linux", "aarch64")),
    "macos": (["macosx_12_0_arm64"], ("posix", "darwin", "Darwin", "arm64")),
    "windows": (["win_amd64"], ("nt", "win32", "Windows", "AMD64")),
}
HERE = [platform.system(), platform.machine(), "{}.{}".format(*sys.version_info)]

# `pip --platform` takes the other system's wheels, but asks this one which packages are needed
# (`pywinpty; os_name == "nt"`): a kit for Windows made on Linux would lack some of them.
PIP = """import json, runpy, sys
from pip._vendor.packaging import markers
target = markers.default_environment() | json.loads(sys.argv.pop(1))
markers.default_environment = lambda: target
runpy.run_module("pip", run_name="__main__")"""


def build(kit: Path, platform: str, python: str, sets: list) -> None:
    """Gathers the kit: prints its size, then fetches and copies what is not there yet.

    Args:
        kit: Folder of the kit; what an earlier run left whole in it is kept.
        platform: System of the machines in the room, a key of `PLATFORMS`.
        python: Their version of Python, as in "3.12".
        sets: Names of the sets of real photos to take along: `dataset_dir` finds or downloads
            them. The drawn samples and the ImageNet weights are always part of the kit.

    Raises:
        ValueError: For an unknown set, or where a package has no wheel for that system and Python.
        OSError: With too little space for `kit`, or where a set has no photos.
        subprocess.CalledProcessError: When pip cannot download; it has said why.
    """
    sources, (tags, asks) = _sources(sets), PLATFORMS[platform]
    options = ["--only-binary=:all:", f"--python-version={python}"]
    options += [f"--platform={tag}" for tag in tags]
    wheels = _resolve(asks, python, options)
    sizes = {name: size for name, (size, _, _) in wheels.items()}
    sizes |= {name: path.stat().st_size for name, path in sources.items()}
    for part in ("wheels/", "course/data/full/", "course/", ""):
        found = [size for name, size in sizes.items() if name.startswith(part)]
        total, unknown = sum(filter(None, found)), found.count(None)
        text = f"{part or 'total':18}{len(found):7,} files{total / 1e6:10,.1f} MB"
        print(f"{text}, {unknown} of unknown size" if unknown else text, flush=True)
    there = [path.stat().st_size for name in sizes if (path := kit / name).is_file()]
    _check_disk(kit, total - sum(there))

    (kit / "wheels").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", *options]
    command += ["--dest", kit / "wheels", "-r", kit / "wheels.txt"]
    wrong = [name for name in wheels if wheels[name][1] not in (_facts(kit / name) or [])]
    wrong.sort(key=lambda name: -(sizes[name] or 0))
    # pip writes at the end of a call: the largest alone, then 2, 4, 8, so that a cut costs little
    for start in [2**power - 1 for power in range(len(wrong).bit_length())]:
        print(f"Wheels to fetch: {len(wrong) - start} of {len(wheels)}", flush=True)
        pins = "\n".join(wheels[name][2] for name in wrong[start : 2 * start + 1])
        (kit / "wheels.txt").write_text(pins, "utf-8")
        subprocess.run(command, check=True)
    (kit / "wheels.txt").write_text("\n".join(pin for _, _, pin in wheels.values()), "utf-8")
    names = _progress(["wheels.txt", *sizes], "Files")
    files = {name: _copy(sources.get(name, kit / name), kit / name) for name in names}
    manifest = {"machine": [*asks[2:], python], "files": files}
    (kit / "manifest.json").write_text(json.dumps(manifest, indent=0), "utf-8")
    print(f"Ready. In the room, with Python {python}: python {kit / 'install.py'}")


def install(kit: Path, course: Path, language: str) -> None:
    """Checks the kit, copies the course, installs its packages beside it and opens JupyterLab.

    Args:
        kit: Folder that `build` made; it may be read-only.
        course: Where the course goes, with its virtual environment in `.venv`. Notebooks that are
            there already stay as they are: they hold somebody's work.
        language: "pt" or "en": the notebooks that open.

    Raises:
        ValueError: When the kit is for another system or Python, or has damaged or missing files.
        OSError: With too little space for `course`.
        subprocess.CalledProcessError: When pip fails; it has said why.
    """
    try:
        manifest = json.loads((kit / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        text = f"Expected a whole manifest.json. Received: {error}. Copy the teacher's kit again."
        raise ValueError(text) from error
    course, files, machine = course.absolute(), manifest["files"], manifest["machine"]
    if machine != HERE:
        fix = "Use that Python, or build a kit for this machine."
        raise ValueError(f"Expected {machine}, as this kit is for. Received: {HERE}. {fix}")
    bad = [name for name in _progress(files, "1/3") if _facts(kit / name) != files[name]]
    if bad:
        names = f"{len(bad)} missing or damaged: {', '.join(bad[:5])}{' …' * (len(bad) > 5)}"
        fix = "Copy these again from the teacher's kit; if damaged there too, build it again."
        raise ValueError(f"Expected {len(files):,} files as built. Received: {names}. {fix}")
    wheels = [name for name in files if name.startswith("wheels/")]
    if not (course / ".venv").exists():  # installed, the wheels of 2026-11 take 3.8 times as much
        _check_disk(course, 4 * sum(files[name][0] for name in wheels))
    for name in _progress([name for name in files if name.startswith("course/")], "2/3"):
        copy = course / name.removeprefix("course/")
        if copy.suffix != ".ipynb" or not copy.exists():
            _copy(kit / name, copy)
    print(f"3/3: {course / '.venv'}", flush=True)
    venv.create(course / ".venv", symlinks=os.name != "nt")
    python = course / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # pip is the kit's: on Debian and Ubuntu, Python may have come without it
    pip = next(str(kit / name) for name in wheels if "/pip-" in name)
    command = [python, "-m", "pip", "--isolated", "install", "--no-index", "--no-deps"]
    command += ["--find-links", kit / "wheels", "--require-hashes", "-r", kit / "wheels.txt"]
    alone = os.environ | {"PYTHONPATH": pip, "PIP_CONFIG_FILE": os.devnull}
    subprocess.run(command, env=alone, check=True)
    start = f"-m jupyter lab --LabApp.default_url=/lab/tree/notebooks/{language}"
    print(f"cd {course}", f"{python} {start}", sep="\n", flush=True)  # for the next time
    subprocess.run([python, *start.split()], cwd=course, check=False)


def _sources(sets):
    """{name in the kit: file here}: this module, the course, chapter 06's libraries, photos."""
    found, page = {"install.py": ROOT / "helpers/classroom.py"}, ROOT / "notebooks/browser"
    for path in (path for pattern in COURSE.split() for path in ROOT.glob(pattern)):
        name = path.relative_to(ROOT)
        if not any(part in LEFT_OUT or part.startswith(".") for part in name.parts):
            found[f"course/{name.as_posix()}"] = path
    for file in json.loads((page / "package.json").read_text("utf-8"))["libraryFiles"]:
        found[f"course/notebooks/browser/node_modules/{file}"] = page / "node_modules" / file
    if missing := [name for name, path in found.items() if not path.exists()]:
        text = f"{len(missing)} files of npm are not here, {missing[0]} first"
        print(f"The page of chapter 06 will need internet: {text}. README.md has the npm line.")
    for name in sets:
        from helpers.datasets import dataset_dir

        folder = dataset_dir(name, "full")
        for path in folder.rglob("*"):
            found[f"course/data/full/{name}/{path.relative_to(folder).as_posix()}"] = path
    return {name: path for name, path in found.items() if path.is_file()}


def _resolve(asks, python, options):
    """{name in the kit: (bytes, SHA-256, line of wheels.txt)} of the course's packages, and pip."""
    target = dict(zip(MARKERS.split(), (*asks, python, f"{python}.0"), strict=True))
    print(f"Asking pip for the packages of {target}: a minute or two", flush=True)
    command = [sys.executable, "-c", PIP, json.dumps(target), "install", "--dry-run", "--quiet"]
    command += ["--ignore-installed", "--target=.", "--report=-", *options]
    command += ["-r", ROOT / "requirements.txt", "pip"]
    utf8 = {"encoding": "utf-8", "env": os.environ | {"PYTHONUTF8": "1"}}
    done = subprocess.run(command, capture_output=True, check=False, **utf8)
    if done.returncode:
        raise ValueError(
            f"Expected wheels of all packages for {target}. Received: {done.stderr[-900:]}\n"
            "Choose a Python that README.md names; or, if the network failed, run again."
        )
    wheels = {}
    for found in json.loads(done.stdout)["install"]:
        facts, info = found["metadata"], found["download_info"]
        digest = info["archive_info"]["hashes"]["sha256"]
        pin = f"{facts['name']}=={facts['version']} --hash=sha256:{digest}"
        file = urllib.parse.unquote(info["url"].rpartition("/")[2])
        wheels[f"wheels/{file}"] = _size(info["url"]), digest, pin
    return wheels


def _size(url):
    """Bytes of a file, by its headers; None where they do not say."""
    try:
        request = urllib.request.Request(url, method="HEAD")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.headers["Content-Length"])
    except Exception:  # of many kinds; the download will tell
        return None


def _facts(path):
    """[bytes, SHA-256] of a file, None where there is none."""
    if path.is_file():
        with open(path, "rb") as file:
            return [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]


def _copy(source, target):
    """[bytes, SHA-256] of a file, copied where it is not: whole, should a stick be pulled out."""
    facts = _facts(source)
    if target != source and _facts(target) != facts:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = shutil.copyfile(source, target.with_name(f"{target.name}.part"))
        part.replace(target)
    return facts


def _check_disk(folder, need):
    parents = folder.absolute().parents
    free = shutil.disk_usage(next(p for p in (folder, *parents) if p.exists())).free
    if free < need:
        text = f"Expected {need / 1e6:,.0f} MB free for {folder}. Received: {free / 1e6:,.0f} MB."
        raise OSError(f"{text} Make room there, or choose a folder on another disk.")


def _progress(items, title):
    """Gives the items and counts them on one line of the screen."""
    for number, item in enumerate(items, 1):
        yield item
        end = "\n" if number == len(items) else "\r"
        print(f"{title}: {number:,} of {len(items):,}", end=end, flush=True)


def main() -> None:
    """Reads the command line: that of `install` in a kit, else that of `build`."""
    here, title = Path(__file__).resolve(), __doc__.partition("\n")[0]
    parser = argparse.ArgumentParser(description=title)
    if in_kit := here.name == "install.py":
        parser.add_argument("course", nargs="?", type=Path, default=Path.home() / "course")
        parser.add_argument("--language", choices=["pt", "en"], default="pt")
    else:
        same = next((n for n, (_, asks) in PLATFORMS.items() if [*asks[2:]] == HERE[:2]), None)
        parser.add_argument("kit", type=Path, help="folder of the kit")
        parser.add_argument("--platform", choices=PLATFORMS, default=same, required=not same)
        parser.add_argument("--python", default=HERE[2], help="such as 3.12")
        parser.add_argument("--sets", nargs="*", default=[], help="real photos: pizza_steak, …")
    given = vars(parser.parse_args())
    try:
        install(here.parent, **given) if in_kit else build(**given)
    except (subprocess.CalledProcessError, KeyboardInterrupt):  # pip has said why
        sys.exit("\nStopped. The same command goes on from here: what is whole stays.")
    except (OSError, ValueError) as error:
        sys.exit(f"\n{error}")


if __name__ == "__main__":
    main()
