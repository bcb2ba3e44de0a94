import { columnSums, ROWS_PER_STRIP } from '../../../shaders/column-sums.wgsl.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import { checkWorkgroups } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { tensorLengths } from './parameters.ts';
import { isStreamed } from './rows.ts';

/**
 * Checks the size of everything that a plan allocates to train a network, before any allocation.
 * @throws {LimitError} with advice, if a tensor is larger than the device allows
 */
export function checkFit(memory: GpuMemory, setup: TrainingSetup): void {
  const { data, sizes, batchSize } = setup;
  // No other layout exists for the workgroups of this kernel.
  const { covers } = columnSums({}, memory.format.arithmetic);
  const batches = batchSize < data.count;
  const fewerRows = batches ? 'Use a smaller batchSize.' : 'Use a batchSize, so that a step sees fewer rows.';
  sizes.slice(1).forEach((width, layer) => {
    memory.checkReals(`weights ${layer}`, sizes[layer] * width, 'Use a smaller network.');
    memory.checkReals(`outputs ${layer}`, batchSize * width, `${fewerRows} Or use smaller layers.`);
    checkWorkgroups(memory.device, `column sums dbiases ${layer}`, Math.ceil(width / covers.x));
  });
  checkWorkgroups(memory.device, 'column sums', Math.ceil(batchSize / ROWS_PER_STRIP));
  memory.checkSlices('parameters', tensorLengths(sizes), 'Use a smaller network.');
  if (isStreamed(memory, setup)) memory.checkReals('batch inputs', batchSize * data.features, fewerRows);
  else {
    const advice = 'Use a batchSize: then the rows of a few steps at a time are sent to the GPU.';
    memory.checkReals('inputs', data.count * data.features, advice);
  }
  memory.checkReals('losses', data.count, 'Use fewer rows.');
}
