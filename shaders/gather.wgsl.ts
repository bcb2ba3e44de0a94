import { elementwise } from './lib/elementwise.ts';
import { type Kernel, stepStruct } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Copies the inputs and labels of one mini-batch to the tensors that the forward pass reads.
 * `order` holds the row indices of the batch, from the step's `batch_start` on.
 *
 * The notes have no such line, because their batch is all rows. In NumPy: `X[batch]` and
 * `y[batch]`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `inputs` | inputs of all rows | count×features |
 * | `labels` | labels of all rows | count |
 * | `order` | row indices, batch after batch | steps×batch size |
 * | `batch_inputs` | inputs of the batch | rows×features |
 * | `batch_labels` | labels of the batch | rows |
 * | `shape` | `{ rows, features }` | struct |
 * | `step` | {@link stepStruct} | struct |
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
