import { ACTIVATION_FUNCTIONS } from '../../../src/data/activation-functions.ts';
import type { Precision } from '../../../src/index.ts';
import { TestRandom } from '../random.ts';
import { ACTIVATIONS, activationFault, chainFault, everySize } from './activation.ts';
import { wasmKernels } from './kernels.ts';
import { hingeFault, squaredErrorFault } from './losses.ts';
import { FORMS, pairwise, productFault, productOf } from './product.ts';
import { crossEntropyFault, softmaxFault } from './softmax.ts';
import { optimizers, TERMS, updateFault, updateOf } from './update.ts';

export { caseStudy, createTrainer } from '../../../src/index.ts';

/** The sizes around vectors, tiles and blocks. */
const SMALL = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 40];
const LARGE: [number, number, number][] = [
  [33, 129, 65],
  [65, 257, 41],
  [1, 257, 129],
  [600, 130, 9],
  [128, 128, 128],
];

/** Checks the operations of a precision in a page. @returns the name of the kernels, and all faults */
export async function check(precision: Precision): Promise<{ name: string; faults: string[] }> {
  const kernels = await wasmKernels(precision);
  const random = new TestRandom(6);
  const numbers = (count: number) => random.normals(count);
  const found: (string | undefined)[] = [];
  for (const form of FORMS) {
    for (const [i, shape] of [...pairwise(SMALL), ...LARGE].entries()) {
      const more = { activation: ACTIVATIONS[i % ACTIVATIONS.length], spare: i % 3, elsewhere: i % 2 === 1 };
      found.push(await productFault(kernels, productOf(form, shape, numbers, more)));
    }
    const equal = (count: number) => new Float64Array(count).fill(0.1);
    found.push(await productFault(kernels, productOf(form, [3, 30_000, 9], equal)));
  }
  const values = everySize(precision === 'single');
  for (const activation of ACTIVATIONS) {
    found.push(await activationFault(kernels, activation, values));
    const outputs = values.map(ACTIVATION_FUNCTIONS[activation]);
    found.push(await chainFault(kernels, activation, random.normals(outputs.length), outputs));
  }
  const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
  const far = [1e4, 0, -1e4, 0, -80, -103.5, none, 1, 2, 1, infinite, 2, 1, -infinite, 2, 9, 9, 9];
  for (const logits of [far, ...[3, 30, 99, 600].map((count) => numbers(count).map((z) => 5 * z))]) {
    const labels = random.integers(logits.length / 3, 3);
    found.push(await softmaxFault(kernels, logits, 3));
    found.push(await crossEntropyFault(kernels, logits, labels, 3));
    found.push(await crossEntropyFault(kernels, logits, labels, 3, [0.3, 0, 7]));
    found.push(await hingeFault(kernels, logits, labels, 3, { weights: [0.3, 0, 7] }));
    found.push(await squaredErrorFault(kernels, logits, numbers(logits.length), 3));
  }
  for (const optimizer of optimizers(1e-8)) {
    for (const count of [1, 3, 4, 7, 130]) {
      for (const terms of TERMS)
        found.push(await updateFault(kernels, updateOf(count, numbers, optimizer, terms)));
    }
    const update = updateOf(9, numbers, optimizer);
    for (const value of [none, infinite]) {
      const gradient = Float64Array.from(update.gradient).fill(value, 8);
      found.push(await updateFault(kernels, { ...update, gradient }));
    }
  }
  return { name: kernels.name, faults: found.filter((fault) => fault !== undefined) };
}
