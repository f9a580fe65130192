// The page of chapter 06. It trains the digits' network and classifies photos, both on the device of
// whoever reads it. Chapter 06's notebook writes what it loads: data/*.json, the model, the photos.

const $ = (id) => document.getElementById(id);

// --------------------------------------------------------------------------- texts

const TEXTS = {
  pt: {
    title: "Uma rede que treina no seu navegador",
    intro:
      "Tudo nesta página acontece no seu aparelho: nenhum desenho e nenhuma foto sai dele. Esta página faz parte do capítulo 06 do curso.",
    trainTitle: "1. Treinar",
    trainText:
      "A rede do capítulo 05 (784 → 32 → 10), com os mesmos pesos iniciais e os mesmos dígitos, na mesma ordem. Escolha um dos três caminhos: os números devem ser os do Keras.",
    road: "Caminho",
    train: "Treinar",
    stop: "Parar",
    progress: "Andamento do treino",
    epochs: "Tabela das épocas",
    paper:
      "Papel para desenhar um dígito. Com o teclado: setas movem a caneta, espaço a baixa ou levanta, Delete apaga.",
    seenLabel: "O dígito como a rede o recebe, em 28 por 28 pixels",
    comparison: "Tabela da comparação com o Keras",
    drawTitle: "2. Desenhar um dígito",
    drawText:
      "Treine a rede e depois desenhe um dígito de 0 a 9, com o dedo, com o mouse ou com o teclado: as setas movem a caneta, a barra de espaço a baixa ou levanta, Delete apaga.",
    clear: "Apagar",
    drawSample: "Sortear um dígito da validação",
    seen: "O que a rede recebe:",
    photoTitle: "3. Classificar uma foto",
    photoText:
      "Uma rede como a do capítulo 02, treinada em Python e exportada para o LiteRT. Ela só conhece as classes com que treinou: para qualquer outra foto, responde com uma delas.",
    file: "Uma foto sua:",
    samples: "Ou uma das fotos do caderno:",
    compare: "Comparar com o Keras",
    loading: "Carregando o TensorFlow.js…",
    ready: "Pronto: {count} dígitos de treino e {validation} de validação.",
    running: "Época {epoch} de {epochs}…",
    done: "Fim: {epochs} épocas com {road}, acurácia de validação {accuracy}.",
    stopped: "Treino interrompido na época {epoch}, com {road}.",
    same: "Maior diferença entre estas perdas e as do Keras: {difference}.",
    epoch: "época",
    loss: "perda",
    train_loss: "perda de treino",
    val_loss: "perda de validação",
    val_accuracy: "acurácia de validação",
    tensors: "tensores",
    history: "Cada época, com {road}",
    chart:
      "Perda por época, de treino e de validação; os números estão na tabela a seguir.",
    untrained: "Treine a rede primeiro, ou espere o treino acabar.",
    empty: "",
    digit: "A rede responde {name} ({probability}).",
    digitOf: "A rede responde {name} ({probability}); o certo é {label}.",
    loadingModel: "Carregando o LiteRT.js e o modelo…",
    photoIs: "{file}: {name} ({probability}).",
    comparing: "Foto {number} de {count}…",
    compared:
      "{same} de {count} fotos com a mesma classe; a maior diferença entre as probabilidades é {difference}.",
    photo: "foto",
    keras: "Keras",
    page: "esta página",
    noData:
      "Não encontrei {url}. Esperava os arquivos que o caderno do capítulo 06 grava. Rode o caderno até a célula que abre a página e use o endereço que ela mostra.",
    noLibrary:
      "Não consegui carregar {url}. Confira a conexão e recarregue a página; sem internet, use uma pasta que já traga as bibliotecas (o caderno do capítulo 06 diz como).",
    noPhoto:
      "Esperava uma foto que este navegador soubesse abrir (JPEG, PNG, WebP). Recebi {file}. Escolha outra ou converta-a antes.",
    noBrowser:
      "Este navegador não tem {feature}, de que esta parte precisa. Atualize-o ou use outro (Chrome, Edge, Firefox ou Safari atuais).",
    unexpected: "Algo inesperado aconteceu: {message}",
  },
  en: {
    title: "A network that trains in your browser",
    intro:
      "Everything on this page happens on your device: no drawing and no photo leaves it. The page is part of chapter 06 of the course.",
    trainTitle: "1. Train",
    trainText:
      "The network of chapter 05 (784 → 32 → 10), with the same initial weights and the same digits, in the same order. Choose one of the three roads: the numbers should be those of Keras.",
    road: "Road",
    train: "Train",
    stop: "Stop",
    progress: "Progress of the training",
    epochs: "Table of the epochs",
    paper:
      "Paper to draw a digit on. With the keyboard: arrows move the pen, space puts it down or lifts it, Delete clears.",
    seenLabel: "The digit as the network receives it, in 28 by 28 pixels",
    comparison: "Table of the comparison with Keras",
    drawTitle: "2. Draw a digit",
    drawText:
      "Train the network and then draw a digit from 0 to 9, with your finger, the mouse or the keyboard: the arrows move the pen, the space bar puts it down or lifts it, Delete clears.",
    clear: "Clear",
    drawSample: "A random validation digit",
    seen: "What the network receives:",
    photoTitle: "3. Classify a photo",
    photoText:
      "A network like that of chapter 02, trained in Python and exported to LiteRT. It only knows the classes it was trained on: to any other photo it answers with one of them.",
    file: "A photo of yours:",
    samples: "Or one of the notebook's photos:",
    compare: "Compare with Keras",
    loading: "Loading TensorFlow.js…",
    ready: "Ready: {count} training digits and {validation} validation digits.",
    running: "Epoch {epoch} of {epochs}…",
    done: "Done: {epochs} epochs with {road}, validation accuracy {accuracy}.",
    stopped: "Training stopped in epoch {epoch}, with {road}.",
    same: "Largest difference between these losses and those of Keras: {difference}.",
    epoch: "epoch",
    loss: "loss",
    train_loss: "training loss",
    val_loss: "validation loss",
    val_accuracy: "validation accuracy",
    tensors: "tensors",
    history: "Each epoch, with {road}",
    chart: "Loss by epoch, training and validation; the numbers are in the table that follows.",
    untrained: "Train the network first, or wait for the training to end.",
    empty: "",
    digit: "The network answers {name} ({probability}).",
    digitOf: "The network answers {name} ({probability}); the right one is {label}.",
    loadingModel: "Loading LiteRT.js and the model…",
    photoIs: "{file}: {name} ({probability}).",
    comparing: "Photo {number} of {count}…",
    compared:
      "{same} of {count} photos with the same class; the largest difference between the probabilities is {difference}.",
    photo: "photo",
    keras: "Keras",
    page: "this page",
    noData:
      "Could not find {url}. Expected the files that chapter 06's notebook writes. Run the notebook up to the cell that opens the page, and use the address that it shows.",
    noLibrary:
      "Could not load {url}. Check the connection and reload the page; without internet use a folder that already holds the libraries (chapter 06's notebook says how).",
    noPhoto:
      "Expected a photo that this browser can open (JPEG, PNG, WebP). Received {file}. Choose another, or convert it first.",
    noBrowser:
      "This browser lacks {feature}, which this part needs. Update it or use another (a recent Chrome, Edge, Firefox or Safari).",
    unexpected: "Something unexpected happened: {message}",
  },
};

let lang = "pt";
const said = new Map(); // id of an element -> what it says, to say it again in the other language

const RAISED = { ...[..."⁰¹²³⁴⁵⁶⁷⁸⁹"], "-": "⁻", "+": "" };
const number = (value, digits) =>
  value.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (value) =>
  value.toLocaleString(lang, { style: "percent", minimumFractionDigits: 1 });
function tiny(value) {
  if (!Number.isFinite(value)) return String(value);
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${number(Number(digits), 1)} × 10${[...exponent].map((sign) => RAISED[sign]).join("")}`;
}

function text(key, values = {}) {
  const shown = (value) => (typeof value === "function" ? value() : value);
  return TEXTS[lang][key].replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

function say(id, key, values) {
  said.set(id, [key, values]);
  $(id).textContent = text(key, values);
}

function setLanguage(chosen) {
  lang = chosen;
  document.documentElement.lang = lang === "pt" ? "pt-BR" : "en";
  document.title = `06 · ${text("title")}`;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", button.dataset.lang === lang);
  }
  for (const element of document.querySelectorAll("[data-percent]")) {
    element.textContent = percent(Number(element.dataset.percent));
  }
  for (const [id, [key, values]] of said) say(id, key, values);
  showHistory();
  showComparison();
}

// What a reader can be told: `key` is a text above.
class Failure extends Error {
  constructor(key, values) {
    super(key);
    Object.assign(this, { key, values });
  }
}

// `progress` says what the task is doing: nothing, once it failed.
async function guarded(id, progress, task) {
  say(id, "empty");
  try {
    return await task();
  } catch (error) {
    say(progress, "empty");
    if (error instanceof Failure) say(id, error.key, error.values);
    else {
      say(id, "unexpected", { message: error.message });
      console.error(error);
    }
  }
}

// --------------------------------------------------------------------------- libraries and data

async function fetchJson(url) {
  const response = await fetch(url).catch(() => null);
  const data = response?.ok && (await response.json().catch(() => null));
  if (!data) throw new Failure("noData", { url });
  return data;
}

let libraries; // name of a file -> its address and the hash that its bytes must have

async function library(name) {
  libraries ??= await fetchJson("data/libraries.json");
  const { url, integrity } = libraries[name];
  const response = await fetch(url, { integrity }).catch(() => null);
  if (!response?.ok) throw new Failure("noLibrary", { url });
  return response.arrayBuffer();
}

const contextOf = (width, height) =>
  Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });

const script = (content) => URL.createObjectURL(new Blob([content], { type: "text/javascript" }));

let tf;

async function loadTensorFlow() {
  tf = await import(script(await library("@tensorflow/tfjs/dist/tf.fesm.min.js")));
  await tf.setBackend("cpu"); // enough for a network this small, and the same on every device
}

async function loadLiteRt() {
  if (typeof WebAssembly === "undefined") throw new Failure("noBrowser", { feature: "WebAssembly" });
  const utils = script(await library("@litertjs/wasm-utils/dist/index.js"));
  const core = new TextDecoder().decode(await library("@litertjs/core/dist/index.js"));
  const litert = await import(script(core.replace('"@litertjs/wasm-utils"', `"${utils}"`)));
  const recent = await litert.supportsFeature("relaxedSimd");
  const file = `@litertjs/core/wasm/litert_wasm${recent ? "" : "_compat"}_internal`;
  self.Module = { wasmBinary: await library(`${file}.wasm`), printErr: console.debug };
  await litert.loadLiteRt(`${script(await library(`${file}.js`))}#.js`);
  return litert;
}

// --------------------------------------------------------------------------- the digits

// counts: rows of 64 numbers, 0 to 16 -> tensor (n, 784), 0..1, enlarged as tf.image.resize does
function enlarge(counts) {
  return tf.tidy(() => {
    const small = tf.tensor2d(counts).div(16).reshape([-1, 8, 8, 1]);
    return tf.image.resizeBilinear(small, [28, 28], false, true).reshape([-1, 784]);
  });
}

function toTensors({ pixels, labels }) {
  return { x: enlarge(pixels), y: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, "int32"), 10)) };
}

function* batches({ x, y }, size) {
  for (let first = 0; first < x.shape[0]; first += size) {
    const count = Math.min(size, x.shape[0] - first);
    yield { xs: x.slice([first, 0], [count, -1]), ys: y.slice([first, 0], [count, -1]) };
  }
}

// --------------------------------------------------------------------------- three roads

const crossEntropy = (y, logits) => tf.losses.softmaxCrossEntropy(y, logits);

function buildModel(start) {
  const hidden = tf.layers.dense({ units: 32, activation: "relu", inputShape: [784] });
  const model = tf.sequential({ layers: [hidden, tf.layers.dense({ units: 10 })] });
  const weights = start.map(({ values, shape }) => tf.tensor(values, shape));
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

function compileModel(model, { learningRate, momentum }) {
  const optimizer = tf.train.momentum(learningRate, momentum);
  model.compile({ optimizer, loss: crossEntropy, metrics: ["accuracy"] });
  return { logits: (x) => model.predict(x), dispose: () => disposeAll([model], optimizer) };
}

function disposeAll(parts, optimizer) {
  for (const part of [...parts, optimizer]) part.dispose();
  optimizer.c?.dispose(); // the rate, which `momentum` forgets to dispose of
}

function epochEnd(model, onEpoch, stopping) {
  const onEpochEnd = async (epoch, { loss, val_loss, val_acc }) => {
    await onEpoch({ loss, val_loss, val_accuracy: val_acc });
    model.stopTraining = stopping();
  };
  return { onEpochEnd };
}

async function trainWithFit({ start, train, validation, settings, onEpoch, stopping }) {
  const model = buildModel(start);
  const network = compileModel(model, settings);
  await model.fit(train.x, train.y, {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    shuffle: false,
    validationData: [validation.x, validation.y],
    callbacks: epochEnd(model, onEpoch, stopping),
  });
  return network;
}

async function trainWithFitDataset({ start, train, validation, settings, onEpoch, stopping }) {
  const model = buildModel(start);
  const network = compileModel(model, settings);
  const dataset = tf.data.generator(() => batches(train, settings.batchSize));
  await model.fitDataset(dataset, {
    epochs: settings.epochs,
    validationData: [validation.x, validation.y],
    callbacks: epochEnd(model, onEpoch, stopping),
  });
  return network;
}

async function trainWithMinimize({ start, train, validation, settings, onEpoch, stopping }) {
  const variable = ({ values, shape }) => tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  const variables = start.map(variable);
  const [a1, b1, a2, b2] = variables;
  const logits = (x) => x.matMul(a1).add(b1).relu().matMul(a2).add(b2);
  const optimizer = tf.train.momentum(settings.learningRate, settings.momentum);
  for (let epoch = 0; epoch < settings.epochs && !stopping(); epoch++) {
    let total = 0;
    for (const { xs, ys } of batches(train, settings.batchSize)) {
      const loss = optimizer.minimize(() => crossEntropy(ys, logits(xs)), true, variables);
      total += loss.dataSync()[0] * xs.shape[0];
      tf.dispose([xs, ys, loss]);
      await breathe();
    }
    await onEpoch({ loss: total / train.x.shape[0], ...evaluate(logits, validation) });
  }
  return { logits, dispose: () => disposeAll(variables, optimizer) };
}

// Lets the browser draw, and the reader press "stop", twenty times a second.
async function breathe() {
  if (performance.now() - lastBreath < 50) return;
  await tf.nextFrame();
  lastBreath = performance.now();
}

function evaluate(logits, { x, y }) {
  return tf.tidy(() => {
    const answers = logits(x);
    const hits = answers.argMax(1).equal(y.argMax(1)).cast("float32");
    return {
      val_loss: crossEntropy(y, answers).dataSync()[0],
      val_accuracy: hits.mean().dataSync()[0],
    };
  });
}

const ROADS = {
  fit: trainWithFit,
  fitDataset: trainWithFitDataset,
  "optimizer.minimize": trainWithMinimize,
};

let digits, train, validation, network;
let run = { road: "fit", history: [] };
let stopAsked = false;
let lastBreath = 0;

async function startTraining() {
  const road = document.querySelector("[name=road]:checked").value;
  network?.dispose();
  network = null;
  stopAsked = false;
  run = { road, history: [] };
  for (const id of ["epochs", "chart"]) $(id).replaceChildren();
  say("difference", "empty");
  $("train").disabled = true;
  $("stop").disabled = false;
  $("stop").focus();
  const { settings, start } = digits;
  const onEpoch = async (epoch) => {
    run.history.push({ ...epoch, tensors: tf.memory().numTensors });
    showProgress();
    showHistory();
    await breathe();
  };
  showProgress();
  try {
    network = await ROADS[road]({
      start, train, validation, settings, onEpoch, stopping: () => stopAsked,
    });
  } finally {
    $("train").disabled = false;
    if (document.activeElement === $("stop")) $("train").focus();
    $("stop").disabled = true;
  }
  const last = run.history.at(-1);
  const facts = { epoch: run.history.length, epochs: settings.epochs, road };
  if (run.history.length < settings.epochs) say("status", "stopped", facts);
  else say("status", "done", { ...facts, accuracy: () => percent(last.val_accuracy) });
  if (asked) answerDigit(...asked);
}

// --------------------------------------------------------------------------- chart and tables

function showProgress() {
  const { epochs } = digits.settings;
  $("progress").value = run.history.length / epochs;
  say("status", "running", { epoch: Math.min(run.history.length + 1, epochs), epochs });
}

function showTable(id, caption, heads, rows) {
  const table = $(id);
  table.replaceChildren();
  table.createCaption().textContent = caption;
  const head = table.createTHead().insertRow();
  for (const name of heads) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = value;
  }
}

function showHistory() {
  if (!run.history.length) return;
  const columns = ["epoch", "train_loss", "val_loss", "val_accuracy", "tensors"];
  const rows = run.history.map((row, epoch) => [
    epoch + 1, number(row.loss, 4), number(row.val_loss, 4), percent(row.val_accuracy), row.tensors,
  ]);
  showTable("epochs", text("history", run), columns.map((key) => text(key)), rows);
  $("chart").innerHTML = chartOf(run.history);
  const differences = ["loss", "val_loss"].flatMap((name) =>
    run.history.map((row, epoch) => Math.abs(row[name] - digits.keras[name][epoch])));
  say("difference", "same", { difference: () => tiny(Math.max(...differences)) });
}

// Two lines over the epochs, as an SVG: solid with dots for training, dashed with squares else.
function chartOf(history) {
  const [left, right, top, bottom] = [66, 410, 12, 220];
  const highest = Math.max(...history.flatMap((row) => [row.loss, row.val_loss]));
  const steps = Math.max(digits.settings.epochs - 1, 1);
  const x = (epoch) => left + (epoch / steps) * (right - left);
  const y = (loss) => bottom - (loss / highest) * (bottom - top);
  const line = (name, color, dash, mark) => {
    const points = history.map((row, epoch) => [x(epoch), y(row[name])]);
    const path = points.map((point) => point.join(",")).join(" ");
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"
      stroke-dasharray="${dash}"/>${points.map(([a, b]) => mark(a, b, color)).join("")}`;
  };
  const dot = (a, b, color) => `<circle cx="${a}" cy="${b}" r="3.5" fill="${color}"/>`;
  const square = (a, b, color) =>
    `<rect x="${a - 3.5}" y="${b - 3.5}" width="7" height="7" fill="${color}"/>`;
  const gap = [0.05, 0.1, 0.2, 0.5, 1, 2, 5].find((gap) => highest / gap <= 6) ?? highest;
  const ticks = Array.from({ length: Math.floor(highest / gap) + 1 }, (_, index) => index * gap)
    .map((loss) => `<text x="${left - 8}" y="${y(loss) + 5}" text-anchor="end">${number(loss, 2)}</text>
      <line x1="${left}" x2="${right}" y1="${y(loss)}" y2="${y(loss)}" stroke="#d1d5db"/>`).join("");
  const { epochs } = digits.settings, every = Math.ceil(epochs / 10);
  const numbers = Array.from({ length: epochs }, (_, epoch) => epoch)
    .filter((epoch) => (epoch + 1) % every === 0)
    .map((epoch) => `<text x="${x(epoch)}" y="${bottom + 20}" text-anchor="middle">${epoch + 1}</text>`)
    .join("");
  const blue = "#0072b2", orange = "#d55e00";
  return `<svg viewBox="0 0 430 272" role="img" aria-label="${text("chart")}">${ticks}${numbers}
    <text x="${(left + right) / 2}" y="${bottom + 40}" text-anchor="middle">${text("epoch")}</text>
    <text transform="translate(14 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${text("loss")}</text>
    ${line("loss", blue, "", dot)}${line("val_loss", orange, "6 4", square)}
    ${dot(right - 190, top + 12, blue)}<text x="${right - 178}" y="${top + 17}">${text("train_loss")}</text>
    ${square(right - 190, top + 34, orange)}<text x="${right - 178}" y="${top + 39}">${text("val_loss")}</text>
  </svg>`;
}

function showBars(id, names, probabilities, top = 5) {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  $(id).replaceChildren(...order.slice(0, top).map((index) => {
    const line = document.createElement("li");
    line.innerHTML = '<span></span><span class="bar" aria-hidden="true"><i></i></span><span class="percent"></span>';
    line.firstChild.textContent = names[index];
    line.querySelector("i").style.width = `${100 * probabilities[index]}%`;
    line.lastChild.textContent = percent(probabilities[index]);
    line.lastChild.dataset.percent = probabilities[index];
    return line;
  }));
  return order[0];
}

// --------------------------------------------------------------------------- drawing a digit

const NAMES = [..."0123456789"];
let strokes = []; // each a list of points [x, y] in 0..1
let pen = { x: 0.5, y: 0.3, down: false }; // moved by the keyboard

function draw(context, strokes, place, width) {
  context.lineWidth = width;
  context.lineCap = context.lineJoin = "round";
  for (const points of strokes) {
    context.beginPath();
    for (const point of [points[0], ...points]) context.lineTo(...place(point));
    context.stroke();
  }
}

function showPaper() {
  const context = $("paper").getContext("2d");
  context.clearRect(0, 0, 280, 280);
  draw(context, strokes, ([x, y]) => [280 * x, 280 * y], 16);
  if ($("paper").matches(":focus-visible")) {
    context.lineWidth = 3;
    context.strokeStyle = "#d55e00";
    context.beginPath();
    context.arc(280 * pen.x, 280 * pen.y, pen.down ? 6 : 12, 0, 2 * Math.PI);
    context.stroke();
    context.strokeStyle = "#000";
  }
}

// Strokes -> 32 x 32 bitmap, as the digits of the data were scanned: as tall as the bitmap, centred.
function toBitmap(strokes) {
  const xs = strokes.flat().map(([x]) => x), ys = strokes.flat().map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(27 / Math.max(bottom - top, 0.05), 22 / Math.max(right - left, 0.05));
  const place = ([x, y]) => [
    16 + scale * (x - (left + right) / 2), 16 + scale * (y - (top + bottom) / 2),
  ];
  const context = contextOf(32, 32);
  draw(context, strokes, place, 4.5);
  const { data } = context.getImageData(0, 0, 32, 32);
  return Array.from({ length: 32 * 32 }, (_, pixel) => Number(data[4 * pixel + 3] > 127));
}

// 32 x 32 bitmap -> 64 counts of ink, 0 to 16, one for each block of 4 x 4
function blockCounts(bitmap) {
  const counts = new Array(64).fill(0);
  bitmap.forEach((ink, pixel) => {
    const row = Math.floor(pixel / 32), column = pixel % 32;
    counts[8 * Math.floor(row / 4) + Math.floor(column / 4)] += ink;
  });
  return counts;
}

let asked; // the digit answered last: its counts of ink and, when known, its label

function answerDigit(counts, label) {
  asked = [counts, label];
  const { pixels, probabilities } = tf.tidy(() => {
    const x = enlarge([counts]);
    return {
      pixels: x.reshape([28, 28]).arraySync(),
      probabilities: network ? tf.softmax(network.logits(x)).dataSync() : null,
    };
  });
  const seen = $("seen").getContext("2d"), image = seen.createImageData(28, 28);
  pixels.flat().forEach((value, index) => image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * index));
  seen.putImageData(image, 0, 0);
  $("digit-bars").replaceChildren();
  if (!probabilities) return say("digit-answer", "untrained");
  const best = showBars("digit-bars", NAMES, probabilities, 3);
  const facts = { name: NAMES[best], probability: () => percent(probabilities[best]), label };
  say("digit-answer", label === undefined ? "digit" : "digitOf", facts);
}

const answerDrawing = () => tf && strokes.length && answerDigit(blockCounts(toBitmap(strokes)));

function clearDrawing() {
  strokes = [];
  asked = null;
  pen.down = false;
  $("digit-bars").replaceChildren();
  say("digit-answer", "empty");
  $("seen").getContext("2d").clearRect(0, 0, 28, 28);
  showPaper();
}

function listenToPaper() {
  const paper = $("paper");
  const inside = (part) => Math.min(Math.max(part, 0), 1);
  const place = (event) => [inside(event.offsetX / paper.clientWidth), inside(event.offsetY / paper.clientHeight)];
  paper.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return; // one finger, or the main button
    pen.down = false;
    paper.setPointerCapture(event.pointerId);
    strokes.push([place(event)]);
    showPaper();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!event.isPrimary || !paper.hasPointerCapture(event.pointerId) || !strokes.length) return;
    strokes.at(-1).push(place(event));
    showPaper();
  });
  for (const kind of ["pointerup", "pointercancel"]) paper.addEventListener(kind, answerDrawing);
  paper.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in moves) {
      const [dx, dy] = moves[event.key];
      pen.x = Math.min(Math.max(pen.x + dx / 20, 0), 1);
      pen.y = Math.min(Math.max(pen.y + dy / 20, 0), 1);
      if (pen.down) strokes.at(-1).push([pen.x, pen.y]);
    } else if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) strokes.push([[pen.x, pen.y]]);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clearDrawing();
    } else return;
    event.preventDefault();
    if (pen.down || event.key === " ") answerDrawing();
    showPaper();
  });
  for (const kind of ["focus", "blur"]) paper.addEventListener(kind, showPaper);
}

function drawSample() {
  clearDrawing();
  const { pixels, labels } = digits.validation;
  const chosen = Math.floor(Math.random() * labels.length);
  answerDigit(pixels[chosen], labels[chosen]);
}

// --------------------------------------------------------------------------- classifying a photo

let photos, loading;
let compared = [];

const loadModel = () => (loading ??= compileModelFile()
  .catch((error) => {
    loading = undefined; // the next click tries again
    throw error;
  })
  .finally(() => say("photo-answer", "empty")));

async function compileModelFile() {
  say("photo-answer", "loadingModel");
  const litert = await loadLiteRt();
  const response = await fetch("data/model.tflite").catch(() => null);
  if (!response?.ok) throw new Failure("noData", { url: "data/model.tflite" });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { litert, model: await litert.loadAndCompile(bytes, { accelerator: "wasm" }) };
}

async function openPhoto(blob, file) {
  if (!self.createImageBitmap) throw new Failure("noBrowser", { feature: "createImageBitmap" });
  const options = { colorSpaceConversion: "none" };
  const bitmap = await createImageBitmap(blob, options).catch(() => null);
  if (!bitmap) throw new Failure("noPhoto", { file });
  return bitmap;
}

// A photo -> means of blocks of ratio x ratio pixels, float32 (height, width, 3) in 0..1, on white
// where it is transparent. One band of rows at a time: phones have little memory for large photos.
function shrink(bitmap, ratio) {
  const width = Math.floor(bitmap.width / ratio), height = Math.floor(bitmap.height / ratio);
  const context = contextOf(bitmap.width, ratio);
  const means = new Float32Array(height * width * 3);
  context.fillStyle = "#fff";
  for (let row = 0; row < height; row++) {
    context.fillRect(0, 0, bitmap.width, ratio);
    context.drawImage(bitmap, 0, -row * ratio);
    const { data } = context.getImageData(0, 0, width * ratio, ratio);
    for (let index = 0; index < data.length; index++) {
      const channel = index % 4, column = Math.floor(index / 4) % (width * ratio);
      if (channel === 3) continue;
      const place = 3 * (row * width + Math.floor(column / ratio)) + channel;
      means[place] += data[index] / (255 * ratio * ratio);
    }
  }
  return { means, shape: [height, width, 3] };
}

// What the model takes, float32 (size, size, 3) in 0..1: the notebook's `read_as_the_page`.
function readPhoto(bitmap, size) {
  const fits = Math.floor(Math.min(bitmap.width, bitmap.height) / size);
  const ratio = [8, 4, 2, 1].find((candidate) => candidate <= Math.max(fits, 1));
  const { means, shape } = shrink(bitmap, ratio);
  return tf.tidy(() =>
    tf.image.resizeBilinear(tf.tensor3d(means, shape), [size, size], false, true).dataSync());
}

async function classify(input) {
  const { litert, model } = await loadModel();
  const tensor = new litert.Tensor(input, [1, photos.imageSize, photos.imageSize, 3]);
  const [output] = await model.run(tensor);
  const probabilities = Array.from(output.toTypedArray());
  tensor.delete();
  output.delete();
  return probabilities;
}

let latest; // the last photo asked for: a slower one, asked for before, must not replace it

async function showPhoto(source, file) {
  const mine = (latest = {});
  $("photo").hidden = true;
  $("photo-bars").replaceChildren();
  say("photo-answer", "empty");
  const blob = await source;
  const bitmap = await openPhoto(blob, file);
  const probabilities = await classify(readPhoto(bitmap, photos.imageSize));
  bitmap.close();
  if (mine !== latest) return;
  URL.revokeObjectURL($("photo").src);
  $("photo").src = URL.createObjectURL(blob);
  $("photo").alt = file;
  $("photo").hidden = false;
  const best = showBars("photo-bars", photos.classNames, probabilities);
  const facts = { file, name: photos.classNames[best], probability: () => percent(probabilities[best]) };
  say("photo-answer", "photoIs", facts);
}

async function fetchPhoto(file) {
  const response = await fetch(`data/photos/${encodeURIComponent(file)}`).catch(() => null);
  if (!response?.ok) throw new Failure("noData", { url: `data/photos/${file}` });
  return response.blob();
}

const argMax = (values) => values.indexOf(Math.max(...values));

async function compareWithKeras() {
  compared = [];
  $("comparison").replaceChildren();
  say("compared", "empty");
  await loadModel();
  for (const [index, { file, keras }] of photos.photos.entries()) {
    say("compared", "comparing", { number: index + 1, count: photos.photos.length });
    const bitmap = await openPhoto(await fetchPhoto(file), file);
    compared.push({ file, keras, page: await classify(readPhoto(bitmap, photos.imageSize)) });
    bitmap.close();
    showComparison();
    await tf.nextFrame();
  }
  const same = compared.filter(({ keras, page }) => argMax(keras) === argMax(page)).length;
  const differences = compared.flatMap(({ keras, page }) => keras.map((p, i) => Math.abs(p - page[i])));
  const difference = () => tiny(Math.max(...differences));
  say("compared", "compared", { same, count: compared.length, difference });
}

function showComparison() {
  if (!compared.length) return;
  const answer = (values) => {
    const best = argMax(values);
    return `${photos.classNames[best]} ${number(values[best], 4)}`;
  };
  const rows = compared.map(({ file, keras, page }) => [file, answer(keras), answer(page)]);
  showTable("comparison", "", [text("photo"), text("keras"), text("page")], rows);
}

async function showSamples() {
  photos = await fetchJson("data/photos.json");
  for (const id of ["file", "compare"]) $(id).disabled = false;
  for (const { file } of photos.photos) {
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `<img src="data/photos/${encodeURIComponent(file)}" loading="lazy">`;
    button.firstChild.alt = file;
    button.addEventListener("click", () =>
      guarded("photo-alert", "photo-answer", () => showPhoto(fetchPhoto(file), file)));
    $("samples").append(button);
  }
}

// --------------------------------------------------------------------------- start

function listen() {
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => setLanguage(button.dataset.lang));
  }
  listenToPaper();
  $("train").addEventListener("click", () => guarded("alert", "status", startTraining));
  $("stop").addEventListener("click", () => (stopAsked = true));
  $("clear").addEventListener("click", clearDrawing);
  $("draw-sample").addEventListener("click", drawSample);
  $("compare").addEventListener("click", async () => {
    $("compare").disabled = true;
    await guarded("photo-alert", "compared", compareWithKeras);
    $("compare").disabled = false;
  });
  $("file").addEventListener("click", () => ($("file").value = "")); // the same file counts again
  $("file").addEventListener("change", () => {
    const [file] = $("file").files;
    if (file) guarded("photo-alert", "photo-answer", () => showPhoto(file, file.name));
  });
}

async function start() {
  const wished = new URLSearchParams(location.search).get("lang") ?? navigator.language;
  setLanguage(wished.startsWith("pt") ? "pt" : "en");
  $("not-running").remove();
  document.querySelector("main").hidden = false;
  say("status", "loading");
  listen();
  await loadTensorFlow();
  await guarded("photo-alert", "photo-answer", showSamples);
  digits = await fetchJson("data/digits.json");
  [train, validation] = [toTensors(digits.train), toTensors(digits.validation)];
  for (const id of ["train", "draw-sample"]) $(id).disabled = false;
  answerDrawing();
  say("status", "ready", { count: train.x.shape[0], validation: validation.x.shape[0] });
}

guarded("alert", "status", start);

export { blockCounts, enlarge, openPhoto, readPhoto, toBitmap };
