import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.plotting import plot_loss_curves, show_images, show_predictions

LOG = {
    "accuracy": [0.5, 0.7, 0.8],
    "loss": [0.9, 0.5, 0.3],
    "val_accuracy": [0.4, 0.6, 0.65],
    "val_loss": [1.0, 0.7, 0.6],
}


def lines(axis):
    """{label: (epochs, figures)} of what is drawn."""
    return {
        line.get_label(): (line.get_xdata().tolist(), list(line.get_ydata()))
        for line in axis.get_lines()
    }


# --- curves


def test_epochs_count_from_one_and_figures_stay():
    accuracy, loss = plot_loss_curves(LOG)
    assert lines(accuracy) == {
        "training": ([1, 2, 3], LOG["accuracy"]),
        "validation": ([1, 2, 3], LOG["val_accuracy"]),
    }
    assert lines(loss)["validation"] == ([1, 2, 3], LOG["val_loss"])


def test_axes_are_labelled_and_explained():
    for axis, name in zip(plot_loss_curves(LOG), ("accuracy", "loss"), strict=True):
        assert axis.get_xlabel() == "epoch" and axis.get_ylabel() == name
        assert [text.get_text() for text in axis.get_legend().get_texts()] == [
            "training",
            "validation",
        ]


def test_colour_is_not_all_that_tells_training_from_validation():
    for axis in plot_loss_curves(LOG):
        training, validation = axis.get_lines()
        for trait in ("color", "linestyle", "marker"):
            assert plt.getp(training, trait) != plt.getp(validation, trait)


def test_ticks_stand_at_whole_epochs():
    for epochs in (1, 2, 3, 30):
        [axis] = plot_loss_curves({"loss": [0.5] * epochs})
        axis.figure.canvas.draw()
        assert all(float(tick).is_integer() for tick in axis.get_xticks())


@pytest.mark.parametrize(
    ("log", "labels"),
    [
        ({"loss": [1.0]}, ["loss"]),
        ({"learning_rate": [1e-3, 1e-4]}, ["learning rate"]),
        ({"top_5_accuracy": [0.1], "loss": [1.0]}, ["top 5 accuracy", "loss"]),
        ({"loss": [1, 2], "val_loss": [1, 2], "learning_rate": [1, 1]}, ["loss", "learning rate"]),
        ({"val_loss": [1, 2]}, ["loss"]),
    ],
)
def test_any_figure_is_drawn_with_and_without_validation(log, labels):
    axes = plot_loss_curves(log)
    assert [axis.get_ylabel() for axis in axes] == labels
    assert sum(len(axis.get_lines()) for axis in axes) == len(log)


def test_what_fit_returns_is_drawn():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x = np.ones((4, 1))
    history = model.fit(x, x, validation_split=0.5, epochs=2, verbose=0)
    axes = plot_loss_curves(history)
    drawn = {axis.get_ylabel(): lines(axis)["training"][1] for axis in axes}
    assert drawn == {"loss": history.history["loss"], "mae": history.history["mae"]}


def test_given_axes_are_used_and_no_figure_is_made():
    _, axes = plt.subplots(2, 2)
    drawn = plot_loss_curves(LOG, axes)
    assert plt.get_fignums() == [1]
    assert list(drawn) == list(axes.ravel()[:2])
    assert not axes[1, 0].get_lines()


def test_one_axes_is_enough_for_one_figure():
    _, axis = plt.subplots()
    assert list(plot_loss_curves({"loss": [1.0, 0.5]}, ax=axis)) == [axis]


@pytest.mark.parametrize("history", [{}, {"loss": []}, None, 3, [0.1, 0.2]], ids=repr)
def test_a_history_without_epochs_is_refused(history):
    with pytest.raises(ValueError, match="at least one epoch. Received"):
        plot_loss_curves(history)


def test_too_few_axes_are_refused():
    with pytest.raises(ValueError, match="Expected 2 axes.*Received: 1"):
        plot_loss_curves(LOG, plt.subplots()[1])


# --- images


def drawn(axis):
    """RGB that reaches the screen, uint8 `(height, width, 3)`."""
    [image] = axis.get_images()
    return image.to_rgba(image.get_array(), bytes=True)[..., :3]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_colour_images_show_their_own_colours(scene, dtype):
    pixels = scene(6, 8)
    [axis] = show_images([pixels if dtype == "uint8" else np.float32(pixels / 255)])
    np.testing.assert_allclose(drawn(axis).astype(int), pixels, atol=1)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("channels", [(), (1,)], ids=str)
def test_a_dull_grey_image_stays_dull(dtype, channels):
    grey = np.full((4, 4, *channels), 102, "uint8")
    grey[0, 0] = 128
    [axis] = show_images([grey if dtype == "uint8" else np.float32(grey / 255)])
    pixels = drawn(axis)
    assert pixels[1, 1].tolist() == [102] * 3 and pixels[0, 0].tolist() == [128] * 3


def test_images_form_a_grid_with_titles_and_no_axes(scene):
    images = [scene(6, 8, seed) for seed in range(7)]
    axes = show_images(images, list("abcdefg"), columns=3)
    assert [axis.get_title() for axis in axes] == list("abcdefg")
    assert axes[0].figure.axes[0].get_gridspec().get_geometry() == (3, 3)
    assert not any(axis.axison for axis in axes[0].figure.axes)  # the two empty ones too


def test_a_batch_of_tensors_is_shown():
    axes = show_images(keras.ops.ones((2, 4, 4, 3)), keras.ops.convert_to_numpy([3, 4]))
    assert [axis.get_title() for axis in axes] == ["3", "4"]


def test_images_may_differ_in_size(scene):
    assert len(show_images([scene(4, 6), scene(9, 3)])) == 2


@pytest.mark.parametrize(("shape", "ratio"), [((30, 40, 3), 0.75), ((40, 40), 1), ((80, 40, 3), 2)])
def test_a_grid_is_as_high_as_its_images(shape, ratio):
    wide, high = show_images([np.zeros(shape)] * 10)[0].figure.get_size_inches()
    assert wide == pytest.approx(11) and high == pytest.approx(2 * (2.2 * ratio + 0.2))


def test_images_go_on_the_axes_that_are_given(scene):
    _, axes = plt.subplots(1, 3)
    shown = show_images([scene(4, 6)] * 2, ax=axes)
    assert list(shown) == list(axes[:2]) and plt.get_fignums() == [1]


@pytest.mark.parametrize(
    "image",
    [np.full((2, 2, 3), 255.0), np.full((2, 2, 3), -0.1), np.full((2, 2), np.nan)],
    ids=["0..255", "negative", "nan"],
)
def test_values_out_of_range_are_refused(image):
    with pytest.raises(ValueError, match="0..1 or uint8. Received: float64 in"):
        show_images([image])


def test_numbers_that_do_not_fit_are_refused(scene):
    image = scene(2, 2)
    with pytest.raises(ValueError, match="at least one image.*Received: 0 images"):
        show_images([])
    with pytest.raises(ValueError, match="Received: 2 images, 1 titles"):
        show_images([image, image], ["one"])
    with pytest.raises(ValueError, match="Expected 2 axes. Received: 1"):
        show_images([image, image], ax=plt.subplots()[1])


def test_a_single_image_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"\[image\]"):
        show_images(np.zeros((32, 32, 3)))
    assert len(show_images([np.zeros((32, 32, 3))])) == 1


def test_titles_go_by_position_whatever_their_index():
    series = pd.Series(["cat", "dog"], index=[7, 5])
    axes = show_images(np.zeros((2, 4, 4, 3)), series)
    assert [axis.get_title() for axis in axes] == ["cat", "dog"]


# --- predictions

CHANCES = np.array([[0.7, 0.2, 0.1], [0.25, 0.351, 0.399]])
BREEDS = ["pug", "boxer", "akita"]


def titles(*arguments, **options):
    return [axis.get_title() for axis in show_predictions(*arguments, **options)]


@pytest.fixture
def two(scene):
    return np.stack([scene(6, 8, 0), scene(6, 8, 1)])


def test_titles_give_the_preferred_class_and_its_probability(two):
    assert titles(two, CHANCES, BREEDS) == ["pug 70%", "akita 40%"]


@pytest.mark.parametrize(
    ("labels", "first", "second"),
    [
        ([0, 1], "✓ pug 70%", "✗ akita 40%\ntrue: boxer 35%"),
        ([2, 2], "✗ pug 70%\ntrue: akita 10%", "✓ akita 40%"),
    ],
    ids=["right, wrong", "wrong, right"],
)
@pytest.mark.parametrize(
    "kind",
    [
        list,
        np.array,
        keras.ops.convert_to_tensor,
        lambda labels: pd.Series(labels, [7, 5]),
    ],
    ids=["list", "array", "tensor", "series"],
)
def test_titles_say_what_is_right_and_what_is_wrong(two, labels, first, second, kind):
    shown = titles(two, CHANCES, BREEDS, kind(labels))
    assert [title.strip() for title in shown] == [first, second]


def test_labels_and_names_go_by_position_whatever_their_index(two):
    labels, names = pd.Series([0, 1], [1, 0]), pd.Series(BREEDS, [2, 1, 0])
    expected = titles(two, CHANCES, BREEDS, [0, 1])
    assert titles(two, CHANCES, BREEDS, labels) == expected
    assert titles(two, CHANCES, names, [0, 1]) == expected


@pytest.mark.parametrize(
    "names",
    [np.array(BREEDS), tuple(BREEDS), np.unique(BREEDS)[[2, 1, 0]], pd.Index(BREEDS)],
    ids=type,
)
def test_names_of_any_kind_are_shown_as_they_are(two, names):
    assert titles(two, CHANCES, names) == ["pug 70%", "akita 40%"]


def test_batches_of_tensors_are_shown_with_their_pixels(scene):
    pixels = np.stack([scene(6, 8, seed) for seed in range(2)])
    images = keras.ops.convert_to_tensor(np.float32(pixels / 255))
    axes = show_predictions(images, keras.ops.convert_to_tensor(CHANCES), BREEDS)
    for axis, image in zip(axes, pixels, strict=True):
        np.testing.assert_allclose(drawn(axis).astype(int), image, atol=1)


def test_predictions_go_on_the_axes_that_are_given_or_in_a_grid(two):
    _, axes = plt.subplots(1, 3)
    assert list(show_predictions(two, CHANCES, BREEDS, ax=axes)) == list(axes[:2])
    assert plt.get_fignums() == [1]
    [one, _] = show_predictions(two, CHANCES, BREEDS, columns=1)
    assert one.get_gridspec().get_geometry() == (2, 1)


@pytest.mark.filterwarnings("error")
def test_titles_can_be_drawn(two):
    names = ["cão d'água", "a_b$c$", "long " * 9]
    axes = show_predictions(two, CHANCES, names, [0, 1])
    axes[0].figure.canvas.draw()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(probabilities=CHANCES[:1]), r"\(images, classes\) = \(2, 3\).*Received: \(1, 3\)"),
        (dict(probabilities=CHANCES[0]), r"= \(2, 3\).*Received: \(3,\)"),
        (dict(probabilities=CHANCES[:, :1]), r"= \(2, 3\).*Received: \(2, 1\)"),
        (dict(class_names=BREEDS[:2]), r"= \(2, 2\).*Received: \(2, 3\)"),
        (dict(labels=[0]), r"labels as integers \(2,\) .*Received: \(1,\)"),
        (dict(labels=0), r"labels as integers \(2,\) .*Received: \(\)"),
        (dict(labels=np.eye(3)[:2]), r"Received: \(2, 3\).*labels.argmax\(axis=1\)"),
        (dict(labels=[0, 3]), r"labels.*Received: .*3"),
        (dict(labels=[0, -1]), r"labels.*Received: .*-1"),
        (dict(labels=["pug", "boxer"]), "labels.*Received"),
        (dict(ax=plt.Axes), "Expected 2 axes. Received: 1"),
        (dict(images=np.zeros((0, 4, 4, 3)), probabilities=CHANCES[:0]), "at least one image"),
        (dict(images=np.full((2, 4, 4, 3), 255.0)), "0..1 or uint8"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_predictions_that_do_not_fit_are_refused(two, change, message):
    if "ax" in change:
        change = {"ax": plt.subplots()[1]}
    arguments = {"images": two, "probabilities": CHANCES, "class_names": BREEDS} | change
    with pytest.raises(ValueError, match=message):
        show_predictions(**arguments)
