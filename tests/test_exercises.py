"""Exercises: untouched they are pending, the solutions pass, and nothing else needs them."""

import ast
import re
import sys

from test_notebooks import EACH, ROOT, cells, text


def tags(cell):
    return cell["metadata"].get("tags", [])


def exercises(path):
    """Code cells from each stub or solution to its check."""
    found, begun = [], None
    for cell in cells(path, "code"):
        if {"stub", "solution"} & set(tags(cell)):
            begun = []
        if begun is not None:
            begun.append(cell)
        if "check" in tags(cell):
            found.append(begun)
            begun = None
    return found


def preparation(path):
    """Code before the second section of a chapter: setup, parameters, imports."""
    chosen, sections = [], 0
    for cell in cells(path):
        sections += len(re.findall(r"^## ", text(cell), re.M)) * (cell["cell_type"] == "markdown")
        if sections < 2 and cell["cell_type"] == "code":
            chosen.append(cell)
    return chosen


def names(cell, kind):
    return {
        node.id if isinstance(node, ast.Name) else node.name
        for node in ast.walk(ast.parse(text(cell)))
        if (isinstance(node, ast.Name) and isinstance(node.ctx, kind))
        or (kind is ast.Store and isinstance(node, ast.FunctionDef | ast.ClassDef))
    }


@EACH
def test_a_chapter_has_at_least_five_exercises_that_check_themselves(path):
    found = exercises(path)
    assert len(found) >= (3 if path.stem.startswith("00") else 5)  # 00 is an introduction
    assert len({text(exercise[-1]) for exercise in found}) == len(found)
    solutions = "solutions" in path.parts
    for exercise in found:
        assert tags(exercise[0]) == ["solution" if solutions else "stub"]
        assert "localized" in tags(exercise[-1])


@EACH
def test_nothing_later_depends_on_an_exercise(path):
    answers = set()
    for cell in cells(path, "code"):
        if {"stub", "solution"} & set(tags(cell)):
            answers |= names(cell, ast.Store)
        elif "check" not in tags(cell):
            assert not answers & names(cell, ast.Load)


@EACH
def test_answers_are_pending_untouched_and_right_in_the_solutions(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COURSE_LANG", "")  # the setup cell writes to both: undone afterwards
    monkeypatch.setattr(sys, "path", [*sys.path])
    state = {}
    for cell in preparation(path):
        exec(text(cell), state)
    solutions, lang = "solutions" in path.parts, path.relative_to(ROOT).parts[1]
    mark = {"pt": ("○ Pendente", "✓ Certo"), "en": ("○ Pending", "✓ Correct")}[lang][solutions]
    for exercise in exercises(path):
        for cell in exercise[:-1]:
            exec(text(cell), state)
        verdict = eval(text(exercise[-1]), state)
        assert str(verdict).startswith(mark)
        outputs = exercise[-1]["outputs"]
        assert [mark in str(output) for output in outputs] == [True] * solutions
