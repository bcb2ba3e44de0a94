import { elementwise } from './lib/elementwise.ts';
import type { Kernel } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/** One operation of `real`, of one or two operands. */
const PRIMITIVES = {
  add: 'add(a, b)',
  multiply: 'multiply(a, b)',
  divide: 'divide(a, b)',
  'square root': 'square_root(a)',
  exponential: 'exponential(a)',
  logarithm: 'logarithm(a)',
  'logarithm of one plus': 'log_of_one_plus(a)',
} as const;

export type Primitive = keyof typeof PRIMITIVES;

/**
 * One arithmetic operation on every pair of numbers, to test the kernels' arithmetic on a device.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `first`, `second` | operands | count |
 * | `result` | results | count |
 * | `count` | the number of pairs | 1 |
 */
export function arithmetic(primitive: Primitive, kind: Arithmetic): Kernel {
  return elementwise({
    arithmetic: kind,
    variables: [
      ['first', 'read', 'array<real>'],
      ['second', 'read', 'array<real>'],
      ['result', 'read_write', 'array<real>'],
      ['count', 'uniform', 'u32'],
    ],
    count: 'count',
    body: wgsl`
  let a = first[i];
  let b = second[i];
  result[i] = ${PRIMITIVES[primitive]};`,
  });
}
