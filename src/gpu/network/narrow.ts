import type { NarrowNetwork } from '../../../shaders/lib/narrow.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { LayerBuffers, ParameterBuffers } from './parameters.ts';

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

/** The properties of a network that the text of the narrow kernels depends on. */
export function narrowNetwork(sizes: readonly number[], batches: boolean): NarrowNetwork {
  return { features: sizes[0], classes: sizes[sizes.length - 1], hidden: sizes.length > 2, batches };
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
