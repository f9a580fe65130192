# %% [markdown] lang="pt"
# # 06 · No navegador: os modelos do curso em uma página
#
# {{badges}}
#
# Até aqui, tudo aconteceu em Python. Neste capítulo, os modelos vão para uma página: a rede do capítulo 05 treina dentro do navegador, com o TensorFlow.js, e a do capítulo 02 classifica ali uma foto sua, com o LiteRT.js. Nenhuma foto sai do aparelho de quem usa a página. E os números devem ser os do Keras: a própria página mostra a maior diferença entre os dois.
#
# **Você vai aprender a**
# - dizer o que muda quando um modelo roda no navegador, e quando vale a pena;
# - montar a pasta de uma página, com bibliotecas em versões fixas, conferidas uma a uma;
# - ler e mudar os três caminhos do treino em JavaScript: `fit`, `fitDataset` e `optimizer.minimize`;
# - achar os tensores que ninguém liberou;
# - exportar um modelo para o LiteRT com o lote fixo e conferir que ele responde como o Keras;
# - levar uma foto do arquivo ao modelo do mesmo jeito dos dois lados, e medir o custo de um descuido;
# - abrir a página no computador, no Colab e nos celulares da sala.
#
# **Tempo:** cerca de 75 minutos de leitura e execução e 45 minutos de exercícios; só a execução leva cerca de 1 minuto em 2 núcleos de CPU. **Pré-requisitos:** o capítulo 05 (os três caminhos) e, do 02, redes convolucionais. Você não precisa saber JavaScript: as funções são curtas, e uma tabela as traduz para Python.

# %% [markdown] lang="en" of="af5e30c5"
# # 06 · In the browser: the course's models on a web page
#
# {{badges}}
#
# So far everything has happened in Python. In this chapter the models go to a web page: the network of chapter 05 trains inside the browser, with TensorFlow.js, and that of chapter 02 classifies a photo of yours there, with LiteRT.js. No photo leaves the device of whoever uses the page. And the numbers should be those of Keras: the page itself shows the largest difference between the two.
#
# **You will learn to**
# - say what changes when a model runs in the browser, and when that is worth it;
# - put together the folder of a page, with libraries of fixed versions, checked one by one;
# - read and change the three roads of training in JavaScript: `fit`, `fitDataset` and `optimizer.minimize`;
# - find the tensors that nobody disposed of;
# - export a model to LiteRT with a fixed batch and check that it answers as Keras does;
# - take a photo from its file to the model in the same way on both sides, and measure the cost of a slip;
# - open the page on the computer, in Colab and on the phones in the classroom.
#
# **Time:** about 75 minutes to read and run, and 45 minutes of exercises; running alone takes about 1 minute on 2 CPU cores. **Prerequisites:** chapter 05 (the three roads) and, from 02, convolutional networks. You do not need to know JavaScript: the functions are short, and a table translates them to Python.

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
# Os dígitos vêm com o scikit-learn. As fotos são as do capítulo 02: com `"sample"`, os desenhos que acompanham o curso; com `"full"`, fotos reais de pizzas e bifes. `SITE` é a pasta da página que vamos montar, e `HOST`, quem pode abri-la: por enquanto, só este computador.

# %% [markdown] lang="en" of="96eec7c3"
# The digits come with scikit-learn. The photos are those of chapter 02: with `"sample"` the drawings that come with the course; with `"full"` real photos of pizzas and steaks. `SITE` is the folder of the page that we will put together, and `HOST` who may open it: for now only this computer.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
DIGIT_EPOCHS = 10
DIGIT_RATE, MOMENTUM = 0.03, 0.9
IMAGE_SIZE = 96 if FULL else 64
PHOTO_EPOCHS = 15 if FULL else 8
PHOTO_RATE = 0.002 if FULL else 0.003
BATCH_SIZE = 32
SITE = Path("runs/06") / SUBSET
HOST = "127.0.0.1"

# %%
import base64
import hashlib
import json
import re
import shutil
import threading
import time
import warnings
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from IPython.display import Markdown
from keras import layers
from PIL import Image, ImageOps
from scipy.stats import binomtest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

# %%
from helpers import check_answer, create_data_batches, dataset_dir, show_images

chapter_start = time.perf_counter()
tf.get_logger().setLevel("ERROR")
tf.config.experimental.enable_tensor_float_32_execution(False)
plt.style.use("tableau-colorblind10")

# %% [markdown] lang="pt"
# ## Por que no navegador?
#
# Um navegador já está instalado em quase todo computador e celular. Uma página com um modelo dentro chega a qualquer pessoa por um endereço, sem instalar nada, e, depois de baixar tudo, funciona sem internet enquanto a aba estiver aberta. Mas ela também tem limites:
#
# | | Em um servidor, com Python | No navegador |
# |---|---|---|
# | **privacidade** | a foto viaja até o servidor | a foto não sai do aparelho |
# | **custo por uso** | de quem mantém o servidor | do aparelho de quem usa |
# | **espera** | a da rede, a cada foto | a do primeiro carregamento |
# | **tamanho do modelo** | o que couber na memória do servidor | cada pessoa o baixa inteiro |
# | **segredo** | o modelo fica no servidor | qualquer um pode copiá-lo |
# | **velocidade** | a do seu hardware | a de um aparelho que você não conhece |
#
# Usaremos duas bibliotecas, cada uma no que faz melhor:
#
# - o **TensorFlow.js** treina e executa redes em JavaScript, com uma interface parecida com a do Keras;
# - o **LiteRT.js** só executa: abre o arquivo `.tflite` que o Keras exporta, do mesmo tipo que o do robô do capítulo 04.
#
# ![Três caixas da esquerda para a direita, ligadas por setas. Python: Keras, fit, export e predict. A pasta runs/06: index.html, page.js, os dados em JSON, model.tflite e as bibliotecas. O navegador, que recebe a pasta por http: TensorFlow.js, com fit e predict, e LiteRT.js, com model.tflite.](images/06_road.svg)

# %% [markdown] lang="en" of="8c970f3b"
# ## Why in the browser?
#
# A browser is already installed on nearly every computer and phone. A page with a model inside reaches anybody through an address, with nothing to install, and once everything has been downloaded it works without internet as long as the tab stays open. But it has its limits too:
#
# | | On a server, with Python | In the browser |
# |---|---|---|
# | **privacy** | the photo travels to the server | the photo does not leave the device |
# | **cost per use** | paid by whoever runs the server | paid by the user's device |
# | **waiting** | for the network, with every photo | for the first load |
# | **size of the model** | what fits in the server's memory | each person downloads all of it |
# | **secrecy** | the model stays on the server | anybody can copy it |
# | **speed** | that of your hardware | that of a device that you do not know |
#
# We will use two libraries, each for what it does best:
#
# - **TensorFlow.js** trains and runs networks in JavaScript, with an interface much like that of Keras;
# - **LiteRT.js** only runs: it opens the `.tflite` file that Keras exports, the same kind as on the robot of chapter 04.
#
# ![Three boxes from left to right, joined by arrows. Python: Keras, fit, export and predict. The folder runs/06: index.html, page.js, the data in JSON, model.tflite and the libraries. The browser, which receives the folder over http: TensorFlow.js, with fit and predict, and LiteRT.js, with model.tflite.](images/06_road.svg)

# %% [markdown] lang="pt"
# ## A pasta da página
#
# Os arquivos da página estão em `notebooks/browser`: `index.html` (a estrutura e as cores), `page.js` (tudo o que ela faz) e `package.json` (as bibliotecas). Copiamos os dois primeiros para a pasta `SITE`, à qual este caderno vai acrescentar os dados. O resultado é uma pasta de arquivos comuns: cabe em um pen drive e pode ser publicada em qualquer servidor de páginas.

# %% [markdown] lang="en" of="5a78232d"
# ## The folder of the page
#
# The files of the page are in `notebooks/browser`: `index.html` (the structure and the colours), `page.js` (all that it does) and `package.json` (the libraries). We copy the first two into the folder `SITE`, to which this notebook will add the data. The result is a folder of ordinary files: it fits on a USB stick and can be published on any web server.

# %%
PAGE = Path("notebooks/browser")
shutil.rmtree(SITE, ignore_errors=True)
(SITE / "data/photos").mkdir(parents=True)
for name in ("index.html", "page.js"):
    shutil.copy(PAGE / name, SITE)


def write_json(name, content):
    (SITE / "data" / name).write_text(json.dumps(content), encoding="utf-8")


# %% [markdown] lang="pt"
# ### As bibliotecas
#
# `package.json` fixa a versão exata de cada biblioteca. Para cada arquivo que a página carrega, ele guarda também um **hash**: um resumo (SHA-384) de todos os bytes. Troque um byte, e o resumo é outro:

# %% [markdown] lang="en" of="5ae7064a"
# ### The libraries
#
# `package.json` fixes the exact version of each library. For each file that the page loads it also keeps a **hash**: a digest (SHA-384) of all the bytes. Change one byte, and the digest is another:


# %%
def integrity(content):
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


package = json.loads((PAGE / "package.json").read_text(encoding="utf-8"))
content = b"const answer = 42;"
[integrity(data)[:20] for data in (content, content.replace(b"42", b"43"))]

# %% [markdown] lang="pt"
# O navegador faz essa conta com o que recebe e recusa o arquivo se o resumo não for o esperado. É uma proteção que custa uma linha: as bibliotecas costumam vir de uma **CDN** (uma rede de servidores de outra empresa), e sem o hash a sua página executaria o que a CDN mandasse.
#
# De onde vêm os arquivos? Se alguém rodou em um terminal, na pasta do curso, `npm ci --ignore-scripts --prefix notebooks/browser` (é preciso ter o [Node.js](https://nodejs.org) e, nessa hora, internet), eles estão em `node_modules`: copiamos os que a página usa para a pasta dela, que passa a funcionar sem internet, e conferimos os hashes. Senão, a página os busca na CDN, na versão exata, e só o navegador os confere. (Dos três pacotes listados, `wasm-utils` é uma parte do LiteRT.js.)

# %% [markdown] lang="en" of="1a4c13a9"
# The browser computes this from what it receives and refuses the file if the digest is not the expected one. It is a protection that costs one line: libraries usually come from a **CDN** (a network of servers of another company), and without the hash your page would execute whatever the CDN sent.
#
# Where do the files come from? If somebody has run `npm ci --ignore-scripts --prefix notebooks/browser` in a terminal, in the course's folder (which takes [Node.js](https://nodejs.org) and, at that moment, internet), they are in `node_modules`: we copy those that the page uses into its folder, which then works without internet, and check the hashes. Otherwise the page fetches them from the CDN, in the exact version, and only the browser checks them. (Of the three packages listed, `wasm-utils` is a part of LiteRT.js.)


# %%
def library(file):
    name = "/".join(file.split("/")[:2])
    version = package["dependencies"][name]
    source = PAGE / "node_modules" / file
    if not source.exists():
        return f"https://cdn.jsdelivr.net/npm/{name}@{version}/{file.removeprefix(name + '/')}"
    (SITE / "lib" / file).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, SITE / "lib" / file)
    return f"lib/{file}"


libraries = {
    file: {"url": library(file), "integrity": digest}
    for file, digest in package["libraryFiles"].items()
}
write_json("libraries.json", libraries)

# %% tags=["nbval-check-output"]
copied = {file: SITE / facts["url"] for file, facts in libraries.items() if ":" not in facts["url"]}
hashes_match = all(
    integrity(path.read_bytes()) == package["libraryFiles"][file] for file, path in copied.items()
)
package["dependencies"], hashes_match

# %% [markdown] lang="pt"
# ## Os dígitos, para o navegador
#
# São os do capítulo 05, com a mesma divisão em treino, validação e teste. A página recebe os números originais, de 0 a 16 em 8 × 8, e os amplia ela mesma: são 64 números por dígito, em vez de 784.

# %% [markdown] lang="en" of="b53b7f59"
# ## The digits, for the browser
#
# They are those of chapter 05, with the same split into training, validation and test. The page receives the original numbers, from 0 to 16 in 8 × 8, and enlarges them itself: 64 numbers per digit instead of 784.

# %% tags=["nbval-check-output"]
digits = load_digits()
counts, labels = digits.data.astype("int32"), digits.target.astype("int32")
rows = np.arange(len(labels))
rest, test_rows = train_test_split(rows, test_size=0.2, stratify=labels, random_state=13)
train_rows, val_rows = train_test_split(
    rest, test_size=0.25, stratify=labels[rest], random_state=13
)
counts.shape, int(counts.max()), len(train_rows), len(val_rows)


# %%
def enlarge(counts):
    small = (counts / 16).astype("float32").reshape(-1, 8, 8, 1)
    return tf.image.resize(small, (28, 28)).numpy().reshape(-1, 784)


x_train, y_train = enlarge(counts[train_rows]), labels[train_rows]
x_val, y_val = enlarge(counts[val_rows]), labels[val_rows]

# %% [markdown] lang="pt"
# Para comparar os dois treinos, eles precisam partir dos mesmos pesos e ver os dados na mesma ordem. Por isso o Keras treina aqui com `shuffle=False`: a divisão acima já embaralhou as linhas, e a ordem é a mesma em todas as épocas. (Em um treino para valer, sorteie uma ordem por época, como no capítulo 05.)

# %% [markdown] lang="en" of="5bd7f549"
# To compare the two training runs they have to start from the same weights and see the data in the same order. That is why Keras trains with `shuffle=False` here: the split above has already shuffled the rows, and the order is the same in all epochs. (In a real training run draw a new order in each epoch, as in chapter 05.)

# %% tags=["nbval-check-output"]
digit_model = keras.Sequential(
    [keras.Input((784,)), layers.Dense(32, activation="relu"), layers.Dense(10)]
)
start = digit_model.get_weights()
digit_model.compile(
    optimizer=keras.optimizers.SGD(DIGIT_RATE, momentum=MOMENTUM),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
digit_model.count_params()

# %%
digit_log = digit_model.fit(
    x_train,
    y_train,
    batch_size=BATCH_SIZE,
    epochs=DIGIT_EPOCHS,
    shuffle=False,
    validation_data=(x_val, y_val),
    verbose=2 - FULL,
).history

# %% [markdown] lang="pt"
# A página recebe os pesos iniciais (25.450 números), os dados e as perdas do Keras em um arquivo JSON, um formato que o JavaScript lê sem biblioteca nenhuma. A parte de teste fica de fora: ninguém precisa dela para treinar.

# %% [markdown] lang="en" of="392681ff"
# The page receives the initial weights (25,450 numbers), the data and Keras' losses in a JSON file, a format that JavaScript reads without any library. The test part stays out: nobody needs it to train.

# %%
page_data = {
    part: {"pixels": counts[rows].tolist(), "labels": labels[rows].tolist()}
    for part, rows in (("train", train_rows), ("validation", val_rows))
}
page_data["start"] = [{"shape": w.shape, "values": w.ravel().tolist()} for w in start]
page_data["settings"] = {"epochs": DIGIT_EPOCHS, "batchSize": BATCH_SIZE}
page_data["settings"] |= {"learningRate": DIGIT_RATE, "momentum": MOMENTUM}
page_data["keras"] = {name: digit_log[name] for name in ("loss", "val_loss")}
write_json("digits.json", page_data)

# %% [markdown] lang="pt"
# ### Ampliar sem deslocar
#
# Há uma armadilha em levar dados de um lado para o outro: a mesma função, com outro valor padrão. `tf.image.resize` amplia com os centros dos pixels alinhados; `tf.image.resizeBilinear`, no TensorFlow.js, só faz isso se você pedir (`halfPixelCenters`, o último argumento; o exercício 4 mostra a conta). De 8 para 28 pixels, o centro do pixel *p* vai para a posição 3,5 *p* + 1,25; com o valor padrão do TensorFlow.js, para 3,5 *p*. Antes de olhar a figura, responda: para que lado o dígito se desloca?

# %% [markdown] lang="en" of="bf7d35ef"
# ### Enlarging without shifting
#
# There is a trap in taking data from one side to the other: the same function, with another default. `tf.image.resize` enlarges with the centres of the pixels aligned; `tf.image.resizeBilinear`, in TensorFlow.js, only does so if you ask it to (`halfPixelCenters`, the last argument; exercise 4 shows the rule). From 8 to 28 pixels, the centre of pixel *p* goes to position 3.5 *p* + 1.25; with the default of TensorFlow.js, to 3.5 *p*. Before you look at the figure, answer: which way does the digit shift?

# %% alt_pt="Três linhas, uma por dígito, com três imagens cada: o dígito ampliado por tf.image.resize; o mesmo, ampliado sem alinhar os centros, um pouco deslocado para cima e para a esquerda; e a diferença entre os dois, forte nos contornos." alt_en="Three rows, one per digit, with three images each: the digit enlarged by tf.image.resize; the same enlarged without aligning the centres, a little shifted up and to the left; and the difference between the two, strong at the outlines."
small = (counts[val_rows] / 16).astype("float32").reshape(-1, 8, 8, 1)
shifted = tf.compat.v1.image.resize_bilinear(small, (28, 28)).numpy().reshape(-1, 784)
axes = plt.subplots(3, 3, figsize=(6, 6), layout="constrained")[1]
for row, line in enumerate(axes):
    images = (x_val[row], shifted[row], np.abs(x_val[row] - shifted[row]))
    for image, title, ax in zip(images, ("half_pixel", "default", "difference"), line):
        ax.imshow(image.reshape(28, 28), cmap="gray", vmin=0, vmax=1)
        ax.set_title(title)
        ax.axis("off")
plt.show()

# %%
hits = digit_model.predict(x_val, verbose=0).argmax(axis=1) == y_val
shifted_hits = digit_model.predict(shifted, verbose=0).argmax(axis=1) == y_val
round(float(hits.mean()), 3), round(float(shifted_hits.mean()), 3)

# %% [markdown] lang="pt"
# O primeiro número é a acurácia de validação com os dígitos bem ampliados; o segundo, com os deslocados. A rede é a mesma, não há erro nem aviso: só uma acurácia pior, que ninguém veria sem medir.

# %% [markdown] lang="en" of="4e7eb955"
# The first number is the validation accuracy with the digits enlarged properly; the second, with the shifted ones. The network is the same and there is no error and no warning: only a worse accuracy, which nobody would see without measuring.

# %% [markdown] lang="pt"
# ## Os três caminhos, em JavaScript
#
# O treino está em `page.js`. Esta célula copia dele uma função pelo nome, para que você leia aqui o mesmo código que o navegador executa:

# %% [markdown] lang="en" of="72bc789d"
# ## The three roads, in JavaScript
#
# The training is in `page.js`. This cell copies a function out of it by its name, so that you read here the very code that the browser runs:


# %%
def show(name):
    code = (SITE / "page.js").read_text(encoding="utf-8")
    found = re.search(rf"^(async )?function\*? {name}\(.*?^}}", code, re.M | re.S)
    return Markdown(f"```js\n{found[0]}\n```")


show("buildModel")

# %% [markdown] lang="pt"
# Dá para reconhecer o Keras. O que muda são os nomes e algumas manias:
#
# | Python | JavaScript (TensorFlow.js) |
# |---|---|
# | `keras.Sequential([…])` | `tf.sequential({ layers: […] })` |
# | `layers.Dense(32, activation="relu")` | `tf.layers.dense({ units: 32, activation: "relu" })` |
# | `keras.optimizers.SGD(rate, momentum=m)` | `tf.train.momentum(rate, m)` |
# | `model.fit(x, y, epochs=10)` | `await model.fit(x, y, { epochs: 10 })` |
# | `tf.data.Dataset.from_generator(f, …)` | `tf.data.generator(f)` |
# | `GradientTape` e `optimizer.apply(…)` | `optimizer.minimize(() => loss)` |
# | `x @ a + b` | `x.matMul(a).add(b)` |
# | `float(loss)` | `loss.dataSync()[0]` |
# | `logs["accuracy"]`, `logs["val_accuracy"]` | `logs.acc`, `logs.val_acc` |
# | `lambda x: x + 1` | `(x) => x + 1` |
#
# Três sinais aparecem muito. `const` dá nome a um valor. Chaves ou colchetes à esquerda do `=`, ou nos parênteses de uma função, desempacotam: `({ values, shape })` recebe um objeto (o dicionário do JavaScript) e tira dele dois valores, pelo nome. E `...` despeja um objeto dentro de outro, como `**` em Python.
#
# Duas palavras são novas. Uma função **`async`** pode parar no meio e devolver o controle ao navegador; **`await`** marca onde ela espera. Durante o treino, a espera que conta é a do próximo quadro da tela (`tf.nextFrame`): `fit` e `fitDataset` a fazem por você de tempos em tempos. Sem ela, a página ficaria congelada: nem o botão de parar responderia.
#
# ### Primeiro caminho: `fit`

# %% [markdown] lang="en" of="b5630490"
# You will recognize Keras. What changes are the names and a few habits:
#
# | Python | JavaScript (TensorFlow.js) |
# |---|---|
# | `keras.Sequential([…])` | `tf.sequential({ layers: […] })` |
# | `layers.Dense(32, activation="relu")` | `tf.layers.dense({ units: 32, activation: "relu" })` |
# | `keras.optimizers.SGD(rate, momentum=m)` | `tf.train.momentum(rate, m)` |
# | `model.fit(x, y, epochs=10)` | `await model.fit(x, y, { epochs: 10 })` |
# | `tf.data.Dataset.from_generator(f, …)` | `tf.data.generator(f)` |
# | `GradientTape` and `optimizer.apply(…)` | `optimizer.minimize(() => loss)` |
# | `x @ a + b` | `x.matMul(a).add(b)` |
# | `float(loss)` | `loss.dataSync()[0]` |
# | `logs["accuracy"]`, `logs["val_accuracy"]` | `logs.acc`, `logs.val_acc` |
# | `lambda x: x + 1` | `(x) => x + 1` |
#
# Three signs appear often. `const` names a value. Braces or brackets to the left of `=`, or in the parentheses of a function, unpack: `({ values, shape })` receives an object (JavaScript's dictionary) and takes two values out of it, by name. And `...` pours one object into another, like `**` in Python.
#
# Two words are new. An **`async`** function can stop halfway and hand control back to the browser; **`await`** marks where it waits. During training the wait that matters is the one for the next frame of the screen (`tf.nextFrame`): `fit` and `fitDataset` make it for you from time to time. Without it the page would freeze: not even the stop button would respond.
#
# ### The first road: `fit`

# %%
show("trainWithFit")

# %%
show("epochEnd")

# %% [markdown] lang="pt"
# `compileModel` escolhe o otimizador, a perda e a métrica. `epochEnd` monta o *callback* que o `fit` chama ao fim de cada época: `onEpoch` desenha a curva, e `stopping()` diz se alguém apertou o botão de parar.
#
# ### Segundo caminho: `fitDataset`, com um gerador
#
# Este não é o segundo caminho do capítulo 05 (um passo seu): é o `fit` com um gerador, que também está lá. `batches` é um gerador, como os de Python: a estrela de `function*` e o `yield` fazem o mesmo papel. `slice` recorta as linhas de um lote.

# %% [markdown] lang="en" of="36fae1ac"
# `compileModel` chooses the optimizer, the loss and the metric. `epochEnd` sets up the callback that `fit` calls at the end of each epoch: `onEpoch` draws the curve, and `stopping()` says whether somebody has pressed the stop button.
#
# ### The second road: `fitDataset`, with a generator
#
# This is not the second road of chapter 05 (a step of your own) but its `fit` from a generator. `batches` is a generator, like those of Python: the star of `function*` and the `yield` play the same part. `slice` cuts out the rows of a batch.

# %%
show("batches")

# %%
show("trainWithFitDataset")

# %% [markdown] lang="pt"
# ### Terceiro caminho: variáveis e `minimize`
#
# Aqui não há modelo: quatro variáveis, uma função que dá os logits, um laço. `optimizer.minimize` recebe uma função que calcula a perda; por dentro, ele faz o que a fita (`GradientTape`) e `optimizer.apply` fazem em Python. O `true` pede que ele devolva a perda. `crossEntropy` é a entropia cruzada dos logits, com rótulos *one-hot*; `breathe` dá a vez ao navegador, no máximo vinte vezes por segundo; `evaluate` mede a validação; `disposeAll` libera a rede quando outro treino começa.

# %% [markdown] lang="en" of="6a51757c"
# ### The third road: variables and `minimize`
#
# There is no model here: four variables, a function that gives the logits, a loop. `optimizer.minimize` takes a function that computes the loss; inside, it does what the tape (`GradientTape`) and `optimizer.apply` do in Python. The `true` asks it to return the loss. `crossEntropy` is the cross-entropy of the logits, with one-hot labels; `breathe` gives the browser its turn, at most twenty times a second; `evaluate` measures the validation; `disposeAll` disposes of the network when another training run begins.

# %%
show("trainWithMinimize")

# %% [markdown] lang="pt"
# ### O que ninguém libera
#
# Em Python, um tensor que ninguém usa mais devolve a memória sozinho. No TensorFlow.js, não: os números podem estar na memória de uma GPU, que o coletor de lixo do JavaScript não enxerga. (Quando as contas são feitas na CPU, como nesta página, ele pode recuperá-los; mas a contagem acusa o descuido do mesmo jeito, e em uma GPU ele custaria caro.) Há duas ferramentas:
#
# - **`tf.dispose(…)`** libera os tensores que você lhe dá;
# - **`tf.tidy(() => …)`** executa uma função e, no fim, libera todos os tensores que ela criou, menos o que ela devolve.
#
# No segundo caminho, o próprio `fitDataset` libera os lotes do gerador. No terceiro, o laço é seu: cada passo cria `xs`, `ys` e `loss`, e uma linha os libera. E se ela faltasse? A página mostra, a cada época, quantos tensores existem (`tf.memory().numTensors`): deve ser sempre o mesmo número. Antes de abri-la, responda: com 34 passos por época e sem aquela linha, quanto cresceria a coluna? Você vai conferir em "Para explorar".

# %% [markdown] lang="en" of="cb99ab45"
# ### What nobody disposes of
#
# In Python a tensor that nobody uses any more gives its memory back by itself. In TensorFlow.js it does not: the numbers may be in the memory of a GPU, which JavaScript's garbage collector cannot see. (When the CPU does the computing, as on this page, it can recover them; but the count shows the slip all the same, and on a GPU it would be costly.) There are two tools:
#
# - **`tf.dispose(…)`** disposes of the tensors that you give it;
# - **`tf.tidy(() => …)`** runs a function and at the end disposes of all tensors that it made, except what it returns.
#
# On the second road `fitDataset` itself disposes of the generator's batches. On the third the loop is yours: each step makes `xs`, `ys` and `loss`, and one line disposes of them. What if it were missing? After each epoch the page shows how many tensors exist (`tf.memory().numTensors`): it should be the same number throughout. Before you open it, answer: with 34 steps per epoch and without that line, by how much would the column grow? You will check under "To explore".

# %% [markdown] lang="pt"
# ## A rede das fotos
#
# É a `model_5` do capítulo 02: três convoluções com *pooling* e uma sigmoide, que dá a probabilidade de bife. Lá, comparamos redes com cuidado; aqui, precisamos só de uma que já saiba alguma coisa. Não há parte de validação, porque não escolhemos nada: a rede e as épocas são as de lá.

# %% [markdown] lang="en" of="f9729047"
# ## The network of the photos
#
# It is `model_5` of chapter 02: three convolutions with pooling and a sigmoid, which gives the probability of steak. There we compared networks with care; here we only need one that already knows something. There is no validation part, because we choose nothing: the network and the epochs are those of that chapter.

# %% tags=["nbval-check-output"]
folder, class_names = dataset_dir("pizza_steak", SUBSET), ["pizza", "steak"]
paths = {part: sorted((folder / part).glob("*/*.jpg")) for part in ("train", "test")}
targets = {
    part: np.array([class_names.index(path.parent.name) for path in part_paths])
    for part, part_paths in paths.items()
}
{part: np.bincount(numbers).tolist() for part, numbers in targets.items()}

# %% tags=["nbval-check-output"]
blocks = []
for _ in range(3):
    blocks += [layers.Conv2D(10, 3, activation="relu"), layers.MaxPooling2D(2)]
output = [layers.Flatten(), layers.Dense(1, activation="sigmoid")]
photo_model = keras.Sequential([keras.Input((IMAGE_SIZE, IMAGE_SIZE, 3)), *blocks, *output])
optimizer = keras.optimizers.Adam(PHOTO_RATE)
photo_model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
photo_model.count_params()

# %%
sizes = {"image_size": IMAGE_SIZE, "batch_size": BATCH_SIZE}
train_data = create_data_batches(
    paths["train"], targets["train"], training=True, seed=13, cache=True, **sizes
)
photo_log = photo_model.fit(
    train_data, epochs=PHOTO_EPOCHS, shuffle=False, verbose=2 - FULL
).history

# %% [markdown] lang="pt"
# ## Exportar
#
# A página quer uma probabilidade por classe, seja qual for o modelo. A sigmoide dá só a do bife: acrescentamos a da pizza, que é o que falta para 1.

# %% [markdown] lang="en" of="c8a6e22d"
# ## Exporting
#
# The page wants one probability per class, whatever the model. The sigmoid gives only that of steak: we add that of pizza, which is the rest up to 1.

# %% tags=["nbval-check-output"]
photo_input = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 3), batch_size=1)
steak = photo_model(photo_input)
for_page = keras.Model(photo_input, layers.Concatenate()([1 - steak, steak]))
for_page.input_shape, for_page.output_shape

# %% [markdown] lang="pt"
# ### O lote fixo
#
# O LiteRT.js só executa modelos em que todas as dimensões são conhecidas, e `batch_size=1` nem sempre resolve: ao exportar, o Keras 3.15 troca a primeira dimensão por uma livre, que o LiteRT escreve como −1; o Keras 3.13 a mantém. Com a forma pedida em `input_signature`, a versão não importa. Exportamos dos dois modos:

# %% [markdown] lang="en" of="77132f61"
# ### The fixed batch
#
# LiteRT.js only runs models in which all dimensions are known, and `batch_size=1` does not always settle that: on export Keras 3.15 replaces the first dimension by a free one, which LiteRT writes as −1; Keras 3.13 keeps it. With the shape asked for in `input_signature` the version does not matter. We export both ways:

# %%
warnings.filterwarnings("ignore", message=".*tf.lite.Interpreter is deprecated")
fixed = [keras.InputSpec(shape=for_page.input_shape, dtype="float32")]
model_file, free_file = SITE / "data/model.tflite", SITE / "free.tflite"
for_page.export(str(free_file), format="litert", verbose=False)
for_page.export(str(model_file), format="litert", verbose=False, input_signature=fixed)

# %%
interpreters = [tf.lite.Interpreter(str(file)) for file in (free_file, model_file)]
free_file.unlink()
[one.get_input_details()[0]["shape_signature"][0].item() for one in interpreters]

# %% [markdown] lang="pt"
# ### Responde como o Keras?
#
# Conferimos com o interpretador que vem no TensorFlow, em todas as fotos de teste:

# %% [markdown] lang="en" of="6202f48a"
# ### Does it answer as Keras does?
#
# We check with the interpreter inside TensorFlow, on all test photos:

# %%
interpreter = interpreters[1]
interpreter.allocate_tensors()
model_input, model_output = interpreter.get_input_details()[0], interpreter.get_output_details()[0]


def run_litert(image):
    interpreter.set_tensor(model_input["index"], image[None])
    interpreter.invoke()
    return interpreter.get_tensor(model_output["index"])[0]


test_images = np.concatenate(list(create_data_batches(paths["test"], **sizes)))
by_keras = photo_model.predict(test_images, verbose=0)[:, 0]
by_litert = np.stack([run_litert(image) for image in test_images])[:, 1]
litert_difference = float(np.abs(by_keras - by_litert).max())
litert_difference

# %% [markdown] lang="pt"
# ### Quanto pesa?
#
# Quem abre a página espera o arquivo chegar. Quatro bytes por parâmetro (`float32`) são o mínimo sem mudar os números; o resto é a descrição da rede:

# %% [markdown] lang="en" of="f510fb28"
# ### How heavy is it?
#
# Whoever opens the page waits for the file to arrive. Four bytes per parameter (`float32`) are the least without changing the numbers; the rest is the description of the network:

# %%
model_bytes, weight_bytes = model_file.stat().st_size, 4 * photo_model.count_params()
weights_share = weight_bytes / model_bytes
model_bytes, weight_bytes, round(weights_share, 2)

# %%
{file: path.stat().st_size for file, path in copied.items()}

# %% [markdown] lang="pt"
# O último número da primeira lista é a parte dos pesos. Nesta rede tão pequena, a descrição também conta, e as bibliotecas, copiadas ou da CDN, pesam muito mais que a rede: o que o celular mais espera é o `.wasm` do LiteRT.js (dos dois, ele baixa um). Por isso a página só o busca na primeira foto. Nas redes grandes, os pesos são quase tudo, e guardar cada um em 1 byte em vez de 4 (**quantização**, exercício 5) deixa o arquivo perto de um quarto, ao preço de um erro que é preciso medir.
#
# ## Da foto ao modelo
#
# Falta o caminho entre o arquivo da foto e a entrada do modelo, e é nele que mais se erra. O treino leu as fotos com `create_data_batches`, que pede ao decodificador de JPEG uma foto já reduzida. No navegador, não dá para pedir essa mesma redução. A página decodifica a foto inteira, troca cada bloco de pixels pela média dele e interpola. Escrevemos a mesma leitura em Python, passo a passo:

# %% [markdown] lang="en" of="dcdff729"
# The last number of the first list is the share of the weights. In a network this small the description counts too, and the libraries, copied or from the CDN, weigh far more than the network: what the phone waits for most is the `.wasm` of LiteRT.js (of the two it downloads one). That is why the page only fetches it with the first photo. In large networks the weights are nearly everything, and storing each in 1 byte instead of 4 (**quantization**, exercise 5) brings the file to about a quarter, at the price of an error that has to be measured.
#
# ## From the photo to the model
#
# What is missing is the way from the file of the photo to the input of the model, and that is where most mistakes are made. In training the photos were read with `create_data_batches`, which asks the JPEG decoder for a photo that is already smaller. In the browser that same reduction cannot be asked for. The page decodes the whole photo, replaces each block of pixels by its mean and interpolates. We write the same reading in Python, step by step:


# %%
def open_photo(path):
    photo = ImageOps.exif_transpose(Image.open(path))
    return np.asarray(photo.convert("RGB"), "float32") / 255


def read_as_the_page(path, size=IMAGE_SIZE, resize=tf.image.resize):
    photo = open_photo(path)
    fits = min(photo.shape[:2]) // size
    ratio = max(r for r in (1, 2, 4, 8) if r <= max(fits, 1))
    height, width = photo.shape[0] // ratio, photo.shape[1] // ratio
    blocks = photo[: height * ratio, : width * ratio]
    means = blocks.reshape(height, ratio, width, ratio, 3).mean(axis=(1, 3))
    return np.asarray(resize(means[None], (size, size)))[0]


# %% [markdown] lang="pt"
# A função de `page.js` que faz as médias lê uma faixa de linhas por vez, para não encher a memória de um celular. O *canvas*, a área de desenho da página, devolve quatro números por pixel, e o quarto é a opacidade; onde a foto é transparente, pintamos branco por baixo:

# %% [markdown] lang="en" of="def73c14"
# The function of `page.js` that takes the means reads one band of rows at a time, so as not to fill the memory of a phone. The canvas, the page's drawing area, returns four numbers per pixel, the fourth being the opacity; where the photo is transparent, we paint white underneath:

# %%
show("shrink")

# %% [markdown] lang="pt"
# E esta chama o LiteRT.js, que recebe um array e a forma, (1, altura, largura, 3); `run` devolve as saídas, das quais pegamos a primeira. Também aqui ninguém libera por você: `delete()`.

# %% [markdown] lang="en" of="c0f6eb0e"
# And this one calls LiteRT.js, which takes an array and the shape, (1, height, width, 3); `run` returns the outputs, of which we take the first. Here too nobody disposes for you: `delete()`.

# %%
show("classify")

# %% [markdown] lang="pt"
# Quanto as duas leituras diferem, e quanto custaria cada descuido? Medimos nas fotos de teste, com a mesma rede e em comparação com a leitura do treino: a maior diferença na probabilidade de bife, e quantas respostas mudam. As linhas são a leitura da página (`page`); a mesma, sem as médias de blocos; a mesma, sem alinhar os centros dos pixels; a mesma, com os canais trocados (azul, verde, vermelho); e a mesma, com pixels de 0 a 255.

# %% [markdown] lang="en" of="cd7839ee"
# How much do the two readings differ, and what would each slip cost? We measure on the test photos, with the same network and against the reading of the training: the largest difference in the probability of steak, and how many answers change. The rows are the page's reading (`page`); the same without the means of blocks; the same without aligning the centres of the pixels; the same with the channels swapped (blue, green, red); and the same with pixels from 0 to 255.


# %%
readings = {
    "page": read_as_the_page,
    "no_block_means": lambda path: tf.image.resize(open_photo(path), (IMAGE_SIZE,) * 2),
    "no_half_pixel": partial(read_as_the_page, resize=tf.compat.v1.image.resize_bilinear),
    "bgr": lambda path: read_as_the_page(path)[..., ::-1],
    "0_to_255": lambda path: 255 * read_as_the_page(path),
}
answers = {
    name: photo_model.predict(np.stack([read(p) for p in paths["test"]]), verbose=0)[:, 0]
    for name, read in readings.items()
}

# %%
slips = pd.DataFrame(
    {
        "largest difference": {n: np.abs(a - by_keras).max() for n, a in answers.items()},
        "changed answers": {n: np.sum((a > 0.5) != (by_keras > 0.5)) for n, a in answers.items()},
    }
)
slips["photos"] = len(by_keras)
slips.round(4)

# %% [markdown] lang="pt"
# A leitura da página é a que menos muda as probabilidades. Todos os descuidos as mudam mais; alguns trocam poucas respostas, outros, muitas. E nenhum dá erro: a rede responde, sem aviso, a uma foto que não é a que você vê. Por isso, compare os dois lados com números, e não só olhando a página.
#
# A acurácia de teste com a leitura da página, uma vez, com o seu intervalo de 95 %:

# %% [markdown] lang="en" of="409dfa6c"
# The page's reading changes the probabilities least. All the slips change them more; some change few answers, others many. And none raises an error: without a warning the network answers about a photo that is not the one you see. So compare the two sides by numbers, not only by looking at the page.
#
# The test accuracy with the page's reading, once, with its 95% interval:

# %%
page_hits = (answers["page"] > 0.5) == targets["test"]
interval = binomtest(int(page_hits.sum()), len(page_hits)).proportion_ci(method="wilson")
[round(float(value), 3) for value in (page_hits.mean(), interval.low, interval.high)]

# %% [markdown] lang="pt"
# Com uma parte das fotos reais do Food-101 (400 de treino e 120 de teste, `SUBSET = "full"`, medido em 25/11/2026), a acurácia de teste foi 85,8 % (78,5 % a 91,0 %); em comparação com a leitura do treino, a da página mudou 1 resposta em 120, e pixels de 0 a 255 mudaram 50.
#
# ## Abrir a página
#
# A página recebe também dez fotos de teste e as probabilidades que o Keras lhes dá com a mesma leitura (`read_as_the_page`), para que ela mesma compare. Onde o Keras erra, a página deve errar igual: o que se compara são as respostas, e não os acertos.

# %% [markdown] lang="en" of="cbb14aff"
# With some of the real photos from Food-101 (400 for training and 120 for testing, `SUBSET = "full"`, measured on 2026-11-25) the test accuracy was 85.8% (78.5% to 91.0%); against the reading of the training, that of the page changed 1 answer in 120, and pixels from 0 to 255 changed 50.
#
# ## Opening the page
#
# The page also receives ten test photos and the probabilities that Keras gives them with the same reading (`read_as_the_page`), so that it can compare by itself. Where Keras is wrong the page should be wrong in the same way: what is compared are the answers, not whether they are correct.

# %% alt_pt="Dez fotos de teste, metade de cada classe, cada uma com a classe e a probabilidade que o Keras lhe dá." alt_en="Ten test photos, half of each class, each with the class and the probability that Keras gives it."
order = np.argsort(targets["test"], kind="stable")
chosen = order[np.linspace(0, len(order) - 1, 10).astype(int)]
samples = []
for number, row in enumerate(chosen, start=1):
    path, second = paths["test"][row], float(answers["page"][row])
    file = f"{number:02}-{path.parent.name}{path.suffix}"
    shutil.copy(path, SITE / "data/photos" / file)
    samples.append({"file": file, "keras": [1 - second, second]})
write_json("photos.json", {"classNames": class_names, "imageSize": IMAGE_SIZE, "photos": samples})
best = [np.argmax(sample["keras"]) for sample in samples]
titles = [f"{class_names[i]} {sample['keras'][i]:.0%}" for i, sample in zip(best, samples)]
show_images([open_photo(paths["test"][row]) for row in chosen], titles)
plt.show()

# %% [markdown] lang="pt"
# Um servidor de arquivos que vem com o Python entrega a pasta. Ele funciona em segundo plano até o processo de Python deste caderno ser encerrado; fechar a aba do caderno não o desliga.

# %% [markdown] lang="en" of="996716ad"
# A file server that comes with Python serves the folder. It works in the background until this notebook's Python process is shut down; closing the notebook's tab does not stop it.


# %%
class Files(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer((HOST, 0), partial(Files, directory=str(SITE.resolve())))
threading.Thread(target=server.serve_forever, daemon=True).start()

# %% [markdown] lang="pt"
# Antes de abrir, conferimos que os arquivos chegam inteiros pelo servidor (os das bibliotecas, a página confere pelo hash):

# %% [markdown] lang="en" of="e3dde62b"
# Before opening it we check that the files arrive whole from the server (the page checks those of the libraries by their hashes):


# %% tags=["nbval-check-output"]
def download(name):
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.request("GET", f"/{name}")
    return connection.getresponse().read()


files = [path for path in sorted(SITE.rglob("*")) if path.is_file() and "lib" not in path.parts]
served = all(download(path.relative_to(SITE).as_posix()) == path.read_bytes() for path in files)
[path.name for path in files if path.parent.name != "photos"], served

# %% [markdown] lang="pt"
# Abra o endereço abaixo em outra aba. (No Colab, o servidor está na máquina do Google, e a página aparece logo abaixo da célula.)
#
# Em três famílias de navegadores, em 2 núcleos de CPU (novembro de 2026), os três caminhos deram as perdas do Keras a menos de 10⁻⁶, e as dez fotos, as mesmas classes: no Chromium, que os testes do curso usam; no Firefox 153; e no WebKitGTK 2.50, do mesmo motor que o Safari. Só o tempo mudou: no WebKitGTK, um treino levou de três a quatro vezes o do Firefox.

# %% [markdown] lang="en" of="fa71f184"
# Open the address below in another tab. (In Colab the server is on Google's machine, and the page appears right below the cell.)
#
# In three families of browsers, on 2 CPU cores (November 2026), the three roads gave the losses of Keras to within 10⁻⁶, and the ten photos the same classes: in Chromium, which the course's tests use; in Firefox 153; and in WebKitGTK 2.50, which has Safari's engine. Only the time differed: in WebKitGTK one training took three to four times as long as in Firefox.

# %% tags=["localized"]
place = f"/?lang={os.environ['COURSE_LANG']}"
address = f"http://localhost:{server.server_port}{place}"
if IN_COLAB:
    from google.colab import output

    output.serve_kernel_port_as_iframe(server.server_port, path=place, height="900")
None if IN_COLAB else Markdown(f"[{address}]({address})")

# %% [markdown] lang="pt"
# ![A página em um celular, em três pedaços: o treino, com a curva de perda, a tabela das épocas e a frase que dá a diferença para o Keras; um 3 desenhado à mão, o que a rede recebe e as três classes mais prováveis; e a foto de uma pizza, com as probabilidades em barras.](images/06_page_pt.png)
#
# ### Na sala de aula
#
# Para que os celulares da sala abram a página, escreva `HOST = "0.0.0.0"` na célula de parâmetros e rode o caderno de novo: o servidor passa a atender a rede local. Na mesma rede, os alunos abrem um endereço como `http://192.168.0.12:40831`: o número IP do seu computador (`ipconfig` no Windows, `ip addr` no Linux, `ipconfig getifaddr en0` no Mac) e, depois dos dois-pontos, a porta do endereço acima. Se nada abrir, veja se o firewall do computador ou a rede da escola impede que um aparelho fale com outro. Faça isso só em uma rede em que você confia e, ao terminar, encerre o processo de Python do caderno (no JupyterLab, *Kernel > Shut Down Kernel*). Sem internet, a página precisa trazer as bibliotecas (`npm ci`, no início do capítulo).
#
# ### O que experimentar
#
# 1. Treine pelos três caminhos. A frase embaixo da tabela dá a maior diferença para as perdas do Keras. Ela é menor que 0,00001 (1 × 10⁻⁵, como a página escreve)?
# 2. Olhe a coluna dos tensores: ela muda depois da primeira época?
# 3. Pare um treino no meio e desenhe: o que a rede já sabe depois de uma época?
# 4. Desenhe cada dígito três vezes, do seu jeito, e conte os acertos. É a mesma proporção da validação? Compare o quadro "o que a rede recebe" com os dígitos do conjunto.
# 5. Classifique fotos suas, e uma que não tenha comida nenhuma. Quão segura é a resposta?
# 6. Compare as dez fotos com o Keras.

# %% [markdown] lang="en" of="f3dac28c"
# ![The page on a phone, in three pieces: the training, with the loss curve, the table of epochs and the sentence with the difference from Keras; a 3 drawn by hand, what the network receives and the three most probable classes; and the photo of a pizza, with the probabilities as bars.](images/06_page_en.png)
#
# ### In the classroom
#
# For the phones in the room to open the page, write `HOST = "0.0.0.0"` in the parameters cell and run the notebook again: the server then answers the local network. On the same network the students open an address such as `http://192.168.0.12:40831`: the IP number of your computer (`ipconfig` on Windows, `ip addr` on Linux, `ipconfig getifaddr en0` on a Mac) and, after the colon, the port of the address above. If nothing opens, see whether the computer's firewall or the school's network keeps one device from talking to another. Do so only on a network that you trust, and when you have finished shut down the notebook's Python process (in JupyterLab, *Kernel > Shut Down Kernel*). Without internet the page must carry the libraries (`npm ci`, at the beginning of the chapter).
#
# ### What to try
#
# 1. Train by all three roads. The sentence below the table gives the largest difference from Keras' losses. Is it smaller than 0.00001 (1 × 10⁻⁵, as the page writes it)?
# 2. Look at the column of tensors: does it change after the first epoch?
# 3. Stop a training run halfway and draw: what does the network know after one epoch?
# 4. Draw each digit three times, your way, and count the correct answers. Is it the same proportion as on validation? Compare the picture "what the network receives" with the digits of the set.
# 5. Classify photos of your own, and one without any food in it. How sure is the answer?
# 6. Compare the ten photos with Keras.

# %% [markdown] lang="pt"
# O item 4 pode decepcionar. Os dígitos do conjunto foram escritos em papel, por outras pessoas, e digitalizados nos anos 1990; o seu dedo em uma tela escreve de outro jeito. A página aproxima o seu desenho dos dados: ajusta o traço a um quadro de 32 × 32 e o centraliza, conta a tinta em blocos de 4 × 4 (exercício 1) e amplia. Ainda assim, uma acurácia medida em um conjunto só vale para dados parecidos com ele.
#
# ## Quando usar o quê
#
# | Você quer | Use |
# |---|---|
# | treinar de verdade | Python, com GPU |
# | mostrar um modelo, em uma aula ou a quem não programa | uma página |
# | que a foto não saia do aparelho | uma página, ou um aplicativo com LiteRT |
# | treinar um pouco com os dados de quem usa (uma camada final, por exemplo) | TensorFlow.js |
# | executar um modelo pronto, com as respostas do original | LiteRT.js |
# | um modelo grande, ou que ninguém possa copiar | um servidor |
#
# ## Os erros que este capítulo evita
#
# | O que se lê por aí | O que acontece | O que fazer |
# |---|---|---|
# | tensores nunca liberados | na GPU, a memória só cresce, até a página travar | `tf.tidy`, `dispose`, e olhar `numTensors` |
# | rótulos sorteados para "mostrar o `fit`" | a acurácia não mede nada | dados de verdade, mesmo pequenos |
# | bibliotecas da CDN sem versão (`@latest`) | um dia a página muda sem você | versão exata e hash |
# | exportar com o lote livre | o LiteRT.js recusa a entrada | `input_signature` com o lote fixo |
# | `resizeBilinear` com o padrão | imagem deslocada, acurácia menor, nenhum aviso | `halfPixelCenters = true` |
# | pixels de 0 a 255, ou canais trocados | muitas respostas mudam, sem aviso | a mesma leitura dos dois lados, conferida com números |
# | reduzir uma foto grande só interpolando | quase todos os pixels são ignorados | médias de blocos antes |
# | `logs.val_accuracy` | `undefined`, sem erro | no TensorFlow.js, a chave é `val_acc` |
# | abrir `index.html` direto do disco | os módulos não carregam | um servidor, mesmo que local |

# %% [markdown] lang="en" of="ce3479cd"
# Item 4 may disappoint. The digits of the set were written on paper, by other people, and scanned in the 1990s; your finger on a screen writes in another way. The page brings your drawing closer to the data: it fits the strokes into a frame of 32 × 32 and centres them, counts the ink in blocks of 4 × 4 (exercise 1) and enlarges. Even so, an accuracy measured on a set only holds for data like it.
#
# ## When to use what
#
# | You want | Use |
# |---|---|
# | to train in earnest | Python, with a GPU |
# | to show a model, in class or to people who do not program | a web page |
# | the photo not to leave the device | a web page, or an app with LiteRT |
# | to train a little on the user's data (a final layer, for example) | TensorFlow.js |
# | to run a finished model, with the answers of the original | LiteRT.js |
# | a large model, or one that nobody may copy | a server |
#
# ## The mistakes that this chapter avoids
#
# | What one reads | What happens | What to do |
# |---|---|---|
# | tensors never disposed of | on the GPU memory only grows, until the page crashes | `tf.tidy`, `dispose`, and looking at `numTensors` |
# | random labels to "show `fit`" | accuracy measures nothing | real data, even if small |
# | libraries from the CDN without a version (`@latest`) | one day the page changes without you | the exact version and a hash |
# | exporting with a free batch | LiteRT.js refuses the input | `input_signature` with a fixed batch |
# | `resizeBilinear` with its default | a shifted image, lower accuracy, no warning | `halfPixelCenters = true` |
# | pixels from 0 to 255, or swapped channels | many answers change, without a warning | the same reading on both sides, checked by numbers |
# | reducing a large photo by interpolation alone | nearly all pixels are ignored | means of blocks first |
# | `logs.val_accuracy` | `undefined`, without an error | in TensorFlow.js the key is `val_acc` |
# | opening `index.html` straight from the disk | the modules do not load | a server, even a local one |

# %% [markdown] lang="pt"
# ## Os números do capítulo

# %% [markdown] lang="en" of="e289942e"
# ## The chapter's numbers

# %% tags=["results"]
results = {
    "digit_val_accuracy": round(float(hits.mean()), 4),
    "shifted_val_accuracy": round(float(shifted_hits.mean()), 4),
    "litert_bytes": model_bytes,
    "weights_share": round(weights_share, 2),
    "litert_max_difference": litert_difference,
    "reading_max_difference": slips["largest difference"].astype(float).round(4).to_dict(),
    "changed_answers": slips["changed answers"].astype(int).to_dict(),
    "test_accuracy": round(float(page_hits.mean()), 4),
    "low": round(float(interval.low), 4),
    "high": round(float(interval.high), 4),
    "seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
largest = results["reading_max_difference"]
facts = {
    "digits_are_learned": results["digit_val_accuracy"] > 0.9,
    "a_shift_costs_accuracy": shifted_hits.mean() < hits.mean() - 0.02,
    "litert_is_the_model": litert_difference < 1e-4,
    "batch_is_fixed": interpreters[1].get_input_details()[0]["shape_signature"][0] == 1,
    "page_reads_as_in_training": largest["page"] < 0.05,
    "slips_are_worse": min(largest.values()) == largest["page"],
    "photos_are_told_apart": results["low"] > 0.5,
    "every_file_is_served": served,
}
{name: bool(fact) for name, fact in facts.items()}

# %% [markdown] lang="pt"
# ## Resumo
#
# - Uma página com um modelo é uma pasta de arquivos: HTML, JavaScript, dados, bibliotecas em versões exatas, conferidas por hash.
# - Em JavaScript, `fit`, `fitDataset` com um gerador e `minimize` são três caminhos para o mesmo treino: com a mesma ordem e os mesmos pesos iniciais, dão as perdas do Keras.
# - No TensorFlow.js, quem cria um tensor o libera: `tf.tidy`, `dispose`, e uma contagem que não cresce.
# - Para o LiteRT.js, exporte com o lote fixo e confira que as probabilidades são as do Keras.
# - O caminho da foto até o modelo faz parte do modelo: leia-a do mesmo jeito dos dois lados e meça a diferença.
# - Um modelo só conhece dados como os do treino; um dígito desenhado com o dedo já é outra coisa.

# %% [markdown] lang="en" of="c8c52d62"
# ## Summary
#
# - A page with a model is a folder of files: HTML, JavaScript, data, libraries of exact versions, checked by a hash.
# - In JavaScript, `fit`, `fitDataset` with a generator and `minimize` are three roads to the same training run: with the same order and the same initial weights they give Keras' losses.
# - In TensorFlow.js whoever makes a tensor disposes of it: `tf.tidy`, `dispose`, and a count that does not grow.
# - For LiteRT.js export with a fixed batch and check that the probabilities are those of Keras.
# - The path from the photo to the model is part of the model: read it in the same way on both sides and measure the difference.
# - A model only knows data like those of its training; a digit drawn with a finger is already something else.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige treino nem navegador. Precisam apenas das células de preparação, no começo do caderno.

# %% [markdown] lang="en" of="d644941d"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs training or a browser. They only need the set-up cells at the start of the notebook.

# %% [markdown] lang="pt"
# ### 1. Do desenho aos 8 × 8 números (fácil)
#
# Os dígitos manuscritos do scikit-learn foram digitalizados como bitmaps de 32 × 32 pixels, em que 0 é papel e 1 é tinta. Depois, cada bloco de 4 × 4 pixels virou um número só: quantos pixels de tinta ele tem, de 0 a 16. A nossa página faz o mesmo com o que o leitor desenha. `bitmap` é um array (32, 32) de zeros e uns. Devolva o array (8, 8) das contagens, na mesma posição dos blocos.
#
# Por exemplo, se as linhas 0 a 3 de `bitmap` começam com `0 0 1 1`, `0 1 1 1`, `0 1 1 1` e `0 0 1 1`, o primeiro bloco tem 2 + 3 + 3 + 2 pixels de tinta, e `block_counts(bitmap)[0, 0]` deve ser 10. O bloco à direita dele, nas colunas 4 a 7, dá o número da posição `[0, 1]`.

# %% [markdown] lang="en" of="ef11f5a5"
# ### 1. From the drawing to 8 × 8 numbers (easy)
#
# The handwritten digits of scikit-learn were scanned as bitmaps of 32 × 32 pixels, in which 0 is paper and 1 is ink. Then each block of 4 × 4 pixels became a single number: how many pixels of ink it has, from 0 to 16. Our page does the same with what the reader draws. `bitmap` is an array (32, 32) of zeros and ones. Return the array (8, 8) of the counts, each in the position of its block.
#
# For example, if rows 0 to 3 of `bitmap` begin with `0 0 1 1`, `0 1 1 1`, `0 1 1 1` and `0 0 1 1`, the first block has 2 + 3 + 3 + 2 pixels of ink, and `block_counts(bitmap)[0, 0]` should be 10. The block to the right of it, in columns 4 to 7, gives the number at `[0, 1]`.


# %% tags=["stub"]
def block_counts(bitmap):
    return ...


# %% tags=["solution"]
def block_counts(bitmap):
    blocks = bitmap.reshape(8, 4, 8, 4)  # (block row, row, block column, column)
    return blocks.sum(axis=(1, 3))


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("06-blocks", block_counts)

# %% [markdown] lang="pt"
# ### 2. Ache o erro: as cores do *canvas* (fácil)
#
# O *canvas* de uma página entrega os pixels como uma fila só de números `uint8`: vermelho, verde, azul e opacidade do primeiro pixel, depois os do segundo, e assim por diante, linha por linha. São altura × largura × 4 números. Esta função deveria devolver uma imagem como as do curso: um array `float32` (altura, largura, 3), com valores de 0 a 1. No exemplo, a imagem tem uma linha e dois pixels: um vermelho e um azul, ambos opacos. De que cor saiu o segundo?

# %% [markdown] lang="en" of="454412bd"
# ### 2. Find the error: the colours of the canvas (easy)
#
# The canvas of a page hands over the pixels as one flat list of `uint8` numbers: red, green, blue and opacity of the first pixel, then those of the second, and so on, row by row. They are height × width × 4 numbers. This function should return an image like those of the course: a `float32` array (height, width, 3), with values from 0 to 1. In the example the image has one row and two pixels: a red one and a blue one, both opaque. Which colour did the second one come out in?


# %%
def broken_to_image(values, height, width):
    colours = values[: height * width * 3].reshape(height, width, 3)
    return colours.astype("float32") / 255


canvas_values = np.array([255, 0, 0, 255, 0, 0, 255, 255], dtype=np.uint8)
broken_to_image(canvas_values, height=1, width=2)

# %% [markdown] lang="pt"
# Escreva a versão certa. A opacidade fica de fora, e as cores não mudam com ela. No exemplo, `to_image` deve devolver `[[[1, 0, 0], [0, 0, 1]]]`: o azul vem dos números 0, 0 e 255, que são o quinto, o sexto e o sétimo da fila.

# %% [markdown] lang="en" of="42ce92d9"
# Write the correct version. The opacity is left out, and the colours do not change with it. In the example `to_image` should return `[[[1, 0, 0], [0, 0, 1]]]`: the blue comes from the numbers 0, 0 and 255, which are the fifth, the sixth and the seventh of the list.


# %% tags=["stub"]
def to_image(values, height, width):
    return ...


# %% tags=["solution"]
def to_image(values, height, width):
    pixels = values.reshape(height, width, 4)
    return pixels[:, :, :3].astype("float32") / 255


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("06-pixels", to_image)

# %% [markdown] lang="pt"
# ### 3. Quantos tensores vazam (médio)
#
# `tensor_counts` é uma lista com o número de tensores vivos, o `numTensors` de `tf.memory()`, antes do treino e depois de cada época: um número a mais do que as épocas, que são duas ou mais. `steps` é o número de passos de cada época. Na primeira época, alguns tensores são criados uma vez e ficam com razão, como os do momento do otimizador. Por isso, o primeiro intervalo não entra na conta. Da segunda época em diante, quantos tensores cada passo deixa para trás, em média?
#
# Por exemplo, com `tensor_counts` igual a `[4, 12, 76, 140]` e `steps` igual a 32, os 8 tensores da primeira época não contam. Nas duas outras, o número sobe 140 − 12 = 128 em 2 × 32 = 64 passos, e `leaked_per_step` deve devolver 2.

# %% [markdown] lang="en" of="2fb7fbc7"
# ### 3. How many tensors leak (medium)
#
# `tensor_counts` is a list with the number of tensors alive, the `numTensors` of `tf.memory()`, before training and after each epoch: one number more than there are epochs, of which there are two or more. `steps` is the number of steps of each epoch. In the first epoch some tensors are created once and stay for good reason, such as those of the optimizer's momentum. That is why the first interval does not count. From the second epoch on, how many tensors does each step leave behind, on average?
#
# For example, with `tensor_counts` equal to `[4, 12, 76, 140]` and `steps` equal to 32, the 8 tensors of the first epoch do not count. In the two others the number rises by 140 − 12 = 128 over 2 × 32 = 64 steps, and `leaked_per_step` should return 2.


# %% tags=["stub"]
def leaked_per_step(tensor_counts, steps):
    return ...


# %% tags=["solution"]
def leaked_per_step(tensor_counts, steps):
    return np.mean(np.diff(tensor_counts)[1:]) / steps


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("06-leak", leaked_per_step)

# %% [markdown] lang="pt"
# ### 4. Redimensionar uma linha (médio)
#
# Duas bibliotecas que redimensionam a mesma foto de modos diferentes dão entradas diferentes à mesma rede. `row` é um array com os *n* valores de uma linha de pixels. Devolva a linha com `size` valores, por interpolação linear, em que o centro de cada pixel conta: a saída *i*, contada a partir de 0, fica na posição (*i* + 0,5) · *n* / `size` − 0,5 da entrada. Uma posição menor que 0 vira 0, e uma maior que *n* − 1 vira *n* − 1. É o que fazem `tf.image.resize` e, no TensorFlow.js, `resizeBilinear` com `halfPixelCenters` ligado. Você pode usar `np.interp`.
#
# Por exemplo, com `row` igual a `[10, 20]` e `size` igual a 4, as posições são −0,25, 0,25, 0,75 e 1,25. A primeira vira 0 e a última, 1: `resize_row` deve devolver `[10, 12.5, 17.5, 20]`.

# %% [markdown] lang="en" of="13a0486f"
# ### 4. Resizing a row (medium)
#
# Two libraries that resize the same photo in different ways give different inputs to the same network. `row` is an array with the *n* values of a row of pixels. Return the row with `size` values, by linear interpolation in which the centre of each pixel counts: output *i*, counted from 0, sits at position (*i* + 0.5) · *n* / `size` − 0.5 of the input. A position below 0 becomes 0, and one above *n* − 1 becomes *n* − 1. That is what `tf.image.resize` does and, in TensorFlow.js, `resizeBilinear` with `halfPixelCenters` on. You may use `np.interp`.
#
# For example, with `row` equal to `[10, 20]` and `size` equal to 4, the positions are −0.25, 0.25, 0.75 and 1.25. The first becomes 0 and the last one 1: `resize_row` should return `[10, 12.5, 17.5, 20]`.


# %% tags=["stub"]
def resize_row(row, size):
    return ...


# %% tags=["solution"]
def resize_row(row, size):
    positions = (np.arange(size) + 0.5) * len(row) / size - 0.5
    positions = np.clip(positions, 0, len(row) - 1)
    return np.interp(positions, np.arange(len(row)), row)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("06-bilinear", resize_row)

# %% [markdown] lang="pt"
# ### 5. Pesos em um byte (difícil)
#
# Um modelo quantizado em 8 bits guarda cada peso em um byte, e não em quatro. `weights` é um array de números reais, de qualquer forma, em que nem todos são zero. Devolva um par `(integers, scale)`:
#
# - `scale`, um número só para o array inteiro, é o maior valor absoluto dos pesos dividido por 127;
# - `integers`, um array `int8` da mesma forma, tem em cada posição o inteiro mais próximo do peso dividido por `scale`. Se dois estão à mesma distância, qualquer um serve.
#
# Assim, `integers * scale` difere dos pesos em meia `scale`, no máximo. Por exemplo, com `weights` igual a `[0.504, -1.27, 0.126, 0]`, o maior valor absoluto é 1,27, e `scale` é 0,01. Os pesos divididos por ela são 50,4, −127, 12,6 e 0, e `integers` deve ser `[50, -127, 13, 0]`. De volta, o terceiro peso passa a ser 0,13, com um erro de 0,004.

# %% [markdown] lang="en" of="5caa3f81"
# ### 5. Weights in one byte (hard)
#
# A model quantized to 8 bits keeps each weight in one byte instead of four. `weights` is an array of real numbers, of any shape, not all of them zero. Return a pair `(integers, scale)`:
#
# - `scale`, a single number for the whole array, is the largest absolute value of the weights divided by 127;
# - `integers`, an `int8` array of the same shape, has at each position the integer nearest to the weight divided by `scale`. If two are equally near, either will do.
#
# Then `integers * scale` differs from the weights by half a `scale` at most. For example, with `weights` equal to `[0.504, -1.27, 0.126, 0]`, the largest absolute value is 1.27, and `scale` is 0.01. The weights divided by it are 50.4, −127, 12.6 and 0, and `integers` should be `[50, -127, 13, 0]`. On the way back the third weight becomes 0.13, with an error of 0.004.


# %% tags=["stub"]
def quantize(weights):
    return ...


# %% tags=["solution"]
def quantize(weights):
    scale = np.abs(weights).max() / 127
    return np.round(weights / scale).astype(np.int8), scale


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("06-quantize", quantize)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta. Edite em um editor de texto a cópia de `page.js` que está em `SITE` (`runs/06/sample`, com a amostra) e recarregue a página sem o cache (Ctrl+Shift+R; no Mac, Cmd+Shift+R). A célula que monta a pasta desfaz o que você mudou.
#
# 1. Apague de `trainWithMinimize` a linha `tf.dispose([xs, ys, loss]);`. Quanto cresce a coluna dos tensores a cada época? Era o que você esperava?
# 2. Troque `tf.train.momentum(…)` por `tf.train.adam(0.003)`. As perdas ainda são as do Keras? E depois de mudar o otimizador aqui no caderno?
# 3. Troque `setBackend("cpu")` por `setBackend("webgl")`, que usa a GPU. Para esta rede, ficou mais rápido? E a diferença para o Keras?
# 4. Exporte a rede que você treinou no capítulo 02 (`keras.models.load_model("runs/02/pizza_or_steak.keras")`) no lugar de `photo_model`, com o `IMAGE_SIZE` dela.
# 5. O modelo do capítulo 01, com a EfficientNet-Lite0, já termina em um softmax: exporte-o direto, com `class_names`, `IMAGE_SIZE` e fotos dele em `photos.json`. Qual é o tamanho do arquivo? Quanto a página demora a abri-lo?

# %% [markdown] lang="en" of="e6b2589c"
# ### To explore
#
# There is no ready answer here. Edit in a text editor the copy of `page.js` that is in `SITE` (`runs/06/sample`, with the sample) and reload the page without the cache (Ctrl+Shift+R; on a Mac Cmd+Shift+R). The cell that puts the folder together undoes what you changed.
#
# 1. Delete the line `tf.dispose([xs, ys, loss]);` from `trainWithMinimize`. By how much does the column of tensors grow in each epoch? Is it what you expected?
# 2. Replace `tf.train.momentum(…)` by `tf.train.adam(0.003)`. Are the losses still those of Keras? And after changing the optimizer here in the notebook?
# 3. Replace `setBackend("cpu")` by `setBackend("webgl")`, which uses the GPU. Is it faster for this network? And the difference from Keras?
# 4. Export the network that you trained in chapter 02 (`keras.models.load_model("runs/02/pizza_or_steak.keras")`) in place of `photo_model`, with its `IMAGE_SIZE`.
# 5. The model of chapter 01, with EfficientNet-Lite0, already ends in a softmax: export it directly, with its own `class_names`, `IMAGE_SIZE` and photos in `photos.json`. How large is the file? How long does the page take to open it?

# %% [markdown] lang="pt"
# ## Para ir além
#
# - Smilkov e outros (2019), [TensorFlow.js: Machine Learning for the Web and Beyond](https://arxiv.org/abs/1901.05350).
# - Guias do TensorFlow.js: [treinar modelos](https://www.tensorflow.org/js/guide/train_models), [plataforma e memória](https://www.tensorflow.org/js/guide/platform_environment). [LiteRT para a web](https://ai.google.dev/edge/litert/web).
# - MDN: [integridade de sub-recursos](https://developer.mozilla.org/pt-BR/docs/Web/Security/Subresource_Integrity), [pixels no canvas](https://developer.mozilla.org/pt-BR/docs/Web/API/Canvas_API/Tutorial/Pixel_manipulation_with_canvas), [acessibilidade](https://developer.mozilla.org/pt-BR/docs/Web/Accessibility).
# - Alpaydin e Kaynak (1998), [os dígitos](https://doi.org/10.24432/C50P49), no UCI Machine Learning Repository.
# - Parmar, Zhang e Zhu (2022), [On Aliased Resizing and Surprising Subtleties in GAN Evaluation](https://arxiv.org/abs/2104.11222): o que cada biblioteca faz ao reduzir uma imagem.

# %% [markdown] lang="en" of="d1c21bb6"
# ## Further reading
#
# - Smilkov and others (2019), [TensorFlow.js: Machine Learning for the Web and Beyond](https://arxiv.org/abs/1901.05350).
# - TensorFlow.js guides: [training models](https://www.tensorflow.org/js/guide/train_models), [platform and memory](https://www.tensorflow.org/js/guide/platform_environment). [LiteRT for the web](https://ai.google.dev/edge/litert/web).
# - MDN: [subresource integrity](https://developer.mozilla.org/en-US/docs/Web/Security/Subresource_Integrity), [pixels in a canvas](https://developer.mozilla.org/en-US/docs/Web/API/Canvas_API/Tutorial/Pixel_manipulation_with_canvas), [accessibility](https://developer.mozilla.org/en-US/docs/Web/Accessibility).
# - Alpaydin and Kaynak (1998), [the digits](https://doi.org/10.24432/C50P49), in the UCI Machine Learning Repository.
# - Parmar, Zhang and Zhu (2022), [On Aliased Resizing and Surprising Subtleties in GAN Evaluation](https://arxiv.org/abs/2104.11222): what each library does when it reduces an image.
