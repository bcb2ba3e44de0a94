import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { stepSettings } from '../../../tests/helpers/step-settings.ts';
import { ALL, cases } from '../../../tests/helpers/tier.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import type { FloatArray, Precision } from '../../types.ts';
import type { CpuKernels } from '../kernels.ts';
import { complete, type PausableWork } from '../time-slices.ts';
import type { WasmKernels } from './kernels.ts';

const random = new TestRandom(5);
const normals = random.floats(1009);
/** Many numbers, whose period is no whole number of vectors. */
function numbers(count: number): Float32Array {
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += normals.length) values.set(normals.subarray(0, count - at), at);
  return values;
}
const placed = (own: CpuKernels, values: ArrayLike<number>) => own.placed(new own.Float(values));
const ADAM = { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

const PARTS = cases<[Precision, number]>(
  [
    ['single', 1],
    ['single', 3],
  ],
  [
    ['double', 1],
    ['double', 2],
  ],
);

describe.each(PARTS)('parts in %s precision, threads: %i', (precision, threads) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision, threads);
  });
  afterAll(() => kernels.end());

  /** Does work in its parts, with work of other networks in its pauses. */
  function disturbed<T>(work: PausableWork<T>): T {
    const other = kernels.beside();
    const [x, weights, biases] = [9 * 65, 65 * 33, 33].map((count) => random.normals(count));
    const y = other.floats(9 * 33);
    for (let pauses = 0; ; pauses++) {
      const { done, value } = work.next();
      if (done) {
        // Threads do more between two pauses.
        if (threads === 1) expect(pauses).toBeGreaterThan(0);
        return value;
      }
      const parameters = { weights: new other.Float(weights), biases: new other.Float(biases) };
      complete(other.outputs(new other.Float(x), parameters, y, 9, 'tanh'));
      complete(other.weightsGradient(placed(other, x), y, other.floats(65 * 33), 9, 33));
    }
  }

  const bytes = ({ buffer, byteOffset, byteLength }: FloatArray) =>
    Buffer.from(buffer, byteOffset, byteLength);
  const expectSameBits = (actual: FloatArray, expected: FloatArray) =>
    expect(Buffer.compare(bytes(actual), bytes(expected))).toBe(0);

  test.each(['outputs', 'weightsGradient', 'inputGradient', 'hiddenGradient'] as const)(
    '%s in parts has the bits of small products',
    async (form) => {
      // More multiply-adds than a part has, over rows that are no whole blocks.
      const [m, k, n] = [1301, 130, 131];
      const [a, b] = [numbers(m * k), numbers(k * n)];
      await kernels.temporarily(async (own) => {
        const [left, right] = [a, b].map((values) => own.floats(values.length));
        left.set(a);
        right.set(b);
        const biases = placed(own, numbers(n));
        const out = own.floats(m * n);
        const y = placed(own, numbers(m * n));
        const work = {
          outputs: () => own.outputs(left, { weights: right, biases }, out, m, 'softplus'),
          weightsGradient: () => own.weightsGradient(left, right, out, k, n),
          inputGradient: () => own.inputGradient(left, right, out, m, n, k),
          hiddenGradient: () => own.hiddenGradient(left, right, out, y, m, n, k, 'tanh'),
        };
        disturbed(work[form]());
        for (let from = 0; from < m; from += 100) {
          const rows = Math.min(100, m - from);
          const part = own.floats(rows * n);
          const someOutputs = y.subarray(from * n, (from + rows) * n);
          const someRows = left.subarray(from * k, (from + rows) * k);
          // Some rows of Xᵀ are columns of X.
          const columns = Float32Array.from({ length: rows * k }, (_, i) => {
            return a[Math.floor(i / rows) * m + from + (i % rows)];
          });
          const again = {
            outputs: () => own.outputs(someRows, { weights: right, biases }, part, rows, 'softplus'),
            weightsGradient: () => own.weightsGradient(placed(own, columns), right, part, k, n),
            inputGradient: () => own.inputGradient(someRows, right, part, rows, n, k),
            hiddenGradient: () => own.hiddenGradient(someRows, right, part, someOutputs, rows, n, k, 'tanh'),
          };
          complete(again[form]());
          expectSameBits(out.subarray(from * n, (from + rows) * n), part);
        }
      });
    },
  );

  test('softmax and the gradient of the loss in parts have the bits of single rows', async () => {
    const [rows, classes] = [64, 20_003];
    await kernels.temporarily(async (own) => {
      const logits = own.floats(rows * classes);
      logits.set(numbers(rows * classes));
      const labels = random.integers(rows, classes);
      const [p, dZ] = [own.floats(logits.length), own.floats(logits.length)];
      disturbed(own.softmax(logits, p, rows, classes));
      disturbed(own.lossGradient('cross-entropy', logits, dZ, own.placed(labels), rows, classes, undefined));
      const [row, result] = [own.floats(classes), own.floats(classes)];
      for (const i of [0, 31, 32, 63]) {
        const [start, end] = [i * classes, (i + 1) * classes];
        row.set(logits.subarray(start, end));
        complete(own.softmax(row, result, 1, classes));
        expectSameBits(p.subarray(start, end), result);
        complete(own.lossGradient('cross-entropy', row, result, labels.subarray(i), 1, classes, undefined));
        // A division by 64 is exact.
        expectSameBits(
          dZ.subarray(start, end),
          result.map((x) => x / rows),
        );
      }
      // In place, parts must not reach into the next one.
      disturbed(own.softmax(logits, logits, rows, classes));
      expectSameBits(logits, p);
    });
  });

  test('an update in parts has the bits of small ones, and answers for all of them', async () => {
    const count = 2_500_100;
    await kernels.temporarily(async (own) => {
      const start = numbers(count);
      const sizes = start.map(Math.abs);
      const arrays = [0, 1, 2, 3].map((i) => {
        const values = own.floats(count);
        values.set(i === 0 ? start : sizes);
        return values;
      });
      const before = arrays.map((values) => values.slice());
      const [w, g, ...moments] = arrays;
      const settings = stepSettings({ optimizer: ADAM, learningRate: 0.1, l2: 0.01 });
      expect(disturbed(own.update(w, g, moments, settings, 3, true))).toBe(true);
      for (const from of [0, 1_000_003, count - 5003]) {
        const part = before.map((values) => placed(own, values.subarray(from, from + 5003)));
        complete(own.update(part[0], part[1], part.slice(2), settings, 3, true));
        for (const m of [0, 2, 3]) expectSameBits(arrays[m].subarray(from, from + 5003), part[m]);
      }
      // One number that is none shows, in whichever part it is.
      for (const at of [0, count - 1]) {
        g[at] = Number.NaN;
        expect(complete(own.update(w, g, moments, settings, 3, true))).toBe(false);
        g[at] = 0;
        for (const values of [w, ...moments]) values[at] = 1;
      }
    });
  });

  test('derivatives in parts have the bits of small ones', async () => {
    const count = 1_250_100;
    await kernels.temporarily(async (own) => {
      const [dY, y] = [own.floats(count), own.floats(count)];
      dY.set(numbers(count));
      y.set(numbers(count));
      const before = dY.slice();
      disturbed(own.activationGradient(dY, y, count, 'softplus', 1));
      for (const from of [0, 600_001, count - 5003]) {
        const part = placed(own, before.subarray(from, from + 5003));
        complete(
          own.activationGradient(part, placed(own, y.subarray(from, from + 5003)), 5003, 'softplus', 1),
        );
        expectSameBits(dY.subarray(from, from + 5003), part);
      }
    });
  });

  if (ALL) {
    test('sums of columns in parts have the bits of single columns', async () => {
      const [rows, columns] = [312_600, 35];
      await kernels.temporarily(async (own) => {
        const dY = own.floats(rows * columns);
        dY.set(numbers(rows * columns));
        const [db, one] = [own.floats(columns), own.floats(1)];
        disturbed(own.biasesGradient(dY, db, rows));
        for (const j of [0, 31, 32, 34]) {
          const column = own.floats(rows);
          for (let i = 0; i < rows; i++) column[i] = dY[i * columns + j];
          complete(own.biasesGradient(column, one, rows));
          expect(one[0]).toBe(db[j]);
        }
      });
    });
  }
});

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });

  test('memory that was used before is given as zeros, and copies are new with each call', async () => {
    await kernels.temporarily(async (own) => void own.floats(5000).fill(7));
    await kernels.temporarily(async (own) => expect(own.floats(5000).every((x) => x === 0)).toBe(true));
    const own = kernels.beside();
    const parameters = { weights: new own.Float([2]), biases: new own.Float([1]) };
    const x = new own.Float([3, 4]);
    const y = own.floats(2);
    complete(own.outputs(x, parameters, y, 2, 'identity'));
    expect(Array.from(y)).toEqual([7, 9]);
    x[1] = 5;
    parameters.biases[0] = 0;
    complete(own.outputs(x, parameters, y, 2, 'identity'));
    expect(Array.from(y)).toEqual([6, 10]);
  });

  test('copies of ever more rows take no more memory than twice the largest', () => {
    const own = kernels.beside();
    const fanIn = 300;
    const parameters = { weights: own.floats(fanIn), biases: own.floats(1) };
    const y = own.floats(100);
    const before = own.floats(1).byteOffset;
    for (let rows = 1; rows <= 100; rows++) {
      complete(own.outputs(new own.Float(rows * fanIn), parameters, y, rows, 'identity'));
    }
    const taken = own.floats(1).byteOffset - before;
    expect(taken).toBeLessThan(4.1 * 100 * fanIn * own.Float.BYTES_PER_ELEMENT);
  });

  test('copies take what they need where there is no memory for twice as much', () => {
    const own = kernels.beside();
    const [y, biases] = [own.floats(1), own.floats(1)];
    const rows = 200_000;
    const outputs = (count: number) => {
      const x = new own.Float(count).fill(1);
      complete(own.outputs(x, { weights: x, biases }, y, 1, 'identity'));
      expect(y[0]).toBe(count);
    };
    outputs(rows);
    const { grow } = WebAssembly.Memory.prototype;
    // The packed matrix has panels of 32 bytes a row.
    const pages = (1.5 * rows * 32) / 65_536;
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(function (this: WebAssembly.Memory, n) {
      if (n > pages) throw new RangeError('too many pages');
      return grow.call(this, n);
    });
    outputs(rows + 1);
    vi.restoreAllMocks();
  });

  test('a product of wide rows pauses between few of them, with the bits of single rows', async () => {
    const [m, k, n] = [21, 4001, 2003];
    await kernels.temporarily(async (own) => {
      const x = placed(own, numbers(m * k));
      const parameters = { weights: placed(own, numbers(k * n)), biases: placed(own, numbers(n)) };
      const [y, row] = [own.floats(m * n), own.floats(n)];
      let pauses = 0;
      for (const _ of own.outputs(x, parameters, y, m, 'sigmoid')) pauses++;
      // Blocks of 12 rows, after parts of the packing, which waits for memory.
      expect(pauses).toBeGreaterThanOrEqual(6);
      for (const i of [0, 11, 12, 20]) {
        complete(own.outputs(x.subarray(i * k, (i + 1) * k), parameters, row, 1, 'sigmoid'));
        expect(row).toEqual(y.subarray(i * n, (i + 1) * n));
      }
    });
  });

  test('copies the rows that an operation reads, and no others', () => {
    const x = new Float32Array(6000).fill(1);
    const read = vi.spyOn(x, 'subarray');
    const parameters = { weights: new kernels.Float([1, 1]), biases: new kernels.Float([0]) };
    const y = kernels.floats(3);
    complete(kernels.outputs(x, parameters, y, 3, 'identity'));
    expect(read).toHaveBeenCalledExactlyOnceWith(0, 6);
    expect(Array.from(y)).toEqual([2, 2, 2]);
  });

  test('writes to no array of another memory', () => {
    const elsewhere = new kernels.Float(4);
    const x = kernels.floats(4);
    const parameters = { weights: x, biases: x };
    expect(() => complete(kernels.outputs(x, parameters, elsewhere, 4, 'relu'))).toThrow(/another memory/);
    expect(() => complete(kernels.softmax(x, elsewhere, 2, 2))).toThrow(/another memory/);
    expect(() => complete(kernels.update(elsewhere, x, [], stepSettings(), 0, true))).toThrow(
      /another memory/,
    );
  });
});
