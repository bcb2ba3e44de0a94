import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import { rejection } from '../../tests/helpers/trainers/training.ts';
import {
  blobs,
  caseStudy,
  chequerboard,
  circles,
  createTrainer,
  type Dataset,
  moons,
  OptionError,
  SpiralnetError,
  spiral,
  split,
  type TrainerOptions,
  UnsupportedError,
  xor,
} from '../index.ts';

const good = new TestRandom(1).dataset(10, 2, 3);
const [layer] = new TestRandom(2).parameters([2, 3]);
const parameters = new TestRandom(2).parameters([2, 4, 3]);
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** Options of a JavaScript caller, without the checks of the types. */
type Loose = { [Key in keyof TrainerOptions]?: unknown };
const create = (options: Loose) => {
  return createTrainer({ data: good, learningRate: 1, backend: 'cpu', ...options } as TrainerOptions);
};
const data = (change: { [Key in keyof Dataset]?: unknown }) => ({ data: { ...good, ...change } });
const inputs = (index: number, value: number) => {
  const values = Float64Array.from(good.inputs);
  values[index] = value;
  return data({ inputs: values });
};

describe('an invalid option is named, with the expected and the received value', () => {
  const cases: [string, Loose, RegExp][] = [
    ['data', { data: undefined }, /a data set .* but got undefined/],
    [
      'data.count',
      data({ count: 0, inputs: new Float32Array(0), labels: new Uint32Array(0) }),
      /at least 1, but got 0/,
    ],
    ['data.count', data({ count: 2.5 }), /whole number/],
    ['data.features', data({ features: -2 }), /got -2/],
    ['data.classes', data({ classes: 0 }), /got 0/],
    ['data.inputs', data({ inputs: [1, 2] }), /Float32Array or a Float64Array/],
    ['data.inputs', data({ inputs: new Float32Array(19) }), /rows of 2 numbers, but got 19 numbers/],
    ['data.inputs', data({ inputs: new Float32Array(18) }), /10 × 2 = 20 numbers, but got 18/],
    ['data.inputs[3]', inputs(3, nan), /a finite number, but got NaN/],
    ['data.inputs[0]', inputs(0, -infinity), /got -Infinity/],
    ['data.inputs[5]', inputs(5, 1e39), /32 bits can hold .* got 1e\+39/],
    ['data.labels', data({ labels: [0] }), /a Uint32Array/],
    ['data.labels', data({ labels: new Uint32Array(9) }), /each of the 10 rows, but got 9 labels/],
    ['data.labels[4]', data({ labels: Uint32Array.of(0, 1, 2, 0, 3, 0, 0, 0, 0, 0) }), /below 3, but got 3/],
    ['data.featureNames', data({ featureNames: ['x'] }), /2 strings/],
    ['data.classNames', data({ classNames: [1, 2, 3] }), /3 strings/],
    ['data.classNames', data({ classNames: new Array(3) }), /3 strings/],
    ['hidden', { hidden: 100 }, /an array of layer sizes, at most 1000, but got 100/],
    ['hidden[1]', { hidden: [3, 0] }, /at least 1, but got 0/],
    ['hidden[0]', { hidden: [2.5] }, /got 2.5/],
    ['hidden[0]', { hidden: [-1] }, /got -1/],
    ['hidden[0]', { hidden: new Array(2) }, /got undefined/],
    ['learningRate', { learningRate: undefined }, /finite number of at least 0, but got undefined/],
    ['learningRate', { learningRate: nan }, /got NaN/],
    ['learningRate', { learningRate: infinity }, /got Infinity/],
    ['learningRate', { learningRate: 1e39 }, /got 1e\+39/],
    ['learningRate', { learningRate: -0.1 }, /got -0.1/],
    ['l2', { l2: -1 }, /got -1/],
    ['l2', { l2: '0' }, /got '0'/],
    ['l1', { l1: -1 }, /finite number of at least 0, but got -1/],
    ['l1', { l1: 1e-39 }, /0, or a number that 32 bits can hold/],
    ['weightDecay', { weightDecay: nan }, /finite number of at least 0, but got NaN/],
    ['weightDecay', { weightDecay: 2e8 }, /at most 100000000 in 32 bits, but got 200000000/],
    ['weightDecay', { weightDecay: [0.1] }, /finite number of at least 0/],
    ['batchSize', { batchSize: 0 }, /got 0/],
    ['batchSize', { batchSize: 1.5 }, /got 1.5/],
    ['seed', { seed: -1 }, /from 0 to 4294967295, but got -1/],
    [
      'optimizer',
      { optimizer: 'adam' },
      /\{ name: 'sgd' \} or \{ name: 'adam' \} or .* 'adagrad' \}, but got 'adam'/,
    ],
    ['optimizer', { optimizer: null }, /got null/],
    [
      'optimizer.beta_1',
      { optimizer: { name: 'adam', beta_1: 0.5 } },
      /the name 'beta1' for this option, but got 0.5/,
    ],
    ['optimizer.momentum', { optimizer: { name: 'sgd', momentum: null } }, /got null/],
    [
      'optimizer.name',
      { optimizer: { name: 'lion' } },
      /'sgd' or 'adam' or 'rmsprop' or 'adagrad', but got 'lion'/,
    ],
    ['optimizer.momentum', { optimizer: { name: 'sgd', momentum: 1 } }, /below 1, but got 1/],
    ['optimizer.beta1', { optimizer: { name: 'adam', beta1: -0.1 } }, /got -0.1/],
    ['optimizer.beta2', { optimizer: { name: 'adam', beta2: nan } }, /got NaN/],
    ['optimizer.epsilon', { optimizer: { name: 'adam', epsilon: 0 } }, /got 0/],
    ['optimizer.nesterov', { optimizer: { name: 'sgd', momentum: 0.9, nesterov: 1 } }, /got 1/],
    [
      'optimizer.momentum',
      { optimizer: { name: 'sgd', nesterov: true } },
      /a number above 0, which nesterov needs, but got undefined/,
    ],
    [
      'optimizer.momentum',
      { optimizer: { name: 'sgd', nesterov: true, momentum: 0 } },
      /above 0, which nesterov needs, but got 0/,
    ],
    ['optimizer.decay', { optimizer: { name: 'rmsprop', decay: 1 } }, /from 0 to below 1, but got 1/],
    [
      'optimizer.epsilon',
      { optimizer: { name: 'rmsprop', epsilon: 1e-15 } },
      /from 4\.4e-15 to 1e\+30 in 32 bits with decay 0\.99, .* but got 1e-15/,
    ],
    [
      'optimizer.epsilon',
      { optimizer: { name: 'rmsprop', decay: 0.999999, epsilon: 1e-13 } },
      /from 4\.4e-13 to 1e\+30 in 32 bits with decay 0\.999999/,
    ],
    [
      'optimizer.epsilon',
      { optimizer: { name: 'adagrad', epsilon: 1e-16 } },
      /from 4\.4e-16 to 1e\+30 in 32 bits, where squares of small gradients are 0, but got 1e-16/,
    ],
    ['optimizer.epsilon', { optimizer: { name: 'adagrad', epsilon: 1e31 } }, /to 1e\+30 .* got 1e\+31/],
    ['optimizer.epsilon', { optimizer: { name: 'adagrad', epsilon: nan } }, /got NaN/],
    [
      'optimizer.weight_decay',
      { optimizer: { name: 'rmsprop', weight_decay: 0.1 } },
      /expected the option 'weightDecay' instead, but got 0\.1/,
    ],
    [
      'optimizer.lr',
      { optimizer: { name: 'sgd', lr: 0.1 } },
      /expected the option 'learningRate' instead, but got 0\.1/,
    ],
    [
      'optimizer.alpha',
      { optimizer: { name: 'rmsprop', alpha: 0.9 } },
      /the name 'decay' for this option, but got 0\.9/,
    ],
    [
      'optimizer.rho',
      { optimizer: { name: 'rmsprop', rho: 0.9 } },
      /the name 'decay' for this option, but got 0\.9/,
    ],
    [
      'initialization',
      { initialization: 'xavier' },
      /'he', 'glorot', 'lecun' or a standard deviation, but got 'xavier'/,
    ],
    ['initialization', { initialization: nan }, /got NaN/],
    ['initialization', { initialization: null }, /got null/],
    ['parameters', { parameters: null }, /1 layers .* but got null/],
    ['parameters[0]', { parameters: new Array(1) }, /a layer .* but got undefined/],
    ['parameters', { parameters }, /1 layers .* sizes 2 → 3, but got 2 layers/],
    ['parameters[0].weights', { parameters, hidden: [5] }, /10 numbers \(2×5\), but got 8 numbers/],
    [
      'parameters[1].biases',
      { parameters: [parameters[0], { ...parameters[1], biases: [0] }], hidden: [4] },
      /Float/,
    ],
    [
      'parameters[0].biases[2]',
      {
        parameters: [{ ...parameters[0], biases: Float32Array.of(0, 0, nan, 0) }, parameters[1]],
        hidden: [4],
      },
      /finite number, but got NaN/,
    ],
    ['backend', { backend: 'gpu' }, /'auto' or 'webgpu' or 'cpu' or 'fastest', but got 'gpu'/],
    ['precision', { precision: 'half' }, /'single' or 'double', but got 'half'/],
    ['device', { device: {} }, /a GPUDevice, but got \{\}/],
    ['device', { device: null }, /got null/],
    ['plan', { plan: 'fast' }, /'auto' or 'layered'/],
    ['plan', { plan: null }, /got null/],
    ['backend', { backend: null }, /got null/],
    ['precision', { precision: null }, /got null/],
    ['learning_rate', { learning_rate: 3 } as Loose, /the name 'learningRate' for this option, but got 3/],
    ['hiden', { hiden: [4] } as Loose, /the name 'hidden'/],
    ['seeds', { seeds: 4 } as Loose, /the name 'seed'/],
    ['paln', { paln: 'fused' } as Loose, /the name 'plan'/],
  ];

  test.each(cases)('%s of %o', async (option, options, message) => {
    const error = await rejection(create(options));
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toBeInstanceOf(SpiralnetError);
    expect((error as OptionError).option).toBe(option);
    expect((error as OptionError).message).toMatch(message);
    expect((error as OptionError).message.startsWith(`${option}: expected `)).toBe(true);
  });

  test('options that are not an object', async () => {
    expect(await rejection(createTrainer(undefined as unknown as TrainerOptions))).toBeInstanceOf(
      OptionError,
    );
  });
});

test('every option may be given, and undefined means the default', async () => {
  const all: TrainerOptions = {
    data: { ...good, featureNames: ['x', 'y'], classNames: ['a', 'b', 'c'] },
    hidden: [4],
    learningRate: 0.1,
    l2: 0,
    l1: 0,
    weightDecay: 0,
    optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: 3,
    parameters,
    initialization: 'he',
    seed: 1,
    backend: 'cpu',
    precision: 'single',
    plan: 'layered',
  };
  await createTrainer(all);
  const others = Object.keys(all).filter((name) => !['data', 'learningRate', 'backend'].includes(name));
  const trainer = await create(Object.fromEntries([...others, 'device'].map((name) => [name, undefined])));
  expect(await trainer.save()).toEqual(await (await create({})).save());
});

test('only float64 on the CPU takes numbers beyond the range of 32 bits', async () => {
  const options = { ...inputs(5, 1e39), precision: 'double', learningRate: 0 };
  const trainer = await create({ ...options, backend: 'cpu' });
  expect(trainer.precision).toBe('double');
  expect(await rejection(create({ ...options, backend: 'webgpu' }))).toBeInstanceOf(OptionError);
});

describe('a name that is no option is refused', () => {
  const meant: [given: string, meant: string][] = [
    ['lr', 'learningRate'],
    ['rate', 'learningRate'],
    ['Learning_Rate', 'learningRate'],
    ['initialLearningRate', 'learningRate'],
    ['reg', 'l2'],
    ['weight_decay', 'weightDecay'],
    ['decay', 'weightDecay'],
    ['l1_penalty', 'l1'],
    ['dropout_rate', 'dropout'],
    ['class_weight', 'classWeights'],
    ['activations', 'activation'],
    ['nonlinearity', 'activation'],
    ['criterion', 'loss'],
    ['lossFunction', 'loss'],
    ['lambda', 'l2'],
    ['hiddenLayers', 'hidden'],
    ['layers', 'hidden'],
    ['batch', 'batchSize'],
    ['batch_size', 'batchSize'],
    ['solver', 'optimizer'],
    ['init', 'initialization'],
    ['weights', 'parameters'],
    ['dtype', 'precision'],
    ['random_state', 'seed'],
    ['dataset', 'data'],
  ];
  test.each(meant)('%s: %s is what was probably meant', async (name, option) => {
    const error = await rejection(create({ [name]: 3 } as Loose));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).message).toBe(
      `${name}: expected the name '${option}' for this option, but got 3.`,
    );
  });

  const elsewhere: [given: string, place: string][] = [
    ['epochs', "the option 'steps' of run"],
    ['steps', "the option 'steps' of run"],
    ['print_every', "the option 'every' of run"],
    ['momentum', "the option 'optimizer.momentum'"],
    ['beta1', "the option 'optimizer.beta1'"],
    ['beta_2', "the option 'optimizer.beta2'"],
    ['eps', "the option 'optimizer.epsilon'"],
    ['nesterov', "the option 'optimizer.nesterov'"],
    ['rho', "the option 'optimizer.decay'"],
    ['numClasses', "the option 'data.classes'"],
    ['cache', "the option 'tuning.cache'"],
  ];
  test.each(elsewhere)('%s: belongs elsewhere, as %s', async (name, place) => {
    const error = await rejection(create({ [name]: 3 } as Loose));
    expect((error as OptionError).message).toBe(`${name}: expected ${place} instead, but got 3.`);
  });

  const nested: [name: string, meant: string, options: Loose][] = [
    ['data.classNmes', 'classNames', data({ classNmes: ['a', 'b', 'c'] } as object)],
    ['data.targets', 'labels', data({ labels: undefined, targets: good.labels } as object)],
    ['parameters[0].bias', 'biases', { parameters: [{ weights: layer.weights, bias: layer.biases }] }],
    ['parameters[0].W', 'weights', { parameters: [{ W: layer.weights, biases: layer.biases }] }],
  ];
  test.each(nested)(
    '%s: %s is what was probably meant, in a part of an option',
    async (name, meant, options) => {
      const error = await rejection(create(options));
      expect((error as OptionError).option).toBe(name);
      expect((error as OptionError).message).toContain(`expected the name '${meant}' for this option`);
    },
  );

  test('fields of the caller’s own, in the data and in a layer, are left out', async () => {
    const own = { ...good, source: 'a file', rows: [], name: 'mine' };
    const trainer = await create({
      data: own,
      parameters: [{ ...layer, bias: null, name: 'first' }],
    } as Loose);
    expect((await trainer.measure(own)).step).toBe(0);
  });

  test('nothing of what the library itself returns is refused', async () => {
    const sets = [spiral, circles, moons, blobs, xor, chequerboard].map((make) => make({ perClass: 4 }));
    const { train, test } = split({ ...good, classNames: ['a', 'b', 'c'] }, 0.2);
    for (const data of [...sets, train, ...(test ? [test] : []), ...sets.map((set) => ({ ...set }))]) {
      const trainer = await create({ data });
      expect((await trainer.measure(data)).step).toBe(0);
      await create({ data, parameters: await trainer.parameters() });
      const { parameters } = await trainer.save();
      await create({ data, parameters });
      await trainer.restore(await trainer.save());
    }
    for (const { options } of Object.values(caseStudy)) await create(options);
  });

  test.each(['title', 'margin', '__proto__', 'x1'])('%s: the options that there are', async (name) => {
    const error = await rejection(create(JSON.parse(`{"${name}": "mine"}`)));
    expect((error as OptionError).message).toMatch(
      /one of the options data, hidden, .*learningRate, .*'mine'/,
    );
  });

  test('also in a call, a generator and a part of an option', async () => {
    const trainer = await create({});
    const run = { epochs: 10, every: 1 } as unknown as { steps: number; every: number };
    const calls: [option: string, call: () => unknown][] = [
      ['epochs', () => trainer.run(run).next()],
      ['abort', () => trainer.train(1, { abort: null } as object)],
      ['points', () => spiral({ points: 10 } as object)],
      ['data.classNmes', () => create(data({ classNmes: ['a', 'b', 'c'] } as object))],
      ['data.rows', () => trainer.measure({ ...good, count: undefined, rows: 10 } as unknown as Dataset)],
      [
        'parameters[0].bias',
        () => create({ parameters: [{ weights: layer.weights, bias: layer.biases }] } as unknown as Loose),
      ],
      ['optimizer.lr', () => create({ optimizer: { name: 'adam', lr: 1 } })],
      ['optimizer.beta1', () => create({ optimizer: { name: 'sgd', beta1: 0.5 } })],
      ['tuning.budgets', () => create({ tuning: { budgets: 1 } })],
      ['recovery.period', () => create({ recovery: { period: 1 } })],
    ];
    for (const [option, call] of calls) {
      const error = await rejection((async () => call())());
      expect(error, option).toBeInstanceOf(OptionError);
      expect((error as OptionError).option).toBe(option);
    }
  });

  test('run takes a case study as it is', async () => {
    const trainer = await createTrainer({ ...caseStudy.linear.options, backend: 'cpu' });
    expect((await trainer.run(caseStudy.linear).next()).value?.step).toBe(0);
  });
});

test('the message has the received value in plain words', async () => {
  const message = async (labels: unknown) => String(await rejection(create(data({ labels }))));
  expect(await message(new Int32Array(10))).toMatch(/got an Int32Array\.$/);
  expect(await message(new DataView(new ArrayBuffer(4)))).toMatch(/got a DataView\.$/);
});

test.each<[rows: unknown, option: string, message: RegExp]>([
  [
    {
      inputs: [
        [0, 1],
        [1, 0],
      ],
      labels: [0, 1],
    },
    'data.inputs',
    /a Float32Array or a Float64Array, such as Float32Array\.from\(inputs\.flat\(\)\), but got \[\[0,1\],\[1,0\]\]\./,
  ],
  [
    { inputs: new Array(600).fill(1), labels: [0, 1] },
    'data.inputs',
    /such as Float32Array\.from\(inputs\), but got an array of 600 numbers\./,
  ],
  [
    { inputs: Float32Array.of(0, 1, 1, 0), labels: [0, 1] },
    'data.labels',
    /a Uint32Array of class indices, such as Uint32Array\.from\(labels\), but got \[0,1\]\./,
  ],
  [{ inputs: Float32Array.of(0, 1, 1, 0), labels: Uint32Array.of(0, 1) }, 'data.count', /but got undefined/],
  [
    { ...spiral(), features: 3 },
    'data.inputs',
    /count × features = 300 × 3 = 900 numbers, but got 600 numbers/,
  ],
  [{ ...spiral(), classes: 2 }, 'data.labels[200]', /a class index below 2, but got 2/],
  [{ ...spiral(), count: 1 }, 'data.inputs', /1 × 2 = 2 numbers, but got 600 numbers/],
  [{ ...spiral(), labels: new Uint8Array(300) }, 'data.labels', /but got a Uint8Array\./],
  [{}, 'data.inputs', /but got undefined/],
])('data: the arrays are complained of first, then their lengths, %#', async (rows, option, message) => {
  const error = await rejection(create({ data: rows } as Loose));
  expect((error as OptionError).option).toBe(option);
  expect((error as OptionError).message).toMatch(message);
});

test('rows to predict from say how to make an array of them', async () => {
  const trainer = await create({});
  const wrong = [0.1, 0.7] as unknown as Float32Array;
  expect(String(await rejection(trainer.predict(wrong)))).toMatch(
    /Float32Array\.from\(inputs\), but got \[0\.1,0\.7\]/,
  );
});

test('a setting that is assigned is an error, and has no effect', async () => {
  const trainer = await create({ learningRate: 0.5 });
  const assign = (name: string, value: unknown) => () => {
    (trainer as unknown as { [name: string]: unknown })[name] = value;
  };
  for (const name of ['learningRate', 'l2']) {
    expect(assign(name, 0.01)).toThrow(OptionError);
    expect(assign(name, 0.01)).toThrow(`${name}: expected a call of trainer.set({ ${name} }), but got 0.01.`);
  }
  for (const name of ['step', 'batchSize', 'parameters', 'plan', 'learningrate'])
    expect(assign(name, 1), name).toThrow(TypeError);
  expect(trainer.step).toBe(0);
  expect(await trainer.parameters()).toHaveLength(1);
});

test('a batch larger than the data has all rows', async () => {
  const trainer = await create({ batchSize: 1000, hidden: [] });
  expect((await trainer.save()).batchSize).toBe(10);
});

test('the same seed gives the same start; the default is seed 0', async () => {
  const start = async (options: Loose) =>
    (await (await create({ hidden: [4], ...options })).parameters())[0].weights;
  expect(await start({ seed: 5 })).toEqual(await start({ seed: 5 }));
  expect(await start({ seed: 5 })).not.toEqual(await start({ seed: 6 }));
  expect(await start({ seed: 0 })).toEqual(await start({}));
});

describe('a machine without WebGPU', () => {
  beforeEach(() => void vi.stubGlobal('navigator', {}));
  afterEach(() => void vi.unstubAllGlobals());

  test('refuses webgpu and names an alternative', async () => {
    const error = await rejection(create({ backend: 'webgpu' }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(/WebGPU is not available here/);
  });

  test('trains on the CPU with auto', async () => {
    const trainer = await create({ backend: 'auto' });
    expect([trainer.backend, trainer.plan]).toEqual(['cpu', 'layered']);
  });
});
