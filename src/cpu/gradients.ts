import { chunks } from '../data/chunks.ts';
import { allocatingArrays } from '../limits.ts';
import type { Dataset, LayerParameters } from '../types.ts';
import type { CpuNetwork } from './network.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/**
 * Fills a network's gradients with those of the mean loss over all rows of the data, without the L2
 * term: the mean over chunks of as many rows as the network takes, each weighted by its share of the
 * rows, in float64.
 */
export function* meanGradients(
  network: CpuNetwork,
  parameters: readonly LayerParameters[],
  { inputs, labels, count, features }: Dataset,
): PausableWork {
  const tensors = network.gradients.flatMap(({ weights, biases }) => [weights, biases]);
  const means = allocatingArrays('the gradients', () =>
    tensors.map(({ length }) => new Float64Array(length)),
  );
  for (const { start, count: rows } of chunks(count, network.capacity)) {
    const own = inputs.subarray(start * features, (start + rows) * features);
    yield* network.forward(parameters, own, rows);
    yield* network.backward(parameters, own, labels.subarray(start, start + rows), rows);
    for (const [tensor, values] of tensors.entries()) {
      const mean = means[tensor];
      yield* inParts(mean.length, 1, (start, end) => {
        for (let i = start; i < end; i++) mean[i] += (rows / count) * values[i];
      });
      yield;
    }
  }
  tensors.forEach((values, tensor) => void values.set(means[tensor]));
}
