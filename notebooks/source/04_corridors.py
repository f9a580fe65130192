# %% [markdown] lang="pt"
# # 04 · O chão livre: segmentação, U-Net e um treino que sobrevive
#
# {{badges}}
#
# Um robô pequeno anda por corredores e precisa saber onde pode pisar. Dizer "há um obstáculo na foto" não ajuda: ele precisa de uma resposta para cada pixel. Neste capítulo, você treina uma U-Net que separa o chão livre do que o robô poderia atingir, compara de onde começar (do zero, de uma tarefa mais fácil, do ImageNet) e monta um treino que pode ser morto a qualquer momento e continua de onde parou.
#
# **Você vai aprender a**
# - ler pares de foto e máscara, e reduzir máscaras sem estragar as classes;
# - medir uma segmentação com o IoU, e saber por que a acurácia de pixels engana;
# - treinar primeiro um *backbone* em uma tarefa mais fácil e aproveitá-lo;
# - montar uma U-Net em cima de qualquer rede convolucional, e comparar pontos de partida de modo justo;
# - comparar a entropia cruzada com a perda de Dice;
# - registrar um treino, retomá-lo depois de morto e salvá-lo de um colapso;
# - olhar os erros: as piores fotos e a borda do chão;
# - exportar o modelo para o LiteRT (o antigo TensorFlow Lite), para rodar no robô.
#
# **Tempo:** cerca de 120 minutos de leitura e execução e 60 minutos de exercícios; só a execução, com a amostra, leva de 3 a 4 minutos em 2 núcleos de CPU. **Pré-requisitos:** os capítulos 01 (transferência, as três partes, intervalos) e 02 (convoluções, aumento de dados); do 03, sequências, sementes e `BatchNormalization`.

# %% [markdown] lang="en" of="75ab3390"
# # 04 · The free floor: segmentation, U-Net and a training run that survives
#
# {{badges}}
#
# A small robot drives along corridors and has to know where it can go. To say "there is an obstacle in the photo" does not help: it needs an answer for every pixel. In this chapter you train a U-Net that tells free floor from what the robot could hit, compare where to begin (from scratch, from an easier task, from ImageNet), and set up a training run that can be killed at any moment and goes on where it stopped.
#
# **You will learn to**
# - read pairs of photo and mask, and reduce masks without spoiling the classes;
# - measure a segmentation by its IoU, and know why pixel accuracy deceives;
# - train a backbone on an easier task first, and make use of it;
# - build a U-Net on top of any convolutional network, and compare starting points fairly;
# - compare cross-entropy with the Dice loss;
# - record a training run, resume it after it was killed and rescue it from a collapse;
# - look at the mistakes: the worst photos and the edge of the floor;
# - export the model to LiteRT (formerly TensorFlow Lite), to run on the robot.
#
# **Time:** about 120 minutes to read and run, and 60 minutes of exercises; running alone, on the sample, takes 3 to 4 minutes on 2 CPU cores. **Prerequisites:** chapters 01 (transfer, the three parts, intervals) and 02 (convolutions, augmentation); from 03, sequences, seeds and `BatchNormalization`.

# %% [markdown] lang="pt"
# ## Preparar o ambiente
#
# A próxima célula encontra a pasta do curso (no Colab, ela baixa o curso antes) e fixa as sementes dos números aleatórios.

# %% [markdown] lang="en" of="b0d6aa2d"
# ## Set up the environment
#
# The next cell finds the course's folder (in Colab it downloads the course first) and fixes the seeds of the random numbers.

# %% tags=["setup"]
# written by build.py

# %% [markdown] lang="pt"
# Com `"sample"`, você usa os desenhos que acompanham o curso: corredores e salas vistos por um robô. Com `"full"`, usa pares de foto e máscara seus, na pasta `corridors`; o [README]({{repository}}#usar-fotos-reais) diz onde. `IMAGE_SIZE` é (altura, largura), em múltiplos de 16, que é quanto as redes deste capítulo reduzem a imagem.

# %% [markdown] lang="en" of="e7ab7a7f"
# With `"sample"` you use the drawings that come with the course: corridors and rooms as seen by a robot. With `"full"` you use pairs of photo and mask of your own, in the folder `corridors`; the [README]({{repository}}/blob/main/README.en.md#use-real-photos) says where. `IMAGE_SIZE` is (height, width), in multiples of 16, by which the networks of this chapter reduce the image.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
IMAGE_SIZE = (160, 192) if FULL else (64, 64)
BATCH_SIZE = 8
BACKBONE_EPOCHS = 20 if FULL else 8
EPOCHS = 20 if FULL else 5
LEARNING_RATE = 0.002
FINE_TUNING_RATE = 0.0005
RUNS = Path("runs/04") / SUBSET

# %%
import json
import shutil
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from PIL import Image
from scipy import ndimage
from sklearn.metrics import jaccard_score

chapter_start = time.perf_counter()
tf.get_logger().setLevel("ERROR")
plt.style.use("tableau-colorblind10")

# %%
from helpers import RandomTransform, check_answer, create_data_batches
from helpers import dataset_dir, efficientnet_lite0, iou_counts, plot_loss_curves
from helpers import segmentation_batches, show_images, show_masks, train_model, unet

# %% [markdown] lang="pt"
# ## A pergunta do robô
#
# Cada foto de `original/` tem, em `mask/`, uma **máscara** com o mesmo nome. A pasta já vem dividida em treino, validação e teste: as fotos de um mesmo passeio são quase iguais, e quem as sorteia uma a uma deixa vizinhas em partes diferentes (lembre o vazamento do capítulo 03).

# %% [markdown] lang="en" of="b9e741f0"
# ## The robot's question
#
# Each photo of `original/` has in `mask/` a **mask** of the same name. The folder comes divided into training, validation and test: photos of the same drive are nearly equal, and whoever draws them one by one leaves neighbours in different parts (remember the leak of chapter 03).

# %% tags=["nbval-check-output"]
folder = dataset_dir("corridors", SUBSET)
parts = ("train", "val", "test")
files = {part: sorted((folder / part / "original").glob("*.*")) for part in parts}
{part: len(found) for part, found in files.items()}


# %% alt_pt="Em cima, cinco fotos de treino; embaixo, a máscara de cada uma: preto no chão livre, branco em todo o resto." alt_en="Above, five training photos; below, the mask of each: black on free floor, white on everything else."
def mask_of(path):
    return path.parents[1] / "mask" / path.name


some = files["train"][:: len(files["train"]) // 5][:5]
photos = [np.asarray(Image.open(path)) for path in some]
masks = [np.asarray(Image.open(mask_of(path))) for path in some]
show_images(photos + masks)
plt.gcf().set_facecolor("lightgray")
plt.show()

# %% tags=["nbval-check-output"]
photos[0].shape, masks[0].shape, masks[0].dtype.name, np.unique(masks[0]).tolist()

# %% [markdown] lang="pt"
# A máscara tem um número por pixel, e só dois valores: **0**, chão livre; **255**, obstáculo: tudo o que o robô poderia atingir, paredes incluídas ("colidível"). Sombras e reflexos no chão continuam sendo chão. Classificar cada pixel de uma foto se chama **segmentação semântica**.
#
# ## Reduzir uma máscara
#
# As redes vão trabalhar com imagens de `IMAGE_SIZE`, e a máscara precisa encolher junto. Fotos se reduzem por interpolação bilinear: cada pixel novo é uma média dos antigos. E uma máscara?

# %% [markdown] lang="en" of="3b30c43c"
# The mask has one number per pixel, and only two values: **0**, free floor; **255**, obstacle: all that the robot could hit, walls included ("collidable"). Shadows and reflections on the floor are still floor. To classify each pixel of a photo is called **semantic segmentation**.
#
# ## Reducing a mask
#
# The networks will work on images of `IMAGE_SIZE`, and the mask has to shrink along. Photos are reduced by bilinear interpolation: each new pixel is a mean of old ones. And a mask?

# %%
mask = Image.fromarray(masks[0])
small = (mask.width * 3 // 8, mask.height * 3 // 8)
nearest = np.asarray(mask.resize(small, Image.Resampling.NEAREST))
blended = np.asarray(mask.resize(small, Image.Resampling.BILINEAR))
np.unique(nearest).tolist(), np.unique(blended)[:8].tolist()

# %% [markdown] lang="pt"
# A média de 0 e 255 dá valores que não são classe nenhuma. Convertê-los para 0 ou 1 com `// 255` (ou `astype(int)` depois de dividir) parece inofensivo, mas trunca: só continua colidível o pixel que era 255 inteiro. Os obstáculos emagrecem, e os finos somem. O **vizinho mais próximo** copia um pixel antigo, sem misturar:

# %% [markdown] lang="en" of="cee01986"
# The mean of 0 and 255 gives values that are no class at all. To turn them into 0 or 1 by `// 255` (or `astype(int)` after dividing) looks harmless, but it truncates: only a pixel that was 255 as a whole stays collidable. Obstacles get thinner, and thin ones vanish. The **nearest neighbour** copies one old pixel without mixing:

# %% alt_pt="Três versões reduzidas da mesma máscara: a do vizinho mais próximo, em preto e branco; a bilinear, com tons de cinza nas bordas; e a bilinear truncada, em que as partes brancas ficaram mais finas." alt_en="Three reduced versions of the same mask: nearest neighbour, black and white; bilinear, with greys along the edges; and bilinear truncated, in which the white parts have become thinner."
truncated = blended // 255 * 255
show_images([nearest, blended, truncated], ["nearest", "bilinear", "bilinear, truncated"])
plt.gcf().set_facecolor("lightgray")
plt.show()


# %%
def collidable_pixels(path, method):
    return (np.asarray(Image.open(mask_of(path)).resize(small, method)) // 255).sum()


kept = {
    method.name: sum(int(collidable_pixels(path, method)) for path in files["train"])
    for method in (Image.Resampling.NEAREST, Image.Resampling.BILINEAR)
}
lost = 1 - kept["BILINEAR"] / kept["NEAREST"]
kept, round(lost, 3)

# %% [markdown] lang="pt"
# O último número é a fração dos pixels colidíveis que a máscara bilinear truncada perde, no treino inteiro: todos eles na borda dos obstáculos, onde o robô menos pode errar.
#
# ## Lotes de pares
#
# `segmentation_batches` junta foto e máscara pelo nome (se falta o par de alguma, o erro diz qual), confere se cada máscara só tem 0 e 255, reduz a foto por interpolação e a máscara pelo vizinho mais próximo, e aplica o aumento de dados **às duas**: a máscara gira com a foto. Nos lotes, 0 é chão livre e 1, colidível.

# %% [markdown] lang="en" of="e9a4ff05"
# The last number is the fraction of the collidable pixels that the truncated bilinear mask loses, over the whole training part: all of them at the edge of obstacles, where the robot can least afford a mistake.
#
# ## Batches of pairs
#
# `segmentation_batches` pairs photo and mask by name (where a partner is missing, the error says whose), checks that each mask has only 0 and 255, reduces the photo by interpolation and the mask by the nearest neighbour, and augments **both**: the mask turns with the photo. In the batches 0 is free floor and 1 collidable.

# %%
augment = RandomTransform(
    rotation=4, zoom=0.2, shift=0.08, flip=True, brightness=0.15, contrast=0.3, seed=13
)
options = {"image_size": IMAGE_SIZE, "batch_size": BATCH_SIZE}
for_training = {"training": True, "augment": augment, "seed": 13, **options}
train_data = segmentation_batches(folder / "train", **for_training)
val_data = segmentation_batches(folder / "val", **options)

# %% tags=["nbval-check-output"]
images, targets = train_data[0]
images.shape, images.dtype.name, targets.shape, targets.dtype.name, np.unique(targets).tolist()

# %% alt_pt="Cinco fotos de treino aumentadas (giradas, espelhadas, mais claras ou escuras), com o chão livre pintado de azul: a tinta acompanha o chão." alt_en="Five augmented training photos (turned, mirrored, brighter or darker), with free floor painted blue: the paint follows the floor."
show_masks(images[:5], targets[:5])
plt.show()

# %% [markdown] lang="pt"
# A ordem das fotos e cada sorteio do aumento são uma função de (semente, época), como na `ImageSequence` do capítulo 03. Isso vai permitir retomar um treino morto exatamente como ele teria continuado:

# %% [markdown] lang="en" of="fef1ef19"
# The order of the photos and every draw of the augmentation are a function of (seed, epoch), as in the `ImageSequence` of chapter 03. That will allow a killed run to be resumed exactly as it would have gone on:

# %% tags=["nbval-check-output"]
batch_of = {}
for epoch in (3, 4):
    train_data.epoch = epoch
    batch_of[epoch] = train_data[0][0]
again = segmentation_batches(folder / "train", **for_training)
again.epoch = 3
np.array_equal(batch_of[3], again[0][0]), np.array_equal(batch_of[3], batch_of[4])

# %% [markdown] lang="pt"
# Um cuidado com a luz: variar brilho e contraste não serve de nada se, depois, cada imagem é **padronizada** (menos a média, dividida pelo desvio padrão). A padronização desfaz quase por inteiro essas duas mudanças, e a rede volta a ver quase a mesma imagem. Aqui, a rede recebe de 0 a 1, sem padronizar.

# %% [markdown] lang="en" of="9861c9ca"
# A word of care about light: varying brightness and contrast is of no use if each image is **standardized** afterwards (minus its mean, divided by its standard deviation). Standardizing undoes these two changes almost entirely, and the network sees nearly the same image again. Here the network gets 0 to 1, not standardized.


# %% tags=["nbval-check-output"]
def standardize(image):
    return (image - image.mean()) / image.std()


other_light = 0.7 * images[0] + 0.1
bool(np.allclose(standardize(images[0]), standardize(other_light), atol=1e-3))

# %% [markdown] lang="pt"
# ## Como se mede
#
# Antes da rede, as réguas. Juntamos a validação inteira em arrays, e o treino sem aumento.

# %% [markdown] lang="en" of="db564812"
# ## How to measure
#
# Before the network, the yardsticks. We gather the whole validation part in arrays, and the training part without augmentation.


# %%
def gather(data):
    images, masks = zip(*(data[number] for number in range(len(data))))
    return np.concatenate(images), np.concatenate(masks)


val_images, val_masks = gather(val_data)
train_images, train_masks = gather(segmentation_batches(folder / "train", **options))
round(float((train_masks == 0).mean()), 3), round(float((val_masks == 0).mean()), 3)

# %% [markdown] lang="pt"
# Essas são as frações de chão livre no treino e na validação. As classes são **desequilibradas**: quem responde "tudo é colidível" já acerta o resto dos pixels, e o robô não sai do lugar. A acurácia de pixels não percebe. O **IoU** (*intersection over union*, também índice de Jaccard) percebe: da união do chão verdadeiro com o chão que a rede apontou, que fração é dos dois? Vai de 0 a 1, e só vale 1 quando tudo coincide. `iou_counts` conta, para cada imagem e classe, os pixels da interseção e os da união.

# %% [markdown] lang="en" of="18c11be8"
# These are the fractions of free floor in training and in validation. The classes are **imbalanced**: whoever answers "everything is collidable" is already right on the other pixels, and the robot goes nowhere. Pixel accuracy does not notice. The **IoU** (intersection over union, or Jaccard index) does: of the union of the true floor and the floor that the network pointed out, what fraction belongs to both? It goes from 0 to 1, and is 1 only where everything coincides. `iou_counts` counts, for each image and class, the pixels of the intersection and of the union.

# %% tags=["nbval-check-output"]
truth = np.array([[[1, 1, 1], [0, 0, 1], [0, 0, 0]]])
guess = np.array([[[1, 1, 1], [1, 0, 0], [0, 0, 0]]])
shared, either = iou_counts(truth, guess)
shared.tolist(), either.tolist(), (shared / either).round(3).tolist()

# %% [markdown] lang="pt"
# Confira à mão: o chão (classe 0) tem 5 pixels na verdade e 5 na resposta, 4 em comum e 6 ao todo: 4/6. Em um conjunto de fotos, somam-se as interseções e as uniões de todas antes de dividir. O intervalo de 95 % vem do ***bootstrap***: sorteamos as fotos com reposição duas mil vezes e vemos quanto o resultado balança. Sorteamos fotos, e não pixels, porque os pixels de uma foto erram juntos.

# %% [markdown] lang="en" of="0566667d"
# Check it by hand: the floor (class 0) has 5 pixels in truth and 5 in the answer, 4 in common and 6 in all: 4/6. For a set of photos the intersections and the unions of all are added up before dividing. The 95% interval comes from the **bootstrap**: we draw the photos with replacement two thousand times and see how much the result sways. We draw photos, not pixels, because the pixels of a photo err together.


# %%
def measure(masks, predictions):
    shared, either = (counts[:, 0] for counts in iou_counts(masks, predictions))
    drawn = np.random.default_rng(13).integers(len(masks), size=(2000, len(masks)))
    low, high = np.quantile(shared[drawn].sum(axis=1) / either[drawn].sum(axis=1), [0.025, 0.975])
    accuracy = np.mean(masks == predictions)
    return {"iou": shared.sum() / either.sum(), "low": low, "high": high, "accuracy": accuracy}


# %% [markdown] lang="pt"
# Duas respostas que não olham a foto: "tudo é colidível", e a **máscara média**, que chama de chão os pixels em que há chão na maioria das fotos de treino (o chão costuma estar embaixo).

# %% [markdown] lang="en" of="3086bca3"
# Two answers that do not look at the photo: "everything is collidable", and the **mean mask**, which calls floor those pixels where most training photos have floor (floor tends to be at the bottom).

# %%
mean_mask = (train_masks.mean(axis=0) >= 0.5).astype("uint8")
blind = {
    "all collidable": np.ones_like(val_masks),
    "mean mask": np.broadcast_to(mean_mask, val_masks.shape),
}
scores = {name: measure(val_masks, guess) for name, guess in blind.items()}
pd.DataFrame(scores).T.round(3)

# %% tags=["nbval-check-output"]
by_sklearn = jaccard_score(val_masks.ravel(), blind["mean mask"].ravel(), pos_label=0)
bool(np.isclose(by_sklearn, scores["mean mask"]["iou"]))

# %% [markdown] lang="pt"
# A primeira mostra por que não se confia na acurácia: ela acerta mais da metade dos pixels com IoU zero. A segunda é a régua a superar.

# %% [markdown] lang="en" of="0febe326"
# The first shows why accuracy is not to be trusted: it is right on more than half of the pixels with an IoU of zero. The second is the yardstick to beat.

# %% [markdown] lang="pt"
# ## Primeiro, uma tarefa mais fácil
#
# Pintar uma máscara pixel por pixel dá trabalho. Dizer "uns 60 % da imagem são colidíveis" é bem mais rápido. Uma rede treinada para estimar essa fração, a **cobertura**, precisa distinguir, ao menos em parte, o chão do resto: serve de ***backbone*** (espinha dorsal) para a segmentação. Aqui, a cobertura vem da própria máscara, com `target="coverage"`:

# %% [markdown] lang="en" of="1a3c1023"
# ## First, an easier task
#
# To paint a mask pixel by pixel is hard work. To say "about 60% of the image is collidable" is much quicker. A network trained to estimate that fraction, the **coverage**, has to tell floor from the rest, at least in part: it serves as a **backbone** for segmentation. Here the coverage comes from the mask itself, with `target="coverage"`:

# %% tags=["nbval-check-output"]
coverage_train = segmentation_batches(folder / "train", target="coverage", **for_training)
coverage_val = segmentation_batches(folder / "val", target="coverage", **options)
coverage_train[0][1].shape, coverage_train[0][1].dtype.name


# %% [markdown] lang="pt"
# A rede é pequena: quatro convoluções que andam de dois em dois pixels (`strides=2`), cada uma com mapas da metade do tamanho da anterior, e uma saída de 0 a 1. Sobre a `BatchNormalization`: na validação, ela usa médias e variâncias acumuladas passo a passo. Com o `momentum` padrão, 0,99, elas ainda lembram o começo depois de cem passos, e a rede parece pior na validação do que é. Em treinos curtos como os nossos, use 0,9; com 0,99, qualquer comparação com uma rede pré-treinada seria trapaça.

# %% [markdown] lang="en" of="5c1d5558"
# The network is small: four convolutions that move two pixels at a time (`strides=2`), each with maps half the size of the one before, and one output from 0 to 1. About `BatchNormalization`: in validation it uses means and variances accumulated step by step. With the default `momentum` of 0.99 they still remember the beginning after a hundred steps, and the network looks worse in validation than it is. In short runs such as ours use 0.9; with 0.99 any comparison with a pretrained network would be cheating.


# %%
def small_cnn():
    model = keras.Sequential([keras.Input((*IMAGE_SIZE, 3))], name="small_cnn")
    for filters in (8, 16, 32, 64):
        model.add(layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(1, activation="sigmoid"))
    return model


# %% [markdown] lang="pt"
# Quem treina é `train_model`, que registra cada época em uma pasta; veremos logo o que há nela. Aqui a resposta é um número, não uma classe, e não há acurácia: com `backbone=True`, a melhor época é a de menor perda de validação, e no fim o modelo fica com os pesos dela.
#
# Se a pasta já tem um treino, `train_model` continua de onde ele parou. Para que este caderno comece do zero, a próxima célula apaga o que uma execução anterior deixou.

# %% [markdown] lang="en" of="69eb4a2a"
# It is `train_model` that trains, and records each epoch in a folder; we will soon see what is in there. Here the answer is a number, not a class, so there is no accuracy: with `backbone=True` the best epoch is that of the lowest validation loss, and at the end the model has its weights.
#
# If there is a run in the folder already, `train_model` goes on where it stopped. So that this notebook begins from zero, the next cell removes what an earlier execution left.

# %%
shutil.rmtree(RUNS, ignore_errors=True)


# %%
def train_backbone(name, epochs, **extra):
    keras.utils.set_random_seed(13)
    model = small_cnn()
    adam = keras.optimizers.Adam(LEARNING_RATE)
    model.compile(loss="mse", optimizer=adam, metrics=["mean_absolute_error"])
    data = coverage_train, coverage_val
    history = train_model(model, RUNS / name, *data, backbone=True, epochs=epochs, **extra)
    return model, history


backbone, backbone_history = train_backbone("backbone", BACKBONE_EPOCHS, verbose=2 - FULL)

# %% alt_pt="Duas curvas por época, treino em linha cheia e validação tracejada: o erro quadrático e o erro absoluto da cobertura; os do treino descem nas primeiras épocas, os da validação oscilam." alt_en="Two charts by epoch, training solid and validation dashed: the squared and the absolute error of the coverage; those of training fall in the first epochs, those of validation go up and down."
plot_loss_curves(backbone_history)
plt.show()

# %% [markdown] lang="pt"
# Quem responde sempre a cobertura média do treino erra quanto? E o *backbone*?

# %% [markdown] lang="en" of="3325cf50"
# How far off is an answer that is always the mean coverage of the training part? And the backbone?

# %%
true_coverage = val_masks.mean(axis=(1, 2))
always_mean = np.abs(true_coverage - train_masks.mean()).mean()
found_coverage = backbone.predict(val_images, verbose=0)[:, 0]
coverage_error = np.abs(true_coverage - found_coverage).mean()
round(float(always_mean), 3), round(float(coverage_error), 3)

# %% [markdown] lang="pt"
# Os pesos do *backbone* vão servir a mais de um treino. Nós os guardamos, e uma função devolve uma cópia pronta:

# %% [markdown] lang="en" of="2e54ecff"
# The weights of the backbone will serve more than one run. We keep them, and a function returns a copy that is ready:

# %%
backbone.save_weights(RUNS / "backbone.weights.h5")


def trained_cnn():
    model = small_cnn()
    model.load_weights(RUNS / "backbone.weights.h5")
    return model


# %% [markdown] lang="pt"
# ## U-Net
#
# Um *backbone* encolhe a imagem: no fim, os mapas sabem **o que** há na foto, mas não mais **onde** exatamente. A **U-Net** acrescenta a volta. O **decodificador** amplia os mapas passo a passo e, a cada tamanho, junta a eles os mapas que o **codificador** (*encoder*), que aqui é o *backbone*, tinha naquele tamanho: são as **conexões de atalho** (*skip connections*). Os mapas profundos dizem o que é; os rasos, onde fica a borda. A última conexão traz a própria foto; sem ela, as bordas tendem a sair borradas.
#
# ![À esquerda, quatro blocos cada vez menores, descendo: o codificador, com mapas de 64, 32, 16 e 8 pixels e, no fundo, 4. À direita, blocos cada vez maiores, subindo: o decodificador. Setas horizontais tracejadas ligam os blocos de mesmo tamanho; no topo à direita sai a máscara de 64 pixels.](images/04_unet.svg)
#
# `unet(encoder, num_classes)` monta isso em cima de uma rede funcional ou sequencial, sem outros modelos dentro: acha os últimos mapas de cada tamanho e constrói a volta. A saída são **logits**, sem softmax: um número por pixel e classe; vence a classe de maior logit (`argmax`). O softmax fica dentro da perda, com `from_logits=True`.

# %% [markdown] lang="en" of="373d0eff"
# ## U-Net
#
# A backbone shrinks the image: at the end the maps know **what** is in the photo, but no longer exactly **where**. The **U-Net** adds the way back. The **decoder** enlarges the maps step by step and, at each size, joins to them the maps that the **encoder**, here the backbone, had at that size: these are the **skip connections**. The deep maps say what it is, the shallow ones where its edge lies. The last connection brings the photo itself; without it the edges tend to come out blurred.
#
# ![On the left four blocks that get smaller on the way down: the encoder, with maps of 64, 32, 16 and 8 pixels and, at the bottom, 4. On the right blocks that get larger on the way up: the decoder. Dashed horizontal arrows join the blocks of the same size; at the top right the mask of 64 pixels comes out.](images/04_unet.svg)
#
# `unet(encoder, num_classes)` builds this on top of a functional or sequential network, without other models in it: it finds the last maps of each size and builds the way back. The output is **logits**, without softmax: a number per pixel and class; the class with the larger logit wins (`argmax`). The softmax is inside the loss, with `from_logits=True`.

# %% tags=["nbval-check-output"]
model = unet(trained_cnn(), num_classes=2)
maps = [layer.output.shape[1:] for layer in model.layers if layer.name.endswith("_relu")]
maps, model.output_shape, model.count_params()

# %% [markdown] lang="pt"
# Essas são as alturas, larguras e canais do decodificador, do fundo para o topo; a saída, com dois logits por pixel; e o número de parâmetros.
#
# ## De onde começar
#
# A mesma tarefa, o mesmo orçamento (o mesmo número de épocas e de fotos) e quatro começos:
#
# | Nome | Codificador | Pesos iniciais | O que treina |
# |---|---|---|---|
# | `random` | CNN pequena | sorteados | tudo |
# | `coverage` | CNN pequena | da tarefa da cobertura | tudo |
# | `imagenet_frozen` | EfficientNet-Lite0 | do ImageNet | só o decodificador |
# | `imagenet` | EfficientNet-Lite0 | do ImageNet | nas primeiras épocas, como o anterior; depois, também as convoluções do codificador, com taxa menor |
#
# Quem começa do `coverage` já viu as fotos de treino em outra tarefa. Essas épocas a mais são o preço do *backbone*, e vale lembrar disso ao comparar. E repare: entre os dois primeiros e os dois últimos mudam os pesos **e** a rede, que é maior.

# %% [markdown] lang="en" of="ccba7b82"
# These are the heights, widths and channels of the decoder, from the bottom to the top; the output, with two logits per pixel; and the number of parameters.
#
# ## Where to begin
#
# The same task, the same budget (the same number of epochs and photos) and four beginnings:
#
# | Name | Encoder | Initial weights | What trains |
# |---|---|---|---|
# | `random` | small CNN | random | everything |
# | `coverage` | small CNN | from the coverage task | everything |
# | `imagenet_frozen` | EfficientNet-Lite0 | from ImageNet | the decoder only |
# | `imagenet` | EfficientNet-Lite0 | from ImageNet | in the first epochs, as the one before; then the encoder's convolutions too, at a lower rate |
#
# Beginning from `coverage` means having seen the training photos in another task. These extra epochs are the price of the backbone, worth remembering in the comparison. And note: between the first two and the last two both the weights **and** the network, a larger one, change.

# %%
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
models, histories, seconds = {}, {}, {}


def train(name, model, loss=cross_entropy, rate=LEARNING_RATE, epochs=EPOCHS, **options):
    model.compile(loss=loss, optimizer=keras.optimizers.Adam(rate), metrics=["accuracy"])
    options = {"epochs": epochs, "verbose": int(FULL)} | options
    start = time.perf_counter()
    histories[name] = train_model(model, RUNS / name, train_data, val_data, **options)
    seconds[name] = time.perf_counter() - start
    models[name] = model


# %%
keras.utils.set_random_seed(13)
train("random", unet(small_cnn(), 2), verbose=2 - FULL)

# %%
keras.utils.set_random_seed(13)
train("coverage", unet(trained_cnn(), 2))

# %% [markdown] lang="pt"
# Agora, os pesos do ImageNet, congelados. Da EfficientNet-Lite0 ficamos com os blocos até 1/16 do tamanho da foto (`block10_add`). Os seguintes, com mapas de 1/32, têm a maior parte dos parâmetros e são os mais próximos das mil classes do ImageNet:

# %% [markdown] lang="en" of="e7f22c0f"
# Now the weights from ImageNet, frozen. Of EfficientNet-Lite0 we keep the blocks down to 1/16 of the photo's size (`block10_add`). The later ones, with maps of 1/32, hold most of the parameters and are the closest to the thousand classes of ImageNet:


# %%
def lite0_encoder(weights="imagenet"):
    whole = efficientnet_lite0(IMAGE_SIZE, weights=weights)
    return keras.Model(whole.inputs[0], whole.get_layer("block10_add").output)


keras.utils.set_random_seed(13)
encoder = lite0_encoder()
encoder.trainable = False
train("imagenet_frozen", unet(encoder, 2))

# %% [markdown] lang="pt"
# Para o **ajuste fino**, não é preciso repetir as primeiras épocas: o registro guardou os pesos de cada época. Carregamos os do meio do caminho e descongelamos as convoluções, com uma taxa menor. As camadas `BatchNormalization` do codificador ficam como vieram do ImageNet: lotes de 8 fotos dariam médias piores.

# %% [markdown] lang="en" of="33bd8c09"
# For **fine-tuning** there is no need to repeat the first epochs: the record kept the weights of every epoch. We load those from half-way and unfreeze the convolutions, at a lower rate. The encoder's `BatchNormalization` layers stay as they came from ImageNet: batches of 8 photos would give worse means.


# %%
def weights_after(name, epoch):
    (file,) = (RUNS / name / "log").glob(f"*/epoch-{epoch:03d}-*.weights.h5")
    return file


keras.utils.set_random_seed(13)
encoder = lite0_encoder()
encoder.trainable = False
model = unet(encoder, 2)
model.load_weights(weights_after("imagenet_frozen", EPOCHS // 2))
for layer in encoder.layers:
    layer.trainable = not isinstance(layer, layers.BatchNormalization)
train("imagenet", model, rate=FINE_TUNING_RATE, epochs=EPOCHS - EPOCHS // 2)
seconds["imagenet"] += seconds["imagenet_frozen"] * (EPOCHS // 2) / EPOCHS


# %%
def predict(model, images):
    return np.asarray(model(images)).argmax(axis=-1)


comparison = pd.DataFrame(
    {name: measure(val_masks, predict(models[name], val_images)) for name in models}
).T
comparison["seconds"] = pd.Series(seconds)
comparison["parameters"] = {name: float(models[name].count_params()) for name in models}
comparison.round(3)

# %% [markdown] lang="pt"
# A comparação só vale se o adversário de pesos sorteados está em boa forma. O teste: nas mesmas fotos de treino, a acurácia com as médias do lote (como no treino) e com as acumuladas (como na validação) deve ser quase a mesma. Se a segunda fosse muito menor, a rede perderia por causa da `BatchNormalization`, e não dos pesos iniciais. (`training=True` atualiza as médias; por isso guardamos os pesos antes.)

# %% [markdown] lang="en" of="c53aa5c6"
# The comparison is only worth something if the opponent with random weights is in order. The test: on the same training photos, the accuracy with the means of the batch (as in training) and with the accumulated ones (as in validation) should be nearly the same. If the second were much lower, the network would lose because of `BatchNormalization`, not of its initial weights. (`training=True` updates the means; so we keep the weights beforehand.)


# %%
def accuracy_in_batches(model, training):
    weights, correct = model.get_weights(), []
    for start in range(0, len(train_images), BATCH_SIZE):
        part = slice(start, start + BATCH_SIZE)
        logits = np.asarray(model(train_images[part], training=training))
        correct.append(logits.argmax(axis=-1) == train_masks[part])
    model.set_weights(weights)
    return float(np.concatenate(correct).mean())


by_batch_means = accuracy_in_batches(models["random"], training=True)
by_accumulated_means = accuracy_in_batches(models["random"], training=False)
round(by_batch_means, 3), round(by_accumulated_means, 3)

# %% [markdown] lang="pt"
# Leia a tabela com os intervalos: com tão poucas fotos de validação, diferenças menores que eles podem ser sorte. Os começos com pesos aprendidos em outra tarefa chegam mais longe com o mesmo orçamento? E quanto tempo cada um custou? (`random` e `coverage` são a mesma rede: a diferença de tempo entre eles é da máquina, que prepara o primeiro treino e pode estar ocupada.) Repare que congelar o codificador economiza tempo, mas não memória na hora de usar o modelo.
#
# Quanto da vantagem do ImageNet vem da rede, que é maior, e quanto dos pesos? Treinamos também a EfficientNet-Lite0 a partir de pesos sorteados (`lite0_encoder(weights=None)`, `momentum` 0,9, nada congelado). Na amostra, com o mesmo orçamento, o IoU na validação foi 0,859 (25/11/2026): a rede explica uma parte, os pesos, a outra. E a rede inteira, com os mapas de 1/32, congelada, chegou a 0,916: como a nossa, com mais de quatro vezes os parâmetros.

# %% [markdown] lang="en" of="51e970f2"
# Read the table with its intervals: on so few validation photos, differences smaller than these may be luck. Do the beginnings with weights learned on another task get further on the same budget? And how much time did each cost? (`random` and `coverage` are the same network: the difference in time between them comes from the machine, which prepares the first training run and may be busy.) Note that freezing the encoder saves time, but no memory when the model is used.
#
# How much of the advantage of ImageNet comes from the network, a larger one, and how much from the weights? We also trained EfficientNet-Lite0 from random weights (`lite0_encoder(weights=None)`, `momentum` 0.9, nothing frozen). On the sample, on the same budget, its validation IoU was 0.859 (2026-11-25): the network explains one part, the weights the other. And the whole network, with the maps of 1/32, frozen, reached 0.916: like ours, with more than four times the parameters.

# %% alt_pt="Curvas de validação por época dos quatro começos: as do ImageNet ficam acima, e a de `imagenet` só começa no meio; `random` e `coverage` ficam abaixo." alt_en="Validation curves by epoch of the four beginnings: those from ImageNet stay above, and that of `imagenet` begins only half-way; `random` and `coverage` stay below."
styles = {"random": "o:", "coverage": "s--", "imagenet_frozen": "D-"}
figure, ax = plt.subplots(figsize=(7, 4))
for name, style in styles.items():
    accuracy = histories[name].history["val_accuracy"]
    ax.plot(range(1, EPOCHS + 1), accuracy, style, label=name)
accuracy = histories["imagenet"].history["val_accuracy"]
ax.plot(range(EPOCHS // 2 + 1, EPOCHS + 1), accuracy, "v-.", label="imagenet")
ax.set_xticks(range(1, EPOCHS + 1))
ax.set(xlabel="epoch", ylabel="validation accuracy (pixels)")
ax.legend()
plt.show()

# %% [markdown] lang="pt"
# ## Outra perda: Dice
#
# A entropia cruzada soma os pixels um a um: se 90 % são colidíveis, eles mandam na perda. A **perda de Dice** olha a sobreposição de cada classe, e por isso pesa as classes por igual, qualquer que seja o tamanho delas:
#
# $$\text{perda} = 1 - \frac{2 \sum p\,t}{\sum p + \sum t}$$
#
# com *p*, a probabilidade da classe em cada pixel, e *t*, 1 onde ela é a verdadeira e 0 nos outros. Com probabilidades de 0 ou 1, a fração é o coeficiente de Dice, que é 2 IoU / (1 + IoU). Aqui, as somas são sobre o lote inteiro, e a perda é a média das duas classes.

# %% [markdown] lang="en" of="3ecd5af1"
# ## Another loss: Dice
#
# Cross-entropy adds the pixels one by one: if 90% are collidable, they rule the loss. The **Dice loss** looks at the overlap of each class, and so weighs the classes equally, whatever their size:
#
# $$\text{loss} = 1 - \frac{2 \sum p\,t}{\sum p + \sum t}$$
#
# where *p* is the probability of the class at each pixel, and *t* is 1 where it is the true one and 0 elsewhere. With probabilities of 0 or 1 the fraction is the Dice coefficient, which is 2 IoU / (1 + IoU). Here the sums run over the whole batch, and the loss is the mean of the two classes.


# %%
def dice_loss_of_logits(masks, logits):
    truth = keras.ops.one_hot(keras.ops.cast(masks, "int32"), 2)
    probabilities = keras.ops.softmax(logits)
    overlap = keras.ops.sum(probabilities * truth, axis=(0, 1, 2))
    sizes = keras.ops.sum(probabilities + truth, axis=(0, 1, 2))
    return 1 - keras.ops.mean((2 * overlap + 1) / (sizes + 1))


# %% [markdown] lang="pt"
# (Com o 1 somado em cima e embaixo, a fração de uma classe que falta no lote vai a 1 quando a rede acerta, em vez de ficar em 0.) O mesmo começo, o mesmo orçamento, só a perda muda:

# %% [markdown] lang="en" of="16949abb"
# (With the 1 added above and below, the fraction of a class that is missing from the batch goes to 1 when the network is right, instead of staying at 0.) The same beginning, the same budget, only the loss changes:

# %%
keras.utils.set_random_seed(13)
train("dice", unet(trained_cnn(), 2), loss=dice_loss_of_logits)


# %%
def measure_losses(name):
    predictions = predict(models[name], val_images)
    shared, either = (counts.sum(axis=0) for counts in iou_counts(val_masks, predictions))
    collidable = (shared / either)[1]
    called_free = (predictions == 0).mean()
    return measure(val_masks, predictions) | {"iou collidable": collidable, "free": called_free}


losses = {"cross-entropy": "coverage", "Dice": "dice"}
loss_table = pd.DataFrame({title: measure_losses(name) for title, name in losses.items()}).T
loss_table.round(3)

# %% [markdown] lang="pt"
# A coluna `free` é a fração de pixels que a rede chama de livres; a verdadeira está na seção "Como se mede". Uma perda que equilibra as classes costuma apontar mais da classe rara. Nesta amostra, não se vê isso: o desequilíbrio é moderado, e os intervalos das duas perdas se sobrepõem. Com classes realmente raras, a escolha da perda importa mais.
#
# ## O registro de um treino
#
# Um treino longo morre: a bateria acaba, o Colab desconecta, alguém fecha a tampa. E, quando não morre, às vezes desaba. `train_model` foi feita para isso. Eis o que ela deixou na pasta do treino `coverage`:

# %% [markdown] lang="en" of="e9827857"
# The column `free` is the fraction of pixels that the network calls free; the true one stands in the section "How to measure". A loss that balances the classes usually points out more of the rare one. In this sample that does not show: the imbalance is moderate, and the intervals of the two losses overlap. With classes that are really rare the choice of the loss matters more.
#
# ## The record of a run
#
# A long training run dies: the battery runs out, Colab disconnects, somebody shuts the lid. And when it does not die, it sometimes collapses. `train_model` was made for that. Here is what it left in the folder of the run `coverage`:

# %%
run = RUNS / "coverage"
found = sorted(path for path in run.rglob("*") if path.is_file())
names = [path.relative_to(run).as_posix() for path in found]
kilobytes = [round(path.stat().st_size / 1000) for path in found]
pd.set_option("display.max_colwidth", 100)
pd.DataFrame({"file": names, "kB": kilobytes})

# %% [markdown] lang="pt"
# - `log/<início>/`: os pesos de **cada** época, com os números no nome (a ordem alfabética é a das épocas; sem ":", que o Windows não aceita), e os eventos do TensorBoard;
# - `metrics.csv`: uma linha por época;
# - `best-accuracy/`: os pesos da melhor época na validação, e um JSON com os números dela;
# - `latest.npz`: o estado inteiro do treino, isto é, pesos, otimizador (momentos, passo, taxa), a melhor época e o histórico. É dele que um treino morto continua.
#
# Cada arquivo, menos os do TensorBoard, é escrito com outro nome e só então renomeado. Renomear é **atômico**: acontece por inteiro ou não acontece. Um treino morto no meio da escrita deixa intacto o arquivo anterior.

# %% [markdown] lang="en" of="ff9b27e1"
# - `log/<start>/`: the weights of **every** epoch, with its figures in the name (alphabetical order is the order of the epochs; without ":", which Windows refuses), and TensorBoard's events;
# - `metrics.csv`: one row per epoch;
# - `best-accuracy/`: the weights of the best epoch in validation, and a JSON with its figures;
# - `latest.npz`: the whole state of the training, that is, weights, optimizer (moments, step, rate), the best epoch and the history. This is what a killed run resumes from.
#
# Each file but TensorBoard's is written under another name and only then renamed. Renaming is **atomic**: it happens as a whole or not at all. A run killed in the middle of writing leaves the earlier file intact.

# %%
pd.read_csv(run / "metrics.csv").round(4)

# %% [markdown] lang="pt"
# No TensorBoard, todos os treinos aparecem lado a lado. No Colab, ou no JupyterLab:
#
# ```
# %load_ext tensorboard
# %tensorboard --logdir runs/04
# ```
#
# ### Morto no meio de uma época
#
# Vamos matar um treino: o do *backbone*, que é o mais rápido, refeito em outra pasta. Um *callback* interrompe o programa no meio da terceira época, como o botão ■ do Jupyter. O registro só tem as duas primeiras:

# %% [markdown] lang="en" of="6ce4e441"
# In TensorBoard all runs appear side by side. In Colab, or in JupyterLab:
#
# ```
# %load_ext tensorboard
# %tensorboard --logdir runs/04
# ```
#
# ### Killed in the middle of an epoch
#
# Let us kill a run: that of the backbone, the fastest one, done again in another folder. A callback interrupts the program in the middle of the third epoch, like the ■ button of Jupyter. The record has only the first two:


# %% tags=["nbval-check-output"]
class PullThePlug(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations == 5 * len(coverage_train) // 2:
            raise KeyboardInterrupt


try:
    train_backbone("killed", 3, callbacks=[PullThePlug()], verbose=0)
except KeyboardInterrupt:
    epochs_on_disk = pd.read_csv(RUNS / "killed" / "metrics.csv")["epoch"].tolist()
epochs_on_disk

# %% [markdown] lang="pt"
# Agora, um modelo **novo**, como em um programa que acabou de abrir, e a mesma chamada. `train_model` encontra o registro, põe o modelo e o otimizador onde estavam no fim da segunda época, avisa à sequência de lotes que a terceira vai começar, e segue:

# %% [markdown] lang="en" of="e94548f9"
# Now a **new** model, as in a program that was opened a moment ago, and the same call. `train_model` finds the record, puts the model and the optimizer where they were at the end of the second epoch, tells the sequence of batches that the third begins, and goes on:

# %% tags=["nbval-check-output"]
train_backbone("killed", 3, verbose=0)
resumed, unbroken = (pd.read_csv(RUNS / name / "metrics.csv") for name in ("killed", "backbone"))
resumed["epoch"].tolist()

# %%
difference = (resumed["val_loss"] - unbroken["val_loss"][:3]).abs()
difference.tolist()

# %% [markdown] lang="pt"
# A terceira época recomeçou do início; no registro, nenhuma falta nem aparece duas vezes, e os números são os das três primeiras épocas do treino `backbone`, que nunca foi interrompido. (Pode sobrar uma diferença minúscula: processadores com vários núcleos somam em outra ordem a cada vez. Com `tf.config.experimental.enable_op_determinism()`, os pesos ficam idênticos; um teste do curso mata um treino vinte vezes e confere.)
#
# O que é preciso guardar para isso? Guardar só os pesos é pouco: o Adam recomeçaria sem os momentos, e a primeira época depois da volta costuma ser pior. Só o modelo e o otimizador também não: sem saber qual foi a melhor época, o treino retomado poderia gravar uma pior por cima dela. E, sem o número da época, ele repetiria a ordem e os sorteios da primeira.
#
# ### Um colapso
#
# Um registro pode ser copiado: quem copia a pasta de um treino e pede mais épocas continua dali, sem tocar no original. Copiamos o treino `coverage` duas vezes e damos a cada cópia mais duas épocas. Na primeira dessas épocas, nas duas cópias, alguém erra a taxa de aprendizado:

# %% [markdown] lang="en" of="184581e1"
# The third epoch began again from its start; in the record none is missing and none comes twice, and the figures are those of the first three epochs of the run `backbone`, which was never interrupted. (A tiny difference may remain: processors with several cores add in another order each time. With `tf.config.experimental.enable_op_determinism()` the weights become identical; one of the course's tests kills a run twenty times and checks it.)
#
# What has to be kept for that? The weights alone are not enough: Adam would begin again without its moments, and the first epoch after the return is often worse. Nor are model and optimizer: without knowing which epoch was the best, the resumed run could overwrite it with a worse one. And without the number of the epoch it would repeat the order and the draws of the first one.
#
# ### A collapse
#
# A record can be copied: whoever copies the folder of a run and asks for more epochs goes on from there, without touching the original. We copy the run `coverage` twice and give each copy two more epochs. In the first of these epochs, in both copies, somebody gets the learning rate wrong:


# %%
class WrongRate(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == EPOCHS:  # counted from 0
            self.model.optimizer.learning_rate = 100.0


for name, minimum in (("lost", None), ("rescued", 0.7)):
    shutil.copytree(RUNS / "coverage", RUNS / name)
    copy, accident = unet(trained_cnn(), 2), [WrongRate()]
    train(name, copy, callbacks=accident, min_accuracy=minimum, epochs=EPOCHS + 2)

# %% [markdown] lang="pt"
# Com `min_accuracy`, `train_model` usa o *callback* `RestoreBestOnDrop`. No fim de uma época com acurácia de validação abaixo do mínimo, ele devolve ao modelo os pesos **e** o estado do otimizador da melhor época, e baixa a taxa. Enquanto nenhuma época tiver alcançado o mínimo, não faz nada: um treino do zero começa baixo.

# %% [markdown] lang="en" of="206c6460"
# With `min_accuracy`, `train_model` uses the callback `RestoreBestOnDrop`. At the end of an epoch whose validation accuracy is below the minimum it gives the model back the weights **and** the optimizer's state of the best epoch, and lowers the rate. As long as no epoch has reached the minimum it does nothing: a run from scratch begins low.

# %% alt_pt="Acurácia de validação por época de dois treinos, iguais até o acidente: nessa época os dois despencam; na seguinte, o resgatado volta ao que era, e o sem resgate continua embaixo." alt_en="Validation accuracy by epoch of two runs, equal up to the accident: in that epoch both plunge; in the next the rescued one is back where it was, and the one without rescue stays down."
figure, ax = plt.subplots(figsize=(7, 3.5))
for name, style in {"lost": "o--", "rescued": "s-"}.items():
    accuracy = histories[name].history["val_accuracy"]
    ax.plot(range(1, len(accuracy) + 1), accuracy, style, label=name)
ax.axhline(0.7, color="gray", linestyle=":", label="min_accuracy")
ax.set(xlabel="epoch", ylabel="validation accuracy (pixels)")
ax.legend()
plt.show()

# %%
rescued = pd.read_csv(RUNS / "rescued" / "metrics.csv")
rescued[["epoch", "val_accuracy", "val_loss", "learning_rate", "restored"]].round(4)

# %% [markdown] lang="pt"
# O treino sem resgate recomeça do fundo, com uma taxa enorme, e nada garante que volte. O resgatado continua dos melhores pesos, com metade da taxa que eles tinham.
#
# A ordem importa. O arquivo de onde se continua (`latest.npz`) é gravado **depois** de restaurar: se fosse antes, um treino morto logo em seguida voltaria com os pesos estragados. E o otimizador volta junto, porque os momentos do Adam ainda empurrariam os pesos bons na direção do desastre. Em `best-accuracy/`, nada se perdeu nem no treino sem resgate: o melhor nunca é substituído por um pior, e no fim `train_model` deixa o modelo com os melhores pesos, não com os últimos.

# %% [markdown] lang="en" of="770fd562"
# The run without rescue begins again from the bottom, at an enormous rate, and nothing guarantees that it comes back. The rescued one goes on from the best weights, at half the rate that they had.
#
# The order matters. The file to go on from (`latest.npz`) is written **after** restoring: if it were before, a run killed right then would come back with the spoilt weights. And the optimizer goes back too, because Adam's moments would still push the good weights towards the disaster. In `best-accuracy/` nothing was lost even in the run without rescue: the best is never replaced by a worse one, and at the end `train_model` leaves the model with the best weights, not the last.

# %% [markdown] lang="pt"
# ### Várias GPUs
#
# Com várias GPUs na mesma máquina, `tf.distribute.MirroredStrategy` põe uma cópia do modelo em cada uma e divide cada lote entre elas. Três coisas mudam: o modelo é criado e compilado dentro de `strategy.scope()`, o lote cresce com o número de GPUs, e a taxa de aprendizado costuma crescer junto. `train_model` é chamada do mesmo jeito, e o registro serve com uma ou com várias:
#
# ```python
# strategy = tf.distribute.MirroredStrategy()
# larger = for_training | {"batch_size": 8 * strategy.num_replicas_in_sync}
# with strategy.scope():
#     model = unet(lite0_encoder(), 2)
#     model.compile(loss=cross_entropy, optimizer="adam", metrics=["accuracy"])
# larger_batches = segmentation_batches(folder / "train", **larger)
# train_model(model, "runs/04/mirrored", larger_batches, val_data)
# ```
#
# (Um teste do curso faz isso com dois dispositivos lógicos em uma CPU e compara a perda com a de um só. Cada GPU calcula a `BatchNormalization` com a sua parte do lote.)
#
# ## O teste, uma vez
#
# Escolhemos pela validação. Só agora abrimos o teste; e a tabela inteira, porque a pergunta do capítulo é a comparação:

# %% [markdown] lang="en" of="6136c5fb"
# ### Several GPUs
#
# With several GPUs in one machine, `tf.distribute.MirroredStrategy` puts a copy of the model on each and divides each batch among them. Three things change: the model is created and compiled inside `strategy.scope()`, the batch grows with the number of GPUs, and the learning rate usually grows along. `train_model` is called in the same way, and its record serves one as well as several:
#
# ```python
# strategy = tf.distribute.MirroredStrategy()
# larger = for_training | {"batch_size": 8 * strategy.num_replicas_in_sync}
# with strategy.scope():
#     model = unet(lite0_encoder(), 2)
#     model.compile(loss=cross_entropy, optimizer="adam", metrics=["accuracy"])
# larger_batches = segmentation_batches(folder / "train", **larger)
# train_model(model, "runs/04/mirrored", larger_batches, val_data)
# ```
#
# (One of the course's tests does so with two logical devices on a CPU and compares the loss with that of one. Each GPU computes `BatchNormalization` on its part of the batch.)
#
# ## The test, once
#
# We choose by validation. Only now do we open the test; and the whole table, because the chapter's question is the comparison:

# %%
test_images, test_masks = gather(segmentation_batches(folder / "test", **options))
variants = ["random", "coverage", "imagenet_frozen", "imagenet"]
test_predictions = {name: predict(models[name], test_images) for name in variants}
test_predictions["mean mask"] = np.broadcast_to(mean_mask, test_masks.shape)
test_scores = {name: measure(test_masks, found) for name, found in test_predictions.items()}
test_table = pd.DataFrame(test_scores).T
test_table.round(3)

# %% alt_pt="Um ponto por variante com o IoU do chão no teste e uma linha com o intervalo de 95 %: a máscara média embaixo, as que partem do ImageNet em cima." alt_en="A dot per variant with the IoU of the floor on the test and a line with the 95% interval: the mean mask below, those that begin from ImageNet above."
ordered = test_table.sort_values("iou")
reach = np.abs(ordered[["low", "high"]].T - ordered["iou"]).to_numpy()
figure, ax = plt.subplots(figsize=(7, 3))
ax.errorbar(ordered["iou"], ordered.index, xerr=reach, fmt="o", color="#0072b2", capsize=3)
ax.set(xlabel="IoU of the free floor on the test", xlim=(None, 1))
plt.show()

# %%
chosen = comparison["iou"].idxmax()
model, predictions = models[chosen], test_predictions[chosen]
chosen

# %% [markdown] lang="pt"
# Na amostra, os dois começos do ImageNet ficam bem acima dos outros também no teste; entre `random` e `coverage`, os intervalos não decidem nada. Daqui em diante, olhamos a rede de maior IoU na **validação**, guardada em `chosen`.
#
# ### Onde ela erra
#
# O IoU de cada foto, do pior para o melhor. Azul é o chão que a rede achou; listras azuis, o chão que ela não viu; laranja, o que ela chama de livre e não é: para o robô, o erro que acaba em batida.

# %% [markdown] lang="en" of="da6bab8e"
# On the sample the two beginnings from ImageNet stay well above the others on the test too; between `random` and `coverage` the intervals decide nothing. From here on we look at the network with the highest IoU on **validation**, kept in `chosen`.
#
# ### Where it errs
#
# The IoU of each photo, from the worst on. Blue is the floor that the network found; blue stripes are floor that it did not see; orange is what it calls free and is not: for the robot, the mistake that makes it crash.

# %% alt_pt="As cinco fotos de teste com o menor IoU: chão achado em azul, chão perdido em listras, obstáculos tomados por chão em laranja, às vezes regiões inteiras." alt_en="The five test photos with the lowest IoU: floor found in blue, floor missed in stripes, obstacles taken for floor in orange, sometimes whole regions."
shared, either = (counts[:, 0] for counts in iou_counts(test_masks, predictions))
by_image = np.where(either > 0, shared / np.maximum(either, 1), 1)
worst = np.argsort(by_image)[:5]
titles = [f"IoU {by_image[number]:.2f}" for number in worst]
show_masks(test_images[worst], test_masks[worst], predictions[worst], titles)
plt.show()

# %% [markdown] lang="pt"
# Os erros estão espalhados ou colados à borda entre chão e obstáculo? Para cada pixel, a distância até o pixel mais próximo da outra classe (`distance_transform_edt` a calcula); em cada faixa de distância, a fração de pixels errados:

# %% [markdown] lang="en" of="e67e9f97"
# Are the mistakes scattered, or close to the edge between floor and obstacle? For each pixel, the distance to the nearest pixel of the other class (computed by `distance_transform_edt`); in each band of distances, the fraction of wrong pixels:


# %%
def distance_to_edge(mask):
    return ndimage.distance_transform_edt(mask) + ndimage.distance_transform_edt(1 - mask)


both = [number for number, mask in enumerate(test_masks) if 0 < mask.mean() < 1]
distance = np.stack([distance_to_edge(test_masks[number]) for number in both])
bands = pd.cut(distance.ravel(), [0, 1, 2, 4, 8, 16, np.inf])
is_wrong = pd.Series((predictions[both] != test_masks[both]).ravel())
edge_table = is_wrong.groupby(bands, observed=True).agg(["mean", "sum", "size"])
edge_table.columns = ["error rate", "wrong pixels", "pixels"]
edge_table.round(3)

# %% [markdown] lang="pt"
# Junto da borda, a rede erra muito mais que longe dela; parte disso é da própria redução da imagem. Os erros que importam para o robô são os das últimas linhas: regiões inteiras tomadas por outra coisa.
#
# ### A sua foto
#
# Escreva em `PHOTO` o caminho de uma foto sua (ou deixe a do teste). Sem máscara não há IoU: só se olha.

# %% [markdown] lang="en" of="7edbe4ea"
# Close to the edge the network errs much more than far from it; part of that comes from reducing the image. The mistakes that matter to the robot are those of the last rows: whole regions taken for something else.
#
# ### Your own photo
#
# Write the path of a photo of yours into `PHOTO` (or leave the one from the test). Without a mask there is no IoU: one can only look.

# %% alt_pt="Uma foto e, ao lado, a mesma com o chão que a rede aponta em azul." alt_en="A photo and, beside it, the same with the floor that the network points out in blue."
PHOTO = files["test"][0]
own = next(iter(create_data_batches([PHOTO], image_size=IMAGE_SIZE))).numpy()
found = predict(model, own)
axes = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")[1]
show_images(own, ax=axes[:1])
show_masks(own, found, ax=axes[1:])
plt.show()

# %% [markdown] lang="pt"
# ## Levar para o robô
#
# O robô não tem TensorFlow: tem um processador pequeno e o **LiteRT** (antes TensorFlow Lite). `model.export(..., format="litert")` grava pesos e contas em um só arquivo. Fixamos o lote em 1 (uma câmera dá uma imagem por vez), na entrada e também em `input_signature`: sem isso, o Keras exporta com o lote livre, que o LiteRT escreve como −1. E pomos o softmax no fim, para que saiam probabilidades. Para ler o arquivo, usamos aqui o interpretador que vem no TensorFlow; no robô, o mesmo vem no pacote `ai-edge-litert`.

# %% [markdown] lang="en" of="892453f4"
# ## To the robot
#
# The robot has no TensorFlow: it has a small processor and **LiteRT** (formerly TensorFlow Lite). `model.export(..., format="litert")` writes weights and operations into a single file. We fix the batch at 1 (a camera gives one image at a time), at the input and in `input_signature` too: without that Keras exports with a free batch, which LiteRT writes as −1. And we put the softmax at the end, so that probabilities come out. To read the file we use the interpreter inside TensorFlow; on the robot the same one comes in the package `ai-edge-litert`.

# %%
image_input = keras.Input((*IMAGE_SIZE, 3), batch_size=1)
for_robot = keras.Model(image_input, layers.Softmax()(model(image_input)))
robot_file = RUNS / "floor.tflite"
fixed = [keras.InputSpec(shape=for_robot.input_shape, dtype="float32")]
for_robot.export(str(robot_file), format="litert", verbose=False, input_signature=fixed)
robot_file.stat().st_size

# %%
warnings.filterwarnings("ignore", message=".*tf.lite.Interpreter is deprecated")
interpreter = tf.lite.Interpreter(str(robot_file))
interpreter.allocate_tensors()
entry, exit_ = interpreter.get_input_details()[0], interpreter.get_output_details()[0]


def run_on_robot(image):
    interpreter.set_tensor(entry["index"], image[None])
    interpreter.invoke()
    return interpreter.get_tensor(exit_["index"])[0]


entry["shape_signature"].tolist(), exit_["shape_signature"].tolist()

# %% [markdown] lang="pt"
# Um arquivo exportado só serve se responde o mesmo que o modelo. Comparamos as probabilidades, pixel por pixel, em todas as fotos de teste, e o tempo por imagem dos dois (se há GPU, só o Keras a usa):

# %% [markdown] lang="en" of="1cabc892"
# An exported file is only of use if it answers as the model does. We compare the probabilities, pixel by pixel, on all test photos, and the time per image of both (where there is a GPU, only Keras uses it):

# %%
by_keras = np.asarray(keras.ops.softmax(model(test_images)))
by_litert = np.stack([run_on_robot(image) for image in test_images])
litert_difference = float(np.abs(by_keras - by_litert).max())
disagreement = float(np.mean(by_keras.argmax(axis=-1) != by_litert.argmax(axis=-1)))
litert_difference, disagreement


# %%
def milliseconds(function, repeats=20):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))


one, compiled = tf.constant(test_images[:1]), tf.function(for_robot)
compiled(one, training=False)
keras_ms = milliseconds(lambda: compiled(one, training=False))
litert_ms = milliseconds(lambda: run_on_robot(test_images[0]))
round(keras_ms, 1), round(litert_ms, 1)

# %% [markdown] lang="pt"
# São milissegundos por imagem **nesta** máquina, uma imagem de cada vez, no Keras e no LiteRT; o robô é outro, e é nele que se deve medir. O tamanho do arquivo é quase todo de pesos: cerca de 4 bytes por parâmetro, em `float32` (um pouco menos, porque a exportação funde a `BatchNormalization` com as convoluções).
#
# ## Os erros que este capítulo evita
#
# | O que se lê por aí | O que acontece | O que fazer |
# |---|---|---|
# | reduzir a máscara por interpolação bilinear e truncar | obstáculos emagrecem | vizinho mais próximo |
# | padronizar depois de variar brilho e contraste | o aumento se desfaz | entrada de 0 a 1 |
# | fotos de validação que continuam no treino | a validação elogia quem decorou | partes separadas |
# | sortear o aumento uma vez, ou um por lote | a rede vê menos variações | um sorteio por foto e época |
# | "*backbone*" com pesos sorteados | não há transferência nenhuma | treiná-lo antes, ou usar o ImageNet |
# | U-Net sem a conexão do tamanho da foto | bordas borradas | todas as conexões |
# | `Dropout` depois do softmax | probabilidades zeradas ao acaso | nenhum `Dropout` depois dos logits |
# | ":" em nome de arquivo, `path + "log"` sem separador | falha no Windows; pasta errada | `pathlib`, data com hífens |
# | gravar antes de restaurar | o treino retomado parte dos pesos estragados | restaurar, depois gravar |
# | restaurar só os pesos | os momentos do otimizador repetem o desastre | otimizador também, taxa menor |
# | esquecer a melhor época ao retomar | a melhor é trocada por uma pior | guardá-la no estado |
# | ficar com os últimos pesos | não são os melhores | voltar à melhor época |

# %% [markdown] lang="en" of="579762ef"
# These are milliseconds per image on **this** machine, one image at a time, with Keras and with LiteRT; the robot is another one, and it is there that one should measure. The size of the file is nearly all weights: about 4 bytes per parameter, in `float32` (a little less, because the export merges `BatchNormalization` into the convolutions).
#
# ## The mistakes that this chapter avoids
#
# | What one reads | What happens | What to do |
# |---|---|---|
# | reduce the mask by bilinear interpolation and truncate | obstacles get thinner | nearest neighbour |
# | standardize after varying brightness and contrast | the augmentation is undone | input from 0 to 1 |
# | validation photos that stay in training | validation praises learning by heart | separate parts |
# | draw the augmentation once, or one per batch | the network sees fewer variations | a draw per photo and epoch |
# | a "backbone" with random weights | there is no transfer at all | train it first, or use ImageNet |
# | a U-Net without the connection of the photo's size | blurred edges | all the connections |
# | `Dropout` after the softmax | probabilities set to zero at random | no `Dropout` after the logits |
# | ":" in a file name, `path + "log"` without a separator | fails on Windows; the wrong folder | `pathlib`, a date with hyphens |
# | save before restoring | the resumed run begins from spoilt weights | restore, then save |
# | restore the weights alone | the optimizer's moments repeat the disaster | the optimizer too, a lower rate |
# | forget the best epoch when resuming | the best is replaced by a worse one | keep it in the state |
# | stay with the last weights | they are not the best | go back to the best epoch |

# %% [markdown] lang="pt"
# ## Os números do capítulo

# %% [markdown] lang="en" of="e289942e"
# ## The chapter's numbers

# %% tags=["results"]
results = {
    "iou": test_table.loc[variants, ["iou", "low", "high"]].astype(float).round(4).T.to_dict(),
    "pixel_accuracy": test_table.loc[variants, "accuracy"].astype(float).round(4).to_dict(),
    "chosen": chosen,
    "baseline_iou": round(float(test_table.loc["mean mask", "iou"]), 4),
    "coverage_error": round(float(coverage_error), 4),
    "seconds": {name: round(seconds[name], 1) for name in variants},
    "parameters": {name: models[name].count_params() for name in variants},
    "litert_bytes": robot_file.stat().st_size,
    "litert_max_difference": litert_difference,
    "litert_ms_over_keras_ms": round(litert_ms / keras_ms, 2),
    "chapter_seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
iou, accuracy = test_table["iou"], histories["lost"].history["val_accuracy"]
best_before, after = max(accuracy[:EPOCHS]), accuracy[EPOCHS:]
facts = {
    "truncation_loses_obstacles": lost > 0.01,
    "backbone_learns_coverage": coverage_error < always_mean,
    "all_beat_the_mean_mask": bool((iou[variants] > iou["mean mask"]).all()),
    "imagenet_beats_random": test_table.loc["imagenet", "low"] > iou["random"],
    "the_opponent_is_fair": abs(by_batch_means - by_accumulated_means) < 0.05,
    "resumed_run_is_the_unbroken": difference.max() < 0.02,
    "collapse_is_rescued": rescued["val_accuracy"].iloc[-1] > 0.7,
    "collapse_is_lost_without": best_before - max(after) > 0.1,
    "litert_is_the_model": litert_difference < 1e-3,
}
{name: bool(fact) for name, fact in facts.items()}

# %% [markdown] lang="pt"
# Com 170 fotos reais, de ruas (CamVid: 100 de treino, 30 de validação, 40 de teste; livre é a rua), o mesmo caderno deu (25/11/2026, 160 × 192 pixels, 20 épocas, 2 núcleos de CPU, 26 minutos):
#
# | | IoU na validação | IoU no teste (intervalo de 95 %) | Treino |
# |---|---|---|---|
# | máscara média | 0,774 | 0,644 (0,587 a 0,696) | |
# | `random` | 0,835 | 0,677 (0,615 a 0,732) | 285 s |
# | `coverage` | 0,820 | 0,669 (0,613 a 0,718) | 272 s |
# | EfficientNet-Lite0 de pesos sorteados | 0,926 | 0,734 (0,693 a 0,770) | |
# | `imagenet_frozen` | 0,921 | 0,805 (0,757 a 0,848) | 269 s |
# | `imagenet` | 0,950 | 0,865 (0,824 a 0,898) | 331 s |
#
# Aqui, o ajuste fino valeu a pena. Na validação, a rede de pesos sorteados empata com a congelada; no teste, fica bem atrás. E a validação prometeu muito mais do que o teste cumpriu: as fotos de validação são todas de um filme que também está no treino, e 26 das 40 de teste, de um filme que não está. Divida pelo que o modelo vai encontrar de novo: filmes, prédios, dias.

# %% [markdown] lang="en" of="c084f824"
# With 170 real photos, of streets (CamVid: 100 for training, 30 for validation, 40 for testing; free is the road), the same notebook gave (2026-11-25, 160 × 192 pixels, 20 epochs, 2 CPU cores, 26 minutes):
#
# | | IoU in validation | IoU on the test (95% interval) | Training |
# |---|---|---|---|
# | mean mask | 0.774 | 0.644 (0.587 to 0.696) | |
# | `random` | 0.835 | 0.677 (0.615 to 0.732) | 285 s |
# | `coverage` | 0.820 | 0.669 (0.613 to 0.718) | 272 s |
# | EfficientNet-Lite0 from random weights | 0.926 | 0.734 (0.693 to 0.770) | |
# | `imagenet_frozen` | 0.921 | 0.805 (0.757 to 0.848) | 269 s |
# | `imagenet` | 0.950 | 0.865 (0.824 to 0.898) | 331 s |
#
# Here fine-tuning was worth it. In validation the network from random weights draws level with the frozen one; on the test it falls well behind. And validation promised far more than the test kept: all its photos are from a film that is in the training part too, and 26 of the 40 test photos from one that is not. Split by what the model will meet anew: films, buildings, days.

# %% [markdown] lang="pt"
# ## Resumo
#
# - Segmentar é classificar cada pixel. Reduza fotos por interpolação e máscaras pelo vizinho mais próximo.
# - Meça com o IoU, com os pixels de todas as fotos somados e um intervalo sobre as fotos; compare com uma resposta que não olha a foto.
# - Com o mesmo orçamento, o *backbone* do ImageNet foi bem mais longe; o da cobertura mudou pouco. Meça antes de acreditar.
# - Compare com o mesmo orçamento e com adversários em boa forma: `BatchNormalization` com `momentum` 0,9 em treinos curtos.
# - Um treino que sobrevive guarda tudo (pesos, otimizador, melhor época, histórico, número da época), de uma vez só, em um arquivo que é trocado inteiro; e os dados são uma função de (semente, época).
# - Restaure primeiro, grave depois; o otimizador volta junto, com taxa menor.
# - Olhe os piores casos e as bordas, e confira o modelo exportado.

# %% [markdown] lang="en" of="fd60b172"
# ## Summary
#
# - To segment is to classify each pixel. Reduce photos by interpolation and masks by the nearest neighbour.
# - Measure by the IoU, with the pixels of all photos added up and an interval over the photos; compare with an answer that does not look at the photo.
# - On the same budget the backbone from ImageNet got much further; the one from the coverage task changed little. Measure before you believe.
# - Compare on the same budget and with opponents in good shape: `BatchNormalization` with a `momentum` of 0.9 in short runs.
# - A run that survives keeps everything (weights, optimizer, best epoch, history, number of the epoch), all at once, in a file that is exchanged whole; and the data are a function of (seed, epoch).
# - Restore first, save afterwards; the optimizer goes back too, at a lower rate.
# - Look at the worst cases and the edges, and check the exported model.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige fotos nem treino. Precisam apenas das células de preparação, no começo do caderno. Uma máscara é um array (altura, largura) em que 0 é chão livre e 1 é obstáculo, ou seja, o que um robô poderia atingir.

# %% [markdown] lang="en" of="390a1c01"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs photos or training. They only need the set-up cells at the start of the notebook. A mask is an array (height, width) in which 0 is free floor and 1 is obstacle, that is, what a robot could hit.

# %% [markdown] lang="pt"
# ### 1. O IoU do chão livre (fácil)
#
# `truth` e `prediction` são a máscara verdadeira e a prevista de uma imagem. Calcule o IoU da classe 0, o chão livre: entre os pixels que são chão em ao menos uma das duas máscaras, a fração dos que são chão em ambas. Se nenhuma das duas tem um pixel de chão, o resultado é NaN (`np.nan`): não há o que medir. Por exemplo, com a verdade `[[0, 0, 0, 1], [0, 1, 1, 1]]` e a previsão `[[0, 0, 1, 1], [0, 0, 0, 1]]`, 6 pixels são chão em ao menos uma, e 3 deles em ambas: `iou` deve devolver 0,5.

# %% [markdown] lang="en" of="01438493"
# ### 1. The IoU of the free floor (easy)
#
# `truth` and `prediction` are the true and the predicted mask of an image. Compute the IoU of class 0, the free floor: among the pixels that are floor in at least one of the two masks, the fraction of those that are floor in both. Where neither of them has a pixel of floor the result is NaN (`np.nan`): there is nothing to measure. For example, with the truth `[[0, 0, 0, 1], [0, 1, 1, 1]]` and the prediction `[[0, 0, 1, 1], [0, 0, 0, 1]]`, 6 pixels are floor in at least one, and 3 of them in both: `iou` should return 0.5.


# %% tags=["stub"]
def iou(truth, prediction):
    return ...


# %% tags=["solution"]
def iou(truth, prediction):
    free_truth, free_prediction = truth == 0, prediction == 0
    union = (free_truth | free_prediction).sum()
    if union == 0:
        return np.nan
    return (free_truth & free_prediction).sum() / union


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("04-iou", iou)

# %% [markdown] lang="pt"
# ### 2. Ache o erro: a máscara cinzenta (fácil)
#
# Esta função deveria reduzir uma máscara à metade da altura e da largura. A máscara vem de um arquivo de imagem, em que 0 é chão livre e 255 é obstáculo. Cada bloco de 2 × 2 pixels vira um pixel, com a média dos quatro: é o que a interpolação bilinear do TensorFlow faz nesse caso. De que classe são os pixels de valor 127,5? O segundo array mostra o que sai quando se divide por 255 e se joga fora a parte decimal. Na máscara original, metade dos pixels é obstáculo. E nele?

# %% [markdown] lang="en" of="08160f86"
# ### 2. Find the error: the grey mask (easy)
#
# This function should reduce a mask to half its height and width. The mask comes from an image file, in which 0 is free floor and 255 is obstacle. Each block of 2 × 2 pixels becomes one pixel, with the mean of the four: that is what TensorFlow's bilinear interpolation does in this case. Which class do the pixels of value 127.5 belong to? The second array shows what comes out when the first is divided by 255 and the decimals are thrown away. In the original mask half of the pixels are obstacle. And in this one?


# %%
def broken_halve(mask):
    block_rows, block_columns = mask.shape[0] // 2, mask.shape[1] // 2
    blocks = mask.reshape(block_rows, 2, block_columns, 2)
    return blocks.mean(axis=(1, 3))


stored_mask = np.zeros((4, 6), dtype=np.uint8)
stored_mask[:2, :3] = stored_mask[2:, 3:] = 255
broken_halve(stored_mask), (broken_halve(stored_mask) / 255).astype(int)

# %% [markdown] lang="pt"
# Escreva a versão certa: de cada bloco de 2 × 2 pixels, guarde o do canto superior esquerdo, sem mudar o valor dele. A altura e a largura de `mask` são pares. Com a máscara do exemplo, `[[255, 255, 255, 0, 0, 0], [255, 255, 255, 0, 0, 0], [0, 0, 0, 255, 255, 255], [0, 0, 0, 255, 255, 255]]`, o resultado é `[[255, 255, 0], [0, 0, 255]]`. Um obstáculo de um pixel de largura ainda pode sumir ou engordar, conforme a coluna em que está, mas todo pixel continua a ser de uma classe.

# %% [markdown] lang="en" of="509834fd"
# Write the correct version: of each block of 2 × 2 pixels, keep the one in the top left corner, without changing its value. The height and the width of `mask` are even. With the mask of the example, `[[255, 255, 255, 0, 0, 0], [255, 255, 255, 0, 0, 0], [0, 0, 0, 255, 255, 255], [0, 0, 0, 255, 255, 255]]`, the result is `[[255, 255, 0], [0, 0, 255]]`. An obstacle that is one pixel wide may still vanish or get fatter, depending on the column that it is in, but every pixel still belongs to a class.


# %% tags=["stub"]
def halve(mask):
    return ...


# %% tags=["solution"]
def halve(mask):
    return mask[::2, ::2]


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("04-halve", halve)

# %% [markdown] lang="pt"
# ### 3. A perda de Dice (médio)
#
# `truth` é uma máscara, com valores *t* iguais a 0 ou 1. `probability` é um array da mesma forma, com a probabilidade *p*, de 0 a 1, que a rede dá à classe 1 em cada pixel. A perda de Dice é 1 − 2 × (soma de *p* × *t*) / (soma de *p* + soma de *t*), com as somas sobre todos os pixels. Os pixels de chão em que a rede diz 0 não entram em nenhuma das três somas: por muitos que sejam, não escondem um obstáculo perdido. Se as duas somas de baixo são 0, não há nada a encontrar e nada foi encontrado, e a perda é 0. Por exemplo, com a máscara `[[0, 1], [1, 0]]` e as probabilidades `[[0.1, 0.8], [0.7, 0.4]]`, a soma de cima é 1,5 e as de baixo são 2 e 2: `dice_loss` deve devolver 1 − 3 / 4 = 0,25.

# %% [markdown] lang="en" of="d5720027"
# ### 3. The Dice loss (medium)
#
# `truth` is a mask, with values *t* equal to 0 or 1. `probability` is an array of the same shape, with the probability *p*, from 0 to 1, that the network gives to class 1 at each pixel. The Dice loss is 1 − 2 × (sum of *p* × *t*) / (sum of *p* + sum of *t*), with the sums over all pixels. The pixels of floor where the network says 0 enter none of the three sums: however many they are, they do not hide an obstacle that was missed. Where both sums below are 0 there is nothing to find and nothing was found, and the loss is 0. For example, with the mask `[[0, 1], [1, 0]]` and the probabilities `[[0.1, 0.8], [0.7, 0.4]]` the sum above is 1.5 and those below are 2 and 2: `dice_loss` should return 1 − 3 / 4 = 0.25.


# %% tags=["stub"]
def dice_loss(truth, probability):
    return ...


# %% tags=["solution"]
def dice_loss(truth, probability):
    denominator = probability.sum() + truth.sum()
    if denominator == 0:
        return 0.0
    return 1 - 2 * (probability * truth).sum() / denominator


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("04-dice", dice_loss)

# %% [markdown] lang="pt"
# ### 4. O IoU de cada reamostra (médio)
#
# Que intervalo cerca o IoU de um conjunto de imagens? O *bootstrap* sorteia imagens do conjunto, com reposição, tantas quantas ele tem, e calcula o IoU de novo. Cada sorteio é uma reamostra, e o intervalo vem de muitas delas. `intersections` e `unions` são arrays (imagens,) com as contagens de pixels de cada imagem. `rows` é um array (reamostras, imagens): cada linha traz os números, contados a partir de 0, das imagens que uma reamostra sorteou. Uma imagem sorteada duas vezes conta duas vezes. Devolva um array (reamostras,) com o IoU de cada reamostra, juntando os pixels das suas imagens: a soma das interseções dividida pela soma das uniões, que nunca é 0. Por exemplo, com as interseções `[8, 1]`, as uniões `[10, 5]` e os sorteios `[[0, 1], [1, 1]]`, os IoUs são (8 + 1) / (10 + 5) e (1 + 1) / (5 + 5): `pooled_iou` deve devolver `[0.6, 0.2]`.

# %% [markdown] lang="en" of="2b2da53e"
# ### 4. The IoU of each resample (medium)
#
# Which interval goes with the IoU of a set of images? The bootstrap draws images from the set, with replacement, as many as it has, and computes the IoU again. Each draw is a resample, and the interval comes from many of them. `intersections` and `unions` are arrays (images,) with the pixel counts of each image. `rows` is an array (resamples, images): each row holds the numbers, counted from 0, of the images that one resample drew. An image drawn twice counts twice. Return an array (resamples,) with the IoU of each resample, with the pixels of its images put together: the sum of the intersections divided by the sum of the unions, which is never 0. For example, with the intersections `[8, 1]`, the unions `[10, 5]` and the draws `[[0, 1], [1, 1]]`, the IoUs are (8 + 1) / (10 + 5) and (1 + 1) / (5 + 5): `pooled_iou` should return `[0.6, 0.2]`.


# %% tags=["stub"]
def pooled_iou(intersections, unions, rows):
    return ...


# %% tags=["solution"]
def pooled_iou(intersections, unions, rows):
    return intersections[rows].sum(axis=1) / unions[rows].sum(axis=1)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("04-pooled", pooled_iou)

# %% [markdown] lang="pt"
# ### 5. Ache o erro: a retomada que parte dos pesos ruins (difícil)
#
# Ao fim de cada época, um treino grava os pesos em um arquivo, de onde continua se for interrompido. Quando a acurácia de validação cai abaixo de um mínimo, os pesos voltam aos da melhor época. Esta função imita esse treino: no lugar dos pesos, ela guarda o número da época de onde eles vêm, e `latest` reúne o que foi gravado ao fim de cada uma. No exemplo, a época 3 é ruim. De que época são os pesos que encontra quem retoma um treino interrompido logo depois dela?

# %% [markdown] lang="en" of="a43cc7d8"
# ### 5. Find the error: the run that resumes from bad weights (hard)
#
# At the end of each epoch a training run saves the weights to a file, from which it goes on if it is killed. When validation accuracy falls below a minimum, the weights go back to those of the best epoch. This function imitates that run: in place of the weights it keeps the number of the epoch that they come from, and `latest` collects what was saved at the end of each. In the example epoch 3 is bad. If a run is killed right after it, which epoch's weights does whoever resumes it find?


# %%
def broken_latest(val_accuracy, minimum):
    latest, best = [], 1
    for epoch, accuracy in enumerate(val_accuracy, start=1):
        weights = epoch
        latest.append(weights)
        if accuracy > val_accuracy[best - 1]:
            best = epoch
        if accuracy < minimum <= val_accuracy[best - 1]:
            weights = best
    return latest


broken_latest([0.6, 0.9, 0.3, 0.8], 0.5)

# %% [markdown] lang="pt"
# Escreva a versão certa, em que os pesos voltam antes de ser gravados. `val_accuracy` é a lista das acurácias de validação, uma por época. O resultado é uma lista com um número por época: o daquela cujos pesos estão no arquivo ao fim dela, contado a partir de 1.
#
# - Se a acurácia é menor que `minimum`, e uma época anterior já o alcançou (chegar a um valor igual conta), os pesos voltam aos da melhor época até ali.
# - Enquanto nenhuma época alcançou `minimum`, nada volta: não há para onde.
# - Entre épocas de mesma acurácia, a melhor é a primeira.
#
# Por exemplo, `latest_epochs([0.6, 0.9, 0.3, 0.8], 0.5)` deve devolver `[1, 2, 2, 4]`, e `latest_epochs([0.3, 0.2, 0.7, 0.4], 0.5)`, `[1, 2, 3, 3]`.

# %% [markdown] lang="en" of="506382b1"
# Write the correct version, in which the weights go back before they are saved. `val_accuracy` is the list of validation accuracies, one per epoch. The result is a list with one number per epoch: that of the epoch whose weights are in the file at its end, counted from 1.
#
# - If the accuracy is lower than `minimum`, and an earlier epoch has reached it (an equal value counts), the weights go back to those of the best epoch so far.
# - Until some epoch has reached `minimum` nothing goes back: there is nowhere to go.
# - Of epochs with the same accuracy the first is the best.
#
# For example, `latest_epochs([0.6, 0.9, 0.3, 0.8], 0.5)` should return `[1, 2, 2, 4]`, and `latest_epochs([0.3, 0.2, 0.7, 0.4], 0.5)` should return `[1, 2, 3, 3]`.


# %% tags=["stub"]
def latest_epochs(val_accuracy, minimum):
    return ...


# %% tags=["solution"]
def latest_epochs(val_accuracy, minimum):
    latest, best = [], 1
    for epoch, accuracy in enumerate(val_accuracy, start=1):
        weights = epoch
        if accuracy > val_accuracy[best - 1]:
            best = epoch
        if accuracy < minimum <= val_accuracy[best - 1]:
            weights = best
        latest.append(weights)
    return latest


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("04-latest", latest_epochs)

# %% [markdown] lang="pt"
# ### 6. A fronteira da máscara (difícil)
#
# Onde ficam os erros de uma rede: na fronteira entre chão e obstáculo ou longe dela? Para responder, é preciso achar a fronteira. Devolva um array de booleanos da mesma forma que `mask`, `True` nos pixels em que ao menos um dos quatro vizinhos diretos (acima, abaixo, à esquerda e à direita) tem outro valor. Fora da imagem não há vizinhos: um pixel da borda tem três, e um do canto, dois. Por exemplo, em `[[0, 0, 0], [0, 1, 0], [0, 0, 0]]`, o obstáculo e os seus quatro vizinhos são fronteira, e os cantos não: `boundary` deve devolver `[[False, True, False], [True, True, True], [False, True, False]]`.

# %% [markdown] lang="en" of="12029b4c"
# ### 6. The boundary of the mask (hard)
#
# Where are the mistakes of a network: at the boundary between floor and obstacle or far from it? To answer, one has to find the boundary. Return an array of booleans of the same shape as `mask`, `True` at the pixels where at least one of the four direct neighbours (above, below, left and right) has another value. Outside the image there are no neighbours: a pixel at the edge has three, and one in the corner two. For example, in `[[0, 0, 0], [0, 1, 0], [0, 0, 0]]` the obstacle and its four neighbours are boundary, and the corners are not: `boundary` should return `[[False, True, False], [True, True, True], [False, True, False]]`.


# %% tags=["stub"]
def boundary(mask):
    return ...


# %% tags=["solution"]
def boundary(mask):
    differs_below, differs_right = mask[1:] != mask[:-1], mask[:, 1:] != mask[:, :-1]
    at_boundary = np.zeros(mask.shape, dtype=bool)
    at_boundary[:-1] |= differs_below
    at_boundary[1:] |= differs_below
    at_boundary[:, :-1] |= differs_right
    at_boundary[:, 1:] |= differs_right
    return at_boundary


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("04-boundary", boundary)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta. Fique nas fotos de validação, para não gastar o teste.
#
# 1. Que fração dos pixels errados está na fronteira da máscara verdadeira (`boundary` a acha), e que fração de todos os pixels está nela? Repita a conta com uma faixa mais larga. Um robô deveria temer mais os erros da fronteira ou os outros?
# 2. Treine a mesma rede com a soma da entropia cruzada e da perda de Dice, e com a entropia cruzada sozinha, a partir das mesmas sementes. Sorteie as reamostras uma vez e use as mesmas linhas em `pooled_iou` para as duas redes. O intervalo de 95 % da diferença entre os IoUs contém o zero?
# 3. Interrompa um treino depois de uma época boa, retome-o e compare as curvas de validação com as de um treino sem interrupção. O que muda quando se guardam só os pesos, sem o estado do otimizador? E quando o mínimo é tão alto que quase toda época é desfeita?

# %% [markdown] lang="en" of="f183b435"
# ### To explore
#
# There is no ready answer here. Stay on the validation photos, so as not to use up the test.
#
# 1. What fraction of the wrong pixels is at the boundary of the true mask (`boundary` finds it), and what fraction of all pixels is there? Repeat this with a wider band. Should a robot fear the mistakes at the boundary more, or the others?
# 2. Train the same network with the sum of cross-entropy and the Dice loss, and with cross-entropy alone, from the same seeds. Draw the resamples once and use the same rows in `pooled_iou` for both networks. Does the 95% interval of the difference between the IoUs contain zero?
# 3. Kill a run after a good epoch, resume it, and compare the validation curves with those of a run that was not interrupted. What changes when only the weights are kept, without the state of the optimizer? And when the minimum is so high that almost every epoch is undone?

# %% [markdown] lang="pt"
# ## Para ir além
#
# - Ronneberger, Fischer e Brox (2015), [U-Net](https://arxiv.org/abs/1505.04597).
# - Long, Shelhamer e Darrell (2015), [Fully Convolutional Networks for Semantic Segmentation](https://arxiv.org/abs/1411.4038): a ideia de responder por pixel.
# - Milletari, Navab e Ahmadi (2016), [V-Net](https://arxiv.org/abs/1606.04797): a perda de Dice em redes.
# - Cheng, Girshick, Dollár, Berg e Kirillov (2021), [Boundary IoU](https://arxiv.org/abs/2103.16562): medir a segmentação pela borda.
# - Brostow, Fauqueur e Cipolla (2009), [Semantic object classes in video: A high-definition ground truth database](https://doi.org/10.1016/j.patrec.2008.04.005): as cenas de rua do CamVid.
# - Documentação do Keras: [`model.export`](https://keras.io/api/models/model_saving_apis/export/); guia do TensorFlow: [Distributed training with Keras](https://www.tensorflow.org/tutorials/distribute/keras); [LiteRT](https://ai.google.dev/edge/litert).

# %% [markdown] lang="en" of="359511ac"
# ## Further reading
#
# - Ronneberger, Fischer and Brox (2015), [U-Net](https://arxiv.org/abs/1505.04597).
# - Long, Shelhamer and Darrell (2015), [Fully Convolutional Networks for Semantic Segmentation](https://arxiv.org/abs/1411.4038): the idea of an answer per pixel.
# - Milletari, Navab and Ahmadi (2016), [V-Net](https://arxiv.org/abs/1606.04797): the Dice loss in networks.
# - Cheng, Girshick, Dollár, Berg and Kirillov (2021), [Boundary IoU](https://arxiv.org/abs/2103.16562): measuring a segmentation by its edge.
# - Brostow, Fauqueur and Cipolla (2009), [Semantic object classes in video: A high-definition ground truth database](https://doi.org/10.1016/j.patrec.2008.04.005): the street scenes of CamVid.
# - Keras documentation: [`model.export`](https://keras.io/api/models/model_saving_apis/export/); TensorFlow guide: [Distributed training with Keras](https://www.tensorflow.org/tutorials/distribute/keras); [LiteRT](https://ai.google.dev/edge/litert).
