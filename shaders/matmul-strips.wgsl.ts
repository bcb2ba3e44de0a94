import { elementwise } from './lib/elementwise.ts';
import {
  type Epilogue,
  epilogueVariables,
  finishFunction,
  matmulShape,
  STRIP_TERMS,
} from './lib/epilogue.ts';
import type { Kernel } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Adds the strips that a matmul kernel has summed separately. An invocation adds one number of the
 * product.
 *
 * In the notes: the second half of a product with long sums, such as `np.dot(X.T, dscores)`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `strips` | a product for each strip of 256 terms, one after the other | ⌈k / 256⌉ × m×n |
 * | `shape` | `{ m, k, n }` | struct |
 * | … | bindings of the epilogue: {@link epilogueVariables} | m×n |
 */
export function matmulStrips(epilogue: Epilogue = {}, arithmetic: Arithmetic = 'single'): Kernel {
  return elementwise({
    arithmetic,
    declarations: wgsl`
${matmulShape(epilogue)}
${finishFunction(epilogue, arithmetic)}`,
    variables: [
      ['strips', 'read', 'array<real>'],
      ['shape', 'uniform', 'Shape'],
      ...epilogueVariables(epilogue),
    ],
    count: 'shape.m * shape.n',
    body: wgsl`
  let count = shape.m * shape.n;
  let strip_count = (shape.k + ${STRIP_TERMS - 1}u) / ${STRIP_TERMS}u;
  var total = strips[i];
  for (var strip = 1u; strip < strip_count; strip++) { total = add(total, strips[strip * count + i]); }
  finish(total, i, i % shape.n);`,
  });
}
