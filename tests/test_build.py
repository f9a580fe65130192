"""notebooks/build.py on a small course of its own."""

import json
import shutil

import build
import nbformat
import pytest

SOURCE = """\
# %% [markdown] lang="pt"
# # Título
#
# {{badges}} ![um quadrado](images/01_square.svg)

# %% [markdown] lang="en" of="TITLE"
# # Title
#
# {{badges}} ![a square](images/01_square.svg)

# %% tags=["setup"]
# written by build.py

# %% tags=["nbval-check-output"]
from pathlib import Path
from helpers import tool

len(list(Path("data", "toy").iterdir())), tool.NUMBER

# %% alt_pt="Uma reta & um ponto." alt_en="A line & a point."
import matplotlib.pyplot as plt

plt.plot([1, 2])
plt.show()

# %% [markdown] lang="pt"
# Quanto é 2 + 2?

# %% [markdown] lang="en" of="QUESTION"
# How much is 2 + 2?

# %% tags=["stub"]
answer = ...

# %% tags=["solution"]
answer = 4

# %% tags=["check", "localized"]
import os

{"pt": "certo", "en": "right"}[os.environ["COURSE_LANG"]] if answer == 4 else "pending"

# %%
1 + 1

# %%
print("10 %\\r\\x08\\x08100 %", os.environ["COURSE_LANG"])
"""
GLOSSARY = """\
pt,en,pt_forms,en_forms,meaning_pt,meaning_en,pt_never,from
lote,batch,lotes?,batch(es)?,o que se vê de uma vez,what is seen at once,batch(es)?,pt en
treino,training,trein\\w+,train\\w*|runs?,mudar os pesos,changing the weights,,pt
"""
SETUP = """\
import os
import sys

os.environ["COURSE_LANG"] = "{lang}"
os.chdir("..")
sys.path.insert(0, os.getcwd())
print("I0000 00:00:17953.1 cudart_stub.cc:31] Could not find cuda drivers", file=sys.stderr)
ADDRESS = "{address}"
"""


def stamped(source):
    """The source with the ids of its Portuguese cells on the English twins."""
    title, question = source.split('lang="pt"\n')[1:]
    for word, text in (("TITLE", title), ("QUESTION", question)):
        lines = text.split("\n\n# %%")[0].splitlines()
        cell = "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)
        source = source.replace(word, build.content_id(cell))
    return source


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one chapter, built, in a folder of its own."""
    for folder in ("notebooks/source", "helpers", "data/toy", "images"):
        (tmp_path / folder).mkdir(parents=True)
    project = '[project.urls]\nRepository = "https://github.com/me/mine"\n'
    (tmp_path / "pyproject.toml").write_text(project)
    (tmp_path / "helpers/__init__.py").touch()
    (tmp_path / "helpers/tool.py").write_text("NUMBER = 7\n")
    (tmp_path / "data/toy/a.csv").write_text("a")
    (tmp_path / "images/01_square.svg").write_text("<svg/>")
    (tmp_path / "notebooks/glossary.csv").write_text(GLOSSARY, "utf-8")
    link = "https://colab.research.google.com/github/OLD/ONE/blob/main/notebooks/pt/01_toy.ipynb"
    (tmp_path / "README.md").write_text(f"[Colab]({link})\ngit clone https://github.com/OLD/ONE\n")
    (tmp_path / "notebooks/source/01_toy.py").write_text(stamped(SOURCE), "utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "SETUP", SETUP)
    assert build.main([]) == 0
    return tmp_path


@pytest.fixture(scope="module")
def executed_course(tmp_path_factory):
    """The same course, executed once for the tests below."""
    folder = tmp_path_factory.mktemp("executed")
    with pytest.MonkeyPatch.context() as monkeypatch:
        root = course.__wrapped__(folder, monkeypatch)
        assert build.main(["--run", "01"]) == 0
        assert build.main(["--check"]) == 0
    return root


@pytest.fixture
def executed(executed_course, tmp_path, monkeypatch):
    """A fresh copy of the executed course."""
    root = tmp_path / "copy"
    shutil.copytree(executed_course, root)
    monkeypatch.setattr(build, "ROOT", root)
    monkeypatch.setattr(build, "SETUP", SETUP)
    return root


def cells(root, copy):
    return json.loads((root / f"notebooks/{copy}/01_toy.ipynb").read_text("utf-8"))["cells"]


def text_of(root, copy):
    return "\n".join("".join(cell["source"]) for cell in cells(root, copy))


def replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def source_of(root):
    return root / "notebooks/source/01_toy.py"


def check(capsys):
    """Exit status of --check and what it says."""
    status = build.main(["--check"])
    return status, capsys.readouterr().err


def test_copies_differ_in_language_and_in_solutions(course):
    assert "Título" in text_of(course, "pt") and "Title" not in text_of(course, "pt")
    assert "Title" in text_of(course, "en") and "Título" not in text_of(course, "en")
    for lang in ("pt", "en"):
        assert "answer = ..." in text_of(course, lang)
        assert "answer = 4" not in text_of(course, lang)
        assert "answer = 4" in text_of(course, f"{lang}/solutions")
        assert "answer = ..." not in text_of(course, f"{lang}/solutions")


def test_code_is_the_same_in_both_languages_but_for_one_line(course):
    def code(copy):
        chosen = [cell for cell in cells(course, copy) if cell["cell_type"] == "code"]
        return "".join("".join(cell["source"]) + "\n" for cell in chosen).splitlines()

    pairs = zip(code("pt"), code("en"), strict=True)
    different = [pair for pair in pairs if pair[0] != pair[1]]
    line = 'os.environ["COURSE_LANG"] = "{}"'
    assert different == [(line.format("pt"), line.format("en"))]


def test_building_twice_changes_nothing(course, capsys):
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    assert build.main([]) == 0
    assert "wrote" not in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}


def test_badge_opens_this_very_copy(course):
    for copy in ("pt", "en", "pt/solutions", "en/solutions"):
        badge = f"(https://colab.research.google.com/github/me/mine/blob/main/notebooks/{copy}/"
        assert text_of(course, copy).count(f"colab-badge.svg)]{badge}01_toy.ipynb)") == 1


def test_images_are_inlined_with_their_alt_text(course):
    assert "![um quadrado](data:image/svg+xml;base64,PHN2Zy8+)" in text_of(course, "pt")


def test_address_reaches_badges_setup_and_readme(course):
    replace(course / "pyproject.toml", "me/mine", "you/yours")
    assert build.main([]) == 0
    assert "https://github.com/you/yours" in text_of(course, "pt")
    readme = (course / "README.md").read_text()
    assert "git clone https://github.com/you/yours\n" in readme
    assert "google.com/github/you/yours/blob/main/notebooks/pt/01_toy.ipynb" in readme


def test_changed_portuguese_cell_without_its_twin_fails(course, capsys):
    replace(source_of(course), "Quanto é 2 + 2?", "Quanto dá 2 + 2?")
    status, said = check(capsys)
    assert status == 1
    wanted = build.content_id("Quanto dá 2 + 2?")
    assert "Quanto dá 2 + 2?" in said and f'of="{wanted}"' in said
    replace(source_of(course), build.content_id("Quanto é 2 + 2?"), wanted)
    assert build.main([]) == 0


@pytest.mark.parametrize(
    ("pt", "en", "problem"),
    [
        ("Dois lotes do treino", "Two batches of the training", ""),
        ("Dois *lotes* e um treino", "Two batches and one run", ""),
        ("Um lote (*batch*)", "A batch", ""),
        ("O lote `x`", "The `batch_size`", ""),  # a name in code says it too
        ("O nome `batch`", "The name `batch`", ""),
        ("Ler [Um lote](https://a.b)", "Read [One thing](https://a.b)", ""),  # titles are not terms
        ("O passeio", "They run", ""),  # `from` pt: English may say it otherwise
        ("Dois lotes", "Two groups", '"lote" in pt, but no "batch" in en'),
        ("Dois grupos", "Two batches", '"batch" in en, but no "lote" in pt'),
        ("Lote de treino", "Batch of photos", '"treino" in pt, but no "training" in en'),
        ("Um batch, ou lote", "A batch", 'says "batch", not "lote"'),
    ],
)
def test_a_term_of_the_glossary_stands_in_both_languages_or_in_none(
    course, capsys, pt, en, problem
):
    replace(source_of(course), "Quanto é 2 + 2?", pt)
    replace(source_of(course), "How much is 2 + 2?", en)
    replace(source_of(course), build.content_id("Quanto é 2 + 2?"), build.content_id(pt))
    assert build.main([]) == int(bool(problem))
    said = capsys.readouterr().err
    assert (problem in said) if problem else ("says" not in said and "but no" not in said)


def test_missing_twin_fails(course, capsys):
    text = source_of(course).read_text("utf-8")
    start, end = text.index('# %% [markdown] lang="en" of'), text.index("# %% tags=")
    source_of(course).write_text(text[:start] + text[end:], "utf-8")
    assert check(capsys)[0] == 1


def test_unknown_tag_and_text_without_language_fail(course, capsys):
    replace(source_of(course), '["stub"]', '["stubb"]')
    assert "stubb" in check(capsys)[1]
    replace(source_of(course), '["stubb"]', '["stub"]')
    replace(source_of(course), "# %%\n1 + 1", "# %% [markdown]\n# Fim.")
    assert "expected lang=" in check(capsys)[1]


def test_stub_without_check_fails(course, capsys):
    replace(source_of(course), '["check", "localized"]', '["localized"]')
    status, said = check(capsys)
    assert status == 1 and "without a check" in said


def test_notebook_without_source_fails(executed, capsys):
    shutil.copy(executed / "notebooks/pt/01_toy.ipynb", executed / "notebooks/pt/02_old.ipynb")
    status, said = check(capsys)
    assert status == 1 and "02_old.ipynb" in said


def test_never_executed_fails(course, capsys):
    status, said = check(capsys)
    assert status == 1 and "stale" in said


@pytest.mark.parametrize("copy", ["pt", "en", "pt/solutions", "en/solutions"])
def test_hand_edited_notebook_fails(executed, capsys, copy):
    replace(executed / f"notebooks/{copy}/01_toy.ipynb", "1 + 1", "1 + 2")
    status, said = check(capsys)
    assert status == 1 and f"{copy}/01_toy.ipynb" in said


def test_output_edited_in_all_copies_fails(executed, capsys):
    for copy in ("pt", "en", "pt/solutions", "en/solutions"):
        replace(executed / f"notebooks/{copy}/01_toy.ipynb", '"(1, 7)"', '"(1, 8)"')
    status, said = check(capsys)
    assert status == 1 and "stale" in said


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("notebooks/source/01_toy.py", "plt.plot([1, 2])", "plt.plot([2, 1])"),
        ("helpers/tool.py", "7", "8"),
        ("data/toy/a.csv", "a", "b"),
    ],
    ids=["code", "helper", "sample"],
)
def test_stale_output_fails(executed, capsys, file, old, new):
    replace(executed / file, old, new)
    assert build.main([]) == 0  # the text of the notebooks is right again, the outputs are not
    status, said = check(capsys)
    assert status == 1 and "stale" in said


def test_changed_prose_or_alt_text_leaves_outputs_valid(executed, capsys):
    replace(source_of(executed), "Uma reta", "Uma linha reta")
    assert build.main([]) == 0
    assert check(capsys) == (0, "")
    assert "Uma linha reta" in (executed / "notebooks/pt/01_toy.ipynb").read_text("utf-8")


def test_outputs_come_from_the_sample_and_are_shared(executed):
    for copy in ("pt", "en", "pt/solutions", "en/solutions"):
        code = [cell for cell in cells(executed, copy) if cell["cell_type"] == "code"]
        shown = [cell for cell in code if "tool.NUMBER" in "".join(cell["source"])]
        assert shown[0]["outputs"][0]["data"]["text/plain"] == "(1, 7)"


def test_the_last_cell_shows_the_end_of_a_bar_and_the_first_language(executed):
    for copy in ("pt", "en", "pt/solutions", "en/solutions"):
        last = cells(executed, copy)[-1]
        assert last["outputs"][0]["text"] == "100 % pt\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1/2\r2/2\n", "2/2\n"),
        ("1/2 [=>.]\x08\x08\r2/2 [==]\nab\n", "2/2 [==]\nab\n"),
        ("a\r\nb\n", "a\r\nb\n"),
        ("a\r\r\nb", "a\r\r\nb"),
        ("working\r", None),
    ],
)
def test_outputs_are_kept_as_a_terminal_would_show_them(written, kept):
    stream = {"name": "stdout", "output_type": "stream", "text": written}
    once = build.canonical([stream])
    assert once == ([] if kept is None else [stream | {"text": kept}])
    assert build.canonical(once) == once


def test_localized_cell_speaks_the_language_of_its_copy(executed):
    for lang, word in (("pt", "'certo'"), ("en", "'right'")):
        checks = [
            cell
            for cell in cells(executed, f"{lang}/solutions")
            if "check" in cell["metadata"].get("tags", [])
        ]
        assert checks[0]["outputs"][0]["data"]["text/plain"] == word


def test_student_copy_drops_the_outputs_of_exercises_only(executed):
    code = [cell for cell in cells(executed, "pt") if cell["cell_type"] == "code"]
    tags = [cell["metadata"].get("tags", []) for cell in code]
    stub = tags.index(["stub"])
    assert [cell["outputs"] for cell in code[stub : stub + 2]] == [[], []]
    assert [cell["execution_count"] for cell in code[stub : stub + 2]] == [None, None]
    assert code[stub - 1]["outputs"] and code[stub + 2]["outputs"]


def test_execution_counts_run_from_1_to_n(executed):
    counts = [c["execution_count"] for c in cells(executed, "pt/solutions") if "outputs" in c]
    assert counts == list(range(1, len(counts) + 1))


def test_figures_carry_alt_text_in_the_language_of_the_copy(executed):
    for copy, alt in (
        ("pt", "Uma reta &amp; um ponto."),
        ("en/solutions", "A line &amp; a point."),
    ):
        outputs = [o for cell in cells(executed, copy) for o in cell.get("outputs", [])]
        figures = [o["data"]["text/html"] for o in outputs if "text/html" in o.get("data", {})]
        assert len(figures) == 1 and f'alt="{alt}"' in figures[0]
        assert not any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize(
    ("cell", "said_of_it"),
    [
        ("import warnings\nwarnings.warn('old')", "warning"),
        ("import os\nos.getcwd()", "path"),
        ("plt.plot([1])\nplt.show()", "alt_pt"),
    ],
)
def test_run_refuses_outputs_that_a_reader_should_not_find(course, capsys, cell, said_of_it):
    replace(source_of(course), "1 + 1", cell)
    assert build.main(["--run", "01"]) == 1
    assert said_of_it in capsys.readouterr().err


def test_a_chapter_whose_claims_are_false_fails(course, capsys):
    results = (
        '# %% tags=["results"]\nprint(1)\n\n# %% tags=["nbval-check-output"]\n{"learns": 1 > 2}'
    )
    replace(source_of(course), "# %%\n1 + 1", results)
    assert build.main(["--run", "01"]) == 1
    assert "holds False" in capsys.readouterr().err


def test_a_cell_that_raises_is_named_by_run(course, capsys):
    replace(source_of(course), "1 + 1", "1 / 0")
    assert build.main(["--run", "01"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_two_figures_in_one_cell_fail(course, capsys):
    replace(source_of(course), "plt.show()", "plt.show()\nplt.plot([2, 1])\nplt.show()")
    assert build.main(["--run", "01"]) == 1
    assert "2 figures" in capsys.readouterr().err


def test_a_localized_figure_is_one_figure_in_each_language(course, capsys):
    replace(source_of(course), '# %% alt_pt="Uma', '# %% tags=["localized"] alt_pt="Uma')
    assert build.main(["--run", "01"]) == 0, capsys.readouterr().err
    assert check(capsys) == (0, "")


def test_a_notebook_saved_by_jupyter_is_named_and_built_again(executed, capsys):
    path = executed / "notebooks/pt/solutions/01_toy.ipynb"
    before = path.read_text("utf-8")
    nbformat.write(nbformat.read(path, as_version=4), path)
    assert "pt/solutions/01_toy.ipynb" in check(capsys)[1]
    assert build.main([]) == 0 and path.read_text("utf-8") == before


def test_a_notebook_cut_short_is_named(executed, capsys):
    path = executed / "notebooks/pt/solutions/01_toy.ipynb"
    path.write_text(path.read_text("utf-8")[:500], "utf-8")
    status, said = check(capsys)
    assert status == 1 and "01_toy.ipynb: unreadable" in said


def test_checkpoints_of_jupyter_do_not_count(executed, capsys):
    for folder in ("notebooks/pt", "data/toy"):
        (executed / folder / ".ipynb_checkpoints").mkdir()
        (executed / folder / ".ipynb_checkpoints/01_toy-checkpoint.ipynb").write_text("{}")
        (executed / folder / ".ipynb_checkpoints/a-checkpoint.csv").write_text("b")
    assert check(capsys) == (0, "")


def test_a_tag_that_changes_the_outputs_makes_them_stale(executed, capsys):
    replace(source_of(executed), "# %%\n1 + 1", '# %% tags=["localized"]\n1 + 1')
    build.main([])
    assert "stale" in check(capsys)[1]


@pytest.mark.parametrize(
    ("old", "new", "said_of_it"),
    [
        ("# %%\n1 + 1", '# %% [markdown] lang="en"\n# Stray.', "without a Portuguese one"),
        ("# %%\n1 + 1", '# %% lang="pt"\n1 + 1', "code is shared"),
        ("1 + 1", "1 +", "is not Python"),
        ("# %%\n1 + 1", "# %%\n\n# %%\n1 + 1", "empty, remove it"),
        ('tags=["stub"]', 'tag=["stub"]', "unknown metadata"),
        ('tags=["stub"]', 'tags="stub"', "is not of type 'array'"),
        ("images/01_square.svg", "images/01_circle.svg", "received images/01_circle.svg"),
        ("![um quadrado]", "![]", "expected ![alt text]"),
        ("# %%\n1 + 1", '# %% [markdown] lang="pt"\n# <img src="images/x.png">', "expected images"),
    ],
)
def test_plausible_mistakes_are_named(course, capsys, old, new, said_of_it):
    text = source_of(course).read_text("utf-8")
    assert old in text
    source_of(course).write_text(text.replace(old, new, 1), "utf-8")
    status, said = check(capsys)
    assert status == 1 and said_of_it in said and "01_toy.py: " in said


def test_a_chapter_that_does_not_exist_is_refused(course, capsys):
    for chapter in ("7", "77", "0"):
        with pytest.raises(SystemExit):
            build.main(["--run", chapter])
        assert f"no chapter {chapter}" in capsys.readouterr().err
