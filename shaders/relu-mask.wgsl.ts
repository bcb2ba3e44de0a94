import { elementwise } from './lib/elementwise.ts';
import type { Kernel } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * ReLU's backward pass: the gradient on a hidden layer's outputs becomes the gradient on its
 * inputs, which is 0 wherever the unit was not active. The derivative at 0 is 0, as in the notes.
 *
 * In the notes: `dhidden[hidden_layer <= 0] = 0`, in the plan `layered`.
 *
 * An invocation takes four elements, or two double-singles, whose signs are those of their first
 * words. Buffers are padded to whole vectors, and no kernel uses the contents of the padding.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `outputs` | outputs of the hidden layer, after ReLU | rows×width |
 * | `gradient` | dH, changed in place | rows×width |
 * | `count` | the number of vectors of four words | 1 |
 */
export function reluMask(arithmetic: Arithmetic = 'single'): Kernel {
  return elementwise({
    variables: [
      ['outputs', 'read', 'array<vec4f>'],
      ['gradient', 'read_write', 'array<vec4f>'],
      ['count', 'uniform', 'u32'],
    ],
    count: 'count',
    body: wgsl`
#if ${arithmetic === 'single'}
  let inactive = outputs[i] <= vec4f();
#else
  let inactive = outputs[i].xxzz <= vec4f();
#endif
  gradient[i] = select(gradient[i], vec4f(), inactive);`,
  });
}
