import type { Checkpoint, Dataset, FloatArray, LayerParameters, Trainer } from '../../index.ts';
import { SHOWN_UNITS } from '../network-shape.ts';
import type { Settings } from '../settings/settings.ts';
import type { Insight, LayerInsight } from './protocol.ts';

/** Hidden outputs over the training points that are looked at for dead units: more takes too long to read back. */
const MOST_OUTPUTS = 4_000_000;

interface Data {
  train: Dataset;
  test: Dataset | undefined;
}

/** Looks at every layer of a network: its norms, its dead units, its pictures of the plane; and whom it confuses. */
export async function lookInside(
  trainer: Trainer,
  settings: Settings,
  { train, test }: Data,
  unitGrid: FloatArray,
): Promise<Insight> {
  const units = settings.hidden.reduce((sum, width) => sum + width, 0);
  const [checkpoint, gradients, pictures, outputs, tested] = await Promise.all([
    trainer.save(),
    trainer.gradients(),
    trainer.activations(unitGrid),
    units * train.count <= MOST_OUTPUTS ? trainer.activations(train.inputs) : undefined,
    test && trainer.predict(test.inputs),
  ]);
  const learned = outputs
    ? winners(outputs[outputs.length - 1], train.classes)
    : (await trainer.predict(train.inputs)).labels;
  const updates = updateNorms(checkpoint, gradients, settings);
  const widths = [train.features, ...settings.hidden, train.classes];
  const layers = checkpoint.parameters.map((layer, l): LayerInsight => {
    const [before, width] = [widths[l], widths[l + 1]];
    const last = l === checkpoint.parameters.length - 1;
    const dead = outputs && !last ? { dead: deadShare(outputs[l], width) } : {};
    const picture = last ? softmax(pictures[l], width) : pictures[l];
    return {
      weights: norm(layer.weights),
      gradient: norm(gradients[l].weights),
      update: updates[l],
      ...dead,
      pictures: columns(picture, width, Math.min(width, SHOWN_UNITS)),
      shownWeights: corner(layer.weights, before, width),
    };
  });
  const confusion = {
    train: confusionOf(train.labels, learned, train.classes),
    ...(test && tested && { test: confusionOf(test.labels, tested.labels, test.classes) }),
  };
  return { step: checkpoint.step, layers, confusion };
}

/** Norm of the last update of each layer's weights; of plain gradient descent, that of the next one over all points. */
function updateNorms(
  { step, parameters, optimizer }: Checkpoint,
  gradients: LayerParameters[],
  { learningRate, momentum, optimizer: chosen }: Settings,
): number[] {
  return parameters.map((_, layer) => {
    if (chosen === 'sgd' || (chosen === 'momentum' && momentum === 0))
      return learningRate * norm(gradients[layer].weights);
    if (step === 0) return 0;
    const [first, second] = optimizer.moments.map((moments) => moments[layer].weights);
    if (chosen === 'momentum') return learningRate * norm(first);
    const [scale1, scale2] = [1 / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step)];
    let squares = 0;
    for (let i = 0; i < first.length; i++) {
      const update = (first[i] * scale1) / (Math.sqrt(second[i] * scale2) + 1e-8);
      squares += update * update;
    }
    return learningRate * Math.sqrt(squares);
  });
}

function norm(values: FloatArray): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.sqrt(squares);
}

/** Share of the columns that are 0 in every row. */
function deadShare(outputs: FloatArray, width: number): number {
  const alive = new Uint8Array(width);
  for (let i = 0; i < outputs.length; i++) if (outputs[i] > 0) alive[i % width] = 1;
  return 1 - alive.reduce((sum, one) => sum + one, 0) / width;
}

/** The first columns of a matrix, one after the other. */
function columns(matrix: FloatArray, width: number, count: number): Float32Array {
  const rows = matrix.length / width;
  const chosen = new Float32Array(count * rows);
  for (let column = 0; column < count; column++) {
    for (let row = 0; row < rows; row++) chosen[column * rows + row] = matrix[row * width + column];
  }
  return chosen;
}

/** The weights between those units of two layers that are shown. */
function corner(weights: FloatArray, before: number, width: number): Float32Array {
  const [rows, count] = [Math.min(before, SHOWN_UNITS), Math.min(width, SHOWN_UNITS)];
  return Float32Array.from(
    { length: rows * count },
    (_, i) => weights[Math.floor(i / count) * width + (i % count)],
  );
}

function softmax(logits: FloatArray, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const most = Math.max(...row);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(row[k] - most);
    for (let k = 0; k < classes; k++) probabilities[start + k] = Math.exp(row[k] - most) / sum;
  }
  return probabilities;
}

/** The class of each row's largest number; ties go to the lower one. */
function winners(logits: FloatArray, classes: number): Uint32Array {
  return Uint32Array.from({ length: logits.length / classes }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classes; k++) if (logits[row * classes + k] > logits[row * classes + best]) best = k;
    return best;
  });
}

function confusionOf(labels: Uint32Array, predicted: Uint32Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row] * classes + predicted[row]]++;
  return counts;
}
