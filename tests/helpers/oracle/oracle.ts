import { expect } from 'vitest';
import { RandomState } from '../../../src/data/random-state.ts';
import {
  type Checkpoint,
  createTrainer,
  type LayerParameters,
  type Measurement,
  NonFiniteError,
  type Precision,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { expectClose } from './compare.ts';

/** The relative rounding error of each precision; in double-single 2⁻⁴⁴ for every operation. */
const ROUNDING: Record<Precision, number> = { single: 2 ** -24, double: 2 ** -44 };
/** A device may treat a smaller float32 as 0. */
const LEAST = 2 ** -126;
const MOST = 2 ** 128;

/** The options of a training run at one learning rate. */
export type FixedOptions = TrainerOptions & { learningRate: number };

/** The results of a training run. */
interface Course {
  /** The measurements before each step and after the last step. */
  measurements: Measurement[];
  parameters: LayerParameters[];
  /** The step of the {@link NonFiniteError} that ended it. */
  diverged?: number;
}

/** The results in float64 on the CPU, with tolerances for rounding. */
export interface Expected extends Course {
  /**
   * The tolerance of each loss and each parameter, flat; undefined if rounding decides the results.
   */
  tolerance: { losses: number[]; parameters: number[] } | undefined;
  /** The largest number in a tensor, a parameter, a moment or a square that is needed. */
  peak: number;
}

/** Trains step by step, with a measurement before each step and after the last step. */
export async function courseOf(trainer: Trainer, steps: number): Promise<Course> {
  const course: Course = { measurements: [], parameters: [] };
  try {
    for await (const measurement of trainer.run({ steps, every: 1 })) course.measurements.push(measurement);
    course.measurements.push(await trainer.measure());
    course.parameters = await trainer.parameters();
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    course.diverged = error.step;
  }
  return course;
}

/**
 * Trains in float64, then again with disturbances of the size of rounding in each step's inputs,
 * parameters and moments. The differences show how far rounding may change the results: far near a
 * kink of ReLU, or where Adam makes whole steps of gradients that cancel.
 */
export function expectation(options: FixedOptions, steps: number, precision: Precision): Promise<Expected> {
  const { device: _, plan: __, tuning: ___, ...rest } = options;
  const float64 = options.backend === 'cpu' && precision === 'double';
  // All backends that compute in 32 bits share an expectation.
  const key = JSON.stringify([{ ...rest, backend: float64, precision }, steps], (_, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
  let found = expectations.get(key);
  if (!found) {
    found = expect64(rest, steps, precision, float64);
    expectations.set(key, found);
  }
  return found;
}

const expectations = new Map<string, Promise<Expected>>();

async function expect64(
  options: FixedOptions,
  steps: number,
  precision: Precision,
  float64: boolean,
): Promise<Expected> {
  const oracle = { ...options, backend: 'cpu', precision: 'double' } as const;
  const trainer = await createTrainer(oracle);
  const start = await trainer.save();
  const course = await courseOf(trainer, steps);
  const { peak, surest, activation, faint, closest } = await extremesOf(trainer, start, steps, options);
  trainer.destroy();
  const exact = flat(course.parameters);
  const losses = course.measurements.map(({ loss }) => loss);
  const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const rounding = ROUNDING[precision];
  const lost = (1 + options.learningRate) * LEAST;
  const floor = (steps + 4) * 16;
  const { features } = options.data;
  // A rule that divides by a gradient's size makes steps of whole learning rates. For p near 1, most
  // of p − 1 may be the rounding error of p.
  const divides = takesRoots(options);
  const unsure = divides ? FACTOR * (rounding / surest) : 0;
  const moved = Math.max(largest, longestStep(options) * steps);
  // The error of a gradient is the error of p times a layer's input. Each later step multiplies the
  // error of the logits by its inputs.
  const noise = divides ? 0 : rounding * options.learningRate * activation * steps;
  const tolerance = {
    losses: losses.map((loss, step) => {
      const moved = (step / steps) * noise * activation * features;
      return (floor * rounding + unsure) * Math.max(1, loss) + floor * lost + moved;
    }),
    parameters: exact.map((x) => {
      return floor * (rounding * Math.max(Math.abs(x), largest / 64) + lost) + unsure * moved + noise;
    }),
  };
  for (let seed = 0; seed < DISTURBANCES; seed++) {
    const disturbed = await disturbedCourse(oracle, steps, rounding, seed);
    if (disturbed.diverged !== undefined || course.diverged !== undefined) {
      return { ...course, peak, tolerance: undefined };
    }
    flat(disturbed.parameters).forEach((x, i) => {
      tolerance.parameters[i] += FACTOR * Math.abs(x - exact[i]);
    });
    disturbed.measurements.forEach(({ loss }, i) => {
      tolerance.losses[i] += FACTOR * Math.abs(loss - losses[i]);
    });
  }
  const scale = Math.max(largest, 1e-3);
  // A number that 32 bits treat as 0 decides whether a unit is active; float64 reaches far smaller
  // numbers.
  // The L1 term of a weight changes where its sign does.
  const signsKnown = !options.l1 || tolerance.parameters.every((allowed, i) => allowed < closest[i]);
  // The equal shares of a hinge loss may cancel but for rounding, of which some rules make whole steps.
  const cancelling = options.loss === 'hinge' && takesRoots(options);
  const decided =
    signsKnown &&
    !cancelling &&
    !(faint && !float64 && (options.hidden?.length ?? 0) > 0) &&
    tolerance.parameters.every((allowed) => allowed < 0.05 * scale) &&
    tolerance.losses.every((allowed) => allowed < 0.05 * Math.max(1, ...losses));
  return { ...course, peak, tolerance: decided ? tolerance : undefined };
}

const DISTURBANCES = 3;
/**
 * The disturbances are a sample of rounding errors, not a bound, so the tolerance is a multiple.
 */
const FACTOR = 16;

async function disturbedCourse(
  options: FixedOptions,
  steps: number,
  rounding: number,
  seed: number,
): Promise<Course> {
  const random = new RandomState(seed);
  const { l2 = 0, learningRate } = options;
  const disturb = (values: ArrayLike<number>, least: (i: number) => number) => {
    const normals = random.randn(values.length);
    return Float64Array.from(values, (x, i) => x + rounding * normals[i] * Math.max(Math.abs(x), least(i)));
  };
  /** @param from the terms of the sums: a term of that size times the factor may have cancelled */
  const layers = (all: LayerParameters[], from: LayerParameters[], factor: number, logits: number) =>
    all.map((layer, l) => ({
      weights: disturb(layer.weights, (i) => factor * Math.abs(from[l].weights[i])),
      // A rounding error of an exponential equals an error of its logit, whatever the size of the
      // logit.
      biases: disturb(layer.biases, (i) => {
        return Math.max(l === all.length - 1 ? logits : 0, factor * Math.abs(from[l].biases[i]));
      }),
    }));
  const data = { ...options.data, inputs: disturb(options.data.inputs, () => 0) };
  const trainer = await createTrainer({ ...options, data });
  const course: Course = { measurements: [], parameters: [] };
  try {
    let before = await trainer.parameters();
    for (let step = 0; step < steps; step++) {
      const { parameters, optimizer, ...state } = await trainer.save();
      const moments = optimizer.moments.map((moment) => layers(moment, before, l2, 0));
      // Squares have no sign.
      const squares = takesRoots(options) ? moments[moments.length - 1] : [];
      for (const values of arrays(squares)) values.set(values.map(Math.abs));
      await trainer.restore({
        ...state,
        parameters: layers(parameters, before, Math.max(1, learningRate * l2), 1),
        optimizer: { ...optimizer, moments },
      });
      before = await trainer.parameters();
      course.measurements.push(await trainer.measure());
      await trainer.train(1);
    }
    course.measurements.push(await trainer.measure());
    course.parameters = await trainer.parameters();
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    course.diverged = error.step;
  } finally {
    trainer.destroy();
  }
  return course;
}

/** Repeats the steps and collects the extreme values of their tensors. */
async function extremesOf(
  trainer: Trainer,
  start: Checkpoint,
  steps: number,
  options: TrainerOptions,
): Promise<{ peak: number; surest: number; activation: number; faint: boolean; closest: number[] }> {
  const { l2 = 0 } = options;
  let peak = 0;
  /** The smallest nonzero 1 − p of a row's label. */
  let surest = 1;
  /** The largest input of a layer, times the factor by which later layers amplify its error. */
  let activation = 0;
  /** Whether 32 bits may treat a layer's input or weight as 0, and a unit as inactive. */
  let faint = false;
  const see = (values: ArrayLike<number>, square: boolean, scale = 1) => {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]) * scale;
      const needed = square ? Math.max(size, size * size) : size;
      peak = Number.isNaN(needed) ? Number.POSITIVE_INFINITY : Math.max(peak, needed);
    }
  };
  const divides = takesRoots(options);
  /** The smallest size of each weight after a step, flat; infinite for biases. */
  let closest: number[] = [];
  try {
    await trainer.restore(start);
    for (let step = 0; step <= steps; step++) {
      const tensors = await trainer.inspect();
      for (const { name, values } of tensors) see(values, divides && /^d[Wb] /.test(name));
      let [gain, input] = [1, 0];
      for (const { name, values, shape } of tensors) {
        const numbers = Array.from(values);
        if (/^(inputs|hidden|W)/.test(name)) faint ||= numbers.some((x) => x !== 0 && Math.abs(x) < LEAST);
        // The root of the mean of the squared singular values.
        if (/^W [1-9]/.test(name))
          gain *= Math.max(1, Math.hypot(...numbers) / Math.sqrt(Math.min(...shape)));
        if (/^(inputs|hidden)/.test(name)) input = Math.max(input, ...numbers.map(Math.abs));
      }
      activation = Math.max(activation, input * gain);
      const labels = tensors.find(({ name }) => name === 'labels')?.values ?? [];
      const dscores = tensors.find(({ name }) => name === 'dscores')?.values ?? [];
      const classes = dscores.length / labels.length;
      for (let row = 0; row < labels.length; row++) {
        const rest = labels.length * Math.abs(dscores[row * classes + labels[row]]);
        if (rest > 0) surest = Math.min(surest, rest);
      }
      const { parameters, optimizer: saved } = await trainer.save();
      for (const values of arrays(parameters)) {
        see(values, l2 > 0);
        if (l2 > 0) see(values, divides, l2);
      }
      const sizes = parameters.flatMap(({ weights, biases }) => [
        ...Array.from(weights, step === 0 ? () => Number.POSITIVE_INFINITY : Math.abs),
        ...Array.from(biases, () => Number.POSITIVE_INFINITY),
      ]);
      closest = sizes.map((size, i) => Math.min(size, closest[i] ?? size));
      for (const moments of saved.moments) for (const values of arrays(moments)) see(values, false);
      if (step < steps) await trainer.train(1);
    }
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return { peak: Number.POSITIVE_INFINITY, surest, activation, faint, closest };
  }
  return { peak, surest, activation, faint, closest };
}

/** Whether an update divides by the root of squares of gradients. */
function takesRoots({ optimizer }: TrainerOptions): boolean {
  return ['adam', 'rmsprop', 'adagrad'].includes(optimizer?.name ?? 'sgd');
}

/** About the longest step of a rule that divides by a gradient's size, in which old gradients are 0. */
function longestStep({ learningRate, optimizer }: FixedOptions): number {
  const { decay = 0.99 } = optimizer?.name === 'rmsprop' ? optimizer : { decay: 0 };
  return learningRate / Math.sqrt(1 - decay);
}

const arrays = (layers: LayerParameters[]) => layers.flatMap(({ weights, biases }) => [weights, biases]);
const flat = (layers: LayerParameters[]) => arrays(layers).flatMap((values) => Array.from(values));

/** The verdict on a training run. */
export type Verdict = 'close' | 'refused' | 'undecided';

/** Compares a trainer's results with those of float64. */
export function expectCourse(actual: Course, expected: Expected, float32: boolean): Verdict {
  const numbers = [...flat(actual.parameters), ...actual.measurements.flatMap((row) => Object.values(row))];
  expect(numbers.every(Number.isFinite), 'finite numbers').toBe(true);
  if (actual.diverged !== undefined) {
    // Intermediate sums and squares are larger than the results.
    const least = MOST / 2 ** 16;
    // Rounding may move weights that cancel in float64 out of the range of 32 bits.
    if (float32 && !expected.tolerance && !(expected.peak > least)) return 'undecided';
    if (float32) expect(expected.peak, 'a number that 32 bits may not hold').toBeGreaterThan(least);
    else expect(expected.diverged, 'the step where float64 diverges').toBe(actual.diverged);
    return 'refused';
  }
  expect(expected.diverged, 'the step where float64 diverges').toBeUndefined();
  if (!expected.tolerance) return 'undecided';
  const { losses, parameters } = expected.tolerance;
  const of = ({ measurements }: Course) => measurements.map(({ loss }) => loss);
  expectClose(of(actual), of(expected), (i) => losses[i], 'loss');
  expectClose(flat(actual.parameters), flat(expected.parameters), (i) => parameters[i], 'parameters');
  return 'close';
}
