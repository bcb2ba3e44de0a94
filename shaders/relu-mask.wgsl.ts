import { elementwise } from './lib/elementwise.ts';
import type { Kernel } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * ReLU's backward pass: the gradient on a hidden layer's outputs becomes the gradient on its inputs, by setting it to 0
 * wherever the unit was not active. The derivative at 0 is 0, as in the notes.
 *
 * Four elements an invocation, or two double-singles, whose signs are those of their first words: buffers are padded to
 * whole vectors, and what the padding holds is never read.
 *
 * Bindings: outputs of the layer (after ReLU), gradient (in place), count of vectors.
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
