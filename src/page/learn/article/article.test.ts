import { beforeAll, describe, expect, test } from 'vitest';
import { testDevice } from '../../../../tests/helpers/devices/gpu.ts';
import { SMALL } from '../../../../tests/helpers/trainers/tuning.ts';
import { chooseMatmul } from '../../../gpu/kernels/matmul.ts';
import { layerProducts } from '../../../gpu/kernels/products.ts';
import {
  caseStudy,
  checkGradients,
  createTrainer,
  type LayerParameters,
  RandomState,
  type Trainer,
} from '../../../index.ts';
import { sectionOf } from '../../inside/operation/section-of.ts';
import { operationsOfStep } from '../../run/benchmark/results.ts';
import { statisticsOf } from '../../run/side-checks/statistics.ts';
import { NODES } from '../../settings/plane.ts';
import { formatPercent, formatWhole, withMinus } from '../../ui/format.ts';
import { NOTES_LABEL, NOTES_LOGITS, softmaxExample } from '../figures/softmax/softmax.ts';
import { SECTIONS } from '../sections.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { numbers } from './numbers.ts';
import type { ArticleWords, Block, Numbers } from './words.ts';

const { data } = caseStudy.linear.options;
const UNITS = caseStudy.network.options.hidden?.[0] ?? 0;
const SIZES = { linear: [data.features, data.classes], network: [data.features, UNITS, data.classes] };

const open = (study: keyof typeof caseStudy, l2 = caseStudy[study].options.l2) =>
  createTrainer({ ...caseStudy[study].options, l2, backend: 'cpu', precision: 'double' });

/** A trainer's present step, losses and tensors by name. */
async function look(trainer: Trainer) {
  const [measured, parameters, { labels }, gradients, tensors] = await Promise.all([
    trainer.measure(),
    trainer.parameters(),
    trainer.predict(data.inputs),
    trainer.gradients(),
    trainer.inspect(),
  ]);
  const wrong = Array.from(labels.keys()).filter((row) => labels[row] !== data.labels[row]);
  const tensor = (name: string) => {
    const found = tensors.find((tensor) => tensor.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return Array.from(found.values);
  };
  return { ...measured, parameters, gradients, tensor, wrong, right: data.count - wrong.length };
}

type Look = Awaited<ReturnType<typeof look>>;

/** A run after `steps` updates. */
async function follow(study: keyof typeof caseStudy, ...steps: number[]): Promise<Record<number, Look>> {
  const trainer = await open(study);
  const looks: Record<number, Look> = {};
  for (const step of steps) {
    await trainer.train(step - trainer.step);
    looks[step] = await look(trainer);
  }
  return looks;
}

const norm = (values: ArrayLike<number>) => statisticsOf(values).norm;
const size = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));
const zeros = (values: ArrayLike<number>) => statisticsOf(values).zeros;
const count = (parameters: LayerParameters[]) =>
  parameters.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0);
const rows = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));
const sum = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const column = (values: readonly number[], at: number) => values.filter((_, i) => i % UNITS === at);

/** Units that are 0 for every point. */
const deadUnits = ({ tensor }: Look) =>
  Array.from({ length: UNITS }, (_, unit) => unit).filter((unit) =>
    column(tensor('hidden 0'), unit).every((output) => output === 0),
  );

/** Distances of rows from the centre. */
const radius = (row: number) => Math.hypot(data.inputs[2 * row], data.inputs[2 * row + 1]);

/** The point at which the three logits of the linear classifier are equal. */
function meetingPoint([{ weights, biases }]: LayerParameters[]): [number, number] {
  const [[a, b, c], [d, e, f]] = [1, 2].map((k) => [
    weights[0] - weights[k],
    weights[3] - weights[3 + k],
    biases[k] - biases[0],
  ]);
  const determinant = a * e - b * d;
  return [(c * e - b * f) / determinant, (a * f - c * d) / determinant];
}

const fixed = (value: number, digits: number) => withMinus(value.toFixed(digits));
const list = (values: readonly number[], digits: number) =>
  `[${values.map((value) => fixed(value, digits)).join(', ')}]`;

let linear: Record<number, Look>;
let network: Record<number, Look>;
beforeAll(async () => {
  linear = await follow('linear', 0, 1, 10, 190, 200, 10_000);
  network = await follow('network', 0, 10, 50, 100, 150, 1000, 5000, 10_000);
});

/** Every figure, from the library. */
async function computed(): Promise<Numbers> {
  const device = await testDevice();
  const kernels = async (study: keyof typeof caseStudy, plan: 'layered' | 'fused' | 'resident') => {
    const { options } = caseStudy[study];
    const trainer = await createTrainer({ ...options, backend: 'webgpu', device, plan, tuning: SMALL });
    const calls = trainer.operations.flatMap(({ kernels }) => kernels);
    trainer.destroy();
    return [...new Map(calls.map((call) => [call.label, call])).values()];
  };
  const layered = {
    linear: await kernels('linear', 'layered'),
    network: await kernels('network', 'layered'),
  };
  const fused = { linear: await kernels('linear', 'fused'), network: await kernels('network', 'fused') };
  expect(fused.linear.length).toBe(fused.network.length);
  expect(await kernels('network', 'resident'), 'dispatches of many steps').toHaveLength(1);
  const softmax = layered.network.find(({ label }) => label.startsWith('softmax'));
  // The rules for small products do not depend on the device.
  const tileOf = (study: 'linear' | 'network') => {
    const { shape } = layerProducts(SIZES[study], 0, data.count).outputs;
    const { kind, tile } = chooseMatmul(shape, { features: new Set() }, 'single');
    expect(kind).toBe('register');
    return { ...tile, tiles: Math.ceil(shape.m / tile.rows) * Math.ceil(shape.n / tile.columns) };
  };
  const [tile, hiddenTile] = [tileOf('linear'), tileOf('network')];
  expect(hiddenTile.rows).toBe(hiddenTile.columns);

  const inputs = Array.from(data.inputs);
  const features = [0, 1].map((feature) => inputs.filter((_, i) => i % 2 === feature));
  const centres = Array.from({ length: data.count }, (_, row) => row).filter((row) => radius(row) === 0);
  const example = softmaxExample(NOTES_LOGITS, NOTES_LABEL);
  const { learningRate, l2 = 0 } = caseStudy.linear.options;
  const [first, last] = [linear[0], linear[200]];
  const [start, end] = [network[0], network[10_000]];
  const [normLinear, normNetwork] = [first, start].map(({ gradients }) => norm(gradients[0].weights));
  const normsLast = end.parameters.map(({ weights }) => norm(weights).toFixed(1));
  expect(normsLast[0]).toBe(normsLast[1]);
  const checks = await Promise.all([
    checkGradients(await open('linear')),
    checkGradients(await open('network')),
  ]);
  const disagreement = Math.max(...checks.map(({ largestRelativeError }) => largestRelativeError));
  const farthestWrong = Math.max(...end.wrong.map(radius));

  return {
    points: `${data.count}`,
    perClass: `${data.labels.filter((label) => label === 0).length}`,
    classes: `${data.classes}`,
    features: `${data.features}`,
    // Another test shows that these lines make the data.
    armRadians: '4',
    armDegrees: ((4 * 180) / Math.PI).toFixed(0),
    noise: '0.2',
    largestFeature: size(inputs).toFixed(2),
    largestMean: Math.max(...features.map((values) => Math.abs(statisticsOf(values).mean))).toFixed(2),
    mostRight: `${data.count - centres.length + 1}`,
    inputNumbers: `${inputs.length}`,
    inputBytes: formatWhole(inputs.length * Float32Array.BYTES_PER_ELEMENT),

    linearParameters: `${count(first.parameters)}`,
    linearWeights: `${first.parameters[0].weights.length}`,
    deviation: '0.01',
    largestLogit: size(first.tensor('scores')).toFixed(3),
    untrainedAccuracy: formatPercent(first.accuracy, 0),
    tileRows: `${tile.rows}`,
    tileColumns: `${tile.columns}`,
    tiles: `${tile.tiles}`,

    chanceLoss: Math.log(data.classes).toFixed(6),
    linearLossFirst: first.loss.toFixed(6),
    networkLossFirst: start.loss.toFixed(6),
    l2: `${l2}`,
    networkPenaltyFirst: start.l2Loss.toFixed(6),
    workgroup: `${softmax?.workgroupSize[0]}`,
    softmaxWorkgroups: `${softmax?.workgroups[0]}`,

    exampleProbabilities: list(example.probabilities, 1),
    exampleGradient: list(example.gradient, 1),
    centreGradient: list(first.tensor('dscores').slice(0, 3), 5),

    learningRate: `${learningRate}`,
    decay: `${1 - learningRate * l2}`,
    linearLossAfter1: linear[1].loss.toFixed(6),
    linearLossAfter10: linear[10].loss.toFixed(6),
    linearLast: `${caseStudy.linear.steps}`,
    linearLastButTen: `${caseStudy.linear.steps - 10}`,
    linearLastFall: (linear[190].loss - last.loss).toFixed(6),
    linearDispatches: `${layered.linear.length}`,
    fusedDispatches: `${fused.linear.length}`,

    linearAccuracy: formatPercent(last.accuracy, 0),
    linearRight: `${last.right}`,
    untrainedRight: `${first.right}`,
    bordersMeet: `(${meetingPoint(last.parameters)
      .map((value) => fixed(value, 2))
      .join(', ')})`,
    linearLoss: last.loss.toFixed(6),
    linearLossLong: linear[10_000].loss.toFixed(6),
    longRun: formatWhole(caseStudy.network.steps),
    linearProbability: Math.exp(-last.dataLoss).toFixed(2),
    gridNodes: `${NODES}`,
    gridRows: formatWhole(NODES ** 2),

    units: `${UNITS}`,
    networkParameters: `${count(start.parameters)}`,
    timesParameters: `${count(start.parameters) / count(first.parameters)}`,
    hiddenEntries: formatWhole(start.tensor('hidden 0').length),
    hiddenZeros: formatPercent(zeros(start.tensor('hidden 0')), 0),
    hiddenTile: `${hiddenTile.rows}`,
    hiddenTiles: formatWhole(hiddenTile.tiles),

    gradientNormNetwork: normNetwork.toFixed(4),
    gradientNormLinear: normLinear.toFixed(2),
    gradientRatio: (normLinear / normNetwork).toFixed(0),
    networkLossAfter10: network[10].loss.toFixed(6),
    gradientDigits: `${Math.floor(-Math.log10(disagreement))}`,
    networkDispatches: `${layered.network.length}`,
    passed: `${start.tensor('dscores').length}`,

    networkAccuracy: formatPercent(end.accuracy, 0),
    networkRight: `${end.right}`,
    networkWrong: `${end.wrong.length}`,
    // Rounded up.
    wrongWithin: (Math.ceil(farthestWrong * 100) / 100).toFixed(2),
    inevitable: `${centres.length - 1}`,
    soon: `${network[50].step}`,
    soonAccuracy: formatPercent(network[50].accuracy, 0),
    beforeRise: `${network[100].step}`,
    afterRise: `${network[150].step}`,
    lossBeforeRise: network[100].loss.toFixed(4),
    lossAfterRise: network[150].loss.toFixed(4),
    networkEvery: formatWhole(caseStudy.network.every),
    lossAfter1000: network[1000].loss.toFixed(6),
    accuracyAfter1000: formatPercent(network[1000].accuracy, 0),
    half: formatWhole(end.step - network[5000].step),
    secondHalfFall: (network[5000].loss - end.loss).toFixed(4),
    normFirst0: norm(start.parameters[0].weights).toFixed(2),
    normFirst1: norm(start.parameters[1].weights).toFixed(2),
    normLast: normsLast[0],
    penaltyLast: end.l2Loss.toFixed(4),
    networkLoss: end.loss.toFixed(4),
    dead: `${deadUnits(end).length}`,
    multiplyAdds: formatWhole(operationsOfStep(data.count, SIZES.network) / 2),
  };
}

test('every number is what the library computes', async () => {
  expect(await computed()).toEqual(numbers);
});

describe('the article is right:', () => {
  test('the lines of NumPy make the data, and the weights have the stated deviation', () => {
    const radians = Number(numbers.armRadians);
    const random = new RandomState(0);
    const perClass = data.count / data.classes;
    for (let j = 0; j < data.classes; j++) {
      const noise = random.randn(perClass);
      for (let i = 0; i < perClass; i++) {
        const r = i / (perClass - 1);
        const t = radians * (j + r) + Number(numbers.noise) * noise[i];
        const row = 2 * (j * perClass + i);
        expect(data.inputs[row]).toBeCloseTo(r * Math.sin(t), 14);
        expect(data.inputs[row + 1]).toBeCloseTo(r * Math.cos(t), 14);
      }
    }
    random.randn(18);
    const deviation = Number(numbers.deviation);
    for (const { parameters } of [linear[0], network[0]]) {
      for (const { weights, biases } of parameters) {
        expect(biases.every((bias) => bias === 0)).toBe(true);
        expect(Array.from(weights)).toEqual(
          Array.from(random.randn(weights.length), (normal) => normal * deviation),
        );
      }
    }
  });

  test('the first point of every arm is the centre, whose logits are 0', () => {
    const { tensor } = linear[0];
    for (const row of [0, 100, 200]) {
      expect(radius(row)).toBe(0);
      expect(tensor('scores').slice(3 * row, 3 * row + 3)).toEqual([0, 0, 0]);
    }
    expect(new Set([0, 100, 200].map((row) => data.labels[row])).size).toBe(data.classes);
  });

  test('probabilities do not depend on the subtracted maximum, and rows of the gradient sum to 0', () => {
    const { probabilities } = softmaxExample(NOTES_LOGITS, NOTES_LABEL);
    const shifted = softmaxExample(
      NOTES_LOGITS.map((logit) => logit + 5),
      NOTES_LABEL,
    );
    probabilities.forEach((probability, k) => {
      expect(shifted.probabilities[k]).toBeCloseTo(probability, 14);
    });
    for (const { tensor } of [linear[0], linear[200], network[0], network[10_000]]) {
      const sums = rows(tensor('dscores'), data.classes).map(sum);
      expect(size(sums)).toBeLessThan(1e-15);
    }
  });

  test('with all logits 0 every point loses ln 3', () => {
    for (const label of [0, 1, 2]) {
      expect(softmaxExample([0, 0, 0], label).loss).toBeCloseTo(Math.log(3), 15);
    }
  });

  test('the loss is that of the formula, and a gradient is that of its NumPy line', () => {
    const { tensor, parameters, loss } = linear[200];
    const l2 = Number(numbers.l2);
    const [{ weights }] = parameters;
    const penalty = 0.5 * l2 * norm(weights) ** 2;
    expect(sum(tensor('losses')) / data.count + penalty).toBeCloseTo(loss, 14);
    const [X, dZ] = [rows(Array.from(data.inputs), data.features), rows(tensor('dscores'), data.classes)];
    const P = rows(tensor('probabilities'), data.classes);
    dZ.forEach((row, n) => {
      row.forEach((value, k) => {
        expect(value).toBeCloseTo((P[n][k] - (data.labels[n] === k ? 1 : 0)) / data.count, 16);
      });
    });
    for (let k = 0; k < data.classes; k++) {
      expect(tensor('db 0')[k]).toBeCloseTo(sum(dZ.map((row) => row[k])), 15);
      for (let d = 0; d < data.features; d++) {
        const expected = sum(X.map((x, n) => x[d] * dZ[n][k]));
        expect(tensor('dW 0')[d * data.classes + k]).toBeCloseTo(expected, 14);
      }
    }
  });

  test('an update moves against the gradient, and shrinks weights without one', () => {
    const [before, after] = [linear[0], linear[1]];
    const [rate, l2] = [Number(numbers.learningRate), Number(numbers.l2)];
    before.parameters[0].weights.forEach((weight, i) => {
      const gradient = before.tensor('dW 0')[i] + l2 * weight;
      expect(after.parameters[0].weights[i]).toBeCloseTo(weight - rate * gradient, 15);
    });
    before.parameters[0].biases.forEach((bias, i) => {
      expect(after.parameters[0].biases[i]).toBeCloseTo(bias - rate * before.tensor('db 0')[i], 15);
    });
  });

  test('each class has a wedge narrower than half a turn, and an arm turns by more', async () => {
    const trainer = await open('linear');
    await trainer.train(200);
    const [x, y] = meetingPoint(linear[200].parameters);
    // Around the point where the borders meet, each class has one stretch of every circle.
    const angles = 3600;
    const around = Float64Array.from({ length: 2 * angles }, (_, i) => {
      const angle = (Math.floor(i / 2) / angles) * 2 * Math.PI;
      return i % 2 === 0 ? x + Math.sin(angle) : y + Math.cos(angle);
    });
    const { labels } = await trainer.predict(around);
    expect(labels.filter((label, i) => label !== labels[(i + 1) % angles]).length).toBe(data.classes);
    for (let k = 0; k < data.classes; k++) {
      expect(labels.filter((label) => label === k).length).toBeLessThan(angles / 2);
    }
    expect(Number(numbers.armRadians)).toBeGreaterThan(Math.PI);
    const { wrong } = linear[200];
    for (let k = 0; k < data.classes; k++) expect(wrong.some((row) => data.labels[row] === k)).toBe(true);
  });

  test('neither more updates nor less regularisation help the linear classifier', async () => {
    expect(linear[10_000].right).toBe(linear[200].right);
    expect(norm(linear[10_000].gradients[0].weights)).toBeLessThan(1e-8);
    const free = await open('linear', 0);
    await free.train(2000);
    const { accuracy } = await free.measure();
    expect(formatPercent(accuracy, 0)).toBe(numbers.linearAccuracy);
  });

  test('without the cut, two layers are one', async () => {
    const { parameters, tensor } = network[10_000];
    const [W0, W1] = [rows(Array.from(parameters[0].weights), UNITS), Array.from(parameters[1].weights)];
    const [b0, b1] = parameters.map(({ biases }) => Array.from(biases));
    const through = (row: readonly number[], k: number) =>
      sum(row.map((value, unit) => value * W1[unit * data.classes + k]));
    const point = [0.4, -0.7];
    const uncut = b0.map((bias, unit) => point[0] * W0[0][unit] + point[1] * W0[1][unit] + bias);
    for (let k = 0; k < data.classes; k++) {
      const one = point[0] * through(W0[0], k) + point[1] * through(W0[1], k) + through(b0, k) + b1[k];
      expect(through(uncut, k) + b1[k]).toBeCloseTo(one, 11);
    }
    // The last layer is a linear classifier of H₀.
    const H = rows(tensor('hidden 0'), UNITS)[299];
    for (let k = 0; k < data.classes; k++) {
      expect(through(H, k) + b1[k]).toBeCloseTo(tensor('scores')[299 * data.classes + k], 11);
    }
  });

  test('the gradient on a hidden output is dZ through W₁, and 0 where the output is 0', () => {
    const { tensor, parameters } = network[0];
    const [H, dH] = [rows(tensor('hidden 0'), UNITS), rows(tensor('dhidden 0'), UNITS)];
    const [dZ, W1] = [
      rows(tensor('dscores'), data.classes),
      rows(Array.from(parameters[1].weights), data.classes),
    ];
    const wrong = H.flatMap((row, n) =>
      row.filter((output, unit) => {
        const expected = output > 0 ? sum(W1[unit].map((weight, k) => weight * dZ[n][k])) : 0;
        return !(Math.abs(dH[n][unit] - expected) <= 1e-18);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('the network starts more slowly, comes no further at first, then rises before it falls', () => {
    expect(network[10].loss).toBeGreaterThan(linear[10].loss);
    expect(network[50].accuracy - linear[200].accuracy).toBeLessThan(0.02);
    expect(network[150].loss).toBeGreaterThan(network[100].loss);
    expect(2 * network[10_000].l2Loss).toBeGreaterThan(network[10_000].loss);
  });

  test('no gradient reaches dead units, and their weights shrink', () => {
    const { tensor, parameters } = network[10_000];
    for (const unit of deadUnits(network[10_000])) {
      expect(size(column(tensor('dW 0'), unit))).toBe(0);
      expect(size(tensor('dW 1').slice(unit * data.classes, (unit + 1) * data.classes))).toBe(0);
      expect(size(column(Array.from(parameters[0].weights), unit))).toBeLessThan(1e-4);
    }
  });

  test('the penalty of the linear classifier does not show at the start, and that of the network does', () => {
    expect(linear[0].l2Loss.toFixed(6)).toBe('0.000000');
    expect(network[0].l2Loss.toFixed(6)).not.toBe('0.000000');
  });
});

const LANGUAGES: [string, ArticleWords][] = [
  ['English', en],
  ['Korean', ko],
];

/** Numbers whose text is unique. */
const marked = Object.fromEntries(Object.keys(numbers).map((name) => [name, `«${name}»`])) as Numbers;

const sectionsOf = (words: ArticleWords, stated: Numbers) => Object.values(words.sections(stated));

/** What is read of a block, which is neither a formula nor code. */
const prose = (blocks: readonly Block[]) =>
  blocks.flatMap((block) => (typeof block === 'string' ? block : 'gpu' in block ? block.gpu : []));

const everything = (words: ArticleWords) => [
  words.title,
  ...words.introduction(marked),
  ...sectionsOf(words, marked).flatMap(({ title, blocks }) => [title, ...prose(blocks)]),
];

describe.each(LANGUAGES)('in %s', (_, words) => {
  test('every number but 0 and 1 is one of the numbers, and each of these is stated', () => {
    const text = [
      ...everything(words),
      ...sectionsOf(words, marked).flatMap(({ blocks }) => blocks.map((block) => JSON.stringify(block))),
    ].join('\n');
    const stated = new Set(Array.from(text.matchAll(/«(\w+)»/g), ([, name]) => name));
    expect([...stated].sort()).toEqual(Object.keys(numbers).sort());
    const rest = everything(words)
      .join('\n')
      .replace(/«\w+»/g, '')
      .replace(/L2|CS231n/g, '');
    expect(
      Array.from(rest.matchAll(/\d[\d.,]*\d|\d/g), ([number]) => number).filter((n) => !/^[01]$/.test(n)),
    ).toEqual([]);
  });

  test('formulas and lines of NumPy are those of the step, or the data’s and the loss’s', async () => {
    const operations = [...(await open('linear')).operations, ...(await open('network')).operations];
    const formulas = [
      ...operations.flatMap(({ formula }) => [formula, ...formula.split('\n')]),
      'X = (r·sin(t), r·cos(t))',
      'P = exp(Z) / Σ exp(Z)',
      'loss = (Σ L) / N + ½·λ·Σ W²',
    ];
    const lines = [
      ...operations.flatMap(({ numpy }) => numpy.split('\n')),
      'r = np.linspace(0, 1, 100)',
      't = 4 * (j + r) + 0.2 * np.random.randn(100)',
      'arm = np.stack([r * np.sin(t), r * np.cos(t)], axis=1)',
      'loss = L.mean() + 0.5 * l2 * (W0**2).sum()',
    ];
    for (const block of sectionsOf(words, numbers).flatMap(({ blocks }) => blocks)) {
      if (typeof block === 'string') continue;
      if ('formula' in block) expect(formulas).toContain(block.formula);
      else if ('numpy' in block) for (const line of block.numpy.split('\n')) expect(lines).toContain(line);
    }
  });

  test('has its sections in the order of the registry', () => {
    expect(Object.keys(words.sections(numbers))).toEqual(SECTIONS.map(({ id }) => id));
  });
});

test('both languages show the same formulas in the same places', () => {
  const shown = (words: ArticleWords) =>
    sectionsOf(words, numbers).map(({ blocks }) =>
      blocks.map((block) => (typeof block === 'string' ? 'text' : 'gpu' in block ? 'aside' : block)),
    );
  expect(shown(ko)).toEqual(shown(en));
});

test('the view Inside leads from each line of the step to a section that explains it', async () => {
  for (const [hidden, study] of [
    [0, 'linear'],
    [1, 'network'],
  ] as const) {
    for (const operation of (await open(study)).operations) {
      const section = SECTIONS.find(({ id }) => id === sectionOf(operation, hidden));
      expect(section?.operations, operation.name).toContain(operation.name);
    }
  }
});

test('every operation of a step is explained, and every named operation exists', async () => {
  const operations = [...(await open('linear')).operations, ...(await open('network')).operations];
  const existing = [...new Set(operations.map(({ name }) => name))].sort();
  const explained = [...new Set(SECTIONS.flatMap(({ operations }) => operations))].sort();
  expect(explained).toEqual(existing);
});
