import type { NarrowNetwork } from '../../../shaders/lib/narrow.ts';
import type { ClassWeights } from '../../data/answers.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { LossTerms } from './activations.ts';
import type { LayerBuffers, ParameterBuffers } from './parameters.ts';
import type { Schedule } from './schedule.ts';

/** The limits of a narrow network; see `shaders/lib/narrow.ts`. */
const MOST = { features: 16, classes: 16, units: 4096, rows: 4096 };

/** The reason in words why the steps of a network are not narrow; undefined if they are narrow. */
export function whyNotNarrow({ sizes, batchSize }: TrainingSetup): string | undefined {
  const reason = whyNotNarrowSizes(sizes);
  if (reason) return reason;
  if (batchSize > MOST.rows) return `at most ${MOST.rows} rows a step, and here are ${batchSize}`;
  return undefined;
}

/** The reason in words why a network of these sizes is not narrow, whatever its batches. */
export function whyNotNarrowSizes(sizes: readonly number[]): string | undefined {
  const [features, classes] = [sizes[0], sizes[sizes.length - 1]];
  const hidden = sizes.slice(1, -1);
  const units = hidden[0] ?? features;
  if (hidden.length > 1) return `at most one hidden layer, and this network has ${hidden.length}`;
  if (hidden.length > 0 && features > MOST.features)
    return `at most ${MOST.features} features, and the data has ${features}`;
  if (classes > MOST.classes) return `at most ${MOST.classes} classes, and the data has ${classes}`;
  if (units > MOST.units)
    return `at most ${MOST.units} ${hidden.length > 0 ? 'hidden units' : 'features'}, and here are ${units}`;
  return undefined;
}

/** The properties of a network that the text of the narrow kernels depends on, for all rows. */
export function narrowNetwork({ sizes, activations, loss }: ParameterBuffers): NarrowNetwork {
  const [features, classes] = [sizes[0], sizes[sizes.length - 1]];
  return { features, classes, hidden: activations[0], loss, batches: false };
}

/** The narrow network in a training step, and what its kernels read: row indices, if any, and numbers. */
export function narrowStep(
  memory: GpuMemory,
  network: ParameterBuffers,
  { order, dataRows }: Schedule,
  terms: { dropout: string | undefined; loss: LossTerms },
): { narrow: NarrowNetwork; rows: GPUBuffer[]; uniform: number[] } {
  const { classWeights } = terms.loss;
  const all = narrowNetwork(network);
  const dropout = all.hidden && terms.dropout;
  const weightWords = classWeights && memory.format.words;
  const step = { batches: order !== undefined, dropout, sent: order !== dataRows, weightWords };
  const rows = dropout ? dataRows : order;
  const uniform = weightedShapeWords(memory, network, classWeights);
  return { narrow: { ...all, ...step }, rows: rows ? [rows] : [], uniform };
}

/**
 * Multiply-adds of the logits of `rows` rows. The gradients, which compute the activations again,
 * take twice as many.
 */
export function narrowWork(sizes: readonly number[], rows: number): number {
  const [features, classes] = [sizes[0], sizes[sizes.length - 1]];
  return rows * sizes[sizes.length - 2] * (sizes.length > 2 ? features + classes : classes);
}

/** The words of the struct `narrowShape` in `shaders/lib/narrow.ts`. */
export function narrowShapeWords({ format }: GpuMemory, { parameters, sizes }: ParameterBuffers): number[] {
  const place = ({ weights, biases }: LayerBuffers) =>
    [weights, biases].map(({ offset }) => offset / format.bytes);
  const last = parameters[parameters.length - 1];
  const units = sizes[sizes.length - 2];
  return [units, ...place(parameters[0]), ...place(last)];
}

/** The words of {@link narrowShapeWords}, then those of class weights, which begin a vector of four. */
function weightedShapeWords(
  memory: GpuMemory,
  network: ParameterBuffers,
  classWeights: ClassWeights,
): number[] {
  const shape = narrowShapeWords(memory, network);
  if (!classWeights) return shape;
  const padding = new Array<number>((4 - (shape.length % 4)) % 4).fill(0);
  return [...shape, ...padding, ...memory.format.uniform(...classWeights)];
}
