import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { type Contents, contents, fill, of, property, sizes } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import { crossEntropyFault, softmaxFault } from '../../../tests/helpers/wasm/softmax.ts';
import { complete } from '../time-slices.ts';
import type { WasmKernels } from './kernels.ts';

const random = new TestRandom(3);

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });

  const few = [1, 2, 3, 4, 5, 7, 9, 33];
  const edges = ALL ? Array.from({ length: 40 }, (_, i) => i + 1) : few;

  test('of any few rows and classes, with room for more rows and in place', async () => {
    for (const rows of edges) {
      for (const classes of edges) {
        const logits = random.normals(rows * classes).map((z) => 5 * z);
        const more = { spare: classes % 3, inPlace: rows % 2 === 0 };
        expect(await softmaxFault(kernels, logits, classes, more)).toBeUndefined();
        const labels = random.integers(rows, classes);
        expect(await crossEntropyFault(kernels, logits, labels, classes)).toBeUndefined();
      }
    }
  });

  const huge = precision === 'single' ? 3e38 : 1.5e308;
  const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
  test('of logits that are far off, equal or none', async () => {
    const rows = [
      [1e4, 1e4 - 1, -1e4, 1e4 - 50],
      [-1e4, -1e4, -1e4, -1e4 - 700],
      [0, -80, -95, -103.5],
      [-745, -744, 0, -746],
      [huge, -huge, 0, huge],
      [-huge, -huge, -huge, -huge],
      [none, 1, 2, 3],
      [1, 2, none, 3],
      [1, infinite, 2, 3],
      [infinite, infinite, 2, 3],
      [1, -infinite, 2, 3],
      [-infinite, -infinite, -infinite, -infinite],
      [3, 2, 1, 0],
    ];
    const logits = rows.flat();
    expect(await softmaxFault(kernels, logits, 4)).toBeUndefined();
    for (let label = 0; label < 4; label++) {
      const labels = new Uint32Array(rows.length).fill(label);
      expect(await crossEntropyFault(kernels, logits, labels, 4)).toBeUndefined();
    }
  });

  test('the gradient of a row that is sure keeps its digits', () => {
    const logits = kernels.placed(new kernels.Float([30, 0, -2]));
    const gradient = kernels.floats(3);
    complete(kernels.lossGradient('cross-entropy', logits, gradient, Uint32Array.of(0), 1, 3, undefined));
    const others = Math.exp(-30) + Math.exp(-32);
    expectClose(
      gradient,
      [-others, Math.exp(-30), Math.exp(-32)].map((x) => x / (1 + others)),
      (precision === 'single' ? 1e-6 : 1e-14) * others,
    );
  });

  test.each([
    [1, 2, 0.25],
    [0, 1, 0],
    [1e-30, 1e30, 1],
    [0, 0, 0],
  ])('the gradient by class weights of %d, %d and %d', async (...weights) => {
    for (const elsewhere of [false, true]) {
      const logits = random.normals(3 * 37).map((z) => 3 * z);
      const labels = random.integers(37, 3);
      expect(await crossEntropyFault(kernels, logits, labels, 3, weights, elsewhere)).toBeUndefined();
    }
  });

  interface Case {
    rows: number;
    classes: number;
    logits: Contents;
    seed: number;
    weighted: boolean;
  }
  const cases: fc.Arbitrary<Case> = fc.record({
    rows: sizes(140),
    classes: sizes(130),
    logits: contents(),
    seed: fc.nat(),
    weighted: fc.boolean(),
  });
  const example = { rows: 33, classes: 129, logits: of('plus or minus 1e4'), seed: 1, weighted: true };
  property('of any logits', cases, [example], async ({ rows, classes, logits, seed, weighted }) => {
    const z = fill(precision, logits, rows, classes);
    expect(await softmaxFault(kernels, z, classes, { inPlace: weighted })).toBeUndefined();
    const own = new TestRandom(seed);
    const labels = own.integers(rows, classes);
    const weights = weighted ? Array.from(own.normals(classes), Math.abs) : undefined;
    expect(await crossEntropyFault(kernels, z, labels, classes, weights)).toBeUndefined();
  });
});
