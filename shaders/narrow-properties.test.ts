import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { matmul, matrix, transpose } from '../src/cpu/matmul.ts';
import { CpuNetwork } from '../src/cpu/network.ts';
import { columnSums } from '../src/cpu/reductions.ts';
import { reluMask } from '../src/cpu/relu.ts';
import { crossEntropyGradient } from '../src/cpu/softmax.ts';
import { complete } from '../src/cpu/time-slices.ts';
import { update as apply } from '../src/cpu/update.ts';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../src/gpu/network/parameters.ts';
import { arithmeticOf } from '../src/gpu/profile/arithmetic.ts';
import type { Precision } from '../src/index.ts';
import type { ResolvedOptimizer } from '../src/options/setup.ts';
import type { FloatArray, LayerParameters } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel, runKernels, type Tensors } from '../tests/helpers/kernels/kernels.ts';
import { stepWords, tolerances, type UpdateSettings } from '../tests/helpers/kernels/updates.ts';
import { EPSILON, EPSILON_32, expectClose } from '../tests/helpers/oracle/compare.ts';
import { type Contents, fill, held, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { ALL, cases } from '../tests/helpers/tier.ts';
import { fusedBackward, fusedForward, fusedLogits } from './fused.wgsl.ts';
import { MOMENTS, type UpdateRule } from './lib/moments.ts';
import { resident } from './resident.wgsl.ts';

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
  l2: number;
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
  l2: 0.25,
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

/** A step of each rule, in few shapes. */
const FEW: Case[] = [
  { ...EXAMPLE, hidden: 1, features: 1, classes: 1, rows: 1 },
  { ...EXAMPLE, hidden: undefined, batch: { from: 3, start: 4 }, rule: 'momentum' },
  // The gradient of a logit has more bits than a float64.
  {
    ...EXAMPLE,
    hidden: 33,
    rows: 65,
    spare: 3,
    batch: { from: 70, start: 1 },
    rule: 'adam',
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
      rule: fc.constantFrom<UpdateRule>('sgd', 'momentum', 'adam'),
      gap: fc.nat(3),
      fused: fc.record({ ...tiling(8), workgroups: fc.tuple(workgroup, workgroup) }),
      resident: fc.record({ ...tiling(3), workgroup }),
    })
  : fc.tuple(fc.constantFrom(...FEW), fc.record(VALUES)).map(([shape, values]) => ({ ...shape, ...values }));
const SHARE = ALL ? 1 / 40 : 1;

const EXAMPLES: Case[] = cases(FEW, [
  { ...EXAMPLE, hidden: undefined, rule: 'momentum' },
  { ...EXAMPLE, hidden: undefined, batch: { from: 3, start: 4 }, rule: 'adam' },
  { ...EXAMPLE, features: 16, classes: 16, rule: 'momentum' },
  { ...EXAMPLE, inputs: of('zero') },
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
  data: { inputs: Float64Array; labels: Uint32Array };
  order: Uint32Array | undefined;
  /** The inputs and the labels of the step's rows. */
  inputs64: Float64Array;
  labels: Uint32Array;
  moments64: Float64Array[];
  settings: UpdateSettings;
}

function prepare(precision: Precision, value: Case): Step {
  const { hidden, features, classes, rows, batch, gap, rule } = value;
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
  const data = {
    inputs: eighths(value.inputs, from, features),
    labels: random.integers(from, classes),
  };
  const order = batch && random.integers(batch.start + rows, from);
  const sources = order ? Array.from(order.subarray(batch.start)) : Array.from({ length: rows }, (_, i) => i);
  const moments = fill(precision, value.moments, length);
  const [lr, l2, beta1, beta2, epsilon] = held(precision, [0.125, value.l2, 0.875, 0.9375, 2 ** -10]);
  const optimizer: ResolvedOptimizer =
    rule === 'adam'
      ? { name: 'adam', beta1, beta2, epsilon }
      : { name: 'sgd', momentum: rule === 'momentum' ? beta1 : 0 };
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
    labels: Uint32Array.from(sources, (row) => data.labels[row]),
    // The second moment is a mean of squares: positive.
    moments64: [Float64Array.from(moments), Float64Array.from(moments, Math.abs)].slice(0, MOMENTS[rule]),
    settings: { optimizer, learningRate: lr, l2, step: value.step },
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

/** The words of the kernels' shape. */
function shapeWords({ units, places }: Step): number[] {
  const last = places[places.length - 1];
  const starts = [places[0].weights, places[0].biases, last.weights, last.biases];
  return [units, ...starts];
}

function words({ format, settings, batch, rows }: Step, run = 0): number[] {
  return stepWords(format, settings, { start: batch?.start ?? 0, rows }, run);
}

/** The most rows or units that compile in time. */
function each({ features, classes, hidden, precision }: Step, wanted: number): number {
  const numbers = classes + (hidden === undefined ? 0 : features);
  return Math.max(1, Math.min(wanted, Math.floor(REGISTERS[precision] / numbers)));
}

const network = ({ features, classes, hidden, batch }: Case) => ({
  features,
  classes,
  hidden: hidden !== undefined,
  batches: batch !== undefined,
});

/** The parameters and moments after a step by the fused kernels. */
async function runFused(step: Step) {
  const { rows, spare, classes, data, order, rule, precision, units, fused } = step;
  const arithmetic = await arithmeticOf(device, precision);
  const common = { network: network(step), arithmetic };
  const [forward, backward] = fused.workgroups;
  const first = fusedForward({ ...common, perInvocation: each(step, fused.rows), workgroup: forward });
  const second = fusedBackward({
    ...common,
    perInvocation: each(step, fused.units),
    workgroup: backward,
    rule,
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
  const launch = { uniform: shapeWords(step), step: words(step) };
  return runKernels(device, precision, tensors, [
    {
      ...launch,
      kernel: first,
      buffers: ['parameters', 'inputs', 'labels', ...batch, 'dscores'],
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
  const { rows, spare, data, order, rule, precision, length, resident: cut } = step;
  const arithmetic = await arithmeticOf(device, precision);
  const slots = new Uint32Array(3 * 64).fill(NOT_DIVERGED);
  slots[0] = step.step;
  slots.set(words(step), 64);
  return runKernel(
    device,
    resident({
      network: network(step),
      rule,
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
        labels: data.labels,
        ...(order ? { order } : {}),
        diverged: Uint32Array.of(NOT_DIVERGED),
        slots,
      } as Tensors,
      uniform: shapeWords(step),
      extent: { x: 1 },
      step: words(step, 1),
      precision,
    },
  );
}

/** The step in float64: logits, their gradient and the gradients of all parameters. */
function oracle({ sizes, layers, inputs64, labels, rows, classes }: Step) {
  const cpu = new CpuNetwork(sizes, rows, Float64Array);
  complete(cpu.forward(layers, inputs64, rows));
  const { logits } = cpu;
  const dscores = new Float64Array(logits.length);
  complete(crossEntropyGradient(logits, dscores, labels, rows, classes));
  complete(cpu.backward(layers, inputs64, labels, rows));
  return { logits, dscores, gradients: cpu.gradients, outputs: cpu.outputs };
}

/** The bound for an error of the softmax on exact logits; see softmax.test.ts. */
const softmaxError = (precision: Precision, classes: number) =>
  precision === 'single' ? (9 + classes) * EPSILON_32 : 2 * 2 ** -40 + (4 + classes) * EPSILON.double;

/**
 * The bounds for the errors of the gradients: the errors of `dscores`, with absolute values for all
 * factors, and a rounding for each term of the two sums in a gradient, over classes and over rows.
 * In double-single, n² / 16 roundings are added; see tests/helpers/kernels/matmul.ts.
 */
function gradientErrors(step: Step, { dscores, outputs }: ReturnType<typeof oracle>): LayerParameters[] {
  const { precision, rows, classes, layers, inputs64, sizes } = step;
  const terms = rows + classes;
  const roundings = terms + 6 + (precision === 'single' ? 0 : (rows ** 2 + classes ** 2) / 16);
  const absolute = softmaxError(precision, classes) / rows;
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
    reluMask(dX, outputs[layer - 1], rows * fanIn);
    dY = dX;
  }
  return results;
}

/**
 * Compares parameters and moments with the update in float64; the places between the tensors are
 * unchanged.
 */
function expectStep(step: Step, after: Tensors, exact: ReturnType<typeof oracle>): void {
  const { layers, places, length, settings, precision, moments64 } = step;
  const { optimizer, learningRate } = settings;
  const errors = gradientErrors(step, exact);
  const between = new Set(Array.from({ length }, (_, i) => i));
  layers.forEach((layer, l) => {
    for (const kind of ['weights', 'biases'] as const) {
      const { [kind]: values } = layer;
      const start = places[l][kind];
      const part = (all: FloatArray) => all.slice(start, start + values.length);
      values.forEach((_: number, i: number) => void between.delete(start + i));
      const own = { ...settings, l2: kind === 'weights' ? settings.l2 : 0 };
      const gradient = Float64Array.from(exact.gradients[l][kind]);
      const state = { parameters: values, moments: moments64.map(part) };
      const expected = [values, ...state.moments].map((all) => Float64Array.from(all));
      complete(
        apply(expected[0], gradient, expected.slice(1), optimizer, learningRate, own.l2, settings.step),
      );
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
      const tolerance = softmaxError(precision, classes) / rows;
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
