"""Self-checks of the exercises: they say what is wrong with an answer, not what the answer is.

An exercise is a right function, inputs to try, and the mistakes that readers make, each with a
hint in both languages. An answer is right when it gives what the right function gives, on every
input. When it gives what a known mistake gives, the reader sees that mistake's hint.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

TEXTS = {
    "right": ("✓ Certo!", "✓ Correct!"),
    "pending": (
        "○ Pendente: escreva a sua resposta no lugar de `...` e rode as duas células de novo.",
        "○ Pending: write your answer in place of `...` and run both cells again.",
    ),
    "hint": ("✗ Ainda não. {}", "✗ Not yet. {}"),
    "function": (
        "✗ Esperávamos uma função; recebemos {}. Passe o nome dela, sem parênteses.",
        "✗ Expected a function; received {}. Pass its name, without parentheses.",
    ),
    "none": (
        "✗ A função devolveu `None`. Falta um `return`?",
        "✗ The function returned `None`. Is a `return` missing?",
    ),
    "error": (
        "✗ Com a entrada {}, a função parou com um erro: {}.",
        "✗ On the input {} the function stopped with an error: {}.",
    ),
    "kind": (
        "✗ Com a entrada {}, esperávamos {}; recebemos {}.",
        "✗ On the input {} expected {}; received {}.",
    ),
    "wrong": (
        "✗ Com a entrada {}, a função devolveu {}. Faça a conta à mão: o que deveria sair?",
        "✗ On the input {} the function returned {}. Work it out by hand: what should come out?",
    ),
    "wrong network": (
        "✗ Com a entrada {}, aprendem as camadas {}. Quais deveriam aprender?",
        "✗ On the input {} the layers {} learn. Which should?",
    ),
    "one number": ("um número", "one number"),
    "one number per batch": ("um número por lote", "one number per batch"),
    "network": ("a rede (`return network`)", "the network (`return network`)"),
}


@dataclass(frozen=True)
class Exercise:
    """An exercise whose answer is a function.

    Attributes:
        right: A right answer.
        inputs: Makes the arguments to try, anew at each call.
        returns: What the answer returns, a key of TEXTS: "one number", "network" …
        mistakes: Wrong answers, each with its hint in Portuguese and in English.
        observe: From what the answer returned to an array to compare; raises on a wrong kind.
        wrong: What a wrong array is told with, a key of TEXTS.
        describe: From such an array to what the reader sees of it.
    """

    right: Callable
    inputs: Callable[[], list[tuple]]
    returns: str
    mistakes: list[tuple[Callable, str, str]]
    observe: Callable[[Any], np.ndarray]
    wrong: str = "wrong"
    describe: Callable[[np.ndarray], Any] = lambda value: value


@dataclass(frozen=True)
class Verdict:
    """What a self-check found; it shows as its text. `state`: "right", "wrong" or "pending"."""

    state: str
    text: str

    def __repr__(self):
        return self.text


def check_answer(exercise: str, answer: Callable) -> Verdict:
    """Tries an answer on several inputs.

    Args:
        exercise: Name of the exercise, such as "01-majority".
        answer: The function that the reader wrote. One that returns `...` has not been begun.

    Returns:
        Verdict, which shows as a text in the language of the environment variable `COURSE_LANG`
        ("pt" or "en"). An error inside the answer becomes part of it.

    Raises:
        ValueError: For an exercise that does not exist.

    Example:
        >>> check_answer("01-majority", majority_accuracy)
    """
    if exercise not in EXERCISES:
        raise ValueError(f"Expected one of {sorted(EXERCISES)}. Received: {exercise!r}.")
    task = EXERCISES[exercise]
    if answer is ...:
        return _verdict("pending")
    if not callable(answer):
        return _verdict("function", _short(answer))
    shown = [", ".join(map(_short, arguments)) for arguments in task.inputs()]
    received, right = _outcomes(task, answer), _outcomes(task, task.right)
    for given, (problem, value) in zip(shown, received, strict=True):
        if problem in ("pending", "none"):
            return _verdict(problem)
        if problem == "error":
            return _verdict("error", given, value)
    differs = [not _same(*pair) for pair in zip(received, right, strict=True)]
    if not any(differs):
        return _verdict("right")
    for mistake, *hints in task.mistakes:
        if all(map(_same, received, _outcomes(task, mistake))):
            return _verdict("hint", _in_language(hints))
    first = differs.index(True)
    problem, value = received[first]
    if problem == "kind" or value.ndim != right[first][1].ndim:
        return _verdict("kind", shown[first], _in_language(TEXTS[task.returns]), _short(value))
    return _verdict(task.wrong, shown[first], _short(task.describe(value)))


def _outcomes(task, function):
    """For each input `(problem, value)`: an array to compare, or what went wrong in its place."""
    outcomes = []
    for arguments in task.inputs():
        try:
            returned = function(*arguments)
        except (Exception, SystemExit) as error:
            outcomes.append(("error", f"{type(error).__name__}: {_short(error)}"))
            continue
        if returned is None or returned is ...:
            outcomes.append(("pending" if returned is ... else "none", None))
            continue
        try:
            outcomes.append((None, task.observe(returned)))
        except (Exception, SystemExit):
            outcomes.append(("kind", returned))
    return outcomes


def _same(one, other):
    """Whether two outcomes are equal but for rounding (float32 against float64)."""
    (problem, value), (other_problem, other_value) = one, other
    return (
        problem is None
        and other_problem is None
        and value.shape == other_value.shape
        and np.allclose(value, other_value, rtol=1e-4, atol=1e-5)
    )


def _numbers(returned):
    """What a function returned as an array of numbers."""
    values = np.asarray(returned)
    if values.dtype.kind not in "iuf":
        raise TypeError("no numbers")
    return values.astype(float)


def _short(value):
    """A value in one line of at most 80 characters, whatever it is."""
    try:
        if isinstance(value, np.ndarray | np.generic):
            exact = value.dtype.kind != "f"  # float32 as float64, else 0.1 becomes 0.10000000149
            value = (value if exact else np.round(value.astype(float), 3)).tolist()
        text = " ".join((str if isinstance(value, BaseException) else repr)(value).split())
    except Exception:
        text = type(value).__name__
    return text if len(text) <= 80 else text[:79] + "…"


def _in_language(texts):
    """The Portuguese or the English one of two texts."""
    return texts[os.environ.get("COURSE_LANG") == "en"]


def _verdict(key, *values):
    state = key if key in ("right", "pending") else "wrong"
    return Verdict(state, _in_language(TEXTS[key]).format(*values))


# Chapter 01


def _majority(targets):
    return np.bincount(targets).max() / len(targets)


def _batch_lengths(step, length):
    """Lengths of the batches when they begin every `step` and hold `length` photos at most."""

    def lengths(paths, batch_size):
        step_now, length_now = step or batch_size, length or batch_size
        return [len(paths[at : at + length_now]) for at in range(0, len(paths), step_now)]

    return lengths


def _right_class(targets, probabilities):
    return probabilities[np.arange(len(targets)), targets]


def _top_k(accuracy):
    """Answer from `accuracy(targets in a column, classes by falling probability, k)`."""

    def answer(targets, probabilities, k):
        return accuracy(targets[:, None], probabilities.argsort(axis=1)[:, ::-1], k)

    return answer


def _network():
    """Three convolutions, each with its batch norm, frozen."""
    import keras

    layers = [keras.Input((8, 8, 3))]
    for block in range(3):
        conv = keras.layers.Conv2D(2, 3, kernel_initializer="zeros", name=f"block{block}_conv")
        layers.append(conv)  # zeros: no random number is drawn
        layers.append(keras.layers.BatchNormalization(name=f"block{block}_norm"))
    network = keras.Sequential(layers, name="network")
    network.trainable = False
    return network


def _set_trainable(choose, network_too=True):
    """Answer that makes the layers trainable for which `choose(number, first, layer)` holds."""

    def unfreeze(network, first):
        if network_too:
            network.trainable = True
        start = [layer.name for layer in network.layers].index(first)
        for number, layer in enumerate(network.layers):
            layer.trainable = choose(number, start, "norm" not in layer.name)
        return network

    return unfreeze


def _learning_layers(network):
    """For each layer of a network, how many of its weights learn."""
    learning = {id(weight) for weight in network.trainable_variables}
    counts = [sum(id(w) in learning for w in layer.weights) for layer in network.layers]
    return np.array(counts, float)


def _learning_names(counts):
    """Names of the layers that learn, from `_learning_layers`."""
    names = [layer.name for layer in _network().layers]
    return [name for name, count in zip(names, counts, strict=False) if count]


EXERCISES = {
    "01-majority": Exercise(
        right=_majority,
        inputs=lambda: [
            (np.array(targets),)
            for targets in ([0, 1, 1, 2], [3, 3, 3, 0, 1], [5, 5, 1, 1, 1, 1, 2], [0, 0, 0, 4])
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda targets: 1 / len(np.unique(targets)),
                "Isso vale quando todas as classes têm o mesmo tamanho. E aqui?",
                "That holds when all classes are of the same size. And here?",
            ),
            (
                lambda targets: np.bincount(targets).max(),
                "Isso é uma contagem de fotos; a acurácia é uma fração.",
                "That is a count of photos; accuracy is a fraction.",
            ),
            (
                lambda targets: np.bincount(targets).argmax(),
                "Isso é o número da classe. Quanto acerta quem responde sempre com ela?",
                "That is the number of the class. How often is it correct to always answer it?",
            ),
            (
                lambda targets: 100 * _majority(targets),
                "No Keras a acurácia vai de 0 a 1, e não de 0 a 100.",
                "In Keras accuracy goes from 0 to 1, not from 0 to 100.",
            ),
            (
                lambda targets: 1 - _majority(targets),
                "Isso é a fração de erros.",
                "That is the fraction of wrong answers.",
            ),
            (
                lambda targets: np.unique(targets, return_counts=True)[1].min() / len(targets),
                "Você olhou para a classe mais rara.",
                "You looked at the rarest class.",
            ),
            (
                lambda targets: _majority(targets) // 1,
                "O resultado é sempre 0. Você usou a divisão inteira (`//`)? Ela joga fora a parte "
                "decimal.",
                "The result is always 0. Did you use floor division (`//`)? It throws the decimals "
                "away.",
            ),
        ],
    ),
    "01-batches": Exercise(
        right=_batch_lengths(None, None),
        inputs=lambda: [
            ([f"{number}.jpg" for number in range(count)], batch_size)
            for count, batch_size in ((7, 3), (70, 20), (6, 3), (5, 8), (100, 40))
        ],
        returns="one number per batch",
        observe=_numbers,
        mistakes=[
            (
                _batch_lengths(32, 32),
                "O resultado não muda quando `batch_size` muda. Quais nomes dentro da função não "
                "vêm dos parâmetros dela?",
                "The result does not change when `batch_size` does. Which names inside the "
                "function do not come from its parameters?",
            ),
            (
                _batch_lengths(None, 32),
                "Você corrigiu onde cada lote começa. E onde ele termina?",
                "You mended where each batch begins. And where does it end?",
            ),
            (
                _batch_lengths(32, None),
                "Você corrigiu onde cada lote termina. E onde ele começa?",
                "You mended where each batch ends. And where does it begin?",
            ),
            (
                lambda paths, batch_size: [batch_size] * (len(paths) // batch_size),
                "Some os tamanhos: há menos fotos do que caminhos. Quem ficou de fora?",
                "Add up the lengths: there are fewer photos than paths. Who was left out?",
            ),
            (
                lambda paths, batch_size: [batch_size] * -(-len(paths) // batch_size),
                "Some os tamanhos: há mais fotos do que caminhos. O último lote está mesmo cheio?",
                "Add up the lengths: there are more photos than paths. Is the last batch full?",
            ),
            (
                lambda paths, batch_size: (
                    [batch_size] * (len(paths) // batch_size) + [len(paths) % batch_size]
                ),
                "Quando a divisão é exata, sobra um lote vazio. Ele existe?",
                "When the division is exact, an empty batch is left over. Does it exist?",
            ),
            (
                lambda paths, batch_size: -(-len(paths) // batch_size),
                "Isso é o número de lotes. Quantas fotos há em cada um?",
                "That is the number of batches. How many photos are in each?",
            ),
        ],
    ),
    "01-log-loss": Exercise(
        right=lambda targets, probabilities: -np.log(_right_class(targets, probabilities)).mean(),
        inputs=lambda: [
            (np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]])),
            (np.array([2, 0, 1]), np.array([[0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]])),
            (np.array([1, 0, 1, 1]), np.array([[0.3, 0.7], [0.4, 0.6], [0.9, 0.1], [0.2, 0.8]])),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda targets, probabilities: np.log(_right_class(targets, probabilities)).mean(),
                "O logaritmo de um número entre 0 e 1 é negativo. Uma perda também?",
                "The logarithm of a number between 0 and 1 is negative. Is a loss?",
            ),
            (
                lambda targets, probabilities: -np.log(_right_class(targets, probabilities)).sum(),
                "Com o dobro de fotos, esse valor dobra. A perda deveria dobrar?",
                "With twice as many photos this value doubles. Should the loss?",
            ),
            (
                lambda targets, probabilities: (
                    -np.log2(_right_class(targets, probabilities)).mean()
                ),
                "A base do logaritmo não é 2. Qual função do NumPy é o ln?",
                "The base of the logarithm is not 2. Which NumPy function is ln?",
            ),
            (
                lambda targets, probabilities: (
                    -np.log10(_right_class(targets, probabilities)).mean()
                ),
                "A base do logaritmo não é 10. Qual função do NumPy é o ln?",
                "The base of the logarithm is not 10. Which NumPy function is ln?",
            ),
            (
                lambda targets, probabilities: -np.log(probabilities.max(axis=1)).mean(),
                "Você usou a maior probabilidade de cada linha, mesmo quando o modelo erra.",
                "You used the largest probability of each row, even where the model is wrong.",
            ),
            (
                lambda targets, probabilities: (
                    -np.log(_right_class(targets, probabilities)).sum() / probabilities.size
                ),
                "Você dividiu pelo número de valores da tabela. Quantas são as fotos?",
                "You divided by the number of values in the table. How many photos are there?",
            ),
            (
                lambda targets, probabilities: -np.log(probabilities[:, targets]).mean(),
                "`probabilities[:, targets]` escolhe colunas inteiras. Cada foto precisa de um "
                "valor da sua própria linha.",
                "`probabilities[:, targets]` takes whole columns. Each photo needs one value of "
                "its own row.",
            ),
            (
                lambda targets, probabilities: (1 - _right_class(targets, probabilities)).mean(),
                "Falta o logaritmo: um erro dado com muita certeza tem de custar muito mais.",
                "The logarithm is missing: a very confident mistake has to cost far more.",
            ),
        ],
    ),
    "01-honest": Exercise(
        right=lambda val_accuracy, test_accuracy: test_accuracy[int(np.argmax(val_accuracy))],
        inputs=lambda: [
            ([0.50, 0.70, 0.60], [0.58, 0.65, 0.52]),
            ([0.81, 0.78, 0.80, 0.79], [0.74, 0.72, 0.77, 0.76]),
            ([0.2, 0.3, 0.4, 0.9, 0.7, 0.6], [0.3, 0.35, 0.45, 0.8, 0.82, 0.61]),
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                lambda val_accuracy, test_accuracy: max(val_accuracy),
                "Esse número foi usado para escolher a época, por isso é otimista. Em quais fotos "
                "nada foi decidido?",
                "That figure was used to choose the epoch, so it is optimistic. On which photos "
                "was nothing decided?",
            ),
            (
                lambda val_accuracy, test_accuracy: max(test_accuracy),
                "Assim, quem escolhe a época é o teste, e ele deixa de ser teste.",
                "This way the test chooses the epoch, and is no longer a test.",
            ),
            (
                lambda val_accuracy, test_accuracy: test_accuracy[-1],
                "Esse é o resultado dos pesos da última época. Quais pesos o `early_stopping` "
                "guarda?",
                "That is the result of the last epoch's weights. Which ones does `early_stopping` "
                "keep?",
            ),
            (
                lambda val_accuracy, test_accuracy: val_accuracy[-1],
                "Esse número vem da validação e da última época: as fotos e a época estão erradas.",
                "That figure is from validation and from the last epoch: both the photos and the "
                "epoch are wrong.",
            ),
            (
                lambda val_accuracy, test_accuracy: int(np.argmax(val_accuracy)),
                "Essa é a posição da época. Que acurácia se informa para ela?",
                "That is the position of the epoch. Which accuracy do you report for it?",
            ),
            (
                lambda val_accuracy, test_accuracy: int(np.argmax(val_accuracy)) + 1,
                "Esse é o número da época. Que acurácia se informa para ela?",
                "That is the number of the epoch. Which accuracy do you report for it?",
            ),
            (
                lambda val_accuracy, test_accuracy: test_accuracy[int(np.argmin(val_accuracy))],
                "Você pegou a época de pior validação. Acurácia, ao contrário da perda, é melhor "
                "quando é alta.",
                "You took the epoch of the worst validation. Accuracy, unlike loss, is better when "
                "it is high.",
            ),
            (
                lambda val_accuracy, test_accuracy: np.mean(test_accuracy),
                "Uma média mistura épocas cujos pesos foram descartados.",
                "A mean mixes in epochs whose weights were thrown away.",
            ),
        ],
    ),
    "01-top-k": Exercise(
        right=_top_k(lambda targets, order, k: (order[:, :k] == targets).any(axis=1).mean()),
        inputs=lambda: [
            (np.array([0, 1, 2, 3]), np.array(probabilities, "float32"), k)
            for probabilities in [
                [[0.4, 0.3, 0.2, 0.1], [0.1, 0.6, 0.2, 0.1], [0, 0.6, 0.3, 0.1], [0.5, 0.3, 0, 0.2]]
            ]
            for k in (1, 2, 3)
        ],
        returns="one number",
        observe=_numbers,
        mistakes=[
            (
                _top_k(lambda targets, order, k: (order[:, :1] == targets).any(axis=1).mean()),
                "O resultado não muda quando `k` muda.",
                "The result does not change when `k` does.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, -k:] == targets).any(axis=1).mean()),
                "Você pegou as `k` menores probabilidades. Em que ordem `argsort` põe os valores?",
                "You took the `k` smallest probabilities. In which order does `argsort` put them?",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, k - 1 : k] == targets).mean()),
                "Você olhou só para a posição `k`. As posições antes dela também valem.",
                "You looked at position `k` only. The positions before it count too.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, : k + 1] == targets).any(axis=1).mean()),
                "Você olhou uma classe a mais. Quantas há em `[:, :k + 1]`?",
                "You looked at one class too many. How many does `[:, :k + 1]` hold?",
            ),
            (
                _top_k(
                    lambda targets, order, k: (order[:, 1 : k + 1] == targets).any(axis=1).mean()
                ),
                "Você pulou a classe mais provável: em Python as posições começam em 0.",
                "You skipped the most probable class: positions begin at 0 in Python.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, :k] == targets).any(axis=1).sum()),
                "Isso é uma contagem de fotos; a acurácia é uma fração.",
                "That is a count of photos; accuracy is a fraction.",
            ),
            (
                _top_k(lambda targets, order, k: (order[:, :k] == targets).mean()),
                "A média passa por `k` valores em cada foto, e no máximo um deles acerta. Por "
                "quanto se deve dividir?",
                "The mean runs over `k` values per photo, of which one at most is right. By what "
                "should you divide?",
            ),
            (
                _top_k(
                    lambda targets, order, k: 100 * (order[:, :k] == targets).any(axis=1).mean()
                ),
                "No Keras a acurácia vai de 0 a 1, e não de 0 a 100.",
                "In Keras accuracy goes from 0 to 1, not from 0 to 100.",
            ),
        ],
    ),
    "01-fine-tune": Exercise(
        right=_set_trainable(lambda number, first, learns: number >= first and learns),
        inputs=lambda: [(_network(), "block1_conv"), (_network(), "block2_conv")],
        returns="network",
        observe=_learning_layers,
        wrong="wrong network",
        describe=_learning_names,
        mistakes=[
            (
                _set_trainable(lambda number, first, learns: number >= first and learns, False),
                "Nenhum peso aprende. Enquanto a rede inteira estiver congelada, o que se escolhe "
                "em cada camada não tem efeito.",
                "No weight learns. While the whole network is frozen, what is chosen layer by "
                "layer has no effect.",
            ),
            (
                _set_trainable(lambda number, first, learns: True),
                "Toda a rede aprende agora. Uma ordem dada à rede inteira vale para todas as "
                "camadas e apaga o que veio antes: confira a sequência.",
                "Now the whole network learns. An order given to the whole network reaches every "
                "layer and erases what came before: check the sequence.",
            ),
            (
                _set_trainable(lambda number, first, learns: number >= first),
                "O lugar está certo, mas as camadas de normalização em lote também aprendem.",
                "The place is right, but the batch normalization layers learn too.",
            ),
            (
                _set_trainable(lambda number, first, learns: learns),
                "As camadas de normalização estão certas, mas as primeiras camadas também "
                "aprendem.",
                "The normalization layers are right, but the first layers learn too.",
            ),
            (
                _set_trainable(lambda number, first, learns: number == first),
                "Só uma camada aprende. E as que vêm depois dela?",
                "A single layer learns. And those that come after it?",
            ),
            (
                _set_trainable(lambda number, first, learns: number > first and learns),
                "A camada `first` também deveria aprender.",
                "The layer `first` should learn too.",
            ),
            (
                _set_trainable(lambda number, first, learns: number < first and learns),
                "Você descongelou o começo da rede. As características mais gerais estão lá.",
                "You unfroze the beginning of the network. The most general features are there.",
            ),
        ],
    ),
}
