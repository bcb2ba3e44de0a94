import { beforeAll, describe, expect, it } from 'vitest';
import {
  BusyError,
  caseStudy,
  createTrainer,
  DestroyedError,
  type Dissection,
  OptionError,
  spiral,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts';
import { EPSILON, EPSILON_32, expectClose } from '../helpers/compare.ts';
import { testDevice } from '../helpers/gpu.ts';
import { rejection } from '../helpers/training.ts';
import { SMALL } from '../helpers/tuning.ts';
import numpy from '../reference/numpy.json' with { type: 'json' };

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const DATA = spiral({ perClass: 7, noise: 0.3 });
const BASE: TrainerOptions = { data: DATA, hidden: [6], learningRate: 0.3, l2: 0.01, tuning: SMALL };

/** Each way to compute a step, and what is special about it. */
const WAYS: [string, Partial<TrainerOptions>][] = [
  ['the CPU', { backend: 'cpu' }],
  ['layered', { plan: 'layered' }],
  ['fused', { plan: 'fused' }],
  ['resident', { plan: 'resident' }],
  ['fused, two hidden layers', { plan: 'fused', hidden: [6, 5] }],
  ['layered, batches, Adam', { plan: 'layered', batchSize: 8, hidden: [6, 5], optimizer: { name: 'adam' } }],
  ['fused, batches, momentum', { plan: 'fused', batchSize: 8, optimizer: { name: 'sgd', momentum: 0.9 } }],
  ['the CPU, batches, momentum', { backend: 'cpu', batchSize: 8, optimizer: { name: 'sgd', momentum: 0.9 } }],
  ['layered, linear', { plan: 'layered', hidden: [] }],
  ['layered, double', { plan: 'layered', precision: 'double' }],
  ['resident, double', { plan: 'resident', precision: 'double' }],
];

function open(options: Partial<TrainerOptions>): Promise<Trainer> {
  const all = { ...BASE, ...options };
  return createTrainer(all.backend === 'cpu' ? all : { ...all, backend: 'webgpu', device });
}

const find = (tensors: Tensor[], name: string) => {
  const tensor = tensors.find((tensor) => tensor.name === name);
  if (!tensor) throw new Error(`there is no ${name}`);
  return tensor;
};

async function throughout(dissection: Dissection): Promise<void> {
  while (dissection.position < dissection.operations.length) await dissection.advance();
}

describe.each(WAYS)('a step taken apart: %s', (_, options) => {
  it('is the step that training makes, bit for bit', async () => {
    const [whole, parted] = [await open(options), await open(options)];
    // Some before, so that what they leave behind would be noticed.
    await parted.train(3);
    await whole.train(7);
    for (let i = 3; i < 7; i++) {
      const dissection = await parted.dissect();
      await throughout(dissection);
      await dissection.end(true);
      expect(parted.step).toBe(i + 1);
    }
    expect(await parted.save()).toEqual(await whole.save());
    for (const trainer of [whole, parted]) trainer.destroy();
  });

  it('can begin again at any point, and leaves nothing where it is not to stay', async () => {
    const trainer = await open(options);
    await trainer.train(2);
    const before = await trainer.save();
    const dissection = await trainer.dissect();
    const last = dissection.operations.length;
    for (const position of [1, last - 1, last]) {
      await dissection.advance(position);
      expect(dissection.position).toBeGreaterThanOrEqual(position);
      await dissection.restart();
      expect(dissection.position).toBe(0);
    }
    await dissection.advance(last);
    await dissection.end(false);
    expect(await trainer.save()).toEqual(before);
    await trainer.train(1);
    const after = await trainer.save();
    // What is carried out again after a new beginning is the whole step.
    await trainer.restore(before);
    const again = await trainer.dissect();
    await again.advance(last);
    await again.restart();
    await throughout(again);
    await again.end(true);
    expect(await trainer.save()).toEqual(after);
    trainer.destroy();
  });

  it('names what it reads and writes, and the kernels that compute it', async () => {
    const trainer = await open(options);
    const dissection = await trainer.dissect();
    expect(dissection.operations.map(({ name }) => name).toSorted()).toEqual(
      trainer.operations.map(({ name }) => name).toSorted(),
    );
    for (const { kernels, formula, numpy } of dissection.operations) {
      expect(formula).toMatch(/[=←]/);
      expect(numpy).toMatch(/=/);
      expect(kernels.length > 0).toBe(trainer.backend === 'webgpu');
      for (const { code, workgroups, workgroupSize } of kernels) {
        expect(code).toContain('fn main(');
        expect(workgroups.every((count) => count >= 1)).toBe(true);
        expect(workgroupSize.every((count) => count >= 1)).toBe(true);
      }
    }
    await throughout(dissection);
    for (const { name, shape } of dissection.tensors) {
      const { values } = await dissection.read(name);
      expect(values.length, name).toBe(shape.reduce((product, size) => product * size, 1));
    }
    await dissection.end(false);
    trainer.destroy();
  });

  it('has the oracle’s tensors', async () => {
    // Batches are in the order of the checkpoint's seed, whatever the trainer began with.
    const [trainer, begun] = [await open({ ...options, seed: 7 }), await open(options)];
    await begun.train(3);
    await trainer.restore(await begun.save());
    begun.destroy();
    const { parameters } = await trainer.save();
    const oracle = await open({ ...options, backend: 'cpu', precision: 'double' });
    await oracle.restore({ ...(await trainer.save()), parameters });
    const [actual, exact] = [await trainer.inspect(), await oracle.inspect()];
    expect(actual.map(({ name, shape }) => [name, shape])).toEqual(
      exact.map(({ name, shape }) => [name, shape]),
    );
    // Numbers of this network are around 1; rounding adds up over at most 21 rows and few units.
    const tolerance = 64 * EPSILON[trainer.precision];
    for (const { name, values } of exact) {
      if (name === 'labels') expect(find(actual, name).values).toEqual(values);
      else expectClose(find(actual, name).values as Float32Array, values as Float64Array, tolerance, name);
    }

    // And so have the buffers of the run itself, as far as the plan keeps them.
    const dissection = await trainer.dissect();
    const updates = dissection.operations.findIndex(({ phase }) => phase === 'update');
    await dissection.advance(Math.max(1, updates));
    const done = dissection.operations.slice(0, dissection.position);
    for (const { name } of dissection.tensors) {
      // What an update has changed is the next step's.
      const before = done.findLast(({ writes }) => writes.includes(name));
      if (before ? before.phase === 'update' : /^d/.test(name)) continue;
      const { values } = await dissection.read(name);
      if (name !== 'labels')
        expectClose(values as Float32Array, find(exact, name).values as Float64Array, tolerance, name);
    }
    await dissection.end(false);
    for (const one of [trainer, oracle]) one.destroy();
  });
});

describe('the tensors of the notes’ network', () => {
  it.each(['cpu', 'webgpu'] as const)('are NumPy’s at iteration 0, on %s', async (backend) => {
    const trainer = await createTrainer({
      ...caseStudy.network.options,
      precision: 'double',
      backend,
      ...(backend === 'webgpu' && { device }),
    });
    const tensors = await trainer.inspect();
    const at = (name: string, start: number, count: number) =>
      Float64Array.from(find(tensors, name).values.slice(start, start + count));
    const reference = numpy['network.iteration0'];
    const close = (actual: Float64Array, expected: number[], what: string) =>
      expectClose(actual, Float64Array.from(expected), 1e-12, what);
    close(at('hidden 0', 29900, 4), reference['hidden[299][:4]'], 'hidden');
    close(at('probabilities', 897, 3), reference['probs[299]'], 'probabilities');
    close(at('dscores', 897, 3), reference['dscores[299]'], 'dscores');
    const norm = (name: string) => Math.hypot(...find(tensors, name).values);
    const { db, db2, dW, dW2 } = reference.norms;
    close(Float64Array.of(...['db 0', 'db 1', 'dW 0', 'dW 1'].map(norm)), [db, db2, dW, dW2], 'norms');
    close(at('db 1', 0, 3), reference.db2, 'db2');
    close(at('db 0', 0, 4), reference['db[:4]'], 'db');
    close(at('dW 1', 0, 3), reference['dW2[0]'], 'dW2');
    close(at('dW 0', 0, 4), reference['dW[0][:4]'], 'dW');
    trainer.destroy();
  });

  it('are the oracle’s after 1000 steps', async () => {
    const trainer = await createTrainer({ ...caseStudy.network.options, backend: 'webgpu', device });
    await trainer.train(1000);
    const oracle = await createTrainer({ ...caseStudy.network.options, precision: 'double', backend: 'cpu' });
    await oracle.restore(await trainer.save());
    const [actual, exact] = [await trainer.inspect(), await oracle.inspect()];
    for (const { name, values } of exact) {
      if (name === 'labels') continue;
      const size = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Relative to the largest number: sums over 300 rows or 100 units.
      expectClose(
        find(actual, name).values as Float32Array,
        values as Float64Array,
        300 * EPSILON_32 * size,
        name,
      );
    }
    for (const one of [trainer, oracle]) one.destroy();
  });
});

describe('a dissection', () => {
  it('keeps everything else from changing the trainer until it ends', async () => {
    const trainer = await open({ plan: 'layered' });
    const dissection = await trainer.dissect();
    for (const work of [trainer.train(1), trainer.dissect(), trainer.restore({} as never), trainer.tune()])
      expect(await rejection(work)).toBeInstanceOf(BusyError);
    await dissection.end(false);
    expect(await rejection(dissection.advance())).toBeInstanceOf(DestroyedError);
    await trainer.train(1);
    trainer.destroy();
    expect(await rejection(trainer.inspect())).toBeInstanceOf(DestroyedError);
    expect(await rejection(trainer.dissect())).toBeInstanceOf(DestroyedError);
  });

  it('refuses what it cannot do, and says what it can', async () => {
    const trainer = await open({ plan: 'layered' });
    const dissection = await trainer.dissect();
    expect(await rejection(dissection.read('scores'))).toBeInstanceOf(OptionError);
    expect(await rejection(dissection.read('cats'))).toBeInstanceOf(OptionError);
    await dissection.advance(2);
    await dissection.read('scores');
    for (const position of [1, 1.5, 99, Number.NaN])
      expect(await rejection(dissection.advance(position))).toBeInstanceOf(OptionError);
    trainer.destroy();
    expect(await rejection(dissection.advance())).toBeInstanceOf(DestroyedError);
  });

  it('answers requests in their order', async () => {
    const trainer = await open({ plan: 'layered' });
    const dissection = await trainer.dissect();
    const [, scores, , again] = await Promise.all([
      dissection.advance(2),
      dissection.read('scores'),
      dissection.restart(),
      rejection(dissection.read('scores')),
    ]);
    expect(scores.shape).toEqual([21, 3]);
    expect(again).toBeInstanceOf(OptionError);
    trainer.destroy();
  });
});
