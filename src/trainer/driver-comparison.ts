import { type Updated, type WeightedRows, type WeightedStep, weightedStep } from '../cpu/weighted-step.ts';
import { type Answers, answerLength, widthOf } from '../data/answers.ts';
import { BatchOrder } from '../data/batch-order.ts';
import { initialParameters } from '../data/initialization.ts';
import { RandomState } from '../data/random-state.ts';
import type { EngineState } from '../engine.ts';
import { LimitError, OutOfMemoryError } from '../errors.ts';
import type { GpuEngine } from '../gpu/engine.ts';
import type { ResolvedOptimizer } from '../options/optimizer.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import { NonFiniteError, UnsupportedError } from '../training-errors.ts';
import type { AnyDataset, FloatArray, LayerParameters } from '../types.ts';

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
/**
 * The bias of every other class for the loss `'hinge'`: some margins are far above 0, others far below.
 */
const HINGE_BIAS = 3;
/** The measurement of the first step. */
const FIRST = { every: 1, last: false, measure: 'all', parameters: false } as const;
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
 * Compares the first step of an engine with the CPU in float64, and destroys the engine.
 * @throws {UnsupportedError} {DeviceLostError} as {@link checkDriver}
 */
export async function compareStep(
  setup: TrainingSetup,
  create: (setup: TrainingSetup) => Promise<GpuEngine>,
): Promise<void> {
  let fault: string | undefined;
  try {
    const problem = await createProblem(setup);
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

async function createProblem(setup: TrainingSetup): Promise<Problem> {
  const { data, precision, seed } = setup;
  const { features } = data;
  const count = Math.min(data.count, Math.max(DISTINCT_ROWS, Math.floor(MOST_INPUTS / features)));
  const batchSize = Math.min(setup.batchSize, count);
  const distinct = Math.min(DISTINCT_ROWS, count);
  const random = new RandomState(1);
  const inputs = random.randn(distinct * features).map(Math.fround);
  const answers = answersFor(data, distinct, random);
  const Float = precision === 'single' ? Float32Array : Float64Array;
  const allInputs = new Float(count * features);
  for (let row = 0; row < count; row++) {
    const start = (row % distinct) * features;
    allInputs.set(inputs.subarray(start, start + features), row * features);
  }
  const length = answerLength(data);
  const repeatedAnswers = (all: Answers) => all.map((_, i) => answers[i % (distinct * length)]);
  const allAnswers =
    'labels' in data
      ? { labels: repeatedAnswers(new Uint32Array(count)) }
      : { targets: repeatedAnswers(new Float(count * length)) };
  const allRows = Uint32Array.from({ length: count }, (_, row) => row);
  const batch = batchSize < count ? new BatchOrder(count, batchSize, seed).rows(0) : allRows;
  const parameters = startingParameters(setup, random);
  const rows: WeightedRows = {
    inputs,
    answers,
    inData: repeats(allRows, distinct),
    inBatch: repeats(batch, distinct),
  };
  const settings = settingsOf(setup);
  const { dataLoss, updated } = await weightedStep(setup, parameters, rows, settings);
  const moments = startingMoments((await updated()).moments, settings, random);
  return {
    setup: {
      ...setup,
      data: { ...data, count, inputs: allInputs, ...allAnswers } as AnyDataset,
      batchSize,
      settings: setup.settings.fixed(settings),
      start: () => parameters,
    },
    start: { step: 0, parameters, moments },
    expected: { dataLoss, ...(await updated(moments)) },
  };
}

/** Settings with the kernels of training, and numbers that show a fault of each term. */
function settingsOf({ settings, data }: TrainingSetup): StepSettings {
  const { now } = settings;
  return {
    ...now,
    learningRate: 1,
    l2: 0.01,
    l1: now.l1 > 0 ? 0.01 : 0,
    weightDecay: now.weightDecay > 0 ? 0.25 : 0,
    // Each of the rows that repeat each other would lose other outputs.
    dropout: 0,
    classWeights: now.classWeights && Array.from({ length: widthOf(data) }, (_, k) => 0.5 + (k % 3)),
  };
}

/** Labels of the first classes, or targets about as large as the outputs. */
function answersFor(data: AnyDataset, rows: number, random: RandomState): Answers {
  return 'labels' in data
    ? Uint32Array.from({ length: rows }, (_, row) => row % data.classes)
    : random.randn(rows * data.outputs).map(Math.fround);
}

/** How often each distinct row is among rows of the data. */
function repeats(rows: Uint32Array, distinct: number): number[] {
  const counts = new Array<number>(distinct).fill(0);
  for (const row of rows) counts[row % distinct]++;
  return counts;
}

/** Half of the units of a hidden layer are active for every row, the other half for none. */
function startingParameters({ sizes, loss }: TrainingSetup, random: RandomState): LayerParameters[] {
  return initialParameters(sizes, 1, random).map(({ weights, biases }, layer) => {
    const scale = WEIGHT_SCALE / Math.sqrt(sizes[layer]);
    const hidden = layer < sizes.length - 2;
    const [even, odd] = hidden ? [BIAS, -BIAS] : loss === 'hinge' ? [0, HINGE_BIAS] : [0, 0];
    return {
      weights: weights.map((weight) => Math.fround(scale * weight)),
      biases: biases.map((_, unit) => (unit % 2 === 0 ? even : odd)),
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
  { optimizer }: StepSettings,
  random: RandomState,
): LayerParameters[][] {
  const decays = decaysOf(optimizer);
  return added.map((layers, m) => {
    const moment = (values: FloatArray) => {
      const scale = Math.max(largestOf(values), LEAST_MOMENT) / Math.max(decays[m], LEAST_DECAY);
      return random.randomSample(values.length).map((share) => Math.fround(scale * (0.25 + share / 2)));
    };
    return layers.map(({ weights, biases }) => ({ weights: moment(weights), biases: moment(biases) }));
  });
}

/** The share that each moment keeps in a step. */
function decaysOf(optimizer: ResolvedOptimizer): number[] {
  switch (optimizer.name) {
    case 'sgd':
      return [optimizer.momentum];
    case 'adam':
      return [optimizer.beta1, optimizer.beta2];
    case 'rmsprop':
      return [optimizer.decay];
    case 'adagrad':
      return [1];
  }
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
