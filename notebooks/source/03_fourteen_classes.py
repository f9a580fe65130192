# %% [markdown] lang="pt"
# # 03 · Lotes do disco: um gerador para 14 classes de fotos grandes
#
# {{badges}}
#
# Nos capítulos anteriores, as fotos reduzidas cabiam na memória. Fotos grandes não cabem: 1.400 delas, de 768 × 1.024 pixels, pedem dezenas de gigabytes. A saída é ler do disco só o lote da vez. Neste capítulo, você constrói a classe que faz isso, linha por linha, descobre onde ela costuma falhar e a usa para treinar duas redes.
#
# **Você vai aprender a**
# - medir quanta memória um programa ocupa, em vez de adivinhar;
# - calcular os índices de cada lote, sem perder o último, que sai incompleto;
# - escrever um gerador de lotes (`keras.utils.PyDataset`) que embaralha a cada época e pode ser repetido;
# - escolher o tipo dos números (`uint8`, `float32`, `float64`) pelo que ele custa;
# - medir quanto se ganha com leitores paralelos (*workers*) e com `tf.data` nesta máquina;
# - dividir as fotos sem deixar a mesma cena no treino e no teste;
# - explicar o que fazem `DepthwiseConv2D`, a convolução 1 × 1 e o *global average pooling*, e quantos parâmetros cada um custa;
# - ler uma matriz de confusão de 14 classes e a revocação (*recall*) de cada uma.
#
# **Tempo:** cerca de 90 minutos de leitura e execução e 60 minutos de exercícios; só a execução, com a amostra, leva cerca de 2 minutos em 2 núcleos de CPU. **Pré-requisitos:** classes em Python (`__init__`, `self`, herança, `**kwargs`), o capítulo 01 (as três partes, `create_data_batches`) e, do 02, convoluções e sobreajuste.

# %% [markdown] lang="en" of="c53f29aa"
# # 03 · Batches from disk: a generator for 14 classes of large photos
#
# {{badges}}
#
# In the earlier chapters the reduced photos fitted in memory. Large photos do not: 1,400 of them, of 768 × 1,024 pixels, ask for tens of gigabytes. The way out is to read from disk only the batch needed next. In this chapter you build the class that does so, line by line, find out where it usually fails, and train two networks with it.
#
# **You will learn to**
# - measure how much memory a program takes, instead of guessing;
# - compute the indices of each batch without losing the last one, which is not full;
# - write a generator of batches (`keras.utils.PyDataset`) that shuffles in every epoch and can be repeated;
# - choose the type of the numbers (`uint8`, `float32`, `float64`) by what it costs;
# - measure what parallel readers (workers) and `tf.data` gain on this machine;
# - split the photos without leaving the same scene in training and in test;
# - explain what `DepthwiseConv2D`, the 1 × 1 convolution and global average pooling do, and how many parameters each costs;
# - read a confusion matrix of 14 classes and the recall of each class.
#
# **Time:** about 90 minutes to read and run, and 60 minutes of exercises; running alone, on the sample, takes about 2 minutes on 2 CPU cores. **Prerequisites:** classes in Python (`__init__`, `self`, inheritance, `**kwargs`), chapter 01 (the three parts, `create_data_batches`) and, from 02, convolutions and overfitting.

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
# Com `"sample"`, você usa os desenhos que acompanham o curso: 14 tipos de peças e ferramentas sobre bancadas. Com `"full"`, usa fotos suas, de quaisquer classes: uma pasta por classe, dentro de `fourteen_classes`; o [README]({{repository}}#usar-fotos-reais) diz onde. `PHOTO_SIZE` é (altura, largura) das fotos grandes; as redes treinam com fotos reduzidas a `TRAIN_SIZE`.

# %% [markdown] lang="en" of="f6001ac5"
# With `"sample"` you use the drawings that come with the course: 14 kinds of parts and tools on workbenches. With `"full"` you use photos of your own, of any classes: one folder per class, inside `fourteen_classes`; the [README]({{repository}}/blob/main/README.en.md#use-real-photos) says where. `PHOTO_SIZE` is (height, width) of the large photos; the networks train on photos reduced to `TRAIN_SIZE`.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
PHOTO_SIZE = (768, 1024)
BATCH_SIZE = 5
TRAIN_SIZE = (96, 128)
TRAIN_BATCH_SIZE = 16 if FULL else 8
EPOCHS = 40 if FULL else 16
LEARNING_RATE = 0.003
FEATURE_SIZE = 224 if FULL else 160

# %%
import json
import math
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import PurePosixPath, PureWindowsPath

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import psutil
import tensorflow as tf
from keras import layers
from PIL import Image, ImageOps
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix, recall_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

chapter_start = time.perf_counter()
tf.get_logger().setLevel("ERROR")

# %%
from helpers import ImageSequence, check_answer, check_images, create_data_batches, dataset_dir
from helpers import efficientnet_lite0, extract_features, plot_loss_curves, show_images
from helpers import show_predictions

# %% [markdown] lang="pt"
# ## As fotos
#
# A pasta de cada foto é a sua classe. Aqui as pastas se chamam `0`, `1`, … `13`, e uma tabela, `classes.csv`, diz o nome de cada uma. O código não depende disso: sem a tabela, vale o nome da pasta; e o número de classes é o de pastas, quaisquer que sejam os nomes. Aqui, eles estão em inglês:
#
# | | | | |
# |---|---|---|---|
# | *allen key*: chave Allen | *ball bearing*: rolamento | *bolt*: parafuso | *gear*: engrenagem |
# | *hinge*: dobradiça | *key*: chave | *nut*: porca | *padlock*: cadeado |
# | *screw hook*: gancho com rosca | *screwdriver*: chave de fenda | *spanner*: chave de boca | *spring*: mola |
# | *washer*: arruela | *wing nut*: porca-borboleta | | |

# %% [markdown] lang="en" of="24fed403"
# ## The photos
#
# The folder of each photo is its class. Here the folders are called `0`, `1`, … `13`, and a table, `classes.csv`, tells the name of each. The code does not depend on that: without the table the folder's name is taken; and there are as many classes as folders, whatever they are called.

# %% tags=["nbval-check-output"]
folder = dataset_dir("fourteen_classes", SUBSET)
names = {}
if (folder / "classes.csv").exists():
    table = pd.read_csv(folder / "classes.csv", dtype=str, keep_default_na=False)
    names = dict(zip(table["folder"], table["name"]))
files = pd.DataFrame({"path": sorted(path for path in folder.glob("*/*") if path.is_file())})
files["name"] = [names.get(path.parent.name, path.parent.name) for path in files["path"]]
files["name"].value_counts(sort=False).to_dict()

# %% [markdown] lang="pt"
# `check_images` decodifica todos os arquivos, como no capítulo 01. Os ilegíveis ficam de fora, com o nome na tabela.

# %% [markdown] lang="en" of="8413284c"
# `check_images` decodes all files, as in chapter 01. Unreadable ones are left out, with their names in the table.

# %%
report = check_images(files["path"])
report["path"] = [str(Path(path).relative_to(folder)) for path in report["path"]]
files = files[~report["problem"].str.startswith("unreadable").to_numpy()].reset_index(drop=True)
report.loc[report["problem"] != "", ["path", "problem"]]

# %% tags=["nbval-check-output"]
report.groupby(["height", "width"]).size().rename("photos").reset_index().head(10)

# %% [markdown] lang="pt"
# Uma rede responde com números, então cada nome vira um número. `np.unique` põe os nomes em ordem alfabética e devolve o número de cada foto. (Não use o nome da pasta como número: `int("parafusos")` não existe, e, em ordem alfabética, a pasta `10` vem antes da `2`.)

# %% [markdown] lang="en" of="b9c88265"
# A network answers with numbers, so each name becomes a number. `np.unique` puts the names in alphabetical order and returns the number of each photo. (Do not use the folder's name as the number: there is no `int("screws")`, and in alphabetical order folder `10` comes before `2`.)

# %% tags=["nbval-check-output"]
class_names, labels = np.unique(files["name"], return_inverse=True)
paths, num_classes = files["path"].to_numpy(), len(class_names)
len(paths), num_classes, class_names.tolist()


# %% alt_pt="Uma foto de cada classe, em fileiras de cinco, com o nome em cima: na amostra, peças e ferramentas pequenas sobre bancadas de madeira, metal, borracha e papel, em tamanhos, posições e luzes variados." alt_en="One photo of each class, in rows of five, with its name above: in the sample, small parts and tools on benches of wood, metal, rubber and paper, in varied sizes, positions and light."
def read_photo(path, size=PHOTO_SIZE):
    photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    return np.asarray(photo.resize(size[::-1], Image.Resampling.BILINEAR))


first_ones = [np.flatnonzero(labels == number)[0] for number in range(num_classes)]
show_images([read_photo(paths[row], TRAIN_SIZE) for row in first_ones], class_names)
plt.show()

# %% [markdown] lang="pt"
# ## Por que não ler tudo de uma vez
#
# Uma foto de 768 × 1.024 pixels tem 768 × 1.024 × 3 números. Em `float32`, cada um ocupa 4 bytes:

# %% [markdown] lang="en" of="8d5649ed"
# ## Why not read everything at once
#
# A photo of 768 × 1,024 pixels has 768 × 1,024 × 3 numbers. In `float32` each takes 4 bytes:

# %% tags=["nbval-check-output"]
photo_mb = math.prod(PHOTO_SIZE) * 3 * 4 / 1e6
round(photo_mb, 1), round(1400 * photo_mb / 1000, 1)

# %% [markdown] lang="pt"
# São 9,4 MB por foto e 13,2 GB para 1.400. Essa é a conta no papel. Quanto o programa ocupa de verdade? Para medir sem misturar com a memória deste caderno, escrevemos um programa pequeno, que roda em um processo à parte, de duas maneiras: `all` lê todas as fotos em um só array; `batches` lê um lote de cinco de cada vez e esquece os anteriores.

# %% [markdown] lang="en" of="bbe97fa6"
# That is 9.4 MB a photo and 13.2 GB for 1,400. So much for the sum on paper. How much does the program really take? To measure it apart from the memory of this notebook, we write a small program that runs in a process of its own, in two ways: `all` reads all photos into one array; `batches` reads a batch of five at a time and forgets those before.

# %%
program = """
import sys
import numpy as np
from PIL import Image

way, count, height, width, *paths = sys.argv[1:]
size = int(width), int(height)
step = len(paths) if way == "all" else int(count)
for start in range(0, len(paths), step):
    some = paths[start : start + step]
    photos = [Image.open(path).convert("RGB").resize(size) for path in some]
    batch = np.array([np.float32(photo) / 255 for photo in photos])
"""


# %% [markdown] lang="pt"
# Enquanto o programa roda, conferimos a cada milissegundo quanta memória o processo ocupa (`rss`, de *resident set size*) e guardamos o máximo, em megabytes. (Se ele tem um filho, é o filho que medimos: no Windows, o Python de um ambiente virtual roda assim. Somar os dois contaria duas vezes a memória que eles dividem.)

# %% [markdown] lang="en" of="5d5b47ab"
# While the program runs, we check every millisecond how much memory the process takes (`rss`, resident set size) and keep the largest, in megabytes. (If it has a child, we measure the child: on Windows, the Python of a virtual environment runs like that. To add the two would count twice the memory that they share.)


# %%
def peak_mb(code, *arguments):
    command, peak = [sys.executable, "-c", code, *map(str, arguments)], 0
    child = psutil.Popen(command, stderr=subprocess.PIPE, text=True)
    while child.poll() is None:
        with suppress(psutil.Error):
            family = child.children(recursive=True) or [child]
            peak = max(peak, sum(process.memory_info().rss for process in family))
        time.sleep(0.001)
    if child.returncode != 0:
        raise RuntimeError(f"exit status {child.returncode}: {child.stderr.read()[-500:]}")
    return peak / 1e6


# %%
counts = [len(paths[:count]) for count in (10, 20, 40)]
peaks = pd.DataFrame(
    {
        way: [peak_mb(program, way, BATCH_SIZE, *PHOTO_SIZE, *paths[:count]) for count in counts]
        for way in ("all", "batches")
    },
    index=pd.Index(counts, name="photos"),
)
peaks.round()

# %% alt_pt="Duas linhas sobre o número de fotos, de 10 a 40: a memória de quem lê tudo sobe em linha reta; a de quem lê lotes de cinco fica estável, embaixo." alt_en="Two lines over the number of photos, from 10 to 40: the memory of reading everything rises in a straight line; that of reading batches of five stays flat below."
ax = peaks.plot(style=["o-", "s--"], color=["#d55e00", "#0072b2"], ylim=(0, None), figsize=(6, 3.5))
ax.set(xlabel="photos", ylabel="peak memory (MB)", xticks=counts)
plt.show()

# %% [markdown] lang="pt"
# Lendo tudo, a memória cresce com o número de fotos, e mais depressa que na conta: enquanto `np.array` junta as fotos da lista em um array, elas existem duas vezes em `float32`, e uma terceira como imagens do Pillow (cerca de 3 MB cada). Em lotes, ela quase não cresce. Se a reta continuar, quanto pediriam 1.400 fotos?

# %% [markdown] lang="en" of="506b0663"
# Reading everything, memory grows with the number of photos, and faster than in the sum: while `np.array` joins the photos of the list into one array, they exist twice as `float32`, and a third time as Pillow images (about 3 MB each). In batches it hardly grows. If the line goes on, how much would 1,400 photos ask for?

# %%
slope, start = np.polyfit(counts, peaks["all"], 1)
expected = {"MB a photo": slope, "GB for 1,400 photos": (start + slope * 1400) / 1000}
this_machine = psutil.virtual_memory().total / 1e9
pd.Series(expected | {"GB in this machine": this_machine}).round(1)

# %% [markdown] lang="pt"
# Mais que o dobro da conta no papel. Cabe na sua máquina? E ainda falta a memória da rede.

# %% [markdown] lang="en" of="da25a163"
# More than twice the sum on paper. Does it fit in your machine? And the network's memory is still to come.

# %% [markdown] lang="pt"
# ## A conta dos índices
#
# Um **gerador de lotes** responde a duas perguntas: quantos lotes há em uma época e quais fotos estão no lote de número `index`. (Não é um gerador do Python, com `yield`: os lotes têm número, e qualquer um pode ser pedido a qualquer momento.) Com 12 fotos e lotes de 5, há três lotes, o último com só duas:
#
# ![Doze quadrados numerados de 0 a 11, em uma fileira embaralhada, agrupados em três lotes: os lotes 0 e 1, com cinco fotos cada, e o lote 2, com as duas que sobraram.](images/03_batches.svg)
#
# O lote `index` começa na foto `index * batch_size`. Onde termina? Uma fatia (*slice*) do Python para sozinha no fim da lista, então não é preciso calcular:

# %% [markdown] lang="en" of="36127430"
# ## The arithmetic of the indices
#
# A **generator of batches** answers two questions: how many batches there are in an epoch, and which photos are in batch number `index`. (It is not a Python generator, with `yield`: the batches are numbered, and any of them can be asked for at any time.) With 12 photos and batches of 5 there are three batches, the last with only two:
#
# ![Twelve squares numbered from 0 to 11, in a shuffled row, grouped into three batches: batches 0 and 1 with five photos each, and batch 2 with the two that are left.](images/03_batches.svg)
#
# Batch `index` begins at photo `index * batch_size`. Where does it end? A slice in Python stops by itself at the end of the list, so there is no need to work it out:


# %% tags=["nbval-check-output"]
def batch_of(items, index, batch_size):
    return items[index * batch_size : (index + 1) * batch_size]


[batch_of(range(12), index, 5) for index in range(3)]

# %% [markdown] lang="pt"
# E quantos lotes são? Muitos textos escrevem `len(paths) // batch_size`. Com 12 fotos isso dá 2, e as duas últimas fotos não entram em época nenhuma. Arredonde para cima: `math.ceil`. Com 1.400 fotos e lotes de 5, as duas contas dão 280, e por isso o erro passa despercebido; com 1.404, não:

# %% [markdown] lang="en" of="261363c5"
# And how many batches are there? Many texts write `len(paths) // batch_size`. With 12 photos that gives 2, and the last two photos enter no epoch at all. Round up: `math.ceil`. With 1,400 photos and batches of 5 both sums give 280, and so the mistake goes unnoticed; with 1,404 they do not:

# %% tags=["nbval-check-output"]
pd.DataFrame(
    [(n, n // 5, math.ceil(n / 5), n - 5 * (n // 5)) for n in (12, 1400, 1404)],
    columns=["photos", "rounded down", "rounded up", "photos lost"],
)

# %% [markdown] lang="pt"
# ## A classe, linha por linha
#
# O Keras aceita como dados de treino qualquer objeto de uma subclasse de `keras.utils.PyDataset` (o antigo `Sequence`). Ela precisa de três métodos:
#
# | Método | Quando o Keras o chama | O que faz |
# |---|---|---|
# | `__init__` | você o chama, uma vez | guarda os caminhos e os rótulos; não lê nenhuma foto |
# | `__len__` | sempre que precisa saber quantos lotes há | diz quantos lotes há em uma época |
# | `__getitem__` | uma vez por lote (e duas antes de começar) | lê as fotos do lote `index` e devolve `(fotos, rótulos)` |
#
# `super().__init__(**kwargs)` não é enfeite: é ele que recebe `workers` e outras opções. Sem ele, o Keras avisa e ignora o que você pediu. Os rótulos saem em *one-hot*: uma linha da matriz identidade, com 1 na coluna da classe.

# %% [markdown] lang="en" of="abdb3ecf"
# ## The class, line by line
#
# Keras takes as training data any object of a subclass of `keras.utils.PyDataset` (formerly `Sequence`). It needs three methods:
#
# | Method | When Keras calls it | What it does |
# |---|---|---|
# | `__init__` | you call it, once | keeps the paths and the labels; reads no photo |
# | `__len__` | whenever it needs the number of batches | tells how many batches there are in an epoch |
# | `__getitem__` | once per batch (and twice before it begins) | reads the photos of batch `index` and returns `(photos, labels)` |
#
# `super().__init__(**kwargs)` is no decoration: it is what receives `workers` and other options. Without it Keras warns and ignores what you asked for. The labels come out one-hot: a row of the identity matrix, with 1 in the column of the class.


# %%
class PhotoBatches(keras.utils.PyDataset):
    def __init__(self, paths, labels, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.paths, self.labels, self.batch_size = paths, labels, batch_size

    def __len__(self):
        return math.ceil(len(self.paths) / self.batch_size)

    def order(self):
        return np.arange(len(self.paths))

    def __getitem__(self, index):
        rows = batch_of(self.order(), index, self.batch_size)
        images = np.array([read_photo(path) for path in self.paths[rows]])
        return images, np.eye(num_classes, dtype="float32")[self.labels[rows]]


# %% [markdown] lang="pt"
# O método `order`, que diz em que ordem as fotos vêm, é por enquanto 0, 1, 2, … Com as doze primeiras fotos:

# %% [markdown] lang="en" of="b498124c"
# The method `order`, which says in which order the photos come, is 0, 1, 2, … for now. With the first twelve photos:

# %% tags=["nbval-check-output"]
twelve = PhotoBatches(paths[:12], labels[:12], BATCH_SIZE)
images, targets = twelve[0]
len(twelve), images.shape, images.dtype.name, targets.shape

# %% [markdown] lang="pt"
# Antes de rodar: qual é a forma do último lote?

# %% [markdown] lang="en" of="339a6a43"
# Before you run it: what is the shape of the last batch?

# %% tags=["nbval-check-output"]
[twelve[index][0].shape for index in range(len(twelve))]

# %% tags=["nbval-check-output"]
targets.astype(int), class_names[targets.argmax(axis=1)].tolist()

# %% alt_pt="As cinco fotos do primeiro lote, todas da mesma classe, com o nome em cima." alt_en="The five photos of the first batch, all of the same class, with its name above."
show_images(images[:, ::4, ::4], class_names[targets.argmax(axis=1)])
plt.show()

# %% [markdown] lang="pt"
# Aí está um problema: as cinco são da mesma classe, porque os caminhos vêm em ordem. Uma rede que vê uma classe por vez esquece as anteriores e fica com a última. É preciso embaralhar.

# %% [markdown] lang="en" of="48127c41"
# There is a problem: all five are of the same class, because the paths come in order. A network that sees one class at a time forgets the earlier ones and keeps the last. The photos need shuffling.

# %% [markdown] lang="pt"
# ## Embaralhar a cada época, e poder repetir
#
# Embaralhar a lista uma vez, no começo, não resolve tudo: os mesmos cinco vizinhos ficariam juntos em todas as épocas. E, sem semente, ninguém repete o treino. Queremos uma ordem que
#
# - contenha cada foto exatamente uma vez;
# - mude de uma época para a outra;
# - seja a mesma sempre que a semente e a época forem as mesmas, não importa quem pergunte, nem quantas vezes.
#
# A terceira exigência é a mais sutil. Quem lê pode ser mais de um: mais adiante, vários processos vão chamar `__getitem__`, cada um com a sua cópia do objeto. Se `__getitem__` sorteasse a ordem, cada lote sairia de um sorteio diferente, e algumas fotos viriam duas vezes, outras nenhuma. Por isso a ordem é uma **função** de (semente, época), e o único estado é o número da época. Ao fim de cada época, o Keras chama `on_epoch_end`, que só precisa contar. (A ordem é recalculada a cada lote; para milhares de fotos, isso leva microssegundos.)

# %% [markdown] lang="en" of="178d3cd5"
# ## Shuffle in every epoch, and be able to repeat
#
# Shuffling the list once, at the start, does not solve it all: the same five neighbours would stay together in every epoch. And without a seed nobody can repeat the run. We want an order that
#
# - contains each photo exactly once;
# - changes from one epoch to the next;
# - is the same whenever seed and epoch are the same, whoever asks, and however many times.
#
# The third demand is the subtle one. More than one may read: further on several processes will call `__getitem__`, each with its own copy of the object. If `__getitem__` drew the order at random, each batch would come from a different draw, and some photos would come twice, others not at all. So the order is a **function** of (seed, epoch), and the only state is the number of the epoch. At the end of each epoch Keras calls `on_epoch_end`, which has nothing to do but count. (The order is computed anew for every batch; for thousands of photos that takes microseconds.)


# %%
class ShuffledBatches(PhotoBatches):
    def __init__(self, *args, seed=13, **kwargs):
        super().__init__(*args, **kwargs)
        self.seed, self.epoch = seed, 0

    def order(self):
        return np.random.default_rng((self.seed, self.epoch)).permutation(len(self.paths))

    def on_epoch_end(self):
        self.epoch += 1


# %% [markdown] lang="pt"
# As ordens das três primeiras épocas, com 12 fotos:

# %% [markdown] lang="en" of="a7a2271c"
# The orders of the first three epochs, with 12 photos:

# %% tags=["nbval-check-output"]
shuffled = ShuffledBatches(paths[:12], labels[:12], BATCH_SIZE)
orders = []
for _ in range(3):
    orders.append(shuffled.order().tolist())
    shuffled.on_epoch_end()
orders

# %% [markdown] lang="pt"
# Cada ordem contém os 12 números? E outro objeto, com a mesma semente, dá as mesmas?

# %% [markdown] lang="en" of="91e58c04"
# Does each order hold the 12 numbers? And does another object, with the same seed, give the same ones?

# %% tags=["nbval-check-output"]
again = ShuffledBatches(paths[:12], labels[:12], BATCH_SIZE)
[sorted(order) == list(range(12)) for order in orders], again.order().tolist() == orders[0]

# %% [markdown] lang="pt"
# ### O que o `fit` pede
#
# Quem chama `__getitem__` durante o treino? Vamos anotar: a classe abaixo guarda cada pedido, a época e o número do lote, e devolve fotos pretas de 4 × 4 pixels, para ser rápida.

# %% [markdown] lang="en" of="122ec985"
# ### What `fit` asks for
#
# Who calls `__getitem__` during training? Let us take notes: the class below keeps each request, the epoch and the number of the batch, and returns black photos of 4 × 4 pixels, to be fast.


# %%
class RequestLog(ShuffledBatches):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.requests = []

    def __getitem__(self, index):
        self.requests.append((self.epoch, index))
        count = len(batch_of(self.order(), index, self.batch_size))
        return np.zeros((count, 4, 4, 3), "float32"), np.zeros((count, 1), "float32")


# %%
def requests_of_fit(**settings):
    log = RequestLog(paths[:12], labels[:12], BATCH_SIZE)
    model = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(log, epochs=2, verbose=0, **settings)
    return log.requests


keras.utils.set_random_seed(13)
requests_of_fit()

# %% [markdown] lang="pt"
# Duas surpresas. Primeira: antes de treinar, o Keras lê dois lotes, para conhecer as formas, e encerra uma época; o treino começa na de número 1. Segunda: os lotes não vêm na ordem 0, 1, 2. O `fit` tem `shuffle=True` como padrão e embaralha **os lotes** por conta própria, com o sorteio global do Python, e não com a semente que você deu à classe: a ordem passa a depender de tudo o que já foi sorteado antes, e o lote incompleto cai no meio da época. Quem já embaralha as fotos desliga isso:

# %% [markdown] lang="en" of="d4bc1a71"
# Two surprises. First: before training Keras reads two batches, to learn the shapes, and ends an epoch; training begins with number 1. Second: the batches do not come in the order 0, 1, 2. `fit` has `shuffle=True` by default and shuffles **the batches** on its own account, with Python's global random numbers, not with the seed that you gave to the class: the order comes to depend on everything drawn before, and the incomplete batch falls in the middle of the epoch. If you already shuffle the photos, switch that off:

# %% tags=["nbval-check-output"]
requests_of_fit(shuffle=False)

# %% [markdown] lang="pt"
# ## O mesmo, já pronto
#
# `ImageSequence`, do pacote `helpers`, é esta mesma classe, mais o que falta para o uso diário:
#
# - **recusa no começo o que daria errado no meio**: um arquivo ausente ou danificado, fotos de tamanhos diferentes (quando não há `image_size`), um rótulo fora do intervalo; os arquivos, pelo nome;
# - com `image_size`, decodifica o JPEG já reduzido a 1/2, 1/4 ou 1/8, como `create_data_batches`;
# - deixa escolher o tipo dos números com `dtype`;
# - `num_classes` diz quantas colunas os rótulos têm, para o caso de a validação não ter todas as classes.
#
# Com fotos que já têm o tamanho pedido, como as da amostra, sai o mesmo lote, número por número (as de outro tamanho são reduzidas por outro caminho):

# %% [markdown] lang="en" of="9c9204ee"
# ## The same, ready-made
#
# `ImageSequence`, from the `helpers` package, is this very class, plus what daily use still lacks:
#
# - **it refuses at the start what would go wrong in the middle**: a missing or damaged file, photos of different sizes (where there is no `image_size`), a label out of range; files are named;
# - with `image_size` it decodes the JPEG already reduced to 1/2, 1/4 or 1/8, as `create_data_batches` does;
# - it lets you choose the type of the numbers with `dtype`;
# - `num_classes` says how many columns the labels have, in case validation does not hold all classes.
#
# From photos that already have the size asked for, like the sample's, the same batch comes out, number by number (those of another size are reduced in another way):

# %%
options = {"batch_size": BATCH_SIZE, "image_size": PHOTO_SIZE, "num_classes": num_classes}
ready = ImageSequence(paths[:12], labels[:12], shuffle=True, seed=13, **options)
by_hand = ShuffledBatches(paths[:12], labels[:12], BATCH_SIZE, seed=13)

# %% tags=["nbval-check-output"]
same_order = ready.order().tolist() == by_hand.order().tolist()
same_photos = all(
    np.array_equal(a, b) for index in range(3) for a, b in zip(ready[index], by_hand[index])
)
len(ready), ready[0][0].shape, same_order, same_photos

# %% [markdown] lang="pt"
# E se um arquivo estiver cortado pela metade, como os que sobram de um download interrompido? A classe feita à mão só descobre no meio do treino. `ImageSequence` decodifica cada arquivo uma vez, no começo (o JPEG a 1/8 do tamanho, o que é rápido), e diz qual é:

# %% [markdown] lang="en" of="eb45f94b"
# And if a file is cut in half, like those that an interrupted download leaves? The handmade class finds out in the middle of the training. `ImageSequence` decodes each file once, at the start (a JPEG at 1/8 of its size, which is fast), and says which one it is:

# %%
cut = Path("runs/03/cut.jpg")
cut.parent.mkdir(parents=True, exist_ok=True)
data = Path(paths[1]).read_bytes()
cut.write_bytes(data[: len(data) // 2])
try:
    ImageSequence([paths[0], cut], labels[:2], **options)
except ValueError as error:
    message = str(error).replace(os.path.abspath(cut.parent), "…")
message

# %% [markdown] lang="pt"
# ### Quanta memória ocupa
#
# Medimos outra vez em um processo à parte. Este precisa carregar o TensorFlow, que sozinho ocupa centenas de megabytes; por isso a primeira coluna mede o programa sem nenhum lote, e a última, quanto os lotes acrescentam.

# %% [markdown] lang="en" of="c86e166d"
# ### How much memory it takes
#
# We measure again in a process of its own. This one has to load TensorFlow, which takes hundreds of megabytes by itself; so the first column measures the program without any batch, and the last one how much the batches add.

# %%
sequence_program = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from helpers import ImageSequence

reads, count, *size = map(int, sys.argv[1:5])
paths = sys.argv[5:]
options = {"batch_size": count, "image_size": size, "dtype": "float32"}
data = ImageSequence(paths, [0] * len(paths), **options)
for index in range(len(data) * reads):
    batch = data[index]
"""


# %%
def sequence_mb(reads, count):
    return peak_mb(sequence_program, reads, BATCH_SIZE, *PHOTO_SIZE, *paths[:count])


with ThreadPoolExecutor(2) as pool:
    without, *peaks_mb = pool.map(sequence_mb, [0, 1, 1, 1], [40, *counts])
sequence_peaks = pd.DataFrame(
    {"program": without, "with batches": peaks_mb}, index=pd.Index(counts, name="photos")
)
sequence_peaks["batches add"] = sequence_peaks["with batches"] - without
sequence_peaks.round()

# %% [markdown] lang="pt"
# Os lotes acrescentam quase o mesmo para 10, 20 ou 40 fotos: cerca de dois lotes de 47 MB, porque o anterior ainda existe enquanto o novo é montado. Com 1.400 fotos não seria diferente.

# %% [markdown] lang="en" of="7cfda3db"
# The batches add nearly the same for 10, 20 or 40 photos: about two batches of 47 MB, because the one before still exists while the new one is being built. With 1,400 photos it would be no different.

# %% [markdown] lang="pt"
# ## `uint8`, `float32` ou `float64`?
#
# Um pixel do JPEG é um inteiro de 0 a 255: cabe em um byte (`uint8`). Dividido por 255, vira um número de 0 a 1, que em `float32` ocupa 4 bytes e em `float64`, 8. Em Python, `photo / 255` dá `float64`, e quase ninguém percebe. Quanto custa cada tipo, por lote de 5 fotos? O tempo é a mediana de cinco medidas, em relação ao `uint8`.

# %% [markdown] lang="en" of="940eec2d"
# ## `uint8`, `float32` or `float64`?
#
# A pixel of a JPEG is an integer from 0 to 255: it fits in one byte (`uint8`). Divided by 255 it becomes a number from 0 to 1, which takes 4 bytes in `float32` and 8 in `float64`. In Python `photo / 255` gives `float64`, and hardly anybody notices. What does each type cost, for a batch of 5 photos? The time is the median of five measurements, relative to `uint8`.


# %%
def seconds_of(data):
    start = time.perf_counter()
    data[0]
    return time.perf_counter() - start


by_type = {
    dtype: ImageSequence(paths[:5], labels[:5], dtype=dtype, **options)
    for dtype in ("uint8", "float32", "float64")
}
timings = pd.DataFrame(
    [{name: seconds_of(data) for name, data in by_type.items()} for _ in range(5)]
)

# %%
costs = pd.DataFrame({"MB": {name: data[0][0].nbytes / 1e6 for name, data in by_type.items()}})
costs["time ratio"] = timings.median() / timings["uint8"].median()
costs.round(1)

# %% [markdown] lang="pt"
# O `float64` ocupa oito vezes o `uint8` e não traz nada: a foto só tinha 256 valores. O melhor é deixar a divisão para o modelo: `Rescaling(1 / 255)` como primeira camada. O lote viaja da memória à GPU com um byte por número, e só lá vira `float32`. O resultado é o mesmo?

# %% [markdown] lang="en" of="bbc4d188"
# `float64` takes eight times as much as `uint8` and brings nothing: the photo only had 256 values. It is best to leave the division to the model: `Rescaling(1 / 255)` as the first layer. The batch travels from memory to the GPU with one byte per number, and turns into `float32` only there. Is the result the same?

# %% tags=["nbval-check-output"]
rescaled = layers.Rescaling(1 / 255)(by_type["uint8"][0][0]).numpy()
rescaled.dtype.name, bool(np.allclose(rescaled, by_type["float32"][0][0], atol=1e-7))

# %% [markdown] lang="pt"
# Há uma consequência: um modelo assim espera números de 0 a 255. Quem lhe der fotos de 0 a 1 não verá erro nenhum, só previsões ruins.

# %% [markdown] lang="en" of="b2e3f06d"
# There is a consequence: such a model expects numbers from 0 to 255. Whoever gives it photos in 0 to 1 will see no error at all, only bad predictions.

# %% [markdown] lang="pt"
# ## Quem lê mais depressa?
#
# Enquanto a rede calcula, os próximos lotes podem ser lidos. Por quem? Por **linhas de execução** (*threads*), que trabalham dentro do mesmo programa e dividem a memória, ou por outros **processos**, programas à parte, cada um com a sua cópia. Os argumentos do `PyDataset` decidem:
#
# | Opção | Quem lê | Custo |
# |---|---|---|
# | `workers=1` (padrão) | uma *thread*, adiantada em relação ao modelo | a memória dos lotes lidos adiante |
# | `workers=2` | duas *threads* | na fila esperam até `max_queue_size` lotes (10): memória; esvaziá-la leva 0,1 segundo por época |
# | `workers=2, use_multiprocessing=True` | dois processos | criar os processos a cada época; copiar cada lote de um processo para outro |
#
# *Threads* só trabalham ao mesmo tempo nas partes que soltam a trava do Python (o GIL): decodificar e reduzir o JPEG, sim; contas em Python puro, não. Processos trabalham sempre ao mesmo tempo, mas custam mais. No Linux, são cópias de um programa em que o TensorFlow já roda, o que às vezes trava; no Windows e no macOS, cada um começa do zero e importa o TensorFlow a cada época. Por isso a célula só os mede no Linux.
#
# O concorrente é o `tf.data`, de `create_data_batches`: o mesmo trabalho em C++, em paralelo, sem Python no caminho.

# %% [markdown] lang="en" of="bf755cd0"
# ## Who reads faster?
#
# While the network computes, the next batches can be read. By whom? By **threads**, which work inside the same program and share its memory, or by other **processes**, separate programs, each with its own copy. The arguments of `PyDataset` decide:
#
# | Option | Who reads | Cost |
# |---|---|---|
# | `workers=1` (default) | one thread, ahead of the model | the memory of the batches read ahead |
# | `workers=2` | two threads | up to `max_queue_size` batches (10) wait in the queue: memory; emptying it takes 0.1 second per epoch |
# | `workers=2, use_multiprocessing=True` | two processes | creating the processes in each epoch; copying each batch from one process to another |
#
# Threads work at the same time only in the parts that release Python's lock (the GIL): decoding and reducing a JPEG do, sums in plain Python do not. Processes always work at the same time, but cost more. On Linux they are copies of a program in which TensorFlow already runs, which sometimes hangs; on Windows and macOS each begins from zero and imports TensorFlow in every epoch. So the cell measures them on Linux only.
#
# The competitor is `tf.data`, from `create_data_batches`: the same work in C++, in parallel, without Python on the way.


# %%
def readers(size, count):
    photos, numbers = np.resize(paths, count), np.resize(labels, count)
    settings = {"batch_size": BATCH_SIZE, "image_size": size}
    processes = {"workers": 2, "use_multiprocessing": True}
    sources = {
        "sequence": ImageSequence(photos, numbers, **settings),
        "sequence, 2 threads": ImageSequence(photos, numbers, workers=2, **settings),
    }
    if sys.platform == "linux":
        sources["sequence, 2 processes"] = ImageSequence(photos, numbers, **settings, **processes)
    return sources | {"tf.data": create_data_batches(photos, **settings)}


# %% [markdown] lang="pt"
# Para medir só a leitura, as fotos vão para um modelo que quase não calcula. Uma primeira passada curta, que prepara o modelo, não conta; depois, duas rodadas alternadas. Antes de rodar: quem ganha nas fotos inteiras? E nas reduzidas?

# %% [markdown] lang="en" of="25e21ef2"
# To measure the reading alone, the photos go to a model that computes next to nothing. A first short pass, which prepares the model, does not count; then two alternating rounds. Before you run it: who wins with whole photos? And with reduced ones?


# %%
def images_per_second(size, count, rounds=2):
    model = keras.Sequential([layers.GlobalAveragePooling2D()])
    for data in readers(size, 2 * BATCH_SIZE).values():
        model.predict(data, verbose=0)
    sources, seconds = readers(size, count), []
    for _ in range(rounds):
        row = {}
        for name, data in sources.items():
            start = time.perf_counter()
            model.predict(data, verbose=0)
            row[name] = time.perf_counter() - start
        seconds.append(row)
    return count / pd.DataFrame(seconds).median()


# %%
large, small = (f"{height} × {width}" for height, width in (PHOTO_SIZE, TRAIN_SIZE))
speed = pd.DataFrame(
    {large: images_per_second(PHOTO_SIZE, 40), small: images_per_second(TRAIN_SIZE, 240)}
)
speed.round()

# %% alt_pt="Barras horizontais, duas por leitor, com as fotos por segundo no tamanho inteiro e no reduzido (hachurado): em todos os leitores, as fotos reduzidas vêm muito mais depressa." alt_en="Horizontal bars, two per reader, with the photos per second at the whole and at the reduced size (hatched): from every reader the reduced photos come much faster."
ax = speed[::-1].plot.barh(color=["#0072b2", "#e69f00"], figsize=(7, 3.5))
for bar in ax.containers[1]:
    bar.set_hatch("//")
ax.legend()
ax.set(xlabel="photos per second")
plt.show()

# %% [markdown] lang="pt"
# Esses números são desta máquina, neste momento, e mudam de uma execução para outra; não os leve para outro lugar, meça de novo. Repare em dois preços fixos por época, que pesam quando há poucas fotos: o Keras lê dois lotes a mais, para conhecer as formas, e os leitores paralelos precisam ser criados e encerrados. Com 2 núcleos, que o modelo também usa, o que se ganha com um leitor a mais varia muito de uma execução para outra.
#
# Um programa à parte (`tests/benchmarks/sequence.py`) mede com mais cuidado o tempo de CPU por foto. Em três medidas, com 2 núcleos (23/11/2026): com fotos que já têm o tamanho pedido, `create_data_batches`, que passa todas por uma redução em `float32`, gastou de 2,5 a 3,2 vezes a CPU do gerador; com fotos reduzidas a 224 pixels, quase o mesmo (de 0,8 a 1,2 vez); e dois processos gastaram cerca de 3 vezes a CPU de duas *threads* em fotos inteiras, para copiar os lotes.
#
# | Escolha | Quando |
# |---|---|
# | `tf.data` (`create_data_batches`) | o que você faz com a foto existe em TensorFlow; há muitos núcleos, ou uma GPU esperando |
# | gerador (`PyDataset`) | a leitura é em Python: outro formato, outra biblioteca, um banco de dados; ou você quer entender e depurar cada passo |
# | ler tudo de uma vez | as fotos reduzidas cabem com folga na memória |

# %% [markdown] lang="en" of="931da063"
# These figures belong to this machine, at this moment, and change from run to run; do not carry them elsewhere, measure again. Note two fixed prices per epoch, which weigh where there are few photos: Keras reads two extra batches, to learn the shapes, and parallel readers have to be created and ended. With 2 cores, which the model uses too, what one more reader gains varies a lot from run to run.
#
# A program apart (`tests/benchmarks/sequence.py`) measures the CPU time per photo with more care. In three measurements, with 2 cores (2026-11-23): with photos that already have the size asked for, `create_data_batches`, which passes all of them through a reduction in `float32`, took 2.5 to 3.2 times the CPU of the generator; with photos reduced to 224 pixels nearly the same (0.8 to 1.2 times); and two processes took about 3 times the CPU of two threads with whole photos, to copy the batches.
#
# | Choose | When |
# |---|---|
# | `tf.data` (`create_data_batches`) | what you do with the photo exists in TensorFlow; there are many cores, or a GPU that waits |
# | a generator (`PyDataset`) | the reading is in Python: another format, another library, a database; or you want to understand and debug each step |
# | reading everything at once | the reduced photos fit well in memory |

# %% [markdown] lang="pt"
# ## Dividir sem vazar
#
# Treino, validação e teste: 60, 20 e 20 %, com todas as classes em cada parte. Mas olhe estas fotos; na amostra, há duas de cada cena:

# %% [markdown] lang="en" of="f9dc0a34"
# ## Splitting without a leak
#
# Training, validation and test: 60, 20 and 20%, with all classes in each part. But look at these photos; in the sample there are two of each scene:


# %%
def scene_of(path):
    return f"{path.parent.name}/{re.sub('-[a-z]$', '', path.stem)}"


scenes = np.array([scene_of(path) for path in paths])
scenes[:4].tolist(), len(set(scenes))

# %% alt_pt="Na amostra, seis fotos em três pares: em cada par, a mesma peça na mesma bancada, vista de um ponto um pouco diferente." alt_en="In the sample, six photos in three pairs: in each pair the same part on the same bench, seen from a slightly different place."
pairs = np.flatnonzero(np.isin(scenes, pd.unique(scenes)[:3]))[:6]
show_images([read_photo(paths[row], TRAIN_SIZE) for row in pairs], scenes[pairs], columns=6)
plt.show()

# %% [markdown] lang="pt"
# A mesma peça foi fotografada duas vezes, na mesma bancada e com a mesma luz: `042-a.jpg` e `042-b.jpg`, por exemplo. Se uma cair no treino e a outra no teste, a rede pode acertar por se lembrar da bancada, e o número do teste será bom demais. Isso se chama **vazamento** (*leakage*). Acontece com fotos em rajada, quadros de vídeo, exames do mesmo paciente.
#
# Quanto muda? Um classificador bem simples, o do vizinho mais próximo, procura entre as fotos de treino a mais parecida, pixel por pixel, e copia o rótulo. Medimos a acurácia em cinco divisões, primeiro sorteando fotos, depois sorteando cenas inteiras. Antes de rodar: quanto ela vai cair?

# %% [markdown] lang="en" of="668bb703"
# The same part was photographed twice, on the same bench and in the same light: `042-a.jpg` and `042-b.jpg`, for example. If one falls into training and the other into test, the network may be correct because it remembers the bench, and the test's number will be too good. That is called **leakage**. It happens with bursts of photos, frames of a video, scans of the same patient.
#
# How much does it change? A very simple classifier, the nearest neighbour, looks among the training photos for the most similar one, pixel by pixel, and copies its label. We measure the accuracy in five splits, first drawing photos, then drawing whole scenes. Before you run it: by how much will it fall?

# %%
by_photo = StratifiedKFold(5, shuffle=True, random_state=13)
thumbnails = np.array([read_photo(path, (24, 32)).ravel() / 255 for path in paths])
nearest = KNeighborsClassifier(1)
photos_drawn = cross_val_score(nearest, thumbnails, labels, cv=by_photo)
round(float(photos_drawn.mean()), 2)

# %% [markdown] lang="pt"
# Para sortear cenas, fazemos a mesma divisão na lista das cenas, cada uma com a sua classe, e depois recolhemos as fotos de cada cena:

# %% [markdown] lang="en" of="3a44d5e1"
# To draw scenes, we make the same split on the list of the scenes, each with its class, and then gather the photos of each scene:

# %%
every_scene, first_photo = np.unique(scenes, return_index=True)
scenes_of_class = pd.Series(class_names[labels[first_photo]]).value_counts()
if num_classes < 2 or scenes_of_class.min() < 5:
    raise ValueError(
        "Expected at least 2 classes with 5 scenes each. Received: "
        f"{scenes_of_class.nsmallest(3).to_dict()}. Add photos, or correct scene_of."
    )

# %%
by_scene = StratifiedKFold(5, shuffle=True, random_state=13)
folds = [rows for _, rows in by_scene.split(every_scene, labels[first_photo])]
fifths = [np.flatnonzero(np.isin(scenes, every_scene[rows])) for rows in folds]
all_rows = np.arange(len(paths))
splits = [(np.setdiff1d(all_rows, fifth), fifth) for fifth in fifths]
scenes_drawn = cross_val_score(nearest, thumbnails, labels, cv=splits)
round(float(photos_drawn.mean()), 2), round(float(scenes_drawn.mean()), 2)

# %% [markdown] lang="pt"
# Na amostra, quase toda a diferença é vazamento: quando a outra foto da cena está no treino, o vizinho reconhece a cena, e não a peça. (Se os nomes das suas fotos não disserem a cena, cada foto conta como uma cena, as duas contas dão quase o mesmo, e um vazamento pode continuar lá, escondido: escreva em `scene_of` o que você souber sobre a origem de cada foto.)
#
# Já temos cinco quintos, com as classes distribuídas por igual e nenhuma cena em dois deles. Um fica para o teste, um para a validação, três para o treino. (`StratifiedGroupKFold`, do scikit-learn, promete o mesmo em uma chamada; com a versão 1.6, a do Colab, e `shuffle=True`, o teste da amostra ficou com 12 das 14 classes.)

# %% [markdown] lang="en" of="2d6a12c4"
# In the sample nearly all of the difference is leakage: when the scene's other photo is in training, the neighbour recognizes the scene, not the part. (If the names of your photos do not tell the scene, each photo counts as a scene, both sums give nearly the same, and a leak may still be there, hidden: write into `scene_of` what you know about where each photo came from.)
#
# We already have five fifths, with the classes spread evenly and no scene in two of them. One is kept for the test, one for validation, three for training. (`StratifiedGroupKFold`, of scikit-learn, promises the same in one call; with version 1.6, Colab's, and `shuffle=True`, the sample's test was left with 12 of the 14 classes.)

# %% tags=["nbval-check-output"]
parts = {"train": np.concatenate(fifths[2:]), "val": fifths[1], "test": fifths[0]}
{part: (len(rows), len(set(labels[rows]))) for part, rows in parts.items()}

# %% [markdown] lang="pt"
# Alguma cena está em duas partes?

# %% [markdown] lang="en" of="f15a954b"
# Is any scene in two parts?

# %% tags=["nbval-check-output"]
in_part = {part: set(scenes[rows]) for part, rows in parts.items()}
(
    len(in_part["train"] & in_part["val"]),
    len(in_part["train"] & in_part["test"]),
    len(in_part["val"] & in_part["test"]),
)

# %% [markdown] lang="pt"
# ## A rede, camada por camada
#
# A rede deste capítulo é a de um caderno de aula sobre geradores de lotes. Ela recebe as fotos de 768 × 1.024 inteiras. Acrescentamos `Rescaling` e duas camadas `BatchNormalization`, que trazem os números de cada mapa para perto de média 0 e desvio padrão 1, valores que a rede depois ajusta, e a fazem aprender em menos épocas (`momentum=0.9`, porque com poucos passos o padrão, 0,99, não chega a assentar):

# %% [markdown] lang="en" of="e2c2ac93"
# ## The network, layer by layer
#
# This chapter's network is that of a class notebook on generators of batches. It takes the photos of 768 × 1,024 whole. We add `Rescaling` and two `BatchNormalization` layers, which bring the numbers of each map to about mean 0 and standard deviation 1, which the network then adjusts, and let it learn in fewer epochs (`momentum=0.9`, because in few steps the default, 0.99, does not settle):


# %%
def build(size, head):
    return keras.Sequential(
        [
            keras.Input((*size, 3)),
            layers.Rescaling(1 / 255),
            layers.DepthwiseConv2D(3, padding="same", activation="relu"),
            layers.Conv2D(16, 1, activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.MaxPooling2D(3),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.MaxPooling2D(3),
            head,
            layers.Dense(60, activation="relu"),
            layers.Dense(num_classes, activation="softmax"),
        ]
    )


# %% tags=["nbval-check-output"]
whole = build(PHOTO_SIZE, layers.Flatten())
pd.DataFrame(
    [
        (type(layer).__name__, layer.output.shape[1:], layer.count_params())
        for layer in whole.layers
    ],
    columns=["layer", "output", "parameters"],
)

# %% [markdown] lang="pt"
# ### Canal por canal, depois pixel por pixel
#
# `DepthwiseConv2D` tem um filtro de 3 × 3 para **cada canal** e não mistura canais: entram três mapas, saem três. A convolução 1 × 1 faz o contrário: não olha os vizinhos, mistura os canais de **cada pixel**. Juntas, fazem em dois passos algo parecido com o que uma `Conv2D` faz em um, com menos parâmetros:

# %% [markdown] lang="en" of="55d4b428"
# ### Channel by channel, then pixel by pixel
#
# `DepthwiseConv2D` has one filter of 3 × 3 for **each channel** and does not mix channels: three maps go in, three come out. The 1 × 1 convolution does the opposite: it looks at no neighbours, it mixes the channels of **each pixel**. Together they do in two steps something like what a `Conv2D` does in one, with fewer parameters:

# %% tags=["nbval-check-output"]
depthwise, pointwise, full_convolution = 3 * (3 * 3 + 1), (3 + 1) * 16, (3 * 3 * 3 + 1) * 16
depthwise, pointwise, depthwise + pointwise, full_convolution

# %% [markdown] lang="pt"
# Com filtros escritos à mão, vê-se o que cada uma faz. Primeiro, a convolução *depthwise*: o filtro que procura bordas horizontais, repetido para os três canais. (Somamos 0,5 para que o zero apareça como cinza médio.)

# %% [markdown] lang="en" of="f5ed607a"
# With filters written by hand one can see what each does. First the depthwise convolution: the filter that looks for horizontal edges, repeated for the three channels. (We add 0.5, so that zero shows as medium grey.)

# %%
photo = np.float32(read_photo(paths[first_ones[0]], (192, 256)))[None] / 255
edge = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], "float32")[:, :, None, None]
kernels = np.repeat(edge, 3, axis=2)
by_channel = np.clip(keras.ops.depthwise_conv(photo, kernels)[0] + 0.5, 0, 1)
kernels.shape, by_channel.shape

# %% [markdown] lang="pt"
# Agora, uma convolução 1 × 1 com três filtros, um por coluna: a média dos canais, vermelho menos azul (também com 0,5 somado) e o negativo (1 menos a média).

# %% [markdown] lang="en" of="6c25f4fa"
# Now a 1 × 1 convolution with three filters, one per column: the mean of the channels, red minus blue (with 0.5 added as well), and the negative (1 minus the mean).

# %%
mix = np.array([[1 / 3, 1, -1 / 3], [1 / 3, 0, -1 / 3], [1 / 3, -1, -1 / 3]], "float32")[None, None]
by_pixel = np.clip(keras.ops.conv(photo, mix)[0] + [0, 0.5, 1], 0, 1)
mix.shape, by_pixel.shape

# %% alt_pt="Duas fileiras. Em cima, a foto e três mapas em cinza com as bordas horizontais do canal vermelho, do verde e do azul. Embaixo, a foto outra vez, a foto em tons de cinza, um mapa mais claro onde há mais vermelho que azul e a foto em negativo, em tons de cinza." alt_en="Two rows. Above, the photo and three grey maps with the horizontal edges of the red, the green and the blue channel. Below, the photo again, the photo in grey, a map that is brighter where there is more red than blue, and the photo in negative, in grey."
shown = [photo[0], *np.moveaxis(by_channel, -1, 0), photo[0], *np.moveaxis(by_pixel, -1, 0)]
titles = ["photo", "depthwise: red", "depthwise: green", "depthwise: blue"]
titles += ["photo", "1 × 1: mean", "1 × 1: red − blue", "1 × 1: negative"]
show_images(shown, titles, columns=4)
plt.show()

# %% [markdown] lang="pt"
# Lê-se por aí que a convolução 1 × 1 serve para "reduzir a profundidade". Depende de quantos filtros ela tem: aqui ela a aumenta, de 3 canais para 16.

# %% [markdown] lang="en" of="f9c08526"
# One often reads that the 1 × 1 convolution serves to "reduce the depth". That depends on how many filters it has: here it increases it, from 3 channels to 16.

# %% [markdown] lang="pt"
# ### Dezoito milhões em uma camada
#
# Olhe outra vez a tabela: quase todos os parâmetros estão na primeira `Dense`. `Flatten` põe lado a lado todos os números dos mapas, e cada um deles ganha 60 pesos. O ***global average pooling*** (média global) guarda só a média de cada mapa: 32 números, um por mapa. Antes de rodar: que números da tabela não mudam com o tamanho da foto?

# %% [markdown] lang="en" of="dd544f80"
# ### Eighteen million in one layer
#
# Look at the table again: nearly all parameters are in the first `Dense`. `Flatten` puts all numbers of the maps side by side, and each of them gets 60 weights. **Global average pooling** keeps only the mean of each map: 32 numbers, one per map. Before you run it: which numbers of the table do not change with the size of the photo?

# %% tags=["nbval-check-output"]
heads = {"flatten": layers.Flatten, "average": layers.GlobalAveragePooling2D}
parameters = pd.DataFrame(
    {
        label: {name: build(size, head()).count_params() for name, head in heads.items()}
        for label, size in ((large, PHOTO_SIZE), (small, TRAIN_SIZE))
    }
)
parameters

# %% [markdown] lang="pt"
# E a memória? Para cada parâmetro treinável, o treino com Adam guarda quatro números em `float32`: o peso, o gradiente e duas médias móveis. Em megabytes:

# %% [markdown] lang="en" of="06f6eb4d"
# And memory? For each trainable parameter, training with Adam keeps four numbers in `float32`: the weight, the gradient and two moving averages. In megabytes:

# %% tags=["nbval-check-output"]
(parameters * 4 * 4 / 1e6).round(1)

# %% [markdown] lang="pt"
# Isso é só a parte dos parâmetros. Para calcular os gradientes, o treino guarda também os mapas que saem de cada camada, para cada foto do lote, e eles são os mesmos nas duas redes. Em megabytes por foto, no tamanho inteiro e no reduzido:

# %% [markdown] lang="en" of="09a18a06"
# That is the parameters' share alone. To compute the gradients, training also keeps the maps that come out of each layer, for each photo of the batch, and they are the same in both networks. In megabytes per photo, at the whole and at the reduced size:


# %% tags=["nbval-check-output"]
def maps_mb(model):
    return sum(math.prod(layer.output.shape[1:]) for layer in model.layers) * 4 / 1e6


round(maps_mb(whole), 1), round(maps_mb(build(TRAIN_SIZE, layers.Flatten())), 1)

# %% [markdown] lang="pt"
# A média global livra dos pesos; quem reduz os mapas é a foto menor, ou o lote menor.

# %% [markdown] lang="en" of="20dfd884"
# The global average saves the weights; what reduces the maps is a smaller photo, or a smaller batch.

# %% [markdown] lang="pt"
# ## Treinar as duas
#
# A comparação é justa se só uma coisa mudar: as mesmas fotos, a mesma ordem, as mesmas épocas, pesos iniciais sorteados com a mesma semente; muda a camada entre as convoluções e a `Dense`. Para caber em poucos minutos de CPU, as fotos vão reduzidas a `TRAIN_SIZE`. A taxa de aprendizado cai até zero ao longo do treino (`CosineDecay`), para que as últimas épocas oscilem menos.

# %% [markdown] lang="en" of="87acba28"
# ## Training both
#
# The comparison is fair if only one thing changes: the same photos, the same order, the same epochs, initial weights drawn from the same seed; what changes is the layer between the convolutions and the `Dense`. To fit in a few minutes of CPU, the photos are reduced to `TRAIN_SIZE`. The learning rate falls to zero over the training (`CosineDecay`), so that the last epochs waver less.

# %%
train_options = {
    "batch_size": TRAIN_BATCH_SIZE,
    "image_size": TRAIN_SIZE,
    "num_classes": num_classes,
}


def batches(part, **more):
    return ImageSequence(paths[parts[part]], labels[parts[part]], **train_options, **more)


val_data, test_data = batches("val"), batches("test")
len(val_data), val_data[0][0].shape


# %%
def compiled(head, steps):
    keras.utils.set_random_seed(13)
    model = build(TRAIN_SIZE, heads[head]())
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
    return model


def train(head, verbose):
    train_data = batches("train", shuffle=True, seed=13)
    model = compiled(head, EPOCHS * len(train_data))
    fit = {"epochs": EPOCHS, "validation_data": val_data, "shuffle": False, "verbose": verbose}
    return model, model.fit(train_data, **fit)


# %%
flatten_model, flatten_history = train("flatten", verbose=1 if FULL else 2)

# %% alt_pt="Treino e validação ao longo das épocas, com Flatten: a perda de treino cai a quase zero e a acurácia de treino chega perto de 100 %, enquanto a perda de validação fica muito acima e a acurácia de validação estaciona bem abaixo." alt_en="Training and validation over the epochs, with Flatten: the training loss falls to nearly zero and the training accuracy comes close to 100%, while the validation loss stays far above and the validation accuracy far below."
plot_loss_curves(flatten_history)
plt.show()

# %% [markdown] lang="pt"
# Esta é a curva de quem decora. O caderno de aula terminava aqui, com "acurácia de 0,98": era a do **treino**, a única que ele media. Acurácia de treino não é acurácia: ela diz quanto a rede acerta nas fotos que já viu, e quem decorou acerta todas.
#
# E com a média global? (Para comparar as perdas: quem dá probabilidade 1/14 a cada uma de 14 classes tem perda ln 14 ≈ 2,64.)

# %% [markdown] lang="en" of="a71e71f0"
# This is the curve of learning by heart. The class notebook ended here, with "an accuracy of 0.98": that was the **training** accuracy, the only one it measured. Training accuracy is not accuracy: it says how often the network is correct on photos it has already seen, and one that learned them by heart is correct on all.
#
# And with the global average? (To compare the losses: giving probability 1/14 to each of 14 classes costs a loss of ln 14 ≈ 2.64.)

# %%
average_model, average_history = train("average", verbose=1 if FULL else 0)

# %% alt_pt="Treino e validação ao longo das épocas, com a média global: a perda de treino desce e a acurácia de treino sobe mais devagar que na rede anterior; as de validação melhoram menos." alt_en="Training and validation over the epochs, with the global average: the training loss falls and the training accuracy rises more slowly than in the network before; those of validation improve less."
plot_loss_curves(average_history)
plt.show()

# %%
histories = {"flatten": flatten_history.history, "average": average_history.history}
comparison = pd.DataFrame(
    {
        "parameters": parameters[small],
        "train accuracy": {name: history["accuracy"][-1] for name, history in histories.items()},
        "val accuracy": {name: history["val_accuracy"][-1] for name, history in histories.items()},
    }
)
comparison.round(3)

# %% [markdown] lang="pt"
# No treino, a primeira chega a 100 %; na validação, fica muito abaixo disso. A segunda, com uma pequena fração dos parâmetros, também acerta mais no treino do que na validação, mas não chega a decorar tudo: a média não diz onde cada coisa estava, só quanto dela havia.
#
# Qual das duas é melhor em fotos novas? Um único treino e 28 fotos de validação não decidem. Repetimos o treino 21 vezes na amostra, com outras sementes e outras divisões (23/11/2026): a primeira acertou em média 23 % da validação (de 4 a 46 %), e a segunda, 40 % (de 18 a 61 %); a segunda foi melhor em 18 vezes, empatou em 2 e perdeu em 1. (Em outra máquina, mesmo com a mesma semente, os números de um treino podem ser outros: as somas são feitas em outra ordem.)

# %% [markdown] lang="en" of="7d3ffe6e"
# In training the first reaches 100%; in validation it stays far below. The second, with a small fraction of the parameters, is also better in training than in validation, but does not learn everything by heart: the mean does not say where each thing was, only how much of it there was.
#
# Which of the two is better on new photos? One run and 28 validation photos do not decide. We repeated the training 21 times on the sample, with other seeds and other splits (2026-11-23): the first was correct on 23% of the validation photos on average (4 to 46%), the second on 40% (18 to 61%); the second was better 18 times, equal twice and worse once. (On another machine, even with the same seed, the numbers of a run may differ: the sums are done in another order.)

# %% [markdown] lang="pt"
# ### O mesmo treino com `tf.data`
#
# `create_data_batches` serviria igualmente ao treino, com `training=True` e os rótulos em *one-hot*. Só que ele entrega números de 0 a 1, e este modelo espera de 0 a 255. Veja a acurácia e a perda de validação do mesmo modelo, lendo com `ImageSequence`, com `tf.data` multiplicado por 255 e com `tf.data` como vem:

# %% [markdown] lang="en" of="509542b3"
# ### The same training with `tf.data`
#
# `create_data_batches` would serve the training as well, with `training=True` and one-hot labels. Only it delivers numbers from 0 to 1, and this model expects 0 to 255. Here are the validation accuracy and loss of the same model, reading with `ImageSequence`, with `tf.data` multiplied by 255, and with `tf.data` as it comes:

# %%
one_hot = np.eye(num_classes, dtype="float32")[labels[parts["val"]]]
from_tf_data = create_data_batches(paths[parts["val"]], one_hot, image_size=TRAIN_SIZE)
sources = {
    "ImageSequence": val_data,
    "tf.data × 255": from_tf_data.map(lambda images, targets: (images * 255, targets)),
    "tf.data": from_tf_data,
}
scores = {
    name: average_model.evaluate(data, verbose=0, return_dict=True)
    for name, data in sources.items()
}
pd.DataFrame(scores).T.round(3)

# %% [markdown] lang="pt"
# Nenhum erro avisa: a terceira linha é o que acontece com quem esquece. As duas primeiras também podem diferir, porque cada biblioteca reduz as fotos do seu jeito: com as fotos reais do fim deste capítulo, medimos 66,1 % e 62,5 %. Preveja com a mesma leitura com que treinou.
#
# Escolhemos a rede pela validação, como combinado. Só a escolhida vai ao teste e, como régua, a transferência.

# %% [markdown] lang="en" of="17d27063"
# No error gives a warning: the third row is what happens if you forget. The first two may differ as well, because each library reduces the photos in its own way: with the real photos of the end of this chapter we measured 66.1% and 62.5%. Predict with the same reading that you trained with.
#
# We choose the network by validation, as agreed. Only the chosen one goes to the test and, as a yardstick, transfer.

# %% [markdown] lang="pt"
# ## O teste, classe por classe

# %% [markdown] lang="en" of="e0ba4ebe"
# ## The test, class by class

# %%
chosen = comparison.sort_values("parameters")["val accuracy"].idxmax()
model = {"flatten": flatten_model, "average": average_model}[chosen]
probabilities = model.predict(test_data, verbose=0)
predicted, actual = probabilities.argmax(axis=1), labels[parts["test"]]
chosen, round(float(np.mean(predicted == actual)), 3)


# %% [markdown] lang="pt"
# Qual é o intervalo de 95 %? A fórmula é a de Wilson, como nos capítulos anteriores, mas com um cuidado: as duas fotos de uma cena erram ou acertam quase sempre juntas, e por isso não são dois testemunhos. Contamos **cenas**, e não fotos. Por aceitar uma fração qualquer, a fórmula vai escrita por extenso.

# %% [markdown] lang="en" of="a46be98e"
# What is the 95% interval? The formula is Wilson's, as in the earlier chapters, but with care for one thing: the two photos of a scene nearly always err or succeed together, so they are not two witnesses. We count **scenes**, not photos. So that it takes any fraction, the formula is written out.


# %%
def interval(fraction, count, z=1.96):
    middle = fraction + z**2 / (2 * count)
    half = z * np.sqrt(fraction * (1 - fraction) / count + (z / (2 * count)) ** 2)
    return (middle - half) / (1 + z**2 / count), (middle + half) / (1 + z**2 / count)


test_scenes = pd.Series(scenes[parts["test"]])
test_accuracy = np.mean(predicted == actual)
low, high = interval(test_accuracy, test_scenes.nunique())
round(float(low), 3), round(float(high), 3), test_scenes.nunique(), round(1 / num_classes, 3)

# %% [markdown] lang="pt"
# O último número é o acaso: 1 sobre o número de classes (na amostra, 1/14). Um número só, porém, não diz **onde** a rede erra. A **matriz de confusão** diz: cada linha é uma classe verdadeira, cada coluna, uma resposta; na diagonal estão os acertos.

# %% [markdown] lang="en" of="bacd3ee0"
# The last number is chance: 1 over the number of classes (1/14 in the sample). A single number, however, does not tell **where** the network errs. The **confusion matrix** does: each row is a true class, each column an answer; the correct ones are on the diagonal.

# %% alt_pt="Matriz de confusão das classes no teste: linhas são as classes verdadeiras, colunas, as respostas da rede; parte das fotos está na diagonal, o resto espalhado." alt_en="Confusion matrix of the classes on the test: rows are the true classes, columns the network's answers; part of the photos lies on the diagonal, the rest is scattered."
confusion = confusion_matrix(actual, predicted, labels=range(num_classes))
figure, ax = plt.subplots(figsize=(1 + num_classes / 2, num_classes / 2))
matrix = ConfusionMatrixDisplay(confusion, display_labels=class_names)
matrix.plot(ax=ax, cmap="Blues", xticks_rotation=90, colorbar=False)
for number, text in zip(confusion.ravel(), matrix.text_.ravel()):
    text.set_text(str(number) if number else "")
plt.show()

# %% [markdown] lang="pt"
# Escolha uma linha sem nada na diagonal: com que classe a rede a confundiu? As fotos da linha são da mesma cena? E há uma coluna muito cheia, uma resposta que a rede dá demais?
#
# A **revocação** (*recall*) de uma classe é a fração das suas fotos que a rede reconheceu: o número da diagonal dividido pela soma da linha. Com tão poucas cenas por classe, o intervalo é enorme, e é preciso mostrá-lo:

# %% [markdown] lang="en" of="7fae7cca"
# Choose a row with nothing on the diagonal: with which class did the network confuse it? Are the photos of the row from the same scene? And is there a very full column, an answer that the network gives too often?
#
# The **recall** of a class is the fraction of its photos that the network recognized: the number on the diagonal divided by the sum of the row. With so few scenes per class the interval is enormous, and has to be shown:

# %%
numbers = range(num_classes)
recall_table = pd.DataFrame({"recall": np.diag(confusion), "photos": confusion.sum(axis=1)})
recall_table["recall"] /= recall_table["photos"]
recall_table["scenes"] = test_scenes.groupby(actual).nunique().reindex(numbers, fill_value=0)
recall_table["low"], recall_table["high"] = interval(recall_table["recall"], recall_table["scenes"])
recall_table.index = class_names
truth = recall_score(actual, predicted, labels=numbers, average=None, zero_division=np.nan)
np.allclose(recall_table["recall"], truth, equal_nan=True)

# %% alt_pt="Para cada classe, um ponto com a revocação no teste e uma linha com o intervalo de 95 %; as linhas são largas e muitas se sobrepõem. Uma linha vertical tracejada marca o acaso." alt_en="For each class a dot with the recall on the test and a line with the 95% interval; the lines are wide and many overlap. A dashed vertical line marks chance."
ordered = recall_table.sort_values("recall")
reach = np.abs(ordered[["low", "high"]].T - ordered["recall"]).to_numpy()
figure, ax = plt.subplots(figsize=(7, 1 + num_classes / 4))
ax.errorbar(ordered["recall"], ordered.index, xerr=reach, fmt="o", color="#0072b2", capsize=3)
ax.axvline(1 / num_classes, color="#d55e00", linestyle="--", label="chance")
ax.legend(loc="lower right")
ax.set(xlabel="recall on the test", xlim=(-0.02, 1.02))
plt.show()

# %% [markdown] lang="pt"
# Olhar os erros vale mais que o número. Repare também no fundo: na amostra, cada classe aparece quatro vezes em cinco sobre o mesmo tipo de bancada, um atalho que dividir por cenas não fecha. Uma rede que acerta pode estar olhando a bancada, e não a peça. Os erros em que a rede mais confiou, um por cena:

# %% [markdown] lang="en" of="5f26c477"
# Looking at the mistakes is worth more than the number. Note the background too: in the sample each class lies four times out of five on the same kind of bench, a shortcut that splitting by scenes does not close. A network that is correct may be looking at the bench, not at the part. The mistakes that the network was most confident of, one per scene:

# %% alt_pt="Até cinco fotos de teste que a rede errou, cada uma com a classe verdadeira e a resposta errada." alt_en="Up to five test photos on which the network was wrong, each with its true class and the wrong answer."
wrong = np.flatnonzero(predicted != actual)
wrong = wrong[np.argsort(-probabilities[wrong].max(axis=1))]
worst = wrong[~test_scenes[wrong].duplicated()][:5]
if len(worst):
    photos = [read_photo(path, TRAIN_SIZE) for path in paths[parts["test"]][worst]]
    show_predictions(photos, probabilities[worst], class_names, actual[worst])
    plt.show()

# %% [markdown] lang="pt"
# ## A régua: uma rede já treinada
#
# Como no capítulo 02, a régua é a transferência: as características da EfficientNet-Lite0, treinada no ImageNet, e uma regressão logística em cima. As fotos vêm agora pelo `tf.data`, com `create_data_batches`: é o mesmo trabalho, sem escrever uma classe.

# %% [markdown] lang="en" of="0658ec68"
# ## The yardstick: a network already trained
#
# As in chapter 02 the yardstick is transfer: the features of EfficientNet-Lite0, trained on ImageNet, with a logistic regression on top. The photos now come through `tf.data`, with `create_data_batches`: the same work, without writing a class.

# %%
backbone = efficientnet_lite0(FEATURE_SIZE)
features = extract_features(backbone, create_data_batches(paths, image_size=FEATURE_SIZE))
linear = LogisticRegression(max_iter=2000)
linear.fit(features[parts["train"]], labels[parts["train"]])
round(linear.score(features[parts["val"]], labels[parts["val"]]), 3)

# %%
transfer_correct = linear.predict(features[parts["test"]]) == actual
transfer_accuracy = transfer_correct.mean()
transfer_low, transfer_high = interval(transfer_accuracy, test_scenes.nunique())
[round(float(number), 3) for number in (transfer_accuracy, transfer_low, transfer_high)]

# %% [markdown] lang="pt"
# A leitura era o assunto do capítulo; mas um bom gerador não salva uma rede treinada do zero com poucas fotos. As duas coisas se somam: leia em lotes, e comece de uma rede treinada.

# %% [markdown] lang="en" of="a4d0e42e"
# Reading was the subject of the chapter; but a good generator does not save a network trained from scratch on few photos. The two add up: read in batches, and begin from a trained network.

# %% [markdown] lang="pt"
# ## Os erros que este capítulo evita
#
# | O que se lê por aí | O que acontece | O que fazer |
# |---|---|---|
# | `len(x) // batch_size` | as últimas fotos nunca são usadas | `math.ceil` |
# | sem `super().__init__(**kwargs)` | `workers` é ignorado, com um aviso | chamar |
# | embaralhar uma vez, sem semente | os mesmos vizinhos em todas as épocas; nada se repete | ordem como função de (semente, época) |
# | `int(path.split("/")[-2])` | falha no Windows e com qualquer outro nome de pasta | `path.parent.name` e `np.unique` |
# | `14` escrito no meio do código | falha com 13 ou 15 classes | contar as classes |
# | `imread(path) / 255` | `float64`: oito vezes a memória | `uint8` e `Rescaling` no modelo |
# | `Flatten` em mapas grandes | milhões de parâmetros em uma camada | média global |
# | uma foto em tons de cinza, de outro tamanho ou cortada | o treino para no meio | conferir no começo, converter para RGB |
# | sem divisão: "acurácia de 0,98" | é a do treino | validação para escolher, teste uma vez |

# %% [markdown] lang="en" of="3c6d0afb"
# ## The mistakes that this chapter avoids
#
# | What one reads | What happens | What to do |
# |---|---|---|
# | `len(x) // batch_size` | the last photos are never used | `math.ceil` |
# | no `super().__init__(**kwargs)` | `workers` is ignored, with a warning | call it |
# | shuffling once, without a seed | the same neighbours in all epochs; nothing can be repeated | the order as a function of (seed, epoch) |
# | `int(path.split("/")[-2])` | fails on Windows and with any other folder name | `path.parent.name` and `np.unique` |
# | `14` written into the code | fails with 13 or 15 classes | count the classes |
# | `imread(path) / 255` | `float64`: eight times the memory | `uint8`, and `Rescaling` in the model |
# | `Flatten` on large maps | millions of parameters in one layer | global average |
# | a photo that is grey, of another size or cut short | training stops in the middle | check at the start, convert to RGB |
# | no split: "an accuracy of 0.98" | that of training | validation to choose, test once |

# %% [markdown] lang="pt"
# ## Os números do capítulo

# %% [markdown] lang="en" of="e289942e"
# ## The chapter's numbers

# %% tags=["results"]
results = {
    "batches": math.ceil(1400 / BATCH_SIZE),
    "batch_shape": list(by_type["uint8"][0][0].shape),
    "peak_mb_all": peaks["all"].round().to_dict(),
    "peak_mb_sequence": sequence_peaks["batches add"].round().to_dict(),
    "images_per_second": speed[large].round().to_dict(),
    "chosen": chosen,
    "test_accuracy": round(float(test_accuracy), 4),
    "low": round(float(low), 4),
    "high": round(float(high), 4),
    "transfer_accuracy": round(float(transfer_accuracy), 4),
    "parameters": parameters[large].to_dict(),
    "seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
chosen_row, flatten_row = comparison.loc[chosen], comparison.loc["flatten"]
seen = test_scenes.nunique() + len(in_part["val"])
seen_low, _ = interval((chosen_row["val accuracy"] + test_accuracy) / 2, seen)
facts = {
    "better_than_chance": seen_low > 1 / num_classes,
    "all_grows_with_the_photos": peaks["all"].iloc[-1] > 2 * peaks["all"].iloc[0],
    "batches_do_not": peaks["batches"].iloc[-1] < 1.5 * peaks["batches"].iloc[0],
    "flatten_learns_by_heart": flatten_row["train accuracy"] > flatten_row["val accuracy"] + 0.2,
    "transfer_beats_scratch": transfer_accuracy > test_accuracy,
}
{name: bool(fact) for name, fact in facts.items()}

# %% [markdown] lang="pt"
# Com 560 fotos reais de produtos de mercado (14 classes do Grocery Store Dataset; 336 de treino, 112 de validação, 112 de teste), o mesmo caderno deu (23/11/2026, 2 núcleos de CPU, de 7 a 9 minutos):
#
# | | Treino | Validação | Teste (intervalo de 95 %) |
# |---|---|---|---|
# | `Flatten` | 100 % | 18,8 % | |
# | média global | 84,5 % | 66,1 % | 61,6 % (52,4 % a 70,1 %) |
# | EfficientNet-Lite0 e regressão logística | | | 95,5 % (90,0 % a 98,1 %) |
#
# Com outra divisão das mesmas fotos, os números do teste foram 50,9 % e 90,2 %. A diferença entre as duas redes é grande, mas boa parte dela vem do que acrescentamos: com essa outra divisão, sem as duas camadas `BatchNormalization` e com taxa de aprendizado constante, em 30 épocas, foram 30,4 % na validação com `Flatten` e 35,7 % com a média global, uma diferença que 112 fotos não distinguem da sorte. Como os nomes dessas fotos não dizem a cena, pode haver vazamento entre as partes.

# %% [markdown] lang="en" of="2accba83"
# With 560 real photos of groceries (14 classes of the Grocery Store Dataset; 336 for training, 112 for validation, 112 for testing) the same notebook gave (2026-11-23, 2 CPU cores, 7 to 9 minutes):
#
# | | Training | Validation | Test (95% interval) |
# |---|---|---|---|
# | `Flatten` | 100% | 18.8% | |
# | global average | 84.5% | 66.1% | 61.6% (52.4% to 70.1%) |
# | EfficientNet-Lite0 and logistic regression | | | 95.5% (90.0% to 98.1%) |
#
# With another split of the same photos the test's figures were 50.9% and 90.2%. The difference between the two networks is large, but a good part of it comes from what we added: with that other split, without the two `BatchNormalization` layers and with a constant learning rate, after 30 epochs, it was 30.4% in validation with `Flatten` and 35.7% with the global average, a difference that 112 photos cannot tell from luck. As the names of these photos do not tell the scene, there may be a leak between the parts.

# %% [markdown] lang="pt"
# ## Resumo
#
# - Meça a memória; não a adivinhe. Ler tudo de uma vez custa mais que a soma das fotos.
# - Um gerador de lotes tem três métodos: `__init__`, `__len__` (arredonde para cima) e `__getitem__` (uma fatia). Nada de sorteios dentro de `__getitem__`: a ordem é uma função de (semente, época).
# - Passe `shuffle=False` ao `fit` quando as fotos já vêm embaralhadas.
# - `uint8` no lote, `Rescaling` no modelo: um oitavo da memória de `float64`.
# - Confira os arquivos antes de treinar; leia já reduzido; meça antes de escolher entre gerador e `tf.data`.
# - Fotos da mesma cena ficam na mesma parte.
# - `Flatten` em mapas grandes põe milhões de parâmetros em uma camada; a média global, não.
# - Acurácia de treino não é acurácia. Mostre a matriz de confusão e a revocação de cada classe, com intervalos.

# %% [markdown] lang="en" of="1b29bf9c"
# ## Summary
#
# - Measure memory; do not guess it. Reading everything at once costs more than the sum of the photos.
# - A generator of batches has three methods: `__init__`, `__len__` (round up) and `__getitem__` (a slice). Draw no random numbers inside `__getitem__`: the order is a function of (seed, epoch).
# - Pass `shuffle=False` to `fit` when the photos already come shuffled.
# - `uint8` in the batch, `Rescaling` in the model: an eighth of the memory of `float64`.
# - Check the files before training; read them already reduced; measure before you choose between a generator and `tf.data`.
# - Photos of the same scene belong in the same part.
# - `Flatten` on large maps puts millions of parameters into one layer; the global average does not.
# - Training accuracy is not accuracy. Show the confusion matrix and the recall of each class, with intervals.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige fotos. Precisam apenas das células de preparação, no começo do caderno.

# %% [markdown] lang="en" of="51b4e8ec"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs photos. They only need the set-up cells at the start of the notebook.

# %% [markdown] lang="pt"
# ### 1. Quantos lotes tem uma época? (fácil)
#
# Um gerador divide `count` fotos em lotes de `batch_size`. Com `drop_remainder=False`, as fotos que sobram no fim formam um último lote, menor; com `drop_remainder=True`, elas ficam de fora. Quantos lotes há em uma época? É o número inteiro que `__len__` devolve. Por exemplo, 7 fotos em lotes de 3 dão um lote de 3, outro de 3 e um de 1: `num_batches(7, 3, False)` deve devolver 3, e `num_batches(7, 3, True)`, 2.

# %% [markdown] lang="en" of="44b59795"
# ### 1. How many batches does an epoch have? (easy)
#
# A generator divides `count` photos into batches of `batch_size`. With `drop_remainder=False` the photos left over at the end make a last, smaller batch; with `drop_remainder=True` they are left out. How many batches are there in an epoch? It is the integer that `__len__` returns. For example, 7 photos in batches of 3 make one batch of 3, another of 3 and one of 1: `num_batches(7, 3, False)` should return 3, and `num_batches(7, 3, True)` 2.


# %% tags=["stub"]
def num_batches(count, batch_size, drop_remainder):
    return ...


# %% tags=["solution"]
def num_batches(count, batch_size, drop_remainder):
    if drop_remainder:
        return count // batch_size
    return math.ceil(count / batch_size)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-length", num_batches)

# %% [markdown] lang="pt"
# ### 2. Ache o erro: as fotos repetidas (fácil)
#
# Esta função deveria dizer onde começa e onde termina o lote `index`, em uma lista de `count` fotos. O exemplo mostra o que ela responde para 7 fotos em lotes de 3. Que fotos aparecem em mais de um lote? Quais não aparecem em nenhum?

# %% [markdown] lang="en" of="3e60404a"
# ### 2. Find the error: the repeated photos (easy)
#
# This function should tell where batch `index` begins and ends, in a list of `count` photos. The example shows what it answers for 7 photos in batches of 3. Which photos appear in more than one batch? Which appear in none?


# %%
def broken_rows(index, count, batch_size):
    return index, index + batch_size


[broken_rows(index, 7, 3) for index in range(3)]

# %% [markdown] lang="pt"
# Escreva a versão certa. Lotes e fotos são numerados a partir de 0. O resultado são dois inteiros, `start` e `stop`, tais que `paths[start:stop]` são as fotos do lote: `start` é a posição da primeira, e `stop`, a posição seguinte à da última. O último lote pode ser menor, e mesmo nele `stop` não passa de `count`. No exemplo, o lote 1 tem as fotos 3, 4 e 5: `batch_rows(1, 7, 3)` deve devolver `(3, 6)`.

# %% [markdown] lang="en" of="2431ce45"
# Write the correct version. Batches and photos are numbered from 0. The result is two integers, `start` and `stop`, such that `paths[start:stop]` are the photos of the batch: `start` is the position of the first, and `stop` the position after that of the last. The last batch may be smaller, and even there `stop` does not exceed `count`. In the example batch 1 has photos 3, 4 and 5: `batch_rows(1, 7, 3)` should return `(3, 6)`.


# %% tags=["stub"]
def batch_rows(index, count, batch_size):
    return ...


# %% tags=["solution"]
def batch_rows(index, count, batch_size):
    return index * batch_size, min((index + 1) * batch_size, count)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-rows", batch_rows)

# %% [markdown] lang="pt"
# ### 3. Quanta memória ocupa um lote? (fácil)
#
# Um lote tem `batch_size` fotos coloridas de `height` × `width` pixels, e cada número dele ocupa `bits` bits: 8 em `uint8`, 32 em `float32`, 64 em `float64`. Quantos bytes o lote ocupa? Por exemplo, 2 fotos de 3 × 4 pixels com números de 16 bits ocupam 144 bytes: `batch_bytes(2, 3, 4, 16)` deve devolver 144. Depois use a sua função para reencontrar os 94, 47 e 12 MB de um lote de 5 fotos de 768 × 1.024 pixels.

# %% [markdown] lang="en" of="f47c1ac1"
# ### 3. How much memory does a batch take? (easy)
#
# A batch has `batch_size` colour photos of `height` × `width` pixels, and each of its numbers takes `bits` bits: 8 in `uint8`, 32 in `float32`, 64 in `float64`. How many bytes does the batch take? For example, 2 photos of 3 × 4 pixels with numbers of 16 bits take 144 bytes: `batch_bytes(2, 3, 4, 16)` should return 144. Then use your function to find the 94, 47 and 12 MB of a batch of 5 photos of 768 × 1,024 pixels again.


# %% tags=["stub"]
def batch_bytes(batch_size, height, width, bits):
    return ...


# %% tags=["solution"]
def batch_bytes(batch_size, height, width, bits):
    return batch_size * height * width * 3 * bits // 8


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-bytes", batch_bytes)

# %% [markdown] lang="pt"
# ### 4. Ache o erro: o rótulo que não é o da pasta (médio)
#
# Esta função deveria dar o número da classe de uma foto, a partir da pasta em que ela está. A foto do exemplo está na pasta `7`, a segunda das três classes, mas a função responde 7, um número que nenhuma delas tem. Com uma pasta `rice` ela nem responde: para com um erro. E o segundo valor mostra o que acontece com um caminho do Windows: `split("/")` não separa nada.

# %% [markdown] lang="en" of="e4e4def3"
# ### 4. Find the error: the label that is not the folder's (medium)
#
# This function should give the number of a photo's class, from the folder that the photo is in. The photo of the example is in the folder `7`, the second of the three classes, but the function answers 7, a number that none of them has. With a folder `rice` it does not even answer: it stops with an error. And the second value shows what happens to a path from Windows: `split("/")` splits nothing.


# %%
def broken_label(path, classes):
    return int(str(path).split("/")[-2])


windows_path = PureWindowsPath("photos/7/017-a.jpg")
posix_label = broken_label(PurePosixPath("photos/7/017-a.jpg"), ["5", "7", "9"])
posix_label, str(windows_path).split("/")

# %% [markdown] lang="pt"
# Escreva a versão certa. `path` é um caminho do `pathlib`, do Windows (`PureWindowsPath`) ou dos outros sistemas (`PurePosixPath`), e a foto fica diretamente dentro da pasta da sua classe. `classes` é a lista dos nomes dessas pastas, que podem ser quaisquer. O resultado é a posição do nome na lista, a partir de 0. Por exemplo, com o caminho `PurePosixPath("photos/rice/017-a.jpg")` e as classes `["beans", "rice", "sugar"]`, é 1.

# %% [markdown] lang="en" of="b36495b8"
# Write the correct version. `path` is a path of `pathlib`, from Windows (`PureWindowsPath`) or from other systems (`PurePosixPath`), and the photo is directly inside the folder of its class. `classes` is the list of the names of these folders, which can be any. The result is the position of the name in the list, counted from 0. For example, with the path `PurePosixPath("photos/rice/017-a.jpg")` and the classes `["beans", "rice", "sugar"]` it is 1.


# %% tags=["stub"]
def label_of(path, classes):
    return ...


# %% tags=["solution"]
def label_of(path, classes):
    return classes.index(path.parent.name)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-label", label_of)

# %% [markdown] lang="pt"
# ### 5. Ache o erro: a ordem que não muda (médio)
#
# Esta função deveria dar a ordem em que cada época toma as fotos, mas a época 1 repete a ordem da época 0.

# %% [markdown] lang="en" of="c9665789"
# ### 5. Find the error: the order that does not change (medium)
#
# This function should give the order in which each epoch takes the photos, but epoch 1 repeats the order of epoch 0.


# %%
def broken_order(count, seed, epoch):
    return np.random.default_rng(seed).permutation(count)


broken_order(6, 13, 0), broken_order(6, 13, 1)

# %% [markdown] lang="pt"
# Escreva a versão certa. `seed` (a semente) e `epoch` (a época) são inteiros a partir de 0. O resultado é um array com os números de 0 a `count - 1` embaralhados, cada um uma vez: com 3 fotos, `[2, 0, 1]` é uma ordem, mas `[2, 0, 2]` e `[3, 1, 2]` não são. Com os mesmos `seed` e `epoch`, a ordem é sempre a mesma. Quando um dos dois muda, ou ambos, ela também muda (com poucas fotos, duas ordens podem coincidir por acaso). Há várias respostas certas, e a conferência aceita qualquer uma.

# %% [markdown] lang="en" of="a5332785"
# Write the correct version. `seed` and `epoch` are integers from 0. The result is an array with the numbers from 0 to `count - 1` shuffled, each of them once: with 3 photos `[2, 0, 1]` is an order, but `[2, 0, 2]` and `[3, 1, 2]` are not. With the same `seed` and `epoch` the order is always the same. When one of the two changes, or both, it changes too (with few photos two orders may be equal by chance). There are several correct answers, and the check accepts any of them.


# %% tags=["stub"]
def epoch_order(count, seed, epoch):
    return ...


# %% tags=["solution"]
def epoch_order(count, seed, epoch):
    return np.random.default_rng([seed, epoch]).permutation(count)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-order", epoch_order)

# %% [markdown] lang="pt"
# ### 6. A revocação de cada classe (médio)
#
# `confusion` é uma matriz de confusão, um array (classes, classes) de contagens de fotos: na linha, a classe verdadeira; na coluna, a que a rede deu. Calcule a revocação (*recall*) de cada classe: entre as fotos que são mesmo dela, a fração que a rede acertou, de 0 a 1. O resultado é um array com um número por classe. Se uma classe não tem fotos, o número dela é NaN (`np.nan`): não há o que medir. Por exemplo, `[[3, 1, 0], [0, 0, 0], [2, 0, 2]]` dá `[0.75, nan, 0.5]`. No NumPy, 0 dividido por 0 já é NaN, com um aviso, que `with np.errstate(invalid="ignore"):` silencia.

# %% [markdown] lang="en" of="17656faa"
# ### 6. The recall of each class (medium)
#
# `confusion` is a confusion matrix, an array (classes, classes) of counts of photos: the row is the true class, the column the one that the network gave. Compute the recall of each class: among the photos that are really of it, the fraction that the network answered correctly, from 0 to 1. The result is an array with one number per class. Where a class has no photos its number is NaN (`np.nan`): there is nothing to measure. For example, `[[3, 1, 0], [0, 0, 0], [2, 0, 2]]` gives `[0.75, nan, 0.5]`. In NumPy 0 divided by 0 already is NaN, with a warning, which `with np.errstate(invalid="ignore"):` silences.


# %% tags=["stub"]
def recalls(confusion):
    return ...


# %% tags=["solution"]
def recalls(confusion):
    with np.errstate(invalid="ignore"):
        return np.diag(confusion) / confusion.sum(axis=1)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-recall", recalls)

# %% [markdown] lang="pt"
# ### 7. Quantas fotos de teste vazaram? (difícil)
#
# Duas fotos da mesma cena são quase iguais. Se uma está no treino e a outra no teste, a rede parece melhor do que é. `train` e `test` são listas de nomes de arquivos, e a cena é a parte do nome antes do último hífen: `017` em `017-a.jpg`, `bench-2` em `bench-2-b.jpg`. Todo nome tem um hífen ou mais. Quantas fotos de `test` são de uma cena que também está em `train`? Por exemplo, com `["017-a.jpg", "017-b.jpg", "018-a.jpg"]` no treino e `["017-c.jpg", "019-a.jpg", "020-b.jpg"]` no teste, é uma, a `017-c.jpg`: `leaking` deve devolver 1.

# %% [markdown] lang="en" of="c5d2c628"
# ### 7. How many test photos leaked? (hard)
#
# Two photos of the same scene are almost equal. If one is in the training part and the other in the test part, the network seems better than it is. `train` and `test` are lists of file names, and the scene is the part of the name before the last hyphen: `017` in `017-a.jpg`, `bench-2` in `bench-2-b.jpg`. Every name has one hyphen or more. How many photos of `test` are of a scene that is also in `train`? For example, with `["017-a.jpg", "017-b.jpg", "018-a.jpg"]` in training and `["017-c.jpg", "019-a.jpg", "020-b.jpg"]` in the test, it is one, `017-c.jpg`: `leaking` should return 1.


# %% tags=["stub"]
def leaking(train, test):
    return ...


# %% tags=["solution"]
def leaking(train, test):
    known_scenes = {shot.rsplit("-", 1)[0] for shot in train}
    return sum(shot.rsplit("-", 1)[0] in known_scenes for shot in test)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("03-leak", leaking)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta. Fique na validação, para não gastar o teste.
#
# 1. Divida as fotos de novo, sem agrupar as cenas, e treine a mesma rede. Quantas fotos de validação têm a cena no treino (`leaking` as conta), e quanto sobe a acurácia de validação? Essa diferença é aprendizado ou memória?
# 2. Troque o par `DepthwiseConv2D` e `Conv2D` 1 × 1 por uma única `Conv2D` 3 × 3 com o mesmo número de filtros. Compare os parâmetros, o tempo de uma época e a acurácia de validação. O que o par economiza quando entram 3 canais? E se entrassem 300?
# 3. Treine com a mesma semente e lotes de 1, 5 e 20 fotos. Como mudam a memória de um lote, o número de passos e o tempo de uma época? E a acurácia de validação depois do mesmo número de épocas?

# %% [markdown] lang="en" of="419b3288"
# ### To explore
#
# There is no ready answer here. Stay on validation, so as not to use up the test.
#
# 1. Split the photos again, without grouping the scenes, and train the same network. How many validation photos have their scene in the training part (`leaking` counts them), and by how much does validation accuracy rise? Is that difference learning or memory?
# 2. Replace the pair of `DepthwiseConv2D` and 1 × 1 `Conv2D` by a single 3 × 3 `Conv2D` with the same number of filters. Compare the parameters, the time of an epoch and the validation accuracy. What does the pair save when 3 channels come in? And if 300 came in?
# 3. Train with the same seed and batches of 1, 5 and 20 photos. How do the memory of a batch, the number of steps and the time of an epoch change? And the validation accuracy after the same number of epochs?

# %% [markdown] lang="pt"
# ## Para ir além
#
# - Documentação do Keras: [`PyDataset`](https://keras.io/api/utils/python_utils/#pydataset-class).
# - Guia do TensorFlow: [Better performance with the tf.data API](https://www.tensorflow.org/guide/data_performance).
# - Lin, Chen e Yan (2014), [Network In Network](https://arxiv.org/abs/1312.4400): a convolução 1 × 1 e a média global.
# - Howard et al. (2017), [MobileNets](https://arxiv.org/abs/1704.04861): redes feitas de convoluções canal por canal e pixel por pixel.
# - Kapoor e Narayanan (2023), [Leakage and the reproducibility crisis in machine-learning-based science](https://doi.org/10.1016/j.patter.2023.100804).
# - Klasson, Zhang e Kjellström (2019), [A Hierarchical Grocery Store Image Dataset](https://arxiv.org/abs/1901.00711): fotos reais, com uma pasta por classe.

# %% [markdown] lang="en" of="36c0f001"
# ## Further reading
#
# - Keras documentation: [`PyDataset`](https://keras.io/api/utils/python_utils/#pydataset-class).
# - TensorFlow guide: [Better performance with the tf.data API](https://www.tensorflow.org/guide/data_performance).
# - Lin, Chen and Yan (2014), [Network In Network](https://arxiv.org/abs/1312.4400): the 1 × 1 convolution and global average pooling.
# - Howard et al. (2017), [MobileNets](https://arxiv.org/abs/1704.04861): networks made of convolutions channel by channel and pixel by pixel.
# - Kapoor and Narayanan (2023), [Leakage and the reproducibility crisis in machine-learning-based science](https://doi.org/10.1016/j.patter.2023.100804).
# - Klasson, Zhang and Kjellström (2019), [A Hierarchical Grocery Store Image Dataset](https://arxiv.org/abs/1901.00711): real photos, with one folder a class.
