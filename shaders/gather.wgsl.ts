import { elementwise } from './lib/elementwise.ts';
import { type Kernel, stepStruct } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Copies the rows of one mini-batch, inputs and labels, to where the forward pass reads them.
 * `order` tells which rows these are, from the step's `batch_start` on.
 *
 * The notes have no such line, as their batch is all rows: it is `X[batch]` and `y[batch]`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `inputs` | of all rows | count×features |
 * | `labels` | of all rows | count |
 * | `order` | rows of the batches, one batch after the other | |
 * | `batch_inputs` | of the batch | rows×features |
 * | `batch_labels` | of the batch | rows |
 * | `shape` | `{ rows, features }` | |
 * | `step` | the step's struct | |
 */
export function gather(arithmetic: Arithmetic = 'single'): Kernel {
  return elementwise({
    arithmetic,
    declarations: wgsl`
struct Shape { rows: u32, features: u32 }
${stepStruct}`,
    variables: [
      ['inputs', 'read', 'array<real>'],
      ['labels', 'read', 'array<u32>'],
      ['order', 'read', 'array<u32>'],
      ['batch_inputs', 'read_write', 'array<real>'],
      ['batch_labels', 'read_write', 'array<u32>'],
      ['shape', 'uniform', 'Shape'],
      ['step', 'step', 'Step'],
    ],
    count: 'shape.rows * shape.features',
    body: wgsl`
  let row = i / shape.features;
  let feature = i % shape.features;
  let source = order[step.batch_start + row];
  batch_inputs[i] = inputs[source * shape.features + feature];
  if (feature == 0u) { batch_labels[row] = labels[source]; }`,
  });
}
