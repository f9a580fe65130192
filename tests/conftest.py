"""Settings of every test: quiet TensorFlow, figures without a window, one seed."""

import os
import sys

import matplotlib
import numpy as np
import pytest
from PIL import Image

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["COURSE_SUBSET"] = "sample"  # whatever the shell says: nbval's kernels inherit it
# After its first generator, TensorFlow 2.21 makes glibc ask the system anew for each array above
# 128 kB (`ApplyPython311MemoryPatch`): drawing becomes 3 to 5 times slower. Room to spare on the
# heap brings the speed back, in what starts after this line: the workers of xdist, the kernels.
os.environ.setdefault("MALLOC_TOP_PAD_", str(64 * 2**20))  # bytes
matplotlib.use("Agg")  # not by MPLBACKEND: that would reach the notebooks' kernels


@pytest.fixture(autouse=True)
def _same_start_and_no_figure_left():
    if "keras" in sys.modules:  # tests without it stay light
        sys.modules["keras"].utils.set_random_seed(13)
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def scene():
    """Draws a smooth colour image without symmetry: `scene(height, width, seed)`, uint8."""

    def draw(height, width, seed=0):
        colors = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype=np.uint8)
        colors[0, 0], colors[-1, -1] = (250, 20, 20), (20, 20, 250)
        return np.asarray(Image.fromarray(colors).resize((width, height), Image.BICUBIC))

    return draw
