"""What holds for every generated notebook, without running it (nbval runs them)."""

import json
import re
import unicodedata
from pathlib import Path

import build
import nbformat
import pytest
from nbconvert import HTMLExporter

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(
    path for path in ROOT.glob("notebooks/[pe][tn]/**/*.ipynb") if not build.is_hidden(path)
)
EACH = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT / "notebooks").as_posix()
)
UNFRIENDLY = {
    "pt": r"\b(basta|simplesmente|obviamente|facilmente|trivial)\b",
    "en": r"\b(just|simply|obviously|easily|trivial)\b",
}


def cells(path, kind=None):
    book = json.loads(path.read_text("utf-8"))
    return [cell for cell in book["cells"] if kind in (None, cell["cell_type"])]


def text(cell):
    return "".join(cell["source"])


def test_notebooks_are_what_build_writes_and_outputs_are_fresh(capsys):
    status = build.main(["--check"])
    assert status == 0, capsys.readouterr().err


def test_every_source_has_four_copies():
    sources = {path.stem for path in (ROOT / "notebooks/source").glob("*.py")}
    assert sources and {path.stem for path in NOTEBOOKS} == sources
    assert len(NOTEBOOKS) == 4 * len(sources)


@EACH
def test_badge_opens_this_notebook(path):
    badge = re.search(r"colab-badge\.svg\)\]\(([^)]+)\)", text(cells(path)[0]))
    assert badge[1].endswith(f"/blob/main/{path.relative_to(ROOT).as_posix()}")


@EACH
def test_notebook_is_valid_small_and_shows_no_machine_path(path):
    nbformat.validate(nbformat.read(path, as_version=4))
    content = path.read_text("utf-8")
    assert len(content.encode()) < 1_000_000
    assert not re.search(r"(?<![\w.])/(home|root|tmp|work|Users|content(?!/drive))/\w", content)
    assert str(ROOT) not in content


@EACH
def test_cells_are_short_and_text_comes_first(path):
    code = cells(path, "code")
    assert all(len(text(cell).splitlines()) <= 25 for cell in code)
    assert cells(path)[0]["cell_type"] == "markdown"
    tags = [tag for cell in code for tag in cell["metadata"].get("tags", [])]
    assert [tags.count(tag) for tag in ("setup", "parameters", "results")] == [1, 1, 1]


@EACH
def test_headings_are_in_order(path):
    prose = "\n".join(text(cell) for cell in cells(path, "markdown"))
    levels = [len(found) for found in re.findall(r"^(#+) ", prose, re.M)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@EACH
def test_no_word_tells_the_reader_that_it_is_easy(path):
    lang = path.relative_to(ROOT / "notebooks").parts[0]
    prose = "\n".join(text(cell) for cell in cells(path, "markdown"))
    assert not re.findall(UNFRIENDLY[lang], prose, re.I)


@EACH
def test_images_in_the_text_are_inline_and_have_alt_text(path):
    for cell in cells(path, "markdown"):
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text(cell)):
            assert alt.strip()
            assert target.startswith("data:image/") or target.endswith("colab-badge.svg")


@EACH
def test_outputs_have_no_warning_and_no_error(path):
    outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
    assert outputs
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]


@EACH
def test_html_has_real_alt_text_for_every_image(path):
    page = HTMLExporter().from_filename(str(path))[0]
    images = re.findall(r"<img\b[^>]*>", page)
    assert images
    assert all(re.search(r'alt="[^"]{3,}"', image) for image in images)
    assert "No description has been provided" not in page


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_readme_has_a_badge_for_each_chapter_and_the_line_that_ci_runs(readme):
    page = (ROOT / readme).read_text("utf-8")
    lang = "en" if ".en." in readme else "pt"
    for source in (ROOT / "notebooks/source").glob("*.py"):
        assert f"({build.colab(lang, False, source.stem)})" in page
    lines = re.findall(r"^python3 -m venv .*pytest$", page, re.M)
    assert len(lines) == 1
    assert lines[0] in (ROOT / "README.md").read_text("utf-8")
    assert "grep -m 1 'pytest$' README.md" in (ROOT / ".ci/run").read_text("utf-8")


def test_the_glossary_is_in_order_and_every_term_of_it_is_used():
    terms = build.glossary()
    text = {
        lang: " ".join(
            build.prose(cell.source, code=False)
            for path in (ROOT / "notebooks/source").glob("*.py")
            for cell in build.read_source(path)[0]
            if cell.metadata.get("lang") == lang
        )
        for lang in build.LANGUAGES
    }
    words = [term["pt"] for term in terms]
    assert len(words) >= 30 and len(set(words)) == len(words)
    assert words == sorted(words, key=lambda word: unicodedata.normalize("NFD", word))
    for term in terms:
        assert term["meaning_pt"] and term["meaning_en"] and term["from"] in ("pt", "pt en")
        assert all(term[f"find_{lang}"].search(text[lang]) for lang in build.LANGUAGES), term["pt"]
        assert all(term[f"find_{lang}"].search(term[lang]) for lang in build.LANGUAGES), term["pt"]
