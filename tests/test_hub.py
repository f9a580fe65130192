import hashlib
import shutil
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from helpers.backbones import efficientnet_lite0
from helpers.batching import create_data_batches
from helpers.hub import HubLayer, export_hub_module

SHAPE = (8, 8, 3)
PARAMETERS = (3 * 3 * 3 * 4 + 4) + 4 * 4 + (4 * 5 + 5)  # convolution, batch norm, dense


def small_backbone(**options):
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(4, 3, **options),
            layers.BatchNormalization(momentum=0.5),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5),
        ]
    )


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((8, *SHAPE), dtype="float32")


@pytest.fixture(scope="module")
def source():
    """A small model, the truth for the module made of it."""
    keras.utils.set_random_seed(7)
    model = small_backbone()
    for variable in model.variables:  # batch norm must not begin as the identity
        variable.assign(variable + 0.1 * np.random.default_rng(1).random(variable.shape))
    return model


@pytest.fixture(scope="module")
def folder(source, tmp_path_factory):
    return export_hub_module(source, tmp_path_factory.mktemp("hub") / "module")


def classifier(folder, trainable=False):
    model = keras.Sequential([keras.Input(SHAPE), HubLayer(folder, trainable), layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss)
    return model


def fit(model, images):
    model.fit(images, np.arange(len(images)) % 2, epochs=2, batch_size=4, verbose=0)


def values(layer, part):
    """Copies of the layer's variables whose name contains `part`."""
    return [np.asarray(v).copy() for v in layer.variables if part in v.name]


def changed(before, after):
    assert len(before) == len(after) > 0
    return [
        bool(np.abs(one - other).max() > 1e-6) for one, other in zip(before, after, strict=True)
    ]


# --- output


def test_the_layer_gives_what_the_model_gives(source, folder, images):
    np.testing.assert_allclose(HubLayer(folder)(images), source(images), atol=1e-5)


def test_training_of_a_trainable_layer_uses_the_statistics_of_the_batch(folder, source, images):
    model = keras.models.clone_model(source)  # its own statistics move below
    model.set_weights(source.get_weights())
    truth = np.asarray(model(images, training=True))
    layer = HubLayer(folder, trainable=True)
    np.testing.assert_allclose(layer(images, training=True), truth, atol=1e-5)
    assert np.abs(truth - source(images)).max() > 1e-3
    np.testing.assert_allclose(layer(images), model(images), atol=1e-5)  # statistics moved alike


def test_the_layer_works_in_functional_models_and_for_any_batch(folder, images):
    inputs = keras.Input(SHAPE)
    layer = HubLayer(folder)
    model = keras.Model(inputs, layers.Dense(2)(layer(inputs)))
    assert layer(inputs).shape == (None, 5)
    assert model.predict(images[:3], verbose=0).shape == (3, 2)
    assert model.predict(images[:1], verbose=0).shape == (1, 2)


def test_a_path_object_is_a_handle_too(folder, images, tmp_path):
    shutil.copytree(folder, tmp_path / "módulo novo")
    layer = HubLayer(tmp_path / "módulo novo")
    assert layer.handle == str(tmp_path / "módulo novo")
    np.testing.assert_allclose(layer(images), HubLayer(folder)(images), atol=1e-6)


def test_a_relative_folder_counts_from_the_working_directory(folder, images, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "module")
    monkeypatch.chdir(tmp_path)
    np.testing.assert_allclose(HubLayer("module")(images), HubLayer(folder)(images), atol=1e-6)


def test_the_backbone_of_the_course_takes_batches_as_a_module(scene, tmp_path):
    from PIL import Image

    Image.fromarray(scene(40, 40)).save(tmp_path / "a.png")
    whole = efficientnet_lite0(32, weights=None)
    backbone = keras.Model(whole.input, whole.get_layer("block2_add").output)  # a part, for speed
    layer = HubLayer(export_hub_module(backbone, tmp_path / "lite0"))
    [batch] = create_data_batches([tmp_path / "a.png"], image_size=32)
    np.testing.assert_allclose(layer(batch), backbone(batch), atol=1e-4)
    assert layer.count_params() == backbone.count_params()


# --- weights


@pytest.mark.parametrize("trainable", [False, True])
def test_parameters_are_counted(folder, trainable):
    layer = HubLayer(folder, trainable)
    assert layer.count_params() == PARAMETERS
    learnt = sum(np.prod(variable.shape) for variable in layer.trainable_variables)
    assert learnt == (PARAMETERS - 2 * 4 if trainable else 0)  # but for the two statistics
    assert len(layer.variables) == 8


def test_a_frozen_module_does_not_change_nor_do_its_statistics(folder, images):
    model = classifier(folder)
    before = values(model.layers[0], "")
    head = values(model.layers[1], "kernel")
    fit(model, images)
    assert not any(changed(before, values(model.layers[0], "")))
    assert all(changed(head, values(model.layers[1], "kernel")))


def test_a_trainable_module_learns_weights_and_statistics(folder, images):
    model = classifier(folder, trainable=True)
    layer = model.layers[0]
    names = [variable.name for variable in layer.variables]
    before, outputs = values(layer, ""), np.asarray(layer(images))
    fit(model, images)
    moved = dict(zip(names, changed(before, values(layer, "")), strict=True))
    # a bias before batch norm has no gradient; all else moves
    assert [name for name, moves in moved.items() if not moves] in ([], [names[1]])
    assert all(changed([outputs], [np.asarray(layer(images))]))


@pytest.mark.parametrize("begin", [False, True])
def test_trainable_can_be_changed_later(folder, images, begin):
    model = classifier(folder, trainable=begin)
    layer = model.layers[0]
    layer.trainable = not begin
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert len(layer.trainable_variables) == (0 if begin else 6)
    assert len(model.trainable_variables) == (2 if begin else 8)
    weights, statistics = values(layer, "kernel"), values(layer, "moving")
    fit(model, images)
    assert all(moves != begin for moves in changed(weights, values(layer, "kernel")))
    assert all(moves != begin for moves in changed(statistics, values(layer, "moving")))


def test_two_layers_of_one_module_learn_apart(folder, images):
    one, other = HubLayer(folder, trainable=True), HubLayer(folder, trainable=True)
    one.variables[0].assign(one.variables[0] + 1)
    assert np.abs(np.asarray(one(images)) - np.asarray(other(images))).max() > 1e-3


def test_keras_and_the_module_see_the_same_variable(folder, images):
    layer = HubLayer(folder)
    before = np.asarray(layer(images))
    layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    np.testing.assert_array_equal(layer(images), np.zeros_like(before))


# --- saving


@pytest.mark.parametrize("trainable", [False, True])
def test_a_saved_model_comes_back_with_what_it_learnt(folder, images, tmp_path, trainable):
    model = classifier(folder, trainable)
    fit(model, images)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again(images), model(images), atol=1e-6)
    assert again.layers[0].trainable is trainable
    fit(again, images)  # and it can go on
    assert all(changed(values(model.layers[1], "kernel"), values(again.layers[1], "kernel")))


def test_weights_alone_go_into_a_model_built_again(folder, images, tmp_path):
    model = classifier(folder, trainable=True)
    fit(model, images)
    model.save_weights(tmp_path / "model.weights.h5")
    again = classifier(folder)
    assert np.abs(np.asarray(again(images)) - np.asarray(model(images))).max() > 1e-3
    again.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_allclose(again(images), model(images), atol=1e-6)


def test_an_export_replaces_what_stood_there(folder, images, tmp_path):
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        model = small_backbone()
        export_hub_module(model, tmp_path / "module")
    np.testing.assert_allclose(HubLayer(tmp_path / "module")(images), model(images), atol=1e-5)


# --- modules made by others


class Doubler(tf.Module):
    """A module as others write them: no `training`, no losses."""

    def __init__(self):
        super().__init__()
        self.scale = tf.Variable(2.0, name="scale")
        self.offset = tf.Variable(0.5, trainable=False, name="offset")

    @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.float32)])
    def __call__(self, x):
        return self.scale * x + self.offset


@pytest.fixture(scope="module")
def doubler(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("doubler"))
    module = Doubler()
    tf.saved_model.save(module, folder)
    return folder


def save_reusable(module, folder):
    """Saves with the lists that TF Hub's reusable SavedModel interface asks for."""
    root = tf.train.Checkpoint()
    root.__call__ = module.__call__
    root.variables = list(module.variables)
    root.trainable_variables = list(module.trainable_variables)
    if hasattr(module, "regularization_losses"):
        root.regularization_losses = module.regularization_losses
    tf.saved_model.save(root, str(folder))
    return str(folder)


def test_a_module_without_a_training_argument_works(tmp_path):
    layer = HubLayer(save_reusable(Doubler(), tmp_path), trainable=True)
    x = np.ones((2, 3), "float32")
    np.testing.assert_allclose(layer(x, training=True), 2 * x + 0.5)
    assert [len(layer.trainable_variables), len(layer.non_trainable_variables)] == [1, 1]


class Regularized(Doubler):
    def __init__(self):
        super().__init__()
        self.regularization_losses = [self.penalty]

    @tf.function(input_signature=[])
    def penalty(self):
        return 10 * self.scale**2


@pytest.mark.parametrize("trainable", [False, True])
def test_regularization_counts_only_where_the_layer_learns(tmp_path, trainable):
    layer = HubLayer(save_reusable(Regularized(), tmp_path), trainable)
    layer(np.ones((2, 3), "float32"))
    assert [float(loss) for loss in layer.losses] == ([40.0] if trainable else [])


def test_regularization_reaches_the_loss_of_fit(tmp_path):
    layer = HubLayer(save_reusable(Regularized(), tmp_path), trainable=True)
    model = keras.Sequential([keras.Input((3,)), layer])
    model.compile("sgd", "mse")
    x = np.ones((2, 3), "float32")
    assert model.evaluate(x, 2 * x + 0.5, verbose=0) == pytest.approx(40)


# --- refusals


def test_a_module_that_cannot_be_called_is_refused(tmp_path):
    module = tf.Module()
    module.table = tf.Variable([1.0])
    tf.saved_model.save(module, str(tmp_path))
    with pytest.raises(ValueError, match="called and trained.*Received.*efficientnet_lite0"):
        HubLayer(tmp_path)


def test_a_module_that_lists_no_variables_is_refused(doubler):
    with pytest.raises(ValueError, match="called and trained.*Received.*TF2 version"):
        HubLayer(doubler)


def test_a_module_in_the_tf1_format_is_refused(tmp_path):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.compat.v1.placeholder(tf.float32, (None, 3))
        y = x * tf.compat.v1.get_variable("w", initializer=2.0)
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.saved_model.simple_save(session, str(tmp_path / "tf1"), {"x": x}, {"y": y})
    with pytest.raises(ValueError, match="called and trained.*Received.*TF2 version"):
        HubLayer(tmp_path / "tf1")


def test_a_missing_folder_is_named_with_the_way_out(tmp_path):
    with pytest.raises(FileNotFoundError, match="Received: .*nowhere.*efficientnet_lite0"):
        HubLayer(tmp_path / "nowhere")


def test_a_folder_without_a_module_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="by address or folder. Received"):
        HubLayer(tmp_path)


def test_an_address_that_cannot_be_reached_is_named_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    handle = "http://127.0.0.1:9/model/1"  # nothing listens there
    with pytest.raises(FileNotFoundError, match="Received: .http.*efficientnet_lite0"):
        HubLayer(handle)


def test_an_address_is_found_offline_in_the_cache(folder, images, tmp_path, monkeypatch):
    handle = "https://tfhub.dev/course/small/1"
    shutil.copytree(folder, tmp_path / hashlib.sha1(handle.encode()).hexdigest())
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    layer = HubLayer(handle)
    assert layer.handle == handle == layer.get_config()["handle"]
    np.testing.assert_allclose(layer(images), HubLayer(folder)(images), atol=1e-6)


def test_a_tensorflow_hub_that_does_not_import_is_explained(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_hub", None)
    with pytest.raises(
        ModuleNotFoundError, match="Run: pip install tensorflow-hub 'setuptools<81'"
    ):
        HubLayer(folder)


def test_models_that_cannot_be_exported_are_refused(tmp_path):
    one, other = keras.Input((3,)), keras.Input((3,))
    models = [keras.Sequential([layers.Dense(2)]), keras.Model([one, other], one + other)]
    for model in models:
        with pytest.raises(ValueError, match="built model with one input. Received"):
            export_hub_module(model, tmp_path / "module")
    assert not (tmp_path / "module").exists()


def test_a_model_as_handle_is_refused_with_the_way_out(source):
    for handle in (source, None):
        with pytest.raises(ValueError, match="export_hub_module"):
            HubLayer(handle)


def test_mixed_precision_leaves_the_module_in_float32(folder, source, images):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = classifier(folder, trainable=True)
        fit(model, images)
        features = HubLayer(folder)(images)
    finally:
        keras.config.set_dtype_policy("float32")
    assert np.isfinite(model.predict(images, verbose=0)).all()
    np.testing.assert_allclose(features, source(images, training=False), atol=1e-5)
