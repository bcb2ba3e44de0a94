import { elementwise } from './lib/elementwise.ts';
import { type Kernel, stepStruct } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Copies the rows of one mini-batch, inputs and labels, to where the forward pass reads them. Which rows is told by
 * `order`, from the step's `batch_start` on.
 *
 * Bindings: inputs, labels, order, batch inputs, batch labels, shape { rows, features }, step.
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
