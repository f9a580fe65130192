# %% [markdown] lang="pt"
# # 05 · O treino por dentro: três caminhos para os mesmos pesos
#
# {{badges}}
#
# Nos outros capítulos, `fit` fez o trabalho: nós lhe demos os dados e vimos a perda cair. Neste, você abre a caixa. O modelo é pequeno, os dígitos são de verdade, e o mesmo treino é escrito três vezes: com `fit`; com um passo seu, em um modelo do Keras; e com variáveis e contas, sem Keras nenhum. Com os dados na mesma ordem e os mesmos pesos no início, os três dão as mesmas perdas até a quinta casa decimal. Quando isso acontece, não sobra mágica.
#
# **Você vai aprender a**
# - dizer o que são modelo, parâmetro e treino, e ler e trocar os pesos de uma rede;
# - separar o que decidem o otimizador, a perda e a métrica, com um experimento para cada um;
# - saber o que o `fit` faz por você, e onde ele surpreende: embaralhamento, validação, médias do log;
# - treinar com um gerador, quando os dados não cabem na memória;
# - escrever o seu próprio laço, com `GradientTape`, e conferir um gradiente por diferenças finitas;
# - medir quanto o `tf.function` acelera;
# - montar um laço que registra, valida e para na hora certa, e escolher entre os caminhos.
#
# **Tempo:** cerca de 90 minutos de leitura e execução e 45 minutos de exercícios; só a execução leva cerca de 1 minuto em 2 núcleos de CPU. **Pré-requisitos:** o capítulo 01 (as três partes, intervalos); do 03, geradores e sementes.

# %% [markdown] lang="en" of="22468cef"
# # 05 · Inside training: three roads to the same weights
#
# {{badges}}
#
# In the other chapters `fit` did the work: we gave it the data and watched the loss fall. In this one you open the box. The model is small, the digits are real, and the same training is written three times: with `fit`; with a step of your own, in a Keras model; and with variables and arithmetic, without any Keras. With the data in the same order and the same weights at the start, all three give the same losses to the fifth decimal. Once that happens, no magic is left.
#
# **You will learn to**
# - say what a model, a parameter and training are, and read and replace the weights of a network;
# - tell apart what the optimizer, the loss and the metric decide, with an experiment for each;
# - know what `fit` does for you, and where it surprises: shuffling, validation, means in the log;
# - train from a generator, when the data do not fit in memory;
# - write a loop of your own, with `GradientTape`, and check a gradient by finite differences;
# - measure how much `tf.function` speeds things up;
# - set up a loop that logs, validates and stops at the right time, and choose between the roads.
#
# **Time:** about 90 minutes to read and run, and 45 minutes of exercises; running alone takes about 1 minute on 2 CPU cores. **Prerequisites:** chapter 01 (the three parts, intervals); from 03, generators and seeds.

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
# Os dados deste capítulo são reais e vêm com o scikit-learn: não há amostra desenhada nem download. `"full"` só muda a duração: mais épocas.

# %% [markdown] lang="en" of="6058c748"
# The data of this chapter are real and come with scikit-learn: there is no drawn sample and no download. `"full"` only changes the length: more epochs.

# %% tags=["parameters"]
SUBSET = os.environ.get("COURSE_SUBSET", "sample")
FULL = SUBSET == "full"
BATCH_SIZE = 32
EPOCHS = 40 if FULL else 10
MAX_EPOCHS = 200 if FULL else 60
LEARNING_RATE = 0.03
MOMENTUM = 0.9
RUNS = Path("runs/05") / SUBSET

# %%
import json
import math
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from scipy.stats import binomtest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

chapter_start = time.perf_counter()
tf.get_logger().setLevel("ERROR")
tf.config.experimental.enable_tensor_float_32_execution(False)
plt.style.use("tableau-colorblind10")

# %%
from helpers import check_answer, early_stopping, plot_loss_curves, show_images, show_predictions

# %% [markdown] lang="pt"
# ## Os dígitos
#
# São 1.797 dígitos escritos à mão por 13 pessoas, em imagens de 8 × 8 pixels com valores de 0 a 16 ([UCI](https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits), 1998; licença CC BY 4.0). Nós os ampliamos para 28 × 28, o tamanho clássico, por interpolação bilinear, e dividimos por 16: `float32`, de 0 a 1, como em todo o curso. Ampliar não cria detalhe: continuam sendo 64 números por dígito.

# %% [markdown] lang="en" of="5031048f"
# ## The digits
#
# They are 1,797 digits handwritten by 13 people, in images of 8 × 8 pixels with values from 0 to 16 ([UCI](https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits), 1998; licence CC BY 4.0). We enlarge them to 28 × 28, the classic size, by bilinear interpolation, and divide by 16: `float32`, from 0 to 1, as in the whole course. Enlarging creates no detail: there are still 64 numbers per digit.

# %% tags=["nbval-check-output"]
digits = load_digits()
small = (digits.images / 16).astype("float32")
images = tf.image.resize(small[..., None], (28, 28)).numpy()[..., 0]
labels = digits.target.astype("int32")
images.shape, images.dtype.name, float(images.min()), float(images.max())

# %% alt_pt="Dez dígitos manuscritos, de 0 a 9, brancos em fundo preto e um pouco borrados, cada um com o seu rótulo em cima." alt_en="Ten handwritten digits, 0 to 9, white on black and a little blurred, each with its label above."
show_images(images[:10], labels[:10])
plt.show()

# %% [markdown] lang="pt"
# A rede deste capítulo recebe vetores, e não imagens: cada dígito vira uma linha de 28 × 28 = 784 números. Dividimos em treino, validação e teste (60, 20 e 20 %), com a mesma proporção de cada classe em cada parte. Uma ressalva: o arquivo não diz quem escreveu cada dígito. As mesmas pessoas estão, quase certamente, em todas as partes, e o que medirmos vale para novos dígitos dessas pessoas, não para a letra de um desconhecido.

# %% [markdown] lang="en" of="4286a63a"
# The network of this chapter takes vectors, not images: each digit becomes a row of 28 × 28 = 784 numbers. We split into training, validation and test (60, 20 and 20%), with the same proportion of each class in each part. One reservation: the file does not say who wrote which digit. The same people are almost certainly in all parts, and what we measure holds for new digits by these people, not for a stranger's handwriting.

# %% tags=["nbval-check-output"]
rows = np.arange(len(images))
rest, test_rows = train_test_split(rows, test_size=0.2, stratify=labels, random_state=13)
train_rows, val_rows = train_test_split(
    rest, test_size=0.25, stratify=labels[rest], random_state=13
)
x_train, x_val, x_test = (
    images[part].reshape(-1, 784) for part in (train_rows, val_rows, test_rows)
)
y_train, y_val, y_test = (labels[part] for part in (train_rows, val_rows, test_rows))
x_train.shape, x_val.shape, x_test.shape, np.bincount(y_train).tolist()

# %% [markdown] lang="pt"
# ## Modelo, parâmetro, treino
#
# Um **modelo** é uma função: entra um dígito, saem dez números, um por classe. Os **parâmetros** (ou pesos) são os números de dentro dela que o treino pode mudar. **Treinar** é mudá-los, um pouco por vez, para que as respostas nos exemplos melhorem. O nosso modelo tem duas camadas densas:

# %% [markdown] lang="en" of="6e010125"
# ## Model, parameter, training
#
# A **model** is a function: a digit goes in, ten numbers come out, one per class. The **parameters** (or weights) are the numbers inside it that training may change. To **train** is to change them, a little at a time, so that the answers on the examples get better. Our model has two dense layers:


# %%
def build_model(kind=keras.Sequential):
    return kind(
        [
            keras.Input((784,)),
            layers.Dense(32, activation="relu", name="hidden"),
            layers.Dense(10, name="logits"),
        ]
    )


model = build_model()
start = model.get_weights()

# %% tags=["nbval-check-output"]
pd.DataFrame(
    {"shape": [str(tuple(w.shape)) for w in model.weights]}
    | {"parameters": [math.prod(w.shape) for w in model.weights]},
    index=[f"{layer.name}/{w.name}" for layer in model.layers for w in layer.weights],
)

# %% tags=["nbval-check-output"]
[layer.count_params() for layer in model.layers], model.count_params()

# %% [markdown] lang="pt"
# Cada camada densa tem uma matriz, o ***kernel*** *A*, e um vetor, o ***bias*** *b*. A primeira liga 784 pixels a 32 unidades: 784 × 32 + 32 = 25.120 parâmetros. A segunda, 32 unidades a 10 classes: 32 × 10 + 10 = 330. Ao todo, 25.450. `start` guarda os valores sorteados no início; os treinos que compararmos partem deles, salvo quando dissermos outra coisa.
#
# Os exemplos são as **linhas** de *x*, e por isso a conta é *xA + b*. Muitos textos escrevem *Ax + b*, que vale para um exemplo em coluna e uma matriz com as dimensões trocadas; aqui, uma matriz (784, 32) não multiplica nada que tenha 784 linhas. Com NumPy, a rede inteira cabe em duas linhas:

# %% [markdown] lang="en" of="be287572"
# Each dense layer has a matrix, the **kernel** *A*, and a vector, the **bias** *b*. The first connects 784 pixels to 32 units: 784 × 32 + 32 = 25,120 parameters. The second connects 32 units to 10 classes: 32 × 10 + 10 = 330. Together 25,450. `start` keeps the values drawn at the beginning; the training runs that we compare begin from them, unless we say otherwise.
#
# The examples are the **rows** of *x*, so what is computed is *xA + b*. Many texts write *Ax + b*, which holds for one example in a column and a matrix with its dimensions swapped; here a matrix (784, 32) multiplies nothing that has 784 rows. With NumPy the whole network fits in two lines:

# %% tags=["nbval-check-output"]
a1, b1, a2, b2 = start
hidden = np.maximum(x_train @ a1 + b1, 0)
logits = hidden @ a2 + b2
logits.shape, bool(np.allclose(logits, model(x_train), atol=1e-5))

# %% [markdown] lang="pt"
# `np.maximum(…, 0)` é a ReLU. O resultado são **logits**: números quaisquer, e o maior aponta a classe. O **softmax** os transforma em probabilidades, positivas e de soma 1. Neste capítulo, ele fica dentro da perda (`from_logits=True`), onde a conta é mais exata.
#
# A **perda** diz quão errada foi a resposta. A entropia cruzada é o logaritmo da probabilidade dada à classe certa, com o sinal trocado. Quem não sabe nada dá 0,1 a cada uma das dez classes, e perde ln 10. A rede ainda não treinada fica por aí:

# %% [markdown] lang="en" of="9ad53688"
# `np.maximum(…, 0)` is the ReLU. The results are **logits**: any numbers, the largest of which points at the class. The **softmax** turns them into probabilities, positive and of sum 1. In this chapter it is inside the loss (`from_logits=True`), where the arithmetic is more exact.
#
# The **loss** says how wrong the answer was. Cross-entropy is minus the logarithm of the probability given to the correct class. Whoever knows nothing gives 0.1 to each of the ten classes and loses ln 10. The network that has not been trained yet is about there:

# %%
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
float(cross_entropy(y_train, logits)), math.log(10)

# %% [markdown] lang="pt"
# ### Trocar os pesos
#
# Os pesos são variáveis: leem-se com `.numpy()` e trocam-se com `.assign()`. Se o *bias* da classe 3 vale 10, o que a rede responde?

# %% [markdown] lang="en" of="2c7ca977"
# ### Replacing the weights
#
# The weights are variables: `.numpy()` reads them and `.assign()` replaces them. If the bias of class 3 is 10, what does the network answer?

# %% tags=["nbval-check-output"]
bias = model.get_layer("logits").bias
before = bias.numpy()
bias.assign([0, 0, 0, 10, 0, 0, 0, 0, 0, 0])
answers = np.argmax(model(x_val), axis=1)
before.tolist(), np.unique(answers).tolist()

# %% [markdown] lang="pt"
# Sempre 3, seja qual for o dígito. `set_weights` repõe todos os pesos de uma vez, na ordem de `model.weights`:

# %% [markdown] lang="en" of="13797d75"
# Always 3, whatever the digit. `set_weights` puts all weights back at once, in the order of `model.weights`:

# %% tags=["nbval-check-output"]
model.set_weights(start)
all(np.array_equal(one, other) for one, other in zip(model.get_weights(), start))

# %% [markdown] lang="pt"
# ### Um passo de treino
#
# Um passo tem quatro partes, e todo treino deste capítulo é uma repetição delas:
#
# 1. pegar um **lote** (*batch*) de exemplos;
# 2. pedir a resposta do modelo e calcular a perda;
# 3. calcular o **gradiente**: para cada parâmetro, a que ritmo a perda sobe quando ele cresce um pouquinho;
# 4. dar um passo na direção contrária: o gradiente vezes a **taxa de aprendizado**.
#
# ![Cinco caixas ligadas por setas, em ciclo: de x, y para logits, loss, gradients e weights, e de weights de volta para logits. Uma seta tracejada leva x, y direto a loss.](images/05_step.svg)
#
# O `GradientTape` ("fita") anota as contas feitas dentro do `with` e depois as percorre de trás para a frente (*backpropagation*):

# %% [markdown] lang="en" of="f1f21dfd"
# ### One step of training
#
# A step has four parts, and all training in this chapter repeats them:
#
# 1. take a **batch** of examples;
# 2. ask the model for its answer and compute the loss;
# 3. compute the **gradient**: for each parameter, at what rate the loss rises when it grows by a tiny amount;
# 4. take a step the opposite way: the gradient times the **learning rate**.
#
# ![Five boxes joined by arrows, in a cycle: from x, y to logits, loss, gradients and weights, and from weights back to logits. A dashed arrow takes x, y straight to loss.](images/05_step.svg)
#
# The `GradientTape` notes down what is computed inside the `with`, and then goes through it backwards (backpropagation):

# %%
x, y = x_train[:BATCH_SIZE], y_train[:BATCH_SIZE]
with tf.GradientTape() as tape:
    loss = cross_entropy(y, model(x))
gradients = tape.gradient(loss, model.trainable_variables)
for variable, gradient in zip(model.trainable_variables, gradients):
    variable.assign_sub(0.1 * gradient)
float(loss), float(cross_entropy(y, model(x)))

# %% [markdown] lang="pt"
# Antes e depois de um passo, no mesmo lote: a perda caiu. O resto do capítulo repete isso muitas vezes e olha de perto cada parte.
#
# ### A perda vista por um peso
#
# Dos 25.450 parâmetros, escolhemos o peso da primeira camada que tem o maior gradiente, deixamos os outros parados e desenhamos a perda do lote em função dele:

# %% [markdown] lang="en" of="387cc459"
# Before and after one step, on the same batch: the loss fell. The rest of the chapter repeats this many times and looks closely at each part.
#
# ### The loss as one weight sees it
#
# Of the 25,450 parameters we choose the weight of the first layer that has the largest gradient, leave the others as they are, and draw the loss of the batch as a function of it:

# %%
gradient = gradients[0].numpy()
row, unit = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
slope = float(gradient[row, unit])


def loss_at(shift):
    weights = [array.copy() for array in start]
    weights[0][row, unit] += shift
    model.set_weights(weights)
    return float(cross_entropy(y, model(x)))


shifts = np.linspace(-3, 3, 61)
curve = [loss_at(shift) for shift in shifts]

# %% alt_pt="Uma curva suave da perda em função de um peso, e uma reta tracejada que a toca no valor atual: a inclinação da reta é o gradiente." alt_en="A smooth curve of the loss as a function of one weight, and a dashed line that touches it at the present value: the slope of the line is the gradient."
ax = plt.subplots(figsize=(6, 3.5), layout="constrained")[1]
ax.plot(shifts, curve, label="loss")
ax.plot(shifts[20:41], loss_at(0) + slope * shifts[20:41], "--", label="slope = gradient")
ax.plot(0, loss_at(0), "o", color="black")
ax.set(xlabel="change of one weight", ylabel="loss of one batch")
ax.legend()
plt.show()

# %% [markdown] lang="pt"
# A inclinação da reta é o gradiente desse peso. Ela só diz a verdade perto do ponto: longe dele, a curva faz outra coisa. Por isso os passos são pequenos.

# %% [markdown] lang="en" of="caae72fb"
# The slope of the line is the gradient of that weight. It only tells the truth near the point: further away the curve does something else. That is why steps are small.

# %% [markdown] lang="pt"
# ### Muitos passos
#
# Um treino repete o passo. Uma **época** é uma passada por todos os exemplos: embaralhar, cortar em lotes, um passo por lote. A ordem é uma função da semente e da época, como no capítulo 03; assim, ela muda a cada época e se repete a cada execução.

# %% [markdown] lang="en" of="6809edc7"
# ### Many steps
#
# A training run repeats the step. An **epoch** is one pass through all examples: shuffle, cut into batches, one step per batch. The order is a function of the seed and the epoch, as in chapter 03; so it changes in each epoch and repeats in each run.


# %%
def order_of(epoch, seed=13):
    return np.random.default_rng([seed, epoch]).permutation(len(x_train))


def batches(epoch, seed=13):
    order = order_of(epoch, seed)
    for first in range(0, len(order), BATCH_SIZE):
        rows = order[first : first + BATCH_SIZE]
        yield tf.constant(x_train[rows]), tf.constant(y_train[rows])


# %% tags=["nbval-check-output"]
sizes = [len(targets) for _, targets in batches(0)]
len(sizes), sizes[0], sizes[-1], np.array_equal(order_of(1), order_of(1))

# %% [markdown] lang="pt"
# São 34 lotes: 33 de 32 exemplos e um último de 21. `make_keras_step` monta o passo para um modelo, um otimizador do Keras e uma perda; `learn` o repete por todas as épocas e, ao fim de cada uma, olha a validação. O `tf.function` só acelera (veremos como).

# %% [markdown] lang="en" of="f20243d0"
# There are 34 batches: 33 of 32 examples and a last one of 21. `make_keras_step` sets up the step for a model, a Keras optimizer and a loss; `learn` repeats it through all epochs and, at the end of each, looks at the validation. The `tf.function` only makes it faster (we will see how).


# %%
def make_keras_step(model, optimizer, loss_function=cross_entropy):
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(loss_function(y, model(x, training=True)))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    optimizer.build(model.trainable_variables)
    return step


# %%
def validate(model):
    logits = model(x_val, training=False)
    accuracy = np.mean(np.argmax(logits, axis=1) == y_val)
    return {"val_loss": float(cross_entropy(y_val, logits)), "val_accuracy": float(accuracy)}


def learn(weights, optimizer, loss_function=cross_entropy):
    model, log = build_model(), []
    model.set_weights(weights)
    step = tf.function(make_keras_step(model, optimizer, loss_function))
    for epoch in range(EPOCHS):
        for x, y in batches(epoch):
            step(x, y)
        log.append(validate(model))
    return model, pd.DataFrame(log, index=range(1, EPOCHS + 1))


# %% [markdown] lang="pt"
# ## Otimizador, perda, métrica
#
# Antes de treinar, três escolhas:
#
# | | Pergunta que responde | Quem usa |
# |---|---|---|
# | **otimizador** | dado o gradiente, quanto mudar em cada peso? | o passo |
# | **perda** | quão errada foi a resposta, em um número com gradiente? | o otimizador |
# | **métrica** | quão bom é o modelo, em um número que se entende? | você |
#
# ### O otimizador
#
# Três regras para mudar um peso *w* com gradiente *g* e taxa *r*:
#
# - **SGD** (descida do gradiente estocástica): *w* ← *w* − *r g*;
# - **momento**: uma velocidade acumula os gradientes, *v* ← 0,9 *v* − *r g*; *w* ← *w* + *v*;
# - **Adam**: a média recente dos gradientes dividida pelo tamanho típico deles (a raiz da média dos quadrados), peso a peso (exercício 4).
#
# Compará-los com uma mesma taxa seria injusto: cada regra tem a sua escala. Damos a cada uma três taxas, os mesmos pesos iniciais e a mesma ordem de dados.

# %% [markdown] lang="en" of="fee24178"
# ## Optimizer, loss, metric
#
# Three choices come before training:
#
# | | The question it answers | Who uses it |
# |---|---|---|
# | **optimizer** | given the gradient, how much should each weight change? | the step |
# | **loss** | how wrong was the answer, in one number that has a gradient? | the optimizer |
# | **metric** | how good is the model, in one number that people understand? | you |
#
# ### The optimizer
#
# Three rules for changing a weight *w* with gradient *g* and rate *r*:
#
# - **SGD** (stochastic gradient descent): *w* ← *w* − *r g*;
# - **momentum**: a velocity gathers the gradients, *v* ← 0.9 *v* − *r g*; *w* ← *w* + *v*;
# - **Adam**: the recent mean of the gradients divided by their typical size (the root of the mean of their squares), weight by weight (exercise 4).
#
# To compare them at one and the same rate would be unfair: each rule has a scale of its own. We give each of them three rates, the same initial weights and the same order of data.


# %%
def sgd_momentum(rate=LEARNING_RATE):
    return keras.optimizers.SGD(rate, momentum=MOMENTUM)


trials = {
    "SGD": (keras.optimizers.SGD, [0.03, 0.1, 0.3]),
    "momentum": (sgd_momentum, [0.01, 0.03, 0.1]),
    "Adam": (keras.optimizers.Adam, [0.001, 0.003, 0.01]),
}
runs = {
    (name, rate): learn(start, make(rate))
    for name, (make, rates) in trials.items()
    for rate in rates
}
curves = {run: log for run, (_, log) in runs.items()}

# %% alt_pt="Três gráficos, um por otimizador, com a perda de validação por época em escala logarítmica, para três taxas de aprendizado. A melhor taxa de cada um leva a quase a mesma perda; com a maior taxa, a perda do SGD quase não desce, e a do momento anda aos saltos." alt_en="Three charts, one per optimizer, with the validation loss by epoch on a logarithmic scale, for three learning rates. The best rate of each leads to nearly the same loss; at the largest rate the loss of SGD hardly falls, and that of momentum moves in leaps."
axes = plt.subplots(1, 3, figsize=(11, 3.6), sharey=True, layout="constrained")[1]
for ax, (name, (_, rates)) in zip(axes, trials.items()):
    for rate, style in zip(rates, ("o:", "s-", "^--")):
        losses = curves[name, rate]["val_loss"]
        ax.plot(losses.index, losses, style, markersize=4, label=f"rate {rate}")
    ax.set(title=name, xlabel="epoch", yscale="log")
    ax.legend()
axes[0].set(ylabel="validation loss")
plt.show()


# %%
def alive_units(model):
    kernel, bias = model.get_weights()[:2]
    return int((x_train @ kernel + bias > 0).any(axis=0).sum())


optimizers = pd.DataFrame(
    {
        run: {"epoch 1": log["val_loss"].iloc[0], "last": log["val_loss"].iloc[-1]}
        | {"val accuracy": log["val_accuracy"].iloc[-1], "alive units": alive_units(runs[run][0])}
        for run, log in curves.items()
    }
).T
optimizers.astype({"alive units": int}).round(3)

# %% [markdown] lang="pt"
# O que se vê: a **taxa** decide mais que o nome do otimizador. Com uma taxa boa para cada um, os três chegam perto da mesma perda; com momento ou com o Adam, chega-se lá em menos épocas que com o SGD; e uma taxa grande demais estraga o treino (a maior do SGD) ou o faz andar aos saltos (a maior do momento). Diferenças pequenas entre os três não dizem nada: é uma execução de cada, com 360 dígitos de validação.
#
# A última coluna diz como uma taxa grande estraga o treino. Ela conta as unidades **vivas** das 32 da camada escondida: as que dão algo além de zero em ao menos um dígito de treino. Um passo grande demais pode levar uma ReLU para onde ela dá sempre zero; ali o gradiente também é zero, e a unidade já não aprende: está morta. Perder parte delas não impede de aprender (veja o Adam com a maior taxa); ficar com quase nenhuma, como no SGD com a maior taxa, impede: o modelo acerta menos da metade.
#
# ### A perda
#
# A entropia cruzada não é a única perda possível. O **erro quadrático** soma os quadrados das diferenças entre as dez probabilidades e o alvo *one-hot* (1 na classe certa, 0 nas outras). Por que quase ninguém o usa para classificar? Olhe o gradiente que cada perda manda ao logit da classe certa, em um problema de duas classes:

# %% [markdown] lang="en" of="37b64b7c"
# What one sees: the **rate** decides more than the name of the optimizer. With a good rate for each, all three get near the same loss; momentum and Adam get there in fewer epochs than SGD; and a rate that is too large spoils training (the largest of SGD) or makes it move in leaps (the largest of momentum). Small differences between the three say nothing: it is one run of each, with 360 validation digits.
#
# The last column tells how a large rate spoils the training. It counts the units of the hidden layer, out of 32, that are **alive**: those that give something other than zero on at least one training digit. A step that is too large may take a ReLU to where it always gives zero; there the gradient is zero too, and the unit no longer learns: it is dead. Losing some of them does not prevent learning (see Adam at its largest rate); being left with hardly any, like SGD at its largest rate, prevents learning well: it is right less than half of the time.
#
# ### The loss
#
# Cross-entropy is not the only possible loss. The **squared error** sums the squares of the differences between the ten probabilities and the one-hot target (1 at the correct class, 0 elsewhere). Why does hardly anybody use it to classify? Look at the gradient that each loss sends to the logit of the correct class, in a problem of two classes:


# %%
def squared_error(targets, logits):
    one_hot = tf.one_hot(tf.cast(tf.reshape(targets, [-1]), "int32"), logits.shape[-1])
    return tf.reduce_sum((tf.nn.softmax(logits) - one_hot) ** 2, axis=-1)


right = tf.Variable(np.linspace(-8, 8, 81, dtype="float32"))
summed = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
pulls = {}
for name, loss_function in {"cross-entropy": summed, "squared error": squared_error}.items():
    with tf.GradientTape() as tape:
        two_logits = tf.stack([right, tf.zeros_like(right)], axis=1)
        total = tf.reduce_sum(loss_function(np.zeros(81, dtype="int32"), two_logits))
    pulls[name] = np.abs(tape.gradient(total, right))

# %% alt_pt="O tamanho do gradiente em função do logit da classe certa. Na entropia cruzada, ele vai a 1 quando a resposta é errada e segura; no erro quadrático, vai a 0." alt_en="The size of the gradient as a function of the logit of the correct class. With cross-entropy it goes to 1 where the answer is wrong and sure; with the squared error it goes to 0."
ax = plt.subplots(figsize=(6, 3.5), layout="constrained")[1]
for (name, pull), style in zip(pulls.items(), ("-", "--")):
    ax.plot(right.numpy(), pull, style, label=name)
ax.set(xlabel="logit of the correct class (the other is 0)", ylabel="size of the gradient")
ax.legend()
plt.show()

# %% [markdown] lang="pt"
# À esquerda, a rede está **errada e segura**. A entropia cruzada puxa com toda a força; o erro quadrático quase não puxa: o softmax está saturado, e o gradiente some justamente onde mais se precisa dele. À direita, as duas concordam em deixar a rede em paz.
#
# Faz diferença no treino? Com momento e a mesma taxa, treinamos com cada perda a partir de dois inícios: o usual e uma rede errada e segura, a teimosa que responde sempre 3, agora com o *bias* 20.

# %% [markdown] lang="en" of="b5edfdc4"
# On the left the network is **wrong and sure**. Cross-entropy pulls with full force; the squared error hardly pulls: the softmax is saturated, and the gradient vanishes right where it is needed most. On the right both agree to leave the network in peace.
#
# Does it matter in training? With momentum and the same rate we train with each loss from two starts: the usual one, and a network that is wrong and sure, the stubborn one that always answers 3, now with a bias of 20.

# %%
always_3 = [a1, b1, a2, 20 * np.eye(10, dtype="float32")[3]]
loss_functions = {"cross-entropy": cross_entropy, "squared error": squared_error}
loss_logs = {
    name: {
        "usual start": learn(start, sgd_momentum(), loss)[1],
        "always 3": learn(always_3, sgd_momentum(), loss)[1],
    }
    for name, loss in loss_functions.items()
}
losses_table = pd.DataFrame(
    {
        name: {run: log["val_accuracy"].iloc[-1] for run, log in logs.items()}
        for name, logs in loss_logs.items()
    }
).T
losses_table.round(3)

# %% [markdown] lang="pt"
# São acurácias de validação. Do início usual, as duas perdas chegam perto uma da outra. Da rede teimosa, a entropia cruzada sai; o erro quadrático não sai do lugar: acerta só os dígitos que são mesmo 3.
#
# ### A métrica
#
# A **acurácia** é a fração de acertos: todo mundo a entende. Por que não treinar com ela? Porque não tem gradiente que sirva: mexa um pouquinho em um peso, e quase nunca uma resposta muda. A fita nem encontra caminho de volta, e devolve `None`:

# %% [markdown] lang="en" of="3b5b3835"
# These are validation accuracies. From the usual start both losses get near each other. Out of the stubborn network cross-entropy finds a way; the squared error does not move: it is only right on the digits that really are 3.
#
# ### The metric
#
# **Accuracy** is the fraction of correct answers: everybody understands it. Why not train with it? Because it has no gradient of any use: move a weight a tiny bit, and hardly ever does an answer change. The tape does not even find a way back, and returns `None`:

# %% tags=["nbval-check-output"]
with tf.GradientTape() as tape:
    hits = tf.cast(tf.argmax(model(x_val), axis=1) == y_val, "float32")
    hit_rate = tf.reduce_mean(hits)
tape.gradient(hit_rate, model.trainable_variables)

# %% [markdown] lang="pt"
# E a perda diz algo que a acurácia não vê: a **segurança** da resposta. Multiplique todos os logits por um número positivo. A ordem deles não muda, nem a acurácia; a perda, sim:

# %% [markdown] lang="en" of="a14bb658"
# And the loss says something that accuracy does not see: how **sure** the answer is. Multiply all logits by a positive number. Their order does not change, nor does the accuracy; the loss does:

# %%
trained = runs["momentum", LEARNING_RATE][0]
val_logits = trained.predict(x_val, verbose=0)
factors = (0.1, 0.5, 1, 2, 10)
sureness = pd.DataFrame(
    {
        "accuracy": [np.mean((f * val_logits).argmax(axis=1) == y_val) for f in factors],
        "loss": [float(cross_entropy(y_val, f * val_logits)) for f in factors],
    },
    index=pd.Index(factors, name="logits times"),
)
sureness.round(3)

# %% [markdown] lang="pt"
# Mesma acurácia em todas as linhas. Insegurança demais custa (em cima), e segurança demais também (embaixo): cada erro seguro custa caro. Por isso se registram a acurácia e a perda.

# %% [markdown] lang="en" of="cae8c7f3"
# The same accuracy in all rows. Being too unsure costs (top), and so does being too sure (bottom): every sure mistake is expensive. So accuracy and loss are both logged.

# %% [markdown] lang="pt"
# ## O primeiro caminho, de perto: `fit`
#
# O laço dos experimentos já existe pronto. `compile` junta as três escolhas ao modelo; `fit` treina e devolve um `History`, cujo `history` traz, para cada perda e cada métrica, uma lista com um valor por época:

# %% [markdown] lang="en" of="8d200e96"
# ## The first road, up close: `fit`
#
# The loop of the experiments exists ready-made. `compile` joins the three choices to the model; `fit` trains and returns a `History`, whose `history` holds, for each loss and each metric, a list with one value per epoch:

# %%
model = build_model()
model.set_weights(start)
model.compile(optimizer=sgd_momentum(), loss=cross_entropy, metrics=["accuracy"])
history = model.fit(
    x_train,
    y_train,
    batch_size=BATCH_SIZE,
    epochs=EPOCHS,
    validation_data=(x_val, y_val),
    verbose=2 - FULL,
)

# %% tags=["nbval-check-output"]
list(history.history), len(history.history["loss"]) == EPOCHS

# %% alt_pt="Dois gráficos por época, treino em linha cheia e validação tracejada: a acurácia sobe e a perda desce; depois de poucas épocas, as curvas de validação quase param, e as de treino seguem devagar." alt_en="Two charts by epoch, training solid and validation dashed: accuracy rises and loss falls; after a few epochs the validation curves nearly stop, and the training curves go on slowly."
plot_loss_curves(history)
plt.show()

# %% [markdown] lang="pt"
# A chave se chama `accuracy`, como na lista de `metrics`; textos antigos escrevem `acc`, e um `logs["acc"]` hoje é um `KeyError`. Um detalhe das curvas: a perda de **treino** é a média ao longo da época, com pesos que ainda mudavam; a de **validação** é medida depois, com os pesos do fim. Por isso, na primeira época, a validação parece melhor.
#
# ### O que o `fit` faz por você
#
# Para ver, um treino de brinquedo: dez exemplos cujo alvo é o próprio número da linha, em lotes de quatro, com `validation_split=0.2`. Uma métrica espiã anota que linhas passam por ela. `run_eagerly=True` faz o Python rodar a cada lote; sem ele, a função só rodaria no começo (veremos por quê).

# %% [markdown] lang="en" of="bd5342d7"
# The key is called `accuracy`, as in the list of `metrics`; old texts write `acc`, and `logs["acc"]` is a `KeyError` today. A detail of the curves: the **training** loss is the mean over the epoch, with weights that were still changing; the **validation** loss is measured afterwards, with the final weights. So in the first epoch validation looks better.
#
# ### What `fit` does for you
#
# To see it, a toy training run: ten examples whose target is the number of the row itself, in batches of four, with `validation_split=0.2`. A spying metric notes which rows pass. `run_eagerly=True` makes Python run at each batch; without it the function would only run at the beginning (we will see why).


# %%
def spy(targets, predictions):
    seen.append(np.ravel(targets).astype(int).tolist())
    return tf.reduce_mean(predictions)


seen, numbers = [], np.arange(10, dtype="float32")
toy = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
toy.compile(optimizer="sgd", loss="mse", metrics=[spy], run_eagerly=True)
toy.fit(numbers[:, None], numbers, batch_size=4, epochs=2, validation_split=0.2, verbose=0)
seen

# %% tags=["nbval-check-output"]
epochs_seen = [seen[:3], seen[3:]]
for *training, validation in epochs_seen:
    print([len(batch) for batch in training], sorted(sum(training, [])), validation)

# %% [markdown] lang="pt"
# A cada época, três listas: dois lotes de treino e um de validação. Lidas com calma, elas mostram o que o `fit` faz:
#
# - **separa** a validação: as **últimas** linhas (8 e 9), sempre as mesmas;
# - **embaralha** o treino, mas só depois de separar;
# - **corta** em lotes; o último pode ser menor;
# - não embaralha a validação, que também não muda pesos.
#
# Agora, compare as duas épocas em `seen`. A documentação diz que o `fit` embaralha antes de cada uma. Com a semente global fixada (`set_random_seed`, como em todo o curso), porém, o Keras (medimos no 3.13 e no 3.15) repete sempre a mesma ordem: o sorteio recomeça da semente cada vez que os dados são percorridos. Um `Dataset.shuffle` muda de ordem a cada passada, mesmo com a semente fixada:

# %% [markdown] lang="en" of="9378e472"
# For each epoch three lists: two training batches and one for validation. Read slowly, they show what `fit` does:
#
# - it **sets apart** the validation: the **last** rows (8 and 9), always the same;
# - it **shuffles** the training rows, but only after setting the others apart;
# - it **cuts** into batches; the last may be smaller;
# - it does not shuffle the validation, which changes no weights either.
#
# Now compare the two epochs in `seen`. The documentation says that `fit` shuffles before each of them. With the global seed fixed, however (`set_random_seed`, as in the whole course), Keras (we measured 3.13 and 3.15) always repeats the same order: the draw begins again from the seed each time that the data are gone through. A `Dataset.shuffle` changes the order in each pass, even with a fixed seed:

# %%
shuffled = tf.data.Dataset.range(10).shuffle(10, seed=13)
[[int(number) for number in shuffled] for _ in range(2)]

# %% [markdown] lang="pt"
# Quando a ordem importar, decida-a você, como em `batches`.
#
# As **últimas** linhas ficam com a validação. E se os dados estão ordenados? Ordenamos os dígitos por classe, como sai de uma pasta por classe, e repetimos:

# %% [markdown] lang="en" of="6d11c62c"
# When the order matters, decide on it yourself, as in `batches`.
#
# The **last** rows go to validation. What if the data are sorted? We sort the digits by class, as they come from a folder per class, and repeat:

# %% tags=["nbval-check-output"]
by_class = np.argsort(y_train, kind="stable")
cut = math.floor(len(by_class) * 0.8)
np.unique(y_train[by_class[:cut]]).tolist(), np.unique(y_train[by_class[cut:]]).tolist()

# %%
sorted_model = build_model()
sorted_model.set_weights(start)
sorted_model.compile(optimizer=sgd_momentum(), loss=cross_entropy, metrics=["accuracy"])
sorted_log = sorted_model.fit(
    x_train[by_class], y_train[by_class], validation_split=0.2, epochs=4, verbose=0
).history
sorted_accuracy = sorted_log["val_accuracy"][-1]
round(sorted_log["accuracy"][-1], 3), round(sorted_accuracy, 3)

# %% [markdown] lang="pt"
# Treino ótimo, validação quase zero: a rede nunca viu a maior parte das classes que lhe cobram. Nada avisa. Use `validation_data` com partes que você mesmo dividiu, como aqui, ou embaralhe os arrays antes.
#
# ### *Callbacks*: por lote e por época
#
# Um *callback* é chamado em momentos fixos do treino. Este anota os momentos e a perda que o log lhe mostra a cada lote:

# %% [markdown] lang="en" of="a74c3d74"
# Training excellent, validation near zero: the network never saw most of the classes that it is asked about. Nothing warns you. Use `validation_data` with parts that you split yourself, as here, or shuffle the arrays beforehand.
#
# ### Callbacks: per batch and per epoch
#
# A callback is called at fixed moments of the training. This one notes the moments, and the loss that the log shows it at each batch:


# %%
class Notes(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.moments, self.losses = ["train begin"], []

    def on_epoch_begin(self, epoch, logs=None):
        self.moments.append(f"epoch {epoch} begin")

    def on_train_batch_end(self, batch, logs=None):
        self.moments.append(f"batch {batch} end")
        self.losses.append(logs["loss"])

    def on_epoch_end(self, epoch, logs=None):
        self.moments.append(f"epoch {epoch} end: {sorted(logs)}")


# %% tags=["nbval-check-output"]
notes = Notes()
model.set_weights(start)
log = model.fit(x_train, y_train, batch_size=400, epochs=1, callbacks=[notes], verbose=0).history
notes.moments

# %% [markdown] lang="pt"
# São 1.077 exemplos em lotes de 400: três lotes, o último com 277. Atenção ao número que o log mostra no fim de cada **lote**: não é a perda daquele lote, e sim a média desde o começo da época. No último lote, ela é a perda da época:

# %% [markdown] lang="en" of="59612a3b"
# There are 1,077 examples in batches of 400: three batches, the last with 277. Mind the figure that the log shows at the end of each **batch**: it is not that batch's loss but the mean since the beginning of the epoch. At the last batch it is the loss of the epoch:

# %% tags=["nbval-check-output"]
bool(np.isclose(notes.losses[-1], log["loss"][0], atol=1e-6)), len(notes.losses)

# %% [markdown] lang="pt"
# É uma média sobre **exemplos**: o lote de 277 pesa 277. Guarde isso para o nosso laço (e para o exercício 2). O curso já usa *callbacks* prontos: `early_stopping`, que para quando a perda de validação deixa de melhorar, apareceu no capítulo 01.
#
# ### `fit` com um gerador
#
# Quando os dados não cabem na memória, ou chegam aos poucos, eles vêm de um **gerador**, que entrega um exemplo por vez. O `tf.data` faz com ele o que o `fit` fazia com os arrays: embaralha e corta em lotes. Agora, a ordem das etapas é com você.

# %% [markdown] lang="en" of="215b685a"
# It is a mean over **examples**: the batch of 277 weighs 277. Keep that in mind for our loop (and for exercise 2). The course has used ready-made callbacks already: `early_stopping`, which stops when the validation loss no longer improves, appeared in chapter 01.
#
# ### `fit` from a generator
#
# When the data do not fit in memory, or arrive bit by bit, they come from a **generator**, which hands over one example at a time. `tf.data` does with it what `fit` did with the arrays: it shuffles and cuts into batches. Now the order of the stages is up to you.


# %%
def one_by_one():
    for row in by_class:
        yield x_train[row], y_train[row]


signature = (tf.TensorSpec((784,), "float32"), tf.TensorSpec((), "int32"))
stream = tf.data.Dataset.from_generator(one_by_one, output_signature=signature)
stream = stream.apply(tf.data.experimental.assert_cardinality(len(x_train)))

# %% tags=["nbval-check-output"]
first_batches = {
    buffer: next(iter(stream.shuffle(buffer, seed=13).batch(BATCH_SIZE)))[1].numpy()
    for buffer in (1, 100, len(x_train))
}
{buffer: np.unique(targets).tolist() for buffer, targets in first_batches.items()}

# %% [markdown] lang="pt"
# Um gerador não diz quantos exemplos tem; `assert_cardinality` diz, e a barra do `fit` sabe onde é o fim. Este entrega os dígitos ordenados por classe. `shuffle(buffer)` sorteia entre os `buffer` exemplos que guarda: com 1, não embaralha nada; com 100, o primeiro lote só tem as classes do começo; só com todos embaralha de verdade. Se não cabem todos, embaralhe a ordem dentro do gerador, que é barato: são números de linhas, e não imagens. E `shuffle` vem antes de `batch`; depois dele, embaralharia lotes prontos.

# %% [markdown] lang="en" of="996a99bc"
# A generator does not say how many examples it has; `assert_cardinality` does, and the bar of `fit` knows where the end is. This one hands over the digits sorted by class. `shuffle(buffer)` draws among the `buffer` examples that it keeps: with 1 it shuffles nothing; with 100 the first batch only has the classes of the beginning; only with all of them does it really shuffle. If not all fit, shuffle the order inside the generator, which is cheap: these are numbers of rows, not images. And `shuffle` comes before `batch`; after it, it would shuffle finished batches.

# %%
data = stream.shuffle(len(x_train), seed=13).batch(BATCH_SIZE).prefetch(2)
stream_model = build_model()
stream_model.set_weights(start)
stream_model.compile(optimizer=sgd_momentum(), loss=cross_entropy, metrics=["accuracy"])
stream_log = stream_model.fit(
    data, epochs=2, shuffle=False, validation_data=(x_val, y_val), verbose=2 - FULL
).history

# %% [markdown] lang="pt"
# O que muda com um `Dataset`: nem `batch_size` nem `shuffle` valem (o `Dataset` já decidiu; `shuffle=False` evita um aviso), e `validation_split` é recusado, pois de um fluxo não se sabe onde fica o fim:

# %% [markdown] lang="en" of="6432131c"
# What changes with a `Dataset`: neither `batch_size` nor `shuffle` counts (the `Dataset` has decided; `shuffle=False` avoids a warning), and `validation_split` is refused, since in a stream nobody knows where the end is:

# %% tags=["nbval-check-output"]
try:
    stream_model.fit(data, validation_split=0.2, shuffle=False, verbose=0)
except ValueError as error:
    print(type(error).__name__)

# %% [markdown] lang="pt"
# ### `predict`
#
# `predict` recebe lotes, mesmo de um exemplo só: a primeira dimensão é sempre o número de exemplos. Dos logits às probabilidades, falta o softmax.

# %% [markdown] lang="en" of="32916ce7"
# ### `predict`
#
# `predict` takes batches, even of a single example: the first dimension is always the number of examples. From logits to probabilities the softmax is still missing.

# %% tags=["nbval-check-output"]
one_answer = trained.predict(x_val[:1], verbose=0)
probabilities = tf.nn.softmax(trained.predict(x_val, verbose=0)).numpy()
one_answer.shape, probabilities.shape, bool(np.allclose(probabilities.sum(axis=1), 1, atol=1e-5))

# %% alt_pt="Dez dígitos de validação, cada um com a resposta da rede e a probabilidade; os que ela errou trazem também a classe certa." alt_en="Ten validation digits, each with the network's answer and probability; those that it got wrong also show the correct class."
wrong = np.flatnonzero(probabilities.argmax(axis=1) != y_val)
shown = np.concatenate([wrong[:5], np.setdiff1d(np.arange(20), wrong)[:5]])
pictures, names = x_val[shown].reshape(-1, 28, 28), [f"“{digit}”" for digit in range(10)]
show_predictions(pictures, probabilities[shown], names, y_val[shown])
plt.show()

# %% [markdown] lang="pt"
# ### O que a rede aprendeu
#
# Cada coluna do *kernel* da primeira camada tem 784 pesos, um por pixel: dá para olhá-la como imagem. Estas são as oito unidades que mais mudaram, antes e depois do treino. Roxo e laranja são os dois sinais; branco é zero.

# %% [markdown] lang="en" of="8b5152bf"
# ### What the network learned
#
# Each column of the first layer's kernel has 784 weights, one per pixel: it can be looked at as an image. These are the eight units that changed most, before and after training. Purple and orange are the two signs; white is zero.

# %% alt_pt="Em cima, os pesos de oito unidades antes do treino: ruído. Embaixo, os mesmos depois: manchas e traços no meio da imagem; nas bordas esquerda e direita, o ruído continua." alt_en="Above, the weights of eight units before training: noise. Below, the same after it: blots and strokes in the middle of the image; at the left and right edges the noise is still there."
kernel = trained.get_weights()[0]
most = np.argsort(np.abs(kernel - start[0]).sum(axis=0))[::-1][:8]
axes = plt.subplots(2, 8, figsize=(11, 3), layout="constrained")[1]
for ax, weights in zip(axes.ravel(), np.hstack([start[0][:, most], kernel[:, most]]).T):
    ax.imshow(weights.reshape(28, 28), cmap="PuOr", vmin=-0.3, vmax=0.3)
    ax.axis("off")
plt.show()

# %% tags=["nbval-check-output"]
dark = (x_train == 0).all(axis=0)
unchanged = (kernel == start[0]).all(axis=1)
int(dark.sum()), bool(unchanged[dark].all())

# %% [markdown] lang="pt"
# No meio, apareceram traços. O primeiro número da célula anterior conta os pixels que são zero em todos os dígitos de treino: os pesos deles não saíram do lugar, nem um bit. O gradiente de um peso é multiplicado pelo pixel, e zero vezes qualquer coisa é zero: o que a rede nunca vê, ela não aprende.

# %% [markdown] lang="en" of="b7f4f84f"
# In the middle, strokes have appeared. The first number of the cell above counts the pixels that are zero in all training digits: their weights have not moved, not by a bit. The gradient of a weight is multiplied by the pixel, and zero times anything is zero: what the network never sees, it does not learn.

# %% [markdown] lang="pt"
# ## Conferir um gradiente
#
# Quem escreve o próprio laço precisa confiar nos gradientes. Há uma conferência independente, que só usa a definição: **diferenças finitas**. Some ε a um peso, depois subtraia ε dele, e veja quanto a perda muda: (*L*(*w* + ε) − *L*(*w* − ε)) / 2ε.
#
# Para isso, escrevemos o modelo como uma função dos parâmetros, sem Keras; ela vai servir também ao terceiro caminho. Depois, `tape_gradient` pede o gradiente à fita, `finite_difference` o estima pela definição, e comparamos os dois com doze valores de ε, em `float32` e em `float64`:

# %% [markdown] lang="en" of="98fb66fb"
# ## Checking a gradient
#
# Whoever writes a loop of their own has to trust the gradients. There is an independent check, from the definition alone: **finite differences**. Move one weight by ε up and down and see how much the loss changes: (*L*(*w* + ε) − *L*(*w* − ε)) / 2ε.
#
# For this we write the model as a function of the parameters, without Keras; it will also serve the third road. Then `tape_gradient` asks the tape for the gradient, `finite_difference` estimates it from the definition, and we compare the two at twelve values of ε, in `float32` and in `float64`:


# %%
def forward(parameters, x):
    a1, b1, a2, b2 = parameters
    return tf.nn.relu(x @ a1 + b1) @ a2 + b2


def loss_of(parameters, x, y):
    logits = forward(parameters, x)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))


# %%
def tape_gradient(dtype):
    parameters = [tf.constant(array, dtype) for array in start]
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        loss = loss_of(parameters, tf.constant(x, dtype), y)
    return float(tape.gradient(loss, parameters)[0][row, unit])


def finite_difference(epsilon, dtype):
    losses = []
    for sign in (1, -1):
        parameters = [array.astype(dtype) for array in start]
        parameters[0][row, unit] += sign * epsilon
        losses.append(float(loss_of(parameters, x.astype(dtype), y)))
    return (losses[0] - losses[1]) / (2 * epsilon)


# %%
exact = tape_gradient("float64")
epsilons = 10.0 ** -np.arange(1, 13)
errors = pd.DataFrame(
    {
        dtype: [abs(finite_difference(e, dtype) / exact - 1) for e in epsilons]
        for dtype in ("float32", "float64")
    },
    index=pd.Index(epsilons, name="epsilon"),
)
errors.min()

# %% alt_pt="O erro relativo das diferenças finitas em função de epsilon, em escalas logarítmicas. À medida que epsilon diminui, em float64 o erro cai a menos de um bilionésimo e volta a subir; em float32, volta a subir muito antes e chega a 1. Só com o maior epsilon os dois coincidem." alt_en="The relative error of the finite differences as a function of epsilon, on logarithmic scales. As epsilon gets smaller, the error in float64 falls below a billionth and rises again; in float32 it rises again much earlier and reaches 1. Only at the largest epsilon do the two coincide."
ax = plt.subplots(figsize=(6, 3.5), layout="constrained")[1]
for dtype, style in (("float32", "s--"), ("float64", "o-")):
    ax.plot(errors.index, errors[dtype].clip(lower=1e-12), style, markersize=4, label=dtype)
ax.set(xscale="log", yscale="log", xlabel="epsilon", ylabel="relative error of the gradient")
ax.legend()
plt.show()

# %% [markdown] lang="pt"
# As duas contas concordam: o gradiente da fita, neste peso, está certo. As curvas têm um vale. Com ε grande, a reta não é a curva; com ε pequeno, subtraem-se dois números quase iguais, e só restam erros de arredondamento. Em `float32`, com cerca de 7 algarismos, o vale é raso: confira gradientes em `float64`. E por que não treinar assim? Porque cada peso pede duas passadas pela rede: seriam 50.900 por passo, contra uma ida e uma volta da fita.

# %% [markdown] lang="en" of="4ca66035"
# The two computations agree: the tape's gradient is right for this weight. The curves have a valley. Where ε is large the line is not the curve; where ε is small two nearly equal numbers are subtracted, and only rounding errors remain. In `float32`, with about 7 digits, the valley is shallow: check gradients in `float64`. And why not train like this? Because each weight asks for two passes through the network: that would be 50,900 per step, against one pass forward and one back with the tape.

# %% [markdown] lang="pt"
# ## Os três caminhos, lado a lado
#
# Para que a comparação seja exata, tudo o que não é o caminho fica igual: os pesos iniciais (`start`), o otimizador (SGD com momento, mesma taxa) e a **ordem dos dados**, a de `batches`, função da semente e da época. Em algumas GPUs, o TensorFlow arredonda as multiplicações a cerca de 3 algarismos (TF32); por isso desligamos o TF32 junto com os `import`.

# %% [markdown] lang="en" of="12fafd4b"
# ## The three roads, side by side
#
# For the comparison to be exact, all that is not the road stays the same: the initial weights (`start`), the optimizer (SGD with momentum, the same rate) and the **order of the data**, that of `batches`, a function of the seed and the epoch. On some GPUs TensorFlow rounds multiplications to about 3 digits (TF32); so we turned TF32 off next to the imports.


# %% [markdown] lang="pt"
# ### Caminho 1: `fit`
#
# Uma chamada de `fit` por época, com os arrays já na ordem dela e `shuffle=False`. O otimizador é do modelo e guarda as velocidades entre uma chamada e outra. `Notes` recolhe o log de cada lote: a média desde o começo da época.

# %% [markdown] lang="en" of="b397a249"
# ### Road 1: `fit`
#
# One call of `fit` per epoch, with the arrays already in its order and `shuffle=False`. The optimizer belongs to the model and keeps the velocities from one call to the next. `Notes` collects the log of each batch: the mean since the beginning of the epoch.


# %%
def fit_in_order(model):
    model.set_weights(start)
    model.compile(optimizer=sgd_momentum(), loss=cross_entropy, metrics=["accuracy"])
    losses, notes = [], Notes()
    options = {"batch_size": BATCH_SIZE, "shuffle": False, "callbacks": [notes], "verbose": 0}
    for epoch in range(EPOCHS):
        rows = order_of(epoch)
        model.fit(x_train[rows], y_train[rows], **options)
        losses.append(notes.losses)
    return np.array(losses)


by_fit = build_model()
roads = {"fit": fit_in_order(by_fit)}
roads["fit"].shape

# %% [markdown] lang="pt"
# ### Caminho 2: o seu passo, em um modelo do Keras
#
# Há dois jeitos. O primeiro troca só o passo e deixa o `fit` cuidar do resto (lotes, *callbacks*, validação): uma classe com um `train_step` seu. `compute_loss` usa a perda de `compile`; `optimizer.apply` dá o passo. A primeira métrica da lista é a perda, e `sample_weight` faz cada lote pesar conforme o seu tamanho; sem ele, o último lote, menor, pesaria demais, e a perda da época seria outra.

# %% [markdown] lang="en" of="ff425462"
# ### Road 2: a step of your own, in a Keras model
#
# There are two ways. The first replaces the step alone and leaves the rest (batches, callbacks, validation) to `fit`: a class with a `train_step` of yours. `compute_loss` uses the loss of `compile`; `optimizer.apply` takes the step. The first metric of the list is the loss, and `sample_weight` makes each batch weigh according to its size; without it the last batch, which is smaller, would weigh too much, and the loss of the epoch would be another.


# %%
class OwnStep(keras.Sequential):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            logits = self(x, training=True)
            loss = self.compute_loss(x, y, logits)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        self.metrics[0].update_state(loss, sample_weight=tf.shape(x)[0])
        return self.compute_metrics(x, y, logits)


by_train_step = build_model(OwnStep)
roads["train_step"] = fit_in_order(by_train_step)

# %% [markdown] lang="pt"
# O segundo jeito dispensa o `fit`: o laço é seu, e o modelo e o otimizador são do Keras. É o passo dos experimentos, `make_keras_step`. `run` o chama para cada lote de cada época e calcula, com as perdas que ele devolve, as mesmas médias que o log do `fit` mostra.

# %% [markdown] lang="en" of="96845beb"
# The second way does without `fit`: the loop is yours, and the model and the optimizer are from Keras. It is the step of the experiments, `make_keras_step`. `run` calls it for each batch of each epoch and computes, from the losses that it returns, the same means that the log of `fit` shows.


# %%
def run(step, seed=13):
    losses = [[float(step(x, y)) for x, y in batches(epoch, seed)] for epoch in range(EPOCHS)]
    return np.cumsum(np.multiply(losses, sizes), axis=1) / np.cumsum(sizes)


# %%
by_loop = build_model()
by_loop.set_weights(start)
roads["loop"] = run(tf.function(make_keras_step(by_loop, sgd_momentum())))

# %% [markdown] lang="pt"
# ### Caminho 3: variáveis e contas
#
# Nada do Keras: `forward` e `loss_of` já estão escritas, os parâmetros são `tf.Variable`, e o otimizador são duas linhas, as do momento.

# %% [markdown] lang="en" of="dd100258"
# ### Road 3: variables and arithmetic
#
# Nothing from Keras: `forward` and `loss_of` have been written already, the parameters are `tf.Variable`s, and the optimizer is two lines, those of the momentum.


# %%
def make_plain_step(parameters):
    velocities = [tf.Variable(tf.zeros_like(parameter)) for parameter in parameters]

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(parameters, x, y)
        gradients = tape.gradient(loss, parameters)
        for parameter, velocity, gradient in zip(parameters, velocities, gradients):
            velocity.assign(MOMENTUM * velocity - LEARNING_RATE * gradient)
            parameter.assign_add(velocity)
        return loss

    return step


parameters = [tf.Variable(array) for array in start]
roads["variables"] = run(tf.function(make_plain_step(parameters)))

# %% [markdown] lang="pt"
# ### As mesmas perdas
#
# Quatro execuções, `EPOCHS` × 34 médias em cada uma. Quanto diferem do `fit`, no pior ponto?

# %% [markdown] lang="en" of="53577801"
# ### The same losses
#
# Four runs, `EPOCHS` × 34 means in each. By how much do they differ from `fit`, at the worst point?

# %%
difference = {name: float(np.abs(losses - roads["fit"]).max()) for name, losses in roads.items()}
weights = {
    "fit": by_fit.get_weights(),
    "train_step": by_train_step.get_weights(),
    "loop": by_loop.get_weights(),
    "variables": [parameter.numpy() for parameter in parameters],
}
difference

# %%
assert max(difference.values()) < 1e-5, difference

# %% [markdown] lang="pt"
# Menos de 0,00001 em todas as médias: o que resta é o arredondamento do `float32`. E isso prova alguma coisa? Um teste só vale se pode falhar. O terceiro caminho outra vez, com a ordem dos dados de outra semente:

# %% [markdown] lang="en" of="1c83b4ee"
# Less than 0.00001 in all means: what remains is the rounding of `float32`. Does that prove anything? A test is only worth something if it can fail. The third road again, with the order of the data from another seed:

# %%
other_step = tf.function(make_plain_step([tf.Variable(array) for array in start]))
other_order = run(other_step, seed=14)
control = float(np.abs(other_order - roads["fit"]).max())
control, round(control / max(difference.values()))

# %% alt_pt="As perdas por passo: os quatro modos caem exatamente na mesma curva, com marcadores diferentes uns sobre os outros; outra ordem dos dados, em linha pontilhada, dá uma curva visivelmente diferente." alt_en="The losses by step: the four ways fall on exactly the same curve, with different markers on top of each other; another order of the data, a dotted line, gives a visibly different curve."
ax = plt.subplots(figsize=(9, 4), layout="constrained")[1]
steps = np.arange(1, 2 * len(sizes) + 1)
ax.plot(steps, other_order[:2].ravel(), "k:", label="another order")
for number, (name, marker) in enumerate(zip(roads, "os^x")):
    curve = roads[name][:2].ravel()
    ax.plot(steps, curve, marker, markersize=10 - 2 * number, fillstyle="none", label=name)
ax.set(xlabel="step (the first two epochs)", ylabel="mean loss since the epoch began")
ax.legend()
plt.show()

# %% [markdown] lang="pt"
# A outra ordem mostra a diferença que o acaso faz; o segundo número diz quantas vezes ela é maior que a diferença entre os caminhos. **Os caminhos são o mesmo treino, escrito de modos diferentes.** O que decide o resultado são os dados, a ordem deles, os pesos iniciais, a perda e o otimizador; quem segura a caneta não importa. Os pesos do fim e as acurácias também coincidem:

# %% [markdown] lang="en" of="0908e7f5"
# The other order shows the difference that chance makes; the second number says how many times larger it is than the difference between the roads. **The roads are the same training run, written in different ways.** What decides the result are the data, their order, the initial weights, the loss and the optimizer; who holds the pen does not matter. The final weights and the accuracies coincide too:


# %%
def accuracy_of(weights):
    return float(np.mean(np.argmax(forward(weights, x_val), axis=1) == y_val))


roads_table = pd.DataFrame(
    {
        "max loss difference": difference,
        "max weight difference": {
            name: max(float(np.abs(a - b).max()) for a, b in zip(arrays, weights["fit"]))
            for name, arrays in weights.items()
        },
        "val accuracy": {name: accuracy_of(arrays) for name, arrays in weights.items()},
    }
)
roads_table

# %% [markdown] lang="pt"
# ## `tf.function`: o que é, e quanto vale
#
# Nos laços acima, o passo foi embrulhado em `tf.function`. Na primeira chamada, o TensorFlow roda o código Python uma vez e anota as operações em um **grafo**: isso se chama **traçar** a função. Nas seguintes, roda o grafo, sem Python. Por isso um `print` ou um `append` dentro da função só acontece ao traçar, uma vez para cada forma de entrada:

# %% [markdown] lang="en" of="4e701ef8"
# ## `tf.function`: what it is, and what it is worth
#
# In the loops above the step was wrapped in `tf.function`. At the first call TensorFlow runs the Python code once and notes the operations in a **graph**: this is called **tracing** the function. Afterwards it runs the graph, without Python. So a `print` or an `append` inside the function only happens while tracing, once for each shape of the input:


# %% tags=["nbval-check-output"]
@tf.function
def total_of(x):
    traced.append(x.shape.as_list())
    return tf.reduce_sum(x)


traced = []
for _, targets in batches(0):
    total_of(targets)
traced

# %% [markdown] lang="pt"
# São 34 chamadas e duas anotações: a forma dos lotes inteiros e a do último, menor. (É por isso que a espiã precisou de `run_eagerly=True`.) Quanto se ganha? Medimos uma época de cada laço, com e sem `tf.function`, em três rodadas alternadas; a primeira passada, que traça, não conta:

# %% [markdown] lang="en" of="f26928ce"
# There are 34 calls and two notes: the shape of the full batches and that of the last, smaller one. (That is why the spy needed `run_eagerly=True`.) How much is gained? We measure one epoch of each loop, with and without `tf.function`, in three alternating rounds; the first pass, which traces, does not count:


# %%
def make_steps():
    model = build_model()
    model.set_weights(start)
    variables = [tf.Variable(array) for array in start]
    keras_step, plain_step = make_keras_step(model, sgd_momentum()), make_plain_step(variables)
    return {
        ("loop", "off"): keras_step,
        ("loop", "on"): tf.function(keras_step),
        ("variables", "off"): plain_step,
        ("variables", "on"): tf.function(plain_step),
    }


epoch_batches = list(batches(0))


def seconds_per_epoch(step):
    begin = time.perf_counter()
    for x, y in epoch_batches:
        step(x, y)
    return time.perf_counter() - begin


# %%
timed = make_steps()
rounds = [{name: seconds_per_epoch(step) for name, step in timed.items()} for _ in range(4)]
medians = {name: np.median([times[name] for times in rounds[1:]]) for name in timed}
step_ms = 1000 * pd.Series(medians).unstack() / len(sizes)
step_ms["off / on"] = step_ms["off"] / step_ms["on"]
step_ms.round(2)

# %% [markdown] lang="pt"
# São milissegundos por passo nesta máquina; o que se leva daqui é a razão, na última coluna. Ela é grande porque o modelo é minúsculo: sem o grafo, quase todo o tempo é do Python que chama uma operação por vez. Em uma rede grande, em que as contas dominam, ela deve ser menor: meça na sua (em *Para explorar*). Ao depurar, deixe o `tf.function` de lado; ao treinar, use-o.

# %% [markdown] lang="en" of="e983e591"
# These are milliseconds per step on this machine; what one takes away is the ratio, in the last column. It is large because the model is tiny: without the graph nearly all the time goes to the Python that calls one operation after the other. In a large network, where the arithmetic dominates, it should be smaller: measure on yours (under *To explore*). While debugging leave `tf.function` aside; for training use it.

# %% [markdown] lang="pt"
# ## Um laço completo
#
# Um laço de verdade precisa de mais do que passos: **registrar** cada época em um arquivo, **validar**, guardar os **melhores** pesos e **parar** quando a validação deixa de melhorar. É o que o `fit` faria com `early_stopping` e o `CSVLogger` do Keras; aqui, cada linha está à vista:

# %% [markdown] lang="en" of="99ca57ed"
# ## A complete loop
#
# A real loop needs more than steps: to **log** each epoch in a file, to **validate**, to keep the **best** weights and to **stop** when validation no longer improves. It is what `fit` would do with `early_stopping` and Keras' `CSVLogger`; here each line is in sight:


# %%
def train(model, optimizer, log_file, patience=5):
    step = tf.function(make_keras_step(model, optimizer))
    log, best, best_epoch, best_weights = [], math.inf, -1, model.get_weights()
    for epoch in range(MAX_EPOCHS):
        losses = [float(step(x, y)) for x, y in batches(epoch)]
        row = {"epoch": epoch + 1, "loss": np.average(losses, weights=sizes)}
        log.append(row | validate(model))
        pd.DataFrame(log).to_csv(log_file, index=False)
        if log[-1]["val_loss"] < best:
            best, best_epoch, best_weights = log[-1]["val_loss"], epoch, model.get_weights()
        elif epoch - best_epoch == patience:
            break
    model.set_weights(best_weights)
    return pd.DataFrame(log).set_index("epoch")


# %% [markdown] lang="pt"
# `np.average(…, weights=sizes)` é a média sobre exemplos; `validate` leva a validação inteira, que cabe na memória, em um lote só, com `training=False` (aqui não muda nada; com `Dropout` ou `BatchNormalization`, mudaria). O arquivo é reescrito a cada época: se o treino for interrompido, o registro fica.

# %% [markdown] lang="en" of="3a27ffc2"
# `np.average(…, weights=sizes)` is the mean over examples; `validate` takes the whole validation part, which fits in memory, in a single batch, with `training=False` (here it changes nothing; with `Dropout` or `BatchNormalization` it would). The file is written anew at each epoch: if the training is interrupted, the log stays.

# %%
RUNS.mkdir(parents=True, exist_ok=True)
final = build_model()
final.set_weights(start)
log = train(final, sgd_momentum(), RUNS / "log.csv")
best_epoch = int(log["val_loss"].idxmin())
len(log), best_epoch, MAX_EPOCHS

# %% alt_pt="Dois gráficos por época. Na perda, a de treino desce quase sempre; a de validação para de descer e oscila. A acurácia de validação sobe e depois oscila. Uma linha vertical marca a melhor época." alt_en="Two charts by epoch. The training loss falls nearly all the time; the validation loss stops falling and sways. The validation accuracy rises and then sways. A vertical line marks the best epoch."
axes = plot_loss_curves(log[["loss", "val_loss", "val_accuracy"]].to_dict("list"))
for ax in axes:
    ax.axvline(best_epoch, color="gray", linestyle=":")
axes[0].set(yscale="log")
axes[1].legend(loc="lower right")
plt.show()

# %% tags=["nbval-check-output"]
restored_loss = float(cross_entropy(y_val, final(x_val)))
saved = pd.read_csv(RUNS / "log.csv")
bool(np.isclose(restored_loss, log["val_loss"].min(), atol=1e-6)), len(saved) == len(log)

# %% [markdown] lang="pt"
# O laço parou cinco épocas depois da melhor e devolveu os pesos dela. O `fit` faria o mesmo? Com `early_stopping` e a mesma paciência (a ordem dos dados é outra, pois quem embaralha é ele):

# %% [markdown] lang="en" of="5f7b98a3"
# The loop stopped five epochs after the best one and gave its weights back. Would `fit` do the same? With `early_stopping` and the same patience (the order of the data is another, since it does the shuffling):

# %%
keras.utils.set_random_seed(13)
stopped = build_model()
stopped.set_weights(start)
stopped.compile(optimizer=sgd_momentum(), loss=cross_entropy, metrics=["accuracy"])
stopped_log = stopped.fit(
    x_train,
    y_train,
    batch_size=BATCH_SIZE,
    epochs=MAX_EPOCHS,
    verbose=0,
    validation_data=(x_val, y_val),
    validation_batch_size=len(x_val),
    callbacks=[early_stopping(patience=5)],
).history
stopped_best = int(np.argmin(stopped_log["val_loss"])) + 1
pd.DataFrame(
    {
        "loop": {"best epoch": best_epoch, "val loss": log["val_loss"].min()},
        "fit": {"best epoch": stopped_best, "val loss": min(stopped_log["val_loss"])},
    }
).T.astype({"best epoch": int}).round(3)

# %% [markdown] lang="pt"
# As épocas não precisam coincidir, pois a ordem é outra; a perda alcançada é parecida. Escrever o laço não o torna melhor: dá a você o controle do que está dentro.
#
# ## O teste, uma vez
#
# O modelo escolhido é o do laço completo. Só agora olhamos o teste, com o intervalo de 95 % (Wilson, como nos capítulos 01 a 03) e, ao lado, uma régua que não treina nada: o **vizinho mais próximo**, que responde a classe do dígito de treino mais parecido, pixel por pixel.

# %% [markdown] lang="en" of="3fa92f75"
# The epochs need not coincide, since the order is another; the loss that is reached is similar. Writing the loop does not make it better: it gives you control of what is inside.
#
# ## The test, once
#
# The chosen model is that of the complete loop. Only now do we look at the test, with the 95% interval (Wilson's, as in chapters 01 to 03) and, beside it, a yardstick that trains nothing: the **nearest neighbour**, which answers with the class of the training digit that is most similar, pixel by pixel.


# %%
def interval(correct):
    found = binomtest(int(correct.sum()), len(correct)).proportion_ci(method="wilson")
    return [correct.mean(), found.low, found.high]


neighbour = KNeighborsClassifier(1).fit(x_train, y_train)
answers = {"loop": np.argmax(final(x_test), axis=1), "neighbour": neighbour.predict(x_test)}
test_table = pd.DataFrame(
    {name: interval(answer == y_test) for name, answer in answers.items()},
    index=["accuracy", "low", "high"],
).T
test_accuracy, neighbour_accuracy = test_table["accuracy"]
test_table.round(3)

# %% [markdown] lang="pt"
# O vizinho mais próximo, que não treina nada, acerta mais que a rede. Não é vergonha, é informação: quase certamente, as mesmas pessoas escreveram o treino e o teste, e um dígito de teste costuma ter um parecido no treino. A rede, por sua vez, trata os pixels como colunas de uma tabela, sem saber quais são vizinhos; para isso servem as convoluções do capítulo 02. Meça uma régua simples antes de festejar uma rede.
#
# ## Quando usar o quê
#
# | Você precisa de | Use | O que você ganha | O que você paga |
# |---|---|---|---|
# | treinar um modelo comum | `fit` | *callbacks*, barra de progresso, vários dispositivos, tudo testado | pouca coisa à vista |
# | algo no fim de um lote ou época | `fit` com um *callback* | o laço continua pronto | só os momentos previstos |
# | outro passo: duas perdas, gradientes limitados a seu modo, uma rede que imita outra (destilação) | `train_step` | o resto do `fit` continua valendo | conhecer `compute_loss` e as métricas |
# | outro laço: dois modelos que se alternam (GAN), ordem que depende da perda | laço com modelo do Keras | controle de tudo | registrar, validar, parar e salvar por sua conta |
# | entender, ensinar, conferir; um modelo que não é feito de camadas | variáveis | nada escondido | escrever tudo, até o otimizador; salvar os pesos |
#
# Comece por cima e só desça quando precisar.
#
# ## Rótulos ao acaso
#
# Para encurtar o código, muitos exemplos treinam com imagens e rótulos sorteados: aqui, cem vetores de ruído e, no lugar de rótulos, dez números quaisquer de 0 a 1 por linha. O que mede a acurácia, então?

# %% [markdown] lang="en" of="e6d6fb96"
# The nearest neighbour, which trains nothing, is right more often than the network. That is no shame but information: almost certainly the same people wrote training and test, and a test digit tends to have one like it in training. The network, for its part, treats pixels as columns of a table and does not know which are neighbours; that is what the convolutions of chapter 02 are for. Measure a plain yardstick before celebrating a network.
#
# ## When to use which
#
# | You need | Use | What you gain | What you pay |
# |---|---|---|---|
# | to train an ordinary model | `fit` | callbacks, a progress bar, several devices, all tested | little in sight |
# | something at the end of a batch or epoch | `fit` with a callback | the loop is still ready-made | only the moments foreseen |
# | another step: two losses, gradients clipped your way, a network that imitates another (distillation) | `train_step` | the rest of `fit` still counts | knowing `compute_loss` and the metrics |
# | another loop: two models that take turns (GAN), an order that depends on the loss | a loop with a Keras model | control of everything | logging, validating, stopping and saving on your own |
# | to understand, teach, check; a model that is not made of layers | variables | nothing hidden | writing everything, even the optimizer; saving the weights |
#
# Begin at the top and only go down when you need to.
#
# ## Random labels
#
# To keep the code short, many examples train on random images and labels: here, a hundred vectors of noise and, in place of labels, ten arbitrary numbers from 0 to 1 per row. What does accuracy measure, then?

# %%
noise = np.random.default_rng(13)
x_noise, x_other = noise.normal(size=(2, 100, 784)).astype("float32")
y_noise, y_other = noise.uniform(size=(2, 100, 10)).astype("float32")
noise_model = build_model()
noise_loss = keras.losses.CategoricalCrossentropy(from_logits=True)
adam = keras.optimizers.Adam(0.003)
noise_model.compile(optimizer=adam, loss=noise_loss, metrics=["categorical_accuracy"])
noise_log = noise_model.fit(x_noise, y_noise, epochs=15, verbose=0).history
pd.DataFrame(noise_log).iloc[[0, -1]].set_axis(["epoch 1", "epoch 15"]).round(2)

# %%
other_accuracy = noise_model.evaluate(x_other, y_other, verbose=0)[1]
round(other_accuracy, 2)

# %% [markdown] lang="pt"
# Nos vetores em que treinou, a acurácia passa do acaso (0,1): a rede decora um pouco. Em cem outros, sorteados do mesmo modo (o último número), fica por volta do acaso, pois não há nada a aprender: uma acurácia de treino sozinha não diria isso. E repare na perda: ela **sobe** durante o treino. A entropia cruzada supõe alvos de soma 1, e o gradiente que o TensorFlow calcula, softmax menos alvo, conta com isso. Com alvos de outra soma, ele não é o gradiente da perda. Dá para ver sem derivar nada: somar uma constante a todos os logits não muda o softmax, nem a perda, e por isso um gradiente certo soma zero.

# %% [markdown] lang="en" of="2d96b4b4"
# On the vectors that it trained on, accuracy exceeds chance (0.1): the network learns a little by heart. On a hundred others, drawn the same way (the last number), it is about chance, since there is nothing to learn: training accuracy alone would not say so. And note the loss: it **rises** during training. Cross-entropy assumes targets that sum to 1, and the gradient that TensorFlow computes, softmax minus target, counts on that. With targets of another sum it is not the gradient of the loss. One can see it without deriving anything: adding a constant to all logits changes neither the softmax nor the loss, so a correct gradient sums to zero.

# %%
level = tf.Variable(tf.zeros((1, 10)))
with tf.GradientTape() as tape:
    level_loss = noise_loss(y_noise[:1], level)
float(tf.reduce_sum(tape.gradient(level_loss, level))), float(y_noise[0].sum())

# %% [markdown] lang="pt"
# A soma do gradiente é 1 menos a soma do alvo (o segundo número), e não zero. Nenhum erro, nenhum aviso: só um treino que anda para o lado errado.

# %% [markdown] lang="en" of="7ad7847f"
# The sum of the gradient is 1 minus the sum of the target (the second number), not zero. No error, no warning: only a training that goes the wrong way.

# %% [markdown] lang="pt"
# ## Os erros que este capítulo evita
#
# | O que se lê por aí | O que acontece | O que fazer |
# |---|---|---|
# | rótulos sorteados, que não são *one-hot* | a acurácia não mede nada, e o gradiente não é o da perda | dados de verdade; rótulos inteiros ou *one-hot* |
# | *Ax + b* para uma camada densa | as formas não casam; em matrizes quadradas, erro sem aviso | *xA + b*, um exemplo por linha |
# | afirmar que o `fit` separa a validação, sem pedir isso a ele | ninguém sabe se a rede generaliza | `validation_data`, e olhar as curvas |
# | `validation_split` em dados ordenados | valida em classes que não treinou | dividir antes, com a mesma proporção de cada classe |
# | contar com uma ordem nova a cada época do `fit` | com a semente global fixada, o Keras repete a ordem | ordem como função da semente e da época |
# | `logs["acc"]` | `KeyError` | a chave é o nome da métrica: `accuracy` |
# | ler o log do lote como a perda do lote | é a média desde o começo da época | guardar as perdas no seu laço |
# | média das médias dos lotes | o último lote, menor, pesa demais | média ponderada pelos tamanhos |
# | `shuffle` com *buffer* pequeno em dados ordenados | lotes de uma ou duas classes | *buffer* do tamanho dos dados, ou ordem sorteada |
# | softmax no modelo e `from_logits=True` na perda | o Keras avisa e usa os logits; em contas suas (`tf.nn`), softmax duas vezes: probabilidades achatadas, nenhum aviso | um só, dentro da perda |
# | `print` dentro do `tf.function` para acompanhar | só aparece ao traçar | devolver valores; `run_eagerly=True` ao depurar |
# | tensores nunca liberados, no navegador | a memória só cresce | em Python, a memória volta sozinha; no TensorFlow.js, `tf.tidy` e `dispose` (capítulo 06) |

# %% [markdown] lang="en" of="9c35ea25"
# ## The mistakes that this chapter avoids
#
# | What one reads | What happens | What to do |
# |---|---|---|
# | random labels that are not one-hot | accuracy measures nothing, and the gradient is not that of the loss | real data; integer or one-hot labels |
# | *Ax + b* for a dense layer | the shapes do not match; with square matrices, an error without warning | *xA + b*, one example per row |
# | claiming that `fit` sets validation rows apart, without asking it to | nobody knows whether the network generalizes | `validation_data`, and looking at the curves |
# | `validation_split` on sorted data | validates on classes that it did not train on | split beforehand, with the same proportion of each class |
# | counting on a new order in each epoch of `fit` | with the global seed fixed Keras repeats the order | an order that is a function of seed and epoch |
# | `logs["acc"]` | `KeyError` | the key is the name of the metric: `accuracy` |
# | reading the log of a batch as the loss of that batch | it is the mean since the beginning of the epoch | keep the losses in your own loop |
# | the mean of the means of the batches | the last batch, smaller, weighs too much | the mean weighted by the sizes |
# | `shuffle` with a small buffer on sorted data | batches of one or two classes | a buffer as large as the data, or a random order |
# | softmax in the model and `from_logits=True` in the loss | Keras warns and uses the logits; in computations of your own (`tf.nn`), softmax twice: flattened probabilities, no warning | only one, inside the loss |
# | `print` inside `tf.function` to follow along | it only shows while tracing | return values; `run_eagerly=True` while debugging |
# | tensors never disposed of, in the browser | memory only grows | in Python memory comes back by itself; in TensorFlow.js `tf.tidy` and `dispose` (chapter 06) |

# %% [markdown] lang="pt"
# ## Os números do capítulo

# %% [markdown] lang="en" of="e289942e"
# ## The chapter's numbers

# %% tags=["results"]
results = {
    "val_accuracy": roads_table["val accuracy"].round(4).to_dict(),
    "max_loss_difference": max(difference.values()),
    "max_weight_difference": float(roads_table["max weight difference"].max()),
    "other_order_difference": round(control, 4),
    "gradient_relative_error": float(errors["float64"].min()),
    "speed_ratio": step_ms["off / on"].round(2).to_dict(),
    "best_epoch": best_epoch,
    "test_accuracy": round(float(test_accuracy), 4),
    "low": round(float(test_table.loc["loop", "low"]), 4),
    "high": round(float(test_table.loc["loop", "high"]), 4),
    "neighbour_accuracy": round(float(neighbour_accuracy), 4),
    "sorted_val_accuracy": round(sorted_accuracy, 4),
    "seconds": round(time.perf_counter() - chapter_start, 1),
}
print(json.dumps(results))

# %% tags=["nbval-check-output"]
stubborn = losses_table["always 3"]
facts = {
    "roads_are_one_training": max(difference.values()) < 1e-5,
    "another_order_is_not": control > 1e-3,
    "all_roads_learn": min(results["val_accuracy"].values()) > 0.9,
    "large_steps_kill_units": optimizers.loc[("SGD", 0.3), "alive units"]
    < optimizers.loc[("SGD", 0.1), "alive units"],
    "gradient_is_right": errors["float64"].min() < 1e-6,
    "tf_function_is_faster": min(results["speed_ratio"].values()) > 1.2,
    "loop_stops_early": len(log) < MAX_EPOCHS,
    "sorted_split_deceives": sorted_accuracy < 0.3 < 0.9 < sorted_log["accuracy"][-1],
    "sure_mistakes_stop_squared_error": stubborn["squared error"] < 0.2 < stubborn["cross-entropy"],
    "noise_teaches_nothing": other_accuracy < 0.25,
    "wrong_targets_raise_the_loss": noise_log["loss"][-1] > noise_log["loss"][0],
    "better_than_chance": test_table.loc["loop", "low"] > 0.5,
    "neighbour_is_a_hard_yardstick": neighbour_accuracy > test_accuracy,
}
{name: bool(fact) for name, fact in facts.items()}

# %% [markdown] lang="pt"
# ## Resumo
#
# - Um modelo é uma função com parâmetros; treinar é repetir quatro coisas: lote, resposta e perda, gradiente, passo.
# - O otimizador decide o tamanho do passo, e a taxa importa mais que o nome dele. A perda precisa de gradiente; a métrica precisa de leitor.
# - `fit`, com `validation_split`, separa as últimas linhas, embaralha o resto, corta em lotes, chama *callbacks* e faz a média sobre exemplos.
# - Confira gradientes por diferenças finitas, em `float64`.
# - `fit`, um `train_step`, um laço com Keras e um laço com variáveis são o mesmo treino: com os mesmos dados na mesma ordem e os mesmos pesos iniciais, as perdas coincidem até 0,00001.
# - `tf.function` troca o Python por um grafo; meça a razão no seu modelo.
# - Um laço completo registra, valida, guarda os melhores pesos e para.

# %% [markdown] lang="en" of="da18ac28"
# ## Summary
#
# - A model is a function with parameters; to train is to repeat four things: batch, answer and loss, gradient, step.
# - The optimizer decides the size of the step, and the rate matters more than its name. The loss needs a gradient; the metric needs a reader.
# - `fit`, with `validation_split`, sets the last rows apart, shuffles the rest, cuts into batches, calls callbacks and takes the mean over examples.
# - Check gradients by finite differences, in `float64`.
# - `fit`, a `train_step`, a loop with Keras and a loop with variables are the same training: with the same data in the same order and the same initial weights the losses coincide to 0.00001.
# - `tf.function` replaces Python by a graph; measure the ratio on your model.
# - A complete loop logs, validates, keeps the best weights and stops.

# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige treino. Precisam apenas das células de preparação, no começo do caderno.

# %% [markdown] lang="en" of="40283456"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs training. They only need the set-up cells at the start of the notebook.

# %% [markdown] lang="pt"
# ### 1. Contar parâmetros (fácil)
#
# `widths` é a lista das larguras de uma rede de camadas densas: a da entrada, a de cada camada escondida e a da saída. Devolva o número de parâmetros da rede, com os *bias*. Por exemplo, `dense_parameters([784, 32, 10])` deve devolver 25.450: são 784 × 32 + 32 da primeira camada e 32 × 10 + 10 da segunda.

# %% [markdown] lang="en" of="3dd8ad07"
# ### 1. Counting parameters (easy)
#
# `widths` is the list of the widths of a network of dense layers: that of the input, of each hidden layer and of the output. Return the number of parameters of the network, biases included. For example, `dense_parameters([784, 32, 10])` should return 25,450: 784 × 32 + 32 from the first layer and 32 × 10 + 10 from the second.


# %% tags=["stub"]
def dense_parameters(widths):
    return ...


# %% tags=["solution"]
def dense_parameters(widths):
    return sum((inputs + 1) * units for inputs, units in zip(widths[:-1], widths[1:]))


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("05-parameters", dense_parameters)

# %% [markdown] lang="pt"
# ### 2. Ache o erro: a perda da época (fácil)
#
# Em um laço, cada passo devolve a perda média do seu lote. Esta função deveria devolver a perda média da época. No exemplo, são nove exemplos: dois lotes de quatro, com perda 1, e um último lote de um exemplo só, com perda 10. A soma das perdas dos nove é 18. Qual é a média por exemplo? E o que a função diz?

# %% [markdown] lang="en" of="59bb306e"
# ### 2. Find the error: the loss of the epoch (easy)
#
# In a loop each step returns the mean loss of its batch. This function should return the mean loss of the epoch. In the example there are nine examples: two batches of four, with loss 1, and a last batch of a single example, with loss 10. The losses of the nine add up to 18. What is the mean per example? And what does the function say?


# %%
def broken_epoch_loss(losses, sizes):
    return np.mean(losses)


broken_epoch_loss([1.0, 1.0, 10.0], [4, 4, 1])

# %% [markdown] lang="pt"
# Escreva a versão certa. `losses` é a lista das perdas médias dos lotes, e `sizes`, a dos seus tamanhos. No exemplo, `epoch_loss` deve devolver 2.

# %% [markdown] lang="en" of="5010170a"
# Write the correct version. `losses` is the list of the mean losses of the batches, and `sizes` that of their sizes. In the example `epoch_loss` should return 2.


# %% tags=["stub"]
def epoch_loss(losses, sizes):
    return ...


# %% tags=["solution"]
def epoch_loss(losses, sizes):
    return np.average(losses, weights=sizes)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("05-epoch-loss", epoch_loss)

# %% [markdown] lang="pt"
# ### 3. As classes que ninguém ensinou (médio)
#
# `labels` é um array com a classe de cada exemplo, na ordem em que os dados estão. Com `validation_split=fraction`, o `fit` treina com os primeiros *n* exemplos e valida nos outros, em que *n* é o número de exemplos vezes (1 − `fraction`), arredondado para baixo. Quantas classes aparecem na validação e não aparecem no treino? Por exemplo, com `labels` igual a `[0, 0, 0, 1, 1, 2, 0, 3]` e `fraction` igual a 0,5, o treino fica com `[0, 0, 0, 1]` e a validação, com `[1, 2, 0, 3]`: faltaram a 2 e a 3, e `missing_classes` deve devolver 2.

# %% [markdown] lang="en" of="fea9bbad"
# ### 3. The classes that nobody taught (medium)
#
# `labels` is an array with the class of each example, in the order in which the data lie. With `validation_split=fraction`, `fit` trains on the first *n* examples and validates on the others, where *n* is the number of examples times (1 − `fraction`), rounded down. How many classes appear in validation and do not appear in training? For example, with `labels` equal to `[0, 0, 0, 1, 1, 2, 0, 3]` and `fraction` equal to 0.5, training gets `[0, 0, 0, 1]` and validation `[1, 2, 0, 3]`: 2 and 3 were missing, and `missing_classes` should return 2.


# %% tags=["stub"]
def missing_classes(labels, fraction):
    return ...


# %% tags=["solution"]
def missing_classes(labels, fraction):
    cut = math.floor(len(labels) * (1 - fraction))
    return len(np.setdiff1d(labels[cut:], labels[:cut]))


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("05-missing-classes", missing_classes)

# %% [markdown] lang="pt"
# ### 4. Um passo do Adam (médio)
#
# O Adam (Kingma e Ba, 2015) guarda, para cada peso, a média recente dos gradientes, *m*, e a dos quadrados deles, *v*. Um passo, com gradiente *g* e taxa *r*:
#
# 1. *m* ← 0,9 *m* + 0,1 *g*;
# 2. *v* ← 0,999 *v* + 0,001 *g*²;
# 3. como as médias começam em zero, elas são pequenas demais no início; por isso se corrigem: *M* = *m* / (1 − 0,9ᵗ) e *V* = *v* / (1 − 0,999ᵗ), em que *t* é o número do passo, contado a partir de 1;
# 4. *w* ← *w* − *r M* / (√*V* + 10⁻⁷).
#
# `weight`, `gradient`, `m` e `v` são arrays da mesma forma, com `m` e `v` de **antes** do passo; `step` é *t*, e `rate` é *r*. Devolva o novo `weight`. Por exemplo, no primeiro passo (`m` e `v` iguais a 0, `step` igual a 1), com o peso 1, o gradiente 0,5 e a taxa 0,1, *M* = 0,5 e √*V* = 0,5: `adam_step` deve devolver 0,9.

# %% [markdown] lang="en" of="b1c6d231"
# ### 4. One step of Adam (medium)
#
# Adam (Kingma and Ba, 2015) keeps, for each weight, the recent mean of the gradients, *m*, and that of their squares, *v*. One step, with gradient *g* and rate *r*:
#
# 1. *m* ← 0.9 *m* + 0.1 *g*;
# 2. *v* ← 0.999 *v* + 0.001 *g*²;
# 3. as the means begin at zero they are too small at first; so they are corrected: *M* = *m* / (1 − 0.9ᵗ) and *V* = *v* / (1 − 0.999ᵗ), where *t* is the number of the step, counted from 1;
# 4. *w* ← *w* − *r M* / (√*V* + 10⁻⁷).
#
# `weight`, `gradient`, `m` and `v` are arrays of the same shape, with `m` and `v` from **before** the step; `step` is *t*, and `rate` is *r*. Return the new `weight`. For example, at the first step (`m` and `v` equal to 0, `step` equal to 1), with the weight 1, the gradient 0.5 and the rate 0.1, *M* = 0.5 and √*V* = 0.5: `adam_step` should return 0.9.


# %% tags=["stub"]
def adam_step(weight, gradient, m, v, step, rate):
    return ...


# %% tags=["solution"]
def adam_step(weight, gradient, m, v, step, rate):
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    corrected_m, corrected_v = m / (1 - 0.9**step), v / (1 - 0.999**step)
    return weight - rate * corrected_m / (np.sqrt(corrected_v) + 1e-7)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("05-adam", adam_step)

# %% [markdown] lang="pt"
# ### 5. O gradiente, à mão (difícil)
#
# Agora, sem fita. `features` é um array (exemplos, entradas): o que entra na última camada. `probabilities` é um array (exemplos, classes): o que o softmax dá depois dela. `labels` é um array (exemplos,) com as classes certas. A perda é a entropia cruzada, em média sobre os exemplos. Devolva o gradiente dela em relação ao *kernel* da última camada, um array (entradas, classes).
#
# Duas regras dão conta de tudo. O gradiente da perda de um exemplo em relação aos seus logits é a probabilidade de cada classe, menos 1 na classe certa. E o gradiente em relação ao peso que liga a entrada *i* à classe *k* é a entrada *i* vezes o gradiente do logit *k*, em média sobre os exemplos.
#
# Por exemplo, com `features` igual a `[[1, 2], [3, 0]]`, `probabilities` igual a `[[0.5, 0.5], [0.2, 0.8]]` e `labels` igual a `[0, 1]`, os gradientes dos logits são `[[-0.5, 0.5], [0.2, -0.2]]`, e `kernel_gradient` deve devolver `[[0.05, -0.05], [-0.5, 0.5]]`.

# %% [markdown] lang="en" of="032910c5"
# ### 5. The gradient, by hand (hard)
#
# Now without a tape. `features` is an array (examples, inputs): what goes into the last layer. `probabilities` is an array (examples, classes): what the softmax gives after it. `labels` is an array (examples,) with the correct classes. The loss is cross-entropy, averaged over the examples. Return its gradient with respect to the kernel of the last layer, an array (inputs, classes).
#
# Two rules are all that is needed. The gradient of one example's loss with respect to its logits is the probability of each class, minus 1 at the correct class. And the gradient with respect to the weight that connects input *i* to class *k* is input *i* times the gradient of logit *k*, averaged over the examples.
#
# For example, with `features` equal to `[[1, 2], [3, 0]]`, `probabilities` equal to `[[0.5, 0.5], [0.2, 0.8]]` and `labels` equal to `[0, 1]`, the gradients of the logits are `[[-0.5, 0.5], [0.2, -0.2]]`, and `kernel_gradient` should return `[[0.05, -0.05], [-0.5, 0.5]]`.


# %% tags=["stub"]
def kernel_gradient(features, probabilities, labels):
    return ...


# %% tags=["solution"]
def kernel_gradient(features, probabilities, labels):
    one_hot = np.eye(probabilities.shape[1])[labels]
    return features.T @ (probabilities - one_hot) / len(labels)


# %% tags=["check", "localized", "nbval-check-output"]
check_answer("05-gradient", kernel_gradient)

# %% [markdown] lang="pt"
# ### Para explorar
#
# Aqui não há resposta pronta. Fique na validação, para não gastar o teste.
#
# 1. Dê ao erro quadrático outras taxas e outros inícios teimosos (*bias* 5, 10, 15). Até onde ele escapa?
# 2. Troque o SGD com momento pelo Adam nos três caminhos (no terceiro, com as contas do exercício 4, guardando também *m* e *v* de cada peso). As perdas ainda coincidem até 0,00001? Onde o Adam divide por um número muito pequeno?
# 3. Faça o *kernel* da primeira camada começar em zero, e depois só o da segunda. Quais gradientes são zero no primeiro passo? Algum desses treinos aprende?
# 4. Meça a razão do `tf.function` com 32, 256 e 2.048 unidades na camada escondida. Onde ela chega perto de 1?
# 5. Escreva um `train_step` que soma à perda 0,001 vezes a soma dos quadrados dos pesos, e compare as imagens dos pesos com as deste capítulo. O que aconteceu com o ruído dos pixels que são sempre zero?

# %% [markdown] lang="en" of="d6d30dd5"
# ### To explore
#
# There is no ready answer here. Stay on validation, so as not to use up the test.
#
# 1. Give the squared error other rates and other stubborn starts (bias 5, 10, 15). How far does it escape?
# 2. Replace SGD with momentum by Adam on all three roads (on the third, with the rules of exercise 4, keeping *m* and *v* of each weight too). Do the losses still coincide to 0.00001? Where does Adam divide by a very small number?
# 3. Let the kernel of the first layer begin at zero, and then only that of the second. Which gradients are zero at the first step? Does either of these runs learn?
# 4. Measure the ratio of `tf.function` with 32, 256 and 2,048 units in the hidden layer. Where does it get near 1?
# 5. Write a `train_step` that adds to the loss 0.001 times the sum of the squares of the weights, and compare the images of the weights with those of this chapter. What has become of the noise of the pixels that are always zero?

# %% [markdown] lang="pt"
# ## Para ir além
#
# - Rumelhart, Hinton e Williams (1986), [Learning representations by back-propagating errors](https://doi.org/10.1038/323533a0).
# - Kingma e Ba (2015), [Adam: A Method for Stochastic Optimization](https://arxiv.org/abs/1412.6980).
# - Baydin, Pearlmutter, Radul e Siskind (2018), [Automatic differentiation in machine learning: a survey](https://arxiv.org/abs/1502.05767): como a fita funciona.
# - Zhang, Bengio, Hardt, Recht e Vinyals (2017), [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530): redes que decoram rótulos sorteados.
# - Kaynak (1995) e Alpaydin e Kaynak (1998), [os dígitos](https://doi.org/10.24432/C50P49), no UCI Machine Learning Repository.
# - Guias do Keras: [treinar com `fit`](https://keras.io/guides/training_with_built_in_methods/), [o seu `train_step`](https://keras.io/guides/custom_train_step_in_tensorflow/), [o seu laço](https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/); do TensorFlow: [`tf.function`](https://www.tensorflow.org/guide/function).

# %% [markdown] lang="en" of="8dca929c"
# ## Further reading
#
# - Rumelhart, Hinton and Williams (1986), [Learning representations by back-propagating errors](https://doi.org/10.1038/323533a0).
# - Kingma and Ba (2015), [Adam: A Method for Stochastic Optimization](https://arxiv.org/abs/1412.6980).
# - Baydin, Pearlmutter, Radul and Siskind (2018), [Automatic differentiation in machine learning: a survey](https://arxiv.org/abs/1502.05767): how the tape works.
# - Zhang, Bengio, Hardt, Recht and Vinyals (2017), [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530): networks that learn random labels by heart.
# - Kaynak (1995) and Alpaydin and Kaynak (1998), [the digits](https://doi.org/10.24432/C50P49), in the UCI Machine Learning Repository.
# - Keras guides: [training with `fit`](https://keras.io/guides/training_with_built_in_methods/), [your own `train_step`](https://keras.io/guides/custom_train_step_in_tensorflow/), [your own loop](https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/); TensorFlow's: [`tf.function`](https://www.tensorflow.org/guide/function).
