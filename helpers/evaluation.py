"""What a trained model says: about one's own photo, for now."""

import os
from collections.abc import Sequence

import keras
import numpy as np
import pandas as pd

from helpers.batching import create_data_batches


def predict_image(
    model: keras.Model,
    path: str | os.PathLike,
    class_names: Sequence[str],
    *,
    top: int = 3,
) -> pd.DataFrame:
    """Classifies one photo from a file, read as in training.

    Args:
        model: From images `(batch, height, width, 3)` in 0..1 to probabilities `(batch, classes)`.
        path: Photo of any size that `create_data_batches` reads: upright by EXIF, any colour mode.
        class_names: Names of the classes, in the order of the model's outputs.
        top: How many classes to return.

    Returns:
        Table with the columns `class` and `probability` (0..1), the most probable first.

    Raises:
        ValueError: For a file that is no photo (HEIC, say), names that do not fit the model's
            outputs, or outputs that are no probabilities.

    Example:
        >>> predict_image(model, "my_dog.jpg", breeds)
    """
    images = next(iter(create_data_batches([path], image_size=model.input_shape[1:3])))
    outputs = np.asarray(model(images, training=False))  # `predict` would trace a graph for it
    if outputs.shape != (1, len(class_names)):
        raise ValueError(
            f"Expected one name for each of the model's outputs {outputs.shape}. "
            f"Received: {len(class_names)} names. Pass the names of the classes it was trained on."
        )
    if outputs.min() < 0 or abs(outputs.sum() - 1) > 1e-3:
        raise ValueError(
            "Expected probabilities: outputs of at least 0 that add up to 1. Received: "
            f"{outputs.min():.3g} to {outputs.max():.3g}, sum {outputs.sum():.3g}. "
            "End the model in a softmax."
        )
    order = outputs[0].argsort()[::-1][:top]
    names = [str(class_names[number]) for number in order]
    return pd.DataFrame({"class": names, "probability": outputs[0][order]})
