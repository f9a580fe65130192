# %% [markdown] lang="pt"
# ## Exercícios
#
# Escreva a sua resposta no lugar de `...`, rode a célula e depois a que a confere. Os exercícios não dependem uns dos outros, e nenhum exige fotos nem treino. Precisam apenas das células de preparação, no começo do caderno. Uma máscara é um array (altura, largura) em que 0 é piso livre e 1 é obstáculo, ou seja, o que um robô poderia atingir.

# %% [markdown] lang="en" of="dd13a9c0"
# ## Exercises
#
# Write your answer in place of `...`, run the cell and then the one that checks it. The exercises do not depend on each other, and none needs photos or training. They only need the set-up cells at the start of the notebook. A mask is an array (height, width) in which 0 is free floor and 1 is obstacle, that is, what a robot could hit.

# %% [markdown] lang="pt"
# ### 1. A IoU do piso livre (fácil)
#
# `truth` e `prediction` são a máscara verdadeira e a prevista de uma imagem. Calcule a IoU da classe 0, o piso livre: entre os pixels que são piso em ao menos uma das duas máscaras, a fração dos que são piso em ambas. Se nenhuma das duas tem um pixel de piso, o resultado é NaN (`np.nan`): não há o que medir. Por exemplo, com a verdade `[[0, 0, 0, 1], [0, 1, 1, 1]]` e a previsão `[[0, 0, 1, 1], [0, 0, 0, 1]]`, 6 pixels são piso em ao menos uma, e 3 deles em ambas: `iou` deve devolver 0,5.

# %% [markdown] lang="en" of="bc027a8d"
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
# Esta função deveria reduzir uma máscara à metade da altura e da largura. A máscara vem de um arquivo de imagem, em que 0 é piso livre e 255 é obstáculo. Cada bloco de 2 × 2 pixels vira um pixel, com a média dos quatro: é o que a interpolação bilinear do TensorFlow faz nesse caso. De que classe são os pixels de valor 127,5? O segundo array mostra o que sai quando se divide por 255 e se joga fora a parte decimal. Na máscara original, metade dos pixels é obstáculo. E nele?

# %% [markdown] lang="en" of="ac09570a"
# ### 2. Find the error: the grey mask (easy)
#
# This function should reduce a mask to half its height and width. The mask comes from an image file, in which 0 is free floor and 255 is obstacle. Each block of 2 × 2 pixels becomes one pixel, with the mean of the four: that is what TensorFlow's bilinear interpolation does in this case. Which class are the pixels of value 127.5? The second array shows what comes out when it is divided by 255 and the decimals are thrown away. In the original mask half of the pixels are obstacle. And in this one?


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
# `truth` é uma máscara, com valores *t* iguais a 0 ou 1. `probability` é um array da mesma forma, com a probabilidade *p*, de 0 a 1, que a rede dá à classe 1 em cada pixel. A perda de Dice é 1 − 2 × (soma de *p* × *t*) / (soma de *p* + soma de *t*), com as somas sobre todos os pixels. Os pixels de piso em que a rede diz 0 não entram em nenhuma das três somas: por muitos que sejam, não escondem um obstáculo perdido. Se as duas somas de baixo são 0, não há nada a encontrar e nada foi encontrado, e a perda é 0. Por exemplo, com a máscara `[[0, 1], [1, 0]]` e as probabilidades `[[0.1, 0.8], [0.7, 0.4]]`, a soma de cima é 1,5 e as de baixo são 2 e 2: `dice_loss` deve devolver 1 − 3 / 4 = 0,25.

# %% [markdown] lang="en" of="4d919cdf"
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
# ### 4. A IoU de cada reamostra (médio)
#
# Que intervalo cerca a IoU de um conjunto de imagens? O *bootstrap* sorteia imagens do conjunto, com reposição, tantas quantas ele tem, e calcula a IoU de novo. Cada sorteio é uma reamostra, e o intervalo vem de muitas delas. `intersections` e `unions` são arrays (imagens,) com as contagens de pixels de cada imagem. `rows` é um array (reamostras, imagens): cada linha traz os números, contados a partir de 0, das imagens que uma reamostra sorteou. Uma imagem sorteada duas vezes conta duas vezes. Devolva um array (reamostras,) com a IoU de cada reamostra, juntando os pixels das suas imagens: a soma das interseções dividida pela soma das uniões, que nunca é 0. Por exemplo, com as interseções `[8, 1]`, as uniões `[10, 5]` e os sorteios `[[0, 1], [1, 1]]`, as IoUs são (8 + 1) / (10 + 5) e (1 + 1) / (5 + 5): `pooled_iou` deve devolver `[0.6, 0.2]`.

# %% [markdown] lang="en" of="8a015a03"
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
# At the end of each epoch a training run saves the weights to a file, from which it goes on if it is killed. When validation accuracy falls below a minimum, the weights go back to those of the best epoch. This function imitates that run: in place of the weights it keeps the number of the epoch that they come from, and `latest` collects what was saved at the end of each. In the example epoch 3 is bad. Which epoch's weights does one find who resumes a run that was killed right after it?


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
# Onde ficam os erros de uma rede: na fronteira entre piso e obstáculo ou longe dela? Para responder, é preciso achar a fronteira. Devolva um array de booleanos da mesma forma que `mask`, `True` nos pixels em que ao menos um dos quatro vizinhos diretos (acima, abaixo, à esquerda e à direita) tem outro valor. Fora da imagem não há vizinhos: um pixel da borda tem três, e um do canto, dois. Por exemplo, em `[[0, 0, 0], [0, 1, 0], [0, 0, 0]]`, o obstáculo e os seus quatro vizinhos são fronteira, e os cantos não: `boundary` deve devolver `[[False, True, False], [True, True, True], [False, True, False]]`.

# %% [markdown] lang="en" of="7873e1e8"
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
# 2. Escreva a perda de Dice com `keras.ops` e treine a mesma rede com ela e com a entropia cruzada, a partir das mesmas sementes. Sorteie as reamostras uma vez e use as mesmas linhas em `pooled_iou` para as duas redes. O intervalo de 95 % da diferença entre as IoUs contém o zero?
# 3. Interrompa o treino depois de uma época boa, retome-o e compare as curvas de validação com as de um treino sem interrupção. O que muda quando se guardam só os pesos, sem o estado do otimizador? E quando o mínimo é tão alto que quase toda época volta?

# %% [markdown] lang="en" of="5673a133"
# ### To explore
#
# There is no ready answer here. Stay on the validation photos, so as not to use up the test.
#
# 1. What fraction of the wrong pixels is at the boundary of the true mask (`boundary` finds it), and what fraction of all pixels is there? Repeat this with a wider band. Should a robot fear the mistakes at the boundary more, or the others?
# 2. Write the Dice loss with `keras.ops` and train the same network with it and with cross-entropy, from the same seeds. Draw the resamples once and use the same rows in `pooled_iou` for both networks. Does the 95% interval of the difference between the IoUs contain zero?
# 3. Kill the run after a good epoch, resume it, and compare the validation curves with those of a run that was not interrupted. What changes when only the weights are kept, without the state of the optimizer? And when the minimum is so high that almost every epoch goes back?
