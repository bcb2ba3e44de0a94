import type { AnyDataset, Checkpoint, FloatArray, Prediction, RegressionPrediction } from '../../../index.ts';
import type { Network } from '../../settings/network.ts';
import { SHOWN_OUTPUTS, SHOWN_UNITS } from '../../settings/plane.ts';
import type { Settings } from '../../settings/settings.ts';
import { outputsOf } from '../../settings/study-data.ts';
import type { Insight, LayerInsight } from '../protocol.ts';
import { norm } from '../side-checks/statistics.ts';
import { updateNorms } from './update-norms.ts';

/** The most hidden outputs that are searched for dead units: more take too long to read back. */
const MOST_OUTPUTS = 4_000_000;

interface Data {
  train: AnyDataset;
  test: AnyDataset | undefined;
}

/**
 * Looks at every layer of a network, its norms, dead units and pictures of the plane, and at the
 * classes that it confuses or the values that it gives.
 * @returns what is seen, and the state that was looked at
 */
export async function lookInside(
  trainer: Network,
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
    // Only a ReLU's output stays 0 for a whole range of inputs.
    settings.activation === 'relu' && units * train.count <= MOST_OUTPUTS
      ? trainer.activations(train.inputs)
      : undefined,
    trainer.predict(train.inputs),
    test && trainer.predict(test.inputs),
  ]);
  const updates = updateNorms(checkpoint, gradients, settings);
  const widths = [train.features, ...settings.hidden, outputsOf(train)];
  const layers = checkpoint.parameters.map((layer, l): LayerInsight => {
    const [before, width] = [widths[l], widths[l + 1]];
    const last = l === checkpoint.parameters.length - 1;
    const dead = outputs && !last ? { dead: deadShare(outputs[l], width) } : {};
    const picture = last ? outputsIn(regions) : pictures[l];
    const shown = Math.min(width, last ? SHOWN_OUTPUTS : SHOWN_UNITS);
    return {
      weights: norm(layer.weights),
      gradient: norm(gradients[l].weights),
      update: updates[l],
      ...dead,
      pictures: columns(picture, width, shown),
      shownWeights: corner(layer.weights, l === 0 ? before : Math.min(before, SHOWN_UNITS), width, shown),
      shownBiases: Float32Array.from(layer.biases.subarray(0, shown)),
    };
  });
  const both = <T>(of: (data: AnyDataset, told: Told) => T) => ({
    train: of(train, learned),
    ...(test && tested && { test: of(test, tested) }),
  });
  const told = 'labels' in train ? { confusion: both(confusionOf) } : { values: both(valuesOf) };
  return { insight: { step: checkpoint.step, layers, ...told }, checkpoint };
}

type Told = Prediction | RegressionPrediction;

/** What the last layer tells: probabilities or scores of classes, or values. */
export const outputsIn = (told: Told): FloatArray =>
  'values' in told ? told.values : (told.scores ?? told.probabilities);

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

/** The weights from the first rows, all inputs or the shown units, to the shown units of a layer. */
function corner(weights: FloatArray, rows: number, width: number, count: number): Float32Array {
  return Float32Array.from(
    { length: rows * count },
    (_, i) => weights[Math.floor(i / count) * width + (i % count)],
  );
}

function confusionOf(data: AnyDataset, told: Told): Uint32Array {
  if (!('labels' in data && 'labels' in told)) return new Uint32Array(0);
  const { labels, classes } = data;
  const counts = new Uint32Array(classes * classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row] * classes + told.labels[row]]++;
  return counts;
}

const valuesOf = (_: AnyDataset, told: Told): Float32Array => Float32Array.from(outputsIn(told));
