import type { Checkpoint, Dataset, FloatArray, LayerParameters, Trainer } from '../../../index.ts';
import { SHOWN_UNITS } from '../../settings/plane.ts';
import type { Settings } from '../../settings/settings.ts';
import { ADAM } from '../../settings/trainer-options.ts';
import type { Insight, LayerInsight } from '../protocol.ts';
import { norm } from '../side-checks/statistics.ts';

/** The most hidden outputs that are searched for dead units: more take too long to read back. */
const MOST_OUTPUTS = 4_000_000;

interface Data {
  train: Dataset;
  test: Dataset | undefined;
}

/**
 * Looks at every layer of a network, its norms, dead units and pictures of the plane, and at the
 * classes that it confuses.
 * @returns what is seen, and the state that was looked at
 */
export async function lookInside(
  trainer: Trainer,
  settings: Settings,
  { train, test }: Data,
  unitGrid: FloatArray,
): Promise<{ insight: Insight; checkpoint: Checkpoint }> {
  const units = settings.hidden.reduce((sum, width) => sum + width, 0);
  const [checkpoint, gradients, pictures, regions, outputs, learned, tested] = await Promise.all([
    trainer.save(),
    trainer.gradients(),
    trainer.activations(unitGrid),
    trainer.predict(unitGrid),
    units * train.count <= MOST_OUTPUTS ? trainer.activations(train.inputs) : undefined,
    trainer.predict(train.inputs),
    test && trainer.predict(test.inputs),
  ]);
  const updates = updateNorms(checkpoint, gradients, settings);
  const widths = [train.features, ...settings.hidden, train.classes];
  const layers = checkpoint.parameters.map((layer, l): LayerInsight => {
    const [before, width] = [widths[l], widths[l + 1]];
    const last = l === checkpoint.parameters.length - 1;
    const dead = outputs && !last ? { dead: deadShare(outputs[l], width) } : {};
    const picture = last ? regions.probabilities : pictures[l];
    return {
      weights: norm(layer.weights),
      gradient: norm(gradients[l].weights),
      update: updates[l],
      ...dead,
      pictures: columns(picture, width, Math.min(width, SHOWN_UNITS)),
      shownWeights: corner(layer.weights, before, width),
      shownBiases: Float32Array.from(layer.biases.subarray(0, SHOWN_UNITS)),
    };
  });
  const confusion = {
    train: confusionOf(train.labels, learned.labels, train.classes),
    ...(test && tested && { test: confusionOf(test.labels, tested.labels, test.classes) }),
  };
  return { insight: { step: checkpoint.step, layers, confusion }, checkpoint };
}

/**
 * Norm of the last update of each layer's weights; of plain gradient descent, that of the next one
 * over all points.
 */
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
    const { beta1, beta2, epsilon } = ADAM;
    const [scale1, scale2] = [1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)];
    let squares = 0;
    for (let i = 0; i < first.length; i++) {
      const update = (first[i] * scale1) / (Math.sqrt(second[i] * scale2) + epsilon);
      squares += update * update;
    }
    return learningRate * Math.sqrt(squares);
  });
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

/** The weights between the shown units of two layers. */
function corner(weights: FloatArray, before: number, width: number): Float32Array {
  const [rows, count] = [Math.min(before, SHOWN_UNITS), Math.min(width, SHOWN_UNITS)];
  return Float32Array.from(
    { length: rows * count },
    (_, i) => weights[Math.floor(i / count) * width + (i % count)],
  );
}

function confusionOf(labels: Uint32Array, predicted: Uint32Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row] * classes + predicted[row]]++;
  return counts;
}
