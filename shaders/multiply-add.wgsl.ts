import { elementwise } from './lib/elementwise.ts';
import type { Kernel } from './lib/kernel.ts';
import { each, wgsl } from './lib/text.ts';

/**
 * Multiplications and additions in registers and nothing else, to measure how many of them a device
 * makes: x ← x·factor + term, `iterations` times on each of `vectors` × 4 independent numbers,
 * which begin at 0, 1, 2, … Each invocation stores the sum of its numbers, the same for all
 * invocations. The text has a product and a sum, which compilers fuse if that is faster.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `results` | a sum for each invocation | count |
 * | `shape` | `{ count, iterations, factor, term }` | struct |
 */
export function multiplyAdd(vectors: number): Kernel {
  return elementwise({
    declarations: 'struct Shape { count: u32, iterations: u32, factor: f32, term: f32 }',
    variables: [
      ['results', 'read_write', 'array<f32>'],
      ['shape', 'uniform', 'Shape'],
    ],
    count: 'shape.count',
    body: wgsl`
  let iterations = shape.iterations;
  let factor = vec4f(shape.factor);
  let term = vec4f(shape.term);
${each(vectors, (v) => `  var x_${v} = ${4 * v}.0 + vec4f(0.0, 1.0, 2.0, 3.0);`)}
  for (var n = 0u; n < iterations; n++) {
${each(vectors, (v) => `    x_${v} = x_${v} * factor + term;`)}
  }
  results[i] = dot(${each(vectors, (v) => `x_${v}`, ' + ')}, vec4f(1.0));`,
  });
}
