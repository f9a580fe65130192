"""Pictures: every function draws on the axes it is given, or on new ones, and returns them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.ticker import MaxNLocator

# Okabe and Ito's colours, told apart with any colour vision (jfly.uni-koeln.de/color)
TRAINING, VALIDATION = "#0072B2", "#D55E00"
LINES = (("", "training", TRAINING, "o-"), ("val_", "validation", VALIDATION, "s--"))


def plot_loss_curves(history, ax: Sequence[Axes] | Axes | None = None) -> np.ndarray:
    """Draws each figure of a training run by epoch: training solid, validation dashed.

    Args:
        history: What `model.fit` returns, or its `history` dict of lists.
        ax: As many axes as there are figures; None makes new ones side by side.

    Returns:
        Axes, one a figure, in the order of the log: `(figures,)`.

    Raises:
        ValueError: For a history without epochs, or too few axes.

    Example:
        >>> plot_loss_curves(model.fit(train_data, validation_data=val_data, epochs=5))
    """
    log = history if isinstance(history, Mapping) else getattr(history, "history", None)
    if not log or not any(len(values) for values in log.values()):
        raise ValueError(f"Expected what fit returned, at least one epoch. Received: {log!r}.")
    names = list(dict.fromkeys(name.removeprefix("val_") for name in log))
    axes = _axes(ax, len(names), 1, len(names), (4.5 * len(names), 3.5))
    for axis, name in zip(axes, names, strict=False):
        for prefix, label, color, style in LINES:
            if prefix + name in log:
                values = log[prefix + name]
                epochs = range(1, len(values) + 1)
                axis.plot(epochs, values, style, color=color, label=label, markersize=4)
        axis.set(xlabel="epoch", ylabel=name.replace("_", " "))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axis.grid(alpha=0.3)
        axis.legend()
    return axes[: len(names)]


def _axes(ax, count, rows, columns, size):
    """The axes given, at least `count`, or those of a new figure of that size in inches."""
    if ax is None:
        ax = plt.subplots(rows, columns, figsize=size, layout="constrained")[1]
    axes = np.atleast_1d(ax).ravel()
    if len(axes) < count:
        raise ValueError(f"Expected {count} axes. Received: {len(axes)}. Pass ax=None.")
    return axes


def show_images(
    images: np.ndarray,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 5,
    ax: Sequence[Axes] | None = None,
) -> np.ndarray:
    """Shows images in a grid.

    Args:
        images: `(n, height, width, 3)` or `(n, height, width)`, or a list of images of different
            sizes; float in 0..1 or uint8.
        titles: One a picture.
        columns: Pictures a row, on new axes.
        ax: At least n axes; None makes new ones.

    Returns:
        Axes, one a picture: `(n,)`.

    Raises:
        ValueError: For no image, values out of range, or numbers that do not fit.

    Example:
        >>> images, labels = next(iter(train_data))
        >>> show_images(images, [breeds[label] for label in labels])
    """
    if getattr(images, "ndim", 4) == 3 and images.shape[-1] in (1, 3, 4):
        raise ValueError(f"Expected a list, as [image]. Received: one of shape {images.shape}.")
    images = [np.asarray(image) for image in images]
    titles = None if titles is None else list(titles)
    if not images or (titles is not None and len(titles) != len(images)):
        raise ValueError(
            "Expected at least one image, and as many titles. Received: "
            f"{len(images)} images, {'no' if titles is None else len(titles)} titles."
        )
    for image in images:
        if image.dtype != np.uint8 and not (image.min() >= 0 and image.max() <= 1):
            raise ValueError(
                "Expected images as float in 0..1 or uint8. Received: "
                f"{image.dtype} in {image.min():g}..{image.max():g}. Divide by 255, for example."
            )
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    size = (2.2 * columns, (2.2 * min(tallest, 2) + 0.2) * rows)
    axes = _axes(ax, len(images), rows, columns, size)
    for axis in axes:
        axis.axis("off")
    for number, (axis, image) in enumerate(zip(axes, images, strict=False)):
        white = 255 if image.dtype == np.uint8 else 1  # else matplotlib stretches the contrast
        axis.imshow(image, cmap="gray", vmin=0, vmax=white)
        if titles is not None:
            axis.set_title(str(titles[number]), fontsize=9)
    return axes[: len(images)]


def show_predictions(
    images: np.ndarray,
    probabilities: np.ndarray,
    class_names: Sequence[str],
    labels: np.ndarray | None = None,
    *,
    columns: int = 5,
    ax: Sequence[Axes] | None = None,
) -> np.ndarray:
    """Shows images with the class that the model prefers and its probability.

    Args:
        images: As for `show_images`.
        probabilities: One row an image, `(n, classes)`, in 0..1.
        class_names: Names of the classes, in the order of the columns.
        labels: Right classes, integers `(n,)`. With them each title begins with ✓ or ✗, and a wrong
            one names the right class and the probability it was given.
        columns: Pictures a row, on new axes.
        ax: At least n axes; None makes new ones.

    Returns:
        Axes, one a picture: `(n,)`.

    Raises:
        ValueError: For numbers that do not fit.

    Example:
        >>> show_predictions(images, model.predict(images), breeds, labels)
    """
    probabilities, class_names = np.asarray(probabilities), list(class_names)
    expected = (len(images), len(class_names))
    inside = (probabilities >= 0) & (probabilities < 1.001)
    if probabilities.shape != expected or not inside.all():
        raise ValueError(
            f"Expected probabilities in 0..1, (images, classes) = {expected}. Received: "
            f"{probabilities.shape} in {probabilities.min(initial=0):g}.."
            f"{probabilities.max(initial=0):g}. Take a softmax's for the same images and classes."
        )
    if labels is not None:
        labels = np.asarray(labels)
        if labels.shape != expected[:1] or not np.isin(labels, range(expected[1])).all():
            raise ValueError(
                f"Expected labels as integers {expected[:1]} in 0..{expected[1] - 1}. Received: "
                f"{labels.shape}, {labels.ravel()[:5]}. From one-hot take labels.argmax(axis=1)."
            )
    titles = []
    for number, row in enumerate(probabilities):
        best = row.argmax()
        title = f"{class_names[best]} {row[best]:.0%}"
        if labels is not None:
            right = int(labels[number])
            wrong = f"✗ {title}\ntrue: {class_names[right]} {row[right]:.0%}"
            title = f"✓ {title}" if best == right else wrong
        titles.append(title)
    return show_images(images, titles, columns=columns, ax=ax)


def show_masks(
    images: np.ndarray,
    masks: np.ndarray,
    predictions: np.ndarray | None = None,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 5,
    ax: Sequence[Axes] | None = None,
) -> np.ndarray:
    """Shows images with what is free floor laid over them.

    Blue is free floor, by the mask or, where there are predictions, by both. Blue stripes are free
    floor that the prediction takes for collidable; plain orange is what it wrongly takes for free.

    Args:
        images: `(n, height, width, 3)`, float in 0..1.
        masks: `(n, height, width)`, integers: 0 free, anything else collidable.
        predictions: Masks that a model gave, of the same kind.
        titles: One a picture.
        columns: Pictures a row, on new axes.
        ax: At least n axes; None makes new ones.

    Returns:
        Axes, one a picture: `(n,)`.

    Raises:
        ValueError: For masks that are not as large as the images.

    Example:
        >>> show_masks(images, masks, model.predict(images).argmax(axis=-1))
    """
    images, free = np.asarray(images), np.asarray(masks) == 0
    found = free if predictions is None else np.asarray(predictions) == 0
    if not images.shape[:3] == free.shape == found.shape:
        raise ValueError(
            f"Expected masks as large as the images. Received: images {images.shape}, masks "
            f"{free.shape}, predictions {found.shape}. From logits take argmax(axis=-1)."
        )
    stripes = np.add.outer(np.arange(free.shape[1]), np.arange(free.shape[2])) // 4 % 2 == 0
    blue, orange = free & (found | stripes), found & ~free
    weight = (0.5 * blue + 0.7 * orange)[..., None]
    colors = np.where(orange[..., None], to_rgb(VALIDATION), to_rgb(TRAINING))
    return show_images(images * (1 - weight) + colors * weight, titles, columns=columns, ax=ax)
