"""The self-checks against answers as readers write them: right, typically wrong, and odd."""

import inspect
import itertools
import math
import random
import re
import statistics
from collections import Counter
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from PIL import Image
from scipy import ndimage, signal, stats
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    jaccard_score,
    log_loss,
    precision_score,
    recall_score,
)

from helpers import check_answer, checks
from helpers.checks import EXERCISES, TEXTS

NORM = keras.layers.BatchNormalization
RIGHT = "✓ Certo!"
WRONG = "a função devolveu"
STOPPED = "parou com um erro"


@pytest.fixture(autouse=True)
def _in_portuguese(monkeypatch):
    monkeypatch.delenv("COURSE_LANG", raising=False)


@pytest.fixture
def remembered(monkeypatch, memory={}):  # noqa: B006
    """What the functions of EXERCISES give, computed once for all tests: networks are slow."""
    compute = checks._outcomes
    known = {id(f) for task in EXERCISES.values() for f in (task.right, *mistakes_of(task))}

    def outcomes(task, function):
        if id(function) not in known:
            return compute(task, function)
        if id(function) not in memory:
            memory[id(function)] = compute(task, function)
        return memory[id(function)]

    monkeypatch.setattr(checks, "_outcomes", outcomes)


@pytest.fixture
def light_network(monkeypatch):
    """A network without weights, for checks where no weight matters."""
    names = [f"block{block}_{part}" for block in range(3) for part in ("conv", "norm")]

    def network():
        layers = [SimpleNamespace(name=name) for name in names]
        return SimpleNamespace(layers=layers, variables=[], trainable_variables=[])

    monkeypatch.setattr(checks, "_network", network)


def mistakes_of(task):
    return [mistake for mistake, *_ in task.mistakes]


# --- one table: how readers answer, and a piece of the verdict


def scale_by_loops(photo, divisor=255):
    scaled = np.zeros(photo.shape, "float32")
    for place in np.ndindex(*photo.shape):
        scaled[place] = int(photo[place]) / divisor
    return scaled


def stretch(photo):
    lowest, highest = int(photo.min()), int(photo.max())
    return np.interp(photo, (lowest, highest), (0, 1)).astype("float32")


SCALE = [
    (scale_by_loops, RIGHT),
    (lambda p: p / np.float32(255), RIGHT),
    (lambda p: (p / 255).astype("float32"), RIGHT),
    (lambda p: tf.image.convert_image_dtype(p, tf.float32), RIGHT),
    (lambda p: tf.cast(p, tf.float32) / 255.0, RIGHT),
    (lambda p: keras.layers.Rescaling(1 / 255)(p), RIGHT),
    (lambda p: p / 255, "mas em `float64`"),
    (lambda p: np.true_divide(p, 255.0), "mas em `float64`"),
    (lambda p: tf.image.convert_image_dtype(p, tf.float16), "em `float16`"),
    (lambda p: p // 255, "Quase tudo virou 0"),
    (lambda p: (p / 255).astype("uint8"), "Quase tudo virou 0"),
    (lambda p: (p // 255).astype("float32"), "Quase tudo virou 0"),
    (lambda p: p.astype("float32"), "ainda vão de 0 a 255"),
    (lambda p: p, "ainda vão de 0 a 255"),
    (lambda p: scale_by_loops(p, 256), "o branco nunca chega a 1"),
    (lambda p: p / 256, "o branco nunca chega a 1"),
    (lambda p: p.astype("float32") / p.max(), "o maior valor da própria foto"),
    (stretch, "Você esticou o contraste"),
    (lambda p: keras.layers.Rescaling(1 / 127.5, offset=-1)(p), "vão de -1 a 1"),
    (lambda p: tf.cast(stats.zscore(p, axis=None), tf.float32), "Isso é padronizar"),
    (lambda p: p * 255, "o `uint8` transbordou"),
    (lambda p: 1 - scale_by_loops(p), f"[102, 204, 153]]], {WRONG} [[[0.8, 0.961, 0.02], "),
    (lambda p: scale_by_loops(p)[..., 0], "da forma (1, 2, 3); recebemos [[0.2, 0.4]], da forma ("),
    (lambda p: scale_by_loops(p).mean(), "um array; recebemos 0.503"),
    (lambda p: p > 127, "um array; recebemos [[[False, "),
    (lambda p: p.convert("F"), f"{STOPPED}: AttributeError"),
]


def fit_by_counting(gigabytes, height, width):
    free, photo, count = gigabytes * 1e9, np.zeros((height, width, 3), "float32").nbytes, 0
    while free >= photo:
        free, count = free - photo, count + 1
    return count


def bytes_of(*shape, dtype="float32"):
    return math.prod(shape) * np.dtype(dtype).itemsize


FIT = [
    (fit_by_counting, RIGHT),
    (lambda g, h, w: g * 10**9 // (h * w * 3 * 4), RIGHT),
    (lambda g, h, w: int(g * 1e9 / bytes_of(h, w, 3)), RIGHT),
    (lambda g, h, w: np.floor(g * 1e9 / bytes_of(1, h, w, 3)), RIGHT),
    (lambda g, h, w: int(g * 1e9 / bytes_of(h, w, 3, dtype="uint8")), "cada número ocupa um byte"),
    (lambda g, h, w: int(g * 1e9 / bytes_of(h, w, 3, dtype="float64")), "oito bytes"),
    (lambda g, h, w: int(g * 1e9 / (h * w * 3 * 32)), "Quantos bytes são?"),
    (lambda g, h, w: int(g * 1e9 / bytes_of(h, w)), "E em uma foto colorida?"),
    (lambda g, h, w: int(g * 1e9 / (h * w)), "Faltam dois fatores"),
    (lambda g, h, w: int(g * 1024**3 / bytes_of(h, w, 3)), "isso é 1 GiB"),
    (lambda g, h, w: int(g * 1e6 / bytes_of(h, w, 3)), "isso é um MB"),
    (lambda g, h, w: fit_by_counting(g, h, w) + 1, "Você arredondou para cima"),
    (lambda g, h, w: round(g * 1e9 / bytes_of(h, w, 3)), "o inteiro mais próximo"),
    (lambda g, h, w: g * 1e9 / bytes_of(h, w, 3), "Só cabem fotos inteiras"),
    (lambda g, h, w: fit_by_counting(g, h, h), "a altura duas vezes"),
    (lambda g, h, w: fit_by_counting(g, w, w), "a largura duas vezes"),
    (bytes_of, f"1, 224, 224, {WRONG} 200704"),
    (lambda g, h, w: bytes_of(h, w, 3), "os bytes de uma foto"),
    (lambda g, h, w: 1660, f"0.5, 768, 1024, {WRONG} 1660"),
    (lambda g, h, w: (fit_by_counting(g, h, w), h, w), "um número; recebemos [1660.0, 224.0, 224"),
    (lambda g, h, w: f"{fit_by_counting(g, h, w)}", "um número; recebemos '1660'"),
    (lambda g, h, w: [0] * (g * 1e9), f"{STOPPED}: TypeError"),
]


def square_by_pillow(photo):
    height, width = photo.shape[:2]
    side = min(height, width)
    left, top = (width - side) // 2, (height - side) // 2
    return np.asarray(Image.fromarray(photo).crop((left, top, left + side, top + side)))


def square_by_trimming(photo):
    """Takes a row or a column from the longer side, at the end first, until it is a square."""
    at_end = True
    while photo.shape[0] != photo.shape[1]:
        part = slice(None, -1) if at_end else slice(1, None)
        photo = photo[part] if photo.shape[0] > photo.shape[1] else photo[:, part]
        at_end = not at_end
    return photo


def cut(photo, begin, end):
    """Rows and columns from `begin(spare)` to before `end(spare, side)`."""
    side = min(photo.shape[:2])
    down, right = photo.shape[0] - side, photo.shape[1] - side
    return photo[begin(down) : end(down, side), begin(right) : end(right, side)]


def half(spare):
    return spare // 2


SQUARE = [
    (square_by_pillow, RIGHT),
    (square_by_trimming, RIGHT),
    (lambda p: cut(p, half, lambda spare, side: half(spare) + side), RIGHT),
    (lambda p: tf.constant(square_by_pillow(p)), RIGHT),
    (lambda p: square_by_pillow(p).tolist(), RIGHT),
    (lambda p: p[: min(p.shape[:2]), : min(p.shape[:2])], "no canto de cima"),
    (lambda p: p[-min(p.shape[:2]) :, -min(p.shape[:2]) :], "no canto de baixo"),
    (lambda p: square_by_trimming(p[::-1, ::-1])[::-1, ::-1], "um pixel tarde demais"),
    (
        lambda p: cut(p, lambda spare: round(spare / 2 + 0.1), lambda s, n: math.ceil(s / 2) + n),
        "um pixel tarde demais",
    ),
    (lambda p: cut(p, half, lambda spare, side: spare + side - half(spare)), "não é um quadrado"),
    (lambda p: cut(p, half, lambda spare, side: -half(spare)), "termina em `-0`"),
    (lambda p: cut(p, half, lambda s, side: half(s) + side + 1), "um pixel a mais"),
    (lambda p: cut(p, half, lambda s, side: half(s) + side - 1), "Falta um pixel"),
    (lambda p: cut(p, half, lambda s, side: side), "termina em `side`"),
    (lambda p: square_by_pillow(p) if p.shape[1] > p.shape[0] else p, "Você só cortou as colunas"),
    (lambda p: square_by_pillow(p) if p.shape[1] < p.shape[0] else p, "Você só cortou as linhas"),
    (
        lambda p: p[max(0, p.shape[1] - p.shape[0]) // 2 :, max(0, p.shape[0] - p.shape[1]) // 2 :][
            : min(p.shape[:2]), : min(p.shape[:2])
        ],
        "A altura e a largura estão trocadas",
    ),
    (lambda p: square_by_pillow(p)[::-1], f"[12, 13, 14], [15, 16, 17], […, {WRONG} [[[15.0, 16"),
    (lambda p: p, "da forma (2, 2, 3); recebemos [[[0.0, "),
    (lambda p: square_by_pillow(p)[..., 0], "da forma (2, 2, 3); recebemos [[3"),
    (lambda p: square_by_pillow(p).shape, "da forma (2, 2, 3); recebemos [2.0, 2.0, 3.0]"),
    (lambda p: min(p.shape[:2]), "um array; recebemos 2"),
    (lambda p: p[(p.shape[1] - p.shape[0]) / 2 :], f"{STOPPED}: TypeError"),
]


def counts(targets):
    return Counter(targets.tolist()).most_common()


def majority_by_loop(targets):
    best = 0
    for target in targets:
        best = max(best, sum(1 for other in targets if other == target))
    return best / len(targets)


MAJORITY = [
    (majority_by_loop, RIGHT),
    (lambda t: pd.Series(t).value_counts(normalize=True).iloc[0], RIGHT),
    (lambda t: counts(t)[0][1] / len(t), RIGHT),
    (lambda t: np.float32(np.mean(t == statistics.mode(t.tolist()))), RIGHT),
    (lambda t: tf.reduce_max(tf.math.bincount(t)) / len(t), RIGHT),
    (lambda t: max(np.mean(t == c) for c in set(t.tolist())), RIGHT),
    (lambda t: 1 / len(set(t.tolist())), "mesmo tamanho"),
    (lambda t: counts(t)[0][1], "contagem de fotos"),
    (lambda t: counts(t)[0][0], "número da classe"),
    (lambda t: 100 * counts(t)[0][1] / len(t), "de 0 a 1"),
    (lambda t: np.mean(t != counts(t)[0][0]), "fração de erros"),
    (lambda t: counts(t)[-1][1] / len(t), "mais rara"),
    (lambda t: counts(t)[0][1] // len(t), "divisão inteira"),
    (lambda t: 0.5, f"[3, 3, 3, 0, 1], {WRONG} 0.5"),
    (lambda t: t.mean(), f"[0, 1, 1, 2], {WRONG} 1.0"),
    (lambda t: round(counts(t)[0][1] / len(t), 1), f"[5, 5, 1, 1, 1, 1, 2], {WRONG} 0.6"),
    (lambda t: np.bincount(t) / len(t), "um número; recebemos [0.25, 0.5, 0.25]"),
    (lambda t: [counts(t)[0][1] / len(t)], "um número; recebemos [0.5]"),
    (lambda t: f"{counts(t)[0][1] / len(t):.0%}", "um número; recebemos '50%'"),
    (lambda t: counts(t)[0][1] == len(t), "um número; recebemos False"),
    (lambda t: t.value_counts().max(), f"{STOPPED}: AttributeError"),
]


def lengths_by_while(paths, batch_size):
    lengths, left = [], list(paths)
    while left:
        batch, left = left[:batch_size], left[batch_size:]
        lengths.append(len(batch))
    return lengths


def whole(paths, batch_size):
    return [batch_size for _ in range(math.floor(len(paths) / batch_size))]


def batches_of_paths(paths, batch_size):
    return [paths[at : at + batch_size] for at in range(0, len(paths), batch_size)]


BATCHES = [
    (lengths_by_while, RIGHT),
    (lambda p, b: [min(b, len(p) - at) for at in range(0, len(p), b)], RIGHT),
    (lambda p, b: np.bincount(np.arange(len(p)) // b), RIGHT),
    (lambda p, b: [len(x) for x in tf.data.Dataset.range(len(p)).batch(b)], RIGHT),
    (lambda p, b: pd.Series(range(len(p))).floordiv(b).value_counts(sort=False), RIGHT),
    (lambda p, b: whole(p, b) + [len(p) % b] * (len(p) % b > 0), RIGHT),
    (lambda p, b: tuple(np.float32(len(x)) for x in batches_of_paths(p, b)), RIGHT),
    (lambda p, b: lengths_by_while(p, 32), "não muda quando `batch_size` muda"),
    (lambda p, b: [len(p[at:][:32]) for at in range(0, len(p), b)], "E onde ele termina?"),
    (lambda p, b: [len(p[at:][:b]) for at in range(0, len(p), 32)], "E onde ele começa?"),
    (whole, "Quem ficou de fora"),
    (lambda p, b: [b] * math.ceil(len(p) / b), "último lote está mesmo cheio"),
    (lambda p, b: len(range(0, len(p), b)), "número de lotes"),
    (lambda p, b: len(lengths_by_while(p, b)), "número de lotes"),
    (lambda p, b: lengths_by_while(p, b)[::-1], f"3, {WRONG} [1"),
    (lambda p, b: lengths_by_while(p, b - 1), "a função devolveu [2.0, 2.0, 2.0, 1.0]"),
    (lambda p, b: [*whole(p, b), len(p) % b], "sobra um lote vazio"),
    (lambda p, b: sum(lengths_by_while(p, b)), "um número por lote; recebemos 7"),
    (batches_of_paths, "um número por lote; recebemos [['0.jpg'"),
    (lambda p, b: map(len, batches_of_paths(p, b)), "um número por lote; recebemos <map"),
    (lambda p, b: np.split(np.array(p), b), f"{STOPPED}: ValueError"),
]


def loss_by_loop(targets, probabilities):
    total = 0.0
    for target, row in zip(targets, probabilities, strict=True):
        total -= math.log(row[target])
    return total / len(targets)


def of_right_class(targets, probabilities):
    return (np.eye(probabilities.shape[1])[targets] * probabilities).sum(axis=1)


def one_hot_loss(targets, probabilities):
    return -np.eye(probabilities.shape[1])[targets] * np.log(probabilities)


LOG_LOSS = [
    (loss_by_loop, RIGHT),
    (lambda t, p: log_loss(t, p, labels=range(p.shape[1])), RIGHT),
    (lambda t, p: keras.losses.SparseCategoricalCrossentropy()(t, p), RIGHT),
    (lambda t, p: -tf.reduce_mean(tf.math.log(tf.gather(p, t, batch_dims=1))), RIGHT),
    (lambda t, p: -np.log(np.float32(p))[range(len(t)), t].mean(), RIGHT),
    (lambda t, p: pd.DataFrame(one_hot_loss(t, p)).sum(axis=1).mean(), RIGHT),
    (lambda t, p: -loss_by_loop(t, p), "Uma perda também?"),
    (lambda t, p: one_hot_loss(t, p).sum(), "o dobro de fotos"),
    (lambda t, p: loss_by_loop(t, p) / math.log(2), "não é 2"),
    (lambda t, p: np.mean([-math.log10(r[c]) for c, r in zip(t, p, strict=True)]), "não é 10"),
    (lambda t, p: -np.log([max(row) for row in p]).mean(), "maior probabilidade de cada linha"),
    (lambda t, p: one_hot_loss(t, p).mean(), "Quantas são as fotos?"),
    (lambda t, p: -np.log(np.take(p, t, axis=1)).mean(), "colunas inteiras"),
    (lambda t, p: 1 - of_right_class(t, p).mean(), "Falta o logaritmo"),
    (lambda t, p: -np.log(of_right_class(t, p).mean()), WRONG),
    (lambda t, p: np.log(1 - of_right_class(t, p)).mean(), WRONG),
    (lambda t, p: of_right_class(t, p).mean(), WRONG),
    (lambda t, p: -np.log(p[t, range(len(t))]).mean(), "✗ Com a entrada"),
    (lambda t, p: one_hot_loss(t, p).sum(axis=1), "um número; recebemos ["),
    (lambda t, p: -math.log(of_right_class(t, p)), f"{STOPPED}: TypeError"),
]


def honest_by_loop(val_accuracy, test_accuracy):
    best = 0
    for epoch, accuracy in enumerate(val_accuracy):
        if accuracy > val_accuracy[best]:
            best = epoch
    return test_accuracy[best]


HONEST = [
    (honest_by_loop, RIGHT),
    (lambda v, t: t[v.index(max(v))], RIGHT),
    (lambda v, t: max(zip(v, t, strict=True))[1], RIGHT),
    (lambda v, t: pd.Series(t)[pd.Series(v).idxmax()], RIGHT),
    (lambda v, t: tf.gather(t, tf.argmax(v)), RIGHT),
    (lambda v, t: np.array(t, "float32")[np.argsort(v)[-1]], RIGHT),
    (lambda v, t: np.max(v), "usado para escolher a época"),
    (lambda v, t: sorted(t)[-1], "quem escolhe a época é o teste"),
    (lambda v, t: t[len(v) - 1], "última época. Quais pesos"),
    (lambda v, t: v[-1], "as fotos e a época estão erradas"),
    (lambda v, t: v.index(max(v)), "posição da época"),
    (lambda v, t: v.index(max(v)) + 1, "número da época"),
    (lambda v, t: t[v.index(min(v))], "pior validação"),
    (lambda v, t: sum(t) / len(t), "Uma média"),
    (lambda v, t: t[1], WRONG),
    (lambda v, t: (max(v) + honest_by_loop(v, t)) / 2, WRONG),
    (lambda v, t: min(t), WRONG),
    (lambda v, t: t, "um número; recebemos [0."),
    (lambda v, t: (1, 0.65), "um número; recebemos"),
    (lambda v, t: t[v.argmax()], f"{STOPPED}: AttributeError"),
    (lambda v, t: t[max(v)], f"{STOPPED}: TypeError"),
]


def top_k_by_loop(targets, probabilities, k):
    right = 0
    for target, row in zip(targets, probabilities, strict=True):
        best = sorted(range(len(row)), key=lambda number: -row[number])[:k]
        right += int(target in best)
    return right / len(targets)


def ranks(targets, probabilities):
    """How many classes each right class has before it."""
    return (probabilities > of_right_class(targets, probabilities)[:, None]).sum(axis=1)


def keras_top_k(targets, probabilities, k):
    return keras.ops.mean(
        keras.metrics.sparse_top_k_categorical_accuracy(targets, probabilities, k)
    )


TOP_K = [
    (top_k_by_loop, RIGHT),
    (keras_top_k, RIGHT),
    (lambda t, p, k: np.mean(ranks(t, p) < k), RIGHT),
    (lambda t, p, k: tf.reduce_mean(tf.cast(tf.math.in_top_k(t, p, k), tf.float32)), RIGHT),
    (lambda t, p, k: (np.argpartition(-p, k - 1)[:, :k] == t[:, None]).sum() / len(t), RIGHT),
    (
        lambda t, p, k: np.float32(
            (pd.DataFrame(p).rank(axis=1, ascending=False) <= k).to_numpy()[range(len(t)), t]
        ).mean(),
        RIGHT,
    ),
    (lambda t, p, k: np.mean(p.argmax(axis=1) == t), "não muda quando `k` muda"),
    (lambda t, p, k: (p.argsort()[:, :k] == t[:, None]).any(axis=1).mean(), "menores"),
    (lambda t, p, k: np.mean(ranks(t, p) == k - 1), "só para a posição `k`"),
    (lambda t, p, k: np.mean(p.argsort()[:, -k] == t), "só para a posição `k`"),
    (lambda t, p, k: top_k_by_loop(t, p, k + 1), "uma classe a mais"),
    (lambda t, p, k: np.mean((ranks(t, p) > 0) & (ranks(t, p) <= k)), "pulou a classe"),
    (lambda t, p, k: sum(ranks(t, p) < k), "contagem de fotos"),
    (lambda t, p, k: np.mean(ranks(t, p) < k) / k, "Por quanto se deve dividir"),
    (lambda t, p, k: 100 * np.mean(ranks(t, p) < k), "de 0 a 1"),
    (lambda t, p, k: np.mean(ranks(t, p) >= k), f"2, {WRONG}"),
    (lambda t, p, k: k / p.shape[1], f"1, {WRONG} 0.25"),
    (lambda t, p, k: np.mean(of_right_class(t, p) > 1 / (k + 1)), WRONG),
    (lambda t, p, k: ranks(t, p) < k, "um número; recebemos [True"),
    (lambda t, p, k: p.topk(k), f"{STOPPED}: AttributeError"),
]


def thaw(network, choose):
    network.trainable = True
    for number, layer in enumerate(network.layers):
        layer.trainable = bool(choose(number, layer))
    return network


def position(network, first):
    return network.layers.index(network.get_layer(first))


def thaw_with_a_flag(network, first):
    network.trainable, found = True, False
    for layer in network.layers:
        found = found or layer.name == first
        layer.trainable = found and not isinstance(layer, NORM)
    return network


def freeze_again(network, first):
    network.trainable = True
    for layer in network.layers[: position(network, first)]:
        layer.trainable = False
    for layer in network.layers:
        if isinstance(layer, NORM):
            layer.trainable = False
    return network


def thaw_a_copy(network, first):
    copy = keras.models.clone_model(network)
    return thaw(copy, lambda n, layer: n >= position(copy, first) and not isinstance(layer, NORM))


def choose_without_the_network(network, first):
    for layer in network.layers[position(network, first) :]:
        layer.trainable = not isinstance(layer, NORM)
    return network


def network_last(network, first):
    choose_without_the_network(network, first).trainable = True
    return network


FINE_TUNE = [
    (thaw_with_a_flag, RIGHT),
    (freeze_again, RIGHT),
    (thaw_a_copy, RIGHT),
    (
        lambda n, f: thaw(n, lambda i, x: i >= position(n, f) and len(x.weights) == 2),
        RIGHT,
    ),
    (choose_without_the_network, "Enquanto a rede inteira estiver congelada"),
    (lambda n, f: n, "Enquanto a rede inteira estiver congelada"),
    (network_last, "Toda a rede aprende"),
    (lambda n, f: thaw(n, lambda i, x: i >= position(n, f)), "normalização em lote também"),
    (lambda n, f: thaw(n, lambda i, x: "conv" in x.name), "primeiras camadas também"),
    (lambda n, f: thaw(n, lambda i, x: x.name == f), "Só uma camada"),
    (
        lambda n, f: thaw(n, lambda i, x: i > position(n, f) and "conv" in x.name),
        "A camada `first`",
    ),
    (lambda n, f: thaw(n, lambda i, x: i < position(n, f) and "conv" in x.name), "começo da rede"),
    (
        lambda n, f: thaw(n, lambda i, x: isinstance(x, NORM)),
        "'block1_conv', aprendem as camadas ['block0_norm'",
    ),
    (
        lambda n, f: thaw(n, lambda i, x: i >= 2 and "conv" in x.name),
        "aprendem as camadas ['block1_conv', 'block2_conv']",
    ),
    (lambda n, f: n.get_layer(f), "`return network`"),
    (lambda n, f: n.layers, "`return network`"),
    (lambda n, f: n.get_layer("top"), f"{STOPPED}: ValueError"),
]


def parameters_by_keras(kernel_size, channels, filters):
    layer = keras.layers.Conv2D(filters, kernel_size, kernel_initializer="zeros")
    layer.build((None, 32, 32, channels))
    return layer.count_params()


def parameters_one_by_one(kernel_size, channels, filters, biases=lambda c, f: f):
    weights = itertools.product(*map(range, (kernel_size, kernel_size, channels, filters)))
    return len(list(weights)) + biases(channels, filters)


CONV_PARAMETERS = [
    (parameters_by_keras, RIGHT),
    (parameters_one_by_one, RIGHT),
    (lambda k, c, f: np.prod([k, k, c, f]) + f, RIGHT),
    (lambda k, c, f: tf.size(tf.zeros((k, k, c, f))) + tf.size(tf.zeros(f)), RIGHT),
    (lambda k, c, f: sum(k**2 * c + 1.0 for _ in range(f)), RIGHT),
    (lambda k, c, f: np.zeros((k, k, c, f)).size, "E o viés?"),
    (lambda k, c, f: parameters_one_by_one(k, c, f, lambda c, f: 1), "um único viés"),
    (lambda k, c, f: parameters_one_by_one(k, c, f, lambda c, f: c), "A que cada viés é somado?"),
    (lambda k, c, f: f * k * k + f, "Quantos canais um filtro olha?"),
    (lambda k, c, f: c * f * k * k + c * f, "Quantos mapas saem de um filtro?"),
    (lambda k, c, f: k * k * (c + 1) * f, "cada posição do núcleo tem um viés"),
    (lambda k, c, f: k * c * f + f, "um quadrado desse lado"),
    (lambda k, c, f: parameters_one_by_one(k, c, 1), "Isso é um filtro"),
    (lambda k, c, f: k**2 * f, f"3, 3, 10, {WRONG} 90.0"),
    (lambda k, c, f: k**2 * c + f, f"3, 3, 10, {WRONG} 37.0"),
    (lambda k, c, f: (k * k * c + 1, f), "um número; recebemos [28.0, 10.0]"),
    (lambda k, c, f: (k, k, c, f), "um número; recebemos [3.0, 3.0, 3.0, 10.0]"),
    (lambda k, c, f: k.size * c * f, f"{STOPPED}: AttributeError"),
]


def side_by_keras(size, kernel_size, stride, padding):
    layer = keras.layers.AveragePooling2D(kernel_size, stride, padding)
    return layer.compute_output_shape((None, size, size, 1))[1]


def side_by_counting(size, kernel_size, stride, padding):
    """Counts the windows; with "same" the image has as much border as they need."""
    room = size if padding == "same" else size - kernel_size + 1
    return len(range(0, room, stride))


def side_by_formula(size, kernel_size, stride, padding):
    """The formula of TensorFlow's documentation."""
    if padding == "valid":
        return math.ceil((size - kernel_size + 1) / stride)
    return math.ceil(size / stride)


def side_by_border(border):
    """The formula of textbooks, (size - kernel + borders) / stride + 1, for `border(kernel)`."""

    def side(size, kernel_size, stride, padding):
        borders = border(kernel_size) if padding == "same" else 0
        return 1 + (size - kernel_size + borders) // stride

    return side


def side_where(padding, wrong):
    """A right answer but for one padding."""

    def side(*given):
        return wrong(*given[:3]) if given[3] == padding else side_by_counting(*given)

    return side


OUTPUT_SIZE = [
    (side_by_keras, RIGHT),
    (side_by_counting, RIGHT),
    (side_by_formula, RIGHT),
    (side_by_border(lambda k: k - 1), RIGHT),
    (lambda n, k, s, p: np.ceil((n if p == "same" else n - k + 1) / s), RIGHT),
    (side_where("valid", lambda n, k, s: int(n / k)), "janelas lado a lado"),
    (side_where("valid", lambda n, k, s: int((n - k) / s)), "falta uma posição. De que tamanho"),
    (side_where("valid", lambda n, k, s: (1 + n - k) // s), "antes ou depois de dividir"),
    (side_where("valid", lambda n, k, s: math.ceil((n - k) / s) + 1), "última janela saiu"),
    (side_where("valid", lambda n, k, s: (n - k) / s + 1), "Existe meia posição?"),
    (side_where("valid", lambda n, k, s: n - k + 1), "`valid`, o resultado não muda"),
    (side_where("same", lambda n, k, s: n), "`same`, o resultado não muda"),
    (lambda n, k, s, p: n if p == "same" else n - (k - 1), "seja qual for `padding`"),
    (lambda n, k, s, p: len(range(0, n - k + 1, s)), "O que `same` põe"),
    (lambda n, k, s, p: math.ceil(n / s), "também ganhou uma borda"),
    (side_where("same", lambda n, k, s: n // s), "quando a divisão não é exata"),
    (side_by_border(lambda k: k // 2 * 2), "o mapa cresceu"),
    (lambda n, k, s, p: n // k, f"224, 3, 1, 'valid', {WRONG} 74.0"),
    (lambda n, k, s, p: n - k, f"224, 3, 1, 'valid', {WRONG} 221.0"),
    (side_where("same", lambda n, k, s: n / s), f"7, 3, 2, 'same', {WRONG} 3.5"),
    (side_by_border(lambda k: k // 2), f"5, 3, 1, 'same', {WRONG} 4.0"),
    (lambda n, k, s, p: (side_by_counting(n, k, s, p),) * 2, "um número; recebemos [222.0, 222.0]"),
    (side_where("same", lambda n, k, s: None), "Falta um `return`"),
    (lambda n, k, s, p: n - k + p, f"{STOPPED}: TypeError"),
]


def convolve_by_loops(image, kernel, begin=0, short=0, out=None):
    """Four loops over the windows that begin at `begin`, the last `short` left out."""
    height, width = (
        side - inner + 1 for side, inner in zip(image.shape, kernel.shape, strict=True)
    )
    out = np.zeros((height - short, width - short)) if out is None else out
    for row in range(begin, height - short):
        for column in range(begin, width - short):
            for inner_row in range(kernel.shape[0]):
                for inner_column in range(kernel.shape[1]):
                    pixel = image[row + inner_row, column + inner_column]
                    out[row, column] += pixel * kernel[inner_row, inner_column]
    return out


def keras_convolution(image, kernel, **options):
    image, kernel = np.float32(image)[None, :, :, None], np.float32(kernel)[:, :, None, None]
    return keras.ops.conv(image, kernel, **options)[0, :, :, 0]


def sums_of_windows(image, kernel):
    return convolve_by_loops(image, np.ones_like(kernel))


def products_as_lists(image, kernel):
    height, width = kernel.shape
    return [
        [
            (image[row : row + height, column : column + width] * kernel).tolist()
            for column in range(image.shape[1] - width + 1)
        ]
        for row in range(len(image) - height + 1)
    ]


def stopped_early(image, kernel):
    return convolve_by_loops(
        image, kernel, short=1, out=np.zeros_like(sums_of_windows(image, kernel))
    )


CONVOLUTION = [
    (convolve_by_loops, RIGHT),
    (keras_convolution, RIGHT),
    (lambda i, k: signal.correlate2d(i, k, mode="valid"), RIGHT),
    (lambda i, k: signal.convolve2d(i, k[::-1, ::-1], mode="valid").tolist(), RIGHT),
    (lambda i, k: np.sum(products_as_lists(i, k), axis=(-1, -2)), RIGHT),
    (lambda i, k: signal.convolve2d(i, k, mode="valid"), "o núcleo girado"),
    (lambda i, k: keras_convolution(i, k, padding="same"), "do tamanho da imagem"),
    (lambda i, k: ndimage.correlate(i, k, mode="constant"), "do tamanho da imagem"),
    (lambda i, k: convolve_by_loops(i, k, short=1), "Faltam a última linha"),
    (stopped_early, "ficaram em zero"),
    (lambda i, k: np.transpose(convolve_by_loops(i, k)), "trocaram de lugar"),
    (lambda i, k: convolve_by_loops(i, np.transpose(k)), "as colunas do núcleo"),
    (lambda i, k: np.mean(products_as_lists(i, k), axis=(2, 3)), "média dos produtos"),
    (products_as_lists, "Você parou nos produtos"),
    (sums_of_windows, "Para que serve `kernel`?"),
    (lambda i, k: keras_convolution(i, k, strides=k.shape), "um núcleo inteiro por vez"),
    (lambda i, k: keras.ops.relu(keras_convolution(i, k)), "Isso já é a ativação"),
    (lambda i, k: convolve_by_loops(i, k) + 1, f"[[1, 0, -2]], {WRONG} [[-2.0, -1.0], [4"),
    (lambda i, k: np.abs(convolve_by_loops(i, k)), WRONG),
    (
        lambda i, k: signal.correlate2d(i, k),
        "da forma (3, 2); recebemos [[-2.0, 0.0, -3.0, -2.0, 2.0, 1.0], [-6.0",
    ),
    (lambda i, k: convolve_by_loops(i, k).ravel(), "-2.0, -6.0], da forma (6,)"),
    (lambda i, k: convolve_by_loops(i, k)[..., None], "da forma (3, 2, 1)"),
    (lambda i, k: np.sum(products_as_lists(i, k)), "esperávamos um array; recebemos"),
    (lambda i, k: (i * k).sum(), f"{STOPPED}: ValueError"),
]


def pool_by_loops(maps, choose=max):
    return [
        [
            [
                choose(maps[row : row + 2, column : column + 2, c].ravel())
                for c in range(maps.shape[2])
            ]
            for column in range(0, maps.shape[1] - 1, 2)
        ]
        for row in range(0, maps.shape[0] - 1, 2)
    ]


def keras_pool(maps, layer=keras.layers.MaxPooling2D, **options):
    return layer(**options)(np.float32(maps)[None])[0]


def whole_windows(maps):
    height, width, _ = maps.shape
    return maps[: height - height % 2, : width - width % 2]


def pool_by_corners(maps):
    maps = whole_windows(maps)
    corners = [maps[row::2, column::2] for row in (0, 1) for column in (0, 1)]
    return np.maximum.reduce(corners)


def pool_above_zero(maps):
    return [[[max(0, value) for value in cell] for cell in row] for row in pool_by_loops(maps)]


def pool_in_memory_order(maps):
    height, width, channels = maps.shape
    windows = whole_windows(maps).reshape(height // 2, width // 2, 4, channels)
    return np.amax(windows, axis=2)


MAX_POOL = [
    (pool_by_loops, RIGHT),
    (keras_pool, RIGHT),
    (pool_by_corners, RIGHT),
    (lambda m: tf.nn.max_pool2d(np.float32(m)[None], 2, 2, "VALID")[0], RIGHT),
    (lambda m: ndimage.maximum_filter(m, (2, 2, 1), origin=(-1, -1, 0))[:-1:2, :-1:2], RIGHT),
    (
        lambda m: keras_pool(m, keras.layers.AveragePooling2D, pool_size=2),
        "Qual valor se guarda aqui?",
    ),
    (lambda m: -np.array(pool_by_loops(-m)), "o menor valor"),
    (lambda m: keras_pool(m, strides=1), "As suas janelas se sobrepõem"),
    (lambda m: np.max(pool_by_loops(m), axis=-1), "Os canais sumiram"),
    (lambda m: keras_pool(m, padding="same"), "há janelas demais"),
    (lambda m: m[range(0, len(m), 2)][:, range(0, m.shape[1], 2)], "o canto de cada janela"),
    (pool_in_memory_order, "pixels que não são vizinhos"),
    (lambda m: keras_pool(m, keras.layers.GlobalMaxPooling2D), "Sobrou um valor por mapa"),
    (pool_above_zero, f"[[[-1, 4], [-3, 2]], [[-2, 9], [-4, 6]]], {WRONG} [[[0.0, 9.0]]]"),
    (lambda m: pool_by_loops(m, sum), WRONG),
    (lambda m: m, "da forma (1, 2, 1); recebemos [[[1.0], [5.0], [3.0], [9.0]], [[4.0]"),
    (lambda m: keras_pool(m, pool_size=3), "da forma (0, 1, 1)"),
    (lambda m: np.max(pool_by_loops(m), axis=-1, keepdims=True), "(1, 1, 1)"),
    (lambda m: np.array(pool_by_loops(m))[None], "da forma (1, 1, 2, 1)"),
    (lambda m: m.max(), "um array; recebemos 9"),
    (lambda m: m.reshape(len(m) // 2, 2, m.shape[1] // 2, 2, -1), f"{STOPPED}: ValueError"),
    (lambda m: keras.layers.MaxPooling2D()(m), f"{STOPPED}: ValueError"),
]


def mirror_by_loops(images):
    mirrored = np.zeros_like(images)
    for number, image in enumerate(images):
        for row, pixels in enumerate(image):
            for column, pixel in enumerate(pixels):
                mirrored[number, row, -1 - column] = pixel
    return mirrored


def mirror_in_place(images):
    images[:] = np.flip(images, axis=2).copy()
    return images


def mirror_one(images):
    mirrored = images.copy()
    mirrored[0] = np.fliplr(images[0])
    return mirrored


FLIP = [
    (mirror_by_loops, RIGHT),
    (mirror_in_place, RIGHT),
    (tf.image.flip_left_right, RIGHT),
    (lambda i: [np.fliplr(image) for image in i], RIGHT),
    (lambda i: i[..., ::-1, :], RIGHT),
    (lambda i: keras.ops.flip(i, axis=-2), RIGHT),
    (tf.image.flip_up_down, "de cabeça para baixo"),
    (lambda i: [np.flipud(image) for image in i], "de cabeça para baixo"),
    (lambda i: np.flip(i, axis=0), "De quem são agora os rótulos?"),
    (lambda i: list(reversed(i)), "De quem são agora os rótulos?"),
    (lambda i: np.flip(i, axis=3), "o vermelho e o azul"),
    (lambda i: tf.image.rot90(i, k=2), "giraram 180 graus"),
    (tf.image.transpose, "Altura e largura"),
    (lambda i: i.copy(), "como chegaram"),
    (mirror_one, "as outras do lote"),
    (lambda i: np.fliplr(i[0]), "o resto do lote"),
    (lambda i: i[:, :, ::-1, ::-1], f"{WRONG} [[[[8.0, 7.0, 6.0], [5.0"),
    (np.flip, WRONG),
    (lambda i: 9 - i, WRONG),
    (tf.image.rot90, "da forma (1, 2, 3, 3); recebemos [[[[6.0, 7.0, 8.0]"),
    (lambda i: np.concatenate([i, i[:, :, ::-1]]), "da forma (2, 2, 3, 3)"),
    (lambda i: i[:, :, -1], "da forma (1, 2, 3)"),
    (lambda i: (i, i[:, :, ::-1]), "da forma (2, 1, 2, 3, 3)"),
    (lambda i: i.mean(), "um array; recebemos"),
    (lambda i: i[:, :, :, :, ::-1], f"{STOPPED}: IndexError"),
]


def epoch_by_loop(loss, val_loss):
    best, lowest = None, float("inf")
    for epoch, value in enumerate(val_loss, 1):
        if value < lowest:
            best, lowest = epoch, value
    return best


def epoch_before_a_rise(loss, val_loss):
    epoch = 1
    while val_loss[epoch] < val_loss[epoch - 1]:
        epoch += 1
    return epoch


def epoch_of_the_crossing(loss, val_loss):
    pairs = enumerate(zip(loss, val_loss, strict=True), start=1)
    return next(epoch for epoch, (train, val) in pairs if val > train)


def epoch_of_the_smallest_gap(loss, val_loss):
    gaps = [abs(one - other) for one, other in zip(loss, val_loss, strict=True)]
    return gaps.index(min(gaps)) + 1


STOP = [
    (epoch_by_loop, RIGHT),
    (lambda one, v: v.index(min(v)) + 1, RIGHT),
    (lambda one, v: min(zip(v, range(1, 99), strict=False))[1], RIGHT),
    (lambda one, v: pd.Series(v, index=range(1, len(v) + 1)).idxmin(), RIGHT),
    (lambda one, v: tf.argmin(v) + 1, RIGHT),
    (lambda one, v: float(np.argsort(v)[0] + 1), RIGHT),
    (lambda one, v: v.index(min(v)), "a partir de 0"),
    (lambda one, v: pd.Series(v).idxmin(), "a partir de 0"),
    (lambda one, v: one.index(min(one)) + 1, "só decora"),
    (lambda one, v: max(range(1, len(one) + 1)), "a última época"),
    (lambda one, v: v.index(max(v)) + 1, "a maior perda de validação"),
    (epoch_of_the_smallest_gap, "próximas uma da outra"),
    (epoch_of_the_crossing, "acima da de treino"),
    (epoch_before_a_rise, "antes da primeira subida"),
    (lambda one, v: epoch_before_a_rise(one, v) + 1, "sobe pela primeira vez"),
    (lambda one, v: sorted(v)[0], "A que época ela pertence?"),
    (lambda one, v: one.index(min(one)), f"{WRONG} 5"),
    (lambda one, v: epoch_by_loop(one, v) + 1, f"{WRONG} 5"),
    (lambda one, v: np.add(one, v).argmin() + 1, WRONG),
    (lambda one, v: min(one), f"{WRONG} 0.09"),
    (lambda one, v: v, "um número; recebemos [0.67, 0.6,"),
    (lambda one, v: [epoch_by_loop(one, v)], "um número; recebemos [4.0]"),
    (lambda one, v: v.argmin() + 1, f"{STOPPED}: AttributeError"),
]


def interval_of(numbers, factor, error):
    center = sum(numbers) / len(numbers)
    return [center - factor * error, center + factor * error]


def gaps_of(first, second):
    return [one - other for one, other in zip(first.tolist(), second.tolist(), strict=True)]


def paired_with_slips(level=0.975, lost=1, deviation=statistics.stdev, power=0.5, gaps=gaps_of):
    def interval(first, second):
        found = list(gaps(first, second))
        n = len(found)
        return interval_of(found, stats.t(n - lost).ppf(level), deviation(found) / n**power)

    return interval


paired_by_hand = paired_with_slips()


def paired_by_pandas(first, second):
    gaps = pd.DataFrame({"first": first, "second": second}).eval("first - second")
    return interval_of(gaps, stats.t.isf(0.025, gaps.size - 1), gaps.sem())


def normal_interval(gaps, error):
    return stats.norm.interval(0.95, gaps.mean(), error)


def two_groups(first, second):
    error = math.hypot(stats.sem(first), stats.sem(second))
    return interval_of(first - second, stats.t.ppf(0.975, len(first) - 1), error)


PAIRED = [
    (paired_by_hand, RIGHT),
    (paired_by_pandas, RIGHT),
    (lambda a, b: stats.ttest_rel(a, b).confidence_interval(0.95), RIGHT),
    (lambda a, b: stats.t.interval(0.95, len(a) - 1, np.mean(a - b), stats.sem(a - b)), RIGHT),
    (lambda a, b: np.float32(stats.ttest_1samp(a - b, 0).confidence_interval()), RIGHT),
    (lambda a, b: stats.ttest_rel(b, a).confidence_interval(0.95), "positiva ou negativa?"),
    (paired_with_slips(gaps=lambda a, b: map(abs, gaps_of(a, b))), "perderam o sinal"),
    (two_groups, "as incertezas dos dois modelos"),
    (lambda a, b: stats.ttest_ind(a, b).confidence_interval(), "dois grupos sem relação"),
    (lambda a, b: stats.ttest_1samp(a, 0).confidence_interval(), "do primeiro modelo."),
    (lambda a, b: stats.ttest_1samp(b, 0).confidence_interval(), "do segundo modelo."),
    (paired_with_slips(deviation=statistics.pstdev), "um pouco estreito"),
    (paired_with_slips(power=0), "em uma só semente"),
    (paired_with_slips(power=1), "à metade ou a um quarto"),
    (lambda a, b: normal_interval(a - b, stats.sem(a - b)), "E com poucas sementes?"),
    (lambda a, b: interval_of(a - b, 1.96, stats.sem(a - b)), "E com poucas sementes?"),
    (lambda a, b: normal_interval(a - b, stats.sem(a - b, ddof=0)), "dois descuidos"),
    (lambda a, b: interval_of(a - b, 1.96, (a - b).std() / len(a) ** 0.5), "dois descuidos"),
    (paired_with_slips(level=0.95), "de 90 %"),
    (paired_with_slips(lost=0), "graus de liberdade"),
    (lambda a, b: interval_of(a - b, 1, pd.Series(a - b).std()), "a faixa da diferença"),
    (lambda a, b: interval_of(a - b, 1, stats.sem(a - b)), "um erro padrão"),
    (lambda a, b: (np.mean(a - b), np.ptp(paired_by_hand(a, b)) / 2), "a meia largura"),
    (paired_with_slips(level=0.025), "o começo do intervalo"),
    (lambda a, b: np.sort(a - b)[[0, -1]], "a menor e a maior diferença"),
    (lambda a, b: np.quantile(a - b, (0.025, 0.975)), "E onde fica a média delas?"),
    (lambda a, b: 100 * np.array(paired_by_hand(a, b)), f"{WRONG} [-0.484, 4.484]"),
    (
        lambda a, b: interval_of(a - b, 2, stats.sem(a - b)),
        f"[0.8, 0.74, 0.83], [0.78, 0.71, 0.82], {WRONG} [0.008, 0.032]",
    ),
    (lambda a, b: stats.ttest_ind(a, b, equal_var=False).confidence_interval(), WRONG),
    (lambda a, b: (0, paired_by_hand(a, b)[1]), f"{WRONG} [0.0, 0.045]"),
    (lambda a, b: paired_by_hand(a, b)[0], "dois números; recebemos -0.005."),
    (lambda a, b: np.append(paired_by_hand(a, b), 5), "recebemos [-0.005, 0.045, 5.0]"),
    (lambda a, b: np.diff([paired_by_hand(a, b)]), "dois números; recebemos [[0.05]]"),
    (lambda a, b: f"{np.mean(a - b):.2f} ± 0.02", "dois números; recebemos '0.02 ± 0.02'"),
    (lambda a, b: stats.t.interval(0.95, len(a) - 1, a - b), "dois números; recebemos (array("),
    (lambda a, b: (a - b).stdev(), f"{STOPPED}: AttributeError"),
]


def length_by_cutting(count, batch_size, drop_remainder):
    lengths = [len(batch) for batch in batches_of_paths(range(count), batch_size)]
    return sum(length == batch_size for length in lengths) if drop_remainder else len(lengths)


def length_by_data(count, batch_size, drop_remainder):
    return tf.data.Dataset.range(count).batch(batch_size, drop_remainder).cardinality()


def length_where(drop, wrong):
    """A right answer but for one value of `drop_remainder`."""

    def length(count, batch_size, drop_remainder):
        given = count, batch_size
        return wrong(*given) if drop_remainder == drop else length_by_cutting(*given, not drop)

    return length


LENGTH = [
    (length_by_cutting, RIGHT),
    (length_by_data, RIGHT),
    (lambda n, b, d: (n if d else n + b - 1) // b, RIGHT),
    (lambda n, b, d: np.floor(n / b) if d else np.ceil(n / b), RIGHT),
    (lambda n, b, d: n // b + (not d and n % b > 0), RIGHT),
    (lambda n, b, d: n // b, "ficam sempre de fora"),
    (lambda n, b, d: math.ceil(n / b), "o lote incompleto fica sempre"),
    (lambda n, b, d: length_by_cutting(n, b, not d), "trocaram de lugar"),
    (length_where(False, lambda n, b: n // b + 1), "um lote a mais"),
    (length_where(False, lambda n, b: n / b), "Para que lado"),
    (lambda n, b, d: n / b, "Existe meio lote?"),
    (length_where(False, lambda n, b: np.round(n / b)), "o inteiro mais próximo"),
    (length_where(False, lambda n, b: n // b + n % b), "número de fotos que sobram"),
    (length_where(True, lambda n, b: math.ceil(n / b) - 1), "mesmo quando está cheio"),
    (lambda n, b, d: n % b, f"7, 3, False, {WRONG} 1.0"),
    (lambda n, b, d: b, f"7, 3, True, {WRONG} 3.0"),
    (length_where(True, lambda n, b: max(1, n // b)), f"2, 5, True, {WRONG} 1.0"),
    (lambda n, b, d: divmod(n, b), "um número; recebemos [2.0, 1.0]"),
    (lambda n, b, d: d, "um número; recebemos False"),
    (lambda n, b, d: len(n) // b, f"{STOPPED}: TypeError"),
]


def rows_by_cutting(index, count, batch_size):
    batch = batches_of_paths(range(count), batch_size)[index]
    return batch[0], batch[-1] + 1


def rows_with(change):
    """A right answer, changed by `change(start, stop, count)`."""
    return lambda i, n, b: change(*rows_by_cutting(i, n, b), n)


ROWS = [
    (rows_by_cutting, RIGHT),
    (lambda i, n, b: slice(i * b, (i + 1) * b).indices(n)[:2], RIGHT),
    (lambda i, n, b: [b * i, b * i + min(b, n - b * i)], RIGHT),
    (lambda i, n, b: np.clip([i * b, (i + 1) * b], 0, n), RIGHT),
    (lambda i, n, b: tf.minimum([i * b, i * b + b], n), RIGHT),
    (lambda i, n, b: (i, i + b), "que já está no lote 0"),
    (lambda i, n, b: np.clip([i, i + b], 0, n), "E onde cada lote começa?"),
    (lambda i, n, b: (i * b, (i + 1) * b), "`stop - 1`"),
    (lambda i, n, b: np.clip([i * b, (i + 1) * b], 0, n - 1), "A última foto de todas"),
    (rows_with(lambda start, stop, n: (start, stop - 1)), "a última foto de cada lote"),
    (lambda i, n, b: (i * b, i * b + b - 1), "dois descuidos"),
    (lambda i, n, b: (i * b, b), "um tamanho"),
    (rows_with(lambda start, stop, n: (start, n)), "até o fim da lista"),
    (lambda i, n, b: ((i - 1) * b, min(i * b, n)), "a partir de 1"),
    (lambda i, n, b: (max(min(i * b, n - b), 0), min(i * b + b, n)), "repete fotos do anterior"),
    (rows_with(lambda start, stop, n: (stop, start)), "Qual deles vem primeiro?"),
    (rows_with(lambda start, stop, n: (start, stop - start)), f"1, 7, 3, {WRONG} [3.0, 3.0]"),
    (lambda i, n, b: (i * b, -1), f"1, 7, 3, {WRONG} [3.0, -1.0]"),
    (rows_with(lambda start, stop, n: (start + 1, stop)), f"1, 7, 3, {WRONG} [4.0, 6.0]"),
    (lambda i, n, b: i * b, "dois números; recebemos 3"),
    (rows_with(range), "dois números; recebemos range(3, 6, 7)"),
    (lambda i, n, b: slice(i * b, i * b + b), "dois números; recebemos slice(3, 6, None)"),
    (lambda i, n, b: range(n)[i * b : i * b + b], "dois números; recebemos range(3, 6)"),
    (lambda i, n, b: n[i * b : i * b + b], f"{STOPPED}: TypeError"),
]


def bytes_by_numpy(batch_size, height, width, bits):
    kind = {8: np.uint8, 16: np.float16, 32: np.float32, 64: np.float64}[bits]
    return np.empty((batch_size, height, width, 3), kind).nbytes


BYTES = [
    (bytes_by_numpy, RIGHT),
    (lambda b, h, w, bits: b * h * w * 3 * (bits // 8), RIGHT),
    (lambda b, h, w, bits: math.prod((b, h, w, 3)) / (8 / bits), RIGHT),
    (lambda b, h, w, bits: sum(3 * h * w * bits >> 3 for _ in range(b)), RIGHT),
    (lambda b, h, w, bits: b * h * w * bits // 8, "E em uma foto colorida?"),
    (lambda b, h, w, bits: b * h * w * 4 * bits // 8, "quatro números"),
    (lambda b, h, w, bits: b * h * w * 3 * bits, "Isso são bits. Quantos"),
    (lambda b, h, w, bits: b * h * w * bits, "dois descuidos"),
    (lambda b, h, w, bits: b * h * w * 3 * bits * 8, "64 vezes"),
    (lambda b, h, w, bits: bytes_by_numpy(1, h, w, bits), "Isso é uma foto"),
    (lambda b, h, w, bits: np.zeros((b, h, w, 3)).size, "os números do lote"),
    (lambda b, h, w, bits: bytes_by_numpy(b, h, w, 32), "não muda quando `bits` muda"),
    (lambda b, h, w, bits: bytes_by_numpy(b, h, w, bits) / 1e6, "megabytes (MB)"),
    (lambda b, h, w, bits: bytes_by_numpy(b, h, w, bits) / 1024**2, "mebibytes (MiB)"),
    (lambda b, h, w, bits: bytes_by_numpy(b, h, w, bits) / 1000, f"2, 3, 4, 16, {WRONG} 0.144"),
    (lambda b, h, w, bits: b * (h + w) * 3 * bits / 8, f"2, 3, 4, 16, {WRONG} 84.0"),
    (lambda b, h, w, bits: bytes_by_numpy(b, h, w, bits) + 128, f"{WRONG} 272.0"),
    (lambda b, h, w, bits: (b, h, w, 3), "um número; recebemos [2.0, 3.0, 4.0, 3.0]"),
    (lambda b, h, w, bits: f"{b * h * w * 3 * bits / 8e6:.0f} MB", "um número; recebemos '0 MB'"),
    (lambda b, h, w, bits: np.zeros((b, h, w, 3), bits).nbytes, f"{STOPPED}: TypeError"),
]


def label_by_loop(path, classes):
    for number, name in enumerate(classes):
        if name == path.parts[-2]:
            return number


def last_class_named(path, classes):
    for number, name in enumerate(classes):
        if str(path).count(name):
            found = number
    return found


def first_folder_named(path, classes):
    numbers = {name: number for number, name in enumerate(classes)}
    return [numbers[part] for part in path.parts if part in numbers][0]


LABEL = [
    (label_by_loop, RIGHT),
    (lambda p, c: c.index(p.parts[-2]), RIGHT),
    (lambda p, c: {name: number for number, name in enumerate(c)}[p.parent.name], RIGHT),
    (lambda p, c: c.index(p.as_posix().split("/")[-2]), RIGHT),
    (lambda p, c: c.index(re.split(r"[\\/]", str(p))[-2]), RIGHT),
    (lambda p, c: np.flatnonzero(np.array(c) == p.parent.name)[0], RIGHT),
    (lambda p, c: pd.Index(c).get_loc(p.parent.name), RIGHT),
    (lambda p, c: tf.argmax([name == p.parent.name for name in c]), RIGHT),
    (lambda p, c: 1 + label_by_loop(p, c), "as classes a partir de 1"),
    (lambda p, c: np.unique(c).tolist().index(p.parent.name), "ordem alfabética"),
    (lambda p, c: next(n for n, name in enumerate(c) if name in p.as_posix()), "na primeira"),
    (last_class_named, "com a última classe"),
    (first_folder_named, "E se ela estiver dentro"),
    (lambda p, c: np.argmax([name in p.parts[-2] for name in c]), "um nome pode conter outro"),
    (
        lambda p, c: len(c),
        f"PurePosixPath('photos/rice/017-a.jpg'), ['beans', 'rice', 'sugar'], {WRONG} 3",
    ),
    (lambda p, c: -1, f"{WRONG} -1"),
    (
        lambda p, c: next(n for n, name in enumerate(c) if str(p.parent).endswith(name)),
        f"white rice/1.JPG'), ['rice', 'beans', 'white rice'], {WRONG} 0",
    ),
    (lambda p, c: p.parent.name, "um número; recebemos 'rice'"),
    (lambda p, c: p.parent, "um número; recebemos PurePosixPath('photos/rice')"),
    (lambda p, c: np.eye(3)[label_by_loop(p, c)], "um número; recebemos [0.0, 1.0, 0.0]"),
    (lambda p, c: [name == p.parent.name for name in c], "um número; recebemos [False, True"),
    (lambda p, c: int(p.split("/")[-2]), f"{STOPPED}: AttributeError"),
    (lambda p, c: int(str(p).split("/")[-2]), f"{STOPPED}: ValueError"),
    (lambda p, c: c.index(str(p).split("/")[-2]), "PureWindowsPath('C:/photos/sugar/003-b.jpg')"),
    (lambda p, c: c.index(p.stem), f"{STOPPED}: ValueError"),
]


def order_by_random(make):
    """Answer that lets `make(seed, epoch)`, a `random.Random`, shuffle a list."""

    def order(count, seed, epoch):
        numbers = list(range(count))
        make(seed, epoch).shuffle(numbers)
        return numbers

    return order


def order_by_steps(count, seed, epoch):
    """Draws the orders of all epochs up to this one."""
    generator = np.random.default_rng(seed)
    return [generator.permutation(count) for _ in range(epoch + 1)][-1]


def order_by_state(count, seed, epoch):
    """Draws from NumPy's global generator, which it seeds."""
    np.random.seed([seed, epoch])
    return np.random.permutation(count)


def order_by_tensorflow(count, seed, epoch):
    return tf.random.experimental.stateless_shuffle(tf.range(count), seed=[seed, epoch])


def order_by_keras(count, seed, epoch):
    return keras.random.shuffle(np.arange(count), seed=1000 * seed + epoch)


def order_by_sorting(count, seed, epoch):
    return np.random.default_rng((seed, epoch)).random(count).argsort()


def order_with(start, draw=np.random.RandomState.permutation):
    """Answer of an old generator that `start(seed, epoch)` seeds."""
    return lambda count, seed, epoch: draw(np.random.RandomState(start(seed, epoch)), count)


def order_but(when, otherwise):
    """A right answer but for the calls for which `when(count, seed, epoch)` holds."""
    return lambda *given: (otherwise if when(*given) else order_by_sorting)(*given)


ONE_GENERATOR = random.Random(13)


def in_line(count, seed, epoch):
    return np.arange(count)


ORDER = [
    (order_by_random(lambda s, e: random.Random(f"{s}, {e}")), RIGHT),
    (order_by_random(lambda s, e: random.Random(hash((s, e)))), RIGHT),
    (order_by_steps, RIGHT),
    (order_by_state, RIGHT),
    (order_by_tensorflow, RIGHT),
    (order_by_keras, RIGHT),
    (order_by_sorting, RIGHT),
    (order_with(lambda s, e: abs(hash((s, e))) % 2**32), RIGHT),
    (order_with(lambda s, e: [s, e], lambda r, n: r.choice(n, n, replace=False)), RIGHT),
    (lambda n, s, e: pd.Series(range(n)).sample(frac=1, random_state=1000 * s + e), RIGHT),
    (lambda n, s, e: random.Random(repr([s, e])).sample(range(n), n), RIGHT),
    (lambda n, s, e: np.float32(order_by_sorting(n, s, e)), RIGHT),
    (order_with(lambda s, e: s), "não muda quando `epoch` muda"),
    (order_by_random(lambda s, e: random.Random(s)), "não muda quando `epoch` muda"),
    (order_with(lambda s, e: e), "não muda quando `seed` muda"),
    (order_with(lambda s, e: 0), "A ordem é sempre a mesma"),
    (order_with(lambda s, e: s + e), "A semente 14 na época 0"),
    (order_by_random(lambda s, e: random.Random(e + s)), "A semente 14 na época 0"),
    (order_with(lambda s, e: s * e), "Na época 0, todas"),
    (order_with(lambda s, e: int(f"{s}{e}")), "sem nada entre os números"),
    (order_by_random(lambda s, e: random.Random(str(s) + str(e))), "sem nada entre os números"),
    (order_with(lambda s, e: None), "deu duas ordens"),
    (lambda n, s, e: np.random.permutation(n), "deu duas ordens"),
    (lambda n, s, e: random.sample(range(n), n), "deu duas ordens"),
    (order_by_random(lambda s, e: ONE_GENERATOR), "deu duas ordens"),
    (order_with(lambda s, e: [s, e], lambda r, n: r.choice(n, n)), "com reposição"),
    (order_with(lambda s, e: s, lambda r, n: r.randint(0, n, n)), "com reposição"),
    (lambda n, s, e: random.choices(range(n), k=n), "com reposição"),
    (in_line, "não foram embaralhadas"),
    (lambda n, s, e: sorted(order_by_sorting(n, s, e)), "não foram embaralhadas"),
    (lambda n, s, e: range(n)[::-1], "não foram embaralhadas"),
    (lambda n, s, e: np.roll(range(n), s + e), "não foram embaralhadas"),
    (lambda n, s, e: order_by_sorting(n, s, e) + 1, "as fotos a partir de 1"),
    (order_with(lambda s, e: 10 * s + e), "20, 13, 10, a função devolveu"),
    (order_but(lambda n, s, e: e == 0, in_line), "20, 13, 0, a função devolveu [0.0, 1.0, 2.0, "),
    (
        order_but(lambda n, s, e: s == 1, lambda n, s, e: range(7, 27)),
        "20, 1, 30, a função devolveu",
    ),
    (order_but(lambda n, s, e: n == 35, in_line), "35, 13, 2, a função devolveu [0.0, 1.0, "),
    (lambda n, s, e: order_by_sorting(n, s, e)[:5], "20, 13, 0, a função devolveu ["),
    (lambda n, s, e: order_by_sorting(n + 1, s, e), "20, 13, 0, a função devolveu ["),
    (lambda n, s, e: order_by_sorting(n, s, e) / n, "20, 13, 0, a função devolveu ["),
    (lambda n, s, e: order_by_sorting(n, s, e)[None], "um número por foto; recebemos [["),
    (lambda n, s, e: np.random.default_rng([s, e]), "um número por foto; recebemos Generator"),
    (lambda n, s, e: order_by_sorting(20, s, e)[0], "um número por foto; recebemos"),
    (
        order_but(lambda n, s, e: e == 1, lambda *given: "x"),
        "20, 13, 1, esperávamos um número por foto",
    ),
    (
        order_but(lambda n, s, e: n == 35, lambda *given: "x"),
        "35, 13, 2, esperávamos um número por foto",
    ),
    (lambda n, s, e: np.random.default_rng([s, e]).shuffle(np.arange(n)), "Falta um `return`"),
    (lambda n, s, e: np.random.default_rng(s - 2 * e).permutation(n), f"{STOPPED}: ValueError"),
]


def recalls_by_loop(confusion):
    found = []
    for number, row in enumerate(confusion.tolist()):
        found.append(row[number] / sum(row) if sum(row) else float("nan"))
    return found


def predictions_of(confusion):
    """The right and the predicted class of each photo."""
    return np.repeat(np.argwhere(confusion >= 0), confusion.ravel(), axis=0).T


def recalls_by_photo(confusion):
    right, predicted = predictions_of(confusion)
    hits = pd.Series(right == predicted).groupby(right).mean()
    return hits.reindex(range(len(confusion)))


def score_by_photo(score, **options):
    """Answer from a score of scikit-learn for all classes."""

    def scores(confusion):
        every = range(len(confusion))
        return score(*predictions_of(confusion), labels=every, average=None, **options)

    return scores


def one_class_against_all(confusion):
    right, predicted = predictions_of(confusion)
    return [np.mean((right == c) == (predicted == c)) for c in range(len(confusion))]


RECALL = [
    (recalls_by_loop, RIGHT),
    (recalls_by_photo, RIGHT),
    (score_by_photo(recall_score, zero_division=np.nan), RIGHT),
    (lambda c: np.diag(c) / c.sum(axis=1), RIGHT),
    (lambda c: (c / c.sum(axis=1, keepdims=True)).diagonal(), RIGHT),
    (lambda c: np.diag(c / c.sum(axis=1)), RIGHT),
    (lambda c: tf.linalg.diag_part(c) / tf.reduce_sum(c, axis=1), RIGHT),
    (lambda c: np.float32([row[n] / row.sum() for n, row in enumerate(c)]), RIGHT),
    (score_by_photo(precision_score), "Isso é a precisão"),
    (lambda c: np.diag(c) / sum(c), "Isso é a precisão"),
    (lambda c: accuracy_score(*predictions_of(c)), "Isso é a acurácia"),
    (lambda c: [c[n, n] / c.sum() for n in range(len(c))], "por todas as fotos"),
    (lambda c: [c[n, n] for n in range(len(c))], "contagens de fotos"),
    (score_by_photo(recall_score, zero_division=0), "recebeu 0"),
    (lambda c: np.diag(c) / np.maximum(c.sum(axis=1), 1), "recebeu 0"),
    (lambda c: pd.Series(recalls_by_loop(c)).dropna(), "sumiu"),
    (lambda c: (c.sum(axis=1) - np.diag(c)) / c.sum(axis=1), "a fração de erros"),
    (lambda c: 100 * np.diag(c) / c.sum(axis=1), "e não de 0 a 100"),
    (lambda c: pd.Series(recalls_by_loop(c)).mean(), "a média das revocações"),
    (lambda c: np.amax(c, axis=1) / c.sum(axis=1), "o maior número de cada linha"),
    (lambda c: c / c.sum(axis=1), "cada coluna pelo total"),
    (lambda c: (c.T / c.sum(axis=1)).T, "a matriz inteira. Que números"),
    (one_class_against_all, "não confundiu com esta"),
    (score_by_photo(f1_score), f"[[3, 1, 0], [0, 0, 0], [2, 0, 2]], {WRONG} [0.6"),
    (lambda c: np.where(c.sum(axis=1), np.diag(c) / c.sum(axis=1), 1), f"{WRONG} [0.75, 1.0, 0.5]"),
    (lambda c: recalls_by_loop(c)[::-1], f"{WRONG} [0.5, nan, 0.75]"),
    (lambda c: recalls_by_loop(c)[0], "um número por classe; recebemos 0.75"),
    (lambda c: dict(enumerate(recalls_by_loop(c))), "um número por classe; recebemos {0: 0.75"),
    (lambda c: [row[n] // 0 for n, row in enumerate(c.tolist())], f"{STOPPED}: ZeroDivisionError"),
]


def scene_of(name):
    scene, _, _ = name.rpartition("-")
    return scene


def leaks_by_loop(train, test):
    count = 0
    for name in test:
        for other in train:
            if scene_of(name) == scene_of(other):
                count += 1
                break
    return count


def leaks_by_pandas(train, test):
    train, test = (
        pd.Series(part).str.replace(r"-[^-]*$", "", regex=True) for part in (train, test)
    )
    return test.isin(train).sum()


def pairs_of_one_scene(train, test):
    return sum(scene_of(one) == scene_of(other) for one in train for other in test)


def leaks_by(scene):
    """Answer that looks for `scene(name)` of each test photo among those of the training photos."""
    return lambda train, test: len([name for name in test if scene(name) in map(scene, train)])


LEAK = [
    (leaks_by_loop, RIGHT),
    (leaks_by_pandas, RIGHT),
    (leaks_by(lambda name: "-".join(name.split("-")[:-1])), RIGHT),
    (leaks_by(lambda name: name[: name.rindex("-")]), RIGHT),
    (lambda a, b: np.isin([scene_of(n) for n in b], [scene_of(n) for n in a]).sum(), RIGHT),
    (lambda a, b: sum(name in a for name in b), "sempre 0"),
    (leaks_by(lambda name: name.split(".")[0]), "sempre 0"),
    (lambda a, b: len({scene_of(n) for n in a} & {scene_of(n) for n in b}), "Isso são as cenas"),
    (lambda a, b: leaks_by_loop(b, a), "Você contou fotos de treino. Quais"),
    (lambda a, b: leaks_by_loop(a, b) + leaks_by_loop(b, a), "de treino e de teste"),
    (pairs_of_one_scene, "pares de fotos"),
    (leaks_by(lambda name: name.partition("-")[0]), "no primeiro hífen"),
    (leaks_by(lambda name: name.split("-")[-1]), "depois do último hífen. Isso é a cena?"),
    (leaks_by(lambda name: name[0:3]), "os três primeiros caracteres"),
    (leaks_by(lambda name: name[: len(name) - 6]), "o mesmo número de caracteres"),
    (lambda a, b: sum(any(scene_of(o) in n for o in a) for n in b), "começar como o de outra"),
    (lambda a, b: np.mean([n in map(scene_of, a) for n in map(scene_of, b)]), "a fração"),
    (lambda a, b: sum(n not in map(scene_of, a) for n in map(scene_of, b)), "se pode confiar"),
    (
        lambda a, b: leaks_by_loop(a, b) + 1,
        "['017-a.jpg', '017-b.jpg', '018-a.jpg'], ['017-c.jpg', '019-a.jpg', '020-b.jpg'], "
        f"{WRONG} 2",
    ),
    (leaks_by(len), f"{WRONG} 3"),
    (lambda a, b: sum(any(n.startswith(scene_of(o) + "-") for o in a) for n in b), f"{WRONG} 2"),
    (lambda a, b: len(b), f"{WRONG} 3"),
    (lambda a, b: leaks_by_loop(a, b) > 0, "um número; recebemos True"),
    (lambda a, b: {scene_of(n) for n in b}, "um número; recebemos {'0"),
    (lambda a, b: [n for n in b if scene_of(n) in map(scene_of, a)], "recebemos ['017-c.jpg']"),
    (lambda a, b: len(set(a.str.rsplit("-", 1)) & set(b)), f"{STOPPED}: AttributeError"),
]


def iou_by_loops(truth, prediction):
    both = either = 0
    for row, column in np.ndindex(truth.shape):
        free = (truth[row, column] == 0, prediction[row, column] == 0)
        both += all(free)
        either += any(free)
    return both / either if either else math.nan


def iou_by_sets(truth, prediction):
    one, other = (set(map(tuple, np.argwhere(mask == 0))) for mask in (truth, prediction))
    return len(one & other) / len(one | other) if one | other else float("nan")


def iou_by_confusion(truth, prediction):
    table = confusion_matrix(truth.ravel(), prediction.ravel(), labels=[0, 1])
    return table[0, 0] / (table.sum() - table[1, 1])


def iou_by_keras(truth, prediction):
    if truth.all() and prediction.all():
        return np.nan
    metric = keras.metrics.IoU(num_classes=2, target_class_ids=[0])
    metric.update_state(truth, prediction)
    return metric.result()


def score_of_free(score, **options):
    """Answer from a score of scikit-learn for class 0."""

    def answer(truth, prediction):
        free = [mask.ravel() == 0 for mask in (truth, prediction)]
        if not np.any(free):
            return np.nan
        return score(*free, **options)

    return answer


def free_with(change):
    """Answer from `change(free in both, in the truth, in the prediction)`, counts of pixels."""

    def answer(truth, prediction):
        t, p = truth == 0, prediction == 0
        return change(np.sum(t * p), np.sum(t), np.sum(p)) if (t | p).any() else np.nan

    return answer


FREE_SCORE = {"zero_division": np.nan}

IOU = [
    (iou_by_loops, RIGHT),
    (iou_by_sets, RIGHT),
    (iou_by_confusion, RIGHT),
    (iou_by_keras, RIGHT),
    (score_of_free(jaccard_score), RIGHT),
    (free_with(lambda both, t, p: both / (t + p - both)), RIGHT),
    (lambda t, p: np.float32(1 - np.maximum(t, p)).sum() / (1 - np.minimum(t, p)).sum(), RIGHT),
    (lambda t, p: jaccard_score(t.ravel(), p.ravel()), "classe 1, o dos obstáculos"),
    (lambda t, p: accuracy_score(t.ravel(), p.ravel()), "a acurácia por pixel"),
    (score_of_free(recall_score, **FREE_SCORE), "Isso é a revocação"),
    (score_of_free(precision_score, **FREE_SCORE), "Isso é a precisão"),
    (score_of_free(f1_score), "coeficiente de Dice"),
    (free_with(lambda both, t, p: both / (t + p)), "entra na sua união"),
    (lambda t, p: np.nan_to_num(iou_by_loops(t, p)), "você devolveu 0"),
    (lambda t, p: jaccard_score(t.ravel(), p.ravel(), pos_label=0, zero_division=1), "devolveu 1"),
    (lambda t, p: (iou_by_loops(t, p) + iou_by_loops(1 - t, 1 - p)) / 2, "média dos IoUs"),
    (lambda t, p: np.nan if t.min() or p.min() else iou_by_loops(t, p), "uma só das máscaras"),
    (lambda t, p: np.nan if t.min() else iou_by_loops(t, p), "o chão existe só na previsão"),
    (lambda t, p: np.logical_not(t | p).sum(), "contagem de pixels"),
    (lambda t, p: np.mean((1 - t) * (1 - p)), "por todos os pixels"),
    (lambda t, p: 100 * iou_by_loops(t, p), f"[0, 0, 0, 1]], {WRONG} 50.0"),
    (
        lambda t, p: 1 - iou_by_loops(t, p),
        f"[0, 1, 1]], [[0, 0, 1], [0, 1, 1], [0, 0, 0]], {WRONG}",
    ),
    (lambda t, p: [iou_by_loops(t, p), iou_by_loops(1 - t, 1 - p)], "um número; recebemos [0.5"),
    (lambda t, p: (t == 0) & (p == 0), "um número; recebemos [[True, True, False, False]"),
    (lambda t, p: len(t & p) / len(t or p), f"{STOPPED}: ValueError"),
]


def halve_by_loops(mask, down=0, right=0):
    """Takes the pixel `down` and to the `right` of each block's corner."""
    height, width = mask.shape
    return [
        [mask[row + down, column + right] for column in range(0, width, 2)]
        for row in range(0, height, 2)
    ]


def halve_by(resize):
    """Answer from an image function on `(height, width, 1)` and the size that it should make."""
    return lambda m: np.squeeze(resize(m[..., None], (len(m) // 2, m.shape[1] // 2)), -1)


def halve_by_pillow(mask):
    height, width = mask.shape
    return Image.fromarray(mask).resize((width // 2, height // 2), Image.Resampling.NEAREST)


def halve_by_blocks(reduce):
    """Answer from `reduce(four pixels in a row)`."""

    def halve(mask):
        blocks = np.moveaxis(mask.reshape(len(mask) // 2, 2, -1, 2), 1, 2)
        return np.apply_along_axis(reduce, -1, blocks.reshape(*blocks.shape[:2], 4))

    return halve


HALVE = [
    (halve_by_loops, RIGHT),
    (lambda m: m[::2, ::2], RIGHT),
    (lambda m: np.delete(np.delete(m, range(1, len(m), 2), 0), range(1, m.shape[1], 2), 1), RIGHT),
    (lambda m: pd.DataFrame(m).iloc[::2, ::2], RIGHT),
    (lambda m: tf.strided_slice(m, [0, 0], m.shape, [2, 2]), RIGHT),
    (lambda m: np.take(m[range(0, len(m), 2)], range(0, m.shape[1], 2), axis=1), RIGHT),
    (halve_by_blocks(lambda four: four[0]), RIGHT),
    (halve_by(tf.image.resize), "média de cada bloco. Um"),
    (halve_by_blocks(np.mean), "média de cada bloco. Um"),
    (lambda m: np.uint8(halve_by(tf.image.resize)(m)), "sem a parte decimal"),
    (lambda m: (halve_by_blocks(np.mean)(m) / 255).astype(int), "Os valores também mudaram"),
    (lambda m: ndimage.minimum_filter(m, 2, origin=-1)[::2, ::2], "todo obstáculo emagrece"),
    (halve_by_blocks(max), "todo obstáculo engorda"),
    (halve_by_blocks(lambda four: 255 * (np.sum(four == 255) > 2)), "no empate ficou com o chão"),
    (halve_by_blocks(lambda four: 255 * (np.sum(four == 255) >= 2)), "ficou com o obstáculo"),
    (halve_by(lambda m, size: tf.image.resize(m, size, "nearest")), "de baixo, à direita"),
    (halve_by_pillow, "de baixo, à direita"),
    (lambda m: halve_by_loops(m, right=1), "de cima, à direita"),
    (lambda m: halve_by_loops(m, down=1), "de baixo, à esquerda"),
    (lambda m: [row for number, row in enumerate(m) if number % 2 == 0], "E a largura?"),
    (lambda m: m.T[::2].T, "E a altura?"),
    (lambda m: np.split(np.split(m, 2)[0], 2, axis=1)[0], "Isso é um recorte"),
    (lambda m: m[::2, ::2] > 0, "um array; recebemos [[True, True, False], [False, False, True]]"),
    (lambda m: np.array(halve_by_loops(m)) / 255, "mas na máscara os valores são"),
    (halve_by_blocks(np.median), f"{WRONG} [[255.0, 127.5, 0.0], [0.0, 127.5, 255.0]]"),
    (lambda m: 255 - m[::2, ::2], f"{WRONG} [[0.0, 0.0, 255.0], [255.0, 255.0, 0.0]]"),
    (lambda m: m[::2, ::2].T, "array da forma (2, 3); recebemos [[255.0, 0.0], [255.0, 0.0],"),
    (lambda m: m[::2, ::2, None], "array da forma (2, 3); recebemos [[[255.0]"),
    (lambda m: m[::2, ::2].ravel(), "da forma (2, 3); recebemos [255.0, 255.0, 0.0, "),
    (lambda m: m[::2, ::2].mean(), "um array; recebemos 127.5"),
    (lambda m: m.resize(len(m) / 2), f"{STOPPED}: "),
]


def dice_by_loops(truth, probability):
    overlap = total = 0.0
    for t, p in zip(truth.ravel(), probability.ravel(), strict=True):
        overlap += t * p
        total += t + p
    return 1 - 2 * overlap / total if total else 0


def dice_by_means(truth, probability):
    below = truth.mean() + probability.mean()
    return 1 - 2 * np.mean(truth * probability) / below if below > 0 else 0.0


def dice_by_distance(truth, probability):
    total = np.sum(truth) + np.sum(probability)
    return np.abs(probability - truth).sum() / np.maximum(total, 1e-9)


def dice_by_tensors(truth, probability):
    t, p = tf.cast(truth, tf.float32), tf.cast(probability, tf.float32)
    above = 2 * tf.reduce_sum(t * (1 - p)) + tf.reduce_sum(p) - tf.reduce_sum(t)
    return tf.math.divide_no_nan(above, tf.reduce_sum(t) + tf.reduce_sum(p))


def dice_with(formula):
    """Answer from `formula(sum of products, sum of p, sum of t)`."""

    def answer(truth, probability):
        p, t = probability.sum(), truth.sum()
        return formula((probability * truth).sum(), p, t) if p + t else 0

    return answer


DICE = [
    (dice_by_loops, RIGHT),
    (dice_by_means, RIGHT),
    (dice_by_distance, RIGHT),
    (dice_by_tensors, RIGHT),
    (lambda t, p: keras.losses.Dice()(t, p) if t.any() or p.any() else 0, RIGHT),
    (lambda t, p: 1 - (2 * np.vdot(p, t) + 1e-9) / (np.sum(p) + np.sum(t) + 1e-9), RIGHT),
    (lambda t, p: np.float32(dice_by_loops(t, p)), RIGHT),
    (dice_with(lambda both, p, t: 1 - both / (p + t)), "O que falta na fração?"),
    (dice_with(lambda both, p, t: 2 * both / (p + t)), "E uma perda?"),
    (dice_with(lambda both, p, t: -2 * both / (p + t)), "dá -1"),
    (lambda t, p: dice_by_loops(t, p.round()), "por 0 e 1"),
    (lambda t, p: dice_by_loops(t, 1 * (p >= 0.5)), "por 0 e 1"),
    (
        lambda t, p: 1 - f1_score(t.ravel(), p.ravel() > 0.5, zero_division=1),
        "por 0 e 1",
    ),
    (dice_with(lambda both, p, t: 1 - both / (p + t - both)), "perda de Jaccard"),
    (
        lambda t, p: 1 - 2 * (t * p).sum() / ((p * p).sum() + t.sum()) if p.any() else 0,
        "ao quadrado",
    ),
    (lambda t, p: np.mean([dice_by_loops(t[n], p[n]) for n in range(len(t))]), "em cada linha"),
    (lambda t, p: dice_by_loops(t == 0, 1 - p), "a perda da classe 0"),
    (lambda t, p: 1 - 2 * np.sum(t * p) / np.sum(t + p), "você devolveu NaN"),
    (lambda t, p: keras.losses.Dice()(t, p), "a do Keras"),
    (lambda t, p: 1 - 2 * np.sum(t * p) / (np.sum(t + p) + 1e-7), "a do Keras"),
    (lambda t, p: 1 - (2 * np.sum(t * p) + 1) / (np.sum(t + p) + 1), "Somar 1"),
    (lambda t, p: keras.ops.mean(keras.losses.mean_absolute_error(t, p)), "absoluto médio"),
    (dice_with(lambda both, p, t: both - both), f"[[0.1, 0.8], [0.7, 0.4]], {WRONG} 0"),
    (dice_with(lambda both, p, t: 2 * both / (p + t) - 1), f"{WRONG} -0.25"),
    (
        lambda t, p: keras.ops.mean(keras.losses.binary_crossentropy(t, p)),
        f"[[0.1, 0.8], [0.7, 0.4]], {WRONG} 0.299",
    ),
    (lambda t, p: dice_by_loops(t, p) if t.any() else 0.0, "[[0.3, 0.1], [0.2, 0.4]], a função"),
    (lambda t, p: 1 - 2 * t * p / (t + p), "um número; recebemos [[1.0, 0.111"),
    (lambda t, p: [dice_by_loops(t, p)], "um número; recebemos [0.25]"),
    (lambda t, p: f"{dice_by_loops(t, p):.2f}", "um número; recebemos '0.25'"),
    (lambda t, p: 1 - 2 * sum(t * p) / (sum(t) | sum(p)), f"{STOPPED}: TypeError"),
]


def pooled_by_loops(intersections, unions, rows):
    result = []
    for drawn in rows:
        above = below = 0
        for image in drawn:
            above += intersections[image]
            below += unions[image]
        result.append(above / below)
    return result


def pooled_by_counting(intersections, unions, rows):
    times = [np.bincount(row, minlength=len(unions)) for row in rows]
    return times @ intersections / (times @ unions)


def pooled_by_pandas(intersections, unions, rows):
    drawn = pd.DataFrame({"resample": np.repeat(range(len(rows)), rows.shape[1])})
    images = pd.DataFrame({"above": intersections, "below": unions}).iloc[rows.ravel()]
    sums = images.groupby(drawn["resample"].to_numpy()).sum()
    return sums["above"] / sums["below"]


def pooled_by_mean(intersections, unions, rows):
    """Averages the IoUs of the images of each resample, weighted by their unions."""
    ious = np.divide(intersections, unions)[rows]
    return np.average(ious, axis=1, weights=unions[rows])


def pooled_rows(change):
    """A right answer but for what `change` makes of each row."""
    return lambda i, u, rows: [pooled_by_loops(i, u, [change(row)])[0] for row in rows]


POOLED = [
    (pooled_by_loops, RIGHT),
    (pooled_by_counting, RIGHT),
    (pooled_by_pandas, RIGHT),
    (pooled_by_mean, RIGHT),
    (lambda i, u, r: np.take(i, r).sum(-1) / np.take(u, r).sum(-1), RIGHT),
    (lambda i, u, r: i[r].mean(axis=1) / u[r].mean(axis=1), RIGHT),
    (lambda i, u, r: tf.reduce_sum(tf.gather(i, r), 1) / tf.reduce_sum(tf.gather(u, r), 1), RIGHT),
    (lambda i, u, r: tuple(np.float32(sum(i[d]) / sum(u[d])) for d in r), RIGHT),
    (pooled_rows(np.sort), RIGHT),
    (lambda i, u, r: [np.mean([i[n] / u[n] for n in row]) for row in r], "média dos IoUs"),
    (lambda i, u, r: sum(i[r]) / sum(u[r]), "ao longo das reamostras"),
    (lambda i, u, r: [i.sum() / u.sum()] * len(r), "as mesmas imagens?"),
    (pooled_rows(set), "uma vez só"),
    (lambda i, u, r: np.sum(i[r]) / np.sum(u[r]), "todas as reamostras em um número"),
    (lambda i, u, r: sum(i) / sum(u), "sem sorteio"),
    (lambda i, u, r: (r * i).sum(axis=1) / (r * u).sum(axis=1), "O que são os números"),
    (pooled_rows(lambda row: [n - 1 for n in row]), "as imagens a partir de 1"),
    (lambda i, u, r: i[r] / u[r], "IoUs das imagens de cada reamostra"),
    (lambda i, u, r: i[r].sum(1) / sum(u), "pode passar de 1"),
    (lambda i, u, r: [sum(i[n] for n in row) for row in r], "Isso são contagens"),
    (lambda i, u, r: 1 / np.array(pooled_by_loops(i, u, r)), "de cabeça para baixo"),
    (lambda i, u, r: np.quantile(pooled_by_loops(i, u, r), [0.025, 0.975]), "o intervalo, o passo"),
    (pooled_rows(lambda row: row[1:]), f"[8, 1], [10, 5], [[0, 1], [1, 1]], {WRONG} [0.2, 0.2]"),
    (lambda i, u, r: pooled_by_loops(i, u, r)[:1], f"{WRONG} [0.6]"),
    (lambda i, u, r: np.mean(pooled_by_loops(i, u, r)), "um número por reamostra; recebemos 0.4"),
    (lambda i, u, r: [pooled_by_loops(i, u, r)], "um número por reamostra; recebemos [[0.6, 0.2]]"),
    (lambda i, u, r: map(np.divide, i[r], u[r]), "um número por reamostra; recebemos <map"),
    (lambda i, u, r: i.choice(r), f"{STOPPED}: AttributeError"),
]


def latest_by_saving(val_accuracy, minimum):
    """Keeps files as a training run does."""
    files, weights, after_each = {}, None, []
    for epoch, accuracy in enumerate(val_accuracy, 1):
        weights = epoch
        if "best" not in files or accuracy > files["best"][1]:
            files["best"] = (epoch, accuracy)
        if accuracy < minimum and files["best"][1] >= minimum:
            weights = files["best"][0]
        files["latest"] = weights
        after_each.append(files["latest"])
    return after_each


def latest_by_numpy(val_accuracy, minimum):
    accuracy, epochs = np.array(val_accuracy), np.arange(1, len(val_accuracy) + 1)
    best = np.maximum.accumulate(accuracy)
    first = np.array([np.argmax(accuracy == top) + 1 for top in best])
    return np.where((accuracy < minimum) & (best >= minimum), first, epochs)


def latest_by_pandas(val_accuracy, minimum):
    accuracy = pd.Series(val_accuracy)
    good = accuracy.where(accuracy >= minimum)
    best = good.expanding().apply(lambda past: past.idxmax() if past.notna().any() else np.nan)
    return best.where(accuracy < minimum).fillna(accuracy.index.to_series()) + 1


def latest_by(back, choose=None):
    """Answer where weights go back if `back(now, minimum, best before)` to `choose(past, m)`."""

    def answer(val_accuracy, minimum):
        epochs = []
        for number, now in enumerate(val_accuracy):
            before = list(val_accuracy[:number])
            epochs.append(number + 1)
            if before and back(now, minimum, max(before)):
                top = before.index(max(before)) + 1
                epochs[-1] = choose(before, minimum) if choose else top
        return epochs

    return answer


def is_bad(now, minimum, best):
    return now < minimum <= best


def reached(past, minimum):
    return [number for number, accuracy in enumerate(past, 1) if accuracy >= minimum]


def keeps_the_file(val_accuracy, minimum):
    """Saves nothing after an epoch below the minimum, unless none has reached it."""
    file, after_each = 0, []
    for epoch, accuracy in enumerate(val_accuracy, 1):
        if accuracy >= minimum or max(val_accuracy[:epoch]) < minimum:
            file = epoch
        after_each.append(file)
    return after_each


def latest_with_the_future(val_accuracy, minimum):
    epochs, top = latest_by_saving(val_accuracy, minimum), np.argmax(val_accuracy) + 1
    return [top if epoch < number else epoch for number, epoch in enumerate(epochs, 1)]


LATEST = [
    (latest_by_saving, RIGHT),
    (latest_by_numpy, RIGHT),
    (latest_by_pandas, RIGHT),
    (latest_by(is_bad), RIGHT),
    (lambda a, m: tf.constant(latest_by_saving(a, m)), RIGHT),
    (lambda a, m: tuple(np.float32(latest_by_saving(a, m))), RIGHT),
    (lambda a, m: [n + 1 for n in range(len(a))], "o que já foi gravado?"),
    (latest_by(lambda now, m, best: now < min(m, best)), "Há para onde voltar?"),
    (latest_by(is_bad, lambda past, m: len(past)), "para a época anterior"),
    (latest_by(is_bad, lambda past, m: max(reached(past, m))), "para a última época que"),
    (keeps_the_file, "para a última época que"),
    (latest_by(is_bad, lambda past, m: min(reached(past, m))), "para a primeira época que"),
    (latest_by(lambda now, m, best: now <= m <= best), "Ela está abaixo dele?"),
    (latest_by(lambda now, m, best: now < m < best), "Ela o alcançou?"),
    (lambda a, m: [epoch - 1 for epoch in latest_by_saving(a, m)], "a partir de 0"),
    (
        latest_by(is_bad, lambda past, m: max(range(len(past)), key=lambda n: (past[n], n)) + 1),
        "Entre duas épocas iguais",
    ),
    (latest_by(lambda now, m, best: now <= best), "o arquivo do melhor modelo"),
    (latest_with_the_future, "ainda não aconteceu"),
    (lambda a, m: [a[epoch - 1] for epoch in latest_by_saving(a, m)], "Essas são as acurácias"),
    (
        latest_by(lambda now, m, best: now > m),
        f"[0.6, 0.9, 0.3, 0.8], 0.5, {WRONG} [1.0, 1.0, 3.0, 2.0]",
    ),
    (lambda a, m: [*latest_by_saving(a, m), len(a) + 1], f"{WRONG} [1.0, 2.0, 2.0, 4.0, 5.0]"),
    (lambda a, m: latest_by_saving(a, m)[-1], "um número por época; recebemos 4"),
    (lambda a, m: dict(enumerate(latest_by_saving(a, m), 1)), "um número por época; recebemos {1:"),
    (lambda a, m: [e if e > 1 else None for e in latest_by_saving(a, m)], "recebemos [None, 2"),
    (lambda a, m: a.argmax(), f"{STOPPED}: AttributeError"),
]


def boundary_by_loops(mask, steps=((-1, 0), (1, 0), (0, -1), (0, 1))):
    height, width = mask.shape
    found = np.zeros(mask.shape, dtype=bool)
    for row, column in np.ndindex(mask.shape):
        for down, right in steps:
            r, c = row + down, column + right
            if 0 <= r < height and 0 <= c < width and mask[r, c] != mask[row, column]:
                found[row, column] = True
    return found


def boundary_by_slices(mask):
    found = np.full(mask.shape, False)
    rows, columns = mask[1:] != mask[:-1], mask[:, 1:] != mask[:, :-1]
    found[1:] |= rows
    found[:-1] |= rows
    found[:, 1:] |= columns
    found[:, :-1] |= columns
    return found


def boundary_by_diff(mask):
    rows = np.pad(np.diff(mask, axis=0), ((1, 1), (0, 0)))
    columns = np.pad(np.diff(mask, axis=1), ((0, 0), (1, 1)))
    return np.logical_or.reduce([rows[1:], rows[:-1], columns[:, 1:], columns[:, :-1]])


def boundary_by_morphology(mask, border=1):
    thick = ndimage.binary_dilation(mask)
    return thick ^ ndimage.binary_erosion(mask, border_value=border)


def boundary_by_laplacian(mask, **options):
    kernel = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    return signal.convolve2d(mask, kernel, mode="same", **options) != 0


def boundary_by_roll(mask):
    return np.any(
        [np.roll(mask, step, axis) != mask for step in (1, -1) for axis in (0, 1)], axis=0
    )


def boundary_by_extremes(mask):
    cross = ndimage.generate_binary_structure(2, 1)
    high = ndimage.maximum_filter(mask, footprint=cross)
    return high > ndimage.minimum_filter(mask, footprint=cross)


def boundary_of_steps(*steps):
    return lambda mask: boundary_by_loops(mask, steps)


def boundary_padded(value):
    """Takes everything outside the image for `value`."""
    return lambda mask: boundary_by_loops(np.pad(mask, 1, constant_values=value))[1:-1, 1:-1]


def boundary_but_the_edge(mask):
    found = np.zeros(mask.shape, bool)
    for row in range(1, mask.shape[0] - 1):
        for column in range(1, mask.shape[1] - 1):
            found[row, column] = boundary_by_slices(mask)[row, column]
    return found


BOUNDARY = [
    (boundary_by_loops, RIGHT),
    (boundary_by_slices, RIGHT),
    (boundary_by_diff, RIGHT),
    (boundary_by_morphology, RIGHT),
    (lambda m: boundary_by_laplacian(m, boundary="symm"), RIGHT),
    (boundary_by_extremes, RIGHT),
    (lambda m: boundary_by_loops(m).tolist(), RIGHT),
    (lambda m: tf.constant(boundary_by_loops(m)), RIGHT),
    (boundary_by_roll, "do outro lado da imagem"),
    (lambda m: boundary_by_laplacian(m, boundary="wrap"), "do outro lado da imagem"),
    (boundary_of_steps((1, 0), (0, 1)), "para a direita e para baixo"),
    (boundary_of_steps((-1, 0), (0, -1)), "para a esquerda e para cima"),
    (boundary_of_steps((0, -1), (0, 1)), "só para os lados"),
    (boundary_of_steps((-1, 0), (1, 0)), "só para cima e para baixo"),
    (boundary_of_steps(*itertools.product((-1, 0, 1), repeat=2)), "na diagonal"),
    (lambda m: ndimage.maximum_filter(m, 3) != ndimage.minimum_filter(m, 3), "na diagonal"),
    (lambda m: ndimage.binary_dilation(m) > m, "Só ficaram pixels de chão"),
    (
        lambda m: m > ndimage.binary_erosion(m, border_value=1),
        "Só ficaram pixels de obstáculo",
    ),
    (boundary_padded(0), "como se lá fora houvesse chão"),
    (lambda m: boundary_by_morphology(m, border=0), "como se lá fora houvesse chão"),
    (boundary_by_laplacian, "como se lá fora houvesse chão"),
    (boundary_padded(1), "como se lá fora houvesse um obstáculo"),
    (boundary_padded(7), "Toda a borda da imagem"),
    (boundary_but_the_edge, "ficaram sempre de fora"),
    (lambda m: np.any([np.diff(m, axis=0)[:, 1:], np.diff(m)[1:]], axis=0), "perdeu uma linha e"),
    (lambda m: boundary_by_slices(m) == 0, "E os outros?"),
    (lambda m: boundary_by_loops(m) ^ (m > 0), f"{WRONG} [[False, True, False], [True, False, "),
    (lambda m: m == 1, f"[[0, 0, 0], [0, 1, 0], [0, 0, 0]], {WRONG} [[False, False, False], "),
    (lambda m: np.diff(m, axis=1) != 0, "da forma (3, 3); recebemos [[False, False], "),
    (lambda m: boundary_by_loops(m).T, "array da forma (4, 5); recebemos [["),
    (lambda m: boundary_by_loops(m).any(), "um array de booleanos (`True` e `False`); recebemos"),
    (lambda m: boundary_by_loops(m).astype(int), "`False`); recebemos [[0, 1, 0], [1, 1, 1], [0"),
    (lambda m: np.argwhere(boundary_by_loops(m)), "`False`); recebemos [[0, 1], [1, 0], [1, 1], "),
    (lambda m: m[1:] != m[:-1] or m[:, 1:] != m[:, :-1], f"{STOPPED}: ValueError"),
]


def parameters_by_keras(widths):
    entry, *units = widths
    layers = [keras.layers.Dense(unit, kernel_initializer="zeros") for unit in units]
    network = keras.Sequential([keras.Input((entry,)), *layers])
    return network.count_params()


def parameters_by_layer(widths, bias=lambda inputs, units: units, layers=slice(None)):
    total = 0
    for inputs, units in list(itertools.pairwise(widths))[layers]:
        total += inputs * units + bias(inputs, units)
    return total


PARAMETERS = [
    (parameters_by_layer, RIGHT),
    (parameters_by_keras, RIGHT),
    (lambda w: np.dot(w[:-1], w[1:]) + sum(w[1:]), RIGHT),
    (lambda w: np.multiply(np.add(w[:-1], 1), w[1:]).sum(), RIGHT),
    (lambda w: float(sum(b * a + b for a, b in itertools.pairwise(w))), RIGHT),
    (lambda w: parameters_by_layer(w, lambda a, b: 0), "Cada unidade tem mais um parâmetro"),
    (lambda w: np.dot(w[:-1], w[1:]), "Cada unidade tem mais um parâmetro"),
    (lambda w: parameters_by_layer(w, lambda a, b: a), "um bias a cada entrada"),
    (lambda w: parameters_by_layer(w, lambda a, b: 1), "um só bias a cada camada"),
    (lambda w: sum((a + 1) * (b + 1) for a, b in itertools.pairwise(w)), "dos dois lados"),
    (lambda w: np.dot(w[:-1], w[1:]) + sum(w), "A entrada tem bias?"),
    (lambda w: parameters_by_layer(w, layers=slice(-1)), "Falta a última camada"),
    (lambda w: parameters_by_layer(w, layers=slice(1, None)), "Falta a primeira camada"),
    (lambda w: sum(w[1:]), "E os pesos das ligações?"),
    (lambda w: np.sum(w), "Você somou as larguras"),
    (lambda w: np.prod(w), "Você multiplicou todas as larguras"),
    (lambda w: w[0] * w[-1], f"[784, 32, 10], {WRONG} 7840"),
    (lambda w: 25_450, f"[3, 5], {WRONG} 25450"),
    (
        lambda w: [(a + 1) * b for a, b in itertools.pairwise(w)],
        "um número; recebemos [25120.0, 330.0]",
    ),
    (lambda w: f"{parameters_by_layer(w):,}", "um número; recebemos '25,450'"),
    (lambda w: w[:-1] * w[1:], f"{STOPPED}: TypeError"),
]


def loss_by_examples(losses, sizes):
    each = [loss for loss, size in zip(losses, sizes, strict=True) for _ in range(size)]
    return statistics.mean(each)


def loss_by_tracker(losses, sizes):
    mean = keras.metrics.Mean()
    for loss, size in zip(losses, sizes, strict=True):
        mean.update_state(loss, sample_weight=size)
    return mean.result()


def total_loss(losses, sizes):
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True))


EPOCH_LOSS = [
    (loss_by_examples, RIGHT),
    (loss_by_tracker, RIGHT),
    (lambda one, n: total_loss(one, n) / sum(n), RIGHT),
    (lambda one, n: pd.Series(one).repeat(n).mean(), RIGHT),
    (lambda one, n: np.float32(np.dot(one, n)) / np.sum(n), RIGHT),
    (lambda one, n: sum(one) / len(one), "a média das médias"),
    (lambda one, n: tf.reduce_mean(one), "a média das médias"),
    (total_loss, "soma das perdas de todos os exemplos"),
    (lambda one, n: total_loss(one, n) / len(n), "pelo número de lotes"),
    (lambda one, n: sum(one) / sum(n), "Você somou médias e dividiu"),
    (lambda one, n: sum(one), "Essa soma cresce"),
    (lambda one, n: one.pop(), "a perda do último lote"),
    (lambda one, n: loss_by_examples(one[:-1], n[:-1]), "O último lote ficou de fora"),
    (lambda one, n: total_loss(one, n) / sum(one), "Você trocou os papéis"),
    (lambda one, n: np.average(one, weights=np.divide(1, n)), "o menor lote é o que mais pesa"),
    (lambda one, n: statistics.median(one), "a mediana dos lotes"),
    (lambda one, n: total_loss(one, n) / (len(n) * n[0]), f"[4, 4, 1], {WRONG} 1.5"),
    (lambda one, n: max(one), f"[4, 4, 1], {WRONG} 10.0"),
    (lambda one, n: np.multiply(one, n), "um número; recebemos [4.0, 4.0, 10.0]"),
    (lambda one, n: np.cumsum(one) / range(1, 1 + len(one)), "um número; recebemos [1.0, 1.0, 4"),
    (lambda one, n: one * n, f"{STOPPED}: TypeError"),
]


def missing_by_loop(labels, fraction):
    cut = math.floor(len(labels) * (1 - fraction))
    train, found = labels[:cut].tolist(), []
    for label in labels[cut:].tolist():
        if label not in train and label not in found:
            found.append(label)
    return len(found)


def missing_by_pandas(labels, fraction):
    cut = int(len(labels) * (1 - fraction))
    val = pd.Series(labels[cut:]).drop_duplicates()
    return (~val.isin(labels[:cut])).sum()


def split_labels(compare, cut=lambda count, fraction: int(count * (1 - fraction))):
    def answer(labels, fraction):
        first = cut(len(labels), fraction)
        return compare(np.unique(labels[:first]), np.unique(labels[first:]))

    return answer


def missed(train, val):
    return len(np.setdiff1d(val, train))


def examples_missed(labels, fraction):
    cut = int(len(labels) * (1 - fraction))
    return np.isin(labels[cut:], labels[:cut], invert=True).sum()


MISSING_CLASSES = [
    (missing_by_loop, RIGHT),
    (missing_by_pandas, RIGHT),
    (split_labels(lambda t, v: len(np.union1d(t, v)) - len(t)), RIGHT),
    (split_labels(lambda t, v: np.float32(np.isin(v, t, invert=True).sum())), RIGHT),
    (split_labels(lambda t, v: len(np.setdiff1d(t, v))), "as que só a validação tem?"),
    (split_labels(lambda t, v: len(np.setxor1d(t, v))), "de um lado ou do outro"),
    (split_labels(lambda t, v: len(v)), "todas as classes da validação"),
    (split_labels(lambda t, v: len(np.intersect1d(t, v))), "que as duas partes têm"),
    (examples_missed, "Você contou exemplos"),
    (lambda y, f: missing_by_loop(y[::-1], f), "Você tirou a validação do começo"),
    (lambda y, f: missing_by_loop(y, 1 - f), "a fração que é da validação"),
    (split_labels(missed, lambda n, f: math.ceil(n * (1 - f))), "para cima (ou o da validação"),
    (split_labels(missed, lambda n, f: n - int(n * f)), "para cima (ou o da validação"),
    (split_labels(missed, lambda n, f: round(n * (1 - f))), "o inteiro mais próximo"),
    (lambda y, f: missing_by_loop(y, 0), "divididos por estratos"),
    (split_labels(lambda t, v: len(t)), f"3, 4, 3], 0.25, {WRONG} 3"),
    (lambda y, f: len(np.unique(y)), f"[0, 0, 0, 1, 1, 2, 0, 3], 0.5, {WRONG} 4"),
    (split_labels(lambda t, v: np.setdiff1d(v, t)), "um número; recebemos [2.0, 3.0]"),
    (split_labels(lambda t, v: set(v) - set(t)), "um número; recebemos {"),
    (lambda y, f: y[: len(y) * (1 - f)], f"{STOPPED}: TypeError"),
]


def adam_by_numbers(weight, gradient, m, v, step, rate):
    new = []
    for w, g, one, two in zip(weight, gradient, m, v, strict=True):
        one = (0.9 * one + 0.1 * g) / (1 - 0.9**step)
        two = (0.999 * two + 0.001 * g * g) / (1 - 0.999**step)
        new.append(w - rate * one / (math.sqrt(two) + 1e-7))
    return new


def adam_by_keras(weight, gradient, m, v, step, rate):
    variable = keras.Variable(weight, dtype="float32")
    adam = keras.optimizers.Adam(rate)
    adam.build([variable])
    moments = [part for part in adam.variables if tuple(part.shape) == weight.shape]
    for part, value in zip(moments, (m, v), strict=True):
        part.assign(value)
    adam.iterations.assign(step - 1)
    adam.apply([tf.constant(gradient, tf.float32)])
    return variable.numpy()


def adam_with(change):
    """Adam's step from a table of its parts, which `change(table)` spoils on the way."""

    def answer(weight, gradient, m, v, step, rate):
        parts = SimpleNamespace(w=weight, g=gradient, m=m, v=v, t=step, r=rate, p=gradient**2)
        parts.a, parts.b, parts.root = 0.9, 0.999, np.sqrt
        change(parts)
        parts.m = parts.a * parts.m + (1 - parts.a) * parts.g
        parts.v = parts.b * parts.v + (1 - parts.b) * parts.p
        parts.big_m, parts.big_v = parts.m / (1 - 0.9**parts.t), parts.v / (1 - 0.999**parts.t)
        return parts

    return answer


def adam_then(finish, change=lambda parts: None):
    def answer(*given):
        parts = adam_with(change)(*given)
        return finish(parts)

    return answer


def walk(parts, m=None, v=None):
    m, v = parts.big_m if m is None else m, parts.big_v if v is None else v
    return parts.w - parts.r * m / (parts.root(v) + 1e-7)


def set_parts(**values):
    return lambda parts: vars(parts).update(values)


ADAM = [
    (adam_by_numbers, RIGHT),
    (adam_by_keras, RIGHT),
    (adam_then(walk), RIGHT),
    (adam_then(lambda a: a.w - a.r * a.big_m / np.sqrt(a.big_v + 1e-14)), RIGHT),
    (adam_then(lambda a: tf.constant(walk(a), tf.float32)), RIGHT),
    (adam_then(lambda a: walk(a, a.m, a.v)), "Faltou corrigir as médias"),
    (adam_then(lambda a: walk(a, v=a.v)), "E a dos quadrados?"),
    (adam_then(lambda a: walk(a, m=a.m)), "Você corrigiu a média dos quadrados."),
    (adam_then(lambda a: walk(a, v=a.v / (1 - 0.9**a.t))), "foram corrigidas com 0,9"),
    (
        adam_then(lambda a: walk(a, a.m * (1 - 0.9**a.t), a.v * (1 - 0.999**a.t))),
        "A correção deixou as médias ainda menores",
    ),
    (lambda w, g, m, v, t, r: adam_by_numbers(w, g, m, v, t + 1, r), "do passo seguinte"),
    (adam_then(lambda a: 2 * a.w - walk(a)), "a favor do gradiente"),
    (adam_then(walk, set_parts(root=np.abs)), "pela média dos quadrados"),
    (adam_then(lambda a: a.w - a.r * a.big_m), "isso é o momento"),
    (adam_then(walk, lambda a: setattr(a, "p", a.g)), "entrou o gradiente, com sinal"),
    (adam_then(walk, set_parts(a=0.999, b=0.9)), "Você trocou os números"),
    (adam_then(walk, set_parts(a=0.1, b=0.001)), "quase iguais ao último gradiente"),
    (adam_then(walk, lambda a: setattr(a, "g", a.m)), "a de antes do passo"),
    (lambda w, g, m, v, t, r: w - r * g, "Isso é o SGD"),
    (adam_then(lambda a: walk(a) - a.w), "Essa é a mudança"),
    (adam_then(lambda a: a.w - a.r * np.sign(a.big_m)), WRONG),
    (adam_then(lambda a: float(walk(a)[0])), "um array; recebemos 0.9"),
    (adam_then(lambda a: (walk(a), a.m, a.v)), "um array; recebemos [[0.9], [0.05]"),
    (lambda w, g, m, v, t, r: w.assign_sub(r * g), f"{STOPPED}: AttributeError"),
]


def gradient_by_loops(features, probabilities, labels, pull=1.0, count=None):
    examples, inputs = features.shape
    gradient = np.zeros((inputs, probabilities.shape[1]))
    for i, k in np.ndindex(*gradient.shape):
        for n in range(examples):
            error = probabilities[n, k] - pull * (labels[n] == k)
            gradient[i, k] += features[n, i] * error
    return gradient / (count or examples)


def gradient_by_tape(features, probabilities, labels):
    x, logits = tf.constant(features), tf.math.log(probabilities)
    kernel = tf.Variable(tf.zeros((features.shape[1], probabilities.shape[1]), tf.float64))
    with tf.GradientTape() as tape:
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits + x @ kernel)
        loss = tf.reduce_mean(loss)
    return tape.gradient(loss, kernel)


def errors_of(probabilities, labels):
    errors = probabilities.copy()
    errors[np.arange(len(labels)), labels] -= 1
    return errors


def only_of_the_right_class(features, probabilities, labels):
    errors = errors_of(probabilities, labels)
    right = np.eye(probabilities.shape[1])[labels] == 1
    return features.T @ np.where(right, errors, 0) / len(labels)


def of_means(features, probabilities, labels):
    errors = errors_of(probabilities, labels).mean(axis=0)
    return features.mean(axis=0)[:, None] * errors


GRADIENT = [
    (gradient_by_loops, RIGHT),
    (gradient_by_tape, RIGHT),
    (lambda x, p, y: np.einsum("ni,nk->ik", x, errors_of(p, y)) / len(y), RIGHT),
    (lambda x, p, y: (x[:, :, None] * errors_of(p, y)[:, None]).mean(axis=0), RIGHT),
    (lambda x, p, y: gradient_by_loops(x, p, y, count=1), "Você somou sobre os exemplos"),
    (lambda x, p, y: -gradient_by_loops(x, p, y), "O sinal está trocado"),
    (lambda x, p, y: gradient_by_loops(x, p, y, pull=0), "Você não usou a classe certa"),
    (lambda x, p, y: gradient_by_loops(x, 0 * p, y), "Você só puxou a classe certa"),
    (only_of_the_right_class, "Só a coluna da classe certa"),
    (lambda x, p, y: x.T @ (p - 1) / len(y), "Você tirou 1 de todas as classes"),
    (lambda x, p, y: gradient_by_loops(x, p, y, count=p.size), "pelo número de classes"),
    (lambda x, p, y: errors_of(p, y).T @ x / len(y), "está transposto"),
    (lambda x, p, y: errors_of(p, y), "Falta chegar aos pesos"),
    (lambda x, p, y: errors_of(p, y).mean(axis=0), "o gradiente do bias"),
    (of_means, "Você multiplicou as médias"),
    (lambda x, p, y: x.T @ p, WRONG),
    (lambda x, p, y: gradient_by_loops(x, p, y)[:1], "da forma (2, 2); recebemos [["),
    (lambda x, p, y: -np.log(p[range(len(y)), y]).mean(), "um array; recebemos 0.458"),
    (lambda x, p, y: p - y, f"{STOPPED}: ValueError"),
]


def counts_by_loops(bitmap, side=4):
    length = len(bitmap) // side
    counted = [[0] * length for _ in range(length)]
    for row, column in zip(*np.nonzero(bitmap), strict=True):
        counted[row // side][column // side] += 1
    return counted


def counts_by_reduceat(bitmap):
    starts = range(0, 32, 4)
    return np.add.reduceat(np.add.reduceat(bitmap, starts, axis=0), starts, axis=1)


def counts_by_membership(bitmap):
    member = np.kron(np.eye(8, dtype=int), np.ones((1, 4), int))
    return member @ bitmap @ member.T


def keras_counts(bitmap, layer=keras.layers.AveragePooling2D, side=4):
    return layer(side)(np.float32(bitmap)[None, ..., None])[0, ..., 0]


def counts_of_slices(count):
    return lambda bitmap: [[count(bitmap, row, column) for column in range(8)] for row in range(8)]


BLOCK_COUNTS = [
    (counts_by_reduceat, RIGHT),
    (counts_by_loops, RIGHT),
    (counts_by_membership, RIGHT),
    (lambda b: keras_counts(b) * 16, RIGHT),
    (lambda b: counts_by_reduceat(b).astype(np.uint8), RIGHT),
    (counts_of_slices(lambda b, r, c: b[4 * r : 4 * r + 4, 4 * c : 4 * c + 4].sum()), RIGHT),
    (lambda b: ndimage.uniform_filter(b.astype(float), 4)[2::4, 2::4] * 16, RIGHT),
    (keras_counts, "a fração de tinta"),
    (lambda b: np.divide(counts_by_loops(b), 16), "a fração de tinta"),
    (lambda b: (counts_by_reduceat(b) / 16).astype(int), "Você dividiu por 16 e jogou fora"),
    (lambda b: ndimage.minimum_filter(b, 4)[2::4, 2::4], "Você dividiu por 16 e jogou fora"),
    (counts_of_slices(lambda b, r, c: b[4 * r, 4 * c]), "E a tinta dos outros 15?"),
    (lambda b: keras_counts(b, keras.layers.MaxPooling2D), "se o bloco tem tinta"),
    (lambda b: counts_by_reduceat(1 - b), "Você contou os pixels de papel"),
    (lambda b: b.reshape(64, 16).sum(axis=1).reshape(8, 8), "16 pixels seguidos"),
    (counts_of_slices(lambda b, r, c: b[r::8, c::8].sum()), "espalhados, de 8 em 8"),
    (lambda b: b.reshape(8, 4, 8, 4).sum(axis=0).sum(axis=1), "os eixos que contam os blocos"),
    (lambda b: b.reshape(8, 4, 8, 4).sum(axis=(-1, -2)), "Você somou linhas inteiras"),
    (lambda b: np.sum(b.reshape(8, 4, 8, 4), (0, 1)), "Você somou colunas inteiras"),
    (lambda b: b.reshape(8, 4, 8, 4).sum(axis=1).sum(axis=1), "e o outro conta blocos"),
    (lambda b: np.add.reduceat(b, range(0, 32, 4)), "Você juntou as linhas"),
    (lambda b: np.add.reduceat(b, range(0, 32, 4), axis=1), "Você juntou as colunas"),
    (lambda b: counts_by_reduceat(b.T), "o desenho saiu deitado"),
    (lambda b: counts_by_loops(b, side=8), "de 8 por 8 pixels"),
    (lambda b: counts_by_reduceat(b) % 16, WRONG),
    (lambda b: np.lib.stride_tricks.sliding_window_view(b, (4, 4)).sum((2, 3)), "da forma (29, "),
    (lambda b: counts_by_reduceat(b)[None], "da forma (8, 8); recebemos [[["),
    (lambda b: counts_by_reduceat(b).ravel(), "da forma (64,)"),
    (lambda b: b.sum(), "um array; recebemos"),
    (lambda b: counts_by_reduceat(b) > 0, "um array; recebemos [[True, "),
    (lambda b: b.reshape(8, 8).sum(), f"{STOPPED}: ValueError"),
]


def pixels_by_loops(values, height, width, order=(0, 1, 2)):
    image = np.zeros((height, width, len(order)), np.float32)
    for row, column in np.ndindex(height, width):
        for channel, offset in enumerate(order):
            image[row, column, channel] = values[4 * (row * width + column) + offset] / 255
    return image


def pixels_by_pil(values, height, width):
    photo = Image.frombytes("RGBA", (width, height), values.tobytes())
    return np.asarray(photo)[..., :3] / np.float32(255)


def pixels_by_slices(values, height, width):
    colours = np.stack([values[channel::4] for channel in range(3)], axis=-1)
    return colours.reshape(height, width, 3).astype("float32") / 255


def broken_to_image(values, height, width):
    return values[: height * width * 3].reshape(height, width, 3).astype("float32") / 255


def with_opacity(values, height, width):
    rgba = values.reshape(height, width, 4) / 255
    return rgba[..., :3] * rgba[..., 3:]


PIXELS = [
    (pixels_by_slices, RIGHT),
    (pixels_by_loops, RIGHT),
    (pixels_by_pil, RIGHT),
    (lambda v, h, w: tf.image.convert_image_dtype(v.reshape(h, w, 4), "float32")[..., :3], RIGHT),
    (lambda v, h, w: np.delete(v.reshape(h, w, 4), 3, axis=2) / np.float32(255), RIGHT),
    (lambda v, h, w: keras.layers.Rescaling(1 / 255)(v.reshape(h, w, 4))[..., :3], RIGHT),
    (broken_to_image, "as opacidades entram no lugar de cores"),
    (lambda v, h, w: np.resize(v, (h, w, 3)) / 255, "as opacidades entram no lugar de cores"),
    (lambda v, h, w: v.reshape(h, w, 4)[:, :, :3], "vão de 0 a 255"),
    (lambda v, h, w: pixels_by_loops(v, h, w) * 255, "vão de 0 a 255"),
    (lambda v, h, w: v.reshape(h, w, 4)[:, :, :3] / 255, "o tipo não é `float32`"),
    (lambda v, h, w: pixels_by_loops(v, h, w).tolist(), "o tipo não é `float32`"),
    (lambda v, h, w: v.reshape(h, w, 4)[:, :, :3] // 255, "Só sobraram zeros e uns"),
    (lambda v, h, w: pixels_by_loops(v, h, w).astype("uint8"), "Só sobraram zeros e uns"),
    (lambda v, h, w: v.reshape(h, w, 4)[:, :, :3] / 256, "não chega a 1"),
    (lambda v, h, w: 2 * pixels_by_loops(v, h, w) - 1, "vão de -1 a 1"),
    (lambda v, h, w: v.reshape(h, w, 4) / 255, "a opacidade ficou"),
    (lambda v, h, w: pixels_by_loops(v, h, w, (1, 2, 3)), "Você deixou o vermelho de fora"),
    (with_opacity, "Você multiplicou as cores pela opacidade"),
    (lambda v, h, w: pixels_by_loops(v, h, w, (2, 1, 0)), "Vermelho e azul"),
    (lambda v, h, w: pixels_by_loops(v, w, h), "Altura e largura"),
    (lambda v, h, w: pixels_by_loops(v, w, h).transpose(1, 0, 2), "coluna por coluna"),
    (lambda v, h, w: np.moveaxis(pixels_by_slices(v, h, w), 2, 0), "Os canais vieram primeiro"),
    (lambda v, h, w: np.stack([*v.reshape(4, h, w)[:3]], axis=2) / 255, "todos os vermelhos"),
    (lambda v, h, w: 1 - pixels_by_loops(v, h, w), f"255], 1, 2, {WRONG} [[[0.0, 1.0, 1.0]"),
    (lambda v, h, w: v.reshape(h, w, 4), "da forma (1, 2, 3); recebemos [[[255, 0, 0, 255], "),
    (lambda v, h, w: pixels_by_loops(v, h, w)[None], "recebemos [[[[1.0, 0.0, 0.0], [0.0, 0.0, 1"),
    (lambda v, h, w: pixels_by_loops(v, h, w).ravel(), "da forma (6,)"),
    (lambda v, h, w: Image.fromarray(v.reshape(h, w, 4)).size, "da forma (1, 2, 3); recebemos"),
    (lambda v, h, w: "red, blue", "um array; recebemos 'red, blue'"),
    (lambda v, h, w: v.reshape(h, w, 3), f"{STOPPED}: ValueError"),
]


def left_by_loop(counts, steps):
    rises = [after - before for before, after in itertools.pairwise(counts)][1:]
    return statistics.mean(rises) / steps


def left_by_fit(counts, steps):
    return np.polyfit([0, (len(counts) - 2) * steps], [counts[1], counts[-1]], 1)[0]


TENSORS_LEFT = [
    (left_by_loop, RIGHT),
    (left_by_fit, RIGHT),
    (lambda c, s: np.diff(c)[1:].mean() / s, RIGHT),
    (lambda c, s: np.float32(np.diff(c[1:]).sum() / (s * len(c[2:]))), RIGHT),
    (lambda c, s: tf.reduce_mean([(b - a) / s for a, b in itertools.pairwise(c[1:])]), RIGHT),
    (lambda c, s: np.diff(c).mean() / s, "Você contou desde o começo"),
    (lambda c, s: (c[-1] - c[0]) / (s * (len(c) - 2)), "a diferença começa antes dela"),
    (lambda c, s: np.diff(c[1:]).mean(), "Isso é por época"),
    (lambda c, s: (c[-1] - c[1]) / s, "A diferença é de quantas épocas?"),
    (lambda c, s: c.pop() - c[1], "Essa é a soma do que ficou"),
    (lambda c, s: (c[-1] - c[1]) / (s * len(c[1:])), "pelos passos da primeira época"),
    (lambda c, s: (c[-1] - c[1]) / s / len(c), "pelo número de contagens"),
    (lambda c, s: np.diff(c)[-1] / s, "Você só olhou a última época"),
    (lambda c, s: (c[2] - c[1]) / s, "Você só olhou a segunda época"),
    (lambda c, s: np.diff(c)[0] / s, "Essa é a primeira época"),
    (lambda c, s: statistics.median(np.diff(c)[1:].tolist()) / s, "a mediana das épocas"),
    (lambda c, s: (c[-1] - c[1]) // ((len(c) - 2) * s), "A divisão inteira"),
    (lambda c, s: int(left_by_loop(c, s)), "A divisão inteira"),
    (lambda c, s: (c[1] - c[-1]) / ((len(c) - 2) * s), "O sinal está trocado"),
    (lambda c, s: sum(c) / len(c) / s, "Você fez a média das contagens"),
    (lambda c, s: 2.0, f"[7, 20, 84, 100, 180], 16, {WRONG} 2.0"),
    (lambda c, s: np.diff(c)[1:] / s, "um número; recebemos [2.0, 2.0]"),
    (lambda c, s: left_by_loop(c, s) > 0, "um número; recebemos True"),
    (lambda c, s: c[-1] - c[1] / len(c, s), f"{STOPPED}: TypeError"),
]


def tf_resize(row, size, **options):
    return tf.image.resize(row[None, :, None], (1, size), **options)[0, :, 0]


def row_by_hand(row, size, clip=True, centre=0.5):
    resized = []
    for number in range(size):
        at = (number + centre) * len(row) / size - centre
        at = min(max(at, 0), len(row) - 1) if clip else at
        left = min(math.floor(at), len(row) - 2) if clip else math.floor(at)
        share, right = at - left, min(left + 1, len(row) - 1)
        resized.append((1 - share) * row[left] + share * row[right])
    return resized


def row_at(position, **options):
    def answer(row, size):
        at = [position(number, len(row), size) for number in range(size)]
        return np.interp(at, range(len(row)), row, **options)

    return answer


def row_on_lines(row, size, at_the_end=True):
    resized = []
    for number in range(size):
        at = (number + 0.5) * len(row) / size - 0.5
        left = min(int(at), len(row) - 2)
        share = at - left if at_the_end else min(at - left, 1)
        resized.append(row[left] + share * (row[left + 1] - row[left]))
    return resized


def torch_like_nearest(row, size):
    return [row[math.floor((number + 0.5) * len(row) / size)] for number in range(size)]


BILINEAR = [
    (lambda row, size: tf_resize(row, size, antialias=False), RIGHT),
    (row_by_hand, RIGHT),
    (row_at(lambda i, n, size: (i + 0.5) * n / size - 0.5), RIGHT),
    (row_at(lambda i, n, size: (2 * i + 1) * n / (2 * size) - 0.5), RIGHT),
    (lambda row, size: keras.ops.image.resize(row[None, :, None], (1, size))[0, :, 0], RIGHT),
    (lambda row, size: np.float32(row_by_hand(row, size)), RIGHT),
    (
        lambda row, size: ndimage.zoom(row, size / len(row), order=1, mode="nearest", grid_mode=1),
        RIGHT,
    ),
    (lambda row, size: row_by_hand(row, size, centre=0), "os centros dos pixels: a imagem sai"),
    (row_at(lambda i, n, size: i * n / size), "os centros dos pixels: a imagem sai"),
    (row_at(lambda i, n, size: i * (n - 1) / (size - 1)), "Você alinhou os cantos"),
    (lambda row, size: ndimage.zoom(row, size / len(row), order=1), "Você alinhou os cantos"),
    (lambda row, size: tf_resize(row, size, method="nearest"), "o valor mais próximo"),
    (torch_like_nearest, "o valor mais próximo"),
    (
        lambda row, size: [row[number * len(row) // size] for number in range(size)],
        "Você copiou valores da entrada",
    ),
    (row_on_lines, "Fora da entrada, você continuou a reta"),
    (lambda row, size: row_on_lines(row, size, at_the_end=False), "Antes do primeiro valor"),
    (lambda row, size: row_by_hand(row, size, clip=False), "O começo se misturou com o fim"),
    (row_at(lambda i, n, size: (i + 0.5) * n / size - 0.5, left=0, right=0), "você pôs zeros"),
    (row_at(lambda i, n, size: (i + 0.5) * size / n - 0.5), "trocaram de lugar. Ao ampliar"),
    (lambda row, size: tf_resize(row, len(row)), f"[10.0, 20.0], 4, {WRONG} [10.0, 20.0]"),
    (
        lambda row, size: np.interp(
            (np.arange(len(row)) + 0.5) * size / len(row) - 0.5, range(len(row)), row
        ),
        "tantos valores quantos são os da entrada",
    ),
    (row_at(lambda i, n, size: (i + 0.5) * n / size), "meio pixel à frente"),
    (row_at(lambda i, n, size: i * n / size - 0.5), "falta o centro do pixel de saída"),
    (lambda row, size: tf_resize(row, size, antialias=True), "mais de dois valores"),
    (
        lambda row, size: np.clip((np.arange(size) + 0.5) * len(row) / size - 0.5, 0, len(row) - 1),
        "Essas são as posições",
    ),
    (lambda row, size: row_by_hand(row, size)[::-1], f"[10.0, 20.0], 4, {WRONG} [20.0, 17.5, "),
    (lambda row, size: np.round(row_by_hand(row, size)), f"{WRONG} [10.0, 12.0, 18.0, 20.0]"),
    (lambda row, size: tf_resize(row, size)[:, None], "um array; recebemos [[10.0], [12.5], "),
    (lambda row, size: np.mean(row), "um array; recebemos 15.0"),
    (lambda row, size: row[(np.arange(size) + 0.5) * len(row) / size], f"{STOPPED}: IndexError"),
]


def quantize_by_tf(weights):
    top = tf.reduce_max(tf.abs(tf.cast(weights, tf.float32)))
    done = tf.quantization.quantize(
        tf.cast(weights, tf.float32),
        -top,
        top,
        tf.qint8,
        mode="SCALED",
        round_mode="HALF_TO_EVEN",
        narrow_range=True,
    )
    return tf.bitcast(done.output, tf.int8), top / 127


def quantize_by_lists(weights):
    scale = max(abs(weight) for weight in weights.ravel().tolist()) / 127
    integers = [round(weight / scale) for weight in weights.ravel().tolist()]
    return np.array(integers, np.int8).reshape(weights.shape), scale


def quantize_away_from_zero(weights):
    scale = np.abs(weights).max() / 127
    integers = np.floor(np.abs(weights) / scale + 0.5) * np.sign(weights)
    return [integers.astype(np.int8), [scale]]


def quantize_with(scale_of, integers_of=lambda w, s: np.rint(w / s), dtype=np.int8):
    def answer(weights):
        scale = scale_of(weights)
        integers = np.asarray(integers_of(weights, scale))
        return (integers.astype(int) if dtype in (np.int8, np.uint8) else integers).astype(
            dtype
        ), scale

    return answer


def symmetric(weights):
    return max(weights.max(), -weights.min()) / 127


def symmetric_with(integers_of=lambda w, s: np.rint(w / s), dtype=np.int8):
    return quantize_with(symmetric, integers_of, dtype)


def largest(axis=None, keepdims=False):
    return lambda weights: np.amax(abs(weights), axis=axis, keepdims=keepdims) / 127


def quantize_clipped(weights):
    scale = np.abs(weights).max() / 128
    return np.clip(np.round(weights / scale), -128, 127).astype(np.int8), scale


QUANTIZE = [
    (quantize_by_lists, RIGHT),
    (quantize_by_tf, RIGHT),
    (quantize_away_from_zero, RIGHT),
    (symmetric_with(lambda w, s: np.floor(w / s + 0.5)), RIGHT),
    (quantize_with(largest(keepdims=True)), RIGHT),
    (quantize_with(lambda w: np.float32(np.linalg.norm(w.ravel(), np.inf) / 127)), RIGHT),
    (symmetric_with(lambda w, s: w / s), "você cortou a parte decimal"),
    (symmetric_with(lambda w, s: w / s, dtype=int), "você cortou a parte decimal"),
    (symmetric_with(lambda w, s: w // s), "arredondados para baixo"),
    (symmetric_with(lambda w, s: w / s, dtype=float), "ainda têm casas decimais"),
    (symmetric_with(dtype=float), "o tipo do array não é `int8`"),
    (symmetric_with(dtype=np.int16), "o tipo do array não é `int8`"),
    (lambda w: (quantize_by_lists(w)[0].tolist(), symmetric(w)), "o tipo do array não é `int8`"),
    (symmetric_with(dtype=np.uint8), "não guarda números negativos"),
    (symmetric_with(lambda w, s: w / s, dtype=np.uint8), "não guarda números negativos"),
    (quantize_with(lambda w: w.max() / 127), "E quando o mais distante de zero é negativo?"),
    (quantize_with(lambda w: abs(w).max() / 128), "vira 128 ou -128"),
    (quantize_clipped, "vira 128 ou -128"),
    (quantize_with(lambda w: abs(w).max() / 255), "iriam de -255 a 255"),
    (
        quantize_with(lambda w: abs(w).max() / 255, lambda w, s: w / s, np.uint8),
        "iriam de -255 a 255",
    ),
    (quantize_with(lambda w: np.ptp(w) / 255), "o zero fica no meio"),
    (quantize_with(lambda w: abs(w).max()), "só vão de -1 a 1"),
    (quantize_with(lambda w: 127 / abs(w).max()), "A escala está invertida"),
    (
        quantize_with(lambda w: 127 / abs(w).max(), lambda w, s: np.rint(w * s)),
        "A escala está invertida",
    ),
    (symmetric_with(lambda w, s: np.rint(w * s)), "você multiplicou os pesos por ela"),
    (symmetric_with(lambda w, s: abs(np.rint(w / s))), "os sinais se perderam"),
    (quantize_with(largest(-1, keepdims=True)), "uma escala para cada linha"),
    (quantize_with(largest(0)), "uma escala para cada coluna"),
    (quantize_with(largest(0, keepdims=True)), "uma escala para cada coluna"),
    (lambda w: w, "Você devolveu pesos"),
    (lambda w: np.multiply(*quantize_by_lists(w)), "Você devolveu pesos"),
    (lambda w: quantize_by_lists(w)[0], "Esses são os inteiros"),
    (
        lambda w: (np.multiply(*quantize_by_lists(w)), symmetric(w)),
        "No primeiro lugar do par há pesos",
    ),
    (lambda w: quantize_by_lists(w)[::-1], "na ordem inversa"),
    (
        lambda w: (quantize_by_lists(w)[0], 1.2 * symmetric(w)),
        f"[0.504, -1.27, 0.126, 0.0], {WRONG} ([50, -127, 13, 0], 0.012)",
    ),
    (symmetric_with(lambda w, s: np.rint(w / s) + 1), f"{WRONG} ([51, -126, 14, 1], 0.01)"),
    (
        lambda w: (quantize_by_lists(w)[0].ravel(), symmetric(w)),
        f"[[30.2, -9.8, 4.3], [63.5, 5.6, -22.2]], {WRONG} ([60, -20, 9, 127, ",
    ),
    (symmetric_with(lambda w, s: np.ceil(w / s)), WRONG),
    (symmetric, "um par, um array de inteiros e um número; recebemos 0.01"),
    (lambda w: (*quantize_by_lists(w), 0), "um número; recebemos (array([ 50, -127, 13, 0]"),
    (lambda w: dict(zip("is", quantize_by_lists(w), strict=True)), "um número; recebemos {'i': "),
    (lambda w: w.round() / w.scale, f"{STOPPED}: AttributeError"),
]

ANSWERS = {
    "00-scale": SCALE,
    "00-fit": FIT,
    "00-square": SQUARE,
    "01-majority": MAJORITY,
    "01-batches": BATCHES,
    "01-log-loss": LOG_LOSS,
    "01-honest": HONEST,
    "01-top-k": TOP_K,
    "01-fine-tune": FINE_TUNE,
    "02-conv-parameters": CONV_PARAMETERS,
    "02-output-size": OUTPUT_SIZE,
    "02-convolution": CONVOLUTION,
    "02-max-pool": MAX_POOL,
    "02-flip": FLIP,
    "02-stop": STOP,
    "02-paired": PAIRED,
    "03-length": LENGTH,
    "03-rows": ROWS,
    "03-bytes": BYTES,
    "03-label": LABEL,
    "03-order": ORDER,
    "03-recall": RECALL,
    "03-leak": LEAK,
    "04-iou": IOU,
    "04-halve": HALVE,
    "04-dice": DICE,
    "04-pooled": POOLED,
    "04-latest": LATEST,
    "04-boundary": BOUNDARY,
    "05-parameters": PARAMETERS,
    "05-epoch-loss": EPOCH_LOSS,
    "05-missing-classes": MISSING_CLASSES,
    "05-adam": ADAM,
    "05-gradient": GRADIENT,
    "06-blocks": BLOCK_COUNTS,
    "06-pixels": PIXELS,
    "06-leak": TENSORS_LEFT,
    "06-bilinear": BILINEAR,
    "06-quantize": QUANTIZE,
}
EACH_ANSWER = [
    pytest.param(exercise, answer, piece, id=f"{exercise}-{number}")
    for exercise, answers in ANSWERS.items()
    for number, (answer, piece) in enumerate(answers)
]


@pytest.mark.parametrize(("exercise", "answer", "piece"), EACH_ANSWER)
@pytest.mark.filterwarnings("ignore:(divide by zero|invalid value) encountered")  # in an answer
def test_an_answer_gets_the_verdict_that_helps_its_reader(remembered, exercise, answer, piece):
    verdict = check_answer(exercise, answer)
    assert piece in verdict.text
    assert verdict.state == ("right" if piece == RIGHT else "wrong")
    assert verdict.text.startswith("✓" if piece == RIGHT else "✗")
    assert one_short_line(verdict)


def one_short_line(verdict):
    return len(verdict.text.splitlines()) == 1 and len(verdict.text) < 400 and verdict.text.strip()


def test_the_table_holds_every_exercise_and_every_hint():
    assert set(ANSWERS) == set(EXERCISES)
    for exercise, task in EXERCISES.items():
        pieces = [piece for _, piece in ANSWERS[exercise]]
        assert pieces.count(RIGHT) >= 3
        for _, hint, _ in task.mistakes:
            assert sum(piece in hint for piece in pieces) >= 1, hint


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_answer_that_fails_on_one_input_only_is_told_which(exercise, remembered):
    task = EXERCISES[exercise]
    for number, arguments in enumerate(task.inputs()):
        calls = itertools.count()

        def answer(*given, number=number, calls=calls):
            value = task.right(*given)
            if next(calls) != number:
                return value
            if exercise == "01-fine-tune":
                value.layers[0].trainable = True
                return value
            if isinstance(value, tuple):
                return value[0], value[1] + 1000.0
            value = np.nan_to_num(value)
            return ~value if value.dtype == bool else value + 1000.0

        verdict = check_answer(exercise, answer)
        told = "aprendem as camadas" if exercise == "01-fine-tune" else WRONG
        assert verdict.state == "wrong" and told in verdict.text
        for at in (0, -1):
            assert checks._short(arguments[at])[:40] in verdict.text


# --- odd answers


class Grumpy:
    """Raises whatever one asks of it."""

    def __init__(self, *arguments):
        pass

    def grumble(self, *arguments, **options):
        raise RuntimeError("leave me alone")

    __repr__ = __str__ = __array__ = __eq__ = __len__ = __iter__ = __bool__ = __float__ = grumble
    __hash__ = None


class Sulking(Exception):
    def __str__(self):
        raise RuntimeError("leave me alone")


def raises(error):
    def answer(*arguments):
        raise error

    return answer


def gives(value):
    return lambda *arguments: value


def endless(*arguments):
    return endless(*arguments)


ODD = {
    "an error of many lines": (raises(ValueError("one\ntwo\r\n" * 200)), "ValueError: one two"),
    "an error without text": (raises(KeyError()), "KeyError: "),
    "an error that cannot be shown": (raises(Sulking()), "Sulking"),
    "braces in an error": (raises(ValueError("{} {0} {name}")), "ValueError: {} {0} {name}"),
    "exit": (raises(SystemExit("bye")), "SystemExit: bye"),
    "endless recursion": (endless, "RecursionError"),
    "no argument": (lambda: 1, "TypeError"),
    "too many arguments": (lambda a, b, c, d, e: 1, "TypeError"),
    "a class": (Grumpy, "recebemos Grumpy"),
    "a lambda of all arguments": (lambda *arguments: [arguments], "recebemos"),
    "None": (gives(None), "return"),
    "a dict": (gives({"{accuracy}": 0.5}), "recebemos {'{accuracy}': 0.5}"),
    "text": (gives("half\n" * 100), "recebemos 'half"),
    "bytes": (gives(b"0.5"), "recebemos b'0.5'"),
    "a set": (gives({1}), "recebemos {1}"),
    "a generator": (lambda *arguments: (a for a in arguments), "recebemos <generator"),
    "a function": (gives(len), "recebemos <built-in function len>"),
    "a list in itself": (gives([[...]]), "recebemos [[Ellipsis]]"),
    "ragged": (gives([[1], [1, 2]]), "recebemos [[1], [1, 2]]"),
    "complex": (gives(np.array(1j)), "recebemos 1j"),
    "bool": (gives(True), "recebemos True"),
    "bool of NumPy": (gives(np.array([True, False])), "recebemos [True, False]"),
    "text in an array": (gives(np.array(["pug"])), "recebemos ['pug']"),
    "objects in an array": (gives(np.array([1, None], object)), "recebemos [1, None]"),
    "a date": (gives(np.datetime64("2026-01-01")), "recebemos"),
    "an empty list": (gives([]), "[]"),
    "a large int": (gives(10**400), "recebemos 1000"),
    "a huge array": (gives(np.zeros((10, 100, 100))), "recebemos [[[0.0, 0.0"),
    "an object that cannot be shown": (gives(Grumpy()), "recebemos Grumpy"),
    "a list of such objects": (gives([Grumpy()]), "recebemos list"),
}


@pytest.mark.parametrize(("answer", "piece"), ODD.values(), ids=ODD)
def test_an_odd_answer_gets_a_verdict_of_one_line(light_network, answer, piece):
    for exercise in EXERCISES:
        verdict = check_answer(exercise, answer)
        assert verdict.state == "wrong" and one_short_line(verdict)
        assert piece in verdict.text


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, np.float16(0.1), -0.0], ids=str)
@pytest.mark.filterwarnings("error")
def test_any_number_is_compared(value):
    for exercise in set(EXERCISES) - {"01-fine-tune"}:
        verdict = check_answer(exercise, gives(value))
        assert verdict.state == "wrong" and one_short_line(verdict)


@pytest.mark.parametrize(
    "answer", [3, 0.5, None, "majority", Grumpy(), np.zeros(9), [len]], ids=type
)
def test_what_is_no_function_is_refused_kindly(answer):
    verdict = check_answer("01-majority", answer)
    assert verdict.state == "wrong" and "sem parênteses" in verdict.text
    assert one_short_line(verdict)


def test_an_answer_may_print(capsys):
    verdict = check_answer("01-majority", lambda t: print("hello") or majority_by_loop(t))
    assert verdict.text == RIGHT and "hello" in capsys.readouterr().out


def test_an_interrupt_stops_the_check():
    with pytest.raises(KeyboardInterrupt):
        check_answer("01-majority", raises(KeyboardInterrupt()))


@pytest.mark.parametrize("answer", [lambda *arguments: ..., ...], ids=["a stub", "no function"])
def test_an_exercise_not_begun_is_pending(light_network, answer):
    for exercise in EXERCISES:
        verdict = check_answer(exercise, answer)
        assert verdict.state == "pending" and "Pendente" in verdict.text and "`...`" in verdict.text


def test_a_missing_return_is_named_even_where_other_inputs_give_an_answer():
    verdict = check_answer("01-majority", lambda t: 0.5 if len(t) == 4 else None)
    assert "Falta um `return`" in verdict.text


@pytest.mark.parametrize("exercise", ["02-unknown", "", "01-MAJORITY", None, 1, len], ids=str)
def test_an_unknown_exercise_is_an_error_that_names_the_known_ones(exercise):
    with pytest.raises(ValueError, match="Expected one of .*01-batches.*01-top-k.*Received: "):
        check_answer(exercise, len)


# --- nothing stays behind


def spoil(*arguments):
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument[...] = 0
        elif isinstance(argument, list):
            argument.clear()
        elif isinstance(argument, keras.Sequential):
            argument.pop()
            argument.trainable = True
    return 0


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_answer_that_changes_its_arguments_spoils_no_later_check(exercise):
    def shown():
        return [checks._short(argument) for given in task.inputs() for argument in given]

    task = EXERCISES[exercise]
    before = shown()
    check_answer(exercise, spoil)
    assert shown() == before
    assert check_answer(exercise, ANSWERS[exercise][0][0]).text == RIGHT


def test_a_right_answer_may_sort_its_argument_in_place():
    assert check_answer("01-majority", lambda t: t.sort() or majority_by_loop(t)).text == RIGHT


def test_an_array_used_again_in_each_call_is_compared_as_it_was():
    memory = np.zeros(())

    def answer(targets):
        memory[...] = majority_by_loop(targets)
        return memory

    assert check_answer("01-majority", answer).text == RIGHT


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_check_leaves_the_random_numbers_as_they_were(exercise):
    def draw():
        return random.random(), np.random.rand(), float(keras.random.uniform(()))

    keras.utils.set_random_seed(7)
    expected = draw()
    keras.utils.set_random_seed(7)
    check_answer(exercise, EXERCISES[exercise].mistakes[0][0])
    assert draw() == expected


# --- the exercises themselves


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.filterwarnings("error")
def test_mistakes_differ_from_the_right_answer_and_from_each_other(remembered, exercise):
    task = EXERCISES[exercise]
    functions = [task.right, *mistakes_of(task)]
    outcomes = [checks._outcomes(task, function) for function in functions]
    assert {problem for outcome in outcomes for problem, _ in outcome} == {None}
    for one, other in itertools.combinations(range(len(functions)), 2):
        assert any(checks._differs(task, outcomes[one], outcomes[other])), (one, other)
        assert not any(checks._differs(task, outcomes[one], outcomes[one]))


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize(("language", "begin"), [("pt", "✗ Ainda não. "), ("en", "✗ Not yet. ")])
def test_a_mistake_gets_its_own_hint(remembered, monkeypatch, exercise, language, begin):
    monkeypatch.setenv("COURSE_LANG", language)
    for mistake, *hints in EXERCISES[exercise].mistakes:
        assert check_answer(exercise, mistake).text == begin + hints[language == "en"]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (majority_by_loop, "✓ Correct!"),
        (gives(...), "○ Pending: write"),
        (gives(None), "The function returned `None`"),
        (gives("x"), "On the input [0, 1, 1, 2] expected one number; received 'x'."),
        (gives(9), "On the input [0, 1, 1, 2] the function returned 9"),
        (raises(ValueError("x")), "the function stopped with an error: ValueError: x."),
        (3, "Expected a function; received 3."),
    ],
)
def test_all_verdicts_speak_english_where_the_course_does(monkeypatch, answer, text):
    monkeypatch.setenv("COURSE_LANG", "en")
    assert text in repr(check_answer("01-majority", answer))


def test_a_wrong_shape_is_told_beside_the_one_expected(monkeypatch):
    monkeypatch.setenv("COURSE_LANG", "en")
    verdict = check_answer("02-max-pool", lambda maps: maps[:1, :1])
    assert "array of shape (1, 2, 1); received [[[1.0]]], of shape (1, 1, 1)." in verdict.text


@pytest.mark.parametrize("language", [None, "", "pt", "fr"])
def test_without_english_the_course_speaks_portuguese(monkeypatch, language):
    if language is not None:
        monkeypatch.setenv("COURSE_LANG", language)
    assert repr(check_answer("01-majority", majority_by_loop)) == RIGHT


@pytest.mark.parametrize("exercise", EXERCISES)
def test_hints_come_in_two_languages_and_once_each(exercise):
    hints = [hint for _, *both in EXERCISES[exercise].mistakes for hint in both]
    assert len(hints) == 2 * len(EXERCISES[exercise].mistakes) == len(set(hints))
    assert all(hint == hint.strip() != "" and hint[-1] in ".?" for hint in hints)
    for _, portuguese, english in EXERCISES[exercise].mistakes:
        assert re.findall("`[^`]+`", portuguese) == re.findall("`[^`]+`", english)


def source_of(function):
    """Source of a function and of the functions it closes over."""
    inner = [cell.cell_contents for cell in function.__closure__ or ()]
    return "".join(map(inspect.getsource, [function, *filter(inspect.isfunction, inner)]))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_hints_do_not_give_the_answer_away(exercise):
    right = source_of(EXERCISES[exercise].right)
    for _, *hints in EXERCISES[exercise].mistakes:
        for hint in hints:
            assert not re.search(r"\w\(|\bnp\.|==", hint)
            code = [piece for piece in re.findall("`([^`]+)`", hint) if not piece.isidentifier()]
            assert not [piece for piece in code if piece in right]


@pytest.mark.parametrize("key", TEXTS)
def test_texts_come_in_two_languages_with_the_same_places_to_fill(key):
    portuguese, english = TEXTS[key]
    assert portuguese.strip() and english.strip() and portuguese != english
    assert portuguese.count("{}") == english.count("{}")
    assert not re.search(r"[{}]", (portuguese + english).replace("{}", ""))


def test_every_text_is_used():
    source = inspect.getsource(checks)
    assert [key for key in TEXTS if source.count(f'"{key}"') < 2] == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_an_exercise_returns_has_a_text_and_inputs_come_anew(exercise):
    task = EXERCISES[exercise]
    assert task.returns in TEXTS and len(task.inputs()) >= 2
    for one, other in zip(task.inputs(), task.inputs(), strict=True):
        changing = (list, np.ndarray, keras.Model)
        assert not [
            a for a, b in zip(one, other, strict=True) if isinstance(a, changing) and a is b
        ]
