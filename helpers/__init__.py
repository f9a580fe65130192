"""Small helpers of the course, one idea a module. `import helpers` itself loads nothing heavy."""

from importlib import import_module

_MODULE_OF = {
    "HubLayer": "hub",
    "ImageSequence": "batching",
    "RandomTransform": "batching",
    "RestoreBestOnDrop": "callbacks",
    "check_answer": "checks",
    "check_environment": "checks",
    "check_images": "batching",
    "create_data_batches": "batching",
    "dataset_dir": "datasets",
    "early_stopping": "callbacks",
    "efficientnet_lite0": "backbones",
    "export_hub_module": "hub",
    "extract_features": "backbones",
    "grad_cam": "evaluation",
    "iou_counts": "evaluation",
    "plot_loss_curves": "plotting",
    "predict_image": "evaluation",
    "read_labels": "datasets",
    "segmentation_batches": "batching",
    "show_images": "plotting",
    "show_masks": "plotting",
    "show_predictions": "plotting",
    "tensorboard": "callbacks",
    "train_model": "training",
    "unet": "backbones",
}
__all__ = list(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    return getattr(import_module(f"helpers.{_MODULE_OF[name]}"), name)


def __dir__():
    return __all__
