"""Student copies: the code is that of both languages, and untouched it runs from top to bottom."""

import os

import nbformat
import pytest
from nbclient import NotebookClient
from test_notebooks import NOTEBOOKS, ROOT, cells, text

ENGLISH = [
    path.relative_to(ROOT / "notebooks/en")
    for path in NOTEBOOKS
    if path.is_relative_to(ROOT / "notebooks/en")
]
STUDENT = [path for path in NOTEBOOKS if path.parent.name == "pt"]


def code_lines(path):
    return [line for cell in cells(path, "code") for line in text(cell).splitlines()]


@pytest.mark.parametrize("place", ENGLISH, ids=lambda place: place.as_posix())
def test_both_languages_have_the_same_code(place):
    english, portuguese = (code_lines(ROOT / "notebooks" / lang / place) for lang in ("en", "pt"))
    pairs = zip(english, portuguese, strict=True)
    assert [(en, pt) for en, pt in pairs if en != pt] == [
        ('os.environ["COURSE_LANG"] = "en"', 'os.environ["COURSE_LANG"] = "pt"')
    ]


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
