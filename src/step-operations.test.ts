import { expect, test } from 'vitest';
import { expectClose } from '../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { createTrainer, type Optimizer, type Tensor, type TrainerOptions } from './index.ts';

const data = new TestRandom(3).dataset(9, 3, 4);

/** Each optimizer, with the values of the names in its NumPy lines. */
const OPTIMIZERS: [name: string, optimizer: Optimizer, factors: Record<string, number>][] = [
  ['sgd', { name: 'sgd' }, {}],
  ['momentum', { name: 'sgd', momentum: 0.8 }, { momentum: 0.8 }],
  ['nesterov', { name: 'sgd', momentum: 0.8, nesterov: true }, { momentum: 0.8 }],
  ['adam', { name: 'adam', beta1: 0.8, beta2: 0.9, epsilon: 0.01 }, { beta1: 0.8, beta2: 0.9, eps: 0.01 }],
  ['rmsprop', { name: 'rmsprop', decay: 0.9, epsilon: 0.01 }, { decay: 0.9, eps: 0.01 }],
  ['adagrad', { name: 'adagrad', epsilon: 0.01 }, { eps: 0.01 }],
];
const TERMS: [name: string, terms: Pick<TrainerOptions, 'l2' | 'l1' | 'weightDecay'>][] = [
  ['no term', {}],
  ['l2', { l2: 0.1 }],
  ['l1', { l1: 0.05 }],
  ['weight decay', { weightDecay: 0.3 }],
  ['all terms', { l2: 0.1, l1: 0.05, weightDecay: 0.3 }],
];
const CASES = OPTIMIZERS.flatMap(([name, optimizer, factors]) =>
  TERMS.map(([term, terms]) => ({ name, optimizer, factors, term, terms })),
);

/** The variables of NumPy lines after the lines, which are the same in JavaScript for single numbers. */
function carryOut(lines: string, variables: Record<string, number>): Record<string, number> {
  const np = { sign: Math.sign, sqrt: Math.sqrt };
  const names = Object.keys(variables);
  const declared = lines.startsWith('g = ') ? `let ${lines}` : lines;
  const run = new Function('np', ...names, `${declared}\nreturn { ${names.join(', ')} };`);
  return run(np, ...Object.values(variables));
}

test.each(CASES)('the NumPy lines of an update are what it computes: $name, $term', async (given) => {
  const { optimizer, factors, terms } = given;
  const trainer = await createTrainer({
    data,
    hidden: [2],
    learningRate: 0.2,
    optimizer,
    ...terms,
    backend: 'cpu',
    precision: 'double',
  });
  await trainer.train(2);
  const tensors = new Map((await trainer.inspect()).map((tensor) => [tensor.name, tensor]));
  const find = (name: string) => tensors.get(name) as Tensor;
  const updates = trainer.operations.filter(({ kind }) => kind === 'update');
  expect(updates.map(({ name }) => name)).toEqual(['update W 0', 'update b 0', 'update W 1', 'update b 1']);
  for (const { numpy, reads, writes } of updates) {
    const variable = (name: string) => variableOf(find(name));
    const fixed = { lr: 0.2, t: 3, l2: 0.1, l1: 0.05, weight_decay: 0.3, ...factors };
    const results = writes.map((name) => [...find(name).values].map(() => Number.NaN));
    results[0].forEach((_, i) => {
      const own = Object.fromEntries(reads.map((name) => [variable(name), find(name).values[i]]));
      const after = carryOut(numpy, { ...fixed, ...own });
      for (const [at, name] of writes.entries()) results[at][i] = after[variable(name)];
    });
    for (const [at, name] of writes.entries())
      expectClose(results[at], find(name).values as Float64Array, 1e-14, name);
  }
  trainer.destroy();
});

/** The NumPy variable of a tensor: `vW0` for the symbol `vW₀`. */
function variableOf({ symbol }: Tensor): string {
  return symbol.replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
}

test('the formulas of an update have the rule and the terms', async () => {
  const formulas = async (options: Partial<TrainerOptions>) => {
    const trainer = await createTrainer({ data, learningRate: 0.2, backend: 'cpu', ...options });
    const updates = trainer.operations.filter(({ kind }) => kind === 'update');
    trainer.destroy();
    return updates.map(({ formula }) => formula);
  };
  const all = { l2: 0.1, l1: 0.05, weightDecay: 0.3 };
  const penalized = '(dW₀ + λ·W₀ + λ₁·sign(W₀))';
  expect(await formulas(all)).toEqual([`W₀ ← (1 − η·δ)·W₀ − η·${penalized}`, 'b₀ ← b₀ − η·db₀']);
  expect(await formulas({ ...all, optimizer: { name: 'sgd', momentum: 0.5, nesterov: true } })).toEqual([
    `g = ${penalized}\nvW₀ ← μ·vW₀ + g\nW₀ ← (1 − η·δ)·W₀ − η·(g + μ·vW₀)`,
    'g = db₀\nvb₀ ← μ·vb₀ + g\nb₀ ← b₀ − η·(g + μ·vb₀)',
  ]);
  expect(await formulas({ l1: 0.1, optimizer: { name: 'rmsprop' } })).toEqual([
    'g = (dW₀ + λ₁·sign(W₀))\nsW₀ ← ρ·sW₀ + (1 − ρ)·g²\nW₀ ← W₀ − η·g / (√sW₀ + ε)',
    'g = db₀\nsb₀ ← ρ·sb₀ + (1 − ρ)·g²\nb₀ ← b₀ − η·g / (√sb₀ + ε)',
  ]);
  expect(await formulas({ weightDecay: 0.1, optimizer: { name: 'adagrad' } })).toEqual([
    'g = dW₀\nsW₀ ← sW₀ + g²\nW₀ ← (1 − η·δ)·W₀ − η·g / (√sW₀ + ε)',
    'g = db₀\nsb₀ ← sb₀ + g²\nb₀ ← b₀ − η·g / (√sb₀ + ε)',
  ]);
});

// NumPy 2.4.6 makes the tensors of `inspect` of these lines.
test.each([
  [
    { loss: 'hinge', classWeights: [1, 2, 0.5, 0] },
    {
      name: 'hinge',
      reads: ['scores', 'labels'],
      writes: ['losses', 'dscores'],
      formula:
        'M = max(0, Z − Z[y] + 1), M[y] = 0\nL = w[y]·Σ M\ndZ = w[y]·(1[M > 0] − 1[y]·Σ 1[M > 0]) / Σw[y]',
      numpy: [
        'M = np.maximum(0, Z - Z[range(N), y][:, np.newaxis] + 1)',
        'M[range(N), y] = 0',
        'w = class_weights[y]',
        'L = w * M.sum(axis=1)',
        'dZ = (M > 0).astype(float)',
        'dZ[range(N), y] = -dZ.sum(axis=1)',
        'dZ *= w[:, np.newaxis] / (w.sum() or 1)',
      ].join('\n'),
    },
  ],
  [
    { classWeights: [1, 2, 0.5, 0] },
    {
      name: 'softmax',
      reads: ['scores', 'labels'],
      writes: ['probabilities', 'losses', 'dscores'],
      formula: 'P = softmax(Z)\nL = −w[y]·ln P[y]\ndZ = w[y]·(P − 1[y]) / Σw[y]',
      numpy: expect.stringMatching(/\nL = -w \* np\.log\(.*\)\ndZ = P\.copy\(\)\n.*\ndZ \*= w\[/),
    },
  ],
  [
    {
      data: {
        ...data,
        labels: undefined,
        classes: undefined,
        targets: data.inputs.slice(),
        outputs: data.features,
      },
    },
    {
      name: 'squared error',
      reads: ['scores', 'targets'],
      writes: ['losses', 'dscores'],
      formula: 'L = ½·‖Z − T‖²\ndZ = (Z − T) / N',
      numpy: 'dZ = Z - T\nL = (dZ**2).sum(axis=1) / 2\ndZ /= N',
    },
  ],
])('the lines of a loss: %j', async (options, expected) => {
  const given = { data, learningRate: 0.2, backend: 'cpu', ...options } as unknown as TrainerOptions;
  const trainer = await createTrainer(given);
  const line = trainer.operations.find(({ role }) => role === 'loss');
  expect(line).toMatchObject({ ...expected, kind: expected.name });
  const tensors = (await trainer.inspect()).map(({ name }) => name);
  expect(tensors).toEqual(expect.arrayContaining([...expected.reads, ...expected.writes]));
  expect(tensors.includes('probabilities')).toBe(expected.writes.includes('probabilities'));
  trainer.destroy();
});
