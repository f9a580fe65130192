"""Student copies: the code is that of both languages, and untouched it runs from top to bottom."""

import os

import nbformat
import pytest
from nbclient import NotebookClient
from test_notebooks import EACH, NOTEBOOKS, ROOT, cells, text

STUDENT = [path for path in NOTEBOOKS if path.parent.name == "pt"]


@EACH
def test_both_languages_have_the_same_code(path):
    place = path.relative_to(ROOT / "notebooks").as_posix()
    twin = ROOT / "notebooks" / place.replace("en/", "pt/", 1)
    lines = text_lines(path)
    others = text_lines(twin)
    changed = [(mine, his) for mine, his in zip(lines, others, strict=True) if mine != his]
    lang = place[:2]
    expected = [('os.environ["COURSE_LANG"] = "en"', 'os.environ["COURSE_LANG"] = "pt"')]
    assert changed == (expected if lang == "en" else [])


def text_lines(path):
    return [line for cell in cells(path, "code") for line in text(cell).splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("path", STUDENT, ids=lambda path: path.stem)
def test_an_untouched_student_copy_runs(path):
    book = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(book, timeout=None, resources=place)
    client.execute(env=os.environ | {"COURSE_SUBSET": "sample"})
    checks = [cell for cell in book.cells if "check" in cell.metadata.get("tags", [])]
    assert len(checks) >= 3
    assert all("○ Pendente" in str(cell.outputs) for cell in checks)
