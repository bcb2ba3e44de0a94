import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyCandidate } from '../../../bench/kernels/candidates.ts';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import {
  operands,
  oracle,
  runMatmul,
  runUpdatingMatmul,
  tolerance,
} from '../../../tests/helpers/kernels/matmul.ts';
import { MILD, updateSettings } from '../../../tests/helpers/kernels/updates.ts';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { queueOf, Speed } from '../device/queue.ts';
import { compiled } from '../kernels/dispatch.ts';
import type { MatmulShape } from '../kernels/matmul.ts';
import { createMatmul } from '../kernels/multiply.ts';
import { GpuMemory } from '../memory/memory.ts';
import { arithmeticOf } from '../profile/arithmetic.ts';

/**
 * A limit so small that a workgroup adds 256 or 512 terms at a time, not those of a million rows.
 */
class Cautious extends Speed {
  override readonly mostUncut = 2 ** 19;
}

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
  queueOf(device).speed = new Cautious();
});
afterAll(() => {
  queueOf(device).speed = new Speed();
});

const KINDS = ALL
  ? /^(split 4 × )?(register 4×4|quad 4×4|quad 8×4|shared 64×64)( vec4)?$/
  : /^(split 4 × )?(register 4×4|quad 8×4|shared 64×64)( vec4)?$/;

describe.each(['single', 'double'] as const)('sums that are cut, in %s precision', (precision) => {
  const candidates = (shape: MatmulShape) =>
    everyCandidate(shape, device, precision).filter(({ name }) => KINDS.test(name));

  // By default only one form is in double precision, which takes longest to compile.
  const forms = ALL || precision === 'single' ? (['nn', 'tn', 'nt'] as const) : (['nt'] as const);
  test.each(forms)('%s: the bits of sums that are not', async (form) => {
    const shape: MatmulShape = { form, m: 70, k: 1000, n: 37 };
    const tensors = operands(shape, precision);
    const { values, sizes } = oracle(shape, tensors);
    const [split] = candidates(shape).filter(({ split }) => split);
    const uncut = await runMatmul(device, shape, split, tensors, { precision });
    expectClose(uncut, values, tolerance(sizes, shape.k, precision));
    const cut = candidates(shape).filter(({ split }) => !split);
    // Quads are kernels with subgroups.
    expect(cut.length).toBeGreaterThanOrEqual(device.features.has('subgroups') ? 3 : 2);
    for (const candidate of cut) {
      const found = await runMatmul(device, shape, candidate, tensors, { precision });
      expect(found, candidate.name).toEqual(uncut);
    }
  });

  test('gradients: every number is updated once, when its sum is complete', async () => {
    const shape: MatmulShape = { form: 'tn', m: 37, k: 1000, n: 70 };
    const tensors = operands(shape, precision);
    const random = new TestRandom(5);
    const count = shape.m * shape.n;
    const state = {
      parameters: random.floats(count),
      moments: [random.floats(count), random.floats(count).map(Math.abs)],
    };
    const settings = updateSettings(precision, 'adam', MILD);
    const options = { settings, precision };
    const all = candidates(shape);
    const [split] = all.filter(({ split }) => split);
    const expected = await runUpdatingMatmul(device, shape, split, tensors, state, options);
    for (const candidate of all.filter(({ split }) => !split)) {
      const found = await runUpdatingMatmul(device, shape, candidate, tensors, state, options);
      expect(found, candidate.name).toEqual(expected);
    }
  });

  test('no dispatch has more terms in a workgroup than it may have', async () => {
    const shape: MatmulShape = { form: forms[0], m: 70, k: 1000, n: 37 };
    const memory = new GpuMemory(device, await arithmeticOf(device, precision));
    const tensors = { a: memory.reals('a', 70_000), b: memory.reals('b', 37_000) };
    const epilogue = {
      epilogue: {},
      buffers: [memory.reals('product', 70 * 37)],
      uniform: [],
      suffix: '',
    };
    for (const candidate of candidates(shape).filter(({ split }) => !split)) {
      const dispatches = createMatmul(memory, 'test', shape, candidate, tensors, epilogue);
      await compiled(dispatches);
      const shared = candidate.kind === 'shared';
      const cells = shared
        ? 64 * 64
        : candidate.tile.rows * candidate.tile.columns * (candidate.kind === 'quad' ? 16 : 64);
      const fitting = Math.floor(2 ** 19 / cells / (precision === 'single' ? 1 : 16) / 256);
      expect(
        dispatches.map(({ label }) => label),
        candidate.name,
      ).toHaveLength(Math.ceil(1000 / (256 * Math.max(1, fitting))));
    }
    memory.destroy();
  });
});
