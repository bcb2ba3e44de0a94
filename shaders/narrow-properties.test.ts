import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { ACTIVATIONS } from '../src/cpu/activations.ts';
import { lossGradient } from '../src/cpu/losses.ts';
import { matmul, matrix, transpose } from '../src/cpu/matmul.ts';
import { CpuNetwork } from '../src/cpu/network.ts';
import { PlainKernels } from '../src/cpu/plain-kernels.ts';
import { columnSums } from '../src/cpu/reductions.ts';
import { complete } from '../src/cpu/time-slices.ts';
import { update as apply } from '../src/cpu/update.ts';
import { totalWeight } from '../src/data/answers.ts';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../src/gpu/network/parameters.ts';
import { arithmeticOf } from '../src/gpu/profile/arithmetic.ts';
import type { Precision } from '../src/index.ts';
import type { Loss } from '../src/options/setup.ts';
import type { FloatArray, LayerParameters } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel, runKernels, type Tensors } from '../tests/helpers/kernels/kernels.ts';
import {
  momentsOf,
  RULES,
  stepWords,
  TERMS,
  type Terms,
  tolerances,
  type UpdateSettings,
  updateOf,
  updateSettings,
} from '../tests/helpers/kernels/updates.ts';
import { EPSILON, EPSILON_32, expectClose } from '../tests/helpers/oracle/compare.ts';
import { type Contents, fill, held, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { ALL, cases } from '../tests/helpers/tier.ts';
import { fusedBackward, fusedForward, fusedLogits } from './fused.wgsl.ts';
import { hinge } from './hinge.wgsl.ts';
import { relu } from './lib/activation.ts';
import type { UpdateRule } from './lib/moments.ts';
import { resident } from './resident.wgsl.ts';
import { crossEntropy } from './softmax.wgsl.ts';
import { squaredError } from './squared-error.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

interface Case {
  /** Hidden units; without them, the features are the units. */
  hidden: number | undefined;
  features: number;
  classes: number;
  /** Rows of the step, and the further rows that its batch may have. */
  rows: number;
  spare: number;
  /**
   * Rows of the data from which the batch is drawn, and the place in `order` where the batch
   * begins.
   */
  batch: { from: number; start: number } | undefined;
  rule: UpdateRule;
  loss: Loss;
  /** Whether classes have weights, of which every third is 0. */
  weighted: boolean;
  l2: number;
  terms: Terms;
  /** The number of earlier updates. */
  step: number;
  inputs: Contents;
  parameters: Contents;
  moments: Contents;
  /** Numbers between the tensors. */
  gap: number;
  /** The division of work of the fused and the resident kernels, as far as compile time allows. */
  fused: { rows: number; units: number; workgroups: [forward: number, backward: number] };
  resident: { rows: number; units: number; workgroup: number };
}

const EXAMPLE: Case = {
  hidden: 7,
  features: 2,
  classes: 3,
  rows: 9,
  spare: 0,
  batch: undefined,
  rule: 'sgd',
  loss: 'cross-entropy',
  weighted: false,
  l2: 0.25,
  terms: TERMS[0],
  step: 3,
  inputs: of('normal'),
  parameters: of('normal', -1),
  moments: of('normal'),
  gap: 1,
  fused: { rows: 2, units: 3, workgroups: [4, 2] },
  resident: { rows: 1, units: 2, workgroup: 5 },
};

/** The most numbers of an invocation, so that a kernel compiles in a fraction of a second. */
const REGISTERS = { single: 40, double: 16 };

/**
 * Contents that are rounded to eighths: hidden outputs and logits are then exact, and both sides
 * agree on which units are active.
 */
const EXACT: Contents['kind'][] = [
  'normal',
  'whole',
  'negative',
  'all equal',
  'mostly zero',
  'zero in even columns',
  'zero',
];
const exactContents = (scale: number) =>
  fc.record({
    kind: fc.constantFrom(...EXACT),
    scale: fc.integer({ min: -scale, max: 0 }),
    seed: fc.nat(),
  });

/** Small counts are more frequent, because an invocation then takes more rows and units at once. */
const ofSixteen = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 16 }));
const tiling = (most: number) => ({
  rows: fc.integer({ min: 1, max: most }),
  units: fc.integer({ min: 1, max: most }),
});
const workgroup = fc.constantFrom(1, 2, 3, 4, 8, 33, 64);

const VALUES = {
  l2: fc.constantFrom(0, 1e-3, 0.25),
  step: fc.nat(2000),
  inputs: exactContents(3),
  parameters: exactContents(3),
  moments: exactContents(3),
};

/** Steps with 0, 1 and 2 moments, with and without the terms, in few shapes. */
const FEW: Case[] = [
  { ...EXAMPLE, hidden: 1, features: 1, classes: 1, rows: 1 },
  {
    ...EXAMPLE,
    ...{ loss: 'hinge', weighted: true },
    hidden: undefined,
    batch: { from: 3, start: 4 },
    rule: 'nesterov',
    terms: TERMS[3],
  },
  { ...EXAMPLE, loss: 'squared-error', classes: 2, batch: { from: 11, start: 2 } },
  // The gradient of a logit has more bits than a float64.
  {
    ...EXAMPLE,
    hidden: 33,
    rows: 65,
    spare: 3,
    batch: { from: 70, start: 1 },
    rule: 'adam',
    terms: TERMS[1],
    l2: 0,
    step: 0,
    inputs: { ...of('normal'), seed: 777815891 },
    parameters: { ...of('normal'), seed: 113329056 },
    moments: { ...of('zero in even columns'), seed: 0 },
  },
];

/**
 * Any values in few shapes by default, because each shape has its own kernels; any shape in the
 * tier `all`.
 */
const CASES: fc.Arbitrary<Case> = ALL
  ? fc.record({
      ...VALUES,
      hidden: fc.option(sizes(40), { nil: undefined, freq: 4 }),
      features: ofSixteen,
      classes: ofSixteen,
      rows: sizes(70),
      spare: fc.nat(5),
      batch: fc.option(fc.record({ from: sizes(70), start: fc.nat(9) }), { nil: undefined }),
      rule: fc.constantFrom(...RULES),
      ...{ loss: fc.constantFrom<Loss>('cross-entropy', 'hinge', 'squared-error'), weighted: fc.boolean() },
      terms: fc.constantFrom(...TERMS),
      gap: fc.nat(3),
      fused: fc.record({ ...tiling(8), workgroups: fc.tuple(workgroup, workgroup) }),
      resident: fc.record({ ...tiling(3), workgroup }),
    })
  : fc.tuple(fc.constantFrom(...FEW), fc.record(VALUES)).map(([shape, values]) => ({ ...shape, ...values }));
const SHARE = ALL ? 1 / 40 : 1;

const EXAMPLES: Case[] = cases(FEW, [
  { ...EXAMPLE, hidden: undefined, rule: 'momentum' },
  { ...EXAMPLE, hidden: undefined, batch: { from: 3, start: 4 }, rule: 'adam' },
  { ...EXAMPLE, features: 16, classes: 16, rule: 'rmsprop', terms: TERMS[2] },
  { ...EXAMPLE, rule: 'adagrad', terms: TERMS[1] },
  { ...EXAMPLE, inputs: of('zero') },
  { ...EXAMPLE, weighted: true, classes: 5 },
  { ...EXAMPLE, loss: 'hinge' },
  { ...EXAMPLE, loss: 'hinge', weighted: true, classes: 16, features: 3, batch: { from: 20, start: 3 } },
]);

/** A case with its tensors, in float64, with values that every precision holds. */
interface Step extends Case {
  precision: Precision;
  format: RealFormat;
  sizes: number[];
  units: number;
  layers: LayerParameters[];
  /** The place of each tensor in the buffer of all parameters, layer by layer, and its length. */
  places: { weights: number; biases: number }[];
  length: number;
  data: { inputs: Float64Array; answers: Float64Array | Uint32Array };
  weights: number[] | undefined;
  order: Uint32Array | undefined;
  /** The inputs and the answers of the step's rows. */
  inputs64: Float64Array;
  answers: Float64Array | Uint32Array;
  /** The sum of their weights, or 1 if it is 0 or there are none. */
  totalWeight: number;
  moments64: Float64Array[];
  settings: UpdateSettings;
}

function prepare(precision: Precision, value: Case): Step {
  const { hidden, features, classes, rows, batch, gap, rule, loss } = value;
  const eighths = (contents: Contents, count: number, columns: number) =>
    Float64Array.from(
      fill('single', { ...contents, scale: 0 }, count, columns),
      (x) => (Math.round(8 * x) / 8) * 2 ** contents.scale,
    );
  const sizes = hidden === undefined ? [features, classes] : [features, hidden, classes];
  const layers = sizes.slice(1).map((fanOut, layer) => {
    const contents = { ...value.parameters, seed: value.parameters.seed + layer };
    const all = eighths(contents, sizes[layer] + 1, fanOut);
    const weights = all.subarray(fanOut);
    return { weights, biases: all.subarray(0, fanOut) };
  });
  let length = 0;
  const place = ({ length: count }: FloatArray) => {
    const at = length;
    length += count + gap;
    return at;
  };
  const places = layers.map(({ weights, biases }) => ({ weights: place(weights), biases: place(biases) }));
  const from = batch?.from ?? rows;
  const random = new TestRandom(value.inputs.seed);
  const targets = loss === 'squared-error';
  const answerLength = targets ? classes : 1;
  const data = {
    inputs: eighths(value.inputs, from, features),
    answers: targets
      ? eighths({ ...of('normal'), seed: value.inputs.seed }, from, classes)
      : random.integers(from, classes),
  };
  const weights =
    value.weighted && !targets
      ? Array.from(held(precision, random.normals(classes)), (x, k) => (k % 3 === 2 ? 0 : Math.abs(x)))
      : undefined;
  const order = batch && random.integers(batch.start + rows, from);
  const sources = order ? Array.from(order.subarray(batch.start)) : Array.from({ length: rows }, (_, i) => i);
  const answers = targets ? new Float64Array(rows * classes) : new Uint32Array(rows);
  for (const i of answers.keys()) {
    answers[i] = data.answers[sources[Math.floor(i / answerLength)] * answerLength + (i % answerLength)];
  }
  const moments = fill(precision, value.moments, length);
  const settings = updateSettings(precision, rule, {
    ...value.terms,
    l2: value.l2,
    step: value.step,
    learningRate: 0.125,
    decays: [0.875, 0.9375],
    epsilon: 2 ** -10,
  });
  return {
    ...value,
    precision,
    format: new RealFormat(precision),
    sizes,
    units: sizes[sizes.length - 2],
    layers,
    places,
    length,
    data,
    order,
    inputs64: Float64Array.from(
      sources.flatMap((row) => Array.from(data.inputs.subarray(row * features, (row + 1) * features))),
    ),
    answers,
    weights,
    totalWeight: (weights && totalWeight(answers, rows, weights)) || 1,
    moments64: momentsOf(rule, moments).map((values) => Float64Array.from(values)),
    settings,
  };
}

/** The values between the tensors, which no kernel may change. */
const UNTOUCHED = -(2 ** 90);

/** All parameters as they lie in their buffer. */
function flat({ layers, places, length }: Step): Float64Array {
  const all = new Float64Array(length).fill(UNTOUCHED);
  layers.forEach(({ weights, biases }, layer) => {
    all.set(weights, places[layer].weights);
    all.set(biases, places[layer].biases);
  });
  return all;
}

const momentTensors = ({ moments64 }: Step) =>
  Object.fromEntries(moments64.map((values, m) => [`moment ${m}`, values]));

/** The words of the kernels' shape, with class weights from the next vector on. */
function weightedShapeWords(step: Step): number[] {
  const { format, weights = [] } = step;
  return [...shapeWords(step), 0, 0, 0, ...format.uniform(...weights)];
}

/** The words of the kernels' shape without class weights. */
function shapeWords({ units, places }: Step): number[] {
  const last = places[places.length - 1];
  const starts = [places[0].weights, places[0].biases, last.weights, last.biases];
  return [units, ...starts];
}

function words({ format, settings, batch, rows, totalWeight }: Step, run = 0): number[] {
  return stepWords(format, settings, { start: batch?.start ?? 0, rows, totalWeight }, run);
}

/** The most rows or units that compile in time. */
function each({ features, classes, hidden, precision }: Step, wanted: number): number {
  const numbers = classes + (hidden === undefined ? 0 : features);
  return Math.max(1, Math.min(wanted, Math.floor(REGISTERS[precision] / numbers)));
}

const LOSSES = { 'cross-entropy': crossEntropy, hinge, 'squared-error': squaredError };

const network = ({ features, classes, hidden, batch, loss, weights, format }: Step) => ({
  features,
  classes,
  hidden: hidden === undefined ? undefined : relu,
  loss: LOSSES[loss],
  weightWords: weights && (format.words === 1 ? (1 as const) : (2 as const)),
  batches: batch !== undefined,
});

/** The parameters and moments after a step by the fused kernels. */
async function runFused(step: Step) {
  const { rows, spare, classes, data, order, precision, units, fused } = step;
  const arithmetic = await arithmeticOf(device, precision);
  const common = { network: network(step), arithmetic };
  const [forward, backward] = fused.workgroups;
  const first = fusedForward({ ...common, perInvocation: each(step, fused.rows), workgroup: forward });
  const second = fusedBackward({
    ...common,
    perInvocation: each(step, fused.units),
    workgroup: backward,
    update: updateOf(step.settings),
  });
  const orders: Tensors = order ? { order } : {};
  const moments = momentTensors(step);
  const tensors: Tensors = {
    ...data,
    ...orders,
    dscores: new Float64Array((rows + spare) * classes).fill(UNTOUCHED),
    parameters: flat(step),
    ...moments,
    diverged: Uint32Array.of(NOT_DIVERGED),
  };
  const batch = Object.keys(orders);
  const launch = { uniform: weightedShapeWords(step), step: words(step) };
  return runKernels(device, precision, tensors, [
    {
      ...launch,
      kernel: first,
      buffers: ['parameters', 'inputs', 'answers', ...batch, 'dscores'],
      extent: { x: rows + spare },
    },
    {
      ...launch,
      kernel: second,
      buffers: ['inputs', ...batch, 'dscores', 'parameters', ...Object.keys(moments), 'diverged'],
      extent: { x: units + second.covers.x },
    },
  ]);
}

/** The parameters and moments after a step by the resident kernel, in the second slot of three. */
async function runResident(step: Step) {
  const { rows, spare, data, order, precision, length, resident: cut } = step;
  const arithmetic = await arithmeticOf(device, precision);
  const slots = new Uint32Array(3 * 64).fill(NOT_DIVERGED);
  slots[0] = step.step;
  slots.set(words(step), 64);
  return runKernel(
    device,
    resident({
      network: network(step),
      update: updateOf(step.settings),
      parameters: length,
      rows: rows + spare,
      perInvocation: { rows: each(step, cut.rows), units: each(step, cut.units) },
      workgroup: cut.workgroup,
      arithmetic,
    }),
    {
      tensors: {
        parameters: flat(step),
        ...momentTensors(step),
        inputs: data.inputs,
        answers: data.answers,
        ...(order ? { order } : {}),
        diverged: Uint32Array.of(NOT_DIVERGED),
        slots,
      } as Tensors,
      uniform: weightedShapeWords(step),
      extent: { x: 1 },
      step: words(step, 1),
      precision,
    },
  );
}

/** The step in float64: logits, their gradient and the gradients of all parameters. */
function oracle({ sizes, loss, weights, layers, inputs64, answers, rows, classes }: Step) {
  const activations = sizes.slice(2).map(() => 'relu' as const);
  const cpu = new CpuNetwork({ sizes, activations, loss }, rows, new PlainKernels(Float64Array));
  complete(cpu.forward(layers, inputs64, rows));
  const { logits } = cpu;
  const dscores = new Float64Array(logits.length);
  complete(lossGradient(loss, logits, dscores, answers, rows, classes, weights));
  complete(cpu.backward(layers, inputs64, answers, rows, weights));
  return { logits, dscores, gradients: cpu.gradients, outputs: cpu.outputs };
}

/** The bound for an error of the softmax on exact logits; see softmax.test.ts. */
const softmaxError = (precision: Precision, classes: number) =>
  precision === 'single' ? (9 + classes) * EPSILON_32 : 2 * 2 ** -40 + (4 + classes) * EPSILON.double;

/** The bound for an absolute error of `dscores`; other losses than the softmax have relative errors. */
function lossError({ loss, precision, classes, rows, weights, totalWeight }: Step): number {
  const share = weights ? Math.max(...weights) / totalWeight : 1 / rows;
  return loss === 'cross-entropy' ? softmaxError(precision, classes) * share : 0;
}

/**
 * The bounds for the errors of the gradients: the errors of `dscores`, with absolute values for all
 * factors, and a rounding for each term of the two sums in a gradient, over classes and over rows.
 * In double-single, n² / 16 roundings are added; see tests/helpers/kernels/matmul.ts.
 */
function gradientErrors(step: Step, { dscores, outputs }: ReturnType<typeof oracle>): LayerParameters[] {
  const { precision, rows, classes, layers, inputs64, sizes } = step;
  const terms = rows + classes;
  const roundings = terms + 6 + (precision === 'single' ? 0 : (rows ** 2 + classes ** 2) / 16);
  const absolute = lossError(step);
  const errors = Float64Array.from(
    dscores,
    (d) => absolute + roundings * EPSILON[precision] * (Math.abs(d) + absolute),
  );
  const results: LayerParameters[] = layers.map(({ weights, biases }) => ({
    weights: new Float64Array(weights.length),
    biases: new Float64Array(biases.length),
  }));
  let dY = errors;
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const x = Float64Array.from(layer === 0 ? inputs64 : outputs[layer - 1], Math.abs);
    const { weights, biases } = results[layer];
    matmul(transpose(x, fanIn), matrix(dY, fanOut), matrix(weights, fanOut), fanIn, rows, fanOut);
    complete(columnSums(dY, biases, rows));
    if (layer === 0) break;
    const dX = new Float64Array(rows * fanIn);
    const sizesOfWeights = transpose(Float64Array.from(layers[layer].weights, Math.abs), fanOut);
    matmul(matrix(dY, fanOut), sizesOfWeights, matrix(dX, fanIn), rows, fanOut, fanIn);
    ACTIVATIONS.relu.chain(dX, outputs[layer - 1], rows * fanIn);
    dY = dX;
  }
  return results;
}

const NO_TERMS = { l2: 0, l1: 0, weightDecay: 0 };

/**
 * Compares parameters and moments with the update in float64; the places between the tensors are
 * unchanged.
 */
function expectStep(step: Step, after: Tensors, exact: ReturnType<typeof oracle>): void {
  const { layers, places, length, settings, precision, moments64 } = step;
  const errors = gradientErrors(step, exact);
  const between = new Set(Array.from({ length }, (_, i) => i));
  layers.forEach((layer, l) => {
    for (const kind of ['weights', 'biases'] as const) {
      const { [kind]: values } = layer;
      const start = places[l][kind];
      const part = (all: FloatArray) => all.slice(start, start + values.length);
      values.forEach((_: number, i: number) => void between.delete(start + i));
      const penalized = kind === 'weights';
      const own = penalized ? settings : { ...settings, ...NO_TERMS };
      const gradient = Float64Array.from(exact.gradients[l][kind]);
      const state = { parameters: values, moments: moments64.map(part) };
      const expected = [values, ...state.moments].map((all) => Float64Array.from(all));
      complete(apply(expected[0], gradient, expected.slice(1), settings, settings.step, penalized));
      expected.forEach((all, m) => {
        const name = m === 0 ? 'parameters' : `moment ${m - 1}`;
        const tolerance = (i: number) =>
          tolerances(EPSILON[precision], own, state, gradient[i], errors[l][kind][i], expected, i)[m];
        expectClose(part(after[name] as FloatArray), all, tolerance, `${kind} ${l}, ${name}`);
      });
    }
  });
  for (const i of between) expect(after.parameters[i], `between the tensors, at ${i}`).toBe(UNTOUCHED);
  expect(after.diverged[0]).toBe(NOT_DIVERGED);
}

/** The bits of everything that a step changes. */
const changed = ({ format }: Step, after: Tensors) =>
  Object.entries(after)
    .filter(([name]) => /^(parameters|moment)/.test(name))
    .map(([name, values]) => [name, Array.from(format.encode(values))]);

describe.each(PRECISIONS)('in %s precision', (precision) => {
  property<Case>(
    'a step of the fused kernels is the float64 one, and that of the resident kernel has the same bits',
    CASES,
    EXAMPLES,
    async (value) => {
      const step = prepare(precision, value);
      const exact = oracle(step);
      const after = await runFused(step);
      const dscores = after.dscores as FloatArray;
      const { rows, classes } = step;
      const tolerance = (i: number) =>
        lossError(step) +
        (step.loss === 'cross-entropy' ? 0 : 8) * EPSILON[precision] * Math.abs(exact.dscores[i]);
      expectClose(dscores.subarray(0, rows * classes), exact.dscores, tolerance, 'dscores');
      expect(new Set(dscores.subarray(rows * classes)), 'behind the rows').toEqual(
        new Set(step.spare > 0 ? [UNTOUCHED] : []),
      );
      expectStep(step, after, exact);
      const other = await runResident(step);
      expectStep(step, other, exact);
      expect(changed(step, other)).toEqual(changed(step, after));
    },
    SHARE,
  );

  property<Case>(
    'the logits are exactly the float64 ones, where these are whole eighths',
    CASES,
    EXAMPLES,
    async (value) => {
      const step = prepare(precision, { ...value, batch: undefined });
      const { rows, spare, classes, fused, data } = step;
      const kernel = fusedLogits({
        network: network(step),
        perInvocation: each(step, fused.rows),
        workgroup: fused.workgroups[0],
        arithmetic: await arithmeticOf(device, precision),
      });
      const { scores } = await runKernel(device, kernel, {
        tensors: {
          parameters: flat(step),
          inputs: data.inputs,
          scores: new Float64Array((rows + spare) * classes).fill(UNTOUCHED),
        },
        uniform: [...shapeWords(step), rows],
        extent: { x: rows + spare },
        precision,
      });
      expectClose(scores.subarray(0, rows * classes), oracle(step).logits, 0, 'logits');
      for (const rest of scores.subarray(rows * classes)) expect(rest, 'behind the rows').toBe(UNTOUCHED);
    },
    SHARE,
  );
});
