"""Draws the sample data sets of the course: every picture is computed here, from a seed.

Nothing is photographed, downloaded or copied: a dog is a handful of rounded shapes (signed
distance fields: a function that tells how far a point is from a surface), a meal or a mechanical
part is a painted relief, a corridor is made of boxes, tubes and eggs that rays meet; all are lit
and seen by a pretend camera. All sums are NumPy float64, so that they round to the same pixels
everywhere; Pillow only writes the JPEG or PNG. Each photo has generators of its own and can be
drawn alone.
Licence of the pictures: CC BY 4.0.

    python data/make_sample.py              # redraws every set beside this file
    python data/make_sample.py dog_breeds   # one set

References: sphere tracing, Hart 1996; distance functions and smooth minimum, Inigo Quilez.
"""

# fmt: off  (tables and sums are laid out by hand)

from __future__ import annotations

import csv
import io
import itertools
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

SEED = 2026
QUALITY = {"dog_breeds": 86, "pizza_steak": 75, "fourteen_classes": 72}  # of JPEG; others are PNG
HERE = Path(__file__).resolve().parent

# ---------------------------------------------------------------- noise, shapes, camera

_HASH = np.random.default_rng(7).permutation(1024)
_VALUE = np.random.default_rng(8).random(1024)


def noise(*axes: np.ndarray) -> np.ndarray:
    """Smooth value noise in 0..1 with features about one unit wide, in any number of axes."""
    cells = [np.floor(a) for a in axes]
    fractions = [a - c for a, c in zip(axes, cells, strict=True)]
    fractions = [f * f * (3 - 2 * f) for f in fractions]
    cells = [c.astype(np.int64) for c in cells]
    total = 0.0
    for corner in itertools.product((0, 1), repeat=len(axes)):
        key, weight = 0, 1.0
        for cell, fraction, bit in zip(cells, fractions, corner, strict=True):
            key = _HASH[(key + cell + bit) & 1023]
            weight = weight * (fraction if bit else 1 - fraction)
        total = total + weight * _VALUE[key]
    return total


def grain(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Noise in two axes that hides its grid: two octaves, turned against each other."""
    return 0.6 * noise(0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x) + 0.4 * noise(2 * x - y, 2 * y + x)


def step(x: np.ndarray, width: float = 0.1) -> np.ndarray:
    """Soft step: 0 below ``-width``, 1 above ``width``."""
    return np.clip(0.5 + 0.5 * x / width, 0, 1)


def mix(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Blends colours ``(..., 3)`` by a weight ``(...)`` in 0..1."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a + (b - a) * np.asarray(weight)[..., None]


# Products of vectors are written out: a BLAS library rounds differently on each processor.


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Scalar product of vectors ``(3,)`` or of each column of ``(3, n)``."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def norm(a: np.ndarray) -> np.ndarray:
    """Length of vectors ``(3,)`` or of each column of ``(3, n)``."""
    return np.sqrt(dot(a, a))


def turned(matrix: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Matrix ``(3, 3)`` times vectors ``(3,)`` or ``(3, n)``."""
    return np.stack([dot(row, p) for row in matrix])


def blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of ``(height, width, 3)``; sigma in pixels."""
    if sigma < 0.2:
        return image
    radius = int(3 * sigma) + 1
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        pad = [(radius, radius) if a == axis else (0, 0) for a in range(3)]
        padded, size = np.pad(image, pad, mode="edge"), image.shape[axis]
        image = sum(
            w * (padded[i : i + size] if axis == 0 else padded[:, i : i + size])
            for i, w in enumerate(kernel)
        )
    return image


@dataclass
class Part:
    """A tapered capsule from ``a`` to ``b``, optionally flattened along ``flat`` by ``thin``."""

    a: np.ndarray
    b: np.ndarray
    ra: float
    rb: float
    kind: str
    smooth: float = 0.05
    fur: float = 1.0
    flat: np.ndarray | None = None
    thin: float = 1.0
    t: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self):
        """Makes ``flat`` a unit vector across the axis."""
        if self.flat is not None:
            axis = self.b - self.a
            self.flat = self.flat - axis * dot(self.flat, axis) / max(dot(axis, axis), 1e-9)
            self.flat = self.flat / norm(self.flat)

    def distance(self, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Signed distance of points ``(3, n)`` and position 0..1 along the part."""
        axis = self.b - self.a
        x, y, z = p[0] - self.a[0], p[1] - self.a[1], p[2] - self.a[2]
        along = (x * axis[0] + y * axis[1] + z * axis[2]) / max(dot(axis, axis), 1e-9)
        along = np.minimum(np.maximum(along, 0), 1)
        x, y, z = x - along * axis[0], y - along * axis[1], z - along * axis[2]
        square, radius = x * x + y * y + z * z, self.ra + along * (self.rb - self.ra)
        if self.flat is None:
            return np.sqrt(square) - radius, along
        n = (x * self.flat[0] + y * self.flat[1] + z * self.flat[2]) ** 2
        stretch = 1 / self.thin**2
        k0 = np.sqrt(square + n * (stretch - 1))
        k1 = np.sqrt(square + n * (stretch**2 - 1)) + 1e-9
        return (k0 - radius) * k0 / k1, along


def smooth_min(a: np.ndarray, b: np.ndarray, k: float) -> np.ndarray:
    """Minimum of two distances with a rounded seam of width ``k``."""
    h = np.maximum(k - np.abs(a - b), 0)
    return np.minimum(a, b) - h * h * (0.25 / k)


def rotation(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """Rotation matrix; angles in radians about y (up), z (sideways) and x (forward)."""
    c, s = np.cos([yaw, pitch, roll]), np.sin([yaw, pitch, roll])
    ry = np.array([[c[0], 0, s[0]], [0, 1, 0], [-s[0], 0, c[0]]])
    rz = np.array([[c[1], -s[1], 0], [s[1], c[1], 0], [0, 0, 1]])
    rx = np.array([[1, 0, 0], [0, c[2], -s[2]], [0, s[2], c[2]]])
    return turned(ry, turned(rz, rx))


def develop(image: np.ndarray, rng: np.random.Generator, noisy: float = 1.0) -> np.ndarray:
    """The camera: linear light ``(height, width, 3)`` to a uint8 photo, slightly imperfect.

    Args:
        image: Linear light.
        rng: Source of white balance, exposure, vignette, blur and noise.
        noisy: Factor of the noise of the sensor.

    Returns:
        Array of the same shape.
    """
    height, width = image.shape[:2]
    warm = rng.normal(0, 0.06)
    image = image * np.array([1 + warm, 1, 1 - warm]) * 2 ** rng.normal(0.05, 0.22)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    image = image * (1 - rng.uniform(0, 0.22) * (x * x + y * y) / 2)[..., None]
    image = blur(image, rng.choice([0.35, 0.45, 0.6, 0.9], p=[0.35, 0.35, 0.2, 0.1]))
    image = np.sqrt(np.clip(image, 0, None))
    image = np.where(image > 0.8, 0.8 + 0.2 * np.tanh((image - 0.8) / 0.2), image)
    image = image + rng.normal(0, noisy * rng.uniform(0.004, 0.016), image.shape)
    return np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)


# ---------------------------------------------------------------- dogs: the table of breeds

COLOURS = {
    "black": (0.17, 0.165, 0.17),
    "white": (0.93, 0.91, 0.88),
    "cream": (0.90, 0.81, 0.66),
    "gold": (0.80, 0.58, 0.33),
    "red": (0.64, 0.36, 0.17),
    "fawn": (0.80, 0.66, 0.48),
    "brown": (0.34, 0.21, 0.13),
    "grey": (0.47, 0.48, 0.51),
    "tan": (0.70, 0.45, 0.24),
    "pink": (0.86, 0.47, 0.48),
    "dark": (0.13, 0.11, 0.11),
}


@dataclass(frozen=True)
class Breed:
    """Build and coat of a breed. Lengths in metres of a dog of medium size."""

    leg: float = 0.36  # ground to elbow
    body: float = 0.62  # shoulder to hip
    girth: float = 0.19  # radius of the chest
    waist: float = 0.8  # of the girth
    bone: float = 0.055  # radius of a leg
    neck: float = 0.26
    head: float = 0.15  # radius of the skull
    muzzle: float = 1.0  # length, in skull radii
    snout: float = 0.42  # radius of the muzzle, in skull radii
    lips: float = 0.0
    ears: str = "drop"
    ear: float = 1.0
    tail: str = "feather"
    coat: str = "smooth"
    fluff: float = 0.01
    ruff: float = 1.0
    eyes: tuple[str, ...] = ("brown",)
    coats: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


# A coat is a list of (region, colour), painted one over the other; see `paint`.
_TRICOLOUR = [
    ("all", "tan"),
    ("saddle", "black"),
    ("under", "white"),
    ("socks", "white"),
    ("muzzle", "white"),
    ("tip", "white"),
]


def _irish(colour: str) -> list[tuple[str, str]]:
    return [
        ("all", colour),
        ("collar", "white"),
        ("socks", "white"),
        ("under", "white"),
        ("blaze", "white"),
        ("tip", "white"),
    ]


def _husky(colour: str) -> list[tuple[str, str]]:
    return [("all", colour), ("legs", "white"), ("under", "white"), ("spectacles", "white")]


def _corgi(colour: str) -> list[tuple[str, str]]:
    return [("all", colour), ("under", "white"), ("socks", "white"), ("narrow", "white")]


BREEDS = {
    "basset": Breed(
        leg=0.15,
        body=0.72,
        girth=0.19,
        waist=0.92,
        bone=0.06,
        neck=0.2,
        head=0.145,
        muzzle=1.2,
        snout=0.52,
        lips=0.34,
        ears="drop",
        ear=2.4,
        tail="sabre",
        fluff=0.004,
        coats={
            "tricolour": _TRICOLOUR,
            "red_white": [
                ("all", "red"),
                ("under", "white"),
                ("socks", "white"),
                ("blaze", "white"),
                ("tip", "white"),
            ],
            "lemon": [("all", "white"), ("patches", "gold"), ("cap", "gold")],
        },
    ),
    "border_collie": Breed(
        leg=0.36,
        body=0.62,
        girth=0.18,
        neck=0.25,
        head=0.135,
        muzzle=1.1,
        snout=0.41,
        ears="semi",
        tail="feather",
        coat="long",
        fluff=0.028,
        ruff=1.25,
        coats={
            "black_white": _irish("black"),
            "red_white": _irish("red"),
            "grey_white": [*_irish("grey")[:1], ("spots", "black"), *_irish("grey")[1:]],
        },
    ),
    "golden_retriever": Breed(
        leg=0.34,
        body=0.66,
        girth=0.21,
        neck=0.26,
        head=0.157,
        muzzle=1.0,
        snout=0.52,
        lips=0.1,
        bone=0.055,
        ears="drop",
        ear=1.2,
        tail="feather",
        coat="long",
        fluff=0.023,
        ruff=1.15,
        coats={
            "gold": [("all", "gold"), ("under", "cream")],
            "cream": [("all", "cream"), ("under", "white")],
            "red": [("all", "red"), ("under", "gold")],
        },
    ),
    "pembroke": Breed(
        leg=0.14,
        body=0.6,
        girth=0.17,
        waist=0.95,
        bone=0.05,
        neck=0.2,
        head=0.145,
        muzzle=0.9,
        snout=0.41,
        ears="prick",
        ear=1.05,
        tail="dock",
        coat="long",
        fluff=0.018,
        ruff=1.15,
        coats={
            "red_white": _corgi("red"),
            "fawn_white": _corgi("gold"),
            "tricolour": [
                ("all", "tan"),
                ("saddle", "black"),
                ("cap", "black"),
                *_corgi("tan")[1:],
            ],
        },
    ),
    "pug": Breed(
        leg=0.23,
        body=0.42,
        girth=0.165,
        waist=0.78,
        bone=0.042,
        neck=0.16,
        head=0.155,
        muzzle=0.12,
        snout=0.5,
        lips=0.12,
        ears="button",
        tail="curl",
        fluff=0.005,
        eyes=("dark",),
        coats={
            "fawn": [("all", "fawn"), ("mask", "black"), ("ears", "black"), ("wrinkles", "brown")],
            "black": [("all", "black")],
            "apricot": [
                ("all", "gold"),
                ("mask", "black"),
                ("ears", "black"),
                ("wrinkles", "brown"),
            ],
        },
    ),
    "siberian_husky": Breed(
        leg=0.38,
        body=0.62,
        girth=0.19,
        neck=0.24,
        head=0.155,
        muzzle=0.9,
        snout=0.44,
        ears="prick",
        ear=0.7,
        tail="bushy",
        coat="long",
        fluff=0.022,
        ruff=1.2,
        bone=0.06,
        eyes=("blue", "blue", "brown"),
        coats={
            "black_white": _husky("black"),
            "grey_white": _husky("grey"),
            "red_white": _husky("red"),
        },
    ),
    "standard_poodle": Breed(
        leg=0.42,
        body=0.52,
        girth=0.18,
        waist=0.75,
        neck=0.3,
        head=0.12,
        muzzle=1.45,
        snout=0.34,
        ears="fluffy",
        ear=1.3,
        tail="pom",
        coat="curly",
        fluff=0.02,
        bone=0.05,
        coats={
            "black": [("all", "black")],
            "cream": [("all", "cream")],
            "apricot": [("all", "gold")],
            "brown": [("all", "brown")],
        },
    ),
    "whippet": Breed(
        leg=0.46,
        body=0.6,
        girth=0.155,
        waist=0.55,
        bone=0.036,
        neck=0.3,
        head=0.11,
        muzzle=1.4,
        snout=0.36,
        ears="rose",
        tail="whip",
        fluff=0.002,
        ruff=0.85,
        coats={
            "brindle": [
                ("all", "tan"),
                ("brindle", "dark"),
                ("under", "white"),
                ("socks", "white"),
            ],
            "fawn": [("all", "fawn"), ("under", "cream")],
            "black_white": [("all", "white"), ("patches", "black"), ("cap", "black")],
            "grey": [("all", "grey"), ("under", "white")],
        },
    ),
}


# ---------------------------------------------------------------- dogs: the body


def vec(*xyz: float) -> np.ndarray:
    """A float64 vector."""
    return np.array(xyz, float)


SIDE = vec(0, 0, 1)


def chain(points: list, radii: list, kind: str, **options) -> list[Part]:
    """Capsules from point to point; ``t`` runs from 0 to 1 along the whole chain."""
    n = len(points) - 1
    return [
        Part(
            np.asarray(points[i], float),
            np.asarray(points[i + 1], float),
            radii[i],
            radii[i + 1],
            kind,
            t=(i / n, (i + 1) / n),
            **options,
        )
        for i in range(n)
    ]


def body_parts(b: Breed, pose: str, rng: np.random.Generator) -> tuple[list[Part], dict]:
    """Torso, neck, legs and tail in the body's frame: x forward, y up, z to the dog's left."""
    g, bone, wide = b.girth, b.bone, 0.78
    hip, rise = 0.82 * g, b.leg + 0.8 * g
    if pose == "stand":
        chest, rump = vec(b.body / 2, rise, 0), vec(-b.body / 2, rise + 0.04 * g, 0)
    elif pose == "sit":
        low = 0.9 * hip
        lift = min(max((rise + 0.05 - low) / b.body, 0.3), 0.88)
        rump = vec(-b.body * 0.3, low, 0)
        chest = rump + b.body * vec(np.sqrt(1 - lift**2), lift, 0)
    else:
        chest, rump = vec(b.body / 2, 0.95 * g, 0), vec(-b.body / 2, 0.92 * hip, 0)
    back = (chest - rump) / norm(chest - rump)
    up = vec(-back[1], back[0], 0)
    middle = rump + 0.42 * (chest - rump) + up * g * (0.95 - b.waist) * 0.45
    parts = [
        *chain(
            [rump, middle, chest], [hip, g * b.waist, g], "torso", smooth=0.12, flat=SIDE, thin=wide
        ),
        Part(
            chest + 0.3 * g * back - 0.15 * g * up,
            chest - 0.2 * g * up,
            0.72 * g,
            0.8 * g,
            "torso",
            0.1,
            flat=SIDE,
            thin=0.85,
        ),
    ]
    for side in (-1, 1):
        z, sway = side * g * 0.52, rng.normal(0, 0.12) if pose == "stand" else 0.0
        if pose == "lie":
            reach = max(b.leg, 0.22)
            arm = [
                chest + vec(0, -0.1 * g, z),
                vec(chest[0] - 0.02, bone * 1.3, z * 1.15),
                vec(chest[0] + reach * 0.6, bone, z),
                vec(chest[0] + reach, bone * 0.9, z),
            ]
        else:
            top = chest[1] - 0.62 * g
            arm = [
                chest + vec(0.02, -0.15 * g, z),
                vec(chest[0] - 0.03, top, z * 1.05),
                vec(chest[0] + 0.01 + sway * b.leg * 0.5, top * 0.4, z),
                vec(chest[0] + sway * b.leg, bone * 0.9, z),
            ]
        parts += chain(
            arm, [0.5 * g, bone * 1.25, bone * 0.85, bone * 0.85], "leg", smooth=0.04, fur=0.5
        )
        sway = rng.normal(0, 0.13) if pose == "stand" else 0.0
        if pose == "stand":
            knee = vec(rump[0] + 0.42 * b.leg, b.leg * 0.97, z * 1.1)
            thigh = [
                rump + vec(0, -0.1 * g, z),
                knee,
                vec(rump[0] + (sway - 0.3) * b.leg, b.leg * 0.42, z),
                vec(rump[0] + (sway - 0.22) * b.leg, bone * 0.9, z),
            ]
        else:
            size = 0.5 * (b.leg + g)
            thigh = [
                rump + vec(0.02, 0, z),
                rump + vec(0.75 * size, 0.3 * size, z * 1.7),
                vec(rump[0] + 0.1 * size, bone, z * 1.6),
                vec(rump[0] + 0.85 * size, bone * 0.9, z * 1.8),
            ]
        thick = [hip * 0.7, min(0.42 * hip, 1.5 * bone), bone * 0.85, bone * 0.85]
        parts += chain(thigh, thick, "leg", smooth=0.05, fur=0.5)
        for foot in (arm[-1], thigh[-1]):
            toes = foot + vec(0.8 * bone, -0.15 * bone, 0)
            parts.append(
                Part(
                    foot + vec(-0.01, -0.1 * bone, 0),
                    toes,
                    bone * 0.92,
                    bone * 0.85,
                    "paw",
                    0.02,
                    0.3,
                    t=(1, 1),
                )
            )
            if b.coat == "curly":
                puff = vec(foot[0] - 0.01, foot[1] + 0.5 * bone + 0.05, foot[2])
                parts.append(
                    Part(
                        puff,
                        puff + vec(0, 0.06, 0),
                        bone * 1.75,
                        bone * 1.75,
                        "leg",
                        0.02,
                        t=(0.8, 0.8),
                    )
                )
    lift = rng.normal(0.95, 0.18)
    nape = chest + vec(0.12 * g, 0.3 * g, 0)
    skull = nape + b.neck * vec(np.cos(lift), np.sin(lift), 0) * 1.15
    thick = [0.72 * g * b.ruff, 0.72 * b.head * b.ruff]
    parts += chain([nape, skull - vec(0.3 * b.head, 0.2 * b.head, 0)], thick, "neck", smooth=0.1)
    if b.coat == "long":  # fringes behind the forelegs, below the belly, on the thighs
        fringe = []
        if b.leg > 0.3:
            for part in [p for p in parts if p.kind == "leg" and p.t[0] > 0.3 and p.t[1] < 0.9]:
                shift = vec(-0.9 * bone, 0, 0)
                fringe.append(
                    Part(
                        part.a + shift,
                        part.b + shift,
                        bone * 1.1,
                        bone * 0.5,
                        "leg",
                        0.05,
                        1.2,
                        SIDE,
                        0.45,
                        part.t,
                    )
                )
            if pose == "stand":
                low = vec(0, -0.85 * g, 0)
                fringe.append(
                    Part(chest + low, middle + low * 0.95, 0.05, 0.03, "torso", 0.1, 1.5, SIDE, 0.6)
                )
        seat = rump - 0.7 * hip * back
        fringe.append(Part(seat, seat + vec(0, -0.6 * b.leg, 0), 0.07, 0.03, "torso", 0.1, 1.5))
        fringe[-1].b[1] = max(fringe[-1].b[1], 0.04)
        parts += fringe
    if b.ruff > 1:
        front = chest + back * 0.45 * g + up * 0.25 * g
        parts.append(Part(front, front + (skull - front) * 0.45, 0.55 * g, 0.45 * g, "neck", 0.1))
    root = rump + hip * (-0.75 * back + 0.45 * up)
    parts += tail_parts(b, pose, root, back, up, rng)
    return parts, {
        "chest": chest,
        "rump": rump,
        "back": back,
        "up": up,
        "skull": skull,
        "middle": (chest[0] + rump[0]) / 2,
    }


def tail_parts(b: Breed, pose: str, root, back, up, rng) -> list[Part]:
    """The tail, as a chain of capsules that bends by a constant angle."""
    length, radii, start, bend, n = {
        "feather": (0.46, (0.045, 0.065), 2.9, 0.08, 4),
        "bushy": (0.5, (0.06, 0.09), 1.75, -0.42, 5),
        "curl": (0.5, (0.034, 0.022), 1.7, -0.95, 8),
        "sabre": (0.36, (0.032, 0.016), 1.9, -0.12, 4),
        "whip": (0.42, (0.022, 0.009), 4.1, -0.25, 5),
        "pom": (0.2, (0.03, 0.03), 1.8, -0.1, 2),
        "dock": (0.05, (0.05, 0.045), 2.4, 0.0, 1),
    }[b.tail]
    angle = start + rng.normal(0, 0.15)
    length *= 0.75 if pose != "stand" else 1
    if pose != "stand" and b.tail not in ("curl", "dock"):
        angle = 3.1
        bend = 0.0
    points, sideways = [root], rng.normal(0, 0.06)
    for i in range(n):
        direction = np.cos(angle) * back + np.sin(angle) * up
        if pose != "stand" and b.tail not in ("curl", "dock"):
            swing = 0.5 + 0.35 * i
            direction = vec(-np.cos(swing), -0.5, np.sin(swing) * np.sign(sideways))
        points.append(points[-1] + direction * length / n + vec(0, 0, sideways * 0.3))
        points[-1][1] = max(points[-1][1], radii[1] * 1.1)
        angle += bend
    radii = list(np.linspace(*radii, n + 1))
    if b.tail in ("feather", "bushy"):
        radii[-1] *= 0.5
    parts = chain(points, radii, "tail", smooth=0.03)
    if b.tail == "feather":
        for part in parts[1:]:
            part.flat, part.thin = SIDE, 0.55
            part.ra, part.rb = part.ra * 1.5, part.rb * 1.4
    if b.tail == "pom":
        parts.append(Part(points[-1], points[-1], 0.085, 0.085, "tail", 0.02, t=(1, 1)))
    return parts


def head_parts(b: Breed, rng: np.random.Generator) -> list[Part]:
    """The head in its own frame, in units of the skull's radius; x points to the nose."""
    m, s = b.muzzle, b.snout
    smile = rng.random() < 0.5
    gape = rng.uniform(0.12, 0.3) if smile else 0.0
    tip = vec(0.55 + m, -0.3 - 0.06 * m, 0)
    parts = [
        Part(
            vec(-0.25, 0.05, 0),
            vec(0.15, 0.03, 0),
            0.95,
            0.84,
            "head",
            0.2,
            0.5,
            SIDE,
            0.78 if m > 1.3 else 0.98,
        ),
        Part(vec(0.45, -0.24, 0), tip, s * 1.15, s * 0.88, "muzzle", 0.25, 0.15),
        Part(
            vec(0.3, -0.5, 0),
            vec(0.42 + 0.85 * m, -0.52 - gape - 0.05 * m, 0),
            s * 0.85,
            s * 0.55,
            "jaw",
            0.12,
            0.15,
        ),
    ]
    for side in (-1, 1):
        cheek = 0.5 if m < 1.3 else 0.36
        parts.append(
            Part(
                vec(0.1, -0.3, side * 0.8 * cheek),
                vec(0.2, -0.35, side * 0.75 * cheek),
                cheek,
                0.9 * cheek,
                "head",
                0.25,
                0.8,
            )
        )
        parts.append(
            Part(
                vec(0.62, 0.36, side * 0.3),
                vec(0.6, 0.36, side * 0.36),
                0.2,
                0.18,
                "head",
                0.2,
                0.2,
            )
        )
        if b.lips:
            parts.append(
                Part(
                    vec(0.5, -0.45 - b.lips, side * s * 0.7),
                    vec(0.45 + m * 0.85, -0.42 - b.lips * 0.7, side * s * 0.5),
                    s * 0.6,
                    s * 0.55,
                    "muzzle",
                    0.15,
                    0.1,
                )
            )
        parts += ear_parts(b, side, rng)
    if b.coat == "curly":
        parts.append(Part(vec(-0.25, 0.75, 0), vec(0.3, 0.75, 0), 0.85, 0.72, "head", 0.1))
    nose = tip + (vec(s * 0.72, s * 0.4, 0) if m > 0.3 else vec(s * 0.8, s * 0.62, 0))
    wide = vec(0, 0, 0.08)
    size = 0.12 + 0.17 * s
    parts.append(Part(nose - wide, nose + wide, size, size, "nose", 0.03, 0, vec(0, 1, 0), 0.8))
    if smile:
        root = vec(0.42 + 0.6 * m, -0.4 - 0.6 * gape, 0)
        end = vec(0.62 + 0.9 * m, -0.62 - gape, 0)
        drop = end + vec(0.12, -rng.uniform(0.1, 0.5), 0)
        parts += chain(
            [root, end, drop],
            [0.22, 0.22, 0.2],
            "tongue",
            smooth=0.05,
            fur=0,
            flat=vec(0.6, 0.8, 0),
            thin=0.35,
        )
    return parts


def ear_parts(b: Breed, side: int, rng: np.random.Generator) -> list[Part]:
    """One ear; the kinds differ by the path of a flattened, tapered chain."""
    e, perk = b.ear, rng.normal(0, 0.06)
    path, radii, flat, thin = {
        "drop": (
            [
                (-0.12, 0.42, 0.8),
                (0.0, 0.15, 1.04),
                (0.06, 0.1 - 0.4 * e, 1.12),
                (0.1, 0.15 - 0.75 * e, 1.06),
            ],
            [0.26, 0.34, 0.44, 0.38],
            (0.6, 0.15, 0.8),
            0.24,
        ),
        "prick": (
            [(-0.15, 0.55, 0.5), (-0.15, 0.8 + 0.7 * e, 0.72)],
            [0.24 + 0.26 * e, 0.1],
            (1, 0.1, 0.6),
            0.42,
        ),
        "semi": (
            [(-0.15, 0.6, 0.58), (-0.12, 1.15, 0.88), (0.3, 1.0, 1.05)],
            [0.4, 0.28, 0.12],
            (0.8, 0.3, 0.6),
            0.42,
        ),
        "button": (
            [(-0.05, 0.72, 0.62), (0.18, 0.62, 0.85), (0.42, 0.36, 0.84)],
            [0.26, 0.27, 0.1],
            (0.3, 0.5, 0.9),
            0.35,
        ),
        "rose": (
            [(-0.3, 0.55, 0.6), (-0.7, 0.6, 0.8), (-0.75, 0.2, 0.95)],
            [0.3, 0.24, 0.1],
            (0.2, 0.5, 0.8),
            0.45,
        ),
        "fluffy": (
            [(-0.15, 0.4, 0.8), (-0.1, -0.1, 1.1), (-0.05, 0.2 - 0.9 * e, 1.05)],
            [0.4, 0.55, 0.55],
            (0.1, 0.1, 1),
            0.55,
        ),
    }[b.ears]
    points = [vec(x, y + perk * i, z * side) for i, (x, y, z) in enumerate(path)]
    soft = 0.2 if b.coat == "smooth" or b.ears == "prick" else 0.7
    return chain(
        points,
        radii,
        "ear",
        smooth=0.05,
        fur=soft,
        flat=vec(flat[0], flat[1], flat[2] * side),
        thin=thin,
    )


class Dog:
    """A posed dog: a distance field and what is needed to colour it."""

    def __init__(self, breed: Breed, pose: str, turn: tuple, rng: np.random.Generator):
        """Builds all parts; ``turn`` is the head's yaw, pitch and roll in radians."""
        self.breed, self.curly = breed, breed.coat == "curly"
        body, self.frame = body_parts(breed, pose, rng)
        self.head_turn, self.head_at = rotation(*turn), self.frame["skull"]
        self.parts: dict[str, list[Part]] = {}  # groups of neighbours, skipped when far away
        for part in body:
            corner = f"leg {part.a[2] > 0} {part.a[0] > self.frame['middle']}"
            name = {"leg": corner, "paw": corner, "tail": "tail"}.get(part.kind, "trunk")
            self.parts.setdefault(name, []).append(part)
        self.head = head_parts(breed, rng)
        self.eyes = self._place_eyes()
        self.head += self.eyes
        self.bounds = {}
        for name, parts in [*self.parts.items(), ("head", self.head)]:
            ends = np.array([q for p in parts for q in (p.a, p.b)])
            reach = np.array([r for p in parts for r in (p.ra, p.rb)])
            middle = (ends.max(0) + ends.min(0)) / 2
            self.bounds[name] = middle, (np.linalg.norm(ends - middle, axis=1) + reach).max()

    def _place_eyes(self) -> list[Part]:
        """Lets each eye slide in along a ray until it sits in the face."""
        eyes = []
        size = 0.165 if self.breed.muzzle > 0.3 else 0.205
        for side in (-1, 1):
            azimuth = (0.52 if self.breed.muzzle < 1.3 else 0.72) * side
            out = vec(np.cos(azimuth), 0.22, np.sin(azimuth))
            out /= norm(out)
            p = (out * 3)[:, None]
            for _ in range(40):
                d = None
                for part in self.head:
                    if part.kind in ("head", "muzzle"):
                        q = part.distance(p)[0]
                        d = q if d is None else smooth_min(d, q, part.smooth)
                p = p - out[:, None] * d * 0.8
            centre = p[:, 0] - out * size * 0.5
            eyes.append(Part(centre, centre, size, size, "eye", 0.01, 0))
        return eyes

    def to_head(self, p: np.ndarray) -> np.ndarray:
        """Body frame to head frame, in skull radii."""
        x, y, z = (p[i] - self.head_at[i] for i in range(3))
        r = self.head_turn / self.breed.head
        return np.stack([r[0, i] * x + r[1, i] * y + r[2, i] * z for i in range(3)])

    def distance(self, p: np.ndarray, fur: np.ndarray | float = 0.0, margin: float = 0.08):
        """Signed distance in metres of points ``(3, n)``.

        ``fur`` lengthens the coat; groups of parts farther than ``margin`` count as balls.
        """
        total = np.full(p.shape[1], 9.0)
        if self.curly:
            curl = np.sin(70 * p[0] + 3 * np.sin(23 * p[1])) * np.sin(70 * p[1] + 9 * p[2])
            fur = fur + 0.006 * curl * np.sin(70 * p[2] + 2)
        for name, (middle, reach) in self.bounds.items():
            parts, scale, q = self.head, self.breed.head, None
            if name == "head":
                q = self.to_head(p)
            else:
                parts, scale, q = self.parts[name], 1.0, p
            away = [(q[i] - middle[i]) ** 2 for i in range(3)]
            away = (np.sqrt(away[0] + away[1] + away[2]) - reach) * scale
            near = np.flatnonzero(away < margin)
            d = away + 0.02
            if near.size:
                q = q[:, near]
                hair = fur[near] if isinstance(fur, np.ndarray) else fur
                inner = np.full(near.size, 9.0)
                for part in parts:
                    new = part.distance(q)[0] * scale
                    if part.fur:
                        new = new - hair * part.fur
                    inner = smooth_min(inner, new, part.smooth * scale)
                d[near] = inner
            total = smooth_min(total, d, 0.05 if name[0] == "l" else 0.03)
        return total

    def anatomy(self, p: np.ndarray, normal: np.ndarray) -> dict[str, np.ndarray]:
        """Which part each surface point belongs to, softly, and where on the body it lies."""
        q, kinds, dist, along = self.to_head(p), [], [], []
        everything = [*itertools.chain(*self.parts.values()), *self.head]
        n_body = len(everything) - len(self.head)
        axis = np.zeros((len(everything), 3))
        for i, part in enumerate(everything):
            d, h = part.distance(p if i < n_body else q)
            dist.append(d if i < n_body else d * self.breed.head)
            along.append(part.t[0] + h * (part.t[1] - part.t[0]))
            kinds.append(part.kind)
            line = part.b - part.a if i < n_body else turned(self.head_turn, part.b - part.a)
            axis[i] = line / (norm(line) + 1e-9)
        dist, along = np.array(dist), np.array(along)
        weight = np.exp(-(dist - dist.min(0)) / 0.012)
        weight /= weight.sum(0)
        out = {
            k: weight[[j == k for j in kinds]].sum(0)
            for k in ("torso", "neck", "leg", "paw", "tail", "head", "muzzle", "jaw", "ear")
        }
        for k in ("nose", "eye", "tongue"):
            out[k] = np.isin(dist.argmin(0), [i for i, j in enumerate(kinds) if j == k]) * 1.0
        out["t"] = (weight * along).sum(0)
        out["axis"] = sum(w * line[:, None] for w, line in zip(weight, axis, strict=True))
        back, up = self.frame["back"], self.frame["up"]
        rel = p - self.frame["rump"][:, None]
        length = norm(self.frame["chest"] - self.frame["rump"])
        comb = step(out["torso"] + out["neck"] - 0.5, 0.3)
        lay = (0.75 * back + vec(0, 0.65, 0))[:, None]
        out["axis"] = out["axis"] * (1 - comb) + lay / norm(lay) * comb
        out["u"] = (back[:, None] * rel).sum(0) / length
        out["v"] = (up[:, None] * rel).sum(0) / self.breed.girth
        out["hx"], out["hy"], out["hz"] = q
        facing = turned(self.head_turn.T, normal)
        out["front"] = facing[0]
        jaw = next(part for part in self.head if part.kind == "jaw")
        run = np.clip((q[0] - jaw.a[0]) / (jaw.b[0] - jaw.a[0]), 0, 1.2)
        top = jaw.a[1] + run * (jaw.b[1] - jaw.a[1]) + jaw.ra + run * (jaw.rb - jaw.ra)
        out["seam"] = q[1] - top + 0.12 - 0.25 * self.breed.lips + 0.06 * np.cos(4 * run)
        eyes = [part.a for part in self.eyes]
        near = [np.sqrt(((q - e[:, None]) ** 2).sum(0)) for e in eyes]
        out["eyeball"] = np.minimum(*near) / self.eyes[0].ra
        tilt = [(q[2] - e[2]) * np.sign(e[2]) * 0.87 - (q[0] - e[0]) * 0.48 for e in eyes]
        across = np.where(near[0] < near[1], *tilt) / self.eyes[0].ra
        height = (q[1] - eyes[0][1]) / self.eyes[0].ra
        out["open"] = step(0.72 - 0.4 * across**2 - np.abs(height + 0.08), 0.08)
        gaze = [
            0.86 * (q[0] - e[0]) + 0.12 * (q[1] - e[1]) + 0.48 * np.sign(e[2]) * (q[2] - e[2])
            for e in eyes
        ]
        out["gaze"] = np.where(near[0] < near[1], *gaze) / self.eyes[0].ra
        feet = np.array([part.a for part in everything if part.kind == "paw"])
        which = ((p[:, None] - feet.T[:, :, None]) ** 2).sum(0).argmin(0)
        out["side"] = (p[2] - feet[which, 2]) / self.breed.bone
        return out


def paint(coat: list, breed: Breed, eye: str, a: dict, p: np.ndarray, offset: np.ndarray):
    """Colour ``(n, 3)`` of the surface points, and how bright their hairs are ``(n,)``.

    The coat's regions come first, then the hair, then toes, mouth, nose, tongue and eyes.
    """
    x, y, z = p + offset[:, None]
    big, mid = noise(x * 9, y * 9, z * 9), noise(x * 22, y * 22, z * 22)
    edge = 0.5 * (big - 0.5) + 0.3 * (mid - 0.5)
    face = a["head"] + a["muzzle"] + a["jaw"]
    trunk, hx, hy, hz = a["torso"] + a["neck"], a["hx"], a["hy"], np.abs(a["hz"])
    limb = np.clip(a["leg"] + a["paw"], 0, 1)
    regions: dict[str, Callable] = {
        "all": lambda: np.ones_like(x),
        "saddle": lambda: (
            (trunk + limb * step(0.25 - a["t"]))
            * step(a["v"] - 0.05 + edge)
            * step(1.35 - a["u"] + edge, 0.15)
            + a["tail"] * step(0.7 - a["t"])
        ),
        "under": lambda: (
            trunk
            * np.maximum(
                step(-0.55 - a["v"] + edge, 0.15), step(a["u"] - 1.16 + 0.25 * a["v"] + edge * 0.5)
            )
        ),
        "socks": lambda: np.clip(limb, 0, 1) * step(a["t"] - 0.5 + edge * 0.4),
        "legs": lambda: limb * step(a["t"] - 0.22 + 0.5 * step(a["u"] - 0.98) + edge * 0.3, 0.15),
        "collar": lambda: a["neck"] * step(0.55 - np.abs(a["v"] - 0.9) + edge, 0.2),
        "tip": lambda: a["tail"] * step(a["t"] - 0.7 + edge * 0.3),
        "blaze": lambda: (
            face
            * np.maximum(
                step(0.1 + 0.08 * hx - hz + edge * 0.2, 0.06), step(hx - 0.85 + edge * 0.3)
            )
            * step(1.1 - hy)
        ),
        "narrow": lambda: (
            face
            * np.maximum(
                step(0.1 + 0.05 * hx - hz + edge * 0.1, 0.05),
                step(-0.42 - hy + 0.1 * hx + edge * 0.3),
            )
        ),
        "muzzle": lambda: (
            face * np.maximum(step(hx - 0.95 + edge * 0.4), step(0.1 - hz + edge * 0.1, 0.05))
        ),
        "spectacles": lambda: (
            face
            * np.maximum.reduce(
                [
                    step(-0.02 - hy - 0.25 * (hz < 0.2) + edge * 0.2, 0.06)
                    * step(1.3 - hx + 0.5 * hz),
                    step(0.17 - np.hypot(hy - 0.42, (hz - 0.34) * 0.9) + edge * 0.1, 0.05),
                    step(-0.3 - hy + edge * 0.2, 0.08),
                ]
            )
        ),
        "mask": lambda: (
            face
            * np.maximum(
                step(hx - 0.72 - 0.5 * hy + edge * 0.2),
                step(0.3 - np.hypot(hy - 0.2, hz - 0.5), 0.08) * step(hx - 0.3),
            )
        ),
        "ears": lambda: a["ear"],
        "wrinkles": lambda: (
            0.7
            * a["head"]
            * step(hy - 0.36, 0.08)
            * step(0.52 - hz)
            * step(hx - 0.35)
            * step(0.85 - hy)
            * step(np.sin(17 * hy - 9 * hz * hz + edge) - 0.75, 0.2)
        ),
        "cap": lambda: np.clip(
            a["ear"]
            + face * step(hz - 0.18 + edge * 0.3, 0.08) * step(0.85 - hx) * step(hy + 0.35),
            0,
            1,
        ),
        "patches": lambda: (
            (trunk + 0.8 * limb * step(0.3 - a["t"]) + a["tail"] * (a["t"] < 0.4))
            * step(noise(x * 5, y * 5, z * 5) - 0.52 + 0.2 * (mid - 0.5), 0.04)
        ),
        "spots": lambda: step(noise(x * 16, y * 16, z * 16) - 0.62, 0.06),
        "brindle": lambda: (
            (trunk + limb + a["tail"] + 0.6 * face)
            * step(noise(x * 75 + 3 * big, y * 11, z * 11) + 0.3 * big - 0.66, 0.14)
            * 0.8
        ),
    }
    colour = np.ones((x.size, 3)) * 0.5
    for region, name in coat:
        colour = mix(colour, COLOURS[name], np.clip(regions[region](), 0, 1))
    # Fur: streaks along each part, or curls; darker towards the roots.
    strands, run = p - (p * a["axis"]).sum(0) * a["axis"], (p * a["axis"]).sum(0)
    fine = {"smooth": 190, "long": 150, "curly": 60}[breed.coat]
    low = {"smooth": 40, "long": 10, "curly": 60}[breed.coat]
    s = strands * fine + run * a["axis"] * low + offset[:, None] * 50
    s = s + 1.2 * (big - 0.5)
    streak = 0.45 * noise(*s) + 0.3 * noise(*(s * 0.5)) + 0.25 * noise(*(s * 0.22))
    depth = {"smooth": 0.34, "long": 0.65, "curly": 0.45}[breed.coat]
    colour = colour * (1 + depth * (streak - 0.5) + 0.12 * (big - 0.5))[:, None]
    dark = np.array([0.07, 0.055, 0.06])
    inner = a["ear"] * step(a["front"] - 0.55, 0.15) * (breed.ears == "prick")
    colour = mix(colour, (0.72, 0.52, 0.47), 0.4 * inner)
    toe = a["paw"] * step(np.abs(np.sin(a["side"] * 3.2)) - 0.9, 0.08)
    colour = mix(colour, dark, 0.5 * toe)
    mouth = (a["muzzle"] + a["jaw"]) * step(0.05 - np.abs(a["seam"]), 0.03)
    mouth *= step(hx - 0.3 - 0.3 * breed.muzzle)
    cleft = step(0.025 - hz, 0.02) * step(a["seam"]) * step(hx - 0.65 - breed.muzzle)
    mouth = np.maximum(mouth, a["muzzle"] * cleft * step(-0.1 - 0.06 * breed.muzzle - hy))
    colour = mix(colour, dark, 0.75 * np.clip(mouth, 0, 1))
    rim = face * step(1.32 - a["eyeball"], 0.12)
    colour = mix(colour, dark, 0.85 * np.clip(rim, 0, 1))
    colour = mix(colour, (0.08, 0.07, 0.075), a["nose"])
    colour = mix(colour, np.array(COLOURS["pink"]) * (0.8 + 0.2 * streak[:, None]), a["tongue"])
    iris = np.array(
        {"brown": (0.26, 0.13, 0.06), "dark": (0.13, 0.08, 0.06), "blue": (0.5, 0.68, 0.82)}[eye]
    )
    ball = mix(iris * np.ones((x.size, 3)), dark * 0.5, step(a["gaze"] - 0.86, 0.05))
    ball = mix(dark * 0.6 * np.ones((x.size, 3)), ball, step(a["gaze"] - 0.62, 0.06))
    lid = mix(colour * 0.45, dark, 0.5 * np.ones(x.size))
    return mix(colour, mix(lid, ball, a["open"]), a["eye"]), streak


# ---------------------------------------------------------------- places


@dataclass
class Place:
    """What a place may use: points of the far wall and of the ground in metres, noise, a sky."""

    rng: np.random.Generator
    wall: float  # distance of the far wall
    wx: np.ndarray  # on the wall, sideways
    wy: np.ndarray  # on the wall, upwards
    x: np.ndarray  # on the ground, sideways
    z: np.ndarray  # on the ground, towards the camera
    middle: np.ndarray  # the wx (and x), z below the dog
    hue: np.ndarray  # a slight cast, so that no two lawns are the same

    def __post_init__(self):
        """Shared textures."""
        x, z, wx, wy = self.x, self.z, self.wx, self.wy
        self.coarse, self.medium = grain(x * 1.7, z * 1.7), grain(x * 14, z * 9)
        self.fine = grain(x * 60, z * 35)
        self.clouds = step(
            noise(wx / self.wall * 2, wy / self.wall * 5) - self.rng.uniform(0.4, 0.9), 0.3
        )
        self.height = np.clip(wy / (self.wall * 1.2), 0, 1)
        low, high = self.pick(
            ((0.80, 0.88, 0.95), (0.42, 0.62, 0.90)),
            ((0.80, 0.88, 0.95), (0.42, 0.62, 0.90)),
            ((0.85, 0.86, 0.88), (0.68, 0.72, 0.78)),
            ((0.97, 0.84, 0.70), (0.55, 0.63, 0.82)),
        )
        sky = mix(low, high + self.hue, self.height)
        self.sky = mix(sky, (0.95, 0.95, 0.96), self.clouds)

    def pick(self, *options: tuple) -> np.ndarray:
        """One of several colours."""
        return np.array(options[self.rng.integers(len(options))])


def park(v: Place) -> tuple[np.ndarray, np.ndarray]:
    """Trees behind, grass below."""
    leaves = 0.5 * grain(v.wx * 2.5, v.wy * 2.5) + 0.5 * grain(v.wx * 8, v.wy * 8)
    top = v.wall * (0.1 + 0.6 * noise(v.wx * 0.35, 0 * v.wx + 3))
    trunk = step(noise(v.wx * 2.1, 0 * v.wx) - 0.8, 0.04) * step(top * 0.7 - v.wy, 0.2)
    green = mix((0.13, 0.24, 0.10), (0.45, 0.58, 0.24) + v.hue, leaves)
    back = mix(v.sky, green, step(top - v.wy + 0.8 * (leaves - 0.5), 0.1))
    blades = 0.3 * v.coarse + 0.35 * v.medium + 0.35 * v.fine
    floor = mix((0.22, 0.34, 0.12), (0.50, 0.58, 0.26) + v.hue, blades)
    floor = mix(floor, (0.62, 0.54, 0.38), 0.6 * step(v.coarse - 0.75, 0.15))
    return mix(back, (0.27, 0.20, 0.15), trunk), floor


def beach(v: Place) -> tuple[np.ndarray, np.ndarray]:
    """Sky, sea, foam and sand."""
    shore = -3.0 - 1.2 * v.rng.random() - 0.5 * noise(v.x * 0.5, 0 * v.x) - (v.z - v.middle[1])
    sand = 0.5 * v.medium + 0.3 * v.fine + 0.2 * v.coarse
    floor = mix((0.70, 0.60, 0.45), (0.88, 0.80, 0.64) + v.hue, sand)
    floor = mix(floor, 0.7 * floor, step(shore + 0.7, 0.3))
    sea = mix((0.20, 0.42, 0.55), (0.50, 0.70, 0.76), noise(v.x * 0.8, v.z * 5) * 0.7)
    floor = mix(floor, sea, step(shore, 0.1))
    return v.sky, mix(floor, (0.95, 0.96, 0.97), 0.8 * step(0.15 - np.abs(shore), 0.1))


def snow(v: Place) -> tuple[np.ndarray, np.ndarray]:
    """Layered conifers and a white field."""
    back = mix((0.86, 0.89, 0.93), (0.66, 0.76, 0.90), v.height)
    needles = mix((0.13, 0.21, 0.19), (0.66, 0.72, 0.74), grain(v.wx * 8, v.wy * 12) ** 2)
    for tree in v.middle[0] + v.rng.normal(0, v.wall * 0.6, 14):
        below = v.wall * v.rng.uniform(0.2, 0.75) - v.wy
        skirt = below * (0.22 + 0.1 * (below * 3 % 1)) * step(below, 0.01)
        back = mix(
            back, needles * v.rng.uniform(0.7, 1.1), step(skirt - np.abs(v.wx - tree) - 0.05, 0.05)
        )
    drifts = 0.5 * v.coarse + 0.35 * v.medium + 0.15 * v.fine
    return back, mix((0.78, 0.83, 0.90), (0.96, 0.97, 0.98), drifts)


def room(v: Place) -> tuple[np.ndarray, np.ndarray]:
    """A wall with a sofa or a picture, floorboards, perhaps a rug."""
    paper = v.hue + v.pick(
        (0.82, 0.76, 0.66),
        (0.62, 0.70, 0.68),
        (0.80, 0.70, 0.66),
        (0.58, 0.62, 0.72),
        (0.86, 0.85, 0.82),
    )
    stripes = step(np.sin(v.wx * v.rng.uniform(15, 40)), 0.2) * (v.rng.random() < 0.4)
    back = mix(paper, 0.88 * paper, stripes)
    back = mix(back, (0.92, 0.91, 0.89), step(0.13 - v.wy, 0.01))
    side, wide = v.wx - v.middle[0] - v.rng.normal(0, 0.8), v.rng.uniform(0.6, 1.0)
    if v.rng.random() < 0.6:
        cloth = v.pick((0.50, 0.34, 0.31), (0.34, 0.44, 0.53), (0.60, 0.57, 0.50))
        top = v.rng.uniform(0.5, 0.75)
        folds = 0.75 + 0.25 * np.sqrt(np.abs(np.sin(side * np.pi / wide)))
        folds *= (0.85 + 0.3 * v.wy) * (0.94 + 0.12 * noise(v.wx * 60, v.wy * 60))
        corner = np.hypot(np.maximum(np.abs(side) - wide + 0.1, 0), np.maximum(v.wy - top + 0.1, 0))
        back = mix(back, cloth * folds[..., None], step(0.1 - corner, 0.01))
    else:
        frame = np.maximum(np.abs(side) / 0.4, np.abs(v.wy - 1.0) / 0.3)
        hills = step(noise(v.wx * 6, 0 * v.wx) * 0.3 + 0.85 - v.wy, 0.02)
        back = mix(back, (0.30, 0.22, 0.16), step(1.1 - frame, 0.01))
        scene = mix((0.55, 0.68, 0.75), (0.40, 0.48, 0.28), hills)
        back = mix(back, scene, step(0.95 - frame, 0.01))
    plank = np.floor(v.z * 7)
    wood = 0.5 * noise(plank * 7.3, np.floor(v.x * 0.8 + plank * 0.37))
    wood += 0.35 * noise(v.x * 3, v.z * 90)
    floor = mix((0.42, 0.28, 0.17), (0.76, 0.58, 0.40) + v.hue, wood)
    floor = mix(floor, 0.6 * floor, step(np.abs(v.z * 7 % 1 - 0.5) - 0.47, 0.02))
    if v.rng.random() < 0.6:
        r = np.hypot((v.x - v.middle[0]) / v.rng.uniform(0.8, 1.3), (v.z - v.middle[1]) / 0.7)
        wool = v.pick((0.55, 0.20, 0.20), (0.30, 0.38, 0.50), (0.78, 0.74, 0.66))
        wool = mix(wool, (0.85, 0.80, 0.70), 0.35 * step(np.sin(r * 28), 0.3))
        floor = mix(floor, wool * (0.85 + 0.3 * v.fine)[..., None], step(1 - r, 0.01))
    return back, floor


def street(v: Place) -> tuple[np.ndarray, np.ndarray]:
    """Bricks, windows and paving stones."""
    brick = v.pick((0.58, 0.36, 0.28), (0.70, 0.66, 0.60), (0.50, 0.50, 0.52))
    row = np.floor(v.wy * 11)
    along = v.wx * 4 + 0.5 * row
    joint = np.maximum(np.abs(along % 1 - 0.5), np.abs(v.wy * 11 % 1 - 0.5) * 1.05)
    back = brick * (0.8 + 0.4 * noise(np.floor(along) * 3.1, row * 5.7))[..., None]
    back = mix(back, brick * 0.6 + 0.3, 0.7 * step(joint - 0.455, 0.04))
    window = np.maximum(np.abs(v.wx % 1.9 - 0.9) / 0.45, np.abs(v.wy - 1.3) / 0.9)
    back = mix(back, (0.88, 0.87, 0.84), step(1.12 - window, 0.02))
    glass = mix((0.25, 0.32, 0.38), (0.45, 0.52, 0.58), noise(v.wx * 2, v.wy * 2))
    stone = 0.8 + 0.2 * v.medium + 0.15 * v.fine + 0.1 * v.coarse
    floor = stone[..., None] * ((0.60, 0.59, 0.57) + v.hue)
    tile = np.maximum(np.abs(v.x * 1.6 % 1 - 0.5), np.abs(v.z * 1.6 % 1 - 0.5))
    floor = mix(floor, 0.6 * floor, step(tile - 0.485, 0.012))
    return mix(back, glass, step(1 - window, 0.02)), floor


def studio(v: Place) -> tuple[np.ndarray, np.ndarray]:
    """A paper backdrop with a pool of light."""
    colour = v.rng.uniform(0.3, 0.85) + v.rng.normal(0, 0.08, 3)
    pool = np.exp(-((v.wx - v.middle[0]) ** 2) - (v.wy - 0.6) ** 2)
    return (
        colour * (0.75 + 0.35 * pool)[..., None],
        colour * v.rng.uniform(0.85, 1.1) * np.ones((*v.x.shape, 1)),
    )


# How often, how far the wall is in metres, how to paint it.
PLACES = {
    "park": (0.3, 5.0, park),
    "beach": (0.12, 400.0, beach),
    "snow": (0.12, 7.0, snow),
    "room": (0.2, 1.3, room),
    "street": (0.14, 2.2, street),
    "studio": (0.12, 1.6, studio),
}


def backdrop(name: str, eye: np.ndarray, ray: np.ndarray, rng: np.random.Generator) -> tuple:
    """The place without the dog.

    Args:
        name: A key of ``PLACES``.
        eye: The camera's position, metres.
        ray: Directions ``(3, height, width)``.
        rng: Source of everything random.

    Returns:
        Colour ``(height, width, 3)`` and the ground's points x and z ``(height, width)``.
    """
    _, wall, paint_place = PLACES[name]
    wall *= rng.uniform(0.8, 1.5)
    t = eye[1] / np.maximum(-ray[1], 1e-4)
    x, z = eye[0] + t * ray[0], eye[2] + t * ray[2]
    t = (wall + eye[2]) / np.maximum(-ray[2], 1e-6)
    wx, wy = eye[0] + t * ray[0], eye[1] + t * ray[1]
    middle = rng.uniform(0, 900, 2)
    back, floor = paint_place(
        Place(
            rng,
            wall,
            wx + middle[0],
            wy,
            x + middle[0],
            np.maximum(z, -40) + middle[1],
            middle,
            rng.normal(0, 0.03, 3),
        )
    )
    seam = 0.5 if name == "studio" else 1e-6
    image = mix(back, floor, step(z + wall, seam) * (ray[1] < 0))
    return np.clip(image, 0.01, 1), x, z


# ---------------------------------------------------------------- dogs: the photo


def march(
    dog: Dog,
    eye: np.ndarray,
    ray: np.ndarray,
    fur: np.ndarray,
    near: float,
    far: float,
    pixel: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Sphere tracing: distance to the surface and coverage 0..1 of rays ``(3, n)``."""
    n = ray.shape[1]
    t, best, where = np.full(n, near), np.full(n, 9.0), np.full(n, near)
    alive = np.arange(n)
    for _ in range(120):
        d = dog.distance(eye[:, None] + ray[:, alive] * t[alive], fur[alive])
        closer = d < best[alive]
        best[alive[closer]] = d[closer]
        where[alive[closer]] = t[alive[closer]]
        t[alive] += d * 0.9
        alive = alive[(d > 0.2 * pixel) & (t[alive] < far)]
        if not alive.size:
            break
    return where, np.clip(1.3 - 1.3 * best / pixel, 0, 1)


@dataclass
class Camera:
    """A pinhole camera: position, axes (metres), focal length and centre (pixels)."""

    eye: np.ndarray
    aim: np.ndarray
    focal: float = 1.0
    centre: np.ndarray = field(default_factory=lambda: np.zeros(2))

    def __post_init__(self):
        """Derives the axes."""
        self.forward = (self.aim - self.eye) / norm(self.aim - self.eye)
        right = np.cross(self.forward, vec(0, 1, 0))
        self.right = right / norm(right)
        self.up = np.cross(self.right, self.forward)

    def box(self, balls: list) -> tuple[np.ndarray, np.ndarray, float, float]:
        """Corners of the picture of balls ``(centre, radius)``, nearest and farthest depth."""
        rel, r = np.array([c for c, _ in balls]) - self.eye, np.array([r for _, r in balls])
        rel = rel.T
        depth = dot(rel, self.forward)
        xy = np.stack([dot(rel, self.right), -dot(rel, self.up)]) / depth
        low, high = (xy - r / depth).min(1), (xy + r / depth).max(1)
        return (
            self.centre + self.focal * low,
            self.centre + self.focal * high,
            (depth - r).min(),
            (depth + r).max(),
        )

    def rays(self, height: int, width: int) -> np.ndarray:
        """Unit directions ``(3, height, width)`` through the pixels' centres."""
        y, x = np.mgrid[0:height, 0:width] + 0.5
        x, y = (x - self.centre[0]) / self.focal, (y - self.centre[1]) / self.focal
        ray = (
            self.forward[:, None, None] + self.right[:, None, None] * x - self.up[:, None, None] * y
        )
        return ray / np.sqrt((ray**2).sum(0))


def shadow(dog: Dog, p: np.ndarray, light: np.ndarray, hard: float, count: int) -> np.ndarray:
    """How much sun reaches points ``(3, n)``: 0 none, 1 all."""
    result, t = np.ones(p.shape[1]), 0.02
    for _ in range(count):
        d = dog.distance(p + light[:, None] * t, margin=0.25)
        result = np.minimum(result, np.clip(0.1 + (2 + 5 * hard) * d / t, 0, 1))
        t *= 1 + 4 / count
    return result


def shade_dog(
    dog: Dog,
    coat: list,
    p: np.ndarray,
    view: np.ndarray,
    light: dict,
    pixel: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Linear colour ``(n, 3)`` of surface points seen along ``view``."""
    b, eps = dog.breed, 0.5 * pixel + 0.0008
    taps = np.array([(1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)], float)
    normal = sum(k[:, None] * dog.distance(p + eps * k[:, None]) for k in taps)
    normal /= np.sqrt((normal**2).sum(0)) + 1e-9
    a = dog.anatomy(p, normal)
    colour, streak = paint(coat, b, rng.choice(b.eyes), a, p, rng.uniform(0, 20, 3))
    if rng.random() < 0.35 and b.coat != "curly":  # a collar
        tones = [(0.75, 0.12, 0.12), (0.12, 0.25, 0.6), (0.1, 0.45, 0.25), (0.15, 0.13, 0.12)]
        neck = dog.head_at - dog.frame["chest"]
        run = (neck[:, None] * (p - dog.head_at[:, None])).sum(0) / norm(neck)
        band = step(0.014 - np.abs(run + min(1.15 * b.head, 0.6 * norm(neck))), 0.004)
        colour = mix(
            colour,
            np.array(tones[rng.integers(4)]),
            band * step(a["neck"] + a["torso"] - 0.25, 0.1),
        )
    near = dog.distance(p + normal * 0.03, margin=0.25) / 0.03
    far = dog.distance(p + normal * 0.12, margin=0.25) / 0.12
    occlusion = 0.25 + 0.4 * np.clip(near, 0, 1) + 0.35 * np.clip(far, 0, 1)
    soft, sun = (0.25 if b.coat == "smooth" else 0.4), light["sun"]
    direct = np.clip(((normal * sun[:, None]).sum(0) + soft) / (1 + soft), 0, 1)
    direct *= np.sqrt(direct)  # no crease where the light ends
    direct *= 0.25 + 0.75 * shadow(dog, p + normal * 0.02, sun, 1.0, 6)
    upward = 0.5 + 0.5 * normal[1]
    glow = light["sky"][:, None] * upward + light["bounce"][:, None] * (1 - upward)
    linear = colour**2 * (light["key"][:, None] * direct + glow * occlusion).T
    half = sun[:, None] - view
    gloss = np.clip((normal * half).sum(0) / np.sqrt((half**2).sum(0)), 0, 1)
    hairy = (2 * streak) ** 3
    sheen = {"smooth": 0.05, "long": 0.03, "curly": 0.02}[b.coat] * gloss**12 * direct * hairy
    wet = (a["nose"] * 0.25 + a["tongue"] * 0.1) * gloss**30 + 0.05 * a["nose"] * upward
    rim = 0.05 * np.clip(1 + (normal * view).sum(0), 0, 1) ** 3
    rim *= upward * occlusion * (1 - a["eye"]) * (0.5 + 0.5 * hairy)
    linear += (sheen + wet + rim)[:, None] * light["key"]
    # The highlight that makes an eye look alive.
    spark = step((normal * light["spark"][:, None]).sum(0) - 0.965, 0.015)
    linear += 0.9 * (a["eye"] * a["open"] * spark)[:, None]
    return linear


def clutter(image: np.ndarray, place: str, shot: str, rng: np.random.Generator) -> np.ndarray:
    """Things in front of the dog, in linear light: grass, snowflakes, a ball, a post, a box."""
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width] + 0.5
    if place == "park" and rng.random() < 0.6:
        for _ in range(rng.integers(30, 120)):
            tall, foot = height * rng.uniform(0.04, 0.2), rng.uniform(0, width)
            lean, thick = rng.normal(0, 0.3), rng.uniform(0.8, 2.2)
            band = slice(int(height - tall), height)
            h = (height - y[band]) / tall  # 0 at the foot, 1 at the tip
            d = np.abs(x[band] - foot - lean * tall * h * h) - thick * (1 - h)
            tone = rng.uniform(0.5, 1.5) * mix((0.10, 0.14, 0.03), (0.19, 0.29, 0.06), h)
            image[band] = mix(image[band], tone, np.clip(0.5 - d, 0, 1))
    if place == "snow" and rng.random() < 0.6:
        for _ in range(rng.integers(20, 90)):
            cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.6, 2.2)
            box = (slice(max(int(cy - 5), 0), int(cy + 6)), slice(max(int(cx - 5), 0), int(cx + 6)))
            image[box] = mix(
                image[box],
                (0.95, 0.97, 1.0),
                0.8 * step(r - np.hypot(x[box] - cx, y[box] - cy), 1.0),
            )
    draw = rng.random()
    if draw < 0.14 and shot != "face":  # a ball, shaded as a sphere
        r, cx = height * rng.uniform(0.05, 0.1), width * rng.uniform(0.1, 0.9)
        cy = height - r * rng.uniform(0.8, 1.6)
        u, v = (x - cx) / r, (y - cy) / r
        bulge = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
        tone = np.array([(0.75, 0.85, 0.15), (0.8, 0.2, 0.15), (0.15, 0.35, 0.75)][rng.integers(3)])
        tone = mix(tone, (0.95, 0.95, 0.9), step(0.1 - np.abs(u + 0.6 * v * v - 0.3), 0.04))
        image *= 1 - 0.5 * step(1 - np.hypot(u / 1.15, (v - 0.85) / 0.35), 0.3)[..., None]
        lit = tone**2 * (0.25 + 0.9 * np.clip(0.5 * bulge - 0.6 * v - 0.2 * u, 0, 1))[..., None]
        image = mix(image, lit, np.clip((1 - np.hypot(u, v)) * r + 0.5, 0, 1))
    elif draw < 0.26 and shot == "full":  # a fence post or a box
        side, wide = rng.uniform(0.05, 0.95) * width, rng.uniform(0.02, 0.05) * width
        top = height * (rng.uniform(-0.1, 0.3) if draw < 0.2 else rng.uniform(0.7, 0.85))
        wide = wide if draw < 0.2 else 3 * wide
        streaks = 0.7 * noise(x / 2.5, y / 40) + 0.3 * noise(x / 9, y / 15)
        tone = mix((0.34, 0.24, 0.16), (0.68, 0.55, 0.40), streaks)
        tone *= (1.05 - 0.35 * np.clip((x - side) / wide, -1, 1))[..., None]
        edge = np.minimum(wide - np.abs(x - side), y - top)
        image = mix(image, tone**2, np.clip(edge + 0.5, 0, 1))
    return image


def draw_dog(breed: str, rng: np.random.Generator) -> np.ndarray:
    """Draws one photo of a dog.

    Args:
        breed: A key of ``BREEDS``.
        rng: Source of everything random: pose, coat, place, light, camera.

    Returns:
        uint8 array ``(height, width, 3)``, long side 320 pixels.
    """
    b = BREEDS[breed]
    b = replace(
        b,
        **{
            k: getattr(b, k) * rng.normal(1, 0.04)
            for k in ("leg", "body", "girth", "neck", "head", "muzzle", "ear")
        },
    )
    share = np.array([0.6, 0.25, 0.15, 0.1])[: len(b.coats)]
    coat = list(b.coats.values())[rng.choice(len(b.coats), p=share / share.sum())]
    pose = rng.choice(["stand", "sit", "lie"], p=[0.5, 0.35, 0.15])
    shot = rng.choice(["full", "bust", "face"], p=[0.5, 0.25, 0.25])
    height, width = [(240, 320), (320, 240), (320, 320)][rng.choice(3, p=[0.5, 0.2, 0.3])]
    # The dog stands at the origin; yaw 0 looks to the photo's right, pi / 2 at the camera.
    yaw = rng.uniform(-0.25, 1.0) if shot == "full" else rng.uniform(0.3, 1.35)
    yaw = yaw if rng.random() < 0.5 else np.pi - yaw
    turn = np.clip((yaw - np.pi / 2) * rng.uniform(0.1, 1.0), -1.0, 1.0)
    dog = Dog(b, pose, (turn, rng.normal(-0.1, 0.12), rng.normal(0, 0.14)), rng)
    spin = rotation(-yaw)  # the dog's frame to the world's
    head = [
        (turned(spin, dog.head_at + b.head * turned(dog.head_turn, q)), b.head * r)
        for p in dog.head
        for q, r in ((p.a, p.ra), (p.b, p.rb))
    ]
    body = [
        (turned(spin, q), r, p.kind)
        for p in itertools.chain(*dog.parts.values())
        for q, r in ((p.a, p.ra), (p.b, p.rb))
    ]
    everything = head + [(q, r) for q, r, _ in body]

    # A focal length and a centre that frame the whole dog, head and chest, or the face.
    eye = vec(0, rng.uniform(0.35, 1.2), rng.uniform(2.6, 4.0))
    aim = vec(0, 0.35, 0) if shot == "full" else turned(spin, dog.head_at) * [1, 1, 0]
    camera = Camera(eye, aim)
    framed = {
        "full": everything,
        "face": head,
        "bust": head + [(q, r) for q, r, k in body if k == "neck"],
    }[shot]
    low, high, _, _ = camera.box(framed)
    fill = rng.uniform(*{"full": (0.68, 1.0), "bust": (0.7, 0.95), "face": (0.55, 0.8)}[shot])
    camera.focal = fill * min(width / (high[0] - low[0]), height / (high[1] - low[1]))
    shift = rng.uniform(*((0.2, 0.8) if shot == "full" else ([0.3, 0.2], [0.7, 0.5])), 2)
    camera.centre = (np.array([width, height]) - camera.focal * (high - low)) * shift
    camera.centre -= camera.focal * low
    pixel = norm(camera.aim - eye) / camera.focal  # metres
    ray = camera.rays(height, width)

    # Place and light.
    place = rng.choice(list(PLACES), p=[share for share, _, _ in PLACES.values()])
    image, gx, gz = backdrop(place, eye, ray, rng)
    image = blur(image, rng.uniform(0.4, 1.2) * (1 if shot == "full" else 2.5)) ** 2
    sun = vec(rng.normal(0, 0.7), rng.uniform(0.7, 1.4), rng.uniform(0.2, 1.1))
    sun, hard = sun / norm(sun), rng.uniform(0.35, 1.0)
    outdoor = place in ("park", "beach", "snow", "street")
    spark = 0.4 * np.sign(sun[0]) * camera.right + 0.5 * camera.up - 0.77 * camera.forward
    light = {
        "sun": turned(spin.T, sun),
        "key": np.array([1.0, 0.95, 0.86]) * (0.75 + 0.75 * hard),
        "sky": np.array([0.62, 0.68, 0.76] if outdoor else [0.68, 0.65, 0.6]),
        "bounce": image[-height // 5 :].mean((0, 1)) * 0.7,
        "spark": turned(spin.T, spark),
    }
    light["sky"] *= 1.15 - 0.45 * hard

    # Shadow on the ground, at half the resolution: towards the sun, and darker where they touch.
    half = ray[1, ::2, ::2].shape
    floor = np.stack([gx[::2, ::2], np.full(half, 0.01), gz[::2, ::2]]).reshape(3, -1)
    close = (np.hypot(floor[0], floor[2]) < 1.8) & (ray[1, ::2, ::2].ravel() < 0)
    floor, dark = turned(spin.T, floor[:, close]), np.ones(close.size)
    dark[close] = shadow(dog, floor, light["sun"], hard, 8)
    dark[close] *= np.clip(0.35 + dog.distance(floor, margin=0.25) / 0.12, 0, 1)
    dark = blur(dark.reshape(*half, 1).repeat(2, 0).repeat(2, 1)[:height, :width], 2.0)
    rest = 0.3 * light["sky"].mean() / (light["sky"].mean() + 0.8 * light["key"].mean())
    image *= rest + (1 - rest) * dark

    # The dog, in its own frame, along the rays that may meet it.
    low, high, near, far = camera.box([(q, 1.15 * r + 0.05) for q, r in everything])
    y, x = np.mgrid[0:height, 0:width] + 0.5
    rays = np.flatnonzero((x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1]))
    hair = 0.7 * noise(x / 1.9 + y / 7, y / 8) + 0.3 * noise(x / 6, y / 13)
    fur = (hair.ravel()[rays] - 0.4) * b.fluff
    local, here = turned(spin.T, ray.reshape(3, -1)[:, rays]), turned(spin.T, eye)
    t, cover = march(dog, here, local, fur, near, far, pixel)
    hit = np.flatnonzero(cover > 0)
    rays, local = rays[hit], local[:, hit]
    colour = shade_dog(dog, coat, here[:, None] + local * t[hit], local, light, pixel, rng)
    flat = image.reshape(-1, 3)
    flat[rays] = mix(flat[rays], colour, cover[hit])
    return develop(clutter(flat.reshape(image.shape), place, shot, rng), rng)


# ---------------------------------------------------------------- food: the canvas

# A plate of food is a relief: colour, height and gloss over a table, painted from above, then lit
# and seen by a pretend camera. Lengths: 1 is the radius of a plate.


def ramp(t: np.ndarray, *colours: tuple) -> np.ndarray:
    """Colours ``(..., 3)`` along a scale of equally spaced ones; ``t`` in 0..1."""
    t = np.clip(t, 0, 1) * (len(colours) - 1)
    result = np.asarray(colours[0], float)
    for i, colour in enumerate(colours[1:]):
        result = mix(result, colour, np.clip(t - i, 0, 1))
    return result


def shifted(a: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """An array moved by whole pixels; the edge repeats."""
    rows = np.clip(np.arange(a.shape[0]) + int(np.rint(dy)), 0, a.shape[0] - 1)
    columns = np.clip(np.arange(a.shape[1]) + int(np.rint(dx)), 0, a.shape[1] - 1)
    return a[rows][:, columns]


@dataclass
class Canvas:
    """Colour, height and gloss of the points ``x``, ``y`` of a table; ``y`` leads away from us."""

    x: np.ndarray
    y: np.ndarray
    colour: np.ndarray
    height: np.ndarray
    gloss: np.ndarray
    scale: float  # pixels per unit

    def around(self, at: np.ndarray, reach: float) -> Canvas:
        """The part within reach of a point: a view, painting on it paints on the whole."""
        rows = np.searchsorted(self.y[:, 0], (at[1] - reach, at[1] + reach))
        columns = np.searchsorted(self.x[0], (at[0] - reach, at[0] + reach))
        box = (slice(*rows), slice(*columns))
        arrays = (a[box] for a in (self.x, self.y, self.colour, self.height, self.gloss))
        return Canvas(*arrays, self.scale)

    def local(self, at: np.ndarray, size: float, turn: float) -> tuple[np.ndarray, np.ndarray]:
        """The points in the frame of a thing that lies turned at a place."""
        x, y, c, s = self.x - at[0], self.y - at[1], np.cos(turn) / size, np.sin(turn) / size
        return c * x + s * y, c * y - s * x

    def put(self, cover: np.ndarray, colour, height, gloss) -> None:
        """Lays a thing over what is there, by its coverage 0..1."""
        self.colour[...] = mix(self.colour, colour, cover)
        self.height[...] += cover * (height - self.height)
        self.gloss[...] += cover * (gloss - self.gloss)

    def copy(self) -> Canvas:
        """A canvas of its own for something that will be cut out."""
        arrays = (self.colour.copy(), self.height.copy(), self.gloss.copy())
        return Canvas(self.x, self.y, *arrays, self.scale)


@dataclass
class Surface:
    """A material of tables and dishes: ``paint`` gives its colour, gloss and small relief."""

    material: str
    tones: tuple
    origin: np.ndarray
    turn: float = 0.0

    def paint(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray | float, float]:
        """Colour ``(..., 3)``, relief and gloss at points of the plane."""
        c, s = np.cos(self.turn), np.sin(self.turn)
        x, y = c * x + s * y + self.origin[0], c * y - s * x + self.origin[1]
        low, high = self.tones
        if self.material == "wood":
            plank = np.floor(y * 1.7)
            wave = y + 0.05 * noise(x * 1.3 + plank * 5, y * 3)
            t = 0.45 * noise(x * 0.9, wave * 16) + 0.25 * noise(x * 3, wave * 60)
            t += 0.3 * noise(plank * 7.3, np.floor(x * 0.2 + plank * 0.37))
            seam = step(np.abs(y * 1.7 % 1 - 0.5) - 0.485, 0.01)
            return mix(ramp(t, low, high), 0.45 * np.asarray(low), seam), -0.01 * seam, 0.25
        if self.material == "cloth":
            weave = 0.5 + 0.25 * np.sin(x * 150) + 0.25 * np.sin(y * 150)
            folds = noise(x * 1.1 + y, y * 0.8 - x * 0.4)
            t = 0.5 + 0.25 * (weave - 0.5) + 0.5 * (noise(x * 6, y * 6) - 0.5)
            return ramp(t, low, high), 0.05 * folds * folds + 0.002 * weave, 0.02
        if self.material == "gingham":
            t = 0.5 * (x * 3.2 % 1 < 0.5) + 0.5 * (y * 3.2 % 1 < 0.5)
            t = t * 0.9 + 0.1 * np.sin((x + y) * 110) * (t > 0.2) * (t < 0.8)
            return ramp(t, high, low), 0.05 * noise(x * 0.9 + y, y * 0.7 - x * 0.4), 0.02
        if self.material == "marble":
            warp = grain(x * 1.2, y * 1.2)
            vein = 1 - np.abs(2 * noise(x * 0.8 + 2 * warp, y * 1.3 + 2 * warp + x) - 1)
            t = 0.6 * vein**40 * grain(x * 3, y * 3) + 0.08 * vein**6 + 0.2 * warp
            return ramp(1.6 * t, high, mix(high, low, 0.15), low), 0.0, 0.5
        if self.material == "metal":
            t = 0.6 * noise(x * 1.5, y * 50) + 0.4 * noise(x * 6, y * 140)
            return ramp(t, low, high), 0.0, 0.7
        t = 0.5 * grain(x * 2, y * 2) + 0.5 * grain(x * 14, y * 14)  # slate, iron, glaze
        rough = {"slate": 0.012, "iron": 0.006}.get(self.material, 0.0)
        return ramp(t, low, high), rough * t, {"slate": 0.12, "iron": 0.3}.get(self.material, 0.85)


# Material, darkest and lightest tone.
TABLES = [
    ("wood", (0.40, 0.24, 0.13), (0.72, 0.51, 0.31)),
    ("wood", (0.17, 0.10, 0.07), (0.40, 0.26, 0.17)),
    ("wood", (0.62, 0.50, 0.37), (0.90, 0.79, 0.63)),
    ("wood", (0.38, 0.34, 0.31), (0.62, 0.58, 0.53)),
    ("cloth", (0.84, 0.82, 0.78), (0.97, 0.96, 0.93)),
    ("cloth", (0.26, 0.31, 0.38), (0.42, 0.48, 0.55)),
    ("cloth", (0.40, 0.08, 0.09), (0.60, 0.16, 0.15)),
    ("gingham", (0.72, 0.13, 0.12), (0.95, 0.93, 0.89)),
    ("gingham", (0.20, 0.33, 0.58), (0.94, 0.94, 0.92)),
    ("gingham", (0.24, 0.42, 0.26), (0.94, 0.93, 0.88)),
    ("marble", (0.50, 0.50, 0.52), (0.93, 0.92, 0.91)),
    ("marble", (0.60, 0.58, 0.55), (0.15, 0.15, 0.16)),
    ("slate", (0.15, 0.16, 0.18), (0.31, 0.32, 0.34)),
    ("metal", (0.46, 0.47, 0.49), (0.70, 0.71, 0.72)),
]
# Shape, material, darkest and lightest tone.
DISHES = [
    ("plate", "glaze", (0.90, 0.90, 0.88), (0.96, 0.96, 0.95)),
    ("plate", "glaze", (0.90, 0.90, 0.88), (0.96, 0.96, 0.95)),
    ("plate", "glaze", (0.86, 0.81, 0.70), (0.93, 0.89, 0.80)),
    ("plate", "glaze", (0.17, 0.18, 0.20), (0.26, 0.27, 0.29)),
    ("plate", "glaze", (0.35, 0.47, 0.55), (0.50, 0.61, 0.67)),
    ("board", "wood", (0.50, 0.32, 0.17), (0.82, 0.62, 0.40)),
    ("board", "wood", (0.28, 0.17, 0.10), (0.52, 0.35, 0.22)),
    ("board", "slate", (0.14, 0.15, 0.16), (0.27, 0.28, 0.30)),
    ("pan", "iron", (0.08, 0.08, 0.09), (0.19, 0.18, 0.18)),
    ("pan", "metal", (0.48, 0.48, 0.49), (0.66, 0.66, 0.66)),
]


def surface(row: tuple, rng: np.random.Generator, kind: type[Surface] = Surface) -> Surface:
    """A surface of a table's row, with a grain of its own and a slightly different tone."""
    tones = tuple(np.array(tone) * rng.uniform(0.9, 1.05) for tone in row[1:])
    return kind(row[0], tones, rng.uniform(0, 500, 2), rng.uniform(0, np.pi))


def lay_dish(c: Canvas, row: tuple, at: np.ndarray, size: float, rng: np.random.Generator) -> None:
    """A plate with a rim, a board with a handle or a pan with a wall."""
    look, turn = surface(row[1:], rng), rng.uniform(0, 2 * np.pi)
    power = 2.0 if row[0] == "pan" else rng.choice([2.0, 2.0, 7.0])
    long = rng.choice([1.0, 1.0, 1.3]) if row[0] != "pan" else 1.0
    c = c.around(at, 3 * size)
    u, v = c.local(at, size, turn)
    r = (np.abs(u / long) ** power + np.abs(v) ** power) ** (1 / power)
    inside, sharp = 1 - r, size * c.scale
    colour, relief, gloss = look.paint(c.x - at[0], c.y - at[1])
    if row[0] == "plate":
        width = rng.uniform(0.16, 0.3)
        height = 0.03 + 0.09 * step(width - inside, width * 0.4) * (1 - 0.5 * inside / width)
        if rng.random() < 0.3:  # a painted band
            band = np.array([(0.15, 0.25, 0.5), (0.5, 0.12, 0.1), (0.3, 0.3, 0.3)][rng.integers(3)])
            colour = mix(colour, band, step(0.02 - np.abs(inside - 0.05), 0.01))
    elif row[0] == "board":
        handle = np.maximum(np.abs(u / long) - 1.5, np.abs(v) / (0.9 if power == 2 else 1) - 0.14)
        inside = np.maximum(inside, -handle) if rng.random() < 0.5 else inside
        hole = np.hypot(u / long - 1.36, v) - 0.06
        inside = np.minimum(inside, hole)
        height = 0.1 * np.sqrt(1 - (1 - np.clip(inside / 0.04, 0, 1)) ** 2)
    else:
        handle = np.minimum(0.13 + 0.03 * u - np.abs(v), np.minimum(2.3 - u, u))
        wall = step(0.08 - inside, 0.02)
        colour = mix(colour, 1.25 * colour, wall)
        height = np.where(handle > inside, 0.16, 0.03 + 0.17 * wall)
        inside = np.maximum(inside, handle)
    c.put(np.clip(inside * sharp + 0.5, 0, 1), colour, height + relief, gloss)


# ---------------------------------------------------------------- food: morsels


@dataclass(frozen=True)
class Morsel:
    """A bite of something, one of many: its shape, size, colours and relief."""

    shape: str
    size: float  # half its length
    wide: float  # width by length
    low: tuple  # darkest and lightest tone
    high: tuple
    rim: tuple
    thick: float = 0.2  # by its size
    gloss: float = 0.4
    mark: str = ""
    ink: tuple = (0.9, 0.8, 0.7)  # colour of the marks
    bevel: float = 0.5


# fmt: off
MORSELS = {
    "pepperoni": Morsel("disc", 0.13, 1, (0.55, 0.10, 0.06), (0.80, 0.26, 0.14), (0.40, 0.07, 0.04),
                        0.12, 0.6, "flecks", (0.90, 0.50, 0.32), 0.2),
    "salami": Morsel("disc", 0.19, 1, (0.62, 0.20, 0.18), (0.78, 0.36, 0.32), (0.45, 0.10, 0.09),
                     0.06, 0.5, "flecks", (0.95, 0.78, 0.70), 0.2),
    "ham": Morsel("chunk", 0.16, 0.8, (0.82, 0.48, 0.44), (0.94, 0.66, 0.60), (0.80, 0.46, 0.40),
                  0.12, 0.4, "fibres", (0.93, 0.72, 0.66), 0.3),
    "mushroom": Morsel("mushroom", 0.12, 1, (0.78, 0.66, 0.50), (0.93, 0.85, 0.72),
                       (0.45, 0.30, 0.18), 0.2, 0.35, "gills", (0.35, 0.22, 0.14), 0.2),
    "black olive": Morsel("ring", 0.075, 0.6, (0.08, 0.07, 0.08), (0.20, 0.15, 0.17),
                          (0.06, 0.05, 0.06), 0.5, 0.9),
    "green olive": Morsel("ring", 0.075, 0.6, (0.36, 0.38, 0.12), (0.55, 0.55, 0.22),
                          (0.28, 0.30, 0.10), 0.5, 0.9),
    "pepper": Morsel("arc", 0.17, 0.2, (0.22, 0.42, 0.10), (0.42, 0.62, 0.20), (0.14, 0.30, 0.06),
                     0.25, 0.7),
    "red pepper": Morsel("arc", 0.17, 0.2, (0.68, 0.12, 0.06), (0.86, 0.26, 0.12),
                         (0.52, 0.07, 0.04), 0.25, 0.7),
    "onion": Morsel("arc", 0.16, 0.12, (0.70, 0.52, 0.60), (0.92, 0.84, 0.84), (0.55, 0.20, 0.36),
                    0.2, 0.4),
    "basil": Morsel("leaf", 0.17, 0.55, (0.10, 0.27, 0.06), (0.26, 0.48, 0.12), (0.09, 0.22, 0.05),
                    0.25, 0.4, "veins", (0.38, 0.56, 0.22), 0.5),
    "rocket": Morsel("lobes", 0.22, 0.3, (0.14, 0.32, 0.08), (0.34, 0.54, 0.18),
                     (0.12, 0.27, 0.07), 0.3, 0.3, "veins", (0.52, 0.66, 0.34), 0.5),
    "lettuce": Morsel("lobes", 0.3, 0.75, (0.24, 0.46, 0.10), (0.58, 0.74, 0.28),
                      (0.20, 0.38, 0.09), 0.4, 0.3, "veins", (0.72, 0.82, 0.46), 0.5),
    "spinach": Morsel("lobes", 0.14, 0.8, (0.05, 0.13, 0.04), (0.18, 0.30, 0.09),
                      (0.06, 0.14, 0.04), 0.3, 0.4, "veins", (0.20, 0.32, 0.11)),
    "mince": Morsel("chunk", 0.07, 0.8, (0.26, 0.13, 0.07), (0.52, 0.31, 0.18), (0.20, 0.10, 0.05),
                    0.7, 0.4, "flecks", (0.62, 0.42, 0.27), 0.9),
    "tomato": Morsel("disc", 0.19, 1, (0.72, 0.14, 0.07), (0.88, 0.30, 0.16), (0.62, 0.08, 0.04),
                     0.12, 0.7, "segments", (0.93, 0.52, 0.34), 0.2),
    "cherry": Morsel("disc", 0.12, 1, (0.68, 0.08, 0.05), (0.85, 0.20, 0.10), (0.55, 0.05, 0.03),
                     0.9, 0.95, bevel=1.0),
    "yolk": Morsel("disc", 0.11, 1, (0.95, 0.58, 0.08), (0.99, 0.70, 0.16), (0.93, 0.60, 0.12),
                   0.6, 0.95, bevel=1.0),
    "egg": Morsel("blob", 0.3, 0.9, (0.94, 0.92, 0.87), (0.99, 0.98, 0.95), (0.88, 0.74, 0.50),
                  0.1, 0.6, bevel=0.5),
    "mozzarella": Morsel("blob", 0.2, 0.85, (0.95, 0.88, 0.72), (0.99, 0.97, 0.90),
                         (0.96, 0.80, 0.52), 0.12, 0.6, bevel=0.7),
    "fry": Morsel("bar", 0.3, 0.13, (0.80, 0.54, 0.18), (0.97, 0.82, 0.42), (0.66, 0.38, 0.12),
                  0.14, 0.35, bevel=0.1),
    "bean": Morsel("bar", 0.34, 0.09, (0.20, 0.36, 0.08), (0.42, 0.60, 0.20), (0.16, 0.30, 0.07),
                   0.1, 0.5, bevel=0.09),
    "asparagus": Morsel("bar", 0.5, 0.08, (0.26, 0.38, 0.10), (0.50, 0.62, 0.26),
                        (0.20, 0.28, 0.08), 0.09, 0.4, "flecks", (0.16, 0.25, 0.08), 0.08),
    "carrot": Morsel("bar", 0.2, 0.24, (0.84, 0.40, 0.08), (0.95, 0.56, 0.18), (0.74, 0.32, 0.06),
                     0.2, 0.5, bevel=0.2),
    "potato": Morsel("chunk", 0.2, 0.8, (0.72, 0.48, 0.18), (0.96, 0.83, 0.50), (0.58, 0.33, 0.11),
                     0.7, 0.4, "flecks", (0.60, 0.36, 0.12), 0.8),
    "onion ring": Morsel("ring", 0.26, 0.28, (0.62, 0.38, 0.12), (0.90, 0.67, 0.32),
                         (0.50, 0.28, 0.09), 0.3, 0.3, "flecks", (0.96, 0.78, 0.44), 0.25),
    "lemon": Morsel("disc", 0.2, 1, (0.94, 0.80, 0.22), (0.98, 0.89, 0.42), (0.93, 0.74, 0.10),
                    0.2, 0.6, "segments", (0.98, 0.95, 0.80), 0.1),
    "rosemary": Morsel("needles", 0.3, 0.15, (0.16, 0.25, 0.11), (0.36, 0.45, 0.24),
                       (0.16, 0.24, 0.12), 0.1, 0.2, bevel=0.1),
    "parsley": Morsel("lobes", 0.11, 0.9, (0.10, 0.28, 0.05), (0.30, 0.52, 0.13),
                      (0.09, 0.24, 0.05), 0.4, 0.3, "veins", (0.40, 0.58, 0.22)),
    "butter": Morsel("chunk", 0.15, 0.9, (0.96, 0.84, 0.46), (0.99, 0.93, 0.66),
                     (0.95, 0.82, 0.44), 0.6, 0.7, "flecks", (0.45, 0.52, 0.20), 0.5),
    "mash": Morsel("blob", 0.36, 0.85, (0.92, 0.82, 0.56), (0.98, 0.93, 0.76), (0.88, 0.77, 0.50),
                   0.45, 0.3, bevel=0.8),
}
# fmt: on


def outline(thing: Morsel, u: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How far points are inside a shape, by its size; negative outside."""
    w, o = thing.wide, rng.uniform(0, 99)
    bend = v + rng.normal(0, 0.12) * (u * u - 0.4)
    r, angle = np.hypot(u, v), np.arctan2(v, u)
    if thing.shape == "disc":
        return 1 - r * (1 + 0.03 * np.sin(2 * angle + o) + 0.02 * np.sin(5 * angle + 2 * o))
    if thing.shape == "blob":
        return 1 - np.hypot(u, v / w) * (0.75 + 0.6 * noise(1.8 * u + o, 1.8 * v))
    if thing.shape == "chunk":
        body = (u**4 + (v / w) ** 4) ** 0.25 + 0.35 * (noise(2.2 * u + o, 2.2 * v) - 0.5)
        return (1 - body) * w
    if thing.shape == "ring":
        return w / 2 - np.abs(r * (1 + 0.05 * np.sin(2 * angle + o)) - 1 + w / 2)
    if thing.shape == "arc":
        ring = w / 2 - np.abs(np.hypot(u, 1.15 * v) - 1 + w / 2)
        return np.minimum(ring, u + rng.uniform(-0.5, 0.8))
    if thing.shape == "bar":
        return w - np.hypot(np.maximum(np.abs(u) - 1 + w, 0), bend)
    if thing.shape == "needles":
        spines = np.abs((u * 9 + np.abs(bend) * 12) % 1 - 0.5) * 0.1
        spines = np.minimum(0.035 - spines, w * (1 - u * u) - np.abs(bend))
        return np.minimum(np.maximum(spines, 0.025 - np.abs(bend)), 1 - np.abs(u))
    if thing.shape == "mushroom":
        cap = np.minimum(1 - np.hypot(u, v * 1.1 - 0.1), v + 0.12 + 0.2 * u * u)
        stem = np.minimum(0.26 + 0.06 * np.sin(5 * v) - np.abs(u), 0.9 - np.abs(v))
        return np.maximum(cap, np.where(v < 0.3, stem, -1))
    width = w * np.sqrt(np.clip(1 - u * u, 0, 1)) * (1 - 0.3 * u)  # leaves
    if thing.shape == "lobes":
        width = width * (0.55 + 0.45 * np.abs(np.sin(6 * u + o))) + 0.04
    return np.where(np.abs(u) < 1, width - np.abs(bend), -1)


def marks(thing: Morsel, u: np.ndarray, v: np.ndarray, o: float) -> np.ndarray | float:
    """Weight 0..1 of a morsel's marks: flecks of fat, veins of a leaf, segments of a fruit."""
    if thing.mark == "flecks":
        return step(grain(4 * u + o, 4 * v) - 0.62, 0.07)
    if thing.mark == "fibres":
        return step(noise(2 * u + o, 9 * v) - 0.6, 0.2)
    if thing.mark == "veins":
        side = np.abs(((u - 1.2 * np.abs(v)) * 4) % 1 - 0.5)
        return np.maximum(step(0.05 - np.abs(v), 0.04), 0.4 * step(0.08 - side, 0.08))
    if thing.mark == "segments":
        r, angle = np.hypot(u, v), np.arctan2(v, u)
        spoke = np.abs(np.sin(4 * angle + o)) * r
        return np.maximum(step(0.09 - spoke, 0.07), step(0.05 - np.abs(r - 0.83), 0.04))
    if thing.mark == "gills":
        return 0.8 * step(0.07 - np.abs(v + 0.02 - 0.2 * u * u), 0.05) * (np.abs(u) > 0.24)
    return 0.0


def drop(
    c: Canvas,
    name: str,
    at: np.ndarray,
    rng: np.random.Generator,
    size: float = 1.0,
    bake: float = 0.0,
    turn: float | None = None,
) -> None:
    """Lays one morsel down, on top of what is there.

    Args:
        c: Painted on.
        name: A key of ``MORSELS``.
        at: Its middle.
        rng: Source of everything random.
        size: By the morsel's usual one.
        bake: 0 fresh, 1 dark at the edges and blistered.
        turn: Its direction; None for any.
    """
    thing, size = MORSELS[name], size * MORSELS[name].size * rng.uniform(0.85, 1.15)
    turn, o = rng.uniform(0, 2 * np.pi) if turn is None else turn, rng.uniform(0, 99)
    c = c.around(at, 1.35 * size)
    if not c.x.size:
        return
    u, v = c.local(at, size, turn)
    inside = outline(thing, u, v, rng)
    cover = np.clip(inside * size * c.scale + 0.5, 0, 1)
    soft = thing.shape == "blob"
    if soft:
        cover = step(inside - 0.1, 0.1)
    texture = 0.6 * grain(1.7 * u + o, 1.7 * v) + 0.4 * noise(7 * u, 7 * v + o)
    colour = ramp(1.4 * texture - 0.2 + rng.normal(0, 0.12), thing.low, thing.high)
    edge = step(0.16 * thing.wide - inside, 0.16 * thing.wide)
    colour = mix(colour, thing.rim, edge * (0.6 + 0.4 * bake))
    mark = marks(thing, u, v, o)
    colour = mix(colour, thing.ink, mark * (1 - edge))
    blister = bake * step(grain(3 * u, 3 * v + o) + 0.25 * edge - 0.72, 0.12)
    colour = mix(colour, (0.16, 0.09, 0.05), 0.75 * blister)
    dome = np.sqrt(1 - (1 - np.clip(inside / thing.bevel, 0, 1)) ** 2)
    if thing.shape in ("leaf", "lobes"):  # curled, not domed
        dome = 0.3 + noise(1.3 * u + o, 1.3 * v) + 0.4 * np.abs(v) - 0.1 * mark
    if name == "pepperoni":  # a cup that holds its oil
        dome = dome * (0.5 + 0.9 * (u * u + v * v))
    weight = cover.sum() + 1e-9
    rest = (cover * c.height).sum() / weight
    rest = 0.5 * (rest + c.height[cover > 0.5].min(initial=rest))  # it settles among the others
    stiff = 0.1 if soft else 0.6
    rest = c.height + stiff * (rest - c.height)
    relief = 0.25 * (1 - thing.gloss) * (texture - 0.5) * thing.thick
    height = rest + size * (thing.thick * dome + relief)
    c.put(cover, colour, height, thing.gloss * (1 - 0.4 * edge))


def scatter(count: int, radius: float, rng: np.random.Generator) -> np.ndarray:
    """Points ``(count, 2)`` spread evenly, not regularly, over a disc: a sunflower's seeds."""
    k = np.arange(count) + rng.uniform(0.3, 0.7)
    r, angle = radius * np.sqrt(k / max(count, 1)), 2.39996 * k + rng.uniform(0, 7)
    spread = 0.35 * radius / np.sqrt(max(count, 1))
    return np.stack([r * np.cos(angle), r * np.sin(angle)], 1) + rng.normal(0, spread, (count, 2))


def specks(c: Canvas, at: np.ndarray, reach: float, colour: tuple, share: float, rng) -> None:
    """Pepper, salt or chopped herbs, fallen on a disc."""
    c = c.around(at, reach)
    o = rng.uniform(0, 99, 2)
    near = step(1 - np.hypot(c.x - at[0], c.y - at[1]) / reach, 0.5)
    grains = noise(38 * c.x + o[0], 38 * c.y + o[1]) * (0.6 + 0.4 * noise(3 * c.x, 3 * c.y + o[0]))
    cover = step(grains - 1 + share * near, 0.03)
    c.put(0.9 * cover, np.array(colour), c.height + 0.008, c.gloss)


# ---------------------------------------------------------------- food: pizza and steak

# fmt: off
# Cheese (pools of mozzarella, melted all over, little), then morsels with least and most.
PIZZAS = {
    "margherita": ("pools", {"basil": (3, 9)}),
    "pepperoni": ("melted", {"pepperoni": (9, 22)}),
    "salami": ("pools", {"salami": (6, 11), "black olive": (0, 9)}),
    "funghi": ("melted", {"mushroom": (10, 22), "parsley": (0, 8)}),
    "capricciosa": ("melted", {"ham": (6, 10), "mushroom": (6, 12), "black olive": (5, 12)}),
    "vegetables": ("melted", {"pepper": (4, 8), "red pepper": (3, 8), "onion": (4, 9),
                              "mushroom": (4, 8), "black olive": (4, 10)}),
    "meat": ("little", {"mince": (40, 90), "pepperoni": (0, 9), "onion": (0, 8)}),
    "rocket": ("pools", {"ham": (5, 8), "cherry": (4, 8), "rocket": (12, 24)}),
    "spinach": ("melted", {"spinach": (20, 44), "mushroom": (0, 7)}),
    "fiorentina": ("pools", {"spinach": (14, 26), "egg": (1, 1), "black olive": (0, 8)}),
    "tomato": ("melted", {"tomato": (6, 10), "basil": (2, 6)}),
    "plain": ("melted", {}),
}
# fmt: on


def pizza(c: Canvas, at: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    """Bakes a whole pizza.

    Args:
        c: Painted on.
        at: Its middle.
        radius: Its radius.
        rng: Source of everything random.

    Returns:
        How far each point of the canvas is inside, by the radius.
    """
    cheese, morsels = PIZZAS[rng.choice(list(PIZZAS))]
    bake, white = rng.beta(1.5, 2.2), rng.random() < 0.12
    width, puff, thin = rng.uniform(0.1, 0.2), rng.uniform(0.05, 0.12), rng.uniform(0.03, 0.07)
    o, power = rng.uniform(0, 99), rng.choice([2.0, 2.0, 2.0, 2.0, 6.0])
    u, v = c.local(at, radius, rng.uniform(0, 2 * np.pi))
    lumps = grain(2.6 * u + o, 2.6 * v)
    bubbles, fine = grain(6 * u, 6 * v + o), grain(17 * u + o, 17 * v)
    inside = 1 - (np.abs(u) ** power + np.abs(v) ** power) ** (1 / power)
    inside = inside * (1 + 0.05 * power) + 0.07 * (lumps - 0.5) + 0.015 * (bubbles - 0.5)
    floor = c.height.copy()

    # The crust, with charred bubbles.
    roll = np.sqrt(1 - np.clip(np.abs(1.6 * inside / width - 1), 0, 1) ** 2)
    t = 0.5 * lumps + 0.5 * bubbles + 0.25 * (fine - 0.5) + 0.55 * (bake - 0.35)
    crust = ramp(t, (0.95, 0.84, 0.63), (0.89, 0.69, 0.41), (0.74, 0.46, 0.20), (0.42, 0.21, 0.09))
    char = step(bubbles + 0.3 * lumps - 1.0 + 0.3 * bake, 0.08) * step(roll - 0.4, 0.3)
    crust = mix(crust, (0.13, 0.09, 0.07), 0.85 * char)
    flour = step(fine + 0.4 * lumps - 0.85, 0.1) * rng.uniform(0, 0.5)
    crust = mix(crust, (0.97, 0.94, 0.88), flour * (1 - char))
    height = floor + thin * step(inside, 0.04) + puff * roll * (0.6 + 0.8 * bubbles)
    c.put(np.clip(inside * radius * c.scale + 0.5, 0, 1), crust, height, 0.12)

    # Sauce and cheese; the cheese browns where it bulges.
    middle = step(inside - width * (0.75 + 0.5 * lumps), 0.025)
    pulp = 0.55 * bubbles + 0.45 * fine
    tones = [(0.50, 0.10, 0.04), (0.74, 0.22, 0.08), (0.86, 0.38, 0.14)]
    if white:
        tones = [(0.88, 0.76, 0.52), (0.95, 0.88, 0.70), (0.98, 0.94, 0.83)]
    sauce = ramp(pulp, *tones) * (1 - 0.35 * bake * lumps)[..., None]
    c.put(middle, sauce, floor + thin + 0.02 * pulp, 0.55)
    blobs, strings = grain(4.3 * u, 4.3 * v + 2 * o), grain(9 * u + 2 * o, 9 * v)
    amount = {"pools": 0.36, "melted": 0.78, "little": 0.5}[cheese] + rng.normal(0, 0.06)
    melt = step(0.7 * blobs + 0.3 * strings - 0.85 + 0.8 * amount, 0.1) * middle
    melt *= step(inside - 1.15 * width, 0.06)
    hue = rng.beta(1.5, 1)  # mozzarella to cheddar
    t = 0.6 * strings + 0.4 * fine + 0.3 * (bake - 0.5)
    pale = mix((0.98, 0.94, 0.82), (0.97, 0.83, 0.46), hue)
    gold = mix((0.95, 0.82, 0.56), (0.93, 0.64, 0.24), hue)
    colour = ramp(t, pale, pale, gold, (0.80, 0.46, 0.16))
    brown = step(0.5 * blobs + 0.5 * strings - 0.72 + 0.3 * bake, 0.09)
    colour = mix(colour, (0.44, 0.21, 0.08), 0.8 * bake * brown)
    oil = step(bubbles + 0.3 * fine - 0.72, 0.1) * rng.uniform(0, 0.6) * (1 - white)
    colour = mix(colour, (0.86, 0.42, 0.10), oil)
    bumps = 0.06 * blobs + 0.035 * strings + 0.012 * fine
    c.put(melt, colour, floor + thin + 0.01 + bumps, 0.55 + 0.25 * oil)
    reach = radius * (1 - 1.5 * width)
    if cheese == "pools":
        for p in scatter(rng.integers(6, 14), reach, rng):
            drop(c, "mozzarella", at + p, rng, rng.uniform(0.6, 1.3) * radius, 0.5 * bake)
    for name, (least, most) in morsels.items():
        count = rng.integers(least, most + 1)
        fresh = name in ("basil", "rocket", "parsley", "egg")
        for p in scatter(count, reach, rng):
            drop(c, name, at + p, rng, radius**0.5, 0.0 if fresh else bake)
            if name == "egg":
                drop(c, "yolk", at + p, rng)
    if rng.random() < 0.35:
        specks(c, at, radius, (0.20, 0.26, 0.08), rng.uniform(0.2, 0.32), rng)
    return inside


def serve_pizza(c: Canvas, at: np.ndarray, rng: np.random.Generator) -> None:
    """A pizza whole, cut, with slices missing or drawn out, or a single slice."""
    kind = rng.choice(["whole", "cut", "missing", "drawn", "slice"], p=[0.3, 0.22, 0.16, 0.1, 0.22])
    cuts, turn = rng.choice([6, 8]), rng.uniform(0, 2 * np.pi)
    radius = rng.uniform(0.88, 1.05) * (1.9 if kind == "slice" else 1.0)
    out = np.array([np.cos(turn), np.sin(turn)])
    if kind == "slice":
        at = at - 0.55 * radius * out
    baked = c.copy()
    inside = pizza(baked, at, radius, rng)
    angle = np.arctan2(c.y - at[1], c.x - at[0]) - turn
    angle = (angle + np.pi) % (2 * np.pi) - np.pi
    r = np.hypot(c.x - at[0], c.y - at[1])
    if kind != "whole":
        cut = np.abs((angle * cuts / (2 * np.pi)) % 1 - 0.5) * 2 * np.pi / cuts
        gap = 0.8 * step(0.011 - r * cut, 0.011)
        baked.put(gap, 0.45 * baked.colour, baked.height - 0.03, 0.1)
    wedge = (np.pi / cuts * (2 if kind == "missing" and cuts == 8 else 1) - np.abs(angle)) * r
    keep = inside * radius
    if kind == "slice":
        keep = np.minimum(keep, wedge)
    elif kind in ("missing", "drawn"):
        keep = np.minimum(keep, -wedge)
    pieces = [(keep, np.zeros(2))]
    if kind == "drawn":
        pieces.append((np.minimum(inside * radius, wedge), out * rng.uniform(0.12, 0.35)))
    for edge, shift in pieces:
        layers = (edge, baked.colour, baked.height, baked.gloss)
        edge, colour, height, gloss = (shifted(a, *(-shift * c.scale)) for a in layers)
        side = step(0.02 - edge, 0.015) * step(0.16 - height, 0.04)  # crumb at the cut
        colour = mix(colour, (0.93, 0.82, 0.62), 0.7 * side)
        c.put(np.clip(edge * c.scale + 0.5, 0, 1), colour, height, gloss)


# fmt: off
SAUCES = [
    (0.24, 0.11, 0.06), (0.36, 0.18, 0.08), (0.20, 0.08, 0.05), (0.66, 0.12, 0.06),
    (0.93, 0.78, 0.42), (0.84, 0.68, 0.45), (0.30, 0.38, 0.10), (0.78, 0.34, 0.12),
]
# fmt: on
# Morsels of a pile with least and most; how far they spread.
SIDES = {
    "fries": ({"fry": (16, 34)}, 0.32),
    "beans": ({"bean": (9, 18)}, 0.16),
    "asparagus": ({"asparagus": (4, 8)}, 0.14),
    "potatoes": ({"potato": (4, 9)}, 0.3),
    "salad": ({"lettuce": (6, 12), "tomato": (0, 3), "onion": (0, 5)}, 0.3),
    "rocket": ({"rocket": (14, 28), "cherry": (0, 4)}, 0.28),
    "tomatoes": ({"cherry": (3, 8)}, 0.26),
    "slices": ({"tomato": (3, 5)}, 0.24),
    "rings": ({"onion ring": (3, 6)}, 0.24),
    "mash": ({"mash": (1, 1), "parsley": (0, 3)}, 0.05),
    "mushrooms": ({"mushroom": (6, 14)}, 0.24),
    "carrots": ({"carrot": (5, 9), "bean": (0, 6)}, 0.22),
    "egg": ({"egg": (1, 1), "yolk": (1, 1)}, 0.0),
    "peppers": ({"red pepper": (4, 8), "pepper": (3, 6), "onion": (3, 6)}, 0.24),
    "lemon": ({"lemon": (1, 2)}, 0.12),
}


def pool(c: Canvas, at: np.ndarray, radius: float, tone: tuple, rng: np.random.Generator) -> None:
    """A puddle of sauce, over whatever is there."""
    c, o = c.around(at, 1.6 * radius), rng.uniform(0, 99)
    u, v = c.local(at, radius, rng.uniform(0, 7))
    inside = 1 - np.hypot(u, v / rng.uniform(0.6, 1)) * (0.6 + 0.9 * noise(1.7 * u + o, 1.7 * v))
    t = 0.6 * grain(3 * u, 3 * v + o) + 0.4 * step(inside, 0.5)
    colour = ramp(t, 1.12 * np.array(tone), 0.85 * np.array(tone))
    c.put(step(inside, 0.03) * 0.94, colour, c.height + 0.02 * step(inside - 0.08, 0.08), 0.85)


def pile(c: Canvas, side: str, at: np.ndarray, rng: np.random.Generator) -> None:
    """A side dish."""
    morsels, spread = SIDES[side]
    turn = rng.uniform(0, 2 * np.pi)
    for name, (least, most) in morsels.items():
        for p in scatter(rng.integers(least, most + 1), spread, rng):
            along = turn + rng.normal(0, 0.15) if side in ("beans", "asparagus") else None
            drop(c, name, at + (p if spread else 0), rng, bake=rng.uniform(0, 0.35), turn=along)


def steak(c: Canvas, at: np.ndarray, size: float, turn: float, rng: np.random.Generator) -> None:
    """A seared steak: whole or sliced, with fat, bone, grill marks and juices."""
    cuts = ["ribeye", "strip", "fillet", "tbone", "tomahawk"]
    cut = rng.choice(cuts, p=[0.28, 0.27, 0.15, 0.17, 0.13])
    wide = {"fillet": 0.92, "strip": 0.52, "tbone": 0.8}.get(cut, 0.7) * rng.uniform(0.9, 1.1)
    size *= 0.68 if cut == "fillet" else 1.0
    thick = rng.uniform(0.14, 0.24) * (1.5 if cut == "fillet" else 1.0)
    sliced = rng.random() < (0.4 if cut in ("ribeye", "strip", "fillet") else 0.12)
    o, tone = rng.uniform(0, 99), rng.normal(-0.07, 0.15)
    u, v = c.local(at, size, turn)
    fan, face = 0.0, 0.0
    if sliced:  # slices lie over each other like fallen books: crust above, the pink face below
        start, count = rng.uniform(-1, 0.1), rng.integers(3, 6)
        if rng.random() < 0.25:  # cut once
            start, count = rng.uniform(0.1, 0.5), 1
        pitch = min((1 - start) / count, 0.5)
        part = (u - start) / pitch + 0.25 * (noise(4 * v + o, 0 * v) - 0.5)
        number = np.clip(np.floor(part), -1, count).astype(int)
        fan = np.where(number >= 0, part - number, 0.0)
        v = v + rng.normal(0, 0.05, count + 2)[number]
        face = step(fan - rng.uniform(0.15, 0.4) / np.sqrt(count), 0.03) * (number >= 0)
    angle = np.arctan2(v, u)
    waves = [np.cos(k * angle + rng.uniform(0, 7)) * rng.normal(0, 0.07 / k) for k in range(2, 6)]
    lumps, fine = grain(2.5 * u + o, 2.5 * v), grain(15 * u, 15 * v + o)
    inside = 1 + sum(waves) - (np.abs(u) ** 2.4 + np.abs(v / wide) ** 2.4) ** (1 / 2.4)
    inside = inside * wide + 0.05 * (lumps - 0.5) + 0.02 * (fine - 0.5)
    if sliced:
        inside = np.minimum(inside, (count - part) * pitch)
    floor = c.height.copy()

    # The sear, along the fibres; grill marks; a rim of fat; marbling.
    grainy = noise(6 * u + 2 * lumps, 22 * v + o)
    t = 0.45 * lumps + 0.25 * grainy + 0.3 * fine + tone
    sear = ramp(t, (0.14, 0.08, 0.05), (0.32, 0.17, 0.10), (0.50, 0.30, 0.18), (0.68, 0.47, 0.30))
    height = 0.03 * lumps + 0.012 * grainy + 0.02 * fine
    fat = step(noise(4 * u + 2 * lumps, 9 * v + o + 2 * lumps) - 0.78, 0.06) * (cut != "fillet")
    sear = mix(sear, (0.80, 0.58, 0.34), 0.6 * fat)
    if rng.random() < 0.55:
        for a in rng.choice([0.6, -0.7], rng.choice([1, 1, 2]), replace=False):
            bar = (u * np.cos(a) + v * np.sin(a)) / rng.uniform(0.2, 0.3) + 0.25 * lumps
            bar = step(0.17 - np.abs(bar % 1 - 0.5), 0.07) * step(fine + lumps - 0.6, 0.3)
            sear = mix(sear, (0.09, 0.05, 0.04), 0.85 * bar)
            height = height - 0.02 * bar
    rim = step(0.1 + 0.06 * lumps - inside, 0.03) * step(np.sin(angle) - 0.1 * lumps - 0.15, 0.1)
    lard = ramp(lumps + 0.3 * fine - 0.1, (0.54, 0.32, 0.15), (0.86, 0.68, 0.44))
    sear = mix(sear, lard, rim * (cut != "fillet"))
    gloss = 0.35 + 0.5 * step(lumps - 0.5, 0.2)

    # The inside: brown below the crust, then pink to red.
    rare = rng.random()
    core = mix((0.74, 0.47, 0.39), (0.68, 0.22, 0.20), rare)
    core = core * (0.68 + 0.4 * grainy + 0.25 * fine)[..., None]
    core = mix(core, (0.90, 0.66, 0.58), 0.5 * fat)
    border = step(inside - 0.1, 0.06)
    flesh = mix((0.50, 0.33, 0.24), core, border * step(fan - 0.35, 0.1) * step(0.95 - fan, 0.05))
    colour = mix(sear, flesh, face)
    bevel = 0.3 if cut == "fillet" else 0.18
    dome = np.sqrt(1 - (1 - np.clip(inside / bevel, 0, 1)) ** 2)
    height = floor + thick * dome * (1 - 0.55 * fan) + height * np.where(face > 0.5, 0.3, 1.0)
    if cut in ("tbone", "tomahawk"):
        bone = 0.1 + 0.05 * step(-1.8 - u, 0.3) - np.abs(v)
        bone = np.minimum(bone, np.minimum(-0.6 - u, u + 2.1))
        if cut == "tbone":
            stem = np.where(v > -0.1, np.abs(u + 0.1 + 0.1 * v + 0.3 * lumps), 9)
            bar = np.where(np.abs(u + 0.2) < 0.5, np.abs(v - wide + 0.02 + 0.2 * lumps), 9)
            bone = np.minimum(0.03 + 0.06 * lumps - np.minimum(stem, bar), inside + 0.02)
        ivory = ramp(lumps + 0.4 * fine - 0.1, (0.70, 0.54, 0.38), (0.95, 0.89, 0.78))
        colour = mix(colour, ivory, step(bone, 0.012))
        arch = floor + 0.85 * thick * np.sqrt(np.clip(bone / 0.1, 0, 1))
        height = np.maximum(np.where(bone > 0, arch, height), floor)
        inside = np.maximum(inside, bone)
    c.put(np.clip(inside * size * c.scale + 0.5, 0, 1), colour, height, gloss)


def serve_steak(c: Canvas, at: np.ndarray, rng: np.random.Generator) -> None:
    """A steak with its juices, a sauce, butter or herbs, and side dishes."""
    turn, count = rng.uniform(0, 2 * np.pi), rng.choice([0, 1, 2, 3], p=[0.25, 0.35, 0.28, 0.12])
    alone = count == 0
    size, away = rng.uniform(0.66, 0.8) * (1.2 if alone else 1.0), rng.uniform(0, 2 * np.pi)
    out = np.array([np.cos(away), np.sin(away)])
    middle = at + (0 if alone else 0.3) * out
    if rng.random() < 0.5:
        pool(c, middle, 0.9 * size, SAUCES[rng.integers(len(SAUCES))], rng)
    for i, side in enumerate(rng.choice(list(SIDES), count, replace=False)):
        a = away + np.pi + (i - (count - 1) / 2) * rng.uniform(0.75, 1.0)
        pile(c, side, at + 0.55 * np.array([np.cos(a), np.sin(a)]), rng)
    across = away + np.pi / 2 + rng.normal(0, 0.3) if not alone else turn
    steak(c, middle, size, across, rng)
    top = middle + rng.normal(0, 0.08, 2)
    extra = rng.choice(
        ["none", "sauce", "butter", "rosemary", "parsley", "fried"],
        p=[0.36, 0.18, 0.14, 0.17, 0.11, 0.04],
    )
    if extra == "sauce":
        pool(c, top, rng.uniform(0.25, 0.5), SAUCES[rng.integers(len(SAUCES))], rng)
    elif extra == "butter":
        pool(c, top, 0.25, (0.88, 0.72, 0.32), rng)
        drop(c, "butter", top, rng)
    elif extra == "fried":
        drop(c, "egg", top, rng)
        drop(c, "yolk", top, rng)
    elif extra != "none":
        for p in rng.normal(0, 0.07, (rng.integers(1, 4), 2)):
            drop(c, extra, top + p, rng)
    if rng.random() < 0.5:
        specks(c, middle, size, (0.08, 0.07, 0.06), rng.uniform(0.2, 0.32), rng)
    if rng.random() < 0.3:
        specks(c, middle, 1.2 * size, (0.22, 0.34, 0.09), rng.uniform(0.2, 0.3), rng)


def cutlery(c: Canvas, at: np.ndarray, turn: float, kind: str, rng: np.random.Generator) -> None:
    """A knife or a fork, of steel, with a handle of steel, wood or black plastic."""
    c = c.around(at, 1.2)
    if not c.x.size:
        return
    u, v = c.local(at, 1.0, turn)
    handle = 0.055 - 0.01 * u - np.hypot(np.maximum(np.abs(u + 0.55) - 0.4, 0), v)
    if kind == "knife":
        blade = np.where(v > 0, 0.065 - 0.09 * np.clip(u - 0.4, 0, 1) ** 2 - v, v + 0.045)
        blade = np.minimum(blade, np.minimum(u + 0.2, 0.85 - u))
    else:
        neck = np.minimum(0.025 - np.abs(v), np.minimum(u + 0.2, 0.5 - u))
        head = 0.12 - np.hypot(np.maximum(np.abs(u - 0.5) - 0.1, 0), v)
        tines = np.minimum(0.022 - np.abs((v + 0.14) % 0.07 - 0.035), 0.12 - np.abs(v))
        tines = np.minimum(tines, np.minimum(u - 0.45, 0.95 - u))
        blade = np.maximum(np.maximum(neck, np.where(u < 0.56, head, -1)), tines)
    steel = np.array((0.62, 0.63, 0.65))
    grip = np.array([(0.62, 0.63, 0.65), (0.15, 0.14, 0.14), (0.42, 0.25, 0.14)][rng.integers(3)])
    inside = np.maximum(handle, blade)
    colour = mix(steel, grip, step(-0.15 - u, 0.01)) * (0.9 + 0.2 * noise(6 * u, 30 * v))[..., None]
    rest = blur(c.height[..., None], 0.1 * c.scale)[..., 0]  # stiffer than what it lies on
    bulge = 0.04 + 0.05 * np.sqrt(np.clip(inside / 0.05, 0, 1))
    c.put(np.clip(inside * c.scale + 0.5, 0, 1), colour, rest + bulge, 0.95)


def bowl(c: Canvas, at: np.ndarray, rng: np.random.Generator) -> None:
    """A small bowl of sauce or a cup."""
    radius, tall = rng.uniform(0.22, 0.34), rng.choice([0.2, 0.25, 0.5])
    c = c.around(at, 1.1 * radius)
    r = np.hypot(c.x - at[0], c.y - at[1]) / radius
    glaze = np.array([(0.93, 0.92, 0.90), (0.2, 0.2, 0.22), (0.55, 0.32, 0.2)][rng.integers(3)])
    tone = np.array(SAUCES[rng.integers(len(SAUCES))])
    sauce = ramp(grain(7 * c.x, 7 * c.y), 0.9 * tone, 1.1 * tone)
    full = step(0.8 - r, 0.02)
    wall = tall * np.sqrt(np.clip(1 - ((r - 0.89) / 0.11) ** 2, 0, 1))
    c.put(
        np.clip((1 - r) * radius * c.scale + 0.5, 0, 1),
        mix(glaze, sauce, full),
        c.height + np.maximum(wall, (tall - 0.07) * full),
        0.85,
    )


# ---------------------------------------------------------------- food: light and camera

# Colours of key and sky, elevation of the key, hardness of shadows.
LIGHTS = {
    "window": ((1.05, 1.02, 0.98), (0.50, 0.53, 0.58), 0.7, 0.25),
    "cloudy": ((0.60, 0.62, 0.66), (0.72, 0.75, 0.80), 1.0, 0.1),
    "sun": ((1.75, 1.60, 1.35), (0.34, 0.38, 0.46), 0.8, 1.0),
    "lamp": ((1.10, 0.80, 0.48), (0.40, 0.28, 0.17), 0.9, 0.5),
    "dim": ((0.62, 0.46, 0.32), (0.22, 0.17, 0.13), 0.6, 0.4),
    "flash": ((1.25, 1.25, 1.30), (0.16, 0.15, 0.15), 1.3, 0.9),
}


def illuminate(c: Canvas, eye: np.ndarray, light: tuple, azimuth: float) -> np.ndarray:
    """Linear colour of a canvas.

    Args:
        c: The canvas.
        eye: Where the camera is: x, y, height.
        light: A value of ``LIGHTS``.
        azimuth: Where the key comes from.

    Returns:
        Array ``(height, width, 3)``.
    """
    key, sky, rise, hard = (np.asarray(a) for a in light)
    sun = vec(np.cos(azimuth) * np.cos(rise), np.sin(azimuth) * np.cos(rise), np.sin(rise))
    h = c.height
    slope_y, slope_x = np.gradient(h * c.scale)
    normal = np.stack([-slope_x, -slope_y, np.ones_like(h)])
    normal /= norm(normal)
    near, far = (blur(h[..., None], s * c.scale)[..., 0] for s in (0.02, 0.07))
    occlusion = np.clip(1 - 9 * np.maximum(near - h, 0) - 3.2 * np.maximum(far - h, 0), 0.3, 1)
    lit, most = np.ones_like(h), h.max()
    for reach in np.linspace(0.02, 1, 16) ** 1.3 * min(most / np.tan(rise), 1.0):
        dx, dy = np.cos(azimuth) * reach * c.scale, np.sin(azimuth) * reach * c.scale
        over = shifted(h, dx, dy) - h - reach * np.tan(rise)
        lit = np.minimum(lit, 1 - step(over - 0.01, 0.02 + 0.25 * (1 - hard) * reach))
    lit = blur(lit[..., None], (0.012 + 0.03 * (1 - hard)) * c.scale)[..., 0]
    direct = np.clip((dot(normal, sun) + 0.25) / 1.25, 0, 1) * lit
    view = np.stack([eye[0] - c.x, eye[1] - c.y, eye[2] - h])
    view /= norm(view)
    glow = occlusion * (0.55 + 0.45 * normal[2])
    linear = c.colour**2 * (direct[..., None] * key + glow[..., None] * sky)
    half = view + sun[:, None, None]
    shine = np.clip(dot(normal, half) / norm(half), 0, 1)
    mirror = 2 * dot(normal, view) * normal - view  # what the camera sees reflected
    lamp = step(dot(mirror, sun) - 0.93, 0.04)
    glint = c.gloss**2 * (0.5 * shine**60 + 0.35 * lamp) + 0.12 * c.gloss * shine**12
    fresnel = 0.03 + 0.5 * np.clip(1 - dot(normal, view), 0, 1) ** 4
    linear += (glint * lit)[..., None] * key
    linear += (c.gloss * fresnel * occlusion * np.clip(mirror[2], 0.1, 1))[..., None] * sky
    metal = step(c.gloss - 1.1, 0.1)
    if metal.any():
        linear = mix(linear, polished(c, mirror, sun, direct, occlusion, lit, key, sky), metal)
    steep = step(np.hypot(slope_x, slope_y) - 2.2, 1.0)  # few pixels hold the colour of a wall
    return mix(linear, blur(linear, 2.5), steep)


def polished(c: Canvas, mirror, sun, direct, occlusion, lit, key, sky) -> np.ndarray:
    """Linear colour of metal (gloss 1.2 dull to 2 polished): it tints what it mirrors."""
    polish = np.clip((c.gloss - 1.2) / 0.8, 0, 1)
    room = 0.1 + 1.05 * step(mirror[2] - 0.62, 0.42)  # dark towards the horizon
    blotch = grain(3.5 * mirror[0] + 9, 3.5 * mirror[1] + 9) - 0.5  # windows, shelves, people
    room = room * np.maximum(1 + (0.7 + 1.5 * polish) * blotch, 0.1)
    lamp = np.clip(dot(mirror, sun), 0, 1) ** (6 + 70 * polish**2) * (0.5 + 1.6 * polish)
    ambient = (occlusion * room)[..., None] * (sky + 0.3 * key)
    return c.colour**2 * (1.25 * ambient + ((lamp + 0.15 * direct) * lit)[..., None] * key)


def see(c: Canvas, eye: np.ndarray, ray: np.ndarray, top: float) -> tuple:
    """Follows rays ``(3, ...)`` down to the relief: x, y and depth of what they meet."""
    down = np.minimum(ray[1], -0.01)

    def gap(z: np.ndarray) -> np.ndarray:
        """How far the rays at height z are above the relief."""
        t = (z - eye[2]) / down
        i = ((eye[1] - t * ray[2] - c.y[0, 0]) * c.scale).astype(int)
        j = ((eye[0] + t * ray[0] - c.x[0, 0]) * c.scale).astype(int)
        inner = (i >= 0) & (j >= 0) & (i < c.x.shape[0]) & (j < c.x.shape[1])
        return z - np.where(inner, c.height[i * inner, j * inner], 0)

    count = int(6 + 24 * top * np.sqrt(1 - np.abs(ray[1]).mean()))
    low, fall = np.full_like(down, -1.0), top / count
    for z in np.linspace(top, 0, count + 1):
        low = np.where((low < 0) & (gap(z) <= 0), z, low)
    low = np.maximum(low, 0)
    for _ in range(5):  # halve the step that went below
        fall = fall / 2
        low = np.where(gap(low + fall) <= 0, low + fall, low)
    t = (low - eye[2]) / down
    return eye[0] + t * ray[0], eye[1] - t * ray[2], t


def sample(image: np.ndarray, c: Canvas, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Colours of an image of the canvas between its pixels."""
    i, j = (y - c.y[0, 0]) * c.scale, (x - c.x[0, 0]) * c.scale
    i, j = np.clip(i, 0, c.x.shape[0] - 1.001), np.clip(j, 0, c.x.shape[1] - 1.001)
    i0, j0 = i.astype(int), j.astype(int)
    i, j = i - i0, j - j0
    near = mix(image[i0, j0], image[i0, j0 + 1], j)
    return mix(near, mix(image[i0 + 1, j0], image[i0 + 1, j0 + 1], j), i)


def spread(
    table: Surface, eye: np.ndarray, ray: np.ndarray, scale: float, most: int, margin: float = 0.5
) -> Canvas:
    """The canvas: what the camera sees of the bare table, as far as anything stands on it.

    Args:
        table: What is painted on it.
        eye: Where the camera is: x, y, height.
        ray: Unit directions of its rays ``(3, ...)``; the second axis is up.
        scale: Points per unit, fewer where there would be too many.
        most: Points of the canvas, at most.
        margin: How much more than the camera sees, towards the left and towards us.

    Returns:
        A canvas of its own.
    """
    down = np.minimum(ray[1], -0.12)
    x, y = eye[0] - eye[2] / down * ray[0], eye[1] + eye[2] / down * ray[2]
    low = np.maximum(np.array([x.min(), y.min()]) - margin, -2.4)
    high = np.minimum(np.array([x.max(), y.max()]) + 0.1, 2.4)
    scale = min(scale, np.sqrt(most / np.prod(high - low)))
    x, y = (np.arange(a, b, 1 / scale) for a, b in zip(low, high, strict=True))
    x, y = np.meshgrid(x, y)
    colour, relief, gloss = table.paint(x, y)
    return Canvas(x, y, colour, relief + np.zeros_like(x), gloss + np.zeros_like(x), scale)


FOODS = {"pizza": serve_pizza, "steak": serve_steak}
SIZES = [(256, 340), (340, 256), (288, 288), (256, 384), (384, 256), (320, 256), (256, 256)]


def draw_food(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Draws one photo of a meal.

    Args:
        kind: "pizza" or "steak".
        rng: Source of everything random: food, dish, table, light, camera.

    Returns:
        uint8 array ``(height, width, 3)``, sides 256 to 384 pixels.
    """
    height, width = SIZES[rng.integers(len(SIZES))]
    # The camera, above and before the plate; how much of it is in the frame.
    steep = [rng.uniform(70, 88), rng.uniform(40, 70), rng.uniform(26, 40)]
    pitch, distance = np.deg2rad(rng.choice(steep, p=[0.3, 0.45, 0.25])), rng.uniform(3.6, 6.5)
    frames = [rng.uniform(0.86, 1.1), rng.uniform(0.6, 0.86), rng.uniform(0.42, 0.6)]
    reach = rng.choice(frames, p=[0.35, 0.4, 0.25])
    aim = rng.normal(0, 0.12, 2) + (1.15 - min(reach, 1.15)) * rng.uniform(-0.6, 0.6, 2)
    eye = vec(aim[0], distance * np.sin(pitch) + 0.05, distance * np.cos(pitch) - aim[1])
    camera = Camera(eye, vec(aim[0], 0.05, -aim[1]))
    camera.focal = min(height, width) * distance / reach  # rays twice as dense as the pixels
    camera.centre = np.array([width, height])
    ray = camera.rays(2 * height, 2 * width)
    eye = vec(eye[0], -eye[2], eye[1])  # the camera's y is our height

    table = surface(TABLES[rng.integers(len(TABLES))], rng)
    c = spread(table, eye, ray, 0.7 * camera.focal / distance, 220_000)

    # Set the table, then serve.
    for side, tool in ((-1, "fork"), (1, "knife")):
        if rng.random() < 0.35:
            place = np.array([side * rng.uniform(1.35, 1.7), rng.normal(0, 0.2)])
            cutlery(c, place, rng.normal(1.57, 0.15), tool, rng)
    lay_dish(c, DISHES[rng.integers(len(DISHES))], np.zeros(2), rng.uniform(1.05, 1.2), rng)
    if rng.random() < 0.25:  # a neighbour's plate
        place = np.array([rng.choice([-1, 1]) * rng.uniform(1.8, 2.2), rng.uniform(0.6, 1.4)])
        lay_dish(c, DISHES[rng.integers(4)], place, 0.75, rng)
    FOODS[kind](c, np.zeros(2), rng)
    a = rng.uniform(0, 2 * np.pi, 2)
    if rng.random() < 0.2:
        bowl(c, rng.uniform(0.8, 1.5) * np.array([np.cos(a[0]), np.sin(a[0])]), rng)
    if rng.random() < 0.15:  # a fork or a knife laid on the plate
        tool = rng.choice(["fork", "knife"])
        cutlery(c, 1.1 * np.array([np.cos(a[1]), np.sin(a[1])]), a[1] + np.pi, tool, rng)

    # Light it, look at it.
    mood = rng.choice(list(LIGHTS), p=[0.32, 0.16, 0.16, 0.17, 0.07, 0.12])
    light = LIGHTS[mood]
    azimuth = -np.pi / 2 if mood == "flash" else rng.uniform(-0.6, np.pi + 0.6)
    lit = illuminate(c, eye, light, azimuth)
    x, y, depth = see(c, eye, ray, c.height.max() + 0.01)
    image = sample(lit, c, x, y)
    beyond = (x < c.x[0, 0]) | (y < c.y[0, 0]) | (x > c.x[0, -2]) | (y > c.y[-2, 0])
    if beyond.any():  # the bare table
        key, sky, rise, _ = (np.asarray(part) for part in light)
        colour, _, _ = table.paint(x[beyond], y[beyond])
        image[beyond] = colour**2 * (key * (np.sin(rise) + 0.25) / 1.25 + sky)
    image = image.reshape(height, 2, width, 2, 3).mean((1, 3))
    depth = depth.reshape(height, 2, width, 2).mean((1, 3))

    # Depth blur, a shadow of somebody near, the tint of a filter.
    focus = distance + rng.normal(0, 0.15)
    far = np.clip((np.abs(depth / focus - 1) - 0.06) * rng.uniform(0.5, 3.5), 0, 1)
    image = mix(image, blur(image, 1.6), np.clip(2 * far, 0, 1))
    image = mix(image, blur(image, 3.5), np.clip(2 * far - 1, 0, 1))
    v, u = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    if rng.random() < 0.35:
        a = rng.uniform(0, 2 * np.pi)
        edge = u * np.cos(a) + v * np.sin(a) - rng.uniform(0.3, 0.8) + 0.3 * noise(u + a, v * 2)
        image = image * (1 - rng.uniform(0.2, 0.5) * step(edge, rng.uniform(0.1, 0.4)))[..., None]
    if mood in ("flash", "lamp", "dim"):
        image = image * np.exp(-rng.uniform(0.1, 0.6) * (u * u + v * v))[..., None]
    grey = image.mean(2, keepdims=True)
    image = grey + (image - grey) * rng.uniform(0.85, 1.2)
    warm, tint = rng.normal(0, 0.06), rng.normal(0, 0.02)
    return develop(np.maximum(image, 0) * np.array([1 + warm, 1 + tint, 1 - warm]), rng)


# ---------------------------------------------------------------- parts: benches and finishes

# Mechanical parts are painted reliefs like the meals. Lengths: the photo is 2 high at its centre.


@dataclass
class Bench(Surface):
    """A bench top: the materials of the tables, seen closer, and some of its own."""

    def paint(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray | float, float]:
        """Colour ``(..., 3)``, relief and gloss at points of the plane."""
        if self.material not in ("mat", "rubber", "concrete", "cardboard"):
            closer = Surface(self.material, self.tones, 0.55 * self.origin, self.turn)
            return closer.paint(0.55 * x, 0.55 * y)
        c, s = np.cos(self.turn), np.sin(self.turn)
        x, y = c * x + s * y + self.origin[0], c * y - s * x + self.origin[1]
        low, high = self.tones
        cloud, fine = grain(1.3 * x, 1.3 * y), grain(30 * x, 30 * y)
        if self.material == "mat":  # a cutting mat: a grid, every fifth line is bold
            thin = np.minimum(np.abs(3 * x % 1 - 0.5), np.abs(3 * y % 1 - 0.5)) / 3
            bold = np.minimum(np.abs(0.6 * x % 1 - 0.5), np.abs(0.6 * y % 1 - 0.5)) / 0.6
            line = np.maximum(0.6 * step(0.004 - thin, 0.004), 0.9 * step(0.008 - bold, 0.004))
            tone = mix(low, np.asarray(low) * 1.25, 0.6 * cloud + 0.2 * fine)
            return mix(tone, high, line), 0.0, 0.2
        if self.material == "rubber":  # ribbed
            rib = np.sqrt(np.abs(np.sin(22 * x)))
            return ramp(0.5 * cloud + 0.2 * fine + 0.3 * rib, low, high), 0.02 * rib, 0.3
        if self.material == "cardboard":
            flute = np.sin(40 * x + cloud)
            return ramp(0.5 + 0.7 * (cloud - 0.5) + 0.05 * flute, low, high), 0.002 * flute, 0.05
        pits = step(grain(9 * x, 9 * y) - 0.8, 0.06)
        t = 0.6 * cloud + 0.4 * grain(7 * x, 7 * y) + 0.25 * (fine - 0.5) - 0.3 * pits
        return ramp(t, low, high), 0.004 * fine - 0.02 * pits, 0.08


BENCHES = {
    "pine": ("wood", (0.60, 0.46, 0.31), (0.83, 0.70, 0.52)),
    "oak": ("wood", (0.36, 0.24, 0.15), (0.58, 0.42, 0.27)),
    "grey wood": ("wood", (0.36, 0.34, 0.32), (0.55, 0.53, 0.50)),
    "plate": ("metal", (0.44, 0.46, 0.48), (0.60, 0.62, 0.64)),
    "green mat": ("mat", (0.10, 0.34, 0.28), (0.62, 0.74, 0.62)),
    "blue mat": ("mat", (0.13, 0.22, 0.42), (0.62, 0.70, 0.80)),
    "rubber": ("rubber", (0.13, 0.13, 0.14), (0.27, 0.27, 0.28)),
    "concrete": ("concrete", (0.46, 0.46, 0.45), (0.70, 0.69, 0.67)),
    "cardboard": ("cardboard", (0.60, 0.46, 0.32), (0.74, 0.60, 0.44)),
    "rag": ("cloth", (0.30, 0.38, 0.52), (0.46, 0.54, 0.66)),
    "red rag": ("cloth", (0.50, 0.15, 0.13), (0.66, 0.26, 0.22)),
    "slate": ("slate", (0.20, 0.21, 0.23), (0.34, 0.35, 0.37)),
    "graph paper": ("mat", (0.72, 0.73, 0.70), (0.50, 0.60, 0.72)),
    "olive rubber": ("rubber", (0.22, 0.27, 0.14), (0.40, 0.46, 0.27)),
}

# Tone and gloss (1.2 to 2: metal).
FINISHES = {
    "steel": ((0.76, 0.77, 0.79), 1.8),
    "brass": ((0.87, 0.68, 0.33), 1.75),
    "copper": ((0.86, 0.52, 0.38), 1.7),
    "black": ((0.25, 0.25, 0.265), 1.55),
    "zinc": ((0.68, 0.70, 0.71), 1.4),
    "gilt": ((0.82, 0.74, 0.48), 1.55),
    "dark": ((0.13, 0.13, 0.14), 0.5),
    "red": ((0.72, 0.11, 0.10), 0.75),
    "blue": ((0.10, 0.26, 0.58), 0.75),
    "green": ((0.10, 0.42, 0.22), 0.75),
    "yellow": ((0.90, 0.70, 0.10), 0.75),
    "orange": ((0.90, 0.38, 0.08), 0.75),
    "white": ((0.88, 0.87, 0.83), 0.6),
    "paper": ((0.93, 0.91, 0.85), 0.1),
    "wood": ((0.76, 0.56, 0.36), 0.2),
}


@dataclass
class Finish:
    """What a thing is made of, and how worn."""

    tone: np.ndarray
    gloss: float
    wear: float
    origin: np.ndarray

    def paint(self, u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Colour ``(..., 3)`` and gloss at points of the thing's own frame."""
        u, v = u + self.origin[0], v + self.origin[1]
        brushed = 0.96 + 0.08 * noise(5 * u, 60 * v)
        stain = self.wear * step(grain(2.6 * u, 2.6 * v) - 0.58, 0.14)
        tone = mix(self.tone, self.tone * (0.80, 0.76, 0.72), stain)
        return tone * brushed[..., None], self.gloss - (0.3 if self.gloss > 1.2 else 0.1) * stain


def finish(names: str, rng: np.random.Generator) -> Finish:
    """One of some finishes, with a tone and wear of its own."""
    tone, gloss = FINISHES[rng.choice(names.split())]
    tone = np.array(tone) * rng.uniform(0.9, 1.06) * rng.uniform(0.97, 1.03, 3)
    return Finish(tone, gloss, rng.uniform(0, 0.9), rng.uniform(0, 99, 2))


# ---------------------------------------------------------------- parts: shapes


class Item:
    """A thing on the bench. Shapes are given in its own frame, where it is 2 long."""

    def __init__(self, c: Canvas, at: np.ndarray, size: float, turn: float):
        """Cuts the thing's place out of the canvas.

        Args:
            c: The canvas that is painted on.
            at: The middle of the thing.
            size: Half its length.
            turn: Where its axis ``u`` points to; radians.
        """
        self.c, self.at, self.size, self.turn = c.around(at, 1.2 * size), at, size, turn
        self.u, self.v = self.c.local(at, size, turn)
        self.r, self.angle = np.hypot(self.u, self.v), np.arctan2(self.v, self.u)
        self.rest = np.median(self.c.height) if self.c.x.size else 0.0

    def lay(self, inside: np.ndarray, height: np.ndarray, made: Finish) -> None:
        """Paints a layer over the rest: how far inside of its edge each point is, how high."""
        cover = np.clip(inside * self.size * self.c.scale + 0.5, 0, 1)
        colour, gloss = made.paint(self.u, self.v)
        self.c.put(cover, colour, self.rest + self.size * height, gloss)

    def wire(self, points: np.ndarray, radius: float, made: Finish, facets: bool = False) -> None:
        """Paints a round or hexagonal wire along ``points`` (n, 3), where it is on top."""
        ahead = np.array([np.cos(self.turn), np.sin(self.turn)])
        across = np.array([-ahead[1], ahead[0]])
        for a, b in itertools.pairwise(points):
            middle = self.at + 0.5 * self.size * ((a + b)[0] * ahead + (a + b)[1] * across)
            near = self.c.around(
                middle, (0.5 * norm(b - a) + radius) * self.size + 2 / self.c.scale
            )
            if not near.x.size:
                continue
            u, v = near.local(self.at, self.size, self.turn)
            du, dv = b[0] - a[0], b[1] - a[1]
            along = ((u - a[0]) * du + (v - a[1]) * dv) / max(du * du + dv * dv, 1e-9)
            along = np.clip(along, 0, 1)
            d = np.hypot(u - a[0] - along * du, v - a[1] - along * dv)
            bulge = np.minimum(0.87 * radius, 1.73 * (radius - d))
            if not facets:
                bulge = np.sqrt(np.clip(radius**2 - d * d, 0, None))
            height = self.rest + self.size * (a[2] + along * (b[2] - a[2]) + bulge)
            cover = np.clip((radius - d) * self.size * self.c.scale + 0.5, 0, 1)
            colour, gloss = made.paint(u, v)
            near.put(cover * (height > near.height), colour, height, gloss)


def box(u: np.ndarray, v: np.ndarray, low: tuple, high: tuple, round_: float = 0.0) -> np.ndarray:
    """How far inside of a rectangle with rounded corners."""
    a = np.abs(u - (low[0] + high[0]) / 2) - (high[0] - low[0]) / 2 + round_
    b = np.abs(v - (low[1] + high[1]) / 2) - (high[1] - low[1]) / 2 + round_
    return round_ - np.hypot(np.maximum(a, 0), np.maximum(b, 0)) - np.minimum(np.maximum(a, b), 0)


def bevel(inside: np.ndarray, thick: float, width: float) -> np.ndarray:
    """Height of a plate whose edge is rounded off."""
    return thick - min(width, thick) * np.clip(1 - inside / width, 0, 1) ** 2


def hexagon(r: np.ndarray, angle: np.ndarray, radius: float) -> np.ndarray:
    """How far inside of a hexagon with corners at ``radius``."""
    return 0.866 * radius - r * np.cos(angle % (np.pi / 3) - np.pi / 6)


def lathe(u, v, low: float, high: float, radius: np.ndarray, axis: float) -> tuple:
    """Inside and height of a turned piece that lies along ``u``, its axis so high."""
    inside = np.minimum(radius - np.abs(v), np.minimum(u - low, high - u))
    return inside, axis + np.sqrt(np.clip(radius**2 - v * v, 0, None))


def thread(u: np.ndarray, v: np.ndarray, pitch: float) -> np.ndarray:
    """Grooves 0..1 of a thread along ``u``; ``v`` in radii, so that they slant."""
    return np.abs((u / pitch + 0.3 * v) % 1 - 0.5) * 2


def arc(radius: float, start: float, stop: float, count: int = 24) -> np.ndarray:
    """Points ``(count, 2)`` on a circle; angles in radians."""
    angle = np.linspace(start, stop, count)
    return radius * np.stack([np.cos(angle), np.sin(angle)], 1)


def flat(points: np.ndarray, height: float) -> np.ndarray:
    """Points ``(n, 2)`` at one height: ``(n, 3)``."""
    return np.column_stack([points, np.full(len(points), height)])


# ---------------------------------------------------------------- parts: the fourteen kinds


def bolt(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A bolt with a hexagonal head, lying."""
    wide, shank = rng.uniform(0.36, 0.46), rng.uniform(0.16, 0.21)
    head, start, pitch = rng.uniform(0.26, 0.36), rng.uniform(-0.3, 0.3), rng.uniform(0.06, 0.08)
    u, v, side = p.u, p.v, np.abs(p.v)
    groove = thread(u, v / shank, pitch) * step(u - start, 0.02)
    radius = shank * (1 - 0.2 * groove) - 0.6 * np.maximum(u - 0.93, 0)
    axis = 0.55 * wide  # sunk a little: a relief has no undersides
    p.lay(*lathe(u, v, -1 + head, 1, radius, axis), f)
    p.lay(*lathe(u, v, -1 + head - 0.02, -1 + head + 0.03, 0.8 * wide + 0 * u, axis), f)
    chamfer = 0.5 * np.maximum(0.08 - u - 1, 0)
    if rng.random() < 0.5:  # a flat on top, or a corner
        inside, roof = wide - side, np.minimum(0.87 * wide, 1.73 * (wide - side))
    else:
        inside, roof = 0.87 * wide - side, wide - 0.577 * side
    inside = np.minimum(inside, np.minimum(u + 1, head - 1 - u)) - 0.3 * chamfer
    p.lay(inside, axis + roof - chamfer, f)


def nut(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A hexagonal nut seen from above."""
    hole, tall = rng.uniform(0.42, 0.54), rng.uniform(0.42, 0.62)
    inside = np.minimum(hexagon(p.r, p.angle, 1), p.r - hole)
    wall = (p.r - hole) / 0.1
    top = tall * np.clip(wall, 0.15, 1) + 0.03 * np.sin(18 * wall + p.angle) * (wall < 0.9)
    top = top - 0.5 * np.maximum(p.r - 0.87, 0) - 0.7 * np.maximum(hole + 0.13 - p.r, 0)
    p.lay(inside, top, f)
    if rng.random() < 0.3:  # with a ring of nylon that locks
        ring = np.minimum(p.r - hole, hole + 0.13 - p.r)
        p.lay(ring, tall + 0.08 - 2 * np.maximum(0.04 - ring, 0), finish("blue", rng))


def washer(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A flat washer."""
    inside = np.minimum(1 - p.r, p.r - rng.uniform(0.4, 0.58))
    rings = 0.0014 * noise(45 * p.r, 0 * p.r)
    p.lay(inside, bevel(inside, rng.uniform(0.08, 0.14), 0.06) + rings, f)


def gear(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A spur gear with a hub, a bore and perhaps holes in its web."""
    teeth, depth, bore = rng.integers(13, 30), rng.uniform(0.12, 0.18), rng.uniform(0.12, 0.2)
    wave = np.clip(2.0 * np.cos(teeth * p.angle), -1, 1)
    rim = 1 - depth * (0.5 - 0.5 * wave) - p.r
    keyway = np.minimum(bore * 1.4 - p.u, 0.35 * bore - np.abs(p.v)) * (p.u > 0)
    inside = np.minimum(0.6 * rim, p.r - bore)
    inside = np.minimum(inside, np.where(p.u > 0, -keyway, 1))
    ring, hub = 1 - depth - 0.16, bore + rng.uniform(0.12, 0.2)
    web = step(ring - p.r, 0.02) * step(p.r - hub, 0.02) * rng.choice([0.0, 0.12, 0.16])
    holes = rng.choice([0, 4, 5, 6])
    if holes:
        spoke = (p.angle + 0.3) % (2 * np.pi / holes) - np.pi / holes
        mid = (ring + hub) / 2
        gap = np.hypot(p.r * np.cos(spoke) - mid, p.r * np.sin(spoke))
        inside = np.minimum(inside, gap - 0.36 * (ring - hub))
    p.lay(inside, bevel(inside, 0.28, 0.03) - web + 0.1 * step(hub - p.r, 0.02), f)


def key(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A door key."""
    u, v = p.u, p.v
    bow = [0.37 - np.hypot(u + 0.62, v), box(u, v, (-1, -0.36), (-0.3, 0.36), 0.14)]
    lobes = [
        np.hypot(u + 0.62 - 0.2 * a, v - 0.2 * b) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    bow = [*bow, 0.23 - np.minimum.reduce(lobes)][rng.integers(3)]
    hole = np.hypot((u + 0.76) / rng.uniform(0.9, 1.3), v / rng.uniform(0.9, 1.6)) - 0.1
    cuts = rng.uniform(0, 0.13, 8)
    place = np.clip((u + 0.12) / 0.13, 0, 7.999)
    cell = place.astype(int)
    near = np.clip((place - cell - 0.55) / 0.45, 0, 1)
    low = cuts[cell] + near * (cuts[np.minimum(cell + 1, 7)] - cuts[cell])
    low = np.where(u > -0.14, low, 0) + np.maximum(u - 0.9, 0)
    blade = np.minimum(0.15 - np.maximum(u - 0.88, 0) - v, v + 0.15 - low)
    blade = np.minimum(blade, np.minimum(u + 0.4, 1 - u))
    inside = np.minimum(np.maximum(bow, blade), hole)
    groove = 0.035 * step(0.018 - np.abs(v - 0.045), 0.012) * step(u + 0.28, 0.02)
    p.lay(inside, bevel(inside, 0.08, 0.025) - groove, f)
    if rng.random() < 0.4:  # a plastic head
        cap = finish("dark blue red", rng)
        inside = np.minimum(np.minimum(bow + 0.03, hole), -0.3 - u)
        p.lay(inside, bevel(inside, 0.16, 0.07), cap)


def spring(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A coil spring, lying."""
    coils, wide, wire = rng.integers(6, 11), rng.uniform(0.27, 0.37), rng.uniform(0.035, 0.05)
    t = np.linspace(0, coils, 44 * coils + 1)
    rise = np.interp(t, [0, 1, coils - 1, coils], [wire, 3 * wire, 2 - 3 * wire, 2 - wire]) - 1
    around = 2 * np.pi * t
    points = [rise, wide * np.sin(around), wire + 0.22 * wide * (1 + np.cos(around))]  # flattened
    p.wire(np.stack(points, 1), wire, f)


def bearing(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A ball bearing seen from its side."""
    inner, outer, bore = rng.uniform(0.52, 0.58), rng.uniform(0.78, 0.82), rng.uniform(0.34, 0.42)
    gap, tall = outer - inner, rng.uniform(0.3, 0.4)
    cage = np.minimum(p.r - inner + 0.05, outer + 0.05 - p.r)
    p.lay(cage, 0.4 * tall + 0 * p.r, finish("brass dark zinc", rng))
    count, mid = rng.integers(8, 12), (inner + outer) / 2
    part = (p.angle + rng.uniform(0, 1)) % (2 * np.pi / count) - np.pi / count
    d, ball = np.hypot(p.r * np.cos(part) - mid, p.r * np.sin(part)), 0.54 * gap
    dome = 0.45 * tall + np.sqrt(np.clip(ball**2 - d * d, 0, None))
    p.lay(ball - d, dome, Finish(np.array((0.8, 0.81, 0.83)), 2.0, 0.0, f.origin))
    for low, high in ((outer, 1), (bore, inner)):
        inside = np.minimum(p.r - low, high - p.r)
        p.lay(inside, bevel(inside, tall, 0.05), f)


def wing_nut(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A wing nut seen from above, its wings spread."""
    v, side = p.v, np.abs(p.u)
    hub, lift, tip = rng.uniform(0.32, 0.38), rng.uniform(0.05, 0.2), rng.uniform(0.22, 0.3)
    lobe = tip - np.hypot(np.maximum(0.45 - side, side - 0.72).clip(0), v - lift)
    neck = np.minimum(0.14 + 0.1 * side - np.abs(v - lift * side), 0.7 - side)
    inside = -smooth_min(-lobe, -neck, 0.12)
    wing = 0.16 + 0.24 * side - 0.1 * np.clip(1 - inside / 0.1, 0, 1) ** 2
    hole = rng.uniform(0.17, 0.21)
    p.lay(np.minimum(inside, p.r - hole), wing - 0.05 * step(inside - 0.09, 0.03), f)
    inside = np.minimum(hub - p.r, p.r - hole)
    wall = np.clip((p.r - hole) / 0.05, 0.1, 1)
    p.lay(inside, 0.48 * wall - 0.3 * np.maximum(p.r - hub + 0.06, 0), f)


def hook(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A screw hook."""
    wire, bend = rng.uniform(0.065, 0.085), rng.uniform(0.32, 0.42)
    u, v, start = p.u, p.v, rng.uniform(0.1, 0.3)
    radius = wire * np.clip(1.1 - 1.1 * np.maximum(u - 0.72, 0) / 0.27, 0.05, 1)
    radius = radius * (1 - 0.3 * thread(u, v / wire, 0.07))
    curve = arc(bend, 0.1, rng.uniform(3.6, 4.4)) + (wire - 1 + bend, 0)
    curve = np.concatenate([np.linspace((start, 0), (wire - 1 + 2.2 * bend, 0), 6), curve])
    for _ in range(4):  # no sharp corner where the neck meets the bow
        curve[1:-1] = (curve[:-2] + curve[1:-1] + curve[2:]) / 3
    p.wire(flat(curve, wire), wire, f)
    p.lay(*lathe(u, v, start, 1, radius, wire), f)
    if rng.random() < 0.6:
        p.lay(*lathe(u, v, start - 0.07, start, 2.2 * wire + 0 * u, wire), f)


def spanner(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """An open-end spanner with two jaws."""
    u, v, grip = p.u, p.v, rng.uniform(0.08, 0.1)
    inside = np.minimum(grip + 0.03 * np.abs(u) - np.abs(v), 0.8 - np.abs(u))
    tilt, sizes = rng.uniform(0.2, 0.35), (rng.uniform(0.22, 0.26), rng.uniform(0.18, 0.23))
    for side, size in zip((-1, 1), sizes, strict=True):
        x, y = side * u - (1 - size), side * v
        x, y = x * np.cos(tilt) + y * np.sin(tilt), y * np.cos(tilt) - x * np.sin(tilt)
        jaw = np.minimum(size - np.hypot(x, 0.92 * y), 0.75 * size - x)
        inside = np.maximum(inside, jaw)
        slot = np.minimum(0.42 * size - np.abs(y), x + 0.35 * size)
        inside = np.where(side * u > 0, np.minimum(inside, -slot), inside)
    panel = step(np.minimum(0.55 * grip - np.abs(v), 0.5 - np.abs(u)), 0.01)
    letters = (
        panel * step(noise(45 * u, 30 * v) - 0.6, 0.1) * (np.abs(u) < 0.22) * (np.abs(v) < 0.03)
    )
    p.lay(inside, bevel(inside, 0.1, 0.04) - 0.025 * panel + 0.02 * letters, f)


def screwdriver(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A screwdriver with a plastic or wooden handle."""
    u, v = p.u, p.v
    grip, end, rod = rng.uniform(0.16, 0.2), rng.uniform(-0.2, 0.0), rng.uniform(0.035, 0.05)
    t = (u + 1) / (end + 1)
    body = grip * (0.85 + 0.15 * np.cos(6 * t)) - 0.12 * np.maximum(0.12 - t, 0) / 0.12
    body = body - 0.35 * grip * step(t - 0.86, 0.08)
    across = np.arcsin(np.clip(v / np.maximum(body, 0.01), -1, 1))
    flute = (
        0.012 * np.cos(rng.integers(8, 13) * across) * step(t - 0.15, 0.05) * step(0.8 - t, 0.05)
    )
    tip = np.clip((u - 0.78) / 0.22, 0, 1)
    flat_blade = rng.random() < 0.6
    shaft = rod * (1 + 0.7 * tip * (1 - 0.35 * tip)) if flat_blade else rod * (1 - 0.75 * tip)
    inside, height = lathe(u, v, end - 0.05, 1, shaft, grip)
    if flat_blade:
        height = np.minimum(height, grip + rod * (1 - 0.8 * tip))
    p.lay(inside, height, finish("steel", rng))
    inside, height = lathe(u, v, -1, end, body, grip)
    p.lay(inside, height + flute, f)
    if rng.random() < 0.6:  # two colours
        inside = np.minimum(inside, 0.2 * (end + 1) - 1 - u)
        p.lay(inside, height, finish("dark yellow red", rng))


def hinge(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A butt hinge, open."""
    u, v, tall = p.u, p.v, rng.uniform(0.65, 0.95)
    barrel, gaps = rng.uniform(0.1, 0.13), rng.choice([3, 5])
    inside = box(u, v, (-1, -tall), (1, tall), rng.choice([0.03, 0.2]))
    rows = np.linspace(-0.68, 0.68, rng.integers(2, 4)) * tall
    columns = [0.6 - 0.12 * (i % 2) for i in range(len(rows))]
    d = np.minimum.reduce(
        [np.hypot(np.abs(u) - x, v - y) for x, y in zip(columns, rows, strict=True)]
    )
    sink = 0.06 * np.clip((0.16 - d) / 0.07, 0, 1)
    p.lay(np.minimum(inside, d - 0.08), bevel(inside, 0.09, 0.03) - sink, f)
    knuckle = (v + tall) / (2 * tall) * gaps
    seam = step(0.02 - np.abs(knuckle - np.rint(knuckle)), 0.012) * (np.abs(v) < 0.95 * tall)
    side = np.where(knuckle.astype(int) % 2, 1, -1)
    cut = np.minimum(0.03 - np.abs(u - side * (barrel + 0.02)), inside)
    p.lay(cut, 0 * u + 0.02, Finish(0.4 * f.tone, f.gloss, 0.3, f.origin))
    p.lay(*lathe(v, u, -tall, tall, barrel - 0.02 * seam, 0.03), f)


def allen_key(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A hexagonal key, bent like an L."""
    wire, short, bend = rng.uniform(0.06, 0.085), rng.uniform(0.5, 0.75), rng.uniform(0.14, 0.2)
    curve = arc(bend, np.pi, 1.5 * np.pi, 12) + (bend + wire - 1, bend - 0.25)
    points = [[(wire - 1, short)], curve, [(1, -0.25)]]
    p.wire(flat(np.concatenate(points), 0.87 * wire), wire, f, facets=True)


def padlock(p: Item, f: Finish, rng: np.random.Generator) -> None:
    """A padlock; its shackle may be open."""
    u, v = p.u, p.v
    wide, rod, top = rng.uniform(0.62, 0.78), rng.uniform(0.08, 0.11), rng.uniform(-0.05, 0.1)
    reach = 0.68 * wide
    bow = arc(reach, -np.pi / 2, np.pi / 2) + (1 - reach - rod, 0)
    legs = [(top - 0.1, -reach)], bow, [(top - 0.1 + rng.choice([0.0, 0.28]), reach)]
    p.wire(flat(np.concatenate(legs), 0.22), rod, finish("steel", rng))
    inside = box(u, v, (-1, -wide), (top, wide), rng.choice([0.08, 0.25]))
    face = bevel(inside, 0.42, 0.12)
    style = rng.integers(3)
    if style == 0:  # laminated
        face = face - 0.04 * step(np.abs(u * 7 % 1 - 0.5) - 0.42, 0.05)
    middle = np.hypot(u - (top - 1) / 2, v)
    if style == 1:  # an engraved badge
        face = face - 0.02 * step(0.02 - np.abs(middle - 0.3), 0.012)
        face = face - 0.02 * step(noise(14 * u, 10 * v) - 0.62, 0.1) * (middle < 0.22)
    if style == 2:  # the keyhole in front
        slot = np.maximum(
            0.1 - middle, np.minimum(0.04 - np.abs(v), box(u, v, (-0.75, -1), (-0.4, 1)))
        )
        face = face - 0.2 * step(slot, 0.015)
    p.lay(inside, face, f)


# Shape, width for a length of 2, finishes of the five scenes (one is the favourite), bench.
PARTS = {
    "bolt": (bolt, 0.9, "steel steel zinc black gilt", "grey wood"),
    "nut": (nut, 2.0, "zinc zinc steel brass black", "concrete"),
    "washer": (washer, 2.0, "copper copper steel zinc brass", "blue mat"),
    "gear": (gear, 2.0, "black black steel brass white", "oak"),
    "key": (key, 0.75, "brass brass steel zinc copper", "rag"),
    "spring": (spring, 0.7, "steel steel black copper gilt", "graph paper"),
    "ball bearing": (bearing, 2.0, "steel steel steel gilt black", "plate"),
    "wing nut": (wing_nut, 1.0, "gilt gilt brass steel black", "slate"),
    "screw hook": (hook, 0.9, "brass brass zinc white copper", "pine"),
    "spanner": (spanner, 0.6, "steel steel zinc black gilt", "red rag"),
    "screwdriver": (screwdriver, 0.4, "red red blue yellow green", "green mat"),
    "hinge": (hinge, 1.8, "brass brass zinc black copper", "rubber"),
    "allen key": (allen_key, 0.9, "black black black steel gilt", "cardboard"),
    "padlock": (padlock, 1.5, "brass brass brass steel black", "olive rubber"),
}


# ---------------------------------------------------------------- parts: clutter and the photo


def _ruler(p: Item, rng: np.random.Generator) -> None:
    inside = box(p.u, p.v, (-1, -0.09), (1, 0.09))
    p.lay(inside, 0.015 + 0 * p.u, finish("steel wood yellow", rng))
    tick = (p.u * 50 % 1 < 0.16) * (p.v > 0.06 - 0.03 * (p.u * 10 % 1 < 0.05))
    p.lay(np.where(tick, inside, -1), 0.015 + 0 * p.u, finish("dark", rng))


def _pencil(p: Item, rng: np.random.Generator) -> None:
    body = np.clip((1 - p.u) * 0.3, 0, 0.055)
    inside, height = lathe(p.u, p.v, -1, 1, body, 0.05)
    p.lay(inside, height, finish("wood", rng))
    p.lay(np.minimum(inside, 0.8 - p.u), height, finish("red yellow green", rng))
    p.lay(np.minimum(inside, p.u - 0.94), height, finish("dark", rng))


def _tape(p: Item, rng: np.random.Generator) -> None:
    ragged = 0.03 * noise(40 * p.v, 0 * p.u)
    inside = np.minimum(0.22 - np.abs(p.v), 1 - ragged - np.abs(p.u))
    p.lay(inside, 0.008 * noise(6 * p.u, 6 * p.v), finish("paper blue yellow", rng))


def _coin(p: Item, rng: np.random.Generator) -> None:
    face = 0.03 * step(grain(5 * p.u, 5 * p.v) - 0.55, 0.1) * (p.r < 0.7)
    rim = 0.04 * step(p.r - 0.88, 0.03)
    p.lay(1 - p.r, 0.1 + rim + face, finish("copper zinc gilt", rng))


def _offcut(p: Item, rng: np.random.Generator) -> None:
    inside = box(p.u, p.v, (-1, -0.5), (1, 0.35 + 0.3 * rng.random()))
    p.lay(inside, bevel(inside, 0.3, 0.02), finish("wood white red", rng))


def _cable(p: Item, rng: np.random.Generator) -> None:
    t = np.linspace(-1, 1, 40)
    bend = 0.3 * np.sin(3 * t + rng.uniform(0, 6)) * rng.uniform(0.3, 1)
    p.wire(flat(np.stack([t, bend], 1), 0.035), 0.035, finish("red blue dark", rng))


def _swarf(p: Item, rng: np.random.Generator) -> None:
    metal = finish("steel brass copper", rng)
    for x, y in rng.normal(0, 0.4, (rng.integers(4, 9), 2)):
        curl = arc(rng.uniform(0.05, 0.16), 0, rng.uniform(2, 5), 10)
        curl = curl[:, :: rng.choice([-1, 1])] + (x, y)
        p.wire(np.column_stack([curl, np.linspace(0.01, 0.12, 10)]), 0.014, metal)


def _marks(p: Item, rng: np.random.Generator) -> None:
    """Pencil lines and an oil stain."""
    line = np.minimum(np.abs(p.v), np.hypot(p.u * 0.05, np.abs(p.r - 0.6)))
    cover = 0.5 * step(0.006 - line, 0.006) * (np.abs(p.u) < 0.9)
    p.c.put(cover, np.array((0.2, 0.2, 0.22)), p.c.height, p.c.gloss)
    stain = 0.4 * step(grain(2 * p.u, 2 * p.v) * (1 - p.r) - 0.25, 0.06)
    p.c.put(stain, np.array((0.15, 0.11, 0.08)), p.c.height, 0.7)


# What else lies about, and half its length.
CLUTTER = {
    _ruler: 1.3,
    _pencil: 0.7,
    _tape: 0.35,
    _coin: 0.16,
    _offcut: 0.3,
    _cable: 0.8,
    _swarf: 0.4,
    _marks: 0.5,
}


def _moved(at: np.ndarray, aim: np.ndarray, yaw: float) -> np.ndarray:
    """A point of the bench in the frame of a camera."""
    x, y = at - aim
    return np.array([np.cos(yaw) * x + np.sin(yaw) * y, np.cos(yaw) * y - np.sin(yaw) * x])


def draw_part(kind: str, variant: int, seed: list[int], shot: str) -> np.ndarray:
    """Draws one photo of a mechanical part.

    Args:
        kind: A key of ``PARTS``.
        variant: Which of its finishes.
        seed: Of the scene: bench, light, part, clutter.
        shot: "a" or "b": camera, and how a hand moved the part.

    Returns:
        uint8 array ``(768, 1024, 3)``.
    """
    scene, hand = np.random.default_rng(seed), np.random.default_rng([*seed, ord(shot)])
    shape, wide, finishes, home = PARTS[kind]

    # The scene, in the frame of the bench. Every kind is at home on one bench, and once away.
    place = home if variant != 1 else scene.choice(list(BENCHES))
    bench = surface(BENCHES[place], scene, Bench)
    mood = scene.choice(list(LIGHTS), p=[0.36, 0.26, 0.14, 0.08, 0.03, 0.13])
    key, sky, rise, hard = LIGHTS[mood]
    azimuth, strength = scene.uniform(0, 2 * np.pi), scene.uniform(0.92, 1.1)
    turn, share = scene.uniform(0, 2 * np.pi), scene.uniform(0.3 if wide > 1 else 0.42, 0.74)
    pitch, distance = np.deg2rad(scene.uniform(58, 84)), scene.uniform(5, 8)
    yaw, aim = scene.uniform(0, 2 * np.pi), scene.normal(0, 0.1, 2)
    # No longer than what fits into the frame in this direction.
    tall = np.sin(min(abs((turn - yaw + np.pi / 2) % np.pi - np.pi / 2) + 0.25, np.pi / 2))
    size = distance / 6.5 * min(1.33 * share, 0.82 / max(tall, 0.5 * wide))

    # What differs between the shots.
    pitch, distance = pitch + hand.normal(0, 0.05), distance * hand.uniform(0.94, 1.06)
    yaw, aim = yaw + hand.choice([-1, 1]) * hand.uniform(0.03, 0.14), aim + hand.normal(0, 0.06, 2)
    nudge, twist = hand.normal(0, 0.12, 2) * max(1.1 - size, 0.3), hand.normal(0, 0.22)

    camera = Camera(vec(0, distance * np.sin(pitch), distance * np.cos(pitch)), vec(0, 0, 0))
    camera.focal, camera.centre = 384 * 6.5, np.array([512, 384])
    ray = camera.rays(768, 1024)
    eye = vec(0, -camera.eye[2], camera.eye[1])
    c, s = np.cos(bench.turn), np.sin(bench.turn)
    origin = bench.origin + (c * aim[0] + s * aim[1], c * aim[1] - s * aim[0])
    seen = replace(bench, turn=bench.turn - yaw, origin=origin)
    c = spread(seen, eye, ray, 330, 800_000, 0.15)

    for thing in scene.choice(list(CLUTTER), scene.integers(2, 5), replace=False):
        side = turn + scene.choice([-1, 1]) * scene.uniform(0.6, 2.5)
        away = 0.3 * CLUTTER[thing] + 0.5 * size * wide + scene.uniform(0.35, 0.9)
        at = away * np.array([np.cos(side), np.sin(side)])
        item = Item(c, _moved(at, aim, yaw), CLUTTER[thing], scene.uniform(0, 7) - yaw)
        thing(item, np.random.default_rng(scene.integers(1 << 30)))
    at = _moved(nudge, aim, yaw)
    made = finish(finishes.split()[variant], scene)
    shape(Item(c, at, size, turn - yaw + twist), made, scene)

    light = (strength * np.array(key), strength * np.array(sky), rise, hard)
    c.height[...] = blur(c.height[..., None], 1.0)[..., 0]  # walls without a staircase
    lit = illuminate(c, eye, light, azimuth - yaw)
    x, y, depth = see(c, eye, ray, c.height.max() + 0.01)
    image = sample(lit, c, x, y)
    far = np.clip((np.abs(depth / distance - 1) - 0.04) * 8, 0, 1)
    image = mix(image, blur(image, 1.8), far)
    image = np.maximum(image, 0) * 2 ** hand.normal(0, 0.05)
    return develop(image, scene, 0.3)  # both shots with the same settings


# ---------------------------------------------------------------- corridors: solids and rays
# x points along the corridor, y up, z to the right; metres. Rays and points are arrays (3, n).
# fmt: off


@dataclass
class Solid:
    """A "box", an "egg" or a "tube" (upright, its top ``taper`` times as wide as its foot)."""

    shape: str
    centre: np.ndarray
    half: np.ndarray  # of its size along its own axes
    colour: np.ndarray | Callable  # or a function of points: world, own axes
    turn: np.ndarray | None = None  # rows are its own axes
    taper: float = 1.0
    gloss: float = 0.0
    glow: float | Callable = 0.0  # light of its own

    def __post_init__(self):
        """Corners of a box along x, y, z that it does not leave."""
        reach = self.half * max(1, self.taper)
        if self.turn is not None:
            reach = (np.abs(self.turn) * reach[:, None]).sum(0)
        self.low, self.high = self.centre - reach, self.centre + reach

    def local(self, p: np.ndarray, centre: np.ndarray | float) -> np.ndarray:
        """Points or, with centre 0, directions along its own axes."""
        p = p - centre
        return p if self.turn is None else turned(self.turn, p)

    def hit(self, o: np.ndarray, d: np.ndarray) -> np.ndarray:
        """Where rays enter, in lengths of ``d``; infinite where they miss."""
        h = self.half[:, None]
        o, d = self.local(o, self.centre[:, None]) / h, self.local(d, 0.0) / h
        if self.shape == "box":
            inverse = 1 / np.where(d == 0, 1e-12, d)
            middle, wide = -o * inverse, np.abs(inverse)
            near, far = middle - wide, middle + wide
            near = np.maximum(np.maximum(near[0], near[1]), near[2])
            far = np.minimum(np.minimum(far[0], far[1]), far[2])
            return np.where((near < far) & (near > 0), near, np.inf)
        if self.shape == "egg":
            a, b, c = dot(d, d), dot(o, d), dot(o, o) - 1
            t = (-b - np.sqrt(np.maximum(b * b - a * c, 0))) / a
            return np.where((b * b > a * c) & (t > 0), t, np.inf)
        lean = (self.taper - 1) / 2
        wide, grow = 1 + lean + lean * o[1], lean * d[1]
        a = d[0] * d[0] + d[2] * d[2] - grow * grow
        b = o[0] * d[0] + o[2] * d[2] - grow * wide
        c = o[0] * o[0] + o[2] * o[2] - wide * wide
        root, best = np.sqrt(np.maximum(b * b - a * c, 0)), np.full(len(a), np.inf)
        a = np.where(np.abs(a) < 1e-12, 1e-12, a)
        for sign in (-1, 1):
            t = (-b + sign * root) / a
            fits = (b * b > a * c) & (t > 0) & (np.abs(o[1] + t * d[1]) <= 1)
            best = np.where(fits & (t < best), t, best)
            t = (sign - o[1]) / np.where(d[1] == 0, 1e-12, d[1])
            x, z, r = o[0] + t * d[0], o[2] + t * d[2], 1 + lean + lean * sign
            best = np.where((x * x + z * z <= r * r) & (t > 0) & (t < best), t, best)
        return best

    def normal(self, p: np.ndarray) -> np.ndarray:
        """Unit normals of points on it."""
        q = self.local(p, self.centre[:, None]) / self.half[:, None]
        if self.shape == "egg":
            n = q / self.half[:, None]
        elif self.shape == "box":
            most = np.abs(q).argmax(0)
            n = np.where(np.arange(3)[:, None] == most, np.sign(q), 0.0)
        else:
            lean = (self.taper - 1) / 2
            rise = -lean * (1 + lean + lean * q[1]) / self.half[1]
            n = np.stack([q[0] / self.half[0], rise, q[2] / self.half[2]])
            n = np.where(np.abs(q[1]) > 1 - 1e-6, vec(0, 1, 0)[:, None] * np.sign(q[1]), n)
        n = n / (norm(n) + 1e-12)
        return n if self.turn is None else turned(self.turn.T, n)

    def distance(self, p: np.ndarray) -> np.ndarray:
        """Distance of points to it, nearly; negative inside."""
        q, h = self.local(p, self.centre[:, None]), self.half[:, None]
        if self.shape == "egg":
            k = norm(q / h)
            return k * (k - 1) / (norm(q / (h * h)) + 1e-9)
        e = np.abs(q) - h
        if self.shape == "tube":
            wide = 1 + (self.taper - 1) * (np.clip(q[1] / self.half[1], -1, 1) + 1) / 2
            k = np.hypot(q[0] / self.half[0], q[2] / self.half[2])
            e = np.stack([(k - wide) * min(self.half[0], self.half[2]), e[1], e[1]])
            return np.minimum(np.maximum(e[0], e[1]), 0) + np.hypot(*np.maximum(e[:2], 0))
        return np.minimum(e.max(0), 0) + norm(np.maximum(e, 0))


@dataclass
class Group:
    """Solids that stand together at ``at`` (x, z), turned by ``yaw``, and a ball around them."""

    at: np.ndarray
    yaw: float
    rng: np.random.Generator
    solids: list[Solid] = field(default_factory=list)
    casts: bool = True  # a shadow
    ball: tuple[np.ndarray, float] | None = None

    def add(self, shape: str, at: tuple, half: tuple, colour, tilt: tuple = (), **more) -> None:
        """A solid at a point of the group, of a size, and turned by the angles ``tilt``."""
        own = rotation(self.yaw)
        centre = turned(own, np.asarray(at, float)) + vec(self.at[0], 0, self.at[1])
        turn = (turned(own, rotation(*tilt)) if tilt else own).T
        colour = colour if callable(colour) else np.asarray(colour, float)
        self.solids.append(Solid(shape, centre, np.asarray(half, float), colour, turn, **more))

    def limb(self, a: tuple, b: tuple, wide: float, narrow: float, colour, **more) -> None:
        """A tube between two points of the group."""
        a, b = np.asarray(a, float), np.asarray(b, float)
        up = (b - a) / norm(b - a)
        side = np.cross(up, vec(1, 0, 0) if abs(up[0]) < 0.9 else vec(0, 0, 1))
        side = side / norm(side)
        self.add("tube", (a + b) / 2, (wide, norm(b - a) / 2, wide), colour, taper=narrow / wide,
                 **more)
        own = np.stack([side, up, np.cross(side, up)], axis=1)
        self.solids[-1].turn = turned(rotation(self.yaw), own).T
        self.solids[-1].__post_init__()

    def paint(self, *options: tuple) -> np.ndarray:
        """One of several colours, varied a little."""
        colour = np.array(options[self.rng.integers(len(options))])
        return np.clip(colour * self.rng.uniform(0.85, 1.1) + self.rng.normal(0, 0.02, 3), 0.03, 1)

    def close(self) -> Group:
        """Measures the ball."""
        middle = np.mean([s.centre for s in self.solids], axis=0)
        self.ball = middle, max(
            norm(s.centre - middle) + norm(s.half * max(1, s.taper)) for s in self.solids
        )
        return self

    def inside(self, low: np.ndarray, high: np.ndarray) -> Iterator[Solid]:
        """The solids that may be in a box."""
        middle, radius = self.ball or (low, 0.0)
        if not ((middle + radius < low) | (middle - radius > high)).any():
            for solid in self.solids:
                if not ((solid.high < low) | (solid.low > high)).any():
                    yield solid

    def near(self, o: np.ndarray, d: np.ndarray) -> np.ndarray | slice:
        """Which rays may hit it."""
        if self.ball is None:
            return slice(None)
        to = self.ball[0][:, None] - o
        along, away, square = dot(to, d), dot(to, to), self.ball[1] ** 2
        return np.flatnonzero(
            (away - along * np.abs(along) / dot(d, d) < square) & ((along > 0) | (away < square))
        )


def cast(groups: list[Group], o: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far rays go, in lengths of ``d``, and the index of the solid that they hit first."""
    t, who, start = np.full(d.shape[1], np.inf), np.full(d.shape[1], -1), 0
    for group in groups:
        some = group.near(o, d)
        if isinstance(some, slice) or len(some):
            oo, dd, best, first = o[:, some], d[:, some], t[some], who[some]
            for index, solid in enumerate(group.solids, start):
                new = solid.hit(oo, dd)
                first, best = np.where(new < best, index, first), np.minimum(best, new)
            t[some], who[some] = best, first
        start += len(group.solids)
    return t, who


def blocked(groups: list[Group], o: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Whether something lies between ``o`` and ``o + d``."""
    end, dark = o + d, np.zeros(d.shape[1], bool)
    low, high = np.minimum(o, end).min(1), np.maximum(o, end).max(1)
    for group in groups:
        solids = list(group.inside(low, high))
        if solids:
            some = group.near(o, d)
            some = np.flatnonzero(~dark) if isinstance(some, slice) else some[~dark[some]]
            if len(some):
                oo, dd = o[:, some], d[:, some]
                for solid in solids:
                    dark[some] |= solid.hit(oo, dd) < 0.99
    return dark


def masonry(rooms: list[tuple], top: float, colour: Callable) -> list[Solid]:
    """Everything that is not a room (x from, to, z from, to), as boxes up to the ceiling."""
    xs, zs = (sorted({v for r in rooms for v in r[i : i + 2]}) for i in (0, 2))
    xs, zs = ([a[0] - 0.3, *a, a[-1] + 0.3] for a in (xs, zs))
    boxes, runs = [], {}
    for low, high in [*itertools.pairwise(zs), (zs[-1], None)]:
        full, fresh = [], {}
        if high is not None:
            z = (low + high) / 2
            for a, b in itertools.pairwise(xs):
                if not any(r[0] < (a + b) / 2 < r[1] and r[2] < z < r[3] for r in rooms):
                    joined = full and full[-1][1] == a
                    full.append((full.pop()[0] if joined else a, b))
        for run in full:
            fresh[run] = runs.pop(run, low)
        boxes += [(*run, since, low) for run, since in runs.items()]
        runs = fresh
    return [
        Solid("box", vec((a + b) / 2, top / 2, (c + d) / 2),
              vec((b - a) / 2, top / 2, (d - c) / 2), colour)
        for a, b, c, d in boxes
    ]


# ---------------------------------------------------------------- corridors: things in them
# A thing stands at the origin of its group; on a wall, x runs along it and z into the room.

PAINTS = np.array([
    (0.90, 0.88, 0.84), (0.87, 0.81, 0.69), (0.70, 0.71, 0.72), (0.66, 0.74, 0.79),
    (0.70, 0.78, 0.70), (0.76, 0.66, 0.53), (0.80, 0.68, 0.64), (0.62, 0.44, 0.36),
    (0.43, 0.47, 0.53), (0.50, 0.39, 0.30), (0.74, 0.60, 0.40), (0.37, 0.37, 0.38),
    (0.42, 0.52, 0.45), (0.57, 0.55, 0.52),
])
VIVID = ((0.75, 0.18, 0.15), (0.16, 0.36, 0.65), (0.90, 0.72, 0.14), (0.18, 0.50, 0.30),
         (0.88, 0.45, 0.12), (0.40, 0.24, 0.48))
PLAIN = ((0.13, 0.13, 0.14), (0.30, 0.31, 0.34), (0.62, 0.62, 0.60), (0.86, 0.85, 0.82),
         (0.45, 0.33, 0.22), (0.24, 0.28, 0.40), (0.62, 0.52, 0.38))
STEEL = (0.66, 0.67, 0.69)


def _carton(g: Group) -> None:
    base = 0.0
    for _ in range(g.rng.integers(1, 4)):
        a, b, c = g.rng.uniform(0.16, 0.3), g.rng.uniform(0.1, 0.2), g.rng.uniform(0.14, 0.24)
        card = g.paint((0.70, 0.54, 0.36), (0.62, 0.46, 0.30), (0.82, 0.78, 0.70))

        def ink(p, q, card=card, c=c):
            tape = step(0.03 - np.abs(q[2]), 0.004)
            hole = step(0.02 - np.abs(q[0] - c / 3), 0.004) * step(0.05 - np.abs(q[1]), 0.004)
            return mix(mix(card, card * 1.15, tape), card * 0.6, hole)

        g.add("box", (g.rng.normal(0, 0.02), base + b, g.rng.normal(0, 0.02)), (a, b, c), ink,
              (g.rng.normal(0, 0.15),))
        base += 2 * b


def _bin(g: Group) -> None:
    colour, tall = g.paint(*PLAIN, *VIVID[1:4]), g.rng.uniform(0.16, 0.4)
    if g.rng.random() < 0.5:
        g.add("tube", (0, tall, 0), (0.14, tall, 0.14), colour, taper=1.2, gloss=0.3)
        g.add("tube", (0, 2 * tall, 0), (0.175, 0.015, 0.175), colour * 0.7)
        g.add("tube", (0, 2 * tall + 0.012, 0), (0.15, 0.006, 0.15), (0.06, 0.06, 0.06))
    else:
        lid = g.paint(*VIVID[1:4], *PLAIN)
        g.add("box", (0, tall + 0.05, 0), (0.2, tall + 0.05, 0.16), colour, gloss=0.3)
        g.add("box", (0, 2 * tall + 0.13, 0.01), (0.21, 0.035, 0.18), lid, (0, 0, 0.12))


def _chair(g: Group) -> None:
    colour, metal = g.paint(*PLAIN, *VIVID), g.paint(PLAIN[0], STEEL, PLAIN[4])
    if g.rng.random() < 0.35:  # an office chair
        for a in np.arange(5) * 1.2566:
            tip = (0.28 * np.cos(a), 0.05, 0.28 * np.sin(a))
            g.limb((0, 0.1, 0), tip, 0.025, 0.018, PLAIN[0])
            g.add("egg", tip, (0.03, 0.05, 0.03), PLAIN[0])
        g.limb((0, 0.08, 0), (0, 0.44, 0), 0.03, 0.025, STEEL)
        g.add("tube", (0, 0.47, 0), (0.25, 0.04, 0.24), colour)
        g.add("box", (-0.22, 0.78, 0), (0.03, 0.2, 0.2), colour, (0, 0.12, 0))
        g.limb((-0.16, 0.45, 0), (-0.24, 0.68, 0), 0.02, 0.02, PLAIN[0])
        return
    for x, z in itertools.product((-0.19, 0.19), repeat=2):
        top = 0.85 if x < 0 else 0.44
        g.limb((x * 1.1, 0, z * 1.1), (x - 0.03 * (x < 0), top, z), 0.016, 0.014, metal)
    g.add("box", (0, 0.45, 0), (0.22, 0.02, 0.21), colour)
    g.add("box", (-0.22, 0.74, 0), (0.015, 0.12, 0.2), colour, (0, 0.08, 0))


def _table(g: Group) -> None:
    long, wide, tall = g.rng.uniform(0.4, 0.8), g.rng.uniform(0.3, 0.42), g.rng.uniform(0.5, 0.76)
    top = g.paint((0.72, 0.58, 0.42), (0.86, 0.85, 0.82), (0.45, 0.33, 0.22), (0.62, 0.62, 0.6))
    leg = g.paint(PLAIN[0], STEEL, top)
    g.add("box", (0, tall, 0), (long, 0.018, wide), top, gloss=0.3)
    for x, z in itertools.product((-1, 1), repeat=2):
        foot = (x * (long - 0.05), tall / 2, z * (wide - 0.05))
        g.add("box", foot, (0.022, tall / 2, 0.022), leg)
    if g.rng.random() < 0.5:
        g.add("box", (0.1, tall + 0.1, 0), (0.14, 0.08, 0.1), g.paint(*PLAIN, *VIVID), (0.4,))


def _plant(g: Group) -> None:
    pot, tall = g.paint(*PLAIN, (0.66, 0.36, 0.25), (0.9, 0.9, 0.88)), g.rng.uniform(0.14, 0.22)
    green = g.paint((0.20, 0.36, 0.15), (0.30, 0.46, 0.18), (0.14, 0.30, 0.20))
    g.add("tube", (0, tall, 0), (0.12, tall, 0.12), pot, taper=1.35, gloss=0.2)
    g.add("tube", (0, 2 * tall + 0.005, 0), (0.14, 0.005, 0.14), (0.17, 0.12, 0.09))
    stem = 2 * tall + g.rng.uniform(0.1, 0.7)
    g.limb((0, 2 * tall, 0), (0.02, stem, 0), 0.014, 0.01, (0.32, 0.25, 0.16))
    for _ in range(16):
        yaw, rise = g.rng.uniform(0, 2 * np.pi), g.rng.uniform(-0.4, 1.3)
        long, y = g.rng.uniform(0.12, 0.24), 2 * tall + (stem - 2 * tall) * g.rng.uniform(0.3, 1)
        reach = long * np.cos(rise)
        at = (reach * np.cos(yaw), max(y + long * np.sin(rise), 0.15), -reach * np.sin(yaw))
        g.add("egg", at, (long, 0.012, long * 0.3), green * g.rng.uniform(0.7, 1.35),
              (yaw, rise, g.rng.normal(0, 0.4)))


def _person(g: Group) -> None:
    h, stride = g.rng.uniform(1.5, 1.88), g.rng.choice([0.02, g.rng.uniform(0.1, 0.26)])
    cloth, shirt = g.paint(*PLAIN, (0.22, 0.30, 0.46)), g.paint(*PLAIN, *VIVID)
    skin = g.paint((0.85, 0.66, 0.54), (0.62, 0.43, 0.32), (0.38, 0.25, 0.18), (0.76, 0.56, 0.42))
    hair, shoe = g.paint((0.12, 0.09, 0.08), (0.35, 0.24, 0.15), (0.6, 0.58, 0.55)), g.paint(*PLAIN)
    skirt = g.rng.random() < 0.2
    for side in (-1, 1):
        hip, foot = (0, 0.5 * h, 0.085 * side), (stride * side, 0.07, 0.1 * side)
        knee = (stride * side * 0.45 + 0.04, 0.27 * h, 0.1 * side)
        g.limb(knee, hip, 0.066, 0.09, cloth)
        g.add("egg", knee, (0.066, 0.07, 0.066), cloth)
        g.limb(foot, knee, 0.05 if not skirt else 0.04, 0.066, skin if skirt else cloth)
        g.add("egg", (foot[0] + 0.06, 0.05, foot[2]), (0.14, 0.05, 0.05), shoe)
        elbow = (-0.03 - 0.3 * stride * side, 0.61 * h, 0.26 * side)
        hand = (0.05 - 0.9 * stride * side, 0.47 * h, 0.25 * side)
        g.limb((0, 0.8 * h, 0.2 * side), elbow, 0.055, 0.045, shirt)
        g.limb(elbow, hand, 0.045, 0.035, g.paint(skin, shirt))
        g.add("egg", hand, (0.045, 0.07, 0.03), skin)
    if skirt:
        g.add("tube", (0, 0.42 * h, 0), (0.25, 0.14 * h, 0.25), cloth, taper=0.6)
    g.add("tube", (0, 0.64 * h, 0), (0.125, 0.15 * h, 0.165), shirt, taper=1.15)
    g.add("egg", (0, 0.52 * h, 0), (0.125, 0.07, 0.165), cloth)
    g.add("egg", (0, 0.79 * h, 0), (0.13, 0.075, 0.225), shirt)
    g.limb((0, 0.8 * h, 0), (0.02, 0.9 * h, 0), 0.055, 0.05, skin)
    g.add("egg", (0.02, 0.93 * h, 0), (0.1, 0.125, 0.08), skin)
    g.add("egg", (-0.01, 0.945 * h, 0), (0.105, 0.12, 0.088), hair)


def _bag(g: Group) -> None:
    colour = g.paint(*PLAIN, *VIVID)
    if g.rng.random() < 0.5:  # a suitcase
        g.add("box", (0, 0.33, 0), (0.2, 0.28, 0.12), colour, gloss=0.3)
        for x in (-0.12, 0.12):
            g.add("tube", (x, 0.03, 0), (0.03, 0.03, 0.1), PLAIN[0])
            g.limb((x / 2, 0.6, -0.08), (x / 2, 0.9, -0.08), 0.01, 0.01, STEEL)
        g.add("box", (0, 0.9, -0.08), (0.08, 0.015, 0.015), PLAIN[0])
    else:
        g.add("tube", (0, 0.18, 0), (0.17, 0.18, 0.1), colour, taper=0.92)
        g.add("egg", (0, 0.36, 0), (0.156, 0.09, 0.092), colour)
        g.add("box", (0, 0.14, 0.1), (0.11, 0.09, 0.035), colour * 0.75)
        g.add("box", (0, 0.235, 0.1), (0.112, 0.006, 0.038), colour * 0.4)
        for x in (-0.07, 0.07):
            g.limb((x, 0.4, -0.07), (x * 1.3, 0.08, -0.12), 0.022, 0.018, colour * 0.5)
        g.limb((-0.03, 0.47, -0.03), (0.03, 0.47, -0.03), 0.012, 0.012, colour * 0.4)


def _sign(g: Group) -> None:
    def ink(p, q):
        mark = step(0.07 - np.hypot(q[1] - 0.06, q[2] * 1.3), 0.01)
        mark = np.maximum(mark, step(0.02 - np.abs(q[1] + 0.12), 0.005) * (np.abs(q[2]) < 0.09))
        return mix((0.93, 0.78, 0.12), (0.12, 0.12, 0.12), mark)

    for side in (-1, 1):
        g.add("box", (0.1 * side, 0.3, 0), (0.01, 0.31, 0.14), ink, (0, 0.3 * side, 0))


def _cone(g: Group) -> None:
    def ink(p, q):
        return mix((0.90, 0.36, 0.12), (0.92, 0.92, 0.9), step(0.06 - np.abs(q[1] - 0.05), 0.005))

    g.add("box", (0, 0.015, 0), (0.16, 0.015, 0.16), (0.85, 0.33, 0.1))
    g.add("tube", (0, 0.26, 0), (0.12, 0.24, 0.12), ink, taper=0.22)


def _trolley(g: Group) -> None:
    frame, load = g.paint(STEEL, *PLAIN), g.paint(*VIVID, *PLAIN)
    for x, z in itertools.product((-0.36, 0.36), (-0.22, 0.22)):
        g.limb((x, 0.1, z), (x, 0.95, z), 0.014, 0.014, frame)
        g.add("egg", (x, 0.05, z), (0.05, 0.05, 0.02), PLAIN[0])
    for y in (0.16, 0.55, 0.9):
        g.add("box", (0, y, 0), (0.37, 0.015, 0.23), frame)
    g.add("box", (0.1, 0.3, 0), (0.2, 0.12, 0.16), load)
    g.add("tube", (-0.2, 0.7, 0), (0.09, 0.13, 0.09), g.paint(*VIVID, *PLAIN), taper=1.2)


def _bucket(g: Group) -> None:
    colour = g.paint(*VIVID, *PLAIN)
    g.add("tube", (0, 0.15, 0), (0.11, 0.15, 0.11), colour, taper=1.25)
    g.add("tube", (0, 0.3, 0), (0.12, 0.004, 0.12), colour * 0.4)
    g.limb((0.03, 0.06, 0), (-0.25, 1.25, 0.1), 0.013, 0.013, (0.70, 0.56, 0.38))


def _cabinet(g: Group) -> None:
    wide, tall, deep = g.rng.uniform(0.35, 0.9), g.rng.choice([0.45, 0.6, 0.95]), 0.2
    colour, doors = g.paint(*PLAIN, *map(tuple, PAINTS)), g.rng.integers(1, 4)

    def ink(p, q):
        u = (q[0] / wide + 1) / 2 * doors
        gap = step(np.abs(u % 1 - 0.5) - 0.49, 0.01)
        knob = step(0.05 - np.hypot((u % 1 - 0.85) * 0.4, (q[1] - 0.1) / 3), 0.02)
        front = mix(np.broadcast_to(colour, (p.shape[1], 3)), colour * 0.45, np.maximum(gap, knob))
        return mix(front, colour * 0.5, step(0.07 - (q[1] + tall), 0.005))

    g.add("box", (0, tall, deep), (wide, tall, deep), ink, gloss=0.2)


def _couch(g: Group) -> None:
    wide, colour = g.rng.uniform(0.5, 0.95), g.paint(*PLAIN, *VIVID, *map(tuple, PAINTS))
    g.add("box", (0, 0.25, 0.42), (wide, 0.14, 0.33), colour)
    g.add("box", (0, 0.45, 0.12), (wide, 0.34, 0.1), colour * 0.95)
    for side in (-1, 1):
        g.add("box", (side * wide, 0.3, 0.4), (0.09, 0.24, 0.36), colour * 0.9)
        g.add("box", (side * (wide - 0.05), 0.06, 0.66), (0.03, 0.06, 0.03), PLAIN[0])


def _radiator(g: Group) -> None:
    wide = g.rng.uniform(0.4, 0.8)

    def ink(p, q):
        return mix((0.9, 0.9, 0.88), (0.6, 0.6, 0.6), step(np.sin(q[0] * 70), 0.5))

    g.add("box", (0, 0.4, 0.07), (wide, 0.26, 0.05), ink)
    g.limb((wide * 0.9, 0, 0.06), (wide * 0.9, 0.2, 0.06), 0.012, 0.012, (0.85, 0.85, 0.83))


def _poster(g: Group) -> None:
    wide, tall = g.rng.uniform(0.25, 0.8), g.rng.uniform(0.25, 0.5)
    paper, one, two = g.paint(*PLAIN, (0.75, 0.58, 0.38)), g.paint(*VIVID), g.paint(*PLAIN, *VIVID)
    turn = g.rng.uniform(0, 9)

    def ink(p, q):
        shape = step(noise(q[0] * 6 + turn, q[1] * 6) - 0.5, 0.03)
        inner = np.maximum(np.abs(q[0]) / wide, np.abs(q[1]) / tall)
        art = mix(mix(paper, one, shape), two, step(-0.5 - q[1] / tall, 0.02))
        art = mix(art, paper, step(inner - 0.86, 0.01))
        return mix(art, paper * 0.3, step(inner - 0.95, 0.01))

    g.add("box", (0, g.rng.uniform(1.3, 1.6), 0.012), (wide, tall, 0.012), ink, gloss=0.2)


def _extinguisher(g: Group) -> None:
    y = g.rng.choice([0.28, 0.9])
    g.add("tube", (0, y, 0.1), (0.08, 0.24, 0.08), (0.74, 0.10, 0.09), gloss=0.6)
    g.add("egg", (0, y + 0.24, 0.1), (0.08, 0.07, 0.08), (0.74, 0.10, 0.09), gloss=0.6)
    g.add("box", (0, y + 0.33, 0.1), (0.03, 0.04, 0.03), PLAIN[0])
    g.limb((0.03, y + 0.32, 0.1), (0.1, y - 0.1, 0.12), 0.012, 0.012, PLAIN[0])
    g.add("box", (0, 1.75, 0.006), (0.12, 0.12, 0.006), (0.80, 0.12, 0.1))


def _door(g: Group, wide: float, leaf: np.ndarray, frame: np.ndarray, open_: float = 0.0,
          thick: float = 0.0) -> None:
    """A door of two metres in its frame; ``open_`` in radians, into a room behind the wall."""
    back = -thick - 0.02
    for side in (-1, 1):
        g.add("box", (side * (wide + 0.03), 1.03, back / 2 + 0.015), (0.045, 1.03, 0.02 - back / 2),
              frame)
    g.add("box", (0, 2.05, back / 2 + 0.015), (wide + 0.075, 0.045, 0.02 - back / 2), frame)
    style, glass = g.rng.choice(["plain", "panels", "glass", "kick"]), g.rng.uniform(0.15, 0.6)
    leaves = 2 if wide > 0.6 else 1

    def ink(p, q):
        w = wide / leaves
        if leaves == 2 and not open_:
            q = np.stack([np.abs(q[0]) - w, q[1], q[2]])
        x, colour = np.abs(q[0]) / w, np.broadcast_to(leaf, (p.shape[1], 3))
        if style == "panels":
            y = np.abs(q[1] % 0.66 - 0.33)
            edge = np.maximum((x - 0.7) * w, y - 0.26)
            colour = mix(colour, leaf * 0.72, step(0.012 - np.abs(edge), 0.006))
        elif style == "glass":
            pane = step(0.6 - x, 0.02) * step(0.42 - np.abs(q[1] - 0.38), 0.01)
            colour = mix(colour, glass * vec(0.9, 0.97, 1.0), pane)
        elif style == "kick":
            colour = mix(colour, STEEL, step(-0.72 - q[1], 0.006))
        return mix(colour, leaf * 0.35, step(x - 0.985, 0.008))

    def handle(group, x, z):
        group.add("box", (x, 1.0, z), (0.02, 0.09, 0.008), STEEL)
        z += 0.045
        group.limb((x, 1.03, z), (x * 0.72, 1.03, z), 0.013, 0.013, STEEL, gloss=0.5)

    if not open_:
        g.add("box", (0, 1.01, 0.004), (wide, 1.0, 0.006), ink, gloss=0.25)
        for side in (1, -1)[:leaves]:
            handle(g, side * (wide - 0.09 if leaves == 1 else 0.09), 0.016)
        return
    # The hinge is at the back of the wall, at the left.
    c, s, w = np.cos(open_), np.sin(open_), wide
    at = (-wide + w * c, 1.0, -thick - w * s)
    g.add("box", at, (w, 0.99, 0.02), ink, (open_,), gloss=0.25)
    for side in (-1, 1):
        x, z = 2 * w - 0.1, side * 0.05
        spot = (-wide + x * c + z * s, 1.0, -thick - x * s + z * c)
        g.add("box", spot, (0.06, 0.015, 0.01), STEEL, (open_,))


# Radius of the ground that a thing needs, and how often it comes.
OBSTACLES = {_carton: (0.36, 6), _bin: (0.24, 4), _chair: (0.32, 5), _table: (0.7, 2),
             _plant: (0.3, 3), _person: (0.32, 6), _bag: (0.24, 3), _sign: (0.24, 2),
             _cone: (0.2, 1), _trolley: (0.46, 2), _bucket: (0.25, 1)}
# Half the width that it needs along a wall.
FITTINGS = {_cabinet: (0.95, 3), _couch: (1.05, 1.5), _radiator: (0.85, 1), _poster: (0.85, 4),
            _extinguisher: (0.2, 2), _bin: (0.25, 2), _plant: (0.3, 2), _carton: (0.35, 2),
            _chair: (0.3, 1)}


# ---------------------------------------------------------------- corridors: building and light

@dataclass
class Lamp:
    """A bright rectangle: its middle, half its sides, where it faces, and its light."""

    centre: np.ndarray
    sides: np.ndarray  # (2, 3)
    normal: np.ndarray
    light: np.ndarray


GROUNDS = ["tiles", "planks", "lino", "carpet", "concrete", "terrazzo"]
LAYOUTS = ["straight", "facing", "corner", "room", "tee", "straight", "hall", "crossing",
           "end", "room", "straight", "corner", "facing"]


class Building:
    """Rooms, what stands in them, lamps, and a robot's camera."""

    def __init__(self, layout: str, rng: np.random.Generator):
        """Builds a scene; all that is random is drawn here."""
        self.rng, self.groups, self.lamps, self.spots = rng, [], [], []
        self.top = rng.uniform(2.35, 3.1)
        wide, long = rng.uniform(1.4, 2.9), rng.uniform(6, 18)
        side, half = rng.choice([-1, 1]), wide / 2
        if layout in ("room", "hall"):
            big = layout == "hall"
            self.top += 0.7 * big
            half, long = rng.uniform(1.6, 3) * (1 + big), rng.uniform(3, 6) * (1 + big)
        elif layout in ("corner", "tee"):
            long = rng.uniform(2.5, 7)
        elif layout == "end":
            long = rng.uniform(0.7, 3)
        rooms = [(-2.5, long, -half, half)]
        if layout in ("corner", "tee", "crossing"):
            cross = rng.uniform(1.4, 2.6)
            start = rng.uniform(1.5, 4) if layout == "crossing" else long - cross
            ways = (side,) if layout == "corner" else (-1, 1)
            rooms += [(start, start + cross, *sorted((w * half, w * (half + 6)))) for w in ways]
        self.main, self.rooms = len(rooms), rooms
        yaw = rng.normal(0, 0.6 if layout in ("room", "hall") else 0.22)
        if layout == "facing":
            yaw = side * rng.uniform(0.7, 1.6)
        self.eye = vec(0, rng.uniform(0.2, 0.6), rng.uniform(-1, 1) * (half - 0.35))
        self.yaw, self.fov = yaw, np.deg2rad(rng.uniform(60, 90))
        pitch = np.deg2rad(-rng.choice([rng.uniform(-8, 7), rng.uniform(4, 20)]))
        self.look = rotation(yaw, pitch, rng.normal(0, 0.035))
        self.bend = rng.uniform(0, 0.12)  # of the lens

        # Colours: floors and walls share a table, and sometimes have the same one.
        self.level = [1.0] * len(rooms)
        weight = np.where(np.arange(len(PAINTS)) < 7, 1.6, 1.0)
        self.wall = [self.pick(weight)] * len(rooms)
        self.dado = self.pick(weight) if rng.random() < 0.35 else None
        self.rail, self.stripe = rng.uniform(0.7, 1.3), rng.random() < 0.4
        self.skirt, self.foot = rng.uniform(0.06, 0.13), self.pick(weight) * rng.uniform(0.5, 1)
        self.grounds = [self.ground(), self.ground()]
        if rng.random() < 0.2:
            self.grounds[0]["base"] = (self.wall[0] if self.dado is None else self.dado) * 0.97
        self.leaf, self.frame = self.pick(weight), self.pick(weight)
        self.bricks = rng.random() < 0.12
        self.plates = rng.choice([False, True])
        self.cove = vec(0.9, 0.9, 0.88) * rng.uniform(0.75, 1)
        self.marks = {
            "line": rng.uniform(-0.8, 0.8) * half if rng.random() < 0.2 else None,
            "rug": (rng.uniform(1.2, 4), rng.uniform(-0.4, 0.4) * half, rng.uniform(0.5, 1.2),
                    rng.uniform(0.3, 0.7)) if rng.random() < 0.2 else None,
            "cable": rng.uniform(1, 4) if rng.random() < 0.15 else None,
            "hue": np.array(VIVID[rng.integers(len(VIVID))]) * rng.uniform(0.6, 1),
            "stain": rng.uniform(0, 50),
            "dirt": rng.choice([0.0, rng.uniform(0.1, 0.5)]),
        }

        # Light: lamps along the ceiling, daylight, or both.
        mood = rng.choice(["lamps", "mixed", "day", "night"], p=[0.5, 0.25, 0.15, 0.1])
        self.sun = None
        warm = rng.uniform(-0.08, 0.08)
        self.tint = vec(1 + warm, 1, 1 - warm)
        self.sky = vec(0.86, 0.97, 1.12)
        self.ambient = {"lamps": 0.3, "mixed": 0.26, "day": 0.2, "night": 0.1}[mood]
        self.exposure = {"lamps": 0.26, "mixed": 0.27, "day": 0.25, "night": 0.08}[mood]
        self.daylight = rng.uniform(2, 5) if mood in ("mixed", "day") else 0.02
        self.bare = rng.choice([1.0, rng.uniform(0.1, 0.5)])  # fittings per place
        self.windows = []
        for index in range(self.main):
            self.furnish(index, layout, mood)
        power = {"lamps": 4.5, "mixed": 2.5, "day": 0.0, "night": 1.6}[mood]
        for index, room in enumerate(self.rooms):
            if (index < self.main and power) or self.level[index] > 0.8 and index >= self.main:
                self.hang(index, room, power or 3.0, mood == "night")
        self.scatter(layout)
        solids = [
            Solid("box", vec(0, -0.5, 0), vec(60, 0.5, 60), self.paint_floor),
            Solid("box", vec(0, self.top + 0.5, 0), vec(60, 0.5, 60), self.paint_ceiling),
            *masonry(self.rooms, self.top, self.paint_wall),
        ]
        shell = Group(np.zeros(2), 0.0, rng, solids)
        self.groups = [shell, *(g.close() for g in self.groups)]
        self.solids = [s for g in self.groups for s in g.solids]
        block = Group(np.zeros(2), 0.0, rng, solids[2:])
        self.casters = [block, *(g for g in self.groups[1:] if g.casts)]

    def pick(self, weight: np.ndarray) -> np.ndarray:
        """A colour of the table, varied."""
        rng = self.rng
        colour = PAINTS[rng.choice(len(PAINTS), p=weight / weight.sum())]
        return np.clip(colour * rng.uniform(0.88, 1.06) + rng.normal(0, 0.015, 3), 0.05, 0.95)

    def ground(self) -> dict:
        """A kind of floor."""
        rng = self.rng
        kind = GROUNDS[rng.integers(len(GROUNDS))]
        base, other = (self.pick(np.ones(len(PAINTS))) for _ in range(2))
        if kind == "planks" and rng.random() < 0.8:
            woods = (0.62, 0.46, 0.31), (0.72, 0.57, 0.40), (0.42, 0.29, 0.20)
            base = np.array(woods[rng.integers(3)])
        gloss = 0.0 if kind == "carpet" else rng.choice([0.1, 0.3, 0.75])
        return {"kind": kind, "base": base, "other": other, "gloss": gloss,
                "size": rng.choice([0.3, 0.45, 0.6]), "turn": rng.choice([0, np.pi / 2]),
                "checker": rng.random() < 0.3, "rough": rng.choice([0.004, 0.02, 0.04])}

    def open(self, x: float, z: float) -> bool:
        """Whether a point of the plan is in a room."""
        return any(r[0] < x < r[1] and r[2] < z < r[3] for r in self.rooms)

    def ahead(self, x: float, z: float) -> float:
        """How far in front of the camera a point of the plan is."""
        return np.cos(self.yaw) * x - np.sin(self.yaw) * (z - self.eye[2])

    def furnish(self, index: int, layout: str, mood: str) -> None:
        """Doors, windows, and what hangs on or stands along the walls of a room."""
        rng, (x0, x1, z0, z1) = self.rng, self.rooms[index]
        # Start, direction of x, and the yaw that turns z into the room.
        walls = [((x0, z1), (1, 0), np.pi, x1 - x0), ((x0, z0), (1, 0), 0.0, x1 - x0),
                 ((x1, z0), (0, 1), -np.pi / 2, z1 - z0)]
        lit = rng.integers(3) if mood in ("mixed", "day") else -1
        for number, (start, along, yaw, length) in enumerate(walls):
            a, narrow = 0.25 + 0.3 * rng.random(), length < 2
            while a < length - 0.3:
                roll, kind = rng.random(), None
                reach = 0.5
                if number == lit and (roll < 0.75 or narrow):
                    kind, reach = "window", min(rng.uniform(0.5, 0.9), length / 2 - 0.25)
                elif roll < 0.38:
                    kind, reach = "door", 0.92 if rng.random() < 0.2 and not narrow else 0.55
                elif roll < 0.38 + 0.5 * self.bare:
                    weights = np.array([w for _, w in FITTINGS.values()])
                    kind = list(FITTINGS)[rng.choice(len(weights), p=weights / weights.sum())]
                    reach = FITTINGS[kind][0]
                    if kind is _couch and layout not in ("room", "hall"):
                        kind = _poster
                a += reach
                at = np.array(start) + a * np.array(along)
                away = np.array([np.sin(yaw), np.cos(yaw)])  # into the room
                ends = [at + e * reach * np.array(along) - 0.1 * away
                        for e in np.linspace(-1, 1, 5)]
                fits = a + reach < length - 0.1 and self.ahead(*at) > -0.5
                if kind and fits and not any(self.open(*end) for end in ends):
                    g = Group(at, yaw, rng)
                    if kind == "window":
                        self.window(g, reach, away)
                    elif kind == "door":
                        self.door(g, reach - 0.12, away, np.array(along))
                    elif np.hypot(*(at - self.eye[[0, 2]])) > 0.8 + reach:
                        if kind in (_bin, _plant, _carton, _chair):
                            g.at = at + 0.32 * away
                            g.yaw += rng.normal(0, 0.3)
                            self.spots.append((*g.at, 0.3))
                        elif kind in (_cabinet, _couch):
                            self.spots.append((*(at + 0.3 * away), reach))
                        kind(g)
                    if g.solids:
                        self.groups.append(g)
                a += reach + (rng.uniform(0.1, 0.5) if self.bare == 1 else rng.uniform(0.3, 2))

    def door(self, g: Group, wide: float, away: np.ndarray, along: np.ndarray) -> None:
        """A door, closed or into a dark or a bright room."""
        rng, thick = self.rng, 0.14
        corner = [g.at - away * thick + along * rng.uniform(-2, -1),
                  g.at - away * (thick + rng.uniform(2, 4)) + along * rng.uniform(1, 2)]
        (x0, z0), (x1, z1) = np.min(corner, axis=0), np.max(corner, axis=0)
        clear = not any(r[0] < x1 + 0.1 and x0 - 0.1 < r[1] and r[2] < z1 + 0.1 and z0 - 0.1 < r[3]
                        for r in self.rooms)
        close = np.hypot(*(g.at - self.eye[[0, 2]])) < 0.9
        if wide > 0.6 or not clear or rng.random() < 0.55 or close:
            _door(g, wide, self.leaf, self.frame)
            return
        gap = [g.at + along * wide, g.at - along * wide - away * thick]
        (a0, b0), (a1, b1) = np.min(gap, axis=0), np.max(gap, axis=0)
        self.rooms += [(a0, a1, b0, b1), (x0, x1, z0, z1)]
        bright = rng.choice([0.06, 0.3, rng.uniform(0.9, 1.5)])
        self.level += [max(0.5, min(bright, 1)), bright]
        self.wall += [self.frame, self.pick(np.ones(len(PAINTS)))]
        tall = (self.top - 2.05) / 2
        g.add("box", (0, self.top - tall, -thick / 2), (wide, tall, thick / 2), self.wall[0])
        _door(g, wide, self.leaf, self.frame, rng.uniform(1.2, 2.0), thick)

    def window(self, g: Group, wide: float, away: np.ndarray) -> None:
        """A bright pane with bars; the sun may come in."""
        rng, low = self.rng, self.rng.choice([0.5, 0.9])
        tall, panes = (min(2.2, self.top - 0.15) - low) / 2, rng.integers(2, 4)
        light, trees = self.daylight, rng.uniform(-1, 0.2)

        def bars(q):
            x, y = np.abs(q[0]) / wide, np.abs(q[1]) / tall
            cell = np.abs((q[0] / wide + 1) / 2 * panes % 1 - 0.5) * 2
            return np.maximum.reduce([step(x - 0.93, 0.01), step(y - 0.95, 0.01),
                                      step(cell - 0.92, 0.02), step(0.03 - np.abs(y - 0.35), 0.01)])

        def ink(p, q):
            hill = step(trees + 0.35 * noise(p[0] * 4 + p[2] * 4, 0 * p[0]) - q[1] / tall, 0.1)
            view = mix(np.sqrt(self.sky), (0.50, 0.58, 0.45), hill)
            return mix(view, (0.88, 0.88, 0.86), bars(q))

        def glow(q):
            return light * (1 - bars(q))

        y = low + tall
        g.casts = False
        g.add("box", (0, y, 0.005), (wide, tall, 0.015), ink, glow=glow)
        g.add("box", (0, low - 0.02, 0.06), (wide + 0.06, 0.02, 0.08), (0.85, 0.85, 0.83))
        centre, normal = vec(g.at[0], y, g.at[1]), vec(away[0], 0, away[1])
        along = np.array([away[1], 0, -away[0]])
        sides = np.stack([along * wide, vec(0, tall, 0)])
        if len(self.windows) < 4:
            self.lamps.append(Lamp(centre + 0.05 * normal, sides, normal,
                                   1.1 * light * wide * tall * self.sky))
        if self.sun is None and light > 1 and rng.random() < 0.7:
            sun = normal * rng.uniform(-1, -0.5) + along * rng.normal(0, 0.5)
            self.sun = -sun * vec(1, 0, 1) + vec(0, rng.uniform(-1.2, -0.5), 0)
            self.sun = -self.sun / norm(self.sun)  # towards the sun
        self.windows.append((centre + 0.02 * normal, normal, g.solids[0], bars))

    def hang(self, index: int, room: tuple, power: float, sparse: bool) -> None:
        """Lamps under the ceiling of a room."""
        rng, (x0, x1, z0, z1) = self.rng, room
        if (x1 - x0) * (z1 - z0) < 1:
            return
        gap = rng.uniform(2.2, 3.2) * (2 if sparse else 1)
        across, half = rng.random() < 0.5, (rng.choice([0.3, 0.6]), rng.choice([0.08, 0.15, 0.3]))
        rows = (0.5,) if z1 - z0 < 4.5 else (0.25, 0.75)
        for x in np.arange(x0 + gap / 2, x1, gap):
            for z in [z0 + (z1 - z0) * f for f in rows]:
                if index >= self.main:
                    x, power = (x0 + x1) / 2, 4 * self.level[index]
                size = half[::-1] if across else half
                g = Group(np.array([x, z]), 0.0, rng, casts=False)
                works = rng.random() > 0.08
                g.add("box", (0, self.top - 0.02, 0), (size[0], 0.02, size[1]), (1, 1, 1),
                      glow=5.0 if works else 0.1)
                self.groups.append(g)
                if works and self.ahead(x, z) > -3 and len(self.lamps) < 9:
                    sides = np.array([(size[0], 0, 0), (0, 0, size[1])])
                    light = power * rng.uniform(0.85, 1.1) * self.tint * (self.top / 2.5) ** 2
                    self.lamps.append(Lamp(vec(x, self.top - 0.06, z), sides, vec(0, -1, 0), light))
                if index >= self.main:
                    return

    def scatter(self, layout: str) -> None:
        """Obstacles on the floor in front of the camera, none in a wall or in another."""
        rng = self.rng
        wide = layout in ("room", "hall")
        if layout == "hall":
            colour = self.pick(np.ones(len(PAINTS)))
            shape, r = rng.choice(["tube", "box"]), rng.uniform(0.15, 0.3)
            for x, z in itertools.product((2.5, 5.5, 8.5), (-1, 1)):
                z = z * (self.rooms[0][3] * 0.5)
                if self.open(x + 0.5, z) and np.hypot(x, z - self.eye[2]) > 1:
                    g = Group(np.array([x, z]), 0.0, rng)
                    g.add(shape, (0, self.top / 2, 0), (r, self.top / 2, r), colour)
                    g.add(shape, (0, 0.06, 0), (r + 0.015, 0.06, r + 0.015), self.foot)
                    self.groups.append(g)
                    self.spots.append((x, z, r))
        weights = np.array([w for _, w in OBSTACLES.values()])
        count = rng.choice([0, 1, 2, 3, 4, 6], p=[0.08, 0.2, 0.24, 0.2, 0.16, 0.12]) + 2 * wide
        near = rng.random() < 0.22  # something right in front of the robot
        for turn in range(8 * count):
            thing = list(OBSTACLES)[rng.choice(len(weights), p=weights / weights.sum())]
            thing = rng.choice([_carton, _bin, _person, _trolley]) if near and not turn else thing
            r = OBSTACLES[thing][0]
            far, angle = r + 0.6 + 6 * rng.random() ** 1.4, rng.uniform(-0.5, 0.5) * self.fov
            if near and not turn:
                far, angle = r + rng.uniform(0.25, 0.5), 0.4 * angle
            angle += self.yaw
            x, z = far * np.cos(angle), self.eye[2] - far * np.sin(angle)
            ring = [(x + r * np.cos(a), z + r * np.sin(a)) for a in np.arange(8) * np.pi / 4]
            inside = [any(m[0] < u < m[1] and m[2] < v < m[3] for m in self.rooms[: self.main])
                      for u, v in ring]
            if all(inside) and all(np.hypot(x - a, z - b) > r + c for a, b, c in self.spots):
                self.spots.append((x, z, r))
                g = Group(np.array([x, z]), rng.uniform(0, 2 * np.pi), rng)
                thing(g)
                self.groups.append(g)
                count -= 1
                if count <= 0:
                    break

    # -------- surfaces

    def zone(self, p: np.ndarray) -> np.ndarray:
        """Index of the room of points."""
        index, e = np.zeros(p.shape[1], int), 1e-6
        for i, r in reversed(list(enumerate(self.rooms))):
            index[(r[0] - e < p[0]) & (p[0] < r[1] + e) & (r[2] - e < p[2]) & (p[2] < r[3] + e)] = i
        return index

    def paint_floor(self, p: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Colour and gloss of the floor."""
        far = norm(p - self.eye[:, None])
        zone, colour, gloss = self.zone(p), np.zeros((p.shape[1], 3)), np.zeros(p.shape[1])
        for room, ground in enumerate(self.grounds):
            some = (zone >= self.main) == bool(room)
            if some.any():
                colour[some], gloss[some] = cover(ground, p[0, some], p[2, some], far[some])
        m, main = self.marks, zone < self.main
        if m["rug"]:
            x, z, a, b = m["rug"]
            edge = np.maximum(np.abs(p[0] - x) - a, np.abs(p[2] - z) - b)
            wool = mix(m["hue"], m["hue"] * 0.5 + 0.35, step(0.03 - np.abs(edge + 0.09), 0.01))
            wool = wool * (0.9 + 0.2 * grain(p[0] * 30, p[2] * 30))[:, None]
            colour, gloss = mix(colour, wool, step(-edge, 0.01)), gloss * step(edge, 0.01)
        if m["line"] is not None:
            tape = step(0.05 - np.abs(p[2] - m["line"]), 0.005)
            colour = mix(colour, m["hue"], 0.85 * tape * main)
        if m["cable"] is not None:
            path = m["cable"] + 0.3 * np.sin(p[2] * 2 + m["stain"]) + 0.2 * np.sin(p[2] * 5)
            colour = mix(colour, (0.1, 0.1, 0.1), step(0.012 - np.abs(p[0] - path), 0.004) * main)
        blot = step(noise(p[0] * 1.3 + m["stain"], p[2] * 1.3) - 0.68, 0.12)
        wear = noise(p[0] * 0.7, p[2] * 2 + m["stain"])
        colour = colour * (1 - m["dirt"] * (0.5 * blot + 0.3 * wear))[:, None]
        return colour, gloss

    def paint_wall(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        """Colour of the walls: paint, dado, skirting board, bricks."""
        zone, y, along = self.zone(p), p[1], p[0] + p[2]
        colour = np.array(self.wall)[zone]
        if self.bricks:
            row = np.floor(y / 0.075)
            u = along / 0.22 + 0.5 * row
            tone = noise(np.floor(u) * 3.1 + 0.5, row * 5.7 + 0.5)
            joint = np.maximum(np.abs(u % 1 - 0.5) - 0.47, (np.abs(y / 0.075 % 1 - 0.5) - 0.43) / 3)
            fade = 1 / (1 + (norm(p - self.eye[:, None]) / 3) ** 2)
            colour = colour * (0.9 + 0.2 * tone)[:, None]
            colour = mix(colour, colour * 0.7, step(joint, 0.02) * fade)
        main = zone < self.main
        if self.dado is not None:
            colour = mix(colour, self.dado, step(self.rail - y, 0.006) * main)
            if self.stripe:
                colour = mix(colour, self.foot, step(0.025 - np.abs(y - self.rail), 0.006) * main)
        scuff = step(noise(along * 1.7, y * 6) - 0.62, 0.2) * np.clip(1 - y, 0, 1)
        colour = colour * (1 - 0.12 * scuff - 0.05 * noise(along * 0.8, y * 0.8))[:, None]
        colour = mix(colour, self.foot, step(self.skirt - y, 0.004))
        return mix(colour, self.foot * 0.5, step(0.006 - np.abs(y - self.skirt), 0.004) * 0.6)

    def paint_ceiling(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        """Colour of the ceiling."""
        colour = np.broadcast_to(self.cove, (p.shape[1], 3))
        if self.plates:
            edge = np.maximum(np.abs(p[0] / 0.6 % 1 - 0.5), np.abs(p[2] / 0.6 % 1 - 0.5))
            colour = mix(colour, self.cove * 0.7, 0.7 * step(edge - 0.485, 0.012))
        return colour

    # -------- light

    def seen(self, o: np.ndarray, d: np.ndarray, k: np.ndarray, deep: bool = True) -> tuple:
        """Linear light ``(n, 3)`` along rays, and the solids that they meet.

        Args:
            o: Where the rays start.
            d: Where they go, unit vectors.
            k: Two numbers in -1..1 for each ray: the part of a lamp that it looks at.
            deep: With shadows and reflections.
        """
        t, who = cast(self.groups, o, d)
        t = np.where(np.isfinite(t), t, 50.0)
        p, n = o + t * d, np.zeros_like(o)
        base, gloss, glow = np.zeros((len(t), 3)), np.zeros(len(t)), np.zeros(len(t))
        for index in np.unique(who[who >= 0]):
            solid, some = self.solids[index], who == index
            at = p[:, some]
            q = solid.local(at, solid.centre[:, None])
            n[:, some], gloss[some] = solid.normal(at), solid.gloss
            colour = solid.colour
            if callable(colour):
                colour = colour(at, q)
                if isinstance(colour, tuple):
                    colour, gloss[some] = colour
            base[some] = colour
            glow[some] = solid.glow(q) if callable(solid.glow) else solid.glow
        start = p + 2e-3 * n
        level = np.array(self.level)[self.zone(start)]
        fill = self.ambient * level * (0.85 + 0.15 * n[1] + 1.1 * np.maximum(-n[1], 0))
        if deep:
            fill = fill * self.occlusion(p, n)
        lit = fill[:, None] * self.tint
        for lamp in self.lamps:
            lit = lit + self.shine(lamp, start, n, d, k, gloss, deep)
        if self.sun is not None:
            lit = lit + self.sunshine(start, n, k, deep)[:, None] * vec(1.5, 1.32, 1.05)
        light = base**2 * (lit + glow[:, None])
        if deep:
            some = np.flatnonzero((gloss > 0.02) & (who == 0))
            if len(some):
                rough = self.grounds[0]["rough"]
                tilt = np.stack([k[0, some] * rough, 1 + 0 * t[some], k[1, some] * rough])
                tilt = tilt / norm(tilt)
                cosine = -dot(d[:, some], tilt)
                mirror = d[:, some] + 2 * cosine * tilt
                mirror[1] = np.maximum(mirror[1], 1e-3)
                share = gloss[some] * (0.05 + 0.75 * (1 - np.clip(cosine, 0, 1)) ** 4)
                other, _ = self.seen(start[:, some], mirror, k[:, some], False)
                light[some] = mix(light[some], np.minimum(other, 4.0), share)
        return light, who

    def occlusion(self, p: np.ndarray, n: np.ndarray) -> np.ndarray:
        """How much of the light from all around arrives: less in corners and under things."""
        total = np.ones(p.shape[1])
        for reach, weight in ((0.07, 0.35), (0.4, 0.5)):
            at = p + reach * n
            least = np.full(p.shape[1], reach)
            low, high = at.min(1) - reach, at.max(1) + reach
            for group in self.groups:
                solids, some = list(group.inside(low, high)), slice(None)
                if solids and group.ball is not None:
                    some = np.flatnonzero(norm(at - group.ball[0][:, None]) < group.ball[1] + reach)
                if solids and (isinstance(some, slice) or len(some)):
                    best, where = least[some], at[:, some]
                    for solid in solids:
                        best = np.minimum(best, solid.distance(where))
                    least[some] = best
            total = total - weight * (1 - np.clip(least / reach, 0, 1))
        return np.clip(total, 0.1, 1)

    def shine(self, lamp: Lamp, p, n, d, k, gloss, deep: bool) -> np.ndarray:
        """Light of a lamp on points, with soft shadows."""
        to = lamp.centre[:, None] + lamp.sides[0][:, None] * k[0] - p
        to = to + lamp.sides[1][:, None] * k[1]
        square = dot(to, to)
        unit = to / np.sqrt(square)
        facing, leaving = dot(n, unit), -dot(lamp.normal, unit)
        power = np.clip(facing, 0, 1) * np.clip(leaving, 0, 1) / (square + 0.15)
        if deep and power.max() * lamp.light.max() > 0.01:
            some = np.flatnonzero(power * lamp.light.max() > 0.004)
            dark = blocked(self.casters, p[:, some], to[:, some])
            power[some] *= ~dark
            half = unit - d
            power = power * (1 + 6 * gloss * np.clip(dot(n, half) / norm(half), 0, 1) ** 40)
        return power[:, None] * lamp.light

    def sunshine(self, p, n, k, deep: bool) -> np.ndarray:
        """Where the sun shines through the panes of the windows."""
        facing, total = np.clip(dot(n, self.sun), 0, 1), np.zeros(p.shape[1])
        for centre, normal, pane, bars in self.windows:
            slope = dot(normal, self.sun)
            if slope > -0.05:
                continue
            t = dot(normal, centre[:, None] - p) / slope
            q = pane.local(p + t * self.sun[:, None], pane.centre[:, None])
            inside = (np.abs(q[0]) < pane.half[0]) & (np.abs(q[1]) < pane.half[1]) & (t > 0)
            some = np.flatnonzero(inside & (facing > 0))
            if len(some) and deep:
                way = self.sun[:, None] * t[some]
                dark = blocked(self.casters, p[:, some], way)
                total[some] = np.maximum(total[some], (1 - bars(q[:, some])) * ~dark)
        return total * facing * self.daylight * 0.45


def cover(ground: dict, x: np.ndarray, z: np.ndarray, far: np.ndarray) -> tuple:
    """Colour and gloss of a floor; fine detail fades with the distance ``far``."""
    c, s = np.cos(ground["turn"]), np.sin(ground["turn"])
    x, z = c * x + s * z, c * z - s * x
    kind, base, other, size = (ground[key] for key in ("kind", "base", "other", "size"))
    near, gloss = 1 / (1 + (far / 2.5) ** 2), np.full(len(x), ground["gloss"])
    soft = 0.004 + 0.002 * far
    if kind == "tiles":
        u, v = x / size, z / size
        tone = noise(np.floor(u) * 3.1 + 0.5, np.floor(v) * 5.7 + 0.5)
        colour = base * (0.94 + 0.12 * tone)[:, None]
        if ground["checker"]:
            odd = (np.floor(u) + np.floor(v)) % 2
            colour = mix(colour, 0.5 * other + 0.3 * base, 0.8 * odd)
        gap = (np.maximum(np.abs(u % 1 - 0.5), np.abs(v % 1 - 0.5)) - 0.5) * size + 0.005
        gap = step(gap, soft) * np.minimum(1, 3 * near)
        return mix(colour, base * 0.62, gap), gloss * (1 - 0.7 * gap)
    if kind == "planks":
        row = np.floor(z / 0.13)
        cut = x / 1.2 + 0.37 * row
        tone = noise(row * 7.3 + 0.5, np.floor(cut) * 3.3 + 0.5)
        fibre = noise(x * 3 + row * 9, z * 70)
        shade = 0.8 + 0.25 * tone + 0.15 * (fibre - 0.5) * np.minimum(1, 2 * near)
        gap = (np.abs(np.stack([z / 0.13, cut]) % 1 - 0.5) - 0.5) * [[0.13], [1.2]]
        gap = 0.8 * step(gap.max(0) + 0.004, soft) * np.minimum(1, 3 * near)
        return mix(base * shade[:, None], base * 0.5, gap), gloss
    if kind == "carpet":
        pile = grain(x * 45, z * 45) - 0.5
        colour = base * (1 + 0.3 * pile * near + 0.06 * (grain(x * 2, z * 2) - 0.5))[:, None]
        if ground["checker"]:
            band = np.abs(x % (2 * size) - size) - size * 0.75
            colour = mix(colour, other, 0.4 * step(band, 0.01))
        return colour, gloss
    if kind == "concrete":
        blot = grain(x * 1.1, z * 1.1) + 0.4 * grain(x * 7, z * 7)
        seam = step(0.006 - np.abs((x / 2.4 % 1 - 0.5) * 2.4), soft) * np.minimum(1, 4 * near)
        return base * (0.78 + 0.26 * blot - 0.35 * seam)[:, None], gloss * (0.6 + 0.5 * blot)
    fleck = grain(x * 75, z * 75)
    if kind == "terrazzo":
        light, dark = step(fleck - 0.62, 0.05) * near, step(0.36 - fleck, 0.05) * near
        return mix(mix(base, base * 0.5 + 0.45, 0.5 * light), other * 0.7, 0.5 * dark), gloss
    swirl = grain(x * 3, z * 9)
    return base * (0.95 + 0.08 * swirl + 0.12 * (fleck - 0.5) * near)[:, None], gloss


def draw_corridor(layout: str, seed: list[int], what: str) -> np.ndarray:
    """Draws one photo of a corridor or a room as a small robot sees it, or its mask.

    Nine rays go through each pixel. One model gives both: the mask is 0 where the floor is what
    most of them meet, under shadows, reflections, rugs and marks as well, and 255 elsewhere.

    Args:
        layout: One of ``LAYOUTS``.
        seed: Of the scene.
        what: "original" or "mask".

    Returns:
        uint8 array ``(128, 128, 3)`` or, of a mask, ``(128, 128)``.
    """
    size, rng = 128, np.random.default_rng(seed)
    scene = Building(layout, rng)
    ends = 2 * (np.arange(3 * size) + 0.5) / (3 * size) - 1
    row, column = np.mgrid[0:96, 0:96].reshape(2, -1) % 3
    parts = (np.stack([3 * row + column, (12 * row + 4 * column) % 9]) - 4) / 4.5  # of a lamp
    light, free = np.zeros((3 * size, 3 * size, 3)), np.zeros((3 * size, 3 * size))
    for top, left in itertools.product(range(0, 3 * size, 96), repeat=2):  # fit into the cache
        u, v = (a.ravel() for a in np.meshgrid(ends[left : left + 96], ends[top : top + 96]))
        stretch = np.tan(scene.fov / 2) * (1 + scene.bend * (u * u + v * v - 1))
        d = np.stack([np.ones_like(u), -v * stretch, u * stretch])
        d = turned(scene.look, d / norm(d))
        o = np.broadcast_to(scene.eye[:, None], d.shape)
        tile = slice(top, top + 96), slice(left, left + 96)
        if what == "mask":
            free[tile] = (cast(scene.groups, o, d)[1] == 0).reshape(96, 96)
        else:
            light[tile] = scene.seen(o, d, parts)[0].reshape(96, 96, 3)
    if what == "mask":
        share = free.reshape(size, 3, size, 3).sum((1, 3))
        return np.where(share > 4, 0, 255).astype(np.uint8)
    light = np.minimum(light, 6.0).reshape(size, 3, size, 3, 3).mean((1, 3))
    grey = light.mean(-1)
    grey = np.minimum(grey, 2 * np.quantile(grey, 0.7)).mean()
    return develop(light * scene.exposure / grey, rng, 0.35)

# fmt: on

# ---------------------------------------------------------------- sets and command line

Plan = Iterator[tuple[str, str | None, Callable[[], np.ndarray]]]


def _draw(draw: Callable, kind: str, seed: list[int]) -> np.ndarray:
    return draw(kind, np.random.default_rng(seed))


def dog_breeds() -> Plan:
    """The plan of the dog set; nothing is drawn before the function it yields is called.

    Yields:
        Path below ``dog_breeds/``, breed (None for the unlabelled test photos) and a function
        without arguments that draws the photo as uint8 ``(height, width, 3)``.
    """
    rng = np.random.default_rng([SEED, 0])
    plan = [("train", breed) for breed in BREEDS for _ in range(rng.integers(19, 22))]
    plan += [("test", breed) for breed in BREEDS for _ in range(2)]
    for index, (part, breed) in enumerate(plan):
        draw = partial(_draw, draw_dog, breed, [SEED, 1, index])
        yield f"{part}/{rng.bytes(16).hex()}.jpg", breed if part == "train" else None, draw


def pizza_steak() -> Plan:
    """The plan of the food set: a folder for each class.

    Yields:
        Path below ``pizza_steak/``, None (the folder is the label) and a function without
        arguments that draws the photo as uint8 ``(height, width, 3)``.
    """
    rng = np.random.default_rng([SEED, 2])
    plan = [("train", kind) for kind in FOODS for _ in range(120)]
    plan += [("test", kind) for kind in FOODS for _ in range(40)]
    for index, (part, kind) in enumerate(plan):
        draw = partial(_draw, draw_food, kind, [SEED, 3, index])
        yield f"{part}/{kind}/{rng.bytes(16).hex()}.jpg", None, draw


def fourteen_classes() -> Plan:
    """The plan of the set of parts: two shots of each scene, a numbered folder for each class.

    Yields:
        Path below ``fourteen_classes/``, name of the class and a function without arguments that
        draws the photo as uint8 ``(768, 1024, 3)``.
    """
    numbers = np.random.default_rng([SEED, 4]).permutation(5 * len(PARTS)) + 1
    for index, number in enumerate(numbers):
        folder, variant = divmod(index, 5)
        kind = list(PARTS)[folder]
        for shot in "ab":
            draw = partial(draw_part, kind, variant, [SEED, 5, int(number)], shot)
            yield f"{folder}/{number:03d}-{shot}.jpg", kind, draw


def corridors() -> Plan:
    """The plan of the set of corridors: photos and masks in folders of their own.

    Yields:
        Path below ``corridors/``, None and a function without arguments that draws the photo as
        uint8 ``(128, 128, 3)`` or its mask as uint8 ``(128, 128)``: 255 collidable, 0 free floor.
    """
    for part, numbers in CORRIDORS.items():
        for what in ("original", "mask"):
            for number in numbers:  # the seed, so that no scene comes twice
                layout = LAYOUTS[number % len(LAYOUTS)]
                draw = partial(draw_corridor, layout, [SEED, 6, number], what)
                yield f"{part}/{what}/{number:03d}.png", None, draw


CORRIDORS = {"train": range(120), "val": range(120, 150), "test": range(150, 180)}
SETS: dict[str, Callable[[], Plan]] = {
    "dog_breeds": dog_breeds,
    "pizza_steak": pizza_steak,
    "fourteen_classes": fourteen_classes,
    "corridors": corridors,
}
# The table of a set that has one: file, columns, and what of a photo's path goes with its label.
CSV = {
    "dog_breeds": ("labels.csv", ("id", "breed"), lambda path: path.stem),
    "fourteen_classes": ("classes.csv", ("folder", "name"), lambda path: path.parent.name),
}


def encode(photo: np.ndarray, quality: int | None) -> bytes:
    """JPEG bytes of a uint8 array ``(height, width, 3)``; PNG without a quality, grey if 2-D."""
    buffer, kind = io.BytesIO(), "jpeg" if quality else "png"
    options = {"quality": quality} if quality else {}
    Image.fromarray(photo).save(buffer, kind, optimize=True, **options)
    return buffer.getvalue()


def _save(path: Path, draw: Callable[[], np.ndarray], quality: int | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(draw(), quality))


def write_set(folder: Path, plan: Plan, quality: int | None, table: tuple | None = None) -> None:
    """Draws a whole set and writes its table, if it has one.

    Args:
        folder: Where to; photos of the same names are drawn anew.
        plan: Paths below it, labels and drawing functions.
        quality: Of the JPEG files; None for PNG.
        table: A value of ``CSV``.

    Raises:
        ValueError: The folder holds photos that are not of the plan, perhaps somebody's own.
    """
    plan = list(plan)
    photos = (p for p in folder.rglob("*") if p.suffix in (".jpg", ".png"))
    others = {p.relative_to(folder).as_posix() for p in photos} - {path for path, _, _ in plan}
    if others:
        raise ValueError(
            f"Expected only drawn photos in {folder}. Received: {len(others)} "
            f"others, such as {min(others)}. Move them elsewhere first."
        )
    with ProcessPoolExecutor() as pool:
        paths, draws = [folder / path for path, _, _ in plan], [draw for _, _, draw in plan]
        done = pool.map(_save, paths, draws, itertools.repeat(quality))
        for count, _ in enumerate(done, 1):
            print(f"\r{folder.name}: {count}/{len(plan)}", end="", flush=True)
    print()
    if table:
        name, columns, key = table
        rows = {(key(Path(path)), label) for path, label, _ in plan if label}
        rows = sorted(rows, key=lambda row: (len(row[0]), row))  # "2" before "10"
        with open(folder / name, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])


if __name__ == "__main__":
    for name in sys.argv[1:] or SETS:
        write_set(HERE / name, SETS[name](), QUALITY.get(name), CSV.get(name))
