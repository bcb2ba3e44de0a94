import { elementwise } from './lib/elementwise.ts';
import { type Kernel, stepStruct } from './lib/kernel.ts';
import { type Answers, answersVariable } from './lib/loss.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Copies the inputs and answers of one mini-batch to the tensors that the forward pass reads.
 * `order` holds the row indices of the batch, from the step's `batch_start` on.
 *
 * The notes have no such line, because their batch is all rows. In NumPy: `X[batch]` and
 * `y[batch]`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `inputs` | inputs of all rows | count×features |
 * | `labels` or `targets` | the answers of all rows | count, or count×outputs |
 * | `order` | row indices, batch after batch | steps×batch size |
 * | `batch_inputs` | inputs of the batch | rows×features |
 * | `batch_labels` or `batch_targets` | answers of the batch | rows, or rows×outputs |
 * | `shape` | `{ rows, features }`, and `outputs` with targets | struct |
 * | `step` | {@link stepStruct} | struct |
 */
export function gather(answers: Answers, arithmetic: Arithmetic = 'single'): Kernel {
  const targets = answers === 'targets';
  const variable = answersVariable(answers);
  return elementwise({
    arithmetic,
    declarations: wgsl`
struct Shape { rows: u32, features: u32${targets ? ', outputs: u32' : ''} }
${stepStruct}`,
    variables: [
      ['inputs', 'read', 'array<real>'],
      variable,
      ['order', 'read', 'array<u32>'],
      ['batch_inputs', 'read_write', 'array<real>'],
      [`batch_${answers}`, 'read_write', variable[2]],
      ['shape', 'uniform', 'Shape'],
      ['step', 'step', 'Step'],
    ],
    count: 'shape.rows * shape.features',
    body: wgsl`
  let row = i / shape.features;
  let feature = i % shape.features;
  let source = order[step.batch_start + row];
  batch_inputs[i] = inputs[source * shape.features + feature];
${targets ? targetsCopy : labelCopy}`,
  });
}

const labelCopy = '  if (feature == 0u) { batch_labels[row] = labels[source]; }';

const targetsCopy = `  for (var k = feature; k < shape.outputs; k += shape.features) {
    batch_targets[row * shape.outputs + k] = targets[source * shape.outputs + k];
  }`;
