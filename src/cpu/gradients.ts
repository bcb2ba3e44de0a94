import { answersOf, type ClassWeights, rowsOf, totalWeight } from '../data/answers.ts';
import { chunks } from '../data/chunks.ts';
import { allocatingArrays } from '../limits.ts';
import type { AnyDataset, LayerParameters } from '../types.ts';
import type { CpuNetwork } from './network.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/**
 * Fills a network's gradients with those of the mean loss over all rows of the data, without the L2
 * term: the mean over chunks of as many rows as the network takes, each weighted by its share of the
 * rows, or of their class weights, in float64.
 */
export function* meanGradients(
  network: CpuNetwork,
  parameters: readonly LayerParameters[],
  data: AnyDataset,
  weights?: ClassWeights,
): PausableWork {
  const { count } = data;
  const all = totalWeight(answersOf(data), count, weights) || 1;
  const tensors = network.gradients.flatMap(({ weights, biases }) => [weights, biases]);
  const means = allocatingArrays('the gradients', () =>
    tensors.map(({ length }) => new Float64Array(length)),
  );
  for (const { start, count: rows } of chunks(count, network.capacity)) {
    const part = rowsOf(data, start, rows);
    const answers = answersOf(part);
    const share = totalWeight(answers, rows, weights) / all;
    yield* network.forward(parameters, part.inputs, rows);
    yield* network.backward(parameters, part.inputs, answers, rows, weights);
    for (const [tensor, values] of tensors.entries()) {
      const mean = means[tensor];
      yield* inParts(mean.length, 1, (start, end) => {
        for (let i = start; i < end; i++) mean[i] += share * values[i];
      });
      yield;
    }
  }
  tensors.forEach((values, tensor) => void values.set(means[tensor]));
}
