# %% [markdown] lang="pt"
# # 00 · Comece aqui: o curso, a sua máquina, os tensores
#
# {{badges}}
#
# Este capítulo prepara o terreno. Ele confere se a sua máquina tem o que o curso pede, mostra como um capítulo funciona e ensina a usar o Colab, a instalar o curso no seu computador e a acompanhar um treino no TensorBoard. No fim, uma foto vira números, e você faz contas com eles.
#
# **Você vai aprender a**
# - ler uma tabela que diz o que falta na sua máquina e como resolver;
# - rodar um capítulo, trocar os desenhos por fotos reais e conferir os seus exercícios;
# - ligar uma GPU no Colab, trazer fotos do Google Drive e guardar o token do Kaggle sem expô-lo;
# - instalar o curso no seu computador;
# - criar tensores e dizer a forma, o tipo e o dispositivo de cada um;
# - transformar uma foto em tensor, recortar, espelhar e separar os canais, e evitar os dois erros mais comuns com pixels;
# - calcular quanta memória um lote de fotos ocupa;
# - registrar um treino para o TensorBoard e ler de volta os números dele.
#
# **Tempo:** cerca de 45 minutos de leitura e execução e 20 minutos de exercícios; só a execução leva cerca de 20 segundos em 2 núcleos de CPU. Não é preciso ter GPU. **Pré-requisitos:** Python básico (funções, listas, `import`) e alguma familiaridade com arrays do NumPy.

# %% [markdown] lang="en" of="65e529ed"
# # 00 · Start here: the course, your machine, tensors
#
# {{badges}}
#
# This chapter prepares the ground. It checks whether your machine has what the course asks for, shows how a chapter works, and teaches you to use Colab, to install the course on your computer and to follow a training run in TensorBoard. At the end a photo becomes numbers, and you compute with them.
#
# **You will learn to**
# - read a table that says what your machine lacks and how to fix it;
# - run a chapter, replace the drawings by real photos and check your exercises;
# - switch on a GPU in Colab, bring photos from Google Drive and keep the Kaggle token without exposing it;
# - install the course on your computer;
# - create tensors and tell the shape, the type and the device of each;
# - turn a photo into a tensor, crop it, mirror it and separate its channels, and avoid the two most common errors with pixels;
# - work out how much memory a batch of photos takes;
# - log a training run for TensorBoard and read its figures back.
#
# **Time:** about 45 minutes to read and run, and 20 minutes of exercises; running alone takes about 20 seconds on 2 CPU cores. No GPU needed. **Prerequisites:** basic Python (functions, lists, `import`) and some familiarity with NumPy arrays.

# %% [markdown] lang="pt"
# ## Preparar o ambiente
#
# Todo capítulo começa com a célula abaixo. Ela encontra a pasta do curso (no Colab, baixa o curso antes) e fixa as sementes dos números aleatórios, para que os sorteios se repitam. Clique nela e tecle **Shift + Enter**; depois faça o mesmo com as seguintes, de cima para baixo.
#
# A célula parou com `ModuleNotFoundError`? Então o curso não está instalado neste Python: vá à seção [No seu computador](#No-seu-computador).

# %% [markdown] lang="en" of="17ecc06e"
# ## Set up the environment
#
# Every chapter begins with the cell below. It finds the course's folder (in Colab it downloads the course first) and fixes the seeds of the random numbers, so that the random draws repeat. Click on it and press **Shift + Enter**; then do the same with the next ones, from top to bottom.
#
# Did the cell stop with `ModuleNotFoundError`? Then the course is not installed in this Python: go to the section [On your computer](#On-your-computer).

# %% tags=["setup"]
# written by build.py

# %% [markdown] lang="pt"
# Em seguida vem a célula de parâmetros, com as escolhas que você pode mudar. Vamos explicá-las ao longo do capítulo; por enquanto, deixe-as como estão.

# %% [markdown] lang="en" of="fa3ca318"
# Next comes the parameters cell, with the choices that you may change. We will explain them along the chapter; for now leave them as they are.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
EPOCHS = 30 if FULL else 10
DRIVE_ZIP = ""
SHOW_TENSORBOARD = IN_COLAB
RUNS = Path("runs/00") / SUBSET

# %% [markdown] lang="pt"
# ### O que há nesta máquina
#
# `check_environment` procura tudo de que o curso precisa. Leia a última coluna: onde ela está vazia, tudo está bem; onde há uma frase, ela diz o que falta, ou o que está antigo ou novo demais, e como resolver. A verificação não instala nada.
#
# (A tabela que já vem no caderno é a da máquina em que o curso foi montado. Rode a célula para ver a da sua.)

# %% [markdown] lang="en" of="2d5e8561"
# ### What this machine has
#
# `check_environment` looks for all that the course needs. Read the last column: where it is empty all is well; where there is a sentence, it says what is missing, or too old or too new, and how to fix it. The check installs nothing.
#
# (The table stored in the notebook is that of the machine on which the course was built. Run the cell to see that of yours.)

# %% tags=["localized"]
from helpers import check_environment

check_environment()

# %% [markdown] lang="pt"
# As versões necessárias vêm do arquivo `requirements.txt`, o mesmo que a instalação usa. Falta de GPU não é defeito: com a amostra, a CPU é suficiente para o curso inteiro. Se algo precisa ser resolvido, resolva agora, reinicie o kernel e rode o caderno de novo. Depois, importe o resto:

# %% [markdown] lang="en" of="b63f94d8"
# The versions needed come from the file `requirements.txt`, the same that the installation uses. Having no GPU is not a problem: on the sample the CPU is enough for the whole course. If something needs fixing, fix it now, restart the kernel and run the notebook again. Then import the rest:

# %%
import json
import shutil
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from matplotlib.patches import Rectangle
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

chapter_start = time.perf_counter()
tf.get_logger().setLevel("ERROR")
plt.style.use("tableau-colorblind10")

# %%
from helpers import check_answer, dataset_dir, plot_loss_curves, show_images, tensorboard

# %% [markdown] lang="pt"
# ## O curso
#
# Em cada capítulo, você constrói alguma coisa:
#
# | Capítulo | O que você constrói |
# |---|---|
# | **00 · Comece aqui** | uma máquina pronta para o curso, e as primeiras contas com tensores |
# | [**01 · Raças de cães**](01_dog_breeds.ipynb) | um classificador de raças, apoiado em uma rede que já sabe ver (aprendizado por transferência), e as respostas para uma competição |
# | [**02 · Pizza ou bife**](02_pizza_steak.ipynb) | redes convolucionais do zero, e medidas de quanto elas decoram e de quanto aprendem |
# | [**03 · Lotes do disco**](03_fourteen_classes.ipynb) | um gerador que lê fotos grandes do disco, lote a lote, sem encher a memória |
# | [**04 · O chão livre**](04_corridors.ipynb) | uma U-Net que separa o chão livre dos obstáculos, pixel a pixel, e um treino que sobrevive a interrupções |
# | [**05 · O treino por dentro**](05_training_loops.ipynb) | o mesmo treino, escrito de três modos, até não sobrar mágica |
# | [**06 · No navegador**](06_browser.ipynb) | uma página que roda um modelo no navegador, com o TensorFlow.js e o LiteRT.js |
#
# Siga a ordem da tabela: cada capítulo conta com os anteriores. Só o 05 pode vir antes do 04, se você quiser saber logo o que acontece dentro de um treino. (Os links da tabela funcionam no JupyterLab e no GitHub; no Colab, use os botões do [README]({{repository}}#capítulos).)
#
# Três promessas guiam o curso: toda célula roda, até sem internet; o que o texto afirma, a execução mostra; e você faz alguma coisa, em exercícios que se conferem sozinhos.

# %% [markdown] lang="en" of="1b0787f4"
# ## The course
#
# In each chapter you build something:
#
# | Chapter | What you build |
# |---|---|
# | **00 · Start here** | a machine that is ready for the course, and the first computations with tensors |
# | [**01 · Dog breeds**](01_dog_breeds.ipynb) | a classifier of breeds that rests on a network which already knows how to see (transfer learning), and the answers for a competition |
# | [**02 · Pizza or steak**](02_pizza_steak.ipynb) | convolutional networks from scratch, and measures of how much they memorize and how much they learn |
# | [**03 · Batches from disk**](03_fourteen_classes.ipynb) | a generator that reads large photos from disk, batch by batch, without filling the memory |
# | [**04 · The free floor**](04_corridors.ipynb) | a U-Net that tells the free floor from obstacles, pixel by pixel, and a training run that survives interruptions |
# | [**05 · Inside training**](05_training_loops.ipynb) | the same training, written in three ways, until no magic is left |
# | [**06 · In the browser**](06_browser.ipynb) | a page that runs a model in the browser, with TensorFlow.js and LiteRT.js |
#
# Follow the order of the table: each chapter counts on those before it. Only 05 may come before 04, if you want to know soon what happens inside a training run. (The links of the table work in JupyterLab and on GitHub; in Colab use the buttons of the [README]({{repository}}/blob/main/README.en.md#chapters).)
#
# Three promises guide the course: every cell runs, even without internet; what the text claims, the run shows; and you do something, in exercises that check themselves.

# %% alt_pt="Cinco imagens lado a lado: um cão, uma pizza vista de cima, uma engrenagem sobre uma bancada, um corredor com vasos de plantas e um dígito manuscrito de poucos pixels, com os números dos capítulos 01 a 05." alt_en="Five images side by side: a dog, a pizza seen from above, a gear on a bench, a corridor with potted plants and a handwritten digit of few pixels, with the numbers of chapters 01 to 05."
places = [
    "dog_breeds/train",
    "pizza_steak/train/pizza",
    "fourteen_classes/3",
    "corridors/train/original",
]
files = [sorted(Path("data", place).glob("*.*"))[4] for place in places]
pictures = [np.asarray(Image.open(file).convert("RGB")) for file in files]
pictures.append(load_digits().images[3] / 16)
show_images(pictures, ["01", "02", "03", "04", "05"])
plt.show()

# %% [markdown] lang="pt"
# ## Como funciona um capítulo
#
# - **Texto e código se alternam.** Leia o texto, rode a célula abaixo dele e compare o que aparece com o que você esperava. O valor da última linha de uma célula é mostrado logo abaixo dela.
# - **A ordem importa.** Uma célula usa o que as anteriores criaram. Se você se perder, use *Run → Restart Kernel and Run All Cells* (no Colab, *Ambiente de execução → Reiniciar sessão e executar tudo*).
# - **As saídas já vêm no caderno.** Ao rodá-lo, você as refaz. Tempos de execução mudam sempre; perdas e acurácias podem variar um pouco de uma máquina para outra.
# - **As funções de `helpers`** são do próprio curso. São curtas: abra os arquivos quando quiser ver como funcionam.
# - **O que um treino grava** vai para a pasta `runs`. Pode apagá-la: o caderno a refaz.
#
# ### Amostra ou fotos reais
#
# Na célula de parâmetros, `SUBSET = "sample"` usa os desenhos que acompanham o curso: um capítulo roda em poucos minutos, sem internet. Com `SUBSET = "full"`, ele usa fotos reais; o [README]({{repository}}#usar-fotos-reais) diz de onde elas vêm. O código é o mesmo. Mude a palavra, reinicie o kernel e rode tudo.
#
# Para este capítulo, a amostra é suficiente: aqui, `"full"` só aumenta o número de épocas de um treino. Quanto ocupa a amostra de cada capítulo?

# %% [markdown] lang="en" of="2810c379"
# ## How a chapter works
#
# - **Text and code alternate.** Read the text, run the cell below it and compare what appears with what you expected. The value of a cell's last line is shown right below it.
# - **The order matters.** A cell uses what the earlier ones created. If you get lost, use *Run → Restart Kernel and Run All Cells* (in Colab, *Runtime → Restart session and run all*).
# - **The outputs are stored in the notebook.** Running it makes them anew. Running times always change; losses and accuracies may vary a little from one machine to another.
# - **The functions of `helpers`** are the course's own. They are short: open the files whenever you want to see how they work.
# - **What a training run writes** goes to the folder `runs`. You may delete it: the notebook makes it anew.
#
# ### Sample or real photos
#
# In the parameters cell `SUBSET = "sample"` uses the drawings that come with the course: a chapter runs in a few minutes, without internet. With `SUBSET = "full"` it uses real photos; the [README]({{repository}}/blob/main/README.en.md#use-real-photos) says where they come from. The code is the same. Change the word, restart the kernel and run everything.
#
# For this chapter the sample is enough: here `"full"` only raises the number of epochs of a training run. How much does each chapter's sample take?

# %% tags=["nbval-check-output"]
images_of = {}
for name in ("dog_breeds", "pizza_steak", "fourteen_classes", "corridors"):
    folder = dataset_dir(name)
    images_of[name] = [*folder.rglob("*.jpg"), *folder.rglob("*.png")]
sizes_mb = [sum(file.stat().st_size for file in files) / 1e6 for files in images_of.values()]
pd.DataFrame(
    {"chapter": ["01", "02", "03", "04"], "files": map(len, images_of.values()), "MB": sizes_mb},
    index=list(images_of),
).round(1)

# %% [markdown] lang="pt"
# Os capítulos 05 e 06 usam dígitos que vêm com o scikit-learn.
#
# ### Exercícios que se conferem
#
# Cada capítulo termina em exercícios. Você troca `...` pela sua resposta, uma função, e a célula seguinte a experimenta em várias entradas. O resultado é um de três: **○** pendente (ainda não há resposta), **✗** ainda não (com uma pista, se reconhecer o engano) ou **✓** certo. O exercício 1 deste capítulo pede que os pixels passem a valer de 0 a 1. O que acontece com quem devolve a foto como veio?

# %% [markdown] lang="en" of="864a2a49"
# Chapters 05 and 06 use digits that come with scikit-learn.
#
# ### Exercises that check themselves
#
# Each chapter ends in exercises. You replace `...` by your answer, a function, and the next cell tries it on several inputs. The outcome is one of three: **○** pending (there is no answer yet), **✗** not yet (with a hint, if it recognizes the mistake) or **✓** correct. Exercise 1 of this chapter asks for pixels between 0 and 1. What happens to someone who returns the photo as it came?


# %% tags=["localized", "nbval-check-output"]
def first_try(photo):
    return photo


check_answer("00-scale", first_try)

# %% [markdown] lang="pt"
# A pista diz o que está errado, não a resposta. Errar não custa nada: tente de novo quantas vezes quiser. As soluções estão na pasta `solutions` (ou no link "com soluções", no alto do caderno); o melhor é abri-las depois de tentar.

# %% [markdown] lang="en" of="c4c2a837"
# The hint says what is wrong, not the answer. Mistakes cost nothing: try again as often as you like. The solutions are in the folder `solutions` (or at the link "with solutions", at the top of the notebook); it is best to open them after you have tried.

# %% [markdown] lang="pt"
# ### As palavras do curso
#
# O curso usa cada termo sempre no mesmo sentido. Não é preciso decorá-los: cada um é explicado onde aparece pela primeira vez, e esta tabela fica aqui para quando você precisar. O nome em inglês é o dos artigos e o do código.

# %% [markdown] lang="en" of="cc7f19d4"
# ### The words of the course
#
# The course uses each term always in the same sense. There is no need to learn them by heart: each is explained where it first appears, and this table stays here for when you need it. The Portuguese name is that of the other edition.

# %% tags=["localized"]
lang, other = ("pt", "en") if os.environ["COURSE_LANG"] == "pt" else ("en", "pt")
glossary = pd.read_csv("notebooks/glossary.csv", index_col=lang)[[other, f"meaning_{lang}"]]
glossary = glossary.sort_index(key=lambda terms: terms.str.normalize("NFD")).rename_axis(None)
left = [{"selector": "th, td", "props": "text-align: left"}]
glossary.style.set_table_styles(left).hide(axis="columns").set_uuid("glossary")

# %% [markdown] lang="pt"
# ## No Colab
#
# O [Google Colab](https://colab.research.google.com) empresta uma máquina e abre o caderno no navegador; o botão *Abrir no Colab*, no alto de cada capítulo, leva até lá. A máquina já traz o TensorFlow e o Keras: não instale outros por cima. Três coisas que convém saber desde o começo:
#
# - o caderno aberto pelo botão é uma cópia: para guardar o que escreveu, use *Arquivo → Salvar uma cópia no Drive*;
# - a máquina é apagada quando a sessão termina, e tudo o que estava no disco dela some, incluindo a pasta `runs`;
# - na primeira vez, o Colab avisa que o caderno vem do GitHub; é o esperado.
#
# ### Ligar uma GPU
#
# Uma **GPU** faz muitas contas ao mesmo tempo e acelera o treino. No menu *Ambiente de execução → Alterar o tipo de ambiente de execução*, escolha uma GPU (a T4 costuma ser gratuita) e salve. A máquina é trocada por outra: rode o caderno de novo, desde a primeira célula. Enquanto não precisar da GPU, deixe-a desligada: o tempo gratuito é limitado.
#
# Como saber se deu certo? O TensorFlow lista os dispositivos que vê. Com uma GPU, aparece uma linha a mais:

# %% [markdown] lang="en" of="ed86b992"
# ## In Colab
#
# [Google Colab](https://colab.research.google.com) lends you a machine and opens the notebook in the browser; the button *Open in Colab*, at the top of each chapter, takes you there. The machine brings TensorFlow and Keras already: do not install others over them. Three things worth knowing from the start:
#
# - the notebook opened by the button is a copy: to keep what you wrote, use *File → Save a copy in Drive*;
# - the machine is wiped when the session ends, and all that was on its disk is gone, the folder `runs` included;
# - the first time, Colab warns that the notebook comes from GitHub; this is as it should be.
#
# ### Switching on a GPU
#
# A **GPU** does many computations at once and speeds up training. In the menu *Runtime → Change runtime type* choose a GPU (the T4 is usually free of charge) and save. The machine is replaced by another: run the notebook again from the first cell. While you do not need the GPU leave it off: the free time is limited.
#
# How can you tell whether it worked? TensorFlow lists the devices that it sees. With a GPU there is one more row:

# %%
devices = tf.config.list_physical_devices()
pd.DataFrame({"type": [d.device_type for d in devices], "name": [d.name for d in devices]})

# %% [markdown] lang="pt"
# E ela compensa? Multiplicamos matrizes de 1.000 × 1.000 em cada dispositivo e medimos o tempo de uma multiplicação, em milissegundos. (A primeira, que inclui preparativos, fica de fora.)

# %% [markdown] lang="en" of="21db0982"
# And is it worth it? We multiply matrices of 1,000 × 1,000 on each device and measure the time of one multiplication, in milliseconds. (The first, which includes preparations, is left out.)


# %%
def multiply_ms(device, repeats=5):
    with tf.device(device):
        matrix = tf.random.normal((1000, 1000), seed=13)
        (matrix @ matrix).numpy()
        start = time.perf_counter()
        for _ in range(repeats):
            product = matrix @ matrix
        product.numpy()
    return 1000 * (time.perf_counter() - start) / repeats


# %%
logical = [device.name for device in tf.config.list_logical_devices()]
pd.Series({name: round(multiply_ms(name), 1) for name in logical}, name="ms").to_frame()

# %% [markdown] lang="pt"
# ### Trazer fotos do Google Drive
#
# O disco da máquina do Colab se apaga; o Drive fica. **Montar** o Drive faz com que ele apareça como uma pasta, em `/content/drive`. Mas ler dali foto por foto é muito lento: cada arquivo é um pedido pela rede. Por isso guardamos no Drive um único arquivo zip e o descompactamos no disco local da máquina: um pedido em vez de milhares.
#
# O zip se faz no computador em que estão as fotos. Vamos ensaiar com a amostra do capítulo 01: compactar a pasta, descompactar em outro lugar e contar os arquivos.

# %% [markdown] lang="en" of="84dbfe2a"
# ### Bringing photos from Google Drive
#
# The disk of the Colab machine is wiped; Drive stays. To **mount** Drive makes it appear as a folder, in `/content/drive`. But reading from there photo by photo is very slow: each file is a request over the network. So we keep a single zip file on Drive and unpack it on the machine's local disk: one request instead of thousands.
#
# The zip is made on the computer that has the photos. Let us rehearse with the sample of chapter 01: pack the folder, unpack it elsewhere and count the files.

# %%
archive = shutil.make_archive(str(RUNS / "dog_breeds"), "zip", "data", "dog_breeds")
shutil.rmtree(RUNS / "unpacked", ignore_errors=True)
shutil.unpack_archive(archive, RUNS / "unpacked")

# %% tags=["nbval-check-output"]
unpacked = sorted((RUNS / "unpacked" / "dog_breeds").rglob("*.jpg"))
len(unpacked), len(images_of["dog_breeds"]), Path(archive).name

# %% [markdown] lang="pt"
# Os arquivos viraram um só, e voltaram todos. Com as fotos reais, são milhares; o zip delas também precisa conter a pasta `dog_breeds`. Envie o zip para o Drive e escreva o caminho dele em `DRIVE_ZIP`, na célula de parâmetros, por exemplo `"/content/drive/MyDrive/dog_breeds.zip"`. Então a célula a seguir pede a sua permissão, monta o Drive e descompacta as fotos onde os capítulos as procuram. Fora do Colab, ou sem `DRIVE_ZIP`, ela não faz nada.

# %% [markdown] lang="en" of="53051869"
# The files became one, and all of them came back. With the real photos they are thousands; their zip has to contain the folder `dog_breeds` too. Upload the zip to Drive and write its path in `DRIVE_ZIP`, in the parameters cell, for example `"/content/drive/MyDrive/dog_breeds.zip"`. Then the next cell asks for your permission, mounts Drive and unpacks the photos where the chapters look for them. Outside Colab, or without `DRIVE_ZIP`, it does nothing.

# %%
if IN_COLAB and DRIVE_ZIP:
    from google.colab import drive

    drive.mount("/content/drive")
    shutil.unpack_archive(DRIVE_ZIP, "data/full")

# %% [markdown] lang="pt"
# ### O token do Kaggle
#
# As fotos do capítulo 01 podem vir direto do [Kaggle](https://www.kaggle.com), com uma conta gratuita e as [regras da competição](https://www.kaggle.com/c/dog-breed-identification/rules) aceitas. O Kaggle reconhece você por um **token**, que se cria em [kaggle.com/settings](https://www.kaggle.com/settings). Um token é uma senha: não o escreva em uma célula, porque o caderno vai para o Drive, para o GitHub, para colegas.
#
# No Colab, clique na chave da barra lateral (*Secrets*), crie um segredo de nome `KAGGLE_API_TOKEN`, cole o token como valor e ligue o acesso deste caderno a ele. No seu computador, ponha o arquivo `kaggle.json`, se o Kaggle lhe deu um, na pasta `.kaggle` da sua pasta pessoal, ou defina a variável de ambiente `KAGGLE_API_TOKEN`. A célula diz se há um token, sem o mostrar. (Sem token, o capítulo 01 baixa as fotos do Stanford Dogs, que não pede cadastro.)

# %% [markdown] lang="en" of="f47879a2"
# ### The Kaggle token
#
# The photos of chapter 01 can come straight from [Kaggle](https://www.kaggle.com), with a free account and the [rules of the competition](https://www.kaggle.com/c/dog-breed-identification/rules) accepted. Kaggle recognizes you by a **token**, which is created at [kaggle.com/settings](https://www.kaggle.com/settings). A token is a password: do not write it in a cell, because the notebook goes to Drive, to GitHub, to colleagues.
#
# In Colab, click on the key of the side bar (*Secrets*), create a secret named `KAGGLE_API_TOKEN`, paste the token as its value and give this notebook access to it. On your computer put the file `kaggle.json`, if Kaggle gave you one, into the folder `.kaggle` of your home folder, or set the environment variable `KAGGLE_API_TOKEN`. The cell says whether there is a token, without showing it. (Without one, chapter 01 downloads the photos from Stanford Dogs, which needs no account.)

# %%
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from kagglehub.config import get_kaggle_credentials
bool(get_kaggle_credentials())

# %% [markdown] lang="pt"
# ## No seu computador
#
# Você precisa de [git](https://git-scm.com), de [Python](https://www.python.org/downloads/) 3.11, 3.12 ou 3.13 e de cerca de 3 GB de disco. Em um terminal, no Linux ou no macOS:
#
# ```bash
# git clone {{repository}} course
# cd course
# python3 -m venv .venv
# .venv/bin/python -m pip install -r requirements.txt
# .venv/bin/python -m jupyter lab --LabApp.default_url=/lab/tree/notebooks/pt
# ```
#
# No Windows, no PowerShell (troque `-3.13` pela sua versão):
#
# ```powershell
# git clone {{repository}} course
# cd course
# py -3.13 -m venv .venv
# .venv\Scripts\python -m pip install -r requirements.txt
# .venv\Scripts\python -m jupyter lab --LabApp.default_url=/lab/tree/notebooks/pt
# ```
#
# As linhas baixam o curso, criam um **ambiente virtual** (uma pasta, `.venv`, com os pacotes do curso, que não se misturam com os do resto da máquina), instalam os pacotes e abrem o JupyterLab no navegador. Da próxima vez, entre na pasta `course` e use só a última linha. No VS Code, abra a pasta e escolha o Python de `.venv` como kernel.
#
# Algo não funciona? A mesma verificação roda no terminal, na pasta do curso (no Windows, troque `.venv/bin/python` por `.venv\Scripts\python`):
#
# ```bash
# .venv/bin/python -c "import helpers; print(helpers.check_environment().iloc[:, -1].to_string())"
# ```
#
# Para dar aula em uma sala sem internet, veja [Usar sem internet]({{repository}}#usar-sem-internet).

# %% [markdown] lang="en" of="374efb1c"
# ## On your computer
#
# You need [git](https://git-scm.com), [Python](https://www.python.org/downloads/) 3.11, 3.12 or 3.13 and about 3 GB of disk. In a terminal, on Linux or macOS:
#
# ```bash
# git clone {{repository}} course
# cd course
# python3 -m venv .venv
# .venv/bin/python -m pip install -r requirements.txt
# .venv/bin/python -m jupyter lab --LabApp.default_url=/lab/tree/notebooks/en
# ```
#
# On Windows, in PowerShell (replace `-3.13` by your version):
#
# ```powershell
# git clone {{repository}} course
# cd course
# py -3.13 -m venv .venv
# .venv\Scripts\python -m pip install -r requirements.txt
# .venv\Scripts\python -m jupyter lab --LabApp.default_url=/lab/tree/notebooks/en
# ```
#
# The lines download the course, create a **virtual environment** (a folder, `.venv`, with the course's packages, which do not mix with those of the rest of the machine), install the packages and open JupyterLab in the browser. Next time go to the folder `course` and use the last line only. In VS Code, open the folder and choose the Python of `.venv` as kernel.
#
# Something does not work? The same check runs in the terminal, in the course's folder (on Windows replace `.venv/bin/python` by `.venv\Scripts\python`):
#
# ```bash
# .venv/bin/python -c "import os, helpers; os.environ['COURSE_LANG'] = 'en'; print(helpers.check_environment().iloc[:, -1].to_string())"
# ```
#
# To teach in a room without internet, see [Use without internet]({{repository}}/blob/main/README.en.md#use-without-internet).

# %% [markdown] lang="pt"
# ## Primeiros passos com tensores
#
# Um **tensor** é um array de números do mesmo tipo, como os do NumPy, que o TensorFlow pode levar para uma GPU e no qual sabe calcular gradientes. `tf.constant` cria um:

# %% [markdown] lang="en" of="60752e23"
# ## First steps with tensors
#
# A **tensor** is an array of numbers of the same type, like those of NumPy, which TensorFlow can take to a GPU and on which it knows how to compute gradients. `tf.constant` creates one:

# %% tags=["nbval-check-output"]
number = tf.constant(7.0)
row = tf.constant([1.0, 2.0, 3.0])
table = tf.constant([[1, 2, 3], [4, 5, 6]])
table

# %% [markdown] lang="pt"
# Três perguntas se fazem a qualquer tensor: qual é a **forma** (*shape*), qual é o **tipo** dos números (*dtype*) e em que **dispositivo** (*device*) ele está?

# %% [markdown] lang="en" of="c6720bf5"
# Three questions are asked of any tensor: what is its **shape**, what is the **type** of its numbers (*dtype*), and on which **device** is it?

# %% tags=["nbval-check-output"]
tensors = {"number": number, "row": row, "table": table}
pd.DataFrame(
    {"shape": [str(tuple(tensor.shape)) for tensor in tensors.values()]}
    | {"dtype": [tensor.dtype.name for tensor in tensors.values()]},
    index=list(tensors),
)

# %%
row.device

# %% [markdown] lang="pt"
# A forma conta os números ao longo de cada eixo: `table` tem 2 linhas e 3 colunas; um número só tem a forma vazia, `()`. O dispositivo termina em `CPU:0` ou em `GPU:0`.
#
# O tipo vem dos números que você dá: inteiros viram `int32`; números com ponto, `float32`. Um array do NumPy, porém, costuma vir em `float64`, e o tensor o mantém:

# %% [markdown] lang="en" of="4d787f5b"
# The shape counts the numbers along each axis: `table` has 2 rows and 3 columns; a single number has the empty shape, `()`. The device ends in `CPU:0` or in `GPU:0`.
#
# The type comes from the numbers that you give: integers become `int32`; numbers with a point, `float32`. A NumPy array, however, usually comes in `float64`, and the tensor keeps it:

# %% tags=["nbval-check-output"]
from_numpy = tf.constant(np.array([0.1, 0.2]))
from_numpy.dtype.name, tf.cast(from_numpy, tf.float32).dtype.name

# %% [markdown] lang="pt"
# `tf.cast` converte. É preciso pedir: o TensorFlow se recusa a misturar tipos, para não esconder um engano.

# %% [markdown] lang="en" of="c70cbfa2"
# `tf.cast` converts. It has to be asked for: TensorFlow refuses to mix types, so as not to hide a mistake.

# %%
try:
    table + row
except tf.errors.InvalidArgumentError as error:
    refusal = type(error).__name__
refusal, (tf.cast(table, tf.float32) + row).numpy().tolist()

# %% [markdown] lang="pt"
# Repare na soma: `row` tem 3 números, e foi somada a cada linha de `table`. Isso se chama ***broadcasting***. E `.numpy()` devolve um array do NumPy.
#
# Muitas contas juntam os números ao longo de um eixo. `axis=0` percorre as linhas e deixa um resultado por coluna; `axis=1` percorre as colunas e deixa um por linha:

# %% [markdown] lang="en" of="1c5d490d"
# Notice the sum: `row` has 3 numbers, and was added to each row of `table`. This is called **broadcasting**. And `.numpy()` returns a NumPy array.
#
# Many computations bring numbers together along an axis. `axis=0` runs through the rows and leaves one result per column; `axis=1` runs through the columns and leaves one per row:

# %% tags=["nbval-check-output"]
tf.reduce_sum(table, axis=0).numpy(), tf.reduce_sum(table, axis=1).numpy()

# %% [markdown] lang="pt"
# Um tensor não muda depois de criado. O que muda durante o treino são os pesos da rede, e eles moram em **variáveis**, que aceitam `assign`:

# %% [markdown] lang="en" of="20885241"
# A tensor does not change once it is created. What changes in training are the weights of the network, and they live in **variables**, which accept `assign`:

# %% tags=["nbval-check-output"]
weight = tf.Variable([0.5, -0.5])
weight.assign_add([0.25, 0.25])
weight.numpy()

# %% [markdown] lang="pt"
# ## Uma foto é um tensor
#
# Um arquivo JPEG guarda a foto comprimida. Lemos os bytes e os decodificamos:

# %% [markdown] lang="en" of="cebd7e19"
# ## A photo is a tensor
#
# A JPEG file holds the photo compressed. We read the bytes and decode them:

# %% tags=["nbval-check-output"]
paths = sorted(dataset_dir("dog_breeds").glob("train/*.jpg"))
photo = tf.io.decode_jpeg(tf.io.read_file(str(paths[26])), channels=3)
photo.shape.as_list(), photo.dtype.name

# %% [markdown] lang="pt"
# A forma é **(altura, largura, canais)**: 240 linhas, 320 colunas e, em cada pixel, três números, as intensidades de vermelho, verde e azul. A altura vem primeiro, ao contrário do costume de dizer "320 por 240". O tipo é `uint8`: inteiros de 0 (nada dessa cor) a 255 (o máximo). Vejamos a foto e, de perto, alguns pixels, com os seus três números:

# %% [markdown] lang="en" of="1c4bdb93"
# The shape is **(height, width, channels)**: 240 rows, 320 columns and, in each pixel, three numbers, the intensities of red, green and blue. The height comes first, contrary to the habit of saying "320 by 240". The type is `uint8`: integers from 0 (nothing of that colour) to 255 (the maximum). Let us see the photo and, close up, some pixels with their three numbers:

# %% alt_pt="À esquerda, um cão marrom deitado na areia, com o mar ao fundo e um pequeno quadrado branco no alto da cabeça; à direita, os 36 pixels desse quadrado, ampliados, de azuis a marrons e brancos, cada um com três números de 0 a 255." alt_en="On the left a brown dog lying on sand, with the sea behind and a small white square at the top of its head; on the right the 36 pixels of that square, enlarged, from blues to browns and whites, each with three numbers from 0 to 255."
top, left, side = 61, 264, 6  # pixels
ax, zoom = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")[1]
ax.imshow(photo)
ax.add_patch(Rectangle((left, top), side, side, fill=False, color="white", linewidth=2))
ax.set(xlabel="column", ylabel="row")
patch = photo[top : top + side, left : left + side].numpy()
zoom.imshow(patch, extent=(left, left + side, top + side, top))
for i, j in np.ndindex(side, side):
    ink = "black" if patch[i, j].mean() > 128 else "white"
    label = "\n".join(map(str, patch[i, j]))
    zoom.text(left + j + 0.5, top + i + 0.5, label, color=ink, ha="center", va="center", fontsize=8)
zoom.set(xlabel="column", ylabel="row")
plt.show()

# %% [markdown] lang="pt"
# ### Os três canais
#
# O último eixo separa as cores. `photo[:, :, 0]` é o canal vermelho: todas as linhas, todas as colunas, o primeiro canal. Cada canal é uma imagem em tons de cinza: onde ele é claro, há muito daquela cor.

# %% [markdown] lang="en" of="435bf100"
# ### The three channels
#
# The last axis separates the colours. `photo[:, :, 0]` is the red channel: all rows, all columns, the first channel. Each channel is a grey image: where it is light, there is much of that colour.

# %% alt_pt="A foto colorida e os seus três canais em tons de cinza: o cão marrom é claro no vermelho e escuro no azul; o mar, ao contrário, é escuro no vermelho e claro no azul." alt_en="The colour photo and its three channels in grey: the brown dog is light in red and dark in blue; the sea, on the contrary, is dark in red and light in blue."
channels = tf.unstack(photo, axis=-1)
show_images([photo, *channels], ["photo", "red", "green", "blue"], columns=4)
plt.show()

# %% [markdown] lang="pt"
# O cão marrom é claro no canal vermelho e escuro no azul; com o mar, acontece o contrário. A ordem dos canais é uma convenção, e algumas bibliotecas (o OpenCV, por exemplo) usam a inversa, azul, verde e vermelho.
#
# ### Fatias
#
# Fatiar é escolher linhas, colunas e canais. Como em listas, o fim não entra, e um passo −1 inverte a ordem:

# %% [markdown] lang="en" of="8a0287df"
# The brown dog is light in the red channel and dark in the blue one; with the sea it is the other way round. The order of the channels is a convention, and some libraries (OpenCV, for example) use the reverse, blue, green and red.
#
# ### Slices
#
# To slice is to choose rows, columns and channels. As with lists, the end is not included, and a step of −1 reverses the order:

# %% tags=["nbval-check-output"]
crop = photo[20:140, 200:320]
mirrored = photo[:, ::-1]
smaller = photo[::4, ::4]
reversed_channels = photo[:, :, ::-1]
[tuple(part.shape) for part in (crop, mirrored, smaller, reversed_channels)]

# %% alt_pt="Quatro versões da foto: só a cabeça do cão; a foto espelhada; uma versão pequena e serrilhada; e uma com as cores trocadas, em que o cão é azul e o mar, alaranjado." alt_en="Four versions of the photo: the dog's head only; the photo mirrored; a small and jagged version; and one with its colours swapped, in which the dog is blue and the sea orange."
show_images(
    [crop, mirrored, smaller, reversed_channels],
    ["crop", "mirrored", "smaller", "reversed channels"],
    columns=4,
)
plt.show()

# %% [markdown] lang="pt"
# Um cão azul quase sempre quer dizer canais trocados. O primeiro erro comum com pixels se vê, se você olhar: por isso os capítulos mostram as fotos antes de treinar. O segundo acontece em silêncio.
#
# ### O transbordamento
#
# Um `uint8` vai até 255. O que acontece com o que passa disso?

# %% [markdown] lang="en" of="c6645093"
# A blue dog almost always means swapped channels. The first common error with pixels can be seen, if you look: that is why the chapters show the photos before training. The second happens in silence.
#
# ### Overflow
#
# A `uint8` goes up to 255. What happens to what goes past it?

# %% tags=["nbval-check-output"]
(tf.constant([100, 155, 200], tf.uint8) + 100).numpy()

# %% [markdown] lang="pt"
# 200 + 100 deu 44: depois de 255, a conta recomeça do 0, sem erro e sem aviso. Clarear uma foto em `uint8` escurece o que era claro. A saída é passar para `float32`, de 0 a 1, fazer a conta e limitar o resultado. Assim são as imagens no curso, do lote em diante. `convert_image_dtype` converte e divide por 255:

# %% [markdown] lang="en" of="58c62fc7"
# 200 + 100 gave 44: after 255 the count begins again at 0, without an error and without a warning. Brightening a photo in `uint8` darkens what was light. The way out is to go to `float32`, from 0 to 1, compute, and limit the result. That is what images are in this course, from the batch on. `convert_image_dtype` converts and divides by 255:

# %%
scaled = tf.image.convert_image_dtype(photo, tf.float32)
brighter = tf.clip_by_value(scaled + 100 / 255, 0, 1)
wrapped = photo + 100
scaled.dtype.name, float(tf.reduce_min(scaled)), float(tf.reduce_max(scaled))

# %% alt_pt="Três versões da foto: a original; a clareada em uint8, com manchas escuras e cores absurdas onde era clara; e a clareada em float32, clara por inteiro e sem manchas." alt_en="Three versions of the photo: the original; the one brightened in uint8, with dark patches and absurd colours where it was light; and the one brightened in float32, light all over and without patches."
show_images(
    [photo, wrapped, brighter.numpy()], ["original", "uint8 + 100", "float32 + 100/255"], columns=3
)
plt.show()

# %% [markdown] lang="pt"
# ## Um lote de fotos
#
# Uma rede não recebe uma foto por vez, e sim um **lote** (*batch*): várias fotos do mesmo tamanho, empilhadas em um eixo a mais, que vem primeiro. A forma é **(fotos, altura, largura, canais)**. Pegamos oito fotos deitadas da amostra:

# %% [markdown] lang="en" of="8d502ca4"
# ## A batch of photos
#
# A network does not take one photo at a time but a **batch**: several photos of the same size, stacked along one more axis, which comes first. The shape is **(photos, height, width, channels)**. We take eight landscape photos of the sample:

# %% tags=["nbval-check-output"]
photos = [np.asarray(Image.open(path)) for path in paths]
landscape = [image for image in photos if image.shape == (240, 320, 3)][:8]
batch = tf.image.convert_image_dtype(np.stack(landscape), tf.float32)
batch.shape.as_list(), batch.dtype.name

# %% [markdown] lang="pt"
# `batch[0]` é a primeira foto, e `batch[:, :, :, 0]`, o canal vermelho de todas. A média ao longo do eixo 0 é a "foto média" do lote:

# %% [markdown] lang="en" of="899888ff"
# `batch[0]` is the first photo, and `batch[:, :, :, 0]` the red channel of all. The mean along axis 0 is the "mean photo" of the batch:

# %% alt_pt="Quatro fotos de cães do lote e, por último, a média das oito: um borrão acinzentado em que não se reconhece nenhum cão." alt_en="Four dog photos of the batch and, last, the mean of the eight: a greyish blur in which no dog can be recognized."
mean_photo = tf.reduce_mean(batch, axis=0)
show_images([*batch[:4].numpy(), mean_photo.numpy()], ["0", "1", "2", "3", "mean of 8"])
plt.show()

# %% [markdown] lang="pt"
# Quanta memória isso ocupa? São fotos × altura × largura × canais números, e cada número ocupa 1 byte em `uint8`, 4 em `float32` e 8 em `float64`. Fazemos a conta para este lote e para 10.222 fotos de 224 × 224 pixels, as que têm rótulo no conjunto real do capítulo 01:

# %% [markdown] lang="en" of="fe7c669e"
# How much memory does that take? There are photos × height × width × channels numbers, and each number takes 1 byte in `uint8`, 4 in `float32` and 8 in `float64`. We work it out for this batch and for 10,222 photos of 224 × 224 pixels, those with a label in the real set of chapter 01:


# %% tags=["nbval-check-output"]
def megabytes(shape, dtype):
    return float(np.prod(shape, dtype="int64") * np.dtype(dtype).itemsize / 1e6)


kinds = ["uint8", "float32", "float64"]
full_shape = (10_222, 224, 224, 3)
memory = pd.DataFrame({"batch": [megabytes(batch.shape, kind) for kind in kinds]}, index=kinds)
memory["full set"] = [megabytes(full_shape, kind) for kind in kinds]
memory.round(1)

# %% [markdown] lang="pt"
# A tabela está em MB. O conjunto inteiro, em `float32`, passa de 6 GB: em muitas máquinas, não cabe com folga. Por isso os capítulos leem as fotos do disco lote a lote. E por isso evitam o `float64`, que dobra a conta sem acrescentar nada.

# %% [markdown] lang="en" of="56fa6965"
# The table is in MB. The whole set, in `float32`, takes more than 6 GB: many machines cannot hold it with room to spare. That is why the chapters read the photos from disk batch by batch. And that is why they avoid `float64`, which doubles the bill and adds nothing.

# %% [markdown] lang="pt"
# ## Acompanhar um treino no TensorBoard
#
# O **TensorBoard** é um painel que desenha os números de um treino enquanto ele acontece e compara vários. Para ter o que mostrar, treinamos duas vezes uma rede minúscula em miniaturas de 32 × 32 pixels das pizzas e dos bifes do capítulo 02. Ela reduz a miniatura a 8 × 8 pixels, e uma única camada decide se é pizza. Ainda não importa entendê-la: os próximos capítulos cuidam disso. Separamos um quinto das fotos para a **validação**, fotos que a rede não vê no treino.

# %% [markdown] lang="en" of="8ed61307"
# ## Following a training run in TensorBoard
#
# **TensorBoard** is a dashboard that draws the figures of a training run while it goes on, and compares several. To have something to show we train a tiny network twice on thumbnails of 32 × 32 pixels of the pizzas and steaks of chapter 02. It reduces the thumbnail to 8 × 8 pixels, and a single layer decides whether it is a pizza. It does not matter yet to understand it: the next chapters see to that. We set a fifth of the photos apart for **validation**, photos that the network does not see in training.

# %% tags=["nbval-check-output"]
meals = sorted(dataset_dir("pizza_steak").glob("train/*/*.jpg"))
is_pizza = np.array([path.parent.name == "pizza" for path in meals], "float32")
thumbnails = np.stack([np.asarray(Image.open(path).resize((32, 32))) for path in meals])
x_train, x_val, y_train, y_val = train_test_split(
    thumbnails / np.float32(255), is_pizza, test_size=0.2, stratify=is_pizza, random_state=13
)
x_train.shape, x_train.dtype.name, x_val.shape

# %% [markdown] lang="pt"
# Os dois treinos só diferem na **taxa de aprendizado**, o tamanho dos passos. Cada um recebe um ***callback***, um objeto que o `fit` (a função que treina) chama ao fim de cada **época**, uma passada por todas as fotos de treino: `tensorboard(folder)` grava os números em uma pasta nova, com a data e a hora no nome.

# %% [markdown] lang="en" of="818d587d"
# The two runs differ in the **learning rate** only, the size of the steps. Each gets a **callback**, an object that `fit` (the function that trains) calls at the end of each **epoch**, one pass through all the training photos: `tensorboard(folder)` writes the figures into a new folder, with the date and the time in its name.


# %%
def build_network():
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.AveragePooling2D(4),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %%
def train(rate):
    keras.utils.set_random_seed(13)
    network = build_network()
    network.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    log = tensorboard(RUNS / "logs" / f"rate_{rate}", write_graph=False)
    options = {"validation_data": (x_val, y_val), "callbacks": [log], "verbose": 0}
    return network.fit(x_train, y_train, epochs=EPOCHS, **options).history, Path(log.log_dir)


# %%
runs = {f"rate {rate}": train(rate) for rate in (0.0003, 0.003)}
pd.DataFrame({name: pd.Series(history).str[-1] for name, (history, _) in runs.items()}).round(3)

# %% [markdown] lang="pt"
# A tabela mostra os números da última época. O painel mostra todas. Há três modos de abri-lo:
#
# - **no Colab**, a próxima célula o abre aqui mesmo;
# - **no JupyterLab**, ela também o abre, se você escrever `SHOW_TENSORBOARD = True` na célula de parâmetros (e a rodar de novo);
# - **em um terminal**, na pasta do curso, rode `.venv/bin/python -m tensorboard.main --logdir runs/00` (no Windows, `.venv\Scripts\python -m tensorboard.main --logdir runs/00`) e visite o endereço que aparece.
#
# Na aba *Scalars* (ou *Time Series*), marque os treinos à esquerda e compare as curvas. Nos outros capítulos é igual: só muda a pasta.

# %% [markdown] lang="en" of="f8cb3c82"
# The table shows the figures of the last epoch. The dashboard shows all. There are three ways to open it:
#
# - **in Colab** the next cell opens it right here;
# - **in JupyterLab** it does so too, if you write `SHOW_TENSORBOARD = True` in the parameters cell (and run that again);
# - **in a terminal**, in the course's folder, run `.venv/bin/python -m tensorboard.main --logdir runs/00` (on Windows `.venv\Scripts\python -m tensorboard.main --logdir runs/00`) and visit the address that appears.
#
# In the tab *Scalars* (or *Time Series*) tick the runs on the left and compare the curves. It is the same in the other chapters: only the folder changes.

# %%
if SHOW_TENSORBOARD:
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    get_ipython().run_line_magic("load_ext", "tensorboard")
    get_ipython().run_line_magic("tensorboard", f"--logdir {RUNS.as_posix()}/logs")

# %% [markdown] lang="pt"
# O painel lê arquivos de eventos, e nós também podemos lê-los. Assim, os números de um treino antigo servem para um gráfico ou um relatório:

# %% [markdown] lang="en" of="6d6f308f"
# The dashboard reads event files, and we can read them too. So the figures of an old run can serve for a plot or a report:


# %%
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def read_scalars(folder, tag):
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()
    return [float(tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)]


# %%
losses = {
    name: {part: read_scalars(folder / part, "epoch_loss") for part in ("train", "validation")}
    for name, (_, folder) in runs.items()
}
logged = {
    name: {"loss": loss["train"], "val_loss": loss["validation"]} for name, loss in losses.items()
}
[len(loss["loss"]) for loss in logged.values()]

# %% alt_pt="Dois gráficos da perda por época, treino em linha cheia e validação em linha tracejada: com a taxa menor, as duas perdas descem devagar e juntas; com a maior, a de treino desce muito mais, e a de validação desce um pouco e depois para." alt_en="Two plots of the loss by epoch, training as a solid line and validation as a dashed one: with the smaller rate both losses fall slowly and together; with the larger the training loss falls much further, and the validation loss falls a little and then stops."
axes = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True, layout="constrained")[1]
for ax, (name, log) in zip(axes, logged.items()):
    plot_loss_curves(log, ax=ax)
    ax.set_title(name.replace("rate", "learning rate"))
plt.show()

# %% [markdown] lang="pt"
# Com o mesmo número de passos, a taxa maior levou a perda de treino mais longe. Maior é sempre melhor? Não: o capítulo 05 mostra taxas que fazem um treino desandar. Repare também na distância entre treino e validação, à direita: a rede começa a decorar as fotos que vê. É o **sobreajuste** (*overfitting*), de que trata o capítulo 02. E que acurácia este classificador teria em fotos novas? Não medimos: isso exige fotos de teste, assunto do capítulo 01, e uma rede melhor do que esta.

# %% [markdown] lang="en" of="dbaacc21"
# In the same number of steps the larger rate took the training loss further. Is larger always better? No: chapter 05 shows rates that make a training run go astray. Notice also the distance between training and validation, on the right: the network begins to learn by heart the photos that it sees. This is **overfitting**, the subject of chapter 02. And how accurate would this classifier be on new photos? We did not measure it: that takes test photos, the subject of chapter 01, and a better network than this one.

# %% [markdown] lang="pt"
# ## Os números do capítulo
#
# Todo capítulo termina por reunir os seus números em uma linha (JSON, fácil de ler por outro programa) e por conferir o que afirmou. Na última tabela, tudo deve ser `True`.

# %% [markdown] lang="en" of="3d48e0c1"
# ## The chapter's numbers
#
# Every chapter ends by gathering its figures in one line (JSON, which another program can read) and by checking what it claimed. In the last table everything should be `True`.

# %% tags=["results"]
results = {
    "photo_shape": photo.shape.as_list(),
    "batch_mb": round(float(memory.loc["float32", "batch"]), 1),
    "full_set_gb": round(float(memory.loc["float32", "full set"]) / 1000, 2),
    "first_loss": {name: round(log["loss"][0], 3) for name, log in logged.items()},
    "last_loss": {name: round(log["loss"][-1], 3) for name, log in logged.items()},
    "seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
facts = {
    "scaled_lies_in_0_1": 0 <= np.min(scaled) and np.max(scaled) <= 1,
    "scaled_keeps_the_photo": np.array_equal(np.round(scaled * 255), photo),
    "channels_stack_back": np.array_equal(np.stack(channels, axis=-1), photo),
    "mirrored_twice_is_the_photo": np.array_equal(mirrored[:, ::-1], photo),
    "uint8_wraps": np.mean(wrapped < photo) > 0 and np.all(brighter >= scaled),
    "memory_is_as_computed": np.isclose(batch.numpy().nbytes / 1e6, results["batch_mb"], atol=0.05),
    "zip_brings_all_files_back": len(unpacked) == len(images_of["dog_breeds"]),
    "log_repeats_the_history": all(
        np.allclose(logged[name]["val_loss"], history["val_loss"])
        for name, (history, _) in runs.items()
    ),
    "both_runs_learn": all(log["loss"][-1] < log["loss"][0] for log in logged.values()),
    "validation_lags_behind": losses["rate 0.003"]["validation"][-1]
    > losses["rate 0.003"]["train"][-1],
    "larger_rate_went_further": results["last_loss"]["rate 0.003"]
    < results["last_loss"]["rate 0.0003"],
}
pd.Series(facts).astype(bool).to_frame("holds")

# %% [markdown] lang="pt"
# ## Resumo
#
# - `check_environment()` diz o que falta na sua máquina e como resolver; sem GPU, a amostra roda do mesmo jeito.
# - `"sample"` usa desenhos e leva minutos; `"full"` usa fotos reais.
# - No Colab: ligue a GPU no menu e rode tudo de novo; traga as fotos do Drive em um só zip; guarde o token em um segredo.
# - Um tensor tem forma, tipo e dispositivo. Os tipos não se misturam sem `tf.cast`.
# - Uma foto é (altura, largura, canais), em `uint8` de 0 a 255; um lote é (fotos, altura, largura, canais), em `float32` de 0 a 1.
# - Em `uint8`, o que passa de 255 recomeça do 0, em silêncio.
# - O TensorBoard desenha os treinos gravados em uma pasta, e você pode ler os números de volta.
#
# O próximo passo é o capítulo 01, [Raças de cães](01_dog_breeds.ipynb). Antes, três exercícios.

# %% [markdown] lang="en" of="a80be19c"
# ## Summary
#
# - `check_environment()` says what your machine lacks and how to fix it; without a GPU the sample runs all the same.
# - `"sample"` uses drawings and takes minutes; `"full"` uses real photos.
# - In Colab: switch the GPU on in the menu and run everything again; bring the photos from Drive in a single zip; keep the token in a secret.
# - A tensor has a shape, a type and a device. Types do not mix without `tf.cast`.
# - A photo is (height, width, channels), in `uint8` from 0 to 255; a batch is (photos, height, width, channels), in `float32` from 0 to 1.
# - In `uint8` what goes past 255 begins again at 0, in silence.
# - TensorBoard draws the runs logged in a folder, and you can read the figures back.
#
# The next step is chapter 01, [Dog breeds](01_dog_breeds.ipynb). Before it, three exercises.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros: precisam apenas das células de preparação, no começo do caderno.

# %% [markdown] lang="en" of="8ec5204a"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other: they only need the set-up cells at the start of the notebook.

# %% [markdown] lang="pt"
# ### 1. De 0 a 1 (fácil)
#
# `photo` é um array do NumPy em `uint8`, da forma (altura, largura, 3). Devolva um array da mesma forma, em `float32`, com os valores de 0 a 1: 0 continua 0, e 255 vira 1. Por exemplo, um pixel `[51, 102, 255]` deve virar `[0.2, 0.4, 1.0]`.

# %% [markdown] lang="en" of="b2b8f08a"
# ### 1. From 0 to 1 (easy)
#
# `photo` is a NumPy array in `uint8`, of shape (height, width, 3). Return an array of the same shape, in `float32`, with the values from 0 to 1: 0 stays 0, and 255 becomes 1. For example, a pixel `[51, 102, 255]` should become `[0.2, 0.4, 1.0]`.


# %% tags=["stub"]
def scale_photo(photo):
    return ...


# %% tags=["solution"]
def scale_photo(photo):
    return photo.astype("float32") / 255


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("00-scale", scale_photo)

# %% [markdown] lang="pt"
# ### 2. Quantas fotos cabem? (fácil)
#
# Você tem `gigabytes` GB de memória livre (1 GB = 1 bilhão de bytes) e quer guardar nela fotos coloridas de `height` × `width` pixels, em `float32`. Quantas fotos inteiras cabem? Por exemplo, em 1 GB cabem 1.660 fotos de 224 × 224: `photos_that_fit(1, 224, 224)` deve devolver 1660.

# %% [markdown] lang="en" of="4a35fa65"
# ### 2. How many photos fit? (easy)
#
# You have `gigabytes` GB of free memory (1 GB = 1 billion bytes) and want to hold colour photos of `height` × `width` pixels in it, in `float32`. How many whole photos fit? For example, 1 GB holds 1,660 photos of 224 × 224: `photos_that_fit(1, 224, 224)` should return 1660.


# %% tags=["stub"]
def photos_that_fit(gigabytes, height, width):
    return ...


# %% tags=["solution"]
def photos_that_fit(gigabytes, height, width):
    return int(gigabytes * 1e9 // (height * width * 3 * 4))


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("00-fit", photos_that_fit)

# %% [markdown] lang="pt"
# ### 3. O quadrado do meio (médio)
#
# Muitas redes recebem fotos quadradas. O capítulo 01 deforma as que não são; outra saída é recortar o meio. Devolva o maior quadrado que cabe em `photo`, um array (altura, largura, 3), centrado: o que sobra na dimensão maior é cortado metade antes e metade depois. Se a sobra for ímpar, corte um pixel a menos antes do que depois. Por exemplo, de uma foto de 2 linhas e 5 colunas sobram 3 colunas: corta-se 1 antes e 2 depois, e ficam as colunas 1 e 2 (contadas a partir de 0).

# %% [markdown] lang="en" of="eb510fa0"
# ### 3. The square in the middle (medium)
#
# Many networks take square photos. Chapter 01 distorts those that are not; another way is to crop the middle. Return the largest square that fits in `photo`, an array (height, width, 3), centred: what is spare in the longer dimension is cut half before and half after. If what is spare is odd, cut one pixel less before than after. For example, in a photo of 2 rows and 5 columns 3 columns are spare: 1 is cut before and 2 after, and columns 1 and 2 (counted from 0) stay.


# %% tags=["stub"]
def center_square(photo):
    return ...


# %% tags=["solution"]
def center_square(photo):
    height, width = photo.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return photo[top : top + side, left : left + side]


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("00-square", center_square)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta.
#
# 1. Abra uma foto sua com `Image.open`, transforme-a em array e repita a seção "Uma foto é um tensor". A altura vem primeiro?
# 2. Troque `tf.reduce_mean` por `tf.math.reduce_std` na foto média. O que são as partes claras?
# 3. No Colab, compare `multiply_ms` na CPU e na GPU com matrizes de 100, 1.000 e 5.000 linhas. A partir de que tamanho a GPU compensa?
# 4. Acrescente a taxa 0,1 à lista de treinos e olhe as três curvas no TensorBoard.

# %% [markdown] lang="en" of="883df4ce"
# ### To explore
#
# There is no ready answer here.
#
# 1. Open a photo of your own with `Image.open`, turn it into an array and repeat the section "A photo is a tensor". Does the height come first?
# 2. Replace `tf.reduce_mean` by `tf.math.reduce_std` in the mean photo. What are the light parts?
# 3. In Colab compare `multiply_ms` on the CPU and on the GPU with matrices of 100, 1,000 and 5,000 rows. From which size on does the GPU pay off?
# 4. Add the rate 0.1 to the list of runs and look at the three curves in TensorBoard.

# %% [markdown] lang="pt"
# ## Para ir além
#
# - Guias do TensorFlow: [tensores](https://www.tensorflow.org/guide/tensor), [variáveis](https://www.tensorflow.org/guide/variable), [GPU](https://www.tensorflow.org/guide/gpu), [TensorBoard](https://www.tensorflow.org/tensorboard/get_started).
# - Perguntas frequentes do [Colab](https://research.google.com/colaboratory/faq.html): limites de tempo, GPUs, Drive.
# - VanderPlas (2016), [Python Data Science Handbook](https://jakevdp.github.io/PythonDataScienceHandbook/): o capítulo sobre NumPy, para quem quer mais fatias e *broadcasting*.
# - Harris e outros (2020), [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2).

# %% [markdown] lang="en" of="150bf466"
# ## Further reading
#
# - TensorFlow guides: [tensors](https://www.tensorflow.org/guide/tensor), [variables](https://www.tensorflow.org/guide/variable), [GPU](https://www.tensorflow.org/guide/gpu), [TensorBoard](https://www.tensorflow.org/tensorboard/get_started).
# - Frequently asked questions of [Colab](https://research.google.com/colaboratory/faq.html): time limits, GPUs, Drive.
# - VanderPlas (2016), [Python Data Science Handbook](https://jakevdp.github.io/PythonDataScienceHandbook/): the chapter on NumPy, for more slices and broadcasting.
# - Harris and others (2020), [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2).
