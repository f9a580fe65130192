"""What a trained model says of a photo, and where it looked."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from unittest.mock import patch

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from helpers.batching import create_data_batches


def predict_image(
    model: keras.Model, path: str | os.PathLike, class_names: Sequence[str], *, top: int = 3
) -> pd.DataFrame:
    """Classifies one photo from a file, read as in training.

    Args:
        model: From images `(batch, height, width, 3)` in 0..1 to probabilities `(batch, classes)`,
            or of two classes to that of the second, `(batch, 1)`, from a sigmoid.
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
    if outputs.shape == (1, 1):  # a sigmoid
        outputs = np.concatenate([1 - outputs, outputs], axis=1)
    if outputs.shape != (1, len(class_names)):
        raise ValueError(
            f"Expected a name for each output {outputs.shape}. Received: {len(class_names)} names."
        )
    if not (outputs.min() >= 0 and abs(outputs.sum() - 1) <= 1e-3):  # NaN is neither
        raise ValueError(
            f"Expected probabilities, sum 1. Received: {outputs.min():.3g} to {outputs.max():.3g}, "
            f"sum {outputs.sum():.3g}. End the model in a softmax, or in one sigmoid for two."
        )
    order = outputs[0].argsort()[::-1][:top]
    names = [str(class_names[number]) for number in order]
    return pd.DataFrame({"class": names, "probability": outputs[0][order]})


def grad_cam(model: keras.Model, image: np.ndarray, class_index: int | None = None) -> np.ndarray:
    """Where in an image a convolutional network sees evidence for a class.

    Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2) on the last feature maps
    before they are pooled; the class's score is taken before a final softmax.

    Args:
        model: Sequential or functional; the feature maps may lie in a model inside it.
        image: `(height, width, 3)`, as the model takes it.
        class_index: Number of the class; None takes the one that the model prefers.

    Returns:
        Map `(height, width)`, float32 in 0..1: 1 where the evidence is strongest, all 0 where there
        is none. It is as coarse as the feature maps, enlarged.

    Raises:
        ValueError: For a model without feature maps (a `HubLayer` hides them) or not built, or an
            image or a class that does not fit.

    Example:
        >>> plt.imshow(image)
        >>> plt.imshow(grad_cam(model, image), alpha=0.5)
    """
    if not getattr(model, "inputs", None):
        raise ValueError(f"Expected a model built on keras.Input(shape). Received: {model!r}.")
    image, pixels = tf.convert_to_tensor(image), model.input_shape[1:]
    if image.shape.rank != 3 or not image.shape.is_compatible_with(pixels):
        raise ValueError(
            f"Expected one image of shape {pixels}. Received: {image.shape}. Take one, images[0]."
        )
    classes = model.output_shape[-1]
    if class_index is not None and not 0 <= class_index < classes:
        raise ValueError(f"Expected class_index in 0..{classes - 1}. Received: {class_index}.")
    layer, gradients, seen = _last_feature_maps(model, pixels), None, []
    if layer:
        run = layer.call

        def watched(*args, **kwargs):
            seen.append(run(*args, **kwargs))
            tape.watch(seen[-1])
            return seen[-1]

        with tf.GradientTape() as tape, patch.object(layer, "call", watched), _no_softmax(model):
            scores = model(image[None], training=False)[0]
            score = scores[tf.argmax(scores) if class_index is None else class_index]
        gradients = tape.gradient(score, seen[-1])
    if gradients is None:
        raise ValueError(
            f"Expected a layer with feature maps in the model. Received: {model.name!r}, without. "
            "Instead of a HubLayer, which hides them, build it on efficientnet_lite0()."
        )
    weights = tf.reduce_mean(gradients[0], (0, 1))  # equation 1
    evidence = tf.nn.relu(tf.reduce_sum(seen[-1][0] * weights, -1, keepdims=True))  # equation 2
    evidence = tf.image.resize(evidence, image.shape[:2])[..., 0]
    return tf.math.divide_no_nan(evidence, tf.reduce_max(evidence)).numpy()


def iou_counts(
    masks: np.ndarray, predictions: np.ndarray, num_classes: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    """Pixels in the intersection and in the union of masks and predictions, by image and class.

    Their quotient is the IoU (intersection over union, or Jaccard index): of a class in one image
    `intersections / unions`, of a class in all images `intersections.sum(0) / unions.sum(0)`.

    Args:
        masks: Right classes, integers `(n, height, width)` in 0..num_classes - 1.
        predictions: The model's, of the same shape and kind.
        num_classes: Number of classes.

    Returns:
        Intersections and unions, integers `(n, num_classes)`. A class that is in neither mask nor
        prediction has 0 in both.

    Raises:
        ValueError: For shapes that differ, or what is no class number.

    Example:
        >>> intersections, unions = iou_counts(masks, model.predict(images).argmax(axis=-1))
    """
    masks, predictions = np.asarray(masks), np.asarray(predictions)
    classes = np.arange(num_classes)
    if masks.ndim != 3 or masks.shape != predictions.shape:
        raise ValueError(
            "Expected masks and predictions of one shape (n, height, width). Received: "
            f"{masks.shape} and {predictions.shape}. From logits take argmax(axis=-1)."
        )
    for given in (masks, predictions):
        if not np.isin(given, classes).all():
            raise ValueError(
                f"Expected class numbers 0 to {num_classes - 1}. Received: {given.dtype} from "
                f"{given.min()} to {given.max()}. Divide masks of 0 and 255 by 255."
            )
    truth, found = masks[..., None] == classes, predictions[..., None] == classes
    return (truth & found).sum((1, 2)), (truth | found).sum((1, 2))


def _layers(model):
    """The layers of a model, those of models inside it too, the last first."""
    for layer in reversed(model.layers):
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def _last_feature_maps(model, pixels):
    """The last layer whose output still has a height and a width, None if there is none.

    An output shaped like the whole model's input, `pixels`, is the image (rescaled, say).
    """
    for layer in _layers(model):
        shape = getattr(layer.output, "shape", ())
        if len(shape) == 4 and shape[1:3] != (1, 1) and shape[1:] != pixels:
            return layer


def _no_softmax(model):
    """Context in which a model's last layer gives the scores before its softmax."""
    last = next(_layers(model))
    if isinstance(last, keras.layers.Softmax):
        return patch.object(last, "call", lambda scores, **kwargs: scores)
    if getattr(last, "activation", None) is keras.activations.softmax:
        return patch.object(last, "activation", keras.activations.linear)
    return nullcontext()
