import type { ActivationText } from './lib/activation.ts';
import { elementwise } from './lib/elementwise.ts';
import { type Kernel, stepStruct } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * The backward pass of an activation: the gradient on a hidden layer's outputs becomes the gradient
 * on its sums. The derivative comes from the outputs; after dropout from the outputs times the share that
 * is kept, because the gradient of those that are dropped is 0. ReLU has a kernel of its own, {@link
 * file://./relu-mask.wgsl.ts}.
 *
 * In a network with tanh: `dhidden *= 1 - hidden_layer**2`, in the plan `layered`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `outputs` | outputs of the hidden layer | rows×width |
 * | `gradient` | dH, changed in place | rows×width |
 * | `count` | the number of elements | 1 |
 * | `step` | only after dropout: {@link stepStruct} | struct |
 */
export function derivative(
  activation: ActivationText,
  arithmetic: Arithmetic = 'single',
  dropout = false,
): Kernel {
  return elementwise({
    arithmetic,
    declarations: wgsl`
#if ${dropout}
${stepStruct}
#endif
${activation.functions?.(arithmetic) ?? ''}`,
    variables: [
      ['outputs', 'read', 'array<real>'],
      ['gradient', 'read_write', 'array<real>'],
      ['count', 'uniform', 'u32'],
      dropout && ['step', 'step', 'Step'],
    ],
    count: 'count',
    body: wgsl`
  let d = gradient[i];
#if ${dropout}
  let h = multiply(outputs[i], step.dropout_keep);
#else
  let h = outputs[i];
#endif
  gradient[i] = ${activation.gradient('d', 'h')};`,
  });
}
