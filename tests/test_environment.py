"""The environment check on machines that we do not have: old, empty, without a GPU, in Colab."""

import importlib.metadata
import inspect
import os
import platform
import re
import shutil
import sys
from collections import namedtuple
from pathlib import Path
from types import ModuleType, SimpleNamespace

import psutil
import pytest

from helpers import check_environment, checks
from helpers.checks import ENVIRONMENT, PACKAGES, TOOLS, WEIGHTS

ROOT = Path(__file__).resolve().parents[1]
LISTED = [
    re.match(r"[\w-]+", line)[0]
    for line in (ROOT / "requirements.txt").read_text().splitlines()[1:]
]
FINE = {
    "tensorflow": "2.21.0",
    "keras": "3.15.1",
    "tensorflow-hub": "0.16.1",
    "setuptools": "75.2.0",
    "tensorboard": "2.21.0",
    "numpy": "2.4.0",
    "matplotlib": "3.10.1",
    "pandas": "2.2.2",
    "scikit-learn": "1.6.1",
    "scipy": "1.16.0",
    "pillow": "11.3.0",
    "psutil": "5.9.5",
    "kagglehub": "0.3.13",
    WEIGHTS: "0.1.0",
}
Usage = namedtuple("Usage", "total used free")
DO = {"pt": "o que fazer", "en": "what to do"}


@pytest.fixture(autouse=True)
def versions(monkeypatch):
    """A machine on which all is well: installed versions by name, to change."""
    installed = dict(FINE)

    def version(name):
        if name not in installed:
            raise importlib.metadata.PackageNotFoundError(name)
        if isinstance(installed[name], Exception):
            raise installed[name]
        return installed[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", dict)
    monkeypatch.setattr(platform, "python_version", lambda: "3.12.5")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100e9, 60e9, 40e9))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    memory = SimpleNamespace(total=16.2e9, available=8.04e9)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setenv("COURSE_LANG", "en")
    fake_gpus(monkeypatch, ["Tesla T4"])
    return installed


def fake_gpus(monkeypatch, names, details=None):
    """Gives TensorFlow cards of these names."""
    config = SimpleNamespace(
        list_physical_devices=lambda kind: [SimpleNamespace(name=name) for name in names],
        experimental=SimpleNamespace(
            get_device_details=details or (lambda gpu: {"device_name": gpu.name})
        ),
    )
    module = ModuleType("tensorflow")
    module.config = config
    monkeypatch.setitem(sys.modules, "tensorflow", module)


@pytest.fixture
def colab(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))


def remedies(table):
    """What there is to do, by the row's name; the rows where all is well are left out."""
    column = table.iloc[:, -1]
    return column[column != ""].to_dict()


def test_where_all_is_well_nothing_is_left_to_do():
    table = check_environment()
    assert remedies(table) == {}
    assert list(table.columns) == ["what it is", "found", "needed", "what to do"]
    machine = ["GPU", "cores", "memory", "disk"]
    assert list(table.index) == ["Python", *[n for n in LISTED if n not in TOOLS], *machine]
    assert table.loc["keras"].tolist() == [
        "layers, models, training",
        "3.15.1",
        ">=3.13, <4",
        "",
    ]
    assert table.loc["GPU", "found"] == "Tesla T4"
    assert table.loc["memory", "found"] == "8.0 GB free of 16.2 GB"
    assert table.loc["disk", "found"] == "40.0 GB free of 100.0 GB"
    assert table.loc[WEIGHTS, "needed"] == "any version"


def test_the_table_speaks_portuguese_where_the_course_does(monkeypatch):
    monkeypatch.delenv("COURSE_LANG")
    table = check_environment()
    assert list(table.columns) == ["o que é", "encontrado", "necessário", "o que fazer"]
    assert table.loc["memória", "encontrado"] == "8,0 GB livres de 16,2 GB"
    assert table.loc["keras", "o que é"] == "camadas, modelos, treino"
    assert table.loc[WEIGHTS, "necessário"] == "qualquer versão"


def test_a_notebook_shows_whole_sentences_from_the_left(monkeypatch):
    import pandas as pd

    fake_gpus(monkeypatch, [])
    table = check_environment()
    with pd.option_context("display.max_colwidth", 20, "display.max_rows", 4):
        page = table._repr_html_()
    assert isinstance(table, pd.DataFrame) and remedies(table)["GPU"] in page
    assert page.count("<tr") == len(table) + 1
    assert 'text-align: left">&gt;=3.13, &lt;4<' in page and "<td>" not in page
    assert "text-align: left" not in table.iloc[:3]._repr_html_()  # a part is a plain table


def test_each_package_of_the_list_is_described_and_no_other():
    assert set(LISTED) == set(PACKAGES) | TOOLS == set(FINE) | TOOLS


def test_this_machine_has_what_the_list_asks_for(monkeypatch):
    """No fake: what is installed here, where the tests run."""
    monkeypatch.undo()
    table = check_environment()
    assert not remedies(table.loc[["Python", *PACKAGES]])


# --- versions


@pytest.mark.parametrize("name", FINE)
@pytest.mark.parametrize(("lang", "begin"), [("pt", "Falta instalar. "), ("en", "It is not inst")])
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch, versions, name, lang, begin
):
    monkeypatch.setenv("COURSE_LANG", lang)
    del versions[name]
    table = check_environment()
    told = remedies(table)
    assert told.pop(name).startswith(begin)
    line = re.search(r'%pip install "([^"]+)"', table.loc[name, DO[lang]])[1]
    assert line.startswith(name) and line[len(name) :] in (ROOT / "requirements.txt").read_text()
    assert list(told) == (["GPU"] if name == "tensorflow" else [])  # unknown without it


OLD_AND_NEW = [
    ("tensorflow", "2.19.1", "2.22.0", 'tensorflow>=2.20,<2.22"'),
    ("tensorflow", "1.15", "3.0.0rc1", 'tensorflow>=2.20,<2.22"'),
    ("keras", "2.15.0", "4.0.0", 'keras>=3.13,<4"'),
    ("keras", "3.13.0rc0", "4.0.dev1", 'keras>=3.13,<4"'),
    ("tensorflow-hub", "0.15.0", "0.17.0", 'tensorflow-hub>=0.16.1,<0.17"'),
    ("setuptools", None, "81.0.0", 'setuptools<81"'),
    ("pandas", "1.5.3", None, 'pandas>=2.2"'),
    ("numpy", "1.26.4", None, 'numpy>=2.1"'),
]


@pytest.mark.parametrize(("name", "old", "new", "line"), OLD_AND_NEW)
@pytest.mark.parametrize("lang", ["pt", "en"])
def test_a_version_out_of_range_is_told_apart_and_mended(
    monkeypatch, versions, name, old, new, line, lang
):
    monkeypatch.setenv("COURSE_LANG", lang)
    words = {"pt": ("antiga demais", "nova demais"), "en": ("too old", "too new")}[lang]
    for version, word in zip((old, new), words, strict=True):
        if version:
            versions[name] = version
            assert word in remedies(check_environment())[name]
            assert line in remedies(check_environment())[name]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("tensorflow", "2.21.0rc1"),
        ("tensorflow", "2.20.0+nv25.1"),
        ("keras", "3.14.0.dev20260101"),
        ("keras", "v3.13"),
        ("setuptools", "80.9.0.post1"),
        ("pillow", "2026.1"),
    ],
)
def test_an_unusual_version_in_range_is_fine(versions, name, version):
    versions[name] = version
    assert remedies(check_environment()) == {}


@pytest.mark.parametrize("version", ["unknown", "?", "2.x", "None", KeyError("Version"), None])
@pytest.mark.parametrize(("lang", "piece"), [("pt", "não pôde ser lida"), ("en", "not be read")])
def test_a_version_that_cannot_be_read_is_said(monkeypatch, versions, version, lang, piece):
    monkeypatch.setenv("COURSE_LANG", lang)
    versions["scipy"] = version
    assert piece in remedies(check_environment())["scipy"]


def test_a_package_of_another_name_that_brings_the_module_counts(monkeypatch, versions):
    versions["tensorflow-cpu"] = versions.pop("tensorflow")
    monkeypatch.setattr(
        importlib.metadata, "packages_distributions", lambda: {"tensorflow": ["tensorflow-cpu"]}
    )
    table = check_environment()
    assert remedies(table) == {} and table.loc["tensorflow", "found"] == "2.21.0"


def test_a_search_for_such_packages_may_fail(monkeypatch, versions):
    def fails():
        raise TypeError("a package without a name")

    del versions["tensorflow-hub"]
    monkeypatch.setattr(importlib.metadata, "packages_distributions", fails)
    assert list(remedies(check_environment())) == ["tensorflow-hub"]


@pytest.mark.parametrize(
    ("version", "piece"),
    [("3.10.14", "too old"), ("3.14.0", "too new"), ("3.11.0", ""), ("3.13.9+", "")],
)
def test_python_itself_is_checked(monkeypatch, version, piece):
    monkeypatch.setattr(platform, "python_version", lambda: version)
    told = remedies(check_environment())
    assert list(told) == ["Python"] * bool(piece)
    if piece:
        assert piece in told["Python"] and "Python >=3.11, <3.14" in told["Python"]
        assert "README" in told["Python"] and "pip" not in told["Python"]


def test_a_missing_package_is_not_imported(versions):
    fake = ModuleType("tensorflow")  # its use would raise
    sys.modules["tensorflow"] = fake
    del versions["tensorflow"]
    assert "could not be loaded" in remedies(check_environment())["GPU"]
    assert vars(fake).keys() == vars(ModuleType("x")).keys()


def test_without_pandas_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match='pandas. .*%pip install "pandas>=2.2"'):
        check_environment()


# --- requirements.txt


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00nonsense", b"# nothing\n\n"])
@pytest.mark.parametrize("lang", ["pt", "en"])
def test_without_the_list_the_course_is_incomplete(monkeypatch, tmp_path, versions, content, lang):
    monkeypatch.setenv("COURSE_LANG", lang)
    file = tmp_path / "requirements.txt"
    if content is not None:
        file.write_bytes(content)
    del versions["scipy"]
    versions["keras"] = "1.0"
    table = check_environment(file)
    told = remedies(table)
    assert list(told) == ["requirements.txt", "scipy"]
    assert {"pt": "incompleta", "en": "incomplete"}[lang] in told["requirements.txt"]
    assert '"scipy"' in told["scipy"] and set(PACKAGES) < set(table.index)


def test_odd_lines_of_the_list_are_passed_over(tmp_path, versions):
    file = tmp_path / "list.txt"
    file.write_text(
        "\ufeff# comment\n\n-r other.txt\n--index-url https://example.org\n./folder\n"
        "Keras >= 3.13 , < 4   # comment\nscikit_learn~=1.6\n"
        "pillow>=11; python_version > '3'\nscipy>=99; python_version < '3'\n"
        "odd===1.0\nnew @ https://example.org/new.whl\npsutil!=5.9.5\nthis is nonsense\n",
        "utf-8",
    )
    versions["odd"] = "2.0"
    table = check_environment(file)
    rows = ["Python", "keras", "scikit-learn", "pillow", "odd", "new", "psutil"]
    assert list(table.index) == [*rows, "GPU", "cores", "memory", "disk"]
    assert list(remedies(table)) == ["odd", "new", "psutil"]
    assert table.loc["scikit-learn", "needed"] == "~=1.6" and table.loc["odd", "what it is"] == ""


def test_without_pyproject_any_python_will_do(monkeypatch, tmp_path):
    requirements = ROOT / "requirements.txt"
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    assert check_environment(requirements).loc["Python", "needed"] == "any version"
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 3\n")
    assert check_environment(requirements).loc["Python", "needed"] == "any version"
    (tmp_path / "pyproject.toml").write_text('[project]\nrequires-python = "==3.9"\n')
    assert "too new" in remedies(check_environment(requirements))["Python"]


# --- the machine


def test_no_gpu_is_no_fault(monkeypatch):
    fake_gpus(monkeypatch, [])
    told = remedies(check_environment())
    assert list(told) == ["GPU"] and told["GPU"].startswith("Not a fault: ")
    assert "01, 02 and 04" in told["GPU"] and "Colab" in told["GPU"]
    monkeypatch.setenv("COURSE_LANG", "pt")
    told = remedies(check_environment())
    assert told["GPU"].startswith("Não é defeito: ") and "Colab" in told["GPU"]
    assert check_environment().loc["GPU", "encontrado"] == "nenhuma"


def test_a_card_that_tensorflow_does_not_see_is_told(monkeypatch):
    fake_gpus(monkeypatch, [])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    told = remedies(check_environment())["GPU"]
    assert "NVIDIA" in told and '%pip install "tensorflow[and-cuda]>=2.20,<2.22"' in told


def test_several_cards_are_named_even_where_the_driver_says_little(monkeypatch):
    fake_gpus(monkeypatch, ["L4", "L4"])
    assert check_environment().loc["GPU", "found"] == "L4, L4"

    def details(gpu):
        raise RuntimeError("no details")

    fake_gpus(monkeypatch, ["/physical_device:GPU:0"], details)
    assert check_environment().loc["GPU", "found"] == "/physical_device:GPU:0"
    fake_gpus(monkeypatch, ["/physical_device:GPU:0"], lambda gpu: {})
    assert check_environment().loc["GPU", "found"] == "/physical_device:GPU:0"


@pytest.mark.parametrize("error", [ImportError("DLL load failed\nlib"), RuntimeError("x" * 999)])
def test_a_tensorflow_that_does_not_load_is_told(monkeypatch, error):
    def fails(kind):
        raise error

    sys.modules["tensorflow"].config.list_physical_devices = fails
    table = check_environment()
    told = remedies(table)
    assert list(told) == ["GPU"] and table.loc["GPU", "found"] == "unknown"
    assert type(error).__name__ in told["GPU"] and "\n" not in told["GPU"]
    assert len(told["GPU"]) < 250


@pytest.mark.parametrize(("lang", "piece"), [("pt", "Pouco espaço"), ("en", "Little space")])
@pytest.mark.parametrize(("free", "little"), [(0, 1), (2.9e9, 1), (3e9, 0)])
def test_little_disk_is_told(monkeypatch, lang, piece, free, little):
    monkeypatch.setenv("COURSE_LANG", lang)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100e9, 100e9 - free, free))
    told = list(remedies(check_environment()).values())
    assert [text.startswith(piece) for text in told] == [True] * little


@pytest.mark.parametrize(("lang", "piece"), [("pt", "Pouca memória"), ("en", "Little free memory")])
@pytest.mark.parametrize(("free", "little"), [(0, 1), (1.9e9, 1), (2e9, 0)])
def test_little_memory_is_told(monkeypatch, lang, piece, free, little):
    monkeypatch.setenv("COURSE_LANG", lang)
    memory = SimpleNamespace(total=8e9, available=free)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    told = list(remedies(check_environment()).values())
    assert [text.startswith(piece) for text in told] == [True] * little


def test_one_core_is_no_fault(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    assert remedies(check_environment())["cores"].startswith("Not a fault")


def test_cores_are_counted_where_the_system_does_not_say_which_are_allowed(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert check_environment().loc["cores", "found"] == "8"
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert check_environment().loc["cores", "found"] == "1"


def test_what_cannot_be_measured_is_unknown(monkeypatch, versions):
    def fails(path):
        raise OSError("no such drive")

    monkeypatch.setattr(shutil, "disk_usage", fails)
    monkeypatch.setitem(sys.modules, "psutil", None)
    del versions["psutil"]
    table = check_environment()
    assert table.loc[["memory", "disk"], "found"].tolist() == ["unknown", "unknown"]
    assert list(remedies(table)) == ["psutil"]


# --- Colab


def test_in_colab_nothing_is_installed_over_what_it_brings(monkeypatch, versions, colab):
    fake_gpus(monkeypatch, [])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100e9, 100e9, 0))
    monkeypatch.setattr(platform, "python_version", lambda: "3.15.0")
    for lang, menu in (("pt", "Ambiente de execução →"), ("en", "Runtime →")):
        monkeypatch.setenv("COURSE_LANG", lang)
        for version in ("0.0.1", "99", "?", None):
            for name in versions:
                versions[name] = version
            told = remedies(check_environment())
            assert "keras" in told and "Python" in told
            for text in told.values():
                assert "pip" not in text and ".venv" not in text and "README" not in text
            for name in ("Python", "tensorflow", "keras", "GPU", {"pt": "disco"}.get(lang, "disk")):
                assert menu in told[name]
        versions.clear()
        told = remedies(check_environment())
        assert menu in told["tensorflow"] and "pip" not in "".join(told.values())
        versions.update(FINE)


@pytest.mark.parametrize(("lang", "cell"), [("pt", "célula de preparação"), ("en", "set-up cell")])
def test_in_colab_the_setup_cell_brings_the_weights(monkeypatch, versions, colab, lang, cell):
    monkeypatch.setenv("COURSE_LANG", lang)
    del versions[WEIGHTS]
    told = remedies(check_environment())
    assert list(told) == [WEIGHTS] and cell in told[WEIGHTS]


def test_colab_as_it_is_needs_nothing_but_a_gpu(monkeypatch, versions, colab):
    pins = (ROOT / "tests/constraints-colab.txt").read_text()
    pinned = dict(re.findall(r"^([\w-]+)==([\d.]+)", pins, re.M))
    versions.update({name: version.strip(".") for name, version in pinned.items()})
    fake_gpus(monkeypatch, [])
    monkeypatch.setattr(platform, "python_version", lambda: "3.13.1")
    assert list(remedies(check_environment())) == ["GPU"]


def test_little_memory_in_colab_names_its_menus(monkeypatch, colab):
    monkeypatch.setattr(
        psutil, "virtual_memory", lambda: SimpleNamespace(total=12e9, available=1e9)
    )
    assert "Runtime → Manage sessions" in remedies(check_environment())["memory"]


# --- the texts


@pytest.mark.parametrize("key", ENVIRONMENT)
def test_texts_come_in_two_languages_with_the_same_places_to_fill(key):
    portuguese, english = ENVIRONMENT[key]
    assert portuguese.strip() and english.strip()
    assert portuguese != english or key == "GPU"
    assert portuguese.count("{}") == english.count("{}")
    assert portuguese.count("|") == english.count("|")
    assert not re.search(r"[{}]", (portuguese + english).replace("{}", ""))
    assert not re.search(r"\b(basta|simplesmente|just|simply|easily)\b", portuguese + english)


def test_every_text_is_used():
    source = inspect.getsource(checks)
    used = [*ENVIRONMENT, "missing", "old", "new", "unreadable"]
    assert [key for key in used if source.count(f'"{key}"') < 2] == []


def test_no_path_of_the_machine_is_shown(versions, tmp_path):
    versions.clear()
    table = check_environment(tmp_path / "none.txt")
    assert str(Path.home()) not in table.to_string() and str(ROOT) not in table.to_string()
