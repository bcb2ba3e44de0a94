import type { Updated, WeightedRows, WeightedStep } from '../cpu/weighted-step.ts';
import { BatchOrder } from '../data/batch-order.ts';
import { initialParameters } from '../data/initialization.ts';
import { RandomState } from '../data/random-state.ts';
import type { EngineState } from '../engine.ts';
import { LimitError, NonFiniteError, OutOfMemoryError, UnsupportedError } from '../errors.ts';
import type { GpuEngine } from '../gpu/engine.ts';
import type { Choice } from '../gpu/plans/candidates.ts';
import { type ResolvedOptimizer, ruleOf, type TrainingSetup } from '../options/setup.ts';
import { SettingsRecord } from '../options/step-settings.ts';
import { Recent } from '../recent.ts';
import type { FloatArray, LayerParameters } from '../types.ts';

/**
 * Different rows of the problem. All other rows repeat these, so that the CPU computes few rows,
 * and the GPU the full batch with the kernels of training.
 */
const DISTINCT_ROWS = 4;
/** The most numbers of the inputs: a larger data set is checked with fewer rows. */
const MOST_INPUTS = 2 ** 22;
/**
 * The standard deviation of the weights relative to 1/√fan-in, and the size of the biases: no
 * unit is near the kink of ReLU, where rounding decides between two gradients.
 */
const WEIGHT_SCALE = 0.35;
const BIAS = 1;
/** The measurement of the first step. */
const FIRST = { every: 1, last: false, measure: 'all', parameters: false } as const;
const SETTINGS = { learningRate: 1, l2: 0.01 };
/**
 * The largest difference from float64, relative to the largest number of the tensor: far above the
 * rounding of long sums in 32 bits, far below a fault of 1 %.
 */
const TOLERANCE = 1e-3;
/** The largest rounding error of a parameter, relative to the largest of its tensor. */
const ROUNDING = 2 ** -22;
/** Numbers so small that 32 bits may treat them, or what they are computed from, as 0. */
const NEGLIGIBLE = 1e-30;
/** The least scale of a moment: its root is far above the squares that 32 bits take for 0. */
const LEAST_MOMENT = 1e-30;
/** The least decay that a moment makes up for. */
const LEAST_DECAY = 0.01;
/** Shapes and choices kept for each device. */
const MOST_KEPT = 100;

const checks = new WeakMap<GPUDevice, Recent<Promise<void>>>();

/**
 * A problem with the shape, the optimizer and the batches of a network in training. The moments at
 * its start are not 0, so that their decay counts.
 */
interface Problem {
  setup: TrainingSetup;
  start: EngineState;
  expected: StepResult;
}

/** The loss before the first step, and what the step leaves. */
type StepResult = Pick<WeightedStep, 'dataLoss'> & Updated;

/**
 * Compares one step of a GPU with the CPU in float64, once for each shape of a network and each
 * choice of kernels, on a problem with that shape: a driver may compute wrongly without an error.
 * The tuner compares what it changes to with the bits of this choice.
 * @param choice the plan that is to train, and the division of its work
 * @param create creates an engine with this choice
 * @throws {UnsupportedError} if the GPU differs, with the tensor and the difference
 * @throws {DeviceLostError} if the device is lost, for which the choice is blamed
 */
export async function checkDriver(
  setup: TrainingSetup,
  device: GPUDevice,
  choice: Choice,
  create: (setup: TrainingSetup) => Promise<GpuEngine>,
): Promise<void> {
  const known = checks.get(device) ?? new Recent(MOST_KEPT);
  checks.set(device, known);
  const { sizes, batchSize, data, precision, optimizer } = setup;
  const key = JSON.stringify([sizes, batchSize, data.count, precision, ruleOf(optimizer), choice]);
  const other = known.get(key);
  // Another trainer's check may have ended with the abort of its creation.
  if (other && (await succeeds(other))) return;
  const check = compareStep(setup, create);
  known.set(key, check);
  // A device that is lost or has no memory left says nothing about its driver.
  check.catch(() => known.delete(key));
  await check;
}

const succeeds = (work: Promise<void>) =>
  work.then(
    () => true,
    () => false,
  );

async function compareStep(
  setup: TrainingSetup,
  create: (setup: TrainingSetup) => Promise<GpuEngine>,
): Promise<void> {
  // Without a network, a page may be unable to load this part.
  const part = await import('../cpu/weighted-step.ts').catch(() => undefined);
  if (!part) return;
  let fault: string | undefined;
  try {
    const problem = await createProblem(setup, part.weightedStep);
    const engine = await create(problem.setup);
    fault = difference(problem, await engine.tried(firstStep(engine, problem)));
  } catch (error) {
    // The memory that is there is for training.
    if (error instanceof OutOfMemoryError || error instanceof LimitError) return;
    if (!(error instanceof NonFiniteError)) throw error;
    fault = `a number that is not finite at step ${error.step} differs`;
  }
  if (fault === undefined) return;
  throw new UnsupportedError(
    `The GPU computes wrong results here: ${fault} from the same step on the CPU in float64. ` +
      "Update the graphics driver, or train with backend: 'cpu'.",
  );
}

/** Makes the first step, and destroys the engine. */
async function firstStep(engine: GpuEngine, { setup, start }: Problem): Promise<StepResult> {
  let dataLoss = Number.NaN;
  try {
    await engine.restore(start, setup.seed);
    for await (const measurement of engine.run(1, FIRST)) dataLoss = measurement.dataLoss;
    return { dataLoss, ...(await engine.state()) };
  } finally {
    engine.destroy();
  }
}

async function createProblem(
  setup: TrainingSetup,
  weightedStep: typeof import('../cpu/weighted-step.ts').weightedStep,
): Promise<Problem> {
  const { sizes, data, precision, seed, optimizer } = setup;
  const { features, classes } = data;
  const count = Math.min(data.count, Math.max(DISTINCT_ROWS, Math.floor(MOST_INPUTS / features)));
  const batchSize = Math.min(setup.batchSize, count);
  const distinct = Math.min(DISTINCT_ROWS, count);
  const random = new RandomState(1);
  const inputs = random.randn(distinct * features).map(Math.fround);
  const labels = Uint32Array.from({ length: distinct }, (_, row) => row % classes);
  const Float = precision === 'single' ? Float32Array : Float64Array;
  const allInputs = new Float(count * features);
  for (let row = 0; row < count; row++) {
    const start = (row % distinct) * features;
    allInputs.set(inputs.subarray(start, start + features), row * features);
  }
  const allLabels = Uint32Array.from({ length: count }, (_, row) => labels[row % distinct]);
  const allRows = Uint32Array.from({ length: count }, (_, row) => row);
  const batch = batchSize < count ? new BatchOrder(count, batchSize, seed).rows(0) : allRows;
  const parameters = startingParameters(sizes, random);
  const rows: WeightedRows = {
    inputs,
    labels,
    inData: repeats(allRows, distinct),
    inBatch: repeats(batch, distinct),
  };
  const { dataLoss, updated } = await weightedStep(sizes, parameters, rows, optimizer, SETTINGS);
  const moments = startingMoments((await updated()).moments, optimizer, random);
  return {
    setup: {
      ...setup,
      data: { inputs: allInputs, labels: allLabels, count, features, classes },
      batchSize,
      settings: new SettingsRecord(SETTINGS),
      start: () => parameters,
    },
    start: { step: 0, parameters, moments },
    expected: { dataLoss, ...(await updated(moments)) },
  };
}

/** How often each distinct row is among rows of the data. */
function repeats(rows: Uint32Array, distinct: number): number[] {
  const counts = new Array<number>(distinct).fill(0);
  for (const row of rows) counts[row % distinct]++;
  return counts;
}

/** Half of the units of a hidden layer are active for every row, the other half for none. */
function startingParameters(sizes: readonly number[], random: RandomState): LayerParameters[] {
  return initialParameters(sizes, 1, random).map(({ weights, biases }, layer) => {
    const scale = WEIGHT_SCALE / Math.sqrt(sizes[layer]);
    const bias = layer < sizes.length - 2 ? BIAS : 0;
    return {
      weights: weights.map((weight) => Math.fround(scale * weight)),
      biases: biases.map((_, unit) => (unit % 2 === 0 ? bias : -bias)),
    };
  });
}

/**
 * Moments that decay to about as much as a step adds to them, so that a fault of either shows. None
 * of them is near 0, as Adam divides by the root of its second moment.
 * @param added the moments after a step from 0
 */
function startingMoments(
  added: readonly LayerParameters[][],
  optimizer: ResolvedOptimizer,
  random: RandomState,
): LayerParameters[][] {
  const decays = optimizer.name === 'adam' ? [optimizer.beta1, optimizer.beta2] : [optimizer.momentum];
  return added.map((layers, m) => {
    const moment = (values: FloatArray) => {
      const scale = Math.max(largestOf(values), LEAST_MOMENT) / Math.max(decays[m], LEAST_DECAY);
      return random.randomSample(values.length).map((share) => Math.fround(scale * (0.25 + share / 2)));
    };
    return layers.map(({ weights, biases }) => ({ weights: moment(weights), biases: moment(biases) }));
  });
}

/** What differs, such as `b 0 after a step differs by 1.2 %`; undefined if nothing does. */
function difference({ start, expected }: Problem, actual: StepResult): string | undefined {
  const lossError = Math.abs(actual.dataLoss - expected.dataLoss) / Math.max(expected.dataLoss, 1e-3);
  if (!(lossError <= TOLERANCE)) return `the loss differs by ${percent(lossError)}`;
  for (let layer = 0; layer < start.parameters.length; layer++) {
    for (const kind of ['weights', 'biases'] as const) {
      const name = `${kind === 'weights' ? 'W' : 'b'} ${layer}`;
      const of = (layers: readonly LayerParameters[]) => layers[layer][kind];
      const errors = expected.moments.map((layers, m) => ({
        tensor: `moment ${m} of ${name}`,
        error: largestError(of(actual.moments[m]), of(layers)),
      }));
      const before = of(start.parameters);
      const error = largestError(of(actual.parameters), of(expected.parameters), before);
      const fault = [...errors, { tensor: name, error }].find(({ error }) => !(error <= TOLERANCE));
      if (fault) return `${fault.tensor} after a step differs by ${percent(fault.error)}`;
    }
  }
  return undefined;
}

/**
 * The largest difference between two tensors, relative to the largest change that is expected.
 * @param before the tensor before the step; default 0
 */
function largestError(actual: FloatArray, expected: FloatArray, before?: FloatArray): number {
  let [change, difference] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    change = Math.max(change, Math.abs(expected[i] - (before?.[i] ?? 0)));
    const own = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(own)) return own;
    difference = Math.max(difference, own);
  }
  const beyondRounding = difference - NEGLIGIBLE - ROUNDING * (before ? largestOf(before) : 0);
  return beyondRounding <= 0 ? 0 : beyondRounding / change;
}

function largestOf(values: FloatArray): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

const percent = (share: number) => `${(100 * share).toPrecision(2)} %`;
