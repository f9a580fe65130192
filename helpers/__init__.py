"""Small helpers of the course, one idea a module. `import helpers` itself loads nothing heavy."""

from importlib import import_module

_NAMES_IN = {
    "backbones": "efficientnet_lite0 extract_features unet",
    "batching": "ImageSequence RandomTransform check_images create_data_batches "
    "segmentation_batches",
    "callbacks": "RestoreBestOnDrop early_stopping tensorboard",
    "checks": "check_answer check_environment",
    "datasets": "dataset_dir read_labels",
    "evaluation": "grad_cam iou_counts predict_image",
    "hub": "HubLayer export_hub_module",
    "plotting": "plot_loss_curves show_images show_masks show_predictions",
    "training": "train_model",
}
_MODULE_OF = {name: module for module, names in _NAMES_IN.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    return getattr(import_module(f"helpers.{_MODULE_OF[name]}"), name)


def __dir__():
    return __all__
