import { dropoutFunctions } from './lib/dropout.ts';
import { elementwise } from './lib/elementwise.ts';
import { type Kernel, stepStruct } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

interface DropoutOptions {
  /** Whether the rows of a step are in `order`; otherwise a step takes all rows of the data set. */
  batches: boolean;
  arithmetic?: Arithmetic;
}

/**
 * Dropout of a hidden layer's outputs, or of the gradient on them: what the step drops becomes 0, and
 * all else is divided by the share that is kept; see {@link dropoutFunctions}.
 *
 * In the notes on regularisation: `H1 *= U1` with `U1 = (np.random.rand(*H1.shape) < p) / p`, in the
 * plans `layered` and `fused` layer by layer.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `values` | outputs or gradient, changed in place | rows×width |
 * | `order` | only with batches: row indices in the data set, batch after batch | steps×batch size |
 * | `shape` | `{ layer, width, count }` | struct |
 * | `step` | {@link stepStruct} | struct |
 */
export function dropout({ batches, arithmetic = 'single' }: DropoutOptions): Kernel {
  return elementwise({
    arithmetic,
    declarations: wgsl`
struct Shape { layer: u32, width: u32, count: u32 }
${stepStruct}
${dropoutFunctions}`,
    variables: [
      ['values', 'read_write', 'array<real>'],
      batches && ['order', 'read', 'array<u32>'],
      ['shape', 'uniform', 'Shape'],
      ['step', 'step', 'Step'],
    ],
    count: 'shape.count',
    body: wgsl`
  let own = i / shape.width;
#if ${batches}
  let row = order[step.batch_start + own];
#else
  let row = own;
#endif
  values[i] = dropped(values[i], keeps(row_hash(shape.layer, row), i % shape.width));`,
  });
}
