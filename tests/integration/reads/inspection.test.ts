import { beforeAll, describe, expect, it } from 'vitest';
import {
  caseStudy,
  createTrainer,
  spiral,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { EPSILON, EPSILON_32, expectClose } from '../../helpers/oracle/compare.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';
import numpy from '../../reference/numpy.json' with { type: 'json' };

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const DATA = spiral({ perClass: 7, noise: 0.3 });
const BASE: TrainerOptions = { data: DATA, learningRate: 0.3, l2: 0.01, tuning: SMALL };

const SGD = { name: 'sgd' } as const;
const MOMENTUM = { name: 'sgd', momentum: 0.9 } as const;
const ADAM = { name: 'adam' } as const;
const NESTEROV = { name: 'sgd', momentum: 0.9, nesterov: true } as const;
const RMSPROP = { name: 'rmsprop', epsilon: 1e-3 } as const;
const ADAGRAD = { name: 'adagrad', epsilon: 1e-3 } as const;
const TERMS = { l1: 0.02, weightDecay: 0.25 };
const CPU = { backend: 'cpu' } as const;
const [LAYERED, FUSED, RESIDENT] = (['layered', 'fused', 'resident'] as const).map((plan) => ({ plan }));
const [SINGLE, DOUBLE] = (['single', 'double'] as const).map((precision) => ({ precision }));

/** Every pair of plan or CPU, optimizer, precision, batch size and hidden layers. */
const CASES: [string, Partial<TrainerOptions>][] = [
  ['the CPU, linear', { ...CPU, optimizer: ADAM, ...SINGLE, batchSize: 8, hidden: [] }],
  ['the CPU', { ...CPU, optimizer: SGD, ...SINGLE, hidden: [6] }],
  ['the CPU, deep', { ...CPU, optimizer: MOMENTUM, ...DOUBLE, batchSize: 8, hidden: [6, 5] }],
  ['the CPU, Nesterov, all terms', { ...CPU, ...TERMS, optimizer: NESTEROV, ...SINGLE, hidden: [6] }],
  ['layered, linear', { ...LAYERED, optimizer: SGD, ...DOUBLE, batchSize: 8, hidden: [] }],
  ['layered', { ...LAYERED, optimizer: MOMENTUM, ...SINGLE, hidden: [6] }],
  ['layered, deep', { ...LAYERED, optimizer: ADAM, ...SINGLE, hidden: [6, 5] }],
  ['layered, RMSProp, L1', { ...LAYERED, l1: 0.02, optimizer: RMSPROP, ...SINGLE, hidden: [6, 5] }],
  ['fused, linear', { ...FUSED, optimizer: MOMENTUM, ...SINGLE, hidden: [] }],
  ['fused', { ...FUSED, optimizer: ADAM, ...DOUBLE, batchSize: 8, hidden: [6] }],
  ['fused, deep', { ...FUSED, optimizer: SGD, ...SINGLE, hidden: [6, 5] }],
  [
    'fused, Adagrad, weight decay',
    { ...FUSED, weightDecay: 0.25, optimizer: ADAGRAD, ...SINGLE, hidden: [6] },
  ],
  ['resident, linear', { ...RESIDENT, optimizer: ADAM, ...SINGLE, hidden: [] }],
  ['resident', { ...RESIDENT, optimizer: SGD, ...DOUBLE, hidden: [6] }],
  ['resident, Nesterov, all terms', { ...RESIDENT, ...TERMS, optimizer: NESTEROV, ...SINGLE, hidden: [6] }],
  ['resident, batches', { ...RESIDENT, optimizer: MOMENTUM, ...SINGLE, batchSize: 8, hidden: [6] }],
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

describe.each(CASES)('the next step: %s', (_, options) => {
  it('begins with the stored parameters, and ends with those after training, bit for bit', async () => {
    const trainer = await open(options);
    // The third batch of 8 in 21 rows is shorter.
    await trainer.train(2);
    for (let step = 2; step < 4; step++) {
      const before = await trainer.save();
      const tensors = await trainer.inspect();
      expect(await trainer.save()).toEqual(before);
      await trainer.train(1);
      for (const [suffix, { parameters, optimizer }] of [
        ['', before],
        [' after', await trainer.save()],
      ] as const) {
        [parameters, ...optimizer.moments].forEach((layers, set) => {
          const prefix = set === 0 ? '' : `moment ${set - 1} of `;
          layers.forEach(({ weights, biases }, layer) => {
            const [W, b] = ['W', 'b'].map((letter) => `${prefix}${letter} ${layer}${suffix}`);
            expect(find(tensors, W).values, W).toEqual(weights);
            expect(find(tensors, b).values, b).toEqual(biases);
          });
        });
      }
    }
    trainer.destroy();
  });

  it('has the oracle’s tensors', async () => {
    // Batches follow the checkpoint's seed and not the trainer's own seed.
    const [trainer, begun] = [await open({ ...options, seed: 7 }), await open(options)];
    await begun.train(3);
    await trainer.restore(await begun.save());
    begun.destroy();
    const oracle = await open({ ...options, backend: 'cpu', precision: 'double' });
    await oracle.restore(await trainer.save());
    const [actual, exact] = [await trainer.inspect(), await oracle.inspect()];
    expect(actual.map(({ values: _, ...shape }) => shape)).toEqual(
      exact.map(({ values: _, ...shape }) => shape),
    );
    // The numbers of this network are around 1; rounding errors add up over at most 21 rows and few
    // units.
    const tolerance = 64 * EPSILON[trainer.precision];
    for (const { name, shape, values } of exact) {
      expect(values.length, name).toBe(shape.reduce((product, size) => product * size, 1));
      if (name === 'labels') expect(find(actual, name).values).toEqual(values);
      else expectClose(find(actual, name).values as Float32Array, values as Float64Array, tolerance, name);
    }
    for (const one of [trainer, oracle]) one.destroy();
  });

  it('has the tensors that each line reads and writes, their kinds, and the kernels of the line', async () => {
    const trainer = await open(options);
    const tensors = await trainer.inspect();
    const given = new Set(tensors.map(({ name }) => name));
    for (const {
      name,
      kind,
      role,
      layer,
      phase,
      formula,
      numpy,
      reads,
      writes,
      kernels,
    } of trainer.operations) {
      for (const tensor of [...reads, ...writes]) find(tensors, tensor);
      for (const tensor of writes) expect(given.delete(tensor), tensor).toBe(true);
      const main = find(tensors, writes[writes.length - 1]);
      expect(main.layer, name).toBe(role === 'loss' ? find(tensors, 'scores').layer : layer);
      expect(kind === 'update').toBe(phase === 'update');
      if (role === 'weights' || role === 'dWeights') expect(main.kind).toBe('weights');
      if (role === 'biases' || role === 'dBiases') expect(main.kind).toBe('biases');
      expect(main.role === 'gradient', name).toBe(role === 'loss' || role.startsWith('d'));
      for (const line of formula.split('\n')) expect(line).toMatch(/ [=←] /);
      expect(numpy).toMatch(/=/);
      expect(kernels.length > 0).toBe(trainer.backend === 'webgpu');
      for (const { code, workgroups, workgroupSize, bindings } of kernels) {
        expect(workgroups.every((count) => count >= 1)).toBe(true);
        expect(workgroupSize.join()).toBe(/@workgroup_size\(([^)]*)\)\s*fn main\(/.exec(code)?.[1]);
        // A kernel reads the piece of its dispatch from a uniform of its own.
        const declared = Array.from(
          code.matchAll(/@group\(0\) @binding\(\d+\) var<([^>]*)> (?!piece\b)/g),
          ([, kind]) => kind,
        );
        expect(bindings.map(({ access }) => (access === 'uniform' ? access : `storage, ${access}`))).toEqual(
          declared,
        );
        for (const { buffer } of bindings) expect(buffer).not.toBe('');
      }
    }
    // A tensor that no line writes exists before the step, and is replaced at most once.
    const batch = trainer.operations.some(({ kind }) => kind === 'batch');
    for (const name of given) {
      const { kind, role } = find(tensors, name);
      expect(batch ? ['weights', 'biases'] : ['weights', 'biases', 'inputs', 'labels']).toContain(kind);
      expect(role).not.toBe('gradient');
    }
    const replaced = tensors.flatMap(({ replaces }) => replaces ?? []);
    expect(new Set(replaced).size).toBe(replaced.length);
    for (const name of replaced) find(tensors, name);
    trainer.destroy();
  });
});

it.each(['cpu', 'webgpu'] as const)(
  'the mask removes the gradients of inactive units, on %s',
  async (backend) => {
    const trainer = await open({ backend, hidden: [6, 5] });
    const tensors = await trainer.inspect();
    for (const layer of [0, 1]) {
      const { values: outputs } = find(tensors, `hidden ${layer}`);
      const { values: unmasked } = find(tensors, `dhidden ${layer} unmasked`);
      const { values: masked, replaces } = find(tensors, `dhidden ${layer}`);
      expect(replaces).toBe(`dhidden ${layer} unmasked`);
      expect(Array.from(masked)).toEqual(Array.from(unmasked, (value, i) => (outputs[i] > 0 ? value : 0)));
      expect(masked).not.toEqual(unmasked);
    }
    trainer.destroy();
  },
);

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
      // Tolerances relative to the largest number: sums over 300 rows or 100 units.
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
