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
import re
import shutil
import subprocess
import sys
import urllib.request
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE = "LICENSE README*.md pyproject.toml requirements.txt data helpers images notebooks".split()
LEFT_OUT = re.compile(r"data/full/|(.*/)?(\.|__pycache__/|node_modules/)")  # and tests/
PAGE = ROOT / "notebooks/browser"  # of chapter 06

# Wheel tags (PEP 425, PEP 600: glibc 2.28 is older than Ubuntu 20.04) and, of PEP 508, os_name,
# sys_platform, platform_system, platform_machine. TensorFlow has no wheels for other systems.
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
        subprocess.CalledProcessError: When a download fails; pip has said why.
    """
    sources = _sources(sets)
    tags, asks = PLATFORMS[platform]
    options = ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}"]
    options += [f"--platform={tag}" for tag in tags]
    wheels = _resolve(asks, python, options)
    with ThreadPoolExecutor(16) as pool:  # each one waits for the network
        sizes = dict(zip(wheels, pool.map(_size, wheels.values()), strict=True))
    sizes |= {name: path.stat().st_size for name, path in sources.items()}
    for part in ("wheels/", "course/", "course/data/full/", ""):
        found = [size for name, size in sizes.items() if name.startswith(part)]
        total = sum(filter(None, found))
        unknown = f", {found.count(None)} of unknown size" if None in found else ""
        print(f"{part or 'total':17}{len(found):7,} files{total / 1e6:10,.1f} MB{unknown}")
    there = [path.stat().st_size for name in sizes if (path := kit / name).is_file()]
    _check_disk(kit, total - sum(there))

    (kit / "wheels").mkdir(parents=True, exist_ok=True)
    (kit / "wheels.txt").write_text("\n".join(pin for _, pin in wheels.values()), "utf-8")
    # pip keeps what has the right hash, in the folder or in its cache
    command = [sys.executable, "-m", "pip", "download", "--no-deps", *options]
    command += ["--dest", kit / "wheels", "-r", kit / "wheels.txt"]
    subprocess.run(command, check=True)
    files = {}
    for name in _progress(["wheels.txt", *sizes], "Files"):
        files[name] = _facts(sources.get(name, kit / name))
        if name in sources:
            _copy(sources[name], kit / name, files[name])
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
    manifest = json.loads((kit / "manifest.json").read_text("utf-8"))
    files = manifest["files"]
    if manifest["machine"] != HERE:
        raise ValueError(
            f"Expected the machine of this kit: {manifest['machine']}. Received: {HERE}. "
            "Use that Python, or build a kit for this machine (--platform, --python)."
        )
    if bad := [name for name in _progress(files, "1/3") if _facts(kit / name) != files[name]]:
        raise ValueError(
            f"Expected {len(files):,} files as in {kit / 'manifest.json'}. Received: {len(bad)} "
            f"missing or damaged: {', '.join(bad[:5])}{' …' if len(bad) > 5 else ''}. Copy these "
            "again from the teacher's kit; where they are damaged there too, build it again."
        )
    if not (course / ".venv").exists():  # wheels take 3.4 times their size, compiled
        _check_disk(course, sum(size * 4 ** (name[0] == "w") for name, (size, _) in files.items()))
    for name in _progress([name for name in files if name.startswith("course/")], "2/3"):
        copy = course / name.removeprefix("course/")
        if copy.suffix != ".ipynb" or not copy.exists():
            _copy(kit / name, copy, files[name])
    print(f"3/3: {course / '.venv'}", flush=True)
    venv.create(course / ".venv", symlinks=os.name != "nt")
    python = course / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # pip is the kit's: on Debian and Ubuntu, Python may have come without it
    pip = next(str(kit / name) for name in files if name.startswith("wheels/pip-"))
    command = [python, "-m", "pip", "--isolated", "install", "--no-index", "--no-deps", "--quiet"]
    command += ["--find-links", kit / "wheels", "--require-hashes", "-r", kit / "wheels.txt"]
    alone = {"PYTHONPATH": pip, "PIP_CONFIG_FILE": os.devnull}
    subprocess.run(command, env=os.environ | alone, check=True)
    command = [f"{python}", "-m", "jupyter", "lab"]
    command += [f"--LabApp.default_url=/lab/tree/notebooks/{language}"]
    print(f"cd {course}", " ".join(command), sep="\n", flush=True)  # for the next time
    subprocess.run(command, cwd=course, check=False)


def _sources(sets):
    """{name in the kit: file here}: the course, its photos, the libraries of chapter 06."""
    libraries = json.loads((PAGE / "package.json").read_text("utf-8"))["libraryFiles"]
    paths = [PAGE / "node_modules" / file for file in libraries]
    if not all(path.exists() for path in paths):
        print("The page of chapter 06 will need internet: README.md has the npm line to run before")
    for top in (top for pattern in COURSE for top in ROOT.glob(pattern)):
        found = [path.relative_to(ROOT).as_posix() for path in (top, *top.rglob("*"))]
        paths += [ROOT / name for name in found if not LEFT_OUT.match(name)]
    named = {f"course/{path.relative_to(ROOT).as_posix()}": path for path in paths}
    for name in sets:
        from helpers.datasets import dataset_dir

        folder = dataset_dir(name, "full")
        for path in folder.rglob("*"):
            named[f"course/data/full/{name}/{path.relative_to(folder).as_posix()}"] = path
    named["install.py"] = Path(__file__)
    return {name: path for name, path in named.items() if path.is_file()}


def _resolve(asks, python, options):
    """{name in the kit: (address, line of wheels.txt)} of every package of the course, and pip."""
    names = "os_name sys_platform platform_system platform_machine".split()
    target = dict(zip(names, asks, strict=True)) | {"python_version": python}
    target["python_full_version"] = f"{python}.0"
    print(f"Asking pip for the packages of {target} (a minute or two)", flush=True)
    command = [sys.executable, "-c", PIP, json.dumps(target), "install", "--dry-run", "--quiet"]
    command += ["--ignore-installed", "--target=.", "--report=-", *options]
    command += ["-r", ROOT / "requirements.txt", "pip"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
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
        file = urllib.request.unquote(info["url"].rpartition("/")[2])
        wheels[f"wheels/{file}"] = info["url"], pin
    return wheels


def _size(wheel):
    """Bytes of a file, by its headers; None where they do not say."""
    try:
        request = urllib.request.Request(wheel[0], method="HEAD")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.headers["Content-Length"])
    except Exception:  # of many kinds; the download will tell
        return None


def _facts(path):
    """[bytes, SHA-256] of a file, None where there is none."""
    if path.is_file():
        with open(path, "rb") as file:
            return [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]


def _copy(source, target, facts):
    """Copies what is not there; whole or not at all, should a stick be pulled out."""
    if _facts(target) != facts:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(source, part)
        part.replace(target)


def _check_disk(folder, need):
    place = next(place for place in (folder, *folder.parents) if place.exists())
    if (free := shutil.disk_usage(place).free) < need:
        raise OSError(
            f"Expected {need / 1e6:,.0f} MB free for {folder}. Received: {free / 1e6:,.0f} MB. "
            "Make room there, or choose a folder on another disk."
        )


def _progress(items, title):
    """Gives the items and counts them on one line of the screen."""
    for number, item in enumerate(items, 1):
        yield item
        print(f"\r{title}: {number:,} of {len(items):,}", end="", flush=True)
    print()


def main() -> None:
    """Reads the command line: that of `install` in a kit, else that of `build`."""
    parser, kit = argparse.ArgumentParser(), Path(__file__).resolve().parent
    folder = lambda text: Path(text).expanduser().absolute()  # noqa: E731
    if in_kit := (kit / "manifest.json").exists():
        parser.add_argument("course", nargs="?", type=folder, default="~/course")
        parser.add_argument("--language", choices=["pt", "en"], default="pt")
    else:
        same = [name for name, (_, asks) in PLATFORMS.items() if [*asks[2:]] == HERE[:2]]
        parser.add_argument("kit", type=folder)
        parser.add_argument("--platform", choices=PLATFORMS, default=same[0] if same else None)
        parser.add_argument("--python", default=HERE[2])
        parser.add_argument("--sets", nargs="*", default=[])
    given = vars(parser.parse_args())
    try:
        install(kit, **given) if in_kit else build(**given)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"\n{error}")


if __name__ == "__main__":
    main()
