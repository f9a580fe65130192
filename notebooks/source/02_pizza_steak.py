# %% [markdown] lang="pt"
# # 02 · Pizza ou bife: redes convolucionais do zero
#
# {{badges}}
#
# No capítulo 01, a rede já chegou treinada. Aqui ela começa com pesos sorteados e aprende só com as nossas fotos. Vamos treinar sete modelos, ver um deles decorar o treino, tentar impedir isso e descobrir quanto das diferenças entre eles é sorte.
#
# **Você vai aprender a**
# - dizer o que uma convolução calcula e contar seus parâmetros;
# - construir, treinar e avaliar uma rede convolucional (CNN, de *convolutional neural network*) para duas classes;
# - comparar a rede com linhas de base que nem precisam de uma rede;
# - reconhecer o sobreajuste (*overfitting*) nas curvas de perda;
# - aumentar os dados com giros, deslocamentos e espelhamentos, e olhar o resultado antes de treinar;
# - trocar o `ImageDataGenerator`, obsoleto, por `tf.data` e camadas do Keras;
# - repetir o treino com outras sementes e informar o intervalo, em vez de eleger o vencedor de um único treino;
# - comparar dois modelos nas mesmas fotos de teste.
#
# **Tempo:** cerca de 2 horas de leitura e execução e 60 minutos de exercícios; só a execução, com a amostra, leva cerca de 2 minutos em 2 núcleos de CPU. Com fotos reais, uma GPU ajuda muito. **Pré-requisitos:** Python básico, arrays do NumPy e, do capítulo 01, as três partes (treino, validação e teste).

# %% [markdown] lang="en" of="8ad831a8"
# # 02 · Pizza or steak: convolutional networks from scratch
#
# {{badges}}
#
# In chapter 01 the network arrived already trained. Here it begins with random weights and learns from our photos alone. We will train seven models, watch one of them memorize the training photos, try to prevent that, and find out how much of the differences between them is luck.
#
# **You will learn to**
# - say what a convolution computes and count its parameters;
# - build, train and evaluate a convolutional neural network (CNN) for two classes;
# - compare the network with baselines that need no network at all;
# - recognize overfitting in the loss curves;
# - augment the data with rotations, shifts and mirroring, and look at the result before training;
# - replace `ImageDataGenerator`, which is deprecated, by `tf.data` and Keras layers;
# - repeat the training with other seeds and report the interval, instead of crowning the winner of a single run;
# - compare two models on the same test photos.
#
# **Time:** about 2 hours to read and run, and 60 minutes of exercises; running alone, on the sample, takes about 2 minutes on 2 CPU cores. With real photos a GPU helps a lot. **Prerequisites:** basic Python, NumPy arrays and, from chapter 01, the three parts (training, validation and test).

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
# As principais escolhas ficam em uma única célula. Com `"sample"`, você usa os desenhos que acompanham o curso (por simplicidade, o texto também os chama de fotos). Com `"full"`, o curso baixa 2.000 fotos reais do [Food-101](https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/) (750 de treino e 250 de teste de cada classe, 104 MB); o [README]({{repository}}#usar-fotos-reais) diz como usá-las sem internet. No Colab, ligue antes uma GPU em *Ambiente de execução → Alterar o tipo de ambiente de execução*.

# %% [markdown] lang="en" of="8edb2faf"
# The main choices are in a single cell. With `"sample"` you use the drawings that come with the course (for brevity the text calls them photos too). With `"full"` the course downloads 2,000 real photos from [Food-101](https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/) (750 for training and 250 for testing in each class, 104 MB); the [README]({{repository}}/blob/main/README.en.md#use-real-photos) says how to use them without internet. In Colab switch on a GPU first, in *Runtime → Change runtime type*.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
IMAGE_SIZE = 96 if FULL else 64
BATCH_SIZE = 32
EPOCHS = 15 if FULL else 8
LEARNING_RATE = 0.002 if FULL else 0.003
SEEDS = [13, 14, 15, 16, 17] if FULL else [13, 14, 15]
FEATURE_SIZE = 224 if FULL else 128

# %%
import json
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from PIL import Image, ImageOps
from scipy.stats import binomtest, t
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

chapter_start = time.perf_counter()
tf.get_logger().setLevel("ERROR")

# %%
from helpers import RandomTransform, check_answer, check_images, create_data_batches
from helpers import dataset_dir, efficientnet_lite0, extract_features, plot_loss_curves
from helpers import predict_image, show_images, show_predictions

# %% [markdown] lang="pt"
# O trabalho tem seis passos, e o capítulo segue cada um deles:
#
# 1. conhecer os dados;
# 2. preparar os dados;
# 3. construir um modelo;
# 4. treinar;
# 5. avaliar;
# 6. ajustar: mudar uma coisa, treinar e avaliar de novo.

# %% [markdown] lang="en" of="023a3454"
# The work has six steps, and the chapter follows each of them:
#
# 1. get to know the data;
# 2. prepare the data;
# 3. build a model;
# 4. train it (*fit*);
# 5. evaluate it;
# 6. adjust: change one thing, train and evaluate again.

# %% [markdown] lang="pt"
# ## Passo 1: conhecer os dados
#
# O nome da pasta é o rótulo: `train/pizza`, `train/steak` (bife), `test/pizza` e `test/steak`. Quantas fotos há em cada uma?

# %% [markdown] lang="en" of="a6f8ed98"
# ## Step 1: get to know the data
#
# The folder's name is the label: `train/pizza`, `train/steak`, `test/pizza` and `test/steak`. How many photos does each hold?

# %%
folder = dataset_dir("pizza_steak", SUBSET)
places = [folder / part / food for part in ("train", "test") for food in ("pizza", "steak")]
files = pd.DataFrame({"path": [path for place in places for path in sorted(place.iterdir())]})
files["part"] = [path.parts[-3] for path in files["path"]]
files["food"] = [path.parts[-2] for path in files["path"]]

# %% tags=["nbval-check-output"]
pd.crosstab(files["part"], files["food"])

# %% [markdown] lang="pt"
# Algum arquivo está danificado? Como no capítulo 01, `check_images` decodifica todos, e os ilegíveis ficam de fora. A tabela mostra o que houver de incomum.

# %% [markdown] lang="en" of="e5d546a8"
# Is any file damaged? As in chapter 01, `check_images` decodes them all, and unreadable ones are left out. The table shows whatever is unusual.

# %%
report = check_images(files["path"])
files = files[~report["problem"].str.startswith("unreadable").to_numpy()]
report.loc[report["problem"] != "", ["path", "problem"]]

# %% [markdown] lang="pt"
# Agora, olhar. Cinco fotos de cada classe, sorteadas entre as de treino; em cima de cada uma, a forma do array: (altura, largura, canais). Rode a célula com outro número no lugar de 13 para ver outras.

# %% [markdown] lang="en" of="43d39349"
# Now look. Five photos of each class, drawn at random from the training photos; above each is the shape of the array: (height, width, channels). Run the cell with another number in place of 13 to see others.


# %% alt_pt="Duas fileiras de cinco imagens: pizzas em cima e bifes embaixo, em pratos, mesas e luzes variados, de tamanhos diferentes." alt_en="Two rows of five images: pizzas above and steaks below, on varied plates and tables, in varied light and of different sizes."
def open_photo(path):
    return np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))


train_files = files[files["part"] == "train"]
some = train_files.groupby("food").sample(5, random_state=13)
photos = [open_photo(path) for path in some["path"]]
show_images(photos, [f"{food} {p.shape}" for food, p in zip(some["food"], photos)])
plt.show()

# %% [markdown] lang="pt"
# O que separa as duas classes? Em ambas há pratos claros e escuros, molho vermelho e folhas. Daqui a pouco vamos medir quanto se acerta só pela cor; o resto teria de vir das formas e das texturas.
#
# Um array de foto guarda números inteiros de 0 a 255. Estes são os três canais (vermelho, verde, azul) de seis pixels:

# %% [markdown] lang="en" of="8b5e452b"
# What separates the two classes? Both have light and dark plates, red sauce and leaves. In a moment we will measure how far colour alone goes; the rest would have to come from shapes and textures.
#
# The array of a photo holds integers from 0 to 255. These are the three channels (red, green, blue) of six pixels:

# %%
photo = photos[0]
photo[:2, :3], photo.dtype, int(photo.min()), int(photo.max())

# %% [markdown] lang="pt"
# Redes aprendem melhor com números pequenos: divididos por 255, os pixels vão de 0 a 1.

# %% [markdown] lang="en" of="7c95d250"
# Networks learn better from small numbers: divided by 255, pixels go from 0 to 1.

# %% [markdown] lang="pt"
# ## Passo 2: preparar os dados
#
# Um modelo calcula com números. `np.unique` põe as classes em ordem alfabética e devolve o alvo de cada foto: 0 para pizza, 1 para bife.

# %% [markdown] lang="en" of="24f914a8"
# ## Step 2: prepare the data
#
# A model calculates with numbers. `np.unique` puts the classes in alphabetical order and returns each photo's target: 0 for pizza, 1 for steak.

# %% tags=["nbval-check-output"]
class_names, all_targets = np.unique(files["food"], return_inverse=True)
in_train = (files["part"] == "train").to_numpy()
paths, targets = files["path"].to_numpy()[in_train], all_targets[in_train]
test_paths, test_targets = files["path"].to_numpy()[~in_train], all_targets[~in_train]
class_names.tolist(), np.bincount(targets).tolist(), np.bincount(test_targets).tolist()

# %% [markdown] lang="pt"
# Muitos textos passam a pasta de teste como `validation_data`. Assim o teste escolhe o modelo, a época e os ajustes, e o número final sai otimista. Aqui a **validação** sai das fotos de treino (uma em cada cinco, com `stratify`), e o **teste** fica guardado até o fim. A divisão depende da semente: mais adiante, vamos dividir de outras maneiras.

# %% [markdown] lang="en" of="b4982eae"
# Many texts pass the test folder as `validation_data`. Then the test chooses the model, the epoch and the settings, and the final number comes out optimistic. Here the **validation** photos come out of the training photos (one in five, with `stratify`), and the **test** photos stay put away until the end. The split depends on the seed: later on we will split in other ways.


# %% tags=["nbval-check-output"]
def split(photos, seed):
    return train_test_split(photos, targets, test_size=0.2, stratify=targets, random_state=seed)


train_paths, val_paths, train_targets, val_targets = split(paths, 13)
len(train_paths), len(val_paths), len(test_paths)

# %% [markdown] lang="pt"
# `create_data_batches` lê os arquivos, leva todas as fotos ao mesmo tamanho, divide por 255 e monta os lotes. Com `training=True`, a ordem muda a cada época; com `cache=True`, as fotos já reduzidas ficam na memória, e só a primeira época lê arquivos.

# %% [markdown] lang="en" of="55b29daa"
# `create_data_batches` reads the files, brings all photos to the same size, divides by 255 and builds the batches. With `training=True` the order changes in each epoch; with `cache=True` the reduced photos stay in memory, and only the first epoch reads files.

# %%
sizes = {"image_size": IMAGE_SIZE, "batch_size": BATCH_SIZE, "cache": True}
train_data = create_data_batches(train_paths, train_targets, training=True, seed=13, **sizes)
val_data = create_data_batches(val_paths, val_targets, **sizes)

# %% tags=["nbval-check-output"]
[(tuple(images.shape), tuple(numbers.shape)) for images, numbers in train_data]

# %% alt_pt="Dez imagens quadradas e pequenas de um lote de treino, pizzas e bifes misturados, cada uma com o nome da classe." alt_en="Ten small square images of a training batch, pizzas and steaks mixed, each with the name of its class."
images, numbers = next(iter(train_data))
show_images(images[:10], class_names[numbers[:10]])
plt.show()

# %% [markdown] lang="pt"
# Isto é tudo o que a rede vai ver. Com tão poucos pixels, você ainda separa as duas classes?

# %% [markdown] lang="en" of="8599d94b"
# This is all that the network will see. With so few pixels, can you still tell the two classes apart?

# %% [markdown] lang="pt"
# ## O que é preciso superar
#
# Uma acurácia de 75 % é boa? Depende do que se consegue sem rede nenhuma. A primeira **linha de base** responde sempre a mesma classe: com classes do mesmo tamanho, acerta 50 %. (Alguns textos comparam esta tarefa com 50,76 %; esse é o resultado de um método de 2014 com as 101 classes do Food-101, onde o acaso acerta 1 %.)
#
# A segunda só conta cores: divide cada canal em 4 faixas, conta quantos pixels caem em cada uma das 64 combinações e passa as contagens a uma regressão logística. Ela não sabe o que é uma borda nem um círculo. As fotos reduzidas cabem na memória, então lemos todas de uma vez.

# %% [markdown] lang="en" of="3849cbba"
# ## What has to be beaten
#
# Is an accuracy of 75% good? That depends on what can be had without any network. The first **baseline** always answers the same class: with classes of equal size it is correct 50% of the time. (Some texts compare this task with 50.76%; that is the result of a method of 2014 on the 101 classes of Food-101, where chance is correct 1% of the time.)
#
# The second only counts colours: it divides each channel into 4 ranges, counts how many pixels fall into each of the 64 combinations, and gives the counts to a logistic regression. It knows neither edges nor circles. The reduced photos fit in memory, so we read all of them at once.

# %%
small = np.concatenate(list(create_data_batches(paths, image_size=IMAGE_SIZE)))
train_images, val_images, _, _ = split(small, 13)
small.shape, small.dtype, f"{small.nbytes / 1e6:.0f} MB"


# %%
def colour_histograms(images):
    bins = np.minimum((images * 4).astype(int), 3) @ [16, 4, 1]
    return np.stack([np.bincount(image.ravel(), minlength=64) / image.size for image in bins])


# %%
def fit_colours(images, targets):
    linear = LogisticRegression(C=0.1, max_iter=2000)
    return make_pipeline(StandardScaler(), linear).fit(colour_histograms(images), targets)


colour_model = fit_colours(train_images, train_targets)
colour_accuracy = colour_model.score(colour_histograms(val_images), val_targets)
round(colour_accuracy, 3)

# %% [markdown] lang="pt"
# Esse é o número a superar. Mas quanta confiança ele merece, medido em tão poucas fotos? O intervalo de 95 % (de Wilson, como no capítulo 01) responde:

# %% [markdown] lang="en" of="cf2cf83f"
# That is the number to beat. But how much trust does it deserve, measured on so few photos? The 95% interval (Wilson's, as in chapter 01) answers:


# %%
def interval(correct):
    found = binomtest(int(np.sum(correct)), len(correct)).proportion_ci(method="wilson")
    return round(float(found.low), 3), round(float(found.high), 3)


interval(colour_model.predict(colour_histograms(val_images)) == val_targets)

# %% [markdown] lang="pt"
# ## O que uma convolução calcula
#
# Uma **convolução** desliza uma pequena janela de pesos, o **filtro** ou **núcleo** (*kernel*), sobre a imagem. Em cada posição, multiplica cada pixel pelo peso que está em cima dele e soma tudo: um número. Os números de todas as posições formam o **mapa de características** (*feature map*).
#
# ![À esquerda, uma imagem de 5 por 5 pixels, escura (0) nas duas primeiras colunas e clara (1) nas outras, com uma janela de 3 por 3 marcada; no meio, o filtro de 3 por 3, com colunas de −1, 0 e 1; à direita, o mapa de 3 por 3, com colunas de 3, 3 e 0 e a posição da janela marcada.](images/02_convolution.svg)
#
# A conta da janela marcada, e depois a de todas as posições (`None` acrescenta os eixos do lote e dos canais):

# %% [markdown] lang="en" of="dcea3619"
# ## What a convolution computes
#
# A **convolution** slides a small window of weights, the **filter** (or kernel), over the image. At each position it multiplies each pixel by the weight on top of it and adds everything up: one number. The numbers of all positions form the **feature map**.
#
# ![On the left an image of 5 by 5 pixels, dark (0) in the first two columns and bright (1) in the others, with a window of 3 by 3 marked; in the middle the 3 by 3 filter, with columns of −1, 0 and 1; on the right the 3 by 3 map, with columns of 3, 3 and 0 and the window's position marked.](images/02_convolution.svg)
#
# The sum for the marked window, and then for all positions (`None` adds the axes of batch and channels):

# %% tags=["nbval-check-output"]
image = np.array([[0, 0, 1, 1, 1]] * 5, "float32")
kernel = np.array([[-1, 0, 1]] * 3, "float32")
float((image[0:3, 1:4] * kernel).sum())

# %% tags=["nbval-check-output"]
keras.ops.conv(image[None, :, :, None], kernel[:, :, None, None])[0, :, :, 0].numpy()

# %% [markdown] lang="pt"
# O mapa é alto onde a imagem passa do escuro ao claro, seria negativo onde ela passa do claro ao escuro e é zero onde nada muda: o filtro procura bordas verticais. (A matemática chama de convolução a mesma conta com o filtro virado ao contrário; como a rede aprende os pesos, tanto faz.) De 5 × 5 sobraram 3 × 3 números, porque a janela só cabe em 3 posições de cada lado.
#
# O mesmo em uma foto, com quatro filtros escritos à mão. Cinza médio quer dizer zero nos mapas de bordas.

# %% [markdown] lang="en" of="f769ba5e"
# The map is high where the image goes from dark to bright, would be negative where it goes from bright to dark, and is zero where nothing changes: the filter looks for vertical edges. (Mathematics calls the same sum with the filter turned round a convolution; as the network learns the weights, it makes no difference.) Of 5 × 5 numbers 3 × 3 are left, because the window fits in only 3 positions each way.
#
# The same on a photo, with four filters written by hand. Medium grey means zero in the maps of edges.

# %% alt_pt="A foto em tons de cinza e quatro mapas dela: um destaca as bordas verticais, outro as horizontais, o terceiro é a foto borrada e o último, a foto mais nítida." alt_en="The photo in grey and four maps of it: one brings out vertical edges, another horizontal ones, the third is the photo blurred and the last the photo sharpened."
filters = {
    "vertical edges": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "horizontal edges": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "blur": np.ones((3, 3)) / 9,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}
grey = photo.mean(axis=-1)[None, :, :, None].astype("float32") / 255
shown = [grey[0, :, :, 0]]
for name, kernel in filters.items():
    kernel = np.array(kernel, "float32")[:, :, None, None]
    edges = "edges" in name
    shown.append(np.clip(keras.ops.conv(grey, kernel)[0, :, :, 0] + 0.5 * edges, 0, 1))
show_images(shown, ["photo in grey", *filters])
plt.show()

# %% [markdown] lang="pt"
# Ninguém vai escrever os filtros da rede: eles começam sorteados e são ajustados no treino, como os pesos de qualquer camada.

# %% [markdown] lang="en" of="1fbc2152"
# Nobody will write the network's filters: they begin random and are adjusted in training, like the weights of any layer.

# %% [markdown] lang="pt"
# ### Os argumentos de `Conv2D`
#
# | Argumento | O que decide | Valores comuns |
# |---|---|---|
# | `filters` | quantos filtros, e portanto quantos mapas saem | 10, 32, 64, 128 |
# | `kernel_size` | o lado da janela, em pixels | 3, 5 |
# | `strides` (passo) | quantos pixels a janela anda de cada vez | 1, 2 |
# | `padding` (preenchimento) | `"valid"`: a janela não sai da imagem; `"same"`: zeros em volta, para que, com passo 1, o mapa tenha o tamanho da entrada | `"valid"` (o padrão), `"same"` |
#
# Com `"valid"`, o lado do mapa é (lado − núcleo) // passo + 1: com 224 pixels, núcleo 3 e passo 1, são 222. Não é 224 / 3, como se lê por aí. Antes de rodar: que lado dá um núcleo de 5? A tabela vem das próprias camadas:

# %% [markdown] lang="en" of="34b42119"
# ### The arguments of `Conv2D`
#
# | Argument | What it decides | Common values |
# |---|---|---|
# | `filters` | how many filters, and so how many maps come out | 10, 32, 64, 128 |
# | `kernel_size` | the side of the window, in pixels | 3, 5 |
# | `strides` | how many pixels the window moves at a time | 1, 2 |
# | `padding` | `"valid"`: the window stays inside the image; `"same"`: zeros around it, so that with stride 1 the map is as large as the input | `"valid"` (the default), `"same"` |
#
# With `"valid"` the side of the map is (side − kernel) // stride + 1: 222 for 224 pixels, kernel 3 and stride 1. It is not 224 / 3, as some texts have it. Before you run it: which side does a kernel of 5 give? The table comes from the layers themselves:

# %% tags=["nbval-check-output"]
rows = []
for kernel_size, stride, padding in [
    (3, 1, "valid"),
    (3, 1, "same"),
    (5, 1, "valid"),
    (3, 2, "same"),
]:
    layer = layers.Conv2D(10, kernel_size, strides=stride, padding=padding)
    layer.build((None, 224, 224, 3))
    side = layer.compute_output_shape((None, 224, 224, 3))[1]
    rows.append((kernel_size, stride, padding, side, layer.count_params()))
pd.DataFrame(rows, columns=["kernel_size", "strides", "padding", "side", "parameters"])

# %% [markdown] lang="pt"
# De onde vêm os 280 parâmetros? Cada filtro olha **todos** os canais de uma vez: são 3 × 3 × 3 pesos e um viés (um número somado ao resultado), e há 10 filtros: (27 + 1) × 10. Quem trabalha canal por canal é outra camada, a `DepthwiseConv2D`, com um filtro para cada um. E o número de parâmetros não depende do tamanho da foto: os mesmos pesos servem a todas as posições.

# %% [markdown] lang="en" of="4e4d65b8"
# Where do the 280 parameters come from? Each filter looks at **all** channels at once: 3 × 3 × 3 weights and a bias (a number added to the result), and there are 10 filters: (27 + 1) × 10. It is another layer, `DepthwiseConv2D`, that works channel by channel, with one filter for each. And the number of parameters does not depend on the size of the photo: the same weights serve all positions.

# %% tags=["nbval-check-output"]
depthwise = layers.DepthwiseConv2D(3)
depthwise.build((None, 224, 224, 3))
depthwise.compute_output_shape((None, 224, 224, 3)), depthwise.count_params()

# %% [markdown] lang="pt"
# ### *Max pooling*
#
# Depois de uma convolução, costuma vir um **agrupamento** (*pooling*): `MaxPooling2D(2)` divide o mapa em quadrados de 2 × 2 e guarda o maior valor de cada um. O mapa fica com um quarto dos números e esquece a posição exata do que achou, mas não que o achou. Não há o que aprender: são zero parâmetros. Calcule à mão antes de rodar.

# %% [markdown] lang="en" of="e2031e3d"
# ### Max pooling
#
# After a convolution usually comes **pooling**: `MaxPooling2D(2)` divides the map into squares of 2 × 2 and keeps the largest value of each. The map is left with a quarter of the numbers; it forgets exactly where something was found, but not that it was found. There is nothing to learn: zero parameters. Work it out by hand before you run it.

# %% tags=["nbval-check-output"]
numbers_4x4 = np.array([[1, 3, 0, 2], [4, 2, 1, 1], [0, 0, 5, 6], [1, 2, 7, 8]], "float32")
layers.MaxPooling2D(2)(numbers_4x4[None, :, :, None])[0, :, :, 0].numpy()

# %% [markdown] lang="pt"
# ## Passo 3: construir um modelo
#
# As peças de uma rede convolucional para classificar imagens:
#
# | Peça | O que faz | Escolhas comuns |
# |---|---|---|
# | Entrada | recebe um lote de imagens do mesmo tamanho | (lado, lado, 3), valores de 0 a 1 |
# | `Conv2D` | procura padrões locais | 10 a 512 filtros de 3 × 3 |
# | Ativação | deixa a rede ir além de somas e produtos | ReLU: troca os negativos por zero |
# | `MaxPooling2D` | reduz os mapas | janelas de 2 × 2 |
# | `Flatten` | enfileira todos os números dos mapas | ou `GlobalAveragePooling2D`, que tira a média de cada mapa |
# | `Dense` de saída | dá a resposta | 1 unidade com sigmoide (duas classes); uma por classe com softmax (mais classes) |
#
# `model_1` é a TinyVGG do [CNN Explainer](https://poloclub.github.io/cnn-explainer/): duas vezes "duas convoluções e um *max pooling*". A função recebe o lado das fotos, para que possamos construir a rede em dois tamanhos.

# %% [markdown] lang="en" of="9441ec90"
# ## Step 3: build a model
#
# The parts of a convolutional network that classifies images:
#
# | Part | What it does | Common choices |
# |---|---|---|
# | Input | takes a batch of images of the same size | (side, side, 3), values from 0 to 1 |
# | `Conv2D` | looks for local patterns | 10 to 512 filters of 3 × 3 |
# | Activation | lets the network go beyond sums and products | ReLU: replaces negatives by zero |
# | `MaxPooling2D` | reduces the maps | windows of 2 × 2 |
# | `Flatten` | puts all the numbers of the maps in a row | or `GlobalAveragePooling2D`, which takes the mean of each map |
# | Output `Dense` | gives the answer | 1 unit with a sigmoid (two classes); one per class with softmax (more classes) |
#
# `model_1` is the TinyVGG of [CNN Explainer](https://poloclub.github.io/cnn-explainer/): twice "two convolutions and a max pooling". The function takes the side of the photos, so that we can build the network at two sizes.


# %%
def tiny_vgg(side):
    return keras.Sequential(
        [
            keras.Input((side, side, 3)),
            layers.Conv2D(10, 3, activation="relu"),
            layers.Conv2D(10, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(10, 3, activation="relu"),
            layers.Conv2D(10, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


tiny_vgg(224).summary()

# %% [markdown] lang="pt"
# Com 224 pixels, a TinyVGG tem 31.101 parâmetros, e 28.091 deles estão na última camada: é ela que depende do tamanho da foto. Para treinar em segundos, usamos fotos menores, e a rede encolhe:

# %% [markdown] lang="en" of="1ece65be"
# At 224 pixels TinyVGG has 31,101 parameters, 28,091 of them in the last layer: that is the one that depends on the size of the photo. To train in seconds we use smaller photos, and the network shrinks:

# %% tags=["nbval-check-output"]
keras.utils.set_random_seed(13)
model_1 = tiny_vgg(IMAGE_SIZE)
tiny_vgg(224).count_params(), model_1.count_params()

# %% [markdown] lang="pt"
# ## Passo 4: treinar
#
# A saída é uma só: a probabilidade de a foto ser da classe 1, bife; a de pizza é o que falta para 1. Quem dá esse valor é a **sigmoide**, que leva qualquer número ao intervalo de 0 a 1. A perda que combina com ela é a **entropia cruzada binária**: −ln da probabilidade dada à classe certa, em média. Quem responde 0,5 para tudo tem perda ln 2 ≈ 0,69: é perto daí que o treino começa.

# %% [markdown] lang="en" of="c82a5741"
# ## Step 4: train
#
# There is a single output: the probability that the photo is of class 1, steak; pizza's is what is missing to 1. It comes from the **sigmoid**, which takes any number to the range from 0 to 1. The loss that goes with it is **binary cross-entropy**: −ln of the probability given to the correct class, on average. Answering 0.5 to everything gives a loss of ln 2 ≈ 0.69: training begins near that.


# %%
def compile_model(model):
    model.compile(
        loss="binary_crossentropy",
        optimizer=keras.optimizers.Adam(LEARNING_RATE),
        metrics=["accuracy"],
    )


compile_model(model_1)
round(model_1.evaluate(val_data, verbose=0)[0], 2)

# %% [markdown] lang="pt"
# Cada linha é uma época: uma passada por todas as fotos de treino, seguida da validação. (`shuffle=False` diz ao Keras que não embaralhe de novo: `create_data_batches` já embaralha.)

# %% [markdown] lang="en" of="0c95159c"
# Each line is an epoch: one pass over all training photos, followed by validation. (`shuffle=False` tells Keras not to shuffle again: `create_data_batches` already does.)

# %%
start = time.perf_counter()
history_1 = model_1.fit(
    train_data,
    validation_data=val_data,
    epochs=EPOCHS,
    shuffle=False,
    verbose=1 if FULL else 2,
)
seconds_1 = time.perf_counter() - start

# %% [markdown] lang="pt"
# ## Passo 5: avaliar
#
# Primeiro, as curvas: até onde cada uma chega, e quanto se separam?

# %% [markdown] lang="en" of="3695b193"
# ## Step 5: evaluate
#
# First the curves: how far does each go, and how much do they part?

# %% alt_pt="Duas curvas por época, treino em linha cheia e validação tracejada: a acurácia sobe e a perda desce, com a validação aos saltos." alt_en="Two charts by epoch, training as a solid line and validation dashed: accuracy rises and the loss falls, validation in jumps."
plot_loss_curves(history_1)
plt.show()

# %% [markdown] lang="pt"
# A perda de treino desce aos poucos a partir de 0,69: a rede aprende. A curva de validação anda aos saltos porque há poucas fotos de validação: cada uma das 48 da amostra vale 2 pontos percentuais. Ela supera a linha de base? Compare com o intervalo:

# %% [markdown] lang="en" of="ec1041d4"
# The training loss creeps down from 0.69: the network learns. The validation curve jumps because there are few validation photos: each of the sample's 48 is worth 2 percentage points. Does it beat the baseline? Compare with the interval:


# %%
def predict(model, data):
    return model.predict(data, verbose=0)[:, 0]


correct_1 = (predict(model_1, val_data) > 0.5) == val_targets
round(float(correct_1.mean()), 3), interval(correct_1), round(colour_accuracy, 3)

# %% [markdown] lang="pt"
# Se o intervalo contém o resultado das cores, este treino não decide. Vamos guardar o resultado e voltar a essa pergunta mais adiante, com mais treinos e de um jeito melhor: nas mesmas fotos.

# %% [markdown] lang="en" of="6f91de96"
# If the interval contains the result of the colours, this run decides nothing. We will keep the result and come back to the question further on, with more runs and in a better way: on the same photos.

# %%
models = {}
runs = {("colours", 13): {"val_accuracy": colour_accuracy, "parameters": 65}}


def record(name, seed, model, history, seconds):
    runs[name, seed] = {
        "accuracy": history.history["accuracy"][-1],
        "val_accuracy": history.history["val_accuracy"][-1],
        "seconds": seconds,
        "parameters": model.count_params(),
    }
    models[name, seed] = model
    return model


record("model_1", 13, model_1, history_1, seconds_1)
pd.DataFrame(runs).T.round(3)

# %% [markdown] lang="pt"
# ### O que a rede procura
#
# A primeira camada tem 10 filtros de 3 × 3 × 3: dá para vê-los como pequenas imagens coloridas (cada um esticado para o intervalo de 0 a 1).

# %% [markdown] lang="en" of="def90caf"
# ### What the network looks for
#
# The first layer has 10 filters of 3 × 3 × 3: they can be seen as small coloured images (each stretched to the range from 0 to 1).


# %% alt_pt="Dez quadrados de 3 por 3 pixels coloridos, um por filtro da primeira camada; sem desenho reconhecível." alt_en="Ten squares of 3 by 3 coloured pixels, one for each filter of the first layer; with no recognizable pattern."
def stretch(values):
    return (values - values.min()) / max(np.ptp(values), 1e-6)


first_filters = model_1.layers[0].get_weights()[0]
show_images([stretch(first_filters[..., number]) for number in range(10)], range(10))
plt.show()

# %% [markdown] lang="pt"
# Não se reconhece quase nada neles: são pequenos e treinaram pouco. O que cada um deixa passar se vê melhor nos mapas de características de uma foto de validação. Ao lado da foto, os quatro mapas que mais variam da primeira camada; embaixo, os cinco que mais variam da última convolução, menores por causa do *pooling*.

# %% [markdown] lang="en" of="53cfad31"
# Hardly anything can be recognized in them: they are small and trained little. What each lets through shows better in the feature maps of a validation photo. Next to the photo are the four maps of the first layer that vary most; below, the five of the last convolution, smaller because of the pooling.

# %% alt_pt="Uma foto e quatro mapas em cinza da primeira camada, onde se reconhecem contornos da comida e do prato; embaixo, cinco mapas menores da última convolução, que realçam regiões inteiras." alt_en="A photo and four grey maps of the first layer, in which outlines of food and plate can be recognized; below, five smaller maps of the last convolution, which bring out whole regions."
watched = keras.Model(model_1.inputs[0], [model_1.layers[0].output, model_1.layers[4].output])
shown, titles = [val_images[0]], ["photo"]
for number, maps in enumerate(watched(val_images[:1])):
    maps = np.asarray(maps[0])
    varied = np.argsort(-maps.std(axis=(0, 1)))[: 4 + number]
    shown += [stretch(maps[..., channel]) for channel in varied]
    titles += [f"conv {1 + 3 * number}, map {channel}" for channel in varied]
show_images(shown, titles)
plt.show()

# %% [markdown] lang="pt"
# Nesta foto, os primeiros mapas respondem a contornos e contrastes; os últimos, a regiões maiores. Onde um mapa está preto, a ReLU trocou por zero o que o filtro deu.

# %% [markdown] lang="en" of="325ab4e1"
# In this photo the first maps answer to outlines and contrasts, the last to larger regions. Where a map is black, the ReLU has put zero in place of what the filter gave.

# %% [markdown] lang="pt"
# ## E sem convoluções?
#
# Uma rede densa (MLP, de *multilayer perceptron*) liga cada número da foto a cada unidade. `model_2` tem 4, 4 e 1 unidades; `model_3`, 100, 100, 100 e 1. Quantos parâmetros elas teriam com 224 pixels?

# %% [markdown] lang="en" of="3b76b4ec"
# ## And without convolutions?
#
# A dense network (MLP, multilayer perceptron) connects each number of the photo to each unit. `model_2` has 4, 4 and 1 units; `model_3` has 100, 100, 100 and 1. How many parameters would they have at 224 pixels?


# %%
def mlp(side, units):
    dense = [layers.Dense(count, activation="relu") for count in units]
    output = layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((side, side, 3)), layers.Flatten(), *dense, output])


mlp(224, [4, 4]).summary()

# %% [markdown] lang="pt"
# A mesma conta para as duas: (entradas + 1) × unidades, camada por camada.

# %% [markdown] lang="en" of="9122266a"
# The same sum for both: (inputs + 1) × units, layer by layer.

# %% tags=["nbval-check-output"]
by_hand = (224 * 224 * 3 + 1) * 100 + (100 + 1) * 100 + (100 + 1) * 100 + (100 + 1)
mlp(224, [4, 4]).count_params(), mlp(224, [100, 100, 100]).count_params(), by_hand

# %% [markdown] lang="pt"
# São 602.141 e 15.073.201 parâmetros, contra 31.101 da TinyVGG. Na rede densa, cada unidade precisa de um peso para cada um dos 150.528 números da foto, e o que ela aprende sobre um canto não serve para os outros. Um filtro da primeira convolução tem 28 parâmetros e serve para a foto inteira.
#
# Para treinar as próximas redes do mesmo jeito, juntamos os passos em uma função. `recipes` diz como construir cada rede e como aumentar as fotos (por enquanto, `None`).

# %% [markdown] lang="en" of="ac6b4507"
# That is 602,141 and 15,073,201 parameters, against TinyVGG's 31,101. In the dense network each unit needs a weight for each of the photo's 150,528 numbers, and what it learns about one corner does not serve the others. A filter of the first convolution has 28 parameters and serves the whole photo.
#
# To train the next networks in the same way we put the steps together in a function. `recipes` says how to build each network, and how to augment the photos (`None` for now).

# %%
recipes = {
    "model_1": (tiny_vgg, None),
    "model_2": (lambda side: mlp(side, [4, 4]), None),
    "model_3": (lambda side: mlp(side, [100, 100, 100]), None),
}


# %% [markdown] lang="pt"
# Para repetir o treino muitas vezes, os lotes saem das fotos que já estão na memória, com três passos do `tf.data`: `shuffle` embaralha, `batch` monta os lotes e `map` altera cada lote.

# %% [markdown] lang="en" of="0999324c"
# To repeat the training many times, the batches come from the photos that are already in memory, in three steps of `tf.data`: `shuffle` shuffles, `batch` builds the batches and `map` alters each batch.


# %%
def batches(seed, augment=None):
    train_images, val_images, train_targets, val_targets = split(small, seed)
    train_data = tf.data.Dataset.from_tensor_slices((train_images, train_targets))
    train_data = train_data.shuffle(len(train_images), seed=seed).batch(BATCH_SIZE)
    if augment:
        train_data = train_data.map(lambda images, y: (augment(images, training=True), y))
    val_data = tf.data.Dataset.from_tensor_slices((val_images, val_targets))
    return train_data, val_data.batch(BATCH_SIZE)


# %% [markdown] lang="pt"
# Com redes tão pequenas, compilar demora mais do que treinar. Por isso cada arquitetura é compilada uma vez só; para recomeçar com outra semente, sorteamos pesos novos e zeramos o que o otimizador guardou dos passos anteriores.

# %% [markdown] lang="en" of="da51d951"
# With networks this small, compiling takes longer than training. So each architecture is compiled only once; to start again with another seed we draw new weights and set to zero what the optimizer has kept of earlier steps.


# %%
def restart(model, fresh):
    for old, new in zip(model.variables, fresh.variables):
        old.assign(new)
    for variable in model.optimizer.variables:
        if variable is not model.optimizer.learning_rate:
            variable.assign(keras.ops.zeros_like(variable))


# %%
compiled = {}


def train(name, seed=13, epochs=EPOCHS, verbose=1 if FULL else 0, validation_freq=1):
    build, augmentation = recipes[name]
    keras.utils.set_random_seed(seed)
    result = build(IMAGE_SIZE)
    kind = str([LEARNING_RATE, *(layer.get_config() | {"name": ""} for layer in result.layers)])
    if kind not in compiled:
        compiled[kind] = build(IMAGE_SIZE)
        compile_model(compiled[kind])
    model = compiled[kind]
    restart(model, result)
    train_data, val_data = batches(seed, augmentation and augmentation(seed))
    options = {"epochs": epochs, "verbose": verbose, "validation_freq": validation_freq}
    start = time.perf_counter()
    history = model.fit(train_data, validation_data=val_data, shuffle=False, **options)
    seconds = time.perf_counter() - start
    result.set_weights(model.get_weights())
    return record(name, seed, result, history, seconds), history


# %%
model_2, history_2 = train("model_2")
model_3, history_3 = train("model_3")


# %%
def results_so_far(seed=13):
    rows = {name: row for (name, number), row in runs.items() if number == seed}
    return pd.DataFrame(rows).T.round(3).astype({"parameters": int})


results_so_far()

# %% [markdown] lang="pt"
# Compare `model_3`, que tem centenas de vezes mais parâmetros, com a TinyVGG; mais adiante veremos se isso se repete com outras sementes. E `model_2`, se ficou em 50 %: quanto as respostas dela mudam de uma foto para outra?

# %% [markdown] lang="en" of="be5dbf24"
# Compare `model_3`, which has hundreds of times the parameters, with TinyVGG; further on we will see whether that repeats with other seeds. And `model_2`, if it stayed at 50%: how much do its answers change from one photo to another?

# %%
answers = predict(model_2, val_data)
round(float(answers.min()), 4), round(float(answers.max()), 4)

# %% [markdown] lang="pt"
# Quando são todas iguais, a rede "morreu": as 4 unidades de uma camada passaram a dar zero para qualquer foto, e a ReLU, no zero, não deixa passar gradiente que as reanime. Com tão poucas unidades, isso acontece com frequência.

# %% [markdown] lang="en" of="91874676"
# When they are all equal the network has "died": the 4 units of a layer have come to give zero for any photo, and a ReLU at zero lets no gradient through to revive them. With so few units this happens often.

# %% [markdown] lang="pt"
# ## Passo 6: ajustar
#
# Ajustar é mudar **uma** coisa, treinar e avaliar de novo. O caminho mais comum: (1) um modelo simples que aprenda alguma coisa; (2) um modelo grande o bastante para decorar o treino; (3) medidas para que ele decore menos.

# %% [markdown] lang="en" of="586622df"
# ## Step 6: adjust
#
# To adjust is to change **one** thing, train and evaluate again. The usual way: (1) a simple model that learns something; (2) a model large enough to memorize the training photos; (3) measures against memorizing.

# %% [markdown] lang="pt"
# ### Sobreajuste: `model_4`
#
# Três convoluções, sem *pooling*. Sem nada que reduza os mapas, a última camada recebe dezenas de milhares de números.

# %% [markdown] lang="en" of="65c75ede"
# ### Overfitting: `model_4`
#
# Three convolutions, without pooling. With nothing that reduces the maps, the last layer receives tens of thousands of numbers.


# %%
def three_convolutions(side, pooling):
    blocks = []
    for _ in range(3):
        blocks.append(layers.Conv2D(10, 3, activation="relu"))
        if pooling:
            blocks.append(layers.MaxPooling2D(2))
    output = [layers.Flatten(), layers.Dense(1, activation="sigmoid")]
    return keras.Sequential([keras.Input((side, side, 3)), *blocks, *output])


# %%
recipes["model_4"] = (lambda side: three_convolutions(side, pooling=False), None)
model_4, history_4 = train("model_4")

# %% alt_pt="Acurácia e perda por época: no treino, a acurácia sobe muito e a perda cai; na validação, a acurácia fica bem abaixo, e a perda para de cair." alt_en="Accuracy and loss by epoch: in training accuracy rises far and the loss falls; in validation accuracy stays far below, and the loss stops falling."
plot_loss_curves(history_4)
plt.show()

# %% [markdown] lang="pt"
# Isto é **sobreajuste** (*overfitting*): o treino chega muito mais longe do que a validação, e a distância cresce. A perda de validação para de cair e começa a subir: a rede erra com cada vez mais certeza. Ela está decorando as fotos de treino em vez de aprender o que é uma pizza. Enquanto as duas curvas de perda descem juntas, ainda há o que aprender; quando se separam, o que a rede aprende já não serve para outras fotos.

# %% [markdown] lang="en" of="9ba1b4da"
# This is **overfitting**: training gets much further than validation, and the gap grows. The validation loss stops falling and begins to rise: the network is wrong with ever more certainty. It is memorizing the training photos instead of learning what a pizza is. As long as the two loss curves fall together there is something to learn; once they part, what the network learns no longer serves other photos.

# %% [markdown] lang="pt"
# ### *Max pooling*: `model_5`
#
# A mesma rede, com um `MaxPooling2D` depois de cada convolução.

# %% [markdown] lang="en" of="26a52ee1"
# ### Max pooling: `model_5`
#
# The same network, with a `MaxPooling2D` after each convolution.

# %%
recipes["model_5"] = (lambda side: three_convolutions(side, pooling=True), None)
model_5, history_5 = train("model_5")

# %% alt_pt="Acurácia e perda por época: as curvas de treino e de validação terminam bem mais próximas do que na figura anterior; a de validação anda aos saltos." alt_en="Accuracy and loss by epoch: the curves of training and validation end much closer than in the figure before; that of validation moves in jumps."
plot_loss_curves(history_5)
plt.show()

# %% tags=["nbval-check-output"]
model_4.count_params(), model_5.count_params()

# %% [markdown] lang="pt"
# Agora as curvas se separam bem menos. O *pooling* reduziu os mapas, e a última camada perdeu quase todos os números em que se apoiava para decorar. (O número de parâmetros não explica tudo: `model_3` tem muitos mais e decora menos do que `model_4`.) O preço: a acurácia de treino sobe mais devagar.

# %% [markdown] lang="en" of="c79c8f1a"
# Now the curves part much less. Pooling reduced the maps, and the last layer lost almost all the numbers it leant on to memorize. (The number of parameters is not the whole story: `model_3` has many more and memorizes less than `model_4`.) The price: training accuracy rises more slowly.

# %% [markdown] lang="pt"
# ### Embaralhar
#
# E se as fotos não forem embaralhadas? Na pasta, todas as pizzas vêm antes dos bifes. Esta é a fração de bifes em cada lote, na ordem da pasta e embaralhada:

# %% [markdown] lang="en" of="c9f6b160"
# ### Shuffling
#
# What if the photos are not shuffled? In the folder all pizzas come before the steaks. This is the fraction of steaks in each batch, in the folder's order and shuffled:

# %% tags=["nbval-check-output"]
order = np.argsort(train_targets, kind="stable")
ordered_data = create_data_batches(train_paths[order], train_targets[order], **sizes)
steaks_in_order = [round(float(np.mean(numbers)), 2) for _, numbers in ordered_data]
steaks_in_order

# %%
[round(float(np.mean(numbers)), 2) for _, numbers in train_data]

# %% [markdown] lang="pt"
# Em ordem, quase todo lote só tem uma classe: cada passo puxa a rede para responder sempre a mesma coisa, e os passos seguintes desfazem o que os anteriores fizeram. Vamos treinar a rede de `model_5` assim, com os mesmos pesos iniciais:

# %% [markdown] lang="en" of="a82ff6e4"
# In order, almost every batch holds a single class: each step pulls the network towards always answering the same, and the next steps undo what the previous ones did. Let us train `model_5`'s network in this way, with the same initial weights:

# %%
keras.utils.set_random_seed(13)
unshuffled = three_convolutions(IMAGE_SIZE, pooling=True)
compile_model(unshuffled)
fit_options = {"epochs": EPOCHS, "shuffle": False, "verbose": 0}
history_ordered = unshuffled.fit(ordered_data, validation_data=val_data, **fit_options)

# %% alt_pt="Acurácia de validação por época: com as fotos embaralhadas ela sobe; com as fotos em ordem, fica perto de 0,5 por mais tempo." alt_en="Validation accuracy by epoch: with shuffled photos it rises; with photos in order it stays near 0.5 for longer."
ax = plt.figure(figsize=(5, 3.2), layout="constrained").gca()
epochs = np.arange(1, EPOCHS + 1)
ax.plot(epochs, history_5.history["val_accuracy"], "o-", color="#0072B2", label="shuffled")
ax.plot(epochs, history_ordered.history["val_accuracy"], "s--", color="#D55E00", label="in order")
ax.set(xlabel="epoch", ylabel="validation accuracy")
ax.legend()
plt.show()

# %% [markdown] lang="pt"
# Neste treino, sem embaralhar, a rede passa épocas chamando quase tudo de uma classe só (acurácia perto de 0,5). Validação e teste não precisam de ordem aleatória: nada se aprende com eles. Cuidado, também, para não dar o mesmo nome a dois conjuntos: o segundo, sem embaralhar, toma o lugar do primeiro sem que se perceba.

# %% [markdown] lang="en" of="6eab7f65"
# In this run, without shuffling, the network spends epochs labelling almost everything with one class (accuracy near 0.5). Validation and test do not need a random order: nothing is learned from them. Beware, too, of giving two datasets the same name: the second, unshuffled, takes the place of the first unnoticed.

# %% [markdown] lang="pt"
# ### Aumento de dados
#
# Uma pizza girada continua sendo uma pizza. O **aumento de dados** (*data augmentation*) altera um pouco cada foto de treino, de um jeito novo a cada época, para que decorar fique mais difícil. Antes de treinar, é preciso olhar: a primeira foto é a original; as outras mostram cada tipo de alteração, sorteado duas vezes.

# %% [markdown] lang="en" of="eccdf189"
# ### Data augmentation
#
# A rotated pizza is still a pizza. **Data augmentation** alters each training photo a little, in a new way in each epoch, so that memorizing gets harder. Before training one has to look: the first photo is the original; the others show each kind of change, drawn twice.

# %%
strengths = {
    "rotation": 20,
    "shear": 10,
    "zoom": 0.2,
    "shift": 0.2,
    "flip": True,
    "brightness": 0.2,
    "contrast": 0.2,
}

# %% alt_pt="A imagem original e duas versões de cada tipo: girada, inclinada, ampliada ou reduzida, deslocada, espelhada, mais clara ou mais escura, com mais ou menos contraste. O que falta nas bordas é preenchido com o reflexo da própria imagem." alt_en="The original image and two versions of each kind: rotated, slanted, enlarged or reduced, shifted, mirrored, brighter or darker, with more or less contrast. What is missing at the edges is filled with the reflection of the image itself."
original = next(iter(create_data_batches(train_paths[2:3], image_size=160)))
shown, titles = [original[0]], ["original"]
for name, strength in strengths.items():
    change = RandomTransform(**{name: strength}, seed=25)
    shown += [change(original, training=True)[0] for _ in range(2)]
    titles += [f"{name} {strength}"] * 2
show_images(shown, titles)
plt.show()

# %% [markdown] lang="pt"
# A rotação e a inclinação (*shear*) são em graus; o deslocamento (*shift*), em fração do lado: ele move a imagem, não a redimensiona. As alterações devem caber no mundo: um bife espelhado existe; um prato de cabeça para baixo também, visto de cima; já um carro de cabeça para baixo, não.
#
# Um erro comum é copiar `shear_range=0.2` do `ImageDataGenerator`: são 0,2 **grau**. Quanto isso muda a foto, em média de 100 sorteios, em passos de 1/255?

# %% [markdown] lang="en" of="0cfe1b8b"
# Rotation and shear are in degrees; shift is a fraction of the side: it moves the image, it does not resize it. The changes must fit the world: a mirrored steak exists, and so does a plate upside down, seen from above; a car upside down does not.
#
# A common mistake is to copy `shear_range=0.2` from `ImageDataGenerator`: that is 0.2 of a **degree**. How much does it change the photo, on average over 100 draws, in steps of 1/255?

# %%
changes, copies = {}, np.repeat(original, 100, axis=0)
for degrees in (0.2, 10):
    sheared = RandomTransform(shear=degrees, seed=13)(copies, training=True)
    changes[f"{degrees} degrees"] = float(np.abs(sheared - copies).mean() * 255)
pd.Series(changes).round(1)

# %% [markdown] lang="pt"
# `RandomTransform` junta tudo em uma única leitura dos pixels: a partir dos arquivos, com 224 pixels de lado, gasta cerca de um quarto do tempo de CPU do `ImageDataGenerator` (medido em 22/11/2026 com `tests/benchmarks/augmentation.py`). Três fotos, quatro sorteios de cada uma:

# %% [markdown] lang="en" of="fd3df9bf"
# `RandomTransform` combines everything into a single reading of the pixels: from files, at 224 pixels a side, it takes about a quarter of `ImageDataGenerator`'s CPU time (measured on 2026-11-22 with `tests/benchmarks/augmentation.py`). Three photos, four draws of each:


# %% alt_pt="Três linhas, cada uma com uma imagem original e quatro versões em que giro, inclinação, tamanho, posição e espelhamento mudam ao mesmo tempo." alt_en="Three rows, each with an original image and four versions in which rotation, slant, size, position and mirroring change at the same time."
def augmentation(seed):
    return RandomTransform(rotation=20, shear=10, zoom=0.2, shift=0.2, flip=True, seed=seed)


change = augmentation(13)
originals = next(iter(create_data_batches(train_paths[:3], image_size=160)))
draws = [originals] + [change(originals, training=True) for _ in range(4)]
show_images([draw[number] for number in range(3) for draw in draws])
plt.show()

# %% [markdown] lang="pt"
# Nos arquivos, é assim: `create_data_batches(train_paths, train_targets, training=True, augment=augmentation(13))`. Só as fotos de **treino** são alteradas: `create_data_batches` recusa `augment` sem `training=True`, porque uma validação alterada mediria outra coisa.
#
# `model_6` é a rede de `model_5`, e `model_7`, a TinyVGG de `model_1`, as duas treinadas com aumento de dados.

# %% [markdown] lang="en" of="d55b08c8"
# From files it is done like this: `create_data_batches(train_paths, train_targets, training=True, augment=augmentation(13))`. Only the **training** photos are altered: `create_data_batches` refuses `augment` without `training=True`, because altered validation photos would measure something else.
#
# `model_6` is the network of `model_5`, and `model_7` the TinyVGG of `model_1`, both trained with data augmentation.

# %%
recipes["model_6"] = (recipes["model_5"][0], augmentation)
recipes["model_7"] = (tiny_vgg, augmentation)
model_6, history_6 = train("model_6")
model_7, history_7 = train("model_7")

# %% alt_pt="Acurácia e perda de model_6 por época: treino e validação andam juntos; a acurácia de treino sobe devagar." alt_en="Accuracy and loss of model_6 by epoch: training and validation go together; training accuracy rises slowly."
plot_loss_curves(history_6)
plt.show()

# %% alt_pt="Acurácia e perda de model_7 por época: treino e validação andam juntos, as duas curvas aos saltos." alt_en="Accuracy and loss of model_7 by epoch: training and validation go together, both curves in jumps."
plot_loss_curves(history_7)
plt.show()

# %% [markdown] lang="pt"
# Com o aumento de dados, cada época traz fotos novas: o treino fica mais difícil, e a acurácia de treino sobe mais devagar. Por isso ele costuma pedir mais épocas, e às vezes a acurácia de validação fica acima da de treino, que é medida nas fotos alteradas. `model_1` e `model_7` são a mesma rede: a diferença está só nas fotos que viram.

# %% [markdown] lang="en" of="024373ca"
# With augmentation each epoch brings new photos: training gets harder, and training accuracy rises more slowly. That is why it tends to need more epochs, and why validation accuracy is at times above training accuracy, which is measured on the altered photos. `model_1` and `model_7` are the same network: only the photos that they saw differ.

# %% [markdown] lang="pt"
# ### Do `ImageDataGenerator` ao `tf.data`
#
# Muitos cursos ainda usam o `ImageDataGenerator`, obsoleto (*deprecated*) no Keras. Estas tabelas traduzem cada parâmetro. Três armadilhas: com `validation_split`, o `ImageDataGenerator` também aumentava as fotos de validação; as camadas do Keras medem ângulos em fração de volta; e elas supõem, em `RandomBrightness` e `RandomContrast`, pixels de 0 a 255 se você não disser `value_range=(0, 1)`.
#
# | `ImageDataGenerator` | `RandomTransform`, deste curso | Camada do Keras 3 ou outra saída |
# |---|---|---|
# | `rescale=1/255` | já feito por `create_data_batches` | `Rescaling(1/255)` |
# | `rotation_range=20` (graus) | `rotation=20` | `RandomRotation(20/360)` |
# | `shear_range=10` (graus) | `shear=10` | `RandomShear(0.18)`, a tangente do ângulo; a foto também se desloca |
# | `zoom_range=0.2` (altura e largura à parte) | `zoom=0.2` (juntas) | `RandomZoom(0.2, 0.2)`; positivo afasta |
# | `width_shift_range=0.2`, `height_shift_range=0.2` | `shift=0.2` (os dois) | `RandomTranslation(0.2, 0.2)`: primeiro a altura |
# | `horizontal_flip=True` | `flip=True` | `RandomFlip("horizontal")` |
# | `vertical_flip=True` | não há | `RandomFlip("vertical")` |
# | `brightness_range=(0.8, 1.2)` (multiplica) | `brightness=0.2` (soma) | `RandomBrightness(0.2, value_range=(0, 1))` (soma) |
# | `channel_shift_range` (um valor somado a todos os canais) | `brightness` | `RandomBrightness(..., value_range=(0, 1))` |
# | `fill_mode="nearest"` (padrão), `cval` | sempre o espelho | `fill_mode="reflect"` (padrão); `fill_mode="constant", fill_value=...` |
# | `featurewise_center`, `featurewise_std_normalization` | não há | `Normalization()` e `adapt` |
# | `samplewise_center`, `samplewise_std_normalization` | não há | `tf.image.per_image_standardization` em `map` |
# | `zca_whitening`, `zca_epsilon` | não há | `sklearn.decomposition.PCA(whiten=True)`, girado de volta |
# | `preprocessing_function` (em todas as partes; recebia pixels de 0 a 255) | `train_data.map(...)` e `val_data.map(...)` | a primeira camada do modelo |
# | `interpolation_order` | bilinear (`1`) | `interpolation="bilinear"` |
# | `validation_split=0.2` | `train_test_split(..., stratify=...)` | `image_dataset_from_directory(validation_split=..., subset=..., seed=...)`: não estratifica |
# | `data_format`, `dtype` | canais por último, `float32` | `keras.config.set_image_data_format`, `keras.config.set_floatx` |
#
# | `flow_from_directory`, `flow_from_dataframe`, `flow` e `fit` | `create_data_batches` | `image_dataset_from_directory` |
# |---|---|---|
# | `directory`, `dataframe` (`x_col`, `y_col`) | uma lista de caminhos e uma de rótulos | `directory` |
# | `flow(x, y)`: arrays | não precisa: `model.fit(x, y)` | `tf.data.Dataset.from_tensor_slices` |
# | `target_size=(224, 224)` | `image_size=224` | `image_size=(224, 224)` |
# | `keep_aspect_ratio=True` | não há: estica | `crop_to_aspect_ratio=True` |
# | `interpolation="nearest"` (padrão) | bilinear | `interpolation="bilinear"` (padrão) |
# | `class_mode="binary"`, `"sparse"` | rótulos inteiros | `label_mode="binary"`, `"int"` |
# | `class_mode="categorical"` | linhas *one-hot* | `label_mode="categorical"` |
# | `class_mode="input"`, `None` | `labels=None` | `label_mode=None` |
# | `classes` | `np.unique` | `class_names` |
# | `color_mode` | sempre RGB | `color_mode` |
# | `batch_size` | `batch_size` | `batch_size` |
# | `shuffle=True` (padrão), `seed` | `training=True`, `seed` | `shuffle=True` (padrão), `seed` |
# | `subset` | `train_test_split` | `subset` |
# | `follow_links` | a lista decide | `follow_links` |
# | `save_to_dir`, `save_prefix`, `save_format` | `show_images` | `keras.utils.save_img` |
# | `train_data.next()` | `next(iter(train_data))` | `next(iter(train_data))` |
# | `fit_generator`, `steps_per_epoch=len(train_data)` | `fit`, sem passos | `fit`, sem passos |

# %% [markdown] lang="en" of="fd800f9d"
# ### From `ImageDataGenerator` to `tf.data`
#
# Many courses still use `ImageDataGenerator`, which is deprecated in Keras. These tables translate each parameter. Three traps: with `validation_split`, `ImageDataGenerator` augmented the validation photos too; Keras layers measure angles as a fraction of a turn; and `RandomBrightness` and `RandomContrast` assume pixels from 0 to 255 unless you say `value_range=(0, 1)`.
#
# | `ImageDataGenerator` | `RandomTransform`, of this course | Keras 3 layer or other way |
# |---|---|---|
# | `rescale=1/255` | done by `create_data_batches` | `Rescaling(1/255)` |
# | `rotation_range=20` (degrees) | `rotation=20` | `RandomRotation(20/360)` |
# | `shear_range=10` (degrees) | `shear=10` | `RandomShear(0.18)`, the tangent of the angle; the photo moves too |
# | `zoom_range=0.2` (height and width apart) | `zoom=0.2` (together) | `RandomZoom(0.2, 0.2)`; positive zooms out |
# | `width_shift_range=0.2`, `height_shift_range=0.2` | `shift=0.2` (both) | `RandomTranslation(0.2, 0.2)`: height first |
# | `horizontal_flip=True` | `flip=True` | `RandomFlip("horizontal")` |
# | `vertical_flip=True` | none | `RandomFlip("vertical")` |
# | `brightness_range=(0.8, 1.2)` (multiplies) | `brightness=0.2` (adds) | `RandomBrightness(0.2, value_range=(0, 1))` (adds) |
# | `channel_shift_range` (one value added to all channels) | `brightness` | `RandomBrightness(..., value_range=(0, 1))` |
# | `fill_mode="nearest"` (default), `cval` | always the mirror | `fill_mode="reflect"` (default); `fill_mode="constant", fill_value=...` |
# | `featurewise_center`, `featurewise_std_normalization` | none | `Normalization()` and `adapt` |
# | `samplewise_center`, `samplewise_std_normalization` | none | `tf.image.per_image_standardization` in `map` |
# | `zca_whitening`, `zca_epsilon` | none | `sklearn.decomposition.PCA(whiten=True)`, rotated back |
# | `preprocessing_function` (in all parts; it received pixels from 0 to 255) | `train_data.map(...)` and `val_data.map(...)` | the model's first layer |
# | `interpolation_order` | bilinear (`1`) | `interpolation="bilinear"` |
# | `validation_split=0.2` | `train_test_split(..., stratify=...)` | `image_dataset_from_directory(validation_split=..., subset=..., seed=...)`: not stratified |
# | `data_format`, `dtype` | channels last, `float32` | `keras.config.set_image_data_format`, `keras.config.set_floatx` |
#
# | `flow_from_directory`, `flow_from_dataframe`, `flow` and `fit` | `create_data_batches` | `image_dataset_from_directory` |
# |---|---|---|
# | `directory`, `dataframe` (`x_col`, `y_col`) | a list of paths and one of labels | `directory` |
# | `flow(x, y)`: arrays | not needed: `model.fit(x, y)` | `tf.data.Dataset.from_tensor_slices` |
# | `target_size=(224, 224)` | `image_size=224` | `image_size=(224, 224)` |
# | `keep_aspect_ratio=True` | none: it stretches | `crop_to_aspect_ratio=True` |
# | `interpolation="nearest"` (default) | bilinear | `interpolation="bilinear"` (default) |
# | `class_mode="binary"`, `"sparse"` | integer labels | `label_mode="binary"`, `"int"` |
# | `class_mode="categorical"` | one-hot rows | `label_mode="categorical"` |
# | `class_mode="input"`, `None` | `labels=None` | `label_mode=None` |
# | `classes` | `np.unique` | `class_names` |
# | `color_mode` | always RGB | `color_mode` |
# | `batch_size` | `batch_size` | `batch_size` |
# | `shuffle=True` (default), `seed` | `training=True`, `seed` | `shuffle=True` (default), `seed` |
# | `subset` | `train_test_split` | `subset` |
# | `follow_links` | the list decides | `follow_links` |
# | `save_to_dir`, `save_prefix`, `save_format` | `show_images` | `keras.utils.save_img` |
# | `train_data.next()` | `next(iter(train_data))` | `next(iter(train_data))` |
# | `fit_generator`, `steps_per_epoch=len(train_data)` | `fit`, no steps | `fit`, no steps |

# %% [markdown] lang="pt"
# ## Qual rede é melhor?
#
# Um treino de cada uma, com a semente 13. Anote a sua aposta: quem ganha? A tabela, com as acurácias da última época, parece um pódio:

# %% [markdown] lang="en" of="68751270"
# ## Which network is better?
#
# One run of each, with seed 13. Write down your bet: who wins? The table, with the accuracies of the last epoch, looks like a podium:

# %%
results_so_far().sort_values("val_accuracy", ascending=False)

# %% [markdown] lang="pt"
# Quanto desse pódio é sorte? A semente decide três coisas: quais fotos ficam na validação, os pesos iniciais e a ordem (e as alterações) das fotos. Vamos repetir tudo com outras sementes. Para cada semente, todos os modelos usam a mesma divisão, inclusive a linha de base das cores.
#
# Este é o trecho mais demorado do capítulo; para ganhar tempo, só a última época é validada.

# %% [markdown] lang="en" of="072d56a2"
# How much of this podium is luck? The seed decides three things: which photos are in validation, the initial weights, and the order (and the changes) of the photos. Let us repeat everything with other seeds. For each seed all models use the same split, the colour baseline included.
#
# This is the longest part of the chapter; to save time only the last epoch is validated.

# %%
others = [(name, seed) for seed in SEEDS[1:] for name in recipes]
bar = keras.utils.Progbar(len(others), unit_name="run")
for number, (name, seed) in enumerate(others):
    train(name, seed, verbose=0, validation_freq=EPOCHS)
    bar.update(number + 1)

# %%
for seed in SEEDS[1:]:
    seed_images, seed_val_images, seed_targets, seed_val_targets = split(small, seed)
    model = fit_colours(seed_images, seed_targets)
    accuracy = model.score(colour_histograms(seed_val_images), seed_val_targets)
    runs["colours", seed] = {"val_accuracy": accuracy, "parameters": 65}

# %% [markdown] lang="pt"
# Com n sementes independentes, a média teria um intervalo de 95 % dado pela distribuição t: média ± t · s · √(1/n), em que s é o desvio padrão entre as sementes. Com 3 sementes, t = 4,3; com 5, t = 2,8: poucos treinos, intervalo largo. Mas os nossos treinos têm fotos em comum e por isso se parecem; a correção de Nadeau e Bengio soma a 1/n a razão entre as fotos de validação e as de treino, 1/4.

# %% [markdown] lang="en" of="6cc7347e"
# With n independent seeds the mean would have a 95% interval given by the t distribution: mean ± t · s · √(1/n), where s is the standard deviation between the seeds. With 3 seeds t = 4.3, with 5 t = 2.8: few runs, a wide interval. But our runs share photos and so resemble each other; the correction of Nadeau and Bengio adds to 1/n the ratio of validation to training photos, 1/4.


# %%
def mean_interval(by_seed):
    count = by_seed.shape[1]
    ratio = len(val_paths) / len(train_paths)
    half = t.ppf(0.975, count - 1) * by_seed.std(axis=1) * np.sqrt(1 / count + ratio)
    mean = by_seed.mean(axis=1)
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half})


# %%
by_run = pd.DataFrame(runs).T
by_seed = by_run["val_accuracy"].unstack()[SEEDS]
comparison = mean_interval(by_seed).clip(0, 1).rename(columns={"mean": "val_accuracy"})
comparison["train_accuracy"] = by_run["accuracy"].groupby(level=0).mean()
comparison["seconds"] = by_run["seconds"].groupby(level=0).mean()
comparison["parameters"] = by_run["parameters"].groupby(level=0).first().astype(int)
comparison.style.format(precision=3, na_rep="").format("{:,.0f}", subset=["parameters"])

# %% alt_pt="Uma linha por modelo: um ponto para cada semente, um traço na média e uma barra com o intervalo de 95 %. Quase todos os intervalos se sobrepõem; model_2 fica em 0,5." alt_en="One row per model: one dot for each seed, a tick at the mean and a bar with the 95% interval. Almost all intervals overlap; model_2 stays at 0.5."
ax = plt.figure(figsize=(7, 3.6), layout="constrained").gca()
rows = np.arange(len(comparison))
ax.hlines(rows, comparison["low"], comparison["high"], color="#0072B2", lw=6, alpha=0.35)
ax.plot(comparison["val_accuracy"], rows, "|", color="#0072B2", ms=16, mew=3, label="mean")
for number, seed in enumerate(SEEDS):
    ax.plot(
        by_seed[seed],
        rows,
        "osD^v"[number % 5],
        color="black",
        ms=5,
        mfc="none",
        label=f"seed {seed}",
    )
ax.axvline(0.5, color="grey", ls=":")
ax.set(yticks=rows, yticklabels=comparison.index, xlabel="validation accuracy")
ax.invert_yaxis()
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown] lang="pt"
# Os intervalos quase todos se sobrepõem. Procure a linha `colours`: alguma rede tem média maior do que a dela? (Onde as sementes deram o mesmo número, o intervalo tem largura zero: a fórmula só vê a incerteza que aparece entre as sementes. E `train_accuracy` de `model_6` e `model_7` vem das fotos alteradas: não a compare com a dos outros.)
#
# Todos os modelos passaram pelas mesmas divisões, e uma divisão difícil é difícil para todos. Por isso a pergunta certa é sobre diferenças. Escolhemos, **entre as redes**, a de maior média e olhamos a **diferença** de cada modelo para ela, semente por semente:

# %% [markdown] lang="en" of="bbb8232c"
# Almost all the intervals overlap. Look for the row `colours`: does any network have a higher mean? (Where the seeds gave the same number the interval has zero width: the formula only sees the uncertainty that shows between the seeds. And `train_accuracy` of `model_6` and `model_7` comes from the altered photos: do not compare it with the others'.)
#
# All models went through the same splits, and a hard split is hard for all of them. So the question to ask is about differences. We choose, **among the networks**, the one with the highest mean and look at the **difference** between each model and that one, seed by seed:

# %%
networks = [name for name in comparison.index if name in recipes]
chosen = comparison.loc[networks, "val_accuracy"].idxmax()
chosen

# %%
differences = mean_interval(by_seed.sub(by_seed.loc[chosen], axis=1)).drop(chosen)
differences["clear"] = (differences["low"] > 0) | (differences["high"] < 0)
differences["clear"] &= differences["low"] < differences["high"]
differences.round(3)

# %% [markdown] lang="pt"
# Só onde `clear` é verdadeiro o intervalo da diferença exclui o zero. As outras diferenças podem ser sorte: para separá-las, seria preciso ter mais fotos ou mais sementes. Não separar não quer dizer que os modelos sejam iguais: com 3 sementes, o intervalo pode não separar nem uma rede que responde o mesmo a tudo. E, com sete comparações, uma diferença "clara" ainda pode aparecer por acaso.
#
# A média da rede escolhida é otimista, porque foi por ela que a escolhemos. Ao teste vai o treino da semente 13, como ficou decidido antes de ver os resultados; não o melhor dos treinos.

# %% [markdown] lang="en" of="3fa7d731"
# Only where `clear` is true does the interval of the difference exclude zero. The other differences may be luck: to separate them takes more photos or more seeds. Not separated does not mean equal: with 3 seeds the interval may not even separate a network that gives the same answer to everything. And with seven comparisons a "clear" difference may still turn up by chance.
#
# The mean of the chosen network is optimistic, because it was chosen for it. The run that goes to the test is that of seed 13, as decided before seeing the results; not the best of the runs.

# %% [markdown] lang="pt"
# ## O teste, uma vez

# %% [markdown] lang="en" of="f4bf47d8"
# ## The test, once

# %%
winner = models[chosen, 13]
test_images = np.concatenate(list(create_data_batches(test_paths, image_size=IMAGE_SIZE)))
steak_probability = predict(winner, test_images)
predicted = (steak_probability > 0.5).astype(int)
correct = predicted == test_targets
round(float(correct.mean()), 3), interval(correct)

# %% [markdown] lang="pt"
# O intervalo diz quanto o resultado mudaria com outras fotos de teste (com 500 fotos, uns 3,5 pontos para cada lado). Com outra semente, o modelo seria outro.
#
# A rede superou as cores? As duas responderam às mesmas fotos, então comparamos foto por foto. Só contam as fotos em que uma acerta e a outra erra:

# %% [markdown] lang="en" of="9c78ded0"
# The interval tells how much the result would change with other test photos (with 500 photos, some 3.5 points either way). With another seed the model would be another.
#
# Did the network beat the colours? Both answered for the same photos, so we compare photo by photo. Only photos on which one is correct and the other wrong count:

# %%
colour_correct = colour_model.predict(colour_histograms(test_images)) == test_targets
pd.crosstab(colour_correct, correct, rownames=["colours correct"], colnames=["network correct"])

# %% [markdown] lang="pt"
# Se as duas fossem igualmente boas, cada uma ganharia cerca de metade dessas fotos. O teste binomial dá a probabilidade, nesse caso, de um desequilíbrio pelo menos tão grande: o **valor-p** (coluna `p`; é a versão exata do teste de McNemar). Em seguida, a acurácia de cada uma e a diferença, com o intervalo de 95 % (aproximação normal):

# %% [markdown] lang="en" of="e27b7ac1"
# If both were equally good, each would win about half of these photos. The binomial test gives the probability, in that case, of an imbalance at least as large: the **p-value** (column `p`; this is the exact version of McNemar's test). Then the accuracy of each and the difference, with its 95% interval (normal approximation):


# %%
def paired(one, other):
    difference = one.astype(int) - other.astype(int)
    margin = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
    wins, losses = int((difference > 0).sum()), int((difference < 0).sum())
    return {
        "first": one.mean(),
        "second": other.mean(),
        "difference": difference.mean(),
        "low": difference.mean() - margin,
        "high": difference.mean() + margin,
        "p": binomtest(wins, wins + losses).pvalue if wins + losses else 1.0,
    }


versus_colours = pd.DataFrame({"network − colours": paired(correct, colour_correct)}).T
versus_colours.style.format(precision=3).format("{:.1g}", subset=["p"])

# %% [markdown] lang="pt"
# Se o intervalo contém zero, o teste não decide entre as duas, e é isso que se deve informar. Com poucas centenas de fotos, uma rede treinada do zero pode não valer mais do que um contador de cores.

# %% [markdown] lang="en" of="b831a2b5"
# If the interval contains zero, the test does not decide between the two, and that is what one should report. With a few hundred photos a network trained from scratch may be worth no more than a counter of colours.

# %% [markdown] lang="pt"
# ### Onde ela erra
#
# A matriz de confusão, como no capítulo 01: a classe certa nas linhas, a prevista nas colunas. Qual das duas classes a rede prefere?

# %% [markdown] lang="en" of="8bd0ae06"
# ### Where it is wrong
#
# The confusion matrix, as in chapter 01: the true class in the rows, the predicted one in the columns. Which of the two classes does the network prefer?

# %% alt_pt="Matriz de confusão de duas linhas e duas colunas: a classe certa nas linhas, a prevista nas colunas; na amostra, quase todas as pizzas estão certas e quase metade dos bifes foi tomada por pizza." alt_en="Confusion matrix of two rows and two columns: the true class in the rows, the predicted one in the columns; on the sample nearly all pizzas are correct and almost half of the steaks were taken for pizza."
display_options = {"display_labels": class_names, "cmap": "Blues", "colorbar": False}
ConfusionMatrixDisplay.from_predictions(test_targets, predicted, **display_options)
plt.show()

# %% [markdown] lang="pt"
# Os piores erros são as fotos em que a classe certa recebeu a menor probabilidade. O que elas têm em comum? O rótulo está certo em todas?

# %% [markdown] lang="en" of="bfcc38c3"
# The worst mistakes are the photos on which the correct class was given the lowest probability. What do they have in common? Is the label correct in all of them?

# %% alt_pt="Dez imagens de teste, cada uma com a classe prevista, a certa e as probabilidades: as mais erradas primeiro." alt_en="Ten test images, each with the predicted class, the true one and the probabilities: the most wrong first."
probabilities = np.column_stack([1 - steak_probability, steak_probability])
worst = np.argsort(probabilities[np.arange(len(test_targets)), test_targets])[:10]
worst_images = np.concatenate(list(create_data_batches(test_paths[worst], image_size=160)))
show_predictions(worst_images, probabilities[worst], class_names, test_targets[worst])
plt.show()

# %% [markdown] lang="pt"
# ## Guardar, reabrir, classificar uma foto sua
#
# O arquivo `.keras` guarda a arquitetura e os pesos. Reaberto, com uma versão do Keras que não seja mais antiga, o modelo dá as mesmas probabilidades.

# %% [markdown] lang="en" of="7b507dbf"
# ## Save, reopen, classify a photo of your own
#
# The `.keras` file holds the architecture and the weights. Reopened, with a version of Keras that is not older, the model gives the same probabilities.

# %%
Path("runs/02").mkdir(parents=True, exist_ok=True)
winner.save("runs/02/pizza_or_steak.keras")
reopened = keras.models.load_model("runs/02/pizza_or_steak.keras")
same_after_reload = np.allclose(reopened(val_images), winner(val_images), atol=1e-6)

# %% tags=["nbval-check-output"]
bool(same_after_reload)

# %% [markdown] lang="pt"
# Troque o caminho pelo de uma foto sua (no Colab, envie-a pelo painel de arquivos, à esquerda).

# %% [markdown] lang="en" of="2f3bb7f9"
# Change the path to that of a photo of your own (in Colab upload it in the panel of files, on the left).

# %%
my_photo = test_paths[0]
predict_image(reopened, my_photo, class_names).round(3)

# %% [markdown] lang="pt"
# E se a foto não for nem pizza nem bife? Este é um cão da amostra do capítulo 01. O que a rede vai responder?

# %% [markdown] lang="en" of="5c78d680"
# And if the photo is neither pizza nor steak? This is a dog from chapter 01's sample. What will the network answer?

# %% alt_pt="Imagem de um cão, com a classe de comida que a rede escolheu para ele e a probabilidade." alt_en="Image of a dog, with the class of food that the network chose for it and the probability."
dog = sorted((dataset_dir("dog_breeds") / "test").glob("*.jpg"))[0]
answer = predict_image(reopened, dog, class_names)
title = f"{answer['class'][0]} {answer['probability'][0]:.0%}"
show_images([open_photo(dog)], [title])
plt.show()

# %% [markdown] lang="pt"
# A rede responde com uma das duas classes, porque não conhece outra resposta. A probabilidade compara pizza com bife; não diz se há comida na foto.

# %% [markdown] lang="en" of="5c206bfa"
# The network answers with one of the two classes, because it knows no other answer. The probability compares pizza with steak; it does not say whether there is food in the photo.

# %% [markdown] lang="pt"
# ## A régua: aprendizado por transferência
#
# Quanto se perde ao começar do zero? A régua é a rede do capítulo 01: EfficientNet-Lite0, treinada no ImageNet, dá 1.280 características por foto, e uma regressão logística aprende a separar as duas classes.

# %% [markdown] lang="en" of="67bd00fd"
# ## The yardstick: transfer learning
#
# How much is lost by starting from scratch? The yardstick is the network of chapter 01: EfficientNet-Lite0, trained on ImageNet, gives 1,280 features per photo, and a logistic regression learns to separate the two classes.

# %%
backbone = efficientnet_lite0(FEATURE_SIZE, weights="imagenet")


def features(paths):
    return extract_features(backbone, create_data_batches(paths, image_size=FEATURE_SIZE))


train_features, val_features = features(train_paths), features(val_paths)
train_features.shape, val_features.shape


# %%
def fit_head(count):
    linear = LogisticRegression(C=0.01, max_iter=2000)
    head = make_pipeline(StandardScaler(), linear)
    return head.fit(train_features[:count], train_targets[:count])


counts = [count for count in (8, 16, 32, 64, 128, 256, 512) if count < len(train_targets)]
counts.append(len(train_targets))
learning = {count: fit_head(count).score(val_features, val_targets) for count in counts}
pd.Series(learning, name="val_accuracy").rename_axis("training photos").round(3).to_frame()

# %% [markdown] lang="pt"
# Com quantas fotos ela passa das redes treinadas do zero com todas? (Ela leva vantagem: pizza é uma das 1.000 classes do ImageNet.) No teste, uma vez:

# %% [markdown] lang="en" of="def69c21"
# With how many photos does it get past the networks trained from scratch on all of them? (It has a head start: pizza is one of ImageNet's 1,000 classes.) On the test, once:

# %%
transfer_correct = fit_head(len(train_targets)).predict(features(test_paths)) == test_targets
round(float(transfer_correct.mean()), 3), interval(transfer_correct)

# %%
versus_network = pd.DataFrame({"transfer − network": paired(transfer_correct, correct)}).T
versus_network.style.format(precision=3).format("{:.1g}", subset=["p"])

# %% [markdown] lang="pt"
# Então para que treinar do zero? Para entender o que acontece dentro da rede; e porque, quando as imagens não se parecem com fotos (raios X, radar, microscopia) ou há muitas delas, a vantagem diminui. Nos outros casos, comece pela régua.

# %% [markdown] lang="en" of="8dd1e53d"
# Then why train from scratch? To understand what happens inside the network; and because the advantage shrinks when the images do not look like photos (X-rays, radar, microscopy) or when there are very many. In all other cases begin with the yardstick.

# %% [markdown] lang="pt"
# ## Os números do capítulo

# %% [markdown] lang="en" of="e289942e"
# ## The chapter's numbers

# %% tags=["results"]
columns = ["parameters", "val_accuracy", "low", "high", "seconds"]
rounded = comparison[columns].round(4).astype({"parameters": int})
results = rounded.loc[networks].to_dict("index")
results |= rounded.loc[["colours"], columns[:4]].to_dict("index")
test_low, test_high = interval(correct)
results |= {
    "chosen": chosen,
    "test_accuracy": round(correct.mean(), 4),
    "test_low": test_low,
    "test_high": test_high,
    "colours_test_accuracy": round(colour_correct.mean(), 4),
    "transfer_accuracy": round(transfer_correct.mean(), 4),
    "seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
{
    "better_than_chance": test_low > 0.5,
    "model_1_learned": history_1.history["loss"][-1] < 0.65,
    "model_4_overfits": (
        history_4.history["accuracy"][-1] > history_4.history["val_accuracy"][-1] + 0.1
    ),
    "without_shuffling_it_learns_more_slowly": bool(
        np.mean(history_ordered.history["accuracy"]) < np.mean(history_5.history["accuracy"])
    ),
    "transfer_beats_scratch": bool(transfer_correct.mean() > correct.mean()),
}

# %% [markdown] lang="pt"
# Com 520 fotos reais do Food-101 (320 de treino, 80 de validação, 120 de teste; 96 pixels, 15 épocas, 5 sementes), o mesmo caderno deu este resultado (22/11/2026, 2 núcleos de CPU, 15 minutos). Com as 2.000 fotos que `"full"` baixa, o resultado será outro, e a execução em CPU levará cerca de uma hora.
#
# | Modelo | Parâmetros | Acurácia de validação | Intervalo de 95 % |
# |---|---|---|---|
# | cores | 65 | 75,8 % | 66,8 % a 84,7 % |
# | model_1 (TinyVGG) | 7.421 | 73,5 % | 68,5 % a 78,5 % |
# | model_2 (MLP 4-4) | 110.621 | 63,5 % | 40,5 % a 86,5 % |
# | model_3 (MLP 100-100-100) | 2.785.201 | 74,5 % | 66,7 % a 82,3 % |
# | model_4 (3 convoluções) | 83.101 | 72,0 % | 60,3 % a 83,7 % |
# | model_5 (com *pooling*) | 3.101 | 78,5 % | 69,9 % a 87,1 % |
# | model_6 (model_5, com aumento) | 3.101 | 76,8 % | 68,6 % a 84,9 % |
# | model_7 (TinyVGG, com aumento) | 7.421 | 77,0 % | 71,4 % a 82,6 % |
#
# Só a diferença entre `model_5`, a rede escolhida, e `model_3` exclui o zero. No teste, `model_5` acerta 78,3 % (70,1 % a 84,8 %), e as cores, também 78,3 %: a diferença é de 0 ponto, com intervalo de −9 a +9. A transferência acerta 99,2 % (95,4 % a 99,9 %).

# %% [markdown] lang="en" of="bd575b7b"
# With 520 real photos from Food-101 (320 for training, 80 for validation, 120 for testing; 96 pixels, 15 epochs, 5 seeds) the same notebook gave this result (2026-11-22, 2 CPU cores, 15 minutes). With the 2,000 photos that `"full"` downloads the result will differ, and running it on a CPU will take about an hour.
#
# | Model | Parameters | Validation accuracy | 95% interval |
# |---|---|---|---|
# | colours | 65 | 75.8% | 66.8% to 84.7% |
# | model_1 (TinyVGG) | 7,421 | 73.5% | 68.5% to 78.5% |
# | model_2 (MLP 4-4) | 110,621 | 63.5% | 40.5% to 86.5% |
# | model_3 (MLP 100-100-100) | 2,785,201 | 74.5% | 66.7% to 82.3% |
# | model_4 (3 convolutions) | 83,101 | 72.0% | 60.3% to 83.7% |
# | model_5 (with pooling) | 3,101 | 78.5% | 69.9% to 87.1% |
# | model_6 (model_5, augmented) | 3,101 | 76.8% | 68.6% to 84.9% |
# | model_7 (TinyVGG, augmented) | 7,421 | 77.0% | 71.4% to 82.6% |
#
# Only the difference between `model_5`, the network chosen, and `model_3` excludes zero. On the test `model_5` is correct on 78.3% (70.1% to 84.8%), and so are the colours, on 78.3%: the difference is 0 points, with an interval from −9 to +9. Transfer is correct on 99.2% (95.4% to 99.9%).

# %% [markdown] lang="pt"
# ## Resumo
#
# - Uma convolução desliza filtros pequenos pela imagem e olha todos os canais de uma vez; seus parâmetros não dependem do tamanho da foto. A última camada `Dense`, sim.
# - O *pooling* reduz os mapas e, com eles, a última camada.
# - Sobreajuste é quando o treino melhora e a validação não. O *pooling* e o aumento de dados o adiam.
# - Aumente só as fotos de treino, e olhe o resultado antes.
# - Um treino é um sorteio. Repita com outras sementes, compare nas mesmas divisões, informe o intervalo.
# - Uma linha de base simples diz se a rede vale o trabalho; a transferência diz quanto ainda falta.

# %% [markdown] lang="en" of="bf0ab0ea"
# ## Summary
#
# - A convolution slides small filters over the image and looks at all channels at once; its parameters do not depend on the size of the photo. Those of the last `Dense` layer do.
# - Pooling reduces the maps and, with them, the last layer.
# - Overfitting is when training improves and validation does not. Pooling and augmentation put it off.
# - Augment only the training photos, and look at the result first.
# - One run is a roll of the dice. Repeat with other seeds, compare on the same splits, report the interval.
# - A simple baseline tells whether the network is worth the work; transfer tells how much is still missing.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige fotos. Precisam apenas das células de preparação, no começo do caderno.

# %% [markdown] lang="en" of="51b4e8ec"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs photos. They only need the set-up cells at the start of the notebook.

# %% [markdown] lang="pt"
# ### 1. Quantos parâmetros tem uma convolução? (fácil)
#
# Uma `Conv2D` tem `filters` filtros, com núcleo (*kernel*) quadrado de lado `kernel_size`, e recebe imagens ou mapas de `channels` canais. Quantos parâmetros ela tem, com os vieses (*bias*)? Por exemplo, 10 filtros 3 × 3 sobre fotos de 3 canais têm 280: `conv_parameters(3, 3, 10)` deve devolver 280.

# %% [markdown] lang="en" of="a820946b"
# ### 1. How many parameters does a convolution have? (easy)
#
# A `Conv2D` has `filters` filters with a square kernel of side `kernel_size`, and receives images or maps of `channels` channels. How many parameters does it have, biases included? For example, 10 filters of 3 × 3 on photos of 3 channels have 280: `conv_parameters(3, 3, 10)` should return 280.


# %% tags=["stub"]
def conv_parameters(kernel_size, channels, filters):
    return ...


# %% tags=["solution"]
def conv_parameters(kernel_size, channels, filters):
    return (kernel_size**2 * channels + 1) * filters


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-conv-parameters", conv_parameters)

# %% [markdown] lang="pt"
# ### 2. O lado do mapa (médio)
#
# Uma janela de lado `kernel_size` anda de `stride` em `stride` pixels (o passo) por uma imagem de lado `size`. Quantas posições ela ocupa em cada direção? Esse é o lado do mapa que sai.
#
# - Com `padding="valid"`, a janela nunca sai da imagem: com lado 224, núcleo 3 e passo 1, há 222 posições.
# - Com `padding="same"`, a imagem ganha uma borda de zeros, as janelas começam de `stride` em `stride` pixels, e há uma para cada múltiplo de `stride` menor que `size` (0, `stride`, `2 * stride`, …).

# %% [markdown] lang="en" of="bae2e212"
# ### 2. The side of the map (medium)
#
# A window of side `kernel_size` moves by `stride` pixels at a time over an image of side `size`. How many positions does it take in each direction? That is the side of the map that comes out.
#
# - With `padding="valid"` the window never leaves the image: with side 224, kernel 3 and stride 1 there are 222 positions.
# - With `padding="same"` the image gets a border of zeros, and there is one window for each multiple of `stride` below `size` (0, `stride`, `2 * stride`, …).


# %% tags=["stub"]
def output_size(size, kernel_size, stride, padding):
    return ...


# %% tags=["solution"]
def output_size(size, kernel_size, stride, padding):
    if padding == "same":
        return int(np.ceil(size / stride))
    return (size - kernel_size) // stride + 1


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-output-size", output_size)

# %% [markdown] lang="pt"
# ### 3. A convolução à mão (médio)
#
# Escreva o que uma `Conv2D` calcula com um filtro e um canal, passo 1, `padding="valid"`, sem viés e sem ativação. Em cada posição em que o núcleo cabe inteiro na imagem, multiplique os pixels por ele, elemento a elemento, e some tudo. `image` e `kernel` são arrays (altura, largura), nem sempre quadrados. O resultado também é um array de duas dimensões. Por exemplo, a imagem `[[1, 2, 3, 5]]` e o núcleo `[[1, 0, -1]]` dão `[[-2, -3]]`.

# %% [markdown] lang="en" of="8a652c2b"
# ### 3. Convolution by hand (medium)
#
# Write what a `Conv2D` computes with one filter and one channel, stride 1, `padding="valid"`, no bias and no activation. At each position where the whole kernel fits into the image, multiply the pixels by it, element by element, and add everything up. `image` and `kernel` are arrays (height, width), not always square. The result is an array of two dimensions too. For example, the image `[[1, 2, 3, 5]]` and the kernel `[[1, 0, -1]]` give `[[-2, -3]]`.


# %% tags=["stub"]
def convolve(image, kernel):
    return ...


# %% tags=["solution"]
def convolve(image, kernel):
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for row, column in np.ndindex(result.shape):
        window = image[row : row + rows, column : column + columns]
        result[row, column] = (window * kernel).sum()
    return result


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-convolution", convolve)

# %% [markdown] lang="pt"
# ### 4. Max pooling à mão (médio)
#
# `maps` são os mapas que saem de uma convolução, um array (altura, largura, canais). Divida cada mapa em janelas de 2 × 2 pixels que não se sobrepõem e guarde o maior valor de cada uma, como faz `MaxPooling2D(2)`. Se a altura ou a largura for ímpar, a última linha ou a última coluna fica de fora. A forma do resultado é (altura // 2, largura // 2, canais).

# %% [markdown] lang="en" of="3c681831"
# ### 4. Max pooling by hand (medium)
#
# `maps` are the maps that come out of a convolution, an array (height, width, channels). Divide each map into windows of 2 × 2 pixels that do not overlap and keep the largest value of each, as `MaxPooling2D(2)` does. If the height or the width is odd, the last row or the last column is left out. The shape of the result is (height // 2, width // 2, channels).


# %% tags=["stub"]
def max_pool(maps):
    return ...


# %% tags=["solution"]
def max_pool(maps):
    rows, columns = maps.shape[0] // 2, maps.shape[1] // 2
    even = maps[: 2 * rows, : 2 * columns]
    return even.reshape(rows, 2, columns, 2, -1).max(axis=(1, 3))


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-max-pool", max_pool)

# %% [markdown] lang="pt"
# ### 5. Ache o erro: o espelho que vira a foto (fácil)
#
# Esta função deveria espelhar cada foto de um lote, trocando a esquerda e a direita, mas a deixa de cabeça para baixo. O lote do exemplo tem uma foto de 2 × 3 pixels e um só canal.

# %% [markdown] lang="en" of="8f86260f"
# ### 5. Find the error: the mirror that turns the photo over (easy)
#
# This function should mirror each photo of a batch, exchanging left and right, but it turns the photo upside down. The batch of the example has one photo of 2 × 3 pixels and a single channel.


# %%
def broken_mirror(images):
    return images[:, ::-1]


tiny_batch = np.arange(6).reshape(1, 2, 3, 1)
tiny_batch[0, :, :, 0], broken_mirror(tiny_batch)[0, :, :, 0]

# %% [markdown] lang="pt"
# Escreva a versão certa. `images` é um array (lote, altura, largura, 3), e o resultado tem a mesma forma. A ordem das fotos e as cores não mudam.

# %% [markdown] lang="en" of="994d77e6"
# Write the correct version. `images` is an array (batch, height, width, 3), and the result has the same shape. The order of the photos and the colours do not change.


# %% tags=["stub"]
def mirror(images):
    return ...


# %% tags=["solution"]
def mirror(images):
    return images[:, :, ::-1]


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-flip", mirror)

# %% [markdown] lang="pt"
# ### 6. Ache o erro: a época errada (fácil)
#
# `loss` e `val_loss` são as perdas de treino e de validação, uma por época, e as épocas contam a partir de 1. Esta função deveria dizer de qual época guardar os pesos, para usá-los em fotos novas. Só que ela escolhe quase sempre uma das últimas, mesmo quando a rede começou a decorar bem antes.

# %% [markdown] lang="en" of="b66eced3"
# ### 6. Find the error: the wrong epoch (easy)
#
# `loss` and `val_loss` are the training and validation losses, one per epoch, and epochs are counted from 1. This function should tell which epoch's weights to keep, for use on new photos. But it almost always chooses one of the last, even when the network began to memorize long before.


# %%
def broken_best_epoch(loss, val_loss):
    return 1 + int(np.argmin(loss))


broken_best_epoch([0.68, 0.52, 0.36, 0.21, 0.12], [0.66, 0.58, 0.55, 0.71, 0.93])

# %% [markdown] lang="pt"
# Escreva a versão certa. As duas listas têm o mesmo comprimento, e o resultado é o número de uma época.

# %% [markdown] lang="en" of="6457806a"
# Write the correct version. Both lists are of the same length, and the result is the number of an epoch.


# %% tags=["stub"]
def best_epoch(loss, val_loss):
    return ...


# %% tags=["solution"]
def best_epoch(loss, val_loss):
    return 1 + int(np.argmin(val_loss))


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-stop", best_epoch)

# %% [markdown] lang="pt"
# ### 7. Dois modelos, semente por semente (difícil)
#
# Dois modelos foram treinados com as mesmas n sementes, nas mesmas divisões. `first` e `second` são arrays com as acurácias de cada um, semente por semente. Em cada semente, calcule a diferença, a do primeiro menos a do segundo, e devolva o começo e o fim do intervalo de 95 % para a média das diferenças, sem a correção do capítulo. Ele se estende igualmente para os dois lados da média: o desvio padrão da amostra (aqui, o das diferenças), dividido por √n, vezes o quantil da distribuição t de Student com n − 1 graus de liberdade. `t.ppf(q, degrees)` dá o valor abaixo do qual está a fração `q` da distribuição; qual `q` deixa 95 % no meio? Por exemplo, se as acurácias são 0,80; 0,74; 0,83 contra 0,78; 0,71; 0,82, as diferenças são 0,02; 0,03; 0,01, e o intervalo vai de cerca de −0,005 a 0,045.

# %% [markdown] lang="en" of="59bfb3f7"
# ### 7. Two models, seed by seed (hard)
#
# Two models were trained with the same n seeds, on the same splits. `first` and `second` are arrays with the accuracies of each, seed by seed. For each seed compute the difference, that of the first minus that of the second, and return the beginning and the end of the 95% interval for the mean of the differences, without the chapter's correction. It reaches equally far on both sides of the mean: the standard deviation of the sample (here, of the differences), divided by √n, times the quantile of Student's t distribution with n − 1 degrees of freedom. `t.ppf(q, degrees)` gives the value below which the fraction `q` of the distribution lies; which `q` leaves 95% in the middle? For example, if the accuracies are 0.80, 0.74 and 0.83 against 0.78, 0.71 and 0.82, the differences are 0.02, 0.03 and 0.01, and the interval goes from about −0.005 to 0.045.


# %% tags=["stub"]
def paired_interval(first, second):
    return ...


# %% tags=["solution"]
def paired_interval(first, second):
    gaps = first - second
    n = len(gaps)
    half_width = t.ppf(0.975, n - 1) * np.std(gaps, ddof=1) / np.sqrt(n)
    return np.mean(gaps) - half_width, np.mean(gaps) + half_width


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("02-paired", paired_interval)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta. Fique na validação, para não gastar o teste.
#
# 1. Em `three_convolutions`, troque `layers.Flatten()` por `layers.GlobalAveragePooling2D()`. Quantos parâmetros sobram em `model_4`? Ela ainda decora o treino?
# 2. Treine `model_7` com o dobro e com o quádruplo das épocas: `train("model_7", epochs=4 * EPOCHS)`. Ela alcança `model_1`? E `model_1` com as mesmas épocas? (O resultado toma o lugar da semente 13 nas tabelas, se você as rodar de novo.)
# 3. Embaralhe os pixels: crie `order = np.random.default_rng(13).permutation(IMAGE_SIZE**2)` e aplique a mesma ordem a todas as fotos (`images.reshape(-1, IMAGE_SIZE**2, 3)[:, order]`). Qual das redes não percebe a diferença, a MLP ou a convolucional? Por quê?

# %% [markdown] lang="en" of="6bdc8456"
# ### To explore
#
# There is no ready answer here. Stay on validation, so as not to use up the test.
#
# 1. In `three_convolutions` change `layers.Flatten()` to `layers.GlobalAveragePooling2D()`. How many parameters are left in `model_4`? Does it still memorize the training photos?
# 2. Train `model_7` for two and for four times the epochs: `train("model_7", epochs=4 * EPOCHS)`. Does it reach `model_1`? And `model_1` with the same epochs? (The result takes the place of seed 13 in the tables, if you run them again.)
# 3. Shuffle the pixels: make `order = np.random.default_rng(13).permutation(IMAGE_SIZE**2)` and apply the same order to all photos (`images.reshape(-1, IMAGE_SIZE**2, 3)[:, order]`). Which network does not notice the difference, the MLP or the convolutional one? Why?

# %% [markdown] lang="pt"
# ## Para ir além
#
# - [CNN Explainer](https://poloclub.github.io/cnn-explainer/): a TinyVGG por dentro, interativa, no navegador.
# - Simonyan e Zisserman (2015), [Very Deep Convolutional Networks](https://arxiv.org/abs/1409.1556): a VGG, de onde vem a TinyVGG.
# - Bossard, Guillaumin e Van Gool (2014), [Food-101](https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/): a origem das fotos, e dos 50,76 %.
# - Shorten e Khoshgoftaar (2019), [A survey on Image Data Augmentation](https://doi.org/10.1186/s40537-019-0197-0).
# - Bouthillier et al. (2021), [Accounting for Variance in Machine Learning Benchmarks](https://arxiv.org/abs/2103.03098): por que uma semente é pouco.
# - Nadeau e Bengio (2003), [Inference for the Generalization Error](https://doi.org/10.1023/A:1024068626366): o intervalo quando os treinos têm fotos em comum.
# - Guia do Keras: [Image classification from scratch](https://keras.io/examples/vision/image_classification_from_scratch/).

# %% [markdown] lang="en" of="c4c80fc3"
# ## Further reading
#
# - [CNN Explainer](https://poloclub.github.io/cnn-explainer/): TinyVGG from the inside, interactive, in the browser.
# - Simonyan and Zisserman (2015), [Very Deep Convolutional Networks](https://arxiv.org/abs/1409.1556): VGG, where TinyVGG comes from.
# - Bossard, Guillaumin and Van Gool (2014), [Food-101](https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/): where the photos come from, and the 50.76%.
# - Shorten and Khoshgoftaar (2019), [A survey on Image Data Augmentation](https://doi.org/10.1186/s40537-019-0197-0).
# - Bouthillier et al. (2021), [Accounting for Variance in Machine Learning Benchmarks](https://arxiv.org/abs/2103.03098): why one seed is too few.
# - Nadeau and Bengio (2003), [Inference for the Generalization Error](https://doi.org/10.1023/A:1024068626366): the interval when runs share photos.
# - Keras guide: [Image classification from scratch](https://keras.io/examples/vision/image_classification_from_scratch/).
