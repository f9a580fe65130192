"""TF Hub and Keras 3: any TF2 Hub module as a layer, and any Keras model as a module."""

import inspect
import os
from unittest.mock import patch

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("helpers")
class HubLayer(keras.layers.Layer):
    """A TF Hub module (a TF2 SavedModel) as a Keras 3 layer, where `hub.KerasLayer` is refused.

    The layer tracks the module's own variables: it trains, counts parameters, saves as `.keras` and
    reloads, after `from helpers import HubLayer`, as long as the handle can be resolved again (a
    relative folder counts from the working directory).

    Args:
        handle: Address of a module, which is downloaded once into `$TFHUB_CACHE_DIR`, or a local
            folder, such as one written by `export_hub_module`.
        trainable: True to fine-tune the module's weights too.
        **kwargs: Of `keras.layers.Layer`.

    Raises:
        FileNotFoundError: When there is no module at the handle, or it cannot be reached.
        ValueError: For a module that cannot be called on a tensor, as in the TF1 format, or a
            handle that is neither an address nor a folder.

    Example:
        >>> model = keras.Sequential(
        ...     [keras.Input((160, 160, 3)), HubLayer(folder), keras.layers.Dense(8)]
        ... )
    """

    def __init__(self, handle: str | os.PathLike, trainable: bool = False, **kwargs):
        # float32 under mixed precision too: a module's graph takes the type it was exported with
        super().__init__(trainable=trainable, **{"dtype": "float32", **kwargs})
        if not isinstance(handle, str | os.PathLike):
            raise ValueError(
                f"Expected an address or folder, as from export_hub_module. Received: {handle!r}."
            )
        self.handle = os.fspath(handle)
        self._module = _load(self.handle)
        learnt = {id(variable) for variable in self._module.trainable_variables}
        for variable in self._module.variables:  # the same variable, seen by Keras too
            name = variable.name.split(":")[0].replace("/", "_")
            trains = id(variable) in learnt
            same = keras.Variable(variable, variable.shape, variable.dtype, trains, name=name)
            self._track_variable(same)
        arguments = inspect.getfullargspec(self._module.__call__)
        self._has_training = "training" in arguments.args + arguments.kwonlyargs
        self.built = True

    def call(self, images, training=False):
        """Applies the module; batch norm learns only where the layer is trainable and fits."""
        for loss in getattr(self._module, "regularization_losses", ()) if self.trainable else ():
            self.add_loss(loss())
        learns = {"training": bool(training and self.trainable)} if self._has_training else {}
        return self._module(images, **learns)

    def get_config(self):
        """The handle and Keras' own settings."""
        return {**super().get_config(), "handle": self.handle}


def export_hub_module(model: keras.Model, folder: str | os.PathLike) -> str:
    """Writes a Keras model with one input and one output as a TF2 Hub module.

    Args:
        model: Built model, such as `efficientnet_lite0()`.
        folder: Where to write; what stands there is replaced.

    Returns:
        The folder, as a handle for `HubLayer`. The module follows TF Hub's reusable SavedModel
        interface (tensorflow.org/hub/reusable_saved_models): it can be trained further.

    Raises:
        ValueError: For a model that is not built or has several inputs.
    """
    if not model.built or len(model.inputs or ()) != 1:
        raise ValueError(
            f"Expected a built model with one input. Received: {model.name!r}. Use keras.Input."
        )
    image = tf.TensorSpec(model.inputs[0].shape, model.inputs[0].dtype)
    call = tf.function(lambda images, training=False: model(images, training=training))
    for training in (False, True):
        call.get_concrete_function(image, training=training)
    module = tf.train.Checkpoint()
    module.__call__ = call
    module.variables = [variable.value for variable in model.variables]
    module.trainable_variables = [variable.value for variable in model.trainable_variables]
    module.regularization_losses = []
    with patch.object(tf.get_logger(), "info"):  # no "Assets written to" in a notebook
        tf.saved_model.save(module, os.fspath(folder))
    return os.fspath(folder)


def _load(handle):
    """`hub.load` with one clear error."""
    offline = "With no network: HubLayer(export_hub_module(efficientnet_lite0(), folder))."
    try:
        import tensorflow_hub as hub
    except ModuleNotFoundError as error:  # tensorflow-hub 0.16 needs pkg_resources
        raise ModuleNotFoundError(
            f"Expected tensorflow-hub to import. Received: {error}. "
            "Run: pip install tensorflow-hub 'setuptools<81'"
        ) from error
    try:
        module = hub.load(handle)
    except (OSError, ValueError, RuntimeError, tf.errors.OpError) as error:
        raise FileNotFoundError(
            f"Expected a TF Hub module, by address or folder. Received: {handle!r}, which gives "
            f"{type(error).__name__}: {str(error)[:200]}. Check the address or folder. {offline}"
        ) from error
    if not callable(module) or not hasattr(module, "trainable_variables"):
        raise ValueError(
            "Expected a TF2 module that can be called and trained (a reusable SavedModel). "
            f"Received: {handle!r}, which is not one. Take its TF2 version. {offline}"
        )
    return module
