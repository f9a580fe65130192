"""The page of chapter 06 in a real browser: headless Chromium, driven by Playwright.

Without Chromium or the files of npm these tests are skipped, or fail where CI=true.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import build
import jupytext
import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "notebooks/browser"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
ROADS = ("fit", "fitDataset", "optimizer.minimize")
SECONDS = 1000  # milliseconds
THREE = [(30, 20), (45, 12), (62, 15), (68, 28), (60, 40), (45, 46), (62, 52), (72, 66), (64, 82)]
THREE += [(45, 88), (28, 80)]


@pytest.fixture(scope="module")
def browser():
    missing = [
        name
        for name, found in {
            "chromium": CHROMIUM,
            "npm ci --ignore-scripts --prefix notebooks/browser": (PAGE / "node_modules").is_dir(),
        }.items()
        if not found
    ]
    if missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"needs {missing}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def chapter(tmp_path_factory):
    """What chapter 06 leaves in memory once its cells ran up to the server."""
    import matplotlib.pyplot as plt

    here, path, state = os.getcwd(), [*os.sys.path], {}
    cells = jupytext.read(ROOT / "notebooks/source/06_browser.py", fmt="py:percent").cells
    os.chdir(ROOT)
    try:
        for cell in (cell for cell in cells if cell.cell_type == "code"):
            tags = cell.metadata.get("tags", [])
            setup = build.SETUP.format(lang="pt", address="") if "setup" in tags else cell.source
            exec(setup, state)
            if "parameters" in tags:
                state["SITE"] = tmp_path_factory.mktemp("site")
            if "ThreadingHTTPServer(" in cell.source:
                break
    finally:
        os.chdir(here)
        os.sys.path[:] = path
        plt.close("all")
    state["FULL_ADDRESS"] = f"http://127.0.0.1:{state['server'].server_port}/"
    yield state
    state["server"].shutdown()


class Visit:
    """One page, and all that it asked for and complained of."""

    def __init__(self, browser, address, lang="pt", **options):
        self.context = browser.new_context(
            **({"viewport": {"width": 1000, "height": 900}} | options)
        )
        self.page = self.context.new_page()
        self.hosts, self.complaints = set(), []
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        self.page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.address = f"{address}?lang={lang}"

    def few_epochs(self, count=2):
        """Makes the training short, where its end does not matter."""

        def shorten(route):
            digits = route.fetch().json()
            digits["settings"]["epochs"] = count
            route.fulfill(json=digits)

        self.page.route("**/digits.json", shorten)
        return self

    def change_code(self, old, new):
        """Makes the page run another `page.js`, as a reader does who edits it."""
        code = (PAGE / "page.js").read_text("utf-8")
        assert old in code
        body, kind = code.replace(old, new), "text/javascript"
        self.page.route("**/page.js", lambda route: route.fulfill(body=body, content_type=kind))

    def open(self):
        self.page.goto(self.address)
        self.page.wait_for_selector("#train:enabled")
        return self.page

    def train(self, road="fit"):
        self.page.check(f"[value='{road}']")
        self.page.evaluate("document.querySelector('#status').textContent = ''")
        self.page.click("#train")
        over = "/^(Fim|Done)/.test(document.querySelector('#status').textContent)"
        self.page.wait_for_function(over, timeout=60 * SECONDS)

    def epochs(self):
        """Rows of the table: epoch, loss, val_loss, val_accuracy (0..1), tensors."""
        return np.array(
            [
                [
                    float(text.replace(",", ".").rstrip("%\xa0")) / (100 if "%" in text else 1)
                    for text in row.split("\t")
                ]
                for row in self.page.inner_text("#epochs tbody").splitlines()
            ]
        )


@pytest.fixture
def visit(browser, chapter):
    visits = []

    def make(**options):
        visits.append(Visit(browser, chapter["FULL_ADDRESS"], **options))
        return visits[-1]

    yield make
    for one in visits:
        one.context.close()


def pixels(photo, size):
    """A photo (PIL), as the notebook says that the page reads it."""
    array = np.asarray(photo, "float64") / 255
    ratio = max(r for r in (1, 2, 4, 8) if r <= max(min(array.shape[:2]) // size, 1))
    height, width = (side // ratio for side in array.shape[:2])
    means = np.zeros((height, width, 3))
    for row in range(height):
        for column in range(width):
            block = array[row * ratio : (row + 1) * ratio, column * ratio : (column + 1) * ratio]
            means[row, column] = block.mean(axis=(0, 1))
    for axis in (0, 1):
        n = means.shape[axis]
        at = np.clip((np.arange(size) + 0.5) * n / size - 0.5, 0, n - 1)
        low = np.floor(at).astype(int)
        high, part = np.minimum(low + 1, n - 1), at - low
        part = part.reshape([-1, 1, 1] if axis == 0 else [1, -1, 1])
        means = means.take(low, axis) * (1 - part) + means.take(high, axis) * part
    return means


def encoded(photo, kind, **options):
    buffer = io.BytesIO()
    photo.save(buffer, kind, **options)
    return buffer.getvalue()


def read_by_the_page(page, data, size):
    """What `readPhoto` of page.js makes of a file's bytes."""
    code = """async ([data, size]) => {
        const { openPhoto, readPhoto } = await import("/page.js");
        const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
        return Array.from(readPhoto(await openPhoto(new Blob([bytes]), "x"), size));
    }"""
    text = base64.b64encode(data).decode()
    return np.array(page.evaluate(code, [text, size])).reshape(size, size, 3)


# ------------------------------------------------------------------- files, without a browser


def texts(lang):
    page = (PAGE / "page.js").read_text("utf-8")
    block = re.search(rf"^  {lang}: {{\n(.*?)^  }},$", page, re.M | re.S)[1]
    return dict(re.findall(r'^    (\w+):\s+"(.*)",$', block, re.M))


def test_both_languages_say_the_same_things():
    pt, en = texts("pt"), texts("en")
    assert len(pt) > 40 and list(pt) == list(en)
    for key in pt:
        assert sorted(re.findall(r"{(\w+)}", pt[key])) == sorted(re.findall(r"{(\w+)}", en[key]))
        assert key in ("empty", "keras", "photoIs") or pt[key] != en[key]


def test_every_text_is_used_and_every_used_text_exists():
    page, html = ((PAGE / name).read_text("utf-8") for name in ("page.js", "index.html"))
    used = set(re.findall(r'data-(?:text|label)="(\w+)"', html))
    body = page[page.index("let lang") :]
    used |= {key for key in texts("en") if re.search(rf"[\"']{key}[\"']", body)}
    assert used == set(texts("en"))


def test_versions_are_exact_and_the_hashes_are_those_of_the_files():
    package = json.loads((PAGE / "package.json").read_text("utf-8"))
    lock = json.loads((PAGE / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in package["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert lock[f"node_modules/{name}"]["version"] == version
    page = (PAGE / "page.js").read_text("utf-8").replace('${recent ? "" : "_compat"}', "")
    for file, integrity in package["libraryFiles"].items():
        assert Path(file).stem.replace("_compat", "") in page
        assert re.fullmatch(r"sha384-[\w+/]{64}", integrity)
        if (path := PAGE / "node_modules" / file).exists():
            digest = base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
            assert integrity == f"sha384-{digest}", file


# ------------------------------------------------------------------- the page


@pytest.mark.parametrize("road", ROADS)
def test_a_road_learns_the_digits_as_keras_does_and_leaves_no_tensor_behind(visit, chapter, road):
    one = visit()
    one.open()
    one.train(road)
    first = one.epochs()
    keras = np.transpose([chapter["digit_log"][key] for key in ("loss", "val_loss")])
    np.testing.assert_allclose(first[:, 1:3], keras, atol=6e-5)  # four decimals are shown
    assert first[-1, 3] >= 0.9
    assert road in one.page.inner_text("#status")
    assert len(set(first[:, 4])) == 1  # tensors, after each epoch
    found = re.search(r": (\d),(\d) × 10⁻([⁰¹²³⁴⁵⁶⁷⁸⁹])", one.page.inner_text("#difference"))
    exponent = "⁰¹²³⁴⁵⁶⁷⁸⁹".index(found[3])
    assert exponent >= 6
    assert one.hosts == {"127.0.0.1", None}  # None: the libraries, checked and kept in memory
    assert not one.complaints


@pytest.mark.parametrize("road", ROADS)
def test_a_network_gives_its_tensors_back_when_the_next_one_begins(visit, road):
    one = visit().few_epochs()
    one.open()
    tensors = []
    for _ in range(2):
        one.train(road)
        tensors.append(one.epochs()[:, 4].tolist())
    assert tensors[0] == tensors[1]


def test_a_line_that_frees_nothing_is_seen_in_the_column_of_tensors(visit):
    one = visit().few_epochs(3)
    one.change_code("      tf.dispose([xs, ys, loss]);\n", "")
    one.open()
    one.train("optimizer.minimize")
    tensors = one.epochs()[:, 4]
    assert set(np.diff(tensors)) == {3 * 34}  # the chapter asks for this number


@pytest.mark.slow
def test_a_reader_may_choose_another_optimizer(visit):
    one = visit().few_epochs()
    one.change_code("tf.train.momentum(learningRate, momentum)", "tf.train.adam(0.003)")
    page = one.open()
    for _ in range(2):
        one.train("fit")
        assert page.inner_text("#alert") == ""
    assert len(set(one.epochs()[:, 4])) == 1


def test_training_stops_when_asked_and_starts_again(visit):
    one = visit()
    page = one.open()
    for road in ("optimizer.minimize", "fit"):
        page.check(f"[value='{road}']")
        page.click("#train")
        page.wait_for_function("document.querySelector('#epochs tbody')?.rows.length >= 1")
        page.click("#stop")
        page.wait_for_selector("#train:enabled")
        assert len(one.epochs()) < 10
        assert "interrompido" in page.inner_text("#status")
        page.evaluate("document.querySelector('#epochs').replaceChildren()")
    assert not one.complaints


def test_a_digit_is_drawn_with_the_mouse_and_with_the_keyboard(visit):
    one = visit()
    page = one.open()
    paper = page.locator("#paper")
    paper.scroll_into_view_if_needed()

    def draw():
        box = paper.bounding_box()
        for number, (x, y) in enumerate(THREE):
            page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)
            if number == 0:
                page.mouse.down()
        page.mouse.up()

    draw()
    assert "Treine a rede primeiro" in page.inner_text("#digit-answer")
    one.train("optimizer.minimize")  # answers what was drawn before
    assert page.inner_text("#digit-answer").startswith("A rede responde 3 (")
    page.click("#clear")
    assert page.inner_text("#digit-answer") == "" and page.inner_text("#digit-bars") == ""
    draw()
    assert page.inner_text("#digit-answer").startswith("A rede responde 3 (")

    paper.focus()
    for key in ["Delete", "Space", *["ArrowDown"] * 9, "Space"]:
        page.keyboard.press(key)
    assert page.inner_text("#digit-answer").startswith("A rede responde 1 (")
    page.keyboard.press("Delete")
    assert page.inner_text("#digit-answer") == ""

    page.click("#draw-sample")
    assert re.search(r"responde \d \(.*; o certo é \d", page.inner_text("#digit-answer"))
    assert not one.complaints


def test_only_what_is_drawn_on_the_paper_counts(visit):
    one = visit().few_epochs()
    page = one.open()
    one.train()
    paper = page.locator("#paper")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    page.mouse.move(box["x"] - 20, box["y"] + 20)
    page.mouse.down()  # outside, on the way in
    page.mouse.move(box["x"] + 100, box["y"] + 100, steps=5)
    page.mouse.up()
    page.mouse.click(box["x"] + 50, box["y"] + 50, button="right")
    assert page.inner_text("#digit-answer") == ""
    page.mouse.move(box["x"] + 140, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 240, steps=5)
    page.mouse.up()
    before = page.inner_text("#digit-answer")
    assert before.startswith("A rede responde")
    paper.focus()
    for key in ("Space", *["ArrowRight"] * 6, "Space"):
        page.keyboard.press(key)
    assert page.inner_text("#digit-answer") != before
    page.click("#clear")
    page.click("#draw-sample")
    page.mouse.move(box["x"] + 10, box["y"] + 10)  # no button pressed
    assert "o certo é" in page.inner_text("#digit-answer")
    one.train()  # what stands there is answered anew by the new network
    assert "o certo é" in page.inner_text("#digit-answer")
    assert not one.complaints


def test_a_drawing_becomes_counts_of_ink_as_the_data_were_made(visit, chapter):
    page = visit().open()
    strokes = [[[x / 100, y / 100] for x, y in THREE]]
    code = """async (strokes) => {
        const { toBitmap, blockCounts } = await import("/page.js");
        const bitmap = toBitmap(strokes);
        return [bitmap, blockCounts(bitmap)];
    }"""
    bitmap, counts = map(np.array, page.evaluate(code, strokes))
    bitmap = bitmap.reshape(32, 32)
    by_hand = [
        [bitmap[4 * r : 4 * r + 4, 4 * c : 4 * c + 4].sum() for c in range(8)] for r in range(8)
    ]
    assert np.array_equal(counts.reshape(8, 8), by_hand)
    rows, columns = np.nonzero(bitmap)
    assert rows.min() <= 1 and rows.max() >= 30  # as tall as the bitmap
    assert abs(columns.min() - (31 - columns.max())) <= 1  # centred
    threes = chapter["counts"][chapter["labels"] == 3]
    assert threes.sum(axis=1).min() < counts.sum() < threes.sum(axis=1).max()  # as much ink


def test_digits_are_enlarged_as_in_tensorflow(visit, chapter):
    page = visit().open()
    code = """async (counts) => {
        const { enlarge } = await import("/page.js");
        return enlarge(counts).arraySync();
    }"""
    found = page.evaluate(code, chapter["counts"][:20].tolist())
    np.testing.assert_allclose(found, chapter["enlarge"](chapter["counts"][:20]), atol=1e-6)


def test_photos_are_classified_as_keras_does(visit, chapter):
    one = visit()
    page = one.open()
    page.click("#compare")
    count = len(chapter["samples"])
    assert count >= 10
    page.wait_for_function(
        f"document.querySelector('#comparison tbody')?.rows.length == {count}",
        timeout=60 * SECONDS,
    )
    page.wait_for_function("!document.querySelector('#compared').textContent.includes('…')")
    rows = [row.split("\t") for row in page.inner_text("#comparison tbody").splitlines()]
    for (file, by_keras, by_page), sample, row in zip(
        rows, chapter["samples"], chapter["chosen"], strict=True
    ):
        image = chapter["read_as_the_page"](chapter["paths"]["test"][row])
        steak = float(chapter["photo_model"].predict(image[None], verbose=0)[0, 0])
        best = int(steak > 0.5)
        assert file == sample["file"]
        for shown in (by_keras, by_page):
            name, probability = shown.split()
            assert name == chapter["class_names"][best]
            assert abs(float(probability.replace(",", ".")) - [1 - steak, steak][best]) < 1e-3
    assert f"{count} de {count}" in page.inner_text("#compared")
    assert one.hosts == {"127.0.0.1", None}
    assert not one.complaints


def test_odd_photos_are_read_as_the_notebook_reads_them(visit, scene):
    page = visit().open()
    photo = Image.fromarray(scene(150, 203))
    grey, rgba = photo.convert("L"), photo.convert("RGBA")
    rgba.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, 203).astype("uint8"), (150, 1))))
    white = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(photo, "JPEG", quality=98, exif=exif)
    upright = Image.open(io.BytesIO(turned)).transpose(Image.Transpose.ROTATE_270)
    cases = {
        "png": (encoded(photo, "PNG"), photo),
        "one pixel": (encoded(photo.resize((1, 1)), "PNG"), photo.resize((1, 1))),
        "small": (encoded(photo.resize((20, 33)), "PNG"), photo.resize((20, 33))),
        "long": (encoded(photo.resize((900, 70)), "PNG"), photo.resize((900, 70))),
        "grey": (encoded(grey, "PNG"), grey.convert("RGB")),
        "palette": (encoded(photo.quantize(32), "PNG"), photo.quantize(32).convert("RGB")),
        "transparent": (encoded(rgba, "PNG"), white),
        "webp": (encoded(photo, "WEBP", lossless=True), photo),
        "jpeg, turned": (turned, upright),
    }
    for name, (data, same) in cases.items():
        difference = np.abs(read_by_the_page(page, data, 64) - pixels(same, 64)).max()
        assert difference < (0.02 if "jpeg" in name else 0.005), (name, difference)


def test_a_file_that_is_no_photo_gets_a_clear_message_and_a_photo_after_it_works(visit, scene):
    one = visit()
    page = one.open()
    whole = encoded(Image.fromarray(scene(100, 120)), "PNG")
    long = "a_very_long_name_of_a_photo_" * 8 + "<b>.jpg"
    for name, data in {
        "notes.jpg": b"no photo",
        long: b"no photo",
        "empty.png": b"",
        "cut.png": whole[:30],
    }.items():
        page.set_input_files("#file", {"name": name, "mimeType": "image/png", "buffer": data})
        page.wait_for_function(
            f"document.querySelector('#photo-alert').textContent.includes('{name}')"
        )
        assert page.inner_text("#photo-alert").startswith("Esperava uma foto")
        assert not page.is_visible("#photo")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    page.click("[data-lang=en]")
    assert page.inner_text("#photo-alert").startswith("Expected a photo")
    page.set_input_files(
        "#file", {"name": "my photo.png", "mimeType": "image/png", "buffer": whole}
    )
    page.wait_for_selector("#photo:visible", timeout=30 * SECONDS)
    assert page.inner_text("#photo-alert") == ""
    assert re.match(
        r"my photo\.png: (pizza|steak) \(\d+\.\d%\)\.", page.inner_text("#photo-answer")
    )
    shown = [float(text) for text in re.findall(r"([\d.]+)%", page.inner_text("#photo-bars"))]
    assert shown == sorted(shown, reverse=True) and abs(sum(shown) - 100) < 0.11
    assert not one.complaints


@pytest.mark.parametrize(
    ("missing", "place", "message"),
    [
        ("**/digits.json", "#alert", "Rode o caderno"),
        ("**/libraries.json", "#alert", "Rode o caderno"),
        ("**/photos.json", "#photo-alert", "Rode o caderno"),
        ("**/tf.fesm.min.js", "#alert", "Confira a conexão"),
    ],
)
def test_a_missing_file_is_named_with_what_to_do(visit, missing, place, message):
    one = visit()
    one.page.route(missing, lambda route: route.abort())
    one.page.goto(one.address)
    one.page.wait_for_function(f"document.querySelector('{place}').textContent")
    assert message in one.page.inner_text(place)
    assert missing.removeprefix("**/") in one.page.inner_text(place)
    if missing == "**/photos.json":  # training does not need them
        one.page.wait_for_selector("#train:enabled")


def test_a_library_with_another_byte_is_refused(visit, chapter):
    one = visit()
    name = "@tensorflow/tfjs/dist/tf.fesm.min.js"
    changed = (PAGE / "node_modules" / name).read_bytes() + b" "
    one.page.route("**/tf.fesm.min.js", lambda route: route.fulfill(body=changed))
    one.page.goto(one.address)
    one.page.wait_for_function("document.querySelector('#alert').textContent")
    assert "tf.fesm.min.js" in one.page.inner_text("#alert")
    assert not one.page.is_enabled("#train")


def test_without_local_files_the_page_asks_the_cdn_for_the_same_bytes(visit, chapter, monkeypatch):
    """The network is played by the test: it answers the addresses with the files of npm."""
    monkeypatch.setitem(chapter, "PAGE", ROOT / "no-such-folder")  # as if without `npm ci`
    table = {
        file: {"url": chapter["library"](file), "integrity": digest}
        for file, digest in chapter["package"]["libraryFiles"].items()
    }
    one, asked = visit(), []

    def answer(route):
        asked.append(route.request.url)
        path = urlsplit(route.request.url).path.removeprefix("/npm/")
        name = re.sub(r"@[\d.]+/", "/", path, count=1)
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(body=(PAGE / "node_modules" / name).read_bytes(), headers=headers)

    one.page.route("**/libraries.json", lambda route: route.fulfill(json=table))
    one.page.route("https://cdn.jsdelivr.net/**", answer)
    page = one.open()
    page.locator("#samples button").first.click()
    page.wait_for_selector("#photo:visible", timeout=30 * SECONDS)
    assert len(asked) == 5  # TensorFlow.js, and LiteRT.js: two scripts, one loader, one wasm
    assert all(re.search(r"/npm/@[\w-]+/[\w-]+@\d+\.\d+\.\d+/", url) for url in asked)
    assert not one.complaints


def test_a_browser_without_webassembly_is_told_so_and_still_trains(visit):
    one = visit().few_epochs()
    one.page.add_init_script("delete self.WebAssembly")
    page = one.open()
    page.locator("#samples button").first.click()
    page.wait_for_function("document.querySelector('#photo-alert').textContent")
    assert "WebAssembly" in page.inner_text("#photo-alert")
    one.train("optimizer.minimize")
    assert one.epochs()[-1, 3] > 0.8


@pytest.mark.parametrize(("width", "lang"), [(360, "pt"), (1000, "en")])
def test_the_page_is_accessible_and_fits_its_width(visit, lang, width):
    one = visit(lang=lang, viewport={"width": width, "height": 740}).few_epochs()
    page = one.open()
    one.train("optimizer.minimize")
    page.click("#draw-sample")
    page.locator("#samples button").first.click()
    page.wait_for_selector("#photo:visible", timeout=30 * SECONDS)
    page.click("#compare")
    page.wait_for_function("document.querySelector('#compared').textContent.match(/10⁻|0,0|0\\.0/)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_attribute("html", "lang") == {"pt": "pt-BR", "en": "en"}[lang]
    page.add_script_tag(path=PAGE / "node_modules/axe-core/axe.min.js")
    found = page.evaluate("axe.run()")
    problems = [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]
    assert not problems
    assert len(found["passes"]) > 20
    other = {"pt": "en", "en": "pt"}[lang]
    body = page.inner_text("body")
    for key in ("trainTitle", "drawText", "photoText", "compare"):
        assert texts(lang)[key] in body and texts(other)[key] not in body
    page.click(f"[data-lang={other}]")
    body = page.inner_text("body")
    for key in ("trainTitle", "drawText", "photoText", "compare", "val_accuracy"):
        assert texts(other)[key] in body and texts(lang)[key] not in body
    mark = {"pt": ",", "en": "."}[other]
    numbers = re.findall(r"\d([.,])\d+%", body)
    assert len(numbers) > 5 and set(numbers) == {mark}


def test_the_keyboard_alone_trains_and_classifies(visit):
    page = visit().few_epochs().open()

    def tab_to(name):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == name:
                return
        raise AssertionError(f"no way to #{name}")

    tab_to("train")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#status').textContent.startsWith('Fim')")
    assert page.evaluate("document.activeElement.id") == "train"
    tab_to("paper")
    tab_to("file")
    tab_to("compare")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#comparison tbody')", timeout=30 * SECONDS)


def test_opened_as_a_file_the_page_says_why_it_does_not_work(browser):
    page = browser.new_page()
    page.goto((PAGE / "index.html").as_uri())
    assert page.is_visible("#not-running")
    assert "notebook" in page.inner_text("#not-running")
    page.close()


def test_of_many_clicks_the_last_one_wins_and_the_model_loads_once(visit, chapter):
    one, wasm = visit(), []
    one.page.on("request", lambda r: r.url.endswith(".wasm") and wasm.append(r.url))
    page = one.open()
    page.evaluate("document.querySelectorAll('#samples button').forEach((one) => one.click())")
    page.wait_for_selector("#photo:visible", timeout=30 * SECONDS)
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('#compare').click()")
    page.wait_for_selector("#compare:enabled")
    assert page.inner_text("#compared").startswith(f"{len(chapter['samples'])} de ")
    assert page.inner_text("#photo-answer").startswith(chapter["samples"][-1]["file"])
    assert page.get_attribute("#photo", "alt") == chapter["samples"][-1]["file"]
    assert page.inner_text("#photo-alert") == ""
    assert len(wasm) == 1
    assert not one.complaints


@pytest.mark.parametrize("file", ["model.tflite", "litert_wasm_internal.wasm"])
def test_after_a_failure_the_next_click_tries_again(visit, file):
    one = visit()
    page = one.open()
    page.route(f"**/{file}", lambda route: route.abort())
    page.locator("#samples button").first.click()
    page.wait_for_function("document.querySelector('#photo-alert').textContent")
    assert file in page.inner_text("#photo-alert")
    assert page.inner_text("#photo-answer") == ""  # no longer "loading"
    page.unroute(f"**/{file}")
    page.locator("#samples button").first.click()
    page.wait_for_selector("#photo:visible", timeout=30 * SECONDS)
    assert page.inner_text("#photo-alert") == ""


def test_a_server_of_files_is_all_it_needs(chapter, browser):
    """The folder works from any place, below a path too, as in Colab's proxy."""
    folder = chapter["SITE"].parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(chapter["Files"], directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/{chapter['SITE'].name}/")
    page.wait_for_selector("#train:enabled")
    page.close()
    server.shutdown()
